//! What a log looks like: its table, and how an event's parts are written over its columns.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::presets::Preset;
use super::{LogError, gaps};
use crate::config::{Adopt, Order, Renamed};
use crate::event::Position;
use crate::ident::{Ident, quote_literal};
use crate::pg::{PgError, Session, Sql};

/// SQL expressions over the log's table, one per word of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogShape {
    /// The table as written in SQL.
    pub table: String,
    /// Which of its rows are events; all if there is no condition.
    pub filter: Option<String>,
    /// What positions are compared and sorted by: the position without [`LogShape::offset`].
    pub position: String,
    /// What is added to make positions.
    pub offset: i64,
    /// Stream id, text.
    pub stream_id: String,
    /// Stream version, `bigint`.
    pub stream_version: String,
    /// Whether the log says which stream an event is of.
    pub has_streams: bool,
    /// Whether the log says which of its stream an event is.
    pub has_versions: bool,
    /// The tenant, text; it is among the metadata, too.
    pub tenant: Option<String>,
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
    /// When a writer takes an event's position.
    pub order: Order,
    /// The preset it is of.
    pub preset: Option<&'static Preset>,
    /// Whether it is a log of our own, and not adopted.
    pub is_own: bool,
    /// Whether its positions are numbers that may have a fraction, by their type. Whoever opens the log knows.
    pub is_numeric: bool,
}

impl LogShape {
    /// The events, for a FROM: the table goes by the name `log`. System columns are not there where
    /// `where` leaves rows out.
    #[must_use]
    pub fn rows(&self) -> String {
        let table = &self.table;
        match &self.filter {
            None => format!("{table} AS log"),
            // PostgreSQL pulls such a query up, so that indexes serve it as they serve the table.
            Some(filter) => format!("(SELECT log.* FROM {table} AS log WHERE ({filter})) AS log"),
        }
    }

    /// An event's position as a `bigint`.
    #[must_use]
    pub fn position_value(&self) -> String {
        let p = &self.position;
        // A cast rounds, and would give two events one position. What has a fraction or is too large is told as NULL is.
        let whole = match self.is_numeric {
            true => format!(
                "(CASE WHEN ({p}) = pg_catalog.trunc({p}) AND pg_catalog.abs({p}) < 9223372036854775808 THEN ({p})::bigint END)"
            ),
            false => format!("({p})::bigint"),
        };
        match self.offset {
            0 => whole,
            offset => format!("({whole} + ({offset}))"),
        }
    }

    /// An event's position, for a comparison with one.
    #[must_use]
    pub fn position_compared(&self) -> String {
        match self.offset {
            0 => format!("({})", self.position),
            _ => self.position_value(),
        }
    }

    /// What stands in the table for a position.
    #[must_use]
    pub fn stored(&self, position: Position) -> i64 {
        position.0.saturating_sub(self.offset)
    }

    /// What stands in the table for some positions, as SQL lists it; nothing if there is none.
    #[must_use]
    pub fn listed(&self, positions: &[Position]) -> Option<String> {
        let list: Vec<String> = positions.iter().map(|p| self.stored(*p).to_string()).collect();
        (!list.is_empty()).then(|| list.join(", "))
    }

    /// What tells streams from one another: those of two tenants may have one id.
    #[must_use]
    pub fn stream_of_tenant(&self) -> String {
        match &self.tenant {
            None => self.stream_id.clone(),
            Some(tenant) => {
                format!("COALESCE(({tenant})::text, '') || '/' || ({})::text", self.stream_id)
            }
        }
    }

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
            filter: None,
            position: "position".into(),
            offset: 0,
            stream_id: "stream_id".into(),
            stream_version: "stream_version".into(),
            has_streams: true,
            has_versions: true,
            tenant: None,
            event_type: "event_type".into(),
            schema_version: "schema_version".into(),
            payload: "payload".into(),
            metadata: Some("metadata".into()),
            recorded_at: Some("recorded_at".into()),
            writers: Vec::new(),
            sequence: None,
            gaps: Duration::ZERO,
            order: Order::InInsert,
            preset: None,
            is_own: true,
            is_numeric: false,
        }
    }

    /// A log that another library writes.
    ///
    /// # Errors
    /// A key is missing, or the preset unknown.
    pub fn adopted(adopt: &Adopt) -> Result<LogShape, LogError> {
        let preset = adopt.preset.as_deref().map(Preset::named).transpose()?;
        let table = adopt.table.clone().ok_or(LogError::AdoptKey { key: "table" })?;
        // What a preset says of each table; what depends on the table at hand is in config.toml.
        let usual = preset.map_or_else(Adopt::default, |preset| preset.keys_for(&table));
        let or_usual = |given: &Option<String>, usual: &Option<String>| {
            given.as_ref().or(usual.as_ref()).cloned()
        };
        let needed = |given: &Option<String>, usual: &Option<String>, key| {
            or_usual(given, usual).ok_or(LogError::AdoptKey { key })
        };
        let stream_id = or_usual(&adopt.stream_id, &usual.stream_id);
        let stream_version = or_usual(&adopt.stream_version, &usual.stream_version);
        let tenant = or_usual(&adopt.tenant, &usual.tenant);
        let metadata = or_usual(&adopt.metadata, &usual.metadata);
        let event_type = needed(&adopt.event_type, &usual.event_type, "type")?;
        let schema_version = or_usual(&adopt.schema_version, &usual.schema_version);
        let schema_version = schema_version.unwrap_or_else(|| "1".into());
        let types = adopt.types.as_ref().or(usual.types.as_ref());
        let (event_type, schema_version) = match types {
            Some(types) => renamed(types, &event_type, &schema_version),
            None => (event_type, schema_version),
        };
        let writers = adopt.writers.clone().or(usual.writers).unwrap_or_default();
        let order = adopt.order.or(usual.order).unwrap_or_default();
        if order == Order::WritersLock && writers.is_empty() {
            return Err(LogError::AdoptKey { key: "writers" });
        }
        Ok(LogShape {
            filter: or_usual(&adopt.filter, &usual.filter),
            position: needed(&adopt.position, &usual.position, "position")?,
            offset: adopt.position_offset.or(usual.position_offset).unwrap_or(0),
            has_streams: stream_id.is_some(),
            has_versions: stream_version.is_some(),
            stream_id: stream_id.unwrap_or_else(|| "''::text".into()),
            stream_version: stream_version.unwrap_or_else(|| "0".into()),
            event_type,
            schema_version,
            payload: needed(&adopt.payload, &usual.payload, "payload")?,
            metadata: match &tenant {
                Some(tenant) => Some(with_tenant(tenant, metadata.as_deref())),
                None => metadata,
            },
            tenant,
            recorded_at: or_usual(&adopt.recorded_at, &usual.recorded_at),
            writers,
            sequence: or_usual(&adopt.sequence, &usual.sequence),
            gaps: or_usual(&adopt.gaps, &usual.gaps)
                .map_or(Ok(Duration::ZERO), |text| gaps::parse(&text))?,
            order,
            preset,
            table,
            is_own: false,
            is_numeric: false,
        })
    }
}

