//! Trial: a definition's handlers on some events of the log, in tables that are thrown away.
//!
//! Owns running them by both engines as a rebuild does, telling which failures are certain although
//! rows of other events may be missing, and holding the rows against each other that the engines
//! leave. Which events, and what is said of the outcome, is decided above.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::build_session;
use super::native::Native;
use super::sql::apply::{Refusal, apply_alone, prepare_in};
use super::sql::{Program, ProgramError};
use crate::definition::{Definition, OnError};
use crate::event::{Position, RawEvent};
use crate::failure::Failure;
use crate::handler::function::NAME;
use crate::handler::scan::{TokenKind, tokens};
use crate::ident::{Ident, quote_literal};
use crate::log::LogError;
use crate::log::reader::Chunk;
use crate::log::wanted::Range;
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Prepared, Session, Sql, Transaction, catalog};

/// How long the handlers of one definition may run, by one engine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A definition and its tables, ready to be given events.
pub struct Trial<'t> {
    session: &'t mut Session,
    schema: Ident,
    /// The sql engine's program; it says what is to be read of the log.
    pub program: Program,
    native: Option<Native>,
    call: Prepared,
    tables: Vec<Ident>,
    /// What puts the sequences back, which no rollback does.
    sequences: Vec<String>,
    /// Whether triggers, rules or functions of the schema take part in what a statement does.
    has_code: bool,
    chunks: Vec<Arc<Chunk>>,
}

/// What a trial showed.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many events were run.
    pub events: usize,
    /// How many were not, since time was up.
    pub unrun: usize,
    /// Those that failed, in the order of the log.
    pub refused: Vec<Refused>,
    /// The first event after which the engines leave other rows.
    pub differs: Option<Failure>,
}

/// What was found in the tables after each engine had run the events.
#[derive(Debug)]
pub struct Looked<R> {
    /// After the sql engine.
    pub by_sql: R,
    /// After the native engine, if it runs the projection.
    pub natively: Option<R>,
    /// Events that failed, in order. None of their rows are there.
    pub refused: Vec<Failure>,
    /// How many events were run.
    pub events: usize,
    /// How many were not, because time was up.
    pub unrun: usize,
}

/// What was found in the tables after one event.
#[derive(Debug)]
pub struct Seen<'e, R> {
    /// The event; nothing before the first, and where it cannot be read.
    pub event: Option<&'e RawEvent<'e>>,
    /// What was found.
    pub rows: R,
    /// Why the event was left out.
    pub failure: Option<Failure>,
}

/// An event that failed.
#[derive(Debug, Clone)]
pub struct Refused {
    /// What is wrong.
    pub failure: Failure,
    /// Whether it can be told without the rows of other events.
    pub is_certain_alone: bool,
}

