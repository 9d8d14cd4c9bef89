//! Looking ahead: where the rows of coming events lie.
//!
//! A look-up waits for memory in the index and again in the row, and the fold would wait for each
//! event anew. Here many are looked up side by side, one stage after another, so that they wait
//! together. What is found is a guess, by the hash of a key alone: who uses it looks at the key.

use super::Native;
use super::bind::{Bound, Step};
use super::fold::Fold;

/// Steps that are looked at together.
pub(super) const WINDOW: usize = 64;

/// Guesses for some steps.
#[derive(Debug, Default)]
pub(super) struct Prefetch {
    looks: Vec<Look>,
    rows: Vec<Option<u32>>,
}

/// One key that a step's arguments tell.
#[derive(Debug)]
struct Look {
    table: usize,
    hash: u64,
    /// The step, where it is the key of the row that its handler's first statement is about.
    step: Option<usize>,
}

impl Prefetch {
    /// Guesses the rows that the handlers' first statements are about, and brings those that
    /// others look at near.
    pub(super) fn look(&mut self, native: &Native, fold: &Fold, bound: &Bound, steps: &[Step]) {
        let Prefetch { looks, rows } = self;
        looks.clear();
        rows.clear();
        rows.resize(steps.len(), None);
        for (nth, step) in steps.iter().enumerate() {
            let Some(handler) = step.handler.native() else { continue };
            let first = usize::try_from(step.first).unwrap_or(usize::MAX);
            let args = bound.args.get(first..).unwrap_or_default();
            for access in &native.access[handler].keys {
                let hash = fold.hash(access.table, &access.key, args);
                let step = access.first.then_some(nth);
                looks.extend(hash.map(|hash| Look { table: access.table, hash, step }));
            }
        }
        // What is loaded must not depend on what was loaded before, or it waits.
        let mut touched = 0u8;
        for look in looks.iter() {
            let row = fold.tables[look.table].guess(look.hash);
            match look.step {
                Some(step) => rows[step] = row,
                None => touched ^= row.map_or(0, |row| fold.tables[look.table].touch(row)),
            }
        }
        for look in looks.iter() {
            if let Some(row) = look.step.and_then(|step| rows[step]) {
                touched ^= fold.tables[look.table].touch(row);
            }
        }
        std::hint::black_box(touched);
    }

    /// The guesses for all but the first steps of those looked at.
    pub(super) fn from(&self, step: usize) -> &[Option<u32>] {
        self.rows.get(step..).unwrap_or_default()
    }
}
