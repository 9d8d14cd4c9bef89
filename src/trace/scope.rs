//! Which events and which statements decide a row.
//!
//! Where the row's table is bound by a column of its key, those of the key's value: the tables of the
//! route, and of each handler the statements on them. Which events failed is not replayed but known, from
//! the build's parked events, so what other tables' statements would have done does not matter.

use std::collections::{BTreeMap, BTreeSet};

use super::TraceError;
use super::by_key::{ByColumn, ByKey, stored};
use super::subject::Subject;
use crate::definition::Parsed;
use crate::handler::function::{self, Slot};
use crate::handler::native::Program;
use crate::handler::native::route::{self, Obstacle, Route, TableRoute, Unbound, because};
use crate::handler::reach::Fate;
use crate::handler::{EnvelopeField, ParamSource};
use crate::ident::Ident;
use crate::log::keyed::{KeyPlace, KeyPlaces};
use crate::pg::Session;
use crate::pg::search_path::SearchPath;
use crate::replay::native::BuildTables;
use crate::replay::sql::envelope::Written;
use crate::replay::sql::{Inferred, Typed, typing};

/// What is replayed.
pub(crate) struct Scope {
    /// The definition, with the statements that count.
    pub(crate) parsed: Parsed,
    pub(crate) by: Result<ByKey, Obstacle>,
}

/// A definition whose handlers were compiled for the tables of a schema.
pub(crate) struct Known {
    pub(crate) typed: Typed,
    /// What the handlers were compiled for.
    pub(crate) tables: BuildTables,
    program: Program,
    slots: Vec<Vec<Slot>>,
    proved: Vec<TableRoute>,
}

impl Scope {
    /// Looks at a build's definition in a schema where its tables were made.
    pub(crate) fn of(
        session: &mut Session,
        at: &Ident,
        subject: &Subject,
    ) -> Result<Scope, TraceError> {
        let known = Known::of(session, at, subject.definition.parse()?)?;
        let by = known.by_row(subject);
        let parsed = match &by {
            Ok(by) => leave_out(known, &by.of).parsed,
            Err(_) => known.typed.parsed,
        };
        Ok(Scope { parsed, by })
    }
}

impl Known {
    pub(crate) fn of(
        session: &mut Session,
        at: &Ident,
        parsed: Parsed,
    ) -> Result<Known, TraceError> {
        let path = SearchPath::of(session, at, function::NAME)?;
        Known::on(session, at, parsed, path)
    }

    /// The same where the schema's search path is known.
    pub(crate) fn on(
        session: &mut Session,
        at: &Ident,
        parsed: Parsed,
        path: SearchPath,
    ) -> Result<Known, TraceError> {
        let mut transaction = session.begin()?;
        let types = typing::infer_on(&mut transaction, &path, &parsed.handlers, Written::Before)?;
        let slots = function::slots(&parsed.handlers, &types);
        let inferred = Inferred { parsed: &parsed, types: &types, slots: &slots };
        let tables = BuildTables::on(&mut transaction, at, &path)?;
        let program = tables.compile(inferred);
        drop(transaction);
        let proved = route::prove(&program, &parsed.handlers, &slots, &parsed.upcasters);
        let typed = Typed { parsed, types, path };
        Ok(Known { typed, tables, program, slots, proved })
    }

    fn source(&self, handler: usize, param: usize) -> &ParamSource {
        &self.typed.parsed.handlers.handlers[handler].params[param].source
    }

    /// The value that binds a row.
    pub(crate) fn by_row(&self, subject: &Subject) -> Result<ByKey, Obstacle> {
        let by = self.by_table(subject.table.as_str())?;
        let part = subject.key.iter().find(|part| part.column.as_str() == by.column);
        let value = part.ok_or_else(|| because("its column is no part of the key"))?.value.clone();
        by.of(value)
    }

    /// What binds the rows of a table.
    pub(crate) fn by_table(&self, table: &str) -> Result<ByColumn, Obstacle> {
        let table = self.proved.iter().find(|one| one.name == table);
        let table =
            table.ok_or_else(|| because("the table is not known to the handlers' compiler"))?;
        let routes = table.routes.as_ref().map_err(told)?;
        // The log has an index on streams and positions.
        let cost = |route: &&Route| {
            let costs =
                route.by.iter().map(|(handler, param)| match self.source(*handler, *param) {
                    ParamSource::Envelope(EnvelopeField::StreamId | EnvelopeField::Position) => 0,
                    ParamSource::Field(_) => 1,
                    ParamSource::Envelope(_) => 2,
                });
            costs.max().unwrap_or(0)
        };
        let route = routes.iter().min_by_key(cost).ok_or_else(|| because("no column binds it"))?;
        Ok(self.by_column(self.column(table.table, route), route))
    }

