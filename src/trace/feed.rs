//! The log for a replay, read ahead of it.
//!
//! Where the native engine takes all events of their types, they are read and bound by several sessions, as a rebuild
//! reads them: then nothing that a trace waits for takes longer than it does there.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use super::TraceError;
use crate::context::Context;
use crate::event::Position;
use crate::log::Log;
use crate::log::ranges::{Density, Ranges};
use crate::log::reader::Chunk;
use crate::log::wanted::{ChunkBounds, Needs, Range, Wanted};
use crate::pg::Session;
use crate::pg::download::Download;
use crate::replay::batch_size::BatchSizes;
use crate::replay::native::bind::{Binder, Bound};
use crate::replay::readers::{ChunkReceiver, ChunkSender, Piece, Reading};

/// Events and bytes of a batch at the most.
pub(crate) const BOUNDS: ChunkBounds = ChunkBounds { events: 1_000, bytes: 4 << 20 };
/// Events of a range, where several sessions read.
const SPAN: i64 = 8_000;
/// Chunks that are read before they are replayed.
const READ_AHEAD: usize = 4;

/// A part of the log.
#[derive(Clone, Copy)]
pub(super) struct Part<'p> {
    pub(super) range: Range,
    pub(super) wanted: Wanted<'p>,
    pub(super) needs: Needs,
}

/// Events that were read.
pub(super) enum EventsRead {
    Chunk(Arc<Chunk>),
    Bound(Box<Bound>),
}

impl EventsRead {
    pub(super) fn chunk(&self) -> &Arc<Chunk> {
        match self {
            EventsRead::Chunk(chunk) => chunk,
            EventsRead::Bound(bound) => &bound.chunk,
        }
    }
}

/// Reads a part of the log and gives it away in order. With a binder its chunks may come bound.
pub(super) fn read(
    context: &Context,
    (events, log): (&mut Session, &Log),
    part: Part<'_>,
    binder: Option<Binder<'_>>,
    mut take: impl FnMut(EventsRead) -> Result<(), TraceError>,
) -> Result<(), TraceError> {
    let mut take = |taken| match context.interrupt.raised() {
        true => Err(TraceError::Interrupted),
        false => take(taken),
    };
    match (binder, part.wanted) {
        (Some(binder), Wanted::Types(types)) => {
            by_several(context, (events, log), (part, types), binder, &mut take)?;
        }
        _ => by_one(events, log, part, &mut take)?,
    }
    // Readers that were interrupted end as at the end of the log.
    if context.interrupt.raised() { Err(TraceError::Interrupted) } else { Ok(()) }
}

fn by_one(
    events: &mut Session,
    log: &Log,
    Part { range, wanted, needs }: Part<'_>,
    take: &mut impl FnMut(EventsRead) -> Result<(), TraceError>,
) -> Result<(), TraceError> {
    std::thread::scope(|scope| {
        let (tell, chunks) = sync_channel(READ_AHEAD);
        let reader = scope.spawn(move || {
            log.read(events, range, wanted, needs, BOUNDS, &mut |chunk| tell.send(chunk).is_ok())
        });
        // Whoever stops here drops the chunks' receiver, and the reader ends with its next one.
        for chunk in chunks {
            take(EventsRead::Chunk(Arc::new(chunk)))?;
        }
        match reader.join() {
            Ok(read) => Ok(read?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn by_several(
    context: &Context,
    (events, log): (&mut Session, &Log),
    (Part { range, needs, .. }, types): (Part<'_>, &[String]),
    binder: Binder<'_>,
    take: &mut impl FnMut(EventsRead) -> Result<(), TraceError>,
) -> Result<(), TraceError> {
    let density = log.density(events, range)?;
    let sessions = match density {
        Density::Few => 1,
        Density::Close | Density::Apart => context.project.config.rebuild.workers().max(1),
    };
    let mut others = (1..sessions)
        .map(|_| Download::open(&context.event_store, "trace"))
        .collect::<Result<Vec<Download>, _>>()?;
    let (ranges, sizes) =
        (Ranges::new(log, range, SPAN, density), BatchSizes::new(BOUNDS.events, 0));
    let reading = &Reading {
        log,
        ranges: &ranges,
        types,
        needs,
        bounds: BOUNDS,
        sizes: &sizes,
        is_brief: false,
        throttle: None,
        interrupt: &context.interrupt,
    };
    std::thread::scope(|scope| {
        let (senders, pieces) = ChunkSender::new(Position(0), Some(binder), sessions);
        let mut senders = senders.into_iter().map(|sender| vec![sender]);
        let mut readers = Vec::new();
        readers.extend(
            senders.next().map(|own| scope.spawn(move || reading.run(events, (0, sessions), own))),
        );
        for ((lane, own), download) in (1..).zip(senders).zip(&mut others) {
            readers.push(scope.spawn(move || reading.run(download, (lane, sessions), own)));
        }
        let taken = give(pieces, take);
        for reader in readers {
            match reader.join() {
                Ok(read) => read?,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        taken
    })
}

/// Gives away what readers hand on. They end with their next piece where it is not taken.
fn give(
    pieces: ChunkReceiver,
    take: &mut impl FnMut(EventsRead) -> Result<(), TraceError>,
) -> Result<(), TraceError> {
    for piece in pieces {
        take(match piece {
            Piece::Chunk(chunk) => EventsRead::Chunk(chunk),
            Piece::Bound(bound) => EventsRead::Bound(bound),
            Piece::Damaged(error) => return Err(error.into()),
        })?;
    }
    Ok(())
}
