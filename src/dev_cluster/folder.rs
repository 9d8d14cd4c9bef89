//! Directories and files that somebody else may have had his hands on.
//!
//! Owns opening and making them without following a link of another user's, and the rules of whose
//! they may be. A directory is held open while something is done in it, so that nobody can put
//! another one in its place meanwhile. Knows nothing of servers.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::{Component, Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, OFlag, openat, renameat};
use nix::sys::stat::{Mode, mkdirat};
use nix::unistd::{UnlinkatFlags, geteuid, unlinkat};

use super::{ClusterError, FOLDER};

/// A directory that is held open.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    dir: File,
}

impl Folder {
    /// Opens a directory; that it is a link is all right where the link is ours or the system's.
    pub(super) fn open(path: &Path) -> Result<Folder, ClusterError> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let opened = match openat(AT_FDCWD, path, flags | OFlag::O_NOFOLLOW, Mode::empty()) {
            Err(Errno::ELOOP | Errno::ENOTDIR) => {
                refuse_link(path)?;
                openat(AT_FDCWD, path, flags, Mode::empty())
            }
            other => other,
        };
        match opened {
            Ok(fd) => Ok(Folder { path: path.to_path_buf(), dir: File::from(fd) }),
            Err(Errno::ENOTDIR) => Err(not_ours(path, "it is no directory".into())),
            Err(errno) => Err(failed("open", path, errno)),
        }
    }

    /// The directory that a path lies in.
    fn around(path: &Path) -> Result<(Folder, PathBuf), ClusterError> {
        let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
        let folder = Folder::open(parent.unwrap_or(Path::new(".")))?;
        let name = path.file_name().map_or_else(|| path.to_path_buf(), PathBuf::from);
        Ok((folder, name))
    }

    /// Opens a file of the directory that is no link.
    fn file(&self, name: &Path, flags: OFlag, mode: u32) -> Result<File, Errno> {
        let flags = flags | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        openat(&self.dir, name, flags, Mode::from_bits_truncate(mode)).map(File::from)
    }
}

/// Refuses a path with a link in it that belongs to another user: it could lead anywhere, and be
/// led elsewhere at any moment. And a folder that somebody else has made.
pub(super) fn check(folder: &Path) -> Result<(), ClusterError> {
    let whole = std::path::absolute(folder).map_err(|cause| ClusterError::Io {
        action: "resolve",
        path: folder.to_path_buf(),
        cause,
    })?;
    let mut so_far = PathBuf::new();
    let mut is_inside = false;
    for part in whole.components() {
        so_far.push(part);
        is_inside |= part == Component::Normal(FOLDER.as_ref());
        refuse_link(&so_far)?;
        if is_inside || so_far == whole {
            refuse_stranger(&so_far)?;
        }
    }
    let Ok(entries) = fs::read_dir(&whole) else { return Ok(()) };
    entries.flatten().try_for_each(|entry| refuse_link(&entry.path()))
}

fn refuse_link(path: &Path) -> Result<(), ClusterError> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_symlink() && !is_ours(meta.uid()) => {
            Err(not_ours(path, format!("it is a link that belongs to the user id {}", meta.uid())))
        }
        _ => Ok(()),
    }
}

/// Root may come to the folder of a project's owner: who owns the project could have made it so at
/// any time, and whatever is done in there follows no link.
fn refuse_stranger(path: &Path) -> Result<(), ClusterError> {
    let Ok(meta) = fs::metadata(path) else { return Ok(()) };
    let around = path.parent().and_then(|parent| fs::metadata(parent).ok());
    let is_of_the_project = around.is_some_and(|around| around.uid() == meta.uid());
    if is_ours(meta.uid()) || (geteuid().is_root() && is_of_the_project) {
        return Ok(());
    }
    Err(not_ours(path, format!("it belongs to the user id {}", meta.uid())))
}

fn is_ours(uid: u32) -> bool {
    uid == geteuid().as_raw() || uid == 0
}

