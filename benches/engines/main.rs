//! How fast a rebuild replays, against what one would write by hand, in one run on one server.
//!
//! `scripts/bench.sh [EVENTS [ROUNDS]]` runs it. Each round runs every contender once, in
//! turn, so that drift of the machine meets all of them; the medians and their ratios are
//! printed. Nothing is asserted but that all contenders end with the same rows.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use postgres::{Client, NoTls};
use regrow::dev_cluster::{DevCluster, Options, Settings};
use regrow::project::{TemporaryFolder, write_sample};

const REGROW: &str = env!("CARGO_BIN_EXE_regrow");
const COLUMNS: &str =
    "id, customer_id, customer_name, status, total_amount, item_count, created_at";
/// The client loops are slow and even: a part of the log tells their rates.
const CLIENT_EVENTS: i64 = 20_000;
/// One commit an event is slower still.
const COMMIT_EVENTS: i64 = 3_000;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut numbers = std::env::args().skip(1).filter_map(|arg| arg.parse::<u64>().ok());
    let events = numbers.next().unwrap_or(300_000);
    let rounds = usize::try_from(numbers.next().unwrap_or(3))?;
    let folder = TemporaryFolder::new()?;
    write_sample(folder.path())?;
    let bin_dir = std::env::var_os("REGROW_PG_BIN").map(Into::into);
    let options = Options { bin_dir, settings: Settings::default(), guard: REGROW.into() };
    let lease = DevCluster::at(&folder.path().join(".regrow"), options)?.lease()?;
    let bench = Bench { folder, url: lease.url() };
    bench.log(events)?;

    let (mut regrow, mut loops) = (Vec::new(), Vec::new());
    let (mut clients, mut commits) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        regrow.push(bench.rebuild()?);
        loops.push(bench.plpgsql()?);
        bench.compare()?;
        clients.push(bench.client_loop(events, Commit::Once)?);
        commits.push(bench.client_loop(events, Commit::EachEvent)?);
        let at = round - 1;
        println!(
            "round {round}: regrow {:.2?}, PL/pgSQL loop {:.2?}, client loops {:.2?} and {:.2?} (scaled)",
            regrow[at], loops[at], clients[at], commits[at]
        );
    }
    let baseline = median(regrow);
    println!("\n{events} events, median of {rounds}:");
    for (name, times) in [
        ("regrow rebuild, sql engine", vec![baseline]),
        ("PL/pgSQL loop, by hand", loops),
        ("client loop, one transaction", clients),
        ("client loop, a commit an event", commits),
    ] {
        let took = median(times);
        let rate = events as f64 / took.as_secs_f64();
        let ratio = took.as_secs_f64() / baseline.as_secs_f64();
        println!(
            "{name:<34}{took:>9.2?}{rate:>12.0} events/s   regrow is {ratio:.2} times as fast"
        );
    }
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// When the client loop commits.
#[derive(Clone, Copy, PartialEq)]
enum Commit {
    /// At its end.
    Once,
    /// After every event, which is what a subscriber with a checkpoint of its own does.
    EachEvent,
}

struct Bench {
    folder: TemporaryFolder,
    url: String,
}

impl Bench {
    fn connect(&self) -> Outcome<Client> {
        Ok(Client::connect(&self.url, NoTls)?)
    }

    fn regrow(&self, args: &[&str]) -> Outcome<()> {
        let status = Command::new(REGROW)
            .args(["-q", "-C"])
            .arg(self.folder.path())
            .args(args)
            .env("DATABASE_URL", &self.url)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        if status.success() { Ok(()) } else { Err(format!("regrow {args:?} failed").into()) }
    }

    /// The demo's log: thirds of it in three versions.
    fn log(&self, events: u64) -> Outcome<()> {
        self.regrow(&["migrate"])?;
        let mut print = Command::new(REGROW)
            .args(["demo", "--print-log", "--events", &events.to_string()])
            .stdout(Stdio::piped())
            .spawn()?;
        let status = Command::new(REGROW)
            .args(["-q", "-C"])
            .arg(self.folder.path())
            .args(["import", "-"])
            .env("DATABASE_URL", &self.url)
            .stdin(print.stdout.take().ok_or("no pipe")?)
            .stdout(Stdio::null())
            .status()?;
        print.wait()?;
        if !status.success() {
            return Err("the log did not come in".into());
        }
        let mut client = self.connect()?;
        client.batch_execute("VACUUM ANALYZE event_store.events")?;
        client.batch_execute("CHECKPOINT")?;
        Ok(())
    }

