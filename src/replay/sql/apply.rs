//! A batch into rows.
//!
//! The usual way is one statement: fence, rows and checkpoint are one transaction of
//! its own. Where events are left out the same function is called for the stretches
//! between them, inside one transaction that also holds their rows in the ledger.

use super::batch::Batch;
use super::refused::refused_event;
use super::{Program, encoding};
use crate::anchor::Anchor;
use crate::definition::OnError;
use crate::failure::Failure;
use crate::handler::function::{Function, NAME};
use crate::ident::{Ident, quote_ident};
use crate::identity::{Identity, IdentityError};
use crate::ledger::{self, Build, LedgerError, Step};
use crate::pg::{
    PgError, Prepared, Row, ServerError, Session, Sql, TextArrayParam, citus, failpoint,
};

/// What became of a batch.
#[derive(Debug)]
pub enum Applied {
    /// Rows and checkpoint are committed.
    Committed {
        /// Events that were parked or skipped, as the build's policy says.
        left_out: u64,
        /// The fingerprint of the last event of the batch.
        anchor: Option<Anchor>,
    },
    /// Nothing was kept: an event cannot be applied.
    Poisoned(Box<Failure>),
    /// Nothing was kept: the build moved on under us. Why.
    Fenced(String),
    /// Nothing was kept: the log is not the one the build has read, or that could not be told.
    Unanchored(IdentityError),
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

    /// What the answer means.
    fn verdict(self, batch: &Batch, function: &Function) -> Verdict {
        if let Some(why) = self.fenced {
            return Verdict::Fenced(why);
        }
        let Some(code) = self.sqlstate else { return Verdict::Done };
        let filled = |text: Option<String>| text.filter(|t| !t.is_empty());
        let refusal = ServerError {
            code,
            message: self.message.unwrap_or_default(),
            detail: filled(self.detail),
            hint: filled(self.hint),
            position: None,
            context: self.context,
            table: None,
            constraint: None,
            grant: None,
            library: None,
        }
        .naming_library();
        // Without an event it was the fence that failed; and a lock that was not had or a disk
        // that is full is no event's fault: the same event may succeed when it is tried again.
        let refused = PgError::Server(Box::new(refusal.clone()));
        let index = self.at.and_then(|at| usize::try_from(at).ok());
        let Some(index) = index.filter(|_| !refused.is_circumstance()) else {
            return Verdict::Refused(refused);
        };
        let line = refusal.context.as_deref().and_then(Function::line_in);
        let place = line.and_then(|l| function.place(l)).map(ToString::to_string);
        let param = line.and_then(|l| function.param(l));
        let is_of_value = param.is_some();
        let failure = refused_event(batch.blame(index), refusal, (place, param));
        Verdict::Failed { index, failure: Box::new(failure), is_of_value }
    }
}

/// What a call of the function came to.
enum Verdict {
    /// All its events are applied.
    Done,
    /// The build moved on.
    Fenced(String),
    /// An event cannot be applied; the call took everything back.
    Failed {
        index: usize,
        failure: Box<Failure>,
        /// Whether a value of the event was refused before any statement ran.
        is_of_value: bool,
    },
    /// The call failed, and no event is to blame.
    Refused(PgError),
}

/// Which events of a batch a call runs.
#[derive(Clone, Copy)]
struct Stretch {
    advance: bool,
    first: usize,
    /// One past the last.
    end: usize,
}

/// Whose checkpoint a call moves.
#[derive(Clone, Copy)]
struct Fence {
    build: i64,
    generation: i64,
}

impl Fence {
    fn of(build: &Build) -> Fence {
        Fence { build: build.id.0, generation: build.generation }
    }
}

/// Applies a batch in a transaction of its own.
///
/// # Errors
/// The connection is lost or the ledger refuses.
pub fn apply(
    session: &mut Session,
    (build, identity): (&Build, &Identity),
    program: &Program,
    batch: &Batch,
) -> Result<Applied, LedgerError> {
    let of = (build, identity);
    match apply_whole(session, of, program, batch) {
        // The server cannot read the arguments, which are those of all events.
        Err(LedgerError::Pg(error)) if encoding::is_about(&error) => {
            let rest = encoding::without_what_has_no_code(session, build, program, batch)?;
            apply_whole(session, of, program, &rest.ok_or(error)?)
        }
        other => other,
    }
}

