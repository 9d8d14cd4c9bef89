//! Which right is missing, as the GRANT that would give it.
//!
//! A refusal names the object without its schema and the privilege not at all. So another
//! connection asks the catalog, which the refused one cannot in a transaction that has failed. It is
//! the best that can be said and never an error: who cannot tell says nothing. Whether it should be
//! granted is for whoever owns the object.

use super::{PgError, Server, settings};
use crate::handler::scan::{TokenKind, tokens};
use crate::ident::quote_ident;

/// The role that a statement takes on, `None` if it gives one back; nothing if it does neither.
pub(super) fn taken_on(statement: &str) -> Option<Option<String>> {
    // No statement about a role is this long, and seeds are longer by far.
    if statement.len() > 400 {
        return None;
    }
    let found = tokens(statement);
    let mut rest = found.iter().filter(|token| !token.is_comment());
    let mut next = || rest.next().map(|token| (token.kind, token.text(statement)));
    let is = |word: Option<(TokenKind, &str)>, keyword: &str| {
        word.is_some_and(|(kind, text)| {
            kind == TokenKind::Word && text.eq_ignore_ascii_case(keyword)
        })
    };
    let first = next();
    let mut second = next();
    if is(first, "RESET") {
        return (is(second, "ROLE") || is(second, "ALL")).then_some(None);
    }
    if !is(first, "SET") {
        return None;
    }
    if is(second, "LOCAL") || is(second, "SESSION") {
        second = next();
    }
    if !is(second, "ROLE") {
        return None;
    }
    let mut name = next()?;
    if is(Some(name), "TO") || name.0 == TokenKind::Symbol(b'=') {
        name = next()?;
    }
    let inner = |text: &str, quote: char| {
        let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
        Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()))
    };
    let role = match name {
        (TokenKind::Word, text) => text.to_lowercase(),
        (TokenKind::QuotedName, text) => inner(text, '"')?,
        (TokenKind::Text, text) => inner(text, '\'')?,
        _ => return None,
    };
    Some(Some(role).filter(|role| role != "none" && role != "default"))
}

/// The error with the GRANT that was missing for `sql`, where that is what it is about. `role` is
/// the one that was acted as, if it is not the session's own.
pub(super) fn named(error: PgError, place: &Server, role: Option<&str>, sql: &str) -> PgError {
    let denied = error.is_denied();
    match error {
        PgError::Server(mut refused) if denied => {
            refused.grant = match is_of_a_policy(&refused.message) {
                true => beyond_policies(place, role),
                false => missing(place, role, &refused.message, sql),
            };
            PgError::Server(refused)
        }
        other => other,
    }
}

/// Whether a policy holds for the role that would leave rows out, which `row_security = off` makes an error of.
fn is_of_a_policy(message: &str) -> bool {
    message.starts_with("query would be affected by row-level security policy")
}

/// What lets the role see every row.
fn beyond_policies(place: &Server, role: Option<&str>) -> Option<String> {
    let role = role.or_else(|| place.login())?;
    Some(format!("ALTER ROLE {} BYPASSRLS;", quote_ident(role)))
}

/// What a server that does not let us in would want, by its message.
pub(super) fn to_connect(place: &Server, message: &str) -> Option<String> {
    let role = quote_ident(place.login()?);
    if let Some(name) = quoted_after(message, "permission denied to set role ") {
        return Some(format!("GRANT {} TO {role};", quote_ident(name)));
    }
    let name = quoted_after(message, "permission denied for database ")?;
    Some(format!("GRANT CONNECT ON DATABASE {} TO {role};", quote_ident(name)))
}

/// The name in double quotes after some words.
fn quoted_after<'m>(message: &'m str, words: &str) -> Option<&'m str> {
    message.strip_prefix(words)?.strip_prefix('"')?.strip_suffix('"')
}

fn missing(place: &Server, role: Option<&str>, message: &str, sql: &str) -> Option<String> {
    let temporary = "permission denied to create temporary tables in database ";
    let (kind, name, privilege) = match message.strip_prefix(temporary) {
        Some(name) => ("database", name, "TEMPORARY".to_owned()),
        None => match denied(message)? {
            ("database", name) => ("database", name, "CREATE".to_owned()),
            (kind, name) => (kind, name, privilege(sql)),
        },
    };
    let (mut client, ..) = place.connect("rights").ok()?;
    client.batch_execute(settings::PINNED).ok()?;
    let row =
        client.query_one(include_str!("rights.sql"), &[&kind, &name, &privilege, &sql, &role]);
    row.ok()?.get(0)
}

