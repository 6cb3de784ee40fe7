//! Project Wycheproof's RSA signatures (PKCS #1 v1.5), through a JSON Web Key and the check that tokens get.
//!
//! Through a JWK and not through a token, because the vectors sign texts that are no tokens.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers of a test are small")]

use wycheproof::TestResult;
use wycheproof::rsa_pkcs1_verify::{TestFlag, TestName, TestSet};

use super::strict_json::Object;
use super::{Algorithm, Key, Signature};
use crate::encoding::Encoding;

/// Runs the vectors of one hash and returns how many there were. `MissingNull` is a padding that some senders wrote long
/// ago: it is "acceptable", and refused here, because what is compared is the one padding that there should be.
fn run(algorithm: Algorithm, names: &[TestName]) -> [usize; 3] {
    let mut counts = [0; 3];
    for name in names {
        for group in TestSet::load(*name).unwrap().test_groups {
            let part = |number: &[u8]| {
                let zeros = number.iter().take_while(|byte| **byte == 0).count();
                Encoding::Base64url.encode(&number[zeros..])
            };
            let (n, e) = (part(&group.key.n), part(&group.key.e));
            let jwk = format!(r#"{{"kty":"RSA","use":"sig","n":"{n}","e":"{e}"}}"#);
            let key = Key::from_jwk(0, &Object::parse(&jwk).unwrap()).unwrap();
            for test in group.tests {
                let accepted = key.verifies(algorithm, &test.msg, &Signature(test.sig.to_vec()));
                let id = format!("{name:?} {}: {}", test.tc_id, test.comment);
                assert_eq!(accepted, test.result == TestResult::Valid, "{id}");
                let kind = match test.result {
                    TestResult::Valid => 0,
                    TestResult::Invalid => 1,
                    TestResult::Acceptable => {
                        assert_eq!(test.flags, [TestFlag::MissingNull], "{id}");
                        2
                    }
                };
                counts[kind] += 1;
            }
        }
    }
    counts
}

#[test]
fn rs256_is_what_wycheproof_says() {
    let names =
        [TestName::Rsa2048Sha256, TestName::Rsa3072Sha256, TestName::Rsa4096Sha256, TestName::Rsa8192Sha256];
    assert_eq!(run(Algorithm::Rs256, &names), [31, 999, 4]);
}

#[test]
fn rs384_is_what_wycheproof_says() {
    let names =
        [TestName::Rsa2048Sha384, TestName::Rsa3072Sha384, TestName::Rsa4096Sha384, TestName::Rsa8192Sha384];
    assert_eq!(run(Algorithm::Rs384, &names), [28, 1003, 4]);
}

#[test]
fn rs512_is_what_wycheproof_says() {
    let names =
        [TestName::Rsa2048Sha512, TestName::Rsa3072Sha512, TestName::Rsa4096Sha512, TestName::Rsa8192Sha512];
    assert_eq!(run(Algorithm::Rs512, &names), [30, 1003, 4]);
}
