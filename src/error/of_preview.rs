//! What keeps a build from being previewed, and what to do then.

use super::reason::Reason;
use super::reasoned::Reasoned;
use super::{Error, with};
use crate::preview::PreviewError;

impl From<PreviewError> for Error {
    fn from(error: PreviewError) -> Error {
        let shown = with(&error);
        match error {
            PreviewError::Pg(error) => error.into(),
            PreviewError::Context(error) => error.into(),
            PreviewError::Ledger(error) => error.into(),
            PreviewError::Identity(error) => error.into(),
            PreviewError::Project(error) => error.into(),
            PreviewError::Promote(error) => error.into(),
            PreviewError::Name(_) => shown,
            PreviewError::NotReady { projection, .. } => shown.hint(format!(
                "build one that readers do not see yet: regrow rebuild {projection}"
            )),
            PreviewError::Already { publish, .. } => {
                shown.hint(format!("to show it elsewhere, first: regrow preview drop {publish}"))
            }
            PreviewError::Reserved { .. } => shown.hint("name another schema: --publish NAME"),
            PreviewError::Busy { .. } => shown.hint("it is safe to run it again"),
            PreviewError::Unknown { there, .. } => match there.is_empty() {
                true => shown,
                false => shown.hint(format!("there are: {}", there.join(", "))),
            },
        }
    }
}

impl Reasoned for PreviewError {
    fn reason(&self) -> Reason {
        match self {
            PreviewError::Pg(error) => error.reason(),
            PreviewError::Context(error) => error.reason(),
            PreviewError::Ledger(error) => error.reason(),
            PreviewError::Identity(error) => error.reason(),
            PreviewError::Project(error) => error.reason(),
            PreviewError::Promote(error) => error.reason(),
            PreviewError::Name(error) => error.reason(),
            PreviewError::NotReady { .. } => Reason::NothingReady,
            PreviewError::Already { .. } => Reason::SchemaTaken,
            PreviewError::Reserved { .. } => Reason::Usage,
            PreviewError::Busy { .. } => Reason::Busy,
            PreviewError::Unknown { .. } => Reason::BuildUnknown,
        }
    }
}
