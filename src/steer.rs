//! Pause, unpause, cancel: what an operator wants of a build, said in the ledger, from any machine.
//!
//! Whoever works on the build looks there every half second while it reads events, and between the stages of a rebuild. Nothing
//! is sent to a process, so it does not matter where it runs, or whether it is there at all: what nobody works on is
//! brought to rest, or dropped, from here.

use std::time::{Duration, Instant};

use crate::context::{Context, ContextError};
use crate::identity::{self, IdentityError};
use crate::ledger::{self, Build, LedgerError, State, Wish};
use crate::pg::{PgError, Session};
use crate::project::ProjectError;
use crate::promote::{self, PromoteError};
use crate::report::build::SteeredBuild;

/// How long it is waited for that whoever works on a build takes notice.
const WAIT: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Why nothing is paused, unpaused or cancelled.
#[derive(Debug, thiserror::Error)]
pub enum SteerError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger could not be opened.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// It cannot be told which builds are the project's.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Nothing goes by that name.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// The build could not be dropped.
    #[error(transparent)]
    Promote(#[from] Box<PromoteError>),
    /// No build is in a state that it could be.
    #[error("{name} has no build that could be {what}")]
    Nothing {
        /// The projection or build.
        name: String,
        /// `paused`, `unpaused` or `cancelled`.
        what: &'static str,
    },
    /// Readers see the build, or saw it.
    #[error("{build} is {state} and cannot be cancelled")]
    Shown {
        /// The build.
        build: String,
        /// Its projection.
        projection: String,
        /// Its state.
        state: State,
    },
}

/// A build that an operator wants something of.
#[derive(Debug, Clone)]
pub struct Steered {
    /// The build as it is now.
    pub build: Build,
    /// Whether it is as it is wanted. If not, whoever works on it will see to it.
    pub is_done: bool,
}

impl Steered {
    /// The build, and what is wanted of it.
    #[must_use]
    pub fn report(&self) -> SteeredBuild {
        SteeredBuild {
            projection: self.build.projection.clone(),
            build: self.build.schema.to_string(),
            state: self.build.state.name(),
            wanted: self.build.wish.name(),
            done: self.is_done,
        }
    }
}

/// Lets a build rest: the unfinished one of a projection, or else the one that readers see; or any that is named by its
/// schema. A live build stays live, and is not followed any more.
///
/// # Errors
/// There is no such build, or a server refuses.
pub fn pause(context: &Context, name: &str) -> Result<Steered, SteerError> {
    let mut session = context.change_ledger("pause")?;
    let builds = builds(context, &mut session, name)?;
    let unfinished =
        |b: &&Build| b.state.is_candidate() && b.state != State::Ready && b.as_of.is_none();
    let live = |b: &&Build| b.state == State::Live;
    let chosen = match named(&builds, name) {
        Some(build) => Some(build),
        None => builds.iter().rev().find(unfinished).or(builds.iter().find(live)),
    };
    let Some(build) = chosen else {
        return Err(SteerError::Nothing { name: name.to_owned(), what: "paused" });
    };
    ledger::set_wish(&mut session, build.id, Wish::Pause)?;
    settle(context, &mut session, build, |session, now| {
        if unfinished(&now) {
            return at_rest(session, now);
        }
        let followers = ledger::followers(session)?;
        Ok(!followers.iter().any(|follower| follower.build == now.id))
    })
}

/// Whether an unfinished build rests; one that nobody works on is brought to rest.
fn at_rest(session: &mut Session, build: &Build) -> Result<bool, SteerError> {
    if matches!(build.state, State::Paused | State::Failed) {
        return Ok(true);
    }
    if !claim(session, build)? {
        return Ok(false);
    }
    let paused = ledger::pause(session, build.id);
    ledger::disclaim(session, &build.projection)?;
    Ok(paused.map(|()| true)?)
}

/// Lets builds be worked on again: every paused one of a projection, or the one that is named by its schema.
///
/// # Errors
/// There is none, or a server refuses.
pub fn unpause(context: &Context, name: &str) -> Result<Vec<Steered>, SteerError> {
    let mut session = context.change_ledger("unpause")?;
    let builds = builds(context, &mut session, name)?;
    let mut chosen: Vec<&Build> = match named(&builds, name) {
        Some(build) => vec![build],
        None => builds.iter().collect(),
    };
    chosen.retain(|b| b.wish == Wish::Pause);
    if chosen.is_empty() {
        return Err(SteerError::Nothing { name: name.to_owned(), what: "unpaused" });
    }
    let mut done = Vec::new();
    for build in chosen {
        ledger::set_wish(&mut session, build.id, Wish::Run)?;
        let build = ledger::build(&mut session, build.id)?.unwrap_or_else(|| build.clone());
        done.push(Steered { build, is_done: true });
    }
    Ok(done)
}

