//! Errors as a person reads them: what happened, and what to do next.
//!
//! Every error of the work floor arrives here once, gets an exit code by one exhaustive
//! match, and a next step where there is one. The library's messages name the objects. Those
//! of migrations and of rebuilds have rooms of their own, as have the next steps of who cannot connect.

mod connecting;
mod migrating;
mod reasons;
mod rebuilding;

use reasons::Reasoned;
pub(super) use rebuilding::refusal;
use serde_json::json;

use super::exit_code::Code;
use super::output;
use super::reason::Reason;
use crate::census::CensusError;
use crate::check::CheckError;
use crate::config::ConfigError;
use crate::demo::DemoError;
use crate::dev_cluster::ClusterError;
use crate::failure::Failure;
use crate::identity::IdentityError;
use crate::ledger::LedgerError;
use crate::log::LogError;
use crate::pg::history::HistoryError;
use crate::pg::{PgError, ServerError};
use crate::project::ProjectError;
use crate::replay::sql::ProgramError;
use crate::site::SiteError;
use crate::status::StatusError;
use crate::transfer::{ExportError, ImportError};

const NO_ROOM: &str = "the server had no free connection for some seconds; try again later, or raise \
    max_connections, or the role's CONNECTION LIMIT";

/// An error on its way to stderr.
#[derive(Debug)]
pub(crate) struct Complaint {
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
    /// How the process ends.
    pub(crate) code: Code,
}

impl Complaint {
    fn new(reason: Reason, message: String) -> Complaint {
        Complaint {
            reason,
            message: plain(message),
            hint: None,
            failure: None,
            shows_payload: false,
            code: reason.exit(),
        }
    }

    pub(crate) fn failed(message: impl Into<String>) -> Complaint {
        Complaint::new(Reason::Failed, message.into())
    }

    pub(crate) fn usage(message: impl Into<String>) -> Complaint {
        Complaint::new(Reason::Usage, message.into())
    }

    /// Says first what it is about.
    pub(crate) fn about(self, what: &str) -> Complaint {
        Complaint { message: format!("{what}: {}", self.message), ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Complaint {
        Complaint { hint: Some(hint.into()), ..self }
    }

    fn perhaps(self, hint: Option<String>) -> Complaint {
        Complaint { hint, ..self }
    }

    /// Says how to go on with a build, where nothing better has been said.
    pub(crate) fn or_resume(self, projection: &str) -> Complaint {
        let resume = format!("go on with: regrow resume {projection}");
        match &self.hint {
            Some(hint) if hint.contains(&format!(" {projection}")) => self,
            Some(hint) => Complaint { hint: Some(format!("{hint}\n{resume}")), ..self },
            None => self.hint(resume),
        }
    }

    /// Gives it another reason, and the exit code of that.
    pub(crate) fn reason(self, reason: Reason) -> Complaint {
        Complaint { reason, code: reason.exit(), ..self }
    }

    /// Shows the payload of the event it is about, where it was asked for.
    pub(crate) fn showing_payload(self, asked: bool) -> Complaint {
        Complaint { shows_payload: asked, ..self }
    }

    /// The error as `status --json` and the like carry it.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let mut json = json!({
            "code": self.reason.name(), "message": self.message, "hint": self.hint,
            "exit_code": self.code.number(),
        });
        if let Some(failure) = &self.failure {
            json["event"] = json!(failure);
            if let (Some(words), true) = (&failure.words, self.shows_payload) {
                json["event"]["said"] = json!(words.said);
                json["event"]["payload"] = json!(words.payload);
            }
        }
        json
    }

    pub(crate) fn print(&self, as_json: bool) {
        if as_json {
            output::json_note(&json!({"error": self.to_json()}));
            return;
        }
        // Nothing that stands in a message begins a line as one of ours.
        output::note(format!("error: {}", self.message.replace('\n', "\n  ")));
        if let (Some(failure), true) = (&self.failure, self.shows_payload) {
            output::words(failure);
        }
        for line in self.hint.iter().flat_map(|hint| hint.lines()) {
            output::note(format!("  {line}"));
        }
    }
}

/// A message without the system's error numbers, which help nobody: `(os error 2)`.
fn plain(message: String) -> String {
    let Some((before, rest)) = message.split_once(" (os error ") else { return message };
    let Some((number, after)) = rest.split_once(')') else { return message };
    if number.bytes().all(|b| b.is_ascii_digit()) { format!("{before}{after}") } else { message }
}

