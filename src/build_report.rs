//! A report of builds: one page of HTML that can be kept, sent and printed.
//!
//! Owns what such a page tells: what a build was made from, what became of it and when, which events it met, which engine runs
//! its handlers and why, what it differs in from what it was compared with, its assertions, parked events and promotes. All
//! of it is from the ledger, the log and what this run has seen ([`Recorder`]); what cannot be told is said with the reason,
//! and nothing is guessed. It writes no file and changes nothing.

mod page;
mod recorder;

use std::collections::BTreeSet;
use std::time::Duration;

pub use page::render;
pub use recorder::{Recorder, StageRun};

use crate::context::Context;
use crate::definition::Definition;
use crate::identity;
use crate::ledger::{self, Build, BuildId, Change, ParkedEvent, State, Switch};
use crate::log::CensusRow;
use crate::pg::Session;
use crate::rebuild::explain::{Explained, explained};
use crate::rebuild::{Outcome, Reached};
use crate::replay::sql::envelope::Written;
use crate::replay::sql::typing;
use crate::verify::{self, Checked, Proven, Report, VerifyError};

/// So many changes of a build's state are told, the newest.
const CHANGES: i64 = 200;
/// So many parked events are told, the newest.
const PARKED: i64 = 50;
/// So many promotes and rollbacks of a projection are told, the newest.
const SWITCHES: i64 = 20;

/// What is told, or why it cannot be.
pub type Answer<T> = Result<T, String>;

/// What a page is made of.
#[derive(Debug)]
pub struct BuildReport {
    /// When, in RFC 3339, by the ledger's server.
    pub made_at: String,
    /// The server of the read models, without secrets.
    pub server: String,
    /// Whether values of rows may be shown, and not only their keys.
    pub with_values: bool,
    /// The builds.
    pub builds: Vec<OfBuild>,
}

/// What is told of one build.
#[derive(Debug)]
pub struct OfBuild {
    /// The build as the ledger has it now.
    pub build: Build,
    /// What it runs by.
    pub definition: Answer<Definition>,
    /// The name of the log it was made from, if that is known.
    pub log: Option<String>,
    /// The events that it has met, by type and version.
    pub events: Answer<Events>,
    /// What became of it, the oldest first, and how many changes there are in all.
    pub changes: (Vec<Change>, i64),
    /// Which engine runs what.
    pub engines: Answer<Explained>,
    /// Its assertions.
    pub assertions: Answer<Checked>,
    /// The newest events that were parked for it.
    pub parked: Vec<ParkedEvent>,
    /// The newest promotes and rollbacks of its projection.
    pub switches: Vec<Switch>,
    /// What this run did for it; nothing if it only looked.
    pub run: Option<Run>,
    /// What a comparison came to; nothing if there was none.
    pub compared: Option<Answer<Report>>,
}

/// Events of the log, counted.
#[derive(Debug)]
pub struct Events {
    /// Those that a handler of the build may see, by type and version.
    pub kinds: Vec<CensusRow>,
    /// How many others there are.
    pub others: i64,
}

/// What a run did for a build.
#[derive(Debug)]
pub struct Run {
    /// The build.
    pub id: BuildId,
    /// How long it took.
    pub took: Duration,
    /// How many events it read.
    pub events: i64,
    /// Which engine ran them, in words.
    pub engine: String,
    /// What it came to, as a sentence.
    pub reached: String,
    /// Its stages.
    pub stages: Vec<StageRun>,
    /// What the comparison before the promote came to.
    pub compared: Option<Answer<Report>>,
}

impl Run {
    /// What a rebuild did for a build.
    #[must_use]
    pub fn of(proven: &Proven, engine: String, recorder: &Recorder) -> Run {
        let Proven { outcome, found } = proven;
        let Outcome { build, took, events, result, .. } = outcome;
        let reached = match result {
            Ok(Reached::Ready) => "ready".to_owned(),
            Ok(Reached::Ended) => "ended where it was told to".to_owned(),
            Ok(Reached::Live(_)) => "promoted: readers see it".to_owned(),
            Err(error) => format!("failed: {error}"),
        };
        let compared = found.as_ref().map(|found| match found {
            Ok(report) => Ok(report.clone()),
            Err(error) => Err(error.to_string()),
        });
        let stages = recorder.stages(build.schema.as_str());
        Run { id: build.id, took: *took, events: *events, engine, reached, stages, compared }
    }
}

/// A report of what a rebuild did.
///
/// # Errors
/// The ledger cannot be read.
pub fn of_runs(context: &Context, runs: Vec<Run>) -> Result<BuildReport, VerifyError> {
    let mut session = context.open_ledger("report")?;
    let mut builds = Vec::new();
    for mut run in runs {
        if let Some(build) = ledger::build(&mut session, run.id)? {
            let compared = run.compared.take();
            let told = of_build(context, &mut session, build)?;
            builds.push(OfBuild { compared, run: Some(run), ..told });
        }
    }
    finish(context, &mut session, builds, false)
}

