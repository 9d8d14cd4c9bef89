//! Tables, types and values of every kind: what PostgreSQL prints alike is the same, all else is not, and neither a
//! missing key nor a missing operator is in the way.

use postgres::Client;
use serde_json::Value;

use super::{compared, table};
use crate::bench::{Database, Project};

const TABLES: &str = r#"
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TYPE pair AS (a integer, b text);
CREATE TABLE odd (
    a integer, b text COLLATE "C", n numeric, f double precision, j json, jb jsonb, p point, x xml, m mood, c pair,
    i interval, ts timestamptz, ar text[], by bytea, g integer GENERATED ALWAYS AS (a * 2) STORED,
    "we""ird, Näme" text, PRIMARY KEY (b, a)
);
CREATE TABLE keyless (v json, w text);
CREATE TABLE parted (id integer NOT NULL, day date NOT NULL, v text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE uniq (id integer NOT NULL UNIQUE, maybe integer UNIQUE, v text);
CREATE TABLE empty (id integer PRIMARY KEY);
CREATE SEQUENCE numbers;
CREATE VIEW seen AS SELECT 1 AS one;
"#;

const ROWS: &str = r#"
INSERT INTO {b}.odd (a, b, n, f, j, jb, p, x, m, c, i, ts, ar, by, "we""ird, Näme")
SELECT n, E'k\t\\N\n' || n, n::numeric, CASE n % 3 WHEN 0 THEN 'NaN' WHEN 1 THEN '-0' ELSE 0.1::float8 END, '{"a": 1,  "a": 2}',
       '{"b": 1}', point(n, -n), '<a/>', 'sad', ROW(n, 'x,"y"')::{t}.pair, '1 mon', '2026-01-01', '{a,NULL,"N ULL"}', '\x00ff', NULL
  FROM generate_series(1, 500) AS n;
INSERT INTO {b}.keyless SELECT '{"n": 1}', CASE WHEN n % 2 = 0 THEN 'even' END FROM generate_series(1, 300) AS n;
INSERT INTO {b}.parted SELECT n, '2026-01-01'::date + n % 50, 'v' FROM generate_series(1, 400) AS n;
INSERT INTO {b}.uniq SELECT n, NULL, NULL FROM generate_series(1, 50) AS n;
"#;

/// Two builds of such tables, filled alike.
fn twins() -> Project {
    let project = Project::on(Database::on_a_careless_server());
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__p.sql", TABLES);
    project.write(
        "projections/p/handlers.sql",
        "-- on Happened\nINSERT INTO empty (id) VALUES (:id::int);",
    );
    project.ok(&["migrate"]);
    project.ok(&["rebuild", "p", "--promote"]);
    project.ok(&["rebuild", "p"]);
    for build in ["p__b1", "p__b2"] {
        fill(&mut project.reads(), build);
    }
    project
}

/// Fills the tables of a build. Builds share the types that are equal, in a schema of their own.
fn fill(client: &mut Client, build: &str) {
    let types = "SELECT typnamespace::regnamespace::text FROM pg_type WHERE typname = 'pair'";
    let types: String = client.query_one(types, &[]).unwrap().get(0);
    client.batch_execute(&ROWS.replace("{b}", build).replace("{t}", &types)).unwrap();
}

#[test]
fn whatever_is_printed_otherwise_differs_and_nothing_else() {
    let project = twins();
    let mut client = project.reads();
    let (code, report) = compared(&project, &["p"]);
    assert_eq!((code, &report["ok"]), (0, &Value::Bool(true)), "{report}");
    let keys =
        ["odd", "keyless", "parted", "uniq", "empty"].map(|t| table(&report, t)["key"].to_string());
    assert_eq!(keys, ["[\"b\",\"a\"]", "null", "[\"id\",\"day\"]", "[\"id\"]", "[\"id\"]"]);
    let not_compared = report["not_compared"].to_string();
    assert!(
        not_compared.contains("sequence numbers") && not_compared.contains("view seen"),
        "{report}"
    );

    // Each change by itself: the statement, the table and its columns or how many rows are only on one side.
    let changes: &[(&str, &str, &[&str])] = &[
        ("UPDATE p__b2.odd SET n = 7.0 WHERE a = 7", "odd", &["n"]),
        ("UPDATE p__b2.odd SET f = '-NaN'::float8 * -1 WHERE a = 3", "odd", &[]),
        ("UPDATE p__b2.odd SET f = '0' WHERE a = 1", "odd", &["f"]),
        ("UPDATE p__b2.odd SET f = 0.1::float8 + 1e-18 WHERE a = 2", "odd", &[]),
        ("UPDATE p__b2.odd SET f = 0.30000000000000004 - 0.2 WHERE a = 2", "odd", &["f"]),
        ("UPDATE p__b2.odd SET j = '{\"a\": 1, \"a\": 2}' WHERE a = 9", "odd", &["j"]),
        ("UPDATE p__b2.odd SET jb = '{\"b\":    1}' WHERE a = 9", "odd", &[]),
        ("UPDATE p__b2.odd SET p = point(0, 0) WHERE a = 9", "odd", &["p"]),
        ("UPDATE p__b2.odd SET x = '<a></a>' WHERE a = 9", "odd", &["x"]),
        ("UPDATE p__b2.odd SET m = 'glad' WHERE a = 9", "odd", &["m"]),
        ("UPDATE p__b2.odd SET c.a = 9, c.b = NULL WHERE a = 9", "odd", &["c"]),
        ("UPDATE p__b2.odd SET i = '30 days' WHERE a = 9", "odd", &["i"]),
        ("UPDATE p__b2.odd SET ts = '2026-01-01 01:00+01' WHERE a = 9", "odd", &[]),
        ("UPDATE p__b2.odd SET ar = '{a,NULL,NULL}' WHERE a = 9", "odd", &["ar"]),
        ("UPDATE p__b2.odd SET by = '\\x00fe' WHERE a = 9", "odd", &["by"]),
        ("UPDATE p__b2.odd SET \"we\"\"ird, Näme\" = '' WHERE a = 9", "odd", &["we\"ird, Näme"]),
        (
            "UPDATE p__b2.odd SET \"we\"\"ird, Näme\" = E'\\\\N' WHERE a = 9",
            "odd",
            &["we\"ird, Näme"],
        ),
        ("UPDATE p__b2.odd SET a = 1000 WHERE a = 9", "odd", &["+1", "-1"]),
        ("UPDATE p__b2.parted SET v = 'w' WHERE id IN (3, 49)", "parted", &["v"]),
        ("UPDATE p__b2.parted SET day = '2026-02-28' WHERE id = 3", "parted", &["+1", "-1"]),
        ("UPDATE p__b2.uniq SET maybe = 1 WHERE id = 5", "uniq", &["maybe"]),
        ("INSERT INTO p__b2.empty VALUES (1)", "empty", &["+1"]),
        ("INSERT INTO p__b2.keyless VALUES ('{\"n\": 1}', 'even')", "keyless", &["+1"]),
        (
            "DELETE FROM p__b2.keyless WHERE ctid IN (SELECT ctid FROM p__b2.keyless WHERE w IS NULL LIMIT 3)",
            "keyless",
            &["-3"],
        ),
        ("UPDATE p__b2.keyless SET w = '' WHERE w IS NULL", "keyless", &["+150", "-150"]),
        ("ALTER TABLE p__b2.uniq ALTER id TYPE bigint", "uniq", &["type id"]),
        (
            "ALTER TABLE p__b2.uniq ADD more integer; ALTER TABLE p__b2.uniq DROP maybe CASCADE",
            "uniq",
            &["only more", "only maybe"],
        ),
        ("ALTER TABLE p__b2.uniq DROP CONSTRAINT uniq_id_key", "uniq", &[]),
    ];
    let all = "TRUNCATE p__b2.odd, p__b2.keyless, p__b2.parted, p__b2.uniq, p__b2.empty";
    for (statement, name, expected) in changes {
        client.batch_execute(all).unwrap();
        fill(&mut client, "p__b2");
        client.batch_execute(statement).unwrap_or_else(|e| panic!("{statement}: {e:?}"));
        let (code, report) = compared(&project, &["p"]);
        let found = table(&report, name);
        let mut told: Vec<String> = Vec::new();
        let list = |key: &str| found[key].as_array().unwrap().clone();
        told.extend(list("columns").iter().map(|c| c["column"].as_str().unwrap().to_owned()));
        for (sign, key) in [("+", "only_in_build"), ("-", "only_in_against")] {
            let rows = found[key].as_u64().unwrap();
            told.extend((rows > 0).then(|| format!("{sign}{rows}")));
        }
        told.extend(
            list("types").iter().map(|c| format!("type {}", c["column"].as_str().unwrap())),
        );
        told.extend(
            list("columns_only").iter().map(|c| format!("only {}", c["name"].as_str().unwrap())),
        );
        assert_eq!(told, *expected, "{statement}\n{report}");
        assert_eq!(code, if expected.is_empty() { 0 } else { 10 }, "{statement}\n{report}");
        if statement.starts_with("ALTER TABLE p__b2.uniq ALTER id") {
            client.batch_execute("ALTER TABLE p__b2.uniq ALTER id TYPE integer").unwrap();
        } else if statement.contains("ADD more") {
            client
                .batch_execute("ALTER TABLE p__b2.uniq DROP more, ADD maybe integer UNIQUE")
                .unwrap();
        }
    }
    // Without a key of its own there, rows are a multiset.
    let (_, report) = compared(&project, &["p"]);
    assert_eq!(table(&report, "uniq")["key"], Value::Null);
    client.batch_execute("CREATE TABLE p__b2.bare (); CREATE TABLE p__b2.more (n integer); DROP TABLE p__b2.uniq").unwrap();
    let (code, report) = compared(&project, &["p"]);
    assert_eq!((code, report["tables_only"].as_array().unwrap().len()), (10, 2), "{report}");
    assert!(report["not_compared"].to_string().contains("table without columns bare"), "{report}");
}

/// So many rows differ that they are not held in memory: both sides are read in one order.
#[test]
fn any_number_of_differences_is_counted() {
    let project = twins();
    let mut client = project.reads();
    let fill = "TRUNCATE {b}.uniq, {b}.keyless; \
         INSERT INTO {b}.uniq SELECT n, NULL, repeat('x', 400) FROM generate_series(1, 200000) n; \
         INSERT INTO {b}.keyless SELECT '{}', (n % 7)::text FROM generate_series(1, 200000) n";
    for build in ["p__b1", "p__b2"] {
        client.batch_execute(&fill.replace("{b}", build)).unwrap();
    }
    client
        .batch_execute(
            "UPDATE p__b2.uniq SET v = v || 'y' WHERE id % 2 = 0; DELETE FROM p__b2.uniq WHERE id <= 10; \
             INSERT INTO p__b2.uniq VALUES (300000); \
             UPDATE p__b2.keyless SET w = 'other' WHERE w = '3'; INSERT INTO p__b2.keyless VALUES ('[]', '3')",
        )
        .unwrap();
    let (code, report) = compared(&project, &["p"]);
    assert_eq!(code, 10);
    let numbers = ["rows", "rows_against", "changed", "only_in_build", "only_in_against"];
    let of = |name: &str| numbers.map(|n| table(&report, name)[n].as_u64().unwrap());
    assert_eq!(of("uniq"), [199_991, 200_000, 99_995, 1, 10]);
    assert_eq!(of("keyless"), [200_001, 200_000, 0, 28_572 + 1, 28_572]);
    assert_eq!(table(&report, "uniq")["columns"][0]["rows"], 99_995);
}

/// Policies leave rows out quietly, for everybody but who is told.
#[test]
fn rows_behind_a_policy_are_not_left_out() {
    let project = twins();
    let mut client = project.reads();
    client
        .batch_execute(
            "ALTER TABLE p__b2.uniq ENABLE ROW LEVEL SECURITY; ALTER TABLE p__b2.uniq FORCE ROW LEVEL SECURITY; \
             CREATE POLICY none ON p__b2.uniq USING (false)",
        )
        .unwrap();
    // A superuser sees all the same.
    let (code, report) = compared(&project, &["p"]);
    assert_eq!((code, table(&report, "uniq")["rows"].as_u64()), (0, Some(50)), "{report}");
}
