//! The end of a replay: what was put off is done, and statistics are renewed.
//!
//! Each statement leaves the ledger's list in the transaction that runs it, so a killed
//! rebuild goes on with the next one. Where there are several, two sessions share them: an index is
//! sorted by a core or two, and a key is an index with a moment of more.

use std::sync::Mutex;

use super::RebuildError;
use super::feed::analyze;
use crate::ledger::{self, Build};
use crate::migrate;
use crate::pg::{PgError, Session, Sql};
use crate::site::Site;

/// From so many events on a second session is worth its opening.
const MANY_EVENTS: i64 = 50_000;

/// Runs the statements, remembers the catalog they make, and analyses the tables.
///
/// # Errors
/// The server refuses.
pub fn finish(site: &Site, session: &mut Session, build: &Build) -> Result<(), RebuildError> {
    run_put_off(site, session, build)?;
    let mut transaction = session.begin()?;
    migrate::record(&mut transaction, &build.schema)?;
    transaction.commit("finish::record")?;
    analyze(session, build)?;
    Ok(())
}

fn run_put_off(site: &Site, session: &mut Session, build: &Build) -> Result<(), RebuildError> {
    let mut steps = ledger::finish_steps(session, build.id)?;
    let several = steps.len() > 1 && build.events_read >= MANY_EVENTS;
    steps.reverse();
    let left = Mutex::new(steps);
    // A server without a free connection is no reason to fail: one session does it too.
    let Some(mut second) = several.then(|| open_second(site).ok()).flatten() else {
        return run_left(session, build, &left);
    };
    std::thread::scope(|scope| {
        let beside = scope.spawn(|| run_left(&mut second, build, &left));
        let own = run_left(session, build, &left);
        let beside = beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        own.and(beside)
    })
}

fn open_second(site: &Site) -> Result<Session, PgError> {
    let mut second = site.open_read_models("finish")?.to_write()?;
    second.run("SET synchronous_commit = off")?;
    Ok(second)
}

/// Runs what nobody has begun, one after another.
fn run_left(
    session: &mut Session,
    build: &Build,
    left: &Mutex<Vec<i64>>,
) -> Result<(), RebuildError> {
    let next = || left.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
    while let Some(number) = next() {
        let mut transaction = session.begin()?;
        let Some(statement) = ledger::take_finish_step(&mut transaction, build.id, number)? else {
            continue;
        };
        transaction.run(&statement)?;
        transaction.commit("finish::step")?;
    }
    Ok(())
}
