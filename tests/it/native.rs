//! The native subset against PostgreSQL: what is known to be tricky, each on its own.
//!
//! Every case is run by both engines, and they must agree; that a handler is in the subset is said
//! by each test, so that nothing agrees only because SQL ran it.

mod expressions;
mod keys;
mod statements;

use std::collections::BTreeSet;

use crate::agreement::small::{Outcome, Place, Small};

/// A table with a column of each type, and one for results of each type.
const SAMPLE: &str = "CREATE TABLE s (id int PRIMARY KEY, i2 smallint, i4 int, i8 bigint, n numeric, f double precision, \
    b boolean, t text, u uuid, d date, ts timestamp, tz timestamptz, j json, jb jsonb, a text[], v varchar(3), \
    m numeric(5,2), \"Ä\" int, \"ä\" int, o_i2 smallint, o_i4 int, o_i8 bigint, o_n numeric, o_f double precision, \
    o_b boolean, o_t text, o_u uuid, o_d date, o_ts timestamp, o_tz timestamptz, o_j json, o_jb jsonb, o_a text[], \
    o_v varchar(3), o_m numeric(5,2));\n\
    CREATE TABLE other (k text, nr int, i8 bigint, t text, PRIMARY KEY (k, nr));";

const SAMPLE_ROW: &str = "INSERT INTO s (id, i2, i4, i8, n, f, b, t, u, d, ts, tz, j, jb, a, v, m, \"Ä\", \"ä\") VALUES (:id, \
    7::smallint, 40, 9007199254740993, 2.50, 1.5, true, 'kiwi', '00000000-0000-0000-0000-000000000001', \
    '2026-01-31', '2026-01-31 10:00:00.5', '2026-01-31 23:30:00+00', '{\"k\": {\"s\": \"x\"}, \"s\": \"\\u00e9\", \"nr\": 1.50}', \
    '{\"k\": {\"s\": \"x\"}, \"s\": \"y\", \"nr\": 1.50, \"no\": null}', '{\"a\",NULL}'::text[], 'abc', 1.25, 1, 2)";

/// Runs expressions, each as a handler that writes one column of a row of its own. The fields `x` (a number),
/// `y` (a text) and `z` (JSON) are there. Says which of them are in the subset.
fn assigned(place: &mut Place, list: &[(&str, &str)]) -> (Outcome, Vec<bool>) {
    let sql: Vec<String> = list
        .iter()
        .map(|(column, expression)| format!("UPDATE s SET {column} = {expression} WHERE id = :id"))
        .collect();
    let names: Vec<String> = (0..list.len()).map(|n| format!("E{n}")).collect();
    let statements: Vec<[&str; 1]> = sql.iter().map(|s| [s.as_str()]).collect();
    let mut handlers: Vec<(&str, &[&str])> = vec![("Put", &[SAMPLE_ROW])];
    handlers.extend(names.iter().zip(&statements).map(|(n, s)| (n.as_str(), s.as_slice())));
    let payloads: Vec<String> = (0..list.len())
        .map(|n| format!("{{\"id\": {n}, \"x\": 3, \"y\": \"s\", \"z\": {{\"s\": \"t\", \"k\": [1]}}, \"none\": null}}"))
        .collect();
    let mut events: Vec<(&str, &str)> = payloads.iter().map(|p| ("Put", p.as_str())).collect();
    events.extend(names.iter().zip(&payloads).map(|(n, p)| (n.as_str(), p.as_str())));
    let told = place.run(&Small {
        schema: SAMPLE,
        tables: &[("s", "id"), ("other", "k, nr")],
        handlers: &handlers,
        events: &events,
        batch_events: None,
    });
    let natively = told.reasons.iter().skip(1).map(Vec::is_empty).collect();
    (told, natively)
}

/// Expressions on which both engines agree; `inside` are in the subset, `outside` are not.
#[track_caller]
fn check(inside: &[(&str, &str)], outside: &[(&str, &str)]) -> Outcome {
    let mut place = Place::new();
    let all: Vec<_> = inside.iter().chain(outside).copied().collect();
    let (told, natively) = assigned(&mut place, &all);
    let mut wrong = Vec::new();
    if let Some(difference) = &told.difference {
        wrong.push(difference.clone());
    }
    for (at, ((column, expression), is)) in all.iter().zip(&natively).enumerate() {
        if *is != (at < inside.len()) {
            let why = told.reasons[at + 1].join("; ");
            wrong.push(format!("{at}: {column} = {expression} is in the subset: {is} ({why})"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    told
}

/// Statements of two small tables, after some rows; each list of statements is a handler.
#[track_caller]
fn statements(schema: &str, handlers: &[(&str, &[&str])], events: &[(&str, &str)]) -> Outcome {
    run(schema, handlers, events, None)
}

#[track_caller]
fn run(
    schema: &str,
    handlers: &[(&str, &[&str])],
    events: &[(&str, &str)],
    batch_events: Option<usize>,
) -> Outcome {
    let tables: BTreeSet<(&str, &str)> = schema
        .split("CREATE TABLE ")
        .skip(1)
        .map(|table| (table.split_once(' ').unwrap().0, "1, 2"))
        .collect();
    let tables: Vec<_> = tables.into_iter().collect();
    let told = Place::new().run(&Small { schema, tables: &tables, handlers, events, batch_events });
    assert_eq!(told.difference, None, "{:?}", told.reasons);
    told
}
