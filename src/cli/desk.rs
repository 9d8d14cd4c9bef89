//! From what was typed to where work takes place.
//!
//! Decides which server is meant (flag, environment, config.toml, private cluster), starts
//! the private cluster if it must, and listens for ctrl-C.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::Global;
use super::complaint::Complaint;
use super::output;
use super::report::Reporter;
use crate::dev_cluster::{self, DevCluster, Lease};
use crate::identity::Said;
use crate::pg::Server;
use crate::progress::{Interrupt, Observer};
use crate::project::Project;
use crate::site::{ScratchServers, Site};

/// A site, and what must live as long as it does.
pub(crate) struct Desk {
    /// Where work takes place.
    pub(crate) site: Site,
    /// Prints the work's progress.
    pub(crate) reporter: Arc<Reporter>,
    // Dropped last: the private cluster stops with the command that started it.
    _lease: Option<Lease>,
}

impl Desk {
    /// Opens the project that was named, with its servers.
    pub(crate) fn open(global: &Global) -> Result<Desk, Complaint> {
        let project = Project::open(&global.directory)?;
        Desk::with_project(global, project)
    }

    /// The same for a project that has been read already.
    pub(crate) fn with_project(global: &Global, mut project: Project) -> Result<Desk, Complaint> {
        let interrupt = listen();
        let flag = global.database_url.as_ref().map(|url| ("--database-url", url));
        let configured = project.config.database.url.as_ref();
        let variable = ("DATABASE_URL", global.environment.database_url.as_ref());
        let (event_store, lease) = match address(flag, variable, configured)? {
            Some(address) => (address.server()?, None),
            None => {
                let lease = cluster(&project.root)?.lease()?;
                // A private cluster has no roles, and everything in it is its user's.
                project.config.migrate.role = None;
                (Server::parse(&lease.url())?, Some(lease))
            }
        };
        let flag = global.read_models_url.as_ref().map(|url| ("--read-models-url", url));
        let configured = project.config.read_models.url.as_ref();
        let variable = ("READ_MODELS_URL", global.environment.read_models_url.as_ref());
        let read_models = match address(flag, variable, configured)? {
            Some(address) => address.server()?,
            None => event_store.clone(),
        };
        let ledger = project.config.ledger_schema();
        let event_store = event_store.with_ledger(ledger.clone());
        let read_models = read_models.with_ledger(ledger);
        let reporter = Arc::new(Reporter::new(global.quiet, global.json));
        let observer: Arc<dyn Observer> = reporter.clone();
        let said = Said::default();
        let scratch = scratch_servers(&project.root)?;
        let site = Site { project, event_store, read_models, scratch, observer, interrupt, said };
        Ok(Desk { site, reporter, _lease: lease })
    }
}

/// The variables that name servers, as they are set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    pub(crate) database_url: Option<OsString>,
    pub(crate) read_models_url: Option<OsString>,
}

impl Environment {
    pub(crate) fn read() -> Environment {
        Environment {
            database_url: std::env::var_os("DATABASE_URL"),
            read_models_url: std::env::var_os("READ_MODELS_URL"),
        }
    }
}

/// A server's address, and where it was found.
struct Address {
    text: String,
    from: &'static str,
}

impl Address {
    fn server(&self) -> Result<Server, Complaint> {
        Server::parse(&self.text).map_err(|error| Complaint::from(error).about(self.from))
    }
}

/// The flag before the environment before the file. A variable that is set but empty is
/// a mistake of whoever set it: falling back would work on another database than was meant.
fn address(
    flag: Option<(&'static str, &String)>,
    variable: (&'static str, Option<&OsString>),
    configured: Option<&String>,
) -> Result<Option<Address>, Complaint> {
    if let Some((from, text)) = flag {
        return Ok(Some(Address { text: text.clone(), from }));
    }
    let (from, Some(value)) = variable else {
        return Ok(configured.map(|text| Address { text: text.clone(), from: "config.toml" }));
    };
    match value.clone().into_string() {
        Ok(text) => Ok(Some(Address { text, from })),
        Err(_) => Err(Complaint::usage(format!("{from}: the database address is not UTF-8"))),
    }
}

/// The private cluster of a project's folder.
pub(crate) fn cluster(root: &Path) -> Result<DevCluster, Complaint> {
    Ok(DevCluster::at(&root.join(dev_cluster::FOLDER), options()?)?)
}

/// Where private servers for scratch databases are kept.
fn scratch_servers(root: &Path) -> Result<ScratchServers, Complaint> {
    let folder = std::env::var_os("REGROW_SCRATCH").filter(|folder| !folder.is_empty());
    let folder =
        folder.map_or_else(|| root.join(dev_cluster::FOLDER).join("scratch"), PathBuf::from);
    Ok(ScratchServers { folder, options: options()? })
}

/// How private clusters are started from here.
pub(crate) fn options() -> Result<dev_cluster::Options, Complaint> {
    let guard = std::env::current_exe()
        .map_err(|e| Complaint::failed(format!("the path of this program is unknown: {e}")))?;
    Ok(dev_cluster::Options {
        bin_dir: std::env::var_os("REGROW_PG_BIN").map(PathBuf::from),
        major: None,
        settings: dev_cluster::Settings::default(),
        guard,
    })
}

/// How long a stop may take before it is told that it does.
const SOON: Duration = Duration::from_secs(2);

/// The first ctrl-C or SIGTERM asks for a stop between two batches, the second ends at once: a
/// server may never answer.
pub(crate) fn listen() -> Interrupt {
    let interrupt = Interrupt::new();
    let raised = interrupt.clone();
    let _ = ctrlc::set_handler(move || {
        if raised.raised() {
            std::process::exit(130);
        }
        raised.raise();
        std::thread::spawn(|| {
            std::thread::sleep(SOON);
            output::note("stopping behind what is under way; asked a second time, it ends at once");
        });
    });
    interrupt
}
