//! The log on a way back: whatever the words of a file are, no event is lost without a word.

use super::{STORE, ends};
use crate::bench::{Project, rows};
use crate::first_light::ORDERS;

const DOWN: &str = "migrations/event_store/V2__x.down.sql";

/// All events, whatever else the table has.
const SUM: &str = "SELECT count(*), md5(string_agg(ROW(position, stream_id, stream_version, event_type, \
                   schema_version, payload, metadata, recorded_at)::text, '' ORDER BY position)) \
                   FROM event_store.events";

/// The sample project with events and a second revision.
fn project(up: &str) -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    project.events().batch_execute(ORDERS).unwrap();
    project.write(&format!("{STORE}/V2__x.sql"), up);
    project.ok(&["migrate"]);
    project
}

const UP: &str = "CREATE TABLE x (id bigint);\n\
    CREATE TABLE first (id bigint PRIMARY KEY);\n\
    ALTER TABLE events ADD COLUMN first bigint REFERENCES first;\n\
    CREATE FUNCTION wipe() RETURNS void LANGUAGE sql AS 'DELETE FROM event_store.events';\n\
    CREATE TABLE loud (id int);\n\
    CREATE RULE r AS ON INSERT TO loud DO ALSO DELETE FROM event_store.events WHERE position = 7;\n\
    CREATE TABLE later (n bigint);\n\
    CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
      DELETE FROM event_store.events WHERE position <= NEW.n; \
      UPDATE event_store.events SET payload = '{}' WHERE position = - NEW.n; RETURN NULL; END $$;\n\
    CREATE CONSTRAINT TRIGGER later AFTER INSERT ON later DEFERRABLE INITIALLY DEFERRED \
      FOR EACH ROW EXECUTE FUNCTION later();\n";

/// Ways to lose events that no reading of words finds, and what is said of each.
const LOSING: [(&str, &str); 23] = [
    ("DO $$ BEGIN EXECUTE 'TRUNCATE event_store.events'; END $$;", "takes 6000 events out of"),
    (
        "DO $$ BEGIN EXECUTE 'DROP TABLE event_store.events CASCADE'; END $$;",
        "takes event_store.events away",
    ),
    ("SELECT wipe();", "takes 6000 events out of"),
    ("PREPARE p AS DELETE FROM events WHERE position = 6000;\nEXECUTE p;", "takes an event out of"),
    ("TRUNCATE first CASCADE;", "takes 6000 events out of"),
    ("INSERT INTO loud VALUES (1);", "takes an event out of"),
    (
        "WITH d AS (DELETE FROM events RETURNING position) INSERT INTO x SELECT position FROM d;",
        "event_store.events",
    ),
    ("ALTER TABLE events DROP COLUMN payload CASCADE;", "takes the column payload of"),
    (
        "ALTER TABLE events DROP COLUMN payload CASCADE;\nALTER TABLE events ADD COLUMN payload jsonb DEFAULT '{}';",
        "changes events of",
    ),
    ("ALTER TABLE events ALTER COLUMN payload TYPE jsonb USING '{}';", "changes events of"),
    ("UPDATE events SET payload = '{}';", "changes events of"),
    ("UPDATE event_store.events SET schema_version = 9 WHERE position = 3;", "changes events of"),
    ("ALTER TABLE events RENAME TO old_events;", "takes event_store.events away"),
    ("ALTER TABLE events SET SCHEMA public;", "takes event_store.events away"),
    (
        "ALTER TABLE events RENAME TO old_events;\nCREATE TABLE events (LIKE old_events INCLUDING ALL);",
        "takes 6000 events out of",
    ),
    (
        "ALTER TABLE events RENAME COLUMN payload TO p;\nALTER TABLE events RENAME COLUMN metadata TO payload;\n\
      ALTER TABLE events RENAME COLUMN p TO metadata;",
        "changes events of",
    ),
    (
        "CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM event_store.events WHERE position < 11; RETURN NEW; END $$;\n\
      CREATE TRIGGER t AFTER INSERT ON x FOR EACH ROW EXECUTE FUNCTION more();\nINSERT INTO x VALUES (1);",
        "takes 10 events out of",
    ),
    (
        "MERGE INTO events e USING (SELECT 5::bigint AS position) s ON e.position = s.position WHEN MATCHED THEN UPDATE SET metadata = '{\"a\": 1}';",
        "event_store.events",
    ),
    (
        "DO $$ BEGIN BEGIN DELETE FROM event_store.events; RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN NULL; END; \
      DELETE FROM event_store.events WHERE position = 1; END $$;",
        "takes an event out of",
    ),
    (
        "-- transaction: none\nSET search_path = event_store;\nSELECT wipe();",
        "takes 6000 events out of",
    ),
    // What waits for the COMMIT.
    ("INSERT INTO later VALUES (5);", "takes 5 events out of"),
    ("INSERT INTO later VALUES (-1);", "changes events of"),
    (
        "-- transaction: none\nSET search_path = event_store;\nINSERT INTO later VALUES (7);",
        "takes 7 events out of",
    ),
];

