//! Eight writers and the whole life of a read model among them.

use std::time::{Duration, Instant};

use super::appenders::Appenders;
use super::{Dice, Running, change_order_summary, one, oracle, orders, position, state};
use crate::bench::wait_until;

#[test]
fn eight_appenders_with_rollbacks_and_prepared_transactions_lose_nothing() {
    let mut dice = Dice::new("eight_appenders");
    let project = orders("[rebuild]\nbatch_events = 200\n[follow]\npoll_ms = 5\n");
    let started = Instant::now();
    let appenders = Appenders::start(&project, 8, &mut dice);
    let mut client = project.events();
    let set_up: i64 = 64 * 6 + 500;

    appenders.wait_for_more(200);
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let follower = Running::start(&project, &["run"]);
    for build in ["order_summary__b1", "customer_activity__b1"] {
        let before = position(&mut client, build);
        wait_until("the follower to follow", || position(&mut client, build) > before);
    }
    appenders.wait_for_more(500);
    oracle::every_build_is_right(&mut client);

    change_order_summary(&project);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    assert_eq!(state(&mut client, "order_summary__b1"), "retired");
    for build in ["order_summary__b1", "order_summary__b2"] {
        let before = position(&mut client, build);
        wait_until("live and retired to be followed", || position(&mut client, build) > before);
    }
    appenders.wait_for_more(500);
    oracle::every_build_is_right(&mut client);
    project.ok(&["rollback", "order_summary"]);
    assert_eq!(state(&mut client, "order_summary__b1"), "live");
    assert_eq!(state(&mut client, "order_summary__b2"), "retired");
    appenders.wait_for_more(500);

    let asked = Instant::now();
    let ran = follower.stop();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let stopped_in = asked.elapsed();
    assert!(stopped_in < Duration::from_secs(5), "{stopped_in:?}");
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
    println!("{tally:?} in {:?}; the follower stopped in {stopped_in:?}", started.elapsed());
}
