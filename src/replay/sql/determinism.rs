//! Statements that would not give the same rows at the next rebuild, or not the rows that are meant.
//!
//! PostgreSQL itself says what a statement does: it is put into the body of a scratch SQL function
//! (`super::probe`), whose stored parse tree has every name resolved. What it calls and reaches is
//! gone through in [`super::reach`], which asks here for the rest. Refused are texts that are read as
//! dates or times inside the statement, and constants that ask the clock (`super::clock`);
//! parameters that pass through a float for nothing (`super::floats`); what depends on an order that nobody
//! wrote (`super::order`); and whatever is found
//! outside the build's schema without belonging to an extension. Column defaults are looked at
//! the same way. Nothing here is kept: the caller's transaction or savepoint is rolled back.

use super::order::{self, Facts};
use super::parts::{Shared, shared_keys};
use super::probe::{self, Looked, Probe};
use super::types::Types;
use super::{Fault, clock, floats};
use crate::definition::Parsed;
use crate::handler::body::moment_in;
use crate::handler::function::{NAME, StatementTypes};
use crate::handler::{Handler, Handlers, Statement};
use crate::ident::Ident;
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Sql, Transaction, history};
use crate::revision::Revision;
use crate::source::Place;

/// What was found in handlers.
#[derive(Debug, Default)]
pub struct Judged {
    /// What is refused.
    pub faults: Vec<Fault>,
    /// What may be a mistake, and is told.
    pub doubts: Vec<Fault>,
}

/// Finds what is not deterministic, or not what was meant, in handlers and in the defaults of a
/// schema's tables.
///
/// # Errors
/// The connection is lost.
pub fn faults(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    (parsed, trusted): (&Parsed, &[String]),
    types: &[Vec<StatementTypes>],
) -> Result<Judged, PgError> {
    let handlers = &parsed.handlers;
    let path = SearchPath::of(transaction, schema, NAME)?;
    let (mut faults, mut known) = (Vec::new(), Types::default());
    let (mut doubts, mut facts) = (Vec::new(), Facts::default());
    for (handler, types) in handlers.handlers.iter().zip(types) {
        let several = several(parsed, handler);
        for (statement, types) in handler.statements.iter().zip(types) {
            let listed: Vec<&str> = types.by_use.iter().map(|ty| ty.sql.as_str()).collect();
            let at = Looked { schema, statement, types: &listed };
            let looked = probe::look(transaction, at, |transaction, probe| {
                let of = (handlers, trusted);
                let mut found = casts(transaction, of, (statement, probe), &mut known)?;
                found.extend(strangers(transaction, of, (statement, schema), &path)?);
                let at = (handlers, handler, statement);
                let mut judged = unordered(transaction, at, probe, &mut facts)?;
                judged.faults.extend(found);
                if let Some(step) = &several {
                    judged.doubts.extend(shared(
                        transaction,
                        at,
                        (probe, step.as_str()),
                        &mut facts,
                    )?);
                }
                Ok(judged)
            })?;
            let judged = looked.unwrap_or_else(|error| {
                // What cannot be looked at is not known to be the same at the next rebuild.
                let message = format!("what the statement calls cannot be seen: {}", error.message);
                let place = place(handlers, statement);
                let faults = vec![Fault { place, message, hint: error.hint.clone() }];
                Judged { faults, doubts: Vec::new() }
            });
            faults.extend(judged.faults);
            doubts.extend(judged.doubts);
            for offset in clock::constants(transaction, at)? {
                faults.push(Fault {
                    place: handlers.file.place(offset),
                    message:
                        "the constant asks the clock, so it would be another at the next rebuild"
                            .into(),
                    hint: Some(RECORDED_AT.into()),
                });
            }
            let lossy = floats::lossy(transaction, schema, statement, types)?;
            faults.extend(
                lossy.iter().map(|nth| through_float(handlers, (handler, statement), *nth)),
            );
        }
    }
    let asks = parsed.lineage.revisions.iter().any(|r| moment_in(&r.up.text).is_some());
    for (table, column, name) in defaults(transaction, schema, asks)? {
        faults.push(Fault {
            place: place_of_column(&parsed.lineage.revisions, &table, &column)
                .unwrap_or_else(|| handlers.file.place(0)),
            message: format!(
                "the default of {table}.{column} is {name}, which does not give the same value at the next rebuild"
            ),
            hint: Some(of_default(&name)),
        });
    }
    Ok(Judged { faults, doubts })
}

