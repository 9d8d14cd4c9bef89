//! The ledger: regrow's own tables, where operations meet.
//!
//! Owns the schema `regrow`, or what `[ledger] schema` names, in the read models' database: builds and their states,
//! definitions, checkpoints, what is still to be done to tables, publications. It moves states and says
//! what is; when they move is decided on the work floor. The rules that must hold
//! whatever the code does are constraints and triggers in `ledger/V1__ledger.sql`.

mod assertions;
mod build;
mod build_changes;
mod changes;
mod elsewhere;
mod end;
mod hold;
mod log;
mod objects;
mod parked;
mod progress;
mod retired;
mod skipped;
mod steps;
mod switches;
mod wish;
mod worker;

use std::borrow::Cow;
use std::time::Duration;

use crate::anchor::{Anchor, Tally};
use crate::event::Position;
use crate::failure::Failure;
use crate::ident::{Ident, IdentError};
use crate::pg::history::{self, HistoryError};
use crate::pg::{Param, PgError, Session, Sql, citus, lock, owner};
use crate::revision::Revision;
use crate::source::SourceFile;

pub use assertions::{
    Assertion, Look, Outcome, assertions, claim_assertions, disclaim_assertions, forget_assertions,
    may_set_assertions, set_assertions,
};
pub use build::{
    AsOf, Beginning, Build, BuildId, LastError, State, build, builds, create_build, definition,
    next_schema, seconds_live,
};
pub use build_changes::{
    fail, pause, record_last_error, redefine, resume, set_gate, set_on_error, set_preview,
    set_replay_mark, set_shown_in, set_state, set_through,
};
pub use changes::{Change, changes};
pub use end::{forget, published_names, rename};
pub use hold::{fence, lock, lock_all, pair, parked_apart};
pub use log::{
    Compared, KnownLog, ReadRange, anchors, assign, compared, drop_anchor, forget_payload,
    know_first, known_log, log_names, missing, ranges, read_in_all, register,
};
pub use objects::{
    is_shared_type, knows_objects, own_objects, record_objects, shared_type, type_schemas,
    type_schemas_left_by,
};
pub use parked::{ParkedEvent, drop_parked, newest_parked, parked, unpark};
pub use progress::{BuildProgress, forget_progress, progress, tell_progress};
pub use retired::{kept_builds, let_go};
pub use skipped::{
    SkippedKind, forget_skipped, skip, skipped, skipped_apart, skipped_kinds, unskip,
};
pub use steps::{at_finish, at_undo, finish_steps, is_undoable, keep, take_finish_step, undo};
pub use switches::{Switch, now, switches};
pub use wish::{Wish, set_wish, wishes};
pub use worker::{Follower, WorkerId, beat, enlist, followers, leave};

/// The ledger's schema as its statements are written here ([`ours`]).
const WRITTEN: &str = "regrow.";
const LOCK_WAIT: Duration = Duration::from_secs(30);

/// Why the ledger did not answer.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// A revision of the ledger did not run.
    #[error("the ledger could not be set up: {0}")]
    Setup(#[source] HistoryError),
    /// Another run sets it up and does not end.
    #[error("another run holds the ledger's lock{}", .holder.as_ref().map_or_else(String::new, |h| format!(" ({h})")))]
    Locked {
        /// Who.
        holder: Option<String>,
    },
    /// Another run works on the projection's builds.
    #[error("another run is rebuilding {projection}{}", .holder.as_ref().map_or_else(String::new, |h| format!(" ({h})")))]
    Busy {
        /// The projection.
        projection: String,
        /// Who.
        holder: Option<String>,
    },
    /// The ledger was written by a newer regrow.
    #[error("the ledger was written by a newer regrow (its revision {found}, ours {known})")]
    Newer {
        /// Its version.
        found: i64,
        /// The last one this program knows.
        known: i64,
    },
    /// An older regrow made the ledger, and what is asked for needs the newest.
    #[error("the ledger is of an older regrow (its revision {found}, ours {known})")]
    Older {
        /// Its version.
        found: i64,
        /// The version this program needs.
        known: i64,
    },
    /// Something in it cannot be understood.
    #[error("{what} in the ledger cannot be understood by this version of regrow")]
    Unreadable {
        /// What.
        what: String,
    },
    /// A build's schema would have a name PostgreSQL cuts.
    #[error(transparent)]
    Name(#[from] IdentError),
    /// A projection of another ledger publishes that name.
    #[error(
        "{view} in schema {schema} is already published by {owner} of the ledger {ledger} in this database"
    )]
    PublishedElsewhere {
        /// The view.
        view: String,
        /// The readers' schema.
        schema: String,
        /// Whose it is.
        owner: String,
        /// The other ledger's schema.
        ledger: String,
    },
    /// Another projection publishes that name.
    #[error("{view} in schema {schema} is already published by the projection {owner}")]
    Published {
        /// The view.
        view: String,
        /// The readers' schema.
        schema: String,
        /// Whose it is.
        owner: String,
    },
}

