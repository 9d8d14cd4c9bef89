//! `pause`, `unpause`, `cancel`: said in the ledger, heeded wherever a build is worked on.

use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::bench::{Heard, Project, Ran, differences, rows, wait_until};
use crate::hazards::{Running, wait_for_a_lock_wait};
use crate::identity::{IN_LOG, append, project, status_of};
use crate::service::Listening;

/// So many events that a rebuild takes some seconds.
const MANY: i32 = 300_000;

/// A project with the projection `seen` over many events.
fn large(engine: &str) -> Project {
    let project = project();
    project.write(
        "config.toml",
        "[rebuild]\nbatch_events = 500\nworkers = 1\n[service]\npoll_ms = 300\n",
    );
    project.write("projections/seen/projection.toml", &format!("engine = \"{engine}\"\n"));
    let insert = format!(
        "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
         SELECT 's' || i, 0, 'Counted', jsonb_build_object('n', i) FROM generate_series(1, {MANY}) i"
    );
    project.events().batch_execute(&insert).unwrap();
    project
}

/// A rebuild that has read events and is far from done.
fn under_way(project: &Project, args: &[&str]) -> Child {
    let mut rebuild = project.command(args);
    // One batch takes long, so that the end is far away on any machine.
    rebuild.env("FAILPOINTS", "apply::call::after=sleep(50)");
    let child = rebuild.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("a rebuild to tell how far it is", || {
        let progress = "SELECT FROM regrow.progress WHERE position > 0 AND stage = 'replay'";
        !rows(&mut project.reads(), progress).is_empty()
    });
    child
}

fn ended(child: Child) -> Ran {
    Ran::from(child.wait_with_output().unwrap(), &["rebuild"])
}

fn readers_see_everything(project: &Project) {
    let seen = "SELECT at, stream, n FROM read_model.seen";
    let found = differences(&mut project.reads(), seen, IN_LOG);
    assert!(found.is_empty(), "{} differ", found.len());
}

fn build(project: &Project, name: &str) -> Value {
    status_of(project, name)
}

#[test]
fn a_rebuild_is_paused_from_elsewhere_and_goes_on_where_it_stood() {
    for engine in ["sql", "native"] {
        let project = large(engine);
        let rebuild = under_way(&project, &["rebuild", "seen", "--promote"]);
        let told = build(&project, "seen__b1");
        assert_eq!(told["progress"]["stage"], "replay", "{told}");
        let done = told["progress"]["done"].as_f64().unwrap();
        assert!(done > 0.0 && done < 1.0, "{told}");
        assert!(told["worker"].as_str().unwrap().contains("regrow rebuild seen"), "{told}");
        let text = project.ok(&["status"]);
        assert!(text.contains(" %, ") && text.contains(" events read"), "{text}");

        let paused = project.json(&["pause", "seen"]);
        assert_eq!(
            (&paused["done"], &paused["state"]),
            (&json!(true), &json!("paused")),
            "{engine}"
        );
        let ran = ended(rebuild);
        assert_eq!(ran.code, 130, "{}", ran.stderr);
        assert!(ran.stderr.contains("seen__b1 is paused at position"), "{}", ran.stderr);
        let told = build(&project, "seen__b1");
        assert!(told["position"].as_i64().unwrap() > 0, "what was read is kept: {told}");
        assert_eq!(told["next"], "regrow unpause seen");
        assert_eq!(told["wanted"], "pause");
        assert!(
            told["wanted_by"].is_string() && told["wanted_at"].as_str().unwrap().ends_with('Z')
        );
        // It outlives the process: nobody takes the build up, and whoever is asked to says why.
        for again in [&["resume", "seen"][..], &["rebuild", "seen"]] {
            let ran = project.run(&[again, &["--json"]].concat());
            assert_eq!(ran.code, 130, "{again:?} {}", ran.stderr);
            assert!(ran.stderr.contains("\"code\":\"paused\""), "{}", ran.stderr);
        }
        assert_eq!(project.ok(&["resume"]), "nothing is unfinished\n");
        project.ok(&["unpause", "seen"]);
        assert_eq!(build(&project, "seen__b1")["next"], "regrow resume seen");
        let ran = project.run(&["unpause", "seen", "--json"]);
        assert!(ran.stderr.contains("nothing-to-steer"), "{}", ran.stderr);
        project.ok(&["resume", "seen", "--promote"]);
        readers_see_everything(&project);
        let left = rows(&mut project.reads(), "SELECT build_id FROM regrow.progress");
        assert_eq!(left, [""; 0], "what is told goes with the rebuild");
    }
}

