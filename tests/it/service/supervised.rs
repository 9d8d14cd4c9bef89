//! What a supervisor sees of `run`: systemd's messages, and signals.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use nix::sys::signal::Signal;

use super::Listening;
use crate::bench::wait_until;
use crate::identity::{append, project};

#[test]
fn systemd_is_told_and_a_hangup_ends_nothing() {
    let project = project();
    append(&mut project.events(), "a", 0..3);
    project.ok(&["rebuild", "seen", "--promote"]);
    let path = project.folder.path().join("notify.sock");
    let socket = UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let receive = || {
        let mut buffer = [0; 1024];
        let length = socket.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..length].to_vec()).unwrap()
    };
    let mut run = Listening::start_with(
        &project,
        &[("NOTIFY_SOCKET", path.to_str().unwrap()), ("WATCHDOG_USEC", "2000000")],
    );
    assert!(receive().starts_with("READY=1\n"));
    // Told again and again, also while there is nothing to do.
    for _ in 0..3 {
        assert_eq!(receive().trim_end(), "WATCHDOG=1");
    }
    run.signal(Signal::SIGHUP);
    wait_until("it to say that it goes on", || run.said().contains("SIGHUP: nothing is read anew"));
    append(&mut project.events(), "a", 3..4);
    run.wait_to_say("/status.json", 200, "\"position\":4");
    run.signal(Signal::SIGTERM);
    assert!(run.child().wait().unwrap().success());
    let last = std::iter::repeat_with(receive).find(|said| !said.starts_with("WATCHDOG")).unwrap();
    assert_eq!(last.trim_end(), "STOPPING=1");
}

/// The control: what is not a service ends with its terminal.
#[test]
fn a_rebuild_ends_at_a_hangup() {
    let project = project();
    append(&mut project.events(), "a", 0..50);
    project.write("config.toml", "[rebuild]\nbatch_events = 1\n");
    project.write("projections/seen/projection.toml", "engine = \"sql\"\n");
    let mut rebuild = project.command(&["rebuild", "seen"]);
    rebuild.env("FAILPOINTS", "apply::call::after=sleep(300)");
    let mut child = rebuild.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut heard = crate::bench::Heard::of(&mut child);
    heard.wait_for("seen__b1: replay");
    let pid = nix::unistd::Pid::from_raw(child.id().cast_signed());
    nix::sys::signal::kill(pid, Signal::SIGHUP).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
}
