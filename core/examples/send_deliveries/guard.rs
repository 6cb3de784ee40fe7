use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use hookproof::AddressPolicy;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::Failure;

/// Resolves names and leaves out every address that the policy refuses.
///
/// The connection goes to one of the addresses that come from here. A check before the request would ask the name
/// server a second time, and could get another answer (DNS rebinding).
pub struct CheckedNames(Arc<AddressPolicy>);

impl CheckedNames {
    pub fn new(policy: Arc<AddressPolicy>) -> Self {
        Self(policy)
    }
}

impl Resolve for CheckedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0.clone();
        Box::pin(async move {
            // The client puts the URL's port in the place of this one.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let refused = found.iter().find_map(|found| policy.refusal(found.ip()));
            let checked: Vec<SocketAddr> =
                found.into_iter().filter(|found| policy.permits(found.ip())).collect();
            if let (Some(refusal), true) = (refused, checked.is_empty()) {
                return Err(
                    format!("the host has no address that is permitted, but one that is {refusal}").into()
                );
            }
            let addresses: Addrs = Box::new(checked.into_iter());
            Ok(addresses)
        })
    }
}

/// Checks a host that is an address itself: for such a one, no name is resolved.
///
/// The URL was parsed as browsers do, so `127.1`, `0177.0.0.1` and `2130706433` are 127.0.0.1 here, as they are for
/// the connection.
pub fn check_literal(url: &Url, policy: &AddressPolicy) -> Result<(), Failure> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("the scheme is {:?}, expected http or https", url.scheme()).into());
    }
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    match host.parse::<IpAddr>().ok().and_then(|address| policy.refusal(address)) {
        Some(refusal) => Err(format!("the host is an address that is {refusal}").into()),
        None => Ok(()),
    }
}
