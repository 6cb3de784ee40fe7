use std::borrow::Cow;

use crate::error::{Code, Error};
use crate::keys::strict_json::{Object, Value};

/// The claims of a token whose signature is right, with the registered ones in their types (RFC 7519 section 4.1).
///
/// A claim of the wrong type is an error and never the same as an absent one: a reader that treats `"exp": "soon"`
/// as "no exp" accepts that token for ever.
pub(crate) struct Claims<'a> {
    all: Object<'a>,
    pub(crate) issuer: Option<Cow<'a, str>>,
    pub(crate) audience: Option<Audience<'a>>,
    pub(crate) subject: Option<Cow<'a, str>>,
    pub(crate) expires_at: Option<f64>,
    pub(crate) not_before: Option<f64>,
}

/// Whom a token is for.
pub(crate) enum Audience<'a> {
    /// `aud` is a string.
    One(Cow<'a, str>),
    /// `aud` is an array of strings.
    Several(Vec<Cow<'a, str>>),
}

impl<'a> Claims<'a> {
    /// Reads the JSON text of the claims.
    ///
    /// # Errors
    /// `malformed_token` for anything but a JSON object with unique members, or for a registered claim of
    /// another type. The message names the claim and leaves out its value, which may be about a person.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Error> {
        let all = Object::parse(text)
            .map_err(|problem| malformed(format!("the bearer token's claims are malformed: {problem}")))?;
        let claims = Self {
            issuer: string(&all, "iss")?,
            audience: all.get("aud").map(audience).transpose()?,
            subject: string(&all, "sub")?,
            expires_at: number(&all, "exp")?,
            not_before: number(&all, "nbf")?,
            all,
        };
        string(&claims.all, "jti")?;
        claims.time("iat")?;
        Ok(claims)
    }

    /// Returns a claim, whatever it is.
    pub(crate) fn get(&self, name: &str) -> Option<Value<'a>> {
        self.all.get(name)
    }

    /// Returns a claim that is a point in time, in seconds since 1970 and perhaps with a fraction.
    ///
    /// # Errors
    /// `malformed_token` when it is there and not a number.
    pub(crate) fn time(&self, name: &str) -> Result<Option<f64>, Error> {
        number(&self.all, name)
    }
}

fn string<'a>(claims: &Object<'a>, name: &str) -> Result<Option<Cow<'a, str>>, Error> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    value.string().map(Some).ok_or_else(|| wrong_type(name, "a string"))
}

fn number(claims: &Object<'_>, name: &str) -> Result<Option<f64>, Error> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    value.number().map(Some).ok_or_else(|| wrong_type(name, "a number"))
}

fn audience(value: Value<'_>) -> Result<Audience<'_>, Error> {
    let several = || value.array()?.into_iter().map(Value::string).collect::<Option<Vec<_>>>();
    match value.string() {
        Some(one) => Ok(Audience::One(one)),
        None => several()
            .map(Audience::Several)
            .ok_or_else(|| wrong_type("aud", "a string or an array of strings")),
    }
}

fn wrong_type(name: &str, expected: &str) -> Error {
    malformed(format!("the bearer token's claim {name} is not {expected}"))
}

fn malformed(message: String) -> Error {
    Error::new(Code::MalformedToken, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        let error = Claims::parse(text).err().unwrap();
        assert_eq!(error.code(), Code::MalformedToken);
        error.to_string()
    }

    #[test]
    fn reads_the_registered_claims() {
        let claims =
            Claims::parse(r#"{"iss":"i","aud":["a","b"],"sub":"s","exp":2.5,"nbf":-1,"iat":1e3,"jti":""}"#)
                .unwrap();
        assert_eq!((claims.issuer.as_deref(), claims.subject.as_deref()), (Some("i"), Some("s")));
        assert_eq!((claims.expires_at, claims.not_before), (Some(2.5), Some(-1.0)));
        assert_eq!(claims.time("iat").unwrap(), Some(1000.0));
        assert!(matches!(claims.audience, Some(Audience::Several(values)) if values == ["a", "b"]));
    }

    #[test]
    fn takes_claims_without_any_member() {
        let claims = Claims::parse("{}").unwrap();
        assert!(claims.issuer.is_none() && claims.audience.is_none() && claims.expires_at.is_none());
    }

    #[test]
    fn refuses_times_that_are_not_finite_numbers() {
        for name in ["exp", "nbf", "iat"] {
            for value in ["\"1790000600\"", "true", "false", "null", "[1]", "{}", "\"NaN\"", "\"inf\""] {
                let expected = format!("the bearer token's claim {name} is not a number");
                assert_eq!(message(&format!(r#"{{"{name}":{value}}}"#)), expected, "{value}");
            }
            for value in ["1e999", "-1e999", "NaN", "Infinity", "+1", "01", "0x10", ".5", "1_0"] {
                assert!(message(&format!(r#"{{"{name}":{value}}}"#)).contains("malformed"), "{value}");
            }
        }
    }

    #[test]
    fn refuses_names_that_are_not_strings() {
        for name in ["iss", "sub", "jti"] {
            for value in ["1", "null", "true", "[\"x\"]", "{}"] {
                let expected = format!("the bearer token's claim {name} is not a string");
                assert_eq!(message(&format!(r#"{{"{name}":{value}}}"#)), expected, "{value}");
            }
        }
    }

    #[test]
    fn refuses_an_audience_that_is_neither_string_nor_strings() {
        for value in ["1", "null", "true", "{}", "[1]", "[\"a\",null]", "[[\"a\"]]"] {
            assert!(
                message(&format!(r#"{{"aud":{value}}}"#)).contains("claim aud is not a string or an array")
            );
        }
        assert!(
            matches!(Claims::parse(r#"{"aud":[]}"#).unwrap().audience, Some(Audience::Several(none)) if none.is_empty())
        );
    }

    #[test]
    fn refuses_claims_that_two_readers_could_read_differently() {
        assert!(message(r#"{"exp":1,"exp":2}"#).contains("\"exp\" occurs twice"));
        assert!(message(r#"{"x":{"a":1,"a":1}}"#).contains("occurs twice"));
        assert!(
            message(&format!(r#"{{"x":{}{}}}"#, "[".repeat(64), "]".repeat(64))).contains("nested deeper")
        );
        for text in ["[]", "null", "\"x\"", "1", "", "{}x"] {
            assert!(message(text).starts_with("the bearer token's claims are malformed"), "{text:?}");
        }
    }

    #[test]
    fn the_message_does_not_repeat_a_value() {
        assert!(!message(r#"{"email":"ann@example.test","iss":{"name":"ann"}}"#).contains("ann"));
        assert!(!message(r#""ann@example.test""#).contains("ann"));
    }
}
