//! Rows in memory into the tables, in the caller's transaction.
//!
//! New rows go by COPY, into an empty table without its indexes, which are made behind them; changed ones by COPY into a temporary table and one UPDATE from there;
//! deleted ones by their keys in one DELETE. Generated columns are PostgreSQL's.

use super::Native;
use super::fold::Fold;
use super::store::{State, Table};
use crate::cell::{Cell, Kind, wire};
use crate::handler::native::Column;
use crate::pg::cells::{self, Cells, array_type};
use crate::pg::{PgError, Sql, Transaction};

/// Bytes that are sent at a time.
const PIECE: usize = 256 * 1024;
/// Keys that are deleted by one statement.
const KEYS: usize = 10_000;
/// From so many rows on an empty table's indexes are added behind them (measured: 300,000 rows with
/// a text key and a second index take 0.6 s instead of 1.8 s).
const MANY: usize = 10_000;
/// Up to so many changed rows go as parameters of one statement, without a temporary table.
const FEW: usize = 1_000;

impl Native {
    /// Writes everything that differs. That the tables have it is for the caller to tell the fold
    /// ([`Table::written`]), once it has committed.
    ///
    /// Of the tables in `halved` somebody else writes the first of the `halves`.
    ///
    /// Gives the statements that make the indexes again that were set aside, keys among them: for the
    /// caller to run in this transaction, or to see that nobody looks for a row before they have run.
    ///
    /// # Errors
    /// The server refuses a row or the connection is lost.
    pub fn write_back(
        &self,
        transaction: &mut Transaction<'_>,
        fold: &Fold,
        halved: &[usize],
    ) -> Result<Vec<String>, PgError> {
        let mut all_aside = Vec::new();
        for (index, table) in fold.tables.iter().enumerate().filter(|(_, t)| t.dirty() > 0) {
            self.delete(transaction, index, table)?;
            self.update(transaction, index, table)?;
            let into = self.table_name(index);
            if halved.contains(&index) {
                let (rows, half) = halves(table);
                self.copy(transaction, index, (table, rows.skip(half)), &into)?;
                continue;
            }
            let is_first = table.is_whole() && !table.was_written() && table.dirty() >= MANY;
            let aside = match is_first && !self.is_spread {
                true => set_aside(transaction, &into)?,
                false => Vec::new(),
            };
            self.copy(transaction, index, (table, table.rows_in(State::New)), &into)?;
            all_aside.extend(aside);
        }
        Ok(all_aside)
    }

    fn delete(
        &self,
        transaction: &mut Transaction<'_>,
        index: usize,
        table: &Table,
    ) -> Result<(), PgError> {
        let rows: Vec<u32> = table.rows_in(State::Deleted).collect();
        let of = &self.program.tables[index];
        let key = self.columns(index, of.key.clone());
        let (mut arrays, mut names, mut matches) = (vec![], vec![], vec![]);
        for (n, column) in of.key.iter().enumerate() {
            arrays.push(format!("${}::{}", n + 1, array_type(of.columns[*column].ty.kind)));
            names.push(format!("k{n}"));
            matches.push(format!("t.{} = gone.k{n}", key[n]));
        }
        let query = format!(
            "DELETE FROM {} AS t USING unnest({}) AS gone({}) WHERE {}",
            self.table_name(index),
            arrays.join(", "),
            names.join(", "),
            matches.join(" AND ")
        );
        for some in rows.chunks(KEYS) {
            let column = |column: &usize| Cells {
                kind: of.columns[*column].ty.kind,
                cells: some.iter().map(|row| &table.cells(*row)[*column]).collect(),
            };
            let params: Vec<Cells<'_>> = of.key.iter().map(column).collect();
            cells::execute(transaction, &query, &params)?;
        }
        Ok(())
    }

