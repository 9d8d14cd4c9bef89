//! How many events the sql engine applies in one transaction, found while it goes on.
//!
//! Each change of a row leaves a dead version behind, which nobody may take away before the transaction that
//! made it has ended, and which every later change of the row has to pass. A batch of `n` events of one row
//! costs `n * n`, and one of `n` events of as many rows costs `n`. Which rows a statement changes is known to
//! the server alone, so sizes are tried: what an event costs decides.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Sizes are the largest, halved so often at the most.
const LEVELS: usize = 8;
/// The smallest batch: below it the commit costs more than anything else.
const LEAST: usize = 32;
/// A smaller size is worth it where an event costs so much less, for each batch costs a commit.
const WORTH: f64 = 0.75;
/// A larger one is taken as long as an event costs no more than this.
const AS_GOOD: f64 = 1.1;
/// After so many batches the neighbours are tried again: another row may be hot by then.
const AGAIN: u32 = 160;
/// A batch that is over so soon is not worth a trial.
const SHORT: Duration = Duration::from_millis(20);
/// How much of what was known of a size is forgotten with each batch of it.
const FORGET: f64 = 0.4;

/// The sizes that the builds of a pass want; readers make chunks of the smallest.
#[derive(Debug)]
pub struct BatchSizes {
    most: usize,
    wanted: Vec<AtomicUsize>,
}

impl BatchSizes {
    /// For so many builds, none of which wants anything else than the largest size yet.
    #[must_use]
    pub fn new(most: usize, builds: usize) -> BatchSizes {
        let wanted = (0..builds).map(|_| AtomicUsize::new(most)).collect();
        BatchSizes { most, wanted }
    }

    /// The size for all of them.
    #[must_use]
    pub fn now(&self) -> usize {
        let wanted = self.wanted.iter().map(|size| size.load(Ordering::Relaxed));
        wanted.min().unwrap_or(self.most).min(self.most)
    }

    /// What watches the batches of a build, by its number.
    #[must_use]
    pub fn watch(&self, build: usize) -> Watch<'_> {
        Watch::new(self.most, &self.wanted[build])
    }
}

/// What the batches of a build cost, by their size.
#[derive(Debug)]
pub struct Watch<'s> {
    most: usize,
    wanted: &'s AtomicUsize,
    /// The size in use: the largest, halved so often.
    level: usize,
    /// Seconds that an event costs, by level.
    costs: [Option<f64>; LEVELS],
    /// Batches since the neighbours were looked at.
    since: u32,
    /// What an event has cost at best.
    best: f64,
}

