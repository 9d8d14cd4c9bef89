//! Cells in COPY BINARY, both ways.
//!
//! Owns the binary form of each kind's values (the send and receive functions in
//! `src/backend/utils/adt`) and the words around them; rows are cut by `copy_format`.

use compact_str::CompactString;

use super::{Cell, Decimal, Kind, MAX_TEXT_BYTES};
use crate::copy_format::{SIGNATURE, TEXT_OID, read_i16, read_i32};

/// The version byte before a `jsonb`.
const JSONB_VERSION: u8 = 1;
const NUMERIC_POSITIVE: i16 = 0;
const NUMERIC_NEGATIVE: i16 = 0x4000;
/// `numeric` travels in digits of base 10000.
const BASE: u128 = 10_000;
/// Of base 10000 in an `i128` with a fraction that does not fill its last digit.
const MAX_DIGITS: usize = 11;

/// Begins a stream: signature, no flags, no header extension.
pub fn push_header(out: &mut Vec<u8>) {
    out.extend_from_slice(SIGNATURE);
    out.extend_from_slice(&[0; 8]);
}

/// Begins a row of so many columns; a table never has more than an `i16` holds.
pub fn push_row(out: &mut Vec<u8>, columns: i16) {
    out.extend_from_slice(&columns.to_be_bytes());
}

/// Ends a stream.
pub fn push_trailer(out: &mut Vec<u8>) {
    out.extend_from_slice(&(-1i16).to_be_bytes());
}

/// Appends one field. `None`, with nothing appended: the cell is none of the kind.
#[must_use = "a field that was not written shifts the row"]
pub fn push_field(out: &mut Vec<u8>, cell: &Cell, kind: Kind) -> Option<()> {
    let start = out.len();
    let written = match (kind, cell) {
        (_, Cell::Null) => {
            out.extend_from_slice(&(-1i32).to_be_bytes());
            Some(())
        }
        (Kind::Int2, Cell::Int(n)) => {
            i16::try_from(*n).ok().and_then(|n| push_bytes(out, &n.to_be_bytes()))
        }
        (Kind::Int4 | Kind::Date, Cell::Int(n)) => {
            i32::try_from(*n).ok().and_then(|n| push_bytes(out, &n.to_be_bytes()))
        }
        (Kind::Int8 | Kind::Timestamp | Kind::TimestampTz, Cell::Int(n)) => {
            push_bytes(out, &n.to_be_bytes())
        }
        (Kind::Float8, Cell::Float(n)) => push_bytes(out, &n.to_be_bytes()),
        (Kind::Bool, Cell::Bool(b)) => push_bytes(out, &[u8::from(*b)]),
        (Kind::Uuid, Cell::Uuid(bytes)) => push_bytes(out, bytes),
        (Kind::Text | Kind::Json, Cell::Text(text)) => push_bytes(out, text.as_bytes()),
        (Kind::Jsonb, Cell::Text(text)) => push_length(out, text.len() + 1).map(|()| {
            out.push(JSONB_VERSION);
            out.extend_from_slice(text.as_bytes());
        }),
        (Kind::Numeric, Cell::Small(..) | Cell::Big(_)) => {
            cell.decimal().and_then(|decimal| push_decimal(out, decimal))
        }
        (Kind::TextArray, Cell::Array(elements)) => push_array(out, elements),
        _ => None,
    };
    if written.is_none() {
        out.truncate(start);
    }
    written
}

fn push_length(out: &mut Vec<u8>, bytes: usize) -> Option<()> {
    out.extend_from_slice(&i32::try_from(bytes).ok()?.to_be_bytes());
    Some(())
}

fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    push_length(out, bytes.len())?;
    out.extend_from_slice(bytes);
    Some(())
}

