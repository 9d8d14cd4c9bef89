//! What ran against the files there are: what is an edit and what is not, and what `repair`
//! accepts.

use super::{STORE, ends, finds, history_rows, is_clean, refused, remove, store};
use crate::bench::{Project, rows};

const FIRST: &str = "-- one\nCREATE TABLE a (\n    n int -- a number\n);\n";

fn three() -> Project {
    let project = store(&[
        ("V1__a.sql", FIRST),
        ("V2__b.sql", "CREATE TABLE b (n int DEFAULT 1);\n"),
        ("V3__c.sql", "CREATE TABLE c (n text DEFAULT '-- x');\n"),
    ]);
    project.ok(&["migrate"]);
    project
}

#[test]
fn comments_blanks_and_line_ends_are_no_edit() {
    let project = three();
    for (name, text) in [
        ("V1__a.sql", FIRST.replace('\n', "\r\n")),
        ("V1__a.sql", format!("\u{feff}{FIRST}")),
        ("V1__a.sql", FIRST.replace("-- one", "/* two */\n\n-- reviewed by two")),
        ("V1__a.sql", FIRST.replace("    n int -- a number\n", "  n    int\n")),
        ("V2__b.sql", "CREATE TABLE b (n int DEFAULT 1);".into()),
        (
            "V2__b.sql",
            "-- lint: allow ban-drop-table\nCREATE TABLE b (n int DEFAULT 1);\n\n".into(),
        ),
    ] {
        let path = format!("{STORE}/{name}");
        let before = project.read(&path);
        project.write(&path, &text);
        ends(&project, &["migrate"], 0, &["event_store is at V3__c, nothing to do"]);
        is_clean(&project);
        project.write(&path, &before);
    }
    for (name, text) in [
        ("V1__a.sql", FIRST.replace("n int", "n bigint")),
        ("V2__b.sql", "CREATE TABLE b (n int DEFAULT 11);\n".into()),
        ("V2__b.sql", "CREATE TABLE \"b\" (n int DEFAULT 1);\n".into()),
        ("V3__c.sql", "CREATE TABLE c (n text DEFAULT '-- y');\n".into()),
        ("V3__c.sql", "CREATE TABLE c (n text DEFAULT '--  x');\n".into()),
    ] {
        let path = format!("{STORE}/{name}");
        let before = project.read(&path);
        project.write(&path, &text);
        refused(&project, &["migrate"], 4, &[&format!("{path}: revision "), "has changed"]);
        finds(&project, &[], 4, &[&path, "has changed"]);
        project.write(&path, &before);
    }
    is_clean(&project);
}

