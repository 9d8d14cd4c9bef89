//! Steps that are jq filters: what they yield, see and may not do.

use super::*;

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
        "jq = 'reduce range(300) as $n (.; {a: .})'",
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
fn money_does_not_go_through_floats() {
    let upcasters = load(&[
        "type = \"M\"\n[[step]]\nfrom = 1\njq = '.cents = (.price | scaled(2)) | del(.price)'\n",
    ]);
    let cents = |price: &str| run(&upcasters, &event("M", 1, &format!("{{\"price\":{price}}}")));
    for (price, expect) in [
        ("\"19.99\"", "1999"),
        ("19.99", "1999"),
        ("9007199254740993", "900719925474099300"),
        ("90071992547409.93", "9007199254740993"),
        ("\"-0.01\"", "-1"),
    ] {
        assert_eq!(cents(price), Ok(vec![format!("M 2 {{\"cents\":{expect}}}")]), "{price}");
    }
    for price in ["\"1.005\"", "1.005", "\"1,50\"", "\"\"", "null", "[1]", "true"] {
        assert!(cents(price).is_err(), "{price}");
    }
}
