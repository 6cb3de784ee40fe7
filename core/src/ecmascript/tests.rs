//! Every expected text is what Node 20 prints for `JSON.stringify(JSON.parse(text))`.

use super::{MAX_DEPTH, reserialize};

#[track_caller]
fn assert_written(text: &str, expected: &str) {
    let written = reserialize(text).map(|bytes| String::from_utf8(bytes).unwrap());
    assert_eq!(written.as_deref(), Some(expected), "{text:.200}");
}

#[track_caller]
fn assert_refused(texts: &[&str]) {
    for text in texts {
        assert_eq!(reserialize(text), None, "{text:?}");
    }
}

#[test]
fn writes_the_documented_differences_as_node_does() {
    assert_written("1.0", "1");
    assert_written("1e3", "1000");
    assert_written("-0", "0");
    assert_written("12345678901234567890", "12345678901234567000");
    assert_written(r#"{"b":1,"2":2,"1":1}"#, r#"{"1":1,"2":2,"b":1}"#);
    assert_written(r#"{"a":1,"b":2,"a":3}"#, r#"{"a":3,"b":2}"#);
    assert_written(r#""\u00e9\/""#, r#""é/""#);
    assert_written("{ \"a\" :\t[ 1 ,\r\n2 ] }\n", r#"{"a":[1,2]}"#);
    assert_written("\"\u{2028}😀\"", "\"\u{2028}😀\"");
    assert_written(r#""\ud800""#, r#""\ud800""#);
}

#[test]
fn writes_a_body_of_the_sender_unchanged() {
    let body = r#"{"id":"5f7b","event":"payment.success","payload":{"resource_ids":["a","b"],"metadata":{},"send_resources":true}}"#;
    assert_written(body, body);
}

#[test]
fn takes_any_value_at_the_top() {
    for text in ["null", "true", "false", "0", "\"\"", "[]", "{}", "[null,true,false]"] {
        assert_written(text, text);
    }
}

#[test]
fn skips_only_the_white_space_of_json() {
    assert_written(" \t\r\n[ \t\r\n] \t\r\n", "[]");
    assert_refused(&[
        "\u{feff}1",
        "1\u{feff}",
        "\u{a0}1",
        "\u{b}1",
        "1\u{c}",
        "1\u{2028}",
        "1\u{85}",
        "/**/1",
        "1\0",
    ]);
}

#[test]
fn refuses_what_is_not_one_value() {
    assert_refused(&[
        "",
        " ",
        "1 2",
        "[] []",
        "{}{",
        "nul",
        "nulll",
        "True",
        "undefined",
        "'a'",
        "(1)",
        "]",
        "}",
    ]);
}

#[test]
fn refuses_arrays_and_objects_that_are_malformed() {
    assert_refused(&["[", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1;2]", "[}", "[1}"]);
    assert_refused(&[
        "{",
        "{,}",
        "{\"a\"",
        "{\"a\"}",
        "{\"a\":",
        "{\"a\":}",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
    ]);
    assert_refused(&[
        "{a:1}",
        "{1:1}",
        "{null:1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\"=1}",
        "{\"a\":1]",
        "{]",
        "{[]:1}",
    ]);
}

#[test]
fn prints_numbers_as_javascript_does() {
    let numbers = [
        ("-0.0", "0"),
        ("25e-1", "2.5"),
        ("-12", "-12"),
        ("5e-324", "5e-324"),
        ("2e-324", "0"),
        ("2.4703282292062328e-324", "5e-324"),
        ("1e20", "100000000000000000000"),
        ("1e21", "1e+21"),
        ("123456789012345680000", "123456789012345680000"),
        ("1e-7", "1e-7"),
        ("1e23", "1e+23"),
        ("0.1000000000000000055511151231257827", "0.1"),
        ("2.2250738585072011e-308", "2.225073858507201e-308"),
        ("1.7976931348623158e308", "1.7976931348623157e+308"),
        ("1e0000000000000000000000000000000000001", "10"),
    ];
    for (text, expected) in numbers {
        assert_written(text, expected);
    }
}

#[test]
fn rounds_integers_that_a_double_cannot_hold() {
    assert_written("999999999999999", "999999999999999");
    assert_written("1000000000000000", "1000000000000000");
    assert_written("9007199254740993", "9007199254740992");
    assert_written("-9007199254740993", "-9007199254740992");
    assert_written("9007199254740993.00000000000000000001", "9007199254740994");
    assert_written("9999999999999999", "10000000000000000");
}

#[test]
fn prints_null_for_numbers_out_of_range() {
    for text in ["1.7976931348623159e308", "1e309", "-1e309", "1e99999999999999999999"] {
        assert_written(text, "null");
    }
    assert_written("1e-99999999999999999999", "0");
    assert_written("0e99999999999999999999", "0");
}

#[test]
fn reads_numbers_of_any_length() {
    let zeros = "0".repeat(700_000);
    assert_written(&format!("0.{zeros}125e700001"), "1.25");
    assert_written(&format!("-125{zeros}e-700001"), "-12.5");
    assert_written(&format!("0.{zeros}0e{zeros}"), "0");
    assert_written(&format!("1e-{zeros}3"), "0.001");
    assert_written(&format!("1{zeros}"), "null");
    assert_written(&format!("0.{zeros}1"), "0");
    assert_written(&format!("1e9{zeros}"), "null");
    assert_written(&format!("1{zeros}e-9{zeros}"), "0");
    assert_written(&format!("0.5{zeros}1"), "0.5");
    assert_written(&format!("9007199254740993.{zeros}1"), "9007199254740994");
}

#[test]
fn refuses_numbers_outside_the_grammar() {
    assert_refused(&[
        "01", "-01", "00", "-", "+1", "--1", "1.", "-.5", ".5", "1..2", "1e", "1e+", "1E-", "e1", "0e",
    ]);
    assert_refused(&["0x10", "1_000", "1n", "NaN", "Infinity", "-Infinity", "inf", "1e5.5", "1.e5", "１"]);
}

#[test]
fn puts_array_indices_first_and_in_order() {
    assert_written(
        r#"{"z":0,"4294967294":1,"10":2,"9":3,"a":4,"0":5}"#,
        r#"{"0":5,"9":3,"10":2,"4294967294":1,"z":0,"a":4}"#,
    );
}

#[test]
fn leaves_keys_in_place_that_only_look_like_indices() {
    let text = r#"{"4294967295":0,"4294967296":1,"01":2,"00":3,"-1":4,"-0":5,"+1":6,"1e3":7,"1.0":8," 1":9,"1 ":10,"":11,"１":12,"18446744073709551616":13}"#;
    assert_written(text, text);
}

#[test]
fn knows_an_index_by_its_unescaped_key() {
    assert_written(r#"{"a":0,"\u0031":1}"#, r#"{"1":1,"a":0}"#);
}

#[test]
fn keeps_the_first_position_and_the_last_value_of_a_repeated_key() {
    assert_written(r#"{"a":1,"b":2,"7":3,"b":[],"a":{"c":1,"c":2},"7":4}"#, r#"{"7":4,"a":{"c":2},"b":[]}"#);
}

#[test]
fn compares_keys_unescaped() {
    assert_written(r#"{"a":1,"b":2,"\u0061":3}"#, r#"{"a":3,"b":2}"#);
    assert_written(r#"{"\n":1,"/":2,"\u000A":3,"\/":4}"#, r#"{"\n":3,"/":4}"#);
    assert_written(r#"{"😀":1,"\uD83D\uDE00":2}"#, r#"{"😀":2}"#);
}

#[test]
fn compares_keys_with_lone_surrogates() {
    assert_written(
        r#"{"\ud800":1,"\uD800":2,"\udc00":3,"\\ud800":4}"#,
        r#"{"\ud800":2,"\udc00":3,"\\ud800":4}"#,
    );
}

#[test]
fn takes_proto_for_an_ordinary_key() {
    assert_written(
        r#"{"__proto__":1,"toJSON":2,"__proto__":{"constructor":3}}"#,
        r#"{"__proto__":{"constructor":3},"toJSON":2}"#,
    );
}

#[test]
fn escapes_control_characters_and_nothing_else() {
    assert_written(
        r#""\u0000\u0008\u0009\u000a\u000b\u000C\u000D\u001F\u0020\u0022\u005c\u002F\u007f\u0080\u00E9\u2028\uFEFF\uFFFF""#,
        "\"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f \\\"\\\\/\u{7f}\u{80}é\u{2028}\u{feff}\u{ffff}\"",
    );
    assert_written(r#""\b\f\n\r\t\"\\\/""#, r#""\b\f\n\r\t\"\\/""#);
    assert_written("\"/\u{7f}\u{2028}\u{2029}\u{feff}中😀\"", "\"/\u{7f}\u{2028}\u{2029}\u{feff}中😀\"");
}

#[test]
fn joins_only_surrogates_that_make_a_pair() {
    assert_written(r#""\ud83d\ude00""#, r#""😀""#);
    assert_written(r#""\uDBFF\uDFFF""#, "\"\u{10ffff}\"");
    assert_written(r#""\uD83D\uD83D\uDE00\uDE00""#, r#""\ud83d😀\ude00""#);
    assert_written(r#""\ude00\ud83d""#, r#""\ude00\ud83d""#);
    assert_written(r#""\ud83d\n\ude00""#, r#""\ud83d\n\ude00""#);
    assert_written(r#""\ud83dé\ude00\u0041""#, r#""\ud83dé\ude00A""#);
}

#[test]
fn refuses_strings_that_are_malformed() {
    assert_refused(&[
        "\"",
        "\"a",
        "\"\\",
        "\"\\\"",
        "\"\\u",
        "\"\\u00\"",
        "\"\\u00e\"",
        "\"\\u00é0\"",
        "\"\\uzzzz\"",
    ]);
    assert_refused(&[
        "\"\\u+123\"",
        "\"\\u 123\"",
        "\"\\ud83d\\u\"",
        "\"\\ud83d\\ude0\"",
        "\"\\U0061\"",
        "\"\\u{61}\"",
    ]);
    assert_refused(&["\"\\x41\"", "\"\\0\"", "\"\\a\"", "\"\\v\"", "\"\\'\"", "\"\\\n\""]);
    assert_refused(&["\"\n\"", "\"\t\"", "\"a\0\"", "\"\\n\u{1f}\"", "{\"\r\":1}"]);
}

#[test]
fn reads_nesting_up_to_the_limit_and_no_deeper() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[0,{\"a\":", "}]")] {
        let levels = open.matches(['[', '{']).count();
        let nested = |times| format!("{}1{}", open.repeat(times), close.repeat(times));
        let deepest = nested(MAX_DEPTH / levels);
        assert_written(&deepest, &deepest);
        assert_refused(&[
            &nested(MAX_DEPTH / levels + 1),
            &format!("[{deepest}]"),
            &format!("{{\"a\":{deepest}}}"),
        ]);
    }
}

#[test]
fn has_the_limit_of_the_envelope_reader() {
    assert_eq!(MAX_DEPTH, crate::document::depth::MAX_DEPTH);
}

#[test]
fn survives_a_megabyte_of_opening_brackets() {
    assert_eq!(reserialize(&"[".repeat(1 << 20)), None);
    assert_eq!(reserialize(&"{\"a\":".repeat(1 << 18)), None);
}

#[test]
fn orders_many_indices_and_merges_many_repeated_keys() {
    let object = |members: Vec<String>| format!("{{{}}}", members.join(","));
    let descending = (0..100_000).rev().map(|index| format!("\"{index}\":0")).collect();
    assert_written(
        &object(descending),
        &object((0..100_000).map(|index| format!("\"{index}\":0")).collect()),
    );
    let repeated = (0..100_000).map(|value| format!("\"k{}\":{value}", value % 3)).collect();
    assert_written(&object(repeated), r#"{"k0":99999,"k1":99997,"k2":99998}"#);
}
