//! What a JSON value is as a text: for SQL, for a message, and back in quotes.
//!
//! Owns the one rule of how a JSON value becomes an SQL text. It looks at one value and knows no
//! members; no number passes through a float, so every digit survives.

use std::borrow::Cow;

use super::{JsonError, scan};

/// What PostgreSQL's `->>` gives for a JSON text: nothing for null, the
/// characters of a string, and any other value's text unchanged.
///
/// # Errors
/// A string holds `\u0000` or a lone surrogate, or the text is no JSON string.
#[inline]
pub fn sql_text(raw: &str) -> Result<Option<Cow<'_, str>>, JsonError> {
    let Some(rest) = raw.strip_prefix('"') else {
        return Ok((raw != "null").then_some(Cow::Borrowed(raw)));
    };
    let inner = rest
        .strip_suffix('"')
        .ok_or_else(|| JsonError::Syntax("a string has no end".to_owned()))?;
    match scan::is_plain(inner) {
        true => Ok(Some(Cow::Borrowed(inner))),
        false => unescape(inner).map(|text| Some(Cow::Owned(text))),
    }
}

/// Checks that arrays and objects are nested at most `limit` levels deep,
/// without recursion. Texts that are not JSON may pass.
///
/// # Errors
/// [`JsonError::TooDeep`].
pub fn check_depth(text: &str, limit: usize) -> Result<(), JsonError> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth += 1;
                if depth > limit {
                    return Err(JsonError::TooDeep(limit));
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// A text as a JSON string.
#[must_use]
pub fn quote_json(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    push_quoted(&mut json, text);
    json
}

/// What a JSON text is, told from its first byte, in words for a message.
#[must_use]
pub fn kind(raw: &str) -> &'static str {
    match raw.trim_start().bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        Some(_) => "a number",
        None => "empty",
    }
}

pub(super) fn push_quoted(json: &mut String, text: &str) {
    if text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        json.push_str(&serde_json::to_string(text).expect("a text always has a JSON form"));
    } else {
        json.push('"');
        json.push_str(text);
        json.push('"');
    }
}

fn unescape(inner: &str) -> Result<String, JsonError> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let letter = rest.chars().next().ok_or_else(bad_escape)?;
        rest = &rest[letter.len_utf8()..];
        text.push(match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => take_character(&mut rest)?,
            _ => return Err(bad_escape()),
        });
    }
    text.push_str(rest);
    Ok(text)
}

/// The character that the four hex digits after a `\u` stand for, or two such groups where they
/// are a surrogate pair.
fn take_character(rest: &mut &str) -> Result<char, JsonError> {
    let first = take_hex(rest)?;
    let code = match first {
        0 => return Err(JsonError::Nul),
        0xD800..=0xDBFF => {
            *rest = rest.strip_prefix("\\u").ok_or(JsonError::LoneSurrogate(first))?;
            let second = take_hex(rest)?;
            if !(0xDC00..=0xDFFF).contains(&second) {
                return Err(JsonError::LoneSurrogate(first));
            }
            0x10000 + ((u32::from(first) - 0xD800) << 10) + (u32::from(second) - 0xDC00)
        }
        _ => u32::from(first),
    };
    char::from_u32(code).ok_or(JsonError::LoneSurrogate(first))
}

fn take_hex(rest: &mut &str) -> Result<u16, JsonError> {
    let digits = rest.get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
    let digits = digits.ok_or_else(bad_escape)?;
    *rest = &rest[4..];
    u16::from_str_radix(digits, 16).map_err(|_| bad_escape())
}

fn bad_escape() -> JsonError {
    JsonError::Syntax("a string holds an invalid escape".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_text_is_what_postgresql_gives() {
        let text = |raw| sql_text(raw).unwrap().map(Cow::into_owned);
        assert_eq!(text("null"), None);
        assert_eq!(text("1e400000").as_deref(), Some("1e400000"));
        assert_eq!(text("true").as_deref(), Some("true"));
        assert_eq!(text(r#"{"a": 1}"#).as_deref(), Some(r#"{"a": 1}"#));
        assert_eq!(text(r#""null""#).as_deref(), Some("null"));
        assert_eq!(text(r#""a\n\"\\\/\u00e9\ud83d\ude00กข""#).as_deref(), Some("a\n\"\\/é😀กข"));
        assert!(matches!(sql_text("\"plain\""), Ok(Some(Cow::Borrowed("plain")))));
    }

    #[test]
    fn a_text_postgresql_cannot_hold_is_named_and_never_stripped() {
        assert_eq!(sql_text(r#""a\u0000b""#), Err(JsonError::Nul));
        assert_eq!(sql_text(r#""\ud83d""#), Err(JsonError::LoneSurrogate(0xd83d)));
        assert_eq!(sql_text(r#""\ud83d\n""#), Err(JsonError::LoneSurrogate(0xd83d)));
        assert_eq!(sql_text(r#""\ud83d\ud83d""#), Err(JsonError::LoneSurrogate(0xd83d)));
        assert_eq!(sql_text(r#""\ude00x""#), Err(JsonError::LoneSurrogate(0xde00)));
        assert!(JsonError::LoneSurrogate(0xde00).to_string().contains("\\ude00"));
        for broken in ["\"", "\"a", r#""\q""#, r#""\u12""#, r#""\u+123""#, r#""\uéé""#, "\"\\\""]
        {
            assert!(matches!(sql_text(broken), Err(JsonError::Syntax(_))), "{broken}");
        }
    }

    #[test]
    fn quoting_survives_a_round_trip() {
        for text in ["", "a", "\"\\\n\u{1}", "กข😀", "\u{7f}"] {
            assert_eq!(sql_text(&quote_json(text)).unwrap().as_deref(), Some(text));
        }
    }
}
