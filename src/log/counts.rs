//! How many events there are, and of which kinds.

use std::collections::BTreeMap;

use super::reader::Chunk;
use super::unreadable::{Fault, Field, Unreadable, may_be_an_event};
use super::wanted::{ChunkBounds, Needs, Range, Wanted};
use super::{Each, LAST, Log, LogError, PayloadKind};
use crate::event::Position;
use crate::pg::{Session, Sql};

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

impl Log {
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
            "SELECT count(*) FROM {} WHERE {} <= $1::bigint AND {}",
            self.shape.rows(),
            self.shape.position,
            self.type_filter(wanted)
        );
        match session.query_one(&sql, &[&self.shape.stored(until)]) {
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
    pub(super) fn look_through(
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
            "SELECT 1 FROM {} WHERE {p} > {} AND {p} <= {} AND {}",
            self.shape.rows(),
            self.shape.stored(range.after),
            self.shape.stored(range.until),
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
        self.census_until(session, None)
    }

    /// The same of the events up to a position.
    ///
    /// # Errors
    /// The server refuses.
    pub fn census_until(
        &self,
        session: &mut Session,
        until: Option<Position>,
    ) -> Result<Vec<CensusRow>, LogError> {
        let shape = &self.shape;
        let sql = format!(
            "SELECT ({})::text, ({})::text, count(*), min({p}), max({p}) FROM {}{} GROUP BY 1, 2",
            shape.event_type,
            shape.schema_version,
            shape.rows(),
            until.map_or_else(String::new, |until| format!(
                " WHERE {} <= {}",
                shape.position,
                shape.stored(until)
            )),
            p = shape.position_value()
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
                let what = (Wanted::All, Needs { minimal_columns: true, ..Needs::default() });
                self.look_through(session, what, until.unwrap_or(LAST), &mut |position, event| {
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
}