/// Where the statement's result depends on an order that nobody wrote.
fn unordered(
    transaction: &mut Transaction<'_>,
    (handlers, _, statement): (&Handlers, &Handler, &Statement),
    probe: &Probe,
    facts: &mut Facts,
) -> Result<Judged, PgError> {
    let mut judged = Judged::default();
    for (node, one) in order::look(transaction, &probe.tree, facts)? {
        let place = match probe.offset(node) {
            Some(offset) => handlers.file.place(offset),
            None => place_of_word(handlers, statement, one.needle()),
        };
        let fault = Fault { place, message: one.message(), hint: Some(one.hint()) };
        match one.is_certain {
            true => judged.faults.push(fault),
            false => judged.doubts.push(fault),
        }
    }
    Ok(judged)
}

/// A step that may make several events of one which the handler is given: as it is named, with its place.
fn several(parsed: &Parsed, handler: &Handler) -> Option<String> {
    let mut types = handler.event_types.iter();
    let (name, place) = types.find_map(|event_type| parsed.upcasters.several(event_type))?;
    Some(format!("the step {name} ({place})"))
}

/// Keys of the envelope alone, where an upcaster may make several events of one.
fn shared(
    transaction: &mut Transaction<'_>,
    (handlers, handler, statement): (&Handlers, &Handler, &Statement),
    (probe, step): (&Probe, &str),
    facts: &mut Facts,
) -> Result<Vec<Fault>, PgError> {
    facts.read(transaction, &probe.tree)?;
    let mut sources = Vec::new();
    statement.render(|param| {
        sources.push(&handler.params[param].source);
        String::new()
    });
    let told = |shared: Shared| {
        let (needle, comes) = match shared {
            Shared::Taken => ("on conflict", "so that ON CONFLICT takes the second for the first"),
            Shared::Refused => ("insert", "so that the second is a duplicate"),
        };
        let message =
            format!("{step} may make several events of one, which have the same key here, {comes}");
        let hint = "make :event.index part of the key, which numbers them from 0".to_owned();
        Fault { place: place_of_word(handlers, statement, needle), message, hint: Some(hint) }
    };
    let found = shared_keys(&probe.tree, facts, &sources);
    Ok(found.into_iter().map(|(_, shared)| told(shared)).collect())
}

const RECORDED_AT: &str = "use :event.recorded_at, the time the event was recorded";

fn place(handlers: &Handlers, statement: &Statement) -> Place {
    handlers.file.place(statement.span.start)
}

/// Texts that the statement itself reads as dates or times.
fn casts(
    transaction: &mut Transaction<'_>,
    (handlers, trusted): (&Handlers, &[String]),
    (statement, probe): (&Statement, &Probe),
    known: &mut Types,
) -> Result<Vec<Fault>, PgError> {
    let found = clock::casts(transaction, &probe.tree, trusted, known)?;
    let one = |(offset, function): (Option<usize>, Option<String>)| {
        let mut hint = "pass the field itself, typed, such as :order.placed_at::timestamptz, and write constants as \
                        date '2026-01-31'; make_date, to_date and to_timestamp ask no clock"
            .to_owned();
        if let Some(function) = function {
            let also =
                format!("; or, if {function} reads no text so: trust_functions = [{function:?}]");
            hint.push_str(&also);
        }
        Fault {
            place: handlers.file.place(offset.unwrap_or(statement.span.start)),
            message: "a text is read as a date or time inside the statement, where nobody sees whether it says \
                      now or today and asks the clock"
                .into(),
            hint: Some(hint),
        }
    };
    Ok(clock::placed(probe, found).into_iter().map(one).collect())
}

/// What a statement found outside the build's schema and the server's own, and should not have.
fn strangers(
    transaction: &mut Transaction<'_>,
    (handlers, trusted): (&Handlers, &[String]),
    (statement, schema): (&Statement, &Ident),
    path: &SearchPath,
) -> Result<Vec<Fault>, PgError> {
    let rows = transaction.query(include_str!("foreign.sql"), &[&schema.quoted(), &path.types])?;
    let mut faults = Vec::new();
    for row in &rows {
        let (what, of, extension): (String, String, Option<String>) =
            (row.get(0), row.get(1), row.get(2));
        if row.get::<_, bool>(3) {
            // What is read and written with its schema is looked at elsewhere.
            let names = |text: &str| {
                [format!("{of}."), format!("\"{of}\".")].iter().any(|n| text.contains(n))
            };
            if !names(&handlers.file.text[statement.span.clone()]) {
                faults.push(Fault {
                    place: place(handlers, statement),
                    message: format!("the projection has no such table, and {what} is not meant"),
                    hint: Some("make it in the projection's own lineage".into()),
                });
            }
            continue;
        }
        // The projection takes it at its word, wherever it is.
        let function = what.strip_prefix("function ").and_then(|f| f.split('(').next());
        if function.is_some_and(|name| trusted.iter().any(|trusted| trusted == name)) {
            continue;
        }
        let left_out = path.left_out.iter().find(|left_out| left_out.schema == of);
        let (message, hint) = match (extension, left_out) {
            (Some(_), None) => continue,
            (Some(extension), Some(left_out)) => (
                format!(
                    "{what} is of the extension {extension} in schema {of}, where {} may create objects, so \
                     that operators and functions are not looked up there",
                    left_out.others
                ),
                format!(
                    "REVOKE CREATE ON SCHEMA {of} FROM PUBLIC (or who else may), or ALTER EXTENSION {extension} \
                     SET SCHEMA to one where only its owner may create"
                ),
            ),
            (None, _) => (
                format!("{what} is outside the build and belongs to no extension"),
                "make it in the projection's own lineage, so that each build has its own"
                    .to_owned(),
            ),
        };
        faults.push(Fault { place: place(handlers, statement), message, hint: Some(hint) });
    }
    Ok(faults)
}

