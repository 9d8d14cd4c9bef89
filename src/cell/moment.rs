//! Dates and times as PostgreSQL reads and prints them.
//!
//! Owns the calendar between the years 1 and 9999: days and microseconds since 2000-01-01,
//! from and to ISO text in the zone UTC. Every other way of writing a date is left to the
//! server.

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

const SECOND: i64 = 1_000_000;
/// From 0001-01-01 to 2000-01-01.
const EPOCH_DAYS: i64 = 730_119;
/// In 400 years of the Gregorian calendar.
const CYCLE_DAYS: i64 = 146_097;
/// The days before each month of a year that does not leap.
const BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

fn leaps(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days from 2000-01-01 to a date that exists in the years 1 to 9999.
#[must_use]
pub fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    let at = usize::try_from(month - 1).ok()?;
    let before = BEFORE_MONTH.get(at)? + i64::from(month > 2 && leaps(year));
    let after = match BEFORE_MONTH.get(at + 1) {
        Some(next) => next + i64::from(month >= 2 && leaps(year)),
        None => before + 31,
    };
    if day < 1 || day > after - before {
        return None;
    }
    let past = year - 1;
    Some(past * 365 + past / 4 - past / 100 + past / 400 + before + day - 1 - EPOCH_DAYS)
}

/// The date that many days from 2000-01-01, in the years 1 to 9999.
#[must_use]
pub fn date_of(days: i64) -> Option<(i64, i64, i64)> {
    let days = days.checked_add(EPOCH_DAYS).filter(|d| *d >= 0)?;
    let (cycles, rest) = (days / CYCLE_DAYS, days % CYCLE_DAYS);
    // The last century of a cycle and the last year of four are one day longer than the
    // others, so the quotient can be one too large.
    let centuries = (rest / 36_524).min(3);
    let rest = rest - centuries * 36_524;
    let (fours, rest) = (rest / 1461, rest % 1461);
    let years = (rest / 365).min(3);
    let day_of_year = rest - years * 365;
    let year = cycles * 400 + centuries * 100 + fours * 4 + years + 1;
    if year > 9999 {
        return None;
    }
    let before =
        |month: usize| BEFORE_MONTH.get(month).map(|b| b + i64::from(month >= 2 && leaps(year)));
    let month = (0..12).rev().find(|m| before(*m).is_some_and(|b| b <= day_of_year))?;
    Some((year, i64::try_from(month).ok()? + 1, day_of_year - before(month)? + 1))
}

/// The number that the bytes are, if all of them are digits.
fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0i64, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit <= 9).then(|| number * 10 + i64::from(digit))
    })
}

/// The days of `YYYY-MM-DD`.
#[must_use]
pub fn parse_date(text: &[u8]) -> Option<i64> {
    match text {
        [year @ .., b'-', m, n, b'-', d, e] if year.len() == 4 => {
            days_of(digits(year)?, digits(&[*m, *n])?, digits(&[*d, *e])?)
        }
        _ => None,
    }
}

/// The microseconds of `YYYY-MM-DD[ T]HH:MM:SS[.f][zone]` or `YYYY-MM-DD`, with up to nine digits
/// behind the point, as .NET, Go and Java write them. A zone is `Z`,
/// `+HH`, `+HHMM` or `+HH:MM`; without one it is UTC. `zoned` says that the zone counts: a
/// `timestamp without time zone` is read past it, as PostgreSQL does.
#[must_use]
pub fn parse_moment(text: &[u8], zoned: bool) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let midnight = parse_date(date)? * DAY;
    let [b' ' | b'T', time @ ..] = rest else {
        return rest.is_empty().then_some(midnight);
    };
    let [h, i, b':', m, n, b':', s, t, rest @ ..] = time else { return None };
    let (hour, minute, second) = (digits(&[*h, *i])?, digits(&[*m, *n])?, digits(&[*s, *t])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (fraction, zone) = fraction(rest)?;
    let local = midnight + ((hour * 60 + minute) * 60 + second) * SECOND + fraction;
    let offset = offset_minutes(zone)? * 60 * SECOND;
    Some(if zoned { local - offset } else { local })
}

/// The microseconds of `.f` with one to nine digits, or of nothing, and what follows.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let [b'.', rest @ ..] = text else { return Some((0, text)) };
    let length = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    let (written, rest) = rest.split_at(length);
    match length {
        1..=6 => Some(((length..6).fold(digits(written)?, |number, _| number * 10), rest)),
        7..=9 => Some((rounded(&text[..=length])?, rest)),
        _ => None,
    }
}

/// The microseconds of `.f` where that is finer than they are. PostgreSQL rounds the product of two
/// floats, half to even (`ParseFractionalSecond` in `src/backend/utils/adt/datetime.c`), which is
/// not always what the digits would give.
fn rounded(fraction: &[u8]) -> Option<i64> {
    let seconds: f64 = std::str::from_utf8(fraction).ok()?.parse().ok()?;
    // From 0 to 1,000,000, so this `as` loses nothing.
    Some((seconds * 1e6).round_ties_even() as i64)
}

