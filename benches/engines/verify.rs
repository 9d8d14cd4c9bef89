//! Two large builds compared while readers read: what is found, in which time and memory, and what readers feel.
//!
//! The builds' tables are filled by hand, since nobody compares here what a replay makes. What was planted is known,
//! and every difference has to be found with its key and its kind. Time is measured against psql that copies both tables into
//! nothing, one after the other and side by side.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use postgres::Client;
use serde_json::Value;

use crate::ground::{Context, Ground};
use crate::process::{Ended, watch_to};
use crate::report::{grouped, mebibytes, milliseconds, seconds};
use crate::{Outcome, log};

const TABLES: [&str; 2] = ["event_row__b1.event_row", "event_row__b2.event_row"];
/// Differences that are planted.
const DIFFERENCES: u64 = 1_000;
/// How often a reader asks for a row.
const READ_EVERY: Duration = Duration::from_millis(2);
/// Pairs of a comparison and a COPY with readers beside them.
const PAIRS: usize = 5;
/// The exit code of a comparison that found differences.
const DIFFERS: i32 = 10;

/// Fills both builds with so many rows, and measures.
pub(crate) fn run(ground: &Ground, rows: u64, rounds: usize) -> Outcome<()> {
    let context = ground.context("verify")?;
    log::orders(&context, 1_000)?;
    context.run(&["rebuild", "event_row", "--promote"])?;
    context.run(&["rebuild", "event_row"])?;
    eprintln!("verify: two builds of {} rows ...", grouped(rows));
    let mut client = context.connect()?;
    let fill = include_str!("verify/fill.sql").replace("{rows}", &rows.to_string());
    client.batch_execute(&fill.replace("{differences}", &DIFFERENCES.to_string()))?;
    client.batch_execute(&format!("VACUUM ANALYZE {}; ", TABLES[0]))?;
    client.batch_execute(&format!("VACUUM ANALYZE {}; ", TABLES[1]))?;
    client.batch_execute("CHECKPOINT")?;
    times(&context, &mut client, rows, rounds)?;
    readers(&context, rows)?;
    drop(client);
    context.drop_database()
}

/// What it takes, in turn with COPY.
fn times(context: &Context, client: &mut Client, rows: u64, rounds: usize) -> Outcome<()> {
    let planted = planted(client)?;
    let (mut compared, mut one, mut two) = (Vec::new(), Vec::new(), Vec::new());
    let mut peak_kib = None;
    for round in 1..=rounds {
        one.push(copy_in_turn(context)?);
        let ended = compare(context)?;
        compared.push(ended.took);
        peak_kib = peak_kib.max(ended.peak_kib);
        two.push(copy_together(context)?);
        all_found(&ended.stdout, &planted)?;
        eprintln!(
            "verify, round {round}: {} against {} and {}",
            seconds(ended.took),
            seconds(copied(&one)),
            seconds(copied(&two))
        );
    }
    let sql = format!("SELECT pg_table_size('{}') + pg_table_size('{}')", TABLES[0], TABLES[1]);
    let size: i64 = client.query_one(&sql, &[])?.get(0);
    let [compared, one, two] = [compared, one, two].map(median);
    println!(
        "\nverify: {} rows against as many, {} on the disk, median of {rounds}",
        grouped(rows),
        mebibytes(size.unsigned_abs() / 1024)
    );
    println!("{:<40}{:>10}{:>10}{:>10}", "", "time", "verify is", "memory");
    let memory = peak_kib.map_or_else(|| "-".to_owned(), mebibytes);
    println!("{:<40}{:>10}{:>10}{memory:>10}", "regrow verify", seconds(compared), "");
    for (label, took) in
        [("COPY of both, one after the other", one), ("COPY of both, two sessions", two)]
    {
        let ratio = compared.as_secs_f64() / took.as_secs_f64();
        println!("{label:<40}{:>10}{ratio:>10.2}", seconds(took));
    }
    println!("{} differences were planted, and all were found by key and kind", planted.len());
    Ok(())
}

