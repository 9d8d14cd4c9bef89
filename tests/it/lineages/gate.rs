//! `check` as the one gate of a pipeline: its codes, its gates, its formats, and that it
//! writes nothing.

use super::{ORDER, STORE, checked, ends, finds, is_clean, live, refused, remove, store, traces};
use crate::bench::{Project, rows};

const HANDLERS: &str = "projections/order_summary/handlers.sql";

/// Everything wrong at once, each mistake with the code it stands for.
fn wrong() -> Project {
    let project = Project::orders();
    for n in [2, 3] {
        project.write(&format!("{STORE}/V{n}__x.sql"), &format!("CREATE TABLE t{n} ();"));
    }
    project.ok(&["migrate"]);
    project.write(&format!("{STORE}/V2__x.sql"), "CREATE TABLE t22 ();");
    remove(&project, &format!("{STORE}/V3__x.sql"));
    project.write(&format!("{STORE}/V4__risk.sql"), "-- revises: 2\nDELETE FROM events;");
    project.write(&format!("{STORE}/V5__other.sql"), "-- revises: 2\nCREATE TABLE t5 ();");
    let handlers = project.read(HANDLERS);
    project.write(HANDLERS, &handlers.replace("SET status = 'paid'", "SET nosuch = 'paid'"));
    project
}

#[test]
fn the_gravest_finding_decides_the_code() {
    let project = wrong();
    let code = |code: i32, part: &str| finds(&project, &[], code, &[part]);
    code(4, "divergent - - migrations/event_store/V2__x.sql: revision V2__x");
    project.write(&format!("{STORE}/V2__x.sql"), "CREATE TABLE t2 ();");
    code(5, "heads - - event_store has several heads: V4__risk, V5__other");
    project.ok(&["merge"]);
    code(9, "ahead - - the database is ahead of this code: V3__x");
    for table in ["refinery_schema_history", "regrow_schema_history"] {
        let forget = format!("DELETE FROM event_store.{table} WHERE version = 3");
        project.events().batch_execute(&forget).unwrap();
    }
    code(1, &format!("mistake {HANDLERS}:12:26 - column \"nosuch\""));
    let handlers = project.read(HANDLERS);
    project.write(HANDLERS, &handlers.replace("SET nosuch", "SET status"));
    code(8, "lint migrations/event_store/V4__risk.sql:2:1 append-only-log");
    project.write(&format!("{STORE}/V4__risk.sql"), "-- revises: 2\nSELECT 1;");
    let waits = "pending migrations/event_store/V4__risk.sql:1:1 - 3 revisions of event_store are pending: \
                 V4__risk, V5__other, V6__merge";
    code(3, waits);
    finds(&project, &["--allow-pending"], 0, &[waits]);
    project.ok(&["migrate"]);
    is_clean(&project);
}

#[test]
fn one_gate_can_be_asked_alone() {
    let project = wrong();
    for (gates, code) in [
        (&["pending"][..], 3),
        (&["migrations"], 4),
        (&["handlers"], 1),
        (&["upcasters"], 0),
        (&["projections"], 0),
        (&["pending", "handlers"], 1),
        (&["handlers", "upcasters", "projections"], 1),
        (&["handlers", "migrations", "pending"], 4),
        (&["migrations", "migrations"], 4),
    ] {
        let only: Vec<&str> = gates.iter().flat_map(|g| ["--only", g]).collect();
        let value = project.run(&[&["check", "--json"][..], &only].concat());
        assert_eq!(value.code, code, "{gates:?}\n{}", value.stdout);
        let value: serde_json::Value = serde_json::from_str(&value.stdout).unwrap();
        for finding in value["findings"].as_array().unwrap() {
            assert!(gates.contains(&finding["gate"].as_str().unwrap()), "{gates:?}: {finding}");
        }
        assert_eq!(value["ok"], code == 0);
    }
    refused(
        &project,
        &["check", "--only", "all"],
        2,
        &["pending, migrations, handlers, upcasters"],
    );
    refused(&project, &["check", "nosuch"], 2, &["there is no projection nosuch"]);
    // A lineage that does not hold together is in the way of every gate that needs it.
    let path = "projections/order_summary/schema/V2__x.sql";
    for (text, place) in [("-- revises: 9\nSELECT 1;", 1), ("SELECT 1;\nSELEC 2;", 2)] {
        project.write(path, text);
        let place = format!("mistake {path}:{place}:1 ");
        finds(&project, &["--only", "handlers"], 1, &[&place]);
        finds(&project, &["--only", "upcasters"], 1, &[&place]);
    }
    project.write(path, "-- revises: 9\nSELECT 1;");
    finds(&project, &["--only", "pending"], 1, &["it revises 9, and there is no such revision"]);
}

