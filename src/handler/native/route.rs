//! The route proof: which parameter binds the rows of a table to events.
//!
//! A table is *bound* by a column of its primary key if each handler that writes the table gives that
//! column the value of one parameter of the event, in every statement: an INSERT stores exactly it, an
//! UPDATE or DELETE finds rows by it, no SET changes it, and a look-up in a table that handlers write
//! finds its row by the same parameter. Then an event changes, and reads, rows with that value and no
//! others, so by induction over positions the rows of a value are what the events of that value make.
//! Replays of one key (`trace`) and of slices stand on this, so what is not certain is not bound.
//!
//! Whether an event *fails* is another question: an event happens as a whole, so a statement on
//! another table may take it back. [`Route::alone`] says whether that, too, is decided by rows of the same
//! value. Without it the caller has to know which events failed.
//!
//! Rows that revisions put into a table belong to every value: they are there before the first event.
//! The room knows no database; where stored payloads have the parameter is told by
//! [`Upcasters::origins`](crate::upcast::Upcasters::origins).

use std::collections::{BTreeMap, BTreeSet};

use super::expr::{Compare, Lookup};
use super::{Action, Conflict, Expr, Program, Statement, Table, Target};
use crate::cell::{CellType, Kind};
use crate::handler::function::Slot;
use crate::handler::{EnvelopeField, Handlers, ParamSource};
use crate::source::Place;
use crate::upcast::Upcasters;

/// What is known of a table.
#[derive(Debug, Clone)]
pub struct TableRoute {
    /// The table's number in the program.
    pub table: usize,
    /// Its name.
    pub name: String,
    /// What binds it: a route for each column of its key that does, in the order of the key, at least one.
    pub routes: Result<Vec<Route>, Unbound>,
}

/// Why no column binds a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unbound {
    /// No handler writes it: its rows are those that revisions made.
    Unwritten,
    /// Something stands in the way.
    Obstacle(Obstacle),
}

/// What stands in the way of a proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// Where; nothing if it is the table as a whole.
    pub place: Option<Place>,
    /// What, in words that follow a colon.
    pub reason: String,
}

/// An obstacle that has no place.
pub(crate) fn because(reason: &str) -> Obstacle {
    Obstacle { place: None, reason: reason.to_owned() }
}

impl std::fmt::Display for Obstacle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

/// A column that binds a table.
#[derive(Debug, Clone)]
pub struct Route {
    /// The column's number in its table.
    pub column: usize,
    /// Its type, that of the columns of all tables in the group: two values are one if they are one as
    /// cells of it, so `17` and `"17"` are, and `"17"` and `" 17"` are not where it is a text.
    pub ty: CellType,
    /// The tables whose rows count and the column that binds each: the table itself, and those it
    /// looks up.
    pub group: BTreeMap<usize, usize>,
    /// By handler, the parameter (its index in [`Handler::params`](crate::handler::Handler::params)).
    pub by: BTreeMap<usize, usize>,
    /// The group and the handlers that decide also which events fail; or why that is not decided by rows
    /// of one value alone.
    pub alone: Result<Whole, Obstacle>,
}

/// Tables that can be split by a value: what becomes of an event is decided by rows of its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// Its tables and the column that binds each.
    pub group: BTreeMap<usize, usize>,
    /// By handler, the parameter.
    pub by: BTreeMap<usize, usize>,
}

impl Route {
    /// How handlers name the parameter, each name with the event types that use it.
    #[must_use]
    pub fn written(&self, handlers: &Handlers) -> Vec<(String, Vec<String>)> {
        let mut written: Vec<(String, Vec<String>)> = Vec::new();
        for (handler, param) in &self.by {
            let Some(handler) = handlers.handlers.get(*handler) else { continue };
            let Some(param) = handler.params.get(*param) else { continue };
            let name = param.source.to_string();
            match written.iter_mut().find(|(other, _)| *other == name) {
                Some((_, types)) => types.extend(handler.event_types.iter().cloned()),
                None => written.push((name, handler.event_types.clone())),
            }
        }
        written
    }
}

