//! A follower under 2,000 appends a second: what it takes does not grow with time.
//!
//! The writer keeps the rate: a batch that comes late does not push those after it back. Looks are counted in batches,
//! so a slow machine takes longer and says the same. In the long form a look comes every ten seconds at that rate, and a
//! line of the table every minute; `/metrics` is asked for once a second all the while.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use regrow::dev_cluster::{DevCluster, Options, Settings};

use super::process::{Sample, mean_rss_kib};
use super::{milliseconds, percentile, wanted};
use crate::bench::{self, Database, Project, REGROW, bin_dir, wait_until};
use crate::hazards::{Dice, oracle};
use crate::service::{Listening, ask, samples};

/// Events of one commit.
const BATCH_EVENTS: i64 = 20;
/// 2,000 events a second.
const BATCH_EVERY: Duration = Duration::from_millis(10);
/// Each so many batches one is watched until readers see it.
const WATCHED: u32 = 10;
const SCRAPE_EVERY: Duration = Duration::from_secs(1);
/// Descriptors that an answer under way may take.
const PASSING: usize = 3;

/// How long it goes on, counted in batches.
struct Length {
    /// Looks at the process; as many in each quarter.
    looks: u32,
    /// Batches between two looks.
    apart: u32,
    /// Looks in a line of the table.
    in_a_line: usize,
    /// By how much memory may grow from the second quarter to the last one, in KiB at the least and in percent.
    slack_kib: u64,
    slack_percent: u64,
}

impl Length {
    fn of(minutes: Option<u32>) -> Length {
        match minutes {
            Some(minutes) => {
                let looks = minutes * 6;
                Length { looks, apart: 1_000, in_a_line: 6, slack_kib: 4 << 10, slack_percent: 10 }
            }
            // Too short for memory to have come to rest, and long enough to see what is lost with every batch.
            None => Length {
                looks: 40,
                apart: 20,
                in_a_line: 10,
                slack_kib: 8 << 10,
                slack_percent: 10,
            },
        }
    }
}

