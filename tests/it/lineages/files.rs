//! Files and their graph: refinery's folders, versions, heads, dependencies, names.

use postgres::Client;
use refinery::{Migration, Runner};

use super::{ORDER, STORE, ends, finds, is_clean, live, refused, store};
use crate::bench::{Project, rows};

const REFINERY: [(&str, &str); 2] = [
    (
        "V1__init.sql",
        "-- the first table\n-- change: the colour of everything\nCREATE TABLE colours (name text);\n",
    ),
    ("V2__more.sql", "ALTER TABLE colours ADD COLUMN shade int; -- lineage: of a colour\n"),
];
const THIRD: (&str, &str) = ("V3__third.sql", "CREATE INDEX shades ON colours (shade);\n");

/// Runs files as somebody does who has refinery only; gives how many ran.
fn with_refinery(client: &mut Client, files: &[(&str, &str)]) -> usize {
    client.batch_execute("CREATE SCHEMA IF NOT EXISTS event_store").unwrap();
    client.batch_execute("SET search_path = event_store").unwrap();
    let named = |(name, sql): &(&str, &str)| {
        Migration::unapplied(name.strip_suffix(".sql").unwrap(), sql).unwrap()
    };
    let migrations: Vec<Migration> = files.iter().map(named).collect();
    // What differs or is missing is an error of refinery's.
    let report = Runner::new(&migrations).run(client).unwrap();
    report.applied_migrations().len()
}

#[test]
fn a_folder_that_refinery_ran_is_taken_over_and_can_be_given_back() {
    let project = store(&REFINERY);
    assert_eq!(with_refinery(&mut project.events(), &REFINERY), 2);
    ends(&project, &["current", "--check-heads"], 0, &["event_store: V2__more (head)"]);
    project.write(&format!("{STORE}/{}", THIRD.0), THIRD.1);
    finds(&project, &["--only", "pending"], 3, &["V3__third of event_store is pending"]);
    let said = "event_store is at V3__third, 1 revision applied";
    ends(&project, &["migrate"], 0, &[said]);
    is_clean(&project);
    // Refinery verifies what it finds before it runs what is new.
    let fourth = ("V4__fourth.sql", "DROP INDEX shades;\n");
    let all = [REFINERY[0], REFINERY[1], THIRD, fourth];
    assert_eq!(with_refinery(&mut project.events(), &all), 1);
    project.write(&format!("{STORE}/{}", fourth.0), fourth.1);
    ends(&project, &["migrate"], 0, &["event_store is at V4__fourth, nothing to do"]);
    // Where refinery alone wrote the row, other line ends are no edit, and another text is.
    project.write(&format!("{STORE}/{}", fourth.0), "DROP INDEX shades;\r\n");
    is_clean(&project);
    project.write(&format!("{STORE}/{}", fourth.0), "DROP INDEX shade;\n");
    finds(&project, &[], 4, &["V4__fourth of event_store was applied on"]);
}

#[test]
fn what_regrow_ran_refinery_finds_as_its_own() {
    let project = store(&REFINERY);
    project.ok(&["migrate"]);
    assert_eq!(with_refinery(&mut project.events(), &REFINERY), 0);
    assert_eq!(with_refinery(&mut project.events(), &[REFINERY[0], REFINERY[1], THIRD]), 1);
}

