//! Where the server's programs are.
//!
//! Owns the search and the choice among several versions. Installs nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::ClusterError;

/// The oldest major version a private cluster is made with.
const MINIMUM_MAJOR: u32 = 14;

/// What a directory must hold to be one of server binaries.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// Where packages put them: a parent, the beginning of a name in it.
const PARENTS: [(&str, &str); 4] = [
    ("/usr/lib/postgresql", ""),
    ("/usr", "pgsql-"),
    ("/opt/homebrew/opt", "postgresql"),
    ("/usr/local/opt", "postgresql"),
];

/// A directory of server binaries that fit the cluster.
#[derive(Debug)]
pub(super) struct Binaries {
    dir: PathBuf,
}

/// The major version that made existing data, and where they are.
pub(super) struct MadeBy {
    /// The data directory.
    pub(super) data: PathBuf,
    /// Its `PG_VERSION`.
    pub(super) major: u32,
}

impl Binaries {
    /// The binaries in `explicit`, or else the best ones of this machine: those
    /// that made the data, or without data those of `pg_config`, or the newest.
    pub(super) fn find(
        explicit: Option<&Path>,
        made_by: Option<&MadeBy>,
    ) -> Result<Self, ClusterError> {
        let places = explicit.map_or_else(usual_places, |dir| vec![dir.to_path_buf()]);
        let mut found: Vec<(u32, PathBuf)> = Vec::new();
        for dir in &places {
            if let Some(whole) = holding_all(dir)
                && !found.iter().any(|(_, other)| *other == whole)
            {
                found.push((major_in(&whole)?, whole));
            }
        }
        choose(found, made_by, || name_places(explicit, &places))
    }

    /// The path of one of [`PROGRAMS`].
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }
}

/// `found` is in the order of preference, save for the version.
fn choose(
    mut found: Vec<(u32, PathBuf)>,
    made_by: Option<&MadeBy>,
    looked_in: impl FnOnce() -> String,
) -> Result<Binaries, ClusterError> {
    let Some((newest, newest_dir)) = found.iter().max_by_key(|(major, _)| *major).cloned() else {
        return Err(ClusterError::NoBinaries { looked_in: looked_in() });
    };
    if newest < MINIMUM_MAJOR {
        return Err(ClusterError::TooOld {
            bin_dir: newest_dir,
            major: newest,
            minimum: MINIMUM_MAJOR,
        });
    }
    if let Some(made_by) = made_by {
        let majors: Vec<String> = found.iter().map(|(major, _)| major.to_string()).collect();
        found.retain(|(major, _)| *major == made_by.major);
        if found.is_empty() {
            return Err(ClusterError::OtherMajor {
                data: made_by.data.clone(),
                wanted: made_by.major,
                found: majors.join(", "),
            });
        }
    }
    found.retain(|(major, _)| *major >= MINIMUM_MAJOR);
    let first = found.into_iter().next();
    let dir = first.map_or(newest_dir, |(_, dir)| dir);
    Ok(Binaries { dir })
}

/// `pg_config` first, then the packages' places from the newest version down,
/// then the `postgres` on the search path.
fn usual_places() -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = said_by("pg_config", &["--bindir"]).into_iter().collect();
    let mut packaged: Vec<PathBuf> = PARENTS
        .iter()
        .flat_map(|(parent, beginning)| children(Path::new(parent), beginning))
        .map(|dir| dir.join("bin"))
        .collect();
    packaged.sort_by_key(|dir| std::cmp::Reverse(last_number(dir)));
    places.extend(packaged);
    places.push(PathBuf::from("/usr/local/pgsql/bin"));
    // The shell knows the search path; this room does not read the environment.
    let on_path = said_by("sh", &["-c", "command -v postgres"]);
    if let Some(real) = on_path.and_then(|path| path.canonicalize().ok()) {
        places.extend(real.parent().map(Path::to_path_buf));
    }
    places
}

fn children(parent: &Path, beginning: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(beginning))
        .map(|entry| entry.path())
        .collect()
}

