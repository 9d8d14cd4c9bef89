//! Explain: which engine runs each handler of a projection, and why.
//!
//! Owns the answer, told from a definition and the tables that its lineage makes in a scratch
//! database. Nothing is written and no event is read: what the native engine leaves to SQL because of
//! an event's values is known when it has run ([`crate::replay::feed::Work`]).

use super::RebuildError;
use crate::definition::{Definition, EngineChoice, Parsed};
use crate::handler::function::{self, StatementTypes};
use crate::handler::native::Rejection;
use crate::ident::Ident;
use crate::pg::{PgError, Sql};
use crate::replay::Engine;
use crate::replay::native;
use crate::replay::sql::envelope::Written;
use crate::replay::sql::{Inferred, ProgramError, typing};
use crate::scratch::{self, Scratch};
use crate::site::Site;
use crate::source::Place;

/// Which engine runs what of a projection.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The projection.
    pub projection: String,
    /// What its `projection.toml` asks for.
    pub choice: EngineChoice,
    /// What it gets.
    pub engine: Engine,
    /// Its handlers, in the order of the file.
    pub handlers: Vec<ExplainedHandler>,
}

/// Which engine runs a handler.
#[derive(Debug, Clone)]
pub struct ExplainedHandler {
    /// The types of its events.
    pub event_types: Vec<String>,
    /// Its header line.
    pub place: Place,
    /// The native or the sql engine.
    pub engine: Engine,
    /// Why it runs in SQL: what is not in the native subset. Empty where it does not, and where
    /// the projection asks for the sql engine.
    pub rejections: Vec<Rejection>,
}

/// Tells for projections which engine would run what, were they rebuilt now.
///
/// # Errors
/// A definition cannot be read or does not fit its tables.
pub fn explain(site: &Site, names: &[String]) -> Result<Vec<Explained>, RebuildError> {
    let definitions: Vec<_> =
        names.iter().map(|name| site.project.definition(name)).collect::<Result<_, _>>()?;
    let mut scratch = Scratch::of(site);
    let one = |definition: &Definition| -> Result<Explained, RebuildError> {
        let parsed = definition.parse().map_err(ProgramError::from)?;
        let at = scratch::beside(&definition.projection);
        let mut room = scratch.made(&parsed.lineage, &at)?;
        let mut transaction = room.session().begin()?;
        let types = typing::infer(&mut transaction, &at, &parsed.handlers, Written::Now)?;
        Ok(explained(&mut transaction, &at, definition, &parsed, &types)?)
    };
    definitions.iter().map(one).collect()
}

/// The same for a definition whose tables are there.
///
/// # Errors
/// The server refuses.
pub fn explained(
    sql: &mut impl Sql,
    at: &Ident,
    definition: &Definition,
    parsed: &Parsed,
    types: &[Vec<StatementTypes>],
) -> Result<Explained, PgError> {
    let choice = definition.engine;
    let handlers = &parsed.handlers;
    let compiled = match choice {
        EngineChoice::Sql => None,
        _ => {
            let slots = function::slots(handlers, types);
            let inferred = Inferred { parsed, types, slots: &slots };
            Some(native::compile(sql, at, inferred)?.0)
        }
    };
    let chosen = compiled.as_ref().filter(|program| native::is_chosen(choice, program));
    let list = handlers.handlers.iter().enumerate().map(|(index, handler)| {
        let rejected = |program: &crate::handler::native::Program| {
            program.handlers[index].as_ref().err().cloned().unwrap_or_default()
        };
        let rejections = compiled.as_ref().map(rejected).unwrap_or_default();
        let native = chosen.is_some() && rejections.is_empty();
        ExplainedHandler {
            event_types: handler.event_types.clone(),
            place: handlers.file.place(handler.span.start),
            engine: if native { Engine::Native } else { Engine::Sql },
            rejections,
        }
    });
    let list: Vec<ExplainedHandler> = list.collect();
    // A handler without statements gives nobody anything to do.
    let busy = |engine: Engine| {
        let mut pairs = list.iter().zip(&handlers.handlers);
        pairs.any(|(told, handler)| told.engine == engine && !handler.statements.is_empty())
    };
    let idle = if chosen.is_some() { Engine::Native } else { Engine::Sql };
    let engine = Engine::of(busy(Engine::Native), busy(Engine::Sql)).unwrap_or(idle);
    let projection = definition.projection.clone();
    Ok(Explained { projection, choice, engine, handlers: list })
}
