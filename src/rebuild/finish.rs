//! The end of a replay: what was put off is done, and statistics are renewed.
//!
//! Each statement leaves the ledger's list in the transaction that runs it, so a killed
//! rebuild goes on with the next one. Two sessions share them: an index is sorted by a core or
//! two, and a key is an index with a moment of more.

use super::RebuildError;
use crate::handler::function::NAME;
use crate::ledger::{self, Build};
use crate::migrate;
use crate::pg::search_path::SearchPath;
use crate::pg::{Session, Sql, catalog};
use crate::replay::feed::analyze;
use crate::replay::parallel::share;

/// Runs the statements, each behind `hold`, which may wait; remembers the catalog they make, and analyses the tables.
///
/// # Errors
/// The server refuses.
pub(super) fn finish(
    session: &mut Session,
    build: &Build,
    sessions: usize,
    hold: &(dyn Fn(&mut Session) -> Result<(), RebuildError> + Sync),
) -> Result<(), RebuildError> {
    let of = ("finish", build, sessions);
    let steps = ledger::finish_steps(session, build.id)?;
    share(session, of, steps, |session, number| {
        hold(session)?;
        run(session, build, number)
    })?;
    let mut transaction = session.begin()?;
    migrate::record(&mut transaction, &build.schema)?;
    transaction.commit("finish::record")?;
    let tables = catalog::tables(session, &build.schema)?;
    share(session, of, tables, |session, table| analyze(session, build, &table.name))?;
    Ok(())
}

/// Runs a statement, unless somebody else has.
fn run(session: &mut Session, build: &Build, number: i64) -> Result<(), RebuildError> {
    let mut transaction = session.begin()?;
    if let Some(statement) = ledger::take_finish_step(&mut transaction, build.id, number)? {
        // Functions that an index calls find what they name, as when the table was made.
        SearchPath::of(&mut transaction, &build.schema, NAME)?.set(&mut transaction)?;
        transaction.run(&statement)?;
        transaction.commit("finish::step")?;
    }
    Ok(())
}
