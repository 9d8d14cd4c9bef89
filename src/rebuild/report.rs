//! What is told of builds that were worked on, and of which engine runs what, as reports.

use super::Outcome;
use super::explain::{Explained, ExplainedHandler, ExplainedTable, Proof, SplitBy};
use crate::definition::EngineChoice;
use crate::figures::rate;
use crate::report::build::BuildRun;
use crate::report::explain::{
    ColumnExplained, HandlerExplained, ObstaclePlaced, ParameterExplained, PlacedReason,
    ProjectionExplained, TableExplained,
};

impl Outcome {
    /// The build as it is now, and what the run did. Whoever knows more adds the switch, the comparison and the error.
    #[must_use]
    pub fn report(&self) -> BuildRun {
        let Outcome { build, took, events, engine, work, .. } = self;
        BuildRun {
            projection: build.projection.clone(),
            build: build.schema.to_string(),
            state: build.state.name(),
            position: build.position.0,
            events: *events,
            seconds: took.as_secs_f64(),
            events_per_second: rate(*events, *took),
            parked: build.parked,
            skipped: build.skipped,
            engine: engine.name(),
            native_handlers: work.native,
            sql_handlers: work.sql,
            events_unread: work.unread,
            events_declined: work.declined,
            promoted: None,
            verify: None,
            error: None,
        }
    }
}

impl Explained {
    /// Which engine runs what, and why.
    #[must_use]
    pub fn report(&self) -> ProjectionExplained {
        ProjectionExplained {
            projection: self.projection.clone(),
            asked: match self.choice {
                EngineChoice::Auto => "auto",
                EngineChoice::Native => "native",
                EngineChoice::Sql => "sql",
            },
            engine: self.engine.name(),
            engine_followed: self.followed.name(),
            handlers: self.handlers.iter().map(of_handler).collect(),
            tables: self.tables.iter().map(of_table).collect(),
        }
    }
}

fn of_handler(handler: &ExplainedHandler) -> HandlerExplained {
    HandlerExplained {
        event_types: handler.event_types.clone(),
        engine: handler.engine.name(),
        place: handler.place.to_string(),
        reasons: handler.rejections.iter().map(PlacedReason::from).collect(),
        reasons_followed: handler.followed.iter().map(PlacedReason::from).collect(),
    }
}

fn of_table(table: &ExplainedTable) -> TableExplained {
    let (split_by, bound_by, obstacle) = match &table.proof {
        Proof::Split(by) => (of_columns(by), of_columns(by), None),
        Proof::Bound(by, obstacle) => (Vec::new(), of_columns(by), Some(obstacle)),
        Proof::Whole(obstacle) => (Vec::new(), Vec::new(), Some(obstacle)),
        Proof::Unwritten => (Vec::new(), Vec::new(), None),
    };
    TableExplained {
        table: table.name.clone(),
        written: !matches!(table.proof, Proof::Unwritten),
        split_by,
        bound_by,
        obstacle: obstacle.map(ObstaclePlaced::from),
    }
}

fn of_columns(by: &[SplitBy]) -> Vec<ColumnExplained> {
    let one = |by: &SplitBy| ColumnExplained {
        column: by.column.clone(),
        parameters: ParameterExplained::of(&by.parameters),
    };
    by.iter().map(one).collect()
}
