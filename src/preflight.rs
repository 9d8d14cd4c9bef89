//! Preflight: what would stop or hurt a rebuild, told before anything is made.
//!
//! Two depths. The **quick** questions go to the catalog only, a handful of queries, and every
//! rebuild asks them first: where one of them is a refusal, nothing is created. The **thorough**
//! ones are for `rebuild --preflight` and read the whole log as well, in the server and with
//! bounded memory. Nothing is ever written, and no lock of others is waited for by the quick ones
//! but that of somebody who changes the log's table.
//!
//! | room | what it looks at |
//! |---|---|
//! | `code` | the words for findings |
//! | `names` | the files: names PostgreSQL would cut |
//! | `server` | version, standby, settings, connections |
//! | `event_store` | the log: is it there, may it be read, who writes to it for long |
//! | `event_types` | the event types that handlers and upcaster files name |
//! | `watched` | what the barrier watches of the log, and whether it can |
//! | `positions`, `streams` | every event's position and version |
//! | `read_models` | what may be made, the ledger, the readers' views |
//! | `disk` | the room a rebuild takes |
//!
//! `docs/preflight.md` lists every finding. What a definition's own mistakes are is `check`'s business.

mod code;
mod disk;
mod event_store;
mod event_types;
mod names;
mod positions;
mod read_models;
mod server;
mod streams;
mod watched;

use std::time::Duration;

pub use code::Code;

use crate::context::Context;
use crate::log::watched::Sequence;
use crate::log::{LogError, LogShape};
use crate::pg::watch::Watch;
use crate::pg::{PgError, Server, Session, Sql};
use crate::progress::Progress;
use crate::project::ProjectError;
use crate::promote::PromoteError;
use crate::report::check::PreflightFinding;
use server::Side;

/// After so long a question is asked who is in its way.
const PATIENCE: Duration = Duration::from_secs(2);
/// How many places are listed of each kind.
const LISTED: i64 = 5;

/// How severe a finding is, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// A rebuild would fail, or give something wrong.
    Refused,
    /// A rebuild may fail or be held up.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The word in every report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Refused => "refused",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How severe it is.
    pub severity: Severity,
    /// Its word, which stays the same from one version to the next.
    pub code: Code,
    /// What it concerns: a server, a table, a file, a projection.
    pub object: String,
    /// What was found.
    pub message: String,
    /// What to do; SQL where a statement is enough.
    pub next: String,
}

impl Finding {
    /// What was found.
    #[must_use]
    pub fn report(&self) -> PreflightFinding {
        PreflightFinding {
            severity: self.severity.name(),
            code: self.code.name(),
            object: self.object.clone(),
            message: self.message.clone(),
            next: self.next.clone(),
        }
    }

    fn new(
        severity: Severity,
        code: Code,
        object: impl Into<String>,
        message: impl Into<String>,
        next: impl Into<String>,
    ) -> Finding {
        let (object, message, next) = (object.into(), message.into(), next.into());
        Finding { severity, code, object, message, next }
    }

    /// What was found and what to do, on one line or several.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Finding { message, next, .. } = self;
        let between = if message.ends_with('?') { "" } else { ";" };
        format!("{message}{between} {next}")
    }

    fn refused(
        code: Code,
        object: impl Into<String>,
        message: impl Into<String>,
        next: impl Into<String>,
    ) -> Finding {
        Finding::new(Severity::Refused, code, object, message, next)
    }

    fn warning(
        code: Code,
        object: impl Into<String>,
        message: impl Into<String>,
        next: impl Into<String>,
    ) -> Finding {
        Finding::new(Severity::Warning, code, object, message, next)
    }

    fn note(
        code: Code,
        object: impl Into<String>,
        message: impl Into<String>,
        next: impl Into<String>,
    ) -> Finding {
        Finding::new(Severity::Note, code, object, message, next)
    }
}

/// Why a preflight could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PreflightError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// `[event_store.adopt]` does not count.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The project's files cannot be read, or there is no such projection.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// What becomes of the views cannot be told.
    #[error(transparent)]
    Promote(#[from] Box<PromoteError>),
    /// Somebody asked to stop.
    #[error("stopped before everything was looked at")]
    Interrupted,
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// The servers only.
    Servers,
    /// What the catalog knows.
    Quick,
    /// The log's events too.
    Thorough,
}

/// The quick questions for a rebuild of some projections; `promote` is whether it will switch
/// readers too.
///
/// # Errors
/// The questions themselves could not be asked.
pub fn quick(
    context: &Context,
    names: &[String],
    promote: bool,
) -> Result<Vec<Finding>, PreflightError> {
    look(context, names, promote, Depth::Quick)
}

