//! Permit cases: two event types, the first half of the log in version 1, the rest in version 2.
//!
//! What the engine makes event by event is held against SQL over whole sets, which knows both
//! versions by itself and shares no line with handlers or upcasters.

use std::time::Instant;

use postgres::Client;
use serde_json::Value;

use super::{Found, find};
use crate::bench::{Project, differences, rows};

const CASE_OPENED: &str = r#"
type = "CaseOpened"

[[step]]
from = 1
rename = { case = "case_id", startdate = "started_at" }
"#;

const TASK_COMPLETED: &str = r#"
type = "TaskCompleted"

[[step]]                 # 1 -> 2: plain names, and the code apart from the task's name
from = 1
jq = '''
(.task | capture("^(?<code>T[0-9]+(-[0-9]+)?) (?<name>.*)$") // {code: null, name: .}) as $task
| {case_id: .case, task_code: $task.code, task_name: $task.name, instance,
   group: ."org:group", resource: ."org:resource"}
'''
"#;

const CASES_SCHEMA: &str = "
CREATE TABLE cases (
    id            text PRIMARY KEY,
    channel       text NOT NULL,
    department    text NOT NULL,
    responsible   text NOT NULL,
    started_at    timestamptz NOT NULL,
    deadline      timestamptz,
    task_count    integer NOT NULL DEFAULT 0,
    first_task    text,
    last_task     text,
    first_task_at timestamptz,
    last_task_at  timestamptz,
    last_resource text
);
CREATE INDEX cases_by_responsible ON cases (responsible, deadline);

CREATE TABLE case_task (
    case_id   text NOT NULL,
    task_name text NOT NULL,
    task_code text,
    times     integer NOT NULL,
    first_at  timestamptz NOT NULL,
    last_at   timestamptz NOT NULL,
    PRIMARY KEY (case_id, task_name)
);
";

const CASES_HANDLERS: &str = "
-- on CaseOpened
INSERT INTO cases (id, channel, department, responsible, started_at, deadline)
VALUES (:case_id, :channel, :department, :responsible, :started_at, :deadline)
ON CONFLICT (id) DO UPDATE SET responsible = EXCLUDED.responsible;

-- on TaskCompleted
INSERT INTO case_task (case_id, task_name, task_code, times, first_at, last_at)
VALUES (:case_id, :task_name, :task_code, 1, :event.recorded_at, :event.recorded_at)
ON CONFLICT (case_id, task_name) DO UPDATE
   SET times = case_task.times + 1, last_at = EXCLUDED.last_at;

UPDATE cases
   SET task_count = task_count + 1,
       first_task = COALESCE(first_task, :task_name), last_task = :task_name,
       first_task_at = COALESCE(first_task_at, :event.recorded_at),
       last_task_at = :event.recorded_at, last_resource = :resource
 WHERE id = :case_id;
";

const CASES_CHECKS: &str = "
-- every task belongs to a case
SELECT t.case_id FROM case_task t LEFT JOIN cases c ON c.id = t.case_id WHERE c.id IS NULL;

-- the tasks of a case add up
SELECT id FROM cases
 WHERE task_count <> (SELECT COALESCE(sum(times), 0) FROM case_task WHERE case_id = cases.id);
";

/// Statements over several rows, and one that depends on what the one before it wrote.
const WORKLOAD_SCHEMA: &str = "
CREATE TABLE resource_case (
    resource text NOT NULL,
    case_id  text NOT NULL,
    tasks    integer NOT NULL,
    PRIMARY KEY (resource, case_id)
);

CREATE TABLE workload (
    resource  text PRIMARY KEY,
    tasks     integer NOT NULL,
    cases     integer NOT NULL,
    last_case text NOT NULL
);

CREATE TABLE untouched (case_id text PRIMARY KEY, opened_at timestamptz NOT NULL);
";

const WORKLOAD_HANDLERS: &str = "
-- on CaseOpened
INSERT INTO untouched (case_id, opened_at) VALUES (:case_id, :event.recorded_at);

