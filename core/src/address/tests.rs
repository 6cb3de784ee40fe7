use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;
use AddressRefusal as Refusal;

/// The first and the last address of every block, and what is said of the addresses before and after it. The one
/// before `2001:1::` is Teredo with the server 255.255.255.255.
type Row = (&'static str, &'static str, Refusal, Option<Refusal>, Option<Refusal>);

const FREE: Option<Refusal> = None;
const RESERVED: Option<Refusal> = Some(Refusal::Reserved);

#[rustfmt::skip]
const BLOCKS: &[Row] = &[
    ("0.0.0.0", "0.255.255.255", Refusal::Unspecified, None, FREE),
    ("10.0.0.0", "10.255.255.255", Refusal::Private, FREE, FREE),
    ("100.64.0.0", "100.127.255.255", Refusal::Shared, FREE, FREE),
    ("127.0.0.0", "127.255.255.255", Refusal::Loopback, FREE, FREE),
    ("168.63.129.16", "168.63.129.16", Refusal::Metadata, FREE, FREE),
    ("169.254.0.0", "169.254.255.255", Refusal::LinkLocal, FREE, FREE),
    ("172.16.0.0", "172.31.255.255", Refusal::Private, FREE, FREE),
    ("192.0.0.0", "192.0.0.255", Refusal::Reserved, FREE, FREE),
    ("192.0.2.0", "192.0.2.255", Refusal::Documentation, FREE, FREE),
    ("192.31.196.0", "192.31.196.255", Refusal::Reserved, FREE, FREE),
    ("192.52.193.0", "192.52.193.255", Refusal::Reserved, FREE, FREE),
    ("192.88.99.0", "192.88.99.255", Refusal::Reserved, FREE, FREE),
    ("192.168.0.0", "192.168.255.255", Refusal::Private, FREE, FREE),
    ("192.175.48.0", "192.175.48.255", Refusal::Reserved, FREE, FREE),
    ("198.18.0.0", "198.19.255.255", Refusal::Benchmarking, FREE, FREE),
    ("198.51.100.0", "198.51.100.255", Refusal::Documentation, FREE, FREE),
    ("203.0.113.0", "203.0.113.255", Refusal::Documentation, FREE, FREE),
    ("224.0.0.0", "239.255.255.255", Refusal::Multicast, FREE, RESERVED),
    ("240.0.0.0", "255.255.255.254", Refusal::Reserved, Some(Refusal::Multicast), Some(Refusal::Broadcast)),
    ("255.255.255.255", "255.255.255.255", Refusal::Broadcast, RESERVED, None),
    ("::", "::", Refusal::Unspecified, None, Some(Refusal::Loopback)),
    ("::1", "::1", Refusal::Loopback, Some(Refusal::Unspecified), Some(Refusal::Unspecified)),
    ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", Refusal::Translated, RESERVED, RESERVED),
    ("100::", "100::ffff:ffff:ffff:ffff", Refusal::Reserved, RESERVED, RESERVED),
    ("100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff", Refusal::Reserved, RESERVED, RESERVED),
    ("2001:1::", "2001:1:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved, Some(Refusal::Broadcast), Some(Refusal::Benchmarking)),
    ("2001:2::", "2001:2:0:ffff:ffff:ffff:ffff:ffff", Refusal::Benchmarking, RESERVED, RESERVED),
    ("2001:3::", "2001:3:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved, RESERVED, RESERVED),
    ("2001:4:112::", "2001:4:112:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved, RESERVED, RESERVED),
    ("2001:10::", "2001:1f:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved, RESERVED, RESERVED),
    ("2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved, RESERVED, RESERVED),
    ("2001:30::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved, RESERVED, FREE),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Documentation, FREE, FREE),
    ("2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved, FREE, FREE),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Documentation, FREE, FREE),
    ("4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved, FREE, Some(Refusal::UniqueLocal)),
    ("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved, RESERVED, RESERVED),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::UniqueLocal, RESERVED, RESERVED),
    ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::LinkLocal, RESERVED, RESERVED),
    ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Reserved, Some(Refusal::LinkLocal), Some(Refusal::Multicast)),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", Refusal::Multicast, RESERVED, None),
];

const NONE: [&str; 0] = [];

fn address(text: &str) -> IpAddr {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn refusal(text: &str) -> Option<Refusal> {
    AddressPolicy::default().refusal(address(text))
}

/// Returns the address that is `step` further, or `None` behind the ends.
fn neighbour(of: IpAddr, step: i8) -> Option<IpAddr> {
    match of {
        IpAddr::V4(of) => {
            of.to_bits().checked_add_signed(step.into()).map(|bits| Ipv4Addr::from_bits(bits).into())
        }
        IpAddr::V6(of) => {
            of.to_bits().checked_add_signed(step.into()).map(|bits| Ipv6Addr::from_bits(bits).into())
        }
    }
}

#[test]
fn every_block_is_refused_from_its_first_to_its_last_address() {
    let policy = AddressPolicy::default();
    for (first, last, expected, before, after) in BLOCKS {
        for edge in [first, last] {
            assert_eq!(refusal(edge), Some(*expected), "{edge}");
        }
        let before_it = neighbour(address(first), -1);
        assert_eq!(before_it.and_then(|address| policy.refusal(address)), *before, "before {first}");
        let after_it = neighbour(address(last), 1);
        assert_eq!(after_it.and_then(|address| policy.refusal(address)), *after, "after {last}");
    }
}

#[test]
fn hosts_on_the_internet_are_permitted() {
    for text in
        ["1.1.1.1", "8.8.8.8", "93.184.215.14", "223.255.255.255", "2606:4700::1111", "2001:4860:4860::8888"]
    {
        assert_eq!(refusal(text), None, "{text}");
    }
}

#[test]
fn the_metadata_services_of_clouds_are_refused() {
    for (text, expected) in [
        // Amazon, Google, Azure, Oracle, DigitalOcean, Hetzner and most others.
        ("169.254.169.254", Refusal::LinkLocal),
        // Amazon's containers, and the resolver and clock of its networks.
        ("169.254.170.2", Refusal::LinkLocal),
        ("fd00:ec2::254", Refusal::UniqueLocal),
        ("fd20:ce::254", Refusal::UniqueLocal),
        ("100.100.100.200", Refusal::Shared),
        ("192.0.0.192", Refusal::Reserved),
        ("168.63.129.16", Refusal::Metadata),
    ] {
        assert_eq!(refusal(text), Some(expected), "{text}");
    }
}

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
fn the_shortest_and_longest_prefixes_work() {
    let policy = AddressPolicy::new(["0.0.0.0/0"], ["1.1.1.1/32", "::1/128"]).unwrap();
    assert_eq!(policy.refusal(address("127.0.0.1")), None);
    assert_eq!(policy.refusal(address("1.1.1.1")), Some(Refusal::Denied));
    assert_eq!(policy.refusal(address("::1")), Some(Refusal::Denied));
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

proptest! {
    #[test]
    fn what_the_standard_library_calls_special_is_refused(bits: u32) {
        let v4 = Ipv4Addr::from_bits(bits);
        let special = v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_broadcast()
            || v4.is_documentation() || v4.is_unspecified() || v4.is_multicast();
        prop_assert!(!(special && AddressPolicy::default().permits(v4.into())), "{v4}");
    }

    #[test]
    fn so_it_is_for_ipv6(bits: u128, shift in 0u32..128) {
        // Shifted: most special addresses begin or end with many equal bits.
        for bits in [bits, bits >> shift, bits << shift, !(bits >> shift)] {
            let v6 = Ipv6Addr::from_bits(bits);
            let special = v6.is_unspecified() || v6.is_loopback() || v6.is_multicast() || v6.is_unique_local()
                || v6.is_unicast_link_local();
            prop_assert!(!(special && AddressPolicy::default().permits(v6.into())), "{v6}");
        }
    }

    #[test]
    fn every_form_of_an_ipv4_address_gets_the_same_answer(bits: u32) {
        let policy = AddressPolicy::default();
        let v4 = Ipv4Addr::from_bits(bits);
        let [a, b] = [bits >> 16, bits & 0xffff];
        let expected = policy.refusal(v4.into());
        for text in [format!("::ffff:{v4}"), format!("64:ff9b::{v4}"), format!("2002:{a:x}:{b:x}::1")] {
            prop_assert_eq!(policy.refusal(address(&text)), expected, "{}", text);
        }
    }

    #[test]
    fn no_text_panics(text: String) {
        let _ = AddressPolicy::default().refusal_of(&text);
        let _ = AddressPolicy::new([&text], [&text]);
    }

    #[test]
    fn a_network_holds_what_begins_with_its_bits(bits: u32, other: u32, prefix in 0u32..=32) {
        let first = bits & u32::MAX.checked_shl(32_u32.saturating_sub(prefix)).unwrap_or(0);
        let policy = AddressPolicy::new(NONE, [format!("{}/{prefix}", Ipv4Addr::from_bits(first))]).unwrap();
        let same = (bits ^ other).leading_zeros() >= prefix;
        let denied = policy.refusal(Ipv4Addr::from_bits(other).into()) == Some(Refusal::Denied);
        prop_assert_eq!(denied, same);
    }
}
