//! `regrow new`: drafts that are right as they stand, whatever the log's names are.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::bench::{Project, Ran, rows};

fn project(events: &[(&str, &str, Value)]) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.ok(&["migrate"]);
    append(&project, events);
    project
}

fn append(project: &Project, events: &[(&str, &str, Value)]) {
    let mut client = project.events();
    for (stream, event_type, payload) in events {
        let event = json!([{"type": event_type, "payload": payload}]);
        client.query("SELECT event_store.append($1, NULL, $2)", &[stream, &event]).unwrap();
    }
}

fn library() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            "book-1",
            "BookAcquired",
            json!({"book": "book-1", "title": "Middlemarch", "shelf": {"roomNo": 4, "row": null}}),
        ),
        (
            "book-2",
            "BookAcquired",
            json!({"book": "book-2", "title": "Bleak House", "shelf": {"roomNo": 5, "row": "b"}}),
        ),
        ("book-1", "BookLent", json!({"book": "book-1", "member": "Ada", "price": 1.5})),
        (
            "book-2",
            "BookLent",
            json!({"book": "book-2", "member": "Grace", "note": "late", "price": 2}),
        ),
        ("book-1", "BookReturned", json!({"book": "book-1", "tags": ["torn"]})),
    ]
}

/// It passes the gate, its test and a rebuild.
fn is_right(project: &Project, name: &str) {
    let ran = project.run(&["check", "--allow-pending"]);
    assert_eq!(ran.code, 0, "{name}: {}{}", ran.stdout, ran.stderr);
    let ran = project.run(&["test", name]);
    assert!(
        ran.code == 0 && ran.stdout.contains("1 test: 1 passed"),
        "{name}: {}{}",
        ran.stdout,
        ran.stderr
    );
    let ran = project.run(&["rebuild", name, "--promote"]);
    assert_eq!(ran.code, 0, "{name}: {}{}", ran.stdout, ran.stderr);
}

fn refused(ran: &Ran, code: i32, words: &[&str]) {
    assert!(
        ran.code == code && words.iter().all(|word| ran.stderr.contains(word)),
        "{}: {}",
        ran.code,
        ran.stderr
    );
}

#[test]
fn a_first_projection_has_the_fields_of_the_log() {
    let project = project(&library());
    let ran = project.run(&["new", "projection", "shelf"]);
    let wrote = [
        "wrote projections/shelf/schema/V1__shelf.sql\n",
        "wrote projections/shelf/handlers.sql\n",
        "wrote projections/shelf/projection.toml\n",
        "wrote projections/shelf/checks.sql\n",
        "wrote projections/shelf/tests/draft.toml\n",
    ];
    assert_eq!((ran.code, ran.stdout.as_str()), (0, wrote.concat().as_str()), "{}", ran.stderr);
    let told = [
        "BookAcquired: 4 fields in 2 events\n  shelf.row: null in 1\n",
        "BookLent: 4 fields in 2 events\n  note: missing in 1\n",
        "regrow rebuild shelf --promote",
    ];
    assert!(told.iter().all(|word| ran.stderr.contains(word)), "{}", ran.stderr);
    let schema = project.read("projections/shelf/schema/V1__shelf.sql");
    for column in
        ["shelf_room_no bigint", "shelf_row text", "price numeric", "note text", "tags jsonb"]
    {
        assert!(schema.contains(&format!("    {column}")), "{column}: {schema}");
    }
    let handlers = project.read("projections/shelf/handlers.sql");
    for part in [
        "-- on BookLent\n",
        ":note?",
        "--   :note?  text, missing in 1 of 2\n",
        ":shelf.\"roomNo\"",
    ] {
        let plain = part.replace('"', "");
        assert!(handlers.contains(part) || handlers.contains(&plain), "{part}: {handlers}");
    }
    is_right(&project, "shelf");
    let found = "SELECT stream_id, events, last_position, title, member, price, note, tags, shelf_room_no \
                 FROM read_model.shelf ORDER BY 1";
    assert_eq!(
        rows(&mut project.reads(), found),
        [
            "(book-1,3,5,Middlemarch,Ada,1.5,,\"[\"\"torn\"\"]\",4)",
            "(book-2,2,4,\"Bleak House\",Grace,2,late,,5)",
        ]
    );
    // Nothing is overwritten, and of nothing a part is written.
    project.write("projections/shelf/handlers.sql", "-- mine\n");
    refused(
        &project.run(&["new", "projection", "shelf"]),
        1,
        &["projections/shelf is there already"],
    );
    assert_eq!(project.read("projections/shelf/handlers.sql"), "-- mine\n");
    project.write("projections/shelf/handlers.sql", &handlers);
    // Some types only.
    let told = project.json(&["new", "projection", "loans", "--on", "BookLent,BookReturned"]);
    let types: Vec<&Value> =
        told["types"].as_array().unwrap().iter().map(|one| &one["type"]).collect();
    assert_eq!(types, [&json!("BookLent"), &json!("BookReturned")], "{told}");
    is_right(&project, "loans");
}