#[test]
fn a_projection_that_changed_has_a_line_of_its_own() {
    let project = live();
    is_clean(&project);
    ends(
        &project,
        &["check"],
        0,
        &["note: customer_activity was never built", "regrow rebuild customer_activity --promote"],
    );
    let revision = format!("{ORDER}/V1__order_summary.sql");
    let text = project.read(&revision);
    project.write(&revision, &format!("-- nothing but a remark\n{text}"));
    is_clean(&project);
    let handlers = project.read(HANDLERS);
    project.write(HANDLERS, &handlers.replace("'shipped'", "'sent'"));
    let changed = "pending - - order_summary changed since order_summary__b1 was built";
    finds(&project, &[], 3, &[changed]);
    finds(&project, &["--only", "projections", "order_summary"], 3, &[changed]);
    assert_eq!(checked(&project, &["--only", "pending"]), (0, vec![]));
    assert_eq!(checked(&project, &["customer_activity"]), (0, vec![]));
    ends(&project, &["check"], 3, &["regrow rebuild order_summary --promote", "1 problem found"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    is_clean(&project);
}

#[test]
fn findings_become_annotations_of_a_pull_request() {
    let project = wrong();
    project.write("projections/order_summary/checks.sql", "\nSELECT 1 %% 'x';\n");
    let said = ends(&project, &["check", "--format", "github"], 4, &[]).stdout;
    for line in [
        "::error title=regrow migrations::migrations/event_store/V2__x.sql: revision V2__x of ",
        "::error file=migrations/event_store/V4__risk.sql,line=2,col=1,title=regrow append-only-log::DELETE on event_store.events",
        "::warning file=migrations/event_store/V4__risk.sql,line=1,col=1,title=regrow pending::2 revisions of event_store are pending: V4__risk, V5__other%0Aregrow migrate",
        "::error file=projections/order_summary/handlers.sql,line=12,col=26,title=regrow handlers::column \"nosuch\"",
        "::notice title=regrow projections::order_summary was never built%0A",
    ] {
        assert!(said.lines().any(|l| l.starts_with(line)), "{line}\n is not in\n{said}");
    }
    assert!(said.lines().all(|l| l.starts_with("::")), "one line each:\n{said}");
    // `%` is the sign that begins an escape.
    assert!(said.contains("operator does not exist: integer %25%25"), "{said}");
    let clean = store(&[("V1__a.sql", "CREATE TABLE a ();")]);
    clean.ok(&["migrate"]);
    assert_eq!(clean.ok(&["check", "--format", "github"]), "");
    let both = clean.run(&["check", "--format", "github", "--json"]);
    assert!(both.stdout.starts_with('{'), "--json is one value wherever it stands");
}

#[test]
fn a_check_writes_nothing() {
    let project = live();
    project.write(&format!("{STORE}/V2__x.sql"), "CREATE TABLE event_store.x ();");
    project.write("migrations/schema.sql", "CREATE TABLE y ();");
    let before = traces(&mut project.events());
    ends(
        &project,
        &["check"],
        1,
        &["what the revisions make is not what migrations/schema.sql asks for"],
    );
    project.run(&["check", "--json"]);
    assert_eq!(traces(&mut project.events()), before);
    // Nor does it where nothing is there yet.
    let project = Project::orders();
    let before = traces(&mut project.events());
    assert_eq!(project.run(&["check"]).code, 3);
    assert_eq!(traces(&mut project.events()), before);
    let locks = "SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                 WHERE d.datname = current_database() AND l.locktype = 'advisory'";
    assert_eq!(rows(&mut project.events(), locks).len(), 0);
}
