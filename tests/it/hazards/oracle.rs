//! What the rows must be, from the log alone.

use postgres::Client;

use crate::bench::{Project, differences, rows};

/// The tables of a build and the columns that are compared.
fn tables(projection: &str, changed: bool) -> Vec<(&'static str, &'static str)> {
    const ORDER: &str =
        "id, customer_id, customer_name, status, total_amount, item_count, created_at";
    const CHANGED: &str =
        "id, customer_id, customer_name, status, total_amount, item_count, created_at, currency";
    const CUSTOMER: &str =
        "id, name, orders_open, orders_shipped, orders_cancelled, spent_cents, last_seen_at";
    match (projection, changed) {
        ("order_summary", false) => vec![("order_summary", ORDER)],
        ("order_summary", true) => vec![("order_summary", CHANGED)],
        _ => vec![
            ("customer_activity", CUSTOMER),
            ("customer_order", "order_id, customer_id, customer_name, amount_cents"),
        ],
    }
}

fn truth(until: &str, table: &str, columns: &str) -> String {
    let fold = include_str!("oracle.sql")
        .replace("{until}", until)
        .replace("{columns}", columns)
        .replace("{table}", table);
    format!("SELECT {columns} FROM ({fold}) AS truth")
}

/// Every build, however far it is, equals its own prefix of the log; gives their number.
pub(crate) fn every_build_is_right(client: &mut Client) -> usize {
    let (builds, wrong) = judge(client);
    let few: Vec<_> = wrong.iter().take(6).collect();
    assert!(wrong.is_empty(), "{} rows differ: {few:#?}", wrong.len());
    builds
}

/// The rows of any build that are not what its own prefix of the log makes, one line each.
pub(crate) fn wrong_rows(client: &mut Client) -> Vec<String> {
    judge(client).1
}

/// The number of builds, and the rows that differ. One statement compares, and so one snapshot: a
/// follower may go on meanwhile.
fn judge(client: &mut Client) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let builds = client
        .query(
            "SELECT b.projection, b.schema_name::text, b.id, \
                    EXISTS (SELECT FROM pg_attribute a WHERE a.attname = 'currency' AND NOT a.attisdropped \
                             AND a.attrelid = to_regclass(format('%I.order_summary', b.schema_name))) \
               FROM regrow.build b WHERE b.state <> 'dropped' ORDER BY b.id",
            &[],
        )
        .unwrap();
    for row in &builds {
        let (projection, schema, id, changed): (String, String, i64, bool) =
            (row.get(0), row.get(1), row.get(2), row.get(3));
        let until = format!("(SELECT position FROM regrow.checkpoint WHERE build_id = {id})");
        for (table, columns) in tables(&projection, changed) {
            let built = format!("SELECT {columns} FROM {schema}.{table}");
            let found = differences(client, &built, &truth(&until, table, columns));
            wrong.extend(found.into_iter().map(|row| format!("{schema}.{table}: {row}")));
        }
    }
    (builds.len(), wrong)
}

/// The same for a build whose log lies on another server.
pub(super) fn build_is_right(project: &Project, projection: &str, schema: &str, changed: bool) {
    let mut reads = project.reads();
    for (table, columns) in tables(projection, changed) {
        let until = super::position(&mut reads, schema).to_string();
        let mut built = rows(&mut reads, &format!("SELECT {columns} FROM {schema}.{table}"));
        let mut right = rows(&mut project.events(), &truth(&until, table, columns));
        built.sort();
        right.sort();
        assert!(!right.is_empty());
        assert_eq!(built.len(), right.len(), "{schema}.{table}");
        for (built, right) in built.iter().zip(&right) {
            assert_eq!(built, right, "{schema}.{table}");
        }
    }
}
