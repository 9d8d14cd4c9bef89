//! Rebuild: a projection replayed from the whole log into fresh tables.
//!
//! The story, for any number of projections over one pass of the log:
//! **create** the builds, **replay** to a mark of the barrier, **finish** indexes and
//! statistics, **catch up** until the rest is small, **check** the assertions, and
//! with `--promote` let readers see the result. Each stage is a state in the ledger, so
//! [`resume`] goes on where a killed rebuild stood. The live build is not touched.

pub mod change;
pub mod create;
mod error;
pub mod explain;
mod finish;
mod pulse;
mod recovery;
mod report;
mod stages;
mod types;
mod unfinished;

use std::time::Duration;

pub use error::RebuildError;

use crate::context::Context;
use crate::definition::Definition;
use crate::definition::expected::Gate;
use crate::event::Position;
use crate::figures::counted;
use crate::identity::{self, Survey};
use crate::ledger::{self, AsOf, Beginning, Build, State, Wish};
use crate::log::Log;
use crate::migrate::needs;
use crate::pg::reconnect::Reconnect;
use crate::pg::{Session, owner};
use crate::preflight::{self, Finding, Severity};
use crate::progress::{Progress, Stage};
use crate::promote::{self};
use crate::replay::Engine;
use crate::replay::build_session::{BuildSession, Work};
use crate::replay::feed::{self, Source};
use crate::replay::throttle;

/// How long the projection's lock is waited for. The backend of a killed rebuild notices
/// within `client_connection_check_interval` (pg/session.sql: 1 s) that nobody is there,
/// so a `resume` right behind the kill finds the lock free, on a busy machine too.
const CLAIM_WAIT: Duration = Duration::from_secs(5);
/// What a rebuild is asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Switch readers when the build is ready.
    pub promote: bool,
    /// What each build is compared with before that. It is the caller who compares and switches.
    pub gate: Option<Gate>,
    /// End the build there.
    pub until: Option<Until>,
    /// Where it is going to be shown, if it ends there to be shown for good.
    pub as_of: Option<AsOf>,
}

/// A point of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Until {
    /// A position.
    Position(Position),
    /// The last event recorded at or before a timestamp.
    Timestamp(String),
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
    /// Which engine ran its handlers.
    pub engine: Engine,
    /// How many each ran, without those of a switch.
    pub work: Work,
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

/// Builds projections anew from the whole log; what an interrupted run left of the same definition is
/// continued.
///
/// # Errors
/// Nothing could be begun. What went wrong with one build is in its [`Outcome`].
pub fn rebuild(
    context: &Context,
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
        names.iter().map(|name| context.project.definition(name)).collect::<Result<_, _>>()?;
    let (source, begun) = context
        .retry_on_connection_loss(RebuildError::of_server, |reconnect| {
            begin(context, &definitions, options, reconnect)
        })?;
    recovery::run(context, source, begun, options.promote)
}

/// Makes the builds, or takes up what an earlier run left of them. What an attempt left that lost its
/// server is dropped by the next: it has read nothing.
fn begin(
    context: &Context,
    definitions: &[Definition],
    options: &Options,
    reconnect: &Reconnect,
) -> Result<(Source, Begun), RebuildError> {
    can_be_held_back(context)?;
    let names: Vec<String> = definitions.iter().map(|d| d.projection.clone()).collect();
    for name in &names {
        // A lineage that is broken is told with the rest of its definition.
        if let Ok(lineage) = context.project.projection_lineage(name) {
            needs::are_met(context, &lineage, &lineage.revisions.iter().collect::<Vec<_>>())?;
        }
    }
    heed(context, preflight::quick(context, &names, options.promote)?)?;
    let (mut session, log) = context.open_log("rebuild")?;
    log.is_readable(&mut session)?;
    let until = until_position(context, (&mut session, &log), options.until.as_ref())?;
    let mut ledger_session = context.open_read_models("rebuild")?.to_write()?;
    ledger::ensure(&mut ledger_session)?;
    let survey = Survey::of(context, &mut ledger_session, (&mut session, &log), &[])?
        .expect("the ledger was brought up to date just now");
    if options.promote {
        // Told before the replay and not after it.
        for definition in definitions {
            let publish = context.publish_schema(definition.publish_schema.as_deref());
            owner::is_ours(&mut ledger_session, &publish)?;
        }
    }
    let mut claims = Claims::of(context, definitions.len())?;
    for definition in definitions {
        let own = claims.claim(context, &definition.projection, reconnect)?;
        let builds = ledger::builds(own, Some(&definition.projection))?;
        survey.may_begin(own, (&mut session, &log), &builds, context.said)?;
        let on = (&survey, &mut session, &log);
        let found = match options.as_of {
            Some(_) => None,
            None => unfinished::continue_or_drop(context, own, definition, on, until.is_some())?,
        };
        if let Some(build) = found {
            if options.promote {
                promote::may_be_shown(context, own, &build, true).map_err(Box::new)?;
            }
            may_run(&build)?;
            // One that was stopped goes on where it stood.
            ledger::resume(own, build.id)?;
            if options.promote && build.gate != options.gate {
                ledger::set_gate(own, build.id, options.gate.as_ref())?;
            }
            let build = reload(own, &build)?;
            claims.builds.push(build);
            continue;
        }
        let begins_at = context.said.begins_at;
        let as_of = options.as_of.as_ref();
        let gate = options.gate.as_ref();
        let mapping = log.shape.mapping();
        let (log_name, mapping) = (survey.name.as_str(), mapping.as_ref());
        let through = log.through.as_ref();
        let is_proof = false;
        let origin =
            Beginning { log: log_name, begins_at, until, mapping, through, is_proof, as_of, gate };
        let created = create::create(context, own, definition, &origin, options.promote);
        // There is no build that could say so, and another try does not help.
        if let Err(RebuildError::Promote(error)) = &created
            && let Some(fix) = error.fix_first(&definition.projection)
            && let Some(live) = builds.iter().find(|b| b.state == State::Live)
        {
            let _ = ledger::record_last_error(own, live.id, (&error.to_string(), Some(&fix)));
        }
        let build = created?;
        context.note(&Progress::Stage { build: build.schema.to_string(), stage: Stage::Create });
        claims.builds.push(build);
    }
    let source = Source::of(context, &mut ledger_session, (session, log), "rebuild")?;
    let begun = claims.begun(context, &source)?;
    Ok((source, begun))
}

