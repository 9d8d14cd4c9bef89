//! Which events made a row, and which rows an event changed.

use serde::Serialize;

use super::explain::ParameterExplained;
use super::{Columns, Printed};
use crate::failure::Failure;

/// What `regrow trace --key` prints.
#[derive(Debug, Clone, Serialize)]
pub struct TraceReport {
    /// The version of this shape: 1.
    pub version: u32,
    /// The projection.
    pub projection: String,
    /// The build's schema.
    pub build: String,
    /// The table.
    pub table: String,
    /// The row's key.
    pub key: Columns,
    /// The position up to which events were replayed.
    pub until: i64,
    /// What tells the row's events from others; null if nothing does, and all were read.
    pub bound_by: Option<RowBound>,
    /// Why nothing does.
    pub not_bound: Option<NotBound>,
    /// Where the events were replayed: `memory` or `scratch`.
    pub replayed_in: &'static str,
    /// Events that were read from the log.
    pub events_read: i64,
    /// Events that were replayed.
    pub events_replayed: u64,
    /// What changed the row, in the order of the log.
    pub changes: Vec<TracedChange>,
    /// The row after the last of them; null if there is none.
    pub row: Option<Columns>,
    /// Whether the table has the same; null if it has read more and was not compared.
    pub agrees: Option<bool>,
    /// The row in the table, if it was compared; null if there is none.
    pub row_of_table: Option<Columns>,
    /// Parked events that have to do with the row, as far as that can be told.
    pub parked: Vec<LeftOutEvent>,
    /// Skipped events that have to do with it, likewise.
    pub skipped: Vec<LeftOutEvent>,
    /// How many events of the build are parked up to the position.
    pub parked_in_all: usize,
    /// How many it has skipped up to the position.
    pub skipped_in_all: usize,
    /// Events that failed in the replay and are neither parked nor skipped in the build.
    pub refused: Vec<Failure>,
    /// What else there is to say, a sentence each.
    pub notes: Vec<String>,
    /// The statements that were run.
    pub sql: Vec<TracedStatement>,
}

impl Printed for TraceReport {
    const COMMAND: &'static str = "regrow trace --key";
}

/// What tells the events of a row from others.
#[derive(Debug, Clone, Serialize)]
pub struct RowBound {
    /// The column whose value does.
    pub column: String,
    /// The parameters of handlers that have the value.
    pub parameters: Vec<ParameterExplained>,
    /// Types of which all events were read, since the log's server cannot tell their value.
    pub read_whole: Vec<String>,
    /// The expressions that the log's server compared.
    pub compared: Vec<String>,
    /// Statements that make the indexes which would find the events, if they are not there.
    pub indexes: Vec<String>,
}

/// Why nothing tells the events of a row from others.
#[derive(Debug, Clone, Serialize)]
pub struct NotBound {
    /// What stands in the way.
    pub reason: String,
    /// `file:line:column`; null if it is the table as a whole.
    pub place: Option<String>,
}

/// An event.
#[derive(Debug, Clone, Serialize)]
pub struct TracedEvent {
    /// Its position.
    pub position: i64,
    /// Its number among the events that upcasters made of one, from 0.
    pub part: u32,
    /// When it was recorded, as PostgreSQL prints it in UTC (`2026-03-01 09:00:00+00`); null if the log does not know.
    pub recorded_at: Option<String>,
    /// Its stream.
    pub stream_id: String,
    /// Its number in the stream.
    pub stream_version: i64,
    /// Its type in the log.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Its schema version in the log.
    pub schema_version: i32,
    /// Its payload in the log, as text: with `--payload` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

/// What one statement did to the row.
#[derive(Debug, Clone, Serialize)]
pub struct TracedChange {
    /// The event.
    #[serde(flatten)]
    pub event: TracedEvent,
    /// `file:line:column` of the handler's statement.
    pub place: Option<String>,
    /// The path of its file.
    pub file: Option<String>,
    /// Its line, from 1.
    pub line: Option<usize>,
    /// `made`, `changed` or `deleted`.
    pub what: &'static str,
    /// The columns whose values changed.
    pub columns: Vec<ColumnChange>,
    /// The key that the row had before, if it was another one: values in the order of the key's columns.
    pub came_from_key: Option<Vec<Option<String>>>,
    /// The key that it has after, if it is another one.
    pub went_to_key: Option<Vec<Option<String>>>,
}

/// A column whose value changed.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnChange {
    /// The column.
    pub column: Option<String>,
    /// Its value before, as PostgreSQL prints it; null is NULL.
    pub before: Option<String>,
    /// Its value after.
    pub after: Option<String>,
}

/// A parked or skipped event.
#[derive(Debug, Clone, Serialize)]
pub struct LeftOutEvent {
    /// Which, and why.
    #[serde(flatten)]
    pub failure: Failure,
    /// Whether it is surely of the row's key.
    pub is_of_key: bool,
}

/// A statement that was run.
#[derive(Debug, Clone, Serialize)]
pub struct TracedStatement {
    /// What for.
    pub what: String,
    /// The statement.
    pub sql: String,
}

/// What `regrow trace --event` prints.
#[derive(Debug, Clone, Serialize)]
pub struct EventTraceReport {
    /// The version of this shape: 1.
    pub version: u32,
    /// The event.
    pub event: TracedEvent,
    /// What became of it in each projection, in the order of their names.
    pub projections: Vec<EventOfProjection>,
}

impl Printed for EventTraceReport {
    const COMMAND: &'static str = "regrow trace --event";
}

/// What became of an event in one projection.
#[derive(Debug, Clone, Serialize)]
pub struct EventOfProjection {
    /// The projection.
    pub projection: String,
    /// The build's schema.
    pub build: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: EventOutcome,
}

/// What became of an event in a build.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum EventOutcome {
    /// No handler takes it.
    Ignored,
    /// The build has not read it yet.
    Unread,
    /// It is parked.
    Parked {
        /// Why.
        failure: Failure,
    },
    /// It was skipped.
    Skipped {
        /// Why.
        failure: Failure,
    },
    /// Its handlers ran.
    Ran(EventRun),
    /// It failed in this replay, though it is neither parked nor skipped in the build.
    Failed(EventRun),
}

/// What handlers made of an event.
#[derive(Debug, Clone, Serialize)]
pub struct EventRun {
    /// Why it failed in this replay.
    pub failure: Option<Failure>,
    /// Of the events that upcasters made of it, those that are parked.
    pub parked_parts: Vec<Failure>,
    /// Those that were skipped.
    pub skipped_parts: Vec<Failure>,
    /// How many events before it were replayed.
    pub events_before: u64,
    /// The column whose value tells which those were; null if all were replayed.
    pub bound_by: Option<String>,
    /// The rows that it changed, in the order in which it did.
    pub rows: Vec<EventRow>,
}

/// A row that an event changed.
#[derive(Debug, Clone, Serialize)]
pub struct EventRow {
    /// The table.
    pub table: String,
    /// Its key; empty if the table has none.
    pub key: Columns,
    /// `file:line:column` of the handler's statement.
    pub place: Option<String>,
    /// The row before; null if there was none.
    pub before: Option<Columns>,
    /// The row after; null if there is none.
    pub after: Option<Columns>,
}
