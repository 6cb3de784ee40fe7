/// What a store answers when a delivery asks to be handled.
///
/// Exhaustive on purpose: whoever answers requests must decide about every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody has it: run the handler, then `complete` or `release` with this owner.
    New(Owner),
    /// Another delivery of the same event is being handled: ask the sender to come back.
    Running,
    /// It was handled: answer as a success, do not run the handler.
    Done,
    /// There is no room and nothing that may be forgotten: do not run the handler, ask the sender to come back.
    Full,
}

/// Who holds a claim; a later claim of the same key has another owner.
///
/// It tells a former owner from the present one, no more. It is a counter, not a secret: nobody outside the process
/// ever gets to name one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Owner(u64);

impl From<u64> for Owner {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl From<Owner> for u64 {
    fn from(owner: Owner) -> Self {
        owner.0
    }
}
