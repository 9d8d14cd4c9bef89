//! Events that the native engine leaves to SQL within one chunk: each time its rows are written back first.

use serde_json::json;

use crate::bench::Project;

/// A list of texts is written back by way of a table of its own, also for the third and fourth time in one transaction.
#[test]
fn rows_are_written_back_as_often_as_sql_needs_them() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    let schema =
        "CREATE TABLE p (id int PRIMARY KEY, tags text[] NOT NULL DEFAULT '{}', day date);";
    project.write("projections/p/schema/V1__p.sql", schema);
    let handlers = "-- on Opened\nINSERT INTO p (id) VALUES (1);\n\n\
         -- on Tagged\nUPDATE p SET tags = array_append(tags, :tag) WHERE id = 1;\n\n\
         -- on Dated\nUPDATE p SET day = :day::date WHERE id = 1;\n";
    project.write("projections/p/handlers.sql", handlers);
    project.ok(&["migrate"]);
    let mut events = vec![json!({"type": "Opened", "payload": {}})];
    // Days that PostgreSQL reads, and the native engine does not.
    for (nth, day) in ["2026-1-5", "Jan 6 2026", "2026-1-7", "8 January 2026"].iter().enumerate() {
        events.push(json!({"type": "Tagged", "payload": {"tag": format!("t{nth}")}}));
        events.push(json!({"type": "Dated", "payload": {"day": day}}));
    }
    let append = "SELECT event_store.append('s', NULL, $1)";
    project.events().query(append, &[&serde_json::Value::from(events)]).unwrap();
    project.ok(&["rebuild", "p", "--promote"]);
    let traced = project.json(&["trace", "p", "--key", "id=1"]);
    assert_eq!((&traced["agrees"], &traced["refused"]), (&json!(true), &json!([])), "{traced}");
    let row = &traced["row"];
    assert_eq!((&row["tags"], &row["day"]), (&json!("{t0,t1,t2,t3}"), &json!("2026-01-08")));
    // A promote and a comparison bring a build forward in the same way.
    let tagged = json!([{"type": "Tagged", "payload": {"tag": "x"}}, {"type": "Dated", "payload": {"day": "2026-1-9"}},
        {"type": "Tagged", "payload": {"tag": "y"}}, {"type": "Dated", "payload": {"day": "2026-1-10"}},
        {"type": "Tagged", "payload": {"tag": "z"}}, {"type": "Dated", "payload": {"day": "2026-1-11"}}]);
    project.ok(&["rebuild", "p"]);
    project.events().query(append, &[&tagged]).unwrap();
    let proved = project.json(&["verify", "p"]);
    assert_eq!(proved["ok"], json!(true), "{proved}");
    project.ok(&["promote", "p"]);
    let traced = project.json(&["trace", "p", "--key", "id=1"]);
    assert_eq!(traced["agrees"], json!(true), "{traced}");
}
