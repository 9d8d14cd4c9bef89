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
