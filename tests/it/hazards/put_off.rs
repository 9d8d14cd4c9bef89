//! Keys and indexes that are put off to the end of a replay: rows are committed without them, and
//! whoever goes on behind a crash makes them before anything looks for a row.

use super::halves::assert_as_the_server_alone;
use super::{killed, one};
use crate::bench::Project;

/// Enough rows for indexes to be set aside, and events for a second session.
const MANY: &str = "INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
    SELECT 'o' || n, v, CASE v WHEN 0 THEN 'OrderCreated' ELSE 'OrderPaid' END, 1, CASE v \
        WHEN 0 THEN jsonb_build_object('order_id', 'o' || n, 'customer_id', 'c' || n % 100, 'customer_name', 'Ann') \
        ELSE jsonb_build_object('order_id', 'o' || n) END \
    FROM generate_series(1, 26000) AS n, generate_series(0, 1) AS v ORDER BY v, n";
/// Events about rows that are there, so that a key is needed: one would be a row twice.
const MORE: &str = "INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
    SELECT 'o' || n, 2, 'OrderShipped', 1, jsonb_build_object('order_id', 'o' || n) FROM generate_series(1, 3000) AS n \
    UNION ALL SELECT 'o1', 3, 'OrderCreated', 1, '{\"order_id\": \"o1\", \"customer_id\": \"c\", \"customer_name\": \"Twice\"}'";
const STEPS: &str = "SELECT count(*) FROM regrow.finish_step";
const KEYS: &str = "SELECT count(*) FROM pg_constraint \
    WHERE contype = 'p' AND conrelid = 'order_summary__b1.order_summary'::regclass";

#[test]
fn keys_that_were_put_off_are_made_before_anything_else() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.write("projections/order_summary/projection.toml", "on_error = \"park\"\n");
    let mut events = project.events();
    events.batch_execute(MANY).unwrap();
    let rebuild = ["rebuild", "order_summary"];
    killed(&project, &rebuild, "native::write::after");
    let mut client = project.reads();
    assert_eq!(
        one::<i64>(&mut client, "SELECT count(*) FROM order_summary__b1.order_summary"),
        26_000
    );
    assert_eq!((one::<i64>(&mut client, STEPS), one::<i64>(&mut client, KEYS)), (2, 0));
    events.batch_execute(MORE).unwrap();
    // Neither half of the work is lost or done twice, whoever was at it.
    let resume = ["resume", "order_summary"];
    killed(&project, &resume, "finish::step::before");
    killed(&project, &resume, "finish::step::after");
    assert!(one::<i64>(&mut client, STEPS) < 2);
    project.ok(&resume);
    assert_eq!((one::<i64>(&mut client, STEPS), one::<i64>(&mut client, KEYS)), (0, 1));
    let status = project.json(&["status"]);
    assert_eq!(status["builds"][0]["state"], "ready");
    assert_eq!(one::<i64>(&mut client, "SELECT count(*) FROM regrow.parked_events"), 1);

    assert_as_the_server_alone(&project, &mut client);
}
