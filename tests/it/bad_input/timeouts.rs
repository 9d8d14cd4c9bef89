//! `statement_timeout` of a role: ours count, and both are told.

use super::*;

#[test]
fn a_roles_statement_timeout_does_not_count() {
    let role = Role::new("hasty", "SUPERUSER");
    let project = migrated();
    let set = format!("ALTER ROLE {} SET statement_timeout = '1s'", role.0);
    project.events().batch_execute(&set).unwrap();
    let url = role.url(&project);
    let mut hasty = Client::connect(&url, NoTls).unwrap();
    assert!(hasty.batch_execute("SELECT pg_sleep(2)").is_err(), "the role's timeout is at work");
    project.events().batch_execute(ORDERS).unwrap();
    let slow = "projections/order_summary/schema/V2__slow.sql";
    project.write(slow, "SELECT pg_sleep(1.2);\n");
    project.write("migrations/event_store/V2__slow.sql", "SELECT pg_sleep(1.2);\n");
    project.ok(&["migrate", "--database-url", &url]);
    project.ok(&["rebuild", "order_summary", "--promote", "--database-url", &url]);

    project.write("config.toml", "[migrate]\nstatement_timeout_s = 2\n");
    project.write("migrations/event_store/V3__slow.sql", "SELECT pg_sleep(7200);\n");
    let args = ["migrate", "--database-url", &url];
    let both = [
        "migrations/event_store/V3__slow.sql:1:1: ",
        "canceling statement due to statement timeout",
        "[migrate] statement_timeout_s is 2",
        "the role's own statement_timeout, 1000 ms, does not count",
    ];
    refused(&project, &args, 1, &both);
    assert_eq!(code_of(&project, &args), "statement-cancelled");
    let reset = format!("REASSIGN OWNED BY {} TO regrow; DROP OWNED BY {0}", role.0);
    project.events().batch_execute(&reset).unwrap();
}
