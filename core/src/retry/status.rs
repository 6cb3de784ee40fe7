use std::ops::RangeInclusive;

use serde::Deserialize;
use serde_json::Value;

/// Which statuses a rule of a plan is about: exact ones (`410`) and classes (`"5xx"`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(super) struct Statuses(Vec<Pattern>);

impl Statuses {
    pub(super) fn contains(&self, status: u16) -> bool {
        self.0.iter().any(|pattern| pattern.0.contains(&status))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Which failures a plan retries.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
pub(super) enum Failures {
    /// Whatever is not a success, an absent answer among them.
    Any,
    /// These statuses, and an absent answer if the plan says so.
    These { statuses: Statuses, no_response: bool },
}

impl Failures {
    pub(super) fn contains(&self, status: Option<u16>) -> bool {
        match (self, status) {
            (Self::Any, _) => true,
            (Self::These { no_response, .. }, None) => *no_response,
            (Self::These { statuses, .. }, Some(status)) => statuses.contains(status),
        }
    }

    /// Returns whether the plan names this very status, rather than meaning it among all failures.
    pub(super) fn names(&self, status: u16) -> bool {
        matches!(self, Self::These { statuses, .. } if statuses.contains(status))
    }
}

impl TryFrom<Value> for Failures {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        match value {
            Value::String(text) if text == "any_failure" => Ok(Self::Any),
            Value::Array(items) => {
                let (absent, statuses): (Vec<_>, Vec<_>) =
                    items.into_iter().partition(|item| item.as_str() == Some("no_response"));
                let statuses = statuses.into_iter().map(Pattern::try_from).collect::<Result<_, _>>()?;
                Ok(Self::These { statuses: Statuses(statuses), no_response: !absent.is_empty() })
            }
            other => Err(format!(
                "retry_on is {other}, expected \"any_failure\" or a list of statuses, classes and \"no_response\""
            )),
        }
    }
}

/// One status or one class of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Value")]
struct Pattern(RangeInclusive<u16>);

impl TryFrom<Value> for Pattern {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let range = match &value {
            Value::Number(number) => number
                .as_u64()
                .and_then(|number| u16::try_from(number).ok())
                .filter(|status| (100..=599).contains(status))
                .map(|status| status..=status),
            Value::String(text) => class(text),
            _ => None,
        };
        range.map(Self).ok_or_else(|| {
            format!("{value} is no status: expected a number from 100 to 599 or a class such as \"5xx\"")
        })
    }
}

fn class(text: &str) -> Option<RangeInclusive<u16>> {
    match text {
        "1xx" => Some(100..=199),
        "2xx" => Some(200..=299),
        "3xx" => Some(300..=399),
        "4xx" => Some(400..=499),
        "5xx" => Some(500..=599),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statuses(json: &str) -> Statuses {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_number_is_one_status_and_a_class_is_a_hundred() {
        let statuses = statuses(r#"[204, "5xx"]"#);
        assert!([204, 500, 599].into_iter().all(|status| statuses.contains(status)));
        assert!([200, 205, 499, 600, 0].into_iter().all(|status| !statuses.contains(status)));
    }

    #[test]
    fn an_absent_answer_is_retried_only_where_the_list_says_so() {
        let with: Failures = serde_json::from_str(r#"["5xx", "no_response"]"#).unwrap();
        let without: Failures = serde_json::from_str(r#"["5xx"]"#).unwrap();
        assert!(with.contains(None) && with.contains(Some(503)) && !with.contains(Some(404)));
        assert!(!without.contains(None) && without.contains(Some(503)));
    }

    #[test]
    fn any_failure_means_all_of_them() {
        let any: Failures = serde_json::from_str(r#""any_failure""#).unwrap();
        assert!(any.contains(None) && any.contains(Some(302)) && any.contains(Some(999)));
        assert!(!any.names(302));
    }

    #[test]
    fn what_is_no_status_is_named() {
        for (json, named) in [
            ("[42]", "42 is no status"),
            ("[600]", "600 is no status"),
            ("[-1]", "-1 is no status"),
            ("[200.5]", "200.5 is no status"),
            (r#"["5XX"]"#, r#""5XX" is no status"#),
            (r#"["6xx"]"#, r#""6xx" is no status"#),
            (r#"["no_response"]"#, r#""no_response" is no status"#),
            ("[null]", "null is no status"),
        ] {
            let error = serde_json::from_str::<Statuses>(json).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
        let error = serde_json::from_str::<Failures>(r#""5xx""#).unwrap_err().to_string();
        assert!(error.starts_with(r#"retry_on is "5xx", expected "any_failure""#), "{error}");
    }
}
