//! A schema read from the catalog, compared with another, and led to it.
//!
//! Each case runs in one transaction that is rolled back, so reading must see what is
//! not committed.

mod drift;
mod pairs;
mod todos;

use regrow::ident::Ident;
use regrow::pg::{self, Server, Session, Sql, Transaction};
use regrow::schema::{Piece, Schema, alter, fingerprint};

use crate::bench::Database;

fn open(database: &Database) -> Session {
    Session::open(&Server::parse(&database.url()).unwrap(), "schema test").unwrap()
}

fn ident(name: &str) -> Ident {
    Ident::new(name).unwrap()
}

/// A schema made by a script that runs with it as the search_path.
fn made(transaction: &mut Transaction<'_>, name: &str, script: &str) -> Schema {
    transaction.run(&format!("CREATE SCHEMA {}", ident(name).quoted())).unwrap();
    run(transaction, name, script);
    pg::schema::read(transaction, &ident(name)).unwrap()
}

fn run(transaction: &mut Transaction<'_>, name: &str, script: &str) {
    let in_schema = format!("SET LOCAL search_path = {};\n{script}", ident(name).quoted());
    if let Err(error) = transaction.run(&in_schema) {
        panic!("{error}\n{script}");
    }
}

fn statements(pieces: &[Piece]) -> String {
    regrow::schema::alter::text(pieces)
}

/// What the starting script of every kind of object makes.
const EVERYTHING: &str = include_str!("schema_diff/everything.sql");

#[test]
fn one_lineage_reads_alike_in_two_schemas() {
    let database = Database::new();
    let mut session = open(&database);
    let mut transaction = session.begin().unwrap();
    let one = made(&mut transaction, "a", EVERYTHING);
    let other = made(&mut transaction, "B: \"odd\" name", EVERYTHING);
    assert_eq!(one, other);
    assert_eq!(one.fingerprint(), other.fingerprint());
    assert_eq!(one.fingerprint(), fingerprint(&other.lines()));
    let lines = one.lines();
    for line in [
        "column orders.state: status not null default 'pending'::status",
        "column orders.\"Odd: name\": text collate \"C\"",
        "comment on constraint orders_pkey on orders: 'The key'",
        "constraint orders_customer_fkey on orders: FOREIGN KEY (customer) REFERENCES customers(id)",
        "domain amount: AS numeric(12,2) DEFAULT 0 NOT NULL",
        "enum status: 'pending', 'paid'",
        "owner of sequence orders_id_seq: orders.id",
        "parameter fillfactor of orders: 70",
        "row security on orders",
        "table log: partitioned by RANGE (at)",
        "type address: street text, zip character varying(10)",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line}\n{}", lines.join("\n"));
    }
    assert!(lines.iter().all(|line| !line.contains('\n')));
    assert!(lines.is_sorted());
}

#[test]
fn regrows_own_tables_are_no_part_of_a_schema() {
    let database = Database::new();
    let mut session = open(&database);
    let mut transaction = session.begin().unwrap();
    let own = "CREATE TABLE refinery_schema_history (version int PRIMARY KEY);
        CREATE TABLE regrow_schema_catalog (id int PRIMARY KEY, line text UNIQUE);
        CREATE INDEX by_length ON regrow_schema_catalog (length(line));
        COMMENT ON TABLE regrow_schema_catalog IS 'ours';
        COMMENT ON CONSTRAINT regrow_schema_catalog_pkey ON regrow_schema_catalog IS 'ours'";
    let found = made(&mut transaction, "a", own);
    assert_eq!(found, Schema::default(), "{:#?}", found.lines());
    // The name alone makes none of ours.
    let found = made(&mut transaction, "b", "CREATE TABLE regrow_schema_lines ()");
    assert_eq!(found.lines(), ["table regrow_schema_lines"]);
}

#[test]
fn reading_leaves_the_search_path_alone() {
    let database = Database::new();
    let mut session = open(&database);
    let path = |sql: &mut Transaction<'_>| -> String {
        sql.query_one("SHOW search_path", &[]).unwrap().get(0)
    };
    let mut transaction = session.begin().unwrap();
    made(&mut transaction, "a", EVERYTHING);
    transaction.run("SET LOCAL search_path = pg_temp, public").unwrap();
    pg::schema::read(&mut transaction, &ident("a")).unwrap();
    assert_eq!(path(&mut transaction), "pg_temp, public");
    transaction.commit("a test").unwrap();
    // Outside a transaction it reads the same.
    let outside = pg::schema::read(&mut session, &ident("a")).unwrap();
    let mut transaction = session.begin().unwrap();
    assert_eq!(path(&mut transaction), "pg_catalog, pg_temp");
    assert_eq!(pg::schema::read(&mut transaction, &ident("a")).unwrap(), outside);
    assert_eq!(pg::schema::read(&mut transaction, &ident("none")).unwrap(), Schema::default());
}

