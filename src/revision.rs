//! Revisions: the files of a lineage, and the graph they make.
//!
//! Reads refinery's file names and the comment head of a revision, and puts a
//! lineage in order. It reads no files and asks no database.
//!
//! | room | what it turns into what |
//! |---|---|
//! | `head` | comment lines into what a revision says of itself |
//! | `near` | comment lines that are nearly those of a head |
//! | `foreign` | other tools' names and comments into what to do about them |
//! | `graph` | revisions into heads, ancestors, branch points |
//! | [`target`] | what was typed into a [`Target`](target::Target) |
//! | `route` | a target and what was applied into the revisions to run |
//! | [`draft`] | a message into a new revision's files |

pub mod draft;
mod foreign;
mod graph;
mod head;
mod heading;
mod marks;
mod near;
mod route;
pub mod target;

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

pub(crate) use self::foreign::{Marker, looks_like_a_revision, marker};
pub(crate) use self::head::KEYS as HEAD_KEYS;
use self::head::{Head, Revises};
pub(crate) use self::near::near_keys;
pub use self::route::{Direction, Stamp};
pub use crate::ddl::Change;
use crate::handler::without_comments;
use crate::source::{Place, SourceFile};

/// The name of the event store's lineage.
pub const EVENT_STORE: &str = "event_store";

/// One migration of a lineage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The version in the file's name: a small integer or a UTC timestamp.
    pub version: i64,
    /// The text after `__`, letters, digits and underscores.
    pub slug: String,
    /// The SQL that is run, the whole file.
    pub up: SourceFile,
    /// The way back, where somebody wrote one.
    pub down: Option<SourceFile>,
    /// Its parents: the versions of `-- revises:`, or the revision before it. None: a first one.
    pub revises: Vec<i64>,
    /// What else must have run before it: `-- depends-on:`.
    pub depends_on: Vec<Dependency>,
    /// Names its branch goes by: `-- labels:`.
    pub labels: Vec<String>,
    /// Whether the head says `-- transaction: none`.
    pub outside_transaction: bool,
    /// Whether the head of the way back says so.
    pub down_outside_transaction: bool,
    /// What `-- change:` says it does to a build that has rows.
    pub change: Option<Change>,
    /// The id of Alembic's after which a schema is as it is after this revision: `-- alembic:`.
    pub alembic: Option<String>,
}

/// A revision that must have run before another: `event_store@20260228`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The lineage it is in; none is the own one.
    pub lineage: Option<String>,
    /// Its version.
    pub version: i64,
    /// Where it is asked for.
    pub place: Place,
}

impl Dependency {
    fn parse(text: &str, place: &Place) -> Result<Dependency, String> {
        let (lineage, version) = match text.split_once('@') {
            Some((lineage, version)) => (Some(lineage.to_owned()), version),
            None => (None, text),
        };
        let version = version
            .trim_start_matches('V')
            .parse()
            .map_err(|_| format!("'{text}' is not a version; it looks like event_store@3"))?;
        Ok(Dependency { lineage, version, place: place.clone() })
    }
}

/// The revisions of one schema, each after its parents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lineage {
    /// `event_store` or a projection's name.
    pub name: String,
    /// The revisions in the order they run.
    // Invariant: a revision stands behind its parents and its dependencies of this lineage.
    pub revisions: Vec<Revision>,
}

