//! Mistakes in the files of a lineage: each has a file, a line where there is one, and
//! nothing runs.

use std::os::unix::fs::symlink;

use super::{ORDER, STORE, checked, ends, refused, store, traces};
use crate::bench::{Project, rows};

const FIRST: &str = "CREATE TABLE a ();\n";

/// Files beside `V1__a.sql`, and what `migrate` and `check` say of them.
const FILES: [(&[(&str, &str)], &str); 21] = [
    (
        &[("V1__b.sql", FIRST)],
        "migrations/event_store/V1__a.sql and migrations/event_store/V1__b.sql have the same version",
    ),
    (&[("V01__b.sql", FIRST)], "V1__a.sql have the same version"),
    (
        &[("v2__b.sql", FIRST)],
        "migrations/event_store/v2__b.sql: a revision is named V<version>__<words>.sql",
    ),
    (&[("V2_b.sql", FIRST)], "migrations/event_store/V2_b.sql: a revision is named"),
    (&[("V2__.sql", FIRST)], "V2__.sql: a revision is named"),
    (&[("V2__a-b.sql", FIRST)], "V2__a-b.sql: a revision is named"),
    (&[("V-2__b.sql", FIRST)], "V-2__b.sql: a revision is named"),
    (
        &[("V9223372036854775808__b.sql", FIRST)],
        "V9223372036854775808__b.sql: the version is too large",
    ),
    (
        &[("V2__b.down.sql", FIRST)],
        "V2__b.down.sql: there is no revision of this version to go back from",
    ),
    (&[("V2__b.sql", "\n-- revises: x\n")], "V2__b.sql:2:1: 'x' is not a version"),
    (
        &[("V2__b.sql", "-- revises: 7\n")],
        "V2__b.sql:1:1: it revises 7, and there is no such revision",
    ),
    (&[("V2__b.sql", "-- a\n-- revises:\n")], "V2__b.sql:2:1: 'revises:' names no version"),
    (
        &[("V2__b.sql", "-- a\n-- depends-on: 8\n")],
        "V2__b.sql:2:1: it depends on 8, and there is no such revision",
    ),
    (
        &[("V2__b.sql", "-- depends-on: event_store@x\n")],
        "V2__b.sql:1:1: 'event_store@x' is not a version",
    ),
    (
        &[("V2__b.sql", "-- transaction: maybe\n")],
        "V2__b.sql:1:1: 'transaction: maybe' is not known; 'none' is",
    ),
    (&[("V2__b.sql", "-- change: perhaps\n")], "V2__b.sql:1:1: 'change: perhaps' is not known"),
    (
        &[("V2__b.sql", "-- lineage: orders\n")],
        "V2__b.sql:1:1: it says it is of the lineage orders, and lies in that of event_store",
    ),
    (&[("V2__b.sql", "-- labels: head\n")], "V2__b.sql:1:1: 'head' cannot be a label"),
    (&[("V2__b.sql", "-- labels: x\n"), ("V3__c.sql", "-- labels: x\n")], "have the same label, x"),
    (
        &[("V2__b.sql", "-- b\n-- revises: 3\n"), ("V3__c.sql", "-- c\n-- revises: 2\n")],
        ":2:1: it comes after ",
    ),
    (
        &[("V2__b.sql", "-- revises: 2\n")],
        "V2__b.sql:1:1: it comes after 2, which comes after it: a circle",
    ),
];

#[test]
fn files_that_make_no_lineage_are_named_before_anything_runs() {
    for (files, said) in FILES {
        let project = store(&[("V1__a.sql", FIRST)]);
        for (name, text) in files {
            project.write(&format!("{STORE}/{name}"), text);
        }
        let before = traces(&mut project.events());
        for args in [
            &["migrate"][..],
            &["migrate", "--sql"],
            &["current"],
            &["history"],
            &["heads"],
            &["show", "1"],
            &["revision", "-m", "x"],
            &["stamp", "1"],
            &["verify-down"],
        ] {
            refused(&project, args, 1, &[said]);
        }
        let told = ends(&project, &["check"], 1, &["mistake: ", said]);
        assert_eq!(told.stdout.matches(said).count(), 1, "{}", told.stdout);
        assert_eq!(traces(&mut project.events()), before, "{said}");
    }
    // All of them at once.
    let project =
        store(&[("V1__a.sql", FIRST), ("b.sql", FIRST), ("V2__c.sql", "-- revises: 9\n")]);
    refused(
        &project,
        &["migrate"],
        1,
        &["b.sql: a revision is named", "V2__c.sql:1:1: it revises 9"],
    );
}

