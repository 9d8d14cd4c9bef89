//! Reading a range of the log with COPY, in chunks of whole events.
//!
//! Owns the query and the decoding of a row into a [`RawEvent`]. What the events mean,
//! and who gets them, is decided above.

use std::sync::Arc;

use super::number::Number;
use super::unreadable::{Fault, Field, Unreadable, may_be_an_event};
use super::wanted::{ChunkBounds, Needs, Range, Wanted, What};
use super::{Log, LogError, PayloadKind, Stored};
use crate::copy_format::{CopyError, Row, RowCutter, Rows};
use crate::event::{Payload, PayloadLimits, Position, RawEvent};
use crate::pg::CopyOut;
use crate::value::jsonb::Jsonb;

/// What an event takes, in bytes, where it is not large: room is made for as many as a chunk may hold,
/// since memory that is not written to costs nothing and a buffer that grows is copied.
const EVENT_BYTES: usize = 256;
/// SQLSTATE of a cast that is not there (any more).
const CANNOT_COERCE: &str = "42846";
/// Room is made for no more events than this.
const MANY_EVENTS: usize = 10_000;

/// Some events in order, and the part of the log they stand for.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// The part of the log this chunk completes: no other event of the wanted types lies in it.
    pub range: Range,
    /// How its payloads are laid out.
    payload: PayloadKind,
    /// How large a payload may be that is still looked into.
    pub limits: PayloadLimits,
    rows: Rows,
    needs: Needs,
    /// How the stream version and the schema version arrive.
    numbers: [Number; 2],
    /// Types that its events may have: what is compared with one of them needs no other look.
    types: Arc<[Box<str>]>,
    /// The only event of the chunk, if it cannot be read. Its row is there nevertheless if it lacks
    /// a column that not every build needs.
    unreadable: Option<Box<Unreadable>>,
}

impl Chunk {
    /// Rows that were cut from a stream of [`Needs`]' columns, of the range they complete.
    #[must_use]
    pub fn new(
        range: Range,
        (payload, limits): (PayloadKind, PayloadLimits),
        rows: Rows,
        needs: Needs,
    ) -> Chunk {
        let (numbers, types, unreadable) = ([Number::Int; 2], Arc::new([]) as Arc<_>, None);
        Chunk { range, payload, limits, rows, needs, numbers, types, unreadable }
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len().max(usize::from(self.unreadable.is_some()))
    }

    /// How many bytes its rows have.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.bytes()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Says that its only event cannot be read.
    pub(super) fn lack(&mut self, event: Unreadable) {
        self.unreadable = Some(Box::new(event));
    }

    /// The events in order, with payloads in the form they were read in, for who needs so much of
    /// an event. One that cannot be read is an error of its own ([`LogError::Event`]), and those
    /// after it follow.
    #[inline]
    pub fn events(
        &self,
        needs: Needs,
    ) -> impl Iterator<Item = Result<RawEvent<'_, Payload<'_>>, LogError>> {
        static NONE: Rows = Rows::none();
        let unreadable = self.unreadable.as_deref();
        let unreadable = unreadable.filter(|event| self.rows.is_empty() || event.stops(needs));
        let rows = if unreadable.is_some() { &NONE } else { &self.rows };
        Events { chunk: self, rows: rows.iter(), last: None, unreadable }
    }

    /// The same with payloads as text: of a reading of all columns.
    pub fn texts(&self, needs: Needs) -> impl Iterator<Item = Result<RawEvent<'_>, LogError>> {
        self.events(needs).map(|event| {
            let event = event?;
            match event.payload {
                Payload::Text(text) => Ok(event.with_payload(text)),
                Payload::Jsonb(_) => {
                    unreachable!("only a minimal_columns reading has payloads as stored")
                }
            }
        })
    }
}

/// The events of a chunk, one after another.
struct Events<'c, R> {
    chunk: &'c Chunk,
    rows: R,
    /// Where the one before stands.
    last: Option<Position>,
    /// What stands in place of its rows.
    unreadable: Option<&'c Unreadable>,
}

impl<'c, R: Iterator<Item = Row<'c>>> Iterator for Events<'c, R> {
    type Item = Result<RawEvent<'c, Payload<'c>>, LogError>;

    // Calls that hand over a whole event cost a thirtieth of a rebuild.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let Some(row) = self.rows.next() else {
            return self.unreadable.take().map(|e| Err(LogError::Event(Box::new(e.clone()))));
        };
        let Chunk { payload, needs, numbers, types, .. } = self.chunk;
        Some(match decode(row, *payload, *needs, *numbers, types) {
            Ok(event) => {
                self.last = Some(event.position);
                Ok(event)
            }
            Err(bad) => Err(damaged(row, (*needs, *numbers), self.last, bad)),
        })
    }
}

