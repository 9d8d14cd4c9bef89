//! Statements of a projection's revisions, looked at before they run.
//!
//! They run at each rebuild, as handlers do: what they change outside the build they change again, what
//! they read there may be another thing by then, and rows that they write are to be the same. So they
//! are held to what handlers are held to, by the same walk: a statement that writes rows, or asks for
//! some, is put into a scratch function (`walk`), and the constants of every other one are
//! tried (`clock`). What a name with a schema tells is told without a server
//! ([`crate::ddl::beyond`]).

use super::walk::{Effect, Reached, Walk};
use super::{Allowed, Teller, once};
use crate::ddl::{self, Beyond};
use crate::handler::body;
use crate::handler::clock::{has_word, without_words};
use crate::handler::literal::literals;
use crate::handler::scan::{Token, TokenKind, tokens};
use crate::handler::{self, first_words};
use crate::ident::Ident;
use crate::pg::{PgError, Sql, Transaction};
use crate::replay::sql::reach::Found;
use crate::replay::sql::{Fault, ProgramError, clock};
use crate::source::{Place, SourceFile, Span};

/// A revision, by its name and its file.
#[derive(Debug, Clone, Copy)]
pub struct Script<'s> {
    /// The projection.
    pub projection: &'s str,
    /// The revision: `V1__orders`.
    pub stem: &'s str,
    /// Its statements.
    pub file: &'s SourceFile,
}

/// Functions without which a query that nobody reads would not be written, by the words of their names:
/// settings, sequences of the build, and waiting.
const WITHOUT_RESULT: [&str; 5] = ["set_config", "setval", "pg_sleep", "pg_sleep_for", "nextval"];
/// What a query that nobody reads may ask, since nothing keeps it.
const UNKEPT: [&str; 12] = [
    "now",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "current_setting",
    "version",
    "current_database",
    "random",
    "gen_random_uuid",
    "to_regclass",
    "pg_typeof",
    "an object's id",
];

/// What the words of a revision's statements tell that they do outside the build.
#[must_use]
pub fn beyond(script: Script<'_>, allowed: Allowed<'_>) -> Vec<Fault> {
    let cuts = handler::cut(script.file).unwrap_or_default();
    cuts.into_iter().flat_map(|cut| of_words(script, &cut.span, allowed)).collect()
}

