use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::de::StrRead;
use serde_json::value::RawValue;
use smallvec::SmallVec;

use super::depth::{MAX_DEPTH, is_shallow};
use super::scan::Scanner;

/// A place in a JSON document, as in RFC 6901: `/data/id`. The empty pointer is the whole document.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Pointer(Vec<String>);

impl TryFrom<String> for Pointer {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let path = text.strip_prefix('/').ok_or("a JSON pointer starts with \"/\"")?;
        Ok(Self(path.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect()))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|name| write!(f, "/{}", name.replace('~', "~0").replace('/', "~1")))
    }
}

/// The pointers that a provider's rules read, each with a slot, arranged so that one pass over the document
/// finds them all.
#[derive(Clone, Debug, Default)]
pub(crate) struct PointerTable {
    root: Node,
    slots: usize,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) slot: Option<usize>,
    children: Vec<(String, Node)>,
}

impl PointerTable {
    /// Returns the slot of a pointer, a new one for a new pointer.
    pub(crate) fn slot(&mut self, pointer: &Pointer) -> usize {
        let mut node = &mut self.root;
        for name in &pointer.0 {
            let known = node.children.iter().position(|(known, _)| known == name);
            let index = known.unwrap_or_else(|| {
                node.children.push((name.clone(), Node::default()));
                node.children.len().saturating_sub(1)
            });
            let Some((_, child)) = node.children.get_mut(index) else {
                break;
            };
            node = child;
        }
        *node.slot.get_or_insert_with(|| {
            let slot = self.slots;
            self.slots = self.slots.saturating_add(1);
            slot
        })
    }

    /// Reads the values at all pointers, as the text they have in the document, into a list for that. Returns the
    /// first byte that counts, which tells of what kind the document is.
    ///
    /// Of members with the same name the last counts, as in `JSON.parse` and `json.loads`: a reader that took the
    /// first would check another document than the application sees.
    ///
    /// # Errors
    /// What is wrong with the document, as the end of a sentence.
    pub(crate) fn read<'d>(&self, document: &'d [u8], values: &mut JsonValues<'d>) -> Result<u8, String> {
        let document = text_of(document)?;
        let first = first_byte(document).unwrap_or_default();
        if self.scan(document, &mut values.0).is_some() {
            return Ok(first);
        }
        // Only an array or an object can be nested; of any other text the parser knows at its first byte.
        if matches!(first, b'{' | b'[') && !is_shallow(document) {
            return Err(format!("nested deeper than {MAX_DEPTH} levels"));
        }
        // The parser's own message quotes nothing of the body: it names what it expected and the place.
        self.parse(document, &mut values.0).map_err(|error| format!("not JSON: {error}"))?;
        Ok(first)
    }

    /// Reads the values in one quick pass; nothing where the document is not plain enough for that.
    pub(super) fn scan<'d>(&self, document: &'d str, values: &mut Values<'d>) -> Option<()> {
        self.make_room(values);
        Scanner::new(document).document(&self.root, values)
    }

    /// Reads the values with the parser, which has the last word.
    pub(super) fn parse<'d>(
        &self,
        document: &'d str,
        values: &mut Values<'d>,
    ) -> Result<(), serde_json::Error> {
        // First as a whole: read as bytes, a name might hold a control character, which JSON forbids.
        serde_json::from_str::<IgnoredAny>(document)?;
        self.make_room(values);
        let mut deserializer = serde_json::Deserializer::from_str(document);
        if self.root.slot.is_some() {
            NodeReader { node: &self.root, values }.deserialize(&mut deserializer)?;
        } else {
            // The usual case: nobody asked for the document as a whole, so it is walked once.
            descend(&mut deserializer, first_byte(document), &self.root, values)?;
        }
        deserializer.end()
    }

    fn make_room(&self, values: &mut Values<'_>) {
        values.clear();
        values.resize(self.slots, None);
    }
}

/// The values that were found, by slot.
#[derive(Default)]
pub(crate) struct JsonValues<'d>(Values<'d>);

pub(super) type Values<'d> = SmallVec<[Option<&'d str>; 8]>;

impl<'d> JsonValues<'d> {
    pub(crate) fn raw(&self, slot: usize) -> Option<&'d str> {
        self.0.get(slot).copied().flatten()
    }
}

/// Tells whether a body is JSON, and not nested too deep.
pub(crate) fn is_json(body: &[u8]) -> bool {
    PointerTable::default().read(body, &mut JsonValues::default()).is_ok()
}

