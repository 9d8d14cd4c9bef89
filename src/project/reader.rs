//! Reading a project's folder.
//!
//! Owns what is read, what is passed over (hidden files, documents), and the refusal of what leads
//! out of the project, is no file, or cannot be named. What looks like a revision is handed to its
//! lineage wherever it lies, which reads it or says why it cannot: none is skipped in silence.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::{
    ProjectError, ProjectionFiles, ProjectionSettings, UPCASTER_TESTS, check_projection_name,
};
use crate::bulk;
use crate::handler::{Handlers, split};
use crate::revision::{RevisionError, looks_like_a_revision};
use crate::source::SourceFile;

/// How deep folders of revisions may lie in one another: a link may lead round in a circle.
const MAX_DEPTH: usize = 8;

/// What a projection's folder has.
const PARTS: [&str; 6] =
    ["schema", "schema.sql", "handlers.sql", "checks.sql", "projection.toml", "tests"];

pub(super) struct Reader {
    root: PathBuf,
    /// Folders of files that were read, without links: to ask for each file where it is would take longer than to
    /// read it.
    folders: RefCell<HashMap<PathBuf, PathBuf>>,
}

/// Something in a folder.
struct Entry {
    name: String,
    is_folder: bool,
}

impl Reader {
    pub(super) fn new(root: &Path) -> Result<Reader, ProjectError> {
        let unreadable = |e: io::Error| ProjectError::Unreadable {
            path: root.display().to_string(),
            reason: e.to_string(),
        };
        let root = root.canonicalize().map_err(unreadable)?;
        Ok(Reader { root, folders: RefCell::default() })
    }

