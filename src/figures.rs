//! Numbers and times as people read them, the same on a terminal and on the service's page.

use std::time::Duration;

/// `1234567` as `1,234,567`.
#[must_use]
pub fn grouped(number: impl TryInto<i128>) -> String {
    let number = number.try_into().unwrap_or(0);
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// A whole number as [`grouped`] writes it, or as its digits alone, so that what is printed can be typed.
///
/// # Errors
/// It is no such number, or does not fit.
pub fn number(text: &str) -> Result<i64, String> {
    let plain: String = text.chars().filter(|c| *c != ',').collect();
    let number: i64 = plain.parse().map_err(|e| format!("{e}"))?;
    match text == plain || text == grouped(number) {
        true => Ok(number),
        false => Err("commas group digits by three, as in 1,234,567".to_owned()),
    }
}

/// `1 event`, `1,234 events`.
#[must_use]
pub fn counted(number: impl TryInto<i128>, one: &str, many: &str) -> String {
    let number = number.try_into().unwrap_or(0);
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A duration as people say it: `850 ms`, `4.2 s`, `3 min 5 s`.
#[must_use]
pub fn duration(took: Duration) -> String {
    let seconds = took.as_secs_f64();
    match seconds {
        s if s < 0.01 => format!("{:.1} ms", s * 1000.0),
        s if s < 1.0 => format!("{:.0} ms", s * 1000.0),
        s if s < 100.0 => format!("{s:.1} s"),
        s => format!("{} min {} s", (s / 60.0).floor(), (s % 60.0).floor()),
    }
}

/// Events a second, or nothing where there was no time.
#[must_use]
pub fn rate(events: i64, took: Duration) -> i64 {
    let seconds = took.as_secs_f64();
    if seconds <= 0.0 {
        return 0;
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a rate for people"
    )]
    let rate = (events as f64 / seconds).round() as i64;
    rate
}

/// A time in the two units that matter, in whole numbers: `3 s`, `4 min 5 s`, `2 h 10 min`, `3 d 4 h`.
#[must_use]
pub fn rough(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds / 3_600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_typed() {
        for value in [0, 7, 999, 1_000, 1_234_567, -1_000, i64::MAX, i64::MIN] {
            assert_eq!(
                (number(&grouped(value)), number(&value.to_string())),
                (Ok(value), Ok(value))
            );
        }
        for text in
            ["", ",", "1,23", "12,34", "1,2345", "1,,234", ",123", "9,223,372,036,854,775,808"]
        {
            assert!(number(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(1_234_567_i64), "1,234,567");
        assert_eq!(grouped(-1000_i64), "-1,000");
        assert_eq!(counted(1, "event", "events"), "1 event");
    }

    #[test]
    fn times_are_rough() {
        for (seconds, said) in
            [(0, "0 s"), (61, "1 min 1 s"), (7_260, "2 h 1 min"), (90_000, "1 d 1 h")]
        {
            assert_eq!(rough(Duration::from_secs(seconds)), said);
        }
    }
}