    /// The value that binds every row that is made of one stream: of one table, or of all that handlers write.
    /// `printed` gives a stream as PostgreSQL prints it as a value of a column.
    pub(crate) fn by_stream<E: From<Obstacle>>(
        &self,
        table: Option<&str>,
        printed: impl FnOnce(&str, &str) -> Result<String, E>,
    ) -> Result<ByKey, E> {
        let counts = |one: &&TableRoute| match table {
            Some(name) => one.name == name,
            None => !matches!(one.routes, Err(Unbound::Unwritten)),
        };
        let tables: Vec<&TableRoute> = self.proved.iter().filter(counts).collect();
        if tables.is_empty() {
            return Err(because("no handler writes it").into());
        }
        let mut found = None;
        for one in &tables {
            let routes = one.routes.as_ref().map_err(told)?;
            let of_stream = routes.iter().find(|route| self.is_of_stream(&route.by));
            let route = of_stream.ok_or_else(|| self.other_than_stream(one, routes))?;
            found = found.or(Some((*one, route)));
        }
        let (one, route) = found.ok_or_else(|| because("no handler writes it"))?;
        let column = self.column(one.table, route);
        let value = printed(&one.name, column)?;
        if let [_] = tables.as_slice() {
            return Ok(self.by_column(column, route).of(value)?);
        }
        // Several tables: all of them have to be of one group, so that they are made again together.
        let whole = route.alone.as_ref().map_err(Clone::clone)?;
        let is_whole = |one: &&TableRoute| whole.group.contains_key(&one.table);
        if let Some(other) = tables.iter().find(|one| !is_whole(one)) {
            let reason = format!(
                "{} and {} have nothing to do with one another; name one of them",
                one.name, other.name
            );
            return Err(because(&reason).into());
        }
        if !self.is_of_stream(&whole.by) {
            return Err(because("rows of other values decide which of its events fail").into());
        }
        let route = Route { group: whole.group.clone(), by: whole.by.clone(), ..route.clone() };
        Ok(self.by_column(column, &route).of(value)?)
    }

    fn is_of_stream(&self, by: &BTreeMap<usize, usize>) -> bool {
        by.iter().all(|(handler, param)| {
            matches!(self.source(*handler, *param), ParamSource::Envelope(EnvelopeField::StreamId))
        })
    }

    /// What binds a table instead of the stream.
    fn other_than_stream(&self, table: &TableRoute, routes: &[Route]) -> Obstacle {
        let Some(route) = routes.first() else { return because("no column binds it") };
        let written = route.written(&self.typed.parsed.handlers);
        let part =
            |(name, types): &(String, Vec<String>)| format!("{name} of {}", types.join(", "));
        let written: Vec<String> = written.iter().map(part).collect();
        because(&format!(
            "rows of {} are bound by its column {}, which has {}, and not by :event.stream_id",
            table.name,
            self.column(table.table, route),
            written.join(" and ")
        ))
    }

    fn column(&self, table: usize, route: &Route) -> &str {
        &self.program.tables[table].columns[route.column].name
    }

    /// What decides all that some handlers do: the column, and a route whose group has every table that
    /// they write.
    fn split_by(&self, handlers: &BTreeSet<usize>) -> Result<(&str, Route), Obstacle> {
        let mut obstacle = None;
        for table in &self.proved {
            let statements = self.program.handlers.iter().enumerate().flat_map(|(number, of)| {
                of.iter().flatten().map(move |statement| (number, statement.table))
            });
            let writes =
                |(handler, of): (usize, usize)| of == table.table && handlers.contains(&handler);
            if !statements.clone().any(writes) && table.routes.is_ok() {
                continue;
            }
            match &table.routes {
                Ok(routes) => {
                    for route in routes {
                        match &route.alone {
                            Ok(whole) if handlers.iter().all(|h| whole.by.contains_key(h)) => {
                                let (group, by) = (whole.group.clone(), whole.by.clone());
                                let route = Route { group, by, ..route.clone() };
                                return Ok((self.column(table.table, &route), route));
                            }
                            Ok(_) => {}
                            Err(why) => obstacle = obstacle.or(Some(why.clone())),
                        }
                    }
                }
                Err(why) => obstacle = obstacle.or(Some(told(why))),
            }
        }
        Err(obstacle
            .unwrap_or_else(|| because("what its handlers write is bound by several values")))
    }

    /// The one value that decides all that an event does, by the handlers that it reaches and their arguments.
    pub(crate) fn by_event(
        &self,
        session: &mut Session,
        calls: &[(usize, &[Option<String>])],
    ) -> Result<Result<ByKey, Obstacle>, TraceError> {
        let handlers: BTreeSet<usize> = calls.iter().map(|(handler, _)| *handler).collect();
        let (column, route) = match self.split_by(&handlers) {
            Ok(found) => found,
            Err(obstacle) => return Ok(Err(obstacle)),
        };
        let values = calls.iter().map(|(handler, args)| self.argument(&route, *handler, args));
        let values: BTreeSet<Option<&str>> = values.collect();
        let mut values = values.into_iter();
        let (Some(Some(text)), None) = (values.next(), values.next()) else {
            return Ok(Err(because("the event has not just one value by which it is split")));
        };
        let value = stored(session, text, route.ty)?;
        Ok(self.by_column(column, &route).of(value))
    }

