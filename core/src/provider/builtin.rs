use std::sync::OnceLock;

use super::Provider;
use crate::error::{Code, Error};

/// One file, and what became of it. It is parsed when it is first asked for, so that a program pays for the
/// providers that it uses.
struct Builtin {
    name: &'static str,
    json: &'static str,
    provider: OnceLock<Result<Provider, Error>>,
}

impl Builtin {
    const fn new(name: &'static str, json: &'static str) -> Self {
        Self { name, json, provider: OnceLock::new() }
    }
}

// The files in alphabetical order, as the build script found them.
include!(concat!(env!("OUT_DIR"), "/providers.rs"));

/// A name that is misspelt is no longer than that; keys often are.
const LONGEST_SHOWN: usize = 24;

pub(super) fn find(name: &str) -> Result<Provider, Error> {
    let index = BUILTIN.binary_search_by(|builtin| builtin.name.cmp(name));
    if let Some(builtin) = index.ok().and_then(|index| BUILTIN.get(index)) {
        return builtin.provider.get_or_init(|| Provider::from_json(builtin.json)).clone();
    }
    let found = if looks_like_a_name(name) {
        format!("no provider named {name:?} is built in")
    } else {
        "what stands in the place of the provider's name is none, and not shown, since it may be a secret"
            .to_owned()
    };
    Err(Error::new(Code::UnknownProvider, format!("{found}; describe it in JSON, or list the names")))
}

/// Tells whether a text may be shown: where the arguments were given in the wrong order, it is a secret.
fn looks_like_a_name(text: &str) -> bool {
    let words = text.trim_end_matches(|last: char| last.is_ascii_digit());
    let is_of_word = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b' ');
    text.len() <= LONGEST_SHOWN && words.bytes().all(is_of_word)
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    BUILTIN.iter().map(|builtin| builtin.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_and_says_its_own_name() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/providers");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|file| file.strip_suffix(".json").map(str::to_owned))
            .filter(|name| name != "provider.schema")
            .collect();
        files.sort();
        assert_eq!(names().collect::<Vec<_>>(), files);
        for name in names() {
            assert_eq!(find(name).unwrap().name(), name);
        }
    }

    #[test]
    fn an_unknown_name_is_a_typed_error() {
        assert_eq!(find("nobody").unwrap_err().code(), Code::UnknownProvider);
        assert_eq!(find("Stripe").unwrap_err().code(), Code::UnknownProvider);
    }

    #[test]
    fn a_secret_in_the_place_of_a_name_is_not_shown() {
        let shows = |text: &str| find(text).unwrap_err().to_string().contains(text);
        for misspelt in ["strip", "git-hub", "Standard Webhooks", "EventsAir", "hubspot-v9"] {
            assert!(shows(misspelt), "{misspelt}");
        }
        for secret in ["s3cr3t", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "correcthorsebatterystaple", "a/b"]
        {
            assert!(!shows(secret), "{secret}");
        }
    }
}
