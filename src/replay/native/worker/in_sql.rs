//! What a build that is carried natively leaves to the sql engine: an event, a chunk, or a replay.
//!
//! Memory is written back before, and what the sql engine may have changed is forgotten after.

use std::sync::Arc;

use super::{Halt, NativeWorker};
use crate::anchor::Tally;
use crate::event::Position;
use crate::ledger;
use crate::log::reader::Chunk;
use crate::log::wanted::{ChunkBounds, Needs, Range, Wanted};
use crate::log::{Log, LogError};
use crate::pg::{Server, Session, citus};
use crate::replay::build_session::Ended;
use crate::replay::native::bind::{Bound, Runner, Step};
use crate::replay::native::store::Table;
use crate::replay::sql::apply::{Applied, apply};

/// How the log is read again, where what was read was too little for the sql engine.
#[derive(Clone, Copy)]
pub struct RereadLog<'l> {
    /// The log.
    pub log: &'l Log,
    /// Its server.
    pub server: &'l Server,
    /// What was read.
    pub needs: Needs,
}

impl NativeWorker<'_, '_> {
    /// Leaves one event to the sql engine.
    pub(super) fn in_sql(&mut self, bound: &Bound, steps: &[Step]) -> Result<(), Halt> {
        let Some(first) = steps.first() else { return Ok(()) };
        let before = Position(first.position.0 - 1).max(self.build.position);
        self.commit(before)?;
        self.apply(&bound.chunk, first.position)?;
        for step in steps {
            match step.handler {
                Runner::Native(handler) | Runner::Foreign(handler) => {
                    let handler = usize::try_from(handler).unwrap_or(usize::MAX);
                    let touched = self.native.touched.get(handler).into_iter().flatten();
                    touched.for_each(|table| self.fold.tables[*table].clear());
                }
                Runner::Unread => self.fold.tables.iter_mut().for_each(Table::clear),
            }
        }
        Ok(())
    }

    /// Leaves what is left of a chunk to the sql engine.
    pub(super) fn rest_in_sql(&mut self, chunk: &Arc<Chunk>) -> Result<(), Halt> {
        self.commit(self.at)?;
        self.apply(chunk, chunk.range.until)?;
        self.fold.tables.iter_mut().for_each(Table::clear);
        Ok(())
    }

    /// Runs the events of a chunk between the checkpoint and a position in SQL.
    fn apply(&mut self, chunk: &Arc<Chunk>, until: Position) -> Result<(), Halt> {
        let range = Range { after: self.build.position, until };
        let damaged = |error| Halt::Ended(Ended::Damaged(error));
        if !self.reread.needs.minimal_columns {
            return self.run_in_sql(chunk, range);
        }
        for chunk in &self.read_again(range).map_err(damaged)? {
            let range = Range { after: self.build.position, until: chunk.range.until };
            self.run_in_sql(chunk, range)?;
        }
        Ok(())
    }

    fn run_in_sql(&mut self, chunk: &Arc<Chunk>, range: Range) -> Result<(), Halt> {
        let damaged = |error| Halt::Ended(Ended::Damaged(error));
        let batch = self.program.bind(chunk, range, self.build.on_error).map_err(damaged)?;
        match apply(self.session, (self.build, self.identity), self.program, &batch)? {
            Applied::Committed { left_out, anchor } => {
                let done = (left_out, anchor);
                self.pass.committed(self.build, self.session, &batch, self.until, done)?;
                citus::settle(self.session, &self.build.schema)?;
                self.at = range.until;
                self.work.sql += i64::try_from(batch.kinds.len()).unwrap_or(i64::MAX);
                Ok(())
            }
            Applied::Poisoned(failure) => Err(Halt::Ended(Ended::Poisoned(failure))),
            Applied::Fenced(why) => Err(Halt::Ended(Ended::Fenced(why))),
            Applied::Unanchored(why) => Err(Halt::Ended(Ended::Unanchored(why))),
        }
    }

    /// A range as the sql engine needs it: one chunk, but for events that cannot be read.
    fn read_again(&mut self, range: Range) -> Result<Vec<Arc<Chunk>>, LogError> {
        let RereadLog { log, server, .. } = self.reread;
        let session = match &mut self.log_session {
            Some(session) => session,
            none => none.insert(Session::open(server, "reader")?),
        };
        let all = ChunkBounds { events: usize::MAX, bytes: usize::MAX };
        let wanted = Wanted::Types(&self.program.types);
        let mut found = Vec::new();
        log.read(session, range, wanted, self.program.needs, all, &mut |chunk| {
            found.push(Arc::new(chunk));
            true
        })?;
        Ok(found)
    }

    /// Runs everything from the checkpoint to a position in SQL: the tables do not take the rows
    /// that memory has, and the sql engine will say why, or make others.
    pub(super) fn replay_in_sql(&mut self, to: Position) -> Result<(), Halt> {
        ledger::undo(self.session, self.build.id)?;
        self.fold = self.native.fold(false);
        (self.read, self.applied) = (Tally::default(), 0);
        let RereadLog { log, server, .. } = self.reread;
        let mut session = match self.log_session.take() {
            Some(session) => session,
            None => Session::open(server, "reader")?,
        };
        let pace = self.pass.pace;
        let bounds = ChunkBounds { events: pace.batch_events, bytes: pace.batch_bytes };
        let (program, range) = (self.program, Range { after: self.build.position, until: to });
        let wanted = Wanted::Types(&program.types);
        let mut result = Ok(());
        let read = log.read(&mut session, range, wanted, program.needs, bounds, &mut |chunk| {
            let range = Range { after: self.build.position, until: chunk.range.until };
            result = self.run_in_sql(&Arc::new(chunk), range);
            result.is_ok()
        });
        result?;
        read.map_err(|error| Halt::Ended(Ended::Damaged(error)))
    }
}
