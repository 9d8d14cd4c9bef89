//! Operators, by the types of their operands, and calls of functions.

use std::cmp::Ordering;

use sqlparser::ast::{self, BinaryOperator as Op};

use super::expr::{Compare, Expr};
use super::functions::{self, appended};
use super::precedence::{is_arithmetic, is_operand, is_simple, parentheses_if};
use super::rejection::{Reason, Refused, refuse};
use super::syntax;
use super::typed::{
    Is, Typed, common, equated, fold, known, negated, ordered, rank, settle_all, settle_two,
};
use super::typing::Names;
use crate::cell::number::Operator;
use crate::cell::{CellType, Kind};

impl Names<'_> {
    pub(super) fn binary(
        &self,
        left: &ast::Expr,
        op: &Op,
        right: &ast::Expr,
        sql: &str,
    ) -> Result<Typed, Refused> {
        let two = || Ok::<_, Refused>((self.typed(left, sql)?, self.typed(right, sql)?));
        match op {
            Op::And | Op::Or => {
                let (a, b) = two()?;
                let list = vec![a.condition()?, b.condition()?];
                known(if *op == Op::And { Expr::And(list) } else { Expr::Or(list) }, Kind::Bool)
            }
            Op::Plus | Op::Minus | Op::Multiply | Op::Divide | Op::Modulo => {
                parentheses_if(!is_arithmetic(left) || !is_arithmetic(right))?;
                let (a, b) = two()?;
                calculated(a, op, b)
            }
            Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq => {
                parentheses_if(!is_operand(left) || !is_operand(right))?;
                let op = match op {
                    Op::Eq => Compare::Equal,
                    Op::NotEq => Compare::NotEqual,
                    Op::Lt => Compare::Less,
                    Op::LtEq => Compare::LessOrEqual,
                    Op::Gt => Compare::Greater,
                    _ => Compare::GreaterOrEqual,
                };
                let (a, b) = two()?;
                known(self.compared(a, op, b)?, Kind::Bool)
            }
            Op::StringConcat => {
                let chain = |e: &ast::Expr| {
                    is_simple(e) || matches!(e, ast::Expr::BinaryOp { op: Op::StringConcat, .. })
                };
                parentheses_if(!chain(left) || !is_simple(right))?;
                let (a, b) = two()?;
                concatenated(a, b)
            }
            Op::Arrow | Op::LongArrow => {
                let chain = |e: &ast::Expr| {
                    is_simple(e) || matches!(e, ast::Expr::BinaryOp { op: Op::Arrow, .. })
                };
                parentheses_if(!chain(left) || !is_simple(right))?;
                let (of, key) = two()?;
                member(of, key, *op == Op::LongArrow)
            }
            other => refuse(Reason::OtherOperator(other.to_string())),
        }
    }

    pub(super) fn compared(&self, a: Typed, op: Compare, b: Typed) -> Result<Expr, Refused> {
        let (kind, two) = settle_two(a, b)?;
        match op {
            Compare::Equal | Compare::NotEqual => equated(kind)?,
            _ => ordered(kind)?,
        }
        if kind == Kind::TextArray && !matches!(op, Compare::Equal | Compare::NotEqual) {
            return refuse(Reason::ArrayOrder);
        }
        fold(Expr::Compare(op, kind, two))
    }

    pub(super) fn is_in(
        &self,
        item: &ast::Expr,
        list: &[ast::Expr],
        not: bool,
        sql: &str,
    ) -> Result<Typed, Refused> {
        let mut all = vec![self.typed(item, sql)?];
        for one in list {
            all.push(self.typed(one, sql)?);
        }
        // PostgreSQL compares a column in the list with the item, in the type of the two.
        let mixed = |one: &Typed| one.kind().is_some_and(|kind| kind != Kind::Float8);
        if common(&all)? == Kind::Float8 && all.iter().any(mixed) {
            return refuse(Reason::FloatList);
        }
        let (kind, mut all) = settle_all(all)?;
        equated(kind)?;
        let item = all.remove(0);
        negated(not, fold(Expr::In(kind, Box::new(item), all))?)
    }

    pub(super) fn function(&self, function: &ast::Function, sql: &str) -> Result<Typed, Refused> {
        let name = syntax::plain(&function.name)?;
        let outside = || Refused::new(Reason::OtherFunction(name.clone()));
        let plain_call = function.filter.is_none()
            && function.over.is_none()
            && function.within_group.is_empty()
            && function.null_treatment.is_none()
            && matches!(function.parameters, ast::FunctionArguments::None);
        let ast::FunctionArguments::List(list) = &function.args else { return Err(outside()) };
        if !plain_call || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
            return Err(outside());
        }
        const CONDITIONAL: [&str; 4] = ["coalesce", "nullif", "greatest", "least"];
        let found = functions::find(&name);
        if found.is_none() && !CONDITIONAL.contains(&name.as_str()) {
            return Err(outside());
        }
        let mut args = Vec::new();
        for arg in &list.args {
            let ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(arg)) = arg else {
                return Err(outside());
            };
            args.push(self.typed(arg, sql)?);
        }
        match name.as_str() {
            "coalesce" => {
                let (kind, list) = settle_all(args)?;
                known(Expr::Coalesce(list), kind)
            }
            "greatest" | "least" => {
                let (kind, list) = settle_all(args)?;
                ordered(kind)?;
                if kind == Kind::TextArray {
                    return Err(outside());
                }
                let order = if name == "least" { Ordering::Less } else { Ordering::Greater };
                known(Expr::Extreme(order, kind, list), kind)
            }
            "nullif" => {
                let first = args.first().and_then(Typed::kind);
                let Ok([a, b]) = <[Typed; 2]>::try_from(args) else { return Err(outside()) };
                let (kind, two) = settle_two(a, b)?;
                equated(kind)?;
                match first == Some(kind) {
                    true => known(Expr::NullIf(kind, two), kind),
                    false => refuse(Reason::NullIfTypes),
                }
            }
            _ => found.ok_or_else(outside)?.call(args),
        }
    }
}