    /// Where a file is when every link is followed.
    fn real(&self, relative: &str) -> io::Result<PathBuf> {
        let path = self.root.join(relative);
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return path.canonicalize();
        };
        let known = self.folders.borrow().get(folder).cloned();
        let real = match known {
            Some(real) => real,
            None => {
                let real = folder.canonicalize()?;
                self.folders.borrow_mut().insert(folder.to_owned(), real.clone());
                real
            }
        };
        let file = real.join(name);
        match fs::symlink_metadata(&file)?.is_symlink() {
            true => file.canonicalize(),
            false => Ok(file),
        }
    }

    /// A file's text, without a byte order mark; nothing if there is no such file.
    pub(super) fn file(&self, relative: &str) -> Result<Option<SourceFile>, ProjectError> {
        let unreadable =
            |reason: String| ProjectError::Unreadable { path: relative.to_owned(), reason };
        let real = match self.real(relative) {
            Ok(real) => real,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(unreadable(e.to_string())),
        };
        if !real.starts_with(&self.root) {
            return Err(ProjectError::LeadsOut { path: relative.to_owned() });
        }
        let metadata = fs::metadata(&real).map_err(|e| unreadable(e.to_string()))?;
        if !metadata.is_file() {
            return Err(unreadable("it is no file".into()));
        }
        let size = metadata.len();
        if size > bulk::HELD_BYTES {
            return Err(unreadable(format!(
                "it has {size} bytes, and {} are the most; a seed is a revision of the event store",
                bulk::HELD_BYTES
            )));
        }
        let bytes = fs::read(&real).map_err(|e| unreadable(e.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|e| ProjectError::NotText {
            path: relative.to_owned(),
            offset: e.utf8_error().valid_up_to(),
        })?;
        // An editor's mark at byte 0 is no part of the text; elsewhere it stays what it is.
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let file = SourceFile::new(relative, text);
        match file.text.find('\0') {
            Some(at) => Err(ProjectError::Nul { place: file.place(at) }),
            None => Ok(Some(file)),
        }
    }

    /// The revisions of a folder and its folders, as refinery reads them, and what may be meant as
    /// one. What is no SQL by its ending has no text: its name is refused.
    pub(super) fn revisions(&self, folder: &str) -> Result<Vec<SourceFile>, ProjectError> {
        self.gather(folder, looks_like_a_revision)
    }

    /// What may be meant as a revision in a folder where none is read, but in the folders that are
    /// named.
    pub(super) fn strays(
        &self,
        folder: &str,
        known: &[&str],
        is_one: fn(&str) -> bool,
    ) -> Result<Vec<SourceFile>, ProjectError> {
        let mut found = Vec::new();
        for Entry { name, is_folder } in self.entries(folder)? {
            let path = format!("{folder}/{name}");
            if known.contains(&name.as_str()) {
                continue;
            }
            if is_folder {
                found.extend(self.gather(&path, is_one)?);
            } else if is_one(&name) {
                found.push(SourceFile::new(path, ""));
            }
        }
        Ok(found)
    }

    fn gather(
        &self,
        folder: &str,
        is_one: fn(&str) -> bool,
    ) -> Result<Vec<SourceFile>, ProjectError> {
        let mut found = Vec::new();
        let mut folders = vec![(folder.to_owned(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            for Entry { name, is_folder } in self.entries(&folder)? {
                let path = format!("{folder}/{name}");
                if is_folder && depth == MAX_DEPTH {
                    let reason = "folders lie too deep in one another".into();
                    return Err(ProjectError::Unreadable { path, reason });
                }
                if is_folder {
                    folders.push((path, depth + 1));
                } else if is_one(&name) {
                    found.push(match name.ends_with(".sql") {
                        true => self.bulk(&path)?.map_or_else(|| self.must_read(&path), Ok)?,
                        false => SourceFile::new(path, ""),
                    });
                }
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// A seed: a revision of the event store that is too large to be held. A projection is made of
    /// events, and its definition is kept in the ledger, so its files are not.
    fn bulk(&self, path: &str) -> Result<Option<SourceFile>, ProjectError> {
        let is_seed = path.starts_with("migrations/event_store/") && !path.ends_with(".down.sql");
        if !is_seed {
            return Ok(None);
        }
        let Ok(real) = self.real(path) else { return Ok(None) };
        let Ok(metadata) = fs::metadata(&real) else { return Ok(None) };
        if !metadata.is_file() || metadata.len() <= bulk::HELD_BYTES {
            return Ok(None);
        }
        if !real.starts_with(&self.root) {
            return Err(ProjectError::LeadsOut { path: path.to_owned() });
        }
        let head = bulk::head(path, &real, metadata.len()).map_err(|error| {
            ProjectError::Unreadable { path: path.to_owned(), reason: error.to_string() }
        })?;
        Ok(Some(head))
    }

    /// A file that is in its folder: if nothing is behind its name, that is no reason to pass it over.
    fn must_read(&self, path: &str) -> Result<SourceFile, ProjectError> {
        let reason = || "it is a link, and nothing is behind it".to_owned();
        self.file(path)?
            .ok_or_else(|| ProjectError::Unreadable { path: path.to_owned(), reason: reason() })
    }

    /// The upcasters of a folder.
    pub(super) fn upcasters(&self, folder: &str) -> Result<Vec<SourceFile>, ProjectError> {
        fn may_be_one(name: &str) -> bool {
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
            ["toml", "jq", "sql", "json", "yaml", "yml"].contains(&ending.as_str())
        }
        let mut found = Vec::new();
        for Entry { name, is_folder } in self.entries(folder)? {
            let path = format!("{folder}/{name}");
            let astray = match is_folder {
                true if path == UPCASTER_TESTS => None,
                true => self.gather(&path, may_be_one)?.first().map(|f| f.path.clone()),
                false if name.ends_with(".toml") => {
                    found.push(self.must_read(&path)?);
                    None
                }
                false => may_be_one(&name).then_some(path),
            };
            if let Some(path) = astray {
                return Err(ProjectError::NoUpcaster { path, folder: folder.to_owned() });
            }
        }
        Ok(found)
    }

    /// The tests of a folder. What looks like one and would not be run is refused; events that tests name
    /// and documents may lie beside them.
    pub(super) fn tests(&self, folder: &str) -> Result<Vec<SourceFile>, ProjectError> {
        const BESIDE: [&str; 5] = ["ndjson", "jsonl", "csv", "md", "txt"];
        let mut found = Vec::new();
        for Entry { name, is_folder } in self.entries(folder)? {
            let path = format!("{folder}/{name}");
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            if !is_folder && ending == "toml" {
                found.push(self.must_read(&path)?);
            } else if is_folder || !BESIDE.contains(&ending) {
                return Err(ProjectError::NoTest { path, folder: folder.to_owned() });
            }
        }
        Ok(found)
    }

    /// The names of the projections. A file beside their folders that may be meant as a revision is
    /// of none of them.
    pub(super) fn projections(&self, folder: &str) -> Result<Vec<String>, ProjectError> {
        let (folders, files): (Vec<Entry>, Vec<Entry>) =
            self.entries(folder)?.into_iter().partition(|entry| entry.is_folder);
        match files.iter().find(|file| looks_like_a_revision(&file.name)) {
            None => Ok(folders.into_iter().map(|entry| entry.name).collect()),
            Some(stray) => Err(ProjectError::Lineage(vec![RevisionError::Elsewhere {
                path: format!("{folder}/{}", stray.name),
                lineage: "a projection".into(),
                folder: format!("{folder}/NAME/schema"),
            }])),
        }
    }

    /// What a folder holds, by name, without what is hidden; nothing if there is no such folder.
    fn entries(&self, folder: &str) -> Result<Vec<Entry>, ProjectError> {
        let unreadable = |e: io::Error| ProjectError::Unreadable {
            path: folder.to_owned(),
            reason: e.to_string(),
        };
        let real = match self.root.join(folder).canonicalize() {
            Ok(real) => real,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(unreadable(e)),
        };
        // Also an empty one: `regrow revision` would write its files there.
        if !real.starts_with(&self.root) {
            return Err(ProjectError::LeadsOut { path: folder.to_owned() });
        }
        let mut found = Vec::new();
        for entry in fs::read_dir(real).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let is_folder = entry.path().is_dir();
            let name =
                entry.file_name().into_string().map_err(|name| ProjectError::Unreadable {
                    path: format!("{folder}/{}", name.to_string_lossy()),
                    reason: "its name is not UTF-8".into(),
                })?;
            if !name.starts_with('.') && name != "__pycache__" {
                found.push(Entry { name, is_folder });
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    pub(super) fn projection(&self, name: &str) -> Result<ProjectionFiles, ProjectError> {
        check_projection_name(name)?;
        let folder = format!("projections/{name}");
        let settings = match self.file(&format!("{folder}/projection.toml"))? {
            Some(file) => ProjectionSettings::parse(&file)?,
            None => ProjectionSettings::default(),
        };
        let mut schema = self.revisions(&format!("{folder}/schema"))?;
        schema.extend(
            self.strays(&folder, &PARTS, |name| {
                looks_like_a_revision(name) && name.contains("__")
            })?,
        );
        let files = ProjectionFiles {
            schema,
            wanted: self.file(&format!("{folder}/schema.sql"))?,
            handlers: self
                .file(&format!("{folder}/handlers.sql"))?
                .ok_or_else(|| ProjectError::NoHandlers { name: name.to_owned() })?,
            checks: self.file(&format!("{folder}/checks.sql"))?,
            settings,
        };
        let says_nothing = |file: &SourceFile| split(file).is_ok_and(|found| found.is_empty());
        let no_handlers = Handlers::parse(files.handlers.clone())
            .is_ok_and(|handlers| handlers.handlers.is_empty());
        // What `schema.sql` asks for may still be written as a revision.
        if no_handlers && files.wanted.is_none() && files.schema.iter().all(says_nothing) {
            return Err(ProjectError::Empty { name: name.to_owned() });
        }
        Ok(files)
    }
}
