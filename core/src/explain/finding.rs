use super::guess::Guess;
use super::{ANY_TIME, Explain, Trial, body, label, secret, token};
use crate::error::{Code, Error};

/// A mistake that explains why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Which one it is.
    pub mistake: Mistake,
    /// One or two sentences: what was found, and what to do.
    pub message: String,
    /// Whether the request verifies when this is corrected. Otherwise it is a likely reason.
    pub certain: bool,
}

/// Declares the mistakes once, with the name of each.
macro_rules! mistakes {
    ($($(#[$doc:meta])+ $variant:ident = $text:literal,)+) => {
        /// The usual mistakes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Mistake {
            $($(#[$doc])+ $variant,)+
        }

        impl Mistake {
            /// Returns the name, for scripts.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

mistakes! {
    /// The proof is right and its time is not.
    ClockSkew = "clock_skew",
    /// A line break was added to the body, or taken from it.
    TrailingNewline = "trailing_newline",
    /// The body was parsed and written again.
    ReserializedBody = "reserialized_body",
    /// The body was changed in another way: line ends, a byte order mark, base64.
    RecodedBody = "recoded_body",
    /// The body is gone.
    EmptyBody = "empty_body",
    /// The secret has white space or quotes around it.
    SecretWhiteSpace = "secret_white_space",
    /// The secret is used in another form: its text where its bytes belong, with its prefix or without.
    SecretForm = "secret_form",
    /// The secret is of another family: a public or private key, or that of another provider.
    SecretFamily = "secret_family",
    /// The signature is labelled as another version or scheme.
    SignatureLabel = "signature_label",
    /// The signature is written in another encoding: hex for base64.
    SignatureEncoding = "signature_encoding",
    /// The signature is made with another algorithm.
    SignatureAlgorithm = "signature_algorithm",
    /// Something else was signed: the body alone, or the parts in another order.
    SignedContent = "signed_content",
    /// The signature stands in another header.
    WrongHeader = "wrong_header",
    /// The request is from another provider.
    OtherProvider = "other_provider",
    /// The token is not for this receiver, or none.
    Token = "token",
}

/// Finds what explains a refusal: first one mistake alone, then a mistake in the secret together with another.
pub(super) fn search(explain: &Explain<'_>, trial: &Trial<'_>, error: &Error) -> Vec<Finding> {
    if explain.holds(trial) {
        return vec![clock(explain, trial, error)];
    }
    let secrets = secret::guesses(trial);
    let others = || {
        let labels = label::guesses(trial);
        body::guesses(trial).into_iter().chain(labels)
    };
    if let Some(found) =
        secrets.iter().cloned().chain(others()).find_map(|guess| certain(explain, trial, &guess))
    {
        return vec![found];
    }
    // The second mistake hides the first: both have to be corrected before anything verifies.
    for first in &secrets {
        let changed = first.apply(trial.clone());
        for second in body::guesses(&changed).into_iter().chain(label::guesses(&changed)) {
            if explain.holds(&second.apply(changed.clone())) {
                return vec![first.finding(true), second.finding(true)];
            }
        }
    }
    let mut likely = secret::likely(trial, error);
    likely.extend(label::likely(trial, error));
    likely.extend(token::likely(trial, error));
    likely
}

fn certain(explain: &Explain<'_>, trial: &Trial<'_>, guess: &Guess) -> Option<Finding> {
    explain.holds(&guess.apply(trial.clone())).then(|| guess.finding(true))
}

/// Tells how far the time is off. The proof holds, so the request was authentic at some time.
fn clock(explain: &Explain<'_>, trial: &Trial<'_>, error: &Error) -> Finding {
    let sent = explain.judge(trial, Some(ANY_TIME)).ok().and_then(|event| event.sent_at());
    let off = sent.map(|sent| sent.unix_seconds().saturating_sub(trial.now));
    let message = match (off, error.code()) {
        (Some(off), Code::TimestampTooOld | Code::TimestampTooNew) => {
            let side = if off < 0 { "behind" } else { "ahead of" };
            let seconds = off.unsigned_abs();
            let zone = (seconds >= 3600 && near_a_multiple(seconds, 1800)).then_some(
                ": a whole number of half hours, so perhaps a time zone was applied to unix seconds",
            );
            let rest = zone.unwrap_or(
                ": the request was recorded and sent again, it waited in a queue, or one clock is wrong (`timedatectl`)",
            );
            format!("the signature is right; its time is {} {side} this clock{rest}", shown(seconds))
        }
        _ => format!("the proof is right, and only this is not: {error}"),
    };
    Finding { mistake: Mistake::ClockSkew, message, certain: true }
}

/// Tells whether a difference is a multiple, give or take the ten seconds that a request may take.
fn near_a_multiple(seconds: u64, of: u64) -> bool {
    let rest = seconds.checked_rem(of).unwrap_or(0);
    rest <= 10 || of.saturating_sub(rest) <= 10
}

/// Writes a number of seconds as people say it.
fn shown(seconds: u64) -> String {
    let parts = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let mut rest = seconds;
    let mut text = Vec::new();
    for (size, unit) in parts {
        let count = rest.checked_div(size).unwrap_or(0);
        rest = rest.checked_rem(size).unwrap_or(0);
        if count > 0 {
            text.push(format!("{count} {unit}"));
        }
    }
    if text.is_empty() { "0 s".to_owned() } else { text.join(" ") }
}
