//! The event log: where it is, what its columns are called, how far it is complete.
//!
//! Owns what is known of a log that was opened, and the questions
//! asked of it. The rooms below own the barrier and the reading. Nothing here writes
//! to the log, and no event is interpreted.

pub mod append;
mod around;
pub mod barrier;
mod counts;
mod error;
mod gaps;
pub mod identity;
pub mod keyed;
pub mod lag;
pub mod mapping;
mod number;
mod order;
pub mod presets;
pub mod ranges;
pub mod reader;
pub mod sample;
mod shape;
mod steady;
mod stored;
mod through;
pub mod unreadable;
pub mod wanted;
pub mod watched;

use std::sync::{Arc, Mutex};

use crate::anchor::Through;
use crate::event::{PayloadLimits, Position};
use crate::ident::quote_literal;
use crate::pg::{PgError, Session, Sql};
pub use counts::CensusRow;
pub use error::LogError;
use gaps::Gaps;
use number::Number;
pub use shape::LogShape;
pub use stored::CREATE_CAST;
use stored::Stored;
use unreadable::may_be_an_event;
pub use unreadable::{Fault, Field, Unreadable};
use wanted::{Needs, Wanted};
use watched::{Sequence, Unwatchable, Watched};

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
    /// Whether a reading of minimal columns gets them as they are stored.
    stored: Stored,
    /// How large they may be.
    pub limits: PayloadLimits,
    /// How the stream version and the schema version arrive.
    numbers: [Number; 2],
    /// What a stream is in the table.
    stream: keyed::StreamType,
    certain: Certain,
    /// What the barrier watches, as it was when the log was opened.
    watched: Watched,
    /// What its rows are read through, as it was when the log was opened; nothing for a log of our own.
    pub through: Option<Through>,
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
                && (!shape.has_streams || is_certain(&shape.stream_id))
                && (!shape.has_versions || is_certain(&shape.stream_version)),
        })
    }
}

/// A log up to a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix {
    /// The last position of it; 0 if there is none.
    pub until: Position,
    /// Events behind it that were recorded at the moment or before.
    pub later: i64,
    /// Events in it of which it is not known when they were recorded.
    pub unknown: i64,
    /// The moment as PostgreSQL prints it in UTC.
    pub moment: String,
    /// Whether it has yet to come, by the clock of the log's server.
    pub is_future: bool,
}

impl Log {
    /// Looks at the log.
    ///
    /// # Errors
    /// It does not exist, cannot be read or watched, gives out positions ahead or has one that is none.
    pub fn open(
        session: &mut Session,
        mut shape: LogShape,
        limits: PayloadLimits,
    ) -> Result<Log, LogError> {
        let there: bool =
            session.query_one("SELECT to_regclass($1) IS NOT NULL", &[&shape.table])?.get(0);
        if !there {
            return Err(LogError::Missing { table: shape.label() });
        }
        let watched = Watched::look(session, &shape)?;
        let look = format!("SELECT {} FROM {} LIMIT 0", shape.all(), shape.rows());
        let types = session.describe(&look)?;
        // Rights on the table are looked at when a statement runs, not when it is described:
        // without them nothing must be begun.
        session.query(&look, &[])?;
        let type_of = |column: usize| types.get(column).map(|t| t.sql.as_str());
        if !matches!(type_of(0), Some("int2" | "int4" | "int8" | "numeric")) {
            let found = type_of(0).unwrap_or("none").to_owned();
            return Err(LogError::PositionType { table: shape.label(), found });
        }
        shape.is_numeric = type_of(0) == Some("numeric");
        let numbers = [2, 4].map(|column| Number::of_type(type_of(column)));
        let stream = keyed::StreamType::of(type_of(1));
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
        let through = through::look(session, &shape)?;
        steady::look(session, &shape)?;
        Ok(Log { shape, payload, stored, limits, numbers, stream, certain, watched, through, gaps })
    }

    /// Whether what the barrier watches is what it was when the log was opened: the same tables, the same sequences; and so what
    /// its rows are read through. Under one name there may be another table by now, another default on its position, another view.
    ///
    /// # Errors
    /// It cannot be watched any more, or the server refuses.
    pub fn is_as_it_was(&self, session: &mut Session) -> Result<bool, LogError> {
        Ok(Watched::look(session, &self.shape)?.is_of(&self.watched)
            && through::look(session, &self.shape)? == self.through)
    }

    /// Indexes that would find its positions, as statements.
    #[must_use]
    pub fn wanted_indexes(&self) -> Vec<String> {
        self.watched.wanted_indexes()
    }

    /// Whether its payloads could be read as they are stored, and are not.
    #[must_use]
    pub fn could_be_stored(&self) -> bool {
        self.stored == Stored::Possible
    }

