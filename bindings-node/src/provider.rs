//! Providers.

use hookproof::{Outcome, Request};
use napi::bindgen_prelude::BufferSlice;
use napi_derive::napi;

use crate::error::{Fallible, fallible};
use crate::handshake::Handshake;
use crate::reply::Reply;
use crate::retry::RetryPolicy;

/// What is known about one sender of webhooks.
#[napi]
pub struct Provider(pub(crate) hookproof::Provider);

/// Finds a built-in provider.
#[napi(catch_unwind)]
pub fn provider_named(name: String) -> Fallible<Provider> {
    fallible(hookproof::Provider::named(&name).map(Provider))
}

/// Reads a provider file.
#[napi(catch_unwind)]
pub fn provider_from_json(json: String) -> Fallible<Provider> {
    fallible(hookproof::Provider::from_json(&json).map(Provider))
}

/// Lists the names of the built-in providers.
#[napi(catch_unwind)]
pub fn provider_names() -> Vec<&'static str> {
    hookproof::Provider::names().collect()
}

/// Names the providers that a request with headers of these names could be from.
#[napi(catch_unwind)]
pub fn provider_detect(names: Vec<String>) -> Vec<&'static str> {
    let lines: Vec<(String, String)> = names.into_iter().map(|name| (name, String::new())).collect();
    hookproof::Provider::detect(&lines)
}

#[napi]
impl Provider {
    /// Returns the name.
    #[napi(catch_unwind)]
    pub fn name(&self) -> &str {
        self.0.name()
    }

    /// Returns the name as people write it.
    #[napi(catch_unwind)]
    pub fn title(&self) -> &str {
        self.0.title()
    }

    /// Lists the pages that the facts come from.
    #[napi(catch_unwind)]
    pub fn docs(&self) -> Vec<&str> {
        self.0.docs().collect()
    }

    /// Returns what the facts are founded on.
    #[napi(catch_unwind)]
    pub fn evidence(&self) -> Option<&str> {
        self.0.evidence()
    }

    /// Lists what the library assumes.
    #[napi(catch_unwind)]
    pub fn assumed(&self) -> Vec<&str> {
        self.0.assumed().collect()
    }

    /// Returns the JSON form.
    #[napi(catch_unwind)]
    pub fn to_json(&self) -> &str {
        self.0.to_json()
    }

    /// Returns the description as JSON text.
    #[napi(catch_unwind)]
    pub fn describe(&self) -> String {
        self.0.describe().to_string()
    }

    /// Answers a handshake that needs no secret; nothing where the request is none.
    #[napi(catch_unwind)]
    pub fn handshake(
        &self,
        body: BufferSlice,
        headers: Vec<(String, String)>,
        method: Option<String>,
        url: Option<String>,
    ) -> Fallible<Option<Handshake>> {
        let mut request = Request::new(&body, &headers);
        request.method = method.as_deref();
        request.url = url.as_deref();
        fallible(self.0.handshake(&request).map(|handshake| handshake.map(Handshake::from)))
    }

    /// Returns the reply for an outcome; nothing for a name that is none.
    #[napi(catch_unwind)]
    pub fn reply(&self, outcome: String) -> Option<Reply> {
        Some(self.0.reply(Outcome::named(&outcome)?).into())
    }

    /// Returns the retry plan.
    #[napi(catch_unwind)]
    pub fn retry_policy(&self) -> Fallible<RetryPolicy> {
        fallible(self.0.retry_policy().map(RetryPolicy))
    }
}
