//! One connection out of an address that may name several servers.
//!
//! Owns the order of hosts and of their addresses, which of them is spoken to in TLS, and when the
//! next way is tried. The driver would go through them itself, but with one mode for all: a unix
//! socket never speaks TLS, and what `prefer` and `allow` fall back to is a second attempt on the
//! same address. Who refuses a password or shows a wrong certificate has answered: nobody else is
//! asked then (libpq's rule).

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::net::{IpAddr, ToSocketAddrs as _};

use tokio_postgres::Error;
use tokio_postgres::config::{Config, Host, LoadBalanceHosts, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::PgError;
use super::address::PORT;
use super::tls::{Mode, Tls, TlsTrouble};

/// A refusal of a password. It is not a reason to try without TLS, or with it.
const WRONG_PASSWORD: &str = "28P01";

/// Whether the driver's settings name servers that can be gone through.
///
/// # Errors
/// None, or lists of different lengths.
pub(super) fn check(config: &Config) -> Result<(), PgError> {
    let (hosts, addresses) = (config.get_hosts().len(), config.get_hostaddrs().len());
    let ports = config.get_ports().len();
    let reason = match hosts.max(addresses) {
        0 => "it names no host".into(),
        _ if hosts != addresses && hosts > 0 && addresses > 0 => {
            format!("it names {hosts} hosts (host) and {addresses} of their addresses (hostaddr)")
        }
        count if ports > 1 && ports != count => {
            format!("it names {count} hosts and {ports} ports")
        }
        _ => return Ok(()),
    };
    Err(PgError::Address { reason })
}

/// What is asked of whoever answers (`target_session_attrs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
    PreferStandby,
}

/// Whether a session takes writes, and whether its server is a standby, as one text.
const STANDING: &str = "SELECT pg_catalog.concat_ws(' ', pg_catalog.current_setting('transaction_read_only'), \
                        pg_catalog.pg_is_in_recovery())";

impl Role {
    /// Reads the option.
    ///
    /// # Errors
    /// It is none that libpq knows.
    pub(super) fn of(word: Option<&str>) -> Result<Role, PgError> {
        Ok(match word {
            None | Some("any") => Role::Any,
            Some("read-write") => Role::ReadWrite,
            Some("read-only") => Role::ReadOnly,
            Some("primary") => Role::Primary,
            Some("standby") => Role::Standby,
            Some("prefer-standby") => Role::PreferStandby,
            Some(_) => {
                let reason =
                    "target_session_attrs must be any, read-write, read-only, primary, standby \
                              or prefer-standby"
                        .into();
                return Err(PgError::Address { reason });
            }
        })
    }

    /// Why a server that stands so is not the one that is wanted.
    fn misses(self, standing: &str) -> Option<&'static str> {
        let (read_only, standby) = (standing.starts_with("on"), standing.ends_with('t'));
        match self {
            Role::ReadWrite if read_only => Some(
                "it takes no writes, and target_session_attrs=read-write asks for one that does",
            ),
            Role::ReadOnly if !read_only => Some(
                "it takes writes, and target_session_attrs=read-only asks for one that does not",
            ),
            Role::Primary if standby => {
                Some("it is a standby, and target_session_attrs=primary asks for a primary")
            }
            Role::Standby | Role::PreferStandby if !standby => {
                Some("it is a primary, and target_session_attrs=standby asks for a standby")
            }
            _ => None,
        }
    }
}

/// What is known of the hosts of an address beside the driver's settings.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    /// The password of each, where it has one of its own.
    pub(super) passwords: Vec<Option<String>>,
    /// Which of them is meant.
    pub(super) role: Role,
}

/// Where a host of the settings is.
struct Target {
    /// The name its certificate must have, if it is reached by TCP.
    name: Option<String>,
    address: Option<IpAddr>,
    config: Config,
}

