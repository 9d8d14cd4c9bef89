//! Events that were deleted, rewritten or moved away on purpose.

use super::{append, code, project, readers_see_the_log, status_of};

#[test]
fn deleted_events_are_told_and_a_ready_build_can_be_promoted() {
    let project = project();
    append(&mut project.events(), "a", 0..10);
    append(&mut project.events(), "b", 10..20);
    append(&mut project.events(), "c", 20..30);
    project.ok(&["rebuild", "seen", "--promote"]);
    project.ok(&["rebuild", "seen"]);
    project.events().batch_execute("DELETE FROM event_store.events WHERE stream_id = 'b'").unwrap();
    let ran = project.run(&["promote", "seen"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("were deleted from the log since"), "{}", ran.stderr);
    let build = status_of(&project, "seen__b2");
    assert_eq!(
        (&build["log"]["deleted_events"], &build["next"]),
        (&10.into(), &"regrow rebuild seen --promote".into()),
        "its rows still show them: {build}"
    );
    let told = project.ok(&["status"]);
    assert!(
        told.contains(
            "its rows may still show them, until it is rebuilt: regrow rebuild seen --promote"
        ),
        "{told}"
    );
    append(&mut project.events(), "c", 30..33);
    project.ok(&["run", "--until-caught-up"]);
    project.ok(&["rebuild", "seen", "--promote"]);
    readers_see_the_log(&project, "seen");
    assert_eq!(project.json(&["status"])["next"], serde_json::json!([]));
}

/// The newest event, whose fingerprint the checkpoint has, is erased with its stream.
#[test]
fn the_newest_events_may_be_deleted_where_the_log_stays_where_it_is() {
    let project = project();
    append(&mut project.events(), "a", 0..10);
    append(&mut project.events(), "b", 10..20);
    project.ok(&["rebuild", "seen", "--promote"]);
    project.events().batch_execute("DELETE FROM event_store.events WHERE stream_id = 'b'").unwrap();
    append(&mut project.events(), "a", 20..25);
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("the event at position 20, which seen__b1 has read, was deleted"),
        "{}",
        ran.stderr
    );
    let ran = project.run(&["run", "--until-caught-up"]);
    assert!(ran.code == 0 && !ran.stderr.contains("position 20,"), "told once: {}", ran.stderr);
    let build = status_of(&project, "seen__b1");
    assert_eq!(
        (&build["position"], &build["log"]["deleted_events"]),
        (&25.into(), &10.into()),
        "{build}"
    );
}

#[test]
fn a_log_without_any_event_that_was_remembered_takes_the_operators_word() {
    let project = project();
    append(&mut project.events(), "a", 0..10);
    project.ok(&["rebuild", "seen", "--promote"]);
    project.events().batch_execute("DELETE FROM event_store.events").unwrap();
    append(&mut project.events(), "b", 10..12);
    assert_eq!(code(&project, &["run", "--until-caught-up"]), "left-behind");
    let build = status_of(&project, "seen__b1");
    assert_eq!(build["log"]["fault"]["code"], "log-changed", "{build}");
    project.ok(&["run", "--until-caught-up", "--events-deleted"]);
    assert_eq!(status_of(&project, "seen__b1")["position"], 12);
    project.ok(&["run", "--until-caught-up"]);
}

#[test]
fn rewritten_payloads_are_told_once() {
    let project = project();
    append(&mut project.events(), "a", 0..10);
    project.ok(&["rebuild", "seen", "--promote"]);
    let rewrite = "UPDATE event_store.events SET payload = '{\"n\": 0, \"erased\": true}' WHERE position = 10";
    project.events().batch_execute(rewrite).unwrap();
    assert_eq!(status_of(&project, "seen__b1")["log"]["rewritten"][0], 10);
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("position 10 is another than seen__b1 has read"), "{}", ran.stderr);
    let ran = project.run(&["run", "--until-caught-up"]);
    assert!(!ran.stderr.contains("position 10"), "{}", ran.stderr);
}

/// json to jsonb: every payload has another text, no event is another.
#[test]
fn a_converted_payload_column_is_no_other_log() {
    let project = project();
    append(&mut project.events(), "a", 0..10);
    project.ok(&["rebuild", "seen", "--promote"]);
    let convert = "ALTER TABLE event_store.events DROP CONSTRAINT events_payload_check; \
                   ALTER TABLE event_store.events ALTER payload TYPE json";
    project.events().batch_execute(convert).unwrap();
    append(&mut project.events(), "a", 10..12);
    project.ok(&["run", "--until-caught-up"]);
    readers_see_the_log(&project, "seen");
}

#[test]
fn a_log_that_begins_later_needs_the_operators_word() {
    let project = project();
    append(&mut project.events(), "old", 0..10);
    append(&mut project.events(), "new", 10..20);
    project.ok(&["rebuild", "seen", "--promote"]);
    project.events().batch_execute("DELETE FROM event_store.events WHERE position <= 10").unwrap();
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("began at position 1 for seen__b1"), "{}", ran.stderr);
    let build = status_of(&project, "seen__b1");
    assert_eq!((&build["log"]["began_at"], &build["log"]["begins_at"]), (&1.into(), &11.into()));

    assert_eq!(code(&project, &["rebuild", "seen"]), "log-begins-later");
    assert_eq!(code(&project, &["rebuild", "seen", "--log-begins-at", "5"]), "log-begins-later");
    project.ok(&["rebuild", "seen", "--log-begins-at", "11"]);
    assert_eq!(code(&project, &["promote", "seen"]), "log-begins-later");
    project.ok(&["promote", "seen", "--log-begins-at", "11"]);
    readers_see_the_log(&project, "seen");
    // From now on this is where the log begins.
    project.ok(&["rebuild", "seen", "--promote"]);
}