/// What becomes of a history, and the code and the words it is refused with.
type Case = (&'static str, fn(&Project), i32, &'static [&'static str]);

const CASES: [Case; 7] = [
    ("edited", edit, 4, &["V1__a.sql: revision V1__a of event_store was applied on "]),
    ("missing", lose, 4, &["revision V2__b of event_store was applied on ", "file is missing"]),
    (
        "late",
        come_late,
        4,
        &["V2__late.sql: revision V2__late of event_store was never applied, but"],
    ),
    (
        "ahead",
        fall_behind,
        9,
        &["the database is ahead of this code: V3__c", "deploy the newer code"],
    ),
    ("two ahead", fall_far_behind, 9, &["V2__b of event_store", "V3__c of event_store"]),
    (
        "ahead and edited",
        both,
        4,
        &["V3__c of event_store", "V1__a of event_store", "regrow repair"],
    ),
    ("ahead and pending", parted, 9, &["V3__c of event_store", "does not know it"]),
];

fn edit(project: &Project) {
    project.write(&format!("{STORE}/V1__a.sql"), "CREATE TABLE a ();");
}

fn lose(project: &Project) {
    remove(project, &format!("{STORE}/V2__b.sql"));
}

fn come_late(project: &Project) {
    lose(project);
    project
        .events()
        .batch_execute("DELETE FROM event_store.refinery_schema_history WHERE version = 2")
        .unwrap();
    project.write(&format!("{STORE}/V2__late.sql"), "CREATE TABLE late ();");
}

fn fall_behind(project: &Project) {
    remove(project, &format!("{STORE}/V3__c.sql"));
}

fn fall_far_behind(project: &Project) {
    fall_behind(project);
    lose(project);
}

fn both(project: &Project) {
    fall_behind(project);
    edit(project);
}

fn parted(project: &Project) {
    fall_behind(project);
    project.write(&format!("{STORE}/V4__d.sql"), "-- revises: 2\nCREATE TABLE d ();");
}

#[test]
fn files_and_history_that_differ_stop_everything_with_one_code() {
    for (name, change, code, parts) in CASES {
        let project = three();
        project.write(&format!("{STORE}/V9__next.sql"), "CREATE TABLE next ();");
        change(&project);
        for args in [
            &["migrate", "heads"][..],
            &["migrate", "--dry-run", "heads"],
            &["downgrade", "1"],
            &["check", "--only", "migrations"],
        ] {
            let ran = ends(&project, args, code, parts);
            assert_eq!(ran.stdout.is_empty(), args[0] != "check", "{name}");
        }
        let made = "SELECT FROM pg_class WHERE relname IN ('next', 'd', 'late')";
        assert_eq!(rows(&mut project.events(), made).len(), 0, "{name}: nothing may run");
    }
}

#[test]
fn repair_accepts_what_is_named_and_nothing_else() {
    let broken = || {
        let project = three();
        both(&project);
        project.write(&format!("{STORE}/V3__c.sql"), "CREATE TABLE c (n text DEFAULT '-- x');\n");
        lose(&project);
        project.events().batch_execute("ALTER TABLE event_store.c ADD COLUMN by_hand int").unwrap();
        project
    };
    let edited = "V1__a: its file as it is now counts as what ran";
    let missing = "V2__b: forgotten, its file is gone";
    let drift = "the schema as it is now counts as what the revisions made";
    for (accept, code, said, still) in [
        ("edited", 4, &[edited][..], &["still so: revision V2__b", "by_hand"][..]),
        ("missing", 4, &[missing], &["has changed", "by_hand"]),
        ("drift", 4, &[drift], &["has changed", "file is missing"]),
        ("steps", 4, &["nothing to repair"], &["has changed", "file is missing", "by_hand"]),
        ("edited,missing", 0, &[edited, missing], &["by_hand"]),
        ("edited,missing,drift", 0, &[edited, missing, drift], &[]),
    ] {
        let project = broken();
        let before = history_rows(&mut project.events());
        let ran = ends(&project, &["repair", "--accept", accept, "--dry-run"], code, said);
        assert_eq!(said.contains(&"nothing to repair"), !ran.stdout.contains("--dry-run"));
        assert_eq!(history_rows(&mut project.events()), before, "{accept} --dry-run");
        ends(&project, &["repair", "--accept", accept], code, said);
        let after = ends(&project, &["check"], if still.is_empty() { 0 } else { 4 }, &[]).stdout;
        for part in ["has changed", "file is missing", "by_hand"] {
            let stays = still.iter().any(|s| s.contains(part))
                || part == "file is missing" && accept == "edited";
            assert_eq!(after.contains(part), stays, "{accept}: {part}\n{after}");
        }
    }
    let project = broken();
    refused(&project, &["repair", "--accept", "everything"], 2, &["edited, missing, drift, steps"]);
    refused(&project, &["repair"], 2, &["--accept"]);
    // That newer code was here is nothing a repair could mend.
    let project = three();
    fall_behind(&project);
    ends(
        &project,
        &["repair", "--accept", "edited,missing"],
        4,
        &["nothing to repair", "still so"],
    );
    ends(&project, &["stamp", "head", "--purge"], 0, &["said to be at V2__b; nothing was run"]);
    ends(&project, &["check"], 0, &[]);
}