/// Reads a document as UTF-8, or says where it is none.
fn text_of(document: &[u8]) -> Result<&str, String> {
    simdutf8::basic::from_utf8(document).or_else(|_| {
        std::str::from_utf8(document)
            .map_err(|error| format!("not UTF-8: invalid at byte {}", error.valid_up_to()))
    })
}

/// Returns the first byte that is no white space of JSON: it tells what kind of value follows.
fn first_byte(document: &str) -> Option<u8> {
    document.bytes().find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

struct NodeReader<'t, 'v, 'd> {
    node: &'t Node,
    values: &'v mut [Option<&'d str>],
}

impl<'d> DeserializeSeed<'d> for NodeReader<'_, '_, 'd> {
    type Value = ();

    fn deserialize<D: Deserializer<'d>>(self, deserializer: D) -> Result<(), D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        if let Some(value) = self.node.slot.and_then(|slot| self.values.get_mut(slot)) {
            *value = Some(raw.get());
        }
        if self.node.children.is_empty() {
            return Ok(());
        }
        let mut inner = serde_json::Deserializer::from_str(raw.get());
        let first = raw.get().bytes().next();
        descend(&mut inner, first, self.node, self.values).map_err(serde::de::Error::custom)
    }
}

/// Looks into what can have members; a scalar where an object was expected has none of them.
fn descend<'d>(
    deserializer: &mut serde_json::Deserializer<StrRead<'d>>,
    first: Option<u8>,
    node: &Node,
    values: &mut [Option<&'d str>],
) -> Result<(), serde_json::Error> {
    match first {
        Some(b'{') => deserializer.deserialize_map(MemberReader { node, values }),
        Some(b'[') => deserializer.deserialize_seq(MemberReader { node, values }),
        _ => IgnoredAny::deserialize(deserializer).map(drop),
    }
}

/// A member's name, borrowed where it has no escapes. Bytes and not a text: `"\ud83e"` is a name in JSON, and one that
/// nobody asked for must not make the body malformed.
struct Name<'d>(Cow<'d, [u8]>);

impl<'d> Deserialize<'d> for Name<'d> {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(NameVisitor)
    }
}

struct NameVisitor;

impl<'d> Visitor<'d> for NameVisitor {
    type Value = Name<'d>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<Self::Value, E> {
        Ok(Name(Cow::Owned(name.to_owned())))
    }

    fn visit_borrowed_bytes<E>(self, name: &'d [u8]) -> Result<Self::Value, E> {
        Ok(Name(Cow::Borrowed(name)))
    }
}

struct MemberReader<'t, 'v, 'd> {
    node: &'t Node,
    values: &'v mut [Option<&'d str>],
}

impl<'t> MemberReader<'t, '_, '_> {
    /// Finds the child of a name, and forgets what an earlier member of that name held.
    fn child(&mut self, name: &[u8]) -> Option<&'t Node> {
        let child = self.node.child(name)?;
        child.forget(self.values);
        Some(child)
    }
}

impl Node {
    pub(super) fn child(&self, name: &[u8]) -> Option<&Self> {
        self.children.iter().find_map(|(known, child)| (known.as_bytes() == name).then_some(child))
    }

    pub(super) fn has_children(&self) -> bool {
        !self.children.is_empty()
    }

    /// Forgets what was found at this node and below.
    pub(super) fn forget(&self, values: &mut [Option<&str>]) {
        if let Some(value) = self.slot.and_then(|slot| values.get_mut(slot)) {
            *value = None;
        }
        for (_, child) in &self.children {
            child.forget(values);
        }
    }
}

impl<'d> Visitor<'d> for MemberReader<'_, '_, 'd> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object or array")
    }

    fn visit_map<A: MapAccess<'d>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Name<'d>>()? {
            match self.child(&name.0) {
                Some(node) => map.next_value_seed(NodeReader { node, values: self.values })?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'d>>(mut self, mut sequence: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        loop {
            let found = match self.child(index.to_string().as_bytes()) {
                Some(node) => sequence.next_element_seed(NodeReader { node, values: self.values })?.is_some(),
                None => sequence.next_element::<IgnoredAny>()?.is_some(),
            };
            if !found {
                return Ok(());
            }
            index = index.saturating_add(1);
        }
    }
}

#[cfg(test)]
#[path = "pointer_tests.rs"]
mod tests;
