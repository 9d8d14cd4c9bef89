//! The native subset: handlers compiled to a fold over rows in memory.
//!
//! Owns which SQL is in the subset, the typed program it becomes, and the one list of reasons
//! why a statement is not in it. A program gives exactly what PostgreSQL would, or stops
//! without having changed anything ([`Stop`]): whatever is odd at run time, an overflow, a text
//! that may not be a date, is left to the sql engine, whose verdict counts. It knows no
//! database and holds no row; tables are described to it ([`tables`]).
//!
//! | room | what it turns into what |
//! |---|---|
//! | [`tables`] | the catalog's facts into tables a program can keep |
//! | `syntax` | a parsed statement's clauses into the few that are in the subset |
//! | `typing`, `literals`, `calls`, `precedence` | an expression of the parser into an [`Expr`] with its type |
//! | `keys` | conditions into keys, and SELECTs into look-ups |
//! | `statements` | a statement into a [`Statement`] |
//! | [`expr`], `operators`, `walk` | an [`Expr`] and an event into a value |
//! | `rejection` | what is not in the subset into a [`Rejection`] |
//! | [`route`] | a program into what binds the rows of its tables to events |

mod calls;
pub mod catalog;
pub mod evaluate;
pub mod expr;
pub mod functions;
mod keys;
mod literals;
mod operators;
mod precedence;
mod rejection;
pub mod route;
mod statements;
mod syntax;
pub mod tables;
mod typed;
mod typing;
mod walk;

use std::collections::BTreeSet;

pub use expr::{Expr, Miss, Rows, Scope, Stop};
pub use rejection::Rejection;
pub use tables::{Column, Table};

use super::Handlers;
use super::function::{Slot, StatementTypes};

/// Handlers as a fold.
#[derive(Debug)]
pub struct Program {
    /// The tables, by the index that expressions and statements use.
    pub tables: Vec<Table>,
    /// For each handler by its index: its statements, or why it runs in SQL.
    pub handlers: Vec<Result<Vec<Statement>, Vec<Rejection>>>,
}

/// One statement.
#[derive(Debug)]
pub struct Statement {
    /// The table it writes.
    pub table: usize,
    /// What it does.
    pub action: Action,
    /// Which of its handler's statements it is of.
    pub nth: usize,
}

/// What a statement does to its table.
#[derive(Debug)]
pub enum Action {
    /// Adds a row.
    Insert {
        /// The value of each column, in the order of the table and of the column's type.
        values: Vec<Expr>,
        /// What happens when the key is there.
        conflict: Conflict,
    },
    /// Changes rows.
    Update {
        /// Which.
        target: Target,
        /// What must be true whatever the row; it is looked at even where there is none.
        gates: Vec<Expr>,
        /// What else must be true of a row.
        conditions: Vec<Expr>,
        /// New values by column, of the column's type.
        set: Vec<(usize, Expr)>,
    },
    /// Takes rows away.
    Delete {
        /// Which.
        target: Target,
        /// What must be true whatever the row; it is looked at even where there is none.
        gates: Vec<Expr>,
        /// What else must be true of a row.
        conditions: Vec<Expr>,
    },
}

/// What an INSERT does when its key is there.
#[derive(Debug)]
pub enum Conflict {
    /// It fails.
    Fail,
    /// `DO NOTHING`.
    Nothing,
    /// `DO UPDATE`.
    Update {
        /// Its WHERE.
        conditions: Vec<Expr>,
        /// New values by column; EXCLUDED is the row that was to be added.
        set: Vec<(usize, Expr)>,
    },
}

/// The rows an UPDATE or DELETE is about.
#[derive(Debug)]
pub enum Target {
    /// The row with this key.
    Key(Vec<Expr>),
    /// Every row with this value in a column.
    Column {
        /// The column.
        column: usize,
        /// Its value.
        value: Expr,
    },
}

impl Program {
    /// Compiles handlers against tables. `types` and `slots` are those of the generated function.
    #[must_use]
    pub fn compile(
        tables: Vec<Table>,
        handlers: &Handlers,
        types: &[Vec<StatementTypes>],
        slots: &[Vec<Slot>],
    ) -> Program {
        let compiled = handlers
            .handlers
            .iter()
            .zip(types.iter().zip(slots))
            .map(|(handler, (types, slots))| {
                statements::compile(&tables, &handlers.file, handler, types, slots)
            })
            .collect();
        Program { tables, handlers: compiled }
    }

    /// Why handlers run in SQL, in the order of the file; empty if none does.
    pub fn rejections(&self) -> impl Iterator<Item = &Rejection> {
        self.handlers.iter().filter_map(|h| h.as_ref().err()).flatten()
    }

    /// The columns of a table by which rows are looked for besides its key.
    #[must_use]
    pub fn columns_searched(&self, table: usize) -> BTreeSet<usize> {
        let statements = self.handlers.iter().flatten().flatten();
        let searched = statements.filter(|s| s.table == table).filter_map(|s| match &s.action {
            Action::Update { target: Target::Column { column, .. }, .. }
            | Action::Delete { target: Target::Column { column, .. }, .. } => Some(*column),
            _ => None,
        });
        searched.collect()
    }
}

#[cfg(test)]
mod tests;
