//! Statements that cannot run in a transaction, refused or cut off.

use postgres::Client;

use super::{
    applied, assert_says, held_in, invalid, kill_for_good, lineage, next_run_settles, revision,
    steps,
};
use crate::bench::{Project, rows};
use crate::hazards::{Running, one};

const UNIQUE: &str = "-- transaction: none\nINSERT INTO ran VALUES (2);\n\
                      CREATE UNIQUE INDEX CONCURRENTLY things_n ON things (n);\n";
const REINDEX: &str = "-- transaction: none\nINSERT INTO ran VALUES (2);\n\
                       REINDEX INDEX CONCURRENTLY things_pkey;\n";
const DETACH: &str = "-- transaction: none\nINSERT INTO ran VALUES (2);\n\
                      ALTER TABLE parts DETACH PARTITION parts_1 CONCURRENTLY;\n";
const TWICE: &str = "INSERT INTO event_store.things VALUES (-1, 1)";
const ONCE: &str = "DELETE FROM event_store.things WHERE id = -1";
const NO_INDEX: &str = "SELECT to_regclass('event_store.things_n') IS NULL";

fn reader(project: &Project, table: &str) -> Client {
    let mut reader = project.events();
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ";
    reader.batch_execute(&format!("{begin}; SELECT FROM event_store.{table}")).unwrap();
    reader
}

#[test]
fn an_index_that_an_operator_cancels_is_gone_and_built_by_the_next_run() {
    let project = lineage("", &[("V2__index", UNIQUE)]);
    let (mut client, held) = (project.events(), reader(&project, "things"));
    let deploy = Running::start(&project, &["migrate"]);
    let pid = held_in(&mut client, "regrow migrate", "CREATE UNIQUE INDEX");
    client.execute("SELECT pg_cancel_backend($1)", &[&pid]).unwrap();
    held_in(&mut client, "regrow migrate", "DROP INDEX");
    drop(held);
    let ran = deploy.end();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_says(&ran, &["V2__index.sql:3:1", "statements that are kept", "user request"]);
    assert!(one::<bool>(&mut client, NO_INDEX));
    assert_eq!(steps(&mut client), ["(2,1,t)"]);
    next_run_settles(&project, &mut client, 2);
}

