//! A signature over any of several contents, and how often a body is hashed to find that out.

use sha2::Digest as _;

use super::*;

const FORM: &str = "application/x-www-form-urlencoded";

fn found(members: &str, secrets: &[String], signature: &str, body: &[u8], kind: &str) -> Result<usize, Code> {
    let provider = signing(members, r#"{"body": "any", "digest": "{body}"}"#).unwrap();
    let builder = Verifier::builder(provider).unwrap();
    let verifier = secrets.iter().fold(builder, VerifierBuilder::secret).build().unwrap();
    let lines = [("S", signature), ("Content-Type", kind)];
    let event = verifier.verify_at(&Request::new(body, &lines), NOW);
    event.map(|event| event.proof().key_index()).map_err(|error| error.code())
}

fn own() -> [String; 1] {
    [SECRET.to_owned()]
}

#[test]
fn contents_that_differ_in_the_secret_alone_are_all_tried() {
    let members = r#""content": ["{body}{secret}", "{body}{secret|hex}"],
        "versions": [{"algorithm": "sha256", "encoding": "hex", "key": "text"}]"#;
    let signature = hex::encode(Sha256::digest([BODY, hex::encode(SECRET).as_bytes()].concat()));
    assert_eq!(found(members, &own(), &signature, BODY, "text/plain"), Ok(0));
}

#[test]
fn every_list_of_fields_is_written_in_its_own_way() {
    let members = format!(
        r#"{HMAC}, "content": ["{{parameters:a}}", "{{parameters:a}}", "{{parameters:b}}{{parameters:c}}{{parameters:a}}"],
        "parameters": {{"a": {{"of": "form"}}, "b": {{"of": "form", "join": "&"}}, "c": {{"of": "form", "before": "?"}}}}"#
    );
    let found = |signed: &[u8]| found(&members, &own(), &tag(signed), b"y=2&x=1", FORM);
    assert_eq!(found(b"x1y2"), Ok(0));
    assert_eq!(found(b"x1&y2?x1?y2x1y2"), Ok(0));
    assert_eq!(found(b"x1y2x1y2x1y2"), Err(Code::NoMatchingSignature));
}

#[test]
fn a_megabyte_is_hashed_for_every_secret_and_eight_times_more() {
    let members = format!(r#"{HMAC}, "content": ["first{{body}}", "second{{body}}"]"#);
    let body = vec![b'a'; 1 << 20];
    let found = |content: &str, place: usize, body: &[u8]| {
        let mut secrets: Vec<String> = (0..12).map(|number| format!("secret {number}")).collect();
        SECRET.clone_into(&mut secrets[place]);
        let signature = tag(&[content.as_bytes(), body].concat());
        found(&members, &secrets, &signature, body, "text/plain")
    };
    assert_eq!(found("first", 11, &body), Ok(11));
    assert_eq!(found("second", 7, &body), Ok(7));
    assert_eq!(found("second", 8, &body), Err(Code::NoMatchingSignature));
    assert_eq!(found("second", 11, &body[..1 << 19]), Ok(11));
}

/// Twilio's nine spellings of a URL are mostly the same one: hashed each, they would leave none for the right one.
#[test]
fn contents_that_turn_out_the_same_are_hashed_once() {
    let body = vec![b'a'; 1 << 20];
    let same = r#""{body}", "#.repeat(20);
    let members = format!(r#"{HMAC}, "content": [{same}"{{body}}last"]"#);
    let signature = tag(&[&body[..], b"last"].concat());
    assert_eq!(found(&members, &own(), &signature, &body, "text/plain"), Ok(0));
}
