//! Words that ask the clock: refused as values, and found inside statements.

use serde_json::{Value, json};

use super::{append, file, mistakes, project};
use crate::bench::{Project, rows, server_major};
use crate::hazards::Dice;

const TABLE: &str = "CREATE TYPE visit AS (note text, day date);\n\
     CREATE DOMAIN day_of AS date CHECK (value > '1900-01-01');\n\
     CREATE TABLE p (id text PRIMARY KEY, d date, t time, tz timetz, ts timestamp, tstz timestamptz,\n\
     days date[], dom day_of, span tstzrange, spans datemultirange, visit visit, visits visit[], words text)";

const COLUMNS: [(&str, &str); 11] = [
    ("d", "{}"),
    ("t", "{}"),
    ("tz", "{}"),
    ("ts", "{}"),
    ("tstz", "{}"),
    ("days", "{2026-01-01,\"{}\"}"),
    ("dom", "{}"),
    ("span", "[2026-01-01, {})"),
    ("spans", "{[2026-01-01,2026-01-02),[2026-03-01,\"{}\"]}"),
    ("visit", "(\"well, now\",{})"),
    ("visits", "{\"(x,2026-01-01)\",\"(y,{})\"}"),
];

fn one_of_each() -> Project {
    let handlers: String = COLUMNS
        .iter()
        .map(|(c, _)| format!("-- on {c}\nINSERT INTO p (id, {c}) VALUES (:id, :v);\n\n"))
        .collect();
    let project =
        project(TABLE, &(handlers + "-- on words\nINSERT INTO p (id, words) VALUES (:id, :v);\n"));
    project.write("projections/p/projection.toml", "on_error = \"park\"\n");
    project
}

/// A word as a payload may have it: in any letters, and with what PostgreSQL reads beside it.
fn asking(dice: &mut Dice, column: &str) -> String {
    let word: String = (*dice.of(&["now", "today", "tomorrow", "yesterday"]))
        .chars()
        .map(|c| if dice.percent(40) { c.to_ascii_uppercase() } else { c })
        .collect();
    match column {
        "ts" | "tstz" if !word.eq_ignore_ascii_case("now") && dice.percent(50) => {
            format!("{word} 12:00")
        }
        "d" | "ts" if dice.percent(30) => format!(" {word} "),
        _ => word,
    }
}

/// In both engines: `d`, `ts` and `tstz` are in the native subset, the others run in SQL.
#[test]
fn a_value_that_asks_the_clock_is_refused_and_blamed() {
    let project = one_of_each();
    let mut dice = Dice(7);
    let mut asked = 0;
    for round in 0..6 {
        for (column, form) in COLUMNS {
            let word = asking(&mut dice, column);
            append(
                &project,
                column,
                &json!({"id": format!("{column}{round}"), "v": form.replace("{}", &word)}),
            );
            asked += 1;
        }
    }
    // What always means the same, or is no date.
    let fine =
        [("d", "epoch"), ("tstz", "infinity"), ("tstz", "2026-01-01T10:00:00Z"), ("words", "now")];
    for (column, value) in fine {
        append(&project, column, &json!({"id": format!("{column} {value}"), "v": value}));
    }
    append(
        &project,
        "visit",
        &json!({"id": "visit", "v": "(\"see you today, or now\",2026-01-01)"}),
    );
    append(&project, "days", &json!({"id": "days", "v": ["2026-01-01", null]}));
    append(&project, "days", &json!({"id": "asked in a list", "v": ["2026-01-01", "Now"]}));
    for engine in ["native", "sql"] {
        project.write(
            "projections/p/projection.toml",
            &format!("on_error = \"park\"\nengine = \"{engine}\"\n"),
        );
        let built = project.json(&["rebuild", "p", "--promote"]);
        assert_eq!(built["builds"][0]["parked"], asked + 1, "{engine}: {built}");
        let schema = built["builds"][0]["build"].as_str().unwrap().to_owned();
        assert_eq!(
            rows(&mut project.reads(), &format!("SELECT id FROM {schema}.p ORDER BY id")),
            [
                "(d epoch)",
                "(days)",
                "(tstz 2026-01-01T10:00:00Z)",
                "(tstz infinity)",
                "(visit)",
                "(words now)"
            ]
            .map(|row| if row.contains(' ') {
                format!("(\"{}\")", &row[1..row.len() - 1])
            } else {
                row.into()
            })
        );
        let told = "SELECT DISTINCT message FROM regrow.parked_events";
        let told = rows(&mut project.reads(), told);
        assert!(told.len() == 1 && told[0].contains(":v: the value asks the clock"), "{told:?}");
    }
}

