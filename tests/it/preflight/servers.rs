//! Settings of roles, and the room a server has.

use super::{has, look, one, orders, refused, says, severe};
use crate::bad_input::Role;
use crate::bench::{Database, Project, rows};
use crate::first_light::ORDERS;

fn set(project: &Project, role: &Role, sql: &str) {
    project.events().batch_execute(&sql.replace("NAME", role.name())).unwrap();
}

#[test]
fn a_read_only_role_is_refused_and_so_is_its_resume() {
    let role = Role::new("preflight_only", "SUPERUSER");
    let project = orders("");
    let url = role.url(&project);
    let with = ["--database-url", url.as_str()];
    set(&project, &role, "ALTER ROLE NAME SET default_transaction_read_only = on");
    let found = look(&project, &with, 1);
    assert_eq!(severe(&found), ["refused read-only"]);
    let next = format!("ALTER ROLE {} SET default_transaction_read_only = off;", role.name());
    assert_eq!(one(&found, "read-only")["next"], next.as_str());
    refused(&project, &with, 1, &["are read-only", &next]);
    assert_eq!(rows(&mut project.reads(), "SELECT id FROM regrow.build"), [""; 0]);

    // A build that an event stopped; what stopped it is mended.
    let bad = "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
               VALUES ('bad', 0, 'OrderCreated', '{}')";
    project.events().batch_execute(bad).unwrap();
    assert_eq!(project.run(&["rebuild", "order_summary"]).code, 1);
    project
        .events()
        .batch_execute("DELETE FROM event_store.events WHERE stream_id = 'bad'")
        .unwrap();
    let audit = "SELECT count(*) FROM regrow.audit";
    let before = rows(&mut project.reads(), audit);
    let resume = ["resume", "order_summary", "--database-url", &url];
    let ran = project.run(&resume);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("are read-only") && ran.stderr.contains(&next), "{}", ran.stderr);
    assert_eq!(rows(&mut project.reads(), audit), before, "nothing was moved");
    project.events().batch_execute(&next).unwrap();
    project.ok(&resume);
}

#[test]
fn a_log_that_may_only_be_read_is_enough() {
    let role = Role::new("preflight_log", "SUPERUSER");
    let mut project = Project::orders();
    project.read_models = Some(Database::new());
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    let there = project.database.name();
    let only = "SET default_transaction_read_only = on";
    set(&project, &role, &format!("ALTER ROLE NAME IN DATABASE {there} {only}"));
    let url = role.url(&project);
    let found = look(&project, &["--database-url", &url], 0);
    assert_eq!(severe(&found), [""; 0]);
    says(one(&found, "read-only"), &["a rebuild only reads there"]);
    project.ok(&["rebuild", "order_summary", "--promote", "--database-url", &url]);
}

#[test]
fn settings_of_a_role_that_regrow_sets_itself_are_told_with_both_values() {
    let role = Role::new("preflight_set", "SUPERUSER");
    let project = orders("");
    for setting in ["statement_timeout = '50s'", "lock_timeout = '7s'", "temp_file_limit = '10MB'"]
    {
        set(&project, &role, &format!("ALTER ROLE NAME SET {setting}"));
    }
    let here = project.database.name();
    set(
        &project,
        &role,
        &format!(
            "ALTER ROLE NAME IN DATABASE {here} SET idle_in_transaction_session_timeout = '3s'"
        ),
    );
    let url = role.url(&project);
    let found = look(&project, &["--database-url", &url], 0);
    assert_eq!(severe(&found), [""; 0]);
    let told: Vec<&str> = found
        .iter()
        .filter(|f| f["code"] == "role-settings")
        .map(|f| f["message"].as_str().unwrap())
        .collect();
    let name = role.name();
    assert_eq!(
        told,
        [
            format!(
                "idle_in_transaction_session_timeout is 3000ms, set on the role {name} in the database {here}; \
                 regrow's sessions set 600000ms"
            ),
            format!("lock_timeout is 7000ms, set on the role {name}; regrow's sessions set 0ms"),
            format!(
                "statement_timeout is 50000ms, set on the role {name}; regrow's sessions set 0ms"
            ),
        ]
    );
    says(one(&found, "temp-file-limit"), &["temp_file_limit is 10240kB", name]);
    // And so they do.
    project.ok(&["rebuild", "order_summary", "--promote", "--database-url", &url]);

    set(&project, &role, "ALTER ROLE NAME SET default_transaction_isolation = 'serializable'");
    let found = look(&project, &["--database-url", &url], 0);
    assert_eq!(severe(&found), [""; 0]);
    let isolation = found.iter().find(|f| {
        f["message"].as_str().unwrap().starts_with("default_transaction_isolation is serializable")
    });
    says(isolation.unwrap(), &[role.name(), "regrow's sessions set read committed"]);
}

#[test]
fn a_role_with_fewer_connections_than_a_rebuild_needs() {
    let role = Role::new("preflight_few", "CONNECTION LIMIT 2");
    let project = orders("");
    let url = role.url(&project);
    let found = look(&project, &["--database-url", &url], 1);
    says(one(&found, "few-connections"), &["2 connections", "may need 7"]);
    assert_eq!(one(&found, "few-connections")["severity"], "warning");
    // A session that has looked for a pooler may not be gone yet.
    set(&project, &role, "ALTER ROLE NAME CONNECTION LIMIT 3");
    let named = format!("{url} application_name='regrow connection check'");
    let leaving = postgres::Client::connect(&named, postgres::NoTls).unwrap();
    says(one(&look(&project, &["--database-url", &url], 1), "few-connections"), &["3 connections"]);
    drop(leaving);
    set(&project, &role, "ALTER ROLE NAME CONNECTION LIMIT 50");
    assert!(!has(&look(&project, &["--database-url", &url], 1), "few-connections"));
}
