//! Revisions that run outside a transaction: one statement after another.
//!
//! A statement that can run in a transaction does, together with the record that it did. One
//! that cannot (CREATE INDEX CONCURRENTLY and its friends) is written down before and after.
//! Where a run was cut off between the two, the catalog tells what became of it; it is never
//! run again blindly, and an index that was left INVALID is dropped and never counted as done.

use sha2::{Digest as _, Sha256};

use super::run::Run;
use super::{MigrateError, scripts};
use crate::ddl::{self, Outside, Transactional};
use crate::ident::quote_ident;
use crate::pg::history::{self, Step};
use crate::pg::{PgError, Session, Sql};
use crate::progress::Progress;
use crate::revision::{Direction, Revision};
use crate::source::SourceFile;

const THERE: &str = "SELECT to_regclass($1) IS NOT NULL";

/// How often a statement is tried again after a deadlock with another one.
const TRIES: usize = 5;

/// What the catalog says of a statement that was begun.
#[derive(Debug, PartialEq, Eq)]
enum Trace {
    /// It happened.
    Done,
    /// It did not.
    Absent,
    /// Half of it did; this takes the half away.
    Half { what: String, cleanup: Vec<String> },
}

/// Runs what is left of a revision's statements.
pub(super) fn run(
    run: &Run<'_>,
    session: &mut Session,
    direction: Direction,
    revision: &Revision,
) -> Result<(), MigrateError> {
    let Some((file, _)) = revision.script(direction) else { return Ok(()) };
    let steps = history::steps(session, run.schema, revision.version, direction)?;
    let statements = ddl::read(file).map_err(scripts::unread)?;
    session.run(&format!("SET search_path = {}", run.schema.quoted()))?;
    for (number, statement) in (1..).zip(&statements) {
        run.attempts.go_on()?;
        let text = &file.text[statement.span.clone()];
        let mut step = Step { number, checksum: checksum(text), done: false };
        let before = steps.iter().find(|s| s.number == number);
        if before.is_some_and(|b| b.checksum != step.checksum) {
            return Err(MigrateError::StepChanged {
                place: file.place(statement.span.start),
                number,
                stem: revision.stem(),
            });
        }
        if before.is_some_and(|b| b.done) {
            continue;
        }
        let piece = Piece { run, revision, direction, file, start: statement.span.start, text };
        match &statement.transaction {
            Transactional::Never(outside) => {
                piece.alone(session, outside, &mut step, before.is_some())?;
            }
            _ => piece.with_its_record(session, &mut step)?,
        }
    }
    session.run("RESET search_path")?;
    Ok(())
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.replace("\r\n", "\n")).iter().map(|b| format!("{b:02x}")).collect()
}

/// One statement and where it stands.
struct Piece<'a> {
    run: &'a Run<'a>,
    revision: &'a Revision,
    direction: Direction,
    file: &'a SourceFile,
    start: usize,
    text: &'a str,
}

