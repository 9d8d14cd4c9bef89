//! The event log: where it is, what its columns are called, how far it is complete.
//!
//! Owns the log's shape (our own or one that another library writes) and the questions
//! asked of it. The rooms below own the barrier and the reading. Nothing here writes
//! to the log, and no event is interpreted.

pub mod append;
pub mod barrier;
mod error;
mod gaps;
pub mod identity;
pub mod keyed;
pub mod lag;
mod number;
pub mod ranges;
pub mod reader;
pub mod sample;
mod stored;
pub mod unreadable;
pub mod watched;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::config::Adopt;
use crate::event::{PayloadLimits, Position};
use crate::ident::{Ident, quote_literal};
use crate::pg::{PgError, Session, Sql};
pub use error::LogError;
use gaps::Gaps;
use number::Number;
use reader::{Chunk, ChunkBounds, Needs, Range, Wanted};
pub use stored::CREATE_CAST;
use stored::Stored;
use unreadable::may_be_an_event;
pub use unreadable::{Fault, Field, Unreadable};
use watched::{Sequence, Unwatchable, Watched};

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
    fn all(&self) -> String {
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

/// How the payload's bytes become JSON text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadKind {
    /// They are the text: `json`, `text`, `varchar`, `bytea`.
    Text,
    /// A version byte goes before the text: `jsonb`.
    Jsonb,
    /// They are a `jsonb` as the server stores it.
    Stored,
}

/// A log that has been looked at and can be read.
#[derive(Debug, Clone)]
pub struct Log {
    /// Its columns.
    pub shape: LogShape,
    /// How its payloads arrive, where nothing else is said.
    pub payload: PayloadKind,
    /// Whether a lean reading gets them as they are stored.
    stored: Stored,
    /// How large they may be.
    pub limits: PayloadLimits,
    /// How the stream version and the schema version arrive.
    numbers: [Number; 2],
    certain: Certain,
    /// What the barrier watches, as it was when the log was opened.
    watched: Watched,
    /// What is known of missing positions; clones know the same.
    gaps: Arc<Mutex<Gaps>>,
}

/// What every event surely has: nobody needs to look whether it is there.
#[derive(Debug, Clone, Copy)]
struct Certain {
    /// A type.
    event_type: bool,
    /// A stream and a number in it.
    stream: bool,
}

/// Sees the position of an event with its type and schema version, or why it cannot be read; answers
/// whether to go on.
type Each<'e> = dyn FnMut(Position, Result<(&str, i32), &Unreadable>) -> bool + 'e;

impl Certain {
    fn look(session: &mut Session, shape: &LogShape, version: Number) -> Result<Self, PgError> {
        let rows = session.query(include_str!("log/certain.sql"), &[&shape.table])?;
        let columns: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        // As text every value of a column can be had; what else an expression makes of one, nobody knows.
        let is_certain = |expression: &str| {
            let name = expression.strip_suffix("::text").unwrap_or(expression).trim();
            let quoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
            let folded = quoted.map_or_else(|| name.to_lowercase(), str::to_owned);
            columns.contains(&folded)
        };
        Ok(Certain {
            event_type: is_certain(&shape.event_type),
            stream: version == Number::Int
                && is_certain(&shape.stream_id)
                && is_certain(&shape.stream_version),
        })
    }
}

impl Log {
    /// Looks at the log.
    ///
    /// # Errors
    /// It does not exist, cannot be read or watched, gives out positions ahead or has one that is none.
    pub fn open(
        session: &mut Session,
        shape: LogShape,
        limits: PayloadLimits,
    ) -> Result<Log, LogError> {
        let there: bool =
            session.query_one("SELECT to_regclass($1) IS NOT NULL", &[&shape.table])?.get(0);
        if !there {
            return Err(LogError::Missing { table: shape.label() });
        }
        let watched = Watched::look(session, &shape)?;
        let look = format!("SELECT {} FROM {} AS log LIMIT 0", shape.all(), shape.table);
        let types = session.describe(&look)?;
        // Rights on the table are looked at when a statement runs, not when it is described:
        // without them nothing must be begun.
        session.query(&look, &[])?;
        let type_of = |column: usize| types.get(column).map(|t| t.sql.as_str());
        if !matches!(type_of(0), Some("int2" | "int4" | "int8" | "numeric")) {
            let found = type_of(0).unwrap_or("none").to_owned();
            return Err(LogError::PositionType { table: shape.label(), found });
        }
        let numbers = [2, 4].map(|column| Number::of_type(type_of(column)));
        let payload = match type_of(5) {
            Some("jsonb") => PayloadKind::Jsonb,
            Some("json" | "text" | "varchar" | "bytea") => PayloadKind::Text,
            other => {
                let found = other.unwrap_or("none").to_owned();
                return Err(LogError::PayloadType { table: shape.label(), found });
            }
        };
        positions_are_positions(session, &shape)?;
        reaches(session, &shape, &watched)?;
        let stored = match payload {
            PayloadKind::Jsonb => stored::look(session)?,
            _ => Stored::Impossible,
        };
        let gaps = Arc::default();
        let certain = Certain::look(session, &shape, numbers[0])?;
        Ok(Log { shape, payload, stored, limits, numbers, certain, watched, gaps })
    }