#[test]
fn names_that_others_hide_are_printed_alike() {
    let database = Database::new();
    let mut session = open(&database);
    let mut transaction = session.begin().unwrap();
    let script = "CREATE DOMAIN text AS pg_catalog.text;
        CREATE TABLE orders (id bigint PRIMARY KEY, note \"text\");
        CREATE VIEW ids AS SELECT id FROM orders";
    transaction.run("CREATE TEMP TABLE orders (id bigint)").unwrap();
    let script = |name: &str| {
        script
            .replace("\"text\"", &format!("{name}.text"))
            .replace("TABLE orders", &format!("TABLE {name}.orders"))
            .replace("FROM orders", &format!("FROM {name}.orders"))
    };
    let one = made(&mut transaction, "a", &script("a"));
    let other = made(&mut transaction, "b", &script("b"));
    assert_eq!(one.lines(), other.lines());
    assert!(one.lines().contains(&"column orders.note: text".to_owned()), "{:#?}", one.lines());
}

#[test]
fn a_schema_made_from_nothing_is_the_same_schema() {
    check_pair("everything", "", EVERYTHING);
}

#[test]
fn every_pair_is_led_from_one_to_the_other_and_back() {
    for (name, before, after) in pairs::PAIRS {
        check_pair(name, before, after);
    }
}

/// Runs the way from `before` to `after` and back, where nothing is left to a person.
fn check_pair(name: &str, before: &str, after: &str) {
    let database = Database::new();
    let mut session = open(&database);
    let mut transaction = session.begin().unwrap();
    let one = made(&mut transaction, "a", before);
    let other = made(&mut transaction, "b", after);
    assert_ne!(one.lines(), other.lines(), "{name}: the pair is no pair");
    let script = alter(&one, &other);
    let (up, down) = (statements(&script.up), statements(&script.down));
    assert!(!script.up.iter().any(Piece::is_todo), "{name}:\n{up}");
    run(&mut transaction, "a", &up);
    let now = pg::schema::read(&mut transaction, &ident("a")).unwrap();
    assert_eq!(now.lines(), other.lines(), "{name}, up:\n{up}");
    if script.down.iter().any(Piece::is_todo) {
        let word = "(no way back)";
        assert!(name.ends_with(word), "{name}: mark it {word} if it is right\n{down}");
        return;
    }
    run(&mut transaction, "a", &down);
    let now = pg::schema::read(&mut transaction, &ident("a")).unwrap();
    assert_eq!(now.lines(), one.lines(), "{name}, down:\n{down}");
}

/// Prints the time of a reading where REGROW_MEASURE is set and the output is not captured.
#[test]
fn reading_a_hundred_tables_is_one_short_statement() {
    let database = Database::new();
    let mut session = open(&database);
    for tables in [3, 100] {
        let mut transaction = session.begin().unwrap();
        let script: String = (0..tables)
            .map(|n| {
                format!(
                    "CREATE TABLE t{n} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text \
                     NOT NULL DEFAULT 'x', b numeric(12,2), c timestamptz DEFAULT now(), d bigint \
                     REFERENCES t{r}, e text, f jsonb, g int, h text, CHECK (b > 0));
                     CREATE INDEX t{n}_a ON t{n} (a); CREATE INDEX t{n}_c ON t{n} (c) WHERE g > 0;
                     COMMENT ON TABLE t{n} IS 'table';",
                    r = n / 2
                )
            })
            .collect();
        let found = made(&mut transaction, "many", &script);
        assert_eq!(found.tables.len(), tables);
        let mut times: Vec<_> = (0..10)
            .map(|_| {
                let start = std::time::Instant::now();
                pg::schema::read(&mut transaction, &ident("many")).unwrap();
                start.elapsed()
            })
            .collect();
        times.sort();
        if std::env::var_os("REGROW_MEASURE").is_some() {
            println!(
                "{tables} tables: best {:?}, median {:?}, worst {:?}",
                times[0], times[5], times[9]
            );
        }
    }
}
