//! Eight bytes looked at as one word: most of what a request holds is plain text, and this finds what is not.

const TOPS: u64 = eight(0x80);

/// Returns the place of the first byte that does not stand for itself in a JSON string: a quote, a backslash or a control
/// character.
pub(crate) fn first_special(word: u64) -> Option<usize> {
    let (quote, backslash) = (word ^ eight(b'"'), word ^ eight(b'\\'));
    // A subtraction sets the top bit of what is below its limit, and of some that follow: the first mark is exact.
    let below = |word: u64, limit| word.wrapping_sub(eight(limit)) & !word;
    let special = (below(quote, 1) | below(backslash, 1) | below(word, b' ')) & TOPS;
    (special != 0).then(|| usize::try_from(special.trailing_zeros() / 8).unwrap_or_default())
}

/// Returns a word of eight equal bytes.
const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Tells whether all bytes are printable ASCII, blanks included. Of a header's value, anything else could be read as
/// another value by a program that decodes it differently, or carries a line break that adds headers.
pub(crate) fn are_printable(bytes: &[u8]) -> bool {
    all(bytes, |byte| matches!(byte, b' '..=b'~'))
}

/// Tells whether all bytes are of a kind: sixteen at once, where a compiler can tell the kind without a branch.
pub(crate) fn all(bytes: &[u8], is_one: impl Fn(u8) -> bool) -> bool {
    let (blocks, rest) = bytes.as_chunks::<16>();
    let all_of = |block: &[u8; 16]| block.iter().fold(true, |all, byte| all & is_one(*byte));
    blocks.iter().all(all_of) && rest.iter().all(|byte| is_one(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_strange_byte_at_every_place() {
        for byte in 0..=255_u8 {
            for place in 0..35 {
                let mut bytes = [b'~'; 35];
                bytes[place] = byte;
                assert_eq!(are_printable(&bytes), matches!(byte, b' '..=b'~'), "{byte} at {place}");
            }
        }
    }

    /// Marks that were added up in another way than with an "or" would take each other away.
    #[test]
    fn two_strange_bytes_do_not_hide_each_other() {
        for byte in (0..b' ').chain(0x7f..=255) {
            for (first, second) in [(0, 8), (7, 15), (3, 4), (5, 18)] {
                let mut bytes = [b'~'; 19];
                bytes[first] = byte;
                bytes[second] = byte;
                assert!(!are_printable(&bytes), "{byte} at {first} and {second}");
            }
        }
    }

    #[test]
    fn finds_the_first_byte_that_does_not_stand_for_itself() {
        for byte in 0..=255_u8 {
            for place in 0..8 {
                let mut word = [b'x'; 8];
                word[place] = byte;
                let expected = matches!(byte, 0..=0x1f | b'"' | b'\\').then_some(place);
                assert_eq!(first_special(u64::from_le_bytes(word)), expected, "{byte} at {place}");
            }
        }
    }

    #[test]
    fn the_first_mark_is_exact() {
        // What follows a match may be marked as well, and must not count.
        for first in 0..8_usize {
            let text: [u8; 8] = std::array::from_fn(|place| if place < first { b'#' } else { b'"' });
            assert_eq!(first_special(u64::from_le_bytes(text)), Some(first));
            let text: [u8; 8] = std::array::from_fn(|place| if place == first { b'"' } else { b'#' });
            assert_eq!(first_special(u64::from_le_bytes(text)), Some(first));
        }
    }
}
