use std::sync::Arc;
use std::time::Duration;

use super::answer::MAX_BODY_BYTES;
use super::budget::Budget;
use super::{KeySource, Moment};

/// How long both requests of a fetch may take, in all, unless less was configured.
pub(crate) const MAX_TIMEOUT: Duration = Duration::from_secs(5);

/// How long after the end of a fetch, good or bad, the next one may start.
const INTERVAL_MILLIS: u64 = 15 * 1000;

/// How long keys are used beyond their lifetime while no newer ones can be had.
const STALE_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// How long the address that a discovery document named is believed.
const DISCOVERED_MILLIS: u64 = 24 * 60 * 60 * 1000;

/// A fetch of which nothing was heard for this long beyond its time is taken for lost, with the process or thread that
/// made it.
const LOST_MILLIS: u64 = 5 * 1000;

/// A request that a host is asked to make: GET, no redirects, no content coding, no credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRequest {
    /// What [`RemoteKeys::answered`](super::RemoteKeys::answered) is to be told.
    pub ticket: u64,
    /// The address.
    pub url: String,
    /// How long it may take in all, from the search for the host's name to the last byte.
    pub timeout: Duration,
    /// How many bytes of the body are read at most, after any content coding was undone. One more shows that there
    /// are more.
    pub max_body: usize,
}

/// Why a host wants keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyNeed {
    /// There are none, or it is time for newer ones.
    Due,
    /// A token names a key that the set does not have: newer keys are worth an early fetch.
    UnknownKey,
}

/// How the keys are, which tells a host what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// They can be used, and there is nothing to do for this time.
    Fresh(Duration),
    /// They can be used, and newer ones should be fetched meanwhile. Nobody has to wait for that.
    Due,
    /// There are none.
    Missing,
}

/// When to fetch what, and what came of it. It knows the time only from those who ask.
pub(super) struct Refresh {
    source: KeySource,
    timeout: Duration,
    discovered: Option<Discovered>,
    fetched: Option<Fetched>,
    flight: Option<Flight>,
    next_flight: u64,
    budget: Budget,
    last_failure: Option<String>,
    last_ticket: u64,
}

/// The address of a key set, from a discovery document.
struct Discovered {
    url: String,
    at: Moment,
}

/// The document that the keys are from.
pub(super) struct Fetched {
    /// Its text.
    pub(super) text: Arc<str>,
    /// When it came here.
    pub(super) at: Moment,
    /// How old it was then: more than nothing where it was imported.
    pub(super) age_millis: u64,
    /// How long it is fresh, from the moment it was fetched.
    pub(super) lifetime_millis: u64,
}

impl Fetched {
    pub(super) fn age(&self, now: Moment) -> u64 {
        self.age_millis.saturating_add(now.since(self.at))
    }
}

/// A fetch under way: one or two requests.
struct Flight {
    ticket: u64,
    step: Step,
    url: String,
    ends_at: u64,
}

/// Which document is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Discovery,
    KeySet,
}

/// What an answer was worth.
pub(super) enum Judged {
    /// A discovery document that names this address.
    Address(String),
    /// A key set of this text, fresh for so many milliseconds.
    KeySet { text: Arc<str>, lifetime_millis: u64 },
    /// Nothing, and why.
    Failure(String),
}

impl Refresh {
    pub(super) fn new(source: KeySource, timeout: Duration) -> Self {
        Self {
            source,
            timeout: timeout.min(MAX_TIMEOUT),
            discovered: None,
            fetched: None,
            flight: None,
            next_flight: 0,
            budget: Budget::default(),
            last_failure: None,
            last_ticket: 0,
        }
    }

    /// Tells whether keys that were fetched are too old to be used, whatever the reason that no newer ones came.
    pub(super) fn are_expired(&self, now: Moment) -> bool {
        self.fetched.as_ref().is_some_and(|fetched| stale_left(fetched, now) == 0)
    }

    /// Says how keys are that have not expired.
    pub(super) fn state(&self, now: Moment) -> KeyState {
        let left = self
            .fetched
            .as_ref()
            .map_or(0, |fetched| fetched.lifetime_millis.saturating_sub(fetched.age(now)));
        if left > 0 {
            return KeyState::Fresh(Duration::from_millis(left));
        }
        // There is nothing to do where nothing may be done yet; but an end of the keys must not be missed.
        let wait = self.may_start_at(now).saturating_sub(now.monotonic_millis);
        let usable = self.fetched.as_ref().map_or(u64::MAX, |fetched| stale_left(fetched, now));
        match wait.min(usable) {
            0 => KeyState::Due,
            wait => KeyState::Fresh(Duration::from_millis(wait)),
        }
    }

