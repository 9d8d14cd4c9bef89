//! What each build is made of, so that dropping it takes nothing else.

use std::collections::BTreeSet;

use super::{BuildId, LedgerError, ours};
use crate::pg::Sql;
use crate::pg::footprint::Object;

/// Writes down that these objects are a build's, and no others.
///
/// # Errors
/// The server refuses.
pub fn record_objects(
    sql: &mut impl Sql,
    id: BuildId,
    objects: &BTreeSet<Object>,
) -> Result<(), LedgerError> {
    let kinds: Vec<&str> = objects.iter().map(|o| o.kind.as_str()).collect();
    let identities: Vec<&str> = objects.iter().map(|o| o.identity.as_str()).collect();
    let forget = ours(sql, "DELETE FROM regrow.build_object WHERE build_id = $1");
    sql.execute(&forget, &[&id.0])?;
    let write = ours(
        sql,
        "INSERT INTO regrow.build_object (build_id, kind, identity) \
         SELECT $1, o.kind, o.identity FROM unnest($2::text[], $3::text[]) AS o (kind, identity)",
    );
    sql.execute(&write, &[&id.0, &kinds, &identities])?;
    Ok(())
}

/// What was written down of a build; nothing if an older regrow made it.
///
/// # Errors
/// The server refuses.
pub fn own_objects(sql: &mut impl Sql, id: BuildId) -> Result<BTreeSet<Object>, LedgerError> {
    let objects = "SELECT kind, identity FROM regrow.build_object WHERE build_id = $1";
    let rows = sql.query(&ours(sql, objects), &[&id.0])?;
    Ok(rows.iter().map(|row| Object { kind: row.get(0), identity: row.get(1) }).collect())
}
