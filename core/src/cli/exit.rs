use std::io;

/// How a command ended, as the status that scripts see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Done: sent and accepted, or verified.
    Accepted = 0,
    /// The request is not authentic, or the receiver did not accept it.
    Rejected = 1,
    /// The command line, a secret, a key or a provider is wrong.
    Usage = 2,
    /// No answer came, or a file or a port cannot be used.
    Unreachable = 3,
}

impl Exit {
    pub(super) fn status(self) -> u8 {
        match self {
            Self::Accepted => 0,
            Self::Rejected => 1,
            Self::Usage => 2,
            Self::Unreachable => 3,
        }
    }

    pub(super) fn accepted(accepted: bool) -> Self {
        if accepted { Self::Accepted } else { Self::Rejected }
    }
}

/// Why a command could not do what it was told.
#[derive(Debug)]
pub(super) enum Failure {
    Usage(String),
    Unreachable(String),
    /// Whoever reads our output has gone away, as `head` does: no failure of ours.
    Closed,
}

pub(super) type Outcome<T = Exit> = Result<T, Failure>;

impl Failure {
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(message.into())
    }

    /// Says which file or address an error of the system is about.
    pub(super) fn about(what: impl std::fmt::Display) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Unreachable(format!("{what}: {error}"))
    }
}

impl From<crate::Error> for Failure {
    fn from(error: crate::Error) -> Self {
        Self::Usage(error.to_string())
    }
}

/// An error of writing to the terminal: everything else says what it is about.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::Closed
        } else {
            Self::Unreachable(error.to_string())
        }
    }
}
