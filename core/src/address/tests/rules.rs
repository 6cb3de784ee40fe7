//! What a user allows and denies, and how it is written.

use super::*;

#[test]
fn allow_beats_the_default_and_deny_beats_allow() {
    let policy = AddressPolicy::new(["10.0.0.0/8", "fd00::1"], ["10.1.0.0/16", "8.8.8.8"]).unwrap();
    for (text, expected) in [
        ("10.0.255.255", None),
        ("10.1.0.0", Some(Refusal::Denied)),
        ("10.1.255.255", Some(Refusal::Denied)),
        ("10.2.0.0", None),
        ("8.8.8.8", Some(Refusal::Denied)),
        ("8.8.4.4", None),
        ("fd00::1", None),
        ("fd00::2", Some(Refusal::UniqueLocal)),
        ("192.168.0.1", Some(Refusal::Private)),
    ] {
        assert_eq!(policy.refusal(address(text)), expected, "{text}");
    }
}

#[test]
fn the_shortest_and_longest_prefixes_work() {
    let policy = AddressPolicy::new(["0.0.0.0/0"], ["1.1.1.1/32", "::1/128"]).unwrap();
    assert_eq!(policy.refusal(address("127.0.0.1")), None);
    assert_eq!(policy.refusal(address("1.1.1.1")), Some(Refusal::Denied));
    assert_eq!(policy.refusal(address("::1")), Some(Refusal::Denied));
}

#[test]
fn a_malformed_rule_is_named() {
    for (text, problem) in [
        ("", r#"the option deny has "", expected an address or a network such as 10.0.0.0/8"#),
        ("localhost", r#"the option deny has "localhost", expected"#),
        ("10.0.0.0/", r#"the option deny has "10.0.0.0/", expected"#),
        ("10.0.0.0/33", r#"the option deny has "10.0.0.0/33", expected"#),
        ("::/129", r#"the option deny has "::/129", expected"#),
        ("::ffff:0:0/129", r#"the option deny has "::ffff:0:0/129", expected"#),
        ("10.0.0.0/08", r#"the option deny has "10.0.0.0/08", expected"#),
        ("10.0.0.0/+8", r#"the option deny has "10.0.0.0/+8", expected"#),
        ("10.0.0.0/-1", r#"the option deny has "10.0.0.0/-1", expected"#),
        ("10.0.0.0/8/8", r#"the option deny has "10.0.0.0/8/8", expected"#),
        ("10.0.0.0/255.0.0.0", r#"the option deny has "10.0.0.0/255.0.0.0", expected"#),
        ("10.0.0.0/99999999999", r#"the option deny has "10.0.0.0/99999999999", expected"#),
        (" 10.0.0.1", r#"the option deny has " 10.0.0.1", expected"#),
        ("010.0.0.1", r#"the option deny has "010.0.0.1", expected"#),
        ("fe80::1%eth0", r#"the option deny has "fe80::1%eth0", expected"#),
        (
            "10.1.2.3/8",
            r#"the option deny has "10.1.2.3/8", whose address has bits behind the prefix: expected 10.0.0.0/8"#,
        ),
        ("2001:db8::1/32", "has bits behind the prefix: expected 2001:db8::/32"),
        ("10.0.0.1/0", "has bits behind the prefix: expected 0.0.0.0/0"),
    ] {
        let error = AddressPolicy::new(NONE, [text]).unwrap_err();
        assert_eq!(error.code(), Code::InvalidOption, "{text}");
        assert!(error.to_string().contains(problem), "{error}");
    }
    let error = AddressPolicy::new(["10.0.0.300"], NONE).unwrap_err();
    assert!(error.to_string().starts_with(r#"the option allow has "10.0.0.300""#), "{error}");
}

#[test]
fn only_the_canonical_forms_are_addresses() {
    let policy = AddressPolicy::default();
    assert_eq!(policy.refusal_of("10.0.0.1").unwrap(), Some(Refusal::Private));
    assert_eq!(policy.refusal_of("2606:4700::1111").unwrap(), None);
    for text in [
        "",
        "localhost",
        "example.com",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "127.1",
        "2130706433",
        "127.0.0.1 ",
        "127.0.0.1:80",
        "[::1]",
        "::1%lo",
        "fe80::1%25eth0",
        "127.0.0.1/32",
        "１２７.0.0.1",
        "127。0。0。1",
        "1.2.3.4\0",
    ] {
        let error = policy.refusal_of(text).unwrap_err();
        assert_eq!(error.code(), Code::InvalidOption, "{text:?}");
        assert!(error.to_string().contains("resolve the name first"), "{error}");
    }
}

#[test]
fn a_message_does_not_repeat_a_long_text() {
    let error = AddressPolicy::default().refusal_of(&"é".repeat(100_000)).unwrap_err();
    assert!(error.to_string().len() < 300, "{error}");
}

#[test]
fn reasons_have_names_of_their_own() {
    let mut names: Vec<_> = Refusal::ALL.iter().map(|refusal| refusal.as_str()).collect();
    assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Refusal::ALL.len());
    assert_eq!(Refusal::LinkLocal.to_string(), "link_local");
}
