//! Dropping builds that are not needed any more: retired ones, and unfinished ones that were given up.

use std::collections::VecDeque;
use std::time::Duration;

use super::drop::{Going, drop_build, not_previewed, of_others};
use super::{PromoteError, builds_of};
use crate::context::Context;
use crate::ident::Ident;
use crate::identity;
use crate::ledger::{self, Build, BuildId, State};
use crate::pg::Session;
use crate::pg::footprint::Dependent;

/// What a prune is asked for.
#[derive(Debug, Clone, Default)]
pub struct Prune {
    /// Names of projections, or schemas of builds; all projections if none is given.
    pub names: Vec<String>,
    /// Drop unfinished builds, which readers never saw, instead of retired ones.
    pub unfinished: bool,
    /// How many retired builds of a projection are kept; `[rebuild] keep_retired` if not given.
    pub keep: Option<usize>,
}

/// What a prune has done, or would do.
#[derive(Debug, Clone, Default)]
pub struct Pruned {
    /// Builds that were dropped, or would be.
    pub dropped: Vec<String>,
    /// Builds that are kept, and why.
    pub kept: Vec<Kept>,
    /// Builds that cannot be dropped, each with the objects of others that would be dropped with it.
    pub in_the_way: Vec<(String, Vec<Dependent>)>,
}

/// A retired build that is kept for a rollback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The build.
    pub build: String,
    /// Why it is kept.
    pub why: &'static str,
}

/// Drops builds: those that are named, and of projections the retired ones that are not kept for a rollback, or
/// the unfinished ones ([`Prune::unfinished`]). If an object of others would be dropped with one of them,
/// nothing is dropped.
///
/// # Errors
/// An object of others depends on a build, readers see a build that is named, another run works on one, or the
/// server refuses.
pub fn prune(context: &Context, wanted: &Prune) -> Result<Pruned, PromoteError> {
    let (mut chosen, mut pruned) = (None, Pruned::default());
    context.retry_on_connection_loss(PromoteError::of_server, |reconnect| {
        let mut session = context.change_ledger("prune")?;
        let remaining: &mut VecDeque<Build> = match &mut chosen {
            Some(remaining) => remaining,
            slot => {
                let (builds, kept) = choose(context, &mut session, wanted)?;
                let in_the_way = in_the_way(&mut session, &builds)?;
                if !in_the_way.is_empty() {
                    return Err(PromoteError::Others { builds: in_the_way });
                }
                pruned.kept = kept;
                slot.insert(builds.into())
            }
        };
        while let Some(build) = remaining.front() {
            drop_idle(context, &mut session, build, reconnect.left())?;
            pruned.dropped.push(build.schema.to_string());
            remaining.pop_front();
        }
        Ok(())
    })?;
    Ok(pruned)
}

/// What a prune would do. Nothing is written, and nothing locked.
///
/// # Errors
/// A build is named that readers see, or the server refuses.
pub fn preview(context: &Context, wanted: &Prune) -> Result<Pruned, PromoteError> {
    let mut session = context.open_ledger("prune")?;
    let (builds, kept) = choose(context, &mut session, wanted)?;
    let in_the_way = in_the_way(&mut session, &builds)?;
    let mut dropped: Vec<String> = builds.iter().map(|b| b.schema.to_string()).collect();
    dropped.retain(|name| !in_the_way.iter().any(|(build, _)| build == name));
    Ok(Pruned { dropped, kept, in_the_way })
}

fn in_the_way(
    session: &mut Session,
    builds: &[Build],
) -> Result<Vec<(String, Vec<Dependent>)>, PromoteError> {
    let mut found = Vec::new();
    let ids: Vec<BuildId> = builds.iter().map(|build| build.id).collect();
    let schemas: Vec<Ident> = builds.iter().map(|build| build.schema.clone()).collect();
    let mut left = ledger::type_schemas_left_by(session, &ids)?;
    for build in builds {
        // A type is reported once, with a build that uses it.
        let own = ledger::own_objects(session, build.id)?;
        let is_used = |schema: &Ident| own.contains(&ledger::shared_type(schema));
        let (types, others): (Vec<Ident>, Vec<Ident>) = left.into_iter().partition(is_used);
        left = others;
        let going = Going { types, builds: &schemas, ..Going::default() };
        let others = of_others(session, build, &going)?;
        if !others.is_empty() {
            found.push((build.schema.to_string(), others));
        }
    }
    Ok(found)
}

