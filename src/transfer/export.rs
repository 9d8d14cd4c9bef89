//! `export`: the event log as lines of JSON, in the order of positions.
//!
//! Goes to a mark of the barrier, so nothing at or below the last line can appear later.
//! Reads any log, adopted ones too. The log is read in ranges, so that a slow output does
//! not hold a snapshot for long.

use std::io::{self, Write};

use super::Teller;
use super::line::{LineError, check_json, push_event};
use crate::context::Context;
use crate::event::{Position, RawEvent};
use crate::log::ranges::Ranges;
use crate::log::reader::Chunk;
use crate::log::wanted::{ChunkBounds, Needs, Range, Wanted};
use crate::log::{Log, LogError};
use crate::pg::Session;

/// Bytes handed to the output at once.
const PIECE_BYTES: usize = 256 * 1024;

/// Which events are exported.
#[derive(Debug, Clone, Default)]
pub struct ExportOptions {
    /// Everything at or below it is left out.
    pub after: Option<Position>,
    /// The last position that counts; the mark where it is none or lies behind the mark.
    pub until: Option<Position>,
    /// The types; every type where there is none.
    pub types: Vec<String>,
}

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The output takes no more. A reader that went away is [`io::ErrorKind::BrokenPipe`].
    #[error("the output cannot be written: {source}")]
    Output {
        /// What the system said.
        source: io::Error,
    },
    /// An adopted log holds a text that is not JSON.
    #[error("the {field} of the event at position {position} is broken: {error}")]
    Broken {
        /// `payload` or `metadata`.
        field: &'static str,
        /// The event.
        position: Position,
        /// Why; it quotes nothing.
        error: LineError,
    },
    /// Somebody asked to stop.
    #[error("stopped after {events} events")]
    Interrupted {
        /// How many were written.
        events: u64,
    },
}

/// Writes the log to `output` and gives the number of events.
///
/// # Errors
/// The log cannot be read, the output takes no more, or somebody asked to stop.
pub fn export(
    context: &Context,
    output: &mut dyn Write,
    options: &ExportOptions,
) -> Result<u64, ExportError> {
    let (mut session, log) = context.open_log("export")?;
    let mark = context.barrier(&mut session, &log)?;
    let until = mark.at_most(options.until).position();
    let mut writer = Writer {
        context,
        output,
        check: context.project.adopts(),
        piece: Vec::with_capacity(PIECE_BYTES + PIECE_BYTES / 4),
        events: 0,
        bytes: 0,
        teller: Teller::new(context, None),
    };
    let whole = Range { after: options.after.unwrap_or_default(), until };
    let (span, density) =
        (context.project.config.rebuild.range_positions, log.density(&mut session, whole)?);
    let ranges = Ranges::new(&log, whole, span, density);
    let mut number = 0;
    while let Some(range) = ranges.nth(&mut session, number)? {
        let before = writer.events;
        writer.range(&mut session, &log, range, &options.types)?;
        ranges.had(range, usize::try_from(writer.events - before).unwrap_or(usize::MAX));
        number += 1;
    }
    writer.finish()
}

struct Writer<'a> {
    context: &'a Context,
    output: &'a mut dyn Write,
    /// Whether the log's texts must be looked at: `jsonb` of our own always is JSON.
    check: bool,
    piece: Vec<u8>,
    events: u64,
    bytes: u64,
    teller: Teller<'a>,
}

impl Writer<'_> {
    fn range(
        &mut self,
        session: &mut Session,
        log: &Log,
        range: Range,
        types: &[String],
    ) -> Result<(), ExportError> {
        let wanted = if types.is_empty() { Wanted::All } else { Wanted::Types(types) };
        let needs = Needs {
            metadata: log.shape.metadata.is_some(),
            recorded_at: log.shape.recorded_at.is_some(),
            minimal_columns: false,
            stream: true,
        };
        let pace = &self.context.project.config.rebuild;
        let bounds = ChunkBounds { events: pace.batch_events, bytes: pace.batch_bytes };
        let mut result = Ok(());
        log.read(session, range, wanted, needs, bounds, &mut |chunk| {
            result = self.chunk(&chunk, needs);
            result.is_ok()
        })?;
        result
    }

    fn chunk(&mut self, chunk: &Chunk, needs: Needs) -> Result<(), ExportError> {
        if self.context.interrupt.raised() {
            return Err(ExportError::Interrupted { events: self.events });
        }
        for event in chunk.texts(needs) {
            let event = event?;
            if self.check {
                check(&event)?;
            }
            push_event(&event, &mut self.piece);
            self.events += 1;
            if self.piece.len() >= PIECE_BYTES {
                self.hand_over()?;
            }
        }
        self.teller.moved(self.events, self.bytes);
        Ok(())
    }

    fn hand_over(&mut self) -> Result<(), ExportError> {
        self.output.write_all(&self.piece).map_err(|source| ExportError::Output { source })?;
        self.bytes += self.piece.len() as u64;
        self.piece.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<u64, ExportError> {
        self.hand_over()?;
        self.output.flush().map_err(|source| ExportError::Output { source })?;
        self.teller.tell(self.events, self.bytes);
        Ok(self.events)
    }
}

fn check(event: &RawEvent<'_>) -> Result<(), ExportError> {
    for (field, text) in [("payload", Some(event.payload)), ("metadata", event.metadata)] {
        if let Some(Err(error)) = text.map(check_json) {
            return Err(ExportError::Broken { field, position: event.position, error });
        }
    }
    Ok(())
}
