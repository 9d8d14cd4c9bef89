//! Numbers on their way through operators and casts, without a cell between.
//!
//! Owns the rules: which kind an operator gives, when it is out of range, what a column's
//! limit does to a number. A chain such as `total + :quantity * :price / 100.0` is computed on
//! these, since a [`Cell`] would have to be taken apart and put together again at each step.

use super::decimal::{quotient_scale, short_leading, short_power};
use super::{Cell, CellType, Decimal, Kind, Limit};

/// An operator of two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`; integers are cut towards zero
    Div,
    /// `%` of integers, with the sign of the first
    Rem,
}

/// An integer, a `numeric`, or NULL of either, in two words: one that is returned stays in
/// registers.
#[derive(Debug, Clone)]
pub enum Number {
    /// NULL.
    Null,
    /// One of the integers.
    Int(i64),
    /// `numeric`: `coef / 10^scale`, shown with more digits behind the point. A quotient is shown
    /// with sixteen and more, of which nearly all are zeros that nobody needs to compute with.
    // Invariant: `shown` is not below `scale`, and above it by `MAX_ZEROS` at the most.
    Short {
        /// The digits, without the point.
        coef: i64,
        /// The digits behind the point.
        scale: u8,
        /// So many it is shown with.
        shown: u8,
    },
    /// `numeric` that is not short.
    Big(Box<Decimal>),
}

