//! Running revisions, one after another: each with its history row, up or down.
//!
//! Owns what one revision is to the database: one transaction, or, where its head says so,
//! one statement after another (`steps`). What else belongs into its last transaction is
//! told by the caller.

use std::collections::BTreeSet;
use std::time::Instant;

use super::error::Refusal;
use super::frame::{Frame, ddl_path, search_path};
use super::ground::Ground;
use super::log_guard::LogGuard;
use super::script::Script;
use super::session_state::{self, SessionState};
use super::{MigrateError, scripts, steps};
use crate::ddl;
use crate::handler;
use crate::ident::Ident;
use crate::pg::history::{self, Recorded, Rows};
use crate::pg::{PgError, Session, Sql, Transaction, schema};
use crate::progress::{Observer, Progress, Unobserved};
use crate::replay::sql::reach::Allowed;
use crate::revision::{Direction, EVENT_STORE, Revision};
use crate::schema::{WITH_LATER, WITH_OTHERS};
use crate::source::SourceFile;

/// What the caller adds to the transaction that writes a revision's row.
pub(crate) type Also<'a, E> = dyn FnMut(&mut Transaction<'_>, &Revision) -> Result<(), E> + 'a;

/// The rows of a revision in the history.
#[derive(Clone, Copy)]
struct OwnRows<'r> {
    /// The statements for them.
    script: &'r str,
    /// Whether some of its steps are written down.
    begun: bool,
    /// What the history has behind them.
    there: Rows,
}

impl Ground<'_> {
    /// Runs a plan; gives the stems. What ran before something failed is kept.
    pub(crate) fn run<E: Refusal>(
        &self,
        session: &mut Session,
        direction: Direction,
        plan: &[&Revision],
        also: &mut Also<'_, E>,
    ) -> Result<Vec<String>, E> {
        scripts::check(self.lineage, direction, plan)?;
        // On the way back as well: refinery itself may have made the history.
        let what = (self.lineage.name.as_str(), "the history table");
        let (begun, mut there) =
            self.attempts.run(session, self.lock, what, "", |transaction, _| {
                history::set_up(transaction, self.schema)?;
                let begun = history::begun(transaction, self.schema)?;
                Ok::<_, MigrateError>((begun, Rows::of(transaction, self.schema)?))
            })?;
        let mut ran = Vec::new();
        let result = plan.iter().try_for_each(|revision| {
            let began = Instant::now();
            let last = ran.len() + 1 == plan.len();
            let begun = begun.contains(&revision.version);
            there = there.with(revision.version, direction);
            let rows = OwnRows { script: &self.rows(direction, revision, begun)?, begun, there };
            self.one(session, direction, revision, rows, last, also)?;
            ran.push(revision.stem());
            self.context.note(&Progress::Revision {
                lineage: self.lineage.name.clone(),
                revision: revision.stem(),
                undone: direction == Direction::Down,
                took: began.elapsed(),
            });
            Ok::<_, E>(self.go_on()?)
        });
        match result {
            Ok(()) => Ok(ran),
            Err(error) if error.is_interruption() && ran.len() == plan.len() => Ok(ran),
            Err(error) => {
                if !ran.is_empty() {
                    // The first of the run to know that it was the last. Its COMMIT brings those before it
                    // to the disk ([`put_off`]); best effort, since without it the next run records.
                    let _ = self.record(session);
                }
                Err(match error.is_interruption() {
                    true => {
                        MigrateError::Interrupted { ran: ran.len(), planned: plan.len() }.into()
                    }
                    false => error,
                })
            }
        }
    }

    /// The statements for a revision's rows; `begun` where some of its steps are written down.
    fn rows(
        &self,
        direction: Direction,
        revision: &Revision,
        begun: bool,
    ) -> Result<String, MigrateError> {
        let mut rows = match direction {
            Direction::Up => history::row_script(self.schema, revision)?,
            Direction::Down => history::forget_script(self.schema, revision.version),
        };
        if begun || is_outside(revision, direction) {
            rows.push('\n');
            rows.push_str(&history::forget_steps_script(self.schema, revision.version));
        }
        Ok(rows)
    }

    /// Refuses to run a file as a whole of which some statements are done: it ran one by one, and its head said so.
    fn is_whole(
        &self,
        session: &mut Session,
        direction: Direction,
        revision: &Revision,
        begun: bool,
    ) -> Result<(), MigrateError> {
        let Some((file, _)) = revision.script(direction).filter(|_| begun) else { return Ok(()) };
        let steps = history::steps(session, self.schema, revision.version, direction)?;
        if steps.is_empty() {
            return Ok(());
        }
        Err(MigrateError::Script {
            place: file.place(0),
            reason: format!(
                "{} has run in part, one statement after another, and would run again as a whole: its head is gone",
                revision.stem()
            ),
            hint: "write `-- transaction: none` above it again: what is done is not repeated then"
                .into(),
        })
    }

    fn one<E: Refusal>(
        &self,
        session: &mut Session,
        direction: Direction,
        revision: &Revision,
        rows: OwnRows<'_>,
        last: bool,
        also: &mut Also<'_, E>,
    ) -> Result<(), E> {
        let outside = is_outside(revision, direction);
        match outside {
            true => steps::run(self, session, direction, revision)?,
            false => self.is_whole(session, direction, revision, rows.begun)?,
        }
        let (lineage, stem) = (self.lineage.name.as_str(), revision.stem());
        let path = match outside {
            true => String::new(),
            false => format!("{}{TALKATIVE}{}", search_path(self.schema), put_off(session, last)),
        };
        if outside {
            // Its statements are done; what they have set is neither for our rows nor for the next file.
            session.renew().map_err(MigrateError::from)?;
        }
        let name = (lineage, stem.as_str());
        LogGuard::attempt(self.log.as_ref(), || {
            self.attempts.run(session, self.lock, name, &path, |transaction, frame| {
                if !outside {
                    find_extensions(transaction, lineage, self.schema)
                        .map_err(MigrateError::from)?;
                }
                match revision.script(direction) {
                    Some((file, false)) => {
                        // Of a projection's the caller adds more; the last one's catalog is read.
                        let is_last = lineage == EVENT_STORE && self.log.is_none() && !last;
                        self.file(transaction, frame, (revision, file), rows, is_last)?;
                    }
                    _ => transaction.run(rows.script).map_err(MigrateError::from)?,
                }
                also(transaction, revision)?;
                match last {
                    true => Ok::<_, E>(record(transaction, self.schema)?),
                    false => Ok(()),
                }
            })
        })
    }

    /// Runs a file and the statements for its rows; a way back must leave the log as it was.
    fn file(
        &self,
        transaction: &mut Transaction<'_>,
        frame: &Frame,
        (revision, file): (&Revision, &SourceFile),
        rows: OwnRows<'_>,
        is_last: bool,
    ) -> Result<(), MigrateError> {
        let (lineage, observer) = (self.lineage.name.as_str(), self.context.observer.as_ref());
        let before = self.log.as_ref().map(|log| log.before(transaction)).transpose()?;
        let allowed = self.allowed;
        let log = before.as_ref();
        let history = Some(rows.there);
        let script = Script { lineage, revision, file, observer, allowed, log, is_last, history };
        in_transaction(transaction, frame, script, self.schema, rows.script)?;
        match before {
            Some(log) => log.is_whole(transaction, revision.stem(), file.place(0)),
            None => Ok(()),
        }
    }

    fn record(&self, session: &mut Session) -> Result<(), MigrateError> {
        let mut transaction = session.begin()?;
        record(&mut transaction, self.schema)?;
        Ok(transaction.commit("migrate::record")?)
    }
}

