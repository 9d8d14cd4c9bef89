//! What `pg_dump` writes as a revision, rows in a file, and databases that another tool has set up.

use std::process::Command;

use super::{STORE, checked, ends, finds, is_clean, refused, remove, store};
use crate::bench::{Project, bin_dir, rows};

const FIRST: &str = "V1__base.sql";

/// What `pg_dump` says of the event store's schema.
fn dump(project: &Project, args: &[&str]) -> String {
    let program = bin_dir().map_or_else(|| "pg_dump".into(), |folder| folder.join("pg_dump"));
    let out = Command::new(program)
        .args(["-n", "event_store", "-d", &project.database.url()])
        .args(args)
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    text
}

/// A database as another tool has left it.
const THEIRS: &str = "CREATE SCHEMA event_store;\n\
    CREATE TYPE event_store.kind AS ENUM ('a', 'b');\n\
    CREATE TABLE event_store.entries (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n\
      kind event_store.kind, payload jsonb NOT NULL DEFAULT '{}', note text CHECK (note <> ''));\n\
    CREATE INDEX by_kind ON event_store.entries (kind);\n\
    CREATE FUNCTION event_store.f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;\n\
    COMMENT ON TABLE event_store.entries IS 'it''s; the log';\n\
    INSERT INTO event_store.entries (kind, note) SELECT 'a', E'tab\\there; it''s \\\\. ' || n FROM generate_series(1, 50) n;\n";

fn as_another_tool_left_it() -> Project {
    let project = Project::empty();
    project.write("config.toml", "");
    project.events().batch_execute(THEIRS).unwrap();
    project
}

#[test]
fn a_dump_of_the_schema_is_a_baseline_as_it_is() {
    let theirs = as_another_tool_left_it();
    let text = dump(&theirs, &["--schema-only"]);
    // Where it stands already it is said so and compared; where it does not, it runs.
    theirs.write(&format!("{STORE}/{FIRST}"), &text);
    ends(&theirs, &["migrate"], 1, &["already exists", "regrow stamp 1", "regrow check --live"]);
    theirs.ok(&["stamp", "1"]);
    finds(&theirs, &["--live"], 0, &[]);
    is_clean(&theirs);
    let fresh = store(&[(FIRST, &text)]);
    let (code, found) = checked(&fresh, &[]);
    assert_eq!((code, found.len()), (3, 1), "{found:#?}");
    let said = "the schema event_store is there: regrow makes it";
    ends(&fresh, &["migrate"], 0, &["event_store is at V1__base", said]);
    finds(&fresh, &["--live"], 0, &[]);
    let catalog = |project: &Project| super::catalog(&project.database.url(), "event_store");
    assert_eq!(catalog(&fresh), catalog(&theirs));
    // For psql as well.
    let script = store(&[(FIRST, &text)]);
    let sql = script.ok(&["migrate", "--sql"]);
    script.write("out.sql", &sql);
    let mut psql = Command::new(bin_dir().map_or_else(|| "psql".into(), |f| f.join("psql")));
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &script.database.url(), "-f"]);
    psql.arg(script.folder.path().join("out.sql"));
    assert!(psql.output().unwrap().status.success());
    assert_eq!(catalog(&script), catalog(&theirs));
    // What the server keeps apart is seen.
    theirs.events().batch_execute("ALTER TABLE event_store.entries ADD COLUMN extra int").unwrap();
    theirs.ok(&["repair", "--accept", "drift"]);
    is_clean(&theirs);
    finds(
        &theirs,
        &["--live"],
        4,
        &["event_store is not what its applied revisions make", "extra"],
    );
}

