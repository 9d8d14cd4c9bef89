//! What every build of a pass goes by: its pace, who is told, and what ends or holds back a pass.

use crate::config::Rebuild;
use crate::ledger::{Build, LedgerError, Wish};
use crate::pg::Session;
use crate::progress::{Interrupt, Observer};
use crate::replay::asking::Asking;
use crate::replay::throttle::Throttle;

/// What ends a wait between two batches before it is over.
pub(super) enum Hold {
    /// The process was asked to stop.
    Interrupted,
    /// An operator wants something else of the build.
    Asked(Wish),
}

/// What a pass needs besides the log and the builds.
pub struct Pass<'a> {
    /// Sizes of ranges and batches.
    pub pace: &'a Rebuild,
    /// Who is told.
    pub observer: &'a dyn Observer,
    /// Who may ask to stop.
    pub interrupt: &'a Interrupt,
    /// Whether what an operator wants of a build ends the pass for it.
    pub heeds: bool,
    /// What holds it back, if anything does.
    pub throttle: Option<&'a Throttle>,
}

impl Pass<'_> {
    /// What an operator wants of a build instead, if this pass heeds it and it is time to ask.
    ///
    /// # Errors
    /// The server refuses.
    pub(super) fn asked(
        &self,
        asking: &mut Asking,
        session: &mut Session,
        build: &Build,
    ) -> Result<Option<Wish>, LedgerError> {
        match self.heeds {
            true => asking.ask(session, build),
            false => Ok(None),
        }
    }

    /// Waits between two batches where the pass is held back.
    ///
    /// # Errors
    /// The server refuses.
    pub(super) fn hold(
        &self,
        asking: &mut Asking,
        session: &mut Session,
        build: &Build,
    ) -> Result<Option<Hold>, LedgerError> {
        let Some(throttle) = self.throttle else { return Ok(None) };
        let of = (self.observer, build.schema.as_str());
        throttle.before_writing(session, of, |session| {
            if self.interrupt.raised() {
                return Ok(Some(Hold::Interrupted));
            }
            Ok(self.asked(asking, session, build)?.map(Hold::Asked))
        })
    }
}
