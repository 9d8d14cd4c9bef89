//! Advisory locks: of a session, always polled, and of a short transaction.
//!
//! A session that waits in `pg_advisory_lock` holds a snapshot and so deadlocks
//! with CREATE INDEX CONCURRENTLY; `pg_try_advisory_lock` does not. The lock goes
//! with its session, so a crash cannot leave it behind.

use std::time::{Duration, Instant};

use crate::ident::quote_literal;

use super::{PgError, Session, Sql, Transaction};

/// How often a held lock is asked for again.
const POLL: Duration = Duration::from_millis(50);

/// First key of every advisory lock of ours: `regr` in ASCII.
pub const CLASS: i32 = 0x7265_6772;

/// Tries to take the lock named `name`, for as long as `wait`. Whether it is held now.
///
/// # Errors
/// The connection is lost.
pub fn acquire(session: &mut Session, name: &str, wait: Duration) -> Result<bool, PgError> {
    let deadline = Instant::now() + wait;
    loop {
        let row =
            session.query_one("SELECT pg_try_advisory_lock($1, hashtext($2))", &[&CLASS, &name])?;
        if row.get(0) {
            return Ok(true);
        }
        if Instant::now() >= deadline {
            return Ok(false);
        }
        std::thread::sleep(POLL);
    }
}

/// Takes the lock named `name` for the rest of a transaction, after whoever has it. Only for
/// transactions that are short and do not wait for anybody else.
///
/// # Errors
/// The connection is lost, or the lock cannot be had in half a minute.
pub fn within(transaction: &mut Transaction<'_>, name: &str) -> Result<(), PgError> {
    transaction.run("SET LOCAL lock_timeout = '30s'")?;
    transaction.query("SELECT pg_advisory_xact_lock($1, hashtext($2))", &[&CLASS, &name])?;
    Ok(())
}

/// Asks for our locks that the session holds, by their names' hashes.
pub const HELD: &str = "SELECT COALESCE(pg_catalog.string_agg(l.objid::pg_catalog.text, ' ' ORDER BY l.objid), '') \
    FROM pg_catalog.pg_locks l \
    WHERE l.locktype = 'advisory' AND l.pid = pg_catalog.pg_backend_pid() AND l.granted \
      AND l.classid = 1919248242 AND l.objsubid = 2";

/// An expression that is true while the session holds the lock named `name` twice.
#[must_use]
pub fn is_held(name: &str) -> String {
    let key = format!("{CLASS}, pg_catalog.hashtext({})", quote_literal(name));
    format!(
        "CASE WHEN pg_catalog.pg_advisory_unlock({key}) \
              THEN pg_catalog.pg_try_advisory_lock({key}) ELSE false END"
    )
}

/// A transaction as the server knows it.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The number the server gives it, which no other transaction ever has.
    pub number: String,
    /// Whether the database has event triggers, whose functions run with its statements.
    pub has_event_triggers: bool,
}

impl Begun {
    /// An expression for [`Begun::told`].
    const ASKED: &str = "pg_catalog.concat(pg_catalog.pg_current_xact_id()::pg_catalog.text, \
        CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_event_trigger e WHERE e.evtenabled <> 'D') THEN ' watched' END)";

    /// A transaction that has begun.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn of(transaction: &mut Transaction<'_>) -> Result<Begun, PgError> {
        let told = transaction.ask(&format!("SELECT {}", Begun::ASKED))?;
        told.map(Begun::told).ok_or(PgError::NoRow)
    }

    fn told(text: String) -> Begun {
        match text.strip_suffix(" watched") {
            Some(number) => Begun { number: number.to_owned(), has_event_triggers: true },
            None => Begun { number: text, has_event_triggers: false },
        }
    }
}

/// Begins a transaction on the backend that holds the lock named `name` twice, or not at all, in
/// one round trip with the settings that the statements of `script` make. One is given back and
/// taken again, which only its holder can, so nobody else can have it in between; looking into
/// `pg_locks` would take five times as long.
///
/// # Errors
/// The server refuses the script, or the connection is lost.
pub fn begin_where_held<'s>(
    session: &'s mut Session,
    name: &str,
    script: &str,
) -> Result<Option<(Transaction<'s>, Begun)>, PgError> {
    let key = format!("{CLASS}, pg_catalog.hashtext({})", quote_literal(name));
    let (transaction, told) = session.begin_and_ask(&format!(
        "{script}\nSELECT CASE WHEN pg_catalog.pg_advisory_unlock({key}) \
                      THEN CASE WHEN pg_catalog.pg_try_advisory_lock({key}) THEN {} END END",
        Begun::ASKED
    ))?;
    Ok(told.map(|told| (transaction, Begun::told(told))))
}

/// Gives the lock back.
///
/// # Errors
/// The connection is lost.
pub fn release(session: &mut Session, name: &str) -> Result<(), PgError> {
    session.query_one("SELECT pg_advisory_unlock($1, hashtext($2))", &[&CLASS, &name])?;
    Ok(())
}

/// Who holds the lock: `pid 4711, user app, regrow rebuild`.
///
/// # Errors
/// The connection is lost.
pub fn holder(session: &mut Session, name: &str) -> Result<Option<String>, PgError> {
    let row = session.query_opt(include_str!("lock_holder.sql"), &[&CLASS, &name])?;
    Ok(row.map(|row| row.get(0)))
}
