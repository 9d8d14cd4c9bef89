//! Some events run one after another, with what each changes.

use std::collections::BTreeMap;

use super::file::Case;
use super::rows::{self, Table};
use super::{Bench, TestError, given};
use crate::context::Context;
use crate::event::{Position, RawEvent};
use crate::failure::Failure;
use crate::log::wanted::{ChunkBounds, Range, Wanted};
use crate::replay::trial::Seen;
use crate::scratch::Scratch;
use crate::upcast::{Stepped, Upcasters};

/// Which events are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The first ones that the projection reads.
    First,
    /// Those of a stream.
    Stream(String),
    /// Those of a type.
    Type(String),
    /// Those that a test's file gives, or lines as `regrow export` writes them: a path in the project.
    File(String),
}

/// An event and what became of it.
#[derive(Debug, Clone)]
pub struct Attempted {
    /// Its position.
    pub position: Position,
    /// When it was recorded.
    pub recorded_at: Option<String>,
    /// Its stream.
    pub stream_id: String,
    /// Its number there.
    pub stream_version: i64,
    /// Its type.
    pub event_type: String,
    /// The version of its schema, as it was stored.
    pub schema_version: i32,
    /// Its payload, as it was stored.
    pub payload: String,
    /// The upcaster's steps that it went through.
    pub steps: Vec<Stepped>,
    /// What changed in the tables.
    pub changes: Vec<RowChange>,
    /// Why it was left out.
    pub failure: Option<Failure>,
}

/// Events that were tried.
#[derive(Debug, Clone)]
pub struct Tried {
    /// The events.
    pub events: Vec<Attempted>,
    /// Whether there are more than were asked for.
    pub has_more: bool,
}

/// A row before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// Its table.
    pub table: String,
    /// Its key, or the whole row where the table has none.
    pub key: Vec<(String, Option<String>)>,
    /// The columns before; nothing if there was no row.
    pub before: Option<Vec<(String, Option<String>)>>,
    /// The columns after; nothing if there is no row.
    pub after: Option<Vec<(String, Option<String>)>>,
}

/// Runs events of a projection in a scratch database, at most `most` of them. They find the rows that
/// revisions made and those of the events before them here, and no others.
///
/// # Errors
/// There are no such events, the definition does not fit its tables, or a server is lost.
pub fn attempt(
    context: &Context,
    projection: &str,
    which: &Which,
    most: usize,
) -> Result<Tried, TestError> {
    let definition = context.project.definition(projection)?;
    let parsed = definition.parse()?;
    let mut scratch = Scratch::of(context);
    let mut bench = Bench::of(&mut scratch, &definition)?;
    let mut bench = bench.trial()?;
    let has_more;
    match which {
        Which::File(path) => {
            let Some(file) = context.project.read(path)? else {
                return Err(TestError::NoFile { path: path.clone() });
            };
            let case = match path.ends_with(".toml") {
                true => Case::parse_given(&file),
                false => Ok(Case {
                    events: path.rsplit('/').next().map(str::to_owned),
                    ..Case::default()
                }),
            };
            let case = case.map_err(|(place, reason)| TestError::File {
                message: format!("{place}: {reason}"),
            })?;
            let mut events = given(context, &file, &case)?
                .map_err(|reason| TestError::File { message: format!("{path}: {reason}") })?;
            has_more = events.len() > most;
            events.truncate(most);
            bench
                .fill(&events)?
                .map_err(|reason| TestError::File { message: format!("{path}: {reason}") })?;
        }
        of_log => {
            let types: Vec<String> = parsed.reach.types().iter().cloned().collect();
            let chosen = match of_log {
                Which::Type(name) => types.iter().filter(|one| *one == name).cloned().collect(),
                _ => types.clone(),
            };
            let (mut session, log) = context.open_log("try")?;
            let stream = match of_log {
                Which::Stream(stream) => Some(stream.as_str()),
                _ => None,
            };
            let mut at = log.first_of(&mut session, stream, (&chosen, most + 1))?;
            has_more = at.len() > most;
            at.truncate(most);
            let Some(last) = at.last().copied() else {
                return Err(TestError::NoEvents { projection: projection.to_owned() });
            };
            let wanted = Wanted::Sample { types: &types, until: Position(0), at: &at };
            let range = Range { after: Position(0), until: last };
            let bounds = ChunkBounds { events: 1_000, bytes: 8 << 20 };
            let needs = bench.trial.program.needs;
            log.read(&mut session, range, wanted, needs, bounds, &mut |chunk| {
                bench.trial.take(chunk);
                true
            })?;
        }
    }
    let mut attempted = Vec::new();
    let mut before: BTreeMap<String, Table> = BTreeMap::new();
    bench.trial.each(rows::all, &mut |Seen { event, rows: after, failure }| {
        if let Some(event) = event {
            attempted.push(told(event, &parsed.upcasters, changes(&before, &after), failure));
        } else if let Some(failure) = failure {
            attempted.push(unread(failure));
        }
        before = after;
    })?;
    Ok(Tried { events: attempted, has_more })
}

