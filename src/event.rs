//! The event, in the words everything above speaks.

use std::fmt;

/// The place of an event in the log's global order. Positions start above 0;
/// 0 means "before the first event".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position(pub i64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One event as the log holds it, borrowed from the buffer it was read into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawEvent<'a> {
    /// Where it stands in the log.
    pub position: Position,
    /// The stream it belongs to.
    pub stream_id: &'a str,
    /// Its number inside the stream.
    pub stream_version: i64,
    /// The type's name.
    pub event_type: &'a str,
    /// The version of the type's payload, from 1.
    pub schema_version: i32,
    /// The payload, JSON text exactly as the server gave it.
    pub payload: &'a str,
    /// The metadata as JSON text; `None` where it was not read or is NULL.
    pub metadata: Option<&'a str>,
    /// When it was recorded, ISO 8601 in UTC; `None` where it was not read or is NULL.
    pub recorded_at: Option<&'a str>,
    /// When it was recorded, in microseconds since 2000-01-01 UTC, where it was read so.
    pub recorded_micros: Option<i64>,
}