#[test]
fn a_dump_with_rows_is_a_revision() {
    let theirs = as_another_tool_left_it();
    let project = store(&[(FIRST, &dump(&theirs, &[]))]);
    let (code, found) = checked(&project, &[]);
    assert_eq!((code, found.len()), (3, 1), "{found:#?}");
    project.ok(&["migrate"]);
    let all = "SELECT * FROM event_store.entries ORDER BY 1";
    assert_eq!(rows(&mut project.events(), all), rows(&mut theirs.events(), all));
    // The identity goes on where it stood.
    project.events().batch_execute("INSERT INTO event_store.entries (kind) VALUES ('b')").unwrap();
    let last = "SELECT max(position) FROM event_store.entries";
    assert_eq!(rows(&mut project.events(), last), ["(51)"]);
    // Rows count as much as statements do: they are no comments.
    let path = format!("{STORE}/{FIRST}");
    let text = project.read(&path);
    project.write(&path, &text.replace("\\\\. 7\n", "\\\\. 8\n"));
    assert_ne!(project.read(&path), text);
    finds(&project, &[], 4, &["V1__base of event_store was applied on"]);
    // A pledge is another one in each dump.
    project.write(&path, &format!("\\restrict abc123\n{text}\n\\unrestrict abc123\n"));
    is_clean(&project);
}

#[test]
fn a_dump_of_regrows_own_history_says_what_to_leave_out() {
    let theirs = store(&[(FIRST, "CREATE TABLE a ();")]);
    theirs.ok(&["migrate"]);
    let project = store(&[(FIRST, &dump(&theirs, &["--schema-only"]))]);
    ends(&project, &["migrate"], 1, &["already exists", "-T '*.refinery_schema_history'"]);
    let without = ["--schema-only", "-T", "*.refinery_schema_history", "-T", "*.regrow_schema_*"];
    project.write(&format!("{STORE}/{FIRST}"), &dump(&theirs, &without));
    project.ok(&["migrate"]);
}

#[test]
fn what_psql_alone_knows_is_named_by_its_line() {
    for (line, said) in [
        ("\\connect shop", "the psql command \\connect"),
        ("\\i other.sql", "the psql command \\i"),
        ("\\restrict abc; SELECT 1", "the psql command \\restrict"),
        ("  \\restrict abc", "the psql command \\restrict"),
        ("SET client_encoding = 'LATIN1';", "revisions are sent in UTF-8"),
        ("SET NAMES latin1;", "revisions are sent in UTF-8"),
        ("SELECT set_config('client_encoding', 'LATIN1', false);", "revisions are sent in UTF-8"),
    ] {
        let project = store(&[(FIRST, &format!("SELECT 1;\n\n{line}\n"))]);
        refused(&project, &["migrate"], 1, &["V1__base.sql:3:", said]);
        assert_eq!(rows(&mut project.events(), "SELECT to_regclass('event_store.a')"), ["()"]);
    }
}

/// Rows as psql takes them, and how many of them arrive.
const ROWS: [(&str, &str, usize); 6] = [
    ("COPY t (id, v) FROM stdin;\n", "1\tit's\n2\tsecond\n\\.\n", 2),
    ("COPY t FROM STDIN; -- rows\n", "\\.\n", 0),
    ("COPY t FROM stdin WITH (FORMAT csv);\n", "1,\"a\nCOMMIT;\n\"\n2,-- b\n\\.\n", 2),
    ("copy t (id) from stdin;\r\n", "1\r\n2\r\n3\r\n\\.\r\n", 3),
    ("COPY t (v) FROM stdin;\n", "-- migrate:down\n/* '\n$$\n\\\\.\n\\.\n", 4),
    ("/* COPY */ COPY t FROM stdin (DELIMITER '|');\n", "1|\\N\n\\.\n", 1),
];

