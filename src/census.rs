//! Census: what the log holds, and what the project can do with it.

use std::collections::BTreeSet;

use crate::context::Context;
use crate::definition::strangers::{self, Stranger};
use crate::event::Position;
use crate::handler::Handlers;
use crate::handler::reach::Fate;
use crate::log::LogError;
use crate::project::ProjectError;
use crate::report::check::{CensusReport, KindReport, UnknownType};
use crate::source::SourceFile;
use crate::upcast::{StepName, UpcasterError, Upcasters};

/// One kind of event: a type in one schema version.
#[derive(Debug, Clone)]
pub struct Kind {
    /// The type in the log; empty if it cannot be read.
    pub event_type: String,
    /// The schema version in the log; 0 if it or the type cannot be read, as `problem` tells.
    pub schema_version: i32,
    /// How the log writes the version; empty if that is not known.
    pub written: Vec<String>,
    /// Whether type and version can be read.
    pub is_readable: bool,
    /// How many there are.
    pub events: i64,
    /// The first of them.
    pub first: Position,
    /// The last of them.
    pub last: Position,
    /// The steps to the latest version; empty where it is the latest.
    pub path: Vec<StepName>,
    /// Projections that handle what comes of it, or cannot.
    pub handled_by: Vec<String>,
    /// A handled version without a path to the latest.
    pub problem: Option<String>,
}

/// The log by kind.
#[derive(Debug, Clone, Default)]
pub struct Census {
    /// By type, then version.
    pub kinds: Vec<Kind>,
    /// Types that handlers and upcaster files name and no event has; none where the log is empty.
    pub strangers: Vec<StrayType>,
}

/// A type that no event has, and whose mistake it may be.
#[derive(Debug, Clone)]
pub struct StrayType {
    /// The projection whose handler names it; nobody's where an upcaster file does.
    pub projection: Option<String>,
    /// The type.
    pub stranger: Stranger,
}

impl Census {
    /// The kinds and what is wrong with them.
    #[must_use]
    pub fn report(&self) -> CensusReport {
        CensusReport {
            kinds: self.kinds.iter().map(Kind::report).collect(),
            unknown_types: self.strangers.iter().map(StrayType::report).collect(),
        }
    }
}

impl Kind {
    fn report(&self) -> KindReport {
        KindReport {
            event_type: (!self.event_type.is_empty()).then(|| self.event_type.clone()),
            schema_version: self.is_readable.then_some(self.schema_version),
            events: self.events,
            first: self.first.0,
            last: self.last.0,
            path: self.path.iter().map(ToString::to_string).collect(),
            handled_by: self.handled_by.clone(),
            problem: self.problem.clone(),
        }
    }
}

impl StrayType {
    fn report(&self) -> UnknownType {
        let StrayType { projection, stranger } = self;
        UnknownType {
            projection: projection.clone(),
            event_type: stranger.event_type.clone(),
            place: stranger.place.to_string(),
            message: stranger.to_string(),
            suspect: stranger.is_suspect(),
        }
    }
}

/// Why there is no census.
#[derive(Debug, thiserror::Error)]
pub enum CensusError {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// Handlers or upcasters cannot be read: one line an error.
    #[error("{}", .0.join("\n"))]
    Files(Vec<String>),
    /// The project's files cannot be read.
    #[error(transparent)]
    Project(#[from] ProjectError),
}

/// Counts the log and holds it against upcasters and handlers.
///
/// # Errors
/// The log or the project's files cannot be read.
pub fn census(context: &Context) -> Result<Census, CensusError> {
    let lines = |errors: Vec<UpcasterError>| errors.iter().map(ToString::to_string).collect();
    let upcasters =
        Upcasters::load(&context.project.upcasters).map_err(|e| CensusError::Files(lines(e)))?;
    let mut projections = Vec::new();
    for name in context.project.projections.keys() {
        let definition = context.project.definition(name)?;
        let events = definition.parse_events().map_err(|e| CensusError::Files(e.lines()))?;
        projections.push((name.as_str(), events));
    }
    let (mut session, log) = context.open_log("census")?;
    let rows = log.census(&mut session)?;
    let stored: BTreeSet<strangers::Kind> = rows
        .iter()
        .filter_map(|r| Some((r.event_type.clone()?, r.schema_version.clone().ok())))
        .collect();
    let handlers = projections.iter().map(|(name, events)| (*name, &events.handlers));
    let strangers = strangers_in(handlers, (&upcasters, &context.project.upcasters), &stored);
    let kinds = rows
        .into_iter()
        .map(|row| {
            let event_type = row.event_type.unwrap_or_default();
            let schema_version = match row.schema_version {
                Ok(version) => version,
                Err(reason) => {
                    let handled_by: Vec<String> = projections
                        .iter()
                        .filter(|(_, events)| {
                            let types = events.handlers.event_types();
                            upcasters.sources_of(types).contains(&event_type)
                        })
                        .map(|(name, _)| (*name).to_owned())
                        .collect();
                    // One whose type cannot be read may be anybody's.
                    let matters = event_type.is_empty() || !handled_by.is_empty();
                    let problem = unreadable(&event_type, &reason, row.events, row.first);
                    return Kind {
                        event_type,
                        schema_version: 0,
                        written: row.written,
                        is_readable: false,
                        events: row.events,
                        first: row.first,
                        last: row.last,
                        path: Vec::new(),
                        handled_by,
                        problem: matters.then_some(problem),
                    };
                }
            };
            let path = upcasters.path(&event_type, schema_version);
            let fates = projections
                .iter()
                .map(|(name, events)| (*name, events.fate(&event_type, schema_version)));
            let mut problem = None;
            let mut handled_by = Vec::new();
            for (name, fate) in fates {
                match fate {
                    Fate::Reaches { .. } => handled_by.push(name.to_owned()),
                    // Each of them ends a rebuild, or is parked or skipped.
                    Fate::NoPath(no_path) => {
                        handled_by.push(name.to_owned());
                        problem = Some(no_path.to_string());
                    }
                    Fate::Ignored | Fate::Dropped | Fate::EndsAs(_) => {}
                }
            }
            Kind {
                event_type,
                schema_version,
                written: row.written,
                is_readable: true,
                events: row.events,
                first: row.first,
                last: row.last,
                path: path.unwrap_or_default(),
                handled_by,
                problem,
            }
        })
        .collect();
    Ok(Census { kinds, strangers })
}

/// The types that handlers and upcaster files name and a log has not; none where it has nothing.
pub fn strangers_in<'s>(
    handlers: impl Iterator<Item = (&'s str, &'s Handlers)>,
    (upcasters, files): (&Upcasters, &[SourceFile]),
    log: &BTreeSet<strangers::Kind>,
) -> Vec<StrayType> {
    if log.is_empty() {
        return Vec::new();
    }
    let mut told = Vec::new();
    for (name, handlers) in handlers {
        let found = strangers::of_handlers(handlers, (upcasters, files), log);
        told.extend(
            found
                .into_iter()
                .map(|stranger| StrayType { projection: Some(name.to_owned()), stranger }),
        );
    }
    let files = strangers::of_upcasters(upcasters, log);
    told.extend(files.into_iter().map(|stranger| StrayType { projection: None, stranger }));
    told
}

/// What is said of events that cannot be read.
fn unreadable(event_type: &str, reason: &str, events: i64, first: Position) -> String {
    let kind = match event_type {
        "" => "an unknown type".to_owned(),
        known => format!("type {known:?}"),
    };
    format!("{events} events of {kind}, the first at position {first}, cannot be read: {reason}")
}
