//! Revisions that ran, or would run.

use serde::Serialize;

use super::Printed;

/// What a run of a lineage came to.
#[derive(Debug, Clone, Serialize)]
pub struct MigrationRun {
    /// The lineage.
    pub lineage: String,
    /// The revisions that ran, in order: `V3__paid`.
    pub ran: Vec<String>,
    /// The last of those that it is at now; null at base.
    pub head: Option<String>,
    /// The revisions that it is at now; none at base.
    pub at: Vec<String>,
}

impl Printed for MigrationRun {
    const COMMAND: &'static str = "regrow migrate, regrow downgrade, regrow redo";
}

/// What a run on a live build came to.
#[derive(Debug, Clone, Serialize)]
pub struct InPlaceRun {
    /// What ran, and where the lineage is.
    #[serde(flatten)]
    pub run: MigrationRun,
    /// The schema of the build that it ran on.
    pub build: String,
    /// The revisions that wait for a rebuild, in order.
    pub waiting: Vec<WaitingRevision>,
}

impl Printed for InPlaceRun {
    const COMMAND: &'static str = "regrow migrate NAME@TARGET";
}

/// A revision that waits for a rebuild.
#[derive(Debug, Clone, Serialize)]
pub struct WaitingRevision {
    /// The revision: `V3__paid`.
    pub revision: String,
    /// What it does to a build that has rows.
    pub change: &'static str,
    /// `file:line:column` of the statement that decides.
    pub place: String,
    /// Why it waits.
    pub why: Option<String>,
}

/// What a run of the event store, and then of what can run on live builds, came to.
#[derive(Debug, Clone, Serialize)]
pub struct RunOfAll {
    /// What ran of the event store.
    #[serde(flatten)]
    pub run: MigrationRun,
    /// The projections whose live builds had revisions to run.
    pub projections: Vec<InPlaceRun>,
}

impl Printed for RunOfAll {
    const COMMAND: &'static str = "regrow migrate --all";
}

/// What `--dry-run` says would run.
#[derive(Debug, Clone, Serialize)]
pub struct MigrationPlan {
    /// The lineage.
    pub lineage: String,
    /// `up` or `down`.
    pub direction: &'static str,
    /// The revisions, in order.
    pub plan: Vec<PlannedRevision>,
}

impl Printed for MigrationPlan {
    const COMMAND: &'static str = "regrow migrate --dry-run, regrow downgrade --dry-run";
}

/// A revision that would run.
#[derive(Debug, Clone, Serialize)]
pub struct PlannedRevision {
    /// The revision: `V3__paid`.
    pub revision: String,
    /// Whether it would run statement by statement.
    pub outside_transaction: bool,
    /// Why it waits for a rebuild; null if it would run.
    pub waits: Option<String>,
    /// Its statements, in order.
    pub statements: Vec<PlannedStatement>,
}

/// A statement that would run.
#[derive(Debug, Clone, Serialize)]
pub struct PlannedStatement {
    /// The path of its file.
    pub file: String,
    /// Its line there, from 1.
    pub line: usize,
    /// The strongest lock that it takes on something others use; null if it takes none.
    pub lock: Option<String>,
    /// What it locks; null if that is not known.
    pub on: Option<String>,
    /// Whether it writes the table anew.
    pub rewrites: bool,
    /// Whether it runs outside a transaction.
    pub outside_transaction: bool,
    /// Its beginning, on one line.
    pub text: String,
}

/// A script for psql.
#[derive(Debug, Clone, Serialize)]
pub struct ScriptReport {
    /// The lineage.
    pub lineage: String,
    /// The script.
    pub sql: String,
}

impl Printed for ScriptReport {
    const COMMAND: &'static str =
        "regrow migrate --sql, regrow downgrade --sql, regrow stamp --sql";
}

/// What `regrow stamp` prints.
#[derive(Debug, Clone, Serialize)]
pub struct StampReport {
    /// The lineage.
    pub lineage: String,
    /// The revisions that it is said to be at: `V3__paid`.
    pub at: Vec<String>,
    /// The versions that became applied.
    pub added: Vec<i64>,
    /// The versions that are no longer applied.
    pub removed: Vec<i64>,
}

impl Printed for StampReport {
    const COMMAND: &'static str = "regrow stamp";
}

/// What `regrow repair` prints.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryRepair {
    /// The lineage.
    pub lineage: String,
    /// What was changed, or would be, a sentence each.
    pub changes: Vec<String>,
    /// The differences that are left, a sentence each.
    pub left: Vec<String>,
    /// Whether it was written: not with `--dry-run`.
    pub written: bool,
}

impl Printed for HistoryRepair {
    const COMMAND: &'static str = "regrow repair";
}

/// What `regrow verify-down` prints.
#[derive(Debug, Clone, Serialize)]
pub struct WaysBack {
    /// Whether every way back leads back.
    pub ok: bool,
    /// The revisions.
    pub revisions: Vec<WayBack>,
    /// How many statements and ways back were not tried.
    pub not_tried: usize,
    /// How many statements ran whose effect was not compared.
    pub not_compared: usize,
}

impl Printed for WaysBack {
    const COMMAND: &'static str = "regrow verify-down";
}

/// A revision's way back, as it was tried.
#[derive(Debug, Clone, Serialize)]
pub struct WayBack {
    /// The lineage.
    pub lineage: String,
    /// The revision: `V3__paid`.
    pub revision: String,
    /// `leads back`, `leads back as far as it was compared`, `has no way back`, `could not be tried`, `fails on the way`, `is not taken back as a whole` or `is another
    /// one the second time`.
    pub verdict: &'static str,
    /// What differs or went wrong, a line each.
    pub details: Vec<String>,
    /// How many of its statements ran and were not compared.
    pub not_compared: usize,
    /// How many of its statements were not tried.
    pub not_tried: usize,
}
