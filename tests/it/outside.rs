//! What reaches outside a build, or is another at the next rebuild, wherever it hides.

mod dates;
mod lineage;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::bench::{Project, rows};
use crate::hazards::Dice;
use crate::hazards::table::times;

const OUTSIDE: &str = "CREATE TABLE public.outbox (id bigserial PRIMARY KEY, body text); \
    CREATE TABLE public.tariffs (id text PRIMARY KEY, price numeric); INSERT INTO public.tariffs VALUES ('a', 7); \
    CREATE FUNCTION public.elsewhere(x text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT x'";

fn project() -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.ok(&["migrate"]);
    project.events().batch_execute(OUTSIDE).unwrap();
    project
}

fn write(project: &Project, name: &str, schema: &str, statements: &str) {
    project.write(&format!("projections/{name}/schema/V1__{name}.sql"), schema);
    project.write(&format!("projections/{name}/handlers.sql"), &format!("-- on E\n{statements}\n"));
}

/// One whose views lie in a schema of its own: all of them have a table of the same name.
fn write_apart(project: &Project, name: &str, schema: &str, statements: &str) {
    write(project, name, schema, statements);
    let settings = format!("publish_schema = \"{name}\"\n");
    project.write(&format!("projections/{name}/projection.toml"), &settings);
}

/// What a rebuild of each of some projections is refused for. It runs where the outside is: scratch has
/// only what revisions make.
fn refusals(project: &Project, names: &[String]) -> BTreeMap<String, Vec<String>> {
    let found = Mutex::new(BTreeMap::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let ran = project.run(&["rebuild", name, "--json"]);
                    if ran.code == 0 {
                        continue;
                    }
                    let last = ran.stderr.lines().last().unwrap_or_default();
                    let value: Value = serde_json::from_str(last)
                        .unwrap_or_else(|e| panic!("{e}: {}{}", ran.stdout, ran.stderr));
                    let error = &value["error"];
                    let hint = error["hint"].as_str().unwrap_or_default();
                    let told = error["message"].as_str().unwrap_or_default().lines();
                    let told = told.map(|line| format!("{line} {hint}")).collect();
                    found.lock().unwrap().insert(name.clone(), told);
                }
            });
        }
    });
    found.into_inner().unwrap()
}

/// Bodies of `f(x text)`, and whether each is the same at every rebuild and stays inside.
const BODIES: [(&str, bool); 14] = [
    ("upper(x)", true),
    ("md5(x) || length(x)::text", true),
    ("(SELECT max(id) FROM k WHERE id <> x)", true),
    ("clock_timestamp()::text", false),
    ("now()::text", false),
    ("random()::text || x", false),
    ("current_user::text", false),
    ("CURRENT_DATE::text", false),
    ("(SELECT max(body) FROM public.outbox)", false),
    ("nextval('public.outbox_id_seq')::text", false),
    ("current_setting('TimeZone')", false),
    ("pg_backend_pid()::text", false),
    ("age(('2026-01-01 ' || x)::timestamp)::text", false),
    ("public.elsewhere(x)", false),
];

/// How a function's body is written.
const LANGUAGES: [&str; 3] = [
    "LANGUAGE sql IMMUTABLE AS $$ SELECT BODY $$",
    "LANGUAGE sql IMMUTABLE RETURN BODY",
    "LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE y text; BEGIN y := BODY; RETURN y; END $$",
];

