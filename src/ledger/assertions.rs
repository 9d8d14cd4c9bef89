//! The latest result of each assertion of a build, so that `status` can tell it on any machine.
//!
//! Holds keys of rows that break an assertion, and no other value of a row.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Build, BuildId, LedgerError, lock_name, ours};
use crate::pg::{Row, Session, Sql, failpoint, lock};

/// A look at the assertions of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The build.
    pub build: BuildId,
    /// When it began, in RFC 3339.
    pub at: String,
    /// How long ago that is.
    pub age: Duration,
    /// Each assertion, in the order of the file.
    pub found: Vec<Assertion>,
}

/// An assertion that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// Its name.
    pub name: String,
    /// `file:line:column` of the query.
    pub place: String,
    /// Which assertion it is, whatever its place: another name or query is another assertion.
    pub identity: String,
    /// What it came to.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What an assertion came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It returned no row.
    Holds,
    /// It returned rows.
    Broken {
        /// How many.
        rows: usize,
        /// Keys of the first ten, each with its columns; empty for a row without a column of a key.
        keys: Vec<Vec<(String, Option<String>)>>,
    },
    /// It could not be run, so it is unknown whether it holds.
    Failed {
        /// Why.
        reason: String,
    },
}

/// Writes down what a look that began `age` ago came to; `false` if the build was moved or changed since it was
/// read from the ledger, or a later look is there.
///
/// # Errors
/// The server refuses.
pub fn set_assertions(
    session: &mut Session,
    build: &Build,
    (age, found): (Duration, &[Assertion]),
) -> Result<bool, LedgerError> {
    let found = serde_json::to_string(found)
        .map_err(|e| LedgerError::Unreadable { what: e.to_string() })?;
    let statement = ours(session, include_str!("set_assertions.sql")).into_owned();
    let (id, age, generation) = (build.id.0, age.as_secs_f64(), build.generation);
    let written = failpoint::around("ledger::set_assertions", || {
        session.execute(&statement, &[&id, &found, &age, &generation])
    })?;
    Ok(written > 0)
}

/// Whether the session may write down what it found. One that only looks, and a standby, may not.
///
/// # Errors
/// The server refuses.
pub fn may_set_assertions(session: &mut Session) -> Result<bool, LedgerError> {
    let statement = "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' \
         AND has_table_privilege('regrow.assertions'::regclass, 'INSERT') \
         AND has_table_privilege('regrow.assertions'::regclass, 'UPDATE')";
    Ok(session.query_one(&ours(session, statement), &[])?.get(0))
}

/// Forgets what was found in a build.
///
/// # Errors
/// The server refuses.
pub fn forget_assertions(sql: &mut impl Sql, build: BuildId) -> Result<(), LedgerError> {
    let statement = ours(sql, "DELETE FROM regrow.assertions WHERE build_id = $1").into_owned();
    sql.execute(&statement, &[&build.0])?;
    Ok(())
}

/// The last look at the assertions of each build.
///
/// # Errors
/// The server refuses, or a newer regrow wrote it.
pub fn assertions(session: &mut Session) -> Result<Vec<Look>, LedgerError> {
    let statement = ours(
        session,
        "SELECT build_id, found::text AS found, \
                to_char(looked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') AS at, \
                extract(epoch FROM clock_timestamp() - looked_at)::float8 AS age_s \
           FROM regrow.assertions",
    )
    .into_owned();
    session.query(&statement, &[])?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Look, LedgerError> {
    let build: i64 = row.get("build_id");
    let unreadable =
        |_| LedgerError::Unreadable { what: format!("what assertions of build {build} came to") };
    Ok(Look {
        build: BuildId(build),
        at: row.get("at"),
        age: Duration::try_from_secs_f64(row.get("age_s")).unwrap_or_default(),
        found: serde_json::from_str(row.get::<_, &str>("found")).map_err(unreadable)?,
    })
}

/// Claims the assertions of a build for a session, unless another one is looking at them: several followers share
/// the work. The claim goes with the session.
///
/// # Errors
/// The connection is lost.
pub fn claim_assertions(session: &mut Session, build: BuildId) -> Result<bool, LedgerError> {
    let name = lock_name(session, format!("assertions of build {}", build.0));
    Ok(lock::acquire(session, &name, Duration::ZERO)?)
}

/// Gives the claim back.
///
/// # Errors
/// The connection is lost.
pub fn disclaim_assertions(session: &mut Session, build: BuildId) -> Result<(), LedgerError> {
    let name = lock_name(session, format!("assertions of build {}", build.0));
    Ok(lock::release(session, &name)?)
}
