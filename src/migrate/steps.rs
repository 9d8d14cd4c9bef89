//! Revisions that run outside a transaction: one statement after another.
//!
//! A statement that can run in a transaction does, together with the record that it did. One
//! that cannot (CREATE INDEX CONCURRENTLY and its friends) is written down before and after.
//! Where a run was cut off between the two, the catalog tells what became of it; it is never
//! run again blindly, and an index that was left INVALID is dropped and never counted as done.
//! One that the server refused did not happen, and its record goes: what the catalog shows then
//! was there before. A SET lives as long as its session, so every run runs it, and nothing else may be left there
//! (`session_state`). A CALL or DO that commits runs alone as well; how far it came when it was cut off nobody can tell, so it must be fit
//! to run twice.

use sha2::{Digest as _, Sha256};

use super::error::Loss;
use super::frame::Breach;
use super::ground::Ground;
use super::log_guard::LogGuard;
use super::session_state::{self, SessionState};
use super::{MigrateError, script, scripts};
use crate::ddl::{self, Outside, Transactional};
use crate::ident::quote_ident;
use crate::pg::history::{self, Step};
use crate::pg::{PgError, Session, Sql};
use crate::progress::Progress;
use crate::revision::{Direction, Revision};
use crate::source::SourceFile;

/// Makes a transaction ours: a file may have set a role and a search path for what it runs.
const AS_OURSELVES: &str = "SET LOCAL session_authorization TO DEFAULT; SET LOCAL role TO DEFAULT; \
                            SET LOCAL search_path = pg_catalog, pg_temp";

/// The SQLSTATE of a CALL or DO that would end a transaction which is not its own.
const COMMITS: &str = "2D000";

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
    /// Half of it did, and cannot be taken back; this does the other half.
    Pending { what: String, rest: Vec<String> },
}

/// Runs what is left of a revision's statements.
pub(super) fn run(
    ground: &Ground<'_>,
    session: &mut Session,
    direction: Direction,
    revision: &Revision,
) -> Result<(), MigrateError> {
    let Some((file, _)) = revision.script(direction) else { return Ok(()) };
    let steps = history::steps(session, ground.schema, revision.version, direction)?;
    let statements = ddl::read(file).map_err(scripts::unread)?;
    let path = super::frame::ddl_path(session, &ground.lineage.name, ground.schema)?;
    session.run(&format!("SET search_path = {path}"))?;
    let mut settings = vec![format!("SET search_path = {path}")];
    for (number, statement) in (1..).zip(&statements) {
        ground.go_on()?;
        let text = &file.text[statement.span.clone()];
        let is_repeated = session_state::is_repeated(text);
        if is_repeated {
            settings.push(text.to_owned());
        }
        let mut step = Step { number, checksum: checksum(text), done: false };
        let before = steps.iter().find(|s| s.number == number);
        if before.is_some_and(|b| b.checksum != step.checksum) {
            return Err(MigrateError::StepChanged {
                place: file.place(statement.span.start),
                number,
                stem: revision.stem(),
            });
        }
        if before.is_some_and(|b| b.done) && !is_repeated {
            continue;
        }
        let start = statement.span.start;
        let piece = Piece { ground, revision, direction, file, start, text, settings: &settings };
        match &statement.transaction {
            Transactional::Never(outside) => {
                piece.alone(session, outside, &mut step, before.is_some())?;
            }
            _ if before.is_some_and(|b| !b.done) => {
                let place = file.place(statement.span.start);
                let text = format!("{place} was begun and cut off: it runs again");
                ground.context.note(&Progress::Note(text));
                piece.on_its_own(session, &mut step)?;
            }
            // Nothing of it is kept but what every run repeats.
            _ if is_repeated => {
                session.run_one(text).map_err(|error| piece.failed(error))?;
                piece.tell(session);
            }
            _ => piece.with_its_record(session, &mut step)?,
        }
    }
    Ok(())
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.replace("\r\n", "\n")).iter().map(|b| format!("{b:02x}")).collect()
}

/// One statement and where it stands.
struct Piece<'a> {
    ground: &'a Ground<'a>,
    revision: &'a Revision,
    direction: Direction,
    file: &'a SourceFile,
    start: usize,
    text: &'a str,
    /// The statements before it that every run repeats.
    settings: &'a [String],
}

