//! What each build is made of, so that dropping it takes nothing else.

use std::collections::BTreeSet;

use super::{BuildId, LedgerError, ours};
use crate::ident::Ident;
use crate::pg::Sql;
use crate::pg::footprint::Object;

/// What is written down, beside the objects of a build, of a type that it shares with others: its schema.
const SHARED_TYPE: &str = "shared type";

/// A type that a build shares, among its objects.
#[must_use]
pub fn shared_type(schema: &Ident) -> Object {
    Object { kind: SHARED_TYPE.to_owned(), identity: schema.to_string() }
}

/// Whether it is one of these, which no schema of a build holds.
#[must_use]
pub fn is_shared_type(object: &Object) -> bool {
    object.kind == SHARED_TYPE
}

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

/// Whether the ledger has what builds are made of: an older one has not.
///
/// # Errors
/// The server refuses.
pub fn knows_objects(sql: &mut impl Sql) -> Result<bool, LedgerError> {
    let knows = "SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                  WHERE n.nspname = $1 AND c.relname = 'build_object')";
    let ledger = sql.ledger().as_str().to_owned();
    Ok(sql.query_one(knows, &[&ledger])?.get(0))
}

/// The schemas of the types that builds of a projection share; none in an older ledger.
///
/// # Errors
/// The server refuses.
pub fn type_schemas(sql: &mut impl Sql, projection: &str) -> Result<Vec<Ident>, LedgerError> {
    if !knows_objects(sql)? {
        return Ok(Vec::new());
    }
    let schemas = "SELECT DISTINCT o.identity FROM regrow.build_object o JOIN regrow.build b ON b.id = o.build_id \
                    WHERE o.kind = $1 AND b.projection = $2 AND b.state <> 'dropped' ORDER BY 1";
    let rows = sql.query(&ours(sql, schemas), &[&SHARED_TYPE, &projection])?;
    rows.iter().map(|row| Ok(Ident::new(row.get::<_, String>(0))?)).collect()
}

/// The schemas of the types that these builds use and no other build does.
///
/// # Errors
/// The server refuses.
pub fn type_schemas_left_by(
    sql: &mut impl Sql,
    builds: &[BuildId],
) -> Result<Vec<Ident>, LedgerError> {
    let left = "SELECT identity FROM regrow.build_object WHERE kind = $1 \
                 GROUP BY identity HAVING bool_and(build_id = ANY ($2)) ORDER BY 1";
    let ids: Vec<i64> = builds.iter().map(|id| id.0).collect();
    let rows = sql.query(&ours(sql, left), &[&SHARED_TYPE, &ids])?;
    rows.iter().map(|row| Ok(Ident::new(row.get::<_, String>(0))?)).collect()
}
