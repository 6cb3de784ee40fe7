/// How long an address may be: more than any real one has.
const MAX_CHARACTERS: usize = 2048;

/// The hosts that are this machine. Names that merely resolve to it are not among them: who answers for those is for
/// the resolver to say.
const LOOPBACK_HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Checks the address of a document to fetch: https, or http to this machine where that is allowed.
///
/// Only characters that a URL may have (RFC 3986), so that no two parsers disagree about where its host ends; no user
/// and password, which would stand in logs; no fragment.
///
/// # Errors
/// The reason, as half a sentence about "it".
pub(super) fn check(url: &str, allow_loopback: bool) -> Result<(), String> {
    if url.len() > MAX_CHARACTERS {
        return Err(format!("it has more than {MAX_CHARACTERS} characters"));
    }
    if !url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?[]!$&'()*+,;=%@".contains(&byte)) {
        return Err("it has a character that no URL of a document has".to_owned());
    }
    let (is_secure, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return Err("it does not start with https://".to_owned()),
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = host_of(authority).ok_or("it has no host, or more than host and port before its path")?;
    if is_secure || (allow_loopback && LOOPBACK_HOSTS.contains(&host)) {
        return Ok(());
    }
    Err(if allow_loopback {
        "it does not start with https://, and its host is not localhost, 127.0.0.1 or [::1]".to_owned()
    } else {
        "it does not start with https://".to_owned()
    })
}

fn host_of(authority: &str) -> Option<&str> {
    let end = match authority.find(']') {
        Some(bracket) => bracket.checked_add(1)?,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(end)?;
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    let is_address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).is_some_and(|address| {
        !address.is_empty()
            && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.')
    });
    let is_port = port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| {
            digits.bytes().all(|byte| byte.is_ascii_digit())
                && digits.parse::<u16>().is_ok_and(|port| port > 0)
        });
    (is_port && (is_name(host) || is_address)).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_https_and_nothing_else() {
        for url in [
            "https://example.com",
            "https://example.com/.well-known/jwks.json?tenant=a%20b",
            "https://www.example.com/jwk/securetoken@system.example.com",
            "https://example.com:8443/",
            "https://[2001:db8::1]:8443/keys",
        ] {
            assert_eq!(check(url, false), Ok(()), "{url}");
        }
        for url in [
            "",
            "example.com",
            "http://example.com",
            "HTTPS://example.com",
            "file:///etc/passwd",
            "ftp://example.com",
            "data:application/json,{}",
            "https://",
            "https:///keys",
            "https://?x",
            "https:/example.com",
            "https://user@example.com",
            "https://user:word@example.com/",
            "https://example.com#keys",
            "https://example.com\\@evil.test",
            "https://exa mple.com",
            "https://example.com/\r\nHost: evil.test",
            "https://example.com:",
            "https://example.com:0",
            "https://example.com:65536",
            "https://example.com:+80",
            "https://example.com:80:80",
            "https://[::1",
            "https://[::1]x",
            "https://[]",
            "https://ex%61mple.com",
            "https://bücher.example",
        ] {
            assert!(check(url, false).is_err(), "{url:?}");
            assert!(check(url, true).is_err(), "{url:?}");
        }
        let of_length = |length| format!("{:a<length$}", "https://example.com/");
        assert_eq!(check(&of_length(MAX_CHARACTERS), false), Ok(()));
        assert!(check(&of_length(MAX_CHARACTERS + 1), false).is_err());
    }

    #[test]
    fn takes_http_to_this_machine_only_where_that_is_allowed() {
        for url in ["http://localhost:80/x", "http://127.0.0.1:8080", "http://[::1]:1/"] {
            assert!(check(url, false).is_err(), "{url}");
            assert_eq!(check(url, true), Ok(()), "{url}");
        }
        for url in ["http://localhost.evil.test", "http://127.0.0.1.nip.io", "http://0.0.0.0", "http://127.1"]
        {
            assert!(check(url, true).is_err(), "{url}");
        }
    }
}
