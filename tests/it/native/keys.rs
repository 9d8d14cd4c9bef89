//! Keys: rows found by them, and keys that change.

use super::{run, statements};

#[test]
fn a_key_beyond_the_columns_type_is_no_row() {
    let handlers: &[(&str, &[&str])] = &[
        ("Put", &["INSERT INTO p VALUES (:id, 1) ON CONFLICT (id) DO UPDATE SET c = p.c + 1"]),
        ("Big", &["UPDATE p SET c = 9 WHERE id = :x::bigint"]),
        ("Odd", &["UPDATE p SET c = 8 WHERE id = length(:y::text || 'é') AND c > 0"]),
    ];
    let events = [
        ("Put", r#"{"id": 1}"#),
        ("Big", r#"{"x": 5000000000}"#),
        ("Big", r#"{"x": 1}"#),
        ("Put", r#"{"id": 2}"#),
        ("Big", r#"{"x": -5000000000}"#),
        ("Odd", r#"{"y": "a"}"#),
    ];
    let schema = "CREATE TABLE p (id int PRIMARY KEY, c int)";
    for batch_events in [None, Some(1)] {
        let told = run(schema, handlers, &events, batch_events);
        assert_eq!(told.reasons[1], Vec::<String>::new());
    }
}

#[test]
fn keys_that_change() {
    let schema = "CREATE TABLE p (id int PRIMARY KEY, c int, t text);\nCREATE INDEX ON p (c)";
    let handlers: &[(&str, &[&str])] = &[
        ("Put", &["INSERT INTO p VALUES (:id, :c, 'x')"]),
        ("Moved", &["UPDATE p SET id = :to, t = t || id::text WHERE id = :id"]),
        ("Same", &["UPDATE p SET id = :id, t = 'same' WHERE id = :id"]),
        ("Up", &["UPDATE p SET id = id + 1 WHERE id = :id"]),
        (
            "Swapped",
            &[
                "UPDATE p SET id = -1 WHERE id = :id",
                "UPDATE p SET id = :id WHERE id = :to",
                "UPDATE p SET id = :to WHERE id = -1",
            ],
        ),
        ("By", &["UPDATE p SET t = t || '!' WHERE c = :c"]),
        ("Gone", &["DELETE FROM p WHERE id = :id"]),
        (
            "Half",
            &["UPDATE p SET id = :to WHERE id = :id", "INSERT INTO p VALUES (:taken, 0, 'no')"],
        ),
        (
            "Own",
            &[
                "INSERT INTO p VALUES (:id, 1, 'y') ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id, t = 'own'",
            ],
        ),
        ("Nulled", &["UPDATE p SET id = :to WHERE id = :id"]),
    ];
    let events = [
        ("Put", r#"{"id": 1, "c": 1}"#),
        ("Put", r#"{"id": 2, "c": 1}"#),
        ("Put", r#"{"id": 3, "c": 2}"#),
        ("Moved", r#"{"id": 1, "to": 10}"#),
        ("By", r#"{"c": 1}"#),
        ("Moved", r#"{"id": 10, "to": 2}"#),
        ("Moved", r#"{"id": 77, "to": 2}"#),
        ("Same", r#"{"id": 2}"#),
        ("Up", r#"{"id": 3}"#),
        ("Up", r#"{"id": 10}"#),
        ("Put", r#"{"id": 10, "c": 3}"#),
        ("Up", r#"{"id": 10}"#),
        ("Swapped", r#"{"id": 2, "to": 4}"#),
        ("By", r#"{"c": 1}"#),
        ("By", r#"{"c": 2}"#),
        ("Half", r#"{"id": 2, "to": 20, "taken": 4}"#),
        ("Half", r#"{"id": 2, "to": 20, "taken": 2}"#),
        ("By", r#"{"c": 2}"#),
        ("Gone", r#"{"id": 20}"#),
        ("Put", r#"{"id": 20, "c": 2}"#),
        ("Moved", r#"{"id": 20, "to": 21}"#),
        ("Moved", r#"{"id": 21, "to": 20}"#),
        ("Own", r#"{"id": 20}"#),
        ("Own", r#"{"id": 21}"#),
        ("Nulled", r#"{"id": 21, "to": null}"#),
        ("By", r#"{"c": 2}"#),
    ];
    for batch_events in [None, Some(1), Some(3)] {
        let told = run(schema, handlers, &events, batch_events);
        assert!(told.reasons.iter().all(Vec::is_empty), "{:?}", told.reasons);
        println!("{} natively, {} in SQL", told.natively, told.in_sql);
        assert!(told.natively >= 18, "{told:?}");
    }
}

#[test]
fn the_key_of_many_rows_does_not_change_natively() {
    let schema = "CREATE TABLE p (a int, b int, c int, PRIMARY KEY (a, b))";
    let told = statements(
        schema,
        &[
            ("Put", &["INSERT INTO p VALUES (:a, :b, 1)"]),
            ("Many", &["UPDATE p SET b = b + 1 WHERE c = 1"]),
            ("One", &["UPDATE p SET b = :to, a = b WHERE a = :a AND b = :b"]),
        ],
        &[
            ("Put", r#"{"a": 1, "b": 1}"#),
            ("Put", r#"{"a": 1, "b": 2}"#),
            ("One", r#"{"a": 1, "b": 2, "to": 7}"#),
            ("Many", "{}"),
            ("One", r#"{"a": 1, "b": 2, "to": 3}"#),
        ],
    );
    assert!(told.reasons[2].is_empty(), "{:?}", told.reasons);
    assert!(!told.reasons[1].is_empty());
}
