//! `config.toml`: what a project says about its databases, its log and its pace.
//!
//! Owns the keys, their defaults and the messages for wrong ones. It opens no
//! connection and reads no environment; the face decides between flag, environment and file.

mod adopt;
pub mod max_lag;
mod rebuild;
pub mod span;

use std::time::Duration;

use serde::Deserialize;

use crate::ident::{Ident, IdentError};
use crate::source::{Place, SourceFile};
use max_lag::MaxLag;

pub use adopt::{Adopt, Order, Renamed};
pub use rebuild::Rebuild;

/// The whole file, checked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The server of the event store, and of everything where there is no other.
    pub database: Database,
    /// Where read models and the ledger live.
    pub read_models: ReadModels,
    /// The ledger.
    pub ledger: Ledger,
    /// The event store.
    pub event_store: EventStore,
    /// The patience of a deploy.
    pub migrate: Migrate,
    /// The pace of a rebuild.
    pub rebuild: Rebuild,
    /// The pace of following.
    pub follow: Follow,
    /// What `run` serves by HTTP.
    pub service: Service,
    /// Programs of the project that are told.
    pub hooks: Hooks,
}

/// `[database]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// The server's address.
    pub url: Option<String>,
    /// A program that prints the address, run by `sh -c`.
    pub url_command: Option<String>,
    /// Seconds a rebuild, a promote or a follower that lost its server waits for it; 0 gives up
    /// at once.
    pub reconnect_s: u64,
    /// Whether the file has the section at all.
    #[serde(skip)]
    pub is_there: bool,
}

/// `[read_models]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReadModels {
    /// Another server for the read models, if they do not live beside the log.
    pub url: Option<String>,
    /// A program that prints its address.
    pub url_command: Option<String>,
    /// The schema that readers see.
    pub schema: String,
}

/// `[ledger]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Ledger {
    /// The schema of regrow's own tables.
    pub schema: String,
}

/// `[event_store]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventStore {
    /// The schema that owns the log.
    pub schema: String,
    /// The log's name in the ledger, if it is not to be that of its table.
    pub name: Option<String>,
    /// A log that another library writes.
    pub adopt: Option<Adopt>,
}

/// `[migrate]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Migrate {
    /// The role that owns the event store: migrations act as it, whoever logs in.
    pub role: Option<String>,
    /// Milliseconds one attempt at a revision waits for a lock at the most; the first wait less.
    pub lock_timeout_ms: u64,
    /// Seconds after which a revision that finds its locks taken gives up.
    pub lock_budget_s: u64,
    /// Seconds one statement of a revision may run; 0 is for ever.
    pub statement_timeout_s: u64,
}

/// `[follow]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Follow {
    /// Milliseconds between two looks at the log when it is quiet.
    pub poll_ms: u64,
    /// Seconds between two looks at the assertions of what readers see, and how long one of them may run; 0 looks
    /// at none.
    pub check_interval_s: u64,
}

/// `[service]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Service {
    /// Where `run` listens; it does not if nothing is said.
    pub listen: Option<String>,
    /// Milliseconds between two looks at the ledger.
    pub poll_ms: u64,
    /// How far live builds may lie behind; `max_lag` in a projection.toml goes before it.
    pub max_lag: Option<MaxLag>,
}

/// `[hooks]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hooks {
    /// A program with its arguments, run without a shell when readers see another build.
    pub after_promote: Vec<String>,
    /// Seconds after which it is ended.
    pub timeout_s: u64,
}

impl Default for Hooks {
    fn default() -> Self {
        Self { after_promote: Vec::new(), timeout_s: 60 }
    }
}

impl Default for Service {
    fn default() -> Self {
        Self { listen: None, poll_ms: 1_000, max_lag: None }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, url_command: None, reconnect_s: 60, is_there: false }
    }
}

impl Default for ReadModels {
    fn default() -> Self {
        Self { url: None, url_command: None, schema: "read_model".into() }
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Self { schema: "regrow".into() }
    }
}

impl Default for EventStore {
    fn default() -> Self {
        Self { schema: "event_store".into(), name: None, adopt: None }
    }
}

impl Default for Migrate {
    fn default() -> Self {
        Self { role: None, lock_timeout_ms: 1_000, lock_budget_s: 120, statement_timeout_s: 0 }
    }
}

impl Default for Follow {
    fn default() -> Self {
        Self { poll_ms: 25, check_interval_s: 0 }
    }
}

