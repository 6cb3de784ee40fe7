//! JSON objects, read so that no two readers can disagree about them.
//!
//! A member that occurs twice is refused at every level: libraries differ in whether the first or the last one
//! counts, and an attacker makes one component check the first `alg`, `iss` or `n` while another uses the last.
//! Nesting is bounded, because recursion over hostile input would overflow the stack.
//!
//! Values stay text until somebody asks for one. That costs least, and it does not depend on how another crate
//! of the same build has configured `serde_json` (its number type changes with a feature).

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::shown;

/// How many arrays and objects may stand inside each other, the outermost one counted.
pub(crate) const MAX_DEPTH: usize = 64;

/// The members of one JSON object, sorted by name.
pub(crate) struct Object<'a> {
    members: Vec<(Cow<'a, str>, Value<'a>)>,
}

impl<'a> Object<'a> {
    /// Reads a text that must be one JSON object, valid and with unique member names all the way down.
    ///
    /// # Errors
    /// Half a sentence for a person: what was found and where, never a value out of the text.
    pub(crate) fn parse(text: &'a str) -> Result<Self, String> {
        // Asked before serde is, whose message about a wrong type would quote the value.
        if !text.trim_start_matches([' ', '\t', '\n', '\r']).starts_with('{') {
            return Err("it is not a JSON object".to_owned());
        }
        let mut reader = serde_json::Deserializer::from_str(text);
        let checked = Check { levels_left: MAX_DEPTH }.deserialize(&mut reader).and_then(|()| reader.end());
        checked.and_then(|()| Self::members_of(text)).map_err(|error| error.to_string())
    }

    /// Returns the value of a member.
    pub(crate) fn get(&self, name: &str) -> Option<Value<'a>> {
        let position = self.members.binary_search_by(|(candidate, _)| candidate.as_ref().cmp(name)).ok()?;
        self.members.get(position).map(|(_, value)| *value)
    }

    /// Returns how many members there are.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    fn members_of(text: &'a str) -> Result<Self, serde_json::Error> {
        let mut members = serde_json::from_str::<Members<'a>>(text)?.0;
        members.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        Ok(Self { members })
    }
}

/// One value of a text that [`Object::parse`] has found to be good.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    text: &'a str,
}

impl<'a> Value<'a> {
    /// Returns the JSON text, without white space around it.
    pub(crate) fn text(self) -> &'a str {
        self.text
    }

    pub(crate) fn is_null(self) -> bool {
        self.text == "null"
    }

    pub(crate) fn string(self) -> Option<Cow<'a, str>> {
        let is_string = self.text.starts_with('"');
        is_string.then(|| serde_json::from_str::<Name<'a>>(self.text).ok().map(|name| name.0)).flatten()
    }

    /// Returns a number, and only a finite one.
    pub(crate) fn number(self) -> Option<f64> {
        // Rust's parser knows more than JSON does (`inf`, `nan`), so the first character decides.
        let is_number = self.text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        is_number.then(|| self.text.parse::<f64>().ok()).flatten().filter(|number| number.is_finite())
    }

    pub(crate) fn array(self) -> Option<Vec<Self>> {
        let values = serde_json::from_str::<Vec<&'a RawValue>>(self.text).ok()?;
        Some(values.into_iter().map(Self::from).collect())
    }

    pub(crate) fn object(self) -> Option<Object<'a>> {
        let is_object = self.text.starts_with('{');
        is_object.then(|| Object::members_of(self.text).ok()).flatten()
    }
}

impl<'a> From<&'a RawValue> for Value<'a> {
    fn from(raw: &'a RawValue) -> Self {
        Self { text: raw.get() }
    }
}

/// A member name or a string, borrowed where it holds no escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Walks over one value and keeps nothing of it.
#[derive(Clone, Copy)]
struct Check {
    levels_left: usize,
}

impl Check {
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        let deeper = self.levels_left.checked_sub(1).map(|levels_left| Self { levels_left });
        deeper.ok_or_else(|| E::custom(format_args!("it is nested deeper than {MAX_DEPTH} levels")))
    }
}

