//! Statements that would not give the same rows at the next rebuild.
//!
//! PostgreSQL itself says which functions a statement calls: it is put into the body of
//! a scratch SQL function, whose stored parse tree names every function by its object
//! id. Refused are volatile functions, and the stable ones that look at the clock or the
//! session. Column defaults are looked at the same way. Nothing here is kept: the
//! caller's transaction or savepoint is rolled back.

use super::Fault;
use crate::definition::Parsed;
use crate::handler::function::StatementTypes;
use crate::handler::{Handlers, Statement};
use crate::ident::Ident;
use crate::pg::{PgError, Sql, Transaction, history};
use crate::revision::Revision;
use crate::source::Place;

/// Finds what is not deterministic in handlers and in the defaults of a schema's tables.
///
/// # Errors
/// The connection is lost.
pub fn faults(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    parsed: &Parsed,
    types: &[Vec<StatementTypes>],
) -> Result<Vec<Fault>, PgError> {
    let handlers = &parsed.handlers;
    let mut faults = Vec::new();
    let pairs = handlers.handlers.iter().zip(types);
    for (statement, types) in pairs.flat_map(|(h, t)| h.statements.iter().zip(t)) {
        for name in called(transaction, schema, statement, types)? {
            let place = place_of(handlers, statement, &name);
            faults.push(Fault {
                place,
                message: format!("{name} does not give the same value at the next rebuild"),
                hint: Some(advice(&name)),
            });
        }
    }
    for (table, column, name) in defaults(transaction, schema)? {
        faults.push(Fault {
            place: place_of_column(&parsed.lineage.revisions, &table, &column)
                .unwrap_or_else(|| handlers.file.place(0)),
            message: format!(
                "the default of {table}.{column} is {name}, which does not give the same value at the next rebuild"
            ),
            hint: Some(advice(&name)),
        });
    }
    Ok(faults)
}

fn advice(name: &str) -> String {
    let clock = ["now", "timestamp", "time", "date"].iter().any(|word| name.contains(word));
    if clock {
        "use :event.recorded_at, the time the event was recorded".into()
    } else if name.contains("nextval") || name == "an identity" {
        "use :event.position, which every event has once".into()
    } else {
        "take the value from the event".into()
    }
}

/// The functions of a statement that must not be called. A statement PostgreSQL cannot put
/// into a function's body has been refused by the typing already.
fn called(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    statement: &Statement,
    types: &StatementTypes,
) -> Result<Vec<String>, PgError> {
    let mut uses = 0;
    let rendered = statement.render(|_| {
        uses += 1;
        format!("${uses}")
    });
    let probe = format!("{}.regrow_probe", schema.quoted());
    let mut savepoint = transaction.savepoint()?;
    let made = savepoint.run(&format!(
        "CREATE FUNCTION {probe}({}) RETURNS void LANGUAGE sql BEGIN ATOMIC {}; END",
        types.by_use.join(", "),
        rendered.sql
    ));
    match made {
        Ok(()) => {}
        Err(PgError::Server(_)) => return Ok(Vec::new()),
        Err(lost) => return Err(lost),
    }
    let rows = savepoint.query(include_str!("called.sql"), &[&schema.as_str()])?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

fn defaults(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
) -> Result<Vec<(String, String, String)>, PgError> {
    let rows = transaction
        .query(include_str!("defaults.sql"), &[&schema.as_str(), &history::OWN_PREFIX])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

/// Where a column is made, as far as its name tells: in the first revision that names it
/// behind its table.
fn place_of_column(revisions: &[Revision], table: &str, column: &str) -> Option<Place> {
    revisions.iter().find_map(|revision| {
        let text = revision.up.text.to_ascii_lowercase();
        let after = word(&text, table, 0)?;
        Some(revision.up.place(word(&text, column, after + table.len())?))
    })
}

/// The first time a name stands by itself behind `from`.
fn word(text: &str, name: &str, from: usize) -> Option<usize> {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let name = name.to_ascii_lowercase();
    text.get(from..)?
        .match_indices(&name)
        .map(|(at, _)| from + at)
        .find(|at| !text[..*at].ends_with(inside) && !text[at + name.len()..].starts_with(inside))
}

/// The first time the name stands in the statement, or the statement's start.
fn place_of(handlers: &Handlers, statement: &Statement, name: &str) -> Place {
    let text = &handlers.file.text[statement.span.clone()];
    let found = text.to_ascii_lowercase().find(&name.to_ascii_lowercase());
    handlers.file.place(statement.span.start + found.unwrap_or(0))
}