impl Piece<'_> {
    fn failed(&self, error: PgError) -> MigrateError {
        let lineage = &self.run.lineage.name;
        scripts::failed(lineage, self.revision, self.file, self.start, false, error)
    }

    /// One statement after another: none of them runs in a transaction.
    fn clean_up(&self, session: &mut Session, statements: &[String]) -> Result<(), PgError> {
        let stem = self.revision.stem();
        let mut run = |s: &String| self.run.attempts.alone(session, &stem, |own| own.run(s));
        statements.iter().try_for_each(&mut run)
    }

    fn note(&self, sql: &mut impl Sql, step: &Step) -> Result<(), PgError> {
        history::note_step(sql, self.run.schema, self.revision.version, self.direction, step)
    }

    /// A statement and its record in one transaction.
    fn with_its_record(&self, session: &mut Session, step: &mut Step) -> Result<(), MigrateError> {
        step.done = true;
        let (lineage, stem) = (&self.run.lineage.name, self.revision.stem());
        self.run.attempts.run(session, self.run.lock, (lineage, &stem), "", |transaction| {
            transaction.run(self.text).map_err(|error| self.failed(error))?;
            Ok(self.note(transaction, step)?)
        })
    }

    /// A statement that cannot run in a transaction, between two records.
    fn alone(
        &self,
        session: &mut Session,
        outside: &Outside,
        step: &mut Step,
        begun: bool,
    ) -> Result<(), MigrateError> {
        let stem = self.revision.stem();
        for attempt in 1.. {
            match trace(session, outside)? {
                Trace::Done if begun => break,
                Trace::Half { what, cleanup } => {
                    self.run
                        .site
                        .note(&Progress::Note(format!("{what} is dropped and built anew")));
                    self.clean_up(session, &cleanup)?;
                }
                Trace::Done | Trace::Absent => {}
            }
            self.note(session, step)?;
            let result = self.run.attempts.alone(session, &stem, |s| s.run(self.text));
            match result {
                Ok(()) => break,
                Err(lost @ PgError::Lost { .. }) => return Err(lost.into()),
                Err(error) if error.is_contention() && attempt < TRIES => {}
                Err(error) => {
                    if let Trace::Half { cleanup, .. } = trace(session, outside)? {
                        self.clean_up(session, &cleanup)?;
                    }
                    self.run.attempts.go_on()?;
                    return Err(self.failed(error));
                }
            }
        }
        // IF NOT EXISTS skips an index that is there and not valid.
        if let Trace::Half { what, .. } = trace(session, outside)? {
            return Err(MigrateError::Script {
                place: self.file.place(self.start),
                reason: format!("{what} after it was built"),
                hint: "run the command again: it will be dropped and built anew".into(),
            });
        }
        step.done = true;
        Ok(self.note(session, step)?)
    }
}

/// Looks for what a statement leaves behind.
fn trace(session: &mut Session, outside: &Outside) -> Result<Trace, PgError> {
    match outside {
        Outside::CreateIndex { schema, name: Some(name), table } => {
            let qualified = dotted(schema.as_deref(), name);
            let row = session
                .query_opt(include_str!("index_state.sql"), &[&schema.as_deref(), name, table])?;
            let state: Option<String> = row.map(|row| row.get(0));
            Ok(match state.as_deref() {
                Some("valid") => Trace::Done,
                Some(_) => Trace::Half {
                    what: format!("the index {name} is INVALID: it"),
                    cleanup: vec![format!("DROP INDEX CONCURRENTLY IF EXISTS {qualified}")],
                },
                None => Trace::Absent,
            })
        }
        Outside::DropIndex { names } => {
            for name in names {
                if session.query_one(THERE, &[&dotted(name.schema.as_deref(), &name.name)])?.get(0)
                {
                    return Ok(Trace::Absent);
                }
            }
            Ok(Trace::Done)
        }
        Outside::Reindex { name: Some(name) } => {
            let name = dotted(name.schema.as_deref(), &name.name);
            let left = session.query(include_str!("reindex_leftovers.sql"), &[&name])?;
            let drops: Vec<String> = left.iter().map(|row| row.get(0)).collect();
            Ok(match drops.as_slice() {
                [] => Trace::Absent,
                _ => Trace::Half {
                    what: format!("what a cut-off REINDEX of {name} left"),
                    cleanup: drops,
                },
            })
        }
        Outside::DetachPartition { parent, partition } => {
            let (parent, partition) = (
                dotted(parent.schema.as_deref(), &parent.name),
                dotted(partition.schema.as_deref(), &partition.name),
            );
            let row = session.query_opt(
                "SELECT inhdetachpending FROM pg_catalog.pg_inherits \
                 WHERE inhrelid = to_regclass($1) AND inhparent = to_regclass($2)",
                &[&partition, &parent],
            )?;
            Ok(match row.map(|row| row.get(0)) {
                None => Trace::Done,
                Some(false) => Trace::Absent,
                Some(true) => Trace::Half {
                    what: format!("the detaching of {partition}, which was cut off,"),
                    cleanup: vec![format!(
                        "ALTER TABLE {parent} DETACH PARTITION {partition} FINALIZE"
                    )],
                },
            })
        }
        _ => Ok(Trace::Absent),
    }
}

fn dotted(schema: Option<&str>, name: &str) -> String {
    match schema {
        Some(schema) => format!("{}.{}", quote_ident(schema), quote_ident(name)),
        None => quote_ident(name),
    }
}
