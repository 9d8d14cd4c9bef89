//! Lint in `check`: what is no fit for a deploy is told before it, and only then.

use super::{ORDER, STORE, checked, finds, is_clean, live};

/// Statements on the log, and the rule that each of them breaks.
const RISKS: [(&str, &str); 9] = [
    ("UPDATE event_store.events SET stream_id = 'x';", "append-only-log"),
    ("DELETE FROM events;", "append-only-log"),
    ("TRUNCATE event_store.events;", "append-only-log"),
    ("DROP TABLE events;", "append-only-log"),
    ("ALTER TABLE events DROP COLUMN metadata;", "append-only-log"),
    ("CREATE INDEX i ON events (event_type);", "log-rewrite"),
    ("ALTER TABLE events ALTER position TYPE numeric;", "log-rewrite"),
    ("CREATE INDEX CONCURRENTLY i ON events (event_type);", "concurrently-in-transaction"),
    ("BEGIN;", "transaction-control"),
];

#[test]
fn a_pending_revision_of_the_event_store_is_linted_with_file_line_and_rule() {
    let project = live();
    let path = format!("{STORE}/V2__risk.sql");
    for (sql, rule) in RISKS {
        project.write(&path, &format!("-- a risk\nSELECT 1;\n  {sql}\n"));
        // Some of them would fail as well, which is worse.
        let code = checked(&project, &["--only", "migrations"]).0;
        assert!(code == 8 || code == 1, "{sql}: {code}");
        finds(
            &project,
            &["--only", "migrations"],
            code,
            &[&format!("lint {path}:3:"), &format!(" {rule} ")],
        );
        project.write(&path, &format!("SELECT 1;\n\n-- lint: allow {rule}\n{sql}\n"));
        let (_, found) = checked(&project, &["--only", "migrations"]);
        assert!(!found.iter().any(|f| f.contains(rule)), "{found:#?}");
        // In the head it holds for the whole file, whatever line of the head comes next.
        project.write(
            &path,
            &format!("-- lint: allow {rule}\n-- lineage: event_store\nSELECT 1;\n{sql}\n"),
        );
        let (_, found) = checked(&project, &["--only", "migrations"]);
        assert!(!found.iter().any(|f| f.contains(rule)), "{found:#?}");
    }
    project.write(&path, "-- lint: allow nosuch\nSELECT 1;\n");
    finds(&project, &["--only", "migrations"], 8, &["unknown-rule there is no rule 'nosuch'"]);
    project.write(
        &path,
        "-- transaction: none\nCREATE INDEX CONCURRENTLY i ON events (event_type);\n",
    );
    let (code, found) = checked(&project, &["--only", "migrations"]);
    assert_eq!((code, found), (0, vec![]), "as it should be");
}

#[test]
fn what_ran_is_not_linted_any_more() {
    let project = live();
    project.write(
        &format!("{STORE}/V2__risk.sql"),
        "CREATE INDEX i ON event_store.events (event_type);\n",
    );
    finds(&project, &[], 8, &["lint ", "log-rewrite"]);
    project.ok(&["migrate"]);
    is_clean(&project);
}

#[test]
fn a_projection_is_built_where_nobody_reads_and_is_not_scolded() {
    let project = live();
    let path = format!("{ORDER}/V2__risk.sql");
    for sql in [
        "UPDATE order_summary SET status = 'x';",
        "DELETE FROM order_summary;",
        "TRUNCATE order_summary;",
        "DROP TABLE order_summary;",
        "CREATE INDEX i ON order_summary (status);",
        "ALTER TABLE order_summary ALTER id TYPE varchar(99);",
        "ALTER TABLE order_summary DROP COLUMN status;",
    ] {
        project.write(&path, &format!("{sql}\n"));
        let (code, found) = checked(&project, &["--only", "migrations"]);
        assert_eq!((code, found), (0, vec![]), "{sql}");
    }
    // What PostgreSQL refuses is told anywhere.
    project.write(&path, "CREATE INDEX CONCURRENTLY i ON order_summary (status);\n");
    finds(&project, &["--only", "migrations"], 1, &["lint ", "concurrently-in-transaction"]);
}
