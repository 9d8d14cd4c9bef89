//! How long a run that lost its server goes on trying.
//!
//! A server that restarts, fails over or ends a session is back in seconds, and what was lost is
//! a batch. So a run waits for it, in growing pauses and within a budget; the budget begins anew
//! with every step forward. It decides nothing about what was lost: the ledger knows.

use std::time::{Duration, Instant};

use super::pause::Pause;
use super::{PgError, Server, Session, citus};

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// A budget of waiting.
#[derive(Debug)]
pub struct Reconnect {
    budget: Duration,
    lost: Option<Instant>,
    pause: Pause,
}

impl Reconnect {
    /// Nothing is lost yet; a budget of zero never waits.
    #[must_use]
    pub fn new(budget: Duration) -> Reconnect {
        let pause = Pause::new(FIRST_PAUSE, LONGEST_PAUSE);
        Reconnect { budget, lost: None, pause }
    }

    /// There was a step forward: the next loss is another one.
    pub fn restore(&mut self) {
        *self = Reconnect::new(self.budget);
    }

    /// Whether an error is a loss that is worth waiting: a server that was never there may have
    /// another address.
    #[must_use]
    pub fn bears(&self, error: &PgError) -> bool {
        error.is_loss() && !matches!(error, PgError::Connect { met: false, .. })
    }

    /// What is left of the budget, once something was lost.
    #[must_use]
    pub fn left(&self) -> Duration {
        let of = |lost: Instant| self.budget.saturating_sub(lost.elapsed());
        self.lost.map_or(Duration::ZERO, of)
    }

    /// Waits until every server takes connections again. `false` when the budget is used up, a
    /// server does not let us in at all, or `stop` says so.
    pub fn outlast(&mut self, servers: &[&Server], stop: impl Fn() -> bool) -> bool {
        let began = *self.lost.get_or_insert_with(Instant::now);
        loop {
            if self.budget.is_zero() || began.elapsed() > self.budget {
                return false;
            }
            self.pause.sleep_unless(&stop);
            if stop() {
                return false;
            }
            let opened = servers.iter().try_for_each(|s| Session::open(s, "reconnect").map(drop));
            match opened {
                Ok(()) => return true,
                Err(error) if error.is_loss() => {}
                Err(_) => return false,
            }
        }
    }
}

impl PgError {
    /// Whether the server, or the way to it, is gone and may come back.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        match self {
            PgError::Lost { .. }
            | PgError::InDoubt { .. }
            | PgError::Connect { code: None, tls: None, .. } => true,
            // Starting, stopping or recovering; or no connection is free just now.
            PgError::Connect { code: Some(code), .. } => {
                matches!(&**code, "57P01" | "57P02" | "57P03" | "53300")
            }
            // A server that it needs is gone, as a worker of Citus.
            PgError::Server(error) => {
                let codes = ["08000", "08001", "08003", "08006", "57P01", "57P02", "57P03"];
                codes.contains(&&*error.code) || citus::is_of_a_node(error)
            }
            _ => false,
        }
    }
}
