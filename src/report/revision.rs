//! Revisions as their files have them, and where lineages stand.

use std::collections::BTreeSet;

use serde::Serialize;

use super::Printed;
use crate::revision::{Lineage, Revision};

/// A revision.
#[derive(Debug, Clone, Serialize)]
pub struct RevisionReport {
    /// Its lineage: `event_store` or a projection.
    pub lineage: String,
    /// Its version.
    pub version: i64,
    /// Its name behind the version.
    pub slug: String,
    /// Both, as in the name of its file: `V3__paid`.
    pub revision: String,
    /// The path of its file in the project.
    pub file: String,
    /// The path of its way back; null if it has none.
    pub down_file: Option<String>,
    /// The versions that it comes after.
    pub revises: Vec<i64>,
    /// What else must have run before it: `event_store@3`.
    pub depends_on: Vec<String>,
    /// The names of its branch.
    pub labels: Vec<String>,
    /// Whether it runs statement by statement.
    pub outside_transaction: bool,
    /// What it is about, if its file says so.
    pub message: Option<String>,
    /// The day that it was written, as far as its version or its file says so: `2026-03-01`.
    pub created: Option<String>,
    /// What it is in its lineage: `head`, `branchpoint`, `mergepoint`, `current`, `pending`.
    pub marks: Vec<&'static str>,
}

impl RevisionReport {
    /// Of a revision of a lineage, and of the database if that was asked which ran.
    #[must_use]
    pub fn of(
        lineage: &Lineage,
        revision: &Revision,
        applied: Option<&BTreeSet<i64>>,
    ) -> RevisionReport {
        let needs = revision.depends_on.iter().map(|other| {
            format!("{}@{}", other.lineage.as_deref().unwrap_or(&lineage.name), other.version)
        });
        RevisionReport {
            lineage: lineage.name.clone(),
            version: revision.version,
            slug: revision.slug.clone(),
            revision: revision.stem(),
            file: revision.up.path.clone(),
            down_file: revision.down.as_ref().map(|down| down.path.clone()),
            revises: revision.revises.clone(),
            depends_on: needs.collect(),
            labels: revision.labels.clone(),
            outside_transaction: revision.outside_transaction,
            message: revision.message().map(str::to_owned),
            created: revision.created(),
            marks: lineage.marks(revision, applied),
        }
    }
}

/// What `regrow history` prints.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryReport {
    /// The revisions, the newest first.
    pub revisions: Vec<HistoryRevision>,
}

impl Printed for HistoryReport {
    const COMMAND: &'static str = "regrow history";
}

/// A revision, and when it ran.
#[derive(Debug, Clone, Serialize)]
pub struct HistoryRevision {
    /// The revision.
    #[serde(flatten)]
    pub revision: RevisionReport,
    /// When it ran; null if it did not, or no server was asked.
    pub applied_on: Option<String>,
}

/// What `regrow heads` prints.
#[derive(Debug, Clone, Serialize)]
pub struct HeadsReport {
    /// The heads of each lineage.
    pub heads: Vec<RevisionReport>,
}

impl Printed for HeadsReport {
    const COMMAND: &'static str = "regrow heads";
}

/// What `regrow branches` prints.
#[derive(Debug, Clone, Serialize)]
pub struct BranchesReport {
    /// The revisions that several others come after.
    pub branches: Vec<BranchPoint>,
}

impl Printed for BranchesReport {
    const COMMAND: &'static str = "regrow branches";
}

/// A revision, and what comes after it.
#[derive(Debug, Clone, Serialize)]
pub struct BranchPoint {
    /// The revision.
    #[serde(flatten)]
    pub revision: RevisionReport,
    /// The revisions that come after it: `V4__shipped`.
    pub ways: Vec<String>,
}

/// What `regrow show` prints.
#[derive(Debug, Clone, Serialize)]
pub struct ShownRevision {
    /// The revision.
    #[serde(flatten)]
    pub revision: RevisionReport,
    /// The text of its file; null if it is too large to be held.
    pub up: Option<String>,
    /// The text of its way back; null if it has none.
    pub down: Option<String>,
}

impl Printed for ShownRevision {
    const COMMAND: &'static str = "regrow show";
}

/// What `regrow current` prints.
#[derive(Debug, Clone, Serialize)]
pub struct CurrentReport {
    /// The lineages.
    pub lineages: Vec<CurrentLineage>,
}

impl Printed for CurrentReport {
    const COMMAND: &'static str = "regrow current";
}

/// Where a lineage stands.
#[derive(Debug, Clone, Serialize)]
pub struct CurrentLineage {
    /// Its name: `event_store` or a projection.
    pub lineage: String,
    /// The schema of its tables, of a projection that of the live build; null if it was never built.
    pub schema: Option<String>,
    /// The revisions that it is at: `V3__paid`.
    pub at: Vec<String>,
    /// What ran.
    pub applied: Vec<AppliedRevision>,
    /// The revisions that have not run.
    pub pending: Vec<String>,
    /// The heads of its files.
    pub heads: Vec<String>,
}

/// A revision that ran.
#[derive(Debug, Clone, Serialize)]
pub struct AppliedRevision {
    /// Its version.
    pub version: i64,
    /// Its name behind the version.
    pub slug: String,
    /// When it ran.
    pub applied_on: String,
}

/// What `regrow revision` and `regrow merge` print.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RevisionWritten {
    /// The lineage.
    pub lineage: String,
    /// The new revision, as in the names of its files; absent if `--autogenerate` found nothing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Its version; absent likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The versions that it comes after; absent likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revises: Option<Vec<i64>>,
    /// The paths of the files that were written.
    pub written: Vec<String>,
    /// How many differences `--autogenerate` has left to be done by hand.
    pub left_to_do: usize,
    /// What `--autogenerate` cannot write, to be written by hand.
    pub by_hand: Vec<String>,
}

impl Printed for RevisionWritten {
    const COMMAND: &'static str = "regrow revision, regrow merge";
}
