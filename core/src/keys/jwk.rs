use super::rsa::{self, RsaKey};
use super::strict_json::{Object, Value};
use super::{Algorithm, MAX_KEY_ID_CHARS, shown};

/// One public key that may verify tokens: its id, what it is bound to, and the key itself.
pub(crate) struct Key {
    index: usize,
    id: Option<String>,
    bound_to: Option<Algorithm>,
    material: Material,
}

/// The mathematics of a key. Other families (P-256, Ed25519) become variants beside this one.
enum Material {
    Rsa(RsaKey),
}

impl Key {
    /// Reads one JSON Web Key (RFC 7517 section 4) that stands at `index` of its set.
    ///
    /// # Errors
    /// The reason why the key cannot be used, as half a sentence about "it".
    pub(crate) fn from_jwk(index: usize, jwk: &Object<'_>) -> Result<Self, String> {
        let id = key_id(jwk)?;
        require_purpose(jwk)?;
        let bound_to = binding(jwk)?;
        let material = match jwk.get("kty").and_then(Value::string).as_deref() {
            Some("RSA") => Material::Rsa(rsa::public_key(jwk, bound_to)?),
            Some(other) => return Err(format!("its kty is {}, expected \"RSA\"", shown(other))),
            None => return Err("its kty is not a string".to_owned()),
        };
        Ok(Self { index, id, bound_to, material })
    }

    /// Returns the key's place in the document, counted from 0.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Returns the key id (`kid`), if the key has one.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Returns the one algorithm that the key names for itself, if it names one.
    pub(crate) fn bound_to(&self) -> Option<Algorithm> {
        self.bound_to
    }

    /// Says whether the key may be used with an algorithm.
    ///
    /// A key that names its algorithm is used for that one alone: a key used under two schemes can give away
    /// under one what the other protects.
    pub(crate) fn accepts(&self, algorithm: Algorithm) -> bool {
        let family = match (&self.material, algorithm) {
            (Material::Rsa(_), Algorithm::Rs256 | Algorithm::Rs384 | Algorithm::Rs512) => true,
            // A public key is no secret: an HMAC made with it proves nothing.
            (Material::Rsa(_), Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512) => false,
        };
        family && self.bound_to.is_none_or(|bound| bound == algorithm)
    }

    /// Says whether a signature over `signing_input` was made by this key's owner.
    pub(crate) fn verifies(&self, algorithm: Algorithm, signing_input: &[u8], signature: &Signature) -> bool {
        let Material::Rsa(key) = &self.material;
        key.verifies(algorithm, signing_input, &signature.0)
    }
}

/// The bytes of a token's signature.
pub(crate) struct Signature(pub(crate) Vec<u8>);

fn key_id(jwk: &Object<'_>) -> Result<Option<String>, String> {
    let Some(value) = jwk.get("kid") else { return Ok(None) };
    let key_id = value.string().ok_or("its kid is not a string")?;
    if (1..=MAX_KEY_ID_CHARS).contains(&key_id.chars().count()) {
        Ok(Some(key_id.into_owned()))
    } else {
        Err(format!("its kid does not have 1 to {MAX_KEY_ID_CHARS} characters"))
    }
}

/// Refuses a key that its owner published for something else than signatures (RFC 7517 sections 4.2 and 4.3).
fn require_purpose(jwk: &Object<'_>) -> Result<(), String> {
    if let Some(purpose) = jwk.get("use") {
        match purpose.string().as_deref() {
            Some("sig") => {}
            Some(other) => return Err(format!("its use is {}, expected \"sig\"", shown(other))),
            None => return Err("its use is not a string".to_owned()),
        }
    }
    if let Some(operations) = jwk.get("key_ops") {
        let operations = operations.array().ok_or("its key_ops is not an array")?;
        let operations: Option<Vec<_>> = operations.into_iter().map(Value::string).collect();
        let operations = operations.ok_or("its key_ops holds something else than strings")?;
        if !operations.iter().any(|operation| operation == "verify") {
            return Err("its key_ops does not hold \"verify\"".to_owned());
        }
    }
    Ok(())
}

