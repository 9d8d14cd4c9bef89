//! Exact decimals with their display scale, as `numeric` has them.
//!
//! Owns the arithmetic of `numeric` up to 38 digits, with the scales PostgreSQL gives
//! (`src/backend/utils/adt/numeric.c`, described in the manual only in parts). What does
//! not fit an `i128` has no answer here. There is no NaN and no infinity.

use std::cmp::Ordering;
use std::fmt::{self, Write};

use compact_str::CompactString;

/// `numeric` shows at most so many digits behind the point after a division; beyond it
/// nothing here has an answer.
pub const MAX_SCALE: u16 = 1000;

/// Significant digits that a division gives at least.
const MIN_SIGNIFICANT_DIGITS: i32 = 16;

/// Exponents of an input beyond this are left to the server.
const MAX_EXPONENT: u32 = 999;

/// 10^0 to 10^38, the last power an `i128` holds.
const POWERS: [i128; 39] = {
    let mut powers = [1i128; 39];
    let mut at = 1;
    while at < 39 {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

fn power(exponent: u16) -> Option<i128> {
    POWERS.get(usize::from(exponent)).copied()
}

/// `coef / 10^scale`, shown with `scale` digits behind the point.
#[derive(Debug, Clone, Copy)]
pub struct Decimal {
    coef: i128,
    scale: u16,
}

#[expect(
    clippy::should_implement_trait,
    reason = "an operator without an answer for some operands cannot be the trait's"
)]
impl Decimal {
    /// `coef / 10^scale`.
    #[must_use]
    pub fn new(coef: i128, scale: u16) -> Decimal {
        Decimal { coef, scale }
    }

    /// An integer.
    #[must_use]
    pub fn from_i64(number: i64) -> Decimal {
        Decimal { coef: i128::from(number), scale: 0 }
    }

    /// The digits, without the point.
    #[must_use]
    pub fn coef(self) -> i128 {
        self.coef
    }

    /// The digits behind the point.
    #[must_use]
    pub fn scale(self) -> u16 {
        self.scale
    }