/// Arithmetic of numbers, and of dates and days.
fn calculated(a: Typed, op: &Op, b: Typed) -> Result<Typed, Refused> {
    let is_days = |one: &Typed| matches!(one.kind(), Some(Kind::Int2 | Kind::Int4));
    let (first, second) = (a.kind(), b.kind());
    match (first, op, second) {
        (Some(Kind::Date), Op::Plus | Op::Minus, _) if is_days(&b) => {
            let of = Box::new((a.expr, b.expr));
            return known(Expr::Days { of, back: *op == Op::Minus }, Kind::Date);
        }
        (_, Op::Plus, Some(Kind::Date)) if is_days(&a) => {
            let of = Box::new((b.expr, a.expr));
            return known(Expr::Days { of, back: false }, Kind::Date);
        }
        // A literal beside a date is a date.
        (Some(Kind::Date), Op::Minus, Some(Kind::Date) | None)
        | (None, Op::Minus, Some(Kind::Date)) => {
            let two = Box::new((a.settle(Kind::Date)?, b.settle(Kind::Date)?));
            return known(Expr::DaysBetween(two), Kind::Int4);
        }
        _ => {}
    }
    let (kind, two) = settle_two(a, b)?;
    if rank(kind).is_none() || (*op == Op::Modulo && !kind.is_int()) {
        return refuse(Reason::OperatorOf(op.to_string(), kind));
    }
    let op = match op {
        Op::Plus => Operator::Add,
        Op::Minus => Operator::Sub,
        Op::Multiply => Operator::Mul,
        Op::Divide => Operator::Div,
        _ => Operator::Rem,
    };
    known(Expr::Arith(op, kind, two), kind)
}

fn concatenated(a: Typed, b: Typed) -> Result<Typed, Refused> {
    let is_text = |one: &Typed| matches!(one.is, Is::Known(Kind::Text) | Is::Literal(_) | Is::Null);
    match (a.kind(), b.kind()) {
        (Some(Kind::TextArray), Some(Kind::TextArray)) => {
            known(Expr::ConcatArrays(Box::new((a.expr, b.expr))), Kind::TextArray)
        }
        (Some(Kind::TextArray), Some(Kind::Text)) => appended(a, b),
        _ if is_text(&a) && is_text(&b) => {
            let two = Box::new((a.settle(Kind::Text)?, b.settle(Kind::Text)?));
            known(Expr::Concat(two), Kind::Text)
        }
        // Beside a text, PostgreSQL makes a text of what prints itself.
        (Some(Kind::Text), Some(other)) if prints(other) => {
            let other = fold(Expr::Cast(other, CellType::of_kind(Kind::Text), Box::new(b.expr)))?;
            known(Expr::Concat(Box::new((a.expr, other))), Kind::Text)
        }
        (Some(other), Some(Kind::Text)) if prints(other) => {
            let other = fold(Expr::Cast(other, CellType::of_kind(Kind::Text), Box::new(a.expr)))?;
            known(Expr::Concat(Box::new((other, b.expr))), Kind::Text)
        }
        _ => refuse(Reason::ConcatOf),
    }
}

pub(super) fn prints(kind: Kind) -> bool {
    kind.is_int()
        || matches!(
            kind,
            Kind::Numeric
                | Kind::Bool
                | Kind::Uuid
                | Kind::Date
                | Kind::Timestamp
                | Kind::TimestampTz
        )
}

fn member(of: Typed, key: Typed, text: bool) -> Result<Typed, Refused> {
    let is_text = matches!(key.is, Is::Literal(_) | Is::Known(Kind::Text));
    let (Some(kind @ (Kind::Json | Kind::Jsonb)), true) = (of.kind(), is_text) else {
        return refuse(Reason::MemberOf);
    };
    let result = if text { Kind::Text } else { kind };
    let of = Box::new((of.expr, key.settle(Kind::Text)?));
    known(Expr::Member { of, text }, result)
}
