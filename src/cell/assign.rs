//! What a value becomes in another type: assignment, implicit and explicit casts.
//!
//! Owns the part of the catalog `pg_cast` that is computed here, and PostgreSQL's text
//! output, which assignment to `text` uses. NULL stays NULL.

use compact_str::{CompactString, ToCompactString};

use super::limit::limited;
use super::number::{Number, is_exact};
use super::parse::float;
use super::{Cell, CellType, Kind, MAX_TEXT_BYTES, moment, parse};

/// Days from 2000-01-01 that surely are timestamps too.
const MAX_MOMENT_DAYS: i64 = 100_000_000;

/// Whether [`assign`] knows the pair at all. Where it does, PostgreSQL has that assignment.
#[must_use]
pub fn can_assign(from: Kind, to: Kind) -> bool {
    use Kind::{Bool, Date, Float8, Json, Numeric, Text, Timestamp, TimestampTz, Uuid};
    if from == to {
        return true;
    }
    match to {
        Kind::Int2 | Kind::Int4 | Kind::Int8 => from.is_int() || matches!(from, Numeric | Float8),
        Numeric => from.is_int(),
        Float8 => from.is_int() || from == Numeric,
        Text => {
            from.is_int()
                || matches!(from, Numeric | Bool | Uuid | Date | Timestamp | TimestampTz | Json)
        }
        Date => matches!(from, Timestamp | TimestampTz),
        Timestamp => matches!(from, Date | TimestampTz),
        TimestampTz => matches!(from, Date | Timestamp),
        _ => false,
    }
}

/// Whether PostgreSQL casts without being asked, as where operands differ, and [`assign`]
/// knows how.
#[must_use]
pub fn can_cast_implicitly(from: Kind, to: Kind) -> bool {
    let rank = |kind| match kind {
        Kind::Int2 => Some(0),
        Kind::Int4 => Some(1),
        Kind::Int8 => Some(2),
        Kind::Numeric => Some(3),
        Kind::Float8 => Some(4),
        _ => None,
    };
    if from == to {
        return true;
    }
    if let (Some(from), Some(to)) = (rank(from), rank(to)) {
        return from < to;
    }
    matches!(
        (from, to),
        (Kind::Date, Kind::Timestamp | Kind::TimestampTz) | (Kind::Timestamp, Kind::TimestampTz)
    )
}

/// Whether [`cast`] knows the pair at all.
#[must_use]
pub fn can_cast(from: Kind, to: Kind) -> bool {
    can_assign(from, to)
        || from == Kind::Text
        || matches!((from, to), (Kind::Int4, Kind::Bool) | (Kind::Bool, Kind::Int4))
}

/// What a column of type `to` holds after `cell`, of kind `from`, was assigned to it.
/// `None`: PostgreSQL refuses, or may; a `varchar` that is too long by blanks only counts.
#[must_use]
pub fn assign(cell: Cell, from: Kind, to: CellType) -> Option<Cell> {
    if cell.is_null() {
        return can_assign(from, to.kind).then_some(cell);
    }
    if from == to.kind {
        return limited(cell, to);
    }
    if !can_assign(from, to.kind) {
        return None;
    }
    if is_exact(from) && is_exact(to.kind) {
        return Number::of(&cell)?.assigned(to).map(Number::cell);
    }
    let changed = match to.kind {
        kind @ (Kind::Int2 | Kind::Int4 | Kind::Int8) => {
            let Cell::Float(number) = cell else { return None };
            Cell::Int(float_to_int(number).filter(|n| kind.holds(*n))?)
        }
        Kind::Float8 => match &cell {
            Cell::Int(number) => Cell::Float(int_to_float(*number)),
            // PostgreSQL too goes by the text.
            number => Cell::Float(float(&number.decimal()?.to_text())?),
        },
        Kind::Text => Cell::Text(text_of(&cell, from)?),
        Kind::Date | Kind::Timestamp | Kind::TimestampTz => {
            Cell::Int(moment_of(&cell, from, to.kind)?)
        }
        _ => return None,
    };
    limited(changed, to)
}

