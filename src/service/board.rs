//! What was seen last: the only thing that the thread that looks and the thread that answers share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::history::History;
use crate::context::Context;
use crate::ledger::{ParkedEvent, Switch};
use crate::progress::Interrupt;
use crate::status::Status;

/// A snapshot that is older than so many polls says nothing of now.
const FRESH_POLLS: u32 = 2;

/// What was seen in one look.
pub(super) struct Snapshot {
    pub(super) status: Status,
    /// The newest parked events of all builds.
    pub(super) parked: Vec<ParkedEvent>,
    /// The newest switches of readers.
    pub(super) switches: Vec<Switch>,
}

/// What is known at a moment.
pub(super) struct View {
    pub(super) snapshot: Option<Arc<Snapshot>>,
    /// How old that is.
    pub(super) age: Duration,
    /// Why the look after it failed, if it did.
    pub(super) failed: Option<String>,
    pub(super) poll: Duration,
    /// Whether the process has been asked to stop.
    pub(super) is_stopping: bool,
    /// The lag of each build over the last hour, by its schema.
    pub(super) histories: Arc<BTreeMap<String, History>>,
    /// What the page calls the project: the ledger's server, without secrets.
    pub(super) server: String,
}

impl View {
    /// The snapshot, if it still tells how things are.
    pub(super) fn fresh(&self) -> Option<&Snapshot> {
        self.snapshot.as_deref().filter(|_| self.age <= self.poll * FRESH_POLLS)
    }
}

#[derive(Default)]
struct Seen {
    snapshot: Option<(Arc<Snapshot>, Instant)>,
    failed: Option<String>,
    histories: Arc<BTreeMap<String, History>>,
}

/// What was seen last, by the thread that looks, for the thread that answers.
pub(super) struct Board {
    seen: Mutex<Seen>,
    poll: Duration,
    interrupt: Interrupt,
    server: String,
}

impl Board {
    pub(super) fn of(context: &Context) -> Board {
        Board {
            seen: Mutex::default(),
            poll: Duration::from_millis(context.project.config.service.poll_ms),
            interrupt: context.interrupt.clone(),
            server: context.read_models.label(),
        }
    }

    pub(super) fn poll(&self) -> Duration {
        self.poll
    }

    /// Puts up what was seen now.
    pub(super) fn put(&self, snapshot: Snapshot) {
        self.change(|seen| {
            let (now, histories) = (Instant::now(), Arc::make_mut(&mut seen.histories));
            let is_there = |name: &String| {
                snapshot.status.builds.iter().any(|s| s.build.schema.as_str() == name)
            };
            histories.retain(|name, _| is_there(name));
            for standing in &snapshot.status.builds {
                let history = histories.entry(standing.build.schema.to_string()).or_default();
                history.note(now, standing.lag.map(|lag| lag.events), standing.lag_time);
            }
            seen.snapshot = Some((Arc::new(snapshot), now));
            seen.failed = None;
        });
    }

    /// Says that nothing could be seen.
    pub(super) fn fail(&self, why: String) {
        self.change(|seen| seen.failed = Some(why));
    }

    /// What is known now.
    pub(super) fn view(&self) -> View {
        self.change(|seen| View {
            snapshot: seen.snapshot.as_ref().map(|(snapshot, _)| snapshot.clone()),
            age: seen.snapshot.as_ref().map(|(_, at)| at.elapsed()).unwrap_or_default(),
            failed: seen.failed.clone(),
            poll: self.poll,
            is_stopping: self.interrupt.raised(),
            histories: seen.histories.clone(),
            server: self.server.clone(),
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
