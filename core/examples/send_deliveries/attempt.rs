use std::sync::Arc;
use std::time::Duration;

use hookproof::{AddressPolicy, Message, Signer};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect;
use reqwest::{Client, Response};

use crate::Failure;
use crate::guard::{CheckedNames, check_literal};
use crate::jobs::Job;

/// How much of an answer is read: enough for the connection to be used again after the usual short one.
const MOST_OF_ANSWER: usize = 16 * 1024;

/// Makes attempts. It is cheap to clone, and its clones share their connections.
#[derive(Clone)]
pub struct Sender {
    client: Client,
    signer: Signer,
    addresses: Arc<AddressPolicy>,
}

/// What came of an attempt.
#[derive(Default)]
pub struct Answer {
    pub status: Option<u16>,
    pub retry_after: Option<String>,
    pub problem: Option<String>,
}

impl Sender {
    pub fn new(signer: Signer, addresses: AddressPolicy, timeout: Duration) -> Result<Self, Failure> {
        let addresses = Arc::new(addresses);
        let client = Client::builder()
            .user_agent(concat!("send-deliveries/", env!("CARGO_PKG_VERSION")))
            .timeout(timeout)
            // A redirect is an answer, and a failed one: followed, it would lead past the check of the address, and
            // the body and its signature to somebody else.
            .redirect(redirect::Policy::none())
            // A second request that nobody counted; when to try again is for the plan to say.
            .retry(reqwest::retry::never())
            // A proxy from the environment would resolve the names itself, unchecked.
            .no_proxy()
            .dns_resolver(CheckedNames::new(addresses.clone()))
            .build()?;
        Ok(Self { client, signer, addresses })
    }

    /// Makes one attempt. Whatever goes wrong before there is a status is an answer without one.
    pub async fn send(&self, job: &Job) -> Answer {
        match self.post(job).await {
            Ok(response) => read(response).await,
            Err(failure) => Answer { problem: Some(chain(failure.as_ref())), ..Answer::default() },
        }
    }

    async fn post(&self, job: &Job) -> Result<Response, Failure> {
        let url = reqwest::Url::parse(&job.url)?;
        check_literal(&url, &self.addresses)?;
        // Signed at each attempt: the timestamp is the attempt's, the id is the message's.
        let mut message =
            Message::new(job.body.as_bytes()).with_id(&job.id).at(crate::now_millis().div_euclid(1000));
        message.event_type = job.event_type.as_deref();
        message.method = Some("POST");
        message.url = Some(&job.url);
        let signed = self.signer.sign(&message)?;
        let mut request = self.client.post(url).header(CONTENT_TYPE, "application/json");
        for (name, value) in signed.headers {
            request = request.header(name, value);
        }
        Ok(request.body(signed.body).send().await?)
    }
}

async fn read(mut response: Response) -> Answer {
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let answer = Answer {
        status: Some(response.status().as_u16()),
        retry_after: retry_after.map(str::to_owned),
        problem: None,
    };
    // The status has decided. An answer that never ends, or breaks off, is not read to its end: the connection is
    // closed instead.
    let mut rest = MOST_OF_ANSWER;
    while let Ok(Some(part)) = response.chunk().await {
        match rest.checked_sub(part.len()) {
            Some(less) => rest = less,
            None => break,
        }
    }
    answer
}

/// Writes an error with its causes, which say what reqwest leaves out: what was wrong with the address.
fn chain(failure: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(failure), |failure| failure.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
