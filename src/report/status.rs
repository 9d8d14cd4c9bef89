//! What `status --json` prints and the service serves as /status.json.

use serde::Serialize;

use super::{Columns, Printed};
use crate::failure::Failure;

/// The whole status.
#[derive(Debug, Clone, Serialize)]
pub struct StatusReport {
    /// The version of this shape: 1. It changes if a member goes or means something else, not if one comes.
    pub version: u32,
    /// When this was so, by the clock of the ledger's server.
    pub at: String,
    /// The highest position of the log that was given out.
    pub highest: i64,
    /// Every build that is not dropped, by projection and number.
    pub builds: Vec<BuildStatus>,
    /// Projections of the project without a live build.
    pub never_live: Vec<String>,
    /// What there is to do, in order: commands, or sentences if no command helps before.
    pub next: Vec<String>,
    /// What else there is to say of the ledger.
    pub notes: Vec<String>,
    /// The last promote or rollback of each projection.
    pub switches: Vec<SwitchStatus>,
}

impl Printed for StatusReport {
    const COMMAND: &'static str = "regrow status, /status.json";
}

/// What /status.json answers with 503.
#[derive(Debug, Clone, Serialize)]
pub struct NoStatus {
    /// The version of this shape: 1.
    pub version: u32,
    /// Why nothing is known, a sentence each.
    pub error: Vec<String>,
}

impl Printed for NoStatus {
    const COMMAND: &'static str = "/status.json with 503";
}

/// A switch of readers.
#[derive(Debug, Clone, Serialize)]
pub struct SwitchStatus {
    /// The projection.
    pub projection: String,
    /// The schema of the build that they were switched to.
    pub build: String,
    /// When.
    pub at: String,
    /// Who: the role that logged in, and the name of its connection.
    pub by: String,
    /// `promote` or `rollback`.
    pub kind: &'static str,
}

/// How a build stands.
#[derive(Debug, Clone, Serialize)]
pub struct BuildStatus {
    /// Its projection.
    pub projection: String,
    /// Its schema.
    pub build: String,
    /// `created`, `replaying`, `catching_up`, `ready`, `live`, `retired`, `paused` or `failed`.
    pub state: &'static str,
    /// The position of its checkpoint.
    pub position: i64,
    /// Events of the log that it has not read; null if that is not known.
    pub lag: Option<i64>,
    /// Whether there are more of these than `lag` says.
    pub lag_is_more: bool,
    /// Events that it has read.
    pub events: i64,
    /// Seconds since the oldest event was recorded that it has not read, 0 if it has read all; null if that is not known.
    pub lag_seconds: Option<f64>,
    /// Events that reached a handler.
    pub applied: i64,
    /// Events that it could not apply and parked.
    pub parked: i64,
    /// Events that it could not apply and skipped.
    pub skipped: i64,
    /// The largest five kinds of skipped events; none if it has skipped more than 100,000.
    pub skipped_kinds: Vec<SkippedStatus>,
    /// The hash of its definition.
    pub definition: String,
    /// Whether the project's files make another definition.
    pub outdated: bool,
    /// Whether it is a retired build that is not kept for a way back.
    pub let_go: bool,
    /// The position where `--until` ends it.
    pub until: Option<i64>,
    /// Where it is shown, if it is a read model of a moment.
    pub as_of: Option<AsOfStatus>,
    /// The schema of its preview.
    pub preview: Option<String>,
    /// When it was made.
    pub created_at: String,
    /// When its checkpoint moved last.
    pub moved_at: String,
    /// The event that stopped it, and why.
    pub failure: Option<FailureStatus>,
    /// The session that rebuilds its projection.
    pub worker: Option<String>,
    /// What an operator wants of it: `run`, `pause` or `cancel`.
    pub wanted: &'static str,
    /// Who asked for that.
    pub wanted_by: Option<String>,
    /// When.
    pub wanted_at: Option<String>,
    /// The processes that follow it.
    pub followers: Vec<FollowerStatus>,
    /// Why a live build is not as fresh as readers may expect, a sentence each: what `/readyz?builds` says.
    pub complaints: Vec<String>,
    /// How far a rebuild is between two checkpoints.
    pub progress: Option<ProgressStatus>,
    /// What is known of the assertions of a live build; null also if an older regrow made the ledger.
    pub assertions: Option<AssertionsStatus>,
    /// What ended the last run that worked on it.
    pub trouble: Option<TroubleStatus>,
    /// Whether it belongs to the log as it is.
    pub log: LogStatus,
    /// The command that goes on with it, or a sentence if no command helps before.
    pub next: Option<String>,
}

