//! What the ledger knows of the logs that builds are made from: their names, anchors of events
//! that builds have read, and how many events they have read in which range.

use std::collections::BTreeMap;

use super::{Build, BuildId, LedgerError, ours};
use crate::anchor::{Anchor, Origin};
use crate::event::Position;
use crate::pg::{PgError, Row, Session, Sql, failpoint};

/// A log in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLog {
    /// Its number.
    pub id: i64,
    /// Its name: see [`crate::log::LogShape::name`].
    pub name: String,
    /// What fingerprints of its events are hashed with.
    pub key: Vec<u8>,
}

/// A range of positions as a build has read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRange {
    /// The build.
    pub build: BuildId,
    /// Its lower end, which is not part of it.
    pub after: Position,
    /// Its last position.
    pub until: Position,
    /// How many events were read.
    pub events: i64,
    /// The sum of their positions' hashes.
    pub hash_sum: i128,
    /// Whether the checkpoint still adds to it.
    pub is_open: bool,
}

/// Where the log differs from what a build has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compared {
    /// Events the log has and the build has not read, at the least.
    pub late: i64,
    /// Events the build has read and the log no longer has, at the least.
    pub deleted: i64,
    /// The first position that may be concerned.
    pub from: Position,
    /// The last one.
    pub until: Position,
}

impl Compared {
    /// What the log has more, or less, than a build has read.
    #[must_use]
    pub fn sentence(&self, build: &str) -> String {
        let Compared { late, deleted, from, until } = self;
        let events = |n: &i64| if *n == 1 { "event" } else { "events" };
        let mut parts = Vec::new();
        if *late > 0 {
            parts.push(format!("has at least {late} {} that {build} never read", events(late)));
        }
        if *deleted > 0 {
            parts.push(format!(
                "has lost at least {deleted} {} that {build} has read",
                events(deleted)
            ));
        }
        let place = match from == until {
            true => format!("at position {from}"),
            false => format!("between positions {from} and {until}"),
        };
        format!("the log {}, {place}", parts.join(" and "))
    }
}

/// The log of a name; `None` if no build was made from it yet.
///
/// # Errors
/// The server refuses.
pub fn known_log(sql: &mut impl Sql, name: &str) -> Result<Option<KnownLog>, LedgerError> {
    let row = sql.query_opt(
        &ours(sql, "SELECT id, name, key FROM regrow.source_log WHERE name = $1"),
        &[&name],
    )?;
    Ok(row.map(|row| KnownLog { id: row.get(0), name: row.get(1), key: row.get(2) }))
}

/// The log of a name, which is written down if it is new.
///
/// # Errors
/// The server refuses.
pub fn register(sql: &mut impl Sql, name: &str) -> Result<KnownLog, LedgerError> {
    if let Some(known) = known_log(sql, name)? {
        return Ok(known);
    }
    // Two random UUIDs have 244 random bits.
    sql.execute(
        &ours(
            sql,
            "INSERT INTO regrow.source_log (name, key) VALUES ($1, sha256(convert_to( \
         gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))) ON CONFLICT DO NOTHING",
        ),
        &[&name],
    )?;
    known_log(sql, name)?.ok_or_else(|| LedgerError::Unreadable { what: format!("the log {name}") })
}

