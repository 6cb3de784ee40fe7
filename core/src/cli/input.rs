use std::io::Read as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};

use super::exit::{Failure, Outcome};
use crate::Provider;

/// Finds a provider by its name, or reads the file of one.
pub(super) fn provider(name: &str) -> Outcome<Provider> {
    let is_file = Path::new(name).extension().is_some_and(|it| it.eq_ignore_ascii_case("json"));
    if is_file {
        return Ok(Provider::from_json(&text(Path::new(name))?)?);
    }
    Provider::named(name).map_err(|error| {
        let near = Provider::names().filter(|known| known.contains(name) || name.contains(*known));
        let near: Vec<_> = near.take(5).collect();
        let hint = if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) };
        Failure::usage(format!("{error}{hint}"))
    })
}

/// Reads a file; `-` is what is piped in.
pub(super) fn file(path: &Path) -> Outcome<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(Failure::about("stdin"))?;
        return Ok(bytes);
    }
    std::fs::read(path).map_err(Failure::about(path.display()))
}

pub(super) fn text(path: &Path) -> Outcome<String> {
    String::from_utf8(file(path)?).map_err(|_| Failure::usage(format!("{} is not text", path.display())))
}

/// Returns the time in unix seconds.
pub(super) fn seconds() -> i64 {
    millis().div_euclid(1000)
}

/// Returns the time in unix milliseconds.
pub(super) fn millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Makes a random UUID (RFC 9562, version 4).
pub(super) fn uuid() -> Outcome<String> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| Failure::Unreachable("this machine has no randomness".into()))?;
    Ok(uuid_text(bytes, 0x40))
}

/// Makes the UUID that belongs to an id (RFC 9562, version 8): the same id makes the same body once more.
pub(super) fn uuid_of(id: &str) -> String {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(Sha256::digest(id)).for_each(|(byte, hashed)| *byte = hashed);
    uuid_text(bytes, 0x80)
}

fn uuid_text(mut bytes: [u8; 16], version: u8) -> String {
    let [.., sixth, _, eighth, _, _, _, _, _, _, _] = &mut bytes;
    *sixth = (*sixth & 0x0f) | version;
    *eighth = (*eighth & 0x3f) | 0x80;
    let text = hex::encode(bytes);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// Draws a seed.
pub(super) fn seed() -> Outcome<u64> {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes)
        .map_err(|_| Failure::Unreachable("this machine has no randomness".into()))?;
    Ok(u64::from_le_bytes(bytes))
}
