//! Revisions and the order they run in.
//!
//! Reads refinery's file names and the comment head of a revision, and puts a
//! lineage in order. It reads no files and asks no database.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Place, SourceFile};

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
    /// Versions named by `-- revises:`; empty means the revision before it.
    pub revises: Vec<i64>,
    /// Whether the head says `-- transaction: none`.
    pub outside_transaction: bool,
}

/// The revisions of one schema, each after its parents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lineage {
    /// `event_store` or a projection's name.
    pub name: String,
    /// The revisions in the order they run.
    pub revisions: Vec<Revision>,
}

/// Why files are not a lineage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevisionError {
    /// The file's name is not a revision's.
    #[error("{path}: a revision is named V<version>__<words>.sql, such as V2__add_status.sql")]
    Name {
        /// The file.
        path: String,
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
    /// `revises` names a revision that does not exist, or itself in a circle.
    #[error("{path}: it revises {parent}, which is not a revision before it")]
    Parent {
        /// The file.
        path: String,
        /// The version it names.
        parent: i64,
    },
}

impl Revision {
    /// The file's stem, such as `V1__events`: what refinery calls a migration.
    #[must_use]
    pub fn stem(&self) -> String {
        format!("V{}__{}", self.version, self.slug)
    }

    fn parse(file: SourceFile) -> Result<Revision, RevisionError> {
        let (version, slug) = parse_name(&file.path)?;
        let head = Head::read(&file)?;
        Ok(Revision {
            version,
            slug,
            up: file,
            down: None,
            revises: head.revises,
            outside_transaction: head.outside_transaction,
        })
    }
}

impl Lineage {
    /// Puts the files of one lineage in order. Files that end in `.down.sql` are the way back.
    ///
    /// # Errors
    /// Every file that does not fit, all at once.
    pub fn load(name: &str, files: Vec<SourceFile>) -> Result<Lineage, Vec<RevisionError>> {
        let mut errors = Vec::new();
        let mut by_version: BTreeMap<i64, Revision> = BTreeMap::new();
        let (downs, ups): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|f| f.path.ends_with(".down.sql"));
        for file in ups {
            match Revision::parse(file) {
                Err(error) => errors.push(error),
                Ok(revision) => {
                    if let Some(other) = by_version.get(&revision.version) {
                        errors.push(RevisionError::Repeated {
                            first: other.up.path.clone(),
                            second: revision.up.path,
                        });
                    } else {
                        by_version.insert(revision.version, revision);
                    }
                }
            }
        }
        for file in downs {
            let version = parse_name(&file.path).map(|(version, _)| version);
            match version.map(|v| by_version.get_mut(&v)) {
                Err(error) => errors.push(error),
                Ok(None) => errors.push(RevisionError::DownAlone { path: file.path }),
                Ok(Some(revision)) => revision.down = Some(file),
            }
        }
        let revisions = in_order(by_version, &mut errors);
        if errors.is_empty() {
            Ok(Lineage { name: name.to_owned(), revisions })
        } else {
            Err(errors)
        }
    }
}

/// Parents first; between revisions that are both free to run, the lower version.
fn in_order(
    mut waiting: BTreeMap<i64, Revision>,
    errors: &mut Vec<RevisionError>,
) -> Vec<Revision> {
    let versions: Vec<i64> = waiting.keys().copied().collect();
    for pair in versions.windows(2) {
        if let Some(revision) = waiting.get_mut(&pair[1])
            && revision.revises.is_empty()
        {
            revision.revises.push(pair[0]);
        }
    }
    let mut done = BTreeSet::new();
    let mut ordered = Vec::new();
    while let Some(next) =
        waiting.values().find(|r| r.revises.iter().all(|p| done.contains(p))).map(|r| r.version)
    {
        if let Some(revision) = waiting.remove(&next) {
            done.insert(next);
            ordered.push(revision);
        }
    }
    for stuck in waiting.into_values() {
        if let Some(parent) = stuck.revises.iter().find(|p| !done.contains(p)) {
            errors.push(RevisionError::Parent { path: stuck.up.path.clone(), parent: *parent });
        }
    }
    ordered
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

#[derive(Default)]
struct Head {
    revises: Vec<i64>,
    outside_transaction: bool,
}

impl Head {
    /// Reads the comment lines before the first statement.
    fn read(file: &SourceFile) -> Result<Head, RevisionError> {
        let mut head = Head::default();
        let mut offset = 0;
        for line in file.text.split_inclusive('\n') {
            let trimmed = line.trim_start_matches('\u{feff}').trim();
            let Some(comment) = trimmed.strip_prefix("--") else {
                if trimmed.is_empty() {
                    offset += line.len();
                    continue;
                }
                break;
            };
            let complain =
                |reason: String| RevisionError::Head { place: file.place(offset), reason };
            match comment.trim().split_once(':').map(|(k, v)| (k.trim(), v.trim())) {
                Some(("revises", versions)) => {
                    head.revises = parse_versions(versions).map_err(complain)?;
                }
                Some(("transaction", "none")) => head.outside_transaction = true,
                Some(("transaction", other)) => {
                    return Err(complain(format!(
                        "'transaction: {other}' is not known; 'none' is"
                    )));
                }
                _ => {}
            }
            offset += line.len();
        }
        Ok(head)
    }
}

fn parse_versions(text: &str) -> Result<Vec<i64>, String> {
    text.split(',')
        .map(|part| {
            let digits = part.trim().trim_start_matches('V');
            digits.parse().map_err(|_| format!("'{}' is not a version", part.trim()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(files: &[(&str, &str)]) -> Result<Vec<String>, Vec<String>> {
        let files = files.iter().map(|(p, t)| SourceFile::new(*p, *t)).collect();
        Lineage::load("l", files)
            .map(|l| l.revisions.iter().map(Revision::stem).collect())
            .map_err(|errors| errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_plain_refinery_folder_is_a_line() {
        let files = [
            ("m/V10__c.sql", ""),
            ("m/V2__b.sql", ""),
            ("m/V1__a.sql", ""),
            ("m/V1__a.down.sql", ""),
        ];
        assert_eq!(load(&files).unwrap(), ["V1__a", "V2__b", "V10__c"]);
    }

    #[test]
    fn parents_run_first() {
        let files = [
            ("V1__a.sql", ""),
            ("V2__b.sql", "-- revises: 3\nSELECT 1"),
            ("V3__c.sql", "-- revises: 1\n"),
        ];
        assert_eq!(load(&files).unwrap(), ["V1__a", "V3__c", "V2__b"]);
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let files = [
            ("m/1__a.sql", ""),
            ("m/V1__a.sql", "-- transaction: maybe\n"),
            ("m/V3__a.sql", "\n-- revises: x\n"),
            ("m/V2__a.sql", ""),
            ("m/V2__b.sql", ""),
            ("m/V4__d.sql", "-- revises: 9"),
            ("m/V8__d.down.sql", ""),
            ("m/V99999999999999999999__d.sql", ""),
        ];
        let errors = load(&files).unwrap_err().join("\n");
        for part in [
            "m/1__a.sql: a revision is named",
            "m/V1__a.sql:1:1: 'transaction: maybe'",
            "m/V3__a.sql:2:1: 'x' is not a version",
            "m/V2__a.sql and m/V2__b.sql have the same version",
            "m/V4__d.sql: it revises 9",
            "m/V8__d.down.sql: there is no revision",
            "m/V99999999999999999999__d.sql: the version is too large",
        ] {
            assert!(errors.contains(part), "{part} is not in\n{errors}");
        }
    }
}
