//! Follow: every build that must stay fresh, for as long as it is asked.
//!
//! Looks at the log's highest position, takes a mark by the barrier, and brings each build
//! that is ready, live or kept for a way back to it, in one pass. A build that cannot go on is left
//! behind with its reason in the ledger; the others go on. Where a build stands is never
//! remembered here: after a promote or another worker's batch the ledger is read again.

mod assertions;
mod comparison;

use std::time::{Duration, Instant};

use crate::context::{Context, ContextError};
use crate::event::Position;
use crate::failure::SensitiveDetail;
use crate::identity::{self, IdentityError};
use crate::ledger::{self, Build, BuildId, LedgerError, State, Wish, WorkerId};
use crate::log::LogError;
use crate::log::barrier::Mark;
use crate::pg::reconnect::Reconnect;
use crate::pg::{PgError, Session};
use crate::progress::{Progress, Stage};
use crate::replay::build_session::OpenError;
use crate::replay::build_session::{BuildSession, Ended, Resting};
use crate::replay::feed::{AT_A_TIME, Source, poll_pause};
use crate::replay::pass::Pass;
use crate::replay::sql::ProgramError;
use crate::report::build::{FollowReport, FollowedBuild};
use assertions::Watch;
use comparison::Comparison;

/// How often the ledger is asked whether builds came or went.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often the ledger is told who follows them.
const BEAT_EVERY: Duration = Duration::from_secs(2);
/// How often it is looked whether other tables or another sequence stand behind the log.
const TRACE_EVERY: Duration = Duration::from_secs(3);

/// Why following ended.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
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
    /// The system has no thread left.
    #[error("no thread can be started to look at assertions: {0}")]
    Thread(String),
    /// Somebody asked to stop before the mark was reached.
    #[error("stopped before every build had caught up")]
    Interrupted,
    /// Builds were left behind, and nothing else was asked for.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    LeftBehind(Vec<LeftBehind>),
}

/// A build that cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{build}: {reason}")]
pub struct LeftBehind {
    /// The build's schema.
    pub build: String,
    /// Its projection.
    pub projection: String,
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub next: String,
}

/// What was done until somebody asked to stop.
#[derive(Debug, Clone, Default)]
pub struct Followed {
    /// Events read for all builds together.
    pub events: i64,
    /// Each build's schema and checkpoint at the end.
    pub positions: Vec<(String, Position)>,
}

impl Followed {
    /// What was followed, and how far it is.
    #[must_use]
    pub fn report(&self) -> FollowReport {
        let builds = self
            .positions
            .iter()
            .map(|(build, position)| FollowedBuild { build: build.clone(), position: position.0 });
        FollowReport { events: self.events, builds: builds.collect() }
    }
}

/// Follows the log until somebody asks to stop, or until the mark of now is reached.
///
/// # Errors
/// A server is lost, or with `until_caught_up` a build could not be brought to the mark.
pub fn follow(context: &Context, until_caught_up: bool) -> Result<Followed, FollowError> {
    let (mut follower, mut reconnect) = (Follower::default(), context.reconnect());
    if !until_caught_up {
        follower.watch = Watch::begin(context).map_err(|e| FollowError::Thread(e.to_string()))?;
    }
    loop {
        let ended = follower.follow(context, until_caught_up, &mut reconnect);
        let Err(error) = &ended else { return ended };
        let Some(lost) = error.of_server().filter(|e| reconnect.bears(e)) else { return ended };
        if !context.wait_for_server(&mut reconnect, lost) {
            // Somebody who asks a follower to stop gets what it did, also while it waits.
            let asked = lost.is_loss() && context.interrupt.raised() && !until_caught_up;
            return if asked { Ok(follower.followed()) } else { ended };
        }
        follower.members.clear();
        follower.sessions.clear();
        // What others see of a process goes with its session.
        (follower.looked, follower.beat_at, follower.worker) = (None, None, None);
    }
}

impl FollowError {
    /// Whether a table, a sequence or a column is not there.
    fn names_what_is_gone(&self) -> bool {
        const GONE: [&str; 3] = ["42P01", "42703", "XX000"];
        matches!(self, FollowError::Log(LogError::Pg(PgError::Server(error))) if GONE.contains(&&*error.code))
    }

