//! The keys of `config.toml` by name, and the variable of each.
//!
//! Owns which keys there are, which of them are text, and the name of the variable that says the same. A test holds
//! the list to what the file is read into.

use super::{Chosen, Config, ConfigError, Origin, Overrides, plain_reason};
use crate::spelling;

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Its section: `event_store.adopt`.
    pub section: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// Every section with its keys; those before the bar are text, and a variable is taken word for word.
const SECTIONS: [(&str, &str); 10] = [
    ("database", "url url_command | reconnect_s"),
    ("read_models", "url url_command schema |"),
    ("ledger", "schema |"),
    ("event_store", "schema name | read_from"),
    (
        "event_store.adopt",
        "preset table where position stream_id stream_version tenant type schema_version payload metadata recorded_at \
         sequence order gaps | position_offset types writers",
    ),
    ("migrate", "role | lock_timeout_ms lock_budget_s statement_timeout_s"),
    (
        "rebuild",
        "| batch_events batch_bytes max_payload_bytes max_payload_depth range_positions memory_budget \
         checkpoint_interval_s promote_lock_timeout_ms promote_budget_s barrier_timeout_s long_transaction_s workers \
         keep_retired max_rate max_replica_lag max_wal_per_s",
    ),
    ("follow", "| poll_ms check_interval_s"),
    ("service", "listen | poll_ms max_lag"),
    ("hooks", "| after_promote timeout_s"),
];

/// What the variables of keys begin with.
pub const PREFIX: &str = "REGROW_";

impl Key {
    /// All keys, in the order of the file.
    pub fn all() -> impl Iterator<Item = Key> {
        SECTIONS.iter().flat_map(|(section, keys)| {
            let names = keys.split_whitespace().filter(|word| *word != "|");
            names.map(|name| Key { section, name })
        })
    }

    /// The key that a variable says.
    #[must_use]
    pub fn of_variable(variable: &str) -> Option<Key> {
        Key::all().find(|key| key.variable() == variable)
    }

    /// The variable that says it: `REGROW_REBUILD_BATCH_EVENTS`.
    #[must_use]
    pub fn variable(self) -> String {
        format!("{PREFIX}{}_{}", self.section.replace('.', "_"), self.name).to_uppercase()
    }

    /// `rebuild.batch_events`
    #[must_use]
    pub fn path(self) -> String {
        format!("{}.{}", self.section, self.name)
    }

    fn is_text(self) -> bool {
        let keys = SECTIONS.iter().find(|(section, _)| *section == self.section);
        let text = keys.and_then(|(_, keys)| keys.split('|').next()).unwrap_or_default();
        text.split_whitespace().any(|name| name == self.name)
    }

    /// The value that a variable's text is: text, or else TOML (`5000`, `["a", "b"]`), or a word of its own (`1GiB`, `30s`).
    fn value(self, text: &str) -> toml::Value {
        if !self.is_text() {
            let line = format!("value = {text}");
            let read = toml::from_str::<toml::Table>(&line).ok();
            if let Some(value) = read.and_then(|mut table| table.remove("value")) {
                return value;
            }
        }
        toml::Value::String(text.to_owned())
    }
}

/// The key that a variable was likely meant to say, by its variable.
#[must_use]
pub fn nearest_variable(variable: &str) -> Option<String> {
    let all: Vec<String> = Key::all().map(Key::variable).collect();
    spelling::nearest(variable, all.iter().map(String::as_str)).map(str::to_owned)
}

/// Whether a variable's name begins as that of a section's keys.
#[must_use]
pub fn begins_as_a_section(variable: &str) -> bool {
    let begins = |section: &str| {
        let begin = format!("{PREFIX}{}_", section.replace('.', "_")).to_uppercase();
        variable.starts_with(&begin)
    };
    SECTIONS.iter().any(|(section, _)| begins(section))
}

