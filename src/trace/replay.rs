//! Events into changes of a row: read, replayed in scratch, noted by the witness.
//!
//! Each batch commits, so that dead versions of a row do not pile up; the database is thrown away.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::aside::Aside;
use super::by_key::ByKey;
use super::feed::{self, EventsRead, Part};
use super::scope::Scope;
use super::subject::{self, KeyPart, Subject, values_of};
use super::witness::{self, Note, Watched};
use super::{Bound, Change, EventOf, LeftOut, Moved, TraceError, Values, event_of};
use crate::cell::{self, Cell, CellType};
use crate::context::Context;
use crate::definition::{EngineChoice, OnError};
use crate::event::Position;
use crate::failure::Failure;
use crate::handler::native::{Action, Conflict, Statement};
use crate::ident::Ident;
use crate::log::Log;
use crate::log::keyed::Picked;
use crate::log::reader::Chunk;
use crate::log::wanted::{Needs, Range, Wanted};
use crate::pg::{Prepared, Session, Sql};
use crate::replay::native::Native;
use crate::replay::native::bind::Binder;
use crate::replay::native::watch::{Row, Seen, Watch};
use crate::replay::sql::Program;
use crate::replay::sql::apply::{Refusal, apply_alone, prepare_in};
use crate::replay::sql::batch::Batch;
use crate::scratch::{self, Scratch};

/// Events that the native engine may leave to SQL before all of them are.
const MOST_DECLINED: usize = 500;

/// What came of a replay.
pub(super) struct Replayed {
    pub(super) bound: Bound,
    pub(super) changes: Vec<Change>,
    pub(super) row: Option<Values>,
    pub(super) events_read: i64,
    pub(super) events_applied: u64,
    pub(super) parked: Vec<LeftOut>,
    pub(super) skipped: Vec<LeftOut>,
    pub(super) refused: Vec<Failure>,
    pub(super) sql: Vec<(String, String)>,
}

/// Replays the events that decide a row, up to a position.
pub(super) fn replay(
    context: &Context,
    (events, log): (&mut Session, &Log),
    subject: &Subject,
    (until, payloads): (Position, bool),
) -> Result<Replayed, TraceError> {
    let at = scratch::beside(&subject.build.projection);
    let lineage = subject.definition.parse()?.lineage;
    let mut scratch = Scratch::of(context);
    let mut room = scratch.made(&lineage, &at)?;
    let session = room.session();
    let Scope { parsed, by } = Scope::of(session, &at, subject)?;
    let types = match &by {
        Ok(by) => by.of.places.keys().cloned().collect(),
        Err(_) => parsed.reach.types().iter().cloned().collect::<Vec<String>>(),
    };
    let choice = subject.definition.engine;
    let is_all = by.is_err() && choice != EngineChoice::Sql;
    let (program, native) = Program::install_parsed(session, &at, parsed, |sql, inferred| {
        // Few events are run in SQL sooner than they are compiled for.
        is_all.then(|| Native::install(sql, &at, choice, inferred)).transpose()
    })?;
    // What runs in SQL now and then would have all rows written and fetched each time.
    let native = native.filter(|native| native.program.rejections().next().is_none());
    let watched = Watched { table: &subject.table, columns: &subject.columns, key: &subject.key };
    witness::install(session, &at, &[watched], &program.function)?;
    let call = prepare_in(session, &at)?;
    let picked = match &by {
        Ok(by) => Some(log.pick(&by.of.places, by.value(), is_in_utf8(events)?)),
        Err(_) => None,
    };
    let (bound, by) = match (by, &picked) {
        (Ok(by), Some(picked)) => (by.told(picked), Some(by)),
        (Ok(by), None) => (by.told(&Picked::default()), Some(by)),
        (Err(obstacle), _) => (Bound::Nothing(obstacle), None),
    };
    let wanted = match &picked {
        Some(picked) => Wanted::Picked { types: &types, condition: &picked.condition },
        None => Wanted::Types(&types),
    };
    let first = row(session, &at, subject)?;
    let range = Range { after: Position(0), until };
    // The time is told, and decides nothing: an event without one is read all the same.
    let needs = Needs { recorded_at: true, ..program.needs };
    let sql = vec![("the events, from the log".to_owned(), log.reading(range, wanted, needs))];
    let budget = context.project.config.rebuild.memory_budget.as_u64();
    let budget = usize::try_from(budget).unwrap_or(usize::MAX);
    let watch = match native.as_ref().and_then(|native| Some((native, row_of(native, subject)?))) {
        Some((native, row)) => {
            witness::make_versions(session, &at, &subject.table)?;
            let whole = native.are_empty(session)?;
            Some((native, Watch::new(native, Some(row), whole, budget)))
        }
        None => None,
    };
    let mut replay = Replay {
        session,
        watch,
        declined: 0,
        call,
        telling: Telling {
            program: &program,
            by: by.as_ref(),
            subject,
            aside: Aside::of(subject.left_out()),
            payloads,
            done: Replayed { row: first, ..Replayed::of(bound, sql) },
        },
    };
    let binder = replay.watch.as_ref().map(|(native, _)| Binder { program: &program, native });
    let part = Part { range, wanted, needs };
    feed::read(context, (events, log), part, binder, |taken| replay.take(taken))?;
    Ok(replay.telling.done)
}