#[test]
fn a_new_revision_comes_after_the_head_and_has_what_was_asked_for() {
    const FIRST: &str = "-- labels: core\nSELECT 1;\n";
    for (args, path, parts) in [
        (
            &["-m", "Add Status!"][..],
            "V4__add_status",
            &["-- revises: 3\n", "-- Add Status!\n"][..],
        ),
        (&["-m", "x", "--head", "base"], "V4__x", &["-- revises: base\n"]),
        (&["-m", "x", "--head", "2", "--splice"], "V4__x", &["-- revises: 2\n"]),
        (&["-m", "x", "--head", "core@head"], "V4__x", &["-- revises: 3\n"]),
        (&["-m", "x", "--label", "paid", "--label", "eu"], "V4__x", &["-- labels: paid, eu\n"]),
        (
            &["-m", "x", "--depends-on", "event_store@1"],
            "V4__x",
            &["-- depends-on: event_store@1\n"],
        ),
        (&["-m", "x", "--version", "20300101000000"], "V20300101000000__x", &["-- revises: 3\n"]),
        (&["-m", "transaction: none"], "V4__transaction_none", &["-- revises: 3\n"]),
        (&["-m", "revises: 1\nDROP TABLE x;"], "V4__revises_1_drop_table_x", &["-- revises: 3\n"]),
        (&["-m", "..."], "V4__revision", &["-- revises: 3\n"]),
    ] {
        let project =
            store(&[("V1__a.sql", FIRST), ("V2__b.sql", "SELECT 2;"), ("V3__c.sql", "SELECT 3;")]);
        let path = format!("{STORE}/{path}.sql");
        let wrote = project.json(&[&["revision"][..], args].concat());
        assert_eq!(wrote["written"][0], path, "{args:?}");
        let text = project.read(&path);
        parts.iter().for_each(|part| assert!(text.contains(part), "{part:?} is not in {text}"));
        let shown = project.json(&["show", &wrote["version"].to_string()]);
        assert_eq!(shown["outside_transaction"], false, "{args:?}");
        assert_eq!(shown["revises"], wrote["revises"], "{args:?}");
        assert_eq!(
            shown["labels"].as_array().unwrap().len(),
            args.iter().filter(|a| **a == "--label").count()
        );
        project.ok(&["migrate", "heads"]);
        project.ok(&["verify-down"]);
    }
    let project = store(&[("V20260301101500__a.sql", "SELECT 1;\n")]);
    let wrote = project.json(&["revision", "-m", "later"]);
    assert!(wrote["version"].as_i64().unwrap() > 20_260_301_101_500, "a moment, too: {wrote}");
    assert_eq!(wrote["revises"], serde_json::json!([20_260_301_101_500_i64]));
    let empty = store(&[]);
    let wrote = empty.json(&["revision", "-m", "first"]);
    assert_eq!(wrote["revises"], serde_json::json!([]));
    let project = Project::orders();
    let args = ["revision", "-m", "paid at", "-l", "order_summary"];
    assert!(project.ok(&args).contains(&format!("wrote {ORDER}/V2__paid_at.sql")));
}

#[test]
fn a_new_revision_that_would_break_its_lineage_is_not_written() {
    let project =
        store(&[("V1__a.sql", "-- labels: core\nSELECT 1;\n"), ("V2__b.sql", "SELECT 2;")]);
    for (args, code, part) in [
        (&["--version", "1"][..], 1, "have the same version"),
        (&["--head", "1"], 2, "V1__a is not a head"),
        (&["--head", "nosuch"], 2, "event_store has no revision nosuch; its last is V2__b"),
        (&["--depends-on", "nosuch"], 1, "nosuch"),
        (&["--depends-on", "event_store@7"], 1, "depends on 7, and there is no such revision"),
        (&["--depends-on", "nosuch@7"], 1, "nosuch@7"),
        (&["--label", "core"], 1, "have the same label, core"),
        (&["--label", "two words"], 1, "cannot be a label"),
        (&["--label", "head"], 1, "'head' cannot be a label"),
        (&["--splice"], 2, "--head"),
        (&["--lineage", "nosuch"], 2, "there is no lineage nosuch; there are event_store"),
        (&["--autogenerate"], 1, "event_store has no migrations/schema.sql"),
    ] {
        let args = [&["revision", "-m", "x"][..], args].concat();
        refused(&project, &args, code, &[part]);
        let left = std::fs::read_dir(project.folder.path().join(STORE)).unwrap().count();
        assert_eq!(left, 2, "{args:?} wrote a file");
    }
}

#[test]
fn several_heads_stop_a_deploy_until_they_are_merged() {
    let project = store(&[
        ("V1__a.sql", "CREATE TABLE a ();"),
        ("V2__b.sql", "-- revises: 1\n-- labels: left\nCREATE TABLE b ();"),
        ("V3__c.sql", "-- revises: 1\nCREATE TABLE c ();"),
    ]);
    let said = "event_store has several heads: V2__b, V3__c";
    refused(&project, &["migrate"], 5, &[said, "regrow merge --lineage event_store"]);
    refused(&project, &["revision", "-m", "x"], 5, &[said]);
    ends(&project, &["heads"], 5, &["event_store: V2__b (head, label left)", "V3__c (head)"]);
    ends(&project, &["branches"], 0, &["V1__a (branchpoint)", "    -> V2__b (head, label left)"]);
    finds(&project, &["--only", "migrations"], 5, &[said]);
    ends(&project, &["migrate", "left@head"], 0, &["event_store is at V2__b, 2 revisions applied"]);
    ends(&project, &["migrate", "heads"], 0, &["is at V2__b and V3__c, 1 revision applied"]);
    refused(&project, &["downgrade", "-1"], 2, &["stands at several revisions, V2__b and V3__c"]);
    ends(&project, &["merge"], 0, &["V4__merge.sql"]);
    assert!(project.read(&format!("{STORE}/V4__merge.sql")).contains("-- revises: 2, 3\n"));
    ends(&project, &["migrate"], 0, &["event_store is at V4__merge, 1 revision applied"]);
    ends(&project, &["heads"], 0, &["event_store: V4__merge (head, mergepoint)"]);
    refused(&project, &["merge"], 2, &["event_store has nothing to merge: one head"]);
    is_clean(&project);
    let history = project.ok(&["history", "-i"]);
    let (merge, others) = history.split_once('\n').unwrap();
    assert!(
        merge.starts_with("V2, V3 -> V4__merge (head, mergepoint, current): merge, 2"),
        "{merge}"
    );
    assert_eq!(others, "V1 -> V3__c\nV1 -> V2__b (label left)\n<base> -> V1__a (branchpoint)\n");
}

