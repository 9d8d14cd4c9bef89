//! What is still to be done to a build's tables: by the finish, or by whoever takes the build up.
//!
//! A step leaves the list in the transaction that does it. Most are for behind the replay. Those
//! that undo stand there while rows are committed before their checkpoint: it takes them off the
//! list, and where it never came they are run before anything else is.

use super::{Build, BuildId, LedgerError, ours};
use crate::pg::{PgError, Session, Sql};

/// Remembers a statement that the finish will run.
///
/// # Errors
/// The server refuses.
pub fn at_finish(sql: &mut impl Sql, id: BuildId, statement: &str) -> Result<(), LedgerError> {
    Ok(add(sql, id, statement, false)?)
}

/// Remembers a statement that takes back what is committed from now on.
///
/// # Errors
/// The server refuses.
pub fn at_undo(sql: &mut impl Sql, id: BuildId, statement: &str) -> Result<(), LedgerError> {
    Ok(add(sql, id, statement, true)?)
}

fn add(sql: &mut impl Sql, id: BuildId, statement: &str, undoes: bool) -> Result<(), PgError> {
    sql.execute(
        &ours(sql, "INSERT INTO regrow.finish_step (build_id, number, statement, undoes) \
         SELECT $1, COALESCE(max(number), 0) + 1, $2, $3 FROM regrow.finish_step WHERE build_id = $1"),
        &[&id.0, &statement, &undoes],
    )?;
    Ok(())
}

/// The numbers of the statements that the finish has to run.
///
/// # Errors
/// The server refuses.
pub fn finish_steps(sql: &mut impl Sql, id: BuildId) -> Result<Vec<i64>, LedgerError> {
    let list =
        "SELECT number FROM regrow.finish_step WHERE build_id = $1 AND NOT undoes ORDER BY number";
    Ok(sql.query(&ours(sql, list), &[&id.0])?.iter().map(|row| row.get(0)).collect())
}

/// A statement of the finish, taken off the list. Waits for whoever is at it; `None` where he is
/// done with it.
///
/// # Errors
/// The server refuses.
pub fn take_finish_step(
    sql: &mut impl Sql,
    id: BuildId,
    number: i64,
) -> Result<Option<String>, LedgerError> {
    let row = sql.query_opt(
        &ours(sql, "DELETE FROM regrow.finish_step WHERE build_id = $1 AND number = $2 RETURNING statement"),
        &[&id.0, &number],
    )?;
    Ok(row.map(|row| row.get(0)))
}

/// Whether rows that are committed now can be taken back: nobody has moved the build since, and
/// what undoes them is on the list. Holds the build until the transaction ends, so that nobody
/// takes it up before.
///
/// # Errors
/// The server refuses.
pub fn is_undoable(sql: &mut impl Sql, build: &Build) -> Result<bool, LedgerError> {
    let held = "SELECT generation = $2 AND EXISTS (SELECT FROM regrow.finish_step WHERE build_id = $1 AND undoes) \
                FROM regrow.build WHERE id = $1 FOR SHARE";
    Ok(sql.query_one(&ours(sql, held), &[&build.id.0, &build.generation])?.get(0))
}

/// Takes the statements that undo off the list: what they take back stands with the checkpoint.
///
/// # Errors
/// The server refuses.
pub fn keep(sql: &mut impl Sql, id: BuildId) -> Result<(), LedgerError> {
    sql.execute(
        &ours(sql, "DELETE FROM regrow.finish_step WHERE build_id = $1 AND undoes"),
        &[&id.0],
    )?;
    Ok(())
}

/// Takes back what was committed without its checkpoint, if anything.
///
/// # Errors
/// The server refuses.
pub fn undo(session: &mut Session, id: BuildId) -> Result<(), LedgerError> {
    let list =
        "DELETE FROM regrow.finish_step WHERE build_id = $1 AND undoes RETURNING number, statement";
    let mut transaction = session.begin()?;
    let mut steps: Vec<(i64, String)> =
        (transaction.query(&ours(&transaction, list), &[&id.0])?.iter())
            .map(|row| (row.get(0), row.get(1)))
            .collect();
    if steps.is_empty() {
        return Ok(());
    }
    steps.sort();
    for (_, statement) in &steps {
        transaction.run(statement)?;
    }
    Ok(transaction.commit("ledger::undo")?)
}
