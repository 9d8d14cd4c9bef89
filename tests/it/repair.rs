//! `rebuild --key`: one row again, in every build, and nothing else.

use serde_json::{Value, json};

use crate::bench::{Project, rows};
use crate::first_light::ORDERS;

#[cfg(feature = "failpoints")]
mod erased;
mod races;
mod streams;

/// The sample project, promoted twice: `order_summary__b1` is retired, `order_summary__b2` live.
fn orders() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    project.write("projections/order_summary/projection.toml", "on_error = \"park\"\n");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    project
}

fn repaired(project: &Project, order: &str) -> Value {
    project.json(&["rebuild", "order_summary", "--key", &format!("id={order}")])
}

/// A sum over all rows of both builds.
fn content(project: &Project) -> Vec<String> {
    let of = |build: &str| {
        let sql = format!("SELECT t::text FROM {build}.order_summary t ORDER BY id");
        rows(&mut project.reads(), &sql)
    };
    [of("order_summary__b1"), of("order_summary__b2")].concat()
}

#[test]
fn a_damaged_row_is_made_again_in_every_build_and_no_other_is_touched() {
    let project = orders();
    let right = content(&project);
    let mut client = project.reads();
    client
        .batch_execute(
            "UPDATE order_summary__b1.order_summary SET status = 'odd', item_count = 99 WHERE id = 'order-17'; \
             DELETE FROM order_summary__b2.order_summary WHERE id = 'order-17'; \
             UPDATE order_summary__b2.order_summary SET status = 'wrong too' WHERE id = 'order-18'",
        )
        .unwrap();
    let others = "SELECT xmin::text, id FROM order_summary__b2.order_summary WHERE id <> 'order-17' ORDER BY id";
    let untouched = rows(&mut client, others);
    let told = repaired(&project, "order-17");
    assert_eq!(told["builds"][0]["state"], json!("retired"), "{told}");
    assert_eq!(told["builds"][0]["before"]["item_count"], json!("99"), "{told}");
    assert_eq!(told["builds"][1]["before"], Value::Null, "{told}");
    assert_eq!(told["builds"][0]["row"], told["builds"][1]["row"], "{told}");
    assert_eq!(rows(&mut client, others), untouched, "rows of other keys are not even written");
    repaired(&project, "order-18");
    assert_eq!(content(&project), right);
    // Nothing is wrong any more, and it is said.
    let text = project.ok(&["rebuild", "order_summary", "--key", "id=order-17"]);
    assert!(
        text.contains(
            "order_summary__b2.order_summary: id = order-17: the row is what it was, from"
        ),
        "{text}"
    );
    assert_eq!(text.lines().count(), 2, "{text}");
}

