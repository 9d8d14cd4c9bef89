//! What came out, written as what is expected.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::rows::Table;
use crate::failure::Failure;

/// A test's file: what is given, and then every table's rows and the events that failed.
#[must_use]
pub(super) fn file(given: &str, tables: &BTreeMap<String, Table>, refused: &[Failure]) -> String {
    let mut text = format!("{}\n", given.trim_end());
    let empty: Vec<&String> =
        tables.iter().filter(|(_, table)| table.rows.is_empty()).map(|(name, _)| name).collect();
    if !empty.is_empty() {
        text.push_str("\n[expect]\n");
        for name in empty {
            let _ = writeln!(text, "{} = []", key(name));
        }
    }
    for (name, table) in tables {
        for row in &table.rows {
            let _ = writeln!(text, "\n[[expect.{}]]", key(name));
            for (column, value) in table.columns.iter().zip(row) {
                let value = match value {
                    None => "{ null = true }".to_owned(),
                    Some(value) => plain(&column.ty, value),
                };
                let _ = writeln!(text, "{} = {value}", key(&column.name));
            }
        }
    }
    for failure in refused {
        let _ = writeln!(
            text,
            "\n[[refused]]\nevent = {}\ncode = {}",
            failure.position,
            string(failure.code.name())
        );
    }
    text
}

/// A value of a column as TOML: numbers and truth values bare, everything else a string.
fn plain(ty: &str, value: &str) -> String {
    match (ty, value) {
        ("smallint" | "integer" | "bigint", _) => value.to_owned(),
        ("boolean", "true" | "t") => "true".to_owned(),
        ("boolean", "false" | "f") => "false".to_owned(),
        _ => string(value),
    }
}

/// A string of TOML.
pub(super) fn string(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A key of TOML.
pub(super) fn key(name: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match !name.is_empty() && name.chars().all(is_bare) {
        true => name.to_owned(),
        false => serde_json::Value::from(name).to_string(),
    }
}
