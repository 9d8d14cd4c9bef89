//! Dropping builds nobody reads any more.

use std::collections::VecDeque;
use std::time::Duration;

use super::{PromoteError, builds_of};
use crate::identity;
use crate::ledger::{self, Build, State};
use crate::pg::{Session, Sql, catalog};
use crate::site::Site;

/// How long a drop waits for the locks on a build nobody should use.
const DROP_LOCK_TIMEOUT: &str = "5s";

/// Drops a build nobody reads, its schema included.
///
/// # Errors
/// Something outside depends on its tables, or the server refuses.
pub fn drop_build(site: &Site, session: &mut Session, build: &Build) -> Result<(), PromoteError> {
    let publish = site.publish_schema(build.publish_schema.as_deref());
    let dependents = catalog::dependents(session, &build.schema, &[publish.as_str()])?;
    if !dependents.is_empty() {
        return Err(PromoteError::Dependents { view: build.schema.to_string(), dependents });
    }
    let mut transaction = session.begin()?;
    transaction.run(&format!("SET LOCAL lock_timeout = '{DROP_LOCK_TIMEOUT}'"))?;
    ledger::set_state(&mut transaction, build.id, State::Dropped)?;
    ledger::unpublish_gone(&mut transaction, &build.projection)?;
    transaction.run(&format!("DROP SCHEMA IF EXISTS {} CASCADE", build.schema.quoted()))?;
    transaction.commit("prune::drop")?;
    Ok(())
}

/// Drops retired builds, and when `unfinished` says so all that readers never saw and nobody
/// works on. Gives the names of what is gone.
///
/// # Errors
/// Something outside depends on a build's tables, another run works on one, or the server refuses.
pub fn prune(
    site: &Site,
    projections: &[String],
    unfinished: bool,
) -> Result<Vec<String>, PromoteError> {
    let (mut wanted, mut gone) = (None, Vec::new());
    site.over_losses(PromoteError::of_server, |patience| {
        let mut session = site.change_ledger("prune")?;
        let left: &mut VecDeque<Build> = match &mut wanted {
            Some(left) => left,
            none => none.insert(droppable(site, &mut session, projections, unfinished)?),
        };
        while let Some(build) = left.front() {
            drop_idle(site, &mut session, build, patience.left())?;
            gone.push(build.schema.to_string());
            left.pop_front();
        }
        Ok(())
    })?;
    Ok(gone)
}

fn droppable(
    site: &Site,
    session: &mut Session,
    projections: &[String],
    unfinished: bool,
) -> Result<VecDeque<Build>, PromoteError> {
    let mut builds = Vec::new();
    if projections.is_empty() {
        builds = ledger::builds(session, None)?;
    }
    for projection in projections {
        builds.extend(builds_of(site, session, projection)?);
    }
    let builds = of_this_log(site, session, builds, projections)?;
    let may_go = |b: &Build| b.state == State::Retired || (unfinished && b.state.is_candidate());
    Ok(builds.into_iter().filter(may_go).collect())
}

/// Builds that this project may drop: those of its log, and those that are of none yet if it has their
/// projection, or it is named.
fn of_this_log(
    site: &Site,
    session: &mut Session,
    builds: Vec<Build>,
    named: &[String],
) -> Result<Vec<Build>, PromoteError> {
    let mut builds = identity::own_builds(site, session, builds)?;
    let is_known = |b: &Build| {
        site.project.projections.contains_key(&b.projection) || named.contains(&b.projection)
    };
    builds.retain(|b| b.log.is_some() || is_known(b));
    Ok(builds)
}

/// Drops a build that no other run works on, for which a session of ours is waited for that the
/// server has not seen go. It may have dropped the build.
fn drop_idle(
    site: &Site,
    session: &mut Session,
    build: &Build,
    wait: Duration,
) -> Result<(), PromoteError> {
    ledger::claim(session, &build.projection, wait)?;
    let now = ledger::build(session, build.id)?;
    let dropped = match now.is_none_or(|now| now.state == State::Dropped) {
        true => Ok(()),
        false => drop_build(site, session, build),
    };
    ledger::disclaim(session, &build.projection)?;
    dropped
}
