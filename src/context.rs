//! Where work takes place: one project, its two databases, somebody who watches.
//!
//! Every operation of the work floor starts from a [`Context`]. It opens sessions and
//! knows the log's shape; it does nothing else.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::dev_cluster::{self, ClusterError, DevCluster, Settings};
use crate::event::Position;
use crate::ident::Ident;
use crate::ledger::{self, Age, LedgerError};
use crate::log::barrier::Mark;
use crate::log::{Log, LogError, LogShape};
use crate::pg::reconnect::Reconnect;
use crate::pg::{PgError, Server, Session};
use crate::progress::{Interrupt, Observer, Progress};
use crate::project::Project;

/// A project and the servers it works on.
#[derive(Clone)]
pub struct Context {
    /// The project's files.
    pub project: Project,
    /// The server of the event log.
    pub event_store: Server,
    /// Standbys of it that long replays read from, if there are any.
    pub standbys: Vec<Server>,
    /// The server of the read models and the ledger.
    pub read_models: Server,
    /// Private servers to try files on, where this program may start any.
    pub scratch: Option<ScratchServers>,
    /// Who is told.
    pub observer: Arc<dyn Observer>,
    /// Who may ask to stop.
    pub interrupt: Interrupt,
    /// What the operator says about the log.
    pub said: Said,
}

/// What the operator says about the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said {
    /// Events that are missing were deleted on purpose (`--events-deleted`).
    pub events_deleted: bool,
    /// The log begins there on purpose (`--log-begins-at`).
    pub begins_at: Option<Position>,
    /// Readers may see a build that is without events that were skipped (`--accept-skipped`).
    pub accept_skipped: bool,
}

/// Private servers for scratch databases, one for each major version.
#[derive(Debug, Clone)]
pub struct ScratchServers {
    /// Where they are kept from one command to the next.
    pub folder: PathBuf,
    /// How they are started.
    pub options: dev_cluster::Options,
}

impl ScratchServers {
    /// The server of a major version. What is on it is thrown away, so it waits for no disk.
    ///
    /// # Errors
    /// The folder cannot be resolved, or there is no user to run a server as.
    pub fn cluster(&self, major: u32) -> Result<DevCluster, ClusterError> {
        let off = |name: &str| (name.to_owned(), "off".to_owned());
        let extra = ["fsync", "synchronous_commit", "full_page_writes", "autovacuum"];
        let extra = extra.map(off).to_vec();
        let settings = Settings { shared_buffers_mb: 32, max_connections: 100, extra };
        let options = dev_cluster::Options { major: Some(major), settings, ..self.options.clone() };
        DevCluster::at(&self.folder.join(major.to_string()), options)
    }
}

/// Why the ledger could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ContextError {
    /// No server, or it refused.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The ledger refused.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Nobody has rebuilt anything in this database.
    #[error("the database {server} has no ledger yet: nothing was ever rebuilt there")]
    NoLedger {
        /// The server's address without secrets.
        server: String,
    },
}

impl Context {
    /// The event log, looked at, and the session that did it.
    ///
    /// # Errors
    /// No server, or no log that can be read.
    pub fn open_log(&self, purpose: &str) -> Result<(Session, Log), LogError> {
        let mut session = Session::open(&self.event_store, purpose)?;
        let adopted = self.project.config.event_store.adopt.is_some();
        let limits = self.project.config.rebuild.payload_limits();
        match Log::open(&mut session, self.log_shape()?, limits) {
            Ok(log) => Ok((session, log)),
            Err(LogError::Missing { table }) if adopted => Err(LogError::AdoptedMissing { table }),
            Err(error) => Err(error),
        }
    }

    /// What the log looks like.
    ///
    /// # Errors
    /// `[event_store.adopt]` is incomplete.
    pub fn log_shape(&self) -> Result<LogShape, LogError> {
        match &self.project.config.event_store.adopt {
            Some(adopt) => LogShape::adopted(adopt),
            None => Ok(LogShape::own(&self.project.config.event_store_schema())),
        }
    }

