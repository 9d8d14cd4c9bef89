//! Which contenders run over which log, in which rounds, and whether they made the same rows.

use postgres::Client;

use crate::Outcome;
use crate::client_loop::Commit;
use crate::contender::{Contender, How, Run};
use crate::ground::Context;
use crate::report::{self, grouped, mebibytes, rate, seconds};

const WHOLE_LOG: &str = "event_store.events";
const SUMMARY: &[&str] = &["order_summary"];

/// Contenders over one log. The first is what the others are measured by, and builds its tables.
pub(crate) struct Workload<'a> {
    /// What stands above the figures.
    pub(crate) title: &'static str,
    context: &'a Context,
    /// Events in the log.
    pub(crate) events: u64,
    /// The tables that are compared, where a contender has made them; the first one's rows are counted.
    tables: &'static [&'static str],
    /// Who runs, in turn.
    pub(crate) contenders: Vec<Contender>,
}

fn regrow(
    label: &'static str,
    engine: &'static str,
    projections: &'static [&'static str],
) -> Contender {
    Contender { label, how: How::Regrow { engine, projections, stored: false } }
}

/// The same where a superuser has let the server hand payloads out as it stores them.
fn stored(projections: &'static [&'static str]) -> Contender {
    let how = How::Regrow { engine: "auto", projections, stored: true };
    Contender { label: "regrow, payloads as stored", how }
}

fn script(label: &'static str, sql: &'static str) -> Contender {
    Contender { label, how: How::Script(sql) }
}

/// The floor in two forms: the log as it lies, and what a projection needs of it in its order.
fn floors(read: &'static str, table: &'static str, key: &'static str) -> [Contender; 2] {
    [
        Contender {
            label: "floor, the log as it lies",
            how: How::Floor { read: WHOLE_LOG, table, key },
        },
        Contender { label: "floor, its columns in order", how: How::Floor { read, table, key } },
    ]
}

/// A query as COPY wants it. The text is a constant of the program, and short.
macro_rules! query {
    ($file:literal) => {
        concat!("(", include_str!($file), ")")
    };
}

fn order_contenders() -> Vec<Contender> {
    let mut contenders = vec![
        regrow("regrow, engine auto", "auto", SUMMARY),
        regrow("regrow, engine sql", "sql", SUMMARY),
        script("INSERT ... SELECT ... GROUP BY", include_str!("orders/group_by.sql")),
        script("CREATE TABLE AS, tuned", include_str!("orders/tuned.sql")),
        script("PL/pgSQL loop", include_str!("orders/plpgsql_loop.sql")),
    ];
    contenders.extend(floors(query!("orders/read.sql"), "order_summary", "id"));
    contenders
}

/// Orders in three versions, against SQL by hand and a client that sends a statement an event.
pub(crate) fn orders(context: &Context, events: u64) -> Workload<'_> {
    let mut contenders = order_contenders();
    contenders.insert(1, stored(SUMMARY));
    for (label, commit) in [
        ("client loop, one transaction", Commit::Once),
        ("client loop, a commit an event", Commit::EachEvent),
    ] {
        contenders.push(Contender { label, how: How::Client { events, commit } });
    }
    Workload { title: "orders", context, events, tables: SUMMARY, contenders }
}

/// The same log with json payloads, adopted.
pub(crate) fn json(context: &Context, events: u64) -> Workload<'_> {
    let title = "orders, payload as json, adopted";
    Workload { title, context, events, tables: SUMMARY, contenders: order_contenders() }
}

/// Every event makes a row.
pub(crate) fn rows(context: &Context, events: u64) -> Workload<'_> {
    let projections = &["event_row"];
    let mut contenders = vec![
        regrow("regrow, engine auto", "auto", projections),
        stored(projections),
        regrow("regrow, engine sql", "sql", projections),
        script("INSERT ... SELECT", include_str!("rows/insert_select.sql")),
        script("CREATE TABLE AS, key last", include_str!("rows/tuned.sql")),
    ];
    contenders.extend(floors(query!("rows/read.sql"), "event_row", "position"));
    Workload { title: "every event makes a row", context, events, tables: projections, contenders }
}

/// A tenth of the events change one row.
pub(crate) fn hot(context: &Context, events: u64) -> Workload<'_> {
    let projections = &["customer_visits"];
    let mut contenders = vec![
        regrow("regrow, engine auto", "auto", projections),
        stored(projections),
        regrow("regrow, engine sql", "sql", projections),
        script("INSERT ... SELECT ... GROUP BY", include_str!("hot/group_by.sql")),
        script("CREATE TABLE AS, tuned", include_str!("hot/tuned.sql")),
    ];
    contenders.extend(floors(query!("hot/read.sql"), "customer_visits", "id"));
    let title = "a tenth of the events on one row";
    Workload { title, context, events, tables: projections, contenders }
}

