//! What the stores on Redis and on SQL run: the same text and the same keys as in Python.

use hookproof::{CLAIMS_PER_CLEARING, CLEARED_AT_ONCE, Error, Placeholder, SqlDialect};
use napi_derive::napi;

use crate::convert::duration;
use crate::error::{Fallible, fallible};

/// A Lua script.
#[napi(object, object_from_js = false)]
pub struct RedisScript {
    /// `claim`, `complete` or `release`.
    pub name: &'static str,
    /// The source.
    pub source: &'static str,
    /// The SHA-1 of the source in hex.
    pub sha1: String,
}

/// A statement.
#[napi(object, object_from_js = false)]
pub struct SqlStatement {
    /// The SQL.
    pub text: String,
    /// The names of the values that it takes, in their order.
    pub parameters: Vec<&'static str>,
}

impl From<hookproof::SqlStatement> for SqlStatement {
    fn from(statement: hookproof::SqlStatement) -> Self {
        Self { text: statement.text, parameters: statement.parameters }
    }
}

/// The statements for one table.
#[napi(object, object_from_js = false)]
pub struct SqlStatements {
    /// Returns a row where the claim is new.
    pub claim: SqlStatement,
    /// Returns the state of a delivery that was not new.
    pub state: SqlStatement,
    /// Changes one row, or none for a former owner.
    pub complete: SqlStatement,
    /// Deletes one row, or none for a former owner.
    pub release: SqlStatement,
    /// Deletes what has ended.
    pub clear: SqlStatement,
    /// Make the table and its index.
    pub schema: Vec<String>,
    /// Of so many new claims one clears.
    pub claims_per_clearing: u32,
    /// How many rows it clears.
    pub cleared_at_once: u32,
}

/// Returns the name under which a shared store keeps a delivery.
#[napi(catch_unwind)]
pub fn store_key(key: String) -> String {
    hookproof::store_key(&key)
}

/// Returns a lease or a retention in whole milliseconds, at least one.
#[napi(catch_unwind)]
pub fn store_millis(seconds: f64) -> i64 {
    hookproof::store_millis(duration(seconds))
}

/// Returns the Lua scripts.
#[napi(catch_unwind)]
pub fn redis_scripts() -> Vec<RedisScript> {
    let script = |script: hookproof::RedisScript| RedisScript {
        name: script.name,
        source: script.source,
        sha1: script.sha1(),
    };
    hookproof::RedisScript::ALL.into_iter().map(script).collect()
}

/// Returns the statements for PostgreSQL, as the client `pg` takes them.
#[napi(catch_unwind)]
pub fn sql_statements(table: String) -> Fallible<SqlStatements> {
    fallible(statements(&table))
}

fn statements(table: &str) -> Result<SqlStatements, Error> {
    let all = hookproof::SqlStatements::new(SqlDialect::PostgreSql, Placeholder::NumericDollar, table)?;
    Ok(SqlStatements {
        claim: all.claim.into(),
        state: all.state.into(),
        complete: all.complete.into(),
        release: all.release.into(),
        clear: all.clear.into(),
        schema: all.schema,
        claims_per_clearing: CLAIMS_PER_CLEARING,
        cleared_at_once: CLEARED_AT_ONCE,
    })
}
