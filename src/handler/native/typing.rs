//! Expressions of the parser into typed ones.
//!
//! Types come from the tables and from what PostgreSQL inferred for each parameter; operators
//! resolve as PostgreSQL's do for the few types there are (manual, "Type Conversion"). Where the
//! parser's precedences and PostgreSQL's might differ, parentheses are asked for. A constant that
//! declines is refused here, since PostgreSQL computes constants before it runs a statement.

use std::cmp::Ordering;

use sqlparser::ast::{self, BinaryOperator as Op, Spanned as _, UnaryOperator, Value};

use super::expr::{Compare, Expr, Lookup, constant};
use super::rejection::{Refused, refuse};
use super::syntax;
use super::tables::{Column, Table};
use crate::cell::arith::Operator;
use crate::cell::{self, Cell, CellType, Kind};

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

fn known(expr: Expr, kind: Kind) -> Result<Typed, Refused> {
    Ok(Typed { expr: fold(expr)?, is: Is::Known(kind) })
}

/// A node whose operands are constants is one.
fn fold(expr: Expr) -> Result<Expr, Refused> {
    if matches!(expr, Expr::Const(_)) || !expr.is_constant() {
        return Ok(expr);
    }
    let value = constant(&expr);
    value.map(Expr::Const).ok_or_else(|| Refused::new("this constant is not in the native subset"))
}

/// The order in which numbers are promoted.
fn rank(kind: Kind) -> Option<u8> {
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
    fn kind(&self) -> Option<Kind> {
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
            Is::Known(from) => refuse(format!(
                "{} and {} side by side are not in the native subset",
                from.name(),
                kind.name()
            )),
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
            Is::Known(from) => refuse(format!(
                "{} for a column of {} is not in the native subset",
                from.name(),
                to.kind.name()
            )),
        }
    }

    /// The expression as a condition.
    pub(super) fn condition(self) -> Result<Expr, Refused> {
        self.settle(Kind::Bool)
    }
}

fn literal(text: &str, to: CellType) -> Result<Expr, Refused> {
    let cell = cell::parse(text, to);
    cell.map(Expr::Const).ok_or_else(|| Refused::new("this constant is not in the native subset"))
}

/// The one kind of several values.
fn common(list: &[Typed]) -> Result<Kind, Refused> {
    let mut found: Option<Kind> = None;
    for kind in list.iter().filter_map(Typed::kind) {
        found = match found {
            None => Some(kind),
            Some(before) if before == kind => found,
            Some(before) if rank(before).is_some() && rank(kind).is_some() => {
                Some(if rank(before) < rank(kind) { kind } else { before })
            }
            Some(before) => {
                return refuse(format!(
                    "{} and {} side by side are not in the native subset",
                    before.name(),
                    kind.name()
                ));
            }
        };
    }
    Ok(found.unwrap_or(Kind::Text))
}

fn settle_all(list: Vec<Typed>) -> Result<(Kind, Vec<Expr>), Refused> {
    let kind = common(&list)?;
    Ok((kind, list.into_iter().map(|one| one.settle(kind)).collect::<Result<_, _>>()?))
}

fn settle_two(a: Typed, b: Typed) -> Result<(Kind, Box<(Expr, Expr)>), Refused> {
    let two = [a, b];
    let kind = common(&two)?;
    let [a, b] = two;
    Ok((kind, Box::new((a.settle(kind)?, b.settle(kind)?))))
}

fn ordered(kind: Kind) -> Result<(), Refused> {
    match kind {
        Kind::Text => {
            refuse("the order of texts is the collation's, which is not in the native subset")
        }
        _ => equated(kind),
    }
}

fn equated(kind: Kind) -> Result<(), Refused> {
    match kind {
        Kind::Json | Kind::Jsonb => refuse("comparing JSON is not in the native subset"),
        _ => Ok(()),
    }
}

