//! After a promote or a rollback: NOTIFY reaches listeners, and the program of `[hooks]` runs.

use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use postgres::Client;
use postgres::fallible_iterator::FallibleIterator as _;
use serde_json::{Value, json};

use crate::bench::{Project, rows};
use crate::first_light::ORDERS;

/// Writes down its arguments and what it was told, says a line, and ends as the file `ends` says.
const HOOK: &str = r#"#!/bin/sh
echo "$1|$2|$REGROW_EVENT|$REGROW_PROJECTION|$REGROW_BUILD|$REGROW_PREVIOUS_BUILD|$REGROW_SCHEMA" >> told
echo "$REGROW_POSITION" > position
echo "the caches are told"
exit "$(cat ends)"
"#;

fn project() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    project.write("hook.sh", HOOK);
    project.write("ends", "0");
    let path = project.folder.path().join("hook.sh");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    project.write(
        "config.toml",
        "[hooks]\nafter_promote = [\"./hook.sh\", \"one; two\", \"$HOME\"]\n",
    );
    project
}

/// The payloads of the next notifications.
fn heard(listener: &mut Client, count: usize) -> Vec<Value> {
    let mut notifications = listener.notifications();
    let mut all = notifications.timeout_iter(Duration::from_secs(30));
    let next = |_| {
        let one = all.next().unwrap().expect("a notification");
        assert_eq!(one.channel(), "regrow");
        serde_json::from_str(one.payload()).unwrap()
    };
    (0..count).map(next).collect()
}

#[test]
fn a_hook_and_listeners_are_told_of_each_switch() {
    let project = project();
    let mut listener = project.reads();
    listener.batch_execute("LISTEN regrow").unwrap();
    let ran = project.run(&["rebuild", "order_summary", "--promote"]);
    assert!(ran.code == 0 && ran.stderr.contains("hook: the caches are told"), "{}", ran.stderr);
    project.ok(&["rebuild", "order_summary"]);
    let promoted = project.json(&["promote", "order_summary"]);
    assert_eq!(promoted["hook_failed"], Value::Null, "{promoted}");
    project.ok(&["rollback", "order_summary"]);
    project.ok(&["rollback", "order_summary", "--stale"]);
    // No shell has read the arguments.
    let line = |event: &str, build: &str, previous: &str| {
        format!("one; two|$HOME|{event}|order_summary|{build}|{previous}|read_model")
    };
    let (one, two) = ("order_summary__b1", "order_summary__b2");
    let expected = [
        line("promote", one, ""),
        line("promote", two, one),
        line("rollback", one, two),
        line("rollback", two, one),
    ];
    assert_eq!(project.read("told").lines().collect::<Vec<_>>(), expected);
    assert_eq!(project.read("position").trim(), promoted["position"].to_string());
    let told = heard(&mut listener, 4);
    let events: Vec<&Value> = told.iter().map(|one| &one["event"]).collect();
    assert_eq!(events, ["promote", "promote", "rollback", "rollback"]);
    let position = &promoted["position"];
    let second = json!({
        "version": 1, "event": "promote", "projection": "order_summary", "build": two,
        "previous_build": one, "position": position, "schema": "read_model", "ledger": "regrow",
    });
    assert_eq!(told[1], second);
    assert_eq!(told[0]["previous_build"], Value::Null);
}

#[test]
fn what_goes_wrong_with_a_hook_is_told_and_undoes_nothing() {
    let project = project();
    project.write("ends", "3");
    let ran = project.run(&["rebuild", "order_summary", "--promote", "--json"]);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    let failed = &told["builds"][0]["promoted"]["hook_failed"];
    assert_eq!((ran.code, &failed["code"]), (1, &json!("hook-failed")), "{told}");
    assert_eq!((&failed["exit_code"], &told["builds"][0]["state"]), (&json!(3), &json!("live")));
    let live = "SELECT schema_name::text FROM regrow.build WHERE state = 'live'";
    assert_eq!(rows(&mut project.reads(), live), ["(order_summary__b1)"]);
    project.write("ends", "0");
    project.ok(&["rebuild", "order_summary"]);
    project.write("config.toml", "[hooks]\nafter_promote = [\"./not-there\"]\n");
    let ran = project.run(&["promote", "order_summary"]);
    assert!(
        ran.code == 1 && ran.stdout.contains("readers see order_summary__b2"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("the hook ./not-there could not be started"), "{}", ran.stderr);
    assert_eq!(rows(&mut project.reads(), live), ["(order_summary__b2)"]);
    // A hook that hangs is ended, and processes it started do not block the command.
    project.write("config.toml", "[hooks]\nafter_promote = [\"sleep\", \"600\"]\ntimeout_s = 1\n");
    let ran = project.run(&["rollback", "order_summary"]);
    assert!(ran.code == 1 && ran.stderr.contains("was ended after 1 s"), "{}", ran.stderr);
    assert_eq!(rows(&mut project.reads(), live), ["(order_summary__b1)"]);
}
