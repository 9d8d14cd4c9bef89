//! `trace`: which events made a row.

mod declined;
mod indexes;

use serde_json::{Value, json};

use crate::bench::Project;
use crate::first_light::ORDERS;

const SCHEMA: &str = "
CREATE TABLE orders (id text PRIMARY KEY, status text NOT NULL, total numeric(12,2) NOT NULL DEFAULT 0);
CREATE TABLE line (order_id text, nr int, sku varchar(5), PRIMARY KEY (order_id, nr));
CREATE TABLE seen (kind text PRIMARY KEY, n bigint NOT NULL);
";

const HANDLERS: &str = "-- on Placed
INSERT INTO orders (id, status) VALUES (:order.id, 'placed');

-- on LineAdded
INSERT INTO line (order_id, nr, sku) VALUES (:order, :nr, :sku);
UPDATE orders SET total = total + :price::numeric WHERE id = :order;

-- on Paid
UPDATE orders SET status = 'paid' WHERE id = :order;

-- on Removed
DELETE FROM line WHERE order_id = :order AND nr = :nr;
";

/// The sample project, built and promoted.
fn orders() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    project
}

fn small(handlers: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__p.sql", SCHEMA);
    project.write("projections/p/handlers.sql", handlers);
    project.ok(&["migrate"]);
    project
}

fn append(project: &Project, stream: &str, event_type: &str, payload: &str) {
    let sql = "SELECT event_store.append($1::text, NULL, jsonb_build_array(jsonb_build_object( \
               'type', $2::text, 'payload', $3::text::jsonb)))";
    project.events().execute(sql, &[&stream, &event_type, &payload]).unwrap();
}

