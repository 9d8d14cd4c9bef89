//! What can go wrong between us and a server, in plain words.
//!
//! Folds the driver's errors into a few cases. It adds no advice: the face does.

use std::error::Error as _;

use postgres::error::{DbError, ErrorPosition};

use super::citus;
use super::library;
use super::owner::Taken;
use super::pooler;
use super::settings::SettingError;
use super::tls::{TlsFileError, TlsTrouble};
use crate::failure::{detail_without_values, is_raised, message_without_values};

/// An error of the server or of the way to it.
#[derive(Debug, thiserror::Error)]
pub enum PgError {
    /// The address cannot be understood. The text itself is never shown: it may hold a password.
    #[error("the database address cannot be read: {reason}")]
    Address {
        /// What the parser said.
        reason: String,
    },
    /// Nobody answers, or the server does not let us in.
    #[error("cannot connect to {server}: {reason}")]
    Connect {
        /// The address without secrets.
        server: String,
        /// What the server or the system said.
        reason: String,
        /// The SQLSTATE, where the server answered.
        code: Option<Box<str>>,
        /// The GRANT that would let us in, where one is missing.
        grant: Option<String>,
        /// Where the connection could not be made secure: why.
        tls: Option<Box<TlsTrouble>>,
        /// Whether the server was there before, or hung up on us: then its address is right.
        met: bool,
    },
    /// A file that the address names for TLS is not what it should be.
    #[error("{0}")]
    TlsFile(Box<TlsFileError>),
    /// The server is older than regrow can work with.
    #[error("{server} runs PostgreSQL {version}, and regrow needs {minimum} or later")]
    TooOld {
        /// The address without secrets.
        server: String,
        /// Its major version.
        version: i32,
        /// The oldest that works.
        minimum: i32,
    },
    /// The connection ended in the middle of something.
    #[error("the connection to {server} was lost: {reason}")]
    Lost {
        /// The address without secrets.
        server: String,
        /// What the system said.
        reason: String,
    },
    /// The connection ended before a COMMIT was answered, which may have been carried out.
    #[error(
        "the connection to {server} was lost in a COMMIT, which may have been carried out: {reason}"
    )]
    InDoubt {
        /// The address without secrets.
        server: String,
        /// What the system said.
        reason: String,
    },
    /// Something is to be written, and the server takes no writes.
    #[error("{server} takes no writes: {}", if *.is_standby { "it is a standby" } else { "it is read-only" })]
    ReadOnly {
        /// The address without secrets.
        server: String,
        /// Whether it follows a primary; else it is set so (`default_transaction_read_only`).
        is_standby: bool,
    },
    /// A pooler between us and the server runs each transaction in whatever session is free.
    #[error(
        "a pooler of connections stands in front of {server} and runs each transaction in another session"
    )]
    Pooled {
        /// The address without secrets.
        server: String,
    },
    /// A setting gives statements another meaning, and the role may not change it.
    #[error("{0}")]
    Setting(Box<SettingError>),
    /// A schema that we would write to belongs to somebody else.
    #[error("{0}")]
    Taken(Box<Taken>),
    /// The server refused a statement.
    #[error("{0}")]
    Server(Box<ServerError>),
    /// A statement that must give a row gave none.
    #[error("the server gave no row where there must be one")]
    NoRow,
}

/// A statement's refusal, as PostgreSQL worded it. Printed, it shows no values of rows: those of
/// data that do not fit (class 22) and of constraints (class 23) are left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}", self.without_values(), self.tail())]
pub struct ServerError {
    /// The SQLSTATE, five characters (PostgreSQL manual, appendix A).
    pub code: String,
    /// The primary message.
    pub message: String,
    /// The detail, if any.
    pub detail: Option<String>,
    /// The hint, if any.
    pub hint: Option<String>,
    /// Where in the statement, in characters from 1.
    pub position: Option<u32>,
    /// The call stack of functions and statements.
    pub context: Option<String>,
    /// The table concerned, if any.
    pub table: Option<String>,
    /// The constraint concerned, if any.
    pub constraint: Option<String>,
    /// The GRANT that was missing, where it is known.
    pub grant: Option<String>,
    /// The library that the server could not load, where that is what it is about.
    pub library: Option<String>,
}

impl ServerError {
    /// The row of a COPY that it is about, from 1: the server says it in words, `COPY t, line 3`.
    #[must_use]
    pub fn row(&self) -> Option<usize> {
        let context = self.context.as_deref()?;
        let copy = context.lines().rev().find(|line| line.starts_with("COPY "))?;
        let (_, after) = copy.rsplit_once(", line ")?;
        let digits = after.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok().filter(|row| *row > 0)
    }

    /// The same with the library that it is about, as far as its words tell.
    pub(crate) fn naming_library(self) -> ServerError {
        let library = library::unloadable(&self.code, &self.message, None).map(str::to_owned);
        ServerError { library, ..self }
    }

    /// Whether its words may hold values of rows. Those of a RAISE are its author's choice.
    fn is_about_data(&self) -> bool {
        let raised = is_raised(&self.code, self.context.as_deref());
        matches!(self.code.get(..2), Some("22" | "23")) && !raised
    }

    fn without_values(&self) -> String {
        match self.is_about_data() {
            true => message_without_values(&self.code, &self.message),
            false => self.message.clone(),
        }
    }

