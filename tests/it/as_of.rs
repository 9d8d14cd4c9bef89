//! `as-of`: read models of a moment, in a schema of their own.

use serde_json::{Value, json};

use crate::bench::{Project, Ran, differences, rows, wait_until};
use crate::first_light::ORDERS;

/// The sample project. Events are a second apart from 2026-03-01 on.
fn orders() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let mut client = project.events();
    client.batch_execute(ORDERS).unwrap();
    client
        .batch_execute(
            "ALTER TABLE event_store.events DISABLE TRIGGER USER; \
             UPDATE event_store.events SET recorded_at = '2026-03-01 00:00:00+00'::timestamptz + position * interval '1 second'",
        )
        .unwrap();
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    project
}

/// The orders that SQL makes of a part of the log.
fn truth(until: i64) -> String {
    format!(
        "SELECT payload->>'order_id' AS id FROM event_store.events \
          WHERE event_type = 'OrderCreated' AND position <= {until}"
    )
}

#[test]
fn several_projections_are_shown_at_one_moment() {
    let project = orders();
    let mut client = project.events();
    let live = rows(&mut client, "SELECT id, status FROM read_model.order_summary ORDER BY id");
    for (moment, until) in [
        ("2026-03-01 00:50:00", 3_000),
        ("2026-03-01 01:00:00+00:30", 1_800),
        ("2026-03-01 00:16:40.5Z", 1_000),
        ("2026-03-01 00:00:01", 1),
        ("2026-03-02", 6_000),
    ] {
        let shown = project.json(&[
            "as-of",
            "order_summary",
            "customer_activity",
            "--at",
            moment,
            "--publish",
            "then",
        ]);
        assert_eq!(shown["position"], json!(until), "{moment}: {shown}");
        assert_eq!(
            (&shown["recorded_by_then_and_later_in_the_log"], &shown["without_a_time"]),
            (&json!(0), &json!(0))
        );
        let wrong =
            differences(&mut client, "SELECT id FROM \"then\".order_summary", &truth(until));
        assert_eq!(wrong, Vec::<String>::new(), "{moment}");
        let both = "SELECT (SELECT count(*) FROM \"then\".order_summary) = (SELECT count(*) FROM \"then\".customer_order)";
        assert_eq!(rows(&mut client, both).len(), 1);
        let listed = project.json(&["as-of", "list"]);
        assert_eq!(listed["as_of"][0]["position"], json!(until), "{listed}");
        project.ok(&["as-of", "drop", "then"]);
        let left =
            "SELECT count(*) FROM pg_namespace WHERE nspname = 'then' OR nspname ~ '__b[23456789]'";
        assert_eq!(rows(&mut client, left), ["(0)"]);
    }
    assert_eq!(
        rows(&mut client, "SELECT id, status FROM read_model.order_summary ORDER BY id"),
        live
    );
}

#[test]
fn what_a_clock_does_not_order_is_told() {
    let project = orders();
    let mut client = project.events();
    client
        .batch_execute(
            "UPDATE event_store.events SET recorded_at = '2026-03-01 00:00:10+00' WHERE position IN (2000, 2001); \
             UPDATE event_store.events SET recorded_at = '2026-03-01 05:00:00+00' WHERE position = 500",
        )
        .unwrap();
    let shown = project.json(&[
        "as-of",
        "order_summary",
        "--at",
        "2026-03-01 00:20:00",
        "--publish",
        "then",
    ]);
    // 500 was recorded later, so nothing from there on; of what was recorded by then, 501 to 1200 and two more.
    assert_eq!(shown["position"], json!(499), "{shown}");
    assert_eq!(shown["recorded_by_then_and_later_in_the_log"], json!(702), "{shown}");
    let refused = |args: &[&str], code: i32, words: &str| {
        let ran = project.run(&[&["as-of"], args].concat());
        assert!(
            ran.code == code && ran.stderr.contains(words),
            "{args:?}: {} {}",
            ran.code,
            ran.stderr
        );
    };
    let order = ["order_summary", "--publish", "then"];
    refused(&[&order[..], &["--at", "100"]].concat(), 1, "regrow as-of drop then");
    refused(&["order_summary", "--publish", "x", "--at", "2999-01-01"], 2, "has yet to come");
    refused(&["order_summary", "--publish", "x", "--at", "1999-01-01"], 2, "no event up to");
    refused(&["order_summary", "--publish", "x", "--at", "yesterday evening"], 2, "timestamp");
    refused(&["order_summary", "--publish", "x", "--at", "infinity"], 2, "has yet to come");
    refused(&["order_summary", "--publish", "x", "--at=-infinity"], 2, "no event up to");
    refused(
        &["order_summary", "--publish", "x", "--at", "99999999"],
        2,
        "the log ends at position 6000",
    );
    for (name, whose) in [
        ("read_model", "regrow"),
        ("regrow", "regrow"),
        ("event_store", "regrow"),
        ("order_summary__b9", "regrow"),
        ("public", "PostgreSQL"),
        ("pg_x", "PostgreSQL"),
    ] {
        let words = format!("a name that {whose} gives to schemas");
        refused(&["order_summary", "--publish", name, "--at", "100"], 2, &words);
    }
    client.batch_execute("CREATE SCHEMA theirs").unwrap();
    refused(&["order_summary", "--publish", "theirs", "--at", "100"], 1, "is there already");
    refused(&["order_summary", "--at", "100"], 2, "--publish");
    refused(&["drop", "nothing"], 2, "there are: then");
    let none: Value = project.json(&["as-of", "list"]);
    assert_eq!(
        none["as_of"].as_array().unwrap().len(),
        1,
        "what was refused has left nothing: {none}"
    );
}

