use crate::kinds::{Kind, grown, headers, urls};
use crate::receivers::{Lines, Receiver};

/// A request that a stranger, or a sender gone wrong, may send to a receiver.
pub(crate) struct Hostile {
    pub(crate) name: String,
    pub(crate) headers: Lines,
    pub(crate) body: Vec<u8>,
    pub(crate) url: String,
}

impl Hostile {
    /// Makes all of them for one receiver, one after the other: together they would take gigabytes.
    pub(crate) fn each(receiver: &Receiver, bodies: &[Kind], visit: &mut dyn FnMut(Self)) {
        let own = ("its own body, grown", grown(&receiver.body));
        for (kind, body) in bodies.iter().chain([&own]) {
            visit(Self::forged(receiver, kind, body));
            if let Some((headers, body)) = receiver.sign(body, &receiver.url) {
                let headers = typed(headers, &body);
                visit(Self { name: format!("{kind}, signed"), headers, body, url: receiver.url.clone() });
            }
        }
        let carriers = bodies.iter().filter(|(kind, _)| matches!(*kind, "letters" | "a form of long fields"));
        for (kind, body) in carriers {
            for (of_url, url) in urls(&receiver.url) {
                visit(Self { url, ..Self::forged(receiver, &format!("{kind}, {of_url}"), body) });
            }
            Self::with_headers(receiver, kind, body, visit);
        }
    }

    /// A body with the headers of another one, which look right.
    fn forged(receiver: &Receiver, name: &str, body: &[u8]) -> Self {
        let headers = typed(receiver.headers.clone(), body);
        Self { name: format!("{name}, forged"), headers, body: body.to_vec(), url: receiver.url.clone() }
    }

    fn with_headers(receiver: &Receiver, kind: &str, body: &[u8], visit: &mut dyn FnMut(Self)) {
        for (name, value) in &receiver.headers {
            for (of_header, values) in headers(value) {
                let mut request = Self::forged(receiver, &format!("{kind}, {name}: {of_header}"), body);
                request.headers.retain(|(other, _)| other != name);
                request.headers.extend(values.into_iter().map(|value| (name.clone(), value)));
                visit(request);
            }
        }
    }
}

/// Returns the headers with the type of the body that comes with them.
fn typed(mut lines: Lines, body: &[u8]) -> Lines {
    let starts_as_form = body.first().is_some_and(u8::is_ascii_lowercase);
    let is_form = starts_as_form && body.iter().take(400).any(|byte| b"=&".contains(byte));
    let media_type = if is_form { "application/x-www-form-urlencoded" } else { "application/json" };
    lines.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    lines.push(("Content-Type".to_owned(), media_type.to_owned()));
    lines
}
