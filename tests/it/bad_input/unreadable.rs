//! Events that cannot be read from the log: each is its own failure, whatever the column, the engine
//! and the command, and the log around it is read.

use super::*;

/// A log in which nothing is sure to be there, and two builds over it: one that looks at the time of
/// recording and one that does not.
fn loose(engine: &str, on_error: &str, adopt: &[(&str, &str)]) -> Project {
    let project = Project::empty();
    let keys = [
        ("table", "public.log"),
        ("position", "id"),
        ("stream_id", "stream"),
        ("stream_version", "number"),
        ("type", "kind"),
        ("schema_version", "version"),
        ("payload", "body"),
        ("recorded_at", "at::timestamptz"),
    ];
    let mut config = "[event_store.adopt]\n".to_owned();
    for (key, usual) in keys {
        let given = adopt.iter().find(|(name, _)| *name == key).map_or(usual, |(_, value)| *value);
        config.push_str(&format!("{key} = \"{given}\"\n"));
    }
    project.write("config.toml", &format!("{config}[rebuild]\nbatch_events = 40\n"));
    let settings = format!("engine = \"{engine}\"\non_error = \"{on_error}\"\n");
    for (name, columns, values) in [
        ("timed", "id, text, at", ":event.position, :text, :event.recorded_at"),
        ("plain", "id, text", ":event.position, :text"),
    ] {
        let folder = format!("projections/{name}");
        let table =
            format!("CREATE TABLE {name} (id bigint PRIMARY KEY, text text, at timestamptz);");
        project.write(&format!("{folder}/schema/V1__{name}.sql"), &table);
        let handlers = format!("-- on Noted\nINSERT INTO {name} ({columns}) VALUES ({values});\n");
        project.write(&format!("{folder}/handlers.sql"), &handlers);
        project.write(&format!("{folder}/projection.toml"), &settings);
    }
    let table = "CREATE TABLE log (id bigint PRIMARY KEY, stream text, number text, kind text, \
         version text, body bytea, at text)";
    project.events().batch_execute(table).unwrap();
    project
}

/// Appends events that can be read.
fn fill(project: &Project, from: i64, to: i64) {
    let sql = format!(
        "INSERT INTO log SELECT n, 's' || n % 7, n::text, CASE WHEN n % 5 = 0 THEN 'Other' ELSE 'Noted' END, \
         '1', convert_to('{{\"text\": \"t' || n || '\"}}', 'UTF8'), '2026-03-01 00:00:00+00' \
         FROM generate_series({from}, {to}) AS n"
    );
    project.events().batch_execute(&sql).unwrap();
}

/// A column that cannot be read.
struct Broken {
    /// What makes it so.
    set: &'static str,
    /// The code of docs/errors.md.
    code: &'static str,
    /// What is said of it.
    said: &'static str,
    /// Whether only builds stop at it that look at the time of recording.
    timed: bool,
    /// Whether it only is so where the server evaluates the expression.
    in_server: bool,
}

const fn broken(set: &'static str, code: &'static str, said: &'static str) -> Broken {
    Broken { set, code, said, timed: false, in_server: false }
}

const BROKEN: &[Broken] = &[
    broken("body = NULL", "payload-missing", "the payload is NULL"),
    broken(r"body = '\x7b22ff227d'", "event-unreadable", "the payload is not UTF-8 at byte 2"),
    broken("version = NULL", "version-unreadable", "the schema version is NULL"),
    broken("version = '1.0'", "version-unreadable", "the schema version"),
    broken("version = '2.0.0'", "version-unreadable", "the schema version"),
    broken("version = 'v2'", "version-unreadable", "the schema version"),
    broken("version = ''", "version-unreadable", "the schema version"),
    broken("version = '3000000000'", "version-unreadable", "the schema version"),
    broken("number = NULL", "event-unreadable", "the stream version is NULL"),
    broken("number = 'x'", "event-unreadable", "the stream version is not a whole number"),
    broken(
        "number = '9223372036854775808'",
        "event-unreadable",
        "the stream version is out of range",
    ),
    broken("stream = NULL", "event-unreadable", "the stream id is NULL"),
    broken("kind = NULL", "event-unreadable", "the type is NULL"),
    Broken {
        timed: true,
        ..broken("at = 'long ago'", "event-unreadable", "the time of recording cannot be read")
    },
    Broken { timed: true, ..broken("at = NULL", "field-missing", "recorded_at") },
    Broken {
        in_server: true,
        ..broken("kind = 'boom'", "event-unreadable", "the type cannot be read: division by zero")
    },
];

