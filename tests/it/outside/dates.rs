//! The word `now` on ways by which no date's name stands beside it, and ids of objects as values.

use super::{project, refusals, write_apart};

const TABLE: &str = "CREATE TABLE t (id text PRIMARY KEY, raw text, at timestamptz, n bigint);\n";
const CALL: &str = "INSERT INTO t (id, at) VALUES (:id, f(:doc));";
const PLAIN: &str = "INSERT INTO t (id, raw) VALUES (:id, :doc);";

fn trigger(body: &str) -> String {
    format!(
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $${body}$$;\n\
         CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();"
    )
}

fn function(body: &str) -> String {
    format!(
        "CREATE FUNCTION f(x text) RETURNS timestamptz IMMUTABLE LANGUAGE plpgsql AS $${body}$$;"
    )
}

const TEXT: &str = "make a date or time of a text";
const CLOCK: &str = "asks the clock";

/// Lineages, statements, and what is said.
fn refused() -> Vec<(String, &'static str, &'static str)> {
    let mut all = vec![
        (trigger("BEGIN NEW.at := NEW.raw; RETURN NEW; END"), PLAIN, TEXT),
        (trigger("BEGIN NEW.at = trim(NEW.raw); RETURN NEW; END"), PLAIN, TEXT),
        (trigger("BEGIN IF NEW.id = 'a' THEN NEW.at := COALESCE(NEW.raw, ''); END IF; RETURN NEW; END"), PLAIN, TEXT),
        (trigger("BEGIN SELECT NEW.raw INTO NEW.at; RETURN NEW; END"), PLAIN, TEXT),
        (trigger("BEGIN NEW := jsonb_populate_record(NEW, NEW.raw::jsonb); RETURN NEW; END"), PLAIN, TEXT),
        (trigger("BEGIN RETURN jsonb_populate_record(NEW, NEW.raw::jsonb); END"), PLAIN, TEXT),
        (trigger("DECLARE r t; BEGIN r.at := NEW.raw; RETURN r; END"), PLAIN, TEXT),
        (trigger("DECLARE a t.at%TYPE := NEW.raw; BEGIN NEW.at := a; RETURN NEW; END"), PLAIN, TEXT),
        (function("BEGIN RETURN x; END"), CALL, TEXT),
        (function("BEGIN RETURN lower(x); END"), CALL, TEXT),
        (function("DECLARE r t%ROWTYPE; BEGIN SELECT * INTO r FROM jsonb_populate_record(NULL::t, jsonb_build_object('at', x)); RETURN r.at; END"), CALL, TEXT),
        (function("DECLARE r tstzrange; BEGIN r := '[' || x || ',)'; RETURN lower(r); END"), CALL, TEXT),
        (function("BEGIN RETURN lower(('[' || x || ',)')::tstzrange); END"), CALL, TEXT),
        (
            "CREATE FUNCTION f(x text) RETURNS timestamptz IMMUTABLE LANGUAGE sql AS $$ SELECT (jsonb_populate_record(NULL::t, jsonb_build_object('at', x))).at $$;".into(),
            CALL,
            "read as a date",
        ),
        (
            "CREATE VIEW w AS SELECT id, raw::timestamptz AS at FROM t;".into(),
            "INSERT INTO t (id, at) SELECT :id, at FROM w WHERE id = :doc;",
            "read as a date",
        ),
    ];
    // Each expression that is a constant once the object is made, in each spelling of the word.
    let words = ["'now'", "E'\\x6eow'", "U&'\\006eow'", "'n'\n'ow'", "$a$now$a$", "' ToMorrow '"];
    let places = [
        "CREATE FUNCTION f(x text) RETURNS timestamptz IMMUTABLE LANGUAGE sql RETURN timestamptz WORD;",
        "CREATE FUNCTION f(x text) RETURNS timestamptz IMMUTABLE LANGUAGE sql BEGIN ATOMIC SELECT timestamptz WORD; END;",
        "CREATE VIEW w AS SELECT id, timestamptz WORD AS x FROM t;",
        "ALTER TABLE t ADD g timestamptz GENERATED ALWAYS AS (COALESCE(at, timestamptz WORD)) STORED;",
        "ALTER TABLE t ADD d timestamptz DEFAULT WORD;",
        "CREATE DOMAIN d AS timestamptz DEFAULT WORD; ALTER TABLE t ADD d d;",
        "CREATE DOMAIN d AS timestamptz CHECK (VALUE < timestamptz WORD); ALTER TABLE t ADD d d;",
        "ALTER TABLE t ADD CHECK (at < timestamptz WORD);",
        "CREATE TRIGGER s BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.at < timestamptz WORD) EXECUTE FUNCTION suppress_redundant_updates_trigger();",
        "CREATE RULE r AS ON INSERT TO t WHERE NEW.at < timestamptz WORD DO INSTEAD NOTHING;",
        "CREATE TABLE p (at timestamptz) PARTITION BY RANGE (at); CREATE TABLE q PARTITION OF p FOR VALUES FROM (MINVALUE) TO (WORD);",
        "CREATE INDEX ON t (id) WHERE at < timestamptz WORD;",
    ];
    for (n, place) in places.iter().enumerate() {
        for (m, word) in words.iter().enumerate() {
            // Each place in two spellings, and each spelling at two places.
            if (n + m) % 3 == 0 && !(n == 0 && m == 3) {
                all.push((place.replace("WORD", word), PLAIN, CLOCK));
            }
        }
    }
    for statement in [
        "INSERT INTO t (id, at) VALUES (:id, E'\\x6eow');",
        "INSERT INTO t (id, at) VALUES (:id, U&'\\006eow');",
        "INSERT INTO t (id, at) VALUES (:id, 'n'\n'ow');",
        "INSERT INTO t (id, at) VALUES (:id, U&'!006eow' UESCAPE '!');",
        "INSERT INTO t (id, at) VALUES (:id, $a$today$a$);",
    ] {
        all.push((String::new(), statement, CLOCK));
    }
    for (statement, said) in [
        (
            "INSERT INTO t (id, at) SELECT :id, (NULL::t #= hstore('at', :doc)).at;",
            "read as a date",
        ),
        (
            "INSERT INTO t SELECT (populate_record(NULL::t, hstore(ARRAY['id', :id, 'at', :doc]))).*;",
            "read as a date",
        ),
        ("UPDATE t SET n = tableoid::bigint WHERE id = :id;", "tableoid"),
        ("UPDATE t SET raw = tableoid::regclass::text WHERE id = :id;", "tableoid"),
        ("INSERT INTO t (id, n) VALUES (:id, 't'::regclass::oid::bigint);", "an object's id"),
        ("INSERT INTO t (id, n) VALUES (:id, :doc::regclass::oid::bigint);", "an object's id"),
    ] {
        all.push((String::new(), statement, said));
    }
    all.push((
        "CREATE TABLE o (id text PRIMARY KEY, o oid, r regclass);".into(),
        "INSERT INTO o VALUES (:id, 'o'::regclass);",
        "an object's id",
    ));
    all
}

