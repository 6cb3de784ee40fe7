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

pub(super) fn find(name: &str) -> Result<Provider, Error> {
    let index = BUILTIN.binary_search_by(|builtin| builtin.name.cmp(name));
    if let Some(builtin) = index.ok().and_then(|index| BUILTIN.get(index)) {
        return builtin.provider.get_or_init(|| Provider::from_json(builtin.json)).clone();
    }
    // The name may come from anywhere; a long one is no help in a message.
    let shown: String = name.chars().take(64).collect();
    Err(Error::new(
        Code::UnknownProvider,
        format!("no provider named {shown:?} is built in; describe it in JSON, or list the names"),
    ))
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
}
