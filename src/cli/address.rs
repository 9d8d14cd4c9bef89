//! Which server is meant: flags, variables, files, programs, config.toml, or the private one.
//!
//! Owns the order of the places an address may stand in. What an address means, and what fills it
//! in, is `pg`'s business.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use super::output;
use crate::config::Origin;
use crate::config::keys::PREFIX;
use crate::error::Error;
use crate::error::reason::Reason;
use crate::pg::{Server, Surroundings};
use crate::project::Project;
use crate::report::log_line::ProgramLine;

/// What the environment says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    database: Variables,
    read_models: Variables,
    /// `HOME` and the variables of libpq.
    libpq: Vec<(String, OsString)>,
    /// Those of ours: what `REGROW_` begins.
    ours: Vec<(String, OsString)>,
    /// Whether a CI runner set `CI`.
    is_ci: bool,
}

/// The two variables that may have an address.
#[derive(Debug, Clone, Default)]
struct Variables {
    url: Option<OsString>,
    file: Option<OsString>,
}

impl Environment {
    pub(crate) fn read() -> Environment {
        let of = |name: &str| Variables {
            url: std::env::var_os(name),
            file: std::env::var_os(format!("{name}_FILE")),
        };
        let libpq = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            (name.starts_with("PG") || name == "HOME").then_some((name, value))
        });
        let ours = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            name.starts_with(PREFIX).then_some((name, value))
        });
        let ci = std::env::var_os("CI").unwrap_or_default();
        Environment {
            database: of("DATABASE_URL"),
            read_models: of("READ_MODELS_URL"),
            libpq: libpq.collect(),
            ours: ours.collect(),
            is_ci: !ci.is_empty() && ci != "false" && ci != "0",
        }
    }

    /// The same without a server for read models alone.
    pub(crate) fn for_one_server(&self) -> Environment {
        Environment { read_models: Variables::default(), ..self.clone() }
    }

    /// Whether a variable of ours names a server.
    pub(crate) fn names_a_server(&self) -> bool {
        self.database.url.is_some() || self.database.file.is_some()
    }

    /// The variables of ours.
    pub(crate) fn ours(&self) -> &[(String, OsString)] {
        &self.ours
    }

    fn surroundings(&self) -> Result<Surroundings, Error> {
        let mut variables = BTreeMap::new();
        for (name, value) in &self.libpq {
            let value = value.clone().into_string();
            let value = value.map_err(|_| unreadable(name, "it is not UTF-8"))?;
            variables.insert(name.clone(), value);
        }
        Ok(Surroundings::of(variables))
    }
}

/// A server, and what named it: `DATABASE_URL`, `config.toml`, `PGHOST, PGDATABASE`.
pub(crate) struct Named {
    pub(crate) server: Server,
    pub(crate) by: String,
}

/// Where an address may stand, first the one that counts most.
pub(crate) struct Places<'a> {
    /// `--database-url` and its value.
    pub(crate) flag: (&'static str, Option<&'a String>),
    /// `[database]`
    pub(crate) section: &'static str,
    /// Where the address in it is written.
    pub(crate) written: Written,
    /// Its `url`.
    pub(crate) url: Option<&'a String>,
    /// Its `url_command`.
    pub(crate) command: Option<&'a String>,
    /// Where relative paths and programs of the project begin.
    pub(crate) root: &'a Path,
}

/// What wrote an address that `config.toml` has, or would have.
pub(crate) enum Written {
    /// The file.
    File,
    /// One of its environments, which was chosen.
    Environment(String),
    /// A variable of ours.
    Variable(String),
}

impl Written {
    /// That of a section.
    pub(crate) fn of(project: &Project, section: &str) -> Written {
        let origin = |key: &str| project.config.origin(&format!("{section}.{key}"));
        for key in ["url", "url_command"] {
            match origin(key) {
                Origin::Environment(name) => return Written::Environment(name.clone()),
                Origin::Variable(name) => return Written::Variable(name.clone()),
                Origin::File | Origin::Default => {}
            }
        }
        Written::File
    }

    /// How it is named.
    fn name(&self, section: &str) -> String {
        match self {
            Written::File => "config.toml".into(),
            Written::Environment(name) => {
                let section = section.trim_matches(['[', ']']);
                format!("config.toml, [environments.{name}.{section}]")
            }
            Written::Variable(name) => name.clone(),
        }
    }
}

/// The server of the event store, if anything names one.
pub(crate) fn database(
    places: &Places<'_>,
    environment: &Environment,
) -> Result<Option<Named>, Error> {
    let around = environment.surroundings()?;
    if let Some(found) = written(places, ("DATABASE_URL", &environment.database))? {
        return found.resolve(&around).map(Some);
    }
    let naming = around.naming();
    if naming.is_empty() {
        return Ok(None);
    }
    let by = naming.join(", ");
    match Server::resolve(None, &around) {
        Ok(server) => Ok(Some(Named { server, by })),
        Err(error) => Err(Error::from(error).about(&by)),
    }
}

/// The server of the read models, if they have one of their own.
pub(crate) fn read_models(
    places: &Places<'_>,
    environment: &Environment,
) -> Result<Option<Named>, Error> {
    let found = written(places, ("READ_MODELS_URL", &environment.read_models))?;
    found.map(|found| found.resolve(&environment.surroundings()?)).transpose()
}

