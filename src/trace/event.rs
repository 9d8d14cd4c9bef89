//! The other way round: which rows of which projections one event changed.
//!
//! What a projection makes of an event depends on the rows before it. They are made in scratch from the
//! events that decide them: those of the event's own value where all that its handlers write is split by it
//! ([`crate::handler::native::route::Whole`]), else all before it. Then the event runs, and the witness notes
//! every row.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::aside::Aside;
use super::by_key::ByKey;
use super::prior::Prior;
use super::scope::Known;
use super::witness::{self, Note, Watched};
use super::{Bound, EventOf, TraceError, Values, event_of};
use crate::context::Context;
use crate::definition::{Definition, EngineChoice, OnError};
use crate::event::Position;
use crate::failure::Failure;
use crate::handler::native::route::Obstacle;
use crate::handler::reach::Fate;
use crate::ident::Ident;
use crate::identity::{Survey, own_builds};
use crate::ledger::{self, Build, State};
use crate::log::Log;
use crate::log::keyed::Picked;
use crate::log::reader::Chunk;
use crate::log::wanted::{ChunkBounds, Needs, Range, Wanted};
use crate::pg::Session;
use crate::pg::catalog::{self, KeyColumn};
use crate::replay::native::Native;
use crate::replay::sql::Program;
use crate::replay::sql::apply::{apply_alone, prepare_in};
use crate::scratch::{self, Scratch};
use crate::source::Place;

/// What an event changed.
#[derive(Debug, Clone)]
pub struct EventTraced {
    /// The event.
    pub event: EventOf,
    /// The projections that were asked for, in the order of their names.
    pub projections: Vec<OfProjection>,
}

/// What an event changed in one projection.
#[derive(Debug, Clone)]
pub struct OfProjection {
    /// The projection.
    pub projection: String,
    /// The build's schema.
    pub build: String,
    /// What became of the event there.
    pub outcome: Outcome,
}

/// What became of an event in a build.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// No handler takes it.
    Ignored,
    /// The build has not read it yet.
    Unread,
    /// It is parked.
    Parked(Failure),
    /// It was skipped.
    Skipped(Failure),
    /// Its handlers ran.
    Ran {
        /// The rows they changed, in the order in which they did; none where nothing was changed.
        rows: Vec<RowChange>,
        /// Which events before it were replayed.
        bound: Bound,
        /// How many those were.
        events_before: u64,
        /// Of the events that upcasters made of it, those that are parked.
        parked: Vec<Failure>,
        /// Those that were skipped.
        skipped: Vec<Failure>,
        /// Why it failed in this replay, though it is neither parked nor skipped in the build.
        refused: Option<Failure>,
    },
}

/// What a statement did to a row.
#[derive(Debug, Clone)]
pub struct RowChange {
    /// The table.
    pub table: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// Those of the row's key, with the values it has, or had.
    pub key: Vec<(String, Option<String>)>,
    /// The handler's statement.
    pub place: Option<Place>,
    /// The row before; `None` if there was none.
    pub before: Option<Values>,
    /// The row after; `None` if there is none.
    pub after: Option<Values>,
}

/// Tells which rows an event changed. `names` are the projections; all without one.
///
/// # Errors
/// There is no such event or projection, the log is another, there is no scratch database, or a server refuses.
pub fn trace_event(
    context: &Context,
    at: Position,
    names: &[String],
    payloads: bool,
) -> Result<EventTraced, TraceError> {
    let mut ledger = context.open_ledger("trace")?;
    let (mut events, log) = context.open_log("trace")?;
    let builds = ledger::builds(&mut ledger, None)?;
    let mut builds = own_builds(context, &mut ledger, builds)?;
    builds.retain(|build| build.state != State::Dropped);
    let mut projections: Vec<String> = builds.iter().map(|b| b.projection.clone()).collect();
    projections.dedup();
    if let Some(unknown) = names.iter().find(|name| !projections.contains(name)) {
        return Err(TraceError::Unknown { name: unknown.clone() });
    }
    projections.retain(|name| names.is_empty() || names.contains(name));
    let (chunk, event) = one_event(&mut events, &log, at, payloads)?;
    let mut found = Vec::new();
    let mut scratch = Scratch::of(context);
    for projection in projections {
        let of = || builds.iter().filter(|build| build.projection == projection);
        let Some(build) = of().find(|build| build.state == State::Live).or(of().next_back()) else {
            continue;
        };
        let of = std::slice::from_ref(build);
        if let Ok(survey) = Survey::of(context, &mut ledger, (&mut events, &log), of)? {
            let judged = survey.judge(&mut ledger, (&mut events, &log), build)?;
            if let Some(fault) = judged.fault {
                return Err(fault.into());
            }
        }
        let one = One { context, log: &log, build, event: &event, chunk: &chunk };
        let outcome = one.outcome(&mut ledger, &mut events, &mut scratch)?;
        found.push(OfProjection { projection, build: build.schema.to_string(), outcome });
    }
    Ok(EventTraced { event, projections: found })
}

