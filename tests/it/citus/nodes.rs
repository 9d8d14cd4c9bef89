//! A coordinator and two workers, each a private server that is reached by its socket alone.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Mutex, OnceLock, PoisonError};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::{Client, NoTls};
use regrow::dev_cluster::{DevCluster, Lease, Options, Settings, State};

use crate::bench::{Database, REGROW, guard, memory};

/// The nodes; they go with their guard when this process ends, however it ends.
pub(super) struct Nodes {
    pub(super) coordinator: Node,
    pub(super) workers: [Node; 2],
    /// Ends servers and removes their folder when its standard input is closed.
    _guard: Child,
}

/// A server.
pub(super) struct Node {
    cluster: DevCluster,
    lease: Mutex<Option<Lease>>,
}

impl Nodes {
    /// Those that tests share which kill none of them.
    pub(super) fn shared() -> &'static Nodes {
        static NODES: OnceLock<Nodes> = OnceLock::new();
        NODES.get_or_init(Nodes::start)
    }

    /// Others, whose servers may be killed.
    pub(super) fn start() -> Nodes {
        let bin_dir = std::env::var_os("REGROW_CITUS_BIN").map(PathBuf::from);
        let bin_dir = bin_dir.expect(
            "no server with the extension Citus is named: scripts/citus.sh makes one and runs these tests",
        );
        let place = memory().unwrap_or(Path::new("/tmp"));
        let folder = tempfile::Builder::new().prefix("regrow-citus-").tempdir_in(place);
        let folder = folder.unwrap().keep();
        // The server's user must get there.
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let guard = guard(&folder);
        let node = |name: &str| Node::start(&folder.join(name), &bin_dir);
        Nodes { coordinator: node("c"), workers: [node("w1"), node("w2")], _guard: guard }
    }

    /// A database of its own on every node, spread over the workers.
    pub(super) fn database(&self) -> Database {
        // Of two that tell the workers about roles at once Citus fails one.
        static ONE: Mutex<()> = Mutex::new(());
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let database = Database::at(self.coordinator.cluster.url(), "template0");
        let name = database.name();
        for worker in &self.workers {
            let mut admin = worker.connect("regrow");
            admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
            worker.connect(&name).batch_execute("CREATE EXTENSION citus").unwrap();
        }
        let mut client = self.coordinator.connect(&name);
        client.batch_execute("CREATE EXTENSION citus").unwrap();
        let at = |node: &Node| node.cluster.socket_dir().display().to_string();
        let mut tell = |function: &str, node: &Node| {
            client.query(&format!("SELECT {function}($1, 5432)"), &[&at(node)]).unwrap();
        };
        tell("citus_set_coordinator_host", &self.coordinator);
        self.workers.iter().for_each(|worker| tell("citus_add_node", worker));
        database
    }
}

impl Node {
    fn start(folder: &Path, bin_dir: &Path) -> Node {
        let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        // Four shards show what thirty-two show. Nothing is awaited that Citus does once a minute by itself.
        let extra = vec![
            set("shared_preload_libraries", "citus"),
            set("max_prepared_transactions", "100"),
            set("citus.shard_count", "4"),
            set("citus.enable_statistics_collection", "off"),
            set("log_statement", "all"),
            set("log_line_prefix", "%d "),
        ];
        let settings = Settings { shared_buffers_mb: 16, max_connections: 100, extra };
        let bin_dir = Some(bin_dir.to_owned());
        let options = Options { bin_dir, major: None, settings, guard: REGROW.into() };
        let cluster = DevCluster::at(folder, options).unwrap();
        let lease = Mutex::new(Some(cluster.lease().unwrap()));
        Node { cluster, lease }
    }

    /// A session with one of its databases.
    pub(super) fn connect(&self, database: &str) -> Client {
        Client::connect(&self.url(database), NoTls).unwrap()
    }

    /// The address of one of its databases.
    pub(super) fn url(&self, database: &str) -> String {
        self.cluster.url().replace("dbname=regrow", &format!("dbname={database}"))
    }

    /// How many statements of this kind it was sent in a database so far.
    pub(super) fn asked(&self, database: &str, statement: &str) -> usize {
        let log = self.cluster.socket_dir().parent().unwrap().join("log/server.log");
        let text = fs::read(&log).unwrap_or_else(|error| panic!("{error}: {}", log.display()));
        let text = String::from_utf8_lossy(&text);
        let is_it =
            |line: &&str| line.starts_with(&format!("{database} ")) && line.contains(statement);
        text.lines().filter(is_it).count()
    }

    /// SIGKILL of the server and of all its sessions.
    pub(super) fn kill(&self) {
        let State::Running { pid, .. } = self.cluster.state().unwrap() else { return };
        let mut all = children(pid);
        all.push(pid);
        for pid in all {
            let _ = kill(Pid::from_raw(pid.cast_signed()), Signal::SIGKILL);
        }
        crate::bench::wait_until("a killed server to be gone", || {
            !Path::new(&format!("/proc/{pid}/exe")).exists()
        });
    }

    /// Starts it again after a kill.
    pub(super) fn start_again(&self) {
        let lease = self.cluster.lease().unwrap();
        *self.lease.lock().unwrap() = Some(lease);
    }
}

fn children(of: u32) -> Vec<u32> {
    let path = format!("/proc/{of}/task/{of}/children");
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}
