//! Read models and logs on Citus: a coordinator and two workers, real ones.
//!
//! They need a server that has the extension, which `scripts/citus.sh` makes and names; scripts that run the whole
//! suite leave these tests out by their name where there is none.

mod checked;
mod faults;
mod logs;
mod nodes;
mod read_models;

use std::collections::BTreeSet;

use postgres::Client;

use crate::bench::{Project, rows};
use nodes::Nodes;

/// The tables of the sample's projections, in the schema that readers see.
const TABLES: [&str; 3] = ["order_summary", "customer_activity", "customer_order"];

/// The sample project, whose read models lie on the workers: orders by their id, customers on every node.
fn orders(nodes: &'static Nodes) -> Project {
    let project = Project::orders_on(nodes.database());
    spread(&project);
    project.ok(&["migrate"]);
    project
}

fn spread(project: &Project) {
    let spread = |path: &str, more: &str| {
        let text = project.read(path);
        project.write(path, &format!("{text}{more}"));
    };
    spread(
        "projections/order_summary/schema/V1__order_summary.sql",
        "SELECT create_distributed_table('order_summary', 'id');\n",
    );
    spread(
        "projections/customer_activity/schema/V1__customer_activity.sql",
        "SELECT create_reference_table('customer_activity');\nSELECT create_reference_table('customer_order');\n",
    );
    // Citus takes no look-up among VALUES.
    let handlers = "projections/customer_activity/handlers.sql";
    let text = project.read(handlers);
    let (before, rest) = text.split_once("VALUES (:order_id, :customer_id,").unwrap();
    let (looked_up, after) = rest.split_once(");\n").unwrap();
    project
        .write(handlers, &format!("{before}SELECT :order_id, :customer_id,{looked_up};\n{after}"));
}

/// The rows of a query as text, in one order: Citus keeps none of a query inside of another.
fn sorted(client: &mut Client, sql: &str) -> Vec<String> {
    let mut found = rows(client, sql);
    found.sort();
    found
}

/// What readers see of a table.
fn shown(client: &mut Client, table: &str) -> Vec<String> {
    sorted(client, &format!("SELECT * FROM read_model.{table}"))
}

/// What the log alone says that readers must see of a table.
fn truth(client: &mut Client, table: &str) -> Vec<String> {
    let columns = match table {
        "order_summary" => {
            "id, customer_id, customer_name, status, total_amount, item_count, created_at"
        }
        "customer_activity" => {
            "id, name, orders_open, orders_shipped, orders_cancelled, spent_cents, last_seen_at"
        }
        _ => "order_id, customer_id, customer_name, amount_cents",
    };
    let fold = include_str!("hazards/oracle.sql")
        .replace("{until}", "9223372036854775807")
        .replace("{columns}", columns)
        .replace("{table}", table);
    sorted(client, &format!("SELECT {columns} FROM ({fold}) AS truth"))
}

/// Readers see what the log says, in every table.
#[track_caller]
fn readers_see_the_truth(client: &mut Client) {
    for table in TABLES {
        let (shown, truth) = (shown(client, table), truth(client, table));
        assert!(!truth.is_empty());
        let wrong = shown.iter().zip(&truth).filter(|(a, b)| a != b).count();
        assert!(
            shown == truth,
            "{table}: {} and {} rows, {wrong} differ",
            shown.len(),
            truth.len()
        );
    }
}

/// Whether a session of ours asks workers the same again and again, and nothing else.
fn asks_workers_again(client: &mut Client, looks: &mut BTreeSet<String>) -> bool {
    let sql = "SELECT max(query_start)::text FROM pg_stat_activity WHERE datname = current_database() \
               AND application_name LIKE 'regrow%' AND query LIKE '%run_command_on_workers%'";
    if let Some(look) = client.query_one(sql, &[]).unwrap().get(0) {
        looks.insert(look);
    }
    looks.len() > 12
}
