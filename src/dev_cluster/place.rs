//! Where a cluster's files lie, and whom they belong to.
//!
//! Owns the layout and the rules of ownership. Knows nothing of servers.
//!
//! The folder holds the locks, the `keep` marker and `.gitignore`, which
//! belong to whoever runs regrow. `data`, `run` (the socket), `log` belong to
//! the server's user and lie beside them, in `home`, which is the folder
//! itself unless the server's user cannot get there.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use nix::unistd::{Uid, User, geteuid};
use sha2::{Digest as _, Sha256};

use super::{ClusterError, folder};

/// The port is only a part of the socket's name: nothing listens on TCP.
pub(super) const PORT: u16 = 5432;

/// The longest socket path that fits into `sun_path` with its NUL.
const SOCKET_PATH_BYTES: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The directories of one cluster.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The folder it belongs to, without symlinks.
    pub(super) folder: PathBuf,
    /// Where the server's directories are.
    pub(super) home: PathBuf,
    /// Where the socket is.
    pub(super) socket_dir: PathBuf,
    /// Names the cluster on this machine: 16 hex digits.
    pub(super) key: String,
    /// Who runs the server; `None` is the present user.
    pub(super) user: Option<ServerUser>,
}

/// The unprivileged user root steps down to.
#[derive(Debug, Clone)]
pub(super) struct ServerUser {
    name: String,
    /// The user's id.
    pub(super) uid: u32,
    /// The user's primary group.
    pub(super) gid: u32,
}

impl Place {
    pub(super) fn of(folder: &Path) -> Result<Self, ClusterError> {
        folder::check(folder)?;
        let folder = resolve(folder).map_err(|cause| ClusterError::Io {
            action: "resolve",
            path: folder.to_path_buf(),
            cause,
        })?;
        let key = key_of(&folder);
        let outside = PathBuf::from(format!("/var/tmp/regrow-{}-{key}", geteuid()));
        let (home, user) = if geteuid().is_root() {
            home_for_root(&folder, outside)?
        } else {
            (folder.clone(), None)
        };
        let socket_dir = socket_dir_in(&home, &key);
        Ok(Self { folder, home, socket_dir, key, user })
    }

    pub(super) fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.home.join("log/server.log")
    }

    /// Whether the socket's directory is outside of the cluster's home.
    pub(super) fn socket_is_apart(&self) -> bool {
        !self.socket_dir.starts_with(&self.home)
    }

    /// Makes the folder, with nothing of the server in it.
    pub(super) fn make_folder(&self) -> Result<(), ClusterError> {
        if !self.folder.is_dir() {
            // Whatever the umask: nobody else may put anything there.
            let made = DirBuilder::new().recursive(true).mode(0o755).create(&self.folder);
            made.map_err(|e| self.io("create", "", e))?;
            if self.user.is_some() {
                // Whatever the umask: the server's user must get through.
                fs::set_permissions(&self.folder, fs::Permissions::from_mode(0o755))
                    .map_err(|e| self.io("set the mode of", "", e))?;
            }
        }
        Ok(())
    }

    /// Makes the server's directories, or checks that they are ours.
    pub(super) fn make_home(&self) -> Result<(), ClusterError> {
        if self.home != self.folder {
            folder::own_dir(&self.home, 0o755, geteuid().as_raw(), None)?;
            self.write("where", &format!("{}\n", self.home.display()))?;
        }
        if let Some(user) = &self.user
            && !user.reaches(&self.home)
        {
            return Err(ClusterError::Unreachable {
                folder: self.home.clone(),
                user: user.name.clone(),
            });
        }
        self.make_private(&self.home.join("log"))?;
        self.make_private(&self.socket_dir)
    }

    /// A directory of mode 0700 that belongs to the server's user.
    pub(super) fn make_private(&self, dir: &Path) -> Result<(), ClusterError> {
        let owner = self.user.as_ref();
        let uid = owner.map_or(geteuid().as_raw(), |u| u.uid);
        folder::own_dir(dir, 0o700, uid, owner.map(|u| u.gid))
    }

    /// Replaces a file of the folder.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<(), ClusterError> {
        folder::replace(&self.folder.join(name), text).map(drop)
    }

    /// Opens a lock file of the folder, and makes it where it is missing.
    pub(super) fn open_lock(&self, name: &str) -> Result<File, ClusterError> {
        folder::open_lock(&self.folder.join(name))
    }

    pub(super) fn io(&self, action: &'static str, name: &str, cause: io::Error) -> ClusterError {
        ClusterError::Io { action, path: self.folder.join(name), cause }
    }
}

