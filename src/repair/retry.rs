//! Parked events again: each with all rows of the value that it is of, in every build that has parked it.
//!
//! A parked event was left out, and later events of its value were applied without it. To apply it alone now
//! would give rows that no replay makes. So the rows of its value are made again from their events, in the order of
//! the log, as a [`repair`](super::repair) does. Where the route proof does not say that rows of the value alone decide
//! what becomes of the event, nothing is done. What fails again stays parked, with the reason of now.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::recipe::{Recipe, rows_before_events};
use super::replace::{SETTINGS, is_same, one, referred};
use super::{CLAIM, RepairError, same_log};
use crate::context::Context;
use crate::definition::OnError;
use crate::event::Position;
use crate::failure::Failure;
use crate::handler::function::NAME;
use crate::handler::native::route::{Obstacle, because};
use crate::identity::own_builds;
use crate::ledger::{self, Build, BuildId, State};
use crate::log::Log;
use crate::log::reader::Chunk;
use crate::log::wanted::{Range, Wanted};
use crate::pg::{PgError, Session, Sql, failpoint};
use crate::progress::Progress;
use crate::replay::sql::Program;
use crate::replay::sql::apply::{apply_alone, prepare_temporary};
use crate::replay::sql::batch::Batch;
use crate::trace::TraceError;
use crate::trace::by_key::ByKey;
use crate::trace::feed::BOUNDS;
use crate::trace::scope::Known;

/// Parked events that were tried again.
#[derive(Debug)]
pub struct Retried {
    /// The projection.
    pub projection: String,
    /// Each of them, in the order of the log.
    pub events: Vec<RetriedEvent>,
}

/// A parked event that was tried again, in all builds or in none.
#[derive(Debug)]
pub struct RetriedEvent {
    /// Its position.
    pub position: Position,
    /// What became of it in each build that had parked it; or why nothing was tried.
    pub outcome: Result<Vec<RetriedBuild>, RepairError>,
}

/// What became of a parked event in one build.
#[derive(Debug, Clone)]
pub struct RetriedBuild {
    /// The build's schema.
    pub build: String,
    /// What the build is to readers.
    pub state: State,
    /// The position whose rows they are now.
    pub position: Position,
    /// Whether nothing of the event is parked any more.
    pub is_applied: bool,
    /// Events of the value that were applied.
    pub events: u64,
    /// Tables whose rows of the value were made again: name, rows before, rows now.
    pub tables: Vec<(String, i64, i64)>,
    /// Why events that were parked fail again: this one, and others of the value.
    pub again: Vec<Failure>,
    /// Events that are parked now and were not.
    pub parked: Vec<Failure>,
    /// Other events of the value that were parked and are applied now.
    pub others: usize,
}

/// Tries parked events of a projection or a build again: that of a position, or all. Each is one transaction over all
/// builds that have parked it.
///
/// # Errors
/// Nothing is parked at the position or it cannot be tried again; or a server refuses. Of all events, those
/// that cannot be tried again keep none of the others from it.
pub fn retry(context: &Context, name: &str, at: Option<Position>) -> Result<Retried, RepairError> {
    let mut session = context.open_read_models("retry")?.to_write()?;
    ledger::is_ours(&mut session)?;
    let (mut events, log) = context.open_log("retry")?;
    let projection = builds(context, &mut session, name)?[0].projection.clone();
    ledger::claim(&mut session, &projection, CLAIM)?;
    let builds = builds(context, &mut session, name)?;
    let mut positions = BTreeSet::new();
    for build in &builds {
        let parked = ledger::parked(&mut session, build.id, build.position)?;
        let of = parked.iter().map(|one| Position(one.position));
        positions.extend(of.filter(|position| at.is_none_or(|at| at == *position)));
    }
    if let (Some(position), true) = (at, positions.is_empty()) {
        return Err(RepairError::NotParked { name: name.to_owned(), position });
    }
    let mut retried = Vec::new();
    for position in positions {
        let from = (&mut events, &log);
        let event = failpoint::around("repair::retry", || {
            Event { context, builds: &builds, at: position }.retry(&mut session, from)
        });
        let outcome = match event {
            // It was applied with an event before it.
            Ok(None) => continue,
            Ok(Some(builds)) => Ok(builds),
            Err(error) if at.is_none() && error.is_of_the_event() => {
                context.note(&Progress::Note(error.to_string()));
                Err(error)
            }
            Err(error) => return Err(error),
        };
        retried.push(RetriedEvent { position, outcome });
    }
    ledger::disclaim(&mut session, &projection)?;
    Ok(Retried { projection, events: retried })
}

impl RepairError {
    /// Whether another event may fare better.
    fn is_of_the_event(&self) -> bool {
        matches!(
            self,
            RepairError::NotBound { .. }
                | RepairError::NotSplit { .. }
                | RepairError::Uncertain { .. }
                | RepairError::Referred { .. }
                | RepairError::Fails { .. }
                | RepairError::Gone { .. }
        )
    }
}