#[test]
fn what_a_projection_needs_of_the_event_store_runs_first() {
    let project = live();
    project.write(&format!("{STORE}/V2__regions.sql"), "CREATE TABLE event_store.regions ();");
    project.write(&format!("{STORE}/V3__later.sql"), "CREATE TABLE event_store.later ();");
    project.write(
        &format!("{ORDER}/V2__region.sql"),
        "-- region of an order\n-- depends-on: event_store@2\n\
         ALTER TABLE order_summary ADD COLUMN region text;\n",
    );
    // A build does not run ahead of it, either.
    let place = format!("{ORDER}/V2__region.sql:2:1: ");
    let parts = [&place, "V2__region of order_summary depends on event_store@2", "regrow migrate"];
    refused(&project, &["rebuild", "order_summary"], 1, &parts);
    let said = "order_summary is at V2__region, 1 revision applied on order_summary__b1";
    ends(&project, &["migrate", "order_summary@head"], 0, &[said]);
    ends(&project, &["current"], 3, &["event_store: V2__regions, applied", "V3__later is pending"]);
    // And what the live build stands on is not taken away.
    project.write(&format!("{STORE}/V2__regions.down.sql"), "DROP TABLE event_store.regions;");
    let parts = [&place, "depends on event_store@2, which is about to be taken back"];
    refused(&project, &["downgrade", "1"], 1, &parts);
    project.write(
        &format!("{ORDER}/V3__none.sql"),
        "-- depends-on: event_store@20\nCOMMENT ON TABLE order_summary IS 'x';\n",
    );
    let place = format!("{ORDER}/V3__none.sql:1:1");
    for args in [
        &["migrate", "order_summary@head"][..],
        &["migrate", "order_summary@head", "--dry-run"],
        &["rebuild", "order_summary"],
    ] {
        refused(&project, args, 1, &[&place, "event_store@20"]);
    }
    finds(&project, &[], 1, &[&format!("mistake {place} - there is no revision event_store@20")]);
}

#[test]
fn what_the_event_store_needs_of_a_projection_must_be_live() {
    let project = live();
    let path = format!("{STORE}/V2__after.sql");
    project.write(&path, "-- depends-on: order_summary@2\nCREATE TABLE event_store.after ();");
    let place = format!("{path}:1:1: ");
    let parts = [&place, "V2__after of event_store depends on order_summary@2", "do not see yet"];
    let missing = "depends on order_summary@2, which does not exist";
    refused(&project, &["migrate"], 1, &[&place, missing]);
    refused(&project, &["migrate", "--dry-run"], 1, &[&place, missing]);
    project.write(&format!("{ORDER}/V2__i.sql"), "CREATE INDEX i ON order_summary (status);");
    refused(&project, &["migrate"], 1, &parts);
    project.ok(&["migrate", "order_summary@head"]);
    project.ok(&["migrate"]);
    project.write(&path, "-- depends-on: nosuch@2\nCREATE TABLE event_store.after ();");
    // A dependency is a comment: that it changed is no divergence, that it leads nowhere is told.
    let told = format!("mistake {path}:1:1 - there is no revision nosuch@2");
    finds(&project, &["--only", "migrations"], 1, &[&told]);
    let other = format!("{STORE}/V3__x.sql");
    project.write(&other, "-- depends-on: nosuch@2\nSELECT 1;");
    refused(&project, &["migrate"], 1, &[&format!("{other}:1:1: "), "depends on nosuch@2"]);
}

