//! What a build that is resumed takes over from files that have changed since it was made.
//!
//! A build runs by the definition in the ledger. But a handler that fails is fixed in the files, and
//! `on_error = "park"` or `"skip"` is set there, so a resume takes over what keeps the meaning of every row that
//! the build has: a setting that changes no row, and handlers and upcasters of types of which it has
//! read no event yet. Anything else needs a rebuild, and is said to.

use super::RebuildError;
use crate::context::Context;
use crate::definition::{Definition, OnError};
use crate::ledger::{self, Build};
use crate::log::Log;
use crate::log::wanted::Wanted;
use crate::pg::Session;
use crate::progress::Progress;
use crate::replay::feed::Source;
use crate::replay::sql::ProgramError;

/// Takes over what can be, and tells what was and what was not.
///
/// # Errors
/// The ledger or the log cannot be read.
pub(super) fn take_over(
    context: &Context,
    source: &mut Source,
    session: &mut Session,
    build: &Build,
) -> Result<(), RebuildError> {
    let projection = &build.projection;
    // Where the files are gone or broken, the build still has its own.
    let Ok(now) = context.project.definition(projection) else { return Ok(()) };
    let was = ledger::definition(session, build)?;
    let note = |text: String| context.note(&Progress::Note(format!("{}: {text}", build.schema)));
    if now.on_error != was.on_error {
        ledger::set_on_error(session, build.id, now.on_error)?;
        note(match now.on_error {
            OnError::Park => "events that cannot be applied are parked from now on".into(),
            OnError::Skip => {
                "events that cannot be applied are skipped from now on, and counted; a promote asks for --accept-skipped"
                    .into()
            }
            OnError::Stop => "it stops at events that cannot be applied from now on".into(),
        });
    }
    if now.hash() == was.hash() {
        return Ok(());
    }
    let Source { session: events, log, .. } = source;
    let why = match obstacle((log, events), build, &was, &now)? {
        None => {
            ledger::redefine(session, build.id, &now)?;
            note(
                "the changed handlers and upcasters take effect: it has read no event of theirs"
                    .into(),
            );
            return Ok(());
        }
        Some(why) => why,
    };
    note(format!(
        "the changed files do not take effect: {why}; what they say needs: regrow rebuild {projection}"
    ));
    Ok(())
}

/// Why a build cannot go on by another definition, if it cannot.
///
/// # Errors
/// The log cannot be read, or a definition cannot.
pub fn obstacle(
    (log, events): (&Log, &mut Session),
    build: &Build,
    was: &Definition,
    now: &Definition,
) -> Result<Option<String>, RebuildError> {
    let Some(changed) = was.changed_types(now).map_err(ProgramError::from)? else {
        return Ok(Some("its tables are others".into()));
    };
    let changed: Vec<String> = changed.into_iter().collect();
    // The first of them tells at once what counting all takes the log's server a while for.
    if log.nth_position(events, &changed, 1)?.is_none_or(|first| first > build.position) {
        return Ok(None);
    }
    match log.count(events, Wanted::Types(&changed), build.position)? {
        0 | 1 => Ok(Some(format!("it has read an event of {}", changed.join(", ")))),
        read => Ok(Some(format!("it has read {read} events of {}", changed.join(", ")))),
    }
}