fn apply_whole(
    session: &mut Session,
    (build, identity): (&Build, &Identity),
    program: &Program,
    batch: &Batch,
) -> Result<Applied, LedgerError> {
    let anchor = match identity.take(build, batch.read.last) {
        Ok(anchor) => anchor,
        Err(error) => return Ok(Applied::Unanchored(error)),
    };
    let of = (Fence::of(build), anchor.as_ref());
    citus::settle(session, &build.schema)?;
    let call = prepare(session, build)?;
    let one = !failpoint::is_without("one_transaction");
    let whole = Stretch { advance: one, first: 0, end: batch.kinds.len() };
    if batch.left_out.is_empty() && batch.poison.is_none() {
        let call = || run(session, &call, of, batch, whole);
        let answer = failpoint::around("apply::call", call)?;
        match answer.verdict(batch, &program.function) {
            Verdict::Done if !one => {
                let (from, to) = (batch.range.after, batch.range.until);
                let (read, anchored) = (batch.read, anchor.clone());
                let step = Step { from, to, read, applied: 0, anchor: anchored };
                let fenced = ledger::advance(session, build, &step)?;
                return Ok(
                    fenced.map_or(Applied::Committed { left_out: 0, anchor }, Applied::Fenced)
                );
            }
            Verdict::Done => return Ok(Applied::Committed { left_out: 0, anchor }),
            Verdict::Fenced(why) => return Ok(Applied::Fenced(why)),
            Verdict::Refused(error) => return Err(error.into()),
            Verdict::Failed { failure, .. } if build.on_error == OnError::Stop => {
                return Ok(Applied::Poisoned(Box::new(program.storable(*failure))));
            }
            Verdict::Failed { .. } => {}
        }
    }
    let mut transaction = session.begin()?;
    let of = (build, anchor.as_ref());
    let applied = apply_within(&mut transaction, &call, of, program, batch)?;
    if matches!(applied, Applied::Committed { .. }) {
        transaction.commit("apply::batch")?;
    }
    Ok(applied)
}

/// Prepares the call of a build's function.
///
/// # Errors
/// The function is not there or the connection is lost.
pub fn prepare(session: &mut Session, build: &Build) -> Result<Prepared, PgError> {
    prepare_in(session, &build.schema)
}

/// The same for the function in a schema, whatever that is of.
///
/// # Errors
/// The function is not there or the connection is lost.
pub fn prepare_in(session: &mut Session, schema: &Ident) -> Result<Prepared, PgError> {
    prepare_function(session, &format!("{}.{NAME}", schema.quoted()))
}

/// The same for a function that only the session has.
///
/// # Errors
/// The function is not there or the connection is lost.
pub fn prepare_temporary(session: &mut Session, name: &str) -> Result<Prepared, PgError> {
    prepare_function(session, &format!("pg_temp.{}", quote_ident(name)))
}

fn prepare_function(session: &mut Session, function: &str) -> Result<Prepared, PgError> {
    session.prepare(&format!(
        "SELECT * FROM {function}($1, $2, $3, $4, $5, $6, $7::text::numeric, $8, $9, $10, $11, $12, \
         $13, $14, $15, $16, $17, $18, $19)"
    ))
}

