//! What readers notice of a promote: nothing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use postgres::Client;

use super::appenders::Appenders;
use super::table::times;
use super::{Dice, Running, change_order_summary, one, oracle, orders, position};
use crate::bench::{Project, wait_until};

/// Counts what only grows as events come: orders, items and what customers did.
const ORDERS: &str = "SELECT count(*) FROM read_model.order_summary";
const ITEMS: &str = "SELECT COALESCE(sum(item_count), 0)::bigint FROM read_model.order_summary";
const CUSTOMERS: &str = "SELECT sum(orders_open + orders_shipped + orders_cancelled)::bigint FROM read_model.customer_activity";
const JOIN: &str = "SELECT count(*) FROM read_model.customer_activity c \
                    JOIN read_model.order_summary o ON o.customer_id = c.id";

/// Gives the position it saw, which must not fall.
pub(super) type Read =
    fn(&mut Client, &mut Option<postgres::Statement>) -> Result<i64, postgres::Error>;

pub(super) const READERS: [(&str, Read); 4] = [
    ("a single table", |client, _| Ok(client.query_one(ORDERS, &[])?.get(0))),
    ("a join", |client, _| Ok(client.query_one(JOIN, &[])?.get(0))),
    ("two statements in a transaction", |client, _| {
        let mut transaction = client.transaction()?;
        let before: i64 = transaction.query_one(ITEMS, &[])?.get(0);
        let customers: i64 = transaction.query_one(CUSTOMERS, &[])?.get(0);
        let after: i64 = transaction.query_one(ITEMS, &[])?.get(0);
        transaction.commit()?;
        assert!(before <= after, "items went from {before} to {after} inside a transaction");
        assert!(customers > 0);
        Ok(after)
    }),
    ("a prepared statement", |client, prepared| {
        if prepared.is_none() {
            *prepared = Some(client.prepare(
                "SELECT o.id, o.status, o.total_amount, o.item_count FROM read_model.order_summary o WHERE o.item_count >= $1",
            )?);
        }
        let rows = client.query(prepared.as_ref().unwrap(), &[&0_i32])?;
        Ok(i64::try_from(rows.len()).unwrap())
    }),
];

#[derive(Debug)]
struct Seen {
    reads: u32,
    slowest: Duration,
}

/// Reads until told to stop. An error or a step back ends it.
fn read(project: &Project, name: &str, read: Read, stop: &AtomicBool) -> Result<Seen, String> {
    let mut client = project.reads();
    let mut prepared = None;
    let (mut last, mut seen) = (0, Seen { reads: 0, slowest: Duration::ZERO });
    while !stop.load(Ordering::Relaxed) {
        let started = Instant::now();
        let position = read(&mut client, &mut prepared).map_err(|e| format!("{name}: {e:?}"))?;
        seen.slowest = seen.slowest.max(started.elapsed());
        seen.reads += 1;
        if position < last {
            return Err(format!("{name}: from {last} back to {position}"));
        }
        last = position;
        // A reader that never lets go would say more about the machine than about promotes.
        std::thread::sleep(Duration::from_millis(1));
    }
    Ok(seen)
}

#[test]
fn readers_notice_nothing_of_promotes() {
    let mut dice = Dice::new("readers_notice_nothing");
    let project = orders("[rebuild]\nbatch_events = 200\n[follow]\npoll_ms = 2\n");
    let appenders = Appenders::start_with(&project, 4, times(30, 6), &mut dice);
    let mut client = project.reads();
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let follower = Running::start(&project, &["run"]);
    let stop = AtomicBool::new(false);
    let mut locked_ms: Vec<f64> = Vec::new();
    let mut attempts = 0;
    let seen: Vec<(&str, Result<Seen, String>)> = std::thread::scope(|scope| {
        let (project, stop) = (&project, &stop);
        let readers: Vec<_> = READERS
            .iter()
            .map(|(name, how)| (*name, scope.spawn(move || self::read(project, name, *how, stop))))
            .collect();
        let switches = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for turn in 0..5 {
                if turn == 2 {
                    change_order_summary(project);
                }
                let name = if turn == 3 { "customer_activity" } else { "order_summary" };
                let built = project.json(&["rebuild", name, "--promote"]);
                let promoted = &built["builds"][0]["promoted"];
                locked_ms.extend(promoted["locked_ms"].as_f64());
                attempts += promoted["attempts"].as_u64().unwrap_or_else(|| panic!("{built}"));
                let build = built["builds"][0]["build"].as_str().unwrap();
                let before = position(&mut client, build);
                appenders.wait_for_more(20);
                wait_until("the new build to be followed", || {
                    position(&mut client, build) > before
                });
                let back = project.json(&["rollback", name]);
                locked_ms.extend(back["locked_ms"].as_f64());
                project.ok(&["prune", name, "--keep", "0"]);
            }
        }));
        stop.store(true, Ordering::Relaxed);
        let seen = readers.into_iter().map(|(name, r)| (name, r.join().unwrap())).collect();
        if let Err(panic) = switches {
            std::panic::resume_unwind(panic);
        }
        seen
    });
    for (name, seen) in &seen {
        assert!(seen.is_ok(), "{seen:?}");
        println!("{name}: {seen:?}");
    }
    println!("{attempts} attempts of 5 promotes; views locked for {locked_ms:?} ms");
    assert_eq!(follower.stop().code, 0);
    let tally = appenders.stop();
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(oracle::every_build_is_right(&mut client), 2);
    assert!(one::<i64>(&mut client, ORDERS) > 64);
    println!("{tally:?}");
}
