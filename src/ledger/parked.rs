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