/// Each change in one line: position, place and the columns before and after.
fn lines(traced: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or("NULL".to_owned(), str::to_owned);
    let one = |change: &Value| {
        let columns = change["columns"].as_array().unwrap().iter();
        let columns: Vec<String> = columns
            .map(|c| {
                format!("{} {} -> {}", text(&c["column"]), text(&c["before"]), text(&c["after"]))
            })
            .collect();
        format!(
            "{} {} {}: {} {}",
            change["position"],
            text(&change["type"]),
            change["line"],
            text(&change["what"]),
            columns.join(", ")
        )
    };
    traced["changes"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn the_events_of_one_order_are_told_with_what_each_changed() {
    let project = orders();
    let traced = project.json(&["trace", "order_summary", "--key", "id=order-17"]);
    assert_eq!(traced["agrees"], json!(true));
    assert_eq!(traced["bound_by"]["column"], json!("id"));
    assert_eq!(traced["bound_by"]["read_whole"], json!([]), "{traced}");
    assert_eq!((&traced["events_read"], &traced["events_replayed"]), (&json!(6), &json!(6)));
    assert_eq!(traced["replayed_in"], json!("memory"));
    let changes = traced["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 6, "{traced}");
    let first = &changes[0];
    assert_eq!(
        (&first["type"], &first["what"], &first["file"], &first["line"], &first["stream_id"]),
        (
            &json!("OrderCreated"),
            &json!("made"),
            &json!("projections/order_summary/handlers.sql"),
            &json!(2),
            &json!("order-17")
        )
    );
    assert!(first["recorded_at"].is_string() && first["payload"].is_null(), "{first}");
    assert_eq!(
        lines(&traced)[5].split(' ').skip(1).collect::<Vec<_>>().join(" "),
        "OrderPaid 12: changed status pending -> paid"
    );
    let row = &traced["row"];
    let reads = project.reads().query_one(
        "SELECT status, total_amount::text, item_count::text FROM read_model.order_summary WHERE id = 'order-17'", &[]).unwrap();
    for (nth, column) in ["status", "total_amount", "item_count"].into_iter().enumerate() {
        assert_eq!(row[column], json!(reads.get::<_, String>(nth)), "{row}");
    }

    let text = project.ok(&["trace", "order_summary", "--key", "id=order-17"]);
    assert!(text.starts_with("order_summary__b1.order_summary: id = order-17\n"), "{text}");
    assert!(text.contains("status: pending -> paid"), "{text}");
    assert!(text.contains("and so says the table"), "{text}");
    assert!(!text.contains("payload"), "{text}");
    let text =
        project.ok(&["trace", "order_summary", "--key", "id=order-17", "--payload", "--sql"]);
    assert!(text.contains("payload: {") && text.contains("COPY (SELECT"), "{text}");
}

#[test]
fn a_row_that_nothing_binds_costs_all_events_and_says_why() {
    let project = orders();
    let ran = project.run(&["trace", "customer_activity.customer_activity", "--key", "id=c17"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("so all were replayed"), "{}", ran.stdout);
    assert!(ran.stdout.contains("projections/customer_activity/handlers.sql:"), "{}", ran.stdout);
    let traced = project.json(&["trace", "customer_activity.customer_activity", "--key", "id=c17"]);
    assert_eq!((&traced["agrees"], &traced["bound_by"]), (&json!(true), &Value::Null));
    assert!(traced["not_bound"]["place"].is_string(), "{traced}");
    assert_eq!((&traced["events_read"], &traced["replayed_in"]), (&json!(6000), &json!("scratch")));
    let last = traced["changes"].as_array().unwrap().last().unwrap();
    assert_eq!(last["type"], json!("OrderPaid"), "{last}");
}

#[test]
fn a_trace_may_end_before_the_checkpoint() {
    let project = orders();
    let all = project.json(&["trace", "order_summary", "--key", "id=order-17"]);
    let second = all["changes"][1]["position"].to_string();
    let some =
        project.json(&["trace", "order_summary", "--key", "id=order-17", "--until", &second]);
    assert_eq!(lines(&some), &lines(&all)[..2]);
    assert_eq!((&some["agrees"], &some["row_of_table"]), (&Value::Null, &Value::Null));
    let far =
        project.json(&["trace", "order_summary", "--key", "id=order-17", "--until", "999999"]);
    assert_eq!((lines(&far), &far["agrees"]), (lines(&all), &json!(true)));
    assert_eq!(far["notes"].as_array().unwrap().len(), 1, "{far}");
    let none = project.json(&["trace", "order_summary", "--key", "id=nosuch"]);
    assert_eq!((lines(&none), &none["row"], &none["agrees"]), (vec![], &Value::Null, &json!(true)));
}

#[test]
fn a_name_and_a_key_that_are_none_are_told_with_what_would_be_right() {
    let project = orders();
    for (args, code, words) in [
        (&["nosuch", "--key", "id=1"][..], "table-unknown", "no build has a table nosuch"),
        (&["order_summary", "--key", "nr=1"], "key-invalid", "named by its key (id), not by (nr)"),
        (&["order_summary", "--key", "id=1", "--key", "status=x"], "key-invalid", "(id, status)"),
        (
            &["order_summary", "--key", "id=1", "--build", "7"],
            "build-unknown",
            "no build 7; it has 1",
        ),
        (
            &["customer_activity", "--key", "nr=1"],
            "table-unknown",
            "may be customer_activity.customer_activity (id)",
        ),
        (&["order_summary", "--key", "id"], "usage", "write COLUMN=VALUE"),
        (&["order_summary", "--key", "id=1", "--key", "id=2"], "usage", "given twice"),
    ] {
        let ran = project.run(&[&["trace"], args, &["--json"]].concat());
        assert_eq!(ran.code, 2, "{args:?} {}{}", ran.stdout, ran.stderr);
        let error: Value = serde_json::from_str(&ran.stderr).unwrap();
        assert_eq!(error["error"]["code"], json!(code), "{error}");
        assert!(error["error"]["message"].as_str().unwrap().contains(words), "{error}");
    }
    // A table by itself, and a projection whose tables have other keys.
    for name in ["customer_order", "customer_activity", "customer_activity.customer_order"] {
        let traced = project.json(&["trace", name, "--key", "order_id=order-3"]);
        assert_eq!((&traced["table"], &traced["agrees"]), (&json!("customer_order"), &json!(true)));
    }
    let live = project.json(&["trace", "order_summary", "--key", "id=order-3", "--build", "1"]);
    assert_eq!(live["build"], json!("order_summary__b1"));
}

#[test]
fn one_route_may_have_another_name_in_each_event() {
    let project = small(HANDLERS);
    append(&project, "a", "Placed", r#"{"order": {"id": "o1"}}"#);
    append(&project, "b", "Placed", r#"{"order": {"id": "o2"}}"#);
    append(&project, "a", "LineAdded", r#"{"order": "o1", "nr": 1, "sku": "x", "price": "2.50"}"#);
    append(&project, "b", "LineAdded", r#"{"order": "o2", "nr": 1, "sku": "y", "price": 3}"#);
    append(&project, "a", "LineAdded", r#"{"order": "o1", "nr": "2", "sku": "z", "price": 1}"#);
    append(&project, "a", "Removed", r#"{"order": "o1", "nr": 1}"#);
    append(&project, "a", "Paid", r#"{"order": "o1"}"#);
    project.ok(&["rebuild", "p", "--promote"]);
    let traced = project.json(&["trace", "orders", "--key", "id=o1"]);
    assert_eq!(
        lines(&traced),
        [
            "1 Placed 2: made id NULL -> o1, status NULL -> placed, total NULL -> 0.00",
            "3 LineAdded 6: changed total 0.00 -> 2.50",
            "5 LineAdded 6: changed total 2.50 -> 3.50",
            "7 Paid 9: changed status placed -> paid",
        ]
    );
    assert_eq!((&traced["agrees"], &traced["events_read"]), (&json!(true), &json!(4)));
    // Of the lines, the number is the narrower key only where each event of a line has it.
    let line = project.json(&["trace", "line", "--key", "nr=1", "--key", "order_id=o1"]);
    assert_eq!(
        lines(&line),
        [
            "3 LineAdded 5: made order_id NULL -> o1, nr NULL -> 1, sku NULL -> x",
            "6 Removed 12: deleted order_id o1 -> NULL, nr 1 -> NULL, sku x -> NULL",
        ]
    );
    assert_eq!((&line["agrees"], &line["row"]), (&json!(true), &Value::Null));

    let explained = project.json(&["rebuild", "--explain", "p"]);
    let tables = explained["projections"][0]["tables"].as_array().unwrap();
    let split: Vec<(&str, usize)> = tables
        .iter()
        .map(|t| (t["table"].as_str().unwrap(), t["split_by"].as_array().unwrap().len()))
        .collect();
    assert_eq!(split, [("line", 1), ("orders", 1), ("seen", 0)]);
    let text = project.ok(&["rebuild", "--explain", "p"]);
    assert!(
        text.contains(
            "table orders can be split by id (:order.id in Placed; :order in LineAdded, Paid)"
        ),
        "{text}"
    );
    assert!(text.contains("table line can be split by order_id (:order)"), "{text}");
    assert!(text.contains("table seen is written by no handler"), "{text}");
}

#[test]
fn a_statement_on_another_table_does_not_hide_a_row_of_this_one() {
    let handlers = format!(
        "{HANDLERS}\n-- on Counted\nUPDATE orders SET status = 'counted' WHERE id = :order;\n\
         INSERT INTO seen VALUES (:kind, 1) ON CONFLICT (kind) DO UPDATE SET n = seen.n * 4;\n"
    );
    let project = small(&handlers);
    project.write("projections/p/projection.toml", "on_error = \"park\"\n");
    append(&project, "a", "Placed", r#"{"order": {"id": "o1"}}"#);
    append(&project, "a", "Placed", r#"{"order": {"id": "o2"}}"#);
    // The table of kinds overflows by events of another order.
    for _ in 0..40 {
        append(&project, "b", "Counted", r#"{"order": "o2", "kind": "k"}"#);
    }
    append(&project, "a", "Counted", r#"{"order": "o1", "kind": "k"}"#);
    append(&project, "a", "Paid", r#"{"order": "o1"}"#);
    append(&project, "c", "Paid", r#"{"nothing": "o1"}"#);
    project.ok(&["rebuild", "p", "--promote"]);
    let traced = project.json(&["trace", "orders", "--key", "id=o1"]);
    assert_eq!(lines(&traced).len(), 2, "{traced}");
    assert_eq!((&traced["agrees"], &traced["row"]["status"]), (&json!(true), &json!("paid")));
    let parked = traced["parked"].as_array().unwrap();
    let found: Vec<(&Value, &Value)> =
        parked.iter().map(|p| (&p["position"], &p["is_of_key"])).collect();
    assert_eq!(found, [(&json!(43), &json!(true))], "{traced}");
    let text = project.ok(&["trace", "orders", "--key", "id=o1"]);
    assert!(text.contains("parked, and of this row: event 43"), "{text}");
    let text = project.ok(&["rebuild", "--explain", "p"]);
    assert!(
        text.contains("table orders cannot be split, but the events of one row are told by id"),
        "{text}"
    );
}

#[test]
fn a_change_by_hand_is_found() {
    let project = orders();
    project
        .reads()
        .batch_execute(
            "UPDATE order_summary__b1.order_summary SET status = 'lost' WHERE id = 'order-5'",
        )
        .unwrap();
    let ran = project.run(&["trace", "order_summary", "--key", "id=order-5"]);
    assert_eq!(ran.code, 10, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("status: events make paid, the table has lost"), "{}", ran.stdout);
    project
        .reads()
        .batch_execute("DELETE FROM order_summary__b1.order_summary WHERE id = 'order-5'")
        .unwrap();
    let ran = project.run(&["trace", "order_summary", "--key", "id=order-5", "--json"]);
    let traced: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.code, &traced["agrees"], &traced["row_of_table"]),
        (10, &json!(false), &Value::Null)
    );
}

#[test]
fn a_row_that_changes_its_key_is_told_where_it_went_and_came_from() {
    let handlers =
        format!("{HANDLERS}\n-- on Renamed\nUPDATE orders SET id = :now WHERE id = :order;\n");
    let project = small(&handlers);
    append(&project, "a", "Placed", r#"{"order": {"id": "o1"}}"#);
    append(&project, "a", "Paid", r#"{"order": "o1"}"#);
    append(&project, "a", "Renamed", r#"{"order": "o1", "now": "o9"}"#);
    project.ok(&["rebuild", "p", "--promote"]);
    let old = project.json(&["trace", "orders", "--key", "id=o1"]);
    assert_eq!((&old["agrees"], &old["row"]), (&json!(true), &Value::Null));
    assert_eq!(old["changes"][2]["went_to_key"], json!(["o9"]));
    let new = project.json(&["trace", "orders", "--key", "id=o9"]);
    assert_eq!((&new["agrees"], &new["row"]["status"]), (&json!(true), &json!("paid")));
    assert_eq!(new["changes"][0]["came_from_key"], json!(["o1"]));
    let text = project.ok(&["rebuild", "--explain", "p"]);
    assert!(text.contains("projections/p/handlers.sql:15:1: it changes orders.id"), "{text}");
}

/// A number is one key however it is written, and a log's server cannot tell all ways.
#[test]
fn a_number_is_one_key_however_it_is_written() {
    let handlers = "-- on Seen\nINSERT INTO n (id, times) VALUES (:id, 1) ON CONFLICT (id) DO UPDATE SET times = n.times + 1;\n";
    let project = small(handlers);
    project.write(
        "projections/p/schema/V1__p.sql",
        "CREATE TABLE n (id integer PRIMARY KEY, times int);",
    );
    for id in
        ["17", "\"17\"", "\" 17\"", "\"+17\"", "\"017\"", "18", "170", "117", "-17", "\"1 7\""]
    {
        append(&project, "a", "Seen", &format!("{{\"id\": {id}}}"));
    }
    project.write("projections/p/projection.toml", "on_error = \"park\"\n");
    project.ok(&["rebuild", "p", "--promote"]);
    let traced = project.json(&["trace", "n", "--key", "id=017"]);
    assert_eq!(
        (&traced["agrees"], &traced["row"]["times"]),
        (&json!(true), &json!("5")),
        "{traced}"
    );
    assert_eq!(traced["key"]["id"], json!("17"));
    // The six others that are no plain number but one, and the parked one, are left at the server.
    assert_eq!(
        (&traced["events_read"], &traced["events_replayed"]),
        (&json!(6), &json!(5)),
        "{traced}"
    );
    let wrong = project.run(&["trace", "n", "--key", "id=x"]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    assert!(
        wrong.stderr.contains("--key id=...: invalid input syntax for type integer"),
        "{}",
        wrong.stderr
    );
}

/// What stands in older versions under another name is found by the server, too.
#[test]
fn older_versions_are_picked_by_the_names_they_have() {
    let handlers = "-- on Seen\nINSERT INTO s (id, times) VALUES (:id, 1) ON CONFLICT (id) DO UPDATE SET times = s.times + 1;\n";
    let project = small(handlers);
    project.write(
        "projections/p/schema/V1__p.sql",
        "CREATE TABLE s (id text PRIMARY KEY, times int);",
    );
    project.write(
        "migrations/events/Seen.toml",
        "type = \"Seen\"\n[[step]]\nfrom = 1\nrename = { key = \"id\" }\n[[step]]\nfrom = 2\njq = '.n = 1 | del(.m)'\n",
    );
    let put = |version: i32, payload: &str| {
        let sql = "SELECT event_store.append('a', NULL, jsonb_build_array(jsonb_build_object( \
                   'type', 'Seen', 'schema_version', $1::int, 'payload', $2::text::jsonb)))";
        project.events().execute(sql, &[&version, &payload]).unwrap();
    };
    put(1, r#"{"key": "a"}"#);
    put(1, r#"{"key": "b"}"#);
    put(2, r#"{"id": "a", "m": 3}"#);
    put(3, r#"{"id": "a", "key": "b"}"#);
    put(3, r#"{"id": "c"}"#);
    project.ok(&["rebuild", "p", "--promote"]);
    let traced = project.json(&["trace", "s", "--key", "id=a"]);
    assert_eq!(
        (&traced["agrees"], &traced["row"]["times"]),
        (&json!(true), &json!("3")),
        "{traced}"
    );
    assert_eq!(
        (&traced["events_read"], &traced["bound_by"]["read_whole"]),
        (&json!(3), &json!([]))
    );
    let traced = project.json(&["trace", "s", "--key", "id=b"]);
    // One event has the name of before beside the new one: it is read, and is not of the key.
    assert_eq!(
        (&traced["events_read"], &traced["events_replayed"]),
        (&json!(2), &json!(1)),
        "{traced}"
    );
}

#[test]
fn a_trace_leaves_nothing_behind() {
    let project = orders();
    let everything = "SELECT nspname, oid::text FROM pg_namespace UNION ALL SELECT datname, oid::text FROM pg_database \
                      WHERE datname LIKE 'regrow%' UNION ALL SELECT tgname, oid::text FROM pg_trigger ORDER BY 1, 2";
    let before = crate::bench::rows(&mut project.reads(), everything);
    project.ok(&["trace", "order_summary", "--key", "id=order-17"]);
    assert_eq!(crate::bench::rows(&mut project.reads(), everything), before);
}

#[test]
fn an_event_is_told_with_the_rows_that_it_changed() {
    let project = orders();
    let paid = project.json(&["trace", "order_summary", "--key", "id=order-17"]);
    let at = paid["changes"][5]["position"].to_string();
    let told = project.json(&["trace", "--event", &at]);
    assert_eq!(told["event"]["type"], json!("OrderPaid"));
    let projections = told["projections"].as_array().unwrap();
    let names: Vec<(&Value, &Value)> =
        projections.iter().map(|p| (&p["projection"], &p["outcome"])).collect();
    assert_eq!(
        names,
        [(&json!("customer_activity"), &json!("ran")), (&json!("order_summary"), &json!("ran"))]
    );
    let summary = &projections[1];
    assert_eq!((&summary["bound_by"], &summary["events_before"]), (&json!("id"), &json!(5)));
    assert_eq!(summary["rows"][0]["key"], json!({"id": "order-17"}));
    assert_eq!(summary["rows"][0]["before"]["status"], json!("pending"));
    assert_eq!(summary["rows"][0]["after"], paid["row"]);
    // The same as a trace of the row by the other way, where all events before it are replayed.
    let activity = &projections[0];
    assert_eq!(
        (&activity["bound_by"], activity["rows"].as_array().unwrap().len()),
        (&Value::Null, 1)
    );
    let row = project.json(&[
        "trace",
        "customer_activity.customer_activity",
        "--key",
        "id=c17",
        "--until",
        &at,
    ]);
    assert_eq!(activity["rows"][0]["after"], row["row"]);

    let text = project.ok(&["trace", "--event", &at, "order_summary", "--payload"]);
    assert!(text.contains("status: pending -> paid") && text.contains("payload: {"), "{text}");
    assert!(!text.contains("customer_activity"), "{text}");
    let none = project.run(&["trace", "--event", "999999"]);
    assert_eq!(none.code, 2, "{}", none.stderr);
    assert!(none.stderr.contains("no event at position 999999"), "{}", none.stderr);
    let both = project.run(&["trace", "order_summary", "--event", "1", "--key", "id=1"]);
    assert_eq!(both.code, 2, "{}", both.stderr);
}

#[test]
fn an_event_may_be_ignored_parked_or_not_read_yet() {
    let handlers = format!(
        "{HANDLERS}\n-- on Everything\nUPDATE orders SET status = 'all', total = total + 1;\n"
    );
    let project = small(&handlers);
    project.write("projections/p/projection.toml", "on_error = \"park\"\n");
    append(&project, "a", "Placed", r#"{"order": {"id": "o1"}}"#);
    append(&project, "a", "Placed", r#"{"order": {"id": "o2"}}"#);
    append(&project, "a", "Placed", r#"{"order": {"id": "o1"}}"#);
    append(&project, "a", "Other", r#"{}"#);
    append(&project, "a", "Everything", r#"{}"#);
    project.ok(&["rebuild", "p", "--promote"]);
    append(&project, "a", "Placed", r#"{"order": {"id": "o3"}}"#);
    let told = |at: &str| project.json(&["trace", "--event", at])["projections"][0].clone();
    let parked = told("3");
    assert_eq!(
        (&parked["outcome"], &parked["failure"]["code"]),
        (&json!("parked"), &json!("constraint-violated"))
    );
    assert_eq!(told("4")["outcome"], json!("ignored"));
    assert_eq!(told("6")["outcome"], json!("unread"));
    let all = told("5");
    let keys: Vec<&Value> =
        all["rows"].as_array().unwrap().iter().map(|r| &r["key"]["id"]).collect();
    assert_eq!(keys, [&json!("o1"), &json!("o2")]);
    assert_eq!(all["rows"][0]["after"]["total"], json!("1.00"));
}

/// Rows that revisions made, and events that only PostgreSQL can apply, are for scratch.
#[test]
fn what_memory_cannot_tell_is_told_by_scratch() {
    let handlers = "-- on Seen\nINSERT INTO s (id, at, times) VALUES (:id, :at, 1) \
                    ON CONFLICT (id) DO UPDATE SET at = EXCLUDED.at, times = s.times + 1;\n";
    let project = small(handlers);
    let table = "CREATE TABLE s (id text PRIMARY KEY, at timestamptz, times int);";
    project.write("projections/p/schema/V1__p.sql", table);
    append(&project, "a", "Seen", r#"{"id": "plain", "at": "2026-01-01T10:00:00Z"}"#);
    append(&project, "a", "Seen", r#"{"id": "odd", "at": "January 8, 99 BC"}"#);
    append(&project, "a", "Seen", r#"{"id": "odd", "at": "2026-01-01T10:00:00Z"}"#);
    project.ok(&["rebuild", "p", "--promote"]);
    let told = |project: &Project, id: &str| {
        let traced = project.json(&["trace", "s", "--key", &format!("id={id}")]);
        assert_eq!(traced["agrees"], json!(true), "{traced}");
        let changes = traced["changes"].as_array().unwrap().len();
        (
            traced["replayed_in"].as_str().unwrap().to_owned(),
            changes,
            traced["row"]["times"].clone(),
        )
    };
    assert_eq!(told(&project, "plain"), ("memory".into(), 1, json!("1")));
    assert_eq!(told(&project, "odd"), ("scratch".into(), 2, json!("2")));
    project.write(
        "projections/p/schema/V2__first.sql",
        "INSERT INTO s VALUES ('plain', '2025-01-01', 10), ('first', NULL, 5);",
    );
    project.ok(&["rebuild", "p", "--promote"]);
    assert_eq!(told(&project, "plain"), ("scratch".into(), 1, json!("11")));
    assert_eq!(told(&project, "first"), ("scratch".into(), 0, json!("5")));
    let text = project.ok(&["trace", "s", "--key", "id=first"]);
    assert!(text.contains("the row is what the revisions made"), "{text}");
}

/// A trace in memory only looks at the live build: who may not write can ask.
#[test]
fn who_may_only_read_can_trace() {
    let project = orders();
    project
        .reads()
        .batch_execute(&format!(
            "ALTER DATABASE {} SET default_transaction_read_only = on",
            project.database.name()
        ))
        .unwrap();
    let traced = project.json(&["trace", "order_summary", "--key", "id=order-17"]);
    assert_eq!((&traced["agrees"], &traced["replayed_in"]), (&json!(true), &json!("memory")));
}

/// What is parked is one of the events that an upcaster made of one: the others were applied.
#[test]
fn a_part_that_is_parked_leaves_the_others() {
    let unbound = format!(
        "{HANDLERS}\n-- on Closed\nUPDATE orders SET status = 'closed' WHERE status = :was;\n"
    );
    for (handlers, by) in [(HANDLERS, json!("id")), (unbound.as_str(), Value::Null)] {
        let project = small(handlers);
        project.write("projections/p/projection.toml", "on_error = \"park\"\n");
        project.write(
            "migrations/events/Lines.toml",
            "type = \"Lines\"\n[[step]]\nfrom = 1\ntype = \"LineAdded\"\nto = 1\n\
             jq = '.lines[]'\n",
        );
        append(&project, "a", "Placed", r#"{"order": {"id": "o1"}}"#);
        append(&project, "a", "Placed", r#"{"order": {"id": "o2"}}"#);
        append(
            &project,
            "a",
            "Lines",
            r#"{"lines": [{"order": "o1", "nr": 1, "sku": "a", "price": 1},
                          {"order": "o1", "nr": 1, "sku": "b", "price": 2},
                          {"order": "o2", "nr": 1, "sku": "c", "price": 4},
                          {"order": "o1", "nr": 2, "sku": "d", "price": 8}]}"#,
        );
        append(&project, "a", "Paid", r#"{"order": "o1"}"#);
        project.ok(&["rebuild", "p", "--promote"]);
        let traced = project.json(&["trace", "orders", "--key", "id=o1"]);
        assert_eq!(
            (&traced["agrees"], &traced["row"]["total"], &traced["bound_by"]["column"]),
            (&json!(true), &json!("9.00"), &by),
            "{traced}"
        );
        let parts: Vec<(&Value, &Value)> = traced["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| (&change["position"], &change["part"]))
            .collect();
        let number = |n: i64| json!(n);
        assert_eq!(
            parts,
            [
                (&number(1), &number(0)),
                (&number(3), &number(0)),
                (&number(3), &number(3)),
                (&number(4), &number(0))
            ]
        );
        let parked = traced["parked"].as_array().unwrap();
        assert_eq!((parked.len(), &parked[0]["part"]), (1, &number(1)), "{traced}");
        let told = project.json(&["trace", "--event", "3"]);
        let rows = told["projections"][0]["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 6, "{told}");
        assert_eq!(told["projections"][0]["parked_parts"][0]["part"], number(1));
        // Events are counted, and not what upcasters made of each.
        let replayed = if by.is_null() { 4 } else { 3 };
        assert_eq!(traced["events_replayed"], number(replayed), "{traced}");
        let told = project.json(&["trace", "--event", "4"]);
        assert_eq!(told["projections"][0]["events_before"], number(3), "{told}");
        assert!(project.ok(&["parked", "show", "p", "3"]).contains("event 3 part 1 (Lines"));
    }
}
