//! Numbers on their way through operators and casts, without a cell between.
//!
//! Owns the rules: which kind an operator gives, when it is out of range, what a column's
//! limit does to a number. A chain such as `total + :quantity * :price / 100.0` is computed on
//! these, which fit registers where a [`Cell`] has to be taken apart and put together again.

use super::arith::Operator;
use super::{Cell, CellType, Decimal, Kind, Limit};

/// An integer, a `numeric`, or NULL of either.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    /// NULL.
    Null,
    /// One of the integers.
    Int(i64),
    /// `numeric`.
    Decimal(Decimal),
}

/// Whether numbers of a kind are here at all.
#[must_use]
pub fn is_exact(kind: Kind) -> bool {
    kind.is_int() || kind == Kind::Numeric
}

impl Number {
    /// What a cell holds. Only cells of kinds that are [`is_exact`] may be asked: a date's is
    /// an integer too.
    #[must_use]
    #[inline]
    pub fn of(cell: &Cell) -> Option<Number> {
        match cell {
            Cell::Null => Some(Number::Null),
            Cell::Int(number) => Some(Number::Int(*number)),
            Cell::Small(coef, scale) => {
                Some(Number::Decimal(Decimal::new(i128::from(*coef), u16::from(*scale))))
            }
            Cell::Big(decimal) => Some(Number::Decimal(**decimal)),
            _ => None,
        }
    }

    /// The cell that holds it.
    #[must_use]
    #[inline]
    pub fn cell(self) -> Cell {
        match self {
            Number::Null => Cell::Null,
            Number::Int(number) => Cell::Int(number),
            Number::Decimal(decimal) => Cell::from_decimal(decimal),
        }
    }

    /// `self operator other`, both of `kind`. `None` where PostgreSQL refuses (out of range,
    /// division by zero), or one of them is of another kind.
    #[must_use]
    #[inline]
    pub fn calculate(self, operator: Operator, other: Number, kind: Kind) -> Option<Number> {
        match (self, other) {
            (Number::Null, _) | (_, Number::Null) => is_exact(kind).then_some(Number::Null),
            (Number::Int(a), Number::Int(b)) if kind.is_int() => {
                let number = integers(operator, a, b)?;
                kind.holds(number).then_some(Number::Int(number))
            }
            (Number::Decimal(a), Number::Decimal(b)) if kind == Kind::Numeric => {
                decimals(operator, a, b).map(Number::Decimal)
            }
            _ => None,
        }
    }

    /// `-self`, of the same kind.
    #[must_use]
    pub fn negative(self, kind: Kind) -> Option<Number> {
        match self {
            Number::Null => is_exact(kind).then_some(Number::Null),
            Number::Int(number) if kind.is_int() => {
                let negative = number.checked_neg()?;
                kind.holds(negative).then_some(Number::Int(negative))
            }
            Number::Decimal(decimal) if kind == Kind::Numeric => decimal.neg().map(Number::Decimal),
            _ => None,
        }
    }

    /// What a column of a type holds after it was assigned. `None`: it does not fit, or the type
    /// is no exact number's.
    #[must_use]
    #[inline]
    pub fn assigned(self, to: CellType) -> Option<Number> {
        if matches!(self, Number::Null) {
            return is_exact(to.kind).then_some(self);
        }
        if to.kind == Kind::Numeric {
            let decimal = match self {
                Number::Int(number) => Decimal::from_i64(number),
                Number::Decimal(decimal) => decimal,
                Number::Null => return Some(self),
            };
            return within(decimal, to.limit).map(Number::Decimal);
        }
        let number = match self {
            Number::Int(number) => number,
            Number::Decimal(decimal) if to.kind.is_int() => decimal.round_to_i64()?,
            _ => return None,
        };
        to.kind.holds(number).then_some(Number::Int(number))
    }
}

/// The decimal as a column with a limit holds it.
pub(super) fn within(decimal: Decimal, limit: Limit) -> Option<Decimal> {
    match limit {
        Limit::None => Some(decimal),
        Limit::Digits { precision, scale } => {
            let rounded = decimal.round_to(u16::try_from(scale).ok()?)?;
            rounded.has_digits(precision).then_some(rounded)
        }
        Limit::Chars(_) => None,
    }
}

fn integers(operator: Operator, a: i64, b: i64) -> Option<i64> {
    match operator {
        Operator::Add => a.checked_add(b),
        Operator::Sub => a.checked_sub(b),
        Operator::Mul => a.checked_mul(b),
        Operator::Div => a.checked_div(b),
        // PostgreSQL gives 0 here, where the quotient would overflow.
        Operator::Rem if b == -1 => Some(0),
        Operator::Rem => a.checked_rem(b),
    }
}

fn decimals(operator: Operator, a: Decimal, b: Decimal) -> Option<Decimal> {
    match operator {
        Operator::Add => a.checked_add(b),
        Operator::Sub => a.checked_sub(b),
        Operator::Mul => a.checked_mul(b),
        Operator::Div => a.div(b),
        Operator::Rem => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_gives_what_its_steps_give() {
        let cents = CellType::of_sql("numeric(14,2)").unwrap();
        let hundred = Number::Decimal(Decimal::parse("100.0").unwrap());
        let price = Number::Int(3).calculate(Operator::Mul, Number::Int(1_999), Kind::Int8);
        let price = price.and_then(|p| p.assigned(CellType::of_kind(Kind::Numeric))).unwrap();
        let price = price.calculate(Operator::Div, hundred, Kind::Numeric).unwrap();
        assert!(matches!(price, Number::Decimal(d) if d.to_text() == "59.9700000000000000"));
        let total = price.assigned(cents).unwrap();
        assert!(matches!(total.cell(), Cell::Small(5_997, 2)));
    }

    #[test]
    fn what_does_not_fit_has_no_answer() {
        let ty = |sql| CellType::of_sql(sql).unwrap();
        assert!(Number::Int(70_000).assigned(ty("smallint")).is_none());
        assert!(Number::Int(100).assigned(ty("numeric(4,2)")).is_none());
        assert!(Number::Int(1).assigned(ty("text")).is_none());
        assert!(Number::Int(1).assigned(ty("timestamp with time zone")).is_none());
        assert!(Number::Null.assigned(ty("text")).is_none());
        let mixed = Number::Decimal(Decimal::from_i64(1));
        assert!(Number::Int(1).calculate(Operator::Add, mixed, Kind::Numeric).is_none());
        assert!(Number::Null.calculate(Operator::Add, mixed, Kind::Float8).is_none());
    }
}
