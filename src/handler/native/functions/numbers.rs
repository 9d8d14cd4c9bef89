//! `abs`, `round`.

use super::{Function, Operation, Typed};
use crate::cell::{Cell, Kind, arith};
use crate::handler::native::expr::{Expr, decline, own};
use crate::handler::native::rejection::{Reason, Refused, refuse};
use crate::handler::native::typed::rank;

pub(super) const ALL: &[Function] = &[
    Function { name: "abs", takes: 1..=1, typed: abs },
    Function { name: "round", takes: 1..=2, typed: round },
];

static ABS: Operation = Operation {
    is_strict: true,
    can_fail: true,
    value: |call, scope| {
        let (number, kind) = call.one(scope)?;
        Ok(own(decline(absolute(&number, kind))?))
    },
};

static ROUND: Operation = Operation {
    is_strict: true,
    can_fail: true,
    value: |call, scope| {
        let (number, digits) = call.two(scope)?;
        Ok(own(decline(rounded(&number, &digits))?))
    },
};

fn abs(args: Vec<Typed>) -> Result<Typed, Refused> {
    let number = args.into_iter().next();
    let kind = number.as_ref().and_then(Typed::kind).filter(|kind| rank(*kind).is_some());
    match (number, kind) {
        (Some(number), Some(kind)) => ABS.of(vec![(number.expr, kind)], kind),
        _ => refuse(Reason::OfFunction("abs of other than a number is not in the native subset")),
    }
}

/// `round(a)` of a numeric, `round(a, b)` of what becomes one.
fn round(args: Vec<Typed>) -> Result<Typed, Refused> {
    let other = "round of other than a numeric is not in the native subset";
    let mut args = args.into_iter();
    let Some(number) = args.next() else { return refuse(Reason::OfFunction(other)) };
    let digits = args.next();
    let fits = match (number.kind(), digits.as_ref().map(Typed::kind)) {
        (Some(Kind::Numeric), None) => true,
        (Some(kind), Some(Some(Kind::Int2 | Kind::Int4))) => kind.is_int() || kind == Kind::Numeric,
        _ => false,
    };
    if !fits {
        return refuse(Reason::OfFunction(other));
    }
    let digits = digits.map_or(Expr::Const(Cell::Int(0)), |digits| digits.expr);
    if matches!(digits, Expr::Const(Cell::Int(..0))) {
        return refuse(Reason::OfFunction("round before the point is not in the native subset"));
    }
    let number = number.settle(Kind::Numeric)?;
    ROUND.of(vec![(number, Kind::Numeric), (digits, Kind::Int4)], Kind::Numeric)
}

fn absolute(cell: &Cell, kind: Kind) -> Option<Cell> {
    match cell {
        Cell::Null => Some(Cell::Null),
        Cell::Float(value) => Some(Cell::Float(value.abs())),
        Cell::Int(number) if *number >= 0 => Some(cell.clone()),
        Cell::Int(_) => arith::negate(cell, kind),
        Cell::Small(..) | Cell::Big(_) if cell.decimal()?.coef() >= 0 => Some(cell.clone()),
        _ => arith::negate(cell, kind),
    }
}

fn rounded(number: &Cell, digits: &Cell) -> Option<Cell> {
    match (number, digits) {
        (Cell::Null, _) | (_, Cell::Null) => Some(Cell::Null),
        (number, Cell::Int(digits)) => {
            let scale = u16::try_from(*digits).ok()?;
            Some(Cell::from_decimal(number.decimal()?.round_to(scale)?))
        }
        _ => None,
    }
}
