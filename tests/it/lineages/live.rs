//! In place: revisions that run on the build readers see, and those that wait for a rebuild.

use super::{ORDER, STORE, ends, finds, is_clean, live, refused, remove, traces};
use crate::bench::{Project, differences, rows, wait_until};

const HANDLERS: &str = "projections/order_summary/handlers.sql";
const HEAD: [&str; 2] = ["migrate", "order_summary@head"];

fn append(project: &Project, order: &str) {
    let event = format!(
        r#"SELECT event_store.append('{order}', -1, '[{{"type": "OrderCreated", "payload":
           {{"order_id": "{order}", "customer_id": "c1", "customer_name": "X"}}}}]')"#
    );
    project.events().batch_execute(&event).unwrap();
}

fn arrives(project: &Project, order: &str) {
    append(project, order);
    let mut reads = project.reads();
    let there = format!("SELECT FROM read_model.order_summary WHERE id = '{order}'");
    wait_until(order, || !rows(&mut reads, &there).is_empty());
}

#[test]
fn what_needs_no_replay_runs_on_the_live_build_while_rows_go_on() {
    let project = live();
    let mut follower = project.spawn(&["run"]);
    arrives(&project, "before");
    project
        .write(&format!("{ORDER}/V2__i.sql"), "CREATE INDEX by_status ON order_summary (status);");
    project
        .write(&format!("{ORDER}/V3__note.sql"), "ALTER TABLE order_summary ADD COLUMN note text;");
    project
        .write(&format!("{ORDER}/V4__c.sql"), "COMMENT ON COLUMN order_summary.note IS 'by hand';");
    finds(
        &project,
        &["--only", "pending"],
        3,
        &["V3__note of order_summary is pending, and can run in place"],
    );
    let before = traces(&mut project.reads()).len();
    ends(
        &project,
        &["migrate", "order_summary@head", "--dry-run"],
        0,
        &["V2__i (up): one transaction", "SHARE on order_summary"],
    );
    assert_eq!(traces(&mut project.reads()).len(), before);
    let said = "order_summary is at V4__c, 3 revisions applied on order_summary__b1";
    ends(&project, &HEAD, 0, &[said]);
    ends(&project, &HEAD, 0, &["order_summary is at V4__c, nothing to do"]);
    arrives(&project, "behind");
    follower.kill().unwrap();
    follower.wait().unwrap();
    let empty = "SELECT count(*), count(note) FROM read_model.order_summary";
    assert_eq!(rows(&mut project.reads(), empty), ["(1002,0)"], "the view shows the column");
    is_clean(&project);
    ends(&project, &["current", "--check-heads"], 0, &["V4__c (head) on order_summary__b1"]);
    // From the beginning it is the same table and the same rows.
    project.ok(&["rebuild", "order_summary", "--promote"]);
    is_clean(&project);
    let builds = ["order_summary__b1", "order_summary__b2"];
    let [one, other] = builds.map(|b| format!("SELECT * FROM {b}.order_summary"));
    assert_eq!(differences(&mut project.reads(), &one, &other), [""; 0]);
    let [one, other] = builds.map(|b| super::catalog(&project.database.url(), b));
    assert_eq!(one, other);
}

#[test]
fn what_only_a_replay_gives_waits_with_its_reason() {
    let project = live();
    let path = format!("{ORDER}/V2__x.sql");
    let rows_of = "SELECT * FROM order_summary__b1.order_summary ORDER BY id";
    let before = rows(&mut project.reads(), rows_of);
    for (sql, reason) in [
        (
            "SELECT 1;\nUPDATE order_summary SET status = 'x';",
            "rows there are would have to be filled",
        ),
        (
            "SELECT 1;\nALTER TABLE order_summary ADD at timestamptz DEFAULT now();",
            "rows there are",
        ),
        (
            "SELECT 1;\nALTER TABLE order_summary DROP COLUMN item_count;",
            "only a replay gives its rows",
        ),
        ("SELECT 1;\nALTER TABLE order_summary ALTER status TYPE varchar(9);", "only a replay"),
        ("\n-- change: rebuild\nCREATE INDEX i ON order_summary (status);", "only a replay gives"),
        (
            "\n-- change: backfill\nCREATE INDEX i ON order_summary (status);",
            "would have to be filled",
        ),
    ] {
        project.write(&path, sql);
        // The one before it runs, the one behind it waits for it.
        let place = format!("{path}:2:");
        let parts = [
            &place,
            "V2__x waits for a rebuild: ",
            reason,
            "regrow rebuild order_summary --promote",
        ];
        ends(&project, &HEAD, 3, &parts);
        finds(&project, &["--only", "pending"], 3, &[&place, reason]);
        assert_eq!(rows(&mut project.reads(), rows_of), before, "{sql}");
    }
    project.write(&format!("{ORDER}/V3__y.sql"), "COMMENT ON TABLE order_summary IS 'y';");
    let both = ends(&project, &HEAD, 3, &["V3__y waits for a rebuild: it comes after V2__x"]);
    assert!(both.stdout.starts_with("order_summary is at V1__order_summary, nothing to do on"));
    project.ok(&["rebuild", "order_summary", "--promote"]);
    ends(&project, &HEAD, 0, &["order_summary is at V3__y, nothing to do"]);
    is_clean(&project);
}

