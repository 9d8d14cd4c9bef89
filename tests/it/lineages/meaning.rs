//! Revisions on a live build: only where a replay of every event with the revision gives the rows that are there.

use super::ends;
use crate::bench::{Project, rows};

const HEAD: [&str; 2] = ["migrate", "k@head"];
const H: &str = "CREATE TABLE h (id text PRIMARY KEY, v int);\n";
const INSERT: &str = "INSERT INTO h (id, v) VALUES (:id, :v);";
const UPDATE: &str = "UPDATE h SET v = :v WHERE id = :id;";

/// A live projection `k` of two streams, each with an event A and an event B.
fn built((schema, settings): (&str, &str), a: &str, b: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/k/schema/V1__k.sql", schema);
    project.write("projections/k/projection.toml", settings);
    project.write("projections/k/handlers.sql", &format!("-- on A\n{a}\n-- on B\n{b}\n"));
    project.ok(&["migrate"]);
    for (kind, id, v) in [("A", 1, 5), ("A", 2, 5), ("B", 1, 6), ("B", 2, 7)] {
        let event = format!(
            "SELECT event_store.append('{id}', NULL, '[{{\"type\": \"{kind}\", \"payload\": {{\"id\": \"{id}\", \"v\": {v}}}}}]')"
        );
        project.events().batch_execute(&event).unwrap();
    }
    project.ok(&["rebuild", "k", "--promote"]);
    project
}

/// What runs, and then is no difference to a replay; what waits, and leaves nothing behind.
fn tried(schema: (&str, &str), a: &str, b: &str, revision: &str, waits: bool) {
    let project = built(schema, a, b);
    let versions = "SELECT version FROM k__b1.refinery_schema_history ORDER BY 1";
    project.write("projections/k/schema/V2__u.sql", revision);
    let ran = project.run(&HEAD);
    let told = format!("{revision}\n{}{}", ran.stdout, ran.stderr);
    let at = rows(&mut project.events(), versions);
    if waits {
        assert_eq!((ran.code, at.len()), (3, 1), "{told}");
        assert!(told.contains("waits for a rebuild"), "{told}");
        return;
    }
    assert_eq!((ran.code, at.len()), (0, 2), "{told}");
    let verified = project.run(&["verify", "k", "--against", "log"]);
    assert_eq!(verified.code, 0, "{told}\n{}{}", verified.stdout, verified.stderr);
}

#[test]
fn a_name_that_becomes_another_waits() {
    let add = "ALTER TABLE h ADD COLUMN x int DEFAULT 5;";
    let two =
        format!("{H}CREATE TABLE g (gid text PRIMARY KEY, w int DEFAULT 0, x int DEFAULT 1);");
    let s = format!("{H}CREATE TABLE s (p bigint PRIMARY KEY, j jsonb);");
    let insert_both = format!("{INSERT} INSERT INTO g (gid) VALUES (:id);");
    for (schema, a, b, revision) in [
        // The row as a whole.
        (
            &*s,
            INSERT,
            "INSERT INTO s SELECT :event.position, to_jsonb(h) FROM h WHERE id = :id;",
            add,
        ),
        (
            &s,
            INSERT,
            "INSERT INTO s SELECT :event.position, to_jsonb(h::text) FROM h WHERE id = :id;",
            add,
        ),
        (
            &s,
            INSERT,
            "INSERT INTO s SELECT :event.position, to_jsonb(q) FROM (SELECT * FROM h) AS q WHERE id = :id;",
            add,
        ),
        // A join by whatever names both have.
        (
            &two,
            &*insert_both,
            "UPDATE g SET w = (SELECT count(*) FROM h NATURAL JOIN g AS o) WHERE gid = :id;",
            add,
        ),
        // A column that takes a name of the query around it.
        (
            &two,
            &insert_both,
            "UPDATE h SET v = (SELECT sum(g.w + v) FROM g) + :v WHERE id = :id;",
            "ALTER TABLE g ADD COLUMN v int DEFAULT 1000;",
        ),
        // A view that handlers read, and one below it.
        (
            &format!("{H}CREATE VIEW w AS SELECT id, v FROM h;"),
            INSERT,
            "UPDATE h SET v = (SELECT w.v + :v FROM w WHERE w.id = h.id) WHERE id = :id;",
            "CREATE OR REPLACE VIEW w AS SELECT id, v * 10 AS v FROM h;",
        ),
        (
            &format!("{H}CREATE VIEW u AS SELECT id, v FROM h; CREATE VIEW w AS SELECT * FROM u;"),
            INSERT,
            "UPDATE h SET v = (SELECT w.v + :v FROM w WHERE w.id = h.id) WHERE id = :id;",
            "CREATE OR REPLACE VIEW u AS SELECT id, v * 10 AS v FROM h;",
        ),
        // Another function fits better.
        (
            &format!("{H}CREATE FUNCTION f(bigint) RETURNS int LANGUAGE sql IMMUTABLE RETURN 1;"),
            "INSERT INTO h VALUES (:id, f(:v::int));",
            UPDATE,
            "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE RETURN 2;",
        ),
    ] {
        tried((schema, ""), a, b, revision, true);
    }
}

