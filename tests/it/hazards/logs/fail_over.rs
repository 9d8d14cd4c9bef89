//! An asynchronous fail-over of the log's server, with the read models on another one: the new primary
//! never had the newest events, and goes on where its copy of the sequence is.

use super::super::own_server::OwnServer;
use super::super::table::{Scenario, times};
use super::super::{Dice, Running, one};
use super::set_back::below;
use super::{QUICK, Verdicts, is_mended};
use crate::bench::{Database, Project, wait_until};
use crate::identity::{append, status_of};

#[test]
fn f19_an_asynchronous_fail_over_loses_the_newest_events() {
    let mut scenario = Scenario::new("F19 asynchronous fail-over of the log");
    let (mut dice, mut verdicts) = (Dice::new("F19"), Verdicts::default());
    let mut primary = OwnServer::start_new();
    for round in 0..times(1, 20) {
        let standby = primary.standby();
        once(round, &mut primary, &standby, &mut scenario, &mut verdicts, &mut dice);
        primary = standby;
    }
    verdicts.end(scenario, &["log-changed", "log-behind-build"]);
}

fn once(
    round: usize,
    primary: &mut OwnServer,
    standby: &OwnServer,
    scenario: &mut Scenario,
    verdicts: &mut Verdicts,
    dice: &mut Dice,
) {
    primary.lead_there();
    let database = Database::at(primary.changing_address(), "template0");
    let mut project = Project { database, ..Project::empty() };
    project.read_models = Some(Database::new());
    crate::identity::fill(&project);
    project.write("config.toml", &format!("{QUICK}[database]\nreconnect_s = 60\n"));
    let mut events = project.events();
    append(&mut events, "old", 0..40 + below(dice, 40));
    project.ok(&["rebuild", "seen", "--promote"]);
    let follower = Running::start(&project, &["run"]);
    // From here on the standby hears nothing.
    let beyond = one::<String>(&mut events, "SELECT pg_current_wal_lsn()::text");
    let mut there = standby.admin();
    let replayed = format!("SELECT pg_last_wal_replay_lsn() >= '{beyond}'::pg_lsn");
    wait_until("the standby to have the log", || one::<bool>(&mut there, &replayed));
    standby.hear_nothing_more();
    let lost = 1 + below(dice, 20);
    append(&mut events, "lost", 0..lost);
    let last: i64 = one(&mut events, "SELECT max(position) FROM event_store.events");
    wait_until("the follower to read what will be lost", || {
        status_of(&project, "seen__b1")["position"] == last
    });
    drop(events);
    primary.stop_at_once();
    standby.promote();
    standby.lead_there();
    append(&mut project.events(), "new", 0..1 + below(dice, 60));
    verdicts.judge(scenario, &project, "seen__b1");
    let ran = follower.stop();
    if ran.stderr.contains("panicked") {
        scenario.unhandled(format!("round {round}: {}", ran.stderr));
    }
    is_mended(scenario, &project);
}
