//! The route proof, by execution: where it says that the events of one value make the rows of that value,
//! a log of those events alone must make them.
//!
//! Of random projections the statements that run in SQL are left out, since nothing is proved beside them.
//! `REGROW_ROUTE_CASES` and `REGROW_ROUTE_SEED` say how many and from where.

use std::collections::{BTreeMap, BTreeSet};

use regrow::cell::{self, CellType};
use regrow::definition::{OnError, Parsed};
use regrow::event::Position;
use regrow::handler::function;
use regrow::handler::native::Program;
use regrow::handler::native::route::{self, Route, TableRoute};
use regrow::ident::Ident;
use regrow::log::wanted::{ChunkBounds, Range, Wanted};
use regrow::pg::Session;
use regrow::replay::native;
use regrow::replay::sql::envelope::Written;
use regrow::replay::sql::{self, Inferred, typing};

use super::case::{Case, Way};
use super::ground::Ground;
use super::quick;
use super::{Named, variable};
use crate::bench::rows;

const CASES: u64 = 60;
const SEED: u64 = 20_261_129;
/// Values of a column that are looked at.
const VALUES: usize = 2;
const SCHEMA: &str = "s__b1";

/// What was looked at.
#[derive(Default, Debug)]
struct Seen {
    cases: usize,
    bound: usize,
    alone: usize,
    with_others: usize,
    values: usize,
    rows: usize,
    left_out: usize,
    parked: usize,
}

#[test]
fn the_events_of_one_value_make_its_rows() {
    let first = variable("REGROW_ROUTE_SEED").unwrap_or(SEED);
    let mut ground = Ground::new(first);
    let cases = variable("REGROW_ROUTE_CASES").unwrap_or(CASES);
    let mut seen = Seen::default();
    for seed in first..first.saturating_add(cases) {
        let _named = Named(seed);
        look(&mut ground, seed, &mut seen);
    }
    println!("routes: {seen:?}");
    if cases >= CASES {
        assert!(seen.bound > 20 && seen.alone > 6 && seen.rows > 40, "{seen:?}");
        assert!(seen.left_out > seen.rows, "{seen:?}");
    }
}

fn schema() -> Ident {
    Ident::new(SCHEMA).unwrap()
}

pub(super) struct Proved {
    parsed: Parsed,
    program: Program,
    slots: Vec<Vec<function::Slot>>,
    tables: Vec<TableRoute>,
}

pub(super) fn prove(session: &mut Session, case: &Case) -> Option<Proved> {
    let parsed = quick::definition(case).parse().ok()?;
    let mut transaction = session.begin().unwrap();
    let types =
        typing::infer(&mut transaction, &schema(), &parsed.handlers, Written::Before).ok()?;
    let slots = function::slots(&parsed.handlers, &types);
    let inferred = Inferred { parsed: &parsed, types: &types, slots: &slots };
    let program = native::compile(&mut transaction, &schema(), inferred).unwrap();
    drop(transaction);
    let tables = route::prove(&program, &parsed.handlers, &slots, &parsed.upcasters);
    Some(Proved { parsed, program, slots, tables })
}

/// Leaves out the statements that run in SQL.
pub(super) fn without_foreign(case: &mut Case, proved: &Proved) {
    let of = &proved.parsed.handlers;
    for (number, compiled) in proved.program.handlers.iter().enumerate() {
        let Err(rejections) = compiled else { continue };
        let lines: BTreeSet<usize> = rejections.iter().map(|one| one.place.line).collect();
        let spans: Vec<_> = of.handlers[number].statements.iter().map(|s| s.span.clone()).collect();
        let mut nth = 0;
        case.handlers[number].statements.retain(|_| {
            let span = &spans[nth];
            nth += 1;
            let (from, to) = (of.file.place(span.start).line, of.file.place(span.end).line);
            !lines.iter().any(|line| (from..=to).contains(line))
        });
    }
}

