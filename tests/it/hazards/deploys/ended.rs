//! Deploys that somebody ends: ctrl-C, and an operator on the server.

use super::{
    BRAKE, applied, assert_says, at_the_brake, held_in, lineage, next_run_settles,
    put_on_the_brake, session_that, stops_at_ctrl_c, take_off_the_brake,
};
use crate::bench::Project;
use crate::hazards::{Running, one, wait_for_a_lock_wait};

/// The deploy lock as a session of others would see it: `regr` in ASCII, and its name.
const DEPLOY_LOCK: &str = "SELECT pg_advisory_lock(1919248242, hashtext('regrow migrate'))";

/// Its second revision passes, its third stands at the brake if it is put on.
fn braked() -> Project {
    let second = "INSERT INTO ran VALUES (2);\n";
    let third = format!("INSERT INTO ran VALUES (3);\n{BRAKE}");
    lineage("", &[("V2__fast", second), ("V3__slow", &third)])
}

#[test]
fn ctrl_c_while_it_waits_for_locks() {
    let text = "ALTER TABLE things ADD COLUMN note text;\nINSERT INTO ran VALUES (2);\n";
    let project = lineage("", &[("V2__note", text)]);
    let (mut client, mut reader) = (project.events(), project.events());
    let mut open = reader.transaction().unwrap();
    open.batch_execute("LOCK TABLE event_store.things IN ACCESS SHARE MODE").unwrap();
    let deploy = Running::start(&project, &["migrate"]);
    wait_for_a_lock_wait(&mut client, "regrow migrate");
    assert_says(&stops_at_ctrl_c(deploy), &["stopped; 0 of 1 revisions were applied"]);
    open.commit().unwrap();
    assert_eq!(applied(&mut client), ["(1)"]);
    next_run_settles(&project, &mut client, 2);
}

#[test]
fn ctrl_c_while_it_waits_for_another_deploy() {
    let project = braked();
    let (mut client, mut rival) = (project.events(), project.events());
    rival.batch_execute(DEPLOY_LOCK).unwrap();
    let deploy = Running::start(&project, &["migrate"]);
    session_that(&mut client, "regrow migrate", "query LIKE '%pg_try_advisory_lock%'");
    assert_says(&stops_at_ctrl_c(deploy), &["stopped before anything ran"]);
    assert_eq!(applied(&mut client), ["(1)"]);
    drop(rival);
    next_run_settles(&project, &mut client, 3);
}

#[test]
fn ctrl_c_in_a_long_statement_cancels_it() {
    let project = braked();
    let mut client = project.events();
    put_on_the_brake(&mut client);
    let deploy = Running::start(&project, &["migrate"]);
    let pid = at_the_brake(&mut client, "regrow migrate");
    assert_says(&stops_at_ctrl_c(deploy), &["stopped; 1 of 2 revisions were applied"]);
    let runs = format!(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {pid} AND state = 'active')"
    );
    assert!(!one::<bool>(&mut client, &runs), "the statement goes on without its client");
    assert_eq!(applied(&mut client), ["(1)", "(2)"]);
    take_off_the_brake(&mut client);
    next_run_settles(&project, &mut client, 3);
}

/// The index is INVALID then, and taking it away would mean to wait: the next run does it.
#[test]
fn ctrl_c_in_an_index_that_waits_for_an_old_snapshot() {
    let text = "-- transaction: none\nINSERT INTO ran VALUES (2);\n\
                CREATE INDEX CONCURRENTLY things_n ON things (n);\n";
    let project = lineage("", &[("V2__index", text)]);
    let (mut client, mut reader) = (project.events(), project.events());
    let mut open = reader.transaction().unwrap();
    open.batch_execute(
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT FROM event_store.things",
    )
    .unwrap();
    let deploy = Running::start(&project, &["migrate"]);
    held_in(&mut client, "regrow migrate", "CREATE INDEX");
    stops_at_ctrl_c(deploy);
    open.commit().unwrap();
    next_run_settles(&project, &mut client, 2);
}

#[test]
fn a_connection_that_is_ended_in_a_revision() {
    let project = braked();
    let mut client = project.events();
    put_on_the_brake(&mut client);
    let deploy = Running::start(&project, &["migrate"]);
    let pid = at_the_brake(&mut client, "regrow migrate");
    client.execute("SELECT pg_terminate_backend($1)", &[&pid]).unwrap();
    let ran = deploy.end();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_says(&ran, &["the connection to ", " was lost: ", "run the command again"]);
    assert_eq!(applied(&mut client), ["(1)", "(2)"]);
    take_off_the_brake(&mut client);
    next_run_settles(&project, &mut client, 3);
}
