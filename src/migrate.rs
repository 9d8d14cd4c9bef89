//! Migrations: what ran, what has not run yet, and running it.
//!
//! The story of [`migrate`]: understand the target, compare the files with the history and
//! refuse every difference at once, plan, take the deploy lock, look again, and run each
//! revision in one transaction with its history row, tried again while its locks are taken.
//! With nothing to do it takes no lock and writes nothing. [`downgrade`] is the same story
//! backwards. Both are about the event store; a projection's revisions run in a fresh build, or
//! on the live one where that is enough (`in_place`).

mod attempt;
mod deploy_lock;
mod divergence;
mod error;
pub mod offline;
mod preview;
mod refusals;
mod run;
mod scripts;
mod stamp;
mod standing;
mod steps;

use std::time::Duration;

use crate::ledger;
use crate::pg::{Session, history};
use crate::revision::target::{Point, Target};
use crate::revision::{Direction, EVENT_STORE, Revision};
use crate::site::Site;

pub use deploy_lock::{DeployLock, LOCK};
pub use divergence::{Divergence, divergences};
pub use error::MigrateError;
pub use preview::{Planned, Preview, preview};
pub(crate) use refusals::LOG_TABLE;
pub use refusals::event_store_has;
pub use run::{Run, apply, record, take_back};
pub(crate) use scripts::{failed_file, unread};
pub use stamp::{Repair, Repaired, repair, stamp};
pub use standing::{Standing, current, lineage, names, target};

/// What a run is allowed.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long another deploy is waited for.
    pub wait: Duration,
    /// Whether a way back may take the log away although it holds events.
    pub lose_events: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { wait: Duration::from_secs(60), lose_events: false }
    }
}

/// What a run did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The lineage.
    pub lineage: String,
    /// Stems of the revisions that ran, in the order they ran.
    pub ran: Vec<String>,
    /// Stems it stands at now; none is base.
    pub at: Vec<String>,
}

/// Brings the event store to a target and the ledger up to date.
///
/// # Errors
/// The target leads nowhere, files and history differ, a revision fails, its locks cannot be
/// had, or another run holds the deploy lock.
pub fn migrate(site: &Site, target: &Target, options: &Options) -> Result<Report, MigrateError> {
    if site.project.adopts() {
        ledger::ensure(&mut site.open_read_models("migrate")?)?;
        return Ok(Report { lineage: EVENT_STORE.into(), ..Report::default() });
    }
    let mut session = Session::open(&site.event_store, "migrate")?;
    let report = run(site, &mut session, Direction::Up, target, options)?;
    if site.one_server() {
        ledger::ensure(&mut session)?;
    } else {
        ledger::ensure(&mut site.open_read_models("migrate")?)?;
    }
    Ok(report)
}

/// Takes revisions of the event store back, down to a target.
///
/// # Errors
/// As [`migrate`]; and a revision has no way back, or its way back would lose events.
pub fn downgrade(
    site: &Site,
    lineage: &str,
    target: &Target,
    options: &Options,
) -> Result<Report, MigrateError> {
    let mut session = open_to_go_back(site, lineage, "downgrade")?;
    run(site, &mut session, Direction::Down, target, options)
}

/// Takes the last revision of the event store back and runs it again.
///
/// # Errors
/// As [`downgrade`] and [`migrate`]; and where it stands at none or at several.
pub fn redo(site: &Site, lineage: &str, options: &Options) -> Result<Report, MigrateError> {
    let mut session = open_to_go_back(site, lineage, "redo")?;
    let standing = Standing::of_event_store(&site.project, &mut session)?.agreed()?;
    let back = Target { lineage: None, branch: None, point: Point::Steps(-1) };
    let last = standing.lineage.downgrade(&standing.versions(), &back)?;
    let Some(last) = last.first() else {
        return Err(MigrateError::NothingToRedo { lineage: lineage.to_owned() });
    };
    let forth = Target { point: Point::Named(last.version.to_string()), ..Target::head(None) };
    let mut down = run(site, &mut session, Direction::Down, &back, options)?;
    let up = run(site, &mut session, Direction::Up, &forth, options)?;
    down.ran.extend(up.ran);
    Ok(Report { ran: down.ran, ..up })
}

