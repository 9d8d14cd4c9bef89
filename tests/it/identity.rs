//! Builds and the log they were made from: no build is given events of another log, and what happened
//! to the log is told.

mod erasure;
mod late;
mod ledgers;
mod mapping;
mod presence;
pub(crate) mod projects;
mod redefined;
mod set_back;
mod way_back;

use postgres::Client;

use crate::bench::{Project, Ran, differences, rows};

/// A projection with one row for each event.
fn seen(project: &Project, name: &str) {
    project.write(
        &format!("projections/{name}/schema/V1__{name}.sql"),
        &format!(
            "CREATE TABLE {name} (at bigint PRIMARY KEY, stream text NOT NULL, n int NOT NULL);\n"
        ),
    );
    project.write(
        &format!("projections/{name}/handlers.sql"),
        &format!("-- on Counted\nINSERT INTO {name} (at, stream, n) VALUES (:event.position, :event.stream_id, :n);\n"),
    );
}

/// A project with the projection `seen`, migrated.
pub(crate) fn project() -> Project {
    let project = Project::empty();
    fill(&project);
    project
}

/// Makes an empty project one with the projection `seen`, migrated.
pub(crate) fn fill(project: &Project) {
    project.ok(&["init", "."]);
    seen(project, "seen");
    project.ok(&["migrate"]);
}

/// Appends so many events to a stream, in one transaction each; `n` tells them apart.
pub(crate) fn append(events: &mut Client, stream: &str, range: std::ops::Range<i32>) {
    for n in range {
        let event = format!(r#"[{{"type": "Counted", "payload": {{"n": {n}}}}}]"#);
        events
            .query("SELECT event_store.append($1, NULL, $2::text::jsonb)", &[&stream, &event])
            .unwrap();
    }
}

pub(crate) const IN_LOG: &str =
    "SELECT position, stream_id, (payload ->> 'n')::int FROM event_store.events";

/// Asserts that readers see one row for each event of the log. Both must lie in one database.
fn readers_see_the_log(project: &Project, name: &str) {
    let found = differences(
        &mut project.reads(),
        &format!("SELECT at, stream, n FROM read_model.{name}"),
        IN_LOG,
    );
    assert!(found.is_empty(), "{found:?}");
}

/// The code of a command that was refused, by `--json`.
fn code(project: &Project, args: &[&str]) -> String {
    let ran = project.run(&[args, &["--json"]].concat());
    assert_ne!(ran.code, 0, "regrow {args:?} was expected to be refused\n{}", ran.stdout);
    code_of(&ran)
}

fn code_of(ran: &Ran) -> String {
    let line = ran.stderr.lines().last().unwrap_or_default();
    let error: serde_json::Value =
        serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {}", ran.stderr));
    error["error"]["code"].as_str().unwrap().to_owned()
}

/// What `status` says of a build.
pub(crate) fn status_of(project: &Project, build: &str) -> serde_json::Value {
    let status = project.json(&["status"]);
    let builds = status["builds"].as_array().unwrap();
    builds.iter().find(|b| b["build"] == build).cloned().unwrap_or_else(|| panic!("{status}"))
}

fn states(project: &Project) -> Vec<String> {
    rows(&mut project.reads(), "SELECT schema_name, state FROM regrow.build ORDER BY id")
}