/// Looks at a statement that is about to run in the build's schema, with the path it runs with; `rows` are
/// those below a COPY.
///
/// # Errors
/// The statement is refused, or the connection is lost.
pub fn look(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    (script, span, rows): (Script<'_>, &Span, Option<&str>),
    allowed: Allowed<'_>,
) -> Result<(), ProgramError> {
    let outside = of_words(script, span, allowed);
    if !outside.is_empty() {
        return Err(ProgramError::Outside(outside));
    }
    let sql = &script.file.text[span.clone()];
    let place = script.file.place(span.start);
    let words = first_words(sql);
    let settings = settings(script.projection);
    let mut found = Found::default();
    match words.first().map_or("", String::as_str) {
        "DO" if !is_trusted(script, allowed) => {
            let Ok(body) = body::read(&body_of(sql)) else { return Ok(()) };
            let mut walk = Walk::new(transaction, schema, allowed);
            match walk.block(&body)? {
                Err(name) => found.outside.push(hidden(
                    script,
                    place,
                    &format!("the DO block names {name}, which is outside the build"),
                )),
                Ok(reached) => {
                    let mut teller = Teller { found: &mut found, settings: &settings };
                    tell(&mut teller, "the DO block", &place, reached, |name| {
                        WITHOUT_RESULT.contains(&name)
                    });
                }
            }
        }
        "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "WITH" | "SELECT" | "VALUES" | "TABLE"
        | "CREATE"
            if !is_plain(sql) =>
        {
            let asks = asking(transaction, sql, &words)?;
            found.faults.extend(asks.into_iter().map(|at| asks_the_clock(script, span.start + at)));
            if let Some(query) = rows_of(sql, &words) {
                let keeps = words[0] == "CREATE" || !ddl_reads_only(script.file, span);
                let mut walk = Walk::new(transaction, schema, allowed);
                // What the server refuses here it refuses when the statement runs.
                if let Ok(tree) = walk.parsed("", query)? {
                    let reached = walk.tree(&tree)?;
                    let mut teller = Teller { found: &mut found, settings: &settings };
                    tell(&mut teller, "the revision", &place, reached, |name| {
                        WITHOUT_RESULT.contains(&name) || (!keeps && is_unkept(name))
                    });
                }
            }
        }
        "COPY" => {
            let asks =
                rows.is_some_and(has_word) && rows_ask(transaction, sql, rows.unwrap_or_default())?;
            found.faults.extend(asks.then(|| asks_the_clock(script, span.start)));
        }
        "ALTER" => {
            let asks = asking(transaction, sql, &words)?;
            found.faults.extend(asks.into_iter().map(|at| asks_the_clock(script, span.start + at)));
        }
        _ => {}
    }
    found.faults.dedup();
    ProgramError::of_found(found)
}

fn tell(
    teller: &mut Teller<'_>,
    what: &str,
    place: &Place,
    reached: Vec<Reached>,
    may: impl Fn(&str) -> bool,
) {
    for one in once(reached) {
        match &one.effect {
            Effect::Changes(name) if may(name) => {}
            Effect::Undetermined(one) if !one.is_certain => {}
            // Gone with the session; what it holds was looked at when it came there.
            Effect::Reads { name, .. } | Effect::Writes(name) if name.starts_with("pg_temp") => {}
            Effect::Hidden(_) if one.by.as_deref().is_some_and(spreads) => {}
            _ => teller.tell(what, None, place.clone(), one),
        }
    }
}

/// Citus' own functions, which make of a table of the build one that is spread over its nodes.
fn spreads(function: &str) -> bool {
    function.ends_with(".create_distributed_table") || function.ends_with(".create_reference_table")
}

fn is_unkept(name: &str) -> bool {
    UNKEPT.contains(&name) || name.starts_with("current_") || name.starts_with("local")
}

/// Whether a statement is a query that writes nothing.
fn ddl_reads_only(file: &SourceFile, span: &Span) -> bool {
    let alone = SourceFile::new(file.path.clone(), &file.text[span.clone()]);
    let read = ddl::read(&alone).unwrap_or_default();
    let steps = || read.iter().flat_map(|statement| &statement.steps);
    steps().next().is_some() && steps().all(|step| step.kind == ddl::Kind::Query)
}

/// Offsets in a statement of constants that ask the clock.
fn asking(
    transaction: &mut Transaction<'_>,
    sql: &str,
    words: &[String],
) -> Result<Vec<usize>, PgError> {
    let makes = matches!(words.first().map(String::as_str), Some("CREATE" | "ALTER"));
    let found = clock::asking(transaction, sql, |savepoint, changed| match makes {
        true => savepoint.run_one(changed),
        false => savepoint.infer(changed, &[]).map(drop),
    })?;
    Ok(found.into_iter().map(|span| span.start).collect())
}

/// Whether rows of a COPY hold a word that asks the clock: with other letters in its place they are refused.
fn rows_ask(transaction: &mut Transaction<'_>, sql: &str, rows: &str) -> Result<bool, PgError> {
    let other = without_words(rows).unwrap_or_default();
    let mut savepoint = transaction.savepoint()?;
    match savepoint.copy_in(sql, |send| send(other.as_bytes())) {
        Ok(_) => Ok(false),
        Err(PgError::Server(error)) => Ok(clock::is_no_date(&error)),
        Err(lost) => Err(lost),
    }
}

fn asks_the_clock(script: Script<'_>, at: usize) -> Fault {
    Fault {
        place: script.file.place(at),
        message: "the constant asks the clock, so it would be another at the next rebuild".into(),
        hint: Some(
            "write the date itself, or let handlers take it from the event: :event.recorded_at"
                .into(),
        ),
    }
}

/// The rows that a statement writes or asks for, as a statement that may stand in a function.
fn rows_of<'s>(sql: &'s str, words: &[String]) -> Option<&'s str> {
    if words.first().is_none_or(|word| word != "CREATE") {
        return Some(sql);
    }
    if !matches!(
        words.get(1).map(String::as_str),
        Some("TABLE" | "UNLOGGED" | "TEMP" | "TEMPORARY")
    ) {
        return None;
    }
    let tokens: Vec<Token> = tokens(sql).into_iter().filter(|t| !t.is_comment()).collect();
    let is = |at: usize, word: &str| {
        tokens
            .get(at)
            .is_some_and(|t| t.kind == TokenKind::Word && t.text(sql).eq_ignore_ascii_case(word))
    };
    let mut depth = 0_usize;
    let mut begin = None;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Symbol(b'(') => depth += 1,
            TokenKind::Symbol(b')') => depth = depth.saturating_sub(1),
            _ if depth == 0 && is(at, "AS") => {
                begin = Some(at + 1);
                break;
            }
            _ => {}
        }
    }
    let first = begin.filter(|at| {
        ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| is(*at, word))
            || tokens.get(*at).is_some_and(|t| t.kind == TokenKind::Symbol(b'('))
    })?;
    let last = tokens.len().checked_sub(1)?;
    let mut end = tokens[last].end;
    if is(last, "DATA") && last > first + 2 {
        let with = if is(last - 1, "NO") { last - 2 } else { last - 1 };
        end = tokens[with].start;
    }
    sql.get(tokens[first].start..end)
}

