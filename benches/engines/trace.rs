//! Traces of single rows in a long log: with an index on what tells a row's events, without one, and where nothing
//! tells them.
//!
//! Whole processes are timed, against psql that fetches the same events and against a rebuild. What the log's server
//! read is seen from its own counters.

use std::time::Duration;

use postgres::Client;
use serde_json::Value;

use crate::contender::{Contender, How};
use crate::ground::{Context, Ground};
use crate::process::watch;
use crate::report::{grouped, milliseconds};
use crate::{Outcome, log};

/// Rows that are traced with an index, which takes milliseconds.
const ROWS: usize = 20;

/// What is traced.
struct Row {
    projection: &'static [&'static str; 1],
    table: &'static str,
    column: &'static str,
    /// How psql asks for its events.
    events: &'static str,
}

const ORDER: Row = Row {
    projection: &["order_summary"],
    table: "order_summary",
    column: "id",
    events: "payload ->> 'order_id' = '{key}'",
};
const STREAM: Row = Row {
    projection: &["stream_count"],
    table: "stream_count",
    column: "stream_id",
    events: "stream_id = '{key}' AND event_type = 'OrderItemAdded'",
};
const CUSTOMER: Row = Row {
    projection: &["customer_activity"],
    table: "customer_activity",
    column: "id",
    events: "",
};
const INDEX: &str = "CREATE INDEX events_by_order ON event_store.events ((payload ->> 'order_id'))";

/// Makes a log of so many events, and traces rows of three projections.
pub(crate) fn run(ground: &Ground, events: u64, rounds: usize) -> Outcome<()> {
    let context = ground.context("trace")?;
    log::orders(&context, events)?;
    let mut client = context.connect()?;
    println!("\ntrace of one row, log of {} events", grouped(events));
    println!(
        "{:<40}{:>10}{:>11}{:>8}{:>12}{:>12}",
        "", "time", "against", "ratio", "events", "rows read"
    );
    for row in [&ORDER, &CUSTOMER] {
        let rebuilt = rebuild(&context, row, rounds)?;
        context.run(&["promote", row.projection[0]])?;
        let keys = keys(&mut client, row, rounds)?;
        let times = keys.iter().map(|key| trace(&context, &mut client, row, key));
        let traced = middle(times.collect::<Outcome<_>>()?);
        let label = match row.events {
            "" => format!("{}, not bound", row.table),
            _ => format!("{}, no index", row.table),
        };
        told(&label, &traced, ("a rebuild", rebuilt));
    }
    context.clear()?;
    context.run(&["rebuild", ORDER.projection[0], STREAM.projection[0], "--promote"])?;
    client.batch_execute(INDEX)?;
    client.batch_execute("ANALYZE event_store.events")?;
    for (row, label) in [
        (&ORDER, "order_summary, index on the field"),
        (&STREAM, "stream_count, index on the stream"),
    ] {
        let (mut traces, mut fetches) = (Vec::new(), Vec::new());
        for key in keys(&mut client, row, ROWS)? {
            traces.push(trace(&context, &mut client, row, &key)?);
            fetches.push(fetch(&context, row, &key)?);
        }
        fetches.sort();
        let fetched = fetches.get(fetches.len() / 2).copied().unwrap_or_default();
        told(label, &middle(traces), ("psql", fetched));
    }
    println!(
        "time: whole processes, medians. events: of the row, as the command says. rows read: those of the log that its\n\
         server counted, by an index and by scans."
    );
    drop(client);
    context.drop_database()
}

/// One trace.
struct Traced {
    took: Duration,
    events_read: u64,
    rows_read: i64,
}

fn middle(mut traces: Vec<Traced>) -> Traced {
    traces.sort_by_key(|traced| traced.took);
    traces.swap_remove(traces.len() / 2)
}

fn told(label: &str, traced: &Traced, (what, than): (&str, Duration)) {
    println!(
        "{label:<40}{:>10}{:>11}{:>8.2}{:>12}{:>12}   {what}",
        milliseconds(traced.took),
        milliseconds(than),
        traced.took.as_secs_f64() / than.as_secs_f64(),
        grouped(traced.events_read),
        grouped(traced.rows_read.unsigned_abs()),
    );
}

/// The median of whole rebuilds; the last of them stays.
fn rebuild(context: &Context, row: &Row, rounds: usize) -> Outcome<Duration> {
    let mut times = Vec::new();
    for _ in 0..rounds {
        context.clear()?;
        let how = How::Regrow { engine: "auto", projections: row.projection, stored: false };
        times.push(Contender { label: row.table, how }.run(context)?.took);
    }
    times.sort();
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}

/// Keys of some rows, drawn over the whole table.
fn keys(client: &mut Client, row: &Row, wanted: usize) -> Outcome<Vec<String>> {
    let (table, column) = (row.table, row.column);
    let sql = format!(
        "SELECT {column}::text FROM read_model.{table} ORDER BY hashtextextended({column}::text, 18) LIMIT {wanted}"
    );
    Ok(client.query(&sql, &[])?.iter().map(|row| row.get(0)).collect())
}

fn trace(context: &Context, client: &mut Client, row: &Row, key: &str) -> Outcome<Traced> {
    let name = format!("{}.{}", row.projection[0], row.table);
    let key = format!("{}={key}", row.column);
    let before = counted(client)?;
    let ended = watch(&mut context.regrow(&["trace", &name, "--key", &key, "--json"]))?;
    let rows_read = counted(client)? - before;
    let told: Value = serde_json::from_str(&ended.stdout)?;
    if told["agrees"] != true || told["bound_by"].is_null() != row.events.is_empty() {
        return Err(format!("{name} {key}: {told}").into());
    }
    let events_read = told["events_read"].as_u64().ok_or("no number of events")?;
    Ok(Traced { took: ended.took, events_read, rows_read })
}

/// Rows of the log that were read until now. A session that ends tells its figures.
fn counted(client: &mut Client) -> Outcome<i64> {
    let sql = "SELECT COALESCE(seq_tup_read, 0) + COALESCE(idx_tup_fetch, 0) FROM pg_stat_all_tables \
               WHERE relid = 'event_store.events'::regclass";
    // Sessions of the last command end behind it.
    let theirs = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                  AND pid <> pg_backend_pid() AND backend_type IN ('client backend', 'parallel worker')";
    while client.query_one(theirs, &[])?.get::<_, i64>(0) > 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(client.query_one(sql, &[])?.get(0))
}

/// Fetches the same events with psql.
fn fetch(context: &Context, row: &Row, key: &str) -> Outcome<Duration> {
    let sql = format!(
        "SELECT * FROM event_store.events WHERE {} ORDER BY position",
        row.events.replace("{key}", key)
    );
    let ended = watch(&mut context.psql(&sql)?)?;
    match ended.stdout.is_empty() {
        true => Err("psql found no event".into()),
        false => Ok(ended.took),
    }
}
