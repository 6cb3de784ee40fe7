use super::guess::Guess;
use super::respace::{Escapes, Spacing, rewrite};
use super::{Mistake, Trial};
use crate::ecmascript;
use crate::encoding::Encoding;

const RAW: &str = "hand over the raw bytes of the request, before anything parses them";

/// A larger body than this is not rewritten in all the ways that there are.
const MOST_BYTES: usize = 1 << 20;

/// Lists what may have happened to the body between the signature and the verification.
pub(super) fn guesses(trial: &Trial<'_>) -> Vec<Guess> {
    let body = trial.body.as_slice();
    let mut guesses = Vec::new();
    let mut add = |mistake, message: String, other: Vec<u8>| {
        if other != body {
            guesses.push(Guess::new(mistake, message, move |trial| trial.body.clone_from(&other)));
        }
    };
    for (end, name) in [("\n", "line feed"), ("\r\n", "CR LF")] {
        let message = format!("the body was signed with a {name} at its end, which is gone: {RAW}");
        add(Mistake::TrailingNewline, message, [body, end.as_bytes()].concat());
    }
    let trimmed = body.trim_ascii_end().to_vec();
    let message =
        "the body was signed without the white space at its end: an editor or `echo` added a line break";
    add(Mistake::TrailingNewline, message.into(), trimmed);
    if let Some(rest) = body.strip_prefix("\u{feff}".as_bytes()) {
        let message =
            "the body was signed without the byte order mark at its start: something added it on the way";
        add(Mistake::RecodedBody, message.into(), rest.to_vec());
    }
    add(
        Mistake::EmptyBody,
        format!(
            "an empty body was signed: the sender signs before it writes the body, or signs nothing; {RAW}"
        ),
        Vec::new(),
    );
    let Some(text) = std::str::from_utf8(body).ok().filter(|text| text.len() <= MOST_BYTES) else {
        return guesses;
    };
    let unix = text.replace("\r\n", "\n");
    let message = |ends: &str| {
        format!("the body was signed with {ends} as line ends: something rewrote them (git, an editor)")
    };
    add(Mistake::RecodedBody, message("CR LF"), unix.replace('\n', "\r\n").into_bytes());
    add(Mistake::RecodedBody, message("line feeds"), unix.into_bytes());
    if let Some(bytes) = Encoding::Base64.decode(text.trim()).filter(|bytes| !bytes.is_empty()) {
        let message = "the body is still in base64 (API Gateway says `isBase64Encoded`): decode it before it is verified";
        add(Mistake::RecodedBody, message.into(), bytes);
    }
    for (writer, other) in rewritten(text) {
        let message = format!(
            "the signature is right for this JSON as {writer} writes it: the body was parsed and written again; {RAW}"
        );
        add(Mistake::ReserializedBody, message, other);
    }
    guesses
}

/// Writes the same JSON as the usual programs do. A parser and writer would lose what they do not keep, such as the
/// order of members, so only white space and escapes are changed here, but for the one writer that we have.
fn rewritten(text: &str) -> Vec<(String, Vec<u8>)> {
    let mut written = Vec::new();
    let spacings = [
        ("JSON.stringify", Spacing::Compact),
        ("Python's json.dumps", Spacing::AfterSeparators),
        ("JSON.stringify(…, 2)", Spacing::Indented(2)),
        ("json.dumps(…, indent=4)", Spacing::Indented(4)),
    ];
    let escapes = [
        ("", Escapes::Kept),
        (" with \\u escapes for what is not ASCII", Escapes::Ascii),
        (" without \\u escapes", Escapes::Unescaped),
        (" with \\/ and \\u escapes, as PHP does,", Escapes::Php),
    ];
    for (writer, spacing) in spacings {
        for (how, escapes) in escapes {
            written.extend(
                rewrite(text, spacing, escapes).map(|it| (format!("{writer}{how}"), it.into_bytes())),
            );
        }
    }
    let message = "JavaScript's JSON.stringify(JSON.parse(…))".to_owned();
    written.extend(ecmascript::reserialize(text).map(|it| (message, it)));
    written
}
