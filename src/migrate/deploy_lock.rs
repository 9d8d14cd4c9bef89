//! The deploy lock: one run at a time changes the schemas of a database.
//!
//! It belongs to the session that runs the DDL, is polled with a deadline, and goes with the
//! session. Behind a transaction pooler a session's lock stays with a backend that is no
//! longer ours; each transaction looks, and stops before it changes anything.

use std::time::{Duration, Instant};

use super::MigrateError;
use crate::context::Context;
use crate::pg::lock::{self, Begun};
use crate::pg::{Session, Transaction};
use crate::progress::Progress;

/// The name of the deploy lock, one per database.
pub const LOCK: &str = "regrow migrate";

/// How long the lock is asked for at a stretch: a ctrl-C is noticed that soon.
const TURN: Duration = Duration::from_millis(500);
/// How often it is said that the lock is waited for.
const TELL_EVERY: Duration = Duration::from_secs(5);

/// A deploy lock that is held.
pub struct DeployLock(());

impl DeployLock {
    /// Takes the lock, for as long as `wait` allows.
    pub(crate) fn take(
        context: &Context,
        session: &mut Session,
        wait: Duration,
    ) -> Result<DeployLock, MigrateError> {
        let (began, mut told) = (Instant::now(), Instant::now());
        loop {
            let left = wait.saturating_sub(began.elapsed());
            if lock::acquire(session, LOCK, left.min(TURN))? {
                // Twice, so that the guard can give one back and still have it.
                return match lock::acquire(session, LOCK, Duration::ZERO)? {
                    true => Ok(DeployLock(())),
                    false => Err(MigrateError::Stranded),
                };
            }
            if context.interrupt.raised() {
                return Err(MigrateError::Interrupted { ran: 0, planned: 0 });
            }
            if left.is_zero() {
                return Err(MigrateError::Locked { holder: lock::holder(session, LOCK)? });
            }
            if told.elapsed() > TELL_EVERY {
                told = Instant::now();
                context.note(&Progress::Waiting {
                    what: "the deploy lock".into(),
                    holders: lock::holder(session, LOCK)?.into_iter().collect(),
                    waited: began.elapsed(),
                });
            }
        }
    }

    /// Begins a transaction with these settings, on the backend that holds the lock or not at all.
    /// All in one round trip, since every revision makes it.
    pub(super) fn begin<'s>(
        &self,
        session: &'s mut Session,
        settings: &str,
    ) -> Result<(Transaction<'s>, Begun), MigrateError> {
        lock::begin_where_held(session, LOCK, settings)?.ok_or(MigrateError::Stranded)
    }

    /// Refuses a backend that does not hold the lock.
    pub(super) fn guard(&self, session: &mut Session) -> Result<(), MigrateError> {
        self.begin(session, "").map(drop)
    }

    /// Gives the lock back. A session that is lost has given it back already.
    pub(crate) fn give_back(self, session: &mut Session) {
        let _ = lock::release(session, LOCK);
        let _ = lock::release(session, LOCK);
    }
}
