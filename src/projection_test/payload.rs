//! Payloads held against each other: where one differs from another, member by member.
//!
//! The order of members does not count, and numbers are one if their values are. Values stay the text that they are
//! written as, so no digit of a number is lost on the way.

use serde_json::value::RawValue;

use crate::value::Object;

/// Where a payload is not as it is expected, in sentences.
#[must_use]
pub(super) fn differences(expected: &str, found: &str) -> Vec<String> {
    let mut told = Vec::new();
    differ("payload", expected.trim(), found.trim(), &mut told);
    told
}

fn differ(path: &str, expected: &str, found: &str, told: &mut Vec<String>) {
    if let (Ok(expected), Ok(found)) = (Object::parse(expected), Object::parse(found)) {
        for (key, value) in expected.members() {
            match found.get(key) {
                Some(is) => differ(&format!("{path}.{key}"), value.trim(), is.trim(), told),
                None => told.push(format!("{path}.{key} is not there, expected {value}")),
            }
        }
        for (key, value) in found.members().filter(|(key, _)| expected.get(key).is_none()) {
            told.push(format!("{path}.{key} is {value}, and is not expected"));
        }
        return;
    }
    if let (Some(expected), Some(found)) = (list(expected), list(found))
        && expected.len() == found.len()
    {
        for (nth, (expected, found)) in expected.iter().zip(&found).enumerate() {
            differ(&format!("{path}[{nth}]"), expected.get(), found.get(), told);
        }
        return;
    }
    if !is_same(expected, found) {
        told.push(format!("{path} is {found}, expected {expected}"));
    }
}

fn list(text: &str) -> Option<Vec<&RawValue>> {
    text.starts_with('[').then(|| serde_json::from_str(text).ok())?
}

/// Whether two values that are not both objects, nor both lists of one length, are the same.
fn is_same(one: &str, other: &str) -> bool {
    let string = |text: &str| -> Option<String> {
        text.starts_with('"').then(|| serde_json::from_str(text).ok())?
    };
    match (string(one).zip(string(other)), number(one).zip(number(other))) {
        (Some((one, other)), _) => one == other,
        (_, Some((one, other))) => one == other,
        _ => one == other,
    }
}

/// A number as its sign, its digits without zeros at either end, and the power of ten behind them.
fn number(text: &str) -> Option<(bool, String, i64)> {
    if !text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        return None;
    }
    let (text, is_negative) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
    let (mantissa, power) = match text.split_once(['e', 'E']) {
        Some((mantissa, power)) => (mantissa, power.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let kept = digits.trim_end_matches('0');
    let cut = i64::try_from(digits.len() - kept.len()).ok()?;
    let kept = kept.trim_start_matches('0');
    if kept.is_empty() {
        return Some((false, String::new(), 0));
    }
    let power = power.checked_sub(i64::try_from(fraction.len()).ok()?)?.checked_add(cut)?;
    Some((is_negative, kept.to_owned(), power))
}

#[cfg(test)]
mod tests {
    use super::differences;

    #[test]
    fn what_is_the_same_is_no_difference() {
        for (one, other) in [
            (r#"{"a": 1, "b": [1, {"c": null}]}"#, r#"{"b":[1.0,{"c":null}],"a":10e-1}"#),
            (r#"{"a": "\u00e9\/"}"#, "{\"a\": \"é/\"}"),
            (r#"{"a": 0, "b": -0.0}"#, r#"{"a": 0.00, "b": 0}"#),
        ] {
            assert_eq!(differences(one, other), [""; 0], "{one} {other}");
        }
    }

    #[test]
    fn each_difference_has_its_path() {
        for (expected, found, told) in [
            (r#"{"a": 1}"#, r#"{"a": 2}"#, "payload.a is 2, expected 1"),
            (r#"{"a": "1"}"#, r#"{"a": 1}"#, "payload.a is 1, expected \"1\""),
            (r#"{"a": {"b": 1}}"#, r#"{"a": {}}"#, "payload.a.b is not there, expected 1"),
            ("{}", r#"{"a": null}"#, "payload.a is null, and is not expected"),
            (r#"{"a": [1, 2]}"#, r#"{"a": [1, 3]}"#, "payload.a[1] is 3, expected 2"),
            (r#"{"a": [1]}"#, r#"{"a": []}"#, "payload.a is [], expected [1]"),
            // More digits than a float has.
            (
                r#"{"a": 9007199254740993.1}"#,
                r#"{"a": 9007199254740993.2}"#,
                "payload.a is 9007199254740993.2, expected 9007199254740993.1",
            ),
        ] {
            assert_eq!(differences(expected, found), [told], "{expected} {found}");
        }
    }
}
