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
