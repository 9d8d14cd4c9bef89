//! A project's folder: what lies where, read into memory.
//!
//! Owns the layout (`config.toml`, `migrations/`, `projections/`) and the refusal of
//! links that lead out of it. It does not interpret the files; the pure floor does.

mod reader;
mod starter;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::config::max_lag::MaxLag;
use crate::config::{Config, ConfigError, Overrides, plain_reason};
use crate::definition::expected::Expected;
use crate::definition::{Definition, DefinitionErrors, EngineChoice, OnError};
use crate::handler::Handlers;
use crate::ident::{Ident, IdentError};
use crate::revision::{EVENT_STORE, Lineage, RevisionError, looks_like_a_revision};
use crate::source::{Place, SourceFile};
use crate::upcast::Upcasters;

use reader::Reader;
pub use starter::{
    TemporaryFolder, adopt, init, write_changed_sample, write_revision, write_sample,
};

/// The longest projection name, in bytes: `__b` and a build's number follow it in a schema's name.
pub const MAX_PROJECTION_BYTES: usize = 48;

/// The file that makes a folder a project.
pub const CONFIG: &str = "config.toml";
const EVENT_STORE_WANTED: &str = "migrations/schema.sql";

/// Where tests of upcasters lie.
const UPCASTER_TESTS: &str = "migrations/events/tests";

/// A project, read whole.
#[derive(Debug, Clone)]
pub struct Project {
    /// The folder.
    pub root: PathBuf,
    /// Its `config.toml`, or the defaults where there is none.
    pub config: Config,
    /// The files of `migrations/event_store`.
    pub event_store: Vec<SourceFile>,
    /// `migrations/schema.sql`: the tables the event store shall have.
    pub event_store_wanted: Option<SourceFile>,
    /// The files of `migrations/events`.
    pub upcasters: Vec<SourceFile>,
    /// The files of each projection.
    pub projections: BTreeMap<String, ProjectionFiles>,
}

/// The files of one projection.
#[derive(Debug, Clone)]
pub struct ProjectionFiles {
    /// Its lineage.
    pub schema: Vec<SourceFile>,
    /// `schema.sql`: the tables it shall have.
    pub wanted: Option<SourceFile>,
    /// Its handlers.
    pub handlers: SourceFile,
    /// Its assertions.
    pub checks: Option<SourceFile>,
    /// Its settings.
    pub settings: ProjectionSettings,
}

/// `projection.toml`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProjectionSettings {
    /// Which engine runs the handlers.
    pub engine: EngineChoice,
    /// What happens to an event that fails.
    pub on_error: OnError,
    /// The schema its views are published in.
    pub publish_schema: Option<String>,
    /// Relations outside the build that it may read, as `schema.name`.
    pub reads: Vec<String>,
    /// Functions that are not looked into.
    pub trust_functions: Vec<String>,
    /// How far its live build may lie behind the log, for `status` and the service.
    pub max_lag: Option<MaxLag>,
    /// What `verify` compares by.
    pub verify: VerifySettings,
}

/// The section `[verify]` of `projection.toml`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VerifySettings {
    /// Differences that are meant: `column:TABLE.COLUMN`, `rows:TABLE`, `table:TABLE`.
    pub expect: Vec<String>,
}

