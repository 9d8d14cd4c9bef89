//! A batch into rows.
//!
//! The usual way is one statement: fence, rows and checkpoint are one transaction of
//! its own. Where events were put aside the same function is called for the stretches
//! between them, inside one transaction that also holds their rows in the ledger.

use super::Program;
use super::batch::Batch;
use crate::definition::OnError;
use crate::failure::Failure;
use crate::handler::function::{Function, NAME};
use crate::ledger::{self, Build, LedgerError};
use crate::pg::{PgError, Prepared, Row, Session, Sql, TextArrayParam};

/// What became of a batch.
#[derive(Debug)]
pub enum Applied {
    /// Rows and checkpoint are committed; so many events were put aside.
    Committed {
        /// Events put aside.
        parked: u64,
    },
    /// Nothing was kept: an event cannot be applied.
    Poisoned(Box<Failure>),
    /// Nothing was kept: the build moved on under us. Why.
    Fenced(String),
}

/// One answer of the function.
struct Answer {
    /// The index that failed.
    at: Option<i32>,
    fenced: Option<String>,
    sqlstate: Option<String>,
    message: Option<String>,
    detail: Option<String>,
    hint: Option<String>,
    context: Option<String>,
}

impl Answer {
    fn from_row(row: &Row) -> Answer {
        Answer {
            at: row.get(0),
            fenced: row.get(1),
            sqlstate: row.get(2),
            message: row.get(3),
            detail: row.get(4),
            hint: row.get(5),
            context: row.get(6),
        }
    }

    /// The failure, where there is one.
    fn failure(self, batch: &Batch, function: &Function) -> Option<Failure> {
        self.sqlstate.as_ref()?;
        let index = usize::try_from(self.at?).ok()?;
        let line = self.context.as_deref().and_then(Function::line_in);
        let filled = |text: Option<String>| text.filter(|t| !t.is_empty());
        Some(Failure {
            place: line.and_then(|l| function.place(l)).map(ToString::to_string),
            message: self.message.unwrap_or_default(),
            sqlstate: self.sqlstate,
            detail: filled(self.detail),
            hint: filled(self.hint),
            ..batch.blame(index)
        })
    }
}

/// Which events of a batch a call runs.
#[derive(Clone, Copy)]
struct Stretch {
    advance: bool,
    first: usize,
    /// One past the last.
    end: usize,
}

/// Applies a batch in a transaction of its own.
///
/// # Errors
/// The connection is lost or the ledger refuses.
pub fn apply(
    session: &mut Session,
    build: &Build,
    program: &Program,
    batch: &Batch,
) -> Result<Applied, LedgerError> {
    let call = prepare(session, build)?;
    let whole = Stretch { advance: true, first: 0, end: batch.kinds.len() };
    if batch.parked.is_empty() && batch.poison.is_none() {
        let answer = run(session, &call, build, batch, whole)?;
        if let Some(why) = answer.fenced {
            return Ok(Applied::Fenced(why));
        }
        match answer.failure(batch, &program.function) {
            None => return Ok(Applied::Committed { parked: 0 }),
            Some(failure) if build.on_error == OnError::Stop => {
                return Ok(Applied::Poisoned(Box::new(failure)));
            }
            Some(_) => {}
        }
    }
    let mut transaction = session.begin()?;
    let applied = apply_within(&mut transaction, &call, build, program, batch)?;
    if matches!(applied, Applied::Committed { .. }) {
        transaction.commit()?;
    }
    Ok(applied)
}

/// Prepares the call of a build's function.
///
/// # Errors
/// The function is not there or the connection is lost.
pub fn prepare(session: &mut Session, build: &Build) -> Result<Prepared, PgError> {
    session.prepare(&format!(
        "SELECT * FROM {}.{NAME}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        build.schema.quoted()
    ))
}

/// Applies a batch in the caller's transaction, which the caller commits if the answer
/// is [`Applied::Committed`] and rolls back otherwise.
///
/// # Errors
/// The connection is lost or the ledger refuses.
pub fn apply_within(
    sql: &mut impl Sql,
    call: &Prepared,
    build: &Build,
    program: &Program,
    batch: &Batch,
) -> Result<Applied, LedgerError> {
    let mut parked = batch.parked.clone();
    let mut rest = Stretch { advance: true, first: 0, end: batch.kinds.len() };
    loop {
        let answer = run(sql, call, build, batch, rest)?;
        if let Some(why) = answer.fenced {
            return Ok(Applied::Fenced(why));
        }
        let at = answer.at;
        let Some(failure) = answer.failure(batch, &program.function) else { break };
        if build.on_error == OnError::Stop {
            return Ok(Applied::Poisoned(Box::new(failure)));
        }
        // The call took everything back: what stood before the failed event runs again without it.
        let failed = at.and_then(|at| usize::try_from(at).ok()).unwrap_or(rest.end);
        let before = Stretch { end: failed, ..rest };
        let again = run(sql, call, build, batch, before)?;
        if let Some(failure) = again.failure(batch, &program.function) {
            return Ok(Applied::Poisoned(Box::new(failure)));
        }
        parked.push(failure);
        rest = Stretch { advance: false, first: failed + 1, end: rest.end };
    }
    if let Some(poison) = &batch.poison {
        return Ok(Applied::Poisoned(Box::new(poison.clone())));
    }
    for failure in &parked {
        ledger::park(sql, build.id, failure)?;
    }
    Ok(Applied::Committed { parked: parked.len() as u64 })
}

fn run(
    sql: &mut impl Sql,
    call: &Prepared,
    build: &Build,
    batch: &Batch,
    stretch: Stretch,
) -> Result<Answer, PgError> {
    let index = |i: usize| i32::try_from(i).unwrap_or(i32::MAX);
    let applied = i64::try_from(batch.kinds.len()).unwrap_or(i64::MAX);
    let row = sql.call(
        call,
        &[
            &build.id.0,
            &build.generation,
            &batch.range.after.0,
            &batch.range.until.0,
            &batch.read,
            &applied,
            &stretch.advance,
            &index(stretch.first),
            &(index(stretch.end) - 1),
            &batch.first_arg(stretch.first),
            &batch.kinds,
            &TextArrayParam(&batch.args),
        ],
    )?;
    Ok(Answer::from_row(&row))
}
