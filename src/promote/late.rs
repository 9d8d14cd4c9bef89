//! Whether a build has read every event that the log holds, asked before readers see it.

use super::PromoteError;
use crate::context::Context;
use crate::ledger;
use crate::log::wanted::Wanted;
use crate::progress::Progress;
use crate::replay::build_session::BuildSession;
use crate::replay::feed::Source;

/// A build that read fewer events than the log holds has lost some: positions were given out ahead of
/// their use, and no barrier can see that. Events that were deleted since are told. A retired build is
/// not asked: the way back must be instant, and the build it replaces has been asked.
///
/// # Errors
/// The log holds events that the build has not read, or a server refuses.
pub(super) fn no_late_events(
    context: &Context,
    source: &mut Source,
    member: &mut BuildSession,
) -> Result<(), PromoteError> {
    let position = member.build.position;
    let types = Wanted::Types(&member.program.types);
    let (found, hash_sum) =
        source.log.tally(&mut source.session, types, (crate::event::Position(0), position))?;
    let read = member.build.events_read;
    let late = || PromoteError::Late {
        build: member.build.schema.to_string(),
        projection: member.build.projection.clone(),
        position,
        read: u64::try_from(read).unwrap_or(0),
        found: u64::try_from(found).unwrap_or(0),
    };
    // What an older regrow has read was counted, and not hashed.
    let hashed = ledger::read_in_all(&mut member.session, member.build.id)?;
    let is_same = hashed.is_none_or(|(_, sum)| sum == hash_sum);
    if found == read && is_same {
        return Ok(());
    }
    // Written down range by range, so that `status` knows it too and does not call for the same promote again.
    let mut is_late = found > read;
    if hashed.is_some() {
        for range in ledger::ranges(&mut member.session, member.build.id, i64::MAX)? {
            let (events, sum) =
                source.log.tally(&mut source.session, types, (range.after, range.until))?;
            ledger::compared(&mut member.session, &range, (events, sum))?;
            is_late |= events > range.events || (events == range.events && sum != range.hash_sum);
        }
    }
    if is_late {
        return Err(late());
    }
    context.note(&Progress::Note(format!(
        "warning: {} of the events that {} has read were deleted from the log since; its rows still show them \
         (regrow rebuild {} builds them without)",
        read - found,
        member.build.schema,
        member.build.projection
    )));
    Ok(())
}