/// Looks for what binds each table of a program, in the program's order. `slots` are those the
/// program was compiled with.
#[must_use]
pub fn prove(
    program: &Program,
    handlers: &Handlers,
    slots: &[Vec<Slot>],
    upcasters: &Upcasters,
) -> Vec<TableRoute> {
    let prover = Prover { program, handlers, slots, upcasters };
    let table = |table: usize| TableRoute {
        table,
        name: program.tables[table].name.clone(),
        routes: prover.routes(table),
    };
    (0..program.tables.len()).map(table).collect()
}

struct Prover<'p> {
    program: &'p Program,
    handlers: &'p Handlers,
    slots: &'p [Vec<Slot>],
    upcasters: &'p Upcasters,
}

/// Tables and columns that were found to belong together, and which parameters of each handler
/// still may be what binds them.
#[derive(Clone, Default)]
struct Attempt {
    group: BTreeMap<usize, usize>,
    params: BTreeMap<usize, BTreeSet<usize>>,
}

impl Attempt {
    fn by(&self) -> BTreeMap<usize, usize> {
        let first = |(handler, params): (&usize, &BTreeSet<usize>)| {
            params.first().map(|param| (*handler, *param))
        };
        self.params.iter().filter_map(first).collect()
    }

    /// Keeps of a handler's parameters those of `found`; `false` if none is left.
    fn narrow(&mut self, handler: usize, found: &BTreeSet<usize>) -> bool {
        let left = match self.params.get(&handler) {
            Some(before) => before.intersection(found).copied().collect(),
            None => found.clone(),
        };
        let any = !left.is_empty();
        self.params.insert(handler, left);
        any
    }
}

