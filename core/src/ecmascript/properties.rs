use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::reserialize;

/// Values that JavaScript and `serde_json` print alike: no index among the keys, no number with an exponent.
fn portable_values() -> impl Strategy<Value = Value> {
    let scalars = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53)..=1 << 53).prop_map(Value::from),
        any::<i32>().prop_map(|quarters| json!(f64::from(quarters) + 0.25)),
        any::<String>().prop_map(Value::from),
    ];
    scalars.prop_recursive(4, 64, 8, |values| {
        prop_oneof![
            prop::collection::vec(values.clone(), 0..8).prop_map(Value::from),
            prop::collection::hash_map("[^0-9].*", values, 0..8)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Texts that are often JSON and just as often nearly so.
fn hostile_texts() -> impl Strategy<Value = String> {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"1\":",
        "\"\\u0061\":",
        "\\",
        "\\u",
        "\\ud83d",
        "\\ude00",
        "00e9",
        "0",
        "-",
        "12",
        ".5",
        "e",
        "E+9",
        "1e400",
        "true",
        "null",
        " ",
        "\n",
        "\u{feff}",
        "\u{1}",
        "é",
        "[1,2]",
        "{}",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn agrees_with_serde_json_where_both_must(value in portable_values()) {
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(reserialize(&pretty), Some(serde_json::to_vec(&value).unwrap()));
    }

    #[test]
    fn accepts_the_same_texts_as_serde_json(text in hostile_texts()) {
        let accepted = serde_json::from_str::<IgnoredAny>(&text).is_ok();
        prop_assert_eq!(reserialize(&text).is_some(), accepted);
    }

    #[test]
    fn changes_nothing_the_second_time(text in hostile_texts()) {
        if let Some(once) = reserialize(&text) {
            prop_assert_eq!(reserialize(std::str::from_utf8(&once).unwrap()), Some(once));
        }
    }
}
