//! What goes wrong when a log is adopted, and what to do then.

use super::Error;
use super::reason::Reason;
use super::reasoned::Reasoned;
use super::with;
use crate::adopt::AdoptError;
use crate::log::LogError;

impl Reasoned for AdoptError {
    fn reason(&self) -> Reason {
        match self {
            AdoptError::Pg(error) => error.reason(),
            AdoptError::Log(error) => error.reason(),
            AdoptError::Project(error) => error.reason(),
            AdoptError::None { .. } | AdoptError::Several { .. } | AdoptError::Differs { .. } => {
                Reason::PresetUnfit
            }
            AdoptError::Refused { .. } => Reason::EventsUnreadable,
            AdoptError::SqlFirst { .. } => Reason::SqlFirst,
            AdoptError::NoTenants { .. } => Reason::Usage,
        }
    }
}

impl From<AdoptError> for Error {
    fn from(error: AdoptError) -> Error {
        let shown = with(&error);
        match error {
            AdoptError::Pg(error) => error.into(),
            AdoptError::Log(error @ LogError::AdoptedMissing { .. }) => with(&error).hint(
                "is this the database it is in? 'regrow adopt' lists the tables that are recognised there",
            ),
            AdoptError::Log(error) => error.into(),
            AdoptError::Project(error) => error.into(),
            AdoptError::None { .. } => shown.hint(
                "name the table: --table schema.table; 'regrow adopt' lists what is recognised in this database",
            ),
            AdoptError::Several { .. } => shown.hint("name one of them: --table schema.table"),
            AdoptError::Differs { others, .. } if others.is_empty() => shown.hint(
                "write the keys of [event_store.adopt] for it by hand (docs/presets.md); 'regrow adopt' lists what is \
                 recognised in this database",
            ),
            AdoptError::Differs { others, .. } => {
                let all: Vec<String> =
                    others.iter().map(|name| format!("--preset {name}")).collect();
                shown.hint(format!("it fits {}", all.join(" or ")))
            }
            AdoptError::SqlFirst { sql, .. } => shown.hint(format!(
                "run this as the owner of the table, then the same command again:\n{}",
                sql.trim()
            )),
            AdoptError::Refused { .. } | AdoptError::NoTenants { .. } => shown,
        }
    }
}
