//! Says why a request does not verify: what was read, what was signed, and which usual mistake explains the rest.
//!
//! Every guess is tested: the request is verified once more with that one thing changed, and only what then verifies
//! is called a finding. So nothing in here knows how a signature is computed, and no expected signature ever exists
//! that could be shown.

mod body;
mod finding;
mod guess;
mod label;
mod respace;
mod secret;
mod steps;
#[cfg(test)]
mod tests;
mod token;

use std::time::Duration;

pub use finding::{Finding, Mistake};
pub use steps::{Step, StepKind};

use crate::error::{Error, Kind};
use crate::event::Event;
use crate::provider::Provider;
use crate::request::Request;
use crate::verifier::{Verifier, VerifierBuilder};

/// What became of a request, step by step.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// What was read and checked, in the order of a verifier.
    pub steps: Vec<Step>,
    /// Why the request is refused; nothing for one that is accepted.
    pub error: Option<Error>,
    /// What explains the refusal; the first one is the likeliest. Empty where no usual mistake does.
    pub findings: Vec<Finding>,
}

impl Explanation {
    /// Tells whether the request is accepted.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.error.is_none()
    }
}

/// A receiver's half of the story: how its verifier is made.
///
/// ```
/// use hookproof::{Explain, Mistake, Provider, Request};
///
/// let headers = [("X-FE-Webhook-Signature", "pjTppKjff6ZlHkoLVt70G6FDVQhQQQea0SJmEdVJtpk=")];
/// let explain = Explain::new(Provider::named("fast-events")?).secret("yoursharedsecret");
/// let explanation = explain.explain(&Request::new(b"The JSON payload", &headers), 1_790_000_000);
/// assert!(!explanation.is_accepted());
/// assert_eq!(explanation.findings[0].mistake, Mistake::TrailingNewline);
/// # Ok::<(), hookproof::Error>(())
/// ```
pub struct Explain<'c> {
    provider: Provider,
    secrets: Vec<Vec<u8>>,
    configure: Option<Box<dyn Fn(VerifierBuilder) -> VerifierBuilder + 'c>>,
    tolerance: Option<Duration>,
}

/// Longer than any clock is off. A signature is judged by this, so that its time is a matter of its own.
const ANY_TIME: Duration = Duration::from_secs(1 << 32);

/// A request and a configuration, of which one thing may have been changed.
#[derive(Clone)]
struct Trial<'t> {
    provider: Provider,
    secrets: Vec<Vec<u8>>,
    headers: Vec<(Vec<u8>, Vec<u8>)>,
    body: Vec<u8>,
    method: Option<&'t str>,
    url: Option<&'t str>,
    now: i64,
}

impl<'c> Explain<'c> {
    /// Starts from a provider.
    #[must_use]
    pub fn new(provider: Provider) -> Self {
        Self { provider, secrets: Vec::new(), configure: None, tolerance: None }
    }

    /// Adds a secret, as the receiver has it: mistakes in it are found too.
    #[must_use]
    pub fn secret(mut self, secret: impl AsRef<[u8]>) -> Self {
        self.secrets.push(secret.as_ref().to_vec());
        self
    }

    /// Sets the tolerance, as [`VerifierBuilder::tolerance`] does.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// Sets the other options of the verifier: everything but its secrets and its tolerance.
    #[must_use]
    pub fn configure(mut self, configure: impl Fn(VerifierBuilder) -> VerifierBuilder + 'c) -> Self {
        self.configure = Some(Box::new(configure));
        self
    }

    /// Explains a request at a moment in unix seconds.
    #[must_use]
    pub fn explain(&self, request: &Request<'_>, now: i64) -> Explanation {
        let mut headers = Vec::new();
        request.headers.for_each(&mut |name, value| headers.push((name.to_vec(), value.to_vec())));
        let trial = Trial {
            provider: self.provider.clone(),
            secrets: self.secrets.clone(),
            headers,
            body: request.body.to_vec(),
            method: request.method,
            url: request.url,
            now,
        };
        let error = self.judge(&trial, self.tolerance).err();
        let steps = steps::of(&trial, error.as_ref());
        let findings = error.as_ref().map(|error| finding::search(self, &trial, error)).unwrap_or_default();
        Explanation { steps, error, findings }
    }

    fn judge(&self, trial: &Trial<'_>, tolerance: Option<Duration>) -> Result<Event<'static>, Error> {
        let mut builder = Verifier::builder(&trial.provider)?;
        builder = trial.secrets.iter().fold(builder, VerifierBuilder::secret);
        if let Some(configure) = &self.configure {
            builder = configure(builder);
        }
        if let Some(tolerance) = tolerance {
            builder = builder.tolerance(tolerance);
        }
        let mut request = Request::new(&trial.body, &trial.headers);
        (request.method, request.url) = (trial.method, trial.url);
        builder.build()?.verify_at(&request, trial.now).map(Event::into_owned)
    }

    /// Tells whether the proof holds, whatever the time is and whatever the body says.
    fn holds(&self, trial: &Trial<'_>) -> bool {
        self.judge(trial, Some(ANY_TIME)).map_or_else(|error| error.kind() == Kind::Payload, |_| true)
    }
}
