//! Other tools' files: each name and each comment of theirs is read for what it is, or refused with
//! the way, and nothing that looks like a revision is passed over in silence.

use super::{STORE, checked, ends, finds, live, refused, store};
use crate::bench::{Project, rows};

const FIRST: (&str, &str) = ("V1__a.sql", "CREATE TABLE a (id int PRIMARY KEY);\n");

/// Names as other tools give them, and what is said of each.
const NAMES: [(&str, &str); 20] = [
    ("V3__rust.rs", "save what its migration() gives as V3__rust.sql"),
    ("V5__upper.SQL", "rename it to V5__upper.sql"),
    ("U4__x.sql", "rename it to V4__x.sql"),
    ("R__view.sql", "runs such a file again"),
    ("B7__base.sql", "regrow stamp 7"),
    ("V1.1__x.sql", "rename it to V1001__x.sql"),
    ("000002_x.up.sql", "rename it to V2__x.sql"),
    ("000002_x.down.sql", "rename it to V2__x.down.sql"),
    ("20260301101500_x.sql", "rename it to V20260301101500__x.sql"),
    ("002.do.x.sql", "rename it to V2__x.sql"),
    ("2026-03-01-101500_x/up.sql", "rename it to V20260301101500__x.sql"),
    ("20260301_x/migration.sql", "rename it to V20260301__x.sql"),
    ("deploy/users.sql", "sqitch.plan"),
    ("versions/ae1027a6acf_x.py", "regrow stamp --from-alembic"),
    ("1700000000000_x.js", "save the statements that this"),
    ("db.changelog.yaml", "liquibase update-sql"),
    ("V2__x.sql.gz", "unpack it"),
    ("V2__x.sql.orig", "take it away"),
    ("V2__x", "a revision is SQL"),
    ("V2__x.sql.txt", "a revision is SQL"),
];

#[test]
fn no_other_tools_name_is_passed_over() {
    for (name, said) in NAMES {
        let project = store(&[FIRST]);
        let path = format!("{STORE}/{name}");
        project.write(&path, "SELECT 1;\n");
        finds(&project, &["--only", "migrations"], 1, &[&format!("mistake - - {path}: "), said]);
        refused(&project, &["migrate"], 1, &[&path, said]);
    }
    // What is no revision by any reading may lie there.
    let project = store(&[FIRST]);
    for name in
        ["README.md", ".gitkeep", "V1__a.sql~", "V1__a.md", "notes.txt", "mod.rs", "2026/README"]
    {
        project.write(&format!("{STORE}/{name}"), "SELECT 1;\n");
    }
    ends(&project, &["migrate"], 0, &["event_store is at V1__a, 1 revision applied"]);
}

#[test]
fn folders_of_revisions_are_read_as_refinery_reads_them() {
    let project = store(&[FIRST]);
    project.write(&format!("{STORE}/2026/03/V3__c.sql"), "CREATE TABLE c ();\n");
    project.write(&format!("{STORE}/2026/V2__b.sql"), "CREATE TABLE b ();\n");
    project.write(&format!("{STORE}/2026/V2__b.down.sql"), "DROP TABLE b;\n");
    ends(&project, &["migrate"], 0, &["event_store is at V3__c, 3 revisions applied"]);
    project.write(&format!("{STORE}/2027/V2__again.sql"), "SELECT 1;\n");
    refused(&project, &["migrate"], 1, &["2026/V2__b.sql and ", "have the same version"]);
}

#[test]
fn what_lies_beside_its_folder_is_not_passed_over() {
    for path in ["migrations/V2__b.sql", "migrations/eventstore/V2__b.sql", "migrations/0002_b.sql"]
    {
        let project = store(&[FIRST]);
        project.write(path, "CREATE TABLE b ();\n");
        let said = [path, "the revisions of event_store lie in migrations/event_store"];
        refused(&project, &["migrate"], 1, &said);
        finds(&project, &["--only", "migrations"], 1, &said);
    }
    let order = "projections/order_summary";
    for path in ["V2__b.sql", "migrations/V2__b.sql", "schema_old/V2__b.sql"] {
        let project = Project::orders();
        project.write(&format!("{order}/{path}"), "CREATE TABLE b ();\n");
        project.ok(&["migrate"]);
        let said = "the revisions of order_summary lie in projections/order_summary/schema";
        refused(&project, &["rebuild", "order_summary"], 1, &[path, said]);
        finds(&project, &["--only", "migrations"], 1, &[path, said]);
    }
    let project = Project::orders();
    project.write("projections/V2__b.sql", "CREATE TABLE b ();\n");
    refused(&project, &["migrate"], 1, &["lie in projections/NAME/schema"]);
    for path in ["OrderCreated.TOML", "orders/OrderCreated.toml", "OrderCreated.jq"] {
        let project = Project::orders();
        project.write(&format!("migrations/events/{path}"), "");
        refused(&project, &["check"], 1, &[path, "migrations/events/<EventType>.toml"]);
    }
    // Who adopts a log has another tool's migrations beside, and they are that tool's.
    let project = Project::empty();
    project.write(
        "config.toml",
        "[event_store.adopt]\npreset = \"eventsourcing\"\ntable = \"public.log\"\n",
    );
    project.write("migrations/0002_b.sql", "CREATE TABLE b ();\n");
    project.ok(&["history"]);
}

