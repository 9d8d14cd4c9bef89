//! Migrations: what ran, what has not run yet, and running it.
//!
//! The story of `migrate`: take the deploy lock, compare the files with the history
//! table and refuse every difference at once, then run each pending revision in one
//! transaction with its history row. Projections are not migrated here: a changed
//! projection is rebuilt.

use std::time::{Duration, Instant};

use crate::ident::Ident;
use crate::ledger::{self, LedgerError};
use crate::pg::history::{self, Applied, HistoryError};
use crate::pg::{PgError, ServerError, Session, Sql, Transaction, lock};
use crate::progress::{Observer, Progress};
use crate::project::ProjectError;
use crate::revision::{Lineage, Revision};
use crate::site::Site;
use crate::source::Place;

/// The name of the deploy lock, one per database.
pub const LOCK: &str = "regrow migrate";

/// Why a migration did not happen.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// No server, or it refused.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The lineage's files do not hold together.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The ledger could not be set up.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Files and history tell different stories.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Divergent(Vec<Divergence>),
    /// A revision failed; it left nothing behind.
    #[error("{place}: revision {stem} of {lineage} failed and was rolled back: {error}")]
    Failed {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
        /// Where in its file.
        place: Place,
        /// What the server said.
        error: Box<ServerError>,
    },
    /// Refinery refused a revision.
    #[error(transparent)]
    Refinery(HistoryError),
    /// A revision asks for what this version cannot do.
    #[error("{path} asks for 'transaction: none', which this version of regrow cannot run")]
    OutsideTransaction {
        /// The file.
        path: String,
    },
    /// Another run holds the lock.
    #[error("another run holds the deploy lock{}", .holder.as_ref().map_or_else(String::new, |h| format!(" ({h})")))]
    Locked {
        /// Who.
        holder: Option<String>,
    },
}

/// One difference between files and history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Divergence {
    /// The file was edited after it ran.
    #[error("revision {stem} of {lineage} was applied on {applied_on} but its file has changed")]
    Edited {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
        /// When it ran.
        applied_on: String,
    },
    /// It ran, and there is no file.
    #[error(
        "revision V{version}__{slug} of {lineage} was applied on {applied_on} but its file is missing"
    )]
    Missing {
        /// The lineage.
        lineage: String,
        /// Its version.
        version: i64,
        /// Its slug.
        slug: String,
        /// When it ran.
        applied_on: String,
    },
    /// It did not run although a later one did.
    #[error(
        "revision {stem} of {lineage} was never applied, but {later}, which comes after it, was"
    )]
    OutOfOrder {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
        /// One that comes after it.
        later: String,
    },
}

/// Where a lineage stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The lineage.
    pub lineage: String,
    /// What ran.
    pub applied: Vec<Applied>,
    /// Stems of what has not.
    pub pending: Vec<String>,
}

/// What `migrate` did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Stems of the revisions that ran, in order.
    pub ran: Vec<String>,
    /// The stem the lineage stands at now.
    pub head: Option<String>,
}

/// Brings the event store to its head and the ledger up to date. Where a log is adopted there
/// is no event store of ours, whatever lies in `migrations/event_store`: only the ledger is set up.
///
/// # Errors
/// Files and history differ, a revision fails, or another run holds the lock for longer than `wait`.
pub fn migrate(site: &Site, wait: Duration) -> Result<Report, MigrateError> {
    if site.project.adopts() {
        ledger::ensure(&mut site.open_read_models("migrate")?)?;
        return Ok(Report::default());
    }
    let lineage = site.project.event_store_lineage()?;
    let schema = site.project.config.event_store_schema();
    let mut session = Session::open(&site.event_store, "migrate")?;
    if !lock::acquire(&mut session, LOCK, wait)? {
        return Err(MigrateError::Locked { holder: lock::holder(&mut session, LOCK)? });
    }
    let result = run_pending(&mut session, &schema, &lineage, site.observer.as_ref());
    lock::release(&mut session, LOCK)?;
    let ran = result?;
    ledger::ensure(&mut site.open_read_models("migrate")?)?;
    Ok(Report { ran, head: lineage.revisions.last().map(Revision::stem) })
}

