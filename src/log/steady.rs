//! Whether an adopted log says the same at each look: its keys, and the views it is read through, must ask neither
//! the clock nor chance nor the session.
//!
//! A row that `at < now() - interval '3 s'` hides is passed over by a follower and there for a rebuild; one whose
//! payload is drawn is another event each time. Functions of the server are known by what its catalog says
//! (VOLATILE), and by name where they are the same within a statement only. What functions of others do is not
//! looked into, since most are declared VOLATILE for want of a word.

use super::LogError;
use super::shape::LogShape;
use super::through::calls;
use crate::handler::clock;
use crate::handler::literal::literals;
use crate::handler::scan::{TokenKind, tokens};
use crate::pg::{Session, Sql};

/// Words that stand for the clock or the session without a parenthesis (manual, "Date/Time Functions" and "System
/// Information Functions").
const WORDS: [&str; 9] = [
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "current_user",
    "session_user",
    "current_role",
    "current_catalog",
];
/// Functions that are STABLE, and not the same from one statement or session to the next.
const STABLE: [&str; 14] = [
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "age",
    "current_setting",
    "current_database",
    "current_schema",
    "current_schemas",
    "inet_client_addr",
    "inet_client_port",
    "inet_server_addr",
    "version",
    "txid_current_if_assigned",
    "pg_current_xact_id_if_assigned",
];

/// Refuses a log that says something else from one look to the next.
pub(super) fn look(session: &mut Session, shape: &LogShape) -> Result<(), LogError> {
    let Some(mapping) = shape.mapping() else { return Ok(()) };
    let mut texts: Vec<(String, String)> = mapping
        .into_iter()
        .map(|(key, text)| (format!("config.toml: [event_store.adopt] {key}"), text))
        .collect();
    for row in session.query(include_str!("steady/views.sql"), &[&shape.table])? {
        texts.push((row.get(0), row.get(1)));
    }
    for (of, text) in &texts {
        if let Some(asks) = word(text) {
            return Err(LogError::Unsteady { of: of.clone(), asks });
        }
    }
    let called: Vec<String> = texts.iter().flat_map(|(_, text)| calls(text)).collect();
    let stable = STABLE.as_slice();
    let found = session.query_opt(include_str!("steady/functions.sql"), &[&called, &stable])?;
    let Some(name) = found.map(|row| row.get::<_, String>(0)) else { return Ok(()) };
    let of = texts.into_iter().find(|(_, text)| calls(text).contains(&name));
    Err(LogError::Unsteady { of: of.map_or_else(String::new, |(of, _)| of), asks: name })
}

/// The first word that asks the clock or the session, or a relation that says what the server is doing.
fn word(text: &str) -> Option<String> {
    let words = tokens(text)
        .into_iter()
        .filter(|token| token.kind == TokenKind::Word)
        .map(|token| token.text(text).to_ascii_lowercase());
    let asks = |word: &String| WORDS.contains(&word.as_str()) || word.starts_with("pg_stat");
    // A type of event may have such a word in it; one that is nothing else becomes a date where it meets one.
    let is_moment = |value: &str| clock::first_word(value).as_deref() == Some(value.trim());
    words.into_iter().find(asks).or_else(|| {
        let mut all = literals(text).into_iter().map(|literal| literal.value.to_ascii_lowercase());
        all.find(|value| is_moment(value)).map(|value| format!("'{value}'"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_ask_are_found() {
        for (text, asks) in [
            ("at < CURRENT_TIMESTAMP", Some("current_timestamp")),
            ("at < 'now'", Some("'now'")),
            ("at < ' Today '::date", None),
            ("kind <> 'sold today'", None),
            ("kind <> 'current_user'", None),
            ("\"now\" > 1 -- current_date", None),
            ("(SELECT true FROM pg_stat_activity LIMIT 1)", Some("pg_stat_activity")),
        ] {
            let found = word(text);
            match asks {
                Some(asks) => assert_eq!(found.as_deref(), Some(asks), "{text}"),
                None if text.contains("Today") => assert!(found.is_some(), "{text}"),
                None => assert_eq!(found, None, "{text}"),
            }
        }
    }
}