    /// What a server, or the way to it, has to do with it.
    fn of_server(&self) -> Option<&PgError> {
        match self {
            FollowError::Pg(error)
            | FollowError::Context(
                ContextError::Pg(error) | ContextError::Ledger(LedgerError::Pg(error)),
            )
            | FollowError::Ledger(LedgerError::Pg(error))
            | FollowError::Log(LogError::Pg(error)) => Some(error),
            FollowError::Identity(error) => error.of_server(),
            _ => None,
        }
    }
}

/// The builds that are followed.
#[derive(Default)]
struct Follower {
    members: Vec<Resting>,
    /// What they are brought forward with: the `n`-th of a group by the `n`-th.
    sessions: Vec<Session>,
    looked: Option<Instant>,
    events: i64,
    left_behind: Vec<LeftBehind>,
    comparison: Comparison,
    /// How the ledger knows this process.
    worker: Option<WorkerId>,
    beat_at: Option<Instant>,
    /// When the log was traced to its tables and its sequence.
    traced_at: Option<Instant>,
    /// Whether it was told that other logs have builds here.
    told_of_others: bool,
    /// Builds that an operator has paused.
    resting: Vec<String>,
    /// When it was told that this is at work.
    alive_at: Option<Instant>,
    /// What readers see of this log.
    live: Vec<Build>,
    /// Who looks at its assertions.
    watch: Option<Watch>,
}

impl Follower {
    /// Follows until somebody asks to stop, the mark is reached, or a server is lost.
    fn follow(
        &mut self,
        context: &Context,
        until_caught_up: bool,
        reconnect: &mut Reconnect,
    ) -> Result<Followed, FollowError> {
        let mut ledger_session = context.change_ledger("run")?;
        let mut source = Source::open(context, &mut ledger_session, "run")?;
        source.log.order_is_proven()?;
        let goal = match until_caught_up {
            true => Some(context.barrier(&mut source.session, &source.log)?),
            false => None,
        };
        let pause = poll_pause(context.project.config.follow.poll_ms);
        while !context.interrupt.raised() {
            self.refresh_builds(context, &source, &mut ledger_session)?;
            if self.beat(&mut ledger_session)? {
                // Whoever wanted a build to rest before that did not know of this follower, and was told that it rests.
                self.looked = None;
                continue;
            }
            if self.alive_at.is_none_or(|at| at.elapsed() >= LOOK_EVERY) {
                self.alive_at = Some(Instant::now());
                context.note(&Progress::Alive);
            }
            if !until_caught_up {
                self.compare(context, &mut source, false)?;
            }
            let advanced = match self.advance(context, &mut source, goal) {
                // What is gone may have another in its place.
                Err(error) if goal.is_none() && error.names_what_is_gone() => Err(error),
                advanced => Ok(advanced?),
            };
            if goal.is_none() && self.is_replaced(&mut source, advanced.is_err())? {
                let what =
                    "the log's table or its sequence is another one by now: it is opened again";
                context.note(&Progress::Note(what.to_owned()));
                source = Source::open(context, &mut ledger_session, "run")?;
                source.log.order_is_proven()?;
                // Each build is held against what is there now.
                self.members.clear();
                self.looked = None;
                continue;
            }
            if advanced? {
                reconnect.restore();
            } else if !self.has_reached(goal) {
                std::thread::sleep(pause);
            }
            if self.has_reached(goal) {
                break;
            }
        }
        if let Some(worker) = self.worker.take() {
            ledger::leave(&mut ledger_session, worker)?;
        }
        if until_caught_up && context.interrupt.raised() {
            return Err(FollowError::Interrupted);
        }
        if until_caught_up {
            self.compare(context, &mut source, true)?;
            assertions::look_once(context, &self.live);
        }
        if until_caught_up && !self.left_behind.is_empty() {
            return Err(FollowError::LeftBehind(std::mem::take(&mut self.left_behind)));
        }
        Ok(self.followed())
    }

    /// Compares what builds have read with the log: one of them if it is time, or all.
    fn compare(
        &mut self,
        context: &Context,
        source: &mut Source,
        all: bool,
    ) -> Result<(), FollowError> {
        let Follower { members, sessions, comparison, .. } = self;
        let Some(session) = sessions.first_mut() else { return Ok(()) };
        match all {
            true => comparison.look_at_all(context, source, (session, members)),
            false => comparison.look(context, source, (session, members)),
        }
    }

