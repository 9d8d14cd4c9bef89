//! An expression with what is known of its type, and how one becomes of another type.
//!
//! Operators resolve as PostgreSQL's do for the few types there are (manual, "Type Conversion"). A
//! constant that declines is refused here, since PostgreSQL computes constants before it runs a
//! statement.

use sqlparser::ast;

use super::evaluate::constant;
use super::expr::Expr;
use super::literals::{cell_type, literal};
use super::rejection::{Reason, Refused, refuse};
use crate::cell::{self, Cell, CellType, Kind};

/// An expression and what is known of its type.
pub(super) struct Typed {
    pub(super) expr: Expr,
    pub(super) is: Is,
}

/// A type, or a literal that takes the one its place wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Is {
    Known(Kind),
    Literal(String),
    Null,
}

pub(super) fn known(expr: Expr, kind: Kind) -> Result<Typed, Refused> {
    Ok(Typed { expr: fold(expr)?, is: Is::Known(kind) })
}

/// A node whose operands are constants is one. PostgreSQL computes it when it plans, whether or not
/// there is a row, so one that fails is refused.
pub(super) fn fold(expr: Expr) -> Result<Expr, Refused> {
    let expr = expr.simplified();
    if matches!(expr, Expr::Const(_)) || !expr.is_constant() {
        return Ok(expr);
    }
    let value = constant(&expr);
    value.map(Expr::Const).ok_or_else(|| Refused::new(Reason::Constant))
}

/// The order in which numbers are promoted.
pub(super) fn rank(kind: Kind) -> Option<u8> {
    Some(match kind {
        Kind::Int2 => 0,
        Kind::Int4 => 1,
        Kind::Int8 => 2,
        Kind::Numeric => 3,
        Kind::Float8 => 4,
        _ => return None,
    })
}

impl Typed {
    pub(super) fn kind(&self) -> Option<Kind> {
        match self.is {
            Is::Known(kind) => Some(kind),
            _ => None,
        }
    }

    /// The expression as one of a kind, by an implicit conversion.
    pub(super) fn settle(self, kind: Kind) -> Result<Expr, Refused> {
        match self.is {
            Is::Null => Ok(Expr::Const(Cell::Null)),
            Is::Known(from) if from == kind || (from.is_int() && kind.is_int()) => Ok(self.expr),
            Is::Known(from) if rank(from) < rank(kind) && rank(from).is_some() => {
                fold(Expr::Cast(from, CellType::of_kind(kind), Box::new(self.expr)))
            }
            Is::Known(from) => refuse(Reason::SideBySide(from, kind)),
            Is::Literal(text) => literal(&text, CellType::of_kind(kind)),
        }
    }

    /// The expression as a value for a column.
    pub(super) fn assigned(self, to: CellType) -> Result<Expr, Refused> {
        match self.is {
            Is::Null => Ok(Expr::Const(Cell::Null)),
            Is::Literal(text) => literal(&text, to),
            Is::Known(from) if from == to.kind && to.limit == cell::Limit::None => Ok(self.expr),
            Is::Known(from) if cell::can_assign(from, to.kind) => {
                fold(Expr::Assign(from, to, Box::new(self.expr)))
            }
            Is::Known(from) => refuse(Reason::Assigned(from, to.kind)),
        }
    }

    /// The expression as a condition.
    pub(super) fn condition(self) -> Result<Expr, Refused> {
        self.settle(Kind::Bool)
    }
}

/// The one kind of several values.
pub(super) fn common(list: &[Typed]) -> Result<Kind, Refused> {
    let mut found: Option<Kind> = None;
    for kind in list.iter().filter_map(Typed::kind) {
        found = match found {
            None => Some(kind),
            Some(before) if before == kind => found,
            Some(before) if rank(before).is_some() && rank(kind).is_some() => {
                Some(if rank(before) < rank(kind) { kind } else { before })
            }
            Some(before) => {
                return refuse(Reason::SideBySide(before, kind));
            }
        };
    }
    Ok(found.unwrap_or(Kind::Text))
}

pub(super) fn settle_all(list: Vec<Typed>) -> Result<(Kind, Vec<Expr>), Refused> {
    let kind = common(&list)?;
    Ok((kind, list.into_iter().map(|one| one.settle(kind)).collect::<Result<_, _>>()?))
}

pub(super) fn settle_two(a: Typed, b: Typed) -> Result<(Kind, Box<(Expr, Expr)>), Refused> {
    let two = [a, b];
    let kind = common(&two)?;
    let [a, b] = two;
    Ok((kind, Box::new((a.settle(kind)?, b.settle(kind)?))))
}

pub(super) fn ordered(kind: Kind) -> Result<(), Refused> {
    match kind {
        Kind::Text => refuse(Reason::TextOrder),
        _ => equated(kind),
    }
}

pub(super) fn equated(kind: Kind) -> Result<(), Refused> {
    match kind {
        Kind::Json | Kind::Jsonb => refuse(Reason::JsonCompared),
        _ => Ok(()),
    }
}

pub(super) fn negated(not: bool, test: Expr) -> Result<Typed, Refused> {
    known(if not { Expr::Not(Box::new(test)) } else { test }, Kind::Bool)
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
