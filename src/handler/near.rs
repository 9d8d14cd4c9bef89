//! Comments of a handlers file that look like headers and are none.
//!
//! Taken for a comment, such a line would hand the statements below it to the handler above, and
//! nobody would be told. The rule, which `docs/handlers.md` states for people, looks at the first
//! words of a comment and at the shape of the names the file's real headers have:
//!
//! - A comment that begins with `on` is a near miss if the next word is shaped as a type's name:
//!   with a capital, with a dot, colon or backslash inside, in quotes; or as plain, joined by `_` or
//!   by `-`, where a real header of the file has such a name. `on every order we add a row` is prose.
//! - A comment of a word such as `when`, and names alone, is one.
//! - So is a real header that is not a line of its own, or is in `/* */`.
//!
//! A comment that names types of its own handler only does no harm. Nothing here is asked of files
//! that are in the ledger: a build goes on as it began.

use std::collections::BTreeSet;

use super::error::{Errors, HandlerError, HandlerErrorKind, shown};
use super::header::{self, Line};
use super::pieces::{Gatherer, Semicolons};
use super::scan::{Token, TokenKind, scan};
use crate::ident::quote_ident;
use crate::source::SourceFile;

/// Words that begin prose after `on`, whatever names a project has.
const PROSE: [&str; 40] = [
    "a",
    "all",
    "an",
    "and",
    "another",
    "any",
    "average",
    "behalf",
    "both",
    "conflict",
    "demand",
    "duplicate",
    "each",
    "either",
    "every",
    "first",
    "her",
    "his",
    "how",
    "its",
    "last",
    "my",
    "next",
    "no",
    "one",
    "or",
    "our",
    "purpose",
    "same",
    "some",
    "such",
    "that",
    "the",
    "their",
    "these",
    "this",
    "those",
    "time",
    "top",
    "your",
];
/// Words that stand for `on` to those who do not know it, before names alone.
const INSTEAD: [&str; 14] = [
    "when",
    "whenever",
    "upon",
    "for",
    "event",
    "events",
    "handle",
    "handles",
    "handler",
    "handling",
    "type",
    "types",
    "consume",
    "subscribe",
];
/// Words that do so, too, and that prose has before a word with a capital.
const PERHAPS: [&str; 9] =
    ["if", "once", "after", "case", "match", "process", "apply", "react", "project"];
/// What may stand between `on` and a name.
const KINDS: [&str; 7] = ["event", "events", "type", "types", "kind", "message", "messages"];
/// What SQL itself has after ON, in capitals: a statement that was taken out.
const SQL: [&str; 7] = ["CONFLICT", "DELETE", "UPDATE", "DUPLICATE", "COMMIT", "TRUE", "FALSE"];

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    /// Nobody writes prose so: `OrderPaid`, `kennel:Dog`, `"..."`, letters without case.
    Name,
    /// Begins with a capital: `Paid`.
    Capital,
    /// `order_paid`
    Joined,
    /// `order-paid`
    Hyphened,
    /// `paid`
    Plain,
}

impl Shape {
    fn of(word: &str) -> Option<Shape> {
        let bare = trimmed(word);
        let first = bare.chars().next()?;
        let inside = bare.get(first.len_utf8()..).unwrap_or_default();
        let has_case = |c: char| c.is_lowercase() || c.is_uppercase();
        let caseless = bare.chars().any(char::is_alphabetic) && !bare.chars().any(has_case);
        let hump =
            bare.chars().zip(inside.chars()).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
        let quoted = word.trim_start_matches(['(', '[', ':']).starts_with(['"', '\'', '`']);
        Some(if quoted || caseless || hump || inside.contains(['.', ':', '\\', '/', '+', '@']) {
            Shape::Name
        } else if first.is_uppercase() {
            Shape::Capital
        } else if !first.is_alphabetic() {
            return None;
        } else if inside.contains('_') {
            Shape::Joined
        } else if inside.contains('-') {
            Shape::Hyphened
        } else {
            Shape::Plain
        })
    }
}

