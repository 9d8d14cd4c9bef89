//! Expressions of the parser into typed ones.
//!
//! Types come from the tables and from what PostgreSQL inferred for each parameter. Where the
//! parser's precedences and PostgreSQL's might differ, parentheses are asked for.

use sqlparser::ast::{self, BinaryOperator as Op, Spanned as _, UnaryOperator, Value};

use super::expr::{Compare, Expr};
use super::literals::{cell_type, is_session_value, number};
use super::precedence::{is_operand, is_simple, parentheses_if, unnested};
use super::rejection::{Reason, Refused, refuse};
use super::syntax;
use super::tables::{Column, Table};
use super::typed::{
    Is, Typed, cast, equated, fold, known, negated, rank, settle_all, settle_two, typed_number,
};
use crate::cell::{Cell, CellType, Kind};

/// A parameter's use: the slot that holds it and its type.
pub(super) struct Use {
    pub(super) slot: usize,
    pub(super) sql_type: String,
}

/// What names mean.
#[derive(Clone, Copy)]
pub(super) struct Names<'n> {
    pub(super) tables: &'n [Table],
    pub(super) uses: &'n [Use],
    /// The statement's table and the name it goes by.
    pub(super) row: Option<(usize, &'n str)>,
    /// Whether EXCLUDED is there.
    pub(super) excluded: bool,
    /// For a look-up: what is around it.
    pub(super) outer: Option<&'n Names<'n>>,
}

impl<'n> Names<'n> {
    /// An expression with its type; where it is refused, the place is the innermost known.
    pub(super) fn typed(&self, expr: &ast::Expr, sql: &str) -> Result<Typed, Refused> {
        self.node(expr, sql).map_err(|refused| refused.at(offset(expr, sql)))
    }

