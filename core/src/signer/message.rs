use std::fmt;

/// A message that is to be signed.
#[derive(Clone)]
#[non_exhaustive]
pub struct Message<'a> {
    /// The bytes to send.
    pub body: &'a [u8],
    /// The id of the message, the same over all attempts; where the provider sends it in a header.
    pub id: Option<&'a str>,
    /// The event's type; where the provider sends it in a header.
    pub event_type: Option<&'a str>,
    /// The moment of this attempt in unix seconds; where the provider signs it.
    pub now: i64,
    /// The method; where the provider signs it.
    pub method: Option<&'a str>,
    /// The receiver's URL; where the provider signs it.
    pub url: Option<&'a str>,
    /// Attributes by their name in events; those that the provider sends in headers.
    pub attributes: Vec<(String, String)>,
}

impl<'a> Message<'a> {
    /// Makes a message of a body, dated 1970 until [`at`](Self::at) says otherwise.
    #[must_use]
    pub fn new(body: &'a [u8]) -> Self {
        Self { body, id: None, event_type: None, now: 0, method: None, url: None, attributes: Vec::new() }
    }

    /// Sets the id.
    #[must_use]
    pub fn with_id(mut self, id: &'a str) -> Self {
        self.id = Some(id);
        self
    }

    /// Sets the event's type.
    #[must_use]
    pub fn with_type(mut self, event_type: &'a str) -> Self {
        self.event_type = Some(event_type);
        self
    }

    /// Sets the moment of the attempt, in unix seconds.
    #[must_use]
    pub fn at(mut self, now: i64) -> Self {
        self.now = now;
        self
    }

    /// Sets the method.
    #[must_use]
    pub fn with_method(mut self, method: &'a str) -> Self {
        self.method = Some(method);
        self
    }

    /// Sets the receiver's URL.
    #[must_use]
    pub fn with_url(mut self, url: &'a str) -> Self {
        self.url = Some(url);
        self
    }

    /// Adds an attribute, such as `tenant`.
    #[must_use]
    pub fn with_attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }
}

impl fmt::Debug for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// A signed message: what to put into the request.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signed {
    /// The header lines, each name once, as the provider spells them.
    pub headers: Vec<(String, String)>,
    /// The bytes to send, unchanged.
    pub body: Vec<u8>,
}

impl Signed {
    /// Returns the value of a header, its name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value.as_str()))
    }
}

impl fmt::Debug for Signed {
    /// Names the headers without their values: a bearer token is a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("Signed").field("headers", &names).field("body_bytes", &self.body.len()).finish()
    }
}