/// The standbys that long replays read the log from.
pub(crate) fn standbys(
    addresses: &[String],
    origin: &Origin,
    environment: &Environment,
) -> Result<Vec<Server>, Error> {
    let from = match origin {
        Origin::Environment(name) => {
            format!("config.toml, [environments.{name}.event_store] read_from")
        }
        Origin::Variable(name) => name.clone(),
        Origin::File | Origin::Default => "config.toml, [event_store] read_from".to_owned(),
    };
    let around = environment.surroundings()?;
    let resolved = addresses.iter().map(|text| match text.trim() {
        // It would be filled in by variables, and be the primary.
        "" => Err(unreadable(&from, "it is empty")),
        _ => Found { text: text.clone(), from: from.clone() }.resolve(&around),
    });
    resolved.map(|named| named.map(|named| named.server)).collect()
}

/// An address, and where it was found.
struct Found {
    text: String,
    from: String,
}

impl Found {
    fn resolve(&self, around: &Surroundings) -> Result<Named, Error> {
        let server = Server::resolve(Some(&self.text), around)
            .map_err(|error| Error::from(error).about(&self.from))?;
        let filled: Vec<&str> = server.variables().to_vec();
        let by = match filled.is_empty() {
            true => self.from.clone(),
            false => format!("{}, {}", self.from, filled.join(", ")),
        };
        Ok(Named { server, by })
    }
}

/// The flag before the variable before the file. A variable that is set but empty is a mistake of
/// whoever set it: falling back would work on another database than was meant.
fn written(
    places: &Places<'_>,
    (name, variables): (&'static str, &Variables),
) -> Result<Option<Found>, Error> {
    let found = |text: String, from: &str| Ok(Some(Found { text, from: from.to_owned() }));
    if let (from, Some(text)) = places.flag {
        return found(text.clone(), from);
    }
    let is_set = variables.url.is_some() || variables.file.is_some();
    let beside = places.url.is_some() || places.command.is_some();
    if is_set && beside && !matches!(places.written, Written::File) {
        // Both were set on purpose, and each for a server.
        let other = places.written.name(places.section);
        let set = if variables.url.is_some() { name.to_owned() } else { format!("{name}_FILE") };
        return Err(Error::usage(format!("{set} and {other} both name a server"))
            .reason(Reason::ServerAmbiguous)
            .hint(format!("unset {set}, or say which is meant with {}", places.flag.0)));
    }
    match (&variables.url, &variables.file) {
        (Some(_), Some(_)) => Err(unreadable(
            name,
            &format!("{name}_FILE is set as well, and nobody knows which of them is meant"),
        )),
        (Some(value), None) => match value.clone().into_string() {
            Ok(text) => found(text, name),
            Err(_) => Err(unreadable(name, "it is not UTF-8")),
        },
        (None, Some(path)) => {
            let from = format!("{name}_FILE");
            let path = Path::new(path);
            match std::fs::read_to_string(path) {
                Ok(text) => found(text, &from),
                Err(error) => {
                    Err(unreadable(&from, &format!("{} cannot be read: {error}", path.display())))
                }
            }
        }
        (None, None) => match (places.url, places.command) {
            (Some(url), _) => found(url.clone(), &places.written.name(places.section)),
            (None, Some(command)) => {
                let from = match &places.written {
                    Written::File => format!("config.toml, {} url_command", places.section),
                    other => format!("{} url_command", other.name(places.section)),
                };
                let text =
                    output_of(command, places.root).map_err(|why| unreadable(&from, &why))?;
                found(text, &from)
            }
            (None, None) => Ok(None),
        },
    }
}

/// What a program prints. What it says on stderr is for whoever sits there.
fn output_of(command: &str, root: &Path) -> Result<String, String> {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).current_dir(root);
    // In a log of objects its lines are objects too.
    let (stderr, said) = match output::logs_json() {
        true => (Stdio::piped(), "url_command"),
        false => (Stdio::inherit(), ""),
    };
    shell.stdin(Stdio::null()).stderr(stderr);
    let done = shell.output().map_err(|error| format!("sh cannot be run: {error}"))?;
    for line in String::from_utf8_lossy(&done.stderr).lines() {
        output::tell(line, &ProgramLine { said_by: said });
    }
    if !done.status.success() {
        return Err(match done.status.code() {
            Some(code) => format!("the program exits with {code}"),
            None => "the program was killed".into(),
        });
    }
    String::from_utf8(done.stdout).map_err(|_| "what the program prints is not UTF-8".into())
}

fn unreadable(from: &str, why: &str) -> Error {
    Error::usage(format!("{from}: the database address cannot be read: {why}"))
        .reason(Reason::AddressUnreadable)
}

const CHOICES: &str = "name one: DATABASE_URL or --database-url, DATABASE_URL_FILE, PGHOST and other variables of libpq, or \
                       config.toml: [database] url or url_command; --private asks for the private PostgreSQL in .regrow/";

/// Why no private server is started unasked, if that is so.
pub(crate) fn must_be_named(
    environment: &Environment,
    has_section: bool,
    names_read_models: bool,
) -> Result<(), Error> {
    let why = match (environment.is_ci, has_section, names_read_models) {
        (true, ..) => "a CI runner sets CI, where a private PostgreSQL is gone with the job",
        (_, true, _) => "config.toml has a section [database], but no address in it",
        (.., true) => "the read models' server is named, and the event store's is not",
        _ => return Ok(()),
    };
    Err(Error::usage(format!("no server is named: {why}"))
        .reason(Reason::ServerUnnamed)
        .hint(CHOICES))
}