    fn node(&self, expr: &ast::Expr, sql: &str) -> Result<Typed, Refused> {
        let typed = |e: &ast::Expr| self.typed(e, sql);
        let condition = |e: &ast::Expr| self.typed(e, sql)?.condition();
        match expr {
            ast::Expr::Nested(inner) => typed(inner),
            ast::Expr::Value(value) => self.value(&value.value),
            ast::Expr::Identifier(ident) if is_session_value(ident) => refuse(Reason::SessionValue),
            ast::Expr::Identifier(ident) => self.column(None, &syntax::name(ident)),
            ast::Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [relation, column] => {
                    self.column(Some(&syntax::name(relation)), &syntax::name(column))
                }
                _ => refuse(Reason::LongName),
            },
            ast::Expr::Cast { kind, expr, data_type, format: None } => {
                if !matches!(kind, ast::CastKind::Cast | ast::CastKind::DoubleColon) {
                    return refuse(Reason::CastForm);
                }
                parentheses_if(*kind == ast::CastKind::DoubleColon && !is_simple(expr))?;
                cast(typed(expr)?, data_type)
            }
            ast::Expr::UnaryOp { op: UnaryOperator::Minus, expr: inner } => {
                if let Some(text) = number(expr) {
                    return typed_number(&text);
                }
                let one = typed(inner)?;
                match one.kind() {
                    Some(kind) if rank(kind).is_some() => {
                        known(Expr::Negate(kind, Box::new(one.expr)), kind)
                    }
                    _ => refuse(Reason::MinusOf),
                }
            }
            ast::Expr::UnaryOp { op: UnaryOperator::Not, expr } => {
                known(Expr::Not(Box::new(condition(expr)?)), Kind::Bool)
            }
            ast::Expr::BinaryOp { left, op, right } => self.binary(left, op, right, sql),
            ast::Expr::IsUnknown(e) | ast::Expr::IsNotUnknown(e) => {
                parentheses_if(!is_simple(e))?;
                let not = matches!(expr, ast::Expr::IsNotUnknown(_));
                negated(not, fold(Expr::IsNull(Box::new(condition(e)?)))?)
            }
            ast::Expr::IsNull(e) | ast::Expr::IsNotNull(e) => {
                parentheses_if(!is_operand(e))?;
                let one = typed(e)?;
                let test = match one.is {
                    Is::Literal(_) => Expr::Const(Cell::Bool(false)),
                    _ => fold(Expr::IsNull(Box::new(one.expr)))?,
                };
                negated(matches!(expr, ast::Expr::IsNotNull(_)), test)
            }
            ast::Expr::IsTrue(e)
            | ast::Expr::IsNotTrue(e)
            | ast::Expr::IsFalse(e)
            | ast::Expr::IsNotFalse(e) => {
                parentheses_if(!is_simple(e))?;
                let wanted = matches!(expr, ast::Expr::IsTrue(_) | ast::Expr::IsNotTrue(_));
                let not = matches!(expr, ast::Expr::IsNotTrue(_) | ast::Expr::IsNotFalse(_));
                negated(not, fold(Expr::Is(wanted, Box::new(condition(e)?)))?)
            }
            ast::Expr::IsDistinctFrom(a, b) | ast::Expr::IsNotDistinctFrom(a, b) => {
                parentheses_if(!is_operand(a) || !is_operand(b))?;
                let (kind, two) = settle_two(typed(a)?, typed(b)?)?;
                equated(kind)?;
                let wanted = matches!(expr, ast::Expr::IsDistinctFrom(..));
                known(Expr::Distinct(wanted, kind, two), Kind::Bool)
            }
            ast::Expr::InList { expr, list, negated: not } => {
                parentheses_if(!is_operand(expr))?;
                self.is_in(expr, list, *not, sql)
            }
            ast::Expr::AnyOp { left, compare_op: Op::Eq, right, .. } => {
                parentheses_if(!is_operand(left))?;
                match unnested(right) {
                    ast::Expr::Array(array) => self.is_in(left, &array.elem, false, sql),
                    // As PostgreSQL prints a list of `varchar`.
                    ast::Expr::Cast {
                        kind: ast::CastKind::DoubleColon, expr, data_type, ..
                    } if cell_type(data_type) == Some(CellType::of_kind(Kind::TextArray)) => {
                        let ast::Expr::Array(array) = unnested(expr) else {
                            return refuse(Reason::AnyOf);
                        };
                        for one in &array.elem {
                            if typed(one)?.kind() != Some(Kind::Text) {
                                return refuse(Reason::ListCast);
                            }
                        }
                        self.is_in(left, &array.elem, false, sql)
                    }
                    _ => refuse(Reason::AnyOf),
                }
            }
            ast::Expr::Between { expr, negated: not, low, high } => {
                parentheses_if(![expr, low, high].into_iter().all(|e| is_operand(e)))?;
                let at_least = self.compared(typed(expr)?, Compare::GreaterOrEqual, typed(low)?)?;
                let at_most = self.compared(typed(expr)?, Compare::LessOrEqual, typed(high)?)?;
                negated(*not, fold(Expr::And(vec![at_least, at_most]))?)
            }
            ast::Expr::Case { operand, conditions, else_result, .. } => {
                let mut tests = Vec::new();
                let mut values = Vec::new();
                for arm in conditions {
                    tests.push(match operand {
                        None => condition(&arm.condition)?,
                        Some(of) => {
                            self.compared(typed(of)?, Compare::Equal, typed(&arm.condition)?)?
                        }
                    });
                    values.push(typed(&arm.result)?);
                }
                values.push(match else_result {
                    Some(value) => typed(value)?,
                    None => Typed { expr: Expr::Const(Cell::Null), is: Is::Null },
                });
                let (kind, mut values) = settle_all(values)?;
                let otherwise = values.pop().unwrap_or(Expr::Const(Cell::Null));
                let arms = tests.into_iter().zip(values).collect();
                known(Expr::Case(arms, Box::new(otherwise)), kind)
            }
            ast::Expr::Function(function) => self.function(function, sql),
            ast::Expr::Subquery(query) => self.lookup(query, sql),
            ast::Expr::Exists { subquery, negated: not } => {
                let found = self.exists(subquery, sql)?;
                negated(!*not, Expr::IsNull(Box::new(found)))
            }
            _ => refuse(Reason::OtherExpression),
        }
    }

    fn value(&self, value: &Value) -> Result<Typed, Refused> {
        match value {
            Value::Number(digits, _) => typed_number(digits),
            Value::SingleQuotedString(text) => {
                Ok(Typed { expr: Expr::Const(Cell::Null), is: Is::Literal(text.clone()) })
            }
            Value::Boolean(value) => known(Expr::Const(Cell::Bool(*value)), Kind::Bool),
            Value::Null => Ok(Typed { expr: Expr::Const(Cell::Null), is: Is::Null }),
            Value::Placeholder(text) => {
                let number = text.strip_prefix('$').and_then(|n| n.parse::<usize>().ok());
                let found = number.and_then(|n| self.uses.get(n.checked_sub(1)?));
                let Some(found) = found else { return refuse(Reason::UnknownParameter) };
                match CellType::of_sql(&found.sql_type) {
                    Some(ty) => known(Expr::Arg(found.slot), ty.kind),
                    None => refuse(Reason::ParameterType(found.sql_type.clone())),
                }
            }
            _ => refuse(Reason::ConstantForm),
        }
    }

    fn column(&self, relation: Option<&str>, name: &str) -> Result<Typed, Refused> {
        if relation == Some("excluded")
            && self.excluded
            && let Some((table, _)) = self.row
        {
            let (index, kind) = readable(&self.tables[table], name)?;
            return known(Expr::Excluded(index), kind);
        }
        if let Some((table, alias)) = self.row
            && relation.is_none_or(|relation| relation == alias)
        {
            let has = self.tables[table].has(name);
            if has || relation.is_some() || self.outer.is_none() {
                let (index, kind) = readable(&self.tables[table], name)?;
                return known(Expr::Column(index), kind);
            }
        }
        match self.outer {
            Some(_) => refuse(Reason::OuterRow),
            None => refuse(Reason::NoColumnHere(name.to_owned())),
        }
    }
}