/// Where the function is called: a lineage and a statement.
const CARRIERS: [(&str, &str); 14] = [
    ("", "INSERT INTO t VALUES (:id, f(:id));"),
    ("", "INSERT INTO t SELECT x, f(x) FROM (SELECT :id::text) AS s (x) ON CONFLICT DO NOTHING;"),
    ("ALTER TABLE t ADD d text DEFAULT f('x');", ""),
    ("ALTER TABLE t ADD g text GENERATED ALWAYS AS (f(id)) STORED;", ""),
    ("ALTER TABLE t ADD CHECK (f(id) <> 'never');", ""),
    ("CREATE DOMAIN d AS text CHECK (f(VALUE) <> 'never'); ALTER TABLE t ADD d d;", ""),
    ("CREATE DOMAIN e AS text DEFAULT f('x'); ALTER TABLE t ADD e e;", ""),
    ("CREATE INDEX ON t (f(id));", ""),
    (
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.v := f(NEW.id); RETURN NEW; END $$; \
         CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();",
        "",
    ),
    (
        "CREATE TRIGGER s BEFORE UPDATE ON t FOR EACH ROW WHEN (f(NEW.id) <> 'x') \
         EXECUTE FUNCTION suppress_redundant_updates_trigger();",
        "",
    ),
    ("CREATE RULE r AS ON DELETE TO t DO ALSO INSERT INTO k VALUES (f(OLD.id));", ""),
    ("CREATE POLICY p ON t USING (f(id) <> 'x');", ""),
    (
        "CREATE FUNCTION h(x text) RETURNS text LANGUAGE sql AS 'SELECT f(x) || f(x)';",
        "UPDATE t SET v = h(v) WHERE id = :id;",
    ),
    (
        "CREATE VIEW w AS SELECT id, f(id) AS x FROM t;",
        "UPDATE t SET v = (SELECT x FROM w WHERE w.id = t.id) WHERE id = :id;",
    ),
];

#[test]
fn a_function_is_what_its_body_is_wherever_it_is_called() {
    let project = project();
    let mut dice = Dice(20_261_129);
    let mut bad = BTreeSet::new();
    let (mut all, mut names) = (0, Vec::new());
    for (b, (body, is_fine)) in BODIES.iter().enumerate() {
        for (l, language) in LANGUAGES.iter().enumerate() {
            for (c, (schema, statement)) in CARRIERS.iter().enumerate() {
                // Each body in each language, and some of the rest; before a release at each place too.
                if (b + l + c) % times(9, 3) != 0 && !dice.percent(times(4, 15)) {
                    continue;
                }
                let name = format!("b{b}_l{l}_c{c}");
                let f = language.replace("BODY", body);
                let made = format!(
                    "CREATE TABLE t (id text PRIMARY KEY, v text); CREATE TABLE k (id text);\n\
                     CREATE FUNCTION f(x text) RETURNS text {f};\n{schema}"
                );
                let statement = if statement.is_empty() {
                    "INSERT INTO t (id) VALUES (:id);"
                } else {
                    statement
                };
                write_apart(&project, &name, &made, statement);
                names.push(name.clone());
                all += 1;
                if !is_fine {
                    bad.insert(name);
                }
            }
        }
    }
    let found = refusals(&project, &names);
    let told: BTreeSet<String> = found.keys().cloned().collect();
    let missed: Vec<&String> = bad.difference(&told).collect();
    assert!(missed.is_empty(), "{} of {all} were not found: {missed:?}", missed.len());
    let wrong: Vec<_> = told.difference(&bad).map(|name| (name, &found[name])).collect();
    assert!(wrong.is_empty(), "{} of {all} are fine: {wrong:#?}", wrong.len());
    let least = times(60, 200);
    assert!(
        all > least && bad.len() > least / 2 && all - bad.len() > least / 7,
        "{all} tried, {} bad",
        bad.len()
    );
}