/// Texts of a revision, and what is said of it.
const TEXTS: [(&str, &str); 12] = [
    ("-- é\nSELECT 'é', 'open;\n", ":2:13: "),
    ("SELECT 1;\nSELECT \"open;\n", ":2:8: "),
    ("SELECT 1;\nDO $x$ BEGIN END;\n", ":2:4: "),
    ("SELECT 1;\n/* open\n", ":2:1: "),
    ("SELECT 1;\n\\i other.sql\n", ":2:1: "),
    ("SELECT 1;\n  BEGIN;\n", ":2:3: a revision cannot begin or end transactions"),
    ("SELECT 1;\nCOMMIT", ":2:1: a revision cannot begin or end transactions"),
    ("ROLLBACK;", ":1:1: a revision cannot begin or end transactions"),
    ("SELECT 1;\nSAVEPOINT x;", ":2:1: a revision cannot begin or end transactions"),
    ("SELECT 1;\nVACUUM;", ":2:1: this statement cannot run in a transaction"),
    (
        "-- transaction: none\nCREATE INDEX CONCURRENTLY ON a (n);",
        ":2:1: an index that is built CONCURRENTLY needs a name",
    ),
    ("SELECT 1;\nSELECT nosuch;", ":2:8: "),
];

#[test]
fn texts_that_cannot_run_are_named_with_their_line_and_nothing_is_kept() {
    let project = store(&[("V1__a.sql", "CREATE TABLE a (n int);\n")]);
    let path = format!("{STORE}/V2__b.sql");
    for (text, place) in TEXTS {
        project.write(&path, text);
        let ran = ends(&project, &["migrate"], 1, &[&format!("error: {path}{place}")]);
        assert_eq!(ran.stdout, "", "{}", ran.stderr);
        let made = "SELECT FROM pg_class WHERE relname = 'b'";
        assert_eq!(rows(&mut project.events(), made).len(), 0);
        let before = traces(&mut project.events());
        let (code, found) = checked(&project, &["--only", "migrations"]);
        // What would fail in the deploy is worse than what the lint says of it.
        let linted = found.iter().any(|f| f.starts_with("lint "));
        assert!(
            linted || text.contains("nosuch") || text.contains("NCURRENTLY ON"),
            "{text}: {code} {found:?}"
        );
        assert!(!linted || code == 8 || code == 1, "{text}: {code}");
        project.run(&["verify-down"]);
        assert_eq!(traces(&mut project.events()), before, "{text}: a look keeps nothing");
    }
    // In a projection the same, by a rebuild and by a check.
    let project = Project::orders();
    project.ok(&["migrate"]);
    let path = format!("{ORDER}/V2__b.sql");
    for (text, place) in TEXTS.iter().filter(|(t, _)| !t.starts_with("-- tr")) {
        project.write(&path, text);
        let before = traces(&mut project.reads());
        refused(&project, &["rebuild", "order_summary"], 1, &[&format!("{path}{place}")]);
        ends(&project, &["check", "--only", "handlers"], 1, &[&format!("{path}{place}")]);
        assert_eq!(traces(&mut project.reads()), before, "{text}");
    }
}