impl Target {
    fn new(config: &Config, hosts: &Hosts, index: usize) -> Target {
        let ports = config.get_ports();
        let port = ports.get(index).or(ports.first()).copied().unwrap_or(PORT);
        let mut alone = alone(config);
        alone.port(port);
        if let (None, Some(Some(password))) = (config.get_password(), hosts.passwords.get(index)) {
            alone.password(password);
        }
        let address = config.get_hostaddrs().get(index).copied();
        let name = match (config.get_hosts().get(index), address) {
            (Some(Host::Tcp(name)), _) => Some(name.clone()),
            (_, Some(address)) => Some(address.to_string()),
            (Some(Host::Unix(path)), None) => {
                alone.host_path(path);
                None
            }
            (None, None) => None,
        };
        if let Some(name) = &name {
            alone.host(name);
        }
        Target { name, address, config: alone }
    }

    /// The settings for each of its addresses.
    fn addresses(&self) -> Result<Vec<Config>, std::io::Error> {
        let Some(name) = &self.name else { return Ok(vec![self.config.clone()]) };
        let mut addresses: Vec<IpAddr> = match self.address {
            Some(address) => vec![address],
            None => {
                let port = self.config.get_ports().first().copied().unwrap_or(PORT);
                (name.as_str(), port).to_socket_addrs()?.map(|found| found.ip()).collect()
            }
        };
        addresses.dedup();
        if self.config.get_load_balance_hosts() == LoadBalanceHosts::Random {
            shuffle(&mut addresses);
        }
        let address = |address| {
            let mut config = self.config.clone();
            config.hostaddr(address);
            config
        };
        Ok(addresses.into_iter().map(address).collect())
    }
}

/// Opens a connection to the first server that lets us in. `open` makes one attempt: with
/// settings that name one server, in plain text or by a connector.
///
/// # Errors
/// Nobody answers, somebody refuses, or a file that the address names is not what it should be.
pub(super) fn connect<L>(
    config: &Config,
    hosts: &Hosts,
    tls: &Tls,
    open: &mut impl FnMut(&Config, Option<MakeRustlsConnect>) -> Result<L, Error>,
    ask: &mut impl FnMut(&mut L, &str) -> Result<String, Error>,
) -> Result<L, PgError> {
    match connect_role(config, hosts, tls, open, ask) {
        // No standby is there: then any will do.
        Err(error) if hosts.role == Role::PreferStandby && !is_answer(&error) => {
            let any = Hosts { role: Role::Any, ..hosts.clone() };
            connect_role(config, &any, tls, open, ask)
        }
        answer => answer,
    }
}

fn connect_role<L>(
    config: &Config,
    hosts: &Hosts,
    tls: &Tls,
    open: &mut impl FnMut(&Config, Option<MakeRustlsConnect>) -> Result<L, Error>,
    ask: &mut impl FnMut(&mut L, &str) -> Result<String, Error>,
) -> Result<L, PgError> {
    let count = config.get_hosts().len().max(config.get_hostaddrs().len());
    let target = |index| Target::new(config, hosts, index);
    let mut targets: Vec<Target> = (0..count).map(target).collect();
    if config.get_load_balance_hosts() == LoadBalanceHosts::Random {
        shuffle(&mut targets);
    }
    // Before anybody is asked: a wrong file is wrong whoever answers.
    let connector = match tls.mode() {
        Mode::Disable => None,
        _ if targets.iter().all(|target| target.name.is_none()) => None,
        _ => Some(tls.connector().map_err(|error| PgError::TlsFile(Box::new(error)))?),
    };
    let mut last = PgError::Address { reason: "it names no host".into() };
    for target in &targets {
        let server = label(&target.config);
        let unknown = |error: std::io::Error| PgError::Connect {
            server: server.clone(),
            reason: error.to_string(),
            code: None,
            grant: None,
            tls: None,
            met: false,
        };
        let addresses = match target.addresses() {
            Ok(addresses) => addresses,
            Err(error) => {
                last = unknown(error);
                continue;
            }
        };
        let connector = target.name.as_ref().zip(connector.as_ref());
        for address in addresses {
            let mut attempt = |mode: SslMode| {
                let mut config = address.clone();
                config.ssl_mode(mode);
                let (host, tls_connector) = match (mode, connector) {
                    (SslMode::Disable, _) | (_, None) => ("", None),
                    (_, Some((host, connector))) => (host.as_str(), Some(connector.clone())),
                };
                let spoken = tls_connector.is_some();
                open(&config, tls_connector).map_err(|error| {
                    let trouble = if spoken { tls.trouble(&error, host) } else { None };
                    PgError::from_connect(&error, server.clone(), trouble)
                })
            };
            let answer = match (connector, tls.mode()) {
                (None, _) | (_, Mode::Disable) => attempt(SslMode::Disable),
                (_, Mode::Allow) => allow(attempt),
                (_, Mode::Prefer) => prefer(attempt),
                (_, Mode::Require | Mode::VerifyCa | Mode::VerifyFull) => attempt(SslMode::Require),
            };
            let answer = answer.and_then(|connection| {
                let server = server.clone();
                in_role(connection, hosts.role, server, ask)
            });
            match answer {
                Err(error) if !is_answer(&error) => last = error,
                answer => return answer,
            }
        }
    }
    Err(last)
}

