//! Operators of extensions' types: found where they may be, and told where not.

use serde_json::json;

use super::{append, mistakes, project};
use crate::bench::{Project, rows};

const HANDLERS: &str = "-- on Registered\nINSERT INTO t VALUES (:email, 'new') ON CONFLICT (email) DO NOTHING;\n\n\
     -- on Verified\nUPDATE t SET status = 'verified' WHERE email = :email;\n";

/// A project whose database has citext in a schema; `before` runs there first.
fn registered(before: &str, column: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    // Before PostgreSQL 15 every role may create objects in public.
    let closed = "REVOKE CREATE ON SCHEMA public FROM PUBLIC";
    project.events().batch_execute(&format!("{closed}; {before}")).unwrap();
    project.write(
        "projections/p/schema/V1__p.sql",
        &format!("CREATE TABLE t (email {column} PRIMARY KEY, status text NOT NULL)"),
    );
    project.write("projections/p/handlers.sql", HANDLERS);
    project.ok(&["migrate"]);
    append(&project, "Registered", &json!({"email": "Ann@Example.com"}));
    append(&project, "Registered", &json!({"email": "ANN@example.com"}));
    append(&project, "Verified", &json!({"email": "ann@example.com"}));
    project
}

fn is_right(project: &Project) {
    for engine in ["auto", "sql"] {
        project.write("projections/p/projection.toml", &format!("engine = \"{engine}\"\n"));
        project.ok(&["rebuild", "p", "--promote"]);
        let found = rows(&mut project.reads(), "SELECT email::text, status FROM read_model.t");
        assert_eq!(found, ["(Ann@Example.com,verified)"], "{engine}");
    }
}

#[test]
fn operators_of_extensions_are_found() {
    is_right(&registered("CREATE EXTENSION citext", "public.citext"));
    is_right(&registered(
        "CREATE SCHEMA \"Ext, 1\"; CREATE EXTENSION citext SCHEMA \"Ext, 1\"",
        "\"Ext, 1\".citext",
    ));
}

/// A schema that holds nothing but extensions is on the path of the lineage, too.
#[test]
fn a_lineage_finds_types_of_extensions() {
    is_right(&registered("CREATE EXTENSION citext", "citext"));
    let shared =
        registered("CREATE EXTENSION citext; CREATE TABLE public.of_the_application ()", "citext");
    let ran = shared.run(&["rebuild", "p"]);
    assert_ne!(ran.code, 0);
    assert!(ran.stderr.contains("citext"), "{}", ran.stderr);
    // What is there besides is not found by mistake.
    shared.write("projections/p/schema/V1__p.sql", "DROP TABLE IF EXISTS of_the_application; CREATE TABLE t (email public.citext PRIMARY KEY, status text NOT NULL)");
    is_right(&shared);
    assert_eq!(
        rows(&mut shared.reads(), "SELECT to_regclass('public.of_the_application') IS NOT NULL"),
        ["(t)"]
    );
}

#[test]
fn other_extensions_work_as_well() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project
        .events()
        .batch_execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE SCHEMA x; CREATE EXTENSION hstore SCHEMA x; CREATE EXTENSION ltree SCHEMA x; CREATE EXTENSION pg_trgm SCHEMA public")
        .unwrap();
    project.write(
        "projections/p/schema/V1__p.sql",
        "CREATE TABLE t (id text PRIMARY KEY, h hstore, path ltree, name text, near boolean);\n\
         CREATE INDEX t_name ON t USING gin (name gin_trgm_ops);\nCREATE INDEX t_path ON t USING gist (path);",
    );
    project.write(
        "projections/p/handlers.sql",
        "-- on Made\nINSERT INTO t VALUES (:id, :h, :path, :name, :name % 'word');\n\n\
         -- on Changed\nUPDATE t SET h = h || :h, path = path || :leaf::text WHERE path ~ 'a.*'::lquery AND h ? 'k';\n",
    );
    project.ok(&["migrate"]);
    // What is similar is a setting of pg_trgm's.
    let trusted = "trust_functions = [\"public.similarity_op\"]\n";
    project.write("projections/p/projection.toml", trusted);
    append(&project, "Made", &json!({"id": "1", "h": "k=>1", "path": "a.b", "name": "words"}));
    append(&project, "Changed", &json!({"h": "l=>2", "leaf": "c"}));
    project.ok(&["rebuild", "p", "--promote"]);
    let found = rows(&mut project.reads(), "SELECT h::text, path::text, near FROM read_model.t");
    assert_eq!(found, [r#"("""k""=>""1"", ""l""=>""2""",a.b.c,t)"#]);
    let made = "SELECT count(*) FROM pg_indexes WHERE indexname IN ('t_name', 't_path') AND schemaname = 'p__b1'";
    assert_eq!(rows(&mut project.reads(), made), ["(2)"]);
}

/// Where others may create objects, theirs could be found in place of the extension's: nothing is
/// looked up there, and who uses the extension's types is told.
#[test]
fn a_schema_where_others_may_create_is_not_looked_at() {
    for (open, who) in [
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "every role"),
        ("GRANT CREATE ON SCHEMA public TO pg_monitor", "role pg_monitor"),
        ("ALTER SCHEMA public OWNER TO pg_monitor", "its owner pg_monitor"),
    ] {
        let project = registered(&format!("CREATE EXTENSION citext; {open}"), "public.citext");
        // As somebody who wants to be called: a better match than the server's own.
        project
            .events()
            .batch_execute(
                "CREATE FUNCTION public.trap(varchar) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$; \
                 CREATE FUNCTION public.upper(varchar) RETURNS text LANGUAGE sql AS 'SELECT public.trap($1)'",
            )
            .unwrap();
        let found = mistakes(&project);
        assert!(!found.is_empty(), "{open}");
        assert!(found.iter().any(|f| f.contains("citext") && f.contains(who)), "{open}: {found:?}");
        assert_ne!(project.run(&["rebuild", "p"]).code, 0, "{open}");

        // Who uses none of its types works, without meeting what lies there.
        project.write(
            "projections/p/schema/V1__p.sql",
            "CREATE TABLE t (email text PRIMARY KEY, status varchar)",
        );
        project.write(
            "projections/p/handlers.sql",
            &HANDLERS.replace("'new'", "upper('new'::varchar)"),
        );
        project.ok(&["rebuild", "p", "--promote"]);
        let found =
            rows(&mut project.reads(), "SELECT DISTINCT status FROM read_model.t ORDER BY 1");
        assert_eq!(found, ["(NEW)"]);
    }
}

