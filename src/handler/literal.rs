//! String constants of SQL by their values, as PostgreSQL decodes them.
//!
//! Owns what stands between the quotes: doubled quotes, backslashes of `E'...'`, code points of `U&'...'`
//! with its UESCAPE, dollar quotes, and strings that go on in the next line. PostgreSQL manual, "Lexical
//! Structure", with `standard_conforming_strings` on.

use super::clock;
use super::scan::{Token, TokenKind, tokens};
use crate::source::Span;

/// A string constant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// Its bytes in the text, all lines of it.
    pub span: Span,
    /// What it says.
    pub value: String,
}

/// The string constants of a text, in order.
#[must_use]
pub fn literals(text: &str) -> Vec<Literal> {
    let tokens: Vec<Token> = tokens(text).into_iter().filter(|t| !t.is_comment()).collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(first) = tokens.get(at) {
        at += 1;
        if first.kind != TokenKind::Text {
            continue;
        }
        let written = first.text(text);
        let mut span = first.start..first.end;
        let mut value = match written.as_bytes().first() {
            Some(b'$') => dollar(written),
            Some(b'e' | b'E') => escaped(written),
            _ => plain(written),
        };
        // One with backslashes is cut whole by the scanner; the others go on in a token of their own.
        let goes_on = !matches!(written.as_bytes().first(), Some(b'$' | b'e' | b'E'));
        while let Some(next) = tokens.get(at).filter(|_| goes_on) {
            let between = &text[span.end..next.start];
            let is_next = next.kind == TokenKind::Text
                && next.text(text).starts_with('\'')
                && between.contains(['\n', '\r']);
            if !is_next {
                break;
            }
            value.push_str(&plain(next.text(text)));
            span.end = next.end;
            at += 1;
        }
        if written.starts_with(['u', 'U']) {
            let mut escape = '\\';
            if let [word, other, ..] = &tokens[at..]
                && word.kind == TokenKind::Word
                && word.text(text).eq_ignore_ascii_case("uescape")
                && other.kind == TokenKind::Text
            {
                escape = plain(other.text(text)).chars().next().unwrap_or(escape);
                span.end = other.end;
                at += 2;
            }
            value = code_points(&value, escape);
        }
        found.push(Literal { span, value });
    }
    found
}

/// The constants of a text that may ask the clock, each with one in its place that does not: what else
/// it says is the same. Of the body of a function only the constants in it are changed.
#[must_use]
pub fn moments(text: &str) -> Vec<(Span, String)> {
    let suspect = |literal: Literal| {
        let inner = moments(&literal.value);
        let other = match inner.is_empty() {
            true => clock::without_words(&literal.value)?,
            false => replaced(&literal.value, &inner),
        };
        Some((literal.span, quoted(&other)))
    };
    literals(text).into_iter().filter_map(suspect).collect()
}

