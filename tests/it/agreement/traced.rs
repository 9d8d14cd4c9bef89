//! Traces of random rows: the last row that a trace tells is the row in the table.
//!
//! `REGROW_TRACE_ROWS` and `REGROW_TRACE_SEED` say how many rows and from which case on.

use regrow::trace::{self, Agreement, Bound, Request};

use super::case::{Case, Way};
use super::ground::Ground;
use super::{Named, quick, routed, variable};
use crate::hazards::Dice;

const ROWS: u64 = 24;
const SEED: u64 = 20_261_130;
/// Rows of a case at the most.
const OF_A_CASE: usize = 4;

#[test]
fn a_trace_ends_with_the_row_in_the_table() {
    let wanted = variable("REGROW_TRACE_ROWS").unwrap_or(ROWS);
    let mut seed = variable("REGROW_TRACE_SEED").unwrap_or(SEED);
    let mut ground = Ground::new(seed);
    let (mut traced, mut bound, mut changes, mut parked) = (0, 0, 0, 0);
    let mut in_memory = 0;
    while traced < wanted {
        let _named = Named(seed);
        for told in rows_of(&mut ground, seed) {
            traced += 1;
            bound += u64::from(matches!(told.bound, Bound::By { .. }));
            in_memory += u64::from(told.in_memory);
            changes += told.changes.len();
            parked += told.parked.len();
        }
        seed += 1;
    }
    println!(
        "trace: {traced} rows, {bound} of them bound, {in_memory} in memory, {changes} changes, {parked} parked events"
    );
    assert!(changes > 0, "nothing was traced");
}

fn rows_of(ground: &mut Ground, seed: u64) -> Vec<trace::Traced> {
    let mut case = Case::random(seed);
    case.plan.way = Way::Quick;
    ground.begin(&case);
    ground.append(&case, &case.events);
    let Ok(tables) = quick::tables(ground, &case) else { return Vec::new() };
    if !seed.is_multiple_of(3) {
        // Beside what runs in SQL nothing is bound.
        let mut session = ground.context().open_read_models("traces").unwrap();
        let Some(proved) = routed::prove(&mut session, &case) else { return Vec::new() };
        routed::without_foreign(&mut case, &proved);
    }
    let dice = &mut Dice(seed);
    let last = case.events.last().map_or(0, |event| event.position);
    let Ok(verdict) = tables.replay(ground, &case, dice.below(2), &[last]) else {
        return Vec::new();
    };
    if verdict.position == 0 {
        return Vec::new();
    }
    case.write_config(ground.project.folder.path(), 0);
    // A key is told as a trace takes it, whatever the database prints.
    ground.client.batch_execute("SET DateStyle = 'ISO'; SET TimeZone = 'UTC'").unwrap();
    let context = ground.context();
    let mut traced = Vec::new();
    for (table, key) in &case.tables {
        let columns: Vec<&str> = key.split(", ").collect();
        let list: Vec<String> = columns.iter().map(|column| format!("{column}::text")).collect();
        let sql = format!("SELECT {} FROM s__b1.{table} ORDER BY {key}", list.join(", "));
        let rows = ground.client.query(&sql, &[]).unwrap();
        if rows.is_empty() {
            continue;
        }
        for _ in 0..1 + dice.below(2) {
            if traced.len() >= OF_A_CASE {
                break;
            }
            let row = &rows[dice.below(rows.len())];
            let value = |nth: usize| -> String { row.get(nth) };
            let key: Vec<(String, String)> =
                columns.iter().enumerate().map(|(n, c)| ((*c).to_owned(), value(n))).collect();
            let request = Request { name: format!("s.{table}"), key, ..Request::default() };
            let told = trace::trace(&context, &request).unwrap_or_else(|error| {
                panic!(
                    "seed {seed}: {request:?}: {error}\n{}",
                    super::handlers::file(&case.handlers)
                )
            });
            assert_eq!(
                (&told.agreement, &told.refused.len()),
                (&Agreement::Equal, &0),
                "seed {seed}: {told:#?}\n{}\n{}",
                case.schema,
                super::handlers::file(&case.handlers)
            );
            assert!(told.row.is_some(), "seed {seed}: {told:#?}");
            traced.push(told);
        }
    }
    traced
}
