//! A log that the Python library `eventsourcing` wrote, read where it is.
//!
//! The rows are held against what that library answers for each dog after its own
//! upcasting. The dump is read with COPY by the driver, so no psql is needed.

use std::io::Write;
use std::time::Instant;

use postgres::Client;
use serde_json::Value;

use super::find;
use crate::bench::{Project, differences, rows};
use crate::hazards::wait_for_a_barrier_wait;

const REGISTERED: &str = r#"
type = "Dog.Registered"

[[step]]                 # 1 -> 2: dogs have a breed
from = 1
default = { breed = "unknown" }
"#;

const TRICK_ADDED: &str = r#"
type = "Dog.TrickAdded"

[[step]]                 # 1 -> 2: a trick has a name and is more or less hard
from = 1
rename = { trick = "name" }
default = { difficulty = 1 }
"#;

const SCHEMA: &str = "
CREATE TABLE dogs (
    id               uuid PRIMARY KEY,
    name             text NOT NULL,
    breed            text NOT NULL,
    trick_count      integer NOT NULL DEFAULT 0,
    difficulty_total integer NOT NULL DEFAULT 0,
    last_trick       text,
    retired          text,
    version          bigint NOT NULL
);
CREATE INDEX dogs_by_name ON dogs (name);
";

const HANDLERS: &str = "
-- on Dog.Registered
INSERT INTO dogs (id, name, breed, version)
VALUES (:event.stream_id::uuid, :name, :breed, :event.stream_version);

-- on Dog.TrickAdded
UPDATE dogs
   SET trick_count = trick_count + 1, difficulty_total = difficulty_total + :difficulty::integer,
       last_trick = :name, version = :event.stream_version
 WHERE id = :event.stream_id::uuid;

-- on Dog.Retired
UPDATE dogs SET retired = :reason, version = :event.stream_version
 WHERE id = :event.stream_id::uuid;
";