#[test]
fn no_words_of_a_way_back_lose_events() {
    let project = project(UP);
    let before = rows(&mut project.events(), SUM);
    let major = crate::bench::server_major();
    for (sql, said) in LOSING {
        if sql.starts_with("MERGE") && major < 15 {
            continue;
        }
        project.write(DOWN, &format!("{sql}\n"));
        for args in [&["downgrade", "-1"][..], &["redo"]] {
            ends(
                &project,
                args,
                1,
                &[DOWN, "error: ", "the way back from V2__x", said, "--lose-events"],
            );
            assert_eq!(rows(&mut project.events(), SUM), before, "{sql}");
        }
    }
    // The statement is named, not only the file.
    project.write(DOWN, "DROP TABLE x;\nSELECT 1;\n  SELECT wipe();\nSELECT 2;\n");
    ends(&project, &["downgrade", "-1"], 1, &[&format!("{DOWN}:3:3: the way back")]);
    // It is what the way back is for, if that is said.
    project.write(DOWN, "SELECT wipe();\n");
    ends(&project, &["downgrade", "-1", "--lose-events"], 0, &["1 revision taken back"]);
    let count = "SELECT count(*) FROM event_store.events";
    assert_eq!(rows(&mut project.events(), count), ["(0)"]);
}

#[test]
fn what_loses_no_event_is_a_way_back() {
    let project = project(UP);
    let before = rows(&mut project.events(), SUM);
    for sql in [
        "SELECT 1;",
        "ALTER TABLE events ADD COLUMN more int DEFAULT 1;",
        "UPDATE events SET first = NULL;",
        "UPDATE events SET payload = payload;",
        "DELETE FROM event_store.first;",
        "DO $$ BEGIN BEGIN DELETE FROM event_store.events; RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN NULL; END; END $$;",
        "ALTER TABLE events ALTER COLUMN schema_version TYPE bigint;",
        "ALTER TABLE events ALTER COLUMN schema_version TYPE integer;",
        "CLUSTER events USING events_pkey;",
        "CREATE INDEX more ON events (event_type);",
        "INSERT INTO x SELECT position FROM events;",
        "SET TimeZone = 'Asia/Kathmandu';\nSET DateStyle = 'German';\nUPDATE events SET first = NULL;",
        "-- transaction: none\nSET search_path = event_store;\nUPDATE events SET first = NULL;",
        "DROP TABLE x;",
        "DROP TABLE first CASCADE;",
        "ALTER TABLE events DROP COLUMN first;",
    ] {
        project.write(DOWN, &format!("{sql}\n"));
        ends(&project, &["downgrade", "-1"], 0, &["1 revision taken back"]);
        assert_eq!(rows(&mut project.events(), SUM), before, "{sql}");
        project.ok(&["stamp", "2"]);
    }
    // Without events there is nothing to lose.
    project.events().batch_execute("TRUNCATE event_store.events CASCADE").unwrap();
    project.write(DOWN, "DO $$ BEGIN EXECUTE 'DROP TABLE event_store.events CASCADE'; END $$;\n");
    ends(&project, &["downgrade", "-1"], 0, &["1 revision taken back"]);
}

