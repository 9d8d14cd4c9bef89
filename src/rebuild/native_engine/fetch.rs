//! Rows that are only in the tables, brought into memory.
//!
//! What a chunk needs is asked for in one round trip a table, as far as the events' arguments
//! tell the keys; the rest as the fold comes upon it.

use std::collections::HashSet;

use super::Native;
use super::bind::Bound;
use super::fold::Fold;
use super::store::Found;
use crate::cell::{Cell, Kind};
use crate::handler::native::expr::with_key;
use crate::handler::native::{Miss, Rows, Scope, Stop};
use crate::pg::cells::{self, Cells, array_type};
use crate::pg::{PgError, Sql};

/// Why rows could not be brought.
#[derive(Debug)]
pub enum FetchError {
    /// The server refused or the connection is lost.
    Pg(PgError),
    /// A row has a value that memory cannot hold, such as NaN.
    Unreadable,
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
    /// Brings the rows that a chunk's arguments ask for and that are unknown.
    ///
    /// # Errors
    /// See [`FetchError`].
    pub fn prefetch(
        &self,
        sql: &mut impl Sql,
        fold: &mut Fold,
        bound: &Bound,
    ) -> Result<(), FetchError> {
        if fold.tables.iter().all(super::store::Table::is_whole) {
            return Ok(());
        }
        let mut wanted: Vec<HashSet<Vec<Key>>> = vec![HashSet::new(); fold.tables.len()];
        for step in &bound.steps {
            let Some(handler) = step.handler.native() else { continue };
            let first = usize::try_from(step.first).unwrap_or(usize::MAX);
            let args = bound.args.get(first..).unwrap_or_default();
            let scope = Scope { args, row: &[], excluded: &[], rows: &NoRows };
            for early in &self.keys[handler] {
                let table = &fold.tables[early.table];
                let keys = &mut wanted[early.table];
                let _ = with_key(&early.key, &scope, |key| {
                    if table.find(key) == Found::Unknown {
                        keys.insert(key.iter().map(|cell| Key((*cell).clone())).collect());
                    }
                    Ok(())
                });
            }
        }
        for (table, keys) in wanted.into_iter().enumerate().filter(|(_, keys)| !keys.is_empty()) {
            let keys: Vec<Vec<Cell>> =
                keys.into_iter().map(|key| key.into_iter().map(|k| k.0).collect()).collect();
            self.fetch_keys(sql, fold, table, &keys)?;
        }
        Ok(())
    }

    /// Brings what an event missed.
    ///
    /// # Errors
    /// See [`FetchError`].
    pub fn fetch(&self, sql: &mut impl Sql, fold: &mut Fold, miss: Miss) -> Result<(), FetchError> {
        match miss {
            Miss::Key { table, key } => self.fetch_keys(sql, fold, table, &[key]),
            Miss::Column { table, column, value } => {
                let of = &self.program.tables[table];
                let kind = of.columns[column].ty.kind;
                let query = format!(
                    "SELECT {} FROM {} AS t WHERE t.{} = ANY($1::{})",
                    self.columns(table, 0..of.columns.len()).join(", "),
                    self.table_name(table),
                    self.columns(table, [column])[0],
                    array_type(kind),
                );
                let params = [Cells { kind, cells: vec![&value] }];
                for row in cells::rows(sql, &query, &params, &self.kinds(table))? {
                    self.learn(fold, table, row)?;
                }
                fold.tables[table].all_are_here(column, value);
                Ok(())
            }
        }
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
            self.learn(fold, table, row)?;
        }
        for key in keys {
            fold.tables[table].learn(&key.iter().collect::<Vec<_>>(), None);
        }
        Ok(())
    }

    fn learn(&self, fold: &mut Fold, table: usize, row: cells::CellRow) -> Result<(), FetchError> {
        let row = row.ok_or(FetchError::Unreadable)?;
        let key: Vec<Cell> =
            self.program.tables[table].key.iter().map(|column| row[*column].clone()).collect();
        fold.tables[table].learn(&key.iter().collect::<Vec<_>>(), Some(row));
        Ok(())
    }

    fn kinds(&self, table: usize) -> Vec<Kind> {
        self.program.tables[table].columns.iter().map(|column| column.ty.kind).collect()
    }
}

/// A part of a key in a set.
#[derive(Debug, Clone)]
struct Key(Cell);

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.0.same_key(&other.0)
    }
}

impl Eq for Key {}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, hasher: &mut H) {
        self.0.hash_into(hasher);
    }
}
