//! `+ - * / %` and unary minus on integers and `numeric`.
//!
//! Both operands are of the kind that is named, as PostgreSQL resolves an operator after
//! its implicit casts. NULL in, NULL out. Floats have no answer here.

use super::number::{Number, Operator};
use super::{Cell, Kind};

/// The operator's result, of the same kind as its operands. `None` where PostgreSQL
/// refuses (out of range, division by zero) or the kind is no integer and no `numeric`.
#[must_use]
pub fn calculate(operator: Operator, a: &Cell, b: &Cell, kind: Kind) -> Option<Cell> {
    let (a, b) = (Number::of(a)?, Number::of(b)?);
    a.calculate(operator, b, kind).map(Number::cell)
}

/// The negative, of the same kind.
#[must_use]
pub fn negate(cell: &Cell, kind: Kind) -> Option<Cell> {
    Number::of(cell)?.negative(kind).map(Number::cell)
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
