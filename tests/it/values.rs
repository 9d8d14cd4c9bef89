//! Values: what a payload holds reaches a row as PostgreSQL reads it, or is refused; and what a
//! statement would do to it on the way is seen before anything is replayed.

mod clock;
mod extensions;
mod floats;
mod moments;
mod types;

use serde_json::Value;

use crate::bench::Project;

/// A project with one projection `p`, migrated.
fn project(schema: &str, handlers: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__p.sql", schema);
    project.write("projections/p/handlers.sql", handlers);
    project.ok(&["migrate"]);
    project
}

/// A handlers file with one statement for each of the types A0, A1 ...: on the lines 2, 5 ...
fn file(statements: &[&str]) -> String {
    (0..).zip(statements).map(|(n, s)| format!("-- on A{n}\n{s};\n\n")).collect()
}

fn append(project: &Project, event_type: &str, payload: &Value) {
    project
        .events()
        .execute(
            "SELECT event_store.append('s', NULL, jsonb_build_array(jsonb_build_object('type', $1::text, \
             'payload', $2::jsonb)))",
            &[&event_type, payload],
        )
        .unwrap();
}

/// What `check` finds wrong with the handlers, each with its place and hint, one text; and what a rebuild
/// says where the database itself makes the difference, which scratch does not have.
fn mistakes(project: &Project) -> Vec<String> {
    let mut all = found_by_check(project);
    let ran = project.run(&["rebuild", "p", "--json"]);
    if ran.code != 0 {
        let last = ran.stderr.lines().last().unwrap_or_default();
        let told: Value = serde_json::from_str(last).unwrap_or_else(|e| panic!("{e}: {last}"));
        let error = &told["error"];
        if error["code"] != "build-unfinished" {
            let message = error["message"].as_str().unwrap_or_default();
            let hint = error["hint"].as_str().unwrap_or_default();
            all.extend(message.lines().map(|line| format!("{line} ({hint})")));
        }
    }
    all
}

fn found_by_check(project: &Project) -> Vec<String> {
    let ran = project.run(&["check", "--only", "handlers", "--json"]);
    let told: Value = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}{}", ran.stdout, ran.stderr));
    let findings = told["findings"].as_array().unwrap();
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .filter(|finding| finding["severity"] != "note")
        .map(|f| {
            let [place, message, hint] = ["place", "message", "hint"].map(|key| text(f, key));
            format!("{place}: {message} ({hint})")
        })
        .collect()
}
