//! Which addresses a sender may connect to.

mod embedded;
mod network;
mod refusal;
mod registry;
#[cfg(test)]
mod tests;

use std::net::IpAddr;

pub use self::refusal::AddressRefusal;

use self::embedded::Embedded;
use self::network::{Network, shown};
use crate::error::{Code, Error};

/// Says which addresses a sender of webhooks may connect to: by default, those of hosts on the public internet.
///
/// The receiver's URL is the customer's to choose, so without this check a customer makes the sender ask the services
/// of its own network (server-side request forgery): the metadata service of a cloud, an admin page on the loopback,
/// a database. Refused is every address in a block of IANA's
/// [IPv4](https://www.iana.org/assignments/iana-ipv4-special-registry) and
/// [IPv6](https://www.iana.org/assignments/iana-ipv6-special-registry) special-purpose registries, multicast, and what
/// is not assigned as global unicast; also the few blocks that the registries call globally reachable, which are
/// anycast services and identifiers: no receiver of webhooks lives there, and an anycast address leads to the
/// sender's own network. An address that stands for an IPv4 address (IPv4-mapped, NAT64 under `64:ff9b::/96`, 6to4,
/// Teredo) is judged by that one.
///
/// Check the address that the connection goes to, not the name: a name can give another answer a moment later (DNS
/// rebinding). So resolve once, check every answer, and connect to one that was checked. Check again for a redirect,
/// or better follow none.
///
/// `deny` beats `allow`, and `allow` beats the default.
///
/// ```
/// use hookproof::{AddressPolicy, AddressRefusal};
///
/// let policy = AddressPolicy::default();
/// assert!(policy.permits("93.184.215.14".parse()?));
/// assert_eq!(policy.refusal("169.254.169.254".parse()?), Some(AddressRefusal::LinkLocal));
/// assert_eq!(policy.refusal("::ffff:127.0.0.1".parse()?), Some(AddressRefusal::Loopback));
///
/// // A receiver in the sender's own network, but not its gateway.
/// let policy = AddressPolicy::new(["10.20.0.0/16"], ["10.20.0.1"])?;
/// assert!(policy.permits("10.20.3.4".parse()?));
/// assert_eq!(policy.refusal("10.20.0.1".parse()?), Some(AddressRefusal::Denied));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressPolicy {
    allow: Vec<Network>,
    deny: Vec<Network>,
}

impl AddressPolicy {
    /// Makes a policy from the addresses and networks that are allowed, and those that are denied, beside the default.
    ///
    /// Each is an address (`10.20.0.1`, `fd00::1`) or a network (`10.20.0.0/16`, `fd00::/8`). An address that stands
    /// for an IPv4 address is allowed where that one is, and not by a network of IPv6 around it: `::/0` opens nothing
    /// of IPv4. It is denied by either.
    ///
    /// # Errors
    /// `invalid_option` when one is neither, or is a network with bits behind its prefix (`10.20.0.1/16`); the
    /// message names it.
    pub fn new(
        allow: impl IntoIterator<Item = impl AsRef<str>>,
        deny: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Self, Error> {
        Ok(Self { allow: networks("allow", allow)?, deny: networks("deny", deny)? })
    }

    /// Returns why an address must not be connected to; `None` when it may.
    ///
    /// Takes no memory, and no longer for one address than for another.
    #[must_use]
    pub fn refusal(&self, address: IpAddr) -> Option<AddressRefusal> {
        if contains(&self.deny, address) {
            return Some(AddressRefusal::Denied);
        }
        match Embedded::of(address) {
            Some(Embedded::Reached(inner)) => self.refusal(inner.into()),
            // A packet goes to the client through the server, so both have to be reachable.
            Some(Embedded::Teredo { server, client }) => {
                self.refusal(server.into()).or_else(|| self.refusal(client.into()))
            }
            // Nothing may be reached in a form that is no longer in use; the name says what was tried.
            Some(Embedded::Obsolete(inner)) => {
                Some(self.refusal(inner.into()).unwrap_or(AddressRefusal::Reserved))
            }
            None if contains(&self.allow, address) => None,
            None => registry::refusal(address),
        }
    }

    /// Returns whether an address may be connected to.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        self.refusal(address).is_none()
    }

    /// Returns the same as [`refusal`](Self::refusal) for an address in its text form.
    ///
    /// Only the canonical forms are addresses: four decimal numbers without leading zeros, or IPv6 without a zone.
    /// `0177.0.0.1`, `127.1` and `2130706433` are none here, though some programs connect to 127.0.0.1 for them.
    ///
    /// # Errors
    /// `invalid_option` when the text is a host name or anything else.
    ///
    /// ```
    /// use hookproof::{AddressPolicy, AddressRefusal};
    ///
    /// let policy = AddressPolicy::default();
    /// assert_eq!(policy.refusal_of("192.168.1.1")?, Some(AddressRefusal::Private));
    /// assert_eq!(policy.refusal_of("localhost").unwrap_err().code().as_str(), "invalid_option");
    /// # Ok::<(), hookproof::Error>(())
    /// ```
    pub fn refusal_of(&self, text: &str) -> Result<Option<AddressRefusal>, Error> {
        let address = text.parse().map_err(|_| {
            let message =
                format!("{} is no IP address: resolve the name first, and check what it gave", shown(text));
            Error::new(Code::InvalidOption, message)
        })?;
        Ok(self.refusal(address))
    }
}

fn networks(option: &str, texts: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Vec<Network>, Error> {
    texts
        .into_iter()
        .map(|text| {
            Network::parse(text.as_ref()).map_err(|problem| {
                Error::new(Code::InvalidOption, format!("the option {option} has {problem}"))
            })
        })
        .collect()
}

fn contains(networks: &[Network], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(address))
}
