//! What a statement leaves in its session, and who repeats it.
//!
//! A revision that runs outside a transaction may be taken up by another session, which has nothing of what the
//! first one was given. A plain SET or RESET, or a `SELECT set_config(...)` of constants, is repeated by
//! every run. Whatever else a statement leaves there, settings in another way or temporary objects, would be
//! missing, and what comes next would run in another schema, as somebody else or on another table.

use std::collections::BTreeSet;

use super::MigrateError;
use crate::handler::first_words;
use crate::handler::scan::{Token, TokenKind, tokens};
use crate::pg::{PgError, Sql};
use crate::source::Place;

/// What later statements may rest on, a line each.
#[derive(PartialEq, Eq)]
pub(super) struct SessionState(BTreeSet<String>);

impl SessionState {
    pub(super) fn of(sql: &mut impl Sql) -> Result<SessionState, PgError> {
        let text = sql.ask(include_str!("session_state.sql"))?.unwrap_or_default();
        Ok(SessionState(text.lines().map(str::to_owned).collect()))
    }

    /// What is not as it was before, by its name.
    pub(super) fn changed_since(&self, before: &SessionState) -> Option<String> {
        let line = self.0.symmetric_difference(&before.0).next()?;
        Some(match line.split_once(' ') {
            Some(("temporary", name)) => format!("the temporary object {name}"),
            Some((name, _)) => name.to_owned(),
            None => line.clone(),
        })
    }
}

/// The refusal of a statement that leaves something which another run would not have.
pub(super) fn refused(place: Place, left: &str) -> MigrateError {
    MigrateError::Script {
        place,
        reason: format!(
            "the statement leaves {left} in its session, and a run that is taken up again would go on without it"
        ),
        hint: "nothing of the statement was kept: write SET as a statement of its own, which every run repeats; in \
               place of a temporary table use one that is dropped at the end"
            .into(),
    }
}

/// Whether every run repeats a statement: it changes the session and nothing else.
pub(super) fn is_repeated(sql: &str) -> bool {
    let all: Vec<Token> = tokens(sql).into_iter().filter(|token| !token.is_comment()).collect();
    let text = |token: &Token| token.text(sql).to_ascii_lowercase();
    match all.first().map(&text).as_deref() {
        Some("set" | "reset") => true,
        Some("select") => is_set_config(&all[1..], text),
        _ => false,
    }
}

/// Whether a statement that is not repeated speaks of `set_config`, other than in a definition: settings with a name of
/// their own show nowhere.
pub(super) fn sets_unseen(sql: &str) -> bool {
    let defines = |word: &String| matches!(word.as_str(), "CREATE" | "ALTER" | "COMMENT");
    sql.to_ascii_lowercase().contains("set_config")
        && !first_words(sql).first().is_some_and(defines)
}

/// Reads `[pg_catalog.]set_config('name', 'value', true or false)`, and nothing behind it.
fn is_set_config(rest: &[Token], text: impl Fn(&Token) -> String) -> bool {
    let shape: Vec<String> = rest
        .iter()
        .map(|token| match token.kind {
            TokenKind::Text => "'".to_owned(),
            _ => text(token),
        })
        .filter(|word| word != ";")
        .collect();
    let words: Vec<&str> = shape.iter().map(String::as_str).collect();
    let call = match words.as_slice() {
        ["pg_catalog", ".", call @ ..] => call,
        call => call,
    };
    matches!(call, ["set_config", "(", "'", ",", "'", ",", "true" | "false", ")"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_sets_nothing() {
        assert!(sets_unseen("DO $$ BEGIN PERFORM set_config('a.b', 'c', false); END $$"));
        assert!(sets_unseen("WITH a AS (SELECT set_config('a.b', 'c', false)) SELECT 1"));
        assert!(!sets_unseen(
            "CREATE FUNCTION f() RETURNS text AS $$ SELECT set_config('a.b', 'c', false) $$"
        ));
    }

    #[test]
    fn what_every_run_repeats() {
        for text in [
            "SET search_path = a",
            "/* a */ reset ROLE",
            "SELECT pg_catalog.set_config('search_path', '', false);",
            "select set_config ( 'a.b' , $$c$$ , TRUE ) -- d",
        ] {
            assert!(is_repeated(text), "{text}");
        }
        for text in [
            "SELECT set_config('a', 'b', false) FROM t",
            "SELECT set_config('a', f(), false)",
            "SELECT a.set_config('a', 'b', false)",
            "SELECT set_config('a', 'b', false), 1",
            "DO $$ BEGIN PERFORM set_config('a', 'b', false); END $$",
            "SELECT 1",
            "",
        ] {
            assert!(!is_repeated(text), "{text}");
        }
    }
}