    /// The value of a plain decimal, `-12.50`, or one with an exponent, `1.25e3`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Decimal> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            all => (false, all),
        };
        let end = digits.iter().position(|b| matches!(b, b'e' | b'E'));
        let (digits, exponent) = match end {
            None => (digits, 0),
            Some(at) => (&digits[..at], exponent(&digits[at + 1..])?),
        };
        let point = digits.iter().position(|b| *b == b'.');
        let (whole, fraction) = match point {
            None => (digits, &digits[..0]),
            Some(at) if at + 1 < digits.len() => (&digits[..at], &digits[at + 1..]),
            Some(_) => return None,
        };
        if whole.is_empty() {
            return None;
        }
        // Eighteen digits never overflow an i64, which is quicker than an i128.
        let magnitude = if digits.len() <= 18 {
            let short = push_digits(0i64, whole, |n, d| Some(n * 10 + i64::from(d)))?;
            i128::from(push_digits(short, fraction, |n, d| Some(n * 10 + i64::from(d)))?)
        } else {
            let push = |n: i128, d: u8| n.checked_mul(10)?.checked_add(i128::from(d));
            let long = push_digits(0i128, whole, push)?;
            push_digits(long, fraction, push)?
        };
        let coef = if negative { -magnitude } else { magnitude };
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        if scale >= 0 {
            let scale = u16::try_from(scale).ok().filter(|s| *s <= MAX_SCALE)?;
            return Some(Decimal { coef, scale });
        }
        // An exponent beyond the written digits adds zeros before the point, and none behind.
        let raised = match coef {
            0 => 0,
            _ => coef.checked_mul(power(u16::try_from(-scale).ok()?)?)?,
        };
        Some(Decimal { coef: raised, scale: 0 })
    }

    /// The text `numeric` prints.
    #[must_use]
    pub fn to_text(self) -> CompactString {
        let mut text = CompactString::default();
        // Writing to a string has no error to give.
        let _ = write!(text, "{self}");
        text
    }

    /// The same value with another scale; digits that go are rounded, half away from zero.
    #[must_use]
    pub fn round_to(self, scale: u16) -> Option<Decimal> {
        if scale > MAX_SCALE {
            return None;
        }
        if scale >= self.scale {
            return Some(Decimal { coef: self.raised(scale)?, scale });
        }
        let Some(unit) = power(self.scale - scale) else {
            // More digits go than there can be: what is left is below a half, as an i128
            // reaches 1.7 times 10^38 and a half of 10^39 is above it.
            return Some(Decimal { coef: 0, scale });
        };
        let (quotient, rest) = (self.coef / unit, self.coef % unit);
        let away = if rest.unsigned_abs() >= unit.unsigned_abs().div_ceil(2) {
            self.coef.signum()
        } else {
            0
        };
        Some(Decimal { coef: quotient + away, scale })
    }

    /// The nearest integer, half away from zero.
    #[must_use]
    pub fn round_to_i64(self) -> Option<i64> {
        i64::try_from(self.round_to(0)?.coef).ok()
    }

    /// The coefficient at a scale that is not below its own.
    fn raised(self, scale: u16) -> Option<i128> {
        if scale == self.scale || self.coef == 0 {
            return Some(self.coef);
        }
        self.coef.checked_mul(power(scale - self.scale)?)
    }

    fn aligned(self, other: Decimal) -> Option<(i128, i128, u16)> {
        let scale = self.scale.max(other.scale);
        Some((self.raised(scale)?, other.raised(scale)?, scale))
    }

    /// The sum, at the larger scale.
    #[must_use]
    pub fn checked_add(self, other: Decimal) -> Option<Decimal> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Decimal { coef: a.checked_add(b)?, scale })
    }

    /// The difference, at the larger scale.
    #[must_use]
    pub fn checked_sub(self, other: Decimal) -> Option<Decimal> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Decimal { coef: a.checked_sub(b)?, scale })
    }

    /// The product, at the sum of the scales.
    #[must_use]
    pub fn checked_mul(self, other: Decimal) -> Option<Decimal> {
        let scale = self.scale.checked_add(other.scale).filter(|s| *s <= MAX_SCALE)?;
        Some(Decimal { coef: self.coef.checked_mul(other.coef)?, scale })
    }

    /// The quotient, at the scale PostgreSQL chooses, rounded half away from zero.
    #[must_use]
    pub fn div(self, other: Decimal) -> Option<Decimal> {
        let divisor = other.coef.unsigned_abs();
        if divisor == 0 {
            return None;
        }
        let least = self.scale.max(other.scale);
        let scale = quotient_scale(self.leading(), other.leading(), least)?;
        // coef / 10^scale = (a / 10^s) / (b / 10^t), so a is raised by scale + t - s digits.
        let digits = scale.checked_add(other.scale)?.checked_sub(self.scale)?;
        let (quotient, rest) = long_division(self.coef.unsigned_abs(), divisor, digits)?;
        let away = u128::from(rest >= divisor - rest);
        let magnitude = i128::try_from(quotient.checked_add(away)?).ok()?;
        let negative = (self.coef < 0) != (other.coef < 0);
        Some(Decimal { coef: if negative { -magnitude } else { magnitude }, scale })
    }

    /// The weight of the first digit of base 10000, and that digit; both 0 for zero.
    fn leading(self) -> (i32, u64) {
        let magnitude = self.coef.unsigned_abs();
        let Some(log) = magnitude.checked_ilog10() else { return (0, 0) };
        // A log of an i128 is at most 38, and a scale at most a u16: neither overflows.
        let exponent = i32::try_from(log).unwrap_or(0) - i32::from(self.scale);
        let weight = exponent.div_euclid(4);
        let first = match i32::from(self.scale) + weight * 4 {
            drop @ 0.. => magnitude / tens(drop),
            raise => magnitude * tens(raise),
        };
        // A digit of base 10000.
        (weight, u64::try_from(first).unwrap_or(u64::MAX))
    }

    /// The negative; the scale stays.
    #[must_use]
    pub fn neg(self) -> Option<Decimal> {
        Some(Decimal { coef: self.coef.checked_neg()?, scale: self.scale })
    }

    /// Which value is less; the scales do not matter.
    #[must_use]
    pub fn cmp(self, other: Decimal) -> Ordering {
        match self.aligned(other) {
            Some((a, b, _)) => a.cmp(&b),
            // The side of the smaller scale left the range, so its magnitude is the larger.
            None if self.scale < other.scale => self.coef.cmp(&0),
            None => 0.cmp(&other.coef),
        }
    }

    /// Whether it is below 10^digits, with its scale's digits counted in.
    #[must_use]
    pub fn has_digits(self, digits: u16) -> bool {
        power(digits).is_none_or(|bound| self.coef.unsigned_abs() < bound.unsigned_abs())
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.coef < 0 { "-" } else { "" };
        let magnitude = self.coef.unsigned_abs();
        if self.scale == 0 {
            return write!(f, "{sign}{magnitude}");
        }
        let width = usize::from(self.scale);
        match power(self.scale).map(i128::unsigned_abs) {
            Some(unit) => {
                write!(f, "{sign}{}.{:0width$}", magnitude / unit, magnitude % unit)
            }
            None => write!(f, "{sign}0.{magnitude:0width$}"),
        }
    }
}

