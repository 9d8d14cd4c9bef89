//! What a project's files make of events, from the outside.

mod bombs;
mod forms;
mod jq;
mod mistakes;

use super::*;
use crate::event::Position;

fn load(texts: &[&str]) -> Upcasters {
    match Upcasters::load(&files(texts)) {
        Ok(upcasters) => upcasters,
        Err(errors) => panic!("{errors:?}"),
    }
}

fn files(texts: &[&str]) -> Vec<SourceFile> {
    let named = |(nth, text): (usize, &&str)| SourceFile::new(format!("f{nth}.toml"), *text);
    texts.iter().enumerate().map(named).collect()
}

fn mistakes(texts: &[&str]) -> Vec<String> {
    let errors = Upcasters::load(&files(texts)).map(|_| ()).unwrap_err();
    errors.iter().map(ToString::to_string).collect()
}

fn event<'a>(event_type: &'a str, schema_version: i32, payload: &'a str) -> RawEvent<'a> {
    RawEvent {
        position: Position(7),
        stream_id: "order-1",
        stream_version: 3,
        event_type,
        schema_version,
        payload,
        metadata: Some(r#"{"user":"ann","n":9007199254740993.1}"#),
        recorded_at: Some("2026-03-01T10:15:00Z"),
        recorded_micros: None,
    }
}

/// `type version payload` of each event that comes out.
fn run(upcasters: &Upcasters, event: &RawEvent<'_>) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    upcasters.upcast(event, &mut out).map_err(|e| e.to_string())?;
    assert!(out.iter().zip(0..).all(|(event, index)| event.index == index));
    let text = |e: &Upcasted<'_>| {
        Object::parse(&e.payload.to_json()).unwrap();
        format!("{} {} {}", e.event_type, e.schema_version, e.payload.to_json())
    };
    Ok(out.iter().map(text).collect())
}

/// Runs one step on a payload of version 1.
fn step(step: &str, payload: &str) -> Result<String, String> {
    let upcasters = load(&[&format!("type = \"T\"\n[[step]]\nfrom = 1\n{step}")]);
    let out = run(&upcasters, &event("T", 1, payload))?;
    Ok(out.iter().map(|line| line.strip_prefix("T 2 ").unwrap()).collect::<Vec<_>>().join(" "))
}

fn check(form: &str, payload: &str, expected: &str) {
    assert_eq!(step(form, payload).as_deref(), Ok(expected), "{form} on {payload}");
}

/// Checks the message after the place and the step's name.
fn check_fails(form: &str, payload: &str, expected: &str) {
    let error = step(form, payload).unwrap_err();
    assert_eq!(error.strip_prefix("f0.toml:2:1: upcasting T 1 -> 2: "), Some(expected), "{form}");
}

#[test]
fn upcasters_go_to_worker_threads() {
    fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<Upcasters>();
}

