//! The log on a way back: no event is lost, whatever the words of a file are.
//!
//! What a file does cannot be read in it: a function, a cascade or a text that is run may do it. So the
//! database is asked, in the transaction of the way back and before its COMMIT. Whoever inserts, updates
//! or deletes rows holds ROW EXCLUSIVE on their table to the end; TRUNCATE and what writes a table
//! anew give it another file; the rest shows in the catalog. A transaction without any of these has left every
//! event as it was, which costs two questions. One with some of them is rolled back and run again, this
//! time with the log locked against writers and summed up before and after: an index that moves, a column of
//! somebody else's or an UPDATE that changes nothing is no loss.

use std::cell::{Cell, RefCell};

use super::MigrateError;
use super::error::{Loss, Refusal};
use crate::ident::{Ident, quote_ident};
use crate::pg::{PgError, Sql, Transaction};
use crate::source::Place;

/// The table of our own event store that holds the events.
pub(crate) const LOG_TABLE: &str = "events";

/// The columns by which the event store's own log is read.
const COLUMNS: [&str; 8] = [
    "position",
    "stream_id",
    "stream_version",
    "event_type",
    "schema_version",
    "payload",
    "metadata",
    "recorded_at",
];

/// Looks after the log of an event store.
pub(super) struct LogGuard {
    schema: Ident,
    /// Whether events are summed up: the first attempt has touched the log.
    sums: Cell<bool>,
}

/// What was there before a file ran.
pub(super) struct Before<'g> {
    guard: &'g LogGuard,
    evidence: Option<Evidence>,
    sum: Option<Sum>,
    /// After which statement the log was touched first.
    touched: RefCell<Option<Place>>,
}

/// What the catalog and the locks say of the log.
struct Evidence {
    table: i64,
    kind: String,
    columns: Vec<String>,
    /// Number and type of each column.
    shapes: Vec<String>,
    /// Each table of it with its file.
    parts: Vec<String>,
    /// Whether this transaction may have written rows.
    written: bool,
}

/// All events up to a position.
#[derive(PartialEq, Eq)]
struct Sum {
    events: i64,
    hashes: String,
    last: Option<i64>,
}

impl LogGuard {
    pub(super) fn of(schema: &Ident) -> LogGuard {
        LogGuard { schema: schema.clone(), sums: Cell::new(false) }
    }

    /// Runs attempts of a way back: once more with the events summed up where the first one has
    /// touched the log.
    pub(super) fn attempt<T, E: Refusal>(
        guard: Option<&LogGuard>,
        mut attempt: impl FnMut() -> Result<T, E>,
    ) -> Result<T, E> {
        if let Some(guard) = guard {
            guard.sums.set(false);
        }
        match (attempt(), guard) {
            (Err(error), Some(guard))
                if !guard.sums.get()
                    && matches!(error.as_migrate(), Some(MigrateError::LosesEvents { .. })) =>
            {
                guard.sums.set(true);
                attempt()
            }
            (result, _) => result,
        }
    }

    /// The table, with its schema.
    pub(super) fn table(&self) -> String {
        format!("{}.{LOG_TABLE}", self.schema)
    }

    /// What is there when a file begins.
    pub(super) fn before(&self, transaction: &mut Transaction<'_>) -> Result<Before<'_>, PgError> {
        let mut evidence = self.evidence(transaction)?;
        let mut sum = None;
        if self.sums.get()
            && let Some(found) = &evidence
        {
            if ["r", "p", "v"].contains(&&*found.kind) {
                // Writers wait, so that what differs afterwards is of this transaction; readers do not.
                let table = self.quoted();
                transaction.run(&format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))?;
                evidence = self.evidence(transaction)?;
            }
            if let Some(found) = &evidence {
                sum = Some(self.sum(transaction, &found.columns, None)?);
            }
        }
        Ok(Before { guard: self, evidence, sum, touched: RefCell::default() })
    }

    /// Whether there is a log with events, outside of any attempt.
    pub(super) fn holds_events(&self, sql: &mut impl Sql) -> Result<bool, PgError> {
        if self.evidence(sql)?.is_none() {
            return Ok(false);
        }
        let any = format!("SELECT EXISTS (SELECT FROM {})", self.quoted());
        Ok(sql.query_one(&any, &[])?.get(0))
    }

    /// Whether a table is a part of the log; its name is looked up by the session's search path.
    pub(super) fn has_part(&self, sql: &mut impl Sql, part: &str) -> Result<bool, PgError> {
        let Some(log) = self.evidence(sql)? else { return Ok(false) };
        let oid = "SELECT to_regclass($1)::oid::int8";
        let oid: Option<i64> = sql.query_one(oid, &[&part])?.get(0);
        let begins = oid.map(|oid| format!("{oid} "));
        Ok(begins.is_some_and(|begins| log.parts.iter().any(|part| part.starts_with(&begins))))
    }

