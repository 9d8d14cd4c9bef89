//! Files that surely leave a session as it was: they call nothing, so nothing of them can set, lock or keep anything.
//! Event triggers may still run functions: the caller checks for them.
//!
//! Behind every other file the session is renewed, which costs a small revision a third of its time. What
//! is not certain is not plain.

use crate::handler::scan::{Token, TokenKind, tokens};
use crate::handler::{self, first_words};
use crate::source::SourceFile;

/// Words by which a statement may call something, or leave something that is its session's.
const CALLS: [&str; 34] = [
    "AS",
    "ATTACH",
    "CHECK",
    "CLUSTER",
    "CONCURRENTLY",
    "CONSTRAINT",
    "DISABLE",
    "ENABLE",
    "EXCLUDE",
    "EXECUTE",
    "FOREIGN",
    "FUNCTION",
    "GENERATED",
    "GLOBAL",
    "INHERIT",
    "INHERITS",
    "LIKE",
    "LOCAL",
    "OF",
    "OWNER",
    "PARTITION",
    "PROCEDURE",
    "RULE",
    "SELECT",
    "SET",
    "TABLESPACE",
    "TEMP",
    "TEMPORARY",
    "TRIGGER",
    "TYPE",
    "USING",
    "VALIDATE",
    "VALUES",
    "WHERE",
];
/// Types of the server's own: a column of another may have a check, which a row that is there has to pass.
const TYPES: [&str; 20] = [
    "BIGINT",
    "BOOL",
    "BOOLEAN",
    "BYTEA",
    "CHAR",
    "CHARACTER",
    "DATE",
    "DECIMAL",
    "DOUBLE",
    "INT",
    "INTEGER",
    "JSON",
    "JSONB",
    "NUMERIC",
    "REAL",
    "SMALLINT",
    "TEXT",
    "TIMESTAMPTZ",
    "UUID",
    "VARCHAR",
];

/// Whether every statement of a file calls nothing.
pub(super) fn is_plain(file: &SourceFile) -> bool {
    // Of one that is too large to be held the text is its head.
    if file.bulk.is_some() {
        return false;
    }
    let plain = |sql: &str| calls_nothing(sql);
    handler::split(file).is_ok_and(|spans| spans.into_iter().all(|span| plain(&file.text[span])))
}

fn calls_nothing(sql: &str) -> bool {
    let words = first_words(sql);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let all: Vec<Token> = tokens(sql).into_iter().filter(|token| !token.is_comment()).collect();
    let word = |nth: usize| -> Option<String> {
        let token = all.get(nth).filter(|token| token.kind == TokenKind::Word)?;
        Some(token.text(sql).to_ascii_uppercase())
    };
    let depth = match words.as_slice() {
        ["CREATE", "TABLE", ..] => 2,
        // An expression, or a class of operators with parameters, has parentheses of its own.
        ["CREATE", "INDEX", ..] | ["CREATE", "UNIQUE", "INDEX", ..] => 1,
        ["ALTER", "TABLE", ..] if adds_columns(&all, word) => 1,
        ["DROP", "TABLE" | "INDEX", ..] => 0,
        _ => return false,
    };
    let mut open = 0;
    for (nth, token) in all.iter().enumerate() {
        let is_fine = match token.kind {
            TokenKind::Symbol(b'(') => {
                open += 1;
                open <= depth
            }
            TokenKind::Symbol(b')') => {
                open -= 1;
                true
            }
            TokenKind::Symbol(byte) => b",;.-+".contains(&byte),
            TokenKind::Word => match word(nth).unwrap_or_default() {
                of if of == "DEFAULT" => is_constant(&all, nth + 1, word),
                of => !CALLS.contains(&of.as_str()),
            },
            TokenKind::Text | TokenKind::QuotedName | TokenKind::Number => true,
            _ => false,
        };
        if !is_fine {
            return false;
        }
    }
    true
}

/// Whether an ALTER TABLE adds columns of the server's own types, and nothing else.
fn adds_columns(all: &[Token], word: impl Fn(usize) -> Option<String>) -> bool {
    let mut added = 0;
    for nth in 0..all.len() {
        match word(nth).as_deref() {
            Some("ADD") => {
                let is_own = word(nth + 3).is_some_and(|of| TYPES.contains(&of.as_str()));
                if word(nth + 1).as_deref() != Some("COLUMN") || !is_own {
                    return false;
                }
                added += 1;
            }
            Some("ALTER" | "DROP" | "RENAME" | "PRIMARY" | "UNIQUE" | "REFERENCES") if nth > 0 => {
                return false;
            }
            _ => {}
        }
    }
    added > 0
}

