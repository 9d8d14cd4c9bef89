//! The tables of a database, as far as presets ask about them.

use crate::pg::{PgError, Row, Session, Sql};

/// A table or view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its schema as SQL text, with quotes only where they are needed.
    pub schema_label: String,
    /// Both as SQL text, with quotes only where they are needed.
    pub label: String,
    /// Whether it is a partition or a child of another.
    pub is_part: bool,
    /// How many partitions or children it has.
    pub parts: i64,
    /// In their order.
    pub columns: Vec<Column>,
}

/// A column of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type, without lengths: `character varying`.
    pub ty: String,
    /// Whether it has a DEFAULT or is an identity.
    pub has_default: bool,
    /// Whether it is part of a unique index.
    pub is_unique: bool,
    /// Whether an index begins with it.
    pub is_indexed: bool,
}

impl Table {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// The table of that name as SQL text, or all of a database that are not the server's own.
///
/// # Errors
/// The server refuses.
pub fn look(session: &mut Session, name: Option<&str>) -> Result<Vec<Table>, PgError> {
    let rows = session.query(include_str!("tables.sql"), &[&name])?;
    let mut tables: Vec<Table> = Vec::new();
    for row in &rows {
        let label: String = row.get("label");
        if tables.last().is_none_or(|last| last.label != label) {
            tables.push(Table {
                schema: row.get("schema"),
                name: row.get("name"),
                schema_label: row.get("schema_label"),
                label,
                is_part: row.get("is_part"),
                parts: row.get("parts"),
                columns: Vec::new(),
            });
        }
        tables.last_mut().expect("one was pushed").columns.push(Column::from(row));
    }
    Ok(tables)
}

impl From<&Row> for Column {
    fn from(row: &Row) -> Column {
        Column {
            name: row.get("column_name"),
            ty: row.get("type"),
            has_default: row.get("has_default"),
            is_unique: row.get("is_unique"),
            is_indexed: row.get("is_indexed"),
        }
    }
}
