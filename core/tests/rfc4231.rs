//! RFC 4231: the test cases of HMAC with SHA-256, SHA-384 and SHA-512, signed and verified through the public interface.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/primitive.rs"]
mod primitive;

use hookproof::{Message, Signer};
use primitive::{accepts, provider, verifier};

struct Case {
    key: &'static str,
    repeated: usize,
    message: &'static [u8],
    tags: [&'static str; 3],
}

const LONG: &[u8] = b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.";

const CASES: [Case; 7] = [
    Case {
        key: "0b",
        repeated: 20,
        message: b"Hi There",
        tags: [
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        ],
    },
    Case {
        key: "4a656665",
        repeated: 1,
        message: b"what do ya want for nothing?",
        tags: [
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ],
    },
    Case {
        key: "aa",
        repeated: 20,
        message: &[0xdd; 50],
        tags: [
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
            "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
        ],
    },
    Case {
        key: "0102030405060708090a0b0c0d0e0f10111213141516171819",
        repeated: 1,
        message: &[0xcd; 50],
        tags: [
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
            "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
        ],
    },
    Case {
        key: "0c",
        repeated: 20,
        message: b"Test With Truncation",
        tags: [
            "a3b6167473100ee06e0c796c2955552bfa6f7c0a6a8aef8b93f860aab0cd20c5",
            "3abf34c3503b2a23a46efc619baef897f4c8e42c934ce55ccbae9740fcbc1af4ca62269e2a37cd88ba926341efe4aeea",
            "415fad6271580a531d4179bc891d87a650188707922a4fbb36663a1eb16da008711c5b50ddd0fc235084eb9d3364a1454fb2ef67cd1d29fe6773068ea266e96b",
        ],
    },
    Case {
        key: "aa",
        repeated: 131,
        message: b"Test Using Larger Than Block-Size Key - Hash Key First",
        tags: [
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        ],
    },
    Case {
        key: "aa",
        repeated: 131,
        message: LONG,
        tags: [
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e",
            "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
        ],
    },
];

#[test]
fn every_case_is_signed_and_verified() {
    for (number, case) in CASES.iter().enumerate() {
        for (algorithm, tag) in ["hmac-sha256", "hmac-sha384", "hmac-sha512"].into_iter().zip(case.tags) {
            let (key, tag) = (case.key.repeat(case.repeated), hex::decode(tag).unwrap());
            let verifier = verifier(algorithm, "\"hex\"", &key).unwrap();
            assert!(accepts(&verifier, case.message, &tag), "case {} of {algorithm}", number + 1);
            let signer =
                Signer::builder(provider(algorithm, "\"hex\"")).unwrap().secret(&key).build().unwrap();
            let headers = signer.sign(&Message::new(case.message)).unwrap();
            assert_eq!(headers.header("X-Signature"), Some(hex::encode(&tag).as_str()));
        }
    }
}

/// Test case 5 is about a tag that is cut to 128 bits, which is not what any sender here sends.
#[test]
fn a_cut_tag_is_refused() {
    let case = &CASES[4];
    let verifier = verifier("hmac-sha256", "\"hex\"", case.key.repeat(case.repeated)).unwrap();
    let tag = hex::decode(case.tags[0]).unwrap();
    for length in 0..tag.len() {
        assert!(!accepts(&verifier, case.message, &tag[..length]), "{length} bytes");
    }
}
