//! Statements that make, change and drop types, and files without those of some types.
//!
//! Owns which statements these are, by their first words and the names behind them. Where builds share a
//! type that is there already, the statements that made it once have nothing to do.

use std::collections::BTreeSet;

use super::blank;
use crate::handler;
use crate::handler::scan::{Token, TokenKind, tokens};
use crate::ident::{Ident, MAX_BYTES};
use crate::source::SourceFile;

/// The types that a statement makes, changes or drops, if it does nothing else and names none of them with
/// a schema.
fn about(sql: &str) -> Option<Vec<String>> {
    let words = handler::first_words(sql);
    let (verb, kind) = (words.first()?.as_str(), words.get(1)?.as_str());
    if !matches!((verb, kind), ("CREATE" | "ALTER" | "DROP", "TYPE" | "DOMAIN")) {
        return None;
    }
    let tokens: Vec<Token> = tokens(sql).into_iter().filter(|t| !t.is_comment()).collect();
    let is = |token: &Token, word: &str| {
        token.kind == TokenKind::Word && token.text(sql).eq_ignore_ascii_case(word)
    };
    let mut rest = &tokens[2..];
    if let ("DROP", [first, second, ..]) = (verb, rest)
        && is(first, "IF")
        && is(second, "EXISTS")
    {
        rest = &rest[2..];
    }
    let mut names = Vec::new();
    loop {
        let (name, behind) = rest.split_first()?;
        names.push(folded(name, sql)?);
        match behind.first().map(|token| token.kind) {
            Some(TokenKind::Symbol(b'.')) => return None,
            Some(TokenKind::Symbol(b',')) if verb == "DROP" => rest = &behind[1..],
            _ => return Some(names),
        }
    }
}

/// A name as the catalog has it.
fn folded(token: &Token, sql: &str) -> Option<String> {
    let mut name = match token.kind {
        TokenKind::Word => token.text(sql).to_lowercase(),
        TokenKind::QuotedName => {
            let inner = token.text(sql).strip_prefix('"')?.strip_suffix('"')?;
            inner.replace("\"\"", "\"")
        }
        _ => return None,
    };
    name.truncate(name.floor_char_boundary(MAX_BYTES));
    Some(name)
}

/// A file without the statements that make, change or drop these types; every other byte stays where it is.
#[must_use]
pub fn without_types(file: &SourceFile, types: &BTreeSet<Ident>) -> SourceFile {
    let is_one = |name: &String| types.iter().any(|ty| ty.as_str() == name);
    let mut without = file.clone();
    for cut in handler::cut(file).unwrap_or_default() {
        if about(&file.text[cut.span.clone()]).is_some_and(|names| names.iter().all(is_one)) {
            blank(&mut without, cut.span);
        }
    }
    without
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, left: &str) {
        let types = ["status", "Money", "x"].map(|name| Ident::new(name).unwrap());
        let file = SourceFile::new("a.sql", text);
        let without = without_types(&file, &BTreeSet::from(types));
        assert_eq!(without.text.len(), text.len());
        let words: Vec<&str> = without.text.split_whitespace().filter(|w| *w != ";").collect();
        assert_eq!(words.join(" "), left, "{text}");
    }

    #[test]
    fn statements_about_the_types_are_left_out_and_no_others() {
        for text in [
            "CREATE TYPE status AS ENUM ('a;b');",
            "create /* TABLE */ type STATUS as (a int);",
            "CREATE DOMAIN \"Money\" AS numeric;",
            "ALTER TYPE status ADD VALUE 'c' AFTER 'a';",
            "ALTER DOMAIN \"Money\" ADD CHECK (VALUE > 0);",
            "DROP TYPE IF EXISTS status, \"Money\" CASCADE;",
            "DROP DOMAIN x",
        ] {
            check(text, "");
        }
        for text in [
            "CREATE TYPE other AS ENUM ('a');",
            "CREATE TYPE Money AS ENUM ('a');",
            "CREATE TYPE p.status AS ENUM ('a');",
            "DROP TYPE status, other;",
            "CREATE TABLE status (a int);",
            "COMMENT ON TYPE status IS 'x';",
            "GRANT USAGE ON TYPE status TO public;",
            "SELECT 'CREATE TYPE status';",
        ] {
            check(text, text);
        }
        check("CREATE TYPE x AS (a int);\nCREATE TABLE t (a x);", "CREATE TABLE t (a x);");
    }
}
