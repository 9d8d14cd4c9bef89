//! Builds: what a rebuild, a switch and what an operator wants of one came to.

use serde::Serialize;

use super::Printed;
use super::comparison;
use super::error::ErrorReport;

/// What became of builds.
#[derive(Debug, Clone, Serialize)]
pub struct BuildRuns {
    /// Each build that was worked on.
    pub builds: Vec<BuildRun>,
}

impl Printed for BuildRuns {
    const COMMAND: &'static str = "regrow rebuild, regrow resume";
}

/// What became of a build.
#[derive(Debug, Clone, Serialize)]
pub struct BuildRun {
    /// Its projection.
    pub projection: String,
    /// Its schema.
    pub build: String,
    /// Its state.
    pub state: &'static str,
    /// The position of its checkpoint.
    pub position: i64,
    /// Events that this run read.
    pub events: i64,
    /// How long this run took, in seconds.
    pub seconds: f64,
    /// Events a second, of this run.
    pub events_per_second: i64,
    /// Events that the build could not apply and parked.
    pub parked: i64,
    /// Events that it could not apply and skipped.
    pub skipped: i64,
    /// Which engine ran its handlers: `native`, `sql` or `both`.
    pub engine: &'static str,
    /// Handlers that ran natively.
    pub native_handlers: i64,
    /// Handlers that ran in SQL.
    pub sql_handlers: i64,
    /// Events that ran in SQL since the native engine reads no value like one of theirs.
    pub events_unread: i64,
    /// Events that ran in SQL since the native engine was not certain what becomes of them.
    pub events_declined: i64,
    /// The switch, if readers were switched to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promoted: Option<SwitchReport>,
    /// What it was compared with and what differs, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify: Option<comparison::Report>,
    /// Why it did not get there, or was not promoted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorReport>,
}

/// What readers were switched to.
#[derive(Debug, Clone, Serialize)]
pub struct SwitchReport {
    /// The schema of the build that they see now.
    pub build: String,
    /// What went wrong with the program of `[hooks] after_promote`; the switch stands.
    pub hook_failed: Option<ErrorReport>,
    /// The schema of the build that they saw before; null if there was none.
    pub retired: Option<String>,
    /// The position of what they see.
    pub position: i64,
    /// Events that it is without, since they are parked.
    pub parked: i64,
    /// Events that it is without, since they were skipped.
    pub skipped: i64,
    /// How many attempts it took to lock the views.
    pub attempts: u32,
    /// How long the views were locked, in milliseconds.
    pub locked_ms: f64,
}

impl Printed for SwitchReport {
    const COMMAND: &'static str = "regrow promote, regrow rollback";
}

/// What is sent on the channel `regrow` when readers are switched: the payload of a notification.
#[derive(Debug, Clone, Serialize)]
pub struct SwitchNotification {
    /// The version of this shape: 1.
    pub version: u32,
    /// `promote` or `rollback`.
    pub event: &'static str,
    /// The projection.
    pub projection: String,
    /// The schema of the build that readers see now.
    pub build: String,
    /// The schema of the build that they saw before; null for a first promote.
    pub previous_build: Option<String>,
    /// The position of what they see.
    pub position: i64,
    /// The schema of the views.
    pub schema: String,
    /// The schema of the ledger.
    pub ledger: String,
}

impl Printed for SwitchNotification {
    const COMMAND: &'static str = "NOTIFY regrow";
}

/// A build that an operator wants something of.
#[derive(Debug, Clone, Serialize)]
pub struct SteeredBuild {
    /// Its projection.
    pub projection: String,
    /// Its schema.
    pub build: String,
    /// Its state.
    pub state: &'static str,
    /// What is wanted of it: `run`, `pause` or `cancel`.
    pub wanted: &'static str,
    /// Whether it is so; if not, the process that works on it will see to it.
    pub done: bool,
}

impl Printed for SteeredBuild {
    const COMMAND: &'static str = "regrow pause, regrow cancel";
}

/// What `regrow unpause` prints.
#[derive(Debug, Clone, Serialize)]
pub struct UnpausedBuilds {
    /// The builds that are no longer paused.
    pub builds: Vec<SteeredBuild>,
}

impl Printed for UnpausedBuilds {
    const COMMAND: &'static str = "regrow unpause";
}

