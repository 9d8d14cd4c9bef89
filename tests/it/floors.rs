//! The floors of the house: imports go down, never up (ARCHITECTURE.md has the table).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms by floor, from the ground up.
const FLOORS: [&[&str]; 6] = [
    &[
        "ident", "event", "value", "progress", "source", "failure", "anchor", "visible", "figures",
        "html", "spelling",
    ],
    &[
        "revision",
        "upcast",
        "handler",
        "copy_format",
        "cell",
        "definition",
        "ddl",
        "lint",
        "schema",
        "report",
    ],
    &["config", "bulk", "project", "pg", "log", "ledger", "dev_cluster", "context", "identity"],
    &["replay"],
    &[
        "as_of",
        "adopt",
        "build_report",
        "migrate",
        "in_place",
        "rebuild",
        "promote",
        "follow",
        "check",
        "census",
        "status",
        "service",
        "steer",
        "parked",
        "preview",
        "trace",
        "repair",
        "projection_test",
        "transfer",
        "demo",
        "scaffold",
        "scratch",
        "autogenerate",
        "verify",
        "verify_down",
        "wait",
        "preflight",
        "error",
    ],
    &["cli", "main", "regrow"],
];

const WORK: usize = 4;

/// Who may import whom on the work floor. Everything else meets in the ledger and in `replay`; a new
/// arrow is a decision, and this is where it is taken.
const SIDEWAYS: &[(&str, &[&str])] = &[
    // Scratch databases are made by running revisions; whoever tries files stands on them.
    ("scratch", &["migrate"]),
    ("autogenerate", &["migrate", "scratch"]),
    ("verify_down", &["migrate", "scratch"]),
    // A build's tables are migrated when it is made, and `--promote` ends with the switch.
    ("rebuild", &["migrate", "preflight", "promote", "scratch"]),
    ("promote", &["migrate", "scratch"]),
    ("in_place", &["migrate", "promote"]),
    // A point of the log is built like a rebuild, and shown and dropped like a build.
    ("as_of", &["promote", "rebuild"]),
    // Its views are made as those of a point of the log are.
    ("preview", &["promote"]),
    // What is compared with the log is built like a rebuild, and dropped like a build.
    // Rows of a sample are replayed as those of a trace are.
    ("verify", &["promote", "rebuild", "scratch", "trace"]),
    // One page of what the others say of a build.
    ("build_report", &["rebuild", "verify"]),
    // What reports looks at what the others would say.
    ("preflight", &["census", "promote", "scratch"]),
    // Views that readers see may not be ours any more.
    ("status", &["promote", "rebuild"]),
    // Readers see a build by the views that a promote has made.
    ("wait", &["promote"]),
    // What is served is what `status` tells.
    ("service", &["status"]),
    // What is cancelled is dropped like any build.
    ("steer", &["promote"]),
    // Rows are replayed where nothing live is.
    ("trace", &["migrate", "scratch"]),
    // A row is made again from the events that a trace of it reads.
    ("repair", &["migrate", "scratch", "trace"]),
    ("projection_test", &["migrate", "scratch"]),
    ("check", &["census", "in_place", "migrate", "promote", "rebuild", "scratch", "status"]),
    // Every error of the work floor becomes the one of the crate there.
    (
        "error",
        &[
            "as_of",
            "adopt",
            "census",
            "check",
            "demo",
            "follow",
            "in_place",
            "migrate",
            "parked",
            "preflight",
            "preview",
            "projection_test",
            "promote",
            "rebuild",
            "repair",
            "scaffold",
            "service",
            "status",
            "steer",
            "trace",
            "transfer",
            "verify",
            "wait",
        ],
    ),
    // A day in the life of a project, told by the rooms themselves.
    ("demo", &["follow", "migrate", "promote", "rebuild", "transfer"]),
];

fn floor_of(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The rooms that a text imports or names: `crate::room`, also in groups (`use crate::{a::B, c}`).
fn targets(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in code.split("crate::").skip(1) {
        if let Some(group) = part.strip_prefix('{') {
            let (mut depth, mut word) = (1, String::new());
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 1 => found.push(std::mem::take(&mut word)),
                    c if depth == 1 => word.push(c),
                    _ => {}
                }
                if depth == 0 {
                    found.push(std::mem::take(&mut word));
                    break;
                }
            }
        } else {
            found.push(part.to_owned());
        }
    }
    let first = |text: &String| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    found.iter().map(first).filter(|room| floor_of(room).is_some()).collect()
}

