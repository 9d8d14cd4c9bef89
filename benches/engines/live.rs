//! Following: how far the rows lag behind appends, and what the follower costs.
//!
//! Lag runs from the moment the appender knows of its commit to the moment another session
//! sees a checkpoint at or above the appended position; rows and checkpoint commit together.
//! The checkpoint is polled, so a figure is too long by up to a poll.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use postgres::Client;

use crate::Outcome;
use crate::ground::Context;
use crate::process::{Service, watch};
use crate::report::{mebibytes, milliseconds, rate};

/// Events one commit of the appender brings.
const BATCH_EVENTS: u32 = 20;
/// 2,000 events a second.
const BATCH_EVERY: Duration = Duration::from_millis(10);
/// Ten seconds of them.
const BATCHES: u32 = 1_000;
const POLL_EVERY: Duration = Duration::from_micros(500);
/// A follower that has not caught up so long after the last append never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// A position and when it was committed, or seen.
type Moment = (i64, Instant);

/// What one round shows.
struct Figures {
    p50: Duration,
    p99: Duration,
    worst: Duration,
    appended: u64,
    /// Hundredths of a core.
    load_percent: Option<f64>,
    peak_kib: Option<u64>,
}

/// Follows with either engine in turn, and prints the medians.
pub(crate) fn run(context: &Context, rounds: usize) -> Outcome<()> {
    let engines = ["auto", "sql"];
    let mut figures = [Vec::new(), Vec::new()];
    for round in 1..=rounds {
        for (engine, figures) in engines.iter().zip(&mut figures) {
            context.clear()?;
            context.choose_engine("order_summary", engine)?;
            watch(&mut context.regrow(&["rebuild", "order_summary", "--json"]))?;
            let found = follow(context, round, engine)?;
            eprintln!("live, round {round}: {engine}, p99 {}", milliseconds(found.p99));
            figures.push(found);
        }
    }
    context.clear()?;
    println!(
        "\nfollowing appends of {} events a commit, {} s, median of {rounds}",
        BATCH_EVENTS,
        (BATCH_EVERY * BATCHES).as_secs()
    );
    println!(
        "{:<22}{:>10}{:>10}{:>10}{:>10}{:>9}{:>9}",
        "follower", "appends/s", "lag p50", "p99", "worst", "core", "memory"
    );
    let unknown = || "-".to_owned();
    for (engine, figures) in engines.iter().zip(&mut figures) {
        // The round whose p99 is the middle one.
        figures.sort_by_key(|f| f.p99);
        let Some(f) = figures.get(figures.len() / 2) else { continue };
        println!(
            "{:<22}{:>10}{:>10}{:>10}{:>10}{:>9}{:>9}",
            format!("regrow run, {engine}"),
            f.appended,
            milliseconds(f.p50),
            milliseconds(f.p99),
            milliseconds(f.worst),
            f.load_percent.map_or_else(unknown, |load| format!("{load:.1} %")),
            f.peak_kib.map_or_else(unknown, mebibytes),
        );
    }
    println!("core: time of the follower's process on a core, the server's not counted");
    Ok(())
}

