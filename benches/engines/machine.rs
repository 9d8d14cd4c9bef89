//! What the machine's cores can do together. Two that are halves of one core, or that somebody
//! else uses too, do far less than twice the work of one, and whoever reads and folds at once
//! gains the less by it.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How often each is timed; the best counts.
const ROUNDS: usize = 5;
/// Steps of work; tens of milliseconds.
const STEPS: u64 = 20_000_000;

/// Cores, and how many times the work of one they do when all are busy.
pub(crate) fn cores() -> (usize, f64) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let alone = best(|| {
        black_box(work());
    });
    let together = best(|| {
        std::thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(work);
            }
        });
    });
    (cores, cores as f64 * alone.as_secs_f64() / together.as_secs_f64())
}

fn best(mut run: impl FnMut()) -> Duration {
    let times = (0..ROUNDS).map(|_| {
        let started = Instant::now();
        run();
        started.elapsed()
    });
    times.min().unwrap_or_default()
}

/// Numbers that depend on one another, and others that do not: a processor does two at a time.
fn work() -> u64 {
    let (mut a, mut b) = (1u64, 2u64);
    for step in 0..black_box(STEPS) {
        a = (a ^ (a << 13)).wrapping_add(step);
        b = (b ^ (b >> 7)).wrapping_mul(3).wrapping_add(step);
    }
    black_box(a ^ b)
}
