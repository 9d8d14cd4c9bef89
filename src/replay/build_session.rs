//! A build that takes part in passes: its programs, its session, and how the last pass ended for it.

use crate::definition::{Definition, EngineChoice};
use crate::failure::Failure;
use crate::ident::Ident;
use crate::identity::{Admitted, IdentityError};
use crate::ledger::{self, Build, LedgerError, State, Wish};
use crate::log::LogError;
use crate::pg::{Session, owner};
use crate::replay::Engine;
use crate::replay::native::{self, Native};
use crate::replay::sql::{Program, ProgramError};

/// A build that takes part in a pass.
pub struct BuildSession {
    /// The build; its position moves with its checkpoint.
    pub build: Build,
    /// Its program.
    pub program: Program,
    /// The native engine's, where it runs there.
    pub native: Option<Native>,
    /// What each engine has done of it.
    pub work: Work,
    /// The session its rows are written by.
    pub session: Session,
    /// How the last pass ended for it.
    pub ended: Ended,
}

/// A build between two passes, while others have the session that it was worked on with.
pub struct Resting {
    /// The build.
    pub build: Build,
    /// Its program.
    pub program: Program,
    native: Option<Native>,
    work: Work,
}

/// How many handlers ran, by engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Work {
    /// In this process.
    pub native: i64,
    /// In the server.
    pub sql: i64,
    /// Events that left the native engine because it reads no value like one of theirs.
    pub unread: i64,
    /// Events that left it because it was not certain what becomes of them.
    pub declined: i64,
}

/// Why a build cannot take part.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Its definition cannot be run.
    #[error(transparent)]
    Program(#[from] ProgramError),
}

impl BuildSession {
    /// Makes a build of the ledger ready to take part in a pass, without rows that a run before
    /// committed ahead of their checkpoint.
    ///
    /// # Errors
    /// Its definition cannot be run.
    pub fn open(mut session: Session, admitted: Admitted) -> Result<BuildSession, OpenError> {
        let build = admitted.into_build();
        owner::is_ours(&mut session, &build.schema).map_err(LedgerError::from)?;
        if build.state == State::Replaying {
            ledger::undo(&mut session, build.id)?;
        }
        let definition = ledger::definition(&mut session, &build)?;
        let (program, native) = install(&mut session, &build.schema, &definition)?;
        Ok(BuildSession {
            build,
            program,
            native,
            work: Work::default(),
            session,
            ended: Ended::Reached,
        })
    }

    /// Gives the session back.
    #[must_use]
    pub fn rest(self) -> (Resting, Session) {
        let BuildSession { build, program, native, work, session, .. } = self;
        (Resting { build, program, native, work }, session)
    }

    /// Which engine has run it; where nothing has run, the one that would.
    #[must_use]
    pub fn engine(&self) -> Engine {
        let would = if self.native.is_some() { Engine::Native } else { Engine::Sql };
        Engine::of(self.work.native > 0, self.work.sql > 0).unwrap_or(would)
    }
}

impl Resting {
    /// Takes part in a pass with a session.
    #[must_use]
    pub fn wake(self, session: Session) -> BuildSession {
        let Resting { build, program, native, work } = self;
        BuildSession { build, program, native, work, session, ended: Ended::Reached }
    }
}

/// Prepares both programs of a definition for a schema that has its tables; the native one is nothing
/// if it would not be chosen.
///
/// # Errors
/// The definition cannot be read or does not fit the tables, or the server refuses.
pub fn install(
    session: &mut Session,
    of: &Ident,
    definition: &Definition,
) -> Result<(Program, Option<Native>), ProgramError> {
    let choice = definition.engine;
    let (program, native) =
        Program::install(session, of, definition, |sql, inferred| match choice {
            EngineChoice::Sql => Ok(None),
            choice => Native::install(sql, of, choice, inferred).map(Some),
        })?;
    Ok((program, native.filter(|n| native::is_chosen(choice, &n.program))))
}

/// How a pass ended for one build.
#[derive(Debug)]
pub enum Ended {
    /// Everything up to the mark is in its tables, or the process was asked to stop between batches.
    Reached,
    /// An event cannot be applied.
    Poisoned(Box<Failure>),
    /// An operator wants something else of the build.
    Asked(Wish),
    /// Somebody else moved the build.
    Fenced(String),
    /// The ledger or the server refused, or the connection is lost.
    Failed(LedgerError),
    /// The log's rows are damaged.
    Damaged(LogError),
    /// The log is not the one the build has read, or that could not be told.
    Unanchored(IdentityError),
}
