//! What an operator wants of a build, looked at while a pass is under way.

use std::time::{Duration, Instant};

use crate::ledger::{self, Build, LedgerError, Wish};
use crate::pg::Session;

/// How often a pass asks: no operator waits longer, and no batch is slowed down by it.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// When somebody asked last what is wanted of a build. A pass that is over before it is time never asks.
#[derive(Debug)]
pub(super) struct Asking {
    asked: Instant,
}

impl Asking {
    /// For a pass that begins.
    pub(super) fn new() -> Asking {
        Asking { asked: Instant::now() }
    }

    /// What is wanted of a build instead of going on with it, if it is time to ask.
    ///
    /// # Errors
    /// The server refuses.
    pub(super) fn ask(
        &mut self,
        session: &mut Session,
        build: &Build,
    ) -> Result<Option<Wish>, LedgerError> {
        if self.asked.elapsed() < ASK_EVERY {
            return Ok(None);
        }
        self.asked = Instant::now();
        let wishes = ledger::wishes(session, &[build.id])?;
        let is_heeded = |wish: &Wish| match wish {
            Wish::Run => false,
            Wish::Pause => true,
            // What readers see is not dropped: a promote was faster.
            Wish::Cancel => build.state.is_candidate(),
        };
        Ok(wishes.into_iter().map(|(_, wish)| wish).find(is_heeded))
    }
}