#[test]
fn an_erasure_reaches_live_and_retired_rows_and_a_rollback_does_not_undo_it() {
    let project = orders();
    let mut client = project.events();
    client
        .batch_execute(
            "ALTER TABLE event_store.events DISABLE TRIGGER USER; \
             UPDATE event_store.events SET payload = payload || '{\"customer_name\": \"erased\"}' \
              WHERE stream_id = 'order-17' AND event_type = 'OrderCreated'; \
             DELETE FROM event_store.events WHERE stream_id = 'order-18'",
        )
        .unwrap();
    let told = repaired(&project, "order-17");
    assert_eq!(told["builds"][1]["row"]["customer_name"], json!("erased"), "{told}");
    let told = repaired(&project, "order-18");
    assert_eq!(
        (&told["builds"][0]["row"], &told["builds"][1]["row"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(told["builds"][1]["events"], json!(0), "{told}");
    project.ok(&["rollback", "order_summary"]);
    let names = "SELECT id, customer_name FROM read_model.order_summary WHERE id IN ('order-17', 'order-18')";
    assert_eq!(rows(&mut client, names), ["(order-17,erased)"]);
}

#[test]
fn an_event_that_was_parked_is_tried_again() {
    let project = orders();
    let mut client = project.events();
    let event = json!([{"type": "OrderPaid", "payload": {"order": "order-17"}}]);
    client.query("SELECT event_store.append('order-17', NULL, $1)", &[&event]).unwrap();
    // The build of before has another policy, and stops.
    assert_eq!(project.run(&["run", "--until-caught-up"]).code, 1);
    let parked = "SELECT count(*) FROM regrow.parked_events";
    assert_eq!(rows(&mut client, parked), ["(1)"]);
    let before = repaired(&project, "order-17");
    assert_eq!(
        before["builds"][1]["unparked"],
        json!(0),
        "of no key as long as it has none: {before}"
    );
    client
        .batch_execute(
            "ALTER TABLE event_store.events DISABLE TRIGGER USER; \
             UPDATE event_store.events SET payload = '{\"order_id\": \"order-17\"}' WHERE payload ? 'order'",
        )
        .unwrap();
    let told = repaired(&project, "order-17");
    assert_eq!(told["builds"][1]["unparked"], json!(1), "{told}");
    assert_eq!(told["builds"][1]["row"]["status"], json!("paid"), "{told}");
    assert_eq!(rows(&mut client, parked), ["(0)"]);
}

#[test]
fn what_is_not_certain_is_refused_and_changes_nothing() {
    let project = orders();
    let right = content(&project);
    let refused = |args: &[&str], code: &str, words: &str| {
        let ran = project.run(&[&["rebuild"], args, &["--json"]].concat());
        let told: Value = serde_json::from_str(&ran.stdout)
            .or_else(|_| serde_json::from_str(ran.stderr.lines().last().unwrap_or_default()))
            .unwrap_or_default();
        assert_ne!(ran.code, 0, "{args:?}");
        assert!(told.to_string().contains(code), "{args:?}: {}{}", ran.stdout, ran.stderr);
        assert!(told.to_string().contains(words), "{args:?}: {}{}", ran.stdout, ran.stderr);
    };
    let activity = ["customer_activity.customer_activity", "--key", "id=c17"];
    refused(&activity, "row-not-bound", "projections/customer_activity/handlers.sql:");
    refused(&["order_summary", "--key", "nr=1"], "key-invalid", "named by its key (id)");
    refused(&["nothing", "--key", "id=1"], "table-unknown", "nothing");
    refused(
        &["order_summary", "--key", "id=order-17", "--build", "9"],
        "build-unknown",
        "no build 9",
    );
    // What acts on other rows.
    project
        .reads()
        .batch_execute(
            "CREATE TABLE order_summary__b2.note (id text REFERENCES order_summary__b2.order_summary ON DELETE CASCADE)",
        )
        .unwrap();
    refused(&["order_summary", "--key", "id=order-17"], "row-not-bound", "rows of");
    project.reads().batch_execute("DROP TABLE order_summary__b2.note").unwrap();
    // What only refers to the row, at once or at the end.
    for when in ["", "DEFERRABLE INITIALLY DEFERRED"] {
        let note = format!(
            "CREATE TABLE public.note (id text REFERENCES order_summary__b2.order_summary {when}); \
             INSERT INTO public.note VALUES ('order-17')"
        );
        project.reads().batch_execute(&note).unwrap();
        let ran = project.run(&["rebuild", "order_summary", "--key", "id=order-17"]);
        let refused = "order_summary__b2: rows of note refer to the row (note_id_fkey)";
        assert!(ran.code == 0 || ran.stderr.contains(refused), "{when}: {}", ran.stderr);
        assert_eq!(
            ran.code == 0,
            !when.is_empty(),
            "the row is back before the end: {}",
            ran.stderr
        );
        project.reads().batch_execute("DROP TABLE public.note").unwrap();
    }
    // An event that was applied, and cannot be any more: the build that stops is not half made again.
    project
        .events()
        .batch_execute(
            "ALTER TABLE event_store.events DISABLE TRIGGER USER; \
             UPDATE event_store.events SET payload = jsonb_set(payload, '{customer_name}', 'null') \
              WHERE stream_id = 'order-17' AND event_type = 'OrderCreated'",
        )
        .unwrap();
    refused(&["order_summary", "--key", "id=order-17"], "row-fails", "order_summary__b1");
    assert_eq!(content(&project), right);
}

#[test]
fn rows_that_revisions_made_are_not_taken_away() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write(
        "projections/p/schema/V1__p.sql",
        "CREATE TABLE p (id text PRIMARY KEY, n int NOT NULL);\nINSERT INTO p VALUES ('a', 7);\n",
    );
    project.write(
        "projections/p/handlers.sql",
        "-- on Added\nUPDATE p SET n = n + 1 WHERE id = :id;\n",
    );
    project.ok(&["migrate"]);
    let event = json!([{"type": "Added", "payload": {"id": "a"}}]);
    project.events().query("SELECT event_store.append('a', NULL, $1)", &[&event]).unwrap();
    project.ok(&["rebuild", "p", "--promote"]);
    let ran = project.run(&["rebuild", "p", "--key", "id=a"]);
    assert!(ran.code == 1 && ran.stderr.contains("before the first event"), "{}", ran.stderr);
    assert_eq!(rows(&mut project.reads(), "SELECT id, n FROM read_model.p"), ["(a,8)"]);
}

/// A project of one projection, built and promoted, with its events in the order given.
fn small(schema: &str, handlers: &str, settings: &str, events: &[(&str, Value)]) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__p.sql", schema);
    project.write("projections/p/handlers.sql", handlers);
    project.write("projections/p/projection.toml", settings);
    project.ok(&["migrate"]);
    for (event_type, payload) in events {
        let event = json!([{"type": event_type, "payload": payload}]);
        project.events().query("SELECT event_store.append('s', NULL, $1)", &[&event]).unwrap();
    }
    project.ok(&["rebuild", "p", "--promote"]);
    project
}

/// Values that are equal only where blanks do not count, and values that are cut.
#[test]
fn keys_that_differ_in_blanks_are_two() {
    for (ty, keys, expected) in [
        ("varchar(10)", ["k", "k ", "k"], vec!["(k,2)", "(\"k \",1)"]),
        ("text", ["k", "k ", "k"], vec!["(k,2)", "(\"k \",1)"]),
        ("varchar(2)", ["k ", "k  ", "k"], vec!["(k,1)", "(\"k \",2)"]),
    ] {
        let schema = format!("CREATE TABLE p (id {ty} PRIMARY KEY, n int NOT NULL);");
        let handlers = "-- on Added\nINSERT INTO p VALUES (:id, 1) ON CONFLICT (id) DO UPDATE SET n = p.n + 1;\n";
        let events = keys.map(|key| ("Added", json!({"id": key})));
        let project = small(&schema, handlers, "", &events);
        let all = "SELECT id, n FROM read_model.p ORDER BY id";
        assert_eq!(rows(&mut project.reads(), all), expected, "{ty}");
        for key in ["id=k", "id=k "] {
            project.ok(&["rebuild", "p", "--key", key]);
            assert_eq!(rows(&mut project.reads(), all), expected, "{ty} {key:?}");
        }
    }
}

/// Rows of another table decide whether an event happens, and what was parked may be forgotten.
#[test]
fn what_other_tables_decide_is_not_guessed_in_a_build_that_parks() {
    let schema = "CREATE TABLE pa (id text PRIMARY KEY, n int NOT NULL); \
                  CREATE TABLE pb (oid text PRIMARY KEY, m int NOT NULL);";
    let handlers = "-- on Both\nINSERT INTO pa VALUES (:id, 1) ON CONFLICT (id) DO UPDATE SET n = pa.n + 1;\n\
                    INSERT INTO pb VALUES (:oid, :m::int);\n";
    let both = |id: &str, oid: &str| ("Both", json!({"id": id, "oid": oid, "m": 1}));
    let events = [both("x", "1"), both("x", "1"), both("x", "2"), both("x", "3")];
    let project = small(schema, handlers, "on_error = \"park\"\n", &events);
    project.ok(&["parked", "drop", "p", "--all"]);
    let ran = project.run(&["rebuild", "p.pa", "--key", "id=x"]);
    assert!(ran.code == 1 && ran.stderr.contains("the build parks events"), "{}", ran.stderr);
    assert_eq!(rows(&mut project.reads(), "SELECT id, n FROM read_model.pa"), ["(x,3)"]);
}

/// Events that nobody can bind are of no row, and no row is kept from being made again by them.
#[test]
fn events_that_are_of_no_key_are_in_nobodys_way() {
    let schema = "CREATE TABLE p (id text PRIMARY KEY, n int NOT NULL);";
    let handlers = "-- on Added\nINSERT INTO p VALUES (:id, :n::int);\n";
    let events = [
        ("Added", json!({"id": "a", "n": 1})),
        ("Added", json!({"n": 1})),
        ("Added", json!({"id": "b", "n": 2})),
    ];
    let project = small(schema, handlers, "on_error = \"park\"\n", &events);
    let told = project.json(&["rebuild", "p", "--key", "id=a"]);
    assert_eq!(told["builds"][0]["events"], json!(1), "{told}");
    let told = project.json(&["rebuild", "p", "--key", "id=b"]);
    assert_eq!(
        (&told["builds"][0]["events"], &told["builds"][0]["parked"]),
        (&json!(1), &json!(0))
    );
    // Once nobody knows that it was parked, it may have been applied to any row before it lost its key.
    project.ok(&["parked", "drop", "p", "--all"]);
    let ran = project.run(&["rebuild", "p", "--key", "id=b"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("the event at position 2 fails"), "{}", ran.stderr);
    project.ok(&["rebuild", "p", "--promote"]);
    project.ok(&["prune", "--keep", "0"]);
    project.ok(&["rebuild", "p", "--key", "id=b"]);
}
