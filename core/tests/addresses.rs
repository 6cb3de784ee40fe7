//! The addresses that a sender may connect to, as every language must judge them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use hookproof::{AddressPolicy, AddressRefusal, Code};
use serde_json::Value;

fn vectors() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/addresses.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap()).collect()
}

fn list<'a>(document: &'a Value, name: &str) -> &'a Vec<Value> {
    document[name].as_array().filter(|list| !list.is_empty()).unwrap()
}

#[test]
fn every_address_is_judged_as_the_registries_and_the_rules_say() {
    let document = vectors();
    let differences: Vec<_> = list(&document, "cases")
        .iter()
        .filter_map(|case| {
            let policy = AddressPolicy::new(texts(&case["allow"]), texts(&case["deny"])).unwrap();
            let address = case["address"].as_str().unwrap();
            let refusal = policy.refusal_of(address).unwrap().map(AddressRefusal::as_str);
            let same_without_text = policy.permits(address.parse().unwrap()) == refusal.is_none();
            (refusal != case["expect"]["refusal"].as_str() || !same_without_text)
                .then(|| format!("{}: {address} is {refusal:?}", case["id"]))
        })
        .collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_reason_occurs() {
    let document = vectors();
    for refusal in AddressRefusal::ALL {
        let occurs =
            list(&document, "cases").iter().any(|case| case["expect"]["refusal"] == refusal.as_str());
        assert!(occurs, "{refusal}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for case in list(&vectors(), "invalid_addresses") {
        let error = AddressPolicy::default().refusal_of(case["text"].as_str().unwrap()).unwrap_err();
        assert_eq!(error.code(), Code::InvalidOption, "{case}");
    }
}

#[test]
fn what_is_no_rule_is_refused() {
    for case in list(&vectors(), "invalid_rules") {
        let text = case["text"].as_str().unwrap();
        for refused in [AddressPolicy::new([text], [""; 0]), AddressPolicy::new([""; 0], [text])] {
            assert_eq!(refused.unwrap_err().code(), Code::InvalidOption, "{case}");
        }
    }
}
