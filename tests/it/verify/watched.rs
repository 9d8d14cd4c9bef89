//! Assertions on what readers see: checked while builds are followed, and shown by status and the service.

use serde_json::{Value, json};

use crate::bench::{Project, rows, wait_until};
use crate::hazards::Running;
use crate::identity::{append, project, status_of};
use crate::service::Listening;

/// A live build with assertions, which are looked at every so many seconds.
fn live(every_s: u32, checks: &str) -> Project {
    let project = project();
    let config = format!("[follow]\ncheck_interval_s = {every_s}\n[service]\npoll_ms = 300\n");
    project.write("config.toml", &config);
    project.write("projections/seen/checks.sql", checks);
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    project
}

/// What status says of the first assertion.
fn told(project: &Project) -> Value {
    status_of(project, "seen__b1")["assertions"]["all"][0].clone()
}

const NEGATIVE: &str = "-- no n is negative\nSELECT at, n FROM seen WHERE n < 0 ORDER BY at;\n";

#[test]
fn a_broken_assertion_is_told_until_it_holds_again() {
    let project = live(1, NEGATIVE);
    // What a rebuild has looked at is known from the first moment.
    assert_eq!(told(&project)["outcome"], "holds", "{}", told(&project));
    let run = Listening::start(&project);
    run.wait_for("/readyz?builds", 200);
    let mut reads = project.reads();
    reads.batch_execute("UPDATE seen__b1.seen SET n = n - 1000 WHERE at <= 12").unwrap();
    run.wait_to_say("/readyz?builds", 503, "checks.sql:2:1: no n is negative: broken by 5 rows");
    let broken = told(&project);
    assert_eq!((&broken["outcome"], &broken["rows"]), (&json!("broken"), &json!(5)));
    assert_eq!(broken["keys"][1], json!({"at": "2"}), "keys, and no other values: {broken}");
    let ran = project.run(&["status", "--exit-code"]);
    assert_eq!(ran.code, 11, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("no n is negative: broken by 5 rows at 20"), "{}", ran.stdout);
    assert!(ran.stdout.contains("\n  at=1\n  at=2\n"), "{}", ran.stdout);
    assert!(ran.stderr.contains("no n is negative: broken by 5 rows"), "{}", ran.stderr);
    let metric = "regrow_build_broken_assertions{projection=\"seen\",build=\"seen__b1\"} 1";
    run.wait_to_say("/metrics", 200, metric);
    assert!(run.get("/").body.contains("no n is negative: broken by 5 rows"));
    reads.batch_execute("UPDATE seen__b1.seen SET n = n + 1000 WHERE n < 0").unwrap();
    run.wait_for("/readyz?builds", 200);
    assert_eq!(told(&project)["outcome"], "holds");
    project.ok(&["status", "--exit-code"]);
    let said = run.stop();
    assert!(said.contains("warning: seen__b1: 1 assertion broken"), "{said}");
    assert!(said.contains("seen__b1: every assertion holds again"), "{said}");
}

/// The assertion waits for a lock that the test holds: following continues, and the result is told as unknown.
#[test]
fn an_assertion_that_takes_long_holds_up_no_event() {
    let waits =
        "-- nobody is in the way\nSELECT 1 WHERE pg_advisory_xact_lock_shared(4711) IS NULL;\n";
    let project = live(1, waits);
    let (mut holder, mut reads) = (project.reads(), project.reads());
    holder.batch_execute("SELECT pg_advisory_lock(4711)").unwrap();
    let run = Running::start(&project, &["run"]);
    let waiting = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE '%assertions%' \
                   AND wait_event = 'advisory' AND datname = current_database()";
    wait_until("the assertion to wait", || !rows(&mut reads, waiting).is_empty());
    append(&mut project.events(), "a", 5..9);
    wait_until("readers to see what was appended", || {
        rows(&mut reads, "SELECT count(*) FROM read_model.seen") == ["(9)"]
    });
    wait_until("the assertion to be given up", || told(&project)["outcome"] == "failed");
    let failed = told(&project);
    assert!(failed["reason"].as_str().unwrap().contains("statement timeout"), "{failed}");
    let ran = project.run(&["status", "--exit-code"]);
    assert_eq!(ran.code, 11, "{}", ran.stdout);
    assert!(ran.stdout.contains("nobody is in the way: could not be run at 20"), "{}", ran.stdout);
    holder.batch_execute("SELECT pg_advisory_unlock(4711)").unwrap();
    wait_until("the assertion to hold", || told(&project)["outcome"] == "holds");
    // A process that is asked to stop does not wait for it either.
    holder.batch_execute("SELECT pg_advisory_lock(4711)").unwrap();
    wait_until("the assertion to wait again", || !rows(&mut reads, waiting).is_empty());
    let ran = run.stop();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn what_nobody_has_looked_at_is_not_told_as_held() {
    let project = live(0, NEGATIVE);
    // Another query is another assertion, whatever the one before it came to.
    let wider = NEGATIVE.replace("< 0", "< 3");
    project.write("projections/seen/checks.sql", &wider);
    assert_eq!(told(&project)["outcome"], "unknown");
    let text = project.ok(&["status"]);
    let never = "seen__b1: 1 assertion was never looked at: regrow verify seen --live";
    assert!(text.contains(never), "{text}");
    // Without an interval no check is due, and none is missed.
    let neglect = |ran: crate::bench::Ran| ran.stderr.contains("never looked at");
    assert!(!neglect(project.run(&["status", "--exit-code"])));
    project.write("config.toml", "[follow]\ncheck_interval_s = 600\n");
    assert!(neglect(project.run(&["status", "--exit-code"])));
    // The step that is told works.
    assert_eq!(project.run(&["verify", "seen", "--live"]).code, 10);
    assert_eq!(told(&project)["outcome"], "broken");
    // A follower checks new assertions of its files at once, however recent the last check is.
    project.write("projections/seen/checks.sql", "-- wrong\nSELECT nope FROM seen;\n");
    project.ok(&["run", "--until-caught-up"]);
    let failed = told(&project);
    assert_eq!(failed["outcome"], "failed", "{failed}");
    assert!(failed["reason"].as_str().unwrap().contains("nope"), "{failed}");
    // An old look is no look.
    let age = "UPDATE regrow.assertions SET looked_at = looked_at - interval '2 hours'";
    project.write("projections/seen/checks.sql", NEGATIVE);
    project.ok(&["verify", "seen", "--live"]);
    project.reads().batch_execute(age).unwrap();
    let ran = project.run(&["status", "--exit-code"]);
    assert!(ran.stderr.contains("its assertions were looked at last at 20"), "{}", ran.stderr);
    let all = status_of(&project, "seen__b1")["assertions"].clone();
    assert_eq!((&all["is_stale"], &all["all"][0]["outcome"]), (&json!(true), &json!("holds")));
    // With the build goes what was found in it.
    project.ok(&["retire", "seen"]);
    assert_eq!(rows(&mut project.reads(), "SELECT build_id FROM regrow.assertions"), [""; 0]);
}
