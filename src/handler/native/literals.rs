//! Written values and types: numbers, literals, casts.

use sqlparser::ast::{self, UnaryOperator, Value};

use super::expr::Expr;
use super::rejection::{Reason, Refused};
use crate::cell::{self, CellType};

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
