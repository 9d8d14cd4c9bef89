//! Eight writers and the whole life of a read model among them.
//!
//! Writers leave the two cores to others, too, and stop when they are far ahead: else every rebuild
//! chases them.

use std::time::Instant;

use super::appenders::Appenders;
use super::table::{Scenario, times};
use super::{Dice, Running, change_order_summary, one, oracle, orders, position, state};
use crate::bench::wait_until;

#[test]
fn eight_appenders_with_rollbacks_and_prepared_transactions_lose_nothing() {
    let mut dice = Dice::new("eight_appenders");
    let project = orders("[rebuild]\nbatch_events = 200\n[follow]\npoll_ms = 5\n");
    let started = Instant::now();
    let appenders = Appenders::start_with(&project, 8, times(30, 6), &mut dice);
    let mut client = project.events();
    let set_up: i64 = 64 * 6 + 500;

    appenders.wait_for_more(200);
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let follower = Running::start(&project, &["run"]);
    let before = ["order_summary__b1", "customer_activity__b1"]
        .map(|build| (build, position(&mut client, build)));
    appenders.wait_for_more(500);
    for (build, before) in before {
        wait_until("the follower to follow", || position(&mut client, build) > before);
    }
    oracle::every_build_is_right(&mut client);

    change_order_summary(&project);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    assert_eq!(state(&mut client, "order_summary__b1"), "retired");
    let before = ["order_summary__b1", "order_summary__b2"]
        .map(|build| (build, position(&mut client, build)));
    appenders.wait_for_more(500);
    for (build, before) in before {
        wait_until("live and retired to be followed", || position(&mut client, build) > before);
    }
    oracle::every_build_is_right(&mut client);
    project.ok(&["rollback", "order_summary"]);
    assert_eq!(state(&mut client, "order_summary__b1"), "live");
    assert_eq!(state(&mut client, "order_summary__b2"), "retired");
    appenders.wait_for_more(500);

    let ran = follower.stop();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let tally = appenders.stop();
    project.ok(&["run", "--until-caught-up"]);

    let events: i64 = one(&mut client, "SELECT count(*) FROM event_store.events");
    assert_eq!(events, i64::try_from(tally.events).unwrap() + set_up, "the writers' own books");
    let last: i64 = one(&mut client, "SELECT max(position) FROM event_store.events");
    for build in ["order_summary__b1", "order_summary__b2", "customer_activity__b1"] {
        assert!(position(&mut client, build) >= last, "{build} is behind");
    }
    assert_eq!(oracle::every_build_is_right(&mut client), 3);
    assert!(tally.rollbacks > 0 && tally.savepoints > 0 && tally.prepared > 0, "{tally:?}");
    println!("{tally:?} in {:?}", started.elapsed());
}

/// Writers whose transactions overlap, commit in another order than they took their positions,
/// roll back, use savepoints and two phases, while a follower and rebuilds read behind them.
#[test]
fn events_of_out_of_order_writers_arrive_once() {
    let mut scenario = Scenario::new("F11 events through out-of-order writers");
    let mut dice = Dice::new("F11");
    let project = orders("[follow]\npoll_ms = 5\n");
    let appenders = Appenders::start_with(&project, 8, times(40, 2), &mut dice);
    let mut client = project.events();
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let follower = Running::start(&project, &["run"]);
    let (parts, steps) = (times(2, 4), times(1, 50));
    for _ in 0..parts {
        // In steps: how long many events take is the machine's business.
        (0..steps).for_each(|_| appenders.wait_for_more(5_000));
        project.ok(&["rebuild", "order_summary", "--promote"]);
        project.ok(&["prune", "--keep", "0"]);
    }
    let tally = appenders.stop();
    assert_eq!(follower.stop().code, 0);
    scenario.ran_through(tally.events);
    scenario.note(format!(
        "{} commits, {} of two phases, {} rollbacks, {} savepoints",
        tally.commits, tally.prepared, tally.rollbacks, tally.savepoints
    ));
    scenario.settle(&project);
    let last: i64 = one(&mut client, "SELECT max(position) FROM event_store.events");
    assert!(position(&mut client, "customer_activity__b1") >= last);
    scenario.judge(&mut client);
    scenario.end();
}
