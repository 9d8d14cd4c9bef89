//! The witness: triggers in scratch that note what each statement does to one row, or to every row.
//!
//! Its notes live and die with the rows: what an event did that failed is taken back with it. Each has the
//! number of the event in its batch, which the generated function tells it, and the call stack, in
//! which the line of that function is the handler's statement.

use super::subject::{KeyPart, is_of_key, values_of};
use super::{TraceError, Values};
use crate::cell::Cell;
use crate::handler::function::Function;
use crate::ident::{Ident, quote_literal};
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Session, Sql, Transaction};
use crate::replay::native::Native;
use crate::source::Place;

/// The setting that has the number of the event.
const ENTRY: &str = "regrow.entry";
/// Where versions of the row are printed, and the column that has their order.
const VERSIONS: &str = "regrow_witness.version";
const NUMBER: &str = "regrow$number";
/// Where the generated function takes up an event.
const TAKES_UP: &str = "regrow$kind := regrow$kinds[regrow$at + 1];";

/// A table that is watched.
pub(super) struct Watched<'w> {
    pub(super) table: &'w Ident,
    pub(super) columns: &'w [Ident],
    /// The row; every row where it is empty.
    pub(super) key: &'w [KeyPart],
}

/// What a statement did to a row.
#[derive(Debug)]
pub(super) struct Note {
    /// The table.
    pub(super) table: String,
    /// The number of the event in its batch.
    pub(super) entry: usize,
    pub(super) before: Option<Values>,
    pub(super) after: Option<Values>,
    /// Whether the row before, and the row after, has the key.
    pub(super) of_key: (bool, bool),
    /// The handler's statement.
    pub(super) place: Option<Place>,
}

/// Puts the witness on tables, and lets the function of the handlers tell it the event.
pub(super) fn install(
    session: &mut Session,
    schema: &Ident,
    tables: &[Watched<'_>],
    function: &Function,
) -> Result<(), TraceError> {
    debug_assert!(function.sql.contains(TAKES_UP), "the function's head has the line");
    // The line keeps its number, by which places are found.
    let told = format!(
        "{TAKES_UP} PERFORM pg_catalog.set_config('{ENTRY}', regrow$at::pg_catalog.text, true);"
    );
    let mut transaction = session.begin()?;
    transaction.run(&function.sql.replacen(TAKES_UP, &told, 1))?;
    transaction.run(include_str!("witness.sql"))?;
    SearchPath::of(&mut transaction, schema, crate::handler::function::NAME)?
        .set(&mut transaction)?;
    for (number, watched) in tables.iter().enumerate() {
        watch(&mut transaction, schema, number, watched)?;
    }
    Ok(transaction.commit("trace::witness")?)
}

fn watch(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    number: usize,
    Watched { table, columns, key }: &Watched<'_>,
) -> Result<(), PgError> {
    let relation = schema.dot(table);
    let (old, new) = (values_of("OLD", columns), values_of("NEW", columns));
    let is_of = |row: &str| match key.is_empty() {
        true => "true".to_owned(),
        false => is_of_key(row, key),
    };
    let (is_old, is_new) = (is_of("OLD"), is_of("NEW"));
    let (nothing, name) = ("NULL::text[]", quote_literal(table.as_str()));
    let (no, is_either) = ("false".to_owned(), format!("({is_old}) OR ({is_new})"));
    for (event, (before, was), (after, is), condition) in [
        ("insert", (nothing, &no), (new.as_str(), &is_new), &is_new),
        ("update", (old.as_str(), &is_old), (new.as_str(), &is_new), &is_either),
        ("delete", (old.as_str(), &is_old), (nothing, &no), &is_old),
    ] {
        let body = format!(
            "DECLARE stack text; BEGIN \
             IF pg_catalog.current_setting('{ENTRY}', true) IS NULL OR pg_catalog.current_setting('{ENTRY}', true) = '' \
             THEN RETURN NULL; END IF; GET DIAGNOSTICS stack = PG_CONTEXT; \
             INSERT INTO regrow_witness.note (entry, of, before, after, was, is_now, stack) VALUES \
             (pg_catalog.current_setting('{ENTRY}')::integer, {name}, {before}, {after}, {was}, {is}, stack); \
             RETURN NULL; END"
        );
        transaction.run(&format!(
            "CREATE FUNCTION regrow_witness.{event}_{number}() RETURNS trigger LANGUAGE plpgsql AS {}; \
             CREATE TRIGGER regrow_witness_{event} AFTER {event} ON {relation} FOR EACH ROW \
             WHEN ({condition}) EXECUTE FUNCTION regrow_witness.{event}_{number}()",
            quote_literal(&body)
        ))?;
    }
    Ok(())
}

/// Makes room for versions of the rows of a table, which are printed there.
pub(super) fn make_versions(
    session: &mut Session,
    schema: &Ident,
    table: &Ident,
) -> Result<(), PgError> {
    session.run(&format!(
        "CREATE UNLOGGED TABLE {VERSIONS} (LIKE {} INCLUDING GENERATED); \
         ALTER TABLE {VERSIONS} ADD COLUMN {NUMBER} bigint",
        schema.dot(table)
    ))
}

/// Has PostgreSQL print versions of the row that the native engine made, as it prints the row itself.
pub(super) fn printed(
    transaction: &mut Transaction<'_>,
    native: &Native,
    (table, rows): (usize, &[&[Cell]]),
    columns: &[Ident],
) -> Result<Vec<Values>, PgError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    native.copy_numbered(transaction, (table, rows), (VERSIONS, NUMBER))?;
    let sql = format!(
        "SELECT {} FROM {VERSIONS} AS regrow$row ORDER BY regrow$row.{NUMBER}",
        values_of("regrow$row", columns)
    );
    let found = transaction.query(&sql, &[])?;
    transaction.run(&format!("TRUNCATE {VERSIONS}"))?;
    Ok(found.iter().map(|row| row.get(0)).collect())
}

/// Takes the notes of a batch, in the order in which they were made.
pub(super) fn take(
    transaction: &mut Transaction<'_>,
    function: &Function,
) -> Result<Vec<Note>, PgError> {
    let rows = transaction.query(
        "WITH taken AS (DELETE FROM regrow_witness.note RETURNING *) \
         SELECT entry, before, after, stack, was IS TRUE, is_now IS TRUE, of FROM taken ORDER BY number",
        &[],
    )?;
    let note = |row: &crate::pg::Row| {
        let (entry, stack): (i32, String) = (row.get(0), row.get(3));
        let line = Function::line_in(&stack);
        Note {
            table: row.get(6),
            entry: usize::try_from(entry).unwrap_or_default(),
            before: row.get(1),
            after: row.get(2),
            of_key: (row.get(4), row.get(5)),
            place: line.and_then(|line| function.place(line)).cloned(),
        }
    };
    // A row that is written as it was has not changed.
    Ok(rows.iter().map(note).filter(|note| note.before != note.after).collect())
}
