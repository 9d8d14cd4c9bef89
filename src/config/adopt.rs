//! The section on a log that another library writes.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `[event_store.adopt]`: most keys are SQL expressions over the table's columns, where the table goes by
/// the name `log`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Adopt {
    /// The library that writes the log: fills in the keys that are not given.
    pub preset: Option<String>,
    /// The table, with its schema.
    pub table: Option<String>,
    /// Which rows are events: a condition; the others are not read.
    #[serde(rename = "where")]
    pub filter: Option<String>,
    /// The position.
    pub position: Option<String>,
    /// What is added to it: 1 for a log that begins at 0, so that an index on the bare column is used.
    pub position_offset: Option<i64>,
    /// The stream's id, text; a log may have none.
    pub stream_id: Option<String>,
    /// The version in the stream; a log may have none.
    pub stream_version: Option<String>,
    /// The tenant of an event, text: `:event.metadata.tenant`. Streams of two tenants may have one id.
    pub tenant: Option<String>,
    /// The event's type, text.
    #[serde(rename = "type")]
    pub event_type: Option<String>,
    /// Other names for types, and perhaps a schema version that a name stands for.
    pub types: Option<BTreeMap<String, Renamed>>,
    /// The payload's schema version.
    pub schema_version: Option<String>,
    /// The payload: json, jsonb, text or bytea (UTF-8).
    pub payload: Option<String>,
    /// The metadata, json or text.
    pub metadata: Option<String>,
    /// When the event was recorded.
    pub recorded_at: Option<String>,
    /// Tables the barrier watches besides those behind the position; a view that joins, filters by
    /// functions or aggregates needs them.
    pub writers: Option<Vec<String>>,
    /// The sequence that gives the positions, if it cannot be told from the column; `none`: there is none.
    pub sequence: Option<String>,
    /// When a writer takes an event's position: `in-insert`, `before-insert` or `writers-lock`.
    pub order: Option<Order>,
    /// A mark does not pass a missing position that is younger: `3s`.
    pub gaps: Option<String>,
}

/// What a type of the log is called in handlers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Renamed {
    /// Its name.
    Name(String),
    /// Its name, and the schema version its events have.
    Versioned {
        /// The name.
        #[serde(rename = "type")]
        event_type: String,
        /// The schema version.
        version: i32,
    },
}

/// When a writer takes an event's position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// In the INSERT of the event, which locks the table first: by a DEFAULT, an identity or a trigger.
    #[default]
    InInsert,
    /// Before it, where no lock tells: `gaps` says for how long.
    BeforeInsert,
    /// After it has locked one of `writers`, so that positions are committed in their order.
    WritersLock,
}

impl Order {
    /// As config.toml says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Order::InInsert => "in-insert",
            Order::BeforeInsert => "before-insert",
            Order::WritersLock => "writers-lock",
        }
    }
}
