//! Upcasters at work: short forms and jq on odd payloads.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use regrow::event::{Payload, Position, RawEvent};
use regrow::source::SourceFile;
use regrow::upcast::{Memory, Upcasters};
use regrow::value::Object;

use crate::corpus::{object, soup};
use crate::harness::{property, watched};

fn event(payload: &str) -> RawEvent<'_> {
    RawEvent {
        position: Position(7),
        stream_id: "s",
        stream_version: 3,
        event_type: "T",
        schema_version: 1,
        payload,
        metadata: Some("{\"user\": \"ann\"}"),
        recorded_at: Some("2026-03-01T10:15:00Z"),
        recorded_micros: None,
    }
}

fn load(steps: &[String]) -> Option<Upcasters> {
    let steps: Vec<_> = steps
        .iter()
        .zip(1..)
        .map(|(step, from)| format!("[[step]]\nfrom = {from}\n{step}\n"))
        .collect();
    let text = format!("type = \"T\"\n{}", steps.concat());
    Upcasters::load(&[SourceFile::new("T.toml", text)]).ok()
}

/// One form of a step.
fn form() -> impl Strategy<Value = String> {
    let path =
        || select(&["a", "b", "c", "id", "amount", "a.b", "a.b.c", "items.a", "é", "amount.x"][..]);
    let value = select(
        &["1", "1.50", "\"x\"", "true", "[1, {b = 2}]", "{x = 1}", "0x1f", "2026-03-01"][..],
    );
    let optional = || select(&["", "?"][..]);
    prop_oneof![
        (path(), optional(), path())
            .prop_map(|(a, q, b)| format!("rename = {{ \"{a}{q}\" = \"{b}\" }}")),
        (path(), optional(), path())
            .prop_map(|(a, q, b)| format!("move = {{ \"{a}{q}\" = \"{b}\" }}")),
        (path(), path()).prop_map(|(a, b)| format!("remove = [\"{a}\", \"{b}\"]")),
        (path(), optional(), select(&["string", "integer", "number", "boolean"][..]))
            .prop_map(|(a, q, to)| format!("cast = {{ \"{a}{q}\" = \"{to}\" }}")),
        (path(), optional(), value.clone()).prop_map(|(a, q, v)| format!(
            "map = {{ \"{a}{q}\" = {{ \"12\" = {v}, \"null\" = 0, \"*\" = {v} }} }}"
        )),
        (path(), value.clone()).prop_map(|(a, v)| format!("set = {{ \"{a}\" = {v} }}")),
        (path(), value).prop_map(|(a, v)| format!("default = {{ \"{a}\" = {v} }}")),
    ]
}

/// What a chain gives in one pass is what its steps give one after another.
#[test]
fn short_forms_agree_with_their_one_pass() {
    let strategy = (vec(form(), 1..4), object());
    let bytes = |(steps, payload): &(Vec<String>, String)| {
        steps.iter().map(String::len).sum::<usize>() + payload.len()
    };
    property("short forms", 500, strategy, bytes, 200, |(steps, payload)| {
        let Some(upcasters) = load(steps) else { return Ok(()) };
        let mut out = Vec::new();
        let whole = upcasters.upcast(&event(payload), &mut out);
        if let Err(failure) = &whole {
            prop_assert!(out.is_empty());
            prop_assert!(failure.place().is_none_or(|place| place.file == "T.toml"));
        }
        let text = |path: &[&str]| path.iter().map(|p| (*p).to_owned()).collect::<Vec<String>>();
        let fields = [text(&["a"]), text(&["id"]), text(&["amount"]), text(&["c"])];
        let wanted: Vec<&[String]> = fields.iter().map(Vec::as_slice).collect();
        let Some(composed) = upcasters.compose("T", 1, &wanted) else { return Ok(()) };
        let mut memory = Memory::default();
        let mut read = || {
            composed.read(&mut memory, Payload::Text(payload), |read| {
                Some(
                    (0..4)
                        .map(|nth| read.get(nth).map(|field| field.into_json().into_owned()))
                        .collect::<Vec<_>>(),
                )
            })
        };
        // The second time it knows how the payload is written.
        let (new, known) = (read(), read());
        prop_assert_eq!(&new, &known);
        let read = known;
        if let Some(read) = read {
            prop_assert!(whole.is_ok(), "{:?}", whole);
            let found: Vec<_> = fields
                .iter()
                .map(|path| out[0].payload.get_path(path).unwrap().map(|t| t.into_owned()))
                .collect();
            prop_assert_eq!(read, found);
        }
        Ok(())
    });
}

