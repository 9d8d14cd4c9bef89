//! What goes before what: a variable before the environment that was chosen before the rest of the file.

use super::{Config, ConfigError, keys, plain_reason};
use crate::source::SourceFile;
use crate::spelling;

/// An environment that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Its name.
    pub name: String,
    /// What chose it: `--env` or a variable.
    pub by: &'static str,
}

/// What goes before the file.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// The environment that is meant.
    pub environment: Option<Chosen>,
    /// Variables and what they say: `REGROW_LEDGER_SCHEMA`.
    pub variables: Vec<(String, String)>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nothing said it.
    Default,
    /// A section of the file.
    File,
    /// A section of `[environments.NAME]`.
    Environment(String),
    /// A variable.
    Variable(String),
}

impl Config {
    /// Reads the file, and what goes before it.
    ///
    /// # Errors
    /// The first thing wrong with the file, with its place; an environment that is not there; a variable whose
    /// value cannot be that of its key.
    pub fn parse_with(file: &SourceFile, overrides: &Overrides) -> Result<Config, ConfigError> {
        let wrong = |e: toml::de::Error| ConfigError::Syntax {
            place: file.place(e.span().map_or(0, |s| s.start)),
            reason: plain_reason(e.message()),
        };
        let read: Config = toml::from_str(&file.text).map_err(wrong)?;
        read.check(&file.path)?;
        let mut sections: toml::Table = toml::from_str(&file.text).map_err(wrong)?;
        let environments = match sections.remove("environments") {
            Some(toml::Value::Table(all)) => all,
            _ => toml::Table::new(),
        };
        // Each of them, so that what is wrong with production's is told where it is written.
        for (name, above) in &environments {
            let of = format!("{}: [environments.{name}]", file.path);
            if read.environments.get(name).is_some_and(|own| !own.environments.is_empty()) {
                return Err(ConfigError::Nested { file: file.path.clone(), name: name.clone() });
            }
            if let toml::Value::Table(above) = above {
                let mut merged = sections.clone();
                keys::lay_over(&mut merged, above);
                Config::of(merged, &of)?;
            }
        }
        let chosen = match &overrides.environment {
            None => None,
            Some(chosen) => match environments.get(&chosen.name) {
                Some(toml::Value::Table(own)) => Some((chosen, own)),
                _ => {
                    let known: Vec<String> = environments.keys().cloned().collect();
                    let nearest = spelling::nearest(&chosen.name, known.iter().map(String::as_str));
                    let nearest = nearest.map(str::to_owned);
                    let (by, name) = (chosen.by, chosen.name.clone());
                    return Err(ConfigError::Environment { by, name, known, nearest });
                }
            },
        };
        let mut merged = sections.clone();
        if let Some((_, own)) = chosen {
            keys::lay_over(&mut merged, own);
        }
        let is_there = merged.contains_key("database");
        keys::lay_variables_over(&mut merged, overrides)?;
        let names: Vec<&str> = overrides.variables.iter().map(|(name, _)| name.as_str()).collect();
        let of = match names.is_empty() {
            true => file.path.clone(),
            false => format!("{} with {}", file.path, names.join(", ")),
        };
        let mut config = Config::of(merged, &of)?;
        config.database.is_there = is_there;
        config.environments = read.environments;
        config.environment.clone_from(&overrides.environment);
        for key in keys::Key::all() {
            match keys::origin(key, &sections, chosen, overrides) {
                Origin::Default => {}
                origin => drop(config.origins.insert(key.path(), origin)),
            }
        }
        Ok(config)
    }

    /// Sections that were read already, and laid over one another.
    fn of(sections: toml::Table, file: &str) -> Result<Config, ConfigError> {
        let config: Config = sections.try_into().map_err(|e: toml::de::Error| {
            ConfigError::Variable { name: file.to_owned(), reason: plain_reason(e.message()) }
        })?;
        config.check(file)?;
        Ok(config)
    }

    /// Where a key's value comes from.
    #[must_use]
    pub fn origin(&self, path: &str) -> &Origin {
        self.origins.get(path).unwrap_or(&Origin::Default)
    }
}
