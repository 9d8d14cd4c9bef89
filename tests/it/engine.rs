//! The sql engine: what a handler is given, and what is left behind.

use crate::bench::{Project, rows, server_major, wait_until};

/// A project with one projection `p`, migrated.
fn project(schema: &str, handlers: &str) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__p.sql", schema);
    project.write("projections/p/handlers.sql", handlers);
    project.ok(&["migrate"]);
    project
}

fn append(project: &Project, event_type: &str, payload: &str) {
    project
        .events()
        .execute(
            "SELECT event_store.append('s', NULL, jsonb_build_array(jsonb_build_object('type', $1::text, \
             'payload', $2::text::jsonb, 'metadata', '{\"who\": {\"name\": \"Ada\"}}'::jsonb)))",
            &[&event_type, &payload],
        )
        .unwrap();
}

#[test]
fn every_kind_of_value_arrives_as_postgresql_would_read_it() {
    let project = project(
        "CREATE TABLE p (id bigint PRIMARY KEY, t text, n numeric, d double precision, b boolean, \
         j jsonb, js json, a text[], nested int[], at timestamptz, day date, who text, meta jsonb, \
         missing text, nothing text, odd text, kind text, version int)",
        "-- on Happened\nINSERT INTO p VALUES (:event.position, :t, :n, :d, :b, :j, :js, :a, :nested, :at, :day, \
         :event.metadata.who.name, :event.metadata, :missing?, :nothing, :\"odd key\".\"x:y\", :event.type, \
         :event.schema_version);",
    );
    append(
        &project,
        "Happened",
        r#"{"t": "it's \"ก\" \\ \n", "n": 9007199254740993.10, "d": 1.5e300, "b": true, "j": {"k": [1, null]},
            "js": "text", "a": ["a,b", "\"", null, "NULL", "\\"], "nested": [[1, 2], [3, 4]],
            "at": "2026-03-01T10:00:00+02:00", "day": "2026-03-01", "nothing": null, "odd key": {"x:y": "found"}}"#,
    );
    project.ok(&["rebuild", "p", "--promote"]);
    let found = rows(
        &mut project.reads(),
        "SELECT t AS words, n, d, b, j, js, nested, at, day, who, meta, missing, nothing, odd, kind, version FROM read_model.p",
    );
    assert_eq!(
        found,
        [
            "(\"it's \"\"ก\"\" \\\\ \n\",9007199254740993.10,1.5e+300,t,\"{\"\"k\"\": [1, null]}\",\"\"\"text\"\"\",\
          \"{{1,2},{3,4}}\",\"2026-03-01 08:00:00+00\",2026-03-01,Ada,\"{\"\"who\"\": {\"\"name\"\": \"\"Ada\"\"}}\",,,found,Happened,1)"
        ]
    );
    let array: Vec<Option<String>> =
        project.reads().query_one("SELECT a FROM read_model.p", &[]).unwrap().get(0);
    let expect = [Some("a,b"), Some("\""), None, Some("NULL"), Some("\\")];
    assert_eq!(array.iter().map(Option::as_deref).collect::<Vec<_>>(), expect);
}

