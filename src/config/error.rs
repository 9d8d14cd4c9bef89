//! What can be wrong with `config.toml` and what goes before it.

use crate::ident::IdentError;
use crate::source::Place;

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
    /// A schema is one that is used for something else.
    #[error("{file}: [{section}] schema: {schema} is the schema of {of}")]
    TakenSchema {
        /// The file.
        file: String,
        /// The section.
        section: &'static str,
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
    /// There is no environment of that name.
    #[error("{by}: there is no environment {name}{}", environments(.known, .nearest.as_deref()))]
    Environment {
        /// What chose it.
        by: &'static str,
        /// The name.
        name: String,
        /// The names there are.
        known: Vec<String>,
        /// The one that was likely meant.
        nearest: Option<String>,
    },
    /// An environment has environments.
    #[error("{file}: [environments.{name}] has environments itself")]
    Nested {
        /// The file.
        file: String,
        /// The environment.
        name: String,
    },
    /// A variable's value cannot be that of its key.
    #[error("{name}: {reason}")]
    Variable {
        /// The variable.
        name: String,
        /// Why.
        reason: String,
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

fn environments(known: &[String], nearest: Option<&str>) -> String {
    match (nearest, known) {
        (Some(nearest), _) => format!("; did you mean {nearest}?"),
        (None, []) => ": config.toml has no section [environments.NAME]".into(),
        (None, known) => format!("; config.toml has {}", known.join(", ")),
    }
}
