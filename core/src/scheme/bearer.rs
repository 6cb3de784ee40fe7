use serde::Deserialize;

use super::claim_rule::{ClaimRule, ClaimRuleForm};
use crate::envelope::Envelope;
use crate::error::{Code, Error};
use crate::header_table::Slot;
use crate::keys::Algorithm;
use crate::proof::Covers;
use crate::source::Source;
use crate::tables::Tables;
use crate::template::{Given, Lists, Named, ParameterList, Variable};
use crate::token::Claims;
use crate::view::View;

/// The `scheme.bearer` member of a provider file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BearerForm {
    header: String,
    /// Whether the header holds the token alone, without `Bearer` before it.
    #[serde(default)]
    bare: bool,
    algorithms: Vec<String>,
    key_id: Presence,
    /// The issuers, where the provider is one and not each customer.
    #[serde(default)]
    issuers: Vec<String>,
    #[serde(default)]
    any_issuer: bool,
    #[serde(default)]
    any_audience: bool,
    leeway_seconds: u32,
    required_claims: Vec<String>,
    #[serde(default)]
    past_claims: Vec<String>,
    #[serde(default)]
    single_audience: bool,
    subject_max_characters: Option<usize>,
    #[serde(default)]
    requires: Vec<ClaimRuleForm>,
    #[serde(default)]
    parameters: Named<ParameterList>,
}

impl BearerForm {
    /// Returns what the templates of the provider call by name.
    pub(crate) fn lists(&self) -> Lists {
        Lists { parameters: self.parameters.clone(), ..Lists::default() }
    }
}

/// Whether something has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Presence {
    Required,
    Optional,
}

/// A token that says who calls, resolved to slots.
#[derive(Clone, Debug)]
pub(crate) struct BearerScheme {
    pub(crate) header: Slot,
    pub(crate) bare: bool,
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) key_id_required: bool,
    pub(crate) issuers: Vec<String>,
    pub(crate) any_issuer: bool,
    pub(crate) any_audience: bool,
    pub(crate) leeway_seconds: u32,
    pub(crate) required_claims: Vec<String>,
    pub(crate) past_claims: Vec<String>,
    pub(crate) single_audience: bool,
    pub(crate) subject_max_characters: Option<usize>,
    pub(crate) requires: Vec<ClaimRule>,
}

impl BearerScheme {
    pub(crate) fn resolve(form: BearerForm, lists: &Lists, tables: &mut Tables) -> Result<Self, Error> {
        let invalid = |message: String| Error::new(Code::InvalidProvider, message);
        let named = |name: &String| {
            Algorithm::named(name).ok_or_else(|| {
                invalid(format!("scheme.bearer.algorithms has {name:?}, which is not supported"))
            })
        };
        let algorithms = form.algorithms.iter().map(named).collect::<Result<Vec<_>, _>>()?;
        let shared = algorithms.iter().filter(|algorithm| algorithm.is_shared()).count();
        // A list of both would let a token choose to be checked with a public key as its secret.
        if algorithms.is_empty() || (shared != 0 && shared != algorithms.len()) {
            return Err(invalid(
                "scheme.bearer.algorithms must be all of HS* or all of RS*, at least one".into(),
            ));
        }
        if shared == 0 && (form.any_issuer || form.any_audience) {
            return Err(invalid(
                "a provider with a key set needs its tokens' issuer and audience checked".into(),
            ));
        }
        let requires =
            form.requires.into_iter().map(|rule| rule.resolve(tables, lists)).collect::<Result<_, _>>()?;
        Ok(Self {
            header: tables.headers.slot(&form.header),
            bare: form.bare,
            algorithms,
            key_id_required: form.key_id == Presence::Required,
            issuers: form.issuers,
            any_issuer: form.any_issuer,
            any_audience: form.any_audience,
            leeway_seconds: form.leeway_seconds,
            required_claims: form.required_claims,
            past_claims: form.past_claims,
            single_audience: form.single_audience,
            subject_max_characters: form.subject_max_characters,
            requires,
        })
    }

