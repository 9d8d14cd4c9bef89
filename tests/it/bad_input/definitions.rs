//! Revisions, handlers and checks that PostgreSQL or we do not take.

use super::*;

#[test]
fn broken_sql_in_a_revision_has_a_place() {
    let project = migrated();
    let path = "projections/order_summary/schema/V2__more.sql";
    for (text, place) in [
        ("-- é\nALTER TABLE order_summary\n    ADD COLUM x int;\n", ":3:17: syntax error"),
        ("ALTER TABLE order_summary ADD COLUMN x intt;\n", ":1:40: type \"intt\" does not exist"),
        ("ALTER TABLE nosuch ADD COLUMN x int;\n", ":1:1: relation \"nosuch\" does not exist"),
    ] {
        project.write(path, text);
        let place = format!("{path}{place}");
        let found = findings(&project);
        assert!(found.len() == 1 && found[0].starts_with(&place), "{found:?}");
        let (at, message) = place.split_at(place.find(": ").unwrap());
        refused(&project, &["rebuild", "order_summary"], 1, &[at, &message[2..], "rolled back"]);
        let left = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'order_summary%'";
        assert_eq!(rows(&mut project.reads(), left), [""; 0]);
    }
    project.write("migrations/event_store/V2__broken.sql", "SELECT 1;\n\nSELEC 2;\n");
    let at = "migrations/event_store/V2__broken.sql:3:1";
    refused(&project, &["migrate"], 1, &[at, "syntax error", "correct the file"]);
    assert_eq!(project.run(&["current"]).code, 3);
}

#[test]
fn broken_sql_in_handlers_has_a_place() {
    let project = migrated();
    let good = project.read(HANDLERS);
    for (was, becomes, places) in [
        ("(id, customer_id,", "(id, customer,", &["2:32: column \"customer\" of relation"][..]),
        ("SET status = 'paid' WHERE", "SET status = WHERE", &["12:35: syntax error"]),
        ("UPDATE order_summary SET status = 'paid'", "UPDAT x", &["12:1: a handler may hold"]),
        ("-- on OrderPaid", "-- on ", &["11:"]),
        (
            ":customer_name, 'pending'",
            ":customer_name, 'pending",
            &["18:45: the string that begins here is not closed"],
        ),
        (
            "SET status",
            "SET statu",
            &["12:26: column \"statu\"", "15:26: column \"statu\"", "18:26: column \"statu\""],
        ),
    ] {
        assert!(good.contains(was), "{was}");
        project.write(HANDLERS, &good.replace(was, becomes));
        let found = findings(&project).join("\n");
        let places: Vec<String> = places.iter().map(|p| format!("{HANDLERS}:{p}")).collect();
        for place in &places {
            assert!(found.contains(place.as_str()), "{place}\n{found}");
        }
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        refused(&project, &["rebuild", "order_summary"], 1, &places);
    }
    assert_eq!(rows(&mut project.reads(), "SELECT id FROM regrow.build"), [""; 0]);
}

#[test]
fn a_check_that_writes_is_found_before_a_rebuild() {
    let project = migrated();
    let path = "projections/order_summary/checks.sql";
    for (sql, said) in [
        (
            "WITH x AS (DELETE FROM order_summary RETURNING 1) SELECT 1 WHERE false;",
            "a check only reads",
        ),
        ("SELECT id FROM order_summary FOR UPDATE;", "a check only reads"),
        ("SELECT nextval('s') FROM order_summary_key;", "order_summary_key"),
    ] {
        project.write(
            path,
            &format!("-- none\nSELECT id FROM order_summary WHERE false;\n\n-- one\n{sql}\n"),
        );
        let args = ["check", "--only", "handlers"];
        let ran = project.run(&args);
        assert_eq!(ran.code, 1, "{sql}\n{}{}", ran.stdout, ran.stderr);
        for part in [&format!("{path}:5:"), said] {
            assert!(ran.stdout.contains(part), "{sql}: {part} is not in\n{}", ran.stdout);
        }
    }
    // What rows would do to it nobody knows here.
    for sql in
        ["SELECT 1 / count(*) FROM order_summary;", "SELECT id FROM order_summary WHERE false;"]
    {
        project.write(path, &format!("-- one\n{sql}\n"));
        project.ok(&["check", "--only", "handlers"]);
    }
}

