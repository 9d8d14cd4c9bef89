//! Rows that are only in the tables, brought into memory.
//!
//! What a chunk needs is asked for in one round trip a table, and one for each column by which rows
//! are searched, as far as the events' arguments tell; the rest as the fold comes upon it.

use std::collections::{BTreeMap, HashSet};

use super::Native;
use super::bind::Bound;
use super::fold::Fold;
use super::key_access::{KnownKey, KnownValue};
use super::store::Found;
use crate::cell::{Cell, KeyCell, Kind};
use crate::handler::native::evaluate::with_key;
use crate::handler::native::{Miss, Rows, Scope, Stop};
use crate::pg::cells::{self, Cells, array_type};
use crate::pg::{PgError, Sql};

/// Of the memory there is, what all rows with the values of a chunk may take: they are here as the
/// server sent them and as cells before they are kept.
const SHARE: usize = 8;
/// What a row takes at least, in bytes, where the table's are not known.
const ROW_BYTES: usize = 256;
/// So many rows may be brought however little memory there is.
const FEW: usize = 32;

/// Why rows could not be brought.
#[derive(Debug)]
pub enum FetchError {
    /// The server refused or the connection is lost.
    Pg(PgError),
    /// A row has a value that memory cannot hold, such as NaN.
    Unreadable,
    /// More rows have a value than memory may hold.
    TooMany,
}

impl From<PgError> for FetchError {
    fn from(error: PgError) -> FetchError {
        FetchError::Pg(error)
    }
}

/// Keys over arguments need no rows.
struct NoRows;

impl Rows for NoRows {
    fn find(&self, _: usize, _: &[&Cell]) -> Result<Option<&[Cell]>, Stop> {
        Err(Stop::Decline)
    }
}

impl Native {
    /// Brings the rows that a chunk's arguments ask for and that are unknown. `budget` is the memory
    /// that rows may take, in bytes.
    ///
    /// # Errors
    /// See [`FetchError`].
    pub fn prefetch(
        &self,
        sql: &mut impl Sql,
        fold: &mut Fold,
        bound: &Bound,
        budget: usize,
    ) -> Result<(), FetchError> {
        if fold.tables.iter().all(super::store::Table::is_whole) {
            return Ok(());
        }
        let mut keys: BTreeMap<usize, HashSet<Vec<KeyCell>>> = BTreeMap::new();
        let mut values: BTreeMap<(usize, usize), HashSet<KeyCell>> = BTreeMap::new();
        for step in &bound.steps {
            let Some(handler) = step.handler.native() else { continue };
            let first = usize::try_from(step.first).unwrap_or(usize::MAX);
            let args = bound.args.get(first..).unwrap_or_default();
            let scope = Scope { args, row: &[], excluded: &[], rows: &NoRows };
            let access = &self.access[handler];
            for KnownKey { table, key, .. } in &access.keys {
                let _ = with_key(key, &scope, |key| {
                    if fold.tables[*table].find(key) == Found::Unknown {
                        let key = key.iter().map(|cell| KeyCell((*cell).clone()));
                        keys.entry(*table).or_default().insert(key.collect());
                    }
                    Ok(())
                });
            }
            for KnownValue { table, column, value } in &access.values {
                let Ok(value) = value.value(&scope) else { continue };
                if !value.is_null() && !fold.tables[*table].has_all(*column, &value) {
                    let values = values.entry((*table, *column)).or_default();
                    values.insert(KeyCell(value.into_owned()));
                }
            }
        }
        for ((table, column), values) in values {
            let values: Vec<Cell> = values.into_iter().map(|value| value.0).collect();
            self.fetch_values(sql, fold, (table, column), values, budget)?;
        }
        for (table, keys) in keys {
            let keys: Vec<Vec<Cell>> =
                keys.into_iter().map(|key| key.into_iter().map(|k| k.0).collect()).collect();
            self.fetch_keys(sql, fold, table, &keys)?;
        }
        Ok(())
    }