fn push_array(out: &mut Vec<u8>, elements: &[Option<CompactString>]) -> Option<()> {
    let start = out.len();
    push_length(out, 0)?;
    let has_null = elements.iter().any(Option::is_none);
    for word in [i32::from(!elements.is_empty()), i32::from(has_null), TEXT_OID] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    if !elements.is_empty() {
        push_length(out, elements.len())?;
        out.extend_from_slice(&1i32.to_be_bytes());
    }
    for element in elements {
        match element {
            None => out.extend_from_slice(&(-1i32).to_be_bytes()),
            Some(text) => push_bytes(out, text.as_bytes())?,
        }
    }
    let length = i32::try_from(out.len() - start - 4).ok()?;
    out.get_mut(start..start + 4)?.copy_from_slice(&length.to_be_bytes());
    Some(())
}

fn push_decimal(out: &mut Vec<u8>, decimal: Decimal) -> Option<()> {
    let mut digits = [0i16; MAX_DIGITS];
    let mut count = 0;
    let mut magnitude = decimal.coef().unsigned_abs();
    // The weight of the lowest digit: the point stands between two digits of base 10000,
    // so decimal digits behind the last full one make a digit of their own.
    let lowest = -i32::from(decimal.scale().div_ceil(4));
    let odd = u32::from(decimal.scale() % 4);
    if odd > 0 {
        let unit = 10u128.pow(odd);
        let filled = magnitude % unit * 10u128.pow(4 - odd);
        *digits.get_mut(count)? = i16::try_from(filled).ok()?;
        count += 1;
        magnitude /= unit;
    }
    while magnitude > 0 {
        // Most amounts fit 64 bits, where dividing is several times quicker.
        let (rest, digit) = match u64::try_from(magnitude) {
            Ok(short) => (u128::from(short / 10_000), u128::from(short % 10_000)),
            Err(_) => (magnitude / BASE, magnitude % BASE),
        };
        *digits.get_mut(count)? = i16::try_from(digit).ok()?;
        count += 1;
        magnitude = rest;
    }
    // The receiver would drop zeros at either end too.
    let digits = digits.get(..count)?;
    let top = digits.iter().rposition(|d| *d != 0);
    let bottom = digits.iter().position(|d| *d != 0);
    let (sent, weight) = match (bottom, top) {
        (Some(bottom), Some(top)) => (digits.get(bottom..=top)?, lowest + i32::try_from(top).ok()?),
        _ => (&digits[..0], 0),
    };
    let sign = if decimal.coef() < 0 { NUMERIC_NEGATIVE } else { NUMERIC_POSITIVE };
    push_length(out, 8 + 2 * sent.len())?;
    let words = [
        i16::try_from(sent.len()).ok()?,
        i16::try_from(weight).ok()?,
        sign,
        i16::try_from(decimal.scale()).ok()?,
    ];
    for word in words.iter().chain(sent.iter().rev()) {
        out.extend_from_slice(&word.to_be_bytes());
    }
    Some(())
}

/// The cell of a field the server sent; a field of `None` is NULL. `None`: it holds what no
/// cell can (NaN, infinity, more than 38 digits, several dimensions) or is not of the kind.
#[must_use]
pub fn read_field(field: Option<&[u8]>, kind: Kind) -> Option<Cell> {
    let Some(bytes) = field else { return Some(Cell::Null) };
    match kind {
        Kind::Int2 => Some(Cell::Int(i64::from(i16::from_be_bytes(bytes.try_into().ok()?)))),
        Kind::Int4 => Some(Cell::Int(i64::from(i32::from_be_bytes(bytes.try_into().ok()?)))),
        Kind::Int8 => Some(Cell::Int(i64::from_be_bytes(bytes.try_into().ok()?))),
        Kind::Float8 => {
            let number = f64::from_be_bytes(bytes.try_into().ok()?);
            number.is_finite().then_some(Cell::Float(number))
        }
        Kind::Bool => match bytes {
            [0] => Some(Cell::Bool(false)),
            [1] => Some(Cell::Bool(true)),
            _ => None,
        },
        Kind::Uuid => Some(Cell::Uuid(bytes.try_into().ok()?)),
        // The ends of the range stand for the infinities.
        Kind::Date => {
            let days = i32::from_be_bytes(bytes.try_into().ok()?);
            (days != i32::MIN && days != i32::MAX).then_some(Cell::Int(i64::from(days)))
        }
        Kind::Timestamp | Kind::TimestampTz => {
            let micros = i64::from_be_bytes(bytes.try_into().ok()?);
            (micros != i64::MIN && micros != i64::MAX).then_some(Cell::Int(micros))
        }
        Kind::Text | Kind::Json => read_text(bytes).map(Cell::Text),
        Kind::Jsonb => match bytes {
            [JSONB_VERSION, text @ ..] => read_text(text).map(Cell::Text),
            _ => None,
        },
        Kind::Numeric => read_decimal(bytes).map(Cell::from_decimal),
        Kind::TextArray => read_array(bytes).map(|elements| Cell::Array(Box::new(elements))),
    }
}

