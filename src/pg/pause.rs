//! Pauses between attempts: growing, and jittered so that two who wait do not meet again.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How often a sleeper looks whether it shall stop.
const TICK: Duration = Duration::from_millis(50);

/// A row of pauses.
#[derive(Debug, Clone)]
pub struct Pause {
    next: Duration,
    longest: Duration,
}

impl Pause {
    /// The first is at most `first`; they double up to `longest`.
    #[must_use]
    pub fn new(first: Duration, longest: Duration) -> Pause {
        Pause { next: first, longest }
    }

    /// Sleeps half to all of the next pause. The clock's nanoseconds are random enough to
    /// part two who wait.
    pub fn sleep(&mut self) {
        self.sleep_unless(|| false);
    }

    /// The same, and less where `stop` says so meanwhile.
    pub fn sleep_unless(&mut self, stop: impl Fn() -> bool) {
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.subsec_nanos());
        let end = Instant::now() + self.next / 2 + self.next / 2 * (nanos % 1_000) / 1_000;
        while !stop() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            std::thread::sleep(left.min(TICK));
        }
        self.next = (self.next * 2).min(self.longest);
    }
}
