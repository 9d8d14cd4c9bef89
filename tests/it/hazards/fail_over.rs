//! Fail-over: the server comes back as a standby, or a standby takes its place.
//!
//! A standby takes no writes and does not know who writes to the log, so nothing runs against one
//! but what only looks. What replication had not brought over is missing from the log and from
//! the read models alike, since both are one database: builds and log agree.

use super::lost_server::{Templates, Work, Writer, end_of, moment};
use super::own_server::OwnServer;
use super::relay::{At, Fault, Relay, Side};
use super::table::{Scenario, times};
use super::{Dice, Running, one};
use crate::bench::{Database, Project, wait_until};

const WORKS: [Work; 4] = [Work::RebuildNatively, Work::Follow, Work::RebuildInSql, Work::Promote];
/// What a standby answers to whoever wants to write.
const REFUSED: &str = "takes no writes: it is a standby";

#[test]
fn f13_the_server_restarts_as_a_standby() {
    let mut scenario = Scenario::new("F13 the server restarts as a standby");
    let mut dice = Dice::new("F13 restart");
    let mut server = OwnServer::start_new();
    let templates = Templates::make(&server.address());
    let mut met = 0;
    for round in 0..times(1, 10) {
        for work in [WORKS[round % 4], WORKS[(round + 1) % 4]] {
            comes_back(&mut server, &templates, work, &mut scenario, &mut dice);
            met += 1;
            scenario.ran();
        }
    }
    refused_by_a_standby(&mut server, &templates, &mut scenario);
    scenario.ran();
    scenario.note(format!("{met} times while the tool ran; commands begun against one refuse"));
    scenario.end();
}

#[test]
fn f13_a_standby_is_promoted() {
    let mut scenario = Scenario::new("F13 a standby is promoted");
    let mut dice = Dice::new("F13 promoted");
    let mut primary = OwnServer::start_new();
    let templates = Templates::make(&primary.address());
    primary.lead_there();
    for round in 0..times(1, 10) {
        for (reconnect_s, work) in [(30, WORKS[round % 4]), (0, WORKS[(round + 1) % 4])] {
            let standby = primary.standby();
            let run = TakenOver { reconnect_s, work };
            run.once(&mut primary, &standby, &templates, &mut scenario, &mut dice);
            // The old one never comes back.
            primary = standby;
            scenario.ran();
        }
    }
    scenario.note("half of them by an address that leads to the new one, and came through");
    scenario.end();
}

/// The server restarts as a standby under the tool, and is promoted again.
fn comes_back(
    server: &mut OwnServer,
    templates: &Templates,
    work: Work,
    scenario: &mut Scenario,
    dice: &mut Dice,
) {
    let requests = work.requests(&templates.project(work, &server.address(), 30));
    let project = templates.project(work, &server.address(), 30);
    let relay = Relay::to(&project.database.url());
    relay.arm("regrow ", Some(moment(dice, requests)));
    let mut running = relay.start_command(&project, work.args());
    assert!(relay.holds(&mut running), "{work:?} ended before it was held");
    match dice.percent(50) {
        true => server.stop_at_once(),
        false => server.stop(),
    }
    server.become_standby();
    server.start();
    relay.release();
    wait_until("the tool to end", || running.ended());
    let ran = running.end();
    if ran.code != 0 && !ran.stderr.contains(REFUSED) {
        scenario.unhandled(format!("{work:?}: it ended with {}: {}", ran.code, ran.stderr));
    }
    if work == Work::Follow && ran.code == 0 {
        scenario.unhandled("a follower that was not asked to stop ended with 0");
    }
    let status = project.run(&["status"]);
    if status.code != 0 {
        scenario.unhandled(format!("status of a standby ended with {}", status.stderr));
    }
    server.promote();
    scenario.settle(&project);
    scenario.judge(&mut project.events());
}

