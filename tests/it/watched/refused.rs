//! Logs of which nobody can tell how far they are complete: refused by every command, at once.

use super::{COLUMNS, adopt, noted, put};
use crate::bad_input::{Role, code_of};
use crate::bench::{Database, Project};

const PLAIN: &str = "CREATE TABLE public.ev (seq bigserial PRIMARY KEY, stream text, ver int, kind text, body jsonb);";

#[track_caller]
fn refused(project: &Project, code: &str, parts: &[&str]) {
    for args in [&["rebuild", "seen"][..], &["census"], &["export"]] {
        let ran = project.run(args);
        assert_eq!(ran.code, 1, "{args:?}\n{}{}", ran.stdout, ran.stderr);
        for part in parts {
            assert!(ran.stderr.contains(part), "{part:?} is not in\n{}", ran.stderr);
        }
    }
    assert_eq!(code_of(project, &["census"]), code);
    assert_eq!(code_of(project, &["rebuild", "seen"]), "preflight-refused");
    let found = project.run(&["rebuild", "seen", "--preflight", "--json"]);
    let preflight = if code == "log-unwatchable" && parts.iter().any(|p| p.contains("writers of")) {
        "watched-tables"
    } else {
        code
    };
    assert!(found.stdout.contains(&format!("\"code\":\"{preflight}\"")), "{}", found.stdout);
}

