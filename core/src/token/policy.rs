use serde_json::Value;

use super::claims::{Audience, Claims};
use super::equality::equals;
use crate::error::{Code, Error};
use crate::keys::{Algorithm, shown, strict_json};

/// What a receiver asks of a token, from the provider's file and the receiver's own options.
#[derive(Clone)]
pub(crate) struct TokenPolicy {
    /// The algorithms that a token may use. An empty list accepts no token.
    pub(crate) algorithms: Vec<Algorithm>,
    /// The issuers, one of which `iss` must equal. An empty list accepts no token.
    pub(crate) issuers: Vec<String>,
    /// Whether any issuer will do, because only one sender holds the secret.
    pub(crate) any_issuer: bool,
    /// The audiences, one of which `aud` must equal or hold. An empty list accepts no token.
    pub(crate) audiences: Vec<String>,
    /// Whether any audience will do, because the secret belongs to one endpoint.
    pub(crate) any_audience: bool,
    /// Whether `aud` must be one string: an array is then refused, even with one element.
    pub(crate) single_audience: bool,
    /// Claims that must be there and not be null. `iss` and `aud` always must.
    pub(crate) required_claims: Vec<String>,
    /// Whether the header must name its key.
    pub(crate) key_id_required: bool,
    /// How many seconds the two clocks may differ. A negative number counts as 0.
    pub(crate) leeway_seconds: i64,
    /// Claims that, when present, are points in time that must not lie ahead, such as `iat` and `auth_time`.
    pub(crate) past_claims: Vec<String>,
    /// How many characters `sub` may have. It must then be there and not be empty.
    pub(crate) subject_max_chars: Option<usize>,
    /// Claims that must have exactly this value.
    pub(crate) pinned_claims: Vec<(String, Value)>,
}

/// The points in time of a token that was accepted, for looking at the clock again without its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TokenTimes {
    expires_at: Option<f64>,
    /// The latest of the times that must not lie ahead.
    not_before: Option<f64>,
}

impl TokenPolicy {
    /// Notes the times of claims that [`check`](Self::check) has accepted.
    pub(crate) fn times(&self, claims: &Claims<'_>) -> TokenTimes {
        let past = self.past_claims.iter().filter_map(|name| claims.time(name).ok().flatten());
        let not_before = claims.not_before.into_iter().chain(past).reduce(f64::max);
        TokenTimes { expires_at: claims.expires_at, not_before }
    }

    /// Tells whether a token with these times would be accepted now: what `check` asks of them.
    pub(crate) fn holds(&self, times: &TokenTimes, now: i64) -> bool {
        let clock = Clock::new(now, self.leeway_seconds);
        !times.expires_at.is_some_and(|time| clock.is_over(time))
            && !times.not_before.is_some_and(|time| clock.lies_ahead(time))
    }

    /// Checks claims whose signature is right.
    ///
    /// In this order, and the first failure is the one that is reported: the presence of required claims, issuer,
    /// audience, times, subject, pinned claims. That is, first whether the token is one of those meant here, then
    /// whether it is one still.
    ///
    /// # Errors
    /// `wrong_claim`, `wrong_issuer`, `wrong_audience`, `token_expired`, `token_not_yet_valid`, and
    /// `malformed_token` for a point in time that is not a number.
    pub(crate) fn check(&self, claims: &Claims<'_>, now: i64) -> Result<(), Error> {
        self.check_presence(claims)?;
        if !self.any_issuer {
            self.check_issuer(claims)?;
        }
        if !self.any_audience {
            self.check_audience(claims)?;
        }
        self.check_times(claims, now)?;
        self.check_subject(claims)?;
        self.check_pinned(claims)
    }

    fn check_presence(&self, claims: &Claims<'_>) -> Result<(), Error> {
        // These two have codes of their own, also for their absence.
        let with_own_code = |name: &str| name == "iss" || name == "aud";
        let is_absent = |name: &str| claims.get(name).is_none_or(strict_json::Value::is_null);
        let absent = self.required_claims.iter().find(|name| !with_own_code(name) && is_absent(name));
        match absent {
            Some(name) => Err(wrong_claim(format!("the bearer token has no claim {name}"))),
            None => Ok(()),
        }
    }

    /// Compares whole strings: a prefix lets `https://issuer.example.attacker.test` in, and a search for ours in
    /// an array or a longer text lets in whoever may write there.
    fn check_issuer(&self, claims: &Claims<'_>) -> Result<(), Error> {
        let message = match &claims.issuer {
            Some(issuer) if self.issuers.iter().any(|expected| expected == issuer) => return Ok(()),
            Some(issuer) => {
                format!("the bearer token's iss is {}, expected {}", shown(issuer), any_of(&self.issuers))
            }
            None => "the bearer token has no claim iss".to_owned(),
        };
        Err(Error::new(Code::WrongIssuer, message))
    }

