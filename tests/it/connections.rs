//! How many connections a run opens, whatever it works on.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::Client;

use crate::bench::{Database, Project, rows, wait_until};

/// What the help of `run` and `rebuild` says.
const MOST: i64 = 32;
const PROJECTIONS: usize = 40;

/// Does something and gives the highest number of regrow's connections meanwhile.
fn watched(project: &Project, work: impl FnOnce()) -> i64 {
    let (ends, most) = (AtomicBool::new(false), AtomicI64::new(0));
    let mut client: Client = project.events();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let count =
                "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'regrow %'";
            while !ends.load(Ordering::Relaxed) {
                let now: i64 = client.query_one(count, &[]).unwrap().get(0);
                most.fetch_max(now, Ordering::Relaxed);
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        });
        work();
        ends.store(true, Ordering::Relaxed);
    });
    most.into_inner()
}

fn append(project: &Project, events: std::ops::Range<i32>) {
    let insert = format!(
        "INSERT INTO event_store.events (stream_id, stream_version, event_type, payload) \
         SELECT 's' || i, 0, 'Seen', '{{}}' FROM generate_series({}, {}) i",
        events.start,
        events.end - 1
    );
    project.events().batch_execute(&insert).unwrap();
}

fn counts(project: &Project) -> Vec<String> {
    let count = |n: usize| format!("SELECT count(*) AS n FROM read_model.t{n}");
    let all: Vec<String> = (0..PROJECTIONS).map(count).collect();
    let all = all.join(" UNION ALL ");
    rows(
        &mut project.reads(),
        &format!("SELECT n, count(*) FROM ({all}) AS a GROUP BY n ORDER BY n"),
    )
}

#[test]
fn forty_builds_take_no_more_connections_than_a_dozen() {
    let project = Project::on(Database::on_a_server_for_forty());
    project.ok(&["init", "."]);
    for n in 0..PROJECTIONS {
        project.write(
            &format!("projections/p{n}/schema/V1__t.sql"),
            &format!("CREATE TABLE t{n} (id text PRIMARY KEY, n bigint);"),
        );
        // Every second one has a statement that is run in SQL.
        let value =
            if n % 2 == 0 { ":event.position" } else { "width_bucket(:event.position, 0, 9, 3)" };
        project.write(
            &format!("projections/p{n}/handlers.sql"),
            &format!("-- on Seen\nINSERT INTO t{n} VALUES (:event.stream_id, {value});\n"),
        );
    }
    project.ok(&["migrate"]);
    append(&project, 0..500);
    let most = watched(&project, || {
        project.ok(&["rebuild", "--all", "--promote"]);
    });
    assert!(most > 5 && most <= MOST, "{most} connections of a rebuild");
    assert_eq!(counts(&project), [format!("(500,{PROJECTIONS})")]);
    let most = watched(&project, || {
        let mut run = project.spawn(&["run"]);
        for round in 1..=3 {
            append(&project, 500 * round..500 * (round + 1));
            let all = format!("({},{PROJECTIONS})", 500 * (round + 1));
            wait_until("all builds to have the new events", || counts(&project) == [all.as_str()]);
        }
        // Nobody is left behind when a build goes or comes.
        project.ok(&["rebuild", "p0", "p39", "--promote"]);
        append(&project, 2000..2100);
        let all = format!("(2100,{PROJECTIONS})");
        wait_until("the builds that came to be followed", || counts(&project) == [all.as_str()]);
        kill(Pid::from_raw(i32::try_from(run.id()).unwrap()), Signal::SIGTERM).unwrap();
        assert!(run.wait().unwrap().success());
    });
    // The rebuild of two beside it has its own.
    assert!(most > 12 && most <= MOST + 12, "{most} connections of a follower");
}

#[test]
fn builds_that_were_left_unfinished_are_resumed_group_by_group() {
    let project = Project::on(Database::on_a_server_for_forty());
    project.ok(&["init", "."]);
    for n in 0..15 {
        project.write(
            &format!("projections/p{n}/schema/V1__t.sql"),
            &format!("CREATE TABLE t{n} (id text PRIMARY KEY);"),
        );
        // The last of the first group, and one of the second, stop at an event.
        let id = if n == 9 || n == 5 { "1 / (:event.position - 50)" } else { ":event.position" };
        project.write(
            &format!("projections/p{n}/handlers.sql"),
            &format!(
                "-- on Seen\nINSERT INTO t{n} VALUES (({id})::text) ON CONFLICT DO NOTHING;\n"
            ),
        );
    }
    project.ok(&["migrate"]);
    append(&project, 0..100);
    let ran = project.run(&["rebuild", "--all", "--promote", "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let states = "SELECT state, count(*) FROM regrow.build GROUP BY 1 ORDER BY 1";
    assert_eq!(rows(&mut project.reads(), states), ["(failed,2)", "(live,13)"]);
    let ran = project.run(&["resume", "--promote"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(rows(&mut project.reads(), states), ["(failed,2)", "(live,13)"]);
}