    /// The argument of a handler that has the value of a route.
    fn argument<'a>(
        &self,
        route: &Route,
        handler: usize,
        args: &'a [Option<String>],
    ) -> Option<&'a str> {
        let slot = route::slot_of(self.slots.get(handler)?, *route.by.get(&handler)?, route.ty)?;
        args.get(slot)?.as_deref()
    }

    /// The tables of a value, with the column of each that has it.
    pub(crate) fn group(&self, by: &ByKey) -> Vec<(&str, &str)> {
        let named = |(table, column): (&usize, &usize)| {
            let of = &self.program.tables[*table];
            (of.name.as_str(), of.columns[*column].name.as_str())
        };
        by.of.route.group.iter().map(named).collect()
    }

    /// The same value with every table that decides which of its events fail, if that is decided by rows of
    /// the value alone.
    pub(crate) fn whole(&self, by: &ByKey) -> Option<ByKey> {
        let whole = by.of.route.alone.as_ref().ok()?;
        let (group, handlers) = (whole.group.clone(), whole.by.clone());
        let route = Route { group, by: handlers, ..by.of.route.clone() };
        self.by_column(&by.of.column, &route).of(by.text().to_owned()).ok()
    }

    /// What picks the events of any value of a route.
    fn by_column(&self, column: &str, route: &Route) -> ByColumn {
        let parsed = &self.typed.parsed;
        let mut places = KeyPlaces::new();
        for event_type in parsed.reach.types() {
            let mut of_type = Some(BTreeSet::new());
            let mut counts = false;
            for version in parsed.upcasters.versions(event_type) {
                let fate =
                    parsed.reach.fate(&parsed.handlers, &parsed.upcasters, event_type, version);
                let Fate::Reaches { handler, .. } = fate else { continue };
                let Some(param) = route.by.get(&handler) else { continue };
                counts = true;
                let found = match self.source(handler, *param) {
                    ParamSource::Envelope(EnvelopeField::StreamId) => Some(vec![KeyPlace::Stream]),
                    ParamSource::Envelope(EnvelopeField::Position) => {
                        Some(vec![KeyPlace::Position])
                    }
                    ParamSource::Envelope(_) => None,
                    ParamSource::Field(path) => parsed
                        .upcasters
                        .origins(event_type, version, path)
                        .map(|origins| origins.into_iter().map(KeyPlace::Field).collect()),
                };
                of_type = of_type.zip(found).map(|(mut all, found)| {
                    all.extend(found);
                    all
                });
            }
            if counts {
                places.insert(event_type.clone(), of_type);
            }
        }
        let (column, parameters) = (column.to_owned(), route.written(&parsed.handlers));
        ByColumn { places, column, parameters, route: route.clone() }
    }
}

fn told(unbound: &Unbound) -> Obstacle {
    match unbound {
        Unbound::Unwritten => because("no handler writes the table"),
        Unbound::Obstacle(obstacle) => obstacle.clone(),
    }
}

/// Leaves out the statements on tables that have nothing to do with the rows. A parameter that only
/// they use asks nothing of an event any more.
pub(crate) fn leave_out(known: Known, by: &ByColumn) -> Typed {
    let route = &by.route;
    let Known { mut typed, program, .. } = known;
    let handlers = typed.parsed.handlers.handlers.iter_mut().zip(&mut typed.types);
    for (number, (handler, types)) in handlers.enumerate() {
        let compiled = program.handlers.get(number).and_then(|of| of.as_deref().ok());
        let counts: BTreeSet<usize> = match (route.by.contains_key(&number), compiled) {
            (true, Some(statements)) => statements
                .iter()
                .filter(|one| route.group.contains_key(&one.table))
                .map(|one| one.nth)
                .collect(),
            _ => BTreeSet::new(),
        };
        handler.statements = kept(std::mem::take(&mut handler.statements), &counts);
        *types = kept(std::mem::take(types), &counts);
        let used: BTreeSet<usize> =
            handler.statements.iter().flat_map(|one| one.params()).copied().collect();
        for (param, of) in handler.params.iter_mut().enumerate() {
            if !used.contains(&param) {
                of.source = ParamSource::Envelope(EnvelopeField::Position);
            }
        }
    }
    typed
}

/// The elements with these numbers.
fn kept<T>(all: Vec<T>, numbers: &BTreeSet<usize>) -> Vec<T> {
    let numbered = all.into_iter().enumerate();
    numbered.filter(|(nth, _)| numbers.contains(nth)).map(|(_, one)| one).collect()
}
