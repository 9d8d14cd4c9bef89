//! Check: what would go wrong, found before the deploy. The one gate for CI.
//!
//! Five gates, each of which can be asked alone: revisions that are **pending**; the
//! **migrations** themselves (graph, heads, history, drift, lint, `schema.sql`); **handlers**,
//! prepared against their tables; **upcasters**, against the versions in the log;
//! **projections** whose files changed since they were built. Lineages run in scratch databases.
//! Nothing live is ever written, and no lock of others is waited for.

mod definitions;
mod events;
mod lineages;
mod logs;
mod projections;
mod report;

use std::collections::BTreeSet;

use events::Events;

use crate::census::{self, Census, CensusError};
use crate::context::Context;
use crate::definition::DefinitionErrors;
use crate::identity::IdentityError;
use crate::in_place::InPlaceError;
use crate::ledger::LedgerError;
use crate::log::LogError;
use crate::migrate::MigrateError;
use crate::pg::PgError;
use crate::project::ProjectError;
use crate::scratch::{Scratch, Skipped};
use crate::source::Place;

/// What can be asked alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gate {
    /// Whether revisions wait to be applied.
    Pending,
    /// Whether files, history and schema agree, and the files are fit for a deploy.
    Migrations,
    /// Whether handlers and assertions fit their tables.
    Handlers,
    /// Whether each version in the log has a path.
    Upcasters,
    /// Whether what readers see was built from the files as they are.
    Projections,
    /// Whether the event store's schema is what its applied revisions make from nothing. Asked only
    /// by name: it makes them all in scratch.
    Live,
}

impl Gate {
    /// Those of a gate for CI, in the order they are gone through.
    pub const ALL: [Gate; 5] =
        [Gate::Pending, Gate::Migrations, Gate::Handlers, Gate::Upcasters, Gate::Projections];

    /// The word for `--only` and in every report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Gate::Pending => "pending",
            Gate::Migrations => "migrations",
            Gate::Handlers => "handlers",
            Gate::Upcasters => "upcasters",
            Gate::Projections => "projections",
            Gate::Live => "live",
        }
    }
}

/// How severe a finding is, the worst first: the process ends with the code of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Files, history and schema tell different stories.
    Divergent,
    /// A lineage has several heads.
    Heads,
    /// Newer code was here.
    Ahead,
    /// Something does not work.
    Mistake,
    /// A revision is no fit for a deploy.
    Lint,
    /// Something waits to be applied or rebuilt.
    Pending,
    /// Something may be a mistake, and nothing fails.
    Warning,
    /// Worth knowing, and nothing is wrong.
    Note,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which gate found it.
    pub gate: Gate,
    /// How severe it is.
    pub severity: Severity,
    /// What it concerns: a projection's name, `event_store` or `log`.
    pub about: String,
    /// Where, if it has a place in a file.
    pub place: Option<Place>,
    /// The lint's rule, where one found it.
    pub rule: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do, where PostgreSQL or regrow has an idea.
    pub hint: Option<String>,
}

impl Finding {
    fn new(gate: Gate, severity: Severity, about: &str, message: impl Into<String>) -> Finding {
        let (about, message) = (about.to_owned(), message.into());
        Finding { gate, severity, about, place: None, rule: None, message, hint: None }
    }

    fn mistake(gate: Gate, about: &str, message: impl Into<String>) -> Finding {
        Finding::new(gate, Severity::Mistake, about, message)
    }

    fn at(self, place: Option<Place>) -> Finding {
        Finding { place, ..self }
    }

    fn hint(self, hint: Option<String>) -> Finding {
        Finding { hint, ..self }
    }
}

/// The rule of what could not be tried: it says nothing about the files.
pub const NOT_TRIED: &str = "not-tried";

/// What could not be tried in scratch, and why.
fn not_tried(gate: Gate, about: &str, error: &MigrateError) -> Finding {
    let (place, message) = match error {
        MigrateError::NotTried { stem, place, why } => {
            (Some(place.clone()), format!("{stem} was not tried: {why}"))
        }
        other => (None, format!("{about} was not tried: {other}")),
    };
    let rule = Some(NOT_TRIED.to_owned());
    Finding { rule, ..Finding::new(gate, Severity::Note, about, message).at(place) }
}

/// Statements that scratch leaves out.
fn left_out(gate: Gate, about: &str, skipped: &[Skipped]) -> Vec<Finding> {
    let told = |left: &Skipped| {
        let message =
            format!("this statement of {} is about the whole server, and was not tried", left.stem);
        let rule = Some(NOT_TRIED.to_owned());
        Finding {
            rule,
            ..Finding::new(gate, Severity::Note, about, message).at(Some(left.place.clone()))
        }
    };
    skipped.iter().map(told).collect()
}

/// What a check found.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// The lineages looked at.
    pub lineages: Vec<String>,
    /// The projections looked at.
    pub projections: Vec<String>,
    /// Handlers that were prepared.
    pub handlers: usize,
    /// Those of them the native engine runs.
    pub native_handlers: usize,
    /// Events of the log that handlers were run on.
    pub events: usize,
    /// Everything found, the worst first.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Takes in what was found apart.
    fn absorb(&mut self, other: Checked) {
        self.handlers += other.handlers;
        self.native_handlers += other.native_handlers;
        self.events += other.events;
        self.findings.extend(other.findings);
    }

    /// The worst finding, unless all are warnings and notes.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|f| f.severity).filter(|g| *g < Severity::Warning).min()
    }
}