impl<'s> Watch<'s> {
    fn new(most: usize, wanted: &'s AtomicUsize) -> Watch<'s> {
        Watch { most, wanted, level: 0, costs: [None; LEVELS], since: 0, best: f64::INFINITY }
    }

    fn size(&self, level: usize) -> usize {
        (self.most >> level).max(LEAST.min(self.most))
    }

    /// The level whose size is nearest; batches that are on their way still have another.
    fn level_of(&self, events: usize) -> usize {
        (0..LEVELS).min_by_key(|level| self.size(*level).abs_diff(events)).unwrap_or(0)
    }

    /// Takes note of a batch, and decides how large the next ones are.
    pub fn note(&mut self, events: usize, took: Duration) {
        if events == 0 {
            return;
        }
        let cost = took.as_secs_f64() / f64::from(u32::try_from(events).unwrap_or(u32::MAX));
        let level = self.level_of(events);
        // The rest of a range says nothing of a size.
        if events * 4 < self.size(level) * 3 {
            return;
        }
        let known = self.costs[level].unwrap_or(cost);
        self.costs[level] = Some(known * FORGET + cost * (1.0 - FORGET));
        self.best = self.best.min(cost);
        self.since += 1;
        if level == self.level {
            self.decide(took);
        }
        self.wanted.store(self.size(self.level), Ordering::Relaxed);
    }

    fn decide(&mut self, took: Duration) {
        let Some(own) = self.costs[self.level] else { return };
        let smaller = (self.level + 1 < LEVELS
            && self.size(self.level + 1) < self.size(self.level))
        .then_some(self.level + 1);
        let larger = self.level.checked_sub(1);
        if let Some(larger) = larger {
            match self.costs[larger] {
                Some(cost) if cost <= own * AS_GOOD => return self.level = larger,
                // It was left for this one, and may be as good by now.
                _ if self.since > AGAIN => {
                    self.costs[larger] = None;
                    self.since = 0;
                    return self.level = larger;
                }
                _ => {}
            }
        }
        if let Some(smaller) = smaller {
            match self.costs[smaller] {
                Some(cost) if cost < own * WORTH => self.level = smaller,
                Some(_) if self.since > AGAIN => {
                    self.costs[smaller] = None;
                    self.since = 0;
                }
                None if took > SHORT => self.level = smaller,
                _ => {}
            }
        }
    }

    /// How many times as much as at best an event costs now, with the smallest batches there are: where it is
    /// much, somebody keeps dead rows from being taken away.
    #[must_use]
    pub fn strain(&self) -> f64 {
        let own = self.costs[self.level].unwrap_or(self.best);
        if self.best > 0.0 { own / self.best } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs events whose batches cost `commit + events * each + events * events * version` seconds; gives
    /// the sizes and the seconds it took.
    fn run(sizes: &BatchSizes, mut events: usize, cost: impl Fn(usize) -> f64) -> (usize, f64) {
        let (mut watch, mut seconds) = (sizes.watch(0), 0.0);
        // What is on its way has the size of before.
        let mut under_way = std::collections::VecDeque::from([sizes.now(); 4]);
        while events > 0 {
            let size = under_way.pop_front().unwrap().min(events);
            under_way.push_back(sizes.now());
            let took = cost(size);
            seconds += took;
            watch.note(size, Duration::from_secs_f64(took));
            events -= size;
        }
        (sizes.now(), seconds)
    }

    fn of(size: usize) -> f64 {
        f64::from(u32::try_from(size).unwrap())
    }

    #[test]
    fn where_no_row_is_hot_batches_stay_large() {
        let sizes = BatchSizes::new(5_000, 1);
        let cost = |size: usize| 0.002 + of(size) * 20e-6;
        let (size, seconds) = run(&sizes, 2_000_000, cost);
        assert!(size >= 2_500, "{size}");
        let even = 400.0 * cost(5_000);
        assert!(seconds < even * 1.03, "{seconds} for {even}");
    }

    #[test]
    fn a_hot_row_makes_them_small_and_the_cost_of_an_event_the_same() {
        let cost = |size: usize| 0.000_5 + of(size) * 20e-6 + of(size) * of(size) * 50e-9;
        let few = run(&BatchSizes::new(5_000, 1), 20_000, cost).1 / 20_000.0;
        let sizes = BatchSizes::new(5_000, 1);
        let (size, seconds) = run(&sizes, 1_000_000, cost);
        assert!(size <= 625, "{size}");
        assert!(seconds / 1_000_000.0 < few * 1.5, "{seconds} against {few} each");
        // Little cheaper is left than what it found: a smaller size has to be worth its commits.
        let best = (0..8).map(|l| 5_000 >> l).map(|s| cost(s) / of(s)).fold(f64::MAX, f64::min);
        assert!(seconds / 1_000_000.0 < best * 1.6, "{seconds} for {best} each");
    }

    #[test]
    fn when_the_row_cools_down_they_grow_again() {
        let sizes = BatchSizes::new(5_000, 1);
        run(&sizes, 200_000, |size| 0.000_5 + of(size) * 20e-6 + of(size) * of(size) * 50e-9);
        assert!(sizes.now() <= 625);
        let (size, _) = run(&sizes, 1_000_000, |size| 0.002 + of(size) * 20e-6);
        assert!(size >= 2_500, "{size}");
    }

    #[test]
    fn the_smallest_of_several_is_for_all() {
        let sizes = BatchSizes::new(5_000, 2);
        let mut watch = sizes.watch(1);
        for _ in 0..20 {
            watch.note(sizes.now(), Duration::from_secs_f64(of(sizes.now()).powi(2) * 1e-6));
        }
        assert!(sizes.now() < 1_000, "{}", sizes.now());
    }
}
