//! The value of an expression for one event.
//!
//! Every node gives what PostgreSQL would, NULLs and three-valued logic included, or declines.
//! Operands that can fail are all evaluated, where PostgreSQL might skip one: declining too
//! often costs time, never a wrong row.

use std::borrow::Cow;

use compact_str::CompactString;

use super::expr::{Expr, Lookup, Rows, Scope, Stop, Value, decline, own};
use super::operators::{
    bounded, days_between, days_on, extreme, is_in, junction, member, negate, of_floats,
};
use crate::cell::arith;
use crate::cell::number::{Number, is_exact};
use crate::cell::{self, Cell};

fn boolean<'a>(value: Option<bool>) -> Value<'a> {
    own(value.map_or(Cell::Null, Cell::Bool))
}

impl Expr {
    /// The value.
    ///
    /// # Errors
    /// It declines, or a row is missing.
    pub fn value<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>, Stop> {
        if let Some(number) = self.computed(scope) {
            return Ok(own(number.cell()));
        }
        Ok(match self {
            Expr::Const(cell) => Cow::Borrowed(cell),
            Expr::Arg(slot) => Cow::Borrowed(decline(scope.args.get(*slot))?),
            Expr::Column(column) => Cow::Borrowed(decline(scope.row.get(*column))?),
            Expr::Excluded(column) => Cow::Borrowed(decline(scope.excluded.get(*column))?),
            Expr::Lookup(lookup) => return lookup.value(scope),
            Expr::Arith(op, kind, two) => {
                let (a, b) = (two.0.value(scope)?, two.1.value(scope)?);
                if a.is_null() || b.is_null() {
                    return Ok(own(Cell::Null));
                }
                match (&*a, &*b) {
                    (Cell::Float(a), Cell::Float(b)) => own(decline(of_floats(*op, *a, *b))?),
                    _ => own(decline(arith::calculate(*op, &a, &b, *kind))?),
                }
            }
            Expr::Negate(kind, one) => {
                let a = one.value(scope)?;
                match a.is_null() {
                    true => a,
                    false => own(decline(negate(&a, *kind))?),
                }
            }
            Expr::Compare(op, kind, two) => {
                let (a, b) = (two.0.value(scope)?, two.1.value(scope)?);
                boolean(op.apply(*kind, &a, &b)?)
            }
            Expr::Distinct(wanted, kind, two) => {
                let (a, b) = (two.0.value(scope)?, two.1.value(scope)?);
                let distinct = match (a.is_null(), b.is_null()) {
                    (true, true) => false,
                    (false, false) => !decline(cell::equal(&a, &b, *kind))?,
                    _ => true,
                };
                own(Cell::Bool(distinct == *wanted))
            }
            Expr::IsNull(one) => own(Cell::Bool(one.value(scope)?.is_null())),
            Expr::Is(wanted, one) => own(Cell::Bool(one.truth(scope)? == Some(*wanted))),
            Expr::Not(one) => boolean(one.truth(scope)?.map(|t| !t)),
            Expr::And(list) => boolean(junction(list, scope, false)?),
            Expr::Or(list) => boolean(junction(list, scope, true)?),
            Expr::In(kind, item, list) => boolean(is_in(*kind, item, list, scope)?),
            Expr::Case(arms, otherwise) => {
                for (condition, value) in arms {
                    if condition.truth(scope)? == Some(true) {
                        return value.value(scope);
                    }
                }
                return otherwise.value(scope);
            }
            Expr::Coalesce(list) => {
                for one in list {
                    let value = one.value(scope)?;
                    if !value.is_null() {
                        return Ok(value);
                    }
                }
                own(Cell::Null)
            }
            Expr::NullIf(kind, two) => {
                let (a, b) = (two.0.value(scope)?, two.1.value(scope)?);
                let both = !a.is_null() && !b.is_null();
                match both && decline(cell::equal(&a, &b, *kind))? {
                    true => own(Cell::Null),
                    false => a,
                }
            }
            Expr::Extreme(wanted, kind, list) => return extreme(*wanted, *kind, list, scope),
            Expr::Concat(two) => {
                let (a, b) = (two.0.value(scope)?, two.1.value(scope)?);
                match (&*a, &*b) {
                    (Cell::Null, _) | (_, Cell::Null) => own(Cell::Null),
                    (Cell::Text(a), Cell::Text(b)) => {
                        bounded(a.len() + b.len())?;
                        let mut text = CompactString::with_capacity(a.len() + b.len());
                        text.push_str(a);
                        text.push_str(b);
                        own(Cell::Text(text))
                    }
                    _ => return Err(Stop::Decline),
                }
            }
            Expr::ConcatArrays(two) => {
                let (a, b) = (two.0.value(scope)?, two.1.value(scope)?);
                match (&*a, &*b) {
                    (Cell::Null, _) => b,
                    (_, Cell::Null) => a,
                    (Cell::Array(a), Cell::Array(b)) => {
                        bounded(a.len() + b.len())?;
                        own(Cell::Array(Box::new(a.iter().chain(b.iter()).cloned().collect())))
                    }
                    _ => return Err(Stop::Decline),
                }
            }
            Expr::Member { of: two, text } => {
                let (of, key) = (two.0.value(scope)?, two.1.value(scope)?);
                match (&*of, &*key) {
                    (Cell::Null, _) | (_, Cell::Null) => own(Cell::Null),
                    (Cell::Text(json), Cell::Text(key)) => own(decline(member(json, key, *text))?),
                    _ => return Err(Stop::Decline),
                }
            }
            Expr::Days { of: two, back } => {
                let (date, days) = (two.0.value(scope)?, two.1.value(scope)?);
                own(decline(days_on(&date, &days, *back))?)
            }
            Expr::DaysBetween(two) => {
                let (a, b) = (two.0.value(scope)?, two.1.value(scope)?);
                own(decline(days_between(&a, &b))?)
            }
            Expr::Call(call) => return call.value(scope),
            Expr::Cast(from, to, one) => {
                let value = one.value(scope)?;
                match value.is_null() {
                    true => value,
                    false => own(decline(cell::cast(value.into_owned(), *from, *to))?),
                }
            }
            Expr::Assign(from, to, one) => {
                let value = one.value(scope)?;
                match value.is_null() {
                    true => value,
                    false => own(decline(cell::assign(value.into_owned(), *from, *to))?),
                }
            }
        })
    }

