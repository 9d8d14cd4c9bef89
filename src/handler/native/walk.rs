//! What an expression is made of, asked of the tree without a value.

use super::expr::{Expr, Lookup};
use crate::cell::Cell;

impl Expr {
    /// Whether it looks at a row of the statement's own table.
    #[must_use]
    pub fn looks_at_row(&self) -> bool {
        matches!(self, Expr::Column(_) | Expr::Excluded(_))
            || self.operands().into_iter().any(Expr::looks_at_row)
    }

    /// Whether every operand is a constant, and so is what it gives.
    pub(super) fn is_constant(&self) -> bool {
        !matches!(self, Expr::Arg(_) | Expr::Column(_) | Expr::Excluded(_) | Expr::Lookup(_))
            && self.operands().into_iter().all(|operand| matches!(operand, Expr::Const(_)))
    }

    /// What PostgreSQL makes of it where constants alone tell (`eval_const_expressions`): a strict
    /// operator on NULL is NULL whatever its other operand, COALESCE needs no NULL and nothing behind a
    /// constant, CASE no condition that is known.
    pub(super) fn simplified(self) -> Expr {
        let is_null = |expr: &Expr| matches!(expr, Expr::Const(Cell::Null));
        match self {
            Expr::Arith(_, _, two)
            | Expr::Compare(_, _, two)
            | Expr::Concat(two)
            | Expr::Member { of: two, .. }
            | Expr::Days { of: two, .. }
            | Expr::DaysBetween(two)
                if is_null(&two.0) || is_null(&two.1) =>
            {
                Expr::Const(Cell::Null)
            }
            Expr::Call(call) if call.is_strict() && call.args().any(is_null) => {
                Expr::Const(Cell::Null)
            }
            Expr::Coalesce(mut list) => {
                list.retain(|one| !is_null(one));
                if let Some(end) = list.iter().position(|one| matches!(one, Expr::Const(_))) {
                    list.truncate(end + 1);
                }
                match list.len() {
                    0 => Expr::Const(Cell::Null),
                    1 => list.swap_remove(0),
                    _ => Expr::Coalesce(list),
                }
            }
            Expr::Case(mut arms, mut otherwise) => {
                arms.retain(|(condition, _)| {
                    !matches!(condition, Expr::Const(Cell::Null | Cell::Bool(false)))
                });
                let known = |(condition, _): &(Expr, Expr)| {
                    matches!(condition, Expr::Const(Cell::Bool(true)))
                };
                if let Some(end) = arms.iter().position(known) {
                    arms.truncate(end + 1);
                    if let Some((_, value)) = arms.pop() {
                        *otherwise = value;
                    }
                }
                if arms.is_empty() { *otherwise } else { Expr::Case(arms, otherwise) }
            }
            other => other,
        }
    }

    /// Whether PostgreSQL may refuse a value of it.
    #[must_use]
    pub fn can_fail(&self) -> bool {
        let fails = matches!(
            self,
            Expr::Lookup(_)
                | Expr::Arith(..)
                | Expr::Negate(..)
                | Expr::Days { .. }
                | Expr::DaysBetween(_)
                | Expr::Cast(..)
                | Expr::Assign(..)
        );
        let fails = fails || matches!(self, Expr::Call(call) if call.can_fail());
        fails || self.operands().into_iter().any(Expr::can_fail)
    }

    /// Whether it looks up a row.
    #[must_use]
    pub fn looks_up(&self) -> bool {
        matches!(self, Expr::Lookup(_)) || self.operands().into_iter().any(Expr::looks_up)
    }

    /// The look-ups in it, those in their keys included.
    pub fn lookups<'e>(&'e self, into: &mut Vec<&'e Lookup>) {
        if let Expr::Lookup(lookup) = self {
            into.push(lookup);
        }
        self.operands().into_iter().for_each(|operand| operand.lookups(into));
    }

    /// Its operands. What a look-up does with the row it finds is its own.
    fn operands(&self) -> Vec<&Expr> {
        match self {
            Expr::Const(_) | Expr::Arg(_) | Expr::Column(_) | Expr::Excluded(_) => Vec::new(),
            Expr::Lookup(lookup) => lookup.key.iter().collect(),
            Expr::Arith(_, _, two)
            | Expr::Compare(_, _, two)
            | Expr::Distinct(_, _, two)
            | Expr::NullIf(_, two)
            | Expr::Concat(two)
            | Expr::ConcatArrays(two)
            | Expr::Member { of: two, .. }
            | Expr::Days { of: two, .. }
            | Expr::DaysBetween(two) => vec![&two.0, &two.1],
            Expr::Negate(_, one)
            | Expr::IsNull(one)
            | Expr::Is(_, one)
            | Expr::Not(one)
            | Expr::Cast(_, _, one)
            | Expr::Assign(_, _, one) => vec![one],
            Expr::And(list) | Expr::Or(list) | Expr::Coalesce(list) | Expr::Extreme(_, _, list) => {
                list.iter().collect()
            }
            Expr::In(_, item, list) => std::iter::once(&**item).chain(list).collect(),
            Expr::Case(arms, otherwise) => {
                let arms = arms.iter().flat_map(|(condition, value)| [condition, value]);
                arms.chain(std::iter::once(&**otherwise)).collect()
            }
            Expr::Call(call) => call.args().collect(),
        }
    }
}