/// Why a folder is not a project.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// The folder has none of a project's files.
    #[error(
        "{folder} is not a regrow project: it has neither config.toml nor migrations nor projections"
    )]
    NotAProject {
        /// The folder.
        folder: String,
    },
    /// A file cannot be read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A file cannot be written.
    #[error("{path} cannot be written: {reason}")]
    Unwritable {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The project adopts a log already.
    #[error("config.toml has a section [event_store.adopt] already")]
    Adopted,
    /// A log cannot be adopted like this.
    #[error("{reason}")]
    Adopt {
        /// Why.
        reason: String,
    },
    /// A link or `..` leads out of the project.
    #[error("{path} leads out of the project")]
    LeadsOut {
        /// The path.
        path: String,
    },
    /// A file is not text.
    #[error("{path} is not UTF-8 at byte {offset}")]
    NotText {
        /// The file.
        path: String,
        /// The first bad byte, from 0.
        offset: usize,
    },
    /// A file holds what PostgreSQL takes in no text.
    #[error("{place}: a NUL byte, which PostgreSQL takes nowhere")]
    Nul {
        /// Where.
        place: Place,
    },
    /// A file that may be meant as an upcaster, and is not read.
    #[error(
        "{path}: nothing is read there; the upcasters of an event type are {folder}/<EventType>.toml"
    )]
    NoUpcaster {
        /// The file.
        path: String,
        /// Where upcasters lie.
        folder: String,
    },
    /// A file that may be meant as a test, and is not run.
    #[error("{path}: nothing is run there; tests are {folder}/*.toml, and their events *.ndjson")]
    NoTest {
        /// The file or folder.
        path: String,
        /// Where tests lie.
        folder: String,
    },
    /// A projection without handlers.
    #[error("projections/{name} has no handlers.sql")]
    NoHandlers {
        /// The projection.
        name: String,
    },
    /// A projection with nothing in it.
    #[error("projections/{name} is empty: it makes no table and handles no event")]
    Empty {
        /// The projection.
        name: String,
    },
    /// A projection's name that cannot be one.
    #[error("the projection {name:?} needs another name: {reason}")]
    Name {
        /// The name.
        name: String,
        /// Why.
        reason: String,
    },
    /// A projection's name that leaves no room for a build's number.
    #[error(
        "the projection {name:?} needs another name: it has {bytes} bytes, and {MAX_PROJECTION_BYTES} are the most"
    )]
    NameTooLong {
        /// The name.
        name: String,
        /// Its length in bytes.
        bytes: usize,
    },
    /// No projection of that name.
    #[error("there is no projection {name}{}", there_are(.known))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// `config.toml` or `projection.toml` does not count.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The event store's lineage does not hold together.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Lineage(Vec<RevisionError>),
    /// A projection's files do not hold together.
    #[error(transparent)]
    Definition(#[from] DefinitionErrors),
}

fn there_are(names: &[String]) -> String {
    if names.is_empty() {
        "; the project has none".into()
    } else {
        format!("; the project has {}", names.join(", "))
    }
}

impl Project {
    /// Reads a folder.
    ///
    /// # Errors
    /// It is not a project, or a file of it cannot be read.
    pub fn open(root: &Path) -> Result<Project, ProjectError> {
        Project::open_with(root, &Overrides::default())
    }

    /// Reads a folder, and what goes before its `config.toml`.
    ///
    /// # Errors
    /// As [`Project::open`], or what goes before the file does not fit it.
    pub fn open_with(root: &Path, overrides: &Overrides) -> Result<Project, ProjectError> {
        let reader = Reader::new(root)?;
        let there = reader.file(CONFIG)?;
        let file = there.clone().unwrap_or_else(|| SourceFile::new(CONFIG, ""));
        let config = Config::parse_with(&file, overrides)?;
        let mut event_store = reader.revisions("migrations/event_store")?;
        if config.event_store.adopt.is_none() {
            let known = ["event_store", "events", "schema.sql"];
            event_store.extend(reader.strays("migrations", &known, looks_like_a_revision)?);
        }
        let event_store_wanted = reader.file(EVENT_STORE_WANTED)?;
        let upcasters = reader.upcasters("migrations/events")?;
        let mut projections = BTreeMap::new();
        for name in reader.projections("projections")? {
            projections.insert(name.clone(), reader.projection(&name)?);
        }
        let bare = event_store.is_empty() && upcasters.is_empty() && projections.is_empty();
        if bare && there.is_none() {
            return Err(ProjectError::NotAProject { folder: root.display().to_string() });
        }
        let root = root.to_path_buf();
        Ok(Project { root, config, event_store, event_store_wanted, upcasters, projections })
    }

