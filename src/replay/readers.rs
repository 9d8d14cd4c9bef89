//! Readers: the log in ranges, by one session or by several at once, for any number of builds.
//!
//! Reader `n` of `m` takes every `m`-th range of one cut ([`Ranges`]), binds its chunks for the builds that want that,
//! and hands them on; each build takes the ranges in the order of the log. Channels are short, so
//! a slow build holds memory for a few chunks and no more.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::event::Position;
use crate::handler::plan::LayoutCache;
use crate::log::ranges::Ranges;
use crate::log::reader::Chunk;
use crate::log::wanted::{ChunkBounds, Needs, Range, Wanted};
use crate::log::{Log, LogError};
use crate::progress::Interrupt;
use crate::replay::batch_size::BatchSizes;
use crate::replay::native::bind::{Binder, Bound};
use crate::replay::standby::RangeSource;
use crate::replay::throttle::Throttle;

/// Chunks that wait for a build, a reader.
const WAITING: usize = 4;
/// Bytes of a range that are held until it has been read.
const HELD_BYTES: usize = 64 << 20;

/// What a reader hands to a build.
#[derive(Debug)]
enum Load {
    Chunk(Arc<Chunk>),
    Bound(Box<Bound>),
    Damaged(LogError),
    EndOfRange,
}

/// What a build gets of a pass, in the order of the log.
#[derive(Debug)]
pub enum Piece {
    /// A chunk as it was read.
    Chunk(Arc<Chunk>),
    /// A chunk that was bound.
    Bound(Box<Bound>),
    /// The log's rows are damaged there.
    Damaged(LogError),
}

/// The readers' work for one build.
pub struct ChunkReceiver {
    lanes: Vec<Receiver<Load>>,
    at: usize,
}

impl Iterator for ChunkReceiver {
    type Item = Piece;

    /// Nothing more when the readers have ended, for whatever reason.
    fn next(&mut self) -> Option<Piece> {
        loop {
            match self.lanes[self.at].recv().ok()? {
                Load::Chunk(chunk) => return Some(Piece::Chunk(chunk)),
                Load::Bound(bound) => return Some(Piece::Bound(bound)),
                Load::Damaged(error) => return Some(Piece::Damaged(error)),
                Load::EndOfRange => self.at = (self.at + 1) % self.lanes.len(),
            }
        }
    }
}

/// A build that takes part, as one reader sees it.
pub struct ChunkSender<'c> {
    after: Position,
    /// With what this reader remembers of payloads.
    binder: Option<(Binder<'c>, LayoutCache)>,
    /// Only this reader's own: a lane ends when its reader does, or the build would wait for one
    /// that lost its server while the others wait for the build.
    lane: SyncSender<Load>,
}

impl<'c> ChunkSender<'c> {
    /// A build that has everything up to `after`, for each of so many readers, and what it will
    /// get from them.
    #[must_use]
    pub fn new(
        after: Position,
        binder: Option<Binder<'c>>,
        readers: usize,
    ) -> (Vec<ChunkSender<'c>>, ChunkReceiver) {
        let (senders, lanes): (Vec<_>, Vec<_>) =
            (0..readers).map(|_| sync_channel(WAITING)).unzip();
        let senders = senders.into_iter().map(|lane| {
            let binder = binder.map(|binder| (binder, binder.native.plans.layouts()));
            ChunkSender { after, binder, lane }
        });
        (senders.collect(), ChunkReceiver { lanes, at: 0 })
    }

    /// Whether the build still takes what it is given.
    fn takes(&mut self, chunk: &Arc<Chunk>) -> bool {
        if chunk.range.until <= self.after {
            return true;
        }
        let load = match &mut self.binder {
            None => Load::Chunk(Arc::clone(chunk)),
            Some((binder, layouts)) => match binder.bind(layouts, Arc::clone(chunk), self.after) {
                Ok(bound) => Load::Bound(Box::new(bound)),
                Err(error) => Load::Damaged(error),
            },
        };
        self.lane.send(load).is_ok()
    }
}

