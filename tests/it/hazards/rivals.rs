//! Two of the same kind at once.

use serde_json::json;

use super::appenders::{Appenders, insert};
use super::table::times;
use super::{Dice, Running, append_orders, one, oracle, orders, position, wait_for_a_barrier_wait};
use crate::bench::{Project, wait_until};

#[test]
fn two_rebuilds_of_one_projection_exclude_each_other() {
    let project = orders("");
    let (mut client, mut writer) = (project.events(), project.events());
    append_orders(&mut client, 64);
    // The first one stands at the barrier for as long as this transaction is open.
    let mut open = writer.transaction().unwrap();
    let payload = json!({"order_id": "order-x", "customer_id": "c1", "customer_name": "X"});
    insert(&mut open, "order-x", 0, "OrderCreated", 1, &payload);
    let first = Running::start(&project, &["rebuild", "order_summary"]);
    let holds = "SELECT max(a.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid) \
                 WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() \
                 AND a.application_name = 'regrow rebuild order_summary'";
    wait_until("the first rebuild to hold the lock", || {
        one::<Option<i32>>(&mut client, holds).is_some()
    });
    let pid: Option<i32> = one(&mut client, holds);
    wait_for_a_barrier_wait(&mut client, "regrow rebuild");

    let second = project.run(&["rebuild", "order_summary"]);
    assert_eq!(second.code, 6, "{}", second.stderr);
    assert!(second.stderr.contains(&format!("pid {}", pid.unwrap())), "{}", second.stderr);
    let resumed = project.run(&["resume"]);
    assert_eq!(resumed.code, 6, "a resume is a rival as well: {}", resumed.stderr);
    open.rollback().unwrap();
    let first = first.end();
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert_eq!(one::<i64>(&mut client, "SELECT count(*) FROM regrow.build"), 1);
    assert_eq!(oracle::every_build_is_right(&mut client), 1);
}

/// Nothing is there yet, not even the ledger and the readers' schema, and both want it.
#[test]
fn two_projections_rebuild_at_once() {
    let project = orders("");
    let mut client = project.events();
    append_orders(&mut client, 64);
    let both: Vec<Running> = ["order_summary", "customer_activity"]
        .map(|name| Running::start(&project, &["rebuild", name, "--promote"]))
        .into();
    for one in both {
        let ran = one.end();
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
    assert_eq!(oracle::every_build_is_right(&mut client), 2);
}

/// The readers' schema appears while a promote is about to create it.
#[test]
fn two_first_promotes_do_not_trip_over_the_readers_schema() {
    let project = orders("");
    let (mut client, mut rival) = (project.events(), project.events());
    append_orders(&mut client, 16);
    project.ok(&["rebuild", "order_summary"]);
    let mut other = rival.transaction().unwrap();
    other.batch_execute("CREATE SCHEMA read_model").unwrap();
    let promote = Running::start(&project, &["promote", "order_summary"]);
    super::wait_for_a_lock_wait(&mut client, "regrow promote");
    other.commit().unwrap();
    let ran = promote.end();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

/// A follower that was thought dead goes on beside its successor, and then two more do.
#[test]
fn a_zombie_follower_is_fenced() {
    let mut dice = Dice::new("a_zombie_follower");
    let project = orders("[rebuild]\nbatch_events = 50\n[follow]\npoll_ms = 1\n");
    let appenders = Appenders::start_with(&project, 4, times(30, 6), &mut dice);
    let mut client = project.events();
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    for _ in 0..4 {
        let followers: Vec<Running> = (0..4).map(|_| Running::start(&project, &["run"])).collect();
        let sessions = "SELECT count(DISTINCT application_name || pid) FROM pg_stat_activity \
                        WHERE datname = current_database() AND application_name LIKE 'regrow run %'";
        wait_until("all followers to hold both builds", || one::<i64>(&mut client, sessions) >= 8);
        let before = position(&mut client, "order_summary__b1");
        appenders.wait_for_more(200);
        wait_until("the builds to be followed", || {
            position(&mut client, "order_summary__b1") > before
        });
        oracle::every_build_is_right(&mut client);
        for follower in followers {
            let ran = follower.stop();
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            // They start together, and each opens the builds the others hold.
            assert!(!ran.stderr.contains("no longer followed"), "{}", ran.stderr);
        }
    }
    let tally = appenders.stop();
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(oracle::every_build_is_right(&mut client), 2);
    println!("{tally:?}");
}

/// A file that lets the deploy lock go is rolled back, and no other runs: another run may have begun by then.
#[test]
fn a_run_whose_lock_a_file_has_let_go_stops_there() {
    let project = Project::empty();
    project.write("config.toml", "");
    project.write("migrations/event_store/V1__a.sql", "SELECT pg_advisory_unlock_all();");
    project.write("migrations/event_store/V2__b.sql", "CREATE TABLE b ();");
    let ran = project.run(&["migrate"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let said = "V1__a.sql:1:1: the lock that keeps other runs out was given away here";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    let current = project.run(&["current"]).stdout;
    assert!(current.contains("V1__a") && current.contains("V2__b"), "{current}");
}
