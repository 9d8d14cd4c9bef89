//! Why readers still see what they saw.

use crate::context::ContextError;
use crate::event::Position;
use crate::failure::Failure;
use crate::figures::counted;
use crate::ident::{Ident, quote_ident};
use crate::identity::IdentityError;
use crate::ledger::{LedgerError, State};
use crate::log::LogError;
use crate::pg::PgError;
use crate::pg::footprint::Dependent;
use crate::pg::owner::shortened;
use crate::project::ProjectError;
use crate::replay::build_session::OpenError;
use crate::replay::sql::ProgramError;

/// What stopped a switch, naming its object.
#[derive(Debug, thiserror::Error)]
pub enum PromoteError {
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
    /// The build and the log do not belong together.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// No projection has that name, in the project or in the ledger.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The build's definition cannot be run.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// Nothing can be promoted.
    #[error("{projection} has no build that is ready; {there_is}")]
    NothingReady {
        /// The projection.
        projection: String,
        /// What there is instead.
        there_is: String,
        /// Whether there is one that can be gone on with.
        unfinished: bool,
    },
    /// There is no way back.
    #[error("{projection} has no retired build to go back to")]
    NothingRetired {
        /// The projection.
        projection: String,
    },
    /// The build named cannot be gone back to.
    #[error("{build} is not a retired build of {projection}{}", .state.map_or_else(String::new, |s| format!(": it is {s}")))]
    NotRetired {
        /// What was typed.
        build: String,
        /// The projection.
        projection: String,
        /// Its state, if it is there.
        state: Option<State>,
        /// Builds that could be gone back to.
        retired: Vec<String>,
    },
    /// A retired build cannot be brought up to date.
    #[error("{build} cannot be brought up to date: {error}")]
    CannotFollow {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// Where it stands.
        position: Position,
        /// Since when.
        since: String,
        /// Why.
        error: Box<PromoteError>,
    },
    /// The build's last events cannot be applied.
    #[error("{build} stopped: {failure}")]
    Poisoned {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// The event and what is wrong.
        failure: Box<Failure>,
    },
    /// The build has skipped events, and nobody has accepted that.
    #[error(
        "{build} is not shown: {} skipped, and its rows are without {}",
        counted(*.events, "event was", "events were"),
        if *.events == 1 { "it" } else { "them" }
    )]
    Skipped {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// How many.
        events: i64,
    },
    /// The log holds events below the checkpoint that the build never read.
    #[error(
        "{build} has read {read} events up to position {position}, and the log holds {found} there"
    )]
    Late {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// Its checkpoint.
        position: Position,
        /// How many events it has read.
        read: u64,
        /// How many of its types the log holds.
        found: u64,
    },
    /// A view must be dropped, and something of the users' own depends on it.
    #[error("{view} must be made anew ({why}), and {} on it", depend(.dependents))]
    Dependents {
        /// The view.
        view: String,
        /// Why it cannot be replaced.
        why: String,
        /// What depends on it.
        dependents: Vec<Dependent>,
    },
    /// A view must be made anew, and not all that belongs to it could be kept.
    #[error("{view} must be made anew ({why}), and not all that belongs to it could be kept: {}", .lost.join("; "))]
    NotKept {
        /// The view.
        view: String,
        /// Why it cannot be replaced.
        why: String,
        /// What could not be kept, and why.
        lost: Vec<String>,
    },
    /// More than one thing is in the way.
    #[error("{}", .errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Several {
        /// What is.
        errors: Vec<PromoteError>,
    },
    /// A drop would take what regrow did not make.
    #[error("{}", .builds.iter().map(|(build, others)| would_go(build, others)).collect::<Vec<_>>().join("\n"))]
    Others {
        /// The builds, and what would go with each.
        builds: Vec<(String, Vec<Dependent>)>,
    },
    /// There is nothing to end.
    #[error("{projection} was never built")]
    NeverBuilt {
        /// The projection.
        projection: String,
    },
    /// The projection is another project's.
    #[error("{build} was made from another log than this project's")]
    AnotherLog {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
    },
    /// The files have another name than the ledger shall have.
    #[error("the folder projections/{old} is not renamed to projections/{new}")]
    FolderNotRenamed {
        /// The name in the ledger.
        old: String,
        /// The name it shall have.
        new: String,
    },
    /// Another projection has that name.
    #[error("{projection} has builds of its own: {build}")]
    NameTaken {
        /// The name.
        projection: String,
        /// One of them.
        build: String,
    },
    /// A build is to be dropped that shows one point of the log.
    #[error("{build} shows a point of the log in the schema {publish}, and goes with it only")]
    ShownAsOf {
        /// The build.
        build: String,
        /// The schema of its views.
        publish: String,
    },
    /// A build is to be dropped that a preview shows.
    #[error("{build} is shown in the schema {publish} by a preview, and is not dropped")]
    Previewed {
        /// The build.
        build: String,
        /// The schema of its views.
        publish: String,
    },
    /// A build is to be dropped that readers see.
    #[error("{build} is what readers see, and is not dropped")]
    StillLive {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
    },
    /// A relation of the view's name is there and is not ours.
    #[error("{view} exists and is not a view of the projection {projection}")]
    Foreign {
        /// The relation.
        view: String,
        /// The projection.
        projection: String,
    },
    /// A view under one of our names is not what we made.
    #[error(
        "{view} is not the view that regrow made for {build}: somebody has changed or replaced it"
    )]
    Changed {
        /// The view, as in SQL.
        view: String,
        /// Its name without the schema.
        name: Ident,
        /// The live build.
        build: String,
        /// The projection.
        projection: String,
    },
    /// A view that readers should see is not there.
    #[error(
        "{view} is not there, so readers do not see {build}: somebody has dropped or renamed it"
    )]
    Gone {
        /// The view, as in SQL.
        view: String,
        /// The live build.
        build: String,
        /// The projection.
        projection: String,
    },
    /// Readers never let us through.
    #[error("readers of the views held their locks for the whole of {budget_s} seconds: {}", .blockers.join("; "))]
    Blocked {
        /// How long was tried.
        budget_s: u64,
        /// Who was in the way the last time.
        blockers: Vec<String>,
    },
    /// Somebody asked to stop.
    #[error("stopped before the switch; readers see what they saw")]
    Interrupted,
    /// Somebody else moved one of the builds.
    #[error("{build} was moved by somebody else: {reason}")]
    Fenced {
        /// The build.
        build: String,
        /// How.
        reason: String,
    },
}

