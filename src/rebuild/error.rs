//! Why a rebuild, or one of its builds, did not get there.

use crate::context::ContextError;
use crate::event::Position;
use crate::failure::Failure;
use crate::identity::IdentityError;
use crate::ledger::{LedgerError, State};
use crate::log::LogError;
use crate::migrate::MigrateError;
use crate::pg::PgError;
use crate::preflight::{Finding, PreflightError};
use crate::project::ProjectError;
use crate::promote::PromoteError;
use crate::replay::assertions::{AssertionError, Broken};
use crate::replay::build_session::OpenError;
use crate::replay::sql::ProgramError;
use crate::replay::throttle::ThrottleError;

/// What went wrong, naming its object.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
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
    /// The definition cannot be run.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A revision of the projection's lineage failed.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// What a rebuild needs could not be looked at.
    #[error(transparent)]
    Preflight(#[from] PreflightError),
    /// What is to hold it back cannot.
    #[error(transparent)]
    Throttle(#[from] ThrottleError),
    /// Something is in the way, and nothing was begun.
    #[error("{}", .findings.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join("\n"))]
    Refused {
        /// What, each with what to do.
        findings: Vec<Finding>,
    },
    /// The switch failed; the build is ready and stays so.
    #[error(transparent)]
    Promote(#[from] Box<PromoteError>),
    /// An assertion could not be run.
    #[error("{place}: the check {name:?} cannot be run: {source}")]
    Assertion {
        /// The projection.
        projection: String,
        /// Its name.
        name: String,
        /// Where.
        place: String,
        /// What the server said.
        source: Box<PgError>,
    },
    /// Assertions do not hold.
    #[error("{build} does not pass its checks: {}", broken_list(.broken))]
    Broken {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// The assertions.
        broken: Vec<Broken>,
    },
    /// An event cannot be applied.
    #[error("{build} stopped: {failure}")]
    Poisoned {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// The event and what is wrong.
        failure: Box<Failure>,
    },
    /// A build of the same definition waits to be gone on with.
    #[error("{build} has the same definition and is {state}")]
    Unfinished {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// Its state.
        state: State,
    },
    /// Nothing to go on with.
    #[error("{projection} has no unfinished build")]
    NothingToResume {
        /// The projection.
        projection: String,
    },
    /// Somebody else moved the build.
    #[error("{build} was moved by somebody else: {reason}")]
    Fenced {
        /// The build.
        build: String,
        /// How.
        reason: String,
    },
    /// Somebody asked to stop.
    #[error("{build} was stopped at position {position}")]
    Interrupted {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// Its checkpoint.
        position: Position,
    },
    /// An operator has paused the build, while it was worked on or before.
    #[error("{build} is paused at position {position}{}", .by.as_ref().map_or_else(String::new, |by| format!(", by {by}")))]
    Paused {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// Its checkpoint.
        position: Position,
        /// Who has asked for it, and when.
        by: Option<String>,
    },
    /// An operator has cancelled the build, and it was dropped; or it is to be.
    #[error("{build} was cancelled{}", .by.as_ref().map_or_else(String::new, |by| format!(" by {by}")))]
    Cancelled {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// Whether it is gone.
        is_dropped: bool,
        /// Who has asked for it, and when.
        by: Option<String>,
    },
    /// A build for a point in the past cannot be shown to readers.
    #[error("--until and --promote exclude each other: readers would go back in time")]
    UntilAndPromote,
    /// The moment at which a build is to end has yet to come.
    #[error("{moment} has yet to come, and events of before may still be recorded")]
    Future {
        /// The moment.
        moment: String,
    },
    /// One projection was named twice.
    #[error("{projection} is named twice")]
    Twice {
        /// The projection.
        projection: String,
    },
}

fn broken_list(broken: &[Broken]) -> String {
    let one = |b: &Broken| {
        let rows = if b.rows == 1 { "row" } else { "rows" };
        format!("{} ({}, {} {rows})", b.name, b.place, b.rows)
    };
    broken.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl RebuildError {
    /// What a server, or the way to it, has to do with it.
    #[must_use]
    pub fn of_server(&self) -> Option<&PgError> {
        match self {
            RebuildError::Pg(error)
            | RebuildError::Context(
                ContextError::Pg(error) | ContextError::Ledger(LedgerError::Pg(error)),
            )
            | RebuildError::Ledger(LedgerError::Pg(error))
            | RebuildError::Log(LogError::Pg(error))
            | RebuildError::Program(ProgramError::Pg(error))
            | RebuildError::Throttle(ThrottleError::Pg(error))
            | RebuildError::Preflight(
                PreflightError::Pg(error) | PreflightError::Log(LogError::Pg(error)),
            )
            | RebuildError::Migrate(
                MigrateError::Pg(error) | MigrateError::Ledger(LedgerError::Pg(error)),
            ) => Some(error),
            RebuildError::Promote(error) => error.of_server(),
            RebuildError::Identity(error) => error.of_server(),
            _ => None,
        }
    }

    /// What fixes it, where another try does not.
    pub(super) fn fix(&self, projection: &str) -> Option<String> {
        let rebuild = format!("then: regrow rebuild {projection}");
        match self {
            _ if self.of_server().is_some() => None,
            RebuildError::Broken { .. } => Some(format!(
                "fix projections/{projection}/handlers.sql or checks.sql, {rebuild}; if events that came since \
                 put it right: regrow resume {projection}"
            )),
            RebuildError::Assertion { place, .. } => Some(format!("fix {place}, {rebuild}")),
            RebuildError::Program(_) => {
                Some(format!("fix projections/{projection}/handlers.sql, {rebuild}"))
            }
            RebuildError::Log(
                LogError::Stream { .. } | LogError::Order { .. } | LogError::NotWhole { .. },
            ) => Some(format!("fix what the log has there, then: regrow resume {projection}")),
            RebuildError::Promote(error) => error.fix(projection),
            _ => None,
        }
    }

    /// Whether it is the run that failed, and the ledger does not say so already.
    pub(super) fn is_recorded(&self) -> bool {
        !matches!(
            self,
            RebuildError::Poisoned { .. }
                | RebuildError::Fenced { .. }
                | RebuildError::Interrupted { .. }
                | RebuildError::Paused { .. }
                | RebuildError::Cancelled { .. }
                | RebuildError::Ledger(LedgerError::Busy { .. })
        )
    }
}

impl From<AssertionError> for RebuildError {
    fn from(error: AssertionError) -> RebuildError {
        match error {
            AssertionError::Pg(error) => error.into(),
            AssertionError::Program(error) => error.into(),
            AssertionError::Query { projection, name, place, source } => {
                RebuildError::Assertion { projection, name, place, source }
            }
        }
    }
}

impl From<OpenError> for RebuildError {
    fn from(error: OpenError) -> RebuildError {
        match error {
            OpenError::Ledger(error) => error.into(),
            OpenError::Program(error) => error.into(),
        }
    }
}
