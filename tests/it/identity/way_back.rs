//! Ways back to a build that cannot be followed any more, and revisions in place under a follower.

use super::{append, project, status_of};
use crate::bench::rows;

const UNKNOWN: &str = r#"SELECT event_store.append('a', NULL, '[{"type": "Counted", "schema_version": 2, "payload": {"number": 1}}]')"#;

/// A new version of an event stops the retired build, whose definition does not know it.
#[test]
fn a_retired_build_that_stopped_can_still_be_shown() {
    let project = project();
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    project.write(
        "migrations/events/Counted.toml",
        "type = \"Counted\"\n\n[[step]]\nfrom = 1\nrename = { n = \"number\" }\n",
    );
    let handlers = project.read("projections/seen/handlers.sql").replace(":n)", ":number)");
    project.write("projections/seen/handlers.sql", &handlers);
    project.ok(&["rebuild", "seen", "--promote"]);
    project.events().batch_execute(UNKNOWN).unwrap();
    project.run(&["run", "--until-caught-up"]);

    let refused = project.run(&["rollback", "seen"]);
    assert_ne!(refused.code, 0);
    assert!(refused.stderr.contains("as it stands, at position 5"), "{}", refused.stderr);
    assert!(refused.stderr.contains("regrow rollback seen --stale"), "{}", refused.stderr);
    let ran = project.run(&["rollback", "seen", "--stale"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("as it stood at position 5"), "{}", ran.stderr);
    let build = status_of(&project, "seen__b1");
    assert_eq!((&build["state"], build["failure"].is_null()), (&"live".into(), false), "{build}");
    assert_eq!(rows(&mut project.reads(), "SELECT count(*) FROM read_model.seen"), ["(5)"]);
    // And forward again.
    project.ok(&["rollback", "seen"]);
    assert_eq!(rows(&mut project.reads(), "SELECT count(*) FROM read_model.seen"), ["(6)"]);
}

#[test]
fn a_rollback_goes_to_the_build_that_is_named() {
    let project = project();
    append(&mut project.events(), "a", 0..5);
    for _ in 0..3 {
        project.ok(&["rebuild", "seen", "--promote"]);
    }
    let refused = project.run(&["rollback", "seen", "--to", "seen__b7"]);
    assert_ne!(refused.code, 0);
    assert!(refused.stderr.contains("seen__b1, seen__b2"), "{}", refused.stderr);
    project.ok(&["rollback", "seen", "--to", "seen__b1"]);
    assert_eq!(status_of(&project, "seen__b1")["state"], "live");
    project.ok(&["rollback", "seen", "--to", "2"]);
    assert_eq!(status_of(&project, "seen__b2")["state"], "live");
}

/// The generation moves with the definition, so what a follower has in memory is not written back.
#[test]
fn a_revision_in_place_moves_the_generation() {
    let project = project();
    append(&mut project.events(), "a", 0..5);
    project.ok(&["rebuild", "seen", "--promote"]);
    let generation = "SELECT generation FROM regrow.build WHERE state = 'live'";
    let before = rows(&mut project.reads(), generation);
    project
        .write("projections/seen/schema/V2__note.sql", "ALTER TABLE seen ADD COLUMN note text;\n");
    project.ok(&["migrate", "seen@head"]);
    assert_ne!(rows(&mut project.reads(), generation), before);
}
