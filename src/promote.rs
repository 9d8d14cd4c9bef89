//! Promote and rollback: readers see another build, and notice nothing.
//!
//! Readers see a schema of views only. The story of a switch: catch up until little is
//! left; take a last mark before anything is locked; then in one transaction apply what
//! is left, replace every view and move the states. The views are locked last and for
//! about a millisecond. A reader in the way means: roll back, let everybody pass, wait a
//! moment, begin again at the barrier, and say who was in the way.
//!
//! A rollback is the same switch towards the retired build, which was followed all along.

pub mod views;

use std::time::{Duration, Instant};

use crate::event::Position;
use crate::failure::Failure;
use crate::ident::Ident;
use crate::ledger::{self, Build, LedgerError, State};
use crate::log::LogError;
use crate::log::reader::{ChunkBounds, Range, Wanted};
use crate::pg::{Param, PgError, Session, Sql, Transaction, catalog};
use crate::progress::{Progress, Stage};
use crate::rebuild::RebuildError;
use crate::rebuild::feed::{Ended, Line, Pass, Source};
use crate::rebuild::open_line;
use crate::rebuild::sql_engine::apply::{Applied, apply_within, prepare};
use crate::site::{Site, SiteError};
use views::Swap;

/// The first pause after a failed attempt; it doubles up to [`LONGEST_PAUSE`], with jitter.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(1_000);
/// Blockers are told when an attempt fails, but not more often than this.
const TELL_EVERY: Duration = Duration::from_secs(2);
/// How long a drop waits for the locks on a build nobody should use.
const DROP_LOCK_TIMEOUT: &str = "5s";

/// A switch that happened.
#[derive(Debug, Clone)]
pub struct Promoted {
    /// The build readers see now.
    pub build: String,
    /// The build they saw before.
    pub retired: Option<String>,
    /// The position of what they see.
    pub position: Position,
    /// How many attempts it took.
    pub attempts: u32,
    /// From the first lock on a view to the end of the commit.
    pub held: Duration,
}

/// Why readers still see what they saw.
#[derive(Debug, thiserror::Error)]
pub enum PromoteError {
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
    /// The build's definition cannot be run.
    #[error(transparent)]
    Rebuild(#[from] Box<RebuildError>),
    /// Nothing can be promoted.
    #[error("{projection} has no build that is ready{}", .hint)]
    NothingReady {
        /// The projection.
        projection: String,
        /// What there is instead.
        hint: String,
    },
    /// There is no way back.
    #[error("{projection} has no retired build to go back to")]
    NothingRetired {
        /// The projection.
        projection: String,
    },
    /// The build's last events cannot be applied.
    #[error("{build} stopped: {failure}")]
    Poisoned {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// The event and what is wrong.
        failure: Box<Failure>,
    },
    /// The log holds events below the checkpoint that the build never read.
    #[error(
        "{build} has read {read} events up to position {position}, and the log holds {found} there"
    )]
    Late {
        /// The build.
        build: String,
        /// Its checkpoint.
        position: Position,
        /// How many events it has read.
        read: u64,
        /// How many of its types the log holds.
        found: u64,
    },
    /// A view must be dropped, and something of the users' own depends on it.
    #[error("{view} must be made anew, and {} on it", depend(.dependents))]
    Dependents {
        /// The view.
        view: String,
        /// What depends on it.
        dependents: Vec<String>,
    },
    /// A relation of the view's name is there and is not ours.
    #[error("{view} exists and is not a view of the projection {projection}")]
    Foreign {
        /// The relation.
        view: String,
        /// The projection.
        projection: String,
    },
    /// Readers never let us through.
    #[error("readers of the views held their locks for the whole of {budget_s} seconds: {}", .blockers.join("; "))]
    Blocked {
        /// How long was tried.
        budget_s: u64,
        /// Who was in the way the last time.
        blockers: Vec<String>,
    },
    /// Somebody asked to stop.
    #[error("stopped before the switch; readers see what they saw")]
    Interrupted,
    /// Somebody else moved one of the builds.
    #[error("{build} was moved by somebody else: {reason}")]
    Fenced {
        /// The build.
        build: String,
        /// How.
        reason: String,
    },
}

fn depend(dependents: &[String]) -> String {
    let verb = if dependents.len() == 1 { "depends" } else { "depend" };
    format!("{} {verb}", dependents.join(", "))
}

