//! The barrier: up to which position the log is complete.
//!
//! A position is given out before its transaction commits, so a reader that trusts
//! positions alone loses what commits late. INSERT locks the table before it takes
//! a position, and a commit is visible before its locks go. So: read the sequence,
//! note who holds a write lock, wait until they are gone. Writers never wait.
//! Prepared transactions hold locks without a backend and are waited for as well.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::{Log, LogError};
use crate::event::Position;
use crate::pg::{Session, Sql};
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

impl Holder {
    fn key(&self) -> (&str, Option<i32>) {
        (&self.virtual_transaction, self.pid)
    }
}

impl Log {
    /// A position at and below which no event can appear any more.
    ///
    /// # Errors
    /// A writer holds its lock longer than `timeout`, or somebody asked to stop.
    pub fn barrier(
        &self,
        session: &mut Session,
        timeout: Option<Duration>,
        observer: &dyn Observer,
        interrupt: &Interrupt,
    ) -> Result<Position, LogError> {
        // The mark is read first: whoever writes below it holds a lock by now.
        let mark = self.highest(session)?;
        let started = Instant::now();
        let mut told = started;
        let mut pause = FIRST_POLL;
        let mut left: Option<BTreeSet<Holder>> = None;
        loop {
            let now = self.writers(session)?;
            let blocking: BTreeSet<Holder> = match &left {
                None => now,
                Some(noted) => now
                    .into_iter()
                    .filter(|h| h.pid.is_none() || noted.iter().any(|n| n.key() == h.key()))
                    .collect(),
            };
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
            left = Some(blocking);
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
