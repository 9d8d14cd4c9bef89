//! Repair: one row again, from its events, in every build that has it.
//!
//! After an erasure, a parked event or a change by hand, a row is not what the log says any more, and a
//! rebuild reads everything for the sake of one row. Where the route proof binds the row
//! ([`crate::handler::native::route`]), what makes it are the events of its value and no others. They are
//! read, the rows of the value are taken away, and the handlers run again on the build's own tables, in one transaction
//! over all builds: readers see the rows of before or the new ones, and a rollback does not bring back
//! what was erased.
//!
//! # Why the rows are right
//!
//! The builds' rows in the ledger are locked first, for which `regrow.advance` waits: no checkpoint moves, so each
//! build's tables are what its checkpoint says. Only events up to that checkpoint run, those that were read before
//! the lock and the rest that is read under it. The generations move with the rows, so a follower that holds
//! rows in memory writes none of them back: it reads the ledger and the tables again.
//!
//! What is not certain is refused: an event of which only PostgreSQL could say whether it is of the value,
//! rows that revisions put there, triggers and keys that would act on other tables, builds that are on their way.

mod recipe;
mod replace;
mod report;
mod retry;

pub use retry::{Retried, RetriedBuild, RetriedEvent, retry};

use crate::context::{Context, ContextError};
use crate::definition::DefinitionErrors;
use crate::event::Position;
use crate::failure::Failure;
use crate::handler::native::route::Obstacle;
use crate::ident::Ident;
use crate::identity::{Survey, own_builds};
use crate::ledger::{self, Build, LedgerError, State};
use crate::log::LogError;
use crate::migrate::MigrateError;
use crate::pg::{PgError, failpoint};
use crate::replay::sql::ProgramError;
use crate::trace::subject::Subject;
use crate::trace::{self, TraceError, Values};
use recipe::{Recipe, Which};

use std::time::Duration;

/// How long another run's claim of the projection is waited for.
const CLAIM: Duration = Duration::from_secs(10);

/// Which row.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// A projection, a table as `projection.table`, or a table that only one projection has.
    pub name: String,
    /// The row: columns of the table's primary key and their values.
    pub key: Vec<(String, String)>,
    /// Every row that is made of a stream, instead of one row.
    pub stream: Option<String>,
    /// One build by its number, instead of all.
    pub build: Option<i32>,
}

/// A row that was made again.
#[derive(Debug, Clone)]
pub struct Repaired {
    /// The projection.
    pub projection: String,
    /// The table; `None` if rows of all tables were made again.
    pub table: Option<String>,
    /// The stream whose rows were made again, if it was not one row.
    pub stream: Option<String>,
    /// The columns of the table, in order.
    pub columns: Vec<String>,
    /// The row's key, as PostgreSQL prints its values.
    pub key: Vec<(String, String)>,
    /// Each build, in the order of their numbers.
    pub builds: Vec<RepairedBuild>,
}

/// What became of the row in one build.
#[derive(Debug, Clone)]
pub struct RepairedBuild {
    /// The build's schema.
    pub build: String,
    /// What the build is to readers.
    pub state: State,
    /// The position whose row it is now.
    pub position: Position,
    /// Events of the value that were applied.
    pub events: u64,
    /// The row before; `None` if there was none, or a stream was asked for.
    pub before: Option<Values>,
    /// The row now; `None` if there is none, or a stream was asked for.
    pub after: Option<Values>,
    /// Whether the row, or a row of the stream, is another one now.
    pub changed: bool,
    /// Tables whose rows of the value were made again: name, rows before, rows now.
    pub tables: Vec<(String, i64, i64)>,
    /// Events that were parked and are applied now.
    pub unparked: usize,
    /// Events that are parked now and were not.
    pub parked: usize,
    /// Events of the build that are parked and were left so, since other tables decide what becomes of them.
    pub left_parked: usize,
    /// Events that were skipped and are applied now; the build counts them no longer.
    pub unskipped: usize,
    /// Events that are skipped now and were not.
    pub skipped: usize,
    /// Events that the build has skipped and that were left so, since other tables decide what becomes of them.
    pub left_skipped: usize,
}