/// Why a check could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The server refused or the connection is lost.
    #[error(transparent)]
    Pg(#[from] PgError),
    /// The project's files cannot be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// Where lineages stand cannot be told.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// What a live build needs cannot be told.
    #[error(transparent)]
    InPlace(#[from] InPlaceError),
    /// The log cannot be read.
    #[error(transparent)]
    Census(#[from] CensusError),
    /// It cannot be told whether builds and log belong together.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

/// Goes through gates, for the projections that are named or for everything.
///
/// # Errors
/// The check itself could not be made. What is wrong is in [`Checked::findings`].
pub fn check(context: &Context, names: &[String], gates: &[Gate]) -> Result<Checked, CheckError> {
    for name in names {
        context.project.known(name)?;
    }
    let asks = |gate: Gate| gates.contains(&gate);
    let mut checked = Checked { projections: chosen(context, names), ..Checked::default() };
    let mut scratch = Scratch::of(context);
    let of_lineages = [Gate::Pending, Gate::Migrations, Gate::Projections, Gate::Live];
    if of_lineages.into_iter().any(asks) {
        lineages::check(context, &mut scratch, names, gates, &mut checked)?;
    }
    if asks(Gate::Handlers) || asks(Gate::Upcasters) {
        let census = census::census(context);
        let mut events = Events::draw(context, &census)?;
        for name in checked.projections.clone() {
            match context.project.definition(&name) {
                Ok(definition) => {
                    let of = (&definition, &mut events);
                    definitions::check(context, &mut scratch, of, &mut checked)?;
                }
                Err(ProjectError::Definition(errors)) => {
                    checked.findings.extend(definitions::misread(&name, &errors));
                }
                Err(error) => return Err(error.into()),
            }
        }
        checked.findings.extend(events.untried());
        checked.findings.extend(coverage(census, &checked.projections)?);
    }
    if asks(Gate::Projections) {
        checked.findings.extend(logs::check(context, names)?);
    }
    let mut told = BTreeSet::new();
    // A lineage that does not hold together or does not run is in the way of every gate.
    let stops = |f: &Finding| f.gate == Gate::Migrations && f.severity == Severity::Mistake;
    // Projections share upcasters, and gates share lineages: one mistake is told once.
    checked.findings.retain(|f| {
        (asks(f.gate) || stops(f)) && told.insert((f.place.clone(), f.message.clone()))
    });
    checked.findings.sort_by_key(|f| f.severity);
    Ok(checked)
}

fn chosen(context: &Context, names: &[String]) -> Vec<String> {
    match names {
        [] => context.project.projections.keys().cloned().collect(),
        names => names.to_vec(),
    }
}

/// Versions in the log without a path, and types that are not in it.
fn coverage(
    census: Result<Census, CensusError>,
    names: &[String],
) -> Result<Vec<Finding>, CheckError> {
    let no_event = |why: &str| {
        let message = format!(
            "{why}, so whether it has the types that handlers name could not be looked at, and no handler was \
             run on an event"
        );
        let note = Finding::new(Gate::Handlers, Severity::Note, "log", message);
        let note = Finding { rule: Some(NOT_TRIED.to_owned()), ..note };
        (!names.is_empty()).then_some(note).into_iter().collect()
    };
    match census {
        Ok(census) if census.kinds.is_empty() => Ok(no_event("the log is empty")),
        Ok(census) => {
            let mut findings = uncovered(&census);
            findings.extend(census.strangers.iter().filter_map(|told| unknown(told, names)));
            Ok(findings)
        }
        // A log that is not there yet has no versions to cover.
        Err(CensusError::Log(LogError::Missing { .. })) => Ok(no_event("the log is not there yet")),
        // Broken files were told.
        Err(CensusError::Files(_) | CensusError::Project(ProjectError::Definition(_))) => {
            Ok(Vec::new())
        }
        Err(error) => Err(error.into()),
    }
}

/// A type that no event has, where it concerns one of the projections.
fn unknown(told: &census::StrayType, names: &[String]) -> Option<Finding> {
    let census::StrayType { projection, stranger } = told;
    let (gate, about) = match projection {
        Some(name) if names.contains(name) => (Gate::Handlers, name.as_str()),
        Some(_) => return None,
        None => (Gate::Upcasters, "log"),
    };
    let severity = if stranger.is_suspect() { Severity::Warning } else { Severity::Note };
    let finding = Finding::new(gate, severity, about, stranger.to_string());
    Some(finding.at(Some(stranger.place.clone())).hint(Some(stranger.next().into())))
}

fn uncovered(census: &Census) -> Vec<Finding> {
    let problem = |kind: &census::Kind| {
        let problem = kind.problem.as_ref()?;
        if !kind.is_readable {
            let hint = "fix them in the log, or park them: on_error = \"park\" in projection.toml";
            let finding = Finding::mistake(Gate::Upcasters, "log", problem.clone());
            return Some(finding.hint(Some(hint.to_owned())));
        }
        let message = format!(
            "{problem}; the log holds {} of them, the first at position {}",
            kind.events, kind.first
        );
        let hint = format!("add a step to migrations/events/{}.toml", kind.event_type);
        Some(Finding::mistake(Gate::Upcasters, "log", message).hint(Some(hint)))
    };
    census.kinds.iter().filter_map(problem).collect()
}

impl From<LedgerError> for CheckError {
    fn from(error: LedgerError) -> CheckError {
        CheckError::Identity(error.into())
    }
}

impl From<LogError> for CheckError {
    fn from(error: LogError) -> CheckError {
        CheckError::Identity(error.into())
    }
}

impl From<DefinitionErrors> for CheckError {
    fn from(errors: DefinitionErrors) -> CheckError {
        CheckError::Project(ProjectError::Definition(errors))
    }
}
