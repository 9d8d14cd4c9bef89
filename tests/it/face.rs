//! The command line as its users meet it: help, exit codes, JSON, signals, terminals.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

use crate::bench::{Database, Heard, Project, REGROW, Ran, differences, nowhere, rows, wait_until};
use crate::first_light::ORDERS;
use crate::json::Shapes;

fn migrated() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project
}

fn filled() -> Project {
    let project = migrated();
    project.events().batch_execute(ORDERS).unwrap();
    project
}

/// Help as it is printed in a terminal of 80 columns.
pub(crate) fn help(args: &[&str]) -> String {
    let output = Command::new(REGROW).args(args).env("COLUMNS", "80").output().unwrap();
    let ran = Ran::from(output, args);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{args:?}");
    ran.stdout
}

/// Every command that `regrow --help` names, but `help`: what stands in the groups between usage and options.
pub(crate) fn commands() -> Vec<String> {
    let text = help(&["--help"]);
    let groups = text.split_once("\n\nProject:\n").unwrap().1;
    let groups = groups.split_once("\n\nOptions of every command:\n").unwrap().0;
    let names: Vec<String> = groups
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .filter(|name| name != "help")
        .collect();
    assert!(names.len() > 10 && names.contains(&"rebuild".to_owned()), "{names:?}");
    names
}

#[test]
fn the_help_of_every_command_fits_and_has_an_example() {
    let mut pages: Vec<Vec<String>> = vec![vec![]];
    pages.extend(commands().into_iter().map(|name| vec![name]));
    for page in &pages {
        for flag in ["--help", "-h"] {
            let args: Vec<&str> = page.iter().map(String::as_str).chain([flag]).collect();
            let text = help(&args);
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{args:?}: {line:?}");
            }
            let first = text.lines().next().unwrap();
            assert!(first.starts_with(|c: char| c.is_uppercase()), "{args:?}: {first:?}");
            assert!(
                !first.starts_with("Usage") && first.split(' ').count() > 3,
                "{args:?}: {first}"
            );
            assert!(text.contains("Usage: regrow"), "{args:?}");
            if !page.is_empty() {
                assert!(text.contains("\nExample"), "{args:?} has no example");
            }
        }
    }
    assert!(help(&["--help"]).contains("Exit codes:"));
    let version = format!("regrow {} (ledger 6)\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(help(&["--version"]), version);
    assert_eq!(help(&["help", "rebuild"]), help(&["rebuild", "--help"]));
    // The server's address is not asked of anybody, whatever the environment says.
    let usage = Command::new(REGROW).arg("promote").env("DATABASE_URL", "x").output().unwrap();
    let usage = String::from_utf8(usage.stderr).unwrap();
    assert!(usage.contains("Usage: regrow promote <NAME>"), "{usage}");
}

/// Runs a command with `--json`: one JSON value on stdout, and nothing else.
pub(crate) fn one_value(project: &Project, args: &[&str], code: i32) -> Value {
    let ran = project.run(&[args, &["--json"]].concat());
    assert_eq!(ran.code, code, "{args:?}\n{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.stdout.matches('\n').count(), 1, "{args:?}: {}", ran.stdout);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", ran.stdout))
}

#[test]
fn json_of_every_command_is_json() {
    every_command("regrow", "b");
}

/// A ledger elsewhere: nothing of a command is in the schema that it has else.
#[test]
fn every_command_works_with_a_ledger_of_another_name() {
    every_command("Led ger", "Led ger_b");
}

/// A project whose ledger has a schema of this name.
fn with_ledger(ledger: &str) -> Project {
    let project = Project::orders();
    project.write("config.toml", &format!("[ledger]\nschema = \"{ledger}\"\n"));
    project
}

