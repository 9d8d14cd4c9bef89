//! A file in a transaction: one statement after another, each in a message of its own.
//!
//! The server itself refuses a message with two statements in it, so whatever a text hides from the
//! scanner here, a COMMIT in it cannot run unseen. What a file may not change is kept in a [`Frame`]
//! and looked after: the transaction it runs in, and the timeouts that keep others from waiting.

use super::{MigrateError, scripts};
use crate::handler;
use crate::ident::Ident;
use crate::pg::{Notice, PgError, Sql, Transaction};
use crate::progress::{Observer, Progress};
use crate::revision::Revision;
use crate::source::{Place, SourceFile};

/// What a file that runs in a transaction may not change.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The transaction, as the server numbers it.
    pub(super) transaction: String,
    /// The statements that set its timeouts.
    pub(super) timeouts: String,
}

/// A statement that runs a file's text, and what to say of it if it fails.
#[derive(Clone, Copy)]
pub(super) struct Script<'a> {
    pub(super) lineage: &'a str,
    pub(super) revision: &'a Revision,
    pub(super) file: &'a SourceFile,
    /// Who is told what the server says of it.
    pub(super) observer: &'a dyn Observer,
}

impl Frame {
    /// The frame of a transaction that has begun.
    pub(crate) fn of(transaction: &mut Transaction<'_>) -> Result<Frame, PgError> {
        Ok(Frame { transaction: transaction.number()?, timeouts: String::new() })
    }

    /// Whether this is still the transaction it was; its timeouts are ours again.
    pub(super) fn holds(&self, transaction: &mut Transaction<'_>) -> Result<bool, PgError> {
        let ours = include_str!("timeouts.sql");
        transaction.run(&format!("{ours}{}", self.timeouts))?;
        Ok(transaction.number()? == self.transaction)
    }
}

impl Script<'_> {
    /// Runs the file's statements.
    pub(super) fn run(
        &self,
        transaction: &mut Transaction<'_>,
        frame: &Frame,
    ) -> Result<(), MigrateError> {
        let manners = Manners::of(self.file);
        for span in handler::split(self.file).map_err(|e| scripts::unread(e.into()))? {
            let text = &self.file.text[span.clone()];
            transaction.session().take_notices();
            transaction.run_one(text).map_err(|error| self.failed(span.start, error))?;
            let notices = transaction.session().take_notices();
            tell(self.observer, &self.file.place(span.start), notices);
            if manners.may_leave_the_frame(text) && !frame.holds(transaction)? {
                return Err(scripts::ended(self.file.place(span.start)));
            }
        }
        Ok(())
    }

    fn failed(&self, base: usize, error: PgError) -> MigrateError {
        scripts::failed(self.lineage, self.revision, self.file, base, true, error)
    }

    /// What stands between a file and our own rows: we are ourselves again, with our settings.
    pub(super) fn close(
        &self,
        transaction: &mut Transaction<'_>,
        path: &Ident,
    ) -> Result<String, PgError> {
        if scripts::leaves_settings(self.file) {
            // It cannot have changed them; these two cost next to nothing.
            return Ok("RESET SESSION AUTHORIZATION; RESET ROLE;\n".to_owned());
        }
        transaction.renew_all()?;
        Ok(format!("SET LOCAL search_path = {};\n", path.quoted()))
    }
}

/// Tells what the server said of a statement.
pub(super) fn tell(observer: &dyn Observer, place: &Place, notices: Vec<Notice>) {
    for Notice { severity, message } in notices {
        observer.note(&Progress::Notice { severity, place: place.to_string(), message });
    }
}

/// What can be told from a file's words about its statements.
struct Manners {
    /// Some function of it may change a timeout.
    speaks_of_timeouts: bool,
}

impl Manners {
    fn of(file: &SourceFile) -> Manners {
        let lower = file.text.to_ascii_lowercase();
        Manners { speaks_of_timeouts: ["_timeout", "set_config"].iter().any(|w| lower.contains(w)) }
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
