//! What a supervisor is told: systemd's `Type=notify` and its watchdog, by the socket that NOTIFY_SOCKET names.
//!
//! Without one nothing is told. The watchdog hears of the thread that follows, not of one beside it: a follower that
//! hangs is restarted.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sd_notify::NotifyState;

use crate::progress::{Observer, Progress};

/// Of the time that the watchdog allows, so much passes at the most.
const SHARE: u32 = 4;

/// Watches for a supervisor, and passes on what it hears.
pub(super) struct Supervised {
    inner: Arc<dyn Observer>,
    /// How often the watchdog wants to hear of us.
    every: Option<Duration>,
    told: Mutex<Option<Instant>>,
}

impl Supervised {
    pub(super) fn new(inner: Arc<dyn Observer>) -> Supervised {
        let every = sd_notify::watchdog_enabled().map(|allowed| allowed / SHARE);
        Supervised { inner, every, told: Mutex::new(None) }
    }

    /// Says that the process is about to end.
    pub(super) fn stopping(&self) {
        say(&[NotifyState::Stopping]);
    }
}

impl Observer for Supervised {
    fn note(&self, progress: &Progress) {
        self.inner.note(progress);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        match (*told, self.every) {
            // It begins to follow.
            (None, _) if *progress == Progress::Alive => {
                say(&[NotifyState::Ready, NotifyState::Status("following the log")]);
                *told = Some(Instant::now());
            }
            (Some(at), Some(every)) if at.elapsed() >= every => {
                say(&[NotifyState::Watchdog]);
                *told = Some(Instant::now());
            }
            _ => {}
        }
    }
}

/// Says something to the supervisor, if there is one: one that does not listen is no reason to stop.
fn say(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::debug!(%error, "the supervisor was not told");
    }
}
