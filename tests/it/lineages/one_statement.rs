//! What stands in a file decides nothing about transactions: the server refuses a second statement,
//! settings of a file end with it, and each failure has its line.

use super::{STORE, ends, finds, store};
use crate::bench::{Project, rows};

const FIRST: (&str, &str) = ("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY, v text);\n");

fn version(project: &Project) -> Vec<String> {
    rows(
        &mut project.events(),
        "SELECT max(version), count(*) FROM event_store.refinery_schema_history",
    )
}

/// Statements that could be taken for another, or another for them, and a word of a failure.
const HIDDEN: [&str; 9] = [
    "CREATE FUNCTION f() RETURNS date LANGUAGE sql BEGIN ATOMIC SELECT s.begin FROM span s; END;\nBEGIN;\nCREATE TABLE more ();\nCOMMIT;",
    "CREATE FUNCTION f(begin int) RETURNS int BEGIN ATOMIC SELECT case WHEN begin > 0 THEN 1 END AS end; END; COMMIT;",
    "CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO span (begin) VALUES (NULL); END;\nEND",
    "CREATE RULE r AS ON INSERT TO span DO (SELECT 1; SELECT 2);\n/* a /* b */ */ COMMIT",
    "SELECT $commit$;$commit$, E'\\';' -- it's\n;\n-- COMMIT\nROLLBACK",
    "SELECT 'a;' AS \"COMMIT;\"; abort",
    "DO $$ BEGIN COMMIT; END $$;",
    "CREATE PROCEDURE c() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$; CALL c();",
    "SELECT E'a' -- ';\n'\\'; COMMIT; --';\nPREPARE TRANSACTION 'x'",
];

#[test]
fn what_a_text_hides_commits_nothing() {
    let project = store(&[FIRST]);
    project.ok(&["migrate"]);
    project.events().batch_execute("INSERT INTO event_store.a VALUES (1, 'here')").unwrap();
    for text in HIDDEN {
        let text = format!("CREATE TABLE span (id int, begin date);\n{text}\n");
        project.write(&format!("{STORE}/V2__hidden.sql"), &text);
        for command in [&["migrate"][..], &["check"], &["verify-down"]] {
            let ran = project.run(command);
            assert_ne!(ran.code, 0, "{command:?} {text}\n{}{}", ran.stdout, ran.stderr);
            assert_eq!(version(&project), ["(1,1)"], "{text}");
            let there = rows(&mut project.events(), "SELECT v FROM event_store.a");
            assert_eq!(there, ["(here)"], "{text}");
            let made = "SELECT FROM pg_class WHERE relname IN ('span', 'more')";
            assert_eq!(rows(&mut project.events(), made).len(), 0, "{text}");
        }
    }
}

#[test]
fn names_like_keywords_are_names() {
    let project = store(&[FIRST]);
    project.write(
        &format!("{STORE}/V2__span.sql"),
        "CREATE TABLE span (id int, begin date, finish date, \"end\" int, \"case\" int);\n\
         CREATE FUNCTION first_begin(begin int) RETURNS date LANGUAGE sql\nBEGIN ATOMIC\n  \
         SELECT s.begin FROM span s LIMIT 1;\n  SELECT CASE WHEN true THEN s.begin END AS end FROM span s;\nEND;\n\
         CREATE TABLE after_it ();\n\
         CREATE RULE r AS ON INSERT TO span DO ALSO (DELETE FROM a; DELETE FROM a WHERE id = 2);\n\
         CREATE FUNCTION nothing() RETURNS int RETURN 1;\n",
    );
    ends(&project, &["migrate"], 0, &["event_store is at V2__span, 2 revisions applied"]);
    let made = "SELECT FROM pg_class WHERE relname IN ('span', 'after_it')";
    assert_eq!(rows(&mut project.events(), made).len(), 2);
}

