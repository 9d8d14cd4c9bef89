//! Read models in another encoding than UTF-8: the same rows as PostgreSQL makes there, and events that it
//! cannot hold are told one by one.

use postgres::Client;
use serde_json::Value;

use crate::bench::{Database, Project, rows};
use crate::hazards::Dice;

/// Words that some encodings have and others have not.
const WORDS: [&str; 8] = ["plain", "é", "€", "ß", "日本", "ไทย", "Ж", "naïve €"];

fn project(encoding: &str, settings: &str) -> Project {
    let mut project = Project::empty();
    project.read_models = Some(Database::encoded(encoding));
    project.ok(&["init", "."]);
    project.write(
        "projections/p/schema/V1__p.sql",
        "CREATE TABLE p (id text PRIMARY KEY, n varchar(12), j jsonb, len integer);\n",
    );
    project.write(
        "projections/p/handlers.sql",
        "-- on E\nINSERT INTO p (id, n, len)\nVALUES (:id, :n, length(:n::text));\n",
    );
    project.write("projections/p/projection.toml", settings);
    project.ok(&["migrate"]);
    project
}

fn append(client: &mut Client, stream: &str, id: usize, n: &str) -> i64 {
    let event = format!(r#"[{{"type": "E", "payload": {{"id": "{id}", "n": "{n}"}}}}]"#);
    let sql = "SELECT event_store.append($1, NULL, $2::text::jsonb)";
    client.query(sql, &[&stream, &event]).unwrap();
    client.query_one("SELECT max(position) FROM event_store.events", &[]).unwrap().get(0)
}

/// Whether an encoding has every character of a text, as PostgreSQL itself says.
fn holds(client: &mut Client, encoding: &str, text: &str) -> bool {
    encoding == "SQL_ASCII"
        || client.query("SELECT convert_to($1, $2::text::name)", &[&text, &encoding]).is_ok()
}

#[test]
fn what_an_encoding_cannot_hold_is_parked_one_by_one() {
    let mut dice = Dice(20_261_129);
    for encoding in ["LATIN1", "WIN1252", "EUC_JP", "SQL_ASCII", "UTF8"] {
        let project = project(encoding, "on_error = \"park\"\n");
        let mut events = project.events();
        let (mut bad, mut good) = (Vec::new(), Vec::new());
        let mut draw = |events: &mut Client, from: usize| {
            for id in from..from + 40 {
                let word = *dice.of(&WORDS);
                // A stream's name is no argument, and goes where failures are kept.
                let stream = if dice.percent(20) { "ไทย" } else { "s" };
                let position = append(events, &format!("{stream}{id}"), id, word);
                match holds(events, encoding, word) {
                    true => {
                        good.push(format!("({id},\"{word}\")").replace("(", "").replace(")", ""))
                    }
                    false => bad.push(format!("({position})")),
                }
            }
        };
        draw(&mut events, 0);
        project.ok(&["rebuild", "p", "--promote"]);
        // And while it is followed.
        draw(&mut events, 40);
        project.ok(&["run", "--until-caught-up"]);
        let mut reads = project.reads();
        let parked = "SELECT position FROM regrow.parked_events ORDER BY position";
        assert_eq!(rows(&mut reads, parked), bad, "{encoding}");
        let count: i64 = reads.query_one("SELECT count(*) FROM read_model.p", &[]).unwrap().get(0);
        assert_eq!(count, i64::try_from(good.len()).unwrap(), "{encoding}");
        let places = "SELECT DISTINCT code || ' ' || place FROM regrow.parked_events";
        let expect: &[&str] = match bad.is_empty() {
            true => &[],
            false => &["(\"character-not-storable projections/p/handlers.sql:3:14\")"],
        };
        assert_eq!(rows(&mut reads, places), expect, "{encoding}");
        let explained = project.ok(&["rebuild", "p", "--explain"]);
        let native = encoding == "UTF8";
        assert_eq!(
            explained.contains(&format!("whose encoding is {encoding}")),
            !native,
            "{explained}"
        );
        assert_eq!(explained.contains("native\n"), native, "{explained}");
    }
}

#[test]
fn the_first_event_that_cannot_be_held_stops_a_build_by_its_position() {
    for engine in ["auto", "native", "sql"] {
        let project = project("LATIN1", &format!("engine = \"{engine}\"\n"));
        let mut events = project.events();
        append(&mut events, "a", 1, "é");
        let second = append(&mut events, "ไทย", 2, "€");
        append(&mut events, "c", 3, "日");
        let ran = project.run(&["rebuild", "p", "--json"]);
        let value: Value = serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|e| panic!("{e}: {}{}", ran.stdout, ran.stderr));
        let error = &value["builds"][0]["error"];
        assert_eq!(error["code"], "character-not-storable", "{value}");
        let both = format!("{}{}", ran.stdout, ran.stderr);
        assert!(both.contains("LATIN1") && !both.contains('€'), "{both}");
        let status = project.json(&["status"]);
        assert_eq!(status["builds"][0]["failure"]["position"], second, "{status}");
        // What it says next, once the event can be put aside, works.
        project.write(
            "projections/p/projection.toml",
            &format!("engine = \"{engine}\"\non_error = \"park\"\n"),
        );
        project.ok(&["rebuild", "p", "--promote"]);
        let mut reads = project.reads();
        let row = "SELECT id, n = convert_from('\\xe9', 'LATIN1') AS is_e, octet_length(n), len FROM read_model.p";
        assert_eq!(rows(&mut reads, row), ["(1,t,1,1)"]);
    }
}
