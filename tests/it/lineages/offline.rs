//! Scripts for psql and previews: the same as the run, or nothing at all.

use std::process::{Command, Output};

use super::{STORE, catalog, ends, history_rows, refused, store, traces};
use crate::bench::{Database, Project, rows};

/// Revisions with what makes scripts hard: bodies with semicolons, comments at the end, a
/// statement without one, statements that run alone.
fn hard() -> Project {
    store(&[
        (
            "V1__a.sql",
            "CREATE TABLE a (n int, t text DEFAULT ';');\nINSERT INTO a VALUES (1, E'\\'')",
        ),
        ("V1__a.down.sql", "DROP TABLE a -- and all"),
        (
            "V2__f.sql",
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$\nBEGIN\n    -- ; $$\n    RETURN 1;\nEND $body$;\n/* the end ; */ -- really",
        ),
        ("V2__f.down.sql", "DROP FUNCTION IF EXISTS f()"),
        (
            "V3__i.sql",
            "-- transaction: none\nCREATE INDEX CONCURRENTLY a_n ON a (n);\nVACUUM a;\nINSERT INTO a VALUES (3)",
        ),
        ("V3__i.down.sql", "-- transaction: none\nDROP INDEX CONCURRENTLY a_n"),
        ("V4__c.sql", "\u{feff}-- a mark\nCOMMENT ON TABLE event_store.a IS '\\q :x';\r\n"),
        ("V4__c.down.sql", "COMMENT ON TABLE a IS NULL;"),
    ])
}

/// psql as it lies beside the server of a database.
fn psql(database: &Database, script: &str) -> Output {
    let place = "SELECT setting FROM pg_config WHERE name = 'BINDIR'";
    let folder: String = database.connect().query_one(place, &[]).unwrap().get(0);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), script).unwrap();
    let mut command = Command::new(std::path::Path::new(&folder).join("psql"));
    command.args(["-X", "-q", "-d", &database.url(), "-f"]).arg(file.path());
    command.output().unwrap()
}

#[track_caller]
fn runs(database: &Database, script: &str) {
    let output = psql(database, script);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}\n{script}");
}

fn state(database: &Database) -> (Vec<String>, Vec<String>, Vec<String>) {
    let mut client = database.connect();
    let there =
        !rows(&mut client, "SELECT WHERE to_regclass('event_store.a') IS NOT NULL").is_empty();
    let content = if there {
        rows(&mut client, "SELECT * FROM event_store.a ORDER BY 1")
    } else {
        Vec::new()
    };
    (catalog(&database.url(), "event_store"), history_rows(&mut client), content)
}

#[test]
fn the_script_ends_where_the_run_does() {
    for (from, to) in
        [(None, "head"), (None, "2"), (Some("2"), "head"), (Some("1"), "3"), (Some("base"), "1")]
    {
        let project = hard();
        let other = Database::new();
        if let Some(from) = from.filter(|f| *f != "base") {
            project.ok(&["migrate", from]);
            project.ok(&["migrate", from, "--database-url", &other.url()]);
        }
        project.ok(&["migrate", to]);
        let range = from.map_or_else(|| to.to_owned(), |from| format!("{from}:{to}"));
        let script = project.ok(&["migrate", "--sql", &range]);
        runs(&other, &script);
        assert_eq!(state(&other), state(&project.database), "{range}");
        let url = other.url();
        ends(&project, &["migrate", to, "--database-url", &url], 0, &["nothing to do"]);
        // A second time it stops before it changes anything.
        let again = psql(&other, &script);
        let said = String::from_utf8_lossy(&again.stderr);
        assert!(!again.status.success() && said.contains("is applied already"), "{said}");
        assert_eq!(state(&other), state(&project.database), "{range}, twice");
    }
}

#[test]
fn the_script_of_a_way_back_ends_where_the_way_back_does() {
    for (from, to) in [("head", "base"), ("4", "2"), ("3", "1")] {
        let project = hard();
        let other = Database::new();
        project.ok(&["migrate", from]);
        project.ok(&["migrate", from, "--database-url", &other.url()]);
        project.ok(&["downgrade", to]);
        let script = project.ok(&["downgrade", "--sql", &format!("{from}:{to}")]);
        runs(&other, &script);
        assert_eq!(state(&other), state(&project.database), "{from}:{to}");
        let again = psql(&other, &script);
        let said = String::from_utf8_lossy(&again.stderr);
        assert!(!again.status.success() && said.contains("is not applied"), "{said}");
        assert_eq!(state(&other), state(&project.database), "{from}:{to}, twice");
    }
}

