//! Events that cannot be applied: what is kept, what is said, and how it goes on.

use postgres::Client;
use serde_json::Value;

use crate::bench::{Project, Ran, rows, wait_until};

const HANDLERS: &str = "projections/order_summary/handlers.sql";

/// Appends one event to a stream, wherever the stream is.
fn append(project: &Project, stream: &str, kind: &str, version: i32, payload: &str) {
    let list =
        format!(r#"[{{"type": "{kind}", "schema_version": {version}, "payload": {payload}}}]"#);
    project
        .events()
        .query("SELECT event_store.append($1, NULL, $2::text::jsonb)", &[&stream, &list])
        .unwrap();
}

fn order(project: &Project, id: &str) {
    let payload = format!(r#"{{"order_id": "{id}", "customer_id": "c1", "customer_name": "Ann"}}"#);
    append(project, id, "OrderCreated", 1, &payload);
}

/// A migrated sample project whose order_summary is live and holds the orders o1 and o2.
fn live() -> Project {
    let project = Project::orders();
    project.ok(&["migrate"]);
    order(&project, "o1");
    order(&project, "o2");
    project.ok(&["rebuild", "order_summary", "--promote"]);
    project
}

fn build_of(project: &Project, schema: &str) -> Value {
    let status = project.json(&["status"]);
    let builds = status["builds"].as_array().unwrap();
    builds.iter().find(|b| b["build"] == schema).unwrap_or_else(|| panic!("{status}")).clone()
}

fn orders(reads: &mut Client, schema: &str) -> Vec<String> {
    rows(reads, &format!("SELECT id, status FROM {schema}.order_summary ORDER BY id"))
}

/// What a poison event must be called, everywhere it is named.
struct Poison<'a> {
    /// Type, schema version, stream and payload of the event.
    event: (&'a str, i32, &'a str, &'a str),
    /// `file:line:` of the handler's statement or the upcaster's step; none where the event
    /// has no path to any handler.
    place: Option<&'a str>,
    /// PostgreSQL's own words, or ours where it was not asked.
    message: &'a str,
    sqlstate: Option<&'a str>,
    /// The code of docs/errors.md.
    code: &'a str,
    /// The handlers that can take the event: what they were, and what they become.
    mended: Option<(&'a str, &'a str)>,
}

/// The whole story of one poison event: it stops a new build, nothing of it is kept, the
/// live build is untouched, the mended handler builds, the mended data resumes.
fn stops(poison: &Poison<'_>) {
    let project = live();
    let mut reads = project.reads();
    let seen = orders(&mut reads, "read_model");
    let (kind, version, stream, payload) = poison.event;
    append(&project, stream, kind, version, payload);

    let ran = project.run(&["rebuild", "order_summary"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
    named(&ran.stderr, poison);
    let status = project.ok(&["status"]);
    named(&status, poison);
    for text in [&ran.stderr, &status] {
        assert!(text.contains("regrow rebuild order_summary"), "{text}");
        assert!(text.contains("regrow resume order_summary"), "{text}");
    }

    let failed = build_of(&project, "order_summary__b2");
    assert_eq!(failed["state"], "failed", "{failed}");
    let failure = &failed["failure"];
    assert_eq!(failure["position"], 3);
    assert_eq!(failure["stream_id"], stream);
    assert_eq!(failure["event_type"], kind);
    assert_eq!(failure["schema_version"], version);
    assert!(failure["message"].as_str().unwrap().contains(poison.message), "{failure}");
    assert_eq!(failure["sqlstate"].as_str(), poison.sqlstate, "{failure}");
    assert_eq!(failure["code"], poison.code, "{failure}");
    match poison.place {
        Some(place) => assert!(failure["place"].as_str().unwrap().starts_with(place), "{failure}"),
        None => assert_eq!(failure["place"], Value::Null),
    }
    // The checkpoint stands before the poison, and the rows are those of the checkpoint.
    let kept = usize::try_from(failed["position"].as_u64().unwrap()).unwrap();
    assert!(kept <= 2, "{failed}");
    assert_eq!(orders(&mut reads, "order_summary__b2"), seen[..kept]);

    assert_eq!(build_of(&project, "order_summary__b1")["failure"], Value::Null);
    assert_eq!(orders(&mut reads, "read_model"), seen, "readers see what they saw");

    if let Some((was, becomes)) = poison.mended {
        let handlers = project.read(HANDLERS);
        assert!(handlers.contains(was), "{was}");
        project.write(HANDLERS, &handlers.replace(was, becomes));
        project.ok(&["rebuild", "order_summary"]);
        assert_eq!(build_of(&project, "order_summary__b3")["state"], "ready");
        assert!(orders(&mut reads, "order_summary__b3").len() >= 2);
        // Another definition has no use for the failed build.
        project.write(HANDLERS, &handlers);
    }
    resumes_when_the_data_are_mended(&project);
}

fn resumes_when_the_data_are_mended(project: &Project) {
    // Unchanged, it fails again, and no further.
    let again = project.run(&["rebuild", "order_summary"]);
    assert_eq!(again.code, 1, "{}", again.stderr);
    let failed = project.run(&["resume", "order_summary"]);
    assert_eq!(failed.code, 1, "{}", failed.stderr);
    let mend = "UPDATE event_store.events SET event_type = 'OrderCreated', schema_version = 1, payload =
        '{\"order_id\": \"o3\", \"customer_id\": \"c1\", \"customer_name\": \"Ann\"}' WHERE position = 3";
    project.events().batch_execute(mend).unwrap();
    project.ok(&["resume", "order_summary", "--promote"]);
    let reads = &mut project.reads();
    let expect = ["(o1,pending)", "(o2,pending)", "(o3,pending)"];
    assert_eq!(orders(reads, "read_model"), expect);
    let status = project.ok(&["status"]);
    assert!(!status.contains("stopped"), "{status}");
}

#[track_caller]
fn named(text: &str, poison: &Poison<'_>) {
    let (kind, version, stream, _) = poison.event;
    let event = format!("event 3 ({kind} version {version}, stream {stream} number ");
    let place = poison.place.map_or_else(String::new, |place| format!(" at {place}"));
    let code = poison.sqlstate.map_or_else(String::new, |code| format!("[SQLSTATE {code}]"));
    for part in [&event, &place, poison.message, &code] {
        assert!(text.contains(part), "{part:?} is missing in:\n{text}");
    }
}

const ORDER_1: &str = r#"{"order_id": "o1", "customer_id": "c1", "customer_name": "Ann"}"#;

#[test]
fn a_handler_that_meets_a_constraint() {
    stops(&Poison {
        event: ("OrderCreated", 1, "other", ORDER_1),
        place: Some("projections/order_summary/handlers.sql:2:"),
        message: "duplicate key value violates unique constraint \"order_summary_pkey\"",
        sqlstate: Some("23505"),
        code: "constraint-violated",
        mended: Some((":event.recorded_at);", ":event.recorded_at) ON CONFLICT DO NOTHING;")),
    });
}

#[test]
fn a_handler_that_cannot_cast() {
    stops(&Poison {
        event: (
            "OrderItemAdded",
            3,
            "o1",
            r#"{"order_id": "o1", "quantity": "two", "unit_price_cents": 5}"#,
        ),
        place: Some("projections/order_summary/handlers.sql:7:"),
        message: "invalid input syntax for type integer: \"...\"",
        sqlstate: Some("22P02"),
        code: "value-refused",
        mended: Some((":quantity::int", "length(:quantity::text)")),
    });
}

#[test]
fn a_list_where_a_number_is_wanted() {
    stops(&Poison {
        event: (
            "OrderItemAdded",
            3,
            "o1",
            r#"{"order_id": "o1", "quantity": [1], "unit_price_cents": 5}"#,
        ),
        place: Some("projections/order_summary/handlers.sql:7:"),
        message: "invalid input syntax for type integer",
        sqlstate: Some("22P02"),
        code: "value-refused",
        mended: None,
    });
}

#[test]
fn a_payload_without_a_field() {
    stops(&Poison {
        event: ("OrderCreated", 1, "o3", r#"{"order_id": "o3", "customer_id": "c1"}"#),
        place: Some("projections/order_summary/handlers.sql:3:"),
        message: "customer_name",
        sqlstate: None,
        code: "field-missing",
        mended: Some((
            ":customer_name, 'pending'",
            "COALESCE(:customer_name?, 'nobody'), 'pending'",
        )),
    });
}

#[test]
fn a_version_beyond_the_latest() {
    stops(&Poison {
        event: ("OrderItemAdded", 4, "o1", r#"{"order_id": "o1"}"#),
        place: None,
        message: "event type \"OrderItemAdded\": version 4 is beyond the latest known, 3",
        sqlstate: None,
        code: "version-unknown",
        mended: None,
    });
}

#[test]
fn a_version_below_the_first_step() {
    let path = "migrations/events/OrderItemAdded.toml";
    let project = live();
    let first = "[[step]]\nfrom = 3\n";
    project.write(path, &format!("type = \"OrderItemAdded\"\n{first}default = {{ x = 1 }}\n"));
    append(&project, "o1", "OrderItemAdded", 2, r#"{"order_id": "o1"}"#);
    let ran = project.run(&["rebuild", "order_summary"]);
    let said = "no upcaster leads from version 2 to 4; the first step is from 3";
    assert!(ran.code == 1 && ran.stderr.contains(said), "{}", ran.stderr);
    let failure = &build_of(&project, "order_summary__b2")["failure"];
    assert_eq!(failure["code"], "upcaster-path-missing", "{failure}");
    // A type nobody handles is skipped, whatever its version, and census shows it.
    append(&project, "o1", "Nobodys", 7, "{}");
    project.write(path, "type = \"OrderItemAdded\"\n[[step]]\nfrom = 2\nset = { quantity = 1, unit_price_cents = 5 }\n");
    project.ok(&["rebuild", "order_summary"]);
    let census = project.json(&["census"]);
    let kinds = census["kinds"].as_array().unwrap();
    let kind = kinds.iter().find(|k| k["type"] == "Nobodys").unwrap();
    assert_eq!((&kind["schema_version"], &kind["handled_by"]), (&7.into(), &serde_json::json!([])));
}

#[test]
fn a_jq_step_that_fails() {
    stops(&Poison {
        event: (
            "OrderItemAdded",
            1,
            "o1",
            r#"{"order_id": "o1", "quantity": 1, "price": "cheap"}"#,
        ),
        place: Some("migrations/events/OrderItemAdded.toml:"),
        message: "upcasting OrderItemAdded 2 -> 3",
        sqlstate: None,
        code: "upcaster-failed",
        mended: None,
    });
}

#[test]
fn what_was_committed_before_the_batch_stays() {
    let project = Project::orders();
    project.write("config.toml", "[rebuild]\nbatch_events = 10\n");
    project.ok(&["migrate"]);
    for n in 1..=25 {
        order(&project, &format!("o{n:02}"));
    }
    append(&project, "other", "OrderCreated", 1, &ORDER_1.replace("o1", "o01"));
    order(&project, "o27");
    let ran = project.run(&["rebuild", "order_summary"]);
    assert_eq!(ran.code, 1);
    let build = build_of(&project, "order_summary__b1");
    let position = build["position"].as_u64().unwrap();
    assert_eq!(build["state"], "failed");
    assert!((20..=25).contains(&position), "{build}");
    let reads = &mut project.reads();
    assert_eq!(orders(reads, "order_summary__b1").len(), usize::try_from(position).unwrap());
    project
        .events()
        .batch_execute(
            r#"UPDATE event_store.events SET payload = payload || '{"order_id": "o26"}' WHERE position = 26"#,
        )
        .unwrap();
    project.ok(&["resume"]);
    assert_eq!(orders(reads, "order_summary__b1").len(), 27);
    let build = build_of(&project, "order_summary__b1");
    assert_eq!((&build["state"], &build["events"]), (&"ready".into(), &27.into()));
}

#[test]
fn a_nul_in_an_adopted_log_of_json_is_named_and_never_stripped() {
    let project = Project::empty();
    project.write(
        "config.toml",
        "[event_store.adopt]\ntable = \"public.log\"\nposition = \"id\"\nstream_id = \"stream\"\n\
         stream_version = \"number\"\ntype = \"kind\"\npayload = \"body\"\n",
    );
    project
        .write("projections/note/schema/V1__note.sql", "CREATE TABLE note (id text PRIMARY KEY);");
    project
        .write("projections/note/handlers.sql", "-- on Noted\nINSERT INTO note VALUES (:text);\n");
    project
        .events()
        .batch_execute(
            r#"CREATE TABLE log (id bigint PRIMARY KEY, stream text, number int, kind text, body json);
               INSERT INTO log VALUES (1, 's', 0, 'Noted', '{"text": "good"}'),
                                      (2, 's', 1, 'Noted', '{"text": "a\u0000b"}')"#,
        )
        .unwrap();
    let ran = project.run(&["rebuild", "note"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    for part in ["event 2 (Noted version 1, stream s number 1)", r"\u0000", "regrow resume note"] {
        assert!(ran.stderr.contains(part), "{part:?} in\n{}", ran.stderr);
    }
    assert_eq!(build_of(&project, "note__b1")["failure"]["position"], 2);
    assert_eq!(rows(&mut project.reads(), "SELECT * FROM note__b1.note"), [""; 0]);
    project
        .events()
        .batch_execute(r#"UPDATE log SET body = '{"text": "mended"}' WHERE id = 2"#)
        .unwrap();
    project.ok(&["resume", "note"]);
    assert_eq!(
        rows(&mut project.reads(), "SELECT * FROM note__b1.note ORDER BY id"),
        ["(good)", "(mended)"]
    );
}

fn parking() -> Project {
    let project = Project::orders();
    project.write("projections/order_summary/projection.toml", "on_error = \"park\"\n");
    project.ok(&["migrate"]);
    order(&project, "o1");
    append(&project, "other", "OrderCreated", 1, ORDER_1);
    order(&project, "o2");
    append(&project, "o2", "OrderItemAdded", 4, "{}");
    append(&project, "o3", "OrderCreated", 1, r#"{"order_id": "o3"}"#);
    append(&project, "o2", "OrderPaid", 1, r#"{"order_id": "o2"}"#);
    project
}

const PARKED: &str = "SELECT b.schema_name, p.position, part, stream_id, stream_version, event_type, schema_version,
      substring(place from '[^:]*:\\d+'), sqlstate, left(message, 25), parked_at > now() - interval '1 hour'
 FROM regrow.parked_events p JOIN regrow.build b ON b.id = p.build_id ORDER BY b.id, p.position";

fn three_parked(build: &str) -> [String; 3] {
    [
        format!(
            "({build},2,0,other,0,OrderCreated,1,projections/order_summary/handlers.sql:2,23505,\"duplicate key value viola\",t)"
        ),
        format!("({build},4,0,o2,1,OrderItemAdded,4,,,\"event type \"\"OrderItemAdde\",t)"),
        format!(
            "({build},5,0,o3,0,OrderCreated,1,projections/order_summary/handlers.sql:3,,{},t)",
            "\"the payload has no field \""
        ),
    ]
}

#[test]
fn parked_events_are_written_down_and_the_rest_is_applied() {
    let project = parking();
    let ran = project.run(&["rebuild", "order_summary"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("3 parked"), "{}", ran.stdout);
    assert!(ran.stderr.contains("3 parked (regrow.parked_events)"), "{}", ran.stderr);
    let reads = &mut project.reads();
    assert_eq!(orders(reads, "order_summary__b1"), ["(o1,pending)", "(o2,paid)"]);
    assert_eq!(rows(reads, PARKED), three_parked("order_summary__b1"));
    let build = build_of(&project, "order_summary__b1");
    assert_eq!((&build["parked"], &build["position"]), (&3.into(), &6.into()), "{build}");
    let status = project.ok(&["status"]);
    assert!(status.contains("3 events were parked;"), "{status}");
    assert!(status.contains("regrow.parked_events"), "{status}");
}

#[test]
fn parked_events_are_not_doubled() {
    let project = parking();
    project.ok(&["rebuild", "order_summary", "--promote"]);
    project.ok(&["run", "--until-caught-up"]);
    project.ok(&["run", "--until-caught-up"]);
    let reads = &mut project.reads();
    assert_eq!(rows(reads, PARKED), three_parked("order_summary__b1"));
    // The same once more, by another build, which counts its own.
    let json = project.json(&["rebuild", "order_summary"]);
    assert_eq!(json["builds"][0]["parked"], 3);
    let both = [three_parked("order_summary__b1"), three_parked("order_summary__b2")].concat();
    assert_eq!(rows(reads, PARKED), both);
    // An event that fails while it is followed is parked, too, once.
    append(&project, "other", "OrderCreated", 1, ORDER_1);
    for _ in 0..2 {
        project.ok(&["run", "--until-caught-up"]);
        assert_eq!(build_of(&project, "order_summary__b1")["parked"], 4);
        assert_eq!(build_of(&project, "order_summary__b2")["parked"], 4);
    }
}

/// Two live projections, of which one cannot take the event OrderFlagged.
fn one_will_stop() -> Project {
    let project = Project::orders();
    let handlers = project.read(HANDLERS);
    let flagged =
        "\n-- on OrderFlagged\nUPDATE order_summary SET status = :status WHERE id = :order_id;\n";
    project.write(HANDLERS, &format!("{handlers}{flagged}"));
    project.ok(&["migrate"]);
    order(&project, "o1");
    project.ok(&["rebuild", "--all", "--promote"]);
    append(&project, "o1", "OrderFlagged", 1, r#"{"order_id": "o1"}"#);
    order(&project, "o2");
    project
}

#[test]
fn run_leaves_the_poisoned_build_behind_and_goes_on_with_the_other() {
    let project = one_will_stop();
    let mut child = project.spawn(&["run"]);
    let reads = &mut project.reads();
    wait_until("the other projection", || {
        rows(reads, "SELECT orders_open FROM read_model.customer_activity") == ["(2)"]
    });
    wait_until("the reason in the ledger", || {
        !rows(reads, "SELECT id FROM regrow.build WHERE failure IS NOT NULL").is_empty()
    });
    order(&project, "o3");
    wait_until("what came later", || {
        rows(reads, "SELECT orders_open FROM read_model.customer_activity") == ["(3)"]
    });
    terminate(&mut child);
    let ran = Ran::from(child.wait_with_output().unwrap(), &["run"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let reason = "order_summary__b1 is no longer followed: event 2 (OrderFlagged version 1, stream o1 number 1)";
    assert!(ran.stderr.contains(reason), "{}", ran.stderr);

    let build = build_of(&project, "order_summary__b1");
    assert_eq!(build["state"], "live");
    assert_eq!(build["failure"]["position"], 2);
    let status = project.ok(&["status"]);
    assert!(status.contains("live, stopped") && status.contains("OrderFlagged"), "{status}");
    assert_eq!(orders(reads, "read_model"), ["(o1,pending)"], "readable, and as old as it says");

    // Asked for everything, it must not say that everything is well.
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("OrderFlagged"), "{}", ran.stderr);
    assert!(ran.stderr.contains("regrow resume order_summary"), "{}", ran.stderr);

    project
        .events()
        .batch_execute(r#"UPDATE event_store.events SET payload = payload || '{"status": "flagged"}' WHERE position = 2"#)
        .unwrap();
    project.ok(&["resume", "order_summary"]);
    assert_eq!(orders(reads, "read_model"), ["(o1,flagged)", "(o2,pending)", "(o3,pending)"]);
    project.ok(&["run", "--until-caught-up"]);
}

#[test]
fn run_until_caught_up_ends_with_1_when_a_build_is_left_behind() {
    let project = one_will_stop();
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("OrderFlagged"), "{}", ran.stderr);
    let reads = &mut project.reads();
    assert_eq!(rows(reads, "SELECT orders_open FROM read_model.customer_activity"), ["(2)"]);
}

fn terminate(child: &mut std::process::Child) {
    use nix::sys::signal::{Signal, kill};
    kill(nix::unistd::Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM).unwrap();
}

const PARKING: &str = "on_error = \"park\"\n";
const SETTINGS: &str = "projections/order_summary/projection.toml";

fn parked(project: &Project) -> Vec<String> {
    rows(&mut project.reads(), "SELECT position, code FROM regrow.parked_events ORDER BY 1")
}

#[test]
fn parking_takes_effect_on_a_resume() {
    let project = live();
    append(&project, "other", "OrderCreated", 1, ORDER_1);
    order(&project, "o4");
    let ran = project.run(&["rebuild", "order_summary"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("on_error = \"park\" in projections/order_summary/projection.toml, then: regrow resume order_summary"), "{}", ran.stderr);
    project.write(SETTINGS, PARKING);
    let ran = project.run(&["resume", "order_summary", "--promote"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("events that cannot be applied are parked from now on"),
        "{}",
        ran.stderr
    );
    let reads = &mut project.reads();
    assert_eq!(orders(reads, "read_model"), ["(o1,pending)", "(o2,pending)", "(o4,pending)"]);
    assert_eq!(parked(&project), ["(3,constraint-violated)"]);
    // And back, for a build that readers see and a follower stopped.
    project.write(SETTINGS, "");
    append(&project, "another", "OrderCreated", 1, ORDER_1);
    let ran = project.run(&["run", "--until-caught-up"]);
    let is_followed = !ran.stderr.contains("order_summary__b2 is no longer followed");
    assert!(is_followed, "what is live parks as it was told\n{}", ran.stderr);
    assert_eq!(parked(&project).len(), 2);
}

#[test]
fn parking_takes_effect_on_a_live_build_that_stopped() {
    let project = live();
    append(&project, "other", "OrderCreated", 1, ORDER_1);
    order(&project, "o4");
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_ne!(ran.code, 0, "{}", ran.stderr);
    project.write(SETTINGS, PARKING);
    let resumed = project.run(&["resume", "order_summary"]);
    assert_eq!(resumed.code, 0, "{}", resumed.stderr);
    assert!(
        resumed.stdout.contains("__b1 is live and no longer stopped at position"),
        "{}",
        resumed.stdout
    );
    assert!(!resumed.stderr.contains("promote"), "{}", resumed.stderr);
    project.ok(&["run", "--until-caught-up"]);
    let reads = &mut project.reads();
    assert_eq!(orders(reads, "read_model"), ["(o1,pending)", "(o2,pending)", "(o4,pending)"]);
    assert_eq!(parked(&project), ["(3,constraint-violated)"]);
}

#[test]
fn a_fixed_handler_takes_effect_on_a_resume_if_none_of_its_events_was_read() {
    let project = live();
    let item = r#"{"order_id": "o1", "quantity": "two", "unit_price_cents": 5}"#;
    append(&project, "o1", "OrderItemAdded", 3, item);
    assert_ne!(project.run(&["run", "--until-caught-up"]).code, 0);
    let was = project.read(HANDLERS);
    let fixed = was.replace(":quantity::int", "length(:quantity::text)");
    assert_ne!(was, fixed);

    // A handler of events that it has read makes other rows: the build stays what it is.
    project.write(HANDLERS, &fixed.replace("'pending'", "'new'"));
    let ran = project.run(&["resume", "order_summary"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let said = "the changed files do not take effect: it has read 2 events of OrderCreated, OrderItemAdded";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    assert!(ran.stderr.contains("needs: regrow rebuild order_summary"), "{}", ran.stderr);

    project.write(HANDLERS, &fixed);
    let ran = project.run(&["resume", "order_summary"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("the changed handlers and upcasters take effect"),
        "{}",
        ran.stderr
    );
    assert_eq!(build_of(&project, "order_summary__b1")["state"], "live");
    // It is what a rebuild by the same files makes.
    let table = "SELECT * FROM order_summary__b1.order_summary ORDER BY id";
    let resumed = rows(&mut project.reads(), table);
    project.ok(&["rebuild", "order_summary"]);
    assert_eq!(rows(&mut project.reads(), &table.replace("b1", "b2")), resumed);
    assert!(!project.ok(&["status"]).contains("outdated"));
}

#[test]
fn a_fixed_upcaster_takes_effect_on_a_resume_and_other_tables_do_not() {
    let project = live();
    let item = r#"{"order_id": "o1", "quantity": 1, "price": "cheap"}"#;
    append(&project, "o1", "OrderItemAdded", 1, item);
    assert_eq!(project.run(&["rebuild", "order_summary"]).code, 1);
    let path = "migrations/events/OrderItemAdded.toml";
    let upcaster = project.read(path);
    let schema = "projections/order_summary/schema/V1__order_summary.sql";
    let tables = project.read(schema);
    project.write(schema, &format!("{tables}\nCREATE TABLE more (id int);\n"));
    let ran = project.run(&["resume", "order_summary"]);
    assert!(ran.code == 1 && ran.stderr.contains("its tables are others"), "{}", ran.stderr);
    project.write(schema, &tables);
    let fixed = "type = \"OrderItemAdded\"\n[[step]]\nfrom = 1\nset = { unit_price_cents = 7 }\n\
         [[step]]\nfrom = 2\nremove = [\"price\"]\n";
    assert!(upcaster.contains("from = 2"));
    project.write(path, fixed);
    project.ok(&["resume", "order_summary", "--promote"]);
    let total = "SELECT total_amount FROM read_model.order_summary WHERE id = 'o1'";
    assert_eq!(rows(&mut project.reads(), total), ["(0.07)"]);
}

#[test]
fn a_column_that_an_upsert_leaves_out_is_told_with_the_way() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write(
        "projections/p/schema/V1__p.sql",
        "CREATE TABLE t (id text PRIMARY KEY, name text NOT NULL, score int NOT NULL);",
    );
    let named = "-- on Named\nINSERT INTO t VALUES (:id, :name, 0)";
    let plain = "-- on Scored\nINSERT INTO t (id, score) VALUES (:id, :score)";
    let way = "the row to insert before it looks for the row that is there";
    project.write(
        "projections/p/handlers.sql",
        &format!("{named};\n{plain}\nON CONFLICT (id) DO UPDATE SET score = EXCLUDED.score;\n"),
    );
    project.ok(&["migrate"]);
    append(&project, "a", "Named", 1, r#"{"id": "a", "name": "Ann"}"#);
    append(&project, "a", "Scored", 1, r#"{"id": "a", "score": 3}"#);
    for args in [&["check"][..], &["rebuild", "p"], &["status"]] {
        let ran = project.run(args);
        let text = format!("{}{}", ran.stdout, ran.stderr);
        assert!(text.contains(way), "{args:?}: {text}");
    }
    // Another NULL has another cause.
    project.write("projections/p/handlers.sql", &format!("{named};\n{plain};\n"));
    let ran = project.run(&["check"]);
    assert!(ran.stdout.contains("not-null") && !ran.stdout.contains(way), "{}", ran.stdout);
}
