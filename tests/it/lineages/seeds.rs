//! Seeds: revisions of the event store that are too large to be held. They are read while they run, a
//! fault in them has its line, and no other command reads them.

use std::fmt::Write as _;
use std::fs::File;

use super::{STORE, checked, ends, finds, is_clean, refused, store};
use crate::bench::{Project, rows};

const FIRST: (&str, &str) = ("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY, v text);\n");
const SEED: &str = "V2__seed.sql";
/// Rows of about 8 kB, of which so many are more than is held.
const MANY: usize = 2_200;

/// Statements that put rows in, one a line.
fn inserts(from: usize, count: usize) -> String {
    let filler = "é it''s; COMMIT; -- $$ ".repeat(330);
    let mut text = String::new();
    for id in from..from + count {
        writeln!(text, "INSERT INTO event_store.a (id, v) VALUES ({id}, '{filler}');").unwrap();
    }
    text
}

/// The same as rows of one COPY.
fn copy(from: usize, count: usize) -> String {
    let filler = "é it's; COMMIT; -- $$ ".repeat(330);
    let mut text = "COPY event_store.a (id, v) FROM stdin;\n".to_owned();
    for id in from..from + count {
        writeln!(text, "{id}\t{filler}").unwrap();
    }
    text + "\\.\n"
}

fn count(project: &Project) -> Vec<String> {
    rows(&mut project.events(), "SELECT count(*), max(id) FROM event_store.a")
}

#[test]
fn a_seed_is_read_while_it_runs() {
    let project = store(&[FIRST, ("V3__b.sql", "CREATE TABLE b ();\n")]);
    let text = format!("-- labels: seed\n{}{}SELECT 1;\n", inserts(0, MANY), copy(MANY, MANY));
    project.write(&format!("{STORE}/{SEED}"), &text);
    let (code, found) = checked(&project, &[]);
    assert_eq!((code, found.len()), (3, 1), "{found:#?}");
    ends(&project, &["migrate", "--dry-run"], 0, &["MB of statements, read while they run"]);
    ends(&project, &["migrate"], 0, &["event_store is at V3__b, 3 revisions applied"]);
    assert_eq!(count(&project), [format!("({},{})", 2 * MANY, 2 * MANY - 1)]);
    is_clean(&project);
    ends(&project, &["migrate"], 0, &["nothing to do"]);
    ends(&project, &["show", "seed"], 0, &["V2__seed"]);
    refused(
        &project,
        &["migrate", "--sql"],
        1,
        &["V2__seed.sql:1:1: a file of 3", "no part of a script"],
    );
    // Another byte anywhere is an edit.
    project.write(&format!("{STORE}/{SEED}"), &text.replace("SELECT 1;\n", "SELECT 2;\n"));
    finds(&project, &[], 4, &["V2__seed of event_store was applied on"]);
    project.write(&format!("{STORE}/{SEED}"), &text);
    is_clean(&project);
    project.ok(&["repair", "--accept", "edited"]);
}

#[test]
fn what_is_wrong_in_a_seed_has_its_line_and_keeps_nothing() {
    let many = inserts(0, MANY);
    for (text, said) in [
        (
            format!("{many}{}", inserts(7, 1)),
            format!("V2__seed.sql:{}:1: revision V2__seed", MANY + 1),
        ),
        (
            format!("{many}INSERT INTO nosuch VALUES (1);\n"),
            format!("V2__seed.sql:{}:13: revision", MANY + 1),
        ),
        (
            format!("{many}COMMIT;\n"),
            format!("V2__seed.sql:{}:1: a revision cannot begin or end", MANY + 1),
        ),
        (
            format!("{many}SELECT 'x"),
            format!("V2__seed.sql:{}:8: the string that begins", MANY + 1),
        ),
        (
            format!("{many}-- +goose Down\n{}", inserts(MANY, MANY)),
            format!("V2__seed.sql:{}:1: the way back", MANY + 1),
        ),
        (
            format!("{many}CREATE ROLE nobody_has_this;\n"),
            format!("V2__seed.sql:{}:1: a file of this size", MANY + 1),
        ),
        (
            format!("{}x\ty\n\\.\n", copy(0, MANY).trim_end_matches("\\.\n")),
            format!("V2__seed.sql:{}:1: revision", MANY + 2),
        ),
        (copy(0, MANY).replace("\\.\n", ""), "are not ended by a line".to_owned()),
        (
            format!("-- transaction: none\n{many}"),
            "V2__seed.sql:1:1: a file of this size runs in".to_owned(),
        ),
        (
            format!("{many}\\connect other\n"),
            format!("V2__seed.sql:{}:1: the psql command", MANY + 1),
        ),
    ] {
        let project = store(&[FIRST]);
        project.ok(&["migrate"]);
        project.write(&format!("{STORE}/{SEED}"), &text);
        ends(&project, &["migrate"], 1, &[&said]);
        assert_eq!(count(&project), ["(0,)"], "{said}");
    }
    let project = store(&[FIRST]);
    let mut bytes = many.into_bytes();
    bytes.extend_from_slice(b"SELECT '\xff';\n");
    std::fs::write(project.folder.path().join(STORE).join(SEED), bytes).unwrap();
    ends(&project, &["migrate"], 1, &["V2__seed.sql", "it is not UTF-8 at byte"]);
}

