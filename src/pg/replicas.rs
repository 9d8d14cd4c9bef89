//! How far replicas are behind a server, and how much it has written.
//!
//! PostgreSQL tells a replica's lag in time only while it moves, so what is read is the place in the WAL that
//! it has replayed; `replay_lag` comes with it.

use std::time::Duration;

use super::{PgError, Row, Sql};

/// A server's WAL, and who has replayed how much of it.
#[derive(Debug, Clone)]
pub struct Replicas {
    /// Where the WAL ends, in bytes since its beginning.
    pub end: i64,
    /// Those that are connected. What replays nothing (a backup, an archive) is none.
    pub all: Vec<Replica>,
    /// Whether a replica is connected whose position this role may not see.
    pub is_hidden: bool,
}

/// A replica, or a subscriber.
#[derive(Debug, Clone)]
pub struct Replica {
    /// What it calls itself, or its address.
    pub name: String,
    /// What it has replayed, in bytes since the WAL's beginning.
    pub replayed: i64,
    /// How long it took to replay, as the server measured it last, if it did.
    pub lag: Option<Duration>,
}

/// Looks at a server's replicas.
///
/// # Errors
/// The server refuses, or is a standby itself.
pub fn look(sql: &mut impl Sql) -> Result<Replicas, PgError> {
    let rows = sql.query(include_str!("replicas.sql"), &[])?;
    let end = rows.first().map_or(0, |row| row.get(0));
    let (mut all, mut is_hidden) = (Vec::new(), false);
    for row in rows.iter().filter(|row| row.get::<_, bool>(1)) {
        let state: Option<String> = row.get(2);
        is_hidden |= state.is_none();
        all.extend(replica(row).filter(|_| state.is_some_and(|state| state != "backup")));
    }
    Ok(Replicas { end, all, is_hidden })
}

fn replica(row: &Row) -> Option<Replica> {
    let lag: Option<f64> = row.get(5);
    Some(Replica {
        name: row.get(3),
        replayed: row.get::<_, Option<i64>>(4)?,
        lag: lag.and_then(|lag| Duration::try_from_secs_f64(lag).ok()),
    })
}

/// The role that looks, if it may not see how far replicas are.
///
/// # Errors
/// The server refuses.
pub fn unseeing_role(sql: &mut impl Sql) -> Result<Option<String>, PgError> {
    let may = "SELECT current_user::text \
                WHERE NOT pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')";
    Ok(sql.query_opt(may, &[])?.map(|row| row.get(0)))
}
