//! Every event changes the same row: the cost of an event must not grow with the log.
//!
//! PostgreSQL keeps each version of a row until nobody can see it, so whoever holds a snapshot over the whole
//! replay makes each change walk all versions before it.

use std::time::Duration;

use crate::contender::{Contender, How, Run};
use crate::ground::Ground;
use crate::report::{grouped, progress, seconds};
use crate::{Outcome, log};

/// A log so small that a rebuild of it is what every rebuild costs.
const FEW: u64 = 10;
/// The smaller log has so many times fewer events.
const TIMES: u64 = 50;

/// Runs a smaller log and a larger one with both engines, each log in a database of its own.
pub(crate) fn run(ground: &Ground, events: u64, rounds: usize) -> Outcome<()> {
    let sizes =
        [("counter_few", FEW), ("counter_less", events.div_ceil(TIMES)), ("counter", events)];
    println!(
        "\nevery event changes one row, median of {rounds}; the ratio is of the cost of an event"
    );
    println!(
        "{:<10}{:>12}{:>10}{:>14}{:>8}{:>22}{:>12}",
        "engine", "events", "time", "an event", "ratio", "without the first 10", "table"
    );
    let mut engines = [("sql", Vec::new()), ("auto", Vec::new())];
    for (name, events) in sizes {
        measure(ground, (name, events, rounds), &mut engines)?;
    }
    for (engine, lines) in &engines {
        let few = lines.first().map_or(Duration::ZERO, |line: &Line| line.took);
        let cost = |line: &Line| line.took.as_secs_f64() * 1e6 / line.events as f64;
        let net =
            |line: &Line| line.took.saturating_sub(few).as_secs_f64() * 1e6 / line.events as f64;
        let Some(less) = lines.get(1) else { continue };
        for line in lines {
            println!(
                "{engine:<10}{:>12}{:>10}{:>14}{:>8.2}{:>22}{:>12}",
                grouped(line.events),
                seconds(line.took),
                format!("{:.2} us", cost(line)),
                cost(line) / cost(less),
                if net(line) > 0.0 && net(less) > 0.0 {
                    format!("{:.2} us, {:.2}", net(line), net(line) / net(less))
                } else {
                    "-".to_owned()
                },
                format!("{} KiB", line.table_bytes.div_ceil(1024)),
            );
        }
    }
    Ok(())
}

/// One size with one engine.
struct Line {
    events: u64,
    took: Duration,
    /// What the one row's table takes on the disk.
    table_bytes: u64,
}

fn measure(
    ground: &Ground,
    (name, events, rounds): (&str, u64, usize),
    engines: &mut [(&'static str, Vec<Line>); 2],
) -> Outcome<()> {
    let context = ground.context(name)?;
    context.run(&["migrate"])?;
    let mut client = context.connect()?;
    client.execute(include_str!("counter/log.sql"), &[&i64::try_from(events)?])?;
    log::settle(&context)?;
    let mut runs: [Vec<Run>; 2] = Default::default();
    let mut bytes = [0, 0];
    for round in 1..=rounds {
        for (nth, (engine, _)) in engines.iter().enumerate() {
            let how = How::Regrow { engine, projections: &["counter"], stored: false };
            let run = Contender { label: engine, how }.run(&context)?;
            progress(name, round, engine, run.took);
            for schema in &run.schemas {
                let sql =
                    format!("SELECT n, pg_relation_size('{schema}.counter') FROM {schema}.counter");
                let row = client.query_one(&sql, &[])?;
                let (n, size): (i64, i64) = (row.get(0), row.get(1));
                if u64::try_from(n)? != events {
                    return Err(format!("{events} events were counted as {n}").into());
                }
                bytes[nth] = bytes[nth].max(size.unsigned_abs());
            }
            runs[nth].push(run);
        }
    }
    drop(client);
    context.drop_database()?;
    for (((_, lines), runs), table_bytes) in engines.iter_mut().zip(&mut runs).zip(bytes) {
        runs.sort_by_key(|run| run.took);
        let took = runs.get(runs.len() / 2).map(|run| run.took).unwrap_or_default();
        lines.push(Line { events, took, table_bytes });
    }
    Ok(())
}