#[test]
fn events_that_come_meanwhile_are_no_difference() {
    let project = project(UP);
    // The way back holds up nobody but while it looks; those who append wait and are not lost.
    project.write(
        DOWN,
        "SELECT pg_sleep(0.2);\nUPDATE events SET first = NULL;\nSELECT pg_sleep(0.2);\n",
    );
    let mut client = project.events();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        let mut appended = 0_i64;
        while stopped.try_recv().is_err() {
            let sql = format!(
                "SELECT event_store.append('meanwhile-{appended}', NULL, '[{{\"type\": \"Seen\"}}]')"
            );
            client.batch_execute(&sql).unwrap();
            appended += 1;
        }
        appended
    });
    ends(&project, &["downgrade", "-1"], 0, &["1 revision taken back"]);
    stop.send(()).unwrap();
    let appended = writer.join().unwrap();
    let count = "SELECT count(*) - 6000 FROM event_store.events";
    assert_eq!(rows(&mut project.events(), count), [format!("({appended})")]);
}

#[test]
fn partitions_are_parts_of_the_log() {
    let project = project(
        "ALTER TABLE events RENAME TO flat;\n\
         CREATE TABLE events (LIKE flat INCLUDING DEFAULTS) PARTITION BY RANGE (position);\n\
         CREATE TABLE low PARTITION OF events FOR VALUES FROM (0) TO (3000);\n\
         CREATE TABLE high PARTITION OF events DEFAULT;\n\
         INSERT INTO events SELECT * FROM flat;\n\
         DROP TABLE flat CASCADE;\n",
    );
    let before = rows(&mut project.events(), SUM);
    for (sql, said) in [
        ("TRUNCATE event_store.low;", "takes 2999 events out of"),
        ("ALTER TABLE events DETACH PARTITION low;", "takes 2999 events out of"),
        ("DROP TABLE event_store.low;", "takes 2999 events out of"),
        ("DELETE FROM event_store.high WHERE position = 5000;", "takes an event out of"),
    ] {
        project.write(DOWN, &format!("{sql}\n"));
        ends(&project, &["downgrade", "-1"], 1, &["the way back from V2__x", said]);
        assert_eq!(rows(&mut project.events(), SUM), before, "{sql}");
    }
    project.events().batch_execute("DROP TABLE event_store.high CASCADE").unwrap();
    project.write(
        DOWN,
        "-- transaction: none\nALTER TABLE event_store.events DETACH PARTITION event_store.low CONCURRENTLY;\n",
    );
    ends(
        &project,
        &["downgrade", "-1"],
        1,
        &["takes \"event_store\".\"low\" out of", "--lose-events"],
    );
    let attached = "SELECT count(*) FROM pg_inherits WHERE inhrelid = 'event_store.low'::regclass";
    assert_eq!(rows(&mut project.events(), attached), ["(1)"]);
}

#[test]
fn what_commits_in_parts_is_not_run_on_a_log_with_events() {
    let project = project(UP);
    let before = rows(&mut project.events(), SUM);
    project.write(
        DOWN,
        "-- transaction: none\nDO $$ BEGIN DELETE FROM event_store.events; COMMIT; END $$;\n",
    );
    let said = [&format!("{DOWN}:2:1: "), "commits in parts", "--lose-events"];
    ends(&project, &["downgrade", "-1"], 1, &said.map(|part| part as &str));
    assert_eq!(rows(&mut project.events(), SUM), before);
}
