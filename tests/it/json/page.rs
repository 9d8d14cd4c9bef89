//! docs/json.md is what the types of `src/report` say, and what commands print is on it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

use super::types::{Shape, Type, Types};

static TYPES: LazyLock<Types> = LazyLock::new(Types::read);

/// What stands above the part that is written here.
const BEGINS: &str = "<!-- From here on the page is written from the types in src/report: tests/it/json/page.rs. -->\n";

#[test]
fn the_page_has_every_member_and_no_other() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (head, kept) = page.split_once(BEGINS).expect("where the page goes on by itself");
    let written = written();
    if kept == written {
        return;
    }
    let seen = std::env::temp_dir().join("regrow-json.md");
    std::fs::write(&seen, format!("{head}{BEGINS}{written}")).unwrap();
    for (is, was) in written.lines().chain([""]).zip(kept.lines().chain([""])) {
        assert_eq!(
            was,
            is,
            "docs/json.md and src/report differ; as it should be: {}",
            seen.display()
        );
    }
    panic!("docs/json.md ends elsewhere; as it should be: {}", seen.display());
}

/// Takes note that a value was printed, which must be of a shape that is on the page.
#[track_caller]
pub(crate) fn is_of_a_shape(args: &[&str], value: &Value) {
    let misfits: Vec<(&String, String)> = TYPES
        .printed
        .iter()
        .filter_map(|(command, name)| {
            Some((command, TYPES.misfit(value, &Shape::Object(name.clone()))?))
        })
        .collect();
    assert!(misfits.len() < TYPES.printed.len(), "{args:?} is on no page: {value}\n{misfits:#?}");
}

/// The same of a line of a log of objects.
#[track_caller]
pub(crate) fn is_a_line(value: &Value) {
    let mut fields = value.clone();
    for known in ["time", "level", "message"] {
        let text = fields.as_object_mut().unwrap().shift_remove(known);
        assert!(text.is_some_and(|text| text.is_string()), "{known}: {value}");
    }
    let server = ["server", "read_models_server"].iter().find_map(|key| fields.get(key));
    if let Some(server) = server {
        let of_server = Shape::Object("ServerReport".into());
        assert_eq!(TYPES.misfit(server, &of_server), None, "{value}");
        return;
    }
    let mut shapes = TYPES.logged.iter().map(|name| Shape::Object(name.clone()));
    let fits = shapes.any(|shape| TYPES.misfit(&fields, &shape).is_none());
    assert!(fits, "{value} is on no page");
}

/// The page below its head.
fn written() -> String {
    let shared = shared();
    let mut text = String::new();
    let (commands, others): (Vec<_>, Vec<_>) =
        TYPES.printed.iter().partition(|(command, _)| command.starts_with("regrow"));
    for (command, name) in commands.into_iter().chain(others) {
        let commands: Vec<String> = command.split(", ").map(|one| format!("`{one}`")).collect();
        section(&mut text, &format!("## {}", commands.join(", ")), name, &shared);
    }
    text.push_str(
        "\n## Lines on stderr\n\nEach has `time`, `level` and `message` before these members.\n",
    );
    for name in &TYPES.logged {
        let of = TYPES.of(name).unwrap();
        if !of.members.is_empty() {
            section(&mut text, &format!("### {}", of.meaning.trim_end_matches('.')), name, &shared);
        }
    }
    text.push_str("\n## Shapes that several have\n");
    for name in &shared {
        section(&mut text, &format!("### {name}"), name, &shared);
    }
    text
}

fn section(text: &mut String, heading: &str, name: &str, shared: &BTreeSet<String>) {
    let of = TYPES.of(name).unwrap();
    writeln!(text, "\n{heading}\n").unwrap();
    let is_said = of.meaning.starts_with("What `regrow")
        || heading.ends_with(of.meaning.trim_end_matches('.'));
    if !is_said {
        writeln!(text, "{}\n", of.meaning).unwrap();
    }
    text.push_str("| member | type | meaning |\n|---|---|---|\n");
    match &of.list_of {
        Some(Shape::List(element)) => match &**element {
            Shape::Object(inner) => rows(text, "[].", &TYPES.of(inner).unwrap(), shared),
            _ => panic!("{name} is a list of what has no members"),
        },
        _ => rows(text, "", &of, shared),
    }
}

