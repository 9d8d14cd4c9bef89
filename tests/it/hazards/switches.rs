//! F14 and F15: hundreds of switches, there and back, under readers that never rest.
//!
//! Between two switches the tool only looks (`regrow status`), with the same readers and the same
//! appends, and what reads take in a stretch of that is what reads during a switch are compared with.
//! Both stretches are equally long and have other looks before and behind them, since a read counts
//! for each stretch that it touches: a long one touches more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::Running;
use super::faults::Shop;
use super::readers::{READERS, Read};
use super::table::{Scenario, times};
use crate::bench::Project;

const READING: usize = 6;
/// A read that takes longer is counted.
const SLOW_US: u64 = 50_000;
/// Switches between two rebuilds; in between the two builds change places.
const REBUILD_EVERY: usize = 25;

/// What all readers saw.
#[derive(Default)]
struct Seen {
    stop: AtomicBool,
    /// Goes up when a stretch begins and when it ends: see [`Stretch`].
    moment: AtomicUsize,
    reads: AtomicUsize,
    /// In quiet stretches and in switches.
    slowest_us: [AtomicU64; 2],
    slow: [AtomicUsize; 2],
}

/// What a moment is part of, by its number among four.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stretch {
    /// Nothing that counts.
    Between,
    /// The tool looks.
    Quiet,
    /// The tool switches.
    Switch,
}

impl Stretch {
    fn of(moment: usize) -> Stretch {
        [Stretch::Between, Stretch::Quiet, Stretch::Between, Stretch::Switch][moment % 4]
    }
}

impl Seen {
    /// Reads until told to stop; an error, or a step back, is told.
    fn read(&self, project: &Project, name: &str, read: Read) -> Result<(), String> {
        let (mut client, mut prepared, mut last) = (project.reads(), None, 0);
        while !self.stop.load(Ordering::SeqCst) {
            let before = self.moment.load(Ordering::SeqCst);
            let started = Instant::now();
            let position =
                read(&mut client, &mut prepared).map_err(|e| format!("{name}: {e:?}"))?;
            let took = u64::try_from(started.elapsed().as_micros()).unwrap();
            let after = self.moment.load(Ordering::SeqCst);
            for stretch in (before..=after).map(Stretch::of) {
                let during = usize::from(stretch == Stretch::Switch);
                if stretch != Stretch::Between {
                    self.slowest_us[during].fetch_max(took, Ordering::SeqCst);
                    let is_slow = took > SLOW_US;
                    self.slow[during].fetch_add(usize::from(is_slow), Ordering::SeqCst);
                }
            }
            self.reads.fetch_add(1, Ordering::SeqCst);
            if position < last {
                return Err(format!("{name}: from {last} back to {position}"));
            }
            last = position;
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    fn slowest_ms(&self, during: usize) -> f64 {
        Duration::from_micros(self.slowest_us[during].load(Ordering::SeqCst)).as_secs_f64() * 1e3
    }
}

#[test]
fn switches_there_and_back_under_six_readers() {
    let mut scenario = Scenario::new("F14 promote and F15 rollback under six readers");
    let mut shop = Shop::open("F14");
    shop.project.ok(&["rebuild", "order_summary", "--promote"]);
    let follower = Running::start(&shop.project, &["run"]);
    let seen = Seen::default();
    let mut locked_ms: Vec<f64> = Vec::new();
    let (mut attempts, mut switch_took) = (0, Duration::ZERO);
    std::thread::scope(|scope| {
        let reader = Arc::clone(&shop.project);
        let readers: Vec<_> = (0..READING)
            .map(|n| {
                let (name, how) = READERS[n % READERS.len()];
                let (seen, project) = (&seen, Arc::clone(&reader));
                scope.spawn(move || seen.read(&project, name, how))
            })
            .collect();
        for turn in 0..times(10, 500) {
            shop.sell();
            let command: &[&str] = match turn % REBUILD_EVERY {
                0 => &["promote", "order_summary", "--json"],
                _ => &["rollback", "order_summary", "--json"],
            };
            if command[0] == "promote" {
                shop.project.ok(&["prune", "order_summary", "--keep", "0"]);
                shop.project.ok(&["rebuild", "order_summary"]);
            }
            let look = || {
                let started = Instant::now();
                while started.elapsed() < switch_took {
                    let _ = shop.project.run(&["status"]);
                }
                seen.moment.fetch_add(1, Ordering::SeqCst);
            };
            // What is between, what counts as quiet, and what is between that and the switch.
            (0..3).for_each(|_| look());
            let started = Instant::now();
            let ran = shop.project.run(command);
            switch_took = started.elapsed();
            seen.moment.fetch_add(1, Ordering::SeqCst);
            scenario.ran();
            match serde_json::from_str::<serde_json::Value>(&ran.stdout) {
                Ok(switched) if ran.code == 0 => {
                    locked_ms.extend(switched["locked_ms"].as_f64());
                    attempts += switched["attempts"].as_u64().unwrap_or(0);
                }
                _ => scenario
                    .unhandled(format!("{command:?} ended with {}: {}", ran.code, ran.stderr)),
            }
            if turn % REBUILD_EVERY == 1 {
                scenario.judge(&mut shop.client);
            }
        }
        seen.stop.store(true, Ordering::SeqCst);
        for reader in readers {
            if let Err(what) = reader.join().unwrap() {
                scenario.unhandled(what);
            }
        }
    });
    let ran = follower.stop();
    if ran.code != 0 {
        scenario.unhandled(format!("the follower ended with {}: {}", ran.code, ran.stderr));
    }
    scenario.settle(&shop.project);
    scenario.judge(&mut shop.client);
    locked_ms.sort_by(f64::total_cmp);
    let (middle, most) = (locked_ms[locked_ms.len() / 2], locked_ms[locked_ms.len() - 1]);
    scenario.note(format!(
        "{} reads, slowest {:.1} ms during a switch and {:.1} ms without, {} and {} over 50 ms; \
         views locked {middle:.1} ms at the median, {most:.1} ms at most; {attempts} attempts",
        seen.reads.load(Ordering::SeqCst),
        seen.slowest_ms(1),
        seen.slowest_ms(0),
        seen.slow[1].load(Ordering::SeqCst),
        seen.slow[0].load(Ordering::SeqCst),
    ));
    scenario.end();
}