#[test]
fn what_cannot_be_drafted_is_said_with_the_way_out() {
    let project = project(&[]);
    let ran = project.run(&["new", "projection", "shelf"]);
    refused(&ran, 2, &["the log has no event", "regrow new projection shelf --on TYPE,TYPE"]);
    let ran = project.run(&["new", "projection", "shelf", "--on", "BookLent"]);
    assert!(
        ran.code == 0 && ran.stderr.contains("no event of it is in the log yet"),
        "{}",
        ran.stderr
    );
    is_right(&project, "shelf");
    for name in ["a/b", "..", ".hidden", "event_store", ""] {
        let ran = project.run(&["new", "projection", name, "--on", "A"]);
        refused(&ran, 1, &["needs another name"]);
    }
    refused(
        &project.run(&["new", "projection", "p", "--on", "two\nlines"]),
        1,
        &["cannot be named in a file"],
    );
    append(&project, &[("a", "Old", json!({"x": 1}))]);
    project.write(
        "migrations/events/Old.toml",
        "type = \"Old\"\n[[step]]\nfrom = 1\ntype = \"New\"\nto = 1\nrename = { x = \"y\" }\n",
    );
    refused(
        &project.run(&["new", "projection", "p", "--on", "Old"]),
        2,
        &["its upcasters make New of them", "--on New"],
    );
    let told = project.json(&["new", "projection", "p", "--on", "New"]);
    assert_eq!(told["types"][0]["fields"][0]["path"], json!(["y"]), "{told}");
    is_right(&project, "p");
    refused(
        &project.run(&["new", "version", "Old"]),
        1,
        &["no step can follow", "it makes New of its events"],
    );
    // Events that no handler can see are told, and the others counted.
    append(&project, &[("a", "Kept", json!({"x": 1}))]);
    let insert = "INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
                  VALUES ('b', 0, 'Kept', 7, '{}')";
    project.events().batch_execute(insert).unwrap();
    let ran = project.run(&["new", "projection", "q", "--on", "Kept"]);
    assert!(
        ran.code == 0 && ran.stderr.contains("1 event cannot be applied, the first at position 3"),
        "{}",
        ran.stderr
    );
}

