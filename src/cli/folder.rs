//! Which project is meant: the folder that was named, or the nearest one upwards.
//!
//! Owns the search and how paths are shown. What a project's files say is `project`'s business.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use super::{Global, output, settings};
use crate::error::Error;
use crate::error::reason::Reason;
use crate::project::{CONFIG, Project};
use crate::report::log_line::ProjectLine;

impl Global {
    /// The project that is meant.
    pub(crate) fn project(&self) -> Result<Project, Error> {
        let folder = self.project_folder()?;
        settings::warn_of_strangers(self);
        Ok(Project::open_with(&folder, &settings::overrides(self)?)?)
    }

    /// The folder that was named, or this one; nothing is looked for.
    pub(crate) fn folder(&self) -> PathBuf {
        plain(self.directory.as_deref().unwrap_or(Path::new(".")))
    }

    /// The folder that was named. If none was: this one, or if it has nothing of a project the nearest one above with a
    /// `config.toml`, which is told.
    pub(crate) fn project_folder(&self) -> Result<PathBuf, Error> {
        let here = self.folder();
        let has = |part: &str| here.join(part).exists();
        if self.directory.is_some() || [CONFIG, "migrations", "projections"].into_iter().any(has) {
            return Ok(here);
        }
        let Ok(at) = std::env::current_dir() else { return Ok(here) };
        for (steps, folder) in at.ancestors().enumerate().skip(1) {
            let config = folder.join(CONFIG);
            if !config.is_file() {
                continue;
            }
            // Its url_command is run: what a stranger has put above a folder of ours is not ours to run.
            if !is_ours(&config) || !is_ours(folder) {
                let reason = format!("{} belongs to another user", config.display());
                let there = super::output::shell_word(&folder.display().to_string());
                return Err(Error::usage(reason)
                    .reason(Reason::FolderOfAnother)
                    .hint(format!("if that project is meant: -C {there}")));
            }
            let up = vec![".."; steps].join("/");
            if !self.quiet {
                output::tell(&format!("project: {up}"), &ProjectLine { project: &up });
            }
            return Ok(PathBuf::from(up));
        }
        Ok(here)
    }
}

/// Whether a file is of the user that this process acts as.
fn is_ours(path: &Path) -> bool {
    let us = nix::unistd::geteuid();
    fs::metadata(path).is_ok_and(|found| found.uid() == us.as_raw())
}

/// A path without the parts that say nothing.
pub(crate) fn plain(path: &Path) -> PathBuf {
    let parts: PathBuf = path.components().filter(|part| *part != Component::CurDir).collect();
    if parts.as_os_str().is_empty() { PathBuf::from(".") } else { parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_no_parts_that_say_nothing() {
        let of = |path: &str| plain(Path::new(path)).display().to_string();
        assert_eq!(
            (of("././."), of("./a/./b"), of("../a")),
            (".".into(), "a/b".into(), "../a".into())
        );
        assert_eq!(of("/a/./b/"), "/a/b");
    }
}