#[test]
fn shapes_that_cannot_be_watched() {
    let joined = "CREATE TABLE public.s (id text PRIMARY KEY, stream text);";
    let view = |body: &str| format!("{PLAIN} {joined} CREATE VIEW public.v AS {body};");
    let all = "e.seq, e.stream, e.ver, e.kind, e.body";
    let cases: Vec<(String, &str, &str, &str, &str)> = vec![
        (
            view(&format!("SELECT {all} FROM public.ev e JOIN public.s ON s.id = e.stream")),
            "public.v",
            "",
            "log-unwatchable",
            "it joins tables",
        ),
        (
            view(&format!("SELECT {all} FROM public.ev e LIMIT 100")),
            "public.v",
            "",
            "log-unwatchable",
            "it has a LIMIT or OFFSET",
        ),
        (
            view(
                "SELECT max(e.seq) AS seq, e.stream, 0 AS ver, e.kind, e.body FROM public.ev e GROUP BY e.stream, e.kind, e.body",
            ),
            "public.v",
            "",
            "log-unwatchable",
            "it aggregates",
        ),
        (
            view(
                "SELECT row_number() OVER (ORDER BY e.seq) AS seq, e.stream, e.ver, e.kind, e.body FROM public.ev e",
            ),
            "public.v",
            "",
            "log-unwatchable",
            "its position is no column of a table",
        ),
        (
            view(&format!("SELECT {all} FROM public.ev e WHERE e.ver < pg_catalog.txid_current()")),
            "public.v",
            "",
            "log-unwatchable",
            "its condition calls functions",
        ),
        (
            view(&format!(
                "SELECT {all} FROM public.ev e WHERE EXISTS (SELECT FROM public.s WHERE s.id = e.stream)"
            )),
            "public.v",
            "",
            "log-unwatchable",
            "reads other tables",
        ),
        (
            view(&format!("SELECT {all} FROM public.ev e UNION SELECT {all} FROM public.ev e")),
            "public.v",
            "",
            "log-unwatchable",
            "something else than UNION ALL",
        ),
        (
            format!(
                "{} CREATE VIEW public.w AS SELECT * FROM public.v;",
                view(&format!("SELECT {all} FROM public.ev e OFFSET 1"))
            ),
            "public.w",
            "",
            "log-unwatchable",
            "it has a LIMIT or OFFSET",
        ),
        // The keys that help are told, with the sequence where it can be told.
        (
            view(&format!("SELECT {all} FROM public.ev e JOIN public.s ON s.id = e.stream")),
            "public.v",
            "writers = [\"public.ev\"]",
            "log-unwatchable",
            "sequence = \"public.ev_seq_seq\"",
        ),
        (
            view(&format!("SELECT {all} FROM public.ev e JOIN public.s ON s.id = e.stream")),
            "public.v",
            "sequence = \"public.ev_seq_seq\"",
            "log-unwatchable",
            "writers = [\"every table",
        ),
        (
            format!("{PLAIN} CREATE MATERIALIZED VIEW public.v AS SELECT * FROM public.ev;"),
            "public.v",
            "",
            "log-unwatchable",
            "is a materialised view",
        ),
        (
            format!(
                "{PLAIN} CREATE MATERIALIZED VIEW public.m AS SELECT * FROM public.ev; CREATE VIEW public.v AS SELECT * FROM public.m;"
            ),
            "public.v",
            "writers = [\"public.ev\"]\nsequence = \"public.ev_seq_seq\"",
            "log-unwatchable",
            "reads public.m, a materialised view",
        ),
        (
            view(&format!("SELECT {all} FROM public.ev e")),
            "public.ev",
            "writers = [\"public.v\"]",
            "log-unwatchable",
            "correct writers of",
        ),
        (
            PLAIN.into(),
            "public.ev",
            "writers = [\"public.ev_seq_seq\"]",
            "log-unwatchable",
            "correct writers of",
        ),
        (
            PLAIN.into(),
            "public.ev",
            "writers = [\"no name\"]",
            "log-unwatchable",
            "correct writers of",
        ),
        (
            PLAIN.into(),
            "public.ev",
            "sequence = \"public.ev\"",
            "log-unwatchable",
            "is not a sequence",
        ),
        (
            format!("{PLAIN} ALTER SEQUENCE public.ev_seq_seq CYCLE;"),
            "public.ev",
            "",
            "sequence-unusable",
            "ALTER SEQUENCE public.ev_seq_seq NO CYCLE;",
        ),
        (
            format!(
                "{PLAIN} ALTER SEQUENCE public.ev_seq_seq INCREMENT -1 MINVALUE -9 MAXVALUE 1000 RESTART 100;"
            ),
            "public.ev",
            "",
            "sequence-unusable",
            "goes down",
        ),
        (
            format!("{PLAIN} ALTER SEQUENCE public.ev_seq_seq CACHE 10;"),
            "public.ev",
            "",
            "cached-sequence",
            "in blocks of 10",
        ),
        (
            format!(
                "{PLAIN} CREATE VIEW public.v AS SELECT * FROM public.ev; ALTER SEQUENCE public.ev_seq_seq CACHE 10;"
            ),
            "public.v",
            "",
            "cached-sequence",
            "CACHE 1;",
        ),
        (
            format!(
                "{PLAIN} CREATE SEQUENCE public.second; CREATE TABLE public.child (seq bigint DEFAULT nextval('public.second')) INHERITS (public.ev);"
            ),
            "public.ev",
            "",
            "sequence-unusable",
            "public.child from public.second",
        ),
        (
            format!(
                "CREATE TABLE public.one (seq bigserial, {COLUMNS}); CREATE TABLE public.two (seq bigserial, {COLUMNS}); CREATE VIEW public.v AS SELECT * FROM public.one UNION ALL SELECT * FROM public.two;"
            ),
            "public.v",
            "",
            "sequence-unusable",
            "public.two from public.two_seq_seq",
        ),
        (
            format!("CREATE TABLE public.ev (seq uuid DEFAULT gen_random_uuid(), {COLUMNS});"),
            "public.ev",
            "",
            "adoption-invalid",
            "is of type uuid",
        ),
    ];
    for (sql, name, more, code, part) in cases {
        println!("{sql} {more}");
        let project = noted(Database::new(), &sql, (name, more), "");
        if code == "adoption-invalid" {
            assert_eq!(code_of(&project, &["census"]), code);
            continue;
        }
        refused(&project, code, &[part]);
    }
}

#[test]
fn foreign_tables_anywhere_are_refused() {
    let source = Database::new();
    source.connect().batch_execute(PLAIN).unwrap();
    let foreign = format!(
        "CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname '{}');
         CREATE USER MAPPING FOR PUBLIC SERVER s;
         CREATE SEQUENCE public.numbers;
         CREATE TABLE public.ev (seq bigint DEFAULT nextval('public.numbers'), {COLUMNS}) PARTITION BY LIST (stream);
         CREATE TABLE public.here PARTITION OF public.ev FOR VALUES IN ('s');
         CREATE FOREIGN TABLE public.away PARTITION OF public.ev FOR VALUES IN ('t') SERVER s OPTIONS (table_name 'ev');
         CREATE VIEW public.v AS SELECT * FROM public.ev;
         CREATE TABLE public.old (seq bigint, {COLUMNS});
         CREATE FOREIGN TABLE public.child () INHERITS (public.old) SERVER s OPTIONS (table_name 'ev');",
        source.name()
    );
    let named = "writers = [\"public.here\"]\nsequence = \"public.numbers\"";
    let project = noted(Database::new(), &foreign, ("public.away", ""), "");
    for (name, more, part) in [
        ("public.away", "", "public.away is a foreign table"),
        ("public.ev", "", "public.ev reads public.away, a foreign table"),
        ("public.v", named, "public.v reads public.away, a foreign table"),
        ("public.old", "", "public.old reads public.child, a foreign table"),
    ] {
        adopt(&project, name, more, "");
        refused(&project, "log-unwatchable", &[part, "[database] url"]);
    }
}

