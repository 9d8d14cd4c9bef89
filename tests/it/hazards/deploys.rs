//! Deploys: many at once, behind locks, killed, cut off, behind a pooler.
//!
//! Every revision of these lineages writes a row of its own, so that one that ran twice is
//! seen; [`settled`] asks the catalog, and nothing of ours but the history tables.

mod blocked;
mod concurrently;
mod crashed;
mod crowd;
mod ended;
mod killed;
mod pooler;
mod races;

use nix::sys::signal::Signal;
use postgres::Client;

use super::{Running, one};
use crate::bench::{Project, Ran, rows, wait_until};

/// The first revision of every lineage here. The brake holds a revision for as many seconds as
/// its rows say.
const BASE: &str = "CREATE TABLE ran (revision int NOT NULL);
CREATE TABLE brake (seconds int NOT NULL);
CREATE TABLE things (id int PRIMARY KEY, n int NOT NULL);
INSERT INTO things SELECT i, i FROM generate_series(1, 1000) AS i;
INSERT INTO ran VALUES (1);
";
const BRAKE: &str = "SELECT pg_sleep(seconds) FROM brake;\n";

/// A project at its first revision, with these to come.
fn lineage(config: &str, revisions: &[(&str, &str)]) -> Project {
    let project = unmigrated(config, revisions);
    project.ok(&["migrate", "1"]);
    project
}

fn unmigrated(config: &str, revisions: &[(&str, &str)]) -> Project {
    let project = Project::empty();
    project.write("config.toml", config);
    revision(&project, "V1__base", BASE);
    revisions.iter().for_each(|(stem, text)| revision(&project, stem, text));
    project
}

fn revision(project: &Project, stem: &str, text: &str) {
    project.write(&format!("migrations/event_store/{stem}.sql"), text);
}

/// Each revision was run once and is applied, no index is INVALID, no step is remembered.
fn settled(client: &mut Client, revisions: i32) {
    let each: Vec<String> = (1..=revisions).map(|n| format!("({n},1)")).collect();
    let history = "SELECT version, count(*) FROM event_store.refinery_schema_history \
                   GROUP BY 1 ORDER BY 1";
    assert_eq!(rows(client, history), each, "the history");
    let ran = "SELECT revision, count(*) FROM event_store.ran GROUP BY 1 ORDER BY 1";
    assert_eq!(rows(client, ran), each, "what ran");
    assert_eq!(invalid(client), Vec::<String>::new());
    assert_eq!(steps(client), Vec::<String>::new());
}

/// The next run goes to the end.
fn next_run_settles(project: &Project, client: &mut Client, revisions: i32) -> Ran {
    let ran = project.run(&["migrate"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    settled(client, revisions);
    ran
}

/// Indexes that cannot be used.
fn invalid(client: &mut Client) -> Vec<String> {
    rows(client, "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid ORDER BY 1")
}

/// Versions, numbers, and whether they are done.
fn steps(client: &mut Client) -> Vec<String> {
    let sql = "SELECT version, number, done_at IS NOT NULL AS done \
               FROM event_store.regrow_schema_step ORDER BY 1, 2";
    rows(client, sql)
}

/// Versions that are applied.
fn applied(client: &mut Client) -> Vec<String> {
    rows(client, "SELECT version FROM event_store.refinery_schema_history ORDER BY 1")
}

fn put_on_the_brake(client: &mut Client) {
    client.batch_execute("INSERT INTO event_store.brake VALUES (7200)").unwrap();
}

fn take_off_the_brake(client: &mut Client) {
    client.batch_execute("DELETE FROM event_store.brake").unwrap();
}

/// Waits until a deploy stands at the brake; gives its backend.
fn at_the_brake(client: &mut Client, application: &str) -> i32 {
    session_that(client, application, "wait_event = 'PgSleep'")
}

/// Waits for a session of that name of which something is true; gives its backend.
fn session_that(client: &mut Client, application: &str, is: &str) -> i32 {
    let sql = format!(
        "SELECT max(pid) FROM pg_stat_activity WHERE datname = current_database() \
         AND application_name = '{application}' AND {is}"
    );
    let mut pid = None;
    wait_until(&format!("a session {application} with {is}"), || {
        pid = one::<Option<i32>>(client, &sql);
        pid.is_some()
    });
    pid.unwrap()
}

/// Waits until a deploy waits for a lock in a statement that begins so; gives its backend.
fn held_in(client: &mut Client, application: &str, statement: &str) -> i32 {
    let is = format!("wait_event_type = 'Lock' AND query ILIKE '{statement}%'");
    session_that(client, application, &is)
}

/// Kills it and waits until the server has noticed.
fn kill_for_good(client: &mut Client, deploy: Running) {
    assert!(deploy.kill(), "it ended before it was killed");
    let ghosts = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                  AND application_name LIKE 'regrow %'";
    wait_until("the ghosts to go", || one::<i64>(client, ghosts) == 0);
}

/// ctrl-C ends it, with 130, while what it waits for lasts.
fn stops_at_ctrl_c(mut deploy: Running) -> Ran {
    deploy.signal(Signal::SIGINT);
    wait_until("a deploy to end at ctrl-C", || deploy.ended());
    let ran = deploy.end();
    assert_eq!(ran.code, 130, "{}", ran.stderr);
    ran
}

fn assert_says(ran: &Ran, words: &[&str]) {
    for word in words {
        assert!(ran.stderr.contains(word), "{word:?} is missing in:\n{}", ran.stderr);
    }
}