    /// Whether its payloads could be read as they are stored, and are not.
    #[must_use]
    pub fn could_be_stored(&self) -> bool {
        self.stored == Stored::Possible
    }

    /// The log up to a moment: the highest position recorded at or before it.
    ///
    /// # Errors
    /// The text is no timestamp, or the log has no recorded-at.
    pub fn position_at(&self, session: &mut Session, moment: &str) -> Result<Position, LogError> {
        let Some(recorded_at) = self.shape.recorded_at.as_deref() else {
            return Err(LogError::AdoptKey { key: "recorded_at" });
        };
        // The text is looked at by itself, so that an error can only be the text's.
        session.query_one("SELECT $1::text::timestamptz", &[&moment]).map_err(
            |error| match error.code() {
                Some("22007" | "22008" | "22009") => LogError::Moment { moment: moment.to_owned() },
                _ => error.into(),
            },
        )?;
        let sql = format!(
            "SELECT COALESCE(max({}), 0)::bigint FROM {} AS log WHERE {recorded_at} <= $1::text::timestamptz",
            self.shape.position, self.shape.table
        );
        match session.query_one(&sql, &[&moment]) {
            Ok(row) => Ok(Position(row.get(0))),
            Err(error) if may_be_an_event(&error) => {
                let needs = Needs { recorded_at: true, ..Needs::default() };
                let mut first = None;
                self.look_through(session, (Wanted::All, needs), LAST, &mut |_, event| {
                    let event = event.err().filter(|e| e.field == Some(Field::RecordedAt));
                    first = event.cloned();
                    first.is_none()
                })?;
                Err(first.map_or(error.into(), |event| LogError::Event(Box::new(event))))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// How many wanted events lie at or below a position.
    ///
    /// # Errors
    /// The server refuses.
    pub fn count(
        &self,
        session: &mut Session,
        wanted: Wanted<'_>,
        until: Position,
    ) -> Result<u64, LogError> {
        let sql = format!(
            "SELECT count(*) FROM {} AS log WHERE {} <= $1 AND {}",
            self.shape.table,
            self.shape.position,
            self.type_filter(wanted)
        );
        match session.query_one(&sql, &[&until.0]) {
            Ok(row) => Ok(u64::try_from(row.get::<_, i64>(0)).unwrap_or(0)),
            Err(error) if may_be_an_event(&error) => {
                let mut count = 0;
                self.look_through(session, (wanted, Needs::default()), until, &mut |_, _| {
                    count += 1;
                    true
                })?;
                Ok(count)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Goes through the events up to a position without their payloads, until `each` answers `false`.
    fn look_through(
        &self,
        session: &mut Session,
        (wanted, needs): (Wanted<'_>, Needs),
        until: Position,
        each: &mut Each<'_>,
    ) -> Result<(), LogError> {
        let mut log = self.clone();
        (log.shape.payload, log.payload) = ("''::text".into(), PayloadKind::Text);
        let range = Range { after: Position(0), until };
        let bounds = ChunkBounds { events: 10_000, bytes: 4 << 20 };
        let mut looked = Ok(());
        let mut look = |chunk: Chunk| {
            for event in chunk.texts(needs) {
                let goes_on = match event {
                    Ok(event) => each(event.position, Ok((event.event_type, event.schema_version))),
                    Err(LogError::Event(event)) => each(event.position, Err(&event)),
                    Err(error) => {
                        looked = Err(error);
                        false
                    }
                };
                if !goes_on {
                    return false;
                }
            }
            true
        };
        log.read(session, range, wanted, needs, bounds, &mut look)?;
        looked
    }

    /// About how many wanted events a range holds: counted where they are few, else what the planner
    /// thinks.
    ///
    /// # Errors
    /// The server refuses.
    pub fn about(
        &self,
        session: &mut Session,
        wanted: Wanted<'_>,
        range: Range,
    ) -> Result<u64, LogError> {
        let events = format!(
            "SELECT FROM {} AS log WHERE {p} > {} AND {p} <= {} AND {}",
            self.shape.table,
            range.after.0,
            range.until.0,
            self.type_filter(wanted),
            p = self.shape.position,
        );
        let count = format!("SELECT count(*) FROM ({events} LIMIT {COUNTED}) AS few");
        let counted: i64 = session.query_one(&count, &[])?.get(0);
        let mut about = u64::try_from(counted).unwrap_or(0);
        if counted >= COUNTED {
            let plan = session.ask(&format!("EXPLAIN {events}"))?.unwrap_or_default();
            let rows = plan.split("rows=").nth(1).and_then(|rest| rest.split(' ').next());
            about = about.max(rows.and_then(|rows| rows.parse().ok()).unwrap_or(0));
        }
        Ok(about)
    }

    /// Type, schema version, count, first and last position of everything in the log.
    ///
    /// # Errors
    /// The server refuses.
    pub fn census(&self, session: &mut Session) -> Result<Vec<CensusRow>, LogError> {
        let shape = &self.shape;
        let sql = format!(
            "SELECT ({})::text, ({})::text, count(*), min({p})::bigint, max({p})::bigint \
             FROM {} AS log GROUP BY 1, 2",
            shape.event_type,
            shape.schema_version,
            shape.table,
            p = shape.position
        );
        let mut kinds = Kinds::default();
        match session.query(&sql, &[]) {
            Ok(rows) => {
                for row in &rows {
                    let (event_type, version): (Option<&str>, Option<&str>) =
                        (row.get(0), row.get(1));
                    let kind = self.kind(event_type, version);
                    let (first, last) = (Position(row.get(3)), Position(row.get(4)));
                    kinds.add(kind, (version, row.get(2)), first, last);
                }
            }
            Err(error) if may_be_an_event(&error) => {
                let what = (Wanted::All, Needs { lean: true, ..Needs::default() });
                self.look_through(session, what, LAST, &mut |position, event| {
                    let kind = match event {
                        Ok((event_type, version)) => (Some(event_type.to_owned()), Ok(version)),
                        Err(event) => (event.event_type.clone(), Err(event.reason())),
                    };
                    kinds.add(kind, (None, 1), position, position);
                    true
                })?;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(kinds.into_rows())
    }

    /// The kind of events whose type and schema version the server writes so.
    fn kind(&self, event_type: Option<&str>, version: Option<&str>) -> Kind {
        let unreadable = |field, fault| Unreadable::at(Position(0), Some(field), fault).reason();
        let version = match (event_type, version) {
            (None, _) => Err(unreadable(Field::Type, Fault::Null)),
            (_, None) => Err(unreadable(Field::SchemaVersion, Fault::Null)),
            (_, Some(text)) => self.numbers[1]
                .parse(text)
                .and_then(|number| i32::try_from(number).map_err(|_| Fault::OutOfRange))
                .map_err(|fault| unreadable(Field::SchemaVersion, fault)),
        };
        (event_type.map(str::to_owned), version)
    }

    /// The condition that picks the wanted events, and those of which nobody can say whether they
    /// are.
    fn type_filter(&self, wanted: Wanted<'_>) -> String {
        let types = match wanted {
            Wanted::All => return "true".into(),
            Wanted::Types([]) => return "false".into(),
            Wanted::Types(types) => types,
            Wanted::Picked { types, condition } => {
                return format!("{} AND ({condition})", self.type_filter(Wanted::Types(types)));
            }
            Wanted::Sample { types, until, at } => {
                let (p, of_types) = (&self.shape.position, self.type_filter(Wanted::Types(types)));
                let some = sample::listed(at).map(|list| format!(" OR {p} IN ({list})"));
                return format!("({p} <= {until}{}) AND {of_types}", some.unwrap_or_default());
            }
        };
        let count = types.len().max(HASHED);
        let list: Vec<String> =
            types.iter().cycle().take(count).map(|t| quote_literal(t)).collect();
        let (event_type, list) = (&self.shape.event_type, list.join(", "));
        match self.certain.event_type {
            true => format!("({event_type}) IN ({list})"),
            false => format!("(({event_type}) IN ({list}) OR ({event_type}) IS NULL)"),
        }
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

/// A type, if it is known, and a schema version or why there is none.
type Kind = (Option<String>, Result<i32, String>);

/// Kinds of events and how many there are of each.
#[derive(Default)]
struct Kinds(BTreeMap<Kind, CensusRow>);

impl Kinds {
    fn add(
        &mut self,
        kind: Kind,
        (written, events): (Option<&str>, i64),
        first: Position,
        last: Position,
    ) {
        let (event_type, schema_version) = kind.clone();
        let found = self.0.entry(kind).or_insert(CensusRow {
            event_type,
            schema_version,
            written: Vec::new(),
            events: 0,
            first,
            last,
        });
        found.written.extend(written.map(str::to_owned));
        found.events += events;
        (found.first, found.last) = (found.first.min(first), found.last.max(last));
    }

    fn into_rows(self) -> Vec<CensusRow> {
        self.0.into_values().collect()
    }
}

/// Where a look through the whole log ends.
const LAST: Position = Position(i64::MAX);

/// One kind of event in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CensusRow {
    /// The type, if it can be read.
    pub event_type: Option<String>,
    /// The schema version, or why it or the type cannot be read.
    pub schema_version: Result<i32, String>,
    /// How the log writes the version; empty if the events were counted one by one.
    pub written: Vec<String>,
    /// How many there are.
    pub events: i64,
    /// The first of them.
    pub first: Position,
    /// The last of them.
    pub last: Position,
}

/// Events that are counted one by one where a guess would do.
const COUNTED: i64 = 100_000;

/// PostgreSQL looks values up in a list of at least so many by their hash, and compares with each
/// one of a shorter list (`MIN_ARRAY_SIZE_FOR_HASHED_SAOP` in `clauses.c`): a tenth of the server's
/// work for a row with five types, so shorter lists repeat themselves.
const HASHED: usize = 9;

/// A pass begins behind position 0, so an event at or below it, or without one, would be left
/// out in silence.
fn positions_are_positions(session: &mut Session, shape: &LogShape) -> Result<(), LogError> {
    let (table, p) = (&shape.table, &shape.position);
    // Two queries, each of which an index answers at once.
    let row = session.query_one(
        &format!(
            "SELECT (SELECT ({p})::bigint FROM {table} AS log WHERE {p} < 1 ORDER BY {p} LIMIT 1), \
             EXISTS (SELECT FROM {table} AS log WHERE ({p}) IS NULL)"
        ),
        &[],
    )?;
    match (row.get::<_, Option<i64>>(0), row.get(1)) {
        (None, false) => Ok(()),
        (found, _) => {
            Err(LogError::NoPosition { table: shape.label(), found: found.map(Position) })
        }
    }
}

/// The log's last position that can be seen, if it has an event.
fn last(session: &mut Session, shape: &LogShape) -> Result<Option<i64>, LogError> {
    let sql = format!("SELECT max({})::bigint FROM {} AS log", shape.position, shape.table);
    Ok(session.query_one(&sql, &[])?.get(0))
}

/// The last position that the sequence has given out, whether its event is visible or not. A log that
/// has none gives 0.
fn given_out(session: &mut Session, sequence: &Sequence) -> Result<i64, LogError> {
    let Sequence { name, increment, shift, .. } = sequence;
    let sql = format!(
        "SELECT GREATEST(0, (CASE WHEN is_called THEN last_value ELSE last_value - {increment} END) + ({shift})) \
         FROM {name}"
    );
    Ok(session.query_one(&sql, &[])?.get(0))
}

/// Whether the sequence has given out every position there is, and where it stands. Its value is read
/// after the last position, so a writer that appends meanwhile is no false alarm. An optimiser may use
/// all numbers up to the next but one of the sequence.
///
/// # Errors
/// It has not.
pub(crate) fn reaches(
    session: &mut Session,
    shape: &LogShape,
    watched: &Watched,
) -> Result<Option<Position>, LogError> {
    let Some(sequence) = &watched.sequence else { return Ok(None) };
    let last = last(session, shape)?.unwrap_or(0);
    let stands = given_out(session, sequence)?;
    if last > stands.saturating_add(sequence.increment - 1) {
        let (log, name, value) = (shape.label(), sequence.name.clone(), last - sequence.shift);
        return Err(Unwatchable::AboveSequence { log, last, sequence: name, stands, value }.into());
    }
    // Those that an optimiser uses up one by one are seen when they are there.
    Ok(Some(Position(if sequence.increment > 1 { stands.max(last) } else { stands })))
}
