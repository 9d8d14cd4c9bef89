//! What the events themselves tell: gaps, positions taken ahead, broken streams, a log of another
//! library that cannot be read.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{has, heed, look, one, orders, refused, says, severe};
use crate::bench::{Project, Ran, rows, wait_until};

/// Appends one event, at a position of its own where it is given, so many seconds from now.
fn insert(project: &Project, position: Option<i64>, stream: &str, version: i32, seconds: i32) {
    let (column, value) = match position {
        Some(position) => ("position, ", format!("{position}, ")),
        None => ("", String::new()),
    };
    let sql = format!(
        "INSERT INTO event_store.events ({column}stream_id, stream_version, event_type, payload, recorded_at) \
         OVERRIDING SYSTEM VALUE VALUES ({value}'{stream}', {version}, 'Unknown', '{{}}', \
         clock_timestamp() + make_interval(secs => {seconds}))"
    );
    project.events().batch_execute(&sql).unwrap();
}

fn burn(project: &Project, positions: i32) -> i64 {
    let sql = "SELECT max(nextval('event_store.events_position_seq')) FROM generate_series(1, $1)";
    project.events().query_one(sql, &[&positions]).unwrap().get(0)
}

#[test]
fn gaps_are_counted_and_are_no_reason_to_worry_alone() {
    let project = orders("");
    assert!(!has(&look(&project, &[], 0), "gaps"));
    burn(&project, 1);
    insert(&project, None, "a", 0, 0);
    let mut client = project.events();
    let mut transaction = client.transaction().unwrap();
    let append = "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
                  SELECT 'gone', n, 'Unknown', '{}' FROM generate_series(0, 9) AS n";
    transaction.batch_execute(append).unwrap();
    transaction.rollback().unwrap();
    insert(&project, None, "a", 1, 0);
    let found = look(&project, &[], 0);
    assert_eq!(severe(&found), [""; 0]);
    says(
        one(&found, "gaps"),
        &[
            "2 gaps in the positions of event_store.events, 11 positions missing (6001, 6003 to 6012)",
            "rolled back",
        ],
    );
    // The first few are listed, and the rest is counted; the lowest is missing too.
    client.batch_execute("DELETE FROM event_store.events WHERE position % 100 = 1").unwrap();
    let found = look(&project, &[], 1);
    says(one(&found, "gaps"), &["62 gaps", "(1, 101, 201, 301, 401, and 57 more)"]);
}

#[test]
fn positions_taken_ahead_leave_traces() {
    let project = orders("");
    let ahead = burn(&project, 1);
    insert(&project, None, "a", 0, 0);
    // It commits late, with a clock that runs on.
    insert(&project, Some(ahead), "b", 0, 90);
    let found = look(&project, &[], 0);
    assert_eq!(severe(&found), ["warning positions-taken-ahead"]);
    let finding = one(&found, "positions-taken-ahead");
    says(
        finding,
        &["1 event was recorded more than 5 s before", &format!("({} by 00:01:", ahead + 1)],
    );

    let project = orders("");
    insert(&project, Some(7000), "a", 0, 0);
    let found = look(&project, &[], 1);
    assert_eq!(severe(&found), ["refused positions-above-sequence"]);
    let finding = one(&found, "positions-above-sequence");
    says(finding, &["up to position 7000", "event_store.events_position_seq stands at 6000"]);
    says(one(&found, "gaps"), &["1 gap in", "(6001 to 6999)"]);
    heed(&mut project.events(), finding);
    assert_eq!(severe(&look(&project, &[], 0)), [""; 0]);
}

#[test]
fn a_cached_sequence_is_refused_before_anything_is_made() {
    let project = orders("");
    let mut client = project.events();
    client.batch_execute("ALTER SEQUENCE event_store.events_position_seq CACHE 20").unwrap();
    let found = look(&project, &[], 1);
    assert_eq!(severe(&found), ["refused cached-sequence"]);
    let next = "ALTER SEQUENCE event_store.events_position_seq CACHE 1;";
    assert_eq!(one(&found, "cached-sequence")["next"], next);
    refused(&project, &[], 1, &["in blocks of 20", next]);
    heed(&mut client, one(&found, "cached-sequence"));
    assert_eq!(severe(&look(&project, &[], 0)), [""; 0]);
}

#[test]
fn versions_that_do_not_follow_one_another() {
    let project = orders("");
    let sql = "UPDATE event_store.events SET stream_version = 90 WHERE stream_id = 'order-3' AND stream_version = 3;
         DELETE FROM event_store.events WHERE stream_id = 'order-5' AND stream_version < 2";
    project.events().batch_execute(sql).unwrap();
    let found = look(&project, &[], 1);
    assert_eq!(severe(&found), ["refused stream-versions", "warning stream-begins-late"]);
    says(
        one(&found, "stream-versions"),
        &[
            "2 events of event_store.events do not follow",
            "(order-3 at position 22: 90 after 2, order-3 at position 23: 4 after 90)",
        ],
    );
    let parts = ["1 stream of event_store.events begins with", "(order-5 at position 33 with 2)"];
    says(one(&found, "stream-begins-late"), &parts);
}

