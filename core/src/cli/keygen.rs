use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::exit::{Exit, Failure, Outcome};
use super::output::{GOOD, Output, styled};
use crate::test_keys::TestKeys;

/// Make a test key for bearer tokens: an RSA private key (PEM) to send with, and its JWKS to listen with
#[derive(Args, Debug)]
pub(super) struct Keygen {
    /// The folder to write private.pem and jwks.json to; nothing there is written over
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The id of the key in the JWKS
    #[arg(long, default_value = "test")]
    key_id: String,
}

impl Keygen {
    pub(super) fn run(&self, output: Output) -> Outcome {
        let keys = TestKeys::generate(&self.key_id)?;
        std::fs::create_dir_all(&self.folder).map_err(Failure::about(self.folder.display()))?;
        let (private, public) = (self.folder.join("private.pem"), self.folder.join("jwks.json"));
        write_new(&private, keys.private_key.as_bytes())?;
        write_new(&public, format!("{}\n", keys.jwks).as_bytes())?;
        for path in [&private, &public] {
            output.line(format_args!("{} {}", styled(GOOD, "wrote"), path.display()))?;
        }
        output.object(&json!({ "private_key": private, "jwks": public, "key_id": self.key_id }))?;
        Ok(Exit::Accepted)
    }
}

/// Writes a file that only its owner can read, and never over another one: that could be somebody's real key.
fn write_new(path: &Path, content: &[u8]) -> Outcome<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(Failure::about(path.display()))?;
    file.write_all(content).map_err(Failure::about(path.display()))
}
