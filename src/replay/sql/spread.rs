//! Statements that Citus cannot run on tables that lie on several nodes.
//!
//! Citus plans what it can send to nodes, and refuses the rest with a sentence, but no earlier than a statement is
//! planned. So each handler's statement is planned against the tables before an event is read. The values
//! it is planned with stand for those of events: of a parameter that is NULL Citus would say only that it is.

use super::Fault;
use super::probe::numbered;
use crate::handler::function::StatementTypes;
use crate::handler::{Handlers, Statement};
use crate::ident::{Ident, quote_ident, quote_literal};
use crate::pg::{PgError, ServerError, Sql, Transaction, citus};

/// "cannot perform an INSERT with NULL in the partition column": of a value that we could not think of.
const NULL_NOT_ALLOWED: &str = "22004";

/// Finds the statements that cannot be planned, where a schema has such tables.
///
/// # Errors
/// The connection is lost.
pub(super) fn faults(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    handlers: &Handlers,
    types: &[Vec<StatementTypes>],
) -> Result<Vec<Fault>, PgError> {
    let mut faults = Vec::new();
    if citus::tables(transaction, schema)?.is_empty() {
        return Ok(faults);
    }
    let pairs = handlers.handlers.iter().zip(types);
    for (statement, types) in pairs.flat_map(|(h, t)| h.statements.iter().zip(t)) {
        let Some(error) = refusal(transaction, statement, types)? else { continue };
        let said = match &error.detail {
            Some(detail) => format!("{} ({detail})", error.message),
            None => error.message.clone(),
        };
        faults.push(Fault {
            place: handlers.file.place(statement.span.start),
            message: format!("Citus cannot run this on tables that lie on several nodes: {said}"),
            hint: error.hint.clone().or_else(|| Some(WAYS.into())),
        });
    }
    Ok(faults)
}

const WAYS: &str = "name the distribution column in each statement, and make tables that others are looked up in \
                    reference tables (docs/citus.md)";

fn refusal(
    transaction: &mut Transaction<'_>,
    statement: &Statement,
    types: &StatementTypes,
) -> Result<Option<ServerError>, PgError> {
    let name = quote_ident("regrow spread");
    let list = |words: Vec<String>| match words.is_empty() {
        true => String::new(),
        false => format!("({})", words.join(", ")),
    };
    let typed = list(types.by_use.iter().map(|ty| ty.base.clone()).collect());
    let given = list(types.by_use.iter().map(|ty| stand_in(&ty.base)).collect());
    let sql = numbered(statement).sql;
    let mut savepoint = transaction.savepoint()?;
    let script = format!(
        "SET LOCAL plan_cache_mode = force_custom_plan; PREPARE {name}{typed} AS {sql}; \
         EXPLAIN (COSTS OFF) EXECUTE {name}{given}"
    );
    let ran = savepoint.run(&script);
    drop(savepoint);
    // A prepared statement is not taken back with its savepoint; and one that was refused is not there.
    let mut savepoint = transaction.savepoint()?;
    match savepoint.run(&format!("DEALLOCATE {name}")) {
        Ok(()) => savepoint.release()?,
        Err(PgError::Server(_)) => drop(savepoint),
        Err(lost) => return Err(lost),
    }
    match ran {
        Ok(()) => Ok(None),
        Err(PgError::Server(error)) if error.code == NULL_NOT_ALLOWED => Ok(None),
        // A value of ours that is none of its type says nothing about the statement.
        Err(PgError::Server(error)) if error.code.starts_with("22") => Ok(None),
        Err(PgError::Server(error)) => Ok(Some(*error)),
        Err(lost) => Err(lost),
    }
}

/// A value of a type, as SQL; NULL of a type that we know no value of.
fn stand_in(ty: &str) -> String {
    let value = match ty {
        "text" | "character varying" | "varchar" | "bpchar" | "character" | "name" => "x",
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => "1",
        "boolean" => "true",
        "date" => "2000-01-01",
        "timestamp without time zone" | "timestamp with time zone" => "2000-01-01 00:00:00",
        "uuid" => "00000000-0000-0000-0000-000000000001",
        "json" | "jsonb" => "{}",
        "bytea" => "\\x00",
        "interval" => "1 day",
        _ => return "NULL".into(),
    };
    quote_literal(value)
}
