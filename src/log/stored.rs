//! Whether the server hands payloads out as it stores them.
//!
//! Turning `jsonb` into text is half of what reading a log costs the server. A superuser can let it hand
//! out the bytes instead (`docs/decisions/0014`); nothing here makes that choice. Owns looking whether
//! it was made, and whether the bytes are what [`crate::value::jsonb`] takes them for.

use crate::pg::{PgError, Session, Sql};
use crate::value::jsonb::probe;

/// What a superuser runs in the log's database so that they can be, and nothing else: a cast like this
/// is made only where somebody writes it.
pub const CREATE_CAST: &str = "CREATE CAST (jsonb AS bytea) WITHOUT FUNCTION";

/// Whether payloads are read as they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stored {
    /// They are.
    Read,
    /// They would be if there were the cast.
    Possible,
    /// They cannot be.
    Impossible,
}

/// The cast that changes no byte, if there is one of these types, and whether strings are UTF-8: a
/// value holds them in the encoding of the database.
const LOOK: &str = "SELECT (SELECT castmethod = 'b' FROM pg_catalog.pg_cast \
     WHERE castsource = 'pg_catalog.jsonb'::pg_catalog.regtype \
     AND casttarget = 'pg_catalog.bytea'::pg_catalog.regtype), \
     pg_catalog.current_setting('server_encoding') = 'UTF8'";

/// Looks.
///
/// # Errors
/// The server refuses.
pub(super) fn look(session: &mut Session) -> Result<Stored, PgError> {
    let row = session.query_one(LOOK, &[])?;
    match (row.get(0), row.get(1)) {
        (None, true) => Ok(Stored::Possible),
        (Some(true), true) => try_out(session),
        _ => Ok(Stored::Impossible),
    }
}

/// The server stores a value that has everything, and says what it is as text.
fn try_out(session: &mut Session) -> Result<Stored, PgError> {
    let sql = "SELECT probe.value::bytea, probe.value::text \
         FROM (SELECT $1::text::jsonb AS value) AS probe";
    let row = session.query_one(sql, &[&probe::VALUE])?;
    match probe::agrees(row.get(0), row.get(1)) {
        true => Ok(Stored::Read),
        false => Ok(Stored::Impossible),
    }
}
