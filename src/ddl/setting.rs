//! Settings that a statement changes: `SET`, `RESET` and `set_config` with a name that stands there.
//!
//! Owns which of them a revision may not have. What functions and DO blocks set is not seen here:
//! whoever runs a revision sets what counts anew before each statement.

use crate::handler;
use crate::handler::scan::{Token, TokenKind, tokens};

/// A setting, by what becomes of it in a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// A timeout. Ours count, so it has no effect.
    Timeout(String),
    /// It belongs to the transaction, which is ours: its isolation, whether it writes.
    Transaction,
    /// Who the session is: only the role may be changed.
    Authorization,
    /// `standard_conforming_strings` is not on: strings would end elsewhere than they seem to.
    Strings,
    /// `client_encoding` is not UTF-8, in which all texts are sent.
    Encoding,
    /// Any other; it holds to the end of the file.
    Other,
}

/// The setting that a statement changes, if its words say that it does.
#[must_use]
pub fn of(sql: &str) -> Option<Setting> {
    let tokens: Vec<Token> = tokens(sql).into_iter().filter(|t| !t.is_comment()).collect();
    let words = handler::first_words(sql);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["SET", "SESSION", "CHARACTERISTICS", ..]
        | ["SET", "TRANSACTION", ..]
        | ["SET", "LOCAL" | "SESSION", "TRANSACTION", ..] => Some(Setting::Transaction),
        ["SET", "SESSION", "AUTHORIZATION", ..]
        | ["SET", "LOCAL" | "SESSION", "SESSION", "AUTHORIZATION", ..] => {
            Some(Setting::Authorization)
        }
        ["SET", "CONSTRAINTS", ..] => None,
        ["SET", ..] => {
            let scope = tokens.get(1).map_or("", |t| t.text(sql)).to_ascii_uppercase();
            let at = if matches!(&*scope, "LOCAL" | "SESSION") { 2 } else { 1 };
            let value = |after: usize| tokens.get(at + after).map(|t| t.text(sql));
            match &*name(tokens.get(at)?, sql) {
                "names" => Some(named("client_encoding", value(1))),
                name => Some(named(name, value(2))),
            }
        }
        // Back to what the session had, which is ours.
        ["RESET", ..] => Some(Setting::Other),
        _ => tokens.windows(3).enumerate().find_map(|(at, window)| {
            let calls = window[1].kind == TokenKind::Symbol(b'(')
                && window[2].kind == TokenKind::Text
                && name(&window[0], sql) == "set_config";
            let given = window[2].text(sql).trim_matches('\'');
            // Behind the comma.
            let value = || tokens.get(at + 4).map(|t| t.text(sql));
            calls.then(|| named(&given.to_ascii_lowercase(), value()))
        }),
    }
}

/// A name as the server compares it.
fn name(token: &Token, sql: &str) -> String {
    token.text(sql).trim_matches('"').to_ascii_lowercase()
}

fn named(name: &str, value: Option<&str>) -> Setting {
    const TIMEOUTS: [&str; 5] = [
        "lock_timeout",
        "statement_timeout",
        "idle_in_transaction_session_timeout",
        "idle_session_timeout",
        "transaction_timeout",
    ];
    let on = |value: &str| {
        matches!(&*value.trim_matches('\'').to_ascii_lowercase(), "on" | "true" | "yes" | "1")
    };
    match name {
        name if TIMEOUTS.contains(&name) => Setting::Timeout(name.to_owned()),
        "session_authorization" => Setting::Authorization,
        name if name.starts_with("transaction_") => Setting::Transaction,
        "client_encoding" if !value.is_some_and(is_utf8) => Setting::Encoding,
        "standard_conforming_strings" if !value.is_some_and(on) => Setting::Strings,
        _ => Setting::Other,
    }
}

/// What PostgreSQL takes for UTF-8, and DEFAULT, which is ours.
fn is_utf8(value: &str) -> bool {
    let plain = value.trim_matches(['\'', '"', ' ']).to_ascii_lowercase().replace(['-', '_'], "");
    matches!(&*plain, "utf8" | "unicode" | "default")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_statement_sets() {
        let timeout = |name: &str| Some(Setting::Timeout(name.into()));
        for (sql, expect) in [
            ("SET lock_timeout = 0", timeout("lock_timeout")),
            ("set /* a */ local \"lock_timeout\" to '1s'", timeout("lock_timeout")),
            ("SET SESSION transaction_timeout = 1", timeout("transaction_timeout")),
            (
                "SELECT pg_catalog.set_config('statement_timeout', '0', false)",
                timeout("statement_timeout"),
            ),
            ("SET TRANSACTION READ ONLY", Some(Setting::Transaction)),
            ("SET LOCAL transaction_isolation = 'serializable'", Some(Setting::Transaction)),
            ("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", Some(Setting::Transaction)),
            ("SET SESSION AUTHORIZATION bob", Some(Setting::Authorization)),
            ("SET LOCAL SESSION AUTHORIZATION bob", Some(Setting::Authorization)),
            ("SET session_authorization = bob", Some(Setting::Authorization)),
            ("RESET SESSION AUTHORIZATION", Some(Setting::Other)),
            ("SET standard_conforming_strings = off", Some(Setting::Strings)),
            ("SET standard_conforming_strings TO 'on'", Some(Setting::Other)),
            (
                "SELECT pg_catalog.set_config('standard_conforming_strings', 'on', false)",
                Some(Setting::Other),
            ),
            ("SET client_encoding = 'UTF8'", Some(Setting::Other)),
            ("set names utf8", Some(Setting::Other)),
            ("SET client_encoding TO latin1", Some(Setting::Encoding)),
            ("SET NAMES 'SQL_ASCII'", Some(Setting::Encoding)),
            ("SELECT set_config('client_encoding', 'latin1', true)", Some(Setting::Encoding)),
            ("SET ROLE app_owner", Some(Setting::Other)),
            ("SET search_path = a, b", Some(Setting::Other)),
            ("SET CONSTRAINTS ALL DEFERRED", None),
            ("SELECT 'SET lock_timeout = 0'", None),
            ("CREATE TABLE lock_timeout ()", None),
        ] {
            assert_eq!(of(sql), expect, "{sql}");
        }
    }
}