/// The kind and the name of what was denied; messages may be translated, and then nobody knows.
fn denied(message: &str) -> Option<(&'static str, &str)> {
    const KINDS: [&str; 13] = [
        "database",
        "schema",
        "table",
        "view",
        "materialized view",
        "foreign table",
        "sequence",
        "function",
        "procedure",
        "aggregate",
        "type",
        "language",
        "foreign server",
    ];
    let what = message.strip_prefix("permission denied for ")?;
    let of = |kind: &&'static str| Some((*kind, what.strip_prefix(*kind)?.strip_prefix(' ')?));
    KINDS.iter().find_map(of)
}

/// What a statement needs on the table it names first.
fn privilege(sql: &str) -> String {
    let upper = sql.trim_start().to_ascii_uppercase();
    let words: Vec<&str> = upper.split_whitespace().take(3).collect();
    let columns = || match (sql.find('('), sql.find(')')) {
        (Some(from), Some(to)) if from < to => format!("INSERT {}", &sql[from..=to]),
        _ => "INSERT".to_owned(),
    };
    match words.as_slice() {
        ["COPY", into, ..] if !into.starts_with('(') && upper.contains(" FROM STDIN") => columns(),
        ["INSERT", ..] => columns(),
        ["UPDATE", ..] => "UPDATE".into(),
        ["DELETE", ..] => "DELETE".into(),
        ["TRUNCATE", ..] => "TRUNCATE".into(),
        _ if upper.contains(" FOR UPDATE") || upper.contains(" FOR SHARE") => "UPDATE".into(),
        _ => "SELECT".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_what_was_denied() {
        assert_eq!(denied("permission denied for table events"), Some(("table", "events")));
        assert_eq!(
            denied("permission denied for materialized view a b"),
            Some(("materialized view", "a b"))
        );
        assert_eq!(denied("must be owner of table events"), None);
    }

    #[test]
    fn a_script_takes_on_roles_and_gives_them_back() {
        let on = |sql: &str| taken_on(sql).map(|role| role.unwrap_or_else(|| "-".into()));
        for (sql, role) in [
            ("SET ROLE App", Some("app")),
            ("-- first\nset local role \"A \"\"b\"", Some("A \"b")),
            ("SET SESSION ROLE 'x'", Some("x")),
            ("SET role TO app", Some("app")),
            ("SET role = 'app'", Some("app")),
            ("SET ROLE NONE", Some("-")),
            ("RESET ROLE", Some("-")),
            ("RESET ALL", Some("-")),
            ("RESET search_path", None),
            ("SET search_path = role", None),
            ("SELECT 'SET ROLE app'", None),
        ] {
            assert_eq!(on(sql).as_deref(), role, "{sql}");
        }
    }

    #[test]
    fn a_statement_tells_its_privilege() {
        assert_eq!(privilege("COPY \"s\".events (a, b) FROM STDIN"), "INSERT (a, b)");
        assert_eq!(privilege("COPY (SELECT 1 FROM s.events) TO STDOUT"), "SELECT");
        assert_eq!(privilege("insert into t (x) VALUES (1)"), "INSERT (x)");
        assert_eq!(privilege("SELECT id FROM t FOR UPDATE"), "UPDATE");
    }

    #[test]
    fn who_may_not_connect_is_told_what_to_grant() {
        let server = Server::parse("postgresql://App@db.example/shop").unwrap();
        let told = |message: &str| to_connect(&server, message);
        assert_eq!(
            told("permission denied for database \"shop\"").as_deref(),
            Some("GRANT CONNECT ON DATABASE \"shop\" TO \"App\";")
        );
        assert_eq!(
            told("permission denied to set role \"owner\"").as_deref(),
            Some("GRANT \"owner\" TO \"App\";")
        );
        assert_eq!(told("too many connections"), None);
    }
}
