use std::path::PathBuf;

use clap::Args;

use super::exit::{Failure, Outcome};
use super::input;
use crate::{Provider, Receiver, Signer, SignerBuilder};

/// Which provider, and what its requests are proven with.
#[derive(Args, Debug)]
pub(super) struct Keys {
    /// The provider's name (see `hookproof providers`), or the file of one of your own
    #[arg(short, long, value_name = "NAME|FILE.json")]
    pub(super) provider: String,
    /// A secret; several while one replaces another. Everybody on this machine can read a command line while it
    /// runs, and a shell remembers it: prefer --secret-env or --secret-file for a secret that matters
    #[arg(short, long, value_name = "SECRET", allow_hyphen_values = true)]
    secret: Vec<String>,
    /// The name of an environment variable that holds a secret
    #[arg(long, value_name = "NAME")]
    secret_env: Vec<String>,
    /// A file that holds a secret; one line break at its end is not part of it
    #[arg(long, value_name = "FILE")]
    secret_file: Vec<PathBuf>,
    /// The issuer of bearer tokens
    #[arg(long, value_name = "URL")]
    pub(super) issuer: Option<String>,
    /// The audience of bearer tokens
    #[arg(long)]
    pub(super) audience: Option<String>,
    /// A claim of bearer tokens, its value as JSON or as text: added by a sender, required by a receiver
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = claim)]
    pub(super) claims: Vec<(String, String)>,
}

/// What only a receiver needs.
#[derive(Args, Debug)]
pub(super) struct Checks {
    /// A file with the issuer's public keys (JWKS); `hookproof keys` writes one [default: they are fetched from the
    /// issuer]
    #[arg(long, value_name = "FILE")]
    pub(super) jwks: Option<PathBuf>,
    /// Where the issuer's public keys are fetched from [default: what its discovery document names]
    #[arg(long, value_name = "URL", conflicts_with = "jwks")]
    pub(super) jwks_uri: Option<String>,
    /// Fetch the keys of an issuer on this machine over http too, for tests
    #[arg(long)]
    pub(super) allow_insecure_loopback: bool,
    /// How far a timestamp may be off, in seconds [default: the provider's]
    #[arg(long, value_name = "SECONDS")]
    pub(super) tolerance: Option<u64>,
    /// Refuse larger bodies, in bytes, as they come and unpacked
    #[arg(long, default_value_t = Receiver::DEFAULT_MAX_BODY, value_name = "BYTES")]
    pub(super) max_body: usize,
    /// Accept a signature over JSON.stringify(JSON.parse(body)) too
    #[arg(long)]
    pub(super) accept_reserialized: bool,
    /// The URL that the sender calls, for schemes that sign it
    #[arg(long, value_name = "URL")]
    pub(super) public_url: Option<String>,
}

/// What only a sender needs.
#[derive(Args, Debug)]
pub(super) struct Signing {
    /// A file with the RSA private key (PEM) that signs bearer tokens; `hookproof keys` writes one
    #[arg(long, value_name = "FILE")]
    private_key: Option<PathBuf>,
    /// The id of that key in the issuer's key set
    #[arg(long, value_name = "ID")]
    key_id: Option<String>,
}

impl Keys {
    pub(super) fn provider(&self) -> Outcome<Provider> {
        input::provider(&self.provider)
    }

    pub(super) fn secrets(&self) -> Outcome<Vec<Vec<u8>>> {
        let mut secrets: Vec<_> = self.secret.iter().map(|secret| secret.clone().into_bytes()).collect();
        for name in &self.secret_env {
            let value = std::env::var(name).map_err(|_| {
                Failure::usage(format!("the environment variable {name} is not set, or not to text"))
            })?;
            secrets.push(value.into_bytes());
        }
        for path in &self.secret_file {
            let mut secret = input::file(path)?;
            for end in [b'\n', b'\r'] {
                if secret.last() == Some(&end) {
                    secret.pop();
                }
            }
            secrets.push(secret);
        }
        Ok(secrets)
    }

    pub(super) fn signer(&self, signing: &Signing) -> Outcome<Signer> {
        let mut builder = Signer::builder(self.provider()?)?;
        builder = self.secrets()?.iter().fold(builder, SignerBuilder::secret);
        if let Some(path) = &signing.private_key {
            builder = builder.secret(input::file(path)?);
        }
        builder = self.issuer.iter().fold(builder, SignerBuilder::issuer);
        builder = self.audience.iter().fold(builder, SignerBuilder::audience);
        builder = signing.key_id.iter().fold(builder, SignerBuilder::key_id);
        for (name, json) in &self.claims {
            builder = builder.claim(name, json);
        }
        Ok(builder.build()?)
    }
}

/// Reads `name=value`; a value that is no JSON is text.
fn claim(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    let json = match serde_json::from_str::<serde_json::Value>(value) {
        Ok(_) => value.to_owned(),
        Err(_) => serde_json::Value::from(value).to_string(),
    };
    Ok((name.to_owned(), json))
}
