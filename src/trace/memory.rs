//! A replay in this process's memory, for few events and a row that they alone make.
//!
//! Where a column binds the row and its handlers run natively, the fold needs no tables: they are empty
//! before the first event, since plain definitions put no row into them. So there is no scratch database to
//! make, and an answer takes as long as reading the events. The build's catalog is looked at, in
//! transactions that may only read. Whatever the fold declines is left to scratch, as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::TraceError;
use super::Values;
use super::aside::Aside;
use super::feed::BOUNDS;
use super::replay::{Replayed, Telling, is_in_utf8, is_of_key, row_of};
use super::scope::{Known, leave_out};
use super::subject::Subject;
use crate::cell::{Cell, Kind};
use crate::context::Context;
use crate::definition::{EngineChoice, OnError};
use crate::event::Position;
use crate::handler::native::Table;
use crate::log::Log;
use crate::log::reader::Chunk;
use crate::log::wanted::{Needs, Range, Wanted};
use crate::pg::cells::{Cells, array_type};
use crate::pg::{Param, PgError, Session, Sql, Transaction};
use crate::replay::native::Native;
use crate::replay::native::watch::Watch;
use crate::replay::sql::{Program, ProgramError};
use crate::scratch;

/// What a transaction on the live build may do.
const READ_ONLY: &str = "SET TRANSACTION READ ONLY;";

/// Replays in memory; nothing where that is not possible or not certain.
pub(super) fn replay(
    context: &Context,
    (events, log, session): (&mut Session, &Log, &mut Session),
    subject: &Subject,
    (until, payloads): (Position, bool),
) -> Result<Option<Replayed>, TraceError> {
    let choice = subject.definition.engine;
    let parsed = subject.definition.parse()?;
    if choice == EngineChoice::Sql || !scratch::is_plain(&parsed.lineage, true)? {
        return Ok(None);
    }
    let schema = &subject.build.schema;
    let known = match Known::on(session, schema, parsed, subject.path.clone()) {
        Ok(known) => known,
        // Who refuses it says so again in scratch.
        Err(TraceError::Program(ProgramError::Faults(_))) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Ok(by) = known.by_row(subject) else { return Ok(None) };
    let tables = known.tables.clone();
    let typed = leave_out(known, &by.of);
    let (mut transaction, _) = session.begin_and_ask(READ_ONLY)?;
    let (program, native) = Program::unwritten(&mut transaction, schema, typed, |inferred| {
        Native::on(&tables, schema, choice, inferred)
    })?;
    drop(transaction);
    let Some(row) = row_of(&native, subject) else { return Ok(None) };
    let Some(printer) = Printer::of(&native.program.tables[row.table], subject) else {
        return Ok(None);
    };
    let types: Vec<String> = by.of.places.keys().cloned().collect();
    let picked = log.pick(&by.of.places, by.value(), is_in_utf8(events)?);
    let wanted = Wanted::Picked { types: &types, condition: &picked.condition };
    let range = Range { after: Position(0), until };
    let needs = Needs { recorded_at: true, ..program.needs };
    let sql = vec![("the events, from the log".to_owned(), log.reading(range, wanted, needs))];
    let bound = by.told(&picked);
    let budget = context.project.config.rebuild.memory_budget.as_u64();
    let budget = usize::try_from(budget).unwrap_or(usize::MAX);
    let mut replay = InMemory {
        session,
        watch: Watch::in_memory(&native, row, budget),
        printer,
        telling: Telling {
            program: &program,
            by: Some(&by),
            subject,
            aside: Aside::of(subject.left_out()),
            payloads,
            done: Replayed::of(bound, sql),
        },
    };
    let mut taken = Ok(true);
    log.read(events, range, wanted, needs, BOUNDS, &mut |chunk| {
        taken = match context.interrupt.raised() {
            true => Err(TraceError::Interrupted),
            false => replay.take(&Arc::new(chunk)),
        };
        matches!(taken, Ok(true))
    })?;
    Ok(taken?.then_some(replay.telling.done))
}

struct InMemory<'r> {
    session: &'r mut Session,
    watch: Watch<'r>,
    printer: Printer,
    telling: Telling<'r>,
}

