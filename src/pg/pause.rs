//! Pauses between attempts: growing, and jittered so that two who wait do not meet again.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

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
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.subsec_nanos());
        std::thread::sleep(self.next / 2 + self.next / 2 * (nanos % 1_000) / 1_000);
        self.next = (self.next * 2).min(self.longest);
    }
}