/// Why files are not a lineage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevisionError {
    /// The file's name is not a revision's.
    #[error("{path}: {}", foreign::why_no_revision(.path))]
    Name {
        /// The file.
        path: String,
    },
    /// A file that looks like a revision lies where none is read.
    #[error("{path}: nothing is read there; the revisions of {lineage} lie in {folder}")]
    Elsewhere {
        /// The file.
        path: String,
        /// The lineage it may belong to.
        lineage: String,
        /// Where its revisions lie.
        folder: String,
    },
    /// The version does not fit into 63 bits.
    #[error("{path}: the version is too large")]
    Version {
        /// The file.
        path: String,
    },
    /// Two files have one version.
    #[error("{first} and {second} have the same version")]
    Repeated {
        /// One file.
        first: String,
        /// The other.
        second: String,
    },
    /// A down file without its revision.
    #[error("{path}: there is no revision of this version to go back from")]
    DownAlone {
        /// The file.
        path: String,
    },
    /// A line of the head cannot be read.
    #[error("{place}: {reason}")]
    Head {
        /// Where.
        place: Place,
        /// Why.
        reason: String,
    },
    /// The head names another lineage than the folder.
    #[error("{place}: it says it is of the lineage {says}, and lies in that of {lies_in}")]
    Astray {
        /// Where.
        place: Place,
        /// The lineage it names.
        says: String,
        /// The lineage of its folder.
        lies_in: String,
    },
    /// Two revisions have one label.
    #[error("{first} and {second} have the same label, {label}")]
    Label {
        /// One file.
        first: String,
        /// The other.
        second: String,
        /// The label.
        label: String,
    },
    /// `revises` or `depends-on` names a revision that does not exist.
    #[error("{place}: it {verb} {parent}, and there is no such revision")]
    NoParent {
        /// Where it says so.
        place: Place,
        /// `revises` or `depends on`.
        verb: &'static str,
        /// The version it names.
        parent: i64,
    },
    /// Revisions come after one another in a circle.
    #[error(
        "{place}: it comes after {parent}, which comes after it: a circle. A revision whose head says no \
         revises comes after the one with the next lower version: rename the file to a later version, or \
         say what each comes after with a line -- revises: VERSION"
    )]
    Circle {
        /// Where one of them says so.
        place: Place,
        /// A version it comes after.
        parent: i64,
    },
}

impl Revision {
    /// A revision without a head, as those that the program carries itself.
    #[must_use]
    pub fn plain(version: i64, slug: &str, up: SourceFile) -> Revision {
        Revision {
            version,
            slug: slug.to_owned(),
            up,
            down: None,
            revises: Vec::new(),
            depends_on: Vec::new(),
            labels: Vec::new(),
            outside_transaction: false,
            down_outside_transaction: false,
            change: None,
            alembic: None,
        }
    }

    /// The file's stem, such as `V1__events`: what refinery calls a migration.
    #[must_use]
    pub fn stem(&self) -> String {
        format!("V{}__{}", self.version, self.slug)
    }

    /// The file that runs in a direction, and whether it runs outside a transaction.
    #[must_use]
    pub fn script(&self, direction: Direction) -> Option<(&SourceFile, bool)> {
        match direction {
            Direction::Up => Some((&self.up, self.outside_transaction)),
            // An empty way back is none: it would leave everything where it is and say that it is gone.
            Direction::Down if self.is_way_back_empty() => None,
            Direction::Down => Some((self.down.as_ref()?, self.down_outside_transaction)),
        }
    }

    /// Whether there is a down file without a statement, although there is something to take back.
    #[must_use]
    pub fn is_way_back_empty(&self) -> bool {
        let says_nothing = |file: &SourceFile| without_comments(&file.text).trim().is_empty();
        self.down.as_ref().is_some_and(says_nothing) && !says_nothing(&self.up)
    }

