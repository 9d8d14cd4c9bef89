//! Writing projects: a new one, the sample one, and the section that adopts a log.

use std::fs;
use std::io::Write as _;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::{CONFIG, Project, ProjectError, Reader};
use crate::config::Config;
use crate::revision::draft::Draft;
use crate::revision::{EVENT_STORE, Lineage};
use crate::source::SourceFile;

/// The files of a new project.
const STARTER: [(&str, &str); 3] = [
    (CONFIG, include_str!("../../config.toml")),
    (
        "migrations/event_store/V1__events.sql",
        include_str!("../../migrations/event_store/V1__events.sql"),
    ),
    (
        "migrations/event_store/V1__events.down.sql",
        include_str!("../../migrations/event_store/V1__events.down.sql"),
    ),
];

/// Makes a new project in a folder: a config and the lineage of an event store. Gives the
/// files it wrote; what is there already stays as it is.
///
/// # Errors
/// A file or folder cannot be written.
pub fn init(folder: &Path) -> Result<Vec<String>, ProjectError> {
    let mut written = Vec::new();
    for (path, text) in STARTER {
        let target = folder.join(path);
        if target.exists() {
            continue;
        }
        write(&target, text)?;
        written.push(path.to_owned());
    }
    Ok(written)
}

fn write(path: &Path, text: &str) -> Result<(), ProjectError> {
    let unwritable = |e: std::io::Error| ProjectError::Unwritable {
        path: path.display().to_string(),
        reason: e.to_string(),
    };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(unwritable)?;
    }
    fs::write(path, text).map_err(unwritable)
}

/// Writes a file of a project; what it held is gone.
pub(super) fn write_anew(root: &Path, path: &str, text: &str) -> Result<(), ProjectError> {
    write_within(root, path, |file| fs::write(file, text))
}

/// Writes a file of a project that is not there yet.
pub(super) fn write_new(root: &Path, path: &str, text: &str) -> Result<(), ProjectError> {
    write_within(root, path, |file| {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(file)?;
        file.write_all(text.as_bytes())
    })
}

fn write_within(
    root: &Path,
    path: &str,
    write: impl FnOnce(&Path) -> std::io::Result<()>,
) -> Result<(), ProjectError> {
    let failed = |e: std::io::Error| ProjectError::Unwritable {
        path: path.to_owned(),
        reason: e.to_string(),
    };
    let file = root.join(path);
    let folder = file.parent().unwrap_or(root);
    fs::create_dir_all(folder).map_err(failed)?;
    let (root, folder) =
        (root.canonicalize().map_err(failed)?, folder.canonicalize().map_err(failed)?);
    let is_link = fs::symlink_metadata(&file).is_ok_and(|metadata| metadata.is_symlink());
    if is_link || !folder.starts_with(root) {
        return Err(ProjectError::LeadsOut { path: path.to_owned() });
    }
    write(&file).map_err(failed)
}

/// Writes the section that adopts another library's log into a project's `config.toml`,
/// which must be one.
///
/// # Errors
/// The section lacks something, one is there already, or the file cannot be written.
pub fn adopt(root: &Path, section: &str) -> Result<(), ProjectError> {
    let file = Reader::new(root)?.file(CONFIG)?.unwrap_or_else(|| SourceFile::new(CONFIG, ""));
    let before = Config::parse(&file)?;
    if before.event_store.adopt.is_some() {
        return Err(ProjectError::Adopted);
    }
    let text = format!("{}\n{section}", file.text.trim_end());
    let after = Config::parse(&SourceFile::new(CONFIG, text.trim_start()))?;
    let adopt = after.event_store.adopt.unwrap_or_default();
    crate::log::LogShape::adopted(&adopt)
        .map_err(|e| ProjectError::Adopt { reason: e.to_string() })?;
    write(&root.join(CONFIG), text.trim_start())
}

