//! Events that commit below a mark: writers that take positions before they insert.

use super::{append, project, status_of};
use crate::bench::{rows, wait_until};
use crate::hazards::Running;

/// A writer that has taken a number, and has not touched the table yet.
const TAKE: &str = "SELECT nextval(pg_get_serial_sequence('event_store.events', 'position'))";

fn insert(position: i64, stream: &str) -> String {
    format!(
        "INSERT INTO event_store.events (position, stream_id, stream_version, event_type, payload) \
         OVERRIDING SYSTEM VALUE VALUES ({position}, '{stream}', 0, 'Counted', '{{\"n\": 1}}')"
    )
}

#[test]
fn an_event_that_commits_below_a_mark_is_told_by_followers_status_and_check() {
    let project = project();
    let (mut writer, mut other) = (project.events(), project.events());
    append(&mut other, "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    let follower = Running::start(&project, &["run"]);
    let taken: i64 = writer.query_one(TAKE, &[]).unwrap().get(0);
    append(&mut other, "a", 5..8);
    wait_until("the follower to pass the number that was taken", || {
        status_of(&project, "seen__b1")["lag"] == 0
    });
    writer.batch_execute(&insert(taken, "late")).unwrap();
    wait_until("the late event to be noticed", || {
        status_of(&project, "seen__b1")["log"]["late_events"] == 1
    });
    let build = status_of(&project, "seen__b1");
    assert_eq!(build["next"], "regrow rebuild seen --promote", "{build}");
    assert_eq!(project.run(&["check"]).code, 1);
    // Readers lack it, whoever asks.
    let ran = project.run(&["status", "--exit-code"]);
    let lacks = "seen__b1 lacks at least 1 event, committed late";
    assert!(ran.code == 11 && ran.stderr.contains(lacks), "{} {}", ran.code, ran.stderr);
    assert_eq!(super::code(&project, &["wait", "seen", "--now"]), "late-events");
    let ran = follower.stop();
    assert!(ran.stderr.contains("1 event that seen__b1 never read"), "{}", ran.stderr);
    project.ok(&["rebuild", "seen", "--promote"]);
    assert!(status_of(&project, "seen__b2")["log"]["late_events"].is_null());
}

/// A deletion and a late event of one range leave its count as it was.
#[test]
fn a_late_event_and_a_deleted_one_do_not_cancel_out() {
    let project = project();
    let mut writer = project.events();
    append(&mut writer, "a", 0..5);
    let taken: i64 = writer.query_one(TAKE, &[]).unwrap().get(0);
    append(&mut writer, "a", 5..8);
    project.ok(&["rebuild", "seen", "--promote"]);
    project.ok(&["rebuild", "seen"]);
    writer.batch_execute(&insert(taken, "late")).unwrap();
    writer.batch_execute("DELETE FROM event_store.events WHERE position = 3").unwrap();
    assert_eq!(super::code(&project, &["promote", "seen"]), "late-events");
    // What is to do is not the promote again, and doing it helps.
    let status = project.json(&["status"]);
    let next = status["next"].to_string();
    assert!(
        next.contains("regrow rebuild seen --promote") && !next.contains("regrow promote"),
        "{status}"
    );
    project.ok(&["run", "--until-caught-up"]);
    let build = status_of(&project, "seen__b1");
    assert_eq!(build["log"]["late_events"], 1, "{build}");
}

/// Rust's hash of a position is the server's.
#[test]
fn positions_are_hashed_as_the_server_hashes_them() {
    let project = project();
    let mut client = project.events();
    let mut positions =
        vec![0, 1, -1, i64::MAX, i64::MIN, 1 << 32, (1 << 32) - 1, 1_000_000_000_000_000_000];
    let mut state = 7_i64;
    for _ in 0..2_000 {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        positions.push(state >> (state.unsigned_abs() % 60));
    }
    let sql = "SELECT hashint8extended(p, 0) FROM unnest($1::bigint[]) WITH ORDINALITY AS t(p, n) ORDER BY n";
    let hashes = client.query(sql, &[&positions]).unwrap();
    for (position, row) in positions.iter().zip(&hashes) {
        assert_eq!(regrow::anchor::position_hash(*position), row.get::<_, i64>(0), "{position}");
    }
    assert!(rows(&mut client, "SELECT 1 FROM regrow.source_log").is_empty(), "nothing was built");
}