fn told(
    event: &RawEvent<'_>,
    upcasters: &Upcasters,
    changes: Vec<RowChange>,
    failure: Option<Failure>,
) -> Attempted {
    Attempted {
        position: event.position,
        recorded_at: event.recorded_at.map(str::to_owned),
        stream_id: event.stream_id.to_owned(),
        stream_version: event.stream_version,
        event_type: event.event_type.to_owned(),
        schema_version: event.schema_version,
        payload: event.payload.to_owned(),
        steps: upcasters.trail(event),
        changes,
        failure,
    }
}

/// An event that cannot even be read.
fn unread(failure: Failure) -> Attempted {
    Attempted {
        position: Position(failure.position),
        recorded_at: None,
        stream_id: failure.stream_id.clone(),
        stream_version: failure.stream_version,
        event_type: failure.event_type.clone(),
        schema_version: failure.schema_version,
        payload: String::new(),
        steps: Vec::new(),
        changes: Vec::new(),
        failure: Some(failure),
    }
}

/// Rows that are others in `after`: by their key, or as wholes where there is none.
fn changes(before: &BTreeMap<String, Table>, after: &BTreeMap<String, Table>) -> Vec<RowChange> {
    let mut changes = Vec::new();
    for (name, table) in after {
        let none = Vec::new();
        let was = before.get(name).map_or(&none, |table| &table.rows);
        let has_key = table.columns.iter().any(|column| column.in_key);
        let named = |row: &Vec<Option<String>>| -> Vec<(String, Option<String>)> {
            table.columns.iter().zip(row).map(|(c, v)| (c.name.clone(), v.clone())).collect()
        };
        let key = |row: &Vec<Option<String>>| -> Vec<(String, Option<String>)> {
            let parts = table.columns.iter().zip(row).filter(|(c, _)| c.in_key || !has_key);
            parts.map(|(c, v)| (c.name.clone(), v.clone())).collect()
        };
        let gone = only_in(was, &table.rows);
        let mut new = only_in(&table.rows, was);
        for row in gone {
            let of_row = key(row);
            let successor = new.iter().position(|other| has_key && key(other) == of_row);
            let after = successor.map(|at| named(new.remove(at)));
            changes.push(RowChange {
                table: name.clone(),
                key: of_row,
                before: Some(named(row)),
                after,
            });
        }
        for row in new {
            let (key, after) = (key(row), Some(named(row)));
            changes.push(RowChange { table: name.clone(), key, before: None, after });
        }
    }
    changes
}

/// Rows of one list that the other does not have, each as often as it has it more.
fn only_in<'r>(
    these: &'r [Vec<Option<String>>],
    those: &[Vec<Option<String>>],
) -> Vec<&'r Vec<Option<String>>> {
    let mut left: Vec<&Vec<Option<String>>> = those.iter().collect();
    let mut rows = Vec::new();
    for row in these {
        match left.iter().position(|other| *other == row) {
            Some(at) => drop(left.swap_remove(at)),
            None => rows.push(row),
        }
    }
    rows
}
