//! Tests of projections, and events that were tried.

use serde::Serialize;
use serde_json::Value;

use super::{Columns, Printed};
use crate::failure::Failure;

/// What `regrow test` prints.
#[derive(Debug, Clone, Serialize)]
pub struct TestReport {
    /// The tests.
    pub tests: Vec<TestResult>,
    /// How many passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
}

impl Printed for TestReport {
    const COMMAND: &'static str = "regrow test";
}

/// What a test came to.
#[derive(Debug, Clone, Serialize)]
pub struct TestResult {
    /// The projection, or `upcasters`.
    pub projection: String,
    /// The test's name: that of its file without the ending.
    pub test: String,
    /// The path of its file.
    pub file: String,
    /// How many of its events the projection reads.
    pub events: usize,
    /// The engines that ran it: `sql`, and `native` if that engine took part.
    pub engines: Vec<&'static str>,
    /// Whether nothing differs.
    pub passed: bool,
    /// Whether its file was written anew.
    pub updated: bool,
    /// What is not as expected.
    pub differences: Vec<TestDifference>,
}

/// Something that is not as a test expects.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TestDifference {
    /// A row is not there.
    Missing {
        /// The table.
        table: String,
        /// The row, as far as it is expected.
        row: Columns,
    },
    /// A row is there that is not expected.
    Unexpected {
        /// The table.
        table: String,
        /// The row.
        row: Columns,
    },
    /// A row has another value.
    Changed {
        /// The table.
        table: String,
        /// The row's key.
        key: Columns,
        /// The column.
        column: String,
        /// The value that is expected; null is NULL.
        expected: Option<String>,
        /// The value that is there.
        found: Option<String>,
    },
    /// Something else.
    Other {
        /// What it is, in a sentence.
        message: String,
    },
}

/// What `regrow try` prints.
#[derive(Debug, Clone, Serialize)]
pub struct TryReport {
    /// The projection.
    pub projection: String,
    /// The events, in the order in which they ran.
    pub events: Vec<TriedEvent>,
    /// Whether there are more than `--events` lets run.
    pub has_more: bool,
}

impl Printed for TryReport {
    const COMMAND: &'static str = "regrow try";
}

/// An event that was tried.
#[derive(Debug, Clone, Serialize)]
pub struct TriedEvent {
    /// Its position.
    pub position: i64,
    /// When it was recorded, as PostgreSQL prints it in UTC, or as its file says.
    pub recorded_at: Option<String>,
    /// Its stream.
    pub stream_id: String,
    /// Its number in the stream.
    pub stream_version: i64,
    /// Its type in the log.
    pub event_type: String,
    /// Its schema version in the log.
    pub schema_version: i32,
    /// Its payload in the log; null if that is not JSON.
    pub payload: Value,
    /// The steps of upcasters that it went through, in order.
    pub steps: Vec<TriedStep>,
    /// What it changed in the tables.
    pub changes: Vec<TriedChange>,
    /// Why it was left out, if it was.
    pub failure: Option<Failure>,
}

/// A step of an upcaster.
#[derive(Debug, Clone, Serialize)]
pub struct TriedStep {
    /// The step: `OrderItemAdded 1 -> 2`.
    pub step: String,
    /// `file:line:column` of the step.
    pub place: String,
    /// The payload after it.
    pub payload: Value,
}

/// A row before and after an event.
#[derive(Debug, Clone, Serialize)]
pub struct TriedChange {
    /// The table.
    pub table: String,
    /// The row's key, or the whole row if the table has none.
    pub key: Columns,
    /// The row before; null if there was none.
    pub before: Option<Columns>,
    /// The row after; null if there is none.
    pub after: Option<Columns>,
}