/// Lets readers see a projection's newest build that is ready.
///
/// # Errors
/// No build is ready, its last events fail, or readers do not let go of the views.
pub fn promote(site: &Site, projection: &str) -> Result<Promoted, PromoteError> {
    let mut session = site.open_ledger("promote")?;
    let builds = ledger::builds(&mut session, Some(projection))?;
    let ready = |b: &&Build| b.state == State::Ready && b.until.is_none();
    let Some(to) = builds.iter().rev().find(ready).cloned() else {
        return Err(PromoteError::NothingReady {
            projection: projection.to_owned(),
            hint: what_there_is(&builds),
        });
    };
    switch(site, session, to)
}

/// Lets readers see the build they saw before.
///
/// # Errors
/// There is none, its last events fail, or readers do not let go of the views.
pub fn rollback(site: &Site, projection: &str) -> Result<Promoted, PromoteError> {
    let mut session = site.open_ledger("rollback")?;
    let builds = ledger::builds(&mut session, Some(projection))?;
    let retired = builds.into_iter().filter(|b| b.state == State::Retired);
    let Some(to) = retired.max_by(|a, b| a.changed_at.total_cmp(&b.changed_at)) else {
        return Err(PromoteError::NothingRetired { projection: projection.to_owned() });
    };
    switch(site, session, to)
}

fn what_there_is(builds: &[Build]) -> String {
    let last = builds.iter().rev().find(|b| b.state != State::Dropped);
    last.map_or_else(|| "; it was never built".into(), |b| format!("; {} is {}", b.schema, b.state))
}

