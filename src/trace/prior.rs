//! Events before one that is looked at: into rows in scratch, and nothing is noted.

use std::sync::Arc;

use super::TraceError;
use super::aside::Aside;
use super::by_key::ByKey;
use super::feed::{self, EventsRead, Part};
use super::replay::is_of_key;
use crate::context::Context;
use crate::definition::OnError;
use crate::event::Position;
use crate::failure::Failure;
use crate::ident::Ident;
use crate::log::Log;
use crate::log::wanted::{Range, Wanted};
use crate::pg::{Prepared, Session};
use crate::replay::native::Native;
use crate::replay::native::bind::Binder;
use crate::replay::native::watch::Watch;
use crate::replay::sql::Program;
use crate::replay::sql::apply::{apply_alone, prepare_in};
use crate::replay::sql::batch::Batch;

/// A scratch schema that events are replayed into.
pub(super) struct Prior<'p> {
    context: &'p Context,
    session: &'p mut Session,
    program: &'p Program,
    call: Prepared,
    watch: Option<Watch<'p>>,
    native: Option<&'p Native>,
    aside: Aside,
    ran: Ran,
}

/// What came of events that were replayed.
#[derive(Default)]
pub(super) struct Ran {
    /// How many events were replayed, whatever upcasters made of each.
    pub(super) events: u64,
    /// Events that failed, without the words that may quote one, and that are not set aside.
    pub(super) failed: Vec<Failure>,
}

impl<'p> Prior<'p> {
    pub(super) fn new(
        context: &'p Context,
        session: &'p mut Session,
        schema: &Ident,
        (program, native): (&'p Program, Option<&'p Native>),
        aside: Aside,
    ) -> Result<Prior<'p>, TraceError> {
        let call = prepare_in(session, schema)?;
        let budget = context.project.config.rebuild.memory_budget.as_u64();
        let budget = usize::try_from(budget).unwrap_or(usize::MAX);
        let watch = match native {
            Some(native) => Some(Watch::new(native, None, native.are_empty(session)?, budget)),
            None => None,
        };
        Ok(Prior { context, session, program, call, watch, native, aside, ran: Ran::default() })
    }

    /// Replays events, those of a key where there is one.
    pub(super) fn run(
        mut self,
        (events, log): (&mut Session, &Log),
        (range, wanted): (Range, Wanted<'_>),
        by: Option<&ByKey>,
    ) -> Result<Ran, TraceError> {
        if range.until <= range.after {
            return Ok(self.ran);
        }
        let (context, program) = (self.context, self.program);
        let binder = self.native.map(|native| Binder { program, native });
        let part = Part { range, wanted, needs: program.needs };
        feed::read(context, (events, log), part, binder, |taken| self.take(taken, by))?;
        if let Some(mut watch) = self.watch.take() {
            let mut transaction = self.session.begin()?;
            watch.settle(&mut transaction)?;
            transaction.commit("trace::settle")?;
        }
        Ok(self.ran)
    }

    fn take(&mut self, taken: EventsRead, by: Option<&ByKey>) -> Result<(), TraceError> {
        let Some(mut watch) = self.watch.take() else {
            let chunk = taken.chunk();
            let batch = self.program.bind(chunk, chunk.range, OnError::Park)?;
            return self.in_sql(batch, by);
        };
        let bound = match taken {
            EventsRead::Bound(bound) => *bound,
            EventsRead::Chunk(chunk) => watch.bind(self.program, &chunk)?,
        };
        let chunk = &Arc::clone(&bound.chunk);
        let (without, partly) = self.aside.split_chunk(self.program, chunk)?;
        let mut transaction = self.session.begin()?;
        let mut progress = watch.take_up(&mut transaction, bound)?;
        self.ran.events += progress.events(&without);
        while let Some(position) =
            watch.advance(&mut transaction, &mut progress, (&without, &partly))?
        {
            let alone = Range { after: Position(position.0 - 1), until: position };
            let batch = self.program.bind(chunk, alone, OnError::Park)?;
            let batch = self.aside.taken_out(batch);
            apply_alone(&mut transaction, &self.call, self.program, &batch)?;
        }
        transaction.commit("trace::chunk")?;
        self.watch = Some(watch);
        Ok(())
    }

    fn in_sql(&mut self, batch: Batch, by: Option<&ByKey>) -> Result<(), TraceError> {
        let mut batch = self.aside.taken_out(batch);
        if let Some(by) = by {
            batch =
                batch.only(|kind, args| is_of_key(self.program, by, kind, args).unwrap_or(true));
        }
        self.ran.events += batch.events();
        let mut transaction = self.session.begin()?;
        let refused = apply_alone(&mut transaction, &self.call, self.program, &batch)?;
        transaction.commit("trace::batch")?;
        let refused = refused.into_iter().map(|one| one.failure);
        let failed = batch.left_out.iter().cloned().chain(refused);
        let others = failed.filter(|one| !self.aside.has(one)).map(Failure::without_words);
        self.ran.failed.extend(others);
        Ok(())
    }
}
