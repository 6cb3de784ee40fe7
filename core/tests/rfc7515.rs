//! RFC 7515, appendix A, and RFC 7520, 4.1: the published tokens, and changes of them in every class of Wycheproof's JSON
//! Web Signatures that is not about padding; those that are need a private key and stand in `tests/vectors`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hookproof::{Code, Provider, Request, Verifier};

/// One second before the tokens expire.
const NOW: i64 = 1_300_819_379;

const CLAIMS: &str =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

/// Appendix A.1.
const HS256_HEADER: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
const HS256_SECRET: &str =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
const HS256_SIGNATURE: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Appendix A.2.
const RS256_HEADER: &str = "eyJhbGciOiJSUzI1NiJ9";
const RS256_MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const RS256_SIGNATURE: &str = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

/// Appendix A.5: `{"alg":"none"}`.
const NONE_HEADER: &str = "eyJhbGciOiJub25lIn0";

/// RFC 7520, section 4.1, figures 10, 11 and 12, and the key of its section 3.4.
const COOKBOOK_HEADER: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9";
const COOKBOOK_PAYLOAD: &str = "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4";
const COOKBOOK_SIGNATURE: &str = "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg";
const COOKBOOK_MODULUS: &str = "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw";

/// Verifies a token under the secret of appendix A.1.
fn shared(token: &str) -> Option<Code> {
    let provider = Provider::from_json(
        r#"{
            "name": "vectors",
            "scheme": {"bearer": {
                "header": "Authorization",
                "algorithms": ["HS256"],
                "key_id": "optional",
                "issuers": ["joe"],
                "any_audience": true,
                "leeway_seconds": 0,
                "required_claims": ["exp"]
            }},
            "event": {"body": "any"}
        }"#,
    );
    let secret = URL_SAFE_NO_PAD.decode(HS256_SECRET).unwrap();
    code(&Verifier::builder(provider.unwrap()).unwrap().secret(secret).build().unwrap(), token)
}

