//! The built-in provider files keep the schema, and the schema and the reader agree.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/provider_table.rs"]
mod provider_table;

use std::path::Path;

use hookproof::{Code, Provider};
use serde_json::{Value, json};

fn schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("providers/provider.schema.json");
    let schema = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn minimal() -> Value {
    json!({
        "name": "small-crm",
        "scheme": {"signature": {
            "from": {"header": "X-Crm-Signature"},
            "versions": [{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}],
            "content": "{body}",
        }},
        "event": {"id": {"json": "/id"}},
    })
}

fn handshake(condition: &Value) -> Value {
    json!({
        "name": "challenge",
        "signed": false,
        "method": "GET",
        "when": [condition],
        "reply": {"status": 200, "body": "{query:challenge}"},
    })
}

#[test]
fn every_built_in_file_keeps_the_schema() {
    let schema = schema();
    for name in Provider::names() {
        let file: Value = serde_json::from_str(Provider::named(name).unwrap().to_json()).unwrap();
        let errors: Vec<_> = schema.iter_errors(&file).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
        assert!(file.get("evidence").is_some(), "{name} says how well its facts are founded");
        assert!(file.get("docs").is_some(), "{name} says where its facts come from");
    }
}

#[test]
fn the_schema_and_the_reader_refuse_the_same_files() {
    let schema = schema();
    let broken = |change: &dyn Fn(&mut Value)| {
        let mut file = minimal();
        change(&mut file);
        file
    };
    assert!(schema.is_valid(&minimal()) && Provider::from_json(&minimal().to_string()).is_ok());
    let files = [
        broken(&|file| file["name"] = json!("Small CRM")),
        broken(&|file| file["nmae"] = json!("x")),
        broken(&|file| file["scheme"] = json!({})),
        broken(&|file| file["scheme"]["signature"]["versions"] = json!([])),
        broken(&|file| file["scheme"]["signature"]["versions"][0]["algorithm"] = json!("crc32")),
        broken(&|file| file["scheme"]["signature"]["versions"][0]["encoding"] = json!("base32")),
        broken(&|file| file["scheme"]["signature"]["content"] = json!("constant")),
        broken(&|file| file["scheme"]["signature"]["from"] = json!({"body": "/signature"})),
        broken(&|file| file["scheme"]["signature"]["from"] = json!({"header": "a", "pair": "t"})),
        broken(&|file| file["event"]["id"] = json!({"json": "id"})),
        broken(&|file| file["event"]["idempotency"] = json!("resource")),
        broken(&|file| file["event"]["digest"] = json!(["{body}"])),
        broken(&|file| file["scheme"]["signature"]["versions"][0]["prefix_optional"] = json!("yes")),
        broken(&|file| file["scheme"]["signature"]["values"] = json!({"h": {"header": "a", "pair": "h"}})),
        broken(&|file| {
            file["scheme"]["signature"]["listed_headers"] = json!({"a": {"names": {"header": "a"}}});
        }),
        broken(&|file| {
            file["handshakes"] =
                json!([handshake(&json!({"value": {"query": "challenge"}, "hex_digits": [20]}))]);
        }),
        broken(&|file| {
            file["retry"] = json!({
                "delays": {"list_seconds": [1]}, "success": ["2xx"], "retry_on": "any_failure", "final_on": [99],
            });
        }),
        broken(&|file| file["replies"] = json!({"not_authentic": 42})),
        broken(&|file| file["replies"] = json!({"forbidden": 403})),
        broken(&|file| file["retry"] = json!({"delays": {"list_seconds": [1]}})),
    ];
    for file in files {
        assert!(!schema.is_valid(&file), "the schema takes {file}");
        let error = Provider::from_json(&file.to_string()).expect_err(&file.to_string());
        assert_eq!(error.code(), Code::InvalidProvider);
    }
}

#[test]
fn what_a_template_calls_by_name_has_to_be_described() {
    for content in ["{parameters:fields}", "{listed_headers:signed}", "{value:h}"] {
        let mut file = minimal();
        file["scheme"]["signature"]["content"] = json!(content);
        let error = Provider::from_json(&file.to_string()).unwrap_err();
        assert_eq!(error.code(), Code::InvalidProvider, "{content}");
    }
}

#[test]
fn a_digest_that_nothing_would_look_at_is_refused() {
    for idempotency in ["digest", "none"] {
        let mut file = minimal();
        file["event"] = json!({"digest": "{body}", "idempotency": idempotency});
        assert_eq!(Provider::from_json(&file.to_string()).unwrap_err().code(), Code::InvalidProvider);
    }
}

#[test]
fn an_error_names_the_place() {
    let mut file = minimal();
    file["scheme"]["signature"]["versions"][0]["encoding"] = json!("base32");
    let message = Provider::from_json(&file.to_string()).unwrap_err().to_string();
    assert!(message.contains("versions[0].encoding"), "{message}");
    assert!(message.contains("base64url"), "the message names what was expected: {message}");
}

#[test]
fn the_page_of_all_providers_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/providers.md");
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        provider_table::page(),
        "run: cargo run -p hookproof --example provider_table > docs/providers.md"
    );
}
