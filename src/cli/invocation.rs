//! From what was typed to where work takes place.
//!
//! Opens a project with the servers that `address` finds, starts the private cluster if it must,
//! says which servers are changed, and listens for ctrl-C.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::Global;
use super::address::{self, Named, Places, Written};
use super::output;
use super::report::Reporter;
use crate::context::Said;
use crate::context::{Context, ScratchServers};
use crate::dev_cluster::{self, DevCluster, Lease};
use crate::error::Error;
use crate::pg::Server;
use crate::progress::{Interrupt, Observer};
use crate::project::Project;
use crate::report;
use crate::report::log_line::ServerLine;
use crate::report::server::ServerReport;

/// A context, and what must live as long as it does.
pub(crate) struct Invocation {
    /// Where work takes place.
    pub(crate) context: Context,
    /// Prints the work's progress.
    pub(crate) reporter: Arc<Reporter>,
    servers: Servers,
    // Dropped last: the private cluster stops with the command that started it.
    _lease: Option<Lease>,
}

impl Invocation {
    /// Opens the project that was named, with its servers.
    pub(crate) fn open(global: &Global) -> Result<Invocation, Error> {
        let project = global.project()?;
        Invocation::with_project(global, project)
    }

    /// The same for a command that changes something: it says where.
    pub(crate) fn open_to_change(global: &Global) -> Result<Invocation, Error> {
        let invocation = Invocation::open(global)?;
        invocation.say_where(global);
        Ok(invocation)
    }

    /// The same for a project that has been read already.
    pub(crate) fn with_project(global: &Global, mut project: Project) -> Result<Invocation, Error> {
        let interrupt = listen();
        let environment = &global.environment;
        let named = match global.private {
            true => None,
            false => address::database(&global.database_places(&project), environment)?,
        };
        let reads = match global.private {
            true => None,
            false => address::read_models(&global.read_models_places(&project), environment)?,
        };
        let (event_store, lease) = match named {
            Some(named) => (named, None),
            None => {
                if !global.private {
                    let has_section = project.config.database.is_there;
                    address::must_be_named(environment, has_section, reads.is_some())?;
                }
                let lease = cluster(&project.root)?.lease()?;
                // A private cluster has no roles, and everything in it is its user's.
                project.config.migrate.role = None;
                let by = format!("a private PostgreSQL in {}/", dev_cluster::FOLDER);
                (Named { server: Server::parse(&lease.url())?, by }, Some(lease))
            }
        };
        for note in reads.iter().chain([&event_store]).flat_map(|named| named.server.notes()) {
            output::note(format!("warning: {note}"));
        }
        let read_models = reads.as_ref().unwrap_or(&event_store).server.clone();
        let servers = Servers {
            event_store: event_store.by,
            read_models: reads.map(|named| named.by),
            is_private: lease.is_some(),
        };
        let ledger = project.config.ledger_schema();
        let standbys = match global.private {
            true => Vec::new(),
            false => {
                let origin = project.config.origin("event_store.read_from");
                let addresses = &project.config.event_store.read_from;
                address::standbys(addresses, origin, environment)?
            }
        };
        let event_store = event_store.server.with_ledger(ledger.clone());
        let read_models = read_models.with_ledger(ledger);
        let ledger = &project.config.ledger.schema;
        let reporter = Arc::new(Reporter::new(global.quiet, global.json, ledger));
        let observer: Arc<dyn Observer> = reporter.clone();
        let said = Said::default();
        let scratch = Some(scratch_servers(&project.root)?);
        let context = Context {
            project,
            event_store,
            standbys,
            read_models,
            scratch,
            observer,
            interrupt,
            said,
        };
        Ok(Invocation { context, reporter, servers, _lease: lease })
    }

    /// A service goes on when the terminal that it was started in is gone.
    pub(crate) fn outlive_hangups(&self) {
        OUTLIVES_HANGUPS.store(true, Ordering::Relaxed);
    }

