//! Why a build stopped, in the words an operator needs at night.
//!
//! Kept in the ledger as JSON and shown by `status`. It holds no payload.

use serde::{Deserialize, Serialize};

/// An event that could not be applied, and what was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Failure {
    /// The event's position in the log.
    pub position: i64,
    /// The number among the events an upcaster made of it, from 0.
    #[serde(default)]
    pub part: u32,
    /// Its stream.
    pub stream_id: String,
    /// Its number in the stream.
    pub stream_version: i64,
    /// Its type in the log.
    pub event_type: String,
    /// Its schema version in the log.
    pub schema_version: i32,
    /// `file:line:column` of the handler's statement or the upcaster's step.
    pub place: Option<String>,
    /// What was wrong; where PostgreSQL refused, its own message.
    pub message: String,
    /// PostgreSQL's SQLSTATE, where it refused.
    pub sqlstate: Option<String>,
    /// PostgreSQL's detail, where it gave one.
    pub detail: Option<String>,
    /// PostgreSQL's hint, where it gave one.
    pub hint: Option<String>,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "event {} ({} version {}, stream {} number {})",
            self.position,
            self.event_type,
            self.schema_version,
            self.stream_id,
            self.stream_version
        )?;
        if let Some(place) = &self.place {
            write!(f, " at {place}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(detail) = &self.detail {
            write!(f, " ({detail})")?;
        }
        if let Some(sqlstate) = &self.sqlstate {
            write!(f, " [SQLSTATE {sqlstate}]")?;
        }
        Ok(())
    }
}