/// What is wrong with the imports of rooms, given as (file, room, code).
fn breaches(rooms: &[(String, String, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut arrows: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (file, room, code) in rooms {
        let own = floor_of(room).unwrap_or_else(|| panic!("{room} has no floor"));
        for target in targets(code).into_iter().filter(|target| target != room) {
            let floor = floor_of(&target).unwrap();
            let listed =
                SIDEWAYS.iter().any(|(from, to)| from == room && to.contains(&target.as_str()));
            if floor > own {
                wrong.push(format!("{file}: up from {room} to {target}"));
            } else if floor == own && own == WORK && !listed {
                wrong
                    .push(format!("{file}: sideways from {room} to {target}, which is not listed"));
            }
            arrows.entry(room).or_default().insert(target);
        }
    }
    // Rooms that lead nowhere are taken away until none is left, or only circles are.
    let mut left: BTreeSet<String> = arrows.keys().map(|room| (*room).to_owned()).collect();
    loop {
        let leads = |room: &String| arrows[room.as_str()].iter().any(|to| left.contains(to));
        let rest: BTreeSet<String> = left.iter().filter(|room| leads(room)).cloned().collect();
        if rest.len() == left.len() {
            break;
        }
        left = rest;
    }
    if !left.is_empty() {
        wrong.push(format!("a circle among {left:?}"));
    }
    wrong
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source file with its top room and its text without tests.
fn rooms() -> Vec<(PathBuf, String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    files
        .into_iter()
        .filter(|path| path.file_name().unwrap() != "tests.rs")
        .map(|path| {
            let relative = path.strip_prefix(&src).unwrap();
            let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
            let room = first.trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
            (path.clone(), room, code)
        })
        .collect()
}

#[test]
fn imports_go_down() {
    let rooms: Vec<_> = rooms()
        .into_iter()
        .filter(|(_, room, _)| room != "lib")
        .map(|(path, room, code)| (path.display().to_string(), room, code))
        .collect();
    let wrong = breaches(&rooms);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A listed arrow that nobody needs any more is taken off the list.
    for (from, list) in SIDEWAYS {
        let own: Vec<_> = rooms.iter().filter(|(_, room, _)| room == from).collect();
        for to in *list {
            let used = own.iter().any(|(.., code)| targets(code).iter().any(|target| target == to));
            assert!(used, "{from} does not import {to} any more");
        }
    }
}

#[test]
fn a_breach_of_each_kind_is_seen() {
    let seen = |rooms: &[(&str, &str)]| {
        let rooms: Vec<_> = rooms
            .iter()
            .map(|(room, code)| (format!("{room}.rs"), (*room).to_owned(), (*code).to_owned()))
            .collect();
        breaches(&rooms).join("; ")
    };
    assert_eq!(
        seen(&[("rebuild", "use crate::ledger::Build;"), ("ledger", "use crate::pg::Pg;")]),
        ""
    );
    assert_eq!(seen(&[("ledger", "use crate::promote;")]), "ledger.rs: up from ledger to promote");
    assert_eq!(
        seen(&[("ledger", "use crate::{pg::{Pg, Sql}, promote::{self, Swap}};")]),
        "ledger.rs: up from ledger to promote"
    );
    assert_eq!(
        seen(&[("follow", "fn f() { crate::promote::promote() }")]),
        "follow.rs: sideways from follow to promote, which is not listed"
    );
    assert_eq!(
        seen(&[
            ("pg", "use crate::log::Log;"),
            ("log", "use crate::{config, pg};"),
            ("cli", "use crate::pg;")
        ]),
        r#"a circle among {"cli", "log", "pg"}"#
    );
}

#[test]
fn only_the_edges_name_the_driver_and_the_file_system() {
    let forbidden: BTreeMap<usize, &[&str]> = BTreeMap::from([
        (
            0,
            &["postgres::", "std::fs", "std::env", "std::time::Instant", "SystemTime", "println!"]
                [..],
        ),
        (
            1,
            &["postgres::", "std::fs", "std::env", "std::time::Instant", "SystemTime", "println!"]
                [..],
        ),
        (2, &["println!", "std::env::var", "std::process::exit"][..]),
        (3, &["postgres::", "std::fs", "std::env", "println!", "std::process::exit"][..]),
        (4, &["postgres::", "std::fs", "std::env", "println!", "std::process::exit"][..]),
    ]);
    let mut breaches = Vec::new();
    for (path, room, code) in rooms() {
        let Some(words) = floor_of(&room).and_then(|floor| forbidden.get(&floor)) else { continue };
        for (number, line) in code.lines().enumerate() {
            let comment = line.trim_start().starts_with("//");
            for word in words.iter().filter(|word| line.contains(**word) && !comment) {
                breaches.push(format!("{}:{} names {word}", path.display(), number + 1));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_sql_engine_knows_nothing_of_the_native_one() {
    let of_sql = |path: &Path| path.to_str().unwrap().contains("replay/sql");
    let rooms: Vec<_> = rooms().into_iter().filter(|(path, ..)| of_sql(path)).collect();
    assert!(rooms.len() > 3, "{}", rooms.len());
    for (path, _, code) in rooms {
        assert!(!code.contains("native"), "{} names the native engine", path.display());
    }
}
