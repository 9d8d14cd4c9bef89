//! Work that two sessions share, piece by piece: indexes, statistics, assertions.
//!
//! A statement keeps one core of the server busy, or a few; behind a replay nothing else does.

use std::sync::{Mutex, PoisonError};
use std::thread;

use super::RebuildError;
use crate::ledger::Build;
use crate::pg::{PgError, Session, Sql};

/// From so many events on a second session is worth its opening.
const MANY_EVENTS: i64 = 50_000;

/// A session beside a build's own, for a part of its work.
///
/// # Errors
/// No server, no access, or it takes no writes.
pub(super) fn beside(session: &Session, purpose: &str) -> Result<Session, PgError> {
    let mut second = session.another(purpose)?.to_write()?;
    second.run("SET synchronous_commit = off")?;
    Ok(second)
}

/// Does pieces of work that may be done in any order; gives what came of each, in theirs. Who fails
/// begins no other piece.
///
/// # Errors
/// Those of `work`.
pub(super) fn share<T: Send, R: Send>(
    session: &mut Session,
    (purpose, build): (&str, &Build),
    pieces: Vec<T>,
    work: impl Fn(&mut Session, T) -> Result<R, RebuildError> + Sync,
) -> Result<Vec<R>, RebuildError> {
    let several = pieces.len() > 1 && build.events_read >= MANY_EVENTS;
    let left = Mutex::new(pieces.into_iter().enumerate());
    let run = |session: &mut Session| {
        let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
        let mut done = Vec::new();
        while let Some((nth, piece)) = next() {
            done.push((nth, work(session, piece)?));
        }
        Ok::<_, RebuildError>(done)
    };
    // A server without a free connection is no reason to fail: one session does it too.
    let second = several.then(|| beside(session, purpose).ok()).flatten();
    let mut done = match second {
        None => run(session)?,
        Some(mut second) => thread::scope(|scope| {
            let other = scope.spawn(|| run(&mut second));
            let own = run(session);
            let other = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            own.and_then(|mut all| {
                all.extend(other?);
                Ok(all)
            })
        })?,
    };
    done.sort_by_key(|(nth, _)| *nth);
    Ok(done.into_iter().map(|(_, of)| of).collect())
}