/// A column of a row that cannot be read.
enum Bad {
    /// The column, from 1, and what is wrong with it.
    Column(usize, Fault),
    /// The row is none.
    Row(CopyError),
}

impl From<CopyError> for Bad {
    fn from(error: CopyError) -> Bad {
        match error {
            CopyError::Utf8 { column, offset } => Bad::Column(column, Fault::NotUtf8 { offset }),
            CopyError::Null { column } => Bad::Column(column, Fault::Null),
            CopyError::Width { column, .. } => Bad::Column(column, Fault::Damaged(error)),
            CopyError::Signature | CopyError::Columns { .. } | CopyError::Truncated => {
                Bad::Row(error)
            }
        }
    }
}

/// What can be told of an event whose row cannot be decoded.
#[cold]
fn damaged(
    mut row: Row<'_>,
    (needs, numbers): (Needs, [Number; 2]),
    last: Option<Position>,
    bad: Bad,
) -> LogError {
    let (column, fault) = match bad {
        Bad::Column(column, fault) if column > 1 => (column, fault),
        Bad::Column(..) => {
            return LogError::Stream { position: last, source: CopyError::Null { column: 1 } };
        }
        Bad::Row(source) => return LogError::Stream { position: last, source },
    };
    let Ok(Some(position)) = row.next_int() else {
        return LogError::Stream { position: last, source: CopyError::Null { column: 1 } };
    };
    let mut fields = Vec::with_capacity(7);
    if needs.has_stream() {
        fields.extend([Field::StreamId, Field::StreamVersion]);
    }
    fields.extend([Field::Type, Field::SchemaVersion, Field::Payload]);
    fields.extend(needs.metadata.then_some(Field::Metadata));
    fields.extend(needs.recorded_at.then_some(Field::RecordedAt));
    let field = fields.get(column - 2).copied();
    let mut event = Unreadable::at(Position(position), field, fault);
    let text = |bytes: Option<&[u8]>| bytes.map(|b| String::from_utf8_lossy(b).into_owned());
    for (nth, field) in fields.into_iter().enumerate().take(4) {
        // What is wrong is not shown as if it were right.
        if nth + 2 == column {
            let _ = row.next_bytes();
            continue;
        }
        match field {
            Field::StreamId => event.stream_id = text(row.next_bytes().ok().flatten()),
            Field::StreamVersion => event.stream_version = number(&mut row, numbers[0]).ok(),
            Field::Type => event.event_type = text(row.next_bytes().ok().flatten()),
            Field::SchemaVersion => {
                let version = number(&mut row, numbers[1]).ok();
                event.schema_version = version.and_then(|n| i32::try_from(n).ok());
            }
            Field::Payload | Field::Metadata | Field::RecordedAt => break,
        }
    }
    LogError::Event(Box::new(event))
}

/// The next column, which must be a number.
#[inline(always)]
fn number(row: &mut Row<'_>, form: Number) -> Result<i64, Bad> {
    let found = match form {
        Number::Int => row.next_int()?,
        written => {
            let text = row.next_text()?;
            let bad = |fault| Bad::Column(row.column(), fault);
            text.map(|text| written.parse(text)).transpose().map_err(bad)?
        }
    };
    found.ok_or_else(|| Bad::Column(row.column(), Fault::Null))
}