    /// Says in the ledger that this process is there and which builds it follows, now and then; whether they may be others
    /// than it has said before.
    fn beat(&mut self, session: &mut Session) -> Result<bool, FollowError> {
        if self.beat_at.is_some_and(|at| at.elapsed() < BEAT_EVERY) {
            return Ok(false);
        }
        let is_news = self.beat_at.replace(Instant::now()).is_none();
        let builds: Vec<BuildId> = self.members.iter().map(|l| l.build.id).collect();
        let worker = match self.worker {
            Some(worker) => worker,
            None => *self.worker.insert(ledger::enlist(session, "run")?),
        };
        let is_known = ledger::beat(session, worker, &builds)?;
        if !is_known {
            (self.worker, self.beat_at) = (None, None);
        }
        Ok(is_known && is_news)
    }

    /// Whether other tables or another sequence stand behind the log than when it was opened; asked now and then, or now.
    fn is_replaced(&mut self, source: &mut Source, now: bool) -> Result<bool, FollowError> {
        if !now && self.traced_at.is_some_and(|at| at.elapsed() < TRACE_EVERY) {
            return Ok(false);
        }
        self.traced_at = Some(Instant::now());
        Ok(!source.log.is_as_it_was(&mut source.session)?)
    }

    fn has_reached(&self, goal: Option<Mark>) -> bool {
        let at = |goal: Mark| self.members.iter().all(|l| l.build.position >= goal.position());
        // A build that is to be opened again is not among them.
        self.looked.is_some() && goal.is_some_and(at)
    }

    fn followed(&self) -> Followed {
        let position = |l: &Resting| (l.build.schema.to_string(), l.build.position);
        Followed { events: self.events, positions: self.members.iter().map(position).collect() }
    }

    /// Takes in builds that came and lets go of those that went, now and then.
    fn refresh_builds(
        &mut self,
        context: &Context,
        source: &Source,
        session: &mut Session,
    ) -> Result<(), FollowError> {
        if self.looked.is_some_and(|at| at.elapsed() < LOOK_EVERY) {
            return Ok(());
        }
        self.looked = Some(Instant::now());
        let all = ledger::builds(session, None)?;
        self.tell_of_others(context, source, session, &all)?;
        let own: Vec<Build> = all.into_iter().filter(|b| source.identity.owns(b)).collect();
        self.live = own.iter().filter(|b| b.state == State::Live).cloned().collect();
        if let Some(watch) = &self.watch {
            watch.see(self.live.clone());
        }
        let keep = context.project.config.rebuild.keep_retired;
        let let_go = ledger::let_go(session, &own, keep)?;
        let followed =
            |b: &Build| b.state.is_followed() && b.until.is_none() && !let_go.contains(&b.id);
        let (wanted, resting): (Vec<Build>, Vec<Build>) =
            own.into_iter().filter(followed).partition(|b| b.wish != Wish::Pause);
        self.tell_of_rest(context, &resting);
        // One that stopped earlier, perhaps under another process, is still left behind.
        let (stopped, wanted): (Vec<Build>, Vec<Build>) =
            wanted.into_iter().partition(|b| b.failure.is_some());
        for build in stopped {
            let reason = build.failure.as_ref().map_or_else(String::new, ToString::to_string);
            self.leave(context, &build, (reason, after_fix(&build)), None);
        }
        // A session runs the definition that it was opened with.
        let is_same = |member: &Resting, b: &Build| {
            b.id == member.build.id && b.definition_hash == member.build.definition_hash
        };
        let before = self.members.len();
        self.members.retain(|member| wanted.iter().any(|b| is_same(member, b)));
        if self.members.len() < before {
            // Whoever waits for a build to be let go of is told at once.
            self.beat_at = None;
        }
        for build in wanted {
            if let Some(member) = self.members.iter_mut().find(|l| l.build.id == build.id) {
                member.build = build;
                continue;
            }
            let name = build.schema.to_string();
            let admitted =
                match source.identity.admit(context, session, build.clone(), context.said) {
                    Ok(admitted) => admitted,
                    Err(IdentityError::Fault(fault)) => {
                        self.leave(
                            context,
                            &build,
                            (fault.to_string(), fault.next_of(&build)),
                            None,
                        );
                        continue;
                    }
                    Err(error) => return Err(error.into()),
                };
            let session = self.take_session(context, self.members.len() % AT_A_TIME, &name)?;
            match BuildSession::open(session, admitted).map(BuildSession::rest) {
                Ok((member, session)) => {
                    let number = (self.members.len() % AT_A_TIME).min(self.sessions.len());
                    self.sessions.insert(number, session);
                    self.left_behind.retain(|left| left.build != name);
                    self.beat_at = None;
                    context.note(&Progress::Stage { build: name, stage: Stage::Follow });
                    self.members.push(member);
                }
                Err(
                    OpenError::Program(ProgramError::Pg(error))
                    | OpenError::Ledger(LedgerError::Pg(error)),
                ) => return Err(error.into()),
                Err(error) => {
                    self.leave(context, &build, (error.to_string(), after_fix(&build)), None);
                }
            }
        }
        self.sessions.truncate(self.members.len());
        Ok(())
    }

