//! What is in a schema: tables, columns, indexes and views.
//!
//! Reads the catalog and nothing else. Names come back as [`Ident`]s, types as the
//! SQL text PostgreSQL itself prints.

use super::{PgError, Row, Sql, Transaction};
use crate::ident::{Ident, IdentError};
use crate::pg::history;

/// A relation and its columns in the order of the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The name without its schema.
    pub name: Ident,
    /// The columns.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// Its type with modifiers, such as `numeric(12,2)`.
    pub sql_type: String,
    /// Its default or identity, as SQL text; generated columns have none.
    pub default: Option<String>,
}

/// A secondary index: neither unique nor the backing of a constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The index's name.
    pub name: Ident,
    /// The statement that makes it again.
    pub definition: String,
}

/// A column of a table, and its part in what names the table's rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyColumn {
    /// Its name.
    pub name: Ident,
    /// Its type without modifiers, as SQL.
    pub base_type: String,
    /// Its number in the primary key, from 1.
    pub in_key: Option<i32>,
}

fn ident(row: &Row, column: usize) -> Ident {
    let name: String = row.get(column);
    Ident::new(name)
        .unwrap_or_else(|e: IdentError| unreachable!("the catalog holds valid names: {e}"))
}

fn relations(sql: &mut impl Sql, schema: &Ident, kinds: &str) -> Result<Vec<Relation>, PgError> {
    let rows = sql.query(
        include_str!("relations.sql"),
        &[&schema.as_str(), &kinds, &history::TABLE, &history::OWN_PREFIX],
    )?;
    let mut found: Vec<Relation> = Vec::new();
    for row in &rows {
        let name = ident(row, 0);
        if found.last().is_none_or(|r| r.name != name) {
            found.push(Relation { name, columns: Vec::new() });
        }
        if let Some(relation) = found.last_mut() {
            relation.columns.push(Column {
                name: ident(row, 1),
                sql_type: row.get(2),
                default: row.get(3),
            });
        }
    }
    Ok(found)
}

/// The schema's tables by name, without the history tables and without partitions.
///
/// # Errors
/// The server refuses.
pub fn tables(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<Relation>, PgError> {
    relations(sql, schema, "rp")
}

/// The columns of a table in the order of the catalog, with their parts in its primary key.
///
/// # Errors
/// The server refuses.
pub fn key_columns(
    sql: &mut impl Sql,
    schema: &Ident,
    table: &Ident,
) -> Result<Vec<KeyColumn>, PgError> {
    let rows = sql.query(include_str!("keys.sql"), &[&schema.quoted(), &table.as_str()])?;
    let column =
        |row: &Row| KeyColumn { name: ident(row, 0), base_type: row.get(1), in_key: row.get(2) };
    Ok(rows.iter().map(column).collect())
}

/// The schema's views by name.
///
/// # Errors
/// The server refuses.
pub fn views(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<Relation>, PgError> {
    relations(sql, schema, "v")
}

/// Views and materialised views of a schema that its own statements made, as `view v`.
///
/// # Errors
/// The server refuses.
pub fn derived(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<String>, PgError> {
    let rows = sql.query(
        "SELECT format('%s %I', CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, c.relname) \
           FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
          WHERE n.nspname = $1 AND c.relkind IN ('v', 'm') ORDER BY 1",
        &[&schema.as_str()],
    )?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The schema's secondary indexes by name, those whose definition is all there is to them. The
/// definitions name everything with its schema but what is the server's own: they are kept, and run
/// when another search path may be set.
///
/// # Errors
/// The server refuses.
pub fn secondary_indexes(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
) -> Result<Vec<Index>, PgError> {
    let path: String = transaction.query_one("SELECT current_setting('search_path')", &[])?.get(0);
    transaction.run("SET LOCAL search_path = pg_catalog, pg_temp")?;
    let rows = transaction.query(include_str!("secondary_indexes.sql"), &[&schema.as_str()])?;
    transaction.query("SELECT set_config('search_path', $1, true)", &[&path])?;
    Ok(rows.iter().map(|row| Index { name: ident(row, 0), definition: row.get(1) }).collect())
}

/// The schema's plain tables that do not set a fillfactor of their own.
///
/// # Errors
/// The server refuses.
pub fn tables_without_fillfactor(
    sql: &mut impl Sql,
    schema: &Ident,
) -> Result<Vec<Ident>, PgError> {
    let rows = sql.query(
        "SELECT c.relname::text FROM pg_catalog.pg_class c WHERE c.relnamespace = to_regnamespace($1) \
         AND c.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_options_to_table(c.reloptions) \
         WHERE option_name = 'fillfactor') ORDER BY 1",
        &[&schema.quoted()],
    )?;
    Ok(rows.iter().map(|row| ident(row, 0)).collect())
}

/// The schema's constraints that are checked at the end of a transaction.
///
/// # Errors
/// The server refuses.
pub fn deferred_constraints(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<Ident>, PgError> {
    let rows = sql.query(
        "SELECT conname::text FROM pg_catalog.pg_constraint \
         WHERE connamespace = to_regnamespace($1) AND condeferred ORDER BY 1",
        &[&schema.quoted()],
    )?;
    Ok(rows.iter().map(|row| ident(row, 0)).collect())
}
