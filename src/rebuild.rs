//! Rebuild: a projection replayed from the whole log into fresh tables.
//!
//! The story, for any number of projections over one pass of the log:
//! **create** the builds, **replay** to a mark of the barrier, **finish** indexes and
//! statistics, **catch up** until the rest is small, **check** the assertions, and
//! with `--promote` let readers see the result. Each stage is a state in the ledger, so
//! [`resume`] goes on where a killed rebuild stood. The live build is not touched.

pub mod assertions;
pub mod create;
pub mod feed;
pub mod finish;
pub mod sql_engine;

use std::time::{Duration, Instant};

use crate::event::Position;
use crate::failure::Failure;
use crate::ledger::{self, Build, LedgerError, State};
use crate::log::LogError;
use crate::migrate::MigrateError;
use crate::pg::{PgError, Session, Sql, lock};
use crate::progress::{Progress, Stage};
use crate::project::ProjectError;
use crate::promote::{self, PromoteError};
use crate::site::{Site, SiteError};
use assertions::Broken;
use feed::{Ended, Line, Pass, Source};
use sql_engine::{Program, ProgramError};

/// How long the projection's lock is waited for. The backend of a killed rebuild notices
/// within `client_connection_check_interval` (pg/session.sql: 1 s) that nobody is there,
/// so a `resume` right behind the kill finds the lock free.
const CLAIM_WAIT: Duration = Duration::from_secs(2);
/// How often catch-up chases the log before what is left is called small enough.
const CHASES: usize = 20;

/// What a rebuild is asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Switch readers when the build is ready.
    pub promote: bool,
    /// End the build there.
    pub until: Option<Until>,
}

/// A point of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Until {
    /// A position.
    Position(Position),
    /// The last event recorded at or before a timestamp.
    Timestamp(String),
}

/// Why a rebuild, or one of its builds, did not get there.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
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
    /// The project's files cannot be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The definition cannot be run.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A revision of the projection's lineage failed.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// The switch failed; the build is ready and stays so.
    #[error(transparent)]
    Promote(#[from] Box<PromoteError>),
    /// An assertion could not be run.
    #[error("{place}: the check {name:?} cannot be run: {source}")]
    Assertion {
        /// Its name.
        name: String,
        /// Where.
        place: String,
        /// What the server said.
        source: PgError,
    },
    /// Assertions do not hold.
    #[error("{build} does not pass its checks: {}", broken_list(.broken))]
    Broken {
        /// The build.
        build: String,
        /// The assertions.
        broken: Vec<Broken>,
    },
    /// An event cannot be applied.
    #[error("{build} stopped: {failure}")]
    Poisoned {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// The event and what is wrong.
        failure: Box<Failure>,
    },
    /// Another run works on the projection.
    #[error("another run is rebuilding {projection}{}", .holder.as_ref().map_or_else(String::new, |h| format!(" ({h})")))]
    Busy {
        /// The projection.
        projection: String,
        /// Who.
        holder: Option<String>,
    },
    /// A build of the same definition waits to be gone on with.
    #[error("{build} has the same definition and is {state}")]
    Unfinished {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// Its state.
        state: State,
    },
    /// Nothing to go on with.
    #[error("{projection} has no unfinished build")]
    NothingToResume {
        /// The projection.
        projection: String,
    },
    /// Somebody else moved the build.
    #[error("{build} was moved by somebody else: {reason}")]
    Fenced {
        /// The build.
        build: String,
        /// How.
        reason: String,
    },
    /// Somebody asked to stop.
    #[error("{build} was stopped at position {position}")]
    Interrupted {
        /// The build.
        build: String,
        /// The projection.
        projection: String,
        /// Its checkpoint.
        position: Position,
    },
    /// A build for a point in the past cannot be shown to readers.
    #[error("--until and --promote exclude each other: readers would go back in time")]
    UntilAndPromote,
    /// One projection was named twice.
    #[error("{projection} is named twice")]
    Twice {
        /// The projection.
        projection: String,
    },
}

