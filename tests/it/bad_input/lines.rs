//! Lines of an import that are no events.

use super::*;

#[test]
fn a_bad_line_is_named_and_nothing_of_the_import_is_kept() {
    let project = migrated();
    let good = |stream: &str, number: i32| {
        format!(
            r#"{{"stream_id": "{stream}", "stream_version": {number}, "type": "A", "payload": {{}}}}"#
        )
    };
    let with = |from: &str, to: &str| {
        let line = good("s", 9);
        assert!(line.contains(from), "{from}");
        line.replace(from, to)
    };
    for (bad, said) in [
        ("{".to_owned(), ""),
        ("[]".into(), ""),
        ("null".into(), ""),
        (good("s", 9) + "x", ""),
        (with(r#""stream_id": "s", "#, ""), "stream_id"),
        (with(r#""payload": {}"#, r#""payload": 5"#), "payload"),
        (with(r#""payload": {}"#, r#""payload": {"a": NaN}"#), ""),
        (with(r#""payload": {}"#, r#""payload": {"a": "\u0000"}"#), ""),
        (with(r#""payload": {}"#, r#""payload": {"a": "\ud800"}"#), ""),
        (with(r#""stream_version": 9"#, r#""stream_version": -1"#), "stream_version"),
        (with(r#""stream_version": 9"#, r#""stream_version": 9.5"#), "stream_version"),
        (with(r#""stream_version": 9"#, r#""stream_version": 99999999999"#), "stream_version"),
        (with(r#""type": "A""#, r#""type": """#), "type"),
        (with(r#""type": "A""#, r#""type": "A", "schema_version": 0"#), "schema_version"),
        (with(r#""type": "A""#, r#""type": "A", "recorded_at": "soon""#), "recorded_at"),
        (with(r#""type": "A""#, r#""type": "A", "nosuch": 1"#), "nosuch"),
        (good("s", 1), "stream s already has an event number 1"),
    ] {
        let text = format!("{}\n\n{}\n{bad}\n{}\n", good("s", 0), good("s", 1), good("s", 2));
        project.write("bad.ndjson", &text);
        let args = ["import", "bad.ndjson"];
        refused(&project, &args, 1, &["error: bad.ndjson:4: ", said, "nothing was kept"]);
        let count = rows(&mut project.events(), "SELECT count(*) FROM event_store.events");
        assert_eq!(count, ["(0)"], "{bad}");
    }
    std::fs::write(project.folder.path().join("bad.ndjson"), b"\xff\n").unwrap();
    refused(&project, &["import", "bad.ndjson"], 1, &["bad.ndjson:1: the line is not UTF-8"]);
    project.write("good.ndjson", &format!("\u{feff}{}\r\n\r\n{}", good("s", 0), good("s", 1)));
    project.ok(&["import", "good.ndjson"]);
    refused(&project, &["import", "good.ndjson"], 1, &["good.ndjson:1: stream s already has"]);
}