#[test]
fn each_statement_of_a_seed_keeps_its_place() {
    let loud = "CREATE TABLE a (id int PRIMARY KEY, v text);\n\
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n\
        IF NEW.v LIKE 'loud%' THEN RAISE WARNING '% is here', NEW.v; END IF; RETURN NEW; END $$;\n\
        CREATE TRIGGER tell BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION tell();\n";
    let project = store(&[("V1__a.sql", loud)]);
    project.ok(&["migrate"]);
    let lines = |broken: &str| {
        let mut text = String::new();
        for id in 1..=1_000 {
            let word = if id % 300 == 7 { "loud" } else { "quiet" };
            let line = match id {
                // Somebody else's turn: all before it has run.
                400 => {
                    "DO $$ BEGIN ASSERT (SELECT count(*) FROM a) = 399; END $$; INSERT INTO a VALUES (400);\n"
                }
                500 => "COPY a FROM stdin;\n500\tx\n\\.\n",
                600 => {
                    "/* a word before it */ UPDATE a SET v = v || '!' WHERE id < 3; insert\tinto a VALUES (600);\n"
                }
                700 => "DELETE FROM a WHERE id = 699;INSERT INTO a VALUES (700);\n",
                900 if !broken.is_empty() => broken,
                _ => &format!("INSERT INTO a (id, v) VALUES ({id}, '{word} {id}');\n"),
            };
            text.push_str(line);
        }
        text
    };
    // Lines behind the COPY are two further down.
    for (broken, place, said) in [
        ("INSERT INTO a VALUES (1);\n", "902:1", "duplicate key"),
        ("INSERT INTO a (id, nosuch) VALUES (1, 2);\n", "902:20", "nosuch"),
        ("INSERT INTO a VALUES (900); INSERT INTO a VALUES (1/0);\n", "902:29", "division by zero"),
        ("DELETE FROM nosuch;\n", "902:13", "nosuch"),
    ] {
        project.write(&format!("{STORE}/{SEED}"), &lines(broken));
        ends(&project, &["migrate"], 1, &[&format!("{SEED}:{place}: revision V2__seed"), said]);
        assert_eq!(count(&project), ["(0,)"], "{said}");
    }
    project.write(&format!("{STORE}/{SEED}"), &lines(""));
    let ran = project.run(&["migrate"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let told: Vec<&str> = ran.stderr.lines().filter(|l| l.starts_with("warning: ")).collect();
    let at =
        |line: usize, id: usize| format!("warning: {STORE}/{SEED}:{line}:1: loud {id} is here");
    assert_eq!(told, [at(7, 7), at(307, 307), at(609, 607), at(909, 907)]);
    assert_eq!(count(&project), ["(999,1000)"]);
}

#[test]
fn a_seed_is_read_by_nobody_else() {
    // A file of 3 GB that is all NUL: whoever reads it fails, or takes long.
    let project = Project::orders();
    project.ok(&["migrate"]);
    let seed = File::create(project.folder.path().join(STORE).join(SEED)).unwrap();
    seed.set_len(3 << 30).unwrap();
    for command in [&["status"][..], &["heads"], &["history"], &["branches"], &["show", "1"]] {
        project.ok(command);
    }
    ends(&project, &["migrate", "1"], 0, &["nothing to do"]);
    // Only seeds of the event store are streamed.
    for path in [format!("{STORE}/V1__a.down.sql"), "projections/p/schema/V1__p.sql".to_owned()] {
        let project = store(&[FIRST]);
        project.write("projections/p/handlers.sql", "-- on A\n");
        project.write(&path, "");
        let large = File::create(project.folder.path().join(&path)).unwrap();
        large.set_len(20 << 20).unwrap();
        refused(&project, &["migrate"], 1, &["bytes, and 16777216 are the most"]);
    }
}

/// The text at hand is its head, which tells nothing of what comes behind it.
#[test]
fn what_a_seed_sets_is_taken_back() {
    let first =
        "CREATE TABLE a (id int PRIMARY KEY, v text);\nCREATE TABLE b (a int REFERENCES a);\n";
    let project = store(&[("V1__a.sql", first), ("V3__b.sql", "INSERT INTO b VALUES (-1);\n")]);
    let set = "INSERT INTO event_store.a (id, v) VALUES (0, set_config('session_replication_role', 'replica', false));\n";
    let text = format!("-- labels: seed\n{}{set}", copy(1, 2 * MANY));
    project.write(&format!("{STORE}/{SEED}"), &text);
    ends(&project, &["migrate"], 1, &["V3__b.sql:1:1", "violates foreign key constraint"]);
}
