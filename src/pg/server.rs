//! Where a server is, and connecting to it.
//!
//! Owns the only value that holds a password, which never prints it. It does not
//! decide which server is meant; `config` does. How an address is gone through is told in `connect`,
//! how a connection is encrypted in `tls`.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio_postgres::config::Config;
use tokio_postgres::{Error, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::{self, Surroundings};
use super::connect::{Hosts, Role};
use super::notice::Notices;
use super::pause::Pause;
use super::tls::Tls;
use super::tls::options::Said;
use super::{PgError, connect, rights};
use crate::ident::Ident;

/// The oldest PostgreSQL major version that works: `BEGIN ATOMIC` function bodies
/// and `client_connection_check_interval` came with it.
pub const MINIMUM_VERSION: i32 = 14;

/// What is at the other end. The role's own search path still counts here.
const BACKEND: &str = "SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4 \
        OPERATOR(pg_catalog./) 10000, pg_catalog.pg_backend_pid(), \
        pg_catalog.pg_is_in_recovery(), \
        pg_catalog.current_setting('transaction_read_only')::pg_catalog.bool, \
        EXISTS (SELECT 1 FROM pg_catalog.pg_extension WHERE extname OPERATOR(pg_catalog.=) 'citus')";

/// The ledger's schema, if nothing else is said.
const LEDGER: &str = "regrow";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a server without a free connection, or one that is starting, is asked again.
const PATIENCE: Duration = Duration::from_secs(4);
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A server's address and credentials.
#[derive(Clone)]
pub struct Server {
    config: Config,
    hosts: Hosts,
    tls: Tls,
    /// All that was given: two servers are one where it is the same.
    address: String,
    /// The variables that something of it came from.
    variables: Vec<&'static str>,
    /// What the user should know of where it came from.
    notes: Vec<String>,
    /// How long a server without a free connection is asked again.
    patience: Duration,
    /// Whether it was ever there: one that was not may have another address.
    met: Arc<AtomicBool>,
    /// Whether its sessions were found to be ours alone: see `pooler`.
    direct: Arc<AtomicBool>,
    /// The schema of the ledger that its sessions work with.
    ledger: Ident,
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Backend {
    /// Its process id.
    pub(super) pid: i32,
    /// Whether its server follows a primary.
    pub(super) is_standby: bool,
    /// Whether it takes no writes, for whatever reason.
    pub(super) is_read_only: bool,
    /// Whether its database has the extension Citus.
    pub(super) has_citus: bool,
}

impl PartialEq for Server {
    fn eq(&self, other: &Server) -> bool {
        self.address == other.address
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", self.label())
    }
}

impl Server {
    /// Reads `postgresql://user:password@host/db` or `host=... dbname=...`, and looks at nothing else.
    ///
    /// # Errors
    /// The text is neither; the message does not repeat it.
    pub fn parse(address: &str) -> Result<Server, PgError> {
        Server::resolve(Some(address), &Surroundings::default())
    }

    /// Reads an address and fills in what it does not say: by the service it names, by variables,
    /// by the password file. Without an address they say everything.
    ///
    /// # Errors
    /// Something of it cannot be understood or honoured; the message repeats no value.
    pub fn resolve(address: Option<&str>, around: &Surroundings) -> Result<Server, PgError> {
        let resolved = address::resolve(address, around)?;
        connect::check(&resolved.config)?;
        let tls = Tls::settle(Said::of(&resolved.settings)?, &resolved.config)?;
        let role = Role::of(resolved.settings.get("target_session_attrs"))?;
        Ok(Server {
            address: resolved.identity(),
            config: resolved.config,
            hosts: Hosts { passwords: resolved.passwords, role },
            tls,
            variables: resolved.variables,
            notes: resolved.notes,
            patience: PATIENCE,
            met: Arc::default(),
            direct: Arc::default(),
            ledger: Ident::new(LEDGER).expect("a constant that is a name"),
        })
    }

    /// The same server for sessions whose ledger has another schema.
    #[must_use]
    pub fn with_ledger(self, ledger: Ident) -> Server {
        Server { ledger, ..self }
    }

    /// The schema of the ledger.
    pub(super) fn ledger(&self) -> &Ident {
        &self.ledger
    }

    /// The variables that something of the address came from.
    #[must_use]
    pub fn variables(&self) -> &[&'static str] {
        &self.variables
    }

    /// What the user should know of where the address came from.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Hosts and ports, in the order they are asked.
    #[must_use]
    pub fn places(&self) -> Vec<(String, u16)> {
        connect::places(&self.config)
    }

    /// The database's name.
    #[must_use]
    pub fn database_name(&self) -> &str {
        connect::database(&self.config)
    }

    /// The address without user, password and options: `host:port/database`.
    #[must_use]
    pub fn label(&self) -> String {
        connect::label(&self.config)
    }

    /// The same server for sessions that act as another role from their first moment on. It is a
    /// connection's setting and no statement, so RESET ROLE in a script leads back to it.
    #[must_use]
    pub fn acting_as(&self, role: &Ident) -> Server {
        let mut server = self.clone();
        let escaped: String = role
            .as_str()
            .chars()
            .flat_map(|c| (c == '\\' || c.is_whitespace()).then_some('\\').into_iter().chain([c]))
            .collect();
        let given = self.config.get_options().unwrap_or_default();
        server.config.options(format!("{given} -c role={escaped}").trim_start());
        server
    }

    /// The same server, which is asked once where it has no free connection.
    pub(super) fn impatient(&self) -> Server {
        Server { patience: Duration::ZERO, ..self.clone() }
    }

    /// Whether no pooler of connections stands in between, as far as somebody has looked.
    pub(super) fn is_direct(&self) -> bool {
        self.direct.load(Ordering::Relaxed)
    }

    /// No pooler stands in between, for this server and everything that was cloned from it.
    pub(super) fn found_direct(&self) {
        self.direct.store(true, Ordering::Relaxed);
    }

    /// Another database of the same server.
    #[must_use]
    pub fn database(&self, name: &Ident) -> Server {
        let mut server = self.clone();
        server.config.dbname(name.as_str());
        server.address = format!("{}/{name}", self.address);
        server
    }

    /// The same server for another login, without what the address says of the session.
    #[must_use]
    pub fn for_login(&self, user: &str, password: Option<&str>) -> Server {
        let mut server = self.clone();
        server.config.user(user).options("");
        if let Some(password) = password {
            server.config.password(password);
        }
        server.hosts.passwords.clear();
        server.address = format!("{user}@{}", self.address);
        server
    }

    /// The role that logs in, where the address names one.
    pub(super) fn login(&self) -> Option<&str> {
        self.config.get_user()
    }

    /// A connection that `open` makes: it is given the driver's settings for one server, and a
    /// connector where it shall be encrypted. `ask` gives the only value of a query. `purpose` is part
    /// of the application's name.
    pub(super) fn connect_by<L>(
        &self,
        purpose: &str,
        mut open: impl FnMut(&Config, Option<MakeRustlsConnect>) -> Result<L, Error>,
        mut ask: impl FnMut(&mut L, &str) -> Result<String, Error>,
    ) -> Result<L, PgError> {
        let mut config = self.config.clone();
        config.application_name(match self.config.get_application_name() {
            Some(name) => format!("regrow {purpose} ({name})"),
            None => format!("regrow {purpose}"),
        });
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        notice_silence(&mut config);
        self.patiently(|| connect::connect(&config, &self.hosts, &self.tls, &mut open, &mut ask))
    }

    /// A connection, what there is at its other end, and what the server says beside its answers.
    pub(super) fn connect(
        &self,
        purpose: &str,
    ) -> Result<(postgres::Client, Backend, Notices), PgError> {
        let notices = Notices::default();
        let open = |config: &Config, connector| {
            let mut config = postgres::Config::from(config.clone());
            let heard = notices.clone();
            // The driver would write them into its log.
            config.notice_callback(move |notice| heard.hear(&notice));
            match connector {
                None => config.connect(NoTls),
                Some(connector) => config.connect::<MakeRustlsConnect>(connector),
            }
        };
        let ask = |client: &mut postgres::Client, query: &str| {
            let told = client.simple_query(query)?;
            let value = told.iter().find_map(|message| match message {
                postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            });
            Ok(value.unwrap_or_default())
        };
        let mut client = self.connect_by(purpose, open, ask)?;
        // In one message: a pooler may run two of them in two sessions.
        let refused = |e: postgres::Error| PgError::from_driver(e, &self.label());
        let told = client.simple_query(BACKEND).map_err(refused)?;
        let row = told.iter().find_map(|message| match message {
            postgres::SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let value = |i: usize| row.and_then(|row| row.get(i)).unwrap_or_default();
        let number = |i: usize| value(i).parse::<i32>().map_err(|_| PgError::NoRow);
        self.is_new_enough(number(0)?)?;
        let (is_standby, is_read_only) = (value(2) == "t", value(3) == "t");
        let has_citus = value(4) == "t";
        let backend = Backend { pid: number(1)?, is_standby, is_read_only, has_citus };
        Ok((client, backend, notices))
    }

    /// Tries to connect, and again for a while where the server has no room or is not up yet.
    /// Whatever else it says is final: a wrong password least of all gets better by repeating it.
    fn patiently<T>(&self, mut connect: impl FnMut() -> Result<T, PgError>) -> Result<T, PgError> {
        let began = Instant::now();
        let mut pause = Pause::new(FIRST_PAUSE, LONGEST_PAUSE);
        loop {
            let error = match connect() {
                Err(PgError::Connect { server, reason, code, tls, met, .. }) => {
                    let grant = rights::to_connect(self, &reason);
                    let met = met || self.met.load(Ordering::Relaxed);
                    PgError::Connect { server, reason, code, grant, tls, met }
                }
                Ok(connection) => {
                    self.met.store(true, Ordering::Relaxed);
                    return Ok(connection);
                }
                other => return other,
            };
            if !is_passing(error.code()) || began.elapsed() >= self.patience {
                return Err(error);
            }
            tracing::debug!(%error, "asked again");
            pause.sleep();
        }
    }

    fn is_new_enough(&self, version: i32) -> Result<(), PgError> {
        if version >= MINIMUM_VERSION {
            return Ok(());
        }
        Err(PgError::TooOld { server: self.label(), version, minimum: MINIMUM_VERSION })
    }
}

/// Whether the next attempt may find the server otherwise: no connection was free (53300), or it
/// is starting or stopping (57P03).
fn is_passing(sqlstate: Option<&str>) -> bool {
    matches!(sqlstate, Some("53300" | "57P03"))
}

/// A server that is gone without a word is noticed within a minute, as `session.sql` asks it of the
/// server; what the address sets stays. The driver's own idle time is two hours.
fn notice_silence(config: &mut Config) {
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(Duration::from_secs(45));
    }
    if config.get_keepalives_idle() == Duration::from_secs(2 * 60 * 60) {
        config.keepalives_idle(Duration::from_secs(20));
    }
    if config.get_keepalives_interval().is_none() {
        config.keepalives_interval(Duration::from_secs(5));
    }
    if config.get_keepalives_retries().is_none() {
        config.keepalives_retries(5);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_too_old_is_refused() {
        let server = Server::parse("postgresql://me@db/shop").unwrap();
        assert_eq!(
            server.is_new_enough(MINIMUM_VERSION - 1).unwrap_err().to_string(),
            "db:5432/shop runs PostgreSQL 13, and regrow needs 14 or later"
        );
        for version in [MINIMUM_VERSION, MINIMUM_VERSION + 1, 99] {
            assert!(server.is_new_enough(version).is_ok());
        }
    }

    #[test]
    fn a_password_may_hold_what_addresses_are_made_of() {
        let password = "p@ss:w/r%d '\\x";
        for address in [
            "postgresql://me:p%40ss%3Aw%2Fr%25d%20%27%5Cx@db:6000/shop",
            "host=db port=6000 user=me dbname=shop password='p@ss:w/r%d \\'\\\\x'",
        ] {
            let server = Server::parse(address).unwrap();
            assert_eq!(server.config.get_password(), Some(password.as_bytes()), "{address}");
            assert_eq!(server.label(), "db:6000/shop");
        }
    }

    #[test]
    fn a_silent_server_is_noticed_unless_the_address_says_otherwise() {
        let silence = |address: &str| {
            let mut config = Server::parse(address).unwrap().config;
            notice_silence(&mut config);
            let idle = config.get_keepalives_idle().as_secs();
            let every = config.get_keepalives_interval().map(|d| d.as_secs());
            let unanswered = config.get_tcp_user_timeout().map(|d| d.as_secs());
            (config.get_keepalives(), idle, every, config.get_keepalives_retries(), unanswered)
        };
        let ours = (true, 20, Some(5), Some(5), Some(45));
        assert_eq!(silence("postgresql://me@db.example/shop"), ours);
        let theirs = "host=db keepalives=0 keepalives_idle=9 keepalives_interval=8 \
                      keepalives_retries=7 tcp_user_timeout=6";
        assert_eq!(silence(theirs), (false, 9, Some(8), Some(7), Some(6)));
    }

    #[test]
    fn who_hangs_up_was_there_and_who_refuses_was_not() {
        use std::net::TcpListener;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let address = format!("host=127.0.0.1 port={port} user=me dbname=shop sslmode=disable");
        let is_met = |server: &Server| match server.connect("test") {
            Err(PgError::Connect { met, .. }) => met,
            other => panic!("{:?}", other.map(|_| ())),
        };
        let killed = std::thread::spawn(move || drop(listener.accept().unwrap()));
        assert!(is_met(&Server::parse(&address).unwrap()));
        killed.join().unwrap();
        let gone = Server::parse(&address).unwrap();
        assert!(!is_met(&gone));
        // Whoever was let in once knows the way, and so does every copy.
        gone.met.store(true, Ordering::Relaxed);
        assert!(is_met(&gone.acting_as(&Ident::new("other").unwrap())));
    }

    #[test]
    fn an_address_shows_no_password() {
        let server = Server::parse("postgresql://me:hunter2%40@db.example:6000/shop").unwrap();
        assert_eq!(server.label(), "db.example:6000/shop");
        assert_eq!(format!("{server:?}"), "Server(db.example:6000/shop)");
        let bad = Server::parse("postgresql://me:hunter2@db:port/shop").unwrap_err().to_string();
        assert!(!bad.contains("hunter2"), "{bad}");
        let bad = Server::parse("postgresql://me@db/shop?x`hunter2`y=1").unwrap_err().to_string();
        assert!(bad.ends_with("none of libpq's") && !bad.contains("hunter2"), "{bad}");
        let bad = Server::parse("host=x password='hunter2").unwrap_err().to_string();
        assert!(!bad.contains("hunter2"), "{bad}");
    }
}