fn read_text(bytes: &[u8]) -> Option<CompactString> {
    if bytes.len() > MAX_TEXT_BYTES {
        return None;
    }
    CompactString::from_utf8(bytes).ok()
}

fn read_array(bytes: &[u8]) -> Option<Vec<Option<CompactString>>> {
    let word = |index: usize| read_i32(bytes, index * 4);
    let (dimensions, oid) = (word(0)?, word(2)?);
    if oid != TEXT_OID {
        return None;
    }
    if dimensions == 0 {
        return (bytes.len() == 12).then(Vec::new);
    }
    // An array may count from any number, and is then printed with its bounds.
    if dimensions != 1 || word(4)? != 1 {
        return None;
    }
    let count = usize::try_from(word(3)?).ok()?;
    let mut elements = Vec::new();
    let mut at = 20;
    for _ in 0..count {
        let length = read_i32(bytes, at)?;
        at += 4;
        let Ok(length) = usize::try_from(length) else {
            elements.push(None);
            continue;
        };
        elements.push(Some(read_text(bytes.get(at..at.checked_add(length)?)?)?));
        at += length;
    }
    (at == bytes.len()).then_some(elements)
}

fn read_decimal(bytes: &[u8]) -> Option<Decimal> {
    let word = |index: usize| read_i16(bytes, index * 2);
    let count = usize::try_from(word(0)?).ok()?;
    let (weight, sign) = (i32::from(word(1)?), word(2)?);
    let scale = u16::try_from(word(3)?).ok()?;
    if bytes.len() != 8 + 2 * count || (sign != NUMERIC_POSITIVE && sign != NUMERIC_NEGATIVE) {
        return None;
    }
    let digits = bytes.get(8..)?;
    // What fits 64 bits, as most amounts do, is read several times quicker there.
    let short = join_digits(digits, weight, scale, |number: i64, unit, digit| {
        number.checked_mul(unit)?.checked_add(digit)
    });
    let magnitude = match short {
        Some(magnitude) => i128::from(magnitude),
        None => join_digits(digits, weight, scale, |number: i128, unit, digit| {
            number.checked_mul(i128::from(unit))?.checked_add(i128::from(digit))
        })?,
    };
    Some(Decimal::new(if sign == NUMERIC_NEGATIVE { -magnitude } else { magnitude }, scale))
}

