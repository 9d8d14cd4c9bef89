//! Events of the log that cannot be read: which they are, and why.
//!
//! One event's NULL, bytes that are no text, or an expression of an adopted log that fails on it is
//! that event's failure, with its place, and never the log's: what stands before and after it is
//! read (`around`). Owns what is known of such an event. What becomes of it is decided above.

use std::fmt;

use super::wanted::Needs;
use crate::copy_format::CopyError;
use crate::event::Position;
use crate::failure::FailureCode;
use crate::pg::{PgError, ServerError};

/// A column of the log, in the words of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The stream's id.
    StreamId,
    /// The event's number in its stream.
    StreamVersion,
    /// The type.
    Type,
    /// The schema version.
    SchemaVersion,
    /// The payload.
    Payload,
    /// The metadata.
    Metadata,
    /// When it was recorded.
    RecordedAt,
}

impl Field {
    /// In the order in which they are looked at: what tells which event it is comes first.
    pub(super) const ALL: [Field; 7] = [
        Field::StreamId,
        Field::StreamVersion,
        Field::Type,
        Field::SchemaVersion,
        Field::Payload,
        Field::Metadata,
        Field::RecordedAt,
    ];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Field::StreamId => "stream id",
            Field::StreamVersion => "stream version",
            Field::Type => "type",
            Field::SchemaVersion => "schema version",
            Field::Payload => "payload",
            Field::Metadata => "metadata",
            Field::RecordedAt => "time of recording",
        }
    }

    /// Whether a reader that needs so much looks at it.
    pub(super) fn is_needed(self, needs: Needs) -> bool {
        match self {
            Field::Metadata => needs.metadata,
            Field::RecordedAt => needs.recorded_at,
            _ => true,
        }
    }
}

/// What is wrong with a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It has no value.
    Null,
    /// It is not UTF-8.
    NotUtf8 {
        /// The first bad byte, from 0.
        offset: usize,
    },
    /// It is no whole number.
    NotANumber,
    /// It is a number that is too large.
    OutOfRange,
    /// It does not have the form of its type.
    Damaged(CopyError),
    /// The server cannot evaluate it.
    Refused(Box<ServerError>),
}

/// An event that cannot be read, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Where it stands.
    pub position: Position,
    /// Its stream.
    pub stream_id: Option<String>,
    /// Its number in the stream.
    pub stream_version: Option<i64>,
    /// Its type.
    pub event_type: Option<String>,
    /// Its schema version.
    pub schema_version: Option<i32>,
    /// The column that cannot be read; `None` where only all of them together cannot.
    pub field: Option<Field>,
    /// What is wrong with it.
    pub fault: Fault,
}

impl Unreadable {
    /// An event of which nothing but its position is known.
    pub(super) fn at(position: Position, field: Option<Field>, fault: Fault) -> Unreadable {
        Unreadable {
            position,
            stream_id: None,
            stream_version: None,
            event_type: None,
            schema_version: None,
            field,
            fault,
        }
    }

    /// What kind of failure it is.
    #[must_use]
    pub fn code(&self) -> FailureCode {
        match (self.field, &self.fault) {
            (Some(Field::Payload), Fault::Null) => FailureCode::PayloadMissing,
            (Some(Field::SchemaVersion), _) => FailureCode::VersionUnreadable,
            _ => FailureCode::EventUnreadable,
        }
    }

    /// What is wrong, without any value of the event.
    #[must_use]
    pub fn reason(&self) -> String {
        let field = self.field.map_or("row", Field::name);
        match &self.fault {
            Fault::Null => format!("the {field} is NULL"),
            Fault::NotUtf8 { offset } => format!("the {field} is not UTF-8 at byte {offset}"),
            Fault::NotANumber => format!("the {field} is not a whole number"),
            Fault::OutOfRange => format!("the {field} is out of range"),
            Fault::Damaged(error) => format!("the {field} is damaged: {error}"),
            Fault::Refused(error) => format!("the {field} cannot be read: {error}"),
        }
    }

    /// Whether a reader that needs so much of an event cannot do without the column.
    pub(super) fn stops(&self, needs: Needs) -> bool {
        self.field.is_none_or(|field| field.is_needed(needs))
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {} cannot be read: {}", self.position, self.reason())
    }
}

/// Whether a statement over the log may have failed because of one event's values.
pub(super) fn may_be_an_event(error: &PgError) -> bool {
    matches!(error, PgError::Server(_)) && !error.is_circumstance() && !error.is_denied()
}
