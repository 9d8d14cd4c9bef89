//! Types of a projection: as long as a type stays what it is, builds come and go, and whatever stands on a
//! column of it in readers' views notices nothing.

use postgres::Client;

use crate::bench::{Project, differences, rows};

const TABLES: &str = "
CREATE TYPE st AS ENUM ('new', 'paid');
CREATE DOMAIN cents AS bigint DEFAULT 0 CHECK (VALUE >= 0);
CREATE TYPE stand AS (status st, total cents);
CREATE TYPE unseen AS ENUM ('x');
CREATE FUNCTION is_open(s st) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN s = 'new'::st;
CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was st := 'new'; BEGIN NEW.note := was::text; RETURN NEW; END $$;
CREATE TABLE t (id text PRIMARY KEY, status st NOT NULL DEFAULT 'new', total cents, stand stand, past st[],
                open boolean GENERATED ALWAYS AS (is_open(status)) STORED, note text,
                CHECK (status <> 'paid'::st OR total >= 0));
CREATE INDEX t_open ON t (status) WHERE is_open(status);
CREATE TRIGGER noted BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION noted();
CREATE TABLE plain (id text PRIMARY KEY, status st DEFAULT 'paid');
COMMENT ON TYPE st IS 'where an order stands';
";

const HANDLERS: &str = "
-- on Opened
INSERT INTO t (id, status, total, stand, past)
VALUES (:id, :status::st, :total, ROW(:status::st, :total)::stand, ARRAY[:status::st]);
INSERT INTO plain (id) VALUES (:id);

-- on Paid
UPDATE t SET status = 'paid', past = past || 'paid'::st WHERE id = :id;
UPDATE plain SET status = :to::st WHERE id = :id;
";

const EVENTS: &str = "
    INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload)
    SELECT 'o' || n, 0, 'Opened', 1, jsonb_build_object('id', 'o' || n, 'status', 'new', 'total', n)
      FROM generate_series(1, 300) AS n;
    INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload)
    SELECT 'o' || n, 1, 'Paid', 1, jsonb_build_object('id', 'o' || n, 'to', 'new')
      FROM generate_series(1, 300, 3) AS n;";

const V1: &str = "projections/p/schema/V1__p.sql";
const HANDLERS_FILE: &str = "projections/p/handlers.sql";

fn project(tables: &str) -> Project {
    let project = Project::orders();
    project.write(V1, tables);
    project.write(HANDLERS_FILE, HANDLERS);
    project.ok(&["migrate"]);
    project.events().batch_execute(EVENTS).unwrap();
    project
}

/// Makes another definition of a projection with the same tables.
fn touch(project: &Project, word: &str) {
    let more = format!("-- on {word}\nUPDATE t SET note = '{word}' WHERE id = :id;\n");
    project.write(HANDLERS_FILE, &format!("{HANDLERS}{more}"));
}

fn one(client: &mut Client, sql: &str) -> String {
    rows(client, sql).remove(0)
}

/// The view, its rights and its columns' types, by who they are.
fn view(client: &mut Client) -> String {
    one(
        client,
        "SELECT c.oid, c.relacl, array_agg(concat_ws(' ', a.attname, a.atttypid, a.attacl::text) ORDER BY a.attnum)
           FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
          WHERE c.oid = 'read_model.t'::regclass GROUP BY c.oid, c.relacl",
    )
}

fn type_schemas(client: &mut Client) -> Vec<String> {
    rows(client, "SELECT nspname FROM pg_namespace WHERE nspname ~ '__type_' ORDER BY 1")
}

