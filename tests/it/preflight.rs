//! Preflight: each finding provoked for real, what is refused leaves nothing behind, and the
//! statements it gives are the ones that help.

mod disk;
mod events;
mod healthy;
mod rights;
mod servers;
mod transactions;

use postgres::Client;
use serde_json::Value;

use crate::bench::{Project, rows};
use crate::first_light::ORDERS;

/// A migrated sample project with 6,000 events.
fn orders(config: &str) -> Project {
    let project = Project::orders();
    project.write("config.toml", config);
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    project
}

/// What `rebuild --preflight` finds for `order_summary`; it must end with `code`.
#[track_caller]
fn look(project: &Project, more: &[&str], code: i32) -> Vec<Value> {
    let args = [&["rebuild", "order_summary", "--preflight", "--json"], more].concat();
    let ran = project.run(&args);
    assert_eq!(ran.code, code, "regrow {args:?}\n{}{}", ran.stdout, ran.stderr);
    let list: Vec<Value> = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|e| panic!("{e}\n{}{}", ran.stdout, ran.stderr));
    for finding in &list {
        let keys: Vec<&String> = finding.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["severity", "code", "object", "message", "next"], "{finding}");
        assert!(finding.as_object().unwrap().values().all(|v| !v.as_str().unwrap().is_empty()));
    }
    // The orders of these tests have not all types that the sample handles.
    list.into_iter().filter(|f| f["code"] != "unknown-type" || f["severity"] != "note").collect()
}

/// `refused no-log`, for each finding that is not a note.
fn severe(found: &[Value]) -> Vec<String> {
    let text =
        |f: &Value| format!("{} {}", f["severity"].as_str().unwrap(), f["code"].as_str().unwrap());
    found.iter().filter(|f| f["severity"] != "note").map(text).collect()
}

/// The finding with a code.
#[track_caller]
fn one<'f>(found: &'f [Value], code: &str) -> &'f Value {
    let mut with = found.iter().filter(|f| f["code"] == code);
    let first = with.next().unwrap_or_else(|| panic!("no {code} in {found:#?}"));
    assert!(with.next().is_none(), "{code} is there twice in {found:#?}");
    first
}

#[track_caller]
fn says(finding: &Value, parts: &[&str]) {
    let text = |key: &str| finding[key].as_str().unwrap();
    let text = format!("{}; {}", text("message"), text("next"));
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in {finding:#}");
    }
}

fn has(found: &[Value], code: &str) -> bool {
    found.iter().any(|f| f["code"] == code)
}

/// Runs what a finding says is to be done, up to its first alternative.
fn heed(client: &mut Client, finding: &Value) {
    let next = finding["next"].as_str().unwrap();
    let sql = next.split("; or").next().unwrap().split("; and").next().unwrap();
    let sql = sql.rsplit("end it: ").next().unwrap();
    client.batch_execute(sql).unwrap_or_else(|e| panic!("{sql}: {e:?}"));
}

/// A plain rebuild ends with `code`, says each of `parts`, and nothing is begun.
#[track_caller]
fn refused(project: &Project, more: &[&str], code: i32, parts: &[&str]) {
    let schemas = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1";
    let before = rows(&mut project.reads(), schemas);
    let args = [&["rebuild", "order_summary"], more].concat();
    let ran = project.run(&args);
    assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{}", ran.stderr);
    for part in parts {
        assert!(ran.stderr.contains(part), "{part:?} is not in\n{}", ran.stderr);
    }
    assert_eq!(rows(&mut project.reads(), schemas), before, "a refusal makes nothing");
}
