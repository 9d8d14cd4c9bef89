//! What the commands about lineages share: two arguments, and how a revision is shown.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::error::Error;
use crate::migrate::MigrateError;
use crate::project::Project;
use crate::revision::{EVENT_STORE, Lineage, Revision};

#[derive(Debug, clap::Args)]
pub(super) struct OnlyLineage {
    /// Only this lineage: event_store or a projection.
    #[arg(short, long, value_name = "LINEAGE")]
    lineage: Option<String>,
}

impl OnlyLineage {
    pub(super) fn name(&self) -> Option<&str> {
        self.lineage.as_deref()
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct Wait {
    /// Seconds to wait for another deploy that holds the lock.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    wait: u64,
}

impl Wait {
    pub(super) fn time(&self) -> Duration {
        Duration::from_secs(self.wait)
    }
}

/// `V2 -> V3__paid (head, current)`
pub(super) fn line(
    lineage: &Lineage,
    revision: &Revision,
    applied: Option<&BTreeSet<i64>>,
) -> String {
    let parents: Vec<String> = revision.revises.iter().map(|v| format!("V{v}")).collect();
    let from = if parents.is_empty() { "<base>".to_owned() } else { parents.join(", ") };
    format!("{from} -> {}{}", revision.stem(), remarks(lineage, revision, applied))
}

/// `: who appended, 2026-11-29`, as far as the file says so.
pub(super) fn about(revision: &Revision) -> String {
    let message = revision.message().map(|message| format!(": {message}"));
    let created = revision.created().map(|created| format!(", {created}"));
    format!("{}{}", message.unwrap_or_default(), created.unwrap_or_default())
}

/// ` (head, current)`, or nothing.
pub(super) fn remarks(
    lineage: &Lineage,
    revision: &Revision,
    applied: Option<&BTreeSet<i64>>,
) -> String {
    let marks = lineage.marks(revision, applied).into_iter().map(str::to_owned);
    let labels = revision.labels.iter().map(|label| format!("label {label}"));
    let all: Vec<String> = marks.chain(labels).collect();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

/// Offline scripts are for a schema whose name is known.
pub(super) fn only_event_store(project: &Project, lineage: &str) -> Result<(), Error> {
    if lineage != EVENT_STORE {
        return Err(Error::usage(format!(
            "{lineage} is a projection: its revisions run in builds, which are not made by hand"
        ))
        .hint(format!("regrow rebuild {lineage}")));
    }
    if project.adopts() {
        return Err(MigrateError::Adopted.into());
    }
    Ok(())
}

/// Refuses a range where a database is asked: it stands where it stands.
pub(super) fn no_range(target: &str) -> Result<(), Error> {
    if !target.contains(':') {
        return Ok(());
    }
    Err(Error::usage(format!("{target} is FROM:TO, and FROM:TO is for --sql"))
        .hint("without --sql it begins where the database stands: name only TO"))
}

/// Refuses the way back of a projection before a server is asked.
pub(super) fn goes_back(lineage: &str) -> Result<(), Error> {
    if lineage == EVENT_STORE {
        return Ok(());
    }
    Err(MigrateError::ProjectionDown { projection: lineage.to_owned() }.into())
}
