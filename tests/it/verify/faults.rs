//! Seeded faults: handlers that are broken in one way each. Whether one changes a row is told by SQL that shares
//! nothing with the comparison; each that does is found, with its table, a column that differs, and a key, whose trace in both
//! builds shows the event by which they part.

use std::collections::BTreeSet;

use postgres::Client;
use serde_json::Value;

use super::{compared, shop};
use crate::bench::{Project, differences, rows};

const ORDERS: &str = "projections/order_summary/handlers.sql";
const CUSTOMERS: &str = "projections/customer_activity/handlers.sql";
const UPCASTER: &str = "migrations/events/OrderItemAdded.toml";
const TABLES: &str = "projections/order_summary/schema/V1__order_summary.sql";

/// What is broken, in which file, and how.
const FAULTS: &[(&str, &str, &str, &str)] = &[
    (
        "wrong operator",
        CUSTOMERS,
        "customer_activity.orders_open + 1",
        "customer_activity.orders_open - 1",
    ),
    (
        "off by one",
        CUSTOMERS,
        "customer_activity.orders_open + 1",
        "customer_activity.orders_open + 2",
    ),
    ("a column left out", CUSTOMERS, ", last_seen_at = EXCLUDED.last_seen_at", ""),
    ("wrong operator", CUSTOMERS, "spent_cents + (SELECT", "spent_cents - (SELECT"),
    (
        "a column left out",
        CUSTOMERS,
        "),\n       last_seen_at = :event.recorded_at\n WHERE",
        ")\n WHERE",
    ),
    ("not added up", CUSTOMERS, "spent_cents = spent_cents + (SELECT", "spent_cents = (SELECT"),
    ("off by one", CUSTOMERS, "orders_shipped + 1", "orders_shipped + 2"),
    (
        "a decrease left out",
        CUSTOMERS,
        "orders_open - 1, orders_shipped",
        "orders_open, orders_shipped",
    ),
    ("an increase left out", CUSTOMERS, "orders_cancelled + 1", "orders_cancelled"),
    (
        "another column",
        CUSTOMERS,
        "orders_cancelled = orders_cancelled + 1",
        "orders_shipped = orders_shipped + 1",
    ),
    ("a DELETE left out", CUSTOMERS, "DELETE FROM customer_order WHERE order_id = :order_id;", ""),
    (
        "a DELETE of nothing",
        CUSTOMERS,
        "DELETE FROM customer_order WHERE order_id = :order_id",
        "DELETE FROM customer_order WHERE order_id = :order_id || 'x'",
    ),
    (
        "wrong operator",
        CUSTOMERS,
        ":quantity::int * :unit_price_cents::bigint",
        ":quantity::int + :unit_price_cents::bigint",
    ),
    (
        "not added up",
        CUSTOMERS,
        "amount_cents = amount_cents + :quantity",
        "amount_cents = :quantity",
    ),
    (
        "missing WHERE",
        CUSTOMERS,
        "UPDATE customer_order SET customer_name = :name WHERE customer_id = :customer_id",
        "UPDATE customer_order SET customer_name = :name",
    ),
    (
        "a statement left out",
        CUSTOMERS,
        "UPDATE customer_order SET customer_name = :name WHERE customer_id = :customer_id;",
        "",
    ),
    ("a column left out", CUSTOMERS, "SET name = :name, last_seen_at", "SET last_seen_at"),
    (
        "a look-up left out",
        CUSTOMERS,
        "COALESCE((SELECT name FROM customer_activity WHERE id = :customer_id), :customer_name)",
        ":customer_name",
    ),
    (
        "swapped fields",
        CUSTOMERS,
        "VALUES (:order_id, :customer_id,\n",
        "VALUES (:order_id, :customer_name,\n",
    ),
    (
        "swapped columns",
        CUSTOMERS,
        "customer_order (order_id, customer_id, customer_name)",
        "customer_order (order_id, customer_name, customer_id)",
    ),
    (
        "a constant",
        CUSTOMERS,
        "VALUES (:customer_id, :name, :event.recorded_at)",
        "VALUES (:customer_id, :name, '2020-01-01')",
    ),
    (
        "a start that is not used",
        CUSTOMERS,
        "VALUES (:customer_id, :customer_name, 1,",
        "VALUES (:customer_id, :customer_name, 7,",
    ),
    ("a forgotten type", CUSTOMERS, "-- on OrderShipped", "-- on OrderShippedLater"),
    ("a forgotten type", CUSTOMERS, "-- on OrderPaid", "-- on OrderPaidLater"),
    ("a forgotten type", CUSTOMERS, "-- on CustomerRenamed", "-- on CustomerRenamedLater"),
    ("wrong type", CUSTOMERS, "-- on OrderCancelled", "-- on OrderPaid2"),
    ("another word", ORDERS, "'paid'", "'payed'"),
    (
        "missing WHERE",
        ORDERS,
        "SET status = 'shipped' WHERE id = :order_id",
        "SET status = 'shipped'",
    ),
    (
        "a condition too many",
        ORDERS,
        "SET status = 'cancelled' WHERE id = :order_id",
        "SET status = 'cancelled' WHERE id = :order_id AND item_count > 3",
    ),
    (
        "a condition that always holds",
        ORDERS,
        "SET status = 'paid' WHERE id = :order_id",
        "SET status = 'paid' WHERE id = :order_id AND item_count >= 0",
    ),
    ("off by a factor", ORDERS, "/ 100.0", "/ 10.0"),
    ("cut", ORDERS, "/ 100.0", "/ 100"),
    (
        "off by one",
        ORDERS,
        "item_count = item_count + :quantity::int",
        "item_count = item_count + 1",
    ),
    (
        "not added up",
        ORDERS,
        "item_count = item_count + :quantity::int",
        "item_count = :quantity::int",
    ),
    (
        "wrong operator",
        ORDERS,
        "total_amount = total_amount + :quantity",
        "total_amount = total_amount - :quantity",
    ),
    ("another start", ORDERS, "'pending', 0, 0", "'new', 0, 0"),
    ("off by one", ORDERS, "'pending', 0, 0", "'pending', 0, 1"),
    (
        "swapped fields",
        ORDERS,
        ":order_id, :customer_id, :customer_name",
        ":order_id, :customer_name, :customer_id",
    ),
    ("a constant", ORDERS, "0, 0, :event.recorded_at", "0, 0, '2020-01-01'"),
    ("a factor left out", ORDERS, ":quantity::int * :unit_price_cents", ":unit_price_cents"),
    ("a forgotten type", ORDERS, "-- on OrderItemAdded", "-- on OrderItemAddedLater"),
    ("a forgotten type", ORDERS, "-- on OrderShipped", "-- on OrderShippedLater"),
    (
        "the same in other words",
        ORDERS,
        "item_count + :quantity::int",
        ":quantity::int + item_count",
    ),
    (
        "a conflict that never is",
        ORDERS,
        "'pending', 0, 0, :event.recorded_at)",
        "'pending', 0, 0, :event.recorded_at) ON CONFLICT DO NOTHING",
    ),
    (
        "off by a cent in old events",
        UPCASTER,
        "(.unit_price | scaled(2))",
        "((.unit_price | scaled(2)) + 1)",
    ),
    (
        "an upcaster that drops",
        UPCASTER,
        "rename = { price = \"unit_price\" }\ndefault = { currency = \"USD\" }",
        "drop = true",
    ),
    (
        "an upcaster's other field",
        UPCASTER,
        "default = { currency = \"USD\" }",
        "default = { currency = \"EUR\" }",
    ),
    (
        "an upcaster's step left out",
        UPCASTER,
        "rename = { price = \"unit_price\" }\n",
        "set = { unit_price = \"1.00\" }\n",
    ),
    ("a type that rounds", TABLES, "numeric(14, 2)", "numeric(14, 1)"),
];

