//! Cells against the server: whatever is accepted here, PostgreSQL gives the same; whatever
//! PostgreSQL refuses is declined. Values are random with a fixed seed, and edges.

mod arithmetic;
mod edges;
mod samples;
mod transfer;

use postgres::Client;
use regrow::cell::{
    Cell, CellType, Kind, Limit, assign, can_assign, can_cast, can_cast_implicitly, cast, parse,
    wire,
};

use crate::bench::{Database, server_major};

/// Every kind with its SQL name and its send function.
const KINDS: [(Kind, &str, &str); 14] = [
    (Kind::Int2, "smallint", "int2send"),
    (Kind::Int4, "integer", "int4send"),
    (Kind::Int8, "bigint", "int8send"),
    (Kind::Numeric, "numeric", "numeric_send"),
    (Kind::Float8, "double precision", "float8send"),
    (Kind::Bool, "boolean", "boolsend"),
    (Kind::Text, "text", "textsend"),
    (Kind::Uuid, "uuid", "uuid_send"),
    (Kind::Date, "date", "date_send"),
    (Kind::Timestamp, "timestamp without time zone", "timestamp_send"),
    (Kind::TimestampTz, "timestamp with time zone", "timestamptz_send"),
    (Kind::Json, "json", "json_send"),
    (Kind::Jsonb, "jsonb", "jsonb_send"),
    (Kind::TextArray, "text[]", "array_send"),
];

/// Types that a column declares beyond the kinds.
const LIMITED: [&str; 6] = [
    "character varying(3)",
    "character varying(30)",
    "numeric(5,2)",
    "numeric(20,0)",
    "numeric(3,5)",
    "numeric(50,10)",
];

/// Those that the server knows: since PostgreSQL 15 a scale may be greater than its precision.
fn limited() -> impl Iterator<Item = &'static str> {
    let known = server_major() >= 15;
    LIMITED.into_iter().filter(move |name| known || *name != "numeric(3,5)")
}

fn name_of(kind: Kind) -> (&'static str, &'static str) {
    let (_, name, send) = KINDS.iter().find(|(k, ..)| *k == kind).unwrap();
    (name, send)
}

/// A database with the session that the engines have.
fn session() -> (Database, Client) {
    let database = Database::new();
    let mut client = database.connect();
    client
        .batch_execute(
            "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, MDY'; SET extra_float_digits = 1;
             SET bytea_output = 'hex'; SET synchronous_commit = off",
        )
        .unwrap();
    (database, client)
}

/// What the server makes of each text; `None` where it refuses. `body` gives a bytea of the
/// text `t`, and may raise.
fn tried(client: &mut Client, setup: &str, body: &str, texts: &[String]) -> Vec<Option<Vec<u8>>> {
    client
        .batch_execute(&format!(
            "{setup};
             CREATE OR REPLACE FUNCTION pg_temp.tried(t text) RETURNS bytea LANGUAGE plpgsql AS $f$
             DECLARE r bytea;
             BEGIN {body} RETURN r; EXCEPTION WHEN data_exception
               OR program_limit_exceeded OR feature_not_supported THEN RETURN NULL; END $f$"
        ))
        .unwrap();
    let rows = client
        .query("SELECT pg_temp.tried(t) FROM unnest($1::text[]) AS t", &[&texts])
        .unwrap_or_else(|e| panic!("{body}: {e:?}"));
    rows.iter().map(|row| row.get(0)).collect()
}

/// The bytes a cell travels as, without the length.
fn sent(cell: &Cell, kind: Kind) -> Vec<u8> {
    let mut out = Vec::new();
    wire::push_field(&mut out, cell, kind).unwrap();
    out.split_off(4)
}

/// Compares what is computed here with what the server gave. Gives how many were accepted,
/// and how many the server took.
#[track_caller]
fn agree(
    what: &str,
    to: Kind,
    texts: &[String],
    server: &[Option<Vec<u8>>],
    ours: impl Fn(&str) -> Option<Cell>,
) -> (usize, usize) {
    assert_eq!(texts.len(), server.len());
    let mut accepted = 0;
    for (text, server) in texts.iter().zip(server) {
        let Some(cell) = ours(text) else { continue };
        accepted += 1;
        let Some(server) = server else { panic!("{what}: {text:?} is refused, not {cell:?}") };
        // jsonb prints another text than it was given; the server took ours as it is.
        if to != Kind::Jsonb {
            assert_eq!(&sent(&cell, to), server, "{what}: {text:?}, {cell:?}");
        }
        let back = wire::read_field(Some(server), to);
        assert!(back.is_some(), "{what}: {text:?} does not come back");
    }
    (accepted, server.iter().flatten().count())
}

