//! Members that come only now and then: of what failed, of what differs, of drafts and of dry runs.

use super::{Shapes, is_a_line};
use crate::bench::{Project, Ran};
use crate::face::one_value;
use crate::first_light::ORDERS;

/// Runs commands and takes note of what they print.
struct Seer<'s> {
    project: Project,
    shapes: &'s mut Shapes,
}

impl Seer<'_> {
    fn see(&mut self, args: &[&str], code: i32) -> serde_json::Value {
        let value = one_value(&self.project, args, code);
        self.shapes.note(args, &value);
        value
    }

    /// The same of an error, which stands on stderr.
    fn see_error(&mut self, args: &[&str], code: i32) {
        let ran = self.project.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, code, "{args:?}: {}{}", ran.stdout, ran.stderr);
        let last = ran.stderr.lines().last().unwrap_or_default();
        self.shapes.note(args, &serde_json::from_str(last).unwrap());
    }

    fn write(&self, path: &str, text: &str) {
        self.project.write(path, text);
    }
}

#[test]
fn members_that_come_now_and_then_stay() {
    let mut shapes = Shapes::default();
    let filled = || {
        let project = Project::orders();
        project.ok(&["migrate"]);
        project.events().batch_execute(ORDERS).unwrap();
        project
    };
    of_plans(Seer { project: Project::orders(), shapes: &mut shapes });
    of_live_builds(Seer { project: filled(), shapes: &mut shapes });
    of_failures(Seer { project: filled(), shapes: &mut shapes });
    of_parked_events(Seer { project: filled(), shapes: &mut shapes });
    of_differences(Seer { project: filled(), shapes: &mut shapes });
    of_drafts(Seer { project: filled(), shapes: &mut shapes });
    of_streams(Seer { project: filled(), shapes: &mut shapes });
    shapes.are_those_of("now_and_then.txt");
}

/// Scripts, dry runs and ways back.
fn of_plans(mut seer: Seer<'_>) {
    seer.see(&["migrate", "--sql", "head"], 0);
    seer.see(&["stamp", "--sql", "head"], 0);
    seer.see(&["migrate", "--dry-run"], 0);
    seer.see_error(&["census"], 1);
    seer.see(&["migrate", "--all"], 0);
    seer.see(&["downgrade", "base", "--dry-run"], 0);
    seer.see(&["history", "-i"], 0);
    seer.see(&["show", "order_summary@head"], 0);
    seer.write("migrations/event_store/V2__more.sql", "CREATE TABLE more (id int);");
    seer.write("migrations/event_store/V2__more.down.sql", "SELECT 1;");
    seer.see(&["verify-down", "-l", "event_store"], 10);
    seer.write(
        "migrations/event_store/V3__table.sql",
        "ALTER TABLE more ALTER COLUMN id TYPE bigint;",
    );
    seer.see(&["check", "--only", "migrations", "--only", "pending"], 8);
    seer.see(&["dev", "start"], 0);
    seer.see(&["dev", "status"], 0);
    seer.see(&["dev", "stop"], 0);
    seer.see(&["dev", "status"], 0);
}

/// Revisions on live builds.
fn of_live_builds(mut seer: Seer<'_>) {
    seer.project.ok(&["rebuild", "order_summary", "--promote"]);
    seer.see(&["trace", "order_summary", "--key", "id=order-3", "--payload"], 0);
    seer.see(&["trace", "order_summary", "--event", "3", "--payload"], 0);
    seer.see(&["preview", "list"], 0);
    let schema = "projections/order_summary/schema";
    seer.write(
        &format!("{schema}/V2__note.sql"),
        "ALTER TABLE order_summary ADD COLUMN note text;",
    );
    seer.see(&["migrate", "order_summary@head", "--dry-run"], 0);
    seer.see(&["migrate", "--all"], 0);
    let waits = "ALTER TABLE order_summary ALTER COLUMN item_count TYPE bigint;";
    seer.write(&format!("{schema}/V3__count.sql"), waits);
    seer.see(&["migrate", "order_summary@head", "--dry-run"], 0);
    seer.see(&["migrate", "order_summary@head"], 3);
}

/// Events that stop a build, hooks that fail, a live build that is stopped.
fn of_failures(mut seer: Seer<'_>) {
    seer.project.ok(&["rebuild", "order_summary", "--promote"]);
    let broken =
        "SELECT event_store.append('o', -1, '[{\"type\": \"OrderCreated\", \"payload\": {}}]')";
    seer.project.events().batch_execute(broken).unwrap();
    seer.see(&["rebuild", "customer_activity"], 1);
    seer.see(&["rebuild", "customer_activity", "--show-payload"], 1);
    seer.see_error(&["run", "--until-caught-up"], 1);
    seer.see(&["status", "--show-payload"], 0);
    seer.see(&["trace", "order_summary", "--event", "6001"], 0);
    seer.see(&["census"], 0);
    seer.see(&["check", "--only", "handlers"], 1);
    let skip = "on_error = \"skip\"\n";
    seer.write("projections/order_summary/projection.toml", skip);
    seer.write("config.toml", "[hooks]\nafter_promote = [\"false\"]\n");
    seer.see(&["rebuild", "order_summary", "--promote", "--accept-skipped"], 1);
    seer.see(&["status"], 0);
    seer.see(&["rollback", "order_summary", "--stale"], 1);
    seer.see(&["trace", "order_summary", "--key", "id=order-3"], 0);
}

