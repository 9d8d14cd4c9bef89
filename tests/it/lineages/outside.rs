//! Statements that cannot run in a transaction: on the event store, on a live build, in a
//! fresh one, and in scratch.

use super::{ORDER, checked, ends, finds, is_clean, live, refused, store};
use crate::bench::rows;

#[test]
fn what_cannot_run_in_a_transaction_runs_statement_by_statement() {
    let project = store(&[
        ("V1__a.sql", "CREATE TYPE mood AS ENUM ('well');\nCREATE TABLE a (m mood);"),
        (
            "V2__alone.sql",
            "-- transaction: none\nALTER TYPE mood ADD VALUE 'tired';\nINSERT INTO a VALUES ('tired');\n\
             CREATE INDEX CONCURRENTLY a_m ON a (m);\nVACUUM (ANALYZE) a;\nREINDEX INDEX CONCURRENTLY a_m;\n",
        ),
        (
            "V2__alone.down.sql",
            "-- transaction: none\nDROP INDEX CONCURRENTLY a_m;\nDELETE FROM a;\n",
        ),
    ]);
    project.ok(&["migrate"]);
    let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'event_store.a_m'::regclass";
    assert_eq!(rows(&mut project.events(), valid), ["(t)"]);
    assert_eq!(rows(&mut project.events(), "SELECT * FROM event_store.a"), ["(tired)"]);
    let steps = "SELECT FROM event_store.regrow_schema_step";
    assert_eq!(rows(&mut project.events(), steps).len(), 0, "a revision that ran keeps no steps");
    is_clean(&project);
    // Scratch commits as a deploy does. The way back leaves the new value, which no statement takes away.
    ends(&project, &["verify-down"], 10, &["V2__alone is not taken back as a whole"]);
    ends(&project, &["downgrade", "-1"], 0, &["event_store is at V1__a, 1 revision taken back"]);
    assert_eq!(rows(&mut project.events(), "SELECT * FROM event_store.a"), [""; 0]);
    assert_eq!(rows(&mut project.events(), steps).len(), 0);
    // In a transaction it is refused before anything runs.
    project.write("migrations/event_store/V2__alone.sql", "CREATE TABLE b ();\nVACUUM a;\n");
    let parts =
        ["V2__alone.sql:2:1: this statement cannot run in a transaction", "transaction: none"];
    refused(&project, &["migrate"], 1, &parts);
    assert_eq!(rows(&mut project.events(), "SELECT FROM pg_class WHERE relname = 'b'").len(), 0);
}

#[test]
fn such_a_revision_of_a_projection_runs_live_and_in_a_fresh_build() {
    let project = live();
    project.write(
        &format!("{ORDER}/V2__i.sql"),
        "-- transaction: none\nCREATE INDEX CONCURRENTLY by_status ON order_summary (status);\n",
    );
    finds(&project, &[], 3, &["V2__i of order_summary is pending, and can run in place"]);
    assert_eq!(checked(&project, &["--only", "handlers"]), (0, vec![]), "it runs in scratch");
    ends(&project, &["migrate", "order_summary@head"], 0, &["V2__i, 1 revision applied"]);
    is_clean(&project);
    // The same rows and the same tables from the beginning.
    project.write("projections/order_summary/checks.sql", "-- none\n");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    is_clean(&project);
    let builds =
        "SELECT relnamespace::regnamespace FROM pg_class WHERE relname = 'by_status' ORDER BY 1";
    let builds = rows(&mut project.reads(), builds);
    assert_eq!(builds, ["(order_summary__b1)", "(order_summary__b2)"]);
    let lines = |n: i32| super::catalog(&project.database.url(), &format!("order_summary__b{n}"));
    assert_eq!(lines(1), lines(2));
}

const V2: &str = "migrations/event_store/V2__x.sql";

/// An event store with a second revision that runs one statement after another.
fn one_by_one(statements: &str) -> crate::bench::Project {
    let project = store(&[("V1__a.sql", "CREATE TABLE a (n int);")]);
    project.ok(&["migrate"]);
    project.write(V2, &format!("-- transaction: none\n{statements}"));
    project
}

