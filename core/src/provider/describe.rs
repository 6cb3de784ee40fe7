use serde_json::{Map, Value, json};

use super::Provider;
use crate::encoding::Encoding;
use crate::handshake::HandshakeRule;
use crate::reply::Outcome;
use crate::scheme::{BearerScheme, Scheme, SignatureScheme};

impl Provider {
    /// Describes the provider for people and tools, as JSON: its headers, what is signed and how, what that covers,
    /// retry plan, replies and handshakes.
    #[must_use]
    pub fn describe(&self) -> Value {
        let envelope = self.envelope();
        let covers = self.scheme().covers(envelope);
        let replies: Map<String, Value> = Outcome::ALL
            .iter()
            .map(|outcome| (outcome.as_str().to_owned(), self.reply(*outcome).status.into()))
            .collect();
        let delays = self
            .retry_policy()
            .ok()
            .map(|policy| policy.schedule().iter().map(std::time::Duration::as_secs_f64).collect::<Vec<_>>());
        let mut description = json!({
            "name": self.name(),
            "title": self.title(),
            "docs": self.docs().collect::<Vec<_>>(),
            "evidence": self.evidence(),
            "assumed": self.assumed().collect::<Vec<_>>(),
            "headers": self.tables().headers.names().collect::<Vec<_>>(),
            "covers": covers.iter().collect::<Vec<_>>(),
            "idempotency": envelope.basis(),
            "handshakes": self.handshakes().iter().map(HandshakeRule::name).collect::<Vec<_>>(),
            "retry_delays_seconds": delays,
            "replies": replies,
        });
        let scheme = match self.scheme() {
            Scheme::Signature(scheme) => signature(scheme),
            Scheme::Bearer(scheme) => bearer(scheme),
        };
        if let (Value::Object(description), Value::Object(scheme)) = (&mut description, scheme) {
            description.extend(scheme);
        }
        description
    }
}

fn signature(scheme: &SignatureScheme) -> Value {
    let algorithms: Vec<_> = scheme.versions.iter().map(|version| version.algorithm.name()).collect();
    let encodings: Vec<_> =
        scheme.versions.iter().filter_map(|version| version.encoding.map(Encoding::as_str)).collect();
    json!({
        "scheme": "signature",
        "algorithms": algorithms,
        "encodings": encodings,
        "signed_content": scheme.written,
        "tolerance_seconds": scheme.timestamp.as_ref().map(|rule| rule.tolerance.as_secs()),
    })
}

fn bearer(scheme: &BearerScheme) -> Value {
    json!({
        "scheme": "bearer",
        "algorithms": scheme.algorithms.iter().map(|algorithm| algorithm.name()).collect::<Vec<_>>(),
        "encodings": [],
        "signed_content": [],
        "tolerance_seconds": scheme.leeway_seconds,
    })
}
