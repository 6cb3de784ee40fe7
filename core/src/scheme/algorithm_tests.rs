use super::*;

/// RFC 4231, test case 2.
#[test]
fn computes_the_published_tags() {
    let message: [&[u8]; 2] = [b"what do ya want ", b"for nothing?"];
    for (algorithm, tag) in [
        (Algorithm::HmacSha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (
            Algorithm::HmacSha384,
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        ),
    ] {
        let key = Key::shared(algorithm, b"Jefe").unwrap();
        assert_eq!(hex::encode(key.sign(&message).unwrap()), tag);
        assert!(key.expect(&message).matches(&hex::decode(tag).unwrap()));
        assert!(!key.expect(&message).matches(&hex::decode(&tag[2..]).unwrap()), "a shorter tag is no match");
        assert!(!key.expect(&message).matches(&[]), "an empty tag is no match");
        assert_eq!(Some(key.sign(&message).unwrap().len()), algorithm.signature_bytes());
    }
}

#[test]
fn a_private_key_never_verifies_and_a_public_key_never_signs() {
    let private = SigningKey::from_bytes(&[7; 32]);
    let signature = Key::Ed25519Private(Box::new(private.clone())).sign(&[b"x"]).unwrap();
    let public = Key::Ed25519Public(Box::new(private.verifying_key()));
    assert!(public.expect(&[b"x"]).matches(&signature));
    assert!(public.sign(&[b"x"]).is_none());
    assert!(!Key::Ed25519Private(Box::new(private)).expect(&[b"x"]).matches(&signature));
}

#[test]
fn a_token_is_compared_whole_and_sent_as_it_is() {
    let key = Key::shared(Algorithm::Token, b"token").unwrap();
    assert_eq!(key.sign(&[b"any"]).unwrap(), b"token");
    assert_eq!(key.secret(), b"token");
    assert!(key.expect(&[b"any"]).matches(b"token"));
    for other in [&b"toke"[..], b"token1", b"", b"Token"] {
        assert!(!key.expect(&[b"any"]).matches(other));
    }
}

#[test]
fn only_what_templates_ask_for_is_a_secret_of_theirs() {
    assert_eq!(Key::shared(Algorithm::Sha256, b"secret").unwrap().secret(), b"secret");
    assert_eq!(Key::shared(Algorithm::HmacSha256, b"secret").unwrap().secret(), b"");
}

#[test]
fn a_hash_or_a_tag_fits_its_own_algorithm_alone() {
    let algorithms = [
        Algorithm::HmacMd5,
        Algorithm::HmacSha1,
        Algorithm::HmacSha256,
        Algorithm::HmacSha384,
        Algorithm::HmacSha512,
        Algorithm::Md5,
        Algorithm::Sha1,
        Algorithm::Sha256,
    ];
    for signing in algorithms {
        let signature = Key::shared(signing, b"secret").unwrap().sign(&[b"a", b"b"]).unwrap();
        assert_eq!(Some(signature.len()), signing.signature_bytes());
        for verifying in algorithms {
            let key = Key::shared(verifying, b"secret").unwrap();
            assert_eq!(key.expect(&[b"ab"]).matches(&signature), verifying == signing, "{verifying:?}");
            assert!(!key.expect(&[b"a"]).matches(&signature));
        }
        let is_digest = matches!(signing, Algorithm::Md5 | Algorithm::Sha1 | Algorithm::Sha256);
        assert_eq!(signing.is_digest(), is_digest);
    }
}

#[test]
fn a_key_of_a_pair_is_no_shared_secret() {
    for algorithm in [Algorithm::Ed25519, Algorithm::EcdsaP256Sha256, Algorithm::RsaSha256] {
        assert!(Key::shared(algorithm, b"secret").is_none());
    }
    for algorithm in [Algorithm::HmacSha256, Algorithm::EcdsaP256Sha256, Algorithm::RsaSha256] {
        assert!(Key::public(algorithm, &[1]).is_none(), "bytes that are no public key");
    }
}
