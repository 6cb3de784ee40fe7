use serde_json::{Number, Value as Expected};

use crate::keys::strict_json::Value;

/// Compares a claim with the value that it must have: same types, same members in any order, `1` is not `1.0`.
///
/// The claim stays text here. Read as a [`serde_json::Value`] an object with a certain member name would turn into
/// whatever JSON that member holds as a string, and could so stand for a value that nobody signed.
pub(super) fn equals(found: Value<'_>, expected: &Expected) -> bool {
    match expected {
        Expected::Null => found.is_null(),
        Expected::Bool(expected) => found.text() == if *expected { "true" } else { "false" },
        Expected::Number(expected) => is_number(found, expected),
        Expected::String(expected) => found.string().is_some_and(|found| found == expected.as_str()),
        Expected::Array(expected) => found.array().is_some_and(|found| {
            found.len() == expected.len()
                && found.into_iter().zip(expected).all(|(found, expected)| equals(found, expected))
        }),
        Expected::Object(expected) => found.object().is_some_and(|found| {
            let has_equal =
                |(name, expected): (&String, _)| found.get(name).is_some_and(|found| equals(found, expected));
            found.len() == expected.len() && expected.iter().all(has_equal)
        }),
    }
}

/// Whole numbers beyond 64 bits equal nothing: they are kept as floating point, in which a customer's number
/// 123456789012345678901 and the next customer's are the same.
fn is_number(found: Value<'_>, expected: &Number) -> bool {
    const EXACT_BELOW: f64 = 9_007_199_254_740_992.0;
    let is_exact = !expected.is_f64() || expected.as_f64().is_some_and(|number| number.abs() < EXACT_BELOW);
    let number = || found.number().and_then(|_| serde_json::from_str::<Number>(found.text()).ok());
    is_exact && number().is_some_and(|found| found == *expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::strict_json::Object;

    fn claim_equals(found: &str, expected: &str) -> bool {
        let claims = format!(r#"{{"claim":{found}}}"#);
        let claims = Object::parse(&claims).unwrap();
        equals(claims.get("claim").unwrap(), &serde_json::from_str(expected).unwrap())
    }

    #[test]
    fn a_value_equals_itself_and_no_other() {
        let values = [
            "null",
            "true",
            "false",
            "\"\"",
            "\"x\"",
            "\"X\"",
            "\"1\"",
            "\"true\"",
            "0",
            "1",
            "-1",
            "1.0",
            "1.5",
            "18446744073709551615",
            "[]",
            "[1]",
            "[1,2]",
            "[2,1]",
            "[[1]]",
            "{}",
            r#"{"a":1}"#,
            r#"{"a":1.0}"#,
            r#"{"b":1}"#,
            r#"{"a":1,"b":[null]}"#,
            r#"{"a":{"a":1}}"#,
        ];
        for found in values {
            for expected in values {
                assert_eq!(claim_equals(found, expected), found == expected, "{found} against {expected}");
            }
        }
    }

    #[test]
    fn spelling_does_not_matter() {
        assert!(claim_equals(r#" { "b" : [ null ] , "\u0061" : "\u0078" } "#, r#"{"a":"x","b":[null]}"#));
        assert!(claim_equals("1.50", "1.5"));
    }

    #[test]
    fn neighbouring_numbers_beyond_64_bits_are_not_equal() {
        assert!(!claim_equals("123456789012345678901", "123456789012345678902"));
        assert!(!claim_equals("123456789012345678901", "123456789012345678901"));
        assert!(!claim_equals("9007199254740993.0", "9007199254740992.0"));
        assert!(claim_equals("9007199254740993", "9007199254740993"));
        assert!(!claim_equals("9007199254740993", "9007199254740992"));
    }

    #[test]
    fn an_object_that_serde_json_would_unpack_stays_an_object() {
        assert!(!claim_equals(r#"{"$serde_json::private::RawValue":"true"}"#, "true"));
        assert!(!claim_equals(r#"{"$serde_json::private::Number":"1"}"#, "1"));
    }
}
