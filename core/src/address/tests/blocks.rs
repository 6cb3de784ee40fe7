//! Every block of addresses that hosts on the internet do not have, at its edges.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::*;

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
