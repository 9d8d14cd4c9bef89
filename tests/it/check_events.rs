//! `check` runs each handler on events of the log: what would end a rebuild is found before it, and
//! what only a rebuild can know is no mistake.

use serde_json::{Value, json};

use crate::bench::Project;
use crate::first_light::ORDERS;

/// A word that stands in every payload, and in no line that is printed.
const PAYLOAD: &str = "hush";

/// A mistake of a projection's author: its event type's versions and payloads, an upcaster, a table
/// and a handler; and where it is found, with which code.
struct Mistake {
    name: &'static str,
    events: &'static [(i32, &'static str)],
    upcaster: &'static str,
    table: &'static str,
    handler: &'static str,
    /// The line, and the code.
    found: (&'static str, &'static str),
}

const HANDLERS: &str = "handlers.sql:2:";

const MISTAKES: &[Mistake] = &[
    Mistake {
        name: "other_letters",
        events: &[(1, r#"{"memberId": "hush"}"#)],
        upcaster: "",
        table: "id text PRIMARY KEY",
        handler: "INSERT INTO other_letters VALUES (:memberid)",
        found: (HANDLERS, "field-missing"),
    },
    Mistake {
        name: "text_as_int",
        events: &[(1, r#"{"id": "hush-1"}"#)],
        upcaster: "",
        table: "id int PRIMARY KEY",
        handler: "INSERT INTO text_as_int VALUES (:id::int)",
        found: (HANDLERS, "value-refused"),
    },
    Mistake {
        name: "misspelt_rename",
        events: &[(1, r#"{"book": "hush"}"#), (2, r#"{"title": "hush"}"#)],
        upcaster: "[[step]]\nfrom = 1\nrename = { bok = \"title\" }\n",
        table: "title text PRIMARY KEY",
        handler: "INSERT INTO misspelt_rename VALUES (:title) ON CONFLICT DO NOTHING",
        found: ("misspelt_rename.toml:", "upcaster-failed"),
    },
    Mistake {
        name: "misspelt_field",
        events: &[(1, r#"{"id": "hush", "quantity": 1}"#)],
        upcaster: "",
        table: "id text PRIMARY KEY, quantity int NOT NULL",
        handler: "INSERT INTO misspelt_field VALUES (:id, :quanity)",
        found: (HANDLERS, "field-missing"),
    },
    Mistake {
        name: "no_date",
        events: &[
            (1, r#"{"id": "hush", "due": "2026-01-01"}"#),
            (1, r#"{"id": "x", "due": "hush"}"#),
        ],
        upcaster: "",
        table: "id text PRIMARY KEY, due date",
        handler: "INSERT INTO no_date VALUES (:id, :due)",
        found: (HANDLERS, "value-refused"),
    },
    Mistake {
        name: "field_of_a_version",
        events: &[(1, r#"{"id": "hush"}"#), (2, r#"{"id": "hush 2", "currency": "EUR"}"#)],
        upcaster: "[[step]]\nfrom = 1\nset = { curency = \"USD\" }\n",
        table: "id text PRIMARY KEY, currency text NOT NULL",
        handler: "INSERT INTO field_of_a_version VALUES (:id, :currency)",
        found: (HANDLERS, "field-missing"),
    },
    Mistake {
        name: "type_after_rename",
        events: &[(1, r#"{"id": "hush", "size": "large hush"}"#)],
        upcaster: "[[step]]\nfrom = 1\nrename = { size = \"metres\" }\n",
        table: "id text PRIMARY KEY, metres numeric",
        handler: "INSERT INTO type_after_rename VALUES (:id, :metres)",
        found: (HANDLERS, "value-refused"),
    },
    Mistake {
        name: "step_that_fails",
        events: &[(1, r#"{"id": "hush", "price": "hush"}"#)],
        upcaster: "[[step]]\nfrom = 1\njq = '.price |= tonumber'\n",
        table: "id text PRIMARY KEY, price numeric",
        handler: "INSERT INTO step_that_fails VALUES (:id, :price)",
        found: ("step_that_fails.toml:", "upcaster-failed"),
    },
    Mistake {
        name: "cast_of_an_expression",
        events: &[(1, r#"{"id": "hush", "n": "hush"}"#)],
        upcaster: "",
        table: "id text PRIMARY KEY, n int",
        handler: "INSERT INTO cast_of_an_expression VALUES (:id, (:n || '0')::int)",
        found: (HANDLERS, "value-refused"),
    },
    Mistake {
        name: "null_where_none_may_be",
        events: &[(1, r#"{"id": "hush"}"#)],
        upcaster: "",
        table: "id text PRIMARY KEY, name text NOT NULL",
        handler: "INSERT INTO null_where_none_may_be VALUES (:id, :name?)",
        found: (HANDLERS, "constraint-violated"),
    },
];

/// A project whose projections are those of mistakes, over a log that `before` has filled.
fn project_of(mistakes: &[&Mistake], before: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.ok(&["migrate"]);
    let mut client = project.events();
    client.batch_execute(before).unwrap();
    for mistake in mistakes {
        let Mistake { name, events, upcaster, table, handler, .. } = mistake;
        project.write(
            &format!("projections/{name}/schema/V1__t.sql"),
            &format!("CREATE TABLE {name} ({table});"),
        );
        let handlers = format!("-- on {name}\n{handler};\n");
        project.write(&format!("projections/{name}/handlers.sql"), &handlers);
        if !upcaster.is_empty() {
            let path = format!("migrations/events/{name}.toml");
            project.write(&path, &format!("type = \"{name}\"\n{upcaster}"));
        }
        for (version, payload) in *events {
            assert!(payload.contains(PAYLOAD));
            append(&mut client, name, *version, payload);
        }
    }
    project
}

fn append(client: &mut postgres::Client, event_type: &str, version: i32, payload: &str) {
    let insert = "INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
                  SELECT $1, count(*)::int, $1, $2, $3::text::jsonb FROM event_store.events WHERE stream_id = $1";
    client.execute(insert, &[&event_type, &version, &payload]).unwrap();
}

fn checked(project: &Project, code: i32, more: &[&str]) -> Value {
    let args = [&["check", "--json", "--only", "handlers", "--only", "upcasters"], more].concat();
    let ran = project.run(&args);
    assert_eq!(ran.code, code, "{}{}", ran.stdout, ran.stderr);
    for text in [&ran.stdout, &ran.stderr, &project.run(&["check"]).stdout] {
        assert!(!text.contains(PAYLOAD), "a payload is told: {text}");
    }
    serde_json::from_str(&ran.stdout).unwrap()
}

/// The findings of a projection that are not about its engine.
fn of<'f>(found: &'f Value, name: &str) -> Vec<&'f Value> {
    let all = found["findings"].as_array().unwrap().iter();
    let is_told = |f: &&Value| {
        f["about"] == name && !f["message"].as_str().unwrap().starts_with("runs in SQL")
    };
    all.filter(is_told).collect()
}

fn is_found(found: &Value, mistake: &Mistake) {
    let (place, code) = mistake.found;
    let told = of(found, mistake.name);
    let [finding] = told.as_slice() else { panic!("{}: {told:?}", mistake.name) };
    let at = finding["place"].as_str().unwrap();
    assert_eq!(
        (&finding["severity"], &finding["rule"]),
        (&json!("mistake"), &json!(code)),
        "{finding}"
    );
    assert!(at.contains(place), "{at} is not {place}");
    let message = finding["message"].as_str().unwrap();
    let words = ["a rebuild would stop at event ", &format!("({} version ", mistake.name)];
    assert!(words.iter().all(|word| message.contains(word)), "{message}");
}

#[test]
fn what_would_stop_a_rebuild_is_a_mistake() {
    let project = project_of(&MISTAKES.iter().collect::<Vec<_>>(), "");
    let found = checked(&project, 1, &[]);
    MISTAKES.iter().for_each(|mistake| is_found(&found, mistake));
    assert_eq!(
        found["findings"].as_array().unwrap().iter().filter(|f| f["severity"] == "mistake").count(),
        MISTAKES.len()
    );
    // What is found is what a rebuild meets, at the same event.
    for mistake in MISTAKES {
        let ran = project.run(&["rebuild", mistake.name]);
        assert_eq!(ran.code, 1, "{}: {}", mistake.name, ran.stderr);
        let message = of(&found, mistake.name)[0]["message"].as_str().unwrap().to_owned();
        let event =
            message.trim_start_matches("a rebuild would stop at ").split(')').next().unwrap();
        assert!(ran.stderr.contains(event), "{event} is not in {}", ran.stderr);
    }
}

/// Events that come late, among many others of their type that are as they should be.
#[test]
fn a_mistake_is_found_wherever_its_version_begins() {
    let late = [
        &Mistake {
            name: "late",
            events: &[(2, r#"{"member": "hush"}"#)],
            upcaster: "[[step]]\nfrom = 1\nrename = { who = \"memberId\" }\n",
            table: "id text PRIMARY KEY",
            handler: "INSERT INTO late VALUES (:memberId) ON CONFLICT DO NOTHING",
            found: (HANDLERS, "field-missing"),
        },
        &Mistake {
            name: "late_text",
            events: &[(2, r#"{"id": "hush"}"#)],
            upcaster: "[[step]]\nfrom = 1\n",
            table: "id int PRIMARY KEY",
            handler: "INSERT INTO late_text VALUES (:id) ON CONFLICT DO NOTHING",
            found: (HANDLERS, "value-refused"),
        },
    ];
    let before = "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
        SELECT t || i, 0, t, jsonb_build_object('who', 'm' || i, 'id', i) \
          FROM generate_series(1, 3000) i, unnest(ARRAY['late', 'late_text']) t;";
    let project = project_of(&late, before);
    let found = checked(&project, 1, &[]);
    late.iter().for_each(|mistake| is_found(&found, mistake));
}

/// Neither the first events of the log, nor the first and the last of their kind.
#[test]
fn a_mistake_is_found_among_events_in_the_middle() {
    let middle = Mistake {
        name: "middle",
        events: &[(1, r#"{"id": "hush"}"#)],
        upcaster: "",
        table: "id text PRIMARY KEY",
        handler: "INSERT INTO middle VALUES (:id) ON CONFLICT DO NOTHING",
        found: (HANDLERS, "field-missing"),
    };
    let before = "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
        SELECT 's' || i, 0, 'middle', jsonb_build_object(CASE WHEN i BETWEEN 1500 AND 2500 THEN 'ID' ELSE 'id' END, i) \
          FROM generate_series(1, 4000) i;";
    let project = project_of(&[&middle], before);
    let found = checked(&project, 1, &[]);
    is_found(&found, &middle);
    let message = of(&found, "middle")[0]["message"].as_str().unwrap().to_owned();
    let more = message.split("; ").nth(1).and_then(|more| more.split(' ').next()).unwrap();
    assert!(
        (4..=6).contains(&more.parse::<i32>().unwrap()),
        "a fourth of twenty were drawn there: {message}"
    );
}

#[test]
fn where_events_are_parked_it_says_so() {
    let project = project_of(&[&MISTAKES[1]], "");
    project.write("projections/text_as_int/projection.toml", "on_error = \"park\"\n");
    let found = checked(&project, 1, &[]);
    let message = of(&found, "text_as_int")[0]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("a rebuild would park event 1 ("), "{message}");
}

/// 2,000 members, then 2,000 loans of theirs in streams of their own: what a loan needs was drawn
/// with the first thousand events, or not at all.
#[test]
fn what_may_be_missing_rows_is_no_mistake() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.ok(&["migrate"]);
    project.write(
        "projections/loans/schema/V1__loans.sql",
        "CREATE TABLE member (id int PRIMARY KEY, loans int NOT NULL DEFAULT 0, share int NOT NULL DEFAULT 0);\n\
         CREATE TABLE loan (id int PRIMARY KEY, member int NOT NULL REFERENCES member, of_member int NOT NULL);",
    );
    project.write(
        "projections/loans/handlers.sql",
        "-- on Joined\nINSERT INTO member (id) VALUES (:id);\n-- on Lent\n\
         INSERT INTO loan VALUES (:id, :member, (SELECT loans FROM member WHERE id = :member));\n\
         UPDATE member SET loans = loans + 1, share = 100 / (loans + 1) WHERE id = :member;\n\
         -- on Returned\nUPDATE member SET share = 100 / loans, loans = loans - 1 \
         WHERE id = (SELECT member FROM loan WHERE id = :id);\nDELETE FROM loan WHERE id = :id;\n",
    );
    project
        .events()
        .batch_execute(
            "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
             SELECT 'm' || i, 0, 'Joined', jsonb_build_object('id', i) FROM generate_series(1, 2000) i; \
             INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
             SELECT 'l' || i, n, CASE n WHEN 0 THEN 'Lent' ELSE 'Returned' END, jsonb_build_object('id', i, 'member', 1 + i * 7919 % 2000) \
               FROM generate_series(1, 2000) i, generate_series(0, 1) n ORDER BY i, n",
        )
        .unwrap();
    let found = checked(&project, 0, &[]);
    let told = of(&found, "loans");
    let note = |f: &&Value| {
        f["severity"] == "note"
            && f["message"].as_str().unwrap().starts_with("could not be tried alone: event ")
            && f["place"].as_str().unwrap().starts_with("projections/loans/handlers.sql:4:")
    };
    assert!(!told.is_empty() && told.iter().all(note), "{told:?}");
    project.ok(&["rebuild", "loans"]);
}

/// The same mistake among the first events, where a rebuild has no more rows than `check`.
#[test]
fn at_the_beginning_of_the_log_nothing_is_missing() {
    let mistake = Mistake {
        name: "share",
        events: &[
            (1, r#"{"id": 7, "by": 0, "x": "hush"}"#),
            (1, r#"{"id": 7, "by": 0, "x": "hush"}"#),
        ],
        upcaster: "",
        table: "id int PRIMARY KEY, share int",
        handler: "INSERT INTO share VALUES (:id, 1) ON CONFLICT (id) DO UPDATE SET share = share.share / :by::int",
        found: (HANDLERS, "value-refused"),
    };
    let project = project_of(&[&mistake], "");
    is_found(&checked(&project, 1, &[]), &mistake);
}

#[test]
fn without_an_event_nothing_was_tried() {
    let project = Project::orders();
    for note in ["the log is not there yet", "the log is empty"] {
        let ran = project.run(&["check", "--only", "handlers"]);
        assert_eq!(ran.code, 0, "{}", ran.stdout);
        for words in [note, "no handler was run on an event", "; 1 thing not tried"] {
            assert!(ran.stdout.contains(words), "{words:?} is not in {}", ran.stdout);
        }
        let strict = project.run(&["check", "--only", "handlers", "--require-scratch"]);
        assert_eq!(strict.code, 1, "{}", strict.stdout);
        project.ok(&["migrate"]);
    }
}

#[test]
fn the_sample_has_no_finding() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    let found = checked(&project, 0, &["--require-scratch"]);
    assert!(found["events"].as_i64().unwrap() > 2_000, "{found}");
    for name in ["order_summary", "customer_activity"] {
        let told = of(&found, name);
        assert!(
            told.iter().all(|f| f["severity"] == "note" && f["rule"] == Value::Null
                || f["message"].as_str().unwrap().contains("no event of type")),
            "{told:?}"
        );
    }
    assert_eq!(
        found,
        checked(&project, 0, &["--require-scratch"]),
        "the same log, the same events"
    );
}

/// With events that the native engine does not run: the rows differ, and the first such event is told.
#[cfg(feature = "failpoints")]
#[test]
fn engines_that_leave_other_rows_are_a_mistake() {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    let mut command = project.command(&["check", "order_summary", "--only", "handlers", "--json"]);
    let output = command.env("FAILPOINTS", "without::native_agreement=return").output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let told = &found["findings"][0];
    assert_eq!((output.status.code(), &told["severity"]), (Some(1), &json!("mistake")), "{found}");
    let message = told["message"].as_str().unwrap();
    assert!(message.starts_with("event 1 (OrderCreated version 1"), "{message}");
    assert!(told["place"].as_str().unwrap().contains("handlers.sql:1:"), "{told}");
}
