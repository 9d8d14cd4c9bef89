//! `--log-format json`: every line on stderr is one object, whatever happens.

use std::process::Command;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::bench::{Heard, Project, REGROW, nowhere};
use crate::first_light::ORDERS;

/// The objects of a text, each with time, level and message.
fn objects(stderr: &str, about: &str) -> Vec<Value> {
    let of = |line: &str| -> Value {
        let value: Value =
            serde_json::from_str(line).unwrap_or_else(|e| panic!("{about}: {e}: {line:?}"));
        let time = value["time"].as_str().unwrap_or_else(|| panic!("{about}: {line}"));
        let is_time = time.len() == 27 && time.ends_with('Z') && time.as_bytes()[10] == b'T';
        assert!(is_time, "{about}: {line}");
        let levels = ["trace", "debug", "info", "warning", "error"];
        assert!(levels.contains(&value["level"].as_str().unwrap()), "{about}: {line}");
        assert!(!value["message"].as_str().unwrap().is_empty(), "{about}: {line}");
        value
    };
    stderr.lines().map(of).collect()
}

/// Runs a command whose log is of objects; gives its exit code and them.
fn logged(mut command: Command, about: &str) -> (i32, Vec<Value>) {
    let output = command.env("REGROW_LOG_FORMAT", "json").output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), objects(&stderr, about))
}

fn filled() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    project
}

const POISON: &str = r#"SELECT event_store.append('poison', NULL, '[{"type": "OrderCreated", "payload": {"a": "secret"}}]')"#;

#[test]
fn every_line_is_an_object_whatever_goes_wrong() {
    let project = filled();
    let notice = "DO $$ BEGIN RAISE WARNING E'two\\nlines'; END $$;\n";
    project.write("migrations/event_store/V2__loud.sql", notice);
    let told = |args: &[&str], code: i32| {
        let mut command = project.command(args);
        command.env("REGROW_LOG", "debug");
        let (ended, objects) = logged(command, &format!("{args:?}"));
        assert_eq!(ended, code, "{args:?}: {objects:?}");
        objects
    };
    let last = |objects: &[Value]| objects.last().unwrap().clone();
    let of = |objects: &[Value], key: &str| -> Value {
        let found = objects.iter().find(|o| !o[key].is_null());
        found.unwrap_or_else(|| panic!("nothing has {key}: {objects:?}")).clone()
    };

    let migrated = told(&["migrate"], 0);
    let loud = of(&migrated, "notice");
    assert_eq!((&loud["level"], &loud["message"]), (&"warning".into(), &"two\nlines".into()));
    assert_eq!(of(&migrated, "revision")["revision"], "V2__loud");
    assert!(of(&migrated, "server")["server"]["database"].is_string());
    let built = told(&["rebuild", "order_summary", "--promote"], 0);
    assert!(built.iter().any(|o| o["stage"] == "replay" && o["build"] == "order_summary__b1"));
    assert_eq!(of(&built, "locked_ms")["promoted"], true);
    told(&["status", "--max-lag", "1000"], 0);
    told(&["export"], 0);
    told(&["check"], 0);

    // What was typed wrong, by people and by scripts.
    for args in [
        &["rebuild", "nosuch"][..],
        &["frobnicate"],
        &["status", "--nosuch"],
        &["rebuild", "a\u{1b}[31m\nb"],
        &["status", "--log-format", "xml"],
    ] {
        let error = last(&told(args, 2));
        assert_eq!((&error["level"], &error["error"]["exit_code"]), (&"error".into(), &2.into()));
    }
    // Asked for by the flag alone, and before what is wrong.
    let output = project.command(&["--log-format=json", "--nosuch"]).output().unwrap();
    assert_eq!(objects(std::str::from_utf8(&output.stderr).unwrap(), "flag").len(), 1);
    let output = project.command(&["status", "--log-format", "text"]);
    let mut output = output;
    let output = output.env("REGROW_LOG_FORMAT", "json").arg("--nosuch").output().unwrap();
    assert!(output.stderr.starts_with(b"error: "), "the flag goes before the variable");
    let ran = project.command(&["status"]).env("REGROW_LOG_FORMAT", "xml").output().unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("\"xml\" is neither text nor json"));

    // Files, servers and programs that fail.
    project.write("projections/order_summary/handlers.sql", "-- on A\nSELEC 1;\n");
    told(&["check"], 1);
    told(&["rebuild", "order_summary"], 1);
    let mut gone = project.command(&["status"]);
    gone.env("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing");
    let (code, said) = logged(gone, "no server");
    assert_eq!((code, &last(&said)["level"]), (1, &"error".into()), "{said:?}");
    project.write("config.toml", "[database]\nurl_command = \"echo not today >&2; exit 3\"\n");
    let mut program = project.command(&["status"]);
    program.env_remove("DATABASE_URL");
    let (code, said) = logged(program, "url_command");
    assert_eq!((code, &said[0]["message"]), (2, &"not today".into()), "{said:?}");
    let mut nothing = Command::new(REGROW);
    nowhere(&mut nothing);
    nothing.args(["status", "-C", "/nowhere"]);
    assert_eq!(logged(nothing, "no folder").1.len(), 1);
}

#[test]
fn a_follower_logs_objects_until_its_end() {
    let project = filled();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let mut child = project.spawn(&["run", "--log-format", "json", "--show-payload"]);
    let mut heard = Heard::of(&mut child);
    let pid = Pid::from_raw(child.id().cast_signed());
    heard.wait_for("\"server\":");
    project.events().batch_execute(POISON).unwrap();
    heard.wait_for("is no longer followed");
    kill(pid, Signal::SIGHUP).unwrap();
    heard.wait_for("SIGHUP: nothing is read anew");
    kill(pid, Signal::SIGTERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let all = objects(&heard.until_its_end(), "run");
    let stopped = all.iter().find(|o| !o["reason"].is_null()).unwrap();
    assert_eq!(
        (&stopped["level"], &stopped["build"]),
        (&"error".into(), &"order_summary__b1".into())
    );
    assert!(stopped["payload"].as_str().unwrap().contains("secret"), "{stopped}");
}