    /// Starts a fetch, unless one is under way or it is too early for one.
    pub(super) fn start(&mut self, now: Moment) -> Option<KeyRequest> {
        self.give_up_lost(now);
        if self.flight.is_some() || now.monotonic_millis < self.may_start_at(now) {
            return None;
        }
        let ends_at = now.monotonic_millis.saturating_add(millis(self.timeout));
        let (step, url) = match (&self.source, self.address(now)) {
            (KeySource::Discovery { .. }, None) => (Step::Discovery, self.source.first_url()),
            (_, address) => (Step::KeySet, address.unwrap_or_else(|| self.source.first_url())),
        };
        Some(self.send(step, url, ends_at, now))
    }

    /// Tells what is being asked for under a ticket; nothing for one that is not, or no longer.
    pub(super) fn step(&self, ticket: u64) -> Option<Step> {
        self.flight.as_ref().filter(|flight| flight.ticket == ticket).map(|flight| flight.step)
    }

    /// Takes what an answer was worth. The fetch goes on with another request, or has ended.
    pub(super) fn land(&mut self, ticket: u64, judged: Judged, now: Moment) -> Option<KeyRequest> {
        self.step(ticket)?;
        let flight = self.flight.take()?;
        self.budget.end(now.monotonic_millis);
        match judged {
            Judged::Address(url) => {
                self.discovered = Some(Discovered { url: url.clone(), at: now });
                if now.monotonic_millis < flight.ends_at {
                    return Some(self.send(Step::KeySet, url, flight.ends_at, now));
                }
                self.fail("did not come in time", &flight.url);
            }
            Judged::KeySet { text, lifetime_millis } => {
                self.fetched = Some(Fetched { text, at: now, age_millis: 0, lifetime_millis });
                self.last_failure = None;
            }
            Judged::Failure(problem) => self.fail(&problem, &flight.url),
        }
        self.next_flight = now.monotonic_millis.saturating_add(INTERVAL_MILLIS);
        None
    }

    /// Tells whether a fetch is under way.
    pub(super) fn is_under_way(&self) -> bool {
        self.flight.is_some()
    }

    /// Returns why the last fetch failed, unless it did not.
    pub(super) fn last_failure(&self) -> Option<&str> {
        self.last_failure.as_deref()
    }

    pub(super) fn source(&self) -> &KeySource {
        &self.source
    }

    /// Returns the document that the keys are from.
    pub(super) fn fetched(&self) -> Option<&Fetched> {
        self.fetched.as_ref()
    }

    /// Puts another document in its place, or none where the keys are from elsewhere, and returns the former one.
    pub(super) fn set_fetched(&mut self, fetched: Option<Fetched>) -> Option<Fetched> {
        std::mem::replace(&mut self.fetched, fetched)
    }

    /// Ends a fetch of which nothing was heard.
    pub(super) fn give_up_lost(&mut self, now: Moment) {
        let lost_at = |flight: &Flight| flight.ends_at.saturating_add(LOST_MILLIS);
        if let Some(flight) = self.flight.take_if(|flight| now.monotonic_millis >= lost_at(flight)) {
            self.next_flight = lost_at(&flight).saturating_add(INTERVAL_MILLIS);
            self.fail("did not come in time", &flight.url);
        }
    }

    /// Returns from when on a fetch may start: not while one is under way, and never with fewer requests left than it
    /// may take, so that none ends halfway.
    fn may_start_at(&self, now: Moment) -> u64 {
        if let Some(flight) = &self.flight {
            return flight.ends_at.saturating_add(LOST_MILLIS).saturating_add(INTERVAL_MILLIS);
        }
        let needs_discovery =
            matches!(self.source, KeySource::Discovery { .. }) && self.address(now).is_none();
        let requests = if needs_discovery { 2 } else { 1 };
        self.next_flight.max(self.budget.free_at(requests))
    }

    /// Returns the discovered address while it is believed.
    fn address(&self, now: Moment) -> Option<String> {
        let discovered = self.discovered.as_ref()?;
        (now.since(discovered.at) < DISCOVERED_MILLIS).then(|| discovered.url.clone())
    }

    fn send(&mut self, step: Step, url: String, ends_at: u64, now: Moment) -> KeyRequest {
        self.last_ticket = self.last_ticket.saturating_add(1);
        // Until its end is known, a request counts as if it took all its time and the grace as well.
        self.budget.start(ends_at.saturating_add(LOST_MILLIS));
        let ticket = self.last_ticket;
        self.flight = Some(Flight { ticket, step, url: url.clone(), ends_at });
        let timeout = Duration::from_millis(ends_at.saturating_sub(now.monotonic_millis));
        KeyRequest { ticket, url, timeout, max_body: MAX_BODY_BYTES }
    }

    fn fail(&mut self, problem: &str, url: &str) {
        // The keys may have moved: the next fetch asks the issuer again.
        self.discovered = None;
        self.last_failure = Some(format!("{url} {problem}"));
    }
}

fn stale_left(fetched: &Fetched, now: Moment) -> u64 {
    fetched.lifetime_millis.saturating_add(STALE_MILLIS).saturating_sub(fetched.age(now))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