/// A log of another library: no sequence, no unique index, whatever columns it likes.
fn adopted(more: &str) -> Project {
    let project = orders("");
    project
        .events()
        .batch_execute(
            "CREATE TABLE public.foreign_log (number bigint, \"Stream\" text, version int, kind text, body json, odd int);
             INSERT INTO public.foreign_log SELECT n, 's', n, 'Unknown', '{}', 1 FROM generate_series(1, 20) AS n",
        )
        .unwrap();
    let base = [
        ("table", "public.foreign_log"),
        ("position", "number"),
        ("stream_id", "\\\"Stream\\\""),
        ("stream_version", "version"),
        ("type", "kind"),
        ("payload", "body"),
    ];
    let mut config = "[event_store.adopt]\n".to_owned();
    for (key, value) in base.iter().filter(|(key, _)| !more.starts_with(&format!("{key} "))) {
        config.push_str(&format!("{key} = \"{value}\"\n"));
    }
    project.write("config.toml", &format!("{config}{more}\n"));
    project
}

#[test]
fn an_adopted_log_is_looked_at_by_its_expressions() {
    let project = adopted("");
    let found = look(&project, &[], 0);
    assert_eq!(
        severe(&found),
        ["warning position-without-default", "warning no-index-on-position"]
    );
    says(one(&found, "position-without-default"), &["public.foreign_log.number", "gaps"]);
    heed(&mut project.events(), one(&found, "no-index-on-position"));
    assert_eq!(severe(&look(&project, &[], 0)), ["warning position-without-default"]);
    let mut client = project.events();
    let sql = "INSERT INTO public.foreign_log VALUES (0, 'z', 1, 'Unknown', '{}'), (-4, 'y', 1, 'Unknown', '{}'),
         (20, 's', 21, 'Unknown', '{}')";
    client.batch_execute(sql).unwrap();
    let found = look(&project, &[], 1);
    assert!(has(&found, "positions-not-positive") && has(&found, "duplicate-positions"));
    says(one(&found, "positions-not-positive"), &["2 positions", "the lowest is -4"]);
    let parts = ["1 event of public.foreign_log", "(20)", "unique index"];
    says(one(&found, "duplicate-positions"), &parts);
}

/// One that its column does not own, only its default reads it.
#[test]
fn a_cached_sequence_behind_a_default() {
    let project = adopted("");
    let sql = "CREATE SEQUENCE public.numbers START 21 CACHE 5;
         ALTER TABLE public.foreign_log ALTER COLUMN number SET DEFAULT nextval('public.numbers')";
    project.events().batch_execute(sql).unwrap();
    let found = look(&project, &[], 1);
    assert_eq!(one(&found, "cached-sequence")["next"], "ALTER SEQUENCE public.numbers CACHE 1;");
}

#[test]
fn an_adopted_log_that_cannot_be_read() {
    for (more, code, part) in [
        ("payload = \"odd\"", "payload-type", "is of type int4"),
        ("type = \"nosuch\"", "log-expression", "column \"nosuch\" does not exist"),
        ("position = \"number / (number - 7)\"", "log-expression", "division by zero"),
        ("writers = [\"public.nosuch\"]", "watched-tables", "public.nosuch does not exist"),
    ] {
        let project = adopted(more);
        let found = look(&project, &[], 1);
        let first =
            found.iter().find(|f| f["code"] == code).unwrap_or_else(|| panic!("{found:#?}"));
        says(first, &[part, "config.toml"]);
    }
}

/// Where a rebuild would stop at once, or park.
#[test]
fn events_whose_version_cannot_be_read() {
    let project = adopted("schema_version = \"nullif(odd, 7)\"");
    let insert = "INSERT INTO public.foreign_log VALUES (21, 's', 21, 'OrderCreated', '{}', 7), \
                  (22, 's', 22, 'Unknown', '{}', 7)";
    project.events().batch_execute(insert).unwrap();
    let found = look(&project, &[], 1);
    let parts = [
        "1 event of type OrderCreated of public.foreign_log",
        "is NULL",
        "at position 21",
        "on_error",
    ];
    says(one(&found, "unreadable-events"), &parts);
    project.write("projections/order_summary/projection.toml", "on_error = \"park\"\n");
    assert_eq!(one(&look(&project, &[], 0), "unreadable-events")["severity"], "warning");
}

#[test]
fn a_view_that_reads_a_build_itself_stays_there() {
    let project = orders("");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    let view = "CREATE VIEW public.own AS SELECT id FROM order_summary__b1.order_summary; \
                CREATE VIEW public.shown AS SELECT id FROM read_model.order_summary";
    project.events().batch_execute(view).unwrap();
    let found = look(&project, &["--promote"], 0);
    let parts =
        ["view public.own reads tables of order_summary__b1 itself", "the views in read_model"];
    says(one(&found, "stays-behind"), &parts);
    let handlers = "projections/order_summary/handlers.sql";
    let edited = project.read(handlers).replace("'shipped'", "'sent'");
    project.write(handlers, &edited);
    let checked = project.run(&["check", "order_summary"]);
    assert!(checked.stdout.contains(parts[0]), "{}", checked.stdout);
}

#[test]
fn a_look_that_takes_long_ends_with_ctrl_c() {
    let project = adopted("position = \"number + 0 * length(pg_sleep(7200)::text)\"");
    let child = project.spawn(&["rebuild", "order_summary", "--preflight"]);
    let mut client = project.events();
    let at_work = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
                   AND application_name = 'regrow preflight' AND state = 'active' AND wait_event = 'PgSleep'";
    wait_until("the look at positions", || !rows(&mut client, at_work).is_empty());
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
    kill(pid, Signal::SIGINT).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap(), &["rebuild", "--preflight"]);
    assert_eq!(ran.code, 130, "{}", ran.stderr);
    assert!(ran.stderr.contains("stopped before everything was looked at"), "{}", ran.stderr);
    wait_until("the server to stop too", || rows(&mut client, at_work).is_empty());
}