/// A parameter that PostgreSQL takes for a float, and that ends in what is none.
fn through_float(
    handlers: &Handlers,
    (handler, statement): (&Handler, &Statement),
    nth: usize,
) -> Fault {
    let mut uses = Vec::new();
    let rendered = statement.render(|param| {
        uses.push(param);
        String::new()
    });
    let param = uses.get(nth).map_or_else(String::new, |p| handler.params[*p].to_string());
    let offset = rendered.source_of_use(nth).unwrap_or(statement.span.start);
    Fault {
        place: handlers.file.place(offset),
        message: format!(
            "PostgreSQL takes {param} for a float here, which loses digits, and what it ends in is none"
        ),
        hint: Some(format!(
            "write {param}::numeric, or {param}::double precision where a float is meant"
        )),
    }
}

pub(super) fn advice(name: &str) -> String {
    let clock = ["now", "timestamp", "time", "date"].iter().any(|word| name.contains(word));
    if clock || name == "age" {
        RECORDED_AT.into()
    } else if name.contains("nextval") || name == "an identity" {
        "use :event.position, with :event.index where an upcaster may make several events of one"
            .into()
    } else if name.contains("tsvector") || name.contains("tsquery") || name.starts_with("ts_") {
        "name the text search configuration: to_tsvector('english', ...)".into()
    } else {
        "take the value from the event".into()
    }
}

/// What helps where a default does not give the same value.
pub(super) fn of_default(name: &str) -> String {
    match advice(name) {
        words if name == "an identity" => words,
        words if words == RECORDED_AT => {
            "take the DEFAULT out of the schema, and let handlers write :event.recorded_at, the time the event \
             was recorded"
                .into()
        }
        words => format!("take the DEFAULT out of the schema: {words}"),
    }
}

fn defaults(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    asks: bool,
) -> Result<Vec<(String, String, String)>, PgError> {
    let rows = transaction
        .query(include_str!("defaults.sql"), &[&schema.as_str(), &history::OWN_PREFIX, &asks])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

/// Where a column is made, as far as its name tells: in the first revision that names it
/// behind its table.
pub(super) fn place_of_column(revisions: &[Revision], table: &str, column: &str) -> Option<Place> {
    revisions.iter().find_map(|revision| {
        let text = revision.up.text.to_ascii_lowercase();
        let after = word(&text, table, 0)?;
        Some(revision.up.place(word(&text, column, after + table.len())?))
    })
}

/// The first time a name stands by itself behind `from`.
pub(super) fn word(text: &str, name: &str, from: usize) -> Option<usize> {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let name = name.to_ascii_lowercase();
    text.get(from..)?
        .match_indices(&name)
        .map(|(at, _)| from + at)
        .find(|at| !text[..*at].ends_with(inside) && !text[at + name.len()..].starts_with(inside))
}

/// The first time the name stands in the statement, or the statement's start.
pub(super) fn place_of(handlers: &Handlers, statement: &Statement, name: &str) -> Place {
    let text = &handlers.file.text[statement.span.clone()];
    let found = text.to_ascii_lowercase().find(&name.to_ascii_lowercase());
    handlers.file.place(statement.span.start + found.unwrap_or(0))
}

/// The first time a word stands by itself in the statement, or the statement's start.
fn place_of_word(handlers: &Handlers, statement: &Statement, name: &str) -> Place {
    let text = handlers.file.text[statement.span.clone()].to_ascii_lowercase();
    handlers.file.place(statement.span.start + word(&text, name, 0).unwrap_or(0))
}
