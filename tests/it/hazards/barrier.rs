//! Positions that become visible late, or never.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use postgres::Client;
use serde_json::json;

use super::appenders::insert;
use super::{
    Running, append_orders, one, oracle, orders, position, state, wait_for_a_barrier_wait,
};
use crate::bench::{Project, rows, wait_until};

/// An order of its own.
pub(super) fn create(transaction: &mut postgres::Transaction<'_>, id: &str) -> i64 {
    let payload = json!({"order_id": id, "customer_id": "c1", "customer_name": id});
    insert(transaction, id, 0, "OrderCreated", 1, &payload)
}

fn prepare(client: &mut Client, id: &str, gid: &str) {
    let mut transaction = client.transaction().unwrap();
    create(&mut transaction, id);
    transaction.batch_execute(&format!("PREPARE TRANSACTION '{gid}'")).unwrap();
    transaction.commit().unwrap();
}

fn database(client: &mut Client) -> String {
    one(client, "SELECT current_database()::text")
}

/// The control: the same interleaving, once by position alone and once by the barrier.
#[test]
fn control_without_barrier_fails() {
    let project = orders("");
    let (mut first, mut second, mut reader) =
        (project.events(), project.events(), project.events());
    append_orders(&mut reader, 16);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let start: i64 = position(&mut reader, "order_summary__b1");
    let mut naive = Naive { checkpoint: start, orders: Vec::new() };
    let follower = Running::start(&project, &["run"]);

    let mut slow = first.transaction().unwrap();
    let early = create(&mut slow, "order-slow");
    let mut fast = second.transaction().unwrap();
    let late = create(&mut fast, "order-fast");
    fast.commit().unwrap();
    assert!(early < late);
    naive.read(&mut reader);
    wait_for_a_barrier_wait(&mut reader, "regrow run");
    assert!(position(&mut reader, "order_summary__b1") < early, "the barrier must hold");
    slow.commit().unwrap();
    naive.read(&mut reader);
    wait_until("the follower to pass", || position(&mut reader, "order_summary__b1") >= late);

    let truth = "SELECT stream_id FROM event_store.events WHERE stream_id IN ('order-slow', 'order-fast') ORDER BY 1";
    assert_eq!(rows(&mut reader, truth), ["(order-fast)", "(order-slow)"]);
    assert_eq!(naive.orders, ["order-fast"], "a reader by position alone loses the slow one");
    oracle::every_build_is_right(&mut reader);
    assert_eq!(follower.stop().code, 0);
}

/// A reader that trusts positions alone.
struct Naive {
    checkpoint: i64,
    orders: Vec<String>,
}

impl Naive {
    fn read(&mut self, client: &mut Client) {
        let sql = "SELECT position, stream_id FROM event_store.events WHERE position > $1 ORDER BY position";
        for row in client.query(sql, &[&self.checkpoint]).unwrap() {
            self.checkpoint = row.get(0);
            self.orders.push(row.get(1));
        }
    }
}

#[test]
fn a_forgotten_prepared_transaction_is_named() {
    let project = orders("[rebuild]\nbarrier_timeout_s = 1\n");
    let mut client = project.events();
    append_orders(&mut client, 16);
    let gid = format!("forgotten-{}", database(&mut client));
    prepare(&mut client, "order-forgotten", &gid);
    let ran = project.run(&["rebuild", "order_summary"]);
    assert_eq!(ran.code, 7, "{}", ran.stderr);
    assert!(ran.stderr.contains(&gid), "{}", ran.stderr);
    client.batch_execute(&format!("ROLLBACK PREPARED '{gid}'")).unwrap();
    project.ok(&["resume", "order_summary", "--promote"]);
    assert_eq!(oracle::every_build_is_right(&mut client), 1);
}

/// There is never a moment without a prepared transaction, and none of them lasts.
#[test]
fn prepared_transactions_that_take_turns_do_not_hold_the_barrier() {
    // A turn takes as long as the machine lets it; that of all together never ends.
    let project = orders("[rebuild]\nbarrier_timeout_s = 120\n");
    let mut client = project.events();
    append_orders(&mut client, 16);
    let name = database(&mut client);
    let (stop, turns) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut client = project.events();
            let gid = |n: usize| format!("turn-{name}-{n}");
            prepare(&mut client, "order-turn-0", &gid(0));
            while !stop.load(Ordering::Relaxed) {
                let n = turns.fetch_add(1, Ordering::Relaxed);
                prepare(&mut client, &format!("order-turn-{}", n + 1), &gid(n + 1));
                client.batch_execute(&format!("COMMIT PREPARED '{}'", gid(n))).unwrap();
            }
            let last = turns.load(Ordering::Relaxed);
            client.batch_execute(&format!("COMMIT PREPARED '{}'", gid(last))).unwrap();
        });
        wait_until("turns to be taken", || turns.load(Ordering::Relaxed) > 10);
        let ran = project.run(&["rebuild", "order_summary", "--promote"]);
        stop.store(true, Ordering::Relaxed);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    });
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(oracle::every_build_is_right(&mut client), 1);
}

/// A barrier that waits for a writer is no reason to end otherwise than asked.
#[test]
fn a_follower_that_waits_at_the_barrier_stops_when_asked() {
    let project = orders("");
    let (mut client, mut watcher) = (project.events(), project.events());
    append_orders(&mut client, 16);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let follower = Running::start(&project, &["run"]);
    let mut open = client.transaction().unwrap();
    create(&mut open, "order-open");
    wait_for_a_barrier_wait(&mut watcher, "regrow run");
    let ran = follower.stop();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    open.commit().unwrap();
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(oracle::every_build_is_right(&mut watcher), 1);
}

#[test]
fn a_late_event_blocks_a_promote() {
    let project = orders("");
    let mut client = project.events();
    append_orders(&mut client, 16);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let burnt: i64 = one(
        &mut client,
        "SELECT nextval(pg_get_serial_sequence('event_store.events', 'position'))",
    );
    live_event(&project, "order-after");
    super::change_order_summary(&project);
    project.ok(&["rebuild", "order_summary"]);
    assert!(position(&mut client, "order_summary__b2") > burnt);
    let seen = "SELECT * FROM read_model.order_summary ORDER BY id";
    let before = rows(&mut client, seen);

    client
        .execute(
            "INSERT INTO event_store.events (position, stream_id, stream_version, event_type, payload) \
             OVERRIDING SYSTEM VALUE VALUES ($1, 'order-late', 0, 'OrderCreated', \
             '{\"order_id\": \"order-late\", \"customer_id\": \"c1\", \"customer_name\": \"Late\"}')",
            &[&burnt],
        )
        .unwrap();
    let ran = project.run(&["promote", "order_summary"]);
    assert_eq!(ran.code, 10, "{}", ran.stderr);
    assert!(ran.stderr.contains("and the log holds"), "{}", ran.stderr);
    assert_eq!(state(&mut client, "order_summary__b1"), "live");
    assert_eq!(state(&mut client, "order_summary__b2"), "ready");
    assert_eq!(rows(&mut client, seen), before);

    // The way out that the message names: a rebuild reads the whole log again.
    project.ok(&["prune", "order_summary", "--unfinished"]);
}

/// Appends an order of its own; gives its position.
pub(super) fn live_event(project: &Project, id: &str) -> i64 {
    let mut client = project.events();
    let mut transaction = client.transaction().unwrap();
    let position = create(&mut transaction, id);
    transaction.commit().unwrap();
    position
}
