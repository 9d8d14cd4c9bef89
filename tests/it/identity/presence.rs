//! Who follows builds is known from the ledger, whatever connections call themselves.

use super::{append, project, status_of};
use crate::bench::{rows, wait_until};
use crate::hazards::Running;

const FOLLOWED: &str =
    "SELECT b.schema_name FROM regrow.worker_build f JOIN regrow.build b ON b.id = f.build_id";

#[test]
fn a_follower_is_there_as_long_as_it_says_so() {
    let project = project();
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    let mut client = project.reads();
    // A connection that bears a follower's name is none.
    client.batch_execute("SET application_name = 'regrow run seen__b1'").unwrap();
    append(&mut project.events(), "a", 5..6);
    assert_eq!(status_of(&project, "seen__b1")["next"], "regrow run");

    let follower = Running::start(&project, &["run"]);
    wait_until("the follower to be known", || rows(&mut client, FOLLOWED) == ["(seen__b1)"]);
    wait_until("it to catch up", || status_of(&project, "seen__b1")["lag"] == 0);
    assert_eq!(follower.stop().code, 0);
    assert_eq!(rows(&mut client, "SELECT pid FROM regrow.worker"), [""; 0], "it has left");

    // One that was killed stays in the ledger, and is not believed for long.
    append(&mut project.events(), "a", 6..7);
    client
        .batch_execute(
            "INSERT INTO regrow.worker (host, pid, command) VALUES ('elsewhere', 7, 'run'); \
             INSERT INTO regrow.worker_build (worker_id, build_id) \
             SELECT w.id, b.id FROM regrow.worker w, regrow.build b; \
             UPDATE regrow.worker SET seen_at = now() + interval '1 hour'",
        )
        .unwrap();
    assert!(status_of(&project, "seen__b1")["next"].is_null(), "somebody follows it elsewhere");
    client
        .batch_execute(
            "UPDATE regrow.worker SET seen_at = now() - interval '1 hour'; \
             UPDATE regrow.checkpoint SET changed_at = now() - interval '1 hour'",
        )
        .unwrap();
    assert_eq!(status_of(&project, "seen__b1")["next"], "regrow run");
}
