//! Why a migration did not happen. What to do about each is in `error::migrating`.

use super::divergence::Divergence;
use crate::bulk::BulkError;
use crate::ledger::{LedgerError, State};
use crate::pg::history::HistoryError;
use crate::pg::{PgError, ServerError};
use crate::project::ProjectError;
use crate::replay::sql::ProgramError;
use crate::revision::target::TargetError;
use crate::source::Place;

/// Why a migration did not happen.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No server, or it refused.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The project's files cannot be read, or contradict each other.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The ledger could not be set up.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The target that was typed is no revision.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// There is no lineage of that name: neither the event store nor a projection.
    #[error("there is no lineage {name}; there are {}", .known.join(", "))]
    NoLineage {
        /// What was typed.
        name: String,
        /// The names of the lineages there are.
        known: Vec<String>,
    },
    /// Files and history disagree.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Divergent(Vec<Divergence>),
    /// A statement failed: the whole revision was rolled back, or the statements before it are committed.
    #[error("{place}: revision {stem} of {lineage} failed {}: {error}", outcome(.rolled_back))]
    Failed {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
        /// Where in its file.
        place: Place,
        /// Whether the whole revision was rolled back; else only this statement.
        rolled_back: bool,
        /// What the server said.
        error: Box<ServerError>,
    },
    /// A file contains something that a revision cannot.
    #[error("{place}: {reason}")]
    Script {
        /// Where.
        place: Place,
        /// Why.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// A statement of a projection reaches outside its build, or is another at the next rebuild.
    #[error(transparent)]
    Program(#[from] Box<ProgramError>),
    /// Refinery refused a revision.
    #[error(transparent)]
    Refinery(HistoryError),
    /// A revision on the way down has no way back.
    #[error("{} of {lineage} {} no way back: {}", .stems.join(", "),
        if .stems.len() == 1 { "has" } else { "have" }, .missing)]
    NoDown {
        /// The lineage.
        lineage: String,
        /// The revisions.
        stems: Vec<String>,
        /// The first file that is missing or empty, in words.
        missing: String,
    },
    /// The project has no revision of the event store.
    #[error("there is no revision in {folder}/migrations/event_store")]
    NoRevisions {
        /// The project's folder.
        folder: String,
    },
    /// The tables that a revision needs were locked until the time was over.
    #[error("{stem} of {lineage} found its locks taken for {budget_s} s{}", by(.blockers))]
    Blocked {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
        /// The budget.
        budget_s: u64,
        /// Who was in the way, one line each.
        blockers: Vec<String>,
    },
    /// Another run holds the deploy lock.
    #[error("another run holds the deploy lock{}", .holder.as_ref().map_or_else(String::new, |h| format!(" ({h})")))]
    Locked {
        /// Who.
        holder: Option<String>,
    },
    /// The deploy lock was taken on a backend that is not ours any more.
    #[error("the deploy lock was taken on another connection than this transaction runs on")]
    Stranded,
    /// A projection is not downgraded: readers are switched back to the retired build.
    #[error("{projection} is a projection: it goes back by switching readers to the retired build")]
    ProjectionDown {
        /// The projection.
        projection: String,
    },
    /// A build's history belongs to its definition.
    #[error(
        "{projection} is a projection: its history is that of its builds, and is not written by hand"
    )]
    ProjectionHistory {
        /// The projection.
        projection: String,
    },
    /// There is no schema.sql, which states the tables that a lineage shall make.
    #[error("{lineage} has no {path}, which would state the tables it shall have")]
    NothingWanted {
        /// The lineage.
        lineage: String,
        /// The file that is missing.
        path: String,
    },
    /// There is nowhere to try revisions without touching what is live.
    #[error(
        "revisions cannot be tried: {reason}; and {server} lets this role make no database and no login"
    )]
    NoScratch {
        /// Why there is no private server.
        reason: String,
        /// The server without secrets.
        server: String,
    },
    /// Scratch lacks something of the live database that a revision needs.
    #[error("{place}: {stem} cannot be tried in scratch: {why}")]
    NotTried {
        /// The revision.
        stem: String,
        /// Where in its file.
        place: Place,
        /// Why.
        why: String,
    },
    /// A file that is no revision failed.
    #[error("{place}: {error}")]
    File {
        /// Where.
        place: Place,
        /// What the server said.
        error: Box<ServerError>,
    },
    /// A downgrade would remove or change events.
    #[error("{place}: the way back from {stem} {}", .loss.of(.table))]
    LosesEvents {
        /// Where.
        place: Place,
        /// The revision.
        stem: String,
        /// The log.
        table: String,
        /// What becomes of it.
        loss: Loss,
    },
    /// A downgrade commits statement by statement, so events that it removed could not be brought back.
    #[error(
        "{place}: the way back from {stem} commits in parts, and {table} holds events: what it took of them \
         could not be brought back"
    )]
    Unguarded {
        /// Where.
        place: Place,
        /// The revision.
        stem: String,
        /// The log.
        table: String,
    },
    /// A build of another definition is in progress.
    #[error("{build} is {state}: a migration beside it would be lost when it is promoted")]
    BuildOnItsWay {
        /// The projection.
        projection: String,
        /// The build.
        build: String,
        /// Its state.
        state: State,
    },
    /// A revision needs one of another lineage, which has not run.
    #[error("{place}: {revision} depends on {needs}, which {why}")]
    DependsOn {
        /// Where it says so.
        place: Box<Place>,
        /// The revision and its lineage.
        revision: String,
        /// What it needs.
        needs: String,
        /// Why it cannot be had.
        why: &'static str,
        /// What to do.
        hint: String,
    },
    /// It is not known which table is Alembic's.
    #[error("{server} has {} {wanted}{}", if .found.is_empty() { "no table" } else { "more than one" },
        if .found.is_empty() { String::new() } else { format!(": {}", .found.join(", ")) })]
    AlembicMissing {
        /// The name that was looked for.
        wanted: String,
        /// The server without secrets.
        server: String,
        /// The tables of that name.
        found: Vec<String>,
    },
    /// Alembic's version table holds no id that a revision names.
    #[error("{}", unmatched(.table, .ids))]
    AlembicUnmatched {
        /// The table.
        table: String,
        /// The ids that no revision names; none where the table is empty.
        ids: Vec<String>,
    },
    /// A statement that has run has another text now.
    #[error(
        "{place}: statement {number} of {stem} was run already, and its text has changed since"
    )]
    StepChanged {
        /// Where.
        place: Place,
        /// Its number.
        number: i32,
        /// The revision.
        stem: String,
    },
    /// A downgrade was interrupted: the history has the revision, the schema not all of it.
    #[error("{stem} of {lineage} is half taken back: its way back was cut off")]
    HalfWayBack {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
    },
    /// A run was cut off: the schema has something of the revision, the history does not.
    #[error("{stem} of {lineage} is half applied: statements of it have run")]
    HalfApplied {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
    },
    /// Nothing was ever applied, so nothing can be done again.
    #[error("{lineage} has no revision that could be run again")]
    NothingToRedo {
        /// The lineage.
        lineage: String,
    },
    /// Another library owns the log.
    #[error("the log is adopted: there is no event store to migrate")]
    Adopted,
    /// The projection has no build.
    #[error("{projection} was never built, so there is nothing to migrate")]
    NeverBuilt {
        /// The projection.
        projection: String,
    },
    /// Somebody asked to stop.
    #[error("stopped{}", progress(.ran, .planned))]
    Interrupted {
        /// How many committed.
        ran: usize,
        /// How many were to run.
        planned: usize,
    },
}

