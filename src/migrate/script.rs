//! A file in a transaction: one statement after another, each in a message of its own.
//!
//! The server itself refuses a message with two statements in it, so whatever a text hides from the
//! scanner here, a COMMIT in it cannot run unseen. What a file may not change is kept in a [`Frame`]
//! and looked after: the transaction it runs in, and the timeouts that keep others from waiting.

use super::frame::{Breach, Frame, search_path};
use super::log_guard::Before;
use super::plain::is_plain;
use super::{MigrateError, scripts};
use crate::bulk::{Part, Parts};
use crate::ddl::{self, Setting};
use crate::handler::{self, Cut};
use crate::ident::Ident;
use crate::pg::history::Rows;
use crate::pg::{Notice, PgError, Sql, Transaction};
use crate::progress::{Observer, Progress};
use crate::replay::sql::ProgramError;
use crate::replay::sql::reach::{Allowed, revision};
use crate::revision::Revision;
use crate::source::{Bulk, Place, SourceFile, Span};

/// `read_only_sql_transaction` in appendix A of the manual.
const READ_ONLY: &str = "25006";
/// `undefined_table` there.
const NO_TABLE: &str = "42P01";
/// Behind a file that calls nothing: as ourselves, and with the words of the server for our rows no longer told.
const OURSELVES: &str =
    "RESET SESSION AUTHORIZATION; RESET ROLE; SET LOCAL client_min_messages = warning;";

/// A statement that runs a file's text, and what to say of it if it fails.
#[derive(Clone, Copy)]
pub(super) struct Script<'a> {
    pub(super) lineage: &'a str,
    pub(super) revision: &'a Revision,
    pub(super) file: &'a SourceFile,
    /// Who is told what the server says of it.
    pub(super) observer: &'a dyn Observer,
    /// What a projection's may reach outside the build; without it nobody looks.
    pub(super) allowed: Option<Allowed<'a>>,
    /// The log as it was, which the file must leave so.
    pub(super) log: Option<&'a Before<'a>>,
    /// Whether nothing comes between its rows and the COMMIT.
    pub(super) is_last: bool,
    /// What the history has behind its rows, if that is looked after.
    pub(super) history: Option<Rows>,
}