/// What is read of the log, and how.
#[derive(Clone, Copy)]
pub struct Reading<'r> {
    /// The log.
    pub log: &'r Log,
    /// From where to where, one COPY each.
    pub ranges: &'r Ranges<'r>,
    /// Events of these types.
    pub types: &'r [String],
    /// What of the envelope is needed.
    pub needs: Needs,
    /// How large a chunk may grow.
    pub bounds: ChunkBounds,
    /// How many events it may have, where the sql engine says so.
    pub sizes: &'r BatchSizes,
    /// Whether a range is read to its end before it is handed on: a statement that reads keeps dead
    /// rows of the whole database from being taken away for as long as it is open.
    pub is_brief: bool,
    /// What holds the reading back, if anything does.
    pub throttle: Option<&'r Throttle>,
    /// Who may ask to stop.
    pub interrupt: &'r Interrupt,
}

impl Reading<'_> {
    /// Reads every `lanes`-th range, from the `lane`-th on.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn run(
        &self,
        session: &mut impl RangeSource,
        (lane, lanes): (usize, usize),
        mut senders: Vec<ChunkSender<'_>>,
    ) -> Result<(), LogError> {
        let mut number = lane;
        while !senders.is_empty() && !self.interrupt.raised() {
            if let Some(throttle) = self.throttle {
                throttle.before_reading(self.interrupt);
            }
            let range = match self.ranges.nth(session, number) {
                Ok(Some(range)) => range,
                Ok(None) => break,
                Err(error) => {
                    session.counts(Err(error))?;
                    continue;
                }
            };
            number += lanes;
            let mut events = 0;
            let mut rest = Some(range);
            while let Some(range) = rest {
                let read;
                (read, rest) = self.read(session, range, &mut senders)?;
                events += read;
            }
            if let Some(throttle) = self.throttle {
                throttle.has_read(events);
            }
            self.ranges.had(range, events);
            if self.interrupt.raised() {
                break;
            }
            senders.retain(|sender| sender.lane.send(Load::EndOfRange).is_ok());
        }
        Ok(())
    }

    /// Reads a range, or as much of it as can be held back; gives how many events were handed on, and what is to
    /// be read yet.
    fn read(
        &self,
        session: &mut impl RangeSource,
        range: Range,
        senders: &mut Vec<ChunkSender<'_>>,
    ) -> Result<(usize, Option<Range>), LogError> {
        let (mut events, mut held, mut bytes) = (0, Vec::new(), 0);
        let is_sure = session.is_sure();
        let mut is_cut = false;
        let wanted = Wanted::Types(self.types);
        let bounds = ChunkBounds { events: self.sizes.now(), ..self.bounds };
        let read = self.log.read(session, range, wanted, self.needs, bounds, &mut |chunk| {
            events += chunk.len();
            bytes += chunk.bytes();
            held.push(Arc::new(chunk));
            is_cut = !is_sure && bytes > HELD_BYTES;
            if is_sure && (!self.is_brief || bytes > HELD_BYTES) {
                bytes = 0;
                self.hand_on(&mut held, senders);
            }
            !is_cut && !senders.is_empty() && !self.interrupt.raised()
        });
        if !session.counts(read)? {
            return Ok((0, Some(range)));
        }
        let last = held.last().map(|chunk| chunk.range.until).filter(|_| is_cut);
        let rest = last.filter(|last| *last < range.until);
        self.hand_on(&mut held, senders);
        Ok((events, rest.map(|after| Range { after, ..range })))
    }

    fn hand_on(&self, held: &mut Vec<Arc<Chunk>>, senders: &mut Vec<ChunkSender<'_>>) {
        for chunk in held.drain(..) {
            if self.interrupt.raised() {
                break;
            }
            // A build whose threads have ended is no longer fed.
            senders.retain_mut(|sender| sender.takes(&chunk));
        }
    }
}
