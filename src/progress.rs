//! What the work floor tells whoever watches, and how it is asked to stop.
//!
//! The engine never prints: it hands [`Progress`] to an [`Observer`]; a bar, plain
//! lines and JSON are three readers of the same stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::event::Position;
use crate::failure::SensitiveDetail;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Progress {
    /// A revision committed, or its way back.
    Revision {
        /// The lineage it belongs to.
        lineage: String,
        /// Its file's stem, such as `V1__events`.
        revision: String,
        /// Whether it was taken back.
        undone: bool,
        /// How long it took.
        took: Duration,
    },
    /// A build entered a stage (`create`, `replay`, `finish`, ...).
    Stage {
        /// The build's schema, such as `order_summary__b2`.
        build: String,
        /// The stage's name.
        stage: Stage,
    },
    /// A batch committed.
    Batch {
        /// The build's schema.
        build: String,
        /// The build's checkpoint now.
        position: Position,
        /// The mark it works towards.
        target: Position,
        /// Events read from the log for this build since it was opened.
        events: u64,
        /// About how many it will have read at the mark, where positions lie far apart and do not tell.
        whole: Option<u64>,
    },
    /// The barrier or a lock waits for somebody.
    Waiting {
        /// What is waited for, a fragment such as `2 transactions that write to the log`.
        what: String,
        /// Who is in the way, one line each.
        holders: Vec<String>,
        /// For how long already.
        waited: Duration,
    },
    /// A build waits between two batches for the site's sake, or does so no longer.
    Held {
        /// The build's schema.
        build: String,
        /// What it waits for, a fragment such as `replica standby1, 7.2 s behind`; nothing if it goes on.
        why: Option<String>,
    },
    /// Events were put aside instead of stopping the build.
    Parked {
        /// The build's schema.
        build: String,
        /// How many in this batch.
        events: u64,
    },
    /// Events were left out and counted instead of stopping the build.
    Skipped {
        /// The build's schema.
        build: String,
        /// How many in this batch.
        events: u64,
    },
    /// A build stopped being followed; the others go on.
    Stopped {
        /// The build's schema.
        build: String,
        /// Why, as a sentence.
        reason: String,
        /// What was said of the event that stopped it, and its payload: not for everybody.
        sensitive: Option<Box<SensitiveDetail>>,
    },
    /// Readers see another build.
    Promoted {
        /// The build's schema.
        build: String,
        /// How many attempts the switch took.
        attempts: u32,
        /// How long the successful attempt held locks.
        held: Duration,
    },
    /// Lines or rows were copied by `import` or `export`.
    Copied {
        /// How many so far.
        rows: u64,
        /// Bytes read so far.
        bytes: u64,
        /// Bytes in all, where known.
        of_bytes: Option<u64>,
    },
    /// Rows of two builds were compared.
    Compared {
        /// The table.
        table: String,
        /// How many so far, of both builds together.
        rows: u64,
        /// About how many there are.
        of_rows: u64,
    },
    /// A file that is too large to be held runs.
    Streamed {
        /// The revision.
        revision: String,
        /// Bytes that have run.
        bytes: u64,
        /// Bytes in all.
        of_bytes: u64,
    },
    /// The server said something while a revision ran.
    Notice {
        /// `warning`, `notice` and the like.
        severity: String,
        /// The statement that ran: file, line and column.
        place: String,
        /// What it said.
        message: String,
    },
    /// A follower is at work: told when it begins, and about twice a second while it has nothing else to tell.
    Alive,
    /// Anything else worth a line.
    Note(String),
}

/// The stages of a rebuild, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The schema is made and its lineage applied.
    Create,
    /// The log is read up to the first high-water mark.
    Replay,
    /// Indexes come back and the tables are analysed.
    Finish,
    /// The rest of the log is read.
    CatchUp,
    /// The assertions of `checks.sql` run.
    Check,
    /// Two builds are compared.
    Verify,
    /// Readers are switched.
    Promote,
    /// The log is followed.
    Follow,
}

impl Stage {
    /// The stage's name as people read it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Create => "create",
            Stage::Replay => "replay",
            Stage::Finish => "finish",
            Stage::CatchUp => "catch up",
            Stage::Check => "check",
            Stage::Verify => "verify",
            Stage::Promote => "promote",
            Stage::Follow => "follow",
        }
    }
}

/// Somebody who watches.
pub trait Observer: Send + Sync {
    /// Takes note. Called from several threads; must not block for long.
    fn note(&self, progress: &Progress);
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn note(&self, _: &Progress) {}
}

/// A request to stop between two batches, shared by every thread of a command.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Nobody has asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked.
    #[must_use]
    pub fn raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
