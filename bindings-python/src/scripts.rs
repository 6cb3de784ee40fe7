//! What the stores on Redis and on SQL run: the same text and the same keys as in Node.

use hookproof::{Placeholder, RedisScript, SqlDialect, SqlStatement};
use pyo3::prelude::*;

use crate::convert::{duration, text};
use crate::error::{guard, invalid_option, raised};

/// The text of a statement, and the names of the values that it takes, in their order.
type Statement = (String, Vec<&'static str>);

/// Returns the name under which a shared store keeps a delivery: a hash of its idempotency key in hex.
#[pyfunction]
pub(crate) fn store_key(key: &Bound<'_, PyAny>) -> PyResult<String> {
    guard(key.py(), || Ok(hookproof::store_key(&text("the key", key)?)))
}

/// Returns a lease or a retention in whole milliseconds, at least one.
#[pyfunction]
pub(crate) fn store_millis(span: &Bound<'_, PyAny>) -> PyResult<i64> {
    guard(span.py(), || Ok(hookproof::store_millis(duration("the lease or the retention", span)?)))
}

/// Returns the source of a Lua script and its SHA-1 in hex; the name is `claim`, `complete` or `release`.
#[pyfunction]
pub(crate) fn redis_script(py: Python<'_>, name: &str) -> PyResult<(&'static str, String)> {
    guard(py, || {
        let found = RedisScript::ALL.into_iter().find(|script| script.name == name);
        let script = found.ok_or_else(|| invalid_option(py, "there is no script of that name"))?;
        Ok((script.source, script.sha1()))
    })
}

/// Returns the statements claim, state, complete, release and clear, and the statements that make the table.
///
/// The dialect is `postgresql` or `sqlite`, the style one of the DB-API's or `numeric_dollar`.
#[pyfunction]
pub(crate) fn sql_statements(
    dialect: &Bound<'_, PyAny>,
    style: &Bound<'_, PyAny>,
    table: &Bound<'_, PyAny>,
) -> PyResult<([Statement; 5], Vec<String>)> {
    let py = dialect.py();
    guard(py, || {
        let (dialect, style) = (text("the dialect", dialect)?, text("the paramstyle", style)?);
        let dialect = SqlDialect::named(&dialect)
            .ok_or_else(|| invalid_option(py, "the database is neither PostgreSQL nor SQLite"))?;
        let style = Placeholder::named(&style)
            .ok_or_else(|| invalid_option(py, "the paramstyle is none that the DB-API knows"))?;
        let all = hookproof::SqlStatements::new(dialect, style, &text("the table", table)?)
            .map_err(|error| raised(py, &error))?;
        let statements = [all.claim, all.state, all.complete, all.release, all.clear];
        Ok((statements.map(|SqlStatement { text, parameters }| (text, parameters)), all.schema))
    })
}
