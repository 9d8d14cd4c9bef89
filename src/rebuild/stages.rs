//! The stages of a rebuild, one after another, for all builds that share a pass.
//!
//! A build that fails in one stage is left out of the next; the others go on. Each stage
//! begins and ends with a state in the ledger, which is all that a resume needs.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use super::pulse::Pulse;
use super::{Outcome, Reached, RebuildError, finish as finishing, reload};
use crate::context::Context;
use crate::event::Position;
use crate::ledger::{self, Build, State, Wish};
use crate::log::barrier::Mark;
use crate::log::wanted::Range;
use crate::pg::{Session, Sql};
use crate::progress::{Progress, Stage};
use crate::promote;
use crate::replay::assertions;
use crate::replay::build_session::{BuildSession, Ended};
use crate::replay::feed::Source;
use crate::replay::parallel::run_parallel;
use crate::replay::pass::Pass;
use crate::replay::throttle::Throttle;

/// How often catch-up chases the log before what is left is called small enough.
const CHASES: usize = 20;

/// How often a wait before an index looks at what an operator wants.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// A build on its way through the stages.
struct RunningBuild {
    member: BuildSession,
    started: Instant,
    events_before: i64,
    error: Option<RebuildError>,
    reached: Option<Reached>,
}

/// Takes builds through every stage that is left for them.
pub(super) fn run_stages(
    context: &Context,
    source: &mut Source,
    members: Vec<BuildSession>,
    promote: bool,
) -> Result<Vec<Outcome>, RebuildError> {
    let (context, _pulse) = Pulse::begin(context, &members);
    let context = &context;
    let throttle = Throttle::of(&context.project.config.rebuild);
    if let Some(throttle) = &throttle {
        context.note(&Progress::Note(throttle.limits()));
    }
    let throttle = throttle.as_ref();
    let mut running: Vec<RunningBuild> = members
        .into_iter()
        .map(|member| RunningBuild {
            started: Instant::now(),
            events_before: member.build.events_read,
            member,
            error: None,
            reached: None,
        })
        .collect();
    replay(context, source, &mut running, throttle)?;
    each(&mut running, |t| heed(context, t));
    let workers = context.project.config.rebuild.workers();
    side_by_side(workers, &mut running, |t, sessions| finish(context, t, (sessions, throttle)));
    each(&mut running, |t| heed(context, t));
    catch_up(context, source, &mut running, throttle)?;
    side_by_side(workers, &mut running, |t, sessions| check(context, t, sessions));
    each(&mut running, |t| heed(context, t));
    if promote {
        each(&mut running, |t| switch(context, t));
    }
    running.into_iter().map(outcome).collect()
}

fn outcome(one: RunningBuild) -> Result<Outcome, RebuildError> {
    let RunningBuild { mut member, started, events_before, error, reached } = one;
    let build = reload(&mut member.session, &member.build).unwrap_or_else(|_| member.build.clone());
    let events = build.events_read - events_before;
    let result = error.map_or_else(|| Ok(reached.unwrap_or(Reached::Ready)), Err);
    let (engine, work) = (member.engine(), member.work);
    Ok(Outcome { build, took: started.elapsed(), events, engine, work, result })
}

/// Runs one stage for every build that is still on its way.
fn each(
    running: &mut [RunningBuild],
    mut stage: impl FnMut(&mut RunningBuild) -> Result<(), RebuildError>,
) {
    for one in running.iter_mut().filter(|t| t.error.is_none()) {
        if let Err(error) = stage(one) {
            one.error = Some(error);
        }
    }
}

/// The same, several builds at a time; sessions that no build is for are shared out among them.
fn side_by_side(
    workers: usize,
    running: &mut [RunningBuild],
    stage: impl Fn(&mut RunningBuild, usize) -> Result<(), RebuildError> + Sync,
) {
    let waiting: Vec<_> = running.iter_mut().filter(|t| t.error.is_none()).collect();
    let at_a_time = waiting.len().clamp(1, workers);
    let sessions = workers / at_a_time;
    let Ok(_) = run_parallel(vec![(); at_a_time], waiting, |(), one| {
        one.error = stage(one, sessions).err();
        Ok::<(), Infallible>(())
    });
}

impl RunningBuild {
    fn state(&self) -> State {
        self.member.build.state
    }

    fn name(&self) -> String {
        self.member.build.schema.to_string()
    }

    /// Whether it is at the end of its replay, which a run before may have come to. The finish is next:
    /// keys may be missing, without which nothing may be replayed.
    fn has_replayed(&self) -> bool {
        let (mark, at) = (self.member.build.replay_mark, self.member.build.position);
        self.state() == State::Replaying && at > Position(0) && mark.is_some_and(|mark| at >= mark)
    }

    fn takes_part(&self) -> bool {
        self.error.is_none() && !self.has_replayed()
    }

