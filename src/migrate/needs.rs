//! Needs: what revisions ask of other lineages with `depends-on`.
//!
//! A revision of the event store may need what readers see of a projection, and a projection's
//! one of the event store. Nothing runs here.

use std::collections::{BTreeMap, BTreeSet};

use super::{MigrateError, Standing, lineage};
use crate::context::Context;
use crate::pg::Session;
use crate::project::ProjectError;
use crate::revision::{Dependency, EVENT_STORE, Lineage, Revision};

/// Refuses a plan that needs a revision of another lineage which has no file.
///
/// # Errors
/// The first such need, or the other lineage's files are broken.
pub(crate) fn exist(
    context: &Context,
    of: &Lineage,
    plan: &[&Revision],
) -> Result<(), MigrateError> {
    for (revision, needed, other) in needs(plan) {
        let there = match lineage(&context.project, other) {
            Err(MigrateError::NoLineage { .. }) => false,
            found => found?.get(needed.version).is_some(),
        };
        if !there {
            let hint = "write that revision, or correct the line".into();
            return Err(unmet(of, revision, needed, "does not exist", hint));
        }
    }
    Ok(())
}

/// Refuses a plan that needs a revision of another lineage which was not applied.
///
/// # Errors
/// As [`exist`]; or the server refuses.
pub(crate) fn are_met(
    context: &Context,
    of: &Lineage,
    plan: &[&Revision],
) -> Result<(), MigrateError> {
    exist(context, of, plan)?;
    let mut known: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for (revision, needed, other) in needs(plan) {
        let applied = match known.get(other) {
            Some(applied) => applied,
            None => known.entry(other).or_insert(applied(context, other)?),
        };
        if applied.contains(&needed.version) {
            continue;
        }
        let (why, hint) = match other {
            EVENT_STORE => ("is not applied", "regrow migrate".to_owned()),
            _ => (
                "readers do not see yet",
                format!("regrow migrate {other}@head, or: regrow rebuild {other} --promote"),
            ),
        };
        return Err(unmet(of, revision, needed, why, hint));
    }
    Ok(())
}

/// Refuses to take a revision of the event store back that a live build was made on.
///
/// # Errors
/// The first such build; or the server refuses.
pub(super) fn nothing_stands_on(context: &Context, plan: &[&Revision]) -> Result<(), MigrateError> {
    let goes = |d: &Dependency| {
        d.lineage.as_deref() == Some(EVENT_STORE) && plan.iter().any(|r| r.version == d.version)
    };
    for name in context.project.projections.keys() {
        let lineage = context.project.projection_lineage(name)?;
        let mut standing: Option<BTreeSet<i64>> = None;
        for revision in &lineage.revisions {
            let Some(needed) = revision.depends_on.iter().find(|d| goes(d)) else { continue };
            let applied = match &standing {
                Some(applied) => applied,
                None => standing.insert(applied(context, name)?),
            };
            if applied.contains(&revision.version) {
                let hint = format!(
                    "take the read model back first: regrow rollback {name}, or a rebuild without it"
                );
                return Err(unmet(&lineage, revision, needed, "is about to be taken back", hint));
            }
        }
    }
    Ok(())
}

fn needs<'p>(
    plan: &'p [&Revision],
) -> impl Iterator<Item = (&'p Revision, &'p Dependency, &'p str)> {
    let of = |r: &&'p Revision| {
        let revision: &'p Revision = r;
        revision.depends_on.iter().filter_map(move |d| Some((revision, d, d.lineage.as_deref()?)))
    };
    plan.iter().flat_map(of)
}

/// What is applied of a lineage: for a projection, on the build readers see.
fn applied(context: &Context, name: &str) -> Result<BTreeSet<i64>, MigrateError> {
    let standing = match name {
        EVENT_STORE => {
            let mut session = Session::open(&context.event_store, "dependencies")?;
            Standing::of_event_store(&context.project, &mut session)
        }
        projection => {
            let mut session = context.open_read_models("dependencies")?;
            Standing::of_projection(context, &mut session, projection)
        }
    };
    match standing {
        Err(MigrateError::Project(ProjectError::Unknown { .. })) => Ok(BTreeSet::new()),
        standing => Ok(standing?.versions()),
    }
}

fn unmet(
    of: &Lineage,
    revision: &Revision,
    needed: &Dependency,
    why: &'static str,
    hint: String,
) -> MigrateError {
    let other = needed.lineage.as_deref().unwrap_or(&of.name);
    MigrateError::DependsOn {
        place: Box::new(needed.place.clone()),
        revision: format!("{} of {}", revision.stem(), of.name),
        needs: format!("{other}@{}", needed.version),
        why,
        hint,
    }
}