    /// Brings what an event missed; `budget` as in [`Native::prefetch`].
    ///
    /// # Errors
    /// See [`FetchError`].
    pub fn fetch(
        &self,
        sql: &mut impl Sql,
        fold: &mut Fold,
        miss: Miss,
        budget: usize,
    ) -> Result<(), FetchError> {
        match miss {
            Miss::Key { table, key } => self.fetch_keys(sql, fold, table, &[key]),
            Miss::Column { table, column, value } => {
                self.fetch_values(sql, fold, (table, column), vec![value], budget)
            }
        }
    }

    /// Brings all rows that have one of these values in a column, if memory may hold them.
    fn fetch_values(
        &self,
        sql: &mut impl Sql,
        fold: &mut Fold,
        (table, column): (usize, usize),
        values: Vec<Cell>,
        budget: usize,
    ) -> Result<(), FetchError> {
        let of = &self.program.tables[table];
        let kind = of.columns[column].ty.kind;
        let most = (budget / SHARE / fold.tables[table].row_bytes().max(ROW_BYTES)).max(FEW);
        let query = format!(
            "SELECT {} FROM {} AS t WHERE t.{} = ANY($1::{}) LIMIT {}",
            self.columns(table, 0..of.columns.len()).join(", "),
            self.table_name(table),
            self.columns(table, [column])[0],
            array_type(kind),
            most + 1,
        );
        let params = [Cells { kind, cells: values.iter().collect() }];
        let rows = cells::rows(sql, &query, &params, &self.kinds(table))?;
        if rows.len() > most {
            return Err(FetchError::TooMany);
        }
        for row in rows {
            self.cache_row(fold, table, row)?;
        }
        for value in values {
            fold.tables[table].all_are_here(column, value);
        }
        Ok(())
    }

    fn fetch_keys(
        &self,
        sql: &mut impl Sql,
        fold: &mut Fold,
        table: usize,
        keys: &[Vec<Cell>],
    ) -> Result<(), FetchError> {
        let of = &self.program.tables[table];
        let key_kinds = of.key.iter().map(|column| of.columns[*column].ty.kind);
        let (mut arrays, mut names, mut matches, mut params) = (vec![], vec![], vec![], vec![]);
        for (n, (kind, column)) in key_kinds.zip(self.columns(table, of.key.clone())).enumerate() {
            arrays.push(format!("${}::{}", n + 1, array_type(kind)));
            names.push(format!("k{n}"));
            matches.push(format!("t.{column} = wanted.k{n}"));
            params.push(Cells { kind, cells: keys.iter().map(|key| &key[n]).collect() });
        }
        let all = self.columns(table, 0..of.columns.len());
        let query = format!(
            "SELECT {} FROM unnest({}) AS wanted({}) JOIN {} AS t ON {}",
            all.iter().map(|column| format!("t.{column}")).collect::<Vec<_>>().join(", "),
            arrays.join(", "),
            names.join(", "),
            self.table_name(table),
            matches.join(" AND "),
        );
        for row in cells::rows(sql, &query, &params, &self.kinds(table))? {
            self.cache_row(fold, table, row)?;
        }
        for key in keys {
            fold.tables[table].cache_row(&key.iter().collect::<Vec<_>>(), None);
        }
        Ok(())
    }

    fn cache_row(
        &self,
        fold: &mut Fold,
        table: usize,
        row: cells::CellRow,
    ) -> Result<(), FetchError> {
        let row = row.ok_or(FetchError::Unreadable)?;
        let key: Vec<Cell> =
            self.program.tables[table].key.iter().map(|column| row[*column].clone()).collect();
        fold.tables[table].cache_row(&key.iter().collect::<Vec<_>>(), Some(row));
        Ok(())
    }

    fn kinds(&self, table: usize) -> Vec<Kind> {
        self.program.tables[table].columns.iter().map(|column| column.ty.kind).collect()
    }
}
