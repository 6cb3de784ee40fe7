use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;
use tower_service::Service;

use super::{WebhookEvent, body};
use crate::receiver::{BoxError, Received, Receiver};
use crate::reply::Reply;
use crate::store::{MemoryStore, Store};

/// A service that only new, authentic events reach; see [`WebhookLayer`](super::WebhookLayer).
#[derive(Debug)]
pub struct Webhook<I, S = MemoryStore> {
    inner: I,
    receiver: Arc<Receiver<S>>,
}

/// Stands before the path of a request in the place of scheme and host, which are not taken from the request.
const ORIGIN: &str = "http://localhost";

impl<I, S> Webhook<I, S> {
    pub(super) fn new(inner: I, receiver: Arc<Receiver<S>>) -> Self {
        Self { inner, receiver }
    }
}

impl<I: Clone, S> Clone for Webhook<I, S> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone(), Arc::clone(&self.receiver))
    }
}

impl<I, S, B, R> Service<Request<B>> for Webhook<I, S>
where
    I: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    I::Future: Send,
    I::Error: Send,
    S: Store + 'static,
    B: Body + From<Bytes> + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
    R: From<Bytes> + Send + 'static,
{
    type Response = Response<R>;
    type Error = I::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<R>, I::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), I::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The service that was polled until it was ready answers; its clone need not be ready.
        let clone = self.inner.clone();
        let inner = mem::replace(&mut self.inner, clone);
        let receiver = Arc::clone(&self.receiver);
        Box::pin(answer(inner, receiver, request))
    }
}

async fn answer<I, S, B, R>(
    mut inner: I,
    receiver: Arc<Receiver<S>>,
    request: Request<B>,
) -> Result<Response<R>, I::Error>
where
    I: Service<Request<B>, Response = Response<R>>,
    S: Store,
    B: Body + From<Bytes>,
    B::Error: Into<BoxError>,
    R: From<Bytes>,
{
    let (mut parts, body) = request.into_parts();
    let method = parts.method.as_str().to_owned();
    let url = (!receiver.lacks_url()).then(|| {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        format!("{ORIGIN}{path}")
    });
    if parts.method != Method::POST {
        let greeting = receiver.greet(&told(&[], &parts.headers, &method, url.as_deref()));
        return Ok(response(greeting.await));
    }
    let bytes = match body::read(&receiver, &parts.headers, body).await {
        Ok(bytes) => bytes,
        Err(reply) => return Ok(response(reply)),
    };
    let receiving = receiver.begin(&told(&bytes, &parts.headers, &method, url.as_deref()));
    let delivery = match receiving.await {
        Received::Answered(reply) => return Ok(response(reply)),
        Received::New(delivery) => delivery,
    };
    body::describe(&mut parts.headers, bytes.len());
    parts.extensions.insert(WebhookEvent(Arc::clone(delivery.event())));
    let answered = inner.call(Request::from_parts(parts, B::from(bytes))).await;
    // The answer of the application is sent as it is. Only what it says to the sender counts: anything but a success
    // makes the sender come back, and then the delivery must be new.
    if answered.as_ref().is_ok_and(|answer| answer.status().is_success()) {
        delivery.complete().await;
    } else {
        delivery.release().await;
    }
    answered
}

fn told<'a>(
    body: &'a [u8],
    headers: &'a http::HeaderMap,
    method: &'a str,
    url: Option<&'a str>,
) -> crate::Request<'a> {
    let request = crate::Request::new(body, headers).with_method(method);
    match url {
        Some(url) => request.with_url(url),
        None => request,
    }
}

fn response<R: From<Bytes>>(reply: Reply) -> Response<R> {
    let mut response = Response::new(R::from(Bytes::from(reply.body)));
    // Checked when the provider was read, or fixed: a reply has no other status and no other headers.
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
