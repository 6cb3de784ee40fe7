use std::fmt::Display;
use std::io::{self, Write as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use serde_json::Value;

/// Whether to colour what is printed.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(super) enum Color {
    /// In a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always, for a pager.
    Always,
    /// Never.
    Never,
}

/// Where a command prints: for people, or as JSON with one object a line.
#[derive(Clone, Copy)]
pub(super) struct Output {
    color: Color,
    json: bool,
}

pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();
pub(super) const HINT: Style = AnsiColor::Yellow.on_default();
pub(super) const STRONG: Style = Style::new().bold();
pub(super) const FAINT: Style = Style::new().dimmed();

impl Output {
    pub(super) fn new(color: Color, json: bool) -> Self {
        Self { color, json }
    }

    pub(super) fn is_json(self) -> bool {
        self.json
    }

    /// Prints a line for people; nothing where JSON is asked for.
    pub(super) fn line(self, text: impl Display) -> io::Result<()> {
        if self.json {
            return Ok(());
        }
        writeln!(AutoStream::new(io::stdout(), self.choice()).lock(), "{text}")
    }

    /// Prints an object on one line; nothing where text is asked for.
    pub(super) fn object(self, value: &Value) -> io::Result<()> {
        if !self.json {
            return Ok(());
        }
        let mut text = value.to_string();
        if !text.is_ascii() {
            // JSON leaves them as they are, and a terminal may obey them.
            let is_hostile = |it: char| it.is_control() || is_directing(it);
            let escaped = |it: char| format!("\\u{:04x}", u32::from(it));
            text = text.chars().map(|it| if is_hostile(it) { escaped(it) } else { it.to_string() }).collect();
        }
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{text}")?;
        // Whoever waits for a line, such as a test of `listen`, gets it at once.
        stdout.flush()
    }

    /// Says something that is not part of the result.
    pub(super) fn note(self, text: impl Display) {
        // Nobody to tell is no reason to stop.
        let _ = writeln!(AutoStream::new(io::stderr(), self.choice()).lock(), "{text}");
    }

    fn choice(self) -> ColorChoice {
        match self.color {
            Color::Auto if anstream::stdout().current_choice() == ColorChoice::Never => ColorChoice::Never,
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

/// Prints what is asked for, as it is: for a file or for the next program.
pub(super) fn print(bytes: &[u8]) -> io::Result<()> {
    io::stdout().lock().write_all(bytes)
}

/// Colours a text.
pub(super) fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Writes what a stranger sent so that it cannot command the terminal, nor pass for another line or another order of
/// its letters: what has no look of its own is shown as its code.
pub(super) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || is_directing(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Writes a body as [`harmless`] does, its lines one below the other, and no more than a screen of it.
pub(super) fn harmless_body(bytes: &[u8]) -> String {
    const MOST: usize = 4_000;
    let text = String::from_utf8_lossy(bytes);
    let start: String = text.chars().take(MOST).collect();
    let lines: Vec<_> = start.split('\n').map(|line| harmless(line.trim_end_matches('\r'))).collect();
    let is_all = start.len() == text.len();
    let more = if is_all { String::new() } else { format!("… ({} bytes in all)", bytes.len()) };
    lines.join("\n  ") + &more
}

/// Tells whether a character changes the order in which a line is shown (Unicode's bidirectional controls), or ends it.
fn is_directing(character: char) -> bool {
    matches!(character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
