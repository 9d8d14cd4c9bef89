//! The head of a revision: comment lines before the first statement.
//!
//! Owns its keys. A comment that is not one of them is a comment.

use super::{Change, Dependency, RevisionError};
use crate::source::{Place, SourceFile};

/// The keys of a head.
pub(crate) const KEYS: [&str; 7] =
    ["revises", "depends-on", "labels", "lineage", "transaction", "change", "alembic"];

/// What a head says.
#[derive(Default)]
pub(super) struct Head {
    pub(super) revises: Revises,
    pub(super) depends_on: Vec<Dependency>,
    pub(super) labels: Vec<String>,
    pub(super) outside_transaction: bool,
    pub(super) change: Option<Change>,
    pub(super) lineage: Option<(String, Place)>,
    pub(super) alembic: Option<String>,
}

/// `-- revises:`
#[derive(Default)]
pub(super) enum Revises {
    /// No such line: the revision before it.
    #[default]
    Before,
    /// `base`: a first revision of its own.
    Base,
    /// Those versions.
    Versions(Vec<i64>),
}

impl Head {
    /// Reads the comment lines before the first statement.
    pub(super) fn read(file: &SourceFile) -> Result<Head, RevisionError> {
        let mut head = Head::default();
        for (offset, key, value) in lines(file).filter(|(_, key, _)| KEYS.contains(key)) {
            let place = file.place(offset);
            head.line(key, value, &place)
                .map_err(|reason| RevisionError::Head { place, reason })?;
        }
        Ok(head)
    }

    /// A line with a key of ours whose value is several words is prose about a change, and
    /// stays a comment: a refinery project's files were not written with our keys in mind.
    fn line(&mut self, key: &str, value: &str, place: &Place) -> Result<(), String> {
        let words = value.split_whitespace().count();
        match key {
            "labels" if list(value).iter().any(|part| part.contains(char::is_whitespace)) => {}
            "lineage" | "alembic" if words > 1 => {}
            "alembic" => self.alembic = Some(value.to_owned()),
            "change" if words > 2 => {}
            "revises" if value == "base" => self.revises = Revises::Base,
            "revises" => self.revises = Revises::Versions(versions(value)?),
            "depends-on" => {
                for name in list(value) {
                    self.depends_on.push(Dependency::parse(&name, place)?);
                }
            }
            "labels" => self.labels = labels(value)?,
            "lineage" => self.lineage = Some((value.to_owned(), place.clone())),
            "transaction" if value == "none" => self.outside_transaction = true,
            "transaction" => return Err(format!("'transaction: {value}' is not known; 'none' is")),
            "change" => {
                self.change = Some(Change::parse(value).ok_or_else(|| {
                    format!(
                        "'change: {value}' is not known; 'in place', 'backfill' and 'rebuild' are"
                    )
                })?);
            }
            _ => {}
        }
        Ok(())
    }
}

/// The lines of a head that have a key, whether it is one of ours or not, and a value; with each
/// its offset, since counting lines for each would take for ever in a long head.
fn lines(file: &SourceFile) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut end = 0;
    file.text
        .split_inclusive('\n')
        .map(move |line| {
            end += line.len();
            (end - line.len(), line.trim_start_matches('\u{feff}').trim())
        })
        .take_while(|(_, line)| line.is_empty() || line.starts_with("--"))
        .filter_map(|(offset, line)| {
            let (key, value) = line.strip_prefix("--")?.trim().split_once(':')?;
            Some((offset, key.trim(), value.trim()))
        })
}

/// Where a head has a key; the beginning of the file where it has not.
pub(super) fn place_of(file: &SourceFile, key: &str) -> Place {
    let found = lines(file).find(|(_, k, _)| *k == key);
    file.place(found.map_or(0, |(offset, ..)| offset))
}

/// The parts between commas; what follows one in parentheses is a remark.
fn list(text: &str) -> Vec<String> {
    let text = text.split('(').next().unwrap_or(text);
    text.split(',').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

fn versions(text: &str) -> Result<Vec<i64>, String> {
    let parts = list(text);
    if parts.is_empty() {
        return Err("'revises:' names no version; 'base' begins a history of its own".into());
    }
    let version = |part: &String| {
        let digits = part.strip_prefix('V').unwrap_or(part);
        let number = if digits.bytes().all(|b| b.is_ascii_digit()) { digits } else { "" };
        number.parse().map_err(|_| format!("'{part}' is not a version"))
    };
    parts.iter().map(version).collect()
}

fn labels(text: &str) -> Result<Vec<String>, String> {
    let parts = list(text);
    for part in &parts {
        let reserved = matches!(part.as_str(), "head" | "heads" | "base" | "current");
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        if reserved || digits || !part.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return Err(format!(
                "'{part}' cannot be a label: letters, digits and underscores, no number, no target"
            ));
        }
    }
    Ok(parts)
}
