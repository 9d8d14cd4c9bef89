//! F16 and F17: deploys that race, and deploys that are killed while they build an index.

use std::time::Duration;

use super::{next_run_settles, revision, settled, unmigrated};
use crate::bench::{Project, wait_until};
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
    let rounds = times(3, 30);
    while scenario.runs() < rounds {
        let project = three_revisions();
        project.ok(&["migrate", "1"]);
        let mut client = project.events();
        // A snapshot that the index must wait for, for as long as the blow needs.
        let mut other = project.events();
        let mut snapshot = other.transaction().unwrap();
        snapshot.query("SELECT count(*) FROM event_store.things", &[]).unwrap();
        let run = Running::start(&project, &["migrate"]);
        std::thread::sleep(Duration::from_micros(dice.below(400_000) as u64));
        if run.kill() {
            scenario.ran();
        }
        snapshot.rollback().unwrap();
        next_run_settles(&project, &mut client, 3);
    }
    scenario.end();
}