#[test]
fn every_fault_that_changes_a_row_is_found_with_its_table_column_and_key() {
    let project = shop(2_500);
    // What assertions find is not what this is about.
    for name in ["order_summary", "customer_activity"] {
        std::fs::remove_file(project.folder.path().join(format!("projections/{name}/checks.sql")))
            .unwrap();
    }
    let mut client = project.reads();
    let mut found = 0;
    for name in ["order_summary", "customer_activity"] {
        assert!(!is_found(&project, &mut client, name, "nothing is broken"));
    }
    assert!(FAULTS.len() >= 40, "{}", FAULTS.len());
    for (what, file, from, to) in FAULTS {
        let good = project.read(file);
        let bad = good.replacen(from, to, 1);
        assert_ne!(good, bad, "{what}: {from}");
        project.write(file, &bad);
        let name = if *file == CUSTOMERS { "customer_activity" } else { "order_summary" };
        found += usize::from(is_found(&project, &mut client, name, &format!("{what}: {to:?}")));
        project.write(file, &good);
    }
    println!(
        "{} faults, {found} change a row, and each of these was found and explained",
        FAULTS.len()
    );
    assert!(found >= 30, "only {found} faults change a row");
}

/// Builds a projection as its files are, compares it with the live build, and looks whether what is told is so.
fn is_found(project: &Project, client: &mut Client, name: &str, fault: &str) -> bool {
    project.ok(&["rebuild", name]);
    let ready = "SELECT max(schema_name::text) FROM regrow.build WHERE state = 'ready'";
    let ready: String = client.query_one(ready, &[]).unwrap().get(0);
    let live = format!("{name}__b1");
    let (code, report) = compared(project, &[name, "--show-values"]);
    let tables = rows(
        client,
        &format!(
            "SELECT tablename FROM pg_tables WHERE schemaname = '{live}' \
        AND tablename NOT LIKE 'ref%' AND tablename NOT LIKE 'regrow%' ORDER BY 1"
        ),
    );
    let mut differ = false;
    for table in tables.iter().map(|t| t.trim_matches(['(', ')'])) {
        let [one, other] = [&ready, &live].map(|s| format!("SELECT t::text FROM {s}.{table} t"));
        let rows_differ = differences(client, &one, &other);
        let told = super::table(&report, table);
        let counts =
            ["changed", "only_in_build", "only_in_against"].map(|n| told[n].as_u64().unwrap());
        // A changed row is one of each side.
        let sides = [2 * counts[0], counts[1], counts[2]].iter().sum::<u64>();
        assert_eq!(rows_differ.len() as u64, sides, "{fault}: {table}: {told}");
        assert_eq!(counts.iter().sum::<u64>() > 0, !rows_differ.is_empty(), "{fault}: {report}");
        if !rows_differ.is_empty() {
            look_closer(client, (&ready, &live, table), told, fault);
            if !differ {
                parts_at_an_event(project, (name, &ready, table), told, fault);
            }
            differ = true;
        }
    }
    let other_types = report["tables"].as_array().unwrap().iter();
    let other_types = other_types.flat_map(|t| t["types"].as_array().unwrap()).count() > 0;
    assert_eq!(code == 10, differ || other_types, "{fault}: {report}");
    project.ok(&["prune", name, "--unfinished"]);
    differ
}