#[inline(always)]
fn decode<'a>(
    mut row: Row<'a>,
    payload: PayloadKind,
    needs: Needs,
    numbers: [Number; 2],
    types: &'a [Box<str>],
) -> Result<RawEvent<'a, Payload<'a>>, Bad> {
    let null = |column| Bad::Column(column, Fault::Null);
    let position = row.next_int()?.ok_or_else(|| null(1))?;
    let (stream_id, stream_version) = match needs.has_stream() {
        true => (row.next_text()?.ok_or_else(|| null(2))?, number(&mut row, numbers[0])?),
        false => ("", 0),
    };
    let event_type = match types.iter().find(|name| row.skip_if(name)) {
        Some(name) => name,
        None => row.next_text()?.ok_or_else(|| null(row.column()))?,
    };
    let schema_version = number(&mut row, numbers[1])?;
    let out_of_range = || Bad::Column(row.column(), Fault::OutOfRange);
    let schema_version = i32::try_from(schema_version).map_err(|_| out_of_range())?;
    let payload = match payload {
        PayloadKind::Text => row.next_text()?.map(Payload::Text),
        PayloadKind::Jsonb => row.next_jsonb()?.map(Payload::Text),
        PayloadKind::Stored => row.next_bytes()?.map(|bytes| Payload::Jsonb(Jsonb(bytes))),
    };
    Ok(RawEvent {
        position: Position(position),
        stream_id,
        stream_version,
        event_type,
        schema_version,
        payload: payload.ok_or_else(|| null(row.column()))?,
        metadata: if needs.metadata { row.next_text()? } else { None },
        recorded_at: if needs.recorded_at && !needs.minimal_columns {
            row.next_text()?
        } else {
            None
        },
        recorded_micros: if needs.recorded_at && needs.minimal_columns {
            row.next_int()?
        } else {
            None
        },
    })
}

impl Log {
    /// Reads a range and hands each chunk to `sink`, until it answers `false`. The chunks
    /// follow one another without a hole and end at the range's end. An event that cannot be read
    /// is among them.
    ///
    /// # Errors
    /// The server refuses, the connection is lost, or positions do not ascend.
    pub fn read(
        &self,
        session: &mut impl CopyOut,
        range: Range,
        wanted: Wanted<'_>,
        needs: Needs,
        bounds: ChunkBounds,
        sink: &mut dyn FnMut(Chunk) -> bool,
    ) -> Result<(), LogError> {
        // Whether an event can be read must not depend on who reads it.
        let needs = Needs { stream: needs.stream || !self.certain.stream, ..needs };
        let mut what = (wanted, needs, self.form(needs));
        let mut at = range.after;
        let mut read = self.copy(session, range, what, bounds, sink, &mut at);
        // A statement that is refused for its cast has read nothing.
        if let (PayloadKind::Stored, Err(LogError::Pg(error))) = (what.2, &read)
            && error.code() == Some(CANNOT_COERCE)
        {
            what.2 = self.payload;
            read = self.copy(session, range, what, bounds, sink, &mut at);
        }
        match read {
            // The server evaluates the columns of an adopted log, and names no row.
            Err(LogError::Pg(error)) if may_be_an_event(&error) => {
                let rest = Range { after: at, ..range };
                self.read_around(session, rest, what, bounds, (error, sink))
            }
            other => other.map(|_| ()),
        }
    }

    /// The statement by which a range is read, for people.
    #[must_use]
    pub fn reading(&self, range: Range, wanted: Wanted<'_>, needs: Needs) -> String {
        let needs = Needs { stream: needs.stream || !self.certain.stream, ..needs };
        self.select(range, wanted, needs, self.form(needs)).0
    }

    /// The payload of the event at a position, as it is.
    ///
    /// # Errors
    /// As [`Log::read`].
    pub fn payload(
        &self,
        session: &mut impl CopyOut,
        at: Position,
    ) -> Result<Option<String>, LogError> {
        let range = Range { after: Position(at.0 - 1), until: at };
        let bounds = ChunkBounds { events: 1, bytes: usize::MAX };
        let mut found = Ok(None);
        self.read(session, range, Wanted::All, Needs::default(), bounds, &mut |chunk| {
            let first = chunk.texts(Needs::default()).next().transpose();
            match first {
                Ok(Some(event)) => found = Ok(Some(event.payload.to_owned())),
                Ok(None) => {}
                Err(error) => found = Err(error),
            }
            true
        })?;
        found
    }