#[test]
fn what_has_run_in_part_does_not_run_as_a_whole() {
    let project = one_by_one("INSERT INTO a VALUES (1);\nSELECT 1 / 0;\n");
    ends(&project, &["migrate"], 1, &["V2__x.sql:3:1", "division by zero"]);
    let mended = "INSERT INTO a VALUES (1);\nSELECT 1 / 1;\n";
    project.write(V2, mended);
    let parts = ["V2__x has run in part", "`-- transaction: none` above it again"];
    ends(&project, &["migrate"], 1, &parts);
    let all = "SELECT * FROM event_store.a";
    assert_eq!(rows(&mut project.events(), all), ["(1)"]);
    project.write(V2, &format!("-- transaction: none\n{mended}"));
    ends(&project, &["migrate"], 0, &["1 revision applied"]);
    assert_eq!(rows(&mut project.events(), all), ["(1)"]);
}

/// A run that is taken up has what an uninterrupted one has: each statement where it belongs.
#[test]
fn what_a_statement_sets_is_there_when_a_run_is_taken_up() {
    for set in [
        "SET search_path = other;",
        "SELECT pg_catalog.set_config('search_path', 'other', false);",
        "/* from pg_dump */ SELECT set_config('search_path', 'other', false) -- so\n;",
    ] {
        let project = one_by_one(&format!(
            "CREATE SCHEMA other;\n{set}\nCREATE TABLE b (n int);\nSELECT 1 / 0;\nCREATE TABLE c (n int);\n"
        ));
        ends(&project, &["migrate"], 1, &["division by zero"]);
        let text = project.read(V2).replace("1 / 0", "1 / 1");
        project.write(V2, &text);
        ends(&project, &["migrate"], 0, &["1 revision applied"]);
        let there = "SELECT schemaname FROM pg_tables WHERE tablename IN ('b', 'c')";
        assert_eq!(rows(&mut project.events(), there), ["(other)", "(other)"], "{set}");
    }
}

/// Nothing but a plain SET lasts from one statement to the next.
#[test]
fn what_no_run_repeats_is_refused() {
    let set = "PERFORM set_config('search_path', 'other', false)";
    let function = format!(
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {set}; END $$;\nCREATE SCHEMA other;\n"
    );
    for (before, statement, left) in [
        (&*function, "SELECT f();", "search_path"),
        (&*function, "INSERT INTO a SELECT 1 FROM f();", "search_path"),
        (
            "CREATE SCHEMA other;\n",
            "DO $$ BEGIN PERFORM set_config('search_path', 'other', false); END $$;",
            "search_path",
        ),
        (
            "",
            "DO $$ BEGIN PERFORM set_config('my.own', 'x', false); END $$;",
            "what set_config has set",
        ),
        ("", "DO $$ BEGIN SET work_mem = '1MB'; END $$;", "work_mem"),
        ("CREATE ROLE NAME;\n", "DO $$ BEGIN SET role = NAME; END $$;", "role"),
        ("", "CREATE TEMP TABLE a (n int);", "the temporary object a"),
        ("", "CREATE TYPE pg_temp.kind AS ENUM ('x');", "the temporary object kind"),
        ("", "SELECT 1 AS n INTO TEMPORARY a;", "the temporary object a"),
        (
            "",
            "DO $$ BEGIN EXECUTE 'CREATE TEMP VIEW v AS SELECT 1'; END $$;",
            "the temporary object v",
        ),
    ] {
        let project = one_by_one("");
        let role = format!("left_{}", project.database.name());
        let text =
            format!("{before}{statement}\nINSERT INTO a VALUES (1);\n").replace("NAME", &role);
        project.write(V2, &format!("-- transaction: none\n{text}"));
        let said = format!("the statement leaves {left} in its session");
        ends(&project, &["migrate"], 1, &[&said, "SET as a statement of its own"]);
        if !statement.starts_with("DO") && !statement.contains("f()") {
            finds(&project, &["--only", "migrations"], 1, &[&said]);
        }
        assert_eq!(rows(&mut project.events(), "SELECT * FROM event_store.a").len(), 0, "{text}");
        if text.contains(&role) {
            project.events().batch_execute(&format!("DROP ROLE {role}")).unwrap();
        }
    }
    // One that commits cannot be taken back: what it has set is.
    let project = one_by_one(
        "CREATE SCHEMA other;\nDO $$ BEGIN COMMIT; PERFORM set_config('search_path', 'other', false); END $$;\n\
         CREATE TABLE b (n int);\n",
    );
    ends(
        &project,
        &["migrate"],
        0,
        &["V2__x.sql:3:1: search_path that the statement left", "is taken back"],
    );
    let there = "SELECT schemaname FROM pg_tables WHERE tablename = 'b'";
    assert_eq!(rows(&mut project.events(), there), ["(event_store)"]);
}