impl Script<'_> {
    /// Runs the file's statements.
    pub(super) fn run(
        &self,
        transaction: &mut Transaction<'_>,
        frame: &Frame,
        own: &Ident,
    ) -> Result<(), MigrateError> {
        let mut manners = Manners::default();
        match &self.file.bulk {
            None => self.run_text(transaction, frame, own, &mut manners),
            Some(bulk) => self.stream(transaction, frame, own, bulk),
        }
    }

    /// Runs a file that is too large to be held, piece by piece.
    fn stream(
        &self,
        transaction: &mut Transaction<'_>,
        frame: &Frame,
        own: &Ident,
        bulk: &Bulk,
    ) -> Result<(), MigrateError> {
        let (mut manners, mut parts) = (Manners::default(), Parts::of(self.file, bulk)?);
        let revision = self.revision.stem();
        let tell = |bytes: u64| {
            let of_bytes = bulk.bytes;
            let revision = revision.clone();
            self.observer.note(&Progress::Streamed { revision, bytes, of_bytes });
        };
        while let Some(part) = parts.next_part()? {
            match part {
                Part::Statements(file) => {
                    let piece = Script { file: &file, ..*self };
                    piece.run_text(transaction, frame, own, &mut manners)?;
                }
                Part::Copy(file) => {
                    Script { file: &file, ..*self }.stream_rows(transaction, &mut parts, &tell)?
                }
            }
            tell(parts.bytes());
        }
        tell(bulk.bytes);
        Ok(())
    }

    /// Runs a COPY, which is all of the text, with the rows that come next.
    fn stream_rows(
        &self,
        transaction: &mut Transaction<'_>,
        parts: &mut Parts,
        tell: &impl Fn(u64),
    ) -> Result<(), MigrateError> {
        // Without rows it is a file of its own.
        let mut alone = self.file.clone();
        alone.text.push_str("\\.\n");
        let cuts = handler::cut(&alone).map_err(|e| scripts::unread(e.into()))?;
        let Some(copy) = cuts.last() else { return Ok(()) };
        let (first_line, mut bytes) = (parts.line(), parts.bytes());
        transaction.session().take_notices();
        let done = transaction.copy_in(&alone.text[copy.span.clone()], |send| {
            parts.rows(|rows| {
                send(rows)?;
                bytes += rows.len() as u64;
                tell(bytes);
                Ok::<_, MigrateError>(())
            })
        });
        done.map_err(|error| match error {
            MigrateError::Pg(error) => self.failed(copy.span.start, Some(first_line), error),
            other => other,
        })?;
        self.tell(copy.span.start, transaction.session().take_notices());
        Ok(())
    }

    /// Runs the statements of a text that is held.
    fn run_text(
        &self,
        transaction: &mut Transaction<'_>,
        frame: &Frame,
        own: &Ident,
        manners: &mut Manners,
    ) -> Result<(), MigrateError> {
        manners.learn(self.file);
        for Cut { span, rows } in handler::cut(self.file).map_err(|e| scripts::unread(e.into()))? {
            let text = &self.file.text[span.clone()];
            if self.leaves_out(text, span.start, own) {
                continue;
            }
            let given = rows.clone().map(|rows| &self.file.text[rows]);
            self.look(transaction, own, (&span, given))?;
            transaction.session().take_notices();
            let done = match &rows {
                None => transaction.run_one(text),
                Some(rows) => transaction
                    .copy_in(text, |send| send(self.file.text[rows.clone()].as_bytes()))
                    .map(drop),
            };
            let first_line = rows.map(|rows| self.file.place(rows.start).line);
            done.map_err(|error| self.failed(span.start, first_line, error))?;
            self.tell(span.start, transaction.session().take_notices());
            if manners.may_leave_the_frame(text)
                && let Some(breach) = frame.breach(transaction)?
            {
                return Err(scripts::broken(breach, self.file.place(span.start)));
            }
            if let Some(log) = self.log {
                log.after_statement(transaction, || self.file.place(span.start))?;
            }
        }
        Ok(())
    }

    /// Looks at a statement before it runs, if it is a projection's.
    fn look(
        &self,
        transaction: &mut Transaction<'_>,
        own: &Ident,
        (span, rows): (&Span, Option<&str>),
    ) -> Result<(), MigrateError> {
        let Some(allowed) = self.allowed else { return Ok(()) };
        let (stem, file) = (self.revision.stem(), self.file);
        let script = revision::Script { projection: self.lineage, stem: &stem, file };
        match revision::look(transaction, own, (script, span, rows), allowed) {
            Err(ProgramError::Pg(error)) => Err(error.into()),
            refused => Ok(refused.map_err(Box::new)?),
        }
    }

    /// Tells what the server said of the statement at a place. To find the line of each that it said
    /// nothing of would be to read the file as often as it has statements.
    fn tell(&self, at: usize, notices: Vec<Notice>) {
        if !notices.is_empty() {
            tell_all(self.observer, &self.file.place(at), notices);
        }
    }

    /// Whether a statement would change nothing: what `pg_dump` writes into each of its files. It
    /// makes the schema, which is there when the first revision runs, and sets timeouts, of which
    /// ours count; those of a newer server would be refused.
    fn leaves_out(&self, text: &str, at: usize, own: &Ident) -> bool {
        if text.as_bytes().first().is_some_and(|byte| matches!(byte, b's' | b'S'))
            && handler::first_words(text).first().is_some_and(|word| word == "SET")
        {
            return matches!(ddl::setting_of(text), Some(Setting::Timeout(_)));
        }
        let is_own = ddl::made_schema(text).is_some_and(|made| made == own.as_str());
        if is_own {
            let place = self.file.place(at);
            let text =
                format!("{place}: the schema {own} is there: regrow makes it for its revisions");
            self.observer.note(&Progress::Note(text));
        }
        is_own
    }

    /// `first_line` is that of the first row of a COPY.
    fn failed(&self, base: usize, first_line: Option<usize>, error: PgError) -> MigrateError {
        let mut failed = scripts::failed(self.lineage, self.revision, self.file, base, true, error);
        if let (MigrateError::Failed { place, error, .. }, Some(first_line)) =
            (&mut failed, first_line)
            && let Some(row) = error.row()
        {
            (place.line, place.column) = (first_line + row - 1, 1);
        }
        failed
    }

    /// Writes our own rows behind a file: as ourselves, with our settings, and with nothing in the session that
    /// the file has left and the next one would meet.
    pub(super) fn close(
        &self,
        transaction: &mut Transaction<'_>,
        frame: &Frame,
        path: &Ident,
        rows: &str,
    ) -> Result<(), MigrateError> {
        let script = format!("{}{}\n{rows}\n;", search_path(path), frame.timeouts);
        let calls_nothing = is_plain(self.file) && !frame.begun.has_event_triggers;
        let keeps_history = calls_nothing && !self.speaks_of_history();
        if keeps_history && self.is_last {
            // So nothing is set that our rows would meet, and it has not left its frame either.
            transaction.run_with_commit(rows);
            return Ok(());
        }
        let question = match self.history.filter(|_| !keeps_history) {
            None => frame.question(),
            Some(rows) => format!(
                "SELECT CASE WHEN {} THEN ({}) ELSE 'history' END",
                rows.are_there(path),
                frame.question()
            ),
        };
        let told = match calls_nothing {
            true => transaction
                .ask(&format!("{OURSELVES}\n{script}\n{question}"))
                .map(Option::unwrap_or_default),
            false => transaction.session().renew_and_ask(&script, &question),
        };
        let breach = match told {
            Ok(told) => Breach::told(&told),
            // Our server takes writes: it is the file that has kept its transaction from them.
            Err(error) if error.code() == Some(READ_ONLY) => Some(Breach::ReadOnly),
            // One of the tables of the history is gone.
            Err(error) if error.code() == Some(NO_TABLE) => Some(Breach::History),
            Err(error) => return Err(error.into()),
        };
        match breach {
            Some(breach) => Err(scripts::broken(breach, self.place_of(breach))),
            None => Ok(()),
        }
    }

    /// Whether a file that calls nothing may take a table of the history away.
    fn speaks_of_history(&self) -> bool {
        self.file.text.to_ascii_lowercase().contains("_schema_")
    }

    /// The first statement whose words speak of what is broken; else the file.
    fn place_of(&self, breach: Breach) -> Place {
        let word = match breach {
            Breach::Ended => return self.file.place(0),
            Breach::Unlocked => "advisory_unlock",
            Breach::ReadOnly => "read",
            Breach::History => "_schema_",
        };
        let cuts = handler::cut(self.file).unwrap_or_default();
        let speaks =
            |cut: &Cut| self.file.text[cut.span.clone()].to_ascii_lowercase().contains(word);
        let at = cuts.iter().find(|cut| speaks(cut)).map_or(0, |cut| cut.span.start);
        self.file.place(at)
    }
}

