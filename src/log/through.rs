//! What the rows of an adopted log are read through: views, and functions that they or the keys of
//! `[event_store.adopt]` call.
//!
//! Under one name there may be another definition by now, and events that a build has read would be others. Functions
//! in keys are found by their names, so one of the same name in another schema counts as well; what the body of a
//! function in a language of its own calls is not seen.

use std::collections::BTreeSet;

use super::shape::LogShape;
use crate::anchor::Through;
use crate::handler::scan::{TokenKind, tokens, unquote};
use crate::pg::{PgError, Session, Sql};

/// The definitions as they are now; nothing for a log of our own, which is a table.
pub(super) fn look(session: &mut Session, shape: &LogShape) -> Result<Option<Through>, PgError> {
    let Some(mapping) = shape.mapping() else { return Ok(None) };
    let called: BTreeSet<String> = mapping.values().flat_map(|text| calls(text)).collect();
    let called: Vec<String> = called.into_iter().collect();
    let row = session.query_one(include_str!("through.sql"), &[&shape.table, &called])?;
    let (names, digests): (Vec<String>, Vec<String>) = (row.get("names"), row.get("digests"));
    Ok(Some(Through {
        server: row.get("server"),
        definitions: names.into_iter().zip(digests).collect(),
    }))
}

/// The names that stand before a parenthesis.
pub(super) fn calls(expression: &str) -> Vec<String> {
    let all = tokens(expression);
    let all: Vec<_> = all.iter().filter(|token| !token.is_comment()).collect();
    let pairs = all.iter().zip(all.iter().skip(1));
    let called = pairs.filter(|(_, next)| next.kind == TokenKind::Symbol(b'('));
    called
        .filter_map(|(token, _)| match token.kind {
            TokenKind::Word => Some(token.text(expression).to_lowercase()),
            TokenKind::QuotedName => {
                let quoted = token.text(expression).strip_prefix('"')?;
                unquote(quoted).map(|(name, _)| name)
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_called_are_found_in_every_spelling() {
        let text = "public.Decode (body) || \"Shop\".\"De\"\"code\"\"\"/* a */(x) || 'no(t)' || lower(kind)";
        assert_eq!(calls(text), ["decode", "De\"code\"", "lower"]);
        assert_eq!(calls("body -> 'a'"), Vec::<String>::new());
    }
}
