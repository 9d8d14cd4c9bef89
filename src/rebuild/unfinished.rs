//! Unfinished builds of earlier runs: one may be continued, the others are dropped.

use super::RebuildError;
use crate::context::Context;
use crate::definition::Definition;
use crate::event::Position;
use crate::identity::Survey;
use crate::ledger::{self, Build, State, Wish};
use crate::log::Log;
use crate::log::wanted::Wanted;
use crate::pg::Session;
use crate::progress::Progress;
use crate::promote;
use crate::replay::sql::ProgramError;

/// Finds the unfinished build to continue, so that an interrupted deploy step can be repeated, and drops all other
/// unfinished builds of the projection: those with another definition, other checks or other settings, those that
/// an event stopped, those that have not read the log as it is, and those that have read nothing.
///
/// # Errors
/// `--until` was given and a build without it is unfinished; objects of others depend on a build that would be
/// dropped; or a server refuses.
pub(super) fn continue_or_drop(
    context: &Context,
    session: &mut Session,
    definition: &Definition,
    (survey, events, log): (&Survey, &mut Session, &Log),
    is_for_until: bool,
) -> Result<Option<Build>, RebuildError> {
    let hash = definition.hash();
    let mut found = None;
    for build in ledger::builds(session, Some(&definition.projection))? {
        if !build.state.is_candidate() || build.as_of.is_some() {
            continue;
        }
        let is_same = build.definition_hash == hash
            && build.until.is_none()
            && !matches!(build.state, State::Failed | State::Created)
            && build.wish != Wish::Cancel
            && ledger::definition(session, &build)?.same_settings(definition);
        if is_same && is_for_until {
            return Err(RebuildError::Unfinished {
                build: build.schema.to_string(),
                projection: definition.projection.clone(),
                state: build.state,
            });
        }
        if is_same
            && found.is_none()
            && has_read_the_log(session, definition, (survey, &mut *events, log), &build)?
        {
            context.note(&Progress::Note(format!(
                "{} is {} and has the same definition: it is continued",
                build.schema, build.state
            )));
            found = Some(build);
            continue;
        }
        promote::drop_build(context, session, &build).map_err(Box::new)?;
        context.note(&Progress::Note(format!(
            "{} was {} and has been dropped",
            build.schema, build.state
        )));
    }
    Ok(found)
}

/// Whether a build was made from this log and has read every event up to its checkpoint.
fn has_read_the_log(
    session: &mut Session,
    definition: &Definition,
    (survey, events, log): (&Survey, &mut Session, &Log),
    build: &Build,
) -> Result<bool, RebuildError> {
    let judged = survey.judge(session, (&mut *events, log), build)?;
    let is_late = ledger::missing(session, build)?.is_some_and(|missing| missing.late > 0);
    if judged.fault.is_some() || is_late {
        return Ok(false);
    }
    let parsed = definition.parse().map_err(ProgramError::from)?;
    let types: Vec<String> = parsed.reach.types().iter().cloned().collect();
    let range = (Position(0), build.position);
    let (events, _) = log.tally(events, Wanted::Types(&types), range)?;
    Ok(events <= build.events_read)
}
