//! Builds that somebody wants to stand still for a moment, side by side.

use super::{Build, BuildId, LedgerError, build, ours};
use crate::pg::{Sql, Transaction};

/// Locks builds' rows until the transaction ends: [`advance`](super::advance) and every change of a state wait.
/// Gives the builds as they are then, in the order asked for.
///
/// The builds are read by statements of their own: the snapshot of the one that locks is older than its
/// locks, and whoever held them meanwhile may have moved a checkpoint.
///
/// # Errors
/// The server refuses, or one of them is not in the ledger.
pub fn lock<const N: usize>(
    transaction: &mut Transaction<'_>,
    builds: [BuildId; N],
) -> Result<[Build; N], LedgerError> {
    let locked = lock_all(transaction, &builds)?;
    let of = |_| LedgerError::Unreadable { what: "the builds".to_owned() };
    locked.try_into().map_err(of)
}

/// The same for any number of builds.
///
/// # Errors
/// The server refuses, or one of them is not in the ledger.
pub fn lock_all(
    transaction: &mut Transaction<'_>,
    builds: &[BuildId],
) -> Result<Vec<Build>, LedgerError> {
    let ids: Vec<i64> = builds.iter().map(|id| id.0).collect();
    let lock = "SELECT b.id FROM regrow.build b WHERE b.id = ANY ($1) ORDER BY b.id FOR UPDATE";
    transaction.query(&ours(transaction, lock), &[&ids])?;
    let gone = |id: BuildId| LedgerError::Unreadable { what: format!("build {}", id.0) };
    builds.iter().map(|id| build(transaction, *id)?.ok_or_else(|| gone(*id))).collect()
}

/// Two builds as the ledger has them.
///
/// # Errors
/// The server refuses, or one of them is not in the ledger.
pub fn pair(sql: &mut impl Sql, builds: [BuildId; 2]) -> Result<[Build; 2], LedgerError> {
    let gone = |id: BuildId| LedgerError::Unreadable { what: format!("build {}", id.0) };
    let [one, other] = builds;
    Ok([build(sql, one)?.ok_or_else(|| gone(one))?, build(sql, other)?.ok_or_else(|| gone(other))?])
}

/// Lets nobody write to builds who has not read the ledger since.
///
/// # Errors
/// The server refuses.
pub fn fence(sql: &mut impl Sql, builds: &[BuildId]) -> Result<(), LedgerError> {
    let ids: Vec<i64> = builds.iter().map(|id| id.0).collect();
    let statement = "UPDATE regrow.build SET generation = generation + 1 WHERE id = ANY ($1)";
    sql.execute(&ours(sql, statement), &[&ids])?;
    Ok(())
}

/// The positions of events that were put aside for one build and not for the other, for each of both.
///
/// # Errors
/// The server refuses.
pub fn parked_apart(
    sql: &mut impl Sql,
    builds: [BuildId; 2],
) -> Result<[Vec<i64>; 2], LedgerError> {
    apart(sql, "parked_events", builds)
}

/// The positions that a table of events has for one build and not for the other, for each of both.
pub(super) fn apart(
    sql: &mut impl Sql,
    table: &str,
    builds: [BuildId; 2],
) -> Result<[Vec<i64>; 2], LedgerError> {
    let statement = format!(
        "SELECT p.position FROM regrow.{table} p WHERE p.build_id = $1 \
         AND NOT EXISTS (SELECT FROM regrow.{table} o WHERE o.build_id = $2 \
                         AND o.position = p.position AND o.part = p.part) \
         GROUP BY p.position ORDER BY p.position"
    );
    let statement = ours(sql, &statement).into_owned();
    let mut only = |one: BuildId, other: BuildId| -> Result<Vec<i64>, LedgerError> {
        let rows = sql.query(&statement, &[&one.0, &other.0])?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    };
    let [one, other] = builds;
    Ok([only(one, other)?, only(other, one)?])
}