/// Whether an operand binds as it is written, in PostgreSQL as in the parser.
fn is_simple(expr: &ast::Expr) -> bool {
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
fn is_arithmetic(expr: &ast::Expr) -> bool {
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
fn is_operand(expr: &ast::Expr) -> bool {
    let other = matches!(
        expr,
        ast::Expr::BinaryOp { op: Op::StringConcat | Op::Arrow | Op::LongArrow, .. }
    );
    other || is_arithmetic(expr)
}

/// A written number with the minus signs before it, which PostgreSQL reads as one: the smallest
/// integer has no positive twin of its type.
fn number(expr: &ast::Expr) -> Option<String> {
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
fn typed_number(text: &str) -> Result<Typed, Refused> {
    let kinds = [Kind::Int4, Kind::Int8, Kind::Numeric];
    let fits = |kind: &Kind| Some((cell::parse(text, CellType::of_kind(*kind))?, *kind));
    match kinds.iter().find_map(fits) {
        Some((cell, kind)) => known(Expr::Const(cell), kind),
        None => refuse("this number is not in the native subset"),
    }
}

/// Whether a name without quotes is a value of the session, whatever columns there are.
fn is_session_value(ident: &ast::Ident) -> bool {
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

fn parentheses_if(missing: bool) -> Result<(), Refused> {
    match missing {
        true => refuse("put parentheses around the operands for the native engine"),
        false => Ok(()),
    }
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
            ast::Expr::Identifier(ident) if is_session_value(ident) => {
                refuse("a value of the session is not in the native subset")
            }
            ast::Expr::Identifier(ident) => self.column(None, &syntax::name(ident)),
            ast::Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [relation, column] => {
                    self.column(Some(&syntax::name(relation)), &syntax::name(column))
                }
                _ => refuse("this name is not in the native subset"),
            },
            ast::Expr::Cast { kind, expr, data_type, format: None } => {
                if !matches!(kind, ast::CastKind::Cast | ast::CastKind::DoubleColon) {
                    return refuse("this cast is not in the native subset");
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
                    _ => refuse("a minus before what is not a number"),
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
                            return refuse("ANY of what is not a list is not in the native subset");
                        };
                        for one in &array.elem {
                            if typed(one)?.kind() != Some(Kind::Text) {
                                return refuse("a list of other than texts cast to text[]");
                            }
                        }
                        self.is_in(left, &array.elem, false, sql)
                    }
                    _ => refuse("ANY of what is not a list is not in the native subset"),
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
            _ => refuse("this expression is not in the native subset"),
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
                let Some(found) = found else { return refuse("this parameter is not known") };
                match CellType::of_sql(&found.sql_type) {
                    Some(ty) => known(Expr::Arg(found.slot), ty.kind),
                    None => refuse(format!(
                        "a parameter of type {} is not in the native subset",
                        found.sql_type
                    )),
                }
            }
            _ => refuse("a constant in this form is not in the native subset"),
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
            Some(_) => {
                refuse("a look-up's value over the row around it is not in the native subset")
            }
            None => refuse(format!("{name} is not a column here")),
        }
    }

    fn binary(
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
            other => refuse(format!("the operator {other} is not in the native subset")),
        }
    }

    fn compared(&self, a: Typed, op: Compare, b: Typed) -> Result<Expr, Refused> {
        let (kind, two) = settle_two(a, b)?;
        match op {
            Compare::Equal | Compare::NotEqual => equated(kind)?,
            _ => ordered(kind)?,
        }
        if kind == Kind::TextArray && !matches!(op, Compare::Equal | Compare::NotEqual) {
            return refuse("the order of arrays is not in the native subset");
        }
        fold(Expr::Compare(op, kind, two))
    }

    fn is_in(
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
            return refuse("a list of floats and other numbers is not in the native subset");
        }
        let (kind, mut all) = settle_all(all)?;
        equated(kind)?;
        let item = all.remove(0);
        negated(not, fold(Expr::In(kind, Box::new(item), all))?)
    }

    fn function(&self, function: &ast::Function, sql: &str) -> Result<Typed, Refused> {
        let name = syntax::plain(&function.name)?;
        let outside = || Refused::new(format!("{name} is not in the native subset"));
        let plain_call = function.filter.is_none()
            && function.over.is_none()
            && function.within_group.is_empty()
            && function.null_treatment.is_none()
            && matches!(function.parameters, ast::FunctionArguments::None);
        let ast::FunctionArguments::List(list) = &function.args else { return Err(outside()) };
        if !plain_call || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
            return Err(outside());
        }
        const KNOWN: [&str; 9] = [
            "coalesce",
            "nullif",
            "greatest",
            "least",
            "array_append",
            "jsonb_build_object",
            "abs",
            "length",
            "round",
        ];
        if !KNOWN.contains(&name.as_str()) {
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
                    false => refuse("NULLIF of two types is not in the native subset"),
                }
            }
            "array_append" => {
                let Ok([a, b]) = <[Typed; 2]>::try_from(args) else { return Err(outside()) };
                appended(a, b)
            }
            "abs" => {
                let Ok([one]) = <[Typed; 1]>::try_from(args) else { return Err(outside()) };
                match one.kind() {
                    Some(kind) if rank(kind).is_some() => {
                        known(Expr::Abs(kind, Box::new(one.expr)), kind)
                    }
                    _ => refuse("abs of other than a number is not in the native subset"),
                }
            }
            "length" => {
                let Ok([one]) = <[Typed; 1]>::try_from(args) else { return Err(outside()) };
                match one.kind() {
                    Some(Kind::Text) => known(Expr::Length(Box::new(one.expr)), Kind::Int4),
                    _ => refuse("length of other than a text is not in the native subset"),
                }
            }
            "round" => rounded(args),
            _ => object(args),
        }
    }

    fn lookup(&self, query: &ast::Query, sql: &str) -> Result<Typed, Refused> {
        let parts = syntax::lookup(query)?;
        let Some(value) = parts.value else { return refuse("a look-up of nothing") };
        let (lookup, kind) = self.found(&parts, Some(value), sql)?;
        let Some(kind) = kind else { return refuse("a look-up of a literal") };
        Ok(Typed { expr: Expr::Lookup(Box::new(lookup)), is: Is::Known(kind) })
    }

    /// A look-up that gives true where there is a row, and NULL where there is none.
    fn exists(&self, query: &ast::Query, sql: &str) -> Result<Expr, Refused> {
        let parts = syntax::lookup(query)?;
        let is_plain = |value: &ast::Expr| {
            matches!(value, ast::Expr::Value(_)) || column_name(value).is_some()
        };
        if parts.value.is_some_and(|value| !is_plain(value)) {
            return refuse("EXISTS of a computed value is not in the native subset");
        }
        let (lookup, _) = self.found(&parts, None, sql)?;
        // PostgreSQL may make a join of it, which looks at conditions when it likes.
        let conditions = lookup.gates.len() + lookup.conditions.len();
        if lookup.key.iter().any(Expr::looks_at_row) && conditions > 0 {
            return refuse("EXISTS by the row around it and by more than a key");
        }
        Ok(Expr::Lookup(Box::new(lookup)))
    }

    fn found(
        &self,
        parts: &syntax::LookupParts<'_>,
        value: Option<&ast::Expr>,
        sql: &str,
    ) -> Result<(Lookup, Option<Kind>), Refused> {
        let table = find(self.tables, &parts.relation.table)?;
        let alias = parts.relation.alias.as_str();
        let inner =
            Names { row: Some((table, alias)), excluded: false, outer: Some(self), ..*self };
        let mut list = Vec::new();
        syntax::conjuncts(parts.condition, &mut list);
        let (mut key, mut conditions) = (KeyParts::of(&self.tables[table]), Vec::new());
        for one in list {
            if !take_key(self, &inner, &mut key, one, sql)? {
                conditions.push(inner.typed(one, sql)?.condition()?);
            }
        }
        let Some(key) = key.whole() else {
            return refuse("a look-up needs the whole primary key: column = value for each");
        };
        in_order(&key, &conditions)?;
        let (gates, conditions) = super::statements::gated(conditions);
        let value = match value {
            Some(value) => inner.typed(value, sql)?,
            None => known(Expr::Const(Cell::Bool(true)), Kind::Bool)?,
        };
        let kind = value.kind();
        Ok((Lookup { table, key, gates, conditions, value: value.expr }, kind))
    }
}