/// A linear congruential generator.
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn of<'t>(&mut self, some: &[&'t str]) -> &'t str {
        some[self.below(some.len())]
    }

    fn name(&mut self) -> String {
        const PARTS: [&str; 44] = [
            "a",
            "B",
            "select",
            "Order",
            "user",
            "table",
            "ä",
            "한",
            "\"",
            "'",
            ".",
            " ",
            ":",
            "-",
            "--",
            "?",
            "$1",
            "%",
            "{",
            "}",
            "/*",
            "on ",
            "event",
            "id",
            "xmin",
            "stream_id",
            "events",
            "1",
            "_",
            "é",
            "::",
            ";",
            ",",
            "\\",
            "$$",
            "#",
            "=",
            "null",
            "true",
            "Ω",
            "camelCase",
            "UPPER",
            "a.b",
            "(",
        ];
        (0..=self.below(3)).map(|_| self.of(&PARTS)).collect()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth < 3 { 10 } else { 7 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.below(1_000)),
            3 => json!(f64::from(u32::try_from(self.below(1_000)).unwrap()) / 8.0),
            4 => json!(i64::MIN),
            5 | 6 => json!(self.name()),
            7 => json!([self.name(), 1]),
            _ => {
                let members: Map<String, Value> =
                    (0..self.below(4)).map(|_| (self.name(), self.value(depth + 1))).collect();
                Value::Object(members)
            }
        }
    }
}

/// What the draft's table must have: of each stream the last value of each field.
fn expected(
    events: &[(String, String, Value)],
    types: &Value,
) -> BTreeMap<String, BTreeMap<String, Value>> {
    let mut all: BTreeMap<String, BTreeMap<String, Value>> = BTreeMap::new();
    for (stream, event_type, payload) in events {
        let row = all.entry(stream.clone()).or_default();
        let of =
            types.as_array().unwrap().iter().find(|one| one["type"] == json!(event_type)).unwrap();
        for field in of["fields"].as_array().unwrap() {
            let mut value = payload;
            for part in field["path"].as_array().unwrap() {
                value = &value[part.as_str().unwrap()];
            }
            // A column of text has what JSON prints.
            let value = match (value, field["type"].as_str().unwrap()) {
                (Value::Null, _) => Value::Null,
                (Value::String(text), "text") => json!(text),
                (other, "text") => json!(other.to_string()),
                (other, _) => other.clone(),
            };
            row.insert(field["column"].as_str().unwrap().to_owned(), value);
        }
    }
    all
}

