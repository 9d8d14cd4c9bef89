//! The script for schemas made by hand; `tests/it/schema_diff.rs` runs it on a server.

use super::{alter, text};
use crate::schema::Schema;

fn schema(json: &str) -> Schema {
    Schema::from_json(json).unwrap()
}

fn check(from: &str, to: &str, up: &str, down: &str) {
    let script = alter(&schema(from), &schema(to));
    assert_eq!(text(&script.up), up);
    assert_eq!(text(&script.down), down);
}

const ID: &str = r#"{"name": "id", "type": "bigint", "not_null": true}"#;

#[test]
fn nothing_leads_from_a_schema_to_itself() {
    let one = format!(r#"{{"tables": {{"t": {{"columns": [{ID}]}}}}}}"#);
    check(&one, &one, "", "");
}

#[test]
fn a_new_table_is_made_whole_and_its_way_back_drops_it() {
    let to = format!(
        r#"{{"tables": {{"t": {{"columns": [{ID}, {{"name": "s", "type": "status"}}],
             "constraints": {{"t_pkey": {{"kind": "p", "definition": "PRIMARY KEY (id)"}}}},
             "options": {{"fillfactor": "70"}}}}}},
           "enums": {{"status": ["a"]}},
           "comments": {{"TABLE t": "It's"}}}}"#
    );
    check(
        "{}",
        &to,
        "CREATE TYPE status AS ENUM ('a');\n\n\
         CREATE TABLE t (\n    id bigint NOT NULL,\n    s status,\n    \
         CONSTRAINT t_pkey PRIMARY KEY (id)\n) WITH (fillfactor='70');\n\n\
         COMMENT ON TABLE t IS 'It''s';\n",
        "DROP TABLE t;\n\nDROP TYPE status;\n",
    );
}

#[test]
fn what_loses_rows_is_a_comment_in_both_halves() {
    let from = format!(r#"{{"tables": {{"t": {{"columns": [{ID}]}}}}}}"#);
    check(
        &from,
        "{}",
        "-- TODO: table t is gone, and its rows are lost when it is dropped.\n-- DROP TABLE t;\n",
        "-- TODO: table t goes by hand only, so it comes back by hand.\n\
         -- CREATE TABLE t (\n--     id bigint NOT NULL\n-- );\n",
    );
}

#[test]
fn a_column_that_may_have_another_name_is_left_to_a_person() {
    let table = |name: &str| {
        format!(r#"{{"tables": {{"t": {{"columns": [{{"name": "{name}", "type": "text"}}]}}}}}}"#)
    };
    let script = alter(&schema(&table("old")), &schema(&table("new")));
    assert_eq!(script.up.len(), 1);
    let todo = script.up[0].to_string();
    assert!(
        todo.starts_with("-- TODO: column t.old is gone and new, of the same type, came"),
        "{todo}"
    );
    assert!(todo.contains("-- ALTER TABLE t RENAME COLUMN old TO new;"), "{todo}");
    assert!(todo.lines().all(|line| line.starts_with("-- ")), "{todo}");
}
