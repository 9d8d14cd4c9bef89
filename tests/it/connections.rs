//! How many connections a run opens, whatever it works on.

use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use std::{fs, io};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::bench::{Database, Project, rows, wait_until};

/// What the help of `run` and `rebuild` says.
const MOST: usize = 32;

/// How many projections there are: more than a run works on at a time. `REGROW_PROJECTIONS=200` makes 200.
fn projections() -> usize {
    std::env::var("REGROW_PROJECTIONS").map_or(40, |number| number.parse().unwrap())
}

/// The highest number of connections that a process has open at once, while `work` is done beside it.
///
/// They are counted where they are opened: the server notices a moment later that one was closed.
fn watched(process: &mut Child, work: impl FnOnce(&mut Child)) -> usize {
    let (ends, most) = (AtomicBool::new(false), AtomicUsize::new(0));
    let sockets = format!("/proc/{}/fd", process.id());
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ends.load(Ordering::Relaxed) {
                most.fetch_max(open_sockets(&sockets), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        work(process);
        ends.store(true, Ordering::Relaxed);
    });
    most.into_inner()
}

/// proc(5): each descriptor is a link to what it is of.
fn open_sockets(descriptors: &str) -> usize {
    let Ok(all) = fs::read_dir(descriptors) else { return 0 };
    let of = |entry: io::Result<fs::DirEntry>| fs::read_link(entry.ok()?.path()).ok();
    all.filter_map(of).filter(|what| what.to_string_lossy().starts_with("socket:")).count()
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
    let all: Vec<String> = (0..projections()).map(count).collect();
    let all = all.join(" UNION ALL ");
    rows(
        &mut project.reads(),
        &format!("SELECT n, count(*) FROM ({all}) AS a GROUP BY n ORDER BY n"),
    )
}

#[test]
fn many_builds_take_no_more_connections_than_a_dozen() {
    let projections = projections();
    let project = Project::on(Database::on_a_server_for_forty());
    project.ok(&["init", "."]);
    for n in 0..projections {
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
    let mut rebuild = project.spawn(&["rebuild", "--all", "--promote"]);
    let most = watched(&mut rebuild, |rebuild| assert!(rebuild.wait().unwrap().success()));
    assert!(most > 5 && most <= MOST, "{most} connections of a rebuild");
    assert_eq!(counts(&project), [format!("(500,{projections})")]);
    let mut run = project.spawn(&["run"]);
    let most = watched(&mut run, |run| {
        for round in 1..=3 {
            append(&project, 500 * round..500 * (round + 1));
            let all = format!("({},{projections})", 500 * (round + 1));
            wait_until("all builds to have the new events", || counts(&project) == [all.as_str()]);
        }
        // Nobody is left behind when a build goes or comes.
        project.ok(&["rebuild", "p0", &format!("p{}", projections - 1), "--promote"]);
        append(&project, 2000..2100);
        let all = format!("(2100,{projections})");
        wait_until("the builds that came to be followed", || counts(&project) == [all.as_str()]);
        kill(Pid::from_raw(i32::try_from(run.id()).unwrap()), Signal::SIGTERM).unwrap();
        assert!(run.wait().unwrap().success());
    });
    assert!(most > 12 && most <= MOST, "{most} connections of a follower");
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