/// A restore of the rows alone, a cut-over of logical replication, positions given by hand.
#[test]
fn positions_above_the_sequence_are_refused() {
    let view =
        "CREATE VIEW public.v AS SELECT seq + 10 AS seq, stream, ver, kind, body FROM public.ev;";
    for (name, last, value) in [("public.ev", 3, 3), ("public.v", 13, 3)] {
        let project = noted(Database::new(), &format!("{PLAIN}{view}"), (name, ""), "");
        let mut client = project.events();
        for _ in 0..3 {
            put(&mut client, "public.ev", None);
        }
        project.ok(&["rebuild", "seen", "--promote"]);
        client.batch_execute("SELECT setval('public.ev_seq_seq', 1, false)").unwrap();
        let said = format!("goes up to position {last}, and public.ev_seq_seq stands at");
        let next = format!("SELECT setval('public.ev_seq_seq', {value});");
        refused(&project, "positions-above-sequence", &[&said, &next]);
        for args in [&["run", "--until-caught-up"][..], &["promote", "seen"], &["status"]] {
            let ran = project.run(args);
            assert_ne!(ran.code, 0, "{args:?} {}", ran.stdout);
        }
        assert_eq!(code_of(&project, &["status"]), "positions-above-sequence");
        client.batch_execute(&next).unwrap();
        project.ok(&["status"]);
        put(&mut client, "public.ev", None);
        project.ok(&["run", "--until-caught-up"]);
        assert_eq!(super::seen(&project).len(), 4);
    }
}

/// Numbers between two of a sequence that goes up in steps are used up by the writers themselves
/// (Hibernate's optimisers): they are read, and the last of them too.
#[test]
fn steps_of_a_sequence_may_be_used_up() {
    let project = noted(Database::new(), PLAIN, ("public.ev", ""), "");
    let mut client = project.events();
    client.batch_execute("ALTER SEQUENCE public.ev_seq_seq INCREMENT 50").unwrap();
    put(&mut client, "public.ev", None);
    for position in 2..=50 {
        put(&mut client, "public.ev", Some(position));
    }
    project.ok(&["rebuild", "seen", "--promote"]);
    assert_eq!(super::seen(&project).len(), 50);
    assert_eq!(project.json(&["status"])["builds"][0]["lag"], 0);
    put(&mut client, "public.ev", Some(51));
    refused(&project, "positions-above-sequence", &["up to position 51"]);
}

/// A role that may read the log through a view needs the sequence behind it, and is told so.
#[test]
fn a_sequence_that_may_not_be_read_is_told_as_its_grant() {
    let sql = format!("{PLAIN} CREATE VIEW public.v AS SELECT * FROM public.ev;");
    let project = noted(Database::new(), &sql, ("public.v", ""), "");
    let role = Role::new("reader_of_a_view", "");
    let grants = format!(
        "GRANT CREATE ON DATABASE {} TO {role}; GRANT SELECT ON public.v TO {role}",
        project.database.name(),
        role = role.name()
    );
    project.events().batch_execute(&grants).unwrap();
    let mut command = project.command(&["rebuild", "seen"]);
    let output = command.env("DATABASE_URL", role.url(&project)).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    let grant = format!("GRANT SELECT ON SEQUENCE public.ev_seq_seq TO {}", role.name());
    assert!(text.contains(&grant), "{text}");
    let revoke =
        format!("REVOKE CREATE ON DATABASE {} FROM {}", project.database.name(), role.name());
    project
        .events()
        .batch_execute(&format!("{revoke}; REVOKE ALL ON public.v FROM {}", role.name()))
        .unwrap();
}