#[test]
fn what_belongs_to_no_extension_is_refused() {
    let project = registered(
        "CREATE EXTENSION citext; CREATE FUNCTION public.shout(text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT upper($1)'; \
         CREATE SCHEMA o; CREATE OPERATOR o.<<>> (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq); \
         CREATE TYPE o.mood AS ENUM ('well'); CREATE TABLE public.theirs (id text); \
         CREATE COLLATION o.c FROM \"C\"",
        "public.citext",
    );
    for (statement, word) in [
        ("UPDATE t SET status = shout(:x)", "shout"),
        ("UPDATE t SET status = public.shout(:x)", "shout"),
        ("DELETE FROM t WHERE status OPERATOR(o.<<>>) :x", "<<>>"),
        ("UPDATE t SET status = (:x::o.mood)::text", "mood"),
        ("UPDATE t SET status = 'a' WHERE status < :x COLLATE o.c", "o.c"),
        ("DELETE FROM theirs WHERE id = :x", "theirs"),
    ] {
        project.write("projections/p/handlers.sql", &format!("-- on Registered\n{statement};\n"));
        let found = mistakes(&project);
        assert!(found.iter().any(|f| f.contains(word)), "{statement}: {found:?}");
        assert_ne!(project.run(&["rebuild", "p"]).code, 0, "{statement}");
    }
}

/// The meaning of a build is that of its beginning, whatever comes into the database later.
#[test]
fn a_build_keeps_its_path() {
    let project = project(
        "CREATE TABLE t (email varchar PRIMARY KEY, status text)",
        "-- on Registered\nINSERT INTO t VALUES (:email, lower(:email::varchar));\n",
    );
    append(&project, "Registered", &json!({"email": "Ann"}));
    project.ok(&["rebuild", "p", "--promote"]);
    project.events().batch_execute("CREATE SCHEMA x; CREATE EXTENSION citext SCHEMA x").unwrap();
    append(&project, "Registered", &json!({"email": "Bob"}));
    project.ok(&["run", "--until-caught-up"]);
    let path = "SELECT array_to_string(proconfig, ';') ~ 'search_path=p__b1, pg_temp' FROM pg_proc \
                WHERE proname = 'regrow_apply' AND pronamespace = 'p__b1'::regnamespace";
    assert_eq!(rows(&mut project.reads(), path), ["(t)"]);
    project.ok(&["rebuild", "p", "--promote"]);
    let path = path.replace("p__b1, pg_temp", "p__b2, x, pg_temp").replace("'p__b1'", "'p__b2'");
    assert_eq!(rows(&mut project.reads(), &path), ["(t)"]);

    // What moved away would leave text's operators behind.
    let moved = |to: &str| format!("ALTER EXTENSION citext SET SCHEMA {to}");
    project.events().batch_execute(&moved("public")).unwrap();
    append(&project, "Registered", &json!({"email": "Dot"}));
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_ne!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("schema x, where no extension is any more"), "{}", ran.stderr);
    project.events().batch_execute(&moved("x")).unwrap();
    project.ok(&["run", "--until-caught-up"]);

    // What was safe when it was made and is not any more stops, instead of looking elsewhere.
    project.events().batch_execute("GRANT CREATE ON SCHEMA x TO PUBLIC").unwrap();
    append(&project, "Registered", &json!({"email": "Cid"}));
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_ne!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("every role may create"), "{}", ran.stderr);
}
