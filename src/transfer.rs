//! The event log as lines of JSON: `import` and `export`.
//!
//! Owns the NDJSON form of an event and the two ways across. One line is one event, in
//! the words of the design: `stream_id`, `stream_version`, `type`, `schema_version`,
//! `payload`, `metadata`, `recorded_at`, and `position`, which `export` writes and `import`
//! ignores, for positions are the log's to give. What `export` wrote, `import` appends again
//! as the same events in the same order. No file is opened here: the face hands in a reader
//! or a writer. Payloads and metadata pass as text, never through a tree of values or a float.

mod awaited;
mod export;
mod import;
mod line;
mod lines;
mod refusal;

use std::time::{Duration, Instant};

pub use awaited::Awaited;
pub use export::{ExportError, ExportOptions, export};
pub use import::{ImportError, Imported, import};
pub use line::{LineError, MAX_DEPTH, push_event};
pub use lines::{MAX_LINE_BYTES, rows};

use crate::context::Context;
use crate::progress::Progress;

/// How long whoever watches is left alone.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Tells how far a transfer is, not too often.
struct Teller<'a> {
    context: &'a Context,
    of_bytes: Option<u64>,
    told: Instant,
}

impl<'a> Teller<'a> {
    fn new(context: &'a Context, of_bytes: Option<u64>) -> Self {
        Self { context, of_bytes, told: Instant::now() }
    }

    fn moved(&mut self, rows: u64, bytes: u64) {
        if self.told.elapsed() >= TELL_EVERY {
            self.tell(rows, bytes);
        }
    }

    fn tell(&mut self, rows: u64, bytes: u64) {
        self.told = Instant::now();
        self.context.note(&Progress::Copied { rows, bytes, of_bytes: self.of_bytes });
    }
}
