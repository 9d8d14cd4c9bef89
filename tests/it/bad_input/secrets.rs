//! A canary in payloads: nothing shows it but `--show-payload`.

use super::*;

/// Projections of one table and one handler each, every one of which fails on the event in a
/// way of its own: name, table, handler, code, what is said.
const WAYS: [(&str, &str, &str, &str, &str); 11] = [
    (
        "casts",
        "CREATE TABLE casts (id text PRIMARY KEY, n int);",
        "INSERT INTO casts VALUES ('x', :n::int)",
        "value-refused",
        "invalid input syntax for type integer: \"...\"",
    ),
    (
        "dates",
        "CREATE TABLE dates (id text PRIMARY KEY, n date);",
        "INSERT INTO dates VALUES ('x', :n::date)",
        "value-refused",
        "invalid input syntax for type date: \"...\"",
    ),
    (
        "lists",
        "CREATE TABLE lists (id text PRIMARY KEY, n int[]);",
        "INSERT INTO lists VALUES ('x', :n::int[])",
        "value-refused",
        "malformed array literal: \"...\"",
    ),
    (
        "uniques",
        "CREATE TABLE uniques (id int PRIMARY KEY, n text UNIQUE);",
        "INSERT INTO uniques VALUES (1, :n); INSERT INTO uniques VALUES (2, :n)",
        "constraint-violated",
        "duplicate key value violates unique constraint \"uniques_n_key\" (Key (n)=(...) already exists.)",
    ),
    (
        "checks",
        "CREATE TABLE checks (id text PRIMARY KEY, n text CHECK (length(n) < 3));",
        "INSERT INTO checks VALUES ('x', :n)",
        "constraint-violated",
        "violates check constraint \"checks_n_check\" (Failing row contains (...).)",
    ),
    (
        "nulls",
        "CREATE TABLE nulls (id text PRIMARY KEY, n text, m text NOT NULL);",
        "INSERT INTO nulls VALUES ('x', :n, NULL)",
        "constraint-violated",
        "null value in column \"m\" of relation \"nulls\" violates not-null constraint",
    ),
    (
        "raises",
        "CREATE TABLE raises (id text PRIMARY KEY);\nCREATE FUNCTION no(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE \
         AS $$ BEGIN RAISE EXCEPTION 'no % here', t USING ERRCODE = 'check_violation', DETAIL = t, HINT = t; END $$;",
        "INSERT INTO raises VALUES (no(:n))",
        "constraint-violated",
        "a function raised an error, whose words may quote the payload",
    ),
    (
        "enums",
        "CREATE TYPE mood AS ENUM ('a');\nCREATE TABLE enums (id text PRIMARY KEY, n mood);",
        "INSERT INTO enums VALUES ('x', :n::text::mood)",
        "value-refused",
        "invalid input value for enum",
    ),
    (
        "numerics",
        "CREATE TABLE numerics (id text PRIMARY KEY, n numeric);",
        "INSERT INTO numerics VALUES ('x', abs((:n::text)::numeric))",
        "value-refused",
        "invalid input syntax for type numeric: \"...\"",
    ),
    (
        "sealed",
        "CREATE TABLE sealed (id text PRIMARY KEY);",
        "INSERT INTO sealed VALUES (:n)",
        "upcaster-failed",
        "upcasting Sealed 1 -> 2: the jq filter raised an error",
    ),
    (
        "fields",
        "CREATE TABLE fields (id text PRIMARY KEY);",
        "INSERT INTO fields VALUES (:m)",
        "field-missing",
        "the payload has no field m",
    ),
];

/// A log with the canary in it, and a projection for each way.
fn project(engine: &str, on_error: &str) -> Project {
    let database = Database::on_a_careless_server();
    let project = Project { database, ..Project::orders() };
    for name in ["order_summary", "customer_activity"] {
        std::fs::remove_dir_all(project.folder.path().join("projections").join(name)).unwrap();
    }
    project.write(
        "migrations/events/Sealed.toml",
        "type = \"Sealed\"\n[[step]]\nfrom = 1\njq = 'error(\"no \\(.n) here\")'\n",
    );
    for (name, table, handler, ..) in WAYS {
        project.write(&format!("projections/{name}/schema/V1__x.sql"), table);
        let event = if name == "sealed" { "Sealed" } else { "Signed" };
        let handlers = format!("-- on {event}\n{handler};\n");
        project.write(&format!("projections/{name}/handlers.sql"), &handlers);
        let settings = format!("engine = \"{engine}\"\non_error = \"{on_error}\"\n");
        project.write(&format!("projections/{name}/projection.toml"), &settings);
    }
    project.ok(&["migrate"]);
    project
}

