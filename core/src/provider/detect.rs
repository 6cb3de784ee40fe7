use std::cmp::Reverse;

use super::{Provider, builtin};
use crate::headers::Headers;
use crate::scheme::Scheme;
use crate::source::Source;

impl Provider {
    /// Names the built-in providers that a request with these headers could be from, the likeliest first.
    ///
    /// It is a guess from header names, for logs and set-up help. It proves nothing: whoever sends a request chooses
    /// its headers, so never choose the provider to verify with by them.
    #[must_use]
    pub fn detect(headers: &dyn Headers) -> Vec<&'static str> {
        let mut names = Vec::new();
        headers.for_each(&mut |name, _value| names.push(name.to_ascii_lowercase()));
        let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted.as_bytes()));
        let mut found = Vec::new();
        for name in builtin::names() {
            let Ok(provider) = builtin::find(name) else { continue };
            let matching =
                provider.tables().headers.names().filter(|header| !is_common(header) && has(header));
            let count = matching.count();
            if count > 0 && provider.signature_headers().iter().any(|header| has(header)) {
                found.push((Reverse(count), name));
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, name)| name).collect()
    }

    /// Lists the headers in which the proof may stand.
    fn signature_headers(&self) -> Vec<&str> {
        let headers = &self.tables().headers;
        match self.scheme() {
            Scheme::Signature(scheme) => {
                scheme.from.iter().filter_map(Source::header).map(|slot| headers.name(slot)).collect()
            }
            Scheme::Bearer(scheme) => vec![headers.name(scheme.header)],
        }
    }
}

/// Tells whether a header says nothing about who sent a request.
fn is_common(name: &str) -> bool {
    ["content-type", "authorization"].iter().any(|common| name.eq_ignore_ascii_case(common))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_likeliest_first() {
        let headers = [("X-GitHub-Event", "push"), ("x-hub-signature-256", "x"), ("X-GitHub-Delivery", "1")];
        assert_eq!(Provider::detect(&headers).first(), Some(&"github"));
        let headers = [("x-fe-webhook-signature", "x")];
        assert_eq!(Provider::detect(&headers), ["fast-events"]);
    }

    #[test]
    fn a_request_without_a_known_proof_is_from_nobody() {
        let headers = [("content-type", "application/json"), ("x-github-event", "push")];
        assert_eq!(Provider::detect(&headers), Vec::<&str>::new());
    }
}
