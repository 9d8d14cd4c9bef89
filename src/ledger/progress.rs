//! How far rebuilds are between two checkpoints, for whoever looks from another process or machine.

use std::time::Duration;

use super::{BuildId, LedgerError, ours};
use crate::event::Position;
use crate::pg::{Row, Session, Sql};

/// What a rebuild tells of a build.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildProgress {
    /// The build.
    pub build: BuildId,
    /// The stage it is in.
    pub stage: String,
    /// Where it is; rows and checkpoint may be behind.
    pub position: Position,
    /// What it works towards; 0 as long as nobody knows.
    pub target: Position,
    /// Events read so far.
    pub events: i64,
    /// About how many it will have read at the target, if positions lie far apart and do not tell.
    pub whole: Option<i64>,
    /// Events a second, lately.
    pub rate: Option<f64>,
    /// How long it takes to the target at that rate.
    pub left: Option<Duration>,
    /// What it waits for between two batches, for the site's sake.
    pub waits: Option<String>,
    /// How long this run has been at work.
    pub running: Duration,
    /// The machine it runs on.
    pub host: String,
    /// Its process there.
    pub pid: i64,
}

impl BuildProgress {
    /// What is done of the stage, between 0 and 1, if that can be told.
    #[must_use]
    pub fn done(&self) -> Option<f64> {
        let (done, whole) = match self.whole {
            Some(whole) => (self.events, whole),
            None => (self.position.0, self.target.0),
        };
        #[expect(clippy::cast_precision_loss, reason = "a share for people")]
        let share = |done: i64, whole: i64| (done as f64 / whole as f64).clamp(0.0, 1.0);
        (whole > 0).then(|| share(done, whole))
    }
}

/// Tells how far builds are. Nothing is lost with it that the next does not bring.
///
/// # Errors
/// The server refuses.
pub fn tell_progress(session: &mut Session, all: &[BuildProgress]) -> Result<(), LedgerError> {
    let statement = ours(session, include_str!("tell_progress.sql")).into_owned();
    for told in all {
        session.execute(
            &statement,
            &[
                &told.build.0,
                &told.host,
                &told.pid,
                &told.stage,
                &told.position.0,
                &told.target.0,
                &told.events,
                &told.whole,
                &told.rate,
                &told.left.map(|left| left.as_secs_f64()),
                &told.running.as_secs_f64(),
                &told.waits,
            ],
        )?;
    }
    Ok(())
}

/// Forgets what was told of builds: nobody works on them any more.
///
/// # Errors
/// The server refuses.
pub fn forget_progress(session: &mut Session, builds: &[BuildId]) -> Result<(), LedgerError> {
    let ids: Vec<i64> = builds.iter().map(|build| build.0).collect();
    let statement = ours(session, "DELETE FROM regrow.progress WHERE build_id = ANY ($1)");
    let statement = statement.into_owned();
    session.execute(&statement, &[&ids])?;
    Ok(())
}

/// What rebuilds have told in the last ten seconds.
///
/// # Errors
/// The server refuses.
pub fn progress(session: &mut Session) -> Result<Vec<BuildProgress>, LedgerError> {
    let statement = ours(
        session,
        "SELECT build_id, host, pid, stage, position, target, events, events_whole, rate, left_s, waits, \
                extract(epoch FROM clock_timestamp() - began_at)::float8 AS running_s \
           FROM regrow.progress WHERE seen_at > clock_timestamp() - interval '10 seconds'",
    )
    .into_owned();
    Ok(session.query(&statement, &[])?.iter().map(from_row).collect())
}

fn from_row(row: &Row) -> BuildProgress {
    let seconds = |s: f64| Duration::try_from_secs_f64(s).unwrap_or_default();
    BuildProgress {
        build: BuildId(row.get("build_id")),
        stage: row.get("stage"),
        position: Position(row.get("position")),
        target: Position(row.get("target")),
        events: row.get("events"),
        whole: row.get("events_whole"),
        rate: row.get("rate"),
        left: row.get::<_, Option<f64>>("left_s").map(seconds),
        waits: row.get("waits"),
        running: seconds(row.get("running_s")),
        host: row.get("host"),
        pid: row.get("pid"),
    }
}