impl InMemory<'_> {
    /// Replays a chunk; `false` if that is for scratch.
    fn take(&mut self, chunk: &Arc<Chunk>) -> Result<bool, TraceError> {
        self.telling.leave_aside(chunk)?;
        let Telling { program, by, .. } = self.telling;
        let batch = program.bind(chunk, chunk.range, OnError::Park)?;
        let (mut without, partly) = self.telling.aside.split(&batch);
        let mut of_key: BTreeMap<Position, BTreeSet<bool>> = BTreeMap::new();
        let calls: Vec<bool> = batch
            .calls()
            .map(|(kind, args)| {
                by.is_none_or(|by| is_of_key(program, by, kind, &args).unwrap_or(true))
            })
            .collect();
        batch.each(|entry, event, _| {
            let is_it = calls.get(entry).copied().unwrap_or(true);
            of_key.entry(event.position).or_default().insert(is_it);
        });
        // Events that were made of one, and of which some are left out or of another key.
        let is_mixed =
            |(at, of): (&Position, &BTreeSet<bool>)| of.len() > 1 && !without.contains(at);
        if !partly.is_empty() || of_key.iter().any(is_mixed) {
            return Ok(false);
        }
        without.extend(of_key.iter().filter(|(_, of)| !of.contains(&true)).map(|(at, _)| *at));
        let (mut transaction, _) = self.session.begin_and_ask(READ_ONLY)?;
        let bound = self.watch.bind(program, chunk)?;
        let mut progress = self.watch.take_up(&mut transaction, bound)?;
        let applied = progress.events(&without);
        let next = self.watch.advance(&mut transaction, &mut progress, (&without, &partly))?;
        if next.is_some() {
            return Ok(false);
        }
        let read = batch.read.events;
        self.telling.done.events_read += read;
        self.telling.done.events_applied += applied;
        let seen = self.watch.take_seen();
        let rows: Vec<&[Cell]> = seen.iter().filter_map(|seen| seen.row.as_deref()).collect();
        let printed = self.printer.print(&mut transaction, &rows)?;
        self.telling.tell_seen(chunk, &seen, printed)?;
        Ok(true)
    }
}

/// Has PostgreSQL print rows as it prints those of a table.
struct Printer {
    query: String,
    kinds: Vec<Kind>,
}

impl Printer {
    /// For a table; nothing where it has columns that PostgreSQL computes, or arrays, which have no
    /// array of their own.
    fn of(table: &Table, subject: &Subject) -> Option<Printer> {
        let kinds: Vec<Kind> = table.columns.iter().map(|column| column.ty.kind).collect();
        if !table.generated.is_empty() || kinds.contains(&Kind::TextArray) {
            return None;
        }
        let numbers: Vec<String> = (0..kinds.len()).map(|nth| format!("c{nth}")).collect();
        let mut values = Vec::new();
        for column in &subject.columns {
            let nth = table.columns.iter().position(|one| one.name == column.as_str())?;
            values.push(format!("v.c{nth}::text"));
        }
        let arrays: Vec<String> =
            (1..).zip(&kinds).map(|(nth, kind)| format!("${nth}::{}", array_type(*kind))).collect();
        let query = format!(
            "SELECT ARRAY[{}]::text[] FROM unnest({}) WITH ORDINALITY AS v({}, n) ORDER BY v.n",
            values.join(", "),
            arrays.join(", "),
            numbers.join(", ")
        );
        Some(Printer { query, kinds })
    }

    fn print(
        &self,
        transaction: &mut Transaction<'_>,
        rows: &[&[Cell]],
    ) -> Result<Vec<Values>, PgError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let column = |(nth, kind): (usize, &Kind)| Cells {
            kind: *kind,
            cells: rows.iter().filter_map(|row| row.get(nth)).collect(),
        };
        let columns: Vec<Cells<'_>> = self.kinds.iter().enumerate().map(column).collect();
        let params: Vec<&(dyn Param + Sync)> =
            columns.iter().map(|column| column as &(dyn Param + Sync)).collect();
        Ok(transaction.query(&self.query, &params)?.iter().map(|row| row.get(0)).collect())
    }
}
