//! What a rebuild does when its server goes away, and what it leaves behind when it ends badly.
//!
//! Rows and checkpoint commit together, so what a lost connection costs is a batch. Builds that
//! lost theirs are resumed by the same process, within the time that the context allows, as
//! `regrow resume` would from another process. What ends a run for good is written into the
//! ledger, for `regrow status` to tell.

use std::time::Duration;

use super::{Begun, Outcome, RebuildError, claim, reload, stages};
use crate::context::Context;
use crate::ledger::{self, Build, State};
use crate::pg::PgError;
use crate::pg::reconnect::Reconnect;
use crate::replay::Engine;
use crate::replay::build_session::{BuildSession, Work};
use crate::replay::feed::{AT_A_TIME, Source};

/// Takes builds through what is left of their stages, over losses of a server: all at once, or if they
/// are many, a group after another.
///
/// # Errors
/// Nothing could be gone on with; what went wrong with one build is in its [`Outcome`].
pub(super) fn run(
    context: &Context,
    mut source: Source,
    begun: Begun,
    promote: bool,
) -> Result<Vec<Outcome>, RebuildError> {
    let (mut claims, mut waiting) = match begun {
        Begun::Few(members) => return run_group(context, &mut source, members, promote),
        Begun::Many(claims, builds) => (claims, builds),
    };
    let (mut done, mut reconnect) = (Vec::new(), context.reconnect());
    while !waiting.is_empty() {
        let mut group: Vec<Build> = waiting.drain(..waiting.len().min(AT_A_TIME)).collect();
        for build in &group {
            // A claim that went with its session is not there to be given back.
            let _ = ledger::disclaim(&mut claims, &build.projection);
        }
        let before = group.clone();
        let ran = members(context, &source, &mut group, &mut reconnect)
            .and_then(|members| run_group(context, &mut source, members, promote));
        match ran {
            Ok(outcomes) => done.extend(outcomes),
            // What was done for the groups before is told all the same.
            Err(error) => done.extend(unbegun(before, error)),
        }
    }
    Ok(done)
}

/// Outcomes of a group that could not be carried: the first has the reason.
fn unbegun(builds: Vec<Build>, error: RebuildError) -> impl Iterator<Item = Outcome> {
    let mut reason = Some(error);
    builds.into_iter().map(move |build| {
        let (name, position) = (build.schema.to_string(), build.position);
        let projection = build.projection.clone();
        let stopped = RebuildError::Interrupted { build: name, projection, position };
        Outcome {
            build,
            took: Duration::ZERO,
            events: 0,
            engine: Engine::Sql,
            work: Work::default(),
            result: Err(reason.take().unwrap_or(stopped)),
        }
    })
}

fn run_group(
    context: &Context,
    source: &mut Source,
    members: Vec<BuildSession>,
    promote: bool,
) -> Result<Vec<Outcome>, RebuildError> {
    let mut builds: Vec<Build> = members.iter().map(|l| l.build.clone()).collect();
    let mut ended = stages::run_stages(context, source, members, promote);
    let (mut done, mut lost): (Vec<Outcome>, Vec<Outcome>) = (Vec::new(), Vec::new());
    let mut reconnect = context.reconnect();
    loop {
        if let Ok(outcomes) = &mut ended {
            let outcomes = std::mem::take(outcomes).into_iter().map(|o| behind(o, &lost));
            let (again, over) = outcomes.partition(|o| o.result.as_ref().is_err_and(is_loss));
            done.extend::<Vec<Outcome>>(over);
            lost = again;
            builds.retain(|b| !done.iter().any(|o| o.build.id == b.id));
        }
        let error = match &ended {
            Err(error) => Some(error),
            Ok(_) => lost.iter().find_map(|o| o.result.as_ref().err()),
        };
        let Some(server) = error.and_then(RebuildError::of_server) else { break };
        if !context.wait_for_server(&mut reconnect, server) {
            break;
        }
        ended = reopen(context, source, &mut builds, &mut reconnect)
            .and_then(|members| stages::run_stages(context, source, members, promote));
    }
    if let Err(error) = ended {
        match lost.first_mut() {
            // What ended the last attempt says more than what ended the one before.
            Some(outcome) => outcome.result = Err(error),
            None => {
                write_down(context, builds.iter().map(|b| (b, &error)));
                return Err(error);
            }
        }
    }
    done.append(&mut lost);
    write_down(context, done.iter().filter_map(|o| Some((&o.build, o.result.as_ref().err()?))));
    Ok(done)
}

/// The outcome of a build together with what earlier attempts did for it.
fn behind(mut outcome: Outcome, before: &[Outcome]) -> Outcome {
    if let Some(earlier) = before.iter().find(|o| o.build.id == outcome.build.id) {
        outcome.took += earlier.took;
        outcome.events += earlier.events;
        outcome.work.native += earlier.work.native;
        outcome.work.sql += earlier.work.sql;
    }
    outcome
}

/// Opens everything anew. Where a build has moved on since, the next loss is another one.
fn reopen(
    context: &Context,
    source: &mut Source,
    builds: &mut [Build],
    reconnect: &mut Reconnect,
) -> Result<Vec<BuildSession>, RebuildError> {
    let mut ledger_session = context.change_ledger("rebuild")?;
    *source = Source::open(context, &mut ledger_session, "rebuild")?;
    members(context, source, builds, reconnect)
}

/// Claims builds and opens them, as the ledger has them now.
fn members(
    context: &Context,
    source: &Source,
    builds: &mut [Build],
    reconnect: &mut Reconnect,
) -> Result<Vec<BuildSession>, RebuildError> {
    let mut members = Vec::new();
    for build in builds.iter_mut() {
        let mut session = claim(context, &build.projection, reconnect)?;
        let now = reload(&mut session, build)?;
        if now.position > build.position || now.state != build.state {
            reconnect.restore();
        }
        if matches!(now.state, State::Retired | State::Dropped) {
            let (build, reason) = (build.schema.to_string(), format!("it is {} now", now.state));
            return Err(RebuildError::Fenced { build, reason });
        }
        *build = now;
        let admitted = source.identity.admit(context, &mut session, build.clone(), context.said)?;
        members.push(BuildSession::open(session, admitted)?);
    }
    Ok(members)
}

fn is_loss(error: &RebuildError) -> bool {
    error.of_server().is_some_and(PgError::is_loss)
}

/// Writes down what ended a run, where it can: the server may be gone.
fn write_down<'e>(context: &Context, ends: impl Iterator<Item = (&'e Build, &'e RebuildError)>) {
    let mut session = None;
    for (build, error) in ends.filter(|(_, error)| error.is_recorded()) {
        if session.is_none() {
            session = context.open_read_models("rebuild").ok();
        }
        let Some(session) = &mut session else { return };
        let (message, fix) = (error.to_string(), error.fix(&build.projection));
        let _ = ledger::record_last_error(session, build.id, (&message, fix.as_deref()));
    }
}
