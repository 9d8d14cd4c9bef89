//! First drafts: a projection and upcasters with the fields that the log's events have.
//!
//! The log is read and the files are written; nothing else is. A draft is looked at by the same readers as any file of
//! the project before it is written, and no file that is there is touched, but for a step that is put behind the last of
//! an upcaster's file. What a draft leaves out is told.

mod columns;
mod event;
mod fields;
mod projection;

use crate::context::{Context, ContextError};
use crate::log::LogError;
use crate::pg::PgError;
use crate::project::ProjectError;
use crate::report::file::{DraftReport, FieldReport, TypeReport};

pub use columns::Column;
pub use event::{event, version};
pub use projection::projection;

/// Events that are looked into at the most.
const MOST_EVENTS: u64 = 1_000_000;
/// Types that a draft of a projection handles at the most.
const MOST_TYPES: usize = 50;
/// Columns that a draft of a table has at the most, beside its own.
const MOST_COLUMNS: usize = 200;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The log could not be opened.
    #[error(transparent)]
    Context(#[from] ContextError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The project's files cannot be read, or the draft's not be written.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// Upcasters, or the draft, have mistakes: one line each.
    #[error("{}", .0.join("\n"))]
    Files(Vec<String>),
    /// A file or folder of that name is there.
    #[error("{path} is there already, and nothing is overwritten")]
    There {
        /// What is there.
        path: String,
    },
    /// The log is empty, and no type was named.
    #[error("the log has no event, so it does not say which types there are")]
    NoEvents {
        /// The projection.
        name: String,
    },
    /// There are too many types for a draft of all of them.
    #[error("the log has events of {} types, and a draft takes {MOST_TYPES} at the most", .types.len())]
    TooMany {
        /// The projection.
        name: String,
        /// The types, as handlers see them.
        types: Vec<String>,
    },
    /// The type that was named is another one for handlers.
    #[error("no handler sees events of {event_type}: its upcasters make {becomes} of them")]
    Becomes {
        /// The type.
        event_type: String,
        /// What becomes of its events.
        becomes: String,
    },
    /// A type's name cannot stand in the files.
    #[error("the type {event_type:?} cannot be named in a file: {reason}")]
    Name {
        /// The type.
        event_type: String,
        /// Why.
        reason: String,
    },
    /// Another step cannot follow the last.
    #[error("no step can follow the last one of {event_type}: {reason}")]
    NoStep {
        /// The type.
        event_type: String,
        /// Why.
        reason: String,
        /// The step, to be put in by hand.
        step: Option<String>,
    },
    /// The type has its file.
    #[error("{event_type} has upcasters already, in {path}")]
    Known {
        /// The type.
        event_type: String,
        /// Its file.
        path: String,
    },
    /// Somebody asked to stop.
    #[error("interrupted; nothing was written")]
    Interrupted,
}

/// What was written.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// The files that are new, by their paths in the project.
    pub files: Vec<String>,
    /// A file that has one more step.
    pub extended: Option<String>,
    /// Each event type that was looked at.
    pub types: Vec<TypeFields>,
    /// What is to be known of the draft.
    pub notes: Vec<String>,
}

/// An event type and its fields.
#[derive(Debug, Clone)]
pub struct TypeFields {
    /// Its name, as handlers see it.
    pub event_type: String,
    /// How many events were looked into.
    pub events: u64,
    /// Its fields that the draft has.
    pub fields: Vec<Column>,
}

impl Written {
    /// What was written; `next` is the command that comes next.
    #[must_use]
    pub fn report(&self, next: &str) -> DraftReport {
        DraftReport {
            written: self.files.clone(),
            extended: self.extended.clone(),
            types: self.types.iter().map(TypeFields::report).collect(),
            notes: self.notes.clone(),
            next: next.to_owned(),
        }
    }
}

impl TypeFields {
    fn report(&self) -> TypeReport {
        let fields = self.fields.iter().map(|column| FieldReport {
            path: column.path.clone(),
            column: column.name.clone(),
            sql_type: column.sql_type,
            parameter: column.param.clone(),
            missing: column.missing,
            nulls: column.nulls,
        });
        TypeReport {
            event_type: self.event_type.clone(),
            events: self.events,
            fields: fields.collect(),
        }
    }
}

/// Writes files that are not there yet, all of them or none.
fn write_all(context: &Context, files: &[(String, String)]) -> Result<Vec<String>, ScaffoldError> {
    for (path, _) in files {
        if context.project.is_taken(path) {
            return Err(ScaffoldError::There { path: path.clone() });
        }
    }
    for (path, text) in files {
        context.project.write_new(path, text)?;
    }
    Ok(files.iter().map(|(path, _)| path.clone()).collect())
}

/// A string of TOML.
fn toml_string(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
