//! Comparisons while builds move, and comparisons that are killed.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::Client;
use serde_json::Value;

use super::{compared, shop};
use crate::bench::{Project, Ran, rows, wait_until};

/// Whether a process is stopped by a signal (proc(5), the third field of stat).
fn is_stopped(pid: Pid) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
}

/// Appends an order; gives its position.
fn append(client: &mut Client, order: &str) -> i64 {
    let event = serde_json::json!([{"type": "OrderCreated", "payload":
        {"order_id": order, "customer_id": "c1", "customer_name": "X"}}]);
    let append = "SELECT max(a.p) FROM event_store.append($1, NULL, $2::text::jsonb) AS a (p)";
    client.query_one(append, &[&order, &event.to_string()]).unwrap().get(0)
}

/// What a follower does to one build in a batch of one order.
fn follow(client: &mut Client, build: &str, order: &str, to: i64) {
    let mut batch = client.transaction().unwrap();
    let sql = "SELECT b.id, b.generation, c.position FROM regrow.build b JOIN regrow.checkpoint c ON c.build_id = b.id \
               WHERE b.schema_name = $1::text::name FOR SHARE OF b";
    let row = batch.query_one(sql, &[&build]).unwrap();
    let (id, generation, from): (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
    let advance = "SELECT regrow.advance($1, $2, $3, $4, 1, 1)";
    let fenced: Option<String> =
        batch.query_one(advance, &[&id, &generation, &from, &to]).unwrap().get(0);
    assert_eq!(fenced, None);
    let insert = format!(
        "INSERT INTO {build}.order_summary SELECT '{order}', 'c1', 'X', 'pending', 0, 0, recorded_at \
         FROM event_store.events WHERE position = $1"
    );
    batch.execute(&insert, &[&to]).unwrap();
    batch.commit().unwrap();
}

/// Runs a comparison that stands still between the commit that brings both to one position and its snapshot, while
/// a follower moves one of them.
fn overtaken(project: &Project, more: &str) -> (i32, Value) {
    let mut client = project.events();
    append(&mut client, &format!("before{more}"));
    let mut command = project.command(&["verify", "order_summary", "--json"]);
    command.env("FAILPOINTS", format!("verify::hold::after=1*return(stop){more}"));
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let child = command.spawn().unwrap();
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
    wait_until("the comparison to stand still", || is_stopped(pid));
    let order = format!("order-meanwhile{}", more.len());
    let to = append(&mut client, &order);
    follow(&mut client, "order_summary__b1", &order, to);
    kill(pid, Signal::SIGCONT).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap(), &["verify"]);
    let report = serde_json::from_str(&ran.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}{}", ran.stdout, ran.stderr));
    (ran.code, report)
}

#[test]
fn a_build_that_moves_meanwhile_is_no_difference() {
    let project = shop(1_000);
    project.ok(&["rebuild", "order_summary"]);
    let (code, report) = overtaken(&project, "");
    assert_eq!((code, &report["ok"]), (0, &Value::Bool(true)), "{report}");
    assert_eq!(report["attempts"], 2, "{report}");
    // Without the rule that both stand at one position in the snapshot, the same is told as a difference.
    let (code, report) = overtaken(&project, ";without::one_position=return");
    assert_eq!((code, &report["attempts"]), (10, &Value::from(1)), "{report}");
}

#[test]
fn appends_and_a_follower_are_no_difference() {
    let project = shop(1_000);
    project.ok(&["rebuild", "order_summary"]);
    let mut follower = project.spawn(&["run"]);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let mut client = project.events();
        let done = &done;
        let appender = scope.spawn(move || {
            let mut appended = 0;
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                append(&mut client, &format!("order-x{appended}"));
                appended += 1;
            }
            appended
        });
        let mut positions = Vec::new();
        for _ in 0..8 {
            let (code, report) = compared(&project, &["order_summary"]);
            assert_eq!((code, &report["ok"]), (0, &Value::Bool(true)), "{report}");
            positions.push(report["position"].as_i64().unwrap());
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(appender.join().unwrap() > 0);
        assert!(positions.is_sorted() && positions[0] < positions[7], "{positions:?}");
    });
    kill(Pid::from_raw(i32::try_from(follower.id()).unwrap()), Signal::SIGTERM).unwrap();
    follower.wait().unwrap();
}

#[test]
fn what_a_kill_leaves_is_found_and_dropped() {
    let project = shop(1_000);
    let mut client = project.reads();
    let builds =
        "SELECT schema_name::text, state FROM regrow.build WHERE state <> 'dropped' ORDER BY 1";
    let before = rows(&mut client, builds);
    let killed = |args: &[&str], at: &str| {
        let mut command = project.command(args);
        let output = command.env("FAILPOINTS", format!("{at}=1*return(kill)")).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), None, "{at}: {said}");
    };
    project.ok(&["rebuild", "order_summary"]);
    for at in ["verify::snapshot::before", "verify::snapshot::after"] {
        killed(&["verify", "order_summary"], at);
    }
    project.ok(&["prune", "order_summary", "--unfinished"]);
    assert_eq!(rows(&mut client, builds), before);

    let against = ["verify", "order_summary", "--against", "log"];
    killed(&against, "apply::call::after");
    assert_eq!(rows(&mut client, builds).len(), 3);
    // Nothing takes it for a build of its own.
    let status = project.ok(&["status"]);
    assert!(status.contains("regrow prune order_summary__b3"), "{status}");
    assert_eq!(project.run(&["promote", "order_summary"]).code, 1);
    wait_until("the killed session's claim to go", || {
        project.run(&["resume", "order_summary"]).code == 1
    });
    let (code, report) = compared(&project, &against[1..]);
    assert_eq!((code, &report["ok"]), (0, &Value::Bool(true)), "{report}");
    assert_eq!(rows(&mut client, builds), before);

    killed(&against, "create::build::after");
    wait_until("the killed session's claim to go", || {
        project.run(&["prune"]).stdout.contains("dropped order_summary__b5")
    });
    assert_eq!(rows(&mut client, builds), before);
}
