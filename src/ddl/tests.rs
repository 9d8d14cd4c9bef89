use super::*;

fn statements(text: &str) -> Vec<Statement> {
    read(&SourceFile::new("V2__a.sql", text)).unwrap()
}

fn only(text: &str) -> Statement {
    let mut found = statements(text);
    assert_eq!(found.len(), 1, "{text}");
    found.remove(0)
}

/// The locks of a statement's steps: `table LOCK`, with a sign for the work.
fn check_locks(text: &str, expect: &str) {
    let steps = only(text).steps.into_iter().map(|step| {
        let table = step.table.map_or("-".to_owned(), |table| table.to_string());
        let lock = step.lock.map_or("no lock".to_owned(), |lock| lock.to_string());
        let work = match step.work {
            Work::None => "",
            Work::Scan => ", scans",
            Work::Rewrite => ", rewrites",
        };
        format!("{table} {lock}{work}")
    });
    assert_eq!(steps.collect::<Vec<_>>().join("; "), expect, "{text}");
}

#[test]
fn alter_table_locks_by_action() {
    for (action, expect) in [
        ("ADD COLUMN a int", "ACCESS EXCLUSIVE"),
        ("ADD a int NOT NULL DEFAULT -1", "ACCESS EXCLUSIVE"),
        ("ADD a timestamptz DEFAULT now()", "ACCESS EXCLUSIVE"),
        ("ADD a uuid DEFAULT gen_random_uuid()", "ACCESS EXCLUSIVE, rewrites"),
        ("ADD a bigserial", "ACCESS EXCLUSIVE, rewrites"),
        ("ADD a int GENERATED ALWAYS AS (b + 1) STORED", "ACCESS EXCLUSIVE, rewrites"),
        ("ADD a int GENERATED ALWAYS AS (b + 1) VIRTUAL", "ACCESS EXCLUSIVE"),
        ("DROP COLUMN a", "ACCESS EXCLUSIVE"),
        ("ALTER a TYPE bigint", "ACCESS EXCLUSIVE, rewrites"),
        ("ALTER a SET NOT NULL", "ACCESS EXCLUSIVE, scans"),
        ("ALTER a SET STATISTICS 500", "SHARE UPDATE EXCLUSIVE"),
        ("ALTER a SET (n_distinct = 5)", "SHARE UPDATE EXCLUSIVE"),
        ("ADD CONSTRAINT c CHECK (a > 0)", "ACCESS EXCLUSIVE, scans"),
        ("ADD CONSTRAINT c CHECK (a > 0) NOT VALID", "ACCESS EXCLUSIVE"),
        ("ADD UNIQUE (a)", "ACCESS EXCLUSIVE, scans"),
        ("ADD CONSTRAINT c UNIQUE USING INDEX i", "ACCESS EXCLUSIVE"),
        ("VALIDATE CONSTRAINT c", "SHARE UPDATE EXCLUSIVE, scans"),
        ("SET UNLOGGED", "ACCESS EXCLUSIVE, rewrites"),
        ("SET (fillfactor = 70)", "SHARE UPDATE EXCLUSIVE"),
        ("DISABLE TRIGGER ALL", "SHARE ROW EXCLUSIVE"),
        ("RENAME TO u", "ACCESS EXCLUSIVE"),
        ("OWNER TO bob", "ACCESS EXCLUSIVE"),
    ] {
        check_locks(&format!("ALTER TABLE t {action}"), &format!("t {expect}"));
    }
    check_locks(
        "ALTER TABLE ONLY s.t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u",
        "s.t SHARE ROW EXCLUSIVE, scans; u SHARE ROW EXCLUSIVE",
    );
    check_locks(
        "ALTER TABLE t ADD a int REFERENCES u, DROP COLUMN b",
        "t ACCESS EXCLUSIVE; u SHARE ROW EXCLUSIVE; t ACCESS EXCLUSIVE",
    );
}

