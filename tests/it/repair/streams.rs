//! `rebuild --stream`: every row of a stream again.

use serde_json::{Value, json};

use crate::bench::{Project, rows};
use crate::identity::append;

const SCHEMA: &str = "CREATE TABLE account (id text PRIMARY KEY, total int NOT NULL);\n\
                      CREATE TABLE entry (account text, nr int, n int NOT NULL, PRIMARY KEY (account, nr));\n";
const HANDLERS: &str = "-- on Counted\n\
    INSERT INTO account (id, total) VALUES (:event.stream_id, :n)\n\
        ON CONFLICT (id) DO UPDATE SET total = account.total + :n;\n\
    INSERT INTO entry (account, nr, n) VALUES (:event.stream_id, :event.stream_version, :n);\n";

/// Two tables that are bound by the stream, promoted twice: `bank__b1` is retired, `bank__b2` live, and parks.
fn bank(handlers: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/bank/schema/V1__bank.sql", SCHEMA);
    project.write("projections/bank/handlers.sql", handlers);
    project.ok(&["migrate"]);
    for stream in ["a", "b"] {
        append(&mut project.events(), stream, 0..5);
    }
    project.ok(&["rebuild", "bank", "--promote"]);
    project.write("projections/bank/projection.toml", "on_error = \"park\"\n");
    project.ok(&["rebuild", "bank", "--promote"]);
    project
}

/// Every row of both builds.
fn content(project: &Project) -> Vec<String> {
    let of = |build: &str| {
        let sql = format!(
            "SELECT 'account', a::text FROM {build}.account a UNION ALL SELECT 'entry', e::text FROM {build}.entry e ORDER BY 1, 2"
        );
        rows(&mut project.reads(), &sql)
    };
    [of("bank__b1"), of("bank__b2")].concat()
}

#[test]
fn all_rows_of_a_stream_are_made_again_in_every_build_and_no_others() {
    let project = bank(HANDLERS);
    let right = content(&project);
    let mut client = project.reads();
    client
        .batch_execute(
            "UPDATE bank__b1.account SET total = -1 WHERE id = 'a'; DELETE FROM bank__b2.account WHERE id = 'a'; \
             DELETE FROM bank__b2.entry WHERE account = 'a' AND nr > 2; \
             INSERT INTO bank__b1.entry VALUES ('a', 99, 1)",
        )
        .unwrap();
    let others = "SELECT xmin::text, nr FROM bank__b2.entry WHERE account = 'b' ORDER BY nr";
    let untouched = rows(&mut client, others);
    let told = project.json(&["rebuild", "bank", "--stream", "a"]);
    assert_eq!((&told["stream"], &told["table"]), (&json!("a"), &Value::Null), "{told}");
    assert_eq!(told["builds"].as_array().unwrap().len(), 2, "{told}");
    for build in told["builds"].as_array().unwrap() {
        assert_eq!((&build["changed"], &build["events"]), (&json!(true), &json!(5)), "{told}");
    }
    let tables = &told["builds"][1]["tables"];
    assert!(
        tables
            .as_array()
            .unwrap()
            .contains(&json!({"table": "entry", "rows_before": 3, "rows": 5})),
        "{told}"
    );
    assert_eq!(content(&project), right);
    assert_eq!(rows(&mut client, others), untouched, "rows of other streams are not even written");
    let text = project.ok(&["rebuild", "bank", "--stream", "a"]);
    assert!(
        text.contains("bank__b2: stream a: the rows are what they were, from 5 events"),
        "{text}"
    );
    assert!(text.contains("  entry: 5 rows made again, 5 before"), "{text}");
    let text = project.ok(&["rebuild", "bank", "--stream", "nobody"]);
    assert!(text.contains("bank__b2: stream nobody: there were no rows, and are none"), "{text}");
    // One table alone, in one build.
    client.batch_execute("UPDATE bank__b2.account SET total = 0 WHERE id = 'b'").unwrap();
    project.ok(&["rebuild", "bank.account", "--stream", "b", "--build", "2"]);
    assert_eq!(content(&project), right);
}

#[test]
fn a_stream_that_was_erased_goes_and_its_parked_events_are_tried_again() {
    let project = bank(HANDLERS);
    let mut client = project.events();
    let event = json!([{"type": "Counted", "payload": {"n": "many"}}]);
    client.query("SELECT event_store.append('a', NULL, $1)", &[&event]).unwrap();
    // The build of before stops, the live one parks.
    assert_eq!(project.run(&["run", "--until-caught-up"]).code, 1);
    let parked = "SELECT count(*) FROM regrow.parked_events";
    assert_eq!(rows(&mut client, parked), ["(1)"]);
    client
        .batch_execute(
            "ALTER TABLE event_store.events DISABLE TRIGGER USER; \
             UPDATE event_store.events SET payload = '{\"n\": 100}' WHERE payload ->> 'n' = 'many'; \
             DELETE FROM event_store.events WHERE stream_id = 'b'",
        )
        .unwrap();
    let told = project.json(&["rebuild", "bank", "--stream", "a"]);
    assert_eq!(told["builds"][1]["unparked"], json!(1), "{told}");
    assert_eq!(rows(&mut client, parked), ["(0)"]);
    let total = "SELECT total FROM read_model.account WHERE id = 'a'";
    assert_eq!(rows(&mut client, total), ["(110)"]);
    project.ok(&["rebuild", "bank", "--stream", "b"]);
    project.ok(&["rollback", "bank", "--stale"]);
    let left = "SELECT id FROM read_model.account UNION ALL SELECT account FROM read_model.entry WHERE account = 'b'";
    assert_eq!(rows(&mut client, left), ["(a)"]);
}

#[test]
fn what_is_not_bound_by_the_stream_is_refused_with_the_reason() {
    let refused = |project: &Project, args: &[&str], words: &str| {
        let before = content(project);
        let ran = project.run(&[&["rebuild"], args, &["--json"]].concat());
        assert_eq!(ran.code, 1, "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("\"row-not-bound\""), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{args:?}: {}", ran.stderr);
        assert_eq!(content(project), before);
    };
    let by_field = HANDLERS.replace(
        "VALUES (:event.stream_id, :event.stream_version, :n)",
        "VALUES (:n::text, :event.position::int, :n)",
    );
    let project = bank(&by_field);
    refused(&project, &["bank", "--stream", "a"], "entry");
    refused(&project, &["bank.entry", "--stream", "a"], "rows of one stream cannot be made again");
    let orders = crate::bench::Project::orders();
    orders.ok(&["migrate"]);
    orders.ok(&["rebuild", "order_summary", "--promote"]);
    let ran = orders.run(&["rebuild", "order_summary", "--stream", "order-1", "--json"]);
    assert!(ran.stderr.contains("row-not-bound"), "{}", ran.stderr);
    let why =
        "rows of order_summary are bound by its column id, which has :order_id of OrderCreated";
    assert!(ran.stderr.contains(why), "{}", ran.stderr);
    let ran = project.run(&["rebuild", "bank", "--stream", "a", "--key", "id=a"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    let ran = project.run(&["rebuild", "nothing", "--stream", "a", "--json"]);
    assert!(ran.stderr.contains("table-unknown"), "{}", ran.stderr);
    let ran = project.run(&["rebuild", "bank", "--build", "1"]);
    assert_eq!(ran.code, 2, "--build is for rows that are made again: {}", ran.stderr);
}