/// Nothing that writes begins against a standby, and what only looks does.
fn refused_by_a_standby(server: &mut OwnServer, templates: &Templates, scenario: &mut Scenario) {
    let project = templates.project(Work::Promote, &server.address(), 30);
    let log = templates.project(Work::Follow, &server.address(), 30);
    server.stop();
    server.become_standby();
    server.start();
    let pending = "migrations/event_store/V900__note.sql";
    for looks in [&["status"][..], &["current"], &["census"], &["check"]] {
        let ran = log.run(looks);
        if ran.code != 0 {
            let text = format!("{}{}", ran.stdout, ran.stderr);
            scenario.unhandled(format!("{looks:?} of a standby ended with {}: {text}", ran.code));
        }
    }
    project.write(pending, "COMMENT ON TABLE events IS 'appended only';\n");
    let writes: [&[&str]; 8] = [
        &["rebuild", "order_summary"],
        &["promote", "order_summary"],
        &["rollback", "order_summary"],
        &["resume"],
        &["run"],
        &["run", "--until-caught-up"],
        &["prune"],
        &["migrate"],
    ];
    for args in writes {
        let ran = project.run(args);
        let sentences = ran.stderr.lines().filter(|line| line.starts_with("error: ")).count();
        if ran.code != 1 || sentences != 1 || !ran.stderr.contains(REFUSED) {
            scenario.unhandled(format!("{args:?} ended with {}: {}", ran.code, ran.stderr));
        }
    }
    // Read models of their own, and the log of a standby.
    let mut apart = log;
    apart.read_models = Some(Database::new());
    let ran = apart.run(&["rebuild", "order_summary"]);
    if ran.code != 1 || !ran.stderr.contains("it is a standby, which does not know who is writing")
    {
        scenario.unhandled(format!("the log of a standby: {}: {}", ran.code, ran.stderr));
    }
    server.promote();
    project.ok(&["migrate"]);
    scenario.settle(&project);
    scenario.judge(&mut project.events());
}

/// A standby takes the place of the server under the tool.
#[derive(Debug, Clone, Copy)]
struct TakenOver {
    reconnect_s: usize,
    work: Work,
}

impl TakenOver {
    fn once(
        self,
        primary: &mut OwnServer,
        standby: &OwnServer,
        templates: &Templates,
        scenario: &mut Scenario,
        dice: &mut Dice,
    ) {
        let TakenOver { reconnect_s, work } = self;
        let requests = work.requests(&templates.project(work, &primary.address(), 30));
        let project = templates.project(work, &primary.changing_address(), reconnect_s);
        let beyond = one::<String>(&mut project.events(), "SELECT pg_current_wal_lsn()::text");
        let there = format!("SELECT pg_last_wal_replay_lsn() >= '{beyond}'::pg_lsn");
        let mut replayed = standby.admin();
        wait_until("the standby to have the project", || one::<bool>(&mut replayed, &there));
        let writer = (work == Work::Follow).then(|| Writer::start(&project, dice.fork()));
        let relay = Relay::to(&project.database.url());
        let held = self.hold(&relay, &project, standby, requests, dice);
        primary.stop_at_once();
        dice.pause(200);
        standby.promote();
        standby.lead_there();
        relay.release();
        let ran = end_of(held, &project, writer, reconnect_s > 0);
        let plain = ran.stderr.contains("error: the connection to ")
            || ran.stderr.contains("error: cannot connect to ");
        if ran.code != 0 && (reconnect_s > 0 || ran.code != 1 || !plain) {
            scenario.unhandled(format!("{self:?}: it ended with {}: {}", ran.code, ran.stderr));
        }
        scenario.judge(&mut project.events());
        scenario.settle(&project);
        scenario.judge(&mut project.events());
    }

    /// Starts the tool and holds it at a random request. What the standby does not know of, no new
    /// primary can resume: so builds must have come over.
    fn hold(
        self,
        relay: &Relay,
        project: &Project,
        standby: &OwnServer,
        requests: usize,
        dice: &mut Dice,
    ) -> Running {
        let TakenOver { work, .. } = self;
        let step = || Some(Fault::hold(At::Request(1, Side::Before)));
        let rebuilds = matches!(work, Work::RebuildNatively | Work::RebuildInSql);
        relay.arm("regrow ", if rebuilds { step() } else { Some(moment(dice, requests)) });
        let mut running = relay.start_command(project, work.args());
        assert!(relay.holds(&mut running), "{work:?} ended before it was held");
        if !rebuilds {
            return running;
        }
        let (mut here, mut there) = (project.events(), standby.connect(&project.database.name()));
        let both = "SELECT count(*) = 2 FROM regrow.build";
        let mut passed = 0;
        while !one::<bool>(&mut here, both) {
            passed += 1;
            relay.arm("regrow ", step());
            relay.release();
            assert!(relay.holds(&mut running), "{work:?} ended without builds");
        }
        relay.arm("regrow ", Some(moment(dice, requests - passed)));
        relay.release();
        assert!(relay.holds(&mut running), "{work:?} ended before it was held");
        wait_until("the standby to have the builds", || one::<bool>(&mut there, both));
        running
    }
}