impl Prover<'_> {
    fn routes(&self, table: usize) -> Result<Vec<Route>, Unbound> {
        // What a handler does that runs in SQL is not known: it may write any table by any row.
        let foreign = self.program.rejections().next();
        let obstacle = |reason: String| Unbound::Obstacle(Obstacle { place: None, reason });
        if let Some(rejection) = foreign {
            let (place, reason) =
                (rejection.place.clone(), format!("it runs in SQL: {}", rejection.reason));
            return Err(Unbound::Obstacle(Obstacle { place: Some(place), reason }));
        }
        let described = &self.program.tables[table];
        if let Some(reason) = &described.obstacle {
            return Err(obstacle(format!("the table {} {reason}", described.name)));
        }
        if self.is_constant(table) {
            return Err(Unbound::Unwritten);
        }
        let (mut routes, mut last): (Vec<Route>, Option<Obstacle>) = (Vec::new(), None);
        for column in &described.key {
            match self.with(Attempt::default(), (table, *column)) {
                Ok(attempt) => routes.push(self.route(*column, described, &attempt)),
                // The column that held longest was meant.
                Err(found) if last.as_ref().is_none_or(|last| last.place < found.place) => {
                    last = Some(found);
                }
                Err(_) => {}
            }
        }
        match (routes.is_empty(), last) {
            (false, _) => Ok(routes),
            (true, Some(last)) => Err(Unbound::Obstacle(last)),
            (true, None) => Err(obstacle(format!("the table {} has no key", described.name))),
        }
    }

    fn route(&self, column: usize, described: &Table, attempt: &Attempt) -> Route {
        Route {
            column,
            ty: described.columns[column].ty,
            group: attempt.group.clone(),
            by: attempt.by(),
            alone: self.alone(attempt.clone()),
        }
    }

    /// Whether no handler writes a table.
    fn is_constant(&self, table: usize) -> bool {
        !self.statements().any(|(_, statement)| statement.table == table)
    }

    /// Every statement with its handler.
    fn statements(&self) -> impl Iterator<Item = (usize, &Statement)> {
        let handlers = self.program.handlers.iter().enumerate();
        handlers.flat_map(|(number, of)| of.iter().flatten().map(move |one| (number, one)))
    }

    /// An attempt with one more table, and with those that it looks up.
    fn with(
        &self,
        mut attempt: Attempt,
        (table, column): (usize, usize),
    ) -> Result<Attempt, Obstacle> {
        let described = &self.program.tables[table];
        if let Some((other, by)) = attempt.group.first_key_value() {
            let known = self.program.tables[*other].columns[*by].ty;
            if !is_one_type(known, described.columns[column].ty) {
                let reason = format!(
                    "{}.{} and {}.{} are of two types, in which other values are equal",
                    described.name,
                    described.columns[column].name,
                    self.program.tables[*other].name,
                    self.program.tables[*other].columns[*by].name,
                );
                return Err(Obstacle { place: None, reason });
            }
        }
        attempt.group.insert(table, column);
        for (handler, statement) in self.statements().filter(|(_, one)| one.table == table) {
            let found = self
                .bound(handler, statement, column)
                .map_err(|reason| self.at((handler, statement), reason))?;
            if !attempt.narrow(handler, &found) {
                let reason = format!(
                    "it binds {}.{} to another parameter than the handler's other statements",
                    described.name, described.columns[column].name
                );
                return Err(self.at((handler, statement), reason));
            }
        }
        let mut lookups = Vec::new();
        for (handler, statement) in self.statements().filter(|(_, one)| one.table == table) {
            let mut found = Vec::new();
            statement.expressions().into_iter().for_each(|e| all_lookups(e, &mut found));
            lookups.extend(found.into_iter().map(|lookup| (handler, statement, lookup)));
        }
        for (handler, statement, lookup) in lookups {
            if !self.is_constant(lookup.table) {
                attempt = self
                    .with_lookup(attempt, handler, lookup)
                    .map_err(|reason| self.at((handler, statement), reason))?;
            }
        }
        Ok(attempt)
    }

    /// An attempt in which a look-up of a handler finds a row of the same value.
    fn with_lookup(
        &self,
        attempt: Attempt,
        handler: usize,
        lookup: &Lookup,
    ) -> Result<Attempt, String> {
        let described = &self.program.tables[lookup.table];
        let mut why = None;
        for (column, value) in described.key.iter().zip(&lookup.key) {
            let known = attempt.group.get(&lookup.table);
            if known.is_some_and(|known| known != column) {
                continue;
            }
            let Some(param) = self.param_of(handler, value, described.columns[*column].ty) else {
                continue;
            };
            let mut attempt = attempt.clone();
            if !attempt.narrow(handler, &BTreeSet::from([param])) {
                continue;
            }
            if known.is_some() {
                return Ok(attempt);
            }
            match self.with(attempt, (lookup.table, *column)) {
                Ok(attempt) => return Ok(attempt),
                Err(obstacle) => why = Some(obstacle),
            }
        }
        let name = &described.name;
        Err(match why {
            Some(why) => format!("it looks up a row of {name}, which is not bound: {why}"),
            None => format!("it looks up a row of {name} by another value"),
        })
    }

    fn at(&self, (handler, statement): (usize, &Statement), reason: String) -> Obstacle {
        let of = &self.handlers.handlers[handler];
        let start = of.statements.get(statement.nth).map_or(of.span.start, |one| one.span.start);
        Obstacle { place: Some(self.handlers.file.place(start)), reason }
    }

    /// The parameters to whose value a statement binds all rows that it adds, changes, takes away or
    /// looks at, by a column of its table.
    fn bound(
        &self,
        handler: usize,
        statement: &Statement,
        column: usize,
    ) -> Result<BTreeSet<usize>, String> {
        let table = &self.program.tables[statement.table];
        let (name, column_name) = (&table.name, &table.columns[column].name);
        let ty = table.columns[column].ty;
        let by_other =
            || Err(format!("it finds rows of {name} by other than {column_name} = a parameter"));
        let is_set = |set: &[(usize, Expr)]| set.iter().any(|(one, _)| *one == column);
        let changes = || Err(format!("it changes {name}.{column_name}"));
        match &statement.action {
            Action::Insert { values, conflict } => {
                if let Conflict::Update { set, .. } = conflict
                    && is_set(set)
                {
                    return changes();
                }
                let value = values.get(column).and_then(|value| self.param_of(handler, value, ty));
                let found = value.map(|param| BTreeSet::from([param]));
                found.ok_or_else(|| {
                    format!("what it stores in {name}.{column_name} is not just a parameter")
                })
            }
            Action::Update { set, .. } if is_set(set) => changes(),
            Action::Update { target, conditions, .. }
            | Action::Delete { target, conditions, .. } => {
                let mut found = BTreeSet::new();
                match target {
                    Target::Key(key) => {
                        let parts = table.key.iter().zip(key).filter(|(part, _)| **part == column);
                        found.extend(
                            parts.filter_map(|(_, value)| self.param_of(handler, value, ty)),
                        );
                    }
                    Target::Column { column: by, value } if *by == column => {
                        found.extend(self.param_of(handler, value, ty));
                    }
                    Target::Column { .. } => {}
                }
                // Rows of other values are found first, so nothing that is asked of them may fail.
                if !conditions.iter().any(Expr::can_fail) {
                    let equal = conditions.iter().filter_map(|one| equal_to(one, column));
                    found.extend(equal.filter_map(|value| self.param_of(handler, value, ty)));
                }
                if found.is_empty() { by_other() } else { Ok(found) }
            }
        }
    }

    /// The parameter that an expression is, where it has as a parameter's value exactly what a column
    /// of the type stores of it.
    fn param_of(&self, handler: usize, expr: &Expr, ty: CellType) -> Option<usize> {
        let slot = match expr {
            Expr::Arg(slot) => slot,
            // What a column stores of a longer type, or refuses.
            Expr::Assign(from, to, one) if is_like(*from, to.kind) => match &**one {
                Expr::Arg(slot) => slot,
                _ => return None,
            },
            _ => return None,
        };
        let slot = self.slots.get(handler)?.get(*slot)?;
        let of = CellType::of_sql(&slot.ty.sql)?;
        (ty.kind.is_key() && is_like(of.kind, ty.kind)).then_some(slot.param)
    }

    /// The group made larger until no statement of its handlers writes another table.
    fn alone(&self, mut attempt: Attempt) -> Result<Whole, Obstacle> {
        loop {
            let outside = self.statements().find(|(handler, one)| {
                attempt.params.contains_key(handler) && !attempt.group.contains_key(&one.table)
            });
            let Some((handler, statement)) = outside else { break };
            let described = &self.program.tables[statement.table];
            let mut larger = None;
            let mut why = format!("{} has no key", described.name);
            for column in &described.key {
                match self.with(attempt.clone(), (statement.table, *column)) {
                    Ok(found) => larger = larger.or(Some(found)),
                    Err(obstacle) => why = obstacle.to_string(),
                }
            }
            attempt = larger.ok_or_else(|| {
                let reason = format!(
                    "it writes {} for the same event, which may fail by rows of another value: {why}",
                    described.name
                );
                self.at((handler, statement), reason)
            })?;
        }
        let whole = Whole { by: attempt.by(), group: attempt.group };
        self.one_event_one_value(&whole)?;
        Ok(whole)
    }

    /// A jq step may make several events of one, which happen together or not at all.
    fn one_event_one_value(&self, whole: &Whole) -> Result<(), Obstacle> {
        let all = &self.handlers.handlers;
        let types = whole.by.keys().flat_map(|handler| &all[*handler].event_types);
        let Some(place) = self.upcasters.first_filter(types.map(String::as_str)) else {
            return Ok(());
        };
        let mut sources =
            whole.by.iter().map(|(handler, param)| &all[*handler].params[*param].source);
        let first = sources.next();
        let is_of_all = all.iter().enumerate().all(|(number, handler)| {
            handler.statements.is_empty() || whole.by.contains_key(&number)
        });
        if is_of_all
            && first.is_some_and(is_of_the_stored_event)
            && sources.all(|one| Some(one) == first)
        {
            return Ok(());
        }
        let reason =
            "a jq filter may make several events of one, and makes none where it fails".to_owned();
        Err(Obstacle { place: Some(place.clone()), reason })
    }
}

