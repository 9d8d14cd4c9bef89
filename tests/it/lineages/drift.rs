//! Drift: what somebody changed by hand is found, named, and gone when it is undone.

use super::{catalog, ends, finds, is_clean, live, store};

const MADE: &str = "CREATE TYPE mood AS ENUM ('well', 'tired');
CREATE TABLE a (id int PRIMARY KEY, n int NOT NULL DEFAULT 1, m mood, CONSTRAINT small CHECK (n < 100));
CREATE INDEX a_n ON a (n);
CREATE VIEW v AS SELECT id FROM a;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE s;
COMMENT ON TABLE a IS 'all of them';
CREATE DOMAIN d AS int CHECK (VALUE > 0);
CREATE TABLE b (a int REFERENCES a, x text);
CREATE TYPE bt AS (a int, x text);
CREATE POLICY p ON b;
CREATE RULE r AS ON DELETE TO b DO INSTEAD NOTHING;
CREATE STATISTICS bs ON a, x FROM b;
";

#[test]
fn what_was_changed_by_hand_is_named_and_gone_when_it_is_undone() {
    let project = store(&[("V1__a.sql", MADE)]);
    project.ok(&["migrate"]);
    is_clean(&project);
    for (change, undo, parts) in [
        ("ALTER TABLE a ADD COLUMN x text", "ALTER TABLE a DROP COLUMN x", &["a", "x"][..]),
        ("CREATE TABLE new ()", "DROP TABLE new", &["new"]),
        ("DROP INDEX a_n", "CREATE INDEX a_n ON a (n)", &["a_n"]),
        (
            "DROP INDEX a_n; CREATE INDEX a_n ON a (n DESC)",
            "DROP INDEX a_n; CREATE INDEX a_n ON a (n)",
            &["a_n"],
        ),
        ("ALTER TABLE a ALTER n SET DEFAULT 2", "ALTER TABLE a ALTER n SET DEFAULT 1", &["n", "2"]),
        ("ALTER TABLE a ALTER n DROP NOT NULL", "ALTER TABLE a ALTER n SET NOT NULL", &["n"]),
        (
            "ALTER TABLE a DROP CONSTRAINT small",
            "ALTER TABLE a ADD CONSTRAINT small CHECK (n < 100)",
            &["small"],
        ),
        ("COMMENT ON TABLE a IS 'some'", "COMMENT ON TABLE a IS 'all of them'", &["some"]),
        (
            "CREATE OR REPLACE VIEW v AS SELECT id, n FROM a",
            "DROP VIEW v; CREATE VIEW v AS SELECT id FROM a",
            &["v"],
        ),
        (
            "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'",
            "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            &["f"],
        ),
        ("ALTER SEQUENCE s INCREMENT 5", "ALTER SEQUENCE s INCREMENT 1", &["s"]),
        ("ALTER TABLE a RENAME n TO k", "ALTER TABLE a RENAME k TO n", &["k"]),
        // What no revision's difference is written for is seen all the same.
        (
            "CREATE RULE r AS ON DELETE TO a DO INSTEAD NOTHING",
            "DROP RULE r ON a",
            &["rule r on a", "was added"],
        ),
        (
            "ALTER TABLE a REPLICA IDENTITY FULL",
            "ALTER TABLE a REPLICA IDENTITY DEFAULT",
            &["replica identity of a", "full"],
        ),
        ("CREATE STATISTICS st ON id, n FROM a", "DROP STATISTICS st", &["statistics st on a"]),
        (
            "ALTER TABLE a ALTER n SET STATISTICS 7",
            "ALTER TABLE a ALTER n SET STATISTICS -1",
            &["statistics target of a.n", "7"],
        ),
        ("CLUSTER a USING a_pkey", "ALTER TABLE a SET WITHOUT CLUSTER", &["clustered on of a"]),
        (
            "CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int)",
            "DROP AGGREGATE total(int)",
            &["aggregate total(integer)"],
        ),
        ("CREATE TYPE span AS RANGE (subtype = int)", "DROP TYPE span", &["range type span"]),
        ("CREATE COLLATION mine FROM \"C\"", "DROP COLLATION mine", &["collation mine"]),
        (
            "CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq)",
            "DROP OPERATOR === (int, int)",
            &["operator ===(integer,integer)"],
        ),
        (
            "ALTER TABLE b DISABLE TRIGGER ALL",
            "ALTER TABLE b ENABLE TRIGGER ALL",
            &["enforcement of constraint b_a_fkey on b is switched off on b", "expected on"],
        ),
        (
            "ALTER TABLE a DISABLE TRIGGER ALL",
            "ALTER TABLE a ENABLE TRIGGER ALL",
            &["enforcement of constraint b_a_fkey on b", "switched off on a"],
        ),
        (
            "ALTER TABLE b ALTER x SET COMPRESSION pglz",
            "ALTER TABLE b ALTER x SET COMPRESSION DEFAULT",
            &["compression of b.x"],
        ),
        (
            "ALTER TABLE b ALTER x SET (n_distinct = 5)",
            "ALTER TABLE b ALTER x RESET (n_distinct)",
            &["options of column b.x", "n_distinct=5"],
        ),
        (
            "ALTER TABLE b SET (toast.autovacuum_enabled = false)",
            "ALTER TABLE b RESET (toast.autovacuum_enabled)",
            &["parameter toast.autovacuum_enabled of b"],
        ),
        (
            "ALTER VIEW v ALTER id SET DEFAULT 7",
            "ALTER VIEW v ALTER id DROP DEFAULT",
            &["default of v.id", "7"],
        ),
        (
            "COMMENT ON POLICY p ON b IS 'x'",
            "COMMENT ON POLICY p ON b IS NULL",
            &["comment on policy p on b"],
        ),
        ("COMMENT ON RULE r ON b IS 'x'", "COMMENT ON RULE r ON b IS NULL", &["rule r on b"]),
        ("COMMENT ON STATISTICS bs IS 'x'", "COMMENT ON STATISTICS bs IS NULL", &["statistics bs"]),
        (
            "COMMENT ON CONSTRAINT d_check ON DOMAIN d IS 'x'",
            "COMMENT ON CONSTRAINT d_check ON DOMAIN d IS NULL",
            &["comment on constraint d_check on domain d"],
        ),
        (
            "COMMENT ON SCHEMA event_store IS 'x'",
            "COMMENT ON SCHEMA event_store IS NULL",
            &["comment on the schema"],
        ),
        (
            "CREATE TABLE regrow_schema_theirs (a int)",
            "DROP TABLE regrow_schema_theirs",
            &["table regrow_schema_theirs was added"],
        ),
        ("ALTER TABLE b OF bt", "ALTER TABLE b NOT OF", &["type of table b was added: bt"]),
    ] {
        let by_hand = |sql: &str| {
            let path = format!("SET search_path = event_store; {sql}");
            project.events().batch_execute(&path).unwrap();
        };
        by_hand(change);
        let parts = [&["divergent - - event_store has drifted: "][..], parts].concat();
        finds(&project, &["--only", "migrations"], 4, &parts);
        by_hand(undo);
        is_clean(&project);
    }
    // Rows, statistics and the place a sequence is at are no drift.
    project
        .events()
        .batch_execute("INSERT INTO event_store.a VALUES (1); SELECT nextval('event_store.s'); ANALYZE event_store.a")
        .unwrap();
    is_clean(&project);
}

