use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;

/// Writes bytes as text and reads them back, in the one canonical way only.
///
/// Decoding refuses white space, mixed alphabets, wrong padding and stray trailing bits: a lenient decoder
/// would give one signature several spellings, and a replay cache that compares texts would miss them. Sanity
/// publishes such a spelling as a vector that must be rejected. Hexadecimal digits may be of either case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Encoding {
    /// Two hexadecimal digits a byte, written in lower case.
    Hex,
    /// RFC 4648 section 4, with padding.
    Base64,
    /// RFC 4648 section 5, without padding.
    Base64url,
}

/// Trailing bits are refused by default; the padding rule is what differs between the two.
const STANDARD: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// The same, whatever the bits are that encode nothing.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Decodes unpadded base64url whose trailing bits may be set: for secrets, which no stranger chooses, never for
/// signatures.
pub(crate) fn decode_lenient(text: &str) -> Option<Vec<u8>> {
    LENIENT.decode(text).ok()
}

impl Encoding {
    /// Decodes `text`, or returns nothing where it is not canonical.
    pub(crate) fn decode(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Hex => hex::decode(text).ok(),
            Self::Base64 => STANDARD.decode(text).ok(),
            Self::Base64url => URL_SAFE.decode(text).ok(),
        }
    }

    /// Decodes `text` into `buffer` without allocating, or returns nothing where it is not canonical or does
    /// not fit.
    pub(crate) fn decode_into<'b>(self, text: &str, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let length = match self {
            Self::Hex => {
                let length = text.len().checked_div(2)?;
                decode_hex(text.as_bytes(), buffer.get_mut(..length)?)?;
                length
            }
            Self::Base64 => STANDARD.decode_slice(text, buffer).ok()?,
            Self::Base64url => URL_SAFE.decode_slice(text, buffer).ok()?,
        };
        buffer.get(..length)
    }

    /// Encodes `bytes` as a sender writes them.
    pub(crate) fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::encode(bytes),
            Self::Base64 => STANDARD.encode(bytes),
            Self::Base64url => URL_SAFE.encode(bytes),
        }
    }

    /// Returns the name that provider files use.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Base64url => "base64url",
        }
    }

    /// Describes the form in an error message.
    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Hex => "hexadecimal digits",
            Self::Base64 => "standard base64 with padding",
            Self::Base64url => "base64url without padding",
        }
    }
}

/// Decodes two digits a byte without a branch for each: most signatures are 64 of them.
fn decode_hex(text: &[u8], buffer: &mut [u8]) -> Option<()> {
    let (pairs, rest) = text.as_chunks::<2>();
    let mut all = 0;
    for ([high, low], byte) in pairs.iter().zip(buffer) {
        let (high, low) = (hex_digit(*high), hex_digit(*low));
        all |= high | low;
        *byte = (high << 4) | low;
    }
    (rest.is_empty() && all < 16).then_some(())
}

/// Returns what a byte stands for as a hexadecimal digit; more than four bits where it is none.
fn hex_digit(byte: u8) -> u8 {
    let (digit, letter) = (byte.wrapping_sub(b'0'), (byte | 0x20).wrapping_sub(b'a'));
    match (digit, letter) {
        (0..=9, _) => digit,
        (_, 0..=5) => letter.wrapping_add(10),
        _ => 0xff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
        let mut buffer = [0; 64];
        let sliced = encoding.decode_into(text, &mut buffer).map(<[u8]>::to_vec);
        assert_eq!(sliced, encoding.decode(text), "the two ways of decoding {text:?} agree");
        sliced
    }

    const ALL: [Encoding; 3] = [Encoding::Hex, Encoding::Base64, Encoding::Base64url];

    #[test]
    fn is_named_as_provider_files_name_it() {
        for encoding in ALL {
            let name = serde_json::to_value(encoding.as_str()).unwrap();
            assert_eq!(serde_json::from_value::<Encoding>(name).unwrap(), encoding);
        }
    }

    #[test]
    fn is_described_in_words_of_its_own() {
        let described = ALL.map(Encoding::describe);
        assert_eq!(
            described,
            ["hexadecimal digits", "standard base64 with padding", "base64url without padding"]
        );
    }

    #[test]
    fn refuses_what_does_not_fit() {
        assert_eq!(Encoding::Hex.decode_into("000000", &mut [0; 2]), None);
        assert_eq!(Encoding::Base64.decode_into("AAAAAAAA", &mut [0; 2]), None);
    }

    #[test]
    fn reads_hexadecimal_digits_of_either_case() {
        assert_eq!(both(Encoding::Hex, "00fFAb"), Some(vec![0, 255, 0xab]));
    }

    #[test]
    fn refuses_what_is_not_hexadecimal() {
        for byte in 0..=127_u8 {
            let text = format!("0{}", char::from(byte));
            assert_eq!(both(Encoding::Hex, &text), hex::decode(&text).ok(), "{text:?}");
        }
        for text in ["0", "0x00", "zz", "00 ", " 00", "٠٠", "0\n"] {
            assert_eq!(both(Encoding::Hex, text), None, "{text:?}");
        }
    }

    #[test]
    fn refuses_base64_that_is_not_canonical() {
        assert_eq!(both(Encoding::Base64, "/+8="), Some(vec![0xff, 0xef]));
        for text in ["/+8", "/+9=", "_-8=", "/+8==", "/+8=\n", " /+8=", "/ +8="] {
            assert_eq!(both(Encoding::Base64, text), None, "{text:?}");
        }
    }

    #[test]
    fn refuses_base64url_with_padding_or_stray_bits() {
        assert_eq!(both(Encoding::Base64url, "_-8"), Some(vec![0xff, 0xef]));
        for text in ["_-8=", "_-9", "/+8", "_-8\n"] {
            assert_eq!(both(Encoding::Base64url, text), None, "{text:?}");
        }
    }
}
