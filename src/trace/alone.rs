//! The rows of single values, replayed alone in scratch: what the log says of them, by the sql engine and from their
//! events only.
//!
//! One table at a time: its lineage is made once, and its tables are emptied between two values.

use super::TraceError;
use super::aside::Aside;
use super::by_key::{ByColumn, ByKey};
use super::prior::Prior;
use super::replay::is_in_utf8;
use super::scope::{Known, leave_out};
use crate::context::Context;
use crate::definition::{Definition, OnError};
use crate::event::Position;
use crate::failure::Failure;
use crate::handler::native::route::{Obstacle, because};
use crate::ident::Ident;
use crate::log::Log;
use crate::log::reader::Chunk;
use crate::log::wanted::{ChunkBounds, Range, Wanted};
use crate::pg::catalog;
use crate::pg::{Session, Sql};
use crate::replay::sql::Program;
use crate::scratch::{self, Room, Scratch};

use std::collections::BTreeSet;
use std::sync::Arc;

/// A table that a column binds, in a scratch of its own.
pub(crate) struct Alone<'s> {
    context: &'s Context,
    room: Room<'s>,
    /// Where its lineage is made.
    pub(crate) schema: Ident,
    program: Program,
    by: ByColumn,
    types: Vec<String>,
    /// Empties its tables.
    clear: String,
    in_utf8: bool,
}

impl<'s> Alone<'s> {
    /// Makes the tables of a definition, for rows of one of them. Nothing can be replayed alone where an obstacle is
    /// given back.
    ///
    /// # Errors
    /// There is no scratch, or a server refuses.
    pub(crate) fn of(
        (context, scratch): (&'s Context, &mut Scratch<'s>),
        events: &mut Session,
        (definition, projection, table): (&Definition, &str, &Ident),
    ) -> Result<Result<Alone<'s>, Obstacle>, TraceError> {
        let schema = scratch::beside(projection);
        let parsed = definition.parse()?;
        if !scratch::is_plain(&parsed.lineage, true)? {
            let why = "its revisions are more than plain definitions, so rows may be there before the first event";
            return Ok(Err(because(why)));
        }
        let mut room = scratch.made(&parsed.lineage, &schema)?;
        let session = room.session();
        let known = Known::of(session, &schema, parsed)?;
        let by = match known.by_table(table.as_str()) {
            Ok(by) => by,
            Err(obstacle) => return Ok(Err(obstacle)),
        };
        let parsed = leave_out(known, &by).parsed;
        let (program, ()) = Program::install_parsed(session, &schema, parsed, |_, _| Ok(()))?;
        let tables = catalog::tables(session, &schema)?;
        let tables: Vec<String> = tables.iter().map(|table| schema.dot(&table.name)).collect();
        let clear = format!("TRUNCATE {} RESTART IDENTITY", tables.join(", "));
        let types = by.places.keys().cloned().collect();
        let in_utf8 = is_in_utf8(events)?;
        Ok(Ok(Alone { context, room, schema, program, by, types, clear, in_utf8 }))
    }

    /// The column that has the values.
    pub(crate) fn column(&self) -> &str {
        &self.by.column
    }

    /// A session that sees the rows of the value that was replayed last.
    pub(crate) fn session(&mut self) -> &mut Session {
        self.room.session()
    }

    /// The values that the first event of the table's types at a position or behind it has, and its own position.
    ///
    /// # Errors
    /// A server refuses.
    pub(crate) fn values_behind(
        &mut self,
        (events, log): (&mut Session, &Log),
        at: Position,
    ) -> Result<Option<(Position, BTreeSet<String>)>, TraceError> {
        let Some(position) = log.first_behind(events, &self.types, at)? else { return Ok(None) };
        let range = Range { after: Position(position.0.saturating_sub(1)), until: position };
        let bounds = ChunkBounds { events: 1, bytes: usize::MAX };
        let (wanted, needs) = (Wanted::Types(&self.types), self.program.needs);
        let mut chunks: Vec<Arc<Chunk>> = Vec::new();
        log.read(events, range, wanted, needs, bounds, &mut |chunk| {
            chunks.push(Arc::new(chunk));
            true
        })?;
        let mut values = BTreeSet::new();
        for chunk in &chunks {
            let batch = self.program.bind(chunk, range, OnError::Park)?;
            for (kind, args) in batch.calls() {
                let handler = usize::try_from(kind).unwrap_or(usize::MAX);
                let slots = self.program.function.slots.get(handler).map_or(&[][..], Vec::as_slice);
                values.extend(self.by.of_event(self.room.session(), (handler, slots), &args)?);
            }
        }
        Ok(Some((position, values)))
    }

    /// The value, if it is one that this process compares as PostgreSQL does.
    pub(crate) fn value(&self, text: &str) -> Option<ByKey> {
        self.by.of(text.to_owned()).ok()
    }

    /// Replays the events of one value, up to a position, into empty tables. Gives those that failed and are not set
    /// aside.
    ///
    /// # Errors
    /// A server refuses, or somebody asked to stop.
    pub(crate) fn replay(
        &mut self,
        (events, log): (&mut Session, &Log),
        (by, until): (&ByKey, Position),
        aside: Aside,
    ) -> Result<Vec<Failure>, TraceError> {
        let session = self.room.session();
        session.run(&self.clear)?;
        let picked = log.pick(&by.of.places, by.value(), self.in_utf8);
        let wanted = Wanted::Picked { types: &self.types, condition: &picked.condition };
        let range = Range { after: Position(0), until };
        let prior = Prior::new(self.context, session, &self.schema, (&self.program, None), aside)?;
        Ok(prior.run((events, log), (range, wanted), Some(by))?.failed)
    }
}