#[test]
fn a_revision_goes_by_its_beginning_where_only_one_begins_so() {
    let project = store(&[
        ("V20260101__add_status.sql", "CREATE TABLE a ();"),
        ("V20260102__add_region.sql", "CREATE TABLE b ();"),
        ("V20260201__paid.sql", "CREATE TABLE c ();"),
    ]);
    for (name, stem) in [
        ("202602", "V20260201__paid"),
        ("pa", "V20260201__paid"),
        ("V20260101", "V20260101__add_status"),
        ("add_s", "V20260101__add_status"),
        ("event_store@add_r", "V20260102__add_region"),
        ("head", "V20260201__paid"),
        ("V20260101__add_status", "V20260101__add_status"),
        ("20260201-2", "V20260101__add_status"),
    ] {
        assert_eq!(project.json(&["show", name])["revision"], stem, "{name}");
    }
    let both = "V20260101__add_status or V20260102__add_region";
    for (name, part) in [
        ("202601", format!("202601 may be {both} of event_store")),
        ("add", format!("add may be {both} of event_store")),
        ("nosuch", "event_store has no revision nosuch; its last is V20260201__paid".into()),
        ("base", "base means 0 revisions of event_store, and one is needed".into()),
    ] {
        refused(&project, &["show", name], 2, &[&part]);
    }
    refused(&project, &["migrate", "add"], 2, &[both]);
    let made = "SELECT FROM pg_class WHERE relname IN ('a', 'b', 'c')";
    assert_eq!(rows(&mut project.events(), made).len(), 0);
    ends(&project, &["migrate", "add_r"], 0, &["is at V20260102__add_region, 2 revisions"]);
    ends(&project, &["migrate", "+1"], 0, &["is at V20260201__paid, 1 revision"]);
}

#[test]
fn history_lists_what_a_range_means() {
    let files = ["a", "b", "c", "d"].map(|n| format!("SELECT '{n}';"));
    let project = store(&[
        ("V1__a.sql", &files[0]),
        ("V2__b.sql", &files[1]),
        ("V3__c.sql", &files[2]),
        ("V4__d.sql", &files[3]),
    ]);
    project.ok(&["migrate", "2"]);
    for (args, stems) in [
        (&[][..], &["V4__d", "V3__c", "V2__b", "V1__a"][..]),
        (&["-r", "2:3"], &["V3__c", "V2__b"]),
        (&["-r", "3:"], &["V4__d", "V3__c"]),
        (&["-r", ":2"], &["V2__b", "V1__a"]),
        (&["-r", "base:2"], &["V2__b", "V1__a"]),
        (&["-r-1:"], &["V4__d", "V3__c"]),
        (&["-r", "-1:3"], &["V3__c", "V2__b"]),
        (&["-r", "2:+1"], &["V3__c", "V2__b"]),
        (&["-r", "current:"], &["V4__d", "V3__c", "V2__b"]),
        (&["-r", "3"], &["V3__c"]),
        (&["-i", "-r", "2:3"], &["V3__c", "V2__b"]),
    ] {
        let listed = project.json(&[&["history"][..], args].concat());
        let listed = listed["revisions"].as_array().unwrap().clone();
        let found: Vec<_> = listed.iter().map(|r| r["revision"].as_str().unwrap()).collect();
        assert_eq!(found, stems, "{args:?}");
        let marks = listed.iter().find(|r| r["version"] == 3).map(|r| r["marks"].to_string());
        let pending = marks.is_some_and(|m| m.contains("pending"));
        let asked = args.contains(&"-i") || args.contains(&"current:");
        assert_eq!(pending, asked, "{args:?}");
    }
    refused(&project, &["history", "-r", "9:"], 2, &["event_store has no revision 9"]);
    let shown = project.ok(&["show", "2"]);
    assert!(shown.starts_with("event_store: V1 -> V2__b\n") && shown.ends_with("SELECT 'b';\n"));
}

#[test]
fn current_ends_with_3_while_something_is_pending() {
    let project = live();
    let ends_with = |code: i32, heads: i32| {
        assert_eq!(project.run(&["current"]).code, code);
        assert_eq!(project.run(&["current", "--check-heads"]).code, heads);
    };
    ends_with(0, 0);
    project.write(&format!("{ORDER}/V2__i.sql"), "CREATE INDEX i ON order_summary (status);");
    ends_with(0, 3);
    project.write(&format!("{STORE}/V2__x.sql"), "CREATE TABLE event_store.x ();");
    ends_with(3, 3);
    project.ok(&["migrate", "--all"]);
    ends_with(0, 0);
}
