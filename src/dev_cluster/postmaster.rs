//! Whether a cluster's server runs.
//!
//! Owns the reading of `postmaster.pid` and the judgement of the process it
//! names. A pid file alone proves nothing: the server may have been killed, the
//! machine restarted, the number given to another process, or the folder copied
//! while its server ran. Changes nothing but leftovers that are proven stale.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;

use super::ClusterError;
use super::place::{PORT, Place};

/// A server that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Postmaster {
    /// Its process id.
    pub(super) pid: u32,
    /// Whether it takes connections; else it is starting or stopping.
    pub(super) ready: bool,
}

/// What the process named by a pid file is.
#[derive(Debug, PartialEq, Eq)]
enum Named {
    /// The server of this cluster.
    Ours,
    /// Nothing, or an exited process that nobody has waited for.
    Gone,
    /// Something that is certainly not this cluster's server.
    Foreign,
    /// A server of another name whose directory we may not look at.
    Unclear,
}

/// The argument that marks a postmaster as this cluster's. It is on its command
/// line, which every user may read, and PostgreSQL shows it as `cluster_name`.
pub(super) fn mark(place: &Place) -> String {
    format!("cluster_name=regrow-{}", place.key)
}

/// The cluster's server, if it is there.
pub(super) fn find(place: &Place) -> Result<Option<Postmaster>, ClusterError> {
    let file = place.data().join("postmaster.pid");
    let Some(text) = read(&file)? else {
        return Ok(None);
    };
    let Some(pid) = pid_in(&text) else {
        return Ok(None);
    };
    match judge(pid, place) {
        Named::Ours => Ok(Some(Postmaster {
            pid: pid.as_raw().unsigned_abs(),
            // The eighth line, see PostgreSQL's src/include/utils/pidfile.h.
            ready: text.lines().nth(7).is_some_and(|s| s.trim() == "ready"),
        })),
        Named::Gone | Named::Foreign => Ok(None),
        Named::Unclear => {
            Err(ClusterError::ForeignServer { file, pid: pid.as_raw().unsigned_abs() })
        }
    }
}

/// Whether a process is still the server of this cluster.
pub(super) fn is_ours(pid: Pid, place: &Place) -> bool {
    judge(pid, place) == Named::Ours
}

/// Removes pid files that would keep a new server from starting although no
/// server is there. The caller holds the lock and has found no server.
///
/// A pid file of a process that does not exist is left alone: PostgreSQL deals
/// with it, and finds through it the shared memory of a server that was killed
/// while its sessions live on. Without the file PostgreSQL (from 12) still
/// finds that memory by the data directory's inode.
pub(super) fn clear_stale(place: &Place) -> Result<(), ClusterError> {
    let socket_lock = place.socket_dir.join(format!(".s.PGSQL.{PORT}.lock"));
    for file in [place.data().join("postmaster.pid"), socket_lock] {
        let Some(text) = read(&file)? else { continue };
        let stale = match pid_in(&text) {
            // Cut short by a crash of the machine: PostgreSQL would refuse it.
            None => true,
            Some(pid) => exists(pid) && matches!(judge(pid, place), Named::Gone | Named::Foreign),
        };
        if stale {
            tracing::info!(file = %file.display(), "removing a stale pid file");
            remove(&file)?;
        }
    }
    Ok(())
}

fn remove(file: &Path) -> Result<(), ClusterError> {
    match fs::remove_file(file) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(ClusterError::Io { action: "remove", path: file.to_path_buf(), cause })
        }
        _ => Ok(()),
    }
}

fn read(file: &Path) -> Result<Option<String>, ClusterError> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(ClusterError::Io { action: "read", path: file.to_path_buf(), cause }),
    }
}

/// The process in a pid file's first line; a single-user server writes its
/// number negative.
fn pid_in(text: &str) -> Option<Pid> {
    let number = text.lines().next()?.trim().parse::<i32>().ok()?;
    match number.checked_abs() {
        None | Some(0) => None,
        Some(number) => Some(Pid::from_raw(number)),
    }
}

fn exists(pid: Pid) -> bool {
    kill(pid, None) != Err(Errno::ESRCH)
}

fn judge(pid: Pid, place: &Place) -> Named {
    if !exists(pid) {
        return Named::Gone;
    }
    let args = arguments(pid);
    let mark = mark(place);
    // Sessions and workers call themselves "postgres: ...".
    let is_server = args
        .first()
        .and_then(|program| Path::new(program).file_name())
        .is_some_and(|name| name == "postgres" || name == "postmaster");
    if args.is_empty() {
        Named::Gone
    } else if !is_server {
        Named::Foreign
    } else if args.contains(&mark) {
        Named::Ours
    } else {
        by_directory(pid, &place.data())
    }
}

/// A server started before the folder was moved bears another mark, as does
/// the server of the folder that this one was copied from. It works in its
/// data directory, which tells the two apart.
fn by_directory(pid: Pid, data: &Path) -> Named {
    let identity = |path: PathBuf| fs::metadata(path).map(|m| (m.dev(), m.ino()));
    let theirs = identity(PathBuf::from(format!("/proc/{pid}/cwd")));
    match (theirs, identity(data.to_path_buf())) {
        (Ok(theirs), Ok(ours)) if theirs == ours => Named::Ours,
        (Ok(_), Ok(_)) => Named::Foreign,
        _ => Named::Unclear,
    }
}

/// The words of a process's command line; none for one that has exited.
fn arguments(pid: Pid) -> Vec<String> {
    if Path::new("/proc/self/cmdline").exists() {
        let bytes = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        return bytes
            .split(|byte| *byte == 0)
            .filter(|word| !word.is_empty())
            .map(|word| String::from_utf8_lossy(word).into_owned())
            .collect();
    }
    let listed = Command::new("ps").args(["-ww", "-o", "args=", "-p", &pid.to_string()]).output();
    let text = listed.map(|o| o.stdout).unwrap_or_default();
    String::from_utf8_lossy(&text).split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pid_files_are_read_as_postgres_writes_them() {
        let pid = |text| pid_in(text).map(Pid::as_raw);
        assert_eq!(pid("4711\n/data\n"), Some(4711));
        assert_eq!(pid("       4711\n"), Some(4711));
        assert_eq!(pid("-4711\n"), Some(4711));
        assert_eq!(pid(""), None);
        assert_eq!(pid("0\n"), None);
        assert_eq!(pid("-2147483648\n"), None);
    }

    #[test]
    fn a_process_that_is_no_server_is_foreign_and_one_that_is_not_there_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let place = Place::of(dir.path()).unwrap();
        assert_eq!(judge(Pid::this(), &place), Named::Foreign);
        assert_eq!(judge(Pid::from_raw(i32::MAX), &place), Named::Gone);
    }
}