/// A report of a build and what it was compared with; of its assertions alone, if it was compared with nothing.
///
/// # Errors
/// The ledger cannot be read.
pub fn of_verified(
    context: &Context,
    (projection, schema): (&str, &str),
    compared: Option<Report>,
    with_values: bool,
) -> Result<BuildReport, VerifyError> {
    let mut session = context.open_ledger("report")?;
    let builds = ledger::builds(&mut session, Some(projection))?;
    let mut told = Vec::new();
    if let Some(build) = builds.into_iter().find(|build| build.schema.as_str() == schema) {
        let compared = compared.map(Ok);
        told.push(OfBuild { compared, ..of_build(context, &mut session, build)? });
    }
    finish(context, &mut session, told, with_values)
}

fn finish(
    context: &Context,
    session: &mut Session,
    builds: Vec<OfBuild>,
    with_values: bool,
) -> Result<BuildReport, VerifyError> {
    let made_at = ledger::now(session)?;
    Ok(BuildReport { made_at, server: context.read_models.label(), with_values, builds })
}

fn of_build(
    context: &Context,
    session: &mut Session,
    build: Build,
) -> Result<OfBuild, VerifyError> {
    let definition = ledger::definition(session, &build).map_err(|error| error.to_string());
    let log = match build.log {
        Some(id) => ledger::log_names(session)?.remove(&id),
        None => None,
    };
    let events = match &definition {
        Ok(definition) => events(context, session, (&build, log.as_deref()), definition),
        Err(error) => Err(error.clone()),
    };
    let (mut changes, all) = ledger::changes(session, &[build.id], CHANGES)?;
    changes.reverse();
    let engines = match &definition {
        Ok(definition) => engines(context, &build, definition),
        Err(error) => Err(error.clone()),
    };
    let assertions = match build.state.is_followed() {
        true => verify::check(context, session, &build).map_err(|error| error.to_string()),
        false => Err(format!(
            "{} is {}: they are run on builds that are ready, live or retired",
            build.schema, build.state
        )),
    };
    let parked = ledger::newest_parked(session, Some(&[build.schema.to_string()]), PARKED)?;
    let switches = ledger::switches(session, SWITCHES)?;
    let switches = switches.into_iter().filter(|s| s.projection == build.projection).collect();
    Ok(OfBuild {
        build,
        definition,
        log,
        events,
        changes: (changes, all),
        engines,
        assertions,
        parked,
        switches,
        run: None,
        compared: None,
    })
}

/// Counts what the log has up to where a build stands; only if it is the log that the build was made from.
fn events(
    context: &Context,
    ledger: &mut Session,
    (build, made_from): (&Build, Option<&str>),
    definition: &Definition,
) -> Answer<Events> {
    let parsed = definition.parse_events().map_err(|errors| errors.lines().join("; "))?;
    let (mut session, log) = context.open_log("report").map_err(|error| error.to_string())?;
    let name = identity::name(context, ledger, &mut session, &log.shape);
    let name = name.map_err(|error| error.to_string())?;
    match (made_from, name) {
        (None, _) => {
            return Err("it was never written down which log the build was made from".into());
        }
        (Some(made_from), Some(name)) if made_from != name => {
            return Err(format!(
                "the project's log is {name} and not {made_from}, which the build was made from"
            ));
        }
        (Some(_), _) => {}
    }
    let rows = log.census_until(&mut session, Some(build.position));
    let rows = rows.map_err(|error| error.to_string())?;
    let sources: BTreeSet<String> = parsed.upcasters.sources_of(parsed.handlers.event_types());
    let is_seen =
        |row: &CensusRow| row.event_type.as_ref().is_none_or(|name| sources.contains(name));
    let (kinds, others): (Vec<CensusRow>, Vec<CensusRow>) = rows.into_iter().partition(is_seen);
    Ok(Events { kinds, others: others.iter().map(|row| row.events).sum() })
}

/// Which engine runs what on the build's own tables.
fn engines(context: &Context, build: &Build, definition: &Definition) -> Answer<Explained> {
    if build.state == State::Dropped {
        return Err(format!("{} is dropped, and its tables with it", build.schema));
    }
    let parsed = definition.parse().map_err(|errors| errors.lines().join("; "))?;
    let look = || -> Result<Explained, VerifyError> {
        let mut session = context.open_read_models("report")?;
        let mut transaction = session.begin()?;
        let types =
            typing::infer(&mut transaction, &build.schema, &parsed.handlers, Written::Before)?;
        Ok(explained(&mut transaction, &build.schema, definition, &parsed, &types)?)
    };
    look().map_err(|error| error.to_string())
}
