//! The value of a text, as PostgreSQL's input functions read it.
//!
//! Owns the plain ways to write each kind. Blanks around a value, digits in groups, words
//! like `now` and whatever else the input functions take is left to the server.

use compact_str::CompactString;

use super::json::{Target, takes};
use super::{Cell, CellType, Decimal, Kind, Limit, MAX_TEXT_BYTES, limit::limited, moment};

/// The cell that PostgreSQL's input function of the type gives for the text, with the limit
/// as a column applies it. `None`: the server may refuse the text or read it another way.
///
/// The text holds no character 0: no text that comes from the server does, and JSON's `\\u0000` is
/// refused where strings are read.
#[must_use]
pub fn parse(text: &str, ty: CellType) -> Option<Cell> {
    let bytes = text.as_bytes();
    let cell = match ty.kind {
        kind @ (Kind::Int2 | Kind::Int4 | Kind::Int8) => {
            Cell::Int(int(bytes).filter(|number| kind.holds(*number))?)
        }
        Kind::Numeric => Cell::from_decimal(Decimal::parse(text)?),
        Kind::Float8 => Cell::Float(float(text)?),
        Kind::Bool => match text {
            "true" | "t" => Cell::Bool(true),
            "false" | "f" => Cell::Bool(false),
            _ => return None,
        },
        Kind::Text => Cell::Text(plain(text)?),
        Kind::Uuid => Cell::Uuid(uuid(bytes)?),
        Kind::Date => Cell::Int(moment::parse_date(bytes)?),
        Kind::Timestamp => Cell::Int(moment::parse_moment(bytes, false)?),
        Kind::TimestampTz => Cell::Int(moment::parse_moment(bytes, true)?),
        Kind::Json if takes(Target::Json, text) => Cell::Text(plain(text)?),
        Kind::Jsonb if takes(Target::Jsonb, text) => Cell::Text(plain(text)?),
        Kind::Json | Kind::Jsonb => return None,
        Kind::TextArray => Cell::Array(Box::new(array(text)?)),
    };
    if ty.limit == Limit::None { Some(cell) } else { limited(cell, ty) }
}

fn int(bytes: &[u8]) -> Option<i64> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        all => (false, all),
    };
    if digits.is_empty() {
        return None;
    }
    if digits.len() <= 18 {
        // Eighteen digits never overflow.
        let number = digits.iter().try_fold(0i64, |number, byte| {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 { None } else { Some(number * 10 + i64::from(digit)) }
        })?;
        return Some(if negative { -number } else { number });
    }
    // Counting downwards reaches the smallest number, which has no positive twin.
    let below = digits.iter().try_fold(0i64, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 { None } else { number.checked_mul(10)?.checked_sub(i64::from(digit)) }
    })?;
    if negative { Some(below) } else { below.checked_neg() }
}

/// A `double precision` in the notation of JSON numbers.
pub(super) fn float(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        None => (digits, None),
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        None => (mantissa, None),
        Some((whole, fraction)) => (whole, Some(fraction)),
    };
    let exponent = exponent.map(|e| e.strip_prefix(['-', '+']).unwrap_or(e));
    let all_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || ![fraction, exponent].into_iter().flatten().all(all_digits) {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    // Too small is an error of the server's, and what is subnormal depends on its library.
    let zero = !mantissa.bytes().any(|b| matches!(b, b'1'..=b'9'));
    (number.is_normal() || zero).then_some(number)
}

fn plain(text: &str) -> Option<CompactString> {
    (text.len() <= MAX_TEXT_BYTES).then(|| CompactString::from(text))
}

fn uuid(text: &[u8]) -> Option<[u8; 16]> {
    let text: &[u8; 36] = text.try_into().ok()?;
    let mut uuid = [0u8; 16];
    let mut at = 0;
    for (index, byte) in uuid.iter_mut().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            if text[at] != b'-' {
                return None;
            }
            at += 1;
        }
        *byte = nibble(text[at])? << 4 | nibble(text[at + 1])?;
        at += 2;
    }
    Some(uuid)
}

