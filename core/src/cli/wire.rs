use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::message::Message;

/// How long a head may be: eight times what servers usually allow for one line.
const MOST_HEAD: usize = 64 * 1024;

/// A request, or what to answer to something that is none.
pub(super) enum Incoming {
    Request(Message),
    /// The body is over the limit; it was not read.
    TooLarge(Message),
    Broken(&'static str),
}

/// A connection that is read until a moment, however the bytes are spread over the time before it.
struct Timed<'s> {
    stream: &'s TcpStream,
    until: Instant,
}

impl Read for Timed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(into)
    }
}

/// Reads a request; nothing where the other side closes without a word.
pub(super) fn read(stream: &TcpStream, most_body: usize, until: Instant) -> io::Result<Option<Incoming>> {
    let mut reader = BufReader::new(Timed { stream, until });
    let Some(head) = head(&mut reader)? else { return Ok(None) };
    let Some((mut message, _)) = Message::parse(&head) else {
        return Ok(Some(Incoming::Broken("the request is not HTTP/1.1")));
    };
    if message.header("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
        (&mut &*stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    let is_chunked =
        message.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    let body = if is_chunked {
        chunked(&mut reader, most_body)?
    } else {
        let length = message.header("content-length").unwrap_or("0");
        match length.parse::<usize>() {
            Ok(length) if length > most_body => Body::TooLarge,
            Ok(length) => {
                let mut body = vec![0; length];
                reader.read_exact(&mut body)?;
                Body::Whole(body)
            }
            Err(_) => Body::Broken,
        }
    };
    Ok(Some(match body {
        Body::Whole(body) => {
            message.body = body;
            Incoming::Request(message)
        }
        Body::TooLarge => Incoming::TooLarge(message),
        Body::Broken => Incoming::Broken("the length of the body cannot be read"),
    }))
}

/// Takes what a sender is still sending after its answer, for a moment: a connection that is closed with bytes unread
/// is reset, and the sender loses the answer.
pub(super) fn drain(stream: &TcpStream) {
    let Some(until) = Instant::now().checked_add(Duration::from_secs(1)) else { return };
    let _ = io::copy(&mut Timed { stream, until }.take(16 * 1024 * 1024), &mut io::sink());
}

/// Reads up to the empty line; nothing where the other side closes without a word.
fn head(reader: &mut BufReader<Timed<'_>>) -> io::Result<Option<Vec<u8>>> {
    let mut head = Vec::new();
    loop {
        let read = line(reader, &mut head)?;
        if head.is_empty() && read == 0 {
            return Ok(None);
        }
        if read == 0 || head.ends_with(b"\r\n\r\n") || head.ends_with(b"\n\n") || head.len() > MOST_HEAD {
            return Ok(Some(head));
        }
    }
}

/// Reads a line, however long a stranger makes it, but no further than a head may be.
fn line(reader: &mut BufReader<Timed<'_>>, to: &mut Vec<u8>) -> io::Result<usize> {
    let most = u64::try_from(MOST_HEAD).unwrap_or(u64::MAX);
    reader.by_ref().take(most).read_until(b'\n', to)
}

enum Body {
    Whole(Vec<u8>),
    TooLarge,
    Broken,
}

fn chunked(reader: &mut BufReader<Timed<'_>>, most: usize) -> io::Result<Body> {
    let mut body = Vec::new();
    loop {
        let mut size = Vec::new();
        line(reader, &mut size)?;
        let Ok(httparse::Status::Complete((_, size))) = httparse::parse_chunk_size(&size) else {
            return Ok(Body::Broken);
        };
        let Ok(size) = usize::try_from(size) else { return Ok(Body::TooLarge) };
        if size > most.saturating_sub(body.len()) {
            return Ok(Body::TooLarge);
        }
        let start = body.len();
        body.resize(start.saturating_add(size), 0);
        reader.read_exact(body.get_mut(start..).unwrap_or_default())?;
        let mut end = Vec::new();
        line(reader, &mut end)?;
        if size == 0 {
            // Trailers are nothing that a sender of webhooks has.
            return Ok(Body::Whole(body));
        }
    }
}