#[test]
fn a_stamp_writes_the_same_rows_by_script() {
    for (from, to) in [(None, "head"), (None, "2"), (Some("3"), "1")] {
        let (project, other) = (hard(), Database::new());
        if let Some(from) = from {
            project.ok(&["stamp", from]);
            continue;
        }
        ends(&project, &["stamp", to], 0, &["nothing was run"]);
        runs(&other, &project.ok(&["stamp", "--sql", to]));
        assert_eq!(state(&other), state(&project.database), "{to}");
    }
    let project = hard();
    project.ok(&["stamp", "3"]);
    ends(&project, &["stamp", "1"], 0, &["event_store is said to be at V1__a"]);
    ends(&project, &["stamp", "base"], 0, &["event_store is said to be at base"]);
    let value = project.json(&["stamp", "--sql", "head"]);
    assert!(value["sql"].as_str().unwrap().contains("COMMIT;"));
}

#[test]
fn scripts_ask_no_server_and_say_what_they_cannot() {
    let project = hard();
    let nowhere = ["--database-url", "host=/nowhere dbname=x"];
    for args in
        [&["migrate", "--sql"][..], &["stamp", "--sql", "2"], &["downgrade", "--sql", "2:1"]]
    {
        project.ok(&[args, &nowhere].concat());
    }
    for (args, part) in [
        (&["migrate", "--sql", "+1:head"][..], "+1 counts from where a database stands"),
        (&["downgrade", "--sql", "1"], "downgrade --sql needs FROM:TO"),
        (&["downgrade", "--sql", "1:2"], "V2__f of event_store is not applied"),
        (&["migrate", "--sql", "nosuch:head"], "event_store has no revision nosuch"),
        (&["migrate", "--sql", "--dry-run"], "--dry-run"),
        (&["stamp", "--sql", "--purge", "head"], "--purge"),
    ] {
        refused(&project, args, 2, &[part]);
    }
    let project = Project::orders();
    let args = ["migrate", "--sql", "order_summary@head"];
    refused(&project, &args, 2, &["order_summary is a projection", "regrow rebuild order_summary"]);
}

#[test]
fn a_dry_run_writes_nothing_and_names_each_lock() {
    let project = hard();
    let before = traces(&mut project.events());
    let said = project.ok(&["migrate", "--dry-run"]);
    for part in [
        "V1__a (up): one transaction",
        "V3__i (up): statement by statement",
        "SHARE UPDATE EXCLUSIVE on a",
    ] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
    assert_eq!(traces(&mut project.events()), before);
    project.ok(&["migrate"]);
    project.write(
        &format!("{STORE}/V5__more.sql"),
        "ALTER TABLE a ADD COLUMN m int;\nALTER TABLE a ALTER n TYPE bigint;\nCREATE INDEX a_t ON a (t);\nSELECT 1;\n",
    );
    let before = traces(&mut project.events());
    let value = project.json(&["migrate", "--dry-run"]);
    let statements = value["plan"][0]["statements"].as_array().unwrap();
    let told: Vec<String> = statements
        .iter()
        .map(|s| format!("{} {} on {} {}", s["line"], s["lock"], s["on"], s["rewrites"]))
        .collect();
    assert_eq!(
        told,
        [
            r#"1 "ACCESS EXCLUSIVE" on "a" false"#,
            r#"2 "ACCESS EXCLUSIVE" on "a" true"#,
            r#"3 "SHARE" on "a" false"#,
            "4 null on null false",
        ]
    );
    ends(&project, &["downgrade", "2", "--dry-run"], 0, &["V4__c (down)", "V3__i (down)"]);
    refused(&project, &["downgrade", "base", "--dry-run", "--sql"], 2, &["--sql"]);
    assert_eq!(traces(&mut project.events()), before);
}
