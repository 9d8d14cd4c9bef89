//! How far a rebuild is, told once a second to whoever looks from elsewhere.
//!
//! Rows and checkpoint may be half a minute behind what a process has read, and nothing moves a checkpoint while indexes are
//! made. So a thread writes down what the observer is told, with a session of its own. Nothing depends on it: what it
//! cannot write is left out.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::context::Context;
use crate::event::Position;
use crate::ledger::{self, BuildId, BuildProgress, LedgerError};
use crate::pg::{Session, Sql};
use crate::progress::{Observer, Progress};
use crate::replay::build_session::BuildSession;

/// How often it is told.
const EVERY: Duration = Duration::from_secs(1);
/// A rate is that of so long, at the most.
const WINDOW: Duration = Duration::from_secs(15);
/// From when on there is a rate.
const SHORTEST: Duration = Duration::from_millis(500);
/// How long the end of a rebuild waits for the thread.
const PATIENCE: Duration = Duration::from_secs(1);

/// Tells how far builds are until it is dropped.
pub(super) struct Pulse {
    ends: Sender<()>,
    gone: Receiver<()>,
}

impl Pulse {
    /// Begins to tell how far builds are; gives the context whose observer it listens to.
    pub(super) fn begin(context: &Context, members: &[BuildSession]) -> (Context, Pulse) {
        let paces = members.iter().map(|member| Pace::of(member.build.id, member)).collect();
        let heard = Arc::new(Heard { inner: context.observer.clone(), paces: Mutex::new(paces) });
        let (ends, ended) = channel();
        let (leave, gone) = channel();
        let (own, told) = (context.clone(), heard.clone());
        std::thread::spawn(move || {
            tell(&own, &told, &ended);
            let _ = leave.send(());
        });
        (Context { observer: heard, ..context.clone() }, Pulse { ends, gone })
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        let _ = self.ends.send(());
        // A server that does not answer keeps nobody.
        let _ = self.gone.recv_timeout(PATIENCE);
    }
}

fn tell(context: &Context, heard: &Heard, ended: &Receiver<()>) {
    let mut session: Option<Session> = None;
    while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        let told = heard.told();
        let done = match &mut session {
            Some(session) => ledger::tell_progress(session, &told),
            None => {
                open(context).and_then(|open| ledger::tell_progress(session.insert(open), &told))
            }
        };
        if let Err(error) = done {
            tracing::debug!(%error, "progress was not told");
            // A right that is missing stays missing; a session that is lost is opened again.
            if matches!(&error, LedgerError::Pg(error) if error.is_loss()) {
                session = None;
            }
        }
    }
    if let Some(session) = &mut session {
        let builds: Vec<BuildId> = heard.told().iter().map(|told| told.build).collect();
        let _ = ledger::forget_progress(session, &builds);
    }
}

fn open(context: &Context) -> Result<Session, LedgerError> {
    let mut session = context.open_read_models("rebuild progress")?;
    session.run("SET synchronous_commit = off")?;
    Ok(session)
}

/// Somebody who watches, and takes note of how far builds are.
struct Heard {
    inner: Arc<dyn Observer>,
    paces: Mutex<Vec<Pace>>,
}

impl Heard {
    fn told(&self) -> Vec<BuildProgress> {
        let paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
        paces.iter().map(Pace::told).collect()
    }

    fn change(&self, build: &str, change: impl FnOnce(&mut Pace)) {
        let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pace) = paces.iter_mut().find(|pace| pace.schema == build) {
            change(pace);
        }
    }
}

impl Observer for Heard {
    fn note(&self, progress: &Progress) {
        match progress {
            Progress::Stage { build, stage } => {
                self.change(build, |pace| pace.enter(stage.name()));
            }
            Progress::Batch { build, position, target, events, whole } => {
                let events = i64::try_from(*events).unwrap_or(i64::MAX);
                let whole = whole.and_then(|whole| i64::try_from(whole).ok());
                self.change(build, |pace| {
                    pace.read((*position, *target), (events, whole), Instant::now());
                });
            }
            Progress::Held { build, why } => self.change(build, |pace| pace.waits.clone_from(why)),
            _ => {}
        }
        self.inner.note(progress);
    }
}

/// What is known of a build.
struct Pace {
    id: BuildId,
    schema: String,
    began: Instant,
    stage: &'static str,
    position: Position,
    target: Position,
    events: i64,
    whole: Option<i64>,
    /// What it waits for.
    waits: Option<String>,
    /// What was read at moments of the last seconds: events, and what the distance is measured in.
    lately: VecDeque<(Instant, i64, i64)>,
}