/// What `regrow prune` prints.
#[derive(Debug, Clone, Serialize)]
pub struct PruneReport {
    /// The schemas of the builds that were dropped.
    pub dropped: Vec<String>,
    /// The builds that are kept for a way back.
    pub kept: Vec<KeptBuild>,
}

impl Printed for PruneReport {
    const COMMAND: &'static str = "regrow prune";
}

/// What `regrow prune --dry-run` prints.
#[derive(Debug, Clone, Serialize)]
pub struct PrunePlan {
    /// The schemas of the builds that would be dropped.
    pub would_drop: Vec<String>,
    /// The builds that are kept for a way back.
    pub kept: Vec<KeptBuild>,
    /// The builds that cannot be dropped.
    pub in_the_way: Vec<UndroppableBuild>,
}

impl Printed for PrunePlan {
    const COMMAND: &'static str = "regrow prune --dry-run";
}

/// A build that is kept for a way back.
#[derive(Debug, Clone, Serialize)]
pub struct KeptBuild {
    /// Its schema.
    pub build: String,
    /// Why it is kept.
    pub why: &'static str,
}

/// A build that cannot be dropped.
#[derive(Debug, Clone, Serialize)]
pub struct UndroppableBuild {
    /// Its schema.
    pub build: String,
    /// What would go with it that regrow did not make.
    pub objects: Vec<ObjectInTheWay>,
}

/// Something that would go with a build.
#[derive(Debug, Clone, Serialize)]
pub struct ObjectInTheWay {
    /// What it is, and its name.
    pub object: String,
    /// The statement to run first.
    pub first: String,
}

/// What `regrow retire` prints.
#[derive(Debug, Clone, Serialize)]
pub struct RetiredProjection {
    /// The projection.
    pub projection: String,
    /// The views that are gone, or would be.
    pub views: Vec<String>,
    /// The schemas of the builds that are gone, or would be.
    pub builds: Vec<String>,
    /// What belongs to the views and goes with them, or would.
    pub with_the_views: Vec<String>,
    /// Whether nothing was ended.
    pub dry_run: bool,
}

impl Printed for RetiredProjection {
    const COMMAND: &'static str = "regrow retire";
}

/// What `regrow rename` prints.
#[derive(Debug, Clone, Serialize)]
pub struct RenamedProjection {
    /// The name it had.
    pub old: String,
    /// The name it has.
    pub new: String,
    /// The schemas of its builds.
    pub builds: Vec<String>,
}

impl Printed for RenamedProjection {
    const COMMAND: &'static str = "regrow rename";
}

/// What `regrow run` prints when it ends.
#[derive(Debug, Clone, Serialize)]
pub struct FollowReport {
    /// Events read, for all builds together.
    pub events: i64,
    /// The builds that were followed.
    pub builds: Vec<FollowedBuild>,
}

impl Printed for FollowReport {
    const COMMAND: &'static str = "regrow run";
}

/// A build that was followed.
#[derive(Debug, Clone, Serialize)]
pub struct FollowedBuild {
    /// Its schema.
    pub build: String,
    /// The position of its checkpoint.
    pub position: i64,
}

/// What `regrow wait` prints.
#[derive(Debug, Clone, Serialize)]
pub struct WaitReport {
    /// The projection.
    pub projection: String,
    /// The schema of the build that readers see.
    pub build: String,
    /// The position that was waited for.
    pub goal: i64,
    /// The position that readers see everything up to.
    pub position: i64,
    /// How long it took, in seconds.
    pub seconds: f64,
}

impl Printed for WaitReport {
    const COMMAND: &'static str = "regrow wait";
}

/// What `regrow history --builds` prints.
#[derive(Debug, Clone, Serialize)]
pub struct BuildHistory {
    /// The changes, the newest first.
    pub changes: Vec<BuildChange>,
    /// How many there are in all.
    pub all: i64,
}

impl Printed for BuildHistory {
    const COMMAND: &'static str = "regrow history --builds";
}

/// A change of a build's state.
#[derive(Debug, Clone, Serialize)]
pub struct BuildChange {
    /// When.
    pub at: String,
    /// The projection.
    pub projection: String,
    /// The build's schema.
    pub build: String,
    /// The state before; null for a build that was made.
    pub from: Option<String>,
    /// The state after.
    pub to: String,
    /// Who: the role that logged in, and the name of its connection.
    pub by: String,
}
