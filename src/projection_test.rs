//! Tests of projections: given events, expected rows; and of upcasters: given events, expected events ([`upcasters`]).
//!
//! A test is a file under `projections/NAME/tests` ([`file`]). Its events are put into a log in a scratch
//! database and read from there as any log is; both engines run them, and the rows that each leaves are held
//! against those that are expected. Nothing live is read or written.

pub mod attempt;
pub mod compare;
pub mod file;
mod payload;
mod record;
mod report;
pub mod rows;
pub mod upcasters;
mod written;

use std::collections::BTreeMap;

use crate::context::Context;
use crate::definition::{Definition, DefinitionErrors};
use crate::event::Position;
use crate::failure::Failure;
use crate::handler::function::NAME;
use crate::ident::{Ident, IdentError};
use crate::log::wanted::{ChunkBounds, Range, Wanted};
use crate::log::{Log, LogError, LogShape};
use crate::migrate::MigrateError;
use crate::pg::search_path::SearchPath;
use crate::pg::{PgError, Session, Sql};
use crate::project::ProjectError;
use crate::replay::assertions;
use crate::replay::sql::ProgramError;
use crate::replay::trial::{self, Looked, Trial};
use crate::scratch::{self, Scratch};
use crate::source::SourceFile;
use compare::{Difference, Expected};
use file::{Case, Event};
pub use record::record;
pub use report::report;
use rows::Table;

/// Where the log of a test lies in its scratch database.
const SCHEMA: &str = "regrow_test";
/// The time of events that have none, and how far apart they are.
const TIME: &str = "'2000-01-01T00:00:00Z'::timestamptz + ($1::bigint - 1) * interval '1 second'";

/// Why tests could not be run.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// A log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A file cannot be read or written, or no projection has that name.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// A definition does not hold together.
    #[error(transparent)]
    Definition(#[from] DefinitionErrors),
    /// There is no scratch, or a revision fails there.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// A definition does not fit its tables.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// A stream has no event that the projection reads.
    #[error("the stream {stream:?} has no event that {projection} reads")]
    EmptyStream {
        /// The stream.
        stream: String,
        /// The projection.
        projection: String,
    },
    /// A test of that name is there already.
    #[error("{path} is there already")]
    Exists {
        /// Its file.
        path: String,
    },
    /// There is no such file.
    #[error("there is no file {path} in the project")]
    NoFile {
        /// Its path.
        path: String,
    },
    /// A file of events cannot be used.
    #[error("{message}")]
    File {
        /// Where, and what is wrong.
        message: String,
    },
    /// The log has no such event.
    #[error("the log has no such event that {projection} reads")]
    NoEvents {
        /// The projection.
        projection: String,
    },
    /// Somebody asked to stop.
    #[error("stopped before every test had run")]
    Interrupted,
}

/// A test that was run.
#[derive(Debug, Clone)]
pub struct Tested {
    /// The projection.
    pub projection: String,
    /// The test's name: its file's without the ending.
    pub name: String,
    /// Its file.
    pub file: String,
    /// How many events it gives that the projection reads.
    pub events: usize,
    /// Whether the native engine ran it besides the sql engine, or read fields of an upcast event by itself.
    pub by_both: bool,
    /// What is not as expected; nothing where it passed.
    pub differences: Vec<Difference>,
    /// Whether its file was written anew.
    pub updated: bool,
}

/// Runs the tests of projections; of all where none is named. With `update` what came out becomes what is
/// expected, unless the engines disagree.
///
/// # Errors
/// Tests could not be run. What a test found is in [`Tested::differences`].
pub fn run(context: &Context, names: &[String], update: bool) -> Result<Vec<Tested>, TestError> {
    let mut scratch = Scratch::of(context);
    let mut tested = Vec::new();
    let all: Vec<String> = match names.is_empty() {
        true => context.project.projections.keys().cloned().collect(),
        false => names.to_vec(),
    };
    for name in all {
        let files = context.project.tests(&name)?;
        if files.is_empty() {
            continue;
        }
        let definition = context.project.definition(&name)?;
        let mut bench = Bench::of(&mut scratch, &definition)?;
        tested.extend(bench.assertions()?);
        let mut trial = bench.trial()?;
        for file in files {
            if context.interrupt.raised() {
                return Err(TestError::Interrupted);
            }
            tested.push(trial.test(context, &name, &file, update)?);
        }
    }
    Ok(tested)
}

