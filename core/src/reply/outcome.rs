use crate::error::{Code, Error, Kind};

/// Declares the outcomes once, with the text of each.
macro_rules! outcomes {
    ($($(#[$doc:meta])+ $variant:ident = $text:literal,)+) => {
        /// What came of a request, for the provider's reply and for metrics.
        ///
        /// The names are few and fixed, so they can be labels of a metric.
        ///
        /// ```
        /// use hookproof::Outcome;
        ///
        /// assert_eq!(Outcome::NotAuthentic.as_str(), "not_authentic");
        /// assert_eq!(Outcome::named("not_authentic"), Some(Outcome::NotAuthentic));
        /// assert_eq!(Outcome::named("lost"), None);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Outcome {
            $($(#[$doc])+ $variant,)+
        }

        impl Outcome {
            /// Every outcome, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns the name that all languages and provider files use.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Returns the outcome of that name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    };
}

outcomes! {
    /// Authentic, new, and the handler returned.
    Accepted = "accepted",
    /// A delivery that was handled before.
    Duplicate = "duplicate",
    /// A delivery that another request is handling right now.
    Running = "running",
    /// The provider's test request.
    Ping = "ping",
    /// The request is not from the provider, or was changed on the way.
    NotAuthentic = "not_authentic",
    /// Authentic once, but its timestamp or token is out of date, or ahead of it.
    Stale = "stale",
    /// The keys to judge the request by cannot be had now.
    KeysUnavailable = "keys_unavailable",
    /// Authentic, but the body is not what the provider sends.
    Malformed = "malformed",
    /// The body is over the limit; nothing was verified.
    TooLarge = "too_large",
    /// The handler failed; the claim was released, so a retry is handled again.
    HandlerFailed = "handler_failed",
    /// The store of seen deliveries cannot be asked, or has no room; the handler was not run.
    StoreUnavailable = "store_unavailable",
    /// The receiver itself is set up wrongly.
    Misconfigured = "misconfigured",
    /// The request is not a POST.
    MethodNotAllowed = "method_not_allowed",
}

impl Outcome {
    /// Returns what an error of `verify` means for the reply.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        Self::of_code(error.code())
    }

    /// Returns what an error with this code means for the reply.
    #[must_use]
    pub fn of_code(code: Code) -> Self {
        match code {
            Code::TimestampTooOld | Code::TimestampTooNew | Code::TokenExpired | Code::TokenNotYetValid => {
                Self::Stale
            }
            Code::BodyTooLarge => Self::TooLarge,
            code => match code.kind() {
                Kind::Configuration => Self::Misconfigured,
                Kind::Verification => Self::NotAuthentic,
                Kind::Payload => Self::Malformed,
                // Not `NotAuthentic`: to some providers that reply is final, and the event would be lost.
                Kind::KeysUnavailable => Self::KeysUnavailable,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_is_found_by_its_name() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::named(outcome.as_str()), Some(*outcome));
        }
        assert_eq!(Outcome::ALL.len(), 13);
    }

    #[test]
    fn every_code_has_an_outcome() {
        for code in Code::ALL {
            let expected = match code.as_str() {
                "timestamp_too_old" | "timestamp_too_new" | "token_expired" | "token_not_yet_valid" => {
                    "stale"
                }
                "malformed_body" => "malformed",
                "body_too_large" => "too_large",
                "keys_unavailable" => "keys_unavailable",
                _ if code.kind() == Kind::Configuration => "misconfigured",
                _ => "not_authentic",
            };
            assert_eq!(Outcome::of(&Error::new(*code, "")).as_str(), expected, "{code:?}");
        }
    }
}
