//! Migrations: what ran, what has not run yet, and running it.
//!
//! The story of [`migrate`]: understand the target, compare the files with the history and
//! refuse every difference at once, plan, take the deploy lock, look again, and run each
//! revision in one transaction with its history row, tried again while its locks are taken.
//! With nothing to do it takes no lock and writes nothing. [`downgrade`] is the same story
//! backwards. Both are about the event store; a projection's revisions run in a fresh build, or
//! on the live one where that is enough (`in_place`).

pub mod alembic;
mod attempt;
mod deploy_lock;
mod divergence;
mod error;
mod extensions;
mod frame;
mod ground;
mod log_guard;
pub(crate) mod needs;
pub mod offline;
mod plain;
mod preview;
mod refusals;
mod report;
mod run;
pub(crate) mod script;
mod scripts;
mod session_state;
mod stamp;
mod standing;
mod steps;

use std::time::Duration;

use crate::context::Context;
use crate::ledger;
use crate::log::LogShape;
use crate::pg::{Session, Sql};
use crate::revision::target::{Point, Target};
use crate::revision::{Direction, EVENT_STORE, Revision};

pub use deploy_lock::{DeployLock, LOCK};
pub use divergence::{Divergence, divergences, ways};
pub(crate) use error::Refusal;
pub use error::{Loss, MigrateError};
pub(crate) use extensions::{
    inside as extensions_inside, none_inside as no_extension_inside,
    none_put_inside as no_extension_put_inside, refused as extension_refused,
};
pub(crate) use frame::ddl_path;
pub(crate) use ground::Ground;
pub(crate) use log_guard::LOG_TABLE;
pub use preview::{Planned, Preview, preview};
pub(crate) use run::apply_here;
pub use run::{How, apply, apply_as, record, take_back};
pub(crate) use scripts::{can_run_inside, failed_file, fits_us, unread};
pub use stamp::{Repair, Repaired, repair, stamp};
pub use standing::{Standing, current, lineage, names, target};

/// What a run is allowed.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long another deploy is waited for.
    pub wait: Duration,
    /// Whether a way back may take the log away although it holds events.
    pub lose_events: bool,
    /// Whether revisions run that should have run before others that have.
    pub late: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { wait: Duration::from_secs(60), lose_events: false, late: false }
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

/// Brings the event store to a target and the ledger up to date. A database without an event log gets no ledger for a
/// project without projections. Where another role owns the event store, the ledger is left to the login that rebuilds,
/// which shall own it.
///
/// # Errors
/// The target leads nowhere, files and history differ, a revision fails, its locks cannot be
/// had, or another run holds the deploy lock.
pub fn migrate(
    context: &Context,
    target: &Target,
    options: &Options,
) -> Result<Report, MigrateError> {
    if context.project.adopts() {
        ledger::ensure(&mut context.open_read_models("migrate")?.to_write()?)?;
        return Ok(Report { lineage: EVENT_STORE.into(), ..Report::default() });
    }
    let mut session = context.open_as_owner("migrate")?;
    let way = Way { late: options.late, ..Way::to(Direction::Up, target) };
    let report = run(context, &mut session, way, options)?;
    if context.project.config.owner().is_some() || !wants_ledger(context, &mut session)? {
        return Ok(report);
    }
    if context.one_server() {
        ledger::ensure(&mut session)?;
    } else {
        ledger::ensure(&mut context.open_read_models("migrate")?.to_write()?)?;
    }
    Ok(report)
}

/// Whether there is something to build, or to build it from.
fn wants_ledger(context: &Context, session: &mut Session) -> Result<bool, MigrateError> {
    if !context.project.projections.is_empty() {
        return Ok(true);
    }
    let log = LogShape::own(&context.project.config.event_store_schema()).table;
    Ok(session.query_one("SELECT to_regclass($1) IS NOT NULL", &[&log])?.get(0))
}

/// Takes revisions of the event store back, down to a target.
///
/// # Errors
/// As [`migrate`]; and a revision has no way back, or its way back would lose events.
pub fn downgrade(
    context: &Context,
    lineage: &str,
    target: &Target,
    options: &Options,
) -> Result<Report, MigrateError> {
    let mut session = open_to_go_back(context, lineage, "downgrade")?;
    run(context, &mut session, Way::to(Direction::Down, target), options)
}

