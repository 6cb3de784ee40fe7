//! What the fuzz targets reach of the inside. It exists only in a build with `--cfg fuzzing`, which no feature switches
//! on, so that no user can come to rely on it.

use crate::encoding::Encoding;

/// Writes a text as ECMAScript's `JSON.stringify(JSON.parse(text))` does.
#[must_use]
pub fn reserialize(text: &str) -> Option<Vec<u8>> {
    crate::ecmascript::reserialize(text)
}

/// Decodes a text in one of the encodings of provider files (0: hex, 1: base64, 2: base64url) in both ways, with and
/// without an allocation, and encodes what it stands for again.
#[must_use]
pub fn decode(encoding: u8, text: &str, buffer: &mut [u8]) -> [Option<(Vec<u8>, String)>; 2] {
    let encoding = [Encoding::Hex, Encoding::Base64, Encoding::Base64url]
        .get(usize::from(encoding))
        .copied()
        .unwrap_or(Encoding::Hex);
    let again = |bytes: Vec<u8>| (encoding.encode(&bytes), bytes);
    let allocated = encoding.decode(text);
    let sliced = encoding.decode_into(text, buffer).map(<[u8]>::to_vec);
    [allocated, sliced].map(|bytes| bytes.map(again).map(|(text, bytes)| (bytes, text)))
}