/// Whether traces of the first key in both builds end with the rows of the tables, and differ in an event.
fn parts_at_an_event(
    project: &Project,
    (name, ready, table): (&str, &str, &str),
    told: &Value,
    fault: &str,
) {
    let key = &told["samples"][0]["key"][0];
    let [column, value] = ["column", "value"].map(|part| key[part].as_str().unwrap());
    let (row, key) = (format!("{name}.{table}"), format!("{column}={value}"));
    let number = ready.rsplit_once("__b").unwrap().1;
    let changes = [number, "1"].map(|build| {
        let traced = project.json(&["trace", &row, "--key", &key, "--build", build]);
        assert_eq!(traced["agrees"], true, "{fault}: {traced}");
        let changes = traced["changes"].as_array().unwrap().iter();
        let of =
            |change: &Value| ["position", "part", "type", "columns"].map(|n| change[n].clone());
        changes.map(of).collect::<Vec<_>>()
    });
    let [one, other] = &changes;
    let nth = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let event = one.get(nth).or_else(|| other.get(nth));
    let [position, _, event_type, _] = event.unwrap_or_else(|| panic!("{fault}: {key}: no event"));
    println!("{fault}: {table}, {key}: event {position}, {event_type}");
}

/// Whether the columns are those that differ, in as many rows, and the keys are of rows that do.
fn look_closer(
    client: &mut Client,
    (ready, live, table): (&str, &str, &str),
    told: &Value,
    fault: &str,
) {
    let key = told["key"][0].as_str().unwrap();
    let columns = rows(
        client,
        &format!(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = '{live}' AND table_name = '{table}'"
        ),
    );
    let mut expected = BTreeSet::new();
    for column in columns.iter().map(|c| c.trim_matches(['(', ')'])) {
        let count = format!(
            "SELECT count(*), min(one.{key} COLLATE \"C\") FROM {ready}.{table} one JOIN {live}.{table} other USING ({key}) \
              WHERE one.{column}::text IS DISTINCT FROM other.{column}::text"
        );
        let row = client.query_one(&count, &[]).unwrap();
        let (count, lowest): (i64, Option<String>) = (row.get(0), row.get(1));
        if count > 0 {
            expected.insert((column.to_owned(), count, lowest.unwrap()));
        }
    }
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let told_columns: BTreeSet<(String, i64, String)> = told["columns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| {
            (text(&c["column"]), c["rows"].as_i64().unwrap(), text(&c["first_key"][0]["value"]))
        })
        .collect();
    assert_eq!(told_columns, expected, "{fault}: {table}");
    let samples = told["samples"].as_array().unwrap();
    assert!(!samples.is_empty(), "{fault}: {told}");
    for sample in samples {
        let id = text(&sample["key"][0]["value"]);
        let has = |client: &mut Client, schema: &str| {
            let sql = format!("SELECT t::text FROM {schema}.{table} t WHERE {key} = $1");
            client.query_opt(&sql, &[&id]).unwrap().map(|row| row.get::<_, String>(0))
        };
        let both = (has(client, ready), has(client, live));
        match sample["kind"].as_str().unwrap() {
            "changed" => assert!(both.0.is_some() && both.1.is_some() && both.0 != both.1, "{id}"),
            "only_in_build" => assert!(both.0.is_some() && both.1.is_none(), "{id}"),
            "only_in_against" => assert!(both.0.is_none() && both.1.is_some(), "{id}"),
            other => panic!("{other}"),
        }
    }
}
