//! Rows of tables, as texts that can be compared.

use std::collections::BTreeMap;

use crate::ident::Ident;
use crate::pg::{PgError, Sql, Transaction};

/// A table and its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its rows, each with a value a column; `None` is NULL.
    pub rows: Vec<Vec<Option<String>>>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, as PostgreSQL writes it.
    pub ty: String,
    /// Whether it is part of the primary key.
    pub in_key: bool,
}

impl Column {
    /// The value of an expression of the column's type as text: one text for equal numbers and documents.
    fn plain(&self, expression: &str) -> String {
        match self.ty.as_str() {
            ty if ty == "numeric" || ty.starts_with("numeric(") => {
                format!("pg_catalog.trim_scale({expression})::pg_catalog.text")
            }
            "json" => format!("{expression}::pg_catalog.jsonb::pg_catalog.text"),
            _ => format!("{expression}::pg_catalog.text"),
        }
    }
}

const COLUMNS: &str = "SELECT a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), \
        COALESCE(a.attnum = ANY (i.indkey), false) \
   FROM pg_catalog.pg_attribute a \
   LEFT JOIN pg_catalog.pg_index i ON i.indrelid = a.attrelid AND i.indisprimary \
  WHERE a.attrelid = pg_catalog.to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped \
  ORDER BY a.attnum";

/// What tables hold.
///
/// # Errors
/// The server refuses.
pub fn all(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    tables: &[Ident],
) -> Result<BTreeMap<String, Table>, PgError> {
    let mut found = BTreeMap::new();
    for table in tables {
        let path = schema.dot(table);
        let columns: Vec<Column> = transaction
            .query(COLUMNS, &[&path])?
            .iter()
            .map(|row| Column { name: row.get(0), ty: row.get(1), in_key: row.get(2) })
            .collect();
        let quoted =
            |column: &Column| format!("regrow$row.{}", crate::ident::quote_ident(&column.name));
        let list: Vec<String> =
            columns.iter().map(|column| column.plain(&quoted(column))).collect();
        let order: Vec<String> = (1..=columns.len()).map(|number| number.to_string()).collect();
        let rows = match columns.is_empty() {
            true => Vec::new(),
            false => {
                let sql = format!(
                    "SELECT {} FROM {path} AS regrow$row ORDER BY {}",
                    list.join(", "),
                    order.join(", ")
                );
                let rows = transaction.query(&sql, &[])?;
                rows.iter().map(|row| (0..columns.len()).map(|n| row.get(n)).collect()).collect()
            }
        };
        found.insert(table.as_str().to_owned(), Table { columns, rows });
    }
    Ok(found)
}

/// A value that is expected, as the column would hold it.
///
/// # Errors
/// PostgreSQL does not read it as a value of the column's type, or the connection is lost.
pub fn expected(
    transaction: &mut Transaction<'_>,
    column: &Column,
    text: &str,
) -> Result<Option<String>, PgError> {
    let value = column.plain(&format!("CAST($1::pg_catalog.text AS {})", column.ty));
    Ok(transaction.query_one(&format!("SELECT {value}"), &[&text])?.get(0))
}
