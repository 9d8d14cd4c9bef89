//! What keeps a row from being made again, and what to do then.

use super::Error;
use super::with;
use crate::repair::RepairError;

impl From<RepairError> for Error {
    fn from(error: RepairError) -> Error {
        let shown = with(&error);
        match error {
            RepairError::Trace(error) => error.into(),
            RepairError::NotBound { .. } | RepairError::Uncertain { .. } => {
                shown.hint("rebuild the projection; the rows of before stay until its promote")
            }
            RepairError::Unfinished { projection, .. } => shown.hint(format!("regrow resume {projection}")),
            RepairError::Fails { .. } => shown.hint(
                "mend the handler or the event, and rebuild the projection; 'regrow try' shows what the event does",
            ),
            RepairError::Changed { .. } => shown.hint("it is safe to run it again"),
            RepairError::Interrupted => shown,
        }
    }
}
