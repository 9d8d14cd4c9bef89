//! What is told of tests and of events that were tried, as reports.

use serde_json::Value;

use super::Tested;
use super::attempt::{Attempted, Tried};
use super::compare::Difference;
use crate::report::named;
use crate::report::trial::{
    TestDifference, TestReport, TestResult, TriedChange, TriedEvent, TriedStep, TryReport,
};

/// What tests came to.
#[must_use]
pub fn report(tested: &[Tested]) -> TestReport {
    let tests: Vec<TestResult> = tested.iter().map(of_test).collect();
    let passed = tests.iter().filter(|test| test.passed).count();
    TestReport { passed, failed: tests.len() - passed, tests }
}

fn of_test(one: &Tested) -> TestResult {
    TestResult {
        projection: one.projection.clone(),
        test: one.name.clone(),
        file: one.file.clone(),
        events: one.events,
        engines: if one.by_both { vec!["sql", "native"] } else { vec!["sql"] },
        passed: one.differences.is_empty(),
        updated: one.updated,
        differences: one.differences.iter().map(of_difference).collect(),
    }
}

fn of_difference(difference: &Difference) -> TestDifference {
    match difference {
        Difference::Missing { table, row } => {
            TestDifference::Missing { table: table.clone(), row: named(row) }
        }
        Difference::Unexpected { table, row } => {
            TestDifference::Unexpected { table: table.clone(), row: named(row) }
        }
        Difference::Changed { table, key, column, expected, found } => TestDifference::Changed {
            table: table.clone(),
            key: named(key),
            column: column.clone(),
            expected: expected.clone(),
            found: found.clone(),
        },
        Difference::Other(text) => TestDifference::Other { message: text.clone() },
    }
}

impl Tried {
    /// What became of events of a projection.
    #[must_use]
    pub fn report(&self, projection: &str) -> TryReport {
        TryReport {
            projection: projection.to_owned(),
            events: self.events.iter().map(of_event).collect(),
            has_more: self.has_more,
        }
    }
}

fn of_event(one: &Attempted) -> TriedEvent {
    let parsed = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    let steps = one.steps.iter().map(|step| TriedStep {
        step: step.name.to_string(),
        place: step.place.to_string(),
        payload: parsed(&step.payload),
    });
    let changes = one.changes.iter().map(|change| TriedChange {
        table: change.table.clone(),
        key: named(&change.key),
        before: change.before.as_deref().map(named),
        after: change.after.as_deref().map(named),
    });
    TriedEvent {
        position: one.position.0,
        recorded_at: one.recorded_at.clone(),
        stream_id: one.stream_id.clone(),
        stream_version: one.stream_version,
        event_type: one.event_type.clone(),
        schema_version: one.schema_version,
        payload: parsed(&one.payload),
        steps: steps.collect(),
        changes: changes.collect(),
        failure: one.failure.clone(),
    }
}
