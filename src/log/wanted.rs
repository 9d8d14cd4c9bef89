//! What is asked of the log: which events of which range, how much of each, and how much at once.

use super::PayloadKind;
use crate::event::Position;

/// What of an event is needed besides its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// The metadata.
    pub metadata: bool,
    /// The time it was recorded.
    pub recorded_at: bool,
    /// Whether a program reads: the time as a number, and the stream only where it is asked for.
    /// It saves the server a quarter of its work.
    pub minimal_columns: bool,
    /// The stream and the event's number in it, where a reading has minimal columns; else they are there.
    pub stream: bool,
}

impl Needs {
    /// What either of two needs.
    #[must_use]
    pub fn or(self, other: Needs) -> Needs {
        Needs {
            metadata: self.metadata || other.metadata,
            recorded_at: self.recorded_at || other.recorded_at,
            minimal_columns: self.minimal_columns && other.minimal_columns,
            stream: self.stream || other.stream,
        }
    }

    pub(super) fn has_stream(self) -> bool {
        !self.minimal_columns || self.stream
    }
}

/// Which events of a range are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Every event, whatever its type.
    All,
    /// Events of these types; none where there is no type.
    Types(&'a [String]),
    /// Events of these types that a condition picks ([`pick`](super::Log::pick)).
    Picked {
        /// The types.
        types: &'a [String],
        /// The condition.
        condition: &'a str,
    },
    /// Events of these types: all up to a position, and after it those at some positions.
    Sample {
        /// The types.
        types: &'a [String],
        /// The last position up to which all count.
        until: Position,
        /// The others.
        at: &'a [Position],
    },
}

/// A range of the log, without its lower end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Everything at or below it is left out.
    pub after: Position,
    /// The last position that counts.
    pub until: Position,
}

/// How large a chunk may grow before it is handed on.
#[derive(Debug, Clone, Copy)]
pub struct ChunkBounds {
    /// Events at the most.
    pub events: usize,
    /// Bytes at the most; a single larger event is a chunk of its own.
    pub bytes: usize,
}

/// What is read of the log: of which types, what of the envelope, payloads in which form.
pub(super) type What<'w> = (Wanted<'w>, Needs, PayloadKind);
