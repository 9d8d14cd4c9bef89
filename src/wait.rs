//! Waiting until readers see what was appended.
//!
//! A build's checkpoint moves in the transaction of its rows, and everything at or below it is in them. So readers see
//! an event as soon as the checkpoint of the live build is at or above its position, and not before.

use std::time::{Duration, Instant};

use crate::context::{Context, ContextError};
use crate::event::Position;
use crate::failure::Failure;
use crate::identity::{IdentityError, Survey};
use crate::ledger::{self, Build, LedgerError, State, Wish};
use crate::log::{Log, LogError};
use crate::pg::pause::Pause;
use crate::pg::{PgError, Session};
use crate::project::ProjectError;
use crate::promote::{self, PromoteError};
use crate::report::build::WaitReport;

/// The pauses between two looks.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// An event's position.
    Position(Position),
    /// Everything that can be seen in the log at this moment.
    Now,
}

/// Readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The schema of the build that they see.
    pub build: String,
    /// The position that was waited for.
    pub goal: Position,
    /// Where the build was then.
    pub position: Position,
    /// How long it took.
    pub took: Duration,
}

impl Reached {
    /// What readers of a projection see, and since when.
    #[must_use]
    pub fn report(&self, projection: &str) -> WaitReport {
        WaitReport {
            projection: projection.to_owned(),
            build: self.build.clone(),
            goal: self.goal.0,
            position: self.position.0,
            seconds: self.took.as_secs_f64(),
        }
    }
}

/// Why readers do not see it.
#[derive(Debug, thiserror::Error)]
pub enum WaitError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger or the log could not be opened.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The build was made from another log, or from one that has changed.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Readers see another view than that of the build, or none.
    #[error(transparent)]
    View(#[from] Box<PromoteError>),
    /// Nothing goes by that name.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// Readers see nothing of the projection.
    #[error("{projection} has no live build")]
    NotLive {
        /// The projection.
        projection: String,
    },
    /// The ledger was made by an older regrow.
    #[error("{0}")]
    Unknown(String),
    /// It will not come there by waiting.
    #[error("{build} stands at position {at}, before {goal}: an event stopped it: {failure}")]
    Stopped {
        /// The build.
        build: String,
        /// Where it stands.
        at: Position,
        /// What was waited for.
        goal: Position,
        /// The event.
        failure: Box<Failure>,
    },
    /// Events came below the checkpoint, and readers do not see them.
    #[error(
        "{build} is at position {at} and lacks at least {late} of the events between {from} and {until}: they were committed late"
    )]
    Lacks {
        /// The build.
        build: String,
        /// Its projection.
        projection: String,
        /// Where it stands.
        at: Position,
        /// How many, at the least.
        late: i64,
        /// The first position where one may be.
        from: Position,
        /// The last one.
        until: Position,
    },
    /// The time is over.
    #[error("{build} is at position {at} and did not come to {goal} within {within:?}{why}")]
    Late {
        /// The build.
        build: String,
        /// Where it was last.
        at: Position,
        /// What was waited for.
        goal: Position,
        /// How long it was waited.
        within: Duration,
        /// What explains it, if something does: ` (nobody follows it)`.
        why: &'static str,
    },
    /// Somebody stopped the wait.
    #[error("interrupted")]
    Interrupted,
}

/// Waits until readers of a projection see everything up to a position.
///
/// # Errors
/// The time is over, no build is live, the live one is stopped or of another log, or a server refuses.
pub fn wait(
    context: &Context,
    projection: &str,
    goal: Goal,
    within: Duration,
) -> Result<Reached, WaitError> {
    let started = Instant::now();
    let mut session = context.open_ledger("wait")?;
    let first = live(context, &mut session, projection)?;
    let (mut events, log) = context.open_log("wait")?;
    let goal = match goal {
        Goal::Position(position) => position,
        Goal::Now => log.last(&mut events)?.unwrap_or(Position(0)),
    };
    let mut build = admitted(context, &mut session, (&mut events, &log), first)?;
    let mut pause = Pause::new(FIRST_PAUSE, LONGEST_PAUSE);
    loop {
        if build.position >= goal {
            lacks_nothing(&mut session, &build, goal)?;
            if let Some(unseen) =
                promote::unseen(&mut session, &build).map_err(Box::new)?.into_iter().next()
            {
                return Err(Box::new(unseen).into());
            }
            let (position, took) = (build.position, started.elapsed());
            return Ok(Reached { build: build.schema.to_string(), goal, position, took });
        }
        if let Some(failure) = build.failure {
            let (build, at) = (build.schema.to_string(), build.position);
            return Err(WaitError::Stopped { build, at, goal, failure: Box::new(failure) });
        }
        if started.elapsed() >= within {
            let why = why(&mut session, &build)?;
            let (build, at) = (build.schema.to_string(), build.position);
            return Err(WaitError::Late { build, at, goal, within, why });
        }
        if context.interrupt.raised() {
            return Err(WaitError::Interrupted);
        }
        pause.sleep_unless(|| context.interrupt.raised() || started.elapsed() >= within);
        let now = live(context, &mut session, projection)?;
        // Readers were switched to another build meanwhile.
        build = match now.id == build.id {
            true => now,
            false => admitted(context, &mut session, (&mut events, &log), now)?,
        };
    }
}

/// Refuses a build that is known to lack events at or below a position: no waiting brings them.
fn lacks_nothing(session: &mut Session, build: &Build, goal: Position) -> Result<(), WaitError> {
    match ledger::missing(session, build)? {
        Some(found) if found.late > 0 && found.from <= goal => Err(WaitError::Lacks {
            build: build.schema.to_string(),
            projection: build.projection.clone(),
            at: build.position,
            late: found.late,
            from: found.from,
            until: found.until,
        }),
        _ => Ok(()),
    }
}

/// The build that readers see.
fn live(context: &Context, session: &mut Session, projection: &str) -> Result<Build, WaitError> {
    let builds = ledger::builds(session, Some(projection))?;
    match builds.into_iter().find(|build| build.state == State::Live) {
        Some(build) => Ok(build),
        None => {
            context.project.known(projection)?;
            Err(WaitError::NotLive { projection: projection.to_owned() })
        }
    }
}

/// A build, if its positions are those of this log.
fn admitted(
    context: &Context,
    session: &mut Session,
    (events, log): (&mut Session, &Log),
    build: Build,
) -> Result<Build, WaitError> {
    let surveyed = Survey::of(context, session, (&mut *events, log), std::slice::from_ref(&build))?;
    let survey = surveyed.map_err(WaitError::Unknown)?;
    match survey.judge(session, (events, log), &build)?.fault {
        Some(fault) => Err(IdentityError::from(fault).into()),
        None => Ok(build),
    }
}

/// What explains that a build does not move.
fn why(session: &mut Session, build: &Build) -> Result<&'static str, WaitError> {
    if build.wish == Wish::Pause {
        return Ok(" (it is paused)");
    }
    let followers = ledger::followers(session)?;
    Ok(match followers.iter().any(|follower| follower.build == build.id) {
        true => "",
        false => " (nobody follows it)",
    })
}