impl ServerUser {
    /// The owner of the data if there are data, else `postgres`, else `nobody`.
    /// Another choice than at birth would find its data unreadable.
    fn for_data(data: [&Path; 2]) -> Result<Self, ClusterError> {
        let owner = data
            .iter()
            .find_map(|path| fs::symlink_metadata(path).ok())
            .map(|meta| Uid::from_raw(meta.uid()))
            .filter(|uid| !uid.is_root())
            .and_then(|uid| User::from_uid(uid).ok().flatten());
        let named = |name: &str| User::from_name(name).ok().flatten();
        owner
            .or_else(|| named("postgres"))
            .or_else(|| named("nobody"))
            .map(|user| Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() })
            .ok_or(ClusterError::NoServerUser)
    }

    /// Whether the mode bits let this user through every directory down to
    /// `path`; the parts that do not exist yet will be made passable.
    fn reaches(&self, path: &Path) -> bool {
        path.ancestors().filter_map(|dir| fs::metadata(dir).ok()).all(|meta| {
            let search = if meta.uid() == self.uid {
                0o100
            } else if meta.gid() == self.gid {
                0o010
            } else {
                0o001
            };
            meta.mode() & search != 0
        })
    }
}

/// Data stay where they are; new ones go into the folder if they can.
fn home_for_root(
    folder: &Path,
    outside: PathBuf,
) -> Result<(PathBuf, Option<ServerUser>), ClusterError> {
    let (inside_data, outside_data) = (folder.join("data"), outside.join("data"));
    let user = ServerUser::for_data([&inside_data, &outside_data])?;
    let inside = inside_data.exists() || (!outside_data.exists() && user.reaches(folder));
    let home = if inside { folder.to_path_buf() } else { outside };
    Ok((home, Some(user)))
}

/// `run` beside the data, or a short directory where that would not fit into a
/// socket's address or could not be written into a connection string or a list
/// of directories as it is.
fn socket_dir_in(home: &Path, key: &str) -> PathBuf {
    let near = home.join("run");
    let bytes = near.join(format!(".s.PGSQL.{PORT}")).as_os_str().len();
    let plain = near
        .to_str()
        .is_some_and(|s| !s.contains(|c: char| c.is_control() || ",'\"\\".contains(c)));
    if plain && bytes <= SOCKET_PATH_BYTES {
        near
    } else {
        PathBuf::from(format!("/tmp/regrow-{key}"))
    }
}

/// The path without symlinks, as far as it exists.
fn resolve(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            let path = std::path::absolute(path)?;
            match (path.parent(), path.file_name()) {
                (Some(parent), Some(name)) => Ok(resolve(parent)?.join(name)),
                _ => Err(e),
            }
        }
        other => other,
    }
}

fn key_of(folder: &Path) -> String {
    Sha256::digest(folder.as_os_str().as_encoded_bytes())
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_stay_near_unless_their_address_cannot_be_written() {
        let near = |home: &str| socket_dir_in(Path::new(home), "k") == Path::new(home).join("run");
        assert!(near("/home/a/shop/.regrow"));
        assert!(near("/home/a/my shop/.regrow"));
        assert!(!near("/home/a,b/.regrow"));
        assert!(!near("/home/a'b/.regrow"));
        let fits = SOCKET_PATH_BYTES - "/run/.s.PGSQL.5432".len();
        assert!(near(&format!("/{}", "a".repeat(fits - 1))));
        assert!(!near(&format!("/{}", "a".repeat(fits))));
    }

    #[test]
    fn a_path_that_is_not_there_resolves_through_what_is() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().canonicalize().unwrap();
        std::os::unix::fs::symlink(&real, real.join("link")).unwrap();
        assert_eq!(resolve(&real.join("link/a/b")).unwrap(), real.join("a/b"));
    }
}
