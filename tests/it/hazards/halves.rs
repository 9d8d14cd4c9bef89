//! Rows of which a second session commits half before their checkpoint: whatever stops the other
//! half, nothing of the first is left for the replay to meet.

use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::Client;

use super::failpoints::is_stopped;
use super::{change_order_summary, killed, one};
use crate::bench::{Project, differences, rows, wait_until};

/// As many rows as a load by halves needs.
const ORDERS: &str = "INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
    SELECT 'c' || n, 0, 'CustomerRegistered', 1, jsonb_build_object('customer_id', 'c' || n, 'name', 'Ann') \
    FROM generate_series(0, 99) AS n; \
    INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
    SELECT 'o' || n, 0, 'OrderCreated', 1, \
           jsonb_build_object('order_id', 'o' || n, 'customer_id', 'c' || n % 100, 'customer_name', 'Ann') \
    FROM generate_series(1, 30500) AS n";
/// One more event of each of some orders: it would find no row, or two.
const SHIPPED: &str = "INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
    SELECT 'o' || n, 1, 'OrderShipped', 1, jsonb_build_object('order_id', 'o' || n) FROM generate_series(1, 30500, 50) AS n";
const ROWS: &str = "SELECT count(*) FROM order_summary__b1.order_summary";
const UNDOING: &str = "SELECT count(*) FROM regrow.finish_step WHERE undoes";
const CHECKPOINT: &str = "SELECT position FROM regrow.checkpoint";

/// A project whose rebuild is a load by halves.
pub(super) fn many_orders(project: &Project) {
    project.write("config.toml", "");
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
}

/// The sql engine makes the same rows, indexes and keys.
pub(super) fn assert_as_the_server_alone(project: &Project, client: &mut Client) {
    project.ok(&["promote", "order_summary"]);
    project.write(
        "projections/order_summary/projection.toml",
        "engine = \"sql\"\non_error = \"park\"\n",
    );
    change_order_summary(project);
    project.ok(&["rebuild", "order_summary"]);
    let table = |build: u8| {
        format!(
            "SELECT id, customer_id, status, total_amount, created_at FROM order_summary__b{build}.order_summary"
        )
    };
    assert_eq!(differences(client, &table(1), &table(2)), [""; 0]);
    let mut indexes = |build: u8| {
        let schema = format!("order_summary__b{build}");
        let made = format!(
            "SELECT indexdef FROM pg_indexes WHERE tablename = 'order_summary' AND schemaname = '{schema}' ORDER BY 1"
        );
        let made = rows(client, &made);
        made.iter().map(|definition| definition.replace(&schema, "")).collect::<Vec<_>>()
    };
    let made = indexes(1);
    assert_eq!(made.len(), 2, "{made:?}");
    assert_eq!(made, indexes(2));
}

#[test]
fn rows_that_came_before_their_checkpoint_are_taken_back() {
    let project = Project::orders();
    many_orders(&project);
    let mut client = project.reads();
    killed(&project, &["rebuild", "order_summary"], "native::write::before");
    assert_eq!(one::<i64>(&mut client, ROWS), 15_250);
    assert_eq!(one::<i64>(&mut client, CHECKPOINT), 0);
    assert_eq!(one::<i64>(&mut client, UNDOING), 2, "a table to empty, a key to make");
    project.events().batch_execute(SHIPPED).unwrap();
    let resume = ["resume", "order_summary"];
    killed(&project, &resume, "ledger::undo::before");
    assert_eq!(one::<i64>(&mut client, ROWS), 15_250);
    killed(&project, &resume, "ledger::undo::after");
    assert_eq!((one::<i64>(&mut client, ROWS), one::<i64>(&mut client, UNDOING)), (0, 0));
    project.ok(&resume);
    assert_eq!(one::<i64>(&mut client, ROWS), 30_500);
    assert_eq!(one::<i64>(&mut client, UNDOING), 0);
    assert_as_the_server_alone(&project, &mut client);
}

#[test]
fn a_connection_that_is_lost_between_the_halves_is_made_again() {
    let project = Project::orders();
    many_orders(&project);
    let rebuilt = |at: &str| {
        let mut command = project.command(&["rebuild", "order_summary", "--promote"]);
        let output = command.env("FAILPOINTS", format!("{at}=1*return(error)")).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{told}");
        assert!(told.contains("failpoint"), "{told}");
    };
    rebuilt("load::rows::after");
    change_order_summary(&project);
    rebuilt("load::set_out::after");
    let mut client = project.reads();
    assert_eq!(one::<i64>(&mut client, ROWS), 30_500);
    let table = |build: u8| {
        format!(
            "SELECT id, customer_id, status, total_amount FROM order_summary__b{build}.order_summary"
        )
    };
    assert_eq!(differences(&mut client, &table(1), &table(2)), [""; 0]);
}

#[test]
fn a_half_that_the_server_refuses_is_run_in_sql() {
    let project = Project::orders();
    many_orders(&project);
    project.write("projections/order_summary/projection.toml", "on_error = \"park\"\n");
    let mut client = project.reads();
    let mut command = project.command(&["rebuild", "order_summary"]);
    command.env("FAILPOINTS", "load::set_out::after=1*return(stop)");
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
    wait_until("the rebuild to stand still", || is_stopped(pid));
    // Something that the program does not know of, in either half.
    client
        .batch_execute(
            "ALTER TABLE order_summary__b1.order_summary ADD CHECK (id NOT IN ('o7', 'o30000'))",
        )
        .unwrap();
    kill(pid, Signal::SIGCONT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let parked = rows(&mut client, "SELECT stream_id FROM regrow.parked_events ORDER BY 1");
    assert_eq!(parked, ["(o30000)", "(o7)"]);
    assert_eq!(one::<i64>(&mut client, ROWS), 30_498);
    assert_eq!(one::<i64>(&mut client, UNDOING), 0);
    let keys = "SELECT count(*) FROM pg_index WHERE indrelid = 'order_summary__b1.order_summary'::regclass";
    assert_eq!(one::<i64>(&mut client, keys), 2);
}
