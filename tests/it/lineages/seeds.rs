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
