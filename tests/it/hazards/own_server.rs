//! A PostgreSQL server of one test, to be treated as no shared one may be.
//!
//! It is stopped in the middle of everything, loses a process, starts as a standby or gets one,
//! and lies on a disk too small for it. Its folder, its processes and its mounts go with it; where
//! the test is killed, a shell that waits for that sees to it.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use postgres::{Client, NoTls};
use tempfile::TempDir;

use crate::bench::{self, wait_until};

/// Which of a server's files lie on a small disk of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disk {
    /// Everything but the WAL.
    Data,
    /// The WAL.
    Wal,
}

/// A server and its files.
pub(super) struct OwnServer {
    postmaster: Option<Child>,
    /// Its folder in the home: `data`, `run` for the socket, `wal` and the log.
    folder: PathBuf,
    /// Where its small disk is mounted, if it has one.
    disk: Option<PathBuf>,
    home: Arc<Home>,
}

/// What the servers of one test share: a folder, a user, somebody who tidies up.
struct Home {
    folder: TempDir,
    binaries: PathBuf,
    /// The user and the group servers run as, where the test runs as root.
    user: Option<(u32, u32)>,
    guard: Child,
    /// How many servers there were.
    servers: AtomicUsize,
}

impl OwnServer {
    /// A new server that runs, on the disks of the machine.
    pub(super) fn start_new() -> OwnServer {
        let mut server = OwnServer::in_home(&Arc::new(Home::new()));
        server.make();
        server
    }

    /// A new server that runs with a part of it on a disk of so many megabytes; nothing where
    /// mounting is not permitted.
    pub(super) fn on_a_small_disk(disk: Disk, megabytes: usize) -> Option<OwnServer> {
        let mut server = OwnServer::in_home(&Arc::new(Home::new()));
        let at = server.folder.join(if disk == Disk::Data { "data" } else { "wal" });
        server.home.make_dir(&at);
        let (uid, gid) = server.home.user?;
        let options = format!("size={megabytes}m,mode=0700,uid={uid},gid={gid}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&at);
        if !mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
            return None;
        }
        server.disk = Some(at);
        server.make();
        Some(server)
    }

    fn in_home(home: &Arc<Home>) -> OwnServer {
        let number = home.servers.fetch_add(1, Ordering::Relaxed);
        let folder = home.folder.path().join(format!("server{number}"));
        home.make_dir(&folder);
        home.make_dir(&folder.join("run"));
        OwnServer { postmaster: None, folder, disk: None, home: Arc::clone(home) }
    }

