//! Making, starting and stopping the server.
//!
//! Owns every process of PostgreSQL's that this program runs. Whether to start
//! or stop is decided above; everything here is done while `lock` is held.
//!
//! Programs run in the cluster's home and are given only paths relative to it:
//! `pg_ctl` hands its arguments to a shell, which must never see a folder's
//! name. Each inherits the lock as its standard input or output, so it is still
//! held when this process is killed and its `initdb` or `pg_ctl` is not.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::binaries::{Binaries, MadeBy};
use super::configuration::configuration;
use super::folder;
use super::postmaster::{self, Postmaster};
use super::{ClusterError, DevCluster, NAME, Started};

/// How long a server may recover from a crash, in seconds.
const START_S: u64 = 300;
/// How long a server may take to stop in fast mode, in seconds: it writes out
/// all its buffers.
const STOP_S: u64 = 300;
/// How long a start is tried again while the sessions of a killed server go.
const RETRY: Duration = Duration::from_secs(20);
/// The pause between two looks at a pid file.
const PAUSE: Duration = Duration::from_millis(5);
/// The log is put aside when it has this many bytes at a start.
const LOG_BYTES: u64 = 16 << 20;
/// How much of the log an error carries.
const TAIL_LINES: usize = 20;

/// The beginning of the name of a data directory in the making.
const UNFINISHED: &str = "data.new.";

/// Variables that would change what PostgreSQL's programs do.
const UNWANTED: [&str; 22] = [
    "PGDATA",
    "PGPORT",
    "PGHOST",
    "PGHOSTADDR",
    "PGUSER",
    "PGDATABASE",
    "PGOPTIONS",
    "PGPASSWORD",
    "PGPASSFILE",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGSYSCONFDIR",
    "PGLOCALEDIR",
    "PGCLIENTENCODING",
    "PGDATESTYLE",
    "PGTZ",
    "PGGEQO",
    "PGAPPNAME",
    "PGSSLMODE",
    "PGCTLTIMEOUT",
    "PG_COLOR",
    "NOTIFY_SOCKET",
];

impl DevCluster {
    /// Makes sure that the server takes connections.
    pub(super) fn start(&self, lock: &File) -> Result<Started, ClusterError> {
        if let Some(server) = self.settled(START_S)? {
            return Ok(Started { pid: server.pid, already: true });
        }
        let conf = configuration(&self.options.settings, &self.place.socket_dir)?;
        self.place.make_home()?;
        let asked = |major| MadeBy { data: self.place.data(), major };
        let made_by = self.made_by().or_else(|| self.options.major.map(asked));
        let binaries = Binaries::find(self.options.bin_dir.as_deref(), made_by.as_ref())?;
        if !self.is_made() {
            self.make(&binaries, lock)?;
        }
        folder::replace(&self.place.home.join("server.conf"), &conf)?;
        self.launch(&binaries, lock)?;
        match self.settled(START_S)? {
            Some(server) => Ok(Started { pid: server.pid, already: false }),
            None => Err(self.start_error(0)),
        }
    }

    /// Stops the server if it is there, and waits until it is not.
    ///
    /// `SIGINT` is what `pg_ctl stop -m fast` sends; sending it here needs no
    /// binaries and spares `pg_ctl`'s waiting in steps of 100 ms.
    pub(super) fn stop_locked(&self) -> Result<bool, ClusterError> {
        let Some(server) = postmaster::find(&self.place)? else {
            return Ok(false);
        };
        tracing::info!(pid = server.pid, "stopping the private server");
        let pid = Pid::from_raw(server.pid.cast_signed());
        match kill(pid, Signal::SIGINT) {
            Ok(()) | Err(Errno::ESRCH) => {}
            Err(errno) => {
                return Err(ClusterError::Io {
                    action: "stop the server of",
                    path: self.place.data(),
                    cause: errno.into(),
                });
            }
        }
        let deadline = Instant::now() + Duration::from_secs(STOP_S);
        // The pid file goes a moment before the process does; a folder that
        // was removed or a restart of the machine leaves only one of them.
        while postmaster::find(&self.place)?.is_some() || postmaster::is_ours(pid, &self.place) {
            if Instant::now() > deadline {
                return Err(ClusterError::StillRunning {
                    data: self.place.data(),
                    pid: server.pid,
                    waited_s: STOP_S,
                });
            }
            sleep(PAUSE);
        }
        if self.place.socket_is_apart() {
            // Only empty directories go; the next start makes it again.
            let _ = fs::remove_dir(&self.place.socket_dir);
        }
        Ok(true)
    }