#[test]
fn other_statements_lock() {
    for (sql, expect) in [
        ("CREATE INDEX ON t (a)", "t SHARE, scans"),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "t SHARE UPDATE EXCLUSIVE, scans"),
        ("CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()", "t SHARE ROW EXCLUSIVE"),
        ("DROP TRIGGER x ON t", "t ACCESS EXCLUSIVE"),
        ("DROP INDEX i", "- ACCESS EXCLUSIVE"),
        ("DROP INDEX CONCURRENTLY i", "- SHARE UPDATE EXCLUSIVE"),
        ("COMMENT ON TABLE s.t IS 'x'", "s.t SHARE UPDATE EXCLUSIVE"),
        ("TRUNCATE a, \"B\"", "a ACCESS EXCLUSIVE; B ACCESS EXCLUSIVE"),
        ("DROP TABLE IF EXISTS a, s.b", "a ACCESS EXCLUSIVE; s.b ACCESS EXCLUSIVE"),
        ("UPDATE t SET a = 1", "t ROW EXCLUSIVE"),
        ("INSERT INTO t VALUES (1)", "t ROW EXCLUSIVE"),
        (
            "INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 1",
            "t ROW EXCLUSIVE; t ROW EXCLUSIVE",
        ),
        ("WITH d AS (DELETE FROM t RETURNING *) SELECT 1 FROM d", "- no lock; t ROW EXCLUSIVE"),
        ("VACUUM (FULL) t", "t ACCESS EXCLUSIVE, rewrites"),
        ("VACUUM t", "t SHARE UPDATE EXCLUSIVE, scans"),
        ("CLUSTER t USING i", "t ACCESS EXCLUSIVE, rewrites"),
        ("LOCK TABLE t IN SHARE MODE", "t SHARE"),
        ("DROP SCHEMA \"S\" CASCADE", "S no lock"),
        ("CREATE TABLE t (a int REFERENCES u)", "t no lock; u SHARE ROW EXCLUSIVE"),
        ("CREATE TABLE t PARTITION OF p DEFAULT", "t no lock; p ACCESS EXCLUSIVE"),
    ] {
        check_locks(sql, expect);
    }
}

#[test]
fn nobody_feels_a_lock_on_a_new_table() {
    let found = statements(
        "CREATE TABLE s.t (a int); CREATE INDEX ON t (a); ALTER TABLE s.t DROP COLUMN a; \
         INSERT INTO t VALUES (1); CREATE TABLE IF NOT EXISTS u (); DROP TABLE u; DROP TABLE o.t",
    );
    let told: Vec<_> =
        found.iter().map(|s| (s.lock().is_some(), s.steps[0].on_new_table, s.change())).collect();
    use Change::{Backfill, InPlace, Rebuild};
    assert_eq!(
        told,
        [
            (false, true, InPlace),
            (false, true, InPlace),
            (false, true, InPlace),
            (false, true, Backfill),
            (false, true, InPlace),
            (false, true, Rebuild),
            (true, false, Rebuild),
        ]
    );
}

fn check_change(expect: Change, texts: &[&str]) {
    for text in texts {
        assert_eq!(change_of(&statements(text)).0, expect, "{text}");
    }
}