#[test]
fn a_rebuild_is_cancelled_wherever_it_runs() {
    let project = large("sql");
    project.write("config.toml", "");
    project.ok(&["rebuild", "seen", "--promote"]);
    project.write("config.toml", "[rebuild]\nbatch_events = 500\n");
    let handlers = "projections/seen/handlers.sql";
    project.write(handlers, &project.read(handlers).replace("Counted", "Counted\n-- again"));
    let rebuild = under_way(&project, &["rebuild", "seen", "--promote"]);
    assert_eq!(project.json(&["cancel", "seen"])["done"], true);
    let ran = ended(rebuild);
    assert_eq!(ran.code, 130, "{}", ran.stderr);
    assert!(ran.stderr.contains("seen__b2 was cancelled by"), "{}", ran.stderr);
    let schemas = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'seen\\_\\_b%'";
    assert_eq!(rows(&mut project.reads(), schemas), ["(seen__b1)"]);
    // Readers saw the other one all along, and it is nobody's to cancel.
    readers_see_everything(&project);
    let ran = project.run(&["cancel", "seen__b1", "--json"]);
    assert!(ran.code == 1 && ran.stderr.contains("still-live"), "{}", ran.stderr);
    let ran = project.run(&["cancel", "seen", "--json"]);
    assert!(ran.code == 1 && ran.stderr.contains("nothing-to-steer"), "{}", ran.stderr);
    assert_eq!(project.run(&["cancel", "nosuch"]).code, 2);
    // One that nobody works on goes at once.
    let mut killed = under_way(&project, &["rebuild", "seen", "--promote"]);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let cancelled = project.json(&["cancel", "seen"]);
    assert_eq!((&cancelled["done"], &cancelled["state"]), (&json!(true), &json!("dropped")));
    assert_eq!(rows(&mut project.reads(), schemas), ["(seen__b1)"]);
}

#[test]
fn a_promote_whose_build_is_cancelled_says_so() {
    let project = project();
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen"]);
    let (mut holder, mut client) = (project.events(), project.events());
    // The promote has chosen the build, and has not read yet what it is made of.
    let mut held = holder.transaction().unwrap();
    held.batch_execute("LOCK TABLE regrow.definition IN ACCESS EXCLUSIVE MODE").unwrap();
    let promote = Running::start(&project, &["promote", "seen", "--json"]);
    wait_for_a_lock_wait(&mut client, "regrow promote");
    assert_eq!(project.json(&["cancel", "seen"])["done"], true);
    held.rollback().unwrap();
    let ran = promote.end();
    assert!(ran.code == 1 && ran.stderr.contains("\"code\":\"fenced\""), "{}", ran.stderr);
    let said = "seen__b1 was moved by somebody else: it is dropped now";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
}

#[test]
fn a_live_build_that_is_paused_stays_live_and_rests() {
    let project = project();
    project.write("config.toml", "[service]\npoll_ms = 300\n");
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    let mut run = Listening::start(&project);
    let other = Running::start(&project, &["run"]);
    run.wait_for("/readyz?builds", 200);
    let paused = project.json(&["pause", "seen"]);
    assert_eq!((&paused["done"], &paused["state"]), (&json!(true), &json!("live")));
    run.wait_to_say("/readyz?builds", 503, "seen__b1 is paused");
    assert_eq!(run.get("/readyz").code, 200);
    append(&mut project.events(), "a", 5..9);
    let told = build(&project, "seen__b1");
    assert_eq!(
        (&told["state"], &told["lag"], &told["position"]),
        (&json!("live"), &json!(4), &json!(5))
    );
    assert_eq!(told["next"], "regrow unpause seen");
    let text = project.ok(&["status"]);
    assert!(text.contains("live, paused") && text.contains("paused by "), "{text}");
    assert_eq!(project.run(&["status", "--exit-code"]).code, 11);
    // A process that begins now leaves it alone as well.
    project.ok(&["run", "--until-caught-up"]);
    assert_eq!(build(&project, "seen__b1")["position"], 5);
    project.ok(&["unpause", "seen__b1"]);
    run.wait_for("/readyz?builds", 200);
    wait_until("it to be followed again", || build(&project, "seen__b1")["position"] == 9);
    readers_see_everything(&project);
    // Either of the two may have followed it to here, and both tell.
    wait_until("it to be told", || run.said().contains("seen__b1 is no longer paused"));
    assert_eq!(other.stop().code, 0);
    let said = run.stop();
    assert!(said.contains("seen__b1 is paused by an operator"), "{said}");
}

