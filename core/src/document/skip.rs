#![expect(
    clippy::inline_always,
    reason = "a function that is called for each token costs a third of the whole"
)]

use super::depth::MAX_DEPTH;
use crate::octets::first_special;

/// A place in a JSON text, which moves past what it reads and checks the grammar of all of it.
///
/// Nothing here recurses or looks at a byte twice: most of a body is looked at by nobody else, and of many small values this
/// takes as long as hashing them. `None` means that the text is no JSON, or is deeper than it may be.
pub(super) struct Cursor<'d> {
    text: &'d [u8],
    at: usize,
}

/// The arrays and objects around a value, innermost last.
struct Levels {
    /// A bit for each: whether it is an object. It has as many bits as there may be levels.
    objects: u128,
    open: usize,
    most: usize,
}

const _: () = assert!(MAX_DEPTH <= 128, "each level has a bit");

impl<'d> Cursor<'d> {
    pub(super) fn new(text: &'d [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// Returns the number of bytes that were read.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// Reads the blanks and the first byte of what comes next.
    #[inline(always)]
    pub(super) fn token(&mut self) -> Option<u8> {
        // Nearly always there are no blanks.
        match self.next()? {
            byte if byte > b' ' => Some(byte),
            byte => self.after_blanks(byte),
        }
    }

    /// Tells whether nothing follows but blanks.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.token().is_none() && self.at == self.text.len()
    }

    /// Tells whether a comma follows, and not the end of an array or object.
    #[inline(always)]
    pub(super) fn goes_on(&mut self, end: u8) -> Option<bool> {
        match self.token()? {
            b',' => Some(true),
            byte => (byte == end).then_some(false),
        }
    }

    /// Reads the name of a member whose first byte has been read, and the colon behind it; nothing where there is an escape
    /// in the name.
    pub(super) fn plain_name(&mut self, first: u8) -> Option<&'d [u8]> {
        if first != b'"' {
            return None;
        }
        let start = self.at;
        if self.stretch()? != b'"' {
            return None;
        }
        let name = self.text.get(start..self.at.checked_sub(1)?)?;
        (self.token()? == b':').then_some(name)
    }

    /// Reads past a value whose first byte has been read, with at most so many levels in it.
    pub(super) fn skip(&mut self, first: u8, most: usize) -> Option<()> {
        let mut levels = Levels { objects: 0, open: 0, most };
        let mut token = first;
        loop {
            match token {
                b'"' => self.string()?,
                b'{' => {
                    levels.open(true)?;
                    token = self.token()?;
                    if token != b'}' {
                        self.name(token)?;
                        token = self.token()?;
                        continue;
                    }
                    levels.close();
                }
                b'[' => {
                    levels.open(false)?;
                    token = self.token()?;
                    if token != b']' {
                        continue;
                    }
                    levels.close();
                }
                b'-' => {
                    let digit = self.digit()?;
                    self.number(digit)?;
                }
                b'0'..=b'9' => self.number(token)?,
                b't' => self.word(*b"rue")?,
                b'f' => self.word(*b"alse")?,
                b'n' => self.word(*b"ull")?,
                _ => return None,
            }
            match self.next_value(&mut levels)? {
                Some(next) => token = next,
                None => return Some(()),
            }
        }
    }

    /// Reads what stands between a value and the next one, and the first byte of that; nothing where all levels end.
    #[inline(always)]
    #[expect(clippy::option_option, reason = "the outer one is an error, as everywhere here")]
    fn next_value(&mut self, levels: &mut Levels) -> Option<Option<u8>> {
        while levels.open > 0 {
            let is_object = levels.is_in_object();
            if self.goes_on(if is_object { b'}' } else { b']' })? {
                let token = self.token()?;
                if !is_object {
                    return Some(Some(token));
                }
                self.name(token)?;
                return Some(Some(self.token()?));
            }
            levels.close();
        }
        Some(None)
    }

    /// Reads the name of a member and the colon behind it.
    #[inline(always)]
    fn name(&mut self, first: u8) -> Option<()> {
        if first != b'"' {
            return None;
        }
        self.string()?;
        (self.token()? == b':').then_some(())
    }

    /// Moves past the closing quote.
    #[inline(always)]
    fn string(&mut self) -> Option<()> {
        while self.stretch()? != b'"' {
            self.escape()?;
        }
        Some(())
    }

    /// Moves past plain text and the quote or backslash that ends it, which it returns: eight bytes at once, since most of
    /// a body is text.
    #[inline(always)]
    fn stretch(&mut self) -> Option<u8> {
        let (words, _) = self.text.get(self.at..)?.as_chunks::<8>();
        for word in words {
            if let Some(place) = first_special(u64::from_le_bytes(*word)) {
                self.advance(place);
                return self.next().filter(|byte| *byte > b' ');
            }
            self.advance(8);
        }
        self.stretch_at_end()
    }

    /// Does the same with the last bytes of a document.
    #[inline(never)]
    fn stretch_at_end(&mut self) -> Option<u8> {
        loop {
            match self.next()? {
                end @ (b'"' | b'\\') => return Some(end),
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    #[inline(never)]
    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.text.get(self.at..)?.first_chunk::<4>()?;
                self.advance(4);
                digits.iter().all(u8::is_ascii_hexdigit).then_some(())
            }
            _ => None,
        }
    }

    /// Reads a number whose first digit has been read.
    #[inline(always)]
    fn number(&mut self, first: u8) -> Option<()> {
        if first != b'0' {
            self.skip_digits();
        } else if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return None;
        }
        if self.peek() == Some(b'.') {
            self.advance(1);
            self.digit()?;
            self.skip_digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.advance(1);
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.advance(1);
            }
            self.digit()?;
            self.skip_digits();
        }
        Some(())
    }

    fn digit(&mut self) -> Option<u8> {
        self.next().filter(u8::is_ascii_digit)
    }

    fn skip_digits(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.advance(1);
        }
    }

    fn word<const LENGTH: usize>(&mut self, word: [u8; LENGTH]) -> Option<()> {
        let found = *self.text.get(self.at..)?.first_chunk::<LENGTH>()?;
        self.advance(LENGTH);
        (found == word).then_some(())
    }

    #[inline(never)]
    fn after_blanks(&mut self, first: u8) -> Option<u8> {
        let mut byte = first;
        while matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            byte = self.next()?;
        }
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline(always)]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.advance(1);
        Some(byte)
    }

    #[inline(always)]
    fn advance(&mut self, bytes: usize) {
        // No text is so long that this could wrap, and a place behind its end would only end the reading.
        self.at = self.at.wrapping_add(bytes);
    }
}

impl Levels {
    fn open(&mut self, is_object: bool) -> Option<()> {
        if self.open >= self.most {
            return None;
        }
        self.open = self.open.wrapping_add(1);
        self.objects = (self.objects << 1) | u128::from(is_object);
        Some(())
    }

    fn close(&mut self) {
        self.objects >>= 1;
        self.open = self.open.wrapping_sub(1);
    }

    fn is_in_object(&self) -> bool {
        self.objects & 1 == 1
    }
}