/// The expressions of type and schema version where some types have other names.
fn renamed(
    types: &BTreeMap<String, Renamed>,
    event_type: &str,
    schema_version: &str,
) -> (String, String) {
    let (mut names, mut versions) = (String::new(), String::new());
    for (stored, renamed) in types {
        let stored = quote_literal(stored);
        let name = match renamed {
            Renamed::Name(name) => name,
            Renamed::Versioned { event_type, version } => {
                versions.push_str(&format!(" WHEN {stored} THEN {version}"));
                event_type
            }
        };
        names.push_str(&format!(" WHEN {stored} THEN {}", quote_literal(name)));
    }
    let case = |whens: String, expression: &str, otherwise: &str| match whens.is_empty() {
        true => otherwise.to_owned(),
        false => format!("CASE ({expression})::text{whens} ELSE {otherwise} END"),
    };
    (
        case(names, event_type, &format!("({event_type})::text")),
        case(versions, event_type, schema_version),
    )
}

/// Metadata that says whose the event is. What is no object has no room for it.
fn with_tenant(tenant: &str, metadata: Option<&str>) -> String {
    let own = format!("pg_catalog.jsonb_build_object('tenant', ({tenant})::text)");
    match metadata {
        None => own,
        Some(metadata) => format!(
            "CASE pg_catalog.jsonb_typeof((({metadata})::text)::jsonb) WHEN 'object' \
             THEN (({metadata})::text)::jsonb || {own} ELSE {own} END"
        ),
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
        let (p, rows) = (&self.position, self.rows());
        let end = |order: &str| {
            format!(
                "(SELECT ({})::text AS t FROM {rows} ORDER BY {p} {order} LIMIT {events})",
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
        let (rows, event_type) = (self.rows(), &self.event_type);
        let sql = format!(
            "SELECT DISTINCT ({event_type})::text FROM {rows} WHERE ({event_type}) IS NOT NULL"
        );
        Ok(session.query(&sql, &[])?.iter().map(|row| row.get(0)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn adopt(text: &str) -> LogShape {
        LogShape::adopted(&toml::from_str::<Adopt>(text).unwrap()).unwrap()
    }

    const LEAST: &str = "table = \"t\"\nposition = \"p\"\ntype = \"kind\"\npayload = \"body\"\n";

    #[test]
    fn a_log_may_have_no_streams() {
        let shape = adopt(LEAST);
        assert!(!shape.has_streams && !shape.has_versions);
        assert_eq!((shape.stream_id.as_str(), shape.stream_version.as_str()), ("''::text", "0"));
        assert_eq!(shape.rows(), "t AS log");
    }

    #[test]
    fn positions_may_begin_at_another_number() {
        let shape = adopt(&format!("{LEAST}position_offset = 1"));
        assert_eq!(shape.position_value(), "((p)::bigint + (1))");
        assert_eq!(shape.stored(Position(1)), 0);
        assert_eq!(shape.listed(&[Position(3), Position(5)]).unwrap(), "2, 4");
    }

    #[test]
    fn rows_are_left_out_and_types_renamed() {
        let shape = adopt(&format!(
            "{LEAST}where = \"NOT gone\"\n[types]\n\"A.B\" = \"B\"\nC_v2 = {{ type = \"C\", version = 2 }}"
        ));
        assert_eq!(shape.rows(), "(SELECT log.* FROM t AS log WHERE (NOT gone)) AS log");
        assert_eq!(
            shape.event_type,
            "CASE (kind)::text WHEN 'A.B' THEN 'B' WHEN 'C_v2' THEN 'C' ELSE (kind)::text END"
        );
        assert_eq!(shape.schema_version, "CASE (kind)::text WHEN 'C_v2' THEN 2 ELSE 1 END");
    }

    #[test]
    fn a_lock_of_writers_needs_writers() {
        let text = format!("{LEAST}order = \"writers-lock\"");
        let error = LogShape::adopted(&toml::from_str::<Adopt>(&text).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "config.toml: [event_store.adopt] has no writers");
    }
}
