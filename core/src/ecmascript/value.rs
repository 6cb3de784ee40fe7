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
        if repeats_a_key(&members) {
            merge_repeated_keys(&mut members);
        }
        members.sort_unstable_by_key(|member| member.place);
        Self::Object(members.into_boxed_slice())
    }
}

/// Tells whether two members have the same key.
///
/// Sorting needs no hash: with a fixed one, a body of colliding keys would take quadratic time, and a seeded one
/// would bring randomness into a core that has none.
fn repeats_a_key(members: &[Member]) -> bool {
    let mut keys: Vec<&str> = members.iter().map(|member| &*member.key).collect();
    keys.sort_unstable();
    !keys.is_sorted_by(|former, latter| former < latter)
}

/// Keeps the first member of each key, with the value of the last.
fn merge_repeated_keys(members: &mut Vec<Member>) {
    // A stable sort, so that the members of one key stay in the order of the text.
    members.sort_by(|former, latter| former.key.cmp(&latter.key));
    members.dedup_by(|latter, first| {
        let repeated = latter.key == first.key;
        if repeated {
            mem::swap(&mut first.value, &mut latter.value);
        }
        repeated
    });
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