    /// Says on stderr, and in every JSON object to come, which servers are about to be changed.
    /// `--quiet` takes back what somebody has named, and not that nobody did.
    pub(crate) fn say_where(&self, global: &Global) {
        let Context { event_store, read_models, .. } = &self.context;
        let mut all = vec![("server", event_store, &self.servers.event_store)];
        if let Some(by) = &self.servers.read_models {
            all.push(("read_models_server", read_models, by));
        }
        for (key, server, by) in all {
            let (places, database) = (server.places(), server.database_name());
            let report = ServerReport::of(&places, database, by);
            output::in_every_object(key, report::value(&report));
            if !global.quiet || (self.servers.is_private && !global.private) {
                let what = key.replace('_', " ");
                let what = what.trim_end_matches(" server");
                let is_of_log = key == "server";
                let fields = ServerLine {
                    server: is_of_log.then_some(&report),
                    read_models_server: (!is_of_log).then_some(&report),
                };
                output::tell(&format!("{what}: {} ({by})", server.label()), &fields);
            }
        }
    }
}

/// What named the servers.
struct Servers {
    event_store: String,
    read_models: Option<String>,
    is_private: bool,
}

impl Global {
    fn database_places<'a>(&'a self, project: &'a Project) -> Places<'a> {
        let database = &project.config.database;
        Places {
            flag: ("--database-url", self.database_url.as_ref()),
            section: "[database]",
            written: Written::of(project, "database"),
            url: database.url.as_ref(),
            command: database.url_command.as_ref(),
            root: &project.root,
        }
    }

    fn read_models_places<'a>(&'a self, project: &'a Project) -> Places<'a> {
        let read_models = &project.config.read_models;
        Places {
            flag: ("--read-models-url", self.read_models_url.as_ref()),
            section: "[read_models]",
            written: Written::of(project, "read_models"),
            url: read_models.url.as_ref(),
            command: read_models.url_command.as_ref(),
            root: &project.root,
        }
    }
}

/// The private cluster of a project's folder.
pub(crate) fn cluster(root: &Path) -> Result<DevCluster, Error> {
    Ok(DevCluster::at(&root.join(dev_cluster::FOLDER), options()?)?)
}

/// Where private servers for scratch databases are kept.
fn scratch_servers(root: &Path) -> Result<ScratchServers, Error> {
    let folder = std::env::var_os("REGROW_SCRATCH").filter(|folder| !folder.is_empty());
    let folder =
        folder.map_or_else(|| root.join(dev_cluster::FOLDER).join("scratch"), PathBuf::from);
    let mut options = options()?;
    // What is made there is thrown away: a commit that a crash loses is no loss.
    options.settings.extra.push(("synchronous_commit".to_owned(), "off".to_owned()));
    Ok(ScratchServers { folder, options })
}

/// How private clusters are started from here.
pub(crate) fn options() -> Result<dev_cluster::Options, Error> {
    let guard = std::env::current_exe()
        .map_err(|e| Error::failed(format!("the path of this program is unknown: {e}")))?;
    Ok(dev_cluster::Options {
        bin_dir: std::env::var_os("REGROW_PG_BIN")
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from),
        major: None,
        settings: dev_cluster::Settings::default(),
        guard,
    })
}

/// Whether SIGHUP ends this process: a terminal that closes, or a request to read files again.
static OUTLIVES_HANGUPS: AtomicBool = AtomicBool::new(false);

/// How long a stop may take before it is told that it does.
const SOON: Duration = Duration::from_secs(2);

/// The first ctrl-C or SIGTERM asks for a stop between two batches, the second ends at once: a
/// server may never answer.
pub(crate) fn listen() -> Interrupt {
    let interrupt = Interrupt::new();
    let raised = interrupt.clone();
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else { return interrupt };
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if signal == SIGHUP && OUTLIVES_HANGUPS.load(Ordering::Relaxed) {
                output::note(
                    "SIGHUP: nothing is read anew; what changed in files counts from the next start on",
                );
                continue;
            }
            if raised.raised() {
                std::process::exit(130);
            }
            raised.raise();
            std::thread::spawn(|| {
                std::thread::sleep(SOON);
                output::note(
                    "stopping behind what is under way; asked a second time, it ends at once",
                );
            });
        }
    });
    interrupt
}
