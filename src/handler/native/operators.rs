//! What operators give for values, or nothing where PostgreSQL may refuse.

use std::cmp::Ordering;

use super::expr::{Compare, Expr, Scope, Stop, Value, decline, own};
use crate::cell::arith;
use crate::cell::number::Operator;
use crate::cell::{self, Cell, Kind, MAX_TEXT_BYTES, moment};
use crate::value::{Object, sql_text};

/// A member of a JSON text. As text only what prints the same from `json` and `jsonb`.
pub(super) fn member(json: &str, key: &str, text: bool) -> Option<Cell> {
    // PostgreSQL decodes every string of a `json` on its way, and refuses U+0000 and half a surrogate pair in any.
    let is_refused = |(at, _): (usize, &str)| {
        let digits = &json.as_bytes()[at + 2..];
        digits.starts_with(b"0000") || matches!(digits.first(), Some(b'd' | b'D'))
    };
    if json.match_indices("\\u").any(is_refused) {
        return None;
    }
    if !json.trim_start().starts_with('{') {
        return Some(Cell::Null);
    }
    let object = Object::parse(json).ok()?;
    let Some(raw) = object.get(key) else { return Some(Cell::Null) };
    if !text {
        return Some(Cell::Text(raw.into()));
    }
    match raw.as_bytes().first()? {
        b'{' | b'[' => None,
        // Exponents and a negative zero are written otherwise by jsonb.
        b'-' | b'0'..=b'9' if raw.starts_with("-0") || raw.contains(['e', 'E']) => None,
        _ => Some(sql_text(raw).ok()?.map_or(Cell::Null, |text| Cell::Text(text.into()))),
    }
}

/// A size that PostgreSQL takes without asking how large a field may be.
pub(super) fn bounded(size: usize) -> Result<(), Stop> {
    if size <= MAX_TEXT_BYTES { Ok(()) } else { Err(Stop::Decline) }
}

/// A date some days later or earlier, in the years that dates are read and printed in.
pub(super) fn days_on(date: &Cell, days: &Cell, back: bool) -> Option<Cell> {
    let (date, days) = match (date, days) {
        (Cell::Null, _) | (_, Cell::Null) => return Some(Cell::Null),
        (Cell::Int(date), Cell::Int(days)) => (*date, *days),
        _ => return None,
    };
    let found = if back { date.checked_sub(days) } else { date.checked_add(days) }?;
    moment::date_of(date).and(moment::date_of(found)).map(|_| Cell::Int(found))
}

pub(super) fn days_between(a: &Cell, b: &Cell) -> Option<Cell> {
    match (a, b) {
        (Cell::Null, _) | (_, Cell::Null) => Some(Cell::Null),
        (Cell::Int(a), Cell::Int(b)) => {
            moment::date_of(*a).and(moment::date_of(*b)).map(|_| Cell::Int(a - b))
        }
        _ => None,
    }
}

pub(super) fn negate(cell: &Cell, kind: Kind) -> Option<Cell> {
    match cell {
        Cell::Float(value) => Some(Cell::Float(-value)),
        _ => arith::negate(cell, kind),
    }
}

/// What PostgreSQL refuses as overflow, underflow or division by zero, declines.
pub(super) fn of_floats(op: Operator, a: f64, b: f64) -> Option<Cell> {
    let result = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mul => a * b,
        Operator::Div => a / b,
        Operator::Rem => return None,
    };
    let vanished = matches!(op, Operator::Mul | Operator::Div) && result == 0.0 && a != 0.0;
    (result.is_finite() && !vanished).then_some(Cell::Float(result))
}

impl Compare {
    pub(super) fn apply(self, kind: Kind, a: &Cell, b: &Cell) -> Result<Option<bool>, Stop> {
        if a.is_null() || b.is_null() {
            return Ok(None);
        }
        Ok(Some(match self {
            Compare::Equal => decline(cell::equal(a, b, kind))?,
            Compare::NotEqual => !decline(cell::equal(a, b, kind))?,
            _ => {
                let order = decline(cell::compare(a, b, kind))?;
                match self {
                    Compare::Less => order.is_lt(),
                    Compare::LessOrEqual => order.is_le(),
                    Compare::Greater => order.is_gt(),
                    _ => order.is_ge(),
                }
            }
        }))
    }
}

/// AND (`decisive` is false) or OR (true) of three-valued truths.
pub(super) fn junction(
    list: &[Expr],
    scope: &Scope<'_>,
    decisive: bool,
) -> Result<Option<bool>, Stop> {
    let mut result = Some(!decisive);
    for one in list {
        result = match (result, one.truth(scope)?) {
            (Some(r), _) if r == decisive => Some(decisive),
            (_, Some(t)) if t == decisive => Some(decisive),
            (Some(_), Some(_)) => result,
            _ => None,
        };
    }
    Ok(result)
}

pub(super) fn is_in(
    kind: Kind,
    item: &Expr,
    list: &[Expr],
    scope: &Scope<'_>,
) -> Result<Option<bool>, Stop> {
    let item = item.value(scope)?;
    let mut result = Some(false);
    for one in list {
        let equal = Compare::Equal.apply(kind, &item, &*one.value(scope)?)?;
        result = match (result, equal) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (_, None) | (None, _) => None,
            _ => Some(false),
        };
    }
    Ok(result)
}

pub(super) fn extreme<'a>(
    wanted: Ordering,
    kind: Kind,
    list: &'a [Expr],
    scope: &Scope<'a>,
) -> Result<Value<'a>, Stop> {
    let mut best: Option<Value<'a>> = None;
    for one in list {
        let value = one.value(scope)?;
        if value.is_null() {
            continue;
        }
        let better = match &best {
            None => true,
            Some(best) => decline(cell::compare(&value, best, kind))? == wanted,
        };
        if better {
            best = Some(value);
        }
    }
    Ok(best.unwrap_or(own(Cell::Null)))
}

#[cfg(test)]
mod tests {
    use super::member;
    use crate::cell::Cell;

    #[test]
    fn a_member_beside_what_postgres_refuses_is_left_to_it() {
        for text in [r#"{"a": "\u0000", "b": 1}"#, r#"{"a": "\ud800", "b": 1}"#, r#"["\u0000"]"#] {
            assert!(member(text, "b", false).is_none(), "{text}");
        }
        let found = member(r#"{"a": "\u00e9\n", "b": 1}"#, "b", false);
        assert!(matches!(found, Some(Cell::Text(text)) if text == "1"));
        assert!(matches!(member("{}", "b", false), Some(Cell::Null)));
    }
}