/// `INSERT INTO t (a) VALUES (1, 'b'), ...` and nothing else: a seed has thousands of them.
fn is_plain(sql: &str) -> bool {
    let tokens: Vec<Token> = tokens(sql).into_iter().filter(|t| !t.is_comment()).collect();
    let is = |token: &Token, word: &str| token.text(sql).eq_ignore_ascii_case(word);
    let Some(values) = tokens.iter().position(|t| t.kind == TokenKind::Word && is(t, "VALUES"))
    else {
        return false;
    };
    let (head, rows) = tokens.split_at(values);
    let begins = head.first().is_some_and(|t| is(t, "INSERT"))
        && head.get(1).is_some_and(|t| is(t, "INTO"))
        && !head.iter().any(|t| is(t, "WITH") || t.kind == TokenKind::Symbol(b'.'));
    let rows_are_constants = rows[1..].iter().all(|token| match token.kind {
        TokenKind::Word => ["NULL", "TRUE", "FALSE", "DEFAULT"].iter().any(|word| is(token, word)),
        TokenKind::Text | TokenKind::Number => true,
        TokenKind::Symbol(byte) => b"(),-+;".contains(&byte),
        _ => false,
    });
    begins && rows_are_constants && body::moment_in(sql).is_none()
}

/// The text that a DO runs.
fn body_of(sql: &str) -> String {
    let texts = literals(sql);
    texts
        .into_iter()
        .max_by_key(|literal| literal.value.len())
        .map_or_else(String::new, |l| l.value)
}

fn settings(projection: &str) -> String {
    format!("projections/{projection}/projection.toml")
}

/// Whether what a revision hides is taken at the projection's word.
fn is_trusted(script: Script<'_>, allowed: Allowed<'_>) -> bool {
    allowed.trusted.iter().any(|name| name == script.stem)
}

fn of_words(script: Script<'_>, span: &Span, allowed: Allowed<'_>) -> Vec<Fault> {
    let sql = &script.file.text[span.clone()];
    if is_plain(sql) {
        return Vec::new();
    }
    let place = || script.file.place(span.start);
    let fault = |message: String, hint: String| Fault { place: place(), message, hint: Some(hint) };
    let told = |one: Beyond| {
        match one {
        Beyond::Changes(what) => Some(fault(
            format!("the revision changes {what}, outside the build: each rebuild would do it again"),
            "put it into a revision of the event store (migrations/event_store), or into what sets the database up"
                .into(),
        )),
        Beyond::Reads(name) => {
            let written = name.to_string();
            let may = allowed.reads.contains(&written);
            (!may).then(|| {
                fault(
                    format!(
                        "the revision reads {written}, outside the build: when it changes, the same events give other rows"
                    ),
                    format!(
                        "bring what is read in by events; or say that rebuilds may depend on it: reads = [{written:?}] in {}",
                        settings(script.projection)
                    ),
                )
            })
        }
        Beyond::Hidden(_) if is_trusted(script, allowed) => None,
        Beyond::Hidden("DO") => {
            let why = body::read(&body_of(sql)).err()?;
            let message = format!("the DO block cannot be looked into: {} (line {})", why.why, why.line);
            Some(hidden(script, place(), &message))
        }
        Beyond::Hidden(word) => {
            Some(hidden(script, place(), &format!("nobody can tell what {word} runs here")))
        }
    }
    };
    ddl::beyond(sql).into_iter().filter_map(told).collect()
}

fn hidden(script: Script<'_>, place: Place, message: &str) -> Fault {
    let hint = format!(
        "write what it does as statements; or, if it changes nothing outside the build and does the same at each \
         rebuild: trust_functions = [{:?}] in {}",
        script.stem,
        settings(script.projection)
    );
    Fault { place, message: message.to_owned(), hint: Some(hint) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_are_constants_need_no_server() {
        for sql in [
            "INSERT INTO t VALUES (1, 'a''b', -2.5, NULL), (DEFAULT, true)",
            "insert into t (a, b) values ('x')",
        ] {
            assert!(is_plain(sql), "{sql}");
        }
        for sql in [
            "INSERT INTO t VALUES (now())",
            "INSERT INTO t VALUES ('now')",
            "INSERT INTO t VALUES (E'\\x6eow')",
            "INSERT INTO t VALUES (1) RETURNING f(a)",
            "INSERT INTO t SELECT 1",
            "INSERT INTO s.t VALUES (1)",
            "INSERT INTO t VALUES (current_user)",
            "INSERT INTO t VALUES ('a'::d)",
        ] {
            assert!(!is_plain(sql), "{sql}");
        }
    }

    #[test]
    fn a_table_is_filled_by_a_query() {
        let of = |sql: &'static str| rows_of(sql, &first_words(sql));
        assert_eq!(of("CREATE TABLE a AS SELECT 1 AS b WITH NO DATA"), Some("SELECT 1 AS b "));
        assert_eq!(of("CREATE TABLE a (b) AS (SELECT 1)"), Some("(SELECT 1)"));
        assert_eq!(of("CREATE TABLE a (b int GENERATED ALWAYS AS (1) STORED)"), None);
        assert_eq!(of("CREATE VIEW a AS SELECT 1"), None);
        assert_eq!(of("DELETE FROM a"), Some("DELETE FROM a"));
    }
}
