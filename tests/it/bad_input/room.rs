//! Servers without a free connection: asked again for a while, then a sentence.

use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use super::*;
use crate::bench::Heard;

const SAID: &str = "the server had no free connection for some seconds";

#[test]
fn a_role_at_its_connection_limit_waits_for_a_free_one() {
    let role = Role::new("narrow", "CONNECTION LIMIT 1");
    let project = migrated();
    let url = role.url(&project);
    let held = Client::connect(&url, NoTls).unwrap();
    let args = ["census", "--database-url", &url];
    let began = Instant::now();
    refused(&project, &args, 1, &["too many connections for role", SAID, "CONNECTION LIMIT"]);
    assert!(began.elapsed() > Duration::from_secs(3), "{:?}", began.elapsed());
    assert_eq!(code_of(&project, &args), "too-many-connections");
    // It gets the connection that is let go of meanwhile, and goes as far as its rights.
    let ran = with_room_when_asked_again(&project, &args, held);
    says(&ran, &args, 1, &["permission denied for schema event_store"]);
}

#[test]
fn a_full_server_waits_for_a_free_connection() {
    let database = Database::on_a_small_server();
    let project = Project { database, ..Project::orders() };
    project.ok(&["migrate"]);
    let url = project.database.url();
    let mut held = Vec::new();
    while let Ok(client) = Client::connect(&url, NoTls) {
        held.push(client);
        assert!(held.len() < 100, "the small server takes everybody");
    }
    assert_eq!(code_of(&project, &["status"]), "too-many-connections");
    let args = ["migrate", "--json"];
    let ran = with_room_when_asked_again(&project, &args, held);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

/// Runs a command that finds no room, and lets go of what is held once it has asked again.
fn with_room_when_asked_again<T>(project: &Project, args: &[&str], held: T) -> Ran {
    let mut command = project.command(args);
    command.env("REGROW_LOG", "debug").stderr(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut heard = Heard::of(&mut child);
    heard.wait_for("asked again");
    drop(held);
    let output = child.wait_with_output().unwrap();
    Ran::from(Output { stderr: heard.until_its_end().into_bytes(), ..output }, args)
}
