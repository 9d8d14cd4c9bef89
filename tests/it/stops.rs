//! Commands that are asked to stop while they wait for something that never comes.

use std::fs::File;
use std::io::Write as _;
use std::process::{Child, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::bench::{Project, Ran, rows, wait_until};

const LINE: &str =
    r#"{"stream_id": "s", "stream_version": 0, "type": "OrderPaid", "payload": {"order_id": "o"}}"#;

fn is_asked(child: &Child, how: Signal) {
    kill(Pid::from_raw(child.id().cast_signed()), how).unwrap();
}

/// The input is a pipe that stays open; what came through it so far ends in different places.
fn import_stops(how: Signal, file: &str, given: &[u8]) {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let (reader, mut writer) = std::io::pipe().unwrap();
    let mut import = project.command(&["import", file]);
    import.stdin(reader).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = import.spawn().unwrap();
    writer.write_all(given).unwrap();
    let mut client = project.events();
    let session = "SELECT query FROM pg_stat_activity WHERE datname = current_database() \
                   AND application_name = 'regrow import'";
    wait_until("its session", || !rows(&mut client, session).is_empty());
    is_asked(&child, how);
    let ran = Ran::from(child.wait_with_output().unwrap(), &["import"]);
    drop(writer);
    assert_eq!(ran.code, 130, "{file} behind {given:?}: {}", ran.stderr);
    assert!(ran.stderr.contains("stopped, and nothing was imported"), "{}", ran.stderr);
    wait_until("the session to go", || rows(&mut client, session).is_empty());
    assert_eq!(rows(&mut client, "SELECT count(*) FROM event_store.events"), ["(0)"]);
}

#[test]
fn an_import_that_waits_for_input_stops() {
    let line = format!("{LINE}\n");
    let started = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    for (how, given) in [
        (Signal::SIGTERM, &b""[..]),
        (Signal::SIGINT, line.as_bytes()),
        (Signal::SIGTERM, &line.as_bytes()[..20]),
        (Signal::SIGINT, &started),
    ] {
        import_stops(how, "-", given);
    }
    import_stops(Signal::SIGTERM, "/dev/stdin", line.as_bytes());
}

/// What is read in one piece and what comes in drops is the same input.
#[test]
fn an_import_in_drops_is_whole() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let (reader, writer) = std::io::pipe().unwrap();
    let mut import = project.command(&["import", "-"]);
    let child = import.stdin(reader).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(import);
    let mut writer = File::from(std::os::fd::OwnedFd::from(writer));
    let text =
        format!("{LINE}\n{}\n", LINE.replace("\"stream_version\": 0", "\"stream_version\": 1"));
    for byte in text.as_bytes() {
        writer.write_all(&[*byte]).unwrap();
    }
    drop(writer);
    let ran = Ran::from(child.wait_with_output().unwrap(), &["import"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with("2 events imported"), "{}", ran.stdout);
}