/// Drops a build that readers never saw: the newest of a projection, or the one that is named by its schema.
/// Whoever works on it drops it and ends; if nobody does, it is dropped here.
///
/// # Errors
/// There is none, readers see it, something of others would go with it, or a server refuses.
pub fn cancel(context: &Context, name: &str) -> Result<Steered, SteerError> {
    let mut session = context.change_ledger("cancel")?;
    let builds = builds(context, &mut session, name)?;
    let chosen = match named(&builds, name) {
        Some(build) => Some(build),
        None => builds.iter().rev().find(|b| b.state.is_candidate() && b.as_of.is_none()),
    };
    let Some(build) = chosen else {
        return Err(SteerError::Nothing { name: name.to_owned(), what: "cancelled" });
    };
    if let Some(as_of) = build.as_of.as_ref().filter(|_| build.state == State::Ready) {
        let (build, publish) = (build.schema.to_string(), as_of.publish.clone());
        return Err(Box::new(PromoteError::ShownAsOf { build, publish }).into());
    }
    if !build.state.is_candidate() {
        return Err(shown(build));
    }
    ledger::set_wish(&mut session, build.id, Wish::Cancel)?;
    settle(context, &mut session, build, |session, now| {
        if now.state == State::Dropped {
            return Ok(true);
        }
        if !claim(session, now)? {
            return Ok(false);
        }
        // Nobody works on it, and nobody can begin to.
        let dropped = drop_it(context, session, now);
        ledger::disclaim(session, &now.projection)?;
        dropped.map(|()| true)
    })
}

fn drop_it(context: &Context, session: &mut Session, build: &Build) -> Result<(), SteerError> {
    let Some(now) = ledger::build(session, build.id)? else { return Ok(()) };
    match now.state {
        State::Dropped => Ok(()),
        // A promote was faster.
        State::Live | State::Retired => {
            ledger::set_wish(session, now.id, Wish::Run)?;
            Err(shown(&now))
        }
        _ => Ok(promote::drop_build(context, session, &now).map_err(Box::new)?),
    }
}

fn shown(build: &Build) -> SteerError {
    SteerError::Shown {
        build: build.schema.to_string(),
        projection: build.projection.clone(),
        state: build.state,
    }
}

/// Waits until a build is as it is wanted, for a while.
fn settle(
    context: &Context,
    session: &mut Session,
    build: &Build,
    mut is_done: impl FnMut(&mut Session, &Build) -> Result<bool, SteerError>,
) -> Result<Steered, SteerError> {
    let began = Instant::now();
    loop {
        let now = ledger::build(session, build.id)?.unwrap_or_else(|| build.clone());
        if is_done(session, &now)? {
            let build = ledger::build(session, build.id)?.unwrap_or(now);
            return Ok(Steered { build, is_done: true });
        }
        if began.elapsed() > WAIT || context.interrupt.raised() {
            return Ok(Steered { build: now, is_done: false });
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// Claims a build's projection if nobody has it.
fn claim(session: &mut Session, build: &Build) -> Result<bool, SteerError> {
    match ledger::claim(session, &build.projection, Duration::ZERO) {
        Ok(()) => Ok(true),
        Err(LedgerError::Busy { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The builds that a name stands for: those of a projection, or the one whose schema it is.
fn builds(context: &Context, session: &mut Session, name: &str) -> Result<Vec<Build>, SteerError> {
    let all = ledger::builds(session, None)?;
    let mut builds = identity::own_builds(context, session, all)?;
    builds.retain(|b| {
        b.state != State::Dropped
            && !b.is_proof
            && (b.projection == name || b.schema.as_str() == name)
    });
    if builds.is_empty() {
        context.project.known(name)?;
    }
    Ok(builds)
}

/// The build whose schema a name is, unless a projection goes by it.
fn named<'b>(builds: &'b [Build], name: &str) -> Option<&'b Build> {
    let is_projection = builds.iter().any(|b| b.projection == name);
    builds.iter().find(|b| b.schema.as_str() == name && !is_projection)
}