fn not_ours(path: &Path, reason: String) -> ClusterError {
    ClusterError::NotOurs { path: path.to_path_buf(), reason }
}

fn failed(action: &'static str, path: &Path, errno: Errno) -> ClusterError {
    ClusterError::Io { action, path: path.to_path_buf(), cause: errno.into() }
}

/// A refusal to open names the link, which is what the system means by too many of them.
fn refused(action: &'static str, path: &Path, errno: Errno) -> ClusterError {
    match errno {
        Errno::ELOOP => not_ours(path, "it is a link".into()),
        other => failed(action, path, other),
    }
}

/// Opens a lock file for reading, and makes it where it is missing. Reading is enough for `flock`,
/// so one that root has made serves the folder's owner too, and children that hold it as their
/// standard output cannot write into it.
pub(super) fn open_lock(path: &Path) -> Result<File, ClusterError> {
    let (folder, name) = Folder::around(path)?;
    let opened = match folder.file(&name, OFlag::O_RDONLY, 0) {
        Err(Errno::ENOENT) => folder
            .file(&name, OFlag::O_WRONLY | OFlag::O_CREAT, 0o644)
            .and_then(|_| folder.file(&name, OFlag::O_RDONLY, 0)),
        other => other,
    };
    opened.map_err(|errno| refused("open", path, errno))
}

/// Opens a file for reading that is no link; nothing where there is none.
pub(super) fn read(path: &Path) -> Result<Option<File>, ClusterError> {
    let (folder, name) = Folder::around(path)?;
    match folder.file(&name, OFlag::O_RDONLY | OFlag::O_NONBLOCK, 0) {
        Ok(file) => Ok(Some(file)),
        Err(Errno::ENOENT) => Ok(None),
        Err(errno) => Err(refused("open", path, errno)),
    }
}

/// Writes a whole file under another name first, so that it is there whole or not at all, and gives
/// it open for more. A rename follows no link.
pub(super) fn replace(path: &Path, text: &str) -> Result<File, ClusterError> {
    let (folder, name) = Folder::around(path)?;
    let mut new = name.clone().into_os_string();
    new.push(format!(".{}", std::process::id()));
    let new = PathBuf::from(new);
    // Left by a killed process that had the same id.
    let _ = unlinkat(&folder.dir, &new, UnlinkatFlags::NoRemoveDir);
    let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_APPEND;
    let mut file =
        folder.file(&new, flags, 0o644).map_err(|errno| refused("write", path, errno))?;
    file.set_permissions(Permissions::from_mode(0o644))
        .and_then(|()| file.write_all(text.as_bytes()))
        .and_then(|()| Ok(renameat(&folder.dir, &new, &folder.dir, &name)?))
        .map_err(|cause| ClusterError::Io { action: "write", path: path.to_path_buf(), cause })?;
    Ok(file)
}

/// Gives a file another name in its directory, whatever it is.
pub(super) fn rename(path: &Path, to: &Path) -> Result<(), ClusterError> {
    let (folder, name) = Folder::around(path)?;
    let to = to.file_name().unwrap_or(to.as_os_str());
    renameat(&folder.dir, &name, &folder.dir, to).map_err(|errno| failed("rename", path, errno))
}

