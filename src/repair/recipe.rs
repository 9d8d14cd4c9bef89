//! What makes a row of one build again: the events of its value, and the function that runs them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::RepairError;
use crate::context::Context;
use crate::definition::{OnError, Parsed};
use crate::event::Position;
use crate::failure::Failure;
use crate::handler::function::NAME;
use crate::handler::native::route::{Obstacle, because};
use crate::ident::{Ident, quote_literal};
use crate::ledger::Build;
use crate::log::Log;
use crate::log::keyed::Picked;
use crate::log::reader::Chunk;
use crate::log::wanted::{Range, Wanted};
use crate::pg::{PgError, Prepared, Session, Sql, catalog};
use crate::replay::sql::Program;
use crate::replay::sql::apply::prepare_temporary;
use crate::replay::sql::batch::Batch;
use crate::scratch;
use crate::trace::aside::Aside;
use crate::trace::by_key::ByKey;
use crate::trace::feed::BOUNDS;
use crate::trace::replay::{is_in_utf8, is_of_key};
use crate::trace::scope::{Known, leave_out};
use crate::trace::subject::Subject;

/// Rows of one value in a build, and what makes them.
pub(super) struct Recipe {
    pub(super) build: Build,
    /// The build's parked events.
    pub(super) parked: Vec<Failure>,
    /// The events that it has skipped.
    pub(super) skipped: Vec<Failure>,
    /// What was asked for, if rows were: without a key, all rows of a stream.
    subject: Option<Subject>,
    /// The tables of the value, with the column of each that has it.
    pub(super) group: Vec<(Ident, Ident)>,
    /// Whether events of the value that are left out are tried again: what becomes of them is decided by rows of
    /// the value alone.
    pub(super) retries: bool,
    pub(super) program: Program,
    pub(super) call: Prepared,
    /// The events of the value, in the order of the log.
    pub(super) batches: Vec<Batch>,
    by: ByKey,
    picked: Picked,
    read: Position,
}

/// Which rows are made again.
#[derive(Clone, Copy)]
pub(super) enum Which<'r> {
    /// That of the subject's key, with those of the same value.
    Row,
    /// Those of a stream: in one table, or in all.
    Stream { stream: &'r str, table: Option<&'r Ident> },
}

