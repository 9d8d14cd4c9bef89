//! A view or a function that an adopted log is read through gets another definition: rows that a build has from then on
//! mean something else than those before. What readers see is followed, and each command that looks tells it; what they
//! do not see yet is made anew. The changes here are of events between two anchors: one at an anchor is refused anyway.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::code;
use crate::bench::{Database, Project, wait_until};
use crate::watched::{noted, seen, there};

const LOG: &str = "CREATE TABLE log (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text, ver int DEFAULT 0, \
     kind text DEFAULT 'Noted', body jsonb DEFAULT '{}');
    INSERT INTO log (stream) VALUES ('a'), ('b'), ('c');";
const APPEND: &str = "INSERT INTO log (stream) VALUES ('d')";

struct Reading {
    /// What there is beside the table.
    made: &'static str,
    table: &'static str,
    /// More of `[event_store.adopt]`.
    more: &'static str,
    change: &'static str,
    /// What is told to be another.
    named: &'static str,
}

const READINGS: [Reading; 6] = [
    Reading {
        made: "CREATE VIEW shown AS SELECT seq, stream, ver, kind, body FROM log",
        table: "public.shown",
        more: "",
        change: "CREATE OR REPLACE VIEW shown AS SELECT seq, replace(stream, 'b', 'B') AS stream, ver, kind, body FROM log",
        named: "the view public.shown",
    },
    Reading {
        made: "CREATE VIEW inner_log AS SELECT seq, stream, ver, kind, body FROM log WHERE stream <> 'z'; \
               CREATE VIEW shown AS SELECT * FROM inner_log",
        table: "public.shown",
        more: "",
        change: "CREATE OR REPLACE VIEW inner_log AS SELECT seq, stream, ver, kind, body FROM log WHERE stream <> 'b'",
        named: "the view public.inner_log",
    },
    Reading {
        made: "CREATE FUNCTION told(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$; \
               CREATE VIEW shown AS SELECT seq, told(stream) AS stream, ver, kind, body FROM log",
        table: "public.shown",
        more: "",
        change: "CREATE OR REPLACE FUNCTION told(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT replace($1, 'b', 'B') $$",
        named: "the function public.told(text)",
    },
    Reading {
        made: "CREATE FUNCTION one(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 || $2 $$; \
               CREATE OPERATOR public.|+| (FUNCTION = one, LEFTARG = text, RIGHTARG = text); \
               CREATE VIEW shown AS SELECT seq, stream |+| 'x' AS stream, ver, kind, body FROM log",
        table: "public.shown",
        more: "",
        change: "CREATE OR REPLACE FUNCTION one(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT replace($1, 'b', 'B') || $2 $$",
        named: "the function public.one(text, text)",
    },
    Reading {
        made: "CREATE FUNCTION \"Told\"(body jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN body; END'",
        table: "public.log",
        more: "metadata = \"public.\\\"Told\\\" (body)\"",
        change: "CREATE OR REPLACE FUNCTION \"Told\"(body jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN NULL; END'",
        named: "the function public.\"Told\"(body jsonb)",
    },
    Reading {
        made: "CREATE FUNCTION told(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT kind <> 'z'; END; \
               CREATE FUNCTION asks(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT told(kind); END",
        table: "public.log",
        more: "where = \"public.asks(stream)\"",
        change: "CREATE OR REPLACE FUNCTION told(kind text) RETURNS boolean LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT kind <> 'b'; END",
        named: "the function public.told(kind text)",
    },
];

fn project(reading: &Reading) -> Project {
    let made = format!("{LOG} {};", reading.made);
    noted(Database::new(), &made, (reading.table, reading.more), "")
}