    fn update(
        &self,
        transaction: &mut Transaction<'_>,
        index: usize,
        table: &Table,
    ) -> Result<(), PgError> {
        let rows: Vec<u32> = table.rows_in(State::Changed).take(FEW + 1).collect();
        let of = &self.program.tables[index];
        let values: Vec<usize> = (0..of.columns.len()).filter(|c| !of.key.contains(c)).collect();
        // A row that is nothing but its key is the same row.
        if rows.is_empty() || values.is_empty() {
            return Ok(());
        }
        let all = self.columns(index, 0..of.columns.len());
        let set = self.columns(index, values);
        let set: Vec<String> =
            set.iter().map(|column| format!("{column} = new.{column}")).collect();
        let key = self.columns(index, of.key.clone());
        let matches: Vec<String> =
            key.iter().map(|column| format!("t.{column} = new.{column}")).collect();
        let update = |from: &str| {
            let (set, matches) = (set.join(", "), matches.join(" AND "));
            format!("UPDATE {} AS t SET {set} FROM {from} WHERE {matches}", self.table_name(index))
        };
        // An array of arrays has no columns of its own.
        let flat = of.columns.iter().all(|column| column.ty.kind != Kind::TextArray);
        if flat && rows.len() <= FEW {
            let arrays: Vec<String> = (of.columns.iter().enumerate())
                .map(|(n, column)| format!("${}::{}", n + 1, array_type(column.ty.kind)))
                .collect();
            let from = format!("unnest({}) AS new({})", arrays.join(", "), all.join(", "));
            let column = |(n, column): (usize, &Column)| Cells {
                kind: column.ty.kind,
                cells: rows.iter().map(|row| &table.cells(*row)[n]).collect(),
            };
            let params: Vec<Cells<'_>> = of.columns.iter().enumerate().map(column).collect();
            cells::execute(transaction, &update(&from), &params)?;
            return Ok(());
        }
        let changed = format!("pg_temp.regrow_changed_{index}");
        transaction.run(&format!(
            "CREATE TEMPORARY TABLE regrow_changed_{index} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA",
            all.join(", "),
            self.table_name(index)
        ))?;
        self.copy(transaction, index, (table, table.rows_in(State::Changed)), &changed)?;
        // A transaction may write rows back more than once.
        let update = update(&format!("{changed} AS new"));
        transaction.run(&format!("{update}; DROP TABLE {changed}"))
    }

    /// Sends rows of a table by COPY.
    pub(super) fn copy(
        &self,
        transaction: &mut Transaction<'_>,
        index: usize,
        (table, rows): (&Table, impl Iterator<Item = u32>),
        into: &str,
    ) -> Result<(), PgError> {
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return Ok(());
        }
        let of = &self.program.tables[index];
        let kinds: Vec<Kind> = of.columns.iter().map(|column| column.ty.kind).collect();
        let columns = self.columns(index, 0..of.columns.len()).join(", ");
        let sql = format!("COPY {into} ({columns}) FROM STDIN (FORMAT binary)");
        transaction.copy_in(&sql, |send| {
            let mut bytes = Vec::with_capacity(PIECE + 4096);
            wire::push_header(&mut bytes);
            for row in rows {
                push_row(&mut bytes, table.cells(row), &kinds);
                if bytes.len() >= PIECE {
                    send(&bytes)?;
                    bytes.clear();
                }
            }
            wire::push_trailer(&mut bytes);
            send(&bytes)
        })?;
        Ok(())
    }
}

/// Takes the indexes of a table away; gives the statements that make them again. None where there
/// is something about them that these would not bring back.
pub(super) fn set_aside(
    transaction: &mut Transaction<'_>,
    table: &str,
) -> Result<Vec<String>, PgError> {
    let found = transaction.query(include_str!("indexes.sql"), &[&table])?;
    let mut savepoint = transaction.savepoint()?;
    let mut back = Vec::new();
    for row in &found {
        match savepoint.run(row.get(0)) {
            Ok(()) => back.push(row.get(1)),
            // Something depends on it, such as a view that groups by the key.
            Err(PgError::Server(_)) => return Ok(Vec::new()),
            Err(lost) => return Err(lost),
        }
    }
    savepoint.release()?;
    Ok(back)
}

/// The new rows of a table, and how many of them are its first half.
pub(super) fn halves(table: &Table) -> (impl Iterator<Item = u32>, usize) {
    (table.rows_in(State::New), table.rows_in(State::New).count() / 2)
}

fn push_row(bytes: &mut Vec<u8>, cells: &[Cell], kinds: &[Kind]) {
    wire::push_row(bytes, i16::try_from(kinds.len()).unwrap_or(i16::MAX));
    for (cell, kind) in cells.iter().zip(kinds) {
        wire::push_field(bytes, cell, *kind)
            .unwrap_or_else(|| unreachable!("a cell is of its column's kind"));
    }
}
