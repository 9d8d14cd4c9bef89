//! The first rows of large tables, of which a second session writes half.
//!
//! A COPY keeps one core of the server busy, and behind a replay there is nothing else to do. Two
//! transactions do not commit as one, so the half of the second goes first, and what takes it back
//! is in the ledger until the checkpoint's transaction, which writes the rest, takes it off the
//! list. Only empty tables that nobody looks at yet are written so: to take back is to truncate.

use std::sync::mpsc::channel;
use std::thread::{Scope, ScopedJoinHandle};

use super::Native;
use super::fold::Fold;
use super::store::{State as Row, Table};
use super::write_back::set_aside;
use crate::ledger::{self, Build, LedgerError, State};
use crate::pg::{Session, Sql};
use crate::rebuild::sharing::beside;

/// From so many rows on a second session is worth its opening and the commit before it.
const MANY: usize = 30_000;

/// Tables that are loaded by halves.
pub struct Load {
    /// Which.
    pub tables: Vec<usize>,
    /// The statements that make their indexes again.
    pub indexes: Vec<String>,
    second: Session,
}

/// Why a half is not written.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// It could not be taken back.
    #[error("somebody else has moved the build")]
    Fenced,
}

/// The rows of a table that a load is about, and how many of them are the second session's.
pub fn halves(table: &Table) -> (impl Iterator<Item = u32>, usize) {
    (table.rows_in(Row::New), table.rows_in(Row::New).count() / 2)
}

impl Load {
    /// Takes the indexes of large empty tables away, behind what brings them back. `None` where
    /// there is no such table, or no second session to be had: one can do it too.
    ///
    /// # Errors
    /// The server refuses, or somebody else has moved the build.
    pub fn set_out(
        native: &Native,
        fold: &Fold,
        build: &Build,
        session: &mut Session,
    ) -> Result<Option<Load>, LoadError> {
        let is_large = |t: &Table| t.is_whole() && !t.was_written() && t.dirty() >= MANY;
        let large = fold.tables.iter().enumerate().filter(|(_, table)| is_large(table));
        let tables: Vec<usize> = large.map(|(index, _)| index).collect();
        if tables.is_empty() || build.state != State::Replaying {
            return Ok(None);
        }
        let Ok(second) = beside(session, "load") else { return Ok(None) };
        let mut transaction = session.begin().map_err(LedgerError::from)?;
        let mut indexes = Vec::new();
        for table in &tables {
            let name = native.table_name(*table);
            ledger::at_undo(&mut transaction, build.id, &format!("TRUNCATE {name}"))?;
            for statement in set_aside(&mut transaction, &name).map_err(LedgerError::from)? {
                ledger::at_undo(&mut transaction, build.id, &statement)?;
                indexes.push(statement);
            }
        }
        if !ledger::is_undoable(&mut transaction, build)? {
            return Err(LoadError::Fenced);
        }
        transaction.commit("load::set_out").map_err(LedgerError::from)?;
        Ok(Some(Load { tables, indexes, second }))
    }

    /// Writes and commits the second session's rows, in a thread that has its locks when this
    /// returns: it waits for nobody who waits for the transaction that is begun next.
    pub fn begin<'s>(
        &'s mut self,
        scope: &'s Scope<'s, '_>,
        (native, fold, build): (&'s Native, &'s Fold, &'s Build),
    ) -> ScopedJoinHandle<'s, Result<(), LoadError>> {
        let (begun, has_begun) = channel::<()>();
        let half = scope.spawn(move || self.write(native, fold, build, move || drop(begun)));
        // Nothing is ever sent: the end of the channel tells, and of a thread that failed, too.
        let _ = has_begun.recv();
        half
    }

    fn write(
        &mut self,
        native: &Native,
        fold: &Fold,
        build: &Build,
        begun: impl FnOnce(),
    ) -> Result<(), LoadError> {
        let mut transaction = self.second.begin().map_err(LedgerError::from)?;
        if !ledger::is_undoable(&mut transaction, build)? {
            return Err(LoadError::Fenced);
        }
        let names: Vec<String> = self.tables.iter().map(|t| native.table_name(*t)).collect();
        let lock = format!("LOCK TABLE {} IN ROW EXCLUSIVE MODE", names.join(", "));
        transaction.run(&lock).map_err(LedgerError::from)?;
        begun();
        for (table, name) in self.tables.iter().zip(&names) {
            let (rows, half) = halves(&fold.tables[*table]);
            native
                .copy(&mut transaction, *table, (&fold.tables[*table], rows.take(half)), name)
                .map_err(LedgerError::from)?;
        }
        Ok(transaction.commit("load::rows").map_err(LedgerError::from)?)
    }
}
