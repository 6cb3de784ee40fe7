use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;

/// Says why a call failed: a stable [`Code`], its [`Kind`] and one sentence for a person.
///
/// The sentence names what was found and the header it stood in. It never contains a secret, an expected
/// signature or the body, so it is safe to log.
///
/// ```
/// use hookproof::{Code, Kind, Verifier};
///
/// let error = Verifier::builder("fourvenues")?.secret("").build().unwrap_err();
/// assert_eq!(error.kind(), Kind::Configuration);
/// assert_eq!(error.code(), Code::InvalidSecret);
/// assert_eq!(error.code().as_str(), "invalid_secret");
/// # Ok::<(), hookproof::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    code: Code,
    message: Cow<'static, str>,
}

impl Error {
    pub(crate) fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into() }
    }

    /// Returns the stable code, the same in every language.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// Returns the sentence, which [`Display`](fmt::Display) writes as well.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns whose fault it is, which decides what to answer.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.code.kind()
    }
}

/// Lets a [`Provider`](crate::Provider) stand where a name that may be unknown can stand.
impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({}: {})", self.code.as_str(), self.message)
    }
}

/// Whose fault an [`Error`] is.
///
/// Exhaustive on purpose: a new kind needs a new exception class in every binding, so it must break their build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The receiver's own: a secret, an option or a provider file is wrong.
    Configuration,
    /// The request is not authentic.
    Verification,
    /// The request is authentic, but its body is not what the provider sends.
    Payload,
    /// Keys that are needed could not be had; the sender should try again later.
    KeysUnavailable,
}

impl Kind {
    /// Returns the name of the class that carries this kind in Python and Node.
    #[must_use]
    pub fn class_name(self) -> &'static str {
        match self {
            Self::Configuration => "ConfigurationError",
            Self::Verification => "VerificationError",
            Self::Payload => "PayloadError",
            Self::KeysUnavailable => "KeysUnavailableError",
        }
    }
}

/// Declares the codes once, with the text and the kind of each.
macro_rules! codes {
    ($($(#[$doc:meta])+ $variant:ident = $text:literal in $kind:ident,)+) => {
        /// What went wrong, as a stable name that logs, metrics and tests may rely on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])+ $variant,)+
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns the code as all languages spell it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Returns the kind that this code belongs to.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)+ }
            }
        }
    };
}

codes! {
    /// No secret, an empty or blank one, one with white space around it, or one of another form or family.
    InvalidSecret = "invalid_secret" in Configuration,
    /// A key or key set that does not parse or must not be trusted.
    InvalidKey = "invalid_key" in Configuration,
    /// No provider of that name is built in.
    UnknownProvider = "unknown_provider" in Configuration,
    /// A provider file that breaks the schema; the message names the path.
    InvalidProvider = "invalid_provider" in Configuration,
    /// An option that the provider needs is missing, or one has a value that it cannot have.
    InvalidOption = "invalid_option" in Configuration,
    /// Something parsed the body before it was verified, so the signed bytes are gone.
    BodyAlreadyParsed = "body_already_parsed" in Configuration,

    /// A header that carries the proof is absent.
    MissingHeader = "missing_header" in Verification,
    /// A header that may occur once occurs more often.
    DuplicateHeader = "duplicate_header" in Verification,
    /// A header is there, but not of the provider's form.
    MalformedHeader = "malformed_header" in Verification,
    /// The signatures are well formed and none of them is right for any key.
    NoMatchingSignature = "no_matching_signature" in Verification,
    /// The timestamp is not of the provider's form.
    MalformedTimestamp = "malformed_timestamp" in Verification,
    /// The timestamp is further in the past than the tolerance.
    TimestampTooOld = "timestamp_too_old" in Verification,
    /// The timestamp is further in the future than the tolerance.
    TimestampTooNew = "timestamp_too_new" in Verification,
    /// The bearer token is not a well-formed signed token.
    MalformedToken = "malformed_token" in Verification,
    /// The token asks for an algorithm or an extension that was not configured.
    UnsupportedAlgorithm = "unsupported_algorithm" in Verification,
    /// No usable key of the set has the token's key id.
    UnknownKey = "unknown_key" in Verification,
    /// The token's lifetime is over.
    TokenExpired = "token_expired" in Verification,
    /// The token was issued in the future or must not be used yet.
    TokenNotYetValid = "token_not_yet_valid" in Verification,
    /// The token is from another issuer.
    WrongIssuer = "wrong_issuer" in Verification,
    /// The token is for another audience.
    WrongAudience = "wrong_audience" in Verification,
    /// A claim that was required or pinned is missing or has another value.
    WrongClaim = "wrong_claim" in Verification,

    /// The body is authentic and does not parse as what the provider sends.
    MalformedBody = "malformed_body" in Payload,
    /// The body is larger than the limit.
    BodyTooLarge = "body_too_large" in Payload,

    /// No key was ever loaded and none can be had now.
    KeysUnavailable = "keys_unavailable" in KeysUnavailable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_snake_case() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
