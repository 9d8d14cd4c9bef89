//! Numbers that no float can hold: exact to the digit, or a clear error.

use super::*;

/// Numbers as they are written; a handler must get each digit of them.
fn numbers() -> Vec<String> {
    let long = "1234567890".repeat(40);
    vec![
        "9007199254740993".into(),
        "-9007199254740993".into(),
        "9007199254740993.1".into(),
        "0.1000000000000000055511151231257827021181583404541015625000".into(),
        "123456789012345678901234567890.5000".into(),
        long.clone(),
        format!("0.{long}"),
        format!("{long}.{long}"),
        "1e400".into(),
        "1.50E-300".into(),
        "-0".into(),
    ]
}

const NUMBERED: &str =
    "-- on Noted\nINSERT INTO note (id, text, n) VALUES (:event.position, :n::text, :n);\n";

/// Every number through a chain of upcasters, by both engines, against PostgreSQL's own reading.
#[track_caller]
fn exact(upcaster: Option<&str>, as_written: bool) {
    for engine in ENGINES {
        let project = adopted("json", engine, NUMBERED);
        if let Some(step) = upcaster {
            let file = format!("type = \"Noted\"\n[[step]]\nfrom = 1\n{step}\n");
            project.write("migrations/events/Noted.toml", &file);
        }
        for (position, number) in (1..).zip(numbers()) {
            put(&project, position, &format!("'{{\"x\": 1, \"n\": {number}, \"m\": [{number}]}}'"));
        }
        project.ok(&["rebuild", "note"]);
        let what = if as_written { "text || ' ' || n" } else { "n" };
        let found = format!("SELECT id, {what} FROM note__b1.note ORDER BY id");
        let own = if as_written {
            "(body ->> 'n') || ' ' || (body ->> 'n')::numeric"
        } else {
            "(body ->> 'n')::numeric"
        };
        let expect = format!("SELECT id, {own} FROM log ORDER BY id");
        let mut reads = project.reads();
        let (found, expect) = (rows(&mut reads, &found), rows(&mut reads, &expect));
        assert_eq!(found, expect, "{engine} {upcaster:?}");
        assert_eq!(found.len(), numbers().len());
    }
}

#[test]
fn numbers_reach_their_column_digit_by_digit() {
    exact(None, true);
}

#[test]
fn short_forms_keep_every_digit() {
    exact(
        Some(
            "rename = { n = \"k\" }\n[[step]]\nfrom = 2\nmove = { k = \"n\" }\ndefault = { y = 0 }",
        ),
        true,
    );
}

#[test]
fn jq_steps_that_pass_numbers_on_keep_every_digit() {
    // One that does not touch the number, and one that moves it. `-0` is 0 behind them, as in
    // PostgreSQL's numeric.
    exact(Some("jq = '.x = 2'"), false);
    exact(
        Some("jq = '.k = {a: [.n]} | del(.n)'\n[[step]]\nfrom = 2\njq = '.n = .k.a[0] | del(.k)'"),
        false,
    );
}

#[test]
fn numbers_beyond_numeric_are_a_clear_error() {
    for engine in ENGINES {
        let project = adopted("json", engine, NUMBERED);
        put(&project, 1, r#"'{"n": 1e400000}'"#);
        let parts =
            ["event 1 (Noted", "handlers.sql:2:", "value overflows numeric format", "22003"];
        refused(&project, &["rebuild", "note"], 1, &parts);
        assert_eq!(failure(&project)["code"], "value-refused");
        // Too large for an integer, and said so.
        let handler = NUMBERED.replace(":n);", ":n::int8);");
        let project = adopted("json", engine, &handler);
        put(&project, 1, r#"'{"n": 9223372036854775808}'"#);
        let parts = ["event 1 (Noted", "out of range for type bigint", "22003"];
        refused(&project, &["rebuild", "note"], 1, &parts);
        // A fraction is none, however close to one a float would find it.
        let project = adopted("json", engine, &handler);
        put(&project, 1, r#"'{"n": 9007199254740993.1}'"#);
        refused(&project, &["rebuild", "note"], 1, &["invalid input syntax for type bigint"]);
    }
}
