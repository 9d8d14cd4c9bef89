//! A revision in place while a follower holds rows in memory.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use crate::bench::{Project, rows, wait_until};

const SCHEMA: &str = "CREATE TABLE a (id text PRIMARY KEY, name text NOT NULL, n integer NOT NULL DEFAULT 0);\n\
                      CREATE TABLE b (id text PRIMARY KEY, n integer NOT NULL DEFAULT 0);\n";
const HANDLERS: &str = "-- on Opened\nINSERT INTO a (id, name) VALUES (:id, :id);\nINSERT INTO b (id) VALUES (:id);\n\
                        -- on Counted\nUPDATE a SET n = n + 1 WHERE id = :id;\nUPDATE b SET n = n + 1 WHERE id = :id;\n";
const IN_PLACE: &str =
    "-- change: in place\nALTER TABLE a ADD COLUMN note text;\nUPDATE a SET name = 'X ' || name;\n";

fn append(project: &Project, stream: &str, types: &[&str]) {
    let event = |event_type: &&str| json!({"type": event_type, "payload": {"id": stream}});
    let events: serde_json::Value = types.iter().map(event).collect();
    let append = "SELECT event_store.append($1, NULL, $2)";
    project.events().query(append, &[&stream, &events]).unwrap();
}

/// The follower has read a row of `a` and waits for one of `b`; there it stands still until the revision has
/// run. What it holds of `a` is from before.
#[test]
fn rows_that_a_follower_holds_do_not_overwrite_a_revision() {
    let project = Project::empty();
    project.ok(&["init", "."]);
    project.write("projections/p/schema/V1__p.sql", SCHEMA);
    project.write("projections/p/handlers.sql", HANDLERS);
    project.write("projections/p/projection.toml", "engine = \"native\"\n");
    project.ok(&["migrate"]);
    append(&project, "one", &["Opened"]);
    append(&project, "two", &["Opened"]);
    project.ok(&["rebuild", "p", "--promote"]);
    project.write("projections/p/schema/V2__note.sql", IN_PLACE);

    let mut follower = project.spawn(&["run"]);
    let pid = Pid::from_raw(i32::try_from(follower.id()).unwrap());
    let mut reads = project.reads();
    let of = |id: &str| {
        format!(
            "SELECT name, a.n, b.n FROM read_model.a JOIN read_model.b USING (id) WHERE id = '{id}'"
        )
    };
    append(&project, "two", &["Counted"]);
    wait_until("the follower to follow", || rows(&mut reads, &of("two")) == ["(two,1,1)"]);

    // It has never looked at the rows of `one`.
    let mut other = project.reads();
    let mut holder = other.transaction().unwrap();
    holder.batch_execute("LOCK TABLE p__b1.b IN ACCESS EXCLUSIVE MODE").unwrap();
    append(&project, "one", &["Counted", "Counted"]);
    let waits = "SELECT FROM pg_locks WHERE NOT granted AND relation = 'p__b1.b'::regclass";
    wait_until("the follower to hold a row", || !rows(&mut reads, waits).is_empty());
    kill(pid, Signal::SIGSTOP).unwrap();
    holder.commit().unwrap();
    assert_eq!(rows(&mut reads, "SELECT id, n FROM read_model.a WHERE id = 'one'"), ["(one,0)"]);

    project.ok(&["migrate", "p@head"]);
    let mended = "SELECT id, name FROM read_model.a ORDER BY id";
    assert_eq!(rows(&mut reads, mended), ["(one,\"X one\")", "(two,\"X two\")"]);
    kill(pid, Signal::SIGCONT).unwrap();
    wait_until("the events to arrive", || rows(&mut reads, &of("one")) != ["(\"X one\",0,0)"]);
    assert_eq!(rows(&mut reads, &of("one")), ["(\"X one\",2,2)"]);
    assert_eq!(rows(&mut reads, &of("two")), ["(\"X two\",1,1)"]);

    // It follows on, by the revision's tables.
    append(&project, "two", &["Counted"]);
    wait_until("the next event", || rows(&mut reads, &of("two")) == ["(\"X two\",2,2)"]);
    follower.kill().unwrap();
    follower.wait().unwrap();
}
