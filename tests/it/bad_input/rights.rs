//! Rights that are missing.

use super::*;

#[test]
fn missing_rights_are_named_before_anything_is_begun() {
    let role = Role::new("reader", "");
    let project = migrated();
    project.events().batch_execute(ORDERS).unwrap();
    let url = role.url(&project);
    let rebuild = ["rebuild", "order_summary", "--database-url", &url];
    let admin = &mut project.events();
    let mut grant = |sql: &str| admin.batch_execute(&sql.replace("ROLE", &role.0)).unwrap();

    let parts = ["permission denied for schema event_store", "GRANT USAGE ON SCHEMA event_store"];
    refused(&project, &["census", "--database-url", &url], 1, &parts);
    refused(&project, &rebuild, 1, &["may not use the schema event_store", parts[1]]);
    grant("GRANT USAGE ON SCHEMA event_store TO ROLE");
    let parts =
        ["permission denied for table events", "GRANT SELECT ON TABLE event_store.events TO"];
    refused(&project, &rebuild, 1, &["may not read the event log event_store.events"]);
    refused(&project, &["status", "--database-url", &url], 1, &["schema regrow"]);
    refused(&project, &["export", "--database-url", &url], 1, &parts);
    grant("GRANT SELECT ON event_store.events TO ROLE");
    let parts = ["may not read event_store.events_position_seq", "GRANT SELECT ON SEQUENCE"];
    refused(&project, &rebuild, 1, &parts);
    grant("GRANT SELECT ON SEQUENCE event_store.events_position_seq TO ROLE");
    let parts = ["may not work with the ledger", "GRANT USAGE ON SCHEMA regrow"];
    refused(&project, &rebuild, 1, &parts);
    grant("GRANT USAGE ON SCHEMA regrow TO ROLE; GRANT ALL ON ALL TABLES IN SCHEMA regrow TO ROLE");
    let parts = ["may not make schemas in the database t", "GRANT CREATE ON DATABASE t"];
    refused(&project, &rebuild, 1, &parts);
    assert_eq!(rows(&mut project.reads(), "SELECT id FROM regrow.build"), [""; 0]);
    project
        .events()
        .batch_execute(&format!(
            "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO {}', current_database()); END $$",
            role.0
        ))
        .unwrap();
    project.ok(&rebuild);
    project
        .events()
        .batch_execute(&format!("REASSIGN OWNED BY {} TO regrow; DROP OWNED BY {0}", role.0))
        .unwrap();
}

#[test]
fn a_role_that_may_not_create_cannot_migrate() {
    let role = Role::new("nobody", "");
    let project = Project::orders();
    let args = ["migrate", "--database-url", &role.url(&project)];
    refused(&project, &args, 1, &["permission denied for database", "GRANT CREATE ON DATABASE"]);
}
