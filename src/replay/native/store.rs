//! Rows in memory: what is known of a table, by its primary key.
//!
//! Owns the rows, whether the server has them and in which form, and what is known of keys
//! that are not here. Rows lie in pages of cells, so nothing is allocated for one; an index
//! of row numbers leads to them. Every change of an event can be taken back ([`Table::undo`]).
//! It evaluates nothing and talks to nobody.

use std::hash::{BuildHasher as _, Hasher as _};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use self::column_index::ColumnIndex;
use super::absent_keys::AbsentKeys;
use crate::cell::Cell;

mod column_index;

/// Rows in a page.
const PAGE: usize = 1024;
/// What the index and the bookkeeping of a row take, in bytes.
const ROW_BYTES: usize = 24;

/// What a row is to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The number is not in use.
    Free,
    /// As the server has it.
    Clean,
    /// The server has an older form of it.
    Changed,
    /// The server does not have it.
    New,
    /// The server has it, and it is to go.
    Deleted,
    /// Neither here nor there; only the key is kept.
    AbsentKeys,
}

impl State {
    /// Whether there is a row.
    #[must_use]
    pub fn is_there(self) -> bool {
        matches!(self, State::Clean | State::Changed | State::New)
    }
}

/// What a look at a key tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The row's number.
    Row(u32),
    /// There is no such row.
    Nothing,
    /// Only the server knows.
    Unknown,
}

/// One change, as it was before.
#[derive(Debug)]
pub struct Before {
    row: u32,
    state: State,
    cells: Option<Box<[Cell]>>,
}

/// A table's rows.
#[derive(Debug)]
pub struct Table {
    width: usize,
    key: Vec<usize>,
    pages: Vec<Vec<Cell>>,
    states: Vec<State>,
    /// The round in which each row was last touched.
    touched: Vec<u32>,
    free: Vec<u32>,
    index: HashTable<u32>,
    hasher: RandomState,
    absent_keys: AbsentKeys,
    indexes: Vec<ColumnIndex>,
    round: u32,
    bytes: usize,
    dirty: usize,
    written: bool,
}

impl Table {
    /// An empty table. `whole` says that the server's is empty as well; `searched` are the
    /// columns besides the key by which rows are looked for.
    #[must_use]
    pub fn new(
        width: usize,
        key: Vec<usize>,
        searched: impl IntoIterator<Item = usize>,
        whole: bool,
    ) -> Table {
        Table {
            width,
            key,
            pages: Vec::new(),
            states: Vec::new(),
            touched: Vec::new(),
            free: Vec::new(),
            index: HashTable::new(),
            hasher: RandomState::default(),
            absent_keys: if whole { AbsentKeys::All } else { AbsentKeys::Unknown },
            indexes: searched.into_iter().map(ColumnIndex::by).collect(),
            round: 0,
            bytes: 0,
            dirty: 0,
            written: false,
        }
    }

