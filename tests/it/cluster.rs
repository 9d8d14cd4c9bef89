//! The private cluster against real servers, with the hazards by name.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User, geteuid};
use regrow::dev_cluster::{ClusterError, DevCluster, Options, Settings, Started, State};
use tempfile::TempDir;

use crate::bench::{REGROW, bin_dir, wait_until};

fn options() -> Options {
    Options {
        bin_dir: bin_dir(),
        major: None,
        settings: Settings { shared_buffers_mb: 16, ..Settings::default() },
        guard: PathBuf::from(REGROW),
    }
}

/// A project in a directory of its own, whose server ends with the test.
struct Project {
    dir: TempDir,
    folder: PathBuf,
    cluster: DevCluster,
}

impl Project {
    fn new() -> Self {
        Self::under("", 0o755)
    }

    fn under(below: &str, mode: u32) -> Self {
        let dir = tempfile::Builder::new().tempdir_in("/tmp").unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(mode)).unwrap();
        let folder = dir.path().join(below).join(".regrow");
        let cluster = DevCluster::at(&folder, options()).unwrap();
        Self { dir, folder, cluster }
    }

    fn hold(&self) -> Holder {
        Holder::start(&mut Command::new(REGROW), &self.folder)
    }

    fn pid(&self) -> Option<u32> {
        match self.cluster.state().unwrap() {
            State::Running { pid, .. } => Some(pid),
            State::Absent | State::Stopped => None,
        }
    }

    #[track_caller]
    fn expect_stopped(&self) {
        assert_eq!(self.cluster.state().unwrap(), State::Stopped);
        let socket = self.cluster.socket_dir().join(".s.PGSQL.5432");
        assert!(!socket.exists(), "{} is left", socket.display());
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let stopped = self.cluster.stop();
        if let Ok(outside) = fs::read_to_string(self.folder.join("where")) {
            let outside = outside.trim();
            assert!(outside.starts_with("/var/tmp/regrow-"), "{outside}");
            fs::remove_dir_all(outside).unwrap();
        }
        if !std::thread::panicking() {
            stopped.unwrap();
            let _ = &self.dir;
        }
    }
}

/// Another process that holds a lease.
struct Holder {
    child: Child,
    url: String,
}

impl Holder {
    fn start(command: &mut Command, folder: &Path) -> Self {
        Self::spawn(command, folder).ready()
    }

    fn spawn(command: &mut Command, folder: &Path) -> Self {
        let child = command
            .args(["dev", "hold", "--dir"])
            .arg(folder)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Self { child, url: String::new() }
    }

