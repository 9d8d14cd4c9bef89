//! Numbers on their way through operators and casts, without a cell between.
//!
//! Owns the rules: which kind an operator gives, when it is out of range, what a column's
//! limit does to a number. A chain such as `total + :quantity * :price / 100.0` is computed on
//! these, since a [`Cell`] would have to be taken apart and put together again at each step.

use super::arith::Operator;
use super::decimal::short_power;
use super::{Cell, CellType, Decimal, Kind, Limit};

/// An integer, a `numeric`, or NULL of either.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    /// NULL.
    Null,
    /// One of the integers.
    Int(i64),
    /// `numeric`: coefficient and digits behind the point.
    Small(i64, u8),
    /// `numeric` that does not fit [`Number::Small`].
    // Invariant: never a decimal that `Small` can hold, see `from_decimal`.
    Big(Decimal),
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
            Cell::Small(coef, scale) => Some(Number::Small(*coef, *scale)),
            Cell::Big(decimal) => Some(Number::Big(**decimal)),
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
            Number::Small(coef, scale) => Cell::Small(coef, scale),
            Number::Big(decimal) => Cell::Big(Box::new(decimal)),
        }
    }

    /// The smallest form of a decimal.
    #[must_use]
    pub fn from_decimal(decimal: Decimal) -> Number {
        match (i64::try_from(decimal.coef()), u8::try_from(decimal.scale())) {
            (Ok(coef), Ok(scale)) => Number::Small(coef, scale),
            _ => Number::Big(decimal),
        }
    }

    /// What it is as a `numeric`.
    pub(super) fn decimal(self) -> Option<Decimal> {
        match self {
            Number::Null => None,
            Number::Int(number) => Some(Decimal::from_i64(number)),
            Number::Small(coef, scale) => Some(Decimal::new(i128::from(coef), u16::from(scale))),
            Number::Big(decimal) => Some(decimal),
        }
    }

    /// [`within`] where all of it is short; nothing is said of others.
    #[inline]
    fn shortly_within(self, limit: Limit) -> Option<Number> {
        let (coef, own) = match self {
            Number::Int(number) => (number, 0),
            Number::Small(coef, scale) => (coef, scale),
            Number::Null | Number::Big(_) => return None,
        };
        let Limit::Digits { precision, scale } = limit else { return None };
        let scale = u8::try_from(scale).ok()?;
        let unit = i64::try_from(short_power(u16::from(own.abs_diff(scale)))?).ok()?;
        let coef = match own > scale {
            false => coef.checked_mul(unit)?,
            true => {
                let (quotient, rest) = (coef / unit, coef % unit);
                let is_half = rest.unsigned_abs() >= unit.unsigned_abs().div_ceil(2);
                quotient + if is_half { coef.signum() } else { 0 }
            }
        };
        let fits = match short_power(precision) {
            Some(bound) => coef.unsigned_abs() < bound,
            None => return None,
        };
        fits.then_some(Number::Small(coef, scale))
    }

    fn is_decimal(self) -> bool {
        matches!(self, Number::Small(..) | Number::Big(_))
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
            (Number::Small(a, scale), Number::Small(b, other)) if kind == Kind::Numeric => {
                match short(operator, (a, scale), (b, other)) {
                    Some((coef, scale)) => Some(Number::Small(coef, scale)),
                    None => decimals(operator, self.decimal()?, Number::Small(b, other).decimal()?),
                }
            }
            (a, b) if kind == Kind::Numeric && a.is_decimal() && b.is_decimal() => {
                decimals(operator, a.decimal()?, b.decimal()?)
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
            number if kind == Kind::Numeric && number.is_decimal() => {
                number.decimal()?.neg().map(Number::from_decimal)
            }
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
            return match (self, to.limit) {
                (Number::Int(number), Limit::None) => Some(Number::Small(number, 0)),
                (number, Limit::None) => Some(number),
                (number, limit) => match number.shortly_within(limit) {
                    Some(fits) => Some(fits),
                    None => within(number.decimal()?, limit).map(Number::from_decimal),
                },
            };
        }
        let number = match self {
            Number::Int(number) => number,
            number if to.kind.is_int() => number.decimal()?.round_to_i64()?,
            _ => return None,
        };
        to.kind.holds(number).then_some(Number::Int(number))
    }
}

