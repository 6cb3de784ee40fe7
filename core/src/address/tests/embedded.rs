//! Addresses of IPv6 that stand for one of IPv4.

use super::*;

#[test]
fn an_address_that_stands_for_ipv4_is_judged_by_it() {
    for (text, expected) in [
        ("::ffff:127.0.0.1", Some(Refusal::Loopback)),
        ("::ffff:169.254.169.254", Some(Refusal::LinkLocal)),
        ("::ffff:8.8.8.8", None),
        ("64:ff9b::10.0.0.1", Some(Refusal::Private)),
        ("64:ff9b::a9fe:a9fe", Some(Refusal::LinkLocal)),
        ("64:ff9b::8.8.8.8", None),
        // The well-known prefix is 96 bits long.
        ("64:ff9b::1:0:808:808", Some(Refusal::Reserved)),
        ("2002:7f00:1::1", Some(Refusal::Loopback)),
        ("2002:a9fe:a9fe::", Some(Refusal::LinkLocal)),
        ("2002:808:808::1", None),
        // Teredo: server 8.8.8.8 and client 8.8.4.4, then each of them in a private network.
        ("2001:0:808:808:0:0:f7f7:fbfb", None),
        ("2001:0:808:808:0:0:f5ff:fffe", Some(Refusal::Private)),
        ("2001:0:a00:1:0:0:f7f7:fbfb", Some(Refusal::Private)),
    ] {
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn the_obsolete_forms_are_refused_whatever_they_stand_for() {
    for (text, expected) in [
        ("::127.0.0.1", Refusal::Loopback),
        ("::8.8.8.8", Refusal::Reserved),
        ("::ffff:0:10.0.0.1", Refusal::Private),
        ("::ffff:0:8.8.8.8", Refusal::Reserved),
    ] {
        assert_eq!(refusal(text), Some(expected), "{text}");
        let all = AddressPolicy::new(["::/0"], NONE).unwrap();
        assert_eq!(all.refusal(address(text)), Some(expected), "{text} with ::/0 allowed");
    }
}

#[test]
fn rules_for_ipv4_hold_in_every_form_of_the_address() {
    let policy = AddressPolicy::new(["10.0.0.1"], ["8.8.8.8"]).unwrap();
    for text in
        ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:0:808:404:0:0:f7f7:f7f7", "::8.8.8.8"]
    {
        assert_eq!(policy.refusal(address(text)), Some(Refusal::Denied), "{text}");
    }
    for text in ["::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::1"] {
        assert_eq!(policy.refusal(address(text)), None, "{text}");
    }
}

#[test]
fn a_rule_in_the_mapped_form_is_one_for_ipv4() {
    let policy = AddressPolicy::new(["::ffff:10.0.0.0/104"], ["::ffff:10.0.0.1"]).unwrap();
    assert_eq!(policy, AddressPolicy::new(["10.0.0.0/8"], ["10.0.0.1"]).unwrap());
    assert_eq!(policy.refusal(address("10.0.0.1")), Some(Refusal::Denied));
}

#[test]
fn allowing_all_of_ipv6_opens_nothing_of_ipv4() {
    let policy = AddressPolicy::new(["::/0"], NONE).unwrap();
    for (text, expected) in [
        ("fe80::1", None),
        ("::1", None),
        ("10.0.0.1", Some(Refusal::Private)),
        ("::ffff:127.0.0.1", Some(Refusal::Loopback)),
        ("64:ff9b::a9fe:a9fe", Some(Refusal::LinkLocal)),
        ("2002:7f00:1::", Some(Refusal::Loopback)),
    ] {
        assert_eq!(policy.refusal(address(text)), expected, "{text}");
    }
}

#[test]
fn a_translated_network_can_be_denied_as_a_whole() {
    let policy = AddressPolicy::new(NONE, ["64:ff9b::/96", "2002::/16", "::/0"]).unwrap();
    for text in ["64:ff9b::8.8.8.8", "2002:808:808::1", "::ffff:8.8.8.8"] {
        assert_eq!(policy.refusal(address(text)), Some(Refusal::Denied), "{text}");
    }
    assert_eq!(policy.refusal(address("8.8.8.8")), None, "not by a network of IPv6");
}