fn switch(site: &Site, session: Session, to: Build) -> Result<Promoted, PromoteError> {
    site.note(&Progress::Stage { build: to.schema.to_string(), stage: Stage::Promote });
    let (events, log) = site.open_log("promote")?;
    let mut source = Source { session: events, log };
    let mut line = open_line(session, to).map_err(Box::new)?;
    let publish = site.publish_schema(line.build.publish_schema.as_deref());
    ensure_schema(&mut line.session, &publish)?;
    let budget = Duration::from_secs(site.project.config.rebuild.promote_budget_s);
    let (started, mut pause) = (Instant::now(), FIRST_PAUSE);
    let (mut attempts, mut told) = (0, None::<Instant>);
    chase(site, &mut source, &mut line)?;
    no_late_events(&mut source, &line)?;
    loop {
        if site.interrupt.raised() {
            return Err(PromoteError::Interrupted);
        }
        attempts += 1;
        chase(site, &mut source, &mut line)?;
        let blockers = match attempt(site, &mut source, &mut line, &publish)? {
            Attempt::Done { retired, position, held } => {
                let build = line.build.schema.to_string();
                site.note(&Progress::Promoted { build: build.clone(), attempts, held });
                return Ok(Promoted { build, retired, position, attempts, held });
            }
            Attempt::Contended(blockers) => blockers,
        };
        if started.elapsed() > budget {
            return Err(PromoteError::Blocked { budget_s: budget.as_secs(), blockers });
        }
        if told.is_none_or(|at| at.elapsed() > TELL_EVERY) {
            told = Some(Instant::now());
            site.note(&Progress::Waiting {
                what: "readers of the views".into(),
                holders: blockers,
                waited: started.elapsed(),
            });
        }
        std::thread::sleep(jitter(pause));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Two that create one schema at once: IF NOT EXISTS does not see what the other has not
/// committed yet, waits for it in the catalog's unique index and then fails.
fn ensure_schema(session: &mut Session, schema: &Ident) -> Result<(), PgError> {
    match session.run(&format!("CREATE SCHEMA IF NOT EXISTS {}", schema.quoted())) {
        Err(error) if matches!(error.code(), Some("23505" | "42P06")) => Ok(()),
        done => done,
    }
}

/// Half to all of a pause. The clock's nanoseconds are random enough to part two promoters.
fn jitter(pause: Duration) -> Duration {
    let nanos = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |d| d.subsec_nanos());
    pause / 2 + pause / 2 * (nanos % 1_000) / 1_000
}

/// Brings the build to a mark of now, in batches of their own.
fn chase(site: &Site, source: &mut Source, line: &mut Line) -> Result<(), PromoteError> {
    reload(line)?;
    let mark = site.barrier(&mut source.session, &source.log)?;
    let pass = Pass {
        pace: &site.project.config.rebuild,
        observer: site.observer.as_ref(),
        interrupt: &site.interrupt,
    };
    pass.run(source, &mut [&mut *line], mark)?;
    match std::mem::replace(&mut line.ended, Ended::Reached) {
        Ended::Reached => Ok(()),
        // A follower of the same build was faster; what it wrote is in the ledger.
        Ended::Fenced(_) => reload(line),
        Ended::Poisoned(failure) => Err(poisoned(line, failure)),
        Ended::Failed(error) => Err(error.into()),
        Ended::Damaged(error) => Err(error.into()),
    }
}

fn poisoned(line: &mut Line, failure: Box<Failure>) -> PromoteError {
    match ledger::fail(&mut line.session, line.build.id, &failure) {
        Err(error) => error.into(),
        Ok(()) => PromoteError::Poisoned {
            build: line.build.schema.to_string(),
            projection: line.build.projection.clone(),
            failure,
        },
    }
}

fn reload(line: &mut Line) -> Result<(), PromoteError> {
    let before = (line.build.state, line.build.schema.to_string());
    match ledger::build(&mut line.session, line.build.id)? {
        Some(build) if build.state == before.0 => {
            line.build = build;
            Ok(())
        }
        other => Err(PromoteError::Fenced {
            build: before.1,
            reason: other.map_or_else(|| "it is gone".into(), |b| format!("it is {} now", b.state)),
        }),
    }
}

/// A build that read fewer events than the log holds has lost some: positions were given
/// out ahead of their use, and no barrier can see that.
fn no_late_events(source: &mut Source, line: &Line) -> Result<(), PromoteError> {
    let position = line.build.position;
    let types = Wanted::Types(&line.program.types);
    let found = source.log.count(&mut source.session, types, position)?;
    let read = u64::try_from(line.build.events_read).unwrap_or(0);
    if found == read {
        return Ok(());
    }
    Err(PromoteError::Late { build: line.build.schema.to_string(), position, read, found })
}

enum Attempt {
    Done { retired: Option<String>, position: Position, held: Duration },
    Contended(Vec<String>),
}

/// One attempt at the last stretch. Contention rolls everything back and says who was in the way.
fn attempt(
    site: &Site,
    source: &mut Source,
    line: &mut Line,
    publish: &Ident,
) -> Result<Attempt, PromoteError> {
    let live = ledger::builds(&mut line.session, Some(&line.build.projection))?
        .into_iter()
        .find(|b| b.state == State::Live);
    let swap = Swap::plan(&mut line.session, &line.build, publish)?;
    // The last barrier comes before the first lock: it may wait, and nobody shall wait for it.
    let mark = site.barrier(&mut source.session, &source.log)?;
    // Readers must not go back: what the live build shows was below a mark of its own.
    let goal = live.as_ref().map_or(mark, |l| mark.max(l.position));
    let rest = read_rest(source, line, goal)?;
    match last_stretch(site, line, live.as_ref(), &swap, goal, &rest) {
        Ok(held) => {
            let retired = live.map(|l| l.schema.to_string());
            Ok(Attempt::Done { retired, position: goal, held })
        }
        Err(Stretch::Contended) => {
            let blockers = views::blockers(&mut line.session, publish)?;
            Ok(Attempt::Contended(blockers))
        }
        Err(Stretch::Failed(PromoteError::Pg(PgError::Lost { .. }))) => {
            // The commit may have happened: the ledger knows.
            line.session = site.open_read_models("promote")?;
            match ledger::build(&mut line.session, line.build.id)? {
                Some(build) if build.state == State::Live => {
                    let retired = live.map(|l| l.schema.to_string());
                    Ok(Attempt::Done { retired, position: build.position, held: Duration::ZERO })
                }
                _ => Ok(Attempt::Contended(vec!["the connection was lost".into()])),
            }
        }
        Err(Stretch::Failed(PromoteError::Poisoned { failure, .. })) => {
            Err(poisoned(line, failure))
        }
        Err(Stretch::Failed(error)) => Err(error),
    }
}

fn read_rest(
    source: &mut Source,
    line: &Line,
    goal: Position,
) -> Result<Vec<crate::rebuild::sql_engine::batch::Batch>, PromoteError> {
    let range = Range { after: line.build.position, until: goal };
    let mut chunks = Vec::new();
    if range.after < range.until {
        let bounds = ChunkBounds { events: usize::MAX, bytes: 64 * 1024 * 1024 };
        let Source { session, log } = source;
        let (types, needs) = (Wanted::Types(&line.program.types), line.program.needs);
        log.read(session, range, types, needs, bounds, &mut |chunk| {
            chunks.push(std::sync::Arc::new(chunk));
            true
        })?;
    }
    let mut after = line.build.position;
    let mut batches = Vec::new();
    for chunk in &chunks {
        batches.push(line.program.bind(chunk, after, line.build.on_error)?);
        after = chunk.range.until;
    }
    Ok(batches)
}

enum Stretch {
    Contended,
    Failed(PromoteError),
}

impl<E: Into<PromoteError>> From<E> for Stretch {
    fn from(error: E) -> Self {
        match error.into() {
            PromoteError::Pg(e) | PromoteError::Ledger(LedgerError::Pg(e)) if e.is_contention() => {
                Stretch::Contended
            }
            other => Stretch::Failed(other),
        }
    }
}

fn last_stretch(
    site: &Site,
    line: &mut Line,
    live: Option<&Build>,
    swap: &Swap,
    goal: Position,
    rest: &[crate::rebuild::sql_engine::batch::Batch],
) -> Result<Duration, Stretch> {
    let Line { build, program, session, .. } = line;
    session.run("SET synchronous_commit = on").map_err(PromoteError::from)?;
    let call = prepare(session, build).map_err(PromoteError::from)?;
    let mut transaction = session.begin().map_err(PromoteError::from)?;
    let timeout = site.project.config.rebuild.promote_lock_timeout_ms;
    let opening = format!("SET LOCAL lock_timeout = '{timeout}ms'");
    transaction.run(&opening).map_err(PromoteError::from)?;
    if !still(&mut transaction, build, live, goal)? {
        return Err(Stretch::Contended);
    }
    for batch in rest {
        match apply_within(&mut transaction, &call, build, program, batch)
            .map_err(PromoteError::from)?
        {
            Applied::Committed { .. } => {}
            Applied::Fenced(_) => return Err(Stretch::Contended),
            Applied::Poisoned(failure) => {
                return Err(Stretch::Failed(PromoteError::Poisoned {
                    build: build.schema.to_string(),
                    projection: build.projection.clone(),
                    failure,
                }));
            }
        }
    }
    let script = swap.script(build, live);
    let started = Instant::now();
    transaction.run(&script).map_err(PromoteError::from)?;
    transaction.commit().map_err(PromoteError::from)?;
    Ok(started.elapsed())
}

/// Locks both builds' rows and says whether they are what they were. The checkpoints are
/// read by a second statement: the snapshot of the first is older than its locks, and a
/// follower that held one meanwhile may have shown readers more than `goal`.
fn still(
    transaction: &mut Transaction<'_>,
    build: &Build,
    live: Option<&Build>,
    goal: Position,
) -> Result<bool, PromoteError> {
    const BUILDS: &str = "FROM regrow.build b WHERE b.projection = $1 AND (b.state = 'live' OR b.id = $2) \
         ORDER BY b.id";
    let params: [&(dyn Param + Sync); 2] = [&build.projection, &build.id.0];
    transaction.query(&format!("SELECT b.id {BUILDS} FOR UPDATE"), &params)?;
    let rows = transaction.query(
        &format!(
            "SELECT b.id, b.generation, (SELECT c.position FROM regrow.checkpoint c \
             WHERE c.build_id = b.id AND c.shard = 0) {BUILDS}"
        ),
        &params,
    )?;
    let expected = 1 + usize::from(live.is_some());
    Ok(rows.len() == expected
        && rows.iter().all(|row| {
            let (id, generation, position): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
            let same = |b: &Build| b.id.0 == id && b.generation == generation;
            (same(build) && position == build.position.0)
                || (live.is_some_and(same) && position <= goal.0)
        }))
}

/// Drops a build nobody reads, its schema included.
///
/// # Errors
/// Something outside depends on its tables, or the server refuses.
pub fn drop_build(site: &Site, session: &mut Session, build: &Build) -> Result<(), PromoteError> {
    let publish = site.publish_schema(build.publish_schema.as_deref());
    let dependents = catalog::dependents(session, &build.schema, &[publish.as_str()])?;
    if !dependents.is_empty() {
        return Err(PromoteError::Dependents { view: build.schema.to_string(), dependents });
    }
    let mut transaction = session.begin()?;
    transaction.run(&format!("SET LOCAL lock_timeout = '{DROP_LOCK_TIMEOUT}'"))?;
    ledger::set_state(&mut transaction, build.id, State::Dropped)?;
    transaction.run(&format!("DROP SCHEMA IF EXISTS {} CASCADE", build.schema.quoted()))?;
    transaction.commit()?;
    Ok(())
}

/// Drops retired builds, and builds that failed or were stopped when `unfinished` says so.
/// Gives the names of what is gone.
///
/// # Errors
/// Something outside depends on a build's tables, or the server refuses.
pub fn prune(
    site: &Site,
    projections: &[String],
    unfinished: bool,
) -> Result<Vec<String>, PromoteError> {
    let mut session = site.open_ledger("prune")?;
    let mut gone = Vec::new();
    for build in ledger::builds(&mut session, None)? {
        let named = projections.is_empty() || projections.contains(&build.projection);
        let idle = matches!(build.state, State::Failed | State::Paused | State::Created)
            || build.until.is_some() && build.state == State::Ready;
        if named && (build.state == State::Retired || (unfinished && idle)) {
            drop_build(site, &mut session, &build)?;
            gone.push(build.schema.to_string());
        }
    }
    Ok(gone)
}