/// Verifies a token under the key of appendix A.2. Its claims name no audience, which such a key never does without: the
/// claims are only read when the signature is right, so that `wrong_audience` says that it was.
fn public(token: &str) -> Option<Code> {
    let jwks = format!(r#"{{"keys":[{{"kty":"RSA","n":"{RS256_MODULUS}","e":"AQAB"}}]}}"#);
    let builder = Verifier::builder("jwt-bearer").unwrap().issuer("joe").audience("us").algorithm("RS256");
    code(&builder.jwks(jwks).build().unwrap(), token)
}

/// Verifies a token under the key of RFC 7520, to whose JWK some members are added.
fn cookbook(token: &str, members: &str) -> Option<Code> {
    let jwk = format!(r#"{{"kty":"RSA","n":"{COOKBOOK_MODULUS}","e":"AQAB"{members}}}"#);
    // A set without any usable key is refused at once, so that the one of RFC 7515 stands beside.
    let other = format!(r#"{{"kty":"RSA","kid":"other","n":"{RS256_MODULUS}","e":"AQAB"}}"#);
    let builder = Verifier::builder("jwt-bearer").unwrap().issuer("joe").audience("us").algorithm("RS256");
    code(&builder.jwks(format!(r#"{{"keys":[{jwk},{other}]}}"#)).build().unwrap(), token)
}

fn code(verifier: &Verifier, token: &str) -> Option<Code> {
    let headers = [("Authorization", format!("Bearer {token}"))];
    verifier.verify_at(&Request::new(b"", &headers), NOW).err().map(|error| error.code())
}

/// Verifies a token in one of the two ways.
type Verify = fn(&str) -> Option<Code>;

#[test]
fn the_published_tokens_are_accepted() {
    assert_eq!(shared(&format!("{HS256_HEADER}.{CLAIMS}.{HS256_SIGNATURE}")), None);
    assert_eq!(public(&format!("{RS256_HEADER}.{CLAIMS}.{RS256_SIGNATURE}")), Some(Code::WrongAudience));
}

#[test]
fn the_unsecured_token_and_the_other_families_are_refused() {
    let es256 = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256"}"#);
    let (shared, public): (Verify, Verify) = (shared, public);
    for (verify, header, signature) in [
        (shared, NONE_HEADER, ""),
        (public, NONE_HEADER, ""),
        (shared, RS256_HEADER, RS256_SIGNATURE),
        (public, HS256_HEADER, HS256_SIGNATURE),
        (public, &es256, HS256_SIGNATURE),
    ] {
        let token = format!("{header}.{CLAIMS}.{signature}");
        assert_eq!(verify(&token), Some(Code::UnsupportedAlgorithm), "{token}");
    }
}

/// The classes of `json_web_signature` 1 to 17 (HS256) and 33 to 48 (RS256), made of the published tokens.
#[test]
fn every_change_of_a_token_is_refused() {
    let (shared, public): (Verify, Verify) = (shared, public);
    for (verify, header, signature) in
        [(shared, HS256_HEADER, HS256_SIGNATURE), (public, RS256_HEADER, RS256_SIGNATURE)]
    {
        let other = |segment: &str| format!("X{}", &segment[1..]);
        let changed = [
            format!("{header}.{CLAIMS}.{}", other(signature)),
            format!("{header}.{}.{signature}", other(CLAIMS)),
            format!("{}.{CLAIMS}.{signature}", other(header)),
            format!("{header}.{CLAIMS}."),
            format!("{header}.{CLAIMS}"),
            format!("{header}..{signature}"),
            format!("{header}.{signature}"),
            format!(".{CLAIMS}.{signature}"),
            format!("{CLAIMS}.{signature}"),
            format!(".{CLAIMS}."),
            CLAIMS.to_owned(),
            String::new(),
            format!("{header}.{CLAIMS}.{signature}."),
            format!("{header}.{CLAIMS}.{signature}.foo"),
            format!(
                r#"{{"payload":"{CLAIMS}","signatures":[{{"protected":"{header}","signature":"{signature}"}}]}}"#
            ),
        ];
        for token in changed {
            let code = verify(&token).unwrap();
            let expected = [Code::MalformedToken, Code::MalformedHeader, Code::NoMatchingSignature];
            assert!(expected.contains(&code), "{token}: {code:?}");
        }
        let key = format!(r#"{{"alg":"RS256","jwk":{{"kty":"RSA","n":"{RS256_MODULUS}","e":"AQAB"}}}}"#);
        let embedded = format!("{}.{CLAIMS}.{signature}", URL_SAFE_NO_PAD.encode(key));
        assert!(matches!(verify(&embedded), Some(Code::NoMatchingSignature | Code::UnsupportedAlgorithm)));
    }
}

/// RFC 7520 signs a sentence, which is no object of claims. The claims are only read when the signature is right, so that
/// `malformed_token` says that it was.
#[test]
fn the_published_sentence_is_signed_but_no_claims() {
    const KEY: &str = r#","kid":"bilbo.baggins@hobbiton.example","use":"sig""#;
    let token = format!("{COOKBOOK_HEADER}.{COOKBOOK_PAYLOAD}.{COOKBOOK_SIGNATURE}");
    assert_eq!(cookbook(&token, KEY), Some(Code::MalformedToken));
    let signature = COOKBOOK_SIGNATURE.replacen('M', "N", 1);
    let changed = [
        format!("{COOKBOOK_HEADER}.{COOKBOOK_PAYLOAD}.{signature}"),
        format!("{COOKBOOK_HEADER}.T{}.{COOKBOOK_SIGNATURE}", &COOKBOOK_PAYLOAD[1..]),
    ];
    for token in changed {
        assert_eq!(cookbook(&token, KEY), Some(Code::NoMatchingSignature), "{token}");
    }
}

/// The classes 353 to 356 and `WrongPrimitive`: a key that is for something else does not verify what it has signed.
#[test]
fn a_key_for_something_else_is_no_key() {
    const KEY: &str = r#","kid":"bilbo.baggins@hobbiton.example""#;
    let token = format!("{COOKBOOK_HEADER}.{COOKBOOK_PAYLOAD}.{COOKBOOK_SIGNATURE}");
    for members in [
        r#""use":"enc""#,
        r#""key_ops":["sign"]"#,
        r#""key_ops":["encrypt","decrypt"]"#,
        r#""alg":"PS256""#,
        r#""alg":"RS384""#,
        r#""alg":"RS512""#,
        r#""alg":"RSA-OAEP""#,
    ] {
        assert_eq!(cookbook(&token, &format!("{KEY},{members}")), Some(Code::UnknownKey), "{members}");
    }
    for members in ["", r#","key_ops":["verify"]"#, r#","use":"sig","alg":"RS256""#] {
        assert_eq!(cookbook(&token, &format!("{KEY}{members}")), Some(Code::MalformedToken), "{members}");
    }
}

/// The classes 357 to 377: characters that are none of base64url's, and bits that a lenient decoder drops.
#[test]
fn a_token_has_one_spelling() {
    let (shared, public): (Verify, Verify) = (shared, public);
    for (verify, header, signature) in
        [(shared, HS256_HEADER, HS256_SIGNATURE), (public, RS256_HEADER, RS256_SIGNATURE)]
    {
        let segments = [header, CLAIMS, signature];
        for (index, segment) in segments.iter().enumerate() {
            for stranger in [" ", "?", "#", "=", "==", "\n", "\r\n", "\0", "~", "+", "é"] {
                for place in [0, 4, segment.len()] {
                    let (start, end) = segment.split_at(place);
                    let changed = format!("{start}{stranger}{end}");
                    let mut segments = segments;
                    segments[index] = &changed;
                    let code = verify(&segments.join(".")).unwrap();
                    let expected = [Code::MalformedToken, Code::MalformedHeader, Code::NoMatchingSignature];
                    assert!(expected.contains(&code), "{stranger:?} at {place} of {index}: {code:?}");
                }
            }
        }
        // 342 characters of 256 bytes, and 43 of 32 bytes, leave bits to spare: four and two.
        let (start, last) = signature.split_at(signature.len() - 1);
        let next = char::from(last.as_bytes()[0] + 1);
        assert_eq!(verify(&format!("{header}.{CLAIMS}.{start}{next}")), Some(Code::MalformedToken));
    }
}

/// The secret of appendix A.1 as a key set: no symmetric key is taken from one.
#[test]
fn a_symmetric_key_in_a_key_set_is_no_key() {
    let jwks = format!(r#"{{"keys":[{{"kty":"oct","k":"{HS256_SECRET}"}}]}}"#);
    let builder = Verifier::builder("jwt-bearer").unwrap().issuer("joe").audience("us");
    assert_eq!(builder.jwks(jwks).build().unwrap_err().code(), Code::InvalidKey);
}