/// The usual columns, and expressions with which the server itself fails on an event.
const LOGS: [&[(&str, &str)]; 2] = [
    &[],
    &[
        ("version", ""),
        ("schema_version", "version::int"),
        ("type", "CASE WHEN kind = 'boom' THEN (1 / (length(kind) - 4))::text ELSE kind END"),
        ("stream_id", "stream || ''"),
    ],
];

#[test]
fn each_is_the_failure_of_one_event() {
    for (engine, (nth, adopt)) in ENGINES.into_iter().zip(LOGS.into_iter().enumerate()) {
        let in_server = nth == 1;
        let project = loose(engine, "park", adopt);
        fill(&project, 1, 400);
        // Side by side, first, last, and across the ends of chunks.
        let places = [1, 2, 3, 39, 41, 42, 81, 82, 119, 121, 122, 123, 201, 202, 398, 399];
        let mut expect: [Vec<String>; 2] = Default::default();
        let mut lost: [Vec<i64>; 2] = Default::default();
        for (place, broken) in places.iter().zip(BROKEN).filter(|(_, b)| in_server || !b.in_server)
        {
            let set = format!("UPDATE log SET {} WHERE id = {place}", broken.set);
            project.events().batch_execute(&set).unwrap();
            for (nth, projection) in ["plain", "timed"].into_iter().enumerate() {
                if !broken.timed || projection == "timed" {
                    expect[nth].push(format!("({place},{})", broken.code));
                    lost[nth].push(*place);
                }
            }
        }
        // Nobody's type: it can be as broken as it will.
        project
            .events()
            .batch_execute("UPDATE log SET version = 'x' WHERE id IN (40, 200)")
            .unwrap();
        project.ok(&["rebuild", "--all"]);
        holds(&project, &expect, &lost, 400, &["plain__b1", "timed__b1"]);

        // What a promote reads under its locks, and what a follower reads.
        fill(&project, 401, 404);
        project.events().batch_execute("UPDATE log SET body = NULL WHERE id = 402").unwrap();
        project.ok(&["promote", "plain"]);
        project.ok(&["promote", "timed"]);
        fill(&project, 405, 440);
        let late = "UPDATE log SET version = 'v9' WHERE id = 406; UPDATE log SET number = NULL WHERE id = 439";
        project.events().batch_execute(late).unwrap();
        project.ok(&["run", "--until-caught-up"]);
        for nth in 0..2 {
            expect[nth].extend(["(402,payload-missing)".into(), "(406,version-unreadable)".into()]);
            expect[nth].push("(439,event-unreadable)".into());
            lost[nth].extend([402, 406, 439]);
        }
        holds(&project, &expect, &lost, 440, &["read_model", "read_model"]);
        // What is told of one of them.
        let parked = "SELECT event_type, schema_version, stream_id, stream_version, message FROM \
             regrow.parked_events p JOIN regrow.build b ON b.id = p.build_id \
             WHERE position = 402 AND projection = 'plain'";
        let told = rows(&mut project.reads(), parked);
        assert_eq!(told, [format!("(Noted,1,s{},402,\"the payload is NULL\")", 402 % 7)]);

        let census = project.run(&["census"]);
        assert_eq!(census.code, 1, "{}{}", census.stdout, census.stderr);
        for part in ["Noted", "unreadable", "cannot be read: the schema version is NULL"] {
            let both = format!("{}{}", census.stdout, census.stderr);
            assert!(both.contains(part), "{part}: {both}");
        }
        let check = project.run(&["check"]);
        assert_eq!(check.code, 1, "{}{}", check.stdout, check.stderr);
        assert!(check.stdout.contains("cannot be read: the"), "{}", check.stdout);
        let until = project.run(&["rebuild", "plain", "--until", "2026-02-01"]);
        assert_eq!(until.code, 1, "{}", until.stderr);
        assert!(until.stderr.contains("the time of recording cannot be read"), "{}", until.stderr);
    }
}