/// Ten to the distance from zero, which is that between digits of one `i128`.
fn tens(distance: i32) -> u128 {
    let exponent = u16::try_from(distance.unsigned_abs()).ok();
    exponent.and_then(power).map_or(u128::MAX, i128::unsigned_abs)
}

/// Those of [`POWERS`] that a `u64` holds: no number of 128 bits has to be looked at for one.
const SHORT_POWERS: [u64; 20] = {
    let mut short = [0; 20];
    let mut at = 0;
    while at < short.len() {
        short[at] = POWERS[at] as u64;
        at += 1;
    }
    short
};

/// A power of ten that fits 64 bits.
#[inline]
pub(super) fn short_power(exponent: u16) -> Option<u64> {
    SHORT_POWERS.get(usize::from(exponent)).copied()
}

/// The digits behind the point of a quotient of two numbers that begin so. PostgreSQL works in
/// digits of base 10000, and estimates the quotient's weight from the first one of each side
/// (`select_div_scale` in numeric.c). `least` is the larger of the scales they are shown with.
#[inline]
pub(super) fn quotient_scale(
    (weight, first): (i32, u64),
    (other_weight, other_first): (i32, u64),
    least: u16,
) -> Option<u16> {
    let weight = weight - other_weight - i32::from(first <= other_first);
    let wanted = MIN_SIGNIFICANT_DIGITS - weight * 4;
    u16::try_from(wanted.max(i32::from(least)).min(i32::from(MAX_SCALE))).ok()
}

/// The weight of the first digit of base 10000 of `coef / 10^scale`, and that digit; both 0 for
/// zero.
#[inline]
pub(super) fn short_leading(coef: u64, scale: u8) -> (i32, u64) {
    let Some(log) = coef.checked_ilog10() else { return (0, 0) };
    // A log of a u64 is at most 19.
    let exponent = i32::try_from(log).unwrap_or(0) - i32::from(scale);
    let weight = exponent.div_euclid(4);
    let behind = i32::from(scale) + weight * 4;
    let unit = u16::try_from(behind.unsigned_abs()).ok().and_then(short_power).unwrap_or(u64::MAX);
    // The digit is one of four places, so neither way leaves 64 bits.
    let first = if behind >= 0 { coef / unit } else { coef.saturating_mul(unit) };
    (weight, first)
}

fn push_digits<N>(start: N, digits: &[u8], push: impl Fn(N, u8) -> Option<N>) -> Option<N> {
    digits.iter().try_fold(start, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 { None } else { push(number, digit) }
    })
}

fn exponent(text: &[u8]) -> Option<i32> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    let magnitude = push_digits(0u32, digits, |n, d| Some(n * 10 + u32::from(d)))?;
    let number = i32::try_from(magnitude).ok().filter(|_| magnitude <= MAX_EXPONENT)?;
    Some(if negative { -number } else { number })
}

