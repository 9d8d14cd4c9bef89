//! Parked events, and what became of them when they were tried again.

use serde::Serialize;

use super::Printed;
use super::error::ErrorReport;
use super::row::RowsMadeAgain;
use crate::failure::Failure;

/// Why an event could not be applied.
#[derive(Debug, Clone, Serialize)]
pub struct ParkedFailure {
    /// What kind of failure it is, one of docs/errors.md.
    pub code: &'static str,
    /// The event's position.
    pub position: i64,
    /// Its number among the events that an upcaster made of one, from 0.
    pub part: u32,
    /// Its stream.
    pub stream_id: String,
    /// Its number in the stream; -1 if it cannot be read.
    pub stream_version: i64,
    /// Its type in the log.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Its schema version in the log; 0 if it cannot be read.
    pub schema_version: i32,
    /// `file:line:column` of the handler's statement or the upcaster's step.
    pub place: Option<String>,
    /// What was wrong, without values of the payload.
    pub message: String,
    /// PostgreSQL's SQLSTATE, if it refused.
    pub sqlstate: Option<String>,
    /// PostgreSQL's detail, without values of the payload.
    pub detail: Option<String>,
}

impl From<&Failure> for ParkedFailure {
    fn from(failure: &Failure) -> ParkedFailure {
        let failure = failure.clone();
        ParkedFailure {
            code: failure.code.name(),
            position: failure.position,
            part: failure.part,
            stream_id: failure.stream_id,
            stream_version: failure.stream_version,
            event_type: failure.event_type,
            schema_version: failure.schema_version,
            place: failure.place,
            message: failure.message,
            sqlstate: failure.sqlstate,
            detail: failure.detail,
        }
    }
}

/// A parked event.
#[derive(Debug, Clone, Serialize)]
pub struct ParkedReport {
    /// Which, and why.
    #[serde(flatten)]
    pub failure: ParkedFailure,
    /// The schema of the build that parked it.
    pub build: String,
    /// When it was parked.
    pub parked_at: String,
}

/// What `regrow parked list` prints.
#[derive(Debug, Clone, Serialize)]
pub struct ParkedList {
    /// The events, the newest first.
    pub events: Vec<ParkedReport>,
    /// How many there are in all.
    pub all: i64,
}

impl Printed for ParkedList {
    const COMMAND: &'static str = "regrow parked list";
}

/// What `regrow parked show` prints.
#[derive(Debug, Clone, Serialize)]
pub struct ParkedShown {
    /// The event, once for each build that parked it.
    pub events: Vec<ParkedWithPayload>,
}

impl Printed for ParkedShown {
    const COMMAND: &'static str = "regrow parked show";
}

/// A parked event with its payload.
#[derive(Debug, Clone, Serialize)]
pub struct ParkedWithPayload {
    /// The event.
    #[serde(flatten)]
    pub event: ParkedReport,
    /// Its payload in the log as it is now, null if it cannot be read: with `--show-payload` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<Option<String>>,
}

/// What `regrow parked drop` prints.
#[derive(Debug, Clone, Serialize)]
pub struct ParkedDropped {
    /// How many events were forgotten.
    pub dropped: i64,
}

impl Printed for ParkedDropped {
    const COMMAND: &'static str = "regrow parked drop";
}

/// What `regrow parked retry` prints.
#[derive(Debug, Clone, Serialize)]
pub struct RetryReport {
    /// The projection.
    pub projection: String,
    /// The events, in the order of the log.
    pub events: Vec<RetriedEvent>,
    /// How many are applied now.
    pub applied: usize,
    /// How many are still parked.
    pub left: usize,
}

impl Printed for RetryReport {
    const COMMAND: &'static str = "regrow parked retry";
}

/// A parked event that was tried again.
#[derive(Debug, Clone, Serialize)]
pub struct RetriedEvent {
    /// Its position.
    pub position: i64,
    /// Whether it is applied now, in every build.
    pub applied: bool,
    /// Each build that had parked it; none if it was not tried.
    pub builds: Vec<RetriedBuild>,
    /// Why it was not tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorReport>,
}

/// What became of a parked event in one build.
#[derive(Debug, Clone, Serialize)]
pub struct RetriedBuild {
    /// The build's schema.
    pub build: String,
    /// Its state.
    pub state: &'static str,
    /// The position whose rows they are now.
    pub position: i64,
    /// Whether nothing of the event is parked any more.
    pub applied: bool,
    /// Events that were applied, all those of its rows.
    pub events: u64,
    /// The tables whose rows were made again.
    pub tables: Vec<RowsMadeAgain>,
    /// Why events that were parked fail again: this one, and others of its rows.
    pub again: Vec<ParkedFailure>,
    /// Events that are parked now and were not.
    pub parked: Vec<ParkedFailure>,
    /// Other events of its rows that were parked and are applied now.
    pub others_applied: usize,
}