fn would_go(build: &str, others: &[Dependent]) -> String {
    let names: Vec<String> = others.iter().map(|dependent| dependent.object.to_string()).collect();
    format!(
        "{build} is not dropped: what regrow did not make would go with it: {}",
        names.join("; ")
    )
}

fn depend(dependents: &[Dependent]) -> String {
    let verb = if dependents.len() == 1 { "depends" } else { "depend" };
    let names: Vec<String> =
        dependents.iter().map(|dependent| dependent.object.to_string()).collect();
    format!("{} {verb}", names.join(", "))
}

impl PromoteError {
    /// What to do about a view that cannot be pointed at a build's tables.
    #[must_use]
    pub fn way(&self) -> Option<String> {
        match self {
            PromoteError::Dependents { dependents, .. } => {
                let first: Vec<String> =
                    dependents.iter().map(|dependent| format!("  {};", dependent.first)).collect();
                let first = first.join("\n");
                Some(format!("drop what depends on it, promote, and create it again:\n{first}"))
            }
            PromoteError::NotKept { .. } => Some(
                "let a role that may do so take that away, promote, and have it put back".into(),
            ),
            PromoteError::Changed { view, name, .. } => {
                let kept = quote_ident(&shortened(name.as_str(), "_found"));
                Some(format!(
                    "what it shows is lost when it is replaced or dropped; keep it under another name:\n  ALTER VIEW {view} RENAME TO {kept};\n\
                     or, if nobody needs it: DROP VIEW {view};"
                ))
            }
            PromoteError::Gone { projection, .. } => {
                Some(format!("regrow rebuild {projection} --promote makes it again"))
            }
            PromoteError::Foreign { .. } => {
                Some("rename one of the two, or set publish_schema in projection.toml".into())
            }
            PromoteError::Several { errors } => {
                let ways: Vec<String> = errors.iter().filter_map(PromoteError::way).collect();
                Some(ways.join("\n"))
            }
            _ => None,
        }
    }

    /// What a server, or the way to it, has to do with it.
    #[must_use]
    pub fn of_server(&self) -> Option<&PgError> {
        match self {
            PromoteError::Pg(error)
            | PromoteError::Context(
                ContextError::Pg(error) | ContextError::Ledger(LedgerError::Pg(error)),
            )
            | PromoteError::Ledger(LedgerError::Pg(error))
            | PromoteError::Log(LogError::Pg(error))
            | PromoteError::Program(ProgramError::Pg(error)) => Some(error),
            PromoteError::Identity(error) => error.of_server(),
            PromoteError::CannotFollow { error, .. } => error.of_server(),
            _ => None,
        }
    }

    /// What fixes it, where another try does not.
    #[must_use]
    pub fn fix(&self, projection: &str) -> Option<String> {
        match self {
            PromoteError::Dependents { .. } => Some(format!(
                "drop what depends on the view, then: regrow promote {projection}; and create it again"
            )),
            PromoteError::NotKept { view, .. } => Some(format!(
                "take away what could not be kept of {view}, then: regrow promote {projection}; and put it back"
            )),
            PromoteError::Several { errors } => {
                let fixes: Vec<String> = errors.iter().filter_map(|e| e.fix(projection)).collect();
                (!fixes.is_empty()).then(|| fixes.join("; "))
            }
            PromoteError::Changed { view, .. } => Some(format!(
                "rename or drop {view}, which is not what regrow made, then: regrow promote {projection}"
            )),
            PromoteError::Foreign { view, .. } => Some(format!(
                "rename {view}, then: regrow promote {projection}; or set publish_schema in \
                 projections/{projection}/projection.toml, then: regrow rebuild {projection}"
            )),
            PromoteError::Program(error) if !matches!(error, ProgramError::Pg(_)) => Some(format!(
                "fix projections/{projection}/handlers.sql, then: regrow rebuild {projection}"
            )),
            _ => None,
        }
    }

    /// The same if it was found before a build was there that could be promoted.
    #[must_use]
    pub fn fix_first(&self, projection: &str) -> Option<String> {
        let (promote, rebuild) = (
            format!("regrow promote {projection}"),
            format!("regrow rebuild {projection} --promote"),
        );
        Some(self.fix(projection)?.replace(&promote, &rebuild))
    }

    /// Whether it is the build, its definition or its events that are in the way, and neither readers
    /// nor a server.
    pub(super) fn is_of_the_build(&self) -> bool {
        matches!(
            self,
            PromoteError::Poisoned { .. }
                | PromoteError::Program(ProgramError::Definition(_) | ProgramError::Faults(_))
                | PromoteError::Identity(IdentityError::Fault(_))
                | PromoteError::Log(_)
        ) && self.of_server().is_none()
    }
}

impl From<OpenError> for PromoteError {
    fn from(error: OpenError) -> PromoteError {
        match error {
            OpenError::Ledger(error) => error.into(),
            OpenError::Program(error) => error.into(),
        }
    }
}