    fn make(&mut self) {
        let (data, wal) = (self.folder.join("data"), self.folder.join("wal"));
        let mut initdb = self.home.command("initdb");
        initdb.args(["--username", "regrow", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        // Small segments, so that a disk is filled by degrees.
        initdb.args(["--no-instructions", "--no-sync", "--wal-segsize=1", "-D"]).arg(&data);
        initdb.arg("-X").arg(&wal);
        succeed(&mut initdb);
        self.start();
        let mut admin = self.connect("postgres");
        admin.batch_execute("CREATE DATABASE regrow").unwrap();
    }

    /// Its address, with the database `regrow`.
    pub(super) fn address(&self) -> String {
        self.address_by(&self.folder.join("run"))
    }

    /// An address that leads to whatever server [`OwnServer::lead_there`] said last.
    pub(super) fn changing_address(&self) -> String {
        self.address_by(&self.home.folder.path().join("address"))
    }

    fn address_by(&self, socket_dir: &Path) -> String {
        format!("host={} port=5432 user=regrow dbname=regrow", socket_dir.display())
    }

    /// From now on the changing address leads to this server.
    pub(super) fn lead_there(&self) {
        let link = self.home.folder.path().join("address");
        let new = link.with_extension("new");
        symlink(self.folder.join("run"), &new).unwrap();
        fs::rename(&new, &link).unwrap();
    }

    /// A session with one of its databases.
    pub(super) fn connect(&self, database: &str) -> Client {
        let address = self.address().replace("dbname=regrow", &format!("dbname={database}"));
        Client::connect(&address, NoTls).unwrap()
    }

    /// A session with the database `regrow`.
    pub(super) fn admin(&self) -> Client {
        self.connect("regrow")
    }

    /// What it has written down.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap()
    }

    /// Starts it and waits until it takes connections.
    pub(super) fn start(&mut self) {
        assert!(self.postmaster.is_none(), "it runs");
        let log = fs::OpenOptions::new().create(true).append(true).open(self.folder.join("log"));
        let log = log.unwrap();
        let mut postgres = self.home.command("postgres");
        postgres.arg("-D").arg(self.folder.join("data"));
        let sockets = format!("unix_socket_directories={}", self.folder.join("run").display());
        // The WAL may grow as long as its disk lets it.
        let settings = ["listen_addresses=", "shared_buffers=32MB", "fsync=on", "jit=off"];
        // A standby finds what it has not read yet; on a small disk what is old goes.
        let old = if self.disk.is_some() { "wal_recycle=off" } else { "wal_keep_size=2GB" };
        let more = ["max_connections=60", "max_wal_size=4GB", old, "TimeZone=UTC"];
        for setting in settings.iter().chain(&more).chain(&[sockets.as_str()]) {
            postgres.args(["-c", setting]);
        }
        // What a terminal sends to the test must not reach it.
        postgres.stdin(Stdio::null()).process_group(0);
        postgres.stdout(log.try_clone().unwrap()).stderr(log);
        self.postmaster = Some(postgres.spawn().unwrap());
        self.wait_until_it_answers();
    }

    /// Waits until it takes connections, after a start or after it lost a process.
    pub(super) fn wait_until_it_answers(&mut self) {
        let (address, log) = (self.address(), self.folder.join("log"));
        let postmaster = self.postmaster.as_mut().unwrap();
        wait_until("a server to take connections", || {
            let ended = postmaster.try_wait().unwrap();
            let text = || fs::read_to_string(&log).unwrap_or_default();
            assert!(ended.is_none(), "the server ended with {ended:?}:\n{}", text());
            let address = address.replace("dbname=regrow", "dbname=postgres");
            Client::connect(&address, NoTls).is_ok()
        });
    }

    /// Stops it as a power cut does, nearly: nothing is written out and nobody is told.
    pub(super) fn stop_at_once(&mut self) {
        self.stop_by(Signal::SIGQUIT);
    }

    /// Stops it in good order.
    pub(super) fn stop(&mut self) {
        self.stop_by(Signal::SIGINT);
    }

    fn stop_by(&mut self, signal: Signal) {
        let Some(mut postmaster) = self.postmaster.take() else { return };
        let pid = Pid::from_raw(i32::try_from(postmaster.id()).unwrap());
        // It waits for all its processes before it ends.
        let _ = kill(pid, signal);
        let _ = postmaster.wait();
    }

    /// SIGKILL to one of its processes that serve a session, so that it restarts them all.
    pub(super) fn kill_backend(&self, pid: i32) -> bool {
        let is_ours = fs::read(format!("/proc/{pid}/cmdline"))
            .is_ok_and(|line| line.starts_with(b"postgres: regrow "));
        is_ours && kill(Pid::from_raw(pid), Signal::SIGKILL).is_ok()
    }

    /// Starts it if it ended by itself, and waits until it takes connections.
    pub(super) fn start_if_it_ended(&mut self) {
        let ended = |postmaster: &mut Child| postmaster.try_wait().unwrap().is_some();
        // One that recovers in vain ends soon; one that answers has recovered.
        let address = self.address().replace("dbname=regrow", "dbname=postgres");
        wait_until("a server to end or to answer", || {
            self.postmaster.as_mut().is_none_or(ended) || Client::connect(&address, NoTls).is_ok()
        });
        if self.postmaster.as_mut().is_none_or(ended) {
            self.postmaster = None;
            self.start();
        }
    }

    /// The next start is one as a standby.
    pub(super) fn become_standby(&self) {
        self.home.write(&self.folder.join("data/standby.signal"));
    }

    /// A standby of this server, which takes connections.
    pub(super) fn standby(&self) -> OwnServer {
        let mut standby = OwnServer::in_home(&self.home);
        let mut copy = self.home.command("pg_basebackup");
        copy.args(["-U", "regrow", "-p", "5432", "-R", "-X", "stream", "-c", "fast", "--no-sync"]);
        copy.arg("-h").arg(self.folder.join("run")).arg("-D").arg(standby.folder.join("data"));
        succeed(&mut copy);
        standby.start();
        standby
    }

    /// From now on a standby hears nothing more of its primary.
    pub(super) fn hear_nothing_more(&self) {
        let mut admin = self.admin();
        admin.batch_execute("ALTER SYSTEM SET primary_conninfo = ''").unwrap();
        admin.batch_execute("SELECT pg_reload_conf()").unwrap();
        let hears = "SELECT EXISTS (SELECT FROM pg_stat_wal_receiver)";
        wait_until("a standby to be cut off", || {
            !admin.query_one(hears, &[]).unwrap().get::<_, bool>(0)
        });
    }

    /// Makes a standby a server that takes writes.
    pub(super) fn promote(&self) {
        assert!(self.admin().query_one("SELECT pg_promote()", &[]).unwrap().get::<_, bool>(0));
    }

    /// Fills the small disk but for so many bytes.
    pub(super) fn fill_the_disk(&self, but_bytes: u64) {
        let mut file = fs::File::create(self.filler()).unwrap();
        let piece = vec![7u8; 64 * 1024];
        let mut written = 0u64;
        while let Ok(bytes @ 1..) = file.write(&piece) {
            written += u64::try_from(bytes).unwrap();
        }
        file.set_len(written.saturating_sub(but_bytes)).unwrap();
    }

    /// There is room again.
    pub(super) fn make_room(&self) {
        let _ = fs::remove_file(self.filler());
    }

    fn filler(&self) -> PathBuf {
        self.disk.as_ref().unwrap().join("filler")
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.stop_at_once();
        if let Some(disk) = &self.disk {
            let _ = Command::new("umount").arg(disk).status();
        }
    }
}

impl Home {
    fn new() -> Home {
        // The socket's address must be short, and the server's user must get there.
        let folder = tempfile::Builder::new()
            .prefix("regrow-own-")
            .tempdir_in(bench::memory().unwrap_or(Path::new("/tmp")))
            .unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let user = geteuid().is_root().then(|| {
            let named = |name| User::from_name(name).unwrap();
            let user = named("postgres").or_else(|| named("nobody")).unwrap();
            (user.uid.as_raw(), user.gid.as_raw())
        });
        let mut guard = Command::new("sh");
        guard.args(["-c", include_str!("../bench/guard.sh"), "guard"]).arg(folder.path());
        guard.stdin(Stdio::piped()).process_group(0);
        let guard = guard.spawn().unwrap();
        Home { folder, binaries: binaries(), user, guard, servers: AtomicUsize::new(1) }
    }

