//! The servers that tests share, and where their files are.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use postgres::{Client, NoTls};
use regrow::context::ScratchServers;
use regrow::dev_cluster::{DevCluster, Lease, Options, Settings};

use super::{REGROW, bin_dir};

/// A server that runs as long as this process.
pub(super) struct Cluster {
    /// What it is reached and held by.
    pub(super) lease: Lease,
}

impl Cluster {
    fn start(name: &str, settings: Settings) -> Cluster {
        let folder = folder().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let options = Options { bin_dir: bin_dir(), major: None, settings, guard: REGROW.into() };
        let lease = DevCluster::at(&folder, options).unwrap().lease().unwrap();
        Cluster { lease }
    }
}

/// Memory where there is enough of it, for a server makes and drops thousands of files; else a folder on the disk.
/// A server there that is made for one test syncs them all when it recovers.
pub(crate) fn memory() -> Option<&'static Path> {
    let needed_kb = 4_000_000;
    let told = Command::new("df").args(["-Pk", "/dev/shm"]).output().ok()?;
    let line = String::from_utf8(told.stdout).ok()?.lines().last()?.to_owned();
    let free_kb: u64 = line.split_whitespace().nth(3)?.parse().ok()?;
    (free_kb > needed_kb && line.starts_with("tmpfs")).then(|| Path::new("/dev/shm"))
}

/// A process that ends the servers in a folder and removes it, when this process is gone or closes the guard's
/// standard input.
pub(crate) fn guard(folder: &Path) -> Child {
    let mut guard = Command::new("sh");
    guard.args(["-c", include_str!("guard.sh"), "guard"]).arg(folder);
    guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // It lives longer than this process, and sees that from its standard input.
    guard.process_group(0).current_dir("/").spawn().unwrap()
}

/// The folder of this process's servers. In memory it is removed by a guard when the process is gone; on the disk it
/// stays, and its servers need not be made again.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<(PathBuf, Option<Child>)> = OnceLock::new();
    let (folder, _) = FOLDER.get_or_init(|| match memory() {
        None => (PathBuf::from(env!("CARGO_TARGET_TMPDIR")), None),
        Some(memory) => {
            let folder = tempfile::Builder::new().prefix("regrow-tests-").tempdir_in(memory);
            let folder = folder.unwrap().keep();
            // The server's user must get there.
            std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
            let guard = guard(&folder);
            (folder, Some(guard))
        }
    });
    folder
}

/// A server that never waits for its disk. Servers that are killed are others, made by the tests that do it.
fn careless() -> Settings {
    let off = |name: &str| (name.to_owned(), "off".to_owned());
    let extra = ["fsync", "synchronous_commit", "full_page_writes"].map(off).to_vec();
    Settings { extra, ..Settings::default() }
}

/// The cluster of this process. A static is never dropped: the guard stops it.
pub(super) fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    let settings = Settings { max_connections: 200, ..careless() };
    CLUSTER.get_or_init(|| Cluster::start("cluster", settings))
}

/// Another server, for the tests that need two.
pub(super) fn other_cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    let settings = Settings { shared_buffers_mb: 32, ..careless() };
    CLUSTER.get_or_init(|| Cluster::start("other_cluster", settings))
}

/// A server with room for a few sessions, for tests that take them all.
pub(super) fn small_cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    let settings = Settings { shared_buffers_mb: 16, max_connections: 12, ..careless() };
    CLUSTER.get_or_init(|| Cluster::start("small_cluster", settings))
}

/// A server with room for forty sessions, for tests that count them.
pub(super) fn forty_cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    let settings = Settings { shared_buffers_mb: 32, max_connections: 60, ..careless() };
    CLUSTER.get_or_init(|| Cluster::start("forty_cluster", settings))
}

/// A server with room in its memory, for tests that make thousands of tables.
pub(super) fn careless_cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    let settings = Settings { shared_buffers_mb: 128, ..careless() };
    CLUSTER.get_or_init(|| Cluster::start("careless_cluster", settings))
}

/// A server whose databases can subscribe to one another.
pub(super) fn logical_cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    let mut settings = Settings { shared_buffers_mb: 16, ..careless() };
    settings.extra.push(("wal_level".to_owned(), "logical".to_owned()));
    CLUSTER.get_or_init(|| Cluster::start("logical_cluster", settings))
}

/// The major version of the cluster of this process.
pub(super) fn major() -> u32 {
    static MAJOR: OnceLock<u32> = OnceLock::new();
    *MAJOR.get_or_init(|| {
        let mut client = Client::connect(&cluster().lease.url(), NoTls).unwrap();
        let major = "SELECT current_setting('server_version_num')::int / 10000";
        u32::try_from(client.query_one(major, &[]).unwrap().get::<_, i32>(0)).unwrap()
    })
}

/// The scratch servers, of which the one of the tests' version runs as long as this process.
pub(crate) fn scratch_servers() -> ScratchServers {
    static SCRATCH: OnceLock<(ScratchServers, Lease)> = OnceLock::new();
    let (servers, _) = SCRATCH.get_or_init(|| {
        let folder = folder().join("scratch");
        let settings = careless();
        let options = Options { bin_dir: bin_dir(), major: None, settings, guard: REGROW.into() };
        let servers = ScratchServers { folder, options };
        let lease = servers.cluster(major()).unwrap().lease().unwrap();
        (servers, lease)
    });
    servers.clone()
}
