//! `wait`, and the same in SQL: until readers see what was appended.

use std::process::Child;

use postgres::Client;
use serde_json::json;

use crate::bench::{Project, Ran, rows, wait_until};
use crate::first_light::ORDERS;

fn orders() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    project
}

/// Appends an order; gives its position.
fn order(client: &mut Client, id: &str) -> i64 {
    let event = json!([{"type": "OrderCreated", "payload":
        {"order_id": id, "customer_id": "c1", "customer_name": "N"}}]);
    client.query("SELECT event_store.append($1, -1, $2)", &[&id, &event]).unwrap();
    client.query_one("SELECT max(position) FROM event_store.events", &[]).unwrap().get(0)
}

fn ended(child: Child) -> Ran {
    Ran::from(child.wait_with_output().unwrap(), &["wait"])
}

#[test]
fn it_ends_as_soon_as_readers_see_it_and_not_before() {
    let project = orders();
    let mut client = project.events();
    assert!(project.ok(&["wait", "order_summary", "--now"]).starts_with(
        "readers of order_summary see everything up to position 6,000 (order_summary__b1, after "
    ));
    let position = order(&mut client, "new");
    // Nobody brings it there.
    let late = project.run(&["wait", "order_summary", "--now", "--timeout", "50ms"]);
    assert_eq!(late.code, 11, "{}", late.stderr);
    assert!(
        late.stderr.contains(
            "order_summary__b1 is at position 6000 and did not come to 6001 within 50ms (nobody follows it)"
        ),
        "{}",
        late.stderr
    );
    assert!(late.stderr.contains("regrow status"), "{}", late.stderr);
    let text = position.to_string();
    let waits = project.spawn(&[
        "wait",
        "order_summary",
        "--position",
        &text,
        "--timeout",
        "10m",
        "--json",
    ]);
    let asks = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'regrow wait'";
    wait_until("the wait to look", || rows(&mut client, asks) != ["(0)"]);
    // What it waits for is the build that readers see by then, and not one that is ready.
    project.write("projections/order_summary/projection.toml", "on_error = \"park\"\n");
    project.ok(&["rebuild", "order_summary"]);
    let ready = "SELECT min(position) FROM regrow.checkpoint";
    assert_eq!(rows(&mut client, ready), ["(6000)"], "the live build stands where it stood");
    project.ok(&["promote", "order_summary"]);
    let ran = ended(waits);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&told["build"], &told["goal"]), (&json!("order_summary__b2"), &json!(position)));
}

#[test]
fn what_will_not_come_by_waiting_is_told_at_once() {
    let project = orders();
    let mut client = project.events();
    let refused = |args: &[&str], code: i32, words: &str| {
        let ran = project.run(&[&["wait"], args, &["--timeout", "10m"]].concat());
        assert!(ran.code == code && ran.stderr.contains(words), "{args:?}: {}", ran.stderr);
    };
    refused(&["nothing", "--now"], 2, "nothing");
    refused(&["customer_activity", "--now"], 1, "regrow rebuild customer_activity --promote");
    refused(&["order_summary"], 2, "--now");
    assert_eq!(project.run(&["wait", "order_summary", "--now", "--timeout", "5"]).code, 2);
    // An event stops it.
    let bad = "SELECT event_store.append('bad', -1, '[{\"type\": \"OrderCreated\", \"payload\": {\"order_id\": \"x\"}}]')";
    client.batch_execute(bad).unwrap();
    assert_ne!(project.run(&["run", "--until-caught-up"]).code, 0);
    refused(
        &["order_summary", "--now"],
        11,
        "stands at position 6000, before 6001: an event stopped it",
    );
    // The log was set back: its positions are not those that the build has read.
    client
        .batch_execute(
            "ALTER TABLE event_store.events DISABLE TRIGGER USER; DELETE FROM event_store.events WHERE position > 10; \
             SELECT setval(pg_get_serial_sequence('event_store.events', 'position'), 10)",
        )
        .unwrap();
    let ran = project.run(&["wait", "order_summary", "--now"]);
    assert!(ran.code != 0 && ran.code != 11, "{} {}", ran.code, ran.stdout);
    assert!(ran.stderr.contains("the log"), "{}", ran.stderr);
}

#[test]
fn an_application_waits_in_sql_with_two_rights() {
    let project = orders();
    let mut client = project.events();
    let role = format!("waiter_{}", project.database.name());
    client
        .batch_execute(&format!(
            "CREATE ROLE {role}; GRANT USAGE ON SCHEMA regrow TO {role}; \
             GRANT SELECT ON regrow.live_position TO {role}; SET ROLE {role}"
        ))
        .unwrap();
    let asked = |client: &mut Client, position: i64, within: &str| -> bool {
        let sql = format!("SELECT regrow.wait_for('order_summary', {position}, '{within}')");
        client.query_one(&sql, &[]).unwrap().get(0)
    };
    assert!(asked(&mut client, 6_000, "0 s"));
    let mut writer = project.events();
    let position = order(&mut writer, "new");
    assert!(!asked(&mut client, position, "10 ms"));
    let mut waiter = project.events();
    waiter.batch_execute(&format!("SET ROLE {role}; BEGIN")).unwrap();
    let waits = std::thread::spawn(move || asked(&mut waiter, position, "10 min"));
    project.ok(&["run", "--until-caught-up"]);
    assert!(waits.join().unwrap());
    let refused = |client: &mut Client, sql: &str, words: &str| {
        let error = client.batch_execute(sql).unwrap_err();
        assert!(error.as_db_error().unwrap().message().contains(words), "{error:?}");
        client.batch_execute("ROLLBACK").unwrap();
    };
    let wait = "SELECT regrow.wait_for('order_summary', 7000)";
    refused(
        &mut client,
        &format!("BEGIN ISOLATION LEVEL REPEATABLE READ; {wait}"),
        "repeatable read",
    );
    refused(&mut client, &format!("BEGIN ISOLATION LEVEL SERIALIZABLE; {wait}"), "serializable");
    refused(&mut client, "SELECT regrow.wait_for('nothing', 1)", "has no live build");
    for nothing in ["NULL, 1", "'order_summary', NULL", "'order_summary', 1, NULL"] {
        refused(&mut client, &format!("SELECT regrow.wait_for({nothing})"), "one of them is NULL");
    }
    refused(&mut client, "SELECT * FROM regrow.build", "permission denied");
    client.batch_execute(&format!("RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}
