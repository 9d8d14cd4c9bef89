//! What keeps readers from seeing what was waited for, and what to do then.

use super::reason::Reason;
use super::reasoned::Reasoned;
use super::{Error, with};
use crate::wait::WaitError;

impl From<WaitError> for Error {
    fn from(error: WaitError) -> Error {
        let shown = with(&error);
        match error {
            WaitError::Pg(error) => error.into(),
            WaitError::Context(error) => error.into(),
            WaitError::Ledger(error) => error.into(),
            WaitError::Log(error) => error.into(),
            WaitError::Identity(error) => error.into(),
            WaitError::View(error) => (*error).into(),
            WaitError::Project(error) => error.into(),
            WaitError::NotLive { projection } => {
                shown.hint(format!("regrow rebuild {projection} --promote"))
            }
            WaitError::Unknown(_) => shown,
            WaitError::Stopped { .. } => shown.hint("'regrow status' tells what to do"),
            WaitError::Late { .. } => {
                shown.hint("'regrow status' tells who follows it, and how far it is")
            }
            WaitError::Lacks { projection, .. } => {
                shown.hint(format!("regrow rebuild {projection} --promote"))
            }
            WaitError::Interrupted => shown,
        }
    }
}

impl Reasoned for WaitError {
    fn reason(&self) -> Reason {
        match self {
            WaitError::Pg(error) => error.reason(),
            WaitError::Context(error) => error.reason(),
            WaitError::Ledger(error) => error.reason(),
            WaitError::Log(error) => error.reason(),
            WaitError::Identity(error) => error.reason(),
            WaitError::View(error) => error.reason(),
            WaitError::Project(error) => error.reason(),
            WaitError::NotLive { .. } => Reason::NeverBuilt,
            WaitError::Unknown(_) => Reason::LedgerOlder,
            WaitError::Lacks { .. } => Reason::LateEvents,
            WaitError::Stopped { .. } | WaitError::Late { .. } => Reason::NotReached,
            WaitError::Interrupted => Reason::Interrupted,
        }
    }
}