#[test]
fn the_design_page_example() {
    let upcasters = load(&[r#"
type = "OrderItemAdded"

[[step]]                 # 1 -> 2
from = 1
rename  = { price = "unit_price" }
default = { currency = "USD" }

[[step]]
from = 2
jq = '.unit_price_cents = (.unit_price | scaled(2)) | del(.unit_price)'
"#]);
    assert_eq!(
        run(&upcasters, &event("OrderItemAdded", 1, r#"{"price":"12.34","q":1}"#)),
        Ok(vec![r#"OrderItemAdded 3 {"unit_price_cents":1234,"q":1,"currency":"USD"}"#.into()])
    );
    assert_eq!(upcasters.latest_version("OrderItemAdded"), 3);
    assert_eq!(upcasters.latest_version("Other"), 1);
    let path = upcasters.path("OrderItemAdded", 1).unwrap();
    let path: Vec<_> = path.iter().map(ToString::to_string).collect();
    assert_eq!(path, ["OrderItemAdded 1 -> 2", "OrderItemAdded 2 -> 3"]);
    assert_eq!(upcasters.path("OrderItemAdded", 3), Ok(vec![]));
    assert_eq!(upcasters.path("Other", 1), Ok(vec![]));
}

#[test]
fn the_latest_version_is_only_parsed() {
    let payload = r#"{"a" : 1e400000, "b":[1 , 2],"a":9007199254740993.1}"#;
    let mut out = Vec::new();
    Upcasters::none().upcast(&event("T", 1, payload), &mut out).unwrap();
    assert_eq!(out[0].payload, Object::parse(payload).unwrap());
    assert!(matches!(out[0].event_type, Cow::Borrowed("T")));
    assert_eq!(out[0].payload.get("a"), Some("9007199254740993.1"));
}

#[test]
fn versions_without_a_path() {
    let upcasters = load(&["type = \"T\"\n[[step]]\nfrom = 3\n[[step]]\nfrom = 4\n"]);
    let error = |event_type, version| upcasters.path(event_type, version).unwrap_err().to_string();
    assert_eq!(
        error("T", 2),
        "event type \"T\": no upcaster leads from version 2 to 5; the first step is from 3"
    );
    assert_eq!(error("T", 6), "event type \"T\": version 6 is beyond the latest known, 5");
    assert_eq!(error("U", 2), "event type \"U\": version 2 is beyond the latest known, 1");
    assert!(matches!(upcasters.path("U", 0), Err(NoPath::Missing { lowest: 1, latest: 1, .. })));
    let mut out = Vec::new();
    let failure = upcasters.upcast(&event("T", 6, "{}"), &mut out).unwrap_err();
    assert!(matches!(failure, UpcastFailure::NoPath(NoPath::Beyond { version: 6, latest: 5, .. })));
    assert_eq!(failure.place(), None);
    let failure = upcasters.upcast(&event("T", 5, "[]"), &mut out).unwrap_err();
    assert_eq!(
        failure.to_string(),
        "the payload cannot be read: the JSON is an array, not an object"
    );
}

#[test]
fn an_event_can_vanish() {
    let upcasters = load(&["type = \"T\"\n[[step]]\nfrom = 1\n[[step]]\nfrom = 2\ndrop = true\n"]);
    assert_eq!(run(&upcasters, &event("T", 1, "{}")), Ok(vec![]));
    assert_eq!(run(&upcasters, &event("T", 3, "{}")), Ok(vec!["T 3 {}".into()]));
    assert_eq!(upcasters.final_type("T", 1), Ok(None));
    assert_eq!(upcasters.path("T", 2).unwrap()[0].to_string(), "T 2 -> dropped");
    assert_eq!(upcasters.final_type("T", 3), Ok(Some("T".into())));
}

#[test]
fn types_become_others() {
    let upcasters = load(&[
        "type = \"A\"\n[[step]]\nfrom = 1\nset = {a = 1}\ntype = \"B\"\n[[step]]\nfrom = 2\n[[step]]\nfrom = 3\ntype = \"C\"\nto = 1\n",
        "type = \"B\"\n[[step]]\nfrom = 1\nset = {no = 1}\n[[step]]\nfrom = 2\njq = '., .b = 2'\ntype = \"C\"\nto = 1\n",
    ]);
    let both = ["C 1 {\"a\":1}", "C 1 {\"a\":1,\"b\":2}"].map(String::from).to_vec();
    assert_eq!(run(&upcasters, &event("A", 1, "{}")), Ok(both));
    assert_eq!(run(&upcasters, &event("A", 2, "{}")), Ok(vec!["C 1 {}".into()]));
    let path: Vec<_> = upcasters.path("A", 1).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(path, ["A 1 -> B 2", "B 2 -> C 1"]);
    assert_eq!(upcasters.final_type("A", 1), Ok(Some("C".into())));
    assert_eq!(upcasters.final_type("B", 3), Ok(Some("B".into())));
    let sources = |handled: &[&'static str]| {
        upcasters.sources_of(handled.iter().copied()).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(sources(&["C"]), ["A", "B", "C"]);
    assert_eq!(sources(&["B", "X"]), ["B", "X"]);
    assert_eq!(upcasters.latest_version("C"), 1);
    assert_eq!(
        upcasters.path("C", 2).unwrap_err().to_string(),
        "event type \"C\": version 2 is beyond the latest known, 1"
    );
}

#[test]
fn a_failing_event_leaves_nothing_behind() {
    let text = "type = \"T\"\n[[step]]\nfrom = 1\njq = '.items[]'\n[[step]]\nfrom = 2\nrename = {a = 'b'}\n";
    let upcasters = load(&[text]);
    let mut out = Vec::new();
    upcasters.upcast(&event("T", 1, r#"{"items":[{"a":1}]}"#), &mut out).unwrap();
    let failure =
        upcasters.upcast(&event("T", 1, r#"{"items":[{"a":1},{}]}"#), &mut out).unwrap_err();
    assert_eq!(failure.to_string(), "f0.toml:5:1: upcasting T 2 -> 3: field \"a\" is absent");
    assert_eq!(failure.place().map(|place| place.line), Some(5));
    assert_eq!(out.len(), 1);
}