/// Whether a default is a constant and nothing is done with it.
fn is_constant(all: &[Token], at: usize, word: impl Fn(usize) -> Option<String>) -> bool {
    let kind = |nth: usize| all.get(nth).map(|token| token.kind);
    let signed = usize::from(matches!(kind(at), Some(TokenKind::Symbol(b'-' | b'+'))));
    let at = at + signed;
    let is_one = match kind(at) {
        Some(TokenKind::Number) => true,
        Some(TokenKind::Text) => signed == 0,
        Some(TokenKind::Word) => {
            signed == 0 && matches!(word(at).as_deref(), Some("NULL" | "TRUE" | "FALSE"))
        }
        _ => false,
    };
    let ends = match kind(at + 1) {
        None | Some(TokenKind::Symbol(b',' | b')' | b';')) => true,
        Some(TokenKind::Word) => {
            matches!(
                word(at + 1).as_deref(),
                Some("NOT" | "NULL" | "PRIMARY" | "UNIQUE" | "REFERENCES")
            )
        }
        _ => false,
    };
    is_one && ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_calls_nothing_is_plain() {
        for sql in [
            "CREATE TABLE t (id bigint PRIMARY KEY, name text NOT NULL, n numeric(12, 2) DEFAULT -1.5)",
            "create table a.t (id int, v text default 'now()' not null, unique (id, v));",
            "-- SELECT\nCREATE TABLE t (other a_domain REFERENCES t (id))",
            "ALTER TABLE t ADD COLUMN amount numeric(12, 2) DEFAULT 0",
            "ALTER TABLE t ADD COLUMN a int, ADD COLUMN b text DEFAULT 'x' NOT NULL",
            "CREATE INDEX i ON t (name)",
            "CREATE UNIQUE INDEX i ON a.t (name DESC, \"Other\" text_pattern_ops)",
            "DROP TABLE a.t",
            "DROP INDEX i",
        ] {
            assert!(calls_nothing(sql), "{sql}");
        }
    }

    #[test]
    fn what_may_call_something_is_not() {
        for sql in [
            "SELECT 1",
            "CREATE TABLE t AS SELECT 1",
            "CREATE TEMP TABLE t (id int)",
            "CREATE TABLE t (id int DEFAULT f())",
            "CREATE TABLE t (id int DEFAULT 1 + f())",
            "CREATE TABLE t (id int DEFAULT 'x'::a_type)",
            "CREATE TABLE t (id int DEFAULT f)",
            "CREATE TABLE t (id int CHECK (f(id)))",
            "CREATE TABLE t (id int GENERATED ALWAYS AS (f(1)) STORED)",
            "CREATE TABLE t PARTITION OF s FOR VALUES FROM (1) TO (f(2))",
            "CREATE TABLE t (LIKE s INCLUDING ALL)",
            "ALTER TABLE t ADD COLUMN v text DEFAULT f()",
            "ALTER TABLE t ADD COLUMN v a_domain",
            "ALTER TABLE t ADD COLUMN v a.text",
            "ALTER TABLE t ADD COLUMN v \"text\"",
            "ALTER TABLE t ADD COLUMN IF NOT EXISTS v a_domain",
            "ALTER TABLE t ADD v a_domain",
            "ALTER TABLE t ADD CHECK (f(id))",
            "ALTER TABLE t ALTER COLUMN v TYPE int USING f(v)",
            "ALTER TABLE t ADD COLUMN a int, ALTER COLUMN v SET DEFAULT f()",
            "ALTER TABLE t ADD COLUMN a int REFERENCES s",
            "ALTER TABLE t VALIDATE CONSTRAINT c",
            "ALTER TABLE t DROP COLUMN v",
            "CREATE INDEX i ON t (f(name))",
            "CREATE INDEX i ON t ((name || f()))",
            "CREATE INDEX i ON t (name) WHERE f(name)",
            "CREATE INDEX i ON t USING gin (name)",
            "CREATE VIEW v AS SELECT 1",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "DROP TABLE t; SELECT f()",
            "INSERT INTO t VALUES (1)",
            "GRANT SELECT ON t TO r",
        ] {
            assert!(!calls_nothing(sql), "{sql}");
        }
    }
}
