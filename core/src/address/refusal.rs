use std::fmt;

/// Declares the reasons once, with the text of each.
macro_rules! refusals {
    ($($(#[$doc:meta])+ $variant:ident = $text:literal,)+) => {
        /// Why an [`AddressPolicy`](crate::AddressPolicy) refuses an address.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum AddressRefusal {
            $($(#[$doc])+ $variant,)+
        }

        impl AddressRefusal {
            /// Every reason, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Returns the name that all languages use.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

refusals! {
    /// `0.0.0.0/8` and `::`: the host itself on many systems (RFC 791, section 3.2; RFC 4291, section 2.5.2).
    Unspecified = "unspecified",
    /// The sender itself: `127.0.0.0/8` (RFC 1122, section 3.2.1.3), `::1` (RFC 4291, section 2.5.3).
    Loopback = "loopback",
    /// A private network: `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16` (RFC 1918).
    Private = "private",
    /// The network between a provider and its customers: `100.64.0.0/10` (RFC 6598). Alibaba Cloud has its metadata
    /// service here.
    Shared = "shared",
    /// This one link: `169.254.0.0/16` (RFC 3927), `fe80::/10` (RFC 4291). Most clouds have their metadata service
    /// here.
    LinkLocal = "link_local",
    /// A private network of IPv6: `fc00::/7` (RFC 4193). Amazon and Google have metadata services here.
    UniqueLocal = "unique_local",
    /// A group and no host: `224.0.0.0/4` (RFC 5771), `ff00::/8` (RFC 4291).
    Multicast = "multicast",
    /// Everybody on this link: `255.255.255.255` (RFC 919).
    Broadcast = "broadcast",
    /// For examples in texts: `192.0.2.0/24`, `198.51.100.0/24`, `203.0.113.0/24` (RFC 5737), `2001:db8::/32` (RFC
    /// 3849), `3fff::/20` (RFC 9637).
    Documentation = "documentation",
    /// For measurements in laboratories: `198.18.0.0/15` (RFC 2544), `2001:2::/48` (RFC 5180).
    Benchmarking = "benchmarking",
    /// Not for hosts on the internet: protocols, anycast services, identifiers, and what is not assigned.
    Reserved = "reserved",
    /// For translation inside one network, to an IPv4 address that only the network knows: `64:ff9b:1::/48` (RFC 8215).
    Translated = "translated",
    /// A service of the cloud for its machines, at an address that looks like any other: `168.63.129.16` of Azure.
    Metadata = "metadata",
    /// The policy's own list denies it.
    Denied = "denied",
}

impl fmt::Display for AddressRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