/// The connection, if its server is one that is wanted.
fn in_role<L>(
    mut connection: L,
    role: Role,
    server: String,
    ask: &mut impl FnMut(&mut L, &str) -> Result<String, Error>,
) -> Result<L, PgError> {
    if role == Role::Any {
        return Ok(connection);
    }
    let standing =
        ask(&mut connection, STANDING).map_err(|error| PgError::from_driver(error, &server))?;
    match role.misses(&standing) {
        None => Ok(connection),
        Some(reason) => Err(PgError::Connect {
            server,
            reason: reason.into(),
            code: None,
            grant: None,
            tls: None,
            // It may be promoted.
            met: true,
        }),
    }
}

/// Plain text first; TLS where the server answers that it wants no plain text.
fn allow<L>(mut attempt: impl FnMut(SslMode) -> Result<L, PgError>) -> Result<L, PgError> {
    let plain = match attempt(SslMode::Disable) {
        Err(error) if error.code().is_some_and(|code| code != WRONG_PASSWORD) => error,
        other => return other,
    };
    attempt(SslMode::Require).map_err(|error| match &error {
        PgError::Connect { tls: Some(trouble), .. } if is_plain(trouble) => plain,
        _ => error,
    })
}

fn is_plain(trouble: &TlsTrouble) -> bool {
    matches!(trouble, TlsTrouble::NotSpoken { .. })
}

/// TLS first, where the server speaks it; plain text where that leads nowhere.
fn prefer<L>(mut attempt: impl FnMut(SslMode) -> Result<L, PgError>) -> Result<L, PgError> {
    let refused = |error: &PgError| error.code() == Some("28000");
    let first = match attempt(SslMode::Prefer) {
        Err(error) if refused(&error) => error,
        Err(error @ PgError::Connect { tls: Some(_), .. }) => error,
        other => return other,
    };
    // Of two refusals the first one tells what to do about it.
    attempt(SslMode::Disable).map_err(|error| if refused(&error) { first } else { error })
}

/// Whether somebody answered whose answer counts for all hosts.
fn is_answer(error: &PgError) -> bool {
    match error {
        PgError::Connect { tls, code, .. } => {
            tls.is_some() || code.as_ref().is_some_and(|code| code.starts_with("28"))
        }
        _ => false,
    }
}

/// The servers of settings without user, password and options: `host:port/database`, and
/// `one:port,other:port/database`.
pub(super) fn label(config: &Config) -> String {
    let all: Vec<String> =
        places(config).iter().map(|(host, port)| format!("{host}:{port}")).collect();
    format!("{}/{}", all.join(","), database(config))
}

/// Hosts and ports, in the order they are asked.
pub(super) fn places(config: &Config) -> Vec<(String, u16)> {
    let (hosts, addresses) = (config.get_hosts(), config.get_hostaddrs());
    let ports = config.get_ports();
    let each = |at: usize| {
        let host = match (hosts.get(at), addresses.get(at)) {
            (Some(Host::Tcp(name)), _) => name.clone(),
            (Some(Host::Unix(path)), _) => path.display().to_string(),
            (None, Some(address)) => address.to_string(),
            (None, None) => "localhost".into(),
        };
        (host, ports.get(at).or(ports.first()).copied().unwrap_or(PORT))
    };
    (0..hosts.len().max(addresses.len()).max(1)).map(each).collect()
}

