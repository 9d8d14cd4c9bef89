//! The private PostgreSQL cluster of a project.
//!
//! Owns one cluster per folder (`<project>/.regrow`): finding the server
//! binaries, making the data directory, starting, stopping, and the leases
//! that tie the server's life to the commands that use it. It talks to the
//! server through its files and its processes only: it deliberately speaks no
//! SQL beyond the `CREATE DATABASE` at birth, opens no TCP port, never touches
//! a cluster it did not make, and neither prints nor reads the environment.
//!
//! | file | owns |
//! |---|---|
//! | `folder` | opening files and directories without following links of others |
//! | `place` | which directories belong to the cluster, and to which user |
//! | `binaries` | where `initdb`, `pg_ctl` and `postgres` are |
//! | `postmaster` | whether the server runs, judged from its pid file |
//! | `configuration` | the server's settings |
//! | `server` | making, starting and stopping it |
//! | `lease` | stopping it when the last user is gone, however it went |
//!
//! Two advisory locks (`flock`) in the folder order everything. `lock` is held
//! exclusively by whoever starts or stops the server; `users.lock` is held
//! shared by every lease. A lease is taken while `lock` is held, and the server
//! is stopped only by who holds `lock` and can have `users.lock` exclusively,
//! so a starter and a stopper never meet.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};

use self::place::Place;

mod binaries;
mod configuration;
mod error;
mod folder;
mod lease;
mod place;
mod postmaster;
mod server;

pub use self::error::ClusterError;
pub use self::lease::Lease;

/// The folder of a project's own cluster, in the project.
pub const FOLDER: &str = ".regrow";

/// The superuser and the database of every private cluster.
const NAME: &str = "regrow";

/// A project's private cluster: where it lives. Holds no process and no lock.
#[derive(Debug, Clone)]
pub struct DevCluster {
    place: Place,
    options: Options,
}

/// What the face decides about a cluster.
#[derive(Debug, Clone)]
pub struct Options {
    /// The only directory to take the server binaries from; `None` searches.
    pub bin_dir: Option<PathBuf>,
    /// The major version to make it with; any that is there where nothing is said.
    pub major: Option<u32>,
    /// How the server is configured when it is started.
    pub settings: Settings,
    /// The executable that answers `dev guard --dir <folder>` by calling
    /// [`guard`]; an absolute path, usually `std::env::current_exe()`.
    pub guard: PathBuf,
}

/// The server's settings that may differ; they take effect at its next start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `shared_buffers`, in megabytes.
    pub shared_buffers_mb: u32,
    /// `max_connections`.
    pub max_connections: u32,
    /// Further parameters by name. They win over the cluster's own choices,
    /// except over those that keep it private (socket, port, no TCP).
    pub extra: Vec<(String, String)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { shared_buffers_mb: 256, max_connections: 100, extra: Vec::new() }
    }
}

/// What a cluster is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It has never been started: there is no data directory.
    Absent,
    /// It has data and no server.
    Stopped,
    /// Its server runs, or is on its way up or down.
    Running {
        /// The postmaster's process id.
        pid: u32,
        /// Whether it outlives the commands that use it.
        kept: bool,
    },
}

/// What a start found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started {
    /// The postmaster's process id.
    pub pid: u32,
    /// Whether the server had been running before.
    pub already: bool,
}

impl DevCluster {
    /// The cluster that belongs to `folder`, which need not exist yet.
    ///
    /// Looks, and changes nothing.
    ///
    /// # Errors
    /// When the folder's path cannot be resolved, or, run as root, when there
    /// is no unprivileged user to run the server as.
    pub fn at(folder: &Path, options: Options) -> Result<Self, ClusterError> {
        Ok(Self { place: Place::of(folder)?, options })
    }

    /// Starts the server unless it runs, and keeps it until [`Self::stop`].
    ///
    /// Waits for as long as another process starts or stops it.
    ///
    /// # Errors
    /// When the cluster cannot be made or its server does not start.
    pub fn start_and_keep(&self) -> Result<Started, ClusterError> {
        let lock = self.lock()?;
        // The marker comes first: killed in between, the server that is coming
        // up is still the one that was asked for, not one nobody will stop.
        let kept_before = self.is_kept();
        self.place.write("keep", "")?;
        let started = self.start(&lock);
        if started.is_err() && !kept_before {
            self.forget_keep()?;
        }
        started
    }

