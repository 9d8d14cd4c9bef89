//! What keeps a row from being made again, and what to do then.

use super::reason::Reason;
use super::reasoned::Reasoned;
use super::{Error, with};
use crate::repair::RepairError;

impl From<RepairError> for Error {
    fn from(error: RepairError) -> Error {
        let shown = with(&error);
        match error {
            RepairError::Trace(error) => error.into(),
            RepairError::NotBound { build, .. } => shown.hint(format!(
                "rebuild the projection; the rows of before stay until its promote\n\
                 if {build} is a build that readers see no more: regrow prune {build}, then this command again"
            )),
            RepairError::Uncertain { .. } | RepairError::Referred { .. } => {
                shown.hint("rebuild the projection; the rows of before stay until its promote")
            }
            RepairError::Lost { goes_on: true, .. } => {
                shown.hint("rebuild the projection; the rows of before stay until its promote")
            }
            RepairError::Lost { .. } => shown.hint(
                "a rebuild stops at that event, too: give the field a value in an upcaster, or say in projection.toml \
                 that events which fail are parked (on_error = \"park\"), and rebuild the projection",
            ),
            RepairError::NotByStream { projection, has_keys: true, .. } => shown.hint(format!(
                "make its rows again by their keys: regrow rebuild {projection} --key COLUMN=VALUE\n\
                 or rebuild the projection: regrow rebuild {projection}; the rows of before stay until its promote"
            )),
            RepairError::NotByStream { projection, .. } => shown.hint(format!(
                "rebuild the projection: regrow rebuild {projection}; the rows of before stay until its promote"
            )),
            RepairError::NotSplit { build, projection, .. } => shown.hint(format!(
                "a rebuild tries every event again: regrow rebuild {projection}; the rows of before stay until its promote\n\
                 if {build} is a build that readers see no more: regrow prune {build}, then this command again"
            )),
            RepairError::NotParked { name, .. } => {
                shown.hint(format!("those that are parked: regrow parked list {name}"))
            }
            RepairError::Gone { build, position } => shown.hint(format!(
                "nothing can be applied any more; to forget it: regrow parked drop {build} {position}"
            )),
            RepairError::Unfinished { as_of: Some(publish), .. } => shown.hint(format!(
                "it was not finished; run the same regrow as-of again, or: regrow as-of drop {publish}"
            )),
            RepairError::Elsewhere { build, live, .. } => shown.hint(format!(
                "one build alone: --build {live}; a rollback to {build} would bring back the rows that it has, \
                 so drop it if they must go: regrow prune {build}"
            )),
            RepairError::Unfinished { projection, .. } => shown.hint(format!("regrow resume {projection}")),
            RepairError::Fails { .. } => shown.hint(
                "fix the handler or the event, and rebuild the projection; 'regrow try' shows what the event does",
            ),
            RepairError::Changed { .. } => shown.hint("it is safe to run it again"),
            RepairError::Interrupted => shown,
        }
    }
}

impl Reasoned for RepairError {
    fn reason(&self) -> Reason {
        match self {
            RepairError::Trace(error) => error.reason(),
            RepairError::NotBound { .. }
            | RepairError::NotByStream { .. }
            | RepairError::Uncertain { .. }
            | RepairError::Lost { .. }
            | RepairError::Referred { .. }
            | RepairError::NotSplit { .. }
            | RepairError::Elsewhere { .. } => Reason::RowNotBound,
            RepairError::NotParked { .. } | RepairError::Gone { .. } => Reason::EventUnknown,
            RepairError::Unfinished { .. } => Reason::BuildOnItsWay,
            RepairError::Fails { .. } => Reason::RowFails,
            RepairError::Changed { .. } => Reason::Fenced,
            RepairError::Interrupted => Reason::Interrupted,
        }
    }
}