/// A bug of ours ends with one line that says so, not with a backtrace.
pub(crate) fn plain_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place =
            info.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
        output::note(format!("error: regrow met a case it does not know{place}; please report it"));
        tracing::debug!(%info, "panic");
    }));
}

fn with(error: &impl Reasoned) -> Complaint {
    Complaint::new(error.reason(), error.to_string())
}

fn server(complaint: Complaint, error: &ServerError) -> Complaint {
    let message = format!("PostgreSQL refused: {error} [SQLSTATE {}]", error.code);
    let complaint = Complaint { message: plain(message), ..complaint };
    let complaint = match error.code.as_str() {
        "42501" => complaint.hint(missing_right(error.grant.as_deref())),
        "55P03" => complaint.hint("somebody holds a lock; try again"),
        "25006" => {
            complaint.hint("the server is read-only or a standby; use the primary's address")
        }
        "53100" => complaint.hint(
            "the server's disk is full; nothing of the last batch was kept: make room, then go on",
        ),
        "53300" => complaint.hint(NO_ROOM),
        _ => complaint,
    };
    match (&complaint.hint, &error.hint) {
        (None, Some(hint)) => complaint.hint(hint.clone()),
        _ => complaint,
    }
}

/// What helps where a right is missing. Messages may be translated, and then nobody knows which.
fn missing_right(grant: Option<&str>) -> String {
    match grant {
        Some(grant) => format!("its owner can grant it: {grant}"),
        None => {
            "a right is missing that only an owner has or gives; docs/security.md has the roles"
                .into()
        }
    }
}

impl From<PgError> for Complaint {
    fn from(error: PgError) -> Complaint {
        let complaint = with(&error);
        match &error {
            PgError::Server(error) => server(complaint, error),
            PgError::Address { .. } => {
                complaint.hint("an address looks like postgresql://user@host:5432/database")
            }
            PgError::Connect { code: Some(code), grant, .. } if **code == *"42501" => {
                complaint.hint(missing_right(grant.as_deref()))
            }
            PgError::Connect { reason, code, tls, .. } => {
                complaint.perhaps(connecting::hint(reason, code.as_deref(), tls.as_deref()))
            }
            PgError::InDoubt { .. } => complaint
                .hint("'regrow status' tells where things stand, before anything is run again"),
            PgError::TlsFile(error) => complaint.perhaps(connecting::file_hint(error)),
            PgError::Lost { .. } => complaint.hint(
                "what had not committed is not kept; 'regrow status' tells where things stand",
            ),
            PgError::ReadOnly { .. } => complaint.hint("use the primary's address"),
            PgError::Pooled { .. } => complaint.hint(
                "use the server's own address, or that of a pool that keeps a session together (in PgBouncer: pool_mode = session)",
            ),
            PgError::Setting(setting) => {
                complaint.hint(format!("as a superuser: {}", setting.remedy))
            }
            PgError::Taken(taken) => complaint.hint(taken.remedy()),
            PgError::TooOld { .. } | PgError::NoRow => complaint,
        }
    }
}

impl From<ProjectError> for Complaint {
    fn from(error: ProjectError) -> Complaint {
        let complaint = with(&error);
        match error {
            ProjectError::NotAProject { .. } => complaint
                .hint("go into a project, name one with -C DIR, or make one: regrow init DIR"),
            ProjectError::Unknown { .. } => complaint,
            _ => complaint,
        }
    }
}

impl From<ConfigError> for Complaint {
    fn from(error: ConfigError) -> Complaint {
        with(&error)
    }
}

impl From<ClusterError> for Complaint {
    fn from(error: ClusterError) -> Complaint {
        let complaint = with(&error);
        match error {
            ClusterError::NoBinaries { .. } => {
                complaint.hint("or name your own server with --database-url or DATABASE_URL")
            }
            ClusterError::NotOurs { .. } => complaint.hint(
                "look at what it is and remove it, or run regrow as the user whose it is; or name your own server with DATABASE_URL",
            ),
            _ => complaint,
        }
    }
}