/// Takes the last revision of the event store back and runs it again, as its files are now.
///
/// # Errors
/// As [`downgrade`] and [`migrate`]; and where it stands at none or at several. That the file
/// of this revision has changed is no error.
pub fn redo(context: &Context, lineage: &str, options: &Options) -> Result<Report, MigrateError> {
    let mut session = open_to_go_back(context, lineage, "redo")?;
    let standing = Standing::of_event_store(&context.project, &mut session)?;
    if standing.applied.is_empty() {
        return Err(MigrateError::NothingToRedo { lineage: lineage.to_owned() });
    }
    let back = Target { lineage: None, branch: None, point: Point::Steps(-1) };
    let last = standing.lineage.downgrade(&standing.versions(), &back)?;
    let Some(last) = last.first() else {
        return Err(MigrateError::NothingToRedo { lineage: lineage.to_owned() });
    };
    let forth = Target { point: Point::Named(last.version.to_string()), ..Target::head(None) };
    let last = last.stem();
    let back = Way { edited: Some(&last), ..Way::to(Direction::Down, &back) };
    let mut down = run(context, &mut session, back, options)?;
    let up = run(context, &mut session, Way::to(Direction::Up, &forth), options)?;
    down.ran.extend(up.ran);
    Ok(Report { ran: down.ran, ..up })
}

fn open_to_go_back(
    context: &Context,
    lineage: &str,
    purpose: &str,
) -> Result<Session, MigrateError> {
    if lineage != EVENT_STORE {
        return Err(MigrateError::ProjectionDown { projection: lineage.into() });
    }
    if context.project.adopts() {
        return Err(MigrateError::Adopted);
    }
    Ok(context.open_as_owner(purpose)?)
}

/// Where to, and what may be another one than what ran.
#[derive(Clone, Copy)]
struct Way<'a> {
    direction: Direction,
    target: &'a Target,
    /// The stem of a revision whose file may have changed: it is taken back.
    edited: Option<&'a str>,
    /// Whether revisions count that should have run before others.
    late: bool,
}

impl<'a> Way<'a> {
    fn to(direction: Direction, target: &'a Target) -> Way<'a> {
        Way { direction, target, edited: None, late: false }
    }

    fn standing(self, context: &Context, session: &mut Session) -> Result<Standing, MigrateError> {
        Standing::of_event_store(&context.project, session)?.agreed_but(self.edited, self.late)
    }
}

/// The event store's revisions between where it stands and the target.
fn run(
    context: &Context,
    session: &mut Session,
    way: Way<'_>,
    options: &Options,
) -> Result<Report, MigrateError> {
    let standing = way.standing(context, session)?;
    if standing.lineage.revisions.is_empty() {
        return Err(MigrateError::NoRevisions {
            folder: context.project.root.display().to_string(),
        });
    }
    let whole = refusals::half_run(&standing, session, way.direction)?.is_none();
    if whole && plan(&standing, way.direction, way.target)?.is_empty() {
        return Ok(standing.report(Vec::new()));
    }
    session.must_write()?;
    let lock = DeployLock::take(context, session, options.wait)?;
    let result = run_locked(context, session, &lock, way, options);
    lock.give_back(session);
    result
}

/// What another run did while the lock was waited for is seen here: everything is read again.
fn run_locked(
    context: &Context,
    session: &mut Session,
    lock: &DeployLock,
    way: Way<'_>,
    options: &Options,
) -> Result<Report, MigrateError> {
    let standing = way.standing(context, session)?;
    if let Some(error) = refusals::half_run(&standing, session, way.direction)? {
        return Err(error);
    }
    let plan = plan(&standing, way.direction, way.target)?;
    if plan.is_empty() {
        return Ok(standing.report(Vec::new()));
    }
    may_run(context, session, &standing, way.direction, &plan, options)?;
    let Some(schema) = &standing.schema else { return Ok(standing.report(Vec::new())) };
    let mut ground = Ground::new(context, &context.event_store, &standing.lineage, schema, lock);
    if way.direction == Direction::Down && !options.lose_events {
        ground = ground.keeping_events();
    }
    let ran = ground.run(session, way.direction, &plan, &mut |_, _| Ok::<_, MigrateError>(()))?;
    Ok(Standing::of_event_store(&context.project, session)?.report(ran))
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

/// Refuses a plan that other lineages or the events forbid.
fn may_run(
    context: &Context,
    session: &mut Session,
    standing: &Standing,
    direction: Direction,
    plan: &[&Revision],
    options: &Options,
) -> Result<(), MigrateError> {
    match direction {
        Direction::Up => needs::are_met(context, &standing.lineage, plan),
        Direction::Down => {
            needs::nothing_stands_on(context, plan)?;
            if options.lose_events {
                Ok(())
            } else {
                refusals::no_event_is_lost(context, session, plan)
            }
        }
    }
}
