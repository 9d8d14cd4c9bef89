//! What a project's files make of events, from the outside.

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
jq = '.unit_price_cents = (.unit_price | tonumber * 100 | round) | del(.unit_price)'
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
fn renames_and_moves() {
    check(r#"rename = { a = "b" }"#, r#"{"a":1,"c":2}"#, r#"{"b":1,"c":2}"#);
    check(r#"rename = { a = "b", b = "a" }"#, r#"{"a":1,"b":2}"#, r#"{"b":1,"a":2}"#);
    check(r#"rename = { "org:group" = "group" }"#, r#"{"org:group":"g"}"#, r#"{"group":"g"}"#);
    check(r#"rename = { a.b = "a.c" }"#, r#"{"a":{"b":1}}"#, r#"{"a":{"c":1}}"#);
    check(r#"rename = { "a.b" = "c" }"#, r#"{"a":{"b":1}}"#, r#"{"a":{},"c":1}"#);
    check(
        r#"move = { a = "x.y.z", b = "x.w" }"#,
        r#"{"a":1,"b":2}"#,
        r#"{"x":{"y":{"z":1},"w":2}}"#,
    );
    check(r#"rename = { "a?" = "b" }"#, r#"{"b":2}"#, r#"{"b":2}"#);
    check(r#"move = { "a.x?" = "b" }"#, r#"{"a":1}"#, r#"{"a":1}"#);
    check_fails(r#"rename = { a = "b" }"#, r#"{"c":2}"#, "field \"a\" is absent");
    check_fails(r#"rename = { a = "b" }"#, r#"{"b":2}"#, "field \"a\" is absent");
    check_fails(r#"rename = { a = "b" }"#, r#"{"a":1,"b":2}"#, "field \"b\" is already there");
    check_fails(r#"rename = { "a?" = "b" }"#, r#"{"a":1,"b":2}"#, "field \"b\" is already there");
    check_fails(
        r#"move = { a = "x.y" }"#,
        r#"{"a":1,"x":{"y":2}}"#,
        "field \"x.y\" is already there",
    );
    check_fails(
        r#"move = { a = "x.y" }"#,
        r#"{"a":1,"x":"s"}"#,
        "field \"x.y\": the member \"x\" is a string, not an object",
    );
}

#[test]
fn removals() {
    check(r#"remove = ["a", "b.c", "z"]"#, r#"{"a":1,"b":{"c":1,"d":2}}"#, r#"{"b":{"d":2}}"#);
}

#[test]
fn casts_are_exact_on_digits() {
    check(
        r#"cast = { a = "string", b = "string", c = "string", d = "string" }"#,
        r#"{"a":9007199254740993.10,"b":true,"c":"x\n","d":null}"#,
        r#"{"a":"9007199254740993.10","b":"true","c":"x\n","d":null}"#,
    );
    check(
        r#"cast = { a = "number", b = "number", "c.d" = "number" }"#,
        r#"{"a":"9007199254740993.10","b":1e400000,"c":{"d":"-1e5"}}"#,
        r#"{"a":9007199254740993.10,"b":1e400000,"c":{"d":-1e5}}"#,
    );
    check(
        r#"cast = { a = "integer", b = "integer", c = "integer" }"#,
        r#"{"a":"9007199254740993","b":12.00,"c":9007199254740993}"#,
        r#"{"a":9007199254740993,"b":12,"c":9007199254740993}"#,
    );
    check(
        r#"cast = { a = "boolean", b = "boolean" }"#,
        r#"{"a":"true","b":false}"#,
        r#"{"a":true,"b":false}"#,
    );
    check(r#"cast = { "a?" = "boolean" }"#, "{}", "{}");
    check_fails(r#"cast = { a = "boolean" }"#, "{}", "field \"a\" is absent");
    for (to, value, found) in [
        ("integer", "1.5", "a number"),
        ("integer", "\"1.5\"", "a string"),
        ("integer", "1e400000", "a number"),
        ("integer", "true", "a boolean"),
        ("number", "\" 1\"", "a string"),
        ("number", "\"\"", "a string"),
        ("number", "[1]", "an array"),
        ("string", "{}", "an object"),
        ("boolean", "1", "a number"),
        ("boolean", "\"yes\"", "a string"),
    ] {
        let expected = format!("field \"a\": {found} cannot be cast to {to}");
        check_fails(
            &format!("cast = {{ a = \"{to}\" }}"),
            &format!("{{\"a\":{value}}}"),
            &expected,
        );
    }
}

#[test]
fn maps_of_values() {
    let form =
        r#"map = { status = { N = "new", "1" = { code = 1 }, "true" = false, null = "none" } }"#;
    check(form, r#"{"status":"N"}"#, r#"{"status":"new"}"#);
    check(form, r#"{"status":1}"#, r#"{"status":{"code":1}}"#);
    check(form, r#"{"status":true}"#, r#"{"status":false}"#);
    check(form, r#"{"status":null}"#, r#"{"status":"none"}"#);
    check_fails(form, "{}", "field \"status\" is absent");
    check_fails(
        form,
        r#"{"status":"secret"}"#,
        "field \"status\": its value is not in the map, and the map has no \"*\"",
    );
    check(r#"map = { "a.b?" = { x = 1, "*" = "other" } }"#, "{}", "{}");
    check(r#"map = { a.b = { x = 1 } }"#, r#"{"a":{"b":"x"}}"#, r#"{"a":{"b":1}}"#);
    check(r#"map = { a = { x = 1, "*" = "other" } }"#, r#"{"a":"y"}"#, r#"{"a":"other"}"#);
}

#[test]
fn sets_and_defaults() {
    let form = "set = { z = 1_000, f = +1.10, h = 0xff, s = \"กข\\n\", t = true, d = 2026-03-01, \
                a = [1, \"x\"], o = { q = 1, b = { c = 2 } }, big = 123456789012345678901234567890 }";
    check(
        form,
        r#"{"f":0}"#,
        "{\"f\":1.10,\"z\":1000,\"h\":255,\"s\":\"กข\\n\",\"t\":true,\"d\":\"2026-03-01\",\
         \"a\":[1,\"x\"],\"o\":{\"q\":1,\"b\":{\"c\":2}},\"big\":123456789012345678901234567890}",
    );
    check(
        r#"default = { a = 1, b = 2, "c.d" = 3 }"#,
        r#"{"a":null}"#,
        r#"{"a":null,"b":2,"c":{"d":3}}"#,
    );
    check(r#"default = { a.b = 1 }"#, r#"{"a":{"c":2}}"#, r#"{"a":{"c":2,"b":1}}"#);
    check("default.a = { b = 1 }", r#"{"a":{"c":2}}"#, r#"{"a":{"c":2}}"#);
    check("[step.set.a]\nb = 1\nc = 1e06", r#"{"a":{"x":2}}"#, r#"{"a":{"b":1,"c":1e06}}"#);
}

#[test]
fn forms_apply_in_one_documented_order_whatever_the_order_in_the_file() {
    check(
        r#"
default = { currency = "USD", total = 0 }
set = { source = "shop" }
map = { "item.state" = { "1" = "open" } }
cast = { "item.state" = "string" }
remove = ["kind"]
move = { b = "item.state" }
rename = { a = "b" }
"#,
        r#"{"a":1,"kind":"x","total":5}"#,
        r#"{"total":5,"item":{"state":"open"},"source":"shop","currency":"USD"}"#,
    );
    check("", r#"{"a":1}"#, r#"{"a":1}"#);
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
fn jq_gives_none_one_or_several() {
    check("jq = 'empty'", r#"{"a":1}"#, "");
    check("jq = '.a += 1'", r#"{"a":1,"b":2}"#, r#"{"a":2,"b":2}"#);
    check("jq = '.items[] | {item: .}'", r#"{"items":[1,"x"]}"#, r#"{"item":1} {"item":"x"}"#);
    check_fails("jq = '.a'", r#"{"a":1}"#, "jq gave a number, not an object");
    let endless = load(&["type = \"T\"\n[[step]]\nfrom = 1\njq = 'repeat(.)'\n"]);
    assert!(
        run(&endless, &event("T", 1, "{}"))
            .unwrap_err()
            .ends_with("jq made more than 10000 events of one")
    );
    let square = "[[step]]\nfrom = 1\njq = 'range(500) as $n | .n = $n'\n[[step]]\nfrom = 2\njq = 'range(500) as $n | .n = $n'\n";
    let square = load(&[&format!("type = \"T\"\n{square}")]);
    assert!(
        run(&square, &event("T", 1, "{}"))
            .unwrap_err()
            .ends_with("jq made more than 10000 events of one")
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

#[test]
fn jq_sees_the_event_as_it_was_stored() {
    check(
        "jq = '. = $event'",
        "{}",
        "{\"position\":7,\"stream_id\":\"order-1\",\"stream_version\":3,\"type\":\"T\",\"schema_version\":1,\"recorded_at\":\"2026-03-01T10:15:00Z\",\"metadata\":{\"user\":\"ann\",\"n\":9007199254740993.1}}",
    );
    let upcasters = load(&[
        "type = \"T\"\n[[step]]\nfrom = 1\njq = '{m: $event.metadata, r: $event.recorded_at}'\n",
    ]);
    let bare = RawEvent { metadata: None, recorded_at: None, ..event("T", 1, "{}") };
    assert_eq!(run(&upcasters, &bare), Ok(vec![r#"T 2 {"m":null,"r":null}"#.into()]));
    let broken = RawEvent { metadata: Some("{"), ..event("T", 1, "{}") };
    assert!(run(&upcasters, &broken).unwrap_err().contains("the metadata cannot be given to jq"));
    let context = |jq: &str| {
        load(&[&format!("type = \"T\"\n[[step]]\nfrom = 1\njq = '{jq}'\n")]).jq_context()
    };
    assert_eq!(context(".a = $event.stream_id"), Context::default());
    assert_eq!(context(".a = $event.metadata.x"), Context { metadata: true, recorded_at: false });
    assert_eq!(context("$event as $e | ."), Context { metadata: true, recorded_at: true });
    assert_eq!(context("{$event}"), Context { metadata: true, recorded_at: true });
    assert_eq!(
        context(".a = \"\\($event.recorded_at)\""),
        Context { metadata: false, recorded_at: true }
    );
    assert_eq!(context("1 as $eventual | ."), Context::default());
    assert_eq!(Upcasters::none().jq_context(), Context::default());
}

#[test]
fn jq_keeps_digits_texts_and_the_last_duplicate() {
    let payload = r#"{"a":9007199254740993.10,"b":1e400000,"c":123456789012345678901234567890,"d":"กข😀 \u0000\n","d2":{"x":1,"x":2},"e":1.0}"#;
    check(
        "jq = '.z = 1'",
        payload,
        r#"{"a":9007199254740993.10,"b":1e400000,"c":123456789012345678901234567890,"d":"กข😀 \u0000\n","d2":{"x":2},"e":1.0,"z":1}"#,
    );
    check(
        "jq = '.a |= tonumber'",
        r#"{"a":"9007199254740993.10"}"#,
        r#"{"a":9007199254740993.10}"#,
    );
}

#[test]
fn jq_failures_are_named() {
    let failure = step("jq = '.a | error(\"no \\(.b)\")'", r#"{"a":{"b":"way"}}"#).unwrap_err();
    assert_eq!(failure, "f0.toml:2:1: upcasting T 1 -> 2: jq: no way");
    let upcasters = load(&["type = \"T\"\n[[step]]\nfrom = 1\njq = '.a.b'\n"]);
    let failure = upcasters.upcast(&event("T", 1, r#"{"a":"x"}"#), &mut Vec::new()).unwrap_err();
    assert!(
        matches!(&failure, UpcastFailure::Jq { message, .. } if message.contains("cannot index")),
        "{failure}"
    );
    check_fails(
        "jq = '.a = nan'",
        "{}",
        "jq gave an object that is not JSON: a number is not finite",
    );
    check_fails(
        "jq = '.a += 1'",
        r#"{"a":1e400000}"#,
        "jq gave an object that is not JSON: a number is not finite",
    );
    check_fails(
        "jq = '{(1 | tostring | tobytes): 1}'",
        "{}",
        "jq gave an object that is not JSON: a key is not a string",
    );
    for odd in ["", "1 2", "+5", "nan", "x"] {
        let failure = step("jq = '.a |= tonumber'", &format!("{{\"a\":\"{odd}\"}}")).unwrap_err();
        assert!(failure.contains("jq: cannot parse"), "{odd}: {failure}");
    }
    assert!(
        step("jq = '.b = 1'", r#"{"a":"\ud800"}"#).unwrap_err().contains("cannot be given to jq")
    );
}

#[test]
fn hostile_payloads_are_refused_before_jq() {
    let nested = |depth: usize| format!("{{\"a\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
    check("jq = '.b = 1'", &nested(127), &nested(127).replace("]}", "],\"b\":1}"));
    check_fails(
        "jq = '.b = 1'",
        &nested(128),
        "the payload cannot be given to jq: the JSON is nested deeper than 128 levels",
    );
    check_fails(
        "jq = '.b = 1'",
        &nested(1_000_000),
        "the payload cannot be given to jq: the JSON is nested deeper than 128 levels",
    );
    let text = format!("{{\"a\":\"{}\"}}", "[".repeat(1_000_000));
    assert!(step("jq = '.a |= fromjson'", &text).unwrap_err().contains("jq: cannot parse"));
    let text = format!("{{\"a\":\"{}{}\"}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(step("jq = '.a |= tonumber'", &text).unwrap_err().contains("nested deeper than 128"));
    check_fails(
        "jq = 'reduce range(100000) as $n (.; {a: .})'",
        "{}",
        "jq gave an object that is not JSON: it is nested too deep",
    );
    let long = format!("{{\"a\":{}}}", "9".repeat(1_000_000));
    check_fails(
        "jq = '.b = 1'",
        &long,
        "the payload cannot be given to jq: a number has more than 131072 digits",
    );
    check("rename = { a = \"b\" }", &long, &long.replace("\"a\"", "\"b\""));
}

#[test]
fn jq_must_give_the_same_answer_every_time() {
    for (jq, what) in [
        (".a = now", "function now"),
        (".a = (0 | localtime)", "function localtime"),
        (".a = (0 | strflocaltime(\"%H\"))", "function strflocaltime"),
        (".a = env.HOME", "function env"),
        (".a = $ENV.HOME", "variable $ENV"),
        (".a = input", "function input"),
        (".a = [inputs]", "function inputs"),
        (".a = input_filename", "function input_filename"),
        ("debug", "function debug"),
        ("debug(.a)", "function debug"),
        ("stderr", "function stderr"),
        ("halt", "function halt"),
        ("halt_error(1)", "function halt_error"),
        ("debug_empty, .", "function debug_empty"),
    ] {
        assert_eq!(
            mistakes(&[&format!("type = \"T\"\n[[step]]\nfrom = 1\njq = '{jq}'\n")])[0]
                .split_once(": ")
                .unwrap()
                .1,
            format!("jq {what} is not available: an upcaster must give the same answer every time")
        );
    }
    check("jq = 'def now: 5; .a = now'", "{}", r#"{"a":5}"#);
    check(
        "jq = '.a |= (fromdate | todate)'",
        r#"{"a":"2026-03-01T00:00:00Z"}"#,
        r#"{"a":"2026-03-01T00:00:00Z"}"#,
    );
}

#[test]
fn jq_mistakes_have_places() {
    let jq = |jq: &str| mistakes(&[&format!("type = \"T\"\n[[step]]\nfrom = 1\njq = {jq}\n")]);
    assert_eq!(
        jq("'.a = now'"),
        [
            "f0.toml:4:12: jq function now is not available: an upcaster must give the same answer every time"
        ]
    );
    assert_eq!(
        jq("'''\n.a |\n  foo(1) | bar'''"),
        [
            "f0.toml:6:3: jq function foo with 1 arguments is not defined",
            "f0.toml:6:12: jq function bar is not defined",
        ]
    );
    assert_eq!(
        jq("'.a = (1'"),
        ["f0.toml:4:14: jq syntax: expected closing parenthesis, found the end"]
    );
    assert_eq!(jq("'.a |'"), ["f0.toml:4:11: jq syntax: expected term, found the end"]);
    assert_eq!(jq(r#"".a = \"x\" | $y""#), ["f0.toml:4:6: jq variable $y is not defined"]);
    assert_eq!(
        jq("'import \"m\" as m; .'"),
        ["f0.toml:4:15: jq module \"m\" is not available: a filter stands alone"]
    );
    assert_eq!(
        jq("'import \"m\" as $m; .'"),
        ["f0.toml:4:15: jq module \"m\" is not available: a filter stands alone"]
    );
    assert_eq!(jq("5"), ["f0.toml:4:6: jq is a filter, a string"]);
}

#[test]
fn all_mistakes_of_all_files_are_reported_with_places() {
    assert_eq!(
        mistakes(&[
            "type = \"T\"\nsteps = 1\n[[step]]\nfrom = 1\nrenames = {a = 'b'}\nrename = {a = 1, b = 'x', c = 'x'}\n[[step]]\nfrom = 0\n",
            "[[step]]\nfrom = 1\ndrop = true\nset = {a = inf}\ncast = {a = 'int'}\n",
            "type = \"T\"\n[[step]]\nfrom = 1\n[[step]]\nfrom = 3\n[[step]]\nfrom = 1\n[[step]]\nset = { a..b = 1 }\n",
            "type = \"T\"\n[[step]]\nset = { 'a..b' = 1 }\n",
        ]),
        [
            "f0.toml:2:1: unknown key \"steps\": a file has the keys type and step",
            "f0.toml:5:1: unknown key \"renames\": a step has the keys from, type, to, drop, rename, move, remove, cast, map, set, default and jq",
            "f0.toml:6:15: rename gives each field its new path, a string",
            "f0.toml:6:31: rename gives two fields the path \"x\"",
            "f0.toml:8:8: a version is a whole number from 1",
            "f1.toml:1:1: the key type is missing: it names the event type of the file",
            "f1.toml:3:1: drop must stand alone in its step",
            "f1.toml:4:12: JSON has no number inf or nan",
            "f1.toml:5:13: cast gives each field \"string\", \"integer\", \"number\" or \"boolean\"",
            "f2.toml:9:11: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`",
            "f3.toml:1:1: event type \"T\" has a file already: f0.toml",
            "f3.toml:2:1: the step has no from: it names the version it starts at",
            "f3.toml:3:9: the path \"a..b\" has an empty part",
        ]
    );
}

#[test]
fn mistakes_in_one_step() {
    let one = |step: &str| mistakes(&[&format!("type = \"T\"\n[[step]]\nfrom = 1\n{step}\n")]);
    assert_eq!(one("drop = false"), ["f0.toml:4:8: drop can only be true"]);
    assert_eq!(one("drop = true\njq = '.'"), ["f0.toml:4:1: drop must stand alone in its step"]);
    assert_eq!(
        one("jq = '.'\nset = {}"),
        ["f0.toml:5:1: set cannot stand in a step with jq: give it a step of its own"]
    );
    assert_eq!(
        one("to = 2"),
        ["f0.toml:4:1: to belongs to a type: without one a step leads to the next version"]
    );
    assert_eq!(one("remove = 'a'"), ["f0.toml:4:10: remove must be a list of paths"]);
    assert_eq!(
        one("remove = [1]"),
        ["f0.toml:4:11: remove must be a list of paths, each a string"]
    );
    assert_eq!(one("rename = 'a'"), ["f0.toml:4:10: rename must be a table by field"]);
    assert_eq!(
        one("map = {a = 'b'}"),
        ["f0.toml:4:12: map gives each field a table of old and new values"]
    );
    assert_eq!(
        one("rename = {a = 'a'}"),
        ["f0.toml:4:15: rename gives the field \"a\" its own path"]
    );
    assert_eq!(one("move = {a = 'a.b'}"), ["f0.toml:4:13: move puts the field \"a\" into itself"]);
    assert_eq!(
        one("set = {'a.b' = 1, a.b = 2}"),
        ["f0.toml:4:21: set names the field \"a.b\" twice"]
    );
    assert_eq!(one("type = ''"), ["f0.toml:4:8: type is the name of an event type, a string"]);
    assert_eq!(one("from = 2").len(), 1);
}

#[test]
fn mistakes_in_a_chain_and_between_chains() {
    assert_eq!(
        mistakes(&[
            "type = \"T\"\n[[step]]\nfrom = 4\n[[step]]\nfrom = 1\n[[step]]\nfrom = 2\n[[step]]\nfrom = 2\n"
        ]),
        [
            "f0.toml:2:1: no step from 3: after the step from 2 comes the one from 4",
            "f0.toml:8:1: the step from 2 is given twice, first at f0.toml:6:1",
        ]
    );
    let broken =
        "type = \"T\"\n[[step]]\nfrom = 1\n[[step]]\nfrom = 2\ndrop = 1\n[[step]]\nfrom = 3\n";
    assert_eq!(
        mistakes(&[broken]),
        ["f0.toml:6:8: drop can only be true"],
        "a broken step is no hole"
    );
    let becomes = |name: &str, other: &str| {
        format!("type = \"{name}\"\n[[step]]\nfrom = 1\ntype = \"{other}\"\n")
    };
    assert_eq!(
        mistakes(&[&becomes("A", "B"), &becomes("B", "C"), &becomes("C", "A"), &becomes("D", "B")]),
        ["f2.toml:4:1: types become each other in a circle: A -> B -> C -> A"]
    );
    assert_eq!(
        mistakes(&[&becomes("A", "A")]),
        ["f0.toml:4:1: types become each other in a circle: A -> A"]
    );
    assert_eq!(
        mistakes(&[&becomes("A", "B")]),
        [
            "f0.toml:4:1: the step leads to version 2 of \"B\", which has the versions 1 to 1: give one of them with to"
        ]
    );
}

#[test]
fn the_permit_office() {
    let upcasters = load(&[
        "type = \"CaseOpened\"\n[[step]]\nfrom = 1\nrename = { case = \"case_id\", startdate = \"started_at\" }\n",
        r#"
type = "TaskCompleted"
[[step]]
from = 1
jq = '''
.case_id = .case | .group = ."org:group" | .resource = ."org:resource"
| (.task | capture("^(?<code>T[0-9]+) (?<name>.*)$") // {code: null, name: .}) as $t
| .task_code = $t.code | .task_name = $t.name
| del(.case, ."org:group", ."org:resource", .task)
'''
"#,
    ]);
    assert_eq!(
        run(&upcasters, &event("CaseOpened", 1, r#"{"case":"c1","startdate":"2011-01-01"}"#)),
        Ok(vec![r#"CaseOpened 2 {"case_id":"c1","started_at":"2011-01-01"}"#.into()])
    );
    let task = |task: &str| {
        let payload =
            format!(r#"{{"case":"c1","org:group":"G 4","org:resource":"R 7","task":"{task}"}}"#);
        let out = run(&upcasters, &event("TaskCompleted", 1, &payload)).unwrap().remove(0);
        let json = out.strip_prefix("TaskCompleted 2 ").unwrap();
        let object = Object::parse(json).unwrap();
        assert_eq!(object.members().count(), 5, "{json}");
        assert_eq!((object.get("case_id"), object.get("group")), (Some("\"c1\""), Some("\"G 4\"")));
        ["task_code", "task_name"].map(|key| object.get(key).unwrap().to_owned())
    };
    assert_eq!(
        task("T02 Check confirmation of receipt"),
        ["\"T02\"", "\"Check confirmation of receipt\""]
    );
    assert_eq!(task("Confirmation of receipt"), ["null", "\"Confirmation of receipt\""]);
    let latest = r#"{"case_id":"c1","task_code":null}"#;
    assert_eq!(
        run(&upcasters, &event("TaskCompleted", 2, latest)),
        Ok(vec![format!("TaskCompleted 2 {latest}")])
    );
}

#[test]
fn files_with_a_bom_or_windows_line_ends() {
    let text =
        "\u{feff}type = \"T\"\r\n[[step]]\r\nfrom = 1\r\njq = '''\r\n.a = 1\r\n| .b = 2'''\r\n";
    assert_eq!(run(&load(&[text]), &event("T", 1, "{}")), Ok(vec![r#"T 2 {"a":1,"b":2}"#.into()]));
    let broken = "\u{feff}type = \"T\"\r\n[[step]]\r\nfrom = 1\r\njq = '''\r\n.a = now'''\r\n";
    assert!(mistakes(&[broken])[0].starts_with("f0.toml:5:6: jq function now is not available"));
}