/// PostgreSQL looks at the cheaper of two conditions first, and may look at every row of a table. So
/// a condition that can fail must be dearer than those that find the row.
pub(super) fn in_order(key: &[Expr], conditions: &[Expr]) -> Result<(), Refused> {
    let is_cheap = |part: &Expr| match part {
        Expr::Const(_) | Expr::Arg(_) | Expr::Column(_) | Expr::Excluded(_) => true,
        Expr::Lookup(_) => !part.looks_at_row(),
        _ => false,
    };
    match key.iter().all(is_cheap) || !conditions.iter().any(Expr::can_fail) {
        true => Ok(()),
        false => refuse("a computed key beside a condition that can fail"),
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
        return refuse(format!("{op} of {} is not in the native subset", kind.name()));
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

/// `round(a)` of a numeric, `round(a, b)` of what becomes one.
fn rounded(args: Vec<Typed>) -> Result<Typed, Refused> {
    let mut args = args.into_iter();
    let (Some(number), digits, None) = (args.next(), args.next(), args.next()) else {
        return refuse("round of other than one or two values");
    };
    let fits = match (number.kind(), digits.as_ref().map(Typed::kind)) {
        (Some(Kind::Numeric), None) => true,
        (Some(kind), Some(Some(Kind::Int2 | Kind::Int4))) => kind.is_int() || kind == Kind::Numeric,
        _ => false,
    };
    if !fits {
        return refuse("round of other than a numeric is not in the native subset");
    }
    let digits = digits.map_or(Expr::Const(Cell::Int(0)), |digits| digits.expr);
    if matches!(digits, Expr::Const(Cell::Int(..0))) {
        return refuse("round before the point is not in the native subset");
    }
    let two = Box::new((number.settle(Kind::Numeric)?, digits));
    known(Expr::Round(two), Kind::Numeric)
}

/// Takes `column = value` for a part of a key. `around` is what the value may look at, `inner` what
/// the condition as a whole may.
pub(super) fn take_key(
    around: &Names<'_>,
    inner: &Names<'_>,
    key: &mut KeyParts<'_>,
    condition: &ast::Expr,
    sql: &str,
) -> Result<bool, Refused> {
    let ast::Expr::BinaryOp { left, op: Op::Eq, right } = condition else { return Ok(false) };
    for (column, value) in [(left, right), (right, left)] {
        let Some(part) = inner.own_column(key.table, column).and_then(|name| key.free(&name))
        else {
            continue;
        };
        let wanted = key.table.columns[key.table.key[part]].ty.kind;
        if let Some(value) = free_value(around, inner, key.table, value, wanted, sql)? {
            key.parts[part] = Some(value);
            return Ok(true);
        }
    }
    Ok(false)
}

/// A value compared with a column of `table`, if it does not look at the table's own row.
pub(super) fn free_value(
    around: &Names<'_>,
    inner: &Names<'_>,
    table: &Table,
    value: &ast::Expr,
    wanted: Kind,
    sql: &str,
) -> Result<Option<Expr>, Refused> {
    let alias = inner.row.map_or("", |(_, alias)| alias);
    let own = |relation: Option<&str>, name: &str| {
        relation.map_or_else(|| table.has(name), |relation| relation == alias)
    };
    if mentions(value, &own) {
        return Ok(None);
    }
    let value = around.typed(value, sql)?;
    match value.kind().is_none_or(|k| k == wanted || (k.is_int() && wanted.is_int())) {
        true => Ok(Some(value.settle(wanted)?)),
        false => refuse("a key compared with another type is not in the native subset"),
    }
}

impl Names<'_> {
    /// The name of a column of the statement's own table, if the expression is one.
    pub(super) fn own_column(&self, table: &Table, expr: &ast::Expr) -> Option<String> {
        let (relation, name) = column_name(unnested(expr))?;
        let alias = self.row.map_or("", |(_, alias)| alias);
        (relation.is_none_or(|relation| relation == alias) && table.has(&name)).then_some(name)
    }
}

/// The parts of a key, as they are found.
pub(super) struct KeyParts<'t> {
    table: &'t Table,
    parts: Vec<Option<Expr>>,
}