/// Lineages and statements that write outside, read there, or hide what they do, and what is said.
const MEMBERS: [(&str, &str, &str); 31] = [
    ("", "INSERT INTO public.outbox (body) VALUES (:id);", "writes to public.outbox"),
    ("", "UPDATE public.tariffs SET price = 1 WHERE id = :id;", "writes to public.tariffs"),
    ("", "DELETE FROM public.tariffs WHERE id = :id;", "writes to public.tariffs"),
    (
        "",
        "WITH o AS (INSERT INTO public.outbox (body) VALUES (:id) RETURNING body) INSERT INTO t SELECT body FROM o;",
        "writes to public.outbox",
    ),
    (
        "",
        "MERGE INTO public.tariffs USING (SELECT :id::text AS id) s ON tariffs.id = s.id \
         WHEN NOT MATCHED THEN INSERT VALUES (s.id, 1);",
        "writes to public.tariffs",
    ),
    ("", "INSERT INTO t SELECT id FROM public.tariffs WHERE id = :id;", "reads public.tariffs"),
    (
        "",
        "INSERT INTO t SELECT id FROM public.tariffs WHERE id = :id FOR UPDATE;",
        "writes to public.tariffs",
    ),
    (
        "",
        "INSERT INTO t SELECT max(position)::text || :id FROM event_store.events;",
        "reads event_store.events",
    ),
    ("", "INSERT INTO t SELECT relname || :id FROM pg_class LIMIT 1;", "reads pg_catalog.pg_class"),
    (
        "",
        "INSERT INTO t SELECT version::text || :id FROM regrow_schema_history;",
        "regrow_schema_history",
    ),
    ("", "INSERT INTO t SELECT id || :id FROM t TABLESAMPLE system (10);", "TABLESAMPLE"),
    ("", "INSERT INTO t SELECT :id || pg_notify('c', :id)::text;", "pg_notify"),
    ("", "INSERT INTO t VALUES (public.elsewhere(:id));", "lies outside the build"),
    ("", "INSERT INTO t SELECT :id || age(:event.recorded_at::timestamptz)::text;", "age"),
    (
        "",
        "INSERT INTO t SELECT :id || to_tsvector(:id::text)::text;",
        "name the text search configuration",
    ),
    ("ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES public.tariffs;", "", "reads public.tariffs"),
    (
        "ALTER TABLE public.outbox ADD CONSTRAINT o FOREIGN KEY (body) REFERENCES t ON DELETE CASCADE;",
        "",
        "changes public.outbox",
    ),
    ("CREATE TABLE c () INHERITS (public.tariffs);", "", "changes public.tariffs"),
    ("CREATE VIEW v AS SELECT * FROM public.tariffs;", "", "reads public.tariffs"),
    (
        "CREATE VIEW v AS SELECT * FROM public.outbox;",
        "INSERT INTO v (body) VALUES (:id);",
        "writes to public.outbox",
    ),
    (
        "CREATE RULE r AS ON INSERT TO t DO ALSO INSERT INTO public.outbox (body) VALUES (NEW.id);",
        "",
        "public.outbox",
    ),
    ("CREATE RULE r AS ON INSERT TO t DO ALSO NOTIFY c;", "", "NOTIFY"),
    ("ALTER TABLE t ADD n bigint DEFAULT nextval('public.outbox_id_seq');", "", "nextval"),
    (
        "CREATE SEQUENCE s; ALTER TABLE t ADD n text;",
        "INSERT INTO t SELECT :id, last_value::text FROM s;",
        "same value",
    ),
    (
        "TRIGGER BEGIN INSERT INTO public.outbox (body) VALUES (NEW.id); RETURN NEW; END",
        "",
        "public.outbox",
    ),
    (
        "TRIGGER BEGIN EXECUTE 'INSERT INTO public.outbox (body) VALUES (1)'; RETURN NEW; END",
        "",
        "EXECUTE",
    ),
    ("TRIGGER BEGIN NOTIFY c; RETURN NEW; END", "", "NOTIFY"),
    ("TRIGGER BEGIN PERFORM pg_notify('c', NEW.id); RETURN NEW; END", "", "pg_notify"),
    ("TRIGGER BEGIN NEW.id := NEW.id || clock_timestamp(); RETURN NEW; END", "", "clock_timestamp"),
    ("TRIGGER BEGIN NEW.id := \"clock_timestamp\"()::text; RETURN NEW; END", "", "clock_timestamp"),
    ("TRIGGER BEGIN NEW.id := public.elsewhere(NEW.id); RETURN NEW; END", "", "outside the build"),
];

