use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::Outcome;
use crate::octets::are_printable;

/// How to answer a request: status, headers, body.
///
/// The default bodies are empty: a reply that named the cause would tell an attacker which part of a forged
/// request to improve.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply {
    /// The HTTP status, 200 to 599.
    pub status: u16,
    /// Names and values, in the order to send them.
    pub headers: Vec<(String, String)>,
    /// The body, mostly empty.
    pub body: String,
}

impl Reply {
    /// Returns the reply for providers that ask for nothing else.
    ///
    /// 200 for `accepted`, `duplicate` and `ping`; 401 for `not_authentic` and `stale`; 400 for `malformed`; 413 for
    /// `too_large`; 500 for `handler_failed` and `misconfigured`; 405 for `method_not_allowed`; 503 with
    /// `Retry-After` (in seconds) for `running` (10), `store_unavailable` (10) and `keys_unavailable` (30).
    #[must_use]
    pub fn by_default(outcome: Outcome) -> Self {
        let (status, header) = match outcome {
            Outcome::Accepted | Outcome::Duplicate | Outcome::Ping => (200, None),
            Outcome::NotAuthentic | Outcome::Stale => (401, None),
            // A 5xx asks the sender to come back: a success would lose the event if the first delivery fails, and
            // a 4xx is final to some senders.
            Outcome::Running | Outcome::StoreUnavailable => (503, Some(("Retry-After", "10"))),
            Outcome::KeysUnavailable => (503, Some(("Retry-After", "30"))),
            Outcome::Malformed => (400, None),
            Outcome::TooLarge => (413, None),
            Outcome::HandlerFailed | Outcome::Misconfigured => (500, None),
            Outcome::MethodNotAllowed => (405, Some(("Allow", "POST"))),
        };
        let headers = header.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { status, headers, body: String::new() }
    }
}

/// A provider's replies: the defaults, and what its file says otherwise.
///
/// The `"replies"` object of a provider file names outcomes. A number stands for the status alone; an object may
/// give `status`, `headers` (all of them, in place of the default ones) and `body`. What is not given stays as it is
/// by default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "BTreeMap<String, Value>")]
pub struct Replies(BTreeMap<Outcome, Reply>);

impl Replies {
    /// Returns the reply for this outcome.
    #[must_use]
    pub fn reply(&self, outcome: Outcome) -> Reply {
        self.0.get(&outcome).cloned().unwrap_or_else(|| Reply::by_default(outcome))
    }
}

impl TryFrom<BTreeMap<String, Value>> for Replies {
    type Error = String;

    fn try_from(members: BTreeMap<String, Value>) -> Result<Self, String> {
        let mut replies = BTreeMap::new();
        for (name, value) in members {
            let outcome = Outcome::named(&name).ok_or_else(|| unknown_outcome(&name))?;
            let changes = Changes::read(value).map_err(|error| format!("the reply for {name}: {error}"))?;
            replies.insert(outcome, changes.apply(Reply::by_default(outcome)));
        }
        Ok(Self(replies))
    }
}

fn unknown_outcome(name: &str) -> String {
    let known: Vec<_> = Outcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
    format!("unknown outcome {name:?}, expected one of {}", known.join(", "))
}

/// What a provider file says otherwise for one outcome.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    status: Option<u64>,
    headers: Option<BTreeMap<String, String>>,
    body: Option<String>,
}

impl Changes {
    fn read(value: Value) -> Result<Self, String> {
        let changes = match value {
            Value::Number(status) if status.is_u64() => Self { status: status.as_u64(), ..Self::default() },
            Value::Object(_) => serde_json::from_value(value).map_err(|error| error.to_string())?,
            other => return Err(format!("found {other}, expected a status or an object")),
        };
        changes.check()?;
        Ok(changes)
    }

    fn check(&self) -> Result<(), String> {
        if let Some(status) = self.status.filter(|status| !(200..=599).contains(status)) {
            return Err(format!("status {status} is out of range: expected 200 to 599"));
        }
        let headers = self.headers.iter().flatten();
        for (name, value) in headers {
            // A line break would let the file, or whoever a value was copied from, write further header lines and
            // a body of their own (response splitting).
            if !is_token(name) || !are_printable(value.as_bytes()) {
                return Err(format!(
                    "header {name:?} is not a name with a value of visible ASCII characters"
                ));
            }
        }
        Ok(())
    }

    fn apply(self, reply: Reply) -> Reply {
        Reply {
            status: self.status.and_then(|status| u16::try_from(status).ok()).unwrap_or(reply.status),
            headers: self.headers.map_or(reply.headers, |headers| headers.into_iter().collect()),
            body: self.body.unwrap_or(reply.body),
        }
    }
}