-- on TaskCompleted
INSERT INTO resource_case (resource, case_id, tasks) VALUES (:resource, :case_id, 1)
ON CONFLICT (resource, case_id) DO UPDATE SET tasks = resource_case.tasks + EXCLUDED.tasks;
INSERT INTO workload (resource, tasks, cases, last_case)
SELECT :resource, sum(tasks), count(*), :case_id FROM resource_case WHERE resource = :resource
ON CONFLICT (resource) DO UPDATE
   SET tasks = EXCLUDED.tasks, cases = EXCLUDED.cases, last_case = EXCLUDED.last_case;
DELETE FROM untouched WHERE case_id = :case_id AND :task_name <> 'Confirmation of receipt';
";

/// The events both versions of which mean the same, `{until}` the last position that counts.
const EVENTS: &str = r"
    SELECT position, event_type, recorded_at,
           COALESCE(payload ->> 'case_id', payload ->> 'case') AS case_id,
           CASE schema_version WHEN 1 THEN payload ->> 'startdate' ELSE payload ->> 'started_at'
           END::timestamptz AS started_at,
           payload ->> 'channel' AS channel, payload ->> 'department' AS department,
           payload ->> 'responsible' AS responsible,
           (payload ->> 'deadline')::timestamptz AS deadline,
           CASE schema_version WHEN 1 THEN substring(payload ->> 'task' FROM '^(T\d\d(?:-\d)?) ')
           ELSE payload ->> 'task_code' END AS task_code,
           CASE schema_version WHEN 1 THEN regexp_replace(payload ->> 'task', '^T\d\d(-\d)? ', '')
           ELSE payload ->> 'task_name' END AS task_name,
           COALESCE(payload ->> 'resource', payload ->> 'org:resource') AS resource
      FROM event_store.events WHERE position <= {until}";

/// Each table as the log has it: projection, table, columns, query over `event`.
const EXPECTED: [(&str, &str, &str, &str); 5] = [
    (
        "cases",
        "cases",
        "id, channel, department, responsible, started_at, deadline, task_count, first_task, \
         last_task, first_task_at, last_task_at, last_resource",
        "SELECT o.case_id AS id, o.channel, o.department, o.responsible, o.started_at, o.deadline,
                count(t.position)::integer AS task_count,
                (array_agg(t.task_name ORDER BY t.position))[1] AS first_task,
                (array_agg(t.task_name ORDER BY t.position DESC))[1] AS last_task,
                (array_agg(t.recorded_at ORDER BY t.position))[1] AS first_task_at,
                (array_agg(t.recorded_at ORDER BY t.position DESC))[1] AS last_task_at,
                (array_agg(t.resource ORDER BY t.position DESC))[1] AS last_resource
           FROM event o
           LEFT JOIN event t ON t.case_id = o.case_id AND t.event_type = 'TaskCompleted'
          WHERE o.event_type = 'CaseOpened'
          GROUP BY o.case_id, o.channel, o.department, o.responsible, o.started_at, o.deadline",
    ),
    (
        "cases",
        "case_task",
        "case_id, task_name, task_code, times, first_at, last_at",
        "SELECT case_id, task_name, max(task_code) AS task_code, count(*)::integer AS times,
                min(recorded_at) AS first_at, max(recorded_at) AS last_at
           FROM event WHERE event_type = 'TaskCompleted' GROUP BY case_id, task_name",
    ),
    (
        "workload",
        "resource_case",
        "resource, case_id, tasks",
        "SELECT resource, case_id, count(*)::integer AS tasks
           FROM event WHERE event_type = 'TaskCompleted' GROUP BY resource, case_id",
    ),
    (
        "workload",
        "workload",
        "resource, tasks, cases, last_case",
        "SELECT resource, count(*)::integer AS tasks, count(DISTINCT case_id)::integer AS cases,
                (array_agg(case_id ORDER BY position DESC))[1] AS last_case
           FROM event WHERE event_type = 'TaskCompleted' GROUP BY resource",
    ),
    (
        "workload",
        "untouched",
        "case_id, opened_at",
        "SELECT case_id, recorded_at AS opened_at FROM event o WHERE event_type = 'CaseOpened'
            AND NOT EXISTS (SELECT FROM event t WHERE t.case_id = o.case_id
                            AND t.event_type = 'TaskCompleted'
                            AND t.task_name <> 'Confirmation of receipt')",
    ),
];

