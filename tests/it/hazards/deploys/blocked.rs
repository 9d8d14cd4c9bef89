//! Deploys behind somebody else's locks, and under somebody else's timeouts.

use postgres::Client;

use super::{
    BRAKE, applied, assert_says, lineage, next_run_settles, put_on_the_brake, settled,
    take_off_the_brake,
};
use crate::bench::Project;
use crate::hazards::{Running, one, wait_for_a_lock_wait};

fn one_column_more(config: &str) -> Project {
    let text = "ALTER TABLE things ADD COLUMN note text;\nINSERT INTO ran VALUES (2);\n";
    lineage(config, &[("V2__note", text)])
}

fn reader(project: &Project) -> Client {
    let mut reader = project.events();
    reader
        .batch_execute(
            "SET application_name = 'a long report'; BEGIN; SELECT max(n) FROM event_store.things",
        )
        .unwrap();
    reader
}

#[test]
fn a_deploy_behind_a_long_reader_holds_nobody_up_for_long() {
    let project = one_column_more("");
    let (mut client, mut writer, mut report) =
        (project.events(), project.events(), reader(&project));
    let pid: i32 = one(&mut report, "SELECT pg_backend_pid()");
    report.batch_execute("SELECT max(n) FROM event_store.things").unwrap();
    let mut deploy = Running::start(&project, &["migrate"]);
    wait_for_a_lock_wait(&mut client, "regrow migrate");

    // Who comes while it waits is queued behind it, and passes although the report goes on: it lets
    // go again and again.
    for _ in 0..5 {
        wait_for_a_lock_wait(&mut client, "regrow migrate");
        writer
            .batch_execute(
                "UPDATE event_store.things SET n = n + 1 WHERE id = 1; \
                 SELECT count(*) FROM event_store.things",
            )
            .unwrap();
    }
    assert!(!deploy.ended(), "it waits for the reader");

    report.batch_execute("SELECT max(n) FROM event_store.things; COMMIT").unwrap();
    let ran = deploy.end();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let user: String = one(&mut client, "SELECT current_user::text");
    assert_says(
        &ran,
        &[
            &format!("pid {pid} (user {user}, a long report, idle in transaction"),
            "SELECT max(n) FROM event_store.things",
            "the locks of V2__note",
        ],
    );
    settled(&mut client, 2);
}

#[test]
fn a_deploy_that_has_used_up_its_budget_keeps_nothing_and_ends_nobody() {
    let project = one_column_more("[migrate]\nlock_budget_s = 5\n");
    let (mut client, mut report) = (project.events(), reader(&project));
    let pid: i32 = one(&mut report, "SELECT pg_backend_pid()");
    let ran = project.run(&["migrate"]);
    assert_eq!(ran.code, 7, "{}", ran.stderr);
    assert_says(&ran, &["V2__note of event_store", "for 5 s", &format!("pid {pid} ")]);
    assert_eq!(applied(&mut client), ["(1)"]);
    report.batch_execute("SELECT max(n) FROM event_store.things; COMMIT").unwrap();
    next_run_settles(&project, &mut client, 2);
}

/// What a role may run for how long is about its queries, not about deploys.
#[test]
fn timeouts_of_the_role_do_not_end_a_deploy() {
    let project = lineage(
        "[migrate]\nlock_timeout_ms = 60000\n",
        &[
            ("V2__slow", "SELECT pg_sleep(1.2);\nINSERT INTO ran VALUES (2);\n"),
            (
                "V3__index",
                "-- transaction: none\nSELECT pg_sleep(1.2);\nINSERT INTO ran VALUES (3);\n\
                 CREATE INDEX CONCURRENTLY things_n ON things (n);\n",
            ),
        ],
    );
    let (mut client, mut holder) = (project.events(), project.events());
    let name = project.database.name();
    for setting in ["statement_timeout", "lock_timeout"] {
        let alter = format!("ALTER ROLE CURRENT_USER IN DATABASE {name} SET {setting} = '1s'");
        client.batch_execute(&alter).unwrap();
    }
    let mut open = holder.transaction().unwrap();
    open.batch_execute("LOCK TABLE event_store.things IN SHARE UPDATE EXCLUSIVE MODE").unwrap();
    let deploy = Running::start(&project, &["migrate"]);
    let longer = "wait_event_type = 'Lock' AND query ILIKE 'CREATE INDEX%' \
                  AND clock_timestamp() - query_start > interval '1200 ms'";
    super::session_that(&mut client, "regrow migrate", longer);
    open.commit().unwrap();
    let ran = deploy.end();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    settled(&mut client, 3);
}

/// Between two attempts the session is idle for longer than this one may be.
#[test]
fn a_role_that_must_not_idle_does_not_end_a_deploy() {
    let project = one_column_more("");
    let (mut client, mut report) = (project.events(), reader(&project));
    let name = project.database.name();
    let alter =
        format!("ALTER ROLE CURRENT_USER IN DATABASE {name} SET idle_session_timeout = '100ms'");
    client.batch_execute(&alter).unwrap();
    let mut deploy = Running::start(&project, &["migrate"]);
    wait_for_a_lock_wait(&mut client, "regrow migrate");
    let longer = "state = 'idle' AND clock_timestamp() - state_change > interval '300 ms'";
    super::session_that(&mut client, "regrow migrate", longer);
    wait_for_a_lock_wait(&mut client, "regrow migrate");
    assert!(!deploy.ended(), "it waits for the reader");
    report.batch_execute("COMMIT").unwrap();
    let ran = deploy.end();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    settled(&mut client, 2);
}

#[test]
fn a_statement_that_runs_longer_than_it_may_keeps_nothing() {
    let text = format!("INSERT INTO ran VALUES (2);\n{BRAKE}");
    let project = lineage("[migrate]\nstatement_timeout_s = 1\n", &[("V2__slow", &text)]);
    let mut client = project.events();
    put_on_the_brake(&mut client);
    let ran = project.run(&["migrate"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_says(&ran, &["V2__slow", "statement timeout", "rolled back", "statement_timeout_s"]);
    assert_eq!(applied(&mut client), ["(1)"]);
    take_off_the_brake(&mut client);
    next_run_settles(&project, &mut client, 2);
}
