//! Two projects that share a database, and so a ledger.

use super::{append, code, project, readers_see_the_log, seen, states, status_of};
use crate::bench::Project;

/// A second project in the database of the first, with a log of its own in another schema.
pub(crate) fn neighbour(first: &Project, projection: &str) -> Project {
    let mut second = Project::empty();
    second.ok(&["init", "."]);
    second.write("config.toml", "[event_store]\nschema = \"other_store\"\n");
    let base = second.read("migrations/event_store/V1__events.sql");
    second.write(
        "migrations/event_store/V1__events.sql",
        &base.replace("event_store", "other_store"),
    );
    seen(&second, projection);
    second.share_database_with(first);
    second.ok(&["migrate"]);
    second
}

fn append_to_other(project: &Project, events: i32) {
    let mut client = project.events();
    for n in 0..events {
        let event = format!(r#"[{{"type": "Counted", "payload": {{"n": {n}}}}}]"#);
        client
            .query("SELECT other_store.append('theirs', NULL, $1::text::jsonb)", &[&event])
            .unwrap();
    }
}

#[test]
fn a_project_never_touches_the_builds_of_another() {
    let first = project();
    append(&mut first.events(), "ours", 0..10);
    first.ok(&["rebuild", "seen", "--promote"]);
    let second = neighbour(&first, "watched");
    append_to_other(&second, 30);
    second.ok(&["rebuild", "watched", "--promote"]);
    append(&mut first.events(), "ours", 10..15);

    // The neighbour follows its own, and says that others are there.
    let ran = second.run(&["run", "--until-caught-up"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("1 of the log event_store.events"), "{}", ran.stderr);
    assert!(!ran.stdout.contains("seen__b1"), "{}", ran.stdout);
    let status = second.json(&["status"]);
    assert_eq!(status["builds"].as_array().unwrap().len(), 1, "{status}");
    assert!(status["notes"][0].as_str().unwrap().contains("event_store.events"), "{status}");
    second.ok(&["prune", "--unfinished"]);
    assert_eq!(status_of(&first, "seen__b1")["position"], 10, "nobody has followed it");

    first.ok(&["run", "--until-caught-up"]);
    readers_see_the_log(&first, "seen");
    let theirs: i64 =
        first.reads().query_one("SELECT count(*) FROM read_model.watched", &[]).unwrap().get(0);
    assert_eq!(theirs, 30);
}

#[test]
fn a_projection_of_the_same_name_in_another_project_is_refused() {
    let first = project();
    append(&mut first.events(), "ours", 0..3);
    first.ok(&["rebuild", "seen", "--promote"]);
    first.ok(&["rebuild", "seen"]);
    let second = neighbour(&first, "seen");
    append_to_other(&second, 5);
    let before = states(&first);
    assert_eq!(code(&second, &["rebuild", "seen", "--promote"]), "build-of-another-log");
    // Before the deploy as well.
    let ran = second.run(&["check"]);
    let told =
        "was made from the log event_store.events, and this project's log is other_store.events";
    assert!(ran.code == 1 && ran.stdout.contains(told), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(first.run(&["check"]).code, 0);
    for refused in [["promote", "seen"], ["rollback", "seen"], ["resume", "seen"]] {
        second.run(&refused);
        assert_ne!(second.run(&refused).code, 0, "{refused:?}");
    }
    second.ok(&["prune"]);
    assert_eq!(states(&first), before);
    readers_see_the_log(&first, "seen");
}

/// A log under another name is another log, unless the project says that it is the same.
#[test]
fn a_renamed_log_is_followed_once_the_project_names_it() {
    let project = project();
    append(&mut project.events(), "ours", 0..3);
    project.ok(&["rebuild", "seen", "--promote"]);
    project.events().batch_execute("ALTER SCHEMA event_store RENAME TO store").unwrap();
    project.write("config.toml", "[event_store]\nschema = \"store\"\n");
    let ran = project.run(&["run", "--until-caught-up"]);
    assert!(ran.stderr.contains("1 of the log event_store.events"), "{}", ran.stderr);
    let named = "[event_store]\nschema = \"store\"\nname = \"event_store.events\"\n";
    project.write("config.toml", named);
    let ran = project.run(&["run", "--until-caught-up"]);
    assert!(ran.code == 0 && ran.stdout.contains("seen__b1 is at"), "{}{}", ran.stdout, ran.stderr);
}
