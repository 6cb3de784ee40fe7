use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use ureq::http::StatusCode;

use super::message::Message;
use crate::Reply;

/// How long a head may be: eight times what servers usually allow for one line.
const MOST_HEAD: usize = 64 * 1024;
/// How long a sender may be silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request, or what to answer to something that is none.
pub(super) enum Incoming {
    Request(Message),
    /// The body is over the limit; it was not read.
    TooLarge(Message),
    Broken(&'static str),
}

/// Accepts connections one after the other and hands each request to `handle`, until that returns false.
///
/// One request at a time, and one for each connection: a developer who tries a receiver wants to read what came in the
/// order in which it came.
pub(super) fn serve(
    listener: &TcpListener,
    most_body: usize,
    mut handle: impl FnMut(Incoming) -> (Reply, bool),
) -> io::Result<()> {
    for stream in listener.incoming() {
        let stream = match stream {
            Ok(stream) => stream,
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            Err(error) => return Err(error),
        };
        let Ok(incoming) = read(&stream, most_body) else { continue };
        // A connection without a request: a health check, or a browser that opens one ahead.
        let Some(incoming) = incoming else { continue };
        let (reply, goes_on) = handle(incoming);
        // The sender may have gone; that is its own affair.
        let _ = answer(&stream, &reply);
        if !goes_on {
            break;
        }
    }
    Ok(())
}

fn read(stream: &TcpStream, most_body: usize) -> io::Result<Option<Incoming>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream);
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

/// Reads up to the empty line; nothing where the other side closes without a word.
fn head(reader: &mut BufReader<&TcpStream>) -> io::Result<Option<Vec<u8>>> {
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
fn line(reader: &mut BufReader<&TcpStream>, to: &mut Vec<u8>) -> io::Result<usize> {
    let most = u64::try_from(MOST_HEAD).unwrap_or(u64::MAX);
    reader.by_ref().take(most).read_until(b'\n', to)
}

enum Body {
    Whole(Vec<u8>),
    TooLarge,
    Broken,
}

fn chunked(reader: &mut BufReader<&TcpStream>, most: usize) -> io::Result<Body> {
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

fn answer(mut stream: &TcpStream, reply: &Reply) -> io::Result<()> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", reply.status, reason(reply.status));
    for (name, value) in &reply.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    let _ = write!(head, "Content-Length: {}\r\nConnection: close\r\n\r\n", reply.body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(reply.body.as_bytes())?;
    stream.flush()
}

/// Returns the usual words for a status.
pub(super) fn reason(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("")
}
