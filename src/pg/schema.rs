//! Reads a [`Schema`] from the catalog.
//!
//! One statement gives everything, because this runs after each migration; `schema.sql`
//! says how definitions come out alike in every schema. Handlers are compiled for less than that. What the facts mean is not known
//! here. What is not read is listed in [`crate::schema::NOT_READ`].

use super::history::{OWN_PREFIX, OWN_TABLES, TABLE};
use super::{PgError, Sql, types};
use crate::handler::function::NAME as APPLY;
use crate::ident::Ident;
use crate::schema::Schema;

/// Everything the catalog says of one schema; an empty value where it does not exist.
///
/// It sees DDL of the transaction it is called in, and leaves `search_path` as it was.
///
/// # Errors
/// The server refuses or the connection is lost.
pub fn read(sql: &mut impl Sql, schema: &Ident) -> Result<Schema, PgError> {
    read_with(sql, schema, include_str!("schema_compared.sql"))
}

/// Its tables, indexes, triggers, views and routines: what handlers are compiled for, in a third of the time. It is
/// not to be compared with anything.
///
/// # Errors
/// The server refuses or the connection is lost.
pub fn read_for_handlers(sql: &mut impl Sql, schema: &Ident) -> Result<Schema, PgError> {
    read_with(sql, schema, "")
}

fn read_with(sql: &mut impl Sql, schema: &Ident, compared: &str) -> Result<Schema, PgError> {
    // What regrow keeps in a schema is no part of its lineage: its tables, a build's function.
    let tables = OWN_TABLES.join("|");
    let own = format!("^({TABLE}|{OWN_PREFIX}({tables})|{APPLY})$");
    let ask = include_str!("schema.sql").replacen("  {compared}\n", compared, 1);
    let found = sql.query_opt(&ask, &[&schema.as_str(), &own, &APPLY, &types::SCHEMA_PATTERN])?;
    let Some(row) = found else { return Ok(Schema::default()) };
    let facts: String = row.get(0);
    Ok(Schema::from_json(&facts)
        .unwrap_or_else(|e| unreachable!("schema.sql and the value name the same fields: {e}")))
}
