use std::io::Write as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use clap::Args;
use jsonwebtoken::EncodingKey;
use jsonwebtoken::crypto::aws_lc;
use serde_json::json;

use super::exit::{Exit, Failure, Outcome};
use super::output::{GOOD, Output, styled};

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
        let failed = || Failure::Unreachable("no key could be made".into());
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| failed())?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| failed())?;
        let pem = pem(der.as_ref());
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| failed())?;
        let components =
            (aws_lc::DEFAULT_PROVIDER.key_utils.rsa_pub_components_from_private_key)(key.as_bytes());
        let (modulus, exponent) = components.map_err(|_| failed())?;
        let jwks = json!({"keys": [{
            "kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.key_id,
            "n": URL_SAFE_NO_PAD.encode(modulus), "e": URL_SAFE_NO_PAD.encode(exponent),
        }]});
        std::fs::create_dir_all(&self.folder).map_err(Failure::about(self.folder.display()))?;
        let (private, public) = (self.folder.join("private.pem"), self.folder.join("jwks.json"));
        write_new(&private, pem.as_bytes())?;
        write_new(&public, format!("{jwks}\n").as_bytes())?;
        for path in [&private, &public] {
            output.line(format_args!("{} {}", styled(GOOD, "wrote"), path.display()))?;
        }
        output.object(&json!({ "private_key": private, "jwks": public, "key_id": self.key_id }))?;
        Ok(Exit::Accepted)
    }
}

fn pem(der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let mut text = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in encoded.as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    text
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
