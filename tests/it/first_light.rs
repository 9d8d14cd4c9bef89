//! The main job, end to end.

use crate::bench::Project;

/// Six events an order, items in three versions.
pub(crate) const ORDERS: &str = include_str!("orders.sql");

#[test]
fn a_projection_is_built_promoted_changed_and_rolled_back() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    project.ok(&["rebuild", "order_summary", "customer_activity", "--promote"]);
    let mut reads = project.reads();
    let total = |reads: &mut postgres::Client| -> (i64, i64) {
        let row = reads
            .query_one(
                "SELECT count(*), sum(item_count)::bigint FROM read_model.order_summary",
                &[],
            )
            .unwrap();
        (row.get(0), row.get(1))
    };
    let before = total(&mut reads);
    assert_eq!(before.0, 1000);

    project.write(
        "projections/order_summary/schema/V2__currency.sql",
        "ALTER TABLE order_summary ADD COLUMN currency text;",
    );
    let handlers = project.read("projections/order_summary/handlers.sql");
    let changed =
        handlers.replace("SET total_amount =", "SET currency = :currency, total_amount =");
    project.write("projections/order_summary/handlers.sql", &changed);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let usd: i64 = reads
        .query_one("SELECT count(*) FROM read_model.order_summary WHERE currency = 'USD'", &[])
        .unwrap()
        .get(0);
    assert_eq!(usd, 1000);

    // Appends after the promote reach both builds, so the way back loses nothing.
    project
        .events()
        .batch_execute(
            r#"SELECT event_store.append('order-x', -1, '[{"type": "OrderCreated", "payload":
               {"order_id": "order-x", "customer_id": "c1", "customer_name": "X"}}]')"#,
        )
        .unwrap();
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(total(&mut reads).0, 1001);
    project.ok(&["rollback", "order_summary"]);
    assert_eq!(total(&mut reads), (1001, before.1));
    let columns: i64 = reads
        .query_one(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'read_model' AND column_name = 'currency'",
            &[],
        )
        .unwrap()
        .get(0);
    assert_eq!(columns, 0);
    project.ok(&["rollback", "order_summary"]);
    assert_eq!(total(&mut reads).0, 1001);
}

#[test]
fn a_promote_tells_of_files_that_have_changed_since_its_build_was_begun() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let path = "projections/order_summary/handlers.sql";
    let handlers = project.read(path);
    let told = "the files of order_summary have changed since order_summary__b";
    for (edit, is_told) in
        [(handlers.clone(), false), (handlers.replace("'pending'", "'new'"), true)]
    {
        project.write(path, &handlers);
        project.ok(&["rebuild", "order_summary"]);
        project.write(path, &edit);
        let ran = project.run(&["promote", "order_summary"]);
        assert_eq!((ran.code, ran.stderr.contains(told)), (0, is_told), "{}", ran.stderr);
    }
}
