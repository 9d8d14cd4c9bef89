//! The one error of the crate: what happened, a code that stays, and what to do next.
//!
//! Every error of the work floor arrives here once, gets a code by matches without a rest, and a next step
//! where there is one. The messages name the objects. Those of migrations and of rebuilds have rooms
//! of their own, as have the next steps of who cannot connect. docs/errors.md lists the codes.

mod connecting;
pub mod exit_code;
mod migrating;
mod of_adopt;
mod of_as_of;
mod of_preview;
mod of_repair;
mod of_scaffold;
mod of_server;
mod of_test;
mod of_trace;
mod of_wait;
pub mod reason;
mod reasoned;
mod rebuilding;
mod verifying;

use std::fmt;

use reasoned::Reasoned;
pub(crate) use rebuilding::refusal;

use exit_code::Code;
use reason::Reason;

use crate::census::CensusError;
use crate::check::CheckError;
use crate::config::ConfigError;
use crate::context::ContextError;
use crate::demo::DemoError;
use crate::dev_cluster::ClusterError;
use crate::failure::Failure;
use crate::identity::IdentityError;
use crate::ledger::{LedgerError, State};
use crate::log::LogError;
use crate::parked::ParkedError;
use crate::pg::history::HistoryError;
use crate::pg::{PgError, ServerError};
use crate::project::ProjectError;
use crate::replay::sql::ProgramError;
use crate::report::error::{ErrorReport, FailedEvent};
use crate::service::ServiceError;
use crate::status::StatusError;
use crate::steer::SteerError;
use crate::transfer::{ExportError, ImportError};

const NO_ROOM: &str = "the server had no free connection for some seconds; try again later, or raise \
    max_connections, or the role's CONNECTION LIMIT";

/// Why something was not done: a sentence that names its objects, a code and a next step.
#[derive(Debug)]
pub struct Error {
    /// Why, by its name.
    reason: Reason,
    /// What happened.
    message: String,
    /// What to do next.
    hint: Option<String>,
    /// The event it is about, if it is about one.
    failure: Option<Box<Failure>>,
    /// Whether the event's payload may be shown.
    shows_payload: bool,
    /// How a command ends with it.
    pub(crate) code: Code,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl Error {
    /// The name of its reason, which stays from release to release: `no-connection`, `log-changed`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.reason.name()
    }

