//! The blocks that no receiver of webhooks lives in. Sources: IANA's special-purpose address registries for IPv4 and
//! IPv6, its registries of multicast addresses, and RFC 4291 for what of IPv6 is global unicast.

use std::net::IpAddr;

use super::network::Network;
use super::refusal::AddressRefusal as Refusal;

/// Returns why an address is not one of a host on the public internet; `None` when it is.
///
/// IPv6 addresses that stand for an IPv4 address are none of its business.
pub(super) fn refusal(address: IpAddr) -> Option<Refusal> {
    let listed = BLOCKS.iter().find(|(block, _)| block.contains(address)).map(|(_, refusal)| *refusal);
    // What is not assigned as global unicast may be given a meaning tomorrow: RFC 4291, section 2.4.
    let unassigned = address.is_ipv6() && !GLOBAL_UNICAST.contains(address);
    listed.or(unassigned.then_some(Refusal::Reserved))
}

const GLOBAL_UNICAST: Network = Network::v6([0x2000, 0, 0, 0], 3);

/// The first that contains an address says why: a block inside another one stands before it.
const BLOCKS: &[(Network, Refusal)] = &[
    // RFC 791, section 3.2. Linux connects to itself for 0.0.0.0.
    (Network::v4([0, 0, 0, 0], 8), Refusal::Unspecified),
    // RFC 1918.
    (Network::v4([10, 0, 0, 0], 8), Refusal::Private),
    // RFC 6598.
    (Network::v4([100, 64, 0, 0], 10), Refusal::Shared),
    // RFC 1122, section 3.2.1.3.
    (Network::v4([127, 0, 0, 0], 8), Refusal::Loopback),
    // Azure's WireServer, "a virtual public IP address" that gives every machine its settings and certificates.
    (Network::v4([168, 63, 129, 16], 32), Refusal::Metadata),
    // RFC 3927.
    (Network::v4([169, 254, 0, 0], 16), Refusal::LinkLocal),
    // RFC 1918.
    (Network::v4([172, 16, 0, 0], 12), Refusal::Private),
    // RFC 6890, section 2.1. Its anycast addresses (192.0.0.9 and .10: RFC 7723, RFC 8155) lead to the nearest NAT, and
    // Oracle Cloud has a metadata service at 192.0.0.192.
    (Network::v4([192, 0, 0, 0], 24), Refusal::Reserved),
    // RFC 5737.
    (Network::v4([192, 0, 2, 0], 24), Refusal::Documentation),
    // AS112, anycast: RFC 7535.
    (Network::v4([192, 31, 196, 0], 24), Refusal::Reserved),
    // AMT, anycast: RFC 7450.
    (Network::v4([192, 52, 193, 0], 24), Refusal::Reserved),
    // The former relays of 6to4, anycast: RFC 7526.
    (Network::v4([192, 88, 99, 0], 24), Refusal::Reserved),
    // RFC 1918.
    (Network::v4([192, 168, 0, 0], 16), Refusal::Private),
    // AS112, anycast: RFC 7534.
    (Network::v4([192, 175, 48, 0], 24), Refusal::Reserved),
    // RFC 2544.
    (Network::v4([198, 18, 0, 0], 15), Refusal::Benchmarking),
    // RFC 5737.
    (Network::v4([198, 51, 100, 0], 24), Refusal::Documentation),
    (Network::v4([203, 0, 113, 0], 24), Refusal::Documentation),
    // RFC 5771.
    (Network::v4([224, 0, 0, 0], 4), Refusal::Multicast),
    // RFC 919.
    (Network::v4([255, 255, 255, 255], 32), Refusal::Broadcast),
    // RFC 1112, section 4.
    (Network::v4([240, 0, 0, 0], 4), Refusal::Reserved),
    // RFC 4291, sections 2.5.2 and 2.5.3.
    (Network::V6 { first: 0, prefix: 128 }, Refusal::Unspecified),
    (Network::V6 { first: 1, prefix: 128 }, Refusal::Loopback),
    // RFC 8215.
    (Network::v6([0x64, 0xff9b, 1, 0], 48), Refusal::Translated),
    // RFC 5180, with the erratum that has the prefix.
    (Network::v6([0x2001, 2, 0, 0], 48), Refusal::Benchmarking),
    // Protocol assignments: RFC 2928. Anycast (RFC 7723, RFC 8155, RFC 9665, RFC 7450, RFC 7535), and identifiers that
    // are no places (RFC 4843, RFC 7343, RFC 9374).
    (Network::v6([0x2001, 0, 0, 0], 23), Refusal::Reserved),
    // RFC 3849.
    (Network::v6([0x2001, 0xdb8, 0, 0], 32), Refusal::Documentation),
    // AS112, anycast: RFC 7534.
    (Network::v6([0x2620, 0x4f, 0x8000, 0], 48), Refusal::Reserved),
    // RFC 9637.
    (Network::v6([0x3fff, 0, 0, 0], 20), Refusal::Documentation),
    // RFC 4193.
    (Network::v6([0xfc00, 0, 0, 0], 7), Refusal::UniqueLocal),
    // RFC 4291, section 2.5.6.
    (Network::v6([0xfe80, 0, 0, 0], 10), Refusal::LinkLocal),
    // RFC 4291, section 2.7.
    (Network::v6([0xff00, 0, 0, 0], 8), Refusal::Multicast),
];
