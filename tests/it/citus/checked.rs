//! What Citus cannot do is a sentence before a rebuild begins.

use super::nodes::Nodes;
use super::orders;
use crate::bench::Project;

const SCHEMA: &str = "projections/order_summary/schema/V1__order_summary.sql";

/// `check` and `rebuild` both say it, `check` with the place.
#[track_caller]
fn is_refused(project: &Project, projection: &str, place: &str, why: &str) {
    let checked = project.run(&["check"]);
    assert_eq!(checked.code, 1, "{}{}", checked.stdout, checked.stderr);
    let line = checked.stdout.lines().find(|line| line.contains(why));
    assert!(line.is_some_and(|line| line.contains(place)), "{}", checked.stdout);
    let rebuilt = project.run(&["rebuild", projection]);
    assert!(rebuilt.code == 1 && rebuilt.stderr.contains(why), "{}", rebuilt.stderr);
    let builds = "SELECT count(*) FROM regrow.build";
    assert_eq!(project.reads().query_one(builds, &[]).unwrap().get::<_, i64>(0), 0);
}

#[test]
fn what_citus_takes_is_nothing_to_complain_about() {
    let project = orders(Nodes::shared());
    let checked = project.ok(&["check"]);
    assert!(!checked.contains("problem") && !checked.contains("Citus"), "{checked}");
    let explained = project.ok(&["rebuild", "order_summary", "--explain"]);
    assert!(explained.contains("native"), "{explained}");
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%order\\_summary%' OR nspname LIKE '%scratch%'";
    assert_eq!(project.reads().query_one(schemas, &[]).unwrap().get::<_, i64>(0), 0);
}

#[test]
fn a_key_without_the_distribution_column() {
    let project = orders(Nodes::shared());
    let text = project.read(SCHEMA);
    project.write(SCHEMA, &text.replace("'order_summary', 'id'", "'order_summary', 'customer_id'"));
    is_refused(&project, "order_summary", SCHEMA, "cannot create constraint on \"order_summary\"");
}

#[test]
fn a_foreign_key_between_tables_that_lie_apart() {
    let project = orders(Nodes::shared());
    let text = project.read(SCHEMA);
    let more = "CREATE TABLE item (id text PRIMARY KEY, order_id text REFERENCES order_summary (id));\n\
                SELECT create_distributed_table('item', 'id');\n";
    project.write(SCHEMA, &format!("{text}{more}"));
    is_refused(&project, "order_summary", SCHEMA, "cannot create foreign key constraint");
}

#[test]
fn a_statement_over_tables_that_lie_apart() {
    let project = orders(Nodes::shared());
    let schema = "projections/customer_activity/schema/V1__customer_activity.sql";
    let text = project.read(schema);
    let apart = "SELECT create_distributed_table('customer_order', 'order_id');";
    project.write(schema, &text.replace("SELECT create_reference_table('customer_order');", apart));
    let handlers = "projections/customer_activity/handlers.sql:";
    is_refused(
        &project,
        "customer_activity",
        handlers,
        "Citus cannot run this on tables that lie on several nodes",
    );
}

#[test]
fn a_statement_that_changes_the_distribution_column() {
    let project = orders(Nodes::shared());
    let handlers = "projections/order_summary/handlers.sql";
    let text = project.read(handlers);
    project.write(
        handlers,
        &format!(
            "{text}\n-- on OrderMoved\nUPDATE order_summary SET id = :to WHERE id = :order_id;\n"
        ),
    );
    is_refused(
        &project,
        "order_summary",
        handlers,
        "modifying the partition value of rows is not allowed",
    );
}