    /// What to do next, where something can be done: sentences or commands, one a line.
    #[must_use]
    pub fn next_step(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The event it is about, without its payload.
    #[must_use]
    pub fn event(&self) -> Option<&Failure> {
        self.failure.as_deref()
    }

    /// Its event where the payload may be shown.
    pub(crate) fn shown_event(&self) -> Option<&Failure> {
        self.failure.as_deref().filter(|_| self.shows_payload)
    }

    fn new(reason: Reason, message: String) -> Error {
        Error {
            reason,
            message: plain(message),
            hint: None,
            failure: None,
            shows_payload: false,
            code: reason.exit(),
        }
    }

    /// Why an append of the library did not happen: another writer was faster, or what a server says.
    pub(crate) fn of_append(error: PgError) -> Error {
        match &error {
            PgError::Server(said) if said.code == "40001" => {
                Error::new(Reason::StreamMoved, said.to_string())
                    .hint("read the stream again and decide anew; nothing was appended")
            }
            _ => error.into(),
        }
    }

    /// Another library owns the log.
    pub(crate) fn adopted() -> Error {
        Error::new(Reason::Adopted, "config.toml adopts the log of another library".into())
            .hint("append with that library")
    }

    pub(crate) fn failed(message: impl Into<String>) -> Error {
        Error::new(Reason::Failed, message.into())
    }

    pub(crate) fn usage(message: impl Into<String>) -> Error {
        Error::new(Reason::Usage, message.into())
    }

    /// Says first what it is about.
    pub(crate) fn about(self, what: &str) -> Error {
        Error { message: format!("{what}: {}", self.message), ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Error {
        Error { hint: Some(hint.into()), ..self }
    }

    fn perhaps(self, hint: Option<String>) -> Error {
        Error { hint, ..self }
    }

    /// Says how to go on with a build, where nothing better has been said.
    pub(crate) fn or_resume(self, projection: &str) -> Error {
        let resume = format!("go on with: regrow resume {projection}");
        match &self.hint {
            Some(hint) if hint.contains(&format!(" {projection}")) => self,
            Some(hint) => Error { hint: Some(format!("{hint}\n{resume}")), ..self },
            None => self.hint(resume),
        }
    }

    /// Whether it has this reason.
    pub(crate) fn is(&self, reason: Reason) -> bool {
        self.reason == reason
    }

    /// Gives it another reason, and the exit code of that.
    pub(crate) fn reason(self, reason: Reason) -> Error {
        Error { reason, code: reason.exit(), ..self }
    }

    /// Shows the payload of the event it is about, where it was asked for.
    pub(crate) fn showing_payload(self, asked: bool) -> Error {
        Error { shows_payload: asked, ..self }
    }

    /// The error as JSON carries it everywhere.
    pub(crate) fn report(&self) -> ErrorReport {
        let event = |failure: &Failure| {
            let sensitive = failure.sensitive.as_ref().filter(|_| self.shows_payload);
            FailedEvent {
                failure: failure.clone(),
                said: sensitive.map(|sensitive| sensitive.said.clone()),
                payload: sensitive.map(|sensitive| sensitive.payload.clone()),
            }
        };
        ErrorReport {
            code: self.reason.name(),
            message: self.message.clone(),
            hint: self.hint.clone(),
            exit_code: Some(self.code.number().into()),
            event: self.failure.as_deref().map(event),
        }
    }
}

/// A message without the system's error numbers, which help nobody: `(os error 2)`.
fn plain(message: String) -> String {
    let Some((before, rest)) = message.split_once(" (os error ") else { return message };
    let Some((number, after)) = rest.split_once(')') else { return message };
    if number.bytes().all(|b| b.is_ascii_digit()) { format!("{before}{after}") } else { message }
}

fn with(error: &impl Reasoned) -> Error {
    Error::new(error.reason(), error.to_string())
}

fn server(shown: Error, error: &ServerError) -> Error {
    let message = format!("PostgreSQL refused: {error} [SQLSTATE {}]", error.code);
    let shown = Error { message: plain(message), ..shown };
    if let Some(library) = &error.library {
        return shown.hint(unloadable(library));
    }
    let shown = match error.code.as_str() {
        "42501" => shown.hint(missing_right(error.grant.as_deref())),
        "55P03" => shown.hint("somebody holds a lock; try again"),
        "25006" => shown.hint("the server is read-only or a standby; use the primary's address"),
        "53100" => shown.hint(
            "the server's disk is full; nothing of the last batch was kept: make room, then go on",
        ),
        "53300" => shown.hint(NO_ROOM),
        _ => shown,
    };
    match (&shown.hint, &error.hint) {
        (None, Some(hint)) => shown.hint(hint.clone()),
        _ => shown,
    }
}

/// What helps where a server cannot load a library of its own.
fn unloadable(library: &str) -> String {
    format!(
        "new sessions cannot load {library}: if the server's files were upgraded, moved or removed while it runs, \
         restart the server; else install what has that library"
    )
}

/// What helps where a right is missing. Messages may be translated, and then nobody knows which.
fn missing_right(grant: Option<&str>) -> String {
    match grant {
        Some(grant) if grant.ends_with("BYPASSRLS;") => {
            format!(
                "policies hide rows from this role, and a command that left them out would be wrong; a superuser can show them: {grant}"
            )
        }
        Some(grant) => format!("its owner can grant it: {grant}"),
        None => {
            "a right is missing that only an owner has or gives; docs/security.md has the roles"
                .into()
        }
    }
}

impl From<PgError> for Error {
    fn from(error: PgError) -> Error {
        let shown = with(&error);
        if let (PgError::Connect { .. }, Some(library)) = (&error, error.library()) {
            return shown.hint(unloadable(library));
        }
        match &error {
            PgError::Server(error) => server(shown, error),
            PgError::Address { .. } => {
                shown.hint("an address looks like postgresql://user@host:5432/database")
            }
            PgError::Connect { code: Some(code), grant, .. } if **code == *"42501" => {
                shown.hint(missing_right(grant.as_deref()))
            }
            PgError::Connect { reason, code, tls, .. } => {
                shown.perhaps(connecting::hint(reason, code.as_deref(), tls.as_deref()))
            }
            PgError::InDoubt { .. } => shown
                .hint("'regrow status' tells where things stand, before anything is run again"),
            PgError::TlsFile(error) => shown.perhaps(connecting::file_hint(error)),
            PgError::Lost { .. } => shown.hint(
                "what had not committed is not kept; 'regrow status' tells where things stand",
            ),
            PgError::ReadOnly { .. } => shown.hint("use the primary's address"),
            PgError::Pooled { .. } => shown.hint(
                "use the server's own address, or that of a pool that keeps a session together (in PgBouncer: pool_mode = session)",
            ),
            PgError::Setting(setting) => {
                shown.hint(format!("as a superuser: {}", setting.remedy))
            }
            PgError::Taken(taken) => shown.hint(taken.remedy()),
            PgError::TooOld { .. } | PgError::NoRow => shown,
        }
    }
}

impl From<ProjectError> for Error {
    fn from(error: ProjectError) -> Error {
        let shown = with(&error);
        match error {
            ProjectError::NotAProject { .. } => {
                shown.hint("go into a project, name one with -C DIR, or make one: regrow init DIR")
            }
            ProjectError::Unknown { .. } => shown,
            _ => shown,
        }
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Error {
        with(&error)
    }
}

impl From<ClusterError> for Error {
    fn from(error: ClusterError) -> Error {
        let shown = with(&error);
        match error {
            ClusterError::NoBinaries { .. } => {
                shown.hint("if they are elsewhere, REGROW_PG_BIN names their folder; or name your own server with --database-url or DATABASE_URL")
            }
            ClusterError::TooOld { .. } => shown.hint(
                "REGROW_PG_BIN names the folder of a newer one's initdb, pg_ctl and postgres; or name your own server with --database-url or DATABASE_URL",
            ),
            ClusterError::OtherMajor { wanted, .. } => shown.hint(format!(
                "install PostgreSQL {wanted}, or name the folder of its programs with REGROW_PG_BIN",
            )),
            ClusterError::NotOurs { .. } => shown.hint(
                "look at what it is and remove it, or run regrow as the user whose it is; or name your own server with DATABASE_URL",
            ),
            _ => shown,
        }
    }
}

impl From<LedgerError> for Error {
    fn from(error: LedgerError) -> Error {
        match error {
            LedgerError::Pg(error) => error.into(),
            LedgerError::Setup(HistoryError::Pg(error)) => {
                Error::from(error).about("the ledger could not be set up")
            }
            LedgerError::Locked { .. } => with(&error),
            LedgerError::Busy { .. } => {
                with(&error).hint("wait for it; two would do the same work")
            }
            LedgerError::Newer { .. } => with(&error).hint("use the newer regrow"),
            LedgerError::Older { .. } => with(&error).hint(
                "bring it up to date with: regrow upgrade-ledger (older versions of regrow refuse it afterwards)",
            ),
            LedgerError::Published { .. } | LedgerError::PublishedElsewhere { .. } => {
                with(&error).hint("rename the table, or set publish_schema in projection.toml")
            }
            _ => with(&error),
        }
    }
}

impl From<ContextError> for Error {
    fn from(error: ContextError) -> Error {
        match error {
            ContextError::Pg(error) => error.into(),
            ContextError::Ledger(error) => error.into(),
            ContextError::NoLedger { .. } => {
                with(&error).hint("begin with: regrow migrate, then: regrow rebuild NAME; without a projection, first: regrow new projection NAME")
            }
        }
    }
}

impl From<IdentityError> for Error {
    fn from(error: IdentityError) -> Error {
        let shown = with(&error);
        match error {
            IdentityError::Pg(error) => error.into(),
            IdentityError::Ledger(error) => error.into(),
            IdentityError::Log(error) => error.into(),
            IdentityError::Fault(fault) => shown.hint(fault.next()),
        }
    }
}

impl From<LogError> for Error {
    fn from(error: LogError) -> Error {
        let shown = with(&error);
        match error {
            LogError::Pg(error) => error.into(),
            LogError::Missing { .. } => shown.hint("create it with: regrow migrate"),
            LogError::AdoptedMissing { .. } => shown.hint(
                "config.toml names it: [event_store.adopt] table; is this the database it is in?",
            ),
            LogError::Moment { .. } => {
                shown.hint("a timestamp looks like 2026-03-01T00:00:00Z; without a zone it is UTC")
            }
            LogError::CachedSequence { sequence, .. } => {
                shown.hint(format!("ALTER SEQUENCE {sequence} CACHE 1;"))
            }
            LogError::Unwatchable(why) => shown.hint(why.remedy()),
            LogError::OrderUnproven { .. } => shown.hint(crate::log::presets::PROOFS),
            LogError::NoPosition { found: Some(found), .. } => shown.hint(format!(
                "a log that begins at 0: config.toml: [event_store.adopt] position_offset = {}",
                1_i64.saturating_sub(found.0)
            )),
            LogError::PositionType { .. } => shown.hint(
                "give the events a number of their own; config.toml: [event_store.adopt] position",
            ),
            LogError::Barrier { .. } => shown
                .hint("end that transaction (a prepared one: ROLLBACK PREPARED or COMMIT PREPARED) and try again"),
            LogError::UnfitStandby { .. } => shown.hint(
                "config.toml: [event_store] read_from takes physical standbys of the event store's server; correct it or \
                 leave it out, and run the same again",
            ),
            LogError::Standby { .. } => shown.hint(
                "read the log on its primary; the read models may lie on another server: [read_models] url",
            ),
            LogError::Interrupted => shown,
            _ => shown,
        }
    }
}

impl From<ProgramError> for Error {
    fn from(error: ProgramError) -> Error {
        let shown = with(&error);
        match error {
            ProgramError::Pg(error) => error.into(),
            ProgramError::Faults(faults) | ProgramError::Outside(faults) => {
                match faults.into_iter().find_map(|f| f.hint) {
                    Some(hint) => shown.hint(hint),
                    None => shown.hint("'regrow check' shows every such place before a rebuild"),
                }
            }
            ProgramError::Definition(_) => shown,
        }
    }
}

impl From<CensusError> for Error {
    fn from(error: CensusError) -> Error {
        match error {
            CensusError::Log(error) => error.into(),
            CensusError::Project(error) => error.into(),
            CensusError::Files(_) => with(&error),
        }
    }
}

impl From<CheckError> for Error {
    fn from(error: CheckError) -> Error {
        match error {
            CheckError::Pg(error) => error.into(),
            CheckError::Project(error) => error.into(),
            CheckError::Migrate(error) => error.into(),
            CheckError::InPlace(error) => error.into(),
            CheckError::Census(error) => error.into(),
            CheckError::Identity(error) => error.into(),
        }
    }
}

impl From<SteerError> for Error {
    fn from(error: SteerError) -> Error {
        let shown = with(&error);
        match error {
            SteerError::Pg(error) => error.into(),
            SteerError::Context(error) => error.into(),
            SteerError::Ledger(error) => error.into(),
            SteerError::Identity(error) => error.into(),
            SteerError::Project(error) => error.into(),
            SteerError::Promote(error) => (*error).into(),
            SteerError::Nothing { .. } => shown.hint("'regrow status' tells what there is"),
            SteerError::Shown { build, projection, state } => shown.hint(match state {
                State::Live => format!(
                    "readers see it; to have it rest: regrow pause {projection}; to show them another: \
                     regrow rollback {projection}"
                ),
                _ => format!("readers saw it; to drop it: regrow prune {build}"),
            }),
        }
    }
}

impl From<ParkedError> for Error {
    fn from(error: ParkedError) -> Error {
        let shown = with(&error);
        match error {
            ParkedError::Pg(error) => error.into(),
            ParkedError::Context(error) => error.into(),
            ParkedError::Ledger(error) => error.into(),
            ParkedError::Log(error) => error.into(),
            ParkedError::Identity(error) => error.into(),
            ParkedError::Project(error) => error.into(),
            ParkedError::NotParked { name, .. } => {
                shown.hint(format!("those that were parked: regrow parked list {name}"))
            }
        }
    }
}

impl From<ServiceError> for Error {
    fn from(error: ServiceError) -> Error {
        let shown = with(&error);
        match error {
            ServiceError::Address { .. } => shown.hint("for example: regrow run --listen 9464"),
            ServiceError::Listen { .. } => {
                shown.hint("name another port, or end who listens there")
            }
        }
    }
}

impl From<StatusError> for Error {
    fn from(error: StatusError) -> Error {
        match error {
            StatusError::Pg(error) => error.into(),
            StatusError::Context(error) => error.into(),
            StatusError::Ledger(error) => error.into(),
            StatusError::Log(error) => error.into(),
            StatusError::Identity(error) => error.into(),
        }
    }
}

impl From<ImportError> for Error {
    fn from(error: ImportError) -> Error {
        let shown = with(&error);
        match error {
            ImportError::Pg(PgError::Lost { .. }) => {
                shown.hint("nothing was kept; import it again")
            }
            ImportError::Pg(PgError::InDoubt { .. }) => shown
                .hint("import it again: an event that was kept is refused, and none is doubled"),
            ImportError::Pg(error) => error.into(),
            ImportError::NotMigrated { .. } => shown.hint("create it with: regrow migrate"),
            ImportError::Adopted => shown,
            ImportError::Interrupted => shown.hint("nothing was kept"),
            _ => shown.hint("nothing was kept"),
        }
    }
}

impl From<ExportError> for Error {
    fn from(error: ExportError) -> Error {
        match error {
            ExportError::Log(error) => error.into(),
            ExportError::Interrupted { .. } => with(&error),
            ExportError::Output { .. } | ExportError::Broken { .. } => with(&error),
        }
    }
}

impl From<DemoError> for Error {
    fn from(error: DemoError) -> Error {
        match error {
            DemoError::Pg(error) => error.into(),
            DemoError::Context(error) => error.into(),
            DemoError::Project(error) => error.into(),
            DemoError::Migrate(error) => error.into(),
            DemoError::Import(error) => error.into(),
            DemoError::Rebuild(error) => (*error).into(),
            DemoError::Promote(error) => error.into(),
            DemoError::Follow(error) => error.into(),
            DemoError::Interrupted => with(&error),
            DemoError::Broken { .. } => with(&error),
        }
    }
}