#[test]
fn what_a_revision_means_for_a_build() {
    check_change(
        Change::InPlace,
        &[
            "",
            "CREATE INDEX CONCURRENTLY i ON t (a); DROP INDEX j",
            "ALTER TABLE t ADD a int, ADD b text NOT NULL DEFAULT 'x', ADD c jsonb DEFAULT '{}'::jsonb",
            "ALTER TABLE t ADD a date DEFAULT date '2020-01-01', ADD b int[] DEFAULT ARRAY[1, 2]",
            "ALTER TABLE t ADD a int GENERATED ALWAYS AS (b + 1) STORED",
            "ALTER TABLE t ALTER b DROP NOT NULL, DROP CONSTRAINT c",
            "CREATE TABLE u (a int); COMMENT ON TABLE u IS 'x'; GRANT SELECT ON u TO bob",
            "CREATE VIEW v AS SELECT 1; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "SET search_path = a; SELECT set_config('a', 'b', true)",
        ],
    );
    check_change(
        Change::Backfill,
        &[
            "UPDATE t SET a = 1",
            "WITH x AS (SELECT f()) INSERT INTO t SELECT * FROM x",
            "COPY t FROM '/tmp/x'",
            "ALTER TABLE t ADD a timestamptz DEFAULT now()",
            "ALTER TABLE t ADD a timestamptz DEFAULT 'now'",
            "ALTER TABLE t ADD a date DEFAULT current_date",
            "ALTER TABLE t ADD a bigint GENERATED ALWAYS AS IDENTITY",
            "CREATE TABLE u AS SELECT * FROM t",
        ],
    );
    check_change(
        Change::Rebuild,
        &[
            "ALTER TYPE mood ADD VALUE 'ok'",
            "ALTER TABLE t ALTER a SET NOT NULL",
            "ALTER TABLE t ADD CHECK (a > 0)",
            "ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) DEFERRABLE",
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u NOT VALID",
            "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
            "ALTER TABLE t DROP COLUMN a",
            "DROP TABLE t",
            "ALTER TABLE t RENAME a TO b",
            "ALTER TABLE t ALTER a TYPE bigint",
            "ALTER TABLE t ALTER a SET DEFAULT 1",
            "ALTER TABLE t ATTACH PARTITION u DEFAULT",
            "ALTER TABLE t SET UNLOGGED",
            "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()",
            "SELECT refresh_totals()",
            "DO $$ BEGIN END $$",
            "ALTER TABLE t FROBNICATE",
            "rubbish",
        ],
    );
    let text =
        "CREATE INDEX ON t (a); UPDATE t SET a = 1; ALTER TABLE t ADD b int, DROP c; DROP TABLE t";
    let (change, span) = change_of(&statements(text));
    assert_eq!((change, &text[span.unwrap()]), (Change::Rebuild, "DROP c"));
}

fn check_transaction(expect: &Transactional, texts: &[&str]) {
    for text in texts {
        assert_eq!(&only(text).transaction, expect, "{text}");
    }
}

#[test]
fn what_a_transaction_block_refuses() {
    check_transaction(
        &Transactional::Inside,
        &[
            "CREATE INDEX i ON t (a)",
            "REINDEX TABLE t",
            "REINDEX (CONCURRENTLY off) TABLE t",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
            "CLUSTER t",
            "ALTER TABLE p DETACH PARTITION c FINALIZE",
            "ALTER TYPE mood ADD VALUE 'ok'",
            "rubbish",
        ],
    );
    check_transaction(
        &Transactional::Control,
        &["BEGIN", "START TRANSACTION", "COMMIT", "END", "ROLLBACK", "SAVEPOINT a", "RELEASE a"],
    );
    check_transaction(
        &Transactional::Never(Outside::Other),
        &[
            "VACUUM",
            "VACUUM (ANALYZE) t",
            "CREATE DATABASE d",
            "ALTER SYSTEM SET a = 1",
            "REINDEX SCHEMA s",
            "CLUSTER",
        ],
    );
    let name = |schema: Option<&str>, name: &str| Name {
        schema: schema.map(str::to_owned),
        name: name.to_owned(),
    };
    for (sql, expect) in [
        (
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS \"I\" ON Sales.T (a)",
            Outside::CreateIndex {
                schema: Some("sales".to_owned()),
                name: Some("I".to_owned()),
                table: "t".to_owned(),
            },
        ),
        (
            "CREATE INDEX CONCURRENTLY ON t (a)",
            Outside::CreateIndex { schema: None, name: None, table: "t".to_owned() },
        ),
        ("DROP INDEX CONCURRENTLY s.I", Outside::DropIndex { names: vec![name(Some("s"), "i")] }),
        ("REINDEX INDEX CONCURRENTLY i", Outside::Reindex { name: Some(name(None, "i")) }),
        ("REINDEX (CONCURRENTLY) TABLE t", Outside::Reindex { name: Some(name(None, "t")) }),
        (
            "ALTER TABLE s.p DETACH PARTITION c CONCURRENTLY",
            Outside::DetachPartition { parent: name(Some("s"), "p"), partition: name(None, "c") },
        ),
    ] {
        check_transaction(&Transactional::Never(expect), &[sql]);
    }
}

