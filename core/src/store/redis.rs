use std::fmt;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{FromRedisValue, IntoConnectionInfo, Script};

use super::claim::{Claim, Owner};
use super::contract::{Store, StoreError};
use super::scripts::{store_key, store_millis};
use crate::error::{Code, Error};

/// Remembers on a Redis server which deliveries were handled, for all processes of all machines.
///
/// Each step is one script on one key, so the server runs it as a whole, and its clock alone decides when a lease
/// ends. The keys are `hookproof:` and a SHA-256, the same from every language. A server that forgets, because
/// it restarts without persistence or evicts under `maxmemory`, lets a repetition pass for new.
///
/// It needs tokio, and reconnects by itself.
///
/// ```no_run
/// use hookproof::{Receiver, RedisStore, Verifier};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let store = RedisStore::connect("redis://127.0.0.1/").await?;
/// let verifier = Verifier::builder("fourvenues")?.secret("s3cr3t").build()?;
/// let receiver = Receiver::new(verifier).with_store(store);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
    prefix: String,
    claim: Script,
    complete: Script,
    release: Script,
}

/// How long a call waits for the server: a sender waits for its answer meanwhile.
const TIMEOUT: Duration = Duration::from_secs(5);

impl RedisStore {
    /// What the keys begin with unless told otherwise.
    pub const DEFAULT_PREFIX: &str = "hookproof:";

    /// Makes a store on the server of a URL, such as `redis://127.0.0.1/0` or `redis+unix:///run/redis.sock`.
    ///
    /// It connects when it is first asked, so that a server that is down keeps no application from starting. A call
    /// waits for the server for 5 seconds at most.
    ///
    /// # Errors
    /// `invalid_option`: the URL is none of a Redis server.
    // Async although nothing is awaited: the connection starts tasks, for which a runtime must be entered.
    pub async fn connect(url: impl IntoConnectionInfo) -> Result<Self, Error> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT));
        let opened = async {
            let client = redis::Client::open(url)?;
            ConnectionManager::new_lazy_with_config(client, config)
        };
        let connection = opened.await.map_err(|error| {
            Error::new(Code::InvalidOption, format!("the store's URL is none of a Redis server: {error}"))
        })?;
        Ok(Self::new(connection))
    }

    /// Makes a store on a connection of your own, with its time-outs.
    #[must_use]
    pub fn new(connection: ConnectionManager) -> Self {
        Self {
            connection,
            prefix: Self::DEFAULT_PREFIX.to_owned(),
            claim: Script::new(include_str!("scripts/claim.lua")),
            complete: Script::new(include_str!("scripts/complete.lua")),
            release: Script::new(include_str!("scripts/release.lua")),
        }
    }

    /// Sets what the keys begin with. Default: `hookproof:`.
    #[must_use]
    pub fn with_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        key: &str,
        owner: Owner,
        span: Option<Duration>,
    ) -> Result<T, StoreError> {
        let mut call = script.key(format!("{}{}", self.prefix, store_key(key)));
        call.arg(u64::from(owner));
        if let Some(span) = span {
            call.arg(store_millis(span));
        }
        let mut connection = self.connection.clone();
        call.invoke_async(&mut connection)
            .await
            .map_err(|error| StoreError::new("the store cannot be asked").with_source(error))
    }
}

impl Store for RedisStore {
    async fn claim(&self, key: &str, lease: Duration) -> Result<Claim, StoreError> {
        let owner = new_owner()?;
        let state: String = self.run(&self.claim, key, owner, Some(lease)).await?;
        match state.as_str() {
            "new" => Ok(Claim::New(owner)),
            "running" => Ok(Claim::Running),
            "done" => Ok(Claim::Done),
            other => Err(StoreError::new(format!("the store answered {other:?}"))),
        }
    }

    async fn complete(&self, key: &str, owner: Owner, retention: Duration) -> Result<bool, StoreError> {
        self.run(&self.complete, key, owner, Some(retention)).await
    }

    async fn release(&self, key: &str, owner: Owner) -> Result<bool, StoreError> {
        self.run(&self.release, key, owner, None).await
    }
}

impl fmt::Debug for RedisStore {
    /// Shows no address: it may have a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// Makes an owner that no other process has: there is no counter that all of them share.
fn new_owner() -> Result<Owner, StoreError> {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| StoreError::new("the system has no random numbers"))?;
    Ok(Owner::from(u64::from_be_bytes(bytes)))
}
