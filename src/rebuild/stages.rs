//! The stages of a rebuild, one after another, for all builds that share a pass.
//!
//! A build that fails in one stage is left out of the next; the others go on. Each stage
//! begins and ends with a state in the ledger, which is all that a resume needs.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use super::pulse::Pulse;
use super::{Outcome, Reached, RebuildError, finish as finishing, reload};
use crate::event::Position;
use crate::ledger::{self, Build, State, Wish};
use crate::log::barrier::Mark;
use crate::log::reader::Range;
use crate::pg::{Session, Sql};
use crate::progress::{Progress, Stage};
use crate::promote;
use crate::replay::assertions;
use crate::replay::feed::{Pass, Source};
use crate::replay::line::{Ended, Line};
use crate::replay::parallel::run_parallel;
use crate::replay::throttle::Throttle;
use crate::site::Site;

/// How often catch-up chases the log before what is left is called small enough.
const CHASES: usize = 20;

/// How often a wait before an index looks at what an operator wants.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// A build on its way through the stages.
struct Traveller {
    line: Line,
    started: Instant,
    events_before: i64,
    error: Option<RebuildError>,
    reached: Option<Reached>,
}

/// Takes builds through every stage that is left for them.
pub(super) fn carry(
    site: &Site,
    source: &mut Source,
    lines: Vec<Line>,
    promote: bool,
) -> Result<Vec<Outcome>, RebuildError> {
    let (site, _pulse) = Pulse::begin(site, &lines);
    let site = &site;
    let throttle = Throttle::of(&site.project.config.rebuild);
    if let Some(throttle) = &throttle {
        site.note(&Progress::Note(throttle.limits()));
    }
    let throttle = throttle.as_ref();
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
    replay(site, source, &mut travellers, throttle)?;
    each(&mut travellers, |t| heed(site, t));
    let workers = site.project.config.rebuild.workers();
    side_by_side(workers, &mut travellers, |t, sessions| finish(site, t, (sessions, throttle)));
    each(&mut travellers, |t| heed(site, t));
    catch_up(site, source, &mut travellers, throttle)?;
    side_by_side(workers, &mut travellers, |t, sessions| check(site, t, sessions));
    each(&mut travellers, |t| heed(site, t));
    if promote {
        each(&mut travellers, |t| switch(site, t));
    }
    travellers.into_iter().map(outcome).collect()
}