/// What a downgrade would do to a log that holds events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loss {
    /// It drops or renames the table.
    Table,
    /// It drops a column that events are read from.
    Column(String),
    /// It takes out one of the tables that the log is made of.
    Part(String),
    /// It deletes so many events.
    Events(i64),
    /// It changes events.
    Content,
}

impl Loss {
    /// What is said of a log.
    fn of(&self, table: &str) -> String {
        match self {
            Loss::Table => format!("takes {table} away, and it holds events"),
            Loss::Column(column) => {
                format!("takes the column {column} of {table} away, and it holds events")
            }
            Loss::Part(part) => format!("takes {part} out of {table}, and it holds events"),
            Loss::Events(1) => format!("takes an event out of {table}"),
            Loss::Events(lost) => format!("takes {lost} events out of {table}"),
            Loss::Content => format!("changes events of {table}"),
        }
    }
}

fn unmatched(table: &str, ids: &[String]) -> String {
    match ids {
        [] => format!("{table} is empty: Alembic has run nothing in this database"),
        ids => format!("{table} says {}, and no revision stands for it", ids.join(" and ")),
    }
}

fn outcome(rolled_back: &bool) -> &'static str {
    if *rolled_back { "and was rolled back" } else { "behind statements that are kept" }
}

fn progress(ran: &usize, planned: &usize) -> String {
    match planned {
        0 => " before anything ran".to_owned(),
        _ => format!("; {ran} of {planned} revisions were applied"),
    }
}

fn by(blockers: &[String]) -> String {
    if blockers.is_empty() { String::new() } else { format!(" by {}", blockers.join("; ")) }
}

impl From<BulkError> for MigrateError {
    fn from(error: BulkError) -> MigrateError {
        match error {
            BulkError::Unread(error) => super::unread(error.into()),
            BulkError::Unreadable { path, reason } => {
                ProjectError::Unreadable { path, reason }.into()
            }
        }
    }
}

impl From<HistoryError> for MigrateError {
    fn from(error: HistoryError) -> MigrateError {
        match error {
            HistoryError::Pg(error) => error.into(),
            HistoryError::File { path, reason } => ProjectError::Unreadable { path, reason }.into(),
            other => MigrateError::Refinery(other),
        }
    }
}

/// The error of work in a revision's transaction: that of a migration, or of a room that does more in it.
pub(crate) trait Refusal: From<MigrateError> {
    /// What the migration itself says of it, if it does.
    fn as_migrate(&self) -> Option<&MigrateError>;

    /// The server's SQLSTATE, where it was the server that refused.
    fn code(&self) -> Option<&str>;

    /// The same with advice, where the server refused a statement and gave none.
    fn advised(self, advice: String) -> Self;

    /// Whether the same attempt may succeed later: a lock timeout, a deadlock.
    fn is_contention(&self) -> bool {
        matches!(self.code(), Some("55P03" | "40P01" | "40001"))
    }

    /// Whether a statement was cancelled.
    fn is_cancelled(&self) -> bool {
        self.code() == Some("57014")
    }

    /// Whether somebody has asked to stop.
    fn is_interruption(&self) -> bool {
        matches!(self.as_migrate(), Some(MigrateError::Interrupted { .. }))
    }
}

impl Refusal for MigrateError {
    fn as_migrate(&self) -> Option<&MigrateError> {
        Some(self)
    }

    fn code(&self) -> Option<&str> {
        match self {
            MigrateError::Pg(error) => error.code(),
            MigrateError::Failed { error, .. } => Some(&error.code),
            _ => None,
        }
    }

    fn advised(mut self, advice: String) -> MigrateError {
        if let MigrateError::Failed { error, .. } = &mut self {
            error.hint.get_or_insert(advice);
        }
        self
    }
}
