//! Events without a build, and what each statement makes of one row.
//!
//! The fold runs as in a rebuild, over the tables of a scratch schema; between two statements the row is
//! looked at. Rows beyond the memory there is are written into the tables and fetched again. An event that the
//! fold declines is for the caller to run in SQL, after everything was written.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Native;
use super::bind::{Binder, Bound, Step};
use super::fetch::FetchError;
use super::fold::Fold;
use super::store::Found;
use crate::cell::{Cell, Kind, wire};
use crate::event::Position;
use crate::handler::native::{Miss, Stop};
use crate::handler::plan::LayoutCache;
use crate::log::LogError;
use crate::log::reader::Chunk;
use crate::pg::{PgError, Transaction};
use crate::replay::sql::Program;

/// A row, by its table in the program and its key.
#[derive(Debug, Clone)]
pub struct Row {
    /// The table.
    pub table: usize,
    /// The key's cells, in its order.
    pub key: Vec<Cell>,
}

/// What a statement made of the row.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The stored event.
    pub position: Position,
    /// Which of the events that it became and that a handler takes.
    pub step: usize,
    /// The handler.
    pub handler: usize,
    /// Its statement.
    pub statement: usize,
    /// The row after it; `None` if there is none.
    pub row: Option<Vec<Cell>>,
}

/// A chunk that is being replayed.
#[derive(Debug)]
pub struct Progress {
    bound: Bound,
    at: usize,
}

impl Progress {
    /// How many of its events reach a handler, whatever upcasters make of each, those at some positions left out.
    #[must_use]
    pub fn events(&self, without: &BTreeSet<Position>) -> u64 {
        let events = self.bound.steps.chunk_by(|one, next| one.position == next.position);
        events.filter(|steps| !without.contains(&steps[0].position)).count() as u64
    }
}

/// The fold and the row that is looked at.
#[derive(Debug)]
pub struct Watch<'w> {
    native: &'w Native,
    layouts: LayoutCache,
    fold: Fold,
    row: Option<Row>,
    /// The row as it was last; nothing where it is in the tables only.
    last: Option<Option<Vec<Cell>>>,
    /// The same before the event that is under way, if that has changed it.
    undo: Option<Option<Option<Vec<Cell>>>>,
    seen: Vec<Seen>,
    budget: usize,
    /// Whether the tables are not to be written.
    in_memory: bool,
}