/// Two projections in one pass, against one of them and against one after the other.
pub(crate) fn two(context: &Context, events: u64) -> Workload<'_> {
    let contenders = vec![
        regrow("order_summary", "auto", SUMMARY),
        regrow("order_pace", "auto", &["order_pace"]),
        regrow("customer_activity", "auto", &["customer_activity"]),
        regrow("order_summary order_pace", "auto", &["order_summary", "order_pace"]),
        regrow("order_summary customer_activity", "auto", &["order_summary", "customer_activity"]),
        regrow("both, engine sql", "sql", &["order_summary", "customer_activity"]),
    ];
    let tables = &["order_summary", "order_pace", "customer_activity", "customer_order"];
    Workload { title: "two projections in one rebuild", context, events, tables, contenders }
}

impl Workload<'_> {
    /// Runs every contender once a round, and prints the medians.
    pub(crate) fn run(&self, rounds: usize) -> Outcome<()> {
        let mut client = self.context.connect()?;
        client.batch_execute("DROP SCHEMA IF EXISTS reference CASCADE; CREATE SCHEMA reference")?;
        let mut runs: Vec<Vec<Run>> = self.contenders.iter().map(|_| Vec::new()).collect();
        for round in 1..=rounds {
            for (contender, runs) in self.contenders.iter().zip(&mut runs) {
                let run = contender.run(self.context)?;
                report::progress(self.title, round, contender.label, run.took);
                for schema in &run.schemas {
                    compare(&mut client, schema, self.tables)
                        .map_err(|e| format!("{}: {e}", contender.label))?;
                }
                runs.push(run);
            }
        }
        let sql = format!("SELECT count(*) FROM reference.{}", self.tables[0]);
        let rows: i64 = client.query_one(&sql, &[])?.get(0);
        client.batch_execute("DROP SCHEMA reference CASCADE")?;
        self.context.clear()?;
        self.print(&runs, rows, rounds);
        Ok(())
    }

    /// The medians of a self. The first contender is 1.
    fn print(&self, runs: &[Vec<Run>], rows: i64, rounds: usize) {
        let events = self.events;
        println!();
        println!(
            "{}: {} events, {} rows, median of {rounds}",
            self.title,
            grouped(events),
            grouped(rows.unsigned_abs()),
        );
        println!(
            "{:<33}{:>9}{:>11}{:>7}{:>11}{:>9}",
            "contender", "time", "events/s", "ratio", "replay/s", "memory"
        );
        let Some(baseline) = runs.first().map(|runs| median(runs)) else { return };
        let unknown = || "-".to_owned();
        let mut parts = Vec::new();
        for (contender, runs) in self.contenders.iter().zip(runs) {
            let run = median(runs);
            let peak = runs.iter().filter_map(|run| run.peak_kib).max();
            println!(
                "{:<33}{:>9}{:>11}{:>7.2}{:>11}{:>9}",
                contender.label,
                seconds(run.took),
                grouped(rate(events, run.took)),
                run.took.as_secs_f64() / baseline.took.as_secs_f64(),
                run.replay_rate.map_or_else(unknown, grouped),
                peak.map_or_else(unknown, mebibytes),
            );
            if !run.parts.is_empty() {
                let list: Vec<String> = run
                    .parts
                    .iter()
                    .map(|(name, took)| format!("{name} {}", seconds(*took)))
                    .collect();
                parts.push(format!("{}: {}", contender.label, list.join(", ")));
            }
        }
        for line in parts {
            println!("{line}");
        }
    }
}

/// The run whose time is the middle one.
fn median(runs: &[Run]) -> Run {
    let mut runs = runs.to_vec();
    runs.sort_by_key(|run| run.took);
    runs.get(runs.len() / 2).cloned().unwrap_or_default()
}

/// The tables of a schema hold the rows of those before, or the figures mean nothing. Rows are
/// compared as text, so that 1.0 and 1.00 are two things.
pub(crate) fn compare(client: &mut Client, schema: &str, tables: &[&str]) -> Outcome<()> {
    client.batch_execute("SET work_mem = '256MB'")?;
    let mut compared = 0;
    for table in tables {
        let is_there = |client: &mut Client, schema: &str| -> Outcome<bool> {
            let sql = "SELECT to_regclass(format('%I.%I', $1::text, $2::text)) IS NOT NULL";
            Ok(client.query_one(sql, &[&schema, table])?.get(0))
        };
        if !is_there(client, schema)? {
            continue;
        }
        compared += 1;
        if !is_there(client, "reference")? {
            client.batch_execute(&format!(
                "CREATE TABLE reference.{table} (LIKE {schema}.{table}); \
                 INSERT INTO reference.{table} TABLE {schema}.{table}; ANALYZE reference.{table}"
            ))?;
            continue;
        }
        let one = format!("SELECT t::text FROM {schema}.{table} AS t");
        let other = format!("SELECT t::text FROM reference.{table} AS t");
        let sql = format!(
            "SELECT count(*) FROM (({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one})) AS d"
        );
        let differences: i64 = client.query_one(&sql, &[])?.get(0);
        if differences > 0 {
            return Err(format!("{differences} rows of {table} differ").into());
        }
    }
    match compared {
        0 => Err(format!("{schema} has no table to compare").into()),
        _ => Ok(()),
    }
}
