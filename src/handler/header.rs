//! Header lines: `-- on OrderCreated`, `-- on "a, b", billing:Order.Paid`.
//!
//! Owns what makes a comment a header. A comment that only starts with "on" and
//! goes on in words stays a comment; what is nearly a header is an error, since
//! taken for a comment it would hand its statements to the handler above it.

use super::error::{HandlerErrorKind, shown};
use super::scan::{Token, TokenKind, unquote};
use crate::source::Span;

/// A type's name in a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypeName {
    pub(super) name: String,
    pub(super) span: Span,
}

/// What a comment line turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Comment,
    Header(Vec<TypeName>),
    Mistake(usize, HandlerErrorKind),
}

/// Whether a token is the first on its line.
pub(super) fn opens_its_line(text: &str, token: &Token) -> bool {
    let before = text[..token.start].trim_end_matches([' ', '\t', '\x0b', '\x0c']);
    before.is_empty() || before == "\u{feff}" || before.ends_with(['\n', '\r'])
}

/// Reads a comment line as a header, if it is one.
pub(super) fn read(text: &str, token: &Token) -> Line {
    if token.kind != TokenKind::LineComment || !opens_its_line(text, token) {
        return Line::Comment;
    }
    let body = token.text(text)[2..].trim_start();
    let Some(word) = body.get(..2) else { return Line::Comment };
    let rest = &body[2..];
    let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
    if !word.eq_ignore_ascii_case("on") || !ends {
        return Line::Comment;
    }
    names(rest, token.end - rest.len())
}

/// Reads the names; `offset` is where `list` begins in the file.
fn names(list: &str, offset: usize) -> Line {
    let mut names = Vec::new();
    let mut mistake = None;
    let mut rest = list;
    loop {
        rest = rest.trim_start();
        let at = offset + list.len() - rest.len();
        let name = if let Some(quoted) = rest.strip_prefix('"') {
            let Some((name, length)) = unquote(quoted) else {
                return Line::Mistake(at, HandlerErrorKind::OpenEventType);
            };
            rest = &rest[1 + length..];
            names.push(TypeName { span: at..offset + list.len() - rest.len(), name: name.clone() });
            rest = rest.trim_start();
            name
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            let name = rest[..end].trim_end();
            rest = &rest[end..];
            if name.contains(char::is_whitespace) {
                return Line::Comment;
            }
            if is_odd(name) {
                mistake.get_or_insert((at, HandlerErrorKind::OddEventType(shown(name))));
            }
            names.push(TypeName { span: at..at + name.len(), name: name.to_owned() });
            name.to_owned()
        };
        if name.is_empty() {
            mistake.get_or_insert((at, HandlerErrorKind::NoEventType));
        }
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None if rest.is_empty() => break,
            None => return Line::Comment,
        }
    }
    match mistake {
        Some((at, kind)) => Line::Mistake(at, kind),
        None => Line::Header(names),
    }
}

/// Whether a name that is written bare is more likely a slip: a pattern, quotes of another language, something behind it.
fn is_odd(name: &str) -> bool {
    const SIGNS: [char; 15] =
        ['"', '`', '*', '?', '~', '!', '<', '>', '(', ')', '[', ']', '{', '}', '='];
    name.contains(SIGNS) || name.starts_with(['\'', '|', '&']) || name.ends_with(['.', ':', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_line(line: &str) -> Line {
        let indent = line.find("--").unwrap();
        read(line, &Token { kind: TokenKind::LineComment, start: indent, end: line.len() })
    }

    fn check(line: &str, expect: &[&str]) {
        match read_line(line) {
            Line::Header(names) => {
                let found: Vec<_> = names.iter().map(|n| n.name.as_str()).collect();
                assert_eq!(found, expect, "{line}");
            }
            other => panic!("{line}: {other:?}"),
        }
    }

    fn check_mistake(line: &str, at: usize, kind: &HandlerErrorKind) {
        assert_eq!(read_line(line), Line::Mistake(at, kind.clone()), "{line}");
    }

    #[test]
    fn headers_name_one_or_several_types() {
        check("-- on OrderCreated", &["OrderCreated"]);
        check("--on A", &["A"]);
        check("  \t-- On A", &["A"]);
        check("--  ON\tA , B,C  ", &["A", "B", "C"]);
        check("-- on \"a, b\", c", &["a, b", "c"]);
        check("-- on \"say \"\"hi\"\"\"", &["say \"hi\""]);
        check(
            "-- on kennel:Dog.Registered-v2, App\\Order+Paid",
            &["kennel:Dog.Registered-v2", "App\\Order+Paid"],
        );
        check("-- on สั่งซื้อ, bestätigt", &["สั่งซื้อ", "bestätigt"]);
        check("\u{feff}-- on A", &["A"]);
    }

    #[test]
    fn names_know_their_bytes() {
        let line = "-- on é, \"b\"";
        let Line::Header(names) = read_line(line) else { panic!("no header") };
        let found: Vec<_> = names.iter().map(|n| &line[n.span.clone()]).collect();
        assert_eq!(found, ["é", "\"b\""]);
    }

    #[test]
    fn prose_stays_a_comment() {
        for line in [
            "-- on every order we add a row",
            "-- on A, we add B",
            "-- on \"strict\" mode",
            "-- once",
            "-- only A",
            "---on A",
            "--",
            "-- é",
            "SELECT 1 -- on A",
        ] {
            assert_eq!(read_line(line), Line::Comment, "{line}");
        }
    }

    #[test]
    fn slips_are_errors() {
        check_mistake("-- on", 5, &HandlerErrorKind::NoEventType);
        check_mistake("-- on A,", 8, &HandlerErrorKind::NoEventType);
        check_mistake("-- on A,,B", 8, &HandlerErrorKind::NoEventType);
        check_mistake("-- on \"\"", 6, &HandlerErrorKind::NoEventType);
        check_mistake("-- on A, \"b", 9, &HandlerErrorKind::OpenEventType);
        check_mistake("-- on A:", 6, &HandlerErrorKind::OddEventType("A:".into()));
        for odd in ["'A'", "`A`", "*", "~A", "A*", "<A>", "(A)", "A?", "!A", "|A"] {
            check_mistake(&format!("-- on {odd}"), 6, &HandlerErrorKind::OddEventType(odd.into()));
        }
    }
}
