//! `on_error = "skip"`: events that fail are left out and counted, each once, and readers see that only if it is accepted.

use serde_json::{Value, json};

use crate::bench::{Heard, Project, rows};
use crate::service::Listening;

/// What the ledger counts, and what it has of each.
const COUNTED: &str = "SELECT b.schema_name::text, c.events_skipped, \
    (SELECT count(*) FROM regrow.skipped_events s WHERE s.build_id = b.id) \
    FROM regrow.build b JOIN regrow.checkpoint c ON c.build_id = b.id WHERE b.state <> 'dropped' ORDER BY 1";
const SKIPPED: &str = "SELECT b.schema_name::text, s.position, s.part, s.event_type, s.schema_version, s.code, s.place \
    FROM regrow.skipped_events s JOIN regrow.build b ON b.id = s.build_id ORDER BY 1, 2, 3";
const SCHEMA: &str = "CREATE TABLE p (id text PRIMARY KEY, n int NOT NULL CHECK (n < 1000));";
const HANDLERS: &str = "-- on Added\nINSERT INTO p VALUES (:id, :n::int);\n\
                        -- on More\nUPDATE p SET n = p.n * 2 + :n::int WHERE id = :id;\n";

fn project(settings: &str, events: &[(&str, Value)]) -> Project {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__p.sql", SCHEMA);
    project.write("projections/p/handlers.sql", HANDLERS);
    project.write("projections/p/projection.toml", settings);
    project.ok(&["migrate"]);
    append(&project, events);
    project
}

fn append(project: &Project, events: &[(&str, Value)]) {
    for (event_type, payload) in events {
        let event = json!([{"type": event_type, "payload": payload}]);
        project.events().query("SELECT event_store.append('s', NULL, $1)", &[&event]).unwrap();
    }
}

/// Of seven, one lacks a field (2), one is a row twice (4), one breaks a condition (6).
fn events() -> Vec<(&'static str, Value)> {
    vec![
        ("Added", json!({"id": "a", "n": 1})),
        ("More", json!({"id": "a"})),
        ("Added", json!({"id": "b", "n": 10})),
        ("Added", json!({"id": "a", "n": 7})),
        ("More", json!({"id": "a", "n": 5})),
        ("More", json!({"id": "b", "n": 5000})),
        ("More", json!({"id": "b", "n": 3})),
    ]
}

fn of(project: &Project, build: &str) -> Vec<String> {
    rows(&mut project.reads(), &format!("SELECT id, n FROM {build}.p ORDER BY id"))
}

/// The count of each build is that of its events.
fn counted(project: &Project) -> Vec<(String, i64)> {
    let found = project.reads().query(COUNTED, &[]).unwrap();
    found
        .iter()
        .map(|row| {
            assert_eq!(row.get::<_, i64>(1), row.get::<_, i64>(2), "{row:?}");
            (row.get(0), row.get(1))
        })
        .collect()
}

fn set_payload(project: &Project, position: i64, payload: &str) {
    let set = format!(
        "ALTER TABLE event_store.events DISABLE TRIGGER USER; \
         UPDATE event_store.events SET payload = '{payload}' WHERE position = {position}"
    );
    project.events().batch_execute(&set).unwrap();
}

#[test]
fn events_that_fail_are_left_out_and_counted_by_both_engines() {
    for engine in ["sql", "native"] {
        let settings = format!("engine = \"{engine}\"\non_error = \"skip\"\n");
        let project = project(&settings, &events());
        let told = project.json(&["rebuild", "p"]);
        assert_eq!(told["builds"][0]["skipped"], 3, "{engine}: {told}");
        assert_eq!(of(&project, "p__b1"), ["(a,7)", "(b,23)"], "{engine}");
        let place = "projections/p/handlers.sql:";
        assert_eq!(
            rows(&mut project.reads(), SKIPPED),
            [
                format!("(p__b1,2,0,More,1,field-missing,{place}4:28)"),
                format!("(p__b1,4,0,Added,1,constraint-violated,{place}2:1)"),
                format!("(p__b1,6,0,More,1,constraint-violated,{place}4:1)"),
            ],
            "{engine}"
        );
        assert_eq!(
            rows(&mut project.reads(), "SELECT count(*) FROM regrow.parked_events"),
            ["(0)"]
        );
        let status = project.json(&["status"]);
        let build = &status["builds"][0];
        assert_eq!((&build["skipped"], &build["parked"]), (&json!(3), &json!(0)), "{status}");
        assert_eq!(build["skipped_kinds"].as_array().unwrap().len(), 3, "{status}");
        assert_eq!(build["skipped_kinds"][0]["first"], 2, "{status}");
        assert_eq!(build["next"], "regrow promote p --accept-skipped", "{status}");
        let text = project.ok(&["status"]);
        let words = [
            "p__b1: 3 events were skipped, and its rows are without them\n",
            "  1 of More version 1: field-missing at projections/p/handlers.sql:4:28, position 2\n",
            "it is ready, and readers see it without them after: regrow promote p --accept-skipped",
        ];
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
    }
}