impl<'t> Trial<'t> {
    /// Prepares a definition for a schema in which its lineage was made.
    ///
    /// # Errors
    /// The definition does not fit its tables, or the server refuses.
    pub fn open(
        session: &'t mut Session,
        schema: &Ident,
        definition: &Definition,
    ) -> Result<Trial<'t>, ProgramError> {
        let (program, native) = build_session::install(session, schema, definition)?;
        let call = prepare_in(session, schema)?;
        let tables = catalog::tables(session, schema)?.into_iter().map(|t| t.name).collect();
        let sequences = sequences(session, schema)?;
        let has_code =
            session.query_one(include_str!("trial/code.sql"), &[&schema.as_str()])?.get(0);
        let (schema, chunks) = (schema.clone(), Vec::new());
        Ok(Trial { session, schema, program, native, call, tables, sequences, has_code, chunks })
    }

    /// Takes events in, which must come in the order of the log.
    pub fn take(&mut self, chunk: Chunk) {
        self.chunks.push(Arc::new(chunk));
    }

    /// Forgets the events that were taken in.
    pub fn clear(&mut self) {
        self.chunks.clear();
    }

    /// A transaction beside the events, which is taken back.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn transaction(&mut self) -> Result<Transaction<'_>, PgError> {
        let mut transaction = self.session.begin()?;
        SearchPath::of(&mut transaction, &self.schema, NAME)?.set(&mut transaction)?;
        Ok(transaction)
    }

    /// Runs the events by both engines. Nothing of it stays.
    ///
    /// # Errors
    /// The server refuses, and no event is to blame; or rows of the log are damaged.
    pub fn run(&mut self) -> Result<Outcome, LogError> {
        let all = self.positions().len();
        let (refused, by_sql) = self.in_sql(Position(i64::MAX), &sums)?;
        let positions = self.positions();
        let differs = match self.natively(Position(i64::MAX), &sums)? {
            Some(natively) if natively != by_sql => Some(self.first_difference(&positions)?),
            _ => None,
        };
        let refused = refused.into_iter().map(|refusal| self.judged(refusal)).collect();
        let (events, unrun) = (positions.len(), all - positions.len());
        Ok(Outcome { events, unrun, refused, differs })
    }

    /// Runs the events by both engines and looks at the tables after each. Nothing of it stays.
    ///
    /// # Errors
    /// The server refuses, and no event is to blame; rows of the log are damaged; or it takes too long.
    pub fn look<R>(
        &mut self,
        look: impl Fn(&mut Transaction<'_>, &Ident, &[Ident]) -> Result<R, PgError>,
    ) -> Result<Looked<R>, LogError> {
        let all = self.positions().len();
        let (refused, by_sql) = self.in_sql(Position(i64::MAX), &look)?;
        let natively = self.natively(Position(i64::MAX), &look)?;
        let refused = refused.into_iter().map(|refusal| refusal.failure).collect();
        let events = self.positions().len();
        Ok(Looked { by_sql, natively, refused, events, unrun: all - events })
    }

    /// Runs the events one after another by the sql engine, and looks at the tables before the first and after
    /// each; `told` is given each event with what was seen, and the failure if it was left out.
    ///
    /// # Errors
    /// The server refuses, and no event is to blame; or rows of the log are damaged.
    pub fn each<R>(
        &mut self,
        look: impl Fn(&mut Transaction<'_>, &Ident, &[Ident]) -> Result<R, PgError>,
        told: &mut dyn FnMut(Seen<'_, R>),
    ) -> Result<(), LogError> {
        let needs = self.program.needs;
        let mut transaction = begin(self.session, &self.sequences)?;
        let rows = look(&mut transaction, &self.schema, &self.tables)?;
        told(Seen { event: None, rows, failure: None });
        for chunk in &self.chunks {
            let mut after = chunk.range.after;
            for event in chunk.texts(needs) {
                let position = match &event {
                    Ok(event) => event.position,
                    Err(LogError::Event(event)) => event.position,
                    Err(_) => chunk.range.until,
                };
                let batch =
                    self.program.bind(chunk, Range { after, until: position }, OnError::Park)?;
                let refused = apply_alone(&mut transaction, &self.call, &self.program, &batch)?;
                let rows = look(&mut transaction, &self.schema, &self.tables)?;
                let failure = refused.into_iter().next().map(|refusal| refusal.failure);
                told(Seen { event: event.as_ref().ok(), rows, failure });
                after = position;
            }
        }
        Ok(())
    }

    /// The positions of the events that were taken in.
    fn positions(&self) -> Vec<Position> {
        let events = self.chunks.iter().flat_map(|chunk| chunk.texts(self.program.needs));
        let position = |event: Result<RawEvent<'_>, LogError>| match event {
            Ok(event) => Some(event.position),
            Err(LogError::Event(event)) => Some(event.position),
            Err(_) => None,
        };
        events.filter_map(position).collect()
    }

    /// Runs the events up to a position by the sql engine; gives what failed and what is seen in the tables.
    /// Where time is up, the rest is forgotten.
    fn in_sql<R>(
        &mut self,
        until: Position,
        look: &impl Fn(&mut Transaction<'_>, &Ident, &[Ident]) -> Result<R, PgError>,
    ) -> Result<(Vec<Refusal>, R), LogError> {
        let begun = Instant::now();
        let (mut refused, mut run) = (Vec::new(), 0);
        let mut transaction = begin(self.session, &self.sequences)?;
        for chunk in self.chunks.iter().filter(|chunk| chunk.range.after < until) {
            if begun.elapsed() > PATIENCE {
                break;
            }
            let range = Range { until: chunk.range.until.min(until), ..chunk.range };
            let batch = self.program.bind(chunk, range, OnError::Park)?;
            refused.extend(apply_alone(&mut transaction, &self.call, &self.program, &batch)?);
            run += 1;
        }
        let seen = look(&mut transaction, &self.schema, &self.tables)?;
        drop(transaction);
        if until == Position(i64::MAX) {
            self.chunks.truncate(run);
        }
        Ok((refused, seen))
    }

    /// The same by the native engine; nothing if it would not be used, or the tables do not take its rows
    /// in this order, in which case a rebuild leaves them to the sql engine.
    fn natively<R>(
        &mut self,
        until: Position,
        look: &impl Fn(&mut Transaction<'_>, &Ident, &[Ident]) -> Result<R, PgError>,
    ) -> Result<Option<R>, LogError> {
        let Some(native) = &self.native else { return Ok(None) };
        let mut transaction = begin(self.session, &self.sequences)?;
        let of = (&self.program, &self.call);
        match native.apply_alone(&mut transaction, of, &self.chunks, until) {
            Ok(()) => Ok(Some(look(&mut transaction, &self.schema, &self.tables)?)),
            Err(LogError::Pg(PgError::Server(_))) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The first event after which the engines differ, who differ after the last.
    fn first_difference(&mut self, positions: &[Position]) -> Result<Failure, LogError> {
        let nth = first_of(positions.len(), |events| {
            let until = positions[events - 1];
            let (_, by_sql) = self.in_sql(until, &sums)?;
            Ok::<_, LogError>(
                self.natively(until, &sums)?.is_none_or(|natively| natively == by_sql),
            )
        })?;
        let position = positions.get(nth.saturating_sub(1)).copied().unwrap_or_default();
        let alone = Range { after: Position(position.0 - 1), until: position };
        let holds =
            |chunk: &&Arc<Chunk>| chunk.range.after < position && position <= chunk.range.until;
        let mut failure = Failure { position: position.0, ..Failure::default() };
        if let Some(chunk) = self.chunks.iter().find(holds) {
            let batch = self.program.bind(chunk, alone, OnError::Park)?;
            let handlers = &self.program.handlers;
            let handler = batch.kinds.first().and_then(|kind| usize::try_from(*kind).ok());
            let place = handler.map(|nth| handlers.file.place(handlers.handlers[nth].span.start));
            failure = Failure { place: place.map(|p| p.to_string()), ..batch.blame(0) };
        }
        "the native engine and the sql engine leave other rows after it"
            .clone_into(&mut failure.message);
        Ok(failure.without_words())
    }

    fn judged(&self, Refusal { failure, is_of_value }: Refusal) -> Refused {
        let is_of_row = || {
            let code = failure.sqlstate.as_deref().unwrap_or_default();
            // A value, a NULL, or a CHECK of the row's own columns.
            let is_of_one_row = code.starts_with("22") || ["23502", "23514"].contains(&code);
            let place = failure.place.as_deref().unwrap_or_default();
            is_of_one_row && !self.has_code && self.makes_rows_of_values(place)
        };
        let is_certain_alone = is_of_value || is_of_row();
        Refused { failure, is_certain_alone }
    }

    /// Whether the statement at a place makes rows of nothing but the event.
    fn makes_rows_of_values(&self, place: &str) -> bool {
        let handlers = &self.program.handlers;
        let mut statements = handlers.handlers.iter().flat_map(|handler| &handler.statements);
        let is_it =
            |s: &&crate::handler::Statement| handlers.file.place(s.span.start).to_string() == place;
        let found = statements.find(is_it);
        found.is_some_and(|s| inserts_values(&handlers.file.text[s.span.clone()]))
    }
}

/// Begins a transaction in which the sequences stand where they stood.
fn begin<'s>(session: &'s mut Session, sequences: &[String]) -> Result<Transaction<'s>, PgError> {
    let mut transaction = session.begin()?;
    transaction.run(&format!("SET LOCAL statement_timeout = '{}s'", PATIENCE.as_secs()))?;
    for statement in sequences {
        transaction.run(statement)?;
    }
    Ok(transaction)
}

/// Statements that set a schema's sequences to what they are now.
fn sequences(session: &mut Session, schema: &Ident) -> Result<Vec<String>, PgError> {
    let names = "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'S' \
                 AND c.relnamespace = $1::text::regnamespace ORDER BY 1";
    let mut statements = Vec::new();
    for row in session.query(names, &[&schema.quoted()])? {
        let name: String = row.get(0);
        let at = session.query_one(&format!("SELECT last_value, is_called FROM {name}"), &[])?;
        let (value, is_called): (i64, bool) = (at.get(0), at.get(1));
        let name = quote_literal(&name);
        statements.push(format!("SELECT pg_catalog.setval({name}, {value}, {is_called})"));
    }
    Ok(statements)
}

/// What tables hold: for each the number of its rows and a sum of their hashes.
fn sums(
    sql: &mut Transaction<'_>,
    schema: &Ident,
    tables: &[Ident],
) -> Result<Vec<String>, PgError> {
    let mut contents = Vec::new();
    for table in tables {
        // No column has the name of the row.
        let rows = format!(
            "SELECT count(*) || ' ' || COALESCE(sum(pg_catalog.hashtextextended(regrow$row::text, 0)::numeric), 0) \
             FROM {} AS regrow$row",
            schema.dot(table)
        );
        contents.push(sql.ask(&rows)?.unwrap_or_default());
    }
    Ok(contents)
}

/// Whether a statement is an INSERT of VALUES that reads no table and changes no row that is there.
fn inserts_values(sql: &str) -> bool {
    let words: Vec<String> = tokens(sql)
        .iter()
        .filter(|token| token.kind == TokenKind::Word)
        .map(|token| token.text(sql).to_ascii_uppercase())
        .collect();
    let has = |word: &str| words.iter().any(|w| w == word);
    words.first().is_some_and(|word| word == "INSERT")
        && has("VALUES")
        && !["SELECT", "TABLE", "UPDATE", "WITH"].into_iter().any(has)
}

/// The smallest number of events after which `agree` does not hold; it holds without any, and not
/// after all of them.
fn first_of<E>(all: usize, mut agree: impl FnMut(usize) -> Result<bool, E>) -> Result<usize, E> {
    let (mut holds, mut breaks) = (0, all);
    while breaks - holds > 1 {
        let middle = holds + (breaks - holds) / 2;
        match agree(middle)? {
            true => holds = middle,
            false => breaks = middle,
        }
    }
    Ok(breaks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_values_reads_no_table() {
        for sql in [
            "INSERT INTO a (id, v) VALUES (:id::int, lower(:v)) ON CONFLICT DO NOTHING",
            "insert into a values (:id, '(SELECT 1)') -- update",
        ] {
            assert!(inserts_values(sql), "{sql}");
        }
        for sql in [
            "INSERT INTO a (id, v) VALUES (:id, (SELECT v FROM b WHERE id = :id))",
            "INSERT INTO a (id) VALUES (:id) ON CONFLICT (id) DO UPDATE SET n = a.n / 0",
            "INSERT INTO a SELECT :id::int",
            "UPDATE a SET v = :v::int",
            "WITH b AS (VALUES (1)) INSERT INTO a VALUES (:id)",
        ] {
            assert!(!inserts_values(sql), "{sql}");
        }
    }

    #[test]
    fn the_first_difference_is_found() {
        for all in 1..40 {
            for first in 1..=all {
                let mut asked = 0;
                let found = first_of::<()>(all, |events| {
                    asked += 1;
                    Ok(events < first)
                });
                assert_eq!(found, Ok(first));
                assert!(asked <= 6, "{asked} questions about {all} events");
            }
        }
    }
}
