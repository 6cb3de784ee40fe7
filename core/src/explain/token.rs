use serde_json::{Map, Value};

use super::label::signature_headers;
use super::{Finding, Mistake, Trial};
use crate::encoding::Encoding::Base64url;
use crate::error::{Code, Error};

/// The members of a token that name no person and are no credential.
const SHOWN: [&str; 8] = ["alg", "kid", "typ", "iss", "aud", "iat", "exp", "auth_time"];

/// Reads what a token says of itself, unverified: only for people who look for a mistake.
pub(super) fn told(trial: &Trial<'_>) -> Option<Vec<(String, String)>> {
    let header = signature_headers(&trial.provider).into_iter().next()?;
    let value = trial.header(&header)?;
    let token = value.strip_prefix("Bearer ").unwrap_or(value);
    let mut parts = token.split('.').map(|part| {
        let bytes = Base64url.decode(part)?;
        serde_json::from_slice::<Map<String, Value>>(&bytes).ok()
    });
    let (header, claims) = (parts.next()??, parts.next()??);
    let told = header.iter().chain(&claims).filter(|(name, _)| SHOWN.contains(&name.as_str()));
    Some(told.map(|(name, value)| (name.clone(), shown(value))).collect())
}

/// Says what is usually behind a refused token.
pub(super) fn likely(trial: &Trial<'_>, error: &Error) -> Vec<Finding> {
    let told = told(trial).unwrap_or_default();
    let claim =
        |name: &str| told.iter().find(|(known, _)| known == name).map_or("none", |(_, value)| value.as_str());
    let message = match error.code() {
        Code::UnknownKey => format!(
            "the token is signed with the key {}, which the key set does not have: fetch the keys again, or this is the \
             key set of another issuer",
            claim("kid")
        ),
        Code::WrongIssuer => {
            format!("the token says it is from {}: set that as the issuer if it is yours", claim("iss"))
        }
        Code::WrongAudience => {
            format!("the token says it is for {}: set that as the audience if it is you", claim("aud"))
        }
        Code::UnsupportedAlgorithm => format!("the token is signed with {}", claim("alg")),
        Code::MalformedToken => {
            "the header holds no complete token: it was cut off, or it is another kind of credential"
                .to_owned()
        }
        Code::KeysUnavailable => "no keys were given: hand over the issuer's key set".to_owned(),
        _ => return Vec::new(),
    };
    vec![Finding { mistake: Mistake::Token, message, certain: false }]
}

fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.chars().take(120).collect()
}
