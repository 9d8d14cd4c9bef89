//! `parked retry`: a parked event with the rows that it concerns, in every build that has parked it.

use serde_json::{Value, json};

use crate::bench::{Project, rows};

const PARKED: &str = "SELECT b.schema_name::text, p.position, p.code FROM regrow.parked_events p \
                      JOIN regrow.build b ON b.id = p.build_id ORDER BY 1, 2";
const SCHEMA: &str = "CREATE TABLE p (id text PRIMARY KEY, n int NOT NULL);";
/// The order counts.
const HANDLERS: &str = "-- on Added\nINSERT INTO p VALUES (:id, :n::int);\n\
                        -- on More\nUPDATE p SET n = p.n * 2 + :n::int WHERE id = :id;\n";

/// A project of one projection that parks, with its events, promoted so many times.
fn project(schema: &str, handlers: &str, events: &[(&str, Value)], builds: usize) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__p.sql", schema);
    project.write("projections/p/handlers.sql", handlers);
    project.write("projections/p/projection.toml", "on_error = \"park\"\n");
    project.ok(&["migrate"]);
    for (event_type, payload) in events {
        let event = json!([{"type": event_type, "payload": payload}]);
        project.events().query("SELECT event_store.append('s', NULL, $1)", &[&event]).unwrap();
    }
    for _ in 0..builds {
        project.ok(&["rebuild", "p", "--promote"]);
    }
    project
}

/// Three of `a`, of which the second has no number, and two of `b`.
fn events() -> Vec<(&'static str, Value)> {
    vec![
        ("Added", json!({"id": "a", "n": 1})),
        ("More", json!({"id": "a"})),
        ("Added", json!({"id": "b", "n": 10})),
        ("More", json!({"id": "a", "n": 5})),
        ("More", json!({"id": "b", "n": 3})),
    ]
}

fn set_payload(project: &Project, position: i64, payload: &str) {
    project
        .events()
        .batch_execute(&format!(
            "ALTER TABLE event_store.events DISABLE TRIGGER USER; \
             UPDATE event_store.events SET payload = '{payload}' WHERE position = {position}"
        ))
        .unwrap();
}

fn of(project: &Project, build: &str) -> Vec<String> {
    rows(&mut project.reads(), &format!("SELECT id, n FROM {build}.p ORDER BY id"))
}