impl<'t> KeyParts<'t> {
    pub(super) fn of(table: &'t Table) -> KeyParts<'t> {
        KeyParts { table, parts: table.key.iter().map(|_| None).collect() }
    }

    fn free(&self, name: &str) -> Option<usize> {
        let of = |column: &usize| self.table.columns[*column].name == name;
        let part = self.table.key.iter().position(of)?;
        self.parts[part].is_none().then_some(part)
    }

    pub(super) fn whole(self) -> Option<Vec<Expr>> {
        self.parts.into_iter().collect()
    }
}

fn unnested(expr: &ast::Expr) -> &ast::Expr {
    match expr {
        ast::Expr::Nested(inner) => unnested(inner),
        other => other,
    }
}

fn column_name(expr: &ast::Expr) -> Option<(Option<String>, String)> {
    match expr {
        ast::Expr::Identifier(ident) if is_session_value(ident) => None,
        ast::Expr::Identifier(ident) => Some((None, syntax::name(ident))),
        ast::Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [relation, column] => Some((Some(syntax::name(relation)), syntax::name(column))),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a name of some kind stands outside look-ups in an expression.
fn mentions(expr: &ast::Expr, is: &dyn Fn(Option<&str>, &str) -> bool) -> bool {
    use std::ops::ControlFlow;
    struct Finder<'f> {
        is: &'f dyn Fn(Option<&str>, &str) -> bool,
        depth: usize,
    }
    impl ast::Visitor for Finder<'_> {
        type Break = ();
        fn pre_visit_query(&mut self, _: &ast::Query) -> ControlFlow<()> {
            self.depth += 1;
            ControlFlow::Continue(())
        }
        fn post_visit_query(&mut self, _: &ast::Query) -> ControlFlow<()> {
            self.depth -= 1;
            ControlFlow::Continue(())
        }
        fn pre_visit_expr(&mut self, expr: &ast::Expr) -> ControlFlow<()> {
            match column_name(expr) {
                Some((relation, name))
                    if self.depth == 0 && (self.is)(relation.as_deref(), &name) =>
                {
                    ControlFlow::Break(())
                }
                _ => ControlFlow::Continue(()),
            }
        }
    }
    ast::Visit::visit(expr, &mut Finder { is, depth: 0 }).is_break()
}

pub(super) fn find(tables: &[Table], name: &str) -> Result<usize, Refused> {
    let Some(index) = tables.iter().position(|t| t.name == name) else {
        return refuse(format!("{name} is not a table of the projection"));
    };
    match &tables[index].obstacle {
        Some(obstacle) => refuse(format!("the table {name} {obstacle}")),
        None => Ok(index),
    }
}

fn readable(table: &Table, name: &str) -> Result<(usize, Kind), Refused> {
    match table.columns.iter().position(|c| c.name == name) {
        Some(index) => Ok((index, table.columns[index].ty.kind)),
        None if table.generated.iter().any(|g| g == name) => {
            refuse(format!("the generated column {name} is PostgreSQL's to compute"))
        }
        None => refuse(format!("{name} is not a column of {}", table.name)),
    }
}

fn negated(not: bool, test: Expr) -> Result<Typed, Refused> {
    known(if not { Expr::Not(Box::new(test)) } else { test }, Kind::Bool)
}

fn cast(one: Typed, data_type: &ast::DataType) -> Result<Typed, Refused> {
    let Some(to) = cell_type(data_type) else {
        return refuse(format!("a cast to {data_type} is not in the native subset"));
    };
    match one.is {
        Is::Null => known(Expr::Const(Cell::Null), to.kind),
        Is::Literal(text) => known(literal(&text, to)?, to.kind),
        Is::Known(from) if from == to.kind && to.limit == cell::Limit::None => Ok(one),
        Is::Known(from) if cell::can_cast(from, to.kind) => {
            known(Expr::Cast(from, to, Box::new(one.expr)), to.kind)
        }
        Is::Known(from) => {
            refuse(format!("a cast of {} to {data_type} is not in the native subset", from.name()))
        }
    }
}

/// A type as the parser prints it, under the name that `format_type` gives.
fn cell_type(data_type: &ast::DataType) -> Option<CellType> {
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
        _ => refuse("|| of these types is not in the native subset"),
    }
}

