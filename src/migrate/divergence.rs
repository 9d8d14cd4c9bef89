//! Differences between files and history, all of them at once.

use std::collections::BTreeSet;

use crate::pg::history::{self, Applied, HistoryError};
use crate::revision::{Lineage, Revision};
use crate::source::SourceFile;

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
    /// It ran when its file had no statement, and now there are some, which never ran.
    #[error(
        "{path}: revision {stem} of {lineage} was applied on {applied_on} when its file was empty, and has statements now, which never ran"
    )]
    Filled {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
        /// Its version.
        version: i64,
        /// Its file.
        path: String,
        /// When it ran.
        applied_on: String,
    },
    /// It begins the lineage and did not run, while what ran has no file: it may stand for that.
    #[error(
        "{path}: revision {stem}, with which {lineage} begins, is not what ran; {gone} that ran {} no file",
        if *.gone == 1 { "has" } else { "have" }
    )]
    Squashed {
        /// The lineage.
        lineage: String,
        /// The revision.
        stem: String,
        /// Where the database would stand then: the versions that nothing applied stands on.
        at: Vec<i64>,
        /// Its file.
        path: String,
        /// How many revisions that ran have no file.
        gone: usize,
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
            Divergence::Edited { path, .. }
            | Divergence::Filled { path, .. }
            | Divergence::Squashed { path, .. }
            | Divergence::OutOfOrder { path, .. } => Some(path),
            Divergence::Missing { .. } | Divergence::Ahead { .. } => None,
        }
    }
}

/// What leads on from some differences, a way each, with the command to type at its end.
#[must_use]
pub fn ways(found: &[Divergence]) -> Vec<String> {
    let any = |is: fn(&Divergence) -> bool| found.iter().any(is);
    let mut ways = Vec::new();
    for squash in found {
        if let Divergence::Squashed { stem, at, .. } = squash {
            let at: Vec<String> = at.iter().map(ToString::to_string).collect();
            ways.push(format!(
                "if {stem} stands for what has no file (a squash that makes the same schema): regrow stamp --purge {}",
                at.join(" ")
            ));
        }
    }
    let kinds = [
        ("edited", any(|d| matches!(d, Divergence::Edited { .. }))),
        ("missing", any(|d| matches!(d, Divergence::Missing { .. }))),
        ("ahead", any(Divergence::is_ahead)),
    ];
    let accept: Vec<&str> = kinds.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    if !accept.is_empty() {
        let restore = match accept.as_slice() {
            ["ahead"] => {
                "deploy the newer code, or bring its revisions into this one; what was deleted for good"
            }
            _ => {
                "restore the files as they ran and put the change into a new revision; what is meant as it is"
            }
        };
        ways.push(format!("{restore}: regrow repair --accept {}", accept.join(",")));
    }
    if any(|d| matches!(d, Divergence::Filled { .. })) {
        ways.push(
            "forget that it ran empty, and it runs with the next migrate: regrow repair --accept empty"
                .into(),
        );
    }
    // What comes late can run when nothing else is wrong.
    if ways.is_empty() && any(|d| matches!(d, Divergence::OutOfOrder { .. })) {
        ways.push(
            "give it a later version (rename its files), or run it now, after what ran: regrow migrate --late"
                .into(),
        );
    }
    ways
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
            Some(file) if !history::is_of(row, file)? && ran_empty(row) => {
                found.push(Divergence::Filled {
                    lineage: name(),
                    stem: file.stem(),
                    version: file.version,
                    path: file.up.path.clone(),
                    applied_on: row.applied_on.clone(),
                });
            }
            Some(file) if !history::is_of(row, file)? => found.push(Divergence::Edited {
                lineage: name(),
                stem: file.stem(),
                path: file.up.path.clone(),
                applied_on: row.applied_on.clone(),
            }),
            Some(_) => {}
        }
    }
    found.extend(squashed(lineage, applied)?);
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

/// Whether a row is of a file without a statement.
fn ran_empty(row: &Applied) -> bool {
    let empty = Revision::plain(row.version, &row.slug, SourceFile::new("", "")).normal_checksum();
    row.remembered.as_ref().is_some_and(|remembered| remembered.checksum == empty)
}

/// The revision that a lineage begins with, where it is not what ran and something that ran has no
/// file: a squash looks so, under an old number or a new one.
fn squashed(lineage: &Lineage, applied: &[Applied]) -> Result<Option<Divergence>, HistoryError> {
    let is_known = |row: &&Applied| lineage.get(row.version).is_some();
    let gone: Vec<i64> =
        applied.iter().filter(|row| !is_known(row)).map(|row| row.version).collect();
    let bases = lineage.bases();
    let ([base], Some(last_gone)) = (bases.as_slice(), gone.iter().max()) else { return Ok(None) };
    let mut stays: BTreeSet<i64> = applied.iter().filter(is_known).map(|row| row.version).collect();
    let same = match applied.iter().find(|row| row.version == base.version) {
        Some(row) => history::is_of(row, base)?,
        // It waits for its turn in front of what ran: a late one, and no squash.
        None => !stays.is_empty(),
    };
    stays.insert(base.version);
    // What stands below something that is gone is not what a squash begins with.
    let is_below = stays.iter().any(|v| *v != base.version && v < last_gone);
    if same || is_below {
        return Ok(None);
    }
    Ok(Some(Divergence::Squashed {
        lineage: lineage.name.clone(),
        stem: base.stem(),
        at: lineage.tips(&stays).iter().map(|r| r.version).collect(),
        path: base.up.path.clone(),
        gone: gone.len(),
    }))
}

/// A row without a file. Newer code was here unless something we know stands on it, through others
/// without a file if need be: a row that remembers it as a parent, or, where nobody remembers
/// parents, a higher version.
fn unknown(lineage: &Lineage, applied: &[Applied], row: &Applied) -> Divergence {
    let stands_on = |above: &Applied, version: i64| match &above.remembered {
        Some(remembered) => remembered.revises.contains(&version),
        None => above.version > version,
    };
    let (mut seen, mut open) = (BTreeSet::from([row.version]), vec![row.version]);
    let mut is_below_known = false;
    while let Some(version) = open.pop() {
        for above in applied.iter().filter(|above| stands_on(above, version)) {
            is_below_known |= lineage.get(above.version).is_some();
            if seen.insert(above.version) {
                open.push(above.version);
            }
        }
    }
    let (lineage_name, version) = (lineage.name.clone(), row.version);
    let (slug, applied_on) = (row.slug.clone(), row.applied_on.clone());
    if is_below_known {
        Divergence::Missing { lineage: lineage_name, version, slug, applied_on }
    } else {
        Divergence::Ahead { lineage: lineage_name, version, slug, applied_on }
    }
}