/// Why no row was made again. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RepairError {
    /// The row could not be found, or its events not be read.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// Nothing binds rows to a stream.
    #[error("{build}: the rows of one stream cannot be made again by themselves: {obstacle}")]
    NotByStream {
        /// The build.
        build: String,
        /// Its projection.
        projection: String,
        /// What stands in the way.
        obstacle: Obstacle,
        /// Whether a row may still be told from others by its key.
        has_keys: bool,
    },
    /// Nothing binds the row to events of its own.
    #[error("{build}: no row of {table} can be made again by itself: {obstacle}")]
    NotBound {
        /// The build.
        build: String,
        /// The table.
        table: String,
        /// What stands in the way.
        obstacle: Obstacle,
    },
    /// A build has not come to a position yet.
    #[error("{build} is {state}, and its rows are still being made")]
    Unfinished {
        /// The build.
        build: String,
        /// The schema that it is going to be shown in, if it shows one point of the log.
        as_of: Option<String>,
        /// The projection.
        projection: String,
        /// Its state.
        state: State,
    },
    /// What an event would have changed is not decided by rows of one value.
    #[error("{build}: the event at position {position} is not tried again by itself: {obstacle}")]
    NotSplit {
        /// The build.
        build: String,
        /// Its projection.
        projection: String,
        /// Its position.
        position: Position,
        /// What stands in the way.
        obstacle: Obstacle,
    },
    /// No such event is parked.
    #[error("{name} has parked no event at position {position}")]
    NotParked {
        /// The projection or build.
        name: String,
        /// The position.
        position: Position,
    },
    /// A parked event is not in the log any more.
    #[error("the log has no event at position {position} any more that {build} takes")]
    Gone {
        /// The build.
        build: String,
        /// The position.
        position: Position,
    },
    /// An event that was applied once cannot be applied now.
    #[error("{build}: the row is not made again, since one of its events fails now: {failure}")]
    Fails {
        /// The build.
        build: String,
        /// The event, and what is wrong.
        failure: Box<Failure>,
    },
    /// Whether an event is of the row's value is known to nobody here.
    #[error("{build}: whether the event at position {position} is of the row cannot be told")]
    Uncertain {
        /// The build.
        build: String,
        /// Its position.
        position: Position,
    },
    /// An event that fails lacks the value that says whose it is, and is not known to have failed before.
    #[error(
        "{build}: the event at position {position} fails and lacks the field that says whose it is; {build} has it \
         neither parked nor skipped, so it may have been applied to any row"
    )]
    Lost {
        /// The build.
        build: String,
        /// Its position.
        position: Position,
        /// Whether builds of the definition go on past an event that fails.
        goes_on: bool,
    },
    /// Rows of another table refer to the row.
    #[error(
        "{build}: rows of {table} refer to the row ({constraint}), so it cannot be taken away and made again"
    )]
    Referred {
        /// The build.
        build: String,
        /// The table whose rows refer to it.
        table: String,
        /// The foreign key.
        constraint: String,
    },
    /// A build was changed while the events were read.
    #[error("{build} was changed by another run meanwhile; nothing was changed by this one")]
    Changed {
        /// The build.
        build: String,
    },
    /// Another build has other tables.
    #[error("{build} has no table with that key")]
    Elsewhere {
        /// The build.
        build: String,
        /// Its number.
        number: i32,
        /// The number of a build that has one.
        live: i32,
    },
    /// Somebody stopped it.
    #[error("interrupted")]
    Interrupted,
}

impl From<PgError> for RepairError {
    fn from(error: PgError) -> RepairError {
        RepairError::Trace(error.into())
    }
}

impl From<LedgerError> for RepairError {
    fn from(error: LedgerError) -> RepairError {
        RepairError::Trace(error.into())
    }
}

impl From<LogError> for RepairError {
    fn from(error: LogError) -> RepairError {
        RepairError::Trace(error.into())
    }
}

impl From<ContextError> for RepairError {
    fn from(error: ContextError) -> RepairError {
        RepairError::Trace(error.into())
    }
}

impl From<ProgramError> for RepairError {
    fn from(error: ProgramError) -> RepairError {
        RepairError::Trace(error.into())
    }
}

impl From<DefinitionErrors> for RepairError {
    fn from(error: DefinitionErrors) -> RepairError {
        RepairError::Trace(error.into())
    }
}

