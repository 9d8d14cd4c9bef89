//! Drafts: the files of a revision that is about to be written.
//!
//! Owns the choice of a version, the slug, and the text of the head. It writes no file.

use super::{HEAD_KEYS, Lineage};

/// The longest slug, in characters: file names stay readable.
const MAX_SLUG: usize = 40;

/// From here on a version is a UTC timestamp (`YYYYMMDDHHMMSS`), below it a small integer.
const FIRST_TIMESTAMP: i64 = 19_000_101_000_000;

/// A revision that has no file yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// The lineage it is for.
    pub lineage: String,
    /// Its version.
    pub version: i64,
    /// When it is written, `YYYYMMDDHHMMSS`; 0 says nothing.
    pub created: i64,
    /// What it is about, as it was typed.
    pub message: String,
    /// Its parents; none begins a history of its own.
    pub revises: Vec<i64>,
    /// What else must have run: `event_store@3`.
    pub depends_on: Vec<String>,
    /// Names for its branch.
    pub labels: Vec<String>,
    /// Its SQL.
    pub up: String,
    /// Its way back.
    pub down: String,
}

impl Draft {
    /// The stem of its files.
    #[must_use]
    pub fn stem(&self) -> String {
        format!("V{}__{}", self.version, slug(&self.message))
    }

    /// The text of its file.
    #[must_use]
    pub fn up_text(&self) -> String {
        let message = self.message.replace(['\n', '\r'], " ");
        // What reads like a line of the head must not become one.
        let key = message.split(':').next().map(str::trim).unwrap_or_default();
        let about = if HEAD_KEYS.contains(&key) || key == "lint" { "about: " } else { "" };
        let mut text = format!("-- {about}{message}\n");
        let mut line = |key: &str, values: &[String]| {
            if !values.is_empty() {
                text.push_str(&format!("-- {key}: {}\n", values.join(", ")));
            }
        };
        if let (1.., day) = (self.created, self.created / 1_000_000) {
            let (year, month, day) = (day / 10_000, day / 100 % 100, day % 100);
            line("created", &[format!("{year:04}-{month:02}-{day:02}")]);
        }
        line("lineage", std::slice::from_ref(&self.lineage));
        let revises: Vec<String> = match self.revises.as_slice() {
            [] => vec!["base".into()],
            versions => versions.iter().map(ToString::to_string).collect(),
        };
        line("revises", &revises);
        line("depends-on", &self.depends_on);
        line("labels", &self.labels);
        format!("{text}\n{}", self.up)
    }

    /// The text of its down file.
    #[must_use]
    pub fn down_text(&self) -> String {
        format!("-- the way back from {}\n\n{}", self.stem(), self.down)
    }
}

/// The version of a new revision: the number behind the last where a lineage counts its
/// revisions, else the moment it is written, and always later than all there are.
#[must_use]
pub fn next_version(lineage: &Lineage, now: i64) -> i64 {
    let last = lineage.revisions.iter().map(|r| r.version).max().unwrap_or(0);
    if last < FIRST_TIMESTAMP && !lineage.revisions.is_empty() {
        last + 1
    } else {
        now.max(last + 1)
    }
}

/// A message as the part of a file's name behind `__`.
#[must_use]
pub fn slug(message: &str) -> String {
    let mut slug = String::new();
    for word in message.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        if !slug.is_empty() && slug.chars().count() + 1 + word.chars().count() > MAX_SLUG {
            break;
        }
        if !slug.is_empty() {
            slug.push('_');
        }
        slug.extend(word.chars().take(MAX_SLUG));
    }
    if slug.is_empty() { "revision".into() } else { slug }
}
