//! A definition: all that decides what a projection's tables hold.
//!
//! Owns its parts, its stored form (JSON in the ledger) and its name, a hash of
//! the content. A build runs by the stored definition, not by the files of the moment.

pub mod expected;
pub mod strangers;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::handler::reach::{Fate, Reach};
use crate::handler::{HandlerError, Handlers, near_headers, without_comments};
use crate::revision::{Lineage, RevisionError};
use crate::source::SourceFile;
use crate::upcast::{UpcasterError, Upcasters};

/// What happens when an event cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// The build stops there.
    #[default]
    Stop,
    /// The event is written to `regrow.parked_events` and the build goes on.
    Park,
    /// The event is counted in `regrow.skipped_events` and the build goes on; readers see such a build only if that is
    /// accepted.
    Skip,
}

impl OnError {
    /// Whether the build goes on without an event that fails.
    #[must_use]
    pub fn goes_on(self) -> bool {
        match self {
            OnError::Stop => false,
            OnError::Park | OnError::Skip => true,
        }
    }

    /// Its name in projection.toml.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            OnError::Stop => "stop",
            OnError::Park => "park",
            OnError::Skip => "skip",
        }
    }

    /// What becomes of such an event, as a participle.
    #[must_use]
    pub fn participle(self) -> &'static str {
        match self {
            OnError::Stop => "not applied",
            OnError::Park => "parked",
            OnError::Skip => "skipped",
        }
    }
}

/// Which engine runs the handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineChoice {
    /// The fastest that gives the same rows.
    #[default]
    Auto,
    /// In this process wherever a handler lies in the native subset.
    Native,
    /// Statement after statement in the server.
    Sql,
}

/// A projection as it is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// The projection's name.
    pub projection: String,
    /// The files of its lineage.
    pub revisions: Vec<SourceFile>,
    /// Its handlers.
    pub handlers: SourceFile,
    /// Its assertions, where there are some.
    pub checks: Option<SourceFile>,
    /// The upcasters its events go through.
    pub upcasters: Vec<SourceFile>,
    /// What happens to an event that fails.
    pub on_error: OnError,
    /// Which engine runs it.
    pub engine: EngineChoice,
    /// The schema its views are published in, where it is not the project's.
    pub publish_schema: Option<String>,
    /// Relations outside the build that it may read, as `schema.name`.
    #[serde(default)]
    pub reads: Vec<String>,
    /// Functions that are taken at its word: they reach nothing outside the build and give the same
    /// at each rebuild.
    #[serde(default)]
    pub trust_functions: Vec<String>,
}

/// Everything wrong with a definition's files.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", self.lines().join("\n"))]
pub struct DefinitionErrors {
    /// Errors of the lineage.
    pub revisions: Vec<RevisionError>,
    /// Errors of handlers and checks.
    pub handlers: Vec<HandlerError>,
    /// Errors of upcasters.
    pub upcasters: Vec<UpcasterError>,
}

impl DefinitionErrors {
    /// One line an error, in the order lineage, handlers, upcasters.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let revisions = self.revisions.iter().map(ToString::to_string);
        let handlers = self.handlers.iter().map(ToString::to_string);
        let upcasters = self.upcasters.iter().map(ToString::to_string);
        revisions.chain(handlers).chain(upcasters).collect()
    }

    fn is_empty(&self) -> bool {
        self.revisions.is_empty() && self.handlers.is_empty() && self.upcasters.is_empty()
    }

    fn extend(&mut self, more: DefinitionErrors) {
        self.revisions.extend(more.revisions);
        self.handlers.extend(more.handlers);
        self.handlers.sort_by(|a, b| a.place.cmp(&b.place));
        self.upcasters.extend(more.upcasters);
    }
}

/// A definition's files, read.
pub struct Parsed {
    /// The lineage in order.
    pub lineage: Lineage,
    /// The handlers.
    pub handlers: Handlers,
    /// The assertions.
    pub checks: Vec<crate::handler::Check>,
    /// The upcasters.
    pub upcasters: Upcasters,
    /// Which stored events reach a handler.
    pub reach: Reach,
}

/// Those of a definition's files that events go through, read.
pub struct Events {
    /// The handlers.
    pub handlers: Handlers,
    /// The upcasters.
    pub upcasters: Upcasters,
    /// Which stored events reach a handler.
    pub reach: Reach,
}

impl Events {
    /// What becomes of the events of a stored type and version.
    #[must_use]
    pub fn fate(&self, event_type: &str, schema_version: i32) -> Fate {
        self.reach.fate(&self.handlers, &self.upcasters, event_type, schema_version)
    }
}

impl Definition {
    /// Reads the files.
    ///
    /// # Errors
    /// Every error of every file, with its place.
    pub fn parse(&self) -> Result<Parsed, DefinitionErrors> {
        let lineage = Lineage::load(&self.projection, self.revisions.clone());
        let handlers = Handlers::parse(self.handlers.clone());
        let checks = match &self.checks {
            Some(file) => crate::handler::parse_checks(file.clone()),
            None => Ok(Vec::new()),
        };
        let upcasters = Upcasters::load(&self.upcasters);
        match (lineage, handlers, checks, upcasters) {
            (Ok(lineage), Ok(handlers), Ok(checks), Ok(upcasters)) => {
                let reach = Reach::new(&handlers, &upcasters);
                Ok(Parsed { lineage, handlers, checks, upcasters, reach })
            }
            (lineage, handlers, checks, upcasters) => {
                let mut errors = DefinitionErrors {
                    revisions: lineage.err().unwrap_or_default(),
                    handlers: handlers.err().unwrap_or_default(),
                    upcasters: upcasters.err().unwrap_or_default(),
                };
                errors.handlers.extend(checks.err().unwrap_or_default());
                debug_assert!(!errors.is_empty(), "one of the four failed");
                Err(errors)
            }
        }
    }

