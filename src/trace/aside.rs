//! The events that a build has parked or skipped, while its log is replayed.
//!
//! What is left out is one of the events that upcasters made of a stored one: the others of it were applied.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::definition::OnError;
use crate::event::Position;
use crate::failure::Failure;
use crate::log::LogError;
use crate::log::reader::Chunk;
use crate::log::wanted::Range;
use crate::replay::sql::Program;
use crate::replay::sql::batch::Batch;

/// Events that are left out, by position and part.
pub(crate) struct Aside(BTreeSet<(Position, u32)>);

impl Aside {
    pub(crate) fn of<'f>(left_out: impl IntoIterator<Item = &'f Failure>) -> Aside {
        Aside(left_out.into_iter().map(|one| (Position(one.position), one.part)).collect())
    }

    pub(crate) fn has(&self, failure: &Failure) -> bool {
        self.0.contains(&(Position(failure.position), failure.part))
    }

    /// Whether any is in a range.
    fn touches(&self, range: Range) -> bool {
        let first = (Position(range.after.0.saturating_add(1)), 0);
        self.0.range(first..=(range.until, u32::MAX)).next().is_some()
    }

    /// A batch without them.
    pub(crate) fn taken_out(&self, batch: Batch) -> Batch {
        if !self.touches(batch.range) {
            return batch;
        }
        let mut parked = BTreeSet::new();
        batch.each(|entry, event, part| {
            if self.0.contains(&(event.position, part)) {
                parked.insert(entry);
            }
        });
        let mut entry = 0;
        batch.only(|_, _| {
            entry += 1;
            !parked.contains(&(entry - 1))
        })
    }

    /// The positions in a chunk of which nothing is applied, and those of which a part is. It is bound only where it
    /// has one of them.
    pub(super) fn split_chunk(
        &self,
        program: &Program,
        chunk: &Arc<Chunk>,
    ) -> Result<(BTreeSet<Position>, BTreeSet<Position>), LogError> {
        match self.touches(chunk.range) {
            true => Ok(self.split(&program.bind(chunk, chunk.range, OnError::Park)?)),
            false => Ok((BTreeSet::new(), BTreeSet::new())),
        }
    }

    /// The positions in a batch of which nothing is applied, and those of which a part is.
    pub(super) fn split(&self, batch: &Batch) -> (BTreeSet<Position>, BTreeSet<Position>) {
        if !self.touches(batch.range) {
            return (BTreeSet::new(), BTreeSet::new());
        }
        let first = (Position(batch.range.after.0.saturating_add(1)), 0);
        let parked = self.0.range(first..=(batch.range.until, u32::MAX));
        let mut whole: BTreeSet<Position> = parked.map(|(position, _)| *position).collect();
        let mut applied: BTreeMap<Position, bool> = BTreeMap::new();
        batch.each(|_, event, part| {
            let is_applied = !self.0.contains(&(event.position, part));
            *applied.entry(event.position).or_default() |= is_applied;
        });
        let partly: BTreeSet<Position> =
            whole.iter().copied().filter(|at| applied.get(at).copied().unwrap_or(false)).collect();
        whole.retain(|position| !partly.contains(position));
        (whole, partly)
    }
}
