use super::*;

fn strict() -> Profile {
    Profile::Strict { log: "event_store.events".to_owned() }
}

fn found(profile: &Profile, text: &str) -> Vec<Finding> {
    let file = SourceFile::new("V2__a.sql", text);
    let outside_transaction = text.contains("-- transaction: none");
    lint(&Script { file: &file, outside_transaction, profile })
}

/// Findings as `line:column rule`.
fn told(profile: &Profile, text: &str) -> Vec<String> {
    let findings = found(profile, text);
    findings.iter().map(|f| format!("{}:{} {}", f.place.line, f.place.column, f.rule)).collect()
}

fn check(text: &str, expect: &[&str]) {
    assert_eq!(told(&strict(), text), expect, "{text}");
}

fn check_relaxed(text: &str, expect: &[&str]) {
    assert_eq!(told(&Profile::Relaxed, text), expect, "{text}");
}

#[test]
fn the_log_is_only_appended_to() {
    for sql in [
        "UPDATE event_store.events SET a = 1",
        "DELETE FROM events",
        "TRUNCATE other, ONLY Event_Store.Events CASCADE",
        "DROP TABLE IF EXISTS event_store.events",
        "MERGE INTO events USING x ON true WHEN MATCHED THEN DELETE",
        "ALTER TABLE event_store.events DROP COLUMN a",
        "DROP SCHEMA other, event_store CASCADE",
        "WITH d AS (DELETE FROM events RETURNING 1) SELECT * FROM d",
        "INSERT INTO events VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1",
    ] {
        let rules: Vec<_> = found(&strict(), sql).into_iter().map(|f| f.rule).collect();
        assert_eq!(rules, ["append-only-log"], "{sql}");
    }
    check("UPDATE other.events SET a = 1; INSERT INTO events VALUES (1)", &[]);
    check("COPY events FROM '/tmp/x'; SELECT * FROM events", &[]);
    check_relaxed("DELETE FROM event_store.events; DROP SCHEMA event_store", &[]);
}

#[test]
fn the_log_is_not_rewritten_or_scanned_while_the_site_appends() {
    for sql in [
        "ALTER TABLE events ALTER a TYPE bigint",
        "ALTER TABLE events ADD a uuid DEFAULT gen_random_uuid()",
        "ALTER TABLE events SET UNLOGGED",
        "ALTER TABLE events ADD PRIMARY KEY (a)",
        "ALTER TABLE events ADD UNIQUE (a)",
        "ALTER TABLE events ADD CONSTRAINT c CHECK (a > 0)",
        "ALTER TABLE events ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u",
        "ALTER TABLE events ALTER a SET NOT NULL",
        "CREATE INDEX i ON events (a)",
        "CLUSTER events USING i",
    ] {
        let rules: Vec<_> = found(&strict(), sql).into_iter().map(|f| f.rule).collect();
        assert_eq!(rules, ["log-rewrite"], "{sql}");
    }
    check("-- transaction: none\nVACUUM FULL events", &["2:1 log-rewrite"]);
    check("-- transaction: none\nCREATE INDEX CONCURRENTLY i ON events (a)", &[]);
    check("ALTER TABLE events ADD a int, ADD CONSTRAINT c CHECK (a > 0) NOT VALID", &[]);
    check("ALTER TABLE events ADD CONSTRAINT c UNIQUE USING INDEX i", &[]);
    check("CREATE TABLE event_store.events (a int); CREATE INDEX ON event_store.events (a)", &[]);
    check(
        "CREATE TABLE IF NOT EXISTS events (a int);\nALTER TABLE events ALTER a SET NOT NULL",
        &["2:28 adding-not-nullable-field"],
    );
    let sql = "ALTER TABLE events ADD b int, ALTER a TYPE bigint";
    let finding = found(&strict(), sql).remove(0);
    assert_eq!(&sql[finding.span], "ALTER a TYPE bigint");
    assert_eq!(
        finding.message,
        "ALTER COLUMN TYPE writes all of event_store.events under the lock ACCESS EXCLUSIVE, \
         and every append waits until it is done"
    );
}

#[test]
fn transactions_are_regrows() {
    check_relaxed("CREATE INDEX CONCURRENTLY i ON t (a)", &["1:1 concurrently-in-transaction"]);
    check_relaxed(
        "SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a)",
        &["2:1 concurrently-in-transaction"],
    );
    check_relaxed("VACUUM t", &["1:1 concurrently-in-transaction"]);
    check_relaxed("BEGIN; COMMIT", &["1:1 transaction-control", "1:8 transaction-control"]);
    check_relaxed("BEGIN", &["1:1 ban-uncommitted-transaction", "1:1 transaction-control"]);
    check_relaxed("-- transaction: none\nDROP INDEX CONCURRENTLY i", &[]);
    check_relaxed("-- transaction: none\n\nDROP INDEX i", &["3:1 transaction-needed"]);
    check_relaxed("SELECT 1;\n  \\i x.sql", &["2:3 psql-command"]);
    check_relaxed("SELECT 'a", &["1:8 unreadable"]);
}

