//! Why a log cannot be read.

use super::Unreadable;
use super::watched::Unwatchable;
use crate::copy_format::CopyError;
use crate::event::Position;
use crate::pg::PgError;

/// What is wrong with a log, or with the way to it.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The table does not exist.
    #[error("the event log {table} does not exist")]
    Missing {
        /// The table.
        table: String,
    },
    /// The adopted table does not exist.
    #[error("the adopted event log {table} does not exist")]
    AdoptedMissing {
        /// The table.
        table: String,
    },
    /// `--until` is no timestamp.
    #[error("{moment:?} is neither a position nor a timestamp")]
    Moment {
        /// What was given.
        moment: String,
    },
    /// `[event_store.adopt]` lacks a key.
    #[error("config.toml: [event_store.adopt] has no {key}")]
    AdoptKey {
        /// The key.
        key: &'static str,
    },
    /// `preset` names none.
    #[error(
        "config.toml: [event_store.adopt] preset {preset:?} is not known; there are {}",
        super::presets::names().join(", ")
    )]
    Preset {
        /// What was given.
        preset: String,
    },
    /// A key or a view says something else from one look to the next.
    #[error(
        "{of} asks {asks}: it says something else at each look, so events would be left out, or be others at the next rebuild"
    )]
    Unsteady {
        /// The key or the view.
        of: String,
        /// The function or word.
        asks: String,
    },
    /// The payload's type holds no JSON text.
    #[error("the payload of {table} is of type {found}; json, jsonb, text and bytea can be read")]
    PayloadType {
        /// The table.
        table: String,
        /// The type's name.
        found: String,
    },
    /// Positions are given out ahead of their use, which no reader can follow safely.
    #[error(
        "the sequence {sequence} hands out positions in blocks of {cache}: events that commit late would be lost"
    )]
    CachedSequence {
        /// The sequence.
        sequence: String,
        /// Its cache.
        cache: i64,
    },
    /// Nobody can tell how far the log is complete.
    #[error(transparent)]
    Unwatchable(Box<Unwatchable>),
    /// Positions are whole numbers.
    #[error(
        "the position of {table} is of type {found}; smallint, integer, bigint and numeric can be followed"
    )]
    PositionType {
        /// The table.
        table: String,
        /// The type's name.
        found: String,
    },
    /// `gaps` is no time.
    #[error(
        "config.toml: [event_store.adopt] gaps: {found:?} is no time such as \"3s\" or \"500ms\""
    )]
    Gaps {
        /// What was given.
        found: String,
    },
    /// The stream of rows is damaged.
    #[error("the event log cannot be read{}: {source}", after(.position))]
    Stream {
        /// The last position that could be read.
        position: Option<Position>,
        /// Why.
        source: CopyError,
    },
    /// One event cannot be read.
    #[error("{0}")]
    Event(Box<Unreadable>),
    /// An event that no reader would ever come to.
    #[error("the event log is broken: {}", where_none(.table, .found))]
    NoPosition {
        /// The table.
        table: String,
        /// Its position, where it has one at all.
        found: Option<Position>,
    },
    /// An event whose position no position is.
    #[error(
        "the event log is broken: the position of the event that follows position {last} is NULL, has a fraction or is \
         above 9223372036854775807, and positions are whole numbers up to that"
    )]
    NotWhole {
        /// The position before it.
        last: Position,
    },
    /// Two events share a position, or the log is not in order.
    #[error("the event log is broken: position {found} follows position {last}")]
    Order {
        /// The position before.
        last: Position,
        /// The position found.
        found: Position,
    },
    /// Somebody holds a write lock on the log for too long.
    #[error("the log is not complete yet: {}", .holders.join("; "))]
    Barrier {
        /// Who, one line each.
        holders: Vec<String>,
    },
    /// Nobody can tell there which events are still on their way.
    #[error(
        "the log on {server} cannot be followed: it is a standby, which does not know who is writing"
    )]
    Standby {
        /// The address without secrets.
        server: String,
    },
    /// What `read_from` names is no standby of the log's server.
    #[error("the log cannot be read from {server}: {reason}")]
    UnfitStandby {
        /// The address without secrets.
        server: String,
        /// What it is instead.
        reason: String,
    },
    /// No lock tells which events may still come at a position that was read.
    #[error("the order of {table} is not proven: {hazard}")]
    OrderUnproven {
        /// The log.
        table: String,
        /// What can happen.
        hazard: String,
    },
    /// The payloads are in a form that no reader of JSON knows.
    #[error("the events of {table} cannot be read: {reason}; {remedy}")]
    Unreadable {
        /// The log.
        table: String,
        /// Which event, and what is wrong with it.
        reason: String,
        /// What its preset says about it.
        remedy: String,
    },
    /// Somebody asked to stop.
    #[error("stopped before the log was complete up to a mark")]
    Interrupted,
}

impl From<Unwatchable> for LogError {
    fn from(why: Unwatchable) -> LogError {
        LogError::Unwatchable(Box::new(why))
    }
}

fn after(position: &Option<Position>) -> String {
    position.map_or_else(String::new, |p| format!(" after position {p}"))
}

fn where_none(table: &str, found: &Option<Position>) -> String {
    match found {
        Some(position) => {
            format!("{table} has an event at position {position}, and positions begin at 1")
        }
        None => format!("{table} has an event whose position is NULL"),
    }
}
