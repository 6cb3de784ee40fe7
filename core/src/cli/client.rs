use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use ureq::http::{Request, Uri};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use super::exit::{Failure, Outcome};
use super::input;

/// How much of an answer is read: what a receiver says to a sender is short.
const MOST_BYTES: u64 = 64 * 1024;

/// Whom https believes.
#[derive(Args, Debug)]
pub(super) struct Trust {
    /// Believe the certificates of this file (PEM) in the place of Mozilla's roots, for a receiver with a certificate
    /// of your own
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
}

impl Trust {
    fn roots(&self) -> Outcome<RootCerts> {
        let Some(path) = &self.ca else { return Ok(RootCerts::WebPki) };
        let shown = path.display();
        let pem = input::file(path)?;
        let mut certificates = Vec::new();
        for item in parse_pem(&pem) {
            let item = item.map_err(|error| Failure::usage(format!("{shown} is not PEM: {error}")))?;
            if let PemItem::Certificate(certificate) = item {
                certificates.push(certificate);
            }
        }
        if certificates.is_empty() {
            return Err(Failure::usage(format!("{shown} has no certificate in PEM form")));
        }
        Ok(RootCerts::new_with_certs(&certificates))
    }
}

/// Sends requests, one after the other. It follows no redirect: to a sender a redirect is a failure.
pub(super) struct Client {
    agent: ureq::Agent,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) took: Duration,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value.as_str()))
    }
}

impl Client {
    pub(super) fn new(timeout: Duration, trust: &Trust) -> Outcome<Self> {
        let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(crypto)
            .root_certs(trust.roots()?)
            .build();
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(timeout))
            .tls_config(tls)
            .build();
        Ok(Self { agent: config.into() })
    }

    /// Sends a request; an error is the reason why no answer came.
    pub(super) fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(String, Vec<u8>)],
        body: &[u8],
    ) -> Result<Answer, String> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(name, value.as_slice());
        }
        let request = request.body(body).map_err(|error| error.to_string())?;
        let started = Instant::now();
        let mut response = self.agent.run(request).map_err(|error| error.to_string())?;
        let body = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec().unwrap_or_default();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        Ok(Answer {
            status: response.status().as_u16(),
            headers: headers.collect(),
            body,
            took: started.elapsed(),
        })
    }
}

/// Checks that a URL is one that can be called, before anything is signed for it.
pub(super) fn check_url(url: &str) -> Outcome<()> {
    let uri: Uri = url.parse().map_err(|error| Failure::usage(format!("{url:?} is no URL: {error}")))?;
    match uri.scheme_str() {
        Some("http" | "https") if uri.host().is_some() => Ok(()),
        _ => Err(Failure::usage(format!("{url:?} is no URL: expected http://… or https://…"))),
    }
}
