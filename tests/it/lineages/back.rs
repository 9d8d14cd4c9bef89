//! Ways back: what they may lose, what is missing, and the proof that they lead back.

use super::{STORE, ends, history_rows, live, refused, store, traces};
use crate::bench::{Project, Ran, rows};
use crate::first_light::ORDERS;

#[test]
fn a_way_back_that_loses_events_needs_a_word() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    ends(&project, &["downgrade", "base"], 0, &["event_store is at base, 1 revision taken back"]);
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    project.write(&format!("{STORE}/V2__x.sql"), "CREATE TABLE event_store.x ();");
    project.ok(&["migrate"]);
    let down = format!("{STORE}/V2__x.down.sql");
    for sql in [
        "DROP TABLE event_store.events CASCADE",
        "DROP TABLE IF EXISTS events CASCADE",
        "TRUNCATE x, events",
        "DELETE FROM ONLY event_store.events WHERE position > 3",
        "DROP SCHEMA event_store CASCADE",
    ] {
        project.write(&down, &format!("DROP TABLE x;\n{sql};\n"));
        let place = format!("{down}:2:1: the way back from V2__x takes event_store.events away");
        for args in [&["downgrade", "-1"][..], &["redo"], &["downgrade", "1", "--dry-run"]] {
            refused(&project, args, 1, &[&place, "it holds events", "--lose-events"]);
        }
    }
    let count = "SELECT count(*) FROM event_store.events";
    assert_eq!(rows(&mut project.events(), count), ["(6000)"]);
    project.write(&down, "DROP TABLE x;\n-- DROP TABLE events;\nSELECT 'TRUNCATE events';\n");
    ends(&project, &["downgrade", "1"], 0, &["event_store is at V1__events, 1 revision taken"]);
    ends(&project, &["downgrade", "base", "--lose-events"], 0, &["event_store is at base"]);
}

#[test]
fn without_a_way_back_nothing_is_begun() {
    let project = store(&[
        ("V1__a.sql", "CREATE TABLE a ();"),
        ("V2__b.sql", "CREATE TABLE b ();"),
        ("V3__c.sql", "CREATE TABLE c ();"),
        ("V3__c.down.sql", "DROP TABLE c;"),
    ]);
    project.ok(&["migrate"]);
    let before = history_rows(&mut project.events());
    let parts = [
        "V2__b, V1__a of event_store have no way back: migrations/event_store/V2__b.down.sql is missing",
        "verify-down",
    ];
    for args in [
        &["downgrade", "base"][..],
        &["downgrade", "base", "--dry-run"],
        &["downgrade", "--sql", "3:base"],
    ] {
        refused(&project, args, 1, &parts);
    }
    assert_eq!(history_rows(&mut project.events()), before);
    for (args, code, part) in [
        (&["downgrade", "+1"][..], 2, "+1 is the wrong direction for downgrade"),
        (&["migrate", "-1"], 2, "-1 is the wrong direction for migrate"),
        (&["downgrade", "-9"], 2, "-9 leads out of event_store: from V3__c there are only 3"),
        (&["downgrade", "9"], 2, "event_store has no revision 9; its last is V3__c"),
        (&["downgrade"], 2, "<TARGET>"),
        (&["downgrade", "nosuch@base"], 2, "nosuch"),
    ] {
        refused(&project, args, code, &[part]);
    }
    ends(&project, &["downgrade", "-1"], 0, &["event_store is at V2__b, 1 revision taken back"]);
    refused(&project, &["downgrade", "3"], 2, &["V3__c of event_store is not applied"]);
    ends(&project, &["downgrade", "2"], 0, &["event_store is at V2__b, nothing to do"]);
}

#[test]
fn a_projection_goes_back_by_switching_builds() {
    let project = live();
    let parts = [
        "order_summary is a projection: it goes back by switching",
        "regrow rollback order_summary",
    ];
    for args in
        [&["downgrade", "order_summary@base"][..], &["downgrade", "order_summary@-1", "--dry-run"]]
    {
        refused(&project, args, 2, &parts);
    }
    let parts = ["its history is that of its builds", "regrow rebuild order_summary"];
    refused(&project, &["stamp", "order_summary@head"], 2, &parts);
}

#[test]
fn redo_runs_the_last_revision_as_it_is_now() {
    let project =
        store(&[("V1__a.sql", "CREATE TABLE a (n int);"), ("V1__a.down.sql", "DROP TABLE a;")]);
    refused(&project, &["redo"], 1, &["event_store has no revision that could be run again"]);
    project.ok(&["migrate"]);
    ends(&project, &["redo"], 0, &["event_store is at V1__a, 2 revisions run"]);
    project.write(&format!("{STORE}/V1__a.sql"), "CREATE TABLE a (n bigint);");
    refused(&project, &["migrate"], 4, &["has changed"]);
    project.ok(&["redo"]);
    project.ok(&["check"]);
    let kind = "SELECT atttypid::regtype FROM pg_attribute \
                WHERE attrelid = 'event_store.a'::regclass AND attname = 'n'";
    assert_eq!(rows(&mut project.events(), kind), ["(bigint)"]);
    // An edit further down is still one.
    project.write(&format!("{STORE}/V2__b.sql"), "CREATE TABLE b ();");
    project.write(&format!("{STORE}/V2__b.down.sql"), "DROP TABLE b;");
    project.ok(&["migrate"]);
    project.write(&format!("{STORE}/V1__a.sql"), "CREATE TABLE a (n text);");
    refused(&project, &["redo"], 4, &["V1__a of event_store"]);
}