/// Whether exactly these events are parked, and all others in the tables.
#[track_caller]
fn holds(
    project: &Project,
    parked: &[Vec<String>; 2],
    lost: &[Vec<i64>; 2],
    last: i64,
    schemas: &[&str; 2],
) {
    let reads = &mut project.reads();
    for (nth, projection) in ["plain", "timed"].into_iter().enumerate() {
        let found = rows(
            reads,
            &format!(
                "SELECT position, code FROM regrow.parked_events p JOIN regrow.build b ON b.id = p.build_id \
                 WHERE projection = '{projection}' ORDER BY position"
            ),
        );
        assert_eq!(found, parked[nth], "{projection}");
        let found =
            rows(reads, &format!("SELECT id FROM {}.{projection} ORDER BY id", schemas[nth]));
        let there = (1..=last).filter(|n| n % 5 != 0 && !lost[nth].contains(n));
        assert_eq!(found, there.map(|n| format!("({n})")).collect::<Vec<_>>(), "{projection}");
    }
}

#[test]
fn each_stops_a_build_with_its_place_and_parks_after_a_resume() {
    for (nth, broken) in BROKEN.iter().enumerate() {
        let engine = ENGINES[nth % 2];
        let adopt = LOGS[usize::from(broken.in_server)];
        let project = loose(engine, "stop", adopt);
        fill(&project, 1, 9);
        let set = format!("UPDATE log SET {} WHERE id = 4", broken.set);
        project.events().batch_execute(&set).unwrap();
        let args = ["rebuild", "timed"];
        refused(&project, &args, 1, &["event 4 (", broken.said, "stopped"]);
        assert_eq!(code_of(&project, &["resume", "timed"]), broken.code, "{}", broken.set);
        let status = project.ok(&["status", "--show-payload"]);
        assert!(status.contains("event 4 (") && status.contains(broken.said), "{status}");
        // As the hint says.
        project.write(
            "projections/timed/projection.toml",
            &format!("engine = \"{engine}\"\non_error = \"park\"\n"),
        );
        project.ok(&["resume", "timed", "--promote"]);
        let found = rows(&mut project.reads(), "SELECT id FROM read_model.timed ORDER BY id");
        assert_eq!(found, ["(1)", "(2)", "(3)", "(6)", "(7)", "(8)", "(9)"], "{}", broken.set);
        let parked = rows(&mut project.reads(), "SELECT position, code FROM regrow.parked_events");
        assert_eq!(parked, [format!("(4,{})", broken.code)]);
    }
}

#[test]
fn many_of_them_are_found_side_by_side() {
    let project = loose("native", "park", &[("schema_version", "version::int")]);
    fill(&project, 1, 300);
    let broken = "UPDATE log SET version = 'x' WHERE id % 3 = 0 OR id BETWEEN 100 AND 120";
    project.events().batch_execute(broken).unwrap();
    project.ok(&["rebuild", "plain"]);
    let parked: i64 =
        project.reads().query_one("SELECT count(*) FROM regrow.parked_events", &[]).unwrap().get(0);
    assert_eq!(parked, 80 + 11);
}

#[test]
fn a_statement_that_fails_without_any_event_is_no_events_failure() {
    let project =
        loose("sql", "park", &[("payload", "(body::text || no_such_function(1))::bytea")]);
    fill(&project, 1, 3);
    let ran = project.run(&["rebuild", "plain"]);
    assert!(ran.code == 1 && ran.stderr.contains("no_such_function"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("event 1"), "{}", ran.stderr);
}