/// Runs one file, and writes what came out as what is expected.
fn run_one(context: &Context, definition: &Definition, path: &str) -> Result<Tested, TestError> {
    let mut scratch = Scratch::of(context);
    let mut bench = Bench::of(&mut scratch, definition)?;
    let file = context.project.read(path)?;
    let file = file.unwrap_or_else(|| SourceFile::new(path, ""));
    bench.trial()?.test(context, &definition.projection, &file, true)
}

/// A scratch database with a projection's tables and a log.
struct Bench<'s> {
    room: scratch::Room<'s>,
    at: Ident,
    definition: Definition,
}

/// A bench at work.
struct OnTrial<'b> {
    trial: Trial<'b>,
    log_session: Session,
    context: &'b Context,
}

impl<'s> Bench<'s> {
    fn of(scratch: &mut Scratch<'s>, definition: &Definition) -> Result<Bench<'s>, TestError> {
        let at = scratch::beside(&definition.projection);
        let lineage = definition.parse()?.lineage;
        let room = scratch.made(&lineage, &at)?;
        Ok(Bench { room, at, definition: definition.clone() })
    }

    /// The assertions that cannot run as a rebuild runs them, as a test that failed; nothing if all can.
    fn assertions(&mut self) -> Result<Option<Tested>, TestError> {
        let Some(file) = &self.definition.checks else { return Ok(None) };
        let checks = self.definition.parse()?.checks;
        let mut transaction = self.room.session().begin()?;
        SearchPath::of(&mut transaction, &self.at, NAME)?.set(&mut transaction)?;
        let mut differences = Vec::new();
        for check in &checks {
            if let Some(error) = assertions::refused(&mut transaction, check)? {
                let place = file.place(check.span.start);
                differences.push(Difference::Other(format!("{place}: {error}")));
            }
        }
        Ok((!differences.is_empty()).then(|| Tested {
            projection: self.definition.projection.clone(),
            name: "checks.sql".to_owned(),
            file: file.path.clone(),
            events: 0,
            by_both: false,
            differences,
            updated: false,
        }))
    }

    fn trial(&mut self) -> Result<OnTrial<'_>, TestError> {
        let context = self.room.context();
        let session = self.room.session();
        session.renew()?;
        let mut log_session = session.another("test")?;
        log_session.run(include_str!("projection_test/log.sql"))?;
        let trial = Trial::open(session, &self.at, &self.definition)?;
        Ok(OnTrial { trial, log_session, context })
    }
}