/// Writes the files of a new revision; gives their paths. Nothing is overwritten.
///
/// # Errors
/// A file of that name is there, or cannot be written.
pub fn write_revision(project: &Project, draft: &Draft) -> Result<Vec<String>, ProjectError> {
    let folder = match draft.lineage.as_str() {
        EVENT_STORE => "migrations/event_store".to_owned(),
        projection => format!("projections/{projection}/schema"),
    };
    let stem = draft.stem();
    let files = [
        (format!("{folder}/{stem}.sql"), draft.up_text()),
        (format!("{folder}/{stem}.down.sql"), draft.down_text()),
    ];
    fits(project, draft, &files)?;
    for (path, _) in &files {
        if project.root.join(path).exists() {
            let reason = "it is there already".to_owned();
            return Err(ProjectError::Unwritable { path: path.clone(), reason });
        }
    }
    for (path, text) in &files {
        write(&project.root.join(path), text)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// Refuses a draft that would break its lineage.
fn fits(project: &Project, draft: &Draft, files: &[(String, String)]) -> Result<(), ProjectError> {
    let there = match draft.lineage.as_str() {
        EVENT_STORE => &project.event_store,
        projection => &project.known(projection)?.schema,
    };
    let drafted = files.iter().map(|(path, text)| SourceFile::new(path, text));
    let all = there.iter().cloned().chain(drafted).collect();
    let lineage = Lineage::load(&draft.lineage, all).map_err(ProjectError::Lineage)?;
    let Some(revision) = lineage.get(draft.version) else { return Ok(()) };
    let path = &revision.up.path;
    let refuse = |reason: String| Err(ProjectError::Unwritable { path: path.to_owned(), reason });
    if let Some(label) = draft.labels.iter().find(|l| !revision.labels.contains(l)) {
        return refuse(format!("'{label}' cannot be a label: it is not one word"));
    }
    for needed in &revision.depends_on {
        let Some(other) = &needed.lineage else { continue };
        let found = match other.as_str() {
            EVENT_STORE => project.event_store_lineage(),
            projection => project.projection_lineage(projection),
        };
        if !found.is_ok_and(|l| l.get(needed.version).is_some()) {
            let needed = format!("{other}@{}", needed.version);
            return refuse(format!("there is no revision {needed} to depend on"));
        }
    }
    Ok(())
}

/// The rest of the sample project.
const SAMPLE: [(&str, &str); 10] = [
    (
        "migrations/events/OrderItemAdded.toml",
        include_str!("../../migrations/events/OrderItemAdded.toml"),
    ),
    (
        "migrations/events/tests/item-added.toml",
        include_str!("../../migrations/events/tests/item-added.toml"),
    ),
    (
        "projections/order_summary/schema/V1__order_summary.sql",
        include_str!("../../projections/order_summary/schema/V1__order_summary.sql"),
    ),
    (
        "projections/order_summary/handlers.sql",
        include_str!("../../projections/order_summary/handlers.sql"),
    ),
    (
        "projections/order_summary/checks.sql",
        include_str!("../../projections/order_summary/checks.sql"),
    ),
    (
        "projections/customer_activity/schema/V1__customer_activity.sql",
        include_str!("../../projections/customer_activity/schema/V1__customer_activity.sql"),
    ),
    (
        "projections/customer_activity/handlers.sql",
        include_str!("../../projections/customer_activity/handlers.sql"),
    ),
    (
        "projections/customer_activity/checks.sql",
        include_str!("../../projections/customer_activity/checks.sql"),
    ),
    (
        "projections/order_summary/tests/paid.toml",
        include_str!("../../projections/order_summary/tests/paid.toml"),
    ),
    (
        "projections/customer_activity/tests/cancelled.toml",
        include_str!("../../projections/customer_activity/tests/cancelled.toml"),
    ),
];

/// Writes the sample project: orders.
///
/// # Errors
/// A file or folder cannot be written.
pub fn write_sample(folder: &Path) -> Result<(), ProjectError> {
    init(folder)?;
    for (path, text) in SAMPLE {
        write(&folder.join(path), text)?;
    }
    Ok(())
}

/// Changes the sample project's `order_summary` as a developer would: one more column, and
/// the handler that fills it.
///
/// # Errors
/// A file cannot be written.
pub fn write_changed_sample(folder: &Path) -> Result<(), ProjectError> {
    write(
        &folder.join("projections/order_summary/schema/V2__paid_at.sql"),
        "ALTER TABLE order_summary ADD COLUMN paid_at timestamptz;\n",
    )?;
    let handlers = include_str!("../../projections/order_summary/handlers.sql")
        .replace("SET status = 'paid'", "SET status = 'paid', paid_at = :event.recorded_at");
    write(&folder.join("projections/order_summary/handlers.sql"), &handlers)
}

/// A folder under the system's temporary one, removed with everything in it when dropped.
#[derive(Debug)]
pub struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    /// Makes one.
    ///
    /// # Errors
    /// The system does not allow it.
    pub fn new() -> Result<TemporaryFolder, ProjectError> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("regrow-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let failed = |e: std::io::Error| ProjectError::Unwritable {
            path: path.display().to_string(),
            reason: e.to_string(),
        };
        // Not create_dir_all: somebody else's folder of that name is not ours to use.
        fs::create_dir(&path).map_err(failed)?;
        Ok(TemporaryFolder(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it, and the folders on its way.
    pub(super) fn write(&self, path: &str, text: &str) -> Result<(), ProjectError> {
        let plain = |part| matches!(part, Component::Normal(_));
        if path.is_empty() || !Path::new(path).components().all(plain) {
            return Err(ProjectError::LeadsOut { path: path.to_owned() });
        }
        let failed = |e: std::io::Error| ProjectError::Unwritable {
            path: path.to_owned(),
            reason: e.to_string(),
        };
        let file = self.0.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        fs::write(file, text).map_err(failed)
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
