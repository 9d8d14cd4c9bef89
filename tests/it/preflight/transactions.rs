//! Transactions that hold up a rebuild, by who they are and how long they last.

use postgres::Client;

use super::{has, heed, look, one, orders, says, severe};
use crate::bench::{Project, wait_until};

const SHORT: &str = "[rebuild]\nlong_transaction_s = 1\nbarrier_timeout_s = 1\n";
const APPEND: &str = "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
                      VALUES ('open', 0, 'Unknown', '{}')";

/// What a preflight finds once it finds this.
fn wait_for(project: &Project, code: &str) -> Vec<serde_json::Value> {
    let mut found = Vec::new();
    wait_until(code, || {
        found = look(project, &[], 0);
        has(&found, code)
    });
    found
}

fn pid(client: &mut Client) -> i32 {
    client.query_one("SELECT pg_backend_pid()", &[]).unwrap().get(0)
}

#[test]
fn a_writer_that_does_not_end_is_named() {
    let project = orders(SHORT);
    let mut writer = project.events();
    writer.batch_execute("SET application_name = 'slow shop'").unwrap();
    let pid = pid(&mut writer);
    writer.batch_execute(&format!("BEGIN; {APPEND}")).unwrap();
    let found = wait_for(&project, "long-transaction");
    assert_eq!(severe(&found), ["warning long-transaction"]);
    let finding = one(&found, "long-transaction");
    assert_eq!(finding["object"], "event_store.events");
    let who = format!("pid {pid} (user regrow, slow shop, idle in transaction for 00:");
    says(finding, &[&who, "waits 1 s for it and gives up", "pg_terminate_backend"]);
    // A plain rebuild says so at once, and goes on as far as the barrier lets it.
    let ran = project.run(&["rebuild", "order_summary"]);
    assert_eq!(ran.code, 7, "{}", ran.stderr);
    let (warned, failed) = (ran.stderr.find("warning: pid "), ran.stderr.find("error: "));
    assert!(warned.is_some() && warned < failed, "{}", ran.stderr);
    // One that is younger than the limit is not told.
    project.write("config.toml", "");
    assert!(!has(&look(&project, &[], 0), "long-transaction"));
    project.write("config.toml", SHORT);
    heed(&mut project.events(), finding);
    wait_until("the writer's end", || !has(&look(&project, &[], 0), "long-transaction"));
    assert!(writer.batch_execute("COMMIT").is_err(), "it was ended");
}

#[test]
fn a_prepared_transaction_is_named_with_what_ends_it() {
    let project = orders(SHORT);
    let gid = format!("preflight's {}", project.database.name());
    let mut writer = project.events();
    let prepare = format!("BEGIN; {APPEND}; PREPARE TRANSACTION '{}'", gid.replace('\'', "''"));
    writer.batch_execute(&prepare).unwrap();
    let found = wait_for(&project, "prepared-transaction");
    assert_eq!(severe(&found), ["warning prepared-transaction"]);
    let quoted = format!("'{}'", gid.replace('\'', "''"));
    let finding = one(&found, "prepared-transaction");
    let who = format!("prepared transaction {quoted} (user regrow, for 00:");
    let next = format!("COMMIT PREPARED {quoted}; or ROLLBACK PREPARED {quoted};");
    says(finding, &[&who, &next]);
    says(one(&wait_for(&project, "old-snapshot"), "old-snapshot"), &[&who]);
    heed(&mut writer, finding);
    assert!(!has(&look(&project, &[], 0), "prepared-transaction"));
}

#[test]
fn an_old_snapshot_is_noted() {
    let project = orders(SHORT);
    let mut reader = project.reads();
    reader
        .batch_execute(
            "SET application_name = 'report'; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1",
        )
        .unwrap();
    let found = wait_for(&project, "old-snapshot");
    assert_eq!(severe(&found), [""; 0], "it holds up nobody");
    let who = format!("pid {} (user regrow, report, ", pid(&mut reader));
    says(one(&found, "old-snapshot"), &[&who, "dead rows"]);
    heed(&mut project.reads(), one(&found, "old-snapshot"));
    wait_until("the reader's end", || !has(&look(&project, &[], 0), "old-snapshot"));
}
