//! Work that several workers share, piece by piece: indexes, statistics, assertions, whole builds.
//!
//! A statement keeps one core of the server busy, or a few; behind a replay nothing else does. How many workers
//! there are comes from the machine and `[rebuild] workers` (`config`), never from here.

use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::ledger::Build;
use crate::pg::{PgError, Session};

/// From so many events on another session is worth its opening.
const MANY_EVENTS: i64 = 50_000;

/// A session beside a build's own, for a part of its work.
///
/// # Errors
/// No server, no access, or it takes no writes.
pub fn second_session(session: &Session, purpose: &str) -> Result<Session, PgError> {
    let mut second = session.another(purpose)?.to_write()?;
    second.commit_lazily()?;
    Ok(second)
}

/// Does pieces of one build's work that may be done in any order, by its own session and by others beside it up
/// to `sessions` in all, where the pieces are worth them and the server has them to give; gives what came of
/// each piece, in their order.
///
/// # Errors
/// Those of `work`, as [`run_parallel`] has them.
pub fn share<T: Send, R: Send, E: Send>(
    session: &mut Session,
    (purpose, build, sessions): (&str, &Build, usize),
    pieces: Vec<T>,
    work: impl Fn(&mut Session, T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let worth = if build.events_read >= MANY_EVENTS { sessions.min(pieces.len()) } else { 1 };
    // A server without a free connection is no reason to fail: one session does it too.
    let mut others: Vec<Session> =
        (1..worth).map_while(|_| second_session(session, purpose).ok()).collect();
    let workers = std::iter::once(session).chain(&mut others).collect();
    run_parallel(workers, pieces, |session, piece| work(session, piece))
}

/// Gives pieces to workers, each the next when it is done with the last; a worker whose piece failed takes no
/// other. Gives what came of each piece, in their order.
///
/// # Errors
/// Those of `work`: an earlier worker's before a later one's.
///
/// # Panics
/// As `work` does.
pub fn run_parallel<W: Send, T: Send, R: Send, E: Send>(
    workers: Vec<W>,
    pieces: Vec<T>,
    work: impl Fn(&mut W, T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let left = Mutex::new(pieces.into_iter().enumerate());
    let run = |mut worker: W| {
        let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
        let mut done = Vec::new();
        while let Some((number, piece)) = next() {
            done.push((number, work(&mut worker, piece)?));
        }
        Ok(done)
    };
    let mut workers = workers.into_iter();
    let own = workers.next();
    let ended =
        thread::scope(|scope| {
            let others: Vec<_> = workers.map(|worker| scope.spawn(|| run(worker))).collect();
            let mut ended: Vec<Result<Vec<(usize, R)>, E>> = own.map(&run).into_iter().collect();
            ended.extend(others.into_iter().map(|thread| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }));
            ended
        });
    let mut done = Vec::new();
    for of_worker in ended {
        done.extend(of_worker?);
    }
    done.sort_by_key(|(number, _)| *number);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::run_parallel;

    #[test]
    fn pieces_are_shared_and_come_back_in_their_order() {
        // Each of three workers has to be at a piece before any goes on: with fewer this would not end.
        let all_are_there = Barrier::new(3);
        let done = run_parallel(vec![(), (), ()], (0..9).collect(), |(), piece: i32| {
            if piece < 3 {
                all_are_there.wait();
            }
            Ok::<_, ()>(piece * 10)
        });
        assert_eq!(done, Ok((0..9).map(|piece| piece * 10).collect()));
    }

    #[test]
    fn a_worker_that_fails_stops_and_its_error_is_given() {
        let one = run_parallel(vec![()], vec![1, 2, 3], |(), piece| match piece {
            2 => Err(piece),
            _ => Ok(piece),
        });
        assert_eq!(one, Err(2));
    }
}
