//! The rules of fetching under a simulated clock: no test waits, and none asks a network.
#![expect(clippy::arithmetic_side_effects, reason = "the numbers of a test are small")]

mod age;
mod exported;
mod fetching;
mod history;
mod limits;

use super::*;
use crate::encoding::Encoding;
use crate::keys::{Algorithm, MAX_TIMEOUT};

const ISSUER: &str = "https://issuer.example";
const JWKS_URI: &str = "https://keys.example/jwks";
const START: i64 = 1_790_000_000_000;
const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A host that fetches from servers as they are at the moment, on a clock that it sets.
struct Host {
    remote: RemoteKeys,
    keys: KeySet,
    elapsed: u64,
    urls: Vec<String>,
}

fn host(source: KeySource) -> Host {
    let keys = KeySet::new();
    let remote = RemoteKeys::new(source, keys.clone(), MAX_TIMEOUT, false);
    Host { remote, keys, elapsed: 0, urls: Vec::new() }
}

fn by_discovery() -> Host {
    host(KeySource::discovery(ISSUER, false).unwrap())
}

fn by_address() -> Host {
    host(KeySource::document(JWKS_URI, false).unwrap())
}

fn moment(elapsed: u64) -> Moment {
    let unix_millis = START + i64::try_from(elapsed).unwrap();
    Moment { unix_millis, monotonic_millis: 7 + elapsed }
}

fn discovery() -> String {
    format!(r#"{{"issuer":"{ISSUER}","jwks_uri":"{JWKS_URI}"}}"#)
}

fn jwks(key_id: &str) -> String {
    let n = Encoding::Base64url.encode(&[0xff; 256]);
    format!(r#"{{"keys":[{{"kty":"RSA","kid":"{key_id}","e":"AQAB","n":"{n}"}}]}}"#)
}

fn ok(body: &str) -> KeyAnswer<'_> {
    KeyAnswer { status: 200, cache_control: Some("max-age=3600"), age: None, body: body.as_bytes() }
}

fn down<'a>() -> KeyAnswer<'a> {
    KeyAnswer { status: 503, cache_control: None, age: None, body: b"busy" }
}

impl Host {
    fn now(&self) -> Moment {
        moment(self.elapsed)
    }

    fn later(&mut self, millis: u64) -> &mut Self {
        self.elapsed += millis;
        self
    }

    fn state(&self) -> KeyState {
        self.remote.state(self.now())
    }

    fn start(&mut self, need: KeyNeed) -> Option<KeyRequest> {
        let request = self.remote.start(need, self.now())?;
        self.urls.push(request.url.clone());
        Some(request)
    }

    /// Fetches, if the keys allow it, from an issuer that has this key; returns whether a request was made.
    fn fetch(&mut self, need: KeyNeed, key_id: &str) -> bool {
        let Some(mut request) = self.start(need) else { return false };
        loop {
            let body = if request.url == JWKS_URI { jwks(key_id) } else { discovery() };
            let Some(next) = self.remote.answered(request.ticket, Ok(ok(&body)), self.now()) else {
                return true;
            };
            self.urls.push(next.url.clone());
            request = next;
        }
    }

    /// Fetches, if the keys allow it, from servers that are down.
    fn fetch_in_vain(&mut self, need: KeyNeed) -> bool {
        let Some(request) = self.start(need) else { return false };
        assert_eq!(self.remote.answered(request.ticket, Ok(down()), self.now()), None);
        true
    }

    fn has(&self, key_id: &str) -> bool {
        self.keys
            .snapshot()
            .is_some_and(|keys| keys.candidates(Some(key_id), Algorithm::Rs256).next().is_some())
    }

    fn verdict(&self, code: Code) -> Code {
        self.remote.explain(Error::new(code, "x")).code()
    }
}