pub(crate) fn is_in_utf8(session: &mut Session) -> Result<bool, TraceError> {
    let encoding = session.ask("SELECT pg_catalog.getdatabaseencoding()")?;
    Ok(encoding.as_deref() == Some("UTF8"))
}

/// The row in scratch.
fn row(session: &mut Session, at: &Ident, subject: &Subject) -> Result<Option<Values>, TraceError> {
    let sql = format!(
        "SELECT {} FROM {} AS regrow$row WHERE {}",
        values_of("regrow$row", &subject.columns),
        at.dot(&subject.table),
        subject::is_of_key("regrow$row", &subject.key)
    );
    Ok(session.query_opt(&sql, &[])?.map(|row| row.get(0)))
}

/// The row as the native engine knows it; nothing where only PostgreSQL compares its key.
pub(super) fn row_of(native: &Native, subject: &Subject) -> Option<Row> {
    let tables = &native.program.tables;
    let table = tables.iter().position(|table| table.name == subject.table.as_str())?;
    let of = &tables[table];
    // Where a row went that changed its key is told by the witness.
    let moves = |statement: &Statement| {
        let set = match &statement.action {
            Action::Update { set, .. }
            | Action::Insert { conflict: Conflict::Update { set, .. }, .. } => set,
            _ => return false,
        };
        statement.table == table && set.iter().any(|(column, _)| of.key.contains(column))
    };
    if native.program.handlers.iter().flatten().flatten().any(moves) {
        return None;
    }
    let part = |column: &usize| {
        let column = &of.columns[*column];
        let part = subject.key.iter().find(|part| part.column.as_str() == column.name)?;
        cell::parse(&part.value, CellType::of_kind(column.ty.kind))
    };
    let key: Option<Vec<Cell>> = of.key.iter().map(part).collect();
    key.filter(|key| !key.is_empty()).map(|key| Row { table, key })
}

struct Replay<'r> {
    session: &'r mut Session,
    /// The native engine, where all events are replayed and it runs all handlers.
    watch: Option<(&'r Native, Watch<'r>)>,
    /// How many events it has left to SQL.
    declined: usize,
    call: Prepared,
    telling: Telling<'r>,
}

/// What is replayed, and what was seen of it so far.
pub(super) struct Telling<'r> {
    pub(super) program: &'r Program,
    pub(super) by: Option<&'r ByKey>,
    pub(super) subject: &'r Subject,
    pub(super) aside: Aside,
    pub(super) payloads: bool,
    pub(super) done: Replayed,
}

impl<'r> Replay<'r> {
    /// Replays a chunk without the events that the build is without.
    fn take(&mut self, taken: EventsRead) -> Result<(), TraceError> {
        let chunk = Arc::clone(taken.chunk());
        self.telling.leave_aside(&chunk)?;
        if let Some((native, watch)) = self.watch.take() {
            return self.take_natively(taken, (native, watch));
        }
        let batch = self.telling.program.bind(&chunk, chunk.range, OnError::Park)?;
        self.telling.done.events_read += batch.read.events;
        let batch = self.telling.of_key(self.telling.aside.taken_out(batch));
        if batch.kinds.is_empty() && batch.left_out.is_empty() {
            return Ok(());
        }
        self.telling.done.events_applied += batch.events();
        let mut transaction = self.session.begin()?;
        let refused = apply_alone(&mut transaction, &self.call, self.telling.program, &batch)?;
        let notes = witness::take(&mut transaction, &self.telling.program.function)?;
        transaction.commit("trace::batch")?;
        self.telling.refuse(refused);
        self.telling.tell(&batch, notes);
        Ok(())
    }

