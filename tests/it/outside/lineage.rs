//! What revisions of a projection do outside their build, or otherwise at the next rebuild.

use super::{project, refusals, write_apart};
use crate::bench::rows;

/// What a lineage does after `CREATE TABLE t (id text PRIMARY KEY, v text, at timestamptz)`, and what is said.
const REFUSED: [(&str, &str); 45] = [
    ("DROP TABLE public.tariffs;", "changes public.tariffs"),
    ("DROP TABLE IF EXISTS public.nothing_there;", "changes public.nothing_there"),
    ("INSERT INTO public.outbox (body) VALUES ('x');", "changes public.outbox"),
    (
        "WITH d AS (DELETE FROM public.tariffs RETURNING id) INSERT INTO t SELECT id FROM d;",
        "changes public.tariffs",
    ),
    ("UPDATE public.tariffs SET price = 0;", "changes public.tariffs"),
    ("TRUNCATE public.outbox;", "changes public.outbox"),
    ("ALTER TABLE public.tariffs ADD x int;", "changes public.tariffs"),
    ("CREATE TABLE public.mine (id int);", "changes public.mine"),
    ("CREATE VIEW public.shown AS SELECT 1 AS x;", "changes public.shown"),
    ("CREATE FUNCTION public.made() RETURNS int LANGUAGE sql RETURN 1;", "changes public.made"),
    ("CREATE INDEX ON public.tariffs (price);", "changes public.tariffs"),
    (
        "CREATE TRIGGER g BEFORE INSERT ON public.tariffs FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();",
        "changes public.tariffs",
    ),
    ("CREATE SCHEMA elsewhere;", "changes a schema"),
    ("CREATE SCHEMA IF NOT EXISTS extensions;", "changes a schema"),
    (
        "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'begin end'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e();",
        "changes an event trigger",
    ),
    ("CREATE ROLE nobody_asked;", "the whole server shares"),
    ("ALTER SYSTEM SET work_mem = '1MB';", "the whole server shares"),
    ("ALTER DATABASE template1 SET work_mem = '1MB';", "the whole server shares"),
    ("GRANT SELECT ON public.tariffs TO PUBLIC;", "changes rights on public.tariffs"),
    ("COPY t TO PROGRAM 'cat';", "a program of the server"),
    ("NOTIFY somebody;", "NOTIFY"),
    ("INSERT INTO t VALUES (nextval('public.outbox_id_seq'));", "changes public.outbox_id_seq"),
    ("ALTER TABLE t SET SCHEMA public;", "changes the schema public"),
    ("INSERT INTO t SELECT id FROM public.tariffs;", "reads public.tariffs"),
    (
        "INSERT INTO t SELECT 'n', count(*)::text FROM event_store.events;",
        "reads event_store.events",
    ),
    ("CREATE TABLE u AS SELECT * FROM public.tariffs;", "reads public.tariffs"),
    ("INSERT INTO t SELECT relname FROM pg_class LIMIT 1;", "reads pg_catalog.pg_class"),
    ("INSERT INTO t VALUES ('a', NULL, now());", "uses now"),
    ("INSERT INTO t VALUES ('a', random()::text);", "uses random"),
    ("INSERT INTO t VALUES (gen_random_uuid());", "uses gen_random_uuid"),
    ("INSERT INTO t VALUES ('a', CURRENT_USER);", "uses current_user"),
    ("UPDATE t SET at = clock_timestamp();", "uses clock_timestamp"),
    ("CREATE TABLE u AS SELECT now() AS x;", "uses now"),
    ("INSERT INTO t VALUES ('a', NULL, 'now');", "the constant asks the clock"),
    ("COPY t (id, at) FROM STDIN;\na\tnow\n\\.\n", "the constant asks the clock"),
    ("INSERT INTO t VALUES ('a', NULL, E'\\x6eow');", "the constant asks the clock"),
    (
        "INSERT INTO t SELECT 'a', NULL, x::timestamptz FROM (VALUES ('now'::text)) AS s (x);",
        "read as a date or a time",
    ),
    ("INSERT INTO t VALUES (public.elsewhere('x'));", "lies outside the build"),
    ("SELECT public.elsewhere('x');", "lies outside the build"),
    (
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT random()::text'; INSERT INTO t VALUES (f());",
        "uses random",
    ),
    ("DO $$ BEGIN DELETE FROM public.outbox; END $$;", "public.outbox"),
    ("DO $$ BEGIN EXECUTE 'SELECT 1'; END $$;", "EXECUTE"),
    ("DO $$ BEGIN INSERT INTO t VALUES (clock_timestamp()::text); END $$;", "clock_timestamp"),
    ("DO $$ BEGIN PERFORM public.elsewhere('x'); END $$;", "elsewhere"),
    ("CALL public.elsewhere('x');", "CALL"),
];