#[test]
fn a_parked_event_is_applied_in_its_place_in_every_build_that_parked_it() {
    let project = project(SCHEMA, HANDLERS, &events(), 2);
    assert_eq!(of(&project, "p__b1"), ["(a,7)", "(b,23)"]);
    let reason = ["(p__b1,2,field-missing)", "(p__b2,2,field-missing)"];
    assert_eq!(rows(&mut project.reads(), PARKED), reason);
    let other = "SELECT xmin::text FROM p__b2.p WHERE id = 'b'";
    let untouched = rows(&mut project.reads(), other);
    // As long as nothing is mended, it fails again, and stays parked.
    let ran = project.run(&["parked", "retry", "p", "--position", "2"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("it fails again, and stays parked"), "{}", ran.stdout);
    assert_eq!(rows(&mut project.reads(), PARKED), reason);
    // Another mistake is told instead.
    set_payload(&project, 2, r#"{"id": "a", "n": "many"}"#);
    let ran = project.run(&["parked", "retry", "p", "--all", "--json"]);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &told["left"], &told["applied"]), (1, &json!(1), &json!(0)), "{told}");
    let again = &told["events"][0]["builds"][1]["again"][0];
    assert_eq!(again["sqlstate"], json!("22P02"), "{told}");
    let now = rows(&mut project.reads(), PARKED);
    assert!(now.len() == 2 && now.iter().all(|one| !one.contains("field-missing")), "{now:?}");
    assert_eq!(of(&project, "p__b2"), ["(a,7)", "(b,23)"]);
    // Mended, it is applied before the events that came after it.
    set_payload(&project, 2, r#"{"id": "a", "n": 100}"#);
    let told = project.json(&["parked", "retry", "p", "--position", "2"]);
    assert_eq!(told["events"][0]["applied"], json!(true), "{told}");
    let builds = told["events"][0]["builds"].as_array().unwrap();
    let states: Vec<&Value> = builds.iter().map(|build| &build["state"]).collect();
    assert_eq!(states, [&json!("retired"), &json!("live")], "{told}");
    assert_eq!(builds[1]["events"], json!(3), "{told}");
    for build in ["p__b1", "p__b2"] {
        assert_eq!(of(&project, build), ["(a,209)", "(b,23)"], "{build}");
    }
    assert_eq!(rows(&mut project.reads(), PARKED), [""; 0]);
    assert_eq!(rows(&mut project.reads(), other), untouched, "rows of other keys are not written");
    // It is what a rebuild makes, and what is followed goes on.
    project.ok(&["rebuild", "p"]);
    assert_eq!(of(&project, "p__b3"), of(&project, "p__b2"));
    project.ok(&["run", "--until-caught-up"]);
    let told = project.json(&["parked", "retry", "p", "--all"]);
    assert_eq!(told["events"], json!([]), "{told}");
    let ran = project.run(&["parked", "retry", "p", "--position", "2"]);
    assert!(
        ran.code == 2 && ran.stderr.contains("has parked no event at position 2"),
        "{}",
        ran.stderr
    );
}

#[test]
fn it_is_applied_in_all_builds_or_in_none() {
    let project = project(SCHEMA, HANDLERS, &events(), 2);
    set_payload(&project, 2, r#"{"id": "a", "n": 100}"#);
    project
        .reads()
        .batch_execute(
            "CREATE TABLE public.note (id text REFERENCES p__b2.p); INSERT INTO public.note VALUES ('a')",
        )
        .unwrap();
    let ran = project.run(&["parked", "retry", "p", "--position", "2"]);
    assert!(ran.code == 1 && ran.stderr.contains("rows of note refer"), "{}", ran.stderr);
    assert_eq!(of(&project, "p__b1"), ["(a,7)", "(b,23)"]);
    assert_eq!(rows(&mut project.reads(), PARKED).len(), 2);
    // One build is named by its schema.
    project.ok(&["parked", "retry", "p__b1", "--all"]);
    assert_eq!(of(&project, "p__b1"), ["(a,209)", "(b,23)"]);
    assert_eq!(rows(&mut project.reads(), PARKED), ["(p__b2,2,field-missing)"]);
}

/// A value that is none of the key's type is of no row, whatever rows there are.
#[test]
fn a_key_that_is_none_stays_parked_with_its_reason() {
    let schema = "CREATE TABLE p (id int PRIMARY KEY, n int NOT NULL);";
    let handlers = "-- on Added\nINSERT INTO p VALUES (:id::int, :n::int);\n";
    let events = [("Added", json!({"id": 1, "n": 1})), ("Added", json!({"id": "one", "n": 1}))];
    let project = project(schema, handlers, &events, 1);
    let ran = project.run(&["parked", "retry", "p", "--all", "--json"]);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    let again = &told["events"][0]["builds"][0]["again"][0];
    assert_eq!((ran.code, &again["sqlstate"]), (1, &json!("22P02")), "{told}");
    assert_eq!(of(&project, "p__b1"), ["(1,1)"]);
    set_payload(&project, 2, r#"{"id": 2, "n": 1}"#);
    project.ok(&["parked", "retry", "p", "--all"]);
    assert_eq!(of(&project, "p__b1"), ["(1,1)", "(2,1)"]);
}

/// What rows of other values decide is not guessed; what can be told goes on.
#[test]
fn what_cannot_be_proven_is_refused_with_the_way_out() {
    let schema = "CREATE TABLE p (id text PRIMARY KEY, n int NOT NULL); \
                  CREATE TABLE q (oid text PRIMARY KEY, m int NOT NULL);\
                  CREATE TABLE r (id text PRIMARY KEY, n int NOT NULL);";
    let handlers = "-- on Both\nINSERT INTO p VALUES (:id, 1) ON CONFLICT (id) DO UPDATE SET n = p.n + 1;\n\
                    INSERT INTO q VALUES (:oid, :m::int);\n\
                    -- on Alone\nINSERT INTO r VALUES (:id, :n::int);\n";
    let both = |oid: &str| ("Both", json!({"id": "x", "oid": oid, "m": 1}));
    let events = [both("1"), both("1"), ("Alone", json!({"id": "y"}))];
    let project = project(schema, handlers, &events, 1);
    set_payload(&project, 3, r#"{"id": "y", "n": 4}"#);
    set_payload(&project, 2, r#"{"id": "x", "oid": "2", "m": 1}"#);
    let ran = project.run(&["parked", "retry", "p", "--position", "2"]);
    let told = &ran.stderr;
    assert!(
        ran.code == 1 && told.contains("is not tried again by itself: projections/p/handlers.sql:"),
        "{told}"
    );
    assert!(told.contains("regrow rebuild p"), "{told}");
    let ran = project.run(&["parked", "retry", "p", "--all", "--json"]);
    let told: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(ran.code, 1, "{told}");
    assert_eq!(told["events"][0]["error"]["code"], json!("row-not-bound"), "{told}");
    assert_eq!((&told["applied"], &told["left"]), (&json!(1), &json!(1)), "{told}");
    let r = "SELECT id, n FROM read_model.r";
    assert_eq!(rows(&mut project.reads(), r), ["(y,4)"]);
    assert_eq!(of(&project, "p__b1"), ["(x,1)"]);
    // What is not in the log any more cannot be tried.
    project.events().batch_execute("DELETE FROM event_store.events WHERE position = 2").unwrap();
    let ran = project.run(&["parked", "retry", "p", "--position", "2"]);
    assert!(ran.stderr.contains("regrow parked drop p__b1 2"), "{}", ran.stderr);
    // The way out that was told.
    project.ok(&["parked", "drop", "p__b1", "2"]);
}