/// Puts the sections of an environment over those of the file.
pub(super) fn lay_over(below: &mut toml::Table, above: &toml::Table) {
    one_address(below, above);
    for (key, value) in above {
        match (below.get_mut(key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => lay_over(below, above),
            _ => drop(below.insert(key.clone(), value.clone())),
        }
    }
}

/// A section says its address once: `url` above takes the place of `url_command` below, and the other way round.
fn one_address(below: &mut toml::Table, above: &toml::Table) {
    if above.contains_key("url") || above.contains_key("url_command") {
        below.remove("url");
        below.remove("url_command");
    }
}

/// Puts what variables say over a file's sections; each is read by itself, so that a mistake is told by its name.
///
/// # Errors
/// A variable names no key, or its value cannot be one.
pub(super) fn lay_variables_over(
    table: &mut toml::Table,
    overrides: &Overrides,
) -> Result<(), ConfigError> {
    let mut all = toml::Table::new();
    for (variable, text) in &overrides.variables {
        let wrong = |reason: String| ConfigError::Variable { name: variable.clone(), reason };
        let key = Key::of_variable(variable)
            .ok_or_else(|| wrong("there is no such key in config.toml".into()))?;
        if text.is_empty() {
            return Err(wrong("it is set, but empty".into()));
        }
        let mut one = toml::Table::new();
        put(&mut one, key, key.value(text));
        one.clone().try_into::<Config>().map_err(|e| wrong(plain_reason(e.message())))?;
        put(&mut all, key, key.value(text));
    }
    lay_over(table, &all);
    Ok(())
}

fn put(table: &mut toml::Table, key: Key, value: toml::Value) {
    let mut at = table;
    for section in key.section.split('.') {
        let entry = at.entry(section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        let toml::Value::Table(inner) = entry else { return };
        at = inner;
    }
    at.insert(key.name.to_owned(), value);
}

/// What a table says of a key.
pub(super) fn get(table: &toml::Table, key: Key) -> Option<&toml::Value> {
    let mut at = table;
    for section in key.section.split('.') {
        at = at.get(section)?.as_table()?;
    }
    at.get(key.name)
}

/// Where the value of a key comes from.
pub(super) fn origin(
    key: Key,
    file: &toml::Table,
    environment: Option<(&Chosen, &toml::Table)>,
    overrides: &Overrides,
) -> Origin {
    let is_said = |(name, _): &&(String, String)| *name == key.variable();
    if let Some((name, _)) = overrides.variables.iter().find(is_said) {
        return Origin::Variable(name.clone());
    }
    match environment {
        Some((chosen, table)) if get(table, key).is_some() => {
            Origin::Environment(chosen.name.clone())
        }
        _ if get(file, key).is_some() => Origin::File,
        _ => Origin::Default,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::source::SourceFile;

    /// What the reader of TOML expects in a section.
    fn expected(section: &str) -> BTreeSet<String> {
        let text = match section {
            "" => "nosuchkey = 1".to_owned(),
            section => format!("[{section}]\nnosuchkey = 1"),
        };
        let error = Config::parse(&SourceFile::new("c", text)).unwrap_err().to_string();
        let list = error.split_once("expected").unwrap().1;
        list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn every_key_of_the_file_has_a_variable() {
        for (section, keys) in SECTIONS {
            let mut listed: BTreeSet<String> =
                keys.split_whitespace().filter(|w| *w != "|").map(str::to_owned).collect();
            if section == "event_store" {
                listed.insert("adopt".into());
            }
            assert_eq!(expected(section), listed, "[{section}]");
        }
        let mut sections: BTreeSet<String> =
            SECTIONS.iter().map(|(s, _)| (*s).to_owned()).filter(|s| !s.contains('.')).collect();
        sections.insert("environments".into());
        assert_eq!(expected(""), sections);
        let variables: BTreeSet<String> = Key::all().map(Key::variable).collect();
        assert_eq!(variables.len(), Key::all().count(), "two keys have one variable");
    }

    #[test]
    fn what_is_no_text_is_read_as_toml_or_as_a_word() {
        let value = |variable: &str, text: &str| Key::of_variable(variable).unwrap().value(text);
        assert_eq!(value("REGROW_REBUILD_BATCH_EVENTS", "5"), toml::Value::Integer(5));
        assert_eq!(value("REGROW_REBUILD_MEMORY_BUDGET", "1GiB").as_str(), Some("1GiB"));
        assert_eq!(value("REGROW_LEDGER_SCHEMA", "5").as_str(), Some("5"));
        let list = value("REGROW_EVENT_STORE_ADOPT_WRITERS", "[\"a.b\"]");
        assert!(list.is_array(), "{list}");
    }

    #[test]
    fn a_misspelt_variable_is_told_with_the_nearest() {
        let near = |name: &str| nearest_variable(name);
        assert_eq!(near("REGROW_LEDGER_SHEMA").as_deref(), Some("REGROW_LEDGER_SCHEMA"));
        assert_eq!(near("REGROW_SOMETHING"), None);
        assert!(begins_as_a_section("REGROW_REBUILD_X") && !begins_as_a_section("REGROW_REBUILDS"));
    }
}
