//! Which engine runs what: `rebuild --explain`, the notes of `check`, and what results say.

use serde_json::{Value, json};

use crate::bench::{Project, rows};
use crate::first_light::ORDERS;

const HANDLERS: &str = "projections/p/handlers.sql";

const SCHEMA: &str = "
CREATE TABLE p (id text PRIMARY KEY, day timestamptz, n integer NOT NULL DEFAULT 0);
CREATE TABLE watched (id text PRIMARY KEY, n integer UNIQUE);
";

/// Line 9 is outside the subset by a function, line 12 by its table, line 15 by its shape.
const MIXED: &str = "-- on Opened, Reopened
INSERT INTO p (id) VALUES (:id) ON CONFLICT (id) DO NOTHING;

-- on Counted
UPDATE p SET n = n + 1 WHERE id = :id;

-- on Dated
UPDATE p
   SET n = n + 1, day = date_trunc('day', :event.recorded_at::timestamptz)
 WHERE id = :id;
-- on Watched
INSERT INTO watched VALUES (:id, 1);

-- on Forgotten
DELETE FROM p WHERE n > 5;

-- on Ignored
";

/// A project with one projection `p`, and a log with an event of each type in it.
fn project(handlers: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__p.sql", SCHEMA);
    project.write(HANDLERS, handlers);
    project.ok(&["migrate"]);
    project
}

fn append(project: &Project, event_type: &str) {
    let sql = "SELECT event_store.append('s', NULL, jsonb_build_array(jsonb_build_object( \
               'type', $1::text, 'payload', '{\"id\": \"a\"}'::jsonb)))";
    project.events().execute(sql, &[&event_type]).unwrap();
}

/// What is said of `p`, handler for handler: types, engine, and each reason with its place.
fn told(project: &Project) -> (Value, Vec<(String, String, Vec<String>)>) {
    let value = project.json(&["rebuild", "--explain", "p"]);
    let p = value["projections"][0].clone();
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let handler = |handler: &Value| {
        let types: Vec<String> =
            handler["event_types"].as_array().unwrap().iter().map(text).collect();
        let reasons = handler["reasons"].as_array().unwrap().iter();
        let reason = |r: &Value| {
            assert_eq!(r["file"], HANDLERS);
            format!("{}:{} {}", r["line"], r["column"], text(&r["reason"]))
        };
        (types.join(" "), text(&handler["engine"]), reasons.map(reason).collect())
    };
    let handlers = p["handlers"].as_array().unwrap().iter().map(handler).collect();
    (p, handlers)
}

#[test]
fn every_handler_is_told_with_the_place_of_what_is_foreign() {
    let project = project(MIXED);
    let (p, handlers) = told(&project);
    assert_eq!((&p["asked"], &p["engine"]), (&json!("auto"), &json!("both")));
    let engines: Vec<(&str, &str)> =
        handlers.iter().map(|(types, engine, _)| (types.as_str(), engine.as_str())).collect();
    assert_eq!(
        engines,
        [
            ("Opened Reopened", "native"),
            ("Counted", "native"),
            ("Dated", "sql"),
            ("Watched", "sql"),
            ("Forgotten", "sql"),
            ("Ignored", "native"),
        ]
    );
    assert_eq!(handlers[2].2, ["9:25 date_trunc is not in the native subset"]);
    assert!(handlers[3].2[0].contains("a unique constraint besides its key"), "{handlers:?}");
    assert!(handlers[4].2[0].starts_with("15:"), "{handlers:?}");
    for (_, engine, reasons) in &handlers {
        assert_eq!(reasons.len(), usize::from(engine == "sql"));
    }

    let text = project.ok(&["rebuild", "--explain"]);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("p: native engine, with some handlers in SQL"));
    assert_eq!(lines.next(), Some("event types       engine"));
    assert_eq!(lines.next(), Some("Opened, Reopened  native"));
    assert_eq!(lines.next(), Some("Counted           native"));
    assert_eq!(lines.next(), Some("Dated             SQL"));
    let reason = format!("  {HANDLERS}:9:25 runs in SQL: date_trunc is not in the native subset");
    assert_eq!(lines.next(), Some(reason.as_str()));
}

