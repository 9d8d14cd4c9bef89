//! Ledgers of earlier versions: read as what they are, brought up to date when somebody asks for it.

use super::{append, code, project, readers_see_the_log, status_of};
use crate::bench::{Project, rows};

/// Takes a ledger back to its third revision, as the version before wrote it.
fn make_older(project: &Project) {
    project
        .reads()
        .batch_execute(
            "DROP FUNCTION regrow.advance(bigint, bigint, integer, bigint, bigint, bigint, bigint, numeric, \
                                          bigint, bytea, bytea, text, text, text); \
             DROP FUNCTION regrow.keep_anchor(regrow.checkpoint); \
             DROP FUNCTION regrow.wait_for; DROP VIEW regrow.live_position; \
             DROP TABLE regrow.skipped_events, regrow.assertions, regrow.progress, regrow.build_object, regrow.worker_build, regrow.worker, regrow.read_range, regrow.anchor; \
             ALTER TABLE regrow.build DROP COLUMN log_id, DROP COLUMN known_from, DROP COLUMN begins_at, \
                 DROP COLUMN wanted, DROP COLUMN wanted_at, DROP COLUMN wanted_by; \
             ALTER TABLE regrow.checkpoint DROP COLUMN anchor_position, DROP COLUMN anchor_envelope, \
                 DROP COLUMN anchor_payload, DROP COLUMN anchor_system, DROP COLUMN anchor_timeline, \
                 DROP COLUMN anchor_snapshot, DROP COLUMN range_after, DROP COLUMN range_events, \
                 DROP COLUMN range_hash_sum, DROP COLUMN events_skipped; \
             DROP TABLE regrow.source_log; \
             ALTER TABLE regrow.publication DROP COLUMN kept; \
             DELETE FROM regrow.refinery_schema_history WHERE version >= 4; \
             DELETE FROM regrow.regrow_schema_history WHERE version >= 4",
        )
        .unwrap();
}

fn older() -> Project {
    let project = project();
    append(&mut project.events(), "a", 0..10);
    project.ok(&["rebuild", "seen", "--promote"]);
    make_older(&project);
    project
}

fn revision(project: &Project) -> Vec<String> {
    rows(&mut project.reads(), "SELECT max(version) FROM regrow.refinery_schema_history")
}

#[test]
fn commands_that_look_read_an_older_ledger_and_leave_it_as_it_is() {
    let project = older();
    for looks in [
        &["status"][..],
        &["check", "--only", "projections"],
        &["history"],
        &["census"],
        &["current"],
    ] {
        let ran = project.run(looks);
        assert_eq!(ran.code, 0, "{looks:?}: {}{}", ran.stdout, ran.stderr);
        assert_eq!(revision(&project), ["(3)"], "{looks:?}");
    }
    let status = project.json(&["status"]);
    assert!(status["notes"][0].as_str().unwrap().contains("regrow upgrade-ledger"), "{status}");
    assert_eq!(status["builds"][0]["state"], "live");
}

#[test]
fn commands_that_change_builds_ask_for_the_upgrade_which_works() {
    let project = older();
    for changes in
        [&["run", "--until-caught-up"][..], &["rollback", "seen"], &["promote", "seen"], &["prune"]]
    {
        assert_eq!(code(&project, changes), "ledger-older", "{changes:?}");
        assert_eq!(revision(&project), ["(3)"], "{changes:?}");
    }
    project.ok(&["upgrade-ledger"]);
    assert_eq!(project.ok(&["upgrade-ledger"]), "the ledger is up to date (revision 6)\n");
    append(&mut project.events(), "a", 10..15);
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("is known from position 10 on"), "{}", ran.stderr);
    readers_see_the_log(&project, "seen");
    assert_eq!(status_of(&project, "seen__b1")["log"]["known_from"], 10);
    // From then on it is known.
    project.events().batch_execute("DELETE FROM event_store.events WHERE position > 10").unwrap();
    project
        .events()
        .batch_execute(
            "SELECT setval(pg_get_serial_sequence('event_store.events', 'position'), 10)",
        )
        .unwrap();
    append(&mut project.events(), "b", 20..40);
    assert_eq!(code(&project, &["run", "--until-caught-up"]), "left-behind");
}

#[test]
fn a_rebuild_brings_the_ledger_up_to_date() {
    let project = older();
    project.ok(&["rebuild", "seen", "--promote"]);
    assert_eq!(revision(&project), ["(6)"]);
    readers_see_the_log(&project, "seen");
}

/// A build of an older regrow is only claimed by a project that has its projection.
#[test]
fn a_build_of_nobodys_log_is_not_followed_by_a_project_without_its_projection() {
    let project = older();
    project.ok(&["upgrade-ledger"]);
    std::fs::rename(
        project.folder.path().join("projections/seen"),
        project.folder.path().join("gone"),
    )
    .unwrap();
    append(&mut project.events(), "a", 10..11);
    let ran = project.run(&["run", "--until-caught-up"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("it is not known from which log seen__b1 was made"),
        "{}",
        ran.stderr
    );
}

/// The state machine also holds for sessions in which ordinary triggers do not fire.
#[test]
fn no_session_moves_a_build_where_it_must_not_go() {
    let project = project();
    project.ok(&["rebuild", "seen", "--promote"]);
    let mut client = project.reads();
    client.batch_execute("SET session_replication_role = replica").unwrap();
    let moved =
        client.batch_execute("UPDATE regrow.build SET state = 'created' WHERE state = 'live'");
    assert_eq!(moved.unwrap_err().code().unwrap().code(), "23514");
}
