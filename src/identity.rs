//! Identity: whether a log is the one that a build was made from.
//!
//! Whoever applies events to a build asks twice. [`Identity::admit`] compares every anchor that the
//! ledger has of the build with the log, before anything is read. [`Identity::take`] fingerprints the
//! last event of each batch after it was read and before it is committed, and compares the newest
//! anchor once more: so whatever happens to the log in between, no row of another log is committed.
//!
//! What was deleted or rewritten is told; a log that is another, or that went back, is refused.

mod fault;
mod judgement;
mod redefined;

use std::sync::{Mutex, PoisonError};

use judgement::{begins_where, first_anchor};

use crate::anchor::{Anchor, Origin};
use crate::context::{Context, Said};
use crate::event::Position;
use crate::ledger::{self, Build, KnownLog, LedgerError};
use crate::log::identity;
use crate::log::{Log, LogError};
use crate::pg::{PgError, Session, failpoint};
use crate::progress::Progress;
pub use fault::{Doubt, Fault};
pub use judgement::{Judgement, Survey, judge, name, of_others, others_sentence, own_builds};
pub use redefined::Redefined;

/// Why it cannot be told, or must not be gone on.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Build and log do not belong together.
    #[error(transparent)]
    Fault(Box<Fault>),
}

impl From<Fault> for IdentityError {
    fn from(fault: Fault) -> IdentityError {
        IdentityError::Fault(Box::new(fault))
    }
}

impl IdentityError {
    /// What a server, or the way to it, has to do with it.
    #[must_use]
    pub fn of_server(&self) -> Option<&PgError> {
        match self {
            IdentityError::Pg(error)
            | IdentityError::Ledger(LedgerError::Pg(error))
            | IdentityError::Log(LogError::Pg(error)) => Some(error),
            _ => None,
        }
    }
}

/// A build that may be given events of this log.
#[derive(Debug, Clone)]
pub struct Admitted(Build);

impl Admitted {
    /// The build.
    #[must_use]
    pub fn into_build(self) -> Build {
        self.0
    }

    /// The same build as the ledger has it by now.
    #[must_use]
    pub fn reloaded(self, build: Build) -> Admitted {
        debug_assert_eq!(self.0.id, build.id, "admission is of one build");
        Admitted(build)
    }
}

/// A log as the ledger knows it, and a session that takes fingerprints of its events.
pub struct Identity {
    /// The log in the ledger.
    pub known: KnownLog,
    /// Where it is.
    pub origin: Origin,
    log: Log,
    session: Mutex<Session>,
}

