//! `[event_store.adopt]` says which events the rows of a table are. A build is what its handlers make of events, so it goes
//! on only by the section that it began with.

use serde_json::Value;

use super::code;
use crate::bench::{Project, rows};

const SECTION: &str = "[event_store.adopt]\ntable = \"public.log\"\nposition = \"at\"\nstream_id = \"stream\"\n\
     stream_version = \"version\"\ntype = \"kind\"\npayload = \"body\"\n";
const ROWS: &str = "SELECT at, v FROM seen__b1.seen ORDER BY at";

/// Keys that read what is in the log in another way, each with the words that name it.
const OTHERS: [(&str, &str, &str); 8] = [
    ("where", "where = \"NOT gone\"", ""),
    ("payload", "", "payload = \"jsonb_build_object('v', body ->> 'v' || '!')\"\n"),
    ("tenant", "tenant = \"'t'\"", ""),
    ("metadata", "metadata = \"body\"", ""),
    ("recorded_at", "recorded_at = \"'2026-01-01'::timestamptz\"", ""),
    ("schema_version", "schema_version = \"CASE kind WHEN 'Other' THEN 2 ELSE 1 END\"", ""),
    ("type", "types = { Other = \"Seen\" }", ""),
    ("stream_id", "", "stream_id = \"stream || '-' || version\"\n"),
];

fn configure(project: &Project, more: &str, instead: &str) {
    let key = instead.split(' ').next().filter(|key| !key.is_empty());
    let kept =
        SECTION.lines().filter(|line| key.is_none_or(|key| !line.starts_with(&format!("{key} "))));
    let section: String = kept.map(|line| format!("{line}\n")).collect();
    project.write("config.toml", &format!("{section}{instead}{more}\n"));
}

fn project() -> Project {
    let project = Project::empty();
    project.write(
        "projections/seen/schema/V1__seen.sql",
        "CREATE TABLE seen (at bigint PRIMARY KEY, v text);\n",
    );
    project.write(
        "projections/seen/handlers.sql",
        "-- on Seen\nINSERT INTO seen VALUES (:event.position, :v);\n",
    );
    project
        .events()
        .batch_execute(
            "CREATE TABLE log (at bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text, version bigint, kind text, \
             body jsonb, gone boolean NOT NULL DEFAULT false)",
        )
        .unwrap();
    configure(&project, "", "");
    append(&project, 3);
    project
}

fn append(project: &Project, events: i32) {
    let insert = format!(
        "INSERT INTO log (stream, version, kind, body) SELECT 's', i, 'Seen', jsonb_build_object('v', 'v' || i) \
         FROM generate_series(1, {events}) i"
    );
    project.events().batch_execute(&insert).unwrap();
}

fn position(project: &Project) -> Vec<String> {
    rows(&mut project.reads(), "SELECT position FROM regrow.checkpoint ORDER BY build_id")
}

#[test]
fn a_build_goes_on_by_the_section_it_began_with_only() {
    for (key, more, instead) in OTHERS {
        let project = project();
        project.ok(&["rebuild", "seen", "--promote"]);
        let before = rows(&mut project.reads(), ROWS);
        configure(&project, more, instead);
        append(&project, 1);
        assert_eq!(code(&project, &["run", "--until-caught-up"]), "left-behind", "{key}");
        for args in [
            &["trace", "seen", "--key", "at=1"][..],
            &["verify", "seen", "--against", "log"],
            &["verify", "seen", "--against", "log", "--sample", "4"],
            &["rebuild", "seen", "--key", "at=1"],
        ] {
            assert_eq!(code(&project, args), "log-read-otherwise", "{key} {args:?}");
        }
        let check = project.run(&["check"]);
        assert_eq!(check.code, 1, "{key}: {}{}", check.stdout, check.stderr);
        assert!(
            check.stdout.contains("[event_store.adopt]") && check.stdout.contains(key),
            "{key}: {}",
            check.stdout
        );
        let status = project.json(&["status"]);
        assert!(status["builds"][0].to_string().contains("log-read-otherwise"), "{key}: {status}");
        assert_eq!(
            (rows(&mut project.reads(), ROWS), position(&project)),
            (before.clone(), vec!["(3)".into()]),
            "{key}"
        );
        // Put back, it goes on.
        configure(&project, "", "");
        project.ok(&["run", "--until-caught-up"]);
        assert_eq!(rows(&mut project.reads(), ROWS).len(), 4, "{key}");
        // What is said to do works.
        configure(&project, more, instead);
        project.ok(&["rebuild", "seen", "--promote"]);
        assert_eq!(code(&project, &["rollback", "seen"]), "log-read-otherwise", "{key}");
        let status = project.ok(&["status"]);
        assert!(status.contains("regrow prune seen__b1"), "{key}: {status}");
        project.ok(&["prune", "seen__b1"]);
        project.ok(&["run", "--until-caught-up"]);
        let proved = project.json(&["verify", "seen", "--against", "log"]);
        assert_eq!(proved["ok"], Value::Bool(true), "{key}: {proved}");
    }
}

/// One that is ready, or was stopped on its way, is not gone on with by another section.
#[test]
fn a_build_on_its_way_is_made_anew_by_another_section() {
    for (key, more, instead) in OTHERS {
        let project = project();
        project.ok(&["rebuild", "seen"]);
        configure(&project, more, instead);
        append(&project, 1);
        assert_eq!(code(&project, &["promote", "seen"]), "log-read-otherwise", "{key}");
        let ran = project.run(&["rebuild", "seen", "--promote"]);
        assert_eq!(ran.code, 0, "{key}: {}", ran.stderr);
        assert!(!ran.stderr.contains("it is continued"), "{key}: {}", ran.stderr);
        let proved = project.json(&["verify", "seen", "--against", "log"]);
        assert_eq!(proved["ok"], Value::Bool(true), "{key}: {proved}");
    }
    let project = project();
    let poison = "UPDATE log SET body = '{}' WHERE at = 3";
    project.events().batch_execute(poison).unwrap();
    assert_eq!(project.run(&["rebuild", "seen"]).code, 1);
    project.events().batch_execute("UPDATE log SET body = '{\"v\": \"x\"}' WHERE at = 3").unwrap();
    configure(&project, "tenant = \"'t'\"", "");
    assert_eq!(code(&project, &["resume", "seen", "--promote"]), "log-read-otherwise");
    // What locks and waits says nothing of the rows.
    configure(&project, "gaps = \"3s\"\nwriters = [\"public.log\"]", "");
    project.ok(&["resume", "seen", "--promote"]);
}
