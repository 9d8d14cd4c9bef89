//! Whether a load balancer is told the truth, and in time: every change within two polls, and back by itself.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use regrow::dev_cluster::{DevCluster, Options, Settings};

use super::Listening;
use crate::bench::{Database, Project, REGROW, bin_dir, wait_until};
use crate::identity::{append, fill, project};

/// How often the service looks in these tests.
const POLL: &str = "[service]\npoll_ms = 500\n";

fn live() -> Project {
    let project = project();
    project.write("config.toml", POLL);
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    project
}

#[test]
fn a_stopped_build_is_told_until_it_is_mended() {
    let project = live();
    let run = Listening::start(&project);
    run.wait_for("/readyz?builds", 200);
    let bad = "SELECT event_store.append('b', NULL, '[{\"type\": \"Counted\", \"payload\": {\"n\": \"x\"}}]')";
    project.events().batch_execute(bad).unwrap();
    run.wait_to_say("/readyz?builds", 503, "seen__b1 is stopped at event 6");
    // The process itself does what it can: a rollout that mends the build is not blocked by it.
    assert_eq!(run.get("/readyz").code, 200);
    assert_eq!(run.get("/healthz").code, 200);
    let handlers = "projections/seen/handlers.sql";
    let mended = project.read(handlers).replace(":n)", "COALESCE(NULLIF(:n::text, 'x')::int, 0))");
    project.write(handlers, &mended);
    project.ok(&["rebuild", "seen", "--promote"]);
    run.wait_for("/readyz?builds", 200);
    run.stop();
}

#[test]
fn a_follower_that_is_killed_is_missed_at_once() {
    let project = live();
    // It listens and never comes to follow anything.
    let idle =
        Listening::start_with(&project, &[("FAILPOINTS", "ledger::beat::before=sleep(3600000)")]);
    idle.wait_to_say("/readyz?builds", 503, "nobody follows seen__b1");
    assert_eq!(idle.get("/readyz").code, 200);
    for _ in 0..2 {
        let follower = Listening::start(&project);
        idle.wait_for("/readyz?builds", 200);
        follower.kill();
        let killed = Instant::now();
        idle.wait_to_say("/readyz?builds", 503, "nobody follows seen__b1");
        // Long before its last sign of life is old: two polls on a machine that has nothing else to do.
        assert!(killed.elapsed() < Duration::from_secs(9), "{:?}", killed.elapsed());
    }
    idle.kill();
}

#[test]
fn a_lag_over_the_limit_is_told() {
    let project = live();
    project.write("config.toml", &format!("{POLL}max_lag = 100\n"));
    project.write("projections/seen/projection.toml", "max_lag = 3\n");
    let run = Listening::start(&project);
    run.wait_for("/readyz?builds", 200);
    // Nothing is read above a transaction that writes to the log and does not end.
    let mut writer = project.events();
    let mut open = writer.transaction().unwrap();
    let event = "SELECT event_store.append('b', NULL, '[{\"type\": \"Counted\", \"payload\": {\"n\": 1}}]')";
    open.batch_execute(event).unwrap();
    append(&mut project.events(), "a", 6..10);
    run.wait_to_say("/readyz?builds", 503, "over 3 events");
    assert_eq!(run.get("/readyz").code, 200);
    open.commit().unwrap();
    run.wait_for("/readyz?builds", 200);
    // In time: an event that was recorded long ago, and another that waits.
    run.stop();
    project.write("projections/seen/projection.toml", "max_lag = \"1h\"\n");
    let run = Listening::start(&project);
    run.wait_for("/readyz?builds", 200);
    let mut open = writer.transaction().unwrap();
    open.batch_execute(event).unwrap();
    project
        .events()
        .batch_execute(
            "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload, recorded_at) \
             VALUES ('old', 0, 'Counted', '{\"n\": 1}', now() - interval '2 hours')",
        )
        .unwrap();
    run.wait_to_say("/readyz?builds", 503, "over 3600 s");
    open.rollback().unwrap();
    run.wait_for("/readyz?builds", 200);
    run.stop();
}

#[test]
fn a_server_that_is_gone_is_told_and_nothing_of_its_builds() {
    let folder = tempfile::Builder::new().tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    let settings = Settings { shared_buffers_mb: 16, ..Settings::default() };
    let options = Options { bin_dir: bin_dir(), major: None, settings, guard: REGROW.into() };
    let cluster = DevCluster::at(&folder.path().join("server"), options).unwrap();
    cluster.start_and_keep().unwrap();
    let project = Project::on(Database::at(cluster.url(), "template0"));
    fill(&project);
    project.write("config.toml", POLL);
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    let mut run = Listening::start(&project);
    run.wait_for("/readyz?builds", 200);
    cluster.stop().unwrap();
    run.wait_for("/readyz", 503);
    // What it was is not told as what it is.
    wait_until("old figures to be withdrawn", || {
        let metrics = super::samples(&run.get("/metrics").body);
        metrics["regrow_up"] == 0.0 && !metrics.keys().any(|name| name.contains("seen"))
    });
    assert_eq!(run.get("/status.json").code, 503);
    assert!(run.get("/").body.contains("What is shown is not up to date"));
    assert_eq!(run.get("/healthz").code, 200);
    cluster.start_and_keep().unwrap();
    run.wait_for("/readyz?builds", 200);
    append(&mut project.events(), "a", 5..6);
    wait_until("the follower to go on", || {
        assert!(run.child().try_wait().unwrap().is_none(), "it is still there");
        run.get("/status.json").body.contains("\"position\":6")
    });
    run.signal(Signal::SIGTERM);
    assert!(run.child().wait().unwrap().success());
    drop(project);
    cluster.stop().unwrap();
}