    /// The value as a cell of its own, for a row.
    ///
    /// # Errors
    /// As [`Expr::value`].
    #[inline]
    pub fn cell(&self, scope: &Scope<'_>) -> Result<Cell, Stop> {
        match self {
            Expr::Const(cell) => Ok(cell.clone()),
            Expr::Arg(slot) => Ok(decline(scope.args.get(*slot))?.clone()),
            Expr::Excluded(column) => Ok(decline(scope.excluded.get(*column))?.clone()),
            _ => match self.computed(scope) {
                Some(number) => Ok(number.cell()),
                None => self.value(scope).map(Cow::into_owned),
            },
        }
    }

    /// The number that operators and casts give, where that is all there is.
    #[inline]
    fn computed(&self, scope: &Scope<'_>) -> Option<Number> {
        match self {
            Expr::Arith(..) | Expr::Negate(..) | Expr::Cast(..) | Expr::Assign(..) => {
                self.number(scope)
            }
            _ => None,
        }
    }

    /// The value of a chain of operators and casts on exact numbers. `None`: there is something
    /// else in it, or it has no value; [`Expr::value`] tells which.
    fn number(&self, scope: &Scope<'_>) -> Option<Number> {
        match self {
            Expr::Arith(operator, kind, two) if is_exact(*kind) => {
                let (a, b) = (two.0.operand(scope)?, two.1.operand(scope)?);
                a.calculate(*operator, b, *kind)
            }
            Expr::Negate(kind, one) if is_exact(*kind) => one.operand(scope)?.negative(*kind),
            Expr::Cast(from, to, one) | Expr::Assign(from, to, one)
                if is_exact(*from) && is_exact(to.kind) =>
            {
                one.operand(scope)?.assigned(*to)
            }
            _ => None,
        }
    }