impl Piece<'_> {
    fn failed(&self, error: PgError) -> MigrateError {
        let lineage = &self.ground.lineage.name;
        scripts::failed(lineage, self.revision, self.file, self.start, false, error)
    }

    /// One statement after another: none of them runs in a transaction.
    fn all_alone(&self, session: &mut Session, statements: &[String]) -> Result<(), PgError> {
        statements.iter().try_for_each(|s| self.run_alone(session, s))
    }

    /// Runs one statement outside a transaction, for as long as it takes: timeouts that the file
    /// has set do not count.
    fn run_alone(&self, session: &mut Session, statement: &str) -> Result<(), PgError> {
        session.run("SET lock_timeout = 0; SET statement_timeout = 0")?;
        let stem = self.revision.stem();
        self.ground.attempts.alone(session, &stem, |own| own.run_one(statement))?;
        self.tell(session);
        Ok(())
    }

    fn tell(&self, session: &mut Session) {
        let observer = self.ground.context.observer.as_ref();
        script::tell_all(observer, &self.file.place(self.start), session.take_notices());
    }

    /// Writes down how far a step is, in a transaction of its own and as ourselves.
    fn note_alone(&self, session: &mut Session, step: &Step) -> Result<(), PgError> {
        let (mut transaction, _) = session.begin_and_ask(AS_OURSELVES)?;
        self.note(&mut transaction, step)?;
        transaction.commit("migrate::step")
    }

    fn note(&self, sql: &mut impl Sql, step: &Step) -> Result<(), PgError> {
        history::note_step(sql, self.ground.schema, self.revision.version, self.direction, step)
    }

    /// A statement and its record in one transaction. A CALL or DO that commits is refused there by
    /// the server, as a whole, and runs on its own.
    fn with_its_record(&self, session: &mut Session, step: &mut Step) -> Result<(), MigrateError> {
        step.done = true;
        let (lineage, stem) = (&self.ground.lineage.name, self.revision.stem());
        let (lock, log) = (self.ground.lock, self.ground.log.as_ref());
        let place = || self.file.place(self.start);
        let done = LogGuard::attempt(log, || {
            let name = (lineage.as_str(), stem.as_str());
            self.ground.attempts.run(session, lock, name, "", |transaction, frame| {
                let before = log.map(|log| log.before(transaction)).transpose()?;
                let state = self.state(transaction)?;
                transaction.run_one(self.text).map_err(|error| self.failed(error))?;
                self.tell(transaction.session());
                if let Some(left) = self.left(transaction, state.as_ref())? {
                    return Err(session_state::refused(place(), &left));
                }
                if let Some(breach) = frame.breach(transaction)? {
                    return Err(scripts::broken(breach, place()));
                }
                transaction.run(AS_OURSELVES)?;
                if let Some(log) = before {
                    log.is_whole(transaction, stem.clone(), place())?;
                }
                Ok(self.note(transaction, step)?)
            })
        });
        match done {
            Err(MigrateError::Failed { error, .. }) if error.code == COMMITS => {
                step.done = false;
                self.on_its_own(session, step)
            }
            other => other,
        }
    }

    /// A statement that commits in parts: nothing tells how far it came when it was cut off, so the
    /// next run runs it again, and says so.
    fn on_its_own(&self, session: &mut Session, step: &mut Step) -> Result<(), MigrateError> {
        step.done = false;
        self.ground.lock.guard(session)?;
        if let Some(log) = &self.ground.log
            && log.holds_events(session)?
        {
            return Err(MigrateError::Unguarded {
                place: self.file.place(self.start),
                stem: self.revision.stem(),
                table: log.table(),
            });
        }
        self.note_alone(session, step)?;
        let state = self.state(session)?;
        if let Err(error) = self.run_alone(session, self.text) {
            if matches!(error, PgError::Lost { .. }) {
                return Err(error.into());
            }
            self.ground.go_on()?;
            return Err(self.failed(error));
        }
        self.keeps_the_lock(session)?;
        if let Some(left) = self.left(session, state.as_ref())? {
            // It has committed. The session is as a run has it that is taken up behind it.
            session.renew()?;
            for setting in self.settings {
                session.run_one(setting)?;
            }
            let place = self.file.place(self.start);
            let text =
                format!("{place}: {left} that the statement left in its session is taken back");
            self.ground.context.note(&Progress::Note(text));
        }
        step.done = true;
        Ok(self.note_alone(session, step)?)
    }

    /// What the session has before the statement; nothing is asked where every run repeats it.
    fn state(&self, sql: &mut impl Sql) -> Result<Option<SessionState>, PgError> {
        match session_state::is_repeated(self.text) {
            true => Ok(None),
            false => SessionState::of(sql).map(Some),
        }
    }

    /// What the statement has left in the session, if no run repeats it.
    fn left(
        &self,
        sql: &mut impl Sql,
        before: Option<&SessionState>,
    ) -> Result<Option<String>, PgError> {
        let Some(before) = before else { return Ok(None) };
        if let Some(changed) = SessionState::of(sql)?.changed_since(before) {
            return Ok(Some(changed));
        }
        let unseen = session_state::sets_unseen(self.text);
        Ok(unseen.then(|| "what set_config has set".to_owned()))
    }

    /// Whether a statement outside a transaction has left us the deploy lock.
    fn keeps_the_lock(&self, session: &mut Session) -> Result<(), MigrateError> {
        match self.ground.lock.guard(session) {
            Err(MigrateError::Stranded) => {
                Err(scripts::broken(Breach::Unlocked, self.file.place(self.start)))
            }
            other => other,
        }
    }

    /// Refuses to take a part out of a log that holds events.
    fn keeps_the_log(&self, session: &mut Session, outside: &Outside) -> Result<(), MigrateError> {
        let (Some(log), Outside::DetachPartition { partition, .. }) = (&self.ground.log, outside)
        else {
            return Ok(());
        };
        let part = dotted(partition.schema.as_deref(), &partition.name);
        if log.has_part(session, &part)? && log.holds_events(session)? {
            return Err(MigrateError::LosesEvents {
                place: self.file.place(self.start),
                stem: self.revision.stem(),
                table: log.table(),
                loss: Loss::Part(part),
            });
        }
        Ok(())
    }

    /// A statement that cannot run in a transaction, between two records.
    fn alone(
        &self,
        session: &mut Session,
        outside: &Outside,
        step: &mut Step,
        begun: bool,
    ) -> Result<(), MigrateError> {
        self.keeps_the_log(session, outside)?;
        for attempt in 1.. {
            self.ground.lock.guard(session)?;
            if self.has_happened(session, outside, begun)? {
                break;
            }
            self.note_alone(session, step)?;
            let result = self.run_alone(session, self.text);
            match result {
                Ok(()) => break,
                Err(lost @ PgError::Lost { .. }) => return Err(lost.into()),
                Err(error) if error.is_contention() && attempt < TRIES => {}
                Err(error) => {
                    // What is left of it is the next run's: now somebody wants to go.
                    self.ground.go_on()?;
                    self.undo(session, outside, step)?;
                    return Err(self.failed(error));
                }
            }
        }
        // IF NOT EXISTS skips an index that is there and not valid.
        match trace(session, outside)? {
            Trace::Half { what, .. } | Trace::Pending { what, .. } => Err(MigrateError::Script {
                place: self.file.place(self.start),
                reason: format!("{what} after the statement"),
                hint: "run the command again: it will be looked at anew".into(),
            }),
            Trace::Absent if matches!(outside, Outside::CreateIndex { name: Some(_), .. }) => {
                // The statement that did nothing is run again when it is another.
                self.forget(session, step)?;
                Err(MigrateError::Script {
                    place: self.file.place(self.start),
                    reason: "the index is not on its table after the statement: IF NOT EXISTS \
                             found its name on another one"
                        .into(),
                    hint: "give it a name of its own".into(),
                })
            }
            Trace::Done | Trace::Absent => {
                step.done = true;
                Ok(self.note_alone(session, step)?)
            }
        }
    }

    /// Whether nothing is left to do for a statement; what was cut off is out of its way then.
    fn has_happened(
        &self,
        session: &mut Session,
        outside: &Outside,
        begun: bool,
    ) -> Result<bool, MigrateError> {
        let say = |text: String| self.ground.context.note(&Progress::Note(text));
        match trace(session, outside)? {
            Trace::Done => return Ok(begun),
            Trace::Absent => {}
            Trace::Half { what, cleanup } => {
                say(format!("{what}: it is dropped and built anew"));
                self.all_alone(session, &cleanup).map_err(|error| self.stopped_or(error))?;
            }
            Trace::Pending { what, rest } => {
                say(format!("{what}: it is finished"));
                self.all_alone(session, &rest).map_err(|error| self.stopped_or(error))?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn stopped_or(&self, error: PgError) -> MigrateError {
        match self.ground.go_on() {
            Err(stopped) => stopped,
            Ok(()) => self.failed(error),
        }
    }

    /// Takes away what a refused statement left, and its record: it did not happen. Where that
    /// cannot be done, the record stays for the next run, and what counts is the refusal.
    fn undo(
        &self,
        session: &mut Session,
        outside: &Outside,
        step: &Step,
    ) -> Result<(), MigrateError> {
        let undone = match trace(session, outside)? {
            Trace::Half { cleanup, .. } => self.all_alone(session, &cleanup).is_ok(),
            Trace::Pending { .. } => false,
            Trace::Done | Trace::Absent => true,
        };
        if undone {
            self.forget(session, step)?;
        }
        Ok(())
    }

    fn forget(&self, session: &mut Session, step: &Step) -> Result<(), PgError> {
        let (schema, version) = (self.ground.schema, self.revision.version);
        let (mut transaction, _) = session.begin_and_ask(AS_OURSELVES)?;
        history::forget_step(&mut transaction, schema, version, self.direction, step)?;
        transaction.commit("migrate::step")
    }
}

/// Looks for what a statement leaves behind.
fn trace(session: &mut Session, outside: &Outside) -> Result<Trace, PgError> {
    match outside {
        Outside::CreateIndex { schema, name: Some(name), table } => {
            let qualified = dotted(schema.as_deref(), name);
            let row = session.query_opt(
                include_str!("index_state.sql"),
                &[&schema.as_deref(), name, &quote_ident(table)],
            )?;
            let state: Option<String> = row.map(|row| row.get(0));
            Ok(match state.as_deref() {
                Some("valid") => Trace::Done,
                Some(_) => Trace::Half {
                    what: format!("the index {name} is INVALID"),
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
                    what: format!("a REINDEX of {name} was cut off and left an index behind"),
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
                Some(true) => Trace::Pending {
                    what: format!("the detaching of {partition} was cut off"),
                    rest: vec![format!(
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