    /// Stops the server (fast mode) even if it is kept or in use, and waits
    /// until it is gone. `false` when it was not running.
    ///
    /// # Errors
    /// When the server is still there after [`ClusterError::StillRunning`]'s time.
    pub fn stop(&self) -> Result<bool, ClusterError> {
        if !self.place.folder.is_dir() {
            return Ok(false);
        }
        let _lock = self.lock()?;
        self.forget_keep()?;
        self.stop_locked()
    }

    /// What the cluster is doing now. Takes no lock and changes nothing.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn state(&self) -> Result<State, ClusterError> {
        if !self.is_made() {
            return Ok(State::Absent);
        }
        Ok(match postmaster::find(&self.place)? {
            Some(server) => State::Running { pid: server.pid, kept: self.is_kept() },
            None => State::Stopped,
        })
    }

    /// How to connect, as PostgreSQL's `key=value` text.
    #[must_use]
    pub fn url(&self) -> String {
        // The directory's name was chosen so that quotes are enough.
        let dir = self.place.socket_dir.display().to_string();
        let host = if dir.contains(' ') { format!("'{dir}'") } else { dir };
        format!("host={host} port={} user={NAME} dbname={NAME}", place::PORT)
    }

    /// The directory of the server's unix socket. It may be absent while the
    /// server is stopped.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.place.socket_dir
    }

    /// Starts the server unless it runs, and holds it until the lease ends.
    ///
    /// # Errors
    /// When the cluster cannot be made, its server does not start or the guard
    /// cannot be started.
    pub fn lease(&self) -> Result<Lease, ClusterError> {
        // Declared first so that it ends last: a lease waits for its guard,
        // and the guard waits for the lock.
        let lease;
        let lock = self.lock()?;
        lease = Lease::begin(self)?;
        self.start(&lock)?;
        drop(lock);
        Ok(lease)
    }

    /// Stops the server if it is not kept and nobody holds a lease; `true` if
    /// it did. What the guard calls.
    ///
    /// # Errors
    /// When the server cannot be stopped.
    pub fn release_when_unused(&self) -> Result<bool, ClusterError> {
        if !self.place.folder.is_dir() {
            return Ok(false);
        }
        let _lock = self.lock()?;
        let users = self.place.open_lock("users.lock")?;
        match users.try_lock() {
            Ok(()) if self.is_kept() => Ok(false),
            Ok(()) => self.stop_locked(),
            Err(fs::TryLockError::WouldBlock) => Ok(false),
            Err(fs::TryLockError::Error(cause)) => Err(self.place.io("lock", "users.lock", cause)),
        }
    }

    /// The right to start and stop, for as long as the file is open.
    fn lock(&self) -> Result<File, ClusterError> {
        self.place.make_folder()?;
        let lock = self.place.open_lock("lock")?;
        lock.lock().map_err(|cause| self.place.io("lock", "lock", cause))?;
        if fs::symlink_metadata(self.place.folder.join(".gitignore")).is_err() {
            self.place.write(".gitignore", "*\n")?;
        }
        Ok(lock)
    }

    fn is_made(&self) -> bool {
        self.place.data().join("PG_VERSION").exists()
    }

    fn is_kept(&self) -> bool {
        fs::symlink_metadata(self.place.folder.join("keep")).is_ok()
    }

    fn forget_keep(&self) -> Result<(), ClusterError> {
        match fs::remove_file(self.place.folder.join("keep")) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                Err(self.place.io("remove", "keep", cause))
            }
            _ => Ok(()),
        }
    }
}

/// The guard's whole work: waits until its standard input ends, which it does
/// however the lease's holder ended, then releases the cluster. Its standard
/// output is the lease's `users.lock`, so its process must print nothing.
///
/// # Errors
/// When the server cannot be stopped.
pub fn guard(folder: &Path, options: Options) -> Result<(), ClusterError> {
    let cluster = DevCluster::at(folder, options)?;
    // A broken pipe means the same as its end.
    let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
    // Of a killed process the kernel closes the pipe before it lets go of the
    // lock. The lock is shared with us, so giving it up here ends both holds.
    if let Ok(users) = io::stdout().as_fd().try_clone_to_owned() {
        let _ = File::from(users).unlock();
    }
    cluster.release_when_unused()?;
    Ok(())
}