    fn ready(mut self) -> Self {
        let mut line = String::new();
        BufReader::new(self.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        self.url = line.strip_prefix("ready ").expect("a lease").to_owned();
        self
    }

    /// Ends as a command ends, and asserts that it did well.
    fn finish(mut self) {
        drop(self.child.stdin.take());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ask(url: &str, sql: &str) -> String {
    let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
    client.query_one(sql, &[]).unwrap().get(0)
}

fn run(url: &str, sql: &str) {
    let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
    client.batch_execute(sql).unwrap();
}

#[test]
fn starts_is_kept_and_stops() {
    let project = Project::new();
    let cluster = &project.cluster;
    assert_eq!(cluster.state().unwrap(), State::Absent);
    assert!(!cluster.stop().unwrap());
    assert!(!project.folder.exists(), "a look makes nothing");

    let Started { pid, already } = cluster.start_and_keep().unwrap();
    assert!(!already);
    assert_eq!(cluster.state().unwrap(), State::Running { pid, kept: true });
    let again = cluster.start_and_keep().unwrap();
    assert_eq!(again, Started { pid, already: true });

    let show = |name: &str| ask(&cluster.url(), &format!("select current_setting('{name}')"));
    assert_eq!(show("listen_addresses"), "");
    assert_eq!(show("fsync"), "on");
    assert_eq!(show("shared_buffers"), "16MB");
    assert_eq!(show("server_encoding"), "UTF8");
    assert_eq!(show("max_prepared_transactions"), "16");
    assert_eq!(show("TimeZone"), "UTC");
    let mode = fs::metadata(cluster.socket_dir()).unwrap().mode();
    assert_eq!(mode & 0o777, 0o700);
    let ignored = fs::read_to_string(project.folder.join(".gitignore")).unwrap();
    assert_eq!(ignored, "*\n");

    assert!(cluster.stop().unwrap());
    project.expect_stopped();
    assert!(!cluster.stop().unwrap());
}

#[test]
fn the_last_lease_of_two_processes_stops_the_server() {
    let project = Project::new();
    let (first, second) = (project.hold(), project.hold());
    let own = project.cluster.lease().unwrap();
    let own_too = project.cluster.lease().unwrap();
    assert_eq!(first.url.trim(), project.cluster.url());
    let pid = project.pid();
    first.finish();
    drop(own);
    assert_eq!(project.pid(), pid);
    assert_eq!(ask(&own_too.url(), "select 'here'"), "here");
    drop(own_too);
    assert_eq!(project.pid(), pid);
    second.finish();
    project.expect_stopped();
}

#[test]
fn data_survive_a_stop_and_a_kept_server_survives_its_leases() {
    let project = Project::new();
    let lease = project.cluster.lease().unwrap();
    run(&lease.url(), "create table t as select 'kept'::text as a");
    drop(lease);
    project.expect_stopped();

    let pid = project.cluster.start_and_keep().unwrap().pid;
    let lease = project.cluster.lease().unwrap();
    assert_eq!(ask(&lease.url(), "select a from t"), "kept");
    drop(lease);
    project.hold().finish();
    assert_eq!(project.pid(), Some(pid));
    assert!(project.cluster.stop().unwrap());

    // The marker is gone with the stop.
    drop(project.cluster.lease().unwrap());
    project.expect_stopped();
}

#[test]
fn a_start_during_a_lease_keeps_the_server() {
    let project = Project::new();
    let lease = project.cluster.lease().unwrap();
    assert!(project.cluster.start_and_keep().unwrap().already);
    drop(lease);
    assert!(project.pid().is_some());
}

#[test]
fn a_stop_during_a_lease_stops_and_the_lease_ends_in_peace() {
    let project = Project::new();
    let holder = project.hold();
    assert!(project.cluster.stop().unwrap());
    project.expect_stopped();
    holder.finish();
}

#[test]
fn a_killed_holder_leaves_no_server() {
    let project = Project::new();
    let (mut holder, mut other) = (project.hold(), project.hold());
    holder.child.kill().unwrap();
    holder.child.wait().unwrap();
    assert!(project.pid().is_some());
    other.child.kill().unwrap();
    other.child.wait().unwrap();
    wait_until("the guard stops the server", || project.pid().is_none());
    // The pid file is gone before the lock is given back.
    drop(project.cluster.lease().unwrap());
    project.expect_stopped();
}

#[test]
fn a_holder_killed_at_once_when_ready_leaves_no_server() {
    let project = Project::new();
    for _ in 0..5 {
        let mut holder = project.hold();
        holder.child.kill().unwrap();
        holder.child.wait().unwrap();
        wait_until("the guard stops the server", || project.pid().is_none());
    }
}

#[test]
fn a_holder_killed_while_it_starts_leaves_no_server_and_no_half_cluster() {
    let project = Project::new();
    for round in 0..6 {
        let mut holder = Holder::spawn(&mut Command::new(REGROW), &project.folder);
        wait_until("the start begins", || project.folder.join("lock").exists());
        sleep(Duration::from_millis(80 * round));
        holder.child.kill().unwrap();
        holder.child.wait().unwrap();
        // Nobody starts anything any more once the lock is free.
        let lock = File::open(project.folder.join("lock")).unwrap();
        wait_until("the killed holder's server goes", || {
            let free = lock.try_lock().is_ok();
            let gone = free && project.pid().is_none();
            lock.unlock().unwrap();
            gone
        });
    }
    let lease = project.cluster.lease().unwrap();
    assert_eq!(ask(&lease.url(), "select 'whole'"), "whole");
    drop(lease);
    project.expect_stopped();
    let names = fs::read_dir(&project.folder).unwrap();
    let left: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("data."))
        .collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn a_killed_postmaster_is_recovered_by_the_next_start() {
    let project = Project::new();
    let lease = project.cluster.lease().unwrap();
    run(&lease.url(), "create table t as select 'durable'::text as a");
    let session = postgres::Client::connect(&lease.url(), postgres::NoTls).unwrap();
    let pid = project.pid().unwrap();
    kill(Pid::from_raw(pid.cast_signed()), Signal::SIGKILL).unwrap();
    wait_until("the kill is seen", || project.pid().is_none());
    assert!(project.folder.join("data/postmaster.pid").exists());
    let second = project.cluster.lease().unwrap();
    assert_ne!(project.pid(), Some(pid));
    assert_eq!(ask(&second.url(), "select a from t"), "durable");
    drop((session, lease, second));
    project.expect_stopped();
}

/// Rewrites the first line of both pid files as if the number had been reused.
fn name_in_pid_files(project: &Project, saved: &[(PathBuf, String)], pid: u32) {
    for (path, text) in saved {
        let (_, rest) = text.split_once('\n').unwrap();
        fs::write(path, format!("{pid}\n{rest}")).unwrap();
        let data = fs::metadata(project.folder.join("data")).unwrap();
        std::os::unix::fs::chown(path, Some(data.uid()), Some(data.gid())).unwrap();
    }
}

#[test]
fn a_pid_file_that_names_a_living_stranger_is_stale() {
    let project = Project::new();
    let other = Project::new();
    let lease = project.cluster.lease().unwrap();
    let files = [
        project.folder.join("data/postmaster.pid"),
        project.cluster.socket_dir().join(".s.PGSQL.5432.lock"),
    ];
    let saved = files.map(|path| (path.clone(), fs::read_to_string(path).unwrap()));
    drop(lease);

    // A process of the server's user that is no server, as PostgreSQL itself
    // would take it for one, and the server of another project.
    let uid = fs::metadata(project.folder.join("data")).unwrap().uid();
    let mut stranger = Command::new("sleep").arg("600").uid(uid).spawn().unwrap();
    let server = other.cluster.start_and_keep().unwrap().pid;
    for pid in [stranger.id(), server] {
        name_in_pid_files(&project, &saved, pid);
        assert_eq!(project.cluster.state().unwrap(), State::Stopped);
        assert!(!project.cluster.stop().unwrap());
        let lease = project.cluster.lease().unwrap();
        assert_eq!(ask(&lease.url(), "select 'ours'"), "ours");
        assert_ne!(project.pid(), Some(pid));
        drop(lease);
    }
    assert!(stranger.try_wait().unwrap().is_none());
    stranger.kill().unwrap();
    stranger.wait().unwrap();
    assert_eq!(other.pid(), Some(server));

    for (path, _) in &saved {
        fs::write(path, "").unwrap();
    }
    drop(project.cluster.lease().unwrap());
    project.expect_stopped();
}

#[test]
fn a_folder_moved_under_its_server_is_still_its_servers() {
    let project = Project::new();
    let pid = project.cluster.start_and_keep().unwrap().pid;
    let moved = project.dir.path().join("moved");
    fs::rename(&project.folder, &moved).unwrap();
    let cluster = DevCluster::at(&moved, options()).unwrap();
    assert_eq!(cluster.state().unwrap(), State::Running { pid, kept: true });
    assert!(cluster.stop().unwrap());
    assert_eq!(cluster.state().unwrap(), State::Stopped);
    drop(cluster.lease().unwrap());
    assert_eq!(cluster.state().unwrap(), State::Stopped);
}

#[test]
fn a_long_path_gets_a_short_socket() {
    let project = Project::under(&"long-name/".repeat(12), 0o755);
    fs::create_dir_all(project.folder.parent().unwrap()).unwrap();
    let lease = project.cluster.lease().unwrap();
    let dir = project.cluster.socket_dir().to_owned();
    assert!(dir.starts_with("/tmp") && dir.as_os_str().len() < 40, "{dir:?}");
    assert_eq!(fs::metadata(&dir).unwrap().mode() & 0o777, 0o700);
    assert_eq!(ask(&lease.url(), "select 'far'"), "far");
    drop(lease);
    project.expect_stopped();
    assert!(!dir.exists());
}

#[test]
fn a_path_full_of_shell_and_quotes_is_only_a_path() {
    let project = Project::under("it's \"$(touch pwned)\" `x`, y", 0o755);
    let lease = project.cluster.lease().unwrap();
    assert_eq!(ask(&lease.url(), "select 'quiet'"), "quiet");
    drop(lease);
    project.expect_stopped();
    let spaced = Project::under("my shop", 0o755);
    let lease = spaced.cluster.lease().unwrap();
    assert!(spaced.cluster.socket_dir().starts_with(&spaced.folder));
    assert_eq!(ask(&lease.url(), "select 'spaced'"), "spaced");
}

#[test]
fn roots_closed_folder_keeps_its_data_outside() {
    let project = Project::under("", 0o700);
    let lease = project.cluster.lease().unwrap();
    run(&lease.url(), "create table t as select 'same'::text as a");
    let noted = project.folder.join("where");
    assert_eq!(noted.exists(), geteuid().is_root());
    assert_eq!(project.folder.join("data").exists(), !geteuid().is_root());
    drop(lease);
    project.expect_stopped();

    // Opened later, it must not look like an empty cluster.
    fs::set_permissions(project.dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let again = DevCluster::at(&project.folder, options()).unwrap();
    let lease = again.lease().unwrap();
    assert_eq!(ask(&lease.url(), "select a from t"), "same");
}

#[test]
fn an_ordinary_user_has_everything_in_the_folder() {
    let project = Project::new();
    let mut command = Command::new(REGROW);
    if geteuid().is_root() {
        let user = User::from_name("nobody").unwrap().unwrap();
        let (uid, gid) = (user.uid.as_raw(), user.gid.as_raw());
        std::os::unix::fs::chown(project.dir.path(), Some(uid), Some(gid)).unwrap();
        fs::set_permissions(project.dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
        command.uid(uid).gid(gid);
    }
    let holder = Holder::start(&mut command, &project.folder);
    assert!(project.folder.join("data/PG_VERSION").exists());
    assert!(project.folder.join("run/.s.PGSQL.5432").exists());
    assert!(!project.folder.join("where").exists());
    // Root, who comes to that folder later, joins the user's server.
    let root = DevCluster::at(&project.folder, options()).unwrap();
    let lease = root.lease().unwrap();
    holder.finish();
    assert_eq!(ask(&lease.url(), "select 'joined'"), "joined");
    drop(lease);
    project.expect_stopped();
}

#[test]
fn twenty_processes_start_one_server() {
    let project = Project::new();
    let spawn = |_| Holder::spawn(&mut Command::new(REGROW), &project.folder);
    let holders: Vec<Holder> = (0..20).map(spawn).collect();
    let holders: Vec<Holder> = holders.into_iter().map(Holder::ready).collect();
    let start = "select pg_postmaster_start_time()::text";
    let mut seen: Vec<String> = holders.iter().map(|h| ask(&h.url, start)).collect();
    seen.dedup();
    assert_eq!(seen.len(), 1);
    holders.into_iter().for_each(Holder::finish);
    project.expect_stopped();
}

#[test]
fn leases_of_many_threads_leave_nothing() {
    let project = Project::new();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..4 {
                    let lease = project.cluster.lease().unwrap();
                    assert_eq!(ask(&lease.url(), "select 'here'"), "here");
                }
            });
        }
    });
    project.expect_stopped();
}

