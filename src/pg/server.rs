//! Where a server is, and connecting to it.
//!
//! Owns the only value that holds a password, which never prints it. It does not
//! decide which server is meant; `config` does.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::NoTls;
use tokio_postgres::config::{Config, Host, SslMode};

use super::PgError;
use crate::ident::Ident;

/// The oldest PostgreSQL major version that works: `BEGIN ATOMIC` function bodies
/// and `client_connection_check_interval` came with it.
pub const MINIMUM_VERSION: i32 = 14;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A server's address and credentials.
#[derive(Clone)]
pub struct Server {
    config: Config,
    /// As it was given: two servers are one where it is the same.
    address: String,
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
    /// Reads `postgresql://user:password@host/db` or `host=... dbname=...`.
    ///
    /// # Errors
    /// The text is neither; the message does not repeat it.
    pub fn parse(address: &str) -> Result<Server, PgError> {
        if address.trim().is_empty() {
            return Err(PgError::Address { reason: "it is empty".into() });
        }
        let config = Config::from_str(address).map_err(|e| {
            let reason =
                std::error::Error::source(&e).map_or_else(|| e.to_string(), ToString::to_string);
            PgError::Address { reason: withhold(&reason, address) }
        })?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(PgError::Address {
                reason: "it asks for TLS (sslmode=require), which this version does not speak"
                    .into(),
            });
        }
        Ok(Server { config, address: address.to_owned() })
    }

    /// The address without user, password and options: `host:port/database`.
    #[must_use]
    pub fn label(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            Some(Host::Unix(path)) => path.display().to_string(),
            None => "localhost".into(),
        };
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        let database = self.config.get_dbname().or(self.config.get_user()).unwrap_or("postgres");
        format!("{host}:{port}/{database}")
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

    /// The role that logs in, where the address names one.
    pub(super) fn login(&self) -> Option<&str> {
        self.config.get_user()
    }

    /// The driver's settings for a session; `purpose` is part of the application's name.
    pub(super) fn settings(&self, purpose: &str) -> Config {
        let mut config = self.config.clone();
        config.application_name(format!("regrow {purpose}"));
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        config
    }

    /// A connection and its backend's process id.
    pub(super) fn connect(&self, purpose: &str) -> Result<(postgres::Client, i32), PgError> {
        let mut client = postgres::Config::from(self.settings(purpose))
            .connect(NoTls)
            .map_err(|e| PgError::from_connect(&e, self))?;
        let row = client
            .query_one(
                // The role's own search path still counts here.
                "SELECT pg_catalog.current_setting('server_version_num')::pg_catalog.int4 \
                 OPERATOR(pg_catalog./) 10000, pg_catalog.pg_backend_pid()",
                &[],
            )
            .map_err(|e| PgError::from_driver(e, &self.label()))?;
        let version: i32 = row.get(0);
        if version < MINIMUM_VERSION {
            return Err(PgError::TooOld {
                server: self.label(),
                version,
                minimum: MINIMUM_VERSION,
            });
        }
        Ok((client, row.get(1)))
    }
}

/// Names of options that a message may repeat: they are words of the driver, not of the address.
const OPTIONS: [&str; 12] = [
    "user",
    "password",
    "dbname",
    "host",
    "hostaddr",
    "port",
    "options",
    "application_name",
    "sslmode",
    "connect_timeout",
    "keepalives",
    "target_session_attrs",
];

/// A parser's reason with everything taken out of it that the address may have brought:
/// what stands in backticks, unless it is an option's name, and every longer piece.
fn withhold(reason: &str, address: &str) -> String {
    let mut safe = String::new();
    for (index, part) in reason.split('`').enumerate() {
        let quoted = index % 2 == 1;
        safe.push_str(match quoted {
            true if OPTIONS.contains(&part) => part,
            true => "...",
            false => part,
        });
    }
    for piece in address.split(|c: char| "/:@?&= '\"".contains(c)).filter(|p| p.len() > 3) {
        if !OPTIONS.contains(&piece) {
            safe = safe.replace(piece, "...");
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_no_password() {
        let server = Server::parse("postgresql://me:hunter2%40@db.example:6000/shop").unwrap();
        assert_eq!(server.label(), "db.example:6000/shop");
        assert_eq!(format!("{server:?}"), "Server(db.example:6000/shop)");
        let bad = Server::parse("postgresql://me:hunter2@db:port/shop").unwrap_err().to_string();
        assert!(!bad.contains("hunter2"), "{bad}");
        let bad = Server::parse("host=x password='hunter2").unwrap_err().to_string();
        assert!(!bad.contains("hunter2"), "{bad}");
    }
}
