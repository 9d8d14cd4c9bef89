//! What lines on stderr say beside their message, where they are objects.

use serde::Serialize;

use super::Logged;
use super::error::ErrorReport;
use super::server::ServerReport;

/// Nothing but the message.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Plain {}

impl Logged for Plain {}

/// Why a command ended.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorLine {
    /// The error.
    pub error: ErrorReport,
}

impl Logged for ErrorLine {}

/// A build entered a stage.
#[derive(Debug, Clone, Serialize)]
pub struct StageLine<'l> {
    /// The build's schema.
    pub build: &'l str,
    /// The stage.
    pub stage: &'static str,
}

impl Logged for StageLine<'_> {}

/// How far a build is.
#[derive(Debug, Clone, Serialize)]
pub struct BatchLine<'l> {
    /// The build's schema.
    pub build: &'l str,
    /// The stage that it is in.
    pub stage: &'static str,
    /// The position that it is at.
    pub position: i64,
    /// How much of the stage is done, in percent.
    pub percent: i64,
    /// Events read so far.
    pub events: u64,
    /// Events a second; null as long as that is not known.
    pub events_per_second: Option<i64>,
    /// How long the stage still takes at that rate, in seconds; null likewise.
    pub seconds_left: Option<i64>,
    /// Events, or positions, that are left to be read.
    pub lag: i64,
}

impl Logged for BatchLine<'_> {}

/// A revision committed, or its way back.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionLine<'l> {
    /// The lineage.
    pub lineage: &'l str,
    /// The revision: `V3__paid`.
    pub revision: &'l str,
    /// Whether it was its way back.
    pub undone: bool,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

impl Logged for RevisionLine<'_> {}

/// Something is waited for.
#[derive(Debug, Clone, Serialize)]
pub struct WaitingLine<'l> {
    /// What is waited for.
    pub waiting_for: &'l str,
    /// Who is in the way.
    pub holders: &'l [String],
    /// How long it has been waited for, in milliseconds.
    pub waited_ms: u64,
}

impl Logged for WaitingLine<'_> {}

/// Events were parked.
#[derive(Debug, Clone, Serialize)]
pub struct ParkedLine<'l> {
    /// The build's schema.
    pub build: &'l str,
    /// How many events, of one batch.
    pub parked: u64,
}

impl Logged for ParkedLine<'_> {}

/// Events were skipped.
#[derive(Debug, Clone, Serialize)]
pub struct SkippedLine<'l> {
    /// The build's schema.
    pub build: &'l str,
    /// How many events, of one batch.
    pub skipped: u64,
}

impl Logged for SkippedLine<'_> {}

/// A build is no longer followed.
#[derive(Debug, Clone, Serialize)]
pub struct StoppedLine<'l> {
    /// The build's schema.
    pub build: &'l str,
    /// Why.
    pub reason: &'l str,
    /// What was said of the event, values of its payload included: with `--show-payload` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<&'l str>,
    /// The event's payload: with `--show-payload` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<&'l str>,
}

impl Logged for StoppedLine<'_> {}

/// Readers were switched.
#[derive(Debug, Clone, Serialize)]
pub struct PromotedLine<'l> {
    /// The schema of the build that they see now.
    pub build: &'l str,
    /// Always true.
    pub promoted: bool,
    /// How many attempts it took to lock the views.
    pub attempts: u32,
    /// How long the views were locked, in milliseconds.
    pub locked_ms: u64,
}

impl Logged for PromotedLine<'_> {}

/// What the server said while a revision ran.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeLine<'l> {
    /// The notice.
    pub notice: Notice<'l>,
}

impl Logged for NoticeLine<'_> {}

/// A notice of the server.
#[derive(Debug, Clone, Serialize)]
pub struct Notice<'l> {
    /// How much it matters, in a word of PostgreSQL: `notice`, `warning`.
    pub severity: &'l str,
    /// `file:line:column` of the statement.
    pub place: &'l str,
    /// What it said.
    pub message: &'l str,
}

/// How much of a large revision was sent.
#[derive(Debug, Clone, Serialize)]
pub struct StreamedLine<'l> {
    /// The revision: `V3__paid`.
    pub revision: &'l str,
    /// Bytes that were sent.
    pub bytes: u64,
    /// Bytes there are.
    pub of_bytes: u64,
}

impl Logged for StreamedLine<'_> {}

/// How much of a table was compared.
#[derive(Debug, Clone, Serialize)]
pub struct ComparedLine<'l> {
    /// The table.
    pub table: &'l str,
    /// Rows that were compared.
    pub rows: u64,
    /// Rows there are, as far as statistics tell.
    pub of_rows: u64,
}

impl Logged for ComparedLine<'_> {}

/// How much was imported or exported.
#[derive(Debug, Clone, Serialize)]
pub struct CopiedLine {
    /// Events.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// Bytes there are; null if that is not known.
    pub of_bytes: Option<u64>,
}

impl Logged for CopiedLine {}

/// How many events were exported.
#[derive(Debug, Clone, Serialize)]
pub struct ExportedLine {
    /// Events.
    pub events: u64,
}

impl Logged for ExportedLine {}

/// The server that is about to be changed.
#[derive(Debug, Clone, Serialize)]
pub struct ServerLine<'l> {
    /// The event store's, or the only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<&'l ServerReport>,
    /// That of the read models.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_models_server: Option<&'l ServerReport>,
}

impl Logged for ServerLine<'_> {}

/// The project that is meant, which lies above the folder.
#[derive(Debug, Clone, Serialize)]
pub struct ProjectLine<'l> {
    /// Its folder, from this one.
    pub project: &'l str,
}

impl Logged for ProjectLine<'_> {}

/// A line of a program of the project.
#[derive(Debug, Clone, Serialize)]
pub struct ProgramLine {
    /// What has run it: `url_command`.
    pub said_by: &'static str,
}

impl Logged for ProgramLine {}