fn binding(jwk: &Object<'_>) -> Result<Option<Algorithm>, String> {
    let Some(value) = jwk.get("alg") else { return Ok(None) };
    let name = value.string().ok_or("its alg is not a string")?;
    match Algorithm::named(&name).filter(|algorithm| !algorithm.is_shared()) {
        Some(algorithm) => Ok(Some(algorithm)),
        None => Err(format!("its alg is {}, which is not supported", shown(&name))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::Encoding;

    /// Builds a key of 2048 bits with more members.
    fn key(members: &str) -> Result<Key, String> {
        let n = Encoding::Base64url.encode(&[0xff; 256]);
        let comma = if members.is_empty() { "" } else { "," };
        let kty = if members.contains("\"kty\"") { "" } else { r#""kty":"RSA","# };
        Key::from_jwk(
            7,
            &Object::parse(&format!(r#"{{{kty}"n":"{n}","e":"AQAB"{comma}{members}}}"#)).unwrap(),
        )
    }

    fn reason(members: &str) -> String {
        key(members).err().unwrap_or_default()
    }

    #[test]
    fn reads_a_key_with_every_member() {
        let key = key(r#""kid":"k","use":"sig","alg":"RS256","key_ops":["verify"],"x5c":[],"x":1"#).unwrap();
        assert_eq!((key.index(), key.id(), key.bound_to()), (7, Some("k"), Some(Algorithm::Rs256)));
    }

    #[test]
    fn reads_a_key_with_only_the_necessary_members() {
        let key = key("").unwrap();
        assert_eq!((key.id(), key.bound_to()), (None, None));
    }

    #[test]
    fn ignores_private_members() {
        assert!(key(r#""d":"AAAA","p":1,"q":null"#).is_ok());
    }

    #[test]
    fn refuses_every_kty_but_rsa_in_capitals() {
        for kty in ["rsa", "Rsa", "EC", "OKP", "oct", "", "FUTURE"] {
            assert!(reason(&format!(r#""kty":"{kty}""#)).starts_with("its kty is \""), "{kty:?}");
        }
        assert_eq!(reason(r#""kty":["RSA"]"#), "its kty is not a string");
    }

    #[test]
    fn refuses_a_key_for_another_purpose() {
        assert_eq!(reason(r#""use":"enc""#), "its use is \"enc\", expected \"sig\"");
        assert_eq!(reason(r#""use":null"#), "its use is not a string");
        assert_eq!(reason(r#""key_ops":["encrypt"]"#), "its key_ops does not hold \"verify\"");
        assert_eq!(reason(r#""key_ops":[]"#), "its key_ops does not hold \"verify\"");
        assert_eq!(reason(r#""key_ops":"verify""#), "its key_ops is not an array");
        assert_eq!(reason(r#""key_ops":["verify",1]"#), "its key_ops holds something else than strings");
        assert!(key(r#""key_ops":["sign","verify"]"#).is_ok());
    }

    #[test]
    fn refuses_a_key_of_another_algorithm() {
        for alg in ["PS256", "RSA-OAEP", "none", "HS256", "rs256"] {
            assert!(reason(&format!(r#""alg":"{alg}""#)).ends_with("which is not supported"), "{alg}");
        }
        assert_eq!(reason(r#""alg":256"#), "its alg is not a string");
    }

    #[test]
    fn a_key_that_names_an_algorithm_accepts_no_other() {
        let bound = key(r#""alg":"RS384""#).unwrap();
        assert!(bound.accepts(Algorithm::Rs384));
        assert!(!bound.accepts(Algorithm::Rs256));
        let free = key("").unwrap();
        assert!(free.accepts(Algorithm::Rs256) && free.accepts(Algorithm::Rs512));
    }

    #[test]
    fn refuses_a_key_id_that_is_not_a_short_string() {
        assert_eq!(reason(r#""kid":1"#), "its kid is not a string");
        assert_eq!(reason(r#""kid":null"#), "its kid is not a string");
        assert_eq!(reason(r#""kid":"""#), "its kid does not have 1 to 255 characters");
        assert!(key(&format!(r#""kid":"{}""#, "é".repeat(255))).is_ok());
        assert!(key(&format!(r#""kid":"{}""#, "k".repeat(256))).is_err());
    }
}