#[test]
fn a_failure_has_the_line_of_its_statement() {
    let project = store(&[FIRST]);
    let seed = |n: i32| format!("INSERT INTO a VALUES ({n}, 'row');\n");
    let text: String = (1..=60).map(seed).collect();
    project.write(
        &format!("{STORE}/V2__seed.sql"),
        &format!("{text}-- once\n  {}{}", seed(7), seed(61)),
    );
    ends(&project, &["migrate"], 1, &["V2__seed.sql:62:3: revision V2__seed", "rolled back"]);
    assert_eq!(version(&project), ["(1,1)"]);
    project.write(&format!("{STORE}/V2__seed.sql"), &format!("{text}SELECT 'é',\n  nosuch;\n"));
    ends(&project, &["migrate"], 1, &["V2__seed.sql:62:3: revision V2__seed"]);
    project.write(
        &format!("{STORE}/V2__seed.sql"),
        &format!("{text}DO $$ BEGIN\nPERFORM 1/0; END $$;"),
    );
    ends(&project, &["migrate"], 1, &["V2__seed.sql:61:1: revision V2__seed"]);
}

#[test]
fn a_timeout_of_a_file_does_not_count_and_is_told() {
    let project = store(&[FIRST, ("V2__b.sql", "")]);
    project.write("config.toml", "[migrate]\nlock_budget_s = 1\nlock_timeout_ms = 200\n");
    project.ok(&["migrate"]);
    let path = format!("{STORE}/V3__n.sql");
    for setting in [
        "SET lock_timeout = 0;",
        "SET LOCAL \"lock_timeout\" TO '1h';\nSET statement_timeout = 0;",
        "SELECT set_config('lock_timeout', '0', false);",
        "DO $$ BEGIN PERFORM set_config('lock_timeout', '0', true); END $$;",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT set_config('lock_timeout', '0', false); SELECT 1 $$;\n\
         INSERT INTO a SELECT f();",
        "RESET ALL;",
    ] {
        project.write(&path, &format!("{setting}\nALTER TABLE event_store.a ADD COLUMN n int;\n"));
        let mut holder = project.events();
        let mut held = holder.transaction().unwrap();
        held.batch_execute("LOCK TABLE event_store.a IN ACCESS SHARE MODE").unwrap();
        ends(&project, &["migrate"], 7, &["V3__n of event_store found its locks taken for 1 s"]);
        held.rollback().unwrap();
    }
    project.write(&path, "SET lock_timeout = 0;\n");
    finds(&project, &["--only", "migrations"], 8, &[&format!("lint {path}:1:1 timeout-ignored")]);
    for (sql, said) in [
        ("SET SESSION AUTHORIZATION postgres;", "cannot change the session's authorization"),
        ("SET LOCAL transaction_isolation = 'serializable';", "cannot change its transaction"),
        ("SET standard_conforming_strings = off;", "with standard_conforming_strings on"),
    ] {
        project.write(&path, &format!("SELECT 1;\n{sql}\n"));
        ends(&project, &["migrate"], 1, &[&format!("{path}:2:1: "), said]);
    }
}

#[test]
fn a_role_and_a_path_hold_until_its_end_of_their_file() {
    let project = store(&[FIRST]);
    let role = format!("role_{}", project.database.name());
    project
        .events()
        .batch_execute(&format!("CREATE ROLE {role}; GRANT CREATE ON SCHEMA public TO {role}"))
        .unwrap();
    let set = format!(
        "SET ROLE {role};\nSET search_path = public;\nCREATE TABLE x (id int);\nCREATE TABLE y (id int);\n"
    );
    project.write(&format!("{STORE}/V2__x.sql"), &set);
    project.write(
        &format!("{STORE}/V3__x.sql"),
        &format!(
            "-- transaction: none\n{}\nRESET ROLE;\n",
            set.replace("x (", "z (").replace("y (", "w (")
        ),
    );
    project.write(&format!("{STORE}/V4__b.sql"), "CREATE TABLE b ();");
    ends(&project, &["migrate"], 0, &["event_store is at V4__b, 4 revisions applied"]);
    let owners = "SELECT count(*) FROM pg_class WHERE relname IN ('x', 'y', 'z', 'w') AND relnamespace = 'public'::regnamespace \
                  AND relowner::regrole::text LIKE 'role_%'";
    assert_eq!(rows(&mut project.events(), owners), ["(4)"]);
    let mine = "SELECT relowner::regrole::text = current_user FROM pg_class WHERE oid = 'event_store.b'::regclass";
    assert_eq!(rows(&mut project.events(), mine), ["(t)"]);
    project.events().batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
}