fn every_command(ledger: &str, build: &str) {
    let build = |number: i32| format!("order_summary__{build}{number}");
    let project = with_ledger(ledger);
    project.write(
        "more.ndjson",
        "{\"stream_id\":\"x\",\"stream_version\":0,\"type\":\"A\",\"payload\":{}}",
    );
    let (mut seen, mut shapes) = (BTreeSet::new(), Shapes::default());
    let mut see = |args: &[&str], code: i32| {
        seen.insert(args[0].to_owned());
        let value = one_value(&project, args, code);
        shapes.note(args, &value);
        value
    };
    assert_eq!(see(&["init", "new"], 0)["written"].as_array().unwrap().len(), 3);
    let at = |value: &Value| value["lineages"][0].clone();
    assert_eq!(at(&see(&["current"], 3))["pending"], serde_json::json!(["V1__events"]));
    assert_eq!(see(&["migrate"], 0)["head"], "V1__events");
    assert_eq!(at(&see(&["current"], 0))["applied"][0]["version"], 1);
    project.events().batch_execute(ORDERS).unwrap();
    assert_eq!(see(&["import", "more.ndjson"], 0)["events"], 1);
    assert_eq!(see(&["upgrade-ledger"], 0)["to"], 6);
    assert_eq!(see(&["census"], 0)["kinds"].as_array().unwrap().len(), 6);
    assert_eq!(see(&["check"], 0)["ok"], true);
    let told = see(&["rebuild", "--explain", "order_summary"], 0);
    assert_eq!(told["projections"][0]["handlers"].as_array().unwrap().len(), 5);
    let codes: Vec<Value> = see(&["rebuild", "--preflight", "order_summary"], 0)
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].clone())
        .collect();
    assert_eq!(codes, ["unknown-type", "unknown-type", "payload-as-text", "disk"]);
    let built = see(&["rebuild", "order_summary"], 0);
    assert_eq!(built["builds"][0]["engine"], "native");
    assert_eq!(
        (&built["builds"][0]["state"], &built["builds"][0]["position"]),
        (&"ready".into(), &6001.into())
    );
    assert_eq!(see(&["preview", "order_summary", "--publish", "soon"], 0)["build"], build(1));
    assert_eq!(see(&["preview", "drop", "soon"], 0)["build"], build(1));
    assert_eq!(see(&["promote", "order_summary"], 0)["build"], build(1));
    see(&["rebuild", "order_summary", "--promote"], 0);
    assert_eq!(see(&["rollback", "order_summary"], 0)["retired"], build(2));
    let compared = see(&["verify", "order_summary", "--build", "1", "--against", "2"], 0);
    assert_eq!(compared["against"]["build"], build(2));
    let compared = see(&["verify", "order_summary", "--against", "log"], 0);
    assert_eq!((&compared["ok"], &compared["build"]["build"]), (&true.into(), &build(1).into()));
    assert_eq!(see(&["verify", "order_summary", "--live"], 0)["checks"], 2);
    assert_eq!(see(&["resume"], 0)["builds"], serde_json::json!([]));
    see(&["rebuild", "customer_activity"], 0);
    assert_eq!(see(&["run", "--until-caught-up"], 0)["builds"].as_array().unwrap().len(), 3);
    assert_eq!(see(&["status"], 0)["builds"].as_array().unwrap().len(), 3);
    let changes = see(&["history", "--builds", "order_summary", "--limit", "1"], 0);
    assert_eq!(changes["changes"][0]["by"], "regrow, regrow verify", "{changes}");
    assert_eq!(see(&["wait", "order_summary", "--now"], 0)["goal"], 6001);
    assert_eq!(see(&["pause", "order_summary"], 0)["state"], "live");
    assert_eq!(see(&["unpause", "order_summary"], 0)["builds"][0]["wanted"], "run");
    see(&["rebuild", "order_summary", "--until", "100"], 0);
    assert_eq!(see(&["cancel", "order_summary"], 0)["state"], "dropped");
    let shown = see(&["as-of", "order_summary", "--at", "100", "--publish", "then"], 0);
    assert_eq!(shown["views"], serde_json::json!(["then.order_summary"]));
    assert_eq!(see(&["as-of", "list"], 0)["as_of"][0]["position"], 100);
    assert_eq!(see(&["as-of", "drop", "then"], 0)["publish"], "then");
    let again = see(&["rebuild", "order_summary", "--key", "id=order-3"], 0);
    assert_eq!(again["builds"][0]["changed"], false);
    assert_eq!(see(&["parked", "list"], 0)["events"], serde_json::json!([]));
    let row = see(&["trace", "order_summary", "--key", "id=order-3"], 0);
    assert_eq!((&row["agrees"], &row["build"]), (&true.into(), &build(1).into()));
    assert_eq!(see(&["test"], 0)["passed"], 3);
    assert!(!see(&["try", "order_summary"], 0)["events"].as_array().unwrap().is_empty());
    assert_eq!(see(&["new", "event", "A"], 0)["written"].as_array().unwrap().len(), 1);
    assert_eq!(see(&["prune"], 0)["kept"][0]["build"], build(2));
    let would = see(&["prune", "--keep", "0", "--dry-run"], 0);
    assert_eq!(would["would_drop"], serde_json::json!([build(2)]));
    let gone = see(&["prune", &build(2)], 0);
    assert_eq!(gone["dropped"], serde_json::json!([build(2)]));
    let ended = see(&["retire", "customer_activity"], 0);
    assert_eq!(
        ended["builds"],
        serde_json::json!([build(1).replace("order_summary", "customer_activity")])
    );
    let (old, new) = ("projections/order_summary", "projections/orders");
    std::fs::rename(project.folder.path().join(old), project.folder.path().join(new)).unwrap();
    let renamed = see(&["rename", "order_summary", "orders"], 0);
    assert_eq!(renamed["builds"], serde_json::json!([build(1)]));
    assert!(
        see(&["completions", "zsh"], 0)["script"].as_str().unwrap().starts_with("#compdef regrow")
    );
    assert!(see(&["man", "man1"], 0)["written"].as_array().unwrap().len() > 40);
    assert_eq!(see(&["dev", "status"], 0)["running"], false);
    see(&["dev", "url"], 0);
    assert_eq!(see(&["dev", "stop"], 0)["stopped"], false);
    let log = "CREATE TABLE public.log (originator_id uuid, originator_version bigint, topic text, state bytea,
                notification_id bigserial PRIMARY KEY)";
    project.events().batch_execute(log).unwrap();
    let adopt = ["adopt", "--preset", "eventsourcing", "--table", "public.log"];
    assert_eq!(see(&adopt, 0)["table"], "public.log");
    project.write("config.toml", &format!("[ledger]\nschema = \"{ledger}\"\n"));

    // What is about revisions, in a project of its own.
    let lineage = with_ledger(ledger);
    let mut see = |args: &[&str], code: i32| {
        seen.insert(args[0].to_owned());
        let value = one_value(&lineage, args, code);
        shapes.note(args, &value);
        value
    };
    assert_eq!(see(&["revision", "-m", "one more"], 0)["revision"], "V2__one_more");
    let spliced = ["revision", "-m", "a branch", "--head", "1", "--splice"];
    assert_eq!(see(&spliced, 0)["revises"], serde_json::json!([1]));
    assert_eq!(see(&["heads"], 5)["heads"].as_array().unwrap().len(), 4);
    assert_eq!(see(&["branches"], 0)["branches"][0]["ways"].as_array().unwrap().len(), 2);
    assert_eq!(see(&["merge"], 0)["revises"], serde_json::json!([2, 3]));
    assert_eq!(see(&["show", "head"], 0)["marks"], serde_json::json!(["head", "mergepoint"]));
    assert_eq!(see(&["migrate"], 0)["head"], "V4__merge");
    assert_eq!(see(&["migrate", "--dry-run"], 0)["plan"], serde_json::json!([]));
    assert_eq!(see(&["downgrade", "3"], 0)["ran"], serde_json::json!(["V4__merge"]));
    assert_eq!(see(&["migrate"], 0)["ran"], serde_json::json!(["V4__merge"]));
    assert_eq!(see(&["history", "-r", "2:"], 0)["revisions"].as_array().unwrap().len(), 2);
    assert_eq!(see(&["verify-down", "-l", "event_store"], 0)["ok"], true);
    assert_eq!(see(&["stamp", "3"], 0)["removed"], serde_json::json!([2, 4]));
    assert_eq!(see(&["redo"], 0)["ran"].as_array().unwrap().len(), 2);
    assert_eq!(see(&["repair", "--accept", "drift"], 0)["written"], true);

    // Export is the one whose data are many values: a line each.
    seen.insert("export".into());
    let ran = project.run(&["export", "--after", "5999", "--json"]);
    let positions: Vec<i64> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["position"].as_i64().unwrap())
        .collect();
    assert_eq!(positions, [6000, 6001]);
    let told: Value = serde_json::from_str(ran.stderr.trim_end()).unwrap();
    assert_eq!(told["events"], 2);

    for project in [&project, &lineage] {
        let ledgers = "SELECT nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid \
                       WHERE c.relname = 'source_log'";
        let found: Vec<String> =
            project.reads().query(ledgers, &[]).unwrap().iter().map(|r| r.get(0)).collect();
        assert_eq!(found, [ledger]);
    }

    // The demo works in an empty database, and its data are one value, too.
    let mut empty = Project::empty();
    empty.read_models = Some(Database::new());
    let demo = one_value(&empty, &["demo", "--events", "1000"], 0);
    shapes.note(&["demo"], &demo);
    assert_eq!(demo["ok"], true);
    let mut built = demo["steps"].as_array().unwrap().iter().filter(|s| s["step"] == "built");
    assert!(built.all(|s| s["engine"] == "native" && s["sql_handlers"] == 0), "{demo:#}");
    let elsewhere = "SELECT nspname FROM pg_namespace WHERE nspname = 'regrow'";
    assert_eq!(rows(&mut empty.reads(), elsewhere), [""; 0], "the demo uses one database");
    seen.insert("demo".into());

    let all: BTreeSet<String> = commands().into_iter().collect();
    assert_eq!(seen, all, "a command that is missing here has no test of its JSON");
    if ledger == "regrow" {
        shapes.are_those_of("commands.txt");
    }
}