#[test]
fn what_an_interrupted_initdb_left_is_removed() {
    let project = Project::new();
    let left = project.folder.join("data.new.1");
    fs::create_dir_all(left.join("base")).unwrap();
    fs::write(left.join("PG_VERSION"), "15\n").unwrap();
    assert_eq!(project.cluster.state().unwrap(), State::Absent);
    drop(project.cluster.lease().unwrap());
    assert!(!left.exists());
}

#[test]
fn a_server_that_does_not_start_says_why() {
    let project = Project::new();
    let mut bad = options();
    bad.settings.extra = vec![("work_mem".to_owned(), "lots".to_owned())];
    let cluster = DevCluster::at(&project.folder, bad).unwrap();
    let error = cluster.start_and_keep().unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, ClusterError::Start { .. }), "{text}");
    assert!(text.contains("log/server.log"), "{text}");
    assert!(text.contains("invalid value for parameter \"work_mem\""), "{text}");
    assert!(cluster.lease().is_err());
    assert_eq!(cluster.state().unwrap(), State::Stopped);
    // It was not started, so nobody asked to keep it.
    drop(project.cluster.lease().unwrap());
    project.expect_stopped();
}

#[test]
fn a_killed_guard_is_replaced_by_the_leases_end() {
    let project = Project::new();
    let lease = project.cluster.lease().unwrap();
    let mut killed = 0;
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).into_owned();
        let mine = line.starts_with(REGROW) && line.contains(&*project.folder.to_string_lossy());
        if let (true, Ok(pid)) = (mine, entry.file_name().to_string_lossy().parse()) {
            kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
            killed += 1;
        }
    }
    assert_eq!(killed, 1, "a lease has one guard");
    drop(lease);
    project.expect_stopped();
}

