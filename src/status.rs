//! Status: every build, how far it is, what became of the last run that worked on it, and the one
//! command to go on.
//!
//! What is told as JSON is made in `report`, what people read of a build in `sentences`: the command, the service's
//! page and /status.json have one shape.

mod assertions;
mod report;
mod sentences;
mod standing;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::context::{Context, ContextError};
use crate::definition::OnError;
use crate::event::Position;
use crate::failure::{self, Failure};
use crate::identity::{IdentityError, Judgement, Survey};
use crate::ledger::{self, Build, Follower, LedgerError, State, Switch, Wish};
use crate::log::lag::Lag;
use crate::log::{Log, LogError};
use crate::pg::{PgError, Session};
use crate::promote::{self, PromoteError};
use crate::rebuild::{RebuildError, change};
pub use assertions::{Assertions, Known};
pub use sentences::{pace, sentences, state};
pub use standing::{Next, Standing, UnseenView};

/// So many kinds of skipped events are told of a build.
const KINDS: i64 = 5;
/// Of more skipped events than this the kinds are not looked up each time.
const KINDS_OF: i64 = 100_000;

/// Everything `status` knows.
#[derive(Debug, Clone)]
pub struct Status {
    /// The highest position given out.
    pub highest: Position,
    /// Builds that are not dropped, by projection and number.
    pub builds: Vec<Standing>,
    /// Projections of the project that have no live build, and what makes one.
    pub never_live: Vec<(String, Option<Next>)>,
    /// What else there is to say of the ledger: builds of other logs, or that it is an older one.
    pub notes: Vec<String>,
    /// When this was so by the ledger's clock, in RFC 3339.
    pub at: String,
    /// The last switch of readers of each projection.
    pub switches: Vec<Switch>,
}

/// Why there is no status.
#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger could not be opened.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// It cannot be told whether the log is the one that builds were made from.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

/// Looks at the ledger and the log; with `show_payload` also into the events that stopped builds.
///
/// # Errors
/// A server refuses, or there is no ledger.
pub fn status(context: &Context, show_payload: bool) -> Result<Status, StatusError> {
    Looker::open(context, "status")?.look(context, show_payload)
}

/// Who looks again and again, with the same sessions.
pub struct Looker {
    ledger: Session,
    events: Session,
    log: Log,
}

impl Looker {
    /// Opens the ledger and the log; `purpose` shows in `pg_stat_activity`.
    ///
    /// # Errors
    /// A server refuses, or there is no ledger.
    pub fn open(context: &Context, purpose: &str) -> Result<Looker, StatusError> {
        let ledger = context.open_ledger(purpose)?;
        let (events, log) = context.open_log(purpose)?;
        Ok(Looker { ledger, events, log })
    }

    /// The session with the ledger.
    pub fn ledger(&mut self) -> &mut Session {
        &mut self.ledger
    }

    /// Looks at the ledger and the log; with `show_payload` also into the events that stopped builds.
    ///
    /// # Errors
    /// A server refuses.
    pub fn look(&mut self, context: &Context, show_payload: bool) -> Result<Status, StatusError> {
        let Looker { ledger, events, log } = self;
        look(context, ledger, (events, log), show_payload)
    }
}

