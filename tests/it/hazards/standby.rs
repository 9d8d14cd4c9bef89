//! Rebuilds that read the log from a physical standby (`[event_store] read_from`).
//!
//! Standbys are real (`pg_basebackup`). What may happen to one while it is read is arranged at the failpoint between a range
//! that was read and its being handed on.

use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use postgres::Client;

use super::own_server::OwnServer;
use super::table::{Scenario, times};
use super::throttle::{self, ENGINES, append};
use crate::bench::{Database, Heard, Project, rows, wait_until};

/// Small batches, so that some thousand events are a long log.
const LONG: &str = "[rebuild]\nbatch_events = 50\n";

fn project(server: &OwnServer) -> Project {
    throttle::project(Database::at(server.address(), "template0"), 0)
}

/// `standby`'s address in the way of config.toml, for this project's database.
fn read_from(project: &Project, standby: &OwnServer) {
    let address = of_database(project, standby);
    project.write("config.toml", &format!("{LONG}[event_store]\nread_from = [{address:?}]\n"));
}

fn of_database(project: &Project, server: &OwnServer) -> String {
    let database: String = super::one(&mut project.reads(), "SELECT current_database()::text");
    server.address().replace("dbname=regrow", &format!("dbname={database}"))
}

/// What a build's rows differ in from the log itself.
fn wrong(project: &Project, name: &str) -> Vec<String> {
    let build: String = super::one(
        &mut project.reads(),
        &format!(
            "SELECT schema_name::text FROM regrow.build WHERE projection = '{name}' AND state IN ('ready', 'live') \
              ORDER BY number DESC LIMIT 1"
        ),
    );
    let differ = format!(
        "WITH log AS (SELECT payload ->> 'id' AS id, sum((payload ->> 'n')::bigint)::bigint AS n
                        FROM event_store.events
                       WHERE position <= (SELECT c.position FROM regrow.checkpoint c JOIN regrow.build b ON b.id = c.build_id
                                           WHERE b.schema_name = '{build}')
                       GROUP BY 1)
         (TABLE log EXCEPT SELECT id, n FROM {build}.{name})
          UNION ALL (SELECT id, n FROM {build}.{name} EXCEPT TABLE log)"
    );
    rows(&mut project.reads(), &differ)
}

fn is_right(project: &Project, said: &str) {
    for name in ENGINES {
        assert_eq!(wrong(project, name), Vec::<String>::new(), "{name}: {said}");
    }
}

/// What there is of builds is shown, so that another rebuild begins anew.
fn show(project: &Project) {
    for name in ENGINES {
        project.run(&["promote", name]);
    }
}

/// Rebuilds everything with a failpoint.
fn rebuild_with(project: &Project, fault: &str) -> Child {
    show(project);
    let mut command = project.command(&["rebuild", "--all"]);
    command.env("FAILPOINTS", fault).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Waits until a reader of a standby has stopped itself between a range and its being handed on.
fn wait_until_stopped(child: &Child) {
    let stat = format!("/proc/{}/stat", child.id());
    wait_until("the process to stop itself", || {
        let stat = std::fs::read_to_string(&stat).unwrap();
        assert!(!stat.contains(") Z "), "the process has ended");
        stat.contains(") T ")
    });
}

fn go_on(child: &Child) {
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGCONT).unwrap();
}

#[test]
fn a_long_replay_reads_from_it_and_waits_for_what_was_written() {
    let server = OwnServer::start_new();
    let project = project(&server);
    append(&mut project.events(), "s", 2_000);
    let standby = server.standby();
    read_from(&project, &standby);
    let replays = |verb: &str| {
        standby.admin().batch_execute(&format!("SELECT pg_wal_replay_{verb}()")).unwrap();
    };
    replays("pause");
    append(&mut project.events(), "t", 300);
    let mut child = project.spawn(&["rebuild", "--all"]);
    let mut heard = Heard::of(&mut child);
    heard.wait_for("waiting for the standby ");
    replays("resume");
    let code = child.wait().unwrap().code();
    let said = heard.until_its_end();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("the log is read from the standby "), "{said}");
    assert!(!said.contains("read from the primary"), "{said}");
    is_right(&project, &said);
    // Without the wait the newest events would not be there yet.
    replays("pause");
    append(&mut project.events(), "u", 300);
    let mut child = rebuild_with(&project, "without::standby-wait=return");
    let heard = Heard::of(&mut child);
    let code = child.wait().unwrap().code();
    let said = heard.until_its_end();
    assert_eq!(code, Some(0), "{said}");
    assert!(ENGINES.iter().all(|name| !wrong(&project, name).is_empty()), "{said}");
    replays("resume");
}