#[test]
fn explaining_leaves_nothing_behind() {
    let project = project(MIXED);
    let everything = "SELECT nspname, oid FROM pg_namespace ORDER BY 1";
    let before = rows(&mut project.reads(), everything);
    for args in [&["--explain"][..], &["--explain", "--all"], &["--explain", "p"]] {
        project.ok(&[&["rebuild"], args].concat());
    }
    assert_eq!(rows(&mut project.reads(), everything), before);

    for with in [&["--promote"][..], &["--until", "1"]] {
        let refused = project.run(&[&["rebuild", "--explain", "p"], with].concat());
        assert_eq!(refused.code, 2, "{}", refused.stderr);
        assert!(refused.stderr.contains("cannot be used with"), "{}", refused.stderr);
    }
    assert_eq!(project.run(&["rebuild", "--explain", "nosuch"]).code, 2);
    project.write(HANDLERS, "-- on Opened\nUPDATE p SET nosuch = 1;");
    let refused = project.run(&["rebuild", "--explain", "p"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains(&format!("{HANDLERS}:2:")), "{}", refused.stderr);
}

#[test]
fn who_asks_for_an_engine_is_told_what_comes_of_it() {
    let project = project(MIXED);
    let settings = "projections/p/projection.toml";
    project.write(settings, "engine = \"sql\"\n");
    let (p, handlers) = told(&project);
    assert_eq!((&p["asked"], &p["engine"]), (&json!("sql"), &json!("sql")));
    assert!(handlers.iter().all(|(_, engine, reasons)| engine == "sql" && reasons.is_empty()));
    let text = project.ok(&["rebuild", "--explain"]);
    assert!(text.starts_with("p: sql engine, as projection.toml asks\n"), "{text}");
    assert_eq!(project.json(&["check"])["native_handlers"], 0);

    // With nothing to run natively only who insists gets the native engine, and is told.
    project.write(HANDLERS, "-- on Forgotten\nDELETE FROM p WHERE n > 5;\n-- on Ignored\n");
    for (engine, says) in [
        ("auto", "p: sql engine\n"),
        ("native", "p: sql engine, although projection.toml asks for the native one\n"),
    ] {
        project.write(settings, &format!("engine = \"{engine}\"\n"));
        let text = project.ok(&["rebuild", "--explain"]);
        assert!(text.starts_with(says), "{text}");
        assert!(text.contains(&format!("{HANDLERS}:2:")), "{text}");
        assert_eq!(told(&project).0["engine"], "sql");
    }
}

#[test]
fn check_notes_what_runs_in_sql_and_ends_with_0() {
    let project = project(MIXED);
    let checked = project.json(&["check", "--only", "handlers"]);
    assert_eq!((&checked["ok"], &checked["exit_code"]), (&json!(true), &json!(0)));
    assert_eq!((&checked["handlers"], &checked["native_handlers"]), (&json!(6), &json!(3)));
    // Those of the handlers; the log has a note of its own.
    let of_files = |checked: &Value| -> Vec<Value> {
        let all = checked["findings"].as_array().unwrap().iter();
        all.filter(|finding| finding["about"] != "log").cloned().collect()
    };
    let findings = of_files(&checked);
    assert_eq!(findings.len(), 3, "{findings:#?}");
    let dated = json!({
        "gate": "handlers", "gravity": "note", "about": "p", "rule": null, "hint": null,
        "message": "runs in SQL: date_trunc is not in the native subset",
        "place": format!("{HANDLERS}:9:25"), "file": HANDLERS, "line": 9, "column": 25,
    });
    assert_eq!(findings[0], dated);
    let text = project.ok(&["check", "--only", "handlers"]);
    let note =
        format!("note: {HANDLERS}:9:25: runs in SQL: date_trunc is not in the native subset");
    assert!(text.contains(&note), "{text}");
    assert!(
        text.ends_with(
            "6 handlers (3 native), handlers: nothing to complain about; 1 thing not tried\n"
        ),
        "{text}"
    );
    let github = project.ok(&["check", "--only", "handlers", "--format", "github"]);
    let notice =
        format!("::notice file={HANDLERS},line=9,col=25,title=regrow handlers::runs in SQL");
    assert!(github.contains(&notice), "{github}");

    // What does not work is told alone.
    project.write(HANDLERS, &MIXED.replace("n > 5", "n > random()"));
    let checked: Value =
        serde_json::from_str(&project.run(&["check", "--only", "handlers", "--json"]).stdout)
            .unwrap();
    assert_eq!(of_files(&checked).len(), 1, "{checked}");
}

#[test]
fn results_say_which_engine_ran_how_many_handlers() {
    let project = project(MIXED);
    for event_type in ["Opened", "Dated", "Counted", "Counted", "Ignored"] {
        append(&project, event_type);
    }
    let settings = "projections/p/projection.toml";
    let ended = |args: &[&str]| {
        let text = project.ok(args);
        text.trim_end().rsplit_once("/s), ").map(|(_, end)| end.to_owned()).unwrap_or(text)
    };
    project.write(settings, "engine = \"native\"\n");
    let built = project.json(&["rebuild", "p", "--promote"])["builds"][0].clone();
    let counts = |built: &Value| (built["native_handlers"].clone(), built["sql_handlers"].clone());
    assert_eq!(built["engine"], "both");
    assert_eq!(counts(&built), (json!(3), json!(1)));
    assert_eq!(ended(&["rebuild", "p", "--until", "5"]), "native engine, 1 of 4 handlers in SQL");
    assert_eq!(ended(&["rebuild", "p", "--until", "1"]), "native engine");
    project.write(settings, "engine = \"sql\"\n");
    assert_eq!(ended(&["rebuild", "p", "--until", "5"]), "sql engine");

    // One that stops says what ran until then, and resume what ran after.
    project.write(settings, "engine = \"native\"\n");
    append(&project, "Watched");
    append(&project, "Watched");
    let stopped = project.run(&["rebuild", "p", "--json"]);
    assert_eq!(stopped.code, 1, "{}", stopped.stderr);
    let stopped: Value = serde_json::from_str(&stopped.stdout).unwrap();
    assert_eq!(counts(&stopped["builds"][0]), (json!(3), json!(2)));
    let build = stopped["builds"][0]["build"].as_str().unwrap();
    project.reads().execute(&format!("DELETE FROM {build}.watched"), &[]).unwrap();
    let resumed = project.json(&["resume", "p"])["builds"][0].clone();
    assert_eq!((&resumed["state"], &resumed["engine"]), (&json!("ready"), &json!("sql")));
    assert_eq!(counts(&resumed), (json!(0), json!(1)));
}

#[test]
fn the_sample_runs_natively() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    let told = project.json(&["rebuild", "--explain", "--all"]);
    for projection in told["projections"].as_array().unwrap() {
        assert_eq!(projection["engine"], "native", "{projection:#}");
    }
    let checked = project.ok(&["check", "--only", "handlers"]);
    let last = checked.lines().last().unwrap();
    assert_eq!(last, "12 handlers (engine: native), handlers: nothing to complain about");
    let built = project.json(&["rebuild", "--all", "--promote"]);
    for build in built["builds"].as_array().unwrap() {
        assert_eq!((&build["engine"], &build["sql_handlers"]), (&json!("native"), &json!(0)));
        assert_ne!(build["native_handlers"], 0, "{build:#}");
    }
}