/// Whether all events that upcasters make of one stored event have the value.
fn is_of_the_stored_event(source: &ParamSource) -> bool {
    match source {
        ParamSource::Field(_) => false,
        ParamSource::Envelope(field) => match field {
            EnvelopeField::StreamId
            | EnvelopeField::StreamVersion
            | EnvelopeField::Position
            | EnvelopeField::RecordedAt
            | EnvelopeField::Metadata(_) => true,
            EnvelopeField::Type | EnvelopeField::SchemaVersion | EnvelopeField::Index => false,
        },
    }
}

/// Whether values of two kinds are equal in one where they are equal in the other.
fn is_like(one: Kind, other: Kind) -> bool {
    one == other || (one.is_int() && other.is_int())
}

/// Whether a parameter has one value in columns of both types.
fn is_one_type(one: CellType, other: CellType) -> bool {
    one == other || (one.kind.is_int() && other.kind.is_int())
}

/// The other side of `column = value`.
fn equal_to(condition: &Expr, column: usize) -> Option<&Expr> {
    let Expr::Compare(Compare::Equal, _, two) = condition else { return None };
    match (&two.0, &two.1) {
        (Expr::Column(one), value) | (value, Expr::Column(one)) if *one == column => Some(value),
        _ => None,
    }
}

/// The look-ups in an expression, those over the rows that look-ups find included.
fn all_lookups<'e>(expr: &'e Expr, into: &mut Vec<&'e Lookup>) {
    let mut found = Vec::new();
    expr.lookups(&mut found);
    for lookup in found {
        into.push(lookup);
        let inside = lookup.gates.iter().chain(&lookup.conditions).chain([&lookup.value]);
        inside.for_each(|one| all_lookups(one, into));
    }
}

