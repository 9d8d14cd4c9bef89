//! Addresses as libpq has them: a text, the service it names, variables, the password file.
//!
//! Owns what stands in an address and what fills in what it does not say, in libpq's order: the
//! text, then the service, then the `PG*` variables, then the password file (PostgreSQL manual,
//! chapters "Connection Strings", "The Connection Service File", "Environment Variables" and "The
//! Password File" of libpq). It gives the driver's settings and what TLS is asked for; it opens no
//! connection and reads no variable by itself, the face hands them in. No message repeats a value,
//! since any of them may be a piece of a password.

mod keys;
mod pairs;
mod passfile;
mod service;
mod surroundings;
mod url;

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use tokio_postgres::config::Config;

pub use surroundings::Surroundings;

pub(super) use self::keys::PORT;
use self::keys::{KEYS, Key, Use};
use super::PgError;

/// What belongs into a URL instead of a character that means something there.
const UNESCAPED: &str = "it has an @ too many, or one behind a slash or a question mark: characters of user and \
                         password that mean something in an address must be written as %40, %2F, %3F and the like";

/// Where sockets of a server on this machine are, as the builds of libpq have it.
const SOCKETS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

fn wrong(reason: impl Into<String>) -> PgError {
    PgError::Address { reason: reason.into() }
}

/// Where a setting was found, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// In the address itself.
    Text,
    /// In the service that is named.
    Service,
    /// In the key's variable.
    Variable,
}

/// A key with its value.
#[derive(Debug, Clone)]
struct Setting {
    key: &'static Key,
    value: String,
    origin: Origin,
}

impl Setting {
    /// How a message calls it.
    fn name(&self) -> String {
        match self.origin {
            Origin::Text => self.key.name.to_owned(),
            Origin::Service => format!("{} of the service", self.key.name),
            Origin::Variable => self.key.variable.to_owned(),
        }
    }
}

/// Keys and values, each key once.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings(Vec<Setting>);

impl Settings {
    /// The last that is given counts, as in libpq.
    fn put(&mut self, key: &'static Key, value: String, origin: Origin) {
        self.0.retain(|setting| setting.key.name != key.name);
        self.0.push(Setting { key, value, origin });
    }

    /// Fills in what is not there.
    fn add(&mut self, key: &'static Key, value: String, origin: Origin) {
        if self.get(key.name).is_none() {
            self.0.push(Setting { key, value, origin });
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|s| s.key.name == name).map(|s| s.value.as_str())
    }

    /// Reads an address.
    fn of_text(text: &str) -> Result<Settings, PgError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(wrong("it is empty"));
        }
        if let Some(reason) = foreign(text) {
            return Err(wrong(reason));
        }
        match url::after_scheme(text) {
            Some(rest) => url::read(text, rest),
            None => pairs::read(text),
        }
    }

    /// The names of the variables that something came from.
    fn variables(&self) -> Vec<&'static str> {
        let from = |s: &&Setting| s.origin == Origin::Variable;
        self.0.iter().filter(from).map(|s| s.key.variable).collect()
    }
}

/// Says of an address in another library's form which it is.
fn foreign(text: &str) -> Option<String> {
    if text.starts_with(['"', '\'', '`']) {
        return Some("it stands in quotes, which belong to a shell and not into the value".into());
    }
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("jdbc:") {
        return Some(
            "jdbc:postgresql: is Java's form; here it is postgresql://user:password@host:5432/database".into(),
        );
    }
    let scheme = lower.split_once("://")?.0;
    let right = "here it is postgresql://user:password@host:5432/database";
    match scheme.split_once('+') {
        _ if matches!(scheme, "postgresql" | "postgres") => {
            // Upper case, which libpq does not take either.
            (!text.starts_with(scheme))
                .then(|| "its scheme must be written in small letters".into())
        }
        Some(("postgresql" | "postgres", driver)) => {
            let known = ["psycopg2", "psycopg", "psycopg2cffi", "asyncpg", "pg8000", "pygresql"];
            let driver = known.iter().find(|known| **known == driver).unwrap_or(&"...");
            Some(format!("postgresql+{driver}:// is SQLAlchemy's form; {right}"))
        }
        // Only what certainly is a scheme: a value in key=value form may hold "://" as well.
        _ if scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c)) => {
            let known =
                ["postgis", "pgsql", "psql", "ecto", "pg", "postgressql", "mysql", "sqlite"];
            let named = known.iter().find(|known| **known == scheme);
            let named = named.map_or_else(|| "it".into(), |named| format!("{named}://"));
            Some(format!("{named} is no address of PostgreSQL's own; {right}"))
        }
        _ => None,
    }
}