/// What `cell::to` is. Where an explicit cast to `varchar(n)` would cut, there is no answer.
#[must_use]
pub fn cast(cell: Cell, from: Kind, to: CellType) -> Option<Cell> {
    if can_assign(from, to.kind) {
        return assign(cell, from, to);
    }
    if !can_cast(from, to.kind) {
        return None;
    }
    match (&cell, to.kind) {
        (Cell::Null, _) => Some(cell),
        (Cell::Text(text), _) => parse(text, to),
        (Cell::Int(number), Kind::Bool) => Some(Cell::Bool(*number != 0)),
        (Cell::Bool(value), Kind::Int4) => Some(Cell::Int(i64::from(*value))),
        _ => None,
    }
}

/// The text of a value that is not NULL, as its output function prints it; `None` for the
/// kinds whose output is not known here.
#[must_use]
pub fn text_of(cell: &Cell, kind: Kind) -> Option<CompactString> {
    let mut out = String::new();
    match (kind, cell) {
        (Kind::Int2 | Kind::Int4 | Kind::Int8, Cell::Int(number)) => {
            return Some(number.to_compact_string());
        }
        (Kind::Numeric, number @ (Cell::Small(..) | Cell::Big(_))) => {
            return Some(number.decimal()?.to_text());
        }
        // As the cast to text writes it; the output function alone would print t and f.
        (Kind::Bool, Cell::Bool(true)) => return Some(CompactString::const_new("true")),
        (Kind::Bool, Cell::Bool(false)) => return Some(CompactString::const_new("false")),
        (Kind::Text | Kind::Json, Cell::Text(text)) if text.len() <= MAX_TEXT_BYTES => {
            return Some(text.clone());
        }
        (Kind::Uuid, Cell::Uuid(bytes)) => push_uuid(&mut out, bytes),
        (Kind::Date, Cell::Int(days)) => moment::push_date(&mut out, *days)?,
        (Kind::Timestamp, Cell::Int(micros)) => moment::push_moment(&mut out, *micros, false)?,
        (Kind::TimestampTz, Cell::Int(micros)) => moment::push_moment(&mut out, *micros, true)?,
        _ => return None,
    }
    Some(CompactString::from(out))
}

fn push_uuid(out: &mut String, bytes: &[u8; 16]) {
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        for nibble in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('?'));
        }
    }
}

/// The nearest float. Both halves are exact, so only the sum is rounded, and once.
fn int_to_float(number: i64) -> f64 {
    let high = i32::try_from(number >> 32).map_or(0.0, f64::from);
    let low = u32::try_from(number & 0xffff_ffff).map_or(0.0, f64::from);
    high * 4_294_967_296.0 + low
}

/// The nearest integer, half to even.
fn float_to_int(number: f64) -> Option<i64> {
    let rounded = number.round_ties_even();
    // 2^63 is a float and 2^63 - 1 is not; NaN is in no range.
    let in_range = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&rounded);
    // A whole number in the range of i64 loses nothing by this `as`.
    in_range.then_some(rounded as i64)
}