/// Tells what the server said of a statement.
pub(super) fn tell_all(observer: &dyn Observer, place: &Place, notices: Vec<Notice>) {
    for Notice { severity, message } in notices {
        observer.note(&Progress::Notice { severity, place: place.to_string(), message });
    }
}

/// What can be told from a file's words about its statements.
#[derive(Default)]
struct Manners {
    /// Some function of it may change a timeout.
    speaks_of_timeouts: bool,
}

impl Manners {
    /// What an earlier piece of the same file says holds for the later ones.
    fn learn(&mut self, file: &SourceFile) {
        let lower = file.text.to_ascii_lowercase();
        self.speaks_of_timeouts |= ["_timeout", "set_config"].iter().any(|w| lower.contains(w));
    }

    /// Whether a statement may do more than change objects and rows: set something, or run a text
    /// that is not seen here. One that is asked after without need costs a round trip.
    fn may_leave_the_frame(&self, text: &str) -> bool {
        let words = handler::first_words(text);
        match words.first().map_or("", String::as_str) {
            "CREATE" | "ALTER" | "DROP" | "COMMENT" | "GRANT" | "REVOKE" | "INSERT" | "UPDATE"
            | "DELETE" | "MERGE" | "TRUNCATE" | "LOCK" | "COPY" | "ANALYZE" | "REFRESH"
            | "SECURITY" => self.speaks_of_timeouts,
            _ => true,
        }
    }
}
