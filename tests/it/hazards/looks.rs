//! What only looks keeps nobody waiting: the server's own log says who waited for whom.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use postgres::Client;

use super::Dice;
use super::appenders::Appenders;
use super::own_server::OwnServer;
use super::readers::READERS;
use super::table::{Scenario, times};
use crate::bench::{Database, Project, wait_until};

const WRITERS: usize = 8;
/// Whoever waits for a lock longer than that is written down, with those who hold it.
const SETTINGS: [&str; 5] = [
    // The first of the writers commits in two phases.
    "max_prepared_transactions = 20",
    "log_lock_waits = on",
    "deadlock_timeout = '8ms'",
    "log_connections = on",
    "log_line_prefix = '%p|'",
];
const LOOKS: [&[&str]; 4] =
    [&["check"], &["check", "--require-scratch"], &["verify-down"], &["status"]];

#[test]
fn f24_what_only_looks_keeps_nobody_waiting() {
    let mut scenario = Scenario::new("F24 check beside 8 writers and 4 readers");
    let mut dice = Dice::new("F24");
    let mut server = OwnServer::start_new();
    for setting in SETTINGS {
        server.admin().batch_execute(&format!("ALTER SYSTEM SET {setting}")).unwrap();
    }
    server.stop();
    server.start();
    let project = Project::orders_on(Database::at(server.address(), "template0"));
    project.ok(&["migrate"]);
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    the_log_tells_who_waits(&server, &project);
    let before = waits_because_of_us(&server.log());

    let appenders = Appenders::start_with(&project, WRITERS, 2, &mut dice);
    project.ok(&["run", "--until-caught-up"]);
    let stop = Arc::new(AtomicBool::new(false));
    std::thread::scope(|threads| {
        let _end = Stop(Arc::clone(&stop));
        for (name, read) in READERS {
            let (stop, project) = (Arc::clone(&stop), &project);
            threads.spawn(move || {
                let (mut client, mut prepared) = (project.reads(), None);
                while !stop.load(Ordering::Relaxed) {
                    read(&mut client, &mut prepared).unwrap_or_else(|e| panic!("{name}: {e:?}"));
                }
            });
        }
        for _ in 0..times(1, 10) {
            for look in LOOKS {
                let ran = project.run(look);
                if ran.code != 0 {
                    let what = format!("{look:?}: {} {}{}", ran.code, ran.stdout, ran.stderr);
                    scenario.unhandled(what);
                }
                appenders.wait_for_more(1);
                scenario.ran();
            }
        }
    });
    let tally = appenders.stop();
    for wait in waits_because_of_us(&server.log()).difference(&before) {
        scenario.unhandled(wait.clone());
    }
    scenario.note(format!("{} events appended meanwhile, no wait over 8 ms", tally.events));
    scenario.end();
}

/// Readers end with the test, however that ends.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A wait that is arranged is found by the same look at the log.
fn the_log_tells_who_waits(server: &OwnServer, project: &Project) {
    let ours = format!("{} application_name='regrow control'", project.database.url());
    let mut holder = Client::connect(&ours, postgres::NoTls).unwrap();
    holder.batch_execute("BEGIN; LOCK TABLE event_store.events IN EXCLUSIVE MODE").unwrap();
    let mut writer = project.events();
    std::thread::scope(|threads| {
        threads.spawn(|| {
            let wait = "BEGIN; LOCK TABLE event_store.events IN ROW EXCLUSIVE MODE; COMMIT";
            writer.batch_execute(wait).unwrap();
        });
        wait_until("a wait to be logged", || !waits_because_of_us(&server.log()).is_empty());
        holder.batch_execute("COMMIT").unwrap();
    });
}

/// Lines of a server's log about somebody who waited for one of our sessions.
fn waits_because_of_us(log: &str) -> BTreeSet<String> {
    let mut ours = BTreeSet::new();
    let mut waits = BTreeSet::new();
    let mut lines = log.lines().peekable();
    while let Some(line) = lines.next() {
        let pid = line.split('|').next().unwrap_or_default();
        if line.contains("connection authorized") {
            match line.contains("application_name=regrow ") {
                true => ours.insert(pid.to_owned()),
                false => ours.remove(pid),
            };
        }
        if !line.contains("still waiting for") {
            continue;
        }
        // DETAIL:  Processes holding the lock: 1, 2. Wait queue: 3.
        let detail = lines.peek().copied().unwrap_or_default();
        let holders = detail.split("holding the lock: ").nth(1).unwrap_or_default();
        let holders = holders.split('.').next().unwrap_or_default();
        if holders.split(", ").any(|holder| ours.contains(holder)) {
            waits.insert(format!("{line} {detail}"));
        }
    }
    waits
}
