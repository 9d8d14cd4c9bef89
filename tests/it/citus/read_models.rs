//! Read models on workers: made, followed, promoted, taken back, compared; and what keeps rows and checkpoint together.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use super::nodes::Nodes;
use super::{TABLES, asks_workers_again, orders, readers_see_the_truth, shown};
use crate::bench::{Project, wait_until};

/// Writes events of the demo's log beside a project: the first, and those from there to the last.
fn log(project: &Project, last: usize, first: usize) {
    let log = project.ok(&["demo", "--print-log", "--events", "1000"]);
    let lines: Vec<&str> = log.lines().take(last).collect();
    project.write("first.ndjson", &lines[..first].join("\n"));
    project.write("rest.ndjson", &lines[first..].join("\n"));
}

fn by(project: &Project, engine: &str) {
    let engine = format!("engine = \"{engine}\"\n");
    project.write("projections/order_summary/projection.toml", &engine);
    // A look-up that is inserted runs in SQL, which by the native engine would be a commit an event.
    project.write("projections/customer_activity/projection.toml", "engine = \"sql\"\n");
}

#[test]
fn both_engines_give_the_rows_of_plain_postgresql() {
    let plain = Project::orders();
    plain.ok(&["migrate"]);
    log(&plain, 800, 600);
    plain.ok(&["import", "first.ndjson"]);
    plain.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    plain.ok(&["import", "rest.ndjson"]);
    plain.ok(&["run", "--until-caught-up"]);
    let wanted = TABLES.map(|table| shown(&mut plain.reads(), table));
    for engine in ["native", "sql"] {
        let project = orders(Nodes::shared());
        by(&project, engine);
        project.write("first.ndjson", &plain.read("first.ndjson"));
        project.write("rest.ndjson", &plain.read("rest.ndjson"));
        project.ok(&["import", "first.ndjson"]);
        let told = project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
        assert!(told.contains(&format!("{engine} engine")), "{told}");
        let mut client = project.reads();
        let kinds =
            "SELECT string_agg(citus_table_type, ' ' ORDER BY table_name::text) FROM citus_tables";
        let kinds: String = client.query_one(kinds, &[]).unwrap().get(0);
        assert_eq!(kinds, "reference reference distributed");
        project.ok(&["import", "rest.ndjson"]);
        project.ok(&["run", "--until-caught-up"]);
        for (table, wanted) in TABLES.into_iter().zip(&wanted) {
            assert!(shown(&mut client, table) == *wanted, "{engine}: {table}");
        }
        readers_see_the_truth(&mut client);
    }
}

#[test]
fn a_build_is_promoted_taken_back_compared_and_dropped() {
    let project = orders(Nodes::shared());
    log(&project, 600, 500);
    project.ok(&["import", "first.ndjson"]);
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let handlers = "projections/order_summary/handlers.sql";
    let text = project.read(handlers);
    project.write(handlers, &text.replace("'pending'", "'open'"));
    let readers = Readers::start(&project);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let mut client = project.reads();
    let count = |client: &mut postgres::Client, status: &str| -> i64 {
        let sql = "SELECT count(*) FROM read_model.order_summary WHERE status = $1";
        client.query_one(sql, &[&status]).unwrap().get(0)
    };
    assert!(count(&mut client, "open") > 0 && count(&mut client, "pending") == 0);
    project.ok(&["import", "rest.ndjson"]);
    project.ok(&["run", "--until-caught-up"]);
    // The retired build was followed, too.
    project.ok(&["rollback", "order_summary"]);
    assert!(readers.end() > 10);
    project.write(handlers, &text);
    readers_see_the_truth(&mut client);
    let compared = project.json(&["verify", "customer_activity", "--against", "log"]);
    assert_eq!(compared["data"]["differences"].as_i64().unwrap_or(0), 0, "{compared}");
    assert!(compared.to_string().contains("customer_order"), "{compared}");
    // A row that is not what the log says is found, on whichever node it lies.
    let wrong = "UPDATE order_summary__b1.order_summary SET item_count = item_count + 1 WHERE id = 'order-7'";
    assert_eq!(client.execute(wrong, &[]).unwrap(), 1);
    let ran = project.run(&["verify", "order_summary", "--against", "log"]);
    assert!(ran.code == 10 && ran.stdout.contains("order-7"), "{}{}", ran.stdout, ran.stderr);
    project.ok(&["prune", "order_summary__b2"]);
    let left =
        "SELECT count(*) FROM citus_tables WHERE table_name::text LIKE 'order_summary\\_\\_b2.%'";
    assert_eq!(client.query_one(left, &[]).unwrap().get::<_, i64>(0), 0);
}

/// Citus commits a transaction that changed one worker alone on that worker first, unless it is told otherwise;
/// a crash before the coordinator's own commit would leave the rows without their checkpoint.
#[test]
fn an_event_that_changes_one_row_is_committed_in_two_phases() {
    let nodes = Nodes::shared();
    for engine in ["native", "sql"] {
        let project = orders(nodes);
        by(&project, engine);
        log(&project, 200, 150);
        project.ok(&["import", "first.ndjson"]);
        project.ok(&["rebuild", "order_summary", "--promote"]);
        let last = project.reads().query_one("SELECT max(id) FROM read_model.order_summary", &[]);
        let order: String = last.unwrap().get(0);
        let event =
            r#"[{"type": "OrderShipped", "payload": {"order_id": "{}"}}]"#.replace("{}", &order);
        let append = "SELECT event_store.append('one', -1, $1::text::jsonb)";
        let database = project.database.name();
        let asked = |statement: &str| -> usize {
            nodes.workers.iter().map(|node| node.asked(&database, statement)).sum()
        };
        let of_a_run = |faults: &str| {
            let before = asked("PREPARE TRANSACTION");
            let mut run = project.command(&["run", "--until-caught-up"]);
            assert!(run.env("FAILPOINTS", faults).status().unwrap().success());
            asked("PREPARE TRANSACTION") - before
        };
        let none = of_a_run("");
        assert_eq!(none, 0, "{engine}: nothing is made on workers when a run begins");
        project.events().query(append, &[&event]).unwrap();
        assert!(of_a_run("") > none, "{engine}");
        // The control: without the rule it is one phase. The native engine's statement asks all shards at once, which
        // is two phases in any case.
        if engine == "native" {
            continue;
        }
        let event = event.replace("Shipped", "Paid");
        project.events().query(&append.replace("'one'", "'other'"), &[&event]).unwrap();
        assert_eq!(of_a_run("without::two_phases=return"), none, "{engine}");
        let sql = "SELECT status FROM read_model.order_summary WHERE id = $1";
        let status: String = project.reads().query_one(sql, &[&order]).unwrap().get(0);
        assert_eq!(status, "paid");
    }
}