    /// Works out what the claims bind the token to.
    pub(super) fn covers(&self, envelope: &Envelope) -> Covers {
        let binds = |test: fn(&Variable) -> bool| self.requires.iter().any(|rule| rule.binds(test));
        let body = binds(|variable| matches!(variable, Variable::Body));
        let within_body =
            |sources: &[Source]| body && !sources.is_empty() && sources.iter().all(Source::is_within_body);
        let url = binds(|variable| matches!(variable, Variable::Url(_)));
        let in_digest = |variable: &Variable| match variable {
            Variable::Body => body,
            Variable::Url(_) => url,
            _ => false,
        };
        let digest = envelope.id.is_empty() && envelope.digest.as_ref().is_some_and(|it| it.all(in_digest));
        Covers::default()
            .with("body", body)
            .with("id", digest || within_body(&envelope.id))
            .with("type", within_body(&envelope.event_type))
            .with("url", url)
    }

    /// Checks the claims that bind a verified token to its request.
    pub(crate) fn check_claims(&self, claims: &str, view: &View<'_, '_>) -> Result<(), Error> {
        if self.requires.is_empty() {
            return Ok(());
        }
        let claims = Claims::parse(claims)?;
        self.requires.iter().try_for_each(|rule| rule.check(&claims, &Given::of(view)))
    }

    /// Tells whether a token may do without a claim that names a party.
    pub(crate) fn may_lack(&self, claim: &str) -> bool {
        (claim == "iss" && self.any_issuer) || (claim == "aud" && self.any_audience)
    }

    /// Tells whether its keys are secrets that the receiver shares, and not an issuer's public keys.
    pub(crate) fn is_shared(&self) -> bool {
        self.algorithms.iter().any(|algorithm| algorithm.is_shared())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Provider;

    /// Reads a provider whose tokens may be signed in some ways, with other members of its scheme.
    fn refused(algorithms: &str, members: &str) -> Option<String> {
        let provider = format!(
            r#"{{"name": "a", "title": "A", "docs": ["https://a.test"], "evidence": "documentation",
                "scheme": {{"bearer": {{"header": "T", "algorithms": {algorithms}, "key_id": "optional",
                    "leeway_seconds": 0, "required_claims": []{members}}}}},
                "event": {{"body": "any", "idempotency": "digest"}}}}"#
        );
        let error = Provider::from_json(&provider).err()?;
        assert_eq!(error.code(), Code::InvalidProvider, "{error}");
        Some(error.to_string())
    }

    #[test]
    fn the_algorithms_of_a_provider_are_of_one_kind() {
        assert_eq!(refused(r#"["RS256", "RS512"]"#, ""), None);
        assert_eq!(refused(r#"["HS256", "HS384", "HS512"]"#, ""), None);
        for algorithms in ["[]", r#"["HS256", "RS256"]"#, r#"["RS256", "HS256"]"#] {
            let message = refused(algorithms, "").unwrap();
            assert!(message.contains("all of HS* or all of RS*"), "{message}");
        }
        for algorithms in [r#"["none"]"#, r#"["rs256"]"#, r#"["RS256", "ES256"]"#] {
            assert!(refused(algorithms, "").unwrap().contains("which is not supported"));
        }
    }

    #[test]
    fn only_a_shared_secret_may_leave_a_party_open() {
        for member in [r#", "any_issuer": true"#, r#", "any_audience": true"#] {
            assert_eq!(refused(r#"["HS256"]"#, member), None);
            let message = refused(r#"["RS256"]"#, member).unwrap();
            assert!(message.contains("needs its tokens' issuer and audience checked"), "{message}");
        }
    }

    #[test]
    fn a_party_may_be_lacking_where_any_will_do() {
        let scheme = |any_issuer, any_audience| BearerScheme {
            header: Tables::default().headers.slot("T"),
            bare: false,
            algorithms: vec![Algorithm::Hs256],
            key_id_required: false,
            issuers: Vec::new(),
            any_issuer,
            any_audience,
            leeway_seconds: 0,
            required_claims: Vec::new(),
            past_claims: Vec::new(),
            single_audience: false,
            subject_max_characters: None,
            requires: Vec::new(),
        };
        let lacking = |any_issuer, any_audience| {
            ["iss", "aud", "sub"].map(|claim| scheme(any_issuer, any_audience).may_lack(claim))
        };
        assert_eq!(lacking(true, false), [true, false, false]);
        assert_eq!(lacking(false, true), [false, true, false]);
        assert_eq!(lacking(false, false), [false, false, false]);
    }
}