/// The version in a package's path: 16 in `/usr/lib/postgresql/16/bin`, 0 in
/// `/opt/homebrew/opt/postgresql/bin`, an alias that comes after the others.
fn last_number(path: &Path) -> u32 {
    let text = path.to_string_lossy();
    let digits = text.split(|c: char| !c.is_ascii_digit());
    digits.filter_map(|d| d.parse().ok()).next_back().unwrap_or(0)
}

/// The directory without symlinks if all programs are in it.
fn holding_all(dir: &Path) -> Option<PathBuf> {
    let dir = dir.canonicalize().ok()?;
    let whole = PROGRAMS.iter().all(|name| dir.join(name).is_file());
    whole.then_some(dir)
}

/// The first line a program prints, as a path.
fn said_by(program: &str, args: &[&str]) -> Option<PathBuf> {
    let said = Command::new(program).args(args).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let line = text.lines().next()?.trim();
    (said.status.success() && line.starts_with('/')).then(|| PathBuf::from(line))
}

fn major_in(dir: &Path) -> Result<u32, ClusterError> {
    let program = dir.join("postgres");
    let said = Command::new(&program)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| ClusterError::Spawn { program: program.clone(), cause })?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    parse_major(&text).ok_or_else(|| ClusterError::Failed {
        program,
        data: dir.to_path_buf(),
        output: format!("its version is {:?}", text.trim()),
    })
}

/// The major version in `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn parse_major(text: &str) -> Option<u32> {
    let (_, version) = text.split_once("(PostgreSQL) ")?;
    let end = version.find(|c: char| !c.is_ascii_digit());
    version[..end.unwrap_or(version.len())].parse().ok()
}

fn name_places(explicit: Option<&Path>, tried: &[PathBuf]) -> String {
    if let Some(dir) = explicit {
        return dir.display().to_string();
    }
    let mut names = vec!["pg_config --bindir".to_owned()];
    names.extend(PARENTS.map(|(parent, beginning)| format!("{parent}/{beginning}*/bin")));
    names.push("/usr/local/pgsql/bin".to_owned());
    names.push("postgres on PATH".to_owned());
    // A pg_config without a server beside it is the usual surprise.
    let partial = tried.iter().filter(|dir| dir.is_dir());
    names.extend(
        partial.map(|dir| format!("{} without all of {}", dir.display(), PROGRAMS.join(", "))),
    );
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn majors_are_read_from_every_kind_of_version() {
        let major = |v: &str| parse_major(&format!("postgres (PostgreSQL) {v}\n"));
        assert_eq!(major("15.14 (Debian 15.14-0+deb12u1)"), Some(15));
        assert_eq!(major("18beta1"), Some(18));
        assert_eq!(major("9.6.24"), Some(9));
        assert_eq!(parse_major("EnterpriseDB"), None);
    }

    fn chosen(majors: &[u32], made_by: Option<u32>) -> Result<PathBuf, String> {
        let found = majors.iter().map(|m| (*m, PathBuf::from(m.to_string())));
        let made_by = made_by.map(|major| MadeBy { data: PathBuf::from("/data"), major });
        choose(found.collect(), made_by.as_ref(), || "here".to_owned())
            .map(|binaries| binaries.dir)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn data_choose_their_own_version_and_new_ones_the_first_that_will_do() {
        assert_eq!(chosen(&[15, 17, 16], None), Ok("15".into()));
        assert_eq!(chosen(&[13, 17], None), Ok("17".into()));
        assert_eq!(chosen(&[17, 16], Some(16)), Ok("16".into()));
        let other = chosen(&[17, 16], Some(15)).unwrap_err();
        assert!(other.ends_with("PostgreSQL 15, and only 17, 16 was found"), "{other}");
        let old = chosen(&[12, 13], None).unwrap_err();
        assert!(old.contains("PostgreSQL 13 in 13 is too old"), "{old}");
        let none = chosen(&[], None).unwrap_err();
        assert!(none.contains("(looked in here)"), "{none}");
    }

    #[test]
    fn a_directory_without_programs_is_named_in_the_error() {
        let dir = tempfile::tempdir().unwrap();
        let error = Binaries::find(Some(dir.path()), None).unwrap_err().to_string();
        assert!(error.contains(&dir.path().display().to_string()), "{error}");
        assert!(error.contains("apt-get install postgresql"), "{error}");
    }
}