    /// What it is about, in its author's words: the first comment of its file that is no key's.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.first_comments().find_map(|comment| {
            let key = comment.split_once(':').map_or("", |(key, _)| key.trim());
            let is_key = HEAD_KEYS.contains(&key) || matches!(key, "lint" | "created");
            let text = comment.strip_prefix("about:").unwrap_or(comment).trim();
            (!is_key && !text.is_empty()).then_some(text)
        })
    }

    /// The day it was written, by its version where that is a timestamp, else by its file.
    #[must_use]
    pub fn created(&self) -> Option<String> {
        let digits = self.version.to_string();
        if digits.len() == 14 {
            return Some(format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8]));
        }
        let mut comments = self.first_comments();
        comments.find_map(|comment| Some(comment.strip_prefix("created:")?.trim().to_owned()))
    }

    fn first_comments(&self) -> impl Iterator<Item = &str> {
        let lines = self.up.text.lines().map(|line| line.trim_start_matches('\u{feff}').trim());
        let lines = lines.filter(|line| !line.is_empty());
        lines.map_while(|line| line.strip_prefix("--")).map(str::trim)
    }

    /// Where its head has a key, such as `change`; the beginning of its file where it has not.
    #[must_use]
    pub fn head_place(&self, key: &str) -> Place {
        head::place_of(&self.up, key)
    }

    /// The versions of its own lineage that come before it.
    pub fn parents(&self) -> impl Iterator<Item = i64> {
        let own = self.depends_on.iter().filter(|d| d.lineage.is_none());
        self.revises.iter().copied().chain(own.map(|d| d.version))
    }

    /// SHA-256, in hex, of its text as it counts: comments, blanks between tokens, a byte order
    /// mark and the kind of line ends do not change it.
    #[must_use]
    pub fn normal_checksum(&self) -> String {
        let digest = Sha256::digest(without_comments(&self.up.text));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn parse(lineage: &str, file: SourceFile) -> Result<(Revision, Revises), RevisionError> {
        lies_right(lineage, &file.path)?;
        let (version, slug) = parse_name(&file.path)?;
        let head = Head::read(&file)?;
        if let Some((says, place)) = head.lineage
            && says != lineage
        {
            return Err(RevisionError::Astray { place, says, lies_in: lineage.to_owned() });
        }
        let own = |mut d: Dependency| {
            d.lineage = d.lineage.filter(|l| l != lineage);
            d
        };
        let revision = Revision {
            depends_on: head.depends_on.into_iter().map(own).collect(),
            labels: head.labels,
            outside_transaction: head.outside_transaction,
            change: head.change,
            alembic: head.alembic,
            ..Revision::plain(version, &slug, file)
        };
        Ok((revision, head.revises))
    }
}

impl Lineage {
    /// Puts the files of one lineage in order. Files that end in `.down.sql` are the way back.
    ///
    /// # Errors
    /// Every file that does not fit, all at once.
    pub fn load(name: &str, files: Vec<SourceFile>) -> Result<Lineage, Vec<RevisionError>> {
        let mut errors = Vec::new();
        let mut found: BTreeMap<i64, (Revision, Revises)> = BTreeMap::new();
        let (downs, ups): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|f| f.path.ends_with(".down.sql"));
        for file in ups {
            match Revision::parse(name, file) {
                Err(error) => errors.push(error),
                Ok((revision, revises)) => {
                    if let Some((other, _)) = found.get(&revision.version) {
                        let first = other.up.path.clone();
                        errors.push(RevisionError::Repeated { first, second: revision.up.path });
                    } else {
                        found.insert(revision.version, (revision, revises));
                    }
                }
            }
        }
        for file in downs {
            let right = lies_right(name, &file.path);
            let read = right
                .and_then(|()| parse_name(&file.path))
                .and_then(|name| Ok((name.0, Head::read(&file)?)));
            match read.map(|(version, head)| (found.get_mut(&version), head)) {
                Err(error) => errors.push(error),
                Ok((None, _)) => errors.push(RevisionError::DownAlone { path: file.path }),
                Ok((Some((revision, _)), head)) => {
                    revision.down = Some(file);
                    revision.down_outside_transaction = head.outside_transaction;
                }
            }
        }
        let revisions = with_parents(found);
        check_labels(&revisions, &mut errors);
        let revisions = in_order(revisions, &mut errors);
        if errors.is_empty() {
            Ok(Lineage { name: name.to_owned(), revisions })
        } else {
            Err(errors)
        }
    }
}

/// A revision that names no parent has the one before it.
fn with_parents(found: BTreeMap<i64, (Revision, Revises)>) -> BTreeMap<i64, Revision> {
    let mut before = None;
    let parented = |(version, (mut revision, revises)): (i64, (Revision, Revises))| {
        revision.revises = match revises {
            Revises::Before => before.into_iter().collect(),
            Revises::Base => Vec::new(),
            Revises::Versions(versions) => versions,
        };
        before = Some(version);
        (version, revision)
    };
    found.into_iter().map(parented).collect()
}

