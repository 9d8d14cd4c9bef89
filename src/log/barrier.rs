//! The barrier: up to which position the log is complete.
//!
//! A position is given out before its transaction commits, so a reader that trusts
//! positions alone loses what commits late. INSERT locks the table before it takes
//! a position, nextval locks the sequence, and a commit is visible before its locks go.
//! So: read the sequence, note who holds a write lock on a table that [`Watched`] names or
//! on the sequence, wait until they are gone. Writers never wait.
//!
//! A writer may vanish as a backend and stay as a prepared transaction, under another
//! name where the server is old. So when the last noted backend is gone, the prepared
//! transactions of that very look are noted and waited for. Later ones are not: they
//! would hold the barrier for ever where two-phase commits take turns.

use std::collections::BTreeSet;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::watched::Watched;
use super::{Log, LogError, given_out, last, reaches};
use crate::config::Order;
use crate::event::Position;
use crate::pg::{Param, Row, Session, Sql, citus, failpoint};
use crate::progress::{Interrupt, Observer, Progress};

const FIRST_POLL: Duration = Duration::from_millis(1);
const LONGEST_POLL: Duration = Duration::from_millis(25);
/// After so long the wait is told, and told again.
const TELL_EVERY: Duration = Duration::from_secs(2);
/// How often positions that are missing are looked for again.
const GAP_POLL: Duration = Duration::from_millis(100);

/// A position at and below which no event can appear any more. Only the barrier makes one, so what takes a
/// mark cannot be given a position that merely looked like the end of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(Position);

impl Mark {
    /// The position.
    #[must_use]
    pub fn position(self) -> Position {
        self.0
    }

    /// The mark, or a position before it: what holds at a mark holds at every position below.
    #[must_use]
    pub fn at_most(self, end: Option<Position>) -> Mark {
        Mark(end.map_or(self.0, |end| end.min(self.0)))
    }
}

/// Who holds a write lock on the log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Holder {
    /// `backend/local` number, or `-1/xid` of a prepared transaction.
    virtual_transaction: String,
    /// `None` for a prepared transaction.
    pid: Option<i32>,
    /// For people.
    described: String,
}

/// Those that may still write at or below the mark.
#[derive(Debug)]
enum Awaited {
    /// Nobody has looked yet.
    Unknown,
    /// Backends that held a lock at the first look.
    Backends(BTreeSet<Holder>),
    /// Prepared transactions that held a lock when the last of those backends was gone.
    Prepared(BTreeSet<Holder>),
    /// Those that were left prepared on other nodes (Citus) when the last of all these was gone.
    OnWorkers(BTreeSet<Holder>),
}

impl Awaited {
    /// Who is left by a look at everybody who holds a lock now.
    fn after(self, now: BTreeSet<Holder>) -> Awaited {
        match self {
            Awaited::Unknown => Awaited::Backends(now.iter().filter(backend).cloned().collect()),
            Awaited::Backends(noted) => Awaited::Backends(still(noted, &now)),
            Awaited::Prepared(noted) => return Awaited::Prepared(still(noted, &now)),
            Awaited::OnWorkers(noted) => return Awaited::OnWorkers(still(noted, &now)),
        }
        .or_prepared(now)
    }

    fn or_prepared(self, now: BTreeSet<Holder>) -> Awaited {
        if !self.holders().is_empty() {
            return self;
        }
        Awaited::Prepared(now.into_iter().filter(|h| !backend(&h)).collect())
    }

    fn holders(&self) -> &BTreeSet<Holder> {
        static NOBODY: BTreeSet<Holder> = BTreeSet::new();
        match self {
            Awaited::Unknown => &NOBODY,
            Awaited::Backends(holders)
            | Awaited::Prepared(holders)
            | Awaited::OnWorkers(holders) => holders,
        }
    }
}

fn backend(holder: &&Holder) -> bool {
    holder.pid.is_some()
}

/// What is said about a holder may change while it is waited for; who it is does not.
fn still(noted: BTreeSet<Holder>, now: &BTreeSet<Holder>) -> BTreeSet<Holder> {
    let same =
        |a: &Holder, b: &Holder| a.pid == b.pid && a.virtual_transaction == b.virtual_transaction;
    now.iter().filter(|h| noted.iter().any(|n| same(n, h))).cloned().collect()
}

impl Log {
    /// A position at and below which no event can appear any more. It is no lower than any that was
    /// committed before, so missing positions that are younger than `gaps` are waited for.
    ///
    /// # Errors
    /// A writer holds its lock longer than `timeout`, somebody asked to stop, the server is a
    /// standby, or the log is no longer one that can be watched.
    pub fn barrier(
        &self,
        session: &mut Session,
        timeout: Option<Duration>,
        observer: &dyn Observer,
        interrupt: &Interrupt,
    ) -> Result<Mark, LogError> {
        let (mark, seen) = self.written(session, timeout, observer, interrupt)?;
        let limit = self.shape.gaps;
        let mut told = seen;
        while limit > Duration::ZERO && mark > Position(0) && seen.elapsed() < limit {
            let passable = self.passable(mark, seen);
            if let Some(after) = passable
                && (after >= mark || self.first_gap(session, after, mark)?.is_none())
            {
                break;
            }
            if interrupt.raised() {
                return Err(LogError::Interrupted);
            }
            if told.elapsed() > TELL_EVERY {
                told = Instant::now();
                let what = "positions that are missing and younger than gaps".into();
                let waited = seen.elapsed();
                observer.note(&Progress::Waiting { what, holders: Vec::new(), waited });
            }
            std::thread::sleep(GAP_POLL.min(limit.saturating_sub(seen.elapsed())));
        }
        Ok(Mark(mark))
    }

