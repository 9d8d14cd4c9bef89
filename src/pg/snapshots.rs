//! Who keeps dead rows of a database from being taken away.

use super::{PgError, Sql};

/// Transactions, prepared transactions and replication slots that hold a snapshot of the database for longer than
/// `seconds`, each with the statement that ends it.
///
/// # Errors
/// The server refuses or the connection is lost.
pub fn held(sql: &mut impl Sql, seconds: f64) -> Result<Vec<(String, String)>, PgError> {
    let rows = sql.query(include_str!("snapshots.sql"), &[&seconds])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
