//! Reading a range of the log with COPY, in chunks of whole events.
//!
//! Owns the query and the decoding of a row into a [`RawEvent`]. What the events mean,
//! and who gets them, is decided above.

use std::sync::Arc;

use super::{Log, LogError, PayloadKind, Stored, type_filter};
use crate::copy_format::{CopyError, Row, RowCutter, Rows};
use crate::event::{Payload, PayloadLimits, Position, RawEvent};
use crate::pg::{CopyOut, PgError, ServerError};
use crate::value::jsonb::Jsonb;

/// What an event takes, in bytes, where it is not large: room is made for as many as a chunk may hold,
/// since memory that is not written to costs nothing and a buffer that grows is copied.
const EVENT_BYTES: usize = 256;
/// SQLSTATE of a cast that is not there (any more).
const CANNOT_COERCE: &str = "42846";
/// Room is made for no more events than this.
const MANY_EVENTS: usize = 10_000;

/// What of an event is needed besides its payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// The metadata.
    pub metadata: bool,
    /// The time it was recorded.
    pub recorded_at: bool,
    /// Whether a program reads: the time as a number, and the stream only where it is asked for.
    /// It saves the server a quarter of its work.
    pub lean: bool,
    /// The stream and the event's number in it, where a reading is lean; else they are there.
    pub stream: bool,
}

impl Needs {
    /// What either of two needs.
    #[must_use]
    pub fn or(self, other: Needs) -> Needs {
        Needs {
            metadata: self.metadata || other.metadata,
            recorded_at: self.recorded_at || other.recorded_at,
            lean: self.lean && other.lean,
            stream: self.stream || other.stream,
        }
    }

    fn has_stream(self) -> bool {
        !self.lean || self.stream
    }
}

/// Which events of a range are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Every event, whatever its type.
    All,
    /// Events of these types; none where there is no type.
    Types(&'a [String]),
}

/// A range of the log, without its lower end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// Everything at or below it is left out.
    pub after: Position,
    /// The last position that counts.
    pub until: Position,
}

/// How large a chunk may grow before it is handed on.
#[derive(Debug, Clone, Copy)]
pub struct ChunkBounds {
    /// Events at the most.
    pub events: usize,
    /// Bytes at the most; a single larger event is a chunk of its own.
    pub bytes: usize,
}

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
    /// Types that its events may have: what is compared with one of them needs no other look.
    types: Arc<[Box<str>]>,
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
        Chunk { range, payload, limits, rows, needs, types: Arc::new([]) }
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The events in order, with payloads in the form they were read in.
    #[inline]
    pub fn events(&self) -> impl Iterator<Item = Result<RawEvent<'_, Payload<'_>>, LogError>> {
        Events { chunk: self, rows: self.rows.iter(), last: None }
    }

    /// The events in order, with payloads as text: those of a reading that is not lean.
    pub fn texts(&self) -> impl Iterator<Item = Result<RawEvent<'_>, LogError>> {
        self.events().map(|event| {
            let event = event?;
            match event.payload {
                Payload::Text(text) => Ok(event.with_payload(text)),
                Payload::Jsonb(_) => unreachable!("only a lean reading has payloads as stored"),
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
}

impl<'c, R: Iterator<Item = Row<'c>>> Iterator for Events<'c, R> {
    type Item = Result<RawEvent<'c, Payload<'c>>, LogError>;

    // Calls that hand over a whole event cost a thirtieth of a rebuild.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next()?;
        let Chunk { payload, needs, types, .. } = self.chunk;
        Some(match decode(row, *payload, *needs, types) {
            Ok(event) => {
                self.last = Some(event.position);
                Ok(event)
            }
            Err(source) => Err(damaged(row, *needs, self.last, source)),
        })
    }
}

/// The columns of a row, in the words of an event.
const FIELDS: [&str; 8] = [
    "position",
    "stream id",
    "stream version",
    "type",
    "schema version",
    "payload",
    "metadata",
    "time of recording",
];

/// What is wrong with a row, with its position where that much can be read.
fn damaged(mut row: Row<'_>, needs: Needs, last: Option<Position>, source: CopyError) -> LogError {
    let Ok(Some(position)) = row.next_int() else {
        return LogError::Stream { position: last, source };
    };
    let column = match source {
        CopyError::Utf8 { column, .. }
        | CopyError::Null { column }
        | CopyError::Width { column, .. } => column,
        CopyError::Signature | CopyError::Columns { .. } | CopyError::Truncated => 0,
    };
    // Columns that were not asked for are not in the row.
    let skipped = match column {
        2.. if !needs.has_stream() => 2,
        _ => 0,
    };
    let nth = match column + skipped {
        7 if !needs.metadata => 8,
        nth => nth,
    };
    let Some(field) = nth.checked_sub(1).and_then(|nth| FIELDS.get(nth).copied()) else {
        return LogError::Stream { position: last, source };
    };
    LogError::Row { position: Position(position), field, source }
}

#[inline(always)]
fn decode<'a>(
    mut row: Row<'a>,
    payload: PayloadKind,
    needs: Needs,
    types: &'a [Box<str>],
) -> Result<RawEvent<'a, Payload<'a>>, CopyError> {
    let null = |column| CopyError::Null { column };
    let position = row.next_int()?.ok_or(null(1))?;
    let (stream_id, stream_version) = match needs.has_stream() {
        true => (row.next_text()?.ok_or(null(2))?, row.next_int()?.ok_or(null(3))?),
        false => ("", 0),
    };
    let event_type = match types.iter().find(|name| row.skip_if(name)) {
        Some(name) => name,
        None => row.next_text()?.ok_or(null(row.column()))?,
    };
    let schema_version = row.next_int()?.ok_or(null(row.column()))?;
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
        schema_version: i32::try_from(schema_version).unwrap_or(i32::MAX),
        payload: payload.ok_or(null(row.column()))?,
        metadata: if needs.metadata { row.next_text()? } else { None },
        recorded_at: if needs.recorded_at && !needs.lean { row.next_text()? } else { None },
        recorded_micros: if needs.recorded_at && needs.lean { row.next_int()? } else { None },
    })
}

