//! F10: two of a kind at once, or of two kinds, and half of the time one of them is held at a request
//! until the other has ended or waits for it.

use super::faults::Shop;
use super::relay::Relay;
use super::table::{Scenario, times};
use super::{Running, one};
use crate::bench::wait_until;

const NAME: &str = "order_summary";

/// Among so many requests is the one that a command is held at. Some end before.
const REQUESTS: usize = 60;
const WAITS: &str = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                     AND application_name LIKE 'regrow %' AND wait_event_type = 'Lock')";

/// Commands that meet.
const PAIRS: [[&[&str]; 2]; 8] = [
    [&["rebuild", NAME, "--promote"], &["rebuild", NAME, "--promote"]],
    [&["rebuild", NAME], &["resume"]],
    [&["promote", NAME], &["promote", NAME]],
    [&["promote", NAME], &["rollback", NAME]],
    [&["rollback", NAME], &["rollback", NAME]],
    [&["rebuild", NAME, "--promote"], &["prune", NAME, "--unfinished"]],
    [&["run", "--until-caught-up"], &["rebuild", NAME, "--promote"]],
    [&["run", "--until-caught-up"], &["promote", NAME]],
];

/// What a loser may say: somebody else is at it, was faster, or left nothing to do.
const LOST_RACES: [&str; 7] = [
    "another run is rebuilding",
    "was moved by somebody else",
    "has no build that is ready",
    "has no retired build",
    "has no unfinished build",
    "has the same definition",
    "held their locks",
];

#[test]
fn rivals_exclude_each_other() {
    let mut scenario = Scenario::new("F10 racing pairs, and zombies");
    let mut shop = Shop::open("F10");
    for round in 0..times(8, 200) {
        let pair = PAIRS[round % PAIRS.len()];
        shop.sell();
        if pair[0][0] == "promote" || pair[1][0] == "promote" {
            shop.project.ok(&["rebuild", NAME]);
        }
        let relay = Relay::to(&shop.project.database.url());
        let held = shop.dice.percent(50).then(|| shop.dice.below(2));
        relay.arm("regrow ", held.map(|_| Shop::moment(&mut shop.dice, REQUESTS)));
        let mut runs = [0, 1].map(|number| match held == Some(number) {
            true => relay.start_command(&shop.project, pair[number]),
            false => Running::start(&shop.project, pair[number]),
        });
        if let Some(number) = held
            && relay.holds(&mut runs[number])
        {
            wait_until("the other to end, or to wait for a lock", || {
                runs[1 - number].ended() || one::<bool>(&mut shop.client, WAITS)
            });
            relay.release();
        }
        for (mut run, args) in runs.into_iter().zip(pair) {
            wait_until("a rival to end", || run.ended());
            let ran = run.end();
            let told = LOST_RACES.iter().any(|words| ran.stderr.contains(words));
            if ran.code != 0 && !told {
                scenario.unhandled(format!("{args:?} ended with {}: {}", ran.code, ran.stderr));
            }
        }
        scenario.settle(&shop.project);
        scenario.judge(&mut shop.client);
        shop.both_are_live(&mut scenario);
        shop.tidy();
        scenario.ran();
    }
    scenario.end();
}
