//! Trace: which events made a row, and what each of them changed.
//!
//! The events are replayed by the engines into a scratch database, where a trigger notes what becomes of
//! the one row, or in memory where the native engine needs no tables; nothing live is written. So what is told
//! is what the handlers do, statement by statement, not what somebody thinks they do. Where the route proof holds
//! ([`crate::handler::native::route`]) only the events of the row's key are read, by a filter on the log's
//! server; else all of them are, and it is said why.
//!
//! | stage | what it turns into what |
//! |---|---|
//! | `subject` | what was typed into a build, a table, a key, and the row at one position |
//! | `scope` | a definition and a key into the events and statements that count |
//! | `witness` | a table in scratch into notes of what a statement did to the row |
//! | `feed` | a part of the log into chunks, bound where the native engine takes them |
//! | `replay` | events into changes of the row |
//! | `memory` | the same without scratch, where few events and no tables are needed |
//! | `event`, `prior` | one event into the rows that it changed |
//!
//! The last row of a trace is held against the row in the table at the same position: where they differ, the
//! table is not what its events make, and that is told.

pub(crate) mod alone;
pub(crate) mod aside;
pub(crate) mod by_key;
mod event;
pub(crate) mod feed;
mod memory;
mod prior;
pub(crate) mod replay;
mod report;
pub(crate) mod scope;
pub(crate) mod subject;
mod witness;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::context::{Context, ContextError};
use crate::definition::DefinitionErrors;
use crate::event::{Position, RawEvent};
use crate::failure::Failure;
use crate::handler::native::route::Obstacle;
use crate::identity::{Fault, IdentityError, Survey};
use crate::ledger::LedgerError;
use crate::log::LogError;
use crate::migrate::MigrateError;
use crate::pg::PgError;
use crate::replay::sql::ProgramError;
use crate::source::Place;
use subject::Subject;

pub use event::{EventTraced, OfProjection, Outcome, RowChange, trace_event};

/// After so long it is told how the events would be found sooner.
const SLOW: Duration = Duration::from_secs(2);

/// What is to be traced.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// A projection, a table as `projection.table`, or a table that only one projection has.
    pub name: String,
    /// The row: columns of the table's primary key and their values.
    pub key: Vec<(String, String)>,
    /// The build's number; the live one without it, or else the newest.
    pub build: Option<i32>,
    /// Where the trace ends; the build's checkpoint without it.
    pub until: Option<Position>,
    /// Whether payloads are told.
    pub payloads: bool,
}

/// What made a row.
#[derive(Debug, Clone)]
pub struct Traced {
    /// The projection.
    pub projection: String,
    /// The build's schema.
    pub build: String,
    /// The table.
    pub table: String,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// The row's key, as PostgreSQL prints its values.
    pub key: Vec<(String, String)>,
    /// The position up to which events were replayed.
    pub until: Position,
    /// Which events were read.
    pub bound: Bound,
    /// Whether they were replayed in this process's memory, and not in scratch.
    pub in_memory: bool,
    /// How many events were read from the log.
    pub events_read: i64,
    /// How many events were replayed.
    pub events_applied: u64,
    /// What changed the row, in the order of the log.
    pub changes: Vec<Change>,
    /// The row after the last of them; `None` if there is none.
    pub row: Option<Values>,
    /// What the table says.
    pub agreement: Agreement,
    /// Parked events that have to do with the row, as far as it can be told.
    pub parked: Vec<LeftOut>,
    /// How many events of the build are parked up to the position.
    pub parked_in_all: usize,
    /// Skipped events that have to do with the row, as far as it can be told.
    pub skipped: Vec<LeftOut>,
    /// How many events the build has skipped up to the position.
    pub skipped_in_all: usize,
    /// Events that failed in the replay and are neither parked nor skipped in the build.
    pub refused: Vec<Failure>,
    /// What else there is to say.
    pub notes: Vec<String>,
    /// The statements that were run: what for, and the SQL.
    pub sql: Vec<(String, String)>,
}

/// The values of a row as PostgreSQL prints them, in the order of the columns; `None` is NULL.
pub type Values = Vec<Option<String>>;

