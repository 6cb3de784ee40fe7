use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Script, Value};
use serde::{Deserialize, Serialize};

use crate::Failure;

/// One message to one endpoint, and how far its delivery is.
#[derive(Serialize, Deserialize)]
pub struct Job {
    /// The message's id: the same at every attempt, so that a receiver can tell a repetition.
    pub id: String,
    pub url: String,
    #[serde(rename = "type")]
    pub event_type: Option<String>,
    /// The bytes that are signed and sent. Kept as they are: written anew, they would have another signature.
    pub body: String,
    /// The state, in the text form of `Delivery`.
    #[serde(default)]
    pub delivery: String,
}

/// The job table: a hash of the jobs, and a sorted set of the ids of those that are not over, by the time at which
/// each is due.
#[derive(Clone)]
pub struct Jobs {
    connection: ConnectionManager,
    add: Script,
    take: Script,
    save: Script,
}

/// What a look into the table has found.
pub enum Taken {
    /// A job that was due, and the end of the lease: until then nobody else takes it.
    Job { job: Job, lease: i64 },
    /// Nothing is due. The next one is due at this time, if there is any.
    Nothing { next: Option<i64> },
}

/// Both in one slot of a cluster.
const DUE: &str = "{deliveries}:due";
const JOBS: &str = "{deliveries}:jobs";

/// A job that is there already is left alone, so that adding one twice is no mistake.
const ADD: &str = "
    if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2]) == 1 then redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1]) end
";

/// A lease is a time at which the job is due again: that of a worker that died ends by itself.
const TAKE: &str = "
    local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
    if #first == 0 or tonumber(first[2]) > tonumber(ARGV[1]) then return {first[2] or ''} end
    redis.call('ZADD', KEYS[1], ARGV[2], first[1])
    return {ARGV[2], redis.call('HGET', KEYS[2], first[1])}
";

/// A worker whose lease has ended saves nothing: the job is somebody else's. The end of the lease tells whose it is,
/// for a later lease of the same job ends later.
const SAVE: &str = "
    local lease = redis.call('ZSCORE', KEYS[1], ARGV[1])
    if not lease or tonumber(lease) ~= tonumber(ARGV[3]) then return 0 end
    redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
    if ARGV[4] == '' then redis.call('ZREM', KEYS[1], ARGV[1]) else redis.call('ZADD', KEYS[1], ARGV[4], ARGV[1]) end
    return 1
";

impl Jobs {
    pub async fn connect(url: &str) -> Result<Self, Failure> {
        let config = ConnectionManagerConfig::new();
        let connection = ConnectionManager::new_with_config(Client::open(url)?, config).await?;
        Ok(Self { connection, add: Script::new(ADD), take: Script::new(TAKE), save: Script::new(SAVE) })
    }

    pub async fn add(&self, job: &Job, due: i64) -> Result<(), Failure> {
        let text = serde_json::to_string(job)?;
        let mut call = self.add.key(DUE);
        call.key(JOBS).arg(&job.id).arg(text).arg(due);
        call.invoke_async::<Value>(&mut self.connection.clone()).await?;
        Ok(())
    }

    /// Takes the job that is due first, for as long as the lease lasts.
    pub async fn take(&self, now: i64, lease: Duration) -> Result<Taken, Failure> {
        let lease = now.saturating_add(i64::try_from(lease.as_millis())?);
        let mut call = self.take.key(DUE);
        call.key(JOBS).arg(now).arg(lease);
        let found: Vec<String> = call.invoke_async(&mut self.connection.clone()).await?;
        match found.as_slice() {
            [_, job] => Ok(Taken::Job { job: serde_json::from_str(job)?, lease }),
            [next] if !next.is_empty() => Ok(Taken::Nothing { next: Some(next.parse()?) }),
            _ => Ok(Taken::Nothing { next: None }),
        }
    }

    /// Saves a job after an attempt, with the time at which it is due again; false when the lease had ended.
    pub async fn save(&self, job: &Job, due: Option<i64>, lease: i64) -> Result<bool, Failure> {
        let due = due.map(|due| due.to_string()).unwrap_or_default();
        let mut call = self.save.key(DUE);
        call.key(JOBS).arg(&job.id).arg(serde_json::to_string(job)?).arg(lease).arg(due);
        Ok(call.invoke_async(&mut self.connection.clone()).await?)
    }
}
