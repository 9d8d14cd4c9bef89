//! `schema.sql`: the tables a lineage shall have, and the revision that leads there.

use super::{ORDER, STORE, ends, finds, is_clean, refused};
use crate::bench::{Project, rows};

const ORDER_WANTED: &str = "projections/order_summary/schema.sql";

#[test]
fn a_projection_is_led_to_its_schema_sql() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let made = project.read(&format!("{ORDER}/V1__order_summary.sql"));
    let generate = ["revision", "-m", "as wanted", "-l", "order_summary", "--autogenerate"];
    refused(
        &project,
        &generate,
        1,
        &[
            "order_summary has no projections/order_summary/schema.sql",
            "write the CREATE statements",
        ],
    );
    project.write(ORDER_WANTED, &made);
    ends(&project, &generate, 0, &["order_summary: the revisions make what schema.sql asks for"]);
    is_clean(&project);
    let wanted = made.replace(
        "created_at    timestamptz NOT NULL",
        "created_at    timestamptz NOT NULL,\n    note text DEFAULT '-'",
    ) + "CREATE INDEX by_status ON order_summary (status);\n";
    project.write(ORDER_WANTED, &wanted);
    let difference = format!("what the revisions make is not what {ORDER_WANTED} asks for: ");
    finds(&project, &[], 1, &[&difference, "note", "by_status"]);
    ends(
        &project,
        &["check"],
        1,
        &["regrow revision -m TEXT --lineage order_summary --autogenerate"],
    );
    let before = super::traces(&mut project.reads());
    ends(&project, &generate, 0, &[&format!("wrote {ORDER}/V2__as_wanted.sql")]);
    assert_eq!(super::traces(&mut project.reads()), before);
    let text = project.read(&format!("{ORDER}/V2__as_wanted.sql"));
    assert!(
        text.contains("ADD COLUMN note text DEFAULT '-'") && text.contains("-- revises: 1\n"),
        "{text}"
    );
    is_clean(&project);
    project.ok(&["verify-down", "-l", "order_summary"]);
    project.ok(&["rebuild", "order_summary", "--promote"]);
    is_clean(&project);
    ends(&project, &generate, 0, &["the revisions make what schema.sql asks for"]);
}

#[test]
fn the_event_store_is_led_to_its_schema_sql() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let made = project.read(&format!("{STORE}/V1__events.sql"));
    let path = "migrations/schema.sql";
    project
        .write(path, &format!("{made}\nCREATE TABLE event_store.regions (id int PRIMARY KEY);\n"));
    finds(
        &project,
        &[],
        1,
        &["what the revisions make is not what migrations/schema.sql asks for: ", "regions"],
    );
    ends(&project, &["revision", "-m", "regions", "--autogenerate"], 0, &["V2__regions.sql"]);
    finds(&project, &[], 3, &["V2__regions of event_store is pending"]);
    project.ok(&["migrate"]);
    is_clean(&project);
    assert_eq!(rows(&mut project.events(), "SELECT * FROM event_store.regions"), [""; 0]);
    ends(&project, &["downgrade", "-1"], 0, &["event_store is at V1__events"]);
}

#[test]
fn what_a_person_must_decide_is_left_as_a_comment_and_said() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let made = project.read(&format!("{ORDER}/V1__order_summary.sql"));
    project.write(
        ORDER_WANTED,
        &made.replace("item_count    integer NOT NULL", "count_of_items integer NOT NULL"),
    );
    let generate = ["revision", "-m", "todo", "-l", "order_summary", "--autogenerate"];
    let ran = ends(&project, &generate, 0, &[]);
    assert!(
        ran.stderr.contains("left to do by hand: ") && ran.stderr.contains("item_count"),
        "{}",
        ran.stderr
    );
    let text = project.read(&format!("{ORDER}/V2__todo.sql"));
    let live = text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with("--"));
    assert_eq!(live.collect::<Vec<_>>(), [""; 0], "nothing is decided: {text}");
    assert!(text.contains("RENAME COLUMN item_count TO count_of_items"), "{text}");
    let value = project.json(&generate);
    assert_eq!(value["left_to_do"], 1, "{value}");
}

