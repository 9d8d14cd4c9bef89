//! Payloads that are no JSON, no objects, or hold what PostgreSQL's text cannot.

use super::*;

/// A good event, the bad one at position 2, a good one: the build stops there, nothing of its batch
/// is kept, and the mended event resumes.
#[track_caller]
fn stops_at_2(payload: &str, engine: &str, body: &str, code: &str, said: &str) {
    let project = adopted(payload, engine, NOTED);
    put(&project, 1, r#"'{"text": "one"}'"#);
    put(&project, 2, body);
    put(&project, 3, r#"'{"text": "three"}'"#);
    let place = "event 2 (Noted version 1, stream s number 2)";
    refused(&project, &["rebuild", "note"], 1, &[place, said, "regrow resume note"]);
    let kept = failure(&project);
    assert_eq!((&kept["code"], &kept["position"]), (&code.into(), &2.into()), "{engine} {kept}");
    let resumed = project.run(&["resume", "note", "--json"]);
    let value: Value = serde_json::from_str(&resumed.stdout).unwrap();
    let error = &value["builds"][0]["error"];
    assert_eq!((&error["code"], &error["exit_code"]), (&code.into(), &1.into()), "{error}");
    assert_eq!(
        (&error["event"]["position"], &error["event"]["stream_id"]),
        (&2.into(), &"s".into())
    );
    let mend = r#"UPDATE log SET body = '{"text": "two"}' WHERE id = 2"#;
    project.events().batch_execute(mend).unwrap();
    project.ok(&["resume", "note"]);
    let all = rows(&mut project.reads(), "SELECT id, text FROM note__b1.note ORDER BY id");
    assert_eq!(all, ["(1,one)", "(2,two)", "(3,three)"]);
}

#[test]
fn what_is_no_json_stops_at_its_position() {
    let said = "the payload cannot be read: the text is not JSON";
    stops_at_2("text", "sql", r#"'{"text": NaN}'"#, "payload-not-json", said);
    stops_at_2("text", "native", r#"'{"text": -Infinity}'"#, "payload-not-json", said);
    stops_at_2("json", "native", "'[1]'", "payload-not-object", "the JSON is an array");
}

#[test]
fn characters_no_text_can_hold_are_named_and_never_stripped() {
    let code = "character-not-storable";
    let (nul, lone) = (r#"'{"text": "a\u0000b"}'"#, r#"'{"text": "a\ud800b"}'"#);
    for engine in ENGINES {
        stops_at_2("json", engine, nul, code, r"a string holds \u0000");
        stops_at_2("json", engine, lone, code, r"a string holds the lone surrogate \ud800");
    }
}

#[test]
fn put_aside_they_are_counted_with_their_code() {
    let bad = [
        ("NaN", "payload-not-json"),
        (r#"{"text": NaN}"#, "payload-not-json"),
        (r#"{"text": Infinity}"#, "payload-not-json"),
        (r#"{"text": "cut"#, "payload-not-json"),
        ("", "payload-not-json"),
        ("[1]", "payload-not-object"),
        ("null", "payload-not-object"),
        (r#"{"text": "\u0000"}"#, "character-not-storable"),
        (r#"{"text": "\udc00"}"#, "character-not-storable"),
        ("{}", "field-missing"),
    ];
    for engine in ENGINES {
        let project = adopted("text", engine, NOTED);
        let settings = format!("engine = \"{engine}\"\non_error = \"park\"\n");
        project.write("projections/note/projection.toml", &settings);
        for (position, (body, _)) in (1..).zip(bad) {
            put(&project, position, &format!("'{body}'"));
        }
        // What no handler takes to be a text stays what it is.
        put(&project, 50, r#"'{"text": "fine", "other": "a\u0000\ud800b"}'"#);
        let ran = project.run(&["rebuild", "note"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains("10 parked"), "{}", ran.stdout);
        let parked = "SELECT position, code FROM regrow.parked_events ORDER BY position";
        let expect: Vec<String> =
            (1..).zip(bad).map(|(n, (_, code))| format!("({n},{code})")).collect();
        assert_eq!(rows(&mut project.reads(), parked), expect);
        let kept = rows(&mut project.reads(), "SELECT id, text FROM note__b1.note");
        assert_eq!(kept, ["(50,fine)"]);
    }
}