/// The builds to drop, and the retired ones that are kept.
fn choose(
    context: &Context,
    session: &mut Session,
    wanted: &Prune,
) -> Result<(Vec<Build>, Vec<Kept>), PromoteError> {
    let (mut chosen, mut projections) = (Vec::new(), Vec::new());
    let all = ledger::builds(session, None)?;
    for name in &wanted.names {
        let is_projection = all.iter().any(|b| b.projection == *name);
        match all.iter().find(|b| b.schema.as_str() == name) {
            Some(build) if !is_projection => chosen.extend(named(build)?),
            _ => projections.push(name.clone()),
        }
    }
    if wanted.names.is_empty() || !projections.is_empty() {
        let builds = of_projections(context, session, &projections)?;
        if wanted.unfinished {
            let candidates: Vec<Build> = builds
                .into_iter()
                .filter(|b| b.state.is_candidate() && b.as_of.is_none())
                .collect();
            candidates.iter().try_for_each(not_previewed)?;
            chosen.extend(candidates);
            return Ok((unique(chosen), Vec::new()));
        }
        let kept = kept(context, session, wanted, &builds)?;
        let is_kept = |b: &Build| kept.iter().any(|k| k.build == b.schema.as_str());
        let mut previewed = Vec::new();
        for build in builds {
            // A comparison was interrupted and left its build; if one is running, it holds the projection.
            let is_leftover = build.is_proof
                && build.state != State::Dropped
                && ledger::worker(session, &build.projection)?.is_none();
            let goes = is_leftover || (build.state == State::Retired && !is_kept(&build));
            if goes && build.preview.is_some() {
                let build = build.schema.to_string();
                previewed.push(Kept { build, why: "a preview shows it" });
            } else if goes {
                chosen.push(build);
            }
        }
        let is_chosen = |k: &Kept| chosen.iter().any(|b| b.schema.as_str() == k.build);
        let kept = kept.iter().filter(|k| !is_chosen(k)).cloned().chain(previewed).collect();
        return Ok((unique(chosen), kept));
    }
    Ok((unique(chosen), Vec::new()))
}

fn unique(mut builds: Vec<Build>) -> Vec<Build> {
    builds.sort_by_key(|b| b.id);
    builds.dedup_by(|a, b| a.id == b.id);
    builds
}

/// A build that was named; nothing if it is dropped already.
fn named(build: &Build) -> Result<Option<Build>, PromoteError> {
    match build.state {
        State::Live => Err(PromoteError::StillLive {
            build: build.schema.to_string(),
            projection: build.projection.clone(),
        }),
        State::Dropped => Ok(None),
        _ if build.preview.is_some() => not_previewed(build).map(|()| None),
        _ if build.as_of.is_some() => Err(PromoteError::ShownAsOf {
            build: build.schema.to_string(),
            publish: build.as_of.as_ref().map(|as_of| as_of.publish.clone()).unwrap_or_default(),
        }),
        _ => Ok(Some(build.clone())),
    }
}

/// The builds of projections; of all that are of this project if none is named.
fn of_projections(
    context: &Context,
    session: &mut Session,
    projections: &[String],
) -> Result<Vec<Build>, PromoteError> {
    let mut builds = Vec::new();
    if projections.is_empty() {
        builds = ledger::builds(session, None)?;
    }
    for projection in projections {
        builds.extend(builds_of(context, session, projection)?);
    }
    of_this_log(context, session, builds, projections)
}

/// The builds that this project may drop: those of its log, and those that belong to no log yet if the project
/// has their projection or it was named.
fn of_this_log(
    context: &Context,
    session: &mut Session,
    builds: Vec<Build>,
    named: &[String],
) -> Result<Vec<Build>, PromoteError> {
    let mut builds = identity::own_builds(context, session, builds)?;
    let is_known = |b: &Build| {
        context.project.projections.contains_key(&b.projection) || named.contains(&b.projection)
    };
    builds.retain(|b| b.log.is_some() || is_known(b));
    Ok(builds)
}

/// The retired builds that are kept for a rollback.
fn kept(
    context: &Context,
    session: &mut Session,
    wanted: &Prune,
    builds: &[Build],
) -> Result<Vec<Kept>, PromoteError> {
    let keep = wanted.keep.unwrap_or(context.project.config.rebuild.keep_retired);
    let seconds = ledger::seconds_live(session)?;
    let kept = ledger::kept_builds(builds, keep, &seconds);
    Ok(kept.into_iter().map(|(b, why)| Kept { build: b.schema.to_string(), why }).collect())
}

/// Drops a build unless another run works on it. Waits for an earlier session of ours that the server still holds,
/// and that may have dropped the build.
fn drop_idle(
    context: &Context,
    session: &mut Session,
    build: &Build,
    wait: Duration,
) -> Result<(), PromoteError> {
    ledger::claim(session, &build.projection, wait)?;
    let now = ledger::build(session, build.id)?;
    let dropped = match now {
        // Another run has shown it to readers since it was chosen.
        Some(now) if now.state == State::Live => named(&now).map(|_| ()),
        Some(now) if now.state != State::Dropped => drop_build(context, session, &now),
        _ => Ok(()),
    };
    ledger::disclaim(session, &build.projection)?;
    dropped
}
