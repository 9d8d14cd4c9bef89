//! What an operator wants of a build: a column of it, so that it can be said from any machine, and outlives the
//! process that works on the build.

use std::str::FromStr;

use super::{BuildId, LedgerError, ours};
use crate::pg::{Sql, failpoint};

/// What an operator wants of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wish {
    /// It is worked on.
    #[default]
    Run,
    /// Nothing is written to it until somebody says otherwise.
    Pause,
    /// It is dropped by the process that works on it.
    Cancel,
}

impl Wish {
    /// Its name in the ledger.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Wish::Run => "run",
            Wish::Pause => "pause",
            Wish::Cancel => "cancel",
        }
    }
}

impl FromStr for Wish {
    type Err = LedgerError;

    fn from_str(name: &str) -> Result<Wish, LedgerError> {
        [Wish::Run, Wish::Pause, Wish::Cancel]
            .into_iter()
            .find(|wish| wish.name() == name)
            .ok_or_else(|| LedgerError::Unreadable { what: format!("the wish {name:?}") })
    }
}

/// Says what is wanted of a build, unless it was dropped meanwhile; whether it is there.
///
/// # Errors
/// The server refuses.
pub fn set_wish(sql: &mut impl Sql, id: BuildId, wish: Wish) -> Result<bool, LedgerError> {
    let host = nix::unistd::gethostname().unwrap_or_default().to_string_lossy().into_owned();
    let statement = ours(
        sql,
        "UPDATE regrow.build SET wanted = $2, wanted_at = clock_timestamp(), \
         wanted_by = session_user || ' on ' || $3::text WHERE id = $1 AND state <> 'dropped'",
    )
    .into_owned();
    let changed = failpoint::around("ledger::set_wish", || {
        sql.execute(&statement, &[&id.0, &wish.name(), &host])
    })?;
    Ok(changed > 0)
}

/// What is wanted of builds, each that is asked for and in the ledger.
///
/// # Errors
/// The server refuses.
pub fn wishes(sql: &mut impl Sql, builds: &[BuildId]) -> Result<Vec<(BuildId, Wish)>, LedgerError> {
    let ids: Vec<i64> = builds.iter().map(|build| build.0).collect();
    let statement = ours(sql, "SELECT id, wanted FROM regrow.build WHERE id = ANY ($1)");
    let rows = sql.query(&statement, &[&ids])?;
    rows.iter().map(|row| Ok((BuildId(row.get(0)), row.get::<_, &str>(1).parse()?))).collect()
}
