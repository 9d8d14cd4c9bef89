//! Ten times as many events in a bounded memory, against the cost of an event in the smaller log.

use std::time::Duration;

use crate::Outcome;
use crate::contender::{Contender, How, Run};
use crate::ground::Ground;
use crate::report::{grouped, mebibytes, progress, rate, seconds};
use crate::{log, workload};

/// What a rebuild may take. It is said here and nowhere else: other workloads run as installed.
const BUDGET: &str = "[rebuild]\nmemory_budget = \"256MiB\"\n";

/// Runs the smaller log and the larger one, each in a database of its own.
pub(crate) fn run(ground: &Ground, events: u64, rounds: usize) -> Outcome<()> {
    let mut lines = Vec::new();
    for (name, events) in [("large_one", events), ("large_ten", events * 10)] {
        let (run, rows) = measure(ground, name, events, rounds)?;
        lines.push((events, rows, run));
    }
    println!("\norders in [rebuild] memory_budget = \"256MiB\", median of {rounds}");
    println!(
        "{:>12}{:>12}{:>12}{:>12}{:>12}{:>8}{:>11}",
        "events", "rows", "time", "events/s", "an event", "ratio", "memory"
    );
    let cost = |events: u64, took: Duration| took.as_secs_f64() * 1e6 / events as f64;
    let smaller = lines.first().map_or(1.0, |(events, _, run)| cost(*events, run.took));
    for (events, rows, run) in &lines {
        let each = cost(*events, run.took);
        println!(
            "{:>12}{:>12}{:>12}{:>12}{:>12}{:>8.2}{:>11}",
            grouped(*events),
            grouped(*rows),
            seconds(run.took),
            grouped(rate(*events, run.took)),
            format!("{each:.2} us"),
            each / smaller,
            run.peak_kib.map_or_else(|| "-".to_owned(), mebibytes),
        );
    }
    Ok(())
}

/// The median of the rounds with the highest memory of all, and the rows that were made.
fn measure(ground: &Ground, name: &str, events: u64, rounds: usize) -> Outcome<(Run, u64)> {
    let context = ground.context(name)?;
    context.configure("[rebuild]\n", BUDGET)?;
    log::orders(&context, events)?;
    let tables = &["order_summary"];
    let regrow = How::Regrow { engine: "auto", projections: tables, stored: false };
    let contender = Contender { label: "regrow, engine auto", how: regrow };
    let mut client = context.connect()?;
    // Not timed: the rows that the figures stand for.
    let by_hand = How::Script(include_str!("orders/tuned.sql"));
    Contender { label: "by hand", how: by_hand }.run(&context)?;
    client.batch_execute("CREATE SCHEMA reference")?;
    workload::compare(&mut client, "by_hand", tables)?;
    let mut runs = Vec::new();
    for round in 1..=rounds {
        let run = contender.run(&context)?;
        progress(name, round, contender.label, run.took);
        for schema in &run.schemas {
            workload::compare(&mut client, schema, tables)?;
        }
        runs.push(run);
    }
    let rows: i64 = client.query_one("SELECT count(*) FROM reference.order_summary", &[])?.get(0);
    drop(client);
    context.drop_database()?;
    let peak_kib = runs.iter().filter_map(|run| run.peak_kib).max();
    runs.sort_by_key(|run| run.took);
    let middle = runs.swap_remove(runs.len() / 2);
    Ok((Run { peak_kib, ..middle }, rows.unsigned_abs()))
}
