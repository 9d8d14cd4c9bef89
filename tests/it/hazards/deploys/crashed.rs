//! The server crashes behind a deploy. The COMMITs of a run's revisions return before they are on disk, but
//! the last one's: what a run that has ended told stays, and one that was cut off left a part of its plan.
//!
//! The process that writes the WAL by itself is stopped, so that nothing but a COMMIT that waits brings
//! anything to the disk.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::super::one;
use super::super::own_server::OwnServer;
use super::revision;
use crate::bench::{Database, Project, rows};

const TABLES: &str = "SELECT substr(relname, 2) FROM pg_class \
    WHERE relnamespace = to_regnamespace('event_store') AND relkind = 'r' AND relname ~ '^t[0-9]+$' ORDER BY 1";
const VERSIONS: &str = "SELECT version FROM event_store.refinery_schema_history ORDER BY 1";

#[test]
fn a_run_that_ended_is_kept() {
    let (mut server, project) = lazy_server(&["CREATE TABLE t3 (id int);"]);
    project.ok(&["migrate"]);
    crash(&mut server);
    assert_eq!(kept(&project), ["(1)", "(2)", "(3)"]);
}

#[test]
fn what_ran_before_a_revision_that_failed_is_kept() {
    let (mut server, project) = lazy_server(&["CREATE TABLE t3 (id no_such_type);"]);
    let ran = project.run(&["migrate"]);
    assert!(ran.stderr.contains("no_such_type"), "{}", ran.stderr);
    crash(&mut server);
    assert_eq!(kept(&project), ["(1)", "(2)"]);
}

#[cfg(feature = "failpoints")]
#[test]
fn a_run_that_was_cut_off_leaves_a_part_of_its_plan() {
    let (mut server, project) = lazy_server(&["CREATE TABLE t3 (id int);"]);
    // Behind the history's tables and two revisions.
    let mut command = project.command(&["migrate"]);
    command.env("FAILPOINTS", "migrate::attempt::after=2*off->return(kill)");
    assert_eq!(command.output().unwrap().status.code(), None);
    crash(&mut server);
    let left = kept(&project);
    let planned = ["(1)", "(2)"].map(str::to_owned);
    assert!(planned.starts_with(&left), "{left:?}");
    project.ok(&["migrate"]);
    assert_eq!(kept(&project), ["(1)", "(2)", "(3)"]);
}

/// A server whose WAL is written by those only who wait for it, and a project with two revisions and these.
fn lazy_server(more: &[&str]) -> (OwnServer, Project) {
    let server = OwnServer::start_new();
    let mut admin = server.admin();
    admin.batch_execute("ALTER SYSTEM SET autovacuum = off").unwrap();
    admin.batch_execute("SELECT pg_reload_conf()").unwrap();
    let project = Project::on(Database::at(server.address(), "template0"));
    project.write("config.toml", "");
    let revisions = ["CREATE TABLE t1 (id int);", "CREATE TABLE t2 (id int);"];
    for (number, text) in revisions.iter().chain(more).enumerate() {
        revision(&project, &format!("V{}__table", number + 1), text);
    }
    admin.batch_execute("CHECKPOINT").unwrap();
    let writer = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'";
    kill(Pid::from_raw(one::<i32>(&mut admin, writer)), Signal::SIGSTOP).unwrap();
    (server, project)
}

fn crash(server: &mut OwnServer) {
    server.stop_at_once();
    server.start();
}

/// The versions that ran by the history, which are those whose tables are there.
fn kept(project: &Project) -> Vec<String> {
    let mut client = project.events();
    let has_history = "SELECT to_regclass('event_store.refinery_schema_history') IS NOT NULL";
    let versions = match one(&mut client, has_history) {
        true => rows(&mut client, VERSIONS),
        false => Vec::new(),
    };
    assert_eq!(rows(&mut client, TABLES), versions);
    versions
}