#[test]
#[cfg(unix)]
fn what_cannot_be_read_is_not_passed_over() {
    use std::os::unix::ffi::OsStrExt as _;
    let project = store(&[FIRST]);
    let folder = project.folder.path().join(STORE);
    std::os::unix::fs::symlink("nowhere.sql", folder.join("V2__b.sql")).unwrap();
    refused(&project, &["migrate"], 1, &["V2__b.sql", "nothing is behind it"]);
    std::fs::remove_file(folder.join("V2__b.sql")).unwrap();
    std::os::unix::fs::symlink(".", folder.join("round")).unwrap();
    refused(&project, &["migrate"], 1, &["round", "too deep"]);
    std::fs::remove_file(folder.join("round")).unwrap();
    let name = std::ffi::OsStr::from_bytes(b"V2__caf\xe9.sql");
    std::fs::write(folder.join(name), "SELECT 1;").unwrap();
    refused(&project, &["migrate"], 1, &["its name is not UTF-8"]);
    std::fs::remove_file(folder.join(name)).unwrap();
    project.ok(&["migrate"]);
}

/// Files with both ways in one, and the line where the other begins.
const BOTH: [(&str, usize); 8] = [
    ("-- +goose Up\nCREATE TABLE b ();\n\n-- +goose Down\nDROP TABLE b;\n", 4),
    ("-- migrate:up\nCREATE TABLE b ();\n-- migrate:down\nDROP TABLE a;\n", 3),
    ("-- +migrate Up\nCREATE TABLE b ();\n-- +migrate Down\nDROP TABLE a;\n", 3),
    ("CREATE TABLE b ();\n---- create above / drop below ----\nDROP TABLE b;\n", 2),
    ("-- Up Migration\nCREATE TABLE b ();\n-- Down Migration\nDROP TABLE a;\n", 3),
    ("-- // b\nCREATE TABLE b ();\n-- //@UNDO\nDROP TABLE b;\n", 3),
    ("CREATE TABLE b ();\n/* Down */\nDROP TABLE a;\n", 2),
    ("CREATE TABLE b ();\r\n-- ROLLBACK\r\nDROP TABLE a;\r\n", 2),
];

#[test]
fn a_file_with_both_ways_never_runs_whole() {
    let path = format!("{STORE}/V2__b.sql");
    let project = store(&[FIRST]);
    project.ok(&["migrate"]);
    let there = |project: &Project| {
        rows(
            &mut project.events(),
            "SELECT to_regclass('event_store.a'), to_regclass('event_store.b')",
        )
    };
    for (text, line) in BOTH {
        project.write(&path, text);
        let said = [&format!("{path}:{line}:1: the way back begins here"), "V2__b.down.sql"];
        refused(&project, &["migrate"], 1, &said);
        refused(&project, &["migrate", "--sql"], 1, &said);
        finds(&project, &["--only", "migrations"], 1, &[&format!("mistake {path}:{line}:1")]);
        assert_eq!(there(&project), ["(event_store.a,)"], "{text}");
        // Divided as it is said, it runs.
        let at = text
            .lines()
            .take(line - 1)
            .map(|l| text[text.find(l).unwrap()..].find('\n').unwrap() + 1)
            .sum();
        let (up, down) = text.split_at(at);
        project.write(&path, up);
        project.write(&format!("{STORE}/V2__b.down.sql"), down);
        ends(&project, &["migrate"], 0, &["event_store is at V2__b"]);
        assert_eq!(there(&project), ["(event_store.a,event_store.b)"], "{text}");
        project
            .events()
            .batch_execute("DROP TABLE IF EXISTS event_store.b; CREATE TABLE event_store.b ()")
            .unwrap();
        project.write(&format!("{STORE}/V2__b.down.sql"), "DROP TABLE b;");
        project.ok(&["downgrade", "-1"]);
        super::remove(&project, &format!("{STORE}/V2__b.down.sql"));
    }
    for (text, said) in [
        ("-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n", "-- transaction: none"),
        ("--liquibase formatted sql\n--changeset me:1\nSELECT 1;\n", "each changeset"),
    ] {
        project.write(&path, text);
        refused(&project, &["migrate"], 1, &[&format!("{path}:1:1: "), said]);
    }
    project.write(&path, "-- +goose Up\nSELECT 1;\n-- +goose Down\n-- nothing to take back\n");
    ends(&project, &["migrate"], 0, &["event_store is at V2__b"]);
}

#[test]
fn a_projections_file_with_both_ways_is_not_built() {
    let project = live();
    let text = "-- migrate:up\nALTER TABLE order_summary ADD COLUMN n int;\n-- migrate:down\n\
                ALTER TABLE order_summary DROP COLUMN n;\n";
    project.write("projections/order_summary/schema/V2__n.sql", text);
    let said = "V2__n.sql:3:1: the way back begins here";
    let (code, found) = checked(&project, &[]);
    assert!(
        code == 1 && found.iter().filter(|f| f.contains("way back begins")).count() == 1,
        "{found:#?}"
    );
    ends(&project, &["rebuild", "order_summary"], 1, &[said]);
}