    /// The session with a number, out of the others; opened if there is none, in the name of a build.
    fn take_session(
        &mut self,
        context: &Context,
        number: usize,
        name: &str,
    ) -> Result<Session, FollowError> {
        match number < self.sessions.len() {
            true => Ok(self.sessions.remove(number)),
            false => Ok(context.open_read_models(&format!("run {name}"))?),
        }
    }

    /// Says once that the ledger has builds of other logs, which are left alone.
    fn tell_of_others(
        &mut self,
        context: &Context,
        source: &Source,
        session: &mut Session,
        builds: &[Build],
    ) -> Result<(), FollowError> {
        let others = identity::of_others(builds, Some(&source.identity.known));
        if self.told_of_others || others.is_empty() {
            return Ok(());
        }
        self.told_of_others = true;
        let names = ledger::log_names(session)?;
        context.note(&Progress::Note(identity::others_sentence(&others, &names)));
        Ok(())
    }

    /// Says of builds that came to rest, and of those that are worked on again.
    fn tell_of_rest(&mut self, context: &Context, resting: &[Build]) {
        let now: Vec<String> = resting.iter().map(|b| b.schema.to_string()).collect();
        for name in now.iter().filter(|name| !self.resting.contains(name)) {
            context
                .note(&Progress::Note(format!("{name} is paused by an operator and not followed")));
        }
        for name in self.resting.iter().filter(|name| !now.contains(name)) {
            context.note(&Progress::Note(format!("{name} is no longer paused")));
        }
        self.resting = now;
    }

    fn leave(
        &mut self,
        context: &Context,
        build: &Build,
        (reason, next): (String, String),
        sensitive: Option<Box<SensitiveDetail>>,
    ) {
        let left = LeftBehind {
            build: build.schema.to_string(),
            projection: build.projection.clone(),
            reason,
            next,
        };
        if !self.left_behind.contains(&left) {
            let (build, reason) = (left.build.clone(), left.reason.clone());
            context.note(&Progress::Stopped { build, reason, sensitive });
            self.left_behind.push(left);
        }
    }

