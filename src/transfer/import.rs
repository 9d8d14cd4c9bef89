//! `import`: lines of JSON appended to the event log, all of them or none.
//!
//! One transaction holds everything, in several COPYs: the driver hands out a refusal only
//! at the end of a COPY, so a short one names a bad line soon. Streams are taken as they
//! come: the log's own constraints decide what fits. The transaction is a writer like any
//! other, so whoever follows the log waits at the barrier until it ends.

use std::io::Read;
use std::time::{Duration, Instant};

use super::Teller;
use super::line::{COLUMNS, LineError};
use super::lines::Lines;
use super::refusal::{self, RowLines};
use crate::context::Context;
use crate::failure::message_without_values;
use crate::log::LogShape;
use crate::pg::{PgError, ServerError, Session, Sql, Transaction};

/// Rows of one COPY at the most, a fraction of a second's work.
const COPY_ROWS: u64 = 25_000;
/// Bytes after which a COPY ends.
const COPY_BYTES: u64 = 32 * 1024 * 1024;
/// Bytes handed to the server at once.
const PIECE_BYTES: usize = 256 * 1024;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// No server, or it refused, or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The log is not ours.
    #[error("this project adopts a log that another library writes; regrow does not write to it")]
    Adopted,
    /// There is no log yet.
    #[error("the event log {table} does not exist in {server}: the event store was never migrated")]
    NotMigrated {
        /// The table.
        table: String,
        /// The server's address without secrets.
        server: String,
    },
    /// A line is no event.
    #[error("{name}:{line}: {error}")]
    Line {
        /// The input's name.
        name: String,
        /// The line, from 1.
        line: u64,
        /// Why.
        error: LineError,
    },
    /// The log holds an event of that number, or an earlier line does.
    #[error("{}: stream {stream} already has an event number {version}", place(.name, .line))]
    Duplicate {
        /// The input's name.
        name: String,
        /// The line, from 1, where the server told.
        line: Option<u64>,
        /// The stream.
        stream: String,
        /// The version in the stream.
        version: String,
    },
    /// The server refused a row. Detail and context are left out: they quote the row.
    #[error("{name}:{line}: {}{message}", column.as_ref().map_or_else(String::new, |c| format!("{c}: ")))]
    Refused {
        /// The input's name.
        name: String,
        /// The line, from 1.
        line: u64,
        /// The log's column, where one is to blame.
        column: Option<String>,
        /// The SQLSTATE.
        code: String,
        /// The server's primary message, without the values it quotes.
        message: String,
    },
    /// Somebody asked to stop.
    #[error("stopped, and nothing was imported")]
    Interrupted,
}

fn place(name: &str, line: &Option<u64>) -> String {
    line.map_or_else(|| name.to_owned(), |line| format!("{name}:{line}"))
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Events appended.
    pub events: u64,
    /// How long it took, with the commit.
    pub took: Duration,
}

/// Appends the events of `input` (NDJSON, gzip or plain) in one transaction; nothing is kept on
/// an error. `name` stands in messages, `of_bytes` is the input's length where it is known.
///
/// # Errors
/// The log is adopted or absent, a line is no event, the server refuses a row, or somebody
/// asked to stop.
pub fn import(
    context: &Context,
    input: Box<dyn Read>,
    name: &str,
    of_bytes: Option<u64>,
) -> Result<Imported, ImportError> {
    let started = Instant::now();
    if context.project.adopts() {
        return Err(ImportError::Adopted);
    }
    let shape = LogShape::own(&context.project.config.event_store_schema());
    let mut session = Session::open(&context.event_store, "import")?.to_write()?;
    let there = session.query_one("SELECT to_regclass($1) IS NOT NULL", &[&shape.table])?;
    if !there.get::<_, bool>(0) {
        let (table, server) = (shape.label(), session.server().to_owned());
        return Err(ImportError::NotMigrated { table, server });
    }
    let now = session.query_one("SELECT clock_timestamp()::text", &[])?.get(0);
    let lines =
        Lines::open(input).map_err(|error| unread(context, name, 1, LineError::Read(error)))?;
    let mut run =
        Run { context, name, lines, now, events: 0, teller: Teller::new(context, of_bytes) };
    let mut transaction = session.begin()?;
    let sql = format!("COPY {} ({COLUMNS}) FROM STDIN", shape.table);
    while run.copy(&mut transaction, &sql)? {}
    run.teller.tell(run.events, run.lines.bytes());
    // A constraint that the project deferred speaks here.
    transaction
        .commit("import::events")
        .map_err(|error| refused(error.into(), name, &RowLines::default()))?;
    Ok(Imported { events: run.events, took: started.elapsed() })
}

