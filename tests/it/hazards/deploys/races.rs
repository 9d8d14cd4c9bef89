//! F16 and F17: deploys that race, and deploys that are killed while they build an index.

use super::{held_in, next_run_settles, revision, settled, unmigrated};
use crate::bench::{Project, wait_until};
use crate::hazards::relay::{At, Fault, Relay, Side};
use crate::hazards::table::{Scenario, times};
use crate::hazards::{Dice, Running};

const INDEX: &str = "-- transaction: none\nCREATE INDEX CONCURRENTLY things_n ON things (n);\n\
                     INSERT INTO ran VALUES (2);\n";

fn three_revisions() -> Project {
    let project = unmigrated("", &[("V2__index", INDEX)]);
    revision(&project, "V3__last", "INSERT INTO ran VALUES (3);\n");
    project
}

#[test]
fn racing_deploys_run_each_revision_once() {
    let mut scenario = Scenario::new("F17 two and more migrate at once");
    for round in 0..times(3, 100) {
        let project = three_revisions();
        let runs: Vec<Running> =
            (0..2 + round % 3).map(|_| Running::start(&project, &["migrate"])).collect();
        for mut run in runs {
            wait_until("a deploy to end", || run.ended());
            let ran = run.end();
            if ran.code != 0 {
                scenario.unhandled(format!("migrate ended with {}: {}", ran.code, ran.stderr));
            }
        }
        settled(&mut project.events(), 3);
        scenario.ran();
    }
    scenario.end();
}

#[test]
fn a_deploy_killed_around_an_index_is_run_again() {
    let mut scenario = Scenario::new("F16 kill around CREATE INDEX CONCURRENTLY");
    let mut dice = Dice::new("F16");
    let rounds = times(4, 30);
    let requests = {
        let project = three_revisions();
        project.ok(&["migrate", "1"]);
        let relay = Relay::to(&project.database.url());
        relay.arm("regrow migrate", None);
        assert_eq!(relay.start_command(&project, &["migrate"]).end().code, 0);
        relay.counts().requests
    };
    while scenario.runs() < rounds {
        let project = three_revisions();
        project.ok(&["migrate", "1"]);
        let mut client = project.events();
        let relay = Relay::to(&project.database.url());
        // Half of them in the middle of the index, which waits for a snapshot; the others at one of
        // the deploy's requests, before it reaches the server or with its answer on the way back.
        let is_amid = scenario.runs().is_multiple_of(2);
        let side = *dice.of(&[Side::Before, Side::After]);
        let moment = Fault::hold(At::Request(1 + dice.below(requests), side));
        relay.arm("regrow migrate", (!is_amid).then_some(moment));
        let snapshot = is_amid.then(|| project.events()).map(|mut other| {
            let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM event_store.things";
            other.batch_execute(begin).unwrap();
            other
        });
        let mut run = relay.start_command(&project, &["migrate"]);
        match is_amid {
            true => drop(held_in(&mut client, "regrow migrate", "CREATE INDEX")),
            false => drop(relay.holds(&mut run)),
        }
        // What is held may be the last that it had to say, and nobody waits for an answer.
        if run.kill() {
            scenario.ran();
        }
        drop((relay, snapshot));
        next_run_settles(&project, &mut client, 3);
    }
    scenario.end();
}