#[test]
fn what_is_shown_stands_still_while_the_projection_lives_on() {
    let project = orders();
    project.ok(&["as-of", "order_summary", "--at", "3000", "--publish", "then"]);
    let mut client = project.events();
    let then = "SELECT t::text FROM \"then\".order_summary t ORDER BY id";
    let before = rows(&mut client, then);
    let event = json!([{"type": "OrderCreated", "payload":
        {"order_id": "new", "customer_id": "c1", "customer_name": "N"}}]);
    client.query("SELECT event_store.append('new', -1, $1)", &[&event]).unwrap();
    project.ok(&["run", "--until-caught-up"]);
    // Another definition, its promote and the way back, and a revision in place.
    let handlers = project.read("projections/order_summary/handlers.sql");
    project
        .write("projections/order_summary/handlers.sql", &handlers.replace("'shipped'", "'sent'"));
    project.ok(&["rebuild", "order_summary", "--promote"]);
    project.ok(&["rollback", "order_summary"]);
    project.ok(&["prune"]);
    project.ok(&["prune", "--unfinished"]);
    let ran = project.run(&["prune", "order_summary__b2"]);
    assert!(ran.code != 0 && ran.stderr.contains("regrow as-of drop then"), "{}", ran.stderr);
    assert_eq!(rows(&mut client, then), before);
    let status = project.ok(&["status"]);
    assert!(status.contains("as of, in then"), "{status}");
    let ran = project.run(&["cancel", "order_summary__b2"]);
    assert!(ran.code != 0 && ran.stderr.contains("regrow as-of drop then"), "{}", ran.stderr);
    assert_ne!(project.run(&["cancel", "order_summary"]).code, 0, "there is none to cancel");
    let ran = project.run(&["retire", "order_summary"]);
    assert!(ran.code != 0 && ran.stderr.contains("regrow as-of drop then"), "{}", ran.stderr);
    // What others hang on it is theirs.
    client
        .batch_execute("CREATE VIEW public.theirs AS SELECT id FROM \"then\".order_summary")
        .unwrap();
    let ran = project.run(&["as-of", "drop", "then"]);
    assert!(ran.code == 1 && ran.stderr.contains("public.theirs"), "{} {}", ran.code, ran.stderr);
    assert_eq!(rows(&mut client, then), before);
    client.batch_execute("DROP VIEW public.theirs; CREATE TABLE \"then\".theirs ()").unwrap();
    let ran = project.run(&["as-of", "drop", "then"]);
    assert!(ran.code == 1 && ran.stderr.contains("table \"then\".theirs"), "{}", ran.stderr);
    assert_eq!(rows(&mut client, then), before);
    client.batch_execute("DROP TABLE \"then\".theirs").unwrap();
    project.ok(&["as-of", "drop", "then"]);
}

/// A writer that began before the moment has a position above all that can be seen.
#[test]
fn who_is_writing_at_the_moment_is_waited_for() {
    let project = orders();
    let mut writer = project.events();
    let mut open = writer.transaction().unwrap();
    let event = json!([{"type": "OrderCreated", "payload":
        {"order_id": "late", "customer_id": "c1", "customer_name": "N"}}]);
    open.query("SELECT event_store.append('late', -1, $1)", &[&event]).unwrap();
    let mut client = project.events();
    let moment: String = client.query_one("SELECT clock_timestamp()::text", &[]).unwrap().get(0);
    let child = project.spawn(&["as-of", "order_summary", "--at", &moment, "--publish", "now"]);
    let asks = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'regrow as-of%'";
    wait_until("as-of to ask the log", || rows(&mut client, asks) != ["(0)"]);
    open.commit().unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap(), &["as-of"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let late = "SELECT count(*) FROM now.order_summary WHERE id = 'late'";
    assert_eq!(rows(&mut client, late), ["(1)"]);
}

#[test]
fn of_two_that_want_one_schema_one_gets_it() {
    let project = orders();
    let children: Vec<_> = ["3000", "2000"]
        .map(|at| project.spawn(&["as-of", "order_summary", "--at", at, "--publish", "one"]))
        .into_iter()
        .collect();
    let ran: Vec<Ran> = children
        .into_iter()
        .map(|child| Ran::from(child.wait_with_output().unwrap(), &["as-of"]))
        .collect();
    assert_eq!(ran.iter().filter(|ran| ran.code == 0).count(), 1);
    let listed = project.json(&["as-of", "list"]);
    assert_eq!(listed["as_of"][0]["builds"].as_array().unwrap().len(), 1, "{listed}");
    project.ok(&["as-of", "drop", "one"]);
    assert_eq!(project.json(&["as-of", "list"])["as_of"], json!([]));
}
