//! What a command cannot print is not taken for printed.

use std::fs::OpenOptions;
use std::process::Stdio;

use crate::bench::Project;

#[test]
fn an_answer_that_is_lost_ends_with_an_error_and_a_closed_pipe_does_not() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let asking: [&[&str]; 10] = [
        &["heads"],
        &["branches"],
        &["history"],
        &["current", "--json"],
        &["status"],
        &["census", "--json"],
        &["migrate", "--sql", "base:head"],
        &["completions", "bash"],
        &["show", "head"],
        &["export", "-"],
    ];
    for args in asking {
        let mut command = project.command(args);
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ended = command.stdout(full).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        let is_empty = project.run(args).stdout.is_empty();
        if is_empty {
            continue;
        }
        assert_eq!(ended.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.contains("No space left on device"), "{args:?}: {said}");
        assert!(!said.contains("panicked"), "{args:?}: {said}");
        let mut command = project.command(args);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = command.stdout(Stdio::from(writer)).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(0), "{args:?}: {said}");
    }
    // What was done is done, and it is said that only the answer is lost.
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ended = project
        .command(&["rebuild", "customer_activity", "--promote", "--json"])
        .stdout(full)
        .output();
    let ended = ended.unwrap();
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("\"output-failed\"") && said.contains("is done"), "{said}");
    assert!(project.ok(&["status"]).contains("customer_activity__b1"));
}