/// Quotient and rest of `a * 10^digits / b`.
fn long_division(a: u128, b: u128, digits: u16) -> Option<(u128, u128)> {
    // Most divisors are powers of ten, or of two and five: then a multiplication will do.
    if let (Ok(b), Some(Ok(unit))) = (u64::try_from(b), power(digits).map(u64::try_from))
        && unit % b == 0
        && let Some(quotient) = a.checked_mul(u128::from(unit / b))
    {
        return Some((quotient, 0));
    }
    if let Some(raised) = power(digits).and_then(|p| a.checked_mul(p.unsigned_abs())) {
        // Dividing 64 bits is several times quicker than dividing 128.
        if let (Ok(raised), Ok(b)) = (u64::try_from(raised), u64::try_from(b)) {
            return Some((u128::from(raised / b), u128::from(raised % b)));
        }
        return Some((raised / b, raised % b));
    }
    let (mut quotient, mut rest) = (a / b, a % b);
    for _ in 0..digits {
        let raised = rest.checked_mul(10)?;
        quotient = quotient.checked_mul(10)?.checked_add(raised / b)?;
        rest = raised % b;
    }
    Some((quotient, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[track_caller]
    fn shows(found: Option<Decimal>, wanted: &str) {
        assert_eq!(found.unwrap().to_text(), wanted);
    }

    #[test]
    fn texts_keep_their_scale() {
        for (text, wanted) in [
            ("12.50", "12.50"),
            ("-0", "0"),
            ("-0.00", "0.00"),
            ("007.10", "7.10"),
            ("-0.05", "-0.05"),
            ("1e5", "100000"),
            ("1.5e3", "1500"),
            ("1.50e1", "15.0"),
            ("1E-5", "0.00001"),
            ("0e+5", "0"),
            ("12345678901234567890.5", "12345678901234567890.5"),
        ] {
            shows(Decimal::parse(text), wanted);
        }
        assert_eq!(dec("0e-50").to_text().len(), 52);
        for bad in ["", "-", "1.", ".5", "+1", " 1", "1 ", "1e", "NaN", "1_0", "0x1", "1.2.3"] {
            assert!(Decimal::parse(bad).is_none(), "{bad}");
        }
        assert!(Decimal::parse(&"9".repeat(40)).is_none());
    }

    #[test]
    fn scales_follow_the_operator() {
        shows(dec("1.5").checked_add(dec("-2.25")), "-0.75");
        shows(dec("1.5").checked_sub(dec("1.50")), "0.00");
        shows(dec("1.5").checked_mul(dec("2.00")), "3.000");
        shows(dec("1").div(dec("3")), "0.33333333333333333333");
        shows(dec("10").div(dec("4")), "2.5000000000000000");
        shows(dec("-2").div(dec("3")), "-0.66666666666666666667");
        shows(dec("0").div(dec("3")), "0.00000000000000000000");
        assert!(dec("1").div(dec("0.00")).is_none());
        shows(dec("-0.5").neg(), "0.5");
    }

    #[test]
    fn rounding_goes_away_from_zero() {
        shows(dec("2.5").round_to(0), "3");
        shows(dec("-2.5").round_to(0), "-3");
        shows(dec("2.449").round_to(1), "2.4");
        shows(dec("2.4").round_to(3), "2.400");
        shows(Decimal::new(i128::MAX, 39).round_to(0), "0");
        shows(Decimal::new(i128::MAX, 38).round_to(0), "2");
        assert_eq!(dec("-9223372036854775808.4").round_to_i64(), Some(i64::MIN));
        assert_eq!(dec("9223372036854775807.5").round_to_i64(), None);
    }

    #[test]
    fn order_is_by_value() {
        assert_eq!(dec("1.0").cmp(dec("1.000")), Ordering::Equal);
        assert_eq!(dec("-1.5").cmp(dec("-1.25")), Ordering::Less);
        let tiny = Decimal::new(7, 500);
        assert_eq!(dec("1").cmp(tiny), Ordering::Greater);
        assert_eq!(tiny.cmp(dec("1")), Ordering::Less);
        assert_eq!(dec("-1").cmp(tiny), Ordering::Less);
        assert_eq!(tiny.cmp(dec("-1")), Ordering::Greater);
        assert_eq!(tiny.cmp(dec("0")), Ordering::Greater);
    }
}