#[test]
fn a_rule_for_rows_waits() {
    let do_nothing = "INSERT INTO h (id, v) VALUES (:id, :v) ON CONFLICT DO NOTHING;";
    let park = "on_error = \"park\"\n";
    let unique = "CREATE TABLE h (id text PRIMARY KEY, v int, CONSTRAINT u UNIQUE (v, id));\n";
    for (schema, a, b, revision) in [
        ((H, ""), do_nothing, UPDATE, "CREATE UNIQUE INDEX hv ON h (v);"),
        ((H, ""), do_nothing, UPDATE, "ALTER TABLE h ADD CONSTRAINT u UNIQUE (v) DEFERRABLE;"),
        ((H, park), INSERT, UPDATE, "ALTER TABLE h ADD CHECK (v <> 5);"),
        ((H, park), INSERT, UPDATE, "ALTER TABLE h ADD CHECK (v <> 5) NOT VALID;"),
        (
            (H, park),
            "INSERT INTO h (id) VALUES (:id);",
            UPDATE,
            "ALTER TABLE h ALTER v SET NOT NULL;",
        ),
        // The words do not say that it decides conflicts.
        ((unique, ""), do_nothing, UPDATE, "ALTER TABLE h DROP CONSTRAINT u;"),
        ((unique, ""), do_nothing, UPDATE, "ALTER TABLE h ADD COLUMN x int CHECK (x > v);"),
        (
            (
                "CREATE TABLE h (id text PRIMARY KEY, v int);\nCREATE UNIQUE INDEX hv ON h (v, id);\n",
                "",
            ),
            do_nothing,
            UPDATE,
            "DROP INDEX hv;",
        ),
        (
            ("CREATE TABLE h (id text PRIMARY KEY, v int CONSTRAINT c CHECK (v > 5));\n", park),
            INSERT,
            "INSERT INTO h (id, v) VALUES (:id, :v) ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v;",
            "ALTER TABLE h DROP CONSTRAINT c;",
        ),
    ] {
        tried(schema, a, b, revision, true);
    }
}

/// A function may have caught what a rule or a type refused.
#[test]
fn what_takes_a_refusal_away_waits_where_it_may_have_been_caught() {
    let caught = |column: &str, value: &str| {
        format!(
            "CREATE TYPE mood AS ENUM ('lo', 'hi');\n{H}CREATE TABLE q (id text, {column});\n\
             CREATE FUNCTION try() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
               BEGIN INSERT INTO q VALUES (NEW.id, {value}); EXCEPTION WHEN OTHERS THEN NULL; END; RETURN NULL; END $$;\n\
             CREATE TRIGGER try AFTER INSERT ON h FOR EACH ROW EXECUTE FUNCTION try();\n"
        )
    };
    let settings = "trust_functions = [\"try\"]\n";
    for (schema, revision) in [
        (caught("v int NOT NULL", "nullif(NEW.v, 5)"), "ALTER TABLE q ALTER v DROP NOT NULL;"),
        (caught("v int CONSTRAINT c CHECK (v > 5)", "NEW.v"), "ALTER TABLE q DROP CONSTRAINT c;"),
        (caught("m mood", "'mid'"), "ALTER TYPE mood ADD VALUE 'mid';"),
    ] {
        tried((&schema, settings), INSERT, UPDATE, revision, true);
    }
    // An event that failed for want of the label, and a handler that asks for the last one.
    let schema = "CREATE TYPE mood AS ENUM ('lo', 'hi');\nCREATE TABLE h (id text PRIMARY KEY, m mood, v int);\n";
    for (settings, insert) in [
        (
            "on_error = \"park\"\n",
            "INSERT INTO h (id, m) VALUES (:id, CASE WHEN :v::int > 4 THEN 'mid'::text::mood END);",
        ),
        ("", "INSERT INTO h (id, m) VALUES (:id, enum_last(NULL::mood));"),
    ] {
        tried((schema, settings), insert, UPDATE, "ALTER TYPE mood ADD VALUE 'mid';", true);
    }
}

