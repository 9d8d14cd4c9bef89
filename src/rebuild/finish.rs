//! The end of a replay: set-aside indexes come back, statistics are renewed.
//!
//! Each index leaves the list in the transaction that makes it, so a killed rebuild
//! goes on with the next one.

use super::RebuildError;
use super::feed::analyze;
use crate::ledger::{self, Build};
use crate::pg::{Session, Sql};

/// Makes the indexes and analyses the tables.
///
/// # Errors
/// The server refuses.
pub fn finish(session: &mut Session, build: &Build) -> Result<(), RebuildError> {
    loop {
        let mut transaction = session.begin()?;
        let Some(definition) = ledger::take_set_aside(&mut transaction, build.id)? else { break };
        transaction.run(&definition)?;
        transaction.commit()?;
    }
    analyze(session, build)?;
    Ok(())
}
