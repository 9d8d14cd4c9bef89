//! Who follows builds: rows that processes renew, so that presence does not depend on names of
//! connections, on rights to see them, or on the machine that asks.

use std::time::Duration;

use super::{BuildId, LedgerError, lock_name, ours};
use crate::pg::{Row, Session, Sql, Transaction, lock};

/// A process that follows builds, by its number in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerId(i64);

/// A process that follows a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follower {
    /// The build.
    pub build: BuildId,
    /// The machine's name.
    pub host: String,
    /// The process there.
    pub pid: i64,
}

/// Writes a process down, and forgets those that have not been seen for a day. As long as the session lasts,
/// others see that the process is there.
///
/// # Errors
/// The server refuses.
pub fn enlist(session: &mut Session, command: &str) -> Result<WorkerId, LedgerError> {
    let host = nix::unistd::gethostname().unwrap_or_default().to_string_lossy().into_owned();
    let pid = std::process::id();
    session.run(&ours(
        session,
        "DELETE FROM regrow.worker WHERE seen_at < clock_timestamp() - interval '1 day'",
    ))?;
    let row = session.query_one(
        &ours(
            session,
            "INSERT INTO regrow.worker (host, pid, command) VALUES ($1, $2, $3) RETURNING id",
        ),
        &[&host, &i64::from(pid), &command],
    )?;
    let id: i64 = row.get(0);
    let lock = lock_name(session, format!("worker {id}"));
    if lock::acquire(session, &lock, Duration::ZERO)? {
        session.run(&ours(
            session,
            &format!("UPDATE regrow.worker SET has_lock = true WHERE id = {id}"),
        ))?;
    }
    Ok(WorkerId(id))
}

/// Says that a process is there and follows these builds, and no others; `false` if the ledger does not
/// know the process any more.
///
/// # Errors
/// The server refuses.
pub fn beat(
    session: &mut Session,
    worker: WorkerId,
    builds: &[BuildId],
) -> Result<bool, LedgerError> {
    let ids: Vec<i64> = builds.iter().map(|build| build.0).collect();
    let mut transaction = session.begin()?;
    // Nothing is lost with it that the next does not bring.
    transaction.run("SET LOCAL synchronous_commit = off")?;
    let renew = "UPDATE regrow.worker SET seen_at = clock_timestamp() WHERE id = $1";
    let is_known = transaction.execute(&ours(&transaction, renew), &[&worker.0])? > 0;
    change_builds(&mut transaction, worker, &ids)?;
    transaction.commit("ledger::beat")?;
    Ok(is_known)
}

fn change_builds(
    transaction: &mut Transaction<'_>,
    worker: WorkerId,
    ids: &[i64],
) -> Result<(), LedgerError> {
    transaction.execute(
        &ours(
            transaction,
            "DELETE FROM regrow.worker_build WHERE worker_id = $1 AND build_id <> ALL ($2)",
        ),
        &[&worker.0, &ids],
    )?;
    transaction.execute(
        &ours(transaction, "INSERT INTO regrow.worker_build (worker_id, build_id) \
         SELECT w.id, b.id FROM regrow.worker w, regrow.build b WHERE w.id = $1 AND b.id = ANY ($2) \
         ON CONFLICT DO NOTHING"),
        &[&worker.0, &ids],
    )?;
    Ok(())
}

/// Forgets a process that ends.
///
/// # Errors
/// The server refuses.
pub fn leave(session: &mut Session, worker: WorkerId) -> Result<(), LedgerError> {
    session.execute(&ours(session, "DELETE FROM regrow.worker WHERE id = $1"), &[&worker.0])?;
    Ok(())
}

/// Who follows which build: each process that was seen in the last ten seconds, or one of whose checkpoints did
/// move, and whose session has not ended.
///
/// # Errors
/// The server refuses.
pub fn followers(session: &mut Session) -> Result<Vec<Follower>, LedgerError> {
    let suffix = lock_name(session, String::new());
    let statement = ours(session, include_str!("followed.sql")).into_owned();
    let rows = session.query(&statement, &[&lock::CLASS, &suffix])?;
    let follower =
        |row: &Row| Follower { build: BuildId(row.get(0)), host: row.get(1), pid: row.get(2) };
    Ok(rows.iter().map(follower).collect())
}