#[test]
fn the_running_server_holds_no_lock() {
    let project = Project::new();
    project.cluster.start_and_keep().unwrap();
    for name in ["lock", "users.lock"] {
        let path = project.folder.join(name);
        let file = OpenOptions::new().append(true).create(true).open(path);
        let file: File = file.unwrap();
        file.try_lock().unwrap();
    }
}

/// A link of another user's, planted under each name that the folder can hold, and the folder itself:
/// refused as root and as somebody else, and nothing is made where it leads.
#[test]
fn links_of_others_lead_nowhere() {
    if !geteuid().is_root() {
        // Only root can make what belongs to others.
        return;
    }
    let stranger = Some(54_321);
    let nobody = User::from_name("nobody").unwrap().unwrap();
    let names = [
        "lock",
        "users.lock",
        "keep",
        ".gitignore",
        "where",
        "server.conf",
        "start.log",
        "log",
        "run",
        "data",
        "scratch",
        "",
    ];
    for name in names {
        let dir = tempfile::Builder::new().tempdir_in("/tmp").unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
        std::os::unix::fs::chown(dir.path(), stranger, None).unwrap();
        let (folder, target) = (dir.path().join(".regrow"), dir.path().join("target"));
        let planted = folder.join(name);
        if !name.is_empty() {
            fs::create_dir(&folder).unwrap();
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
            std::os::unix::fs::chown(&folder, stranger, None).unwrap();
        }
        let planted = if name.is_empty() { folder.clone() } else { planted };
        std::os::unix::fs::symlink(&target, &planted).unwrap();
        std::os::unix::fs::lchown(&planted, stranger, None).unwrap();
        let mut before = listing(dir.path());
        before.sort();
        for user in [None, Some(&nobody)] {
            let mut command = Command::new(REGROW);
            command.args(["dev", "start", "--json"]).current_dir(dir.path());
            command.env("HOME", "/");
            fs::write(dir.path().join("config.toml"), "").unwrap();
            if let Some(user) = user {
                command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
            }
            let ran = command.output().unwrap();
            fs::remove_file(dir.path().join("config.toml")).unwrap();
            let said = String::from_utf8(ran.stderr).unwrap();
            assert!(said.contains("cluster-not-ours"), "{name:?} as {user:?}: {said}");
            let mut after = listing(dir.path());
            after.sort();
            assert_eq!(after, before, "{name:?} as {user:?}");
        }
    }
}

/// Everything below a folder, without following links.
fn listing(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(listing(&entry.path()));
        }
        found.push(entry.path());
    }
    found
}