/// Applies a batch, with the fingerprint of its last event, in the caller's transaction, which the caller commits if the answer
/// is [`Applied::Committed`] and rolls back otherwise.
///
/// # Errors
/// The connection is lost or the ledger refuses.
pub fn apply_within(
    sql: &mut impl Sql,
    call: &Prepared,
    (build, anchor): (&Build, Option<&Anchor>),
    program: &Program,
    batch: &Batch,
) -> Result<Applied, LedgerError> {
    let of = (Fence::of(build), anchor);
    citus::settle(sql, &build.schema)?;
    let mut left_out: Vec<Failure> =
        batch.left_out.iter().map(|failure| program.storable(failure.clone())).collect();
    let mut rest = Stretch { advance: true, first: 0, end: batch.kinds.len() };
    loop {
        let answer = run(sql, call, of, batch, rest)?;
        let (index, failure) = match answer.verdict(batch, &program.function) {
            Verdict::Done => break,
            Verdict::Fenced(why) => return Ok(Applied::Fenced(why)),
            Verdict::Refused(error) => return Err(error.into()),
            Verdict::Failed { failure, .. } if build.on_error == OnError::Stop => {
                return Ok(Applied::Poisoned(Box::new(program.storable(*failure))));
            }
            Verdict::Failed { index, failure, .. } => (index, program.storable(*failure)),
        };
        // The call took everything back: what stood before the failed event runs again without it.
        let before = Stretch { end: index, ..rest };
        match run(sql, call, of, batch, before)?.verdict(batch, &program.function) {
            Verdict::Done => {}
            Verdict::Fenced(why) => return Ok(Applied::Fenced(why)),
            Verdict::Refused(error) => return Err(error.into()),
            Verdict::Failed { failure, .. } => return Ok(Applied::Poisoned(failure)),
        }
        left_out.push(failure.without_words());
        rest = Stretch { advance: false, first: index + 1, end: rest.end };
    }
    if let Some(poison) = &batch.poison {
        return Ok(Applied::Poisoned(Box::new(program.storable(poison.clone()))));
    }
    match build.on_error {
        OnError::Skip => ledger::skip(sql, build.id, &left_out)?,
        OnError::Park | OnError::Stop => {
            left_out.iter().try_for_each(|failure| ledger::park(sql, build.id, failure))?;
        }
    }
    Ok(Applied::Committed { left_out: left_out.len() as u64, anchor: anchor.cloned() })
}

/// An event that a trial leaves out.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// What is wrong.
    pub failure: Failure,
    /// Whether it is wrong whatever rows there are: a value cannot be had of the event, or not be
    /// given to its parameter.
    pub is_of_value: bool,
}

/// Runs a batch where there is neither a checkpoint nor a ledger, without the events that fail; gives
/// those, in the order of the log.
///
/// # Errors
/// The server refuses, and no event is to blame.
pub fn apply_alone(
    sql: &mut impl Sql,
    call: &Prepared,
    program: &Program,
    batch: &Batch,
) -> Result<Vec<Refusal>, PgError> {
    let of = (Fence { build: 0, generation: 0 }, None);
    let unbound = batch.left_out.iter().map(|f| Refusal { failure: f.clone(), is_of_value: true });
    let mut refused: Vec<Refusal> = unbound.collect();
    let (mut first, end) = (0, batch.kinds.len());
    while first < end {
        let rest = Stretch { advance: false, first, end };
        let verdict = run(sql, call, of, batch, rest)?.verdict(batch, &program.function);
        let index = match verdict {
            Verdict::Done | Verdict::Fenced(_) => break,
            Verdict::Refused(error) => return Err(error),
            Verdict::Failed { index, failure, is_of_value } => {
                refused.push(Refusal { failure: failure.without_words(), is_of_value });
                index
            }
        };
        // The call took everything back: what stood before the failed event runs again without it.
        if first < index {
            let before = Stretch { end: index, ..rest };
            if let Verdict::Refused(error) =
                run(sql, call, of, batch, before)?.verdict(batch, &program.function)
            {
                return Err(error);
            }
        }
        first = index + 1;
    }
    refused.sort_by_key(|refusal| (refusal.failure.position, refusal.failure.part));
    Ok(refused)
}

fn run(
    sql: &mut impl Sql,
    call: &Prepared,
    (fence, anchor): (Fence, Option<&Anchor>),
    batch: &Batch,
    stretch: Stretch,
) -> Result<Answer, PgError> {
    let index = |i: usize| i32::try_from(i).unwrap_or(i32::MAX);
    let applied = i64::try_from(batch.kinds.len()).unwrap_or(i64::MAX);
    let row = sql.call(
        call,
        &[
            &fence.build,
            &fence.generation,
            &batch.range.after.0,
            &batch.range.until.0,
            &batch.read.events,
            &applied,
            &batch.read.hash_sum.to_string(),
            &anchor.map(|a| a.position.0),
            &anchor.map(|a| a.envelope.as_slice()),
            &anchor.and_then(|a| a.payload.as_deref()),
            &anchor.and_then(|a| a.origin.system.as_deref()),
            &anchor.and_then(|a| a.origin.timeline.as_deref()),
            &anchor.and_then(|a| a.snapshot.as_deref()),
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
