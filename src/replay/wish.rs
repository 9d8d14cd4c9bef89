//! What an operator wants of a build, looked at while a pass is under way.

use std::time::{Duration, Instant};

use crate::ledger::{self, Build, LedgerError, Wanted};
use crate::pg::Session;

/// How often a pass asks: no operator waits longer, and no batch is slowed down by it.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// When somebody asked last what is wanted of a build. A pass that is over before it is time never asks.
#[derive(Debug)]
pub(super) struct Wish {
    asked: Instant,
}

impl Wish {
    /// For a pass that begins.
    pub(super) fn new() -> Wish {
        Wish { asked: Instant::now() }
    }

    /// What is wanted of a build instead of going on with it, if it is time to ask.
    ///
    /// # Errors
    /// The server refuses.
    pub(super) fn ask(
        &mut self,
        session: &mut Session,
        build: &Build,
    ) -> Result<Option<Wanted>, LedgerError> {
        if self.asked.elapsed() < ASK_EVERY {
            return Ok(None);
        }
        self.asked = Instant::now();
        let wanted = ledger::wanted(session, &[build.id])?;
        Ok(wanted.into_iter().map(|(_, wanted)| wanted).find(|wanted| *wanted != Wanted::Run))
    }
}
