use crate::encoding::Encoding;

/// The longest signature of a fixed length: HMAC-SHA512 and Ed25519.
const SHORT: usize = 64;

/// The bytes of a signature. The usual ones are short and need no allocation.
pub(crate) enum Decoded {
    Short([u8; SHORT], usize),
    Long(Vec<u8>),
}

impl Decoded {
    pub(crate) fn decode(encoding: Encoding, text: &str) -> Option<Self> {
        let mut buffer = [0; SHORT];
        match encoding.decode_into(text, &mut buffer).map(<[u8]>::len) {
            Some(length) => Some(Self::Short(buffer, length)),
            // Longer than the buffer, or no signature at all.
            None => encoding.decode(text).map(Self::Long),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Short(buffer, length) => buffer.get(..*length).unwrap_or_default(),
            Self::Long(bytes) => bytes,
        }
    }
}