/// What others make of the enum.
fn dependents(client: &mut Client) {
    let st = one(
        client,
        "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'read_model.t'::regclass AND attname = 'status'",
    );
    let st = st.trim_matches(['(', ')']);
    client
        .batch_execute(&format!(
            "CREATE VIEW public.report AS SELECT status, count(*) FROM read_model.t GROUP BY 1;
             CREATE FUNCTION public.is_new(s {st}) RETURNS boolean LANGUAGE sql AS $$ SELECT s::text = 'new' $$;
             CREATE TABLE public.theirs (s {st} DEFAULT 'paid'::{st});
             GRANT SELECT ON read_model.t TO PUBLIC;
             GRANT UPDATE (note) ON read_model.t TO PUBLIC"
        ))
        .unwrap();
}

#[test]
fn a_promote_changes_nothing_of_a_type_that_has_not_changed() {
    let project = project(TABLES);
    project.ok(&["rebuild", "p", "--promote"]);
    let mut client = project.events();
    assert_eq!(type_schemas(&mut client).len(), 3);
    let inside = "SELECT typname FROM pg_type WHERE typnamespace = 'p__b1'::regnamespace AND typtype IN ('e', 'd')";
    assert_eq!(rows(&mut client, inside), ["(unseen)"]);
    dependents(&mut client);
    let before = view(&mut client);
    for (number, word) in [(2, "Second"), (3, "Third")] {
        touch(&project, word);
        let told = project.ok(&["check", "--allow-pending"]);
        assert!(!told.contains("must be made anew"), "{told}");
        let ran = project.run(&["rebuild", "p", "--promote"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(!ran.stderr.contains("its own"), "{}", ran.stderr);
        assert_eq!(view(&mut client), before);
        let table = |build: u32| format!("TABLE p__b{build}.t");
        assert_eq!(differences(&mut client, &table(1), &table(number)), Vec::<String>::new());
        assert_eq!(
            differences(&mut client, "TABLE p__b1.plain", &format!("TABLE p__b{number}.plain")),
            Vec::<String>::new()
        );
    }
    assert_eq!(
        rows(&mut client, "SELECT * FROM public.report ORDER BY 1"),
        ["(new,200)", "(paid,100)"]
    );
    assert_eq!(
        rows(&mut client, "SELECT count(*) FROM read_model.t WHERE public.is_new(status)"),
        ["(200)"]
    );
    assert_eq!(type_schemas(&mut client).len(), 3);
    // What is compared with the files is the build with its types.
    let checked = project.run(&["check", "--only", "migrations", "--allow-pending"]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    // The way back, and what is kept.
    project.ok(&["rollback", "p"]);
    assert_eq!(view(&mut client), before);
    assert_eq!(project.ok(&["prune", "--keep", "0", "p"]), "dropped p__b1, p__b3\n");
    assert_eq!((type_schemas(&mut client).len(), view(&mut client)), (3, before));
    client.batch_execute("INSERT INTO public.theirs DEFAULT VALUES").unwrap();
    let retired = project.run(&["retire", "p"]);
    assert_eq!(retired.code, 1);
    for named in ["view public.report", "function public.is_new(", "table column public.theirs.s"] {
        assert!(retired.stderr.contains(named), "{named}: {}", retired.stderr);
    }
    client
        .batch_execute(
            "DROP TABLE public.theirs; DROP FUNCTION public.is_new; DROP VIEW public.report",
        )
        .unwrap();
    project.ok(&["retire", "p"]);
    assert_eq!(type_schemas(&mut client), Vec::<String>::new());
}

#[test]
fn a_changed_type_is_another_one_and_told_before_anything_is_replayed() {
    let project = project(TABLES);
    project.ok(&["rebuild", "p", "--promote"]);
    let mut client = project.events();
    dependents(&mut client);
    project.write("projections/p/schema/V2__lost.sql", "ALTER TYPE st ADD VALUE 'lost';\n");
    touch(&project, "Lost");
    let why = "read_model\".\"t\" must be made anew (the type st of its column status is another one now)";
    for args in [
        &["check", "--allow-pending"][..],
        &["rebuild", "p", "--promote", "--preflight"],
        &["rebuild", "p", "--promote"],
    ] {
        let ran = project.run(args);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(said.contains(why) && said.contains("view public.report"), "{args:?}: {said}");
    }
    assert_eq!(rows(&mut client, "SELECT count(*) FROM regrow.build"), ["(1)"]);
    client.batch_execute("DROP VIEW public.report").unwrap();
    let ran = project.run(&["rebuild", "p", "--promote"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told =
        "the type st is another one than builds before it have, now enum 'new', 'paid', 'lost'";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    // The enum and what is made of it are new; the domain is the same.
    assert_eq!(type_schemas(&mut client).len(), 5);
    // The old one is there as long as somebody else uses it.
    let ran = project.run(&["prune", "--keep", "0"]);
    assert_eq!(ran.code, 1);
    for named in ["function public.is_new(", "table column public.theirs.s"] {
        assert!(ran.stderr.contains(named), "{named}: {}", ran.stderr);
    }
    client.batch_execute("DROP TABLE public.theirs; DROP FUNCTION public.is_new").unwrap();
    assert_eq!(project.ok(&["prune", "--keep", "0"]), "dropped p__b1\n");
    assert_eq!(type_schemas(&mut client).len(), 3);
}

#[test]
fn a_type_that_was_changed_in_place_is_found_as_it_is() {
    let project = project(TABLES);
    project.ok(&["rebuild", "p", "--promote"]);
    let mut client = project.events();
    dependents(&mut client);
    let before = view(&mut client);
    project.write(
        "projections/p/schema/V2__lost.sql",
        "-- change: in place\nALTER TYPE st ADD VALUE 'lost';\n",
    );
    project.ok(&["migrate", "p@head"]);
    assert_eq!(view(&mut client), before);
    touch(&project, "Lost");
    let ran = project.run(&["rebuild", "p", "--promote"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(view(&mut client), before);
}

#[test]
fn what_cannot_be_shared_is_the_builds_own_and_told() {
    // The default of the first revision is no label of the type as it is in the end.
    let renames = "CREATE TYPE st AS ENUM ('open', 'paid');
        CREATE TABLE t (id text PRIMARY KEY, status st DEFAULT 'open', total bigint, stand text, past st[], note text);
        CREATE TABLE plain (id text PRIMARY KEY, status st);
        CREATE DOMAIN stand AS text;
        ALTER TYPE st RENAME VALUE 'open' TO 'new';\n";
    let project = project(renames);
    let handlers = HANDLERS.replace("ROW(:status::st, :total)::stand", "'x'::stand");
    project.write(HANDLERS_FILE, &handlers);
    project.ok(&["rebuild", "p", "--promote"]);
    let mut client = project.events();
    assert_eq!(type_schemas(&mut client).len(), 1);
    let ran = project.run(&["rebuild", "p", "--promote"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("p__b2: its types are its own, and not those of the builds before it"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        differences(
            &mut client,
            "SELECT id, status::text FROM p__b1.t",
            "SELECT id, status::text FROM p__b2.t"
        ),
        Vec::<String>::new()
    );
    project.ok(&["prune", "--keep", "0"]);
    assert_eq!(type_schemas(&mut client), Vec::<String>::new());

    // A check that needs a function of the build cannot be without it.
    let leans = "CREATE FUNCTION ok(n bigint) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$ SELECT n >= 0 $$;
        CREATE DOMAIN cents AS bigint CHECK (ok(VALUE));
        CREATE TYPE st AS ENUM ('new', 'paid'); CREATE TYPE stand AS (status st, total cents);
        CREATE TABLE t (id text PRIMARY KEY, status st, total cents, stand stand, past st[], note text);
        CREATE TABLE plain (id text PRIMARY KEY, status st);\n";
    let project = self::project(leans);
    let ran = project.run(&["rebuild", "p", "--promote"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for told in [
        "the type cents is the build's own, since it needs the function p__b1.ok(",
        "the type stand is the build's own, since it needs the type",
    ] {
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    assert_eq!(type_schemas(&mut project.events()).len(), 1);
}