/// Which events count.
#[derive(Debug, Clone)]
pub enum Bound {
    /// Those of one value.
    By {
        /// The column that has it.
        column: String,
        /// The parameters that have it, each with the event types that use it.
        parameters: Vec<(String, Vec<String>)>,
        /// Stored types of which all events were read, since the log's server cannot tell their value.
        unpicked: Vec<String>,
        /// The expressions that the log's server compared.
        compared: Vec<String>,
        /// Statements that make the indexes by which it finds the events, if they are not there.
        indexes: Vec<String>,
    },
    /// All.
    Nothing(Obstacle),
}

/// What one statement did to the row.
#[derive(Debug, Clone)]
pub struct Change {
    /// The event.
    pub event: EventOf,
    /// The handler's statement.
    pub place: Option<Place>,
    /// The row before; `None` if there was none.
    pub before: Option<Values>,
    /// The row after; `None` if there is none.
    pub after: Option<Values>,
    /// The key that the row had before or has after, if that is another one.
    pub moved: Option<Moved>,
}

/// A row that changed its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moved {
    /// It came from this key.
    From(Values),
    /// It went to this key.
    To(Values),
}

/// An event, as far as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventOf {
    /// Its position.
    pub position: Position,
    /// Its number among the events that upcasters made of one.
    pub part: u32,
    /// When it was recorded, if the log knows.
    pub recorded_at: Option<String>,
    /// Its stream.
    pub stream_id: String,
    /// Its number in the stream.
    pub stream_version: i64,
    /// Its stored type.
    pub event_type: String,
    /// Its stored schema version.
    pub schema_version: i32,
    /// Its stored payload, where it was asked for.
    pub payload: Option<String>,
}

/// A parked or skipped event.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// What is wrong with it.
    pub failure: Failure,
    /// Whether it is surely of the row's key.
    pub is_of_key: bool,
}

/// Whether a trace ends with the row in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Agreement {
    /// It does.
    Equal,
    /// The table has another row, or one of both has none.
    Differs {
        /// The row in the table.
        table: Option<Values>,
    },
    /// The trace ends before the build's checkpoint.
    NotCompared,
}

