//! Explain: which engine runs each handler of a projection, and why; and by what its tables can be split.
//!
//! Owns the answer, told from a definition and the tables that its lineage makes in a scratch
//! database, without the indexes that a rebuild puts off. Nothing is written and no event is read: what
//! the native engine leaves to SQL because of an event's values is known when it has run
//! ([`crate::replay::build_session::Work`]).

use super::RebuildError;
use super::create::put_off_indexes;
use crate::context::Context;
use crate::definition::{Definition, EngineChoice, Parsed};
use crate::handler::function::{self, Slot, StatementTypes};
use crate::handler::native::route::{self, Obstacle, Route, TableRoute, Unbound};
use crate::handler::native::{Program, Rejection};
use crate::ident::Ident;
use crate::pg::{PgError, Sql, Transaction};
use crate::replay::Engine;
use crate::replay::native;
use crate::replay::sql::envelope::Written;
use crate::replay::sql::{Inferred, ProgramError, reach, typing};
use crate::scratch::{self, Scratch};
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
    /// What it gets while it is followed, with all its indexes.
    pub followed: Engine,
    /// Its handlers, in the order of the file.
    pub handlers: Vec<ExplainedHandler>,
    /// Its tables, in the order of their names.
    pub tables: Vec<ExplainedTable>,
}

/// By what a table can be split.
#[derive(Debug, Clone)]
pub struct ExplainedTable {
    /// Its name.
    pub name: String,
    /// What is proved of it.
    pub proof: Proof,
}

/// What is proved of a table.
#[derive(Debug, Clone)]
pub enum Proof {
    /// What becomes of events is decided by rows of one value: of any of these.
    Split(Vec<SplitBy>),
    /// Its rows follow from the events of one value, but rows of others may decide which events fail.
    Bound(Vec<SplitBy>, Obstacle),
    /// Nothing.
    Whole(Obstacle),
    /// No handler writes it.
    Unwritten,
}

/// A column by which rows can be told apart, and the parameters that have its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitBy {
    /// The column.
    pub column: String,
    /// Each parameter with the event types that use it.
    pub parameters: Vec<(String, Vec<String>)>,
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
    /// Why it runs in SQL while the build is followed, if only then.
    pub followed: Vec<Rejection>,
}

/// Tells for projections which engine would run what, were they rebuilt now.
///
/// # Errors
/// A definition cannot be read, does not fit its tables, or would be refused.
pub fn explain(context: &Context, names: &[String]) -> Result<Vec<Explained>, RebuildError> {
    let definitions: Vec<_> =
        names.iter().map(|name| context.project.definition(name)).collect::<Result<_, _>>()?;
    let mut scratch = Scratch::of(context);
    let one = |definition: &Definition| -> Result<Explained, RebuildError> {
        let parsed = definition.parse().map_err(ProgramError::from)?;
        if scratch::spreads_tables(&parsed.lineage)? {
            let mut live = context.open_read_models("explain")?;
            let look = |transaction: &mut Transaction<'_>, at: &Ident| {
                Ok(would_run(transaction, at, definition, &parsed))
            };
            if live.has_citus()
                && let Some(explained) = scratch::within_live(&mut live, &parsed.lineage, look)?
            {
                return Ok(explained?);
            }
        }
        let at = scratch::beside(&definition.projection);
        let mut room = scratch.made(&parsed.lineage, &at)?;
        let mut transaction = room.session().begin()?;
        Ok(would_run(&mut transaction, &at, definition, &parsed)?)
    };
    definitions.iter().map(one).collect()
}

/// What would run where a definition's tables have just been made.
fn would_run(
    transaction: &mut Transaction<'_>,
    at: &Ident,
    definition: &Definition,
    parsed: &Parsed,
) -> Result<Explained, ProgramError> {
    let types = typing::infer(transaction, at, &parsed.handlers, Written::Now)?;
    // What a rebuild refuses is run by no engine.
    ProgramError::of_found(reach::look(transaction, at, definition, parsed, &types)?)?;
    Ok(of_rebuild(transaction, at, definition, parsed, &types)?)
}

/// The same for a definition whose tables are there and used by nobody else. Indexes are put off as a
/// rebuild puts them off, and are back at the end.
///
/// # Errors
/// The server refuses.
pub fn of_rebuild(
    transaction: &mut Transaction<'_>,
    at: &Ident,
    definition: &Definition,
    parsed: &Parsed,
    types: &[Vec<StatementTypes>],
) -> Result<Explained, PgError> {
    let followed = explained(transaction, at, definition, parsed, types)?;
    if definition.engine == EngineChoice::Sql {
        return Ok(followed);
    }
    let mut savepoint = transaction.savepoint()?;
    let (off, _) = put_off_indexes(&mut savepoint, at, &parsed.handlers, types)?;
    if off.is_empty() {
        return Ok(followed);
    }
    let mut rebuilt = explained(&mut savepoint, at, definition, parsed, types)?;
    rebuilt.followed = followed.engine;
    rebuilt.tables = followed.tables;
    for (handler, with_all) in rebuilt.handlers.iter_mut().zip(followed.handlers) {
        if handler.engine != with_all.engine {
            handler.followed = with_all.rejections;
        }
    }
    Ok(rebuilt)
}

/// The same for a definition whose tables are there, as they are.
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
    let slots = function::slots(handlers, types);
    let inferred = Inferred { parsed, types, slots: &slots };
    let program = native::compile(sql, at, inferred)?;
    // What is proved of the tables is true whoever runs the handlers.
    let tables = tables(&program, parsed, &slots);
    let compiled = Some(program).filter(|_| choice != EngineChoice::Sql);
    let chosen = compiled.as_ref().filter(|program| native::is_chosen(choice, program));
    let list = handlers.handlers.iter().enumerate().map(|(index, handler)| {
        let rejected =
            |program: &Program| program.handlers[index].as_ref().err().cloned().unwrap_or_default();
        let rejections = compiled.as_ref().map(rejected).unwrap_or_default();
        let native = chosen.is_some() && rejections.is_empty();
        ExplainedHandler {
            event_types: handler.event_types.clone(),
            place: handlers.file.place(handler.span.start),
            engine: if native { Engine::Native } else { Engine::Sql },
            rejections,
            followed: Vec::new(),
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
    Ok(Explained { projection, choice, engine, followed: engine, handlers: list, tables })
}

fn tables(program: &Program, parsed: &Parsed, slots: &[Vec<Slot>]) -> Vec<ExplainedTable> {
    let of_table = |table: TableRoute| {
        let by = |route: &Route| SplitBy {
            column: program.tables[table.table].columns[route.column].name.clone(),
            parameters: route.written(&parsed.handlers),
        };
        let proof = match &table.routes {
            Err(Unbound::Unwritten) => Proof::Unwritten,
            Err(Unbound::Obstacle(obstacle)) => Proof::Whole(obstacle.clone()),
            Ok(routes) => {
                let alone = routes.iter().filter(|route| route.alone.is_ok());
                let split: Vec<SplitBy> = alone.map(by).collect();
                let obstacle = routes.iter().find_map(|route| route.alone.as_ref().err());
                match obstacle.filter(|_| split.is_empty()) {
                    Some(obstacle) => {
                        Proof::Bound(routes.iter().map(by).collect(), obstacle.clone())
                    }
                    None => Proof::Split(split),
                }
            }
        };
        ExplainedTable { name: table.name.clone(), proof }
    };
    let proved = route::prove(program, &parsed.handlers, slots, &parsed.upcasters);
    proved.into_iter().map(of_table).collect()
}
