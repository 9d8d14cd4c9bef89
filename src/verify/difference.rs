//! How rows differ: those of one key are put side by side, and what differs is counted by column.
//!
//! What is kept of a table is bounded: numbers, the lowest key of each column, and a few samples of each kind.

use std::collections::{BTreeMap, HashMap};

use super::plan::Table;
use super::{Changed, ColumnReport, KeyPart, Sample, SampleKind, Values};
use crate::copy_format::{fields, value};

/// What was found in a table.
pub(super) struct Tally<'t> {
    table: &'t Table,
    /// By column, whether a difference is meant.
    meant: Vec<bool>,
    /// How many samples of each kind are kept.
    samples: usize,
    /// Rows that only one side has.
    pub(super) only: [u64; 2],
    /// Rows that both have, and that differ.
    pub(super) changed: u64,
    /// Those of them that differ where no difference is meant.
    pub(super) changed_unmeant: u64,
    columns: Vec<(u64, Option<Vec<u8>>)>,
    /// By key, for each kind: rows of one side, rows of the other, rows of both.
    kept: [BTreeMap<Vec<u8>, Kept>; 3],
}

/// A row, or both, as the server printed them.
struct Kept {
    rows: [Option<Vec<u8>>; 2],
    /// How many there are alike.
    count: u64,
}

impl<'t> Tally<'t> {
    pub(super) fn new(table: &'t Table, meant: Vec<bool>, samples: usize) -> Tally<'t> {
        let columns = vec![(0, None); table.columns.len()];
        let kept = [BTreeMap::new(), BTreeMap::new(), BTreeMap::new()];
        let (only, changed, changed_unmeant) = ([0, 0], 0, 0);
        Tally { table, meant, samples, only, changed, changed_unmeant, columns, kept }
    }

    /// Rows that only one side has, so many alike.
    pub(super) fn only(&mut self, side: usize, row: &[u8], count: u64) {
        self.only[side] += count;
        let mut rows = [None, None];
        rows[side] = Some(row.to_vec());
        self.keep(side, self.table.key_of(row), Kept { rows, count });
    }

    /// A row that both have, and that is not the same.
    fn changed(&mut self, rows: [&[u8]; 2]) {
        self.changed += 1;
        let key = self.table.key_of(rows[0]);
        let mut unmeant = false;
        for (nth, (one, other)) in fields(rows[0]).zip(fields(rows[1])).enumerate() {
            if one == other {
                continue;
            }
            unmeant |= !self.meant.get(nth).copied().unwrap_or(false);
            if let Some((count, lowest)) = self.columns.get_mut(nth) {
                *count += 1;
                if lowest.as_ref().is_none_or(|lowest| key < *lowest) {
                    *lowest = Some(key.clone());
                }
            }
        }
        self.changed_unmeant += u64::from(unmeant);
        let rows = rows.map(|row| Some(row.to_vec()));
        self.keep(2, key, Kept { rows, count: 1 });
    }

    fn keep(&mut self, kind: usize, key: Vec<u8>, row: Kept) {
        let kept = &mut self.kept[kind];
        if kept.len() >= self.samples && kept.last_key_value().is_none_or(|(last, _)| *last < key) {
            return;
        }
        kept.insert(key, row);
        if kept.len() > self.samples {
            kept.pop_last();
        }
    }

    /// Puts rows of both sides side by side, among which are all of each key that is.
    pub(super) fn pair<'r>(
        &mut self,
        ones: impl Iterator<Item = &'r [u8]>,
        others: impl Iterator<Item = &'r [u8]>,
    ) {
        let mut left: HashMap<Vec<u8>, Vec<&[u8]>> = HashMap::new();
        for row in ones {
            left.entry(self.table.key_of(row)).or_default().push(row);
        }
        let mut unlike = Vec::new();
        for row in others {
            let key = self.table.key_of(row);
            match left.get_mut(&key) {
                Some(rows) => match rows.iter().position(|one| *one == row) {
                    Some(nth) => {
                        rows.swap_remove(nth);
                    }
                    None => unlike.push((key, row)),
                },
                None => unlike.push((key, row)),
            }
        }
        for (key, row) in unlike {
            match left.get_mut(&key).and_then(Vec::pop) {
                Some(one) => self.changed([one, row]),
                None => self.only(1, row, 1),
            }
        }
        for row in left.into_values().flatten() {
            self.only(0, row, 1);
        }
    }

    /// The columns in which rows differ.
    pub(super) fn columns(&self) -> Vec<ColumnReport> {
        let names = self.table.columns.iter().zip(&self.columns).zip(&self.meant);
        let differ = names.filter(|((_, (rows, _)), _)| *rows > 0);
        differ
            .map(|((name, (rows, lowest)), meant)| ColumnReport {
                column: name.to_string(),
                rows: *rows,
                expected: *meant,
                first_key: lowest.as_ref().and_then(|key| self.table.key_parts(key)),
            })
            .collect()
    }

    /// A few rows that differ, with their values if that is asked for.
    pub(super) fn samples(&self, with_values: bool) -> Vec<Sample> {
        let kinds = [SampleKind::OnlyInBuild, SampleKind::OnlyInAgainst, SampleKind::Changed];
        let mut samples = Vec::new();
        for (kind, kept) in kinds.into_iter().zip(&self.kept) {
            for (key, Kept { rows, count }) in kept {
                samples.push(Sample {
                    kind,
                    key: self.table.key_parts(key),
                    rows: *count,
                    columns: self.changes(rows, with_values),
                });
            }
        }
        samples
    }

    fn changes(&self, rows: &[Option<Vec<u8>>; 2], with_values: bool) -> Vec<Changed> {
        let side = |nth: usize| -> Vec<&[u8]> {
            rows[nth].as_ref().map_or_else(Vec::new, |row| fields(row).collect())
        };
        let (ones, others) = (side(0), side(1));
        let is_both = rows.iter().all(Option::is_some);
        let mut changes = Vec::new();
        for (nth, name) in self.table.columns.iter().enumerate() {
            let (one, other) = (ones.get(nth), others.get(nth));
            // Of a row that only one side has, the columns say nothing without their values.
            if one == other || !(is_both || with_values) {
                continue;
            }
            let text = |field: Option<&&[u8]>| field.and_then(|field| value(field));
            let values = with_values.then(|| Values { build: text(one), against: text(other) });
            changes.push(Changed { column: name.to_string(), values });
        }
        changes
    }
}

impl Table {
    /// The fields of a row that tell it apart, or the whole row.
    fn key_of(&self, row: &[u8]) -> Vec<u8> {
        let Some(key) = &self.key else { return row.to_vec() };
        if let [nth] = key.as_slice() {
            return fields(row).nth(*nth).unwrap_or_default().to_vec();
        }
        let all: Vec<&[u8]> = fields(row).collect();
        let parts: Vec<&[u8]> =
            key.iter().map(|nth| all.get(*nth).copied().unwrap_or_default()).collect();
        parts.join(&b'\t')
    }

    /// The same for people; nothing for a table without a key.
    fn key_parts(&self, key: &[u8]) -> Option<Vec<KeyPart>> {
        let columns = self.key.as_ref()?;
        let part = |(nth, field): (&usize, &[u8])| KeyPart {
            column: self.columns[*nth].to_string(),
            value: value(field),
        };
        Some(columns.iter().zip(fields(key)).map(part).collect())
    }
}