impl Follow {
    /// How often the assertions of live builds are looked at, if they are.
    #[must_use]
    pub fn check_interval(&self) -> Option<Duration> {
        (self.check_interval_s > 0).then(|| Duration::from_secs(self.check_interval_s))
    }
}

/// Why `config.toml` does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It is not TOML, or a key is unknown or of the wrong type.
    #[error("{place}: {reason}")]
    Syntax {
        /// Where.
        place: Place,
        /// Why.
        reason: String,
    },
    /// An address stands there twice.
    #[error("{file}: [{section}] has both url and url_command, and nobody knows which is meant")]
    Both {
        /// The file.
        file: String,
        /// The section.
        section: &'static str,
    },
    /// A schema's name cannot be one.
    #[error("{file}: [{section}] schema: {reason}")]
    Schema {
        /// The file.
        file: String,
        /// The section.
        section: &'static str,
        /// Why.
        reason: IdentError,
    },
    /// The ledger's schema is one that is used for something else.
    #[error("{file}: [ledger] schema: {schema} is the schema of {of}")]
    LedgerSchema {
        /// The file.
        file: String,
        /// The schema.
        schema: String,
        /// Whose it is.
        of: &'static str,
    },
    /// A role's name cannot be one.
    #[error("{file}: [migrate] role: {reason}")]
    Role {
        /// The file.
        file: String,
        /// Why.
        reason: IdentError,
    },
    /// A number is out of its bounds.
    #[error("{file}: {key} is {value}, and must lie between {least} and {most}")]
    Bounds {
        /// The file.
        file: String,
        /// Section and key.
        key: &'static str,
        /// What was given.
        value: i64,
        /// The smallest that works.
        least: i64,
        /// The largest that works.
        most: i64,
    },
}

