//! Logs of other libraries that are not what they should be.

use super::*;

#[test]
fn an_adopted_log_that_is_not_there_is_not_for_migrate_to_make() {
    let project = Project::empty();
    project.write("config.toml", "");
    let args = ["adopt", "--preset", "nosuch", "--table", "x"];
    refused(&project, &args, 1, &["preset \"nosuch\" is not known"]);
    let args = ["adopt", "--preset", "eventsourcing", "--table", "public.nosuch"];
    refused(&project, &args, 1, &["the adopted event log public.nosuch does not exist"]);
    project.write(
        "config.toml",
        "[event_store.adopt]\npreset = \"eventsourcing\"\ntable = \"public.nosuch\"\n",
    );
    refused(&project, &args, 1, &["has a section [event_store.adopt] already"]);
    let parts = ["the adopted event log public.nosuch does not exist", "[event_store.adopt]"];
    refused(&project, &["census"], 1, &parts);
    project.write("e.ndjson", "");
    refused(&project, &["import", "e.ndjson"], 1, &["regrow does not write to it"]);
}

#[test]
fn a_position_that_comes_twice_stops_the_log() {
    for engine in ENGINES {
        let project = adopted("json", engine, NOTED);
        project.write(
            "projections/note/projection.toml",
            &format!("engine = \"{engine}\"\non_error = \"park\"\n"),
        );
        for position in [1, 2, 2, 3] {
            put(&project, position, r#"'{"text": "x"}'"#);
        }
        let said = "the event log is broken: position 2 follows position 2";
        let args = ["rebuild", "note"];
        refused(&project, &args, 1, &[said]);
        project.ok(&["prune", "note", "--unfinished"]);
        assert_eq!(code_of(&project, &args), "broken-log");
        // Also where the second begins another chunk.
        project.write("config.toml", &format!("{ADOPTED}[rebuild]\nbatch_events = 2\n"));
        project.ok(&["prune", "note", "--unfinished"]);
        refused(&project, &args, 1, &[said]);
    }
}

#[test]
fn positions_nobody_would_come_to_stop_the_log() {
    for (position, said) in [
        ("0", "public.log has an event at position 0, and positions begin at 1"),
        ("-7", "public.log has an event at position -7, and positions begin at 1"),
        ("NULL", "public.log has an event whose position is NULL"),
    ] {
        let project = adopted("json", "sql", NOTED);
        put(&project, 1, r#"'{"text": "x"}'"#);
        let sql = format!("INSERT INTO log VALUES ({position}, 's', 2, 'Noted', '{{}}')");
        project.events().batch_execute(&sql).unwrap();
        for args in [&["rebuild", "note"][..], &["census"], &["export"]] {
            refused(&project, args, 1, &[said]);
            assert_eq!(code_of(&project, args), "broken-log");
        }
    }
}

#[test]
fn a_gap_in_a_streams_versions_is_not_looked_for_by_a_replay() {
    for engine in ENGINES {
        let project = adopted("json", engine, NOTED);
        put(&project, 1, r#"'{"text": "one"}'"#);
        put(&project, 9, r#"'{"text": "nine"}'"#);
        project.ok(&["rebuild", "note"]);
        let all = rows(&mut project.reads(), "SELECT id, text FROM note__b1.note ORDER BY id");
        assert_eq!(all, ["(1,one)", "(9,nine)"]);
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_named_with_the_byte() {
    for engine in ENGINES {
        let project = adopted("bytea", engine, NOTED);
        put(&project, 1, r#"'{"text": "one"}'::text::bytea"#);
        put(&project, 2, r"'{\042text\042: \042\377x\042}'::bytea");
        put(&project, 3, r#"'{"text": "three"}'::text::bytea"#);
        let said = ["event 2 (Noted version 1", "the payload is not UTF-8 at byte 10"];
        let args = ["rebuild", "note"];
        refused(&project, &args, 1, &said);
        project.ok(&["prune", "note", "--unfinished"]);
        assert_eq!(code_of(&project, &args), "event-unreadable");
        let mend = r#"UPDATE log SET body = '{"text": "two"}'::text::bytea WHERE id = 2"#;
        project.events().batch_execute(mend).unwrap();
        project.ok(&["resume", "note", "--promote"]);
        assert_eq!(rows(&mut project.reads(), "SELECT count(*) FROM read_model.note"), ["(3)"]);
    }
}

#[test]
fn what_postgresql_cannot_evaluate_is_named_by_its_position() {
    let project = adopted("bytea", "native", NOTED);
    let config = ADOPTED.replace("\"body\"", "\"convert_from(body, 'UTF8')::json\"");
    project.write("config.toml", &config);
    for position in (1..400).filter(|n| *n != 123) {
        put(&project, position, r#"'{"text": "x"}'::text::bytea"#);
    }
    put(&project, 123, &format!(r#"'{{"text": {CANARY}}}'::text::bytea"#));
    let said = ["event 123 (", "the payload cannot be read: invalid input syntax for type json"];
    let ran = project.run(&["rebuild", "note"]);
    says(&ran, &["rebuild"], 1, &said);
    assert!(!ran.stderr.contains(CANARY), "{}", ran.stderr);
    let bad = r"UPDATE log SET body = '{\042text\042: \042\377x\042}'::bytea WHERE id = 123";
    project.events().batch_execute(bad).unwrap();
    let said = ["event 123 (", "the payload cannot be read: invalid byte sequence for encoding"];
    refused(&project, &["resume", "note"], 1, &said);
}
