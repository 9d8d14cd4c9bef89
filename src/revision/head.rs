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
/// its offset, since counting lines for each would take for ever in a long head. A comment between `/*` and
/// `*/`, such as a licence, may stand before and between them.
fn lines(file: &SourceFile) -> impl Iterator<Item = (usize, &str, &str)> {
    let (mut end, mut depth) = (0, 0);
    file.text
        .split_inclusive('\n')
        .map_while(move |line| {
            end += line.len();
            let text = line.trim_start_matches('\u{feff}').trim();
            if depth > 0 || text.starts_with("/*") {
                return after_block(text, &mut depth).is_empty().then_some((0, ""));
            }
            (text.is_empty() || text.starts_with("--")).then_some((end - line.len(), text))
        })
        .filter_map(|(offset, line)| {
            let (key, value) = line.strip_prefix("--")?.trim().split_once(':')?;
            Some((offset, key.trim(), value.trim()))
        })
}

/// What stands behind the last `*/` of a line; `depth` is how many comments are open, which lie in one another.
fn after_block<'l>(line: &'l str, depth: &mut usize) -> &'l str {
    let mut rest = line;
    loop {
        let (opens, closes) = (rest.find("/*"), rest.find("*/"));
        match (opens, closes) {
            (Some(open), close) if close.is_none_or(|close| open < close) => {
                if *depth == 0 && !rest[..open].trim().is_empty() {
                    return rest;
                }
                *depth += 1;
                rest = &rest[open + 2..];
            }
            (_, Some(close)) if *depth > 0 => {
                *depth -= 1;
                rest = &rest[close + 2..];
            }
            _ if *depth > 0 => return "",
            _ => return rest.trim(),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_may_stand_above_the_head() {
        for (above, is_read) in [
            ("", true),
            ("/* licence */\n", true),
            ("/*\n * Licence -- of /* many */ lines\n */\n\n-- words\n", true),
            ("\u{feff}/* a */ /* b */\n", true),
            ("/* never closed\n", false),
            ("/* a */ SELECT 1;\n", false),
            ("SELECT 1; /* a */\n", false),
        ] {
            let text = format!("{above}-- transaction: none\nVACUUM;\n");
            let head = Head::read(&SourceFile::new("V1__a.sql", text.clone())).ok().unwrap();
            assert_eq!(head.outside_transaction, is_read, "{text}");
        }
    }
}
