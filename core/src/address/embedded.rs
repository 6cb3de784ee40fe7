use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The IPv4 address that an IPv6 address stands for.
///
/// Without this, `::ffff:127.0.0.1` and `64:ff9b::a9fe:a9fe` would be ways around every rule for IPv4. The prefix of
/// a network's own NAT64 (RFC 6052, section 2.2) cannot be known here: a sender that has one denies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Embedded {
    /// The packets go to this address.
    Reached(Ipv4Addr),
    /// The packets go to the client behind a NAT, which the server introduces.
    Teredo { server: Ipv4Addr, client: Ipv4Addr },
    /// A form that was given up, and that some systems may still send to the address in it.
    Obsolete(Ipv4Addr),
}

impl Embedded {
    pub(super) fn of(address: IpAddr) -> Option<Self> {
        let IpAddr::V6(address) = address else { return None };
        match address.segments() {
            // `::` and `::1` are addresses of their own, RFC 4291, section 2.5.
            [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
            // IPv4-compatible: RFC 4291, section 2.5.5.1. IPv4-translated: RFC 2765, section 2.1.
            [0, 0, 0, 0, 0 | 0xffff, 0, _, _] => Some(Self::Obsolete(last(address))),
            // IPv4-mapped, for which the socket is one of IPv4: RFC 4291, section 2.5.5.2. NAT64 under the well-known
            // prefix: RFC 6052, section 2.1.
            [0, 0, 0, 0, 0, 0xffff, _, _] | [0x64, 0xff9b, 0, 0, 0, 0, _, _] => {
                Some(Self::Reached(last(address)))
            }
            // 6to4: RFC 3056, section 2.
            [0x2002, high, low, ..] => Some(Self::Reached(joined(high, low))),
            // Teredo: RFC 4380, section 4. The client's address is written inverted.
            [0x2001, 0, high, low, ..] => Some(Self::Teredo {
                server: joined(high, low),
                client: Ipv4Addr::from_bits(!last(address).to_bits()),
            }),
            _ => None,
        }
    }
}

fn last(address: Ipv6Addr) -> Ipv4Addr {
    let [.., high, low] = address.segments();
    joined(high, low)
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
    Ipv4Addr::new(a, b, c, d)
}
