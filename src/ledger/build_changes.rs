//! What becomes of a build: its state, what stops it, and what is settled about it after it was made.

use super::build::{BuildId, FIX, Settings, State, store};
use super::{LedgerError, ours};
use crate::anchor::Through;
use crate::definition::expected::Gate;
use crate::definition::{Definition, OnError};
use crate::event::Position;
use crate::failure::Failure;
use crate::pg::{Param, Sql, failpoint};

/// Says what a build is compared with before readers see it.
///
/// # Errors
/// The server refuses, or a newer regrow wrote its settings.
pub fn set_gate(sql: &mut impl Sql, id: BuildId, gate: Option<&Gate>) -> Result<(), LedgerError> {
    set(sql, id, |settings| settings.gate = gate.cloned())
}

/// Says in which schema a build has a second set of views: its name, and its oid. The caller has locked the build.
///
/// # Errors
/// The server refuses, or a newer regrow wrote its settings.
pub fn set_preview(
    sql: &mut impl Sql,
    id: BuildId,
    publish: Option<(&str, i64)>,
) -> Result<(), LedgerError> {
    set(sql, id, |settings| {
        settings.preview = publish.map(|(name, _)| name.to_owned());
        settings.shown_in = publish.map(|(_, oid)| oid);
    })
}

/// Says which schema was made for the views of a build that shows one point of the log: its oid.
///
/// # Errors
/// The server refuses, or a newer regrow wrote its settings.
pub fn set_shown_in(sql: &mut impl Sql, id: BuildId, oid: i64) -> Result<(), LedgerError> {
    set(sql, id, |settings| settings.shown_in = Some(oid))
}

/// Says through what the log is read whose replay makes the rows that a build has.
///
/// # Errors
/// The server refuses, or a newer regrow wrote its settings.
pub fn set_through(sql: &mut impl Sql, id: BuildId, through: &Through) -> Result<(), LedgerError> {
    set(sql, id, |settings| settings.through = Some(through.clone()))
}

fn set(
    sql: &mut impl Sql,
    id: BuildId,
    change: impl FnOnce(&mut Settings),
) -> Result<(), LedgerError> {
    let unreadable =
        |_| LedgerError::Unreadable { what: format!("the settings of build {}", id.0) };
    let row =
        sql.query_one(&ours(sql, "SELECT settings FROM regrow.build WHERE id = $1"), &[&id.0])?;
    let mut settings: Settings = serde_json::from_str(row.get::<_, &str>(0)).map_err(unreadable)?;
    change(&mut settings);
    let settings = serde_json::to_string(&settings).map_err(unreadable)?;
    let statement = ours(sql, "UPDATE regrow.build SET settings = $2 WHERE id = $1").into_owned();
    sql.execute(&statement, &[&id.0, &settings])?;
    Ok(())
}

/// Says that a build runs by another definition from now on. The caller has seen to it that
/// its tables are what that definition's revisions make. The generation moves with it: a follower
/// may hold rows in memory that the change has written to.
///
/// # Errors
/// The server refuses.
pub fn redefine(
    sql: &mut impl Sql,
    id: BuildId,
    definition: &Definition,
) -> Result<(), LedgerError> {
    let hash = store(sql, definition)?;
    sql.execute(
        &ours(sql, "UPDATE regrow.build SET definition_hash = $2, generation = generation + 1 WHERE id = $1"),
        &[&id.0, &hash],
    )?;
    Ok(())
}

/// Says what happens to a build's events that fail from now on.
///
/// # Errors
/// The server refuses.
pub fn set_on_error(sql: &mut impl Sql, id: BuildId, on_error: OnError) -> Result<(), LedgerError> {
    let policy = serde_json::to_string(&on_error)
        .map_err(|e| LedgerError::Unreadable { what: e.to_string() })?;
    change(
        sql,
        "ledger::set_on_error",
        "UPDATE regrow.build SET settings = pg_catalog.jsonb_set(settings::pg_catalog.jsonb, '{on_error}', \
         $2::pg_catalog.text::pg_catalog.jsonb)::pg_catalog.text WHERE id = $1",
        &[&id.0, &policy],
    )
}

/// Moves a build to another state; the generation changes with it.
///
/// # Errors
/// The server refuses: the states do not follow one another.
pub fn set_state(sql: &mut impl Sql, id: BuildId, state: State) -> Result<(), LedgerError> {
    change(
        sql,
        "ledger::set_state",
        "UPDATE regrow.build SET state = $2, resume_state = NULL, failure = NULL, trouble = NULL \
         WHERE id = $1",
        &[&id.0, &state.name()],
    )
}

/// Stops a build that is on its way; it goes on at the state it had.
///
/// # Errors
/// The server refuses.
pub fn pause(sql: &mut impl Sql, id: BuildId) -> Result<(), LedgerError> {
    change(
        sql,
        "ledger::pause",
        "UPDATE regrow.build SET resume_state = state, state = 'paused' \
         WHERE id = $1 AND state IN ('replaying', 'catching_up', 'ready')",
        &[&id.0],
    )
}

/// Writes down why a build cannot go on. A candidate becomes `failed`; a live or retired
/// build keeps its state, since readers may see it, and is no longer followed.
///
/// # Errors
/// The server refuses.
pub fn fail(sql: &mut impl Sql, id: BuildId, failure: &Failure) -> Result<(), LedgerError> {
    let text = serde_json::to_string(failure)
        .map_err(|e| LedgerError::Unreadable { what: e.to_string() })?;
    change(sql, "ledger::fail", include_str!("fail.sql"), &[&id.0, &text])
}

/// Writes down what ended a run that worked on a build, and what fixes it if another try does not; no state
/// changes.
///
/// # Errors
/// The server refuses.
pub fn record_last_error(
    sql: &mut impl Sql,
    id: BuildId,
    (message, fix): (&str, Option<&str>),
) -> Result<(), LedgerError> {
    let message = match fix {
        Some(fix) => format!("{message}{FIX}{fix}"),
        None => message.to_owned(),
    };
    change(
        sql,
        "ledger::trouble",
        "UPDATE regrow.build SET trouble = $2, trouble_at = clock_timestamp() \
         WHERE id = $1 AND state <> 'dropped'",
        &[&id.0, &message],
    )
}

/// Clears a failure so that the build is tried again; gives the state it has now.
///
/// # Errors
/// The server refuses.
pub fn resume(sql: &mut impl Sql, id: BuildId) -> Result<(), LedgerError> {
    change(
        sql,
        "ledger::resume",
        "UPDATE regrow.build SET state = COALESCE(resume_state, state), resume_state = NULL, failure = NULL, \
         trouble = NULL WHERE id = $1",
        &[&id.0],
    )
}

/// Writes down the mark of the first replay.
///
/// # Errors
/// The server refuses.
pub fn set_replay_mark(sql: &mut impl Sql, id: BuildId, mark: Position) -> Result<(), LedgerError> {
    let statement = "UPDATE regrow.build SET replay_mark = $2 WHERE id = $1";
    change(sql, "ledger::set_replay_mark", statement, &[&id.0, &mark.0])
}

/// A change that may be a transaction of its own; `name` is its failpoint's.
fn change(
    sql: &mut impl Sql,
    name: &'static str,
    statement: &str,
    params: &[&(dyn Param + Sync)],
) -> Result<(), LedgerError> {
    failpoint::around(name, || sql.execute(&ours(sql, statement), params))?;
    Ok(())
}
