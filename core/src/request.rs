use std::fmt;

use crate::headers::Headers;

/// One request as the host received it: the raw body, the headers and, for schemes that sign them, the method
/// and the URL.
///
/// ```
/// use hookproof::Request;
///
/// let headers = [("x-webhook-signature", "00")];
/// let request = Request::new(b"{}", &headers).with_method("POST").with_url("https://example.com/hooks");
/// assert_eq!(request.body, b"{}");
/// ```
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Request<'a> {
    /// The method, for schemes that sign it.
    pub method: Option<&'a str>,
    /// The public URL that the sender called, for schemes that sign it.
    pub url: Option<&'a str>,
    /// The header lines.
    pub headers: &'a dyn Headers,
    /// The bytes of the body, exactly as they came.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// Makes a request of a body and headers.
    #[must_use]
    pub fn new(body: &'a [u8], headers: &'a dyn Headers) -> Self {
        Self { method: None, url: None, headers, body }
    }

    /// Adds the method, in upper case as it was on the wire.
    #[must_use]
    pub fn with_method(mut self, method: &'a str) -> Self {
        self.method = Some(method);
        self
    }

    /// Adds the public URL, as the sender wrote it in its own settings.
    #[must_use]
    pub fn with_url(mut self, url: &'a str) -> Self {
        self.url = Some(url);
        self
    }
}

impl fmt::Debug for Request<'_> {
    /// Shows sizes only: a body or a header may hold personal data or a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