#[test]
fn drift_is_accepted_by_name_or_put_into_a_revision() {
    let project = store(&[("V1__a.sql", MADE)]);
    project.ok(&["migrate"]);
    let by_hand = "ALTER TABLE event_store.a ADD COLUMN x text";
    project.events().batch_execute(by_hand).unwrap();
    ends(&project, &["check"], 4, &["event_store has drifted", "regrow repair --accept drift"]);
    ends(&project, &["repair", "--accept", "drift"], 0, &["counts as what the revisions made"]);
    is_clean(&project);
    // A history that only refinery wrote has nothing to measure against, and says so.
    project.events().batch_execute("DELETE FROM event_store.regrow_schema_catalog").unwrap();
    ends(&project, &["check"], 0, &["note: ", "never recorded", "regrow repair --accept drift"]);
}

#[test]
fn drift_of_a_live_build_is_found_and_a_rebuild_mends_it() {
    let project = live();
    let by_hand = "CREATE INDEX by_hand ON order_summary__b1.order_summary (status)";
    project.reads().batch_execute(by_hand).unwrap();
    finds(&project, &["order_summary"], 4, &["order_summary__b1 has drifted: ", "by_hand"]);
    ends(&project, &["check"], 4, &["regrow rebuild order_summary"]);
    project.reads().batch_execute("DROP INDEX order_summary__b1.by_hand").unwrap();
    is_clean(&project);
    project.reads().batch_execute(by_hand).unwrap();
    project.write("projections/order_summary/checks.sql", "");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    is_clean(&project);
    let lines = catalog(&project.database.url(), "order_summary__b2");
    assert!(!lines.iter().any(|l| l.contains("by_hand")), "{lines:#?}");
}

/// A schema that was written down when less was read has not drifted since.
#[test]
fn what_was_not_read_then_is_no_drift_now() {
    let rule = "CREATE RULE r AS ON DELETE TO a DO INSTEAD NOTHING; CREATE TYPE span AS RANGE (subtype = int); \
                ALTER TABLE b ALTER x SET COMPRESSION pglz;";
    let project = store(&[("V1__a.sql", &format!("{MADE}{rule}"))]);
    project.ok(&["migrate"]);
    is_clean(&project);
    let older = "UPDATE event_store.regrow_schema_catalog SET lines = \
                 ARRAY(SELECT line FROM unnest(lines) AS line WHERE line !~ '^(rule |statistics |range type |compression |read: )') \
                 || ARRAY['function span(integer, integer): CREATE FUNCTION span(integer, integer) AS range_constructor2']";
    project.events().batch_execute(older).unwrap();
    is_clean(&project);
    // The next revision writes down all of it.
    project.write("migrations/event_store/V2__b.sql", "CREATE TABLE new ();");
    project.ok(&["migrate"]);
    is_clean(&project);
    project.events().batch_execute("DROP RULE r ON event_store.a").unwrap();
    finds(&project, &["--only", "migrations"], 4, &["rule r on a is missing"]);
}

#[test]
fn what_drift_does_not_look_at_is_said() {
    let project = store(&[("V1__a.sql", MADE)]);
    project.ok(&["migrate"]);
    let said = project.ok(&["check", "-v"]);
    let told = project.json(&["check"]);
    let document = include_str!("../../../docs/drift.md");
    assert_eq!(regrow::schema::NOT_READ.len(), 7);
    for what in regrow::schema::NOT_READ {
        assert!(said.contains(what), "{what} is not in\n{said}");
        assert!(told["drift_not_looked_for"].to_string().contains(what.split('(').next().unwrap()));
        let first = what.split(" (").next().unwrap();
        assert!(document.contains(&format!("- {first}")), "{first} is not in docs/drift.md");
    }
    assert!(!project.ok(&["check"]).contains("drift is not looked for"));
}