/// What is a date already, or none.
fn fine() -> Vec<(String, &'static str)> {
    vec![
        (trigger("BEGIN NEW.raw := lower(NEW.raw); RETURN NEW; END"), PLAIN),
        (trigger("BEGIN NEW.raw := NEW.at; RETURN NEW; END"), PLAIN),
        (trigger("BEGIN NEW.at := COALESCE(NEW.at, NEW.at); NEW.n := length(NEW.raw); RETURN NEW; END"), PLAIN),
        (trigger("BEGIN NEW.at := NULL; IF NEW.at IS NULL THEN NEW.at := '2026-01-01'; END IF; RETURN NEW; END"), PLAIN),
        (trigger("DECLARE k bigint := 1; BEGIN SELECT count(*) INTO k FROM t; NEW.n := k; RETURN NEW; END"), PLAIN),
        (
            "CREATE FUNCTION f(a timestamptz, b interval) RETURNS timestamptz IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN a + b; END $$;".into(),
            "INSERT INTO t (id, at) VALUES (:id, f(:event.recorded_at, '1 day'));",
        ),
        (
            "CREATE FUNCTION f(x text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN upper(x); END $$;".into(),
            "INSERT INTO t (id, raw) VALUES (:id, f(:doc));",
        ),
        ("ALTER TABLE t ADD w text DEFAULT 'now', ADD CHECK (raw <> 'today');".into(), PLAIN),
        ("CREATE FUNCTION f(x text) RETURNS text LANGUAGE sql RETURN E'\\x6eow' || x;".into(), "INSERT INTO t (id, raw) VALUES (:id, 'n'\n'ow');"),
        (String::new(), "INSERT INTO t (id, raw, n) VALUES (:id, pg_typeof(:doc::text)::text, 'integer'::regtype::oid::bigint);"),
        (
            "CREATE TABLE h (id text PRIMARY KEY, h public.hstore);".into(),
            "INSERT INTO h VALUES (:id, hstore('at', :doc) || 'b=>2'::hstore);",
        ),
    ]
}

#[test]
fn no_text_becomes_a_date_unseen_and_no_id_a_value() {
    let project = project();
    project
        .events()
        .batch_execute(
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE EXTENSION hstore SCHEMA public",
        )
        .unwrap();
    let (refused, fine) = (refused(), fine());
    let mut names = Vec::new();
    for (n, (made, statement, _)) in refused.iter().enumerate() {
        write_apart(&project, &format!("d{n}"), &format!("{TABLE}{made}\n"), statement);
        names.push(format!("d{n}"));
    }
    for (n, (made, statement)) in fine.iter().enumerate() {
        write_apart(&project, &format!("ok{n}"), &format!("{TABLE}{made}\n"), statement);
        names.push(format!("ok{n}"));
    }
    let found = refusals(&project, &names);
    let mut wrong = Vec::new();
    for (n, (made, statement, said)) in refused.iter().enumerate() {
        match found.get(&format!("d{n}")) {
            None => wrong.push(format!("{made} {statement} passes")),
            Some(told) if !told.iter().any(|one| one.contains(said)) => {
                wrong.push(format!("{made} {statement}: {said:?} is not in {told:#?}"));
            }
            Some(_) => {}
        }
    }
    for (n, (made, statement)) in fine.iter().enumerate() {
        let told = found.get(&format!("ok{n}"));
        wrong.extend(told.map(|told| format!("{made} {statement}: {told:#?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A function can be taken at its word, and so can an extension's.
    let trusted = [(0, "trust_functions = [\"g\"]"), (8, "trust_functions = [\"f\"]")];
    for (n, settings) in trusted {
        project.write(
            &format!("projections/d{n}/projection.toml"),
            &format!("publish_schema = \"d{n}\"\n{settings}\n"),
        );
        project.ok(&["rebuild", &format!("d{n}")]);
    }
}