impl From<MigrateError> for RepairError {
    fn from(error: MigrateError) -> RepairError {
        RepairError::Trace(error.into())
    }
}

/// Makes a row again from its events, in every build that is not dropped.
///
/// # Errors
/// There is no such table or key, the row is not bound to events of its own, a build is on its way, an event fails,
/// or a server refuses. Nothing is changed then.
pub fn repair(context: &Context, request: &Request) -> Result<Repaired, RepairError> {
    let mut session = context.open_read_models("repair")?.to_write()?;
    ledger::is_ours(&mut session)?;
    let (mut events, log) = context.open_log("repair")?;
    let asked = |name: String, build: Option<i32>| trace::Request {
        name,
        key: request.key.clone(),
        build,
        ..trace::Request::default()
    };
    let first = asked(request.name.clone(), request.build);
    let (first, table) = find(context, &mut session, (&first, request.stream.is_some()))?;
    let projection = first.build.projection.clone();
    ledger::claim(&mut session, &projection, CLAIM)?;
    let all = ledger::builds(&mut session, Some(&projection))?;
    let mut builds = own_builds(context, &mut session, all).map_err(TraceError::from)?;
    builds.retain(|build| build.state != State::Dropped);
    builds.retain(|build| request.build.is_none_or(|number| build.number == number));
    if let Some(build) = builds.iter().find(|build| !build.state.is_followed()) {
        let as_of = build.as_of.as_ref().map(|as_of| as_of.publish.clone());
        let (build, state) = (build.schema.to_string(), build.state);
        return Err(RepairError::Unfinished { build, as_of, projection, state });
    }
    for build in &builds {
        same_log(context, &mut session, (&mut events, &log), build)?;
    }
    let named = match &table {
        Some(table) => format!("{projection}.{}", table.as_str()),
        None => projection.clone(),
    };
    let mut recipes = Vec::new();
    for build in &builds {
        let of_build = asked(named.clone(), Some(build.number));
        let found = find(context, &mut session, (&of_build, request.stream.is_some()));
        let (subject, _) = found.map_err(|error| match error {
            TraceError::Unknown { .. } | TraceError::Key { .. } | TraceError::NoKey { .. } => {
                let (number, live) = (build.number, first.build.number);
                RepairError::Elsewhere { build: build.schema.to_string(), number, live }
            }
            error => error.into(),
        })?;
        let which = match &request.stream {
            Some(stream) => Which::Stream { stream, table: table.as_ref() },
            None => Which::Row,
        };
        let mut recipe = Recipe::of(&mut session, (&mut events, &log), (subject, which))?;
        let until = recipe.build.position;
        failpoint::around("repair::read", || recipe.read(context, (&mut events, &log), until))?;
        recipes.push(recipe);
    }
    let builds = replace::replace(context, &mut session, (&mut events, &log), &mut recipes)?;
    ledger::disclaim(&mut session, &projection)?;
    let name = |column: &Ident| column.as_str().to_owned();
    let key = first.key.iter().map(|part| (name(&part.column), part.value.clone())).collect();
    let columns = first.columns.iter().map(name).collect();
    let (table, stream) = (table.as_ref().map(name), request.stream.clone());
    Ok(Repaired { projection, table, stream, columns, key, builds })
}

/// What is meant in a build, and the table unless all of them are.
fn find(
    context: &Context,
    session: &mut crate::pg::Session,
    (request, is_stream): (&trace::Request, bool),
) -> Result<(Subject, Option<Ident>), TraceError> {
    if is_stream {
        return Subject::of_stream(context, session, request);
    }
    let subject = Subject::find(context, session, request)?;
    let table = subject.table.clone();
    Ok((subject, Some(table)))
}

/// Refuses a build that was made from another log.
fn same_log(
    context: &Context,
    session: &mut crate::pg::Session,
    (events, log): (&mut crate::pg::Session, &crate::log::Log),
    build: &Build,
) -> Result<(), RepairError> {
    let of = std::slice::from_ref(build);
    if let Ok(survey) = Survey::of(context, session, (events, log), of).map_err(TraceError::from)? {
        let judged = survey.judge(session, (events, log), build).map_err(TraceError::from)?;
        if let Some(fault) = judged.fault {
            return Err(TraceError::from(fault).into());
        }
    }
    Ok(())
}