fn check_inside(text: &str, expect: &str) {
    let file = inside_transaction(&SourceFile::new("V2__a.sql", text));
    assert_eq!(file.text, expect);
    assert_eq!(file.text.len(), text.len());
}

#[test]
fn a_file_made_fit_for_a_transaction_keeps_its_places() {
    check_inside(
        "-- é CONCURRENTLY\nCREATE INDEX concurrently i ON t (a); SELECT 'CONCURRENTLY';",
        "-- é CONCURRENTLY\nCREATE INDEX              i ON t (a); SELECT 'CONCURRENTLY';",
    );
    check_inside(
        "VACUUM\r\n t /* é */ (a); DROP INDEX CONCURRENTLY concurrently",
        "      \r\n               ; DROP INDEX              concurrently",
    );
    check_inside(
        "ALTER TABLE p DETACH PARTITION c CONCURRENTLY; REINDEX (CONCURRENTLY) INDEX i; BEGIN",
        "ALTER TABLE p DETACH PARTITION c             ;                               ; BEGIN",
    );
    check_inside("VACUUM 'a", "VACUUM 'a");
}

#[test]
fn a_file_that_cannot_be_cut_is_an_error_with_a_place() {
    let error = read(&SourceFile::new("V2__a.sql", "SELECT 1;\n\\d")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "V2__a.sql:2:1: the psql command \\d is not SQL, and psql is not used"
    );
}

#[test]
fn each_kind_is_told_in_words() {
    for (text, words) in [
        ("CREATE TABLE t (a int)", "CREATE TABLE"),
        ("CREATE TABLE t AS SELECT 1", "CREATE TABLE AS"),
        ("DROP TABLE t", "DROP TABLE"),
        ("DROP SCHEMA s", "DROP SCHEMA"),
        ("ALTER TABLE t ADD a int", "ADD COLUMN"),
        ("ALTER TABLE t DROP a", "DROP COLUMN"),
        ("ALTER TABLE t ALTER a TYPE bigint", "ALTER COLUMN TYPE"),
        ("ALTER TABLE t ALTER a SET DEFAULT 1", "ALTER COLUMN DEFAULT"),
        ("ALTER TABLE t ALTER a SET NOT NULL", "SET NOT NULL"),
        ("ALTER TABLE t ALTER a SET STATISTICS 500", "ALTER COLUMN"),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "ADD CONSTRAINT"),
        ("ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u", "ADD FOREIGN KEY"),
        ("ALTER TABLE t VALIDATE CONSTRAINT c", "VALIDATE CONSTRAINT"),
        ("ALTER TABLE t DROP CONSTRAINT c", "DROP CONSTRAINT"),
        ("ALTER TABLE t RENAME TO u", "RENAME"),
        ("ALTER TABLE t SET UNLOGGED", "SET LOGGED or UNLOGGED"),
        ("ALTER TABLE t DETACH PARTITION u", "a change of partitions"),
        ("ALTER TABLE t SET (fillfactor = 70)", "ALTER TABLE"),
        ("CREATE INDEX i ON t (a)", "CREATE INDEX"),
        ("DROP INDEX i", "DROP INDEX"),
        ("REINDEX TABLE t", "REINDEX"),
        ("CLUSTER t USING i", "CLUSTER"),
        ("VACUUM t", "VACUUM"),
        ("VACUUM FULL t", "VACUUM FULL"),
        ("TRUNCATE t", "TRUNCATE"),
        ("INSERT INTO t VALUES (1)", "INSERT"),
        ("UPDATE t SET a = 1", "UPDATE"),
        ("DELETE FROM t", "DELETE"),
        ("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE", "MERGE"),
        ("COPY t FROM 'f'", "COPY"),
        ("SELECT 1", "SELECT"),
        ("ALTER TABLE t DISABLE TRIGGER ALL", "a change of triggers or rules"),
        ("COMMENT ON TABLE t IS 'a'", "the statement"),
        ("DO $$ BEGIN END $$", "a statement that is not understood"),
    ] {
        assert_eq!(only(text).kind().to_string(), words, "{text}");
    }
    let steps = only("ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u").steps;
    assert_eq!(steps[1].kind.to_string(), "REFERENCES");
}