#[test]
fn a_filter_that_makes_several_events_keeps_their_order() {
    let project = project(
        "CREATE TABLE p (n int PRIMARY KEY, seen text NOT NULL DEFAULT '')",
        "-- on Split\nINSERT INTO p (n) VALUES (:n) ON CONFLICT (n) DO UPDATE SET seen = p.seen || :mark::text;",
    );
    project.write(
        "migrations/events/Split.toml",
        "type = \"Split\"\n[[step]]\nfrom = 1\njq = '.marks as $m | .n as $n | $m[] | {n: $n, mark: .}'\n",
    );
    append(&project, "Split", r#"{"n": 1, "marks": ["", "a", "b", "c"]}"#);
    append(&project, "Split", r#"{"n": 2, "marks": []}"#);
    project.ok(&["rebuild", "p", "--promote"]);
    assert_eq!(rows(&mut project.reads(), "SELECT n, seen FROM read_model.p"), ["(1,abc)"]);
}

/// The second part of an event fails in memory: the first is taken back before the sql engine runs both.
#[test]
fn a_part_that_fails_leaves_the_parts_before_it_applied_once() {
    let project = project(
        "CREATE TABLE p (n int PRIMARY KEY, total smallint NOT NULL)",
        "-- on Split\nINSERT INTO p (n, total) VALUES (:n, 0) ON CONFLICT (n) DO UPDATE SET total = p.total + :add::smallint;",
    );
    project.write("projections/p/projection.toml", "on_error = \"park\"\nengine = \"native\"\n");
    project.write(
        "migrations/events/Split.toml",
        "type = \"Split\"\n[[step]]\nfrom = 1\njq = '.adds as $a | .n as $n | $a[] | {n: $n, add: .}'\n",
    );
    append(&project, "Split", r#"{"n": 1, "adds": [0, 3]}"#);
    append(&project, "Split", r#"{"n": 1, "adds": [1, 32767, 2]}"#);
    append(&project, "Split", r#"{"n": 1, "adds": [4]}"#);
    let built = project.json(&["rebuild", "p", "--promote"]);
    assert_eq!(built["builds"][0]["native_handlers"], 3, "{built}");
    assert_eq!(built["builds"][0]["parked"], 1, "{built}");
    assert_eq!(rows(&mut project.reads(), "SELECT n, total FROM read_model.p"), ["(1,10)"]);
}

#[test]
fn deferred_constraints_hold_at_the_end_of_each_event() {
    let project = project(
        "CREATE TABLE p (id int PRIMARY KEY, place int NOT NULL, \
         CONSTRAINT \"one each\" UNIQUE (place) DEFERRABLE INITIALLY DEFERRED)",
        "-- on Put\nINSERT INTO p VALUES (:id, :place);\n\n\
         -- on Swapped\nUPDATE p SET place = :b::int WHERE id = :a::int;\nUPDATE p SET place = :a::int WHERE id = :b::int;",
    );
    append(&project, "Put", r#"{"id": 1, "place": 1}"#);
    append(&project, "Put", r#"{"id": 2, "place": 2}"#);
    append(&project, "Swapped", r#"{"a": 1, "b": 2}"#);
    project.ok(&["rebuild", "p", "--promote"]);
    assert_eq!(
        rows(&mut project.reads(), "SELECT * FROM read_model.p ORDER BY id"),
        ["(1,2)", "(2,1)"]
    );

    append(&project, "Put", r#"{"id": 3, "place": 2}"#);
    append(&project, "Put", r#"{"id": 4, "place": 4}"#);
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("event 4 (Put version 1"), "{}", ran.stderr);
    assert!(ran.stderr.contains("one each"), "{}", ran.stderr);
}

#[test]
fn what_was_put_off_for_the_replay_comes_back() {
    let schema = "CREATE TABLE p (id int PRIMARY KEY, a int, b int, c int);\n\
                  CREATE INDEX by_a ON p (a);\nCREATE INDEX by_b ON p (b DESC) WHERE c > 0;\n\
                  CREATE TABLE q (id int PRIMARY KEY) WITH (fillfactor = 90);";
    let project = project(
        schema,
        "-- on Put\nINSERT INTO p VALUES (:id, 1, 2, 3) ON CONFLICT (id) DO UPDATE SET c = 4;\n\
         INSERT INTO q VALUES (:id) ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id;\n\n\
         -- on Moved\nUPDATE p SET c = 5 WHERE a = :a;",
    );
    append(&project, "Put", r#"{"id": 1}"#);
    project.ok(&["rebuild", "p"]);
    let mut client = project.reads();
    client
        .batch_execute(&format!("CREATE SCHEMA plain; SET search_path = plain; {schema}"))
        .unwrap();
    let catalog = |client: &mut postgres::Client, schema: &str| {
        rows(
            client,
            &format!(
                "SELECT c.relname, c.reloptions, replace(pg_get_indexdef(c.oid), '{schema}.', '') FROM pg_class c \
                 WHERE relnamespace = '{schema}'::regnamespace AND relname !~ '^(refinery|regrow)_schema' ORDER BY 1"
            ),
        )
    };
    assert_eq!(catalog(&mut client, "p__b1"), catalog(&mut client, "plain"));
    assert!(rows(&mut client, "SELECT * FROM regrow.finish_step").is_empty());
}

#[test]
fn checks_of_a_long_log_are_shared_by_two_sessions_and_told_in_order() {
    let project = project(
        "CREATE TABLE p (n int PRIMARY KEY)",
        "-- on Counted\nINSERT INTO p VALUES (:n) ON CONFLICT (n) DO NOTHING;",
    );
    let many = "INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
                SELECT 's' || n, 0, 'Counted', 1, '{\"n\": 1}' FROM generate_series(1, 50000) AS n";
    project.events().batch_execute(many).unwrap();
    project.write(
        "projections/p/checks.sql",
        "-- one\nSELECT n FROM p;\n\n-- two\nSELECT pg_sleep(0.2) FROM p;\n\n\
         -- nobody is beside\nSELECT FROM pg_stat_activity WHERE application_name = 'regrow check';\n\n\
         -- four\nSELECT n FROM p WHERE n > 1;\n\n-- five\nSELECT n FROM p;\n",
    );
    let ran = project.run(&["rebuild", "p"]);
    assert_ne!(ran.code, 0, "{}", ran.stderr);
    let places: Vec<Option<usize>> =
        ["one", "two", "nobody is beside", "five"].map(|name| ran.stderr.find(name)).into();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{}", ran.stderr);
    assert!(!ran.stderr.contains("four"), "{}", ran.stderr);
}

#[test]
fn rows_that_a_follower_searches_by_a_column_are_asked_for_once_a_batch() {
    let project = project(
        "CREATE TABLE p (id int PRIMARY KEY, customer text NOT NULL, name text NOT NULL)",
        "-- on Placed\nINSERT INTO p VALUES (:id, :customer, '');\n\n\
         -- on Renamed\nUPDATE p SET name = :name WHERE customer = :customer;",
    );
    let append_all = |event_type: &str, payload: &str| {
        let all = "INSERT INTO event_store.events (stream_id, stream_version, event_type, schema_version, payload) \
                   SELECT $1 || n, 0, $1, 1, format($2, n, n % 100)::jsonb FROM generate_series(1, 300) AS n";
        project.events().execute(all, &[&event_type, &payload]).unwrap();
    };
    append_all("Placed", r#"{"id": %s, "customer": "c%s"}"#);
    project.ok(&["rebuild", "p", "--promote"]);
    let mut reads = project.reads();
    let mut scans = || -> i64 {
        let sessions = "SELECT FROM pg_stat_activity WHERE datname = current_database() \
                        AND application_name LIKE 'regrow %'";
        wait_until("the sessions to end", || rows(&mut reads, sessions).is_empty());
        let scans = "SELECT seq_scan FROM pg_stat_user_tables WHERE relid = 'p__b1.p'::regclass";
        reads.query_one(scans, &[]).unwrap().get(0)
    };
    let before = scans();
    append_all("Renamed", r#"{"name": "n%s", "customer": "c%s"}"#);
    let ran = project.json(&["run", "--until-caught-up"]);
    // PostgreSQL 14 counts in a process of its own, which learns of them a moment later.
    let mut scanned = 0;
    wait_until("the scans to be counted", || {
        scanned = scans() - before;
        scanned > 0
    });
    assert!((1..10).contains(&scanned), "{scanned} times for 100 customers: {ran}");
    let last = "SELECT count(*), min(name), max(name) FROM read_model.p WHERE name = 'n' || (id - 1) % 100 + 201";
    assert_eq!(rows(&mut reads, last), ["(300,n201,n300)"]);
}

#[test]
fn a_checkpoint_somebody_locks_is_waited_for_and_never_skipped() {
    let project = project(
        "CREATE TABLE p (n int PRIMARY KEY, times int NOT NULL)",
        "-- on Counted\nINSERT INTO p VALUES (1, 1) ON CONFLICT (n) DO UPDATE SET times = p.times + 1;",
    );
    for _ in 0..10 {
        append(&project, "Counted", "{}");
    }
    project.ok(&["rebuild", "p"]);
    let mut locker = project.reads();
    let mut held = locker.transaction().unwrap();
    held.execute("SELECT FROM regrow.checkpoint FOR UPDATE", &[]).unwrap();
    // The last stretch has something to apply, and cannot get at the checkpoint.
    append(&project, "Counted", "{}");
    let mut promote = project.spawn(&["promote", "p"]);
    let mut watcher = project.reads();
    wait_until("the promote waits for the checkpoint", || {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'regrow promote' AND wait_event_type = 'Lock'";
        watcher.query_one(waiting, &[]).unwrap().get::<_, i64>(0) > 0
    });
    held.rollback().unwrap();
    assert!(promote.wait().unwrap().success());
    assert_eq!(rows(&mut watcher, "SELECT times FROM read_model.p"), ["(11)"]);
    let position = rows(&mut watcher, "SELECT position, events_read FROM regrow.checkpoint");
    assert_eq!(position, ["(11,11)"]);
}

/// A follower compiled the handlers when it began; what the table has learnt to refuse since is for
/// PostgreSQL to say, with the event's name.
#[test]
fn rows_the_table_refuses_at_write_back_are_told_by_their_event() {
    let project = project(
        "CREATE TABLE p (id int PRIMARY KEY, n int)",
        "-- on Happened\nINSERT INTO p VALUES (:id, :n);",
    );
    append(&project, "Happened", r#"{"id": 1, "n": 1}"#);
    project.ok(&["rebuild", "p", "--promote"]);
    let mut follower = project.spawn(&["run"]);
    let mut reads = project.reads();
    append(&project, "Happened", r#"{"id": 2, "n": 2}"#);
    wait_until("the follower to be there", || {
        rows(&mut reads, "SELECT id FROM read_model.p").len() == 2
    });
    reads.batch_execute("ALTER TABLE p__b1.p ADD CONSTRAINT small CHECK (n < 5)").unwrap();
    append(&project, "Happened", r#"{"id": 3, "n": 9}"#);
    let failure = "SELECT failure FROM regrow.build WHERE failure IS NOT NULL";
    wait_until("the failure to be told", || !rows(&mut reads, failure).is_empty());
    follower.kill().unwrap();
    follower.wait().unwrap();
    let told = rows(&mut reads, failure).concat();
    assert!(
        told.contains("violates check constraint") && told.contains("handlers.sql:2"),
        "{told}"
    );
    assert_eq!(rows(&mut reads, "SELECT id FROM read_model.p ORDER BY id"), ["(1)", "(2)"]);
}

/// They name what is of the projection's own schema, which is on nobody's search path when they are
/// made again.
#[test]
fn indexes_that_name_own_types_functions_and_collations_come_back() {
    let schema = "CREATE TYPE state AS ENUM ('free', 'taken', 'closed');\n\
        CREATE DOMAIN ward AS text;\n\
        CREATE COLLATION own FROM \"C\";\n\
        CREATE FUNCTION base(t text) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT lower(t)';\n\
        CREATE FUNCTION plain(t text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN base(t); END $$;\n\
        CREATE FUNCTION cmp(a int, b int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT b - a';\n\
        CREATE OPERATOR CLASS backwards FOR TYPE int USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =,\n\
          OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 cmp(int, int);\n\
        CREATE TABLE p (id int PRIMARY KEY, w ward, s state NOT NULL, n int, t text COLLATE own);\n\
        CREATE INDEX by_open ON p (w) WHERE s <> 'closed';\n\
        CREATE INDEX by_state ON p ((s = 'free'), (t::ward));\n\
        CREATE INDEX by_function ON p (plain(t));\n\
        CREATE INDEX by_collation ON p (w COLLATE own);\n\
        CREATE INDEX by_class ON p (n backwards) WITH (fillfactor = 70);\n\
        CREATE INDEX told ON p (n); COMMENT ON INDEX told IS 'kept';\n\
        CREATE INDEX counted ON p ((n + 1)); ALTER INDEX counted ALTER COLUMN 1 SET STATISTICS 7;";
    let handlers = "-- on Put\nINSERT INTO p VALUES (:id, 'w', 'free', 1, 'T');\n";
    let mut schema = schema.to_owned();
    if server_major() >= 17 {
        // Functions that an index calls find nothing by the session's path there.
        let project = project(&schema, handlers);
        append(&project, "Put", r#"{"id": 1}"#);
        let ran = project.run(&["rebuild", "p"]);
        let told = ["function base(text) does not exist", "SET search_path FROM CURRENT"];
        assert!(ran.code == 1 && told.iter().all(|t| ran.stderr.contains(t)), "{}", ran.stderr);
        schema = schema.replace("plpgsql AS", "plpgsql SET search_path FROM CURRENT AS");
    }
    let project = project(&schema, handlers);
    append(&project, "Put", r#"{"id": 1}"#);
    let mut client = project.reads();
    client
        .batch_execute(&format!(
            "CREATE SCHEMA plain; SET search_path = plain; {schema}; RESET search_path"
        ))
        .unwrap();
    let catalog = |client: &mut postgres::Client, schema: &str| {
        rows(
            client,
            &format!(
                "SELECT c.relname, \
                 regexp_replace(replace(pg_get_indexdef(c.oid), '{schema}.', ''), 'p__type_[0-9a-f]+[.]', '', 'g'), \
                 obj_description(c.oid, 'pg_class'), \
                 (SELECT max(attstattarget) FROM pg_attribute a WHERE a.attrelid = c.oid) FROM pg_class c \
                 WHERE relnamespace = '{schema}'::regnamespace AND relkind = 'i' \
                 AND relname !~ '^(refinery|regrow)_schema' ORDER BY 1"
            ),
        )
    };
    for (number, engine) in (1..).zip(["auto", "sql"]) {
        project.write("projections/p/projection.toml", &format!("engine = \"{engine}\"\n"));
        project.ok(&["rebuild", "p"]);
        assert_eq!(catalog(&mut client, &format!("p__b{number}")), catalog(&mut client, "plain"));
    }
    assert!(rows(&mut client, "SELECT * FROM regrow.finish_step").is_empty());
}

/// Memory forgets what a handler in SQL may have changed, by whatever name it did.
#[test]
fn what_a_handler_in_sql_changes_by_another_name_is_not_lost() {
    let table =
        |name: &str| format!("CREATE TABLE {name} (id text PRIMARY KEY, n integer NOT NULL);");
    let function = "CREATE FUNCTION add_ten(which text) RETURNS text LANGUAGE sql AS \
                    $$ UPDATE stock SET n = n + 10 WHERE id = which RETURNING id $$;";
    for (name, more, statement) in [
        (
            "stock",
            "CREATE VIEW v AS SELECT * FROM stock;",
            "UPDATE v SET n = n + 10 WHERE id = :id",
        ),
        (
            "stock",
            "CREATE VIEW v AS SELECT * FROM stock; CREATE VIEW w AS SELECT * FROM v;",
            "WITH x AS (UPDATE w SET n = n + 10 WHERE id = :id RETURNING 1) UPDATE other SET n = 1 WHERE id = 'x'",
        ),
        ("stock", function, "INSERT INTO other (id, n) SELECT add_ten(:id), 1"),
        ("stock", "", "UPDATE U&\"\\0073tock\" SET n = n + 10 + 0 * mod(n, 7) WHERE id = :id"),
        ("\"st\"\"ock\"", "", "UPDATE \"st\"\"ock\" SET n = n + 10 + 0 * mod(n, 7) WHERE id = :id"),
    ] {
        let schema = format!("{}\n{}\n{more}\n", table(name), table("other"));
        let handlers = format!(
            "-- on A\nINSERT INTO {name} (id, n) VALUES (:id, 1);\n-- on B\n{statement};\n\
             -- on C\nUPDATE {name} SET n = n * 2 WHERE id = :id;\n"
        );
        let project = project(&schema, &handlers);
        let mut events = Vec::new();
        for id in 0..200 {
            events.push(format!(r#"{{"type": "A", "payload": {{"id": "{id}"}}}}"#));
        }
        events.push(r#"{"type": "B", "payload": {"id": "5"}}"#.to_owned());
        for id in 0..200 {
            events.push(format!(r#"{{"type": "C", "payload": {{"id": "{id}"}}}}"#));
        }
        let all = format!("[{}]", events.join(", "));
        project
            .events()
            .execute("SELECT event_store.append('s', NULL, $1::text::jsonb)", &[&all])
            .unwrap();
        let built = project.json(&["rebuild", "p", "--promote"]);
        assert_eq!(built["builds"][0]["engine"], "both", "{statement}: {built}");
        let sql = format!("SELECT n FROM read_model.{name} WHERE id = '5'");
        let found: i32 = project.reads().query_one(&sql, &[]).unwrap().get(0);
        assert_eq!(found, 22, "{statement}");
    }
}