impl From<HistoryError> for LedgerError {
    fn from(error: HistoryError) -> LedgerError {
        match error {
            HistoryError::Pg(error) => LedgerError::Pg(error),
            other => LedgerError::Setup(other),
        }
    }
}

/// The newest revision of the ledger that this program knows.
#[must_use]
pub fn revision() -> i64 {
    revisions().iter().map(|revision| revision.version).max().unwrap_or_default()
}

fn revisions() -> Vec<Revision> {
    [
        (1, "ledger", "V1__ledger.sql", include_str!("ledger/V1__ledger.sql")),
        (2, "trouble", "V2__trouble.sql", include_str!("ledger/V2__trouble.sql")),
        (3, "undo", "V3__undo.sql", include_str!("ledger/V3__undo.sql")),
        (4, "log_identity", "V4__log_identity.sql", include_str!("ledger/V4__log_identity.sql")),
        (5, "service", "V5__service.sql", include_str!("ledger/V5__service.sql")),
        (6, "skipped", "V6__skipped.sql", include_str!("ledger/V6__skipped.sql")),
    ]
    .map(|(version, slug, file, text)| Revision::plain(version, slug, SourceFile::new(file, text)))
    .into()
}

/// A statement of ours with the schema that the session's ledger has. Each statement on the ledger's
/// tables comes by here, and no other: what files hold is never looked into.
pub fn ours<'t>(sql: &impl Sql, statement: &'t str) -> Cow<'t, str> {
    in_schema(sql.ledger(), statement)
}

fn in_schema<'t>(schema: &Ident, statement: &'t str) -> Cow<'t, str> {
    match WRITTEN.strip_suffix('.') == Some(schema.as_str()) {
        true => Cow::Borrowed(statement),
        false => Cow::Owned(statement.replace(WRITTEN, &format!("{}.", schema.quoted()))),
    }
}

/// The name of a lock of this ledger: others in the database have theirs. That of the ledger `regrow`
/// is what it always was.
fn lock_name(sql: &impl Sql, name: String) -> String {
    match sql.ledger().as_str() {
        "regrow" => name,
        other => format!("{name} of {other}"),
    }
}

/// How old a ledger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// There is none.
    Absent,
    /// An older regrow made it.
    Older,
    /// It is as new as this program.
    Current,
}

/// Looks for the ledger.
///
/// # Errors
/// The server refuses, or a newer regrow was here.
pub fn age(session: &mut Session) -> Result<Age, LedgerError> {
    let applied = history::applied(session, &session.ledger().clone())?;
    let known = revisions().last().map_or(0, |r| r.version);
    match applied.last().map(|a| a.version) {
        None => Ok(Age::Absent),
        Some(found) if found > known => Err(LedgerError::Newer { found, known }),
        Some(found) if found < known => Ok(Age::Older),
        Some(_) => Ok(Age::Current),
    }
}

/// The last revision of the ledger that has run; 0 if there is none.
///
/// # Errors
/// The server refuses.
pub fn version(session: &mut Session) -> Result<i64, LedgerError> {
    Ok(history::applied(session, &session.ledger().clone())?.last().map_or(0, |a| a.version))
}

/// The versions of an older ledger and of this program's.
///
/// # Errors
/// The server refuses.
pub fn older(session: &mut Session) -> Result<LedgerError, LedgerError> {
    Ok(LedgerError::Older {
        found: version(session)?,
        known: revisions().last().map_or(0, |r| r.version),
    })
}

