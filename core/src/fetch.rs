//! Fetches keys over the network: the one place that speaks to anybody, behind the feature `fetch`.

use std::io::Read as _;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Instant, SystemTime};

use ureq::tls::TlsConfig;
use ureq::{Agent, Proxy};

use crate::error::{Code, Error};
use crate::event::Event;
use crate::headers::Headers;
use crate::keys::{KeyAnswer, KeyNeed, KeyRequest, KeyState, MAX_TIMEOUT, Moment, RemoteKeys};
use crate::verifier::Verifier;

impl Verifier {
    /// Verifies a request as [`verify`](Self::verify) does, and fetches keys where it is time to. Needs the feature
    /// `fetch`.
    ///
    /// It waits for keys, at most 5 seconds, if there are none; keys that are there make nobody wait, and newer ones
    /// are fetched by another thread. It blocks its thread: an asynchronous program calls it where that is allowed.
    ///
    /// # Errors
    /// As [`verify_at`](Self::verify_at).
    pub fn verify_fetching<'a>(&self, body: &'a [u8], headers: &'a dyn Headers) -> Result<Event<'a>, Error> {
        let Some(keys) = self.remote_keys() else { return self.verify(body, headers) };
        let state = keys.state(clocks());
        let found = self.verify(body, headers);
        match &found {
            Ok(_) if state == KeyState::Due => refresh(keys),
            Err(error) if matches!(error.code(), Code::KeysUnavailable | Code::UnknownKey) => {
                arrive(keys, KeyNeed::UnknownKey);
                return self.verify(body, headers);
            }
            _ => {}
        }
        found
    }

    /// Fetches the keys before the first request needs them; does nothing where none have to be fetched. Needs the
    /// feature `fetch`.
    ///
    /// Call it when a process starts, so that its first request does not wait. Keys that are fresh are not fetched
    /// again.
    ///
    /// # Errors
    /// `keys_unavailable`: there are none and none could be fetched, with the reason. Verifying tries again by itself.
    pub fn prewarm(&self) -> Result<(), Error> {
        let Some(keys) = self.remote_keys() else { return Ok(()) };
        arrive(keys, KeyNeed::Due);
        keys.require()
    }
}

/// Fetches keys and returns when they are there, or waits for those that another thread fetches.
///
/// Where there are keys, only the thread that fetches waits for newer ones: whoever sends unknown keys must not be able
/// to keep all threads of a server waiting.
fn arrive(keys: &RemoteKeys, need: KeyNeed) {
    if let Some(request) = keys.start(need, clocks()) {
        fly(keys, request);
    } else if keys.state(clocks()) == KeyState::Missing {
        keys.wait(MAX_TIMEOUT);
    }
}

/// Fetches newer keys while nobody waits.
fn refresh(keys: &RemoteKeys) {
    let Some(request) = keys.start(KeyNeed::Due, clocks()) else { return };
    let (ticket, own) = (request.ticket, keys.clone());
    let started = thread::Builder::new().name("hookproof-keys".into()).spawn(move || fly(&own, request));
    if let Err(error) = started {
        let _none = keys.answered(ticket, Err(&error.to_string()), clocks());
    }
}

/// Makes the requests of one fetch.
fn fly(keys: &RemoteKeys, first: KeyRequest) {
    let mut next = Some(first);
    while let Some(request) = next {
        next = match Response::fetch(&request) {
            Ok(response) => keys.answered(request.ticket, Ok(response.answer()), clocks()),
            Err(error) => keys.answered(request.ticket, Err(&error), clocks()),
        };
    }
}

/// What a server said.
struct Response {
    status: u16,
    cache_control: Option<String>,
    age: Option<String>,
    body: Vec<u8>,
}

impl Response {
    fn fetch(request: &KeyRequest) -> Result<Self, String> {
        // http leads to this machine and nowhere else, where no proxy can know the way.
        let proxy = if request.url.starts_with("https:") { Proxy::try_from_env() } else { None };
        // The cryptography that verifies tokens also serves TLS; a second library would do the same.
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let tls = TlsConfig::builder().unversioned_rustls_crypto_provider(Arc::new(provider)).build();
        let agent: Agent = Agent::config_builder()
            .timeout_global(Some(request.timeout))
            // A redirect is an answer like any other.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(proxy)
            .tls_config(tls)
            .user_agent("hookproof")
            .build()
            .into();
        let found = agent
            .get(&request.url)
            .header("Accept", "application/json")
            // The limit counts what is read, and what is read is then what was sent.
            .header("Accept-Encoding", "identity")
            .call()
            .map_err(|error| error.to_string())?;
        let header = |name: &str| Some(found.headers().get(name)?.to_str().ok()?.to_owned());
        let (status, cache_control, age) = (found.status().as_u16(), header("Cache-Control"), header("Age"));
        let limit = u64::try_from(request.max_body).unwrap_or(u64::MAX).saturating_add(1);
        let mut body = Vec::new();
        let reader = found.into_body().into_with_config().limit(u64::MAX).reader();
        reader.take(limit).read_to_end(&mut body).map_err(|error| error.to_string())?;
        Ok(Self { status, cache_control, age, body })
    }

    fn answer(&self) -> KeyAnswer<'_> {
        KeyAnswer {
            status: self.status,
            cache_control: self.cache_control.as_deref(),
            age: self.age.as_deref(),
            body: &self.body,
        }
    }
}

/// Reads both clocks.
fn clocks() -> Moment {
    static START: OnceLock<Instant> = OnceLock::new();
    let unix = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let monotonic = START.get_or_init(Instant::now).elapsed();
    Moment {
        unix_millis: i64::try_from(unix.as_millis()).unwrap_or(i64::MAX),
        monotonic_millis: u64::try_from(monotonic.as_millis()).unwrap_or(u64::MAX),
    }
}
