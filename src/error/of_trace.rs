//! What goes wrong with a trace, and what to do then.

use super::Error;
use super::with;
use crate::replay::sql::ProgramError;
use crate::trace::TraceError;

impl From<TraceError> for Error {
    fn from(error: TraceError) -> Error {
        let shown = with(&error);
        match error {
            TraceError::Pg(error) => error.into(),
            TraceError::Context(error) => error.into(),
            TraceError::Ledger(error) => error.into(),
            TraceError::Log(error) => error.into(),
            TraceError::Identity(error) => error.into(),
            TraceError::Scratch(error) => {
                Error::from(error).about("the build's tables could not be made in scratch")
            }
            TraceError::Program(error @ (ProgramError::Faults(_) | ProgramError::Outside(_))) => {
                Error::from(error).about("the build's handlers do not run in scratch")
            }
            TraceError::Program(error) => error.into(),
            TraceError::Unknown { .. } => {
                shown.hint("'regrow status' lists the builds; a table is PROJECTION.TABLE")
            }
            TraceError::Ambiguous { .. } => shown.hint(
                "name the table as PROJECTION.TABLE, and each column of its key: --key column=value",
            ),
            TraceError::Key { key, .. } => {
                let flags: Vec<String> =
                    key.iter().map(|column| format!("--key {column}=...")).collect();
                shown.hint(flags.join(" "))
            }
            TraceError::NoEvent { .. } => shown.hint("'regrow export' shows what the log has"),
            TraceError::NoBuild { .. }
            | TraceError::NoKey { .. }
            | TraceError::Value { .. }
            | TraceError::Definition(_)
            | TraceError::Interrupted => shown,
        }
    }
}
