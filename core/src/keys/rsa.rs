use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    RsaParameters, RsaPublicKeyComponents,
};

use super::Algorithm;
use super::strict_json::{Object, Value};
use crate::encoding::Encoding;

/// RSA keys below this size can be factored by those who want to (RFC 7518 section 3.3 demands the same).
pub(crate) const MIN_MODULUS_BITS: usize = 2048;

/// RSA keys above this size only cost time: a verification's work grows with the square of the size.
pub(crate) const MAX_MODULUS_BITS: usize = 8192;

/// Exponents in use are 3 and 65537. Larger ones make a verification slower and nothing safer.
const MAX_EXPONENT_BYTES: usize = 4;

/// An RSA public key, ready for each of the algorithms that it may be used with: to make it ready takes a sixth as long as
/// to verify a token with it.
pub(super) struct RsaKey(Vec<(Algorithm, ParsedPublicKey)>);

impl RsaKey {
    /// Says whether a signature over `message` was made by this key's owner.
    pub(super) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let ready = self.0.iter().find(|(known, _)| *known == algorithm);
        ready.is_some_and(|(_, key)| key.verify_sig(message, signature).is_ok())
    }
}

/// Reads modulus and exponent of an RSA key, and nothing else of it.
///
/// A set that also publishes the private members (`d`, `p`, …) belongs to an issuer with a graver problem, but its
/// signatures are still its own; the private members are not looked at.
///
/// # Errors
/// The reason why the key cannot be used, as half a sentence about "it".
pub(super) fn public_key(jwk: &Object<'_>, bound_to: Option<Algorithm>) -> Result<RsaKey, String> {
    let modulus = unsigned_integer(jwk, "n")?;
    let exponent = unsigned_integer(jwk, "e")?;

    let bits = bit_length(&modulus);
    if !(MIN_MODULUS_BITS..=MAX_MODULUS_BITS).contains(&bits) {
        return Err(format!("it is {bits} bits long, expected {MIN_MODULUS_BITS} to {MAX_MODULUS_BITS}"));
    }
    if !is_odd(&modulus) {
        return Err("its n is even, which no RSA modulus is".to_owned());
    }
    // With e = 1 a signature is its own padded digest, which anybody can write down; an even e has no inverse.
    if !is_odd(&exponent) || exponent == [1] {
        return Err("its e is not an odd number of at least 3".to_owned());
    }
    if exponent.len() > MAX_EXPONENT_BYTES {
        return Err(format!("its e is {} bytes long, expected at most {MAX_EXPONENT_BYTES}", exponent.len()));
    }
    ready(&modulus, &exponent, bound_to).ok_or_else(|| "its n and e are no RSA key".to_owned())
}

fn ready(modulus: &[u8], exponent: &[u8], bound_to: Option<Algorithm>) -> Option<RsaKey> {
    let algorithms: [(Algorithm, &'static RsaParameters); 3] = [
        (Algorithm::Rs256, &RSA_PKCS1_2048_8192_SHA256),
        (Algorithm::Rs384, &RSA_PKCS1_2048_8192_SHA384),
        (Algorithm::Rs512, &RSA_PKCS1_2048_8192_SHA512),
    ];
    let der = RsaPublicKeyComponents { n: modulus, e: exponent }.as_der().ok()?;
    let usable = algorithms.into_iter().filter(|(algorithm, _)| bound_to.is_none_or(|one| one == *algorithm));
    let parse = |(algorithm, parameters): (_, &'static RsaParameters)| {
        Some((algorithm, ParsedPublicKey::new(parameters, der.as_ref()).ok()?))
    };
    usable.map(parse).collect::<Option<Vec<_>>>().map(RsaKey)
}

/// Returns the number of bits that a big-endian number without leading zero bytes needs.
pub(crate) fn bit_length(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |first| usize::try_from(first.leading_zeros()).unwrap_or(0));
    number.len().saturating_mul(8).saturating_sub(unused)
}