impl OnTrial<'_> {
    /// Runs one file.
    fn test(
        &mut self,
        context: &Context,
        projection: &str,
        file: &SourceFile,
        update: bool,
    ) -> Result<Tested, TestError> {
        let stem = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".toml");
        let mut tested = Tested {
            projection: projection.to_owned(),
            name: stem.to_owned(),
            file: file.path.clone(),
            events: 0,
            by_both: false,
            differences: Vec::new(),
            updated: false,
        };
        let case = match update {
            true => Case::parse_given(file),
            false => Case::parse(file),
        };
        let case = match case {
            Ok(case) => case,
            Err((place, reason)) => {
                tested.differences.push(Difference::Other(format!("{place}: {reason}")));
                return Ok(tested);
            }
        };
        let events = match given(context, file, &case)? {
            Ok(events) => events,
            Err(reason) => {
                tested.differences.push(Difference::Other(format!("{}: {reason}", file.path)));
                return Ok(tested);
            }
        };
        // Lines of an export may be of any type; what is written for this test is meant for its handlers.
        let types = &self.trial.program.types;
        for (number, event) in (1..).zip(&case.given) {
            if !types.contains(&event.event_type) {
                tested.differences.push(Difference::Other(format!(
                    "event {number}: {projection} reads no event of type {:?}; it reads {}",
                    event.event_type,
                    types.join(", ")
                )));
            }
        }
        if !tested.differences.is_empty() {
            return Ok(tested);
        }
        let looked = match self.look(&events)? {
            Ok(looked) => looked,
            Err(reason) => {
                tested.differences.push(Difference::Other(format!("{}: {reason}", file.path)));
                return Ok(tested);
            }
        };
        (tested.events, tested.by_both) = (looked.events, looked.natively.is_some());
        if looked.unrun > 0 {
            let what = format!(
                "{} of its events did not run within {} s",
                looked.unrun,
                trial::PATIENCE.as_secs()
            );
            tested.differences.push(Difference::Other(what));
            return Ok(tested);
        }
        if looked.natively.as_ref().is_some_and(|natively| *natively != looked.by_sql) {
            let what = "the native engine and the sql engine leave other rows; please report it";
            tested.differences.push(Difference::Other(what.to_owned()));
            return Ok(tested);
        }
        if update {
            let text = written::file(file::head(&file.text), &looked.by_sql, &looked.refused);
            if text != file.text {
                context.project.write(&file.path, &text)?;
                tested.updated = true;
            }
            return Ok(tested);
        }
        tested.differences = self.judge(&case, &looked)?;
        Ok(tested)
    }

    /// Runs events by both engines; or says what is wrong with one.
    fn look(
        &mut self,
        events: &[Event],
    ) -> Result<Result<Looked<BTreeMap<String, Table>>, String>, TestError> {
        if let Err(reason) = self.fill(events)? {
            return Ok(Err(reason));
        }
        Ok(Ok(self.trial.look(rows::all)?))
    }

    /// Puts events into the log and reads them from it; or says what is wrong with one.
    fn fill(&mut self, events: &[Event]) -> Result<Result<(), String>, TestError> {
        let session = &mut self.log_session;
        session.run(&format!("TRUNCATE {SCHEMA}.events RESTART IDENTITY"))?;
        let mut versions: BTreeMap<&str, i32> = BTreeMap::new();
        let insert = format!(
            "INSERT INTO {SCHEMA}.events (stream_id, stream_version, event_type, schema_version, \
             recorded_at, payload, metadata) VALUES ($2, $3, $4, $5, \
             COALESCE($6::text::timestamptz, {TIME}), $7::text::jsonb, $8::text::jsonb)"
        );
        for (number, event) in (1_i64..).zip(events) {
            let version = versions.entry(event.stream_id.as_str()).or_insert(-1);
            *version += 1;
            let inserted = session.query(
                &insert,
                &[
                    &number,
                    &event.stream_id,
                    &*version,
                    &event.event_type,
                    &event.schema_version,
                    &event.recorded_at,
                    &event.payload,
                    &event.metadata,
                ],
            );
            match inserted {
                Ok(_) => {}
                Err(PgError::Server(error)) => {
                    return Ok(Err(format!("event {number}: {error}")));
                }
                Err(error) => return Err(error.into()),
            }
        }
        let limits = self.context.project.config.rebuild.payload_limits();
        let schema = Ident::new(SCHEMA)
            .map_err(|error: IdentError| LogError::Preset { preset: error.to_string() })?;
        let log = Log::open(session, LogShape::own(&schema), limits)?;
        self.trial.clear();
        let (types, needs) = (self.trial.program.types.clone(), self.trial.program.needs);
        let until = Position(i64::try_from(events.len()).unwrap_or(i64::MAX));
        let range = Range { after: Position(0), until };
        let bounds = ChunkBounds { events: 1_000, bytes: 8 << 20 };
        let trial = &mut self.trial;
        log.read(session, range, Wanted::Types(&types), needs, bounds, &mut |chunk| {
            trial.take(chunk);
            true
        })?;
        Ok(Ok(()))
    }

    /// What is not as a case expects.
    fn judge(
        &mut self,
        case: &Case,
        looked: &Looked<BTreeMap<String, Table>>,
    ) -> Result<Vec<Difference>, TestError> {
        let mut differences = refusals(case, &looked.refused);
        for (name, expected) in &case.expect {
            let Some(table) = looked.by_sql.get(name) else {
                let known: Vec<&str> = looked.by_sql.keys().map(String::as_str).collect();
                let known = known.join(", ");
                differences.push(Difference::Other(format!(
                    "the projection has no table {name}; it has {known}"
                )));
                continue;
            };
            match self.expected(name, table, expected)? {
                Ok(expected) => differences.extend(compare::compare(name, table, &expected)),
                Err(reason) => differences.push(Difference::Other(reason)),
            }
        }
        Ok(differences)
    }

    /// Rows as their columns would hold them; or what is wrong with one.
    fn expected(
        &mut self,
        name: &str,
        table: &Table,
        rows: &[toml::Table],
    ) -> Result<Result<Vec<Expected>, String>, TestError> {
        let mut expected = Vec::new();
        for row in rows {
            let mut plain = Expected::new();
            for (column, value) in row {
                let Some(described) = table.columns.iter().find(|c| c.name == *column) else {
                    let known: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
                    let known = known.join(", ");
                    return Ok(Err(format!("{name} has no column {column}; it has {known}")));
                };
                let text = file::text_of(value);
                let value = match file::is_null(value) {
                    true => None,
                    false => {
                        let mut transaction = self.trial.transaction()?;
                        match rows::expected(&mut transaction, described, &text) {
                            Ok(value) => value,
                            Err(PgError::Server(error)) => {
                                return Ok(Err(format!("{name}.{column} = {text:?}: {error}")));
                            }
                            Err(error) => return Err(error.into()),
                        }
                    }
                };
                plain.insert(column.clone(), value);
            }
            expected.push(plain);
        }
        Ok(Ok(expected))
    }
}

