//! What gates find before a deploy or a rebuild, and what the log holds.

use serde::Serialize;

use super::{Columns, Printed};

/// What `regrow check` prints.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// Whether it ends with 0.
    pub ok: bool,
    /// The exit code: that of the most serious finding.
    pub exit_code: u8,
    /// The lineages that were looked at.
    pub lineages: Vec<String>,
    /// The projections that were looked at.
    pub projections: Vec<String>,
    /// Handlers that were prepared.
    pub handlers: usize,
    /// Those of them that the native engine runs.
    pub native_handlers: usize,
    /// Events of the log that handlers were run on.
    pub events: usize,
    /// The findings, the most serious first.
    pub findings: Vec<CheckFinding>,
    /// What of a schema is not compared, so that no drift is seen there.
    pub drift_not_looked_for: Vec<&'static str>,
}

impl Printed for CheckReport {
    const COMMAND: &'static str = "regrow check";
}

/// Something that a gate has found.
#[derive(Debug, Clone, Serialize)]
pub struct CheckFinding {
    /// The gate: `pending`, `migrations`, `handlers`, `upcasters`, `projections` or `live`.
    pub gate: &'static str,
    /// How severe it is: `divergent`, `heads`, `ahead`, `mistake`, `lint`, `pending`, `warning` or `note`.
    pub severity: &'static str,
    /// What it concerns: a projection, `event_store` or `log`.
    pub about: String,
    /// The lint's rule, if one found it.
    pub rule: Option<String>,
    /// What is wrong, in a sentence for people.
    pub message: String,
    /// What to do: sentences or commands, one a line.
    pub hint: Option<String>,
    /// `file:line:column`, if it has a place in a file.
    pub place: Option<String>,
    /// The path of the file.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
}

/// What `regrow rebuild --preflight` prints: a list.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct PreflightReport(pub Vec<PreflightFinding>);

impl Printed for PreflightReport {
    const COMMAND: &'static str = "regrow rebuild --preflight";
}

/// Something that was found before a rebuild.
#[derive(Debug, Clone, Serialize)]
pub struct PreflightFinding {
    /// `refused`, `warning` or `note`.
    pub severity: &'static str,
    /// Its code, one of docs/preflight.md.
    pub code: &'static str,
    /// What it concerns: a server, a table, a file, a projection.
    pub object: String,
    /// What was found.
    pub message: String,
    /// What to do; SQL if a statement is enough.
    pub next: String,
}

/// What `regrow census` prints.
#[derive(Debug, Clone, Serialize)]
pub struct CensusReport {
    /// The kinds of events in the log, by type, then version.
    pub kinds: Vec<KindReport>,
    /// Types that handlers and upcaster files name and no event has; none if the log is empty.
    pub unknown_types: Vec<UnknownType>,
}

impl Printed for CensusReport {
    const COMMAND: &'static str = "regrow census";
}

/// A kind of events: a type in one schema version.
#[derive(Debug, Clone, Serialize)]
pub struct KindReport {
    /// The type in the log; null if it cannot be read.
    #[serde(rename = "type")]
    pub event_type: Option<String>,
    /// The schema version in the log; null if it or the type cannot be read.
    pub schema_version: Option<i32>,
    /// How many there are.
    pub events: i64,
    /// The position of the first.
    pub first: i64,
    /// The position of the last.
    pub last: i64,
    /// The upcasters' steps to the latest version, in order; none if it is the latest.
    pub path: Vec<String>,
    /// The projections that handle what comes of it, or cannot.
    pub handled_by: Vec<String>,
    /// What is wrong: it is handled and has no path to the latest version, or cannot be read.
    pub problem: Option<String>,
}

/// A type that no event has.
#[derive(Debug, Clone, Serialize)]
pub struct UnknownType {
    /// The projection whose handler names it; null if an upcaster file does.
    pub projection: Option<String>,
    /// The type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// `file:line:column` where it is named.
    pub place: String,
    /// What is to be said of it.
    pub message: String,
    /// Whether it is likely to be a mistake.
    pub suspect: bool,
}

/// What `regrow verify --live` prints.
#[derive(Debug, Clone, Serialize)]
pub struct LiveReport {
    /// Whether every assertion holds.
    pub ok: bool,
    /// The build's schema.
    pub build: String,
    /// Its state.
    pub state: String,
    /// How many assertions there are.
    pub checks: usize,
    /// Whether they are those of the files as they are now, and not those that the build was made with.
    pub by_files: bool,
    /// Whether the outcome was written into the ledger, so that status tells of it.
    pub in_ledger: bool,
    /// Those that do not hold.
    pub broken: Vec<BrokenAssertion>,
}

impl Printed for LiveReport {
    const COMMAND: &'static str = "regrow verify --live";
}

/// An assertion that does not hold.
#[derive(Debug, Clone, Serialize)]
pub struct BrokenAssertion {
    /// Its name.
    pub check: String,
    /// `file:line:column` of the query.
    pub place: String,
    /// How many rows it returned.
    pub rows: usize,
    /// The first of them: columns of keys, and all columns with `--show-values`.
    pub first: Vec<Columns>,
}