/// The builds that a name stands for, at least one.
fn builds(context: &Context, session: &mut Session, name: &str) -> Result<Vec<Build>, RepairError> {
    let all = ledger::builds(session, None)?;
    let mut builds = own_builds(context, session, all).map_err(TraceError::from)?;
    builds.retain(|build| build.state != State::Dropped);
    builds.retain(|build| build.projection == name || build.schema.as_str() == name);
    match builds.is_empty() {
        true => Err(TraceError::Unknown { name: name.to_owned() }.into()),
        false => Ok(builds),
    }
}

/// A parked event.
struct Event<'e> {
    context: &'e Context,
    builds: &'e [Build],
    at: Position,
}

/// What is to be done of it in one build.
struct Work {
    build: Build,
    /// What makes the rows of its value; nothing where it fails whatever rows there are.
    recipe: Option<Recipe>,
    /// Why it fails whatever rows there are.
    fails: Vec<Failure>,
}

impl Event<'_> {
    /// Tries the event again; nothing if no build has it parked.
    fn retry(
        &self,
        session: &mut Session,
        (events, log): (&mut Session, &Log),
    ) -> Result<Option<Vec<RetriedBuild>>, RepairError> {
        let mut work = Vec::new();
        for build in self.builds {
            let gone = || RepairError::Changed { build: build.schema.to_string() };
            let build = ledger::build(session, build.id)?.ok_or_else(gone)?;
            let parked = ledger::parked(session, build.id, build.position)?;
            if !parked.iter().any(|one| one.position == self.at.0) {
                continue;
            }
            if !build.state.is_followed() {
                let as_of = build.as_of.as_ref().map(|as_of| as_of.publish.clone());
                let (projection, state) = (build.projection.clone(), build.state);
                let build = build.schema.to_string();
                return Err(RepairError::Unfinished { build, as_of, projection, state });
            }
            same_log(self.context, session, (&mut *events, log), &build)?;
            work.push(self.prepare(session, (&mut *events, log), (build, parked))?);
        }
        match work.is_empty() {
            true => Ok(None),
            false => Ok(Some(self.carry_out(session, (events, log), work)?)),
        }
    }

    /// What is to be done in a build.
    fn prepare(
        &self,
        session: &mut Session,
        (events, log): (&mut Session, &Log),
        (build, parked): (Build, Vec<Failure>),
    ) -> Result<Work, RepairError> {
        let definition = ledger::definition(session, &build)?;
        let refused = |obstacle: Obstacle| RepairError::NotSplit {
            build: build.schema.to_string(),
            projection: build.projection.clone(),
            position: self.at,
            obstacle,
        };
        let name = |what: &str| format!("{NAME}_{}_{}{what}", build.id.0, self.at.0);
        let program = Program::temporary(session, &build.schema, definition.parse()?, &name("e"))?;
        let gone = || RepairError::Gone { build: build.schema.to_string(), position: self.at };
        let batch = self.read((&mut *events, log), &program)?.ok_or_else(gone)?;
        let fails = batch.left_out.clone();
        if batch.kinds.is_empty() {
            return match fails.is_empty() {
                true => Err(refused(because("no handler takes what upcasters make of it now"))),
                false => Ok(Work { build, recipe: None, fails }),
            };
        }
        let parsed = definition.parse()?;
        if let Some(obstacle) = rows_before_events(&parsed)? {
            return Err(refused(obstacle));
        }
        let known = Known::of(session, &build.schema, parsed)?;
        let by = match by_event(session, &known, &batch) {
            Ok(by) => by.map_err(&refused)?,
            // The value is none of its column's type.
            Err(TraceError::Pg(PgError::Server(error))) if error.code.starts_with("22") => {
                let fails = self.whatever_rows(session, (&build, &program), &batch, &name("e"))?;
                let why = "the value by which it is split is none of its column's type";
                let fails = fails.ok_or_else(|| refused(because(why)))?;
                return Ok(Work { build, recipe: None, fails });
            }
            Err(error) => return Err(error.into()),
        };
        let skipped = ledger::skipped(session, &build, build.position)?;
        let of = (build.clone(), parked, skipped);
        let made = Recipe::made(session, (&mut *events, log), (of, known, by), &name(""))?;
        let mut recipe = made.map_err(refused)?;
        let until = build.position;
        failpoint::around("repair::read", || recipe.read(self.context, (events, log), until))?;
        Ok(Work { build, recipe: Some(recipe), fails })
    }

    /// The event as the build takes it.
    fn read(
        &self,
        (events, log): (&mut Session, &Log),
        program: &Program,
    ) -> Result<Option<Batch>, RepairError> {
        let range = Range { after: Position(self.at.0.saturating_sub(1)), until: self.at };
        let mut chunks: Vec<Chunk> = Vec::new();
        let wanted = Wanted::Types(&program.types);
        log.read(events, range, wanted, program.needs, BOUNDS, &mut |chunk| {
            chunks.push(chunk);
            true
        })?;
        let chunk = chunks.into_iter().find(|chunk| !chunk.is_empty());
        Ok(match chunk {
            Some(chunk) => Some(program.bind(&Arc::new(chunk), range, OnError::Park)?),
            None => None,
        })
    }

    /// Why the event fails whatever rows there are, if that is so.
    fn whatever_rows(
        &self,
        session: &mut Session,
        (build, program): (&Build, &Program),
        batch: &Batch,
        name: &str,
    ) -> Result<Option<Vec<Failure>>, RepairError> {
        let call = prepare_temporary(session, name)?;
        let mut transaction = session.begin()?;
        transaction.run(SETTINGS)?;
        // Nobody else writes meanwhile, and nothing of it stays.
        ledger::lock_all(&mut transaction, &[build.id])?;
        let refused = apply_alone(&mut transaction, &call, program, batch)?;
        drop(transaction);
        let is_certain = !refused.is_empty() && refused.iter().all(|one| one.is_of_value);
        let failures = refused.into_iter().map(|one| one.failure.without_words()).collect();
        Ok(is_certain.then_some(failures))
    }

    /// Makes the rows again in all builds, in one transaction.
    fn carry_out(
        &self,
        session: &mut Session,
        (events, log): (&mut Session, &Log),
        mut work: Vec<Work>,
    ) -> Result<Vec<RetriedBuild>, RepairError> {
        let ids: Vec<BuildId> = work.iter().map(|one| one.build.id).collect();
        let mut transaction = session.begin()?;
        transaction.run(SETTINGS)?;
        let now = ledger::lock_all(&mut transaction, &ids)?;
        let mut told = Vec::new();
        for (work, build) in work.iter_mut().zip(now) {
            is_same(&work.build, &build)?;
            let parked = ledger::parked(&mut transaction, build.id, build.position)?;
            let is_at = |one: &&Failure| one.position == self.at.0;
            let own: BTreeSet<u32> = parked.iter().filter(is_at).map(|one| one.part).collect();
            if own.is_empty() {
                return Err(RepairError::Changed { build: build.schema.to_string() });
            }
            let was_parked: BTreeSet<(i64, u32)> =
                parked.iter().map(|one| (one.position, one.part)).collect();
            let mut done = RetriedBuild {
                build: build.schema.to_string(),
                state: build.state,
                position: build.position,
                is_applied: false,
                events: 0,
                tables: Vec::new(),
                again: Vec::new(),
                parked: Vec::new(),
                others: 0,
            };
            let mut settled = BTreeSet::new();
            let mut refused = work.fails.clone();
            for failure in &work.fails {
                ledger::park(&mut transaction, build.id, failure)?;
            }
            if let Some(recipe) = &mut work.recipe {
                recipe.parked = parked;
                recipe.skipped = ledger::skipped(&mut transaction, &build, build.position)?;
                recipe.read(self.context, (&mut *events, log), build.position)?;
                let replaced = one(&mut transaction, recipe, build)?;
                for (position, part) in replaced.applied {
                    if position == self.at {
                        settled.insert(part);
                    } else {
                        done.others += 1;
                    }
                }
                (done.events, done.tables) = (replaced.told.events, replaced.told.tables);
                refused.extend(replaced.refused);
            }
            let fails: BTreeSet<u32> =
                refused.iter().filter(is_at).map(|failure| failure.part).collect();
            // What became of it has to be known of each part.
            if own.iter().any(|part| !settled.contains(part) && !fails.contains(part)) {
                return Err(RepairError::Uncertain { build: done.build, position: self.at });
            }
            done.is_applied = fails.is_empty();
            let was = |one: &Failure| was_parked.contains(&(one.position, one.part));
            (done.again, done.parked) = refused.into_iter().partition(was);
            told.push(done);
        }
        ledger::fence(&mut transaction, &ids)?;
        let all: Vec<&str> = told.iter().map(|build| build.build.as_str()).collect();
        transaction.commit("repair::retried").map_err(|error| referred(error, &all.join(", ")))?;
        Ok(told)
    }
}

/// The one value that decides all that the event does.
fn by_event(
    session: &mut Session,
    known: &Known,
    batch: &Batch,
) -> Result<Result<ByKey, Obstacle>, TraceError> {
    let calls: Vec<(usize, Vec<Option<String>>)> = batch
        .calls()
        .map(|(kind, args)| {
            let args = args.into_iter().map(|arg| arg.map(str::to_owned)).collect();
            (usize::try_from(kind).unwrap_or(usize::MAX), args)
        })
        .collect();
    let calls: Vec<(usize, &[Option<String>])> =
        calls.iter().map(|(handler, args)| (*handler, args.as_slice())).collect();
    known.by_event(session, &calls)
}
