//! The rest of the log for one build, applied within a transaction of the caller: by the sql engine, behind
//! whatever locks the caller holds, so that it is kept or lost together with what else the transaction does.

use std::sync::Arc;

use crate::event::Position;
use crate::failure::Failure;
use crate::identity::IdentityError;
use crate::ledger::Build;
use crate::log::LogError;
use crate::log::wanted::{ChunkBounds, Range, Wanted};
use crate::pg::{Prepared, Transaction};
use crate::replay::feed::Source;
use crate::replay::sql::Program;
use crate::replay::sql::apply::{Applied, apply_within};
use crate::replay::sql::batch::Batch;

/// What became of it.
pub enum Rest {
    /// The build stands at the goal, once the transaction commits.
    Applied,
    /// The build was moved by somebody else: the transaction is to be rolled back.
    Fenced(String),
    /// An event cannot be applied: the transaction is to be rolled back.
    Poisoned(Box<Failure>),
}

/// Applies what lies between a build's checkpoint and a goal, which lies at or below a mark of the barrier.
/// `call` is the build's function, prepared in the transaction's session.
///
/// # Errors
/// A server refuses, or the log is not the one that the build has read.
pub fn apply(
    transaction: &mut Transaction<'_>,
    source: &mut Source,
    (build, program, call): (&mut Build, &Program, &Prepared),
    goal: Position,
) -> Result<Rest, IdentityError> {
    for batch in &read(source, build, program, goal)? {
        let anchor = source.identity.take(build, batch.read.last)?;
        let of = (&*build, anchor.as_ref());
        match apply_within(transaction, call, of, program, batch)? {
            Applied::Committed { anchor, left_out } => {
                build.anchor = anchor.or(build.anchor.take());
                build.count_left_out(left_out);
            }
            Applied::Unanchored(error) => return Err(error),
            Applied::Fenced(why) => return Ok(Rest::Fenced(why)),
            Applied::Poisoned(failure) => return Ok(Rest::Poisoned(failure)),
        }
    }
    Ok(Rest::Applied)
}

/// The events between the build's checkpoint and the goal, bound and ready.
fn read(
    source: &mut Source,
    build: &Build,
    program: &Program,
    goal: Position,
) -> Result<Vec<Batch>, LogError> {
    let range = Range { after: build.position, until: goal };
    let mut chunks = Vec::new();
    if range.after < range.until {
        let bounds = ChunkBounds { events: usize::MAX, bytes: 64 * 1024 * 1024 };
        let Source { session, log, .. } = source;
        let wanted = Wanted::Types(&program.types);
        log.read(session, range, wanted, program.needs, bounds, &mut |chunk| {
            chunks.push(Arc::new(chunk));
            true
        })?;
    }
    let mut after = build.position;
    let mut batches = Vec::new();
    for chunk in &chunks {
        let until = chunk.range.until;
        batches.push(program.bind(chunk, Range { after, until }, build.on_error)?);
        after = until;
    }
    Ok(batches)
}
