//! What goes wrong with comparisons of builds, and what to do then.

use super::{Error, with};
use crate::error::reason::Reason;
use crate::ledger::State;
use crate::verify::{Report, VerifyError};

impl Error {
    /// A build that was not promoted, since it differs from what it was compared with.
    pub(crate) fn of_difference(report: &Report) -> Error {
        let (build, against) = (&report.build.build, &report.against);
        let message = format!(
            "{build} was not promoted: it differs from {} ({}) in more than was declared",
            against.build, against.role
        );
        Error::new(Reason::Differs, message).hint(format!(
            "it stays ready; to see the values: regrow verify {0} --show-values\n\
             if the differences are meant, declare them (--expect, or [verify] expect in \
             projections/{0}/projection.toml) and verify again, or let readers see them: regrow promote {0}\n\
             if they are not, fix the files, then: regrow rebuild {0} --promote --verify",
            report.projection
        ))
    }

    /// Says that a build is ready all the same, where nothing better has been said.
    pub(crate) fn or_promote(self, projection: &str) -> Error {
        let ready = format!(
            "the build is ready and was not promoted; compare it again: regrow verify {projection}"
        );
        match &self.hint {
            Some(hint) => Error { hint: Some(format!("{hint}\n{ready}")), ..self },
            None => self.hint(ready),
        }
    }
}

impl From<VerifyError> for Error {
    fn from(error: VerifyError) -> Error {
        let shown = with(&error);
        match error {
            VerifyError::Pg(error) => error.into(),
            VerifyError::Context(error) => error.into(),
            VerifyError::Ledger(error) => error.into(),
            VerifyError::Log(error) => error.into(),
            VerifyError::Identity(error) => error.into(),
            VerifyError::Project(error) => error.into(),
            VerifyError::Program(error) => error.into(),
            VerifyError::Rebuild(error) => (*error).into(),
            VerifyError::Promote(error) => (*error).into(),
            VerifyError::Trace(error) => error.into(),
            VerifyError::NotAlone { projection, .. } => shown.hint(format!(
                "compare every row with a replay of the whole log: regrow verify {projection} --against log"
            )),
            VerifyError::NoBuild { .. } => shown.hint("'regrow status' shows every build"),
            VerifyError::Nothing { projection, has_one, .. } => {
                let log = match has_one {
                    true => format!("\nor compare what there is with the log: regrow verify {projection} --against log"),
                    false => String::new(),
                };
                shown.hint(format!("build one to compare: regrow rebuild {projection}{log}"))
            }
            VerifyError::NeverLive { projection } => shown.hint(format!(
                "compare it with the log: regrow rebuild {projection} --promote --verify=log"
            )),
            VerifyError::Unfinished { projection, state, .. } => match state {
                State::Dropped => shown.hint("'regrow status' shows the builds there are"),
                _ => shown.hint(format!("go on with it: regrow resume {projection}")),
            },
            VerifyError::Apart { projection, .. } => shown.hint(format!(
                "nothing can be brought back to a position; compare one of them with the log: \
                 regrow verify {projection} --build BUILD --against log, or build one that ends there: \
                 regrow rebuild {projection} --until POSITION"
            )),
            VerifyError::Poisoned { build, projection, failure } => {
                super::rebuilding::poisoned(shown, &build, &projection, failure)
            }
            VerifyError::Fenced { .. } => shown.hint("'regrow status' tells where it stands"),
            VerifyError::Restless { last, .. } => match last {
                Some(error) => shown.hint(format!("the last one ended with: {error}; try again")),
                None => shown.hint("try again when fewer events are appended"),
            },
            VerifyError::Undeclared { .. } => {
                shown.hint("'regrow verify' without --expect shows tables and columns that differ")
            }
            VerifyError::Stream { .. } | VerifyError::Interrupted => shown,
        }
    }
}