fn append(project: &Project) {
    for kind in ["Signed", "Sealed"] {
        let event = format!(r#"[{{"type": "{kind}", "payload": {{"n": "{CANARY}"}}}}]"#);
        let sql = "SELECT event_store.append('s', NULL, $1::text::jsonb)";
        project.events().query(sql, &[&event]).unwrap();
    }
}

/// Everything the ledger holds, as text.
fn ledger(project: &Project) -> String {
    let mut reads = project.reads();
    let tables =
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'regrow'";
    let tables = rows(&mut reads, tables);
    let all = tables.iter().flat_map(|table| {
        rows(&mut reads, &format!("SELECT * FROM {}", table.trim_matches(['(', ')'])))
    });
    all.collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn silent(what: &str, text: &str) {
    assert!(!text.contains(CANARY), "{what} shows the payload:\n{text}");
}

/// Runs a command with every trace on, then as JSON; nothing shows the canary.
fn runs_silently(project: &Project, args: &[&str]) -> Ran {
    let output = project.command(args).env("REGROW_LOG", "trace").output().unwrap();
    for text in [&output.stdout, &output.stderr] {
        silent(&args.join(" "), &String::from_utf8_lossy(text));
    }
    let ran = project.run(&[args, &["--json"]].concat());
    silent(&args.join(" "), &format!("{}{}", ran.stdout, ran.stderr));
    ran
}

#[test]
fn what_stops_a_build_is_told_without_the_payload() {
    for engine in ENGINES {
        let project = project(engine, "stop");
        append(&project);
        let ran = runs_silently(&project, &["rebuild", "--all"]);
        let value: Value = serde_json::from_str(&ran.stdout).unwrap();
        for build in value["builds"].as_array().unwrap() {
            let name = build["projection"].as_str().unwrap();
            let (.., code, said) = WAYS.iter().find(|way| way.0 == name).unwrap();
            let error = &build["error"];
            assert_eq!(
                (&error["code"], &error["event"]["code"]),
                (&(*code).into(), &(*code).into()),
                "{engine} {error}"
            );
            assert!(error["message"].as_str().unwrap().contains(said), "{engine} {error}");
        }
        assert_eq!(value["builds"].as_array().unwrap().len(), WAYS.len());
        let status = runs_silently(&project, &["status"]);
        let failures: Value = serde_json::from_str(&status.stdout).unwrap();
        assert_eq!(failures["builds"].as_array().unwrap().len(), WAYS.len());
        runs_silently(&project, &["resume", "casts", "uniques", "raises"]);
        silent("the ledger", &ledger(&project));

        // Asked for, it is shown, and kept no more than before.
        let ran = project.run(&["resume", "--show-payload"]);
        let payload = format!("payload: {{\"n\": \"{CANARY}\"}}");
        for said in [
            format!("said: invalid input syntax for type integer: \"{CANARY}\""),
            format!("(Key (n)=({CANARY}) already exists.)"),
            format!("Failing row contains (x, {CANARY})."),
            format!("said: no {CANARY} here ({CANARY})"),
            format!("jq: no {CANARY} here"),
            payload.clone(),
        ] {
            assert!(ran.stderr.contains(&said), "{said}\n{}", ran.stderr);
        }
        let json = project.run(&["rebuild", "casts", "--show-payload", "--json"]);
        let value: Value = serde_json::from_str(&json.stdout).unwrap();
        let event = &value["builds"][0]["error"]["event"];
        assert_eq!(event["payload"], format!("{{\"n\": \"{CANARY}\"}}"));
        assert!(project.ok(&["status", "--show-payload"]).contains(&payload));
        let json = project.json(&["status", "--show-payload"]);
        assert_eq!(json["builds"][0]["failure"]["payload"], event["payload"]);
        silent("the ledger", &ledger(&project));
    }
}

#[test]
fn what_is_put_aside_or_left_behind_is_told_without_the_payload() {
    for engine in ENGINES {
        let parking = project(engine, "park");
        append(&parking);
        runs_silently(&parking, &["rebuild", "--all"]);
        let count =
            rows(&mut parking.reads(), "SELECT count(DISTINCT build_id) FROM regrow.parked_events");
        assert_eq!(count, [format!("({})", WAYS.len())]);
        silent("the ledger", &ledger(&parking));

        let stopping = project(engine, "stop");
        stopping.ok(&["rebuild", "--all", "--promote"]);
        append(&stopping);
        runs_silently(&stopping, &["run", "--until-caught-up"]);
        silent("the ledger", &ledger(&stopping));
        stopping.ok(&["rebuild", "casts", "--until", "0"]);
        let resumed = stopping.run(&["resume", "casts", "--show-payload"]);
        assert_eq!(resumed.code, 1, "{}", resumed.stdout);
    }
}

#[test]
fn a_follower_shows_the_payload_where_it_is_asked_to() {
    let project = project("native", "stop");
    project.ok(&["rebuild", "casts", "--promote"]);
    append(&project);
    let ran = project.run(&["run", "--until-caught-up", "--show-payload"]);
    assert_eq!(ran.code, 1);
    for said in [
        "said: invalid input syntax for type integer",
        &format!("payload: {{\"n\": \"{CANARY}\"}}"),
    ] {
        assert!(ran.stderr.contains(said), "{said}\n{}", ran.stderr);
    }
    silent("the ledger", &ledger(&project));
}

#[test]
fn indexes_and_assertions_that_fail_are_told_without_values() {
    let project = project("auto", "stop");
    project.write(
        "projections/casts/schema/V1__x.sql",
        "CREATE TABLE casts (id int PRIMARY KEY, n text);",
    );
    project.write("projections/casts/schema/V2__x.sql", "CREATE UNIQUE INDEX one ON casts (n);");
    let twice = "-- on Signed\nINSERT INTO casts VALUES (1, :n), (2, :n);\n";
    project.write("projections/casts/handlers.sql", twice);
    append(&project);
    runs_silently(&project, &["rebuild", "casts"]);
    let ran = project.run(&["resume", "casts"]);
    assert!(ran.code == 1 && ran.stderr.contains("(n)=(...)"), "{}", ran.stderr);

    std::fs::remove_file(project.folder.path().join("projections/casts/schema/V2__x.sql")).unwrap();
    project
        .write("projections/casts/checks.sql", "-- numbers\nSELECT FROM casts WHERE n::int < 0;\n");
    let ran = project.run(&["rebuild", "casts", "--json"]);
    assert_eq!(ran.code, 10, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("check-broken"), "{}", ran.stdout);
    silent("rebuild", &format!("{}{}", ran.stdout, ran.stderr));
    runs_silently(&project, &["resume", "casts"]);
}

#[test]
fn a_bad_line_is_told_without_its_content() {
    let project = migrated();
    for line in [
        format!(
            r#"{{"stream_id": "s", "stream_version": 0, "type": "A", "payload": {{"a": {CANARY}}}}}"#
        ),
        format!(r#"{{"stream_id": "s", "stream_version": 0, "type": "A", "payload": "{CANARY}"}}"#),
        format!(
            r#"{{"stream_id": "s", "stream_version": 0, "type": "A", "payload": {{}}, "recorded_at": "{CANARY}"}}"#
        ),
        format!(
            r#"{{"stream_id": "s", "stream_version": "{CANARY}", "type": "A", "payload": {{}}}}"#
        ),
        format!(
            r#"{{"stream_id": "s", "stream_version": 0, "type": "A", "payload": {{"{CANARY}": "\u0000"}}}}"#
        ),
        format!(
            r#"{{"stream_id": "s", "stream_version": 0, "type": "A", "payload": {{"n": 1e999999, "a": "{CANARY}"}}}}"#
        ),
        format!(
            r#"{{"stream_id": "s", "stream_version": 0, "type": "A", "payload": {{"a": "{CANARY}"}}"#
        ),
        format!("\"{CANARY}\""),
    ] {
        project.write("bad.ndjson", &format!("{line}\n"));
        refused(&project, &["import", "bad.ndjson"], 1, &["bad.ndjson:1: "]);
        runs_silently(&project, &["import", "bad.ndjson"]);
    }
}
