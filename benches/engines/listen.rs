//! What `--listen` costs: a follower catches up with and without it, in pairs.
//!
//! A pair is two copies of one database, whose build has read nothing of its log yet: one follower only follows, the other
//! also listens and is asked for its metrics once a second. Which of the two comes first changes from pair to
//! pair, and each pair has one ratio, so that drift of the machine meets both.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use postgres::{Client, Row};

use crate::Outcome;
use crate::ground::{Context, Ground};
use crate::log;
use crate::process::{Service, core_time};
use crate::report::{grouped, seconds};

const SCRAPE_EVERY: Duration = Duration::from_secs(1);
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// A follower that has not caught up by then never will.
const PATIENCE: Duration = Duration::from_secs(600);

/// One follower, from its start to the end of the log.
#[derive(Clone, Copy)]
struct Figures {
    took: Duration,
    /// Of its process and of the server's for its sessions.
    core: Duration,
    scrapes: usize,
}

/// Catches up with either engine, and prints what listening adds.
pub(crate) fn run(ground: &Ground, events: u64, rounds: usize) -> Outcome<()> {
    println!("\na follower catches up with {} events, {rounds} pairs", grouped(events));
    println!(
        "{:<10}{:<8}{:>11}{:>11}{:>9}{:>20}",
        "engine", "", "alone", "listening", "ratio", "least and largest"
    );
    for engine in ["auto", "sql"] {
        let context = ground.context(&format!("listen_{engine}"))?;
        context.choose_engine("order_summary", engine)?;
        context.run(&["migrate"])?;
        context.run(&["rebuild", "order_summary", "--promote"])?;
        log::orders(&context, events)?;
        let mut pairs = Vec::new();
        for round in 0..rounds {
            let listens_first = round % 2 == 1;
            let first = follow(&context, listens_first)?;
            let second = follow(&context, !listens_first)?;
            let (alone, listening) = if listens_first { (second, first) } else { (first, second) };
            eprintln!(
                "listen, pair {}: {engine} {}, listening {} with {} scrapes",
                round + 1,
                seconds(alone.took),
                seconds(listening.took),
                listening.scrapes
            );
            pairs.push((alone, listening));
        }
        print(engine, &pairs);
        context.drop_database()?;
    }
    println!(
        "ratio: while listening to alone, the median of the pairs, and the least and the largest of them\n\
         core: time on a core, of the follower's process and of the server's for its sessions"
    );
    Ok(())
}

fn print(engine: &str, pairs: &[(Figures, Figures)]) {
    for (what, of) in [
        ("time", (|figures| figures.took) as fn(&Figures) -> Duration),
        ("core", |figures| figures.core),
    ] {
        let (mut alone, mut listening, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for pair in pairs {
            let (without, with) = (of(&pair.0), of(&pair.1));
            ratios.push(with.as_secs_f64() / without.as_secs_f64());
            alone.push(without);
            listening.push(with);
        }
        alone.sort();
        listening.sort();
        ratios.sort_by(f64::total_cmp);
        let middle = |all: &[Duration]| all.get(all.len() / 2).copied().unwrap_or_default();
        let ratio = |rank: usize| ratios.get(rank).copied().unwrap_or_default();
        println!(
            "{engine:<10}{what:<8}{:>11}{:>11}{:>9.3}{:>20}",
            seconds(middle(&alone)),
            seconds(middle(&listening)),
            ratio(ratios.len() / 2),
            format!("{:.3} to {:.3}", ratio(0), ratio(ratios.len().saturating_sub(1))),
        );
    }
}

/// Follows a copy of the database from its start to the end of its log.
fn follow(context: &Context, listens: bool) -> Outcome<Figures> {
    let copy = context.copy()?;
    let mut reader = copy.connect()?;
    let end: i64 = reader.query_one("SELECT max(position) FROM event_store.events", &[])?.get(0);
    let statement = reader.prepare("SELECT min(position) FROM regrow.checkpoint")?;
    // Free now, and nobody else is asked to take it.
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut command = copy.regrow(&["run"]);
    if listens {
        command.args(["--listen", &address.port().to_string()]);
    }
    let (over, scrapes) = (AtomicBool::new(false), AtomicUsize::new(0));
    let started = Instant::now();
    let mut service = Service::start(&mut command)?;
    let caught_up = std::thread::scope(|scope| {
        if listens {
            scope.spawn(|| scrape(address, &over, &scrapes));
        }
        let caught_up = loop {
            match reader.query_one(&statement, &[]).map(|row| row.get::<_, i64>(0)) {
                Ok(position) if position >= end => break Ok(started.elapsed()),
                Ok(_) => {}
                Err(error) => break Err(error.to_string()),
            }
            if started.elapsed() > PATIENCE || service.has_ended().unwrap_or(true) {
                break Err("the follower did not catch up".to_owned());
            }
            std::thread::sleep(LOOK_EVERY);
        };
        over.store(true, Ordering::Relaxed);
        caught_up
    });
    let took = caught_up?;
    let core = service.core_time().unwrap_or_default() + of_sessions(&mut reader)?;
    service.stop()?;
    drop(reader);
    copy.drop_database()?;
    Ok(Figures { took, core, scrapes: scrapes.into_inner() })
}

/// The time on a core of the server's processes that serve the follower's sessions.
fn of_sessions(reader: &mut Client) -> Outcome<Duration> {
    let sessions = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
                    AND application_name LIKE 'regrow run%'";
    let rows = reader.query(sessions, &[])?;
    let of = |row: &Row| core_time(u32::try_from(row.get::<_, i32>(0)).ok()?);
    Ok(rows.iter().filter_map(of).sum())
}

/// Asks for the metrics once a second; one that does not answer yet is asked again.
fn scrape(address: SocketAddr, over: &AtomicBool, scrapes: &AtomicUsize) {
    let mut due = Instant::now();
    while !over.load(Ordering::Relaxed) {
        if due <= Instant::now() && get(address).is_ok_and(|answer| answer.contains("regrow_up")) {
            scrapes.fetch_add(1, Ordering::Relaxed);
            due += SCRAPE_EVERY;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn get(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
