//! Appending to a log of ours, by the function that its first revision makes.

use serde_json::{Value, json};

use crate::event::Position;
use crate::ident::Ident;
use crate::pg::{PgError, Session, Sql};

/// An event to be appended.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// Its type, such as `OrderPlaced`.
    pub event_type: String,
    /// The version of its payload's schema, from 1.
    pub schema_version: i32,
    /// What happened: a JSON object.
    pub payload: Value,
    /// What else is known of it: a JSON object, such as who asked for it.
    pub metadata: Value,
}

impl NewEvent {
    /// An event of schema version 1 without metadata.
    #[must_use]
    pub fn new(event_type: impl Into<String>, payload: Value) -> NewEvent {
        NewEvent { event_type: event_type.into(), schema_version: 1, payload, metadata: json!({}) }
    }

    /// The same event in another version of its schema.
    #[must_use]
    pub fn version(self, schema_version: i32) -> NewEvent {
        NewEvent { schema_version, ..self }
    }

    /// The same event with metadata.
    #[must_use]
    pub fn metadata(self, metadata: Value) -> NewEvent {
        NewEvent { metadata, ..self }
    }
}

/// Appends events to a stream in one transaction, and gives their positions in order. `expected_version` is the
/// version of the stream's last event, -1 for a stream that does not exist yet; `None` asks for none.
///
/// # Errors
/// The stream is at another version (SQLSTATE 40001, and nothing was appended), or the server refuses.
pub fn append(
    session: &mut Session,
    schema: &Ident,
    (stream_id, expected_version): (&str, Option<i32>),
    events: &[NewEvent],
) -> Result<Vec<Position>, PgError> {
    let list: Vec<Value> = events
        .iter()
        .map(|event| {
            json!({
                "type": event.event_type, "schema_version": event.schema_version,
                "payload": event.payload, "metadata": event.metadata,
            })
        })
        .collect();
    let sql = format!(
        "SELECT position FROM {}.append($1, $2, $3::pg_catalog.text::pg_catalog.jsonb) AS position",
        schema.quoted()
    );
    let rows =
        session.query(&sql, &[&stream_id, &expected_version, &Value::from(list).to_string()])?;
    Ok(rows.iter().map(|row| Position(row.get(0))).collect())
}
