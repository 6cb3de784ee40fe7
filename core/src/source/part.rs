//! The part of a text that is a value, or several.

use std::borrow::Cow;

use smallvec::SmallVec;

/// Which part of a text is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) pieces: Pieces,
    /// Only what comes after the last occurrence of this.
    pub(crate) after: Option<String>,
}

/// How a text is divided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pieces {
    /// It is one value.
    #[default]
    Whole,
    /// Each of the pieces between separators is one.
    Split { separator: String },
    /// The value of each `key=value` pair with this key is one; blanks may stand before a key.
    Pairs { separator: String, key: String, blanks: bool },
}

/// The values of one place. There are seldom more than one or two, and they need no allocation.
pub(crate) type Values<'a> = SmallVec<[Cow<'a, str>; 2]>;

impl Part {
    pub(super) fn is_whole(&self) -> bool {
        self.pieces == Pieces::Whole && self.after.is_none()
    }

    /// Adds the values that a text holds to a list.
    pub(crate) fn divide<'a>(&self, text: Cow<'a, str>, values: &mut Values<'a>) {
        match text {
            text if self.is_whole() => values.push(text),
            Cow::Borrowed(text) => self.visit(text, &mut |part| values.push(Cow::Borrowed(part))),
            Cow::Owned(text) => self.visit(&text, &mut |part| values.push(Cow::Owned(part.to_owned()))),
        }
    }

    fn visit<'t>(&self, text: &'t str, visit: &mut dyn FnMut(&'t str)) {
        self.pieces.visit(text, &mut |piece| match &self.after {
            None => visit(piece),
            Some(marker) => piece.rsplit_once(marker.as_str()).into_iter().for_each(|(_, rest)| visit(rest)),
        });
    }
}

impl Pieces {
    fn visit<'t>(&self, text: &'t str, visit: &mut dyn FnMut(&'t str)) {
        match self {
            Self::Whole => visit(text),
            Self::Split { separator } => split(text, separator).for_each(visit),
            Self::Pairs { separator, key, blanks } => {
                for (found, value) in split(text, separator).filter_map(|pair| pair.split_once('=')) {
                    let found = if *blanks { found.trim_start_matches(' ') } else { found };
                    if found == key {
                        visit(value);
                    }
                }
            }
        }
    }
}

/// Lists what stands between separators.
fn split<'t>(text: &'t str, separator: &str) -> impl Iterator<Item = &'t str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let pair = split_once(text, separator);
        rest = pair.map(|(_, rest)| rest);
        Some(pair.map_or(text, |(piece, _)| piece))
    })
}

/// Divides a text at the first separator. That is nearly always one character, and the search for a longer text
/// prepares tables first, which takes longer than to look through a header.
pub(crate) fn split_once<'t>(text: &'t str, separator: &str) -> Option<(&'t str, &'t str)> {
    match separator.as_bytes() {
        [character] => text.split_once(char::from(*character)),
        _ => text.split_once(separator),
    }
}