/// Makes a directory for `uid`, or accepts one that is already theirs. In a
/// directory open to everyone somebody else may have been there first.
pub(super) fn own_dir(
    path: &Path,
    mode: u32,
    uid: u32,
    gid: Option<u32>,
) -> Result<(), ClusterError> {
    let io = |action, cause: io::Error| ClusterError::Io { action, path: path.into(), cause };
    let (folder, name) = Folder::around(path)?;
    match mkdirat(&folder.dir, &name, Mode::from_bits_truncate(mode)) {
        Ok(()) | Err(Errno::EEXIST) => {}
        Err(errno) => return Err(failed("create", path, errno)),
    }
    let dir = match folder.file(&name, OFlag::O_RDONLY | OFlag::O_DIRECTORY, 0) {
        Ok(dir) => dir,
        Err(Errno::ELOOP | Errno::ENOTDIR) => {
            return Err(not_ours(path, "it is no directory".to_owned()));
        }
        // Theirs, and closed to us: then it was made before, and there is nothing to set.
        Err(Errno::EACCES) => return accept_closed(&folder.path.join(&name), uid),
        Err(errno) => return Err(failed("open", path, errno)),
    };
    let meta = dir.metadata().map_err(|e| io("read", e))?;
    // Ours and not yet theirs: a start was interrupted right here.
    if meta.uid() != uid && meta.uid() != geteuid().as_raw() {
        return Err(not_ours(path, format!("it belongs to the user id {}", meta.uid())));
    }
    if meta.mode() & 0o777 != mode {
        dir.set_permissions(Permissions::from_mode(mode)).map_err(|e| io("set the mode of", e))?;
    }
    if meta.uid() != uid {
        fchown(&dir, Some(uid), gid).map_err(|e| io("change the owner of", e))?;
    }
    Ok(())
}

fn accept_closed(path: &Path, uid: u32) -> Result<(), ClusterError> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() && meta.uid() == uid => Ok(()),
        Ok(meta) => Err(not_ours(path, format!("it belongs to the user id {}", meta.uid()))),
        Err(cause) => Err(ClusterError::Io { action: "read", path: path.to_path_buf(), cause }),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{lchown, symlink};

    use super::*;

    #[test]
    fn a_symlink_is_never_taken_for_a_directory_of_ours() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("link");
        symlink(dir.path(), &link).unwrap();
        let made = own_dir(&link, 0o700, geteuid().as_raw(), None);
        assert!(matches!(made, Err(ClusterError::NotOurs { .. })));
    }

    /// Each file and directory of the folder, planted as a link to a file that is not there: nothing
    /// is made through it, by whatever is done with that name.
    #[test]
    fn nothing_is_made_through_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (target, link) = (dir.path().join("target"), dir.path().join("link"));
        symlink(&target, &link).unwrap();
        assert!(matches!(open_lock(&link), Err(ClusterError::NotOurs { .. })));
        assert!(matches!(read(&link), Err(ClusterError::NotOurs { .. })));
        assert!(own_dir(&link, 0o700, geteuid().as_raw(), None).is_err());
        replace(&link, "whole").unwrap();
        assert!(!target.exists());
        assert!(!fs::symlink_metadata(&link).unwrap().is_symlink(), "it was put in its place");
        assert_eq!(fs::read_to_string(&link).unwrap(), "whole");
    }

    #[test]
    fn links_of_others_and_their_folders_are_refused() {
        if !geteuid().is_root() {
            // Only root can make what belongs to others.
            return;
        }
        const STRANGER: Option<u32> = Some(54_321);
        let dir = tempfile::tempdir().unwrap();
        let project = dir.path().canonicalize().unwrap();
        let folder = project.join(FOLDER);
        fs::create_dir(&folder).unwrap();
        check(&folder).unwrap();

        // A link of theirs, wherever it is on the way.
        let (elsewhere, link) = (project.join("elsewhere"), folder.join("scratch"));
        fs::create_dir(&elsewhere).unwrap();
        symlink(&elsewhere, &link).unwrap();
        check(&link.join("15")).unwrap();
        lchown(&link, STRANGER, None).unwrap();
        for path in [&link, &link.join("15"), &folder] {
            let refused = check(path).unwrap_err().to_string();
            assert!(refused.contains("scratch") && refused.contains("54321"), "{refused}");
        }
        fs::remove_file(&link).unwrap();

        // A folder of theirs in a project that is not.
        std::os::unix::fs::chown(&folder, STRANGER, None).unwrap();
        assert!(matches!(check(&folder), Err(ClusterError::NotOurs { .. })));
        assert!(matches!(check(&folder.join("scratch/15")), Err(ClusterError::NotOurs { .. })));
        // Of a project that is theirs root takes the folder, and still no link.
        std::os::unix::fs::chown(&project, STRANGER, None).unwrap();
        check(&folder).unwrap();
    }
}
