//! SIGKILL of the tool itself.

use super::relay::{At, Fault, Relay, Side};
use super::table::times;
use super::{
    Dice, Running, append_orders, one, oracle, orders, position, state, wait_for_a_barrier_wait,
    wait_for_a_lock_wait,
};
use crate::bench::{differences, rows, wait_until};

const KILLS: usize = 10;
const BATCH: usize = 200;

/// How far the build is that is behind the other, zero if there is none yet.
const POSITION: &str = "SELECT COALESCE(min(position), 0) FROM regrow.checkpoint";

#[test]
fn killed_ten_times_at_random_and_resumed_ends_with_the_same_rows() {
    let mut dice = Dice::new("killed_ten_times");
    let project =
        orders(&format!("[rebuild]\nbatch_events = {BATCH}\ncheckpoint_interval_s = 0\n"));
    let mut client = project.events();
    // Six events each, and 500 customers: 99,500 events before a release.
    append_orders(&mut client, times(4_000, 16_500));
    let events: i64 = one(&mut client, "SELECT count(*) FROM event_store.events");
    let size = usize::try_from(events).unwrap();

    let both = ["rebuild", "order_summary", "customer_activity"];
    let mut at = vec![0];
    for kill in 0..KILLS {
        // Somewhere in its own eleventh of the log, so that the kills are spread over it.
        let slice = size / (KILLS + 1);
        let goal = i64::try_from(slice * kill + dice.below(slice)).unwrap();
        // The rebuild goes from one COMMIT to another, so it cannot come too far.
        let relay = Relay::to(&project.database.url());
        let side = *dice.of(&[Side::Before, Side::After]);
        // Each of two builds commits as often as batches go into what is left; so half of that is
        // never too far, and the last steps are single ones.
        let next = |now: i64| {
            let left = usize::try_from((goal - now).max(0)).unwrap() / BATCH;
            relay.arm("regrow rebuild ", Some(Fault::hold(At::Commit((left / 2).max(1), side))));
        };
        next(at[kill]);
        let mut run = relay.start_command(&project, if kill == 0 { &both } else { &["resume"] });
        loop {
            assert!(relay.holds(&mut run), "it ended before kill {kill}");
            let now = one::<i64>(&mut client, POSITION);
            if now > at[kill] && now >= goal {
                at.push(now);
                break;
            }
            next(now);
            relay.release();
        }
        assert!(run.kill(), "who is held cannot end");
    }
    let ran = Running::start(&project, &["resume"]).end();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    println!("{KILLS} kills of {events} events at positions {at:?}");
    assert!(at.windows(2).all(|pair| pair[0] < pair[1]), "each kill came behind the one before");

    let right = oracle::every_build_is_right(&mut client);
    assert_eq!(right, 2);
    project.ok(&["promote", "order_summary"]);
    project.ok(&["promote", "customer_activity"]);
    project.ok(&["rebuild", "order_summary", "customer_activity"]);
    let tables = [
        ("order_summary", "order_summary"),
        ("customer_activity", "customer_activity"),
        ("customer_activity", "customer_order"),
    ];
    for (projection, table) in tables {
        let of = |number: i32| format!("SELECT * FROM {projection}__b{number}.{table}");
        assert_eq!(differences(&mut client, &of(1), &of(2)), Vec::<String>::new(), "{table}");
        let indexes = |number: i32| {
            format!(
                "SELECT indexname, replace(indexdef, '__b{number}.', '.') FROM pg_indexes \
                 WHERE schemaname = '{projection}__b{number}' AND tablename = '{table}'"
            )
        };
        assert!(rows(&mut client, &indexes(1)).len() > 1 || table == "customer_activity");
        assert_eq!(differences(&mut client, &indexes(1), &indexes(2)), Vec::<String>::new());
    }
}

/// The server has not noticed yet that the killed one is gone: its backend sits in a batch.
#[test]
fn killed_before_the_checkpoint_moves_and_resumed_at_once() {
    killed_in_a_batch_held_by("SELECT FROM regrow.checkpoint FOR UPDATE");
}

#[test]
fn killed_before_the_rows_are_written_and_resumed_at_once() {
    killed_in_a_batch_held_by("LOCK TABLE order_summary__b1.order_summary IN SHARE MODE");
}

/// Rows and checkpoint are there together or not at all, wherever the batch is cut, and a
/// resume right behind the kill waits for the ghost instead of calling it a rival.
fn killed_in_a_batch_held_by(lock: &str) {
    let project = orders("");
    let (mut client, mut holder, mut writer) =
        (project.events(), project.events(), project.events());
    append_orders(&mut client, 64);
    // The barrier keeps the rebuild from its first batch until the lock is held.
    let mut open = writer.transaction().unwrap();
    open.batch_execute("LOCK TABLE event_store.events IN ROW EXCLUSIVE MODE").unwrap();
    let rebuild = Running::start(&project, &["rebuild", "order_summary"]);
    wait_for_a_barrier_wait(&mut client, "regrow rebuild");
    let mut held = holder.transaction().unwrap();
    held.batch_execute(lock).unwrap();
    open.rollback().unwrap();
    wait_for_a_lock_wait(&mut client, "regrow rebuild order_summary");
    let ghost: i32 = one(
        &mut client,
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
         AND application_name = 'regrow rebuild order_summary' AND wait_event_type = 'Lock'",
    );
    assert!(rebuild.kill());

    let resume = Running::start(&project, &["resume", "order_summary"]);
    let haunts = format!("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = {ghost})");
    wait_until("the ghost to go", || !one::<bool>(&mut client, &haunts));
    assert_eq!(oracle::every_build_is_right(&mut client), 1);
    assert_eq!(position(&mut client, "order_summary__b1"), 0);
    held.rollback().unwrap();
    let ran = resume.end();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(state(&mut client, "order_summary__b1"), "ready");
    assert_eq!(oracle::every_build_is_right(&mut client), 1);
}
