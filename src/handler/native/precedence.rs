//! What binds tighter than what, where the parser and PostgreSQL might differ.

use sqlparser::ast::{self, BinaryOperator as Op, UnaryOperator};

use super::literals::number;
use super::rejection::{Reason, Refused, refuse};

/// Whether an operand binds as it is written, in PostgreSQL as in the parser.
pub(super) fn is_simple(expr: &ast::Expr) -> bool {
    !matches!(
        expr,
        ast::Expr::BinaryOp { .. }
            | ast::Expr::UnaryOp { .. }
            | ast::Expr::InList { .. }
            | ast::Expr::Between { .. }
            | ast::Expr::AnyOp { .. }
            | ast::Expr::IsNull(_)
            | ast::Expr::IsNotNull(_)
            | ast::Expr::IsDistinctFrom(..)
            | ast::Expr::IsNotDistinctFrom(..)
            | ast::Expr::IsTrue(_)
            | ast::Expr::IsNotTrue(_)
            | ast::Expr::IsFalse(_)
            | ast::Expr::IsNotFalse(_)
    )
}

/// Whether an operand is arithmetic of simple things, which binds tighter than any comparison.
pub(super) fn is_arithmetic(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::BinaryOp {
            op: Op::Plus | Op::Minus | Op::Multiply | Op::Divide | Op::Modulo,
            left,
            right,
        } => is_arithmetic(left) && is_arithmetic(right),
        ast::Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
            is_simple(expr) || number(expr).is_some()
        }
        other => is_simple(other),
    }
}

/// Whether an operand binds tighter than any comparison: arithmetic, or what `||` and `->` make of
/// simple things.
pub(super) fn is_operand(expr: &ast::Expr) -> bool {
    let other = matches!(
        expr,
        ast::Expr::BinaryOp { op: Op::StringConcat | Op::Arrow | Op::LongArrow, .. }
    );
    other || is_arithmetic(expr)
}

pub(super) fn parentheses_if(missing: bool) -> Result<(), Refused> {
    match missing {
        true => refuse(Reason::Parentheses),
        false => Ok(()),
    }
}

pub(super) fn unnested(expr: &ast::Expr) -> &ast::Expr {
    match expr {
        ast::Expr::Nested(inner) => unnested(inner),
        other => other,
    }
}
