//! A row that is made again while a follower is at work.

use std::process::{Child, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use super::orders;
use crate::bench::{Project, Ran, rows, wait_until};

/// Whether a process is stopped by a signal (proc(5), the third field of stat).
fn is_stopped(pid: Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).unwrap())
}

/// An event comes between the reading of the row's events and its transaction; gives the row's status.
fn overtaken(project: &Project, order: &str, more: &str) -> String {
    let mut client = project.events();
    let created = json!([{"type": "OrderCreated", "payload":
        {"order_id": order, "customer_id": "c1", "customer_name": "X"}}]);
    client.query("SELECT event_store.append($1, -1, $2)", &[&order, &created]).unwrap();
    project.ok(&["run", "--until-caught-up"]);
    let mut command =
        project.command(&["rebuild", "order_summary", "--key", &format!("id={order}")]);
    command.env("FAILPOINTS", format!("repair::read::after=1*return(stop){more}"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    wait_until("the repair to stand still", || is_stopped(pid(&child)));
    let paid = json!([{"type": "OrderPaid", "payload": {"order_id": order}}]);
    client.query("SELECT event_store.append($1, NULL, $2)", &[&order, &paid]).unwrap();
    project.ok(&["run", "--until-caught-up"]);
    kill(pid(&child), Signal::SIGCONT).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap(), &["rebuild", "--key"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let sql = format!(
        "SELECT DISTINCT status FROM (SELECT id, status FROM order_summary__b1.order_summary UNION ALL \
         SELECT id, status FROM order_summary__b2.order_summary) AS t WHERE id = '{order}'"
    );
    rows(&mut client, &sql).concat()
}

#[test]
fn an_event_that_comes_meanwhile_is_not_lost() {
    let project = orders();
    assert_eq!(overtaken(&project, "order-with", ""), "(paid)");
    // Without the lock it is: from the build whose events were read before.
    let lost = overtaken(&project, "order-without", ";without::repair_lock=return");
    assert_eq!(lost, "(paid)(pending)");
}

#[test]
fn a_build_on_its_way_has_no_row_to_rely_on() {
    let project = orders();
    let handlers = project.read("projections/order_summary/handlers.sql");
    project
        .write("projections/order_summary/handlers.sql", &handlers.replace("'shipped'", "'sent'"));
    let mut command = project.command(&["rebuild", "order_summary"]);
    let output = command.env("FAILPOINTS", "native::write::after=1*return(kill)").output().unwrap();
    assert_eq!(output.status.code(), None);
    let ran = project.run(&["rebuild", "order_summary", "--key", "id=order-17"]);
    assert!(
        ran.code == 6 && ran.stderr.contains("regrow resume order_summary"),
        "{} {}",
        ran.code,
        ran.stderr
    );
    project.ok(&["resume", "order_summary"]);
    project.ok(&["rebuild", "order_summary", "--key", "id=order-17"]);
}

/// A follower that has the row in its memory must not write it back.
#[test]
fn a_follower_reads_the_row_again() {
    let project = orders();
    let mut client = project.events();
    let mut follower = project.spawn(&["run"]);
    let mut position = || {
        let sql = "SELECT min(c.position)::text FROM regrow.checkpoint c JOIN regrow.build b ON b.id = c.build_id \
                   WHERE b.schema_name IN ('order_summary__b1', 'order_summary__b2')";
        rows(&mut client, sql).concat().trim_matches(['(', ')']).parse::<i64>().unwrap()
    };
    let append = |payload: serde_json::Value, event_type: &str| -> i64 {
        let event = json!([{"type": event_type, "payload": payload}]);
        let append = "SELECT max(a.p) FROM event_store.append('order-17', NULL, $1) AS a (p)";
        project.events().query_one(append, &[&event]).unwrap().get(0)
    };
    let item = json!({"order_id": "order-17", "quantity": 1, "price": "1.00"});
    let at = append(item.clone(), "OrderItemAdded");
    wait_until("the follower to have the row", || position() >= at);
    // Two thirds of what the row is made of are gone.
    project
        .events()
        .batch_execute(
            "ALTER TABLE event_store.events DISABLE TRIGGER USER; \
             DELETE FROM event_store.events WHERE stream_id = 'order-17' AND event_type = 'OrderItemAdded'",
        )
        .unwrap();
    let told = project.json(&["rebuild", "order_summary", "--key", "id=order-17"]);
    assert_eq!(told["builds"][1]["row"]["item_count"], json!("0"), "{told}");
    let at = append(item, "OrderItemAdded");
    wait_until("the follower to go on", || position() >= at);
    kill(pid(&follower), Signal::SIGTERM).unwrap();
    follower.wait().unwrap();
    let counts = "SELECT item_count FROM order_summary__b2.order_summary WHERE id = 'order-17' UNION ALL \
                  SELECT item_count FROM order_summary__b1.order_summary WHERE id = 'order-17'";
    assert_eq!(rows(&mut project.reads(), counts), ["(1)", "(1)"]);
}