impl<'w> Watch<'w> {
    /// Before the first event; without a row nothing is seen. `whole` says that the tables are empty, `budget` how many bytes rows may take.
    #[must_use]
    pub fn new(native: &'w Native, row: Option<Row>, whole: bool, budget: usize) -> Watch<'w> {
        let (layouts, fold) = (native.plans.layouts(), native.fold(whole));
        let last = whole.then_some(None);
        Watch {
            native,
            layouts,
            fold,
            row,
            last,
            undo: None,
            seen: Vec::new(),
            budget,
            in_memory: false,
        }
    }

    /// The same over tables that are taken for empty and never written: the transactions it is given may
    /// be read-only.
    #[must_use]
    pub fn in_memory(native: &'w Native, row: Row, budget: usize) -> Watch<'w> {
        Watch { in_memory: true, ..Watch::new(native, Some(row), true, budget) }
    }

    /// Binds a chunk, where no reader has done it.
    ///
    /// # Errors
    /// Its rows are damaged.
    pub fn bind(&mut self, program: &Program, chunk: &Arc<Chunk>) -> Result<Bound, LogError> {
        let binder = Binder { program, native: self.native };
        binder.bind(&mut self.layouts, Arc::clone(chunk), Position(0))
    }

    /// Takes up a chunk.
    ///
    /// # Errors
    /// The server refuses.
    pub fn take_up(
        &mut self,
        transaction: &mut Transaction<'_>,
        bound: Bound,
    ) -> Result<Progress, PgError> {
        if self.fold.bytes() > self.budget && !self.in_memory {
            self.settle(transaction)?;
        }
        match self.native.prefetch(transaction, &mut self.fold, &bound, self.budget) {
            Err(FetchError::Pg(error)) => return Err(error),
            // The events will ask for their rows one by one.
            Ok(()) | Err(FetchError::Unreadable | FetchError::TooMany) => {}
        }
        Ok(Progress { bound, at: 0 })
    }

    /// Goes on with a chunk to its end or to an event that SQL has to run: its position. The events at the
    /// positions `without` are left out, those `in_sql` are always for SQL. Then everything is in the tables, unless it is in memory only.
    ///
    /// # Errors
    /// The server refuses.
    pub fn advance(
        &mut self,
        transaction: &mut Transaction<'_>,
        progress: &mut Progress,
        (without, in_sql): (&BTreeSet<Position>, &BTreeSet<Position>),
    ) -> Result<Option<Position>, PgError> {
        let Progress { bound, at } = progress;
        while let Some(first) = bound.steps.get(*at) {
            let rest = &bound.steps[*at..];
            let parts = rest.iter().take_while(|step| step.more).count() + 1;
            let event = &rest[..parts.min(rest.len())];
            let position = first.position;
            *at += event.len();
            let is_done = without.contains(&position)
                || (!in_sql.contains(&position) && self.is_folded(transaction, bound, event)?);
            if is_done {
                continue;
            }
            if !self.in_memory {
                self.settle(transaction)?;
            }
            return Ok(Some(position));
        }
        Ok(None)
    }

    /// The table of the row, by its number in the program.
    #[must_use]
    pub fn table(&self) -> Option<usize> {
        self.row.as_ref().map(|row| row.table)
    }

    /// What statements made of the row since this was asked last.
    pub fn take_seen(&mut self) -> Vec<Seen> {
        std::mem::take(&mut self.seen)
    }

    /// Writes everything into the tables, where it is from now on.
    ///
    /// # Errors
    /// The server refuses.
    pub fn settle(&mut self, transaction: &mut Transaction<'_>) -> Result<(), PgError> {
        self.last = None;
        self.native.settle(transaction, &mut self.fold)
    }

    /// Folds one event; `false` if it is for the sql engine, and nothing of it was kept.
    fn is_folded(
        &mut self,
        transaction: &mut Transaction<'_>,
        bound: &Bound,
        steps: &[Step],
    ) -> Result<bool, PgError> {
        let seen = self.seen.len();
        loop {
            match self.fold_all(bound, steps) {
                Ok(()) => {
                    self.fold.keep();
                    self.undo = None;
                    return Ok(true);
                }
                Err(stop) => {
                    self.fold.take_back();
                    self.seen.truncate(seen);
                    if let Some(before) = self.undo.take() {
                        self.last = before;
                    }
                    let Stop::Miss(miss) = stop else { return Ok(false) };
                    match self.native.fetch(transaction, &mut self.fold, *miss, self.budget) {
                        Ok(()) => {}
                        Err(FetchError::Pg(error)) => return Err(error),
                        Err(FetchError::Unreadable | FetchError::TooMany) => return Ok(false),
                    }
                }
            }
        }
    }

    fn fold_all(&mut self, bound: &Bound, steps: &[Step]) -> Result<(), Stop> {
        for (nth, step) in steps.iter().enumerate() {
            let statements = self.native.statements(step.handler).ok_or(Stop::Decline)?;
            let handler = step.handler.native().ok_or(Stop::Decline)?;
            let first = usize::try_from(step.first).unwrap_or(usize::MAX);
            let args = bound.args.get(first..).unwrap_or_default();
            for statement in statements {
                let is_of_table = Some(statement.table) == self.table();
                if is_of_table && self.last.is_none() {
                    self.last = Some(self.now()?);
                }
                let one = std::slice::from_ref(statement);
                self.fold.apply(&self.native.program, one, (args, None), true)?;
                if is_of_table {
                    let position = step.position;
                    self.look(Seen {
                        position,
                        step: nth,
                        handler,
                        statement: statement.nth,
                        row: None,
                    })?;
                }
            }
        }
        Ok(())
    }

    /// Takes note of a statement if the row is another one after it.
    fn look(&mut self, seen: Seen) -> Result<(), Stop> {
        let now = self.found()?;
        let is_same = match (&self.last, now) {
            (Some(Some(last)), Some(now)) => last.iter().zip(now).all(|(a, b)| is_same(a, b)),
            (Some(None), None) => true,
            _ => false,
        };
        if !is_same {
            let row = now.map(<[Cell]>::to_vec);
            let before = self.last.replace(row.clone());
            self.undo.get_or_insert(before);
            self.seen.push(Seen { row, ..seen });
        }
        Ok(())
    }

    fn now(&self) -> Result<Option<Vec<Cell>>, Stop> {
        Ok(self.found()?.map(<[Cell]>::to_vec))
    }

    /// The row as the fold has it.
    fn found(&self) -> Result<Option<&[Cell]>, Stop> {
        let Some(Row { table, key }) = &self.row else { return Ok(None) };
        let of = &self.fold.tables[*table];
        let wanted: Vec<&Cell> = key.iter().collect();
        match of.find(&wanted) {
            Found::Row(row) => Ok(Some(of.cells(row))),
            Found::Nothing => Ok(None),
            Found::Unknown => {
                let (table, key) = (*table, key.clone());
                Err(Stop::Miss(Box::new(Miss::Key { table, key })))
            }
        }
    }
}

/// Whether PostgreSQL prints two cells of one column alike.
fn is_same(one: &Cell, other: &Cell) -> bool {
    match (one, other) {
        (Cell::Null, Cell::Null) => true,
        (Cell::Bool(a), Cell::Bool(b)) => a == b,
        (Cell::Int(a), Cell::Int(b)) => a == b,
        (Cell::Float(a), Cell::Float(b)) => a.to_bits() == b.to_bits(),
        (Cell::Small(a, scale), Cell::Small(b, other)) => a == b && scale == other,
        (Cell::Text(a), Cell::Text(b)) => a == b,
        (Cell::Uuid(a), Cell::Uuid(b)) => a == b,
        (Cell::Array(a), Cell::Array(b)) => a == b,
        (Cell::Big(_), Cell::Big(_)) => {
            let written = |cell: &Cell| {
                let mut bytes = Vec::new();
                wire::push_field(&mut bytes, cell, Kind::Numeric).map(|()| bytes)
            };
            written(one) == written(other)
        }
        _ => false,
    }
}

impl Native {
    /// Sends rows of a table by COPY, each with its number in a column besides.
    ///
    /// # Errors
    /// The server refuses.
    pub fn copy_numbered(
        &self,
        transaction: &mut Transaction<'_>,
        (table, rows): (usize, &[&[Cell]]),
        (into, number): (&str, &str),
    ) -> Result<(), PgError> {
        let of = &self.program.tables[table];
        let columns = self.columns(table, 0..of.columns.len()).join(", ");
        let sql = format!("COPY {into} ({columns}, {number}) FROM STDIN (FORMAT binary)");
        transaction.copy_in(&sql, |send| {
            let mut bytes = Vec::new();
            wire::push_header(&mut bytes);
            for (nth, row) in (0..).zip(rows) {
                wire::push_row(&mut bytes, i16::try_from(row.len() + 1).unwrap_or(i16::MAX));
                let (kinds, nth) = (of.columns.iter().map(|column| column.ty.kind), Cell::Int(nth));
                let cells = row.iter().zip(kinds).chain([(&nth, Kind::Int8)]);
                for (cell, kind) in cells {
                    wire::push_field(&mut bytes, cell, kind)
                        .unwrap_or_else(|| unreachable!("a cell is of its column's kind"));
                }
            }
            wire::push_trailer(&mut bytes);
            send(&bytes)
        })?;
        Ok(())
    }
}
