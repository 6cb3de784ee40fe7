use super::*;

fn parse(form: &KeyForm, algorithm: Algorithm, purpose: Purpose, secret: &str) -> Result<Key, Code> {
    form.parse(&Secret::new(secret).unwrap(), algorithm, purpose).map_err(|error| error.code())
}

fn base64() -> KeyForm {
    KeyForm::Base64(Base64Form { prefix: "whsec_".into(), min_bytes: 24, max_bytes: Some(64) })
}

fn pair() -> KeyForm {
    KeyForm::Ed25519(Ed25519Form { public_prefix: "whpk_".into(), private_prefix: "whsk_".into() })
}

#[test]
fn a_shared_secret_is_canonical_base64_of_the_right_size() {
    let verify = |secret: &str| parse(&base64(), Algorithm::HmacSha256, Purpose::Verify, secret).is_ok();
    assert!(verify("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    assert!(verify("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "the prefix is optional");
    for secret in
        ["whsec_", "whsec_AAAA", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS", "not base64!", "whpk_AAAA"]
    {
        assert!(!verify(secret), "{secret}");
    }
}

#[test]
fn each_side_needs_its_own_half_of_a_pair() {
    let public = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
    let private = "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let code = |purpose, key| parse(&pair(), Algorithm::Ed25519, purpose, key).err();
    assert_eq!(code(Purpose::Verify, public), None);
    assert_eq!(code(Purpose::Sign, private), None);
    assert_eq!(code(Purpose::Verify, private), Some(Code::InvalidSecret));
    assert_eq!(code(Purpose::Sign, public), Some(Code::InvalidSecret));
}

#[test]
fn the_halves_of_a_64_byte_key_must_agree() {
    let mut bytes = [7; 64];
    let code = |bytes: &[u8]| {
        let key = format!("whsk_{}", Encoding::Base64.encode(bytes));
        parse(&pair(), Algorithm::Ed25519, Purpose::Sign, &key).err()
    };
    assert_eq!(code(&bytes), Some(Code::InvalidSecret));
    let key = Secret::new(format!("whsk_{}", Encoding::Base64.encode(&bytes))).unwrap();
    let error = pair().parse(&key, Algorithm::Ed25519, Purpose::Sign).err().unwrap();
    assert!(error.to_string().contains("does not belong to its private half"), "{error}");
    bytes[32..].copy_from_slice(SigningKey::from_bytes(&[7; 32]).verifying_key().as_bytes());
    assert_eq!(code(&bytes), None);
    assert_eq!(code(&bytes[..33]), Some(Code::InvalidSecret));
}

#[test]
fn refuses_a_public_key_of_small_order() {
    let identity = "whpk_AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assert_eq!(
        parse(&pair(), Algorithm::Ed25519, Purpose::Verify, identity).err(),
        Some(Code::InvalidSecret)
    );
}

#[test]
fn the_size_of_a_shared_secret_has_both_bounds() {
    let of = |bytes: usize| format!("whsec_{}", Encoding::Base64.encode(&vec![7; bytes]));
    let code = |bytes| parse(&base64(), Algorithm::HmacSha256, Purpose::Verify, &of(bytes)).err();
    assert_eq!((code(24), code(64)), (None, None));
    assert_eq!((code(23), code(65)), (Some(Code::InvalidSecret), Some(Code::InvalidSecret)));
}

#[test]
fn an_unlimited_secret_has_one_byte_at_least() {
    let form: KeyForm = serde_json::from_str(r#"{"base64": {}}"#).unwrap();
    let code = |secret| parse(&form, Algorithm::HmacSha256, Purpose::Verify, secret).err();
    assert_eq!(code("AA=="), None);
    assert_eq!(code(&Encoding::Base64.encode(&[7; 4096])), None);
    let optional: KeyForm = serde_json::from_str(r#"{"base64": {"prefix": "x_"}}"#).unwrap();
    let empty = parse(&optional, Algorithm::HmacSha256, Purpose::Verify, "x_").err();
    assert_eq!(empty, Some(Code::InvalidSecret));
}

#[test]
fn each_form_gives_its_own_bytes() {
    let bytes = |form: &KeyForm, secret: &str| {
        form.bytes(&Secret::new(secret).unwrap()).map(|bytes| bytes.to_vec()).map_err(|error| error.code())
    };
    assert_eq!(bytes(&KeyForm::Text, "0a").unwrap(), b"0a");
    assert_eq!(bytes(&KeyForm::TextNfkd, "\u{e9}").unwrap(), b"e\xcc\x81");
    assert_eq!(
        bytes(&KeyForm::TextSha1, "abc").unwrap(),
        hex::decode("a9993e364706816aba3e25717850c26c9cd0d89d").unwrap()
    );
    assert_eq!(bytes(&KeyForm::Hex, "0aFF").unwrap(), [0x0a, 0xff]);
    assert_eq!(bytes(&KeyForm::Hex, "0g"), Err(Code::InvalidSecret));
    for secret in ["-_8", "+/8=", "-_8=", "+/8"] {
        assert_eq!(bytes(&KeyForm::Base64Any, secret).unwrap(), [0xfb, 0xff], "{secret}");
    }
    assert_eq!(bytes(&KeyForm::Base64Any, "="), Err(Code::InvalidSecret));
    assert_eq!(bytes(&KeyForm::Base64Any, "a b"), Err(Code::InvalidSecret));
    assert_eq!(bytes(&KeyForm::PublicKey, "abc").unwrap(), b"abc");
    assert_eq!(bytes(&pair(), "whpk_").unwrap(), b"whpk_");
    assert_eq!(bytes(&KeyForm::Ed25519Bare(Encoding::Hex), "00").unwrap(), b"00");
}

#[test]
fn a_prefix_tells_which_form_a_secret_has() {
    let claims = |form: &KeyForm, secret: &str| form.claims(&Secret::new(secret).unwrap());
    assert!(claims(&base64(), "whsec_AAAA"));
    assert!(!claims(&base64(), "AAAA"));
    assert!(claims(&pair(), "whpk_AAAA"));
    assert!(claims(&pair(), "whsk_AAAA"));
    assert!(!claims(&pair(), "whsec_AAAA"));
    assert!(!claims(&KeyForm::Text, "whsec_AAAA"));
    let without: KeyForm = serde_json::from_str(r#"{"base64": {}}"#).unwrap();
    assert!(!claims(&without, "AAAA"), "no prefix is no sign");
}

#[test]
fn a_bare_key_has_32_bytes() {
    let form = KeyForm::Ed25519Bare(Encoding::Hex);
    let public = hex::encode(SigningKey::from_bytes(&[7; 32]).verifying_key().as_bytes());
    let code = |purpose, key: &str| parse(&form, Algorithm::Ed25519, purpose, key).err();
    assert_eq!(code(Purpose::Verify, &public), None);
    assert_eq!(code(Purpose::Sign, &"07".repeat(32)), None);
    for key in [&public[2..], &format!("{public}00"), "zz"] {
        assert_eq!(code(Purpose::Verify, key), Some(Code::InvalidSecret), "{key}");
        assert_eq!(code(Purpose::Sign, key), Some(Code::InvalidSecret), "{key}");
    }
    let key = parse(&form, Algorithm::Ed25519, Purpose::Sign, &"07".repeat(32)).unwrap();
    let public = parse(&form, Algorithm::Ed25519, Purpose::Verify, &public).unwrap();
    assert!(public.expect(&[b"x"]).matches(&key.sign(&[b"x"]).unwrap()));
}

#[test]
fn a_public_key_fits_its_algorithm_and_is_not_for_signing() {
    // The P-256 key of RFC 7515, appendix A.3.
    let point = "3059301306072a8648ce3d020106082a8648ce3d030107034200047fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad";
    let encoded = Encoding::Base64.encode(&hex::decode(point).unwrap());
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----");
    let code = |algorithm, purpose, key: &str| parse(&KeyForm::PublicKey, algorithm, purpose, key).err();
    for key in [&encoded, &pem] {
        assert_eq!(code(Algorithm::EcdsaP256Sha256, Purpose::Verify, key), None);
        for other in [Algorithm::RsaSha256, Algorithm::Ed25519, Algorithm::HmacSha256] {
            assert_eq!(code(other, Purpose::Verify, key), Some(Code::InvalidSecret));
        }
        let signing = code(Algorithm::EcdsaP256Sha256, Purpose::Sign, key);
        assert_eq!(signing, Some(Code::InvalidOption));
    }
    for key in ["-----BEGIN PUBLIC KEY-----", &pem[..pem.len() - 1], "?", &encoded[..8]] {
        let malformed = code(Algorithm::EcdsaP256Sha256, Purpose::Verify, key);
        assert_eq!(malformed, Some(Code::InvalidSecret), "{key}");
    }
}

#[test]
fn an_algorithm_of_key_pairs_takes_no_shared_secret() {
    for algorithm in [Algorithm::Ed25519, Algorithm::EcdsaP256Sha256, Algorithm::RsaSha256] {
        let found = parse(&KeyForm::Text, algorithm, Purpose::Verify, "secret").err();
        assert_eq!(found, Some(Code::InvalidProvider));
    }
}