/// Builds that a run has claimed.
enum Begun {
    /// Each is worked on with the session that has its claim.
    Few(Vec<BuildSession>),
    /// There are more than are worked on at a time: one session has all claims until it is their turn.
    Many(Box<Session>, Vec<Build>),
}

/// Claims on projections, and the builds they are for.
struct Claims {
    /// Of one session for all, or of one for each.
    sessions: Vec<Session>,
    is_shared: bool,
    builds: Vec<Build>,
}

impl Claims {
    fn of(context: &Context, builds: usize) -> Result<Claims, RebuildError> {
        let is_shared = builds > feed::AT_A_TIME;
        let sessions = match is_shared {
            true => vec![work_session(context, "rebuild")?],
            false => Vec::new(),
        };
        Ok(Claims { sessions, is_shared, builds: Vec::new() })
    }

    /// Claims a projection; gives the session that has the claim.
    fn claim(
        &mut self,
        context: &Context,
        projection: &str,
        reconnect: &Reconnect,
    ) -> Result<&mut Session, RebuildError> {
        match self.is_shared {
            true => ledger::claim(&mut self.sessions[0], projection, wait_for(reconnect))?,
            false => self.sessions.push(claim(context, projection, reconnect)?),
        }
        Ok(self.sessions.last_mut().expect("one was there or was pushed"))
    }

    fn begun(mut self, context: &Context, source: &Source) -> Result<Begun, RebuildError> {
        if self.is_shared {
            return Ok(Begun::Many(Box::new(self.sessions.remove(0)), self.builds));
        }
        let mut members = Vec::new();
        for (mut session, build) in self.sessions.into_iter().zip(self.builds) {
            let admitted = source.identity.admit(context, &mut session, build, context.said)?;
            members.push(BuildSession::open(session, admitted)?);
        }
        Ok(Begun::Few(members))
    }
}

/// Goes on with the unfinished builds of projections; of all projections where none is named. A build that is to be
/// compared before readers see it ends ready, also with `promote`.
///
/// # Errors
/// Nothing could be begun. What went wrong with one build is in its [`Outcome`].
pub fn resume(
    context: &Context,
    names: &[String],
    promote: bool,
) -> Result<Vec<Outcome>, RebuildError> {
    let mut chosen = None;
    let (source, begun) =
        context.retry_on_connection_loss(RebuildError::of_server, |reconnect| {
            // Chosen once: what an attempt that lost its server has cleared is no reason any more.
            let builds = match &chosen {
                Some(builds) => builds,
                None => chosen.insert(choose(context, names)?),
            };
            if promote {
                let mut session = context.open_ledger("resume")?;
                for build in builds.iter().filter(|b| b.until.is_none()) {
                    promote::may_be_shown(context, &mut session, build, true).map_err(Box::new)?;
                }
            }
            take_up(context, builds, reconnect)
        })?;
    recovery::run(context, source, begun, promote)
}

/// The builds that wait to be gone on with.
fn choose(context: &Context, names: &[String]) -> Result<Vec<Build>, RebuildError> {
    let mut ledger_session = context.open_ledger("resume")?;
    can_be_held_back(context)?;
    heed(context, preflight::servers(context, names)?)?;
    let builds = ledger::builds(&mut ledger_session, None)?;
    let builds = identity::own_builds(context, &mut ledger_session, builds)?;
    let waits =
        |b: &&Build| (b.state.is_candidate() && b.state != State::Ready) || (b.failure.is_some());
    let waits = |b: &&Build| !b.is_proof && waits(b);
    // What an operator has paused is left alone, unless it is named: then it is told.
    let waits = |b: &&Build| waits(b) && (b.wish == Wish::Run || !names.is_empty());
    let mut chosen: Vec<Build> = Vec::new();
    for build in builds.iter().filter(waits) {
        if names.is_empty() || names.contains(&build.projection) {
            chosen.retain(|b| b.projection != build.projection);
            chosen.push(build.clone());
        }
    }
    for name in names {
        if !chosen.iter().any(|b| b.projection == *name) {
            if !builds.iter().any(|b| b.projection == *name) {
                context.project.known(name)?;
            }
            return Err(RebuildError::NothingToResume { projection: name.clone() });
        }
    }
    Ok(chosen)
}

