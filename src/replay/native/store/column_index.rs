//! Rows by the value of a column that is not the key.
//!
//! Owns which rows have which value, and of which values every row is here. A row knows its place
//! in the list of its value, so one comes and goes without a search, however many share the value.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use crate::cell::{Cell, KeyCell};

/// What the list of a value takes besides what is in it, in bytes: its entry in the table, of
/// which a third may be empty, and its own piece of memory.
const LIST_BYTES: usize = (size_of::<(KeyCell, Vec<u32>)>() + 1) * 3 / 2 + 16;
/// What a row takes, in bytes: its number, in a list that is up to half empty, and its place.
const ROW_BYTES: usize = 3 * size_of::<u32>();

/// The rows of a table by the value of one column.
#[derive(Debug)]
pub(super) struct ColumnIndex {
    column: usize,
    rows: HashMap<KeyCell, Vec<u32>, RandomState>,
    /// Where each row stands in the list of its value, by its number.
    places: Vec<u32>,
    /// Values of which every row is here.
    whole: HashSet<KeyCell, RandomState>,
    bytes: usize,
}

impl ColumnIndex {
    /// No rows yet, by this column.
    pub(super) fn by(column: usize) -> ColumnIndex {
        ColumnIndex {
            column,
            rows: HashMap::default(),
            places: Vec::new(),
            whole: HashSet::default(),
            bytes: 0,
        }
    }

    pub(super) fn column(&self) -> usize {
        self.column
    }

    /// Bytes of memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The rows with a value, where every one is here; `all` says that of all rows of the table.
    pub(super) fn rows(&self, value: &Cell, all: bool) -> Option<Vec<u32>> {
        let value = KeyCell(value.clone());
        let rows = || self.rows.get(&value).cloned().unwrap_or_default();
        (all || self.whole.contains(&value)).then(rows)
    }

    /// Whether every row with a value is here.
    pub(super) fn is_whole(&self, value: &Cell) -> bool {
        self.whole.contains(&KeyCell(value.clone()))
    }

    /// Takes note that every row with a value is here.
    pub(super) fn all_are_here(&mut self, value: Cell) {
        let bytes = LIST_BYTES + value.bytes();
        if self.whole.insert(KeyCell(value)) {
            self.bytes += bytes;
        }
    }

    /// Rows went out: what was whole may not be any more.
    pub(super) fn some_are_gone(&mut self) {
        let bytes: usize = self.whole.iter().map(|value| LIST_BYTES + value.0.bytes()).sum();
        self.bytes = self.bytes.saturating_sub(bytes);
        self.whole.clear();
    }

    /// Enters a row under a value.
    pub(super) fn enter(&mut self, value: Cell, row: u32) {
        let heap = value.bytes();
        let rows = self.rows.entry(KeyCell(value)).or_default();
        if rows.is_empty() {
            self.bytes += LIST_BYTES + heap;
        }
        self.bytes += ROW_BYTES;
        let at = index(row);
        if self.places.len() <= at {
            self.places.resize(at + 1, 0);
        }
        self.places[at] = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        rows.push(row);
    }

    /// Takes a row out from under its value.
    pub(super) fn leave(&mut self, value: Cell, row: u32) {
        let value = KeyCell(value);
        let Some(rows) = self.rows.get_mut(&value) else { return };
        let place = self.places[index(row)];
        let left = rows.swap_remove(index(place));
        debug_assert_eq!(left, row, "a row leaves the value under which it was entered");
        if let Some(moved) = rows.get(index(place)) {
            self.places[index(*moved)] = place;
        }
        self.bytes = self.bytes.saturating_sub(ROW_BYTES);
        if rows.is_empty() {
            self.rows.remove(&value);
            self.bytes = self.bytes.saturating_sub(LIST_BYTES + value.0.bytes());
        }
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
