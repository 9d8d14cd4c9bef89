//! What became of builds, and when: the audit.

use super::{BuildId, LedgerError, ours};
use crate::pg::{Row, Session, Sql};
use crate::report::build::BuildChange;

/// A build that was made, or went from one state to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// When, in RFC 3339.
    pub at: String,
    /// When, seconds since 1970.
    pub at_s: f64,
    /// Its projection.
    pub projection: String,
    /// Its schema.
    pub schema: String,
    /// The state it was in; `None` if it was made.
    pub from: Option<String>,
    /// The state it was in then.
    pub to: String,
    /// Who logged in, and the name of the connection.
    pub by: String,
}

impl Change {
    /// The change.
    #[must_use]
    pub fn report(&self) -> BuildChange {
        BuildChange {
            at: self.at.clone(),
            projection: self.projection.clone(),
            build: self.schema.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            by: self.by.clone(),
        }
    }
}

/// The newest changes of some builds, the newest first, and how many there are in all.
///
/// # Errors
/// The server refuses.
pub fn changes(
    session: &mut Session,
    builds: &[BuildId],
    limit: i64,
) -> Result<(Vec<Change>, i64), LedgerError> {
    let ids: Vec<i64> = builds.iter().map(|build| build.0).collect();
    let statement = ours(session, include_str!("changes.sql")).into_owned();
    let rows = session.query(&statement, &[&ids, &limit])?;
    let all = rows.first().map_or(0, |row| row.get("all_of_them"));
    Ok((rows.iter().map(from_row).collect(), all))
}

fn from_row(row: &Row) -> Change {
    Change {
        at: row.get("at"),
        at_s: row.get("at_s"),
        projection: row.get("projection"),
        schema: row.get("schema_name"),
        from: row.get("from_state"),
        to: row.get("to_state"),
        by: row.get("by"),
    }
}
