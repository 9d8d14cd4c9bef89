//! Status: every build, how far it is, and what stopped it.

use crate::event::Position;
use crate::ledger::{self, Build, LedgerError, State};
use crate::log::LogError;
use crate::pg::PgError;
use crate::site::{Site, SiteError};

/// A build and its distance from the log's end.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The build.
    pub build: Build,
    /// Positions between its checkpoint and the log's highest.
    pub lag: i64,
    /// The project's files make another definition than this build has.
    pub outdated: bool,
}

/// Everything `status` knows.
#[derive(Debug, Clone)]
pub struct Status {
    /// The highest position given out.
    pub highest: Position,
    /// Builds that are not dropped, by projection and number.
    pub builds: Vec<Standing>,
    /// Projections of the project that have no live build.
    pub never_live: Vec<String>,
}

/// Why there is no status.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger could not be opened.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// Looks at the ledger and the log.
///
/// # Errors
/// A server refuses, or there is no ledger.
pub fn status(site: &Site) -> Result<Status, StatusError> {
    let mut session = site.open_ledger("status")?;
    let builds = ledger::builds(&mut session, None)?;
    let (mut events, log) = site.open_log("status")?;
    let highest = log.highest(&mut events)?;
    let current = |b: &Build| site.project.definition(&b.projection).ok().map(|d| d.hash());
    let never_live = site
        .project
        .projections
        .keys()
        .filter(|name| !builds.iter().any(|b| b.projection == **name && b.state == State::Live))
        .cloned()
        .collect();
    let builds = builds
        .into_iter()
        .filter(|b| b.state != State::Dropped)
        .map(|build| Standing {
            lag: (highest.0 - build.position.0).max(0),
            outdated: current(&build).is_some_and(|hash| hash != build.definition_hash),
            build,
        })
        .collect();
    Ok(Status { highest, builds, never_live })
}
