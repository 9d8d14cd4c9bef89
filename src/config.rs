//! `config.toml`: what a project says about its databases, its log and its pace.
//!
//! Owns the keys, their defaults, the messages for wrong ones, and what goes before what: a variable before the
//! environment that was chosen before the rest of the file. It opens no connection and reads no variable itself; the
//! face hands it what was said ([`Overrides`]), and decides between that and a flag.

mod adopt;
mod error;
pub mod keys;
mod layers;
pub mod max_lag;
mod rebuild;
pub mod span;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use crate::ident::Ident;
use crate::source::SourceFile;
use crate::spelling;
use max_lag::MaxLag;

pub use adopt::{Adopt, Order, Renamed};
pub use error::ConfigError;
pub use layers::{Chosen, Origin, Overrides};
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
    /// `[environments.NAME]`: sections that go before those of the file where the environment is chosen.
    pub environments: BTreeMap<String, Config>,
    /// The environment that was chosen.
    #[serde(skip)]
    pub environment: Option<Chosen>,
    /// Where the values come from that are no defaults, by section and key.
    #[serde(skip)]
    pub origins: BTreeMap<String, Origin>,
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
    /// Addresses of standbys that long replays read from.
    pub read_from: Vec<String>,
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
        Self { schema: "event_store".into(), name: None, read_from: Vec::new(), adopt: None }
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
    if let Some(nearest) = misspelt(&reason) {
        reason = format!("{reason}; did you mean `{nearest}`?");
    }
    // serde names the struct behind a section, which a reader of the file never saw.
    match reason.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected a section of keys"),
        None => reason,
    }
}

/// The key that was likely meant by an unknown one: serde lists those that it knows.
fn misspelt(reason: &str) -> Option<String> {
    let mut names = reason.strip_prefix("unknown field `")?.split('`').step_by(2);
    let name = names.next()?;
    spelling::nearest(name, names.filter(|known| !known.is_empty())).map(str::to_owned)
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// The first thing wrong with it, with its place.
    pub fn parse(file: &SourceFile) -> Result<Config, ConfigError> {
        Config::parse_with(file, &Overrides::default())
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
        let (ledger, readers) = (&self.ledger.schema, &self.read_models.schema);
        let is_of_the_server = |name: &str| name.starts_with("pg_") || name == "information_schema";
        let others = [
            ("ledger", ledger, ledger == readers, "the read models"),
            ("ledger", ledger, ledger == &self.event_store.schema, "the event store"),
            ("ledger", ledger, is_of_the_server(ledger), "PostgreSQL"),
            ("read_models", readers, is_of_the_server(readers), "PostgreSQL"),
            ("read_models", readers, readers == &self.event_store.schema, "the event store"),
            ("read_models", readers, is_of_a_build(readers), "a build"),
        ];
        let taken = others.into_iter().find(|(.., is_theirs, _)| *is_theirs);
        if let Some((section, schema, _, of)) = taken {
            let (file, schema) = (file.to_owned(), schema.clone());
            return Err(ConfigError::TakenSchema { file, section, schema, of });
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

/// Whether a schema's name is like those of builds: `order_summary__b3`.
pub(crate) fn is_of_a_build(schema: &str) -> bool {
    schema.rsplit_once("__b").is_some_and(|(projection, number)| {
        !projection.is_empty() && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str, environment: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let chosen = Chosen { name: environment.into(), by: "--env" };
        let variables = variables.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        let overrides = Overrides {
            environment: (!environment.is_empty()).then_some(chosen),
            variables: variables.collect(),
        };
        Config::parse_with(&SourceFile::new("config.toml", text), &overrides)
            .map_err(|e| e.to_string())
    }

    #[test]
    fn a_variable_goes_before_an_environment_before_the_file() {
        let text = "[rebuild]\nbatch_events = 1\nbatch_bytes = 2000\nworkers = 3\n\
                    [database]\nurl_command = 'a'\n\
                    [environments.staging.rebuild]\nbatch_events = 10\nbatch_bytes = 3000\n\
                    [environments.staging.database]\nurl = 'b'\n";
        let variable = [("REGROW_REBUILD_BATCH_EVENTS", "100")];
        let config = with(text, "staging", &variable).unwrap();
        let rebuild = &config.rebuild;
        assert_eq!(
            (rebuild.batch_events, rebuild.batch_bytes, rebuild.workers),
            (100, 3000, Some(3))
        );
        assert_eq!(
            (config.database.url.as_deref(), &config.database.url_command),
            (Some("b"), &None)
        );
        let origin = |key: &str| config.origin(key).clone();
        assert_eq!(origin("rebuild.batch_events"), Origin::Variable(variable[0].0.into()));
        assert_eq!(origin("rebuild.batch_bytes"), Origin::Environment("staging".into()));
        assert_eq!(
            (origin("rebuild.workers"), origin("follow.poll_ms")),
            (Origin::File, Origin::Default)
        );
        assert_eq!(with(text, "", &[]).unwrap().rebuild.batch_events, 1);
    }

    #[test]
    fn what_is_wrong_beside_the_file_is_told_by_its_name() {
        let said = |text: &str, environment: &str, variables: &[(&str, &str)]| {
            with(text, environment, variables).map(|_| ()).unwrap_err()
        };
        let two = "[environments.staging]\n[environments.production.follow]\npoll_ms = 9\n";
        assert_eq!(
            said(two, "stagign", &[]),
            "--env: there is no environment stagign; did you mean staging?"
        );
        assert_eq!(
            said("", "x", &[]),
            "--env: there is no environment x: config.toml has no section [environments.NAME]"
        );
        // Also where it is not chosen.
        assert_eq!(
            said("[environments.p.rebuild]\nbatch_event = 1\n", "", &[]).split(", expected").next(),
            Some("config.toml:2:1: unknown field `batch_event`")
        );
        assert_eq!(
            said("[environments.p.rebuild]\nbatch_events = 0\n", "", &[]),
            "config.toml: [environments.p]: [rebuild] batch_events is 0, and must lie between 1 and 1000000"
        );
        assert_eq!(
            said("[environments.a.environments.b]\n", "", &[]),
            "config.toml: [environments.a] has environments itself"
        );
        assert_eq!(
            said("", "", &[("REGROW_REBUILD_BATCH_EVENTS", "many")]),
            "REGROW_REBUILD_BATCH_EVENTS: invalid type: string \"many\", expected a whole number"
        );
        assert_eq!(
            said("", "", &[("REGROW_LEDGER_SCHEMA", "")]),
            "REGROW_LEDGER_SCHEMA: it is set, but empty"
        );
        assert_eq!(
            said("", "", &[("REGROW_FOLLOW_POLL_MS", "7"), ("REGROW_REBUILD_WORKERS", "900")]),
            "config.toml with REGROW_FOLLOW_POLL_MS, REGROW_REBUILD_WORKERS: [rebuild] workers is 900, and must lie \
             between 1 and 64"
        );
    }

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
            "config.toml:2:1: unknown field `urll`, expected one of `url`, `url_command`, `reconnect_s`; did you mean `url`?",
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
        for (schema, of) in [
            ("event_store", "the event store"),
            ("pg_temp", "PostgreSQL"),
            ("orders__b12", "a build"),
        ] {
            check(
                &format!("[read_models]\nschema = '{schema}'"),
                &format!("config.toml: [read_models] schema: {schema} is the schema of {of}"),
            );
        }
    }
}
