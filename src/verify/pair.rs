//! Which builds are compared.

use super::{Against, VerifyError, Wanted};
use crate::context::{Context, ContextError};
use crate::ledger::{self, Build, State};
use crate::pg::Session;

/// Both builds, as they were asked for.
///
/// # Errors
/// One of them is not there, or they are one.
pub(super) fn choose(
    context: &Context,
    session: &mut Session,
    wanted: &Wanted,
) -> Result<[Build; 2], VerifyError> {
    let builds = builds(context, session, &wanted.projection)?;
    let other = match &wanted.against {
        Against::Build(name) => named(&builds, name, wanted)?,
        Against::Live | Against::Log => live(&builds)
            .ok_or_else(|| nothing(wanted, &builds, "readers see no build of it yet"))?,
    };
    let one = match &wanted.build {
        Some(name) => named(&builds, name, wanted)?,
        None => ready(&builds).ok_or_else(|| {
            nothing(wanted, &builds, "no build is ready that readers do not see already")
        })?,
    };
    if one.id == other.id {
        return Err(nothing(
            wanted,
            &builds,
            &format!("{} would be compared with itself", one.schema),
        ));
    }
    Ok([one, other])
}

/// The build that is compared with the log: the one that is named, the newest that is ready, or what readers see.
///
/// # Errors
/// It is not there.
pub(super) fn one(
    context: &Context,
    session: &mut Session,
    wanted: &Wanted,
) -> Result<Build, VerifyError> {
    let builds = builds(context, session, &wanted.projection)?;
    match &wanted.build {
        Some(name) => named(&builds, name, wanted),
        None => ready(&builds)
            .or_else(|| live(&builds))
            .ok_or_else(|| nothing(wanted, &builds, "no build is ready or live")),
    }
}

/// The build whose assertions are run: the one that is named, or what readers see.
///
/// # Errors
/// It is not there.
pub(super) fn checked(
    context: &Context,
    session: &mut Session,
    wanted: &Wanted,
) -> Result<Build, VerifyError> {
    let builds = builds(context, session, &wanted.projection)?;
    match &wanted.build {
        Some(name) => named(&builds, name, wanted),
        None => {
            live(&builds).ok_or_else(|| nothing(wanted, &builds, "readers see no build of it yet"))
        }
    }
}

/// Refuses a projection of which readers see no build.
///
/// # Errors
/// There is none, or the server refuses.
pub(super) fn must_be_live(context: &Context, projection: &str) -> Result<(), VerifyError> {
    let never = || VerifyError::NeverLive { projection: projection.to_owned() };
    let mut session = match context.open_ledger("verify") {
        Err(ContextError::NoLedger { .. }) => return Err(never()),
        opened => opened?,
    };
    live(&builds(context, &mut session, projection)?).map(drop).ok_or_else(never)
}

fn builds(
    context: &Context,
    session: &mut Session,
    projection: &str,
) -> Result<Vec<Build>, VerifyError> {
    let builds = ledger::builds(session, Some(projection))?;
    if builds.is_empty() {
        context.project.known(projection)?;
    }
    Ok(builds)
}

fn nothing(wanted: &Wanted, builds: &[Build], what: &str) -> VerifyError {
    VerifyError::Nothing {
        projection: wanted.projection.clone(),
        what: what.to_owned(),
        has_one: ready(builds).or_else(|| live(builds)).is_some(),
    }
}

fn live(builds: &[Build]) -> Option<Build> {
    builds.iter().find(|build| build.state == State::Live).cloned()
}

fn ready(builds: &[Build]) -> Option<Build> {
    let is_ready = |build: &&Build| build.state == State::Ready && build.until.is_none();
    builds.iter().rev().find(is_ready).cloned()
}

fn named(builds: &[Build], name: &str, wanted: &Wanted) -> Result<Build, VerifyError> {
    let is_it = |build: &&Build| {
        build.schema.as_str() == name || build.number.to_string() == name.trim_start_matches('b')
    };
    builds.iter().find(is_it).cloned().ok_or_else(|| VerifyError::NoBuild {
        build: name.to_owned(),
        projection: wanted.projection.clone(),
        builds: builds
            .iter()
            .filter(|build| build.state != State::Dropped)
            .map(|build| build.schema.to_string())
            .collect(),
    })
}
