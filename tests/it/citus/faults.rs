//! SIGKILL of the program, of a worker and of the coordinator, while a rebuild and a follower write on the workers.

use std::io::Read as _;
use std::time::Duration;

use super::nodes::Nodes;
use super::{readers_see_the_truth, spread};
use crate::bench::{Project, wait_until};
use crate::hazards::Dice;

/// How often each is killed: `scripts/citus.sh --kills N` says so.
fn kills() -> usize {
    std::env::var("REGROW_CITUS_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(2)
}

#[derive(Debug, Clone, Copy)]
enum Victim {
    Program,
    Worker,
    Coordinator,
}

/// A project whose batches are small, so that a kill meets many commits.
fn orders(nodes: &Nodes) -> Project {
    let project = Project::orders_on(nodes.database());
    spread(&project);
    let config =
        "[database]\nreconnect_s = 120\n[rebuild]\nbatch_events = 50\ncheckpoint_interval_s = 0\n";
    project.write("config.toml", config);
    project.ok(&["migrate"]);
    project
}

/// Appends sixty orders and twenty customers that nobody has appended before.
fn append(project: &Project, of: usize) {
    let log = include_str!("../hazards/log.sql").replace("{orders}", "60");
    let log = log.replace("499", "19").replace("% 500", "% 20");
    let log = ["'order-'", "'customer-c'", "'c'"].iter().fold(log, |log, name| {
        log.replace(name, &format!("{}{of}-'", name.trim_end_matches('\'')))
    });
    project.events().batch_execute(&log).unwrap();
}

/// How far the newest build is.
const POSITION: &str =
    "SELECT COALESCE((SELECT position FROM regrow.checkpoint ORDER BY build_id DESC LIMIT 1), 0)";

fn killed(victim: Victim) {
    let nodes = Nodes::start();
    let mut dice = Dice::new("killed_on_citus");
    let project = orders(&nodes);
    for engine in ["native", "sql"] {
        project.write(
            "projections/order_summary/projection.toml",
            &format!("engine = \"{engine}\"\n"),
        );
        project.write("projections/customer_activity/projection.toml", "engine = \"sql\"\n");
        for kill in 0..kills() {
            append(&project, 2 * kill + usize::from(engine == "sql"));
            let words: &[&str] = match kill % 2 {
                0 => &["rebuild", "order_summary", "customer_activity", "--promote"],
                _ => &["run", "--until-caught-up"],
            };
            let mut client = project.reads();
            let position = |client: &mut postgres::Client| -> i64 {
                client.query_one(POSITION, &[]).unwrap().get(0)
            };
            // Somewhere in what it has to do: a rebuild begins at nothing, a follower where it stands.
            let highest = "SELECT max(position) FROM event_store.events";
            let highest: i64 = client.query_one(highest, &[]).unwrap().get(0);
            let begins = if words[0] == "run" { position(&mut client) } else { 0 };
            let part = usize::try_from(highest - begins).unwrap();
            let goal = begins + i64::try_from(dice.below(part)).unwrap();
            let mut run = project.spawn(words);
            wait_until("the moment of a kill", || {
                let at = position(&mut client);
                (at >= goal && at < highest) || run.try_wait().unwrap().is_some()
            });
            // Between two commits, or in one.
            std::thread::sleep(Duration::from_millis(u64::try_from(dice.below(40)).unwrap()));
            drop(client);
            match victim {
                Victim::Program => run.kill().unwrap(),
                Victim::Worker => nodes.workers[dice.below(2)].kill(),
                Victim::Coordinator => nodes.coordinator.kill(),
            }
            nodes.workers.iter().for_each(super::nodes::Node::start_again);
            nodes.coordinator.start_again();
            let ended = run.wait().unwrap();
            let mut said = String::new();
            run.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            let last: Vec<&str> = said.lines().rev().take(4).collect();
            println!("{victim:?} {engine} {kill} {words:?}: {ended} {last:?}");
            // What could not go on by itself goes on when it is asked to.
            project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
            project.ok(&["run", "--until-caught-up"]);
            readers_see_the_truth(&mut project.reads());
            let left = "SELECT coalesce(sum(result::int), 0) FROM run_command_on_workers(\
                        'SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()') WHERE success";
            let left: i64 = project.reads().query_one(left, &[]).unwrap().get(0);
            assert_eq!(left, 0, "{said}");
        }
    }
}

#[test]
fn the_program_is_killed() {
    killed(Victim::Program);
}

#[test]
fn a_worker_is_killed() {
    killed(Victim::Worker);
}

#[test]
fn the_coordinator_is_killed() {
    killed(Victim::Coordinator);
}