/// What a lineage may do.
const FINE: [&str; 16] = [
    "INSERT INTO t VALUES ('a', 'see you, today', '2026-01-01'), ('b', NULL, 'epoch');",
    "INSERT INTO t SELECT 'n' || x FROM generate_series(1, 3) AS x; UPDATE t SET v = upper(id); DELETE FROM t WHERE id = 'n1';",
    "CREATE TABLE u AS SELECT id, v FROM t;",
    "CREATE SEQUENCE s; SELECT setval('s', 7); INSERT INTO t VALUES (nextval('s')::text);",
    "SELECT pg_catalog.set_config('work_mem', '8MB', true); SELECT now();",
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM t) THEN INSERT INTO t (id) VALUES ('a'); END IF; END $$;",
    "DO $$ BEGIN RAISE NOTICE 'three had no owner'; END $$;",
    "ALTER TABLE t ADD d text DEFAULT 'now'; CREATE VIEW shown AS SELECT id, now() AS at FROM t;",
    "DROP TABLE IF EXISTS nothing_there; CREATE TABLE old (id int); DROP TABLE old;",
    "CREATE TYPE mood AS ENUM ('ok', 'now'); ALTER TABLE t ADD m mood DEFAULT 'now';",
    "GRANT SELECT ON t TO PUBLIC; COMMENT ON TABLE t IS 'public.tariffs, now';",
    "COPY t (id, v) FROM STDIN;\na\tb\n\\.\n",
    "CREATE FUNCTION f(x text) RETURNS text LANGUAGE sql AS 'SELECT upper(x)'; INSERT INTO t VALUES (f('a'));",
    "SET work_mem = '8MB'; CREATE TEMP TABLE draft (id text); INSERT INTO t SELECT id FROM draft;",
    "ALTER TABLE t ADD CHECK (at > '2020-01-01'); CREATE INDEX ON t (v) WHERE at < '2030-01-01';",
    "CREATE STATISTICS st ON id, v FROM t; ANALYZE t;",
];

fn lineage(statements: &str) -> String {
    format!("CREATE TABLE t (id text PRIMARY KEY, v text, at timestamptz);\n{statements}\n")
}

const HANDLER: &str = "INSERT INTO t (id) VALUES (:id);";

#[test]
fn revisions_stay_inside_and_are_the_same_each_time() {
    let project = project();
    for (n, (statements, _)) in REFUSED.iter().enumerate() {
        write_apart(&project, &format!("r{n}"), &lineage(statements), HANDLER);
    }
    for (n, statements) in FINE.iter().enumerate() {
        write_apart(&project, &format!("fine{n}"), &lineage(statements), HANDLER);
    }
    let fine = (0..FINE.len()).map(|n| format!("fine{n}"));
    let names: Vec<String> = (0..REFUSED.len()).map(|n| format!("r{n}")).chain(fine).collect();
    let found = refusals(&project, &names);
    let mut wrong = Vec::new();
    for (n, (statements, said)) in REFUSED.iter().enumerate() {
        match found.get(&format!("r{n}")) {
            None => wrong.push(format!("{statements} passes")),
            Some(told) if !told.iter().any(|one| one.contains(said)) => {
                wrong.push(format!("{statements}: {said:?} is not in {told:#?}"));
            }
            Some(told) => {
                let placed = told.iter().all(|one| one.starts_with("projections/"));
                wrong.extend((!placed).then(|| format!("{statements}: no place in {told:#?}")));
            }
        }
    }
    for (n, statements) in FINE.iter().enumerate() {
        let told = found.get(&format!("fine{n}"));
        wrong.extend(told.map(|told| format!("{statements}: {told:#?}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What was refused has done nothing.
    let mut reads = project.reads();
    assert_eq!(rows(&mut reads, "SELECT id FROM public.tariffs"), ["(a)"]);
    assert_eq!(rows(&mut reads, "SELECT FROM public.outbox"), [""; 0]);
    // `check` says the same of each, by the words alone.
    let ran = project.run(&["check", "--only", "handlers", "--json"]);
    let checked: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = checked["findings"].as_array().unwrap();
    for (n, (statements, said)) in REFUSED.iter().enumerate().take(23) {
        let told = findings.iter().any(|f| {
            f["about"] == format!("r{n}")
                && f["severity"] == "mistake"
                && f["message"].as_str().unwrap().contains(said)
        });
        assert!(told, "{statements}: {findings:#?}");
    }
}

#[test]
fn what_a_revision_is_allowed_it_does() {
    let project = project();
    let schema = lineage(
        "INSERT INTO t SELECT id FROM public.tariffs;\nDO $$ BEGIN EXECUTE 'INSERT INTO t VALUES (''b'')'; END $$;",
    );
    write_apart(&project, "p", &schema, HANDLER);
    let settings = "projections/p/projection.toml";
    project.write(settings, "reads = [\"public.tariffs\"]\n");
    let ran = project.run(&["rebuild", "p"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("trust_functions = [\"V1__p\"]"),
        "{}",
        ran.stderr
    );
    project.write(settings, "reads = [\"public.tariffs\"]\ntrust_functions = [\"V1__p\"]\n");
    project.ok(&["rebuild", "p", "--promote"]);
    let mut reads = project.reads();
    assert_eq!(rows(&mut reads, "SELECT id FROM read_model.t ORDER BY 1"), ["(a)", "(b)"]);
    // A revision on the live build is looked at, too.
    project.write(
        "projections/p/schema/V2__more.sql",
        "-- change: in place\nCREATE VIEW public.shown AS SELECT 1 AS x;\n",
    );
    let ran = project.run(&["migrate", "p@head"]);
    assert!(ran.code == 1 && ran.stderr.contains("changes public.shown"), "{}", ran.stderr);
}