    /// Reads a range by one statement; answers whether more is wanted. Where it fails, everything up
    /// to `at` was handed on.
    pub(super) fn copy(
        &self,
        session: &mut impl CopyOut,
        range: Range,
        what: What<'_>,
        bounds: ChunkBounds,
        sink: &mut dyn FnMut(Chunk) -> bool,
        at: &mut Position,
    ) -> Result<bool, LogError> {
        let (wanted, needs, payload) = what;
        let (sql, columns) = self.select(range, wanted, needs, payload);
        let mut cutter = RowCutter::new(columns);
        let empty = || {
            let most = usize::try_from(range.until.0.saturating_sub(range.after.0)).unwrap_or(0);
            let events = most.min(bounds.events).min(MANY_EVENTS);
            Rows::with_capacity(events, (events * EVENT_BYTES).min(bounds.bytes))
        };
        let mut rows = empty();
        *at = range.after;
        let broken = |position| move |source| LogError::Stream { position: Some(position), source };
        let none = self.no_events(range, what);
        let chunk = |range, rows| Chunk { range, rows, ..none.clone() };
        let mut wanted_more = true;
        let read = session.copy_out(&sql, |piece| {
            cutter.push(piece, &mut rows).map_err(broken(*at))?;
            if rows.len() >= bounds.events || rows.bytes() >= bounds.bytes {
                let rows = std::mem::replace(&mut rows, empty());
                let until = last_position(&rows, *at)?;
                let range = Range { after: *at, until };
                *at = until;
                wanted_more = sink(chunk(range, rows));
            }
            Ok::<bool, LogError>(wanted_more)
        });
        if !wanted_more {
            return Ok(false);
        }
        let last = last_position(&rows, *at)?;
        match read {
            Ok(()) => {
                cutter.finish().map_err(broken(*at))?;
                let rest = Range { after: *at, until: range.until };
                *at = range.until;
                Ok(sink(chunk(rest, rows)))
            }
            // What the server sent before it gave up is whole.
            Err(LogError::Pg(error)) if may_be_an_event(&error) => {
                let range = Range { after: *at, until: last };
                *at = last;
                match range.after == last || sink(chunk(range, rows)) {
                    true => Err(error.into()),
                    false => Ok(false),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// A chunk without events.
    pub(super) fn no_events(&self, range: Range, (wanted, needs, payload): What<'_>) -> Chunk {
        let types: Arc<[Box<str>]> = match wanted {
            Wanted::All => Arc::new([]),
            Wanted::Types(types) | Wanted::Picked { types, .. } | Wanted::Sample { types, .. } => {
                types.iter().map(|name| Box::from(name.as_str())).collect()
            }
        };
        let (limits, numbers) = (self.limits, self.numbers);
        let rows = Rows::default();
        Chunk { range, payload, limits, rows, needs, numbers, types, unreadable: None }
    }

    /// How payloads arrive: people are shown text, and the sql engine hands it on.
    fn form(&self, needs: Needs) -> PayloadKind {
        if needs.minimal_columns && self.stored == Stored::Read {
            PayloadKind::Stored
        } else {
            self.payload
        }
    }

    fn select(
        &self,
        range: Range,
        wanted: Wanted<'_>,
        needs: Needs,
        payload: PayloadKind,
    ) -> (String, usize) {
        let shape = &self.shape;
        // A cast that changes nothing is work for each row all the same.
        let [stream_version, schema_version] = self.numbers.map(Number::cast);
        let mut columns = vec![shape.position_value()];
        if needs.has_stream() {
            columns.push(format!("({})::text", shape.stream_id));
            columns.push(format!("({}){stream_version}", shape.stream_version));
        }
        columns.push(format!("({})::text", shape.event_type));
        columns.push(format!("({}){schema_version}", shape.schema_version));
        columns.push(match payload {
            PayloadKind::Stored => format!("({})::bytea", shape.payload),
            PayloadKind::Text | PayloadKind::Jsonb => shape.payload.clone(),
        });
        let or_null = |expression: &Option<String>| expression.clone().unwrap_or("NULL".into());
        if needs.metadata {
            columns.push(format!("({})::text", or_null(&shape.metadata)));
        }
        if needs.recorded_at {
            let form = if needs.minimal_columns { "" } else { "::text" };
            columns.push(format!("({})::timestamptz{form}", or_null(&shape.recorded_at)));
        }
        let sql = format!(
            "COPY (SELECT {} FROM {} WHERE {p} > {} AND {p} <= {} AND {} ORDER BY {p}) TO STDOUT (FORMAT binary)",
            columns.join(", "),
            shape.rows(),
            shape.stored(range.after),
            shape.stored(range.until),
            self.type_filter(wanted),
            p = shape.position,
        );
        (sql, columns.len())
    }
}

/// The position of the last row; every row must stand behind the one before it.
fn last_position(rows: &Rows, after: Position) -> Result<Position, LogError> {
    let mut last = after;
    for mut row in rows.iter() {
        let raw =
            row.next_int().map_err(|source| LogError::Stream { position: Some(last), source })?;
        let found = Position(raw.ok_or(LogError::NotWhole { last })?);
        if found <= last {
            return Err(LogError::Order { last, found });
        }
        last = found;
    }
    Ok(last)
}
