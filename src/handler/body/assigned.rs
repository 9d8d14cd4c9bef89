//! What a body of PL/pgSQL assigns to, and the types it names.
//!
//! PL/pgSQL makes of a value what its target is, through its text where there is no other way: where a
//! text becomes a date so, no type's name stands in the body.

use super::{Body, Reader, TokenKind};

/// An assignment, a RETURN, or what a query is put into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The names of the target, such as `new`, `at`; `return` for what a function gives.
    pub target: Vec<String>,
    /// The expression; none where it is a query's.
    pub value: Option<String>,
}

/// Behind these a statement begins.
const OPENING: [&str; 6] = ["begin", "then", "else", "loop", "declare", "exception"];

impl Reader<'_> {
    /// Adds to a body what it assigns, and the types it names.
    pub(super) fn assigned(&self, words: &[String], body: &mut Body) {
        let mut declares = false;
        for at in 0..self.tokens.len() {
            let before = at.checked_sub(1);
            let word = words[at].as_str();
            let is_word = self.tokens[at].kind == TokenKind::Word && !self.is_inner(at);
            declares = match word {
                "declare" if is_word => true,
                "begin" if is_word => false,
                _ => declares,
            };
            let begins = before.is_none_or(|b| {
                self.symbol(Some(b)) == Some(b';') || OPENING.contains(&words[b].as_str())
            });
            if begins && declares && self.is_name(at) && word != "declare" {
                self.declared(at, words, body);
            } else if begins && is_word && word == "return" {
                let from = at + usize::from(words.get(at + 1).is_some_and(|w| w == "next"));
                let is_row = |w: &str| ["new", "old", "null", "query", ""].contains(&w);
                let end = self.end(from + 1);
                let single = end == from + 2 && words.get(from + 1).is_some_and(|w| is_row(w));
                let query = words.get(from + 1).is_some_and(|w| w == "query");
                if end > from + 1 && !(single && self.is_name(from + 1)) && !query {
                    let value = self.written(from + 1, end);
                    body.assigned.push(Assigned { target: vec!["return".into()], value });
                }
            } else if begins && is_word && matches!(word, "for" | "foreach") {
                self.targets(at + 1, words, body);
            } else if is_word
                && word == "into"
                && before.is_none_or(|b| !matches!(words[b].as_str(), "insert" | "merge"))
            {
                let strict = words.get(at + 1).is_some_and(|w| w == "strict");
                self.targets(at + 1 + usize::from(strict), words, body);
            } else if begins && self.is_name(at) && self.assigns(at) {
                let end = self.end(at);
                let is_sign = |n: &usize| matches!(self.symbol(Some(*n)), Some(b':' | b'='));
                let Some(sign) = (at..end).find(is_sign) else { continue };
                // `:=` is a colon and a sign.
                let from = (sign..end).find(|n| !is_sign(n)).unwrap_or(end);
                let value = self.written(from, end);
                body.assigned.push(Assigned { target: self.path(at, words).0, value });
            }
            self.cast(at, words, body);
        }
    }

    /// `name type := value;`
    fn declared(&self, at: usize, words: &[String], body: &mut Body) {
        let end = self.end(at);
        let is_given = |n: &usize| {
            matches!(self.symbol(Some(*n)), Some(b':' | b'=')) || words[*n] == "default"
        };
        let given = (at + 1..end).find(is_given).unwrap_or(end);
        if (at + 1..given).any(|n| words[n] == "cursor") {
            return;
        }
        if given < end {
            let from = (given..end).find(|n| !is_given(n)).unwrap_or(end);
            let value = self.written(from, end);
            body.assigned.push(Assigned { target: vec![words[at].clone()], value });
        }
        let mut next = at + 1;
        while next < given {
            if !self.is_name(next) {
                next += 1;
                continue;
            }
            let (path, behind) = self.path(next, words);
            let of_column = words.get(behind + 1).is_some_and(|w| w == "type");
            let is_of = self.symbol(Some(behind)) == Some(b'%');
            let column =
                (is_of && of_column && path.len() > 1).then(|| path[path.len() - 1].clone());
            let name = &path[path.len() - 1 - usize::from(column.is_some())];
            body.typed.insert((name.clone(), column));
            next = behind;
        }
    }

    /// `x::name` and `CAST(x AS name)`.
    fn cast(&self, at: usize, words: &[String], body: &mut Body) {
        let is_sign =
            self.symbol(Some(at)) == Some(b':') && self.tokens[at].text(self.text) == "::";
        let is_as = words[at] == "as" && self.tokens[at].kind == TokenKind::Word;
        if !(is_sign || is_as) || at + 1 >= self.tokens.len() || !self.is_name(at + 1) {
            return;
        }
        let (path, behind) = self.path(at + 1, words);
        if is_sign || self.symbol(Some(behind)) == Some(b')') {
            body.cast.extend(path.last().cloned());
        }
    }

    /// The targets that a query's columns go to: `a, b.c`.
    fn targets(&self, from: usize, words: &[String], body: &mut Body) {
        let mut at = from;
        while at < self.tokens.len() && self.is_name(at) {
            let (target, behind) = self.path(at, words);
            body.assigned.push(Assigned { target, value: None });
            if self.symbol(Some(behind)) != Some(b',') {
                return;
            }
            at = behind + 1;
        }
    }

    /// The names `a.b.c` that begin at a token, and the token behind them.
    fn path(&self, at: usize, words: &[String]) -> (Vec<String>, usize) {
        let mut path = vec![words[at].clone()];
        let mut next = at + 1;
        while self.symbol(Some(next)) == Some(b'.')
            && next + 1 < self.tokens.len()
            && self.is_name(next + 1)
        {
            path.push(words[next + 1].clone());
            next += 2;
        }
        (path, next)
    }

    /// The semicolon that ends a statement.
    fn end(&self, from: usize) -> usize {
        let ends = |n: &usize| self.symbol(Some(*n)) == Some(b';');
        (from..self.tokens.len()).find(ends).unwrap_or(self.tokens.len())
    }

    fn written(&self, from: usize, end: usize) -> Option<String> {
        let (first, last) = (self.tokens.get(from)?, self.tokens.get(end.checked_sub(1)?)?);
        self.text.get(first.start..last.end).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;

    #[test]
    fn what_a_body_assigns_is_told() {
        let body = read(
            "DECLARE a p.at%TYPE := x; r p%ROWTYPE; n numeric(3, 1) DEFAULT 1; b text[];\nBEGIN\n\
             NEW.at := lower(NEW.raw); NEW = f(NEW);\nIF a = b THEN r.id[1] = 5; END IF;\n\
             SELECT x, y INTO STRICT r.at, n FROM p; INSERT INTO q VALUES (1::own_x);\n\
             FOR r IN SELECT 1 LOOP NULL; END LOOP;\n\
             IF a THEN RETURN NULL; END IF; RETURN NEXT a; RETURN QUERY SELECT 1; RETURN x || 'y'; RETURN NEW; END",
        )
        .unwrap_or_else(|hidden| panic!("{hidden:?}"));
        let told: Vec<String> = body
            .assigned
            .iter()
            .map(|a| format!("{} <- {}", a.target.join("."), a.value.as_deref().unwrap_or("?")))
            .collect();
        assert_eq!(
            told,
            [
                "a <- x",
                "n <- 1",
                "new.at <- lower(NEW.raw)",
                "new <- f(NEW)",
                "r.id <- 5",
                "r.at <- ?",
                "n <- ?",
                "r <- ?",
                "return <- a",
                "return <- x || 'y'",
            ]
        );
        let typed: Vec<String> = body
            .typed
            .iter()
            .map(|(n, c)| format!("{n}.{}", c.as_deref().unwrap_or("*")))
            .collect();
        for name in ["p.at", "p.*", "numeric.*", "text.*"] {
            assert!(typed.iter().any(|t| t == name), "{name}: {typed:?}");
        }
        assert!(body.cast.contains("own_x"), "{body:?}");
    }
}