    /// Reads files that a program carries in itself, by their paths in a project's folder. They are written
    /// into a temporary folder for as long as that lives.
    ///
    /// # Errors
    /// A path leads out of the folder, a file cannot be written there, or what [`Project::open`] refuses.
    pub fn embedded<'f>(
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Result<(Project, TemporaryFolder), ProjectError> {
        let folder = TemporaryFolder::new()?;
        for (path, text) in files {
            folder.write(path, text)?;
        }
        Ok((Project::open(folder.path())?, folder))
    }

    /// The files of a projection's tests, by name.
    ///
    /// # Errors
    /// No projection has that name, or a file cannot be read.
    pub fn tests(&self, name: &str) -> Result<Vec<SourceFile>, ProjectError> {
        self.known(name)?;
        Reader::new(&self.root)?.tests(&format!("projections/{name}/tests"))
    }

    /// The tests of upcasters, by name.
    ///
    /// # Errors
    /// A file cannot be read, or is none.
    pub fn upcaster_tests(&self) -> Result<Vec<SourceFile>, ProjectError> {
        Reader::new(&self.root)?.tests(UPCASTER_TESTS)
    }

    /// A file of the project; nothing if there is no such file.
    ///
    /// # Errors
    /// It cannot be read, or the path leads out of the project.
    pub fn read(&self, path: &str) -> Result<Option<SourceFile>, ProjectError> {
        Reader::new(&self.root)?.file(path)
    }

    /// Writes a file of the project, and the folders on its way; what it held is gone.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: &str, text: &str) -> Result<(), ProjectError> {
        starter::write_anew(&self.root, path, text)
    }

    /// Writes a file of the project that is not there yet, and the folders on its way.
    ///
    /// # Errors
    /// It is there, or cannot be written.
    pub fn write_new(&self, path: &str, text: &str) -> Result<(), ProjectError> {
        starter::write_new(&self.root, path, text)
    }

    /// Whether something lies at a path of the project, be it a link to nothing.
    #[must_use]
    pub fn is_taken(&self, path: &str) -> bool {
        self.root.join(path).symlink_metadata().is_ok()
    }

    /// Whether a projection may have a name, which is that of its folder as well.
    ///
    /// # Errors
    /// Why it may not.
    pub fn may_be_named(name: &str) -> Result<(), ProjectError> {
        check_projection_name(name)?;
        let is_odd = |c: char| c.is_control() || c == '/' || c == '\\';
        match name.contains(is_odd) || name.starts_with('.') || name == "__pycache__" {
            true => Err(ProjectError::Name {
                name: name.to_owned(),
                reason: "no folder of the project can have it".to_owned(),
            }),
            false => Ok(()),
        }
    }

    /// Whether the log is another library's, so that nothing of it is ours to make or to write.
    #[must_use]
    pub fn adopts(&self) -> bool {
        self.config.event_store.adopt.is_some()
    }

    /// The event store's lineage in order.
    ///
    /// # Errors
    /// Everything wrong with it.
    pub fn event_store_lineage(&self) -> Result<Lineage, ProjectError> {
        Lineage::load(EVENT_STORE, self.event_store.clone()).map_err(ProjectError::Lineage)
    }

    /// Where the file that states a lineage's tables lies, or would.
    #[must_use]
    pub fn wanted_path(&self, lineage: &str) -> String {
        match lineage {
            EVENT_STORE => EVENT_STORE_WANTED.to_owned(),
            projection => format!("projections/{projection}/schema.sql"),
        }
    }

    /// A projection's lineage in order.
    ///
    /// # Errors
    /// No projection has that name, or everything wrong with its lineage.
    pub fn projection_lineage(&self, name: &str) -> Result<Lineage, ProjectError> {
        Lineage::load(name, self.known(name)?.schema.clone()).map_err(ProjectError::Lineage)
    }

    /// Whether a projection of that name is in the project's files.
    ///
    /// # Errors
    /// There is none.
    pub fn known(&self, name: &str) -> Result<&ProjectionFiles, ProjectError> {
        self.projections.get(name).ok_or_else(|| ProjectError::Unknown {
            name: name.to_owned(),
            known: self.projections.keys().cloned().collect(),
        })
    }

    /// The definition a projection's files make now, fit for a new build.
    ///
    /// # Errors
    /// No projection has that name, or its files have what looks like something else.
    pub fn definition(&self, name: &str) -> Result<Definition, ProjectError> {
        let definition = self.draft(name)?;
        definition.proofread(&self.upcasters)?;
        Ok(definition)
    }

    /// The definition a projection's files make now, to be compared with one that was built.
    ///
    /// # Errors
    /// No projection has that name.
    pub fn draft(&self, name: &str) -> Result<Definition, ProjectError> {
        let files = self.known(name)?;
        let all = |upcasters: Vec<SourceFile>| Definition {
            projection: name.to_owned(),
            revisions: files.schema.clone(),
            handlers: files.handlers.clone(),
            checks: files.checks.clone(),
            upcasters,
            on_error: files.settings.on_error,
            engine: files.settings.engine,
            publish_schema: files.settings.publish_schema.clone(),
            reads: files.settings.reads.clone(),
            trust_functions: files.settings.trust_functions.clone(),
        };
        let used = self.upcasters_used(&files.handlers).unwrap_or_else(|| self.upcasters.clone());
        Ok(all(used))
    }

    /// The upcaster files a projection's events can go through; `None` where files are broken,
    /// which whoever parses the definition will be told.
    fn upcasters_used(&self, handlers: &SourceFile) -> Option<Vec<SourceFile>> {
        let handlers = Handlers::parse(handlers.clone()).ok()?;
        let upcasters = Upcasters::load(&self.upcasters).ok()?;
        let used = upcasters.files_for(handlers.event_types());
        Some(self.upcasters.iter().filter(|file| used.contains(&file.path)).cloned().collect())
    }
}

