//! What a rebuild does when its server goes away, and what it leaves behind when it ends badly.
//!
//! Rows and checkpoint commit together, so what a lost connection costs is a batch. Builds that
//! lost theirs are taken up again by whoever had them, within the patience of the site, as
//! `regrow resume` would from another process. What ends a run for good is written into the
//! ledger, for `regrow status` to tell.

use super::feed::{Line, Source};
use super::{Outcome, RebuildError, claim, reload, stages};
use crate::ledger::{self, Build, BuildId, State};
use crate::pg::PgError;
use crate::pg::patience::Patience;
use crate::site::Site;

/// Takes builds through what is left of their stages, over losses of a server.
///
/// # Errors
/// Nothing could be gone on with; what went wrong with one build is in its [`Outcome`].
pub(super) fn carry(
    site: &Site,
    mut source: Source,
    lines: Vec<Line>,
    promote: bool,
) -> Result<Vec<Outcome>, RebuildError> {
    let mut builds: Vec<Build> = lines.iter().map(|l| l.build.clone()).collect();
    let mut ended = stages::carry(site, &mut source, lines, promote);
    let (mut done, mut lost): (Vec<Outcome>, Vec<Outcome>) = (Vec::new(), Vec::new());
    let mut patience = site.patience();
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
        if !site.outlasts(&mut patience, server) {
            break;
        }
        ended = reopen(site, &mut builds, &mut patience)
            .and_then(|(mut source, lines)| stages::carry(site, &mut source, lines, promote));
    }
    if let Err(error) = ended {
        match lost.first_mut() {
            // What ended the last attempt says more than what ended the one before.
            Some(outcome) => outcome.result = Err(error),
            None => {
                write_down(site, builds.iter().map(|b| (b.id, &error)));
                return Err(error);
            }
        }
    }
    done.append(&mut lost);
    write_down(site, done.iter().filter_map(|o| Some((o.build.id, o.result.as_ref().err()?))));
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
    site: &Site,
    builds: &mut [Build],
    patience: &mut Patience,
) -> Result<(Source, Vec<Line>), RebuildError> {
    let mut ledger_session = site.change_ledger("rebuild")?;
    let source = Source::open(site, &mut ledger_session, "rebuild")?;
    let mut lines = Vec::new();
    for build in builds.iter_mut() {
        let mut session = claim(site, &build.projection, patience)?;
        let now = reload(&mut session, build)?;
        if now.position > build.position || now.state != build.state {
            patience.restore();
        }
        if matches!(now.state, State::Retired | State::Dropped) {
            let (build, reason) = (build.schema.to_string(), format!("it is {} now", now.state));
            return Err(RebuildError::Fenced { build, reason });
        }
        *build = now;
        let admitted = source.identity.admit(site, &mut session, build.clone(), site.said)?;
        lines.push(Line::open(session, admitted)?);
    }
    Ok((source, lines))
}

fn is_loss(error: &RebuildError) -> bool {
    error.of_server().is_some_and(PgError::is_loss)
}

/// Writes down what ended a run, where it can: the server may be gone.
fn write_down<'e>(site: &Site, ends: impl Iterator<Item = (BuildId, &'e RebuildError)>) {
    let mut session = None;
    for (id, error) in ends.filter(|(_, error)| error.is_trouble()) {
        if session.is_none() {
            session = site.open_read_models("rebuild").ok();
        }
        let Some(session) = &mut session else { return };
        let _ = ledger::trouble(session, id, &error.to_string());
    }
}