/// Why there is no trace.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
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
    /// The log is not the one that the build was made from.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// There is no scratch database, or the build's tables cannot be made there.
    #[error(transparent)]
    Scratch(#[from] MigrateError),
    /// The build's handlers do not fit its tables in scratch.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// The build's definition cannot be read.
    #[error(transparent)]
    Definition(#[from] DefinitionErrors),
    /// Neither a projection nor a table.
    #[error("no build has a table {name}, and no projection of that name has a build")]
    Unknown {
        /// What was typed.
        name: String,
    },
    /// The projection has no such build.
    #[error("{projection} has no build {number}{}", listed(.there))]
    NoBuild {
        /// The projection.
        projection: String,
        /// What was asked for.
        number: i32,
        /// Those it has.
        there: Vec<i32>,
    },
    /// Several tables may be meant.
    #[error("{name} may be {}", .meant.join(" or "))]
    Ambiguous {
        /// What was typed.
        name: String,
        /// What it may be.
        meant: Vec<String>,
    },
    /// What was given is not the key of the table.
    #[error("a row of {table} is named by its key ({}), not by ({})", .key.join(", "), .given.join(", "))]
    Key {
        /// The table.
        table: String,
        /// The columns of its key.
        key: Vec<String>,
        /// Those that were given.
        given: Vec<String>,
    },
    /// The table has no primary key.
    #[error("{table} has no primary key, so nothing names one of its rows")]
    NoKey {
        /// The table.
        table: String,
    },
    /// A value is none of the column's type.
    #[error("--key {column}=...: {message}")]
    Value {
        /// The column.
        column: String,
        /// What the server says.
        message: String,
    },
    /// The log has no event there.
    #[error("the log has no event at position {position}")]
    NoEvent {
        /// The position.
        position: Position,
    },
    /// Somebody stopped it.
    #[error("interrupted")]
    Interrupted,
}

fn listed(numbers: &[i32]) -> String {
    let list: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    if list.is_empty() { String::new() } else { format!("; it has {}", list.join(", ")) }
}

impl From<Fault> for TraceError {
    fn from(fault: Fault) -> TraceError {
        TraceError::Identity(fault.into())
    }
}

/// Tells which events made a row.
///
/// # Errors
/// There is no such table or key, the log is another, there is no scratch database, or a server refuses.
pub fn trace(context: &Context, request: &Request) -> Result<Traced, TraceError> {
    let mut ledger = context.open_ledger("trace")?;
    let (mut events, log) = context.open_log("trace")?;
    let subject = Subject::find(context, &mut ledger, request)?;
    let mut notes = Vec::new();
    match Survey::of(
        context,
        &mut ledger,
        (&mut events, &log),
        std::slice::from_ref(&subject.build),
    )? {
        Err(older) => notes.push(older),
        Ok(survey) => {
            let judged = survey.judge(&mut ledger, (&mut events, &log), &subject.build)?;
            if let Some(fault) = judged.fault {
                return Err(fault.into());
            }
            notes.extend(judged.rewritten.iter().map(|at| {
                format!(
                    "the payload of the event at position {at} is another than the build has read"
                )
            }));
            notes.extend(judged.deleted.iter().map(|at| {
                format!(
                    "the event at position {at}, which the build has read, was deleted from the log"
                )
            }));
            let schema = subject.build.schema.as_str();
            notes.extend(judged.redefined.iter().map(|redefined| redefined.sentence(schema)));
            if judged.begins_later.is_some() {
                notes.push("the log begins later than it did for the build".to_owned());
            }
        }
    }
    let until = request.until.unwrap_or(subject.build.position).min(subject.build.position);
    if request.until.is_some_and(|wanted| wanted > until) {
        notes.push(format!("{} has read the log up to position {until}", subject.build.schema));
    }
    let how = (until, request.payloads);
    let began = Instant::now();
    let in_memory = memory::replay(context, (&mut events, &log, &mut ledger), &subject, how)?;
    let is_in_memory = in_memory.is_some();
    let replayed = match in_memory {
        Some(replayed) => replayed,
        None => replay::replay(context, (&mut events, &log), &subject, how)?,
    };
    if let Bound::By { indexes, .. } = &replayed.bound
        && !indexes.is_empty()
        && began.elapsed() > SLOW
    {
        notes.push(format!(
            "an index finds the events of a row sooner, if it is not there: {}",
            indexes.join("; ")
        ));
    }
    let agreement = match () {
        () if until < subject.build.position => Agreement::NotCompared,
        () if replayed.row == subject.row => Agreement::Equal,
        () => Agreement::Differs { table: subject.row.clone() },
    };
    let up_to = |all: &[Failure]| all.iter().filter(|one| one.position <= until.0).count();
    let (parked_in_all, skipped_in_all) = (up_to(&subject.parked), up_to(&subject.skipped));
    let mut sql = vec![("the row, from the read models".to_owned(), subject.sql.clone())];
    sql.extend(replayed.sql);
    Ok(Traced {
        projection: subject.build.projection.clone(),
        build: subject.build.schema.to_string(),
        table: subject.table.as_str().to_owned(),
        columns: subject.columns.iter().map(|column| column.as_str().to_owned()).collect(),
        key: subject
            .key
            .iter()
            .map(|part| (part.column.as_str().to_owned(), part.value.clone()))
            .collect(),
        until,
        bound: replayed.bound,
        in_memory: is_in_memory,
        events_read: replayed.events_read,
        events_applied: replayed.events_applied,
        changes: replayed.changes,
        row: replayed.row,
        agreement,
        parked: replayed.parked,
        parked_in_all,
        skipped: replayed.skipped,
        skipped_in_all,
        refused: replayed.refused,
        notes,
        sql,
    })
}

impl Change {
    /// The columns that changed, by their number, with the values before and after. A row that came to be
    /// or went has all of them.
    #[must_use]
    pub fn columns(&self) -> BTreeMap<usize, (Option<&str>, Option<&str>)> {
        let count = self.before.as_ref().or(self.after.as_ref()).map_or(0, Vec::len);
        let whole = self.before.is_none() || self.after.is_none();
        let pair = |column: usize| {
            let before = self.before.as_ref().and_then(|row| row.get(column));
            let after = self.after.as_ref().and_then(|row| row.get(column));
            (column, (before.and_then(Option::as_deref), after.and_then(Option::as_deref)))
        };
        (0..count).map(pair).filter(|(_, (before, after))| whole || before != after).collect()
    }
}

fn event_of(event: &RawEvent<'_>, part: u32, payloads: bool) -> EventOf {
    EventOf {
        position: event.position,
        part,
        recorded_at: event.recorded_at.map(str::to_owned),
        stream_id: event.stream_id.to_owned(),
        stream_version: event.stream_version,
        event_type: event.event_type.to_owned(),
        schema_version: event.schema_version,
        payload: payloads.then(|| event.payload.to_owned()),
    }
}