#[test]
fn a_head_can_say_that_it_is_in_place_and_is_not_believed_blindly() {
    let project = live();
    let path = format!("{ORDER}/V2__x.sql");
    let before = traces(&mut project.reads());
    let rename = "-- change: in place\nALTER TABLE order_summary RENAME COLUMN status TO state;";
    project.write(&path, rename);
    let parts = [
        "V2__x of order_summary is said to be in place, but the live build's handlers do not fit",
        "status",
        "regrow rebuild order_summary --promote",
    ];
    refused(&project, &HEAD, 1, &parts);
    let history = "SELECT version FROM order_summary__b1.refinery_schema_history";
    assert_eq!(rows(&mut project.reads(), history), ["(1)"], "nothing of it is kept");
    let lines = |traces: &[String]| {
        traces.iter().filter(|t| t.contains("order_summary__b1")).cloned().collect::<Vec<_>>()
    };
    assert_eq!(lines(&traces(&mut project.reads())), lines(&before));
    project.write(
        &path,
        "-- change: in place\nUPDATE order_summary SET customer_name = upper(customer_name);",
    );
    ends(&project, &HEAD, 0, &["order_summary is at V2__x, 1 revision applied"]);
    let upper = "SELECT FROM read_model.order_summary WHERE customer_name <> upper(customer_name)";
    assert_eq!(rows(&mut project.reads(), upper).len(), 0);
    let alone = format!("{ORDER}/V3__alone.sql");
    project.write(
        &alone,
        "-- transaction: none\n-- change: in place\nALTER TABLE order_summary RENAME status TO state;\nVACUUM;",
    );
    let parts = [&format!("{alone}:2:1: V3__alone waits"), "it could not be taken back"];
    ends(&project, &HEAD, 3, &parts);
    project.write(&path, "-- change: sometimes\nSELECT 1;");
    refused(
        &project,
        &HEAD,
        1,
        &[&format!("{path}:1:1: 'change: sometimes' is not known; 'in place'")],
    );
}

#[test]
fn handlers_that_changed_with_it_wait_for_the_rebuild() {
    let project = live();
    let handlers = project.read(HANDLERS);
    project.write(HANDLERS, &handlers.replace("'shipped'", "'sent'"));
    project.write(&format!("{ORDER}/V2__i.sql"), "CREATE INDEX i ON order_summary (status);");
    ends(&project, &HEAD, 3, &["V2__i waits for a rebuild: its handlers changed, too"]);
    project.write(HANDLERS, &handlers);
    let upcaster = "migrations/events/OrderItemAdded.toml";
    let steps = project.read(upcaster);
    project.write(upcaster, &format!("{steps}\n[[step]]\nfrom = 3\nset = {{ x = 1 }}\n"));
    ends(&project, &HEAD, 3, &["V2__i waits for a rebuild: its upcasters changed, too"]);
    project.write(upcaster, &steps);
    ends(&project, &HEAD, 0, &["order_summary is at V2__i"]);
}

#[test]
fn a_candidate_on_its_way_is_not_overtaken() {
    let project = live();
    let handlers = project.read(HANDLERS);
    project.write(HANDLERS, &handlers.replace("'shipped'", "'sent'"));
    project.ok(&["rebuild", "order_summary"]);
    project.write(&format!("{ORDER}/V2__i.sql"), "CREATE INDEX i ON order_summary (status);");
    let parts = [
        "order_summary__b2 is ready: a migration beside it would be lost",
        "regrow prune order_summary --unfinished",
    ];
    refused(&project, &HEAD, 6, &parts);
    project.ok(&["prune", "order_summary", "--unfinished"]);
    project.write(HANDLERS, &handlers);
    ends(&project, &HEAD, 0, &["order_summary is at V2__i"]);
    let args = ["migrate", "customer_activity@head"];
    refused(
        &project,
        &args,
        1,
        &["customer_activity was never built", "regrow rebuild customer_activity"],
    );
}

#[test]
fn migrate_all_brings_everything_that_can_and_the_way_back_still_works() {
    let project = live();
    project.write("projections/order_summary/checks.sql", "");
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    project.write(&format!("{STORE}/V2__x.sql"), "CREATE TABLE event_store.x ();");
    project
        .write(&format!("{ORDER}/V2__note.sql"), "ALTER TABLE order_summary ADD COLUMN note text;");
    let other = "projections/customer_activity/schema/V2__r.sql";
    project.write(other, "-- change: rebuild\nSELECT 1;");
    let parts = [
        "event_store is at V2__x, 1 revision applied",
        "order_summary is at V2__note, 1 revision applied on order_summary__b2",
        "projections/customer_activity/schema/V2__r.sql:1:1: V2__r waits for a rebuild",
    ];
    ends(&project, &["migrate", "--all"], 3, &parts);
    let value = project.run(&["migrate", "--all", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&value.stdout).unwrap();
    assert_eq!(value["projections"][0]["waiting"][0]["revision"], "V2__r", "{value}");
    remove(&project, other);
    ends(&project, &["migrate", "--all"], 0, &["event_store is at V2__x, nothing to do"]);
    refused(&project, &["migrate", "--all", "head"], 2, &["--all"]);
    let columns = "SELECT attname FROM pg_attribute \
                   WHERE attrelid = 'read_model.order_summary'::regclass AND attname = 'note'";
    assert_eq!(rows(&mut project.reads(), columns), ["(note)"]);
    project.ok(&["rollback", "order_summary"]);
    assert_eq!(rows(&mut project.reads(), columns), [""; 0]);
    append(&project, "later");
    project.ok(&["run", "--until-caught-up"]);
    project.ok(&["rollback", "order_summary"]);
    assert_eq!(rows(&mut project.reads(), columns), ["(note)"]);
    let later = "SELECT id FROM read_model.order_summary WHERE id = 'later' AND note IS NULL";
    assert_eq!(rows(&mut project.reads(), later), ["(later)"]);
    is_clean(&project);
}