const MARKED: &str = "DO $$ BEGIN IF EXISTS (SELECT FROM marks) THEN CREATE TABLE second (); \
                      ELSE CREATE TABLE first (); END IF; END $$;\nINSERT INTO marks VALUES (1);\n";

#[test]
fn verify_down_names_what_a_way_back_leaves_behind() {
    let project = store(&[("V1__a.sql", "CREATE TABLE a (n int);\nCREATE TABLE marks (n int);")]);
    project.ok(&["migrate"]);
    project.events().batch_execute("INSERT INTO event_store.a VALUES (1)").unwrap();
    // Somebody uses the schema all the while.
    let mut user = project.events();
    user.batch_execute(
        "BEGIN; INSERT INTO event_store.a VALUES (2); SELECT * FROM event_store.marks",
    )
    .unwrap();
    let before = traces(&mut project.events());
    let down = format!("{STORE}/V2__b.down.sql");
    for (up, back, code, parts) in [
        ("CREATE TABLE b ();", "DROP TABLE b;", 0, &["V2__b leads back"][..]),
        ("CREATE TABLE event_store.b ();", "DROP TABLE event_store.b;", 0, &["V2__b leads back"]),
        (
            "-- transaction: none\nCREATE INDEX CONCURRENTLY i ON a (n);\nVACUUM a;",
            "-- transaction: none\nDROP INDEX CONCURRENTLY i;",
            0,
            &["V2__b leads back"],
        ),
        (
            "CREATE TABLE b (); CREATE TABLE c ();",
            "DROP TABLE b;",
            10,
            &["not taken back as a whole", "c"],
        ),
        (
            "CREATE TABLE b ();",
            "DROP TABLE b; DROP TABLE a;",
            10,
            &["not taken back as a whole", "a"],
        ),
        (
            "ALTER TABLE a ALTER n SET DEFAULT 1;",
            "SELECT 1;",
            10,
            &["not taken back", "a", "default"],
        ),
        (
            "CREATE TABLE b ();",
            "SELECT 1;\nDROP TABLE nosuch;",
            10,
            &["fails on the way", "nosuch", &down],
        ),
        ("CREATE TABLE b ();", "DROP TABLE b; COMMIT;", 10, &["fails on the way", &down]),
        (MARKED, "DROP TABLE first;", 10, &["is another one the second time", "second"]),
        (MARKED, "DROP TABLE second;", 10, &["fails on the way", &down]),
    ] {
        project.write(&format!("{STORE}/V2__b.sql"), up);
        project.write(&down, back);
        let parts = [&["event_store: V1__a has no way back"][..], parts].concat();
        ends(&project, &["verify-down"], code, &parts);
    }
    assert_eq!(traces(&mut project.events()), before, "nothing is left");
    user.batch_execute("INSERT INTO event_store.a VALUES (3); COMMIT").unwrap();
    assert_eq!(rows(&mut user, "SELECT * FROM event_store.a"), ["(1)", "(2)", "(3)"]);
    // Two at once do not get into each other's way.
    let project = Project::orders();
    project.ok(&["migrate"]);
    let children: Vec<_> = (0..3).map(|_| project.spawn(&["verify-down"])).collect();
    for child in children {
        let ran = Ran::from(child.wait_with_output().unwrap(), &["verify-down"]);
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("event_store: V1__events leads back"), "{}", ran.stdout);
    }
}

#[test]
fn verify_down_says_what_it_has_not_proven() {
    let project = store(&[
        ("V1__a.sql", "CREATE TABLE a (n int);\n"),
        ("V1__a.down.sql", "DROP TABLE a;\n"),
        (
            "V2__more.sql",
            "CREATE ROLE nobody_makes_this;\nCREATE TABLE b (n int);\nINSERT INTO b VALUES (1);\n\
             GRANT SELECT ON b TO PUBLIC;\nCREATE SCHEMA api;\nCREATE VIEW api.v AS SELECT 1 AS one;\n",
        ),
        (
            "V2__more.down.sql",
            "DROP VIEW api.v;\nDROP SCHEMA api;\nTRUNCATE a;\nUPDATE a SET n = 1;\nDROP TABLE b;\n",
        ),
    ]);
    let (up, down) = (format!("{STORE}/V2__more.sql"), format!("{STORE}/V2__more.down.sql"));
    let told = [
        "event_store: V1__a leads back\n".to_owned(),
        "event_store: V2__more leads back as far as it was compared\n".to_owned(),
        format!("  {up}:1:1: not tried: it is about the whole server\n"),
        format!("  {up}:3:1: not compared: rows are not compared: INSERT\n"),
        format!("  {up}:4:1: not compared: GRANT is not compared\n"),
        format!("  {up}:5:1: not compared: CREATE SCHEMA is not compared\n"),
        format!("  {up}:6:1: not compared: it is in the schema api, which is not compared\n"),
        format!("  {down}:1:1: not compared: it is in the schema api, which is not compared\n"),
        format!("  {down}:3:1: not compared: rows are not compared: TRUNCATE\n"),
        format!("  {down}:4:1: not compared: rows are not compared: UPDATE\n"),
    ];
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    let ran = ends(&project, &["verify-down"], 0, &told);
    let last = ran.stdout.lines().last();
    assert_eq!(last, Some("1 thing not tried, 8 things not compared: nothing is proven of them"));
    let json = project.json(&["verify-down"]);
    assert_eq!((json["not_tried"].as_i64(), json["not_compared"].as_i64()), (Some(1), Some(8)));
    // Where everything was compared there is nothing to count.
    super::remove(&project, &up);
    super::remove(&project, &down);
    let ran = ends(&project, &["verify-down"], 0, &["event_store: V1__a leads back\n"]);
    assert_eq!(ran.stdout.lines().count(), 1);
}