/// A kind of skipped events.
#[derive(Debug, Clone, Serialize)]
pub struct SkippedStatus {
    /// Their type in the log.
    #[serde(rename = "type")]
    pub event_type: String,
    /// Their schema version in the log.
    pub version: i32,
    /// What kind of failure it is, one of docs/errors.md.
    pub code: String,
    /// `file:line:column` of the handler's statement or the upcaster's step.
    pub place: Option<String>,
    /// How many there are.
    pub events: i64,
    /// The position of the first.
    pub first: i64,
    /// The position of the last.
    pub last: i64,
}

/// What a read model of a moment shows, and where.
#[derive(Debug, Clone, Serialize)]
pub struct AsOfStatus {
    /// The schema of its views.
    pub publish: String,
    /// The moment, as PostgreSQL prints it in UTC; null if a position was asked for.
    pub moment: Option<String>,
}

/// An event that stopped a build.
#[derive(Debug, Clone, Serialize)]
pub struct FailureStatus {
    /// Which, and why.
    #[serde(flatten)]
    pub failure: Failure,
    /// Its payload, or the beginning of a long one: with `--show-payload` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
}

/// A process that follows a build.
#[derive(Debug, Clone, Serialize)]
pub struct FollowerStatus {
    /// The machine's name.
    pub host: String,
    /// The process there.
    pub pid: i64,
}

/// How far a rebuild is.
#[derive(Debug, Clone, Serialize)]
pub struct ProgressStatus {
    /// The stage that it is in.
    pub stage: String,
    /// What is done of the stage, between 0 and 1; null if that cannot be told.
    pub done: Option<f64>,
    /// The position that it is at; rows and checkpoint may be behind.
    pub position: i64,
    /// The position that it works towards; 0 as long as nobody knows.
    pub target: i64,
    /// Events read so far.
    pub events: i64,
    /// Events a second, lately.
    pub events_per_second: Option<f64>,
    /// What it is held back for.
    pub waits: Option<String>,
    /// How long it takes to the target at that rate, in seconds.
    pub seconds_left: Option<f64>,
    /// How long this run has been at work, in seconds.
    pub running_seconds: f64,
    /// The machine it runs on.
    pub host: String,
    /// The process there.
    pub pid: i64,
}

/// What is known of a build's assertions.
#[derive(Debug, Clone, Serialize)]
pub struct AssertionsStatus {
    /// When they were looked at last; null if nobody ever did.
    pub looked_at: Option<String>,
    /// How long ago that is, in seconds.
    pub age_seconds: Option<f64>,
    /// Whether that is longer ago than `[follow] check_interval_s` lets expect.
    pub is_stale: bool,
    /// Why the file cannot be read that says which they are.
    pub unreadable: Option<String>,
    /// Each, in the order of the file.
    pub all: Vec<AssertionStatus>,
}

/// An assertion.
#[derive(Debug, Clone, Serialize)]
pub struct AssertionStatus {
    /// Its name.
    pub check: String,
    /// `file:line:column` of the query.
    pub place: String,
    /// `holds`, `broken`, `failed` if it could not be run, `unknown` if nobody has looked.
    pub outcome: &'static str,
    /// How many rows a broken one returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
    /// Of a broken one: the keys of the first ten rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<Vec<Columns>>,
    /// Why one could not be run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What ended a run.
#[derive(Debug, Clone, Serialize)]
pub struct TroubleStatus {
    /// What happened.
    pub message: String,
    /// What fixes it.
    pub fix: Option<String>,
    /// When.
    pub at: String,
}

/// Whether a build belongs to the log as it is.
#[derive(Debug, Clone, Serialize)]
pub struct LogStatus {
    /// Why it does not.
    pub fault: Option<FaultStatus>,
    /// Events below its checkpoint that it never read, at the least; null if nobody has compared.
    pub late_events: Option<i64>,
    /// Events that it has read and the log no longer has, at the least; null likewise.
    pub deleted_events: Option<i64>,
    /// Positions of events whose payload is another by now, as far as anchors tell.
    pub rewritten: Vec<i64>,
    /// Positions of events that were deleted, as far as anchors tell.
    pub deleted: Vec<i64>,
    /// Views and functions that it has read an adopted log through and that are not known to be what they were.
    pub redefined: Vec<String>,
    /// The position where the log began for it, if it begins later now.
    pub began_at: Option<i64>,
    /// The position where it begins now, if that is later.
    pub begins_at: Option<i64>,
    /// The position from which on it is known what the log was; 0 is from its first event.
    pub known_from: Option<i64>,
}

/// Why a build does not belong to the log.
#[derive(Debug, Clone, Serialize)]
pub struct FaultStatus {
    /// Its code, one of docs/errors.md.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}
