//! A PostgreSQL that speaks TLS on a port of this machine, shared by the tests of this room.
//!
//! A private cluster has no port; what ALTER SYSTEM writes is read after its own settings and
//! wins. The server shows one certificate at a time, so a test that cares takes turns.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock};

use postgres::{Client, NoTls};
use regrow::dev_cluster::{DevCluster, Lease, Options, Settings};

use super::certificates::{Authority, Certificate, write};
use crate::bench::{REGROW, bin_dir, rows, wait_until};

/// The password of `by_password`, and what no output may ever show.
pub(crate) const PASSWORD: &str = "Kanarienvogel";

/// Who may come in how. `by_certificate` and `by_password` never in plain text.
const HBA: &str = "\
local   all all trust
hostssl all by_certificate all cert
hostssl all by_password all scram-sha-256
hostssl all only_tls all trust
hostssl all only_plain all reject
host    all anyhow all trust
hostnossl all only_plain all trust
";

/// What the server shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// A certificate for localhost and 127.0.0.1, by the authority.
    Good,
    /// One for other.example.
    OtherName,
    /// One that was good until 2021-02-28.
    Expired,
    /// One by another authority.
    OtherAuthority,
    /// One by another authority of the same name.
    Forged,
    /// An authority's own, signed by itself.
    Own,
    /// It speaks no TLS.
    Plain,
}

pub(crate) struct TlsServer {
    lease: Lease,
    pub(crate) port: u16,
    /// Where the client's files are.
    pub(crate) folder: PathBuf,
    turn: Mutex<Face>,
}

/// The server, and nobody else changes its face meanwhile.
pub(crate) struct Turn {
    server: &'static TlsServer,
    _turn: MutexGuard<'static, Face>,
}

impl std::ops::Deref for Turn {
    type Target = TlsServer;

    fn deref(&self) -> &TlsServer {
        self.server
    }
}

/// The server with the face that a test wants.
pub(crate) fn showing(face: Face) -> Turn {
    static SERVER: OnceLock<TlsServer> = OnceLock::new();
    let server = SERVER.get_or_init(TlsServer::start);
    // A test that failed in its turn has left a face that is known.
    let turn = server.turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut turn = Turn { server, _turn: turn };
    turn.show(face);
    turn
}

impl Turn {
    /// Changes the face.
    pub(crate) fn show(&mut self, face: Face) {
        if *self._turn == face {
            return;
        }
        let mut admin = self.admin();
        let before: String = rows(&mut admin, "SELECT pg_conf_load_time()").remove(0);
        let settings = match face {
            Face::Plain => vec!["ssl = off".to_owned()],
            _ => vec![
                format!("ssl_cert_file = '{face:?}.crt'"),
                format!("ssl_key_file = '{face:?}.key'"),
                "ssl = on".to_owned(),
            ],
        };
        for setting in settings {
            admin.batch_execute(&format!("ALTER SYSTEM SET {setting}")).unwrap();
        }
        admin.batch_execute("SELECT pg_reload_conf()").unwrap();
        // Sessions begin with the time of the server's last look.
        wait_until("the new certificate", || {
            rows(&mut self.admin(), "SELECT pg_conf_load_time()") != [before.as_str()]
        });
        *self._turn = face;
    }
}

impl TlsServer {
    fn start() -> TlsServer {
        let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (place, folder) = (tmp.join("tls_cluster"), tmp.join("tls_client"));
        for made in [&place, &folder] {
            fs::create_dir_all(made).unwrap();
        }
        // An earlier run's port may be somebody else's by now.
        let elsewhere = fs::read_to_string(place.join("where")).unwrap_or_default();
        for home in [&place, Path::new(elsewhere.trim())] {
            let _ = fs::remove_file(home.join("data/postgresql.auto.conf"));
        }
        let settings = Settings {
            shared_buffers_mb: 32,
            extra: vec![("log_connections".into(), "on".into())],
            ..Settings::default()
        };
        let options = Options { bin_dir: bin_dir(), major: None, settings, guard: REGROW.into() };
        let cluster = DevCluster::at(&place, options).unwrap();
        let lease = cluster.lease().unwrap();
        let mut admin = Client::connect(&lease.url(), NoTls).unwrap();
        let data =
            PathBuf::from(admin.query_one("SHOW data_directory", &[]).unwrap().get::<_, String>(0));
        write_papers(&data, &folder);
        prepare(&mut admin);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        for setting in [
            "listen_addresses = '127.0.0.1'".to_owned(),
            format!("port = {port}"),
            "ssl_ca_file = 'clients.crt'".to_owned(),
        ] {
            admin.batch_execute(&format!("ALTER SYSTEM SET {setting}")).unwrap();
        }
        fs::write(data.join("pg_hba.conf"), HBA).unwrap();
        drop(admin);
        cluster.stop().unwrap();
        drop(lease);
        let lease = cluster.lease().unwrap();
        TlsServer { lease, port, folder, turn: Mutex::new(Face::Plain) }
    }

