//! The log on one server, the read models on another.

use super::{Running, append_orders, change_order_summary, one, oracle, position, state};
use crate::bench::{Database, Project, wait_until};

#[test]
fn two_servers() {
    let mut project = Project::orders();
    project.read_models = Some(Database::on_another_server());
    project.ok(&["migrate"]);
    let (mut events, mut reads) = (project.events(), project.reads());
    let system = "SELECT system_identifier::text FROM pg_control_system()";
    assert_ne!(one::<String>(&mut events, system), one::<String>(&mut reads, system));
    append_orders(&mut events, 64);
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let there = "SELECT count(*) FROM pg_namespace WHERE nspname IN ('regrow', 'read_model')";
    assert_eq!(one::<i64>(&mut events, there), 0, "the log's server holds no read model");
    oracle::build_is_right(&project, "order_summary", "order_summary__b1", false);
    oracle::build_is_right(&project, "customer_activity", "customer_activity__b1", false);

    let follower = Running::start(&project, &["run"]);
    change_order_summary(&project);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    assert_eq!(state(&mut reads, "order_summary__b2"), "live");
    events
        .batch_execute(
            r#"SELECT event_store.append('order-x', -1, '[{"type": "OrderCreated", "payload":
               {"order_id": "order-x", "customer_id": "c1", "customer_name": "X"}}]')"#,
        )
        .unwrap();
    let last: i64 = one(&mut events, "SELECT max(position) FROM event_store.events");
    for build in ["order_summary__b1", "order_summary__b2", "customer_activity__b1"] {
        wait_until("the follower to catch up", || position(&mut reads, build) >= last);
    }
    project.ok(&["rollback", "order_summary"]);
    assert_eq!(state(&mut reads, "order_summary__b1"), "live");
    let shown = "SELECT count(*) FROM read_model.order_summary WHERE id = 'order-x'";
    assert_eq!(one::<i64>(&mut reads, shown), 1, "the retired build was followed");
    project.ok(&["rollback", "order_summary"]);
    assert_eq!(state(&mut reads, "order_summary__b2"), "live");
    assert_eq!(follower.stop().code, 0);
    oracle::build_is_right(&project, "order_summary", "order_summary__b1", false);
    oracle::build_is_right(&project, "order_summary", "order_summary__b2", true);
    oracle::build_is_right(&project, "customer_activity", "customer_activity__b1", false);
}
