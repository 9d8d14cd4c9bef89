//! Census: what the log holds, and what the project can do with it.

use crate::event::Position;
use crate::handler::Handlers;
use crate::log::LogError;
use crate::site::Site;
use crate::upcast::{StepName, Upcasters};

/// One kind of event: a type in one schema version.
#[derive(Debug, Clone)]
pub struct Kind {
    /// The type in the log.
    pub event_type: String,
    /// The schema version in the log.
    pub schema_version: i32,
    /// How many there are.
    pub events: i64,
    /// The first of them.
    pub first: Position,
    /// The last of them.
    pub last: Position,
    /// The steps to the latest version; empty where it is the latest.
    pub path: Vec<StepName>,
    /// Projections that handle what comes of it.
    pub handled_by: Vec<String>,
    /// A handled version without a path to the latest.
    pub problem: Option<String>,
}

/// The log by kind.
#[derive(Debug, Clone, Default)]
pub struct Census {
    /// By type, then version.
    pub kinds: Vec<Kind>,
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
}

/// Counts the log and holds it against upcasters and handlers.
///
/// # Errors
/// The log or the project's files cannot be read.
pub fn census(site: &Site) -> Result<Census, CensusError> {
    let text = |errors: Vec<crate::upcast::UpcasterError>| {
        errors.iter().map(ToString::to_string).collect()
    };
    let upcasters =
        Upcasters::load(&site.project.upcasters).map_err(|e| CensusError::Files(text(e)))?;
    let mut projections = Vec::new();
    for (name, files) in &site.project.projections {
        let handlers = Handlers::parse(files.handlers.clone())
            .map_err(|e| CensusError::Files(e.iter().map(ToString::to_string).collect()))?;
        projections.push((name.as_str(), handlers));
    }
    let (mut session, log) = site.open_log("census")?;
    let rows = log.census(&mut session)?;
    let kinds = rows
        .into_iter()
        .map(|row| {
            let path = upcasters.path(&row.event_type, row.schema_version);
            let ends_as = match &path {
                Ok(steps) => match steps.last() {
                    Some(step) => step.to_type.clone(),
                    None => Some(row.event_type.clone()),
                },
                Err(_) => Some(row.event_type.clone()),
            };
            let handles =
                |h: &Handlers| ends_as.as_deref().is_some_and(|t| h.for_type(t).is_some());
            let handled_by: Vec<String> = projections
                .iter()
                .filter(|(_, handlers)| handles(handlers))
                .map(|(name, _)| (*name).to_owned())
                .collect();
            let problem = match &path {
                Err(no_path) if !handled_by.is_empty() => Some(no_path.to_string()),
                _ => None,
            };
            Kind {
                event_type: row.event_type,
                schema_version: row.schema_version,
                events: row.events,
                first: row.first,
                last: row.last,
                path: path.unwrap_or_default(),
                handled_by,
                problem,
            }
        })
        .collect();
    Ok(Census { kinds })
}