#[test]
fn a_standby_that_goes_while_it_is_read_is_left_for_the_primary() {
    let server = OwnServer::start_new();
    let project = project(&server);
    append(&mut project.events(), "s", 2_000);
    let standby = server.standby();
    read_from(&project, &standby);
    let arrange: [(&str, &dyn Fn()); 2] = [
        ("terminating connection", &|| {
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                        WHERE application_name LIKE 'regrow%reader%' AND pid <> pg_backend_pid()";
            standby.admin().batch_execute(end).unwrap();
        }),
        ("it is no standby any more", &|| standby.promote()),
    ];
    for (why, happens) in arrange {
        let mut child = rebuild_with(&project, "standby::range::before=5*off->1*return(stop)->off");
        let heard = Heard::of(&mut child);
        wait_until_stopped(&child);
        happens();
        go_on(&child);
        let code = child.wait().unwrap().code();
        let said = heard.until_its_end();
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("the log is read from the primary from now on"), "{said}");
        assert!(said.contains(why), "{why}: {said}");
        is_right(&project, &said);
    }
    // Now it is a primary of its own.
    show(&project);
    let ran = project.run(&["rebuild", "--all"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("it is no standby"), "{}", ran.stderr);
    assert!(ran.stderr.contains("read_from"), "{}", ran.stderr);
}

#[test]
fn what_is_no_standby_of_the_log_is_refused() {
    let server = OwnServer::start_new();
    let project = project(&server);
    append(&mut project.events(), "s", 2_000);
    let refused = |address: &str, why: &str| {
        project.write("config.toml", &format!("{LONG}[event_store]\nread_from = [{address:?}]\n"));
        let told = project.run(&["--json", "rebuild", "--all"]);
        let said = format!("{}{}", told.stdout, told.stderr);
        assert_eq!(told.code, 1, "{why}: {said}");
        assert!(said.contains("\"standby-unfit\"") && said.contains(why), "{why}: {said}");
    };
    refused(&of_database(&project, &server), "it is no standby");
    let standby = server.standby();
    refused(&standby.address(), "another database");
    let other = OwnServer::start_new();
    let of_other = other.standby();
    refused(&of_other.address(), "follows another server");
    // A copy that goes on by itself has the same log, the same identity, and standbys of its own.
    let copy = server.standby();
    copy.promote();
    let changed =
        "UPDATE event_store.events SET payload = payload || '{\"n\": 1}' WHERE position < 500";
    let there = of_database(&project, &copy);
    Client::connect(&there, postgres::NoTls).unwrap().batch_execute(changed).unwrap();
    refused(&of_database(&project, &copy.standby()), "it does not replay what");
    // Left behind by a fail-over: the same cluster, but another log.
    standby.hear_nothing_more();
    let second = server.standby();
    append(&mut project.events(), "lost", 700);
    let mut there = second.admin();
    let beyond: String = super::one(&mut project.reads(), "SELECT pg_current_wal_lsn()::text");
    let replayed = format!("SELECT pg_last_wal_replay_lsn() >= '{beyond}'::pg_lsn");
    wait_until("the standby to have all", || super::one::<bool>(&mut there, &replayed));
    drop(there);
    standby.promote();
    let mut now = project;
    now.shared = Some(of_database(&now, &standby));
    append(&mut now.events(), "won", 100);
    read_from(&now, &second);
    let told = now.run(&["rebuild", "--all"]);
    assert_eq!(told.code, 1, "{}{}", told.stdout, told.stderr);
    assert!(told.stderr.contains("it does not replay what"), "{}", told.stderr);
    // One that nobody answers at is no reason not to rebuild.
    let nobody = "host=/nonexistent port=5432 user=regrow dbname=regrow";
    now.write("config.toml", &format!("{LONG}[event_store]\nread_from = [{nobody:?}]\n"));
    let ran = now.run(&["rebuild", "--all"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("the log is read from the primary: "), "{}", ran.stderr);
    is_right(&now, &ran.stderr);
}

#[test]
fn f30_rebuilds_from_a_standby_beside_writers() {
    let mut scenario = Scenario::new("F30 rebuilds from a standby beside three writers");
    let server = OwnServer::start_new();
    let project = project(&server);
    append(&mut project.events(), "s", 1_000);
    let standby = server.standby();
    read_from(&project, &standby);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let (project, stop) = (&project, &stop);
            scope.spawn(move || {
                let mut client = project.events();
                while !stop.load(Ordering::Relaxed) {
                    append(&mut client, &format!("w{writer}"), 3);
                }
            });
        }
        for round in 0..times(2, 50) {
            show(&project);
            let ran = project.run(&["rebuild", "--all"]);
            let is_fine = ran.code == 0 && ran.stderr.contains("the log is read from the standby ");
            if !is_fine {
                scenario.unhandled(format!("round {round}: {}", ran.stderr));
            }
            ENGINES.iter().for_each(|name| scenario.wrong_rows(&wrong(&project, name)));
            scenario.ran();
        }
        stop.store(true, Ordering::Relaxed);
    });
    scenario.end();
}