fn appended(a: Typed, b: Typed) -> Result<Typed, Refused> {
    match (a.kind(), b.kind()) {
        (Some(Kind::TextArray), Some(Kind::Text) | None) => {
            let two = Box::new((a.expr, b.settle(Kind::Text)?));
            known(Expr::Append(two), Kind::TextArray)
        }
        _ => refuse("appending to what is not text[] is not in the native subset"),
    }
}

fn member(of: Typed, key: Typed, text: bool) -> Result<Typed, Refused> {
    let is_text = matches!(key.is, Is::Literal(_) | Is::Known(Kind::Text));
    let (Some(kind @ (Kind::Json | Kind::Jsonb)), true) = (of.kind(), is_text) else {
        return refuse("-> of other than JSON and a text is not in the native subset");
    };
    let result = if text { Kind::Text } else { kind };
    let of = Box::new((of.expr, key.settle(Kind::Text)?));
    known(Expr::Member { of, text }, result)
}

fn object(args: Vec<Typed>) -> Result<Typed, Refused> {
    let mut members: Vec<(String, Expr, Kind)> = Vec::new();
    let mut args = args.into_iter();
    while let Some(key) = args.next() {
        let (Is::Literal(key), Some(value)) = (key.is, args.next()) else {
            return refuse("jsonb_build_object needs written keys for the native engine");
        };
        let kind = match value.kind() {
            Some(
                kind @ (Kind::Text
                | Kind::Bool
                | Kind::Int2
                | Kind::Int4
                | Kind::Int8
                | Kind::Numeric
                | Kind::Uuid
                | Kind::Date
                | Kind::Timestamp
                | Kind::TimestampTz
                | Kind::Json
                | Kind::Jsonb),
            ) => kind,
            Some(kind) => {
                return refuse(format!("{} in JSON is not in the native subset", kind.name()));
            }
            None => Kind::Text,
        };
        if members.iter().any(|(other, ..)| *other == key) {
            return refuse("a key that stands twice is not in the native subset");
        }
        members.push((key, value.settle(kind)?, kind));
    }
    known(Expr::Object(members), Kind::Jsonb)
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