fn copied(times: &[Duration]) -> Duration {
    times.last().copied().unwrap_or_default()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Compares both builds, which differ.
fn compare(context: &Context) -> Outcome<Ended> {
    let samples = DIFFERENCES.to_string();
    watch_to(
        &mut context.regrow(&["verify", "event_row", "--samples", &samples, "--json"]),
        DIFFERS,
    )
}

/// A kind of difference and the key of its row.
type Found = BTreeSet<(&'static str, i64)>;

/// What was planted.
fn planted(client: &mut Client) -> Outcome<Found> {
    let rows = client.query("SELECT position, nth FROM planted", &[])?;
    Ok(rows
        .iter()
        .map(|row| match row.get::<_, i64>(1) % 10 {
            6 | 7 => ("only_in_against", row.get(0)),
            8 | 9 => ("only_in_build", row.get(0)),
            _ => ("changed", row.get(0)),
        })
        .collect())
}

/// Whether just what was planted is told, each key with its kind.
fn all_found(stdout: &str, planted: &Found) -> Outcome<()> {
    let told: Value = serde_json::from_str(stdout)?;
    let table = &told["tables"][0];
    let mut found = Found::new();
    for kind in ["changed", "only_in_build", "only_in_against"] {
        let samples = table["samples"].as_array().ok_or("no samples")?;
        for sample in samples.iter().filter(|sample| sample["kind"] == kind) {
            let key = sample["key"][0]["value"].as_str().ok_or("a sample without a key")?;
            found.insert((kind, key.parse()?));
        }
        let counted = planted.iter().filter(|(of, _)| *of == kind).count();
        if table[kind].as_u64() != Some(u64::try_from(counted)?) {
            return Err(format!("{counted} rows are {kind}, and {} are told", table[kind]).into());
        }
    }
    match found == *planted {
        true => Ok(()),
        false => Err("other keys are told than those of rows that differ".into()),
    }
}

/// Copies a table into nothing with psql.
fn copy(context: &Context, table: &str) -> Outcome<()> {
    let mut command = context.psql(&format!("COPY {table} TO STDOUT"))?;
    match command.stdout(Stdio::null()).status()?.success() {
        true => Ok(()),
        false => Err("psql failed".into()),
    }
}

fn copy_in_turn(context: &Context) -> Outcome<Duration> {
    let started = Instant::now();
    TABLES.iter().try_for_each(|table| copy(context, table))?;
    Ok(started.elapsed())
}

fn copy_together(context: &Context) -> Outcome<Duration> {
    let started = Instant::now();
    std::thread::scope(|scope| {
        let both = TABLES
            .map(|table| scope.spawn(move || copy(context, table).map_err(|e| e.to_string())));
        both.into_iter().try_for_each(|one| one.join().map_err(|_| "a COPY died".to_owned())?)
    })?;
    Ok(started.elapsed())
}

/// What readers feel, in pairs whose order changes.
fn readers(context: &Context, rows: u64) -> Outcome<()> {
    let alone = beside(context, rows, || {
        std::thread::sleep(Duration::from_secs(5));
        Ok(())
    })?;
    println!(
        "\na reader of single rows every {}, beside verify and beside COPY by two sessions; alone its p95 is {}",
        milliseconds(READ_EVERY),
        milliseconds(percentile(&alone, 95))
    );
    println!("{:<8}{:>22}{:>22}{:>8}", "pair", "p95 (p50) by verify", "by COPY", "ratio");
    let mut ratios = Vec::new();
    for pair in 1..=PAIRS {
        let with_verify = || beside(context, rows, || compare(context).map(drop));
        let with_copy = || beside(context, rows, || copy_together(context).map(drop));
        let (verify, copy) = if pair % 2 == 0 {
            let copy = with_copy()?;
            (with_verify()?, copy)
        } else {
            (with_verify()?, with_copy()?)
        };
        let ratio = percentile(&verify, 95).as_secs_f64() / percentile(&copy, 95).as_secs_f64();
        let told = |times: &[Duration]| {
            let [p95, p50] = [95, 50].map(|percent| milliseconds(percentile(times, percent)));
            format!("{p95} ({p50})")
        };
        println!("{pair:<8}{:>22}{:>22}{ratio:>8.2}", told(&verify), told(&copy));
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    println!("{:<8}{:>52.2}", "median", ratios[PAIRS / 2]);
    Ok(())
}

/// How long each read took while something ran, in order of length.
fn beside(
    context: &Context,
    rows: u64,
    work: impl FnOnce() -> Outcome<()>,
) -> Outcome<Vec<Duration>> {
    let over = AtomicBool::new(false);
    let (worked, read) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| read(context, rows, &over).map_err(|e| e.to_string()));
        let worked = work();
        over.store(true, Ordering::Relaxed);
        (worked, reader.join())
    });
    worked?;
    let mut times = read.map_err(|_| "the reader died")??;
    times.sort();
    Ok(times)
}

/// Reads single rows that readers see, at a steady pace, until it is `over`.
fn read(context: &Context, rows: u64, over: &AtomicBool) -> Outcome<Vec<Duration>> {
    let mut client = context.connect()?;
    let statement = client.prepare("SELECT * FROM read_model.event_row WHERE position = $1")?;
    let started = Instant::now();
    let mut times = Vec::new();
    for nth in 0u32.. {
        let due = READ_EVERY * nth;
        std::thread::sleep(due.saturating_sub(started.elapsed()));
        if over.load(Ordering::Relaxed) {
            break;
        }
        // Far from the last one, and the same keys in each run.
        let position = i64::try_from(u64::from(nth).wrapping_mul(2_654_435_761) % rows)? + 1;
        let asked = Instant::now();
        client.query(&statement, &[&position])?;
        times.push(asked.elapsed());
    }
    Ok(times)
}

/// The shortest time that so many percent do not exceed.
fn percentile(times: &[Duration], percent: usize) -> Duration {
    let rank = (times.len() * percent).div_ceil(100).max(1);
    times.get(rank - 1).copied().unwrap_or_default()
}
