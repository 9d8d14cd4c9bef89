//! Differences between files and history, all of them at once.

use std::collections::BTreeSet;

use crate::pg::history::{self, Applied, HistoryError};
use crate::revision::Lineage;

/// One difference between files and history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Divergence {
    /// The file was edited after it ran.
    #[error(
        "{path}: revision {stem} of {lineage} was applied on {applied_on} but its file has changed"
    )]
    Edited {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
        /// Its file.
        path: String,
        /// When it ran.
        applied_on: String,
    },
    /// It ran, there is no file, and something that ran stands on it.
    #[error(
        "revision V{version}__{slug} of {lineage} was applied on {applied_on} but its file is missing"
    )]
    Missing {
        /// The lineage.
        lineage: String,
        /// Its version.
        version: i64,
        /// Its slug.
        slug: String,
        /// When it ran.
        applied_on: String,
    },
    /// It did not run although one that stands on it did.
    #[error(
        "{path}: revision {stem} of {lineage} was never applied, but {later}, which comes after it, was"
    )]
    OutOfOrder {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
        /// Its file.
        path: String,
        /// One that comes after it.
        later: String,
    },
    /// It ran, there is no file, and nothing we know stands on it: newer code was here.
    #[error(
        "the database is ahead of this code: V{version}__{slug} of {lineage} was applied on {applied_on}, and this code does not know it"
    )]
    Ahead {
        /// The lineage.
        lineage: String,
        /// Its version.
        version: i64,
        /// Its slug.
        slug: String,
        /// When it ran.
        applied_on: String,
    },
}

impl Divergence {
    /// Whether newer code was here, and nothing is wrong but that this code is older.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        matches!(self, Divergence::Ahead { .. })
    }

    /// The file it is about, if there is one.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Divergence::Edited { path, .. } | Divergence::OutOfOrder { path, .. } => Some(path),
            Divergence::Missing { .. } | Divergence::Ahead { .. } => None,
        }
    }
}

/// The differences between files and history, all of them.
///
/// # Errors
/// Refinery does not take a revision's name.
pub fn divergences(
    lineage: &Lineage,
    applied: &[Applied],
) -> Result<Vec<Divergence>, HistoryError> {
    let mut found = Vec::new();
    let name = || lineage.name.clone();
    for row in applied {
        match lineage.get(row.version) {
            None => found.push(unknown(lineage, applied, row)),
            Some(file) if !history::is_of(row, file)? => found.push(Divergence::Edited {
                lineage: name(),
                stem: file.stem(),
                path: file.up.path.clone(),
                applied_on: row.applied_on.clone(),
            }),
            Some(_) => {}
        }
    }
    let ran: BTreeSet<i64> = applied.iter().map(|a| a.version).collect();
    for revision in lineage.revisions.iter().filter(|r| !ran.contains(&r.version)) {
        let after = lineage.descendants([revision.version]);
        if let Some(later) = after.intersection(&ran).find_map(|v| lineage.get(*v)) {
            found.push(Divergence::OutOfOrder {
                lineage: name(),
                stem: revision.stem(),
                path: revision.up.path.clone(),
                later: later.stem(),
            });
        }
    }
    Ok(found)
}

/// A row without a file. Newer code was here unless something we know stands on it: a row
/// that remembers it as a parent, or, where nobody remembers parents, a higher version.
fn unknown(lineage: &Lineage, applied: &[Applied], row: &Applied) -> Divergence {
    let known = |a: &&Applied| lineage.get(a.version).is_some();
    let stands_on = |a: &Applied| match &a.remembered {
        Some(remembered) => remembered.revises.contains(&row.version),
        None => a.version > row.version,
    };
    let (lineage_name, version) = (lineage.name.clone(), row.version);
    let (slug, applied_on) = (row.slug.clone(), row.applied_on.clone());
    if applied.iter().filter(known).any(stands_on) {
        Divergence::Missing { lineage: lineage_name, version, slug, applied_on }
    } else {
        Divergence::Ahead { lineage: lineage_name, version, slug, applied_on }
    }
}
