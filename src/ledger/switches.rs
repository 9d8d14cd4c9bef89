//! What readers were switched to, and when: promotes and rollbacks, from the audit.

use super::{LedgerError, ours};
use crate::pg::{Row, Session, Sql};

/// A build that became live.
#[derive(Debug, Clone, PartialEq)]
pub struct Switch {
    /// Its projection.
    pub projection: String,
    /// Its schema.
    pub schema: String,
    /// Whether readers had seen it before.
    pub is_back: bool,
    /// When, in RFC 3339.
    pub at: String,
    /// When, seconds since 1970.
    pub at_s: f64,
    /// Who logged in, and the name of the connection.
    pub by: String,
}

/// The newest switches of each projection, the newest first.
///
/// # Errors
/// The server refuses.
pub fn switches(session: &mut Session, of_each: i64) -> Result<Vec<Switch>, LedgerError> {
    let statement = ours(session, include_str!("switches.sql")).into_owned();
    Ok(session.query(&statement, &[&of_each])?.iter().map(from_row).collect())
}

fn from_row(row: &Row) -> Switch {
    Switch {
        projection: row.get("projection"),
        schema: row.get("schema_name"),
        is_back: row.get("is_back"),
        at: row.get("at"),
        at_s: row.get("at_s"),
        by: row.get("by"),
    }
}

/// What time it is by the clock of the ledger's server, in RFC 3339.
///
/// # Errors
/// The server refuses.
pub fn now(session: &mut Session) -> Result<String, LedgerError> {
    let statement =
        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
    Ok(session.query_one(statement, &[])?.get(0))
}