/// The log in the order of its positions, in regrow's words, read from the library's table.
const LOG: &str = "
    SELECT originator_id::text AS stream_id, originator_version AS stream_version,
           split_part(topic, ':', 2) AS event_type,
           COALESCE((state ->> 'class_version')::integer, 1) AS schema_version,
           state AS payload, (state #>> '{timestamp,_data_}')::timestamptz AS recorded_at,
           row_number() OVER (ORDER BY notification_id) AS nth
      FROM (SELECT originator_id, originator_version, topic, notification_id,
                   convert_from(state, 'UTF8')::jsonb AS state FROM public.dogschool_events) AS log";

#[test]
fn dogs_are_what_their_own_library_says() {
    let started = Instant::now();
    let (project, dogs) = dog_school();
    let census = project.json(&["census"]);
    let counted: Vec<_> = census["kinds"].as_array().unwrap().iter().map(kind).collect();
    assert!(census["kinds"].as_array().unwrap().iter().all(|k| k["problem"].is_null()));
    if dogs == 240 {
        let expected = [
            ("Dog.Registered", 1, 120),
            ("Dog.Registered", 2, 120),
            ("Dog.Retired", 1, 13),
            ("Dog.TrickAdded", 1, 223),
            ("Dog.TrickAdded", 2, 247),
        ];
        assert_eq!(counted, expected.map(|(t, v, n)| (t.to_owned(), v, n)));
    }
    let all: i64 = counted.iter().map(|(_, _, events)| events).sum();

    assert_eq!(project.json(&["check"])["ok"], true);
    let built = project.json(&["rebuild", "dogs", "--promote"]);
    assert_eq!(built["builds"][0]["events"], all);
    let ran = |engine: &str| built["builds"][0][engine].as_i64().unwrap();
    assert_eq!(built["builds"][0]["engine"], "native");
    assert_eq!((ran("native_handlers"), ran("sql_handlers")), (all, 0));
    let mut reads = project.reads();
    assert_dogs(&mut reads, dogs);
    let odd = r#"SELECT name, last_trick FROM read_model.dogs WHERE last_trick IN ('back\flip', 'crawl "low"', 'ไหว้')
                 UNION ALL SELECT name, NULL FROM read_model.dogs WHERE name IN ('O''Malley', 'ด่าง', 'Zoë')"#;
    let texts =
        rows(&mut reads, &format!("SELECT DISTINCT COALESCE(last_trick, name) FROM ({odd}) AS t"));
    assert_eq!(texts.len(), 6, "every odd text is there: {texts:?}");
    println!("{all} events, {dogs} rows compared, {:?}", started.elapsed());
}

/// Each dog as the first `{until}` events of the log have it.
const DOGS_OF_A_PREFIX: &str = "
    (WITH event AS (SELECT * FROM ({log}) AS whole WHERE nth <= {until}),
         trick AS (SELECT stream_id, nth, COALESCE(payload ->> 'name', payload ->> 'trick') AS name,
                          COALESCE((payload ->> 'difficulty')::integer, 1) AS difficulty
                     FROM event WHERE event_type = 'Dog.TrickAdded')
    SELECT stream_id::uuid, payload ->> 'name', COALESCE(payload ->> 'breed', 'unknown'),
           (SELECT count(*) FROM trick t WHERE t.stream_id = r.stream_id)::integer,
           (SELECT COALESCE(sum(difficulty), 0) FROM trick t WHERE t.stream_id = r.stream_id)::integer,
           (SELECT name FROM trick t WHERE t.stream_id = r.stream_id ORDER BY nth DESC LIMIT 1),
           (SELECT payload ->> 'reason' FROM event e
             WHERE e.stream_id = r.stream_id AND e.event_type = 'Dog.Retired'),
           (SELECT max(stream_version)::bigint FROM event e WHERE e.stream_id = r.stream_id)
      FROM event r WHERE event_type = 'Dog.Registered')";

#[test]
fn dogs_are_proved_by_the_log_and_shown_as_of_five_moments() {
    let (project, dogs) = dog_school();
    project.ok(&["rebuild", "dogs", "--promote"]);
    assert_eq!(super::is_proved_by_the_log(&project, "dogs"), dogs);

    let mut client = project.events();
    let all = format!("SELECT count(*) FROM ({LOG}) AS log");
    let all: i64 = client.query_one(&all, &[]).unwrap().get(0);
    for part in 1..=5 {
        let moment = format!("SELECT recorded_at::text FROM ({LOG}) AS log WHERE nth = $1");
        let moment: String = client.query_one(&moment, &[&(all * part / 6)]).unwrap().get(0);
        let until = format!(
            "SELECT count(*) FROM ({LOG}) AS log WHERE nth < \
             (SELECT min(nth) FROM ({LOG}) AS log WHERE recorded_at > $1::text::timestamptz)"
        );
        let until: i64 = client.query_one(&until, &[&moment]).unwrap().get(0);
        assert!(until >= all * part / 6, "{until} of {all}");
        project.ok(&["as-of", "dogs", "--at", &moment, "--publish", "as_it_was"]);
        let expected =
            DOGS_OF_A_PREFIX.replace("{log}", LOG).replace("{until}", &until.to_string());
        let wrong = differences(&mut client, "SELECT * FROM as_it_was.dogs", &expected);
        assert!(wrong.is_empty(), "{moment}: {wrong:#?}");
        let count: i64 =
            client.query_one("SELECT count(*) FROM as_it_was.dogs", &[]).unwrap().get(0);
        println!("as of {moment}: {until} events, {count} dogs compared");
        project.ok(&["as-of", "drop", "as_it_was"]);
    }
    // What is compared with is right itself: of the whole log it is what the library says.
    let whole = DOGS_OF_A_PREFIX.replace("{log}", LOG).replace("{until}", &all.to_string());
    let wrong = differences(&mut client, "SELECT * FROM public.expected", &whole);
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn dogs_their_library_adds_show_up() {
    let (project, dogs) = dog_school();
    project.ok(&["rebuild", "dogs", "--promote"]);
    let (mut reads, mut log) = (project.reads(), project.events());
    let (max, version): (String, i64) = {
        let row = log.query_one("SELECT id::text, version FROM expected ORDER BY id LIMIT 1", &[]);
        let row = row.unwrap();
        (row.get(0), row.get(1))
    };

    // The library's own function, several events in one call.
    let trick = "พลิก 'over' \\ \"back\"";
    let rex = "0d06d06d-06d0-46d0-86d0-06d06d06d06d";
    let class_2 = |body: Value| {
        let mut state = serde_json::json!({"timestamp": {"_type_": "datetime_iso",
            "_data_": "2026-11-21T08:00:00.000001+00:00"}, "class_version": 2});
        state.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        state.to_string()
    };
    log.query(
        "SELECT public.es_insert_events_uuid(ARRAY[
            ROW($1::text::uuid, $2::bigint, 'kennel:Dog.TrickAdded', convert_to($3, 'UTF8')),
            ROW($4::text::uuid, 1, 'kennel:Dog.Registered', convert_to($5, 'UTF8'))
         ]::public.stored_event_uuid[])",
        &[
            &max,
            &(version + 1),
            &class_2(serde_json::json!({"name": trick, "difficulty": 3})),
            &rex,
            &class_2(serde_json::json!({"name": "ร็อกกี้", "breed": "O'Hund \\ \"x\""})),
        ],
    )
    .unwrap();
    log.execute(
        "UPDATE expected SET trick_count = trick_count + 1, difficulty_total = difficulty_total + 3,
                last_trick = $1, version = version + 1 WHERE id = $2::text::uuid",
        &[&trick, &max],
    )
    .unwrap();
    log.execute(
        r#"INSERT INTO expected VALUES ($1::text::uuid, 'ร็อกกี้', 'O''Hund \ "x"', 0, 0, NULL, NULL, 1)"#,
        &[&rex],
    )
    .unwrap();
    assert_ne!(differing(&mut reads), 0, "nothing moves by itself");
    project.ok(&["run", "--until-caught-up"]);
    assert_dogs(&mut reads, dogs + 1);

    // A plain INSERT that is slow to commit, and a later one that overtakes it.
    let mut slow = project.events();
    let mut late = slow.transaction().unwrap();
    let insert =
        "INSERT INTO public.dogschool_events (originator_id, originator_version, topic, state)
                  VALUES ($1::text::uuid, $2, 'kennel:Dog.' || $3, convert_to($4, 'UTF8'))";
    late.execute(insert, &[&rex, &2_i64, &"TrickAdded", &r#"{"trick": "late"}"#]).unwrap();
    let retired = r#"{"reason": "ย้ายบ้าน"}"#;
    log.execute(insert, &[&max, &(version + 2), &"Retired", &retired]).unwrap();
    let mut run = project.spawn(&["run", "--until-caught-up"]);
    wait_for_a_barrier_wait(&mut log, "regrow run");
    assert!(run.try_wait().unwrap().is_none(), "the barrier waits for the slow writer");
    late.commit().unwrap();
    assert!(run.wait().unwrap().success());
    log.batch_execute(&format!(
        "UPDATE expected SET trick_count = 1, difficulty_total = 1, last_trick = 'late', version = 2
          WHERE id = '{rex}';
         UPDATE expected SET retired = 'ย้ายบ้าน', version = version + 1 WHERE id = '{max}'"
    ))
    .unwrap();
    assert_dogs(&mut reads, dogs + 1);
}

#[test]
fn an_adopted_log_is_never_written() {
    let (project, _) = dog_school();
    let mut log = project.events();
    let everything = |log: &mut Client| rows(log, "SELECT * FROM public.dogschool_events");
    let before = everything(&mut log);

    project.write(
        "one.ndjson",
        r#"{"stream_id": "a", "stream_version": 1, "type": "Dog.Retired", "payload": {"reason": "x"}}"#,
    );
    let refused = project.run(&["import", "one.ndjson"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("another library writes"), "{}", refused.stderr);
    assert_eq!(project.run(&["adopt", "--preset", "eventsourcing", "--table", "x"]).code, 1);

    project.ok(&["rebuild", "dogs", "--promote"]);
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(everything(&mut log), before);
}

#[test]
fn an_adopted_project_has_no_event_store_to_migrate() {
    let (project, _) = dog_school();
    let mut log = project.events();

    // The lineage that init wrote lies there, but this log is not ours to make.
    assert_eq!(project.json(&["current"])["lineages"][0]["lineage"], "dogs");
    assert_eq!(project.json(&["migrate"])["ran"], serde_json::json!([]));
    assert!(project.ok(&["migrate"]).contains("the log is adopted"));
    let schemas = rows(
        &mut log,
        "SELECT nspname FROM pg_namespace WHERE nspname IN ('event_store', 'regrow')",
    );
    assert_eq!(schemas, ["(regrow)"], "a second, empty log was made beside the adopted one");

    // One that is not there is not one that migrate could make.
    log.batch_execute("ALTER TABLE public.dogschool_events RENAME TO elsewhere").unwrap();
    for verb in ["census", "check", "export"] {
        let missing = project.run(&[verb]);
        assert_eq!(missing.code, 1, "{verb}");
        let stderr = missing.stderr;
        assert!(stderr.contains("public.dogschool_events does not exist"), "{stderr}");
        assert!(stderr.contains("[event_store.adopt]"), "{stderr}");
        assert!(!stderr.contains("regrow migrate"), "{stderr}");
    }
}

#[test]
fn an_adopted_log_moves_into_a_store_of_our_own() {
    let (adopted, dogs) = dog_school();
    adopted.ok(&["export", "dogs.ndjson"]);
    let exported = adopted.read("dogs.ndjson");

    // The table lies beside the new store, so that SQL can hold one against the other.
    let own = Project::empty();
    load_dog_school(&own);
    own.ok(&["init", "."]);
    write_projection(&own);
    own.write("dogs.ndjson", &exported);
    own.ok(&["migrate"]);
    let imported = own.json(&["import", "dogs.ndjson"]);
    assert_eq!(imported["events"], exported.lines().count());
    let mut reads = own.reads();
    let columns = "stream_id, stream_version, event_type, schema_version, payload, recorded_at";
    let different = differences(
        &mut reads,
        &format!("(SELECT {columns}, position AS nth FROM event_store.events)"),
        &format!("(SELECT {columns}, nth FROM ({LOG}) AS log)"),
    );
    assert!(different.is_empty(), "{different:#?}");
    own.ok(&["rebuild", "dogs", "--promote"]);
    assert_dogs(&mut reads, dogs);

    // What comes out of our own store is what went in, but for the positions.
    let again = own.ok(&["export"]);
    let without_position = |text: &str| -> Vec<Value> {
        let line = |line: &str| {
            let mut event: Value = serde_json::from_str(line).unwrap();
            event.as_object_mut().unwrap().remove("position");
            event.as_object_mut().unwrap().retain(|_, value| *value != serde_json::json!({}));
            event
        };
        text.lines().map(line).collect()
    };
    assert_eq!(without_position(&again), without_position(&exported));
}

/// An empty folder, `init`, `adopt`, and the projection; gives the number of dogs.
fn dog_school() -> (Project, i64) {
    let project = Project::empty();
    let dogs = load_dog_school(&project);
    project.ok(&["init", "."]);
    project.ok(&["adopt", "--preset", "eventsourcing", "--table", "public.dogschool_events"]);
    write_projection(&project);
    (project, dogs)
}

fn write_projection(project: &Project) {
    project.write("migrations/events/Dog.Registered.toml", REGISTERED);
    project.write("migrations/events/Dog.TrickAdded.toml", TRICK_ADDED);
    project.write("projections/dogs/schema/V1__dogs.sql", SCHEMA);
    project.write("projections/dogs/handlers.sql", HANDLERS);
}

/// Loads the library's table, and its own answers as the table `expected`.
fn load_dog_school(project: &Project) -> i64 {
    let dump = find("dog_school.sql", "dog_school_sample.sql");
    let answers = find("dog_school_expected.json", "dog_school_sample_expected.json");
    assert_eq!(dump.whole, answers.whole);
    load_dump(project.events(), &std::fs::read_to_string(dump.path).unwrap());
    let answers: Value =
        serde_json::from_str(&std::fs::read_to_string(answers.path).unwrap()).unwrap();
    let dogs = project
        .events()
        .execute(
            "CREATE TABLE expected AS SELECT * FROM jsonb_to_recordset('[]') AS dog (id uuid,
             name text, breed text, trick_count integer, difficulty_total integer,
             last_trick text, retired text, version bigint)",
            &[],
        )
        .and_then(|_| {
            project.events().execute(
                "INSERT INTO expected SELECT * FROM jsonb_populate_recordset(NULL::expected, $1)",
                &[&answers],
            )
        })
        .unwrap();
    assert_eq!(dogs, if dump.whole { 240 } else { 8 });
    i64::try_from(dogs).unwrap()
}

/// Runs a plain dump with one COPY. The connection is used up: a dump changes its settings.
fn load_dump(mut client: Client, dump: &str) {
    let (before, rest) = dump.split_once("\nCOPY ").unwrap();
    let (head, rest) = rest.split_once(" FROM stdin;\n").unwrap();
    let (data, after) = rest.split_once("\n\\.\n").unwrap();
    client.batch_execute(before).unwrap();
    let mut copy = client.copy_in(&format!("COPY {head} FROM stdin")).unwrap();
    copy.write_all(data.as_bytes()).unwrap();
    copy.write_all(b"\n").unwrap();
    copy.finish().unwrap();
    client.batch_execute(after).unwrap();
}

fn kind(kind: &Value) -> (String, i64, i64) {
    let number = |name: &str| kind[name].as_i64().unwrap();
    (kind["type"].as_str().unwrap().to_owned(), number("schema_version"), number("events"))
}

fn differing(client: &mut Client) -> usize {
    different_dogs(client).len()
}

fn different_dogs(client: &mut Client) -> Vec<String> {
    differences(client, "SELECT * FROM read_model.dogs", "SELECT * FROM public.expected")
}

fn assert_dogs(client: &mut Client, dogs: i64) {
    let different = different_dogs(client);
    assert!(different.is_empty(), "{different:#?}");
    let count: i64 = client.query_one("SELECT count(*) FROM read_model.dogs", &[]).unwrap().get(0);
    assert_eq!(count, dogs);
}
