//! The tables a program keeps in memory (`catalog` describes them).

use super::expr::Expr;
use super::rejection::{Reason, Refused, refuse};
use crate::cell::{Cell, CellType};

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name, not quoted.
    pub name: String,
    /// Its columns in order, without those PostgreSQL generates.
    pub columns: Vec<Column>,
    /// The primary key: indexes into `columns`.
    pub key: Vec<usize>,
    /// What must not be false of a row: its CHECK constraints.
    pub checks: Vec<Expr>,
    /// What must have a value: the expressions of generated columns, and of partial indexes.
    pub computed: Vec<Expr>,
    /// The names of the generated columns.
    pub generated: Vec<String>,
    /// Columns that are part of an index: indexes into `columns`.
    pub indexed: Vec<usize>,
    /// Why no handler that touches it can run natively, in words that follow its name.
    pub obstacle: Option<String>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name, not quoted.
    pub name: String,
    /// Its type.
    pub ty: CellType,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// Its default, where it is constant; else why not.
    pub default: Result<Cell, String>,
}

impl Column {
    pub(super) fn default_value(&self) -> Result<Expr, Refused> {
        match &self.default {
            Ok(cell) => Ok(Expr::Const(cell.clone())),
            Err(reason) => refuse(Reason::Default(self.name.clone(), reason.clone())),
        }
    }
}

impl Table {
    /// Whether it has a column of that name, generated or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|c| c.name == name) || self.generated.iter().any(|g| g == name)
    }

    pub(super) fn index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}