/// A word without what is around it.
fn trimmed(word: &str) -> &str {
    word.trim_matches(|c: char| c.is_ascii() && !(c.is_ascii_alphanumeric() || c == '_'))
}

/// The comments of a handlers file that look like headers and are none.
#[must_use]
pub fn near_headers(file: &SourceFile) -> Vec<HandlerError> {
    let text = file.text.as_str();
    let tokens = scan(text).tokens;
    let headers: Vec<Line> = tokens.iter().map(|token| header::read(text, token)).collect();
    let names = headers.iter().flat_map(|line| match line {
        Line::Header(names) => names.as_slice(),
        _ => &[],
    });
    let written: BTreeSet<&str> = names.map(|name| name.name.as_str()).collect();
    let reader = Reader { shapes: written.iter().filter_map(|name| Shape::of(name)).collect() };
    let mut errors = Errors::new(file);
    let mut gatherer = Gatherer::new(text, Semicolons::All);
    let mut own: Vec<String> = Vec::new();
    for (token, line) in tokens.iter().zip(headers) {
        if !token.is_comment() {
            gatherer.take(*token);
            continue;
        }
        // A header cuts a statement off; what is no line of its own, inside one, is about it.
        let inside = !gatherer.is_empty() && !header::opens_its_line(text, token);
        if inside || gatherer.is_nested() {
            continue;
        }
        match line {
            Line::Header(names) => {
                own = names.into_iter().map(|name| name.name).collect();
                gatherer.finish();
            }
            // Told when the file is read.
            Line::Mistake(..) => {}
            Line::Comment => {
                if let Some(near) = reader.near(text, token)
                    && near.names.iter().any(|name| !own.contains(name))
                {
                    let written = shown(token.text(text).trim());
                    errors.push(
                        token.start,
                        HandlerErrorKind::NearHeader { written, instead: near.header() },
                    );
                }
            }
        }
    }
    errors.or(()).err().unwrap_or_default()
}

/// What was meant, as far as it can be told.
#[derive(Debug, PartialEq, Eq)]
struct Near {
    names: Vec<String>,
}

impl Near {
    fn header(&self) -> String {
        let odd = |name: &&String| name.contains(|c: char| c.is_whitespace() || c == ',');
        let one = |name: &String| match Some(name).filter(odd) {
            Some(name) => quote_ident(name),
            None => name.clone(),
        };
        format!("-- on {}", self.names.iter().map(one).collect::<Vec<_>>().join(", "))
    }
}

struct Reader {
    /// The shapes of names in the file's headers; where there is none, any may be one.
    shapes: BTreeSet<Shape>,
}

