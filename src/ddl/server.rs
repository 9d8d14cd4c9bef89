//! Statements on what a whole server shares: roles, databases, tablespaces, its configuration.
//!
//! Owns which they are. A scratch database is no place for them: they would outlive it.

use crate::handler;
use crate::handler::scan::{Token, TokenKind, tokens};
use crate::source::{SourceFile, Span};

/// Whether a statement is about the server and not about one database, by its first words.
#[must_use]
pub fn is_about_the_server(sql: &str) -> bool {
    let words = handler::first_words(sql);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["CREATE" | "ALTER" | "DROP", "USER", "MAPPING", ..] => false,
        [
            "CREATE" | "ALTER" | "DROP",
            "ROLE" | "USER" | "GROUP" | "TABLESPACE" | "DATABASE" | "SUBSCRIPTION" | "SYSTEM",
            ..,
        ]
        | ["REASSIGN" | "DROP", "OWNED", ..]
        | ["COMMENT", "ON", "ROLE" | "TABLESPACE" | "DATABASE" | "SUBSCRIPTION", ..] => true,
        ["GRANT" | "REVOKE", ..] => is_grant_on_the_server(sql),
        _ => false,
    }
}

/// `GRANT role TO role` has no ON; `GRANT ... ON DATABASE` is about another than the scratch one.
fn is_grant_on_the_server(sql: &str) -> bool {
    let tokens = tokens(sql);
    let words = tokens.iter().filter(|t| t.kind == TokenKind::Word).map(|t| t.text(sql));
    let words: Vec<String> = words.map(str::to_ascii_uppercase).collect();
    match words.iter().position(|word| word == "ON") {
        None => true,
        Some(on) => {
            let next = words.get(on + 1).map_or("", String::as_str);
            matches!(next, "DATABASE" | "TABLESPACE" | "PARAMETER")
        }
    }
}

/// The statements of a file that are about the server.
#[must_use]
pub fn about_the_server(file: &SourceFile) -> Vec<Span> {
    let cuts = handler::cut(file).unwrap_or_default();
    let spans = cuts.into_iter().map(|cut| cut.span);
    spans.filter(|span| is_about_the_server(&file.text[span.clone()])).collect()
}

/// The statements of a file that do nothing but give something to another role, as `pg_dump` has one for
/// each object.
#[must_use]
pub fn given_away(file: &SourceFile) -> Vec<Span> {
    let cuts = handler::cut(file).unwrap_or_default();
    let spans = cuts.into_iter().map(|cut| cut.span);
    spans.filter(|span| gives_away(&file.text[span.clone()])).collect()
}

/// `ALTER ... OWNER TO role`, and no other action beside it.
fn gives_away(sql: &str) -> bool {
    if handler::first_words(sql).first().is_none_or(|word| word != "ALTER") {
        return false;
    }
    let tokens: Vec<_> = tokens(sql).into_iter().filter(|t| !t.is_comment()).collect();
    let mut depth = 0_usize;
    for token in &tokens {
        match token.kind {
            TokenKind::Symbol(b'(') => depth += 1,
            TokenKind::Symbol(b')') => depth = depth.saturating_sub(1),
            TokenKind::Symbol(b',') if depth == 0 => return false,
            _ => {}
        }
    }
    let [.., before, owner, to, role] = tokens.as_slice() else { return false };
    let is = |token: &Token, word: &str| {
        token.kind == TokenKind::Word && token.text(sql).eq_ignore_ascii_case(word)
    };
    let ours = ["CURRENT_USER", "CURRENT_ROLE", "SESSION_USER"];
    // A column may be called so.
    let renames = is(before, "RENAME") || is(before, "COLUMN");
    !renames && is(owner, "OWNER") && is(to, "TO") && !ours.iter().any(|word| is(role, word))
}

/// Puts blanks in the place of a part of a file; every other byte stays where it is.
pub fn blank(file: &mut SourceFile, span: Span) {
    let line_end = |byte: u8| matches!(byte, b'\n' | b'\r');
    let blank = |byte: u8| if line_end(byte) { char::from(byte) } else { ' ' };
    let blanks: String = file.text[span.clone()].bytes().map(blank).collect();
    file.text.replace_range(span, &blanks);
}