/// What stays inside, and is the same each time.
const FINE: [(&str, &str); 9] = [
    (
        "TRIGGER DECLARE n integer := 1; BEGIN IF NEW.id = 'x' THEN NEW.id := lower(NEW.id) || n; END IF; RETURN NEW; END",
        "",
    ),
    (
        "CREATE TABLE u (id text); TRIGGER BEGIN INSERT INTO u (id) VALUES (NEW.id); UPDATE u SET id = u.id WHERE u.id = NEW.id; RETURN NULL; END",
        "",
    ),
    ("CREATE TABLE u (id text REFERENCES t ON DELETE CASCADE);", ""),
    ("CREATE VIEW v AS SELECT *, now() AS shown_at FROM t;", ""),
    ("CREATE VIEW v AS SELECT * FROM t;", "INSERT INTO v (id) VALUES (:id);"),
    (
        "CREATE FUNCTION f(x text) RETURNS text LANGUAGE sql AS 'SELECT upper(x)';",
        "INSERT INTO t VALUES (f(:id));",
    ),
    (
        "ALTER TABLE t ADD at timestamptz, ADD d text;",
        "INSERT INTO t (id, at, d) VALUES (:id, :event.recorded_at, to_char(:event.recorded_at::timestamptz, 'YYYY'));",
    ),
    ("CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;", ""),
    ("ALTER TABLE t ADD v tsvector GENERATED ALWAYS AS (to_tsvector('english', id)) STORED;", ""),
];

fn lineage(schema: &str) -> String {
    let made = match schema.split_once("TRIGGER BEGIN").or(schema.split_once("TRIGGER DECLARE")) {
        Some((before, _)) => {
            let body = &schema[before.len() + "TRIGGER".len()..];
            format!(
                "{before} CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $${body}$$; \
                 CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();"
            )
        }
        None => schema.to_owned(),
    };
    format!("CREATE TABLE t (id text PRIMARY KEY);\n{made}\n")
}

fn statement(written: &str) -> &str {
    if written.is_empty() { "INSERT INTO t (id) VALUES (:id);" } else { written }
}

#[test]
fn what_reaches_outside_is_refused_with_its_reason() {
    let project = project();
    for (n, (schema, written, _)) in MEMBERS.iter().enumerate() {
        write_apart(&project, &format!("m{n}"), &lineage(schema), statement(written));
    }
    for (n, (schema, written)) in FINE.iter().enumerate() {
        write_apart(&project, &format!("fine{n}"), &lineage(schema), statement(written));
    }
    let fine = (0..FINE.len()).map(|n| format!("fine{n}"));
    let names: Vec<String> = (0..MEMBERS.len()).map(|n| format!("m{n}")).chain(fine).collect();
    let found = refusals(&project, &names);
    for (n, (schema, written, said)) in MEMBERS.iter().enumerate() {
        let told =
            found.get(&format!("m{n}")).unwrap_or_else(|| panic!("{schema} {written} passes"));
        assert!(
            told.iter().any(|one| one.contains(said)),
            "{schema} {written}: {said:?} is not in {told:#?}"
        );
        assert!(told.iter().all(|one| one.starts_with("projections/")), "a place each: {told:#?}");
    }
    for (n, (schema, written)) in FINE.iter().enumerate() {
        assert_eq!(found.get(&format!("fine{n}")), None, "{schema} {written}");
    }
}

