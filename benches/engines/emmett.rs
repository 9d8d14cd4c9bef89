//! The same events in our own log and in Emmett's, before and after the index that `adopt` names.

use std::process::Stdio;

use crate::contender::{Contender, How, Run};
use crate::ground::{Context, Ground};
use crate::report::{grouped, progress, rate, seconds};
use crate::{Outcome, log};

const TABLES: &[&str] = &["customer_visits"];

/// How much longer a rebuild may take over the adopted log, with its index.
const BOUND: f64 = 1.3;

/// Rebuilds over both logs in turn. Without its index Emmett's is rebuilt once: each range reads all of it.
pub(crate) fn run(ground: &Ground, events: u64, rounds: usize) -> Outcome<()> {
    let own = ground.context("own")?;
    log::visits(&own, events)?;
    let emmett = ground.context("emmett")?;
    log::visits_by_emmett(&emmett, events)?;
    let indexes = adopt(&emmett)?;
    let expected = {
        let run = contender("our own log").run(&own)?;
        rows(&own, &run)?
    };
    let without = measured(&emmett, ("Emmett's log, no index", 1), &expected)?;
    let mut client = emmett.connect()?;
    for statement in &indexes {
        client.batch_execute(statement)?;
    }
    drop(client);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        ours.push(measured(&own, ("our own log", round), &expected)?);
        theirs.push(measured(&emmett, ("Emmett's log, with the index", round), &expected)?);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("\nEmmett's log, median of {rounds}; the ratio is to the same events in our own log");
    println!("adopt names: {}", indexes.join("; "));
    println!("{:<42}{:>12}{:>10}{:>12}{:>8}", "", "events", "time", "events/s", "ratio");
    let lines = [
        ("our own log", &ours),
        ("Emmett's, no index (once)", &without),
        ("Emmett's, with it", &theirs),
    ];
    for (label, run) in lines {
        println!(
            "{label:<42}{:>12}{:>10}{:>12}{:>8.2}",
            grouped(events),
            seconds(run.took),
            grouped(rate(events, run.took)),
            ratio(run, &ours),
        );
    }
    own.drop_database()?;
    emmett.drop_database()?;
    match ratio(&theirs, &ours) {
        fine if fine <= BOUND => Ok(()),
        _ => Err(format!("more than {BOUND} times as long").into()),
    }
}

fn ratio(run: &Run, base: &Run) -> f64 {
    run.took.as_secs_f64() / base.took.as_secs_f64()
}

fn contender(label: &'static str) -> Contender {
    Contender { label, how: How::Regrow { engine: "auto", projections: TABLES, stored: false } }
}

fn measured(
    context: &Context,
    (label, round): (&'static str, usize),
    expected: &str,
) -> Outcome<Run> {
    let run = contender(label).run(context)?;
    progress("emmett", round, label, run.took);
    match rows(context, &run)? == expected {
        true => Ok(run),
        false => Err(format!("{label}: other rows").into()),
    }
}

fn median(mut runs: Vec<Run>) -> Run {
    runs.sort_by_key(|run| run.took);
    runs.swap_remove(runs.len() / 2)
}

/// The sum of what a run has built.
fn rows(context: &Context, run: &Run) -> Outcome<String> {
    let schema = run.schemas.first().ok_or("no schema")?;
    let sql = format!(
        "SELECT md5(string_agg(t::text, E'\\n' ORDER BY id COLLATE \"C\")) FROM {schema}.customer_visits AS t"
    );
    Ok(context.connect()?.query_one(&sql, &[])?.get(0))
}

/// Adopts the log; gives the statements that `adopt` says make it faster.
fn adopt(context: &Context) -> Outcome<Vec<String>> {
    let mut command = context.regrow(&["adopt", "--preset", "emmett", "--json"]);
    let output = command.stdout(Stdio::piped()).output()?;
    let said: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let statements = said["sql"].as_array().ok_or("adopt names no statements")?;
    let texts: Vec<String> =
        statements.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect();
    match texts.iter().any(|text| text.contains("(global_position)")) {
        true => Ok(texts),
        false => Err("adopt does not name the index on global_position".into()),
    }
}