#[test]
fn a_schema_sql_that_does_not_run_is_named_with_its_line() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let before = super::traces(&mut project.events());
    for (text, place, part) in [
        ("CREATE TABLE a ();\nCREATE TABEL b ();", "2:8", "syntax error"),
        ("CREATE TABLE a ();\nCOMMIT;", "2:1", "cannot begin or end transactions"),
        ("CREATE TABLE a ();\n\\d", "2:1", "psql"),
        ("CREATE TABLE a (t nosuch);", "1:19", "type \"nosuch\" does not exist"),
    ] {
        project.write("migrations/schema.sql", text);
        let place = format!("migrations/schema.sql:{place}");
        refused(&project, &["revision", "-m", "x", "--autogenerate"], 1, &[&place, part]);
        finds(&project, &[], 1, &[&place, part]);
    }
    assert_eq!(super::traces(&mut project.events()), before, "nothing was committed");
}

/// What no script of ours makes is named, with an exit code of its own: nobody may take it for done.
#[test]
fn what_cannot_be_written_is_said() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    let made = project.read(&format!("{STORE}/V1__events.sql"));
    let base = "CREATE TABLE t (id int PRIMARY KEY, x text);\nCREATE INDEX t_x ON t (x);\n\
                CREATE TYPE ct AS (a int);\nCREATE VIEW v AS SELECT id FROM t;\n";
    project.write(&format!("{STORE}/V2__base.sql"), base);
    for (wanted, words) in [
        ("CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING", "rule r on t is missing"),
        ("CREATE STATISTICS st ON id, x FROM t", "statistics st on t is missing"),
        (
            "CREATE AGGREGATE agg(int) (sfunc = int4pl, stype = int)",
            "aggregate agg(integer) is missing",
        ),
        ("CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq)", "operator ==="),
        ("CREATE COLLATION c FROM \"C\"", "collation c is missing"),
        ("ALTER TABLE t REPLICA IDENTITY FULL", "replica identity of t is missing"),
        ("ALTER TABLE t ALTER x SET STORAGE EXTERNAL", "storage of t.x is missing"),
        ("ALTER TABLE t ALTER x SET STATISTICS 500", "statistics target of t.x is missing"),
        ("ALTER TABLE t ALTER x SET COMPRESSION pglz", "compression of t.x is missing"),
        ("ALTER TABLE t ALTER x SET (n_distinct = 5)", "options of column t.x is missing"),
        (
            "ALTER TABLE t SET (toast.autovacuum_enabled = false)",
            "parameter toast.autovacuum_enabled of t",
        ),
        ("ALTER TABLE t CLUSTER ON t_x", "clustered on of t is missing"),
        ("ALTER VIEW v ALTER id SET DEFAULT 7", "default of v.id is missing"),
        ("CREATE TYPE rg AS RANGE (subtype = int)", "range type rg is missing"),
        ("CREATE TABLE typed OF ct", "table typed is one of a type"),
    ] {
        project.write("migrations/schema.sql", &format!("{made}\n{base}{wanted};\n"));
        let ran = project.run(&["revision", "-m", "by hand", "--autogenerate"]);
        assert_eq!(ran.code, 10, "{wanted}: {}{}", ran.stdout, ran.stderr);
        let said = format!("not written: {words}");
        assert!(ran.stderr.contains(&said), "{wanted}: {}", ran.stderr);
        assert!(ran.stderr.contains("write this by hand"), "{}", ran.stderr);
        let path = format!("{STORE}/V3__by_hand.sql");
        let text = project.read(&path);
        let run = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("--"));
        assert_eq!(run.count(), 0, "{wanted}: {text}");
        for file in [path.clone(), path.replace(".sql", ".down.sql")] {
            let _ = std::fs::remove_file(project.folder.path().join(file));
        }
    }
}
