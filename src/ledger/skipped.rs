//! Events that a build could not apply and goes on without: which they are, and how many.
//!
//! The number stands in the checkpoint, and changes with the rows of `skipped_events` only, by as many as there are
//! more or fewer: an event that is met again is not counted again.

use super::{Build, BuildId, LedgerError, hold, ours};
use crate::event::Position;
use crate::failure::{Failure, FailureCode, UNKNOWN_NUMBER};
use crate::pg::{Row, Sql};

/// Counts events that are left out, in the transaction of the checkpoint behind them.
///
/// # Errors
/// The server refuses.
pub fn skip(sql: &mut impl Sql, id: BuildId, events: &[Failure]) -> Result<(), LedgerError> {
    if events.is_empty() {
        return Ok(());
    }
    let positions: Vec<i64> = events.iter().map(|one| one.position).collect();
    let parts: Vec<i32> = events.iter().map(|one| part_of(one.part)).collect();
    let types: Vec<&str> = events.iter().map(|one| one.event_type.as_str()).collect();
    let versions: Vec<i32> = events.iter().map(|one| one.schema_version).collect();
    let codes: Vec<&str> = events.iter().map(|one| one.code.name()).collect();
    let places: Vec<Option<&str>> = events.iter().map(|one| one.place.as_deref()).collect();
    sql.execute(
        &ours(sql, include_str!("skip.sql")),
        &[&id.0, &positions, &parts, &types, &versions, &codes, &places],
    )?;
    Ok(())
}

/// Takes events of one build from those that are left out, since they are applied now; each by its position and part.
///
/// # Errors
/// The server refuses.
pub fn unskip(
    sql: &mut impl Sql,
    id: BuildId,
    events: &[(Position, u32)],
) -> Result<(), LedgerError> {
    if events.is_empty() {
        return Ok(());
    }
    let positions: Vec<i64> = events.iter().map(|(position, _)| position.0).collect();
    let parts: Vec<i32> = events.iter().map(|(_, part)| part_of(*part)).collect();
    sql.execute(&ours(sql, include_str!("unskip.sql")), &[&id.0, &positions, &parts])?;
    Ok(())
}

/// The events up to a position that a build is without, in the order of the log. Nothing is known of their streams, and
/// of why they failed only the kind and the place.
///
/// # Errors
/// The server refuses.
pub fn skipped(
    sql: &mut impl Sql,
    build: &Build,
    until: Position,
) -> Result<Vec<Failure>, LedgerError> {
    // An older ledger has no such table, and none to tell.
    if build.skipped == 0 {
        return Ok(Vec::new());
    }
    let statement = "SELECT position, part, event_type, schema_version, code, place \
                     FROM regrow.skipped_events WHERE build_id = $1 AND position <= $2 \
                     ORDER BY position, part";
    let rows = sql.query(&ours(sql, statement), &[&build.id.0, &until.0])?;
    rows.iter().map(from_row).collect()
}

/// Events of one kind that a build is without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedKind {
    /// Their type in the log.
    pub event_type: String,
    /// Their schema version in the log.
    pub schema_version: i32,
    /// What kind of failure it is.
    pub code: String,
    /// The handler's statement or the upcaster's step, if one is to blame.
    pub place: Option<String>,
    /// How many there are.
    pub events: i64,
    /// The position of the first.
    pub first: Position,
    /// The position of the last.
    pub last: Position,
}

/// What a build is without, by type, version, kind of failure and place: the largest groups first, and no more than
/// `limit`.
///
/// # Errors
/// The server refuses.
pub fn skipped_kinds(
    sql: &mut impl Sql,
    build: &Build,
    limit: i64,
) -> Result<Vec<SkippedKind>, LedgerError> {
    if build.skipped == 0 {
        return Ok(Vec::new());
    }
    let statement = "SELECT event_type, schema_version, code, place, count(*) AS events, \
                     min(position) AS first, max(position) AS last \
                     FROM regrow.skipped_events WHERE build_id = $1 \
                     GROUP BY event_type, schema_version, code, place \
                     ORDER BY events DESC, first, code LIMIT $2";
    let rows = sql.query(&ours(sql, statement), &[&build.id.0, &limit])?;
    let kind = |row: &Row| SkippedKind {
        event_type: row.get("event_type"),
        schema_version: row.get("schema_version"),
        code: row.get("code"),
        place: row.get("place"),
        events: row.get("events"),
        first: Position(row.get("first")),
        last: Position(row.get("last")),
    };
    Ok(rows.iter().map(kind).collect())
}

/// The positions of events that one of two builds is without and the other not, for each of both.
///
/// # Errors
/// The server refuses.
pub fn skipped_apart(
    sql: &mut impl Sql,
    builds: [&Build; 2],
) -> Result<[Vec<i64>; 2], LedgerError> {
    if builds.iter().all(|build| build.skipped == 0) {
        return Ok([Vec::new(), Vec::new()]);
    }
    hold::apart(sql, "skipped_events", builds.map(|build| build.id))
}

/// Forgets what a build that is dropped was without.
///
/// # Errors
/// The server refuses.
pub fn forget_skipped(sql: &mut impl Sql, id: BuildId) -> Result<(), LedgerError> {
    let statement = "DELETE FROM regrow.skipped_events WHERE build_id = $1";
    sql.execute(&ours(sql, statement), &[&id.0])?;
    let none = "UPDATE regrow.checkpoint SET events_skipped = 0 WHERE build_id = $1 AND events_skipped > 0";
    sql.execute(&ours(sql, none), &[&id.0])?;
    Ok(())
}

fn part_of(part: u32) -> i32 {
    i32::try_from(part).unwrap_or(i32::MAX)
}

fn from_row(row: &Row) -> Result<Failure, LedgerError> {
    let name: String = row.get("code");
    let known = serde_json::from_value(serde_json::Value::String(name.clone()));
    let code: FailureCode =
        known.map_err(|_| LedgerError::Unreadable { what: format!("the code {name:?}") })?;
    let part: i32 = row.get("part");
    Ok(Failure {
        code,
        position: row.get("position"),
        part: u32::try_from(part).unwrap_or_default(),
        stream_version: UNKNOWN_NUMBER,
        event_type: row.get("event_type"),
        schema_version: row.get("schema_version"),
        place: row.get("place"),
        message: code.meaning().trim_end_matches('.').to_owned(),
        ..Failure::default()
    })
}
