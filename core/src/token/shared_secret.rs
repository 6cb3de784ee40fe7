use std::fmt;

use hmac::Hmac;
use sha2::{Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use super::signing_key;
use crate::encoding::Encoding;
use crate::error::{Code, Error};
use crate::keys::Algorithm;

/// A secret that sender and receiver share to sign tokens with (RFC 7518 section 3.2).
#[derive(Clone)]
pub(crate) struct SharedSecret(Zeroizing<Vec<u8>>);

impl SharedSecret {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }

    /// Compares a signature in constant time.
    pub(crate) fn verifies(&self, algorithm: Algorithm, signing_input: &[u8], signature: &[u8]) -> bool {
        fn matches<M: hmac::Mac>(mac: Option<M>, input: &[u8], signature: &[u8]) -> bool {
            mac.is_some_and(|mac| mac.chain_update(input).verify_slice(signature).is_ok())
        }
        match algorithm {
            Algorithm::Hs256 => matches(self.mac::<Hmac<Sha256>>(), signing_input, signature),
            Algorithm::Hs384 => matches(self.mac::<Hmac<Sha384>>(), signing_input, signature),
            Algorithm::Hs512 => matches(self.mac::<Hmac<Sha512>>(), signing_input, signature),
            Algorithm::Rs256 | Algorithm::Rs384 | Algorithm::Rs512 => false,
        }
    }

    /// Signs claims and returns the compact token.
    pub(crate) fn sign(&self, claims: &str, algorithm: Algorithm) -> Result<String, Error> {
        let encode = |text: &str| Encoding::Base64url.encode(text.as_bytes());
        let input = format!("{}.{}", encode(&signing_key::header(None, algorithm)?), encode(claims));
        let tag = match algorithm {
            Algorithm::Hs256 => self.tag::<Hmac<Sha256>>(&input),
            Algorithm::Hs384 => self.tag::<Hmac<Sha384>>(&input),
            Algorithm::Hs512 => self.tag::<Hmac<Sha512>>(&input),
            Algorithm::Rs256 | Algorithm::Rs384 | Algorithm::Rs512 => None,
        };
        let tag = tag.ok_or_else(|| {
            Error::new(Code::InvalidKey, format!("a shared secret cannot sign with {}", algorithm.name()))
        })?;
        Ok(format!("{input}.{}", Encoding::Base64url.encode(&tag)))
    }

    fn mac<M: hmac::KeyInit>(&self) -> Option<M> {
        M::new_from_slice(&self.0).ok()
    }

    fn tag<M: hmac::Mac + hmac::KeyInit>(&self, input: &str) -> Option<Vec<u8>> {
        Some(self.mac::<M>()?.chain_update(input).finalize().into_bytes().to_vec())
    }
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.1.
    #[test]
    fn verifies_the_published_token() {
        let input = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let decode = |text| Encoding::Base64url.decode(text).unwrap();
        let secret = SharedSecret::new(&decode(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        ));
        let signature = decode("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert!(secret.verifies(Algorithm::Hs256, input.as_bytes(), &signature));
        assert!(!secret.verifies(Algorithm::Hs256, input.as_bytes(), &signature[..31]));
        assert!(!secret.verifies(Algorithm::Hs384, input.as_bytes(), &signature));
        assert!(!secret.verifies(Algorithm::Rs256, input.as_bytes(), &signature));
    }

    #[test]
    fn signs_what_it_verifies_with_the_same_algorithm_alone() {
        let secret = SharedSecret::new(b"secret");
        let shared = [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512];
        for (algorithm, name) in shared.into_iter().zip(["HS256", "HS384", "HS512"]) {
            let token = secret.sign(r#"{"sub":"1"}"#, algorithm).unwrap();
            let (input, signature) = token.rsplit_once('.').unwrap();
            let header = format!(r#"{{"alg":"{name}","typ":"JWT"}}"#);
            let encode = |text: &str| Encoding::Base64url.encode(text.as_bytes());
            assert_eq!(input, format!("{}.{}", encode(&header), encode(r#"{"sub":"1"}"#)));
            let signature = Encoding::Base64url.decode(signature).unwrap();
            for other in shared {
                assert_eq!(secret.verifies(other, input.as_bytes(), &signature), other == algorithm);
            }
            assert!(!SharedSecret::new(b"other").verifies(algorithm, input.as_bytes(), &signature));
        }
    }

    #[test]
    fn signs_with_no_algorithm_of_key_pairs() {
        for algorithm in [Algorithm::Rs256, Algorithm::Rs384, Algorithm::Rs512] {
            let error = SharedSecret::new(b"secret").sign("{}", algorithm).unwrap_err();
            assert_eq!(error.code(), Code::InvalidKey);
        }
    }

    #[test]
    fn debug_output_holds_nothing_of_the_secret() {
        assert_eq!(format!("{:?}", SharedSecret::new(b"secret")), "SharedSecret(…)");
    }
}