#[test]
fn files_that_are_no_text_are_named() {
    let project = store(&[("V1__a.sql", FIRST)]);
    let path = project.folder.path().join(STORE).join("V2__b.sql");
    let said = |part: &str| {
        for args in [&["migrate"][..], &["check"], &["history"]] {
            refused(&project, args, 1, &[part]);
        }
    };
    std::fs::write(&path, b"SELECT 1;\n\xff\n").unwrap();
    said("migrations/event_store/V2__b.sql is not UTF-8 at byte 10");
    std::fs::write(&path, b"SELECT 1;\nSELECT '\0';\n").unwrap();
    said("migrations/event_store/V2__b.sql:2:9: a NUL byte");
    // A large revision is read while it runs; a way back is not.
    std::fs::write(&path, "CREATE TABLE event_store.c ();\n").unwrap();
    std::fs::write(path.with_extension("down.sql"), vec![b' '; 17 * 1024 * 1024]).unwrap();
    said(
        "migrations/event_store/V2__b.down.sql cannot be read: it has 17825792 bytes, and 16777216 are the most",
    );
    std::fs::remove_file(path.with_extension("down.sql")).unwrap();
    std::fs::remove_file(&path).unwrap();
    symlink("/etc/hostname", &path).unwrap();
    said("migrations/event_store/V2__b.sql leads out of the project");
    std::fs::remove_file(&path).unwrap();
    let long = "l".repeat(64);
    let handlers = format!("projections/{long}/handlers.sql");
    project.write(&handlers, "-- on X\n");
    said("has 64 bytes");
    std::fs::remove_dir_all(project.folder.path().join("projections")).unwrap();
    // An editor's mark, an empty file, and one with nothing but comments are revisions.
    std::fs::write(&path, "\u{feff}-- revises: 1\r\nCREATE TABLE b ();\r\n").unwrap();
    project.write(&format!("{STORE}/V3__empty.sql"), "");
    project.write(&format!("{STORE}/V4__words.sql"), "-- nothing; at all\n/* ; */");
    ends(&project, &["migrate"], 0, &["event_store is at V4__words, 4 revisions applied"]);
    ends(&project, &["check"], 0, &[]);
}

#[test]
fn targets_that_lead_nowhere_are_usage_mistakes() {
    let project = store(&[("V1__a.sql", FIRST), ("V2__b.sql", "CREATE TABLE b ();")]);
    let unreadable = "is not a target: head, heads, base, +2, -1, a version";
    for (args, said) in [
        (&["migrate", ""][..], unreadable),
        (&["migrate", "@"], unreadable),
        (&["migrate", "event_store@"], unreadable),
        (&["migrate", "a@b@c@head"], unreadable),
        (&["migrate", "1:2"], "FROM:TO is for --sql"),
        (&["downgrade", "2:1"], "FROM:TO is for --sql"),
        (&["migrate", "a b"], unreadable),
        (&["migrate", "+x"], unreadable),
        (&["migrate", "99999999999999999999"], "event_store has no revision 99999999999999999999"),
        (&["migrate", "+99999999999999999999"], unreadable),
        (&["migrate", "+9"], "+9 leads out of event_store: from base there are only 2"),
        (&["migrate", "-1"], "-1 is the wrong direction for migrate"),
        (&["migrate", "-0"], "is the wrong direction for migrate"),
        (&["migrate", "--", "-1"], "-1 is the wrong direction for migrate"),
        (&["migrate", "3"], "event_store has no revision 3; its last is V2__b"),
        (&["migrate", "nosuch@head"], "nosuch"),
        (&["migrate", "nosuch@base@head"], "there is no lineage nosuch; there are event_store"),
        (&["downgrade", "+1"], "+1 is the wrong direction for downgrade"),
        (&["downgrade", "-1"], "-1 leads out of event_store: from base there are only 0"),
        (&["downgrade", "1"], "V1__a of event_store is not applied: there is no way back to it"),
        (&["stamp", "+1"], "+1 counts from where a database stands, and none is asked here"),
        (&["stamp", "1", "nosuch"], "event_store has no revision nosuch"),
        (&["show", "+1"], "+1 counts from where a database stands"),
        (&["show", "heads@x"], "event_store has no revision"),
        (&["history", "-l", "nosuch"], "there is no lineage nosuch"),
        (&["migrate", "--wait", "-1"], "-1"),
    ] {
        refused(&project, args, 2, &[said]);
    }
    let made = "SELECT FROM pg_class WHERE relname IN ('a', 'b')";
    assert_eq!(rows(&mut project.events(), made).len(), 0);
    ends(&project, &["downgrade", "base"], 0, &["event_store is at base, nothing to do"]);
}
