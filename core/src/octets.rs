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

/// Marks the bytes that are at least a limit, of at most 128, where all are ASCII. Each mark is exact.
fn at_least(ascii: u64, limit: u8) -> u64 {
    (ascii | TOPS).wrapping_sub(eight(limit)) & TOPS
}

/// Reads eight hexadecimal digits of either case as four bytes, or returns nothing where one is none.
pub(crate) fn hex_digits(word: u64) -> Option<[u8; 4]> {
    let lower = word | eight(0x20);
    let digits = at_least(word, b'0') & !at_least(word, b':');
    let letters = at_least(lower, b'a') & !at_least(lower, b'g');
    if word & TOPS != 0 || digits | letters != TOPS {
        return None;
    }
    // The low half of a letter is nine less than what it stands for.
    let nines = (letters >> 7).wrapping_mul(9);
    let values = (word & eight(0x0f)).wrapping_add(nines);
    // Each pair becomes the lower byte of two, and these move together.
    let bytes = ((values << 4) | (values >> 8)) & 0x00ff_00ff_00ff_00ff;
    let bytes = (bytes | (bytes >> 8)) & 0x0000_ffff_0000_ffff;
    let [a, b, _, _, c, d, _, _] = bytes.to_le_bytes();
    Some([a, b, c, d])
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
    fn reads_eight_hexadecimal_digits_and_nothing_else() {
        assert_eq!(hex_digits(u64::from_le_bytes(*b"00fFa9B1")), Some([0x00, 0xff, 0xa9, 0xb1]));
        for place in 0..8 {
            for byte in 0..=255_u8 {
                let mut word = *b"0aF9f1A0";
                word[place] = byte;
                let expected = hex::decode(word).ok();
                assert_eq!(
                    hex_digits(u64::from_le_bytes(word)).map(Vec::from),
                    expected,
                    "{byte} at {place}"
                );
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
