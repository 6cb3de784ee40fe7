//! The parts of a URL that templates have names for.

use std::borrow::Cow;

/// What becomes of the URL's port: senders and proxies disagree about the default one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    AsGiven,
    Added,
    Removed,
}

/// Returns a URL with its default port written out, or with any port taken out.
pub(super) fn with_port(url: &str, port: Port) -> Cow<'_, str> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Cow::Borrowed(url);
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let Some((authority, tail)) = rest.split_at_checked(end) else {
        return Cow::Borrowed(url);
    };
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    // A colon within brackets belongs to an IPv6 address.
    let colon = host.rfind(':').filter(|colon| host.rfind(']').is_none_or(|bracket| bracket < *colon));
    match (port, colon) {
        (Port::Added, None) => {
            let number = if scheme.eq_ignore_ascii_case("https") { "443" } else { "80" };
            Cow::Owned(format!("{scheme}://{authority}:{number}{tail}"))
        }
        (Port::Removed, Some(_)) => {
            let bare = authority.rsplit_once(':').map_or(authority, |(bare, _)| bare);
            Cow::Owned(format!("{scheme}://{bare}{tail}"))
        }
        _ => Cow::Borrowed(url),
    }
}

/// Returns a URL, or its path, without query and fragment.
pub(super) fn before_query(url: &str) -> &str {
    url.find(['?', '#']).and_then(|end| url.get(..end)).unwrap_or(url)
}

/// Returns the path and query of a URL.
pub(super) fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
    rest.find(['/', '?']).and_then(|start| rest.get(start..)).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_and_removes_ports() {
        let port = |url, port| with_port(url, port).into_owned();
        assert_eq!(port("https://a.b/c?d", Port::Added), "https://a.b:443/c?d");
        assert_eq!(port("http://a.b", Port::Added), "http://a.b:80");
        assert_eq!(port("https://u:p@a.b/c", Port::Added), "https://u:p@a.b:443/c");
        assert_eq!(port("https://a.b:1/c", Port::Added), "https://a.b:1/c");
        assert_eq!(port("https://u:p@a.b:1234/c", Port::Removed), "https://u:p@a.b/c");
        assert_eq!(port("https://[::1]/c", Port::Removed), "https://[::1]/c");
        assert_eq!(port("https://[::1]:8/c", Port::Removed), "https://[::1]/c");
        assert_eq!(port("/relative:8", Port::Removed), "/relative:8");
    }

    #[test]
    fn takes_path_and_query_of_a_url() {
        assert_eq!(path("https://a.b/c/d?e=f#g"), "/c/d?e=f");
        assert_eq!(path("https://a.b"), "/");
        assert_eq!(path("/c?d"), "/c?d");
        assert_eq!(before_query("https://a.b/c/d?e=f#g"), "https://a.b/c/d");
        assert_eq!(before_query("https://a.b/c#g?h"), "https://a.b/c");
        assert_eq!(before_query(path("https://a.b/c/d?e=f#g")), "/c/d");
    }
}