/// Every question for a rebuild of some projections.
///
/// # Errors
/// The questions themselves could not be asked, or somebody asked to stop.
pub fn thorough(
    context: &Context,
    names: &[String],
    promote: bool,
) -> Result<Vec<Finding>, PreflightError> {
    look(context, names, promote, Depth::Thorough)
}

/// The questions about the servers alone, for builds that were begun already.
///
/// # Errors
/// The questions themselves could not be asked.
pub fn servers(context: &Context, names: &[String]) -> Result<Vec<Finding>, PreflightError> {
    look(context, names, false, Depth::Servers)
}

/// What is looked at, and what was found so far.
struct Inspection<'a> {
    context: &'a Context,
    names: &'a [String],
    promote: bool,
    depth: Depth,
    found: Vec<Finding>,
}

/// A log that may be read, and how its positions are given out.
struct ReadableLog {
    /// Its name as SQL text.
    name: String,
    /// What it looks like.
    shape: LogShape,
    /// The sequence behind its positions, where there is one.
    sequence: Option<Sequence>,
}

fn look(
    context: &Context,
    names: &[String],
    promote: bool,
    depth: Depth,
) -> Result<Vec<Finding>, PreflightError> {
    let mut inspection = Inspection { context, names, promote, depth, found: Vec::new() };
    if depth != Depth::Servers {
        inspection.found.extend(names::look(&context.project, names)?);
    }
    inspection.servers()?;
    inspection.found.sort_by_key(|finding| finding.severity);
    Ok(inspection.found)
}

impl Inspection<'_> {
    fn servers(&mut self) -> Result<(), PreflightError> {
        let context = self.context;
        let side = if context.one_server() { Side::Both } else { Side::EventStore };
        let mut facts = None;
        let mut log_bytes = None;
        let mut session = self.open(&context.event_store)?;
        if let Some(session) = &mut session {
            facts = Some(server::look(self, session, side)?);
            if self.depth != Depth::Servers {
                log_bytes = event_store::look(self, session)?;
            }
        }
        if !context.one_server() {
            session = self.open(&context.read_models)?;
            if let Some(session) = &mut session {
                facts = Some(server::look(self, session, Side::ReadModels)?);
            }
        }
        let (Some(session), Some(facts)) = (&mut session, facts) else { return Ok(()) };
        let ledger = read_models::look(self, session)?;
        disk::look(self, session, &facts, ledger, log_bytes)
    }

    /// A session, or the finding that the server is too old for one.
    fn open(&mut self, server: &Server) -> Result<Option<Session>, PgError> {
        match Session::open(server, "preflight") {
            Err(error @ PgError::TooOld { .. }) => {
                let next = "upgrade the server, or name a newer one";
                let finding =
                    Finding::refused(Code::ServerTooOld, server.label(), error.to_string(), next);
                self.found.push(finding);
                Ok(None)
            }
            session => session.map(Some),
        }
    }

    /// Runs a question that may take as long as the log is; ctrl-C ends it, and whoever holds
    /// it up is told.
    fn ask_long<T>(
        &self,
        session: &mut Session,
        what: &str,
        question: impl FnOnce(&mut Session) -> Result<T, PgError>,
    ) -> Result<T, PreflightError> {
        self.context.note(&Progress::Note(format!("reading {what}")));
        let observer = self.context.observer.clone();
        let waiting = what.to_owned();
        let told = move |holders: &[String], waited: Duration| {
            let (what, holders) = (waiting.clone(), holders.to_vec());
            observer.note(&Progress::Waiting { what, holders, waited });
        };
        let (server, interrupt) = (&self.context.event_store, &self.context.interrupt);
        let watch = Watch::over(server, session.backend(), PATIENCE, interrupt, Box::new(told));
        let answer = question(session);
        drop(watch);
        match interrupt.raised() {
            true => Err(PreflightError::Interrupted),
            false => Ok(answer?),
        }
    }
}

/// A list as people read it: the first few, and how many there are besides.
fn listed(few: &[String], all: i64) -> String {
    let more = all - i64::try_from(few.len()).unwrap_or(all);
    let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{}{rest}", few.join(", "))
}

/// `1 gap`, `2 gaps`.
fn counted(number: i64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// One row of a query that has no parameters but what was put into its text.
fn row_of(session: &mut Session, sql: &str) -> Result<crate::pg::Row, PgError> {
    session.query_one(sql, &[])
}
