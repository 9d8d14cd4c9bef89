//! No files of the program import each other in a circle, however many lie between them: whoever reads one can read
//! what it stands on without coming back to it.
//!
//! A module and what lies in its folder are one thing here: the one declares the other, and hands its names on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Module = Vec<String>;

/// The paths that `use` statements name, groups written out.
fn imports(code: &str) -> Vec<Module> {
    let mut found = Vec::new();
    let statements = code.split(';').filter_map(|statement| {
        let from = statement.lines().position(|line| {
            let line = line.trim_start();
            let line = line.strip_prefix("pub(").map_or(line, |rest| {
                rest.split_once(')').map_or(rest, |(_, rest)| rest.trim_start())
            });
            line.strip_prefix("pub ").unwrap_or(line).starts_with("use ")
        })?;
        let lines: Vec<&str> = statement.lines().skip(from).collect();
        let text = lines.join(" ");
        text.split_once("use ").map(|(_, path)| path.trim().to_owned())
    });
    for statement in statements {
        expand(&statement, &[], &mut found);
    }
    found
}

fn expand(text: &str, before: &[String], found: &mut Vec<Module>) {
    let (head, group) = match text.find('{') {
        Some(at) => (
            &text[..at],
            Some(text[at + 1..].trim_end().strip_suffix('}').unwrap_or(&text[at + 1..])),
        ),
        None => (text, None),
    };
    let parts = head.split("::").map(|part| part.split(" as ").next().unwrap_or(part).trim());
    let path: Module =
        before.iter().cloned().chain(parts.filter(|p| !p.is_empty()).map(str::to_owned)).collect();
    let Some(group) = group else { return found.push(path) };
    let (mut depth, mut word) = (0, String::new());
    for c in group.chars().chain([',']) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let one = std::mem::take(&mut word);
                if !one.trim().is_empty() {
                    expand(one.trim(), &path, found);
                }
                continue;
            }
            _ => {}
        }
        word.push(c);
    }
}

/// The module that a path leads into, as deep as there are files.
fn target(own: &[String], path: &[String], files: &BTreeMap<Module, String>) -> Option<Module> {
    let mut at: Module = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" => own.to_vec(),
        "super" => own[..own.len().checked_sub(1)?].to_vec(),
        _ => return None,
    };
    for part in &path[1..] {
        if part == "super" {
            at.pop();
            continue;
        }
        let deeper: Module = at.iter().cloned().chain([part.clone()]).collect();
        if !files.contains_key(&deeper) {
            break;
        }
        at = deeper;
    }
    files.contains_key(&at).then_some(at)
}

/// The modules that are part of a circle, or lead from one to another.
fn circle(files: &BTreeMap<Module, String>) -> BTreeSet<String> {
    let is_within = |a: &Module, b: &Module| a.starts_with(b) || b.starts_with(a);
    let mut arrows: BTreeSet<(Module, Module)> = BTreeSet::new();
    for (own, code) in files {
        let targets = imports(code).into_iter().filter_map(|path| target(own, &path, files));
        arrows.extend(targets.filter(|to| !is_within(own, to)).map(|to| (own.clone(), to)));
    }
    loop {
        let starts: BTreeSet<&Module> = arrows.iter().map(|(from, _)| from).collect();
        let ends: BTreeSet<&Module> = arrows.iter().map(|(_, to)| to).collect();
        let goes_on = |(from, to): &&(Module, Module)| starts.contains(to) && ends.contains(from);
        let left: BTreeSet<(Module, Module)> = arrows.iter().filter(goes_on).cloned().collect();
        if left.len() == arrows.len() {
            return arrows.iter().map(|(from, _)| from.join("::")).collect();
        }
        arrows = left;
    }
}

fn read(folder: &Path, at: &[String], files: &mut BTreeMap<Module, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let module: Module = at.iter().cloned().chain([name.clone()]).collect();
        if path.is_dir() {
            read(&path, &module, files);
        } else if path.extension().is_some_and(|e| e == "rs")
            && !["tests", "lib", "main"].contains(&name.as_str())
        {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap().to_owned();
            files.insert(module, code);
        }
    }
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut files = BTreeMap::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &[], &mut files);
    assert!(files.len() > 300, "{}", files.len());
    assert_eq!(circle(&files), BTreeSet::new());
}

#[test]
fn a_circle_of_any_length_is_seen() {
    let seen = |files: &[(&str, &str)]| {
        let module = |name: &str| name.split("::").map(str::to_owned).collect::<Module>();
        let files = files.iter().map(|(name, code)| (module(name), (*code).to_owned()));
        circle(&files.collect()).into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        seen(&[("a", "use crate::b::B;"), ("b", "use crate::c::{self, C};"), ("c", "")]),
        ""
    );
    assert_eq!(seen(&[("a", "use crate::b::B;"), ("b", "pub(crate) use crate::a::A;")]), "a b");
    let three = [
        ("a", "mod b; mod c;"),
        ("a::b", "use super::{A, c::{self, C}};"),
        ("a::c", "use crate::{\n    d::D,\n    e,\n};"),
        ("d", "fn f() {}\n\nuse super::a::b::B;"),
        ("e", "use crate::a::A;"),
    ];
    assert_eq!(seen(&three), "a::b a::c d");
    // A folder and its module.
    assert_eq!(seen(&[("a", "use b::B; use self::b::B;"), ("a::b", "use super::A;")]), "");
}