/// So many zeros behind any coefficient of 64 bits are still a coefficient of 128.
const MAX_ZEROS: u8 = 19;

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
            Cell::Small(coef, scale) => Some(Short::new(*coef, *scale).number()),
            Cell::Big(decimal) => Some(Number::Big(decimal.clone())),
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
            Number::Short { coef, scale, shown } if scale == shown => Cell::Small(coef, scale),
            Number::Short { coef, scale, shown } => {
                smallest(Short { coef, scale, shown }.decimal())
            }
            Number::Big(decimal) => smallest(*decimal),
        }
    }

    /// A form of a decimal.
    #[must_use]
    pub fn from_decimal(decimal: Decimal) -> Number {
        match (i64::try_from(decimal.coef()), u8::try_from(decimal.scale())) {
            (Ok(coef), Ok(scale)) => Short::new(coef, scale).number(),
            _ => Number::Big(Box::new(decimal)),
        }
    }

    /// What it is as a `numeric`.
    pub(super) fn decimal(&self) -> Option<Decimal> {
        match *self {
            Number::Null => None,
            Number::Int(number) => Some(Decimal::from_i64(number)),
            Number::Short { coef, scale, shown } => Some(Short { coef, scale, shown }.decimal()),
            Number::Big(ref decimal) => Some(**decimal),
        }
    }

    /// [`within`] where all of it is short; nothing is said of others.
    #[inline]
    fn shortly_within(&self, limit: Limit) -> Option<Number> {
        let (coef, own) = match *self {
            Number::Int(number) => (number, 0),
            Number::Short { coef, scale, .. } => (coef, scale),
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
        fits.then(|| Short::new(coef, scale).number())
    }

    fn is_decimal(&self) -> bool {
        matches!(self, Number::Short { .. } | Number::Big(_))
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
            (
                Number::Short { coef, scale, shown },
                Number::Short { coef: b, scale: b_scale, shown: b_shown },
            ) if kind == Kind::Numeric => {
                let a = Short { coef, scale, shown };
                let b = Short { coef: b, scale: b_scale, shown: b_shown };
                match a.calculate(operator, b) {
                    Some(short) => Some(short.number()),
                    None => decimals(operator, a.decimal(), b.decimal()),
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
                (Number::Int(number), Limit::None) => Some(Short::new(number, 0).number()),
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

/// What [`Number::Short`] holds.
#[derive(Debug, Clone, Copy)]
struct Short {
    coef: i64,
    scale: u8,
    shown: u8,
}

/// The smallest cell for a decimal.
fn smallest(decimal: Decimal) -> Cell {
    match (i64::try_from(decimal.coef()), u8::try_from(decimal.scale())) {
        (Ok(coef), Ok(scale)) => Cell::Small(coef, scale),
        _ => Cell::Big(Box::new(decimal)),
    }
}

impl Short {
    #[inline]
    fn new(coef: i64, scale: u8) -> Short {
        Short { coef, scale, shown: scale }
    }

    #[inline]
    fn number(self) -> Number {
        let Short { coef, scale, shown } = self;
        Number::Short { coef, scale, shown }
    }

    fn decimal(self) -> Decimal {
        let zeros = short_power(u16::from(self.shown - self.scale)).unwrap_or(u64::MAX);
        // Neither side has more than 64 bits.
        Decimal::new(i128::from(self.coef) * i128::from(zeros), u16::from(self.shown))
    }

    /// What stays short; nothing is said of others.
    #[inline]
    fn calculate(self, operator: Operator, other: Short) -> Option<Short> {
        let scale = self.scale.max(other.scale);
        let shown = self.shown.max(other.shown);
        let sum = |coef: Option<i64>| Some(Short { coef: coef?, scale, shown });
        match operator {
            Operator::Add => sum(self.raised(scale)?.checked_add(other.raised(scale)?)),
            Operator::Sub => sum(self.raised(scale)?.checked_sub(other.raised(scale)?)),
            Operator::Mul => {
                let coef = self.coef.checked_mul(other.coef)?;
                let scale = self.scale.checked_add(other.scale)?;
                Short { coef, scale, shown: self.shown.checked_add(other.shown)? }.sound()
            }
            Operator::Div => self.over_power(other),
            Operator::Rem => None,
        }
    }

    fn sound(self) -> Option<Short> {
        let zeros = self.shown.checked_sub(self.scale)?;
        (zeros <= MAX_ZEROS).then_some(self)
    }

    /// The coefficient at a scale that is not below its own.
    #[inline]
    fn raised(self, scale: u8) -> Option<i64> {
        match scale - self.scale {
            0 => Some(self.coef),
            digits => self.coef.checked_mul(short_power(u16::from(digits))?.try_into().ok()?),
        }
    }

    /// The quotient by a power of ten, which only moves the point, where no digit has to go.
    fn over_power(self, other: Short) -> Option<Short> {
        let divisor = u64::try_from(other.coef).ok()?;
        let digits = u16::try_from(divisor.checked_ilog10()?).ok()?;
        if short_power(digits) != Some(divisor) {
            return None;
        }
        let least = u16::from(self.shown.max(other.shown));
        let leading = short_leading(self.coef.unsigned_abs(), self.scale);
        let shown = quotient_scale(leading, short_leading(divisor, other.scale), least)?;
        let shown = u8::try_from(shown).ok()?;
        // coef / 10^scale / 10^(digits - other.scale)
        let scale = u16::from(self.scale) + digits;
        match scale.checked_sub(u16::from(other.scale)) {
            Some(scale) => {
                Short { coef: self.coef, scale: u8::try_from(scale).ok()?, shown }.sound()
            }
            None => {
                let raised = short_power(u16::from(other.scale) - scale)?.try_into().ok()?;
                Short { coef: self.coef.checked_mul(raised)?, scale: 0, shown }.sound()
            }
        }
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
    fn a_number_fits_two_registers() {
        assert_eq!(size_of::<Option<Number>>(), 16);
    }

    #[test]
    fn a_chain_gives_what_its_steps_give() {
        let cents = CellType::of_sql("numeric(14,2)").unwrap();
        let hundred = Number::from_decimal(Decimal::parse("100.0").unwrap());
        let price = Number::Int(3).calculate(Operator::Mul, Number::Int(1_999), Kind::Int8);
        let price = price.and_then(|p| p.assigned(CellType::of_kind(Kind::Numeric))).unwrap();
        let price = price.calculate(Operator::Div, hundred, Kind::Numeric).unwrap();
        assert!(matches!(price.clone().cell(), Cell::Small(599_700_000_000_000_000, 16)));
        let total = price.assigned(cents).unwrap();
        assert!(matches!(total.cell(), Cell::Small(5_997, 2)));
    }

    #[test]
    fn short_ways_give_what_the_long_ones_give() {
        let shown = |number: Option<Number>| number.map(|n| format!("{:?}", n.cell()));
        let coefs = [0, 1, -1, 5, -5, 49, 50, -50, 99_995, -99_995, i64::MAX, i64::MIN];
        let coefs = coefs.into_iter().chain([10, 1_000, 1_000_000_000_000_000_000, 12_345, -7_000]);
        let scales =
            [(0u8, 0u8), (1, 1), (2, 2), (2, 16), (0, 19), (16, 16), (200, 200), (200, 219)];
        let numbers =
            coefs.flat_map(|coef| scales.map(|(scale, shown)| Short { coef, scale, shown }));
        let numbers: Vec<Short> = numbers.collect();
        let mut found = [0; 5];
        for short in &numbers {
            let a = short.number();
            for (precision, scale) in [(1, 0), (5, 1), (14, 2), (38, 20)] {
                let limit = Limit::Digits { precision, scale };
                let Some(short) = a.shortly_within(limit) else { continue };
                let long = a.decimal().and_then(|d| within(d, limit)).map(Number::from_decimal);
                assert_eq!(shown(Some(short)), shown(long), "{a:?} as ({precision}, {scale})");
                found[4] += 1;
            }
            for other in &numbers {
                let b = other.number();
                let operators = [Operator::Add, Operator::Sub, Operator::Mul, Operator::Div];
                for (operator, found) in operators.into_iter().zip(&mut found) {
                    let done = short.calculate(operator, *other).map(Short::number);
                    let long = decimals(operator, short.decimal(), other.decimal());
                    // The long way gives up earlier, where it holds all the zeros.
                    if done.is_some() && long.is_some() {
                        assert_eq!(shown(done), shown(long), "{a:?} {operator:?} {b:?}");
                        *found += 1;
                    }
                }
            }
        }
        assert!(found.iter().all(|count| *count > 100), "{found:?}");
    }

    #[test]
    fn what_does_not_fit_has_no_answer() {
        let ty = |sql| CellType::of_sql(sql).unwrap();
        assert!(Number::Int(70_000).assigned(ty("smallint")).is_none());
        assert!(Number::Int(100).assigned(ty("numeric(4,2)")).is_none());
        assert!(Number::Int(1).assigned(ty("text")).is_none());
        assert!(Number::Int(1).assigned(ty("timestamp with time zone")).is_none());
        assert!(Number::Null.assigned(ty("text")).is_none());
        let mixed = Short::new(1, 0).number();
        assert!(Number::Int(1).calculate(Operator::Add, mixed.clone(), Kind::Numeric).is_none());
        assert!(Number::Null.calculate(Operator::Add, mixed, Kind::Float8).is_none());
    }
}