    /// One of PostgreSQL's programs, run as the server's user.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C").current_dir(self.folder.path());
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command
    }

    fn make_dir(&self, path: &Path) {
        fs::create_dir(path).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
        self.give(path);
    }

    fn write(&self, path: &Path) {
        fs::write(path, "").unwrap();
        self.give(path);
    }

    fn give(&self, path: &Path) {
        if let Some((uid, gid)) = self.user {
            chown(path, Some(uid), Some(gid)).unwrap();
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // Nothing is left to do for it, and it sees so.
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// Where the server's programs are.
fn binaries() -> PathBuf {
    if let Some(dir) = bench::bin_dir() {
        return dir;
    }
    let said = Command::new("pg_config").arg("--bindir").output();
    if let Ok(said) = said
        && said.status.success()
    {
        let dir = PathBuf::from(String::from_utf8(said.stdout).unwrap().trim());
        if dir.join("initdb").exists() {
            return dir;
        }
    }
    let versions = fs::read_dir("/usr/lib/postgresql").expect("install the package postgresql");
    let bins = versions.map(|version| version.unwrap().path().join("bin"));
    bins.filter(|bin| bin.join("initdb").exists())
        .max_by_key(|bin| bin.parent()?.file_name()?.to_str()?.parse::<u32>().ok())
        .expect("install the package postgresql")
}

fn succeed(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
