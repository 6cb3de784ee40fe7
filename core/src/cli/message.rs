use std::path::Path;

use super::exit::{Failure, Outcome};
use super::input;
use crate::receiver::{Undecoded, decode};

/// More header lines than any sender has.
pub(super) const MOST_HEADERS: usize = 100;

/// A request as it stood on the wire. It is saved as that: the head, an empty line, and the bytes of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) method: String,
    /// The path and query.
    pub(super) target: String,
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
}

/// The header that a saved request has beside its own: when it came, in unix seconds.
const RECEIVED: &str = "X-Hookproof-Received-At";

impl Message {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let line = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        line.and_then(|(_, value)| std::str::from_utf8(value).ok())
    }

    /// Undoes the coding of the body, as every receiver does: senders sign what they hand to their HTTP client. Returns
    /// the coding's name, where there was one.
    pub(super) fn unpack(&mut self, limit: usize) -> Result<Option<String>, Undecoded> {
        let name = self.header("content-encoding").unwrap_or_default().to_owned();
        let Some(plain) = decode(name.as_bytes(), &self.body, limit)? else { return Ok(None) };
        self.body = plain;
        Ok(Some(name))
    }

    /// Writes the request for a file.
    pub(super) fn to_bytes(&self, received: i64) -> Vec<u8> {
        let mut bytes =
            format!("{} {} HTTP/1.1\r\n{RECEIVED}: {received}\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Reads a saved request, and when it came where the file says it.
    pub(super) fn read(path: &Path) -> Outcome<(Self, Option<i64>)> {
        let bytes = input::file(path)?;
        let no_request = || {
            Failure::usage(format!(
                "{} is not a saved request: a request line, headers, an empty line, the body",
                path.display()
            ))
        };
        let (head, rest) = Self::parse(&bytes).ok_or_else(no_request)?;
        let mut message = Self { body: bytes.get(rest..).unwrap_or_default().to_vec(), ..head };
        let received = message.header(RECEIVED).and_then(|text| text.parse().ok());
        message.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(RECEIVED));
        Ok((message, received))
    }

    /// Reads the head of a request: the request without its body, and where that starts. Nothing for what is none.
    pub(super) fn parse(bytes: &[u8]) -> Option<(Self, usize)> {
        // A file that was written by hand has line feeds alone; httparse takes both.
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut head = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(rest) = head.parse(bytes).ok()? else { return None };
        let (method, target) = (head.method?.to_owned(), head.path?.to_owned());
        let headers = head.headers.iter().map(|line| (line.name.to_owned(), line.value.to_vec())).collect();
        Some((Self { method, target, headers, body: Vec::new() }, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_request_is_read_back_to_the_byte() {
        let message = Message {
            method: "POST".into(),
            target: "/hooks?a=b".into(),
            headers: vec![("X-Webhook-Signature".into(), b"00".to_vec()), ("X-Odd".into(), b"\xe9".to_vec())],
            body: b"\xff\x00 {}\r\n\r\n".to_vec(),
        };
        let path = std::env::temp_dir().join(format!("hookproof-message-{}.http", std::process::id()));
        std::fs::write(&path, message.to_bytes(1_790_000_000)).unwrap();
        let read = Message::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read, (message, Some(1_790_000_000)));
    }

    #[test]
    fn anything_else_is_no_request() {
        for bytes in [&b""[..], b"{}", b"POST /\r\n\r\n", b"POST / HTTP/1.1\r\nA: b\r\n", b"\xff\xfe\r\n\r\n"]
        {
            assert!(Message::parse(bytes).is_none(), "{bytes:?}");
        }
    }
}
