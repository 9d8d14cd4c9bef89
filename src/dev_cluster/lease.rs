//! The hold that a working command has on the server.
//!
//! Owns the shared lock that says "in use" and the guard process that acts when
//! its holder is gone. Decides nothing: [`DevCluster::release_when_unused`] does.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use super::{ClusterError, DevCluster};

/// Keeps the server running. When the last one ends the server stops, unless it
/// is kept; also when its holder is killed, by the guard that each lease has.
#[derive(Debug)]
#[must_use = "the server stops when its last lease is dropped"]
pub struct Lease {
    cluster: DevCluster,
    users: File,
    /// Invariant: its standard input is a pipe whose only writing end is here,
    /// closed in every other child at `exec`. The guard waits for its end.
    guard: Child,
}

impl Lease {
    /// Marks the cluster as used. The caller holds `lock`, and starts the server
    /// afterwards, so that a server is never without a guard.
    pub(super) fn begin(cluster: &DevCluster) -> Result<Self, ClusterError> {
        let place = &cluster.place;
        let users = place.open_lock("users.lock")?;
        users.lock_shared().map_err(|cause| place.io("lock", "users.lock", cause))?;
        let shared = users.try_clone().map_err(|cause| place.io("share", "users.lock", cause))?;
        let program = &cluster.options.guard;
        let guard = Command::new(program)
            .args(["dev", "guard", "--dir"])
            .arg(&place.folder)
            .stdin(Stdio::piped())
            // The guard ends the hold of a killed holder, see `guard`.
            .stdout(shared)
            .stderr(Stdio::null())
            .current_dir("/")
            // What a terminal sends to the command must not reach the guard.
            .process_group(0)
            .spawn()
            .map_err(|cause| ClusterError::Spawn { program: program.clone(), cause })?;
        Ok(Self { cluster: cluster.clone(), users, guard })
    }

    /// How to connect, see [`DevCluster::url`].
    #[must_use]
    pub fn url(&self) -> String {
        self.cluster.url()
    }
}

impl Drop for Lease {
    /// Returns when the server is stopped or is left to somebody else.
    fn drop(&mut self) {
        // Unlocked in so many words: another thread that is just starting a
        // process has a copy of the file until its `exec`.
        if let Err(cause) = self.users.unlock() {
            tracing::warn!(%cause, "the private server's use could not be given up");
        }
        drop(self.guard.stdin.take());
        let done = self.guard.wait();
        if done.is_ok_and(|status| status.success()) {
            return;
        }
        // The guard was killed, or has failed and nobody saw why.
        if let Err(error) = self.cluster.release_when_unused() {
            tracing::warn!(%error, "the private server could not be released");
        }
    }
}
