use crate::error::{Code, Error};

/// A database that has what the statements need: `INSERT … ON CONFLICT … RETURNING`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SqlDialect {
    /// PostgreSQL 9.5 and later.
    PostgreSql,
    /// SQLite 3.35 and later.
    Sqlite,
}

impl SqlDialect {
    /// Returns the dialect of a name, `postgresql` or `sqlite`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "postgresql" => Some(Self::PostgreSql),
            "sqlite" => Some(Self::Sqlite),
            _ => None,
        }
    }

    /// Unix milliseconds of the server. Not `now()` of PostgreSQL: that is when the transaction began, and a lease
    /// that is taken in a long one would have ended before it was granted.
    fn now(self) -> &'static str {
        match self {
            Self::PostgreSql => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS bigint)",
            Self::Sqlite => "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)",
        }
    }

    /// Two that clear at once must not wait for each other, and least of all in opposite orders. SQLite has one
    /// writer at a time.
    fn skip_locked(self) -> &'static str {
        match self {
            Self::PostgreSql => "FOR UPDATE SKIP LOCKED",
            Self::Sqlite => "",
        }
    }
}

/// How a client of a database marks a value, by the names of Python's DB-API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Placeholder {
    /// `?`
    Qmark,
    /// `:1`
    Numeric,
    /// `$1`
    NumericDollar,
    /// `:owner`
    Named,
    /// `%s`
    Format,
    /// `%(owner)s`
    Pyformat,
}

impl Placeholder {
    /// Returns the style of a name such as `qmark` or `numeric_dollar`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "qmark" => Self::Qmark,
            "numeric" => Self::Numeric,
            "numeric_dollar" => Self::NumericDollar,
            "named" => Self::Named,
            "format" => Self::Format,
            "pyformat" => Self::Pyformat,
            _ => return None,
        })
    }

    fn mark(self, position: usize, name: &str) -> String {
        match self {
            Self::Qmark => "?".to_owned(),
            Self::Numeric => format!(":{position}"),
            Self::NumericDollar => format!("${position}"),
            Self::Named => format!(":{name}"),
            Self::Format => "%s".to_owned(),
            Self::Pyformat => format!("%({name})s"),
        }
    }
}

/// One statement, and the names of the values that its placeholders take, in their order and as often as they occur.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlStatement {
    /// The SQL.
    pub text: String,
    /// Names among `delivery`, `owner`, `millis` and `limit`.
    pub parameters: Vec<&'static str>,
}

/// The statements of a store on SQL, for one table.
#[derive(Clone, Debug)]
pub struct SqlStatements {
    /// Returns a row where the claim is new.
    pub claim: SqlStatement,
    /// Returns `running` or `done` of a delivery that was not new.
    pub state: SqlStatement,
    /// Changes one row, or none for a former owner.
    pub complete: SqlStatement,
    /// Deletes one row, or none for a former owner.
    pub release: SqlStatement,
    /// Deletes what has ended, at most `limit` rows.
    pub clear: SqlStatement,
    /// Make the table and its index where they are not there.
    pub schema: Vec<String>,
}

const PARAMETERS: [&str; 4] = ["delivery", "owner", "millis", "limit"];

/// PostgreSQL cuts off longer names, and two could become one. The index adds to the name of its table.
const LONGEST_NAME: usize = 63;
const INDEX_SUFFIX: &str = "_ends_at";

impl SqlStatements {
    /// Writes the statements for a table, whose name may have a schema before it: `hookproof_deliveries`,
    /// `billing.deliveries`.
    ///
    /// # Errors
    ///
    /// `invalid_option` for a name that is anything but letters, digits and underscores of ASCII, or too long.
    pub fn new(dialect: SqlDialect, placeholder: Placeholder, table: &str) -> Result<Self, Error> {
        let writer = Writer { dialect, placeholder, table: quoted(table)?, index: index(table) };
        let schema = writer.write(include_str!("scripts/schema.sql")).text;
        Ok(Self {
            claim: writer.write(include_str!("scripts/claim.sql")),
            state: writer.write(include_str!("scripts/state.sql")),
            complete: writer.write(include_str!("scripts/complete.sql")),
            release: writer.write(include_str!("scripts/release.sql")),
            clear: writer.write(include_str!("scripts/clear.sql")),
            schema: schema
                .split(';')
                .map(str::trim)
                .filter(|one| !one.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }
}

struct Writer {
    dialect: SqlDialect,
    placeholder: Placeholder,
    table: String,
    index: String,
}

impl Writer {
    fn write(&self, template: &str) -> SqlStatement {
        let lines: Vec<&str> = template.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
        let sql = lines
            .join("\n")
            .replace("{skip_locked}", self.dialect.skip_locked())
            .replace("{now}", self.dialect.now());
        let (text, parameters) = self.mark(&sql);
        // Names of the user's come last: nothing in them is taken for a part of the template.
        let text = text.replace("{index}", &self.index).replace("{table}", &self.table);
        SqlStatement { text: text.trim().to_owned(), parameters }
    }

    /// Puts the client's placeholders in the place of `:delivery` and the like.
    fn mark(&self, sql: &str) -> (String, Vec<&'static str>) {
        let (mut text, mut parameters) = (String::new(), Vec::new());
        let mut pieces = sql.split(':');
        text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let found = PARAMETERS.iter().find_map(|name| Some((*name, piece.strip_prefix(name)?)));
            let Some((name, rest)) = found else {
                text.push(':');
                text.push_str(piece);
                continue;
            };
            parameters.push(name);
            text.push_str(&self.placeholder.mark(parameters.len(), name));
            text.push_str(rest);
        }
        (text, parameters)
    }
}

/// Quotes the name of a table, so that it is one name in the case that it is written in.
fn quoted(table: &str) -> Result<String, Error> {
    let parts: Vec<&str> = table.split('.').collect();
    let longest = LONGEST_NAME.saturating_sub(INDEX_SUFFIX.len());
    let is_name = |part: &&str| {
        !part.is_empty()
            && part.len() <= longest
            && !part.starts_with(|first: char| first.is_ascii_digit())
            && part.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    if parts.len() > 2 || !parts.iter().all(is_name) {
        return Err(Error::new(
            Code::InvalidOption,
            format!(
                "the table is no name that is safe to write, expected up to {longest} ASCII letters, digits and \
                 underscores, with a schema and a dot before it or not"
            ),
        ));
    }
    Ok(format!("\"{}\"", parts.join("\".\"")))
}

/// An index stands in the schema of its table and is named without it.
fn index(table: &str) -> String {
    let name = table.rsplit('.').next().unwrap_or(table);
    format!("\"{name}{INDEX_SUFFIX}\"")
}

#[cfg(test)]
#[path = "statements_tests.rs"]
mod tests;