impl Identity {
    /// Finds a log in the ledger, or writes it down.
    ///
    /// # Errors
    /// The ledger is an older one, or a server refuses.
    pub fn open(
        context: &Context,
        ledger: &mut Session,
        log: &Log,
        purpose: &str,
    ) -> Result<Identity, IdentityError> {
        let mut session = Session::open(&context.event_store, purpose)?;
        let name = name(context, ledger, &mut session, &log.shape)?
            .ok_or_else(|| LogError::Missing { table: log.shape.label() })?;
        let known = ledger::register(ledger, &name)?;
        let origin = identity::origin(&mut session)?;
        Ok(Identity { known, origin, log: log.clone(), session: Mutex::new(session) })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Session) -> T) -> T {
        work(&mut self.session.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a build belongs to this log, or to none yet.
    #[must_use]
    pub fn owns(&self, build: &Build) -> bool {
        build.log.is_none_or(|id| id == self.known.id)
    }

    /// Lets a build take part, after all its anchors were compared with the log. What was deleted or
    /// rewritten is told once, and written down.
    ///
    /// # Errors
    /// The build belongs to another log, or the log is another one; or a server refuses.
    pub fn admit(
        &self,
        context: &Context,
        ledger: &mut Session,
        build: Build,
        said: Said,
    ) -> Result<Admitted, IdentityError> {
        let judged = self.with(|session| {
            judge(ledger, (session, &self.log), Some(&self.known), &self.origin, &build)
        })?;
        match judged.fault {
            Some(Fault::Gone { .. }) if said.events_deleted => {}
            Some(fault) => return Err(fault.into()),
            None => {}
        }
        let name = &build.schema;
        let mut changed = false;
        if build.log.is_none() {
            if !context.project.projections.contains_key(&build.projection) {
                let (build, projection) = (name.to_string(), build.projection.clone());
                return Err(Fault::Unclaimed { build, projection }.into());
            }
            ledger::assign(ledger, build.id, &self.known, Some(build.position))?;
            let from = build.position;
            context.note(&Progress::Note(format!(
                "{name} was made by an older regrow: what the log was is known from position {from} on"
            )));
            changed = true;
        }
        for at in &judged.rewritten {
            ledger::forget_payload(ledger, build.id, *at)?;
            context.note(&Progress::Note(format!(
                "warning: the payload of the event at position {at} is another than {name} has read: it was erased or rewritten"
            )));
            changed = true;
        }
        for at in &judged.deleted {
            ledger::drop_anchor(ledger, build.id, *at)?;
            context.note(&Progress::Note(format!(
                "warning: the event at position {at}, which {name} has read, was deleted from the log"
            )));
            changed = true;
        }
        if let Some(redefined) = &judged.redefined {
            let (said, next) =
                (redefined.sentence(name.as_str()), Redefined::next(&build.projection));
            context.note(&Progress::Note(format!("warning: {said}; {next}")));
        }
        if let Some((was, now)) = judged.begins_later {
            let now = fault::begins(&now);
            context.note(&Progress::Note(format!(
                "warning: the log begins at {now} now, and began at position {was} for {name}"
            )));
        }
        let now = match changed {
            true => ledger::build(ledger, build.id)?.unwrap_or(build),
            false => build,
        };
        Ok(Admitted(now))
    }

    /// The fingerprint of the last event of a batch, after it was read and before it is committed; and
    /// the newest anchor of the build compared with the log once more.
    ///
    /// # Errors
    /// The log is another one by now, or the server refuses.
    pub fn take(
        &self,
        build: &Build,
        last: Option<Position>,
    ) -> Result<Option<Anchor>, IdentityError> {
        let positions: Vec<i64> =
            build.anchor.iter().map(|a| a.position.0).chain(last.map(|p| p.0)).collect();
        if positions.is_empty() {
            return Ok(None);
        }
        let found = self.with(|session| {
            self.log.fingerprints(session, &self.known.key, &self.origin, &positions)
        })?;
        let (name, projection) = (|| build.schema.to_string(), || build.projection.clone());
        let compared = build.anchor.as_ref().filter(|_| !failpoint::is_without("identity"));
        if let Some(anchor) = compared {
            let at = anchor.position;
            match found.iter().find(|f| f.position == at) {
                Some(now) if now.envelope == anchor.envelope => {}
                Some(_) => {
                    return Err(
                        Fault::Changed { build: name(), projection: projection(), at }.into()
                    );
                }
                None if self
                    .with(|session| self.log.is_left_out(session, &self.known.key, anchor))? => {}
                // Whoever opens the build again judges what became of it.
                None => {
                    let (build, projection) = (name(), projection());
                    return Err(Fault::Gone { build, projection, at, doubt: Doubt::Open }.into());
                }
            }
        }
        Ok(last.and_then(|last| found.into_iter().find(|f| f.position == last)))
    }

    /// Whether readers may be shown a build instead of the one they see.
    ///
    /// # Errors
    /// It begins later in the log, and the operator has not said that this is on purpose.
    pub fn may_replace(
        &self,
        ledger: &mut Session,
        (live, candidate): (&Build, &Build),
        said: Said,
    ) -> Result<(), IdentityError> {
        let now = first_anchor(ledger, candidate)?.map(|first| first.position);
        match now {
            Some(_) => begins_where(ledger, live, now, said, |first| {
                self.with(|session| self.log.is_left_out(session, &self.known.key, first))
            }),
            // It has read nothing, or nobody knows what it has read first.
            None => Ok(()),
        }
    }

    /// Whether all anchors of a build hold.
    ///
    /// # Errors
    /// A server refuses.
    pub fn holds(&self, ledger: &mut Session, build: &Build) -> Result<bool, IdentityError> {
        let judged = self.with(|session| {
            judge(ledger, (session, &self.log), Some(&self.known), &self.origin, build)
        })?;
        Ok(judged.fault.is_none())
    }

    /// Keeps what the log's first event is with builds that begin to read it.
    ///
    /// # Errors
    /// A server refuses.
    pub fn begin(&self, ledger: &mut Session, build: &mut Build) -> Result<(), IdentityError> {
        let begins = build.position == Position(0) || build.events_read == 0;
        if build.known_from.is_some() || !begins {
            return Ok(());
        }
        let first = self.with(|session| -> Result<Option<Anchor>, LogError> {
            let Some(at) = self.log.first(session)? else { return Ok(None) };
            let found = self.log.fingerprints(session, &self.known.key, &self.origin, &[at.0])?;
            Ok(found.into_iter().next())
        })?;
        if let Some(first) = first {
            ledger::know_first(ledger, build.id, &first)?;
            build.known_from = Some(Position(0));
        }
        Ok(())
    }
}