    fn quoted(&self) -> String {
        format!("{}.{LOG_TABLE}", self.schema.quoted())
    }

    fn evidence(&self, sql: &mut impl Sql) -> Result<Option<Evidence>, PgError> {
        let columns: Vec<&str> = COLUMNS.to_vec();
        let rows = sql.session().query_prepared(
            include_str!("log_evidence.sql"),
            &[&self.schema.as_str(), &LOG_TABLE, &columns],
        )?;
        Ok(rows.first().map(|row| Evidence {
            table: row.get(0),
            kind: row.get(1),
            columns: row.get(2),
            shapes: row.get(3),
            parts: row.get(4),
            written: row.get(5),
        }))
    }

    /// Sums up the events to a position, or all. What is added later has a higher one.
    fn sum(
        &self,
        transaction: &mut Transaction<'_>,
        columns: &[String],
        up_to: Option<i64>,
    ) -> Result<Sum, PgError> {
        let texts: Vec<String> = columns
            .iter()
            .map(|column| format!("{}::pg_catalog.text", quote_ident(column)))
            .collect();
        let last = match columns.iter().any(|column| column == "position") {
            true => "pg_catalog.max(position)::pg_catalog.int8",
            false => "NULL::pg_catalog.int8",
        };
        let bound = up_to.map_or_else(String::new, |last| {
            format!(" WHERE position OPERATOR(pg_catalog.<=) {last}")
        });
        let row = transaction.query_one(
            &format!(
                "SELECT pg_catalog.count(*), COALESCE(pg_catalog.sum(pg_catalog.hashtextextended(\
                 ROW({})::pg_catalog.text, 0))::pg_catalog.text, ''), {last} FROM {}{bound}",
                texts.join(", "),
                self.quoted()
            ),
            &[],
        )?;
        Ok(Sum { events: row.get(0), hashes: row.get(1), last: row.get(2) })
    }
}

impl Before<'_> {
    /// Remembers the statement after which the log is not as it was, in attempts that sum up.
    pub(super) fn after_statement(
        &self,
        transaction: &mut Transaction<'_>,
        place: impl FnOnce() -> Place,
    ) -> Result<(), PgError> {
        if self.sum.is_none() || self.touched.borrow().is_some() {
            return Ok(());
        }
        let now = self.guard.evidence(transaction)?;
        if self.is_touched(now.as_ref()) {
            *self.touched.borrow_mut() = Some(place());
        }
        Ok(())
    }

    /// Refuses a transaction that has touched the log; in attempts that sum up, one that has lost
    /// events. `place` is told if no statement is known.
    pub(super) fn is_whole(
        &self,
        transaction: &mut Transaction<'_>,
        stem: String,
        place: Place,
    ) -> Result<(), MigrateError> {
        // What waits for the COMMIT runs now: behind the look nothing of theirs may.
        transaction.run("SET CONSTRAINTS ALL IMMEDIATE")?;
        let now = self.guard.evidence(transaction)?;
        if !self.is_touched(now.as_ref()) {
            return Ok(());
        }
        let loss = match &self.sum {
            None => Some(Loss::Table),
            Some(sum) if sum.events == 0 => None,
            Some(sum) => self.loss(transaction, sum, now)?,
        };
        let Some(loss) = loss else { return Ok(()) };
        let place = self.touched.borrow_mut().take().unwrap_or(place);
        Err(MigrateError::LosesEvents { place, stem, table: self.guard.table(), loss })
    }

    fn is_touched(&self, now: Option<&Evidence>) -> bool {
        let Some(before) = &self.evidence else { return false };
        let Some(now) = now else { return true };
        let is_there = |part: &String| now.parts.contains(part);
        now.written
            || (now.table, &now.columns, &now.shapes)
                != (before.table, &before.columns, &before.shapes)
            || !before.parts.iter().all(is_there)
    }

    fn loss(
        &self,
        transaction: &mut Transaction<'_>,
        before: &Sum,
        now: Option<Evidence>,
    ) -> Result<Option<Loss>, PgError> {
        let (Some(then), Some(now)) = (&self.evidence, now) else { return Ok(Some(Loss::Table)) };
        if let Some(gone) = then.columns.iter().find(|column| !now.columns.contains(column)) {
            return Ok(Some(Loss::Column(gone.clone())));
        }
        let after = self.guard.sum(transaction, &then.columns, before.last)?;
        Ok(match before.events - after.events {
            0 if after.hashes == before.hashes => None,
            lost if lost > 0 => Some(Loss::Events(lost)),
            _ => Some(Loss::Content),
        })
    }
}
