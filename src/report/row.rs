//! Rows that were made again from their events.

use serde::Serialize;

use super::{Columns, Printed};

/// What `regrow rebuild --key` and `--stream` print.
#[derive(Debug, Clone, Serialize)]
pub struct RowReport {
    /// The projection.
    pub projection: String,
    /// The table; null if rows of all tables were made again.
    pub table: Option<String>,
    /// The row's key; empty for a stream.
    pub key: Columns,
    /// The stream; null for a row.
    pub stream: Option<String>,
    /// Each build, in the order of their numbers.
    pub builds: Vec<RowOfBuild>,
}

impl Printed for RowReport {
    const COMMAND: &'static str = "regrow rebuild --key, regrow rebuild --stream";
}

/// What became of the row in one build.
#[derive(Debug, Clone, Serialize)]
pub struct RowOfBuild {
    /// The build's schema.
    pub build: String,
    /// Its state.
    pub state: &'static str,
    /// The position whose row it is now.
    pub position: i64,
    /// Events that were applied.
    pub events: u64,
    /// The row before; null if there was none, or for a stream.
    pub before: Option<Columns>,
    /// The row now; null if there is none, or for a stream.
    pub row: Option<Columns>,
    /// Whether the row, or one of the stream, is another one now.
    pub changed: bool,
    /// The tables whose rows were made again.
    pub tables: Vec<RowsMadeAgain>,
    /// Events that were parked and are applied now.
    pub unparked: usize,
    /// Events that are parked now and were not.
    pub parked: usize,
    /// Parked events of the build that were left so, since other tables decide what becomes of them.
    pub left_parked: usize,
    /// Events that were skipped and are applied now.
    pub unskipped: usize,
    /// Events that are skipped now and were not.
    pub skipped: usize,
    /// Skipped events of the build that were left so, since other tables decide what becomes of them.
    pub left_skipped: usize,
}

/// A table whose rows were made again.
#[derive(Debug, Clone, Serialize)]
pub struct RowsMadeAgain {
    /// The table.
    pub table: String,
    /// How many rows there were.
    pub rows_before: i64,
    /// How many there are.
    pub rows: i64,
}

impl RowsMadeAgain {
    /// Of tables with the number of their rows before and now.
    #[must_use]
    pub fn of(tables: &[(String, i64, i64)]) -> Vec<RowsMadeAgain> {
        let one = |(table, before, now): &(String, i64, i64)| RowsMadeAgain {
            table: table.clone(),
            rows_before: *before,
            rows: *now,
        };
        tables.iter().map(one).collect()
    }
}
