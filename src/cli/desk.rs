//! From what was typed to where work takes place.
//!
//! Decides which server is meant (flag, environment, config.toml, private cluster), starts
//! the private cluster if it must, and listens for ctrl-C.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Global;
use super::complaint::Complaint;
use super::report::Reporter;
use crate::dev_cluster::{self, DevCluster, Lease};
use crate::pg::Server;
use crate::progress::{Interrupt, Observer};
use crate::project::Project;
use crate::site::Site;

/// The private cluster's folder in a project.
pub(crate) const CLUSTER: &str = ".regrow";

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
    pub(crate) fn with_project(global: &Global, project: Project) -> Result<Desk, Complaint> {
        let interrupt = listen();
        let address = global.database_url.clone().or_else(|| project.config.database.url.clone());
        let (event_store, lease) = match address {
            Some(address) => (Server::parse(&address)?, None),
            None => {
                let lease = cluster(&project.root)?.lease()?;
                (Server::parse(&lease.url())?, Some(lease))
            }
        };
        let reads =
            global.read_models_url.clone().or_else(|| project.config.read_models.url.clone());
        let read_models = match reads {
            Some(address) => Server::parse(&address)?,
            None => event_store.clone(),
        };
        let reporter = Arc::new(Reporter::new(global.quiet));
        let observer: Arc<dyn Observer> = reporter.clone();
        let site = Site { project, event_store, read_models, observer, interrupt };
        Ok(Desk { site, reporter, _lease: lease })
    }
}

/// The private cluster of a project's folder.
pub(crate) fn cluster(root: &Path) -> Result<DevCluster, Complaint> {
    Ok(DevCluster::at(&root.join(CLUSTER), options()?)?)
}

/// How private clusters are started from here.
pub(crate) fn options() -> Result<dev_cluster::Options, Complaint> {
    let guard = std::env::current_exe()
        .map_err(|e| Complaint::failed(format!("the path of this program is unknown: {e}")))?;
    Ok(dev_cluster::Options {
        bin_dir: std::env::var_os("REGROW_PG_BIN").map(PathBuf::from),
        settings: dev_cluster::Settings::default(),
        guard,
    })
}

/// The first ctrl-C or SIGTERM asks for a stop between two batches, the second ends at once.
pub(crate) fn listen() -> Interrupt {
    let interrupt = Interrupt::new();
    let raised = interrupt.clone();
    let _ = ctrlc::set_handler(move || {
        if raised.raised() {
            std::process::exit(130);
        }
        raised.raise();
    });
    interrupt
}