/// PostgreSQL takes offsets of less than sixteen hours.
fn offset_minutes(zone: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match zone {
        [] | [b'Z'] => return Some(0),
        [sign, h, i] => (sign, [*h, *i], *b"00"),
        [sign, h, i, m, n] | [sign, h, i, b':', m, n] => (sign, [*h, *i], [*m, *n]),
        _ => return None,
    };
    let (hours, minutes) = (digits(&hours)?, digits(&minutes)?);
    if hours > 15 || minutes > 59 {
        return None;
    }
    match sign {
        b'+' => Some(hours * 60 + minutes),
        b'-' => Some(-(hours * 60 + minutes)),
        _ => None,
    }
}

fn push_number(out: &mut String, number: i64, width: u32) {
    for place in (0..width).rev() {
        let digit = number / 10i64.pow(place) % 10;
        out.push(u8::try_from(digit).map_or('?', |d| char::from(b'0' + d)));
    }
}

/// Appends the date as PostgreSQL prints it. `None`: it is outside the years 1 to 9999.
pub fn push_date(out: &mut String, days: i64) -> Option<()> {
    let (year, month, day) = date_of(days)?;
    push_number(out, year, 4);
    out.push('-');
    push_number(out, month, 2);
    out.push('-');
    push_number(out, day, 2);
    Some(())
}

/// Appends the moment as PostgreSQL prints it, in UTC; `zoned` adds the zone. `None`: it
/// is outside the years 1 to 9999.
pub fn push_moment(out: &mut String, micros: i64, zoned: bool) -> Option<()> {
    push_date(out, micros.div_euclid(DAY))?;
    let time = micros.rem_euclid(DAY);
    let (seconds, fraction) = (time / SECOND, time % SECOND);
    for (mark, number) in [(' ', seconds / 3600), (':', seconds / 60 % 60), (':', seconds % 60)] {
        out.push(mark);
        push_number(out, number, 2);
    }
    if fraction > 0 {
        out.push('.');
        push_number(out, fraction, 6);
        out.truncate(out.trim_end_matches('0').len());
    }
    if zoned {
        out.push_str("+00");
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_ten_thousand_years_comes_back() {
        let (first, last) = (days_of(1, 1, 1).unwrap(), days_of(9999, 12, 31).unwrap());
        assert_eq!(first, -EPOCH_DAYS);
        let mut before = (0, 12, 31);
        for days in first..=last {
            let (year, month, day) = date_of(days).unwrap();
            assert_eq!(days_of(year, month, day), Some(days));
            assert!((year, month, day) > before);
            before = (year, month, day);
        }
        assert_eq!(date_of(first - 1), None);
        assert_eq!(date_of(last + 1), None);
        assert_eq!(date_of(i64::MAX), None);
        assert_eq!(days_of(2000, 1, 1), Some(0));
        assert_eq!(days_of(1900, 2, 29), None);
        assert_eq!(days_of(2000, 2, 30), None);
        assert_eq!(days_of(2024, 4, 31), None);
        assert_eq!(days_of(2024, 13, 1), None);
    }

    #[test]
    fn moments_are_read_with_their_zone() {
        let read = |text: &str, zoned| parse_moment(text.as_bytes(), zoned);
        assert_eq!(read("2000-01-01", true), Some(0));
        assert_eq!(read("2000-01-01T00:00:00.5", true), Some(500_000));
        assert_eq!(read("2000-01-01 01:00:00+01:00", true), Some(0));
        assert_eq!(read("2000-01-01 01:00:00+0030", true), Some(1_800_000_000));
        assert_eq!(read("2000-01-01 01:00:00-02", true), Some(10_800_000_000));
        assert_eq!(read("2000-01-01 01:00:00-02", false), Some(3_600_000_000));
        for odd in [
            "2000-01-01 24:00:00",
            "2000-01-01 00:00:60",
            "2000-01-01 00:00",
            "2000-01-01 00:00:00.",
            "2000-01-01 00:00:00.1234567890",
            "2000-01-01 00:00:00 +01",
            "2000-01-01 00:00:00+16",
            "2000-01-01 00:00:00+1",
            "2000-01-01 00:00:00z",
            "2000-1-1",
            "12000-01-01",
            "infinity",
            "now",
        ] {
            assert_eq!(read(odd, true), None, "{odd}");
        }
    }

    #[test]
    fn digits_finer_than_microseconds_are_rounded() {
        let read = |text: &str| parse_moment(text.as_bytes(), true).unwrap();
        assert_eq!(read("2000-01-01 00:00:00.1234567Z"), 123_457);
        assert_eq!(read("2000-01-01 00:00:00.123456499Z"), 123_456);
        // Halves: to even where the product of the floats is one.
        assert_eq!(read("2000-01-01 00:00:00.0000005"), 0);
        assert_eq!(read("2000-01-01 00:00:00.0000015"), 2);
        assert_eq!(read("2000-01-01 00:00:00.0000025"), 2);
        assert_eq!(read("1999-12-31 23:59:59.9999999+00:00"), 0);
    }

    #[test]
    fn moments_are_printed_without_zeros_behind() {
        let print = |text: &str, zoned| {
            let mut out = String::new();
            push_moment(&mut out, parse_moment(text.as_bytes(), zoned).unwrap(), zoned).unwrap();
            out
        };
        assert_eq!(print("0001-01-01 00:00:00.000001", false), "0001-01-01 00:00:00.000001");
        assert_eq!(print("1999-12-31T23:59:59.120000Z", true), "1999-12-31 23:59:59.12+00");
        assert_eq!(print("2026-01-01", true), "2026-01-01 00:00:00+00");
    }
}
