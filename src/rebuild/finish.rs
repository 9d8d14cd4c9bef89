//! The end of a replay: what was put off is done, and statistics are renewed.
//!
//! Each statement leaves the ledger's list in the transaction that runs it, so a killed
//! rebuild goes on with the next one.

use super::RebuildError;
use super::feed::analyze;
use crate::ledger::{self, Build};
use crate::migrate;
use crate::pg::{Session, Sql};

/// Runs the statements, remembers the catalog they make, and analyses the tables.
///
/// # Errors
/// The server refuses.
pub fn finish(session: &mut Session, build: &Build) -> Result<(), RebuildError> {
    loop {
        let mut transaction = session.begin()?;
        let Some(statement) = ledger::take_finish_step(&mut transaction, build.id)? else { break };
        transaction.run(&statement)?;
        transaction.commit("finish::step")?;
    }
    let mut transaction = session.begin()?;
    migrate::record(&mut transaction, &build.schema)?;
    transaction.commit("finish::record")?;
    analyze(session, build)?;
    Ok(())
}
