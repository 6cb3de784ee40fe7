use crate::document::PointerTable;
use crate::header_table::HeaderTable;

/// Everything that a provider's rules read out of requests, each name with a slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tables {
    pub(crate) headers: HeaderTable,
    pub(crate) pointers: PointerTable,
    /// The names of the arrangements of parameters.
    pub(crate) parameter_lists: Vec<String>,
}
