//! One contender: how it is run, and what is timed.

use std::io::{self, Read as _, Write as _};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::client_loop::{Commit, client_loop};
use crate::ground::Context;
use crate::process::watch;

/// Bytes the driver is given at once: a piece becomes one message.
const PIECE_BYTES: usize = 64 * 1024;

/// Who runs.
pub(crate) struct Contender {
    /// What the table of figures calls it.
    pub(crate) label: &'static str,
    /// What it does.
    pub(crate) how: How,
}

/// What a contender does.
pub(crate) enum How {
    /// The whole command: schema, replay, indexes, catch-up, checks.
    Regrow {
        /// `engine` of each `projection.toml`.
        engine: &'static str,
        /// The projections, in one pass.
        projections: &'static [&'static str],
        /// Whether the server hands payloads out as it stores them.
        stored: bool,
    },
    /// SQL by hand, which fills the schema `by_hand`.
    Script(&'static str),
    /// What nobody can do without, one after the other: the log out, the finished rows in, the key.
    Floor {
        /// What is read: a table or a query in parentheses.
        read: &'static str,
        /// The table that is written; the rows are those of the reference.
        table: &'static str,
        /// Its primary key.
        key: &'static str,
    },
    /// A program that sends a statement an event; a part of the log, scaled.
    Client {
        /// Events in the whole log.
        events: u64,
        /// When it commits.
        commit: Commit,
    },
}

/// What one contender did in one round.
#[derive(Debug, Clone, Default)]
pub(crate) struct Run {
    /// From beginning to end.
    pub(crate) took: Duration,
    /// What of it is worth a line.
    pub(crate) parts: Vec<(&'static str, Duration)>,
    /// What `--json` says of the replay itself, in events per second over all builds.
    pub(crate) replay_rate: Option<u64>,
    /// The most memory the process had, in KiB.
    pub(crate) peak_kib: Option<u64>,
    /// The schemas it has filled.
    pub(crate) schemas: Vec<String>,
}

impl Contender {
    /// Runs it once in a cleared database.
    pub(crate) fn run(&self, context: &Context) -> Outcome<Run> {
        context.clear()?;
        match &self.how {
            How::Regrow { engine, projections, stored: false } => {
                rebuild(context, engine, projections)
            }
            How::Regrow { engine, projections, stored: true } => {
                let mut client = context.connect()?;
                client.batch_execute(regrow::log::CREATE_CAST)?;
                let run = rebuild(context, engine, projections);
                client.batch_execute("DROP CAST (jsonb AS bytea)")?;
                run
            }
            How::Script(sql) => script(context, sql),
            How::Floor { read, table, key } => floor(context, read, table, key),
            How::Client { events, commit } => {
                let took = client_loop(context, *events, *commit)?;
                Ok(Run { took, ..Run::default() })
            }
        }
    }
}

fn rebuild(context: &Context, engine: &str, projections: &[&str]) -> Outcome<Run> {
    for projection in projections {
        context.choose_engine(projection, engine)?;
    }
    let args = [&["rebuild", "--json"], projections].concat();
    let ended = watch(&mut context.regrow(&args))?;
    let said: serde_json::Value = serde_json::from_str(&ended.stdout)?;
    let rates = said["builds"].as_array().ok_or("no builds in the answer")?;
    // Builds of one pass end together, so their rates add up.
    let replay_rate = rates.iter().map(|build| build["events_per_second"].as_u64()).sum();
    let schemas: Outcome<Vec<String>> =
        projections.iter().map(|p| context.build_schema(p)).collect();
    Ok(Run {
        took: ended.took,
        parts: Vec::new(),
        replay_rate,
        peak_kib: ended.peak_kib,
        schemas: schemas?,
    })
}

fn script(context: &Context, sql: &str) -> Outcome<Run> {
    let mut client = context.connect()?;
    client.batch_execute("SET synchronous_commit = off")?;
    let started = Instant::now();
    client.batch_execute(sql)?;
    Ok(Run { took: started.elapsed(), schemas: vec!["by_hand".into()], ..Run::default() })
}

fn floor(context: &Context, read: &str, table: &str, key: &str) -> Outcome<Run> {
    let mut client = context.connect()?;
    let mut rows = Vec::new();
    client
        .copy_out(&format!("COPY reference.{table} TO STDOUT (FORMAT binary)"))?
        .read_to_end(&mut rows)?;
    client.batch_execute(&format!(
        "CREATE SCHEMA floor; CREATE TABLE floor.{table} (LIKE reference.{table}); CHECKPOINT"
    ))?;
    let started = Instant::now();
    let mut log = client.copy_out(&format!("COPY {read} TO STDOUT (FORMAT binary)"))?;
    io::copy(&mut log, &mut io::sink())?;
    drop(log);
    let log_out = started.elapsed();
    let mut copy = client.copy_in(&format!("COPY floor.{table} FROM STDIN (FORMAT binary)"))?;
    for piece in rows.chunks(PIECE_BYTES) {
        copy.write_all(piece)?;
    }
    copy.finish()?;
    let rows_in = started.elapsed() - log_out;
    client.batch_execute(&format!("ALTER TABLE floor.{table} ADD PRIMARY KEY ({key})"))?;
    let took = started.elapsed();
    let parts = vec![("log out", log_out), ("rows in", rows_in), ("key", took - log_out - rows_in)];
    Ok(Run { took, parts, schemas: vec!["floor".into()], ..Run::default() })
}
