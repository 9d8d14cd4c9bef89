//! What a file leaves in the session is not for the next one: temporary objects, settings, statements, locks.

use super::{STORE, ends, refused, store};
use crate::bench::{Project, rows};

const FIRST: (&str, &str) = ("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY);\n");

#[test]
fn temporary_objects_of_a_file_take_nothing_from_the_next() {
    for (temporary, next, asked) in [
        (
            "CREATE TEMP TABLE staging AS SELECT 1 AS a;",
            "CREATE TABLE staging (a int);\nINSERT INTO staging VALUES (7);",
            "SELECT count(*) FROM event_store.staging",
        ),
        (
            "CREATE TEMP SEQUENCE number;",
            "CREATE SEQUENCE number;\nCREATE TABLE b AS SELECT nextval('number') AS n;",
            "SELECT count(*) FROM event_store.b WHERE (SELECT last_value FROM event_store.number) = 1",
        ),
        (
            "CREATE TEMP VIEW seen AS SELECT 1 AS a;",
            "CREATE VIEW seen AS SELECT 2 AS a;",
            "SELECT count(*) FROM event_store.seen WHERE a = 2",
        ),
        (
            "CREATE TYPE pg_temp.kind AS ENUM ('x');",
            "CREATE TYPE kind AS ENUM ('y');\nCREATE TABLE b AS SELECT 'y'::kind AS k;",
            "SELECT count(*) FROM event_store.b",
        ),
        (
            "CREATE TEMP TABLE a (other text);",
            "INSERT INTO a VALUES (3);",
            "SELECT count(*) FROM event_store.a",
        ),
    ] {
        let project = store(&[FIRST, ("V2__t.sql", temporary), ("V3__next.sql", next)]);
        ends(&project, &["check", "--only", "migrations"], 0, &[]);
        project.ok(&["migrate"]);
        assert_eq!(rows(&mut project.events(), asked), ["(1)"], "{temporary}");
    }
    // Within a file the lineage's own come first as well.
    let project = store(&[
        FIRST,
        (
            "V2__t.sql",
            "CREATE TEMP TABLE a (id int);\nCREATE TEMP TABLE t (id int);\nINSERT INTO t VALUES (4);\n\
          INSERT INTO a SELECT id FROM t;\nINSERT INTO pg_temp.a VALUES (1), (2);\n",
        ),
    ]);
    project.ok(&["migrate"]);
    assert_eq!(rows(&mut project.events(), "SELECT id FROM event_store.a"), ["(4)"]);
    // A projection's build is one transaction.
    let project = Project::orders();
    project
        .write("projections/order_summary/schema/V2__t.sql", "CREATE TEMP TABLE extra (a text);\n");
    project
        .write("projections/order_summary/schema/V3__extra.sql", "CREATE TABLE extra (a int);\n");
    project.ok(&["migrate"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let made = "SELECT count(*) FROM pg_class WHERE relname = 'extra' AND relnamespace::regnamespace::text LIKE 'order_summary__b%'";
    assert_eq!(rows(&mut project.events(), made), ["(1)"]);
}

#[test]
fn no_setting_of_a_file_reaches_the_next_whatever_its_words_are() {
    let project = store(&[
        (
            "V1__a.sql",
            "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a int REFERENCES a);\n",
        ),
        (
            "V2__f.sql",
            "CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ BEGIN\n  \
             PERFORM set_config('session_replication_role', 'replica', false);\n  \
             RETURN set_config('search_path', 'public', false); END $$;\n",
        ),
        ("V3__use.sql", "ALTER TABLE a ADD COLUMN v text DEFAULT f();\n"),
        ("V4__bad.sql", "INSERT INTO b VALUES (99);\n"),
    ]);
    // A row for which the default is computed.
    project.ok(&["migrate", "2"]);
    project.events().batch_execute("INSERT INTO event_store.a VALUES (1)").unwrap();
    ends(&project, &["migrate"], 1, &["V4__bad.sql:1:1", "violates foreign key constraint"]);
    let at = "SELECT max(version) FROM event_store.refinery_schema_history";
    assert_eq!(rows(&mut project.events(), at), ["(3)"]);
}

#[test]
fn what_an_event_trigger_sets_behind_a_file_that_calls_nothing_is_taken_back() {
    let project = store(&[
        (
            "V1__a.sql",
            "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a int REFERENCES a);\n",
        ),
        (
            "V2__w.sql",
            "CREATE FUNCTION w() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN\n  \
             PERFORM set_config('session_replication_role', 'replica', false); END $$;\n\
             CREATE EVENT TRIGGER w ON ddl_command_end EXECUTE FUNCTION w();\n",
        ),
        ("V3__c.sql", "CREATE TABLE c (id int);\n"),
        ("V4__bad.sql", "INSERT INTO b VALUES (99);\n"),
    ]);
    ends(&project, &["migrate"], 1, &["V4__bad.sql:1:1", "violates foreign key constraint"]);
}

#[test]
fn statements_cursors_and_locks_of_a_file_go_with_it() {
    let project = store(&[
        FIRST,
        (
            "V2__left.sql",
            "PREPARE \"my p\" AS SELECT 1;\n\
             DECLARE c CURSOR WITH HOLD FOR SELECT 1;\n\
             LISTEN here;\n\
             SELECT pg_advisory_lock(42), pg_advisory_lock(42), pg_advisory_lock(1, -2), \
                    pg_advisory_lock_shared(-43), pg_advisory_xact_lock(44);\n\
             CREATE SEQUENCE s;\nSELECT nextval('s');\n",
        ),
        (
            "V3__seen.sql",
            "CREATE TABLE seen AS SELECT \
                (SELECT count(*) FROM pg_prepared_statements WHERE from_sql) AS prepared,\n\
                (SELECT count(*) FROM pg_cursors WHERE is_holdable) AS cursors,\n\
                (SELECT count(*) FROM pg_listening_channels()) AS channels,\n\
                (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() \
                    AND (objsubid = 1 OR classid = 1)) AS locks;\n\
             PREPARE \"my p\" AS SELECT 2;\n",
        ),
    ]);
    project.ok(&["migrate"]);
    let seen = rows(&mut project.events(), "SELECT * FROM event_store.seen");
    assert_eq!(seen, ["(0,0,0,0)"]);
}

#[test]
fn a_file_that_gives_the_deploy_lock_away_is_told_so() {
    let path = format!("{STORE}/V2__u.sql");
    for (sql, line) in [
        ("SELECT 1;\nSELECT pg_advisory_unlock_all();\n", 2),
        ("DO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$;\n", 1),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1 FROM pg_advisory_unlock_all()';\n\
             ALTER TABLE a ADD COLUMN v int DEFAULT f();\n",
            1,
        ),
        ("-- transaction: none\nSELECT pg_advisory_unlock_all();\n", 2),
    ] {
        let project = store(&[FIRST, ("V2__u.sql", sql), ("V3__b.sql", "CREATE TABLE b ();")]);
        project.ok(&["migrate", "1"]);
        project.events().batch_execute("INSERT INTO event_store.a VALUES (1)").unwrap();
        let place = format!("{path}:{line}:1: ");
        refused(
            &project,
            &["migrate"],
            1,
            &[&place, "the lock that keeps other runs out", "pg_advisory_unlock(key)"],
        );
        let at = "SELECT max(version) FROM event_store.refinery_schema_history";
        assert_eq!(rows(&mut project.events(), at), ["(1)"], "{sql}");
        project.write(&path, "SELECT pg_advisory_lock(5), pg_advisory_unlock(5);\n");
        ends(&project, &["migrate"], 0, &["event_store is at V3__b"]);
    }
}

#[test]
fn a_file_that_makes_its_transaction_read_only_is_told_so() {
    let path = format!("{STORE}/V2__r.sql");
    let project = store(&[FIRST]);
    project.ok(&["migrate"]);
    for (sql, line) in [
        ("SELECT 1;\nDO $$ BEGIN EXECUTE 'SET TRANSACTION READ ONLY'; END $$;\n", 2),
        ("DO $$ BEGIN PERFORM set_config('transaction_read_only', 'on', true); END $$;\n", 1),
    ] {
        project.write(&path, sql);
        let place = format!("{path}:{line}:1: ");
        refused(
            &project,
            &["migrate"],
            1,
            &[&place, "takes no writes from here on", "SET TRANSACTION READ ONLY"],
        );
    }
}

#[test]
fn a_licence_above_the_head_hides_nothing_of_it() {
    let project = store(&[
        FIRST,
        (
            "V2__i.sql",
            "/* licence\n * of many lines */\n-- transaction: none\nCREATE INDEX CONCURRENTLY i ON a (id);\n",
        ),
    ]);
    ends(&project, &["migrate"], 0, &["event_store is at V2__i"]);
}

/// The history says what runs next: no file writes there.
#[test]
fn no_file_changes_the_history() {
    for text in [
        "DELETE FROM refinery_schema_history;",
        "DELETE FROM event_store.refinery_schema_history WHERE version = 1;",
        "UPDATE refinery_schema_history SET version = 7;",
        "TRUNCATE refinery_schema_history;",
        "DO $$ BEGIN EXECUTE 'DELETE FROM event_store.refinery_' || 'schema_history'; END $$;",
        "INSERT INTO refinery_schema_history SELECT 9, name, applied_on, checksum FROM refinery_schema_history;",
        "DROP TABLE refinery_schema_history;",
        "DROP TABLE event_store.regrow_schema_history CASCADE;",
        "ALTER TABLE refinery_schema_history RENAME TO other;",
    ] {
        let project = store(&[FIRST]);
        project.ok(&["migrate"]);
        let history = "SELECT version, name, checksum FROM event_store.refinery_schema_history";
        let before = rows(&mut project.events(), history);
        for name in ["V2__t.sql", "V3__last.sql"] {
            project.write(&format!("migrations/event_store/{name}"), &format!("{text}\n"));
            ends(&project, &["migrate"], 1, &["changes the history of revisions", "regrow stamp"]);
            assert_eq!(rows(&mut project.events(), history), before, "{text}");
        }
    }
    // What only looks at it, or gives it to somebody, changes nothing of it.
    let project = store(&[
        FIRST,
        ("V2__t.sql", "CREATE TABLE seen AS SELECT * FROM refinery_schema_history;\n"),
        (
            "V3__t.sql",
            "GRANT SELECT ON refinery_schema_history TO PUBLIC;\nANALYZE refinery_schema_history;\n",
        ),
    ]);
    project.ok(&["migrate"]);
}