fn take_up(
    context: &Context,
    builds: &[Build],
    reconnect: &Reconnect,
) -> Result<(Source, Begun), RebuildError> {
    let mut ledger_session = context.change_ledger("resume")?;
    let mut source = Source::open(context, &mut ledger_session, "resume")?;
    let mut claims = Claims::of(context, builds.len())?;
    for build in builds {
        let session = claims.claim(context, &build.projection, reconnect)?;
        may_run(&reload(session, build)?)?;
        source.identity.admit(context, session, build.clone(), context.said)?;
        change::take_over(context, &mut source, session, build)?;
        ledger::resume(session, build.id)?;
        let build = reload(session, build)?;
        claims.builds.push(build);
    }
    let begun = claims.begun(context, &source)?;
    Ok((source, begun))
}

/// Whether an operator lets a build be worked on.
fn may_run(build: &Build) -> Result<(), RebuildError> {
    let (name, projection) = (build.schema.to_string(), build.projection.clone());
    let (position, by) = (build.position, build.asked_by());
    match build.wish {
        Wish::Run => Ok(()),
        Wish::Pause => Err(RebuildError::Paused { build: name, projection, position, by }),
        Wish::Cancel => {
            Err(RebuildError::Cancelled { build: name, projection, is_dropped: false, by })
        }
    }
}

/// Refuses a limit of config.toml that could not be kept.
fn can_be_held_back(context: &Context) -> Result<(), RebuildError> {
    let pace = &context.project.config.rebuild;
    if pace.max_replica_lag.is_some() {
        throttle::can_be_kept(&mut context.open_read_models("rebuild")?, pace)?;
    }
    Ok(())
}

/// Tells the warnings of a preflight, and stops at its refusals.
fn heed(context: &Context, findings: Vec<Finding>) -> Result<(), RebuildError> {
    let of = |severity| findings.iter().filter(move |f| f.severity == severity);
    if of(Severity::Refused).next().is_some() {
        return Err(RebuildError::Refused { findings: of(Severity::Refused).cloned().collect() });
    }
    for finding in of(Severity::Warning) {
        context.note(&Progress::Note(format!("warning: {}", finding.sentence())));
    }
    // Nothing to be afraid of, and who looks at the result should have seen it.
    let notes = of(Severity::Note).filter(|finding| finding.code == preflight::Code::UnknownType);
    for Finding { message, .. } in notes {
        context.note(&Progress::Note(format!("note: {message}")));
    }
    Ok(())
}

/// Where a build ends. A moment means what it means to `as-of`: the first event that was recorded later ends it.
fn until_position(
    context: &Context,
    (session, log): (&mut Session, &Log),
    until: Option<&Until>,
) -> Result<Option<Position>, RebuildError> {
    let moment = match until {
        None => return Ok(None),
        Some(Until::Position(position)) => return Ok(Some(*position)),
        Some(Until::Timestamp(moment)) => moment,
    };
    // Who is writing now may have begun before the moment.
    context.barrier(session, log)?;
    let prefix = log.prefix_at(session, moment)?;
    if prefix.is_future {
        return Err(RebuildError::Future { moment: prefix.moment });
    }
    let behind =
        (prefix.later, "recorded at that moment or before behind an event of later, and not in it");
    let unknown = (prefix.unknown, "recorded at a time that nobody knows, and in it");
    for (events, which) in [behind, unknown].into_iter().filter(|(events, _)| *events > 0) {
        let events = counted(events, "event was", "events were");
        context.note(&Progress::Note(format!("warning: {events} {which}")));
    }
    Ok(Some(prefix.until))
}

/// A session that holds the projection's lock; it goes when the session does. After a loss it may
/// be our own that has it: where the server does not see that nobody is there, as long as it takes.
fn claim(
    context: &Context,
    projection: &str,
    reconnect: &Reconnect,
) -> Result<Session, RebuildError> {
    let mut session = work_session(context, &format!("rebuild {projection}"))?;
    ledger::claim(&mut session, projection, wait_for(reconnect))?;
    Ok(session)
}

fn wait_for(reconnect: &Reconnect) -> Duration {
    reconnect.left().max(CLAIM_WAIT)
}

fn work_session(context: &Context, purpose: &str) -> Result<Session, RebuildError> {
    let mut session = context.open_read_models(purpose)?.to_write()?;
    session.commit_lazily()?;
    Ok(session)
}

fn reload(session: &mut Session, build: &Build) -> Result<Build, RebuildError> {
    let found = ledger::build(session, build.id)?;
    found.ok_or_else(|| RebuildError::Fenced {
        build: build.schema.to_string(),
        reason: "it is gone from the ledger".into(),
    })
}