/// A worker that went away at a commit keeps it prepared, and shows the rows of before until it is taken up.
#[test]
fn what_is_left_prepared_on_a_worker_is_waited_for_before_rows_are_read() {
    for engine in ["native", "sql"] {
        assert_eq!(items_added_beside_a_hundred(engine, ""), 101, "{engine}");
    }
}

/// The control: the row of before is read and written back, and what was left prepared is lost.
#[test]
fn without_that_wait_it_is_lost() {
    assert_eq!(items_added_beside_a_hundred("native", "without::settled_workers=return"), 1);
}

/// By how much an order's items change when one is added while a hundred others are left prepared on a worker.
fn items_added_beside_a_hundred(engine: &str, faults: &str) -> i32 {
    let nodes = Nodes::shared();
    let project = orders(nodes);
    by(&project, engine);
    log(&project, 400, 300);
    project.ok(&["import", "first.ndjson"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let mut client = project.reads();
    let one = "SELECT id, shard_name('order_summary__b1.order_summary', get_shard_id_for_distribution_column(\
               'order_summary__b1.order_summary', id)), item_count FROM order_summary__b1.order_summary LIMIT 1";
    let row = client.query_one(one, &[]).unwrap();
    let (order, shard, items): (String, String, i32) = (row.get(0), row.get(1), row.get(2));
    let database = project.database.name();
    // As if it were of the batch before. The name is none of Citus', which would roll it back.
    let left = format!(
        "BEGIN; UPDATE {shard} SET item_count = item_count + 100 WHERE id = '{order}'; PREPARE TRANSACTION 'left-{database}'"
    );
    let has_it = |node: &&super::nodes::Node| {
        let sql = "SELECT to_regclass($1) IS NOT NULL";
        node.connect(&database).query_one(sql, &[&shard]).unwrap().get::<_, bool>(0)
    };
    let worker = nodes.workers.iter().find(has_it).unwrap();
    worker.connect(&database).batch_execute(&left).unwrap();
    let item = r#"[{"type": "OrderItemAdded", "schema_version": 3, "payload": {"order_id": "{}", "quantity": 1,
                    "unit_price_cents": 1, "currency": "USD"}}]"#;
    let append = "SELECT event_store.append('one', -1, $1::text::jsonb)";
    project.events().query(append, &[&item.replace("{}", &order)]).unwrap();
    let mut run = project.command(&["run", "--until-caught-up"]);
    let mut run = run.env("FAILPOINTS", faults).spawn().unwrap();
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                 AND wait_event_type = 'Lock'";
    let mut there = worker.connect(&database);
    let mut looks = BTreeSet::new();
    wait_until("a follower to wait for the worker", || {
        let waits: i64 = there.query_one(waits, &[]).unwrap().get(0);
        asks_workers_again(&mut client, &mut looks) || waits > 0
    });
    there.batch_execute(&format!("COMMIT PREPARED 'left-{database}'")).unwrap();
    assert!(run.wait().unwrap().success());
    let sql = "SELECT item_count FROM read_model.order_summary WHERE id = $1";
    let now: i32 = client.query_one(sql, &[&order]).unwrap().get(0);
    now - items
}

/// What is sent to a worker is read and printed by the settings of its sessions.
#[test]
fn a_worker_with_other_settings_is_refused() {
    let nodes = Nodes::shared();
    let project = orders(nodes);
    log(&project, 200, 150);
    project.ok(&["import", "first.ndjson"]);
    let database = project.database.name();
    let set = format!("ALTER DATABASE {database} SET extra_float_digits = 0");
    nodes.workers[1].connect("regrow").batch_execute(&set).unwrap();
    let ran = project.run(&["rebuild", "order_summary"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("extra_float_digits is 0 for our sessions on the worker"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("ALTER SYSTEM SET extra_float_digits = '1'"), "{}", ran.stderr);
}

/// Readers of a view who never rest.
struct Readers {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<usize>>,
}

impl Readers {
    fn start(project: &Project) -> Readers {
        let stop = Arc::new(AtomicBool::new(false));
        let read = |_| {
            let (stop, mut client) = (Arc::clone(&stop), project.reads());
            std::thread::spawn(move || {
                let mut reads = 0;
                while !stop.load(Ordering::Relaxed) {
                    let sql =
                        "SELECT count(*), sum(total_amount)::text FROM read_model.order_summary";
                    client.query_one(sql, &[]).unwrap_or_else(|error| panic!("{error:?}"));
                    reads += 1;
                }
                reads
            })
        };
        let threads = (0..2).map(read).collect();
        Readers { stop, threads }
    }

    /// How often they have read; none has met an error.
    fn end(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    }
}