fn look(ground: &mut Ground, seed: u64, seen: &mut Seen) {
    let mut case = Case::random(seed);
    case.plan.way = Way::Quick;
    ground.begin(&case);
    let Ok(tables) = quick::tables(ground, &case) else { return };
    let mut session = ground.context().open_read_models("routes").unwrap();
    let Some(proved) = prove(&mut session, &case) else { return };
    without_foreign(&mut case, &proved);
    let Some(proved) = prove(&mut session, &case) else { return };
    seen.cases += 1;
    if proved.tables.iter().all(|table| table.routes.is_err()) {
        return;
    }
    ground.append(&case, &case.events);
    let replay = |ground: &mut Ground, case: &Case| {
        let last = case.events.last().map_or(0, |event| event.position);
        tables.replay(ground, case, 0, &[last]).unwrap()
    };
    let mut whole = replay(ground, &case);
    if let Some(at) = whole.failed_at {
        case.events.retain(|event| event.position < at);
        ground.empty_the_log();
        ground.append(&case, &case.events);
        whole = replay(ground, &case);
    }
    assert_eq!((&whole.failure, &whole.ends), (&None, &vec![]), "{}", whole.text());
    let parked = parked(ground);
    let events = events(ground, &mut session, &case, &proved);
    for table in &proved.tables {
        for route in table.routes.iter().flatten() {
            seen.bound += 1;
            seen.with_others += usize::from(route.group.len() > 1);
            seen.alone += usize::from(route.alone.is_ok());
            let of = (&proved, table, route);
            for value in values(ground, of) {
                check(ground, &case, of, (&value, &events, &parked), &replay, seen);
                // What the whole log makes is looked at once more.
                ground.empty_the_log();
                ground.append(&case, &case.events);
                replay(ground, &case);
            }
        }
    }
}

/// Positions of parked events.
fn parked(ground: &mut Ground) -> BTreeSet<i64> {
    let found = ground.client.query("SELECT position FROM regrow.parked_events", &[]).unwrap();
    found.iter().map(|row| row.get(0)).collect()
}

/// What handlers are given, by position.
type Events = BTreeMap<i64, Vec<(usize, Vec<Option<String>>)>>;

fn events(ground: &Ground, session: &mut Session, case: &Case, proved: &Proved) -> Events {
    let parsed = quick::definition(case).parse().unwrap();
    let (program, ()) =
        sql::Program::install_parsed(session, &schema(), parsed, |_, _| Ok(())).unwrap();
    case.write_config(ground.project.folder.path(), 0);
    let (mut reader, log) = ground.context().open_log("routes").unwrap();
    let range = Range { after: Position(0), until: Position(i64::MAX) };
    let bounds = ChunkBounds { events: 1_000, bytes: 1 << 20 };
    let mut events = Events::new();
    let types: Vec<String> = proved.parsed.reach.types().iter().cloned().collect();
    log.read(&mut reader, range, Wanted::Types(&types), program.needs, bounds, &mut |chunk| {
        let range = chunk.range;
        let batch = program.bind(&std::sync::Arc::new(chunk), range, OnError::Park).unwrap();
        let calls: Vec<(usize, Vec<Option<String>>)> = batch
            .calls()
            .map(|(kind, args)| {
                let owned = args.into_iter().map(|arg| arg.map(str::to_owned)).collect();
                (usize::try_from(kind).unwrap(), owned)
            })
            .collect();
        batch.each(|entry, event, _| {
            events.entry(event.position.0).or_default().push(calls[entry].clone());
        });
        true
    })
    .unwrap();
    events
}

type Of<'o> = (&'o Proved, &'o TableRoute, &'o Route);

/// Some values of the column that binds a table.
fn values(ground: &mut Ground, (proved, table, route): Of<'_>) -> Vec<String> {
    let column = &proved.program.tables[table.table].columns[route.column].name;
    let sql = format!("SELECT DISTINCT {column}::text FROM {SCHEMA}.{} ORDER BY 1", table.name);
    let found = ground.client.query(&sql, &[]).unwrap();
    found.iter().take(VALUES).map(|row| row.get(0)).collect()
}

/// Whether a call is of a value, by the parameters of a route; it is, where nobody can tell.
fn is_of(
    proved: &Proved,
    (ty, by): (CellType, &BTreeMap<usize, usize>),
    (handler, args): &(usize, Vec<Option<String>>),
    value: &str,
) -> bool {
    let Some(param) = by.get(handler) else { return false };
    let slot = route::slot_of(&proved.slots[*handler], *param, ty).expect("the parameter is used");
    let Some(text) = &args[slot] else { return false };
    if ty.limit != cell::Limit::None {
        return text.trim_end_matches(' ') == value.trim_end_matches(' ');
    }
    let plain = CellType::of_kind(ty.kind);
    match (cell::parse(text, plain), cell::parse(value, plain)) {
        (Some(one), Some(two)) => one.same_key(&two),
        _ => true,
    }
}