/// What the TOML reader says, without the names of Rust's types.
#[must_use]
pub fn plain_reason(message: &str) -> String {
    let mut reason = message.replace('\n', " ");
    for (rust, plain) in [
        ("expected usize", "expected a whole number"),
        ("expected u64", "expected a whole number"),
        ("expected i64", "expected a whole number"),
        ("expected a sequence", "expected a list"),
    ] {
        reason = reason.replace(rust, plain);
    }
    // serde names the struct behind a section, which a reader of the file never saw.
    match reason.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected a section of keys"),
        None => reason,
    }
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// The first thing wrong with it, with its place.
    pub fn parse(file: &SourceFile) -> Result<Config, ConfigError> {
        let wrong = |e: toml::de::Error| ConfigError::Syntax {
            place: file.place(e.span().map_or(0, |s| s.start)),
            reason: plain_reason(e.message()),
        };
        let mut config: Config = toml::from_str(&file.text).map_err(wrong)?;
        let sections: toml::Table = toml::from_str(&file.text).map_err(wrong)?;
        config.database.is_there = sections.contains_key("database");
        config.check(&file.path)?;
        Ok(config)
    }

    fn check(&self, file: &str) -> Result<(), ConfigError> {
        let (database, reads) = (&self.database, &self.read_models);
        for (section, url, command) in [
            ("database", &database.url, &database.url_command),
            ("read_models", &reads.url, &reads.url_command),
        ] {
            if url.is_some() && command.is_some() {
                return Err(ConfigError::Both { file: file.to_owned(), section });
            }
        }
        for (section, name) in [
            ("read_models", &self.read_models.schema),
            ("event_store", &self.event_store.schema),
            ("ledger", &self.ledger.schema),
        ] {
            Ident::new(name.as_str()).map_err(|reason| ConfigError::Schema {
                file: file.to_owned(),
                section,
                reason,
            })?;
        }
        let ledger = &self.ledger.schema;
        let others = [
            (ledger == &self.read_models.schema, "the read models"),
            (ledger == &self.event_store.schema, "the event store"),
            (ledger.starts_with("pg_") || ledger == "information_schema", "PostgreSQL"),
        ];
        if let Some((_, of)) = others.into_iter().find(|(is_theirs, _)| *is_theirs) {
            let (file, schema) = (file.to_owned(), ledger.clone());
            return Err(ConfigError::LedgerSchema { file, schema, of });
        }
        if let Some(role) = &self.migrate.role {
            Ident::new(role.as_str())
                .map_err(|reason| ConfigError::Role { file: file.to_owned(), reason })?;
        }
        let as_i64 = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let pace = &self.rebuild;
        let rate = pace.max_rate.map(i64::from);
        let wal = pace.max_wal_per_s.map(|wal| i64::try_from(wal.as_u64()).unwrap_or(i64::MAX));
        let lag =
            pace.max_replica_lag.map(|lag| i64::try_from(lag.0.as_millis()).unwrap_or(i64::MAX));
        for (key, value, least, most) in [
            ("[rebuild] batch_events", as_i64(self.rebuild.batch_events), 1, 1_000_000),
            ("[rebuild] batch_bytes", as_i64(self.rebuild.batch_bytes), 1_024, 512 * 1024 * 1024),
            (
                "[rebuild] max_payload_bytes",
                as_i64(self.rebuild.max_payload_bytes),
                1_024,
                512 * 1024 * 1024,
            ),
            ("[rebuild] max_payload_depth", as_i64(self.rebuild.max_payload_depth), 1, 1_000_000),
            ("[rebuild] range_positions", self.rebuild.range_positions, 1, i64::MAX),
            (
                "[hooks] timeout_s",
                i64::try_from(self.hooks.timeout_s).unwrap_or(i64::MAX),
                1,
                86_400,
            ),
            ("[rebuild] max_rate", rate.unwrap_or(1), 1, i64::from(u32::MAX)),
            ("[rebuild] max_wal_per_s", wal.unwrap_or(65_536), 65_536, i64::MAX),
            ("[rebuild] max_replica_lag in ms", lag.unwrap_or(100), 100, 86_400_000),
            ("[rebuild] workers", as_i64(self.rebuild.workers()), 1, 64),
            (
                "[follow] check_interval_s",
                i64::try_from(self.follow.check_interval_s).unwrap_or(i64::MAX),
                0,
                604_800,
            ),
            (
                "[service] poll_ms",
                i64::try_from(self.service.poll_ms).unwrap_or(i64::MAX),
                100,
                60_000,
            ),
        ] {
            if value < least || value > most {
                return Err(ConfigError::Bounds { file: file.to_owned(), key, value, least, most });
            }
        }
        Ok(())
    }

    /// The schema that owns the log.
    #[must_use]
    pub fn event_store_schema(&self) -> Ident {
        Ident::new(self.event_store.schema.as_str()).expect("checked when the file was read")
    }

    /// The schema of the ledger.
    #[must_use]
    pub fn ledger_schema(&self) -> Ident {
        Ident::new(self.ledger.schema.as_str()).expect("checked when the file was read")
    }

    /// The role migrations of the event store act as, where it is not the login.
    #[must_use]
    pub fn owner(&self) -> Option<Ident> {
        let role = self.migrate.role.as_deref()?;
        Some(Ident::new(role).expect("checked when the file was read"))
    }

    /// The schema that readers see.
    #[must_use]
    pub fn read_model_schema(&self) -> Ident {
        Ident::new(self.read_models.schema.as_str()).expect("checked when the file was read")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let error = Config::parse(&SourceFile::new("config.toml", text)).unwrap_err().to_string();
        assert_eq!(error, expect);
    }

    #[test]
    fn an_empty_file_is_all_defaults() {
        let config = Config::parse(&SourceFile::new("config.toml", "")).unwrap();
        assert_eq!(config.read_models.schema, "read_model");
        assert_eq!(config.event_store_schema().as_str(), "event_store");
        assert_eq!(config.owner(), None);
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        check(
            "[database]\nurll = 'x'\n",
            "config.toml:2:1: unknown field `urll`, expected one of `url`, `url_command`, `reconnect_s`",
        );
        check(
            "[rebuild]\nbatch_events = 0",
            "config.toml: [rebuild] batch_events is 0, and must lie between 1 and 1000000",
        );
        check(
            "[rebuild]\nbatch_events = 'x'",
            "config.toml:2:16: invalid type: string \"x\", expected a whole number",
        );
        check(
            "rebuild = 5",
            "config.toml:1:11: invalid type: integer `5`, expected a section of keys",
        );
        check("[migrate]\nrole = ''", "config.toml: [migrate] role: a name is empty");
        check("[ledger]\nschema = ''", "config.toml: [ledger] schema: a name is empty");
        for (schema, of) in [("read_model", "the read models"), ("pg_x", "PostgreSQL")] {
            check(
                &format!("[ledger]\nschema = '{schema}'"),
                &format!("config.toml: [ledger] schema: {schema} is the schema of {of}"),
            );
        }
        check("[read_models]\nschema = ''", "config.toml: [read_models] schema: a name is empty");
    }
}