struct Run<'a> {
    context: &'a Context,
    name: &'a str,
    lines: Lines,
    /// The server's clock, for events that do not say when they were recorded.
    now: String,
    events: u64,
    teller: Teller<'a>,
}

impl Run<'_> {
    /// One COPY; `false` when the input is at its end.
    fn copy(&mut self, transaction: &mut Transaction<'_>, sql: &str) -> Result<bool, ImportError> {
        let mut rows = RowLines::default();
        let mut more = false;
        let name = self.name;
        let copied = transaction.copy_in(sql, |send| {
            more = self.feed(send, &mut rows)?;
            Ok(())
        });
        match copied {
            Ok(_) => Ok(more),
            Err(error) => Err(refused(error, name, &rows)),
        }
    }

    fn feed(
        &mut self,
        send: &mut dyn FnMut(&[u8]) -> Result<(), ImportError>,
        rows: &mut RowLines,
    ) -> Result<bool, ImportError> {
        let mut piece = Vec::with_capacity(PIECE_BYTES + PIECE_BYTES / 4);
        let mut sent = 0_u64;
        let mut more = true;
        while more && rows.rows() < COPY_ROWS && sent < COPY_BYTES {
            if self.context.interrupt.raised() {
                return Err(ImportError::Interrupted);
            }
            more = self
                .lines
                .next_row(&self.now, &mut piece)
                .map_err(|error| unread(self.context, self.name, self.lines.number(), error))?;
            if more {
                rows.push(self.lines.number());
                self.events += 1;
            }
            if piece.len() >= PIECE_BYTES {
                send(&piece)?;
                sent += piece.len() as u64;
                piece.clear();
                self.teller.moved(self.events, self.lines.bytes());
            }
        }
        send(&piece)?;
        Ok(more)
    }
}

/// A line that could not be had: where somebody asked to stop meanwhile, it was not waited for.
fn unread(context: &Context, name: &str, line: u64, error: LineError) -> ImportError {
    match error {
        LineError::Read(_) if context.interrupt.raised() => ImportError::Interrupted,
        error => ImportError::Line { name: name.to_owned(), line, error },
    }
}

/// Names the line where the server refused a row; any other error stays what it is.
fn refused(error: ImportError, name: &str, rows: &RowLines) -> ImportError {
    let ImportError::Pg(PgError::Server(server)) = error else { return error };
    match blame(&server, name, rows) {
        Some(error) => error,
        None => PgError::Server(server).into(),
    }
}

fn blame(server: &ServerError, name: &str, rows: &RowLines) -> Option<ImportError> {
    let (row, column) = refusal::place(server);
    let line = row.and_then(|row| rows.line(row));
    let name = name.to_owned();
    if let Some((stream, version)) = refusal::duplicate(server) {
        let (stream, version) = (stream.to_owned(), version.to_owned());
        return Some(ImportError::Duplicate { name, line, stream, version });
    }
    Some(ImportError::Refused {
        name,
        line: line?,
        column: column.map(str::to_owned),
        code: server.code.clone(),
        message: message_without_values(&server.code, &server.message),
    })
}
