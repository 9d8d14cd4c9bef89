//! SIGKILL of a deploy, in the middle of each kind of step.

use postgres::Client;

use super::{
    BRAKE, applied, assert_says, at_the_brake, held_in, invalid, kill_for_good, lineage,
    next_run_settles, put_on_the_brake, revision, settled, steps, take_off_the_brake,
};
use crate::bench::Project;
use crate::hazards::{Running, one};

const INDEX: &str = "-- transaction: none\nINSERT INTO ran VALUES (2);\n\
                     CREATE INDEX CONCURRENTLY things_n ON things (n);\n";
/// What keeps CREATE INDEX CONCURRENTLY in its last phase, where the index is INVALID yet.
const OLD_SNAPSHOT: &str =
    "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT max(n) FROM event_store.things";
const INDEX_OID: &str = "SELECT to_regclass('event_store.things_n')::oid";

fn holder(project: &Project, statements: &str) -> Client {
    let mut holder = project.events();
    holder.batch_execute(statements).unwrap();
    holder
}

#[test]
fn killed_inside_a_revision_keeps_those_before_it() {
    let third = format!("INSERT INTO ran VALUES (3);\n{BRAKE}");
    let fourth = "INSERT INTO ran VALUES (4);\n";
    let revisions =
        [("V2__fast", "INSERT INTO ran VALUES (2);\n"), ("V3__slow", &third), ("V4__last", fourth)];
    let project = lineage("", &revisions);
    let mut client = project.events();
    put_on_the_brake(&mut client);
    let deploy = Running::start(&project, &["migrate"]);
    at_the_brake(&mut client, "regrow migrate");
    kill_for_good(&mut client, deploy);
    assert_eq!(applied(&mut client), ["(1)", "(2)"]);
    take_off_the_brake(&mut client);
    next_run_settles(&project, &mut client, 4);
}

/// The deploy that comes at once finds the lock held by a backend whose client is gone.
#[test]
fn killed_and_run_again_before_the_server_has_noticed() {
    let text = format!("INSERT INTO ran VALUES (2);\n{BRAKE}");
    let project = lineage("", &[("V2__slow", &text)]);
    let mut client = project.events();
    put_on_the_brake(&mut client);
    let deploy = Running::start(&project, &["migrate"]);
    at_the_brake(&mut client, "regrow migrate");
    assert!(deploy.kill());
    take_off_the_brake(&mut client);
    next_run_settles(&project, &mut client, 2);
}

#[test]
fn killed_before_the_statement_that_was_announced() {
    let project = lineage("", &[("V2__index", INDEX)]);
    let mut client = project.events();
    let held =
        holder(&project, "BEGIN; LOCK TABLE event_store.things IN SHARE UPDATE EXCLUSIVE MODE");
    let deploy = Running::start(&project, &["migrate"]);
    held_in(&mut client, "regrow migrate", "CREATE INDEX");
    kill_for_good(&mut client, deploy);
    assert_eq!(steps(&mut client), ["(2,1,t)", "(2,2,f)"]);
    assert_eq!(one::<Option<u32>>(&mut client, INDEX_OID), None);
    drop(held);
    next_run_settles(&project, &mut client, 2);
}

#[test]
fn killed_while_an_index_waits_for_an_old_snapshot() {
    let project = lineage("", &[("V2__index", INDEX)]);
    let mut client = project.events();
    let held = holder(&project, OLD_SNAPSHOT);
    let deploy = Running::start(&project, &["migrate"]);
    held_in(&mut client, "regrow migrate", "CREATE INDEX");
    kill_for_good(&mut client, deploy);
    assert_eq!(invalid(&mut client), ["(event_store.things_n)"]);
    let half: Option<u32> = one(&mut client, INDEX_OID);
    drop(held);
    let ran = next_run_settles(&project, &mut client, 2);
    assert_says(&ran, &["the index things_n is INVALID: it is dropped and built anew"]);
    let whole: Option<u32> = one(&mut client, INDEX_OID);
    assert!(whole.is_some() && whole != half, "an INVALID index was counted as done");
}

/// The index is there and valid, and no record says so: it is not built a second time.
#[test]
fn killed_between_a_statement_and_its_record() {
    let project = lineage("", &[("V2__index", INDEX)]);
    let mut client = project.events();
    let snapshot = holder(&project, OLD_SNAPSHOT);
    let deploy = Running::start(&project, &["migrate"]);
    held_in(&mut client, "regrow migrate", "CREATE INDEX");
    let record =
        holder(&project, "BEGIN; LOCK TABLE event_store.regrow_schema_step IN EXCLUSIVE MODE");
    drop(snapshot);
    held_in(&mut client, "regrow migrate", "INSERT INTO \"event_store\".regrow_schema_step");
    kill_for_good(&mut client, deploy);
    assert_eq!(invalid(&mut client), Vec::<String>::new());
    assert_eq!(steps(&mut client), ["(2,1,t)", "(2,2,f)"]);
    let built: Option<u32> = one(&mut client, INDEX_OID);
    assert!(built.is_some());
    drop(record);
    next_run_settles(&project, &mut client, 2);
    assert_eq!(one::<Option<u32>>(&mut client, INDEX_OID), built);
}

