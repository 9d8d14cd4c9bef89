//! Logs that Citus keeps on workers: read where the coordinator sees everybody who writes, and refused elsewhere.

use std::collections::BTreeSet;

use super::nodes::Nodes;
use super::{asks_workers_again, sorted};
use crate::bad_input::code_of;
use crate::bench::{Project, wait_until};
use crate::hazards::wait_for_a_barrier_wait;

const LOG: &str =
    "CREATE TABLE log (position bigint GENERATED ALWAYS AS IDENTITY, stream text, version int, \
                   kind text, body jsonb, PRIMARY KEY (position, stream));
                   SELECT create_distributed_table('log', 'stream')";

/// A project that adopts a distributed log and counts its events by stream, on the workers, too.
fn counted(log: &str) -> Project {
    let project = Project::on(Nodes::shared().database());
    project.write(
        "config.toml",
        "[event_store.adopt]\ntable = \"public.log\"\nposition = \"position\"\nstream_id = \"stream\"\n\
         stream_version = \"version\"\ntype = \"kind\"\npayload = \"body\"\n",
    );
    project.write(
        "projections/counted/schema/V1__counted.sql",
        "CREATE TABLE counted (stream text PRIMARY KEY, events int NOT NULL);\n\
         SELECT create_distributed_table('counted', 'stream');\n",
    );
    project.write(
        "projections/counted/handlers.sql",
        "-- on E\nINSERT INTO counted (stream, events) VALUES (:event.stream_id, 1)\n\
         ON CONFLICT (stream) DO UPDATE SET events = counted.events + 1;\n",
    );
    project.events().batch_execute(log).unwrap();
    project
}

fn append(stream: &str, version: i32) -> String {
    format!(
        "INSERT INTO log (stream, version, kind, body) VALUES ('{stream}', {version}, 'E', '{{}}')"
    )
}

fn append_some(project: &Project) {
    let some = "INSERT INTO log (stream, version, kind, body) \
                SELECT 's' || n % 7, n / 7, 'E', '{}' FROM generate_series(0, 99) AS n ORDER BY n";
    project.events().batch_execute(some).unwrap();
}

#[track_caller]
fn is_complete(project: &Project) {
    let mut client = project.reads();
    let shown = sorted(&mut client, "SELECT stream, events FROM read_model.counted");
    let truth =
        sorted(&mut client, "SELECT stream, count(*)::int AS events FROM log GROUP BY stream");
    assert_eq!(shown, truth);
}

#[test]
fn a_log_that_is_written_through_the_coordinator_is_followed() {
    let project = counted(LOG);
    append_some(&project);
    project.ok(&["check"]);
    project.ok(&["rebuild", "counted", "--promote"]);
    is_complete(&project);
    append_some_more(&project);
    project.ok(&["run", "--until-caught-up"]);
    is_complete(&project);
    project.ok(&["verify", "counted", "--against", "log"]);
    project.ok(&["census"]);
    project.ok(&["status"]);
}

fn append_some_more(project: &Project) {
    let mut client = project.events();
    (20..30).for_each(|n| client.batch_execute(&append("s3", n)).unwrap());
}

/// The coordinator's lock on the table is there before the number is taken, and goes after the workers have committed.
#[test]
fn a_writer_that_commits_late_is_waited_for() {
    let project = counted(LOG);
    append_some(&project);
    project.ok(&["rebuild", "counted", "--promote"]);
    let mut late = project.events();
    let mut open = late.transaction().unwrap();
    open.batch_execute(&append("late", 0)).unwrap();
    let mut client = project.events();
    client.batch_execute(&append("early", 0)).unwrap();
    let mut run = project.spawn(&["run", "--until-caught-up"]);
    wait_for_a_barrier_wait(&mut client, "regrow run");
    open.commit().unwrap();
    assert!(run.wait().unwrap().success());
    is_complete(&project);
}

