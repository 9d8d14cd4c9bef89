//! What the script leaves to a person, and says so.

use regrow::pg::Sql;
use regrow::schema::{Piece, alter};

use super::{made, open, statements};
use crate::bench::Database;

/// Before, after, the words of the reason, the words of the statement.
const TODOS: &[(&str, &str, &str, &str)] = &[
    (
        "CREATE TABLE t (a int)",
        "",
        "table t is gone, and its rows are lost when it is dropped",
        "DROP TABLE t",
    ),
    (
        "CREATE TABLE t (a int, b text)",
        "CREATE TABLE s (b text, a int)",
        "ALTER TABLE t RENAME TO s",
        "DROP TABLE t",
    ),
    (
        "CREATE TABLE t (a int, b text)",
        "CREATE TABLE t (a int)",
        "column t.b is gone, and its values are lost",
        "ALTER TABLE t DROP COLUMN b",
    ),
    (
        "CREATE TABLE t (a int, b text)",
        "CREATE TABLE t (a int, c text)",
        "column t.b is gone and c, of the same type, came",
        "ALTER TABLE t RENAME COLUMN b TO c",
    ),
    (
        "CREATE TABLE t (a text DEFAULT '1')",
        "CREATE TABLE t (a int DEFAULT 1)",
        "turns from text into integer",
        "ALTER TABLE t ALTER COLUMN a TYPE integer USING a::integer;\nALTER TABLE t ALTER COLUMN a SET DEFAULT 1",
    ),
    (
        "CREATE TABLE t (a numeric(10,4))",
        "CREATE TABLE t (a numeric(10,2))",
        "loses digits",
        "USING a::numeric(10,2)",
    ),
    (
        "CREATE TABLE t (a int)",
        "CREATE TABLE t (a int, b text NOT NULL)",
        "column t.b is NOT NULL and has no default",
        "ALTER TABLE t ADD COLUMN b text NOT NULL",
    ),
    (
        "CREATE TABLE t (a int)",
        "CREATE TABLE t (a int NOT NULL)",
        "rows in which t.a is NULL",
        "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
    ),
    (
        "CREATE TABLE t (a int NOT NULL)",
        "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)",
        "must start after the numbers rows have",
        "ADD GENERATED ALWAYS AS IDENTITY",
    ),
    (
        "CREATE TABLE t (a int, b int)",
        "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED)",
        "column t.b is computed in another way",
        "ALTER TABLE t ADD COLUMN b integer GENERATED ALWAYS AS",
    ),
    (
        "CREATE TYPE s AS ENUM ('a', 'b'); CREATE TABLE t (s s DEFAULT 'a')",
        "CREATE TYPE s AS ENUM ('a'); CREATE TABLE t (s s DEFAULT 'a')",
        "enum s loses labels",
        "ALTER TABLE t ALTER COLUMN s TYPE s USING s::text::s",
    ),
    (
        "CREATE TYPE s AS ENUM ('a'); CREATE TABLE t (s s DEFAULT 'a')",
        "CREATE TYPE s AS ENUM ('a', 'b'); CREATE TABLE t (s s DEFAULT 'b')",
        "used by the next revision only",
        "ALTER TABLE t ALTER COLUMN s SET DEFAULT 'b'::s",
    ),
    (
        "CREATE TYPE s AS ENUM ('a'); CREATE TABLE t (a int, s s)",
        "CREATE TABLE t (a int)",
        "s is gone, and what a person must drop first uses it",
        "DROP TYPE s",
    ),
    (
        "CREATE TABLE t (a int)",
        "CREATE TABLE t (a int) PARTITION BY LIST (a)",
        "table t is partitioned or inherits in another way",
        "PARTITION BY LIST (a)",
    ),
    (
        "CREATE TABLE t (a int)",
        "CREATE TABLE t (a int); CREATE TABLE u () INHERITS (t)",
        "table u inherits columns",
        "INHERITS (t)",
    ),
    ("CREATE SEQUENCE s", "", "where it stood is lost", "DROP SEQUENCE s"),
    ("CREATE DOMAIN d AS text", "CREATE DOMAIN d AS int", "lies on another type", "DROP DOMAIN d"),
    (
        "CREATE DOMAIN d AS text",
        "CREATE DOMAIN d AS text NOT NULL",
        "rows in which a d is NULL",
        "ALTER DOMAIN d SET NOT NULL",
    ),
    (
        "CREATE TYPE p AS (a int, b int)",
        "CREATE TYPE p AS (a int)",
        "type p loses or changes attributes",
        "CREATE TYPE p AS (a integer)",
    ),
    (
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int DEFAULT f())",
        "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int DEFAULT f())",
        "f() has other arguments or another result, and tables use it",
        "DROP FUNCTION f()",
    ),
];

#[test]
fn what_is_not_safe_is_a_comment_that_says_why() {
    let database = Database::new();
    let mut session = open(&database);
    for (before, after, reason, statement) in TODOS {
        let mut transaction = session.begin().unwrap();
        let one = made(&mut transaction, "a", before);
        let other = made(&mut transaction, "b", after);
        let script = alter(&one, &other);
        let up = statements(&script.up);
        let todos: Vec<&Piece> = script.up.iter().filter(|piece| piece.is_todo()).collect();
        let found = todos.iter().any(|piece| {
            piece.to_string().lines().next().unwrap().contains(reason)
                && piece.statement().contains(statement)
        });
        assert!(found, "no {reason:?} with {statement:?} in\n{up}");
        for todo in &todos {
            let text = todo.to_string();
            assert!(text.starts_with("-- TODO: "), "{text}");
            assert!(text.lines().all(|line| line.starts_with("-- ")), "{text}");
        }
        // What is left runs, although a person has not decided anything yet.
        transaction.run(&format!("SET LOCAL search_path = a;\n{up}")).unwrap();
        let down = statements(&script.down);
        if let Err(error) = transaction.run(&format!("SET LOCAL search_path = a;\n{down}")) {
            panic!("{error}\n{up}\n{down}");
        }
    }
}
