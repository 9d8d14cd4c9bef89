//! What a log looks like: its table, and how an event's parts are written over its columns.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{LogError, gaps};
use crate::config::Adopt;
use crate::ident::Ident;
use crate::pg::{PgError, Session, Sql};

/// SQL expressions over the log's table, one per word of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogShape {
    /// The table as written in SQL.
    pub table: String,
    /// Position, `bigint`.
    pub position: String,
    /// Stream id, text.
    pub stream_id: String,
    /// Stream version, `bigint`.
    pub stream_version: String,
    /// Type, text.
    pub event_type: String,
    /// Schema version, integer.
    pub schema_version: String,
    /// Payload.
    pub payload: String,
    /// Metadata, if there is any.
    pub metadata: Option<String>,
    /// Recorded-at, if there is one.
    pub recorded_at: Option<String>,
    /// The tables the barrier watches besides those behind the position.
    pub writers: Vec<String>,
    /// The sequence that gives the positions, if config.toml names it, or `none`.
    pub sequence: Option<String>,
    /// How long a mark does not pass a missing position.
    pub gaps: Duration,
}

impl LogShape {
    /// The table as people write it: without the quotes that plain names do not need.
    #[must_use]
    pub fn label(&self) -> String {
        let plain = |part: &str| {
            let inner = part.strip_prefix('"').and_then(|p| p.strip_suffix('"'));
            let bare = |c: char| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit();
            inner.filter(|name| name.chars().all(bare)).unwrap_or(part).to_owned()
        };
        self.table.split('.').map(plain).collect::<Vec<_>>().join(".")
    }

    /// Every expression, in the order of the fields, for a look at whether the server takes them.
    pub(super) fn all(&self) -> String {
        let needed = [
            &self.position,
            &self.stream_id,
            &self.stream_version,
            &self.event_type,
            &self.schema_version,
            &self.payload,
        ];
        let optional = self.metadata.iter().chain(&self.recorded_at);
        let list: Vec<String> =
            needed.into_iter().chain(optional).map(|e| format!("({e})")).collect();
        list.join(", ")
    }

    /// Every word of its expressions: the columns they read are among them.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let expressions = self.all();
        let words = expressions.split(|c: char| !c.is_alphanumeric() && c != '_');
        let mut words: Vec<String> =
            words.filter(|word| !word.is_empty()).map(str::to_owned).collect();
        words.sort();
        words.dedup();
        words
    }

    /// Our own log, in the event store's schema.
    #[must_use]
    pub fn own(schema: &Ident) -> LogShape {
        LogShape {
            table: format!("{}.events", schema.quoted()),
            position: "position".into(),
            stream_id: "stream_id".into(),
            stream_version: "stream_version".into(),
            event_type: "event_type".into(),
            schema_version: "schema_version".into(),
            payload: "payload".into(),
            metadata: Some("metadata".into()),
            recorded_at: Some("recorded_at".into()),
            writers: Vec::new(),
            sequence: None,
            gaps: Duration::ZERO,
        }
    }

    /// A log that another library writes.
    ///
    /// # Errors
    /// A key is missing or the preset unknown.
    pub fn adopted(adopt: &Adopt) -> Result<LogShape, LogError> {
        let preset = match adopt.preset.as_deref() {
            None => Adopt::default(),
            Some("eventsourcing") => eventsourcing_preset(),
            Some(other) => return Err(LogError::Preset { preset: other.to_owned() }),
        };
        let optional = |given: &Option<String>, preset: &Option<String>| {
            given.as_ref().or(preset.as_ref()).cloned()
        };
        let needed = |given: &Option<String>, preset: &Option<String>, key| {
            optional(given, preset).ok_or(LogError::AdoptKey { key })
        };
        Ok(LogShape {
            table: needed(&adopt.table, &None, "table")?,
            position: needed(&adopt.position, &preset.position, "position")?,
            stream_id: needed(&adopt.stream_id, &preset.stream_id, "stream_id")?,
            stream_version: needed(
                &adopt.stream_version,
                &preset.stream_version,
                "stream_version",
            )?,
            event_type: needed(&adopt.event_type, &preset.event_type, "type")?,
            schema_version: optional(&adopt.schema_version, &preset.schema_version)
                .unwrap_or_else(|| "1".into()),
            payload: needed(&adopt.payload, &preset.payload, "payload")?,
            metadata: optional(&adopt.metadata, &preset.metadata),
            recorded_at: optional(&adopt.recorded_at, &preset.recorded_at),
            writers: adopt.writers.clone().unwrap_or_default(),
            sequence: adopt.sequence.clone(),
            gaps: adopt.gaps.as_deref().map_or(Ok(Duration::ZERO), gaps::parse)?,
        })
    }
}

/// The tables of the Python library `eventsourcing` (version 9, PostgreSQL): the topic is
/// `module:Class.Event`, the state JSON bytes with `class_version` from 2 on and the
/// time as `{"_type_": "datetime_iso", "_data_": "..."}`.
#[must_use]
pub fn eventsourcing_preset() -> Adopt {
    let state = "convert_from(state, 'UTF8')::json";
    Adopt {
        preset: Some("eventsourcing".into()),
        table: None,
        position: Some("notification_id".into()),
        stream_id: Some("originator_id::text".into()),
        stream_version: Some("originator_version".into()),
        event_type: Some("split_part(topic, ':', 2)".into()),
        schema_version: Some(format!("COALESCE(({state} ->> 'class_version')::int, 1)")),
        payload: Some("state".into()),
        metadata: None,
        recorded_at: Some(format!("({state} -> 'timestamp' ->> '_data_')::timestamptz")),
        writers: None,
        sequence: None,
        gaps: None,
    }
}

impl LogShape {
    /// The types among the first and the last events of the log.
    ///
    /// # Errors
    /// The server refuses.
    pub fn types_at_the_ends(
        &self,
        session: &mut Session,
        events: usize,
    ) -> Result<BTreeSet<String>, PgError> {
        let (p, table) = (&self.position, &self.table);
        let end = |order: &str| {
            format!(
                "(SELECT ({})::text AS t FROM {table} AS log ORDER BY {p} {order} LIMIT {events})",
                self.event_type
            )
        };
        let sql = format!(
            "SELECT DISTINCT t FROM ({} UNION ALL {}) AS ends WHERE t IS NOT NULL",
            end("ASC"),
            end("DESC")
        );
        Ok(session.query(&sql, &[])?.iter().map(|row| row.get(0)).collect())
    }

    /// All types in the log. The whole of it is read.
    ///
    /// # Errors
    /// The server refuses.
    pub fn types(&self, session: &mut Session) -> Result<BTreeSet<String>, PgError> {
        let (table, event_type) = (&self.table, &self.event_type);
        let sql = format!(
            "SELECT DISTINCT ({event_type})::text FROM {table} AS log WHERE ({event_type}) IS NOT NULL"
        );
        Ok(session.query(&sql, &[])?.iter().map(|row| row.get(0)).collect())
    }
}