/// A worker that went away at the commit: the coordinator holds no lock any more, and the event is not to be seen.
#[test]
fn an_event_that_is_left_prepared_on_a_worker_is_waited_for() {
    let project = counted(LOG);
    append_some(&project);
    project.ok(&["rebuild", "counted", "--promote"]);
    let mut client = project.events();
    let database = project.database.name();
    let taken = "SELECT nextval(pg_get_serial_sequence('log', 'position')), \
                 shard_name('log', get_shard_id_for_distribution_column('log', 'late'))";
    let row = client.query_one(taken, &[]).unwrap();
    let (position, shard): (i64, String) = (row.get(0), row.get(1));
    let has_it = |node: &&super::nodes::Node| {
        let sql = "SELECT to_regclass($1) IS NOT NULL";
        node.connect(&database).query_one(sql, &[&shard]).unwrap().get::<_, bool>(0)
    };
    let worker = Nodes::shared().workers.iter().find(has_it).unwrap();
    let left = format!(
        "BEGIN; INSERT INTO {shard} (position, stream, version, kind, body) OVERRIDING SYSTEM VALUE \
         VALUES ({position}, 'late', 0, 'E', '{{}}'); PREPARE TRANSACTION 'late-{database}'"
    );
    let mut there = worker.connect(&database);
    there.batch_execute(&left).unwrap();
    client.batch_execute(&append("early", 0)).unwrap();
    let mut run = project.spawn(&["run", "--until-caught-up"]);
    let mut looks = BTreeSet::new();
    wait_until("a follower to wait, or to end", || {
        asks_workers_again(&mut client, &mut looks) || run.try_wait().unwrap().is_some()
    });
    there.batch_execute(&format!("COMMIT PREPARED 'late-{database}'")).unwrap();
    assert!(run.wait().unwrap().success());
    is_complete(&project);
}

/// Its number is of the worker's own part of the sequence, whenever it commits.
#[test]
fn a_log_that_is_written_through_a_worker_is_refused() {
    let project = counted(LOG);
    append_some(&project);
    project.ok(&["rebuild", "counted", "--promote"]);
    let mut through = Nodes::shared().workers[0].connect(&project.database.name());
    through.batch_execute(&append("other", 0)).unwrap();
    project.events().batch_execute(&append("early", 0)).unwrap();
    let run = ["run", "--until-caught-up"];
    assert_eq!(code_of(&project, &run), "log-unwatchable");
    for command in [&run[..], &["rebuild", "counted"]] {
        let ran = project.run(command);
        assert_eq!(ran.code, 1, "{command:?}");
        assert!(ran.stderr.contains("it was written through a worker"), "{}", ran.stderr);
        assert!(ran.stderr.contains("write through the coordinator alone"), "{}", ran.stderr);
    }
    let told = project.run(&["check"]);
    assert!(told.code != 0, "{}", told.stdout);
}

#[test]
fn a_log_of_which_nobody_can_tell_who_writes_it_is_refused() {
    let distributed = "SELECT create_distributed_table('log', 'stream')";
    let columns = "stream text, version int, kind text, body jsonb";
    for (table, why) in [
        (
            format!(
                "CREATE TABLE log (position bigint, {columns}, PRIMARY KEY (position, stream)); {distributed}"
            ),
            "no sequence gives its positions",
        ),
        (
            format!(
                "CREATE TABLE log (position bigint GENERATED ALWAYS AS IDENTITY, {columns}, \
                  PRIMARY KEY (stream, position)); {distributed}"
            ),
            "no index finds its last position",
        ),
        (
            format!(
                "CREATE TABLE log (position bigint GENERATED ALWAYS AS IDENTITY (INCREMENT 10), {columns}, \
                  PRIMARY KEY (position, stream)); {distributed}"
            ),
            "does not count from the beginning in steps of one",
        ),
    ] {
        let project = counted(&table);
        assert_eq!(code_of(&project, &["census"]), "log-unwatchable", "{why}");
        let ran = project.run(&["rebuild", "counted"]);
        assert!(ran.stderr.contains(why), "{}", ran.stderr);
    }
    // A worker does not see who writes through the coordinator.
    let project = counted(LOG);
    append_some(&project);
    let url = Nodes::shared().workers[0].url(&project.database.name());
    let mut command = project.command(&["rebuild", "counted"]);
    command.env("READ_MODELS_URL", project.database.url()).env("DATABASE_URL", url);
    let ran = crate::bench::Ran::from(command.output().unwrap(), &["rebuild"]);
    assert!(ran.code == 1 && ran.stderr.contains("this server is a worker"), "{}", ran.stderr);
}