    /// Looks for what only files are asked for, and no definition that the ledger has already:
    /// comments that look like headers, upcaster files with another name than their type.
    /// `upcasters` are all of the project.
    ///
    /// # Errors
    /// There is such a thing; then every error of the files is told with it.
    pub fn proofread(&self, upcasters: &[SourceFile]) -> Result<(), DefinitionErrors> {
        let mut errors = DefinitionErrors {
            revisions: Vec::new(),
            handlers: near_headers(&self.handlers),
            upcasters: Upcasters::load(upcasters).map(|all| all.misnamed()).unwrap_or_default(),
        };
        if errors.is_empty() {
            return Ok(());
        }
        if let Err(more) = self.parse() {
            errors.extend(more);
        }
        Err(errors)
    }

    /// Reads handlers and upcasters only: what a look at the log needs.
    ///
    /// # Errors
    /// Every error of those files, with its place.
    pub fn parse_events(&self) -> Result<Events, DefinitionErrors> {
        match (Handlers::parse(self.handlers.clone()), Upcasters::load(&self.upcasters)) {
            (Ok(handlers), Ok(upcasters)) => {
                let reach = Reach::new(&handlers, &upcasters);
                Ok(Events { handlers, upcasters, reach })
            }
            (handlers, upcasters) => Err(DefinitionErrors {
                revisions: Vec::new(),
                handlers: handlers.err().unwrap_or_default(),
                upcasters: upcasters.err().unwrap_or_default(),
            }),
        }
    }

    /// The definition's name: SHA-256 over lineage, handlers and upcasters, in hex.
    /// Line ends and a byte order mark do not count; checks and settings do not either,
    /// since they change no row. `on_error` decides whether a build goes on, and not what it makes of the events it
    /// applies; which events a build is without is a fact of the build, and the ledger has it
    /// (`parked_events`, `skipped_events`), also if the setting has changed since.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut digest = Sha256::new();
        let mut part = |kind: &str, file: &SourceFile| {
            // Comments of a revision decide nothing; those of handlers say what they handle.
            let text = match kind {
                "revision" => without_comments(&file.text),
                _ => file.text.trim_start_matches('\u{feff}').replace("\r\n", "\n"),
            };
            for piece in [kind, &name_of(file), &text] {
                digest.update(u64::try_from(piece.len()).unwrap_or(u64::MAX).to_be_bytes());
                digest.update(piece.as_bytes());
            }
        };
        for revision in self.revisions.iter().filter(|f| !f.path.ends_with(".down.sql")) {
            part("revision", revision);
        }
        part("handlers", &self.handlers);
        for upcaster in &self.upcasters {
            part("upcaster", upcaster);
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The same for a projection of another name.
    #[must_use]
    pub fn renamed(mut self, name: &str) -> Definition {
        let (old, new) =
            (format!("projections/{}/", self.projection), format!("projections/{name}/"));
        let own =
            [&mut self.handlers].into_iter().chain(&mut self.revisions).chain(&mut self.checks);
        for file in own {
            if let Some(rest) = file.path.strip_prefix(&old) {
                file.path = format!("{new}{rest}");
            }
        }
        self.projection = name.to_owned();
        self
    }

    /// Whether what changes no row is the same: checks, policy, engine, where views go.
    #[must_use]
    pub fn same_settings(&self, other: &Definition) -> bool {
        let checks = |d: &Definition| d.checks.as_ref().map(|file| file.text.replace("\r\n", "\n"));
        checks(self) == checks(other)
            && self.on_error == other.on_error
            && self.engine == other.engine
            && self.publish_schema == other.publish_schema
    }

    /// The stored types whose events become other rows by another definition; `None` if its tables
    /// are others. Where it is hard to tell, a type is among them.
    ///
    /// # Errors
    /// One of both cannot be read.
    pub fn changed_types(
        &self,
        other: &Definition,
    ) -> Result<Option<BTreeSet<String>>, DefinitionErrors> {
        let tables = |d: &Definition| -> Vec<(String, String)> {
            let up = d.revisions.iter().filter(|file| !file.path.ends_with(".down.sql"));
            up.map(|file| (name_of(file), without_comments(&file.text))).collect()
        };
        if tables(self) != tables(other) {
            return Ok(None);
        }
        let (one, two) = (self.parse()?, other.parse()?);
        let both = [&one, &two];
        let mut changed = BTreeSet::new();
        let handled = both.iter().flat_map(|parsed| parsed.handlers.event_types());
        for event_type in handled {
            let (of_one, of_two) = (&one.handlers, &two.handlers);
            if of_one.statements_of(event_type) != of_two.statements_of(event_type) {
                changed.insert(event_type.to_owned());
            }
        }
        let texts = |d: &Definition| -> BTreeSet<(String, String)> {
            let text = |f: &SourceFile| f.text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
            d.upcasters.iter().map(|file| (name_of(file), text(file))).collect()
        };
        if texts(self) != texts(other) {
            // What one file says of its type, another may lead to.
            changed.extend(both.iter().flat_map(|p| p.upcasters.types()).map(str::to_owned));
        }
        let sources =
            |parsed: &Parsed| parsed.upcasters.sources_of(changed.iter().map(String::as_str));
        Ok(Some(both.iter().flat_map(|parsed| sources(parsed)).collect()))
    }

    /// The stored form.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self)
            .unwrap_or_else(|e| unreachable!("strings and enums always serialise: {e}"))
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// It was written by a version of regrow that knows more.
    pub fn from_json(text: &str) -> Result<Definition, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// The name of a file, without its folder.
fn name_of(file: &SourceFile) -> String {
    file.path.rsplit('/').next().unwrap_or_default().to_owned()
}
