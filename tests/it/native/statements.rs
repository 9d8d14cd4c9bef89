//! Statements: which clause is looked at when, names, and what tables check.

use super::statements;

#[test]
fn a_condition_without_columns_is_looked_at_where_there_is_no_row() {
    let told = statements(
        "CREATE TABLE p (id int PRIMARY KEY, c int)",
        &[
            ("Put", &["INSERT INTO p VALUES (:id, 1)"]),
            ("Divided", &["UPDATE p SET c = 9 WHERE id = :id AND 1 / :x::int = 1"]),
            ("Gone", &["DELETE FROM p WHERE id = :id AND 1 / :x::int = 1"]),
            ("Many", &["UPDATE p SET c = 9 WHERE c = :id AND 1 / :x::int = 1"]),
            (
                "Looked",
                &[
                    "INSERT INTO p VALUES (:at, (SELECT c FROM p WHERE id = :id AND 1 / :x::int = 1))",
                ],
            ),
            ("Set", &["UPDATE p SET c = 1 / :x::int WHERE id = :id"]),
        ],
        &[
            ("Put", r#"{"id": 1}"#),
            ("Divided", r#"{"id": 1, "x": 1}"#),
            ("Divided", r#"{"id": 2, "x": 0}"#),
            ("Divided", r#"{"id": null, "x": 0}"#),
            ("Gone", r#"{"id": 2, "x": 0}"#),
            ("Many", r#"{"id": 2, "x": 0}"#),
            ("Looked", r#"{"id": 2, "x": 0, "at": 5}"#),
            ("Looked", r#"{"id": null, "x": 0, "at": 6}"#),
            ("Set", r#"{"id": 2, "x": 0}"#),
            ("Set", r#"{"id": 1, "x": 0}"#),
        ],
    );
    assert!(told.reasons.iter().all(Vec::is_empty), "{:?}", told.reasons);
}

#[test]
fn names_mean_what_they_mean_in_postgresql() {
    let told = statements(
        "CREATE TABLE only (id int PRIMARY KEY, c int, \"current_role\" text, \"A\" int, a int);\n\
         CREATE TABLE t (id int PRIMARY KEY, c int, excluded int, t int)"
            .replace("CREATE TABLE only", "CREATE TABLE \"only\"")
            .as_str(),
        &[
            (
                "Put",
                &[
                    "INSERT INTO \"only\" VALUES (:id, 1, 'r', 1, 2)",
                    "INSERT INTO t VALUES (:id, 1, 2, 3)",
                ],
            ),
            ("Only", &["UPDATE ONLY t SET c = 5 WHERE id = :id"]),
            ("From", &["DELETE FROM ONLY t WHERE id = :id"]),
            (
                "Look",
                &["UPDATE t SET c = (SELECT t.c FROM ONLY t WHERE t.id = :id) WHERE id = :id"],
            ),
            ("Case", &["UPDATE \"only\" AS U SET a = u.\"A\", \"A\" = U.A WHERE ID = :id"]),
            (
                "Excluded",
                &["INSERT INTO t AS excl VALUES (:id, 7, 8, 9) ON CONFLICT (ID) DO UPDATE \
                   SET c = EXCLUDED.excluded + excl.t, t = excl.excluded"],
            ),
            (
                "Shadowed",
                &["INSERT INTO t VALUES (:id, 7, 8, 9) ON CONFLICT (id) DO UPDATE SET c = \
                   (SELECT excluded.c FROM \"only\" AS excluded WHERE excluded.id = t.id)"],
            ),
            (
                "Outer",
                &[
                    "UPDATE t SET c = (SELECT t.c + t.id FROM t WHERE t.id = :other) WHERE id = :id",
                    "UPDATE t SET c = (SELECT l.c FROM t AS l WHERE l.id = t.c) WHERE id = :id",
                ],
            ),
        ],
        &[
            ("Put", r#"{"id": 1}"#),
            ("Put", r#"{"id": 2}"#),
            ("Put", r#"{"id": 3}"#),
            ("Put", r#"{"id": 4}"#),
            ("Only", r#"{"id": 1}"#),
            ("From", r#"{"id": 2}"#),
            ("Look", r#"{"id": 1}"#),
            ("Case", r#"{"id": 1}"#),
            ("Excluded", r#"{"id": 1}"#),
            ("Excluded", r#"{"id": 9}"#),
            ("Shadowed", r#"{"id": 3}"#),
            ("Outer", r#"{"id": 4, "other": 1}"#),
        ],
    );
    println!("{:#?}", told.reasons);
}

#[test]
fn constraints_are_checked_before_a_conflict() {
    let told = statements(
        "CREATE TABLE p (id int PRIMARY KEY, c int CHECK (c > 0), t text NOT NULL, \
         v varchar(3) CHECK (v IN ('a', 'b')), CHECK (c < 100 OR t <> 'x'))",
        &[
            ("Put", &["INSERT INTO p VALUES (:id, :c, :t, 'a') ON CONFLICT (id) DO NOTHING"]),
            (
                "Set",
                &[
                    "INSERT INTO p VALUES (:id, :c, :t, 'b') ON CONFLICT (id) DO UPDATE SET c = p.c + 1, v = 'b' WHERE p.c < 5",
                ],
            ),
        ],
        &[
            ("Put", r#"{"id": 1, "c": 1, "t": "x"}"#),
            ("Put", r#"{"id": 1, "c": 0, "t": "x"}"#),
            ("Put", r#"{"id": 1, "c": 1, "t": null}"#),
            ("Put", r#"{"id": 2, "c": null, "t": "x"}"#),
            ("Set", r#"{"id": 1, "c": -5, "t": "x"}"#),
            ("Set", r#"{"id": 1, "c": 5, "t": "x"}"#),
            ("Set", r#"{"id": 2, "c": 500, "t": "x"}"#),
            ("Set", r#"{"id": 2, "c": 500, "t": "y"}"#),
        ],
    );
    assert!(told.reasons.iter().all(Vec::is_empty), "{:?}", told.reasons);
}

#[test]
fn what_a_jsonb_cannot_hold_is_found_at_its_event() {
    let told = statements(
        "CREATE TABLE p (id int PRIMARY KEY, c int, j json, b jsonb)",
        &[
            ("Put", &["INSERT INTO p VALUES (:id, 1, :j::text::json, NULL)"]),
            ("Made", &["UPDATE p SET b = jsonb_build_object('k', j) WHERE id = :id"]),
            ("Nested", &["UPDATE p SET b = jsonb_build_object('k', b) WHERE id = :id"]),
        ],
        &[
            ("Put", r#"{"id": 1, "j": "{\"a\": 1e999999}"}"#),
            ("Put", r#"{"id": 2, "j": "{\"a\": [1, 2]}"}"#),
            ("Made", r#"{"id": 1}"#),
            ("Made", r#"{"id": 2}"#),
            ("Nested", r#"{"id": 2}"#),
        ],
    );
    assert!(told.reasons.iter().all(Vec::is_empty), "{:?}", told.reasons);
}

#[test]
fn an_index_that_refuses_a_row_refuses_it_at_its_event() {
    let long = |text: &str| {
        // What does not compress.
        let mut seed = 7u64;
        (0..1900)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                char::from(b'!' + u8::try_from(seed >> 58).unwrap())
            })
            .filter(|c| !matches!(c, '"' | '\\'))
            .chain(text.chars())
            .collect::<String>()
    };
    let event = |t: &str| format!("{{\"id\": 1, \"a\": \"{t}\", \"b\": \"{t}\"}}");
    let events = [event(&long("x")), event("y")];
    let events: Vec<_> = events.iter().map(|e| ("Put", e.as_str())).collect();
    statements(
        "CREATE TABLE p (a text, b text, c int, PRIMARY KEY (a, b))",
        &[("Put", &["INSERT INTO p VALUES (:a, :b, :id)"])],
        &events,
    );
    let told = statements(
        "CREATE TABLE p (id int PRIMARY KEY, c double precision, n numeric);\nCREATE INDEX ON p (sqrt(c));\n\
         CREATE INDEX ON p (n) WHERE 1 / n > 0",
        &[("Put", &["INSERT INTO p VALUES (:id, :c, :n)"])],
        &[
            ("Put", r#"{"id": 1, "c": 4, "n": 1}"#),
            ("Put", r#"{"id": 2, "c": -1, "n": 1}"#),
            ("Put", r#"{"id": 3, "c": 1, "n": 0}"#),
        ],
    );
    println!("{told:?}");
}

#[test]
fn several_rows_in_one_insert() {
    let schema = "CREATE TABLE p (id int PRIMARY KEY, c int, t text DEFAULT 'd')";
    let handlers: &[(&str, &[&str])] = &[
        ("Two", &["INSERT INTO p (id, c) VALUES (:a, 1), (:b, 2)"]),
        ("Look", &["INSERT INTO p (id, c) VALUES (:a, 1), (:b, (SELECT c FROM p WHERE id = :a))"]),
        (
            "Either",
            &["INSERT INTO p (id, c, t) VALUES (:a, 10, 'x'), (:b, 11, DEFAULT) ON CONFLICT (id) \
               DO UPDATE SET c = EXCLUDED.c + p.c"],
        ),
        ("Nothing", &["INSERT INTO p (id, c) VALUES (:a, 20), (:b, 21) ON CONFLICT DO NOTHING"]),
    ];
    let events = [
        ("Two", r#"{"a": 1, "b": 2}"#),
        ("Two", r#"{"a": 3, "b": 1}"#),
        ("Two", r#"{"a": 4, "b": 4}"#),
        ("Look", r#"{"a": 11, "b": 12}"#),
        ("Either", r#"{"a": 1, "b": 5}"#),
        ("Either", r#"{"a": 6, "b": 6}"#),
        ("Nothing", r#"{"a": 1, "b": 7}"#),
        ("Nothing", r#"{"a": 8, "b": 8}"#),
        ("Nothing", r#"{"a": null, "b": 9}"#),
    ];
    for batch_events in [None, Some(1)] {
        let told = super::run(schema, handlers, &events, batch_events);
        let natively: Vec<bool> = told.reasons.iter().map(Vec::is_empty).collect();
        assert_eq!(natively, [true, false, false, true], "{:?}", told.reasons);
    }
}

/// With a byte of memory, every chunk begins without rows, and 32 may be brought for a value.
#[test]
fn more_rows_than_memory_may_hold_are_searched_in_sql() {
    let put: Vec<String> = (0..40).map(|id| format!("{{\"id\": {id}}}")).collect();
    for (count, in_sql) in [(32, 0), (33, 1)] {
        let mut events: Vec<_> = put[..count].iter().map(|put| ("Put", put.as_str())).collect();
        events.push(("All", r#"{"of": "a"}"#));
        let told = super::run(
            "CREATE TABLE p (id int PRIMARY KEY, kind text DEFAULT 'a', n int DEFAULT 0)",
            &[
                ("Put", &["INSERT INTO p (id) VALUES (:id)"]),
                ("All", &["UPDATE p SET n = n + 1 WHERE kind = :of"]),
            ],
            &events,
            Some(1),
        );
        assert!(told.reasons.iter().all(Vec::is_empty), "{:?}", told.reasons);
        let all = i64::try_from(events.len()).unwrap();
        assert_eq!((told.in_sql, told.natively + told.in_sql), (in_sql, all));
    }
}

#[test]
fn functions_and_operators_of_the_schema_are_taken_before_postgresqls() {
    let told = statements(
        "CREATE TABLE p (id int PRIMARY KEY, v varchar(9), t text, n int);\n\
         CREATE FUNCTION length(varchar) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 77'",
        &[
            ("Put", &["INSERT INTO p VALUES (:id, 'abc', 'abc')"]),
            ("Long", &["UPDATE p SET n = length(v) WHERE id = :id"]),
        ],
        &[("Put", r#"{"id": 1}"#), ("Long", r#"{"id": 1}"#)],
    );
    assert!(told.rows.contains("77"), "{}", told.rows);
    assert!(told.reasons[1][0].contains("is beside the function length"), "{:?}", told.reasons);
    let told = statements(
        "CREATE TABLE p (id int PRIMARY KEY, v varchar(9), n int);\n\
         CREATE FUNCTION times(varchar, varchar) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';\n\
         CREATE OPERATOR = (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = times)",
        &[
            ("Put", &["INSERT INTO p VALUES (:id, 'abc')"]),
            ("Equal", &["UPDATE p SET n = CASE WHEN v = 'x'::varchar THEN 1 END WHERE id = :id"]),
        ],
        &[("Put", r#"{"id": 1}"#), ("Equal", r#"{"id": 1}"#)],
    );
    assert!(told.reasons[1][0].contains("is beside the operator ="), "{:?}", told.reasons);
}

/// Also of a function that is added to the native subset.
#[test]
fn every_function_of_the_subset_gives_way_to_one_of_its_name() {
    for name in regrow::handler::native::functions::names() {
        let told = statements(
            &format!(
                "CREATE TABLE p (id int PRIMARY KEY, n int);\n\
                 CREATE FUNCTION {name}(varchar, varchar) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 77'"
            ),
            &[("Put", &["INSERT INTO p VALUES (:id, 1)"])],
            &[("Put", r#"{"id": 1}"#)],
        );
        let readme = include_str!("../../../README.md");
        assert!(
            readme.contains(&format!("`{name}`")),
            "the README's list of the subset lacks {name}"
        );
        let reason = format!("is beside the function {name}");
        assert!(told.reasons[0][0].contains(&reason), "{name}: {:?}", told.reasons);
    }
}

#[test]
fn moments_without_end_are_not_computed_with() {
    let told = statements(
        "CREATE TABLE p (id int PRIMARY KEY, d date, ts timestamp, tz timestamptz, t text, o date, n int)",
        &[
            ("Put", &["INSERT INTO p VALUES (:id, :d, :ts, :tz)"]),
            ("Day", &["UPDATE p SET o = ts, d = tz WHERE id = :id"]),
            ("Next", &["UPDATE p SET o = d + 1 WHERE id = :id"]),
            ("Days", &["UPDATE p SET n = d - '2026-01-01'::date WHERE id = :id"]),
            ("Told", &["UPDATE p SET t = d::text || tz WHERE id = :id"]),
            ("Moment", &["UPDATE p SET tz = d WHERE id = :id"]),
        ],
        &[
            ("Put", r#"{"id": 1, "d": "infinity", "ts": "-infinity", "tz": "infinity"}"#),
            ("Put", r#"{"id": 2, "d": "9999-12-31", "ts": "2026-01-01", "tz": "0044-03-15 BC"}"#),
            ("Next", r#"{"id": 1}"#),
            ("Days", r#"{"id": 1}"#),
            ("Told", r#"{"id": 1}"#),
            ("Moment", r#"{"id": 1}"#),
            ("Next", r#"{"id": 2}"#),
            ("Days", r#"{"id": 2}"#),
            ("Told", r#"{"id": 2}"#),
            ("Day", r#"{"id": 1}"#),
            ("Day", r#"{"id": 2}"#),
            ("Next", r#"{"id": 2}"#),
            ("Told", r#"{"id": 2}"#),
            ("Moment", r#"{"id": 2}"#),
        ],
    );
    assert!(told.reasons.iter().all(Vec::is_empty), "{:?}", told.reasons);
}

#[test]
fn a_text_that_doubles_is_left_to_sql_before_it_is_too_long() {
    let long = "x".repeat(3 << 20);
    let put = format!("{{\"id\": 1, \"t\": \"{long}\"}}");
    let mut events = vec![("Put", put.as_str())];
    events.extend([("Twice", r#"{"id": 1}"#); 4]);
    let told = statements(
        "CREATE TABLE p (id int PRIMARY KEY, n int, t text, a text[])",
        &[
            ("Put", &["INSERT INTO p VALUES (:id, 0, :t, '{a}')"]),
            ("Twice", &["UPDATE p SET t = t || t, a = a || a, n = length(t) WHERE id = :id"]),
        ],
        &events,
    );
    assert!(told.reasons.iter().all(Vec::is_empty), "{:?}", told.reasons);
    assert!(told.in_sql >= 1, "{} natively, {} in SQL", told.natively, told.in_sql);
}
