//! Servers without a free connection: asked again for a while, then a sentence.

use std::time::{Duration, Instant};

use super::*;

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
    let mut command = project.command(&args);
    command.env("REGROW_LOG", "debug").stderr(std::process::Stdio::piped());
    let child = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    drop(held);
    let ran = Ran::from(child.wait_with_output().unwrap(), &args);
    says(&ran, &args, 1, &["asked again", "permission denied for schema event_store"]);
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
    let child = project.spawn(&args);
    std::thread::sleep(Duration::from_millis(700));
    drop(held);
    let ran = Ran::from(child.wait_with_output().unwrap(), &args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}
