//! Which engine runs what, and by what tables can be split.

use serde::Serialize;

use super::Printed;
use crate::handler::native::Rejection;
use crate::handler::native::route::Obstacle;

/// What `regrow rebuild --explain` prints.
#[derive(Debug, Clone, Serialize)]
pub struct ExplainReport {
    /// The projections.
    pub projections: Vec<ProjectionExplained>,
}

impl Printed for ExplainReport {
    const COMMAND: &'static str = "regrow rebuild --explain";
}

/// Which engine runs what of a projection.
#[derive(Debug, Clone, Serialize)]
pub struct ProjectionExplained {
    /// The projection.
    pub projection: String,
    /// What its `projection.toml` asks for: `auto`, `native` or `sql`.
    pub asked: &'static str,
    /// Which engine a rebuild runs: `native`, `sql` or `both`.
    pub engine: &'static str,
    /// Which one a follower runs, with all indexes in place.
    pub engine_followed: &'static str,
    /// Its handlers, in the order of the file.
    pub handlers: Vec<HandlerExplained>,
    /// Its tables, in the order of their names.
    pub tables: Vec<TableExplained>,
}

/// Which engine runs a handler.
#[derive(Debug, Clone, Serialize)]
pub struct HandlerExplained {
    /// The types of its events.
    pub event_types: Vec<String>,
    /// `native` or `sql`.
    pub engine: &'static str,
    /// `file:line:column` of its header.
    pub place: String,
    /// Why it runs in SQL; none if it does not, or if the projection asks for the sql engine.
    pub reasons: Vec<PlacedReason>,
    /// Why it runs in SQL while the build is followed, if only then.
    pub reasons_followed: Vec<PlacedReason>,
}

/// By what a table can be split.
#[derive(Debug, Clone, Serialize)]
pub struct TableExplained {
    /// The table.
    pub table: String,
    /// Whether a handler writes it.
    pub written: bool,
    /// The columns by which it can be split: rows of one value decide what becomes of its events.
    pub split_by: Vec<ColumnExplained>,
    /// The columns by which the events of one row can be told from others.
    pub bound_by: Vec<ColumnExplained>,
    /// What stands in the way of a split.
    pub obstacle: Option<ObstaclePlaced>,
}

/// A column by which rows can be told apart.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnExplained {
    /// The column.
    pub column: String,
    /// The parameters of handlers that have its value.
    pub parameters: Vec<ParameterExplained>,
}

/// A parameter of handlers.
#[derive(Debug, Clone, Serialize)]
pub struct ParameterExplained {
    /// The parameter.
    pub name: String,
    /// The types of the events whose handlers use it.
    pub event_types: Vec<String>,
}

impl ParameterExplained {
    /// Of parameters with the types that use them.
    #[must_use]
    pub fn of(parameters: &[(String, Vec<String>)]) -> Vec<ParameterExplained> {
        let one = |(name, types): &(String, Vec<String>)| ParameterExplained {
            name: name.clone(),
            event_types: types.clone(),
        };
        parameters.iter().map(one).collect()
    }
}

/// A reason, and what it is about.
#[derive(Debug, Clone, Serialize)]
pub struct PlacedReason {
    /// The reason.
    pub reason: String,
    /// `file:line:column` of what it is about.
    pub place: String,
    /// The path of the file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl From<&Rejection> for PlacedReason {
    fn from(Rejection { place, reason }: &Rejection) -> PlacedReason {
        PlacedReason {
            reason: reason.clone(),
            place: place.to_string(),
            file: place.file.clone(),
            line: place.line,
            column: place.column,
        }
    }
}

/// What stands in the way, and where.
#[derive(Debug, Clone, Serialize)]
pub struct ObstaclePlaced {
    /// What it is.
    pub reason: String,
    /// `file:line:column`; null if it is the table as a whole.
    pub place: Option<String>,
    /// The path of the file; null likewise.
    pub file: Option<String>,
    /// The line, from 1; null likewise.
    pub line: Option<usize>,
    /// The column in characters, from 1; null likewise.
    pub column: Option<usize>,
}

impl From<&Obstacle> for ObstaclePlaced {
    fn from(Obstacle { place, reason }: &Obstacle) -> ObstaclePlaced {
        let place = place.as_ref();
        ObstaclePlaced {
            reason: reason.clone(),
            place: place.map(ToString::to_string),
            file: place.map(|p| p.file.clone()),
            line: place.map(|p| p.line),
            column: place.map(|p| p.column),
        }
    }
}