    /// The server once it is neither starting nor stopping.
    fn settled(&self, wait_s: u64) -> Result<Option<Postmaster>, ClusterError> {
        let deadline = Instant::now() + Duration::from_secs(wait_s);
        loop {
            match postmaster::find(&self.place)? {
                Some(server) if !server.ready => {
                    if Instant::now() > deadline {
                        return Err(ClusterError::NotReady {
                            data: self.place.data(),
                            pid: server.pid,
                            waited_s: wait_s,
                        });
                    }
                    sleep(PAUSE);
                }
                other => return Ok(other),
            }
        }
    }

    /// Who made the data, if there are data.
    fn made_by(&self) -> Option<MadeBy> {
        let data = self.place.data();
        let text = fs::read_to_string(data.join("PG_VERSION")).ok()?;
        let major = text.trim().split('.').next()?.parse().ok()?;
        Some(MadeBy { data, major })
    }

    /// Makes the data directory under another name and gives it its own when it
    /// is whole and on disk, so that no interruption leaves half of one.
    fn make(&self, binaries: &Binaries, lock: &File) -> Result<(), ClusterError> {
        self.clear_unfinished();
        let name = format!("{UNFINISHED}{}", std::process::id());
        let new = self.place.home.join(&name);
        tracing::info!(data = %self.place.data().display(), "making a private cluster");
        self.place.make_private(&new)?;
        let initdb = binaries.program("initdb");
        let make = ["--username", NAME, "--auth=trust", "--encoding=UTF8"];
        let rest = ["--locale=C", "--no-instructions", "--no-sync"];
        self.run(&initdb, lock, &[&make[..], &rest, &["-D", &name]].concat())?;
        self.make_database(&binaries.program("postgres"), lock, &name)?;
        self.run(&initdb, lock, &["--sync-only", "-D", &name])?;
        fs::rename(&new, self.place.data())
            .and_then(|()| File::open(&self.place.home)?.sync_all())
            .map_err(|cause| ClusterError::Io {
                action: "name the new data directory",
                path: self.place.data(),
                cause,
            })
    }

