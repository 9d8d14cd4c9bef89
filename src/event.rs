//! The event, in the words everything above speaks.

use std::fmt;

use crate::value::check_depth;
use crate::value::jsonb::Jsonb;

/// The place of an event in the log's global order. Positions start above 0;
/// 0 means "before the first event".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Position(pub i64);

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One event as the log holds it, borrowed from the buffer it was read into. Its payload is JSON
/// text, exactly as the server gave it, unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawEvent<'a, P = &'a str> {
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
    /// The payload.
    pub payload: P,
    /// The metadata as JSON text; `None` where it was not read or is NULL.
    pub metadata: Option<&'a str>,
    /// When it was recorded, ISO 8601 in UTC; `None` where it was not read or is NULL.
    pub recorded_at: Option<&'a str>,
    /// When it was recorded, in microseconds since 2000-01-01 UTC, where it was read so.
    pub recorded_micros: Option<i64>,
}

impl<'a, P> RawEvent<'a, P> {
    /// The event with another form of its payload.
    #[must_use]
    #[inline]
    pub fn with_payload<Q>(self, payload: Q) -> RawEvent<'a, Q> {
        RawEvent {
            position: self.position,
            stream_id: self.stream_id,
            stream_version: self.stream_version,
            event_type: self.event_type,
            schema_version: self.schema_version,
            payload,
            metadata: self.metadata,
            recorded_at: self.recorded_at,
            recorded_micros: self.recorded_micros,
        }
    }
}

/// A payload in the form it was read in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload<'a> {
    /// As JSON text.
    Text(&'a str),
    /// As the server stores it.
    Jsonb(Jsonb<'a>),
}

/// How large a payload may be before its event counts as broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayloadLimits {
    /// Bytes of JSON text at the most.
    pub bytes: usize,
    /// Levels of arrays and objects at the most.
    pub depth: usize,
}

/// What of a payload is beyond a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// Its bytes.
    #[error("the payload has {bytes} bytes, and [rebuild] max_payload_bytes allows {limit}")]
    Bytes {
        /// How many it has.
        bytes: usize,
        /// How many it may have.
        limit: usize,
    },
    /// Its depth.
    #[error(
        "the payload is nested deeper than the {limit} levels that [rebuild] max_payload_depth allows"
    )]
    Depth {
        /// How many levels it may have.
        limit: usize,
    },
}

impl PayloadLimits {
    /// Looks whether a payload keeps within the limits.
    ///
    /// # Errors
    /// It does not.
    #[inline]
    pub fn check(self, payload: &str) -> Result<(), Excess> {
        let (bytes, limit) = (payload.len(), self.bytes);
        if bytes > limit {
            return Err(Excess::Bytes { bytes, limit });
        }
        // Each level takes two bytes, so a short text cannot be deep.
        if bytes > 2 * self.depth && check_depth(payload, self.depth).is_err() {
            return Err(Excess::Depth { limit: self.depth });
        }
        Ok(())
    }

    /// Whether a payload keeps within the limits whatever it holds, told from its size alone.
    #[must_use]
    #[inline]
    pub fn surely_hold(self, payload: Jsonb<'_>) -> bool {
        payload.most_text_bytes() <= self.bytes && payload.most_levels() <= self.depth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold_at_their_edge() {
        let limits = PayloadLimits { bytes: 20, depth: 3 };
        assert_eq!(limits.check(&format!("{:20}", "{}")), Ok(()));
        assert_eq!(
            limits.check(&format!("{:21}", "{}")),
            Err(Excess::Bytes { bytes: 21, limit: 20 })
        );
        assert_eq!(limits.check(r#"{"a":{"b":[1]}}"#), Ok(()));
        assert_eq!(limits.check(r#"{"a":{"b":[[]]}}"#), Err(Excess::Depth { limit: 3 }));
    }
}
