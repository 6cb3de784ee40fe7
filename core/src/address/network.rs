use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The addresses that begin with the same bits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Network {
    V4 { first: u32, prefix: u32 },
    V6 { first: u128, prefix: u32 },
}

impl Network {
    pub(super) const fn v4(octets: [u8; 4], prefix: u32) -> Self {
        Self::V4 { first: u32::from_be_bytes(octets), prefix }
    }

    /// Makes a network from its first four groups; longer prefixes have forms of their own.
    pub(super) const fn v6(groups: [u16; 4], prefix: u32) -> Self {
        let [a, b, c, d] = groups;
        Self::V6 { first: Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_bits(), prefix }
    }

    /// Reads an address, or an address, a slash and the length of its prefix; fails with what was found.
    ///
    /// IPv4-mapped ones are IPv4: a host is the same in both spellings, and a rule must not miss one of them.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let malformed = || format!("{}, expected an address or a network such as 10.0.0.0/8", shown(text));
        let (address, prefix) = match text.split_once('/') {
            None => (text, None),
            // The standard library's numbers take a sign and leading zeros.
            Some((_, digits)) if digits.starts_with(['+', '0']) && digits != "0" => return Err(malformed()),
            Some((address, digits)) => (address, Some(digits.parse().map_err(|_| malformed())?)),
        };
        let network = match (address.parse().map_err(|_| malformed())?, prefix) {
            (IpAddr::V4(address), prefix) => {
                Self::V4 { first: address.to_bits(), prefix: prefix.unwrap_or(32) }
            }
            (IpAddr::V6(address), prefix) => match (address.to_ipv4_mapped(), prefix.unwrap_or(128)) {
                (Some(inner), prefix @ 96..=128) => {
                    Self::V4 { first: inner.to_bits(), prefix: prefix.saturating_sub(96) }
                }
                (_, prefix) => Self::V6 { first: address.to_bits(), prefix },
            },
        };
        match network.masked() {
            None => Err(malformed()),
            // Which of the two was meant cannot be known: the one host, or all of its network.
            Some(masked) if masked != network => {
                Err(format!("{}, whose address has bits behind the prefix: expected {masked}", shown(text)))
            }
            Some(_) => Ok(network),
        }
    }

    pub(super) fn contains(self, address: IpAddr) -> bool {
        match (self, address) {
            (Self::V4 { first, prefix }, IpAddr::V4(address)) => {
                mask_v4(prefix).is_some_and(|mask| address.to_bits() & mask == first)
            }
            (Self::V6 { first, prefix }, IpAddr::V6(address)) => {
                mask_v6(prefix).is_some_and(|mask| address.to_bits() & mask == first)
            }
            _ => false,
        }
    }

    /// Returns it without the bits behind its prefix, or `None` when the prefix is longer than an address.
    fn masked(self) -> Option<Self> {
        Some(match self {
            Self::V4 { first, prefix } => Self::V4 { first: first & mask_v4(prefix)?, prefix },
            Self::V6 { first, prefix } => Self::V6 { first: first & mask_v6(prefix)?, prefix },
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::V4 { first, prefix } => write!(f, "{}/{prefix}", Ipv4Addr::from_bits(first)),
            Self::V6 { first, prefix } => write!(f, "{}/{prefix}", Ipv6Addr::from_bits(first)),
        }
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Quotes what somebody wrote where an address belongs; not all of it, for it can be as long as a request.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 64;
    let start: String = text.chars().take(LONGEST).collect();
    if start.len() == text.len() { format!("{text:?}") } else { format!("{start:?}…") }
}

/// Returns as many ones as the prefix is long; `None` when there are no as many bits.
fn mask_v4(prefix: u32) -> Option<u32> {
    let behind = u32::BITS.checked_sub(prefix)?;
    Some(u32::MAX.checked_shl(behind).unwrap_or(0))
}

fn mask_v6(prefix: u32) -> Option<u128> {
    let behind = u128::BITS.checked_sub(prefix)?;
    Some(u128::MAX.checked_shl(behind).unwrap_or(0))
}