#[test]
fn rows_of_two_definitions_are_told_of() {
    for reading in &READINGS {
        let (project, named) = (project(reading), reading.named);
        project.ok(&["rebuild", "seen", "--promote"]);
        let tells = |project: &Project| {
            let status = project.json(&["status"]);
            let told = status["builds"][0]["log"]["redefined"].clone();
            let check = project.run(&["check"]);
            assert_eq!(check.code, 0, "{named}: {}{}", check.stdout, check.stderr);
            let words = format!("{named} was redefined since seen__b1 began");
            let (status, ran) =
                (project.ok(&["status"]), project.run(&["run", "--until-caught-up"]));
            assert_eq!(ran.code, 0, "{named}: {}", ran.stderr);
            let said = [check.stdout, status, ran.stderr].map(|text| text.contains(&words));
            let is_told = told.as_array().unwrap().iter().any(|part| part == named);
            assert_eq!(said, [is_told; 3], "{named}: {told}");
            is_told
        };
        assert!(!tells(&project), "{named} before");
        let mut client = project.events();
        client.batch_execute(reading.change).unwrap();
        client.batch_execute(APPEND).unwrap();
        assert!(tells(&project), "{named}");
        // A replay makes another row of an event that was read before, so the rows are of two definitions.
        if project.run(&["verify", "seen", "--against", "log"]).code != 0 {
            assert!(tells(&project), "{named} after a comparison that failed");
            project.ok(&["rebuild", "seen", "--promote"]);
        }
        // Compared or built anew, they are of one.
        is_whole(&project, named);
    }
}

/// What readers do not see yet is not mixed.
#[test]
fn a_build_on_its_way_is_made_anew() {
    for reading in &READINGS {
        let (project, named) = (project(reading), reading.named);
        project.ok(&["rebuild", "seen"]);
        project.events().batch_execute(&format!("{}; {APPEND}", reading.change)).unwrap();
        assert_eq!(code(&project, &["promote", "seen"]), "log-read-otherwise", "{named}");
        let ran = project.run(&["rebuild", "seen", "--promote"]);
        assert_eq!(ran.code, 0, "{named}: {}", ran.stderr);
        is_whole(&project, named);
    }
}

fn is_whole(project: &Project, named: &str) {
    let status = project.json(&["status"]);
    let live = status["builds"].as_array().unwrap().iter().find(|b| b["state"] == "live");
    assert_eq!(live.unwrap()["log"]["redefined"], serde_json::json!([]), "{named}: {status}");
    let proved = project.json(&["verify", "seen", "--against", "log"]);
    assert_eq!(proved["ok"], true, "{named}: {proved}");
}

/// Made again as it was it is the same, whatever its number.
#[test]
fn the_same_definition_is_not_told() {
    for reading in READINGS.iter().filter(|reading| reading.made.starts_with("CREATE VIEW shown")) {
        let project = project(reading);
        project.ok(&["rebuild", "seen", "--promote"]);
        let again = format!("BEGIN; DROP VIEW shown; {}; COMMIT", reading.made);
        project.events().batch_execute(&again).unwrap();
        project.events().batch_execute(APPEND).unwrap();
        let ran = project.run(&["run", "--until-caught-up"]);
        assert!(ran.code == 0 && !ran.stderr.contains("redefined"), "{}", ran.stderr);
        assert_eq!(seen(&project), there(&project, "shown"));
    }
}

#[test]
fn a_follower_tells_while_it_runs() {
    let reading = &READINGS[0];
    let project = project(reading);
    project.ok(&["rebuild", "seen", "--promote"]);
    let mut client = project.events();
    let mut command = project.command(&["run"]);
    let log = std::fs::File::create(project.folder.path().join("said")).unwrap();
    let mut run = command.stderr(log).spawn().unwrap();
    client.batch_execute(APPEND).unwrap();
    wait_until("the follower to be there", || seen(&project) == there(&project, "log"));
    client.batch_execute(reading.change).unwrap();
    wait_until("the follower to tell", || project.read("said").contains("was redefined since"));
    client.batch_execute(APPEND).unwrap();
    wait_until("the follower to go on", || seen(&project) == there(&project, "log"));
    kill(Pid::from_raw(i32::try_from(run.id()).unwrap()), Signal::SIGTERM).unwrap();
    assert!(run.wait().unwrap().success());
}