    fn enter(&mut self, state: State) -> Result<(), RebuildError> {
        if self.state() != state {
            ledger::set_state(&mut self.member.session, self.member.build.id, state)?;
            self.member.build = reload(&mut self.member.session, &self.member.build)?;
        }
        Ok(())
    }
}

fn replay(
    context: &Context,
    source: &mut Source,
    running: &mut [RunningBuild],
    throttle: Option<&Throttle>,
) -> Result<(), RebuildError> {
    let waiting = |t: &RunningBuild| {
        matches!(t.state(), State::Created | State::Replaying) && !t.has_replayed()
    };
    if !running.iter().any(waiting) {
        return Ok(());
    }
    let mark = context.barrier(&mut source.session, &source.log)?;
    each(running, |t| {
        if waiting(t) {
            let goal = mark.at_most(t.member.build.until);
            ledger::set_replay_mark(&mut t.member.session, t.member.build.id, goal.position())?;
            t.enter(State::Replaying)?;
            context.note(&Progress::Stage { build: t.name(), stage: Stage::Replay });
        }
        Ok(())
    });
    run_pass(context, source, running, (mark, throttle))
}

/// One pass for all that are still on their way; who ends before the mark is marked so.
fn run_pass(
    context: &Context,
    source: &mut Source,
    running: &mut [RunningBuild],
    (mark, throttle): (Mark, Option<&Throttle>),
) -> Result<(), RebuildError> {
    // Builds with an end of their own are passed separately: a pass has one mark.
    let mut goals: Vec<Mark> = running
        .iter()
        .filter(|t| t.takes_part())
        .map(|t| mark.at_most(t.member.build.until))
        .collect();
    goals.sort();
    goals.dedup();
    for goal in goals {
        let pass = Pass {
            pace: &context.project.config.rebuild,
            observer: context.observer.as_ref(),
            interrupt: &context.interrupt,
            heeds: true,
            throttle,
        };
        let (mut members, mut owners) = (Vec::new(), Vec::new());
        for one in running.iter_mut().filter(|t| t.takes_part()) {
            if mark.at_most(one.member.build.until) == goal {
                members.push(&mut one.member);
                owners.push(&mut one.error);
            }
        }
        pass.run(source, &mut members, goal)?;
        for (member, error) in members.into_iter().zip(owners) {
            *error = ended(context, member, goal);
        }
    }
    Ok(())
}

/// Stops before the next stage if an operator wants that.
fn heed(context: &Context, one: &mut RunningBuild) -> Result<(), RebuildError> {
    let RunningBuild { member, .. } = one;
    let wanted = ledger::wishes(&mut member.session, &[member.build.id])?;
    match wanted.first() {
        Some((_, wanted)) => asked(context, member, *wanted),
        None => Ok(()),
    }
}

/// Does what an operator wants of a build.
fn asked(context: &Context, member: &mut BuildSession, wanted: Wish) -> Result<(), RebuildError> {
    let build = reload(&mut member.session, &member.build)?;
    let (name, projection) = (build.schema.to_string(), build.projection.clone());
    let by = build.asked_by();
    if !build.state.is_candidate() {
        // Readers see it by now: a switch whose answer was lost.
        return Ok(());
    }
    match wanted {
        Wish::Run => Ok(()),
        Wish::Pause => {
            // One that is ready stays so, and rests.
            if build.state != State::Ready {
                ledger::pause(&mut member.session, build.id)?;
            }
            Err(RebuildError::Paused { build: name, projection, position: build.position, by })
        }
        Wish::Cancel => {
            promote::drop_build(context, &mut member.session, &build).map_err(Box::new)?;
            Err(RebuildError::Cancelled { build: name, projection, is_dropped: true, by })
        }
    }
}

/// What the end of a pass means for a build's rebuild.
fn ended(context: &Context, member: &mut BuildSession, goal: Mark) -> Option<RebuildError> {
    let build = member.build.schema.to_string();
    let projection = member.build.projection.clone();
    match std::mem::replace(&mut member.ended, Ended::Reached) {
        Ended::Reached if member.build.position >= goal.position() => None,
        Ended::Reached => {
            if context.interrupt.raised()
                && let Err(error) = ledger::pause(&mut member.session, member.build.id)
            {
                return Some(error.into());
            }
            Some(RebuildError::Interrupted { build, projection, position: member.build.position })
        }
        Ended::Poisoned(failure) => {
            match ledger::fail(&mut member.session, member.build.id, &failure) {
                Ok(()) => Some(RebuildError::Poisoned { build, projection, failure }),
                Err(error) => Some(error.into()),
            }
        }
        Ended::Asked(wanted) => asked(context, member, wanted).err(),
        Ended::Fenced(reason) => Some(RebuildError::Fenced { build, reason }),
        Ended::Failed(error) => Some(error.into()),
        Ended::Damaged(error) => Some(error.into()),
        Ended::Unanchored(error) => Some(error.into()),
    }
}