fn open_to_go_back(site: &Site, lineage: &str, purpose: &str) -> Result<Session, MigrateError> {
    if lineage != EVENT_STORE {
        return Err(MigrateError::ProjectionDown { projection: lineage.into() });
    }
    if site.project.adopts() {
        return Err(MigrateError::Adopted);
    }
    Ok(Session::open(&site.event_store, purpose)?)
}

/// The event store's revisions between where it stands and the target.
fn run(
    site: &Site,
    session: &mut Session,
    direction: Direction,
    target: &Target,
    options: &Options,
) -> Result<Report, MigrateError> {
    let standing = Standing::of_event_store(&site.project, session)?.agreed()?;
    let whole = half_run(&standing, session, direction)?.is_none();
    if whole && plan(&standing, direction, target)?.is_empty() {
        return Ok(standing.report(Vec::new()));
    }
    let lock = DeployLock::take(site, session, options.wait)?;
    let result = run_locked(site, session, &lock, (direction, target), options);
    lock.give_back(session);
    result
}

/// What another run did while the lock was waited for is seen here: everything is read again.
fn run_locked(
    site: &Site,
    session: &mut Session,
    lock: &DeployLock,
    (direction, target): (Direction, &Target),
    options: &Options,
) -> Result<Report, MigrateError> {
    let standing = Standing::of_event_store(&site.project, session)?.agreed()?;
    if let Some(error) = half_run(&standing, session, direction)? {
        return Err(error);
    }
    let plan = plan(&standing, direction, target)?;
    if plan.is_empty() {
        return Ok(standing.report(Vec::new()));
    }
    match direction {
        Direction::Up => refusals::needs_are_met(site, &standing, &plan)?,
        Direction::Down => {
            refusals::nothing_stands_on(site, &plan)?;
            if !options.lose_events {
                refusals::no_event_is_lost(site, session, &plan)?;
            }
        }
    }
    let Some(schema) = &standing.schema else { return Ok(standing.report(Vec::new())) };
    let run = Run::new(site, &site.event_store, &standing.lineage, schema, lock);
    let ran = run.all(session, direction, &plan, &mut |_, _| Ok(()))?;
    Ok(Standing::of_event_store(&site.project, session)?.report(ran))
}

fn plan<'s>(
    standing: &'s Standing,
    direction: Direction,
    target: &Target,
) -> Result<Vec<&'s Revision>, MigrateError> {
    let applied = standing.versions();
    Ok(match direction {
        Direction::Up => standing.lineage.upgrade(&applied, target)?,
        Direction::Down => standing.lineage.downgrade(&applied, target)?,
    })
}

/// Where a run the other way was cut off: a revision that is applied by the history and half
/// taken back, or one that is not applied and of which something is there.
fn half_run(
    standing: &Standing,
    session: &mut Session,
    direction: Direction,
) -> Result<Option<MigrateError>, MigrateError> {
    let Some(schema) = &standing.schema else { return Ok(None) };
    let (other, lineage) = (direction.reversed(), standing.lineage.name.clone());
    let (begun, applied) = (history::half_run(session, schema, other)?, standing.versions());
    let half = |version: &i64| applied.contains(version) == (other == Direction::Down);
    let found = begun.into_iter().filter(half).find_map(|v| standing.lineage.get(v));
    let stem = found.map(Revision::stem);
    Ok(stem.map(|stem| match other {
        Direction::Down => MigrateError::HalfWayBack { lineage, stem },
        Direction::Up => MigrateError::HalfApplied { lineage, stem },
    }))
}