/// Remembers the catalog as it is now, for drift to be measured against.
///
/// # Errors
/// The server refuses.
pub fn record(transaction: &mut Transaction<'_>, schema: &Ident) -> Result<(), MigrateError> {
    let versions = history::applied(transaction, schema)?.iter().map(|a| a.version).collect();
    let mut lines = schema::read(transaction, schema)?.lines();
    lines.extend([WITH_OTHERS, WITH_LATER].map(str::to_owned));
    Ok(history::record(transaction, schema, &Recorded { versions, lines })?)
}

/// The setting that lets a revision's COMMIT return before it is on disk, unless it is the last of the
/// run: the last one's waits for all. A server that crashes in between has a part of the plan, revisions
/// and rows of the history alike, as where it crashed a little earlier. Citus tells other servers to commit
/// as soon as this one has, so there each waits.
fn put_off(session: &Session, last: bool) -> &'static str {
    match last || session.has_citus() {
        true => "",
        false => "SET LOCAL synchronous_commit = off;",
    }
}

fn is_outside(revision: &Revision, direction: Direction) -> bool {
    revision.script(direction).is_some_and(|(_, outside)| outside)
}

/// What PostgreSQL says of a file's statements is told, also that something was there already.
const TALKATIVE: &str = "SET LOCAL client_min_messages = notice;";

/// Lets the revisions of a projection find what the extensions of the database have. The event
/// store's own schema is as it is written.
fn find_extensions(sql: &mut impl Sql, lineage: &str, schema: &Ident) -> Result<(), PgError> {
    if lineage == EVENT_STORE {
        return Ok(());
    }
    let path = ddl_path(sql, lineage, schema)?;
    sql.run(&format!("SET LOCAL search_path = {path}"))
}

/// Runs a file of a revision in a transaction, which has its search path, and then the statements for
/// its rows, as ourselves and with our settings: a file's are not for the next one. Nothing is
/// committed but the transaction that was begun.
fn in_transaction(
    transaction: &mut Transaction<'_>,
    frame: &Frame,
    script: Script<'_>,
    schema: &Ident,
    rows: &str,
) -> Result<(), MigrateError> {
    script.run(transaction, frame, schema)?;
    script.close(transaction, frame, schema, rows)
}

