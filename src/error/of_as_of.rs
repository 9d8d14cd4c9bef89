//! What keeps a point of the log from being shown, and what to do then.

use super::reason::Reason;
use super::reasoned::Reasoned;
use super::{Error, with};
use crate::as_of::AsOfError;

impl From<AsOfError> for Error {
    fn from(error: AsOfError) -> Error {
        let shown = with(&error);
        match error {
            AsOfError::Pg(error) => error.into(),
            AsOfError::Context(error) => error.into(),
            AsOfError::Ledger(error) => error.into(),
            AsOfError::Log(error) => error.into(),
            AsOfError::Identity(error) => error.into(),
            AsOfError::Rebuild(error) => error.into(),
            AsOfError::Promote(error) => error.into(),
            AsOfError::Beyond { .. } => shown.hint("name a position that the log has, or a moment"),
            AsOfError::Busy { .. } => shown.hint("it is safe to run it again"),
            AsOfError::There { .. } | AsOfError::Reserved { .. } => {
                shown.hint("name another schema: --publish NAME")
            }
            AsOfError::Future { .. } => shown.hint("name a moment that has passed, or a position"),
            AsOfError::Nothing { .. } => shown.hint("regrow census tells when the log begins"),
            AsOfError::Taken { publish } => {
                shown.hint(format!("name another schema, or first: regrow as-of drop {publish}"))
            }
            AsOfError::Unknown { there, .. } => match there.is_empty() {
                true => shown,
                false => shown.hint(format!("there are: {}", there.join(", "))),
            },
        }
    }
}

impl Reasoned for AsOfError {
    fn reason(&self) -> Reason {
        match self {
            AsOfError::Pg(error) => error.reason(),
            AsOfError::Context(error) => error.reason(),
            AsOfError::Ledger(error) => error.reason(),
            AsOfError::Log(error) => error.reason(),
            AsOfError::Identity(error) => error.reason(),
            AsOfError::Rebuild(error) => error.reason(),
            AsOfError::Promote(error) => error.reason(),
            AsOfError::Future { .. } | AsOfError::Nothing { .. } | AsOfError::Beyond { .. } => {
                Reason::MomentEmpty
            }
            AsOfError::Busy { .. } => Reason::Busy,
            AsOfError::Taken { .. } | AsOfError::There { .. } => Reason::SchemaTaken,
            AsOfError::Reserved { .. } => Reason::Usage,
            AsOfError::Unknown { .. } => Reason::BuildUnknown,
        }
    }
}
