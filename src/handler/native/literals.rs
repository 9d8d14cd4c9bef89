//! Written values and types: numbers, literals, casts.

use sqlparser::ast::{self, UnaryOperator, Value};

use super::expr::Expr;
use super::rejection::{Reason, Refused, refuse};
use super::typing::{Is, Typed, known};
use crate::cell::{self, Cell, CellType, Kind};

/// A written number with the minus signs before it, which PostgreSQL reads as one: the smallest
/// integer has no positive twin of its type.
pub(super) fn number(expr: &ast::Expr) -> Option<String> {
    match expr {
        ast::Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => Some(digits.clone()),
            _ => None,
        },
        ast::Expr::Nested(inner) => number(inner),
        ast::Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
            let inner = number(expr)?;
            Some(inner.strip_prefix('-').map_or_else(|| format!("-{inner}"), str::to_owned))
        }
        _ => None,
    }
}

/// The type of a written number.
pub(super) fn typed_number(text: &str) -> Result<Typed, Refused> {
    let kinds = [Kind::Int4, Kind::Int8, Kind::Numeric];
    let fits = |kind: &Kind| Some((cell::parse(text, CellType::of_kind(*kind))?, *kind));
    match kinds.iter().find_map(fits) {
        Some((cell, kind)) => known(Expr::Const(cell), kind),
        None => refuse(Reason::Number),
    }
}

/// Whether a name without quotes is a value of the session, whatever columns there are.
pub(super) fn is_session_value(ident: &ast::Ident) -> bool {
    const NAMES: [&str; 12] = [
        "current_catalog",
        "current_date",
        "current_role",
        "current_schema",
        "current_time",
        "current_timestamp",
        "current_user",
        "localtime",
        "localtimestamp",
        "session_user",
        "system_user",
        "user",
    ];
    ident.quote_style.is_none() && NAMES.iter().any(|name| ident.value.eq_ignore_ascii_case(name))
}

pub(super) fn literal(text: &str, to: CellType) -> Result<Expr, Refused> {
    let cell = cell::parse(text, to);
    cell.map(Expr::Const).ok_or_else(|| Refused::new(Reason::Constant))
}

pub(super) fn cast(one: Typed, data_type: &ast::DataType) -> Result<Typed, Refused> {
    let Some(to) = cell_type(data_type) else {
        return refuse(Reason::CastTo(data_type.to_string()));
    };
    match one.is {
        Is::Null => known(Expr::Const(Cell::Null), to.kind),
        Is::Literal(text) => known(literal(&text, to)?, to.kind),
        Is::Known(from) if from == to.kind && to.limit == cell::Limit::None => Ok(one),
        Is::Known(from) if cell::can_cast(from, to.kind) => {
            known(Expr::Cast(from, to, Box::new(one.expr)), to.kind)
        }
        Is::Known(from) => refuse(Reason::CastOf(from, data_type.to_string())),
    }
}

/// A type as the parser prints it, under the name that `format_type` gives.
pub(super) fn cell_type(data_type: &ast::DataType) -> Option<CellType> {
    let text = data_type.to_string().to_lowercase();
    let (base, rest) = text.find(['(', '[']).map_or((text.as_str(), ""), |at| text.split_at(at));
    let base = match base.trim() {
        "int" | "int4" | "integer" => "integer",
        "int8" | "bigint" => "bigint",
        "int2" | "smallint" => "smallint",
        "decimal" | "dec" | "numeric" => "numeric",
        "float8" | "double precision" => "double precision",
        "bool" | "boolean" => "boolean",
        "varchar" | "character varying" | "char varying" => "character varying",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        other => other,
    };
    CellType::of_sql(&format!("{base}{}", rest.replace(", ", ",")))
}
