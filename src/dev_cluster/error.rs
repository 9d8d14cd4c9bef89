//! What can go wrong with a private cluster. Knows no remedies beyond the
//! install line; the face adds those.

use std::io;
use std::path::PathBuf;

/// Why a private cluster could not be made, started, stopped or read.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// There is nothing to run.
    #[error(
        "no PostgreSQL server binaries were found (looked in {looked_in}); install them with \
         `apt-get install postgresql`, `dnf install postgresql-server` or `brew install postgresql`"
    )]
    NoBinaries {
        /// The places, separated by commas.
        looked_in: String,
    },
    /// The server found is older than this program supports.
    #[error(
        "the PostgreSQL {major} in {bin_dir} is too old: a private cluster needs {minimum} or newer"
    )]
    TooOld {
        /// Where it is.
        bin_dir: PathBuf,
        /// Its major version.
        major: u32,
        /// The oldest supported major version.
        minimum: u32,
    },
    /// The data were made by another major version, which is not installed.
    #[error("the data in {data} were made by PostgreSQL {wanted}, and only {found} was found")]
    OtherMajor {
        /// The data directory.
        data: PathBuf,
        /// The major version that made it.
        wanted: u32,
        /// The major versions found, separated by commas.
        found: String,
    },
    /// PostgreSQL refuses to run as root, and there is nobody else to run it as.
    #[error("PostgreSQL does not run as root, and neither the user postgres nor nobody exists")]
    NoServerUser,
    /// The data lie where the server's user cannot go.
    #[error("the user {user}, who runs the server, cannot reach {folder}")]
    Unreachable {
        /// Where the data are.
        folder: PathBuf,
        /// The server's user.
        user: String,
    },
    /// Something else stands at a path that the cluster needs for itself.
    #[error("{path} is not a directory of this cluster: {reason}")]
    NotOurs {
        /// The path.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A parameter's name cannot be one.
    #[error("{name:?} is not the name of a PostgreSQL setting")]
    Setting {
        /// The name as given.
        name: String,
    },
    /// A program could not be run at all.
    #[error("{program} could not be run: {cause}")]
    Spawn {
        /// The program.
        program: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A program that makes the cluster failed.
    #[error("{program} failed for {data}: {output}")]
    Failed {
        /// The program.
        program: PathBuf,
        /// The data directory it worked for.
        data: PathBuf,
        /// What it said.
        output: String,
    },
    /// The server did not come up.
    #[error("the server of {data} did not start; the end of {log}:\n{tail}")]
    Start {
        /// The data directory.
        data: PathBuf,
        /// The server's log.
        log: PathBuf,
        /// The last lines it wrote during this start.
        tail: String,
    },
    /// The pid file names a server that may or may not be this cluster's.
    #[error("{file} names the process {pid}, a PostgreSQL server started for another folder")]
    ForeignServer {
        /// The pid file.
        file: PathBuf,
        /// The process.
        pid: u32,
    },
    /// The server runs and does not become ready.
    #[error("the server of {data} (process {pid}) is not ready after {waited_s} s")]
    NotReady {
        /// The data directory.
        data: PathBuf,
        /// The postmaster.
        pid: u32,
        /// How long it was given, in seconds.
        waited_s: u64,
    },
    /// The server was told to stop and did not.
    #[error(
        "the server of {data} (process {pid}) is still running {waited_s} s after it was told to stop"
    )]
    StillRunning {
        /// The data directory.
        data: PathBuf,
        /// The postmaster.
        pid: u32,
        /// How long it was given, in seconds.
        waited_s: u64,
    },
    /// The system refused something.
    #[error("cannot {action} {path}: {cause}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
}
