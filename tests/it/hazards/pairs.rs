//! F10: two of a kind at once, or of two kinds, and one of them asleep for a while.

use nix::sys::signal::Signal;

use super::Running;
use super::strikes::Shop;
use super::table::{Scenario, times};
use crate::bench::wait_until;

const NAME: &str = "order_summary";

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
        let mut runs = pair.map(|args| Running::start(&shop.project, args));
        let asleep = shop.dice.percent(50).then(|| shop.dice.below(2));
        if let Some(one) = asleep {
            shop.dice.pause(200);
            if !runs[one].ended() {
                runs[one].signal(Signal::SIGSTOP);
                // The other one does not have to wait for it for ever; but it may.
                shop.dice.pause(600);
                runs[one].signal(Signal::SIGCONT);
            }
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