/// The names of all logs, by their numbers.
///
/// # Errors
/// The server refuses.
pub fn log_names(sql: &mut impl Sql) -> Result<BTreeMap<i64, String>, LedgerError> {
    let rows = sql.query(&ours(sql, "SELECT id, name FROM regrow.source_log"), &[])?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Says which log a build is made from, and from which position on that is known.
///
/// # Errors
/// The server refuses.
pub fn assign(
    sql: &mut impl Sql,
    id: BuildId,
    log: &KnownLog,
    known_from: Option<Position>,
) -> Result<(), LedgerError> {
    failpoint::around("ledger::assign", || {
        sql.execute(
            &ours(
                sql,
                "UPDATE regrow.build SET log_id = $2, known_from = COALESCE(known_from, $3) \
             WHERE id = $1 AND log_id IS NULL",
            ),
            &[&id.0, &log.id, &known_from.map(|p| p.0)],
        )
    })?;
    Ok(())
}

/// Keeps the fingerprint of the log's first event with a build that has read nothing yet.
///
/// # Errors
/// The server refuses.
pub fn know_first(sql: &mut impl Sql, id: BuildId, first: &Anchor) -> Result<(), LedgerError> {
    failpoint::around("ledger::know_first", || {
        sql.execute(
            &ours(sql, include_str!("know_first.sql")),
            &[
                &id.0,
                &first.position.0,
                &first.envelope,
                &first.payload,
                &first.origin.system,
                &first.origin.timeline,
                &first.snapshot,
            ],
        )
    })?;
    Ok(())
}

/// Every anchor of a build, the oldest first; the flag says which is of the log's first event.
///
/// # Errors
/// The server refuses.
pub fn anchors(sql: &mut impl Sql, id: BuildId) -> Result<Vec<(Anchor, bool)>, LedgerError> {
    let rows = sql.query(&ours(sql, include_str!("anchors.sql")), &[&id.0])?;
    Ok(rows.iter().map(|row| (anchor(row), row.get("is_first"))).collect())
}

fn anchor(row: &Row) -> Anchor {
    Anchor {
        position: Position(row.get("position")),
        envelope: row.get("envelope"),
        payload: row.get("payload"),
        origin: Origin { system: row.get("system"), timeline: row.get("timeline") },
        snapshot: row.get("snapshot"),
    }
}

/// Forgets the payload's hash of an anchor, after the payload was seen to be another.
///
/// # Errors
/// The server refuses.
pub fn forget_payload(session: &mut Session, id: BuildId, at: Position) -> Result<(), LedgerError> {
    let mut transaction = session.begin()?;
    for statement in [
        "UPDATE regrow.checkpoint SET anchor_payload = NULL WHERE build_id = $1 AND anchor_position = $2",
        "UPDATE regrow.anchor SET payload = NULL WHERE build_id = $1 AND position = $2",
    ] {
        transaction.execute(&ours(&transaction, statement), &[&id.0, &at.0])?;
    }
    Ok(transaction.commit("ledger::forget_payload")?)
}

/// Drops the anchor of an event that was deleted. The checkpoint gets the newest that is left.
///
/// # Errors
/// The server refuses.
pub fn drop_anchor(session: &mut Session, id: BuildId, at: Position) -> Result<(), LedgerError> {
    let mut transaction = session.begin()?;
    transaction.execute(
        &ours(&transaction, "DELETE FROM regrow.anchor WHERE build_id = $1 AND position = $2"),
        &[&id.0, &at.0],
    )?;
    transaction
        .execute(&ours(&transaction, include_str!("previous_anchor.sql")), &[&id.0, &at.0])?;
    Ok(transaction.commit("ledger::drop_anchor")?)
}

/// The ranges of a build that are due to be compared with the log: the open one, and of the closed
/// ones as many as asked for, those first that were compared longest ago.
///
/// # Errors
/// The server refuses.
pub fn ranges(sql: &mut impl Sql, id: BuildId, closed: i64) -> Result<Vec<ReadRange>, LedgerError> {
    let rows = sql.query(&ours(sql, include_str!("ranges.sql")), &[&id.0, &closed])?;
    rows.iter()
        .map(|row| {
            let sum: String = row.get("hash_sum");
            let unreadable =
                |_| LedgerError::Unreadable { what: format!("the sum {sum:?} of a range") };
            Ok(ReadRange {
                build: id,
                after: Position(row.get("after")),
                until: Position(row.get("until")),
                events: row.get("events"),
                hash_sum: sum.parse().map_err(unreadable)?,
                is_open: row.get("is_open"),
            })
        })
        .collect()
}

/// How many events a build has read and the sum of their positions' hashes; `None` if an older regrow
/// has read some of them.
///
/// # Errors
/// The server refuses.
pub fn read_in_all(sql: &mut impl Sql, id: BuildId) -> Result<Option<(i64, i128)>, LedgerError> {
    let row = sql.query_one(&ours(sql, include_str!("read_in_all.sql")), &[&id.0])?;
    let (events, sum, read): (i64, String, i64) = (row.get(0), row.get(1), row.get(2));
    let unreadable = |_| LedgerError::Unreadable { what: format!("the sum {sum:?} of ranges") };
    let sum = sum.parse().map_err(unreadable)?;
    Ok((events == read).then_some((events, sum)))
}

/// Writes down what the log holds in a range. An open range in which it differs is closed, unless the
/// checkpoint has moved on: then the next comparison will find it.
///
/// # Errors
/// The server refuses.
pub fn compared(
    sql: &mut impl Sql,
    range: &ReadRange,
    (events, hash_sum): (i64, i128),
) -> Result<(), LedgerError> {
    let same = range.events == events && range.hash_sum == hash_sum;
    if range.is_open && same {
        return Ok(());
    }
    let statement = match range.is_open {
        true => include_str!("close_range.sql"),
        false => {
            "UPDATE regrow.read_range SET found_events = $4, found_sum = $5::text::numeric, \
             compared_at = clock_timestamp() WHERE build_id = $1 AND after = $2 AND until = $3"
        }
    };
    failpoint::around("ledger::compared", || {
        sql.execute(
            &ours(sql, statement),
            &[&range.build.0, &range.after.0, &range.until.0, &events, &hash_sum.to_string()],
        )
    })?;
    Ok(())
}

/// Where the log differs from what a build has read, as far as it was compared; `None` where it
/// does not.
///
/// # Errors
/// The server refuses.
pub fn missing(sql: &mut impl Sql, build: &Build) -> Result<Option<Compared>, PgError> {
    let row = sql.query_one(&ours(sql, include_str!("missing.sql")), &[&build.id.0])?;
    let (Some(from), Some(until)) = (row.get::<_, Option<i64>>(2), row.get::<_, Option<i64>>(3))
    else {
        return Ok(None);
    };
    let (late, deleted) = (row.get(0), row.get(1));
    Ok(Some(Compared { late, deleted, from: Position(from + 1), until: Position(until) }))
}
