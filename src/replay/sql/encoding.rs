//! Events whose characters the read models' database has no code for.
//!
//! The log may be UTF-8 and the read models something narrower. The server reads the arguments of a
//! whole batch at once and refuses them all, without saying whose character it was. So halves of the
//! batch are shown to it until those are found that it cannot read; nothing else runs meanwhile.

use std::ops::Range;

use super::Program;
use super::batch::Batch;
use crate::failure::{Failure, FailureCode};
use crate::ledger::Build;
use crate::pg::{PgError, Session, Sql, TextArrayParam};

/// untranslatable_character (PostgreSQL manual, appendix A)
const NO_CODE: &str = "22P05";

/// Whether an error says that the server's encoding lacks a character.
pub(super) fn is_about(error: &PgError) -> bool {
    error.code() == Some(NO_CODE)
}

/// The batch without the events that have a character without a code, which have failed; nothing where
/// it is no event's.
///
/// # Errors
/// The connection is lost.
pub(super) fn without_what_has_no_code(
    session: &mut Session,
    build: &Build,
    program: &Program,
    batch: &Batch,
) -> Result<Option<Batch>, PgError> {
    let mut failed = Vec::new();
    let mut waiting: Vec<Range<usize>> = Vec::from([Range { start: 0, end: batch.kinds.len() }]);
    while let Some(entries) = waiting.pop() {
        let arguments = batch.arguments(entries.clone());
        if arguments.is_empty() || can_read(session, batch, arguments.clone())? {
            continue;
        }
        if entries.len() > 1 {
            let middle = entries.start + entries.len() / 2;
            // The earlier half is looked at first: failures are told in the order of the log.
            waiting.push(middle..entries.end);
            waiting.push(entries.start..middle);
            continue;
        }
        let mut number = 0;
        for (nth, argument) in arguments.enumerate() {
            if !can_read(session, batch, argument..argument + 1)? {
                number = nth;
                break;
            }
        }
        failed.push((entries.start, blamed(program, batch, entries.start, number)));
    }
    match failed.is_empty() {
        true => Ok(None),
        false => Ok(Some(batch.without(failed, build.on_error))),
    }
}

fn can_read(
    session: &mut Session,
    batch: &Batch,
    arguments: Range<usize>,
) -> Result<bool, PgError> {
    let some = batch.args.slice(arguments.start, arguments.end);
    match session.query("SELECT pg_catalog.cardinality($1::text[])", &[&TextArrayParam(&some)]) {
        Ok(_) => Ok(true),
        Err(error) if is_about(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The failure of an entry whose `argument`-th argument cannot be read.
fn blamed(program: &Program, batch: &Batch, entry: usize, argument: usize) -> Failure {
    let kind = batch.kinds.get(entry).and_then(|kind| usize::try_from(*kind).ok()).unwrap_or(0);
    let handler = &program.handlers.handlers[kind];
    let slot = program.function.slots[kind].get(argument);
    let span = slot.and_then(|slot| handler.params[slot.param].spans.first());
    let written = span.map_or("the event", |span| &program.handlers.file.text[span.clone()]);
    let at = span.map_or(handler.span.start, |span| span.start);
    let message = format!(
        "{written} holds a character that {}, the encoding of the read models' database, has no code for",
        program.encoding
    );
    let mut event = batch.blame(entry);
    if let Some(sensitive) = &mut event.sensitive {
        sensitive.said.clone_from(&message);
    }
    Failure {
        code: FailureCode::CharacterNotStorable,
        place: Some(program.handlers.file.place(at).to_string()),
        message,
        sqlstate: Some(NO_CODE.to_owned()),
        ..event
    }
}