/// The database's name.
pub(super) fn database(config: &Config) -> &str {
    config.get_dbname().or(config.get_user()).unwrap_or("postgres")
}

/// The same settings without any server. The driver can add hosts and not take them away.
fn alone(config: &Config) -> Config {
    let mut alone = Config::new();
    if let Some(user) = config.get_user() {
        alone.user(user);
    }
    if let Some(password) = config.get_password() {
        alone.password(password);
    }
    if let Some(name) = config.get_dbname() {
        alone.dbname(name);
    }
    if let Some(options) = config.get_options() {
        alone.options(options);
    }
    if let Some(name) = config.get_application_name() {
        alone.application_name(name);
    }
    if let Some(time) = config.get_connect_timeout() {
        alone.connect_timeout(*time);
    }
    if let Some(time) = config.get_tcp_user_timeout() {
        alone.tcp_user_timeout(*time);
    }
    if let Some(time) = config.get_keepalives_interval() {
        alone.keepalives_interval(time);
    }
    if let Some(count) = config.get_keepalives_retries() {
        alone.keepalives_retries(count);
    }
    alone
        .keepalives(config.get_keepalives())
        .keepalives_idle(config.get_keepalives_idle())
        .ssl_mode(config.get_ssl_mode())
        .ssl_negotiation(config.get_ssl_negotiation())
        .target_session_attrs(config.get_target_session_attrs())
        .channel_binding(config.get_channel_binding())
        .load_balance_hosts(config.get_load_balance_hosts());
    alone
}

/// Any order, each as likely as the others (Fisher and Yates).
fn shuffle<T>(list: &mut [T]) {
    let random = RandomState::new();
    for last in (1..list.len()).rev() {
        let pick = random.hash_one(last) % (last as u64 + 1);
        list.swap(last, usize::try_from(pick).unwrap_or(last));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every option that the driver's parser takes.
    const ALL: &str = "user=u password=p dbname=d options='-c a=b' application_name=n \
        sslnegotiation=direct connect_timeout=3 tcp_user_timeout=4 keepalives=0 keepalives_idle=5 \
        keepalives_interval=6 keepalives_retries=7 target_session_attrs=read-write \
        channel_binding=require load_balance_hosts=random";

    #[test]
    fn a_host_alone_keeps_every_setting() {
        let all: Config = ALL.parse().unwrap();
        assert_eq!(alone(&all), all);
        let some: Config =
            format!("{ALL} host=a,/b hostaddr=1.2.3.4,::1 port=1,2").parse().unwrap();
        let hosts = Hosts { passwords: Vec::new(), role: Role::Any };
        let target = Target::new(&some, &hosts, 0);
        assert_eq!((target.name.as_deref(), label(&target.config)), (Some("a"), "a:1/d".into()));
        let address = &target.addresses().unwrap()[0];
        assert_eq!(address, &format!("{ALL} host=a hostaddr=1.2.3.4 port=1").parse().unwrap());
        // libpq connects to the address, whatever the host is called.
        assert_eq!(Target::new(&some, &hosts, 1).name.as_deref(), Some("::1"));
    }

    #[test]
    fn lists_that_do_not_fit_are_told_when_they_are_read() {
        for (address, part) in [
            ("user=u", "it names no host"),
            ("host=a,b port=1,2,3", "it names 2 hosts and 3 ports"),
            ("host=a,b hostaddr=1.2.3.4", "it names 2 hosts (host) and 1 of their addresses"),
        ] {
            let error = check(&address.parse().unwrap()).unwrap_err().to_string();
            assert!(error.contains(part), "{address}: {error}");
        }
        for address in ["host=a,b", "host=a,b port=1", "hostaddr=1.2.3.4", "host=/a"] {
            check(&address.parse().unwrap()).unwrap();
        }
    }

    #[test]
    fn a_shuffled_list_has_the_same_members_in_every_order() {
        let mut firsts = [0; 3];
        for _ in 0..300 {
            let mut list = [0, 1, 2];
            shuffle(&mut list);
            firsts[list[0]] += 1;
            list.sort_unstable();
            assert_eq!(list, [0, 1, 2]);
        }
        assert!(firsts.iter().all(|count| *count > 50), "{firsts:?}");
    }
}
