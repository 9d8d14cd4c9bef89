//! The assertions of `checks.sql` on a build that is there: what readers see, or any other.

use super::{VerifyError, Wanted, pair};
use crate::ledger;
use crate::rebuild::RebuildError;
use crate::replay::assertions::{self, Broken};
use crate::site::Site;

/// What a build's assertions came to.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The build.
    pub build: String,
    /// Its state.
    pub state: String,
    /// How many assertions there are.
    pub checks: usize,
    /// Whether they are those of the files as they are now, and not those the build was made with.
    pub by_files: bool,
    /// Those that do not hold.
    pub broken: Vec<Broken>,
}

/// Runs assertions on the live build, or on the one that is named. Those of the files count where the files
/// make the build's tables; else those that the build was made with.
///
/// # Errors
/// The build is not there, an assertion cannot be run, or the server refuses.
pub fn live(site: &Site, wanted: &Wanted) -> Result<Checked, VerifyError> {
    let mut session = site.open_ledger("verify")?;
    let build = pair::checked(site, &mut session, wanted)?;
    let mut definition = ledger::definition(&mut session, &build)?;
    let files = site.project.draft(&build.projection).ok();
    let files = files.filter(|files| files.hash() == build.definition_hash);
    let by_files = files.is_some();
    if let Some(files) = files {
        definition.checks = files.checks;
    }
    let parsed = definition.parse().map_err(crate::replay::sql::ProgramError::from)?;
    let sessions = site.project.config.rebuild.workers();
    let broken = assertions::run(&mut session, (&build, sessions), &definition)
        .map_err(RebuildError::from)?;
    Ok(Checked {
        build: build.schema.to_string(),
        state: build.state.to_string(),
        checks: parsed.checks.len(),
        by_files,
        broken,
    })
}