#[test]
fn readers_see_a_build_without_events_only_if_that_is_accepted() {
    let project = project("on_error = \"skip\"\n", &events());
    // As if typed in a deploy: it is built, and not shown.
    let ran = project.run(&["rebuild", "p", "--promote"]);
    let words =
        ["3 events were skipped", "regrow promote p --accept-skipped", "regrow prune p__b1"];
    assert!(ran.code == 10 && words.iter().all(|word| ran.stderr.contains(word)), "{}", ran.stderr);
    let ran = project.run(&["promote", "p", "--json"]);
    assert!(ran.code == 10 && ran.stderr.contains("\"events-skipped\""), "{}", ran.stderr);
    assert_eq!(project.json(&["status"])["builds"][0]["state"], "ready");
    // What is told works, and says so.
    let text = project.ok(&["promote", "p", "--accept-skipped"]);
    assert!(text.contains("without 3 events that were skipped"), "{text}");
    assert_eq!(of(&project, "read_model"), ["(a,7)", "(b,23)"]);
    // In one command as well; a rollback to what readers saw asks for nothing.
    let told = project.json(&["rebuild", "p", "--promote", "--accept-skipped"]);
    assert_eq!(told["builds"][0]["promoted"]["skipped"], 3, "{told}");
    assert_eq!(project.json(&["rollback", "p"])["skipped"], 3);
    // After the events are fixed, what the hint says makes a build that is whole.
    project.ok(&["rebuild", "p"]);
    set_payload(&project, 2, r#"{"id": "a", "n": 100}"#);
    set_payload(&project, 4, r#"{"id": "c", "n": 7}"#);
    set_payload(&project, 6, r#"{"id": "b", "n": 5}"#);
    assert_eq!(project.run(&["promote", "p"]).code, 10);
    project.ok(&["prune", "p__b3"]);
    let text = project.ok(&["rebuild", "p", "--promote"]);
    assert!(!text.contains("skipped"), "{text}");
    assert_eq!(of(&project, "read_model"), ["(a,209)", "(b,53)", "(c,7)"]);
    let all: Vec<(String, i64)> = counted(&project).into_iter().filter(|(_, n)| *n > 0).collect();
    assert_eq!(all, [("p__b1".to_owned(), 3), ("p__b2".to_owned(), 3)]);
}

/// A promote applies what is left under its locks: what it skips there counts.
#[test]
fn an_event_that_a_promote_would_skip_is_seen_before_readers_see_the_build() {
    let whole: Vec<_> = events().into_iter().filter(|(ty, _)| *ty == "Added").take(2).collect();
    let project = project("on_error = \"skip\"\n", &whole);
    project.ok(&["rebuild", "p"]);
    assert_eq!(counted(&project), [("p__b1".to_owned(), 0)]);
    append(&project, &[("More", json!({"id": "a"}))]);
    let ran = project.run(&["promote", "p"]);
    assert!(ran.code == 10 && ran.stderr.contains("1 event was skipped"), "{}", ran.stderr);
    assert_eq!(project.json(&["status"])["builds"][0]["state"], "ready");
    project.ok(&["promote", "p", "--accept-skipped"]);
    assert_eq!(counted(&project), [("p__b1".to_owned(), 1)]);
}

/// Whoever waits for readers lets events come in, and what is skipped then counts as well.
#[test]
fn an_event_that_is_skipped_while_readers_hold_the_views_is_not_shown_unseen() {
    let project = project("on_error = \"skip\"\n", &events()[..1]);
    project.ok(&["rebuild", "p", "--promote"]);
    project.ok(&["rebuild", "p"]);
    let mut reader = project.reads();
    reader.batch_execute("BEGIN; SELECT * FROM read_model.p").unwrap();
    let mut child = project.spawn(&["promote", "p"]);
    let mut heard = Heard::of(&mut child);
    heard.wait_for("readers of the views");
    append(&project, &[("More", json!({"id": "a"}))]);
    reader.batch_execute("COMMIT").unwrap();
    let said = heard.until_its_end();
    assert_eq!(child.wait().unwrap().code(), Some(10), "{said}");
    assert!(said.contains("1 event was skipped"), "{said}");
    let states = "SELECT string_agg(state, ' ' ORDER BY number) FROM regrow.build";
    assert_eq!(rows(&mut project.reads(), states), ["(\"live ready\")"]);
}

#[test]
fn an_event_is_counted_once_wherever_the_process_is_killed() {
    let mut many = events();
    for n in 0..40 {
        many.push(("More", json!({"id": "a", "n": n % 3})));
        many.push(("More", json!({"id": if n % 2 == 0 { "a" } else { "b" }})));
    }
    for engine in ["sql", "native"] {
        let settings = format!("engine = \"{engine}\"\non_error = \"skip\"\n");
        let project = project(&settings, &many);
        project.write("config.toml", "[rebuild]\nbatch_events = 10\ncheckpoint_interval_s = 0\n");
        for (nth, at) in ["apply::batch::after", "apply::batch::before", "apply::batch::after"]
            .iter()
            .enumerate()
        {
            let args: &[&str] = if nth == 0 { &["rebuild", "p"] } else { &["resume", "p"] };
            let mut command = project.command(args);
            let output =
                command.env("FAILPOINTS", format!("{at}=1*off->1*return(kill)")).output().unwrap();
            assert_eq!(output.status.code(), None, "{}", String::from_utf8_lossy(&output.stderr));
            let so_far = counted(&project)[0].1;
            assert!(so_far < 43, "{engine}, {at}: it was over before: {so_far}");
        }
        project.ok(&["resume", "p"]);
        // `n` overflows its condition sooner or later, and what fails by that is counted as well.
        project.write("projections/p/projection.toml", "engine = \"sql\"\non_error = \"park\"\n");
        project.ok(&["rebuild", "p"]);
        let parked = "SELECT count(*)::text FROM regrow.parked_events";
        let skipped = "SELECT max(events_skipped)::text FROM regrow.checkpoint";
        assert_eq!(of(&project, "p__b2").len(), 2);
        let (parked, skipped) =
            (rows(&mut project.reads(), parked), rows(&mut project.reads(), skipped));
        assert!(skipped == ["(0)"] || parked == skipped, "{engine}: {parked:?} {skipped:?}");
        counted(&project);
    }
}

#[test]
fn a_follower_skips_and_the_policy_may_change_on_the_way() {
    let project = project("", &events()[..1]);
    project.ok(&["rebuild", "p", "--promote"]);
    append(&project, &events()[1..4]);
    assert_ne!(project.run(&["run", "--until-caught-up"]).code, 0);
    assert!(project.ok(&["status"]).contains("stopped at event 2"));
    project.write("projections/p/projection.toml", "on_error = \"skip\"\n");
    assert_eq!(project.json(&["status"])["builds"][0]["next"], "regrow resume p");
    let ran = project.run(&["resume", "p"]);
    assert!(ran.code == 0 && ran.stderr.contains("are skipped from now on"), "{}", ran.stderr);
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(counted(&project), [("p__b1".to_owned(), 2)]);
    append(&project, &events()[4..]);
    let run = Listening::start(&project);
    run.wait_to_say(
        "/metrics",
        200,
        "regrow_build_skipped_events{projection=\"p\",build=\"p__b1\"} 3",
    );
    let json: Value = serde_json::from_str(&run.get("/status.json").body).unwrap();
    assert_eq!(json["builds"][0]["skipped"], 3, "{json}");
    let page = run.get("/").body;
    assert!(page.contains("<dt>skipped</dt><dd>3</dd>"), "{page}");
    assert!(page.contains("3 events were skipped, and its rows are without them"), "{page}");
    run.stop();
    assert_eq!(of(&project, "read_model"), ["(a,7)", "(b,23)"]);
    // A live build that goes on does so by its own policy, and that is told.
    project.write("projections/p/projection.toml", "");
    let text = project.ok(&["status"]);
    let words = "p__b1: events that fail are skipped, and projection.toml says on_error = \"stop\": regrow rebuild p";
    assert!(text.contains(words), "{text}");
    // A candidate of the same definition and another policy is not gone on with.
    project.write("projections/p/projection.toml", "on_error = \"skip\"\n");
    project.ok(&["rebuild", "p"]);
    project.write("projections/p/projection.toml", "");
    let ran = project.run(&["rebuild", "p"]);
    assert!(ran.code == 1 && ran.stderr.contains("stopped"), "{}", ran.stderr);
    assert!(counted(&project).iter().any(|(build, n)| build == "p__b3" && *n == 0));
}

#[test]
fn what_explains_and_repairs_rows_knows_the_skipped_events() {
    let project = project("on_error = \"skip\"\n", &events());
    project.ok(&["rebuild", "p", "--promote", "--accept-skipped"]);
    // A trace leaves out what the build is without, and says so.
    let traced = project.json(&["trace", "p", "--key", "id=a"]);
    assert_eq!(
        (&traced["agrees"], &traced["skipped_in_all"]),
        (&json!(true), &json!(3)),
        "{traced}"
    );
    let positions: Vec<&Value> =
        traced["skipped"].as_array().unwrap().iter().map(|one| &one["position"]).collect();
    assert_eq!(positions, [&json!(2), &json!(4)], "{traced}");
    assert_eq!(traced["refused"].as_array().map(Vec::len).unwrap_or_default(), 0, "{traced}");
    let text = project.ok(&["trace", "p", "--key", "id=a"]);
    assert!(text.contains("skipped, and of this row: event 4"), "{text}");
    let text = project.ok(&["trace", "--event", "4"]);
    assert!(
        text.contains("p__b1: it was skipped: event 4 (Added version 1, stream ? number ?)"),
        "{text}"
    );
    // A replay of the log skips the same.
    let report = project.json(&["verify", "p", "--against", "log"]);
    let (build, against) = (&report["build"], &report["against"]);
    assert_eq!(
        (&report["ok"], &build["skipped"], &against["skipped"]),
        (&json!(true), &json!(3), &json!(3))
    );
    assert_eq!((&build["skipped_only"], &against["skipped_only"]), (&json!(0), &json!(0)));
    let text = project.ok(&["as-of", "p", "--at", "5", "--publish", "then"]);
    assert!(text.contains("2 events were skipped for p__b3, and not in it"), "{text}");
    project.ok(&["as-of", "drop", "then"]);
    // A row alone: what fails still is not counted again, what can be applied by now no longer.
    let again =
        |project: &Project| project.json(&["rebuild", "p", "--key", "id=a"])["builds"][0].clone();
    let told = again(&project);
    assert_eq!(
        (&told["changed"], &told["skipped"], &told["unskipped"]),
        (&json!(false), &json!(0), &json!(0)),
        "{told}"
    );
    assert_eq!(counted(&project), [("p__b1".to_owned(), 3)]);
    set_payload(&project, 2, r#"{"id": "a", "n": 100}"#);
    let told = again(&project);
    assert_eq!(
        (&told["changed"], &told["skipped"], &told["unskipped"]),
        (&json!(true), &json!(0), &json!(1)),
        "{told}"
    );
    assert_eq!(counted(&project), [("p__b1".to_owned(), 2)]);
    assert_eq!(of(&project, "p__b1"), ["(a,209)", "(b,23)"]);
    // And the other way round: one that fails by now.
    set_payload(&project, 5, r#"{"id": "a", "n": 5000}"#);
    let told = again(&project);
    assert_eq!((&told["skipped"], &told["unskipped"]), (&json!(1), &json!(0)), "{told}");
    assert_eq!(counted(&project), [("p__b1".to_owned(), 3)]);
    project.ok(&["rebuild", "p"]);
    assert_eq!(of(&project, "p__b4"), of(&project, "p__b1"));
    assert_eq!(counted(&project), [("p__b1".to_owned(), 3), ("p__b4".to_owned(), 3)]);
    // It is not for retry: nothing of it is kept to be tried.
    let ran = project.run(&["parked", "retry", "p", "--position", "4"]);
    assert!(ran.code == 2 && ran.stderr.contains("has parked no event"), "{}", ran.stderr);
    // The end of a projection takes its counts with it.
    project.ok(&["retire", "p"]);
    assert_eq!(rows(&mut project.reads(), "SELECT count(*) FROM regrow.skipped_events"), ["(0)"]);
}

#[test]
fn check_tells_of_events_that_a_rebuild_would_skip() {
    let project = project("on_error = \"skip\"\n", &events());
    let ran = project.run(&["check"]);
    assert!(ran.stdout.contains("a rebuild would skip event 2"), "{}{}", ran.stdout, ran.stderr);
    let ran = project.run(&["rebuild", "p", "--preflight"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}