/// Says whether a text is a token of RFC 9110, section 5.6.2, as header names are.
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replies(json: &str) -> Replies {
        serde_json::from_str(json).unwrap()
    }

    fn refused(json: &str) -> String {
        serde_json::from_str::<Replies>(json).unwrap_err().to_string()
    }

    /// The statuses of the table of outcomes, in its order: accepted, duplicate, running, ping, not authentic,
    /// stale, keys unavailable, malformed, handler failed, too large.
    fn table(json: &str) -> [u16; 10] {
        let replies = replies(json);
        [
            Outcome::Accepted,
            Outcome::Duplicate,
            Outcome::Running,
            Outcome::Ping,
            Outcome::NotAuthentic,
            Outcome::Stale,
            Outcome::KeysUnavailable,
            Outcome::Malformed,
            Outcome::HandlerFailed,
            Outcome::TooLarge,
        ]
        .map(|outcome| replies.reply(outcome).status)
    }

    #[test]
    fn the_four_systems_answer_as_their_guides_say() {
        let fourvenues = r#"{"not_authentic": 403}"#;
        let eventsair = "{}";
        let fast_events = r#"{"not_authentic": 200, "malformed": 200}"#;
        let pitchpoint = r#"{"not_authentic": 403, "stale": 403}"#;
        assert_eq!(table(fourvenues), [200, 200, 503, 200, 403, 401, 503, 400, 500, 413]);
        assert_eq!(table(eventsair), [200, 200, 503, 200, 401, 401, 503, 400, 500, 413]);
        assert_eq!(table(fast_events), [200, 200, 503, 200, 200, 401, 503, 200, 500, 413]);
        assert_eq!(table(pitchpoint), [200, 200, 503, 200, 403, 403, 503, 400, 500, 413]);
    }

    #[test]
    fn no_default_body_says_anything() {
        assert!(Outcome::ALL.iter().all(|outcome| Reply::by_default(*outcome).body.is_empty()));
    }

    #[test]
    fn what_should_come_back_says_when() {
        for outcome in [Outcome::Running, Outcome::StoreUnavailable, Outcome::KeysUnavailable] {
            let reply = Reply::by_default(outcome);
            assert_eq!((reply.status, reply.headers[0].0.as_str()), (503, "Retry-After"));
        }
    }

    #[test]
    fn a_wrong_method_names_the_right_one() {
        let reply = Reply::by_default(Outcome::MethodNotAllowed);
        assert_eq!((reply.status, reply.headers), (405, vec![("Allow".to_owned(), "POST".to_owned())]));
    }

    #[test]
    fn a_number_changes_the_status_alone() {
        let reply = replies(r#"{"running": 500}"#).reply(Outcome::Running);
        assert_eq!(reply.status, 500);
        assert_eq!(reply.headers, Reply::by_default(Outcome::Running).headers);
    }

    #[test]
    fn an_object_changes_what_it_names() {
        let replies = replies(
            r#"{"accepted": {"body": "[accepted]", "headers": {"Content-Type": "text/plain"}},
                "running": {"status": 409, "headers": {}}}"#,
        );
        let accepted = replies.reply(Outcome::Accepted);
        assert_eq!((accepted.status, accepted.body.as_str()), (200, "[accepted]"));
        assert_eq!(accepted.headers, [("Content-Type".to_owned(), "text/plain".to_owned())]);
        let running = replies.reply(Outcome::Running);
        assert_eq!((running.status, running.headers.len()), (409, 0));
    }

    #[test]
    fn an_unknown_outcome_lists_the_known_ones() {
        let error = refused(r#"{"acepted": 200}"#);
        assert!(
            error.starts_with(r#"unknown outcome "acepted", expected one of accepted, duplicate"#),
            "{error}"
        );
        assert!(error.contains("method_not_allowed"), "{error}");
    }

    #[test]
    fn what_is_no_reply_is_named() {
        for (json, named) in [
            (r#"{"ping": 199}"#, "the reply for ping: status 199 is out of range: expected 200 to 599"),
            (r#"{"ping": 600}"#, "status 600 is out of range"),
            (r#"{"ping": {"status": 65736}}"#, "status 65736 is out of range"),
            (r#"{"ping": "ok"}"#, r#"found "ok", expected a status or an object"#),
            (r#"{"ping": 200.5}"#, "found 200.5, expected a status"),
            (r#"{"ping": -200}"#, "found -200, expected a status"),
            (r#"{"ping": {"code": 200}}"#, "unknown field `code`"),
            (r#"{"ping": {"headers": {"A B": "1"}}}"#, r#"header "A B" is not a name"#),
            (r#"{"ping": {"headers": {"": "1"}}}"#, r#"header "" is not a name"#),
            (r#"{"ping": {"headers": {"A": "1\r\nB: 2"}}}"#, r#"header "A" is not a name"#),
        ] {
            let error = refused(json);
            assert!(error.contains(named), "{error}");
        }
    }
}
