use std::pin::Pin;

use super::BoxError;
use super::judged::Judged;
use crate::error::{Code, Error};
use crate::headers::Headers;
use crate::request::Request;
use crate::verifier::Verifier;

/// Which verifier a request is judged by.
pub(super) enum Choice {
    Fixed(Verifier),
    Chosen(Choose),
}

type Choose = Box<dyn Fn(&Request<'_>) -> Choosing + Send + Sync>;
type Choosing = Pin<Box<dyn Future<Output = Result<Option<Verifier>, BoxError>> + Send>>;

/// A request that was judged, or waits for its verifier.
pub(super) enum Judging {
    Done(Judged),
    Waiting { choosing: Choosing, request: Kept, is_handshake_only: bool },
}

/// What a request says, copied, for the time in which its verifier is looked up.
pub(super) struct Kept {
    method: Option<String>,
    url: Option<String>,
    headers: Vec<(Vec<u8>, Vec<u8>)>,
    body: Vec<u8>,
}

impl Choice {
    pub(super) fn by<C, F, E>(choose: C) -> Self
    where
        C: Fn(&Request<'_>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Option<Verifier>, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::Chosen(Box::new(move |request| {
            let choosing = choose(request);
            Box::pin(async move { choosing.await.map_err(Into::into) })
        }))
    }

    pub(super) fn judge(&self, request: &Request<'_>, is_handshake_only: bool) -> Judging {
        match self {
            Self::Fixed(verifier) => Judging::Done(Judged::by(verifier, request, is_handshake_only)),
            Self::Chosen(choose) => {
                Judging::Waiting { choosing: choose(request), request: Kept::of(request), is_handshake_only }
            }
        }
    }
}

impl Judging {
    pub(super) async fn finish(self) -> Judged {
        let (choosing, request, is_handshake_only) = match self {
            Self::Done(judged) => return judged,
            Self::Waiting { choosing, request, is_handshake_only } => (choosing, request, is_handshake_only),
        };
        match choosing.await {
            Ok(Some(verifier)) => Judged::by(&verifier, &request.lend(), is_handshake_only),
            Ok(None) => {
                Judged::Refused(Error::new(Code::NoMatchingSignature, "no secret is known for this request"))
            }
            Err(error) => Judged::Unknowable(error),
        }
    }
}

impl Kept {
    fn of(request: &Request<'_>) -> Self {
        let mut headers = Vec::new();
        request.headers.for_each(&mut |name, value| headers.push((name.to_vec(), value.to_vec())));
        let (method, url) = (request.method.map(str::to_owned), request.url.map(str::to_owned));
        Self { method, url, headers, body: request.body.to_vec() }
    }

    fn lend(&self) -> Request<'_> {
        let headers: &dyn Headers = &self.headers;
        Request { method: self.method.as_deref(), url: self.url.as_deref(), headers, body: &self.body }
    }
}
