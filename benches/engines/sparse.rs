//! The same events with and without gaps between their positions.

use crate::Outcome;
use crate::contender::{Contender, How, Run};
use crate::ground::Ground;
use crate::report::{grouped, progress, rate, seconds};
use crate::{log, workload};

/// Events of the log that begins late.
const FEW: u64 = 10;

/// A log: its name, its events, and where each of them lies.
struct Shape {
    name: &'static str,
    label: &'static str,
    few: bool,
    position: &'static str,
}

const SHAPES: [Shape; 5] = [
    Shape { name: "dense", label: "without gaps", few: false, position: "" },
    Shape {
        name: "spread",
        label: "ids of a clock, from 10^18 to 5 * 10^18",
        few: false,
        position: "1000000000000000000 + position * (4000000000000000000 / {events})",
    },
    Shape {
        name: "gap",
        label: "one gap of 10^12",
        few: false,
        position: "position + CASE WHEN position > {events} / 2 THEN 1000000000000 ELSE 0 END",
    },
    Shape { name: "few_dense", label: "10 events", few: true, position: "" },
    Shape {
        name: "few_late",
        label: "10 events from 500,000,001 on",
        few: true,
        position: "position + 500000000",
    },
];

/// Rebuilds each log, and compares its time with that of the same events without gaps.
pub(crate) fn run(ground: &Ground, events: u64, rounds: usize) -> Outcome<()> {
    println!(
        "\nsparse positions, median of {rounds}; the ratio is to the same events without gaps"
    );
    println!("{:<42}{:>12}{:>10}{:>12}{:>8}", "", "events", "time", "events/s", "ratio");
    let mut dense = None;
    for shape in &SHAPES {
        let events = if shape.few { FEW } else { events };
        let run = measure(ground, shape, events, rounds)?;
        let base = if shape.position.is_empty() {
            *dense.insert(run.took)
        } else {
            dense.unwrap_or(run.took)
        };
        println!(
            "{:<42}{:>12}{:>10}{:>12}{:>8.2}",
            shape.label,
            grouped(events),
            seconds(run.took),
            grouped(rate(events, run.took)),
            run.took.as_secs_f64() / base.as_secs_f64(),
        );
    }
    Ok(())
}

/// The median of the rounds.
fn measure(ground: &Ground, shape: &Shape, events: u64, rounds: usize) -> Outcome<Run> {
    let context = ground.context(shape.name)?;
    log::visits(&context, events)?;
    if !shape.position.is_empty() {
        let position = shape.position.replace("{events}", &events.to_string());
        let sql = include_str!("sparse/spread.sql").replace("{position}", &position);
        context.connect()?.batch_execute(&sql)?;
        log::settle(&context)?;
    }
    let tables = &["customer_visits"];
    let regrow = How::Regrow { engine: "auto", projections: tables, stored: false };
    let contender = Contender { label: shape.label, how: regrow };
    let mut client = context.connect()?;
    client.batch_execute("CREATE SCHEMA reference")?;
    let mut runs = Vec::new();
    for round in 1..=rounds {
        let run = contender.run(&context)?;
        progress("sparse", round, shape.label, run.took);
        for schema in &run.schemas {
            workload::compare(&mut client, schema, tables)?;
        }
        runs.push(run);
    }
    drop(client);
    context.drop_database()?;
    runs.sort_by_key(|run| run.took);
    Ok(runs.swap_remove(runs.len() / 2))
}
