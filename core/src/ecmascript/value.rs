use std::borrow::Cow;
use std::mem;

/// A value as `JSON.parse` returns it, borrowing from the text whatever needs no change.
pub(super) enum Value<'a> {
    /// Is written as it was read: `true`, `false`, `null`, and short integers.
    Verbatim(&'a str),
    /// Any other number.
    Number(f64),
    /// What stands between the quotes when the string is written.
    String(Cow<'a, str>),
    /// The elements in their order.
    Array(Box<[Self]>),
    /// The members in the order in which JavaScript enumerates them, each key once.
    Object(Box<[Member<'a>]>),
}

/// One member of an object.
pub(super) struct Member<'a> {
    /// The key in its written form. That form is one to one, so equal keys are equal text, however the body
    /// escaped them; lone surrogates, which Rust strings cannot hold, are still told apart.
    pub(super) key: Cow<'a, str>,
    pub(super) value: Value<'a>,
    place: Place,
}

impl<'a> Member<'a> {
    /// Makes a member. `position` grows from each member of an object to the next one in the text.
    pub(super) fn new(key: Cow<'a, str>, value: Value<'a>, position: usize) -> Self {
        let place = array_index(&key).map_or(Place::Appearance(position), Place::Index);
        Self { key, value, place }
    }

    /// Returns what tells this member from those with another key.
    fn distinction(&self) -> Distinction<'_> {
        match self.place {
            Place::Index(index) => Distinction::Index(index),
            Place::Appearance(_) => Distinction::Text(&self.key),
        }
    }
}

/// A key in a form that is quickly compared. Array indices have one spelling each, so equal ones are equal text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Distinction<'a> {
    Index(u32),
    Text(&'a str),
}

/// Where a member is enumerated: array indices first, ascending, then the other keys as they appeared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Index(u32),
    Appearance(usize),
}

impl<'a> Value<'a> {
    /// Makes an object out of the members as they stand in the text, repeated keys included.
    pub(super) fn object(mut members: Vec<Member<'a>>) -> Self {
        merge_repeated_keys(&mut members);
        members.sort_unstable_by_key(|member| member.place);
        Self::Object(members.into_boxed_slice())
    }
}

/// Keeps the first member of each key, with the value of the last.
///
/// Sorting needs no hash: with a fixed one, a body of colliding keys would take quadratic time, and a seeded one
/// would bring randomness into a core that has none. What is sorted is small, and once: a megabyte of members that
/// repeat a thousand keys took 60 ms when the members themselves were sorted by the text of their keys.
fn merge_repeated_keys(members: &mut Vec<Member>) {
    let mut keys: Vec<_> = members.iter().map(Member::distinction).zip(0..).collect();
    keys.sort_unstable();
    if keys.is_sorted_by(|(former, _), (latter, _)| former < latter) {
        return;
    }
    let mut repeats = vec![false; members.len()];
    let mut values: Vec<(usize, usize)> = Vec::new();
    for same in keys.chunk_by(|(former, _), (latter, _)| former == latter) {
        let [(_, first), others @ ..] = same else { continue };
        for (_, position) in others {
            repeats.get_mut(*position).into_iter().for_each(|is_repeat| *is_repeat = true);
        }
        values.extend(others.last().map(|(_, last)| (*first, *last)));
    }
    for (first, last) in values {
        let value = members.get_mut(last).map(|member| mem::replace(&mut member.value, Value::Verbatim("")));
        if let Some((member, value)) = members.get_mut(first).zip(value) {
            member.value = value;
        }
    }
    let mut repeats = repeats.into_iter();
    members.retain(|_| repeats.next() == Some(false));
}

/// Returns the number that a key stands for if it is an array index: `0` to `4294967294`, written canonically.
///
/// `01`, `-0`, `1e3` and `4294967295` are ordinary keys.
fn array_index(key: &str) -> Option<u32> {
    let canonical = key == "0" || !key.starts_with('0');
    // Rust would read `+1` as well.
    if !canonical || !key.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    key.parse().ok().filter(|index| *index != u32::MAX)
}
