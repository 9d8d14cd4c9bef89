//! A log that goes back: restored, failed over, truncated, with new events after it.

use super::{append, code, project, readers_see_the_log, status_of};
use crate::bench::{Database, Project};

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: i64) -> i64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % u64::try_from(n).unwrap()).unwrap()
    }
}

/// Sets the log back to its first `kept` positions, lets its sequence go on `further` positions later
/// and appends `new` events. How it comes about differs: rows deleted, or the whole table restored.
fn set_back(project: &Project, restored: bool, (kept, further, new): (i64, i64, i32)) {
    let mut events = project.events();
    if restored {
        events
            .batch_execute(&format!(
                "CREATE TEMP TABLE backup AS SELECT * FROM event_store.events WHERE position <= {kept}; \
                 TRUNCATE event_store.events RESTART IDENTITY; \
                 INSERT INTO event_store.events OVERRIDING SYSTEM VALUE SELECT * FROM backup"
            ))
            .unwrap();
    } else {
        let delete = format!("DELETE FROM event_store.events WHERE position > {kept}");
        events.batch_execute(&delete).unwrap();
    }
    let goes_on = format!(
        "SELECT setval(pg_get_serial_sequence('event_store.events', 'position'), {})",
        (kept + further).max(1)
    );
    events.batch_execute(&goes_on).unwrap();
    append(&mut events, "new", 1_000..1_000 + new);
}

/// Every way back that leaves events the build has not read, or rows of events that are gone, is refused
/// with a code of its kind, and `status` and `check` say so; the rebuild that is recommended mends it.
fn is_noticed(project: &Project, case: &str) {
    let refused = code(project, &["run", "--until-caught-up"]);
    assert_eq!(refused, "left-behind", "{case}");
    let build = status_of(project, "seen__b1");
    let fault = build["log"]["fault"]["code"].as_str().unwrap_or_default().to_owned();
    assert!(["log-behind-build", "log-changed"].contains(&fault.as_str()), "{case}: {build}");
    assert!(build["lag"].is_null(), "{case}: a build that is ahead of its log has no lag");
    assert_eq!(build["next"], "regrow rebuild seen --promote", "{case}");
    let checked = project.run(&["check"]);
    assert_eq!(checked.code, 1, "{case}: {}{}", checked.stdout, checked.stderr);
    assert_eq!(code(project, &["resume", "seen"]), "nothing-to-resume", "{case}");
    project.ok(&["rebuild", "seen", "--promote"]);
    readers_see_the_log(project, "seen");
    assert_eq!(code(project, &["rollback", "seen"]), fault, "{case}: the old build is no way back");
}

#[test]
fn a_log_that_was_set_back_is_refused_whatever_came_after() {
    let mut dice = Dice(20_261_129);
    for round in 0..6 {
        let project = project();
        let events = 40 + dice.below(40);
        append(&mut project.events(), "old", 0..i32::try_from(events).unwrap());
        project.ok(&["rebuild", "seen", "--promote"]);
        // Up to 32 positions are skipped when a sequence's server fails over. Some rounds end below the
        // old checkpoint, some right at it, some far above.
        let (lost, further) = (1 + dice.below(30), dice.below(33));
        let new = i32::try_from(dice.below(60) + 1).unwrap();
        let restored = round % 2 == 0;
        set_back(&project, restored, (events - lost, further, new));
        let case = format!(
            "round {round}: {events} events, {lost} lost, {further} skipped, {new} new, restored {restored}"
        );
        // Where nothing took the place of what is gone, it is no other log: it was deleted.
        if !restored && further >= lost {
            let ran = project.run(&["run", "--until-caught-up"]);
            assert_eq!(ran.code, 0, "{case}: {}", ran.stderr);
            assert!(ran.stderr.contains("was deleted from the log"), "{case}: {}", ran.stderr);
            let build = status_of(&project, "seen__b1");
            assert_eq!(build["log"]["deleted_events"], lost, "{case}: {build}");
            continue;
        }
        is_noticed(&project, &case);
    }
}

#[test]
fn a_log_that_was_set_back_without_new_events_is_refused() {
    let project = project();
    append(&mut project.events(), "old", 0..20);
    project.ok(&["rebuild", "seen", "--promote"]);
    set_back(&project, false, (12, 0, 0));
    is_noticed(&project, "8 events lost");
}

/// The log comes back from a backup, on another server than the read models.
#[test]
fn a_restored_log_is_another_one_for_read_models_elsewhere() {
    let mut project = project();
    project.read_models = Some(Database::on_another_server());
    append(&mut project.events(), "old", 0..20);
    project.ok(&["rebuild", "seen", "--promote"]);
    set_back(&project, true, (10, 32, 30));
    assert_eq!(code(&project, &["run", "--until-caught-up"]), "left-behind");
    let build = status_of(&project, "seen__b1");
    assert_eq!(build["log"]["fault"]["code"], "log-changed", "{build}");
    project.ok(&["rebuild", "seen", "--promote"]);
    let shown: i64 =
        project.reads().query_one("SELECT count(*) FROM read_model.seen", &[]).unwrap().get(0);
    assert_eq!(shown, 40);
}

/// What is promoted after a log was set back starts from the log as it is: the old build's checkpoint,
/// which is ahead of it, is no goal.
#[test]
fn a_rebuild_does_not_inherit_the_checkpoint_of_a_build_of_another_log() {
    let project = project();
    append(&mut project.events(), "old", 0..50);
    project.ok(&["rebuild", "seen", "--promote"]);
    set_back(&project, true, (5, 0, 5));
    project.ok(&["rebuild", "seen", "--promote"]);
    let build = status_of(&project, "seen__b2");
    assert_eq!((&build["position"], &build["lag"]), (&10.into(), &0.into()), "{build}");
    append(&mut project.events(), "new", 2_000..2_003);
    project.run(&["run", "--until-caught-up"]);
    readers_see_the_log(&project, "seen");
}
