//! Builds compared: whatever differs is found and named, and nothing else is.

mod alone;
mod faults;
#[cfg(feature = "failpoints")]
mod races;
mod sample;
mod shapes;
mod watched;

use serde_json::Value;

use crate::bench::{Database, Project, rows};

/// The sample project with a log of so many events, both projections live.
fn shop(events: usize) -> Project {
    let project = Project::orders_on(Database::on_a_careless_server());
    project.ok(&["migrate"]);
    let log = project.ok(&["demo", "--print-log", "--events", &events.to_string()]);
    project.write("events.ndjson", &log);
    project.ok(&["import", "events.ndjson"]);
    project.ok(&["rebuild", "--all", "--promote"]);
    project
}

/// A comparison as JSON, whatever it came to, and its exit code.
fn compared(project: &Project, args: &[&str]) -> (i32, Value) {
    let ran = project.run(&[&["verify"], args, &["--json"]].concat());
    let report = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|e| panic!("{e}: verify {args:?}\n{}{}", ran.stdout, ran.stderr));
    (ran.code, report)
}

/// What is said of one table.
fn table<'r>(report: &'r Value, name: &str) -> &'r Value {
    let tables = report["tables"].as_array().unwrap();
    let found = tables.iter().find(|table| table["table"] == name);
    found.unwrap_or_else(|| panic!("{name} is not in {report}"))
}