#[test]
fn a_unique_index_over_rows_that_are_not() {
    let project = lineage("", &[("V2__index", UNIQUE)]);
    let mut client = project.events();
    client.batch_execute(TWICE).unwrap();
    for _ in 0..2 {
        let ran = project.run(&["migrate"]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert_says(&ran, &["V2__index.sql:3:1", "could not create unique index", "Key (n)="]);
        assert!(one::<bool>(&mut client, NO_INDEX));
        assert_eq!(steps(&mut client), ["(2,1,t)"]);
    }
    client.batch_execute(ONCE).unwrap();
    next_run_settles(&project, &mut client, 2);
}

/// A statement that was refused may be corrected: it never ran.
#[test]
fn a_refused_statement_may_be_another_one_next_time() {
    let project = lineage("", &[("V2__index", UNIQUE)]);
    let mut client = project.events();
    client.batch_execute(TWICE).unwrap();
    assert_eq!(project.run(&["migrate"]).code, 1);
    revision(&project, "V2__index", &UNIQUE.replace("(n);", "(n) WHERE id > 0;"));
    next_run_settles(&project, &mut client, 2);
}

/// It was there before the statement, and is still not what the statement says.
#[test]
fn an_index_of_others_is_not_taken_for_a_refused_one() {
    let project = lineage("", &[("V2__index", UNIQUE)]);
    let mut client = project.events();
    client.batch_execute("CREATE INDEX things_n ON event_store.things (id)").unwrap();
    for _ in 0..2 {
        let ran = project.run(&["migrate"]);
        assert_eq!(ran.code, 1, "{}", ran.stdout);
        assert_says(&ran, &["V2__index.sql:3:1", "already exists"]);
    }
    client.batch_execute("DROP INDEX event_store.things_n").unwrap();
    next_run_settles(&project, &mut client, 2);
}

/// PostgreSQL would say "already exists, skipping". Both names: one is not as it is folded.
#[test]
fn an_invalid_index_of_others_is_not_skipped() {
    let text = "-- transaction: none\nINSERT INTO ran VALUES (2);\n\
                CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS things_n ON things (n);\n\
                CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"Odd_N\" ON \"Odd\" (n);\n";
    let project = lineage("", &[("V2__index", text)]);
    let mut client = project.events();
    client.batch_execute(TWICE).unwrap();
    client
        .batch_execute(
            "CREATE TABLE event_store.\"Odd\" (n int); \
             INSERT INTO event_store.\"Odd\" VALUES (1), (1)",
        )
        .unwrap();
    for index in ["things_n ON event_store.things", "\"Odd_N\" ON event_store.\"Odd\""] {
        let create = format!("CREATE UNIQUE INDEX CONCURRENTLY {index} (n)");
        client.batch_execute(&create).unwrap_err();
    }
    assert_eq!(invalid(&mut client).len(), 2);
    client.batch_execute(ONCE).unwrap();
    client.batch_execute("TRUNCATE event_store.\"Odd\"").unwrap();
    let ran = next_run_settles(&project, &mut client, 2);
    assert_says(&ran, &["the index things_n is INVALID", "the index Odd_N is INVALID"]);
}

#[test]
fn a_detach_that_was_cut_off_is_finished() {
    let project = lineage("", &[("V2__detach", DETACH)]);
    let mut client = project.events();
    client
        .batch_execute(
            "CREATE TABLE event_store.parts (id int) PARTITION BY RANGE (id); \
             CREATE TABLE event_store.parts_1 PARTITION OF event_store.parts \
             FOR VALUES FROM (1) TO (10)",
        )
        .unwrap();
    let held = reader(&project, "parts");
    let deploy = Running::start(&project, &["migrate"]);
    held_in(&mut client, "regrow migrate", "ALTER TABLE parts");
    kill_for_good(&mut client, deploy);
    let pending = "SELECT bool_or(inhdetachpending) FROM pg_inherits";
    assert_eq!(one::<Option<bool>>(&mut client, pending), Some(true));
    drop(held);
    let ran = next_run_settles(&project, &mut client, 2);
    assert_says(&ran, &["the detaching of \"parts_1\" was cut off: it is finished"]);
    assert_eq!(one::<Option<bool>>(&mut client, pending), None);
}

#[test]
fn what_a_cut_off_reindex_left_is_dropped() {
    let project = lineage("", &[("V2__reindex", REINDEX)]);
    let (mut client, held) = (project.events(), reader(&project, "things"));
    let deploy = Running::start(&project, &["migrate"]);
    held_in(&mut client, "regrow migrate", "REINDEX");
    kill_for_good(&mut client, deploy);
    assert_eq!(invalid(&mut client), ["(event_store.things_pkey_ccnew)"]);
    drop(held);
    next_run_settles(&project, &mut client, 2);
    let indexes = "SELECT indexname FROM pg_indexes WHERE tablename = 'things'";
    assert_eq!(rows(&mut client, indexes), ["(things_pkey)"]);
}

#[test]
fn a_statement_that_ran_and_is_another_one_now() {
    let before = "-- transaction: none\nCREATE TABLE IF NOT EXISTS more (id int);\n\
                  CREATE UNIQUE INDEX CONCURRENTLY things_n ON things (n);\n\
                  INSERT INTO ran VALUES (2);\n";
    let project = lineage("", &[("V2__index", before)]);
    let mut client = project.events();
    client.batch_execute(TWICE).unwrap();
    assert_eq!(project.run(&["migrate"]).code, 1);
    client.batch_execute(ONCE).unwrap();
    revision(&project, "V2__index", &before.replace("id int", "id bigint"));
    let ran = project.run(&["migrate"]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert_says(&ran, &["V2__index.sql:2:1: statement 1 of V2__index", "repair --accept steps"]);
    assert_eq!(applied(&mut client), ["(1)"]);
    project.ok(&["repair", "--accept", "steps"]);
    assert_eq!(steps(&mut client), Vec::<String>::new());
    next_run_settles(&project, &mut client, 2);
}

/// The same of a way back, whose revision is applied.
#[test]
fn a_statement_of_a_way_back_that_ran_and_is_another_one_now() {
    let up = "CREATE TABLE IF NOT EXISTS more (id int);\nINSERT INTO ran VALUES (2);\n";
    let down = "-- transaction: none\nDELETE FROM ran WHERE revision = 2;\n\
                DROP INDEX CONCURRENTLY no_such_index;\n";
    let project = lineage("", &[("V2__more", up)]);
    revision(&project, "V2__more.down", down);
    let mut client = project.events();
    project.ok(&["migrate"]);
    assert_eq!(project.run(&["downgrade", "-1"]).code, 1);
    let changed = "-- transaction: none\nDELETE FROM ran WHERE revision > 1;\n";
    revision(&project, "V2__more.down", changed);
    let ran = project.run(&["downgrade", "-1"]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert_says(&ran, &["V2__more.down.sql:2:1", "repair --accept steps"]);
    project.ok(&["repair", "--accept", "steps"]);
    assert_eq!(steps(&mut client), Vec::<String>::new());
    project.ok(&["downgrade", "-1"]);
    next_run_settles(&project, &mut client, 2);
}

/// What a stamp says is applied as a whole: no step of it is left for a later run to skip.
#[test]
fn a_stamp_over_a_half_run_revision() {
    let project = lineage("", &[("V2__index", UNIQUE)]);
    let mut client = project.events();
    client.batch_execute(TWICE).unwrap();
    assert_eq!(project.run(&["migrate"]).code, 1);
    assert_eq!(steps(&mut client), ["(2,1,t)"]);
    project.ok(&["stamp", "head"]);
    next_run_settles(&project, &mut client, 2);
}

/// Going back below it would leave its record of statements that are gone by then.
#[test]
fn a_downgrade_below_a_half_run_revision() {
    let second = "CREATE TABLE side (id int);\nINSERT INTO ran VALUES (2);\n";
    let third = "-- transaction: none\nALTER TABLE side ADD COLUMN n int;\n\
                 CREATE UNIQUE INDEX CONCURRENTLY side_n ON side (n);\n\
                 INSERT INTO ran VALUES (3);\n";
    let project = lineage("", &[("V2__side", second), ("V3__index", third)]);
    let back = "DROP TABLE side;\nDELETE FROM ran WHERE revision = 2;\n";
    revision(&project, "V2__side.down", back);
    let mut client = project.events();
    project.ok(&["migrate", "2"]);
    client.batch_execute("INSERT INTO event_store.side VALUES (1), (2)").unwrap();
    revision(&project, "V3__index", &third.replace("side (n)", "side (id, (1 / (id - 1)))"));
    assert_eq!(project.run(&["migrate"]).code, 1);
    let ran = project.run(&["downgrade", "-1"]);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    assert_says(&ran, &["V3__index of event_store is half applied", "repair --accept steps"]);
    project.ok(&["repair", "--accept", "steps"]);
    project.ok(&["downgrade", "-1"]);
    revision(&project, "V3__index", third);
    next_run_settles(&project, &mut client, 3);
}

/// What one file sets is not for the next: that runs the same alone.
#[test]
fn settings_of_one_revision_in_the_next() {
    let second = "SET regrow_test.tag = 'left'; SET lock_timeout = '1s';\n\
                  INSERT INTO ran VALUES (2);\n";
    let third = "-- transaction: none\nINSERT INTO ran SELECT 3 \
                 WHERE coalesce(current_setting('regrow_test.tag', true), '') = '';\n\
                 VACUUM things;\n";
    let project = lineage("", &[("V2__sets", second), ("V3__next", third)]);
    next_run_settles(&project, &mut project.events(), 3);
}

/// A SET is done once a session, not once a revision.
#[test]
fn settings_before_a_statement_that_is_resumed() {
    let text = "-- transaction: none\nSET regrow_test.tag = '2';\n\
                CREATE UNIQUE INDEX CONCURRENTLY things_n ON things (n);\n\
                INSERT INTO ran VALUES (current_setting('regrow_test.tag')::int);\n";
    let project = lineage("", &[("V2__index", text)]);
    let mut client = project.events();
    client.batch_execute(TWICE).unwrap();
    assert_eq!(project.run(&["migrate"]).code, 1);
    client.batch_execute(ONCE).unwrap();
    next_run_settles(&project, &mut client, 2);
}
