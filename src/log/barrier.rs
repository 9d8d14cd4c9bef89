//! The barrier: up to which position the log is complete.
//!
//! A position is given out before its transaction commits, so a reader that trusts
//! positions alone loses what commits late. INSERT locks the table before it takes
//! a position, and a commit is visible before its locks go. So: read the sequence,
//! note who holds a write lock, wait until they are gone. Writers never wait.
//!
//! A writer may vanish as a backend and stay as a prepared transaction, under another
//! name where the server is old. So when the last noted backend is gone, the prepared
//! transactions of that very look are noted and waited for. Later ones are not: they
//! would hold the barrier for ever where two-phase commits take turns.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::{Log, LogError};
use crate::event::Position;
use crate::pg::{Session, Sql, failpoint};
use crate::progress::{Interrupt, Observer, Progress};

const FIRST_POLL: Duration = Duration::from_millis(1);
const LONGEST_POLL: Duration = Duration::from_millis(25);
/// After so long the wait is told, and told again.
const TELL_EVERY: Duration = Duration::from_secs(2);

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
}

impl Awaited {
    /// Who is left by a look at everybody who holds a lock now.
    fn after(self, now: BTreeSet<Holder>) -> Awaited {
        match self {
            Awaited::Unknown => Awaited::Backends(now.iter().filter(backend).cloned().collect()),
            Awaited::Backends(noted) => Awaited::Backends(still(noted, &now)),
            Awaited::Prepared(noted) => return Awaited::Prepared(still(noted, &now)),
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
            Awaited::Backends(holders) | Awaited::Prepared(holders) => holders,
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
    /// A position at and below which no event can appear any more.
    ///
    /// # Errors
    /// A writer holds its lock longer than `timeout`, somebody asked to stop, or the server is a
    /// standby.
    pub fn barrier(
        &self,
        session: &mut Session,
        timeout: Option<Duration>,
        observer: &dyn Observer,
        interrupt: &Interrupt,
    ) -> Result<Position, LogError> {
        // Locks of writers are not replicated, and a sequence on a standby runs ahead of its events.
        if session.is_standby() {
            return Err(LogError::Standby { server: session.server().to_owned() });
        }
        // The mark is read first: whoever writes below it holds a lock by now.
        let mark = self.highest(session)?;
        if failpoint::is_without("barrier") {
            return Ok(mark);
        }
        let started = Instant::now();
        let mut told = started;
        let mut pause = FIRST_POLL;
        let mut awaited = Awaited::Unknown;
        loop {
            awaited = awaited.after(self.writers(session)?);
            let blocking = awaited.holders();
            if blocking.is_empty() {
                return Ok(mark);
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
        let row = match &self.sequence {
            Some(sequence) => session.query_one(
                &format!("SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence}"),
                &[],
            )?,
            None => session.query_one(
                &format!(
                    "SELECT COALESCE(max({}), 0)::bigint FROM {} AS log",
                    self.shape.position, self.shape.table
                ),
                &[],
            )?,
        };
        Ok(Position(row.get(0)))
    }

    fn writers(&self, session: &mut Session) -> Result<BTreeSet<Holder>, LogError> {
        let mut tables = self.shape.writers.clone();
        if tables.is_empty() {
            tables.push(self.shape.table.clone());
        }
        let rows = session.query(include_str!("writers.sql"), &[&tables])?;
        Ok(rows
            .iter()
            .map(|row| Holder {
                virtual_transaction: row.get(0),
                pid: row.get(1),
                described: row.get(2),
            })
            .collect())
    }
}
