//! Project Wycheproof's vectors through the public interface: a provider given as data, a secret, a request.
//!
//! Every test asserts how many cases it ran, so that none is skipped unseen. RSA with all three hashes is beside the key
//! sets in the crate, where SHA-384 and SHA-512 can be reached. The crate `wycheproof` leaves out the JSON Web Signatures
//! (`json_web_*`): `rfc7515.rs` holds the published tokens and Wycheproof's classes of changes to one.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "support/primitive.rs"]
mod primitive;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use primitive::{accepts, verifier};
use wycheproof::{TestResult, ecdsa, eddsa, mac, rsa_pkcs1_verify};

/// How many cases were right as they are, how many were refused as they must be, and how many are exceptions.
type Counts = [usize; 3];

/// A tag that was cut is valid in the vectors, and refused here: the length of a MAC belongs to its algorithm, and each
/// byte less makes it 256 times easier to guess.
fn hmac(algorithm: &str, name: mac::TestName, tag_bits: usize) -> Counts {
    let mut counts = [0; 3];
    for group in mac::TestSet::load(name).unwrap().test_groups {
        let cut = group.tag_size != tag_bits;
        for test in group.tests {
            let verifier = verifier(algorithm, "\"hex\"", hex::encode(&test.key)).unwrap();
            let expected = test.result == TestResult::Valid && !cut;
            let id = format!("{name:?} {}: {}", test.tc_id, test.comment);
            assert_eq!(accepts(&verifier, &test.msg, &test.tag), expected, "{id}");
            counts[kind(expected, test.result)] += 1;
        }
    }
    counts
}

fn kind(accepted: bool, result: TestResult) -> usize {
    match (accepted, result) {
        (true, TestResult::Valid) => 0,
        (false, TestResult::Invalid) => 1,
        _ => 2,
    }
}

#[test]
fn every_hmac_is_what_wycheproof_says_but_cut_tags() {
    assert_eq!(hmac("hmac-sha1", mac::TestName::HmacSha1, 160), [33, 104, 33]);
    assert_eq!(hmac("hmac-sha256", mac::TestName::HmacSha256, 256), [33, 108, 33]);
    assert_eq!(hmac("hmac-sha384", mac::TestName::HmacSha384, 384), [33, 108, 33]);
    assert_eq!(hmac("hmac-sha512", mac::TestName::HmacSha512, 512), [33, 108, 33]);
}

#[test]
fn ed25519_is_what_wycheproof_says() {
    let mut counts: Counts = [0; 3];
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let verifier = verifier("ed25519", r#"{"ed25519-bare": "hex"}"#, hex::encode(&group.key.pk)).unwrap();
        for test in group.tests {
            let accepted = accepts(&verifier, &test.msg, &test.sig);
            assert_eq!(accepted, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            counts[kind(accepted, test.result)] += 1;
        }
    }
    assert_eq!(counts, [88, 63, 0]);
}

#[test]
fn ecdsa_with_p_256_is_what_wycheproof_says() {
    let mut counts: Counts = [0; 3];
    for group in ecdsa::TestSet::load(ecdsa::TestName::EcdsaSecp256r1Sha256).unwrap().test_groups {
        let key = STANDARD.encode(&group.der);
        let verifier = verifier("ecdsa-p256-sha256", "\"public-key\"", key).unwrap();
        for test in group.tests {
            let accepted = accepts(&verifier, &test.msg, &test.sig);
            assert_eq!(accepted, test.result == TestResult::Valid, "{}: {}", test.tc_id, test.comment);
            counts[kind(accepted, test.result)] += 1;
        }
    }
    assert_eq!(counts, [174, 310, 0]);
}

/// The exceptions are the one case of each size that Wycheproof calls acceptable, `MissingNull`: a padding without the
/// NULL that it must have. Whoever parses the padding may take it; here it is compared whole.
#[test]
fn rsa_with_sha_256_is_what_wycheproof_says() {
    use rsa_pkcs1_verify::{TestName, TestSet};
    let mut counts: Counts = [0; 3];
    for name in
        [TestName::Rsa2048Sha256, TestName::Rsa3072Sha256, TestName::Rsa4096Sha256, TestName::Rsa8192Sha256]
    {
        for group in TestSet::load(name).unwrap().test_groups {
            let verifier = verifier("rsa-sha256", "\"public-key\"", STANDARD.encode(&group.der)).unwrap();
            for test in group.tests {
                let accepted = accepts(&verifier, &test.msg, &test.sig);
                let id = format!("{name:?} {}: {}", test.tc_id, test.comment);
                assert_eq!(accepted, test.result == TestResult::Valid, "{id}");
                counts[kind(accepted, test.result)] += 1;
            }
        }
    }
    assert_eq!(counts, [31, 999, 4]);
}
