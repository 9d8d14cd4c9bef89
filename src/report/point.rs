//! Read models of a moment, and previews: builds that are shown in a schema of their own.

use serde::Serialize;

use super::Printed;

/// What `regrow as-of` prints.
#[derive(Debug, Clone, Serialize)]
pub struct AsOfReport {
    /// The schema of the views.
    pub publish: String,
    /// The last position of what they show.
    pub position: i64,
    /// The moment, as PostgreSQL prints it in UTC (`2026-03-01 09:00:00+00`); null if a position was asked for.
    pub moment: Option<String>,
    /// Events that were recorded at the moment or before and stand behind an event of later, so that they are not shown; null likewise.
    pub recorded_by_then_and_later_in_the_log: Option<i64>,
    /// Events that are shown and of which nobody knows when they were recorded; null likewise.
    pub without_a_time: Option<i64>,
    /// Events that are not shown since they were skipped.
    pub skipped: i64,
    /// The schemas of the builds.
    pub builds: Vec<String>,
    /// The views, as `schema.name`.
    pub views: Vec<String>,
}

impl Printed for AsOfReport {
    const COMMAND: &'static str = "regrow as-of";
}

/// What `regrow as-of list` prints.
#[derive(Debug, Clone, Serialize)]
pub struct AsOfList {
    /// What is shown.
    pub as_of: Vec<AsOfEntry>,
}

impl Printed for AsOfList {
    const COMMAND: &'static str = "regrow as-of list";
}

/// A point of the log that is shown.
#[derive(Debug, Clone, Serialize)]
pub struct AsOfEntry {
    /// The schema of the views.
    pub publish: String,
    /// The moment, as PostgreSQL prints it in UTC; null if a position was asked for.
    pub moment: Option<String>,
    /// The last position of what they show.
    pub position: i64,
    /// The schemas of the builds.
    pub builds: Vec<String>,
    /// Whether the views are there; if not, the builds are unfinished.
    pub shown: bool,
    /// What the schema of the views is called by now; null if it is gone.
    pub schema: Option<String>,
}

/// What `regrow as-of drop` prints.
#[derive(Debug, Clone, Serialize)]
pub struct AsOfDropped {
    /// The schema of the views.
    pub publish: String,
    /// The schemas of the builds that went with it.
    pub builds: Vec<String>,
}

impl Printed for AsOfDropped {
    const COMMAND: &'static str = "regrow as-of drop";
}

/// A build that is shown by a preview.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewReport {
    /// The schema of the views.
    pub publish: String,
    /// The projection.
    pub projection: String,
    /// The build's schema.
    pub build: String,
    /// Its state.
    pub state: &'static str,
    /// The position of its checkpoint.
    pub position: i64,
    /// Events that it is without, since they were skipped.
    pub skipped: i64,
    /// The views, as `schema.name`.
    pub views: Vec<String>,
    /// What the schema of the views is called by now; null if it is gone.
    pub schema: Option<String>,
}

impl Printed for PreviewReport {
    const COMMAND: &'static str = "regrow preview";
}

/// What `regrow preview list` prints.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewList {
    /// What is shown.
    pub previews: Vec<PreviewReport>,
}

impl Printed for PreviewList {
    const COMMAND: &'static str = "regrow preview list";
}

/// What `regrow preview drop` prints.
#[derive(Debug, Clone, Serialize)]
pub struct PreviewDropped {
    /// The schema of the views.
    pub publish: String,
    /// The schema of the build, which stays.
    pub build: String,
}

impl Printed for PreviewDropped {
    const COMMAND: &'static str = "regrow preview drop";
}