impl From<LedgerError> for Complaint {
    fn from(error: LedgerError) -> Complaint {
        match error {
            LedgerError::Pg(error) => error.into(),
            LedgerError::Setup(HistoryError::Pg(error)) => {
                Complaint::from(error).about("the ledger could not be set up")
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

impl From<SiteError> for Complaint {
    fn from(error: SiteError) -> Complaint {
        match error {
            SiteError::Pg(error) => error.into(),
            SiteError::Ledger(error) => error.into(),
            SiteError::NoLedger { .. } => {
                with(&error).hint("begin with: regrow migrate, then: regrow rebuild NAME")
            }
        }
    }
}

impl From<IdentityError> for Complaint {
    fn from(error: IdentityError) -> Complaint {
        let complaint = with(&error);
        match error {
            IdentityError::Pg(error) => error.into(),
            IdentityError::Ledger(error) => error.into(),
            IdentityError::Log(error) => error.into(),
            IdentityError::Fault(fault) => complaint.hint(fault.next()),
        }
    }
}

impl From<LogError> for Complaint {
    fn from(error: LogError) -> Complaint {
        let complaint = with(&error);
        match error {
            LogError::Pg(error) => error.into(),
            LogError::Missing { .. } => complaint.hint("create it with: regrow migrate"),
            LogError::AdoptedMissing { .. } => complaint.hint(
                "config.toml names it: [event_store.adopt] table; is this the database it is in?",
            ),
            LogError::Moment { .. } => {
                complaint.hint("a timestamp looks like 2026-03-01T00:00:00Z; without a zone it is UTC")
            }
            LogError::CachedSequence { sequence, .. } => {
                complaint.hint(format!("ALTER SEQUENCE {sequence} CACHE 1;"))
            }
            LogError::Unwatchable(why) => complaint.hint(why.remedy()),
            LogError::PositionType { .. } => complaint.hint(
                "give the events a number of their own; config.toml: [event_store.adopt] position",
            ),
            LogError::Barrier { .. } => complaint
                .hint("end that transaction (a prepared one: ROLLBACK PREPARED or COMMIT PREPARED) and try again"),
            LogError::Standby { .. } => complaint.hint(
                "read the log on its primary; the read models may lie on another server: [read_models] url",
            ),
            LogError::Interrupted => complaint,
            _ => complaint,
        }
    }
}

impl From<ProgramError> for Complaint {
    fn from(error: ProgramError) -> Complaint {
        let complaint = with(&error);
        match error {
            ProgramError::Pg(error) => error.into(),
            ProgramError::Faults(faults) | ProgramError::Outside(faults) => match faults
                .into_iter()
                .find_map(|f| f.hint)
            {
                Some(hint) => complaint.hint(hint),
                None => complaint.hint("'regrow check' shows every such place before a rebuild"),
            },
            ProgramError::Definition(_) => complaint,
        }
    }
}

impl From<CensusError> for Complaint {
    fn from(error: CensusError) -> Complaint {
        match error {
            CensusError::Log(error) => error.into(),
            CensusError::Project(error) => error.into(),
            CensusError::Files(_) => with(&error),
        }
    }
}

impl From<CheckError> for Complaint {
    fn from(error: CheckError) -> Complaint {
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

impl From<StatusError> for Complaint {
    fn from(error: StatusError) -> Complaint {
        match error {
            StatusError::Pg(error) => error.into(),
            StatusError::Site(error) => error.into(),
            StatusError::Ledger(error) => error.into(),
            StatusError::Log(error) => error.into(),
            StatusError::Identity(error) => error.into(),
        }
    }
}

impl From<ImportError> for Complaint {
    fn from(error: ImportError) -> Complaint {
        let complaint = with(&error);
        match error {
            ImportError::Pg(PgError::Lost { .. }) => {
                complaint.hint("nothing was kept; import it again")
            }
            ImportError::Pg(PgError::InDoubt { .. }) => complaint
                .hint("import it again: an event that was kept is refused, and none is doubled"),
            ImportError::Pg(error) => error.into(),
            ImportError::NotMigrated { .. } => complaint.hint("create it with: regrow migrate"),
            ImportError::Adopted => complaint,
            ImportError::Interrupted => complaint.hint("nothing was kept"),
            _ => complaint.hint("nothing was kept"),
        }
    }
}

impl From<ExportError> for Complaint {
    fn from(error: ExportError) -> Complaint {
        match error {
            ExportError::Log(error) => error.into(),
            ExportError::Interrupted { .. } => with(&error),
            ExportError::Output { .. } | ExportError::Broken { .. } => with(&error),
        }
    }
}

impl From<DemoError> for Complaint {
    fn from(error: DemoError) -> Complaint {
        match error {
            DemoError::Pg(error) => error.into(),
            DemoError::Site(error) => error.into(),
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