#[test]
fn drafts_of_logs_with_odd_names_are_right() {
    let seeds: u64 = std::env::var("SCAFFOLD_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    let project = project(&[]);
    let mut all: Vec<(String, String, Value)> = Vec::new();
    for seed in 0..seeds {
        let mut draw = Draw(seed + 1);
        let prefix = format!("{seed}");
        let types: Vec<String> = (0..=draw.below(3))
            .map(|_| format!("{}{prefix}{}", draw.name(), draw.name()))
            .collect();
        let mut events = Vec::new();
        for n in 0..12 {
            let fields = draw.below(6);
            let payload: Map<String, Value> =
                (0..fields).map(|_| (draw.name(), draw.value(0))).collect();
            let event_type = types[draw.below(types.len())].clone();
            events.push((format!("s'{}\"-{seed}", n % 3), event_type, Value::Object(payload)));
        }
        // Fields that come again, with other kinds of values.
        let known: Vec<String> =
            events.iter().flat_map(|(_, _, p)| p.as_object().unwrap().keys().cloned()).collect();
        for event in &mut events {
            for key in &known {
                if draw.below(3) == 0 {
                    let value = draw.value(0);
                    event.2.as_object_mut().unwrap().insert(key.clone(), value);
                }
            }
        }
        let borrowed: Vec<(&str, &str, Value)> =
            events.iter().map(|(s, t, p)| (s.as_str(), t.as_str(), p.clone())).collect();
        append(&project, &borrowed);
        all.extend(events.iter().cloned());
        let name = format!("p{seed} {}", draw.name().replace(['/', '\\'], "_"));
        let used: std::collections::BTreeSet<&str> =
            events.iter().map(|(_, t, _)| t.as_str()).collect();
        let on: Vec<String> = used.iter().map(|event_type| format!("--on={event_type}")).collect();
        let mut args = vec!["new", "projection", name.as_str()];
        args.extend(on.iter().map(String::as_str));
        let told = project.json(&args);
        is_right(&project, &name);
        let quoted = name.replace('"', "\"\"");
        let sql = format!("SELECT stream_id, to_jsonb(t) FROM read_model.\"{quoted}\" t");
        let found: BTreeMap<String, Value> = project
            .reads()
            .query(&sql, &[])
            .unwrap()
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect();
        let expected = expected(&events, &told["types"]);
        assert_eq!(found.len(), expected.len(), "seed {seed}");
        for (stream, columns) in expected {
            for (column, value) in columns {
                let has = &found[&stream][&column];
                let is_same = *has == value
                    || has.as_f64().zip(value.as_f64()).is_some_and(|(a, b)| (a - b).abs() < 1e-9);
                assert!(is_same, "seed {seed}: {stream}, {column}: {has} and not {value}\n{told}");
            }
        }
        // Upcasters of the same types.
        for event_type in used {
            let ran = project.run(&["new", "event", "--", event_type]);
            if event_type.starts_with('.') {
                refused(&ran, 1, &["begins with a dot"]);
                continue;
            }
            assert_eq!(ran.code, 0, "seed {seed}, {event_type}: {}", ran.stderr);
            project.ok(&["new", "version", "--", event_type]);
        }
        let ran = project.run(&["test", "--upcasters"]);
        assert_eq!(ran.code, 0, "seed {seed}: {}{}", ran.stdout, ran.stderr);
        let ran = project.run(&["check", "--allow-pending"]);
        assert_eq!(ran.code, 0, "seed {seed}: {}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn the_next_version_of_an_event_is_put_behind_the_last() {
    let project = project(&library());
    let ran = project.run(&["new", "event", "BookLent"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let path = "migrations/events/BookLent.toml";
    assert!(
        project
            .read(path)
            .starts_with("# Version 1: {book, price, member, note?}\ntype = \"BookLent\"\n"),
        "{}",
        project.read(path)
    );
    refused(
        &project.run(&["new", "event", "BookLent"]),
        1,
        &["has upcasters already", "regrow new version BookLent"],
    );
    project.ok(&["check", "--allow-pending"]);
    let before = project.read(path);
    let text = project.ok(&["new", "version", "BookLent"]);
    assert_eq!(
        text,
        "wrote migrations/events/tests/BookLent-1-to-2.toml\nwrote a step into migrations/events/BookLent.toml\n"
    );
    let after = project.read(path);
    assert!(after.starts_with(&before) && after.contains("# 1 -> 2\nfrom = 1\n"), "{after}");
    project.ok(&["test", "--upcasters"]);
    // As its author fills it in, the test says what that makes of an event.
    let filled = after.replace("# default = { new = \"\" }", "default = { days = 28 }");
    assert_ne!(filled, after);
    project.write(path, &filled);
    assert_eq!(project.run(&["test", "--upcasters"]).code, 10);
    project.ok(&["test", "--upcasters", "--update"]);
    assert!(project.read("migrations/events/tests/BookLent-1-to-2.toml").contains("28"));
    project.ok(&["new", "version", "BookLent"]);
    assert!(project.read(path).contains("# 2 -> 3\nfrom = 2\n"));
    assert!(project.read(path).starts_with(&filled));
    project.ok(&["test", "--upcasters", "--update"]);
    // Without a file there is one then.
    project.ok(&["new", "version", "BookReturned"]);
    assert!(project.read("migrations/events/BookReturned.toml").contains("from = 1\n"));
    project.ok(&["test", "--upcasters"]);
    // Steps in another form stay as they are.
    let inline = "type = \"BookAcquired\"\nstep = [{ from = 1, remove = [\"title\"] }]\n";
    project.write("migrations/events/BookAcquired.toml", inline);
    refused(
        &project.run(&["new", "version", "BookAcquired"]),
        1,
        &["in another form than [[step]]", "from = 2"],
    );
    assert_eq!(project.read("migrations/events/BookAcquired.toml"), inline);
}

#[test]
fn init_and_adopt_name_the_next_step() {
    let project = Project::empty();
    let ran = project.run(&["init", "shop"]);
    assert!(ran.stderr.contains("next: regrow -C "), "{}", ran.stderr);
}