/// Runs one revision of a lineage and writes its history row in the caller's transaction; the
/// schema and the history tables are made where they are missing. What cannot run in a
/// transaction runs in the form that can: nobody reads the schema yet. What the server says of its
/// statements is told to the observer.
///
/// # Errors
/// The server refuses a statement; the place is the one in the revision's file.
pub fn apply(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    lineage: &str,
    revision: &Revision,
    observer: &dyn Observer,
) -> Result<(), MigrateError> {
    let how = How { without: &BTreeSet::new(), allowed: None, observer };
    apply_as(transaction, (schema, lineage), revision, how)
}

/// How a revision of a projection is applied.
#[derive(Clone, Copy)]
pub struct How<'h> {
    /// The statements that make, change or drop these types are left out: the types are there.
    pub without: &'h BTreeSet<Ident>,
    /// What it may reach outside the build; without it nobody looks at its statements.
    pub allowed: Option<Allowed<'h>>,
    /// Who is told what the server says.
    pub observer: &'h dyn Observer,
}

/// The same for a projection, whose statements are looked at before they run.
///
/// # Errors
/// As [`apply`]; or a statement is refused ([`MigrateError::Program`]).
pub fn apply_as(
    transaction: &mut Transaction<'_>,
    (schema, lineage): (&Ident, &str),
    revision: &Revision,
    How { without: types, allowed, observer }: How<'_>,
) -> Result<(), MigrateError> {
    history::set_up(transaction, schema)?;
    let mut inside = scripts::inside(revision, Direction::Up)?;
    if !types.is_empty() {
        inside.up = ddl::without_types(&inside.up, types);
    }
    transaction.run(&format!("{}{TALKATIVE}", search_path(schema)))?;
    find_extensions(transaction, lineage, schema)?;
    let rows = history::row_script(schema, revision)?;
    let frame = Frame::of(transaction)?;
    let script = Script {
        lineage,
        revision,
        file: &inside.up,
        observer,
        allowed,
        log: None,
        is_last: false,
        history: None,
    };
    in_transaction(transaction, &frame, script, schema, &rows)
}

/// Takes one revision back in the caller's transaction, as [`apply`] ran it.
///
/// # Errors
/// The server refuses a statement; the place is the one in the revision's down file.
pub fn take_back(
    transaction: &mut Transaction<'_>,
    schema: &Ident,
    lineage: &str,
    revision: &Revision,
) -> Result<(), MigrateError> {
    let inside = scripts::inside(revision, Direction::Down)?;
    transaction.run(&search_path(schema))?;
    find_extensions(transaction, lineage, schema)?;
    let rows = history::forget_script(schema, revision.version);
    let frame = Frame::of(transaction)?;
    match &inside.down {
        Some(file) => {
            let observer = &Unobserved;
            let script = Script {
                lineage,
                revision,
                file,
                observer,
                allowed: None,
                log: None,
                is_last: false,
                history: None,
            };
            in_transaction(transaction, &frame, script, schema, &rows)
        }
        None => Ok(transaction.run(&rows)?),
    }
}

/// Applies a revision or takes it back in a database that nobody else uses, and commits as a run does:
/// one transaction, or one statement after another.
pub(crate) fn apply_here(
    session: &mut Session,
    schema: &Ident,
    lineage: &str,
    revision: &Revision,
    direction: Direction,
) -> Result<(), MigrateError> {
    let Some((file, outside)) = revision.script(direction) else { return Ok(()) };
    scripts::can_run(file, outside)?;
    let up = direction == Direction::Up;
    if !outside {
        let mut transaction = session.begin()?;
        let done = match up {
            true => apply(&mut transaction, schema, lineage, revision, &Unobserved),
            false => take_back(&mut transaction, schema, lineage, revision),
        };
        done?;
        return Ok(transaction.commit("scratch::step")?);
    }
    history::set_up(session, schema)?;
    let path = ddl_path(session, lineage, schema)?;
    session.run(&format!("SET search_path = {path}"))?;
    for span in handler::split(file).map_err(|error| scripts::unread(error.into()))? {
        let start = span.start;
        let failed = |error| scripts::failed(lineage, revision, file, start, false, error);
        let text = &file.text[span];
        // One that commits by itself is told from the others by the server only.
        let commits = handler::first_words(text).first().is_some_and(|w| w == "DO" || w == "CALL");
        let state = match commits || session_state::is_repeated(text) {
            true => None,
            false => Some(SessionState::of(session)?),
        };
        session.run_one(text).map_err(failed)?;
        if let Some(before) = state
            && let Some(left) = SessionState::of(session)?.changed_since(&before)
        {
            return Err(session_state::refused(file.place(start), &left));
        }
    }
    session.renew()?;
    session.run(&match up {
        true => history::row_script(schema, revision)?,
        false => history::forget_script(schema, revision.version),
    })?;
    Ok(())
}
