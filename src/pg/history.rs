//! Revisions and their history table, run by refinery.
//!
//! Refinery writes a revision and its history row in two transactions unless it is
//! handed one migration as a batch, so that is what it gets, inside a transaction of
//! ours. Planning is not its business here: `Lineage` has the order. The table lies in
//! the schema it describes and keeps refinery's own name, so its tools can read it.

use refinery::{Migration, Target};
use refinery_core::traits::sync::{self, Migrate};

use super::{PgError, Sql, Transaction};
use crate::ident::Ident;
use crate::revision::Revision;

/// The history table's name in each schema.
pub const TABLE: &str = "refinery_schema_history";

/// A row of the history table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The revision's version.
    pub version: i64,
    /// Its slug.
    pub slug: String,
    /// When it ran, RFC 3339.
    pub applied_on: String,
    /// Refinery's SipHash-1-3 over name, version and SQL.
    pub checksum: String,
}

/// Why a revision did not run.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The server refused it.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// Refinery does not take the revision's name.
    #[error("refinery does not accept the revision {stem}: {reason}")]
    Refinery {
        /// The file's stem.
        stem: String,
        /// What refinery said.
        reason: String,
    },
}

/// Refinery's idea of a connection: a transaction of ours, and what went wrong in it.
struct Runner<'t, 'a> {
    transaction: &'t mut Transaction<'a>,
    failure: Option<PgError>,
}

/// Stands in for the real error, which waits in [`Runner::failure`].
#[derive(Debug, thiserror::Error)]
#[error("the server refused a statement")]
struct Refused;

impl sync::Transaction for Runner<'_, '_> {
    type Error = Refused;

    fn execute<'q, T: Iterator<Item = &'q str>>(&mut self, queries: T) -> Result<usize, Refused> {
        let mut count = 0;
        for query in queries {
            if let Err(error) = self.transaction.run(query) {
                self.failure = Some(error);
                return Err(Refused);
            }
            count += 1;
        }
        Ok(count)
    }
}

impl sync::Query<Vec<Migration>> for Runner<'_, '_> {
    /// Never asked: verification is `migrate`'s own, which lists every problem at once.
    fn query(&mut self, _: &str) -> Result<Vec<Migration>, Refused> {
        Ok(Vec::new())
    }
}

impl Migrate for Runner<'_, '_> {}

fn table_in(schema: &Ident) -> String {
    format!("{}.{TABLE}", schema.quoted())
}

/// The checksum refinery would store for a revision.
///
/// # Errors
/// Refinery does not take the revision's name.
pub fn checksum(revision: &Revision) -> Result<String, HistoryError> {
    Ok(migration(revision)?.checksum().to_string())
}

/// Whether a stored checksum is that of a revision's text, whichever line ends it had when
/// it ran and has now: a checkout may turn them, and that is no edit.
///
/// # Errors
/// Refinery does not take the revision's name.
pub fn is_of(stored: &str, revision: &Revision) -> Result<bool, HistoryError> {
    if checksum(revision)? == stored {
        return Ok(true);
    }
    let mut other = revision.clone();
    other.up.text = revision.up.text.replace("\r\n", "\n");
    if checksum(&other)? == stored {
        return Ok(true);
    }
    other.up.text = other.up.text.replace('\n', "\r\n");
    Ok(checksum(&other)? == stored)
}

fn migration(revision: &Revision) -> Result<Migration, HistoryError> {
    Migration::unapplied(&revision.stem(), &revision.up.text)
        .map_err(|e| HistoryError::Refinery { stem: revision.stem(), reason: e.to_string() })
}

/// Creates the history table where it is missing.
///
/// # Errors
/// The server refuses.
pub fn ensure(transaction: &mut Transaction<'_>, schema: &Ident) -> Result<(), HistoryError> {
    let mut runner = Runner { transaction, failure: None };
    let result = runner.assert_migrations_table(&table_in(schema));
    settle(result.map(|_| ()), runner.failure, "the history table")
}

/// Runs one revision and writes its row, both in the transaction it is given.
///
/// # Errors
/// The server refuses a statement; its position counts in the revision's file.
pub fn apply(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    revision: &Revision,
) -> Result<(), HistoryError> {
    let migrations = vec![migration(revision)?];
    transaction.run(&format!("SET LOCAL search_path = {}", schema.quoted()))?;
    let mut runner = Runner { transaction, failure: None };
    let result = sync::migrate(&mut runner, migrations, Target::Latest, &table_in(schema), true);
    settle(result.map(|_| ()), runner.failure, &revision.stem())
}

fn settle(
    result: Result<(), refinery::Error>,
    failure: Option<PgError>,
    stem: &str,
) -> Result<(), HistoryError> {
    match (result, failure) {
        (Ok(()), _) => Ok(()),
        (Err(_), Some(failure)) => Err(failure.into()),
        (Err(error), None) => {
            Err(HistoryError::Refinery { stem: stem.to_owned(), reason: error.to_string() })
        }
    }
}

/// The rows of a schema's history table by version; none where there is no table.
///
/// # Errors
/// The server refuses.
pub fn applied(sql: &mut impl Sql, schema: &Ident) -> Result<Vec<Applied>, PgError> {
    let table = table_in(schema);
    let present: bool = sql.query_one("SELECT to_regclass($1) IS NOT NULL", &[&table])?.get(0);
    if !present {
        return Ok(Vec::new());
    }
    let rows = sql.query(
        &format!("SELECT version::int8, name::text, applied_on::text, checksum::text FROM {table} ORDER BY 1"),
        &[],
    )?;
    Ok(rows
        .iter()
        .map(|row| Applied {
            version: row.get(0),
            slug: row.get(1),
            applied_on: row.get(2),
            checksum: row.get(3),
        })
        .collect())
}