#[cfg(feature = "failpoints")]
#[test]
fn a_pause_that_is_done_holds_for_a_follower_that_begins() {
    let project = project();
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    append(&mut project.events(), "a", 5..9);
    // It has looked what there is to follow, and nobody knows of it yet.
    let stop = ("FAILPOINTS", "ledger::beat::before=1*return(stop)");
    let mut run = Listening::start_with(&project, &[stop]);
    let pid = nix::unistd::Pid::from_raw(run.child().id().cast_signed());
    wait_until("the follower to stand still", || crate::hazards::failpoints::is_stopped(pid));
    assert_eq!(project.json(&["pause", "seen"])["done"], true);
    run.signal(nix::sys::signal::Signal::SIGCONT);
    wait_until("the follower to know", || run.said().contains("seen__b1 is paused by an operator"));
    assert_eq!(build(&project, "seen__b1")["position"], 5);
    project.ok(&["unpause", "seen"]);
    wait_until("it to be followed", || build(&project, "seen__b1")["position"] == 9);
    run.stop();
}

#[test]
fn status_ends_with_11_where_readers_get_old_rows() {
    let project = project();
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    assert_eq!(project.run(&["status", "--max-lag", "0"]).code, 0);
    // Nobody follows it, and it has everything.
    let ran = project.run(&["status", "--exit-code"]);
    assert_eq!(ran.code, 11);
    assert!(ran.stderr.contains("nobody follows seen__b1"), "{}", ran.stderr);
    append(&mut project.events(), "a", 5..8);
    for (limit, code) in [("2", 11), ("3", 0), ("0s", 11), ("1h", 0), ("soon", 2)] {
        let ran = project.run(&["status", "--max-lag", limit]);
        assert_eq!(ran.code, code, "{limit}: {}", ran.stderr);
    }
    let text = project.ok(&["status"]);
    for line in text.lines().take(2) {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let run = Listening::start(&project);
    run.wait_for("/readyz?builds", 200);
    assert_eq!(project.run(&["status", "--exit-code"]).code, 0);
    let text = project.ok(&["status"]);
    assert!(text.contains("seen__b1: followed by pid "), "{text}");
    run.stop();
}

#[test]
fn status_watches_until_it_is_asked_to_stop() {
    let project = project();
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    let watch = project.spawn(&["status", "--watch"]);
    let mut lines = project.spawn(&["status", "--watch", "--json"]);
    let mut out = std::io::BufRead::lines(std::io::BufReader::new(lines.stdout.take().unwrap()));
    for _ in 0..2 {
        let line: Value = serde_json::from_str(&out.next().unwrap().unwrap()).unwrap();
        assert_eq!(line["builds"][0]["build"], "seen__b1");
    }
    let mut heard = Heard::of(&mut lines);
    for child in [&watch, &lines] {
        let pid = nix::unistd::Pid::from_raw(child.id().cast_signed());
        nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
    }
    assert!(lines.wait().unwrap().success(), "{}", heard.text());
    let ran = ended(watch);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    // In a pipe one block comes after another, and nothing drives a terminal.
    assert!(
        ran.stdout.contains("BUILD     STATE  POSITION  LAG  BEHIND  PARKED\n"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("\n\n") && !ran.stdout.contains('\u{1b}'), "{:?}", ran.stdout);
}

#[test]
fn what_became_of_builds_is_listed_with_who_did_it() {
    let project = project();
    append(&mut project.events(), "a", 0..2);
    assert_eq!(project.ok(&["history", "--builds", "seen"]), "no build was ever made\n");
    project.ok(&["rebuild", "seen", "--promote"]);
    project.write("projections/seen/projection.toml", "on_error = \"park\"\n");
    project.ok(&["rebuild", "seen", "--promote"]);
    project.ok(&["rollback", "seen"]);
    project.ok(&["prune", "seen__b2"]);
    let told = project.json(&["history", "--builds"]);
    let newest: Vec<String> = told["changes"].as_array().unwrap()[..5]
        .iter()
        .map(|c| format!("{} {} {}", c["build"].as_str().unwrap(), c["from"], c["to"]))
        .collect();
    let expected = [
        "seen__b2 \"retired\" \"dropped\"",
        "seen__b1 \"retired\" \"live\"",
        "seen__b2 \"live\" \"retired\"",
        "seen__b2 \"ready\" \"live\"",
        "seen__b1 \"live\" \"retired\"",
    ];
    assert_eq!(newest, expected, "{told}");
    assert_eq!(told["changes"][1]["by"], "regrow, regrow rollback", "{told}");
    assert_eq!(told["all"], json!(told["changes"].as_array().unwrap().len()));
    let ran = project.run(&["history", "--builds", "--limit", "2"]);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ran.stdout);
    assert!(lines[2].contains("seen__b1  retired -> live"), "{}", ran.stdout);
    assert!(ran.stderr.contains("the newest 2 of 1"), "{}", ran.stderr);
    assert_eq!(project.run(&["history", "--builds", "nosuch"]).code, 2);
}

#[test]
fn parked_events_are_listed_shown_and_dropped() {
    let project = project();
    project.write("projections/seen/projection.toml", "on_error = \"park\"\n");
    let bad = |stream: &str| {
        format!(
            "SELECT event_store.append('{stream}', NULL, '[{{\"type\": \"Counted\", \"payload\": {{\"n\": \"secret\"}}}}]')"
        )
    };
    append(&mut project.events(), "a", 0..2);
    project.events().batch_execute(&bad("b")).unwrap();
    project.events().batch_execute(&bad("c\u{1b}[31m")).unwrap();
    project.ok(&["rebuild", "seen", "--promote"]);
    let text = project.ok(&["parked", "list"]);
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("BUILD     POSITION  TYPE     WHY"), "{text}");
    assert_eq!(lines.next(), Some("seen__b1         4  Counted  value-refused"), "{text}");
    let listed = project.json(&["parked", "list", "seen", "--limit", "1"]);
    assert_eq!((&listed["all"], &listed["events"][0]["position"]), (&json!(2), &json!(4)));
    let text = project.ok(&["parked", "show", "seen", "4"]);
    assert!(
        text.starts_with("seen__b1: event 4 (Counted version 1, stream c\\u{1b}[31m number 0)"),
        "{text}"
    );
    assert!(!text.contains("secret") && !text.contains('\u{1b}'), "{text}");
    let text = project.ok(&["parked", "show", "seen__b1", "3", "--show-payload"]);
    assert!(text.contains("payload: {\"n\": \"secret\"}"), "{text}");
    let ran = project.run(&["parked", "show", "seen", "2"]);
    assert!(ran.code == 2 && ran.stderr.contains("regrow parked list seen"), "{}", ran.stderr);
    assert_eq!(project.run(&["parked", "drop", "seen"]).code, 2, "what is to go is said");
    assert_eq!(project.json(&["parked", "drop", "seen", "4"])["dropped"], 1);
    assert_eq!(project.json(&["parked", "drop", "seen", "--all"])["dropped"], 1);
    assert_eq!(project.ok(&["parked", "list", "seen"]), "no event is parked\n");
    // What is printed can be typed.
    append(&mut project.events(), "a", 2..1_200);
    project.events().batch_execute(&bad("d")).unwrap();
    project.ok(&["run", "--until-caught-up"]);
    let text = project.ok(&["parked", "list", "seen"]);
    let printed = text.lines().nth(1).unwrap().split_whitespace().nth(1).unwrap();
    assert!(printed.starts_with("1,"), "{text}");
    assert!(project.ok(&["parked", "show", "seen", printed]).contains("stream d"));
    assert_eq!(project.run(&["parked", "show", "seen", "12,03"]).code, 2);
    // With a build goes what it parked.
    project.ok(&["rebuild", "seen", "--promote"]);
    project.ok(&["prune", "seen", "--keep", "0"]);
    let left = "SELECT DISTINCT b.state FROM regrow.parked_events p JOIN regrow.build b ON b.id = p.build_id";
    assert_eq!(rows(&mut project.reads(), left), ["(live)"]);
    assert_eq!(project.run(&["parked", "list", "nosuch"]).code, 2);
}