/// The decimal as a column with a limit holds it.
fn within(decimal: Decimal, limit: Limit) -> Option<Decimal> {
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

/// Sums, differences and products that stay short; nothing is said of others.
#[inline]
fn short(operator: Operator, (a, s): (i64, u8), (b, t): (i64, u8)) -> Option<(i64, u8)> {
    let aligned = |coef: i64, digits: u8| match digits {
        0 => Some(coef),
        _ => coef.checked_mul(i64::try_from(short_power(u16::from(digits))?).ok()?),
    };
    let scale = s.max(t);
    match operator {
        Operator::Add => Some((aligned(a, scale - s)?.checked_add(aligned(b, scale - t)?)?, scale)),
        Operator::Sub => Some((aligned(a, scale - s)?.checked_sub(aligned(b, scale - t)?)?, scale)),
        Operator::Mul => Some((a.checked_mul(b)?, s.checked_add(t)?)),
        Operator::Div | Operator::Rem => None,
    }
}

fn decimals(operator: Operator, a: Decimal, b: Decimal) -> Option<Number> {
    let decimal = match operator {
        Operator::Add => a.checked_add(b),
        Operator::Sub => a.checked_sub(b),
        Operator::Mul => a.checked_mul(b),
        Operator::Div => a.div(b),
        Operator::Rem => None,
    };
    decimal.map(Number::from_decimal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_gives_what_its_steps_give() {
        let cents = CellType::of_sql("numeric(14,2)").unwrap();
        let hundred = Number::from_decimal(Decimal::parse("100.0").unwrap());
        let price = Number::Int(3).calculate(Operator::Mul, Number::Int(1_999), Kind::Int8);
        let price = price.and_then(|p| p.assigned(CellType::of_kind(Kind::Numeric))).unwrap();
        let price = price.calculate(Operator::Div, hundred, Kind::Numeric).unwrap();
        assert!(matches!(price, Number::Small(599_700_000_000_000_000, 16)));
        let total = price.assigned(cents).unwrap();
        assert!(matches!(total.cell(), Cell::Small(5_997, 2)));
    }

    #[test]
    fn short_ways_give_what_the_long_ones_give() {
        let shown = |number: Option<Number>| number.map(|n| format!("{:?}", n.cell()));
        let coefs = [0, 1, -1, 5, -5, 49, 50, -50, 99_995, -99_995, i64::MAX, i64::MIN];
        let numbers = coefs.iter().flat_map(|c| [0u8, 1, 2, 16, 200].map(|s| (*c, s)));
        let numbers: Vec<(i64, u8)> = numbers.collect();
        let mut found = 0;
        for (coef, scale) in &numbers {
            let a = Number::Small(*coef, *scale);
            for (precision, scale) in [(1, 0), (5, 1), (14, 2), (38, 20)] {
                let limit = Limit::Digits { precision, scale };
                let Some(short) = a.shortly_within(limit) else { continue };
                let long = a.decimal().and_then(|d| within(d, limit)).map(Number::from_decimal);
                assert_eq!(shown(Some(short)), shown(long), "{a:?} as ({precision}, {scale})");
                found += 1;
            }
            for (other, digits) in &numbers {
                for operator in [Operator::Add, Operator::Sub, Operator::Mul] {
                    let done = short(operator, (*coef, *scale), (*other, *digits));
                    let Some(done) = done.map(|(c, s)| Number::Small(c, s)) else { continue };
                    let b = Number::Small(*other, *digits);
                    let long = decimals(operator, a.decimal().unwrap(), b.decimal().unwrap());
                    // Where only the long way gives up, the scale is beyond it.
                    assert_eq!(shown(Some(done)), shown(long), "{a:?} {operator:?} {b:?}");
                    found += 1;
                }
            }
        }
        assert!(found > 1_000, "{found}");
    }

    #[test]
    fn what_does_not_fit_has_no_answer() {
        let ty = |sql| CellType::of_sql(sql).unwrap();
        assert!(Number::Int(70_000).assigned(ty("smallint")).is_none());
        assert!(Number::Int(100).assigned(ty("numeric(4,2)")).is_none());
        assert!(Number::Int(1).assigned(ty("text")).is_none());
        assert!(Number::Int(1).assigned(ty("timestamp with time zone")).is_none());
        assert!(Number::Null.assigned(ty("text")).is_none());
        let mixed = Number::Small(1, 0);
        assert!(Number::Int(1).calculate(Operator::Add, mixed, Kind::Numeric).is_none());
        assert!(Number::Null.calculate(Operator::Add, mixed, Kind::Float8).is_none());
    }
}