impl Statement {
    /// Every expression in it.
    fn expressions(&self) -> Vec<&Expr> {
        match &self.action {
            Action::Insert { values: stored, conflict } => {
                let mut all: Vec<&Expr> = stored.iter().collect();
                if let Conflict::Update { conditions, set } = conflict {
                    all.extend(conditions);
                    all.extend(set.iter().map(|(_, value)| value));
                }
                all
            }
            Action::Update { target, gates, conditions, set } => {
                let mut all = target.expressions();
                all.extend(gates.iter().chain(conditions));
                all.extend(set.iter().map(|(_, value)| value));
                all
            }
            Action::Delete { target, gates, conditions } => {
                let mut all = target.expressions();
                all.extend(gates.iter().chain(conditions));
                all
            }
        }
    }
}

impl Target {
    fn expressions(&self) -> Vec<&Expr> {
        match self {
            Target::Key(key) => key.iter().collect(),
            Target::Column { value, .. } => vec![value],
        }
    }
}

/// The slot of a handler that holds a parameter as a value like those of a type.
#[must_use]
pub fn slot_of(slots: &[Slot], param: usize, ty: CellType) -> Option<usize> {
    slots.iter().position(|slot| {
        let of = CellType::of_sql(&slot.ty.sql);
        slot.param == param && of.is_some_and(|of| is_like(of.kind, ty.kind))
    })
}

#[cfg(test)]
mod tests;
