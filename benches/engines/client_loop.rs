//! The contenders that send a statement an event, as a program without regrow would.
//!
//! They are slow and even, so a part of the log tells their rate.

use std::time::{Duration, Instant};

use crate::Outcome;
use crate::ground::Context;

/// Events a loop in one transaction runs over.
const CLIENT_EVENTS: i64 = 20_000;
/// One commit an event is slower still.
const COMMIT_EVENTS: i64 = 3_000;

/// When the loop commits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Commit {
    /// At its end.
    Once,
    /// After every event, which is what a subscriber with a checkpoint of its own does.
    EachEvent,
}

/// Reads events and sends a prepared statement for each; gives the time for the whole log.
pub(crate) fn client_loop(context: &Context, events: u64, commit: Commit) -> Outcome<Duration> {
    let mut client = context.connect()?;
    client.batch_execute(
        "CREATE SCHEMA by_hand; \
         CREATE TABLE by_hand.order_summary (LIKE reference.order_summary, PRIMARY KEY (id))",
    )?;
    let read = client.query(
        "SELECT event_type, schema_version, payload::text, recorded_at::text FROM event_store.events ORDER BY position LIMIT $1",
        &[&if commit == Commit::Once { CLIENT_EVENTS } else { COMMIT_EVENTS }],
    )?;
    let insert = client.prepare(
        "INSERT INTO by_hand.order_summary VALUES ($1, $2, $3, 'pending', 0, 0, $4::text::timestamptz)",
    )?;
    let add = client.prepare(
        "UPDATE by_hand.order_summary SET total_amount = total_amount + $2::bigint * $3::bigint / 100.0, \
         item_count = item_count + $2::bigint::int WHERE id = $1",
    )?;
    let status = client.prepare("UPDATE by_hand.order_summary SET status = $2 WHERE id = $1")?;
    let started = Instant::now();
    let mut transaction = client.transaction()?;
    for row in &read {
        if commit == Commit::EachEvent {
            transaction.commit()?;
            transaction = client.transaction()?;
        }
        let payload: serde_json::Value = serde_json::from_str(row.get(2))?;
        let text = |key: &str| payload[key].as_str().unwrap_or_default();
        let id = text("order_id");
        match row.get::<_, &str>(0) {
            "OrderCreated" => {
                let at: &str = row.get(3);
                let (customer, name) = (text("customer_id"), text("customer_name"));
                transaction.execute(&insert, &[&id, &customer, &name, &at])?;
            }
            "OrderItemAdded" => {
                let dollars = match row.get::<_, i32>(1) {
                    1 => text("price"),
                    2 => text("unit_price"),
                    _ => "",
                };
                let cents = match payload["unit_price_cents"].as_i64() {
                    Some(cents) => cents,
                    None => dollars.replace('.', "").parse()?,
                };
                let quantity = payload["quantity"].as_i64().unwrap_or(0);
                transaction.execute(&add, &[&id, &quantity, &cents])?;
            }
            "OrderPaid" => drop(transaction.execute(&status, &[&id, &"paid"])?),
            "OrderShipped" => drop(transaction.execute(&status, &[&id, &"shipped"])?),
            "OrderCancelled" => drop(transaction.execute(&status, &[&id, &"cancelled"])?),
            _ => {}
        }
    }
    transaction.commit()?;
    // Exact: both counts are far below what a double holds.
    let scale = events as f64 / read.len() as f64;
    Ok(started.elapsed().mul_f64(scale))
}
