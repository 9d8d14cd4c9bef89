//! Rows that are made again under appends and a follower, each at a random moment.
//!
//! `REGROW_REPAIRS` says how many; scripts/repairs.sh runs 10,000. The control repairs without the lock that followers wait
//! for, and rows have to be wrong.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use nix::sys::signal::Signal;
use regrow::context::Context;
use regrow::pg::Server;
use regrow::progress::{Interrupt, Unobserved};
use regrow::repair::{self, Request};

use super::table::{Scenario, times};
use super::{Dice, Running, append_orders, change_order_summary};
use crate::bench::{Database, Project};

/// Events for each repair, so that a row is not made of more and more of them.
const EVENTS: usize = 8;

fn context(project: &Project) -> Context {
    let server = Server::parse(&project.database.url()).unwrap();
    Context {
        project: regrow::project::Project::open(project.folder.path()).unwrap(),
        event_store: server.clone(),
        standbys: Vec::new(),
        read_models: server,
        scratch: None,
        observer: Arc::new(Unobserved),
        interrupt: Interrupt::new(),
        said: regrow::context::Said::default(),
    }
}

#[test]
fn rows_are_made_again_under_appends_and_a_follower() {
    let mut scenario = Scenario::new("F25 rows made again under appends and a follower");
    let mut dice = Dice::new("repairs");
    let wanted = std::env::var("REGROW_REPAIRS").ok().map(|text| text.parse().unwrap());
    let wanted: usize = wanted.unwrap_or_else(|| times(200, 10_000));
    let project = Project::orders_on(Database::on_a_careless_server());
    project.write("config.toml", "[follow]\npoll_ms = 1\n");
    project.ok(&["migrate"]);
    append_orders(&mut project.events(), 200);
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    change_order_summary(&project);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let follower = Running::start_as(&project, &["run"], |_| ());
    let context = context(&project);
    // A few are appended while one row is made again.
    let (turn, turns) = sync_channel::<()>(1);
    std::thread::scope(|scope| {
        let mut appends = dice.fork();
        let project = &project;
        let appender = scope.spawn(move || {
            let mut client = project.events();
            let sql = "SELECT event_store.append($1::text, NULL, jsonb_build_array(jsonb_build_object( \
                       'type', $2::text, 'payload', $3::text::jsonb)))";
            for () in turns.iter().flat_map(|turn| std::iter::repeat_n(turn, EVENTS)) {
                let order = format!("order-{}", appends.below(40));
                let quantity = 1 + appends.below(4);
                let item = format!("{{\"order_id\": \"{order}\", \"quantity\": {quantity}, \"price\": \"1.50\"}}");
                let event = ("OrderItemAdded", item);
                client.execute(sql, &[&order, &event.0, &event.1]).unwrap();
            }
        });
        let mut client = project.reads();
        for _ in 0..wanted {
            let order = format!("order-{}", dice.below(40));
            let build = *dice.of(&["order_summary__b1", "order_summary__b2"]);
            let damage = match dice.below(4) {
                0 => format!("DELETE FROM {build}.order_summary WHERE id = '{order}'"),
                1 => {
                    format!("UPDATE {build}.order_summary SET item_count = -1 WHERE id = '{order}'")
                }
                2 => format!(
                    "UPDATE {build}.order_summary SET status = 'x', total_amount = 0 WHERE id = '{order}'"
                ),
                _ => "SELECT".to_owned(),
            };
            client.batch_execute(&damage).unwrap();
            turn.send(()).unwrap();
            let key = vec![("id".to_owned(), order)];
            let request = Request { name: "order_summary".into(), key, ..Request::default() };
            if let Err(error) = repair::repair(&context, &request) {
                scenario.unhandled(error.to_string());
            }
            scenario.ran();
        }
        drop(turn);
        appender.join().unwrap();
    });
    follower.signal(Signal::SIGTERM);
    drop(follower);
    project.ok(&["run", "--until-caught-up"]);
    scenario.judge(&mut project.reads());
    scenario.end();
}

/// Orders that the control makes again, each of them once.
#[cfg(feature = "failpoints")]
const CONTROLS: usize = 60;

/// What the test above rests on: a repair that does not lock the builds loses what a follower writes meanwhile, or counts
/// it twice.
#[cfg(feature = "failpoints")]
#[test]
fn without_the_lock_rows_are_wrong() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    let mut scenario = Scenario::new("control: rows made again without the lock");
    let project = Project::orders_on(Database::on_a_careless_server());
    project.write("config.toml", "[follow]\npoll_ms = 1\n");
    project.ok(&["migrate"]);
    append_orders(&mut project.events(), 64);
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let follower = Running::start_as(&project, &["run"], |_| ());
    let (now, over) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        // Appends to the order that is made again, and to no other.
        scope.spawn(|| {
            let mut client = project.events();
            let sql = "SELECT event_store.append('order-' || $1::bigint, NULL, jsonb_build_array(jsonb_build_object( \
                       'type', 'OrderItemAdded', 'payload', jsonb_build_object('order_id', 'order-' || $1::bigint, \
                       'quantity', 1, 'price', '1.50'))))";
            while over.load(Ordering::Relaxed) == 0 {
                let order = i64::try_from(now.load(Ordering::Relaxed)).unwrap();
                client.execute(sql, &[&order]).unwrap();
            }
        });
        for order in 0..CONTROLS {
            now.store(order, Ordering::Relaxed);
            let key = format!("id=order-{order}");
            let mut command = project.command(&["rebuild", "order_summary", "--key", &key]);
            command.env("FAILPOINTS", "without::repair_lock=return");
            let output = command.output().unwrap();
            if !output.status.success() {
                scenario.unhandled(String::from_utf8_lossy(&output.stderr));
            }
            scenario.ran();
        }
        over.store(1, Ordering::Relaxed);
    });
    follower.signal(Signal::SIGTERM);
    drop(follower);
    project.ok(&["run", "--until-caught-up"]);
    let wrong = scenario.judge(&mut project.reads());
    assert!(wrong > 0, "without the lock nothing was wrong");
    scenario.end_of_control();
}