#[test]
fn a_check_that_does_not_hold_keeps_the_build_from_readers() {
    let project = migrated();
    project.events().batch_execute(ORDERS).unwrap();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let path = "projections/order_summary/checks.sql";
    project.write(
        path,
        "-- no order is pending\nSELECT id FROM order_summary WHERE status = 'paid';\n",
    );
    project.write(
        "projections/order_summary/schema/V2__note.sql",
        "ALTER TABLE order_summary ADD COLUMN note text;",
    );
    let args = ["rebuild", "order_summary", "--promote"];
    let broken = "no order is pending (projections/order_summary/checks.sql:2:1, 1000 rows)";
    let ran = project.run(&args);
    says(&ran, &args, 10, &["order_summary__b2 does not pass its checks", broken]);
    says(&ran, &args, 10, &["regrow rebuild order_summary"]);
    says(&project.run(&["resume"]), &["resume"], 10, &[broken]);
    let again = project.run(&["rebuild", "order_summary"]);
    says(&again, &["rebuild"], 10, &["has the same definition: it is continued", broken]);
    let args = ["promote", "order_summary"];
    refused(
        &project,
        &args,
        1,
        &["order_summary__b2 is catching_up", "regrow resume order_summary"],
    );
    let live = "SELECT schema_name FROM regrow.build WHERE state = 'live'";
    assert_eq!(rows(&mut project.reads(), live), ["(order_summary__b1)"]);
    project.run(&["rebuild", "order_summary"]);
    // The next step that was named, once the check is mended, is enough.
    project.write(path, "-- mended\nSELECT id FROM order_summary WHERE false;\n");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    assert_eq!(rows(&mut project.reads(), live), ["(order_summary__b3)"]);

    project.write(path, "-- upside down\nSELECT 1 / 0;\n");
    let ran = project.run(&["rebuild", "order_summary"]);
    let said = format!("{path}:2:1: the check \"upside down\" cannot be run: division by zero");
    says(&ran, &["rebuild"], 10, &[&said, "regrow rebuild order_summary"]);
    project.write(path, "SELEC 1;\n");
    assert!(findings(&project)[0].starts_with(&format!("{path}:1:1: a check must be a query")));
    project.write(path, "\nSELECT nosuch FROM order_summary;\n");
    assert_eq!(findings(&project), [format!("{path}:2:8: column \"nosuch\" does not exist")]);
}

#[test]
fn what_is_not_the_same_at_the_next_rebuild_is_refused() {
    let project = migrated();
    let good = project.read(HANDLERS);
    let sequence = "projections/order_summary/schema/V2__s.sql";
    project.write(sequence, "CREATE SEQUENCE s;\nALTER TABLE order_summary ADD COLUMN u text;\n");
    let clock = "use :event.recorded_at";
    for (expression, name, advice) in [
        ("now()", "now", clock),
        ("clock_timestamp()", "clock_timestamp", clock),
        ("statement_timestamp()", "statement_timestamp", clock),
        ("CURRENT_TIMESTAMP", "current_timestamp", clock),
        ("CURRENT_DATE", "current_date", clock),
        ("localtime", "localtime", clock),
        ("random()", "random", "take the value from the event"),
        ("gen_random_uuid()", "gen_random_uuid", "take the value from the event"),
        ("nextval('s')", "nextval", "use :event.position"),
        ("CURRENT_USER", "current_user", "take the value from the event"),
        ("pg_backend_pid()", "pg_backend_pid", "take the value from the event"),
        ("txid_current()", "txid_current", "take the value from the event"),
    ] {
        let handler = format!("SET u = {expression}::text, status = 'paid'");
        project.write(HANDLERS, &good.replace("SET status = 'paid'", &handler));
        let said = format!("{HANDLERS}:12:30: {name} does not give the same value");
        let found = findings(&project);
        assert!(found.len() == 1 && found[0].starts_with(&said), "{said}\n{found:?}");
        let ran = project.run(&["check"]);
        assert!(ran.stdout.contains(advice), "{advice:?}\n{}", ran.stdout);
        refused(&project, &["rebuild", "order_summary"], 1, &[&said, advice]);
    }
    // What only looks like it is not.
    let fine = "SET u = 'now() random()' || :event.recorded_at::date::text || lower(:order_id), status = 'paid'";
    project.write(HANDLERS, &good.replace("SET status = 'paid'", fine));
    project.ok(&["check"]);
}

#[test]
fn columns_that_fill_themselves_are_refused_where_they_are_made() {
    let project = migrated();
    let path = "projections/order_summary/schema/V2__more.sql";
    for (column, said) in [
        ("n bigint GENERATED ALWAYS AS IDENTITY", "order_summary.n is an identity"),
        ("n bigserial", "order_summary.n is nextval("),
        ("n timestamptz DEFAULT now()", "order_summary.n is now()"),
        ("n date DEFAULT CURRENT_DATE", "order_summary.n is CURRENT_DATE"),
        ("n uuid DEFAULT gen_random_uuid()", "order_summary.n is gen_random_uuid()"),
        ("n float DEFAULT random()", "order_summary.n is random()"),
    ] {
        project.write(path, &format!("ALTER TABLE order_summary\n  ADD COLUMN {column};\n"));
        let found = findings(&project);
        let said = format!("{path}:2:14: the default of {said}");
        assert!(found.len() == 1 && found[0].starts_with(&said), "{said}\n{found:?}");
        refused(&project, &["rebuild", "order_summary"], 1, &[&said]);
    }
    project.write(path, "ALTER TABLE order_summary ADD COLUMN n int DEFAULT 1 + 1;\n");
    project.ok(&["check"]);
}