    fn socket(&self, database: &str) -> String {
        let url = self.lease.url().replace("port=5432", &format!("port={}", self.port));
        url.replace("dbname=regrow", &format!("dbname={database}"))
    }

    /// The superuser's session, by the socket.
    pub(crate) fn admin(&self) -> Client {
        self.admin_of("regrow")
    }

    pub(crate) fn admin_of(&self, database: &str) -> Client {
        Client::connect(&self.socket(database), NoTls).unwrap()
    }

    /// An address by TCP without any option for TLS.
    pub(crate) fn pairs(&self, role: &str) -> String {
        format!("host=localhost hostaddr=127.0.0.1 port={} user={role} dbname=regrow", self.port)
    }

    /// A database of a role's, dropped at the end.
    pub(crate) fn database(&'static self, role: &str) -> Database {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        // Unlike any in the log of an earlier run.
        let name = format!("tls_{}_{}_{number}", std::process::id(), self.port);
        let sql = format!("CREATE DATABASE {name} TEMPLATE template0 OWNER {role}");
        self.admin().batch_execute(&sql).unwrap();
        Database { server: self, name }
    }

    /// Where its socket is.
    pub(crate) fn socket_dir(&self) -> String {
        rows(
            &mut self.admin(),
            "SELECT trim(both '\"' FROM current_setting('unix_socket_directories'))",
        )
        .remove(0)
        .trim_matches(['(', ')'])
        .to_owned()
    }

    /// A file of the client's, as addresses name it.
    pub(crate) fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// What the server has written about connections that came to something.
    pub(crate) fn log_of(&self, database: &str) -> Vec<String> {
        let mut admin = self.admin();
        let data: String = admin.query_one("SHOW data_directory", &[]).unwrap().get(0);
        let log =
            fs::read_to_string(Path::new(&data).with_file_name("log").join("server.log")).unwrap();
        let wanted = format!("database={database} ");
        let lines = log.lines().filter(|line| line.contains("connection authorized"));
        lines.filter(|line| line.contains(&wanted)).map(str::to_owned).collect()
    }
}

impl Turn {
    pub(crate) fn server(&self) -> &'static TlsServer {
        self.server
    }
}

/// A database of the TLS server's.
pub(crate) struct Database {
    server: &'static TlsServer,
    pub(crate) name: String,
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut admin) = Client::connect(&self.server.socket("regrow"), NoTls) {
            let _ = admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}

/// The server's files, which must be its user's, and the client's.
fn write_papers(data: &Path, folder: &Path) {
    let authority = Authority::new("Authority of the tests");
    let namesake = Authority::new("Authority of the tests");
    let other = Authority::new("Another authority");
    let here = ["localhost", "127.0.0.1"];
    let owner = fs::metadata(data).unwrap();
    let put = |name: &str, text: &str| {
        let path = write(data, name, text);
        chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
    };
    let own = Authority::own_paper(&here);
    write(folder, "own.pem", &own.cert);
    for (face, paper) in [
        (Face::Good, authority.for_hosts(&here)),
        (Face::OtherName, authority.for_hosts(&["other.example"])),
        (Face::Expired, authority.expired(&here)),
        (Face::OtherAuthority, other.for_hosts(&here)),
        (Face::Forged, namesake.for_hosts(&here)),
        (Face::Own, own),
    ] {
        put(&format!("{face:?}.crt"), &paper.cert);
        put(&format!("{face:?}.key"), &paper.key);
    }
    put("clients.crt", &authority.pem());
    write(folder, "ca.pem", &authority.pem());
    write(folder, "other_ca.pem", &other.pem());
    let client = |name: &str, paper: Certificate| {
        write(folder, &format!("{name}.crt"), &paper.cert);
        write(folder, &format!("{name}.key"), &paper.key);
    };
    client("by_certificate", authority.for_role("by_certificate"));
    client("somebody", authority.for_role("somebody"));
    client("stranger", other.for_role("by_certificate"));
}

/// The roles, and nothing of an earlier run.
fn prepare(admin: &mut Client) {
    let left = "SELECT datname FROM pg_database WHERE datname LIKE 'tls\\_%'";
    let left: Vec<String> = admin.query(left, &[]).unwrap().iter().map(|row| row.get(0)).collect();
    for name in left {
        admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
    }
    for role in ["by_certificate", "by_password", "only_tls", "only_plain", "anyhow"] {
        admin
            .batch_execute(&format!("DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN"))
            .unwrap();
    }
    let sql = format!(
        "SET password_encryption = 'scram-sha-256'; ALTER ROLE by_password PASSWORD '{PASSWORD}'"
    );
    admin.batch_execute(&sql).unwrap();
}