    /// What interrupted makings have left. Only tidiness depends on it.
    fn clear_unfinished(&self) {
        for entry in fs::read_dir(&self.place.home).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// Creates the database through a server without a socket: needs no client.
    fn make_database(&self, postgres: &Path, lock: &File, data: &str) -> Result<(), ClusterError> {
        let mut command = self.command(postgres);
        command.args(["--single", "-D", data, "-c", "exit_on_error=on"]);
        // Everything is synced at once when it is all there.
        command.args(["-c", "fsync=off", "postgres"]);
        // Its prompts are lost, and its input cannot be the lock.
        command.stdin(Stdio::piped()).stdout(self.inherited(lock)?);
        let mut child = spawn(&mut command, postgres)?;
        if let Some(mut stdin) = child.stdin.take() {
            // A server that is gone says why itself.
            let _ = writeln!(stdin, "CREATE DATABASE {NAME}");
        }
        self.finish(child, postgres)
    }

    /// Starts the server with `pg_ctl`, which puts it into its own session, out
    /// of the reach of a terminal's Ctrl-C.
    fn launch(&self, binaries: &Binaries, lock: &File) -> Result<(), ClusterError> {
        let pg_ctl = binaries.program("pg_ctl");
        let options = format!("-c config_file=server.conf -c {}", postmaster::mark(&self.place));
        let start_s = START_S.to_string();
        self.put_log_aside();
        let begin = fs::metadata(self.place.log()).map_or(0, |meta| meta.len());
        let deadline = Instant::now() + RETRY;
        loop {
            postmaster::clear_stale(&self.place)?;
            let mut command = self.command(&pg_ctl);
            command.args(["start", "-D", "data", "-l", "log/server.log", "-s", "-w"]);
            command.args(["-t", &start_s, "-o", &options]);
            // Not pipes: whatever outlived pg_ctl would keep them open.
            command.stdin(self.inherited(lock)?);
            command.stdout(Stdio::null()).stderr(self.control_log()?);
            let status = spawn(&mut command, &pg_ctl)?.wait();
            let status =
                status.map_err(|cause| ClusterError::Spawn { program: pg_ctl.clone(), cause })?;
            if status.success() || self.settled(START_S)?.is_some() {
                return Ok(());
            }
            // The sessions of a server that was killed notice it in their own time.
            let error = self.start_error(begin);
            let passes = matches!(&error, ClusterError::Start { tail, .. }
                if tail.contains("is still in use") || tail.contains("already exists"));
            if !passes || Instant::now() > deadline {
                return Err(error);
            }
            sleep(Duration::from_millis(100));
        }
    }

    fn put_log_aside(&self) {
        let log = self.place.log();
        if fs::metadata(&log).is_ok_and(|meta| meta.len() > LOG_BYTES) {
            let _ = folder::rename(&log, &log.with_extension("log.old"));
        }
    }

    /// What the server, or failing that `pg_ctl`, wrote since `begin`.
    fn start_error(&self, begin: u64) -> ClusterError {
        let log = self.place.log();
        let mut tail = last_lines(&log, begin);
        if tail.is_empty() {
            tail = last_lines(&self.place.home.join("start.log"), 0);
        }
        ClusterError::Start { data: self.place.data(), log, tail }
    }

    fn control_log(&self) -> Result<File, ClusterError> {
        folder::replace(&self.place.home.join("start.log"), "")
    }

    fn inherited(&self, lock: &File) -> Result<Stdio, ClusterError> {
        lock.try_clone().map(Stdio::from).map_err(|cause| self.place.io("share", "lock", cause))
    }

    /// Runs a program that leaves nothing running behind.
    fn run(&self, program: &Path, lock: &File, args: &[&str]) -> Result<(), ClusterError> {
        let mut command = self.command(program);
        command.args(args).stdin(self.inherited(lock)?);
        self.finish(spawn(&mut command, program)?, program)
    }

    fn finish(&self, child: Child, program: &Path) -> Result<(), ClusterError> {
        let done = child.wait_with_output();
        let done =
            done.map_err(|cause| ClusterError::Spawn { program: program.to_path_buf(), cause })?;
        if done.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
        Err(ClusterError::Failed {
            program: program.to_path_buf(),
            data: self.place.data(),
            output: format!("{} {said}", done.status),
        })
    }

    /// A program of PostgreSQL's, run as the server's user in the home.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for name in UNWANTED {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C").current_dir(&self.place.home);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if let Some(user) = &self.place.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }
}

fn spawn(command: &mut Command, program: &Path) -> Result<Child, ClusterError> {
    command.spawn().map_err(|cause| ClusterError::Spawn { program: program.to_path_buf(), cause })
}

/// The last lines of a file, read from a byte on.
fn last_lines(path: &Path, begin: u64) -> String {
    let mut bytes = Vec::new();
    // What the server's user has put there is shown to whoever runs regrow.
    if let Ok(Some(mut file)) = folder::read(path) {
        let _ = file.seek(SeekFrom::Start(begin)).and_then(|_| file.read_to_end(&mut bytes));
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}