/// The schema that a statement makes, if it does nothing else: no other owner, nothing in it.
#[must_use]
pub fn made_schema(sql: &str) -> Option<String> {
    let words = handler::first_words(sql);
    if !matches!(words.first().zip(words.get(1)), Some((a, b)) if a == "CREATE" && b == "SCHEMA") {
        return None;
    }
    let tokens: Vec<_> = tokens(sql).into_iter().filter(|t| !t.is_comment()).collect();
    let [_, _, name] = tokens.as_slice() else { return None };
    match name.kind {
        TokenKind::Word => Some(name.text(sql).to_lowercase()),
        TokenKind::QuotedName if name.text(sql).starts_with('"') => {
            let inner = name.text(sql).strip_prefix('"')?.strip_suffix('"')?;
            Some(inner.replace("\"\"", "\""))
        }
        _ => None,
    }
}

/// The role that a statement makes.
#[must_use]
pub fn made_role(sql: &str) -> Option<String> {
    let words = handler::first_words(sql);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ["CREATE", "ROLE" | "USER", ..] = words.as_slice() else { return None };
    let named = tokens(sql).into_iter().filter(|t| !t.is_comment()).nth(2)?;
    match named.kind {
        TokenKind::Word => Some(named.text(sql).to_lowercase()),
        TokenKind::QuotedName => Some(named.text(sql).trim_matches('"').replace("\"\"", "\"")),
        _ => None,
    }
}

/// Whether a file makes an extension of that name.
#[must_use]
pub fn makes_extension(file: &SourceFile, name: &str) -> bool {
    extension_made(file, name).is_some()
}

/// Where the statement begins that makes an extension of that name.
#[must_use]
pub fn extension_made(file: &SourceFile, name: &str) -> Option<usize> {
    let cuts = handler::cut(file).unwrap_or_default();
    let makes = |sql: &str| {
        let words = handler::first_words(sql);
        let begins = words.first().is_some_and(|w| w == "CREATE")
            && words.get(1).is_some_and(|w| w == "EXTENSION");
        let is_name = |text: &str| text.trim_matches('"').eq_ignore_ascii_case(name);
        begins
            && tokens(sql).iter().filter(|t| !t.is_comment()).take(6).any(|t| is_name(t.text(sql)))
    };
    cuts.into_iter()
        .map(|cut| cut.span)
        .find(|span| makes(&file.text[span.clone()]))
        .map(|s| s.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_whole_server_shares() {
        for sql in [
            "CREATE ROLE app",
            "/* a */ create user app password 'x'",
            "ALTER SYSTEM SET work_mem = '1MB'",
            "ALTER ROLE app SET search_path = x",
            "CREATE DATABASE x",
            "DROP TABLESPACE x",
            "GRANT a, b TO c",
            "GRANT CONNECT ON DATABASE shop TO app",
            "REVOKE ALL ON DATABASE shop FROM PUBLIC",
            "REASSIGN OWNED BY a TO b",
            "COMMENT ON ROLE app IS 'x'",
            "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
        ] {
            assert!(is_about_the_server(sql), "{sql}");
        }
        for sql in [
            "CREATE TABLE role ()",
            "CREATE USER MAPPING FOR app SERVER s",
            "GRANT SELECT ON TABLE \"DATABASE\" TO app",
            "GRANT USAGE ON SCHEMA x TO app",
            "DROP TABLE owned",
            "SELECT 'CREATE ROLE app'",
        ] {
            assert!(!is_about_the_server(sql), "{sql}");
        }
        assert_eq!(made_role("CREATE ROLE \"A\" LOGIN").as_deref(), Some("A"));
        assert_eq!(made_role("create user App").as_deref(), Some("app"));
        for (sql, gives) in [
            ("ALTER TABLE a.b OWNER TO c", true),
            ("alter function f(a int, b int) owner to \"C\"", true),
            ("ALTER TABLE a ADD COLUMN b int, OWNER TO c", false),
            ("ALTER TABLE a OWNER TO CURRENT_USER", false),
            ("ALTER TABLE a RENAME owner TO c", false),
        ] {
            assert_eq!(gives_away(sql), gives, "{sql}");
        }
        assert_eq!(made_role("DROP ROLE app"), None);
        assert_eq!(
            made_schema("CREATE SCHEMA /* a */ Event_Store").as_deref(),
            Some("event_store")
        );
        assert_eq!(made_schema("create schema \"A\"\"b\"").as_deref(), Some("A\"b"));
        for sql in [
            "CREATE SCHEMA a AUTHORIZATION b",
            "CREATE SCHEMA IF NOT EXISTS a",
            "DROP SCHEMA a",
            "CREATE SCHEMA a CREATE TABLE b ()",
        ] {
            assert_eq!(made_schema(sql), None, "{sql}");
        }
        let file = SourceFile::new("a", "CREATE EXTENSION IF NOT EXISTS citext; SELECT 'hstore'");
        assert!(makes_extension(&file, "citext") && !makes_extension(&file, "hstore"));
    }
}