    /// Brings every build to a mark; says whether there was anything to do.
    fn advance(
        &mut self,
        context: &Context,
        source: &mut Source,
        goal: Option<Mark>,
    ) -> Result<bool, FollowError> {
        let Some(behind) = self.members.iter().map(|l| l.build.position).min() else {
            return Ok(false);
        };
        let highest = source.log.highest(&mut source.session)?;
        // A build ahead of its log: whoever admits it again says what happened.
        let before = self.members.len();
        self.members.retain(|member| member.build.position <= highest);
        if self.members.len() < before {
            self.looked = None;
            return Ok(false);
        }
        if highest <= behind {
            return Ok(false);
        }
        let Source { session, log, .. } = &mut *source;
        let mark = match goal.map_or_else(|| context.barrier_after(session, log, behind), Ok) {
            // Everything after it may still be filled up.
            Ok(mark) if mark.position() <= behind => return Ok(false),
            Ok(mark) => mark,
            // Asked to stop while a writer was being waited for: nothing has begun.
            Err(LogError::Interrupted) => return Ok(false),
            // A follower is a service: it goes on waiting, and says so.
            Err(LogError::Barrier { holders }) => {
                let waited = context.project.config.rebuild.barrier_timeout().unwrap_or_default();
                let what = "transactions that write to the log".into();
                context.note(&Progress::Waiting { what, holders, waited });
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        };
        let before: i64 = self.members.iter().map(|l| l.build.events_read).sum();
        let pass = Pass {
            pace: &context.project.config.rebuild,
            observer: context.observer.as_ref(),
            interrupt: &context.interrupt,
            heeds: true,
            throttle: None,
        };
        // Of builds that are many each group passes the rest of the log once, with the same sessions.
        let mut waiting = std::mem::take(&mut self.members).into_iter();
        let mut passed = Ok(());
        loop {
            let mut group = Vec::new();
            for member in waiting.by_ref().take(AT_A_TIME) {
                let session = self.take_session(context, 0, member.build.schema.as_str())?;
                group.push(member.wake(session));
            }
            if group.is_empty() {
                break;
            }
            if passed.is_ok() {
                let mut members: Vec<&mut BuildSession> = group.iter_mut().collect();
                passed = pass.run(source, &mut members, mark);
            }
            let settled = match passed {
                Ok(()) => self.handle_results(context, &mut group),
                Err(_) => Ok(()),
            };
            for member in group {
                let (member, session) = member.rest();
                self.members.push(member);
                self.sessions.push(session);
            }
            settled?;
        }
        passed?;
        self.events += self.members.iter().map(|l| l.build.events_read).sum::<i64>() - before;
        Ok(true)
    }

    fn handle_results(
        &mut self,
        context: &Context,
        members: &mut Vec<BuildSession>,
    ) -> Result<(), FollowError> {
        let (mut left, mut reopen) = (Vec::new(), Vec::new());
        for member in members.iter_mut() {
            match std::mem::replace(&mut member.ended, Ended::Reached) {
                Ended::Reached => {}
                // Somebody promoted, rolled back, was faster, or wants the build to rest: the ledger knows.
                Ended::Fenced(_) | Ended::Asked(_) => self.looked = None,
                Ended::Failed(LedgerError::Pg(error)) if error.is_loss() => {
                    return Err(error.into());
                }
                // Dropped under us, or a lock that was not had: not this worker's failure.
                Ended::Failed(error) => {
                    if !is_contention(&error) && !has_moved(member)? {
                        return Err(error.into());
                    }
                    self.looked = None;
                }
                Ended::Damaged(error) => return Err(error.into()),
                // Judged anew when it is opened again: an event may have been deleted.
                Ended::Unanchored(IdentityError::Fault(_)) => reopen.push(member.build.id),
                Ended::Unanchored(error) => return Err(error.into()),
                Ended::Poisoned(_) if has_moved(member)? => self.looked = None,
                Ended::Poisoned(failure) => {
                    ledger::fail(&mut member.session, member.build.id, &failure)?;
                    left.push((member.build.clone(), failure));
                }
            }
        }
        if !reopen.is_empty() {
            members.retain(|l| !reopen.contains(&l.build.id));
            self.looked = None;
        }
        for (build, failure) in left {
            members.retain(|l| l.build.id != build.id);
            self.leave(
                context,
                &build,
                (failure.to_string(), after_fix(&build)),
                failure.sensitive,
            );
        }
        Ok(())
    }
}

/// What to do about a build that an event or its definition stopped.
fn after_fix(build: &Build) -> String {
    format!("fix the cause, then: regrow resume {}", build.projection)
}

/// Somebody held a lock for too long or a deadlock was ended: the batch is tried again.
fn is_contention(error: &LedgerError) -> bool {
    matches!(error, LedgerError::Pg(e) if e.is_contention())
}

/// Whether the ledger has another state or generation for the build than this worker knew: then
/// whatever went wrong may be its going, half seen.
fn has_moved(member: &mut BuildSession) -> Result<bool, LedgerError> {
    let now = ledger::build(&mut member.session, member.build.id)?;
    Ok(now.is_none_or(|b| b.generation != member.build.generation || b.state != member.build.state))
}