    /// The same by the native engine, as far as it does not decline.
    fn take_natively(
        &mut self,
        taken: EventsRead,
        (native, mut watch): (&'r Native, Watch<'r>),
    ) -> Result<(), TraceError> {
        let bound = match taken {
            EventsRead::Bound(bound) => *bound,
            EventsRead::Chunk(chunk) => watch.bind(self.telling.program, &chunk)?,
        };
        let chunk = &Arc::clone(&bound.chunk);
        let (without, partly) = self.telling.aside.split_chunk(self.telling.program, chunk)?;
        self.telling.done.events_read += i64::try_from(bound.read.len()).unwrap_or(i64::MAX);
        let mut transaction = self.session.begin()?;
        let mut progress = watch.take_up(&mut transaction, bound)?;
        self.telling.done.events_applied += progress.events(&without);
        loop {
            let next = watch.advance(&mut transaction, &mut progress, (&without, &partly))?;
            let seen = watch.take_seen();
            let rows: Vec<&[Cell]> = seen.iter().filter_map(|seen| seen.row.as_deref()).collect();
            let table = watch.table().unwrap_or_default();
            let columns = self.telling.subject.columns.as_slice();
            let printed = witness::printed(&mut transaction, native, (table, &rows), columns)?;
            self.telling.tell_seen(chunk, &seen, printed)?;
            let Some(position) = next else { break };
            self.declined += 1;
            let alone = Range { after: Position(position.0 - 1), until: position };
            let batch = self.telling.program.bind(chunk, alone, OnError::Park)?;
            let batch = self.telling.aside.taken_out(batch);
            let refused = apply_alone(&mut transaction, &self.call, self.telling.program, &batch)?;
            self.telling.refuse(refused);
            let notes = witness::take(&mut transaction, &self.telling.program.function)?;
            self.telling.tell(&batch, notes);
        }
        // Whoever declines so often costs more than SQL does.
        let goes_on = self.declined <= MOST_DECLINED;
        if !goes_on {
            watch.settle(&mut transaction)?;
        }
        transaction.commit("trace::chunk")?;
        self.watch = goes_on.then_some((native, watch));
        Ok(())
    }
}

