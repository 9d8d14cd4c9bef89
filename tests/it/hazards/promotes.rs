//! Promotes that meet somebody.

use postgres::Client;
use serde_json::json;

use super::{
    Running, append_orders, change_order_summary, one, oracle, orders, position, state,
    wait_for_a_lock_wait,
};
use crate::bench::wait_until;

#[test]
fn a_reader_idle_in_transaction_blocks_a_promote_and_is_named() {
    let project = orders("[rebuild]\npromote_budget_s = 5\n");
    let mut client = project.events();
    append_orders(&mut client, 16);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    change_order_summary(&project);
    project.ok(&["rebuild", "order_summary"]);

    // A crowd of connections that were there before, and begin to read later.
    let mut crowd: Vec<_> = (0..12).map(|_| project.reads()).collect();
    let mut idle = project.reads();
    let pid: i32 = one(&mut idle, "SELECT pg_backend_pid()");
    let mut held = idle.transaction().unwrap();
    held.query("SELECT id FROM read_model.order_summary", &[]).unwrap();
    for reader in &mut crowd {
        reader.batch_execute("BEGIN; SELECT id FROM read_model.order_summary").unwrap();
    }
    let ran = project.run(&["promote", "order_summary"]);
    assert_eq!(ran.code, 7, "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("pid {pid} ")), "{}", ran.stderr);
    assert!(ran.stderr.contains("idle in transaction"), "{}", ran.stderr);
    assert_eq!(state(&mut client, "order_summary__b1"), "live");
    assert_eq!(state(&mut client, "order_summary__b2"), "ready");

    // One that may go on for as long as it takes: readers who come while it waits for the views are
    // queued behind it, and pass all the same, since it lets go again and again.
    project.write("config.toml", "[rebuild]\npromote_budget_s = 3600\n");
    let mut promote = Running::start(&project, &["promote", "order_summary"]);
    let mut reader = project.reads();
    for _ in 0..5 {
        wait_for_a_lock_wait(&mut client, "regrow promote");
        one::<i64>(&mut reader, "SELECT count(*) FROM read_model.order_summary");
    }
    assert!(!promote.ended(), "it waits for the readers that never end");
    assert_eq!(state(&mut client, "order_summary__b2"), "ready");
    held.commit().unwrap();
    drop(crowd);
    let ran = promote.end();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(state(&mut client, "order_summary__b2"), "live");
    assert_eq!(oracle::every_build_is_right(&mut client), 2);
}

/// Between the plan of a promote and its locks a follower brings the live build further,
/// and readers have seen that.
#[test]
fn readers_do_not_go_back_when_the_live_build_moves_during_a_promote() {
    let project = orders("[rebuild]\npromote_lock_timeout_ms = 30000\n");
    let (mut client, mut follower) = (project.events(), project.events());
    append_orders(&mut client, 16);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    change_order_summary(&project);
    project.ok(&["rebuild", "order_summary"]);
    let orders = "SELECT count(*) FROM read_model.order_summary";
    let before: i64 = one(&mut client, orders);

    // What a follower does in a batch, stopped between its locks and its commit.
    let from = position(&mut client, "order_summary__b1");
    let mut batch = follower.transaction().unwrap();
    let row = batch
        .query_one(
            "SELECT id, generation FROM regrow.build WHERE schema_name = 'order_summary__b1' FOR SHARE",
            &[],
        )
        .unwrap();
    let (id, generation): (i64, i64) = (row.get(0), row.get(1));
    let promote = Running::start(&project, &["promote", "order_summary"]);
    wait_for_a_lock_wait(&mut client, "regrow promote");
    let to = append_order(&mut client, "order-x");
    let fenced: Option<String> = batch
        .query_one("SELECT regrow.advance($1, $2, $3, $4, 1, 1)", &[&id, &generation, &from, &to])
        .unwrap()
        .get(0);
    assert_eq!(fenced, None);
    batch
        .execute(
            "INSERT INTO order_summary__b1.order_summary \
             SELECT stream_id, 'c1', 'X', 'pending', 0, 0, recorded_at FROM event_store.events WHERE position = $1",
            &[&to],
        )
        .unwrap();
    // A reader that reads without pause must see the order appear and stay.
    let mut seen = vec![before];
    batch.commit().unwrap();
    let mut promote = promote;
    wait_until("the promote to end", || {
        seen.push(one(&mut client, orders));
        promote.ended()
    });
    let ran = promote.end();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    seen.push(one(&mut client, orders));
    assert_eq!(seen.last(), Some(&(before + 1)));
    assert!(seen.is_sorted(), "readers went back: {seen:?}");
    assert_eq!(oracle::every_build_is_right(&mut client), 2);
}

/// The other way round: the promote has its locks on the builds and waits for the views. A
/// follower must not bring the live build further now, for somebody could read that.
#[test]
fn a_follower_does_not_overtake_a_promote_that_waits_for_the_views() {
    let project = orders("[rebuild]\npromote_lock_timeout_ms = 30000\n");
    let (mut client, mut reader, mut holder) = (project.events(), project.reads(), project.reads());
    append_orders(&mut client, 16);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    change_order_summary(&project);
    project.ok(&["rebuild", "order_summary"]);
    let follower = Running::start(&project, &["run"]);
    let first = append_order(&mut client, "order-w");
    for build in ["order_summary__b1", "order_summary__b2"] {
        wait_until("both to be followed", || position(&mut client, build) >= first);
    }
    let orders = "SELECT count(*) FROM read_model.order_summary";
    let mut seen = Vec::new();
    let mut idle = reader.transaction().unwrap();
    seen.push(idle.query_one(orders, &[]).unwrap().get::<_, i64>(0));
    let promote = Running::start(&project, &["promote", "order_summary"]);
    wait_for_a_lock_wait(&mut client, "regrow promote");
    // The new build cannot take the event in, so that a live build in front of it would show.
    let mut held = holder.transaction().unwrap();
    held.batch_execute("LOCK TABLE order_summary__b2.order_summary IN SHARE MODE").unwrap();
    let to = append_order(&mut client, "order-x");
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() \
                 AND application_name = 'regrow run order_summary__b1' AND wait_event_type = 'Lock')";
    wait_until("the live build's follower to wait, or to go on", || {
        one(&mut client, waits) || position(&mut client, "order_summary__b1") >= to
    });
    seen.push(idle.query_one(orders, &[]).unwrap().get(0));
    idle.commit().unwrap();
    assert_eq!(promote.end().code, 0);
    seen.push(one(&mut reader, orders));
    held.rollback().unwrap();
    wait_until("the new build to catch up", || position(&mut client, "order_summary__b2") >= to);
    seen.push(one(&mut reader, orders));
    assert_eq!(seen, [17, 17, 17, 18]);
    assert_eq!(follower.stop().code, 0);
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(oracle::every_build_is_right(&mut client), 2);
}

/// A new order; gives its position.
fn append_order(client: &mut Client, id: &str) -> i64 {
    let events = json!([{"type": "OrderCreated", "payload":
        {"order_id": id, "customer_id": "c1", "customer_name": "X"}}]);
    client.query_one("SELECT event_store.append($1, -1, $2)", &[&id, &events]).unwrap().get(0)
}