#[test]
fn killed_in_a_drop_index_concurrently() {
    let second = "CREATE INDEX things_n ON things (n);\nINSERT INTO ran VALUES (2);\n";
    let third = "-- transaction: none\nINSERT INTO ran VALUES (3);\n\
                 DROP INDEX CONCURRENTLY things_n;\n";
    let project = lineage("", &[("V2__index", second), ("V3__drop", third)]);
    let mut client = project.events();
    project.ok(&["migrate", "2"]);
    let held = holder(&project, OLD_SNAPSHOT);
    let deploy = Running::start(&project, &["migrate"]);
    held_in(&mut client, "regrow migrate", "DROP INDEX");
    kill_for_good(&mut client, deploy);
    assert_eq!(invalid(&mut client), ["(event_store.things_n)"]);
    drop(held);
    next_run_settles(&project, &mut client, 3);
    assert_eq!(one::<Option<u32>>(&mut client, INDEX_OID), None);
}

#[test]
fn killed_in_a_downgrade_that_is_one_transaction() {
    let project = lineage("", &[("V2__second", "INSERT INTO ran VALUES (2);\n")]);
    revision(&project, "V2__second.down", &format!("DELETE FROM ran WHERE revision = 2;\n{BRAKE}"));
    let mut client = project.events();
    project.ok(&["migrate"]);
    put_on_the_brake(&mut client);
    let downgrade = Running::start(&project, &["downgrade", "-1"]);
    at_the_brake(&mut client, "regrow downgrade");
    kill_for_good(&mut client, downgrade);
    settled(&mut client, 2);
    take_off_the_brake(&mut client);
    project.ok(&["downgrade", "-1"]);
    assert_eq!(applied(&mut client), ["(1)"]);
    next_run_settles(&project, &mut client, 2);
}

/// The history still has the revision and the schema not all of it: `migrate` must not say that
/// there is nothing to do.
#[test]
fn killed_in_a_downgrade_statement_by_statement() {
    let up = "INSERT INTO ran VALUES (2);\nCREATE TABLE side (id int);\n\
              CREATE INDEX things_n ON things (n);\nCREATE INDEX side_id ON side (id);\n";
    let down = "-- transaction: none\nDELETE FROM ran WHERE revision = 2;\n\
                DROP INDEX CONCURRENTLY side_id;\nDROP INDEX CONCURRENTLY things_n;\n\
                DROP TABLE side;\n";
    let project = lineage("", &[("V2__indexes", up)]);
    revision(&project, "V2__indexes.down", down);
    let mut client = project.events();
    project.ok(&["migrate"]);
    let held = holder(&project, OLD_SNAPSHOT);
    let downgrade = Running::start(&project, &["downgrade", "-1"]);
    held_in(&mut client, "regrow downgrade", "DROP INDEX");
    kill_for_good(&mut client, downgrade);
    assert_eq!(steps(&mut client), ["(2,1,t)", "(2,2,t)", "(2,3,f)"]);
    drop(held);

    let ran = project.run(&["migrate"]);
    assert_eq!(ran.code, 4, "{}{}", ran.stdout, ran.stderr);
    assert_says(&ran, &["V2__indexes of event_store is half taken back", "regrow downgrade"]);
    project.ok(&["downgrade", "-1"]);
    assert_eq!(applied(&mut client), ["(1)"]);
    assert_eq!(steps(&mut client), Vec::<String>::new());
    next_run_settles(&project, &mut client, 2);
}

#[test]
fn killed_in_a_stamp() {
    let project = lineage("", &[("V2__second", "INSERT INTO ran VALUES (2);\n")]);
    let mut client = project.events();
    client.batch_execute("INSERT INTO event_store.ran VALUES (2)").unwrap();
    let table = "event_store.refinery_schema_history";
    let held = holder(&project, &format!("BEGIN; LOCK TABLE {table} IN EXCLUSIVE MODE"));
    let stamp = Running::start(&project, &["stamp", "head"]);
    held_in(&mut client, "regrow stamp", "");
    kill_for_good(&mut client, stamp);
    assert_eq!(applied(&mut client), ["(1)"]);
    drop(held);
    project.ok(&["stamp", "head"]);
    next_run_settles(&project, &mut client, 2);
}