fn finish(
    context: &Context,
    one: &mut RunningBuild,
    (sessions, throttle): (usize, Option<&Throttle>),
) -> Result<(), RebuildError> {
    if one.state() == State::Replaying {
        context.note(&Progress::Stage { build: one.name(), stage: Stage::Finish });
        let RunningBuild { member, .. } = one;
        let BuildSession { build, session, .. } = member;
        let build: &Build = build;
        let hold = |session: &mut Session| hold(context, session, (build, throttle));
        if let Err(error) = finishing::finish(session, build, sessions, &hold) {
            if matches!(error, RebuildError::Interrupted { .. }) {
                // An operator asked for something else, or the process is being stopped.
                heed(context, one)?;
                ledger::pause(&mut one.member.session, one.member.build.id)?;
            }
            return Err(error);
        }
        one.enter(State::CatchingUp)?;
    }
    Ok(())
}

/// Waits before an index is made, where the rebuild is held back.
fn hold(
    context: &Context,
    session: &mut Session,
    (build, throttle): (&Build, Option<&Throttle>),
) -> Result<(), RebuildError> {
    let Some(throttle) = throttle else { return Ok(()) };
    let mut asked = Instant::now();
    let of = (context.observer.as_ref(), build.schema.as_str());
    let stopped = throttle.before_writing(session, of, |session| {
        if context.interrupt.raised() {
            return Ok::<_, RebuildError>(Some(()));
        }
        if asked.elapsed() < ASK_EVERY {
            return Ok(None);
        }
        asked = Instant::now();
        let wishes = ledger::wishes(session, &[build.id])?;
        Ok(wishes.iter().any(|(_, wish)| *wish != Wish::Run).then_some(()))
    })?;
    match stopped {
        None => Ok(()),
        Some(()) => Err(RebuildError::Interrupted {
            build: build.schema.to_string(),
            projection: build.projection.clone(),
            position: build.position,
        }),
    }
}

fn catch_up(
    context: &Context,
    source: &mut Source,
    running: &mut [RunningBuild],
    throttle: Option<&Throttle>,
) -> Result<(), RebuildError> {
    each(running, |t| {
        context.note(&Progress::Stage { build: t.name(), stage: Stage::CatchUp });
        Ok(())
    });
    let small = i64::try_from(context.project.config.rebuild.batch_events).unwrap_or(i64::MAX);
    for _ in 0..CHASES {
        if running.iter().all(|t| t.error.is_some()) {
            return Ok(());
        }
        let mark = context.barrier(&mut source.session, &source.log)?;
        let at = |t: &RunningBuild| t.member.build.position;
        let after = running.iter().filter(|t| t.error.is_none()).map(at).min();
        let range = Range { after: after.unwrap_or(mark.position()), until: mark.position() };
        let is_small = !source.log.holds_more(&mut source.session, range, small)?;
        run_pass(context, source, running, (mark, throttle))?;
        if is_small {
            break;
        }
    }
    Ok(())
}

fn check(context: &Context, one: &mut RunningBuild, sessions: usize) -> Result<(), RebuildError> {
    let member = &mut one.member;
    context.note(&Progress::Stage { build: member.build.schema.to_string(), stage: Stage::Check });
    let began = Instant::now();
    let definition = ledger::definition(&mut member.session, &member.build)?;
    let of = (&member.build, sessions);
    let looked = assertions::each(&mut member.session, of, definition.checks.as_ref())?;
    if !looked.is_empty() {
        let told: Vec<_> = looked.iter().map(assertions::Looked::told).collect();
        ledger::set_assertions(&mut member.session, &member.build, (began.elapsed(), &told))?;
    }
    let broken = assertions::broken(looked)?;
    if !broken.is_empty() {
        let (build, projection) =
            (member.build.schema.to_string(), member.build.projection.clone());
        return Err(RebuildError::Broken { build, projection, broken });
    }
    if member.build.state == State::CatchingUp {
        // Told to be ready, it is ready also after a crash of the server.
        member.session.run("SET synchronous_commit = on")?;
        one.enter(State::Ready)?;
    }
    let ends = one.member.build.until.is_some();
    one.reached = Some(if ends { Reached::Ended } else { Reached::Ready });
    Ok(())
}

fn switch(context: &Context, one: &mut RunningBuild) -> Result<(), RebuildError> {
    let build = &one.member.build;
    if build.state == State::Live {
        // A switch whose answer was lost, and that happened all the same.
        one.reached = Some(Reached::Live(promote::Promoted::found(build, None)));
    }
    let build = &one.member.build;
    if one.state() != State::Ready || build.until.is_some() || build.gate.is_some() {
        return Ok(());
    }
    let promoted = promote::promote(context, &one.member.build.projection).map_err(Box::new)?;
    one.reached = Some(Reached::Live(promoted));
    Ok(())
}