fn look(
    context: &Context,
    session: &mut Session,
    (events, log): (&mut Session, &Log),
    show_payload: bool,
) -> Result<Status, StatusError> {
    let mut builds = ledger::builds(session, None)?;
    let survey = Survey::of(context, session, (events, log), &builds)?;
    builds.retain(|b| survey.as_ref().map_or(true, |survey| survey.owns(b)));
    let highest = log.highest(events)?;
    let workers = workers(session, &builds)?;
    // An older ledger does not know.
    let (followers, told, looks) = match survey {
        Ok(_) => {
            let looks = Some(ledger::assertions(session)?);
            (ledger::followers(session)?, ledger::progress(session)?, looks)
        }
        Err(_) => (Vec::new(), Vec::new(), None),
    };
    let let_go = ledger::let_go(session, &builds, context.project.config.rebuild.keep_retired)?;
    let current = |b: &Build| context.project.draft(&b.projection).ok().map(|d| d.hash());
    let mut standings = Vec::new();
    for build in builds.iter().filter(|b| b.state != State::Dropped) {
        let failed_at = build.failure.as_ref().map(|f| Position(f.position));
        let payload = match failed_at.filter(|_| show_payload) {
            // An event that cannot be read is what stopped the build.
            Some(position) => match log.payload(events, position) {
                Err(LogError::Event(_)) => None,
                payload => payload?,
            },
            None => None,
        };
        let mut judged = Judgement::default();
        let mut missing = None;
        if let Ok(survey) = &survey {
            judged = survey.judge(session, (events, log), build)?;
            missing = ledger::missing(session, build)?;
        }
        let lag = match judged.fault {
            None => Some(log.lag(events, build.position, highest)?),
            Some(_) => None,
        };
        let own = |follower: &&Follower| follower.build == build.id;
        let settings = context.project.projections.get(&build.projection).map(|p| &p.settings);
        let mut standing = Standing {
            lag,
            lag_time: match lag {
                Some(Lag { events: 0, is_more: false }) => Some(Duration::ZERO),
                Some(_) => log.lag_time(events, build.position)?,
                None => None,
            },
            max_lag: settings.and_then(|settings| settings.max_lag).or(context
                .project
                .config
                .service
                .max_lag),
            fault: judged.fault,
            missing,
            rewritten: judged.rewritten,
            deleted: judged.deleted,
            begins_later: judged.begins_later,
            redefined: judged.redefined,
            unseen: unseen_of(session, build)?,
            outdated: current(build).is_some_and(|hash| hash != build.definition_hash),
            worker: workers.get(&build.projection).cloned(),
            progress: told
                .iter()
                .find(|told| told.build == build.id && workers.contains_key(&build.projection))
                .cloned(),
            followers: followers.iter().filter(own).cloned().collect(),
            assertions: looks
                .as_ref()
                .filter(|_| build.state == State::Live)
                .map(|looks| Assertions::of(&context.project, build, looks)),
            skipped: match build.skipped {
                ..=KINDS_OF => ledger::skipped_kinds(session, build, KINDS)?,
                _ => Vec::new(),
            },
            on_error: settings
                .map(|settings| settings.on_error)
                .filter(|now| *now != build.on_error && build.failure.is_none()),
            next: None,
            is_let_go: let_go.contains(&build.id),
            payload: payload.as_deref().map(failure::shown),
            build: build.clone(),
        };
        let is_followed = !standing.followers.is_empty();
        let is_newest = !builds.iter().any(|b| supersedes(b, build));
        let is_edited = build.last_error.as_ref().is_some_and(|trouble| trouble.fix.is_some())
            && is_edited(context, session, build)?;
        standing.next = next(&standing, (is_newest, is_edited), is_followed);
        // One that an event stopped: what the files say by now decides whether another try can help.
        let is_stopped = standing.next == Some(Next::Resume);
        if let Some(failure) = build.failure.as_ref().filter(|_| is_stopped) {
            let of = (build, failure, is_newest);
            standing.next = stopped(context, session, (log, events), of)?;
        }
        standings.push(standing);
    }
    let builds = standings;
    let never_live = context.project.projections.keys().filter_map(|name| {
        let own = || builds.iter().filter(|s| s.build.projection == *name);
        // What to do about one that is unfinished is said with it.
        let begun = own().any(|s| s.build.until.is_none() && s.build.state.is_candidate());
        let is_live = own().any(|s| s.build.state == State::Live);
        (!is_live).then(|| (name.clone(), (!begun).then_some(Next::Rebuild)))
    });
    let never_live = never_live.collect();
    let mut notes = survey.map_or_else(|older| vec![older], |survey| survey.notes);
    notes.extend(builds.iter().flat_map(|standing| standing.unseen.iter().map(told_of_view)));
    let all: Vec<&Build> = builds.iter().map(|standing| &standing.build).collect();
    notes.extend(acting_on(session, &all)?);
    let mut homeless: Vec<&str> = builds.iter().map(|s| s.build.projection.as_str()).collect();
    homeless.retain(|name| !context.project.projections.contains_key(*name));
    homeless.dedup();
    notes.extend(homeless.into_iter().map(without_folder));
    Ok(Status {
        highest,
        never_live,
        builds,
        notes,
        at: ledger::now(session)?,
        switches: ledger::switches(session, 1)?,
    })
}

/// What is said of triggers, rules and defaults that somebody has put on tables of builds.
fn acting_on(session: &mut Session, builds: &[&Build]) -> Result<Vec<String>, StatusError> {
    match promote::acting(session, builds) {
        Err(PromoteError::Ledger(error)) => Err(error.into()),
        Err(PromoteError::Pg(error)) => Err(error.into()),
        found => Ok(found.unwrap_or_default()),
    }
}

/// What is said of a view that readers should see and do not.
fn told_of_view(unseen: &UnseenView) -> String {
    match &unseen.way {
        Some(way) => format!("{}\n  {}", unseen.message, way.replace('\n', "\n  ")),
        None => unseen.message.clone(),
    }
}

/// The views of a live build that readers do not see.
fn unseen_of(session: &mut Session, build: &Build) -> Result<Vec<UnseenView>, StatusError> {
    if build.state != State::Live {
        return Ok(Vec::new());
    }
    let found = match promote::unseen(session, build) {
        Err(PromoteError::Ledger(error)) => return Err(error.into()),
        Err(PromoteError::Pg(error)) => return Err(error.into()),
        found => found.unwrap_or_default(),
    };
    let again = format!("regrow rebuild {} --promote", build.projection);
    let of = |error: PromoteError| UnseenView {
        message: error.to_string(),
        way: error.way(),
        next: match error {
            PromoteError::Changed { view, .. } => Next::Fix(format!(
                "rename or drop {view}, which is not what regrow made, then: {again}"
            )),
            _ => Next::Rebuild,
        },
    };
    Ok(found.into_iter().map(of).collect())
}