/// Builds of equal definitions share a type: what changes it for one would for the others.
#[test]
fn a_type_that_another_build_has_too_is_not_changed_in_place() {
    let schema = "CREATE TYPE mood AS ENUM ('lo', 'hi');\nCREATE TABLE h (id text PRIMARY KEY, m mood, v int);\n";
    let project = built((schema, ""), "INSERT INTO h (id, m) VALUES (:id, 'lo');", UPDATE);
    project.ok(&["rebuild", "k", "--promote"]);
    project.write(
        "projections/k/schema/V2__u.sql",
        "-- change: in place\nALTER TYPE mood ADD VALUE 'mid';\n",
    );
    ends(&project, &HEAD, 3, &["k__b1 has the type as well, and not this revision"]);
    let labels = "SELECT count(*) FROM pg_enum";
    assert_eq!(rows(&mut project.reads(), labels), ["(2)"]);
    project.ok(&["prune", "k__b1"]);
    ends(&project, &HEAD, 0, &["V2__u, 1 revision applied"]);
}

#[test]
fn a_trigger_that_sees_the_whole_row_waits() {
    let schema = format!(
        "{H}CREATE TABLE s (p bigint GENERATED ALWAYS AS (1) STORED, j text);\n\
         CREATE FUNCTION seen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO s (j) VALUES (to_jsonb(NEW)::text); \
         RETURN NULL; END $$;\nCREATE TRIGGER seen AFTER INSERT OR UPDATE ON h FOR EACH ROW EXECUTE FUNCTION seen();\n"
    );
    let settings = "trust_functions = [\"seen\"]\n";
    tried((&schema, settings), INSERT, UPDATE, "ALTER TABLE h ADD COLUMN x int DEFAULT 5;", true);
}

#[test]
fn what_means_the_same_runs() {
    let two =
        format!("{H}CREATE TABLE g (gid text PRIMARY KEY, w int DEFAULT 0, x int CHECK (x > 0));");
    let both = format!("{INSERT} INSERT INTO g (gid) VALUES (:id);");
    let upsert = "INSERT INTO h AS o (id, v) VALUES (:id, :v) ON CONFLICT (id) DO UPDATE SET v = EXCLUDED.v + o.v;";
    let joined = "UPDATE g SET w = (SELECT count(*) + max(w) FROM h JOIN g AS o ON o.gid = h.id) WHERE gid = :id;";
    let add = "ALTER TABLE h ADD COLUMN extra int DEFAULT 5;";
    for (schema, a, b, revision) in [
        ((H, ""), INSERT, UPDATE, add),
        (
            (H, ""),
            INSERT,
            UPDATE,
            "ALTER TABLE h ADD COLUMN extra int NOT NULL DEFAULT 5 CHECK (extra > 0);",
        ),
        (
            (H, ""),
            INSERT,
            UPDATE,
            "ALTER TABLE h ADD COLUMN extra int GENERATED ALWAYS AS (v + 1) STORED;",
        ),
        ((H, ""), INSERT, upsert, add),
        ((&*two, ""), &*both, joined, add),
        ((&two, ""), &both, "UPDATE g SET w = v FROM h WHERE h.id = gid AND gid = :id;", add),
        (
            (&two, ""),
            &both,
            joined,
            "CREATE INDEX ON h (v); COMMENT ON TABLE g IS 'x'; ALTER TABLE g ALTER w SET STATISTICS 5;",
        ),
        // Nothing was ever refused.
        ((&two, ""), &both, joined, "ALTER TABLE g DROP CONSTRAINT g_x_check;"),
        (
            (H, ""),
            INSERT,
            UPDATE,
            "CREATE TABLE n (id int UNIQUE CHECK (id > 0)); CREATE VIEW w AS SELECT * FROM h;",
        ),
        // Its author knows.
        ((H, ""), INSERT, UPDATE, "-- change: in place\nALTER TABLE h ALTER v SET NOT NULL;"),
    ] {
        tried(schema, a, b, revision, false);
    }
}

#[test]
fn what_waits_says_what_to_do() {
    let project = built((H, ""), "INSERT INTO h VALUES (:id, :v) ON CONFLICT DO NOTHING;", UPDATE);
    project.write(
        "projections/k/schema/V2__u.sql",
        "-- change: rebuild\nCREATE UNIQUE INDEX hv ON h (v);",
    );
    ends(
        &project,
        &HEAD,
        3,
        &["V2__u waits for a rebuild: only a replay gives its rows", "regrow rebuild k --promote"],
    );
    let project = built(
        ("CREATE TABLE h (id text PRIMARY KEY, v int, UNIQUE (v, id));\n", ""),
        "INSERT INTO h VALUES (:id, :v) ON CONFLICT DO NOTHING;",
        UPDATE,
    );
    project.write("projections/k/schema/V2__u.sql", "ALTER TABLE h DROP CONSTRAINT h_v_id_key;");
    let ran = project.run(&[&HEAD[..], &["--json"]].concat());
    assert!(
        ran.code == 3 && ran.stderr.contains("\"rebuild-needed\""),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    let ran = project.run(&HEAD);
    for part in ["h_v_id_key (UNIQUE (v, id))", "regrow rebuild k --promote", "-- change: in place"]
    {
        assert!(ran.stderr.contains(part), "{}", ran.stderr);
    }
}