/// The coefficient that digits of base 10000 make at the scale. `push` multiplies a number
/// and adds to it; it gives nothing when that leaves its range.
fn join_digits<N: Default>(
    digits: &[u8],
    weight: i32,
    scale: u16,
    push: impl Fn(N, i64, i64) -> Option<N>,
) -> Option<N> {
    let mut magnitude = N::default();
    // How many of the scale's decimal digits are still to come.
    let mut missing = i32::from(scale) + (weight + 1) * 4;
    for pair in digits.chunks_exact(2) {
        let digit = i64::from(i16::from_be_bytes(pair.try_into().ok()?));
        missing -= 4;
        if missing >= 0 {
            magnitude = push(magnitude, 10_000, digit)?;
            continue;
        }
        // The last digit is filled up with zeros behind the scale.
        let unit = 10i64.pow(u32::try_from(-missing).ok().filter(|surplus| *surplus < 4)?);
        if digit % unit != 0 {
            return None;
        }
        magnitude = push(magnitude, 10_000 / unit, digit / unit)?;
    }
    // Zero is sent without digits, whatever its scale.
    if !digits.is_empty() {
        for _ in 0..missing {
            magnitude = push(magnitude, 10, 0)?;
        }
    }
    Some(magnitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The field's bytes, without its length.
    fn sent(cell: &Cell, kind: Kind) -> Vec<u8> {
        let mut out = Vec::new();
        push_field(&mut out, cell, kind).unwrap();
        assert_eq!(read_i32(&out, 0), Some(i32::try_from(out.len() - 4).unwrap()));
        out.split_off(4)
    }

    #[test]
    fn decimals_come_back_with_their_scale() {
        for coef in [0i128, 1, 9999, 10_000, 10_001, 123_456_789, i128::MAX, 10i128.pow(38)] {
            for scale in [0u16, 1, 2, 3, 4, 5, 8, 20, 38, 39, 40, 41, 200] {
                for coef in [coef, -coef] {
                    let cell = Cell::from_decimal(Decimal::new(coef, scale));
                    let bytes = sent(&cell, Kind::Numeric);
                    let back = read_field(Some(&bytes), Kind::Numeric).unwrap().decimal().unwrap();
                    assert_eq!((back.coef(), back.scale()), (coef, scale));
                }
            }
        }
        // 12345.5 is 1 2345 . 5000 in base 10000.
        let bytes = sent(&Cell::Small(123_455, 1), Kind::Numeric);
        assert_eq!(bytes, [0, 3, 0, 1, 0, 0, 0, 1, 0, 1, 0x09, 0x29, 0x13, 0x88]);
    }

    #[test]
    fn what_no_cell_holds_is_declined() {
        let numeric = |words: &[u16]| {
            let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_be_bytes()).collect();
            read_field(Some(&bytes), Kind::Numeric).is_some()
        };
        assert!(numeric(&[1, 0, 0, 0, 5]));
        assert!(!numeric(&[0, 0, 0xc000, 0]), "NaN");
        assert!(!numeric(&[0, 0, 0xd000, 0]), "infinity");
        assert!(!numeric(&[1, 10, 0, 0, 5]), "too many digits");
        assert!(!numeric(&[1, 0, 0, 0]), "cut off");
        assert!(read_field(Some(&i64::MAX.to_be_bytes()), Kind::Timestamp).is_none());
        assert!(read_field(Some(&i32::MIN.to_be_bytes()), Kind::Date).is_none());
        assert!(read_field(Some(&f64::NAN.to_be_bytes()), Kind::Float8).is_none());
        assert!(read_field(Some(&[2]), Kind::Jsonb).is_none());
        assert!(read_field(Some(&[0xff]), Kind::Text).is_none());
        assert!(matches!(read_field(None, Kind::Int2), Some(Cell::Null)));
    }

    #[test]
    fn a_cell_of_another_kind_writes_nothing() {
        let mut out = vec![7];
        assert!(push_field(&mut out, &Cell::Int(70_000), Kind::Int2).is_none());
        assert!(push_field(&mut out, &Cell::text("x"), Kind::Int2).is_none());
        assert_eq!(out, [7]);
    }

    #[test]
    fn arrays_count_from_one() {
        let array = Cell::Array(Box::new(vec![Some("a".into()), None]));
        let mut bytes = sent(&array, Kind::TextArray);
        let back = read_field(Some(&bytes), Kind::TextArray).unwrap();
        assert_eq!(super::super::equal(&array, &back, Kind::TextArray), Some(true));
        bytes[19] = 2;
        assert!(read_field(Some(&bytes), Kind::TextArray).is_none());
        assert_eq!(sent(&Cell::Array(Box::default()), Kind::TextArray).len(), 12);
    }
}
