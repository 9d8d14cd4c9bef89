//! The stages of a run, with the time and the events of each: the ledger keeps neither.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::progress::{Observer, Progress, Stage};

/// A stage that a build went through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageRun {
    /// Which.
    pub stage: Stage,
    /// How long it took; up to now, if it has not ended.
    pub took: Duration,
    /// How many events were read in it.
    pub events: u64,
}

/// Takes note of when builds enter stages, and hands everything on.
pub struct Recorder {
    to: Arc<dyn Observer>,
    builds: Mutex<BTreeMap<String, Record>>,
}

#[derive(Default)]
struct Record {
    stages: Vec<(Stage, Instant, u64)>,
    /// What was told last of the events that were read since the build was opened.
    told: u64,
}

impl Recorder {
    /// Records what the observer `to` is told, and passes it on.
    #[must_use]
    pub fn before(to: Arc<dyn Observer>) -> Recorder {
        Recorder { to, builds: Mutex::default() }
    }

    /// The stages of a build, in the order of the run.
    #[must_use]
    pub fn stages(&self, build: &str) -> Vec<StageRun> {
        let builds = self.builds.lock().unwrap_or_else(PoisonError::into_inner);
        let stages = builds.get(build).map_or(&[][..], |record| &record.stages);
        let ends = stages.iter().skip(1).map(|(_, began, _)| *began).chain([Instant::now()]);
        let run = |((stage, began, events), end): (&(Stage, Instant, u64), Instant)| StageRun {
            stage: *stage,
            took: end.saturating_duration_since(*began),
            events: *events,
        };
        stages.iter().zip(ends).map(run).collect()
    }

    fn change(&self, build: &str, change: impl FnOnce(&mut Record)) {
        let mut builds = self.builds.lock().unwrap_or_else(PoisonError::into_inner);
        change(builds.entry(build.to_owned()).or_default());
    }
}

impl Observer for Recorder {
    fn note(&self, progress: &Progress) {
        match progress {
            Progress::Stage { build, stage } => self.change(build, |record| {
                record.stages.push((*stage, Instant::now(), 0));
            }),
            Progress::Batch { build, events, .. } => self.change(build, |record| {
                // Of a build that was opened again the count begins anew.
                let more = if *events < record.told { *events } else { events - record.told };
                record.told = *events;
                if let Some((.., read)) = record.stages.last_mut() {
                    *read += more;
                }
            }),
            _ => {}
        }
        self.to.note(progress);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Position;

    struct Nobody;

    impl Observer for Nobody {
        fn note(&self, _: &Progress) {}
    }

    #[test]
    fn events_belong_to_the_stage_in_which_they_were_read() {
        let recorder = Recorder::before(Arc::new(Nobody));
        let enter = |stage| recorder.note(&Progress::Stage { build: "b".into(), stage });
        let read = |events| {
            let (position, target) = (Position(1), Position(9));
            recorder.note(&Progress::Batch {
                build: "b".into(),
                position,
                target,
                events,
                whole: None,
            });
        };
        enter(Stage::Replay);
        read(100);
        read(250);
        enter(Stage::CatchUp);
        read(260);
        // The server was lost, and the build opened again.
        read(5);
        read(7);
        let events: Vec<_> =
            recorder.stages("b").iter().map(|run| (run.stage, run.events)).collect();
        assert_eq!(events, [(Stage::Replay, 250), (Stage::CatchUp, 17)]);
        assert!(recorder.stages("c").is_empty());
    }
}