#[test]
fn the_first_such_event_stops_a_rebuild() {
    let table = "CREATE TABLE p (id text PRIMARY KEY, tstz timestamptz)";
    let project = project(table, "-- on d\nINSERT INTO p (id, tstz) VALUES (:id, :v);\n");
    append(&project, "d", &json!({"id": "1", "v": "2026-01-01"}));
    append(&project, "d", &json!({"id": "2", "v": "now"}));
    for engine in ["native", "sql"] {
        project.write("projections/p/projection.toml", &format!("engine = \"{engine}\"\n"));
        let ran = project.run(&["rebuild", "p", "--json"]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        for word in ["clock-in-value", ":v", "event 2"] {
            let both = format!("{}{}", ran.stdout, ran.stderr);
            assert!(both.contains(word), "{word}: {both}");
        }
    }
}

#[test]
fn a_text_that_a_statement_reads_as_a_date_is_a_mistake() {
    let wrong = [
        "INSERT INTO p (id, d) VALUES (:id, (:x || '')::date)",
        "INSERT INTO p (id, tstz) VALUES (:id, (:doc::jsonb ->> 'at')::timestamptz)",
        "INSERT INTO p (id, ts) VALUES (:id, CAST(:x::text AS timestamp))",
        "INSERT INTO p (id, t) VALUES (:id, :x::text::time)",
        "INSERT INTO p (id, dom) VALUES (:id, (:x::text)::day_of)",
        "INSERT INTO p (id, days) VALUES (:id, string_to_array(:x, ',')::date[])",
        "INSERT INTO p (id, span) VALUES (:id, (:x || '')::tstzrange)",
        "INSERT INTO p (id, visit) VALUES (:id, (:x || '')::visit)",
        "INSERT INTO p (id, visit) VALUES (:id, ROW('x', :x || '')::visit)",
        "INSERT INTO p (id, d) SELECT :id, r.at FROM jsonb_to_record(:doc) AS r(note text, at date)",
        "INSERT INTO p SELECT (jsonb_populate_record(NULL::p, :doc)).*",
        "UPDATE p SET d = words::date WHERE id = :id",
        "DELETE FROM p WHERE d = (SELECT words::date FROM p WHERE id = :id)",
        "INSERT INTO p (id, d) VALUES (:id, 'now')",
        "INSERT INTO p (id, ts) VALUES (:id, timestamp 'Today 12:00')",
        "INSERT INTO p (id, days) VALUES (:id, '{2026-01-01,yesterday}')",
        "UPDATE p SET t = COALESCE(:x::time, 'now') WHERE id = :id",
        "UPDATE p SET words = age(tstz)::text WHERE id = :id",
        "UPDATE p SET d = date_in('2026-01-01') WHERE id = :id",
    ];
    let project = project(TABLE, &file(&wrong));
    let found = mistakes(&project);
    for (n, statement) in wrong.iter().enumerate() {
        let line = format!("handlers.sql:{}:", 3 * n + 2);
        assert!(found.iter().any(|f| f.contains(&line)), "{statement}: {found:#?}");
    }
    // The place is that of the cast; PostgreSQL 17 and later do not say where it is, and then it is the statement's.
    let place = if server_major() >= 17 { "handlers.sql:5:1:" } else { "handlers.sql:5:61" };
    let cast = found.iter().find(|f| f.contains(place));
    assert!(cast.is_some_and(|f| f.contains("::timestamptz")), "{found:#?}");
    assert_ne!(project.run(&["rebuild", "p"]).code, 0);
}

#[test]
fn what_asks_no_clock_is_no_mistake() {
    let right = [
        "INSERT INTO p (id, d, words) VALUES (:id, :x, 'today')",
        "INSERT INTO p (id, d) VALUES (:id, :x::date) ON CONFLICT (id) DO UPDATE SET d = '2026-01-31'",
        "INSERT INTO p (id, d, tstz) VALUES (:id, 'epoch', to_timestamp(:x, 'YYYY-MM-DD'))",
        "INSERT INTO p (id, d) VALUES (:id, make_date(:y, 1, 31))",
        "INSERT INTO p (id, d) VALUES (:id, to_date(:x, 'DD.MM.YYYY'))",
        "UPDATE p SET words = d::text, d = ts::date WHERE id = :id AND words <> 'now'",
        "INSERT INTO p (id, words) SELECT :id, r.note FROM jsonb_to_record(:doc) AS r(note text, n int)",
        "INSERT INTO p (id, visit) VALUES (:id, ROW('now', :x)::visit)",
    ];
    let found = mistakes(&project(TABLE, &file(&right)));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_default_that_asked_the_clock_is_a_mistake() {
    for default in ["'now'", "'today'", "('now'::text)::date", "'tomorrow'"] {
        for ty in ["date", "timestamp", "timestamptz"] {
            let table = format!("CREATE TABLE p (id text PRIMARY KEY, at {ty} DEFAULT {default})");
            let project = project(&table, "-- on A\nINSERT INTO p (id) VALUES (:id);\n");
            let found = mistakes(&project);
            assert!(
                found
                    .iter()
                    .any(|f| f.contains("the default of p.at") || f.contains("asks the clock")),
                "{default} {ty}: {found:?}"
            );
        }
    }
    let table = "CREATE TABLE p (id text PRIMARY KEY, d date DEFAULT '2026-01-31', words text DEFAULT 'now')";
    let found = mistakes(&project(table, "-- on A\nINSERT INTO p (id) VALUES (:id);\n"));
    assert!(found.is_empty(), "{found:?}");
}

/// A moment without a zone is UTC, whatever the server, the database or the role say.
#[test]
fn a_moment_without_a_zone_is_in_utc() {
    let project = project(TABLE, "-- on A\nINSERT INTO p (id, tstz, tz) VALUES (:id, :v, :t);\n");
    let name = project.database.name();
    project
        .events()
        .batch_execute(&format!("ALTER DATABASE {name} SET TimeZone = 'Asia/Bangkok'"))
        .unwrap();
    append(&project, "A", &json!({"id": "1", "v": "2026-01-01 10:00:00", "t": "10:00"}));
    for engine in ["auto", "sql"] {
        project.write("projections/p/projection.toml", &format!("engine = \"{engine}\"\n"));
        let built: Value = project.json(&["rebuild", "p"]);
        let schema = built["builds"][0]["build"].as_str().unwrap();
        let found = rows(
            &mut project.reads(),
            &format!("SELECT tstz = '2026-01-01 10:00:00+00', tz = '10:00+00' FROM {schema}.p"),
        );
        assert_eq!(found, ["(t,t)"], "{engine}");
    }
}
