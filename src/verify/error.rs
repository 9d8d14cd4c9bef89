//! Why builds could not be compared.

use crate::context::ContextError;
use crate::event::Position;
use crate::failure::Failure;
use crate::identity::IdentityError;
use crate::ledger::{LedgerError, State};
use crate::log::LogError;
use crate::pg::PgError;
use crate::project::ProjectError;
use crate::promote::PromoteError;
use crate::rebuild::RebuildError;
use crate::replay::build_session::OpenError;
use crate::replay::sql::ProgramError;
use crate::trace::TraceError;

/// What went wrong. A difference that was found is none of these: it is in the report.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger could not be opened.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A build and the log do not belong together.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The project's files cannot be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// A definition cannot be run.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The log could not be replayed to compare with.
    #[error(transparent)]
    Rebuild(#[from] Box<RebuildError>),
    /// What was made to compare with could not be dropped.
    #[error(transparent)]
    Promote(#[from] Box<PromoteError>),
    /// No build goes by that name.
    #[error("{projection} has no build {build}{}", there_are(.builds))]
    NoBuild {
        /// The name asked for.
        build: String,
        /// The projection.
        projection: String,
        /// The builds there are.
        builds: Vec<String>,
    },
    /// There is nothing to compare.
    #[error("there is nothing to compare: {what}")]
    Nothing {
        /// The projection.
        projection: String,
        /// What is missing.
        what: String,
        /// Whether there is a build that could be compared with the log.
        has_one: bool,
    },
    /// Readers see no build that a new one could be compared with.
    #[error("readers see no build of {projection} yet: there is nothing to compare a new one with")]
    NeverLive {
        /// The projection.
        projection: String,
    },
    /// A build is on its way, or gone.
    #[error("{build} is {state}: only builds that are ready, live or retired can be compared")]
    Unfinished {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// Its state.
        state: State,
    },
    /// Two builds cannot be brought to one position.
    #[error(
        "{fixed} stands at position {at} for good, {why}, and {other} is past it, at {other_at}"
    )]
    Apart {
        /// The build that cannot be moved.
        fixed: String,
        /// Where it stands.
        at: Position,
        /// Why it cannot be moved.
        why: String,
        /// The other build.
        other: String,
        /// Where that one stands.
        other_at: Position,
        /// The projection.
        projection: String,
    },
    /// An event cannot be applied to one of them.
    #[error("{build} stopped: {failure}")]
    Poisoned {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// The event and what is wrong.
        failure: Box<Failure>,
    },
    /// Somebody else moved one of them to another state.
    #[error("{build} was moved by somebody else: {reason}")]
    Fenced {
        /// The build.
        build: String,
        /// How.
        reason: String,
    },
    /// No table's rows can be made of the events of one value.
    #[error(
        "a sample cannot be replayed alone, since no table of {projection} has rows that are bound to events of their own: {}",
        .obstacles.join("; ")
    )]
    NotAlone {
        /// The projection.
        projection: String,
        /// What stands in the way of each table.
        obstacles: Vec<String>,
    },
    /// A row could not be replayed.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// Others move the builds all the time, or hold locks on their tables.
    #[error("the builds could not be held at one position in {attempts} attempts")]
    Restless {
        /// How many attempts.
        attempts: u32,
        /// What the server said last, if it refused a lock.
        last: Option<Box<PgError>>,
    },
    /// A difference is declared of what neither build has.
    #[error("{declared} is declared as a difference, and neither build has that {what}")]
    Undeclared {
        /// The declaration.
        declared: String,
        /// `table` or `column`.
        what: &'static str,
    },
    /// The server's stream is not what it should be.
    #[error("the rows of {table} could not be read: the server's stream {what}")]
    Stream {
        /// The table.
        table: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Somebody asked to stop.
    #[error("stopped before everything was compared")]
    Interrupted,
}

fn there_are(builds: &[String]) -> String {
    match builds {
        [] => "; it has none".into(),
        builds => format!("; it has {}", builds.join(", ")),
    }
}

impl VerifyError {
    /// What a server, or the way to it, has to do with it.
    #[must_use]
    pub fn of_server(&self) -> Option<&PgError> {
        match self {
            VerifyError::Pg(error)
            | VerifyError::Context(
                ContextError::Pg(error) | ContextError::Ledger(LedgerError::Pg(error)),
            )
            | VerifyError::Ledger(LedgerError::Pg(error))
            | VerifyError::Log(LogError::Pg(error))
            | VerifyError::Program(ProgramError::Pg(error)) => Some(error),
            VerifyError::Identity(error) => error.of_server(),
            VerifyError::Rebuild(error) => error.of_server(),
            VerifyError::Promote(error) => error.of_server(),
            _ => None,
        }
    }

    /// Whether a lock was not had in time, and another attempt may have it.
    pub(super) fn is_contention(&self) -> bool {
        self.of_server().is_some_and(PgError::is_contention)
    }
}

impl From<OpenError> for VerifyError {
    fn from(error: OpenError) -> VerifyError {
        match error {
            OpenError::Ledger(error) => error.into(),
            OpenError::Program(error) => error.into(),
        }
    }
}

impl From<RebuildError> for VerifyError {
    fn from(error: RebuildError) -> VerifyError {
        VerifyError::Rebuild(Box::new(error))
    }
}

impl From<PromoteError> for VerifyError {
    fn from(error: PromoteError) -> VerifyError {
        VerifyError::Promote(Box::new(error))
    }
}
