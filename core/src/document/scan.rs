use super::depth::MAX_DEPTH;
use super::pointer::Node;
use crate::octets::{below, equal};

/// A walk over a JSON text that finds the values of a tree of pointers and checks grammar and depth in one pass.
///
/// It takes nothing that `serde_json` refuses, and gives up where it is in doubt: on what is malformed, too deep or has
/// an escape in a name that counts. Then the parser decides, and says what is wrong.
pub(super) struct Scanner<'d> {
    text: &'d str,
    rest: &'d [u8],
    depth: usize,
}

/// The values found so far, by slot.
type Values<'v, 'd> = &'v mut [Option<&'d str>];

impl<'d> Scanner<'d> {
    pub(super) fn new(text: &'d str) -> Self {
        Self { text, rest: text.as_bytes(), depth: 0 }
    }

    /// Reads the one value that a document is.
    pub(super) fn document(mut self, root: &Node, values: Values<'_, 'd>) -> Option<()> {
        self.value(Some(root), values)?;
        self.skip_blanks();
        self.rest.is_empty().then_some(())
    }

    /// Reads a value and the blanks before it.
    fn value(&mut self, node: Option<&Node>, values: Values<'_, 'd>) -> Option<()> {
        self.skip_blanks();
        let start = self.position();
        let inner = node.filter(|node| node.has_children());
        match self.next()? {
            b'"' => self.string().map(drop),
            b'{' => self.nested(|scanner| scanner.members(inner, values)),
            b'[' => self.nested(|scanner| scanner.elements(inner, values)),
            b'-' => self.digit().and_then(|digit| self.number(digit)),
            digit @ b'0'..=b'9' => self.number(digit),
            b't' => self.word(b"rue"),
            b'f' => self.word(b"alse"),
            b'n' => self.word(b"ull"),
            _ => None,
        }?;
        if let Some(value) = node.and_then(|node| node.slot).and_then(|slot| values.get_mut(slot)) {
            *value = Some(self.text.get(start..self.position())?);
        }
        Some(())
    }

    fn nested(&mut self, inside: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.depth = self.depth.checked_add(1).filter(|depth| *depth <= MAX_DEPTH)?;
        inside(self)?;
        self.depth = self.depth.saturating_sub(1);
        Some(())
    }

    fn members(&mut self, node: Option<&Node>, values: Values<'_, 'd>) -> Option<()> {
        if self.ends(b'}') {
            return Some(());
        }
        loop {
            self.skip_blanks();
            self.word(b"\"")?;
            let start = self.position();
            let plain = self.string()?;
            let child = match node {
                // A name with an escape in it may be the one that is looked for.
                Some(_) if !plain => return None,
                Some(node) => {
                    let end = self.position().checked_sub(1)?;
                    node.child(self.text.as_bytes().get(start..end)?)
                }
                None => None,
            };
            self.skip_blanks();
            self.word(b":")?;
            if let Some(child) = child {
                child.forget(values);
            }
            self.value(child, values)?;
            if !self.goes_on(b'}')? {
                return Some(());
            }
        }
    }

    fn elements(&mut self, node: Option<&Node>, values: Values<'_, 'd>) -> Option<()> {
        if self.ends(b']') {
            return Some(());
        }
        let mut index = 0_usize;
        loop {
            let child = node.and_then(|node| node.child(index.to_string().as_bytes()));
            self.value(child, values)?;
            if !self.goes_on(b']')? {
                return Some(());
            }
            index = index.checked_add(1)?;
        }
    }

    /// Tells whether an array or object is empty, and moves past its end if so.
    fn ends(&mut self, end: u8) -> bool {
        self.skip_blanks();
        self.skip_if(|byte| byte == end)
    }