    fn check_audience(&self, claims: &Claims<'_>) -> Result<(), Error> {
        let is_ours = |audience: &str| self.audiences.iter().any(|expected| expected == audience);
        let message = match &claims.audience {
            Some(Audience::One(audience)) if is_ours(audience) => return Ok(()),
            Some(Audience::One(audience)) => {
                format!("the bearer token's aud is {}, expected {}", shown(audience), any_of(&self.audiences))
            }
            Some(Audience::Several(_)) if self.single_audience => {
                "the bearer token's aud is an array, expected one string".to_owned()
            }
            Some(Audience::Several(audiences)) if audiences.iter().any(|audience| is_ours(audience)) => {
                return Ok(());
            }
            Some(Audience::Several(_)) => {
                format!("the bearer token's aud does not hold {}", any_of(&self.audiences))
            }
            None => "the bearer token has no claim aud".to_owned(),
        };
        Err(Error::new(Code::WrongAudience, message))
    }

    fn check_times(&self, claims: &Claims<'_>, now: i64) -> Result<(), Error> {
        let clock = Clock::new(now, self.leeway_seconds);
        let leeway = clock.leeway;
        if let Some(expires_at) = claims.expires_at.filter(|time| clock.is_over(*time)) {
            let message = format!(
                "the bearer token expired at {expires_at}, it is {now} and the clocks may differ by {leeway} seconds"
            );
            return Err(Error::new(Code::TokenExpired, message));
        }
        let lies_ahead = |time: &f64| clock.lies_ahead(*time);
        let too_early = |name: &str, time: f64| {
            let message = format!(
                "the bearer token's {name} is {time}, it is {now} and the clocks may differ by {leeway} seconds"
            );
            Error::new(Code::TokenNotYetValid, message)
        };
        if let Some(not_before) = claims.not_before.filter(lies_ahead) {
            return Err(too_early("nbf", not_before));
        }
        for name in &self.past_claims {
            if let Some(time) = claims.time(name)?.filter(lies_ahead) {
                return Err(too_early(name, time));
            }
        }
        Ok(())
    }

    fn check_subject(&self, claims: &Claims<'_>) -> Result<(), Error> {
        let Some(most) = self.subject_max_chars else { return Ok(()) };
        let found = claims.subject.as_ref().map_or(0, |subject| subject.chars().count());
        match found {
            0 => Err(wrong_claim("the bearer token's sub is missing or empty".to_owned())),
            _ if found > most => Err(wrong_claim(format!(
                "the bearer token's sub has {found} characters, expected at most {most}"
            ))),
            _ => Ok(()),
        }
    }

    fn check_pinned(&self, claims: &Claims<'_>) -> Result<(), Error> {
        for (name, expected) in &self.pinned_claims {
            // Neither value is printed: they say who somebody is.
            let message = match claims.get(name) {
                Some(found) if equals(found, expected) => continue,
                Some(_) => {
                    format!("the bearer token's claim {name} does not have the value that was asked for")
                }
                None => format!("the bearer token has no claim {name}, for which a value was asked for"),
            };
            return Err(wrong_claim(message));
        }
        Ok(())
    }
}

/// The clock with what it may be off, for both looks at a token's times, so that they cannot disagree.
///
/// Floating point cannot overflow, whatever a token says; it is exact for whole seconds up to 2^53.
struct Clock {
    now: f64,
    leeway: f64,
}

impl Clock {
    fn new(now: i64, leeway_seconds: i64) -> Self {
        Self { now: seconds(now), leeway: seconds(leeway_seconds.max(0)) }
    }

    /// "On or after which" it must not be accepted (RFC 7519 section 4.1.4): exp == now is expired.
    fn is_over(&self, expires_at: f64) -> bool {
        expires_at + self.leeway <= self.now
    }

    fn lies_ahead(&self, time: f64) -> bool {
        time > self.now + self.leeway
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "exact for 285 million years of seconds"
)]
fn seconds(whole: i64) -> f64 {
    whole as f64
}

fn any_of(expected: &[String]) -> String {
    let expected: Vec<_> = expected.iter().map(|text| shown(text)).collect();
    if expected.is_empty() { "one, but none is configured".to_owned() } else { expected.join(" or ") }
}

fn wrong_claim(message: String) -> Error {
    Error::new(Code::WrongClaim, message)
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