impl Reader {
    fn near(&self, text: &str, token: &Token) -> Option<Near> {
        let whole = token.text(text);
        let body = match token.kind {
            TokenKind::LineComment => &whole[2..],
            _ => whole.strip_prefix("/*")?.strip_suffix("*/")?,
        };
        // A longer text in /* */ is prose.
        let mut lines = body.lines().filter(|line| line.contains(char::is_alphanumeric));
        let (line, None) = (lines.next()?, lines.next()) else { return None };
        let said = line.trim_start_matches(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
        let said = seen(said.trim_end());
        let said = said.trim_start_matches(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
        if let Some(rest) = after_on(said) {
            return self.after(said, rest);
        }
        let (word, rest) = said.split_once(char::is_whitespace)?;
        let word = word.trim_end_matches([':', '(', '=', '>']).to_lowercase();
        let names = match word.as_str() {
            word if INSTEAD.contains(&word) => self.names_alone(rest),
            word if PERHAPS.contains(&word) => {
                let names = self.names_alone(rest);
                names.filter(|all| all.iter().all(|name| Shape::of(name) == Some(Shape::Name)))
            }
            _ => None,
        };
        names.map(|names| Near { names })
    }

    /// A comment that begins with `on`.
    fn after(&self, said: &str, rest: &str) -> Option<Near> {
        let words: Vec<&str> = rest.split_whitespace().collect();
        let (first, more) = words.split_first()?;
        if said.starts_with("ON") && SQL.contains(&trimmed(first)) {
            return None;
        }
        // A condition of a join that was taken out.
        if more.first().is_some_and(|word| ["=", "<>", "<", ">", "<=", ">="].contains(word)) {
            return None;
        }
        // `on: paid`: no prose has it.
        if said[2..].trim_start().starts_with([':', '=']) && more.is_empty() {
            return Some(Near { names: vec![trimmed(first).to_owned()] });
        }
        // `on the event Paid`
        let kind = words.iter().position(|word| KINDS.contains(&word.to_lowercase().as_str()));
        if let Some(kind) = kind
            && words[..kind].iter().all(|word| PROSE.contains(word))
            && let Some(names) = self.names_alone(&words[kind + 1..].join(" "))
        {
            return Some(Near { names });
        }
        let shape = Shape::of(first)?;
        if PROSE.contains(&trimmed(first)) {
            // `on every OrderPaid`: too short for prose.
            let named = words.len() <= 3 && more.iter().any(|w| Shape::of(w) == Some(Shape::Name));
            return named.then(|| Near { names: self.names_in(more) });
        }
        if self.is_name(shape) {
            return Some(Near { names: self.names_in(&words) });
        }
        // `on event OrderPaid`
        let named = words.len() <= 3 && more.iter().any(|w| Shape::of(w) == Some(Shape::Name));
        named.then(|| Near { names: self.names_in(more) })
    }

    fn is_name(&self, shape: Shape) -> bool {
        matches!(shape, Shape::Name | Shape::Capital)
            || self.shapes.is_empty()
            || self.shapes.contains(&shape)
    }

    /// The names, if there is nothing else.
    fn names_alone(&self, rest: &str) -> Option<Vec<String>> {
        let words: Vec<&str> = rest.split_whitespace().collect();
        let all = !words.is_empty()
            && words.iter().filter(|word| !is_and(word)).all(|word| {
                let prose = PROSE.contains(&trimmed(word));
                !prose && Shape::of(word).is_some_and(|shape| self.is_name(shape))
            });
        all.then(|| self.names_in(&words))
    }

    /// The names at the beginning of some words: those between `,` and `and`; several that are
    /// joined by nothing are one with blanks.
    fn names_in(&self, words: &[&str]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut joined = true;
        for (nth, word) in words.iter().enumerate() {
            if is_and(word) {
                joined = true;
                continue;
            }
            let named = Shape::of(word).is_some_and(|shape| self.is_name(shape));
            if !named || PROSE.contains(&trimmed(word)) {
                if nth == 0 {
                    continue;
                }
                break;
            }
            let name = trimmed(word).to_owned();
            match names.last_mut() {
                Some(last) if !joined => {
                    last.push(' ');
                    last.push_str(&name);
                }
                _ => names.push(name),
            }
            joined = word.ends_with([',', ';', '|', '&', '+']);
            // What follows a colon, a dash or a full stop says something of the names.
            if word.ends_with([':', '.', ')']) {
                break;
            }
        }
        names
    }
}

/// The text as it is seen: without characters that have no width, and with the letters of `on` where others look the same.
fn seen(said: &str) -> String {
    let letter = |c: char| match c {
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        'о' | 'О' | 'ο' | 'Ο' | 'օ' | 'ｏ' | 'Ｏ' => Some('o'),
        'ո' | 'ｎ' | 'Ｎ' => Some('n'),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    };
    let mut first = true;
    let mut seen = String::new();
    for word in said.split_inclusive(char::is_whitespace) {
        match std::mem::take(&mut first) || seen.trim().is_empty() {
            true => seen.extend(word.chars().filter_map(letter)),
            // Names are left as they are.
            false => seen.extend(word.chars().filter(|c| !('\u{200b}'..='\u{200f}').contains(c))),
        }
    }
    seen
}

fn is_and(word: &str) -> bool {
    ["and", "or", "&", "|", "+", "/", "&&", "||", ",", ";"].contains(&word.to_lowercase().as_str())
}

/// What follows `on`, whatever stands between; `on-hand` and `once` are words of their own.
fn after_on(said: &str) -> Option<&str> {
    let rest = said.get(..2).filter(|on| on.eq_ignore_ascii_case("on")).map(|_| &said[2..])?;
    let first = rest.chars().next()?;
    let glued =
        first.is_uppercase() && said.starts_with("on") && !rest.contains(char::is_whitespace);
    if glued {
        return Some(rest);
    }
    let mark = |c: char| matches!(c, ':' | '=' | '(' | '[' | '<' | '{' | '>' | '_' | ',');
    if !first.is_whitespace() && !mark(first) && !rest.starts_with("->") {
        return None;
    }
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || mark(c) || c == '-');
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of a comment between two handlers of a file with such names.
    fn said(names: &str, comment: &str) -> Option<String> {
        let text = format!("-- on {names}\nDELETE FROM a;\n{comment}\nDELETE FROM b;\n");
        let errors = near_headers(&SourceFile::new("h.sql", text));
        assert!(errors.len() <= 1, "{errors:?}");
        errors.first().map(|error| match &error.kind {
            HandlerErrorKind::NearHeader { instead, .. } => {
                assert_eq!(error.place.line, 3);
                instead.clone()
            }
            other => panic!("{other}"),
        })
    }

    fn check(comment: &str, instead: &str) {
        assert_eq!(said("OrderCreated", comment).as_deref(), Some(instead), "{comment}");
    }

    #[test]
    fn what_looks_like_a_header_is_told_with_the_header_it_may_be() {
        check("-- on OrderPaid and OrderShipped", "-- on OrderPaid, OrderShipped");
        check("-- on OrderPaid or OrderShipped.", "-- on OrderPaid, OrderShipped");
        check("-- on OrderPaid & OrderShipped", "-- on OrderPaid, OrderShipped");
        check(
            "-- on OrderPaid, OrderShipped and OrderLost",
            "-- on OrderPaid, OrderShipped, OrderLost",
        );
        check("-- on OrderPaid: mark it paid", "-- on OrderPaid");
        check("-- on OrderPaid; mark it paid", "-- on OrderPaid");
        check("-- on OrderPaid -- marks it paid", "-- on OrderPaid");
        check("-- on OrderPaid (and nothing else)", "-- on OrderPaid");
        check("-- on OrderPaid mark it paid", "-- on OrderPaid");
        check("-- on OrderPaid => paid", "-- on OrderPaid");
        check("-- on Order Paid", "-- on \"Order Paid\"");
        check("-- on Paid: mark it", "-- on Paid");
        check("-- on: OrderPaid", "-- on OrderPaid");
        check("-- on:OrderPaid", "-- on OrderPaid");
        check("-- on -> OrderPaid", "-- on OrderPaid");
        check("-- on = OrderPaid", "-- on OrderPaid");
        check("-- on(OrderPaid)", "-- on OrderPaid");
        check("-- onOrderPaid", "-- on OrderPaid");
        check("-- on event OrderPaid", "-- on OrderPaid");
        check("-- on the OrderPaid event", "-- on OrderPaid");
        check("-- on every OrderPaid", "-- on OrderPaid");
        check("-- on \"OrderPaid\" only", "-- on OrderPaid");
        check("-- on billing:Order.Paid, and then", "-- on billing:Order.Paid");
        check("-- On OrderPaid: note", "-- on OrderPaid");
        check("-- when OrderPaid", "-- on OrderPaid");
        check("-- When: OrderPaid, OrderShipped", "-- on OrderPaid, OrderShipped");
        check("-- event OrderPaid", "-- on OrderPaid");
        check("-- handle OrderPaid and OrderShipped", "-- on OrderPaid, OrderShipped");
        check("--- on OrderPaid", "-- on OrderPaid");
        check("-- * on OrderPaid", "-- on OrderPaid");
        check("-- @on OrderPaid", "-- on OrderPaid");
        check("-- [on OrderPaid]", "-- on OrderPaid");
        check("/* on OrderPaid */", "-- on OrderPaid");
        check("/* On OrderPaid and OrderShipped */", "-- on OrderPaid, OrderShipped");
        check("/**\n * on OrderPaid\n **/", "-- on OrderPaid");
        check("DELETE FROM c; -- on OrderPaid", "-- on OrderPaid");
        check("-- on event Paid", "-- on Paid");
        check("-- on type Paid", "-- on Paid");
        check("-- on the event Paid", "-- on Paid");
        check("-- on events Paid and Lost", "-- on Paid, Lost");
        check("-- On: paid", "-- on paid");
        check("-- for Paid", "-- on Paid");
        check("-- whenever Paid", "-- on Paid");
        check("-- after OrderPaid", "-- on OrderPaid");
        check("--\u{200b} on Paid", "-- on Paid");
        check("-- \u{200b}on Paid", "-- on Paid");
        check("-- оn Paid", "-- on Paid");
        check("-- ｏｎ Paid", "-- on Paid");
        check("-- on สั่งซื้อ และ", "-- on \"สั่งซื้อ และ\"");
    }

    #[test]
    fn prose_is_prose() {
        for line in [
            "-- on every order we add a row",
            "-- on the day an order is paid, its row is changed",
            "-- on conflict we keep the first row",
            "-- ON CONFLICT (id) DO NOTHING",
            "-- ON DELETE CASCADE would do it, too",
            "-- ON t.id = u.id",
            "-- on purpose",
            "-- on purpose without a condition",
            "-- on hand: what is in stock",
            "-- on-hand stock",
            "-- on deposit and on withdrawal the balance moves",
            "-- on order_id there is an index",
            "-- once",
            "-- only OrderPaid counts",
            "-- one row per order",
            "-- when an order is paid, OrderPaid changes its row",
            "-- when paid",
            "-- for reporting",
            "-- for Sales and their reports",
            "-- after Monday",
            "-- once Paid",
            "-- on the type of an event nothing depends",
            "-- when OrderPaid arrives the row is there",
            "-- events of one stream",
            "-- OrderPaid comes later",
            "-- The total is counted",
            "/* A long text:\n   on OrderPaid a row is changed\n   and nothing else */",
            "-- --------",
            "--",
            "DELETE FROM c WHERE x IN ( -- on OrderPaid\n1);",
            // These are headers.
            "-- on OrderPaid",
            "--on OrderPaid",
            "-- ON OrderPaid, OrderShipped",
            "-- on purpose_built",
            // These are of the handler above.
            "-- on OrderCreated: a second statement",
            "DELETE FROM c; -- on OrderCreated",
        ] {
            assert_eq!(said("OrderCreated", line), None, "{line}");
        }
    }

    #[test]
    fn names_are_shaped_as_the_files_headers_are() {
        let told = |names: &str, comment: &str| said(names, comment).unwrap_or_default();
        assert_eq!(told("deposit", "-- on withdrawal and transfer"), "-- on withdrawal, transfer");
        assert_eq!(told("deposit", "-- on withdrawal: subtract"), "-- on withdrawal");
        assert_eq!(told("deposit", "-- when withdrawal"), "-- on withdrawal");
        assert_eq!(told("deposit", "-- on every withdrawal we subtract"), "");
        assert_eq!(
            told("order_paid", "-- on order_sent and order_lost"),
            "-- on order_sent, order_lost"
        );
        assert_eq!(told("order_paid", "-- on hand and on order"), "");
        assert_eq!(told("order-paid", "-- on order-sent: note"), "-- on order-sent");
    }
}
