//! What stands around an address: variables, the home folder, the user of the system.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use nix::unistd::{User, geteuid};

/// Variables that name a server by themselves; the others only say how one is reached.
const NAMING: [&str; 5] = ["PGSERVICE", "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE"];

/// What libpq would look at besides an address. Nothing is in there that was not put there.
#[derive(Clone, Default)]
pub struct Surroundings {
    variables: BTreeMap<String, String>,
    is_system: bool,
}

/// Values may be passwords.
impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

impl Surroundings {
    /// Those of a process: `HOME` and every variable that begins with `PG`.
    #[must_use]
    pub fn of(variables: BTreeMap<String, String>) -> Surroundings {
        Surroundings { variables, is_system: true }
    }

    /// The variables that name a server, if there are any.
    #[must_use]
    pub fn naming(&self) -> Vec<&'static str> {
        NAMING.into_iter().filter(|name| self.variable(name).is_some()).collect()
    }

    /// One that is set and not empty.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn home(&self) -> Option<PathBuf> {
        if let Some(home) = self.variable("HOME") {
            return Some(PathBuf::from(home));
        }
        self.entry().map(|user| user.dir)
    }

    /// Who logs in where nothing says so.
    pub(super) fn user(&self) -> Option<String> {
        self.entry().map(|user| user.name)
    }

    fn entry(&self) -> Option<User> {
        if !self.is_system {
            return None;
        }
        User::from_uid(geteuid()).ok().flatten()
    }
}
