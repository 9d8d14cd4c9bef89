//! A sample against the log: what is drawn is replayed alone from its events, and a row that is not what they say is found.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{compared, shop, table};
use crate::bench::{Project, rows};
use crate::hazards::Dice;

fn against_log<'a>(keys: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["order_summary", "--against", "log", "--sample", keys][..], more].concat()
}

/// Of what is drawn each row that was changed by hand, that no event made or that is missing is found by its key, and
/// nothing else is.
#[test]
fn whatever_is_drawn_is_what_its_events_say() {
    let project = shop(2_000);
    let (code, report) = compared(&project, &against_log("60", &[]));
    assert_eq!((code, &report["ok"]), (0, &json!(true)), "{report}");
    let seen = &table(&report, "order_summary")["sample"];
    assert_eq!(seen["rows"], seen["rows_against"], "{report}");

    let mut dice = Dice::new("samples of the log");
    let of_three = format!("abs(hashtext(id || '{}')) % 4", dice.below(1_000));
    project
        .reads()
        .batch_execute(&format!(
            "UPDATE order_summary__b1.order_summary SET total_amount = total_amount + 0.01 WHERE {of_three} = 0; \
             DELETE FROM order_summary__b1.order_summary WHERE {of_three} = 1; \
             INSERT INTO order_summary__b1.order_summary SELECT 'x' || id, customer_id, customer_name, status, \
               total_amount, item_count, created_at FROM order_summary__b1.order_summary WHERE {of_three} = 2"
        ))
        .unwrap();
    let (code, report) = compared(&project, &against_log("80", &["--samples", "100"]));
    assert_eq!(code, 10, "{report}");
    let found = table(&report, "order_summary");
    let keys = |kind: &str| -> BTreeSet<String> {
        let samples = found["samples"].as_array().unwrap().iter();
        let of_kind = samples.filter(|one| one["kind"] == kind);
        of_kind.map(|one| one["key"][0]["value"].as_str().unwrap().to_owned()).collect()
    };
    let which = |number: i32| {
        format!(
            "SELECT id FROM order_summary__b1.order_summary WHERE id NOT LIKE 'x%' AND {of_three} = {number}"
        )
    };
    let ids = |sql: &str| -> BTreeSet<String> {
        let found = project.reads().query(sql, &[]).unwrap();
        found.iter().map(|row| row.get(0)).collect()
    };
    let changed = keys("changed");
    assert!(!changed.is_empty() && changed.is_subset(&ids(&which(0))), "{report}");
    let made = keys("only_in_build");
    assert!(!made.is_empty() && made.iter().all(|id| id.starts_with('x')), "{report}");
    // The missing ones come out of the log.
    let gone = keys("only_in_against");
    assert!(
        !gone.is_empty()
            && ids("SELECT id FROM order_summary__b1.order_summary").is_disjoint(&gone),
        "{report}"
    );
    let counts = [("changed", &changed), ("only_in_build", &made), ("only_in_against", &gone)];
    for (kind, keys) in counts {
        assert_eq!(found[kind], json!(keys.len()), "{kind}: {report}");
    }
    assert_eq!(found["columns"][0]["column"], "total_amount");
    // Nothing was made that stays.
    assert_eq!(rows(&mut project.reads(), "SELECT count(*) FROM regrow.build"), ["(2)"]);
}

/// Only the events of what is drawn are read, and the build is followed on meanwhile.
#[test]
fn a_sample_says_what_it_was_of() {
    let project = shop(1_000);
    let text = project.ok(&[&["verify"][..], &against_log("10", &["--seed", "7"])].concat());
    assert!(
        text.contains("against the log (each value replayed alone by the sql engine)"),
        "{text}"
    );
    let last = text.lines().last().unwrap();
    assert!(
        last.contains("(--seed 7) replayed alone in ")
            && last.contains("no difference in the sample; nothing is known of the other"),
        "{text}"
    );
    let (_, report) = compared(&project, &against_log("10", &["--seed", "7"]));
    let again = compared(&project, &against_log("10", &["--seed", "7"])).1;
    assert_eq!(report["sample"], json!({"keys": 10, "seed": 7, "replayed_alone": true}));
    assert_eq!(report["tables"], again["tables"], "a seed draws the same");
    let keys = table(&report, "order_summary")["sample"]["keys"].as_u64().unwrap();
    assert!((5..=10).contains(&keys), "{report}");
}

fn project(handlers: &str, on_error: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.ok(&["migrate"]);
    let schema = "CREATE TABLE p (id text PRIMARY KEY, n int NOT NULL);\nCREATE TABLE q (at bigint PRIMARY KEY, n int NOT NULL);\n";
    project.write("projections/p/schema/V1__p.sql", schema);
    project.write("projections/p/handlers.sql", handlers);
    project.write("projections/p/projection.toml", &format!("on_error = \"{on_error}\"\n"));
    let events: Vec<Value> = (0..20)
        .map(
            |n| json!({"type": "In", "payload": {"n": if n == 7 { json!("x") } else { json!(n) }}}),
        )
        .collect();
    let append = "SELECT event_store.append($1, NULL, $2)";
    for stream in ["a", "b", "c"] {
        project.events().query(append, &[&stream, &Value::from(events.clone())]).unwrap();
    }
    let counted = json!([{"type": "Counted", "payload": {"n": 1}}]);
    project.events().query(append, &[&"d", &counted]).unwrap();
    project
}

const BOUND: &str = "-- on In\nINSERT INTO p VALUES (:event.stream_id, :n::int) ON CONFLICT (id) DO UPDATE SET n = p.n + EXCLUDED.n;\n";

/// Events that are parked or skipped are left out of the replay too; what a handler makes of several rows is not drawn, and
/// that is told; where no table is bound there is nothing to draw, and the way is told.
#[test]
fn what_cannot_be_replayed_alone_is_told() {
    for policy in ["park", "skip"] {
        let of_all = "-- on Counted\nINSERT INTO q VALUES (1, :n::int) ON CONFLICT (at) DO UPDATE SET n = q.n + EXCLUDED.n;\n";
        let project = project(&format!("{BOUND}\n{of_all}"), policy);
        project.ok(&["rebuild", "p", "--promote", "--accept-skipped"]);
        let (code, report) = compared(&project, &["p", "--against", "log", "--sample", "50"]);
        assert_eq!(code, 0, "{report}");
        assert_eq!(table(&report, "p")["sample"], json!({"keys": 3, "rows": 3, "rows_against": 3}));
        let not = report["not_compared"][0].as_str().unwrap();
        assert!(not.starts_with("q (projections/p/handlers.sql:5"), "{report}");
        assert_eq!(report["notes"], json!([]), "{report}");
        // One that fails now and is not among them is told.
        let erase = "UPDATE event_store.events SET payload = '{}' WHERE position = 3";
        project.events().batch_execute(erase).unwrap();
        let (code, report) = compared(&project, &["p", "--against", "log", "--sample", "50"]);
        assert_eq!(code, 10, "{report}");
        assert!(
            report["notes"][0].as_str().unwrap().contains("the event at position 3 fails"),
            "{report}"
        );
    }
    let every = "-- on In\nUPDATE q SET n = n + :n::int;\n";
    let project = project(every, "park");
    project.ok(&["rebuild", "p", "--promote"]);
    let ran = project.run(&["verify", "p", "--against", "log", "--sample", "5"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    for word in ["handlers.sql:2", "q (", "regrow verify p --against log"] {
        assert!(ran.stderr.contains(word), "{word}: {}", ran.stderr);
    }
}