/// A text with parts of it replaced, which are in its order.
#[must_use]
pub fn replaced(text: &str, parts: &[(Span, String)]) -> String {
    let mut other = text.to_owned();
    for (span, part) in parts.iter().rev() {
        other.replace_range(span.clone(), part);
    }
    other
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// What stands in quotes, behind whatever letters come before them.
fn plain(written: &str) -> String {
    let start = written.find('\'').map_or(written.len(), |at| at + 1);
    let inner = written.get(start..written.len().saturating_sub(1)).unwrap_or_default();
    inner.replace("''", "'")
}

fn dollar(written: &str) -> String {
    let tag = written[1..].find('$').map_or(written.len(), |at| at + 2);
    written.get(tag..written.len().saturating_sub(tag)).unwrap_or_default().to_owned()
}

fn escaped(written: &str) -> String {
    let mut bytes = written.bytes().skip(2).peekable();
    let mut value: Vec<u8> = Vec::with_capacity(written.len());
    let number = |digits: &mut std::iter::Peekable<std::iter::Skip<std::str::Bytes<'_>>>,
                  radix: u32,
                  most: usize| {
        let (mut number, mut taken) = (0_u32, 0);
        while taken < most
            && let Some(digit) = digits.peek().and_then(|b| char::from(*b).to_digit(radix))
        {
            number = number.wrapping_mul(radix).wrapping_add(digit);
            digits.next();
            taken += 1;
        }
        (taken > 0).then_some(number)
    };
    let push = |value: &mut Vec<u8>, number: Option<u32>| {
        let c = number.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        value.extend(c.encode_utf8(&mut [0; 4]).bytes());
    };
    while let Some(byte) = bytes.next() {
        match byte {
            b'\'' if bytes.peek() == Some(&b'\'') => {
                bytes.next();
                value.push(b'\'');
            }
            // It ends, or goes on in the next line.
            b'\'' => while bytes.next().is_some_and(|b| b != b'\'') {},
            b'\\' => match bytes.next() {
                Some(b'b') => value.push(8),
                Some(b'f') => value.push(12),
                Some(b'n') => value.push(b'\n'),
                Some(b'r') => value.push(b'\r'),
                Some(b't') => value.push(b'\t'),
                Some(b'x') => match number(&mut bytes, 16, 2) {
                    Some(n) => value.push(n.to_le_bytes()[0]),
                    None => value.push(b'x'),
                },
                Some(b'u') => {
                    let n = number(&mut bytes, 16, 4);
                    push(&mut value, n);
                }
                Some(b'U') => {
                    let n = number(&mut bytes, 16, 8);
                    push(&mut value, n);
                }
                Some(digit @ b'0'..=b'7') => {
                    let mut n = u32::from(digit - b'0');
                    for _ in 0..2 {
                        if let Some(next) = bytes.peek().filter(|b| (b'0'..=b'7').contains(b)) {
                            n = n * 8 + u32::from(next - b'0');
                            bytes.next();
                        }
                    }
                    value.push(n.to_le_bytes()[0]);
                }
                Some(other) => value.push(other),
                None => {}
            },
            byte => value.push(byte),
        }
    }
    String::from_utf8_lossy(&value).into_owned()
}

/// `\0061` and `\+000061`, with the character that stands for the backslash.
fn code_points(text: &str, escape: char) -> String {
    let (mut value, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(escape) {
        value.push_str(before);
        if let Some(again) = after.strip_prefix(escape) {
            value.push(escape);
            rest = again;
            continue;
        }
        let (digits, skip) = match after.strip_prefix('+') {
            Some(long) => (long.get(..6), 7),
            None => (after.get(..4), 4),
        };
        let number = digits.and_then(|d| u32::from_str_radix(d, 16).ok());
        match number.and_then(char::from_u32) {
            Some(c) => {
                value.push(c);
                rest = &after[skip..];
            }
            None => rest = after,
        }
    }
    value.push_str(rest);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        literals(text).into_iter().map(|literal| literal.value).collect()
    }

    #[test]
    fn a_constant_is_what_postgresql_makes_of_it() {
        for (text, value) in [
            ("'now'", "now"),
            ("'it''s'", "it's"),
            ("N'now'", "now"),
            ("E'\\x6eow'", "now"),
            ("E'\\156\\157w'", "now"),
            ("e'n\\o\\u0077'", "now"),
            ("E'\\U0000006eow'", "now"),
            ("E'a''b\\'c'", "a'b'c"),
            ("E'n'\n'\\x6fw'", "now"),
            ("U&'\\006eow'", "now"),
            ("U&'\\+00006eow'", "now"),
            ("U&'!006eow' UESCAPE '!'", "now"),
            ("u&'a\\\\b'", "a\\b"),
            ("'n'\n'ow'", "now"),
            ("'n' -- a comment\n  'o'\n'w'", "now"),
            ("$a$n'ow$a$", "n'ow"),
            ("$$now$$", "now"),
        ] {
            assert_eq!(values(text), [value], "{text}");
            assert_eq!(literals(text)[0].span, 0..text.len(), "{text}");
        }
        assert_eq!(values("SELECT 'a', 'b' \"c\", -- 'd'\n $1, 'e'"), ["a", "b", "e"]);
    }

    #[test]
    fn what_may_ask_the_clock_is_written_otherwise() {
        for (text, other) in [
            ("at < E'\\x6eow'", "at < 'xxx'"),
            ("'[today,)', 'n'\n'ow'", "'[xxxxx,)', 'xxx'"),
            ("'{\"n\\ow\"}'", "'{xxx}'"),
            ("AS $$ SELECT now(), date 'to'\n'day' $$", "AS ' SELECT now(), date ''xxxxx'' '"),
            ("AS $$ SELECT now() $$", "AS ' SELECT xxx() '"),
        ] {
            assert_eq!(replaced(text, &moments(text)), other, "{text}");
        }
        assert!(moments("'nowadays', \"now\", now, 'epoch' -- 'now'").is_empty());
    }
}
