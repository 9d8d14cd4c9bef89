//! Which engine runs what: `rebuild --explain`, the notes of `check`, and what results say.

use serde_json::{Value, json};

use crate::bench::{Project, rows};
use crate::first_light::ORDERS;
use crate::hazards::Dice;

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
        "gate": "handlers", "severity": "note", "about": "p", "rule": null, "hint": null,
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

/// Indexes of `t`, and whether a follower can keep its rows in memory beside them.
const INDEXES: [(&str, bool); 15] = [
    ("CREATE INDEX NAME ON t (n);", true),
    ("CREATE INDEX NAME ON t (word DESC NULLS LAST) INCLUDE (n);", true),
    ("CREATE INDEX NAME ON t USING hash (word);", true),
    ("CREATE INDEX NAME ON t USING gin (tags);", true),
    ("CREATE INDEX NAME ON t USING gin (doc jsonb_path_ops) WITH (fastupdate = off);", true),
    ("CREATE INDEX NAME ON t USING gin (word ext.gin_trgm_ops);", true),
    ("CREATE INDEX NAME ON t USING gist (word ext.gist_trgm_ops);", true),
    ("CREATE INDEX NAME ON t USING spgist (word);", true),
    ("CREATE INDEX NAME ON t USING brin (n, day);", true),
    ("CREATE INDEX NAME ON t (n) WHERE n > 0;", true),
    ("CREATE INDEX NAME ON t USING gin (tags) WHERE word = 'a';", true),
    ("CREATE INDEX NAME ON t (lower(word));", false),
    ("CREATE INDEX NAME ON t ((n + 1), word);", false),
    ("CREATE INDEX NAME ON t USING gin (to_tsvector('english', word));", false),
    ("CREATE INDEX NAME ON t (n) WHERE md5(word) > '8';", false),
];
const OF_INDEXES: &str = "CREATE TABLE t (id text PRIMARY KEY, n integer, word text, tags text[], doc jsonb, day date);\n";

#[test]
fn what_is_explained_is_what_a_rebuild_runs() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    let extension = "CREATE SCHEMA ext;\nCREATE EXTENSION pg_trgm SCHEMA ext;\n";
    project.write("migrations/event_store/V2__ext.sql", extension);
    project.ok(&["migrate"]);
    let mut dice = Dice::new("explained");
    let mut in_memory = std::collections::BTreeMap::new();
    for n in 0..INDEXES.len() + 6 {
        // Each kind alone, then some together.
        let kinds = match n < INDEXES.len() {
            true => vec![n],
            false => (0..3).map(|_| dice.below(INDEXES.len())).collect(),
        };
        let mut schema = OF_INDEXES.to_owned();
        for (i, kind) in kinds.iter().enumerate() {
            schema += &INDEXES[*kind].0.replace("NAME", &format!("i{i}"));
        }
        let name = format!("p{n}");
        // One whose handler looks for rows by an index: it is needed for the replay, and not put off.
        let handlers = match n >= INDEXES.len() && n % 2 == 0 {
            true => {
                "-- on A\nINSERT INTO t VALUES (:id, :n, :word, :tags, :doc, :day);\nUPDATE t SET n = n + 1 WHERE lower(word) = lower(:word);\n"
            }
            false => "-- on A\nINSERT INTO t VALUES (:id, :n, :word, :tags, :doc, :day);\n",
        };
        project.write(&format!("projections/{name}/schema/V1__{name}.sql"), &schema);
        project.write(&format!("projections/{name}/handlers.sql"), handlers);
        let settings = format!("publish_schema = \"{name}\"\n");
        project.write(&format!("projections/{name}/projection.toml"), &settings);
        let is_plain = !handlers.contains("UPDATE");
        in_memory.insert(name, is_plain.then(|| kinds.iter().all(|kind| INDEXES[*kind].1)));
    }
    let event = json!([{"type": "A", "payload":
        {"id": "a", "n": 1, "word": "w", "tags": ["x"], "doc": {}, "day": "2026-01-01"}}]);
    project.events().query("SELECT event_store.append('s', NULL, $1)", &[&event]).unwrap();

    let told = project.json(&["rebuild", "--explain", "--all"]);
    let built = project.json(&["rebuild", "--all"]);
    let built = built["builds"].as_array().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for one in told["projections"].as_array().unwrap() {
        let name = one["projection"].as_str().unwrap();
        let ran = built.iter().find(|b| b["projection"] == name).unwrap();
        assert_eq!(one["engine"], ran["engine"], "{one:#}");
        let followed = one["engine_followed"].as_str().unwrap();
        if let Some(in_memory) = in_memory[name] {
            assert_eq!(
                (&one["engine"], followed == "native"),
                (&json!("native"), in_memory),
                "{one:#}"
            );
            let reasons = one["handlers"][0]["reasons_followed"].as_array().unwrap();
            assert_eq!(reasons.is_empty(), in_memory, "{one:#}");
        }
        seen.insert((ran["engine"].to_string(), followed.to_owned()));
    }
    assert!(seen.len() >= 3, "{seen:?}");

    let text = project.ok(&["rebuild", "--explain", "p11"]);
    assert!(text.starts_with("p11: native engine; while it is followed: sql engine\n"), "{text}");
    let why = "projections/p11/handlers.sql:2:1 runs in SQL while the build is followed: the table t has an index \
               that may refuse a row, i0";
    assert!(text.contains(why), "{text}");
    let checked = project.ok(&["check", "p11", "--only", "handlers"]);
    assert!(checked.contains("runs in SQL while the build is followed: "), "{checked}");
}

#[test]
fn what_a_rebuild_refuses_is_not_explained() {
    let project = project("-- on Opened\nINSERT INTO p (id) VALUES (:id || random());\n");
    let refused = project.run(&["rebuild", "p", "--explain"]);
    assert_eq!(refused.code, 1, "{}", refused.stdout);
    let said = "random does not give the same value at the next rebuild";
    assert!(refused.stderr.contains(said), "{}", refused.stderr);
}
