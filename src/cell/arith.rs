//! `+ - * / %` and unary minus on integers and `numeric`.
//!
//! Both operands are of the kind that is named, as PostgreSQL resolves an operator after
//! its implicit casts. NULL in, NULL out. Floats have no answer here.

use super::{Cell, Decimal, Kind};

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

/// The operator's result, of the same kind as its operands. `None` where PostgreSQL
/// refuses (out of range, division by zero) or the kind is no integer and no `numeric`.
#[must_use]
pub fn calculate(operator: Operator, a: &Cell, b: &Cell, kind: Kind) -> Option<Cell> {
    if !can_calculate(kind) {
        return None;
    }
    if a.is_null() || b.is_null() {
        return Some(Cell::Null);
    }
    match (a, b) {
        (Cell::Int(a), Cell::Int(b)) if kind.is_int() => {
            let number = match operator {
                Operator::Add => a.checked_add(*b),
                Operator::Sub => a.checked_sub(*b),
                Operator::Mul => a.checked_mul(*b),
                Operator::Div => a.checked_div(*b),
                // PostgreSQL gives 0 here, where the quotient would overflow.
                Operator::Rem if *b == -1 => Some(0),
                Operator::Rem => a.checked_rem(*b),
            }?;
            kind.holds(number).then_some(Cell::Int(number))
        }
        (Cell::Small(a, scale), Cell::Small(b, same)) if kind == Kind::Numeric && scale == same => {
            let short = match operator {
                Operator::Add => a.checked_add(*b),
                Operator::Sub => a.checked_sub(*b),
                Operator::Mul | Operator::Div | Operator::Rem => None,
            };
            match short {
                Some(coef) => Some(Cell::Small(coef, *scale)),
                None => decimals(
                    operator,
                    Decimal::new(i128::from(*a), u16::from(*scale)),
                    Decimal::new(i128::from(*b), u16::from(*scale)),
                ),
            }
        }
        (Cell::Small(..) | Cell::Big(_), Cell::Small(..) | Cell::Big(_))
            if kind == Kind::Numeric =>
        {
            decimals(operator, a.decimal()?, b.decimal()?)
        }
        _ => None,
    }
}

fn decimals(operator: Operator, a: Decimal, b: Decimal) -> Option<Cell> {
    let decimal = match operator {
        Operator::Add => a.checked_add(b),
        Operator::Sub => a.checked_sub(b),
        Operator::Mul => a.checked_mul(b),
        Operator::Div => a.div(b),
        Operator::Rem => None,
    }?;
    Some(Cell::from_decimal(decimal))
}

/// The negative, of the same kind.
#[must_use]
pub fn negate(cell: &Cell, kind: Kind) -> Option<Cell> {
    match cell {
        _ if !can_calculate(kind) => None,
        Cell::Null => Some(Cell::Null),
        Cell::Int(number) if kind.is_int() => {
            let negative = number.checked_neg()?;
            kind.holds(negative).then_some(Cell::Int(negative))
        }
        Cell::Small(..) | Cell::Big(_) if kind == Kind::Numeric => {
            Some(Cell::from_decimal(cell.decimal()?.neg()?))
        }
        _ => None,
    }
}

/// Whether [`calculate`] and [`negate`] know the kind at all.
#[must_use]
pub fn can_calculate(kind: Kind) -> bool {
    kind.is_int() || kind == Kind::Numeric
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(operator: Operator, a: i64, b: i64, kind: Kind) -> Option<i64> {
        match calculate(operator, &Cell::Int(a), &Cell::Int(b), kind) {
            Some(Cell::Int(number)) => Some(number),
            _ => None,
        }
    }

    #[test]
    fn integers_stay_in_their_range() {
        assert_eq!(ints(Operator::Add, 32_767, 1, Kind::Int2), None);
        assert_eq!(ints(Operator::Add, 32_767, 1, Kind::Int4), Some(32_768));
        assert_eq!(ints(Operator::Mul, 65_536, 65_536, Kind::Int4), None);
        assert_eq!(ints(Operator::Sub, i64::MIN, 1, Kind::Int8), None);
        assert_eq!(ints(Operator::Div, -7, 2, Kind::Int4), Some(-3));
        assert_eq!(ints(Operator::Div, i64::from(i32::MIN), -1, Kind::Int4), None);
        assert_eq!(ints(Operator::Div, i64::MIN, -1, Kind::Int8), None);
        assert_eq!(ints(Operator::Div, 1, 0, Kind::Int8), None);
        assert_eq!(ints(Operator::Rem, -7, 3, Kind::Int4), Some(-1));
        assert_eq!(ints(Operator::Rem, 7, -3, Kind::Int4), Some(1));
        assert_eq!(ints(Operator::Rem, 7, 0, Kind::Int4), None);
        assert!(negate(&Cell::Int(-32_768), Kind::Int2).is_none());
    }

    #[test]
    fn null_gives_null_and_floats_give_nothing() {
        let null = calculate(Operator::Div, &Cell::Null, &Cell::Int(0), Kind::Int4);
        assert!(matches!(null, Some(Cell::Null)));
        let one = Cell::Float(1.0);
        assert!(calculate(Operator::Add, &one, &one, Kind::Float8).is_none());
        assert!(calculate(Operator::Add, &Cell::Int(1), &Cell::Int(1), Kind::Date).is_none());
    }

    #[test]
    fn a_short_sum_that_overflows_becomes_long() {
        let large = Cell::Small(i64::MAX, 2);
        let sum = calculate(Operator::Add, &large, &large, Kind::Numeric).unwrap();
        assert!(matches!(&sum, Cell::Big(d) if d.to_text() == "184467440737095516.14"));
        let back = calculate(Operator::Sub, &sum, &large, Kind::Numeric).unwrap();
        assert!(matches!(back, Cell::Small(i64::MAX, 2)));
    }
}