    /// The whole command: schema, replay, index, catch-up, checks.
    fn rebuild(&self) -> Outcome<Duration> {
        self.regrow(&["prune", "order_summary", "--unfinished"])?;
        let mut client = self.connect()?;
        if client.query_one("SELECT to_regclass('regrow.build') IS NOT NULL", &[])?.get(0) {
            // A ready build is in the way of the next; promote retires the one before it.
            let ready: i64 = client
                .query_one("SELECT count(*) FROM regrow.build WHERE state = 'ready'", &[])?
                .get(0);
            if ready > 0 {
                self.regrow(&["promote", "order_summary"])?;
                self.regrow(&["prune", "order_summary"])?;
            }
        }
        client.batch_execute("CHECKPOINT")?;
        let started = Instant::now();
        self.regrow(&["rebuild", "order_summary"])?;
        Ok(started.elapsed())
    }

    fn plpgsql(&self) -> Outcome<Duration> {
        let mut client = self.connect()?;
        client.batch_execute("DROP SCHEMA IF EXISTS by_hand CASCADE; CHECKPOINT")?;
        client.batch_execute("SET synchronous_commit = off")?;
        let started = Instant::now();
        client.batch_execute(include_str!("plpgsql_loop.sql"))?;
        Ok(started.elapsed())
    }

    /// Reads events and sends a prepared statement for each.
    fn client_loop(&self, events: u64, commit: Commit) -> Outcome<Duration> {
        let mut client = self.connect()?;
        client.batch_execute(
            "DROP SCHEMA IF EXISTS by_client CASCADE; CREATE SCHEMA by_client; \
             CREATE TABLE by_client.order_summary (LIKE by_hand.order_summary INCLUDING ALL)",
        )?;
        let read = client.query(
            "SELECT event_type, schema_version, payload::text, recorded_at::text FROM event_store.events ORDER BY position LIMIT $1",
            &[&if commit == Commit::Once { CLIENT_EVENTS } else { COMMIT_EVENTS }],
        )?;
        let insert = client.prepare(
            "INSERT INTO by_client.order_summary VALUES ($1, $2, $3, 'pending', 0, 0, $4::text::timestamptz)",
        )?;
        let add = client.prepare(
            "UPDATE by_client.order_summary SET total_amount = total_amount + $2::bigint * $3::bigint / 100.0, \
             item_count = item_count + $2::bigint::int WHERE id = $1",
        )?;
        let status =
            client.prepare("UPDATE by_client.order_summary SET status = $2 WHERE id = $1")?;
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
                    transaction.execute(
                        &insert,
                        &[&id, &text("customer_id"), &text("customer_name"), &at],
                    )?;
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
        let scale = events as f64 / read.len() as f64;
        Ok(started.elapsed().mul_f64(scale))
    }

    /// Both ends hold the same rows, or the figures mean nothing.
    fn compare(&self) -> Outcome<()> {
        let mut client = self.connect()?;
        let schema: String = client
            .query_one("SELECT schema_name::text FROM regrow.build WHERE state = 'ready' ORDER BY id DESC LIMIT 1", &[])?
            .get(0);
        let sql = format!(
            "SELECT count(*) FROM ((SELECT {COLUMNS} FROM {schema}.order_summary EXCEPT ALL SELECT {COLUMNS} FROM by_hand.order_summary) \
             UNION ALL (SELECT {COLUMNS} FROM by_hand.order_summary EXCEPT ALL SELECT {COLUMNS} FROM {schema}.order_summary)) AS d"
        );
        let differences: i64 = client.query_one(&sql, &[])?.get(0);
        if differences == 0 { Ok(()) } else { Err(format!("{differences} rows differ").into()) }
    }
}