/// Refuses a ledger that somebody else has made, or could change: who writes to it, writes by its
/// triggers and functions.
///
/// # Errors
/// It belongs to another role, or the server refuses.
pub fn is_ours(session: &mut Session) -> Result<(), PgError> {
    let schema = session.ledger().clone();
    owner::is_ours(session, &schema).map(drop)
}

/// Creates the ledger or brings it up to date.
///
/// # Errors
/// The server refuses, a newer regrow was here, or another run holds the lock.
pub fn ensure(session: &mut Session) -> Result<(), LedgerError> {
    is_ours(session)?;
    if age(session)? == Age::Current {
        return Ok(());
    }
    let lock = lock_name(session, "regrow ledger".to_owned());
    if !lock::acquire(session, &lock, LOCK_WAIT)? {
        return Err(LedgerError::Locked { holder: lock::holder(session, &lock)? });
    }
    let result = set_up(session);
    lock::release(session, &lock)?;
    result
}

fn set_up(session: &mut Session) -> Result<(), LedgerError> {
    let schema = session.ledger().clone();
    let done = history::applied(session, &schema)?;
    // All of them or none, and the schema is looked at once.
    let mut transaction = session.begin()?;
    history::set_up(&mut transaction, &schema)?;
    for revision in revisions() {
        if done.iter().any(|a| a.version == revision.version) {
            continue;
        }
        let row = history::row_script(&schema, &revision)?;
        transaction.run(&format!("{}\n{row}", in_schema(&schema, &revision.up.text)))?;
    }
    Ok(transaction.commit("ledger::set_up")?)
}

/// Who works on a projection's builds: `pid 4711, user app, regrow rebuild order_summary`.
///
/// # Errors
/// The connection is lost.
pub fn worker(session: &mut Session, projection: &str) -> Result<Option<String>, PgError> {
    lock::holder(session, &claim_name(session, projection))
}

/// Claims a projection for a session: one run at a time makes, changes or drops its builds.
/// The claim goes with the session, so a crash cannot leave it behind.
///
/// # Errors
/// Another run has it for longer than `wait`.
pub fn claim(session: &mut Session, projection: &str, wait: Duration) -> Result<(), LedgerError> {
    let name = claim_name(session, projection);
    if lock::acquire(session, &name, wait)? {
        return Ok(());
    }
    let (projection, holder) = (projection.to_owned(), lock::holder(session, &name)?);
    Err(LedgerError::Busy { projection, holder })
}

/// Gives a claim back before the session ends.
///
/// # Errors
/// The connection is lost.
pub fn disclaim(session: &mut Session, projection: &str) -> Result<(), LedgerError> {
    Ok(lock::release(session, &claim_name(session, projection))?)
}

fn claim_name(sql: &impl Sql, projection: &str) -> String {
    lock_name(sql, format!("rebuild {projection}"))
}

/// Claims the names of a projection's views; names it published before are given up
/// only by [`unpublish_gone`].
///
/// # Errors
/// Another projection has one of them.
pub fn publish(
    sql: &mut impl Sql,
    projection: &str,
    schema: &Ident,
    views: &[Ident],
) -> Result<(), LedgerError> {
    let mut new = Vec::new();
    for view in views {
        let claim = "INSERT INTO regrow.publication (schema_name, view_name, projection) \
             VALUES ($1::text::name, $2::text::name, $3) ON CONFLICT DO NOTHING";
        let name: [&(dyn Param + Sync); 2] = [&schema.as_str(), &view.as_str()];
        if sql.execute(&ours(sql, claim), &[name[0], name[1], &projection])? > 0 {
            new.push(view);
        }
        let owner = "SELECT projection FROM regrow.publication \
             WHERE schema_name = $1::text::name AND view_name = $2::text::name";
        let owner: String = sql.query_one(&ours(sql, owner), &name)?.get(0);
        if owner != projection {
            return Err(LedgerError::Published {
                view: view.as_str().into(),
                schema: schema.as_str().into(),
                owner,
            });
        }
    }
    match new.is_empty() {
        true => Ok(()),
        false => elsewhere::refuse(sql, schema, &new),
    }
}