/// The rows of a value in a group of tables.
fn rows_of(
    ground: &mut Ground,
    proved: &Proved,
    group: &BTreeMap<usize, usize>,
    value: &str,
) -> Vec<String> {
    let mut all = Vec::new();
    for (table, column) in group {
        let described = &proved.program.tables[*table];
        let (name, column) = (&described.name, &described.columns[*column].name);
        let literal = regrow::ident::quote_literal(value);
        let sql = format!(
            "SELECT '{name}' || t::text FROM {SCHEMA}.{name} AS t WHERE t.{column}::text = {literal} ORDER BY 1"
        );
        all.extend(rows(&mut ground.client, &sql));
    }
    all
}

fn check(
    ground: &mut Ground,
    case: &Case,
    (proved, table, route): Of<'_>,
    (value, events, parked): (&str, &Events, &BTreeSet<i64>),
    replay: &dyn Fn(&mut Ground, &Case) -> super::verdict::Verdict,
    seen: &mut Seen,
) {
    let told = |what: &str| {
        format!(
            "seed {}: {what}: {}.{:?} = {value}\n{}\n{}",
            case.seed,
            table.name,
            route,
            case.schema,
            super::handlers::file(&case.handlers)
        )
    };
    let of_value = |by: &BTreeMap<usize, usize>| -> BTreeSet<i64> {
        let is_of =
            |call: &&(usize, Vec<Option<String>>)| is_of(proved, (route.ty, by), call, value);
        let any = |calls: &Vec<(usize, Vec<Option<String>>)>| calls.iter().any(|c| is_of(&c));
        events.iter().filter(|(_, calls)| any(calls)).map(|(at, _)| *at).collect()
    };
    seen.values += 1;

    // Of the table's own group, without the events that failed.
    let wanted = of_value(&route.by);
    let expected = rows_of(ground, proved, &route.group, value);
    // Events of which only parts are of the value cannot be cut here.
    let is_whole = wanted.iter().all(|at| events[at].len() == 1);
    let whole = route.alone.as_ref().ok();
    let expected_whole = whole.map(|whole| rows_of(ground, proved, &whole.group, value));
    if is_whole {
        let mut some = case.clone();
        some.events
            .retain(|event| wanted.contains(&event.position) && !parked.contains(&event.position));
        for (number, handler) in some.handlers.iter_mut().enumerate() {
            let compiled = proved.program.handlers[number].as_ref().unwrap();
            let counts: BTreeSet<usize> = compiled
                .iter()
                .filter(|s| route.by.contains_key(&number) && route.group.contains_key(&s.table))
                .map(|s| s.nth)
                .collect();
            let mut nth = 0;
            handler.statements.retain(|_| {
                nth += 1;
                counts.contains(&(nth - 1))
            });
        }
        ground.empty_the_log();
        ground.append(&some, &some.events);
        let verdict = replay(ground, &some);
        let found = rows_of(ground, proved, &route.group, value);
        assert_eq!(
            (&verdict.failure, &verdict.parked),
            (&None, &vec![]),
            "{}",
            told("an event fails")
        );
        assert_eq!(found, expected, "{}", told("other rows"));
        seen.rows += expected.len();
        seen.left_out += case.events.len() - some.events.len();
    }

    // Of all that decides which events fail: those of the value fail as they did.
    let (Some(whole), Some(expected)) = (whole, expected_whole) else { return };
    let wanted = of_value(&whole.by);
    let mut some = case.clone();
    some.events.retain(|event| wanted.contains(&event.position));
    ground.empty_the_log();
    ground.append(&some, &some.events);
    let verdict = replay(ground, &some);
    assert_eq!(verdict.failure, None, "{}", told("an event fails alone"));
    let found = rows_of(ground, proved, &whole.group, value);
    assert_eq!(found, expected, "{}", told("other rows alone"));
    let failed: BTreeSet<i64> = parked.intersection(&wanted).copied().collect();
    assert_eq!(super::routed::parked(ground), failed, "{}", told("other events fail"));
    seen.parked += failed.len();
}