fn broken_list(broken: &[Broken]) -> String {
    let one = |b: &Broken| format!("{} ({}, {} rows)", b.name, b.place, b.rows);
    broken.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What became of one build.
#[derive(Debug)]
pub struct Outcome {
    /// The build as the ledger has it now.
    pub build: Build,
    /// How long it took.
    pub took: Duration,
    /// Events read by this run.
    pub events: i64,
    /// What it reached.
    pub result: Result<Reached, RebuildError>,
}

/// How far a build got.
#[derive(Debug, Clone)]
pub enum Reached {
    /// It can be promoted.
    Ready,
    /// It ends where `--until` said.
    Ended,
    /// Readers see it.
    Live(promote::Promoted),
}

/// Builds projections anew from the whole log.
///
/// # Errors
/// Nothing could be begun. What went wrong with one build is in its [`Outcome`].
pub fn rebuild(
    site: &Site,
    names: &[String],
    options: &Options,
) -> Result<Vec<Outcome>, RebuildError> {
    if options.promote && options.until.is_some() {
        return Err(RebuildError::UntilAndPromote);
    }
    if let Some(twice) = names.iter().enumerate().find(|(i, n)| names[..*i].contains(n)) {
        return Err(RebuildError::Twice { projection: twice.1.clone() });
    }
    let definitions: Vec<_> =
        names.iter().map(|name| site.project.definition(name)).collect::<Result<_, _>>()?;
    let (session, log) = site.open_log("rebuild")?;
    let mut source = Source { session, log };
    let until = until_position(&mut source, options.until.as_ref())?;
    ledger::ensure(&mut site.open_read_models("rebuild")?)?;
    let mut lines = Vec::new();
    for definition in &definitions {
        let mut session = claim(site, &definition.projection)?;
        clear_the_way(site, &mut session, &definition.projection, &definition.hash())?;
        let build = create::create(site, &mut session, definition, until)?;
        site.note(&Progress::Stage { build: build.schema.to_string(), stage: Stage::Create });
        lines.push(open_line(session, build)?);
    }
    carry(site, &mut source, lines, options.promote)
}

/// Goes on with the unfinished builds of projections; of all projections where none is named.
///
/// # Errors
/// Nothing could be begun. What went wrong with one build is in its [`Outcome`].
pub fn resume(site: &Site, names: &[String], promote: bool) -> Result<Vec<Outcome>, RebuildError> {
    let mut ledger_session = site.open_ledger("resume")?;
    let builds = ledger::builds(&mut ledger_session, None)?;
    let waits =
        |b: &&Build| (b.state.is_candidate() && b.state != State::Ready) || (b.failure.is_some());
    let mut chosen: Vec<Build> = Vec::new();
    for build in builds.iter().filter(waits) {
        if names.is_empty() || names.contains(&build.projection) {
            chosen.retain(|b| b.projection != build.projection);
            chosen.push(build.clone());
        }
    }
    for name in names {
        if !chosen.iter().any(|b| b.projection == *name) {
            return Err(RebuildError::NothingToResume { projection: name.clone() });
        }
    }
    let (session, log) = site.open_log("resume")?;
    let mut source = Source { session, log };
    let mut lines = Vec::new();
    for build in chosen {
        let mut session = claim(site, &build.projection)?;
        ledger::resume(&mut session, build.id)?;
        let build = reload(&mut session, &build)?;
        lines.push(open_line(session, build)?);
    }
    carry(site, &mut source, lines, promote)
}

fn until_position(
    source: &mut Source,
    until: Option<&Until>,
) -> Result<Option<Position>, LogError> {
    match until {
        None => Ok(None),
        Some(Until::Position(position)) => Ok(Some(*position)),
        Some(Until::Timestamp(moment)) => {
            source.log.position_at(&mut source.session, moment).map(Some)
        }
    }
}

/// A session that holds the projection's lock; it goes when the session does.
fn claim(site: &Site, projection: &str) -> Result<Session, RebuildError> {
    let mut session = site.open_read_models(&format!("rebuild {projection}"))?;
    let name = format!("rebuild {projection}");
    if !lock::acquire(&mut session, &name, CLAIM_WAIT)? {
        let holder = lock::holder(&mut session, &name)?;
        return Err(RebuildError::Busy { projection: projection.to_owned(), holder });
    }
    // Rows and checkpoint commit together, so a crash of the server loses both or none.
    session.run("SET synchronous_commit = off")?;
    Ok(session)
}

/// An unfinished build of the same definition is gone on with, not repeated; one of
/// another definition is of no use any more.
fn clear_the_way(
    site: &Site,
    session: &mut Session,
    projection: &str,
    hash: &str,
) -> Result<(), RebuildError> {
    for build in ledger::builds(session, Some(projection))? {
        if !build.state.is_candidate() {
            continue;
        }
        let same = build.definition_hash == hash && build.until.is_none();
        if same && build.state != State::Failed {
            return Err(RebuildError::Unfinished {
                build: build.schema.to_string(),
                projection: projection.to_owned(),
                state: build.state,
            });
        }
        promote::drop_build(site, session, &build).map_err(Box::new)?;
        site.note(&Progress::Note(format!(
            "{} was {} and has been dropped",
            build.schema, build.state
        )));
    }
    Ok(())
}

fn reload(session: &mut Session, build: &Build) -> Result<Build, RebuildError> {
    let found = ledger::build(session, build.id)?;
    found.ok_or_else(|| RebuildError::Fenced {
        build: build.schema.to_string(),
        reason: "it is gone from the ledger".into(),
    })
}

/// Makes a build of the ledger ready to take part in a pass.
///
/// # Errors
/// Its definition cannot be run.
pub fn open_line(mut session: Session, build: Build) -> Result<Line, RebuildError> {
    let definition = ledger::definition(&mut session, &build)?;
    let program = Program::install(&mut session, &build.schema, &definition)?;
    Ok(Line { build, program, session, ended: Ended::Reached })
}

/// A build on its way through the stages.
struct Traveller {
    line: Line,
    started: Instant,
    events_before: i64,
    error: Option<RebuildError>,
    reached: Option<Reached>,
}

/// Takes builds through every stage that is left for them.
fn carry(
    site: &Site,
    source: &mut Source,
    lines: Vec<Line>,
    promote: bool,
) -> Result<Vec<Outcome>, RebuildError> {
    let mut travellers: Vec<Traveller> = lines
        .into_iter()
        .map(|line| Traveller {
            started: Instant::now(),
            events_before: line.build.events_read,
            line,
            error: None,
            reached: None,
        })
        .collect();
    replay(site, source, &mut travellers)?;
    each(&mut travellers, |t| finish(site, t));
    catch_up(site, source, &mut travellers)?;
    each(&mut travellers, |t| check(site, t));
    if promote {
        each(&mut travellers, |t| switch(site, t));
    }
    travellers.into_iter().map(outcome).collect()
}

fn outcome(traveller: Traveller) -> Result<Outcome, RebuildError> {
    let Traveller { mut line, started, events_before, error, reached } = traveller;
    let build = reload(&mut line.session, &line.build).unwrap_or(line.build);
    let events = build.events_read - events_before;
    let result = error.map_or_else(|| Ok(reached.unwrap_or(Reached::Ready)), Err);
    Ok(Outcome { build, took: started.elapsed(), events, result })
}

/// Runs one stage for every build that is still on its way.
fn each(
    travellers: &mut [Traveller],
    mut stage: impl FnMut(&mut Traveller) -> Result<(), RebuildError>,
) {
    for traveller in travellers.iter_mut().filter(|t| t.error.is_none()) {
        if let Err(error) = stage(traveller) {
            traveller.error = Some(error);
        }
    }
}

impl Traveller {
    fn state(&self) -> State {
        self.line.build.state
    }

    fn name(&self) -> String {
        self.line.build.schema.to_string()
    }

    fn enter(&mut self, state: State) -> Result<(), RebuildError> {
        if self.state() != state {
            ledger::set_state(&mut self.line.session, self.line.build.id, state)?;
            self.line.build = reload(&mut self.line.session, &self.line.build)?;
        }
        Ok(())
    }
}

fn replay(
    site: &Site,
    source: &mut Source,
    travellers: &mut [Traveller],
) -> Result<(), RebuildError> {
    let waiting = |t: &Traveller| matches!(t.state(), State::Created | State::Replaying);
    if !travellers.iter().any(waiting) {
        return Ok(());
    }
    let mark = site.barrier(&mut source.session, &source.log)?;
    each(travellers, |t| {
        if waiting(t) {
            let goal = t.line.build.until.map_or(mark, |until| until.min(mark));
            ledger::set_replay_mark(&mut t.line.session, t.line.build.id, goal)?;
            t.enter(State::Replaying)?;
            site.note(&Progress::Stage { build: t.name(), stage: Stage::Replay });
        }
        Ok(())
    });
    run_pass(site, source, travellers, mark)
}

/// One pass for all that are still on their way; who ends before the mark is marked so.
fn run_pass(
    site: &Site,
    source: &mut Source,
    travellers: &mut [Traveller],
    mark: Position,
) -> Result<(), RebuildError> {
    // Builds with an end of their own are passed separately: a pass has one mark.
    let mut goals: Vec<Position> = travellers
        .iter()
        .filter(|t| t.error.is_none())
        .map(|t| t.line.build.until.map_or(mark, |u| u.min(mark)))
        .collect();
    goals.sort();
    goals.dedup();
    for goal in goals {
        let pass = Pass {
            pace: &site.project.config.rebuild,
            observer: site.observer.as_ref(),
            interrupt: &site.interrupt,
        };
        let (mut lines, mut owners) = (Vec::new(), Vec::new());
        for traveller in travellers.iter_mut().filter(|t| t.error.is_none()) {
            let own = traveller.line.build.until.map_or(mark, |u| u.min(mark));
            if own == goal {
                lines.push(&mut traveller.line);
                owners.push(&mut traveller.error);
            }
        }
        pass.run(source, &mut lines, goal)?;
        for (line, error) in lines.into_iter().zip(owners) {
            *error = ended(site, line, goal);
        }
    }
    Ok(())
}

/// What the end of a pass means for a build's rebuild.
fn ended(site: &Site, line: &mut Line, goal: Position) -> Option<RebuildError> {
    let build = line.build.schema.to_string();
    let projection = line.build.projection.clone();
    match std::mem::replace(&mut line.ended, Ended::Reached) {
        Ended::Reached if line.build.position >= goal => None,
        Ended::Reached => {
            if site.interrupt.raised()
                && let Err(error) = ledger::pause(&mut line.session, line.build.id)
            {
                return Some(error.into());
            }
            Some(RebuildError::Interrupted { build, projection, position: line.build.position })
        }
        Ended::Poisoned(failure) => {
            match ledger::fail(&mut line.session, line.build.id, &failure) {
                Ok(()) => Some(RebuildError::Poisoned { build, projection, failure }),
                Err(error) => Some(error.into()),
            }
        }
        Ended::Fenced(reason) => Some(RebuildError::Fenced { build, reason }),
        Ended::Failed(error) => Some(error.into()),
        Ended::Damaged(error) => Some(error.into()),
    }
}

fn finish(site: &Site, traveller: &mut Traveller) -> Result<(), RebuildError> {
    if traveller.state() == State::Replaying {
        site.note(&Progress::Stage { build: traveller.name(), stage: Stage::Finish });
        finish::finish(&mut traveller.line.session, &traveller.line.build)?;
        traveller.enter(State::CatchingUp)?;
    }
    Ok(())
}

fn catch_up(
    site: &Site,
    source: &mut Source,
    travellers: &mut [Traveller],
) -> Result<(), RebuildError> {
    each(travellers, |t| {
        site.note(&Progress::Stage { build: t.name(), stage: Stage::CatchUp });
        Ok(())
    });
    let small = i64::try_from(site.project.config.rebuild.batch_events).unwrap_or(i64::MAX);
    for _ in 0..CHASES {
        if travellers.iter().all(|t| t.error.is_some()) {
            return Ok(());
        }
        let mark = site.barrier(&mut source.session, &source.log)?;
        let behind = |t: &Traveller| mark.0 - t.line.build.position.0;
        let rest = travellers.iter().filter(|t| t.error.is_none()).map(behind).max();
        run_pass(site, source, travellers, mark)?;
        if rest.unwrap_or(0) <= small {
            break;
        }
    }
    Ok(())
}

fn check(site: &Site, traveller: &mut Traveller) -> Result<(), RebuildError> {
    let line = &mut traveller.line;
    site.note(&Progress::Stage { build: line.build.schema.to_string(), stage: Stage::Check });
    let definition = ledger::definition(&mut line.session, &line.build)?;
    let broken = assertions::run(&mut line.session, &line.build, &definition)?;
    if !broken.is_empty() {
        return Err(RebuildError::Broken { build: line.build.schema.to_string(), broken });
    }
    if line.build.state == State::CatchingUp {
        traveller.enter(State::Ready)?;
    }
    let ends = traveller.line.build.until.is_some();
    traveller.reached = Some(if ends { Reached::Ended } else { Reached::Ready });
    Ok(())
}

fn switch(site: &Site, traveller: &mut Traveller) -> Result<(), RebuildError> {
    if traveller.state() != State::Ready || traveller.line.build.until.is_some() {
        return Ok(());
    }
    let promoted = promote::promote(site, &traveller.line.build.projection).map_err(Box::new)?;
    traveller.reached = Some(Reached::Live(promoted));
    Ok(())
}
