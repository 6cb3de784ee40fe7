//! What a proof says that it covers: no more than every accepted request is bound to.

use sha2::Digest as _;

use super::*;

const PLAIN: &str = "text/plain";
const FORM: &str = "application/x-www-form-urlencoded";
const URL: &str = "https://a.test/?a=1";

/// Verifies a request whose signature is over `signed`, and lists what its proof covers.
fn covered(provider: Provider, signed: &[u8], body: &[u8], kind: &str) -> Result<Vec<&'static str>, Code> {
    let verifier = Verifier::builder(provider).unwrap().secret(SECRET).build().unwrap();
    let (tag, digest) = (tag(signed), hex::encode(Sha256::digest(body)));
    let lines = [("S", tag.as_str()), ("Content-Type", kind), ("D", &digest), ("V", "1")];
    let event = verifier.verify_at(&Request::new(body, &lines).with_url(URL), NOW);
    event.map(|event| event.proof().covers().iter().collect()).map_err(|error| error.code())
}

fn provider(members: &str, event: &str) -> Provider {
    signing(&format!("{HMAC}, {members}"), event).unwrap()
}

#[test]
fn a_query_is_covered_only_where_no_form_takes_its_place() {
    let members = r#""content": "{parameters:all}",
        "parameters": {"all": {"of": "form-or-query", "before": "&", "between": "="}}"#;
    let covered = |kind, signed: &[u8]| {
        covered(provider(members, r#"{"body": "any", "id": {"query": "a"}}"#), signed, b"b=2", kind).unwrap()
    };
    assert_eq!(covered(PLAIN, b"&a=1"), ["id"]);
    assert_eq!(covered(FORM, b"&b=2"), ["body"], "all fields of the form are signed");
}

#[test]
fn a_signed_hash_of_the_body_covers_it() {
    let with = |when: &str| {
        let members = format!(
            r#""content": "{{header:D}}",
            "requires": [{{"value": {{"header": "D"}}, "equals": "{{body|sha256|hex}}", "when": "{when}"}}]"#
        );
        let digest = hex::encode(Sha256::digest(BODY));
        let event = r#"{"body": "any", "digest": "{body}"}"#;
        covered(provider(&members, event), digest.as_bytes(), BODY, PLAIN).unwrap()
    };
    assert_eq!(with("always"), ["body", "id"], "the id is the body's digest");
    assert_eq!(with("present"), [""; 0], "another request may come without it");
}

#[test]
fn a_value_that_is_the_same_in_every_request_covers_nothing() {
    let members = r#""content": "{header:D}", "requires": [{"value": {"header": "V"}, "equals": "1"}]"#;
    let digest = hex::encode(Sha256::digest(BODY));
    let event = r#"{"body": "any", "digest": "{body}"}"#;
    assert_eq!(covered(provider(members, event), digest.as_bytes(), BODY, PLAIN).unwrap(), [""; 0]);
}

#[test]
fn a_hash_of_the_body_need_not_come_with_a_form() {
    let members = r#""content": "{url}", "requires": [
        {"value": {"query": "sha"}, "equals": "{body|sha256|hex}", "when": "not-form"}]"#;
    let code = |body: &[u8], kind| {
        covered(provider(members, r#"{"body": "any"}"#), URL.as_bytes(), body, kind).err()
    };
    assert_eq!(code(b"b=2", FORM), None);
    assert_eq!(code(b"", PLAIN), None);
    assert_eq!(code(b"b=2", PLAIN), Some(Code::MissingHeader));
}

#[test]
fn an_id_that_is_made_of_covered_members_is_covered() {
    let event = r#"{"body": "object", "digest": "{json:/id}"}"#;
    assert_eq!(
        covered(provider(r#""content": "{body}""#, event), BODY, BODY, PLAIN).unwrap(),
        ["body", "id"]
    );
    let url = URL.as_bytes();
    assert_eq!(covered(provider(r#""content": "{url}""#, event), url, BODY, PLAIN).unwrap(), ["url"]);
}

/// Lists what every proof of a provider covers that signs this content.
fn always_covered(content: &str, event: &str) -> Vec<String> {
    let members = format!(
        r#""content": "{content}", "parameters": {{
            "query": {{"of": "query"}}, "part": {{"of": "query", "except": ["a"]}}, "form": {{"of": "form"}}}}"#
    );
    let covers = provider(&members, event).describe()["covers"].take();
    serde_json::from_value(covers).unwrap()
}

#[test]
fn an_id_is_covered_where_all_it_is_made_of_is() {
    let is_covered = |content: &str, made_of: &str| {
        let covered = always_covered(content, &format!(r#"{{"body": "any", "digest": "{made_of}"}}"#));
        covered.iter().any(|name| name == "id")
    };
    for (content, made_of) in [
        ("{url}", "{url_with_port}"),
        ("{url}", "{url_without_query}"),
        ("{url}", "{path}"),
        ("{url}", "{path_with_query}"),
        ("{path_with_query}", "{path}"),
        ("{method}{path}", "{method}{path}"),
        ("{parameters:query}", "{parameters:part}"),
        ("{parameters:part}", "{parameters:part}"),
    ] {
        assert!(is_covered(content, made_of), "{made_of} is part of {content}");
    }
    for (content, made_of) in [
        ("{path}", "{path_with_query}"),
        ("{path_with_query}", "{url}"),
        ("{path_with_query}", "{url_without_query}"),
        ("{url_without_query}", "{url}"),
        ("{url}", "{method}"),
        ("{method}", "{method}{path}"),
        ("{parameters:part}", "{parameters:query}"),
        ("{parameters:query}", "{parameters:form}"),
        ("{parameters:query}", "{method}"),
    ] {
        assert!(!is_covered(content, made_of), "{made_of} is more than {content}");
    }
}

#[test]
fn a_url_without_its_query_is_one_where_the_query_is_signed_as_well() {
    let is_covered = |content: &str| {
        let covered = always_covered(content, r#"{"body": "any"}"#);
        covered.iter().any(|name| name == "url")
    };
    assert!(is_covered("{url_without_query}{parameters:query}"));
    for content in [
        "{url_without_query}",
        "{parameters:query}",
        "{url_without_query}{parameters:part}",
        "{url_without_query}{parameters:form}",
        "{path}{parameters:query}",
    ] {
        assert!(!is_covered(content), "{content}");
    }
}

#[test]
fn a_token_that_is_sent_as_it_is_covers_nothing() {
    let members = r#""versions": [{"algorithm": "token", "key": "text"}], "content": "{body}""#;
    let provider = signing(members, r#"{"body": "object", "id": {"json": "/id"}}"#).unwrap();
    let verifier = Verifier::builder(provider).unwrap().secret(SECRET).build().unwrap();
    let event = verifier.verify_at(&Request::new(BODY, &[("S", SECRET)]), NOW).unwrap();
    assert_eq!(event.proof().covers().iter().collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_scheme_that_would_prove_nothing_is_refused() {
    let message = |members: &str, event: &str| {
        let error = signing(members, event).unwrap_err();
        assert_eq!(error.code(), Code::InvalidProvider, "{error}");
        error.to_string()
    };
    let any = r#"{"body": "any"}"#;
    let md5 = r#"{"algorithm": "md5", "encoding": "hex", "key": "text"}"#;
    let mac = r#"{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}"#;
    for members in [&format!(r#"{HMAC}, "content": []"#), r#""versions": [], "content": "{body}""#, HMAC] {
        assert!(message(members, any).contains("none of them empty"), "{members}");
    }
    assert!(message(&format!(r#"{HMAC}, "content": "fixed""#), any).contains("has no placeholder"));
    for members in [
        &format!(r#"{HMAC}, "content": "{{secret}}{{body}}""#),
        &format!(r#""versions": [{md5}], "content": "{{body}}""#),
        &format!(r#""versions": [{md5}, {mac}], "content": "{{secret}}{{body}}""#),
        &format!(r#""versions": [{md5}, {mac}], "content": "{{body}}""#),
        &format!(r#""versions": [{md5}], "content": ["{{secret}}{{body}}", "{{body}}"]"#),
        &format!(r#"{HMAC}, "content": ["{{secret}}{{body}}", "{{body}}"]"#),
    ] {
        assert!(message(members, any).contains("{secret} is signed with md5"), "{members}");
    }
    assert!(signing(&format!(r#""versions": [{md5}], "content": "{{secret}}{{body}}""#), any).is_ok());
    let timestamp = format!(r#"{HMAC}, "content": "{{timestamp}}{{body}}""#);
    assert!(message(&timestamp, any).contains("needs \"timestamp\""));
    let id = format!(r#"{HMAC}, "content": "{{id}}.{{body}}""#);
    for event in [any, r#"{"body": "any", "id": {"json": "/id"}}"#] {
        assert!(message(&id, event).contains("event.id must stand in a header"), "{event}");
    }
    assert!(signing(&id, r#"{"body": "any", "id": {"header": "I"}}"#).is_ok());
}