#[test]
fn a_call_that_commits_runs_alone() {
    let procedure = "CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..3 LOOP \
                     INSERT INTO event_store.a VALUES (i); COMMIT; END LOOP; END $$;\n";
    let project = store(&[FIRST, ("V2__fill.sql", procedure)]);
    let path = format!("{STORE}/V3__call.sql");
    project.write(&path, "SELECT 1;\nCALL fill();\n");
    ends(&project, &["migrate"], 1, &[&format!("{path}:2:1: "), "-- transaction: none"]);
    project.write(
        &path,
        "-- transaction: none\nCALL fill();\n\
         DO $$ BEGIN INSERT INTO event_store.a VALUES (4); COMMIT; END $$;\n\
         DO $$ BEGIN INSERT INTO event_store.a VALUES (5); END $$;\n",
    );
    ends(&project, &["migrate"], 0, &["event_store is at V3__call"]);
    assert_eq!(rows(&mut project.events(), "SELECT count(*) FROM event_store.a"), ["(5)"]);
    ends(&project, &["migrate"], 0, &["nothing to do"]);
}

#[test]
fn an_index_that_if_not_exists_skipped_is_not_counted_as_done() {
    let project = store(&[
        (
            "V1__m.sql",
            "CREATE TABLE m (id int, at date NOT NULL) PARTITION BY RANGE (at);\n\
          CREATE TABLE m1 PARTITION OF m FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');\n",
        ),
        ("V2__i.sql", "-- transaction: none\nCREATE INDEX CONCURRENTLY mi ON m (id);\n"),
    ]);
    let parts = ["V2__i.sql:2:1: ", "ON ONLY", "ATTACH PARTITION"];
    ends(&project, &["migrate"], 1, &parts);
    project.write(&format!("{STORE}/V2__i.sql"), "CREATE INDEX mi ON ONLY m (id);\n");
    let third = format!("{STORE}/V3__i.sql");
    project.write(
        &third,
        "-- transaction: none\nCREATE INDEX CONCURRENTLY IF NOT EXISTS mi ON m1 (id);\n",
    );
    ends(&project, &["migrate"], 1, &["V3__i.sql:2:1: the index is not on its table"]);
    project.write(&third, "-- transaction: none\nCREATE INDEX CONCURRENTLY IF NOT EXISTS m1i ON m1 (id);\nALTER INDEX mi ATTACH PARTITION m1i;\n");
    project.ok(&["migrate"]);
}

#[test]
fn what_the_server_says_of_a_statement_has_its_place() {
    let project = store(&[FIRST]);
    project.write(
        &format!("{STORE}/V2__w.sql"),
        "SELECT 1;\nDO $$ BEGIN RAISE NOTICE 'rows moved: 42'; RAISE WARNING 'three had no owner'; END $$;\n",
    );
    project.write(
        &format!("{STORE}/V3__w.sql"),
        "-- transaction: none\nDO $$ BEGIN RAISE WARNING 'alone'; END $$;\n",
    );
    for args in [&["migrate"][..], &["migrate", "--json"]] {
        let ran = ends(&project, args, 0, &[]);
        if args.len() == 1 {
            for line in [
                "notice: migrations/event_store/V2__w.sql:2:1: rows moved: 42",
                "warning: migrations/event_store/V2__w.sql:2:1: three had no owner",
                "warning: migrations/event_store/V3__w.sql:2:1: alone",
            ] {
                assert!(ran.stderr.lines().any(|l| l == line), "{line}\n{}", ran.stderr);
            }
        }
        assert!(!ran.stderr.contains("postgres::config"), "{}", ran.stderr);
    }
}