#[test]
fn a_side_effect_happens_at_no_rebuild() {
    let project = project();
    let name = |ran: &crate::bench::Ran| {
        let value: Value =
            serde_json::from_str(ran.stderr.lines().last().unwrap_or_default()).unwrap_or_default();
        value["error"]["code"].as_str().unwrap_or_default().to_owned()
    };
    let refused = |code: &str| {
        let ran = project.run(&["rebuild", "p", "--promote", "--json"]);
        assert_eq!((ran.code, name(&ran).as_str()), (1, code), "{}{}", ran.stdout, ran.stderr);
        ran
    };
    let append =
        "SELECT event_store.append('s', -1, '[{\"type\": \"E\", \"payload\": {\"id\": \"a\"}}]')";
    project.events().batch_execute(append).unwrap();
    write(
        &project,
        "p",
        "CREATE TABLE t (id text PRIMARY KEY, n numeric);",
        "INSERT INTO t VALUES (:id); INSERT INTO public.outbox (body) VALUES (:id);",
    );
    refused("reaches-outside");
    write(
        &project,
        "p",
        "CREATE TABLE t (id text PRIMARY KEY, n numeric);",
        "INSERT INTO t VALUES (:id, (SELECT price FROM public.tariffs WHERE id = :id));",
    );
    let ran = refused("reaches-outside");
    assert!(ran.stderr.contains("reads = [\\\"public.tariffs\\\"]"), "{}", ran.stderr);
    let trigger = "CREATE TABLE t (id text PRIMARY KEY, n numeric);\n\
        CREATE FUNCTION ob() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1'; RETURN NEW; END $$;\n\
        CREATE TRIGGER ob AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION ob();\n";
    write(&project, "p", trigger, "INSERT INTO t VALUES (:id);");
    refused("reaches-outside");
    let mut reads = project.reads();
    assert_eq!(rows(&mut reads, "SELECT FROM public.outbox"), [""; 0]);
    assert_eq!(
        rows(&mut reads, "SELECT FROM pg_namespace WHERE nspname ~ '__b'"),
        [""; 0],
        "nothing is left"
    );

    // What is meant can be said, and is told from then on.
    write(
        &project,
        "p",
        trigger,
        "INSERT INTO t VALUES (:id, (SELECT price FROM public.tariffs WHERE id = :id));",
    );
    project.write("projections/p/projection.toml", "reads = [\"tariffs\"]\n");
    let ran = project.run(&["rebuild", "p"]);
    assert!(
        ran.code == 1
            && ran.stderr.contains("projection.toml:1:")
            && ran.stderr.contains("public.tariffs"),
        "{}",
        ran.stderr
    );
    project.write(
        "projections/p/projection.toml",
        "reads = [\"public.tariffs\"]\ntrust_functions = [\"ob\"]\n",
    );
    let ran = project.run(&["rebuild", "p", "--promote"]);
    assert!(
        ran.code == 0 && ran.stderr.contains("depends on public.tariffs"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    assert_eq!(rows(&mut reads, "SELECT * FROM read_model.t"), ["(a,7)"]);
    let ran = project.run(&["check"]);
    assert!(
        ran.code == 0 && ran.stdout.contains("was not tried"),
        "scratch does not have the table: {}{}",
        ran.stdout,
        ran.stderr
    );
    let told = project.run(&["rebuild", "p", "--preflight"]).stdout;
    assert!(told.contains("depends-on") && told.contains("public.tariffs"), "{told}");
}

#[test]
fn a_revision_in_place_brings_no_side_effect_and_what_is_live_goes_on() {
    let project = project();
    write(
        &project,
        "p",
        "CREATE TABLE t (id text PRIMARY KEY);\nCREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN RETURN NEW; END $$;",
        "INSERT INTO t VALUES (:id);",
    );
    project.ok(&["rebuild", "p", "--promote"]);
    let v2 = "projections/p/schema/V2__more.sql";
    project.write(v2, "-- change: in place\nCREATE FUNCTION h() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1'; \
         RETURN NEW; END $$;\nCREATE TRIGGER h AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION h();\n");
    let ran = project.run(&["migrate", "p@head"]);
    assert!(ran.code == 1 && ran.stderr.contains("EXECUTE"), "{}{}", ran.stdout, ran.stderr);
    // A build of before: it has the trigger already.
    let mut reads = project.reads();
    reads
        .batch_execute(
            "CREATE FUNCTION p__b1.old() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1'; RETURN NEW; END $$; \
             CREATE TRIGGER old AFTER INSERT ON p__b1.t FOR EACH ROW EXECUTE FUNCTION p__b1.old()",
        )
        .unwrap();
    let told = project.run(&["check"]).stdout;
    assert!(told.contains("p__b1 is live and goes on as it is: the function old"), "{told}");
    project.write(v2, "CREATE INDEX more ON t (id);\n");
    project.ok(&["migrate", "p@head"]);
    project.events().batch_execute("SELECT event_store.append('s', -1, '[{\"type\": \"E\", \"payload\": {\"id\": \"a\"}}]')").unwrap();
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(rows(&mut reads, "SELECT id FROM read_model.t"), ["(a)"]);
}
