//! Logs whose tables Citus keeps on other nodes.
//!
//! Every node that has Citus' metadata can be written through, and its locks are seen there alone. What is written
//! through the coordinator locks the table there before it takes a number, and keeps the lock until workers have
//! committed. What is written through another node gets its number from that node's own part of the
//! sequence, far above all numbers of the coordinator; so it can be told from the log that it was, whatever the moment,
//! as long as a sequence gives the numbers and the last one can be found at once. All else is refused.

use super::{Unwatchable, Watched};
use crate::log::LogError;
use crate::pg::{Session, citus};

/// The numbers of the coordinator's sequences lie below; those of another node begin at its number times this.
pub(crate) const FIRST_OF_A_NODE: i64 = 1 << 48;

/// The shards of a log's tables; none where all of it lies on the server itself.
///
/// # Errors
/// It may be written through nodes whose locks nobody sees here.
pub(super) fn shards(
    session: &mut Session,
    log: &str,
    watched: &Watched,
) -> Result<Vec<String>, LogError> {
    let tables: Vec<u32> = watched.parts.iter().map(|part| part.oid).collect();
    let shards = citus::shards(session, &tables)?;
    let refused = |why: &str, remedy: String| {
        LogError::from(Unwatchable::Nodes { log: log.to_owned(), why: why.to_owned(), remedy })
    };
    if shards.is_empty() {
        return Ok(shards);
    }
    if !citus::is_coordinator(session)? {
        let why = "this server is a worker, which does not see who writes through the coordinator";
        return Err(refused(why, "name the coordinator: [database] url".into()));
    }
    let Some(sequence) = &watched.sequence else {
        let why = "no sequence gives its positions, so that what is written through a worker cannot be told \
                   from what is written through the coordinator";
        let remedy = "let a sequence give the positions, such as bigint GENERATED ALWAYS AS IDENTITY, and \
                      write through the coordinator";
        return Err(refused(why, remedy.into()));
    };
    if sequence.increment != 1 || sequence.start >= FIRST_OF_A_NODE {
        let why = format!(
            "its sequence {} does not count from the beginning in steps of one",
            sequence.name
        );
        return Err(refused(&why, format!("ALTER SEQUENCE {} INCREMENT BY 1;", sequence.name)));
    }
    if !watched.is_indexed() {
        let why = "no index finds its last position, by which it is seen that a worker was written through";
        // Citus makes an index of every shard outside of a transaction, too.
        return Err(refused(why, watched.wanted_indexes().join(" ")));
    }
    Ok(shards)
}
