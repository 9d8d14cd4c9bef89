//! What keeps a draft from being written, and what to do then.

use super::reason::Reason;
use super::reasoned::Reasoned;
use super::{Error, with};
use crate::scaffold::ScaffoldError;
use crate::visible::one_line;

impl From<ScaffoldError> for Error {
    fn from(error: ScaffoldError) -> Error {
        let shown = with(&error);
        match error {
            ScaffoldError::Pg(error) => error.into(),
            ScaffoldError::Context(error) => error.into(),
            ScaffoldError::Log(error) => error.into(),
            ScaffoldError::Project(error) => error.into(),
            ScaffoldError::Files(_) => {
                shown.hint("nothing was written; 'regrow check' shows every mistake")
            }
            ScaffoldError::There { .. } => shown.hint("choose another name, or move it away first"),
            ScaffoldError::NoEvents { name } => shown.hint(format!(
                "say which types there will be: regrow new projection {name} --on TYPE,TYPE"
            )),
            ScaffoldError::TooMany { name, types } => {
                let first: Vec<_> = types.iter().take(3).map(|name| one_line(name)).collect();
                shown.hint(format!(
                    "say which: regrow new projection {name} --on '{}'; regrow census lists them",
                    first.join(",")
                ))
            }
            ScaffoldError::Becomes { becomes, .. } => {
                shown.hint(format!("name what they become: --on {}", one_line(&becomes)))
            }
            ScaffoldError::Name { .. } => shown,
            ScaffoldError::NoStep { step: Some(step), .. } => {
                shown.hint(format!("nothing was written; put it in by hand:\n{}", step.trim_end()))
            }
            ScaffoldError::NoStep { .. } => shown,
            ScaffoldError::Known { event_type, .. } => shown
                .hint(format!("its next version: regrow new version {}", one_line(&event_type))),
            ScaffoldError::Interrupted => shown,
        }
    }
}

impl Reasoned for ScaffoldError {
    fn reason(&self) -> Reason {
        match self {
            ScaffoldError::Pg(error) => error.reason(),
            ScaffoldError::Context(error) => error.reason(),
            ScaffoldError::Log(error) => error.reason(),
            ScaffoldError::Project(error) => error.reason(),
            ScaffoldError::Files(_) | ScaffoldError::NoStep { .. } => Reason::DefinitionInvalid,
            ScaffoldError::There { .. } | ScaffoldError::Known { .. } => Reason::FileUnwritable,
            ScaffoldError::NoEvents { .. }
            | ScaffoldError::TooMany { .. }
            | ScaffoldError::Becomes { .. } => Reason::Usage,
            ScaffoldError::Name { .. } => Reason::NameInvalid,
            ScaffoldError::Interrupted => Reason::Interrupted,
        }
    }
}