fn rows(text: &mut String, path: &str, of: &Type, shared: &BTreeSet<String>) {
    for member in &of.members {
        let mut kind = word(&member.shape, shared);
        if member.may_be_null {
            kind.push_str(" or null");
        }
        if member.may_be_absent {
            kind.push_str(", may be absent");
        }
        let mut meaning = member.meaning.replace('|', "\\|");
        if let Shape::Object(name) = &member.shape
            && let Some(words) = TYPES.of(name).and_then(|of| of.words)
        {
            meaning.push_str(&format!(" {words}"));
        }
        writeln!(text, "| `{path}{}` | {kind} | {meaning} |", member.name).unwrap();
        let (mut shape, mut below) = (&member.shape, format!("{path}{}", member.name));
        while let Shape::List(element) = shape {
            (shape, below) = (element, format!("{below}[]"));
        }
        if let Shape::Object(name) = shape
            && !shared.contains(name)
            && printed(name).is_none()
            && let Some(inner) = TYPES.of(name)
        {
            rows(text, &format!("{below}."), &inner, shared);
        }
    }
}

/// A shape in words.
fn word(shape: &Shape, shared: &BTreeSet<String>) -> String {
    match shape {
        Shape::Leaf(word) => (*word).to_owned(),
        Shape::Any => "any value".into(),
        Shape::Columns => "columns".into(),
        Shape::OrNull(element) => format!("{} or null", word(element, shared)),
        Shape::List(element) => match word(element, shared).as_str() {
            "object" => "list of objects".into(),
            "string" => "list of strings".into(),
            "integer" => "list of integers".into(),
            other if other.contains(" or ") => format!("list of ({other})"),
            other => format!("list of {other}"),
        },
        Shape::Object(name) if shared.contains(name) => {
            format!("[{name}](#{})", name.to_lowercase())
        }
        Shape::Object(name) if printed(name).is_some() => {
            let command = printed(name).unwrap();
            let kept = |c: &char| c.is_alphanumeric() || "- _".contains(*c);
            let anchor: String = command.to_lowercase().chars().filter(kept).collect();
            format!("what [{command}](#{}) prints", anchor.replace(' ', "-"))
        }
        Shape::Object(name) => match TYPES.of(name) {
            Some(of) if !of.members.is_empty() => "object".into(),
            _ => "string".into(),
        },
    }
}

/// What prints a type by itself.
fn printed(name: &str) -> Option<&'static String> {
    TYPES.printed.iter().find(|(_, known)| *known == name).map(|(command, _)| command)
}

/// The objects that stand in several places.
fn shared() -> BTreeSet<String> {
    let (mut seen, mut shared) = (BTreeSet::new(), BTreeSet::new());
    let roots = TYPES.printed.values().chain(&TYPES.logged);
    for root in roots {
        find(root, &mut seen, &mut shared);
    }
    shared
}

fn find(name: &str, seen: &mut BTreeSet<String>, shared: &mut BTreeSet<String>) {
    let Some(of) = TYPES.of(name) else { return };
    let of_list = of.list_of.iter();
    for mut shape in of.members.iter().map(|member| &member.shape).chain(of_list) {
        while let Shape::List(element) = shape {
            shape = element;
        }
        let Shape::Object(inner) = shape else { continue };
        let has_members = TYPES.of(inner).is_some_and(|of| !of.members.is_empty());
        if !has_members || printed(inner).is_some() {
            continue;
        }
        if !seen.insert(inner.clone()) {
            shared.insert(inner.clone());
            continue;
        }
        find(inner, seen, shared);
    }
}
