//! What is told of a step of the demo, as a report.

use std::time::Duration;

use super::Step;
use crate::report::file::DemoStep;

impl Step {
    /// The step, with what it tells.
    #[must_use]
    pub fn report(&self) -> DemoStep {
        let number = |events: u64| i64::try_from(events).unwrap_or(i64::MAX);
        match self {
            Step::Imported { events, took } => DemoStep {
                step: "imported",
                events: Some(number(*events)),
                seconds: Some(took.as_secs_f64()),
                ..DemoStep::default()
            },
            Step::Built { build, events, took, held, engine, work } => DemoStep {
                step: "built",
                build: Some(build.clone()),
                events: Some(*events),
                seconds: Some(took.as_secs_f64()),
                locked_ms: Some(milliseconds(*held)),
                engine: Some(engine.name()),
                native_handlers: Some(work.native),
                sql_handlers: Some(work.sql),
                events_unread: Some(work.unread),
                events_declined: Some(work.declined),
                ..DemoStep::default()
            },
            Step::Switched { what, build, held, took } => DemoStep {
                step: what,
                build: Some(build.clone()),
                seconds: Some(took.as_secs_f64()),
                locked_ms: Some(milliseconds(*held)),
                ..DemoStep::default()
            },
            Step::Read { reads, errors, regressions, slowest } => DemoStep {
                step: "read",
                reads: Some(*reads),
                errors: Some(*errors),
                regressions: Some(*regressions),
                slowest_ms: Some(milliseconds(*slowest)),
                ..DemoStep::default()
            },
            Step::Appended { events } => {
                DemoStep { step: "appended", events: Some(number(*events)), ..DemoStep::default() }
            }
            Step::Compared { table, rows, differences } => DemoStep {
                step: "compared",
                table: Some(table.clone()),
                rows: Some(*rows),
                differences: Some(*differences),
                ..DemoStep::default()
            },
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