    /// The highest position that can be seen, if there is an event.
    ///
    /// # Errors
    /// The server refuses.
    pub fn last(&self, session: &mut Session) -> Result<Option<Position>, LogError> {
        Ok(last(session, &self.shape)?.map(Position))
    }

    /// The log up to a moment: the highest position recorded at or before it.
    ///
    /// # Errors
    /// The text is no timestamp, or the log has no recorded-at.
    fn position_at(&self, session: &mut Session, moment: &str) -> Result<Position, LogError> {
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
            "SELECT COALESCE(max({}), 0)::bigint FROM {} WHERE {recorded_at} <= $1::text::timestamptz",
            self.shape.position_value(),
            self.shape.rows()
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

    /// The longest part from the log's beginning in which no event was recorded after a moment.
    ///
    /// # Errors
    /// The text is no timestamp, the log has no recorded-at, or a server refuses.
    pub fn prefix_at(&self, session: &mut Session, moment: &str) -> Result<Prefix, LogError> {
        // Looks at the text, and at every time of the log.
        self.position_at(session, moment)?;
        let Some(recorded_at) = self.shape.recorded_at.as_deref() else {
            return Err(LogError::AdoptKey { key: "recorded_at" });
        };
        let sql = include_str!("log/prefix.sql")
            .replace("{rows}", &self.shape.rows())
            .replace("{position}", &self.shape.position_value())
            .replace("{recorded_at}", recorded_at);
        let row = session.query_one(&sql, &[&moment])?;
        Ok(Prefix {
            until: Position(row.get(0)),
            later: row.get(1),
            unknown: row.get(2),
            moment: row.get(3),
            is_future: row.get(4),
        })
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
                let some = self.shape.listed(at).map(|list| format!(" OR {p} IN ({list})"));
                let until = self.shape.stored(until);
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

/// Where a look through the whole log ends.
const LAST: Position = Position(i64::MAX);

/// PostgreSQL looks values up in a list of at least so many by their hash, and compares with each
/// one of a shorter list (`MIN_ARRAY_SIZE_FOR_HASHED_SAOP` in `clauses.c`): a tenth of the server's
/// work for a row with five types, so shorter lists repeat themselves.
const HASHED: usize = 9;

/// A pass begins behind position 0, so an event at or below it, or without one, would be left
/// out in silence.
fn positions_are_positions(session: &mut Session, shape: &LogShape) -> Result<(), LogError> {
    let (rows, p) = (shape.rows(), &shape.position);
    // Two queries, each of which an index answers at once.
    let row = session.query_one(
        &format!(
            "SELECT (SELECT {} FROM {rows} WHERE {p} < {} ORDER BY {p} LIMIT 1), \
             EXISTS (SELECT 1 FROM {rows} WHERE ({p}) IS NULL)",
            shape.position_value(),
            shape.stored(Position(1))
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
    let (p, rows) = (&shape.position, shape.rows());
    if !shape.is_numeric {
        let sql = format!("SELECT (max({p}))::bigint FROM {rows}");
        let last: Option<i64> = session.query_one(&sql, &[])?.get(0);
        return Ok(last.map(|last| last.saturating_add(shape.offset)));
    }
    // What has a fraction lies before the next whole number, and is found on the way there.
    let fits =
        |bound: &str| format!("CASE WHEN {bound} <= 9223372036854775807 THEN {bound}::bigint END");
    let sql = format!(
        "SELECT {}, max({p}) IS NOT NULL FROM {rows}",
        fits(&format!("pg_catalog.ceil(max({p}))"))
    );
    let row = session.query_one(&sql, &[])?;
    let last: Option<i64> = row.get(0);
    if last.is_none() && row.get(1) {
        let below = format!(
            "pg_catalog.max(CASE WHEN {p} <= 9223372036854775807 THEN pg_catalog.trunc({p})::bigint END)"
        );
        let sql = format!("SELECT COALESCE({below}, 0) FROM {rows}");
        let last: i64 = session.query_one(&sql, &[])?.get(0);
        return Err(LogError::NotWhole { last: Position(last.saturating_add(shape.offset)) });
    }
    Ok(last.map(|last| last.saturating_add(shape.offset)))
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
        if !watched.shards.is_empty() && last >= watched::FIRST_OF_A_NODE {
            let why = format!(
                "position {last} is of a worker's own part of the sequence, so it was written through a worker, and \
                 numbers of several nodes have no order"
            );
            let remedy = "write through the coordinator alone, and give those events numbers of its sequence";
            let log = shape.label();
            return Err(Unwatchable::Nodes { log, why, remedy: remedy.into() }.into());
        }
        let (log, name, value) = (shape.label(), sequence.name.clone(), last - sequence.shift);
        return Err(Unwatchable::AboveSequence { log, last, sequence: name, stands, value }.into());
    }
    // Those that an optimiser uses up one by one are seen when they are there.
    Ok(Some(Position(if sequence.increment > 1 { stands.max(last) } else { stands })))
}
