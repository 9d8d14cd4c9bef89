//! Changing the history without running anything: `stamp` and `repair`.
//!
//! Both are for people who know better than the files and the history together. They take
//! the deploy lock, write in one transaction, and touch no table but those of the history.

use super::attempt::Attempts;
use super::deploy_lock::DeployLock;
use super::divergence::Divergence;
use super::run::record;
use super::{MigrateError, Options, Report, Standing, open_to_go_back};
use crate::context::Context;
use crate::pg::history::Recorded;
use crate::pg::{Session, Sql, history};
use crate::revision::Stamp;
use crate::revision::target::Target;

/// What `repair` accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    /// Files that were edited count as what ran.
    Edited,
    /// Revisions whose files are gone are forgotten.
    Missing,
    /// The same for those that nothing known stands on: newer code may know them.
    Ahead,
    /// Revisions that ran when their files were empty are forgotten, and run again.
    Empty,
    /// The schema as it is counts as what the revisions made.
    Drift,
    /// Statements of a half-run revision are forgotten, whatever became of them.
    Steps,
}

/// What `repair` did, a sentence each.
#[derive(Debug, Clone, Default)]
pub struct Repaired {
    /// The lineage.
    pub lineage: String,
    /// What was changed, or would be.
    pub changes: Vec<String>,
    /// What stays as it is.
    pub left: Vec<Divergence>,
}

/// Says where the event store stands, without running anything.
///
/// # Errors
/// A target leads nowhere, or another run holds the deploy lock.
pub fn stamp(
    context: &Context,
    lineage: &str,
    targets: &[Target],
    purge: bool,
    options: &Options,
) -> Result<(Stamp, Report), MigrateError> {
    let mut session = open_to_write(context, lineage, "stamp")?;
    let lock = DeployLock::take(context, &mut session, options.wait)?;
    let standing = Standing::of_event_store(&context.project, &mut session)?;
    let mut stamp = standing.lineage.stamp(&standing.versions(), targets, purge)?;
    if purge {
        // A row that bears the number of another file is no row of that file.
        for row in &standing.applied {
            let Some(file) = standing.lineage.get(row.version) else { continue };
            if !stamp.remove.contains(&row.version) && !history::is_of(row, file)? {
                stamp.remove.push(row.version);
                stamp.add.push(row.version);
            }
        }
    }
    if !(stamp.add.is_empty() && stamp.remove.is_empty()) {
        let script = script(&standing, &stamp)?;
        write(context, &mut session, &lock, &standing, &script, None)?;
    }
    lock.give_back(&mut session);
    let after = Standing::of_event_store(&context.project, &mut session)?;
    Ok((stamp, after.report(Vec::new())))
}

/// The statements of a stamp, without the set-up of the history tables.
pub(super) fn script(standing: &Standing, stamp: &Stamp) -> Result<String, MigrateError> {
    let Some(schema) = &standing.schema else { return Ok(String::new()) };
    let mut script = String::new();
    for version in &stamp.remove {
        script.push_str(&history::forget_script(schema, *version));
        script.push('\n');
        script.push_str(&history::forget_steps_script(schema, *version));
    }
    for revision in stamp.add.iter().filter_map(|v| standing.lineage.get(*v)) {
        script.push_str(&history::row_script(schema, revision)?);
        script.push('\n');
        script.push_str(&history::forget_steps_script(schema, revision.version));
    }
    Ok(script)
}