#[test]
fn an_error_in_json_is_one_value_on_stderr() {
    let project = Project::orders();
    let ran = project.run(&["rebuild", "nosuch", "--json", "-q"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    let value: Value = serde_json::from_str(ran.stderr.trim_end()).unwrap();
    assert!(
        value["error"]["message"].as_str().unwrap().contains("no projection nosuch"),
        "{value}"
    );
    assert_eq!(value["error"]["exit_code"], 2);
    let ran = project.run(&["census", "--json"]);
    let value: Value = serde_json::from_str(ran.stderr.trim_end()).unwrap();
    assert_eq!(value["error"]["hint"], "create it with: regrow migrate");
}

#[test]
fn locks_that_are_held_too_long_end_with_7() {
    let project = filled();
    project.write("config.toml", "[rebuild]\npromote_budget_s = 5\nbarrier_timeout_s = 1\n");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    project.ok(&["rebuild", "order_summary"]);
    let mut reader = project.reads();
    reader.batch_execute("SET application_name = 'a report'").unwrap();
    let mut report = reader.transaction().unwrap();
    report.query("SELECT count(*) FROM read_model.order_summary", &[]).unwrap();
    let ran = project.run(&["promote", "order_summary"]);
    assert_eq!(ran.code, 7, "{}", ran.stderr);
    assert!(ran.stderr.contains("a report") && ran.stderr.contains("try again"), "{}", ran.stderr);
    drop(report);
    project.ok(&["promote", "order_summary"]);

    let mut writer = project.events();
    writer.batch_execute("SET application_name = 'a slow writer'").unwrap();
    let mut append = writer.transaction().unwrap();
    append.batch_execute("SELECT event_store.append('s', NULL, '[{\"type\": \"A\"}]')").unwrap();
    let ran = project.run(&["rebuild", "order_summary"]);
    assert_eq!(ran.code, 7, "{}", ran.stderr);
    assert!(ran.stderr.contains("the log is not complete yet"), "{}", ran.stderr);
    assert!(ran.stderr.contains("a slow writer"), "{}", ran.stderr);
}

#[test]
fn a_reader_of_stdout_that_leaves_is_no_error() {
    let project = filled();
    project.ok(&["rebuild", "order_summary"]);
    let mut export = project.spawn(&["export"]);
    let mut line = String::new();
    // Dropped with the reader: what `| head -1` does.
    BufReader::new(export.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("{\"position\":1,"), "{line}");
    let ran = Ran::from(export.wait_with_output().unwrap(), &["export"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for args in [
        &["--help"][..],
        &["rebuild", "--help"],
        &["status"],
        &["status", "--json"],
        &["census"],
        &["export"],
        &["check"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = project.command(args).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        let ran = Ran::from(output, args);
        let mut said = ran.stderr.lines().filter(|line| !line.starts_with("note: "));
        assert_eq!((ran.code, said.next()), (0, None), "{args:?}");
    }
}

fn signal(child: &Child, signal: Signal) {
    kill(Pid::from_raw(child.id().cast_signed()), signal).unwrap();
}

#[test]
fn ctrl_c_pauses_a_rebuild_and_resume_ends_it_with_the_same_rows() {
    let project = filled();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    // A commit an event: long enough to be met in the middle.
    project.write("config.toml", "[rebuild]\nbatch_events = 1\ncheckpoint_interval_s = 0\n");
    // Which it cannot pass before it knows that it was asked to stop.
    let mut writer = project.reads();
    let mut child = project.spawn(&["rebuild", "order_summary", "--promote"]);
    let mut heard = Heard::of(&mut child);
    let mut reads = project.reads();
    let at = "SELECT position FROM regrow.checkpoint JOIN regrow.build ON id = build_id WHERE number = 2 AND position > 50";
    wait_until("the middle of the replay", || !rows(&mut reads, at).is_empty());
    let mut held = writer.transaction().unwrap();
    held.batch_execute("LOCK TABLE order_summary__b2.order_summary IN SHARE MODE").unwrap();
    signal(&child, Signal::SIGINT);
    heard.wait_until_asked(&mut child);
    held.rollback().unwrap();
    let output = child.wait_with_output().unwrap();
    let output = Output { stderr: heard.until_its_end().into_bytes(), ..output };
    let ran = Ran::from(output, &["rebuild"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (130, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains("order_summary__b2 was stopped at position "), "{}", ran.stderr);
    assert!(ran.stderr.contains("regrow resume order_summary"), "{}", ran.stderr);

    let status = project.json(&["status"]);
    let paused = &status["builds"][1];
    assert_eq!(paused["state"], "paused", "{status}");
    let position = paused["position"].as_i64().unwrap();
    assert!(position > 50 && position < 6000, "{position}");
    let text = project.ok(&["status"]);
    let next = "order_summary__b2: it was stopped, and goes on with: regrow resume order_summary\n";
    assert!(text.contains(next), "{text}");
    assert_eq!(paused["next"], "regrow resume order_summary", "{status}");

    project.write("config.toml", "");
    let resumed = project.json(&["resume", "order_summary", "--promote"]);
    assert_eq!(resumed["builds"][0]["state"], "live");
    assert_eq!(resumed["builds"][0]["events"], 6000 - position, "from the checkpoint, not from 0");
    let (one, other) = (
        "SELECT * FROM order_summary__b1.order_summary",
        "SELECT * FROM order_summary__b2.order_summary",
    );
    assert_eq!(differences(&mut reads, one, other), [""; 0]);
}

#[test]
fn run_ends_with_0_when_it_is_told_to() {
    let project = filled();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    for (number, how) in [Signal::SIGTERM, Signal::SIGINT].into_iter().enumerate() {
        let child = project.spawn(&["run", "--json"]);
        let stream = format!("order-new-{number}");
        let append = format!(
            r#"SELECT event_store.append('{stream}', NULL, '[{{"type": "OrderCreated", "payload":
               {{"order_id": "{stream}", "customer_id": "c", "customer_name": "N"}}}}]')"#
        );
        project.events().batch_execute(&append).unwrap();
        let seen = format!("SELECT id FROM read_model.order_summary WHERE id = '{stream}'");
        let mut reads = project.reads();
        wait_until("the new order", || !rows(&mut reads, &seen).is_empty());
        signal(&child, how);
        let ran = Ran::from(child.wait_with_output().unwrap(), &["run"]);
        assert_eq!(ran.code, 0, "{how}: {}", ran.stderr);
        let told: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(told["events"], 1);
        assert_eq!(told["builds"][0]["position"], 6001 + number);
    }
}

#[test]
fn progress_in_a_pipe_is_plain_lines() {
    let project = filled();
    project.write("config.toml", "[rebuild]\nbatch_events = 500\n");
    let ran = project.run(&["rebuild", "--all", "--promote"]);
    assert_eq!(ran.code, 0);
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.contains(['\u{1b}', '\r']), "{text:?}");
    }
    for line in [
        "order_summary__b1: replay",
        "customer_activity__b1: catch up",
        "order_summary__b1: promote",
    ] {
        assert!(ran.stderr.lines().any(|l| l == line), "{line:?} in\n{}", ran.stderr);
    }
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
    let ran = project.run(&["rebuild", "--all", "--promote", "--quiet"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let ran = project.run(&["status", "--nosuch"]);
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}

/// Runs a command on a terminal of its own; gives all it wrote there.
fn on_a_terminal(project: &Project, args: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let pty = nix::pty::openpty(None, None).unwrap();
    let mut command = project.command(args);
    command.env("TERM", "xterm-256color").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.envs(variables.iter().copied());
    let slave = File::from(pty.slave);
    command.stdout(slave.try_clone().unwrap()).stderr(slave);
    let mut child = command.spawn().unwrap();
    // Our own copies of the terminal's end must go, or its reader never ends.
    drop(command);
    let mut text = Vec::new();
    let mut master = File::from(pty.master);
    let mut buffer = [0; 4096];
    // The end of a terminal is an error (EIO) on Linux.
    while let Ok(read @ 1..) = master.read(&mut buffer) {
        text.extend_from_slice(&buffer[..read]);
    }
    (child.wait().unwrap().code().unwrap(), String::from_utf8_lossy(&text).into_owned())
}

/// Whether a text switches colours or weights on.
fn is_styled(text: &str) -> bool {
    let styles = |piece: &str| {
        let end = piece.find(|c: char| c.is_ascii_alphabetic());
        end.is_some_and(|end| piece[end..].starts_with('m') && &piece[..end] != "0")
    };
    text.split("\u{1b}[").skip(1).any(styles)
}

#[test]
fn a_terminal_gets_bars_and_no_color_is_honoured() {
    let project = filled();
    project.write("config.toml", "[rebuild]\nbatch_events = 100\n");
    let (code, text) = on_a_terminal(&project, &["rebuild", "order_summary", "--promote"], &[]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains('%') && text.contains("\u{1b}["), "a bar is drawn: {text:?}");
    let last = text.trim_end().lines().last().unwrap();
    assert!(last.contains("order_summary__b1 is live at position 6,000"), "{text:?}");

    let (_, plain) = on_a_terminal(&project, &["--help"], &[("NO_COLOR", "1")]);
    let (_, styled) = on_a_terminal(&project, &["--help"], &[]);
    assert!(is_styled(&styled) && !is_styled(&plain), "{styled:?}\n{plain:?}");
    let (code, text) = on_a_terminal(&project, &["rebuild", "order_summary"], &[("NO_COLOR", "1")]);
    assert_eq!(code, 0);
    assert!(!is_styled(&text), "{text:?}");
    let (code, text) = on_a_terminal(&project, &["rebuild", "nosuch"], &[("NO_COLOR", "1")]);
    assert_eq!(code, 2);
    assert!(!text.contains('\u{1b}'), "{text:?}");
}

#[test]
fn init_overwrites_nothing() {
    let project = Project::empty();
    let wrote = project.ok(&["init", "shop"]);
    assert_eq!(wrote.lines().count(), 3, "{wrote}");
    assert!(
        wrote.starts_with("wrote ./shop/config.toml\n")
            || wrote.starts_with("wrote shop/config.toml\n"),
        "{wrote}"
    );
    project.write("shop/config.toml", "# mine\n");
    let again = project.ok(&["init", "shop"]);
    assert!(again.contains("is a project already, nothing written"), "{again}");
    assert_eq!(project.read("shop/config.toml"), "# mine\n");
    std::fs::remove_file(project.folder.path().join("shop/migrations/event_store/V1__events.sql"))
        .unwrap();
    assert_eq!(project.ok(&["init", "shop"]).lines().count(), 1);
    assert_eq!(project.read("shop/config.toml"), "# mine\n");
    // What it wrote works as it is.
    project.ok(&["-C", "shop", "migrate"]);
    project.ok(&["-C", "shop", "check"]);
    project.ok(&["-C", "shop", "status"]);
    project.write("file", "");
    let ran = project.run(&["init", "file"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("cannot be written: "), "{}", ran.stderr);
}

#[test]
fn what_export_writes_import_reads() {
    let from = filled();
    let odd = r#"[{"type": "Odd \"é\"", "schema_version": 7, "metadata": {"by": "ก"},
                   "payload": {"n": 12345678901234567890.123456789, "t": "a\tb\\u0041", "deep": [[{}]]}}]"#;
    from.events()
        .query("SELECT event_store.append('s t\"é', -1, $1::text::jsonb)", &[&odd])
        .unwrap();
    let text = from.ok(&["export"]);
    assert_eq!(text.lines().count(), 6001);

    let to = migrated();
    let mut import = to.command(&["import", "-"]);
    let mut child = import.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap(), &["import"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.starts_with("6,001 events imported in "), "{}", ran.stdout);
    assert_eq!(to.ok(&["export"]), text);
    assert_eq!(to.ok(&["census"]), from.ok(&["census"]));

    // Into a file, and only a part.
    to.ok(&[
        "export",
        "part.ndjson",
        "--after",
        "5",
        "--until",
        "11",
        "--type",
        "OrderPaid",
        "--type",
        "OrderCreated",
    ]);
    let part: Vec<String> = to.read("part.ndjson").lines().map(|l| l[..16].to_owned()).collect();
    assert_eq!(part, [r#"{"position":6,"s"#, r#"{"position":7,"s"#]);
}

#[test]
fn census_is_a_table() {
    let project = filled();
    let expect = "\
TYPE            VERSION  EVENTS  FIRST   LAST  UPCAST       HANDLED BY
OrderCreated          1   1,000      1  5,995  -            customer_activity, order_summary
OrderItemAdded        1   1,336      2  5,999  1 -> 2 -> 3  customer_activity, order_summary
OrderItemAdded        2   1,332      8  5,987  2 -> 3       customer_activity, order_summary
OrderItemAdded        3   1,332     14  5,993  -            customer_activity, order_summary
OrderPaid             1   1,000      6  6,000  -            customer_activity, order_summary
";
    assert_eq!(project.ok(&["census"]), expect);
    let append = "SELECT event_store.append('x', NULL, '[{\"type\": \"Nobody\"}, {\"type\": \"OrderPaid\", \"schema_version\": 3}]')";
    project.events().batch_execute(append).unwrap();
    let ran = project.run(&["census"]);
    assert_eq!(ran.code, 1);
    let line = |start: &str| ran.stdout.lines().find(|l| l.starts_with(start)).unwrap().to_owned();
    assert!(line("Nobody ").ends_with("-            nobody"), "{}", ran.stdout);
    assert!(line("OrderPaid             3").contains("no path"), "{}", ran.stdout);
    let said = "error: event type \"OrderPaid\": version 3 is beyond the latest known, 1";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    let ran = project.run(&["check"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.contains("version 3 is beyond") && ran.stdout.contains("at position 6002"),
        "{}",
        ran.stdout
    );
}

#[test]
fn status_says_what_to_do_next() {
    let project = Project::orders();
    let ran = project.run(&["status"]);
    assert_eq!(ran.code, 1, "an empty database has no status");
    let upgraded = project.ok(&["upgrade-ledger"]);
    assert!(upgraded.starts_with("there is no ledger to upgrade"), "{upgraded}");
    assert!(
        ran.stderr.contains("has no ledger yet") && ran.stderr.contains("regrow migrate"),
        "{}",
        ran.stderr
    );
    project.ok(&["migrate"]);
    let next = |name: &str, what: &str| format!("{name}: no build is live: regrow {what}\n");
    let (activity, summary) = (
        next("customer_activity", "rebuild customer_activity --promote"),
        next("order_summary", "rebuild order_summary --promote"),
    );
    assert_eq!(project.ok(&["status"]), format!("{activity}{summary}"));
    project.events().batch_execute(ORDERS).unwrap();
    project.ok(&["rebuild", "order_summary"]);
    let status = project.ok(&["status"]);
    let promote = "it is ready, and readers see it after: regrow promote order_summary";
    assert!(status.ends_with(&format!("order_summary__b1: {promote}\n{activity}")), "{status}");
    let both = ["regrow promote order_summary", "regrow rebuild customer_activity --promote"];
    assert_eq!(project.json(&["status"])["next"], serde_json::json!(both));
    project.ok(&["promote", "order_summary"]);
    let status = project.ok(&["status"]);
    assert!(
        status.starts_with("BUILD              STATE  POSITION  LAG  BEHIND  PARKED\n"),
        "{status}"
    );
    assert!(
        status.contains("order_summary__b1  live      6,000    0  0 s          0\n"),
        "{status}"
    );
    assert!(status.ends_with(&activity) && !status.contains("order_summary:"), "{status}");
    let handlers = "projections/order_summary/handlers.sql";
    project.write(handlers, &project.read(handlers).replace("'paid'", "'PAID'"));
    let status = project.ok(&["status"]);
    assert!(
        status.contains("files have changed since: regrow rebuild order_summary --promote\n"),
        "{status}"
    );
    // A build that ends in the past is not one to promote.
    project.ok(&["rebuild", "order_summary", "--until", "100"]);
    let ran = project.run(&["promote", "order_summary"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("ends at position 100 by --until"), "{}", ran.stderr);
}

/// Processes that have a folder's name in their command line, or work in it.
fn processes_of(folder: &Path) -> Vec<String> {
    let folder = folder.to_string_lossy();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        let place = std::fs::read_link(entry.path().join("cwd")).unwrap_or_default();
        let server = line.contains("postgres") || line.contains("regrow");
        if server && (line.contains(&*folder) || place.starts_with(&*folder)) {
            found.push(line);
        }
    }
    found
}

#[test]
fn without_a_server_every_command_brings_its_own_and_takes_it_away() {
    let dir = tempfile::Builder::new().tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let shop = dir.path().join("shop");
    let elsewhere = TempDir::new().unwrap();
    let start = |args: &[&str]| {
        let mut command = Command::new(REGROW);
        command.arg("-C").arg(&shop).args(args).current_dir(elsewhere.path()).stdin(Stdio::null());
        nowhere(&mut command);
        command
    };
    let regrow = |args: &[&str]| Ran::from(start(args).output().unwrap(), args);
    let orders = Project::orders();
    let made = Command::new(REGROW).arg("init").arg(&shop).output().unwrap();
    assert!(made.status.success());
    for part in ["migrations/events", "projections"] {
        let target = shop.join(part);
        let from = orders.folder.path().join(part);
        assert!(Command::new("cp").arg("-r").args([from, target]).status().unwrap().success());
    }
    let line = r#"{"stream_id":"o1","stream_version":0,"type":"OrderCreated","payload":{"order_id":"o1","customer_id":"c","customer_name":"N"}}"#;
    std::fs::write(elsewhere.path().join("e.ndjson"), line).unwrap();
    for (args, code) in [
        (&["current"][..], 3),
        (&["status"], 1),
        (&["migrate"], 0),
        (&["current"], 0),
        (&["import", "e.ndjson"], 0),
        (&["census"], 0),
        (&["check"], 0),
        (&["rebuild", "--all"], 0),
        (&["promote", "order_summary"], 0),
        (&["rebuild", "order_summary", "--promote"], 0),
        (&["rollback", "order_summary"], 0),
        (&["run", "--until-caught-up"], 0),
        (&["resume"], 0),
        (&["prune"], 0),
        (&["status"], 0),
        (&["export"], 0),
        (&["rebuild", "nosuch"], 2),
    ] {
        let ran = regrow(args);
        assert_eq!(ran.code, code, "{args:?}\n{}{}", ran.stdout, ran.stderr);
        assert_eq!(processes_of(&shop), [""; 0], "left by {args:?}");
    }
    let exported = regrow(&["export"]).stdout;
    assert!(exported.contains(r#""stream_id":"o1""#), "{exported}");

    // Also when it is killed: the guard sees to it.
    let mut run = start(&["run"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(run.stderr.take().unwrap());
    let (mut first, mut line) = (String::new(), String::new());
    said.read_line(&mut first).unwrap();
    assert!(first.ends_with("(a private PostgreSQL in .regrow/)\n"), "{first}");
    said.read_line(&mut line).unwrap();
    assert!(line.ends_with(": follow\n"), "{line}");
    assert!(!processes_of(&shop).is_empty(), "the control: a server that runs is seen");
    run.kill().unwrap();
    run.wait().unwrap();
    wait_until("the guard", || processes_of(&shop).is_empty());

    // `dev start` keeps it, for as long as one wants.
    let url = start(&["dev", "start", "--json"]).output().unwrap();
    let url: Value = serde_json::from_slice(&url.stdout).unwrap();
    assert_eq!(regrow(&["dev", "url"]).stdout.trim_end(), url["url"].as_str().unwrap());
    assert_eq!(regrow(&["current"]).code, 0);
    assert!(regrow(&["dev", "status"]).stdout.contains("runs, pid "));
    assert_eq!(regrow(&["dev", "stop"]).stdout, ".regrow stopped\n");
    assert_eq!(regrow(&["dev", "stop"]).stdout, ".regrow was not running\n");
    assert_eq!(processes_of(&shop), [""; 0]);
    assert!(!shop.join(".regrow/run/.s.PGSQL.5432").exists());
}
