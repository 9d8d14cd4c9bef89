//! The first rows of large tables, of which a second session writes half.
//!
//! A COPY keeps one core of the server busy, and behind a replay there is nothing else to do. Two
//! transactions do not commit as one, so the half of the second goes first, and what takes it back
//! is in the ledger until the checkpoint's transaction, which writes the rest, takes it off the
//! list. Only empty tables that nobody looks at yet are written so: to take back is to truncate.

use std::sync::mpsc::channel;
use std::thread::{Scope, ScopedJoinHandle};

use super::Halt;
use crate::ledger::{self, Build, State};
use crate::pg::{Session, Sql, Transaction};
use crate::replay::build_session::Ended;
use crate::replay::native::Native;
use crate::replay::native::fold::Fold;
use crate::replay::native::store::Table;
use crate::replay::native::write_back::{halves, set_aside};
use crate::replay::parallel::second_session;

/// From so many rows on a second session is worth its opening and the commit before it.
const MANY: usize = 30_000;

/// Tables that are loaded by halves.
pub(super) struct Load {
    /// Which.
    pub(super) tables: Vec<usize>,
    /// The statements that make their indexes again.
    pub(super) indexes: Vec<String>,
}

impl Load {
    /// Takes the indexes of large empty tables away, behind what brings them back; gives the second
    /// session, too. `None` where there is no such table, or no session to be had: one can do it.
    pub(super) fn set_out(
        (native, fold, build): (&Native, &Fold, &Build),
        session: &mut Session,
    ) -> Result<Option<(Load, Session)>, Halt> {
        let is_large = |t: &Table| t.is_whole() && !t.was_written() && t.dirty() >= MANY;
        let large = fold.tables.iter().enumerate().filter(|(_, table)| is_large(table));
        let tables: Vec<usize> = large.map(|(index, _)| index).collect();
        if tables.is_empty() || build.state != State::Replaying {
            return Ok(None);
        }
        let Ok(second) = second_session(session, "load") else { return Ok(None) };
        let mut transaction = session.begin()?;
        let mut indexes = Vec::new();
        for table in &tables {
            let name = native.table_name(*table);
            ledger::at_undo(&mut transaction, build.id, &format!("TRUNCATE {name}"))?;
            for statement in set_aside(&mut transaction, &name)? {
                ledger::at_undo(&mut transaction, build.id, &statement)?;
                indexes.push(statement);
            }
        }
        must_be_undoable(&mut transaction, build)?;
        transaction.commit("load::set_out")?;
        Ok(Some((Load { tables, indexes }, second)))
    }

    /// Writes and commits the second session's rows, in a thread that has its locks when this
    /// returns: it waits for nobody who waits for the transaction that is begun next.
    pub(super) fn begin<'s>(
        &'s self,
        scope: &'s Scope<'s, '_>,
        (native, fold, build): (&'s Native, &'s Fold, &'s Build),
        mut second: Session,
    ) -> ScopedJoinHandle<'s, Result<(), Halt>> {
        let (begun, has_begun) = channel::<()>();
        let half = scope.spawn(move || {
            let mut transaction = second.begin()?;
            must_be_undoable(&mut transaction, build)?;
            let names: Vec<String> = self.tables.iter().map(|t| native.table_name(*t)).collect();
            transaction.run(&format!("LOCK TABLE {} IN ROW EXCLUSIVE MODE", names.join(", ")))?;
            drop(begun);
            for (index, name) in self.tables.iter().zip(&names) {
                let table = &fold.tables[*index];
                let (rows, half) = halves(table);
                native.copy(&mut transaction, *index, (table, rows.take(half)), name)?;
            }
            Ok(transaction.commit("load::rows")?)
        });
        // Nothing is ever sent: the end of the channel tells, and of a thread that failed, too.
        let _ = has_begun.recv();
        half
    }
}

fn must_be_undoable(transaction: &mut Transaction<'_>, build: &Build) -> Result<(), Halt> {
    match ledger::is_undoable(transaction, build)? {
        true => Ok(()),
        false => Err(Halt::Ended(Ended::Fenced("somebody else has moved it".into()))),
    }
}