impl Telling<'_> {
    /// The events of a batch that may be of the row's key.
    fn of_key(&self, batch: Batch) -> Batch {
        let Some(by) = self.by else { return batch };
        batch.only(|kind, args| is_of_key(self.program, by, kind, args).unwrap_or(true))
    }

    /// Takes note of events that failed, and that the build is not without.
    fn refuse(&mut self, refused: Vec<Refusal>) {
        let failures = refused.into_iter().map(|one| one.failure.without_words());
        let others = failures.filter(|failure| !self.aside.has(failure));
        self.done.refused.extend(others);
    }

    /// Takes note of parked and skipped events of a chunk that have to do with the row, or may have.
    pub(super) fn leave_aside(&mut self, chunk: &Arc<Chunk>) -> Result<(), TraceError> {
        let Range { after, until } = chunk.range;
        let is_in = |one: &&Failure| after.0 < one.position && one.position <= until.0;
        let subject = self.subject;
        let parked = subject.parked.iter().map(|failure| (failure, false));
        let left_out = parked.chain(subject.skipped.iter().map(|failure| (failure, true)));
        for (failure, is_skipped) in left_out.filter(|(failure, _)| is_in(failure)) {
            let at = Position(failure.position);
            let alone = Range { after: Position(at.0 - 1), until: at };
            let batch = self.program.bind(chunk, alone, OnError::Park)?;
            let mut entries = Vec::new();
            batch.each(|entry, _, part| {
                if part == failure.part {
                    entries.push(entry);
                }
            });
            // One that cannot be bound may be of any key, if the log's server let it pass.
            let is_unbound = entries.is_empty() && !batch.left_out.is_empty();
            let mut is_of_key = (is_unbound && self.by.is_some()).then_some(false);
            for (entry, (kind, args)) in batch.calls().enumerate() {
                // Where nothing binds the row, an event that names its key may have to do with it.
                let found = match self.by {
                    _ if !entries.contains(&entry) => continue,
                    Some(by) => Some(self::is_of_key(self.program, by, kind, &args)),
                    None => names(&self.subject.key, &args).then_some(None),
                };
                is_of_key = match found {
                    Some(Some(true)) => Some(true),
                    Some(None) => Some(false),
                    Some(Some(false)) | None => is_of_key,
                };
            }
            if let Some(is_of_key) = is_of_key {
                let (failure, of) = (failure.clone(), &mut self.done);
                let list = if is_skipped { &mut of.skipped } else { &mut of.parked };
                list.push(LeftOut { failure, is_of_key });
            }
        }
        Ok(())
    }

    /// Notes of the witness into changes.
    fn tell(&mut self, batch: &Batch, notes: Vec<Note>) {
        let (subject, payloads) = (self.subject, self.payloads);
        if notes.is_empty() {
            return;
        }
        let mut events: BTreeMap<usize, EventOf> = BTreeMap::new();
        let counts = |entry: usize| notes.iter().any(|note| note.entry == entry);
        batch.each(|entry, event, part| {
            if counts(entry) {
                events.insert(entry, event_of(event, part, payloads));
            }
        });
        for Note { entry, before, after, of_key: (was, is), place, .. } in notes {
            let Some(event) = events.get(&entry).cloned() else { continue };
            let moved = match (was, is) {
                (false, true) => before.as_ref().map(|row| Moved::From(key_of(subject, row))),
                (true, false) => after.as_ref().map(|row| Moved::To(key_of(subject, row))),
                _ => None,
            };
            let (before, after) = (before.filter(|_| was), after.filter(|_| is));
            self.done.row.clone_from(&after);
            self.done.changes.push(Change { event, place, before, after, moved });
        }
    }

    /// What the native engine made of the row into changes; `printed` are the rows that there are, in
    /// their order.
    pub(super) fn tell_seen(
        &mut self,
        chunk: &Arc<Chunk>,
        seen: &[Seen],
        printed: Vec<Values>,
    ) -> Result<(), TraceError> {
        let (program, payloads) = (self.program, self.payloads);
        if seen.is_empty() {
            return Ok(());
        }
        let wanted: BTreeSet<Position> = seen.iter().map(|one| one.position).collect();
        let mut events: BTreeMap<(Position, usize), EventOf> = BTreeMap::new();
        let batch = program.bind_at(chunk, &wanted, OnError::Park)?;
        let mut before = None;
        batch.each(|_, event, part| {
            let step = match before {
                Some((position, step)) if position == event.position => step + 1,
                _ => 0,
            };
            before = Some((event.position, step));
            events.insert((event.position, step), event_of(event, part, payloads));
        });
        let mut printed = printed.into_iter();
        for one in seen {
            let after = one.row.as_ref().and_then(|_| printed.next());
            let event = events.get(&(one.position, one.step)).cloned();
            let before = std::mem::replace(&mut self.done.row, after.clone());
            let Some(event) = event.filter(|_| before != after) else { continue };
            let handlers = &program.handlers;
            let statement = handlers.handlers[one.handler].statements.get(one.statement);
            let place = statement.map(|statement| handlers.file.place(statement.span.start));
            self.done.changes.push(Change { event, place, before, after, moved: None });
        }
        Ok(())
    }
}

impl Replayed {
    /// Nothing yet.
    pub(super) fn of(bound: Bound, sql: Vec<(String, String)>) -> Replayed {
        Replayed {
            bound,
            changes: Vec::new(),
            row: None,
            events_read: 0,
            events_applied: 0,
            parked: Vec::new(),
            skipped: Vec::new(),
            refused: Vec::new(),
            sql,
        }
    }
}

/// The key of a row, in the order in which it was given.
fn key_of(subject: &Subject, row: &Values) -> Values {
    let at = |part: &KeyPart| {
        let column = subject.columns.iter().position(|column| *column == part.column);
        column.and_then(|column| row.get(column)).cloned().flatten()
    };
    subject.key.iter().map(at).collect()
}

/// Whether an event is of a key; nothing where only PostgreSQL can tell.
pub(crate) fn is_of_key(
    program: &Program,
    by: &ByKey,
    kind: i16,
    args: &[Option<&str>],
) -> Option<bool> {
    let handler = usize::try_from(kind).unwrap_or(usize::MAX);
    by.is_of_key(handler, program.function.slots.get(handler)?, args)
}

/// Whether an argument of an event is a value of the key.
fn names(key: &[KeyPart], args: &[Option<&str>]) -> bool {
    key.iter().all(|part| args.iter().flatten().any(|arg| *arg == part.value || *arg == part.given))
}
