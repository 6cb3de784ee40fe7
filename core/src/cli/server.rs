use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use ureq::http::StatusCode;

use super::exit::{Failure, Outcome};
use super::wire::{self, Incoming};
use crate::Reply;

/// How long a sender has for its request, and for taking the answer. In all, and not from byte to byte: who sends one
/// byte a second must not hold a place for an hour.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many connections are served at one time.
const MOST_CONNECTIONS: usize = 64;

/// Accepts connections, and hands each request to `handle` in a thread of its own: a slow sender, or a slow `--forward`,
/// keeps nobody else waiting. What comes out are the requests that were answered, one after the other.
pub(super) fn serve(
    listener: TcpListener,
    most_body: usize,
    handle: impl Fn(Incoming) -> (Reply, Outcome<()>) + Send + Sync + 'static,
) -> Receiver<Outcome<()>> {
    let (tell, answered) = mpsc::channel();
    let handle = Arc::new(handle);
    thread::spawn(move || {
        let places = Arc::new(());
        for stream in listener.incoming() {
            let stream = match stream {
                Ok(stream) => stream,
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(error) => {
                    let _ = tell.send(Err(Failure::Unreachable(error.to_string())));
                    return;
                }
            };
            let place = Arc::downgrade(&places);
            if Arc::weak_count(&places) > MOST_CONNECTIONS {
                let busy = Reply { status: 503, headers: Vec::new(), body: String::new() };
                let _ = answer(&stream, &busy);
                continue;
            }
            let (tell, handle) = (tell.clone(), Arc::clone(&handle));
            // Where no thread can be had, the connection is closed and the sender comes back.
            let _ = thread::Builder::new().spawn(move || {
                let held: Weak<()> = place;
                if let Some(told) = attend(&stream, most_body, &*handle) {
                    let _ = tell.send(told);
                }
                drop(held);
            });
        }
    });
    answered
}

/// Reads a request, has it handled and answers; nothing where there was none: a health check, or a browser that opens a
/// connection ahead.
fn attend(
    stream: &TcpStream,
    most_body: usize,
    handle: &dyn Fn(Incoming) -> (Reply, Outcome<()>),
) -> Option<Outcome<()>> {
    let until = Instant::now().checked_add(PATIENCE)?;
    let incoming = wire::read(stream, most_body, until).ok()??;
    let is_unread = matches!(incoming, Incoming::TooLarge(_) | Incoming::Broken(_));
    let (reply, told) = handle(incoming);
    // The sender may have gone; that is its own affair.
    if answer(stream, &reply).is_ok() && is_unread {
        wire::drain(stream);
    }
    Some(told)
}

fn answer(mut stream: &TcpStream, reply: &Reply) -> io::Result<()> {
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut text = format!("HTTP/1.1 {} {}\r\n", reply.status, reason(reply.status));
    for (name, value) in &reply.headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    let _ = write!(text, "Content-Length: {}\r\nConnection: close\r\n\r\n{}", reply.body.len(), reply.body);
    stream.write_all(text.as_bytes())?;
    stream.flush()?;
    stream.shutdown(Shutdown::Write)
}

/// Returns the usual words for a status.
pub(super) fn reason(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("")
}
