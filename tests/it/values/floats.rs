//! Parameters that PostgreSQL takes for floats.

use super::{file, mistakes, project};
use crate::bench::server_major;

const TABLE: &str = "CREATE TABLE p (id text PRIMARY KEY, v numeric(30,2), n bigint, words text, f double precision, \
     r real, at timestamptz, fs double precision[], ns numeric[])";

#[test]
fn a_number_that_loses_digits_in_a_float_is_a_mistake() {
    let wrong = [
        "INSERT INTO p (id, v) VALUES (:id, abs(:amount))",
        "INSERT INTO p (id, v) VALUES (:id, round(:amount))",
        "INSERT INTO p (id, v) VALUES (:id, floor(:amount) + 1)",
        "INSERT INTO p (id, v) VALUES (:id, sign(:amount))",
        "INSERT INTO p (id, n) VALUES (:id, ceiling(:amount))",
        "INSERT INTO p (id, words) VALUES (:id, abs(:amount)::text)",
        "INSERT INTO p (id, v) VALUES (:id, abs(:amount) + abs(:fee))",
        "INSERT INTO p (id, v) VALUES (:id, abs(:amount)::numeric)",
        "INSERT INTO p (id, v) SELECT :id, abs(:amount)",
        "INSERT INTO p (id, v) VALUES (:id, 0) ON CONFLICT (id) DO UPDATE SET v = p.v + ceil(:amount)",
        "UPDATE p SET v = v - abs(:amount) WHERE id = :id",
        "UPDATE p SET n = 1 WHERE id = :id AND v > abs(:amount)",
        "UPDATE p SET f = 1, v = abs(:amount) WHERE id = :id AND f = :f",
        "UPDATE p SET ns = ARRAY[abs(:amount)] WHERE id = :id",
        "WITH x AS (SELECT abs(:amount) AS a) UPDATE p SET v = v + x.a FROM x WHERE id = :id",
        "MERGE INTO p USING (VALUES (:id::text, abs(:amount))) s(id, a) ON p.id = s.id WHEN MATCHED THEN UPDATE SET v = s.a",
        "UPDATE p SET v = sin(:amount) WHERE id = :id",
        "UPDATE p SET v = :amount * f WHERE id = :id",
    ];
    // MERGE came with PostgreSQL 15.
    let known = |statement: &&str| server_major() >= 15 || !statement.starts_with("MERGE");
    let wrong: Vec<&str> = wrong.into_iter().filter(known).collect();
    let project = project(TABLE, &file(&wrong));
    let found = mistakes(&project);
    for (n, statement) in wrong.iter().enumerate() {
        let line = format!("handlers.sql:{}:", 3 * n + 2);
        let of_it: Vec<_> = found.iter().filter(|f| f.contains(&line)).collect();
        let told = |f: &&String| f.contains(":amount") && f.contains("write :amount::numeric");
        assert!(of_it.iter().any(told), "{statement}: {of_it:?}");
        assert!(of_it.iter().all(|f| !f.contains(":f ")), "{statement}: {of_it:?}");
    }
    // The place is that of the parameter.
    assert!(found.iter().any(|f| f.contains("handlers.sql:2:40")), "{found:#?}");
    assert_ne!(project.run(&["rebuild", "p"]).code, 0);
}

#[test]
fn a_float_that_is_meant_is_no_mistake() {
    let right = [
        "INSERT INTO p (id, f, r) VALUES (:id, :x, :y)",
        "INSERT INTO p (id, f) VALUES (:id, abs(:x))",
        "INSERT INTO p (id, f) SELECT :id, abs(:x)",
        "INSERT INTO p (id, r) VALUES (:id, sqrt(:x)) ON CONFLICT (id) DO UPDATE SET f = p.f + round(:x)",
        "INSERT INTO p (id, v) VALUES (:id, abs(:x::numeric))",
        "INSERT INTO p (id, v) VALUES (:id, abs(:x::double precision))",
        "INSERT INTO p (id, v) VALUES (:id, :x)",
        "UPDATE p SET f = f * :x, n = 1 WHERE f > abs(:y) AND id = :id",
        "UPDATE p SET fs = ARRAY[abs(:x)], f = (SELECT max(abs(:x)) FROM p q) WHERE id = :id",
        "WITH x AS (SELECT abs(:x) AS a) UPDATE p SET f = f + x.a FROM x WHERE id = :id",
        "UPDATE p SET fs = fs || :x WHERE id = :id",
        "UPDATE p SET at = to_timestamp(:x) WHERE id = :id",
        "UPDATE p SET at = at + make_interval(secs => :x) WHERE id = :id",
        "UPDATE p SET at = at + :x * interval '1 second' WHERE id = :id",
        "UPDATE p SET f = v * abs(:x::numeric) WHERE id = :id",
    ];
    let found = mistakes(&project(TABLE, &file(&right)));
    assert!(found.is_empty(), "{found:?}");
}