const JQ_WORDS: &[&str] = &[
    ".",
    ".a",
    ".b",
    ".id",
    ".amount",
    ".items",
    "|",
    "|",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{a: .b}",
    ":",
    "+",
    "-",
    "*",
    "/",
    "%",
    "//",
    "|=",
    "+=",
    "=",
    "==",
    "<",
    "and",
    "or",
    "not",
    "1",
    "0",
    "-1",
    "1e1000",
    "0.5",
    "null",
    "true",
    "\"x\"",
    "\"\\(.a)\"",
    "..",
    ".[]",
    ".[]?",
    "?",
    ".[0]",
    ".[-1]",
    ".[1:2]",
    "$event",
    "$event.metadata",
    "length",
    "keys",
    "map(.)",
    "to_entries",
    "from_entries",
    "tostring",
    "tonumber",
    "tojson",
    "fromjson",
    "select(.)",
    "recurse",
    "range(5)",
    "range(0; 10; 3)",
    "reduce .[]? as $x (0; . + 1)",
    "foreach .[]? as $x (0; . + 1)",
    "if . then",
    "else",
    "end",
    "try",
    "catch",
    "error",
    "empty",
    "limit(3;",
    "first(",
    "as $x |",
    "$x",
    "def f: .a; f",
    "def f(g): g | g; f(.)",
    "label $out |",
    "break $out",
    "ascii",
    "implode",
    "explode",
    "test(\"a\")",
    "sub(\"a\"; \"b\")",
    "gsub(\"\"; \"x\")",
    "split(\",\")",
    "join(\",\")",
    "sort",
    "group_by(.a)",
    "unique",
    "flatten",
    "add",
    "any",
    "all",
    "min",
    "max",
    "walk(.)",
    "paths",
    "del(.a)",
    "getpath([\"a\"])",
    "setpath([\"a\"]; 1)",
    "todate",
    "fromdate",
    "strftime(\"%Y\")",
    "floor",
    "sqrt",
    "infinite",
    "nan",
    "splits(\"a\")",
    "ltrimstr(\"a\")",
    "@base64",
    "@json",
    "@csv",
    "@uri",
    "has(\"a\")",
    "in({})",
    "transpose",
    "combinations",
    "until(. > 100; . + 1)",
    "while(. < 5; . + 1)",
    "repeat(.)",
    "def f: f; f",
    "input",
    "now",
    "env",
];

/// Any filter compiles or has mistakes, and gives events or an error on any payload: it comes to an
/// end by itself or is stopped.
#[test]
fn any_filter_comes_to_an_end() {
    let strategy = (soup(JQ_WORDS, 12), object());
    // A filter may gather values until it is stopped, whatever the size of its input.
    let bytes = |_: &(String, String)| 1 << 20;
    property("jq", 250, strategy, bytes, 600, |(code, payload)| {
        let step = format!("jq = {}", toml_string(code));
        let Some(upcasters) = load(&[step]) else { return Ok(()) };
        let mut out = Vec::new();
        match upcasters.upcast(&event(payload), &mut out) {
            Ok(()) => {
                for made in &out {
                    let json = made.payload.to_json();
                    prop_assert!(Object::parse(&json).is_ok(), "{}", json);
                }
            }
            Err(failure) => {
                prop_assert!(out.is_empty());
                prop_assert!(failure.to_string().len() < 2_000);
            }
        }
        Ok(())
    });
}

fn toml_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Filters that do not end, or whose output has no end, are stopped with a sentence.
#[test]
fn a_filter_without_end_is_stopped() {
    for (code, said) in ENDLESS {
        let upcasters = load(&[format!("jq = '{code}'")]).unwrap_or_else(|| panic!("{code}"));
        let mut out = Vec::new();
        let error = watched(code, || upcasters.upcast(&event("{\"a\": 1}"), &mut out)).unwrap_err();
        // What it goes through may be used up before its rounds are, or what it makes.
        let told = [said, VALUES].iter().any(|said| error.to_string().contains(said));
        assert!(told, "{code}: {error}");
        assert!(out.is_empty());
    }
}

const STEPS: &str = "jq did not end within 1000000 steps";
const VALUES: &str = "jq went through more values than an event of this size may cost";
const BYTES: &str = "jq made more than 67108864 bytes of one event";
const LARGE: &str = "jq made a value of more than 67108864";

const ENDLESS: [(&str, &str); 11] = [
    ("repeat(.)", "jq made more than 10000 events of one"),
    ("def f: f; f", STEPS),
    ("[repeat(1)]", STEPS),
    ("{a: [range(infinite)]}", STEPS),
    ("until(false; .)", STEPS),
    ("foreach range(infinite) as $x (0; 0; empty)", STEPS),
    ("first(repeat(empty))", STEPS),
    ("def f: [f]; f", "jq calls itself too deep"),
    ("def f: 1 + f; f", "jq calls itself too deep"),
    ("reduce range(60) as $x ({a: []}; .a = [.a, .a])", BYTES),
    ("reduce range(60) as $x (\"x\"; . + .) | {a: .}", LARGE),
];
