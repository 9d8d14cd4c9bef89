//! The floors of the house: imports go down, never up (ARCHITECTURE.md has the table).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms by floor, from the ground up.
const FLOORS: [&[&str]; 5] = [
    &["ident", "event", "value", "progress", "source", "failure", "anchor", "visible"],
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
    ],
    &["config", "bulk", "project", "pg", "log", "ledger", "dev_cluster"],
    &[
        "migrate",
        "in_place",
        "rebuild",
        "promote",
        "follow",
        "check",
        "census",
        "status",
        "transfer",
        "site",
        "identity",
        "demo",
        "scratch",
        "autogenerate",
        "verify_down",
        "preflight",
    ],
    &["cli", "main"],
];

fn floor_of(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
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
    let mut breaches = Vec::new();
    for (path, room, code) in rooms() {
        if room == "lib" {
            continue;
        }
        let own = floor_of(&room).unwrap_or_else(|| panic!("{room} has no floor"));
        for part in code.split("crate::").skip(1) {
            let target: String =
                part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(floor) = floor_of(&target) else { continue };
            if floor > own {
                breaches.push(format!(
                    "{} (floor {own}) uses {target} (floor {floor})",
                    path.display()
                ));
            }
            if own == 0 && target != room && floor_of(&target) == Some(0) {
                continue;
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
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
    let of_sql = |path: &Path| path.to_str().unwrap().contains("rebuild/sql_engine");
    let rooms: Vec<_> = rooms().into_iter().filter(|(path, ..)| of_sql(path)).collect();
    assert!(rooms.len() > 3, "{}", rooms.len());
    for (path, _, code) in rooms {
        assert!(!code.contains("native"), "{} names the native engine", path.display());
    }
}