fn follow(context: &Context, round: usize, engine: &str) -> Outcome<Figures> {
    let mut service = Service::start(&mut context.regrow(&["run"]))?;
    let mut appender = context.connect()?;
    let mut reader = context.connect()?;
    let prefix = format!("live-{engine}-{round}");
    // Whoever sees the first append is awake and has its plans.
    let first = append(&mut appender, &format!("{prefix}-first"), 1, Duration::ZERO)?;
    let goal = first.last().ok_or("nothing was appended")?.0;
    let deadline = Instant::now() + PATIENCE;
    while checkpoint(&mut reader)? < goal {
        if service.has_ended()? || Instant::now() > deadline {
            return Err("the follower does not follow".into());
        }
        std::thread::sleep(POLL_EVERY);
    }
    let (started, core_before) = (Instant::now(), service.core_time());
    let over = AtomicBool::new(false);
    let (committed, seen) = std::thread::scope(|scope| {
        // Errors cross threads as text.
        let watcher =
            scope.spawn(|| watch_checkpoint(&mut reader, &over).map_err(|e| e.to_string()));
        let committed = append(&mut appender, &prefix, BATCHES, BATCH_EVERY);
        if let Ok(last) = committed.as_ref().map(|list| list.last().map_or(0, |m| m.0)) {
            wait_for(context, last, PATIENCE);
        }
        over.store(true, Ordering::Relaxed);
        (committed, watcher.join())
    });
    let took = started.elapsed();
    let core = service.core_time().zip(core_before).map(|(after, before)| after - before);
    let peak_kib = service.peak_kib();
    service.stop()?;
    let committed = committed?;
    let seen = seen.map_err(|_| "the watching thread died")??;
    let lags = lags(&committed, &seen)?;
    let appending = committed.last().map_or(took, |(_, at)| at.duration_since(started));
    Ok(Figures {
        p50: percentile(&lags, 50),
        p99: percentile(&lags, 99),
        worst: percentile(&lags, 100),
        appended: rate(u64::from(BATCHES * BATCH_EVENTS), appending),
        load_percent: core.map(|core| 100.0 * core.as_secs_f64() / took.as_secs_f64()),
        peak_kib,
    })
}

/// Appends batches at a steady pace; one that comes late does not push those after it back.
fn append(
    client: &mut Client,
    prefix: &str,
    batches: u32,
    every: Duration,
) -> Outcome<Vec<Moment>> {
    let statement = client.prepare(include_str!("live/append.sql"))?;
    let started = Instant::now();
    let mut committed = Vec::new();
    for batch in 0..batches {
        let due = every * batch;
        std::thread::sleep(due.saturating_sub(started.elapsed()));
        let position = client.query_one(&statement, &[&format!("{prefix}-{batch}")])?.get(0);
        committed.push((position, Instant::now()));
    }
    Ok(committed)
}

fn checkpoint(client: &mut Client) -> Outcome<i64> {
    let sql = "SELECT COALESCE(min(position), 0) FROM regrow.checkpoint";
    Ok(client.query_one(sql, &[])?.get(0))
}

/// Every new position of the checkpoint, and when it was seen, until it is `over`.
fn watch_checkpoint(client: &mut Client, over: &AtomicBool) -> Outcome<Vec<Moment>> {
    let sql = "SELECT COALESCE(min(position), 0) FROM regrow.checkpoint";
    let statement = client.prepare(sql)?;
    let mut seen: Vec<Moment> = Vec::new();
    loop {
        let last_look = over.load(Ordering::Relaxed);
        let position = client.query_one(&statement, &[])?.get(0);
        if seen.last().is_none_or(|(last, _)| *last < position) {
            seen.push((position, Instant::now()));
        }
        if last_look {
            return Ok(seen);
        }
        std::thread::sleep(POLL_EVERY);
    }
}

/// Waits until the checkpoint is there; that it never came is seen from the lags.
fn wait_for(context: &Context, position: i64, patience: Duration) {
    let Ok(mut client) = context.connect() else { return };
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline && checkpoint(&mut client).is_ok_and(|at| at < position) {
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// How long after its commit each batch was seen, in order of length.
fn lags(committed: &[Moment], seen: &[Moment]) -> Outcome<Vec<Duration>> {
    let mut lags = Vec::new();
    let mut seen = seen.iter().peekable();
    for (position, at) in committed {
        while seen.next_if(|(checkpoint, _)| checkpoint < position).is_some() {}
        let (_, visible) = seen.peek().ok_or("the follower did not catch up")?;
        // Seen before the appender had its answer: no lag at all.
        lags.push(visible.saturating_duration_since(*at));
    }
    lags.sort();
    Ok(lags)
}

/// The smallest lag that so many percent do not exceed.
fn percentile(lags: &[Duration], percent: usize) -> Duration {
    let rank = (lags.len() * percent).div_ceil(100).max(1);
    lags.get(rank - 1).copied().unwrap_or_default()
}