fn outcome(traveller: Traveller) -> Result<Outcome, RebuildError> {
    let Traveller { mut line, started, events_before, error, reached } = traveller;
    let build = reload(&mut line.session, &line.build).unwrap_or_else(|_| line.build.clone());
    let events = build.events_read - events_before;
    let result = error.map_or_else(|| Ok(reached.unwrap_or(Reached::Ready)), Err);
    let (engine, work) = (line.engine(), line.work);
    Ok(Outcome { build, took: started.elapsed(), events, engine, work, result })
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

/// The same, several builds at a time; sessions that no build is for are shared out among them.
fn side_by_side(
    workers: usize,
    travellers: &mut [Traveller],
    stage: impl Fn(&mut Traveller, usize) -> Result<(), RebuildError> + Sync,
) {
    let waiting: Vec<_> = travellers.iter_mut().filter(|t| t.error.is_none()).collect();
    let at_a_time = waiting.len().clamp(1, workers);
    let sessions = workers / at_a_time;
    let Ok(_) = run_parallel(vec![(); at_a_time], waiting, |(), traveller| {
        traveller.error = stage(traveller, sessions).err();
        Ok::<(), Infallible>(())
    });
}

impl Traveller {
    fn state(&self) -> State {
        self.line.build.state
    }

    fn name(&self) -> String {
        self.line.build.schema.to_string()
    }

    /// Whether it is at the end of its replay, which a run before may have come to. The finish is next:
    /// keys may be missing, without which nothing may be replayed.
    fn has_replayed(&self) -> bool {
        let (mark, at) = (self.line.build.replay_mark, self.line.build.position);
        self.state() == State::Replaying && at > Position(0) && mark.is_some_and(|mark| at >= mark)
    }

    fn takes_part(&self) -> bool {
        self.error.is_none() && !self.has_replayed()
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
    throttle: Option<&Throttle>,
) -> Result<(), RebuildError> {
    let waiting =
        |t: &Traveller| matches!(t.state(), State::Created | State::Replaying) && !t.has_replayed();
    if !travellers.iter().any(waiting) {
        return Ok(());
    }
    let mark = site.barrier(&mut source.session, &source.log)?;
    each(travellers, |t| {
        if waiting(t) {
            let goal = mark.at_most(t.line.build.until);
            ledger::set_replay_mark(&mut t.line.session, t.line.build.id, goal.position())?;
            t.enter(State::Replaying)?;
            site.note(&Progress::Stage { build: t.name(), stage: Stage::Replay });
        }
        Ok(())
    });
    run_pass(site, source, travellers, (mark, throttle))
}

/// One pass for all that are still on their way; who ends before the mark is marked so.
fn run_pass(
    site: &Site,
    source: &mut Source,
    travellers: &mut [Traveller],
    (mark, throttle): (Mark, Option<&Throttle>),
) -> Result<(), RebuildError> {
    // Builds with an end of their own are passed separately: a pass has one mark.
    let mut goals: Vec<Mark> = travellers
        .iter()
        .filter(|t| t.takes_part())
        .map(|t| mark.at_most(t.line.build.until))
        .collect();
    goals.sort();
    goals.dedup();
    for goal in goals {
        let pass = Pass {
            pace: &site.project.config.rebuild,
            observer: site.observer.as_ref(),
            interrupt: &site.interrupt,
            heeds: true,
            throttle,
        };
        let (mut lines, mut owners) = (Vec::new(), Vec::new());
        for traveller in travellers.iter_mut().filter(|t| t.takes_part()) {
            if mark.at_most(traveller.line.build.until) == goal {
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

/// Stops before the next stage if an operator wants that.
fn heed(site: &Site, traveller: &mut Traveller) -> Result<(), RebuildError> {
    let Traveller { line, .. } = traveller;
    let wanted = ledger::wishes(&mut line.session, &[line.build.id])?;
    match wanted.first() {
        Some((_, wanted)) => asked(site, line, *wanted),
        None => Ok(()),
    }
}

/// Does what an operator wants of a build.
fn asked(site: &Site, line: &mut Line, wanted: Wish) -> Result<(), RebuildError> {
    let build = reload(&mut line.session, &line.build)?;
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
                ledger::pause(&mut line.session, build.id)?;
            }
            Err(RebuildError::Paused { build: name, projection, position: build.position, by })
        }
        Wish::Cancel => {
            promote::drop_build(site, &mut line.session, &build).map_err(Box::new)?;
            Err(RebuildError::Cancelled { build: name, projection, is_dropped: true, by })
        }
    }
}

/// What the end of a pass means for a build's rebuild.
fn ended(site: &Site, line: &mut Line, goal: Mark) -> Option<RebuildError> {
    let build = line.build.schema.to_string();
    let projection = line.build.projection.clone();
    match std::mem::replace(&mut line.ended, Ended::Reached) {
        Ended::Reached if line.build.position >= goal.position() => None,
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
        Ended::Asked(wanted) => asked(site, line, wanted).err(),
        Ended::Fenced(reason) => Some(RebuildError::Fenced { build, reason }),
        Ended::Failed(error) => Some(error.into()),
        Ended::Damaged(error) => Some(error.into()),
        Ended::Unanchored(error) => Some(error.into()),
    }
}

fn finish(
    site: &Site,
    traveller: &mut Traveller,
    (sessions, throttle): (usize, Option<&Throttle>),
) -> Result<(), RebuildError> {
    if traveller.state() == State::Replaying {
        site.note(&Progress::Stage { build: traveller.name(), stage: Stage::Finish });
        let Traveller { line, .. } = traveller;
        let Line { build, session, .. } = line;
        let build: &Build = build;
        let hold = |session: &mut Session| hold(site, session, (build, throttle));
        if let Err(error) = finishing::finish(session, build, sessions, &hold) {
            if matches!(error, RebuildError::Interrupted { .. }) {
                // An operator asked for something else, or the process is being stopped.
                heed(site, traveller)?;
                ledger::pause(&mut traveller.line.session, traveller.line.build.id)?;
            }
            return Err(error);
        }
        traveller.enter(State::CatchingUp)?;
    }
    Ok(())
}

/// Waits before an index is made, where the rebuild is held back.
fn hold(
    site: &Site,
    session: &mut Session,
    (build, throttle): (&Build, Option<&Throttle>),
) -> Result<(), RebuildError> {
    let Some(throttle) = throttle else { return Ok(()) };
    let mut asked = Instant::now();
    let of = (site.observer.as_ref(), build.schema.as_str());
    let stopped = throttle.before_writing(session, of, |session| {
        if site.interrupt.raised() {
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
    site: &Site,
    source: &mut Source,
    travellers: &mut [Traveller],
    throttle: Option<&Throttle>,
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
        let at = |t: &Traveller| t.line.build.position;
        let after = travellers.iter().filter(|t| t.error.is_none()).map(at).min();
        let range = Range { after: after.unwrap_or(mark.position()), until: mark.position() };
        let is_small = !source.log.holds_more(&mut source.session, range, small)?;
        run_pass(site, source, travellers, (mark, throttle))?;
        if is_small {
            break;
        }
    }
    Ok(())
}

fn check(site: &Site, traveller: &mut Traveller, sessions: usize) -> Result<(), RebuildError> {
    let line = &mut traveller.line;
    site.note(&Progress::Stage { build: line.build.schema.to_string(), stage: Stage::Check });
    let began = Instant::now();
    let definition = ledger::definition(&mut line.session, &line.build)?;
    let of = (&line.build, sessions);
    let looked = assertions::each(&mut line.session, of, definition.checks.as_ref())?;
    if !looked.is_empty() {
        let told: Vec<_> = looked.iter().map(assertions::Looked::told).collect();
        ledger::set_assertions(&mut line.session, &line.build, (began.elapsed(), &told))?;
    }
    let broken = assertions::broken(looked)?;
    if !broken.is_empty() {
        let (build, projection) = (line.build.schema.to_string(), line.build.projection.clone());
        return Err(RebuildError::Broken { build, projection, broken });
    }
    if line.build.state == State::CatchingUp {
        // Told to be ready, it is ready also after a crash of the server.
        line.session.run("SET synchronous_commit = on")?;
        traveller.enter(State::Ready)?;
    }
    let ends = traveller.line.build.until.is_some();
    traveller.reached = Some(if ends { Reached::Ended } else { Reached::Ready });
    Ok(())
}

fn switch(site: &Site, traveller: &mut Traveller) -> Result<(), RebuildError> {
    let build = &traveller.line.build;
    if build.state == State::Live {
        // A switch whose answer was lost, and that happened all the same.
        traveller.reached = Some(Reached::Live(promote::Promoted::found(build, None)));
    }
    let build = &traveller.line.build;
    if traveller.state() != State::Ready || build.until.is_some() || build.gate.is_some() {
        return Ok(());
    }
    let promoted = promote::promote(site, &traveller.line.build.projection).map_err(Box::new)?;
    traveller.reached = Some(Reached::Live(promoted));
    Ok(())
}