impl Pace {
    fn of(id: BuildId, member: &BuildSession) -> Pace {
        Pace {
            id,
            schema: member.build.schema.to_string(),
            began: Instant::now(),
            stage: "begin",
            position: member.build.position,
            target: Position(0),
            events: member.build.events_read,
            whole: None,
            waits: None,
            lately: VecDeque::new(),
        }
    }

    fn enter(&mut self, stage: &'static str) {
        (self.stage, self.target, self.whole) = (stage, Position(0), None);
        self.waits = None;
        self.lately.clear();
    }

    fn read(
        &mut self,
        (position, target): (Position, Position),
        (events, whole): (i64, Option<i64>),
        at: Instant,
    ) {
        (self.position, self.target, self.events, self.whole) = (position, target, events, whole);
        self.lately.push_back((at, events, self.measure().0));
        // Of what is older one moment stays, from which the rate is reckoned.
        while self.lately.get(1).is_some_and(|next| at.saturating_duration_since(next.0) > WINDOW) {
            self.lately.pop_front();
        }
    }

    /// What is done, of how much: in events where positions lie far apart, else in positions.
    fn measure(&self) -> (i64, i64) {
        match self.whole {
            Some(whole) => (self.events, whole),
            None => (self.position.0, self.target.0),
        }
    }

    fn told(&self) -> BuildProgress {
        let (first, last) = (self.lately.front(), self.lately.back());
        let apart = first.zip(last).map(|(first, last)| {
            let time = last.0.saturating_duration_since(first.0);
            (time, last.1 - first.1, last.2 - first.2)
        });
        let apart = apart.filter(|(time, ..)| *time >= SHORTEST);
        #[expect(clippy::cast_precision_loss, reason = "rates for people")]
        let a_second = |(time, events, done): (Duration, i64, i64)| {
            (events as f64 / time.as_secs_f64(), done as f64 / time.as_secs_f64())
        };
        let (rate, speed) = apart.map(a_second).unzip();
        let (done, whole) = self.measure();
        #[expect(clippy::cast_precision_loss, reason = "a time for people")]
        let left = speed.filter(|speed| *speed > 0.0 && whole > 0).and_then(|speed| {
            Duration::try_from_secs_f64((whole - done).max(0) as f64 / speed).ok()
        });
        BuildProgress {
            build: self.id,
            stage: self.stage.to_owned(),
            position: self.position,
            target: self.target,
            events: self.events,
            whole: self.whole,
            rate,
            left,
            waits: self.waits.clone(),
            running: self.began.elapsed(),
            host: nix::unistd::gethostname().unwrap_or_default().to_string_lossy().into_owned(),
            pid: i64::from(std::process::id()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace() -> Pace {
        Pace {
            id: BuildId(1),
            schema: "p__b1".into(),
            began: Instant::now(),
            stage: "replay",
            position: Position(0),
            target: Position(0),
            events: 0,
            whole: None,
            waits: None,
            lately: VecDeque::new(),
        }
    }

    #[test]
    fn a_rate_is_that_of_the_last_seconds() {
        let (start, mut pace) = (Instant::now(), pace());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!((pace.told().rate, pace.told().left, pace.told().done()), (None, None, None));
        // A hundred events and a thousand positions a second at first, then ten times as many.
        for second in 0..=100 {
            let events = i64::try_from(second).unwrap() * 100;
            pace.read((Position(events * 10), Position(1_000_000)), (events, None), at(second));
        }
        for second in 1..=30 {
            let events = 10_000 + i64::try_from(second).unwrap() * 1_000;
            pace.read(
                (Position(events * 10), Position(1_000_000)),
                (events, None),
                at(100 + second),
            );
        }
        let told = pace.told();
        assert_eq!(told.rate, Some(1_000.0));
        assert_eq!(told.left, Some(Duration::from_secs(60)));
        assert_eq!(told.done(), Some(0.4));
        assert!(pace.lately.len() <= 18, "{}", pace.lately.len());
        // Where positions tell nothing, events do.
        pace.enter("replay");
        pace.read((Position(5), Position(6)), (10, Some(40)), at(200));
        pace.read((Position(5), Position(6)), (20, Some(40)), at(201));
        assert_eq!(pace.told().left, Some(Duration::from_secs(2)));
        assert_eq!(pace.told().done(), Some(0.5));
        // Of a stage that reads nothing nobody knows how long it takes.
        pace.enter("finish");
        assert_eq!((pace.told().rate, pace.told().left, pace.told().done()), (None, None, None));
    }
}