    /// Whether whatever is not here is nowhere.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self.absent_keys, AbsentKeys::All)
    }

    /// Bytes of memory its rows take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let indexes: usize = self.indexes.iter().map(ColumnIndex::bytes).sum();
        self.bytes + self.absent_keys.bytes() + indexes
    }

    /// Bytes of memory a row takes on average.
    #[must_use]
    pub fn row_bytes(&self) -> usize {
        self.bytes / (self.states.len() - self.free.len()).max(1)
    }

    /// Rows that differ from the server's.
    #[must_use]
    pub fn dirty(&self) -> usize {
        self.dirty
    }

    /// Whether the server was given rows before.
    #[must_use]
    pub fn was_written(&self) -> bool {
        self.written
    }

    /// The hash of a key.
    #[must_use]
    pub fn hash(&self, key: &[&Cell]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        key.iter().for_each(|cell| cell.hash_into(&mut hasher));
        hasher.finish()
    }

    fn hash_row(&self, row: u32) -> u64 {
        self.hash_of(self.cells(row))
    }

    fn hash_of(&self, cells: &[Cell]) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        self.key.iter().for_each(|column| cells[*column].hash_into(&mut hasher));
        hasher.finish()
    }

    fn place(row: u32) -> (usize, usize) {
        let row = usize::try_from(row).unwrap_or(usize::MAX);
        (row / PAGE, row % PAGE)
    }

    /// A row's cells.
    #[must_use]
    pub fn cells(&self, row: u32) -> &[Cell] {
        let (page, at) = Self::place(row);
        &self.pages[page][at * self.width..(at + 1) * self.width]
    }

    fn cells_mut(&mut self, row: u32) -> &mut [Cell] {
        let (page, at) = Self::place(row);
        &mut self.pages[page][at * self.width..(at + 1) * self.width]
    }

    /// A row's state.
    #[must_use]
    pub fn state(&self, row: u32) -> State {
        self.states[usize::try_from(row).unwrap_or(usize::MAX)]
    }

    fn entry(&self, hash: u64, key: &[&Cell]) -> Option<u32> {
        self.index.find(hash, |row| self.has_key(*row, key)).copied()
    }

    fn has_key(&self, row: u32, key: &[&Cell]) -> bool {
        let cells = self.cells(row);
        self.key.iter().zip(key).all(|(column, cell)| cells[*column].same_key(cell))
    }

    /// What is known of a key.
    #[must_use]
    pub fn find(&self, key: &[&Cell]) -> Found {
        self.found(self.hash(key), |row| self.has_key(row, key))
    }

    /// The rows with a value in a column, where all of them are here.
    #[must_use]
    pub fn find_all(&self, column: usize, value: &Cell) -> Option<Vec<u32>> {
        let found = self.indexes.iter().find(|s| s.column() == column)?;
        found.rows(value, self.is_whole())
    }

    /// Whether all rows with a value in a column by which rows are searched are here.
    #[must_use]
    pub fn has_all(&self, column: usize, value: &Cell) -> bool {
        let found = self.indexes.iter().find(|s| s.column() == column);
        self.is_whole() || found.is_some_and(|found| found.is_whole(value))
    }

    /// Takes note that every row with a value in a column is here.
    pub fn all_are_here(&mut self, column: usize, value: Cell) {
        if let Some(found) = self.indexes.iter_mut().find(|s| s.column() == column) {
            found.all_are_here(value);
        }
    }

    /// A row whose key may have this hash.
    #[must_use]
    #[inline]
    pub fn guess(&self, hash: u64) -> Option<u32> {
        self.index.find(hash, |_| true).copied()
    }

    /// Loads a row, for nothing but to have it near.
    #[must_use]
    #[inline]
    pub fn touch(&self, row: u32) -> u8 {
        let first = self.cells(row).first().map_or(0, |cell| u8::from(cell.is_null()));
        first ^ u8::from(self.state(row) == State::Free)
    }

    /// What is known of a key, of which `near` may be the row.
    #[must_use]
    pub fn find_with_hint(&self, key: &[&Cell], row_hint: Option<u32>) -> Found {
        match row_hint.filter(|row| self.may_be(*row) && self.has_key(*row, key)) {
            Some(row) => Found::Row(row),
            None => self.find(key),
        }
    }

    /// Whether there is a row of this number, whatever its key.
    fn may_be(&self, row: u32) -> bool {
        let at = usize::try_from(row).unwrap_or(usize::MAX);
        self.states.get(at).is_some_and(|state| state.is_there())
    }

    /// What is known of the key of a row, of which `near` may be the row.
    #[must_use]
    pub fn find_key_of(&self, cells: &[Cell], row_hint: Option<u32>) -> Found {
        if let Some(row) = row_hint.filter(|row| self.may_be(*row) && self.has_key_of(*row, cells))
        {
            return Found::Row(row);
        }
        self.found(self.hash_of(cells), |row| self.has_key_of(row, cells))
    }

    fn has_key_of(&self, row: u32, cells: &[Cell]) -> bool {
        let own = self.cells(row);
        self.key.iter().all(|column| own[*column].same_key(&cells[*column]))
    }

    fn found(&self, hash: u64, same: impl Fn(u32) -> bool) -> Found {
        match self.index.find(hash, |row| same(*row)).copied() {
            Some(row) if self.state(row).is_there() => Found::Row(row),
            Some(_) => Found::Nothing,
            None if self.absent_keys.says(hash) => Found::Nothing,
            None => Found::Unknown,
        }
    }

    /// Takes in what the server says of a key: its row, or that there is none. What is here
    /// already is newer and stays.
    pub fn cache_row(&mut self, key: &[&Cell], row: Option<Vec<Cell>>) {
        let hash = self.hash(key);
        if self.entry(hash, key).is_some() {
            return;
        }
        match row {
            Some(cells) => {
                self.add(hash, State::Clean, cells);
            }
            None => {
                let mut cells = vec![Cell::Null; self.width];
                for (column, cell) in self.key.iter().zip(key) {
                    cells[*column] = (*cell).clone();
                }
                self.add(hash, State::AbsentKeys, cells);
            }
        }
    }

    fn add(&mut self, hash: u64, state: State, cells: Vec<Cell>) -> u32 {
        self.bytes += ROW_BYTES + self.width * size_of::<Cell>();
        self.bytes += cells.iter().map(Cell::bytes).sum::<usize>();
        let row = match self.free.pop() {
            Some(row) => {
                for (place, cell) in self.cells_mut(row).iter_mut().zip(cells) {
                    *place = cell;
                }
                row
            }
            None => {
                let row = u32::try_from(self.states.len()).unwrap_or(u32::MAX);
                let (page, at) = Self::place(row);
                if at == 0 {
                    self.pages.push(Vec::with_capacity(PAGE * self.width));
                }
                self.pages[page].extend(cells);
                self.states.push(State::Free);
                self.touched.push(self.round);
                row
            }
        };
        self.set_state(row, state);
        self.enter(row);
        let (pages, width, keys, hasher) = (&self.pages, self.width, &self.key, &self.hasher);
        self.index.insert_unique(hash, row, |row| {
            let (page, at) = Self::place(*row);
            let mut state = hasher.build_hasher();
            keys.iter().for_each(|k| pages[page][at * width + k].hash_into(&mut state));
            state.finish()
        });
        row
    }

    fn set_state(&mut self, row: u32, state: State) {
        let round = self.round;
        let at = usize::try_from(row).unwrap_or(usize::MAX);
        let is_dirty = |s| matches!(s, State::Changed | State::New | State::Deleted);
        self.dirty += usize::from(is_dirty(state));
        self.dirty -= usize::from(is_dirty(self.states[at]));
        self.states[at] = state;
        self.touched[at] = round;
    }

    /// Enters a row that is there under its values.
    fn enter(&mut self, row: u32) {
        if self.indexes.is_empty() || !self.state(row).is_there() {
            return;
        }
        for n in 0..self.indexes.len() {
            let value = self.cells(row)[self.indexes[n].column()].clone();
            self.indexes[n].enter(value, row);
        }
    }

    /// Takes a row out from under its values.
    fn leave(&mut self, row: u32) {
        if self.indexes.is_empty() || !self.state(row).is_there() {
            return;
        }
        for n in 0..self.indexes.len() {
            let value = self.cells(row)[self.indexes[n].column()].clone();
            self.indexes[n].leave(value, row);
        }
    }

    /// Adds a row whose key is known to be nowhere.
    pub fn insert(&mut self, cells: Vec<Cell>) -> Before {
        let hash = self.hash_of(&cells);
        let same = |row: &u32| self.has_key_of(*row, &cells);
        let Some(row) = self.index.find(hash, same).copied() else {
            let row = self.add(hash, State::New, cells);
            return Before { row, state: State::Free, cells: None };
        };
        let state = self.state(row);
        let old: Box<[Cell]> = self.cells(row).into();
        self.put(row, cells.into_iter().enumerate());
        let now = if state == State::Deleted { State::Changed } else { State::New };
        self.set_state(row, now);
        self.enter(row);
        Before { row, state, cells: Some(old) }
    }

    fn put(&mut self, row: u32, cells: impl Iterator<Item = (usize, Cell)>) {
        let mut grown = 0;
        let mut shrunk = 0;
        let places = self.cells_mut(row);
        for (column, cell) in cells {
            grown += cell.bytes();
            shrunk += places[column].bytes();
            places[column] = cell;
        }
        self.bytes = (self.bytes + grown).saturating_sub(shrunk);
    }

    /// Gives columns of a row that is there new values. The form before is kept where `undoable`.
    pub fn update(&mut self, row: u32, set: &mut Vec<(usize, Cell)>, undoable: bool) -> Before {
        let state = self.state(row);
        let old = undoable.then(|| self.cells(row).into());
        let moves = !self.indexes.is_empty()
            && self.indexes.iter().any(|s| set.iter().any(|(column, _)| *column == s.column()));
        if moves {
            self.leave(row);
        }
        self.put(row, set.drain(..));
        self.set_state(row, if state == State::New { State::New } else { State::Changed });
        if moves {
            self.enter(row);
        }
        Before { row, state, cells: old }
    }

    /// Takes a row that is there away.
    pub fn delete(&mut self, row: u32) -> Before {
        let state = self.state(row);
        self.leave(row);
        self.set_state(row, if state == State::New { State::AbsentKeys } else { State::Deleted });
        Before { row, state, cells: None }
    }

    /// Takes a change back. Changes must be taken back in the opposite order.
    pub fn undo(&mut self, before: Before) {
        let Before { row, state, cells } = before;
        self.leave(row);
        if state == State::Free {
            self.remove(row);
            return;
        }
        if let Some(cells) = cells {
            self.put(row, Vec::from(cells).into_iter().enumerate());
        }
        self.set_state(row, state);
        self.enter(row);
    }

    /// The numbers of rows in a state.
    pub fn rows_in(&self, state: State) -> impl Iterator<Item = u32> {
        let of = move |(row, s): (usize, &State)| {
            (*s == state).then(|| u32::try_from(row).unwrap_or(u32::MAX))
        };
        self.states.iter().enumerate().filter_map(of)
    }

    /// The server has everything now.
    pub fn written(&mut self) {
        self.written |= self.dirty > 0;
        self.dirty = 0;
        for state in &mut self.states {
            *state = match *state {
                State::New | State::Changed => State::Clean,
                State::Deleted => State::AbsentKeys,
                other => other,
            };
        }
    }

    fn remove(&mut self, row: u32) {
        let hash = self.hash_row(row);
        if let Ok(entry) = self.index.find_entry(hash, |other| *other == row) {
            entry.remove();
        }
        let heap: usize = self.cells(row).iter().map(Cell::bytes).sum();
        let bytes = ROW_BYTES + self.width * size_of::<Cell>() + heap;
        self.bytes = self.bytes.saturating_sub(bytes);
        self.cells_mut(row).fill(Cell::Null);
        self.set_state(row, State::Free);
        self.free.push(row);
    }

    /// Begins another round: what is touched from now on counts as warmer.
    pub fn begin_round(&mut self) {
        self.round += 1;
    }

    /// Lets rows go that were not written in the last `rounds` rounds. The server must have all.
    pub fn evict(&mut self, rounds: u32) {
        debug_assert_eq!(self.dirty, 0, "only what is written can be let go");
        let rows = u32::try_from(self.states.len()).unwrap_or(u32::MAX);
        let warm = self.round.saturating_add(1).saturating_sub(rounds);
        for row in 0..rows {
            let at = usize::try_from(row).unwrap_or(usize::MAX);
            if self.states[at] == State::Free || self.touched[at] >= warm {
                continue;
            }
            if self.states[at].is_there() {
                self.absent_keys.except(self.hash_row(row), self.states.len());
                self.leave(row);
            }
            self.remove(row);
        }
        self.indexes.iter_mut().for_each(ColumnIndex::some_are_gone);
    }

    /// Forgets everything: somebody else may have changed the server's rows.
    pub fn clear(&mut self) {
        debug_assert_eq!(self.dirty, 0, "only what is written can be let go");
        let searched: Vec<usize> = self.indexes.iter().map(ColumnIndex::column).collect();
        *self = Table::new(self.width, std::mem::take(&mut self.key), searched, false);
    }
}

#[cfg(test)]
mod tests;
