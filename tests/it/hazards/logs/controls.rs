//! Controls: without the rules that F18 to F22 rest on, the same judge finds wrong rows of which nothing
//! is said.

use super::super::one;
use super::super::table::Scenario;
use super::{project, word, wrong};
use crate::bench::Project;
use crate::identity::append;

/// Runs a command without a rule.
fn without(rule: &str, project: &Project, args: &[&str]) -> String {
    let mut command = project.command(args);
    let output = command.env("FAILPOINTS", format!("without::{rule}=return")).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Follows the log and judges: nothing may be said for a row to count.
fn follow_and_judge(rule: &str, project: &Project, scenario: &mut Scenario) {
    without(rule, project, &["run", "--until-caught-up"]);
    let status = without(rule, project, &["status", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    let build = &status["builds"][0];
    assert_eq!((word(build), &build["lag"]), (None, &0.into()), "{build}");
    scenario.wrong_rows(&wrong(project, "seen__b1"));
    scenario.ran();
}

#[test]
fn without_the_identity_of_a_log() {
    let mut scenario = Scenario::new("control: no identity of the log");
    let project = project("");
    append(&mut project.events(), "old", 0..20);
    project.ok(&["rebuild", "seen", "--promote"]);
    project.events().batch_execute("TRUNCATE event_store.events RESTART IDENTITY").unwrap();
    append(&mut project.events(), "new", 0..25);
    follow_and_judge("identity", &project, &mut scenario);
    scenario.end_of_control();
}

#[test]
fn without_counting_late_events() {
    let mut scenario = Scenario::new("control: late events not counted");
    let project = project("");
    let mut writer = project.events();
    append(&mut writer, "a", 0..5);
    let taken: i64 = one(
        &mut writer,
        "SELECT nextval(pg_get_serial_sequence('event_store.events', 'position'))",
    );
    append(&mut writer, "a", 5..8);
    project.ok(&["rebuild", "seen", "--promote"]);
    writer
        .batch_execute(&format!(
            "INSERT INTO event_store.events (position, stream_id, stream_version, event_type, payload) \
             OVERRIDING SYSTEM VALUE VALUES ({taken}, 'late', 0, 'Counted', '{{\"n\": 1}}')"
        ))
        .unwrap();
    follow_and_judge("late_events", &project, &mut scenario);
    scenario.end_of_control();
}
