use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::exit::{Failure, Outcome};
use super::explain::{described, hints};
use super::message::Message;
use super::output::{BAD, FAINT, GOOD, HINT, Output, harmless, styled};
use crate::{Error, Explanation, Outcome as Verdict};

/// Saves what comes, and tells of it: one request after the other, also where several are answered at one time.
pub(super) struct Journal {
    folder: Option<PathBuf>,
    output: Output,
    seen: AtomicU64,
    telling: Mutex<()>,
}

/// What came of a request.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) outcome: Option<Verdict>,
    /// The event in words, and for programs.
    pub(super) event: Option<(String, Value)>,
    pub(super) error: Option<Error>,
    pub(super) explanation: Option<Explanation>,
    pub(super) note: Option<String>,
}

impl Journal {
    pub(super) fn open(folder: Option<PathBuf>, output: Output) -> Outcome<Self> {
        let mut seen = 0;
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).map_err(Failure::about(folder.display()))?;
            seen = saved_before(folder);
        }
        Ok(Self { folder, output, seen: AtomicU64::new(seen), telling: Mutex::new(()) })
    }

    /// Gives a request its number, and saves it as it stood on the wire.
    pub(super) fn begin(&self, message: &Message, is_whole: bool, now: i64) -> Outcome<u64> {
        loop {
            let number = self.seen.fetch_add(1, Ordering::Relaxed).saturating_add(1);
            let Some(folder) = self.folder.as_ref().filter(|_| is_whole) else { return Ok(number) };
            let path = folder.join(format!("{number:04}.http"));
            let saved = File::create_new(&path).and_then(|mut file| file.write_all(&message.to_bytes(now)));
            match saved {
                Ok(()) => return Ok(number),
                // Another program saves in the same folder.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Failure::about(path.display())(error)),
            }
        }
    }

    pub(super) fn tell(
        &self,
        number: u64,
        message: &Message,
        entry: &Entry,
        status: u16,
        now: i64,
    ) -> Outcome<()> {
        let _one_after_the_other = self.telling.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = entry.outcome.unwrap_or(Verdict::HandlerFailed);
        let good = matches!(outcome, Verdict::Accepted | Verdict::Duplicate | Verdict::Ping);
        let (style, mark) = if good { (GOOD, "✓") } else { (BAD, "✗") };
        let what = match (&entry.event, &entry.error) {
            (Some((summary, _)), _) => summary.clone(),
            (_, Some(error)) => harmless(&format!("{}: {error}", error.code().as_str())),
            _ => harmless(&format!("{} {}", message.method, message.target)),
        };
        let verdict = styled(style, format_args!("{mark} {}", outcome.as_str()));
        self.output.line(format_args!("{}  {verdict}  {what}  → {status}", clock(now)))?;
        for line in entry.explanation.iter().flat_map(hints) {
            self.output.line(format_args!("          {line}"))?;
        }
        if let Some(note) = &entry.note {
            self.output.line(format_args!("          {} {}", styled(HINT, "·"), harmless(note)))?;
        }
        let findings = entry.explanation.as_ref().map(described);
        self.output.object(&json!({
            "number": number,
            "outcome": outcome.as_str(),
            "status": status,
            "event": entry.event.as_ref().map(|(_, described)| described),
            "code": entry.error.as_ref().map(|error| error.code().as_str()),
            "message": entry.error.as_ref().map(ToString::to_string),
            "findings": findings.as_ref().and_then(|it| it.get("findings")),
            "note": entry.note,
        }))?;
        Ok(())
    }

    /// Tells of something that is no request.
    pub(super) fn tell_broken(&self, why: &str, now: i64) -> Outcome<()> {
        let _one_after_the_other = self.telling.lock().unwrap_or_else(PoisonError::into_inner);
        self.output.line(format_args!("{}  {} {why}  → 400", clock(now), styled(BAD, "✗")))?;
        Ok(())
    }
}

/// Returns the time of day in UTC.
fn clock(now: i64) -> String {
    let moment = jiff::Timestamp::from_second(now).unwrap_or_default().to_string();
    styled(FAINT, moment.get(11..19).unwrap_or_default())
}

/// Returns the highest number of the saved requests in a folder, so that none is written over.
fn saved_before(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.path().file_stem()?.to_str()?.parse().ok()).max().unwrap_or(0)
}