/// Accepts differences between files, history and schema that are meant.
///
/// # Errors
/// Another run holds the deploy lock, or the server refuses.
pub fn repair(
    context: &Context,
    lineage: &str,
    accept: &[Repair],
    only_say: bool,
    options: &Options,
) -> Result<Repaired, MigrateError> {
    let mut session = open_to_write(context, lineage, "repair")?;
    let lock = DeployLock::take(context, &mut session, options.wait)?;
    let standing = Standing::of_event_store(&context.project, &mut session)?;
    let mut repaired = Repaired { lineage: lineage.to_owned(), ..Repaired::default() };
    let mut script = String::new();
    let schema = context.project.config.event_store_schema();
    let all = standing.divergences()?;
    // What is accepted as it is stands for nothing else.
    let squash = |d: &Divergence| matches!(d, Divergence::Squashed { .. });
    let squashes: Vec<Divergence> = all.iter().filter(|d| squash(d)).cloned().collect();
    for found in all.into_iter().filter(|d| !squash(d)) {
        let row = match &found {
            Divergence::Edited { stem, .. } if accept.contains(&Repair::Edited) => {
                let revision = standing.lineage.revisions.iter().find(|r| r.stem() == *stem);
                repaired.changes.push(format!("{stem}: its file as it is now counts as what ran"));
                revision.map(|r| (r.version, Some(r)))
            }
            Divergence::Missing { version, slug, .. } if accept.contains(&Repair::Missing) => {
                repaired.changes.push(format!("V{version}__{slug}: forgotten, its file is gone"));
                Some((*version, None))
            }
            Divergence::Ahead { version, slug, .. } if accept.contains(&Repair::Ahead) => {
                repaired
                    .changes
                    .push(format!("V{version}__{slug}: forgotten, it has no file here"));
                Some((*version, None))
            }
            Divergence::Filled { version, stem, .. } if accept.contains(&Repair::Empty) => {
                repaired
                    .changes
                    .push(format!("{stem}: forgotten, it ran empty; the next migrate runs it"));
                Some((*version, None))
            }
            _ => None,
        };
        let Some((version, revision)) = row else {
            repaired.left.push(found);
            continue;
        };
        script.push_str(&history::forget_script(&schema, version));
        if let Some(revision) = revision {
            script.push_str(&history::row_script(&schema, revision)?);
        }
    }
    if !repaired.left.is_empty() {
        repaired.left.extend(squashes);
    }
    if accept.contains(&Repair::Steps) {
        // Also of those that are applied: their way back may have been cut off.
        for revision in &standing.lineage.revisions {
            let begun = history::steps_of(&mut session, &schema, revision.version)?;
            if begun > 0 {
                let stem = revision.stem();
                repaired
                    .changes
                    .push(format!("{stem}: its {begun} recorded statements are forgotten"));
                script.push_str(&history::forget_steps_script(&schema, revision.version));
            }
        }
    }
    if accept.contains(&Repair::Drift) {
        repaired.changes.push("the schema as it is now counts as what the revisions made".into());
    }
    if !only_say && !repaired.changes.is_empty() {
        let keep = match accept.contains(&Repair::Drift) {
            true => None,
            false => Some(standing.recorded(&mut session)?),
        };
        write(context, &mut session, &lock, &standing, &script, keep)?;
    }
    lock.give_back(&mut session);
    Ok(repaired)
}

fn open_to_write(context: &Context, lineage: &str, purpose: &str) -> Result<Session, MigrateError> {
    match open_to_go_back(context, lineage, purpose) {
        Err(MigrateError::ProjectionDown { projection }) => {
            Err(MigrateError::ProjectionHistory { projection })
        }
        opened => Ok(opened?.to_write()?),
    }
}

/// What `keep` says the catalog was is what drift goes on being measured against; without it
/// the catalog as it is now counts.
fn write(
    context: &Context,
    session: &mut Session,
    lock: &DeployLock,
    standing: &Standing,
    script: &str,
    keep: Option<Option<Recorded>>,
) -> Result<(), MigrateError> {
    let Some(schema) = &standing.schema else { return Ok(()) };
    let attempts = Attempts::on(context, &context.event_store);
    attempts.run(session, lock, (&standing.lineage.name, "the history"), "", |transaction, _| {
        history::set_up(transaction, schema)?;
        transaction.run(script)?;
        match &keep {
            None => record(transaction, schema),
            Some(None) => Ok(()),
            Some(Some(before)) => {
                let versions = history::applied(transaction, schema)?;
                let versions = versions.iter().map(|a| a.version).collect();
                let lines = before.lines.clone();
                Ok(history::record(transaction, schema, &Recorded { versions, lines })?)
            }
        }
    })
}
