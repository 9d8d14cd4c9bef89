//! The rest of a range around events that cannot be read.
//!
//! Owns finding the one at which the server gave up, and what is still known of it.

use super::reader::Chunk;
use super::unreadable::{Fault, Field, Unreadable, may_be_an_event};
use super::wanted::{ChunkBounds, Range, What};
use super::{Log, LogError};
use crate::copy_format::{RowCutter, Rows};
use crate::event::Position;
use crate::pg::{CopyOut, PgError, ServerError};

impl Log {
    /// Reads what is left of a range after the server gave up somewhere in it, and hands on the
    /// events it cannot read as such. An event costs a few statements, each of which goes no further
    /// than to the next such event where an index leads to a position; else as many as halving the
    /// range takes.
    pub(super) fn read_around(
        &self,
        session: &mut impl CopyOut,
        range: Range,
        what: What<'_>,
        bounds: ChunkBounds,
        (error, sink): (PgError, &mut dyn FnMut(Chunk) -> bool),
    ) -> Result<(), LogError> {
        // A statement that fails without any event fails for its own sake.
        let none = Range { until: range.after, ..range };
        if self.copy(session, none, what, bounds, &mut |_| true, &mut { none.after }).is_err() {
            return Err(error.into());
        }
        let mut at = range.after;
        let mut ends = vec![range.until];
        while let Some(&until) = ends.last() {
            let rest = Range { after: at, until };
            let Some(next) = self.first_position(session, rest)? else {
                if !sink(self.no_events(rest, what)) {
                    return Ok(());
                }
                at = until;
                ends.pop();
                continue;
            };
            let alone = Range { after: at, until: next };
            let goes_on = match self.copy(session, alone, what, bounds, sink, &mut at) {
                Ok(goes_on) => goes_on,
                Err(LogError::Pg(PgError::Server(error))) => {
                    let chunk = self.without(session, alone, what, error)?;
                    sink(chunk)
                }
                Err(other) => return Err(other),
            };
            if !goes_on {
                return Ok(());
            }
            at = next;
            if at < until {
                let rest = Range { after: at, until };
                match self.copy(session, rest, what, bounds, sink, &mut at) {
                    Ok(false) => return Ok(()),
                    Ok(true) => at = until,
                    Err(LogError::Pg(error)) if may_be_an_event(&error) => {
                        // Rows that are sorted are evaluated all before the first of them is sent.
                        if at == rest.after && until.0 - at.0 > 1 {
                            ends.push(Position(at.0 + (until.0 - at.0) / 2));
                        }
                        continue;
                    }
                    Err(other) => return Err(other),
                }
            }
            ends.pop();
        }
        Ok(())
    }

    /// The first position of a range, whatever stands there.
    fn first_position(
        &self,
        session: &mut impl CopyOut,
        range: Range,
    ) -> Result<Option<Position>, LogError> {
        let p = &self.shape.position;
        let tail = format!("ORDER BY {p} LIMIT 1");
        let rows = self.ask(session, &self.shape.position_value(), range, &tail)?;
        let first = rows.iter().next().map(|mut row| row.next_int());
        let position = first
            .transpose()
            .map_err(|source| LogError::Stream { position: Some(range.after), source })?;
        Ok(position.flatten().map(Position))
    }

    /// One column of the events of a range.
    fn ask(
        &self,
        session: &mut impl CopyOut,
        column: &str,
        range: Range,
        tail: &str,
    ) -> Result<Rows, LogError> {
        let (rows, p) = (self.shape.rows(), &self.shape.position);
        let sql = format!(
            "COPY (SELECT {column} FROM {rows} WHERE {p} > {} AND {p} <= {} {tail}) \
             TO STDOUT (FORMAT binary)",
            self.shape.stored(range.after),
            self.shape.stored(range.until)
        );
        let (mut cutter, mut rows) = (RowCutter::new(1), Rows::default());
        let broken = |source| LogError::Stream { position: Some(range.after), source };
        session.copy_out(&sql, |piece| {
            cutter.push(piece, &mut rows).map_err(broken)?;
            Ok::<bool, LogError>(true)
        })?;
        Ok(rows)
    }

    /// The chunk of the one event of a range that the server cannot evaluate as a whole: what is
    /// known of it, and all the rest of it where the column is one that few need.
    fn without(
        &self,
        session: &mut impl CopyOut,
        alone: Range,
        what: What<'_>,
        error: Box<ServerError>,
    ) -> Result<Chunk, LogError> {
        let (_, needs, _) = what;
        let mut event = Unreadable::at(alone.until, None, Fault::Refused(error));
        let mut reduced = self.clone();
        for field in Field::ALL.into_iter().filter(|field| field.is_needed(needs)) {
            let Some(column) = self.column(field) else { continue };
            let only = Range { after: Position(alone.until.0 - 1), until: alone.until };
            let rows = match self.ask(session, &column, only, "") {
                Ok(rows) => rows,
                Err(LogError::Pg(PgError::Server(error))) => {
                    if event.field.is_none() {
                        (event.field, event.fault) = (Some(field), Fault::Refused(error));
                    }
                    match field {
                        Field::Metadata => reduced.shape.metadata = None,
                        Field::RecordedAt => reduced.shape.recorded_at = None,
                        _ => {}
                    }
                    continue;
                }
                Err(other) => return Err(other),
            };
            let bytes = rows.iter().next().and_then(|mut row| row.next_bytes().ok().flatten());
            let text = bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            match field {
                Field::StreamId => event.stream_id = text,
                Field::StreamVersion => event.stream_version = text.and_then(|t| t.parse().ok()),
                Field::Type => event.event_type = text,
                Field::SchemaVersion => event.schema_version = text.and_then(|t| t.parse().ok()),
                Field::Payload | Field::Metadata | Field::RecordedAt => {}
            }
        }
        let mut chunk = self.no_events(alone, what);
        if !matches!(event.field, Some(Field::Metadata | Field::RecordedAt)) {
            chunk.lack(event);
            return Ok(chunk);
        }
        // Builds that have no use for the column must not stop at it.
        let bounds = ChunkBounds { events: usize::MAX, bytes: usize::MAX };
        let mut found = None;
        let mut take = |chunk| {
            found = Some(chunk);
            true
        };
        match reduced.copy(session, alone, what, bounds, &mut take, &mut { alone.after }) {
            Ok(_) => chunk = found.unwrap_or(chunk),
            Err(LogError::Pg(PgError::Server(_))) => event.field = None,
            Err(other) => return Err(other),
        }
        chunk.lack(event);
        Ok(chunk)
    }

    /// A column as text, as the statement that reads the log evaluates it; `None` if the log has none.
    fn column(&self, field: Field) -> Option<String> {
        let shape = &self.shape;
        let text = |expression: &str| format!("({expression})::text");
        Some(match field {
            Field::StreamId => text(&shape.stream_id),
            Field::StreamVersion => text(&shape.stream_version),
            Field::Type => text(&shape.event_type),
            Field::SchemaVersion => text(&shape.schema_version),
            Field::Payload => shape.payload.clone(),
            Field::Metadata => text(shape.metadata.as_ref()?),
            Field::RecordedAt => {
                format!("({})::timestamptz::text", shape.recorded_at.as_ref()?)
            }
        })
    }
}