    /// The end of a chain, without another call, or what goes on.
    #[inline]
    fn operand(&self, scope: &Scope<'_>) -> Option<Number> {
        match self {
            Expr::Const(cell) => Number::of(cell),
            Expr::Arg(slot) => Number::of(scope.args.get(*slot)?),
            Expr::Column(column) => Number::of(scope.row.get(*column)?),
            Expr::Excluded(column) => Number::of(scope.excluded.get(*column)?),
            chain => chain.number(scope),
        }
    }

    /// The value as a condition: unknown is `None`.
    ///
    /// # Errors
    /// As [`Expr::value`].
    pub fn truth(&self, scope: &Scope<'_>) -> Result<Option<bool>, Stop> {
        match &*self.value(scope)? {
            Cell::Bool(value) => Ok(Some(*value)),
            Cell::Null => Ok(None),
            _ => Err(Stop::Decline),
        }
    }
}

/// Where a constant is computed: nothing is known.
struct Nothing;

impl Rows for Nothing {
    fn find(&self, _: usize, _: &[&Cell]) -> Result<Option<&[Cell]>, Stop> {
        Err(Stop::Decline)
    }
}

/// The value of an expression without operands that change, if it does not decline.
pub(super) fn constant(expr: &Expr) -> Option<Cell> {
    let scope = Scope { args: &[], row: &[], excluded: &[], rows: &Nothing };
    expr.value(&scope).ok().map(Cow::into_owned)
}

impl Lookup {
    fn value<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>, Stop> {
        if !all_true(&self.gates, &Scope { row: &[], excluded: &[], ..*scope })? {
            return Ok(own(Cell::Null));
        }
        let found = with_key(&self.key, scope, |key| scope.rows.find(self.table, key))?;
        let Some(Some(row)) = found else { return Ok(own(Cell::Null)) };
        let inner = Scope { row, excluded: &[], ..*scope };
        match all_true(&self.conditions, &inner)? {
            true => self.value.value(&inner),
            false => Ok(own(Cell::Null)),
        }
    }
}

/// Hands the cells of a key on, without copying them; nothing where one of them is NULL, which
/// no row has.
///
/// # Errors
/// As [`Expr::value`].
pub fn with_key<T>(
    key: &[Expr],
    scope: &Scope<'_>,
    then: impl FnOnce(&[&Cell]) -> Result<T, Stop>,
) -> Result<Option<T>, Stop> {
    if let [Expr::Arg(slot)] = key {
        let cell = decline(scope.args.get(*slot))?;
        return if cell.is_null() { Ok(None) } else { then(&[cell]).map(Some) };
    }
    if let [only] = key {
        let cell = only.value(scope)?;
        return match cell.is_null() {
            true => Ok(None),
            false => then(&[&cell]).map(Some),
        };
    }
    let cells = key.iter().map(|part| part.value(scope)).collect::<Result<Vec<_>, _>>()?;
    if cells.iter().any(|cell| cell.is_null()) {
        return Ok(None);
    }
    then(&cells.iter().map(|cell| &**cell).collect::<Vec<_>>()).map(Some)
}

/// Whether every condition is true. All are looked at: one that fails is never skipped.
///
/// # Errors
/// As [`Expr::value`].
pub fn all_true(conditions: &[Expr], scope: &Scope<'_>) -> Result<bool, Stop> {
    let mut all = true;
    for condition in conditions {
        all &= condition.truth(scope)? == Some(true);
    }
    Ok(all)
}
