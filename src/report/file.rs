//! Files and servers of a project: what was written, read, started.

use std::path::PathBuf;

use serde::Serialize;

use super::Printed;

/// What `regrow init` prints.
#[derive(Debug, Clone, Serialize)]
pub struct InitReport {
    /// The project's folder.
    pub folder: PathBuf,
    /// The paths of the files that were written, in the folder.
    pub written: Vec<String>,
}

impl Printed for InitReport {
    const COMMAND: &'static str = "regrow init";
}

/// What `regrow new` prints.
#[derive(Debug, Clone, Serialize)]
pub struct DraftReport {
    /// The paths of the files that were written.
    pub written: Vec<String>,
    /// The path of the file that got one more step.
    pub extended: Option<String>,
    /// The event types that were looked at.
    pub types: Vec<TypeReport>,
    /// What is to be known of the draft, a sentence each.
    pub notes: Vec<String>,
    /// The command that comes next.
    pub next: String,
}

impl Printed for DraftReport {
    const COMMAND: &'static str = "regrow new projection, regrow new event, regrow new version";
}

/// An event type and its fields.
#[derive(Debug, Clone, Serialize)]
pub struct TypeReport {
    /// The type, as handlers see it.
    #[serde(rename = "type")]
    pub event_type: String,
    /// How many events were looked into.
    pub events: u64,
    /// The fields that the draft has.
    pub fields: Vec<FieldReport>,
}

/// A field of events.
#[derive(Debug, Clone, Serialize)]
pub struct FieldReport {
    /// Its path in the payload.
    pub path: Vec<String>,
    /// The column.
    pub column: String,
    /// The column's type in SQL.
    #[serde(rename = "type")]
    pub sql_type: &'static str,
    /// The parameter, as handlers write it.
    pub parameter: String,
    /// Events without the field.
    pub missing: u64,
    /// Events with null there.
    pub nulls: u64,
}

/// What `regrow adopt --preset` prints.
#[derive(Debug, Clone, Serialize)]
pub struct AdoptReport {
    /// The preset.
    pub preset: String,
    /// The table that is read.
    pub table: String,
    /// What was written to config.toml.
    pub section: String,
    /// What the library's way of giving positions means, a sentence.
    pub hazard: String,
    /// The proof that `promote` and `run` will ask for; null if they will not.
    pub proof: Option<&'static str>,
    /// The versions of the library that the preset was tried with, and by what.
    pub tried: Vec<String>,
    /// What else is to be known, a sentence each.
    pub notes: Vec<String>,
    /// Statements that make reading faster.
    pub sql: Vec<String>,
}

impl Printed for AdoptReport {
    const COMMAND: &'static str = "regrow adopt --preset";
}

/// What `regrow adopt` prints without a preset.
#[derive(Debug, Clone, Serialize)]
pub struct RecognisedTables {
    /// The tables that a preset recognises.
    pub found: Vec<RecognisedTable>,
}

impl Printed for RecognisedTables {
    const COMMAND: &'static str = "regrow adopt";
}

/// A table that a preset recognises.
#[derive(Debug, Clone, Serialize)]
pub struct RecognisedTable {
    /// The table with its schema.
    pub table: String,
    /// The preset.
    pub preset: String,
    /// The library.
    pub store: String,
    /// Why SQL has to be run before it can be adopted; null if none has to.
    pub needs_sql_first: Option<&'static str>,
    /// The command that adopts it.
    pub next: String,
}

/// What `regrow man` prints.
#[derive(Debug, Clone, Serialize)]
pub struct ManualPages {
    /// The names of the files that were written.
    pub written: Vec<String>,
}

impl Printed for ManualPages {
    const COMMAND: &'static str = "regrow man";
}

/// What `regrow completions` prints.
#[derive(Debug, Clone, Serialize)]
pub struct Completions {
    /// The shell.
    pub shell: String,
    /// The script.
    pub script: String,
}

impl Printed for Completions {
    const COMMAND: &'static str = "regrow completions";
}

/// What `regrow import` prints.
#[derive(Debug, Clone, Serialize)]
pub struct ImportReport {
    /// Events that were appended.
    pub events: i64,
    /// How long it took, in seconds.
    pub seconds: f64,
}

impl Printed for ImportReport {
    const COMMAND: &'static str = "regrow import";
}

/// What `regrow upgrade-ledger` prints.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerUpgrade {
    /// The ledger's revision before; 0 if there was none.
    pub from: i64,
    /// Its revision now; 0 if there is none.
    pub to: i64,
}

impl Printed for LedgerUpgrade {
    const COMMAND: &'static str = "regrow upgrade-ledger";
}

/// What `regrow dev` prints of the private PostgreSQL.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevReport {
    /// Whether it runs: of `start`, `stop` and `status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running: Option<bool>,
    /// Whether it was running before: of `stop`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<bool>,
    /// Whether its files are there: of `status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
    /// Its process, if it runs: of `start` and `status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// Whether it runs until `stop`, and not only until the last command ends: of `status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<bool>,
    /// Its address, if it runs: of `start`, `status` and `url`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Printed for DevReport {
    const COMMAND: &'static str =
        "regrow dev start, regrow dev stop, regrow dev status, regrow dev url";
}

/// What `regrow demo` prints.
#[derive(Debug, Clone, Serialize)]
pub struct DemoReport {
    /// What was done, in order.
    pub steps: Vec<DemoStep>,
    /// How long everything took, in seconds.
    pub seconds: f64,
    /// Whether it went well.
    pub ok: bool,
}

impl Printed for DemoReport {
    const COMMAND: &'static str = "regrow demo";
}

/// A step of the demo. What a step does not tell is absent.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DemoStep {
    /// `imported`, `built`, `rollback`, `forward again`, `read`, `appended` or `compared`.
    pub step: &'static str,
    /// The schema of the build that was built, or that readers see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
    /// Events that were imported, read or appended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<i64>,
    /// How long it took, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// How long views were locked, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked_ms: Option<f64>,
    /// Which engine ran the handlers: `native`, `sql` or `both`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<&'static str>,
    /// Handlers that ran natively.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub native_handlers: Option<i64>,
    /// Handlers that ran in SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql_handlers: Option<i64>,
    /// Events that ran in SQL since the native engine reads no value like one of theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events_unread: Option<i64>,
    /// Events that ran in SQL since the native engine was not certain what becomes of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events_declined: Option<i64>,
    /// Queries of the reader that were answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reads: Option<u64>,
    /// Queries of the reader that were refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<u64>,
    /// How often the reader saw fewer orders than before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regressions: Option<u64>,
    /// The slowest answer, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slowest_ms: Option<f64>,
    /// The table that was compared with independent SQL over the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Its rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<i64>,
    /// Rows that are in one and not in the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differences: Option<i64>,
}
