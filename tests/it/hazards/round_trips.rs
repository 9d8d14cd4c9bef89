//! F2: the nth round trip fails, for every n, on its way there or on its way back.

use std::time::Duration;

use super::Dice;
use super::commands::{self, Ground, Work};
use super::relay::{At, Fault, Side};
use super::table::{Scenario, is_exhaustive, times};

/// Cuts one round trip in each run: a sample of them, a larger one before a release, and with
/// `REGROW_HAZARDS=exhaustive`, for which a night is needed, every one.
fn each_round_trip(engine: &str, commands: &[&'static Work], sample: usize) {
    let mut dice = Dice::new("round_trips");
    let mut scenario = Scenario::new("F2 the Nth SQL round trip fails");
    let (mut round_trips, mut missed) = (Vec::new(), 0);
    for command in commands {
        let mut ground = Ground::new(command, engine);
        let all = ground.counts("").requests;
        round_trips.push(format!("{} {all}", command.name));
        let mut cases: Vec<(usize, Side)> =
            (1..=all).flat_map(|n| [(n, Side::Before), (n, Side::After)]).collect();
        while cases.len() > times(sample, 15) && !is_exhaustive() {
            cases.swap_remove(dice.below(cases.len()));
        }
        for (index, (n, side)) in cases.into_iter().enumerate() {
            let refuse = Duration::from_millis(if dice.percent(25) { 300 } else { 0 });
            let fault = Fault { refuse, ..Fault::cut(At::Request(n, side)) };
            let struck = ground.run(&mut scenario, "", fault, index % 2 == 0);
            missed += usize::from(!struck);
        }
    }
    scenario.note(format!("{engine}: {}; {missed} came too late", round_trips.join(", ")));
    scenario.end();
}

#[test]
fn each_round_trip_of_a_native_rebuild_fails_once() {
    each_round_trip("native", &[&commands::REBUILD], 3);
}

#[test]
fn each_round_trip_of_a_rebuild_in_sql_fails_once() {
    each_round_trip("sql", &[&commands::REBUILD], 2);
}

#[test]
fn each_round_trip_of_every_other_command_fails_once() {
    each_round_trip("native", &commands::ALL[1..], 1);
}

#[test]
fn each_round_trip_of_every_other_command_in_sql_fails_once() {
    each_round_trip("sql", &[&commands::RESUME, &commands::RUN, &commands::PROMOTE], 1);
}
