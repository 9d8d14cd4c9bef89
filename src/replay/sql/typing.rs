//! The types of parameters, as PostgreSQL infers them against a build's tables.
//!
//! Each place a parameter is written is inferred by itself, so `:x::int` and `:x::text`
//! may stand in one statement. Every statement that does not fit is reported.

use super::envelope::{Places, Written};
use super::types::Types;
use super::{Fault, ProgramError};
use crate::handler::function::{NAME, StatementTypes};
use crate::handler::{Handler, Handlers, Rendered, Statement};
use crate::ident::Ident;
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, ServerError, Transaction, types};

/// "could not determine data type of parameter": another use of the same parameter may tell.
const INDETERMINATE: &str = "42P18";
/// No such function or operator, several, a column of another type, a cast that is not there.
const OF_TYPES: [&str; 4] = ["42883", "42725", "42804", "42846"];

/// Infers the types of every statement.
///
/// # Errors
/// The connection is lost, or statements do not fit the tables: all of them.
pub fn infer(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    handlers: &Handlers,
    written: Written,
) -> Result<Vec<Vec<StatementTypes>>, ProgramError> {
    let path = SearchPath::of(transaction, schema, NAME)?;
    infer_on(transaction, &path, handlers, written)
}

/// The same on the schema's search path, where that is known.
///
/// # Errors
/// As [`infer`].
pub fn infer_on(
    transaction: &mut Transaction<'_>,
    path: &SearchPath,
    handlers: &Handlers,
    written: Written,
) -> Result<Vec<Vec<StatementTypes>>, ProgramError> {
    if let Some(unsafe_now) = path.unsafe_now() {
        return Err(ProgramError::Faults(vec![unsafe_path(handlers, unsafe_now)]));
    }
    path.set(transaction)?;
    let (mut faults, mut known) = (Vec::new(), Types::default());
    let mut types = Vec::with_capacity(handlers.handlers.len());
    for handler in &handlers.handlers {
        let mut of_handler = Vec::with_capacity(handler.statements.len());
        for statement in &handler.statements {
            match infer_statement(transaction, (handler, statement), written, &mut known)? {
                Ok(found) => of_handler.push(found),
                Err((error, rendered)) => {
                    let advice = Places::new(&handler.params, statement.params()).advice();
                    faults.push(fault(handlers, statement, &rendered, &error, advice));
                }
            }
        }
        types.push(of_handler);
    }
    if faults.is_empty() { Ok(types) } else { Err(ProgramError::Faults(faults)) }
}

/// A schema of the build's path is not what it was when the build was made.
fn unsafe_path(handlers: &Handlers, (schema, why): (String, String)) -> Fault {
    let what = match types::is_for_a_type(&schema) {
        true => "the schema",
        false => "the extensions' schema",
    };
    Fault {
        place: handlers.file.place(0),
        message: format!("the build looks names up in {what} {schema}, where {why}"),
        hint: Some(format!(
            "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC or from who else may, if that is why; a rebuild \
             looks where the extensions are now"
        )),
    }
}

type Inferred = Result<StatementTypes, (ServerError, Rendered)>;

fn infer_statement(
    transaction: &mut Transaction<'_>,
    (handler, statement): (&Handler, &Statement),
    written: Written,
    known: &mut Types,
) -> Result<Inferred, PgError> {
    let mut uses = Vec::new();
    let apart = statement.render(|param| {
        uses.push(param);
        format!("${}", uses.len())
    });
    let each = Places::new(&handler.params, &uses);
    let first = match each.settle(transaction, &apart, written, known)? {
        Ok(by_use) => return Ok(Ok(StatementTypes { by_use })),
        Err(failed) if failed.code != INDETERMINATE => return Ok(Err((failed, apart))),
        Err(failed) => failed,
    };
    let numbers = statement.params();
    let number = |param: &usize| numbers.iter().position(|p| p == param).unwrap_or_default();
    let together = statement.render(|param| format!("${}", number(&param) + 1));
    let each = Places::new(&handler.params, numbers);
    match each.settle(transaction, &together, written, known)? {
        Ok(types) => {
            let by_use = uses.iter().map(|param| types[number(param)].clone()).collect();
            Ok(Ok(StatementTypes { by_use }))
        }
        Err(_) => Ok(Err((first, apart))),
    }
}

fn fault(
    handlers: &Handlers,
    statement: &Statement,
    rendered: &Rendered,
    error: &ServerError,
    advice: Option<String>,
) -> Fault {
    let offset = error.position.map_or(statement.span.start, |at| {
        rendered.source_offset_of_char(usize::try_from(at).unwrap_or(1))
    });
    let message = match (&error.code[..], &error.detail) {
        (INDETERMINATE, _) => {
            "PostgreSQL cannot tell the type of a parameter here; write a cast, such as :name::text"
                .into()
        }
        (_, Some(detail)) => format!("{} ({detail})", error.message),
        (_, None) => error.message.clone(),
    };
    // What PostgreSQL says of types that it was told deserves the word where they come from.
    let hint = match advice.filter(|_| OF_TYPES.contains(&error.code.as_str())) {
        Some(advice) => Some(advice),
        None => error.hint.clone(),
    };
    Fault { place: handlers.file.place(offset), message, hint }
}