impl Log {
    /// Reads a range and hands each chunk to `sink`, until it answers `false`. The chunks
    /// follow one another without a hole and end at the range's end.
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
        let form = self.form(needs);
        let mut read = self.copy(session, range, (wanted, needs, form), bounds, sink);
        // A statement that is refused for its cast has read nothing.
        if let (PayloadKind::Stored, Err(LogError::Pg(error))) = (form, &read)
            && error.code() == Some(CANNOT_COERCE)
        {
            read = self.copy(session, range, (wanted, needs, self.payload), bounds, sink);
        }
        match read {
            // The server evaluates the columns of an adopted log, and names no row.
            Err(LogError::Pg(PgError::Server(error))) if error.code.starts_with("22") => {
                Err(self.blame(session, range, (wanted, needs), error))
            }
            other => other,
        }
    }

    /// Finds the first event of a range whose columns the server cannot evaluate, by halves.
    fn blame(
        &self,
        session: &mut impl CopyOut,
        range: Range,
        (wanted, needs): (Wanted<'_>, Needs),
        error: Box<ServerError>,
    ) -> LogError {
        let mut range = range;
        let mut first = error;
        let bounds = ChunkBounds { events: usize::MAX, bytes: 8 * 1024 * 1024 };
        while range.until.0 - range.after.0 > 1 {
            let middle = Position(range.after.0 + (range.until.0 - range.after.0) / 2);
            let lower = Range { until: middle, ..range };
            let what = (wanted, needs, self.form(needs));
            match self.copy(session, lower, what, bounds, &mut |_| true) {
                Ok(()) => range.after = middle,
                Err(LogError::Pg(PgError::Server(error))) => {
                    (first, range) = (error, lower);
                }
                Err(other) => return other,
            }
        }
        LogError::Refused { position: range.until, source: first }
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
            let first = chunk.texts().next().transpose();
            match first {
                Ok(Some(event)) => found = Ok(Some(event.payload.to_owned())),
                Ok(None) => {}
                Err(error) => found = Err(error),
            }
            true
        })?;
        found
    }

    fn copy(
        &self,
        session: &mut impl CopyOut,
        range: Range,
        (wanted, needs, payload): (Wanted<'_>, Needs, PayloadKind),
        bounds: ChunkBounds,
        sink: &mut dyn FnMut(Chunk) -> bool,
    ) -> Result<(), LogError> {
        let (sql, columns) = self.select(range, wanted, needs, payload);
        let mut cutter = RowCutter::new(columns);
        let empty = || {
            let most = usize::try_from(range.until.0.saturating_sub(range.after.0)).unwrap_or(0);
            let events = most.min(bounds.events).min(MANY_EVENTS);
            Rows::with_capacity(events, (events * EVENT_BYTES).min(bounds.bytes))
        };
        let mut rows = empty();
        let mut after = range.after;
        let broken = |position| move |source| LogError::Stream { position: Some(position), source };
        let types: Arc<[Box<str>]> = match wanted {
            Wanted::All => Arc::new([]),
            Wanted::Types(types) => types.iter().map(|name| Box::from(name.as_str())).collect(),
        };
        let limits = self.limits;
        let chunk =
            |range, rows| Chunk { range, payload, limits, rows, needs, types: Arc::clone(&types) };
        let mut wanted_more = true;
        session.copy_out(&sql, |piece| {
            cutter.push(piece, &mut rows).map_err(broken(after))?;
            if rows.len() >= bounds.events || rows.bytes() >= bounds.bytes {
                let rows = std::mem::replace(&mut rows, empty());
                let until = last_position(&rows, after)?;
                let range = Range { after, until };
                after = until;
                wanted_more = sink(chunk(range, rows));
            }
            Ok::<bool, LogError>(wanted_more)
        })?;
        if !wanted_more {
            return Ok(());
        }
        cutter.finish().map_err(broken(after))?;
        last_position(&rows, after)?;
        let rest = Range { after, until: range.until };
        sink(chunk(rest, rows));
        Ok(())
    }

    /// How payloads arrive: people are shown text, and the sql engine hands it on.
    fn form(&self, needs: Needs) -> PayloadKind {
        if needs.lean && self.stored == Stored::Read { PayloadKind::Stored } else { self.payload }
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
        let [stream_version, schema_version] = self.casts;
        let mut columns = vec![format!("({})::bigint", shape.position)];
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
            let form = if needs.lean { "" } else { "::text" };
            columns.push(format!("({})::timestamptz{form}", or_null(&shape.recorded_at)));
        }
        let sql = format!(
            "COPY (SELECT {} FROM {} AS log WHERE {p} > {} AND {p} <= {} AND {} ORDER BY {p}) TO STDOUT (FORMAT binary)",
            columns.join(", "),
            shape.table,
            range.after.0,
            range.until.0,
            type_filter(shape, wanted),
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
        let found = Position(raw.unwrap_or(0));
        if found <= last {
            return Err(LogError::Order { last, found });
        }
        last = found;
    }
    Ok(last)
}
