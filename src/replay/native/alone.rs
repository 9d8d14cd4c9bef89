//! Events without a build: folded into the rows of a schema and written back, in a transaction that the
//! caller takes back.
//!
//! What the fold declines is run in SQL, as in a rebuild; there is no checkpoint and no ledger.

use std::sync::Arc;

use super::Native;
use super::bind::{Binder, Bound, Step};
use super::fetch::FetchError;
use super::fold::Fold;
use crate::definition::OnError;
use crate::event::Position;
use crate::handler::native::Stop;
use crate::log::LogError;
use crate::log::reader::Chunk;
use crate::log::wanted::Range;
use crate::pg::{PgError, Prepared, Sql, Transaction, failpoint};
use crate::replay::sql::Program;
use crate::replay::sql::apply::apply_alone;

/// Bytes that rows may take: those of a trial are few.
const BUDGET: usize = 256 << 20;

impl Native {
    /// Runs the events of chunks up to a position; those that fail leave no trace.
    ///
    /// # Errors
    /// The server refuses, or rows of the chunks are damaged.
    pub fn apply_alone(
        &self,
        transaction: &mut Transaction<'_>,
        (program, call): (&Program, &Prepared),
        chunks: &[Arc<Chunk>],
        until: Position,
    ) -> Result<(), LogError> {
        let binder = Binder { program, native: self };
        let (mut layouts, mut fold) = (self.plans.layouts(), self.fold(false));
        for chunk in chunks {
            let bound = binder.bind(&mut layouts, Arc::clone(chunk), Position(0))?;
            match self.prefetch(transaction, &mut fold, &bound, BUDGET) {
                Err(FetchError::Pg(error)) => return Err(error.into()),
                // The events will ask for their rows one by one.
                Ok(()) | Err(FetchError::Unreadable | FetchError::TooMany) => {}
            }
            let mut steps = bound.steps.as_slice();
            while let Some(first) = steps.first().filter(|step| step.position <= until) {
                let parts = steps.iter().take_while(|step| step.more).count() + 1;
                let (event, rest) = steps.split_at(parts.min(steps.len()));
                let position = first.position;
                steps = rest;
                if self.is_folded(transaction, &mut fold, &bound, event)? {
                    continue;
                }
                self.settle(transaction, &mut fold)?;
                let alone = Range { after: Position(position.0 - 1), until: position };
                let batch = program.bind(chunk, alone, OnError::Park)?;
                apply_alone(transaction, call, program, &batch)?;
            }
        }
        Ok(self.settle(transaction, &mut fold)?)
    }

    /// Folds one event; `false` if it is for the sql engine.
    fn is_folded(
        &self,
        sql: &mut impl Sql,
        fold: &mut Fold,
        bound: &Bound,
        steps: &[Step],
    ) -> Result<bool, PgError> {
        if failpoint::is_without("native_agreement") {
            return Ok(true);
        }
        'reread: loop {
            for (nth, step) in steps.iter().enumerate() {
                let Some(statements) = self.statements(step.handler) else {
                    fold.take_back();
                    return Ok(false);
                };
                let first = usize::try_from(step.first).unwrap_or(usize::MAX);
                let args = bound.args.get(first..).unwrap_or_default();
                match fold.apply(&self.program, statements, (args, None), step.more || nth > 0) {
                    Ok(()) => {}
                    Err(Stop::Decline) => return Ok(false),
                    Err(Stop::Miss(miss)) => match self.fetch(sql, fold, *miss, BUDGET) {
                        Ok(()) => continue 'reread,
                        Err(FetchError::Pg(error)) => return Err(error),
                        Err(FetchError::Unreadable | FetchError::TooMany) => return Ok(false),
                    },
                }
            }
            fold.keep();
            return Ok(true);
        }
    }

    /// Writes everything back and forgets it.
    pub(super) fn settle(
        &self,
        transaction: &mut Transaction<'_>,
        fold: &mut Fold,
    ) -> Result<(), PgError> {
        let indexes = self.write_back(transaction, fold, &[])?;
        indexes.iter().try_for_each(|statement| transaction.run(statement))?;
        *fold = self.fold(false);
        Ok(())
    }
}