/// The events of a case, from its file or the one that it names; or what is wrong with them.
fn given(
    context: &Context,
    file: &SourceFile,
    case: &Case,
) -> Result<Result<Vec<Event>, String>, TestError> {
    let Some(name) = &case.events else { return Ok(case.events()) };
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some(lines) = context.project.read(&format!("{folder}/{name}"))? else {
        return Ok(Err(format!("there is no file {folder}/{name}")));
    };
    let mut events = Vec::new();
    for (number, line) in lines.text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty())
    {
        match record::event_of_line(line) {
            Ok(event) => events.push(event),
            Err(reason) => {
                return Ok(Err(format!("{folder}/{name}:{}: {reason}", number + 1)));
            }
        }
    }
    Ok(Ok(events))
}

/// Events that failed and should not have, and those that should have and did not.
fn refusals(case: &Case, refused: &[Failure]) -> Vec<Difference> {
    let number = |failure: &Failure| usize::try_from(failure.position).unwrap_or(0);
    let mut differences = Vec::new();
    for failure in refused {
        let wanted = case.refused.iter().find(|wanted| wanted.event == number(failure));
        match wanted {
            Some(wanted) if wanted.code == failure.code.name() => {}
            Some(wanted) => differences.push(Difference::Other(format!(
                "event {} fails with {}, and {} is expected",
                wanted.event,
                failure.code.name(),
                wanted.code
            ))),
            None => differences.push(Difference::Other(format!(
                "event {} fails ({}): {failure}",
                number(failure),
                failure.code.name()
            ))),
        }
    }
    for wanted in &case.refused {
        if !refused.iter().any(|failure| number(failure) == wanted.event) {
            differences.push(Difference::Other(format!(
                "event {} does not fail, and {} is expected",
                wanted.event, wanted.code
            )));
        }
    }
    differences
}
