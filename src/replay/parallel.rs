//! Work behind a replay that two sessions share, piece by piece: indexes, statistics, assertions.
//!
//! A statement keeps one core of the server busy, or a few; behind a replay nothing else does. The
//! pieces of one build are shared; of several builds each takes its own, two builds at a time.

use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::ledger::Build;
use crate::pg::{PgError, Session, Sql};

/// From so many events on a second session is worth its opening.
const MANY_EVENTS: i64 = 50_000;

/// A session beside a build's own, for a part of its work.
///
/// # Errors
/// No server, no access, or it takes no writes.
pub fn beside(session: &Session, purpose: &str) -> Result<Session, PgError> {
    let mut second = session.another(purpose)?.to_write()?;
    second.run("SET synchronous_commit = off")?;
    Ok(second)
}

/// Who does a build's pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hands {
    /// Its own session: another build is worked on beside it.
    One,
    /// A second session, too, where the pieces are worth one and the server has one to give.
    Two,
}

/// Does pieces of a build's work that may be done in any order; gives what came of each, in theirs.
/// Who fails begins no other piece.
///
/// # Errors
/// Those of `work`.
pub fn share<T: Send, R: Send, E: Send>(
    session: &mut Session,
    (purpose, build, hands): (&str, &Build, Hands),
    pieces: Vec<T>,
    work: impl Fn(&mut Session, T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let several = hands == Hands::Two && pieces.len() > 1 && build.events_read >= MANY_EVENTS;
    // A server without a free connection is no reason to fail: one session does it too.
    let mut second = several.then(|| beside(session, purpose).ok()).flatten();
    in_turn((session, second.as_mut()), pieces, |session, piece| work(session, piece))
}

/// Gives pieces to one worker or two, each the next when it is done with the last.
///
/// # Errors
/// Those of `work`: the first worker's before the second's.
pub fn in_turn<W: Send, T: Send, R: Send, E: Send>(
    (mut own, other): (W, Option<W>),
    pieces: Vec<T>,
    work: impl Fn(&mut W, T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let left = Mutex::new(pieces.into_iter().enumerate());
    let run = |worker: &mut W| {
        let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
        let mut done = Vec::new();
        while let Some((nth, piece)) = next() {
            done.push((nth, work(worker, piece)?));
        }
        Ok(done)
    };
    let mut done = match other {
        None => run(&mut own)?,
        Some(mut other) => thread::scope(|scope| {
            let others = scope.spawn(|| run(&mut other));
            let own = run(&mut own);
            let others = others.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            own.and_then(|mut all| {
                all.extend(others?);
                Ok(all)
            })
        })?,
    };
    done.sort_by_key(|(nth, _)| *nth);
    Ok(done.into_iter().map(|(_, of)| of).collect())
}