/// Events that are parked, shown, tried again and forgotten.
fn of_parked_events(mut seer: Seer<'_>) {
    seer.write("projections/order_summary/projection.toml", "on_error = \"park\"\n");
    let broken = "SELECT event_store.append('order-3', NULL, '[{\"type\": \"OrderItemAdded\", \"schema_version\": 3, \
                  \"payload\": {\"order_id\": \"order-3\", \"quantity\": \"many\", \"unit_price_cents\": 1, \"currency\": \"USD\"}}]')";
    seer.project.events().batch_execute(broken).unwrap();
    seer.see(&["rebuild", "order_summary", "--promote"], 0);
    seer.see(&["parked", "list"], 0);
    seer.see(&["parked", "show", "order_summary", "6001"], 0);
    seer.see(&["parked", "show", "order_summary", "6001", "--show-payload"], 0);
    seer.see(&["parked", "retry", "order_summary", "--all"], 1);
    seer.see(&["trace", "order_summary", "--key", "id=order-3"], 0);
    seer.see(&["trace", "order_summary", "--event", "6001"], 0);
    let mended = "ALTER TABLE event_store.events DISABLE TRIGGER USER; UPDATE event_store.events \
                  SET payload = jsonb_set(payload::jsonb, '{quantity}', '2')::text::json WHERE position = 6001";
    seer.project.events().batch_execute(mended).unwrap();
    seer.see(&["parked", "retry", "order_summary", "--position", "6001"], 0);
    seer.see(&["parked", "drop", "order_summary", "--all"], 0);
}

/// Builds, tests and tables that are not what they should be.
fn of_differences(mut seer: Seer<'_>) {
    seer.project.ok(&["rebuild", "order_summary", "--promote"]);
    seer.project.ok(&["rebuild", "order_summary"]);
    let changed = "UPDATE order_summary__b1.order_summary SET total_amount = -1 WHERE id = 'order-3'; \
                   DELETE FROM order_summary__b1.order_summary WHERE id = 'order-4'";
    seer.project.reads().batch_execute(changed).unwrap();
    let compare = ["verify", "order_summary", "--against", "1", "--build", "2"];
    seer.see(&compare, 10);
    seer.see(&[&compare[..], &["--show-values"]].concat(), 10);
    seer.see(&[&compare[..], &["--sample", "5", "--seed", "1"]].concat(), 0);
    seer.see(&["verify", "order_summary", "--live", "--show-values"], 10);
    seer.see(&["status"], 0);
    seer.see(&["trace", "order_summary", "--key", "id=order-3"], 10);
    seer.see(&["rebuild", "order_summary", "--promote", "--verify"], 10);
    seer.see(&["retire", "order_summary", "--dry-run"], 0);
    let of_others = "CREATE VIEW public.others AS SELECT * FROM order_summary__b2.order_summary";
    seer.project.reads().batch_execute(of_others).unwrap();
    seer.see(&["prune", "order_summary__b2", "--dry-run"], 0);
    let given = "[[given]]\ntype = 'OrderCreated'\npayload = { order_id = 'a', customer_id = 'c', customer_name = 'n' }\n\n";
    let test = |name: &str, expect: &str| {
        seer.write(
            &format!("projections/order_summary/tests/{name}.toml"),
            &format!("{given}{expect}"),
        );
    };
    test("value", "[[expect.order_summary]]\nid = 'a'\nstatus = 'paid'\n");
    test("missing", "[[expect.order_summary]]\nid = 'b'\n");
    test("table", "[[expect.nosuch]]\nid = 'b'\n");
    seer.see(&["test", "order_summary"], 10);
    seer.see(&["test", "order_summary", "--record", "order-3"], 0);
    seer.see(&["try", "order_summary", "--stream", "order-3"], 0);
}

/// First drafts of files.
fn of_drafts(mut seer: Seer<'_>) {
    seer.see(&["new", "projection", "shelf", "--on", "OrderPaid,OrderItemAdded"], 0);
    seer.see(&["new", "version", "OrderItemAdded"], 0);
    seer.project.ok(&["rebuild", "order_summary"]);
    seer.see(&["preview", "order_summary", "--publish", "soon"], 0);
    seer.see(&["preview", "list"], 0);
    seer.see(&["rebuild", "--preflight", "shelf"], 0);
    seer.see(&["rebuild", "--explain"], 0);
}

/// Rows of streams, and tables of other libraries.
fn of_streams(mut seer: Seer<'_>) {
    seer.see(&["new", "projection", "shelf", "--on", "OrderPaid,OrderItemAdded"], 0);
    seer.project.ok(&["rebuild", "shelf", "--promote"]);
    seer.see(&["rebuild", "shelf", "--stream", "order-3"], 0);
    seer.see(&["trace", "shelf", "--event", "3"], 0);
    let log = "CREATE TABLE public.messages (id uuid UNIQUE, stream_name text, type text, position bigint, \
               global_position bigserial PRIMARY KEY, data jsonb, metadata jsonb, time timestamp)";
    seer.project.events().batch_execute(log).unwrap();
    seer.see(&["adopt"], 0);
}

#[test]
fn lines_of_a_log_of_objects_stay() {
    let mut shapes = Shapes::default();
    let project = Project::orders();
    let mut lines = |args: &[&str]| {
        let ran: Ran = project.run(&[args, &["--log-format", "json"]].concat());
        for line in ran.stderr.lines() {
            let value = serde_json::from_str(line).unwrap();
            is_a_line(&value);
            shapes.note(args, &value);
        }
    };
    lines(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    lines(&["rebuild", "order_summary", "--promote"]);
    lines(&["rebuild", "nosuch"]);
    shapes.are_those_of("lines.txt");
}