    /// The same for who has everything up to `after` and comes again: it may be lower, since it ends
    /// before the first position that is missing and younger than `gaps`.
    ///
    /// # Errors
    /// As [`Log::barrier`].
    pub fn barrier_after(
        &self,
        session: &mut Session,
        after: Position,
        timeout: Option<Duration>,
        (observer, interrupt): (&dyn Observer, &Interrupt),
    ) -> Result<Mark, LogError> {
        let (mark, seen) = self.written(session, timeout, observer, interrupt)?;
        if self.shape.gaps == Duration::ZERO {
            return Ok(Mark(mark));
        }
        let passable = self.passable(mark, seen).unwrap_or(Position(0)).max(after);
        if passable >= mark {
            return Ok(Mark(mark));
        }
        Ok(Mark(self.first_gap(session, passable, mark)?.unwrap_or(mark)))
    }

    /// Up to where missing positions are old enough, now that those up to `mark` are given out.
    fn passable(&self, mark: Position, seen: Instant) -> Option<Position> {
        let mut gaps = self.gaps.lock().unwrap_or_else(PoisonError::into_inner);
        gaps.note(mark, seen, self.shape.gaps);
        gaps.passable(Instant::now(), self.shape.gaps)
    }

    /// A position at and below which no open transaction writes, and when it was given out at the latest.
    fn written(
        &self,
        session: &mut Session,
        timeout: Option<Duration>,
        observer: &dyn Observer,
        interrupt: &Interrupt,
    ) -> Result<(Position, Instant), LogError> {
        // Locks of writers are not replicated, and a sequence on a standby runs ahead of its events.
        if session.is_standby() {
            return Err(LogError::Standby { server: session.server().to_owned() });
        }
        // A view, a default or a subscription may be another by now.
        let watched = Watched::look(session, &self.shape)?;
        // The mark is read first: whoever writes below it holds a lock by now.
        let mark = match watched.is_indexed() {
            true => reaches(session, &self.shape, &watched)?,
            false => None,
        };
        let mark = mark.map_or_else(|| self.stands(session, &watched), Ok)?;
        let started = Instant::now();
        if failpoint::is_without("barrier") {
            return Ok((mark, started));
        }
        let mut told = started;
        let mut pause = FIRST_POLL;
        let mut awaited = Awaited::Unknown;
        loop {
            awaited = match awaited {
                Awaited::OnWorkers(_) => awaited.after(on_workers(session, &watched)?),
                here => here.after(writers(session, &watched, self.shape.order)?),
            };
            // The coordinator is through with it, and a worker that went away meanwhile is not.
            if awaited.holders().is_empty() && !matches!(awaited, Awaited::OnWorkers(_)) {
                awaited = Awaited::OnWorkers(on_workers(session, &watched)?);
            }
            let blocking = awaited.holders();
            if blocking.is_empty() {
                return Ok((mark, started));
            }
            let holders = || blocking.iter().map(|h| h.described.clone()).collect::<Vec<_>>();
            if timeout.is_some_and(|t| started.elapsed() > t) {
                return Err(LogError::Barrier { holders: holders() });
            }
            if interrupt.raised() {
                return Err(LogError::Interrupted);
            }
            if told.elapsed() > TELL_EVERY {
                told = Instant::now();
                observer.note(&Progress::Waiting {
                    what: "transactions that write to the log".into(),
                    holders: holders(),
                    waited: started.elapsed(),
                });
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_POLL);
        }
    }

    /// The highest position given out so far, whether its event is visible or not. Where no
    /// sequence stands behind the positions it is the highest visible one.
    ///
    /// # Errors
    /// The server refuses.
    pub fn highest(&self, session: &mut Session) -> Result<Position, LogError> {
        self.stands(session, &self.watched)
    }

    fn stands(&self, session: &mut Session, watched: &Watched) -> Result<Position, LogError> {
        let given_out = match &watched.sequence {
            None => 0,
            Some(sequence) => given_out(session, sequence)?,
        };
        Ok(Position(match &watched.sequence {
            Some(sequence) if sequence.increment == 1 => given_out,
            // Numbers between two of the sequence may be positions, too.
            _ => last(session, &self.shape)?.unwrap_or(0).max(given_out),
        }))
    }
}

/// Transactions that are prepared on other nodes and wrote to the log's shards there.
fn on_workers(session: &mut Session, watched: &Watched) -> Result<BTreeSet<Holder>, LogError> {
    if watched.shards.is_empty() {
        return Ok(BTreeSet::new());
    }
    let holder = |(worker, gid): (String, String)| Holder {
        described: format!("prepared transaction '{gid}' on the worker {worker}"),
        virtual_transaction: format!("{worker} {gid}"),
        pid: None,
    };
    Ok(citus::prepared(session, &watched.shards)?.into_iter().map(holder).collect())
}

/// Everybody who holds a write lock on what is watched.
fn writers(
    session: &mut Session,
    watched: &Watched,
    order: Order,
) -> Result<BTreeSet<Holder>, LogError> {
    // Who waits for a lock has its position already where it is taken before the INSERT.
    let waits = order == Order::BeforeInsert;
    let params: [&(dyn Param + Sync); 3] = [&watched.tables, &watched.sequences, &waits];
    let rows = session.query(include_str!("writers.sql"), &params)?;
    let holder = |row: &Row| Holder {
        virtual_transaction: row.get(0),
        pid: row.get(1),
        described: row.get(2),
    };
    Ok(rows.iter().map(holder).collect())
}