impl<'a> DeserializeSeed<'a> for Check {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Check {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let inside = self.inside()?;
        let mut names = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            map.next_value_seed(inside)?;
            names.push(name);
        }
        // Sorted rather than compared one by one: half a megabyte of short names would be 10^9 comparisons.
        names.sort_unstable();
        let twice = names.windows(2).find_map(|pair| match pair {
            [left, right] if left == right => Some(left),
            _ => None,
        });
        match twice {
            Some(name) => Err(A::Error::custom(format_args!("its member {} occurs twice", shown(name)))),
            None => Ok(()),
        }
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut sequence: A) -> Result<(), A::Error> {
        let inside = self.inside()?;
        while sequence.next_element_seed(inside)?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The members of the outermost object, in the order of the text.
struct Members<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Deserialize<'a> for Members<'a> {
    fn deserialize<D: Deserializer<'a>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;

        impl<'a> Visitor<'a> for Collect {
            type Value = Members<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), raw)) = map.next_entry::<Name<'a>, &'a RawValue>()? {
                    members.push((name, Value::from(raw)));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        Object::parse(text).err().unwrap_or_default()
    }

    #[test]
    fn reads_members_of_every_type() {
        let object =
            Object::parse(r#" {"b":1.5e1,"a":"x\u0061","c":[1,"2"],"d":null,"e":{"f":-0}} "#).unwrap();
        assert_eq!(object.get("a").unwrap().string().unwrap(), "xa");
        assert_eq!(object.get("b").unwrap().number(), Some(15.0));
        let escaped = Object::parse(r#"{"a\u0062":"x"}"#).unwrap();
        assert!(matches!(escaped.get("ab").unwrap().string(), Some(Cow::Borrowed("x"))));
        assert_eq!(object.get("c").unwrap().array().unwrap().len(), 2);
        assert!(object.get("d").unwrap().is_null());
        assert_eq!(object.get("e").unwrap().object().unwrap().get("f").unwrap().text(), "-0");
        assert!(object.get("g").is_none());
    }

    #[test]
    fn gives_a_value_only_as_the_type_that_it_has() {
        let object = Object::parse(r#"{"a":"1","b":1,"c":true,"d":null,"e":[],"f":{}}"#).unwrap();
        let names = ["a", "b", "c", "d", "e", "f"].map(|name| object.get(name).unwrap());
        let having = |holds: fn(Value<'_>) -> bool| names.iter().filter(|value| holds(**value)).count();
        assert_eq!(having(|value| value.string().is_some()), 1);
        assert_eq!(having(|value| value.number().is_some()), 1);
        assert_eq!(having(|value| value.array().is_some()), 1);
        assert_eq!(having(|value| value.object().is_some()), 1);
        assert_eq!(names.iter().filter(|value| value.is_null()).count(), 1);
    }

    #[test]
    fn refuses_a_member_that_occurs_twice_at_any_level() {
        assert!(problem(r#"{"a":1,"b":2,"a":3}"#).contains(r#"its member "a" occurs twice"#));
        assert!(problem(r#"{"a":1,"\u0061":2}"#).contains("occurs twice"), "an escape is not another name");
        assert!(problem(r#"{"x":[{"y":{"a":1,"a":1}}]}"#).contains("occurs twice"));
        assert!(Object::parse(r#"{"a":{"a":[{"a":1},{"a":2}]}}"#).is_ok());
    }

    #[test]
    fn refuses_nesting_beyond_the_limit() {
        let nested = |levels: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
        assert!(Object::parse(&nested(MAX_DEPTH - 1)).is_ok());
        assert!(problem(&nested(MAX_DEPTH)).contains("nested deeper than 64 levels"));
        assert!(problem(&nested(100_000)).contains("nested deeper"));
    }

    #[test]
    fn refuses_what_is_not_one_object() {
        for text in ["", " ", "null", "[]", "\"{}\"", "1", "\u{feff}{}"] {
            assert_eq!(problem(text), "it is not a JSON object", "{text:?}");
        }
        for text in ["{", "{}x", "{} {}", "{'a':1}", "{\"a\":01}", "{\"a\":1e999}", "{\"a\":\"\\ud800\"}"] {
            assert!(Object::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_name_that_means_something_to_serde_json_stays_a_name() {
        let object = Object::parse(r#"{"a":{"$serde_json::private::RawValue":"1"}}"#).unwrap();
        assert!(object.get("a").unwrap().number().is_none());
        assert!(object.get("a").unwrap().object().is_some());
    }

    #[test]
    fn many_names_are_compared_in_little_time() {
        let members: Vec<_> = (0..40_000).map(|number| format!("\"{number}\":0")).collect();
        assert!(Object::parse(&format!("{{{}}}", members.join(","))).is_ok());
    }
}