impl Recipe {
    /// What makes a row: looks at its build's definition and its tables.
    pub(super) fn of(
        session: &mut Session,
        (events, log): (&mut Session, &Log),
        (subject, which): (Subject, Which<'_>),
    ) -> Result<Recipe, RepairError> {
        let schema = subject.build.schema.clone();
        let projection = subject.build.projection.clone();
        let not_bound_by = |obstacle: Obstacle, has_keys: bool| match which {
            Which::Row => RepairError::NotBound {
                build: schema.to_string(),
                table: subject.table.as_str().to_owned(),
                obstacle,
            },
            Which::Stream { .. } => {
                let (build, projection) = (schema.to_string(), projection.clone());
                RepairError::NotByStream { build, projection, obstacle, has_keys }
            }
        };
        let not_bound = |obstacle: Obstacle| not_bound_by(obstacle, true);
        let parsed = subject.definition.parse()?;
        if let Some(obstacle) = rows_before_events(&parsed)? {
            return Err(not_bound_by(obstacle, false));
        }
        let known = Known::of(session, &schema, parsed)?;
        let by = match which {
            Which::Row => known.by_row(&subject).map_err(not_bound)?,
            Which::Stream { stream, table } => known
                .by_stream(table.map(Ident::as_str), |table, column| {
                    printed(session, &schema, (table, column), stream)
                })
                .map_err(|refused| match refused {
                    Refused::Pg(error) => error.into(),
                    Refused::Obstacle(obstacle) => not_bound(obstacle),
                })?,
        };
        let whole = known.whole(&by);
        let retries = whole.is_some();
        let by = whole.unwrap_or(by);
        // Which of its events failed is known from those that are left out, and nobody knows whether they are all there
        // still.
        let goes_on = subject.build.on_error.goes_on() || subject.left_out().next().is_some();
        if goes_on && !retries {
            let is_skip = subject.build.on_error == OnError::Skip || subject.parked.is_empty();
            let verb =
                if is_skip && subject.build.on_error != OnError::Park { "skips" } else { "parks" };
            let why = because(&format!(
                "the build {verb} events, and rows of other values decide which events of the row fail"
            ));
            return Err(not_bound_by(why, false));
        }
        let name = format!("{NAME}_{}", subject.build.id.0);
        let of = (subject.build.clone(), subject.parked.clone(), subject.skipped.clone());
        let made = Recipe::made(session, (events, log), (of, known, by), &name)?;
        let mut recipe = made.map_err(not_bound)?;
        (recipe.retries, recipe.subject) = (retries, Some(subject));
        Ok(recipe)
    }

    /// What makes all rows of a value, in whose tables rows of the value alone decide which of its events fail.
    pub(super) fn made(
        session: &mut Session,
        (events, log): (&mut Session, &Log),
        ((build, parked, skipped), known, by): ((Build, Vec<Failure>, Vec<Failure>), Known, ByKey),
        name: &str,
    ) -> Result<Result<Recipe, Obstacle>, RepairError> {
        let ident = |text: &str| Ident::new(text).ok();
        let group: Option<Vec<(Ident, Ident)>> =
            known.group(&by).into_iter().map(|(t, c)| ident(t).zip(ident(c))).collect();
        let Some(group) = group else { return Ok(Err(because("its tables have odd names"))) };
        let parsed = leave_out(known, &by.of).parsed;
        if let Some(reason) = acts_elsewhere(session, &build.schema, &group)? {
            return Ok(Err(because(&reason)));
        }
        let program = Program::temporary(session, &build.schema, parsed, name)?;
        let call = prepare_temporary(session, name)?;
        let picked = log.pick(&by.of.places, by.value(), is_in_utf8(events)?);
        let (batches, read, subject) = (Vec::new(), Position(0), None);
        Ok(Ok(Recipe {
            build,
            parked,
            skipped,
            subject,
            group,
            retries: true,
            program,
            call,
            batches,
            by,
            picked,
            read,
        }))
    }

    /// Reads the events of the value up to a position.
    pub(super) fn read(
        &mut self,
        context: &Context,
        (events, log): (&mut Session, &Log),
        until: Position,
    ) -> Result<(), RepairError> {
        let range = Range { after: self.read, until };
        if range.until <= range.after {
            return Ok(());
        }
        let types: Vec<String> = self.by.of.places.keys().cloned().collect();
        let Picked { condition, lacking, .. } = self.picked.clone();
        let lacks = if lacking.is_empty() { "false" } else { &lacking };
        let condition = format!("{condition} OR {lacks}");
        let wanted = Wanted::Picked { types: &types, condition: &condition };
        let (mut taken, mut failed) = (Ok(()), Vec::new());
        log.read(events, range, wanted, self.program.needs, BOUNDS, &mut |chunk| {
            taken = match context.interrupt.raised() {
                true => Err(RepairError::Interrupted),
                false => self.take(&Arc::new(chunk), &mut failed),
            };
            taken.is_ok()
        })?;
        taken?;
        if !failed.is_empty() {
            // Few, if any: whose they were is asked of the server once more.
            let (mut bound, mut lost) = (Ok(()), BTreeSet::new());
            let wanted = Wanted::Picked { types: &types, condition: lacks };
            log.read(events, range, wanted, self.program.needs, BOUNDS, &mut |chunk| {
                let chunk = Arc::new(chunk);
                bound = match context.interrupt.raised() {
                    true => Err(RepairError::Interrupted),
                    false => self.program.bind(&chunk, chunk.range, OnError::Park).map_or_else(
                        |error| Err(error.into()),
                        |batch| {
                            lost.extend(batch.left_out.iter().map(|one| one.position));
                            Ok(())
                        },
                    ),
                };
                bound.is_ok()
            })?;
            bound?;
            self.judge(failed, &lost)?;
        }
        self.read = until;
        Ok(())
    }

    /// Refuses what stands in the way of events that the build has applied and whose values cannot be had any more.
    /// `lost` are those that lack the row's value.
    fn judge(&self, failed: Vec<Failure>, lost: &BTreeSet<i64>) -> Result<(), RepairError> {
        let build = self.build.schema.to_string();
        let goes_on = self.build.on_error.goes_on();
        for failure in failed {
            let position = Position(failure.position);
            if lost.contains(&failure.position) {
                return Err(RepairError::Lost { build, position, goes_on });
            }
            if !goes_on {
                let failure = Box::new(failure.without_words());
                return Err(RepairError::Fails { build, failure });
            }
            // Picked by the row's value, it fails as any event of the row; of a type that is read whole nobody knows
            // whose it is.
            if !self.is_picked(&failure) {
                return Err(RepairError::Uncertain { build, position });
            }
        }
        Ok(())
    }

    /// Takes the row's events of a chunk. Into `failed` go those that the build has applied and that fail now.
    fn take(&mut self, chunk: &Arc<Chunk>, failed: &mut Vec<Failure>) -> Result<(), RepairError> {
        let aside = Aside::of(self.parked.iter().chain(&self.skipped));
        let batch = self.program.bind(chunk, chunk.range, OnError::Park)?;
        let build = || self.build.schema.to_string();
        let known = failed.len();
        failed.extend(batch.left_out.iter().filter(|one| !aside.has(one)).cloned());
        let fails_now = failed.len() > known;
        let batch = if self.retries { batch } else { aside.taken_out(batch) };
        let (mut entry, mut uncertain) = (0, None);
        let of_key = batch.only(|kind, args| {
            let is_it = is_of_key(&self.program, &self.by, kind, args);
            if is_it.is_none() && uncertain.is_none() {
                uncertain = Some(entry);
            }
            entry += 1;
            is_it == Some(true)
        });
        if let Some(wanted) = uncertain {
            let mut position = Position(0);
            batch.each(|entry, event, _| {
                if entry == wanted {
                    position = event.position;
                }
            });
            return Err(RepairError::Uncertain { build: build(), position });
        }
        if fails_now || !of_key.kinds.is_empty() {
            self.batches.push(of_key);
        }
        Ok(())
    }

    /// Whether the log's server has found the row's value in an event.
    fn is_picked(&self, failure: &Failure) -> bool {
        let event_type = &failure.event_type;
        self.by.of.places.contains_key(event_type) && !self.picked.unpicked.contains(event_type)
    }

    /// The row that was asked for, if it was one.
    pub(super) fn row(&self) -> Option<&Subject> {
        self.subject.as_ref().filter(|subject| !subject.key.is_empty())
    }

    /// The value that binds the rows.
    pub(super) fn value(&self) -> &str {
        self.by.text()
    }
}

/// Why a stream is none of a table's values.
enum Refused {
    Pg(PgError),
    Obstacle(Obstacle),
}

impl From<Obstacle> for Refused {
    fn from(obstacle: Obstacle) -> Refused {
        Refused::Obstacle(obstacle)
    }
}

impl From<PgError> for Refused {
    fn from(error: PgError) -> Refused {
        Refused::Pg(error)
    }
}

/// A stream as PostgreSQL prints it as a value of a column.
fn printed(
    session: &mut Session,
    schema: &Ident,
    (table, column): (&str, &str),
    stream: &str,
) -> Result<String, Refused> {
    let unknown = || because("its tables have odd names");
    let table = Ident::new(table).map_err(|_| unknown())?;
    let columns = catalog::key_columns(session, schema, &table)?;
    let of = columns.iter().find(|one| one.name.as_str() == column).ok_or_else(unknown)?;
    let ask = format!("SELECT ({}::{})::text", quote_literal(stream), of.base_type);
    match session.query_one(&ask, &[]) {
        Ok(row) => Ok(row.get::<_, Option<String>>(0).unwrap_or_default()),
        Err(PgError::Server(error)) if error.code.starts_with("22") => {
            Err(because(&format!("the stream's name is no value of {column}: {}", error.message))
                .into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Why rows of a build may be there before its first event, if they may.
pub(super) fn rows_before_events(parsed: &Parsed) -> Result<Option<Obstacle>, RepairError> {
    let why = "its revisions are more than plain definitions, so rows may be there before the first event";
    Ok((!scratch::is_plain(&parsed.lineage, true)?).then(|| because(why)))
}

/// What would act on other rows when rows of a table are taken away and made again.
fn acts_elsewhere(
    session: &mut Session,
    schema: &Ident,
    group: &[(Ident, Ident)],
) -> Result<Option<String>, RepairError> {
    let tables: Vec<String> = group.iter().map(|(table, _)| table.as_str().to_owned()).collect();
    let row =
        session.query_opt(include_str!("acts_elsewhere.sql"), &[&schema.as_str(), &tables])?;
    Ok(row.map(|row| row.get(0)))
}