#[test]
fn texts_are_what_the_input_functions_read() {
    let (_database, mut client) = session();
    let mut random = samples::Random::new(1);
    for name in KINDS.iter().map(|(_, name, _)| *name).chain(limited()) {
        let ty = CellType::of_sql(name).unwrap();
        let (base, send) = name_of(ty.kind);
        let texts = samples::texts(ty.kind, 300, &mut random);
        let setup = format!("DROP TABLE IF EXISTS c; CREATE TEMP TABLE c (v {name})");
        let body = format!("INSERT INTO c VALUES (t::{base}) RETURNING {send}(v) INTO r;");
        let server = tried(&mut client, &setup, &body, &texts);
        let (accepted, taken) = agree(name, ty.kind, &texts, &server, |text| parse(text, ty));
        assert!(accepted * 10 >= taken * 6, "{name}: {accepted} of {taken} accepted");
    }
}

#[test]
fn assignments_are_what_a_column_gets() {
    let (_database, mut client) = session();
    let mut random = samples::Random::new(2);
    for (from, from_name, _) in KINDS {
        let texts = samples::texts(from, 60, &mut random);
        for name in KINDS.iter().map(|(_, name, _)| *name).chain(limited()) {
            let ty = CellType::of_sql(name).unwrap();
            if !can_assign(from, ty.kind) {
                continue;
            }
            let what = format!("{from_name} to {name}");
            let setup = format!("DROP TABLE IF EXISTS c; CREATE TEMP TABLE c (v {name})");
            let send = name_of(ty.kind).1;
            let body = format!("INSERT INTO c VALUES (t::{from_name}) RETURNING {send}(v) INTO r;");
            let server = tried(&mut client, &setup, &body, &texts);
            let ours = |text: &str| assign(parse(text, CellType::of_kind(from))?, from, ty);
            let (accepted, taken) = agree(&what, ty.kind, &texts, &server, ours);
            assert!(accepted > 0 || taken == 0, "{what}: none of {taken} accepted");
        }
    }
}

#[test]
fn explicit_casts_are_the_servers() {
    let (_database, mut client) = session();
    let mut random = samples::Random::new(3);
    for (from, from_name, _) in KINDS {
        for name in KINDS.iter().map(|(_, name, _)| *name).chain(limited()) {
            let ty = CellType::of_sql(name).unwrap();
            if !can_cast(from, ty.kind) {
                continue;
            }
            // Casts from text read what the other kind prints.
            let written = if from == Kind::Text { ty.kind } else { from };
            let texts = samples::texts(written, 40, &mut random);
            let what = format!("{from_name} :: {name}");
            let send = name_of(ty.kind).1;
            let body = format!("r := {send}((t::{from_name})::{name});");
            let server = tried(&mut client, "", &body, &texts);
            let ours = |text: &str| cast(parse(text, CellType::of_kind(from))?, from, ty);
            let (accepted, taken) = agree(&what, ty.kind, &texts, &server, ours);
            // Where the server cuts a text, nothing is accepted.
            let cut = matches!(ty.limit, Limit::Chars(_));
            assert!(accepted > 0 || taken == 0 || cut, "{what}: none of {taken} accepted");
        }
    }
}

#[test]
fn the_catalog_has_every_cast_that_is_computed() {
    let (_database, mut client) = session();
    let rows = client
        .query(
            "SELECT format_type(castsource, NULL), format_type(casttarget, NULL), castcontext::text
               FROM pg_cast",
            &[],
        )
        .unwrap();
    let context = |from: &str, to: &str| {
        let found = rows.iter().find(|r| r.get::<_, &str>(0) == from && r.get::<_, &str>(1) == to);
        found.map(|r| r.get::<_, String>(2))
    };
    for (from, from_name, _) in KINDS {
        for (to, to_name, _) in KINDS {
            if from == to {
                continue;
            }
            let found = context(from_name, to_name);
            let pair = format!("{from_name} to {to_name}: {found:?}");
            let implicit = found.as_deref() == Some("i");
            assert_eq!(can_cast_implicitly(from, to), implicit, "{pair}");
            // Every type is assigned to text, and cast from it, by its text.
            let assigned = implicit || found.as_deref() == Some("a") || to == Kind::Text;
            assert!(!can_assign(from, to) || assigned, "{pair}");
            assert!(!can_cast(from, to) || found.is_some() || assigned || from == Kind::Text);
        }
    }
}
