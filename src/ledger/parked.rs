//! Events that a build could not apply and put aside.

use super::{BuildId, LedgerError, ours};
use crate::event::Position;
use crate::failure::Failure;
use crate::pg::{Row, Sql};

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