/// Reads a `Base64urlUInt` (RFC 7518 section 2).
///
/// One leading zero byte is taken away, although the specification forbids it: it is the sign byte that several
/// producers forget to strip, and the number stays the same. More of them are nobody's honest mistake.
fn unsigned_integer(jwk: &Object<'_>, name: &str) -> Result<Vec<u8>, String> {
    let text = jwk.get(name).and_then(Value::string);
    let text = text.ok_or_else(|| format!("its {name} is not a string"))?;
    let mut bytes =
        Encoding::Base64url.decode(&text).ok_or_else(|| format!("its {name} is not canonical base64url"))?;
    if bytes.first() == Some(&0) {
        bytes.remove(0);
    }
    match bytes.first() {
        Some(0) => Err(format!("its {name} has leading zero bytes")),
        Some(_) => Ok(bytes),
        None => Err(format!("its {name} is empty")),
    }
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(modulus: &[u8], exponent: &[u8]) -> Option<String> {
        let (n, e) = (Encoding::Base64url.encode(modulus), Encoding::Base64url.encode(exponent));
        reason_of(&format!(r#"{{"n":"{n}","e":"{e}"}}"#))
    }

    fn reason_of(jwk: &str) -> Option<String> {
        public_key(&Object::parse(jwk).unwrap(), None).err()
    }

    /// An odd number of the given size. Not a product of two primes: nothing here does arithmetic with it.
    fn modulus(first_byte: u8, bytes: usize) -> Vec<u8> {
        let mut modulus = vec![0xff; bytes];
        modulus[0] = first_byte;
        modulus
    }

    #[test]
    fn takes_2048_to_8192_bits_and_nothing_beside() {
        for (first_byte, bytes) in [(0x80, 256), (0xff, 256), (0x01, 257), (0xff, 384), (0xff, 1024)] {
            assert_eq!(reason(&modulus(first_byte, bytes), &[1, 0, 1]), None, "{first_byte} {bytes}");
        }
        for (first_byte, bytes, bits) in [(0xff, 128, 1024), (0x7f, 256, 2047), (0x01, 1025, 8193)] {
            let expected = format!("it is {bits} bits long, expected 2048 to 8192");
            assert_eq!(reason(&modulus(first_byte, bytes), &[1, 0, 1]), Some(expected));
        }
    }

    #[test]
    fn takes_an_odd_exponent_from_3_to_4_bytes() {
        for exponent in [&[3][..], &[1, 0, 1], &[0xff, 0xff, 0xff, 0xff]] {
            assert_eq!(reason(&modulus(0xff, 256), exponent), None, "{exponent:?}");
        }
        for exponent in [&[][..], &[0], &[1], &[0, 1], &[2], &[4], &[1, 0, 0], &[1, 0, 0, 0, 1]] {
            assert!(reason(&modulus(0xff, 256), exponent).is_some(), "{exponent:?}");
        }
    }

    #[test]
    fn refuses_an_even_modulus() {
        let mut even = modulus(0xff, 256);
        even[255] = 0xfe;
        assert_eq!(reason(&even, &[1, 0, 1]).unwrap(), "its n is even, which no RSA modulus is");
    }

    #[test]
    fn takes_one_leading_zero_byte_away_and_refuses_two() {
        let padded = [&[0][..], &modulus(0xff, 256)].concat();
        assert_eq!(reason(&padded, &[0, 1, 0, 1]), None);
        // The zero byte does not count: a key of 2040 bits stays too small.
        assert!(reason(&[&[0][..], &modulus(0xff, 255)].concat(), &[3]).unwrap().contains("2040 bits"));
        let padded_twice = [&[0, 0][..], &modulus(0xff, 256)].concat();
        assert_eq!(reason(&padded_twice, &[3]).unwrap(), "its n has leading zero bytes");
    }

    #[test]
    fn refuses_text_that_is_not_canonical_base64url() {
        let n = Encoding::Base64url.encode(&modulus(0xff, 256));
        assert_eq!(reason_of(&format!(r#"{{"n":"{n}","e":"AQAB"}}"#)), None);
        for (n, e) in [(format!("{n}=="), "AQAB"), (n.replace('_', "/"), "AQAB"), (n.clone(), "AQAB=")] {
            let reason = reason_of(&format!(r#"{{"n":"{n}","e":"{e}"}}"#)).unwrap();
            assert!(reason.ends_with("is not canonical base64url"), "{reason}");
        }
        // 256 bytes end in a symbol that carries 2 bits: `_w` is canonical, `_x` has a stray bit.
        let stray = format!("{}x", &n[..n.len() - 1]);
        assert!(reason_of(&format!(r#"{{"n":"{stray}","e":"AQAB"}}"#)).is_some());
    }

    #[test]
    fn refuses_members_that_are_missing_or_not_strings() {
        assert_eq!(reason_of("{}").unwrap(), "its n is not a string");
        assert_eq!(reason_of(r#"{"n":5,"e":"AQAB"}"#).unwrap(), "its n is not a string");
        assert_eq!(reason_of(r#"{"n":"AQAB","e":65537}"#).unwrap(), "its e is not a string");
    }
}
