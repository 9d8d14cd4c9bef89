//! Cells as parameters and as rows, in PostgreSQL's binary forms.

use std::error::Error;

use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, Type};

use super::{Param, PgError, Sql};
use crate::cell::{Cell, Kind, wire};

/// An array parameter: a column of keys. Write its type in the statement (`$1::bigint[]`).
#[derive(Debug)]
pub struct Cells<'c> {
    /// What the cells are.
    pub kind: Kind,
    /// The cells.
    pub cells: Vec<&'c Cell>,
}

/// The type of an array of a kind as SQL.
#[must_use]
pub fn array_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Int2 => "smallint[]",
        Kind::Int4 => "integer[]",
        Kind::Int8 => "bigint[]",
        Kind::Numeric => "numeric[]",
        Kind::Float8 => "double precision[]",
        Kind::Bool => "boolean[]",
        Kind::Text | Kind::TextArray => "text[]",
        Kind::Uuid => "uuid[]",
        Kind::Date => "date[]",
        Kind::Timestamp => "timestamp[]",
        Kind::TimestampTz => "timestamptz[]",
        Kind::Json => "json[]",
        Kind::Jsonb => "jsonb[]",
    }
}

fn element(kind: Kind) -> Type {
    match kind {
        Kind::Int2 => Type::INT2,
        Kind::Int4 => Type::INT4,
        Kind::Int8 => Type::INT8,
        Kind::Numeric => Type::NUMERIC,
        Kind::Float8 => Type::FLOAT8,
        Kind::Bool => Type::BOOL,
        Kind::Text | Kind::TextArray => Type::TEXT,
        Kind::Uuid => Type::UUID,
        Kind::Date => Type::DATE,
        Kind::Timestamp => Type::TIMESTAMP,
        Kind::TimestampTz => Type::TIMESTAMPTZ,
        Kind::Json => Type::JSON,
        Kind::Jsonb => Type::JSONB,
    }
}

impl Param for Cells<'_> {
    /// One dimension, counted from 1 (`array_recv` in `src/backend/utils/adt/arrayfuncs.c`).
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        let length = i32::try_from(self.cells.len())?;
        let null = i32::from(self.cells.iter().any(|cell| cell.is_null()));
        for word in [1, null, i32::try_from(element(self.kind).oid())?, length, 1] {
            out.extend_from_slice(&word.to_be_bytes());
        }
        let mut bytes = Vec::new();
        for cell in &self.cells {
            wire::push_field(&mut bytes, cell, self.kind).ok_or("a cell is of another kind")?;
        }
        out.extend_from_slice(&bytes);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

/// A column's bytes as the server sent them.
struct Raw<'r>(Option<&'r [u8]>);

impl<'r> FromSql<'r> for Raw<'r> {
    fn from_sql(_: &Type, raw: &'r [u8]) -> Result<Raw<'r>, Box<dyn Error + Sync + Send>> {
        Ok(Raw(Some(raw)))
    }

    fn from_sql_null(_: &Type) -> Result<Raw<'r>, Box<dyn Error + Sync + Send>> {
        Ok(Raw(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A row of cells; nothing where a value has no cell, such as NaN.
pub type CellRow = Option<Vec<Cell>>;

/// Runs a query whose parameters are arrays of cells and whose columns are of these kinds.
///
/// # Errors
/// The server refuses it or the connection is lost.
pub fn rows(
    sql: &mut impl Sql,
    query: &str,
    params: &[Cells<'_>],
    kinds: &[Kind],
) -> Result<Vec<CellRow>, PgError> {
    let params: Vec<&(dyn Param + Sync)> =
        params.iter().map(|p| p as &(dyn Param + Sync)).collect();
    let rows = sql.query(query, &params)?;
    let cell = |row: &super::Row, (column, kind): (usize, &Kind)| {
        let Raw(bytes) = row.get(column);
        wire::read_field(bytes, *kind)
    };
    Ok(rows.iter().map(|row| kinds.iter().enumerate().map(|k| cell(row, k)).collect()).collect())
}

/// Runs a statement whose parameters are arrays of cells.
///
/// # Errors
/// The server refuses it or the connection is lost.
pub fn execute(sql: &mut impl Sql, query: &str, params: &[Cells<'_>]) -> Result<u64, PgError> {
    let params: Vec<&(dyn Param + Sync)> =
        params.iter().map(|p| p as &(dyn Param + Sync)).collect();
    sql.execute(query, &params)
}