#[test]
fn what_a_follower_takes_does_not_grow() {
    let length = Length::of(wanted("REGROW_SOAK_MINUTES"));
    let mut dice = Dice::new("soak::memory");
    let seed = i64::try_from(dice.below(1_000_000)).unwrap();
    // As an operator's server is: it waits for its disk, and it lies on one.
    let folder = tempfile::Builder::new().prefix("regrow-soak-").tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    let mut guard = bench::guard(folder.path());
    let settings = Settings::default();
    let options = Options { bin_dir: bin_dir(), major: None, settings, guard: REGROW.into() };
    let server = DevCluster::at(&folder.path().join("server"), options).unwrap().lease().unwrap();
    let project = Project::orders_on(Database::at(server.url(), "template0"));
    project.ok(&["migrate"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let mut run = Listening::start(&project);
    run.wait_for("/readyz?builds", 200);

    let soak = Soak { url: project.database.url(), lags: Mutex::default(), over: false.into() };
    let (pid, address) = (run.child().id(), run.address().to_owned());
    let batches = length.looks * length.apart;
    let (samples, scrapes, took) = std::thread::scope(|scope| {
        let (tell, committed) = channel();
        let (tell_watched, watched) = channel();
        let began = Instant::now();
        let soak = &soak;
        scope.spawn(move || {
            // Also where it fails: nobody waits for one who is gone.
            let _over = Over(&soak.over);
            append(&soak.url, seed, batches, &(tell, tell_watched));
        });
        scope.spawn(move || soak.watch(&watched));
        let scraper = scope.spawn(|| soak.scrape(&address));
        let samples = soak.look(pid, &committed, &length);
        (samples, scraper.join().unwrap(), began.elapsed())
    });

    let mut client = project.events();
    let written = i64::from(batches) * BATCH_EVENTS;
    let events = "SELECT count(*), max(position) FROM event_store.events";
    let row = client.query_one(events, &[]).unwrap();
    let (there, last): (i64, i64) = (row.get(0), row.get(1));
    assert_eq!(there, written, "the writer's own books");
    wait_until("the follower to have read everything", || checkpoint(&mut client) >= last);
    client.batch_execute("SET work_mem = '256MB'").unwrap();
    assert_eq!(oracle::every_build_is_right(&mut client), 1);
    let lines = run.stop();
    let rate = f64::from(u32::try_from(written).unwrap()) / took.as_secs_f64();
    println!("{written} events in {took:.0?}, {rate:.0} a second; every row is right; {scrapes}");
    assert!(!lines.contains("error"), "{lines}");
    is_flat(&samples, &length);
    // The database goes before its server, and the folder behind both.
    drop(project);
    drop(server);
    drop(guard.stdin.take());
    guard.wait().unwrap();
}

/// Says that it is over when it goes.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A position, and when the writer knew that it is committed.
type Moment = (i64, Instant);

/// Appends batches at a steady pace, and tells of each, and of some by position.
fn append(url: &str, seed: i64, batches: u32, (each, watched): &(Sender<()>, Sender<Moment>)) {
    let mut client = Client::connect(url, NoTls).unwrap();
    let statement = client.prepare(include_str!("batch.sql")).unwrap();
    let began = Instant::now();
    for batch in 0..batches {
        let due = BATCH_EVERY * batch;
        std::thread::sleep(due.saturating_sub(began.elapsed()));
        let row = client.query_one(&statement, &[&i64::from(batch), &seed]).unwrap();
        if batch.is_multiple_of(WATCHED) {
            watched.send((row.get(0), Instant::now())).unwrap();
        }
        each.send(()).unwrap();
    }
}

fn checkpoint(client: &mut Client) -> i64 {
    client.query_one("SELECT min(position) FROM regrow.checkpoint", &[]).unwrap().get(0)
}

struct Soak {
    url: String,
    /// Lags since the last line of the table: from a commit to a checkpoint, and so to rows, that another session sees.
    lags: Mutex<Vec<Duration>>,
    over: AtomicBool,
}

impl Soak {
    /// Waits for each position of the writer's to be seen. A lag is too long by up to a look.
    fn watch(&self, committed: &Receiver<Moment>) {
        let mut client = Client::connect(&self.url, NoTls).unwrap();
        let sql = client.prepare("SELECT min(position) FROM regrow.checkpoint").unwrap();
        for (position, at) in committed {
            while client.query_one(&sql, &[]).unwrap().get::<_, i64>(0) < position {
                assert!(at.elapsed() < bench::HANGS, "the follower does not come to {position}");
                std::thread::sleep(Duration::from_millis(1));
            }
            self.lags.lock().unwrap().push(at.elapsed());
        }
    }

    /// Asks for the metrics once a second; says how often, and how often they were old.
    fn scrape(&self, address: &str) -> String {
        let (mut asked, mut old, mut worst) = (0, 0, Duration::ZERO);
        while !self.over.load(Ordering::Relaxed) {
            let began = Instant::now();
            let answer = ask(address, "GET", "/metrics");
            worst = worst.max(began.elapsed());
            assert_eq!(answer.code, 200, "{}", answer.body);
            asked += 1;
            old += usize::from(samples(&answer.body)["regrow_up"] != 1.0);
            std::thread::sleep(SCRAPE_EVERY.saturating_sub(began.elapsed()));
        }
        let worst = milliseconds(worst);
        format!("{asked} scrapes, {old} of them told of nothing newer, the slowest took {worst}")
    }

    /// Looks at the process each so many batches, and prints the table.
    fn look(&self, pid: u32, committed: &Receiver<()>, length: &Length) -> Vec<Sample> {
        println!("| minute | events/s | RSS | peak | descriptors | lag p50 | p99 | worst | core |");
        println!("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        let (began, mut samples) = (Instant::now(), Vec::new());
        let mut line = Sample::of(pid);
        for look in 1..=length.looks {
            for _ in 0..length.apart {
                committed.recv().expect("the writer goes on");
            }
            samples.push(Sample::of(pid));
            let look = usize::try_from(look).unwrap();
            if !look.is_multiple_of(length.in_a_line) {
                continue;
            }
            let (of_line, now) = (&samples[look - length.in_a_line..], samples[look - 1]);
            let mut lags = std::mem::take(&mut *self.lags.lock().unwrap());
            lags.sort();
            let took = now.at.duration_since(line.at).as_secs_f64();
            let batches = length.apart * u32::try_from(length.in_a_line).unwrap();
            println!(
                "| {:.1} | {:.0} | {:.1} MiB | {:.1} MiB | {} | {} | {} | {} | {:.1} % |",
                now.at.duration_since(began).as_secs_f64() / 60.0,
                f64::from(batches) * BATCH_EVENTS as f64 / took,
                mean_rss_kib(of_line) as f64 / 1024.0,
                now.peak_kib as f64 / 1024.0,
                of_line.iter().map(|sample| sample.descriptors).max().unwrap(),
                milliseconds(percentile(&lags, 50)),
                milliseconds(percentile(&lags, 99)),
                milliseconds(percentile(&lags, 100)),
                100.0 * now.core.saturating_sub(line.core).as_secs_f64() / took,
            );
            line = now;
        }
        samples
    }
}

/// The last quarter takes what the second one took: the first is for caches and plans.
fn is_flat(samples: &[Sample], length: &Length) {
    let quarter = samples.len() / 4;
    let (second, last) = (&samples[quarter..2 * quarter], &samples[samples.len() - quarter..]);
    let [before, after] = [second, last].map(mean_rss_kib);
    let most = |of: &[Sample]| of.iter().map(|sample| sample.descriptors).max().unwrap();
    println!(
        "resident in the second quarter {before} KiB, in the last {after} KiB; descriptors {} and {}",
        most(second),
        most(last)
    );
    let slack = length.slack_kib.max(before * length.slack_percent / 100);
    assert!(after <= before + slack, "it grew from {before} to {after} KiB");
    assert!(most(last) <= most(second) + PASSING, "descriptors are lost");
}