/// The views a projection has published, as `(schema, view)`.
///
/// # Errors
/// The server refuses.
pub fn published(sql: &mut impl Sql, projection: &str) -> Result<Vec<(Ident, Ident)>, LedgerError> {
    let rows = sql.query(
        &ours(sql, "SELECT schema_name::text, view_name::text FROM regrow.publication WHERE projection = $1 ORDER BY 1, 2"),
        &[&projection],
    )?;
    rows.iter()
        .map(|row| Ok((Ident::new(row.get::<_, String>(0))?, Ident::new(row.get::<_, String>(1))?)))
        .collect()
}

/// What belongs to a published view and waits for a build that has its columns, as the promote wrote it.
///
/// # Errors
/// The server refuses.
pub fn kept(
    sql: &mut impl Sql,
    schema: &Ident,
    view: &Ident,
) -> Result<Option<String>, LedgerError> {
    // An older ledger has no such column.
    let kept = "SELECT to_jsonb(p) ->> 'kept' FROM regrow.publication p \
                WHERE schema_name = $1::text::name AND view_name = $2::text::name";
    let row = sql.query_opt(&ours(sql, kept), &[&schema.as_str(), &view.as_str()])?;
    Ok(row.and_then(|row| row.get(0)))
}

/// Gives up the names of a projection that has no build left, for others to take.
///
/// # Errors
/// The server refuses.
pub fn unpublish_gone(sql: &mut impl Sql, projection: &str) -> Result<(), LedgerError> {
    sql.execute(
        &ours(
            sql,
            "DELETE FROM regrow.publication WHERE projection = $1 \
         AND NOT EXISTS (SELECT FROM regrow.build WHERE projection = $1 AND state <> 'dropped')",
        ),
        &[&projection],
    )?;
    Ok(())
}

/// A step of a build's checkpoint.
#[derive(Debug, Clone)]
pub struct Step {
    /// Where the checkpoint is.
    pub from: Position,
    /// Where it goes.
    pub to: Position,
    /// Events read in between.
    pub read: Tally,
    /// Events that reached a handler.
    pub applied: i64,
    /// The fingerprint of the last event that was read, unless there was none.
    pub anchor: Option<Anchor>,
}

/// Moves a build's checkpoint in the transaction that writes its rows. Gives why it must not be
/// moved, if another process moved the build.
///
/// # Errors
/// The server refuses.
pub fn advance(
    sql: &mut impl Sql,
    build: &Build,
    step: &Step,
) -> Result<Option<String>, LedgerError> {
    let anchor = step.anchor.as_ref();
    let origin = anchor.map(|a| &a.origin);
    let row = sql.query_one(
        &ours(sql, "SELECT regrow.advance($1, $2, 0, $3, $4, $5, $6, $7::text::numeric, $8, $9, $10, $11, $12, $13)"),
        &[
            &build.id.0,
            &build.generation,
            &step.from.0,
            &step.to.0,
            &step.read.events,
            &step.applied,
            &step.read.hash_sum.to_string(),
            &anchor.map(|a| a.position.0),
            &anchor.map(|a| a.envelope.as_slice()),
            &anchor.and_then(|a| a.payload.as_deref()),
            &origin.and_then(|o| o.system.as_deref()),
            &origin.and_then(|o| o.timeline.as_deref()),
            &anchor.and_then(|a| a.snapshot.as_deref()),
        ],
    )?;
    let fenced: Option<String> = row.get(0);
    if fenced.is_none() {
        citus::begin_rows(sql, &build.schema)?;
    }
    Ok(fenced)
}

/// Puts an event aside; a second time for the same event changes nothing.
///
/// # Errors
/// The server refuses.
pub fn park(sql: &mut impl Sql, id: BuildId, failure: &Failure) -> Result<(), LedgerError> {
    let part = i32::try_from(failure.part).unwrap_or(i32::MAX);
    sql.execute(
        &ours(sql, include_str!("ledger/park.sql")),
        &[
            &id.0,
            &failure.position,
            &part,
            &failure.stream_id,
            &failure.stream_version,
            &failure.event_type,
            &failure.schema_version,
            &failure.place,
            &failure.sqlstate,
            &failure.message,
            &failure.code.name(),
            &failure.detail,
        ],
    )?;
    Ok(())
}