fn nibble(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The elements of `{"a","b\"",c,NULL}`: one dimension, without blanks outside quotes.
fn array(text: &str) -> Option<Vec<Option<CompactString>>> {
    if text.len() > MAX_TEXT_BYTES || text.as_bytes().contains(&0) {
        return None;
    }
    let mut rest = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    if rest.is_empty() {
        return Some(elements);
    }
    loop {
        if let Some(inner) = rest.strip_prefix('"') {
            let (element, after) = quoted(inner)?;
            elements.push(Some(element));
            rest = after;
        } else {
            let (element, after) = rest.split_at(rest.find(',').unwrap_or(rest.len()));
            elements.push(bare(element)?);
            rest = after;
        }
        if rest.is_empty() {
            return Some(elements);
        }
        rest = rest.strip_prefix(',')?;
    }
}

/// An element without quotes; NULL in any letters is none, but only capitals are read as that.
fn bare(element: &str) -> Option<Option<CompactString>> {
    let odd = |c: char| c.is_whitespace() || matches!(c, '{' | '}' | '"' | '\\' | '\u{b}');
    match element {
        "NULL" => Some(None),
        "" => None,
        _ if element.contains(odd) || element.eq_ignore_ascii_case("null") => None,
        _ => Some(Some(element.into())),
    }
}

/// The text up to its closing quote, and what follows.
fn quoted(text: &str) -> Option<(CompactString, &str)> {
    let mut element = CompactString::default();
    let mut rest = text;
    loop {
        let at = rest.bytes().position(|b| matches!(b, b'"' | b'\\'))?;
        element.push_str(rest.get(..at)?);
        let mut after = rest.get(at..)?.chars();
        if after.next()? == '"' {
            return Some((element, after.as_str()));
        }
        element.push(after.next()?);
        rest = after.as_str();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sql: &str, text: &str) -> Option<Cell> {
        parse(text, CellType::of_sql(sql).unwrap())
    }

    #[test]
    fn integers_have_their_range() {
        let int = |sql, text| match of(sql, text) {
            Some(Cell::Int(number)) => Some(number),
            _ => None,
        };
        assert_eq!(int("bigint", "-9223372036854775808"), Some(i64::MIN));
        assert_eq!(int("bigint", "9223372036854775808"), None);
        assert_eq!(int("smallint", "-32768"), Some(-32_768));
        assert_eq!(int("smallint", "32768"), None);
        assert_eq!(int("integer", "-0"), Some(0));
        for odd in ["", "-", "+1", " 1", "1 ", "1.0", "1e2", "--1", "1-", "١"] {
            assert_eq!(int("integer", odd), None, "{odd}");
        }
    }

    #[test]
    fn floats_are_plain_and_normal() {
        let float = |text| match of("double precision", text) {
            Some(Cell::Float(number)) => Some(number),
            _ => None,
        };
        assert_eq!(float("-1.5e3"), Some(-1500.0));
        assert!(float("-0").unwrap().is_sign_negative());
        assert_eq!(float("0e999"), Some(0.0));
        for odd in ["1e999", "1e-999", "1e-310", "NaN", "inf", "1.", ".5", "+1", "1e", "1e+", ""] {
            assert_eq!(float(odd), None, "{odd}");
        }
    }

    #[test]
    fn limits_are_a_columns() {
        assert!(of("character varying(3)", "ไทย").is_some());
        assert!(of("character varying(3)", "abc ").is_none());
        let shown = |text| of("numeric(5,2)", text).and_then(|c| c.decimal());
        assert_eq!(shown("1.005").unwrap().to_text(), "1.01");
        assert!(shown("999.995").is_none());
        let negative = Limit::Digits { precision: 5, scale: -1 };
        assert!(parse("1", CellType { kind: Kind::Numeric, limit: negative }).is_none());
    }

    #[test]
    fn arrays_are_read_as_the_binder_writes_them() {
        let read = |text| match of("text[]", text) {
            Some(Cell::Array(elements)) => Some(*elements),
            _ => None,
        };
        assert_eq!(read("{}"), Some(vec![]));
        assert_eq!(
            read("{\"a,}\",NULL,\"\",\"\\\"\\\\ไ\"}"),
            Some(vec![Some("a,}".into()), None, Some("".into()), Some("\"\\ไ".into()),])
        );
        assert_eq!(read("{a,b-c,NULL,NULLS}").map(|elements| elements.len()), Some(4));
        for odd in [
            "",
            "{",
            "}",
            "{a b}",
            "{a,}",
            "{a\\b}",
            "{\"a\",}",
            "{,}",
            "{{\"a\"}}",
            "{\"a}",
            "{null}",
            "{ }",
        ] {
            assert_eq!(read(odd), None, "{odd}");
        }
        assert_eq!(read("{\"a\"\"b\"}"), None);
        assert_eq!(read("{NULLNULL}"), Some(vec![Some("NULLNULL".into())]));
    }

    #[test]
    fn uuids_have_four_dashes() {
        assert!(of("uuid", "A0eebc99-9c0b-4ef8-bb6d-6bb9bd380A11").is_some());
        assert!(of("uuid", "a0eebc999c0b-4ef8-bb6d-6bb9bd380a11-").is_none());
        assert!(of("uuid", "{0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11").is_none());
    }
}