/// An address with everything filled in.
pub(super) struct Resolved {
    /// The driver's settings. The password is of all hosts.
    pub(super) config: Config,
    /// Of each host the password that the password file has, where nothing else gave one.
    pub(super) passwords: Vec<Option<String>>,
    /// What the rest asks for.
    pub(super) settings: Settings,
    /// What the user should know: a password file that does not count.
    pub(super) notes: Vec<String>,
    /// The variables that something came from.
    pub(super) variables: Vec<&'static str>,
}

impl Resolved {
    /// Equal where an address means the same servers, as the same role, in the same way.
    pub(super) fn identity(&self) -> String {
        let mut all: Vec<String> =
            self.settings.0.iter().map(|s| format!("{}={}", s.key.name, s.value)).collect();
        all.sort();
        all.join("\n")
    }
}

/// Fills in what an address does not say; without one, the surroundings say everything.
///
/// # Errors
/// Something in it cannot be understood or honoured, or a service is not there.
pub(super) fn resolve(text: Option<&str>, around: &Surroundings) -> Result<Resolved, PgError> {
    let mut settings = text.map_or_else(|| Ok(Settings::default()), Settings::of_text)?;
    service::fill_in(&mut settings, around)?;
    for key in KEYS {
        if let Some(value) = around.variable(key.variable) {
            settings.add(key, value.to_owned(), Origin::Variable);
        }
    }
    // libpq takes these for not given.
    let unset = ["host", "hostaddr", "port", "user", "password", "dbname", "service", "passfile"];
    settings.0.retain(|s| !(s.value.is_empty() && unset.contains(&s.key.name)));
    let variables = settings.variables();
    let user = settings.get("user").map(str::to_owned).or_else(|| around.user());
    if let (None, Some(user)) = (settings.get("user"), &user) {
        settings.add(keys::named("user"), user.clone(), Origin::Text);
    }
    if settings.get("host").is_none() && settings.get("hostaddr").is_none() {
        settings.add(keys::named("host"), socket_folder(settings.get("port")), Origin::Text);
    }
    let config = config(&settings)?;
    let (mut passwords, mut notes) = (Vec::new(), Vec::new());
    if config.get_password().is_none()
        && let Some(path) = passfile_path(&settings, around)
    {
        (passwords, notes) = passfile::passwords(&path, &config)?;
    }
    Ok(Resolved { config, passwords, settings, notes, variables })
}

fn passfile_path(settings: &Settings, around: &Surroundings) -> Option<PathBuf> {
    match settings.get("passfile") {
        Some(named) => Some(PathBuf::from(named)),
        None => Some(around.home()?.join(".pgpass")),
    }
}

/// The folder of a local server's socket: where there is one, else where there would be.
fn socket_folder(port: Option<&str>) -> String {
    let port = port.and_then(|port| port.parse().ok()).unwrap_or(PORT);
    let socket = |folder: &&&str| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
    let folder = SOCKETS.iter().find(socket);
    let folder = folder.or_else(|| SOCKETS.iter().find(|folder| Path::new(folder).is_dir()));
    (*folder.unwrap_or(&SOCKETS[0])).to_owned()
}

/// The driver's settings. It is given one option after another, so that a wrong one can be named
/// without the driver's words, which quote it.
fn config(settings: &Settings) -> Result<Config, PgError> {
    let mut whole = String::new();
    for setting in &settings.0 {
        match setting.key.used {
            Use::Driver(name) => {
                let option = pairs::quoted(name, &setting.value);
                if setting.value.contains('\0') || Config::from_str(&option).is_err() {
                    return Err(wrong(format!("the value of {} cannot be one", setting.name())));
                }
                whole.push_str(&option);
            }
            Use::OneOf(values) if !values.contains(&setting.value.as_str()) => {
                return Err(wrong(match values {
                    [""] => format!("unknown option {}: regrow does not have it", setting.name()),
                    _ => format!("{} asks for what regrow does not have", setting.name()),
                }));
            }
            Use::Here | Use::OneOf(_) | Use::Nothing => {}
        }
    }
    if let Some(hosts) = settings.get("host") {
        let is_wrong = |host: &str| {
            let port = host.rsplit_once(':').is_some_and(|(name, _)| !name.contains(':'));
            host.is_empty() || (port && !host.starts_with('/'))
        };
        if hosts.split(',').any(is_wrong) {
            return Err(wrong(
                "a host is empty, or has a colon: a port is an option of its own, port=5432",
            ));
        }
    }
    Config::from_str(&whole).map_err(|_| wrong("its options do not fit together"))
}

#[cfg(test)]
mod tests;
