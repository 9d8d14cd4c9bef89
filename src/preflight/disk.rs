//! The disk: how much a rebuild may take, and how much is free where that can be known.
//!
//! PostgreSQL tells nobody how much of its disk is free. For a server on this machine whose folder
//! the role may know, the system is asked.

use bytesize::ByteSize;

use super::read_models::Ledger;
use super::server::Facts;
use super::{Code, Finding, Inspection, PreflightError};
use crate::ledger;
use crate::pg::{PgError, Session, Sql, disk};

/// How long the tables of a live build are waited for, which somebody may be changing.
const LOCK_TIMEOUT: &str = "1s";

/// Tells what a rebuild takes: as much as what is live, or at the most what the log takes.
pub(super) fn look(
    inspection: &mut Inspection<'_>,
    session: &mut Session,
    facts: &Facts,
    ledger: Ledger,
    log_bytes: Option<i64>,
) -> Result<(), PreflightError> {
    let live = match ledger {
        Ledger::Open => live_builds(session, inspection.names)?,
        Ledger::Unread => Vec::new(),
    };
    let mut parts = Vec::new();
    let mut needed = 0;
    for name in inspection.names {
        let size = match (live.iter().find(|(projection, _)| projection == name), log_bytes) {
            (Some((_, bytes)), _) => (*bytes, "as much as its live build"),
            (None, Some(bytes)) => (bytes, "at the most what the log takes"),
            (None, None) => continue,
        };
        let bytes = u64::try_from(size.0).unwrap_or(0);
        needed += bytes;
        parts.push(format!("{} for {name}, {}", ByteSize(bytes), size.1));
    }
    if parts.is_empty() {
        return Ok(());
    }
    let free = facts.folder.as_deref().and_then(disk::free_bytes);
    let (label, parts) = (session.server().to_owned(), parts.join("; "));
    inspection.found.push(match free {
        Some(free) if free < needed => {
            let message =
                format!("{} of the disk are free, and a rebuild may take {parts}", ByteSize(free));
            let next = "make room, or drop what nobody reads: regrow prune";
            Finding::warning(Code::Disk, label, message, next)
        }
        Some(free) => {
            let message = format!(
                "a rebuild may take {parts}, and write-ahead log besides; {} of the disk are free",
                ByteSize(free)
            );
            Finding::note(Code::Disk, label, message, "nothing: there is room")
        }
        None => {
            let message = format!("a rebuild may take {parts}, and write-ahead log besides");
            let next =
                "see that the server's disk has room: what is free there cannot be asked from here";
            Finding::note(Code::Disk, label, message, next)
        }
    });
    Ok(())
}

/// The sizes of live builds by projection; none where somebody holds a lock on one.
fn live_builds(session: &mut Session, names: &[String]) -> Result<Vec<(String, i64)>, PgError> {
    let mut transaction = session.begin()?;
    transaction.run(&format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))?;
    match transaction.query(&ledger::ours(&transaction, include_str!("live_builds.sql")), &[&names])
    {
        Ok(rows) => Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect()),
        Err(error) if error.is_contention() => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}