    /// Tells whether a comma follows, and not the end.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        self.skip_blanks();
        match self.next()? {
            b',' => Some(true),
            byte => (byte == end).then_some(false),
        }
    }

    /// Moves past the closing quote; tells whether there was no escape.
    fn string(&mut self) -> Option<bool> {
        let mut plain = true;
        loop {
            while let Some((piece, rest)) = self.rest.split_first_chunk::<8>() {
                match ordinary(*piece) {
                    8 => self.rest = rest,
                    count => {
                        self.rest = self.rest.get(count..)?;
                        break;
                    }
                }
            }
            match self.next()? {
                b'"' => return Some(plain),
                b'\\' => {
                    plain = false;
                    self.escape()?;
                }
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let (digits, rest) = self.rest.split_first_chunk::<4>()?;
                self.rest = rest;
                digits.iter().all(u8::is_ascii_hexdigit).then_some(())
            }
            _ => None,
        }
    }

    /// Reads a number whose first digit has been read.
    fn number(&mut self, first: u8) -> Option<()> {
        if first != b'0' {
            self.skip_digits();
        } else if matches!(self.rest, [b'0'..=b'9', ..]) {
            return None;
        }
        if self.skip_if(|byte| byte == b'.') {
            self.digit()?;
            self.skip_digits();
        }
        if self.skip_if(|byte| matches!(byte, b'e' | b'E')) {
            self.skip_if(|byte| matches!(byte, b'+' | b'-'));
            self.digit()?;
            self.skip_digits();
        }
        Some(())
    }

    fn digit(&mut self) -> Option<u8> {
        self.next().filter(u8::is_ascii_digit)
    }

    fn skip_digits(&mut self) {
        while self.skip_if(|byte| byte.is_ascii_digit()) {}
    }

    fn skip_blanks(&mut self) {
        while self.skip_if(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {}
    }

    fn skip_if(&mut self, wanted: impl FnOnce(u8) -> bool) -> bool {
        match self.rest.split_first() {
            Some((byte, rest)) if wanted(*byte) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    fn next(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn position(&self) -> usize {
        self.text.len().saturating_sub(self.rest.len())
    }
}

/// Counts the bytes before the first that is a quote, a backslash or a control character: eight at once, since most of
/// a body is text.
fn ordinary(piece: [u8; 8]) -> usize {
    let word = u64::from_le_bytes(piece);
    let special = equal(word, b'"') | equal(word, b'\\') | below(word, b' ');
    usize::try_from(special.trailing_zeros() / 8).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::pointer::{Pointer, PointerTable};

    type Found = Vec<Option<String>>;

    /// Reads with the scanner and with the parser.
    fn both(document: &str) -> (Option<Found>, Option<Found>) {
        let mut table = PointerTable::default();
        for pointer in ["/a", "/a/b", "/b/0", "/b/1/a", ""] {
            table.slot(&Pointer::try_from(pointer.to_owned()).unwrap());
        }
        let owned = |values: &[Option<&str>]| values.iter().map(|value| value.map(str::to_owned)).collect();
        let scanned = table.scan(document).map(|values| owned(values.as_slice()));
        (scanned, table.parse(document).ok().map(|values| owned(values.as_slice())))
    }

    #[test]
    fn agrees_with_the_parser_on_every_kind_of_value() {
        for document in [
            r#" { "a" : { "b" : [ 1 , -0.5e+7, 0, 1E2 ] } , "b" : [ true , { "a" : null } ] } "#,
            r#"{"a":{"b":1},"a":{"c":"\u00e9\ud800\n"},"b":[],"c":{"\u0061":false}}"#,
            "[]",
            "{}",
            "\"a long text with \u{e9}, \u{7f} and \u{10ffff} in it\"",
            "12",
        ] {
            let (scanned, parsed) = both(document);
            assert!(scanned.is_some(), "{document}");
            assert_eq!(scanned, parsed, "{document}");
        }
    }

    #[test]
    fn gives_up_where_the_parser_refuses() {
        for document in [
            "",
            " ",
            "{",
            "[1,]",
            "[1 2]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "01",
            "-",
            "1.",
            "1e",
            ".5",
            "+1",
            "nul",
            "truefalse",
            "[1]]",
            "\"",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\"\u{1}\"",
            "\"1234567\u{1f}\"",
            "\"\\",
            "{} {}",
        ] {
            assert_eq!(both(document), (None, None), "{document:?}");
        }
    }

    #[test]
    fn leaves_escaped_names_to_the_parser() {
        let (scanned, parsed) = both(r#"{"\u0061":1}"#);
        assert_eq!((scanned, parsed.unwrap().first().cloned()), (None, Some(Some("1".to_owned()))));
    }

    proptest! {
        /// Two readers of one document that differ are how a forged one passes.
        #[test]
        fn takes_nothing_that_the_parser_reads_otherwise(document in r#"([{}\[\],:"\\ab01eu.\- \n]|"a"|"b"|\\u0061|true|null){0,24}"#) {
            let (scanned, parsed) = both(&document);
            if scanned.is_some() {
                prop_assert_eq!(scanned, parsed);
            }
        }

        #[test]
        fn finds_the_end_of_any_string(text in any::<String>()) {
            let document = serde_json::to_string(&text).unwrap();
            let (scanned, parsed) = both(&document);
            prop_assert!(scanned.is_some());
            prop_assert_eq!(scanned, parsed);
        }
    }
}