#[test]
fn squawk_speaks_by_profile() {
    let sql = "CREATE INDEX i ON t (a);\nALTER TABLE t ALTER b TYPE int;\n\
               ALTER TABLE t RENAME a TO b;\nALTER TABLE t ADD a int NOT NULL";
    check_relaxed(sql, &[]);
    check(
        sql,
        &[
            "1:1 require-concurrent-index-creation",
            "2:23 changing-column-type",
            "3:15 renaming-column",
            "4:15 adding-required-field",
        ],
    );
    let long = "a".repeat(64);
    check_relaxed(&format!("CREATE TABLE {long} (a int)"), &["1:14 identifier-too-long"]);
    check("CREATE TABLE t (a int); CREATE INDEX ON t (a)", &[]);
    check(
        "-- transaction: none\nCREATE TABLE t (a int);\nCREATE INDEX ON t (a);\nVACUUM t",
        &["3:1 require-concurrent-index-creation"],
    );
    check(
        "DROP TABLE a; rubbish here; DROP TABLE b",
        &["1:1 ban-drop-table", "1:29 ban-drop-table"],
    );
    check("-- squawk-ignore ban-drop-table\nDROP TABLE a;\nDROP TABLE b", &["3:1 ban-drop-table"]);
    check("-- squawk-ignore ban-it\nSELECT 1", &["1:18 unknown-rule"]);
    let profile = Profile::Strict { log: "a b c".to_owned() };
    assert_eq!(told(&profile, "SELECT 1"), ["1:1 unknown-log"]);
}

#[test]
fn what_is_meant_is_allowed() {
    check(
        "DROP TABLE a;\n\n-- lint: allow ban-drop-table, append-only-log\n-- it is empty\n\
         DROP TABLE b;\nDROP TABLE c;\n  -- lint: allow ban-drop-table\n\nDROP TABLE d",
        &["1:1 ban-drop-table", "6:1 ban-drop-table", "9:1 ban-drop-table"],
    );
    check("-- lint: allow ban-drop-table\n\nDROP TABLE a; DROP TABLE b", &[]);
    check("-- lint: allow ban-drop-table\n-- revises: 1\nDROP TABLE a;\nDROP TABLE b", &[]);
    check("-- lint: allow ban-drop-table\nDROP TABLE a;\nDROP TABLE b", &["3:1 ban-drop-table"]);
    check("-- lint: allow log-rewrite\nALTER TABLE events ADD a int, ALTER b TYPE int", &[]);
    check("-- lint: allow ban-drop-column\nDELETE FROM events", &["2:1 append-only-log"]);
    check("-- lint: allow nonsense\nSELECT 1", &["1:1 unknown-rule"]);
    check("-- lint: off\n\nSELECT 1", &["1:1 unknown-rule"]);
    check("SELECT '\n-- lint: off\n'", &[]);
}

#[test]
fn the_sample_project_is_clean() {
    check(include_str!("../../migrations/event_store/V1__events.sql"), &[]);
    check_relaxed(
        include_str!("../../projections/order_summary/schema/V1__order_summary.sql"),
        &[],
    );
}

#[test]
fn no_text_makes_it_panic() {
    const WORDS: [&str; 44] = [
        "CREATE",
        "INDEX",
        "CONCURRENTLY",
        "ON",
        "events",
        "ALTER",
        "TABLE",
        "ADD",
        "COLUMN",
        "é",
        "(",
        ")",
        ",",
        ";",
        "'",
        "\"a\"",
        "$$",
        "--",
        "\n",
        "/*",
        "*/",
        "DEFAULT",
        "DROP",
        "WITH",
        "AS",
        "DELETE",
        "FROM",
        "UPDATE",
        "SET",
        "REINDEX",
        "VACUUM",
        "lint: allow x",
        "BEGIN",
        "squawk-ignore",
        "FUNCTION",
        "LANGUAGE sql",
        "1",
        ".",
        "::",
        "U&\"\\",
        "E'\\u",
        "CHECK",
        "PARTITION",
        "\u{feff}",
    ];
    // A linear congruence: the same texts at every run.
    let mut state = 42_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(state >> 33).unwrap() % below
    };
    for _ in 0..4_000 {
        let words: Vec<_> = (0..next(30)).map(|_| WORDS[next(WORDS.len())]).collect();
        let text = words.join(if next(4) == 0 { "" } else { " " });
        let _ = found(&strict(), &text);
        let file = SourceFile::new("V2__a.sql", text.clone());
        assert_eq!(ddl::inside_transaction(&file).text.len(), text.len(), "{text}");
    }
}
