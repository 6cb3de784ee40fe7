use smallvec::SmallVec;

use crate::error::{Code, Error};
use crate::headers::Headers;
use crate::octets::are_printable;

/// How long the value of a header may be, in bytes. HTTP servers bound all headers together to 8 to 64 KiB; whoever has lifted
/// that would let a stranger's megabyte of commas be taken apart before it is refused.
const LONGEST_VALUE: usize = 64 * 1024;

/// The names of the headers that a provider's rules read, each with a slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeaderTable {
    names: Vec<String>,
    /// Has a bit for the length of every name, so that most other headers are passed over without a comparison.
    lengths: u64,
    /// Whether the content type is among them.
    has_content_type: bool,
}

/// The place of one header in a [`HeaderTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot(usize);

impl HeaderTable {
    /// Returns the slot of a header, a new one for a new name.
    pub(crate) fn slot(&mut self, name: &str) -> Slot {
        self.known(name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.lengths |= length_bit(name.len());
            self.has_content_type |= name.eq_ignore_ascii_case("content-type");
            Slot(self.names.len().saturating_sub(1))
        })
    }

    /// Returns the slot of a header that the rules read.
    pub(crate) fn known(&self, name: &str) -> Option<Slot> {
        self.names.iter().position(|known| known.eq_ignore_ascii_case(name)).map(Slot)
    }

    /// Returns the slot of a header line; nothing for what no rule reads, as most of a request's headers.
    #[inline]
    pub(crate) fn find(&self, name: &[u8]) -> Option<Slot> {
        if self.lengths & length_bit(name.len()) == 0 {
            return None;
        }
        self.names.iter().position(|known| is_same(known.as_bytes(), name)).map(Slot)
    }

    /// Tells whether the rules look at the content type, as those do that read forms.
    pub(crate) fn has_content_type(&self) -> bool {
        self.has_content_type
    }

    /// Returns the name of a header as the provider spells it.
    pub(crate) fn name(&self, slot: Slot) -> &str {
        self.names.get(slot.0).map_or("", String::as_str)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Takes the lines that the rules read out of a request, in one pass.
    pub(crate) fn pick<'t, 'h>(&'t self, headers: &'h dyn Headers) -> Picked<'t, 'h> {
        let mut lines = SmallVec::new();
        headers.for_each(&mut |name, value| {
            if let Some(slot) = self.find(name) {
                lines.push((slot, readable(value)));
            }
        });
        Picked { table: self, lines }
    }
}

/// Compares two names without regard to case. Most names of one length differ in their last letter.
fn is_same(known: &[u8], name: &[u8]) -> bool {
    let last = |name: &[u8]| name.last().map(u8::to_ascii_lowercase);
    last(known) == last(name) && known.eq_ignore_ascii_case(name)
}

/// Returns the bit of a length; the longest share the last one.
fn length_bit(length: usize) -> u64 {
    1 << length.min(63)
}

/// The header lines of one request that the provider's rules read.
pub(crate) struct Picked<'t, 'h> {
    table: &'t HeaderTable,
    /// The text of each line, where it can be read.
    lines: SmallVec<[(Slot, Option<&'h str>); 8]>,
}

impl<'t, 'h> Picked<'t, 'h> {
    /// Returns the same lines for a shorter life, which a list on the stack is not turned into by itself.
    pub(crate) fn shortened<'s>(&self) -> Picked<'t, 's>
    where
        'h: 's,
    {
        Picked { table: self.table, lines: self.lines.iter().copied().collect() }
    }

    /// Reads a header that has to be there exactly once.
    pub(crate) fn required(&self, slot: Slot) -> Result<&'h str, Error> {
        self.strict(slot)?.ok_or_else(|| {
            Error::new(Code::MissingHeader, format!("the header {} is missing", self.table.name(slot)))
        })
    }

    /// Reads a header that may be absent, but not ambiguous: two lines of which two readers would take different
    /// ones, or bytes that one reader narrows to others.
    pub(crate) fn strict(&self, slot: Slot) -> Result<Option<&'h str>, Error> {
        let mut values = self.lines(slot);
        let Some(value) = values.next() else {
            return Ok(None);
        };
        let others = values.count();
        if others > 0 {
            let (name, count) = (self.table.name(slot), others.saturating_add(1));
            return Err(Error::new(
                Code::DuplicateHeader,
                format!("the header {name} occurs {count} times, expected one"),
            ));
        }
        value.map(Some).ok_or_else(|| self.unreadable(slot))
    }

    /// Reads every line of a header that the provider may send several times.
    pub(crate) fn all(&self, slot: Slot) -> Result<Vec<&'h str>, Error> {
        self.lines(slot).map(|value| value.ok_or_else(|| self.unreadable(slot))).collect()
    }

    fn lines(&self, slot: Slot) -> impl Iterator<Item = Option<&'h str>> {
        self.lines.iter().filter(move |(found, _)| *found == slot).map(|(_, value)| *value)
    }

    fn unreadable(&self, slot: Slot) -> Error {
        let name = self.table.name(slot);
        let reason = format!("has bytes that are not printable ASCII, or more than {LONGEST_VALUE}");
        Error::new(Code::MalformedHeader, format!("the header {name} {reason}"))
    }
}

/// Returns the text of a value made of printable ASCII only, and not too long.
fn readable(value: &[u8]) -> Option<&str> {
    let is_readable = value.len() <= LONGEST_VALUE && are_printable(value);
    is_readable.then(|| std::str::from_utf8(value).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(value: &[u8]) -> Option<Code> {
        let mut table = HeaderTable::default();
        let slot = table.slot("Webhook-Id");
        table.pick(&[("webhook-id", value)]).required(slot).err().map(|error| error.code())
    }

    #[test]
    fn reads_a_name_in_any_case() {
        assert_eq!(code(b"msg_1"), None);
    }

    #[test]
    fn refuses_text_that_readers_could_take_differently() {
        for value in [&b"msg\r\n1"[..], b"msg\0", b"msg\xe9", b"msg\xc3\xa9", b"msg\t1", b"\x7f"] {
            assert_eq!(code(value), Some(Code::MalformedHeader), "{value:?}");
        }
    }

    #[test]
    fn refuses_what_is_longer_than_any_server_takes() {
        assert_eq!(code(&vec![b'a'; 65_536]), None);
        assert_eq!(code(&vec![b'a'; 65_537]), Some(Code::MalformedHeader));
    }

    #[test]
    fn refuses_a_repeated_header_even_when_the_lines_are_equal() {
        let mut table = HeaderTable::default();
        let slot = table.slot("Webhook-Id");
        let headers = [("webhook-id", "a"), ("WEBHOOK-ID", "a")];
        assert_eq!(table.pick(&headers).required(slot).unwrap_err().code(), Code::DuplicateHeader);
        assert_eq!(table.pick(&headers).all(slot).unwrap(), ["a", "a"]);
    }

    #[test]
    fn tells_absent_from_empty() {
        let mut table = HeaderTable::default();
        let slot = table.slot("Webhook-Id");
        let none: [(&str, &str); 0] = [];
        assert_eq!(table.pick(&none).required(slot).unwrap_err().code(), Code::MissingHeader);
        assert_eq!(table.pick(&[("webhook-id", "")]).required(slot).unwrap(), "");
    }

    #[test]
    fn one_name_has_one_slot() {
        let mut table = HeaderTable::default();
        assert_eq!(table.slot("Webhook-Id"), table.slot("webhook-id"));
        assert_eq!(table.names().count(), 1);
    }
}