/// What is said of a projection that has builds and no folder.
#[must_use]
pub fn without_folder(projection: &str) -> String {
    format!(
        "{projection} has builds, and no folder in projections: bring it back, or tell its new name: \
         regrow rename {projection} NEW, or end it: regrow retire {projection}"
    )
}

/// Whether a build makes an older one of its projection not worth a promote.
fn supersedes(other: &Build, build: &Build) -> bool {
    other.projection == build.projection
        && other.number > build.number
        && other.state != State::Dropped
        && other.until.is_none()
}

/// The step that goes on with a build.
fn next(
    standing: &Standing,
    (is_newest, is_edited): (bool, bool),
    is_followed: bool,
) -> Option<Next> {
    let Standing { build, .. } = standing;
    if standing.worker.is_some() {
        return None;
    }
    if build.is_proof {
        return Some(Next::Fix(format!("regrow prune {}", build.schema)));
    }
    if build.wish == Wish::Pause && build.state != State::Dropped && !standing.is_let_go {
        return Some(Next::Unpause);
    }
    let is_wrong = standing.fault.is_some() || standing.missing.is_some_and(|m| m.late > 0);
    if is_wrong && build.state != State::Retired {
        return is_newest.then_some(Next::Rebuild);
    }
    if build.failure.is_some() {
        return Some(Next::Resume);
    }
    if let (Some(unseen), true) = (standing.unseen.first(), is_newest) {
        return Some(unseen.next.clone());
    }
    if let (Some(fix), true) =
        (build.last_error.as_ref().and_then(|t| t.fix.clone()), build.state.is_candidate())
    {
        let changed = is_edited && is_newest && build.until.is_none();
        return Some(if changed { Next::Rebuild } else { Next::Fix(fix) });
    }
    match build.state {
        State::Created | State::Replaying | State::CatchingUp | State::Paused | State::Failed => {
            Some(Next::Resume)
        }
        State::Ready if build.until.is_none() && is_newest => Some(match build.skipped {
            0 => Next::Promote,
            _ => Next::Accept,
        }),
        State::Live if standing.outdated && is_newest => {
            // What a rebuild was refused for before it began.
            let fix = build.last_error.as_ref().and_then(|t| t.fix.clone());
            Some(fix.map_or(Next::Rebuild, Next::Fix))
        }
        State::Live if standing.lag.is_some_and(|lag| lag.events > 0) && !is_followed => {
            Some(Next::Run)
        }
        State::Live if is_newest && standing.shows_what_is_gone() => Some(Next::Rebuild),
        State::Ready | State::Live | State::Retired | State::Dropped => None,
    }
}

/// Whether the files say something else than a build was made from, checks and settings included.
fn is_edited(context: &Context, session: &mut Session, build: &Build) -> Result<bool, StatusError> {
    let Ok(now) = context.project.draft(&build.projection) else { return Ok(false) };
    let was = ledger::definition(session, build)?;
    Ok(now.hash() != was.hash() || !was.same_settings(&now))
}

/// The step after an event stopped a build. Nothing is called for a second time that has failed once:
/// where nothing has changed, the event, a file or the policy must.
fn stopped(
    context: &Context,
    session: &mut Session,
    (log, events): (&Log, &mut Session),
    (build, failure, is_newest): (&Build, &Failure, bool),
) -> Result<Option<Next>, StatusError> {
    let name = &build.projection;
    let was = ledger::definition(session, build)?;
    let fix = || {
        let place = failure.place.clone();
        let place = place.unwrap_or_else(|| format!("the files of the projection {name}"));
        let park = match was.on_error {
            OnError::Park | OnError::Skip => String::new(),
            OnError::Stop => format!(
                "; or park such events: on_error = \"park\" in projections/{name}/projection.toml"
            ),
        };
        Some(Next::Fix(format!(
            "fix {place}; or the event at position {}, then: regrow resume {name}{park}",
            failure.position
        )))
    };
    // Broken files are told by whoever reads them.
    let Ok(now) = context.project.definition(name) else { return Ok(fix()) };
    // Also if the build knows it already: the run that took it up may have died before the event was left out.
    if now.on_error.goes_on() {
        return Ok(Some(Next::Resume));
    }
    if now.hash() == was.hash() {
        return Ok(fix());
    }
    match change::obstacle((log, events), build, &was, &now) {
        Ok(None) => Ok(Some(Next::Resume)),
        Ok(Some(_)) => Ok(is_newest.then_some(Next::Rebuild)),
        Err(RebuildError::Log(error)) => Err(error.into()),
        Err(_) => Ok(fix()),
    }
}

/// Who holds the claims on projections that have unfinished builds.
fn workers(
    session: &mut Session,
    builds: &[Build],
) -> Result<BTreeMap<String, String>, StatusError> {
    let mut workers = BTreeMap::new();
    for build in builds {
        if build.state.is_candidate() && !workers.contains_key(&build.projection) {
            let worker = ledger::worker(session, &build.projection)?;
            workers.extend(worker.map(|worker| (build.projection.clone(), worker)));
        }
    }
    Ok(workers)
}