    /// Who gives a schema's name to schemas of its own: builds, the ledger and the project have theirs, and PostgreSQL.
    #[must_use]
    pub fn reserved_for(&self, schema: &Ident) -> Option<&'static str> {
        let name = schema.as_str();
        let ends = |mark: &str, of: fn(&u8) -> bool| {
            name.rsplit_once(mark)
                .is_some_and(|(_, end)| !end.is_empty() && end.as_bytes().iter().all(of))
        };
        let is_ours = ends("__b", u8::is_ascii_digit) || ends("__type_", u8::is_ascii_hexdigit);
        let config = &self.project.config;
        let of_project = [config.ledger.schema.as_str(), config.event_store_schema().as_str()]
            .contains(&name)
            || self.publish_schema(None).as_str() == name;
        let is_of_postgres =
            name.starts_with("pg_") || ["information_schema", "public"].contains(&name);
        match is_ours || of_project {
            true => Some("regrow"),
            false => is_of_postgres.then_some("PostgreSQL"),
        }
    }

    /// Whether the event store and the read models lie in one database.
    #[must_use]
    pub fn one_server(&self) -> bool {
        self.event_store == self.read_models
    }

    /// A session with the event store's server that acts as its owner, where config.toml names one.
    ///
    /// # Errors
    /// No server, no access, or the login may not act as the owner.
    pub fn open_as_owner(&self, purpose: &str) -> Result<Session, PgError> {
        match self.project.config.owner() {
            Some(owner) => Session::open(&self.event_store.acting_as(&owner), purpose),
            None => Session::open(&self.event_store, purpose),
        }
    }

    /// A session with the read models' server.
    ///
    /// # Errors
    /// No server, or no access.
    pub fn open_read_models(&self, purpose: &str) -> Result<Session, PgError> {
        Session::open(&self.read_models, purpose)
    }

    /// A session with the read models' server to look at its ledger, which may be an older one: looking
    /// changes nothing.
    ///
    /// # Errors
    /// No server, no access, or no ledger.
    pub fn open_ledger(&self, purpose: &str) -> Result<Session, ContextError> {
        Ok(self.ledger_and_age(purpose)?.0)
    }

    /// A session with the read models' server to change what its ledger says.
    ///
    /// # Errors
    /// No server, no access, no ledger, an older one, or a server that takes no writes.
    pub fn change_ledger(&self, purpose: &str) -> Result<Session, ContextError> {
        let (mut session, age) = self.ledger_and_age(purpose)?;
        ledger::is_ours(&mut session)?;
        match age {
            Age::Older => Err(ledger::older(&mut session)?.into()),
            Age::Absent | Age::Current => Ok(session.to_write()?),
        }
    }

    fn ledger_and_age(&self, purpose: &str) -> Result<(Session, Age), ContextError> {
        let mut session = self.open_read_models(purpose)?;
        match ledger::age(&mut session)? {
            Age::Absent => Err(ContextError::NoLedger { server: self.read_models.label() }),
            age => Ok((session, age)),
        }
    }

    /// The schema readers see for a projection.
    #[must_use]
    pub fn publish_schema(&self, given: Option<&str>) -> Ident {
        given
            .and_then(|name| Ident::new(name).ok())
            .unwrap_or_else(|| self.project.config.read_model_schema())
    }

    /// Tells whoever watches.
    pub fn note(&self, progress: &Progress) {
        self.observer.note(progress);
    }

    /// Both servers; one where they are the same.
    #[must_use]
    pub fn servers(&self) -> Vec<&Server> {
        match self.one_server() {
            true => vec![&self.event_store],
            false => vec![&self.event_store, &self.read_models],
        }
    }

    /// Waits for the servers after `error` lost one. `false` where that is over, or not the matter.
    pub fn wait_for_server(&self, reconnect: &mut Reconnect, error: &PgError) -> bool {
        if !error.is_loss() {
            return false;
        }
        if self.project.config.database.reconnect_s > 0 {
            self.note(&Progress::Note(format!("{error}; waiting for it")));
        }
        let back = reconnect.outlast(&self.servers(), || {
            // Who waits is at work.
            self.note(&Progress::Alive);
            self.interrupt.raised()
        });
        if back {
            self.note(&Progress::Note("connected again".into()));
        }
        back
    }

    /// Does what may be done anew, over losses of a server.
    ///
    /// # Errors
    /// What `work` gives, where no server was lost or it does not come back in time.
    pub fn retry_on_connection_loss<T, E>(
        &self,
        of_server: impl Fn(&E) -> Option<&PgError>,
        mut work: impl FnMut(&Reconnect) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut reconnect = self.reconnect();
        loop {
            let done = work(&reconnect);
            let lost = done.as_ref().err().and_then(&of_server).filter(|e| reconnect.bears(e));
            let again = lost.is_some_and(|lost| self.wait_for_server(&mut reconnect, lost));
            if !again {
                return done;
            }
        }
    }

    /// How long a loss of a server is borne.
    #[must_use]
    pub fn reconnect(&self) -> Reconnect {
        Reconnect::new(Duration::from_secs(self.project.config.database.reconnect_s))
    }

    /// The log's mark by the barrier.
    ///
    /// # Errors
    /// A writer does not end in time, or the server refuses.
    pub fn barrier(&self, session: &mut Session, log: &Log) -> Result<Mark, LogError> {
        let timeout = self.project.config.rebuild.barrier_timeout();
        log.barrier(session, timeout, self.observer.as_ref(), &self.interrupt)
    }

    /// The same for a follower that has everything up to `after` ([`Log::barrier_after`]).
    ///
    /// # Errors
    /// As [`Context::barrier`].
    pub fn barrier_after(
        &self,
        session: &mut Session,
        log: &Log,
        after: Position,
    ) -> Result<Mark, LogError> {
        let timeout = self.project.config.rebuild.barrier_timeout();
        log.barrier_after(session, after, timeout, (self.observer.as_ref(), &self.interrupt))
    }
}
