//! The section on the pace of rebuilds and promotes.

use std::time::Duration;

use bytesize::ByteSize;
use serde::Deserialize;

use super::span::Span;
use crate::event::PayloadLimits;

/// `[rebuild]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rebuild {
    /// Events in one batch at the most; rows and checkpoint commit once a batch.
    pub batch_events: usize,
    /// Bytes of parameters in one batch at the most.
    pub batch_bytes: usize,
    /// Bytes of a payload at the most; a larger one is an event that cannot be applied.
    pub max_payload_bytes: usize,
    /// Levels of arrays and objects in a payload at the most.
    pub max_payload_depth: usize,
    /// Positions one COPY of the log covers.
    pub range_positions: i64,
    /// Bytes the native engine keeps rows in, for all builds of a pass together.
    pub memory_budget: ByteSize,
    /// Seconds the native engine goes on in memory before it commits; 0 commits each chunk.
    pub checkpoint_interval_s: u64,
    /// Milliseconds a promote waits for its locks before it lets readers pass and tries again.
    pub promote_lock_timeout_ms: u64,
    /// Seconds after which a promote gives up.
    pub promote_budget_s: u64,
    /// Seconds after which a barrier that cannot pass is an error; 0 waits for ever.
    pub barrier_timeout_s: u64,
    /// Seconds after which a transaction that writes to the log is told before a rebuild.
    pub long_transaction_s: u32,
    /// Sessions that read the log, and sessions that finish and check builds, at the most; where it is not given, the
    /// cores of this machine, but no more than four.
    pub workers: Option<usize>,
    /// Events a second that a rebuild reads at the most.
    pub max_rate: Option<u32>,
    /// A rebuild waits while a replica of the read models' server is farther behind: `"5s"`.
    pub max_replica_lag: Option<Span>,
    /// Bytes of WAL a second that a rebuild takes at the most: `"20MB"`.
    pub max_wal_per_s: Option<ByteSize>,
    /// Retired builds of a projection that prune keeps, the newest ones. Unless it is 0, the build that was
    /// live longest within the last week is kept as well. Only what is kept is followed.
    pub keep_retired: usize,
}

/// One fold is fed by three readers, and a server has other work than a rebuild.
const MOST_WORKERS: usize = 4;

impl Default for Rebuild {
    fn default() -> Self {
        Self {
            batch_events: 5_000,
            batch_bytes: 8 * 1024 * 1024,
            max_payload_bytes: 64 * 1024 * 1024,
            max_payload_depth: 1_000,
            range_positions: 100_000,
            memory_budget: ByteSize::gib(1),
            checkpoint_interval_s: 30,
            promote_lock_timeout_ms: 20,
            promote_budget_s: 120,
            barrier_timeout_s: 60,
            long_transaction_s: 60,
            workers: None,
            max_rate: None,
            max_replica_lag: None,
            max_wal_per_s: None,
            keep_retired: 1,
        }
    }
}

impl Rebuild {
    /// How large a payload may be.
    #[must_use]
    pub fn payload_limits(&self) -> PayloadLimits {
        PayloadLimits { bytes: self.max_payload_bytes, depth: self.max_payload_depth }
    }

    /// How many sessions read the log, and how many finish and check builds, at the most.
    #[must_use]
    pub fn workers(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.workers.unwrap_or_else(|| cores().min(MOST_WORKERS))
    }

    /// How long a barrier may wait; `None` is for ever.
    #[must_use]
    pub fn barrier_timeout(&self) -> Option<Duration> {
        (self.barrier_timeout_s > 0).then(|| Duration::from_secs(self.barrier_timeout_s))
    }
}