#[test]
fn what_differs_is_told_by_table_column_and_key() {
    let project = shop(1_000);
    let nothing = project.run(&["verify", "order_summary"]);
    assert_eq!(nothing.code, 1, "{}", nothing.stdout);
    assert!(nothing.stderr.contains("no build is ready"), "{}", nothing.stderr);

    project.ok(&["rebuild", "order_summary"]);
    let same = project.ok(&["verify", "order_summary"]);
    assert!(same.contains("rows compared by (id), all the same"), "{same}");
    assert!(same.trim_end().ends_with(": no difference"), "{same}");

    let mut client = project.reads();
    client
        .batch_execute(
            "UPDATE order_summary__b2.order_summary SET status = E'lost\\t\\\\' || chr(27) WHERE id = 'order-7'; \
             UPDATE order_summary__b2.order_summary SET total_amount = total_amount + 1, item_count = 99 \
              WHERE id IN ('order-7', 'order-9'); \
             DELETE FROM order_summary__b2.order_summary WHERE id = 'order-11'; \
             INSERT INTO order_summary__b2.order_summary VALUES (E'or\\nder', 'c', 'n', 's', 1, 1, '2026-01-01')",
        )
        .unwrap();
    let (code, report) = compared(&project, &["order_summary"]);
    assert_eq!((code, &report["ok"]), (10, &Value::Bool(false)), "{report}");
    let found = table(&report, "order_summary");
    let numbers = ["changed", "only_in_build", "only_in_against", "unexpected"];
    assert_eq!(numbers.map(|n| found[n].as_u64().unwrap()), [2, 1, 1, 4], "{report}");
    let columns: Vec<(&str, u64, &str)> = found["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| {
            let key = c["first_key"][0]["value"].as_str().unwrap();
            (c["column"].as_str().unwrap(), c["rows"].as_u64().unwrap(), key)
        })
        .collect();
    assert_eq!(
        columns,
        [("status", 1, "order-7"), ("total_amount", 2, "order-7"), ("item_count", 2, "order-7")]
    );
    assert!(!report.to_string().contains("lost"), "values are shown: {report}");

    let text = project.run(&["verify", "order_summary", "--show-values"]);
    for line in [
        "changed id=order-9: total_amount '",
        "changed id=order-7: status 'lost\\t\\\\u{1b}' and not '",
        "only in order_summary__b1 id=order-11: id 'order-11', ",
        "only in order_summary__b2 id=or\\nder: id 'or\\nder', customer_id 'c'",
        ": 4 differences that were not declared",
    ] {
        let plain = text.stdout.replace("\\\\", "\\");
        assert!(plain.contains(&line.replace("\\\\", "\\")), "{line}\n{}", text.stdout);
    }
    assert_eq!(text.code, 10);

    // The other way round, by number, and declared one after another.
    let (code, report) =
        compared(&project, &["order_summary", "--build", "1", "--against", "b2", "--samples", "1"]);
    assert_eq!((code, report["build"]["build"].as_str()), (10, Some("order_summary__b1")));
    assert_eq!(table(&report, "order_summary")["samples"].as_array().unwrap().len(), 3);
    let columns =
        ["status", "total_amount", "item_count"].map(|c| format!("column:order_summary.{c}"));
    let mut args = vec!["order_summary"];
    for (declared, left) in columns.iter().zip([4, 4, 2]) {
        args.extend(["--expect", declared]);
        let (code, report) = compared(&project, &args);
        assert_eq!((code, report["unexpected"].as_u64()), (10, Some(left)), "{args:?}: {report}");
    }
    project.write(
        "projections/order_summary/projection.toml",
        "[verify]\nexpect = [\"rows:order_summary\"]\n",
    );
    let (code, report) = compared(&project, &args);
    assert_eq!((code, &report["ok"]), (0, &Value::Bool(true)), "{report}");
    let wrong = project.run(&["verify", "order_summary", "--expect", "column:order_summary.nope"]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    let wrong = project.run(&["verify", "order_summary", "--expect", "status"]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    project.write(
        "projections/order_summary/projection.toml",
        "[verify]\nexpect = [\n  \"status\",\n]\n",
    );
    let wrong = project.run(&["verify", "order_summary"]);
    assert!(
        wrong.stderr.contains("projection.toml:3:4: \"status\" declares no"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn builds_that_cannot_be_compared_are_told_apart() {
    let project = shop(1_000);
    project.ok(&["rebuild", "order_summary", "--until", "100"]);
    let ran = project.run(&["verify", "order_summary", "--build", "2"]);
    assert!(ran.code == 1 && ran.stderr.contains("by --until"), "{}", ran.stderr);
    let ran = project.run(&["verify", "order_summary", "--build", "9"]);
    assert!(
        ran.code == 2 && ran.stderr.contains("it has order_summary__b1, order_summary__b2"),
        "{}",
        ran.stderr
    );
    let ran = project.run(&["verify", "order_summary", "--build", "1"]);
    assert!(ran.code == 1 && ran.stderr.contains("compared with itself"), "{}", ran.stderr);
    // Two that end at one position are at one position.
    project.ok(&["rebuild", "customer_activity", "--until", "100"]);
    let ran = project.run(&["verify", "nosuch"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    project.ok(&["prune", "order_summary", "--unfinished"]);
    let ran = project.run(&["verify", "order_summary", "--build", "2", "--against", "1"]);
    assert!(ran.code == 1 && ran.stderr.contains("is dropped"), "{}", ran.stderr);
}

/// An event that is put aside for one build only is told: the rows differ for that reason.
#[test]
fn events_that_were_parked_for_one_build_are_told() {
    let project = shop(1_000);
    let bad = "SELECT event_store.append('bad', NULL, '[{\"type\": \"OrderCreated\", \"payload\": {\"order_id\": \"bad\", \
               \"customer_id\": \"c\", \"customer_name\": \"n\"}}, {\"type\": \"OrderCreated\", \"payload\": {\"order_id\": \"bad\", \
               \"customer_id\": \"c\", \"customer_name\": \"n\"}}]')";
    project.events().batch_execute(bad).unwrap();
    // The live build stops there; the candidate parks it.
    assert_ne!(project.run(&["run", "--until-caught-up"]).code, 0);
    project.write("projections/order_summary/projection.toml", "on_error = \"park\"\n");
    project.ok(&["rebuild", "order_summary"]);
    let ran = project.run(&["verify", "order_summary"]);
    assert!(ran.code == 1 && ran.stderr.contains("since an event stopped it"), "{}", ran.stderr);
    project.ok(&["resume", "order_summary"]);
    // The other projection stays where it stopped.
    assert_ne!(project.run(&["run", "--until-caught-up"]).code, 0);
    let (code, report) = compared(&project, &["order_summary"]);
    assert_eq!((code, report["build"]["parked_only"].as_u64()), (0, Some(0)), "{report}");
    assert_eq!(report["against"]["parked"], 1);
    project.reads().batch_execute("DELETE FROM regrow.parked_events WHERE build_id = (SELECT id FROM regrow.build WHERE schema_name = 'order_summary__b1')").unwrap();
    let (_, report) = compared(&project, &["order_summary"]);
    let apart = [&report["build"]["parked_only"], &report["against"]["parked_only"]];
    let sum: u64 = apart.iter().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(sum, 1, "{report}");
}

#[test]
fn the_log_is_compared_with_by_a_build_that_nobody_sees() {
    let project = shop(2_000);
    let mut client = project.reads();
    for name in ["order_summary", "customer_activity"] {
        let (code, report) = compared(&project, &[name, "--against", "log"]);
        assert_eq!((code, &report["ok"]), (0, &Value::Bool(true)), "{report}");
        assert_eq!(report["against"]["role"], "replayed from the log by the sql engine");
        assert_eq!(report["build"]["role"], "live");
    }
    client
        .batch_execute(
            "UPDATE customer_activity__b1.customer_activity SET spent_cents = spent_cents + 1 WHERE id = 'customer-3'",
        )
        .unwrap();
    let (code, report) = compared(&project, &["customer_activity", "--against", "log"]);
    assert_eq!(code, 10, "{report}");
    let found = &table(&report, "customer_activity")["columns"][0];
    assert_eq!(found["column"], "spent_cents");
    assert_eq!(found["first_key"][0]["value"], "customer-3");
    let left = "SELECT count(*) FROM regrow.build WHERE state NOT IN ('live', 'dropped')";
    assert_eq!(client.query_one(left, &[]).unwrap().get::<_, i64>(0), 0);
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%\\_\\_b%'";
    assert_eq!(client.query_one(schemas, &[]).unwrap().get::<_, i64>(0), 2);
}

/// What is promoted holds, or was declared; what does not stays ready.
#[test]
fn a_rebuild_shows_readers_only_what_holds() {
    let project = Project::orders_on(Database::on_a_careless_server());
    project.ok(&["migrate"]);
    let log = project.ok(&["demo", "--print-log", "--events", "1000"]);
    project.write("events.ndjson", &log);
    project.ok(&["import", "events.ndjson"]);
    let promote = ["rebuild", "order_summary", "--promote", "--verify"];
    let first = project.run(&promote);
    assert!(first.code == 1 && first.stderr.contains("--verify=log"), "{}", first.stderr);
    let built = project.json(&["rebuild", "order_summary", "--promote", "--verify=log"]);
    assert_eq!(built["builds"][0]["state"], "live", "{built}");
    assert_eq!(built["builds"][0]["verify"]["ok"], true, "{built}");

    let handlers = project.read("projections/order_summary/handlers.sql");
    let broken = handlers.replace("status = 'paid'", "status = 'payed'");
    project.write("projections/order_summary/handlers.sql", &broken);
    let ran = project.run(&promote);
    assert_eq!(ran.code, 10, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("status differs in"), "{}", ran.stdout);
    assert!(
        ran.stderr.contains(
            "error: order_summary__b3 was not promoted: it differs from order_summary__b1"
        ),
        "{}",
        ran.stderr
    );
    let states =
        "SELECT schema_name::text, state FROM regrow.build WHERE state <> 'dropped' ORDER BY 1";
    let mut client = project.reads();
    assert_eq!(
        rows(&mut client, states),
        ["(order_summary__b1,live)", "(order_summary__b3,ready)"]
    );
    // Typed again with the difference declared, it goes on with what it finds.
    let declared = [&promote[..], &["--expect", "column:order_summary.status", "--json"]].concat();
    let ran = project.run(&declared);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(
        rows(&mut client, states),
        ["(order_summary__b1,retired)", "(order_summary__b3,live)"]
    );
    assert_eq!(project.run(&["rebuild", "order_summary", "--verify"]).code, 2);
}

/// A build that was to be compared is compared after a kill too, with the differences that were declared.
#[cfg(feature = "failpoints")]
#[test]
fn what_was_to_be_compared_is_compared_by_the_one_who_goes_on() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let log = project.ok(&["demo", "--print-log", "--events", "1000"]);
    project.write("events.ndjson", &log);
    project.ok(&["import", "events.ndjson"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let handlers = project.read("projections/order_summary/handlers.sql");
    let broken = handlers.replace("status = 'paid'", "status = 'payed'");
    project.write("projections/order_summary/handlers.sql", &broken);
    let killed = |args: &[&str]| {
        let mut command = project.command(args);
        command.env("FAILPOINTS", "finish::record::before=1*return(kill)");
        assert_eq!(command.output().unwrap().status.code(), None, "{args:?}");
    };
    let states = "SELECT state FROM regrow.build WHERE state <> 'dropped' ORDER BY number";
    let promote = ["rebuild", "order_summary", "--promote", "--verify"];
    killed(&promote);
    let ran = project.run(&["resume", "order_summary", "--promote"]);
    assert_eq!(ran.code, 10, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("status differs in"), "{}", ran.stdout);
    assert_eq!(rows(&mut project.reads(), states), ["(live)", "(ready)"]);
    // What was declared is remembered too.
    project.ok(&["prune", "--unfinished"]);
    killed(&[&promote[..], &["--expect", "column:order_summary.status"]].concat());
    let ready = project.run(&["resume", "order_summary"]);
    assert_eq!(ready.code, 0, "{}", ready.stderr);
    let next = "next: regrow verify order_summary, and if it holds regrow promote order_summary";
    assert!(ready.stderr.contains(next), "{}", ready.stderr);
    project.ok(&["prune", "--unfinished"]);
    killed(&[&promote[..], &["--expect", "column:order_summary.status"]].concat());
    let ran = project.run(&["resume", "--promote"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(rows(&mut project.reads(), states), ["(retired)", "(live)"]);
    // One that was let through and stopped since is not compared with itself.
    let bad = "SELECT event_store.append('bad', -1, '[{\"type\": \"OrderCreated\", \"payload\": {\"order_id\": \"x\"}}]')";
    project.events().batch_execute(bad).unwrap();
    assert_ne!(project.run(&["run", "--until-caught-up"]).code, 0);
    project.write("projections/order_summary/projection.toml", "on_error = \"park\"\n");
    let ran = project.run(&["resume", "order_summary", "--promote"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("is live at position 1,001"), "{}", ran.stdout);
    // Typed again without, it is shown without.
    project.write("projections/order_summary/handlers.sql", &handlers);
    killed(&promote);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    assert_eq!(rows(&mut project.reads(), states), ["(retired)", "(retired)", "(live)"]);
}

#[test]
fn assertions_run_on_what_readers_see_and_show_keys() {
    let project = shop(1_000);
    let fine = project.ok(&["verify", "order_summary", "--live"]);
    assert!(
        fine.contains("order_summary__b1 (live): 2 assertions of checks.sql, and none is broken"),
        "{fine}"
    );
    project
        .reads()
        .batch_execute("UPDATE order_summary__b1.order_summary SET total_amount = -1, customer_name = 'Kanarienvogel'")
        .unwrap();
    project.write(
        "projections/order_summary/checks.sql",
        "-- no order has a negative total\nSELECT id, total_amount, customer_name FROM order_summary WHERE total_amount < 0 \
         ORDER BY id COLLATE \"C\";\n\n-- all is well\nSELECT count(*) AS n FROM order_summary HAVING count(*) > 0 -- really\n;\n\
         -- nothing\nVALUES (1) LIMIT 0;",
    );
    let ran = project.run(&["verify", "order_summary", "--live"]);
    assert_eq!(ran.code, 10, "{}{}", ran.stdout, ran.stderr);
    for line in [
        "projections/order_summary/checks.sql:2:1: no order has a negative total: broken by ",
        "\n  id=order-1\n  id=order-10\n",
        " more\n",
        "checks.sql:5:1: all is well: broken by 1 row\n  it returns no column of a key;",
        "order_summary__b1 (live): 3 assertions of checks.sql, 2 broken",
    ] {
        assert!(ran.stdout.contains(line), "{line}\n{}", ran.stdout);
    }
    assert!(
        !ran.stdout.contains("Kanarienvogel") && !ran.stdout.contains("-1.00"),
        "{}",
        ran.stdout
    );
    let shown = project.run(&["verify", "order_summary", "--live", "--show-values"]);
    assert!(
        shown.stdout.contains("id=order-1 total_amount=-1.00 customer_name=Kanarienvogel"),
        "{}",
        shown.stdout
    );
    // A rebuild that breaks one names keys, too.
    project.write("projections/order_summary/checks.sql", "-- none\nSELECT id FROM order_summary;");
    let ran = project.run(&["rebuild", "order_summary"]);
    assert!(ran.code == 10 && ran.stderr.contains("  id=order-"), "{}", ran.stderr);
    // One that writes is refused where it stands, and no row is touched.
    let writes = "-- none is left\nWITH gone AS (DELETE FROM order_summary RETURNING id) SELECT id FROM gone;";
    project.write("projections/order_summary/checks.sql", writes);
    let before = rows(&mut project.reads(), "SELECT count(*) FROM order_summary__b1.order_summary");
    let ran = project.run(&["verify", "order_summary", "--live"]);
    assert_eq!(ran.code, 10, "{}", ran.stderr);
    for said in
        ["checks.sql:2:1: the check \"none is left\" cannot be run", "read-only transaction"]
    {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    assert!(!ran.stderr.contains("standby"), "{}", ran.stderr);
    let after = rows(&mut project.reads(), "SELECT count(*) FROM order_summary__b1.order_summary");
    assert_eq!(before, after);
    project
        .write("projections/order_summary/checks.sql", "-- wrong\nSELECT nope FROM order_summary;");
    let ran = project.run(&["verify", "order_summary", "--live"]);
    assert!(ran.code == 10 && ran.stderr.contains("checks.sql:2:1: the check"), "{}", ran.stderr);
}

/// Without the right to the build's schema PostgreSQL finds no table of that name, or another one: neither is
/// the fault of a check.
#[test]
fn who_may_not_use_the_builds_schema_is_told_the_right_that_is_missing() {
    let project = shop(1_000);
    let mut client = project.reads();
    let role = format!("weak_{}", project.database.name());
    client
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA regrow TO {role}; \
             GRANT SELECT ON ALL TABLES IN SCHEMA regrow TO {role}"
        ))
        .unwrap();
    let url = format!("{} user={role}", project.database.url().replace("user=regrow", ""));
    let verify = || {
        let args = ["verify", "order_summary", "--live"];
        let output = project.command(&args).env("DATABASE_URL", &url).output().unwrap();
        crate::bench::Ran::from(output, &args)
    };
    let denied = verify();
    assert_eq!(denied.code, 1, "{}{}", denied.stdout, denied.stderr);
    let grant = format!("GRANT USAGE ON SCHEMA order_summary__b1 TO {role};");
    assert!(denied.stderr.contains(&grant), "{}", denied.stderr);
    assert!(!denied.stderr.contains("regrow rebuild"), "{}", denied.stderr);
    client.batch_execute(&grant).unwrap();
    let denied = verify();
    assert!(denied.stderr.contains("GRANT SELECT ON"), "{}", denied.stderr);
    client
        .batch_execute(&format!("GRANT SELECT ON ALL TABLES IN SCHEMA order_summary__b1 TO {role}"))
        .unwrap();
    let held = verify();
    assert_eq!(held.code, 0, "{}{}", held.stdout, held.stderr);
    client.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}