/// Where the event store stands. Where a log is adopted there is nothing that could be pending.
///
/// # Errors
/// No server, or broken files.
pub fn current(site: &Site) -> Result<Standing, MigrateError> {
    let lineage = site.project.event_store_lineage()?;
    if site.project.adopts() {
        return Ok(Standing { lineage: lineage.name, applied: Vec::new(), pending: Vec::new() });
    }
    let mut session = Session::open(&site.event_store, "current")?;
    let applied = history::applied(&mut session, &site.project.config.event_store_schema())?;
    let pending = lineage
        .revisions
        .iter()
        .filter(|r| !applied.iter().any(|a| a.version == r.version))
        .map(Revision::stem)
        .collect();
    Ok(Standing { lineage: lineage.name, applied, pending })
}

/// The differences between files and history, all of them.
///
/// # Errors
/// Refinery does not take a revision's name.
pub fn divergences(
    lineage: &Lineage,
    applied: &[Applied],
) -> Result<Vec<Divergence>, HistoryError> {
    let mut found = Vec::new();
    let name = || lineage.name.clone();
    for row in applied {
        match lineage.revisions.iter().find(|r| r.version == row.version) {
            None => found.push(Divergence::Missing {
                lineage: name(),
                version: row.version,
                slug: row.slug.clone(),
                applied_on: row.applied_on.clone(),
            }),
            Some(file) if !history::is_of(&row.checksum, file)? => {
                found.push(Divergence::Edited {
                    lineage: name(),
                    stem: file.stem(),
                    applied_on: row.applied_on.clone(),
                });
            }
            Some(_) => {}
        }
    }
    let ran = |r: &Revision| applied.iter().any(|a| a.version == r.version);
    let last_applied = lineage.revisions.iter().rposition(ran);
    for (index, revision) in lineage.revisions.iter().enumerate() {
        if let Some(last) = last_applied
            && index < last
            && !ran(revision)
        {
            found.push(Divergence::OutOfOrder {
                lineage: name(),
                stem: revision.stem(),
                later: lineage.revisions[last].stem(),
            });
        }
    }
    Ok(found)
}

fn run_pending(
    session: &mut Session,
    schema: &Ident,
    lineage: &Lineage,
    observer: &dyn Observer,
) -> Result<Vec<String>, MigrateError> {
    let applied = history::applied(session, schema)?;
    let differences = divergences(lineage, &applied).map_err(MigrateError::Refinery)?;
    if !differences.is_empty() {
        return Err(MigrateError::Divergent(differences));
    }
    let mut ran = Vec::new();
    for revision in &lineage.revisions {
        if applied.iter().any(|a| a.version == revision.version) {
            continue;
        }
        let started = Instant::now();
        let mut transaction = session.begin()?;
        apply(&mut transaction, schema, &lineage.name, revision)?;
        transaction.commit()?;
        let stem = revision.stem();
        observer.note(&Progress::Revision {
            lineage: lineage.name.clone(),
            revision: stem.clone(),
            took: started.elapsed(),
        });
        ran.push(stem);
    }
    Ok(ran)
}

/// Runs one revision and writes its history row in the caller's transaction; the schema
/// and the history table are made where they are missing.
///
/// # Errors
/// The server refuses a statement; the place is the one in the revision's file.
pub fn apply(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    lineage: &str,
    revision: &Revision,
) -> Result<(), MigrateError> {
    if revision.outside_transaction {
        return Err(MigrateError::OutsideTransaction { path: revision.up.path.clone() });
    }
    transaction.run(&format!("CREATE SCHEMA IF NOT EXISTS {}", schema.quoted()))?;
    let result = history::ensure(transaction, schema)
        .and_then(|()| history::apply(transaction, schema, revision));
    match result {
        Ok(()) => Ok(()),
        Err(HistoryError::Pg(PgError::Server(error))) => {
            let place = place_in(revision, &error);
            Err(MigrateError::Failed {
                lineage: lineage.to_owned(),
                stem: revision.stem(),
                place,
                error,
            })
        }
        Err(HistoryError::Pg(error)) => Err(error.into()),
        Err(error) => Err(MigrateError::Refinery(error)),
    }
}

/// PostgreSQL counts characters from 1 in the whole script it was sent, which is the file.
fn place_in(revision: &Revision, error: &ServerError) -> Place {
    let offset = error.position.map_or(0, |at| {
        let characters = usize::try_from(at).unwrap_or(1).saturating_sub(1);
        revision.up.text.char_indices().nth(characters).map_or(0, |(offset, _)| offset)
    });
    revision.up.place(offset)
}