fn moment_of(cell: &Cell, from: Kind, to: Kind) -> Option<i64> {
    let Cell::Int(number) = cell else { return None };
    match (from, to) {
        (Kind::Date, _) => {
            let surely = (-MAX_MOMENT_DAYS..=MAX_MOMENT_DAYS).contains(number);
            surely.then(|| number * moment::DAY)
        }
        (_, Kind::Date) => Some(number.div_euclid(moment::DAY)),
        // In the zone UTC both count the same microseconds.
        _ => Some(*number),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Decimal;
    use super::*;

    fn to(cell: Cell, from: Kind, sql: &str) -> Option<String> {
        let ty = CellType::of_sql(sql).unwrap();
        let cell = assign(cell, from, ty)?;
        text_of(&cell, ty.kind).map(|t| t.to_string())
    }

    fn number(text: &str) -> Cell {
        Cell::from_decimal(Decimal::parse(text).unwrap())
    }

    #[test]
    fn numbers_round_as_their_types_do() {
        assert_eq!(to(number("2.5"), Kind::Numeric, "integer").unwrap(), "3");
        assert_eq!(to(number("-2.5"), Kind::Numeric, "integer").unwrap(), "-3");
        assert_eq!(to(Cell::Float(2.5), Kind::Float8, "integer").unwrap(), "2");
        assert_eq!(to(Cell::Float(-0.5), Kind::Float8, "bigint").unwrap(), "0");
        assert_eq!(to(Cell::Float(f64::NAN), Kind::Float8, "bigint"), None);
        assert_eq!(to(Cell::Float(9_223_372_036_854_775_808.0), Kind::Float8, "bigint"), None);
        assert_eq!(to(Cell::Int(70_000), Kind::Int4, "smallint"), None);
        assert_eq!(to(Cell::Int(7), Kind::Int4, "numeric(4,2)").unwrap(), "7.00");
        assert_eq!(to(Cell::Int(100), Kind::Int4, "numeric(4,2)"), None);
        assert_eq!(to(Cell::Float(1.5), Kind::Float8, "numeric"), None);
    }

    #[test]
    fn integers_become_the_nearest_float() {
        // The test's `as` is the reference: it rounds to the nearest, ties to even.
        for shift in 0..63 {
            for near in -3..=3 {
                for sign in [1, -1] {
                    let number = (1i64 << shift).wrapping_add(near).wrapping_mul(sign);
                    assert_eq!(int_to_float(number), number as f64, "{number}");
                }
            }
        }
        assert_eq!(int_to_float(i64::MIN), i64::MIN as f64);
        assert_eq!(int_to_float(i64::MAX), i64::MAX as f64);
    }

    #[test]
    fn texts_are_the_output_of_their_types() {
        assert_eq!(to(Cell::Bool(true), Kind::Bool, "text").unwrap(), "true");
        assert_eq!(to(Cell::Int(0), Kind::Date, "text").unwrap(), "2000-01-01");
        assert_eq!(to(Cell::Int(-1), Kind::Timestamp, "date").unwrap(), "1999-12-31");
        assert_eq!(to(Cell::Int(12_345), Kind::Int4, "character varying(4)"), None);
        assert_eq!(
            to(Cell::Uuid([0xab; 16]), Kind::Uuid, "text").unwrap(),
            "abababab-abab-abab-abab-abababababab"
        );
    }

    #[test]
    fn days_beyond_every_timestamp_are_declined() {
        for days in [i64::MIN, i64::MAX, MAX_MOMENT_DAYS + 1] {
            assert_eq!(to(Cell::Int(days), Kind::Date, "timestamp with time zone"), None);
            assert_eq!(to(Cell::Int(days), Kind::Date, "text"), None);
        }
        let ty = CellType::of_kind(Kind::Timestamp);
        let far = assign(Cell::Int(-MAX_MOMENT_DAYS), Kind::Date, ty);
        assert!(matches!(far, Some(Cell::Int(-8_640_000_000_000_000_000))));
    }

    #[test]
    fn explicit_casts_reach_further() {
        let four = |cell, from| cast(cell, from, CellType::of_kind(Kind::Int4));
        assert!(matches!(four(Cell::text("12"), Kind::Text), Some(Cell::Int(12))));
        assert!(four(Cell::text(" 12"), Kind::Text).is_none());
        assert!(matches!(four(Cell::Bool(true), Kind::Bool), Some(Cell::Int(1))));
        assert!(assign(Cell::text("12"), Kind::Text, CellType::of_kind(Kind::Int4)).is_none());
        assert!(!can_cast(Kind::Int8, Kind::Bool));
        assert!(four(Cell::Null, Kind::Text).is_some_and(|c| c.is_null()));
    }
}
