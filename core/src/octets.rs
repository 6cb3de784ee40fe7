//! Eight bytes looked at as one word: most of what a request holds is plain text, and this finds what is not.

const TOPS: u64 = u64::from_ne_bytes([0x80; 8]);

/// Marks the bytes below a limit, of at most 128, with their top bits: exactly up to the first of them.
pub(crate) fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(u64::from_ne_bytes([limit; 8])) & !word & TOPS
}

/// Marks the bytes that are equal to one, in the same way.
pub(crate) fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ u64::from_ne_bytes([byte; 8]), 1)
}

/// Tells whether all bytes are printable ASCII, blanks included. Of a header's value, anything else could be read as
/// another value by a program that decodes it differently, or carries a line break that adds headers.
pub(crate) fn are_printable(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<8>();
    let strange = words.iter().fold(0, |found, word| {
        let word = u64::from_le_bytes(*word);
        found | below(word, b' ') | equal(word, 0x7f) | (word & TOPS)
    });
    strange == 0 && rest.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_strange_byte_at_every_place() {
        for byte in 0..=255_u8 {
            for place in 0..19 {
                let mut bytes = [b'~'; 19];
                bytes[place] = byte;
                assert_eq!(are_printable(&bytes), matches!(byte, b' '..=b'~'), "{byte} at {place}");
            }
        }
    }

    #[test]
    fn the_first_mark_is_exact() {
        for first in 0..8_usize {
            let bytes =
                |before, after| std::array::from_fn(|place| if place < first { before } else { after });
            let marked = |marks: u64| usize::try_from(marks.trailing_zeros() / 8).unwrap();
            assert_eq!(marked(below(u64::from_le_bytes(bytes(b' ', 0x1f)), b' ')), first);
            assert_eq!(marked(equal(u64::from_le_bytes(bytes(b'#', b'"')), b'"')), first);
        }
    }
}