#[test]
fn rows_in_a_file_are_copied() {
    for (copy, data, count) in ROWS {
        let text =
            format!("CREATE TABLE t (id int, v text);\n{copy}{data}INSERT INTO t VALUES (99);\n");
        let project = store(&[("V1__t.sql", &text)]);
        project.ok(&["migrate"]);
        let there = "SELECT count(*), count(*) FILTER (WHERE id = 99) FROM event_store.t";
        assert_eq!(rows(&mut project.events(), there), [format!("({},1)", count + 1)], "{text}");
        is_clean(&project);
    }
    for (text, said) in [
        (
            "COPY t FROM stdin;\n1\ta\n",
            "V1__t.sql:2:1: the rows of this COPY FROM STDIN are not ended",
        ),
        ("COPY t FROM stdin", "V1__t.sql:2:1: the rows of this COPY FROM STDIN are not ended"),
        (
            "COPY t FROM stdin; SELECT 1;\n\\.\n",
            "V1__t.sql:2:19: the rows of a COPY FROM STDIN begin on",
        ),
        (
            "COPY t FROM stdin;\n1\ta\nx\tb\n\\.\n",
            "V1__t.sql:4:1: revision V1__t of event_store failed",
        ),
        ("COPY t TO STDOUT;\n", "V1__t.sql:2:1: COPY TO STDOUT gives rows"),
    ] {
        let project = store(&[("V1__t.sql", &format!("CREATE TABLE t (id int, v text);\n{text}"))]);
        refused(&project, &["migrate"], 1, &[said]);
        assert_eq!(
            rows(&mut project.events(), "SELECT to_regclass('event_store.t')"),
            ["()"],
            "{text}"
        );
    }
    let alone = "-- transaction: none\nCREATE TABLE t (id int);\nCOPY t FROM stdin;\n1\n\\.\n";
    let project = store(&[("V1__t.sql", alone)]);
    refused(
        &project,
        &["migrate"],
        1,
        &["V1__t.sql:3:1: rows in a file are copied in the transaction"],
    );
    // A value is nobody's business.
    let project =
        store(&[("V1__t.sql", "CREATE TABLE t (id int);\nCOPY t FROM stdin;\nsecret\n\\.\n")]);
    let ran = ends(&project, &["migrate"], 1, &["V1__t.sql:3:1: "]);
    assert!(!ran.stderr.contains("secret"), "{}", ran.stderr);
}

#[test]
fn a_team_can_move_from_alembic() {
    let text = "-- alembic: ae1027a6acf\nCREATE TABLE entries (id int);\n";
    let project = store(&[(FIRST, text), ("V2__next.sql", "CREATE TABLE next ();\n")]);
    refused(&project, &["stamp", "--from-alembic"], 1, &["no table alembic_version"]);
    let theirs = "CREATE SCHEMA event_store; CREATE TABLE event_store.entries (id int); \
                  CREATE TABLE public.alembic_version (version_num varchar(32) PRIMARY KEY)";
    project.events().batch_execute(theirs).unwrap();
    refused(&project, &["stamp", "--from-alembic"], 1, &["public.alembic_version is empty"]);
    let at = |id: &str| {
        let sql = format!(
            "TRUNCATE public.alembic_version; INSERT INTO public.alembic_version VALUES ('{id}')"
        );
        project.events().batch_execute(&sql).unwrap();
    };
    at("bf22");
    let said =
        ["public.alembic_version says bf22, and no revision stands for it", "'-- alembic: bf22'"];
    refused(&project, &["stamp", "--from-alembic"], 1, &said);
    at("ae1027a6acf");
    ends(&project, &["stamp", "--from-alembic"], 0, &["event_store is said to be at V1__base"]);
    finds(&project, &["--live", "--allow-pending"], 0, &[]);
    ends(&project, &["migrate"], 0, &["event_store is at V2__next, 1 revision applied"]);
    project
        .events()
        .batch_execute("CREATE SCHEMA other; CREATE TABLE other.alembic_version (version_num text)")
        .unwrap();
    let several = ["more than one alembic_version", "--from-alembic other.alembic_version"];
    refused(&project, &["stamp", "--from-alembic"], 1, &several);
    ends(
        &project,
        &["stamp", "--from-alembic", "public.alembic_version"],
        0,
        &["is said to be at V1__base"],
    );
    remove(&project, &format!("{STORE}/V2__next.sql"));
}
