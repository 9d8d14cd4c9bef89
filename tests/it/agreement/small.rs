//! Cases that somebody wrote: a few tables, handlers and events through both engines, and what the native
//! one said of the handlers.

use std::collections::BTreeMap;

use super::case::{Case, Plan, Way};
use super::events::Event;
use super::ground::Ground;
use super::handlers::{Handler, Statement};
use super::run::{Ran, run};

/// A place where small cases are run, one after another.
pub(crate) struct Place(Ground);

/// A small case.
pub(crate) struct Small<'s> {
    /// The revision.
    pub(crate) schema: &'s str,
    /// Tables and what their rows are sorted by.
    pub(crate) tables: &'s [(&'s str, &'s str)],
    /// Event types and their statements.
    pub(crate) handlers: &'s [(&'s str, &'s [&'s str])],
    /// Event types and payloads.
    pub(crate) events: &'s [(&'s str, &'s str)],
    /// Batches are this large on the native side, and memory is as small.
    pub(crate) batch_events: Option<usize>,
}

/// What became of a small case.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// How the engines differ, or why PostgreSQL refuses the case.
    pub(crate) difference: Option<String>,
    /// For each handler, why it runs in SQL; empty if it runs natively.
    pub(crate) reasons: Vec<Vec<String>>,
    /// Events the native engine ran, and those it left to SQL.
    pub(crate) natively: i64,
    pub(crate) in_sql: i64,
    /// The bytes of all tables.
    pub(crate) rows: String,
}

/// Draws the settings of the database.
const SETTINGS: u64 = 0;

impl Place {
    pub(crate) fn new() -> Place {
        Place(Ground::new(SETTINGS))
    }

    /// Runs a case by both engines. Events that fail are parked.
    pub(crate) fn run(&mut self, small: &Small<'_>) -> Outcome {
        let handler = |(name, statements): &(&str, &[&str])| Handler {
            event_type: (*name).to_owned(),
            statements: statements
                .iter()
                .map(|sql| Statement { kind: "written".into(), sql: (*sql).to_owned() })
                .collect(),
        };
        let event = |(at, (name, payload)): (usize, &(&str, &str))| Event {
            position: i64::try_from(at).unwrap() + 1,
            stream_id: "stream".into(),
            stream_version: i32::try_from(at).unwrap() + 1,
            event_type: (*name).to_owned(),
            schema_version: 1,
            payload: (*payload).to_owned(),
            metadata: "{}".into(),
            recorded_at: "2026-01-31T10:00:00Z".into(),
        };
        let pace = small.batch_events.map_or_else(String::new, |size| {
            format!("batch_events = {size}\nrange_positions = {size}\nmemory_budget = 1\n")
        });
        let case = Case {
            seed: 0,
            mood: "Written".into(),
            schema: small.schema.to_owned(),
            handlers: small.handlers.iter().map(handler).collect(),
            upcasters: Vec::new(),
            on_error: "park".into(),
            raw: false,
            stored: false,
            events: small.events.iter().enumerate().map(event).collect(),
            plan: Plan {
                way: Way::Quick,
                head: small.events.len(),
                until: None,
                paces: [String::new(), pace],
                kills: Vec::new(),
            },
            tables: BTreeMap::from_iter(
                small.tables.iter().map(|(table, key)| ((*table).to_owned(), (*key).to_owned())),
            ),
        };
        let (difference, rows) = match run(&mut self.0, &case, None) {
            Ran::Agreed(verdict) => (None, verdict.text()),
            Ran::Skipped(why) => (Some(format!("PostgreSQL refuses it: {why}")), String::new()),
            Ran::Differs(found) => (Some(found), String::new()),
        };
        let last = std::mem::take(&mut self.0.sessions.last);
        Outcome {
            difference,
            reasons: last.reasons,
            natively: last.work.native,
            in_sql: last.work.sql,
            rows,
        }
    }
}