/// The event at a position, alone in a chunk.
fn one_event(
    events: &mut Session,
    log: &Log,
    at: Position,
    payloads: bool,
) -> Result<(Arc<Chunk>, EventOf), TraceError> {
    let range = Range { after: Position(at.0.saturating_sub(1)), until: at };
    let bounds = ChunkBounds { events: 1, bytes: usize::MAX };
    let needs = Needs { metadata: true, recorded_at: true, ..Needs::default() };
    let mut chunks = Vec::new();
    log.read(events, range, Wanted::All, needs, bounds, &mut |chunk| {
        chunks.push(Arc::new(chunk));
        true
    })?;
    for chunk in chunks {
        let told = match chunk.texts(Needs::default()).next() {
            Some(Ok(event)) => event_of(&event, 0, payloads),
            Some(Err(error)) => return Err(error.into()),
            None => continue,
        };
        return Ok((chunk, told));
    }
    Err(TraceError::NoEvent { position: at })
}

/// An event in a build.
struct One<'o> {
    context: &'o Context,
    log: &'o Log,
    build: &'o Build,
    event: &'o EventOf,
    chunk: &'o Arc<Chunk>,
}

impl One<'_> {
    fn outcome(
        &self,
        ledger: &mut Session,
        events: &mut Session,
        scratch: &mut Scratch<'_>,
    ) -> Result<Outcome, TraceError> {
        let at = self.event.position;
        if at > self.build.position {
            return Ok(Outcome::Unread);
        }
        let definition = ledger::definition(ledger, self.build)?;
        let parsed = definition.parse()?;
        let (of, version) = (self.event.event_type.as_str(), self.event.schema_version);
        let fate = parsed.reach.fate(&parsed.handlers, &parsed.upcasters, of, version);
        let parked = ledger::parked(ledger, self.build.id, at)?;
        let skipped = ledger::skipped(ledger, self.build, at)?;
        let is_it = |failure: &&Failure| failure.position == at.0;
        let is_one = parsed.upcasters.first_filter(parsed.handlers.event_types()).is_none();
        if let Some(failure) = parked.iter().find(is_it).filter(|_| is_one) {
            return Ok(Outcome::Parked(failure.clone()));
        }
        if let Some(failure) = skipped.iter().find(is_it).filter(|_| is_one) {
            return Ok(Outcome::Skipped(failure.clone()));
        }
        if !matches!(fate, Fate::Reaches { .. } | Fate::NoPath(_)) {
            return Ok(Outcome::Ignored);
        }
        let aside = || Aside::of(parked.iter().chain(&skipped));
        let schema = scratch::beside(&self.build.projection);
        let mut room = scratch.made(&parsed.lineage, &schema)?;
        let session = room.session();
        let known = Known::of(session, &schema, parsed)?;
        let (program, native) = self.install(session, &schema, &definition)?;
        let calls = self.calls(&program)?;
        if calls.is_empty() && matches!(fate, Fate::Reaches { .. }) && self.is_bound(&program)? {
            return Ok(Outcome::Ignored);
        }
        let by = self.by_value(session, &known, &calls)?;
        let types: Vec<String> = match &by {
            Ok(by) => by.of.places.keys().cloned().collect(),
            Err(_) => program.types.clone(),
        };
        let in_utf8 = super::replay::is_in_utf8(events)?;
        let picked = by.as_ref().ok().map(|by| self.log.pick(&by.of.places, by.value(), in_utf8));
        let wanted = match &picked {
            Some(picked) => Wanted::Picked { types: &types, condition: &picked.condition },
            None => Wanted::Types(&types),
        };
        let native = native.filter(|_| by.is_err());
        let before = Range { after: Position(0), until: Position(at.0 - 1) };
        let prior =
            Prior::new(self.context, session, &schema, (&program, native.as_ref()), aside())?;
        let ran = prior.run((events, self.log), (before, wanted), by.as_ref().ok())?;
        let events_before = ran.events;
        let bound = match (by, picked) {
            (Ok(by), Some(picked)) => by.told(&picked),
            (Ok(by), None) => by.told(&Picked::default()),
            (Err(obstacle), _) => Bound::Nothing(obstacle),
        };
        let (rows, refused) = self.run(session, &schema, &program, &aside())?;
        let own = |all: &[Failure]| all.iter().filter(is_it).cloned().collect::<Vec<Failure>>();
        let (parked, skipped) = (own(&parked), own(&skipped));
        Ok(Outcome::Ran { rows, bound, events_before, parked, skipped, refused })
    }

    /// Both programs, the native one only where it runs all handlers.
    fn install(
        &self,
        session: &mut Session,
        schema: &Ident,
        definition: &Definition,
    ) -> Result<(Program, Option<Native>), TraceError> {
        let choice = definition.engine;
        let (program, native) =
            Program::install_parsed(session, schema, definition.parse()?, |sql, inferred| {
                let native = (choice != EngineChoice::Sql)
                    .then(|| Native::install(sql, schema, choice, inferred));
                native.transpose()
            })?;
        let runs_all = |native: &Native| native.program.rejections().next().is_none();
        Ok((program, native.filter(runs_all)))
    }

    /// Whether all that the handlers ask of the event can be had.
    fn is_bound(&self, program: &Program) -> Result<bool, TraceError> {
        let batch = program.bind(self.chunk, self.chunk.range, OnError::Park)?;
        Ok(batch.left_out.is_empty())
    }

    /// The handlers that the event reaches, with their arguments.
    fn calls(&self, program: &Program) -> Result<Vec<Call>, TraceError> {
        let batch = program.bind(self.chunk, self.chunk.range, OnError::Park)?;
        let owned = |(kind, args): (i16, Vec<Option<&str>>)| Call {
            handler: usize::try_from(kind).unwrap_or(usize::MAX),
            args: args.into_iter().map(|arg| arg.map(str::to_owned)).collect(),
        };
        Ok(batch.calls().map(owned).collect())
    }

    /// The one value that decides all that the event does.
    fn by_value(
        &self,
        session: &mut Session,
        known: &Known,
        calls: &[Call],
    ) -> Result<Result<ByKey, Obstacle>, TraceError> {
        let calls: Vec<(usize, &[Option<String>])> =
            calls.iter().map(|call| (call.handler, call.args.as_slice())).collect();
        known.by_event(session, &calls)
    }

    /// Runs the event, and gives what it does to every row.
    fn run(
        &self,
        session: &mut Session,
        schema: &Ident,
        program: &Program,
        aside: &Aside,
    ) -> Result<(Vec<RowChange>, Option<Failure>), TraceError> {
        let (mut tables, mut names) = (BTreeMap::<String, Vec<KeyColumn>>::new(), Vec::new());
        for relation in catalog::tables(session, schema)? {
            let columns = catalog::key_columns(session, schema, &relation.name)?;
            let all: Vec<Ident> = columns.iter().map(|column| column.name.clone()).collect();
            tables.insert(relation.name.as_str().to_owned(), columns);
            names.push((relation.name, all));
        }
        let watched: Vec<Watched<'_>> =
            names.iter().map(|(table, columns)| Watched { table, columns, key: &[] }).collect();
        witness::install(session, schema, &watched, &program.function)?;
        let call = prepare_in(session, schema)?;
        let batch = program.bind(self.chunk, self.chunk.range, OnError::Park)?;
        let batch = aside.taken_out(batch);
        let mut transaction = session.begin()?;
        let refused = apply_alone(&mut transaction, &call, program, &batch)?;
        let notes = witness::take(&mut transaction, &program.function)?;
        transaction.commit("trace::event")?;
        let change = |note: Note| {
            let columns = tables.get(&note.table).map(Vec::as_slice).unwrap_or_default();
            let row = note.after.as_ref().or(note.before.as_ref());
            let mut in_key: Vec<(usize, &KeyColumn)> =
                columns.iter().enumerate().filter(|(_, column)| column.in_key.is_some()).collect();
            in_key.sort_by_key(|(_, column)| column.in_key);
            let value = |nth: usize| row.and_then(|row| row.get(nth)).cloned().flatten();
            let part =
                |(nth, column): (usize, &KeyColumn)| (column.name.as_str().to_owned(), value(nth));
            let key: Vec<(String, Option<String>)> = in_key.into_iter().map(part).collect();
            RowChange {
                columns: columns.iter().map(|column| column.name.as_str().to_owned()).collect(),
                key,
                table: note.table,
                place: note.place,
                before: note.before,
                after: note.after,
            }
        };
        let mut refused = refused.into_iter().map(|one| one.failure.without_words());
        let refused = refused.find(|failure| !aside.has(failure));
        Ok((notes.into_iter().map(change).collect(), refused))
    }
}

/// A handler that the event reaches.
struct Call {
    handler: usize,
    args: Vec<Option<String>>,
}
