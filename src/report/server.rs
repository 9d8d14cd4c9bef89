//! Servers that a command is about.

use serde::Serialize;

/// A server, as `server` and `read_models_server` in what commands print that change something.
#[derive(Debug, Clone, Serialize)]
pub struct ServerReport {
    /// Its host, or the folder of its socket; of several the first.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The database.
    pub database: String,
    /// What named it: `DATABASE_URL`, `config.toml`, `PGHOST, PGDATABASE`.
    pub named_by: String,
    /// All of them, if the address names several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosts: Option<Vec<HostReport>>,
}

impl ServerReport {
    /// Of the hosts and ports that an address names, at least one.
    #[must_use]
    pub fn of(places: &[(String, u16)], database: &str, named_by: &str) -> ServerReport {
        let (host, port) = places[0].clone();
        let each = places.iter().map(|(host, port)| HostReport { host: host.clone(), port: *port });
        let (database, named_by) = (database.to_owned(), named_by.to_owned());
        let hosts = (places.len() > 1).then(|| each.collect());
        ServerReport { host, port, database, named_by, hosts }
    }
}

/// One of several hosts.
#[derive(Debug, Clone, Serialize)]
pub struct HostReport {
    /// The host.
    pub host: String,
    /// Its port.
    pub port: u16,
}