pub(super) fn find(tables: &[Table], name: &str) -> Result<usize, Refused> {
    let Some(index) = tables.iter().position(|t| t.name == name) else {
        return refuse(Reason::UnknownTable(name.to_owned()));
    };
    match &tables[index].obstacle {
        Some(obstacle) => refuse(Reason::Obstacle(name.to_owned(), obstacle.clone())),
        None => Ok(index),
    }
}

pub(super) fn readable(table: &Table, name: &str) -> Result<(usize, Kind), Refused> {
    match table.columns.iter().position(|c| c.name == name) {
        Some(index) => Ok((index, table.columns[index].ty.kind)),
        None if table.generated.iter().any(|g| g == name) => {
            refuse(Reason::Generated(name.to_owned()))
        }
        None => refuse(Reason::NoColumnOf(name.to_owned(), table.name.clone())),
    }
}

/// Where an expression stands in its text, in bytes.
fn offset(expr: &ast::Expr, sql: &str) -> Option<usize> {
    let start = expr.span().start;
    let line = usize::try_from(start.line).ok()?.checked_sub(1)?;
    let column = usize::try_from(start.column).ok()?.checked_sub(1)?;
    let before: usize = sql.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = sql.get(before..)?;
    Some(before + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at))
}

/// A column's default or a table's condition: nothing but the row has a name there.
pub(super) fn typed_alone(
    tables: &[Table],
    row: Option<(usize, &str)>,
    sql: &str,
) -> Result<Typed, Refused> {
    let names = Names { tables, uses: &[], row, excluded: false, outer: None };
    names.typed(&syntax::expression(sql)?, sql)
}

/// A value for a column, DEFAULT included.
pub(super) fn value_for(
    names: &Names<'_>,
    column: &Column,
    value: &ast::Expr,
    sql: &str,
) -> Result<Expr, Refused> {
    let is_default = matches!(value, ast::Expr::Identifier(ident)
        if ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case("default"));
    if is_default {
        return column.default_value();
    }
    names.typed(value, sql)?.assigned(column.ty).map_err(|refused| refused.at(offset(value, sql)))
}