    fn tail(&self) -> String {
        let detail = match self.is_about_data() {
            true => self.detail.as_deref().and_then(|d| detail_without_values(&self.code, d)),
            false => self.detail.clone(),
        };
        detail.map_or_else(String::new, |detail| format!(" ({detail})"))
    }
}

impl From<&DbError> for ServerError {
    fn from(error: &DbError) -> Self {
        let position = match error.position() {
            Some(ErrorPosition::Original(at)) => Some(*at),
            Some(ErrorPosition::Internal { .. }) | None => None,
        };
        ServerError {
            code: error.code().code().to_owned(),
            message: error.message().to_owned(),
            detail: error.detail().map(str::to_owned),
            hint: error.hint().map(str::to_owned),
            position,
            context: error.where_().map(str::to_owned),
            table: error.table().map(str::to_owned),
            constraint: error.constraint().map(str::to_owned),
            grant: None,
            library: library::unloadable(error.code().code(), error.message(), error.file())
                .map(str::to_owned),
        }
    }
}

impl PgError {
    /// Folds an error of an open connection.
    pub(crate) fn from_driver(error: postgres::Error, server: &str) -> PgError {
        if let Some(db) = error.as_db_error() {
            // Class 57P is "the operator intervened": the session is gone.
            if matches!(db.code().code(), "57P01" | "57P02" | "57P03" | "57P05") {
                return PgError::Lost {
                    server: server.to_owned(),
                    reason: db.message().to_owned(),
                };
            }
            if pooler::is_sign(db.code().code(), db.message()) {
                return PgError::Pooled { server: server.to_owned() };
            }
            return PgError::Server(Box::new(ServerError::from(db)));
        }
        PgError::Lost { server: server.to_owned(), reason: innermost(&error) }
    }

    /// Folds an error of a COPY stream, which the driver hands out as an I/O error.
    pub(crate) fn from_io(error: std::io::Error, server: &str) -> PgError {
        let reason = error.to_string();
        match error.into_inner().map(|inner| inner.downcast::<postgres::Error>()) {
            Some(Ok(driver)) => PgError::from_driver(*driver, server),
            _ => PgError::Lost { server: server.to_owned(), reason },
        }
    }

    /// Folds an error of an attempt to connect.
    pub(crate) fn from_connect(
        error: &postgres::Error,
        server: String,
        tls: Option<TlsTrouble>,
    ) -> PgError {
        let (reason, code) = match (error.as_db_error(), &tls) {
            (Some(db), _) => (db.message().to_owned(), Some(db.code().code().into())),
            (None, Some(trouble)) => (trouble.to_string(), None),
            (None, None) => (innermost(error), None),
        };
        let (tls, met) = (tls.map(Box::new), has_hung_up(error));
        PgError::Connect { server, reason, code, grant: None, tls, met }
    }

    /// The same for a COMMIT: where it was lost nobody knows what became of it.
    #[must_use]
    pub fn of_commit(self) -> PgError {
        match self {
            PgError::Lost { server, reason } => PgError::InDoubt { server, reason },
            other => other,
        }
    }

    /// The SQLSTATE, where the server gave one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            PgError::Server(error) => Some(&error.code),
            PgError::Connect { code, .. } => code.as_deref(),
            _ => None,
        }
    }

    /// The library that the server cannot load, where that is what it is about.
    #[must_use]
    pub fn library(&self) -> Option<&str> {
        match self {
            PgError::Server(error) => error.library.as_deref(),
            PgError::Connect { reason, code: Some(code), .. } => {
                library::unloadable(code, reason, None)
            }
            _ => None,
        }
    }

    /// Whether the role lacks a right.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.code() == Some("42501") && self.library().is_none()
    }

    /// What would let the role see the rows that a policy hides, where it was refused for one.
    #[must_use]
    pub fn beyond_policies(&self) -> Option<&str> {
        match self {
            PgError::Server(error) => {
                error.grant.as_deref().filter(|right| right.ends_with("BYPASSRLS;"))
            }
            _ => None,
        }
    }

    /// Whether the same transaction may succeed when it is tried again: a lock
    /// timeout, a deadlock or a serialisation failure.
    #[must_use]
    pub fn is_contention(&self) -> bool {
        matches!(self.code(), Some("55P03" | "40P01" | "40001"))
    }

    /// Whether it is the state of the server that is to blame, and neither a statement nor a row:
    /// contention, another server that it needs, a disk that is full, memory, an operator, the system (classes
    /// 08, 40, 53, 57 and 58 of appendix A), that it has become read-only, or that a library of its own cannot
    /// be loaded.
    #[must_use]
    pub fn is_circumstance(&self) -> bool {
        let Some(code) = self.code() else { return false };
        self.is_contention()
            || matches!(self, PgError::Server(error) if citus::is_of_a_node(error))
            || self.library().is_some()
            || code == "25006"
            || ["08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
    }
}

/// Whether somebody took the connection and ended it without a word, as a server does that is
/// killed just then.
fn has_hung_up(error: &postgres::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    let io = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    let ends = [BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof];
    error.is_closed() || io.is_some_and(|io| ends.contains(&io.kind()))
}

fn innermost(error: &postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = inner.to_string();
        source = inner.source();
    }
    text
}