fn check_labels(revisions: &BTreeMap<i64, Revision>, errors: &mut Vec<RevisionError>) {
    let mut owners: BTreeMap<&str, &Revision> = BTreeMap::new();
    for revision in revisions.values() {
        for label in &revision.labels {
            if let Some(other) = owners.insert(label, revision) {
                errors.push(RevisionError::Label {
                    first: other.up.path.clone(),
                    second: revision.up.path.clone(),
                    label: label.clone(),
                });
            }
        }
    }
}

/// Parents first; between revisions that are both free to run, the lower version.
fn in_order(
    mut waiting: BTreeMap<i64, Revision>,
    errors: &mut Vec<RevisionError>,
) -> Vec<Revision> {
    let known: BTreeSet<i64> = waiting.keys().copied().collect();
    let mut children: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut missing: BTreeMap<i64, usize> = BTreeMap::new();
    let mut free = BTreeSet::new();
    for revision in waiting.values() {
        let parents: BTreeSet<i64> = revision.parents().collect();
        for parent in parents.difference(&known) {
            let (verb, key) = match revision.revises.contains(parent) {
                true => ("revises", "revises"),
                false => ("depends on", "depends-on"),
            };
            let place = head::place_of(&revision.up, key);
            errors.push(RevisionError::NoParent { place, verb, parent: *parent });
        }
        for parent in &parents {
            children.entry(*parent).or_default().push(revision.version);
        }
        missing.insert(revision.version, parents.len());
        if parents.is_empty() {
            free.insert(revision.version);
        }
    }
    let mut ordered = Vec::with_capacity(waiting.len());
    while let Some(next) = free.pop_first() {
        ordered.extend(waiting.remove(&next));
        for child in children.remove(&next).unwrap_or_default() {
            if let Some(left) = missing.get_mut(&child) {
                *left -= 1;
                if *left == 0 {
                    free.insert(child);
                }
            }
        }
    }
    if errors.is_empty() {
        errors.extend(circle(&waiting));
    }
    ordered
}

/// A circle among revisions that all wait: from any of them back until one is met again.
fn circle(waiting: &BTreeMap<i64, Revision>) -> Option<RevisionError> {
    let mut met = BTreeSet::new();
    let mut at = waiting.values().next()?;
    loop {
        let parent = at.parents().find_map(|p| waiting.get(&p))?;
        if !met.insert(at.version) {
            let revises = at.revises.contains(&parent.version);
            let key = if revises { "revises" } else { "depends-on" };
            let place = head::place_of(&at.up, key);
            return Some(RevisionError::Circle { place, parent: parent.version });
        }
        at = parent;
    }
}

/// Refuses a file of the project that lies beside the folder of its lineage.
fn lies_right(lineage: &str, path: &str) -> Result<(), RevisionError> {
    let mut parts = path.split('/');
    let (lies_right, folder) = match (lineage, parts.next()) {
        (EVENT_STORE, Some("migrations")) => {
            (parts.next() == Some(EVENT_STORE), format!("migrations/{EVENT_STORE}"))
        }
        (projection, Some("projections")) if projection != EVENT_STORE => {
            (parts.nth(1) == Some("schema"), format!("projections/{projection}/schema"))
        }
        _ => return Ok(()),
    };
    if lies_right {
        return Ok(());
    }
    let (path, lineage) = (path.to_owned(), lineage.to_owned());
    Err(RevisionError::Elsewhere { path, lineage, folder })
}

fn parse_name(path: &str) -> Result<(i64, String), RevisionError> {
    let bad = || RevisionError::Name { path: path.to_owned() };
    let file_name = path.rsplit('/').next().unwrap_or(path);
    let stem = file_name
        .strip_suffix(".down.sql")
        .or_else(|| file_name.strip_suffix(".sql"))
        .ok_or_else(bad)?;
    let (version, slug) =
        stem.strip_prefix('V').and_then(|rest| rest.split_once("__")).ok_or_else(bad)?;
    let digits = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
    let words = !slug.is_empty() && slug.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !digits || !words {
        return Err(bad());
    }
    let version = version.parse().map_err(|_| RevisionError::Version { path: path.to_owned() })?;
    Ok((version, slug.to_owned()))
}

#[cfg(test)]
mod tests;
