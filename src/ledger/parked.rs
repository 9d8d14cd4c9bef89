//! Events that a build could not apply and put aside.

use super::{BuildId, LedgerError, ours};
use crate::event::Position;
use crate::failure::Failure;
use crate::pg::{Row, Sql, failpoint};
use crate::report::parked::{ParkedFailure, ParkedReport};

/// The parked events of a build up to a position, in the order of the log.
///
/// # Errors
/// The server refuses.
pub fn parked(
    sql: &mut impl Sql,
    id: BuildId,
    until: Position,
) -> Result<Vec<Failure>, LedgerError> {
    let statement = "SELECT position, part, stream_id, stream_version, event_type, schema_version, code, \
                     place, sqlstate, message, detail FROM regrow.parked_events \
                     WHERE build_id = $1 AND position <= $2 ORDER BY position, part";
    let rows = sql.query(&ours(sql, statement), &[&id.0, &until.0])?;
    rows.iter().map(from_row).collect()
}

/// Takes events of one build from those that are parked; each by its position and part.
///
/// # Errors
/// The server refuses.
pub fn unpark(
    sql: &mut impl Sql,
    id: BuildId,
    events: &[(Position, u32)],
) -> Result<(), LedgerError> {
    let positions: Vec<i64> = events.iter().map(|(position, _)| position.0).collect();
    let parts: Vec<i32> =
        events.iter().map(|(_, part)| i32::try_from(*part).unwrap_or(i32::MAX)).collect();
    let statement = "DELETE FROM regrow.parked_events p USING unnest($2::bigint[], $3::integer[]) AS e(position, part) \
                     WHERE p.build_id = $1 AND p.position = e.position AND p.part = e.part";
    sql.execute(&ours(sql, statement), &[&id.0, &positions, &parts])?;
    Ok(())
}

/// A parked event and the build that it was parked by.
#[derive(Debug, Clone, PartialEq)]
pub struct ParkedEvent {
    /// The build's schema.
    pub build: String,
    /// When it was parked, in RFC 3339.
    pub at: String,
    /// The event, and why.
    pub failure: Failure,
}

impl ParkedEvent {
    /// The event, and why.
    #[must_use]
    pub fn report(&self) -> ParkedReport {
        ParkedReport {
            failure: ParkedFailure::from(&self.failure),
            build: self.build.clone(),
            parked_at: self.at.clone(),
        }
    }
}

/// The parked events of builds that are not dropped, the newest first, and no more than `limit`; of some builds, if they
/// are named by their schemas.
///
/// # Errors
/// The server refuses.
pub fn newest_parked(
    sql: &mut impl Sql,
    builds: Option<&[String]>,
    limit: i64,
) -> Result<Vec<ParkedEvent>, LedgerError> {
    let statement = "SELECT b.schema_name::text AS build, \
                     to_char(p.parked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') AS at, \
                     p.position, p.part, p.stream_id, p.stream_version, p.event_type, p.schema_version, p.code, \
                     p.place, p.sqlstate, p.message, p.detail \
                     FROM regrow.parked_events p JOIN regrow.build b ON b.id = p.build_id \
                     WHERE b.state <> 'dropped' AND ($1::text[] IS NULL OR b.schema_name::text = ANY ($1)) \
                     ORDER BY p.parked_at DESC, p.position DESC, p.part DESC LIMIT $2";
    let statement = ours(sql, statement).into_owned();
    let rows = sql.query(&statement, &[&builds, &limit])?;
    let event = |row: &Row| {
        Ok(ParkedEvent { build: row.get("build"), at: row.get("at"), failure: from_row(row)? })
    };
    rows.iter().map(event).collect()
}

/// Forgets parked events of builds: those of a position, or all; gives how many.
///
/// # Errors
/// The server refuses.
pub fn drop_parked(
    sql: &mut impl Sql,
    builds: &[BuildId],
    position: Option<Position>,
) -> Result<i64, LedgerError> {
    let ids: Vec<i64> = builds.iter().map(|build| build.0).collect();
    let statement = "DELETE FROM regrow.parked_events \
                     WHERE build_id = ANY ($1) AND ($2::bigint IS NULL OR position = $2)";
    let statement = ours(sql, statement).into_owned();
    let dropped = failpoint::around("ledger::drop_parked", || {
        sql.execute(&statement, &[&ids, &position.map(|p| p.0)])
    })?;
    Ok(i64::try_from(dropped).unwrap_or(i64::MAX))
}

fn from_row(row: &Row) -> Result<Failure, LedgerError> {
    let code: String = row.get("code");
    let known = serde_json::from_value(serde_json::Value::String(code.clone()));
    let unreadable = |_| LedgerError::Unreadable { what: format!("the code {code:?}") };
    let part: i32 = row.get("part");
    Ok(Failure {
        code: known.map_err(unreadable)?,
        position: row.get("position"),
        part: u32::try_from(part).unwrap_or_default(),
        stream_id: row.get("stream_id"),
        stream_version: row.get("stream_version"),
        event_type: row.get("event_type"),
        schema_version: row.get("schema_version"),
        place: row.get("place"),
        sqlstate: row.get("sqlstate"),
        message: row.get("message"),
        detail: row.get("detail"),
        ..Failure::default()
    })
}