fn check_projection_name(name: &str) -> Result<(), ProjectError> {
    let refuse = |reason: String| ProjectError::Name { name: name.to_owned(), reason };
    if name.len() > MAX_PROJECTION_BYTES {
        return Err(ProjectError::NameTooLong { name: name.to_owned(), bytes: name.len() });
    }
    Ident::new(name).map_err(|e: IdentError| refuse(e.to_string()))?;
    if name == "event_store" || name == "regrow" {
        return Err(refuse("regrow uses it itself".into()));
    }
    Ok(())
}

impl ProjectionSettings {
    /// Reads the file.
    ///
    /// # Errors
    /// The first thing wrong with it, with its place.
    pub fn parse(file: &SourceFile) -> Result<ProjectionSettings, ConfigError> {
        let settings: ProjectionSettings =
            toml::from_str(&file.text).map_err(|e| ConfigError::Syntax {
                place: file.place(e.span().map_or(0, |s| s.start)),
                reason: plain_reason(e.message()),
            })?;
        if let Some(bare) = settings.reads.iter().find(|name| !name.contains('.')) {
            return Err(ConfigError::Syntax {
                place: file.place(file.text.find(bare.as_str()).unwrap_or(0)),
                reason: format!("reads names {bare:?} without its schema: \"public.{bare}\""),
            });
        }
        for declared in &settings.verify.expect {
            if let Err(error) = declared.parse::<Expected>() {
                return Err(ConfigError::Syntax {
                    place: file.place(file.text.find(declared.as_str()).unwrap_or(0)),
                    reason: error.to_string(),
                });
            }
        }
        if let Some(schema) = &settings.publish_schema {
            Ident::new(schema.as_str()).map_err(|reason| ConfigError::Schema {
                file: file.path.clone(),
                section: "publish_schema",
                reason,
            })?;
            if crate::config::is_of_a_build(schema) {
                return Err(ConfigError::TakenSchema {
                    file: file.path.clone(),
                    section: "publish_schema",
                    schema: schema.clone(),
                    of: "a build",
                });
            }
        }
        Ok(settings)
    }
}
