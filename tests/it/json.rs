//! What `--json` prints: the shapes stay what they are.
//!
//! The files in `tests/data/json` have every member of what commands print, in order and with its type. Who changes a
//! shape on purpose changes them, too: a test that fails leaves what it has seen in the folder of temporary files.

mod now_and_then;
mod page;
mod types;

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

pub(crate) use page::{is_a_line, is_of_a_shape};

/// Every member of a value in its order, a line each: `builds[].position: integer`. Elements of an array are
/// taken together.
pub(crate) fn members(value: &Value) -> Vec<(String, String)> {
    let mut found: Vec<(String, Vec<&'static str>)> = Vec::new();
    look(value, "", &mut found);
    let line = |(path, mut types): (String, Vec<&'static str>)| {
        types.sort_unstable();
        (path, types.join(" or "))
    };
    found.into_iter().map(line).collect()
}

fn look(value: &Value, path: &str, found: &mut Vec<(String, Vec<&'static str>)>) {
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    match found.iter_mut().find(|(known, _)| known == path) {
        Some((_, types)) if types.contains(&is) => {}
        Some((_, types)) => types.push(is),
        None => found.push((path.to_owned(), vec![is])),
    }
    match value {
        Value::Array(all) => all.iter().for_each(|one| look(one, &format!("{path}[]"), found)),
        Value::Object(all) => {
            let dot = if path.is_empty() { "" } else { "." };
            all.iter().for_each(|(key, one)| look(one, &format!("{path}{dot}{key}"), found));
        }
        _ => {}
    }
}

/// The shapes of what was printed, in order.
#[derive(Default)]
pub(crate) struct Shapes(String);

impl Shapes {
    /// Takes note of what a command has printed.
    pub(crate) fn note(&mut self, args: &[&str], value: &Value) {
        writeln!(self.0, "# regrow {}", args.join(" ")).unwrap();
        for (path, types) in members(value) {
            let path = if path.is_empty() { "." } else { &path };
            writeln!(self.0, "{path}: {types}").unwrap();
        }
        self.0.push('\n');
    }

    /// Compares everything with what it was.
    #[track_caller]
    pub(crate) fn are_those_of(&self, file: &str) {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/json").join(file);
        let kept = std::fs::read_to_string(kept).unwrap_or_default();
        if kept == self.0 {
            return;
        }
        let seen = std::env::temp_dir().join(format!("regrow-json-{file}"));
        std::fs::write(&seen, &self.0).unwrap();
        let mut command = "";
        for (number, (was, is)) in
            kept.lines().chain([""]).zip(self.0.lines().chain([""])).enumerate()
        {
            command = if is.starts_with('#') { is } else { command };
            assert_eq!(is, was, "{file}:{}, {command}; all of it: {}", number + 1, seen.display());
        }
        panic!("{file} ends elsewhere; all of it: {}", seen.display());
    }
}
