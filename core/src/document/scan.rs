use super::depth::MAX_DEPTH;
use super::pointer::Node;
use super::skip::Cursor;

/// A walk over a JSON text that finds the values of a tree of pointers and checks grammar and depth in one pass.
///
/// It takes nothing that `serde_json` refuses, and gives up where it is in doubt: on what is malformed, too deep or has
/// an escape in a name that counts. Then the parser decides, and says what is wrong.
pub(super) struct Scanner<'d> {
    text: &'d str,
    cursor: Cursor<'d>,
    /// How many more levels may be opened.
    levels: usize,
}

/// The values found so far, by slot.
type Values<'v, 'd> = &'v mut [Option<&'d str>];

impl<'d> Scanner<'d> {
    pub(super) fn new(text: &'d str) -> Self {
        Self { text, cursor: Cursor::new(text.as_bytes()), levels: MAX_DEPTH }
    }

    /// Reads the one value that a document is.
    pub(super) fn document(mut self, root: &Node, values: Values<'_, 'd>) -> Option<()> {
        let first = self.cursor.token()?;
        self.value(first, Some(root), values)?;
        self.cursor.is_at_end().then_some(())
    }

    /// Reads a value whose first byte has been read.
    fn value(&mut self, first: u8, node: Option<&Node>, values: Values<'_, 'd>) -> Option<()> {
        let Some(node) = node else {
            return self.cursor.skip(first, self.levels);
        };
        let start = self.cursor.position().checked_sub(1)?;
        match first {
            b'{' if node.has_children() => self.nested(|scanner| scanner.members(node, values)),
            b'[' if node.has_children() => self.nested(|scanner| scanner.elements(node, values)),
            _ => self.cursor.skip(first, self.levels),
        }?;
        if let Some(value) = node.slot.and_then(|slot| values.get_mut(slot)) {
            *value = Some(self.text.get(start..self.cursor.position())?);
        }
        Some(())
    }

    fn nested(&mut self, inside: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.levels = self.levels.checked_sub(1)?;
        inside(self)?;
        self.levels = self.levels.saturating_add(1);
        Some(())
    }

    fn members(&mut self, node: &Node, values: Values<'_, 'd>) -> Option<()> {
        let mut token = self.cursor.token()?;
        if token == b'}' {
            return Some(());
        }
        loop {
            // A name with an escape in it may be the one that is looked for: that is left to the parser.
            let child = node.child(self.cursor.plain_name(token)?);
            if let Some(child) = child {
                child.forget(values);
            }
            let first = self.cursor.token()?;
            self.value(first, child, values)?;
            if !self.cursor.goes_on(b'}')? {
                return Some(());
            }
            token = self.cursor.token()?;
        }
    }

    fn elements(&mut self, node: &Node, values: Values<'_, 'd>) -> Option<()> {
        let mut token = self.cursor.token()?;
        if token == b']' {
            return Some(());
        }
        let mut index = 0_usize;
        loop {
            self.value(token, node.child(index.to_string().as_bytes()), values)?;
            if !self.cursor.goes_on(b']')? {
                return Some(());
            }
            token = self.cursor.token()?;
            index = index.checked_add(1)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::pointer::{Pointer, PointerTable, Values};

    type Found = Vec<Option<String>>;

    /// Reads with the scanner and with the parser.
    fn both(document: &str) -> (Option<Found>, Option<Found>) {
        let mut table = PointerTable::default();
        for pointer in ["/a", "/a/b", "/b/0", "/b/1/a", ""] {
            table.slot(&Pointer::try_from(pointer.to_owned()).unwrap());
        }
        let owned = |values: &[Option<&str>]| values.iter().map(|value| value.map(str::to_owned)).collect();
        let (mut scanned, mut parsed) = (Values::new(), Values::new());
        let (scan, parse) = (table.scan(document, &mut scanned), table.parse(document, &mut parsed));
        (scan.map(|()| owned(&scanned)), parse.ok().map(|()| owned(&parsed)))
    }

    #[test]
    fn agrees_with_the_parser_on_every_kind_of_value() {
        for document in [
            r#" { "a" : { "b" : [ 1 , -0.5e+7, 0, 1E2 ] } , "b" : [ true , { "a" : null } ] } "#,
            r#"{"a":{"b":1},"a":{"c":"\u00e9\ud800\n"},"b":[],"c":{"\u0061":false}}"#,
            r#"{"c":{"d":[1,{"e":[[],{}]}],"f":[{}]},"a":[{"g":[{"h":1}],"i":2}]}"#,
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
            r#"{"c":{"d":[1]]}"#,
            r#"{"c":{"d":[1]]}}"#,
            r#"{"c":[{"d":1}}]"#,
            r#"{"c":[[{"d":1}}]]"#,
            r#"{"c":[[1]}]"#,
        ] {
            assert_eq!(both(document), (None, None), "{document:?}");
        }
    }

    #[test]
    fn leaves_escaped_names_to_the_parser() {
        let (scanned, parsed) = both(r#"{"\u0061":1}"#);
        assert_eq!((scanned, parsed.unwrap().first().cloned()), (None, Some(Some("1".to_owned()))));
        let (scanned, parsed) = both(r#"{"a":{"b":{"\u0061":1}}}"#);
        assert!(scanned.is_some(), "nobody asks for a member of /a/b");
        assert_eq!(scanned, parsed);
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