#[test]
fn permits_are_what_sql_says_of_their_log() {
    let started = Instant::now();
    let (project, log) = permits();
    let mut events = project.events();
    let (all, cases) = counts(&mut events);
    if log.whole {
        assert_eq!((all, cases), (10_011, 1_434));
    }
    assert_census(&project, &mut events);
    assert_eq!(project.json(&["check"])["ok"], true);

    let built = project.json(&["rebuild", "cases", "workload", "--promote"]);
    for build in built["builds"].as_array().unwrap() {
        assert_eq!(build["state"], "live", "{build}");
        assert_eq!((&build["events"], &build["position"]), (&all.into(), &all.into()));
        assert_eq!(build["parked"], 0);
    }
    assert_engines(&project, &built);
    let compared = assert_rows(&mut project.reads(), |_| "read_model".into(), all);
    assert_eq!(count(&mut project.reads(), "read_model.cases"), cases);
    println!("{all} events, {compared} rows compared, {:?}", started.elapsed());
}

#[test]
fn permits_ended_at_a_position_or_a_moment_are_the_log_up_to_there() {
    let (project, _) = permits();
    let mut events = project.events();
    let (all, _) = counts(&mut events);
    project.ok(&["rebuild", "cases", "workload", "--promote"]);

    for position in [0, 1, all / 2, all] {
        let reached = rebuild_until(&project, &position.to_string());
        assert_eq!(reached, position, "--until {position}");
    }
    let beyond = project.ok(&["rebuild", "cases", "--until", "20000"]);
    assert!(beyond.contains("ends with the log, before position 20,000"), "{beyond}");
    // Both ends of two events of one moment in the middle, the moment in three spellings.
    let tie = events
        .query_one(
            "SELECT a.position, a.recorded_at::text, (a.recorded_at - interval '1 millisecond')::text,
                    to_char(a.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.USZ')
               FROM event_store.events a
               JOIN event_store.events b ON b.position = a.position + 1 AND b.recorded_at = a.recorded_at
              WHERE a.position >= $1 ORDER BY a.position LIMIT 1",
            &[&(all / 2)],
        )
        .unwrap();
    let first: i64 = tie.get(0);
    assert_eq!(rebuild_until(&project, tie.get(2)), first - 1, "a millisecond before {first}");
    assert_eq!(rebuild_until(&project, tie.get(1)), first + 1, "the moment of {first}");
    assert_eq!(rebuild_until(&project, tie.get(3)), first + 1, "the moment of {first}, in UTC");
    // Without a zone it is UTC, whatever the server's zone.
    let new_year: i64 = events
        .query_one(
            "SELECT max(position) FROM event_store.events WHERE recorded_at <= '2011-01-01 00:00:00+00'",
            &[],
        )
        .unwrap()
        .get::<_, Option<i64>>(0)
        .unwrap_or(0);
    assert_eq!(rebuild_until(&project, "2011-01-01"), new_year);

    // Such a build is for looking at: readers see the whole log all the while.
    let refused = project.run(&["promote", "cases"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    let ends = format!("ends at position {new_year} by --until");
    assert!(refused.stderr.contains(&ends), "{}", refused.stderr);
    assert_eq!(project.run(&["rebuild", "cases", "--until", "5", "--promote"]).code, 2);
    assert_rows(&mut project.reads(), |_| "read_model".into(), all);
}

#[test]
fn permits_are_proved_by_the_log_and_shown_as_of_five_moments() {
    let (project, _) = permits();
    let mut events = project.events();
    let (all, cases) = counts(&mut events);
    project.ok(&["rebuild", "cases", "workload", "--promote"]);
    let mut proved = 0;
    for name in ["cases", "workload"] {
        proved += super::is_proved_by_the_log(&project, name);
    }
    assert!(proved > cases, "{proved} rows were compared");

    // The moments of five events, of which others may be of the same moment.
    for part in 1..=5 {
        let near = all * part / 6;
        let moment = "SELECT recorded_at::text FROM event_store.events WHERE position = $1";
        let moment: String = events.query_one(moment, &[&near]).unwrap().get(0);
        let last = "SELECT max(position) FROM event_store.events WHERE position < \
                    (SELECT min(position) FROM event_store.events WHERE recorded_at > $1::text::timestamptz)";
        let last: i64 = events.query_one(last, &[&moment]).unwrap().get(0);
        assert!(last >= near, "{last} and {near}");
        let of = ["as-of", "cases", "workload", "--at", &moment, "--publish", "as_it_was"];
        assert_eq!(project.json(&of)["position"], last, "{moment}");
        let compared = assert_rows(&mut project.reads(), |_| "as_it_was".into(), last);
        println!("as of {moment}: position {last}, {compared} rows compared");
        project.ok(&["as-of", "drop", "as_it_was"]);
    }
    assert_rows(&mut project.reads(), |_| "read_model".into(), all);
}

#[test]
fn an_end_that_is_none_builds_nothing() {
    let (project, _) = permits();
    for until in ["soon", "", "-5", "2011-13-01", "99999999999999999999"] {
        let refused = project.run(&["rebuild", "cases", &format!("--until={until}")]);
        assert_eq!(refused.code, 2, "{until:?}: {}", refused.stderr);
        let message = format!("error: {until:?} is neither a position nor a timestamp");
        assert!(refused.stderr.contains(&message), "{}", refused.stderr);
    }

    // A log without times has no event at or before a moment: not none, but nobody knows.
    project.write(
        "config.toml",
        r#"[event_store.adopt]
table = "event_store.events"
position = "position"
stream_id = "stream_id"
stream_version = "stream_version"
type = "event_type"
schema_version = "schema_version"
payload = "payload"
"#,
    );
    let refused = project.run(&["rebuild", "cases", "--until", "2011-06-01"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("has no recorded_at"), "{}", refused.stderr);
    let builds = rows(&mut project.reads(), "SELECT schema_name FROM regrow.build");
    assert!(builds.is_empty(), "{builds:?}");
}

/// Cases are folded from the first event to the last. Of the workload the tasks run in SQL: each
/// counts the rows of its resource, and a sum over many rows is not in the native subset. There
/// are far more tasks than cases, so mostly whole chunks run there.
fn assert_engines(project: &Project, built: &Value) {
    let [cases, workload] = [&built["builds"][0], &built["builds"][1]];
    assert_eq!((&cases["engine"], &cases["sql_handlers"]), (&"native".into(), &0.into()));
    assert_eq!(cases["native_handlers"], cases["events"]);
    assert_ne!(workload["engine"], "native");
    let ran = |engine: &str| workload[engine].as_i64().unwrap();
    assert_eq!(ran("native_handlers") + ran("sql_handlers"), workload["events"]);

    let told = project.json(&["rebuild", "--explain", "cases", "workload"]);
    let [cases, workload] = [&told["projections"][0], &told["projections"][1]];
    assert_eq!((&cases["engine"], &workload["engine"]), (&"native".into(), &"both".into()));
    let [opened, completed] = [&workload["handlers"][0], &workload["handlers"][1]];
    assert_eq!((&opened["engine"], &completed["engine"]), (&"native".into(), &"sql".into()));
    let places: Vec<_> =
        completed["reasons"].as_array().unwrap().iter().map(|r| r["line"].clone()).collect();
    assert_eq!(places, [8], "{completed:#}");
}

/// A project with the log in it.
fn permits() -> (Project, Found) {
    let log = find("permits.ndjson.gz", "permits_sample.ndjson");
    let project = Project::empty();
    let store = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/event_store/V1__events.sql");
    let store = std::fs::read_to_string(store).unwrap();
    // Small batches, so that the log is many of them.
    project.write("config.toml", "[rebuild]\nbatch_events = 500\nrange_positions = 1700\n");
    for (path, text) in [
        ("migrations/event_store/V1__events.sql", store.as_str()),
        ("migrations/events/CaseOpened.toml", CASE_OPENED),
        ("migrations/events/TaskCompleted.toml", TASK_COMPLETED),
        ("projections/cases/schema/V1__cases.sql", CASES_SCHEMA),
        ("projections/cases/handlers.sql", CASES_HANDLERS),
        ("projections/cases/checks.sql", CASES_CHECKS),
        ("projections/workload/schema/V1__workload.sql", WORKLOAD_SCHEMA),
        ("projections/workload/handlers.sql", WORKLOAD_HANDLERS),
    ] {
        project.write(path, text);
    }
    project.ok(&["migrate"]);
    let imported = project.json(&["import", log.path()]);
    assert_eq!(imported["events"], counts(&mut project.events()).0);
    (project, log)
}

fn count(client: &mut Client, table: &str) -> i64 {
    client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).unwrap().get(0)
}

/// Events and cases of the log, whose positions are 1 to their number.
fn counts(events: &mut Client) -> (i64, i64) {
    let row = events
        .query_one(
            "SELECT count(*), count(DISTINCT stream_id), min(position), max(position) FROM event_store.events",
            &[],
        )
        .unwrap();
    assert_eq!((row.get::<_, i64>(2), row.get::<_, i64>(3)), (1, row.get(0)));
    (row.get(0), row.get(1))
}

/// The census ends with 0 and counts each kind as SQL does.
fn assert_census(project: &Project, events: &mut Client) {
    let expected = rows(
        events,
        "SELECT event_type, schema_version, count(*), min(position), max(position)
           FROM event_store.events GROUP BY 1, 2 ORDER BY 1, 2",
    );
    let census = project.json(&["census"]);
    let kinds = census["kinds"].as_array().unwrap();
    let counted: Vec<String> = kinds
        .iter()
        .map(|kind| {
            let word = |name: &str| kind[name].to_string().replace('"', "");
            let words = ["type", "schema_version", "events", "first", "last"].map(word);
            format!("({})", words.join(","))
        })
        .collect();
    assert_eq!(counted, expected);
    assert_eq!(counted.len(), 4, "two types in two versions");
    for kind in kinds {
        assert_eq!(kind["problem"], Value::Null);
        assert_eq!(kind["handled_by"], serde_json::json!(["cases", "workload"]));
        let steps = kind["path"].as_array().unwrap().len();
        assert_eq!(steps, usize::from(kind["schema_version"] == 1), "{kind}");
    }
}

/// Builds both projections up to a point, compares every row, and gives the position.
fn rebuild_until(project: &Project, until: &str) -> i64 {
    let built = project.json(&["rebuild", "cases", "workload", "--until", until]);
    let builds = built["builds"].as_array().unwrap();
    let position = builds[0]["position"].as_i64().unwrap();
    assert_eq!(builds[1]["position"], position);
    assert_eq!(builds[0]["events"], position, "every event up to there, and no other");
    let schema = |projection: &str| {
        let build = builds.iter().find(|b| b["projection"] == projection).unwrap();
        build["build"].as_str().unwrap().to_owned()
    };
    assert_rows(&mut project.reads(), schema, position);
    position
}

/// Compares every table with what the log says up to a position; gives the number of rows.
fn assert_rows(client: &mut Client, schema: impl Fn(&str) -> String, until: i64) -> i64 {
    let mut compared = 0;
    for (projection, table, columns, query) in EXPECTED {
        let table = format!("{}.{table}", schema(projection));
        let event = EVENTS.replace("{until}", &until.to_string());
        let expected = format!("(WITH event AS ({event}) SELECT {columns} FROM ({query}) AS e)");
        let different = differences(client, &format!("(SELECT {columns} FROM {table})"), &expected);
        let shown = different.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
        assert!(different.is_empty(), "{table} at {until}: {} differ\n{shown}", different.len());
        compared += count(client, &table);
    }
    compared
}
